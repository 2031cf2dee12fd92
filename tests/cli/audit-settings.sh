#!/bin/sh
# What the law leaves to a place is not configured until a setting says it.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > in.csv << 'X'
案件编号,程序类型,决定日期,罚款金额,当事人类型,听证通知日期,公示日期
D1,普通程序,2023-09-28,10000,自然人,,2023-10-13
D2,普通程序,2023-09-28,9999.99,自然人,,2023-10-16
D3,普通程序,2023-09-28,100000,法人,2023-09-20,
X
expect_exit 0 case-import -d "$S" -q in.csv
expect_exit 0 case-audit -d "$S" -i XF-63,XF-48a
expect_eq "$(body out | wc -l)" 1
# One of two thresholds is not enough.
expect_exit 0 case-audit -d "$S" -i XF-63 --set hearing.citizen=10000 --summary -f csv
expect_has out 未配置：hearing.org
expect_exit 1 case-audit -d "$S" -i XF-63 -f csv \
	--set hearing.citizen=10000 --set hearing.org=100000
expect_eq "$(sed 1d out | cut -d, -f4)" D1

# The classes to be published are an expression.
expect_exit 1 case-audit -d "$S" -i XF-48a --today 2023-10-13 -f csv \
	--set "publish.classes=procedure = '普通程序'"
expect_eq "$(sed 1d out | cut -d, -f4,8)" D2,2023-10-13
expect_exit 1 case-audit -d "$S" -i XF-48a --today 2023-10-14 -f csv \
	--set "publish.classes=procedure = '普通程序'"
expect_eq "$(sed 1d out | cut -d, -f4 | tr '\n' ' ')" 'D2 D3 '
expect_exit 2 case-audit -d "$S" -i XF-48a --set 'publish.classes=procedre = 1'
expect_err 'rules/penalty-law.json: rule XF-48a: publish.classes: 1:' 'procedure'
finish
