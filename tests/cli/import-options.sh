#!/bin/sh
# Each option of case-import does what its manual says, and a wrong call is refused before anything is stored.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

{ echo "$HEADER"; rows 1 2 3; } > in.csv

# --map, by a name of the file; '-' keeps the column unmapped.
{ echo 编号甲,名目,立案日期; echo A1,案件1,2024-01-01; } > odd.csv
expect_exit 2 case-import -d "$S" odd.csv
expect_exit 0 case-import -d "$S" --map 编号甲=case_no --map 名目=name odd.csv
expect_eq "$(stored case_no name filed_on)" 'A1	案件1	2024-01-01'
rm -f "$S"*
expect_exit 0 case-import -d "$S" --map 案件名称=- in.csv
expect_eq "$(where "name is null and extra:案件名称 = '案件2'")" A2
rm -f "$S"*
expect_exit 2 case-import -d "$S" --map 案件名称=nofield in.csv
expect_err nofield
expect_exit 2 case-import -d "$S" --map 案件名称 in.csv
# What two columns claim, --map decides.
{ echo 案件编号,立案日期,立案时间; echo A1,2024-01-01,2024-01-02; } > two.csv
expect_exit 0 case-import -d "$S" --map 立案时间=- two.csv
expect_eq "$(stored filed_on)" 2024-01-01

# -l FILE and -l NAME; -t TYPE.
cat > my.json << 'END'
{"type": "case", "columns": {"编号甲": "case_no", "罚没": {"field": "fine", "unit": "万元"}, "程序码": {"field": "procedure", "codes": {"9": "ordinary"}}}, "header_row": 2}
END
{ echo 什么都有,,; echo 编号甲,罚没,程序码; echo A1,0.15,9; } > mine.csv
rm -f "$S"*
expect_exit 0 case-import -d "$S" -l ./my.json mine.csv
expect_eq "$(stored case_no fine procedure)" 'A1	1500.00	普通程序'
expect_exit 2 case-import -d "$S" -l nolayout mine.csv
expect_err nolayout
echo '{"type": "case", "columns": {"编号甲": "nofield"}}' > bad.json
expect_exit 2 case-import -d "$S" -l ./bad.json mine.csv
expect_err nofield
echo '{"type": "case", ' > bad.json
expect_exit 2 case-import -d "$S" -l ./bad.json mine.csv
expect_err bad.json
expect_exit 2 case-import -d "$S" -t notype in.csv
expect_err notype
rm -f "$S"*
expect_exit 0 case-import -d "$S" -t unit "$CASE_DATADIR/examples/units.csv"
expect_exit 0 case-export -d "$S" -t unit -f case
expect_has out '##type	unit' '##end	22'

# -H N; -e.
{ rows 9; echo "$HEADER"; rows 1; } > low.csv
rm -f "$S"*
expect_exit 0 case-import -d "$S" -H 2 low.csv
expect_eq "$(counts)" '2 1 0 0 0 1'
expect_eq "$(stored case_no _line)" 'A1	3'
iconv -f UTF-8 -t GB18030 in.csv > gb.csv
expect_exit 2 case-import -d new.db -e utf-8 gb.csv
expect_exit 0 case-import -d new.db -e gb18030 gb.csv

# --full: a period, kept as days that mean the same another day.
expect_exit 2 case-import -d new.db --full 2024-13 in.csv
expect_err --full
expect_exit 0 case-import -d new.db --full this-year --today 2024-05-06 in.csv
expect_exit 0 case-import -d new.db --list -f case
expect_eq "$(cells batches out full | tail -n 1)" 2024

