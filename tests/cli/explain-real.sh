#!/bin/sh
# What --explain says of public exports is true: header, encoding, delimiter, columns and rows; and an import takes as many.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"
need_shared data/real
real=$CASE_SHARED/data/real

meta() {
	awk -F '\t' -v k="$1" '$1 == "##meta" && $2 == k { print $3 }' out
}
# told LAYOUT FILE HEADER-LINE ENCODING DELIMITER COLUMNS ROWS OPTION...
told() {
	layout=$1 file=$2 line=$3 encoding=$4 delimiter=$5 columns=$6 rows=$7
	shift 7
	expect_exit 0 case-import --explain -f case \
		-l "$DATA/layouts/$layout.json" "$@" "$real/$file"
	expect_eq "$(meta header-line) $(meta encoding) $(meta delimiter)" \
		"$line $encoding $delimiter" "$file"
	expect_eq "$(meta rows) $(meta aside)" "$rows 0" "$file: rows"
	expect_eq "$(($(meta records) + $(meta rejected)))" "$rows" "$file"
	expect_eq "$(cells columns out header | wc -l)" "$columns" "$file: columns"
	rm -f "$S"*
	case-import -q --no-raw -d "$S" -l "$DATA/layouts/$layout.json" "$@" \
		"$real/$file" > out 2> err
	[ $? -le 1 ] || fail "$file: $(sed q err)"
	expect_eq "$(last rows)" "$rows" "$file: imported"
}

told tw-labour tw-labour/violations_2014.csv 1 UTF-8 , 14 528
told tw-labour tw-labour/violations_2015.csv 1 UTF-8 , 14 4590
told tw-osh tw-osh/violations_2021.csv 1 UTF-8 , 8 8488
told montreal montreal-food-fines/violations.csv 1 UTF-8 , 13 7106
told nyc-311 nyc-311/311_animals.csv 1 UTF-8 , 31 4969
told sf-inspections sf-food/inspections.csv 1 UTF-8 , 4 14233
told sf-violations sf-food/violations.csv 1 UTF-8 , 3 39006
told sf-businesses sf-food/businesses.csv 1 ISO-8859-1 , 9 6399
told jp-labour jp-labour/appearances.tsv 1 UTF-8 tab 11 3780
told tw-incidents-csv tw-incidents/incidents_2021.csv 1 UTF-8 , 18 298
told tw-labour-raw tw-labour-raw/excerpt.csv 1 UTF-8 , 10 38
# Of a workbook the sheet is named, and its rows are those that have content.
for book in e2 e3 e4; do
	file=$real/cn-complaints/$book.xlsx
	expect_exit 0 case-import --list-sheets -f case "$file"
	sheet=$(cells sheets out name)
	rows=$(cells sheets out rows)
	expect_exit 0 case-import --explain -f case \
		-l "$DATA/layouts/cn-complaints.json" "$file"
	expect_eq "$(meta sheet) $(($(meta rows) + 1))" "$sheet $rows" "$book"
done
# A file that is not UTF-8 is refused without a word on its encoding.
expect_exit 2 case-import --explain "$real/sf-food/businesses.csv"
expect_err 'neither UTF-8 nor GB18030'
finish
