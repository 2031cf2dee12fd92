#!/bin/sh
# A file that is still being written is left alone: exit 75, nothing stored, and it imports once it is whole.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

{
	echo "$HEADER"
	awk 'BEGIN { for (i = 1; i <= 60000; i++) printf "G%d,案件,2024-01-01,100,城东中队\n", i }'
} > in.csv
(
	i=0
	while [ $i -lt 2000000 ]; do
		i=$((i + 1))
		echo "H$i,案件,2024-01-01,100,城东中队"
	done >> in.csv
) &
writer=$!
expect_exit 75 case-import -d "$S" in.csv
expect_err 'in.csv' 'still growing'
# One file that grows does not hold up the others.
{ echo "$HEADER"; rows 1 2; } > other.csv
expect_exit 75 case-import -d "$S" in.csv other.csv
expect_err 'other.csv: 2 rows: 2 new'
kill -0 "$writer" 2> kill.err || fail 'the writer ended before the test'
kill "$writer" 2> kill.err
wait "$writer" 2> kill.err
expect_eq "$(where "case_no like 'G%'")" '' 'rows of a file that grew'
# Its last row may be cut now; all others are taken.
case-import -d "$S" in.csv > out 2> err
[ $? -le 1 ] || fail "exit $?: $(sed q err)"
expect_eq "$(last new | awk '{ print ($1 >= 60000) }')" 1
expect_exit 0 case-import -d "$S" --check
finish
