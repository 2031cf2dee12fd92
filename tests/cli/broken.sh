# broken.sh - makes the files of broken-inputs.sh; sourced
#
# x_FORMAT_NAME writes the file ./in. The small ones are seeds of the fuzz
# targets too (tests/fuzz/seeds.sh); a name with _big_ in it is not. Needs
# mkzip and mkxls of tests/tool on the PATH.

# --- plain text ---------------------------------------------------------------

CSV_HEAD=案件编号,案件名称,立案日期,罚款金额,执法单位

# line N: one sound row; A1 is filed on the first of January.
line() {
	printf 'A%s,案件%s,2024-01-%02d,%s00,城东中队\n' "$1" "$1" "$1" "$1"
}
csv() {
	echo "$CSV_HEAD"
	line 1
	line 2
	line 3
}

# big N CHARACTER: so many of it.
big() {
	head -c "$1" /dev/zero | tr '\0' "$2"
}

x_csv_empty() { : > in; }
x_csv_only_bom() { printf '\357\273\277' > in; }
x_csv_blank_lines() { printf '\n\n\n' > in; }
x_csv_quote_open() { { csv | sed '2s/,案/,"案/'; } > in; }
x_csv_quote_stray() { { csv | sed '3s/件2/件"2/'; } > in; }
x_csv_ragged() { { csv | sed '3s/,城东中队//'; } > in; }
x_csv_nul() { { csv | sed '3s/件/@/' | tr '@' '\0'; } > in; }
x_csv_all_nul() { head -c 4096 /dev/zero > in; }
x_csv_utf16_odd() {
	{ printf '\357\273\277'; csv; } | iconv -f UTF-8 -t UTF-16LE | head -c -1 > in
}
x_csv_utf16_surrogate() {
	{
		{ printf '\357\273\277'; csv; } | iconv -f UTF-8 -t UTF-16LE
		printf 'A\0004\000,\000\000\330,\000,\000,\000\n\000'
	} > in
}
x_csv_utf32() { csv | iconv -f UTF-8 -t UTF-32 > in; }
x_csv_gb18030_cut() { csv | iconv -f UTF-8 -t GB18030 | head -c -2 > in; }
x_csv_bad_bytes() { { csv; printf 'A4,\377\376\377,2024-01-04,1,x\n'; } > in; }
x_csv_utf8_overlong() { { csv; printf 'A4,\300\257,2024-01-04,1,x\n'; } > in; }
x_csv_big_cell() { { csv; printf 'A4,"'; big 41943040 x; printf '",2024-01-04,400,x\n'; line 5; } > in; }
x_csv_big_line() { { csv; big 41943040 x; echo; line 5; } > in; }
x_csv_wide() { { csv; big 40000 ,; echo; line 5; } > in; }
x_csv_quotes_only() { big 60000 '"' > in; }
x_csv_big_quotes() { { csv; big 4000000 '"'; echo; line 5; } > in; }

# --- case-table -----------------------------------------------------------------

table() {
	printf '##case-table\t1\n##name\trecords\n##kind\trecords\n##type\tcase\n'
	printf '##column\tcase_no\ttext\n##column\tname\ttext\n'
	printf 'case_no\tname\nA1\t案件1\nA2\t案件2\n'
}
x_table_cut() { table > in; }
x_table_cut_cell() { table | head -c -4 > in; }
x_table_count() { { table; printf '##end\t3\t00000000\n'; } > in; }
x_table_crc() { { table; printf '##end\t2\t00000000\n'; } > in; }
x_table_fail() { { table; printf '##fail\tno disk\n'; } > in; }
x_table_version() { table | sed '1s/1/9/' > in; }
x_table_none() { printf '##case-table\t1\n' > in; }
x_table_ragged() { { table; printf 'A3\n##end\t3\t00000000\n'; } > in; }

# --- JSON and JSON Lines ----------------------------------------------------------

# obj N: one sound object.
obj() {
	printf '{"案件编号":"A%s","案件名称":"案件%s","立案日期":"2024-01-%02d","罚款金额":%s00}' \
		"$1" "$1" "$1" "$1"
}
x_jsonl_cut() { { obj 1; echo; obj 2 | head -c 40; } > in; }
x_jsonl_nul() { { obj 1; echo; obj 2 | tr 2 '\0'; echo; obj 3; echo; } > in; }
x_jsonl_u0000() { { obj 1; echo; echo '{"案件编号":"A2","案件名称":"a\u0000b"}'; obj 3; echo; } > in; }
x_jsonl_surrogate() { { obj 1; echo; echo '{"案件编号":"A2","案件名称":"\ud800"}'; obj 3; echo; } > in; }
x_jsonl_duplicate() { { obj 1; echo; echo '{"案件编号":"A2","案件编号":"A9"}'; obj 3; echo; } > in; }
x_jsonl_scalar() { { obj 1; echo; echo 42; obj 3; echo; } > in; }
x_jsonl_deep() { { obj 1; echo; printf '{"a":'; big 60000 '['; echo; obj 3; echo; } > in; }
x_jsonl_big_line() { { obj 1; echo; printf '{"案件编号":"A2","备注":"'; big 20971520 x; echo '"}'; obj 3; echo; } > in; }

