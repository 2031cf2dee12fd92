#!/bin/sh
# Comparisons rest on the same cell a year or a period before, and a missing or zero base is no number.
. "${srcdir:-.}/tests/cli/lib.sh"

# cases N DAY...: N cases filed on each day.
n=0
{
	echo '案件编号,执法单位,立案日期,罚款金额,决定日期'
	add() {
		count=$1
		shift
		for d; do
			i=0
			while [ $i -lt "$count" ]; do
				n=$((n + 1)) i=$((i + 1))
				echo "C$n,城东中队,$d,100,$d"
			done
		done
	}
	add 4 2022-01-10 2022-06-12
	add 2 2022-06-13
	add 1 2022-12-26
	add 6 2023-01-10
	add 3 2023-06-12
	add 2 2020-12-30 2021-01-01 2024-02-29
	add 1 2023-02-28
} > cases.csv
case-import -q -d "$S" cases.csv || fail 'case-import'

says() {
	want=$1
	shift
	case-stat -d "$S" "$@" > out.case 2> err ||
		fail "case-stat $*: $(cat err)"
	expect_eq "$(body out.case | sed 1d | tr '\t' ' ')" "$want" "$*"
}
T='--today 2023-06-12'
# Ten days of 2023 stand against the ten of 2022 that lie in the same days.
says '10 0.25' $T -p 2023 -m cases,cases:yoy
says '10 0' --today 2023-12-31 -p 2023H1 -m cases,cases:yoy
says '10 0.25' $T -p ytd -m cases,cases:yoy
says '3 -0.25' $T -p 2023-06 -m cases,cases:yoy
says '3 -0.5' --today 2023-07-01 -p 2023-06 -m cases,cases:yoy
grep -q '^##meta	window	:yoy 2022-06-01..2022-06-30$' out.case ||
	fail "no window: $(grep window out.case)"
says '10 9' --today 2023-07-01 -p 2023H1 -m cases,cases:prev
says '10 9' --today 2023-07-01 -p 2023H1 -m cases,cases:vs --base 2022H2
says '3 0.5' --today 2023-07-01 -p 2023-06-12 -m cases,cases:vs --base 2022-06-13
# No base, or one of 0: missing.
says '2 -0.8 -0.7090909090909091' --today 2025-01-01 -p 2024 \
	-m cases,cases:prev,cases:prev:yoy
says '2 ' --today 2025-01-01 -p 2024-02-29 -m cases,cases:yoy
says '4 ' --today 2025-01-01 -p 2020-W53 -m cases,cases:yoy
says '2 ' --today 2025-01-01 -p 2021-01 -m cases,cases:yoy
says '27 ' --today 2025-01-01 -m cases,cases:yoy
# By pieces each has its own base; the one before the first lies outside.
says '2023-01 6 5 0.5
2023-02 1 -0.8333333333333334 
2023-06 3  -0.5' --today 2023-07-01 -p 2023H1 -b month -m cases,cases:prev,cases:yoy
says '2023Q1 7 6 0.75
2023Q2 3 -0.5714285714285714 -0.5' --today 2023-07-01 -p 2023H1 -b quarter -m cases,cases:prev,cases:yoy
says '2022-W52 1 
2023-W02 6 0.5' --today 2023-07-01 -p 2022-12-26..2023-01-31 -b week -m cases,cases:yoy
# Since the year began, to the end of each month; against the year before.
says '6 0.5' --today 2023-07-01 -p 2023-01 -m cases:ytd,cases:ytd:yoy
says '2023-01 6 0.5
2023-02 7 0.75
2023-03 7 0.75
2023-04 7 0.75
2023-05 7 0.75
2023-06 10 0' --today 2023-07-01 -p 2023H1 -b month -m cases:ytd,cases:ytd:yoy
# Rates differ by points; chains go from left to right.
says '2023-01 0.6
2023-02 0.1
2023-06 0.3' --today 2023-07-01 -p 2023H1 -b month -m cases:share
# The shares of December to May are those of 1, 6 and none of 7 cases.
says '2023-01 0.45714285714285713
2023-02 -0.7571428571428571
2023-06 0.3' --today 2023-07-01 -p 2023H1 -b month -m cases:share:prev
case-stat -d "$S" -p 2023H1 -b month -m cases:share:prev,cases:yoy > out.case
grep -q '^##column	cases:share:prev	points	案件数占比环比$' out.case ||
	fail "no points: $(grep '^##column' out.case)"
grep -q '^##column	cases:yoy	ratio	案件数同比$' out.case || fail 'no label'
# By the month, the share, the rank.
says '1.8518518518518516' $T -p 2023 -m cases:per_month
says '2023-01 6 1
2023-02 7 3
2023-06 10 2' --today 2023-07-01 -p 2023H1 -b month -m cases:cum,cases:rank
# Statistical months.
says '2023-01 7
2023-03 1
2023-06 3' --today 2023-07-01 -p 2022-12-21..2023-06-20@21 -b month -m cases
says '7' -p 2023-01@21 -m cases
finish
