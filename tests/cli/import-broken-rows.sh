#!/bin/sh
# Rows of another width, totals, titles and repeated keys are told apart from sound rows, which all are stored.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

{ echo "$HEADER"; rows 1; echo A2,案件2; rows 3; } > in.csv
try 'short row' 1 'A1:2 A3:4' '3 2 0 0 1 0' 3
{ echo "$HEADER"; rows 1; echo A2,案件2,2024-01-02,200,城东中队,x,y; rows 3; } > in.csv
try 'long row' 1 'A1:2 A3:4' '3 2 0 0 1 0' 3
{ echo "$HEADER"; rows 1; echo A2,案件2,2024-01-02,200,城东中队,; rows 3; } > in.csv
try 'a trailing delimiter in one row' 1 'A1:2 A3:4' '3 2 0 0 1 0' 3
{ echo "$HEADER"; rows 1 2 3; } | sed 's/$/,/' > in.csv
try 'trailing delimiters, header too' 0 'A1:2 A2:3 A3:4' '3 3 0 0 0 0' ''

{ echo "$HEADER"; rows 1 2; echo "$HEADER"; rows 3; } > in.csv
try 'repeated header' 0 'A1:2 A2:3 A3:5' '4 3 0 0 0 1' ''
echo "$HEADER" > in.csv
try 'header only' 0 '' '0 0 0 0 0 0' ''
{ echo "$HEADER"; rows 1; echo; rows 2; printf '\n\n'; } > in.csv
try 'blank lines' 0 'A1:2 A2:4' '5 2 0 0 0 3' ''
{
	echo '云溪县行政处罚案件台账（2024年1月）,,,,'
	echo '填报单位：云溪县综合行政执法局,,,,'
	echo "$HEADER"
	rows 1 2
	echo '小计,,,300,'
	rows 3
	echo '合计,,,600,'
	echo '制表人：张三,,,,审核人：李四'
} > in.csv
try 'titles and totals' 0 'A1:4 A2:5 A3:7' '8 3 0 0 0 5' ''
{ echo '合 计 表'; echo "$HEADER"; rows 1; echo '　合　计　,,,100,'; } > in.csv
try 'a narrow title, a total with blanks' 0 'A1:3' '3 1 0 0 0 2' ''

# A row that only begins like a total is none.
{ echo "$HEADER"; rows 1; echo '合计划1,案件,2024-01-02,200,城东中队'; } > in.csv
try 'a number that begins with a word of totals' 0 'A1:2 合计划1:3' \
	'2 2 0 0 0 0' ''

# Two columns for one field are refused, both named.
rm -f "$S"*
{ echo 案件编号,案件名称,案件名称; echo A1,甲,乙; } > in.csv
expect_exit 2 case-import -d "$S" in.csv
expect_err 案件名称
{ echo 案件编号,立案日期,立案时间; echo A1,2024-01-01,2024-01-02; } > in.csv
expect_exit 2 case-import -d "$S" in.csv
expect_err 立案日期 立案时间
[ ! -e "$S" ] || expect_eq "$(counts)" '' 'a refused file leaves no batch'

: > in.csv
expect_exit 2 case-import -d "$S" in.csv
expect_err in.csv
printf 'a,b\n1,2\n' > in.csv
expect_exit 2 case-import -d "$S" in.csv
expect_err in.csv

{ echo "$HEADER"; rows 1 2; printf 'A3,案件3,2024-0'; } > in.csv
try 'a last row cut off' 1 'A1:2 A2:3' '3 2 0 0 1 0' 4
{ echo "$HEADER"; rows 1 2 3; } | head -c -1 > in.csv
try 'no final newline' 0 'A1:2 A2:3 A3:4' '3 3 0 0 0 0' ''

{ echo "$HEADER"; rows 1 2; echo A1,案件1,2024-01-01,999,城西中队; rows 3; } > in.csv
try 'a key repeated with other content' 1 'A1:2 A2:3 A3:5' '4 3 0 0 1 0' 4
expect_eq "$(stored fine | joined)" '100.00 200.00 300.00' 'the first stays'
cells rejects show.case line reason > reason
expect_has reason '4	' 'line 2'
{ echo "$HEADER"; rows 1 2 1 3; } > in.csv
try 'a key repeated with the same content' 0 'A1:2 A2:3 A3:5' '4 3 0 1 0 0' ''

{ echo "$HEADER"; rows 1; echo ,案件2,2024-01-02,200,城东中队; echo -,案件3,2024-01-03,300,城东中队; rows 4; } > in.csv
try 'rows without an identity' 1 'A1:2 A4:5' '4 2 0 0 2 0' '3 4'

for sep in ';' '	' '|'; do
	{ echo "$HEADER"; rows 1 2 3; } | tr , "$sep" > in.csv
	try "'$sep' between cells" 0 'A1:2 A2:3 A3:4' '3 3 0 0 0 0' ''
	expect_eq "$(stored unit | sort -u)" 城东中队
done
# A comma within cells does not make it the delimiter.
{ echo "$HEADER"; rows 1 2 3; } | tr , ';' | sed 's/案件\([0-9]\)/案,件,甲,乙,\1/' > in.csv
try 'semicolons with commas in cells' 0 'A1:2 A2:3 A3:4' '3 3 0 0 0 0' ''

# The file of rejects has all of a row: cells without a column, and what could
# not be parted into cells.
rm -f "$S"*
{ echo "$HEADER"; rows 1; echo A2,案件2,2024-01-02,200,城东中队,x,y; echo 'A3,"案件3'; rows 4; } > in.csv
expect_exit 1 case-import -d "$S" --rejects rejects.csv in.csv
expect_has rejects.csv ',_surplus' ',A2,案件2,2024-01-02,200,城东中队,x|y' \
	',,,,,,"A3,""案件3"'
finish
