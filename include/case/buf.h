/* buf.h - the one growing byte buffer */
#ifndef CASE_BUF_H
#define CASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Bytes with a length; p is always NUL-terminated once anything was added and
 * may be NULL before. A failed growth sets failed and drops later additions,
 * so a caller checks once, after building. Zero-initialise: struct case_buf
 * b = { 0 }.
 */
struct case_buf {
	char *p;
	size_t n;
	size_t cap;
	bool failed;
};

void case_buf_add(struct case_buf *b, const char *p, size_t n);
void case_buf_adds(struct case_buf *b, const char *s);
void case_buf_addc(struct case_buf *b, char c);
void case_buf_addf(struct case_buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
bool case_buf_reserve(struct case_buf *b, size_t more);
void case_buf_reset(struct case_buf *b); /* n = 0, memory kept */
void case_buf_free(struct case_buf *b);	 /* back to zero */
const char *case_buf_str(struct case_buf *b); /* never NULL */

#endif
