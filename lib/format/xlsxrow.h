/* xlsxrow.h - a row of a sheet as XML */
#ifndef CASE_FORMAT_XLSXROW_H
#define CASE_FORMAT_XLSXROW_H

#include <stdbool.h>
#include <stdint.h>

#include "case/buf.h"
#include "case/value.h"

/* Letters of a column, counted from 0: A .. XFD. */
struct case_xlsx_letters {
	char s[4];
};
struct case_xlsx_letters case_xlsx_letters(size_t column);

/*
 * Appends one cell. Numbers are written with the digits that read back the
 * same; what a spreadsheet would change (table.h) becomes text.
 *
 * letters	of the column
 * row		counted from 1, in digits
 * style	by the type of value
 * text, tmp	room for work
 *
 * Returns whether a text had to be cut. out->failed says that memory ran out.
 */
bool case_xlsx_cell(struct case_buf *out, const char *letters, const char *row,
    const int *style, const struct case_value *v, struct case_buf *text,
    struct case_buf *tmp);

#endif
