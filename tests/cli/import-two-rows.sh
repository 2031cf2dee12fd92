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

# What --layout-out saves names the columns as they are joined.
mkdir layouts
expect_exit 0 case-import --explain --layout-out layouts/two.json two.csv
CASE_PATH=$PWD
export CASE_PATH
expect_exit 0 case-import -n -l two two.csv
expect_has out 'A1	' 'A2	' 'A3	'
finish
