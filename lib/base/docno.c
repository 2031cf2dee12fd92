/* docno.c - document numbers: 机关代字〔年〕第N号 */
#include <string.h>

#include "case/ident.h"
#include "case/text.h"

enum {
	ORGAN_MAX = 20, /* characters of a 代字 */
	ORGAN_BYTES = ORGAN_MAX * 4,
	NUMBER_MAX = 8,	    /* digits, beside zeros before them */
	SUFFIX_MAX = 14,    /* digits of a child's number */
	TEXT_MAX = 256,	    /* bytes, folded: longer is no number */
	TEXT_RAW_MAX = 1024 /* bytes, full-width and with spaces */
};

/* What every bracket is folded to; the official one is 〔〕 (GB/T 9704). */
#define OPEN "〔"
#define CLOSE "〕"

static bool
is_open(uint32_t c)
{
	return c == '[' || c == '(' || c == '<' || c == 0x3014 /* 〔 */ ||
	       c == 0x3010 /* 【 */ || c == 0xfe5d /* ﹝ */ ||
	       c == 0x3008 /* 〈 */;
}

static bool
is_close(uint32_t c)
{
	return c == ']' || c == ')' || c == '>' || c == 0x3015 /* 〕 */ ||
	       c == 0x3011 /* 】 */ || c == 0xfe5e /* ﹞ */ ||
	       c == 0x3009 /* 〉 */;
}

static bool
is_dash(uint32_t c)
{
	return (c >= 0x2010 && c <= 0x2014) || c == 0x2212;
}

static bool
is_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 ||
	       c == 0x3000 || c == 0x200b || c == 0x202f || c == 0xfeff;
}

/*
 * Whether a character that is folded, or a bracket, may begin with the byte.
 * Bytes within a character never do, so that a text can be walked by bytes.
 */
static bool
may_fold(unsigned char c)
{
	return c <= ' ' || c == 0xc2 || c == 0xe2 || c == 0xe3 || c == 0xe8 ||
	       c == 0xef;
}

static bool
may_open(unsigned char c)
{
	return c == '[' || c == '(' || c == '<' || c == 0xe3 || c == 0xef;
}

/*
 * Appends the text as it is compared: widths and dashes folded, 號 as 号,
 * without white space.
 */
static void
fold(struct case_buf *out, const char *p, size_t n)
{
	const char *run = p, *end = p + n; /* run: stays as it is, not added */
	size_t k;
	uint32_t c;

	for (; p < end; p += k) {
		bool wide, dash;

		k = 1;
		if (!may_fold((unsigned char)*p))
			continue;
		k = case_utf8_get(p, (size_t)(end - p), &c);
		wide = c >= 0xff01 && c <= 0xff5e;
		dash = is_dash(c);
		if (!wide && !dash && c != 0x865f /* 號 */ && !is_space(c))
			continue;
		case_buf_add(out, run, (size_t)(p - run));
		run = p + k;
		if (wide)
			case_buf_addc(out, (char)(c - 0xfee0));
		else if (dash)
			case_buf_addc(out, '-');
		else if (c == 0x865f)
			case_buf_adds(out, "号");
	}
	case_buf_add(out, run, (size_t)(p - run));
}

