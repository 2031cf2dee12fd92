/* record.h - one clean, typed record on its way to the store */
#ifndef CASE_RECORD_H
#define CASE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "case/value.h"

/*
 * Where a row stands in its source: a physical line or, in a workbook of
 * which several sheets were read, one of them (from 1) and the row there. 0 is
 * no sheet; a place in none is the line itself. At most CASE_PLACE_SHEETS
 * sheets, and CASE_PLACE_LINES rows in each.
 */
#define CASE_PLACE_SHEETS 1023
#define CASE_PLACE_LINES 2097151

static inline size_t
case_place(size_t sheet, size_t line)
{
	return sheet == 0 ? line : (size_t)1 << 31 | sheet << 21 | line;
}

static inline size_t
case_place_sheet(size_t place)
{
	return place >> 31 != 1 ? 0 : place >> 21 & CASE_PLACE_SHEETS;
}

static inline size_t
case_place_line(size_t place)
{
	return place >> 31 != 1 ? place : place & CASE_PLACE_LINES;
}

/*
 * line		the place of its row, see case_place
 * v		field_n values in the order of the record type. A coded field
 *		(rtype.h) holds the id of its word in u.i, whatever its type;
 *		for CASE_CODE the word is the code's name
 * extra	JSON object of what no field took: unmapped columns by their
 *		header, and values that did not parse by "FIELD!" (raw text);
 *		n = 0: nothing
 * blank	JSON object of the unmapped columns that were there and empty,
 *		each null, when they were asked for (case_cleaner_keep_blanks);
 *		n = 0: none
 * raw		the source row as read; only needed by a reject
 * digest	from case_batch_digest, or NULL: the store then makes its own
 */
struct case_record {
	size_t line;
	struct case_value *v;
	struct case_str extra;
	struct case_str blank;
	struct case_str raw;
	const struct case_record_digest *digest;
};

#endif
