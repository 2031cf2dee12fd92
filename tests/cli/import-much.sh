#!/bin/sh
# Many records into a store that has some: found, changed, refused and taken back as few are.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

# many FROM TO FINE: rows of case A<n>.
many() {
	awk -v a="$1" -v b="$2" -v f="$3" 'BEGIN {
		for (i = a; i <= b; i++)
			printf "A%d,案件%d,2024-01-01,%d,城东中队\n", i, i, f
	}'
}
indexes() {
	sqlite3 "$S" "SELECT group_concat(name) FROM (SELECT name FROM
	    sqlite_schema WHERE name GLOB 'rec_case_k[12]' ORDER BY 1)" \
	    2> /dev/null || echo rec_case_k1,rec_case_k2
}

{ echo "$HEADER"; many 1 20 100; } > few.csv
case-import -q -d "$S" few.csv
case-export -d "$S" -t case -f case > before 2> err

# Known ones stand before and behind the point where memory takes over; a row
# that repeats another with other content is refused wherever it stands.
{
	echo "$HEADER"
	many 1 5 100
	many 6 8 200
	many 101 6000 300
	many 9 12 100
	many 13 15 200
	many 5990 5992 300
	many 5993 5993 999
	many 7 7 999
} > much.csv
expect_exit 1 case-import -d "$S" much.csv
expect_eq "$(counts)" '5920 5900 6 12 2 0'
expect_exit 0 case-import -d "$S" --check
expect_eq "$(where 'fine = 200' | joined)" 'A6 A7 A8 A13 A14 A15'
expect_eq "$(indexes)" rec_case_k1,rec_case_k2

# The same rows in another file are as they were.
{ echo "$HEADER"; many 1 5 100; many 101 6000 300; } > again.csv
expect_exit 0 case-import -d "$S" again.csv
expect_eq "$(counts)" '5905 0 0 5905 0 0'

expect_exit 0 case-import -d "$S" --undo 3
expect_exit 0 case-import -d "$S" --undo 2
case-export -d "$S" -t case -f case > after 2> err
expect_eq "$(body after)" "$(body before)" 'taken back'
expect_exit 0 case-import -d "$S" --check

# What is refused as a whole leaves the store, and its indexes, as they were.
expect_exit 2 case-import -d "$S" --max-rejects 1 much.csv
case-export -d "$S" -t case -f case > after 2> err
expect_eq "$(body after)" "$(body before)" 'rolled back'
expect_eq "$(indexes)" rec_case_k1,rec_case_k2
expect_exit 0 case-import -d "$S" few.csv
finish
