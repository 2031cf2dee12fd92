/* xlsbook.h - what the sheets of an XLS workbook share */
#ifndef CASE_FORMAT_XLSBOOK_H
#define CASE_FORMAT_XLSBOOK_H

#include "case/decode.h"
#include "case/row.h"
#include "lib/format/biff.h"
#include "lib/format/cellnum.h"

/*
 * stream	all of the workbook; biff looks into it
 * from1904	how its dates count
 * sheet	worksheets, and where each begins in the stream
 * xf		the format of each kind of cell: its number, then what it makes
 *		of a number (enum case_cell_form)
 * form		of format i, plus 1; 0: no code was met for it
 * shared	the texts that cells share, behind each other
 * shared_end	where each of them ends
 */
struct case_xls_book {
	struct case_buf stream;
	struct case_biff biff;
	bool from1904;
	struct case_sheet *sheet;
	uint32_t *sheet_at;
	size_t sheet_n;
	uint16_t *xf;
	size_t xf_n;
	unsigned char *form;
	struct case_buf shared;
	size_t *shared_end;
	size_t shared_n;
	size_t shared_cap;
};

/*
 * Loads a workbook into a zeroed book, which the caller frees in any case.
 * What is no workbook or is encrypted is refused by its name (CASE_EDATA).
 */
enum case_status case_xls_book_open(struct case_xls_book *book,
    struct case_input *in, const struct case_limits *limits,
    struct case_error *err);
void case_xls_book_free(struct case_xls_book *book);

/* CASE_EDATA: the file is damaged, with what to do. */
enum case_status case_xls_damaged(struct case_error *err);
/* CASE_EDATA: texts are in a code page that can't be read here. */
enum case_status case_xls_page(const struct case_biff *b,
    struct case_error *err);

/* What a cell of that kind makes of a number. */
enum case_cell_form case_xls_form(const struct case_xls_book *book, size_t xf);
/* A shared text; false: there is none with that number. */
bool case_xls_shared(const struct case_xls_book *book, size_t i,
    struct case_str *text);

#endif
