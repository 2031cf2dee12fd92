/* aside.h - rows that are no records: totals, signatures, repeated headers */
#ifndef CASE_MODEL_ASIDE_H
#define CASE_MODEL_ASIDE_H

#include "case/clean.h"

#include "lib/model/cell.h"

struct aside;

/* rt and m are borrowed. */
enum case_status aside_new(struct aside **out, const struct case_rtype *rt,
    const struct case_mapping *m, struct case_error *err);
void aside_free(struct aside *a);

/*
 * Whether a row is to be set aside: CASE_RECORD when it is not. first is its
 * first cell that is not empty.
 */
enum case_outcome aside_row(struct aside *a, struct cell_room *room,
    const struct case_row *row, size_t first);

/*
 * Whether a row that is not set aside is a header of other columns than the
 * file's: its first cell, another one and half of all say what the header says.
 */
bool aside_other_header(const struct aside *a, const struct case_row *row,
    size_t first);

#endif
