/* tableesc.c - the escapes of a case-table */
#include <string.h>

#include "lib/format/tableesc.h"

/* The letter behind the backslash; 0: the byte stands for itself. */
static const char escape_of[256] = {
	['\t'] = 't',
	['\n'] = 'n',
	['\r'] = 'r',
	['\\'] = '\\',
};

void
case_table_escape(struct case_buf *out, const char *p, size_t n)
{
	size_t i, from = 0;

	for (i = 0; i < n; i++) {
		char pair[2] = { '\\', escape_of[(unsigned char)p[i]] };

		if (pair[1] == '\0')
			continue;
		case_buf_add(out, p + from, i - from);
		case_buf_add(out, pair, sizeof(pair));
		from = i + 1;
	}
	case_buf_add(out, p + from, n - from);
}

void
case_table_escape_first(struct case_buf *out, const char *p, size_t n)
{
	if (n >= 2 && p[0] == '#' && p[1] == '#')
		case_buf_addc(out, '\\');
	case_table_escape(out, p, n);
}

static bool
unescape_letter(char letter, char *c)
{
	switch (letter) {
	case 't':
		*c = '\t';
		return true;
	case 'n':
		*c = '\n';
		return true;
	case 'r':
		*c = '\r';
		return true;
	case '\\':
	case '#':
		*c = letter;
		return true;
	default:
		return false;
	}
}

bool
case_table_unescape(char *p, size_t *n)
{
	const char *end = p + *n;
	const char *from;
	char *to;

	if (*n == 0 || (to = memchr(p, '\\', *n)) == NULL)
		return true;
	for (from = to; from < end; from++, to++) {
		if (*from != '\\') {
			*to = *from;
			continue;
		}
		if (++from == end || !unescape_letter(*from, to))
			return false;
	}
	*n = (size_t)(to - p);
	return true;
}