array() {
	printf '['
	obj 1
	printf ',\n'
	obj 2
	printf ',\n'
	obj 3
}
x_json_cut_string() { array | head -c -20 > in; }
x_json_cut_array() { array > in; }
x_json_cut_comma() { { array; printf ','; } > in; }
x_json_trailing_comma() { { array; printf ',]'; } > in; }
x_json_garbage() { { array; printf ']garbage'; } > in; }
x_json_two() { { array; printf ']\n'; array; printf ']'; } > in; }
x_json_nul() { { array; printf ',{"案件编号":"A4\0"}]'; } > in; }
x_json_u0000() { { array; printf ',{"案件编号":"A4","案件名称":"a\\u0000b"}]'; } > in; }
x_json_surrogate() { { array; printf ',{"案件编号":"A4","案件名称":"\\ud800x"}]'; } > in; }
x_json_low_surrogate() { { array; printf ',{"案件编号":"A4","案件名称":"\\udc00"}]'; } > in; }
x_json_duplicate() { { array; printf ',{"案件编号":"A4","案件编号":"A9"}]'; } > in; }
x_json_empty() { echo '[]' > in; }
x_json_scalar() { echo '42' > in; }
x_json_string() { echo '"x"' > in; }
x_json_object() { echo '{"error":"no session","code":401}' > in; }
x_json_answer() { echo '{"code":500,"msg":"token expired","data":{"rows":[]}}' > in; }
x_json_scalars() { echo '[1,2,3]' > in; }
x_json_mixed() { { array; printf ',7]'; } > in; }
x_json_id() { echo '[{"案件编号":110101199001010017,"罚款金额":1e999}]' > in; }
x_json_control() { { array; printf ',{"案件编号":"A4\001"}]'; } > in; }
x_json_single() { echo "[{'案件编号':'A1'}]" > in; }
x_json_comment() { echo '[{"案件编号":"A1"} /* x */]' > in; }
x_json_zero() { echo '[{"案件编号":"A1","罚款金额":0100}]' > in; }
x_json_nan() { echo '[{"案件编号":"A1","罚款金额":NaN}]' > in; }
x_json_big_deep() { { printf '{"data":'; big 100000 '['; } > in; }
x_json_big_deep_closed() { { printf '[{"案件编号":"A1","备注":'; big 100000 '['; big 100000 ']'; printf '}]'; } > in; }
x_json_big_deep_objects() { { printf '['; yes '{"a":' | head -n 100000 | tr -d '\n'; } > in; }
x_json_big_number() { { printf '[{"案件编号":"A1","罚款金额":'; big 67108864 7; printf '}]'; } > in; }
x_json_big_string() { { array; printf ',{"案件编号":"A4","案件名称":"'; big 41943040 x; printf '"},'; obj 5; printf ']'; } > in; }
# sparse: more keys than any row has, then rows with one of them.
sparse() {
	printf '{"案件编号":"A1"'
	seq 16000 | sed 's/.*/,"k&":1/' | tr -d '\n'
	printf '}'
	seq 2 200000 | sed "s/.*/${1-}"'{"案件编号":"A&"}/'
}
x_jsonl_big_sparse() { { sparse | sed 's/}{/}\n{/'; echo; } > in; }
x_json_big_sparse() { { printf '['; sparse ,; printf ']'; } > in; }
x_json_big_keys() { { printf '[{"案件编号":"A1"'; seq 20000 | sed 's/.*/,"k&":1/' | tr -d '\n'; printf '}]'; } > in; }

# --- XLSX -----------------------------------------------------------------------

MAIN=http://schemas.openxmlformats.org/spreadsheetml/2006/main
REL=http://schemas.openxmlformats.org/officeDocument/2006/relationships
PKG=http://schemas.openxmlformats.org/package/2006
XML='<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

# is REF TEXT, num REF VALUE [STYLE], sst REF INDEX: one cell.
is() { printf '<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' "$1" "$2"; }
num() { printf '<c r="%s" s="%s"><v>%s</v></c>' "$1" "${3:-0}" "$2"; }
sst() { printf '<c r="%s" t="s"><v>%s</v></c>' "$1" "$2"; }

# xrow R N: row R is the case N; its date is a number with a style.
xrow() {
	printf '<row r="%s">' "$1"
	is "A$1" "A$2"
	is "B$1" "案件$2"
	num "C$1" $((45291 + $2)) 1
	num "D$1" "${2}00"
	sst "E$1" 5
	printf '</row>'
}
xhead() {
	printf '<row r="1">'
	i=0
	for c in A B C D E; do
		sst "${c}1" $i
		i=$((i + 1))
	done
	printf '</row>'
}
xrows() {
	xhead
	xrow 2 1
	xrow 3 2
	xrow 4 3
}
# sheet ROWS [BEFORE]: the XML of a sheet.
sheet() {
	printf '%s<worksheet xmlns="%s">%s<sheetData>%s</sheetData></worksheet>' \
		"$XML" "$MAIN" "${2-}" "$1"
}

PARTS='[Content_Types].xml=p/types _rels/.rels=p/rels xl/workbook.xml=p/book
xl/_rels/workbook.xml.rels=p/bookrels xl/styles.xml=p/styles
xl/sharedStrings.xml=p/strings xl/worksheets/sheet1.xml=p/sheet'

