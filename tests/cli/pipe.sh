#!/bin/sh
# The tools work without a store, and a stream that broke off anywhere never becomes a document.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

cp "$CASE_DATADIR"/examples/cases-202?h1.csv .
file=cases-2023h1.csv

# All four without a store anywhere.
case-import -n -q $file > records.case 2> err
expect_eq $? 0 'case-import -n'
case-audit --today 2023-07-01 - < records.case > findings.case
got=$?
[ $got -le 1 ] || fail "case-audit: exit $got"
expect_exit 0 case-export -o book.xlsx findings.case
[ -s book.xlsx ] || fail 'no workbook'
rm book.xlsx
case-import -n -q $file 2> err | case-audit --today 2023-07-01 - |
	case-export -o book.xlsx
expect_eq $? 0 'the pipe of three'
[ -s book.xlsx ] || fail 'no workbook from a pipe'
if command -v unzip > /dev/null; then
	unzip -tqq book.xlsx > out 2>&1 || fail "no workbook: $(cat out)"
fi
[ ! -e .local ] || fail 'a store was made'

# The same figures from the store and from the stream.
case-import -q -d "$S" $file 2> err
for ask in '-m cases,filed,decided,closed,fines' '-b unit -m cases,fines,confiscated' \
	'-b procedure -c month -m cases' '-b unit,procedure -m rows,cases:share' \
	'-b field -m fines -w fine>=1000' '-b quarter -m decided,mean_fine'; do
	case-stat -d "$S" $ask -p 2023H1 --today 2023-07-01 > store.case 2> err ||
		fail "case-stat $ask: $(sed q err)"
	case-stat $ask -p 2023H1 --today 2023-07-01 records.case > stream.case 2> err ||
		fail "case-stat $ask records.case: $(sed q err)"
	body store.case > store.body
	body stream.case > stream.body
	expect_same store.body stream.body
	[ "$(grep -c . store.body)" -gt 1 ] || fail "no figures: $ask"
done
case-audit -d "$S" --today 2023-07-01 --fail-on never -f csv | sort > store.out
case-audit --today 2023-07-01 --fail-on never -f csv records.case | sort > stream.out
expect_eq "$(grep -c . stream.out)" "$(grep -c . store.out)" 'findings'

# broken WORD: in.case is refused by all who read it; a file that was there
# stays, one that was not is not made, and nothing is printed.
broken() {
	echo old > book.xlsx
	expect_exit 2 case-export -o book.xlsx in.case
	[ -s err ] || fail "no message: $1"
	expect_eq "$(cat book.xlsx)" old "$1: an older output"
	for out in new.xlsx new.csv; do
		case-export -o $out < in.case 2> err
		expect_eq $? 2 "$1, by a pipe"
		[ ! -e $out ] || fail "$1: $out was made"
		rm -f $out
	done
	for format in csv json; do
		expect_exit 2 case-export -f $format in.case
		expect_eq "$(wc -c < out)" 0 "$1: bytes on stdout as $format"
	done
	expect_exit 2 case-stat -m cases in.case
	expect_exit 2 case-audit in.case
	ls -a | grep -a '^\.[^.]' > left &&
		fail "$1: left over: $(cat left)"
	rm -f left
}
size=$(wc -c < records.case)
for n in 0 1 15 200 3000 $((size / 2)) $((size - 40)) $((size - 15)) $((size - 6)); do
	head -c $n records.case > in.case
	broken "cut after $n of $size bytes"
done
grep -v '^##end' records.case > in.case
broken 'no ##end'
sed 's/^##end.*/##fail	disk full/' records.case > in.case
broken '##fail'
expect_err 'disk full'
sed '/^##end/{s/	[0-9]*	/	1	/;}' records.case > in.case
broken 'a wrong count'
sed '100s/2023/2024/' records.case > in.case
cmp -s records.case in.case && fail 'nothing was flipped'
broken 'a flipped byte'
sed '100d' records.case > in.case
broken 'a lost row'
{ cat records.case; head -c 300 records.case; } > in.case
broken 'a second table cut off'
{ cat records.case; echo junk; } > in.case
broken 'text behind the table'
printf '\357\273\277' > in.case
broken 'a BOM and nothing else'
echo '##case-table	2' > in.case
broken 'another version'
cp $file in.case
broken 'no case-table at all'

# A first part that dies at once, or half-way, in a real pipe.
echo old > book.xlsx
false | case-audit - 2> err1 | case-export -o book.xlsx 2> err2
expect_eq $? 2 'nothing came'
case-import -n -q $file 2> err0 | head -c $((size / 2)) | case-audit - 2> err1 |
	case-export -o book.xlsx 2> err2
expect_eq $? 2 'half of it came'
case-import -n -q missing.csv 2> err0 | case-stat -m cases - 2> err1 |
	case-export -o book.xlsx 2> err2
expect_eq $? 2 'no input'
expect_eq "$(cat book.xlsx)" old

# A table that is expected and missing.
case-stat -d "$S" -m cases -p 2023H1 > stat.case
expect_exit 2 case-export --expect findings -o book.xlsx stat.case
expect_err findings
expect_eq "$(cat book.xlsx)" old
expect_exit 2 case-export --expect case,findings -o book.xlsx records.case
expect_exit 0 case-export --expect findings -o book.xlsx findings.case stat.case
expect_exit 0 case-export --expect case -f csv records.case
# Two tables in one stream; the second writer died.
{ cat stat.case; case-audit -d nothing.db 2> err1; } |
	case-export --expect findings -o new.xlsx 2> err2
expect_eq $? 2 'the second died'
[ ! -e new.xlsx ] || fail 'half a bulletin was published'

# Through all formats that read back: a stream is itself again.
case-export -f case records.case > again.case
expect_eq "$(body again.case | cksum)" "$(body records.case | cksum)"
finish
