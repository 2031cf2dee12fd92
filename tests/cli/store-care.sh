#!/bin/sh
# A store is copied, checked and pruned without knowing what it is made of.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

{ echo "$HEADER"; rows 1 2 3 4 5; } > one.csv
SOURCE_DATE_EPOCH=1700000000 case-import -q -d "$S" one.csv
{ echo "$HEADER"; rows 6 7; } > two.csv
SOURCE_DATE_EPOCH=1710000000 case-import -q -d "$S" two.csv
case-export -d "$S" -t case -f csv > want.csv

# A copy is private, whole, and the same; nothing is written over.
expect_exit 0 case-import -d "$S" --backup copy.db
expect_eq "$(stat -c %a copy.db)" 600
case-export -d copy.db -t case -f csv > got.csv
expect_same want.csv got.csv
expect_exit 0 case-import -d copy.db --check
echo mine > taken
expect_exit 2 case-import -d "$S" --backup taken
expect_eq "$(cat taken)" mine 'a backup does not write over a file'

# What the store was at an earlier day.
expect_exit 0 case-export -d "$S" -t case --as-of 2023-12-31 -f case
expect_eq "$(cells '*' out case_no | joined)" 'A1 A2 A3 A4 A5'
expect_exit 0 case-export -d "$S" -t case --as-of 2023-11-14 -f case
expect_eq "$(cells '*' out case_no | joined)" '' 'before the first import'
# 2023-11-14T22:13:20Z is the 15th in China.
expect_exit 0 case-export -d "$S" -t case --as-of 2023-11-15 -f case
expect_eq "$(cells '*' out case_no | joined)" 'A1 A2 A3 A4 A5'

expect_exit 0 case-import -d "$S" --check

# damaged SED-COMMAND: a copy with bytes changed behind its back; --check must
# find it, and no tool may crash on it.
damaged() {
	LC_ALL=C sed "$1" copy.db > bad.db
	cmp -s copy.db bad.db && fail "$1 changes nothing"
	case-import -d bad.db --check > out 2> err
	got=$?
	case $got in
	1 | 2) [ -s err ] || fail "--check says nothing of $1" ;;
	*) fail "--check: exit $got after $1" ;;
	esac
}
damaged 's/案件3/案件4/'
damaged 's/城东中队/城西中队/'
size=$(stat -c %s copy.db)
page=0
while [ $page -lt "$size" ]; do
	cp copy.db bad.db
	dd if=/dev/zero of=bad.db bs=4096 seek=$((page / 4096)) count=1 \
		conv=notrunc 2> /dev/null
	cmp -s copy.db bad.db || {
		case-import -d bad.db --check > out 2> err
		got=$?
		[ $got -eq 1 ] || [ $got -eq 2 ] ||
			fail "--check: exit $got, page at $page zeroed"
		case-export -d bad.db -t case -f csv > out 2> err
		got=$?
		[ $got -le 2 ] || fail "export: exit $got, page at $page zeroed"
	}
	page=$((page + 4096 * 5))
done

# Raw copies go when they are told to; the records stay.
expect_exit 2 case-import -d "$S" --prune-raw
expect_err --before
expect_exit 0 case-import -d "$S" --prune-raw --before 2024-01-01
case-import -d "$S" --trace case A1 -f case > trace
expect_eq "$(cells versions trace _raw)" '' 'no raw copy is left'
expect_eq "$(cells versions trace _batch _line | joined)" '1 2'
case-import -d "$S" --trace case A6 -f case > trace
expect_eq "$(cells versions trace _raw)" "$(rows 6)" 'a later one stays'
case-export -d "$S" -t case -f csv > got.csv
expect_same want.csv got.csv
expect_exit 0 case-import -d "$S" --check

# Or are never made.
rm -f "$S"*
expect_exit 0 case-import -d "$S" --no-raw one.csv
case-import -d "$S" --trace case A1 -f case > trace
expect_eq "$(cells versions trace _raw)" ''
expect_eq "$(cells versions trace fine)" 100.00
finish