# parts: the parts of a sound workbook with three cases, in p.
parts() {
	rm -rf p in
	mkdir p
	{
		printf '%s<Types xmlns="%s/content-types">' "$XML" "$PKG"
		printf '<Default Extension="xml" ContentType="application/xml"/>'
		printf '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
		printf '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
		printf '</Types>'
	} > p/types
	printf '%s<Relationships xmlns="%s/relationships"><Relationship Id="rId1" Type="%s/officeDocument" Target="xl/workbook.xml"/></Relationships>' \
		"$XML" "$PKG" "$REL" > p/rels
	printf '%s<workbook xmlns="%s" xmlns:r="%s"><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>' \
		"$XML" "$MAIN" "$REL" > p/book
	printf '%s<Relationships xmlns="%s/relationships"><Relationship Id="rId1" Type="%s/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="%s/styles" Target="styles.xml"/><Relationship Id="rId3" Type="%s/sharedStrings" Target="sharedStrings.xml"/></Relationships>' \
		"$XML" "$PKG" "$REL" "$REL" "$REL" > p/bookrels
	printf '%s<styleSheet xmlns="%s"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>' \
		"$XML" "$MAIN" > p/styles
	{
		printf '%s<sst xmlns="%s" count="6" uniqueCount="6">' "$XML" "$MAIN"
		for s in $(echo "$CSV_HEAD" | tr , ' ') 城东中队; do
			printf '<si><t>%s</t></si>' "$s"
		done
		printf '</sst>'
	} > p/strings
	sheet "$(xrows)" > p/sheet
}
pack() { mkzip in $PARTS; }
# without WORD: packed without the parts whose names have it.
without() { mkzip in $(printf '%s\n' $PARTS | grep -v "$1"); }
# change FILE SED: edits one part.
change() {
	sed "$2" "p/$1" > p/new
	mv p/new "p/$1"
}
# workbook ROWS [BEFORE]: a workbook with that sheet.
workbook() {
	parts
	sheet "$1" "${2-}" > p/sheet
	pack
}

