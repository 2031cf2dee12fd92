/* record.h - one clean, typed record on its way to the store */
#ifndef CASE_RECORD_H
#define CASE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "case/value.h"

/*
 * line		physical line in the source
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
 */
struct case_record {
	size_t line;
	struct case_value *v;
	struct case_str extra;
	struct case_str blank;
	struct case_str raw;
};

#endif
