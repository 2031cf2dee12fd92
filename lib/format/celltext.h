/* celltext.h - a number that a workbook in XML holds as text */
#ifndef CASE_FORMAT_CELLTEXT_H
#define CASE_FORMAT_CELLTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "case/buf.h"
#include "lib/format/cellnum.h"

/*
 * The number is what stands in b from at on, without blanks around it; it is
 * replaced by what case_cell_number makes of it. Digits alone stay as they
 * are, however many (18 of an ID do not fit a double), unless they are a date;
 * so does what is no number.
 */
void case_cell_text(struct case_buf *b, size_t at, enum case_cell_form form,
    bool from1904);

#endif
