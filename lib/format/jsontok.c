/* jsontok.c - a strict tokenizer of JSON (RFC 8259) over bytes that are held */
#include <stdint.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/format/jsontok.h"

bool
json_fail(struct json_scan *s, const char *fault)
{
	if (s->fault == NULL)
		s->fault = fault;
	return false;
}

void
json_spoil(struct json_scan *s, const char *fault)
{
	if (s->soft == NULL && s->fault == NULL) {
		s->soft = fault;
		s->soft_at = s->p;
	}
}

void
json_space(struct json_scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' ||
				    *s->p == '\r' || *s->p == '\n'))
		s->p++;
}

bool
json_is(struct json_scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

bool
json_enter(struct json_scan *s)
{
	if (s->depth >= s->depth_max) {
		s->too_deep = s->fault == NULL;
		return json_fail(s, N_("JSON is nested too deeply"));
	}
	s->depth++;
	return true;
}

/* --- strings ------------------------------------------------------------ */

static bool
is_special(char c)
{
	return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

/* To the next byte that is_special, eight at a time while there are so many. */
static const char *
plain_end(const char *p, const char *end)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t high = UINT64_C(0x8080808080808080);
	uint64_t x, quote, slash, found;

	while (end - p >= (ptrdiff_t)sizeof(x)) {
		memcpy(&x, p, sizeof(x));
		quote = x ^ ones * '"';
		slash = x ^ ones * '\\';
		found = (x - ones * 0x20) & ~x;
		found |= (quote - ones) & ~quote;
		found |= (slash - ones) & ~slash;
		if (found & high)
			break;
		p += sizeof(x);
	}
	while (p < end && !is_special(*p))
		p++;
	return p;
}

/* Four hex digits behind \u; false: the string is spoilt. */
static bool
hex4(struct json_scan *s, uint32_t *c)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	*c = 0;
	for (int i = 0; i < 4; i++, s->p++) {
		const char *d = s->p < s->end
				    ? memchr(digits, *s->p, sizeof(digits) - 1)
				    : NULL;
		size_t v;

		if (d == NULL) {
			json_spoil(s,
			    N_("an escape \\u lacks its four hex digits"));
			return false;
		}
		v = (size_t)(d - digits);
		*c = *c << 4 | (uint32_t)(v < 16 ? v : v - 6);
	}
	return true;
}

/* Behind \u: one character, which may be a pair of surrogates. */
static void
scan_unicode(struct json_scan *s, uint32_t *c)
{
	static const char half[] =
	    N_("a JSON string holds half a surrogate pair");
	uint32_t low;

	if (!hex4(s, c))
		return;
	if (*c == 0)
		json_spoil(s, N_("a JSON string holds \\u0000"));
	if (*c < 0xd800 || *c > 0xdfff)
		return;
	if (*c > 0xdbff || s->end - s->p < 2 || s->p[0] != '\\' ||
	    s->p[1] != 'u') {
		json_spoil(s, half);
		return;
	}
	s->p += 2;
	if (!hex4(s, &low))
		return;
	if (low < 0xdc00 || low > 0xdfff)
		json_spoil(s, half);
	*c = 0x10000 + ((*c - 0xd800) << 10) + ((low - 0xdc00) & 0x3ff);
}

/* Behind a backslash. What stands behind it is passed, be it good or not. */
static void
scan_escape(struct json_scan *s, uint32_t *c)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char means[] = "\"\\/\b\f\n\r\t";
	const char *l;

	*c = '?';
	if (json_is(s, 'u')) {
		scan_unicode(s, c);
		return;
	}
	l = s->p < s->end ? memchr(letters, *s->p, sizeof(letters) - 1) : NULL;
	if (l == NULL) {
		json_spoil(s, N_("a JSON string holds an unknown escape"));
		return;
	}
	s->p++;
	*c = (unsigned char)means[l - letters];
}

bool
json_string(struct json_scan *s, struct case_str *raw, bool *escaped)
{
	uint32_t c;

	raw->p = s->p;
	*escaped = false;
	for (;;) {
		s->p = plain_end(s->p, s->end);
		if (s->p == s->end)
			return json_fail(s, N_("a JSON string is not closed"));
		if (*s->p == '"')
			break;
		if (*s->p != '\\') {
			json_spoil(s,
			    N_("a control character stands bare in a JSON "
			       "string"));
			s->p++;
			continue;
		}
		s->p++;
		*escaped = true;
		scan_escape(s, &c);
	}
	raw->n = (size_t)(s->p++ - raw->p);
	return true;
}

