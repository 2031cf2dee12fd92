/* encode.h - UTF-8 into the encoding that old spreadsheets expect */
#ifndef CASE_ENCODE_H
#define CASE_ENCODE_H

#include <stddef.h>

#include "case/buf.h"
#include "case/error.h"

/*
 * Appends p[0..n), whole characters of UTF-8, to out as GB18030. CASE_EDATA
 * names the first character that GB18030 has no code for, or the byte that is
 * no UTF-8; out then holds what came before it.
 */
enum case_status case_encode_gb18030(struct case_buf *out, const char *p,
    size_t n, struct case_error *err);

#endif
