#!/bin/sh
# A broken file ends by itself in bounds of time and memory, says what is wrong, and all that is right in it is stored, or nothing.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"
PATH=$build/tests/tool:$PATH
. "$here/tests/cli/broken.sh"
need bounded gzip iconv mkxls mkzip tar
# What is freed is kept a while by the address sanitizer; that is not counted.
ASAN_OPTIONS=quarantine_size_mb=16${ASAN_OPTIONS:+:$ASAN_OPTIONS}
export ASAN_OPTIONS

# input NAME EXIT WORD CASES [OPTION...]: the file that x_NAME makes is
# imported into a new store. Its exit code, a word of what is said (of the
# message, or of the reason of a reject), and the cases stored, with their lines.
input() {
	name=$1 want=$2 word=$3 cases=$4
	shift 4
	rm -rf "$S"* in p
	"x_$name" > gen.out 2>&1 || fail "$name: $(sed q gen.out)"
	bounded 10 512 case-import --no-raw -d "$S" "$@" in > out 2> err
	got=$?
	[ "$got" -eq "$want" ] || fail "$name: exit $got, not $want: $(cat err)"
	if [ -f "$S" ]; then
		rejects reason >> err
		expect_eq "$(stored case_no _line | sed 's/\t/:/' | joined)" \
			"$cases" "$name: cases"
		# The case N was filed on its N-th day, or the day is not known.
		stored case_no filed_on | grep -v '^A\([0-9]\)	2024-01-0\1$' |
			grep '	[0-9]' && fail "$name: a wrong date"
	else
		expect_eq '' "$cases" "$name: nothing is stored"
	fi
	grep -qF -e "$word" err || fail "$name: no word of '$word': $(cat err)"
	grep -qF -e 'internal error' err && fail "$name: $(cat err)"
}

two='A1:2 A2:3' three='A1:2 A2:3 A3:4'

input csv_empty 2 'no rows' ''
input csv_only_bom 2 'no rows' ''
input csv_blank_lines 2 'no rows' ''
input csv_quote_open 1 'quote' 'A2:3 A3:4'
input csv_quote_stray 1 'quote' 'A1:2 A3:4'
input csv_ragged 1 'cells' 'A1:2 A3:4'
input csv_nul 1 'NUL' 'A1:2 A3:4'
input csv_all_nul 2 'NUL' ''
input csv_utf16_odd 2 'ends within a character' ''
input csv_utf16_surrogate 2 'byte order mark' ''
input csv_utf32 2 'UTF-32' ''
input csv_gb18030_cut 2 'in:4: bytes b6 at offset 141' ''
input csv_bad_bytes 2 'in:5: bytes ff fe ff' ''
input csv_bad_bytes 1 'UTF-8' "$three" -e utf-8
input csv_utf8_overlong 2 'in:5: bytes c0 af' ''
input csv_wide 1 'cells' "$three A5:6"
input csv_quotes_only 2 'no header' ''
input csv_big_cell 1 'MiB' "$three A5:6"
input csv_big_line 1 'MiB' "$three A5:6"
input csv_big_quotes 1 'MiB' "$three A5:6"

input table_cut 2 'ends inside a table' ''
input table_cut_cell 2 'ends inside a table' ''
input table_count 2 '##end' ''
input table_crc 2 'CRC' ''
input table_fail 2 'no disk' ''
input table_version 2 'version' ''
input table_none 2 'ends inside a table' ''
input table_ragged 2 'fewer cells' ''

input jsonl_cut 1 'end' 'A1:1'
input jsonl_nul 1 'control' 'A1:1 A3:3'
input jsonl_u0000 1 '0000' 'A1:1 A3:3'
input jsonl_surrogate 1 'surrogate' 'A1:1 A3:3'
input jsonl_duplicate 1 'twice' 'A1:1 A3:3'
input jsonl_scalar 1 'object' 'A1:1 A3:3'
input jsonl_deep 1 'deep' 'A1:1 A3:3'
input jsonl_big_line 1 'MiB' 'A1:1 A3:3'