void
json_decode(struct case_buf *text, struct case_str raw)
{
	struct json_scan s = { .p = raw.p, .end = raw.p + raw.n };
	uint32_t c;

	while (s.p < s.end) {
		const char *q = plain_end(s.p, s.end);

		/* A control character, of a string that is spoilt anyway. */
		if (q == s.p && *q != '\\')
			q++;
		case_buf_add(text, s.p, (size_t)(q - s.p));
		s.p = q;
		if (json_is(&s, '\\')) {
			scan_escape(&s, &c);
			if (s.soft == NULL)
				case_utf8_put(text, c);
		}
	}
}

/* --- other values ------------------------------------------------------- */

static size_t
skip_digits(struct json_scan *s)
{
	const char *from = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return (size_t)(s->p - from);
}

static bool
scan_number(struct json_scan *s)
{
	static const char bad[] = N_("a JSON number is malformed");

	json_is(s, '-');
	if (!json_is(s, '0') && skip_digits(s) == 0)
		return json_fail(s, bad);
	if (json_is(s, '.') && skip_digits(s) == 0)
		return json_fail(s, bad);
	if (json_is(s, 'e') || json_is(s, 'E')) {
		if (!json_is(s, '+'))
			json_is(s, '-');
		if (skip_digits(s) == 0)
			return json_fail(s, bad);
	}
	return true;
}

static bool
scan_word(struct json_scan *s, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
		return json_fail(s, N_("a JSON value is expected"));
	s->p += n;
	return true;
}

/* A value that has no brackets. */
static bool
scan_scalar(struct json_scan *s)
{
	struct case_str raw;
	bool escaped;

	switch (s->p < s->end ? *s->p : '\0') {
	case '"':
		s->p++;
		return json_string(s, &raw, &escaped);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		return scan_number(s);
	default:
		return json_fail(s, N_("a JSON value is expected"));
	}
}

bool
json_key(struct json_scan *s, struct case_str *raw, bool *escaped)
{
	json_space(s);
	if (!json_is(s, '"'))
		return json_fail(s, N_("a JSON key in quotes is expected"));
	if (!json_string(s, raw, escaped))
		return false;
	json_space(s);
	if (!json_is(s, ':'))
		return json_fail(s,
		    N_("a colon is expected behind a JSON key"));
	json_space(s);
	return true;
}

bool
json_more(struct json_scan *s, char close)
{
	json_space(s);
	if (json_is(s, ','))
		return true;
	if (!json_is(s, close))
		json_fail(s,
		    N_("a comma or a closing bracket is expected in JSON"));
	return false;
}

/*
 * A value's first token: all of it, or an opening bracket, which is put on
 * the stack with what comes before its first value. *inside: that follows.
 */
static bool
begin_value(struct json_scan *s, bool *inside)
{
	struct case_str key;
	bool escaped;
	char close;

	*inside = false;
	if (s->p == s->end || (*s->p != '{' && *s->p != '['))
		return scan_scalar(s);
	close = *s->p == '{' ? '}' : ']';
	if (!json_enter(s))
		return false;
	s->p++;
	json_space(s);
	if (json_is(s, close)) {
		s->depth--;
		return true;
	}
	case_buf_addc(s->stack, close);
	*inside = true;
	return close == ']' || json_key(s, &key, &escaped);
}

/* Behind a value: closes brackets down to base, until another is to come. */
static bool
end_value(struct json_scan *s, size_t base)
{
	struct case_str key;
	bool escaped;

	while (s->stack->n > base) {
		char close = s->stack->p[s->stack->n - 1];

		if (json_more(s, close)) {
			json_space(s);
			return close == ']' || json_key(s, &key, &escaped);
		}
		if (s->fault != NULL)
			return false;
		s->stack->n--;
		s->depth--;
	}
	return true;
}

/* Without recursion, since the depth is the caller's to limit. */
bool
json_value(struct json_scan *s)
{
	size_t base = s->stack->n;
	bool inside, good;

	do {
		good = begin_value(s, &inside);
		if (s->stack->failed)
			good = json_fail(s, N_("out of memory"));
		if (good && !inside)
			good = end_value(s, base);
	} while (good && s->stack->n > base);
	s->stack->n = base;
	return good;
}