# A last line without an end is said, unless nothing is to be said; what is
# left of a row that looks cut off is always said.
cut="the last row, on line 4, looks cut off"
{ echo "$HEADER"; rows 1 2; printf 'A3,案件3,2024-01-03,300,城东中队'; } > end.csv
rm -f "$S"*
expect_exit 0 case-import -d "$S" end.csv
expect_err 'the last line has no end'
expect_not err "$cut"
expect_exit 0 case-import -d "$S" --undo 1
expect_exit 0 case-import -d "$S" -q end.csv
expect_eq "$(cat err)" ''
for last in 'A3,案件3,2024-0' 'A3,"案件3' 'A3,案件3,2024-01-03,300,"城东'; do
	{ echo "$HEADER"; rows 1 2; printf %s "$last"; } > end.csv
	rm -f "$S"*
	expect_exit 1 case-import -d "$S" -q end.csv
	expect_err "$cut"
	rm -f "$S"*
	expect_exit 1 case-import -d "$S" end.csv
	expect_err "$cut"
	expect_not err 'has no end'
	expect_eq "$(where "case_no <> ''")" 'A1 A2'
done
# Within a character it is no text, until the encoding is named.
for e in utf-8 gb18030 utf-16; do
	{ echo "$HEADER"; rows 1 2; printf 'A3,案件'; } | iconv -f utf-8 -t $e > whole.csv
	head -c -1 whole.csv > end.csv
	rm -f "$S"*
	expect_exit 2 case-import -d "$S" end.csv
	expect_err end.csv:4 'ends within a character'
	[ $e = utf-16 ] && e=utf-16le
	expect_exit 1 case-import -d "$S" -e $e end.csv
	expect_err "$cut"
	expect_eq "$(where "case_no <> ''")" 'A1 A2' "$e"
done
# With an end it is a row like others that are too short.
{ echo "$HEADER"; rows 1 2; echo 'A3,案件3'; } > end.csv
rm -f "$S"*
expect_exit 1 case-import -d "$S" end.csv
expect_not err "$cut" 'no end'
printf '{"案件编号": "A1"}\n{"案件编号": "A2", "案件名' > end.jsonl
expect_exit 1 case-import -d "$S" -q end.jsonl
expect_err 'the last row, on line 2, looks cut off'

# --max-rejects: within it 0, above it nothing of the file is stored.
{ echo "$HEADER"; rows 1 2 3 4 5 6 7 8; echo A9,x; echo A10,y; } > ten.csv
for limit in 0 1 9% 19.9%; do
	rm -f "$S"*
	case-import -q -d "$S" in.csv
	expect_exit 2 case-import -d "$S" --max-rejects $limit ten.csv
	expect_err ten.csv
	expect_eq "$(last batch)" 1 "--max-rejects $limit"
	expect_eq "$(stored case_no | joined)" 'A1 A2 A3' "--max-rejects $limit"
done
for limit in 2 3 20% 100%; do
	rm -f "$S"*
	expect_exit 0 case-import -d "$S" --max-rejects $limit ten.csv
	expect_eq "$(counts)" '10 8 0 0 2 0' "--max-rejects $limit"
done
for limit in -1 x 1x ''; do
	expect_exit 2 case-import -d "$S" --max-rejects "$limit" ten.csv
done

# --rejects: private, with line and reason; mended it goes in, and the added
# columns are passed over.
rm -f "$S"*
{ echo "$HEADER"; rows 1; echo ',案件,甲",2024-01-02,200,城东中队' | sed 's/,案件,甲"/,"案件,甲"/'; rows 3; } > bad.csv
expect_exit 1 case-import -d "$S" --rejects rejects.csv bad.csv
expect_eq "$(stat -c %a rejects.csv)" 600
expect_has rejects.csv _line _reason 案件编号 3, 案件,甲
sed 's/,"案件,甲"/A2,"案件,甲"/' rejects.csv > mended.csv
cmp -s rejects.csv mended.csv && fail 'nothing was mended'
expect_exit 0 case-import -d "$S" mended.csv
expect_eq "$(counts)" '1 1 0 0 0 0'
expect_not err columns
expect_eq "$(where "name = '案件,甲'")" A2
stored extra | grep -q _reason && fail 'the reason became data'
# It is of the source that it came from: no conflict, and nothing new or gone.
sed 's/,200,/,250,/' mended.csv > again.csv
expect_exit 0 case-import -q -d "$S" again.csv
expect_eq "$(cat err)" ''
{ echo "$HEADER"; rows 4; } > next.csv
expect_exit 0 case-import -q -d "$S" next.csv
expect_eq "$(cat err)" ''
# Of a sound file: a header, nothing more.
expect_exit 0 case-import -d new.db --rejects none.csv mended.csv
expect_eq "$(grep -c . none.csv)" 1