x_xlsx_sound() { parts; pack; }
x_xlsx_cut() { parts; pack; head -c 1500 in > cut; mv cut in; }
x_xlsx_cut_tail() { parts; pack; head -c -10 in > cut; mv cut in; }
x_xlsx_crc() { parts; mkzip in $(printf '%s\n' $PARTS | grep -v sheet1) crc xl/worksheets/sheet1.xml=p/sheet; }
x_xlsx_crc_strings() { parts; mkzip in $(printf '%s\n' $PARTS | grep -v sharedS) crc xl/sharedStrings.xml=p/strings; }
x_xlsx_encrypted_entry() { parts; mkzip in $(printf '%s\n' $PARTS | grep -v sheet1) encrypted xl/worksheets/sheet1.xml=p/sheet; }
x_xlsx_method() { parts; mkzip in $(printf '%s\n' $PARTS | grep -v sheet1) method=12 xl/worksheets/sheet1.xml=p/sheet; }
x_xlsx_size_small() { parts; mkzip in $(printf '%s\n' $PARTS | grep -v sheet1) size=100 xl/worksheets/sheet1.xml=p/sheet; }
x_xlsx_size_large() { parts; mkzip in $(printf '%s\n' $PARTS | grep -v sheet1) size=4000000000 xl/worksheets/sheet1.xml=p/sheet; }
x_xlsx_size_large_strings() { parts; mkzip in $(printf '%s\n' $PARTS | grep -v sharedS) size=4000000000 xl/sharedStrings.xml=p/strings; }
x_xlsx_overlap() { parts; mkzip in $(printf '%s\n' $PARTS | grep -v sheet1) same=20 xl/worksheets/sheet1.xml=p/sheet; }
x_xlsx_entries() { parts; : > p/none; mkzip in $PARTS times=10001 xl/x=p/none; }
x_xlsx_big_ratio() { parts; mkzip in $(printf '%s\n' $PARTS | grep -v sheet1) spaces=60000000 xl/worksheets/sheet1.xml=p/sheet; }
x_xlsx_big_ratio_strings() { parts; mkzip in $(printf '%s\n' $PARTS | grep -v sharedS) spaces=60000000 xl/sharedStrings.xml=p/strings; }
x_xlsx_sheet_missing() { parts; without sheet1; }
x_xlsx_workbook_missing() { parts; without xl/workbook.xml; }
x_xlsx_rels_missing() { parts; without workbook.xml.rels; }
x_xlsx_styles_missing() { parts; without styles; }
x_xlsx_strings_missing() { parts; without sharedS; }
x_xlsx_types_missing() { parts; without Content; }
x_xlsx_no_sheets() { parts; change book 's/<sheet .*\/>//'; pack; }
x_xlsx_hidden_only() { parts; change book 's/<sheet /&state="hidden" /'; pack; }
x_xlsx_laughs() {
	parts
	{
		printf '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "%s">' hahahahahaha
		for e in ab bc cd de ef fg gh hi; do
			printf '<!ENTITY %s "' "${e#?}"
			for i in 1 2 3 4 5 6 7 8 9 10; do printf '&%s;' "${e%?}"; done
			printf '">'
		done
		printf ']><worksheet xmlns="%s"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&i;</t></is></c></row></sheetData></worksheet>' "$MAIN"
	} > p/sheet
	pack
}
x_xlsx_laughs_strings() {
	parts
	change strings 's/<sst/<!DOCTYPE x [<!ENTITY a "haha">]><sst/'
	pack
}
x_xlsx_external() {
	parts
	change sheet 's/<worksheet/<!DOCTYPE x [<!ENTITY a SYSTEM "file:\/\/\/etc\/passwd">]>&/; s/案件2/\&a;/'
	pack
}
x_xlsx_entity() { parts; change sheet 's/案件2/\&nosuch;/'; pack; }
x_xlsx_index() { parts; change sheet 's/<v>5</<v>99</'; pack; }
x_xlsx_index_negative() { parts; change sheet 's/<v>5</<v>-1</'; pack; }
x_xlsx_index_huge() { parts; change sheet 's/<v>5</<v>99999999999999999999</'; pack; }
x_xlsx_style() { parts; change sheet 's/ s="1"/ s="999"/'; pack; }
x_xlsx_1904() { parts; change book 's/<sheets>/<workbookPr date1904="1"\/>&/'; change sheet 's/<v>45292/<v>43830/; s/<v>45293/<v>43831/; s/<v>45294/<v>43832/'; pack; }
x_xlsx_out_of_order() { workbook "$(xhead; xrow 4 3; xrow 2 1; xrow 3 2)"; }
x_xlsx_row_twice() { workbook "$(xhead; xrow 2 1; xrow 2 2; xrow 3 3)"; }
x_xlsx_cells_out_of_order() {
	workbook "$(xhead; printf '<row r="2">'; sst E2 5; num D2 100; is B2 案件1; is A2 A1; num C2 45292 1; printf '</row>')"
}
x_xlsx_cell_twice() { workbook "$(xhead; printf '<row r="2">'; is A2 A1; is A2 A9; is B2 x; printf '</row>'; xrow 3 2)"; }
x_xlsx_no_references() { parts; change sheet 's/ r="[A-Z]*[0-9]*"//g'; pack; }
x_xlsx_iso_date() { parts; change sheet 's/<c r="C3" s="1"><v>[0-9]*/<c r="C3" t="d"><v>2024-01-02T00:00:00/'; pack; }
x_xlsx_type() { parts; change sheet 's/<c r="B3" t="inlineStr"/<c r="B3" t="zebra"/'; pack; }
x_xlsx_reference() { parts; change sheet 's/r="B3"/r="??"/'; pack; }
x_xlsx_reference_row() { parts; change sheet 's/r="B3"/r="B99"/'; pack; }
x_xlsx_column() { parts; change sheet 's/r="E3"/r="XFE3"/'; pack; }
x_xlsx_column_huge() { parts; change sheet 's/r="E3"/r="ZZZZZZZZZZZZ3"/'; pack; }
x_xlsx_last_column() { workbook "$(xrows; printf '<row r="5">'; is A5 A4; is XFD5 x; printf '</row>')"; }
x_xlsx_row() { workbook "$(xrows; xrow 1048577 4)"; }
x_xlsx_last_row() { workbook "$(xrows; xrow 1048576 4)"; }
x_xlsx_row_huge() { workbook "$(xrows; xrow 99999999999999999999 4)"; }
x_xlsx_row_zero() { workbook "$(xhead; xrow 0 1; xrow 3 2)"; }
x_xlsx_row_text() { workbook "$(xhead; xrow x 1)"; }
x_xlsx_dimension() { workbook "$(xrows)" '<dimension ref="A1:XFD1048576"/>'; }
x_xlsx_merges() { parts; change sheet 's/<\/sheetData>/&<mergeCells><mergeCell ref="A1:XFD1048576"\/><mergeCell ref="ZZ:9"\/><mergeCell\/><\/mergeCells>/'; pack; }
x_xlsx_error() { parts; change sheet 's/<c r="D3" s="0"><v>200/<c r="D3" t="e"><v>#DIV\/0!/'; pack; }
x_xlsx_number() { parts; change sheet 's/<v>200/<v>1e999/'; pack; }
x_xlsx_number_text() { parts; change sheet 's/<v>200/<v>2x0/'; pack; }
x_xlsx_date_huge() { parts; change sheet 's/<v>45293/<v>1e300/'; pack; }
x_xlsx_date_negative() { parts; change sheet 's/<v>45293/<v>-5/'; pack; }
x_xlsx_cut_xml() { parts; head -c -60 p/sheet > p/new; mv p/new p/sheet; pack; }
x_xlsx_no_xml() { parts; echo 'no xml at all' > p/sheet; pack; }
x_xlsx_bad_utf8() { parts; { head -c 700 p/sheet; printf '\377\376'; tail -c +701 p/sheet; } > p/new; mv p/new p/sheet; pack; }
x_xlsx_control() { parts; change sheet 's/案件2/\&#1;/'; pack; }
x_xlsx_escape() { parts; change sheet 's/案件2/_x0000_\&lt;_x4E2D_/'; pack; }
x_xlsx_traversal() { parts; change bookrels 's/worksheets\/sheet1.xml/..\/..\/..\/..\/etc\/passwd/'; pack; }
x_xlsx_external_sheet() { parts; change bookrels 's/Target="worksheets\/sheet1.xml"/& TargetMode="External"/; s/worksheets\/sheet1.xml/http:\/\/localhost\/x/'; pack; }
x_xlsx_deep() { parts; { printf '%s<worksheet xmlns="%s"><sheetData><row r="1">' "$XML" "$MAIN"; yes '<x>' | head -n 100000 | tr -d '\n'; } > p/sheet; pack; }
x_xlsx_big_cell() { parts; { sheet "$(xrows)" | sed 's/<\/sheetData>.*//'; printf '<row r="5"><c r="A5" t="inlineStr"><is><t>A4</t></is></c><c r="B5" t="inlineStr"><is><t>'; seq 6000000 | head -c 41943040; printf '</t></is></c></row>'; xrow 6 5; printf '</sheetData></worksheet>'; } > p/sheet; pack; }
# Formulas without a value, as a program writes them that can't compute.
formula() { printf '<c r="%s"><f>%s</f><v></v></c>' "$1" "$2"; }
x_xlsx_total() { workbook "$(xrows; printf '<row r="5">'; is A5 合计; formula D5 'SUM(D2:D4)'; printf '</row>')"; }
x_xlsx_formula() { workbook "$(xrows; printf '<row r="5">'; is A5 A4; formula D5 'D4*2'; printf '</row>')"; }
# numbered LABEL: with a number before the identity, which is a formula in the
# row behind the only case, A1; that row begins with the label.
numbered() {
	workbook "$(
		printf '<row r="1">'
		is A1 序号
		is B1 案件编号
		is C1 案件名称
		is D1 罚款金额
		printf '</row><row r="2">'
		num A2 1
		is B2 A1
		is C2 案件1
		num D2 100
		printf '</row><row r="3">'
		is A3 "$1"
		formula B3 'COUNTA(B2:B2)'
		printf '</row>'
	)"
}
x_xlsx_total_count() { numbered 合计; }
x_xlsx_total_party() { numbered 合计超市; }

