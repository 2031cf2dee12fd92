#!/bin/sh
# A report is its tables in one stream, for the period asked for; a bureau's own report goes before the shipped one.
. "${srcdir:-.}/tests/cli/lib.sh"

printf '案件编号,执法单位,立案日期,结案日期\nA1,城东中队,2023-06-05,2023-06-07\nA2,城西中队,2023-06-06,\nA3,城西中队,2023-05-30,\n' > in.csv
case-import -q -d "$S" in.csv || fail 'case-import'

for r in weekly monthly half-year; do
	expect_exit 0 case-stat -d "$S" -r $r --today 2023-06-12
	expect_has out "##name	$r"
	expect_eq "$(grep -c '^##case-table' out)" "$(grep -c '^##end' out)" $r
	[ "$(grep -c '^##end' out)" -ge 3 ] || fail "$r is too short"
	# No incidents were imported: their table is left out.
	expect_not out 'incident'
	expect_exit 0 case-stat -d "$S" -r $r --today 2023-06-12 --lang en --explain
	expect_has out period: filed:
	expect_exit 0 case-stat -d "$S" -r $r -p 2023H1 -f jsonl
	expect_has out "\"_table\":\"$r\""
done
expect_exit 0 case-stat --list-reports -f tsv
expect_has out weekly monthly half-year

expect_exit 0 case-stat -d "$S" -r weekly --today 2023-06-12
expect_has out '##period	2023-06-05	2023-06-11'
expect_eq "$(awk -F '\t' '/^##end/ { exit } !/^##/ { print $1, $3, $4 }' out | tail -n 1)" '2 1 2'
expect_exit 0 case-stat -d "$S" -r weekly -p 2023-06-05 -w "unit = '城东中队'"
expect_eq "$(awk -F '\t' '/^##end/ { exit } !/^##/ { print $1, $3, $4 }' out | tail -n 1)" '1 0 1'

# One's own: it may say only what differs, and each table its condition.
mkdir -p mine/reports
cat > mine/reports/weekly.json <<'JSON'
{ "extends": "weekly", "title": { "zh": "本局周报" } }
JSON
cat > mine/reports/west.json <<'JSON'
{ "name": "west", "title": { "zh": "西片" }, "period": "2023", "tables": [
  { "title": { "zh": "甲" }, "measures": "filed", "where": "unit = '城西中队'" },
  { "name": "two", "title": { "zh": "乙" }, "by": "month", "measures": "filed:cum", "total": true } ] }
JSON
CASE_PATH=$work/mine
export CASE_PATH
expect_exit 0 case-stat --list-reports -f tsv
expect_has out 本局周报
expect_exit 0 case-stat -d "$S" -r weekly --today 2023-06-12
expect_has out '##name	weekly-units'
expect_exit 0 case-stat -d "$S" -r west
expect_eq "$(body out | tr '\t\n' '  ')" 'filed 2 month filed:cum 2023-05 1 2023-06 3 合计  '
expect_has out '##name	west' '##name	two' '##title	甲'
expect_exit 0 case-stat -d "$S" -r west -w "filed_on >= '2023-06-01'"
expect_eq "$(body out | sed -n 2p)" 1

expect_exit 2 case-stat -d "$S" -r wekly
expect_err weekly
echo '{ "name": "empty" }' > mine/reports/empty.json
expect_exit 2 case-stat -d "$S" -r empty
expect_err 'no tables'
finish