input xls_sound 0 '3 new' "$three"
input xls_head_only 2 'damaged' ''
input xls_zeros 2 'damaged' ''
input xls_cut 2 'damaged' ''
input xls_cut_stream 2 'damaged' ''
input xls_cut_end 2 'damaged' ''
input xls_index 2 'text is missing or damaged' ''
input xls_encrypted_xlsx 2 'locked with a password' ''
input xls_doc 2 'Word' ''
input xls_ppt 2 'PowerPoint' ''
input xls_msg 2 'Outlook' ''
input xls_sector_size 2 'damaged' ''
input xls_fat_start 2 'damaged' ''
input xls_fat_cycle 2 'damaged' ''
input xls_fat_far 2 'damaged' ''
input xls_directory_cycle 2 'damaged' ''
input xls_record_long 2 'damaged' ''

input json_cut_string 2 'where the text ends' ''
input json_cut_array 2 'where the text ends' ''
input json_cut_comma 2 'where the text ends' ''
input json_trailing_comma 2 'where "]" stands' ''
input json_garbage 2 'behind the end of the document' ''
input json_two 2 'behind the end of the document' ''
input json_nul 1 'control' 'A1:1 A2:2 A3:3'
input json_u0000 1 '0000' 'A1:1 A2:2 A3:3'
input json_surrogate 1 'surrogate' 'A1:1 A2:2 A3:3'
input json_low_surrogate 1 'surrogate' 'A1:1 A2:2 A3:3'
input json_duplicate 1 'twice' 'A1:1 A2:2 A3:3'
input json_empty 0 '0 rows' ''
input json_scalar 2 'no header' ''
input json_string 2 'no header' ''
input json_object 2 'no session' ''
input json_answer 2 'token expired' ''
input json_scalars 2 'no header' ''
input json_mixed 1 'object' 'A1:1 A2:2 A3:3'
input json_id 0 'ruined' '110101199001010017:1'
input json_control 1 'control' 'A1:1 A2:2 A3:3'
input json_single 2 'a JSON key in quotes is expected' ''
input json_comment 2 'broken JSON' ''
input json_zero 2 'broken JSON' ''
input json_nan 2 'a JSON value is expected' ''
input json_big_deep 2 'nested too deeply' ''
input json_big_deep_closed 2 'nested too deeply' ''
input json_big_deep_objects 2 'nested too deeply' ''
input json_big_number 2 '16 MiB' ''
input json_big_string 2 '16 MiB' ''
input json_big_keys 1 '16,384' ''
input json_big_sparse 2 'limit gaps' ''
input jsonl_big_sparse 2 'limit gaps' ''