# long HEAD CELLS: a workbook with many rows of these cells; & is the row.
long() {
	parts
	{
		sheet "$(xhead)" | sed "s/<\/row><\/sheetData>.*/$1/"
		printf '</row>'
		seq 2 200000 | sed "s/.*/<row r=\"&\">$2<\/row>/"
		printf '</sheetData></worksheet>'
	} > p/sheet
	pack
}
x_xlsx_big_sparse() { long '' '<c r="XFD&"><v>1<\/v><\/c>'; }
x_xlsx_big_ragged() { long '' '<c r="A&" t="str"><v>A&<\/v><\/c><c r="XFD&"><v>1<\/v><\/c>'; }
x_xlsx_big_wide() { long "$(is XFD1 x | sed 's/\//\\&/g')" '<c r="A&" t="str"><v>A&<\/v><\/c>'; }
# sheets N PART: a workbook of so many sheets, each a header and a case in the
# last row; & in PART is the number of the sheet.
sheets() {
	parts
	{
		printf '%s<workbook xmlns="%s" xmlns:r="%s"><sheets>' "$XML" "$MAIN" "$REL"
		seq 0 $(($1 - 1)) | sed 's/.*/<sheet name="&" sheetId="&" r:id="s&"\/>/'
		printf '</sheets></workbook>'
	} > p/book
	{
		sed 's/<\/Relationships>//' p/bookrels
		seq 0 $(($1 - 1)) | sed "s/.*/<Relationship Id=\"s&\" Type=\"x\/worksheet\" Target=\"$2\"\/>/"
		printf '</Relationships>'
	} > p/new
	mv p/new p/bookrels
	sheet "$(xhead; xrow 1048576 1)" > p/sheet
	mkzip in $(printf '%s\n' $PARTS | grep -v sheet1) times="$1" xl/x=p/sheet
}
x_xlsx_big_blank() { sheets 500 'x&'; }
x_xlsx_same_part() { sheets 500 x1; }
x_xlsx_big_string() { parts; { printf '%s<sst xmlns="%s"><si><t>' "$XML" "$MAIN"; seq 6000000 | head -c 41943040; printf '</t></si></sst>'; } > p/strings; pack; }
x_xlsx_big_attribute() { parts; { printf '%s<worksheet xmlns="%s" x="' "$XML" "$MAIN"; seq 6000000 | head -c 41943040; printf '"><sheetData/></worksheet>'; } > p/sheet; pack; }
x_xlsx_utf16() { parts; { printf '\377\376'; sed 's/UTF-8/UTF-16/' p/sheet | iconv -f UTF-8 -t UTF-16LE; } > p/new; mv p/new p/sheet; pack; }
x_xlsx_charset() { parts; change sheet 's/encoding="UTF-8"/encoding="x-nosuch"/'; pack; }
x_xlsx_strict() { parts; change sheet 's/schemas.openxmlformats.org\/spreadsheetml\/2006\/main/purl.oclc.org\/ooxml\/spreadsheetml\/main/'; pack; }
x_xlsx_strings_many() { parts; change strings 's/uniqueCount="6"/uniqueCount="4294967295"/'; pack; }

# --- ODS ----------------------------------------------------------------------

