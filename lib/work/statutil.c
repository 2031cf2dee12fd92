/* statutil.c - texts, arrays and lists of the statistics engine */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/work/stat_int.h"

char *
stat_dup(const char *p, size_t n)
{
	char *s = malloc(n + 1);

	if (s == NULL)
		return NULL;
	if (n > 0)
		memcpy(s, p, n);
	s[n] = '\0';
	return s;
}

static char *__attribute__((format(printf, 1, 0)))
printf_va(const char *fmt, va_list ap)
{
	char *s = NULL;

	return vasprintf(&s, fmt, ap) < 0 ? NULL : s;
}

char *
stat_printf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = printf_va(fmt, ap);
	va_end(ap);
	return s;
}

bool
stat_grow(void *array, size_t n, size_t size)
{
	void **p = array, *more;

	if ((n & (n - 1)) != 0)
		return true;
	if ((more = realloc(*p, (n == 0 ? 1 : 2 * n) * size)) == NULL)
		return false;
	*p = more;
	return true;
}

enum case_status
stat_about(enum case_status rc, const char *option, struct case_error *err)
{
	struct case_error why;

	if (rc != CASE_EUSAGE || err == NULL)
		return rc;
	why = *err;
	return case_error_set(err, rc, why.line, "%s: %s", option, why.what);
}

enum case_status
stat_note(struct case_stat *s, struct case_error *err, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = printf_va(fmt, ap);
	va_end(ap);
	for (size_t i = 0; text != NULL && i < s->note_n; i++)
		if (strcmp(s->note[i], text) == 0) {
			free(text);
			return CASE_OK;
		}
	if (text == NULL || !stat_grow(&s->note, s->note_n, sizeof(*s->note))) {
		free(text);
		return case_error_memory(err);
	}
	s->note[s->note_n++] = text;
	return CASE_OK;
}

/* Where an element ends: at sep outside brackets and quotes, or at the end. */
static const char *
element_end(const char *p, char sep)
{
	char quote = 0;
	int depth = 0;

	for (; *p != '\0'; p++) {
		if (quote != 0)
			quote = *p == quote ? 0 : quote;
		else if (*p == '\'' || *p == '"' || *p == '`')
			quote = *p;
		else if (*p == '(')
			depth++;
		else if (*p == ')')
			depth -= depth > 0;
		else if (*p == sep && depth == 0)
			break;
	}
	return p;
}

bool
stat_list_next(const char **list, char sep, struct case_str *item)
{
	const char *p = *list, *end;

	if (p == NULL)
		return false;
	end = element_end(p, sep);
	*item = case_text_trim(p, (size_t)(end - p));
	*list = *end == '\0' ? NULL : end + 1;
	return true;
}

void
stat_nearest(struct case_buf *out, const char *word, size_t n,
    char *const *names)
{
	const size_t limit = n / 3 + 1;
	const char *best = NULL;
	size_t best_d = limit + 1, d;
	char *w = stat_dup(word, n);

	for (; w != NULL && names != NULL && *names != NULL; names++) {
		d = case_text_distance(w, *names, limit + 1);
		if (d < best_d) {
			best = *names;
			best_d = d;
		}
	}
	if (best != NULL)
		case_buf_addf(out, _("; did you mean %s?"), best);
	free(w);
}