input xlsx_sound 0 '3 new' "$three"
input xlsx_cut 2 'cut off' ''
input xlsx_cut_tail 2 'cut off' ''
input xlsx_crc 2 'checksum' ''
input xlsx_crc_strings 2 'checksum' ''
input xlsx_encrypted_entry 2 'encrypted' ''
input xlsx_method 2 'method (12)' ''
input xlsx_size_small 2 'another size' ''
input xlsx_size_large 2 'another size' ''
input xlsx_size_large_strings 2 'another size' ''
input xlsx_overlap 0 '3 new' "$three"
input xlsx_entries 2 'limit entries' ''
input xlsx_big_ratio 2 'limit ratio' ''
input xlsx_big_ratio_strings 2 'limit ratio' ''
input xlsx_sheet_missing 2 'missing' ''
input xlsx_workbook_missing 2 'list of sheets' ''
input xlsx_rels_missing 2 'missing' ''
input xlsx_styles_missing 0 '3 new' "$three"
input xlsx_strings_missing 2 'shared strings are missing' ''
input xlsx_types_missing 2 'XML' ''
input xlsx_no_sheets 2 'no sheet' ''
input xlsx_hidden_only 2 'no sheet that can be seen' ''
input xlsx_laughs 2 'DOCTYPE' ''
input xlsx_laughs_strings 2 'DOCTYPE' ''
input xlsx_external 2 'DOCTYPE' ''
input xlsx_entity 2 'undefined entity' ''
input xlsx_index 2 "shared string '99'" ''
input xlsx_index_negative 2 "shared string '-1'" ''
input xlsx_index_huge 2 'shared string' ''
input xlsx_strings_many 0 '3 new' "$three"
input xlsx_style 0 '3 new' "$three"
input xlsx_1904 0 '3 new' "$three"
input xlsx_out_of_order 2 'behind row 4' ''
input xlsx_row_twice 2 'behind row 2' ''
input xlsx_cells_out_of_order 0 '1 new' A1:2
input xlsx_cell_twice 2 'cell A2: it is there twice' ''
input xlsx_no_references 0 '3 new' "$three"
input xlsx_iso_date 0 '3 new' "$three"
input xlsx_type 2 "unknown type, 'zebra'" ''
input xlsx_reference 2 "'??'" ''
input xlsx_reference_row 2 'in another row' ''
input xlsx_column 2 "'XFE3'" ''
input xlsx_column_huge 2 'no place' ''
input xlsx_last_column 1 'cells' "$three"
input xlsx_row 2 'number' ''
input xlsx_last_row 0 '1048571 set aside' "$three A4:1048576"
input xlsx_row_huge 2 'number' ''
input xlsx_row_zero 2 'number' ''
input xlsx_row_text 2 'number' ''
input xlsx_dimension 0 '3 new' "$three"
input xlsx_merges 0 '3 new' "$three"
input xlsx_error 0 'not an amount' "$three"
input xlsx_number 0 'ruined' "$three"
input xlsx_number_text 0 'not an amount' "$three"
input xlsx_date_huge 0 'not a date' "$three"
input xlsx_date_negative 0 'not a date' "$three"
input xlsx_cut_xml 2 'XML is broken' ''
input xlsx_no_xml 2 'XML is broken' ''
input xlsx_bad_utf8 2 'XML is broken' ''
input xlsx_control 2 'XML is broken' ''
input xlsx_escape 0 '3 new' "$three"
input xlsx_traversal 2 'missing' ''
input xlsx_external_sheet 2 'missing' ''
input xlsx_deep 2 'limit depth' ''
input xlsx_total 0 '1 set aside' "$three"
input xlsx_total_count 0 '1 set aside' A1:2
input xlsx_total_party 1 'a formula has no value' A1:2
input xlsx_formula 1 'a formula has no value' "$three"
input xlsx_big_sparse 2 'limit gaps' ''
input xlsx_big_ragged 2 'limit gaps' ''
input xlsx_big_wide 2 'limit gaps' ''
input xlsx_big_blank 2 'limit gaps' ''
input xlsx_same_part 2 'same part' ''
input xlsx_big_cell 1 '16 MiB' "$three A5:6"
input xlsx_big_string 2 'shared string' ''
input xlsx_big_attribute 2 '16 MiB' ''
input xlsx_utf16 0 '3 new' "$three"
input xlsx_charset 2 'encoding' ''
input xlsx_strict 0 '3 new' "$three"

input gz_sound 0 '3 new' "$three"
input gz_cut 2 'cut off' ''
input gz_cut_tail 2 'cut off' ''
input gz_crc 2 'checksum' ''
input gz_garbage 2 'stands behind' ''
input gz_two 0 '4 new' "$three A4:5"
input gz_zero_padded 0 '3 new' "$three"
input gz_zeros_garbage 2 'stands behind' ''
input gz_zeros_member 2 'stands behind' ''
input gz_big_zeros 0 '3 new' "$three"
input gz_twice 0 '3 new' "$three"
input gz_five_times 2 '4 deep' ''
input gz_head_only 2 'cut off' ''
input gz_empty 2 'no rows' ''
input gz_pdf 2 'PDF' ''
input gz_big_bomb 2 'limit ratio' ''