# -q is silent unless there is something to see.
rm -f "$S"*
expect_exit 0 case-import -q -d "$S" in.csv
expect_eq "$(cat err out)" ''
expect_exit 1 case-import -q -d "$S" bad.csv
expect_err bad.csv

# -n stores nothing and writes what would be stored, unmasked, and says so.
rm -f "$S"*
expect_exit 0 case-import -n -d "$S" in.csv
[ ! -e "$S" ] || fail '-n made a store'
expect_eq "$(cells case out case_no fine _line _file | joined)" \
	'A1 100.00 2 in.csv A2 200.00 3 in.csv A3 300.00 4 in.csv'
expect_has out '##meta	privacy	raw' '##kind	records' '##type	case'
# Its counts and rejects are those of a real import.
expect_exit 1 case-import -n ten.csv
expect_summary '10 8 0 0 2 0'
expect_exit 2 case-import -n --max-rejects 1 ten.csv
# As case-table, which is what -n writes, it can be imported.
case-import -n -q in.csv > clean.case
expect_exit 0 case-import -d "$S" clean.case
expect_eq "$(stored case_no name filed_on fine unit)" \
	"$(cells case clean.case case_no name filed_on fine unit)"

# --explain stores nothing and shows no one's number.
{
	echo "$HEADER,证件号码,联系电话,别的"
	for i in 1 2 3; do
		rows $i | sed 's/$/,11010519491231002X,13812345678,电13812345678/'
	done
	rows 4 | sed 's/$/,,,/; s/2024-01-04/2024-02-30/'
} > people.csv
rm -f "$S"*
expect_exit 0 case-import -d "$S" --explain -f csv people.csv
[ ! -e "$S" ] || fail '--explain made a store'
expect_has out 案件编号 case_no fine money 别的
expect_not out 11010519491231002X 13812345678
expect_not err 11010519491231002X 13812345678
expect_has out 110105
for format in case json md html txt; do
	expect_exit 0 case-import --explain -f $format people.csv
	expect_not out 11010519491231002X 13812345678
done
# What says that there is no value is none, and not one that can't be read.
printf '%s\n' "$HEADER" A1,无,2024-01-01,100, A2,-,/,, A3,,2024-02-30,一百, \
	> none.csv
expect_exit 0 case-import --explain -f case none.csv
expect_eq "$(cells columns out values parsed | joined)" '3 1 0  2 0.5 2 1 0'
expect_exit 0 case-import --explain --layout-out out.json mine.csv \
	-l ./my.json
expect_exit 0 case-import -d "$S" -l ./out.json mine.csv
expect_eq "$(stored case_no fine procedure)" 'A1	1500.00	普通程序'
expect_exit 0 case-import --explain --layout-out out.json in.csv
rm -f "$S"*
expect_exit 0 case-import -d "$S" -l ./out.json in.csv
expect_eq "$(stored case_no name filed_on fine unit)" \
	"$(cells case clean.case case_no name filed_on fine unit)"
expect_exit 2 case-import --layout-out out.json in.csv
expect_exit 2 case-import -n --explain in.csv

# Wrong calls: what is wrong, how it is called, 2.
for call in --nosuch -Z '--undo x' '--list --check' '--wait x' '--map' \
	'--list in.csv' '-f nosuch --list' '--today 2024-02-30 in.csv' '-H 0 in.csv'; do
	rm -f "$S"*
	expect_exit 2 case-import -d "$S" $call < /dev/null
	expect_eq "$(cat out)" '' "$call"
	[ -s err ] || fail "$call: no message"
	[ ! -e "$S" ] || fail "$call: made a store"
done
expect_exit 2 case-import --nosuch
expect_err usage: --nosuch --help
finish
