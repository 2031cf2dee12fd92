/* fixed.h - what a layout says of every row */
#ifndef CASE_MODEL_FIXED_H
#define CASE_MODEL_FIXED_H

#include "case/layout.h"

/*
 * Reads "fixed" of a layout whose columns and calendar are read. CASE_EDATA
 * for a field that is none or that a column is read as, and for a value that
 * its field can't read.
 */
enum case_status fixed_read(struct case_layout *l, const struct case_json *json,
    const struct case_rtype *rt, struct case_error *err);
/* Appends it as it is read; nothing when there is none. */
void fixed_print(struct case_buf *out, const struct case_layout *l);
void fixed_free(struct case_layout *l);

#endif
