#!/bin/sh
# XF-72: three per cent a day behind the day payment was due, at most the fine.
. "${srcdir:-.}/tests/cli/lib.sh"

# 15 days from 15 September end in the holidays: due on 7 October.
cat > in.csv << 'X'
案件编号,决定日期,送达日期,缴款日期,罚款金额,加处罚款,是否复议
W1,2023-09-15,2023-09-15,2023-10-10,500,45,
W2,2023-09-15,2023-09-15,2023-10-10,500,150,
W3,2023-09-15,2023-09-15,2023-12-31,500,500,
W4,2023-09-15,2023-09-15,2023-12-31,500,501,
W5,2023-09-15,2023-09-15,2023-10-10,500,150,是
W6,2023-09-15,,,500,150,
W7,2023-09-15,2023-09-15,2023-10-10,0.55,0.05,
X
case-import -n -q in.csv > in
expect_exit 1 case-audit -i XF-72,QZ-45 -f csv in
expect_eq "$(sed 1d out | cut -d, -f1,2,4,7,8)" \
'XF-72,error,W2,150,45
XF-72,error,W4,501,500
QZ-45,veto,W4,501,500'
expect_has out '逾期3日，应为500元×3%×3，不超过500元，即45元'
expect_exit 1 case-audit -i XF-72 --summary -f csv in
expect_eq "$(sed 1d out | cut -d, -f4-7)" 7,4,2,1
finish
