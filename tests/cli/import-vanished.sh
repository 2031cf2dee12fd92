#!/bin/sh
# What a complete export no longer has is counted, found by a rule and in expressions, and is back when the batch is taken back or the record comes again.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

gone() {
	where '_vanished_on is not null'
}
whole() {
	expect_exit 0 case-import -d "$S" --check
}
{ echo "$HEADER"; rows 1 2 3; echo 'B1,案件,2023-05-01,1,城东中队'; } > jan.csv
{ echo "$HEADER"; rows 1 3 4; } > feb.csv

# One complete export is no reason to miss anything, nor is a part.
expect_exit 0 case-import -d "$S" --full 2024 jan.csv
expect_eq "$(gone)" ''
expect_exit 0 case-import -d "$S" feb.csv
expect_eq "$(gone)" ''
expect_exit 0 case-import -d "$S" --undo 2
expect_exit 0 case-import -d "$S" -q --full 2024 feb.csv
expect_err '1 records that earlier complete exports had' DATA-VANISHED
# B1 is of another year, and this export is complete for 2024.
expect_eq "$(gone)" A2
whole
case-audit -d "$S" -i DATA-VANISHED --fail-on warning -f case > out 2> err
expect_eq $? 1 "$(cat err)"
expect_eq "$(cells '*' out key)" A2
day=$(case-export -d "$S" -t case -w '_vanished_on is not null' -f case | sed -n '$p')
[ -n "$day" ] || fail 'no day'
expect_exit 0 case-import -d "$S" --undo 3
expect_eq "$(gone)" ''
whole

# It comes again, in whatever export of that source.
expect_exit 0 case-import -d "$S" --full 2024 feb.csv
expect_eq "$(gone)" A2
{ echo "$HEADER"; rows 2; } > part.csv
expect_exit 0 case-import -d "$S" part.csv
expect_eq "$(gone)" ''
expect_exit 0 case-import -d "$S" --undo "$(last batch)"
expect_eq "$(gone)" A2
# Another source neither misses it nor brings it back.
printf '编号,金额\nA1,1\n' > other.csv
expect_exit 0 case-import -d "$S" --full all --map 编号=case_no \
	--map 金额=fines_paid other.csv
expect_eq "$(gone)" A2
whole

# One that is dated otherwise since was due in an export before: the same is
# said at once, as of that day, and when something else was taken back.
rm -f "$S"*
{ echo "$HEADER"; rows 1; } > short.csv
expect_exit 0 case-import -d "$S" --full all jan.csv
expect_exit 0 case-import -d "$S" --full 2024-01-01 short.csv
expect_eq "$(gone)" ''
expect_exit 0 case-import -d "$S" --correct case B1 filed_on=2024-01-01 --reason 误
expect_eq "$(gone)" B1
expect_exit 0 case-import -d "$S" --undo 3
expect_eq "$(gone)" ''
whole

# Rejected rows may be what is missed, and that is said; mended, they are there.
rm -f "$S"*
expect_exit 0 case-import -d "$S" --full 2024 jan.csv
expect_err '4 new'
expect_not err 'may be some'
{ echo "$HEADER"; rows 1 3; echo A2,2024-01-02; } > short.csv
expect_exit 1 case-import -d "$S" --full 2024 --rejects bad.csv short.csv
expect_err '1 records that earlier' '1 rows were rejected'
expect_eq "$(gone)" A2
sed 's/,A2,2024-01-02,,,,/,A2,案件,2024-01-02,,,/' bad.csv > mended.csv
expect_exit 0 case-import -d "$S" mended.csv
expect_eq "$(gone)" ''
whole

# A layout that says so is complete each time, whatever the date.
cat > snap.json <<'E'
{ "name": "snap", "type": "case", "columns": { "案件编号": "case_no" }, "snapshot": true }
E
rm -f "$S"*
expect_exit 0 case-import -d "$S" -l ./snap.json jan.csv
expect_exit 0 case-import -d "$S" -l ./snap.json feb.csv
expect_err '2 records that earlier'
expect_eq "$(gone)" 'A2 B1'
expect_exit 0 case-import -d "$S" --list -f case
expect_eq "$(cells batches out full | joined)" 'all all'
# The same bytes again are no third export.
expect_exit 0 case-import -d "$S" -l ./snap.json feb.csv
expect_eq "$(gone)" 'A2 B1'
expect_exit 0 case-import -d "$S" --undo 1
expect_eq "$(gone)" ''
whole

# --as-of says what was known then: also of records that came again since, or
# that are dated otherwise now.
at() {
	SOURCE_DATE_EPOCH=$(date -u -d "2024-0$1-10" +%s) expect_exit 0 \
		case-import -d "$S" -q $2 "$3"
}
past() {
	case-export -d "$S" -t case -w '_vanished_on is not null' \
		--as-of "2024-0$1-10" -f case > past.case 2> past.err ||
		fail "as of $1: $(sed q past.err)"
	cells '*' past.case case_no | joined
}
rm -f "$S"*
{ echo "$HEADER"; rows 1 4; } > may.csv
{ echo "$HEADER"; rows 4 1; } > june.csv
{ echo "$HEADER"; rows 4; echo 'B1,案件,2024-05-01,1,城东中队'; } > moved.csv
at 1 '--full 2024' jan.csv
at 2 '--full 2024' feb.csv
at 3 '' part.csv
at 4 '--full 2024' may.csv
at 5 '' moved.csv
at 6 '--full 2024' june.csv
expect_eq "$(gone)" 'A2 A3 B1'
expect_eq "$(past 1)" ''
expect_eq "$(past 2)" A2
expect_eq "$(past 3)" ''
expect_eq "$(past 4)" 'A2 A3'
expect_eq "$(past 5)" 'A2 A3'
expect_eq "$(past 6)" 'A2 A3 B1'
expect_eq "$(past 9)" 'A2 A3 B1'
expect_exit 0 case-stat -d "$S" -p all -f case --as-of 2024-04-10 \
	-m 'rows' -w "_vanished_on = '2024-04-10'"
expect_eq "$(cells '*' out rows)" 2
expect_exit 0 case-stat -d "$S" -p all -f case --as-of 2023-12-31 \
	-m 'rows' -w '_vanished_on is null'
expect_eq "$(cells '*' out rows)" 0
case-audit -d "$S" -i DATA-VANISHED --fail-on never --as-of 2024-02-10 -f case > out 2> err
expect_eq "$(cells '*' out key)" A2
# One that was taken back was never there.
expect_exit 0 case-import -d "$S" --undo 6
expect_eq "$(past 9)" 'A2 A3'
expect_eq "$(past 2)" A2
whole
finish
