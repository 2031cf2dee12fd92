#!/bin/sh
# A number that names a record can be corrected like any other value, unless another record has it; history, trace and undo follow.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

cat > a.csv <<'E'
案件编号,决定书文号,立案日期,罚款金额,执法单位
A1,城综执罚决字〔2024〕第1号,2024-01-01,100,城东中队
A2,城综执罚决字〔2024〕第2号,2024-01-02,200,城东中队
A3,,2024-01-03,300,城东中队
E
correct() {
	case-import -d "$S" --correct "$@" --reason '录入错误' > out 2> err
}
whole() {
	expect_exit 0 case-import -d "$S" --check
}
expect_exit 0 case-import -d "$S" a.csv

# To a number that another has: refused, and that other is named.
correct case A1 case_no=A2 && fail 'two records of one number'
expect_err A2 'batch 1' 'line 3'
correct case A1 '决定书文号=城综执罚决字[2024]第2号' && fail 'two of one document'
expect_err 'batch 1' 'line 3'
correct case A3 case_no= && fail 'a record without a number'
expect_eq "$(where "case_no in ('A1','A2','A3')" | joined)" 'A1 A2 A3'
whole

# To one that is free: found under it, and under the old one in its history.
correct case A1 case_no=B1 || fail "$(cat err)"
expect_eq "$(where 'fine = 100')" B1
correct case B1 '决定书文号=城综执罚决字〔2024〕第11号' || fail "$(cat err)"
expect_exit 0 case-import -d "$S" --trace case B1 -f case
expect_eq "$(cells versions out case_no _batch | tr '\t' ' ' | joined)" \
	'A1 1 B1 2 B1 3'
expect_exit 0 case-import -d "$S" --trace case A1 -f case
expect_eq "$(cells versions out case_no | tail -n 1)" B1
whole
# The old number is free again, and its record is met by the new one.
printf '案件编号,罚款金额\nB1,111\nA1,1\n' > b.csv
expect_exit 0 case-import -d "$S" b.csv
expect_eq "$(last new) $(last changed)" '1 1'
# Another has the old number now: what was corrected can't come back.
expect_exit 2 case-import -d "$S" --undo 2
expect_exit 0 case-import -d "$S" --undo 4
expect_exit 0 case-import -d "$S" --undo 3
expect_exit 0 case-import -d "$S" --undo 2
expect_eq "$(where 'fine = 100')" A1
whole
# What a later batch said of the corrected number holds it.
correct case A1 case_no=B1 || fail "$(cat err)"
printf '案件编号,罚款金额\nB1,100\n' > c.csv
expect_exit 0 case-import -d "$S" c.csv
expect_eq "$(last unchanged)" 1
n=$(last batch)
expect_exit 2 case-import -d "$S" --undo $((n - 1))
expect_err "$n"
expect_exit 0 case-import -d "$S" --undo "$n"
expect_exit 0 case-import -d "$S" --undo $((n - 1))
whole

# Records that only a layout's wider key tells apart.
mkdir -p share/layouts
cp -R "$CASE_DATADIR"/. share
cat > share/layouts/wide.json <<'E'
{ "name": "wide", "type": "case", "columns": { "编号": "case_no", "单位": "unit", "罚款": "fine" }, "key": ["case_no", "unit"] }
E
cat > share/layouts/star.json <<'E'
{ "name": "star", "type": "case", "columns": { "编号": "case_no", "单位": "unit", "罚款": "fine" }, "key": "*" }
E
CASE_DATADIR=$work/share
rm -f "$S"*
printf '编号,单位,罚款\nW1,东,1\nW1,西,2\nW2,东,3\n' > w.csv
expect_exit 0 case-import -d "$S" -l wide w.csv
correct case W1 fine=5 && fail 'one of two'
expect_err '2 records' '@1:2' '@1:3'
correct case @1:3 fine=5 || fail "$(cat err)"
expect_eq "$(where 'fine = 5')" W1
expect_exit 0 case-import -d "$S" --trace case @1:3 -f case
expect_eq "$(cells versions out fine | joined)" '2.00 5.00'
correct case @2:0 case_no=W3 || fail "$(cat err)"
correct case W2 unit=西 || fail "$(cat err)"
correct case W2 case_no=W3 && fail 'the wider key of another'
expect_err 'W3' 'batch 3'
whole
# The next export meets them as they are now.
printf '编号,单位,罚款\nW1,东,1\nW3,西,5\nW2,西,3\n' > v.csv
expect_exit 0 case-import -d "$S" -l wide v.csv
expect_eq "$(last unchanged)" 3
expect_exit 2 case-import -d "$S" --undo 3
expect_exit 0 case-import -d "$S" --undo 5
expect_exit 0 case-import -d "$S" --undo 4
expect_exit 0 case-import -d "$S" --undo 3
expect_exit 0 case-import -d "$S" --undo 2
expect_exit 0 case-import -d "$S" -l wide w.csv
expect_err 'the same file is batch 1'
whole

rm -f "$S"*
expect_exit 0 case-import -d "$S" -l star w.csv
correct case W2 fine=4 || fail "$(cat err)"
correct case @1:2 unit=西 || fail "$(cat err)"
correct case @3:0 fine=2 && fail 'two records of one content'
whole
expect_exit 0 case-import -d "$S" --undo 3
expect_exit 0 case-import -d "$S" --undo 2
whole
finish