/* Takes the text when it comes next. */
static bool
accept(struct case_str *s, const char *text)
{
	size_t n = strlen(text);

	if (s->n < n || memcmp(s->p, text, n) != 0)
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

/* Takes all digits that come next, and returns those behind leading zeros. */
static struct case_str
take_digits(struct case_str *s)
{
	size_t n = 0, zeros = 0;
	struct case_str d;

	while (n < s->n && s->p[n] >= '0' && s->p[n] <= '9')
		n++;
	while (zeros + 1 < n && s->p[zeros] == '0')
		zeros++;
	d = (struct case_str){ s->p + zeros, n - zeros };
	s->p += n;
	s->n -= n;
	return d;
}

static int64_t
number_of(struct case_str d)
{
	int64_t v = 0;

	for (size_t i = 0; i < d.n; i++)
		v = v * 10 + (d.p[i] - '0');
	return v;
}

/* Behind the opening bracket: 2023〕第0*12(-1)?号? and the end. */
static bool
parse_rest(struct case_docno *d, struct case_str s)
{
	struct case_str year, number, suffix = { "", 0 };
	uint32_t c;
	size_t k;

	if (s.n < 5)
		return false;
	year = (struct case_str){ s.p, 4 };
	for (size_t i = 0; i < year.n; i++)
		if (year.p[i] < '0' || year.p[i] > '9')
			return false;
	s.p += year.n;
	s.n -= year.n;
	k = case_utf8_get(s.p, s.n, &c);
	if (!is_close(c))
		return false;
	s.p += k;
	s.n -= k;
	accept(&s, "第");
	number = take_digits(&s);
	if (number.n == 0 || number.n > NUMBER_MAX)
		return false;
	if (accept(&s, "-")) {
		suffix = take_digits(&s);
		if (suffix.n == 0 || suffix.n > SUFFIX_MAX)
			return false;
	}
	accept(&s, "号");
	if (s.n != 0)
		return false;
	d->year = (int)number_of(year);
	d->number = number_of(number);
	d->suffix[0] = suffix.n > 0 ? '-' : '\0';
	memcpy(d->suffix + 1, suffix.p, suffix.n);
	d->suffix[1 + suffix.n] = '\0';
	return true;
}

/*
 * Folded text: the first bracket that a whole rest follows, because a 代字
 * may have brackets of its own: (邯)药当行罚[2006]25号.
 */
static bool
parse_folded(struct case_docno *d, const char *p, size_t n)
{
	struct case_docno found;
	size_t end = n <= ORGAN_BYTES ? n : ORGAN_BYTES + 1, k;
	uint32_t c;

	if (n > TEXT_MAX)
		return false;
	for (size_t at = 0, chars = 0; at < end && chars <= ORGAN_MAX; at++) {
		if (((unsigned char)p[at] & 0xc0) == 0x80)
			continue;
		chars++;
		if (at == 0 || !may_open((unsigned char)p[at]))
			continue;
		k = case_utf8_get(p + at, n - at, &c);
		if (!is_open(c) ||
		    !parse_rest(&found,
			(struct case_str){ p + at + k, n - at - k }))
			continue;
		memcpy(found.organ, p, at);
		found.organ[at] = '\0';
		*d = found;
		return true;
	}
	return false;
}

bool
case_docno_parse(struct case_docno *d, const char *p, size_t n)
{
	struct case_buf folded = { 0 };
	bool ok;

	if (n > TEXT_RAW_MAX)
		return false;
	fold(&folded, p, n);
	ok = !folded.failed && parse_folded(d, case_buf_str(&folded), folded.n);
	case_buf_free(&folded);
	return ok;
}

/* printf is too slow for what is done for every case. */
static void
add_digits(struct case_buf *out, int64_t v, size_t least)
{
	char digit[20];
	size_t n = sizeof(digit);

	for (; v > 0 || n > sizeof(digit) - least; v /= 10)
		digit[--n] = (char)('0' + v % 10);
	case_buf_add(out, digit + n, sizeof(digit) - n);
}

/* Drops the text from the end of s when it stands there. */
static bool
drop(struct case_str *s, const char *text, size_t n)
{
	if (s->n < n || memcmp(s->p + s->n - n, text, n) != 0)
		return false;
	s->n -= n;
	return true;
}

/* Drops the digits at the end of s, and returns them. */
static struct case_str
drop_digits(struct case_str *s)
{
	size_t n = s->n;

	while (s->n > 0 && s->p[s->n - 1] >= '0' && s->p[s->n - 1] <= '9')
		s->n--;
	return (struct case_str){ s->p + s->n, n - s->n };
}

static bool
is_plain_organ(struct case_str s)
{
	size_t chars = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (may_fold(c) || may_open(c))
			return false;
		chars += (c & 0xc0) != 0x80;
	}
	return chars > 0 && chars <= ORGAN_MAX && s.n <= ORGAN_BYTES;
}

/*
 * Most numbers are written as their key is, 某综执罚〔2023〕12号, but for 第
 * and zeros: their parts are found from behind, and no other number has them.
 */
static bool
add_plain_key(struct case_buf *out, const char *p, size_t n)
{
	struct case_str s = { p, n }, digits, number, head;

	if (n > TEXT_MAX || !drop(&s, "号", 3))
		return false;
	digits = drop_digits(&s);
	number = take_digits(&digits);
	drop(&s, "第", 3);
	head = s;
	if (number.n == 0 || number.n > NUMBER_MAX || !drop(&s, CLOSE, 3) ||
	    drop_digits(&s).n != 4 || !drop(&s, OPEN, 3) || !is_plain_organ(s))
		return false;
	case_buf_add(out, head.p, head.n);
	case_buf_add(out, number.p, number.n);
	case_buf_add(out, "号", 3);
	return true;
}

void
case_docno_key(struct case_buf *out, const char *p, size_t n)
{
	struct case_docno d;
	size_t start = out->n;

	if (add_plain_key(out, p, n))
		return;
	fold(out, p, n);
	if (out->failed || out->n == start ||
	    !parse_folded(&d, out->p + start, out->n - start))
		return;
	out->n = start;
	case_buf_adds(out, d.organ);
	case_buf_adds(out, OPEN);
	add_digits(out, d.year, 4);
	case_buf_adds(out, CLOSE);
	add_digits(out, d.number, 1);
	case_buf_adds(out, "号");
	case_buf_adds(out, d.suffix);
}