ODF=urn:oasis:names:tc:opendocument:xmlns
orow() {
	printf '<table:table-row>'
	for text; do
		printf '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>' "$text"
	done
	printf '</table:table-row>'
}
orows() {
	orow $(echo "$CSV_HEAD" | tr , ' ')
	orow A1 案件1 2024-01-01 100 城东中队
	orow A2 案件2 2024-01-02 200 城东中队
}
# content ROWS: content.xml.
content() {
	printf '%s<office:document-content xmlns:office="%s:office:1.0" xmlns:table="%s:table:1.0" xmlns:text="%s:text:1.0" office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Sheet1">%s</table:table></office:spreadsheet></office:body></office:document-content>' \
		'<?xml version="1.0" encoding="UTF-8"?>' "$ODF" "$ODF" "$ODF" "$1"
}
ods() {
	rm -rf p in
	mkdir p
	printf application/vnd.oasis.opendocument.spreadsheet > p/mime
	printf '<?xml version="1.0"?><manifest:manifest xmlns:manifest="%s:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>' "$ODF" > p/manifest
	content "$1" > p/content
	mkzip in store mimetype=p/mime META-INF/manifest.xml=p/manifest content.xml=p/content
}
x_ods_sound() { ods "$(orows)"; }
x_ods_cut() { ods "$(orows)"; head -c -200 in > cut; mv cut in; }
x_ods_content_missing() { ods "$(orows)"; mkzip in store mimetype=p/mime META-INF/manifest.xml=p/manifest; }
x_ods_repeated_rows() { ods "$(orows; printf '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell/></table:table-row>'; orow A3 案件3)"; }
x_ods_repeated_rows_full() { ods "$(orows; printf '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell office:value-type="string"><text:p>A9</text:p></table:table-cell></table:table-row>')"; }
x_ods_repeated_cells() { ods "$(orows; printf '<table:table-row><table:table-cell table:number-columns-repeated="1000000000" office:value-type="string"><text:p>A3</text:p></table:table-cell></table:table-row>')"; }
x_ods_spaces() { ods "$(orows | sed 's/案件2/a<text:s text:c="1000000000"\/>b/')"; }
x_ods_doctype() { ods x; content "$(orows)" | sed 's/<office:document-content/<!DOCTYPE x [<!ENTITY a "haha">]>&/' > p/content; mkzip in store mimetype=p/mime content.xml=p/content; }
x_ods_encrypted() { ods "$(orows)"; printf '<?xml version="1.0"?><manifest:manifest xmlns:manifest="%s:manifest:1.0"><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml" manifest:size="100"><manifest:encryption-data manifest:checksum="x"/></manifest:file-entry></manifest:manifest>' "$ODF" > p/manifest; big 200 q > p/content; mkzip in store mimetype=p/mime META-INF/manifest.xml=p/manifest store content.xml=p/content; }

# --- HTML ---------------------------------------------------------------------

hrow() {
	printf '<tr>'
	for text; do printf '<td>%s</td>' "$text"; done
	printf '</tr>\n'
}
hrows() {
	hrow $(echo "$CSV_HEAD" | tr , ' ')
	hrow A1 案件1 2024-01-01 100 城东中队
	hrow A2 案件2 2024-01-02 200 城东中队
}
html() {
	printf '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body>%s</body></html>' "$1"
}
x_html_sound() { html "<table>$(hrows)</table>" > in; }
x_html_no_table() { html '<p>会话已过期，请重新登录</p>' > in; }
x_html_empty_table() { html '<table></table>' > in; }
x_html_cut() { html "<table>$(hrows)</table>" | head -c -80 > in; }
x_html_unclosed() { html "<table>$(hrows | sed 's/<\/t[dr]>//g')" > in; }
x_html_colspan() { html "<table>$(hrows; printf '<tr><td colspan=1000000000>A3</td></tr>')</table>" > in; }
x_html_rowspan() { html "<table>$(hrows; printf '<tr><td rowspan=1000000000>A3</td><td>x</td></tr>')</table>" > in; }
x_html_span_both() { html "<table>$(hrows; for i in 1 2 3 4 5 6 7 8 9; do printf '<tr><td colspan=65534 rowspan=65534>A3</td></tr>'; done)</table>" > in; }
x_html_span_bad() { html "<table>$(hrows; printf '<tr><td colspan=-1 rowspan=x>A3</td><td colspan=0>a</td><td>2024-01-03</td><td>1</td><td>b</td></tr>')</table>" > in; }
x_html_nested() { html "<table>$(hrows; printf '<tr><td>A3</td><td><table><tr><td>x</td></tr></table></td><td>2024-01-03</td><td>300</td><td>b</td></tr>')</table>" > in; }
x_html_nul() { html "<table>$(hrows)</table>" | sed 's/案件2/@/' | tr '@' '\0' > in; }
x_html_entities() { html "<table>$(hrows | sed 's/案件2/\&#0;\&#x110000;\&#xD800;\&nosuch;\&amp/')</table>" > in; }
x_html_script() { html "<table>$(hrows)</table><script>document.write('<table><tr><td>A9</td></tr></table>')</script>" > in; }
x_html_charset() { html "<table>$(hrows)</table>" | sed 's/utf-8/x-nosuch/' > in; }
x_html_charset_lies() { html "<table>$(hrows)</table>" | sed 's/utf-8/gbk/' > in; }
x_html_big_nested() { { printf '<html><body>'; yes '<table><tr><td>' | head -n 10000 | tr -d '\n'; printf x; } > in; }
x_html_big_nested_closed() { { printf '<html><body>'; yes '<table><tr><td>' | head -n 10000 | tr -d '\n'; hrows; yes '</td></tr></table>' | head -n 10000 | tr -d '\n'; } > in; }
x_html_big_deep() { { printf '<html><body>'; yes '<div>' | head -n 100000 | tr -d '\n'; html "<table>$(hrows)</table>"; } > in; }
x_html_big_formatting() { { printf '<html><body><table>'; hrows; yes '<b><i><a>' | head -n 20000 | tr -d '\n'; printf '</table>'; } > in; }
x_html_big_cell() { { printf '<html><body><table>'; hrows; printf '<tr><td>A3</td><td>'; big 20971520 x; printf '</td><td></td><td></td><td></td></tr></table>'; } > in; }
x_html_big_sparse() {
	{
		printf '<html><body><table>'
		hrows
		yes '<tr><td colspan=1000><td colspan=1000><td colspan=1000><td colspan=1000><td>x' |
			head -n 100000
	} > in
}
x_html_big_spans() {
	{
		printf '<html><body><table>'
		hrows
		printf '<tr><td rowspan=0 colspan=1000>A3'
		yes '<tr><td>x' | head -n 500000
	} > in
}
x_html_big_attribute() { { printf '<html><body><table class="'; big 20971520 x; printf '">'; hrows; printf '</table>'; } > in; }

