/* funcextra.c - one value out of a record's unmapped columns */
#include <string.h>

#include "case/text.h"
#include "lib/store/funcextra.h"

struct scan {
	const char *p, *end;
};

static void
skip_space(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' ||
				    *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

static bool
skip_char(struct scan *s, char c)
{
	skip_space(s);
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

static bool
get_hex(struct scan *s, uint32_t *c)
{
	*c = 0;
	if (s->end - s->p < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		char h = *s->p++;
		uint32_t d;

		if (h >= '0' && h <= '9')
			d = (uint32_t)(h - '0');
		else if (h >= 'a' && h <= 'f')
			d = (uint32_t)(h - 'a' + 10);
		else if (h >= 'A' && h <= 'F')
			d = (uint32_t)(h - 'A' + 10);
		else
			return false;
		*c = *c << 4 | d;
	}
	return true;
}

/* The character behind a backslash; \u pairs become one character. */
static bool
get_escape(struct case_buf *out, struct scan *s)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;
	uint32_t c, low;
	char e;

	if (s->p == s->end)
		return false;
	e = *s->p++;
	if (e != 'u') {
		if (e == '\0' || (at = strchr(from, e)) == NULL)
			return false;
		case_buf_addc(out, to[at - from]);
		return true;
	}
	if (!get_hex(s, &c))
		return false;
	if (c >= 0xd800 && c < 0xdc00 && s->end - s->p >= 6 &&
	    s->p[0] == '\\' && s->p[1] == 'u') {
		s->p += 2;
		if (!get_hex(s, &low))
			return false;
		c = low >= 0xdc00 && low < 0xe000
			? 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00)
			: 0xfffd;
	}
	case_utf8_put(out, c);
	return true;
}

/* A string behind its opening quote, up to and with the closing one. */
static bool
get_string(struct case_buf *out, struct scan *s)
{
	const char *from = s->p;

	while (s->p < s->end && *s->p != '"') {
		if (*s->p != '\\') {
			s->p++;
			continue;
		}
		case_buf_add(out, from, (size_t)(s->p++ - from));
		if (!get_escape(out, s))
			return false;
		from = s->p;
	}
	if (s->p == s->end)
		return false;
	case_buf_add(out, from, (size_t)(s->p++ - from));
	return !out->failed;
}

/* A number, true, false, null, or an array or object with what is in it. */
static bool
skip_other(struct scan *s)
{
	size_t depth = 0;
	bool quoted = false;

	for (; s->p < s->end; s->p++) {
		if (quoted && *s->p == '\\' && s->end - s->p > 1)
			s->p++;
		else if (*s->p == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (*s->p == '[' || *s->p == '{')
			depth++;
		else if (depth == 0 && (*s->p == ',' || *s->p == '}'))
			return true;
		else if ((*s->p == ']' || *s->p == '}') && depth-- == 0)
			return false;
	}
	return false;
}

/* The value at s, appended to out as text. */
static bool
get_value(struct case_buf *out, struct scan *s)
{
	const char *from;
	size_t n;

	skip_space(s);
	if (skip_char(s, '"'))
		return get_string(out, s);
	from = s->p;
	if (!skip_other(s))
		return false;
	n = (size_t)(s->p - from);
	while (n > 0 && strchr(" \t\n\r", from[n - 1]) != NULL)
		n--;
	if (n != 4 || memcmp(from, "null", 4) != 0)
		case_buf_add(out, from, n);
	return !out->failed;
}

bool
case_func_extra(struct case_buf *out, struct case_str json,
    struct case_str header)
{
	struct scan s = { json.p, json.p + json.n };
	bool found;

	if (!skip_char(&s, '{'))
		return false;
	do {
		if (!skip_char(&s, '"') || !get_string(out, &s) ||
		    !skip_char(&s, ':'))
			return false;
		found = out->n == header.n &&
			memcmp(case_buf_str(out), header.p, header.n) == 0;
		case_buf_reset(out);
		if (!get_value(out, &s))
			return false;
		if (found)
			return out->n > 0;
		case_buf_reset(out);
	} while (skip_char(&s, ','));
	return false;
}
