/* xlsxtext.h - text and names as a workbook can hold them */
#ifndef CASE_FORMAT_XLSXTEXT_H
#define CASE_FORMAT_XLSXTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "case/buf.h"
#include "case/table.h"

/*
 * Empties out and fills it with text for a cell: line breaks and tabs stay,
 * everything else that XML or a screen cannot take is made visible, and _x0041_
 * is kept from being read as an escape. Cut at 32767 UTF-16 units with a "…"
 * at its end; returns whether it was. tmp is room for work.
 */
bool case_xlsx_text(struct case_buf *out, struct case_buf *tmp, const char *p,
    size_t n);

/* Names of the sheets there are; each has a NUL behind it. */
struct case_xlsx_names {
	struct case_buf keys; /* in the form in which they are compared */
};

/*
 * Empties out and fills it with a sheet name like wanted: at most 31 UTF-16
 * units, without []:*?/\ (which become their wide forms), and, by "(2)" and so
 * on, unlike every name before it, which it joins. out->failed says that memory
 * ran out.
 */
void case_xlsx_name(struct case_xlsx_names *names, struct case_buf *out,
    const char *wanted, enum case_lang lang);

#endif
