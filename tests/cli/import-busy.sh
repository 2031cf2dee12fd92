#!/bin/sh
# Two imports never mix: the second waits, or says 75; readers see one state and never wait.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"
need sqlite3

# big PREFIX: three thousand cases of their own.
big() {
	echo "$HEADER"
	awk -v p="$1" 'BEGIN {
		for (i = 1; i <= 3000; i++)
			printf "%s%d,案件%d,2024-01-%02d,%d,城东中队\n", p, i, i, i % 28 + 1, i
	}'
}
big A > a.csv
big B > b.csv
{ echo "$HEADER"; rows 1 2 3; } > in.csv
case-import -q -d "$S" in.csv

# Someone holds the store for a second and a half.
{ echo 'begin immediate;'; echo "select 'held';"; sleep 1.5; echo 'rollback;'; } |
	sqlite3 "$S" > held &
while [ ! -s held ]; do sleep 0.05; done
expect_exit 75 case-import -d "$S" --wait 0 a.csv
[ -s err ] || fail 'nothing is said of a store that is busy'
expect_exit 75 case-import -d "$S" --wait 0 --undo 1
expect_exit 0 case-export -d "$S" -t case -f csv
expect_eq "$(grep -c . out)" 4 'a reader sees what was committed'
expect_exit 0 case-import -d "$S" --wait 20 a.csv
wait
expect_eq "$(counts)" '3000 2997 3 0 0 0'

# Two at once: both are in, whole, in a store that was there …
rm -f "$S"*
case-import -q -d "$S" in.csv
case-import -q -d "$S" a.csv &
one=$!
case-import -q -d "$S" b.csv
expect_eq $? 0 'the second'
wait $one
expect_eq $? 0 'the first'
expect_eq "$(stored case_no | sort -u | grep -c .)" 6000
expect_exit 0 case-import -d "$S" --check

# … and in one that was not.
for n in 1 2 3; do
	rm -f "$S"*
	case-import -q -d "$S" a.csv &
	one=$!
	case-import -q -d "$S" b.csv &
	two=$!
	case-import -q -d "$S" in.csv
	expect_eq $? 0 'the third'
	wait $one
	expect_eq $? 0 'the first'
	wait $two
	expect_eq $? 0 'the second'
	expect_eq "$(stored case_no | sort -u | grep -c .)" 6000
	case-import -d "$S" --list -f case > list
	expect_eq "$(cells batches list rows | sort -n | joined)" '3 3000 3000'
	expect_exit 0 case-import -d "$S" --check
	expect_eq "$(ls -a | grep -c 'store.db.*tmp\|\.store')" 0 'nothing is left over'
done

# An import that runs does not keep a reader, who sees before or after.
rm -f "$S"*
case-import -q -d "$S" in.csv
case-import -q -d "$S" b.csv &
one=$!
for n in 1 2 3 4 5 6; do
	expect_exit 0 case-export -d "$S" -t case -f case
	rows=$(grep '^##end' out | cut -f 2)
	[ "$rows" -eq 3 ] || [ "$rows" -eq 3003 ] || fail "a reader saw $rows rows"
done
wait $one
finish
