/* xlsxbook.h - what the sheets of an Office Open XML workbook share */
#ifndef CASE_FORMAT_XLSXBOOK_H
#define CASE_FORMAT_XLSXBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"
#include "case/row.h"
#include "lib/format/cellnum.h"
#include "lib/format/zip.h"

#define XLSX_NO_PART ((size_t)-1)

/*
 * sheet, part	the sheets that have cells (no charts, no macros), and the
 *		entry of the archive each one is; XLSX_NO_PART: missing
 * form		per style of a cell: what it makes of a number
 * strings	entry of the shared strings, until text and at hold them: string
 *		i is text.p + at[i], up to at[i + 1]
 */
struct xlsx_book {
	struct case_zip *zip;
	const struct case_limits *limits;
	struct case_sheet *sheet;
	size_t *part;
	size_t sheet_n;
	bool from1904;
	unsigned char *form;
	size_t form_n;
	size_t strings;
	bool loaded;
	struct case_buf text;
	size_t *at;
	size_t string_n;
	size_t string_cap;
	struct case_buf names;
};

/*
 * Reads the workbook, its relations and its styles; in and limits must outlive
 * it. xlsx_book_close takes also one that was not opened (zeroed).
 */
enum case_status xlsx_book_open(struct xlsx_book *book, struct case_input *in,
    const struct case_limits *limits, struct case_error *err);
void xlsx_book_close(struct xlsx_book *book);

/* Reads the shared strings, once. CASE_EDATA when the workbook has none. */
enum case_status xlsx_book_strings(struct xlsx_book *book,
    struct case_error *err);

/* What a style makes of a number; of an unknown style, a number. */
enum case_cell_form xlsx_book_form(const struct xlsx_book *book, size_t style);

/*
 * Decodes the escapes of characters that XML can't hold (_x000D_), in place;
 * returns the new length. One that stands for nothing stays as it is.
 */
size_t xlsx_unescape(char *p, size_t n);

#endif