# --- SpreadsheetML of 2003 -------------------------------------------------------

SS=urn:schemas-microsoft-com:office:spreadsheet
mrow() {
	printf '<Row>'
	for text; do
		printf '<Cell><Data ss:Type="String">%s</Data></Cell>' "$text"
	done
	printf '</Row>\n'
}
mrows() {
	mrow $(echo "$CSV_HEAD" | tr , ' ')
	mrow A1 案件1 2024-01-01 100 城东中队
	mrow A2 案件2 2024-01-02 200 城东中队
}
xmlss() {
	printf '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="%s" xmlns:ss="%s"><Worksheet ss:Name="台账"><Table>%s</Table></Worksheet></Workbook>' \
		"$SS" "$SS" "$1"
}
x_xmlss_sound() { xmlss "$(mrows)" > in; }
x_xmlss_cut() { xmlss "$(mrows)" | head -c -90 > in; }
x_xmlss_doctype() { xmlss "$(mrows)" | sed 's/<Workbook/<!DOCTYPE x [<!ENTITY a "haha">]>&/' > in; }
x_xmlss_external() { xmlss "$(mrows)" | sed 's/<Workbook/<!DOCTYPE x SYSTEM "file:\/\/\/etc\/passwd">&/' > in; }
x_xmlss_row_index() { xmlss "$(mrows; mrow A3 | sed 's/<Row/& ss:Index="1000000000"/')" > in; }
x_xmlss_cell_index() { xmlss "$(mrows; mrow A3 x | sed 's/<Cell/& ss:Index="1000000000"/2')" > in; }
x_xmlss_index_back() { xmlss "$(mrows; mrow A3 x | sed 's/<Row/& ss:Index="1"/')" > in; }
x_xmlss_merge() { xmlss "$(mrows; mrow A3 x | sed 's/<Cell/& ss:MergeAcross="1000000000"/')" > in; }
x_xmlss_big_sparse() {
	{
		xmlss "$(mrows)" | sed 's/<\/Table>.*//'
		yes '<Row><Cell ss:Index="16384"><Data ss:Type="Number">1</Data></Cell></Row>' |
			head -n 200000
		printf '</Table></Worksheet></Workbook>'
	} > in
}
x_xmlss_deep() { { xmlss "$(mrows)" | sed 's/<\/Table>.*//'; printf '<Row>'; yes '<x>' | head -n 100000 | tr -d '\n'; } > in; }
x_xmlss_no_sheet() { printf '<?xml version="1.0"?><Workbook xmlns="%s"/>' "$SS" > in; }
x_xmlss_type() { xmlss "$(mrows | sed 's/"String">200/"Zebra">200/')" > in; }
x_xmlss_number() { xmlss "$(mrows | sed 's/"String">200/"Number">2x0/')" > in; }
x_xmlss_date() { xmlss "$(mrows | sed 's/"String">2024-01-02/"DateTime">2024-13-45T99:00:00.000/')" > in; }

# --- XLS ------------------------------------------------------------------------

x_xls_head_only() { printf '\320\317\021\340\241\261\032\341' > in; }
x_xls_zeros() { { printf '\320\317\021\340\241\261\032\341'; head -c 5000 /dev/zero; } > in; }

xls() { csv | tr ',' '\t' | mkxls in "$@"; }
# patch OFFSET OCTAL: overwrites bytes of ./in.
patch() { printf "$2" | dd of=in bs=1 seek="$1" conv=notrunc 2> /dev/null; }
x_xls_sound() { xls; }
x_xls_cut() { xls; head -c 700 in > cut; mv cut in; }
x_xls_cut_stream() { xls; head -c 1100 in > cut; mv cut in; }
x_xls_cut_end() { xls; head -c -512 in > cut; mv cut in; }
x_xls_index() { xls Workbook 1000; }
x_xls_encrypted_xlsx() { xls EncryptedPackage; }
x_xls_doc() { xls WordDocument; }
x_xls_ppt() { xls 'PowerPoint Document'; }
x_xls_msg() { xls __properties_version1.0; }
x_xls_sector_size() { xls; patch 30 '\377\377'; }
x_xls_fat_start() { xls; patch 76 '\377\377\377\177'; }
x_xls_fat_cycle() { xls; patch 524 '\3\0\0\0'; }
x_xls_fat_far() { xls; patch 524 '\377\377\377\0'; }
x_xls_directory_cycle() { xls; patch 48 '\0\0\0\0'; }
x_xls_record_long() { xls; patch 2075 '\377\177'; }

# --- packed -----------------------------------------------------------------------

x_gz_sound() { csv | gzip -n > in; }
x_gz_cut() { csv | gzip -n | head -c -20 > in; }
x_gz_cut_tail() { csv | gzip -n | head -c -4 > in; }
x_gz_crc() { { csv | gzip -n | head -c -8; printf 'xxxx\200\0\0\0'; } > in; }
x_gz_garbage() { { csv | gzip -n; echo garbage behind; } > in; }
x_gz_two() { { csv | gzip -n; line 4 | gzip -n; } > in; }
x_gz_zero_padded() { { csv | gzip -n; head -c 512 /dev/zero; } > in; }
x_gz_zeros_garbage() { { csv | gzip -n; head -c 512 /dev/zero; echo x; } > in; }
x_gz_zeros_member() { { csv | gzip -n; head -c 512 /dev/zero; line 4 | gzip -n; } > in; }
x_gz_big_zeros() { { csv | gzip -n; head -c 10000000 /dev/zero; } > in; }
x_gz_twice() { csv | gzip -n | gzip -n > in; }
x_gz_five_times() { csv | gzip -n | gzip -n | gzip -n | gzip -n | gzip -n > in; }
x_gz_head_only() { printf '\037\213\010\0' > in; }
x_gz_empty() { : | gzip -n > in; }
x_gz_pdf() { echo '%PDF-1.4' | gzip -n > in; }
x_gz_big_bomb() { { csv; big 150000000 ' '; } | gzip -1 -n > in; }

