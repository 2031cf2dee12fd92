#!/bin/sh
# Every figure can be walked back: to the records behind it with file and line, and to its definition in words.
. "${srcdir:-.}/tests/cli/lib.sh"

printf '案件编号,执法单位,立案日期,结案日期\nA1,城东中队,2023-01-05,2023-07-01\nA2,城西中队,2022-12-30,2023-02-01\n' > one.csv
printf '案件编号,执法单位,立案日期,结案日期\nA3,城东中队,2023-03-05,\nA4,城东中队,2022-01-01,2022-02-02\n' > two.csv
case-import -q -d "$S" one.csv two.csv || fail 'case-import'

# listed WANT OPTION...: number, file and line of each record behind a table.
listed() {
	lines=$1
	shift
	expect_exit 0 case-stat -d "$S" --records "$@"
	found=$(body out | awk -F '\t' '
	NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	{ printf "%s:%s:%s ", $at["case_no"], $at["_file"], $at["_line"] }')
	expect_eq "$found" "$lines" "$*"
	expect_has out '##kind	records' '##type	case'
}
listed 'A1:one.csv:2 A3:two.csv:2 ' -m filed -p 2023H1
listed 'A2:one.csv:3 ' -m closed -p 2023H1
listed 'A1:one.csv:2 A2:one.csv:3 A3:two.csv:2 ' -m filed,closed,filed:yoy -p 2023H1
listed 'A1:one.csv:2 A3:two.csv:2 ' -m open -p 2023H1
listed 'A2:one.csv:3 ' -m closure_rate -p 2023H1 -w "unit = '城西中队'"
listed '' -m cases -p 2030

# As many as the figure says, from a pipe too, with the same files and lines.
case-import -n -q one.csv two.csv > all.case
case-stat --records -m filed,closed -p 2023H1 all.case > piped.case
case-stat -d "$S" --records -m filed,closed -p 2023H1 > stored.case
for f in piped stored; do
	body $f.case | awk -F '\t' '
	NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	{ print $at["case_no"], $at["_file"], $at["_line"] }' > $f.lines
done
expect_same piped.lines stored.lines

expect_exit 0 case-stat -d "$S" --explain -b unit,month -p 2023H1 --today 2023-07-01 \
	-m filed,closure_rate:yoy,on_time_due -w "unit like '城%'"
expect_has out '2023年上半年（2023-01-01..2023-06-30）' 执法单位 月份 立案日期 分子 分母 \
	'2022-01-01..2022-06-30' 行政处罚法第六十条 '90' 条件
expect_exit 0 case-stat -d "$S" --explain -m closure_rate -p 2023H1 --lang en
expect_has out numerator denominator 'closure rate'

expect_exit 0 case-stat --list-measures -f tsv
for m in cases filed decided closed open fines fines_paid confiscated mean_fine items \
	rows closure_rate cohort_closure_rate on_time_due on_time_closed review_rate \
	joint_review_rate publish_rate field_coverage item_coverage rectified_rate; do
	grep -q "^$m	" out || fail "$m is not listed"
done
expect_exit 0 case-stat --list-measures -t incident -f tsv
grep -q '^smart_rate	' out || fail 'smart_rate is not listed'
grep -q '^fines	' out && fail 'fines is listed for incidents'

# What is said of a table: revision, command, days, settings.
expect_exit 0 case-stat -d "$S" -m filed:yoy,on_time_due -p last-month --today 2023-07-01 -o t.case
expect_has t.case '##meta	revision	' '##meta	today	2023-07-01' \
	'##meta	command	case-stat -m filed:yoy,on_time_due -p last-month --today 2023-07-01' \
	'##meta	window	:yoy 2022-06-01..2022-06-30' \
	'##meta	setting	limit.decision_days=90' '##period	2023-06-01	2023-06-30'
expect_exit 0 case-stat -d "$S" -m filed -p 2023H1
expect_not out '##meta	today'
# A state of the store as it was: nothing had come by then.
expect_exit 0 case-stat -d "$S" -m cases --as-of 2001-01-01 -f csv
finish
