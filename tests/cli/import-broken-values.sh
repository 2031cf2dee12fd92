#!/bin/sh
# A value that can't be read is kept as text and counted; only an identity that can't be read costs the row.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

{ echo "$HEADER"; rows 1; echo A2,案件2,2024-02-30,200,城东中队; rows 3; } > in.csv
try '30 February' 0 'A1:2 A2:3 A3:4' '3 3 0 0 0 0' ''
expect_err '1 warnings'
expect_eq "$(last warnings)" 1
expect_eq "$(where 'filed_on is null')" A2 'the field is missing'
expect_eq "$(where "extra:\"filed_on!\" = '2024-02-30'")" A2 'its text is kept'

{ echo "$HEADER"; rows 1; echo A2,案件2,2024-01-02,两百左右吧,城东中队; } > in.csv
try 'an amount that is none' 0 'A1:2 A2:3' '2 2 0 0 0 0' ''
expect_eq "$(last warnings)" 1
expect_eq "$(where "fine is null and extra:\"fine!\" = '两百左右吧'")" A2

{
	echo "$HEADER,证件号码,程序类型"
	rows 1 | sed 's/$/,3.3E+17,简易程序/'
	rows 2 | sed 's/$/,11010519491231002X,速裁程序/'
	rows 3 | sed 's/$/,110105194912310021,普通程序/'
} > in.csv
try 'an ID that a spreadsheet ruined, an unknown code' 0 'A1:2 A2:3 A3:4' \
	'3 3 0 0 0 0' ''
expect_eq "$(last warnings)" 2
expect_eq "$(where 'party_id is null')" A1 'never stored as if whole'
expect_eq "$(where "extra:\"party_id!\" = '3.3E+17'")" A1
expect_eq "$(where "procedure is null and extra:\"procedure!\" = '速裁程序'")" A2
expect_eq "$(where "party_id = '110105194912310021'")" A3 \
	'a check digit is no reason to refuse'

{ echo "$HEADER"; rows 1; echo 3.3E+17,案件2,2024-01-02,200,城东中队; rows 3; } > in.csv
try 'a case number that a spreadsheet ruined' 1 'A1:2 A3:4' '3 2 0 0 1 0' 3

# Missing words are no values, and no warnings.
{ echo "$HEADER"; echo A1,无,-,/,—; rows 2; } > in.csv
try 'words for nothing' 0 'A1:2 A2:3' '2 2 0 0 0 0' ''
expect_eq "$(last warnings)" 0
expect_eq "$(where 'filed_on is null and fine is null and unit is null')" A1

# Every way to write a date and an amount; the values are those of A1.
{
	echo "$HEADER"
	n=0
	for date in 2023-06-12 2023年6月12日 2023年06月12日 二〇二三年六月十二日 \
		2023/6/12 2023-6-12 2023.6.12 20230612 '2023-06-12 00:00:00' \
		2023-06-12T00:00:00 '2023- 06- 12' 45089 ２０２３－０６－１２; do
		n=$((n + 1))
		printf 'D%s,案件,%s,1000,城东中队\n' $n "$date"
	done
	for money in '"1,000元"' '"1，000元"' ¥1000.00 0.1万元 人民币壹仟元整 １０００ \
		'"1,000.00"' '1000 元' 1000.00元整; do
		n=$((n + 1))
		printf 'D%s,案件,2023-06-12,%s,城东中队\n' $n "$money"
	done
} > in.csv
rm -f "$S"*
expect_exit 0 case-import -d "$S" in.csv
expect_eq "$(where "filed_on <> '2023-06-12' or filed_on is null")" '' 'dates'
expect_eq "$(where 'fine <> 1000 or fine is null')" '' 'amounts'
expect_eq "$(last warnings)" 0
finish
