#!/bin/sh
# -p takes cases decided in the period or still open at its end.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > in.csv << 'X'
案件编号,程序类型,立案日期,决定日期,结案日期,执法证号1,执法证号2
J1,普通程序,2022-01-05,2022-12-31,2023-01-10,Z1,
J2,普通程序,2022-11-05,2023-01-01,2023-01-10,Z1,
J3,普通程序,2023-05-05,,,Z1,
J4,普通程序,2023-07-05,,,Z1,
J5,普通程序,2023-06-05,2023-07-01,2023-07-10,Z1,
J6,普通程序,2022-06-05,2022-07-01,2022-07-10,Z1,
X
expect_exit 0 case-import -d "$S" -q in.csv
keys() {
	case-audit -d "$S" -i XF-42 --today 2024-01-01 -f csv "$@" |
		sed 1d | cut -d, -f4 | tr '\n' ' '
}
expect_eq "$(keys)" 'J1 J2 J3 J4 J5 J6 '
expect_eq "$(keys -p 2023H1)" 'J2 J3 J5 '
expect_eq "$(keys -p 2022)" 'J1 J2 J6 '
expect_eq "$(keys -p 2023H1 --on decided_on)" 'J2 '
expect_eq "$(keys -p 2023H1 --on 立案日期)" 'J3 J5 '
expect_eq "$(keys -p ..2022-07-31)" 'J1 J6 '
expect_exit 1 case-audit -d "$S" -i XF-42 -p 2023H1
expect_has out '##period	2023-01-01	2023-06-30'
expect_exit 2 case-audit -d "$S" -p 2023H1 --on nothing
expect_err "'nothing' is no date of type case"

# Where no source says when cases were closed, a decided one is not open.
cut -d, -f1-4,6,7 in.csv > undecided.csv
case-import -n -q undecided.csv | case-audit -i XF-42 -p 2023H1 -f csv - > out
expect_eq "$(sed 1d out | cut -d, -f4 | tr '\n' ' ')" 'J2 J3 J5 '
finish
