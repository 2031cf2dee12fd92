/* vanish.h - records that a complete export no longer has */
#ifndef STORE_VANISH_H
#define STORE_VANISH_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/store/sqlite.h"

/* The batch has every record of these days. */
enum case_status case_vanish_complete(struct case_store *st, int64_t batch,
    int64_t first, int64_t last, struct case_error *err);
/*
 * Finds anew what has vanished of a type, behind every batch: it may bring back
 * what was gone, be complete itself, or date a record so that it was due
 * before.
 */
enum case_status case_vanish_refresh(struct case_store *st,
    const struct case_store_type *type, struct case_error *err);
/*
 * The same as it stood behind batch as_of, of all types: the rows of that
 * as_of in the temporary table vanished_past (as_of, type, record, day). Made
 * once, also by a reader.
 */
enum case_status case_vanish_past(struct case_store *st, int64_t as_of,
    struct case_error *err);

#endif
