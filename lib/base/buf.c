/* buf.c - the growing byte buffer */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/buf.h"

bool
case_buf_reserve(struct case_buf *b, size_t more)
{
	size_t cap, need;
	char *p;

	if (b->failed || more > SIZE_MAX / 2 - b->n - 1) {
		b->failed = true;
		return false;
	}
	need = b->n + more + 1;
	if (need <= b->cap)
		return true;
	cap = b->cap < 64 ? 64 : b->cap;
	while (cap < need)
		cap += cap / 2;
	if ((p = realloc(b->p, cap)) == NULL) {
		b->failed = true;
		return false;
	}
	b->p = p;
	b->cap = cap;
	return true;
}

void
case_buf_add(struct case_buf *b, const char *p, size_t n)
{
	if ((b->failed || n >= b->cap - b->n) && !case_buf_reserve(b, n))
		return;
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void
case_buf_adds(struct case_buf *b, const char *s)
{
	case_buf_add(b, s, strlen(s));
}

void
case_buf_addc(struct case_buf *b, char c)
{
	case_buf_add(b, &c, 1);
}

void
case_buf_addf(struct case_buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !case_buf_reserve(b, (size_t)n)) {
		b->failed = true;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

void
case_buf_reset(struct case_buf *b)
{
	b->n = 0;
	b->failed = false;
	if (b->p != NULL)
		b->p[0] = '\0';
}

void
case_buf_free(struct case_buf *b)
{
	free(b->p);
	*b = (struct case_buf){ 0 };
}

const char *
case_buf_str(struct case_buf *b)
{
	return b->p == NULL ? "" : b->p;
}
