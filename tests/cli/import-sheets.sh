#!/bin/sh
# Of a workbook the sheets with the same fields are read, each row knows its sheet, and what is passed over is said.
. "${srcdir:-.}/tests/cli/lib.sh"

# sheet NAME [hidden] < rows of cells between tabs
sheet() {
	echo "<Worksheet ss:Name=\"$1\"><Table>"
	awk -F'\t' '{
		printf "<Row>"
		for (i = 1; i <= NF; i++)
			printf "<Cell><Data ss:Type=\"String\">%s</Data></Cell>", $i
		print "</Row>"
	}'
	echo "</Table>"
	[ "$#" -lt 2 ] || echo "<WorksheetOptions xmlns=\"urn:schemas-microsoft-com:office:excel\"><Visible>SheetHidden</Visible></WorksheetOptions>"
	echo "</Worksheet>"
}
# book: a workbook of the sheets that stand on standard input
book() {
	echo '<?xml version="1.0"?>'
	echo '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
	cat
	echo '</Workbook>'
}
{
	printf '说明\n本表由平台导出\n' | sheet 说明
	printf '一月台账\n案件编号\t立案日期\t罚款金额\nA1\t2023-01-01\t100\nA2\t2023-01-02\t200\n' | sheet 1月
	printf '罚款金额\t案件编号\t立案日期\n300\tA3\t2023-02-01\n7\tA1\t2023-02-02\n9\t\t2023-02-03\n' | sheet 2月
	printf '单位\t罚款金额\n甲\t600\n' | sheet 汇总
	printf '案件编号\t立案日期\t罚款金额\nA4\t2023-03-01\t400\n' | sheet 三月 hidden
	printf '' | sheet 空
} | book > book.xls

expect_exit 1 case-import -d "$S" --rejects r.csv book.xls
expect_has err '6 rows: 3 new, 0 changed, 0 unchanged, 2 rejected, 1 set aside' \
    "sheet '说明' is not read" "sheet '汇总' is not read" "sheet '三月' is not read: it is hidden"
expect_not err "sheet '空'"
expect_has r.csv 'book.xls,2月,3,' 'book.xls,2月,4,'
expect_exit 0 case-export -d "$S" -t case -f csv
expect_has out 'A1,2023-01-01,100.00,,book.xls,1月,3,1' 'A3,2023-02-01,300.00,,book.xls,2月,2,1'
expect_exit 0 case-stat -d "$S" -m rows -w "_sheet = '1月'" -f tsv
expect_has out 2
expect_exit 0 case-import -d "$S" --trace case A3 -f csv
expect_has out ',2月,2,' '"300,A3,2023-02-01"'
expect_exit 0 case-import -d "$S" --show 1 -f tsv
expect_has out '2月	4'
expect_exit 0 case-import -d "$S" --check
# The reason names a row that lies in another sheet.
grep -q '1月' r.csv || fail "the first of two A1 is not told by its sheet: $(cat r.csv)"
expect_exit 0 case-import -d "$S" --undo 1
expect_exit 0 case-import -d "$S" -s 1月 book.xls
expect_has err '2 new'
expect_exit 0 case-import -d "$S" -s 1月 book.xls
expect_has err 'nothing new'
expect_exit 0 case-import -d "$S" -s 三月 book.xls
expect_has err '1 new'
expect_exit 0 case-import -d "$S" -s 5 book.xls
expect_exit 2 case-import -d "$S" -s all book.xls
expect_has err "sheet '说明'"
expect_exit 2 case-import -d "$S" -s 四月 book.xls
expect_has err "there is no sheet '四月'" '1月, 2月'
expect_exit 2 case-import -d "$S" -s 7 book.xls
echo '案件编号,罚款金额' > plain.csv
expect_exit 2 case-import -d "$S" -s 1月 plain.csv
expect_exit 0 case-import --list-sheets -f tsv book.xls
expect_has out '2	1月	0	4' '5	三月	1	2' '6	空	0	0'

