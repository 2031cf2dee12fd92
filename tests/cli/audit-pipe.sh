#!/bin/sh
# A stream that was cut, or failed, or goes nowhere is exit 2.
. "${srcdir:-.}/tests/cli/lib.sh"

printf '案件编号,决定日期,决定书文号\nL1,2023-01-05,甲罚〔2022〕1号\nL2,2023-01-05,甲罚〔2023〕1号\n' > in.csv
case-import -n -q in.csv > whole
expect_exit 0 case-audit -i DOCNO-YEAR whole
sed '$d' whole > cut
expect_exit 2 case-audit -i DOCNO-YEAR cut
expect_has out '##fail'
expect_exit 2 case-audit -i DOCNO-YEAR - < cut
sed 's/^L1	/L9	/' whole > changed
expect_exit 2 case-audit changed
: > empty
expect_exit 2 case-audit empty
expect_exit 2 case-audit none
# Two files are one set of records.
sed 's/^L1,/L3,/; s/^L2,/L4,/; s/甲/乙/' in.csv > more.csv
case-import -n -q more.csv > second
expect_exit 0 case-audit -i DOCNO-YEAR -f csv whole second
expect_eq "$(sed 1d out | cut -d, -f4 | tr '\n' ' ')" 'L1 L3 '
if [ -w /dev/full ]; then
	case-audit whole > /dev/full 2> err
	expect_eq $? 2
	case-audit --list-rules > /dev/full 2> err
	expect_eq $? 2
fi
# No matter when: the same bytes.
case-audit --today 2023-06-30 whole > a
TZ=Asia/Tokyo LC_ALL=C case-audit --today 2023-06-30 whole > b
expect_same a b
finish
