#!/bin/sh
# Every XLS of calamine's tests is read or refused, with the values LibreOffice finds.
. "${srcdir:-.}/tests/cli/lib.sh"
need_shared data/real/spreadsheets-calamine
files=$CASE_SHARED/data/real/spreadsheets-calamine
PATH=$build/tests/unit:$PATH

# What each must be: rows of its sheets, hidden ones in brackets; or why not.
# too_small is a line of text that only has the name.
cat > want <<'END'
OOM_alloc3: cut off or damaged
any_sheets: Visible 5 (Hidden) 0 (VeryHidden) 0
biff5-rich-text-string: Sheet1 16
biff5_write: SheetJS 4
date: Sheet1 3
date_1904: Sheet1 3
empty-string: Sheet1 1
merge_cells: Sheet1 2
merged_range: Sheet1 4 Sheet2 4
sst_continue: Sheet1 136
too_small: 1
xls_formula: Sheet1 4 Sheet2 1
END

# ours FILE: a line as in want.
ours() {
	printf '%s:' "$(basename "$1" .xls)"
	if dump_rows -l "$1" > list 2> err; then
		[ -s list ] || printf ' %s' "$(dump_rows -c "$1")"
		while IFS= read -r shown; do
			name=${shown#(}
			printf ' %s %s' "$shown" \
				"$(dump_rows -c "$1" "${name%)}" 2>&1)"
		done < list
	else
		expect_has err 'cut off or damaged'
		printf ' cut off or damaged'
	fi
	echo
}
for file in "$files"/*.xls; do
	ours "$file"
done > got
expect_same want got

# What LibreOffice computes anew, or shows in another form, is spelled out.
dump_rows "$files/empty-string.xls" > out
expect_out ,FALSE
dump_rows "$files/biff5_write.xls" > out
expect_out "$(printf '1,2,3\nTRUE,FALSE,,sheetjs\nfoo,bar,2014-02-19T14:30:00,0.3\nbaz,,qux')"
dump_rows - < "$files/date_1904.xls" > out
expect_out "$(printf '2021-01-01,15\n2021-01-02,16\n255:10:10,17')"
[ "$failures" -eq 0 ] || finish

command -v soffice > /dev/null || {
	echo "$me: not compared: LibreOffice is not installed"
	finish
}
soffice "-env:UserInstallation=file://$work/profile" --headless \
	--convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1' \
	--outdir lo "$files"/*.xls > log 2>&1 || {
	echo "$me: not compared: LibreOffice does not run here"
	finish
}

# Cells at the end of a line and lines at the end of a sheet that hold nothing
# are written by LibreOffice.
trim() {
	sed 's/,*$//' | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'
}

# differ NAME: what differs and why, as edits of ours (a) and LibreOffice's (b).
differ() {
	case $1 in
	biff5_write-*) # truth values as numbers, a date as it is displayed
		sed -i 's/TRUE/1/; s/FALSE/0/; s/2014-02-19T/02\/19\/2014 /' a ;;
	empty-string-*) # ISBLANK of an empty text, computed anew
		sed -i 's/FALSE/1/' a ;;
	esac
}

for file in "$files"/*.xls; do
	name=$(basename "$file" .xls)
	# Neither is a workbook: LibreOffice takes them for texts.
	case $name in OOM_alloc3 | too_small) continue ;; esac
	dump_rows -l "$file" | sed 's/^(\(.*\))$/\1/' > list
	while IFS= read -r sheet; do
		csv=lo/$name-$sheet.csv
		[ -e "$csv" ] || {
			fail "LibreOffice did not convert $name $sheet"
			continue
		}
		dump_rows "$file" "$sheet" | trim > a
		dump_rows -d , "$csv" | trim > b
		differ "$name-$sheet"
		cmp -s a b || {
			fail "$name, $sheet: LibreOffice has other values"
			diff a b | head -n 6 >&2
		}
	done < list
done
finish
