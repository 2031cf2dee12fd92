#!/bin/sh
# XF-60: decided within 90 days of filing, with the arithmetic in the message.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > in.csv << 'X'
案件编号,程序类型,立案日期,决定日期,延期天数,扣除天数,结案日期,案件结果
A1,普通程序,2023-01-03,2023-04-03,,,,
A2,普通程序,2023-01-03,2023-04-04,,,,
A3,普通程序,2023-01-03,2023-05-03,30,,,
A4,普通程序,2023-01-03,2023-05-09,30,5,,
A5,普通程序,2024-02-01,2024-05-01,,,,
A6,普通程序,2023-03-05,,,,,
A7,普通程序,2023-01-03,,,,2023-12-01,撤案
A8,简易程序,2023-01-03,2023-12-03,,,,
A9,普通程序,2020-01-03,2020-12-03,,,,
X
expect_exit 0 case-import -d "$S" -q in.csv
expect_exit 1 case-audit -d "$S" -i XF-60 --today 2023-06-04 -f csv
expect_eq "$(sed 1d out | cut -d, -f4,6,7,8,9,11,12)" \
'A2,decided_on,2023-04-04,2023-04-03,立案2023-01-03起90日，应不迟于2023-04-03，实际2023-04-04作出决定，共91日,in.csv,3
A4,decided_on,2023-05-09,2023-05-08,立案2023-01-03起125日，应不迟于2023-05-08，实际2023-05-09作出决定，共126日,in.csv,5
A6,decided_on,,2023-06-03,立案2023-03-05起90日，应不迟于2023-06-03，至2023-06-04仍未作出决定，共91日,in.csv,7'
expect_has out '《中华人民共和国行政处罚法》第六十条'

# The clock: on its last day an open case is not late.
expect_exit 1 case-audit -d "$S" -i XF-60 --today 2023-06-03 -f csv
expect_not out A6

# Records that are piped in give the same.
case-audit -d "$S" -i XF-60 --today 2023-06-04 -f csv > store
case-import -n -q in.csv | case-audit -i XF-60 --today 2023-06-04 -f csv - > pipe
expect_same store pipe

# Another limit is a setting, and the output says so.
expect_exit 1 case-audit -d "$S" -i XF-60 --today 2023-06-04 --set limit.decision_days=60
expect_has out 'limit.decision_days=60' '起60日，应不迟于2023-03-04'
finish
