#!/bin/sh
# --due lists limits of open cases that end within so many days.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > in.csv << 'X'
案件编号,程序类型,执法单位,立案日期,决定日期,送达日期,结案日期,案件结果
G1,普通程序,城中街道,2023-03-01,,,,
G2,普通程序,城东街道,2023-02-20,,,,
G3,普通程序,城东街道,2023-01-10,,,,
G4,普通程序,城东街道,2023-03-01,2023-05-05,,,
G5,普通程序,城东街道,2023-02-20,,,2023-05-01,撤案
X
expect_exit 0 case-import -d "$S" -q in.csv
expect_exit 0 case-audit -d "$S" --due 13 --today 2023-05-10 -f csv
expect_eq "$(cut -d, -f1,4-8 out)" \
'rule,key,unit,due,days_left,colour
XF-60,G3,城东街道,2023-04-10,-30,红
XF-61,G4,城东街道,2023-05-15,5,
XF-60,G2,城东街道,2023-05-21,11,'
expect_exit 0 case-audit -d "$S" --due 30 --today 2023-05-10 -f csv \
	--set due.red_days=5 --set due.yellow_days=11
expect_eq "$(sed 1d out | cut -d, -f4,7,8 | tr '\n' ' ')" \
	'G3,-30,红 G4,5,红 G2,11,黄 G1,20,绿 '
expect_exit 0 case-audit -d "$S" --due 30 --today 2023-05-10 -i XF-61 -f csv
expect_eq "$(sed 1d out | cut -d, -f4)" G4
expect_exit 2 case-audit -d "$S" --due x
finish