# A layout may name the sheet, and -n says where each record stands.
mkdir layouts
echo '{"name": "feb", "type": "case", "sheet": "2月", "columns": {"案件编号": "case_no"}}' > layouts/feb.json
CASE_PATH=$PWD
export CASE_PATH
expect_exit 1 case-import -n -l feb book.xls
expect_has out 'book.xls	2月	2'

# --explain has a table for each sheet that is read, which names it; the rows
# are those that an import takes.
expect_exit 0 case-import --explain -f case book.xls
expect_eq "$(grep -c '^##case-table' out)" 2
awk -F '\t' '$1 == "##meta" && $2 ~ /^(sheet|rows|records|rejected|titles)$/ {
	printf "%s=%s ", $2, $3
} /^##end/ { print "" }' out > got
cat > want <<'END'
sheet=1月 titles=1 rows=2 records=2 rejected=0 
sheet=2月 titles=0 rows=3 records=2 rejected=1 
END
expect_same want got
expect_eq "$(grep '^##meta	note' out | cut -c 8- | cut -d : -f 1)" "$(printf \
	"note\tsheet '说明' is not read\nnote\tsheet '汇总' is not read\nnote\tsheet '三月' is not read")"
expect_eq "$(awk '/^##end/ { exit } { print }' out | grep -c '^##meta	note')" 3
# With -s it is the one, also when it is hidden; a file without sheets has none.
expect_exit 0 case-import --explain -f case -s 三月 book.xls
expect_has out '##meta	sheet	三月'
expect_eq "$(grep -c '^##case-table' out)" 1
expect_exit 0 case-import --explain -f case plain.csv
expect_not out '##meta	sheet'
# What a later sheet has elsewhere, or alone, is known as well: no cell is masked
# as the first one's, and its columns are missed when they are gone.
place=浙江省金华市婺城区城东街道解放路18号301室
# hides FILE: its reject is shown without the address.
hides() {
	rm -f "$S"*
	expect_exit 1 case-import -d "$S" "$1"
	expect_exit 0 case-import -d "$S" --show 1 -f csv
	expect_has out 'not shown: its cells'
	expect_not out 解放路18号
}
{
	printf "案件编号\t案件名称\t当事人地址\nA0\t甲\t$place\n" | sheet 一
	printf "案件编号\t当事人地址\t案件名称\n\t$place\t甲\n" | sheet 二
} | book > turned.xls
hides turned.xls
{
	printf "案件编号\t案件名称\t当事人地址\n\t甲\t$place\n" | sheet 一
	printf "案件编号\t当事人地址\t案件名称\t批次\n\t$place\t甲\t3\nA2\t$place\t乙\t4\n" | sheet 二
} | book > address.xls
hides address.xls
{
	printf "案件编号\t案件名称\t当事人地址\nA3\t甲\t$place\n" | sheet 一
	printf "案件编号\t案件名称\t当事人地址\n\t乙\t$place\n" | sheet 二
} | book > less.xls
expect_exit 1 case-import -d "$S" less.xls
expect_has err 'gone since the last batch: 批次'
expect_exit 0 case-import -d "$S" --show 2 -f csv
expect_has out 婺城区
expect_not out 解放路18号 'not shown: its cells'
expect_exit 0 case-import -d "$S" address.xls
expect_exit 0 case-import -d "$S" --check

# A first sheet may have a header alone.
{
	printf '案件编号\t案件名称\t立案日期\n' | sheet 一
	printf '案件编号\t立案日期\t案件名称\nA1\t2024-01-01\t甲\n' | sheet 二
} | book > bare.xls
rm -f "$S"*
expect_exit 0 case-import -d "$S" bare.xls
expect_exit 0 case-import -d "$S" --show 1
expect_exit 0 case-import -d "$S" --check

# In a document too, and as a layout of the first.
expect_exit 0 case-import --explain -f md --layout-out l.json book.xls
expect_has out 案件编号
expect_has l.json '"案件编号": "case_no"'
finish
