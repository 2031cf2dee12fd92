#!/bin/sh
# Bytes that are no text cost their row or refuse the file with the place; every other encoding and line end is read.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"
need iconv

good() {
	echo "$HEADER"
	rows 1 2 3
}
all='A1:2 A2:3 A3:4' three='3 3 0 0 0 0'

{ echo "$HEADER"; rows 1; printf 'A2,案\0件,2024-01-02,200,城东中队\n'; rows 3; } > in.csv
try 'a NUL byte' 1 'A1:2 A3:4' '3 2 0 0 1 0' 3

good | tr '\n' '\r' > in.csv
try 'CR alone' 0 "$all" "$three" ''
good | sed 's/$/\r/' > in.csv
try 'CR LF' 0 "$all" "$three" ''
expect_eq "$(stored unit | sort -u)" 城东中队 'no CR in the last cell'
{
	printf '%s\r\n' "$HEADER"
	rows 1 | tr '\n' '\r'
	rows 2
	rows 3 | sed 's/$/\r/'
	rows 4 | head -c -1
} > in.csv
try 'mixed line ends' 0 'A1:2 A2:3 A3:4 A4:5' '4 4 0 0 0 0' ''

bom=$(printf '\357\273\277')
{ printf %s "$bom"; good; } > in.csv
try 'a BOM' 0 "$all" "$three" ''
{ printf %s "$bom"; good; printf %s "$bom"; echo "$HEADER"; rows 4; } > in.csv
try 'two files joined, each with a BOM' 0 'A1:2 A2:3 A3:4 A4:6' \
	'5 4 0 0 0 1' ''
{ good; printf %s "$bom"; rows 4; } > in.csv
try 'a BOM before a row' 0 "$all A4:5" '4 4 0 0 0 0' ''
expect_eq "$(where "case_no = 'A4'")" A4 'the BOM is no part of the number'

for enc in UTF-16LE UTF-16BE; do
	{ printf %s "$bom"; good; } | iconv -f UTF-8 -t $enc > in.csv
	try "$enc with a BOM" 0 "$all" "$three" ''
	expect_eq "$(stored unit | sort -u)" 城东中队
	expect_eq "$(last encoding | tr A-Z a-z)" "$(echo $enc | tr A-Z a-z)"
done
good | iconv -f UTF-8 -t GB18030 > in.csv
try 'GB18030, undeclared' 0 "$all" "$three" ''
expect_eq "$(stored unit | sort -u)" 城东中队
expect_eq "$(last encoding | tr A-Z a-z)" gb18030
# Characters whose second byte is a backslash or a bar, and a rare one.
{ echo "$HEADER"; echo 'A1,誠|許𠮷,2024-01-01,100,乗'; } | iconv -f UTF-8 -t GB18030 > in.csv
try 'GB18030 with ASCII in second bytes' 0 'A1:2' '1 1 0 0 0 0' ''
expect_eq "$(stored name unit)" '誠|許𠮷	乗'
options='-e gb18030'
try 'GB18030, declared' 0 'A1:2' '1 1 0 0 0 0' ''
expect_eq "$(stored name unit)" '誠|許𠮷	乗'
options=

# One row in another encoding: damaged UTF-8, and the place is named.
{
	echo "$HEADER"
	rows 1 2 3 4 5 6 7 8 9 10
	rows 11 | iconv -f UTF-8 -t GB18030
	rows 12 13 14 15 16 17 18 19 20
} > in.csv
rm -f "$S"*
expect_exit 2 case-import -d "$S" in.csv
expect_err in.csv:12
[ ! -e "$S" ] || expect_eq "$(counts)" '' 'nothing is stored'
options='-e utf-8'
try 'one row in another encoding, UTF-8 declared' 1 \
	"$(for i in 1 2 3 4 5 6 7 8 9 10; do printf 'A%s:%s ' $i $((i + 1)); done
	for i in 12 13 14 15 16 17 18 19 20; do printf 'A%s:%s ' $i $((i + 1)); done | sed 's/ $//')" \
	'20 19 0 0 1 0' 12
options=

# Neither one nor the other: refused, with the bytes.
{ good; printf 'A4,\377\376\200,2024-01-04,400,x\n'; } > in.csv
rm -f "$S"*
expect_exit 2 case-import -d "$S" in.csv
expect_err in.csv:5

# An encoding that is not known is a wrong call.
expect_exit 2 case-import -d "$S" -e klingon in.csv
expect_err klingon
finish
