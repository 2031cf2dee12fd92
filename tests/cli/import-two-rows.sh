#!/bin/sh
# A header of two rows, as merged cells leave it in a CSV, is joined; repeated, it is set aside.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > two.csv << 'END'
某某局2023年案件台账,,,,,,
序号,案件,,,当事人,,罚款金额（万元）
,编号,立案日期,案由,名称,证件号码,
1,A1,2023-01-01,乱堆物料,甲某,,0.02
2,A2,2023-01-02,乱堆物料,乙某,,0.03
序号,案件,,,当事人,,罚款金额（万元）
,编号,立案日期,案由,名称,证件号码,
3,A3,2023-01-03,乱堆物料,丙某,,0.05
合计,,,,,,0.10
END
iconv -f UTF-8 -t GB18030 two.csv > two.gb.csv

expect_exit 0 case-import -d "$S" two.gb.csv
expect_has err '7 rows' '3 new'
expect_exit 0 case-stat -d "$S" -m cases,fines -f tsv
expect_has out '3	1000.00'
expect_exit 0 case-export -d "$S" -t case -w "case_no = 'A3'" -f jsonl
expect_has out '"_line":8' '序号'
expect_exit 0 case-import --explain -f tsv two.csv
expect_has out '当事人/名称	party_name' '案件/编号	case_no'

# The same where cells are merged by name: an HTML page saved as .xls.
cat > two.xls << 'END'
<html><head><meta charset="gbk"></head><body><table>
<tr><td colspan="6">某某局2023年案件台账</td></tr>
<tr><th rowspan="2">序号</th><th colspan="3">案件</th><th>当事人</th><th rowspan="2">罚款金额（万元）</th></tr>
<tr><th>编号</th><th>立案日期</th><th>案由</th><th>名称</th></tr>
<tr><td>1</td><td>B1</td><td>2023-01-01</td><td>乱堆物料</td><td>甲某</td><td>0.02</td></tr>
<tr><td>2</td><td>B2</td><td>2023-01-02</td><td>乱堆物料</td><td>乙某</td><td>0.03</td></tr>
</table></body></html>
END
iconv -f UTF-8 -t GBK two.xls > two.gbk.xls
expect_exit 0 case-import -d "$S" two.gbk.xls
expect_has err '3 rows: 2 new' '1 set aside'
expect_exit 0 case-stat -d "$S" -m fines -w "case_no like 'B%'" -f tsv
expect_has out '500.00'

# What --layout-out saves names the columns as they are joined.
mkdir layouts
expect_exit 0 case-import --explain --layout-out layouts/two.json two.csv
CASE_PATH=$PWD
export CASE_PATH
expect_exit 0 case-import -n -l two two.csv
expect_has out 'A1	' 'A2	' 'A3	'
finish
