#!/bin/sh
# Operands are files, folders and standard input under any name; what is no table is refused by name, and the others go in.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"
need gzip

{ echo "$HEADER"; rows 1 2 3; } > in.csv
{ echo "$HEADER"; rows 4; } > four.csv
files() {
	case-import -d "$S" --list -f case > list
	cells batches list file | joined
}

# A folder is its files, by name.
mkdir -p dir
cp in.csv dir/b.csv
cp four.csv dir/a.csv
expect_exit 0 case-import -d "$S" dir
expect_eq "$(files)" 'a.csv b.csv'
expect_eq "$(stored case_no | joined)" 'A4 A1 A2 A3'
# A folder within it is said; what a spreadsheet left there is no file of it,
# and one that can't be looked at is not passed over in silence.
mkdir dir/sub
cp in.csv dir/sub/c.csv
printf '\5user\0\0' > 'dir/~$b.xlsx'
expect_exit 0 case-import -d "$S" dir
expect_err 'dir/sub: passed by: a folder'
expect_not err '~$'
expect_exit 0 case-import -q -d "$S" dir
expect_eq "$(cat err)" ''
ln -s nowhere dir/z.csv
expect_exit 2 case-import -q -d "$S" dir
expect_err 'dir/z.csv'
rm dir/z.csv

# Standard input, without operands and as '-'.
for operand in '' -; do
	rm -f "$S"*
	expect_exit 0 case-import -d "$S" $operand < in.csv
	expect_eq "$(counts)" '3 3 0 0 0 0' "standard input '$operand'"
	rm -f "$S"*
	cat in.csv | expect_exit 0 case-import -d "$S" $operand
	expect_eq "$(counts)" '3 3 0 0 0 0' "a pipe '$operand'"
done

# A missing file is 2; the others go in.
rm -f "$S"*
expect_exit 2 case-import -d "$S" in.csv missing.csv four.csv
expect_err missing.csv
expect_eq "$(stored case_no | joined)" 'A1 A2 A3 A4'
# So is one without rows that can be read, and a rejected row counts less.
rm -f "$S"*
{ echo "$HEADER"; echo A9,x; } > short.csv
expect_exit 2 case-import -d "$S" short.csv missing.csv in.csv
rm -f "$S"*
expect_exit 1 case-import -d "$S" short.csv four.csv -q
expect_exit 2 case-import -d "$S" in.csv/nothing
chmod 0 four.csv
if [ "$(id -u)" -ne 0 ]; then
	expect_exit 2 case-import -d "$S" four.csv
fi
chmod 600 four.csv

# What it can't read yet, by content, not by name.
rm -f "$S"*
refused() {
	cp "$2" in.bin
	expect_exit 2 case-import -d "$S" in.bin
	grep -qiE "$1" err || fail "not called $1: $(cat err)"
	cp "$2" in.csv.copy.csv
	expect_exit 2 case-import -d "$S" in.csv.copy.csv
}
printf '\320\317\021\340\241\261\032\341' > f
head -c 4096 /dev/zero >> f
refused 'XLS|Excel' f
bzip2 -c in.csv > f 2> err || printf 'BZh91AY&SY\n' > f
refused 'bzip2' f
printf '%%PDF-1.7\n%%\342\343\317\323\n' > f
refused 'PDF' f
if command -v zip > /dev/null; then
	mkdir -p xl
	echo '<workbook/>' > xl/workbook.xml
	echo '<Types/>' > '[Content_Types].xml'
	rm -f f.zip
	zip -q f.zip '[Content_Types].xml' xl/workbook.xml
	refused 'XLSX|workbook' f.zip
fi
head -c 65536 /dev/zero > f
refused . f
[ ! -e "$S" ] || expect_eq "$(files)" '' 'nothing came of these'

# JSON Lines are read.
rm -f "$S"*
printf '{"案件编号": "A1", "罚款金额": 100.5}\n{"案件编号": "A2", "罚款金额": "200", "别的": null}\n' > in.jsonl
expect_exit 0 case-import -d "$S" in.jsonl
expect_eq "$(stored case_no fine _line | joined)" 'A1 100.50 1 A2 200.00 2'

# Names of files: with blanks, quotes, a line feed, a leading '-'.
for name in 'a b.csv' "a'b.csv" 'a"b.csv' 'a\b.csv' '$(id).csv' \
	'; drop table.csv' '%s%n.csv' '案卷.csv' "$(printf 'a\nb.csv')"; do
	rm -f "$S"*
	cp in.csv "$name"
	expect_exit 0 case-import -d "$S" "$name"
	expect_eq "$(counts)" '3 3 0 0 0 0' "$name"
	expect_eq "$(grep -c . err)" 1 "one line about $name"
	rm -f "$name"
done
rm -f "$S"*
cp in.csv ./-x.csv
expect_exit 0 case-import -d "$S" -- -x.csv
expect_exit 0 case-import -d "$S" ./-x.csv
expect_eq "$(last batch)" 1
printf 'a\033[31mb' > esc
cp in.csv "$(cat esc).csv"
expect_exit 0 case-import -d "$S" "$(cat esc).csv"
LC_ALL=C grep -q "$(printf '\033')" err && fail 'an escape sequence reached the terminal'

# Nothing that never ends, nor a device.
expect_exit 2 timeout 10 case-import -d "$S" /dev/null
mkfifo pipe
cat in.csv > pipe &
rm -f "$S"*
expect_exit 0 timeout 10 case-import -d "$S" pipe
wait
expect_eq "$(counts)" '3 3 0 0 0 0' 'a named pipe'
finish
