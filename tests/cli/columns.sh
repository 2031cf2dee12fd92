#!/bin/sh
# A field that no record has a value for reads as missing everywhere, and its first value comes with a later row, a later batch, a correction or another import.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

whole() {
	expect_exit 0 case-import -d "$S" --check
}
{
	echo "$HEADER"
	rows 1 2 3
} > a.csv
expect_exit 0 case-import -q -d "$S" a.csv

# Asked in a condition, a measure, a dimension, a column.
expect_eq "$(where 'decided_on is null and source is null')" 'A1 A2 A3'
expect_eq "$(where "source = '投诉举报' or confiscated > 1 or decided_on > filed_on")" ''
expect_eq "$(where "not (source = '投诉举报')")" ''
# An export has the columns with a value.
expect_eq "$(stored case_no source | joined)" 'A1 ? A2 ? A3 ?'
expect_exit 0 case-stat -d "$S" -p all -f csv \
	-m 'rows,sum(confiscated),median(confiscated),max(decided_on),distinct(source)'
expect_has out '3,0.00,,,0'
expect_exit 0 case-stat -d "$S" -p all -b source -m rows -f csv
expect_has out ',3'
expect_exit 0 case-stat -d "$S" -p 2024 -b month -m cases,fines
expect_exit 0 case-audit -d "$S"
expect_exit 0 case-import -d "$S" --trace case A1 -f case
expect_eq "$(cells versions out case_no fine | joined)" 'A1 100.00'
whole

# With a later batch, and there with a later row; -n needs it, too.
cat > b.csv <<'E'
案件编号,案件名称,立案日期,罚款金额,执法单位,没收金额,案件来源,决定日期
A4,案件4,2024-01-04,400,城东中队,,,
A5,案件5,2024-01-05,500,城东中队,5,,
A1,案件1,2024-01-01,100,城东中队,1,投诉举报,2024-02-01
A1,案件1,2024-01-01,100,城东中队,1,投诉举报,2024-02-01
E
expect_exit 0 case-import -d "$S" -n b.csv
expect_eq "$(where 'source is not null')" ''
case-export -d "$S" -t case -f case | body - > before
expect_exit 0 case-import -q -d "$S" b.csv
expect_eq "$(last new changed unchanged rejected | joined)" '2 1 1 0'
expect_eq "$(where "source = '投诉举报'")" A1
expect_eq "$(where 'confiscated > 0')" 'A1 A5'
expect_exit 0 case-import -d "$S" --trace case A1 -f case
expect_eq "$(cells versions out source decided_on | tr '\t' , | joined)" \
	', 投诉举报,2024-02-01'
whole

# By hand, and taken back.
expect_exit 0 case-import -d "$S" --correct case A2 \
	'decision_no=城综执罚决字〔2024〕第2号' --reason 录入错误
expect_eq "$(where 'decision_no is not null')" A2
whole
expect_exit 0 case-import -d "$S" --undo 3
expect_eq "$(where 'decision_no is not null')" ''

# As if the batch had never come; and once more.
expect_exit 0 case-import -d "$S" --undo 2
case-export -d "$S" -t case -f case | body - > after
expect_same before after
expect_eq "$(where 'source is not null')" ''
whole
expect_exit 0 case-import -q -d "$S" b.csv
expect_eq "$(last new changed unchanged | joined)" '2 1 1'
expect_eq "$(where 'confiscated > 0')" 'A1 A5'
whole

# Only what had a value has a column, in the history, too.
if command -v sqlite3 > /dev/null; then
	for table in rec hist; do
		expect_eq "$(sqlite3 "$S" "SELECT count(*) FROM
			pragma_table_info('${table}_case') WHERE name IN
			('f_source', 'f_confiscated', 'f_decision_no')")" 3
		expect_eq "$(sqlite3 "$S" "SELECT count(*) FROM
			pragma_table_info('${table}_case')
			WHERE name = 'f_published_on'")" 0
	done
fi
finish
