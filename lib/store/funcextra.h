/* funcextra.h - one value out of a record's unmapped columns */
#ifndef STORE_FUNCEXTRA_H
#define STORE_FUNCEXTRA_H

#include <stdbool.h>

#include "case/buf.h"
#include "case/value.h"

/*
 * Appends the value under header in a JSON object of one level, as text: a
 * string unescaped, anything else as it stands. false: no such header, null,
 * an empty string, or no JSON object. Nothing is allocated but out, which is
 * also used to compare and has to be empty.
 */
bool case_func_extra(struct case_buf *out, struct case_str json,
    struct case_str header);

#endif
