#!/bin/sh
# One party fined twice for one act: a finding for each, naming the others.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > in.csv << 'X'
案件编号,案由,证件号码,违法行为发生日期,决定日期,罚款金额
E1,占道经营,91330702MA2D1X34XE,2023-03-01,2023-03-05,500
E2,占道经营,91330702MA2D1X34XE,2023-03-01,2023-04-05,300
E3,乱倒垃圾,91330702MA2D1X34XE,2023-03-01,2023-03-05,500
E4,占道经营,91330702MA2D1X34XE,2023-03-02,2023-03-05,500
E5,占道经营,92330702MA2E5Y679A,2023-03-01,2023-03-05,500
E6,占道经营,,2023-03-01,2023-03-05,500
E7,占道经营,92330702MA2E5Y679A,2023-03-01,2023-03-05,0
E8,占道经营,11330702002620019M,2023-03-01,2020-03-05,50
E9,占道经营,11330702002620019M,2023-03-01,2020-03-06,50
X
expect_exit 0 case-import -d "$S" -q in.csv
expect_exit 1 case-audit -d "$S" -i XF-29 -f csv
expect_eq "$(sed 1d out | cut -d, -f4,7,9)" \
'E1,500,同一当事人2023-03-01因“占道经营”被罚款2次（本案500元），另见E2，疑似一事二罚
E2,300,同一当事人2023-03-01因“占道经营”被罚款2次（本案300元），另见E1，疑似一事二罚'
# They share the first half of their fingerprints, and not the second.
expect_eq "$(sed 1d out | cut -d, -f13 | cut -c1-8 | uniq | wc -l)" 1
expect_eq "$(sed 1d out | cut -d, -f13 | uniq | wc -l)" 2
expect_exit 1 case-audit -d "$S" -i XF-29 --summary -f csv
expect_eq "$(sed 1d out | cut -d, -f4-8)" 6,3,2,1,0
# The twin of a case in the period may lie before it.
expect_exit 1 case-audit -d "$S" -i XF-29 -p 2023-04 --on decided_on -f csv
expect_eq "$(sed 1d out | cut -d, -f4)" E2
expect_has out 另见E1

# The same day under two numbers is maybe one case entered twice.
sed 's/2023-04-05/2023-03-05/' in.csv | case-import -n -q - |
	case-audit -i DUPLICATE --fail-on never -f csv - > out
expect_eq "$(sed 1d out | cut -d, -f4 | tr '\n' ' ')" 'E1 E2 E4 E5 E7 '
expect_has out '记录有3条，另见E2、E4' '记录有2条，另见E7'
expect_has out '91330702MA2D1X34XE'
finish
