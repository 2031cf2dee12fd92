/* tableesc.h - the escapes of a case-table, for its reader and its writer */
#ifndef CASE_FORMAT_TABLEESC_H
#define CASE_FORMAT_TABLEESC_H

#include <stdbool.h>
#include <stddef.h>

#include "case/buf.h"

/*
 * Appends one value with TAB, LF, CR and backslash as \t, \n, \r and \\.
 * For every value of a row but the first, and for every part of a ## line
 * behind its keyword.
 */
void case_table_escape(struct case_buf *out, const char *p, size_t n);

/*
 * The same for the first value of a line, a data row or the header line: one
 * that begins with ## begins with \## instead.
 */
void case_table_escape_first(struct case_buf *out, const char *p, size_t n);

/*
 * Undoes both in place, since the text only gets shorter; *n becomes its new
 * length. False when a backslash is followed by anything but t n r \ #, or
 * by nothing; p is then not to be used.
 */
bool case_table_unescape(char *p, size_t *n);

#endif
