/* cellnum.h - what the number in a workbook's cell says, as text */
#ifndef CASE_FORMAT_CELLNUM_H
#define CASE_FORMAT_CELLNUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"

/* What a number format makes of a number. */
enum case_cell_form {
	CASE_CELL_NUMBER,
	CASE_CELL_DATE,	  /* with or without a time */
	CASE_CELL_TIME,	  /* of a day: h:mm */
	CASE_CELL_ELAPSED /* [h]:mm, which may be more than a day */
};

/*
 * By the number of a format that has no code of its own: the ones all
 * workbooks know, those of East Asia included (ECMA-376 part 1, 18.8.30).
 */
enum case_cell_form case_cell_form_builtin(uint32_t id);

/*
 * By the code of a format, UTF-8: a date is one with a year, month, day, era
 * or weekday in its first section, outside quotes and brackets.
 */
enum case_cell_form case_cell_form_code(const char *p, size_t n);

/*
 * Appends the text of a number: the 15 digits that a spreadsheet shows of it,
 * without zeros that say nothing (with an exponent when it has more than 15
 * digits before the point), or, of a date, 2023-06-12, 2023-06-12T08:30:00
 * (when it is not midnight), of a time 08:30:00, of elapsed time 255:10:10.
 * Seconds are rounded. A number that is no date of its system stays a number.
 */
void case_cell_number(struct case_buf *out, double v, enum case_cell_form form,
    bool from1904);

/*
 * Appends a date that is written as text, in the same form: parts of a second
 * and a Z behind it go, so do T00:00:00 and, before a time, the day zero of a
 * calendar (1899-12-30, 1899-12-31, 1900-01-00, 1904-01-01). Text of another
 * shape is appended as it is.
 */
void case_cell_iso(struct case_buf *out, const char *p, size_t n);

#endif
