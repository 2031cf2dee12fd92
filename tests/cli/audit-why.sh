#!/bin/sh
# --why tells what a finding came from, -b where findings are, --explain the rule.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > in.csv << 'X'
案件编号,程序类型,执法单位,决定日期,罚款金额,当事人类型
M1,简易程序,城中街道,2023-01-05,500,自然人
M2,简易程序,城中街道,2023-01-05,600,自然人
M3,简易程序,,2023-01-05,600,自然人
X
expect_exit 0 case-import -d "$S" -q in.csv
expect_exit 1 case-audit -d "$S" -i XF-51 -f csv
print=$(sed 1d out | sed -n 1p | cut -d, -f13)
# The fingerprint is that of the rule and the case, not of the import.
sed 's/500/501/' in.csv > again.csv
expect_exit 0 case-import -d "$S" -q again.csv
expect_exit 1 case-audit -d "$S" -i XF-51 -f csv
expect_eq "$(sed 1d out | sed -n 1p | cut -d, -f13)" "$print"

expect_exit 0 case-audit -d "$S" --why "$print" -f csv
expect_has out '编号,M1' '来源文件,again.csv' '行号,2' '罚款金额,501' \
	'依据,《中华人民共和国行政处罚法》第五十一条' '当事人类型,自然人'
expect_exit 0 case-audit -d "$S" --why "$print" -f csv --lang en
expect_has out 'key,M1' 'fails when,'

expect_exit 1 case-audit -d "$S" -i XF-51 -b unit -f csv
expect_eq "$(cat out)" 'unit,rule,title,severity,findings
城中街道,XF-51,简易程序罚款超限,veto,2
（空）,XF-51,简易程序罚款超限,veto,1'
expect_exit 1 case-audit -d "$S" -i XF-51 -b unit
expect_has out '##name	by-unit' '##kind	statistics' '##column	unit	text	执法单位'

expect_exit 0 case-audit --explain -i XF-60 -f csv
expect_has out 'XF-60,依据,《中华人民共和国行政处罚法》第六十条' 90 立案日期
expect_exit 0 case-audit --list-rules -f csv
expect_has out 'XF-60,' '2021-07-15' 'DOCNO-GAP,'
for id in XF-29 XF-33b XF-36 XF-42 XF-44 XF-45a XF-48a XF-51 XF-56 XF-57b \
	XF-58a XF-60 XF-61 XF-63 XF-67 XF-72 QZ-25; do
	expect_has out "$id,"
done
finish
