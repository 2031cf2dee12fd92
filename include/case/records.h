/* records.h - records as tables: columns, labels, provenance */
#ifndef CASE_RECORDS_H
#define CASE_RECORDS_H

#include <stddef.h>

#include "case/error.h"
#include "case/expr.h"
#include "case/rtype.h"
#include "case/store.h"
#include "case/table.h"
#include "case/value.h"

/*
 * Adds a column for each listed field of rt, with its label, unit and privacy
 * class; then "extra" and the provenance _file _sheet _line _batch.
 */
void case_records_columns(struct case_table *t, const struct case_rtype *rt,
    const int *field, size_t field_n, enum case_lang lang);
/* A code's value as its label; others as they are. */
void case_records_label(struct case_value *v, const struct case_field *f,
    enum case_lang lang);

/*
 * Writes the records that a question finds as one table of kind records,
 * in the order they were stored. All fields that have a value in any of them.
 *
 * q	rt, where, record, as_of, from, to, today; its columns are set here
 * n	out: how many; may be NULL
 */
enum case_status case_records_write(struct case_writer *w,
    struct case_store *st, const struct case_query *q, const char *name,
    const char *title, enum case_lang lang,
    void (*describe)(void *arg, struct case_table *t), void *arg, size_t *n,
    struct case_error *err);

#endif
