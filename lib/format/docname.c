/* docname.c - what the name of a document's file says of it */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "lib/format/docname.h"

#define WIDE_BLANK "\xe3\x80\x80"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
begins(struct case_str s, const char *word)
{
	size_t n = strlen(word);

	return s.n >= n && memcmp(s.p, word, n) == 0;
}

static struct case_str
from(struct case_str s, size_t i)
{
	return (struct case_str){ s.p + i, s.n - i };
}

/* Bytes of a blank or '_' that s begins with; 0: none. */
static size_t
separator(struct case_str s)
{
	if (s.n > 0 && strchr(" \t_", s.p[0]) != NULL && s.p[0] != '\0')
		return 1;
	return begins(s, WIDE_BLANK) ? strlen(WIDE_BLANK) : 0;
}

static size_t
count_digits(struct case_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += is_digit(s.p[i]);
	return n;
}

/* A year, and nothing but digits and signs of dates behind it. */
static bool
is_date(struct case_str s)
{
	static const char *const signs[] = { "-", ".", "年", "月", "日" };
	size_t n = count_digits(s);
	bool parted = false;

	if (n < 6 || n > 8 || (!begins(s, "19") && !begins(s, "20")))
		return false;
	while (s.n > 0) {
		size_t skip = is_digit(s.p[0]);

		for (size_t i = 0; skip == 0 && i < 5; i++)
			if (begins(s, signs[i]))
				skip = strlen(signs[i]);
		if (skip == 0)
			return false;
		parted = parted || !is_digit(s.p[0]);
		s = from(s, skip);
	}
	return n == 8 || parted;
}

/* Without the number of a copy: "(2)", "（2）", up to two digits. */
static struct case_str
drop_copy(struct case_str s)
{
	static const char *const brackets[][2] = { { "(", ")" },
		{ "（", "）" } };
	struct case_str t = s;
	size_t digits = 0, k;

	for (k = 0; k < 2; k++) {
		size_t n = strlen(brackets[k][1]);

		if (t.n > n && memcmp(t.p + t.n - n, brackets[k][1], n) == 0) {
			t.n -= n;
			break;
		}
	}
	while (t.n > 0 && is_digit(t.p[t.n - 1])) {
		t.n--;
		digits++;
	}
	if (k < 2) {
		size_t n = strlen(brackets[k][0]);

		if (digits == 0 || t.n < n ||
		    memcmp(t.p + t.n - n, brackets[k][0], n) != 0)
			return s;
		t.n -= n;
	} else if (digits > 2 || t.n == 0 || (unsigned char)t.p[t.n - 1] < 0x80)
		return s;
	while (t.n > 0 && t.p[t.n - 1] == ' ')
		t.n--;
	return t.n > 0 ? t : s;
}

/* Something with a digit that is neither a date nor the count of copies. */
static bool
is_number(struct case_str s)
{
	return count_digits(drop_copy(s)) > 0 && !is_date(s);
}

/*
 * How long the document number is that s begins with: to the 号 behind a year
 * in brackets; 0: it does not.
 */
static size_t
document_number(struct case_str s)
{
	static const char *const brackets[][2] = { { "〔", "〕" }, { "[", "]" },
		{ "［", "］" }, { "(", ")" }, { "（", "）" }, { "【", "】" } };
	const size_t n = sizeof(brackets) / sizeof(brackets[0]);
	bool year = false;

	for (size_t i = 0; i < s.n; i++) {
		struct case_str at = from(s, i);

		if (year && begins(at, "号"))
			return i + strlen("号");
		for (size_t k = 0; k < n && !year; k++) {
			size_t open = strlen(brackets[k][0]);
			struct case_str in;

			if (!begins(at, brackets[k][0]))
				continue;
			in = from(at, open);
			year =
			    in.n > 4 &&
			    (begins(in, "19") || begins(in, "20")) &&
			    count_digits((struct case_str){ in.p, 4 }) == 4 &&
			    begins(from(in, 4), brackets[k][1]);
		}
	}
	return 0;
}

/* Latin letters, digits and '-' before other letters; 0: none of those. */
static size_t
latin_prefix(struct case_str s)
{
	size_t i = 0;

	while (i < s.n && (unsigned char)s.p[i] < 0x80)
		i++;
	return i < s.n ? i : 0;
}

static void
take_part(struct case_docname *d, struct case_str part)
{
	size_t latin = latin_prefix(part);
	struct case_str head = { part.p, latin };

	if (part.n == 0)
		return;
	if (is_date(part)) {
		if (d->dated_on.n == 0)
			d->dated_on = part;
	} else if (d->case_no.n == 0 && is_number(part)) {
		if (is_number(head)) {
			d->case_no = head;
			take_part(d, from(part, latin));
		} else {
			d->case_no = part;
		}
	} else if (d->kind.n == 0 && count_digits(part) < part.n) {
		d->kind = drop_copy(part);
	}
}

static void
take_parts(struct case_docname *d, struct case_str s)
{
	size_t i = 0, skip;

	while (i < s.n) {
		if ((skip = separator(from(s, i))) == 0) {
			i++;
			continue;
		}
		take_part(d, (struct case_str){ s.p, i });
		s = from(s, i + skip);
		i = 0;
	}
	take_part(d, s);
}

static bool
is_archive(struct case_str s)
{
	return (s.n > 4 && strncasecmp(s.p + s.n - 4, ".zip", 4) == 0) ||
	       (s.n > 3 && strncasecmp(s.p + s.n - 3, ".gz", 3) == 0);
}

/* The number in the nearest of the folders. */
static void
take_folder(struct case_docname *d, struct case_str folders)
{
	while (d->case_no.n == 0 && folders.n > 0) {
		struct case_docname of = { .case_no = { "", 0 } };
		size_t at = folders.n - 1; /* behind it stands a '/' */
		size_t begin = at;
		struct case_str one;

		while (begin > 0 && folders.p[begin - 1] != '/')
			begin--;
		one = (struct case_str){ folders.p + begin, at - begin };
		if (!is_archive(one)) {
			size_t n = document_number(one);

			of.case_no = (struct case_str){ one.p, n };
			if (n == 0)
				take_parts(&of, one);
		}
		d->case_no = of.case_no;
		folders.n = begin;
	}
}

void
case_docname_parse(struct case_docname *d, const char *path)
{
	const struct case_str none = { "", 0 };
	const char *base = strrchr(path, '/');
	const char *dot;
	struct case_str s;
	size_t n;

	base = base != NULL ? base + 1 : path;
	dot = strrchr(base, '.');
	s = (struct case_str){ base, dot != NULL && dot > base
					 ? (size_t)(dot - base)
					 : strlen(base) };
	*d = (struct case_docname){ .name = { base, strlen(base) },
		.case_no = none,
		.kind = none,
		.dated_on = none };
	if ((n = document_number(s)) > 0) {
		d->case_no = (struct case_str){ s.p, n };
		s = from(s, n);
	}
	take_parts(d, s);
	take_folder(d, (struct case_str){ path, (size_t)(base - path) });
}
