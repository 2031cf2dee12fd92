#!/bin/sh
# What is unknown is undecided, what was never asked is not run: never passed.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > in.csv << 'X'
案件编号,程序类型,立案日期,决定日期,罚款金额,当事人类型,告知书送达日期
A1,普通程序,,2023-04-03,100,自然人,2023-03-01
A2,简易程序,,2023-04-03,300,,
A3,,2023-01-01,2023-04-03,300,自然人,
A4,普通程序,2023-01-03,2023-04-03,300,自然人,
X
expect_exit 0 case-import -d "$S" -q in.csv
sum() {
	case-audit -d "$S" --today 2023-06-30 --summary --fail-on never -f csv "$@" |
		sed 1d | cut -d, -f1,4-
}
# rule, applicable, passed, failed, undecided, waived, not run, reason
expect_eq "$(sum -i XF-60)" 'XF-60,3,1,0,2,0,0,'
expect_eq "$(sum -i XF-51 | head -n 1)" 'XF-51,2,0,0,2,0,0,'
expect_eq "$(sum -i XF-44)" 'XF-44,3,1,1,1,0,0,'
expect_eq "$(sum -i XF-61)" 'XF-61,0,0,0,0,0,4,来源没有这些列：送达日期'
expect_eq "$(sum -i XF-61 --lang en)" 'XF-61,0,0,0,0,0,4,no column for: service date'
expect_eq "$(sum -i XF-63)" 'XF-63,0,0,0,0,0,4,未配置：hearing.citizen'
# -w leaves records out of every count.
expect_eq "$(sum -i XF-60 -w "case_no='A1'")" 'XF-60,1,0,0,1,0,0,'
expect_eq "$(sum -i XF-63 -w "case_no='A1'")" 'XF-63,0,0,0,0,0,1,未配置：hearing.citizen'

# The stream counts the same.
sum > store
case-import -n -q in.csv |
	case-audit --today 2023-06-30 --summary --fail-on never -f csv - |
	sed 1d | cut -d, -f1,4- > pipe
expect_same store pipe
finish
