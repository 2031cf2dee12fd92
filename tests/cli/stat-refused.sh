#!/bin/sh
# What can't be understood, or may not be done, is refused in words with exit 2, and no table comes out.
. "${srcdir:-.}/tests/cli/lib.sh"

printf '案件编号,执法单位,立案日期,罚款金额\nA1,城东中队,2023-01-05,100\n' > in.csv
case-import -q -d "$S" in.csv || fail 'case-import'

# refused TEXT OPTION...
refused() {
	text=$1
	shift
	expect_exit 2 case-stat -d "$S" "$@"
	expect_err 'case-stat: ' "$text"
	[ "$(wc -l < err)" -eq 1 ] || fail "more than a line: $*"
	grep -qv '^##fail' out && fail "a table came out: $*"
	expect_exit 2 case-stat -d "$S" -f csv "$@"
	[ ! -s out ] || fail "something came out as csv: $*"
}
# Fines are no ground for appraisal.
for m in fines:rank fines:target mean_fine:rank 'sum(fine):share:rank' \
	confiscated:target 'p50(fine):rank'; do
	for b in unit town officer1 'month,unit'; do
		refused 'Art. 74 行政处罚法' -b $b -m "$m"
	done
	refused 'Art. 74 行政处罚法' -b month -c unit -m "$m"
done
expect_exit 0 case-stat -d "$S" -b month -m fines:rank -p 2023
expect_exit 0 case-stat -d "$S" -b unit -m cases:rank,fines,fines:share

refused "did you mean unit" -b unt
refused "did you mean fine?" -m 'sum(fie)'
refused 'did you mean cases?' -m case
refused "did you mean yoy?" -m cases:yoi
refused "'2023-13' is no period" -p 2023-13
refused "'2023-05@30'" -p 2023-05@30
refused 'ends before it begins' -p 2023..2022
refused "'x' is no period" -m cases:vs --base x
refused '-w: 1:' -w 'unti = 1'
refused '-w:' -w 'fine'
refused 'is not a date' -m cases@unit
refused 'is not a date' -b unit/month
refused "named twice" -m cases,cases
refused "named twice" -b unit,unit
refused 'no records of type unit' -b unit/parent
refused 'one dimension' -c unit,month
refused 'name the period' -m cases:vs
refused 'needs a date' -b unit -m cases:cum
refused 'do not add up' -m closure_rate:share
refused 'first and a last day' -b month -m open
refused 'is no column' --sort fines
refused 'needs unit' -b month --all-units
refused "no records of type 'incident'" -t incident
refused 'is no measure' -m ''
refused 'a text' -m 'max(unit)'
refused "one record's value" -m '(fine)'
expect_exit 2 case-stat -d "$S" --top 0
expect_exit 2 case-stat -d "$S" --nonsense
expect_exit 2 case-stat -d "$S" --as-of yesterday
expect_exit 2 case-stat -d "$S" missing.case
expect_err missing.case
expect_exit 2 case-stat -d nowhere.db -m cases
[ ! -e nowhere.db ] || fail 'a store was made'
case-stat -d "$S" -m cases > /dev/full 2> err
expect_eq $? 2 /dev/full
finish
