#!/bin/sh
# What was imported before is recognised, what changed leaves its history, and a batch can be taken back whole.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

# same_records FILE: the records are those of an earlier `records > FILE`.
records() {
	case-export -d "$S" -t case -f case 2> records.err | body -
}
same_records() {
	records > now
	expect_same "$1" now
}

{ echo "$HEADER"; rows 1 2 3 4 5; } > one.csv
expect_exit 0 case-import -d "$S" one.csv
records > first

# The same bytes, under another name too: nothing changes.
expect_exit 0 case-import -d "$S" one.csv
expect_err 'nothing new' 'batch 1'
cp one.csv other.csv
expect_exit 0 case-import -d "$S" other.csv
expect_eq "$(last batch)" 1
same_records first
expect_exit 0 case-import -q -d "$S" one.csv
expect_eq "$(cat err)" '' '-q and nothing to say'

# The same rows in another file: all unchanged.
sed 's/$/\r/' one.csv > crlf.csv
expect_exit 0 case-import -d "$S" crlf.csv
expect_eq "$(last batch)" 2
expect_eq "$(counts)" '5 0 0 5 0 0'
expect_eq "$(stored case_no fine | joined)" \
	'A1 100.00 A2 200.00 A3 300.00 A4 400.00 A5 500.00'

# Taking back the older one leaves the records that the later one saw.
expect_exit 0 case-import -d "$S" --undo 1
expect_eq "$(stored case_no | joined)" 'A1 A2 A3 A4 A5' 'seen by batch 2'
expect_exit 0 case-import -d "$S" --check
expect_exit 0 case-import -d "$S" --undo 2
expect_eq "$(stored case_no | joined)" ''
case-import -d "$S" --list -f case > list
expect_eq "$(cells batches list batch | joined)" '1 2' 'undone ones are listed'
expect_eq "$(cells batches list undone | grep -c .)" 2
# The same bytes are new again then; a batch is taken back once only.
expect_exit 2 case-import -d "$S" --undo 1
expect_exit 0 case-import -d "$S" one.csv
expect_eq "$(counts)" '5 5 0 0 0 0'
expect_exit 2 case-import -d "$S" --undo 99
expect_err 99

rm -f "$S"*
case-import -q -d "$S" one.csv
# A blank cell does not overwrite.
{ echo "$HEADER"; echo A1,案件1,2024-01-01,,; } > blank.csv
expect_exit 0 case-import -d "$S" blank.csv
expect_eq "$(counts)" '1 0 0 1 0 0'
expect_eq "$(where 'fine = 100')" A1
{ echo "$HEADER"; echo A1,案件1,2024-01-01,-,城东中队; } > blank.csv
expect_exit 0 case-import -d "$S" --blank-overwrites blank.csv
expect_eq "$(counts)" '1 0 1 0 0 0'
expect_eq "$(where 'fine is null')" A1
# Nor does it set what nobody asked for: a file without the column.
printf '案件编号,案件名称\nA2,案件2\n' > narrow.csv
expect_exit 0 case-import -d "$S" --blank-overwrites narrow.csv
expect_eq "$(where 'fine = 200')" A2 'a column that is not there clears nothing'

rm -f "$S"*
case-import -q -d "$S" one.csv
records > before
{ echo "$HEADER"; echo A0,案件0,2024-01-01,1,城东中队; echo A2,案件2,2024-01-02,250,城西中队; } > two.csv
expect_exit 0 case-import -d "$S" two.csv
expect_eq "$(counts)" '2 1 1 0 0 0'
records > after
case-import -d "$S" --trace case A2 -f case > trace
expect_eq "$(cells versions trace _batch _line fine unit | joined)" \
	'1 3 200.00 城东中队 2 3 250.00 城西中队'
expect_eq "$(cells versions trace _raw | head -n 1)" "$(rows 2)" 'the raw row'
expect_eq "$(cells versions trace _raw | tail -n 1)" \
	A2,案件2,2024-01-02,250,城西中队
expect_eq "$(cells versions trace _file | joined)" 'one.csv two.csv'
expect_exit 2 case-import -d "$S" --trace case nobody
expect_err nobody
expect_exit 2 case-import -d "$S" --trace nothing A2

# A batch whose records changed later is not taken back; both are named.
expect_exit 2 case-import -d "$S" --undo 1
expect_err 2
same_records after
expect_exit 0 case-import -d "$S" --undo 2
same_records before
expect_exit 0 case-import -d "$S" --check

# Three versions, taken back one by one.
case-import -q -d "$S" two.csv
sed 's/250/275/' two.csv > three.csv
case-import -q -d "$S" three.csv
expect_exit 2 case-import -d "$S" --undo 3
expect_eq "$(where 'fine = 275')" A2
expect_exit 0 case-import -d "$S" --undo 4
expect_eq "$(where 'fine = 250')" A2
expect_exit 0 case-import -d "$S" --undo 3
expect_eq "$(where 'fine = 200')" A2
same_records before

# Back to an earlier value is a change, too, and so is one by hand.
expect_exit 2 case-import -d "$S" --correct case A3 fine=333
expect_err --reason
expect_exit 0 case-import -d "$S" --correct case A3 fine=333 --reason '录入错误'
expect_eq "$(where 'fine = 333')" A3
expect_eq "$(last reason)" 录入错误
case-import -d "$S" --trace case A3 -f case > trace
expect_eq "$(cells versions trace fine | joined)" '300.00 333.00'
expect_exit 2 case-import -d "$S" --correct case A3 fine=much --reason x
expect_exit 2 case-import -d "$S" --correct case A3 nofield=1 --reason x
expect_err nofield
expect_exit 2 case-import -d "$S" --correct case A99 fine=1 --reason x
expect_err A99
expect_eq "$(where 'fine = 333')" A3 'a wrong correction changes nothing'
expect_exit 0 case-import -d "$S" --undo "$(last batch)"
same_records before

# A batch as it was shown: its facts and what it rejected.
{ echo "$HEADER"; echo ,案件9,2024-01-09,900,城东中队; rows 6; } > bad.csv
expect_exit 1 case-import -d "$S" bad.csv
expect_exit 0 case-import -d "$S" --show "$(last batch)" -f case
expect_eq "$(cells batches out file rows rejected | joined)" 'bad.csv 2 1'
expect_eq "$(cells rejects out line raw | joined)" '2 ,案件9,2024-01-09,900,城东中队'
expect_exit 2 case-import -d "$S" --show 99
expect_err 99
expect_eq "$(last sha256)" "$(sha256sum < bad.csv | cut -d ' ' -f 1)"
finish
