#!/bin/sh
# Numbers of persons are masked in findings, whatever the format.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > in.csv << 'X'
案件编号,证件号码,案由,决定日期,当事人名称
Q1,330702199003070012,占道经营（330702199003070011）,2023-01-05,张三
Q2,33990219900307001X,占道经营,2023-01-05,李四
Q3,91330702MA2D1X34XF,占道经营,2023-01-05,某公司
X
case-import -n -q in.csv > in
for f in case csv json html table; do
	expect_exit 0 case-audit -i DATA-ID,DUPLICATE -f $f in
	expect_not out 330702199003070012 330702199003070011 33990219900307001X
	expect_has out Q1
done
expect_exit 0 case-audit -i DATA-ID -f csv in
expect_eq "$(sed 1d out | cut -d, -f4 | tr '\n' ' ')" 'Q1 Q2 Q3 '
expect_has out '330702********0012'
finish
