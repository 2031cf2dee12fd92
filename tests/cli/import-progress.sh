#!/bin/sh
# On a terminal a bar shows how much of the raw file was read, whatever its form.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"
PATH=$build/tests/tool:$PATH
. "$here/tests/cli/broken.sh"
need script gzip mkzip

# 50,000 cases: the bar moves at 20,000 and 40,000 rows.
seq 50000 | sed 's/.*/A&,案件&,2024-01-01,100,城东中队/' > rows
{ echo "$CSV_HEAD"; cat rows; } > in.csv
gzip -n < in.csv > in.csv.gz
mkzip in.zip a.csv=in.csv
{
	printf '<html><meta charset=utf-8><table>'
	sed 's/^/<tr><td>/; s/,/<td>/g' in.csv
	printf '</table>'
} > in.html
{
	echo '['
	sed 's/\([^,]*\),\([^,]*\).*/{"案件编号":"\1","案件名称":"\2"},/; $s/,$//' rows
	echo ']'
} > in.json
parts
{
	sheet "$(xhead)" | sed 's/<\/sheetData>.*//'
	sed 's/\([^,]*\),\([^,]*\).*/<row><c t="str"><v>\1<\/v><\/c><c t="str"><v>\2<\/v><\/c><\/row>/' rows
	printf '</sheetData></worksheet>'
} > p/sheet
pack
mv in in.xlsx

for f in in.csv in.csv.gz in.zip in.html in.json in.xlsx; do
	script -qec "case-import -n -o /dev/null $f" /dev/null > tty < /dev/null ||
		fail "$f: exit $?: $(tail -n 1 tty)"
	tr '\r' '\n' < tty | sed -n 's/^ *\([0-9]*\)%.*/\1/p' > shown
	[ "$(wc -l < shown)" -ge 2 ] || fail "$f: no bar: $(cat shown)"
	awk -v file="$f" '
	{ at[NR] = $1 }
	END {
		if (at[1] < 20 || at[1] > 70 || at[2] < at[1] + 10 || at[2] > 100)
			print file ": " at[1] " %, then " at[2] " %"
	}' shown > wrong
	[ ! -s wrong ] || fail "$(cat wrong)"
done

# Quiet, or not on a terminal: none.
script -qec 'case-import -q -n -o /dev/null in.csv' /dev/null > tty < /dev/null
expect_not tty %
expect_exit 0 case-import -n -o out.case in.csv
expect_not err %
finish
