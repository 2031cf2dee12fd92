/* mask.h - personal data is masked before it reaches a reader */
#ifndef CASE_MASK_H
#define CASE_MASK_H

#include <stdbool.h>
#include <stddef.h>

#include "case/buf.h"
#include "case/error.h"
#include "case/rtype.h"
#include "case/table.h"

/*
 * names	persons' names too: for what is published
 * unmask	columns to be left as they are; NULL-terminated, or NULL
 */
struct case_mask_options {
	bool names;
	const char *const *unmask;
};

/*
 * A writer that masks what passes through it on to inner, which it then owns:
 * columns by their privacy class, and every text cell by what is found in it
 * (case_mask_text). Titles, labels and metas pass through case_mask_text too.
 *
 * Law: 个人信息保护法 Art. 6, 28, 34; 行政处罚法 Art. 50.
 */
enum case_status case_mask_open(struct case_writer **out,
    struct case_writer *inner, const struct case_mask_options *options,
    struct case_error *err);

/*
 * Appends text with the resident IDs (18 digits with a right check digit; 15
 * with a plausible date), mobile and fixed phone numbers in it masked: full-
 * width digits, spaces or hyphens between digits, and x or X at the end too.
 * A longer run of digits (a case number), a USCC and an organisation code are
 * left alone.
 */
void case_mask_text(struct case_buf *out, const char *p, size_t n);
/* One value of a class. NONE is case_mask_text. */
void case_mask_value(struct case_buf *out, enum case_privacy privacy,
    const char *p, size_t n);
/*
 * Appends a row as it stood in its file, masked cell by cell: each by the class
 * of the field that its column was read as (names stay). header is that of its
 * batch, as in case_batch_facts. A row that can't be parted into as many cells
 * is masked as free text or, when one of them is an address, not shown at all.
 */
enum case_status case_mask_row(struct case_buf *out,
    const struct case_rtype *rt, const char *header, struct case_str row,
    struct case_error *err);

#endif
