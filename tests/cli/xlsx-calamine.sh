#!/bin/sh
# Every XLSX of calamine's tests is read or refused, with the values LibreOffice finds.
. "${srcdir:-.}/tests/cli/lib.sh"
need_shared data/real/spreadsheets-calamine
files=$CASE_SHARED/data/real/spreadsheets-calamine
PATH=$build/tests/unit:$PATH

# What each must be: rows of its sheets, hidden ones in brackets; or why not.
cat > want <<'END'
any_sheets: Visible 5 (Hidden) 0 (VeryHidden) 0
column_row_ranges: Column ranges 5 Row ranges 3
date: Sheet1 3
date_1904: Sheet1 3
date_iso: Sheet 6
date_quoted_format: Sheet1 4
empty_s_attribute: Sheet1 5
empty_shared_string: Sheet1 1
empty_sheet: Sheet1 0
encoded_entities: Sheet1 2
errors: Feuil1 7 Feuil2 0 Feuil3 0
formula.issue: Sheet1 14
has_x000D_: Sheet1 1
header-row: Sheet1 10
inlineStr_cdata: Sheet1 2
inlineStr_with_value: Requirements 2
merge_cells: Sheet1 2
minimal_package: Sheet1 196
no-header: Feuille 1 4
pass_protected: locked with a password
rph: Sheet1 1
string-ref: Sheet1 2 Sheet2 2
whitespace_trim: inlineStr 3 SharedStrings 3
END

# sheets FILE: the names of its sheets, one a line, without brackets.
sheets() {
	dump_rows -l "$1" | sed 's/^(\(.*\))$/\1/'
}

# ours FILE: a line as in want.
ours() {
	printf '%s:' "$(basename "$1" .xlsx)"
	if dump_rows -l "$1" > list 2> err; then
		while IFS= read -r shown; do
			name=${shown#(}
			printf ' %s %s' "$shown" \
				"$(dump_rows -c "$1" "${name%)}" 2>&1)"
		done < list
	else
		expect_has err password
		printf ' locked with a password'
	fi
	echo
}
for file in "$files"/*.xlsx; do
	ours "$file"
done > got
expect_same want got

# Values that a program is known to give wrongly, or not at all, are spelled
# out here; those below are compared with what LibreOffice converts.
dump_rows "$files/date_quoted_format.xlsx" > out
expect_out "$(printf '2021-01-01\n2021-01-01\n2021-01-01\n2021-01-01')"
dump_rows "$files/errors.xlsx" > out
expect_out "$(printf '#DIV/0!\n#NAME?\n#VALUE!\n#NULL!\n#REF!\n#NUM!\n#N/A')"
dump_rows "$files/date.xlsx" > out
expect_out "$(printf '2021-01-01,15\n2021-01-02,16\n255:10:10,17')"
dump_rows "$files/date_1904.xlsx" > out
expect_out "$(printf '2021-01-01,15\n2021-01-02,16\n255:10:10,17')"
dump_rows "$files/rph.xlsx" > out
expect_out 課きく　毛こ
dump_rows - < "$files/empty_s_attribute.xlsx" > out
expect_has out John,1
[ "$failures" -eq 0 ] || finish

command -v soffice > /dev/null || {
	echo "$me: not compared: LibreOffice is not installed"
	finish
}
soffice "-env:UserInstallation=file://$work/profile" --headless \
	--convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1' \
	--outdir lo "$files"/*.xlsx > log 2>&1 || {
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
	date_iso-*) # a space before the time
		sed -i 's/^\(....-..-..\) \(..:..:..\)$/\1T\2/' b ;;
	date_quoted_format-* | minimal_package-*) # dates as they are displayed
		sed -i -E 's:\b([0-9]{2})/([0-9]{2})/([0-9]{4})\b:\3-\1-\2:g
			s:^([0-9]{4})/([0-9]{2})/([0-9]{2})$:\1-\2-\3:' b ;;
	errors-Feuil1) # computed anew: 4 is #REF!, 5 #NAME?, 6 and 7 Err:502
		sed -i '4s/.*/#REF!/; 5s/.*/#NAME?/; 6,7s/.*/Err:502/' a ;;
	has_x000D_-*) # the CR of a CR LF is dropped
		sed -i 's/\r$//' a ;;
	inlineStr_with_value-*) # a text of a cell that has a number as well
		sed -i 's/^1,+,,1\.,/1,+,,,/' a ;;
	esac
}

for file in "$files"/*.xlsx; do
	name=$(basename "$file" .xlsx)
	[ "$name" != pass_protected ] || continue
	sheets "$file" > list
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