x_zip_sound() { csv > f.csv; mkzip in a.csv=f.csv; }
x_zip_two() { csv > f.csv; { echo "$CSV_HEAD"; line 4; } > g.csv; mkzip in a.csv=f.csv dir/b.csv=g.csv; }
x_zip_empty() { mkzip in; }
x_zip_cut() { csv > f.csv; mkzip in store a.csv=f.csv; head -c -30 in > cut; mv cut in; }
x_zip_crc() { csv > f.csv; mkzip in crc a.csv=f.csv; }
x_zip_encrypted() { csv > f.csv; mkzip in encrypted a.csv=f.csv; }
x_zip_method() { csv > f.csv; mkzip in method=14 a.csv=f.csv; }
x_zip_size() { csv > f.csv; mkzip in size=1 a.csv=f.csv; }
x_zip_overlap() { csv > f.csv; mkzip in same=50 a.csv=f.csv; }
x_zip_entries() { csv > f.csv; : > n; mkzip in times=10001 x=n a.csv=f.csv; }
x_zip_traversal() { csv > f.csv; mkzip in ../../../evil.csv=f.csv; }
x_zip_nested() { csv > f.csv; mkzip a.zip a.csv=f.csv; mkzip in b.zip=a.zip; }
x_zip_nested_deep() { csv > f.csv; mkzip a.zip a.csv=f.csv; for i in 1 2 3 4 5 6 7 8; do mkzip b.zip a.zip=a.zip; mv b.zip a.zip; done; mv a.zip in; }
x_zip_bad_member() { csv > f.csv; echo '%PDF-1.4' > g; mkzip in a.csv=f.csv b.pdf=g; }
x_zip_only_bad() { echo '%PDF-1.4' > g; mkzip in b.pdf=g; }
x_zip_junk_before() { csv > f.csv; mkzip z a.csv=f.csv; { echo junk; cat z; } > in; }
x_zip_big_ratio() { csv > f.csv; mkzip in spaces=150000000 a.csv=f.csv; }

# --- what is no table ---------------------------------------------------------------

x_other_pdf() { printf '%%PDF-1.4\n%%\342\343\317\323\n' > in; }
x_other_png() { printf '\211PNG\r\n\032\n\0\0\0\015IHDR' > in; }
x_other_jpeg() { printf '\377\330\377\340\0\020JFIF\0' > in; }
x_other_docx() { rm -rf p; mkdir p; echo x > p/x; mkzip in '[Content_Types].xml=p/x' word/document.xml=p/x; }
x_other_pptx() { rm -rf p; mkdir p; echo x > p/x; mkzip in '[Content_Types].xml=p/x' ppt/presentation.xml=p/x; }
# document KIND NAME...: a ZIP document that says its kind in a file mimetype.
document() {
	rm -rf p
	mkdir p
	printf %s "$1" > p/mime
	shift
	echo x > p/x
	mkzip in store mimetype=p/mime $(printf '%s=p/x ' "$@")
}
x_other_odp() { document application/vnd.oasis.opendocument.presentation content.xml; }
x_other_odt() { document application/vnd.oasis.opendocument.text content.xml; }
x_other_epub() { document application/epub+zip META-INF/container.xml a.xhtml; }
x_other_ofd() { rm -rf p; mkdir p; echo x > p/x; mkzip in OFD.xml=p/x Doc_0/Document.xml=p/x; }
x_other_xps() { rm -rf p; mkdir p; echo x > p/x; mkzip in '[Content_Types].xml=p/x' FixedDocSeq.fdseq=p/x; }
x_other_iwork() { rm -rf p; mkdir p; echo x > p/x; mkzip in Index/Document.iwa=p/x; }
x_other_tar() { csv > f.csv; tar -cf in f.csv; }
x_other_tar_gz() { csv > f.csv; tar -cf f.tar f.csv; gzip -n < f.tar > in; }
x_other_bz2() { printf 'BZh91AY&SY\0\0\0\0' > in; }
x_other_zstd() { printf '\050\265\057\375\044\0' > in; }
x_other_compress() { printf '\037\235\220a\0' > in; }
x_other_cab() { printf 'MSCF\0\0\0\0abc' > in; }
x_other_gif() { printf 'GIF89a\1\0\1\0' > in; }
x_other_tiff() { printf 'II*\0\010\0\0\0' > in; }
x_other_rar() { printf 'Rar!\032\007\001\0abc' > in; }
x_other_7z() { printf '7z\274\257\047\034\0\4' > in; }
x_other_xz() { printf '\3757zXZ\0\0\4' > in; }
x_other_rtf() { printf '{\\rtf1\\ansi x}' > in; }
x_other_xml() { printf '<?xml version="1.0"?><records><r>1</r></records>' > in; }
x_other_sqlite() { { printf 'SQLite format 3\0'; head -c 84 /dev/zero; } > in; }
x_other_elf() { { printf '\177ELF\2\1\1\0'; head -c 200 /dev/zero; } > in; }