input zip_sound 0 '3 new' "$three"
input zip_two 0 '1 new' "$three A4:2"
input zip_empty 2 'no file' ''
input zip_cut 2 'cut off' ''
input zip_crc 2 'checksum' ''
input zip_encrypted 2 'encrypted' ''
input zip_method 2 'method (14)' ''
input zip_size 2 'another size' ''
input zip_overlap 0 '3 new' "$three"
input zip_entries 2 'limit entries' ''
input zip_traversal 0 '3 new' "$three"
input zip_nested 0 '3 new' "$three"
input zip_nested_deep 2 '4 deep' ''
input zip_bad_member 0 'PDF' "$three"
input zip_only_bad 2 'PDF' ''
input zip_junk_before 2 'neither UTF-8 nor GB18030' ''
input zip_big_ratio 2 'limit ratio' ''

input ods_sound 2 'ODS' ''

input xmlss_sound 0 '2 new' "$two"
input xmlss_cut 2 'XML is broken' ''
input xmlss_doctype 2 'DOCTYPE' ''
input xmlss_external 2 'DOCTYPE' ''
input xmlss_row_index 2 'too many' ''
input xmlss_cell_index 1 'cells' "$two"
input xmlss_index_back 2 'not in order' ''
input xmlss_merge 1 'cells' "$two"
input xmlss_big_sparse 2 'limit gaps' ''
input xmlss_deep 2 'limit depth' ''
input xmlss_no_sheet 2 'no sheet' ''
input xmlss_type 0 '2 new' "$two"
input xmlss_number 0 'not an amount' "$two"
input xmlss_date 0 'no such day' "$two"

input html_sound 0 '2 new' "$two"
input html_no_table 2 'without a table' ''
input html_empty_table 2 'without a table' ''
input html_cut 1 'ends inside this table' 'A1:2'
input html_unclosed 0 '2 new' "$two"
input html_colspan 0 '3 new' "$three"
input html_rowspan 0 '3 new' "$three"
input html_span_both 1 'cells' "$three"
input html_span_bad 0 '3 new' "$three"
input html_nested 0 '3 new' "$three"
input html_nul 1 'NUL' 'A1:2'
input html_entities 0 '2 new' "$two"
input html_script 0 '2 new' "$two"
input html_charset 0 '2 new' "$two"
input html_charset_lies 0 '2 new' "$two"
input html_big_nested 2 'limit depth' ''
input html_big_nested_closed 2 'limit depth' ''
input html_big_deep 0 '2 new' "$two"
input html_big_formatting 2 'limit depth' ''
input html_big_sparse 2 'limit gaps' ''
input html_big_spans 2 'limit gaps' ''
input html_big_cell 2 '16 MiB' ''
input html_big_attribute 0 '2 new' "$two"

input other_pdf 2 'PDF' ''
input other_png 2 'PNG' ''
input other_jpeg 2 'JPEG' ''
input other_docx 2 'DOCX' ''
input other_pptx 2 'PPTX' ''
input other_odp 2 'ODP' ''
input other_odt 2 'ODT' ''
input other_ofd 2 'OFD' ''
input other_epub 2 'EPUB' ''
input other_xps 2 'XPS' ''
input other_iwork 2 'iWork' ''
input other_tar 2 'tar -x' ''
input other_tar_gz 2 'tar -x' ''
input other_bz2 2 'bunzip2' ''
input other_zstd 2 'unzstd' ''
input other_compress 2 'uncompress' ''
input other_cab 2 'CAB' ''
input other_gif 2 'GIF' ''
input other_tiff 2 'TIFF' ''
input other_rar 2 'RAR' ''
input other_7z 2 '7-Zip' ''
input other_xz 2 'xz' ''
input other_rtf 2 'RTF' ''
input other_xml 2 'XML' ''
input other_sqlite 2 'SQLite' ''
input other_elf 2 'no' ''
finish
