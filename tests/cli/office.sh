# office.sh - a set of workbooks against LibreOffice; sourced behind lib.sh
need_shared data/real/spreadsheets-calamine
files=$CASE_SHARED/data/real/spreadsheets-calamine
PATH=$build/tests/unit:$PATH

# rows_of FILE SUFFIX: its name and the rows of its sheets, hidden ones in
# brackets; without sheets the rows of all, and refused: the part of $why that
# the message has.
rows_of() {
	printf '%s:' "$(basename "$1" "$2")"
	if dump_rows -l "$1" > list 2> err; then
		[ -s list ] || printf ' %s' "$(dump_rows -c "$1")"
		while IFS= read -r shown; do
			name=${shown#(}
			printf ' %s %s' "$shown" \
				"$(dump_rows -c "$1" "${name%)}" 2>&1)"
		done < list
	else
		expect_has err "$why"
		printf ' %s' "$why"
	fi
	echo
}

# Cells at the end of a line and lines at the end of a sheet that hold nothing
# are written by LibreOffice.
trim() {
	sed 's/,*$//' | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'
}

# same_values SUFFIX: every sheet of every file, but for those that $others
# names, has the values that LibreOffice converts. differ NAME-SHEET says in
# what they differ and why, as edits of ours (a) and LibreOffice's (b).
same_values() {
	command -v soffice > /dev/null || {
		echo "$me: not compared: LibreOffice is not installed"
		return 0
	}
	soffice "-env:UserInstallation=file://$work/profile" --headless \
		--convert-to 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1' \
		--outdir lo "$files"/*"$1" > log 2>&1 || {
		echo "$me: not compared: LibreOffice does not run here"
		return 0
	}
	for file in "$files"/*"$1"; do
		name=$(basename "$file" "$1")
		case " $others " in *" $name "*) continue ;; esac
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
}
