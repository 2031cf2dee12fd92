/* biff.c - the records of an Excel stream (BIFF5, BIFF8), and their texts */
#include <string.h>

#include "case/text.h"
#include "lib/base/charset.h"
#include "lib/format/bytes.h"
#include "lib/format/biff.h"

/* Flags of a Unicode text. */
enum { TEXT_WIDE = 1, TEXT_PHONETIC = 4, TEXT_RICH = 8 };

/* Windows' western page where it differs from ISO-8859-1: 0x80 to 0x9f. */
static const uint16_t western[32] = { 0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e,
	0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd,
	0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
	0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e,
	0x0178 };

/* Code pages of byte texts; others than these and 1252 are not known. */
static const struct {
	unsigned page;
	enum case_encoding encoding;
} pages[] = {
	{ 936, CASE_ENCODING_GB18030 },
	{ 950, CASE_ENCODING_BIG5 },
	{ 10002, CASE_ENCODING_BIG5 },
	{ 10008, CASE_ENCODING_GB18030 },
	{ 28591, CASE_ENCODING_LATIN1 },
	{ 54936, CASE_ENCODING_GB18030 },
	{ 65001, CASE_ENCODING_UTF8 },
};

bool
case_biff_record(const struct case_biff *b, size_t at,
    struct case_biff_record *r)
{
	size_t n;

	if (at > b->n || b->n - at < 4)
		return false;
	n = get16(b->p + at + 2);
	if (n > b->n - at - 4)
		return false;
	r->id = get16(b->p + at);
	r->p = b->p + at + 4;
	r->n = n;
	r->next = at + 4 + n;
	return true;
}

struct case_biff_cursor
case_biff_cursor(const struct case_biff *b, const struct case_biff_record *r,
    size_t skip)
{
	return (
	    struct case_biff_cursor){ b, r->p + skip, r->n - skip, r->next };
}

/* Makes at least one byte ready, of a CONTINUE when the record has no more. */
static bool
refill(struct case_biff_cursor *c)
{
	struct case_biff_record r;

	while (c->left == 0) {
		if (!case_biff_record(c->b, c->next, &r) ||
		    r.id != CASE_BIFF_CONTINUE)
			return false;
		c->p = r.p;
		c->left = r.n;
		c->next = r.next;
	}
	return true;
}

bool
case_biff_bytes(struct case_biff_cursor *c, void *to, size_t n)
{
	unsigned char *q = to;
	size_t k;

	while (n > 0) {
		if (!refill(c))
			return false;
		k = n < c->left ? n : c->left;
		if (q != NULL) {
			memcpy(q, c->p, k);
			q += k;
		}
		c->p += k;
		c->left -= k;
		n -= k;
	}
	return true;
}

static bool
get_number(struct case_biff_cursor *c, size_t size, size_t *n)
{
	unsigned char p[4] = { 0 };

	if (!case_biff_bytes(c, p, size))
		return false;
	*n = get32(p);
	return true;
}

/*
 * One unit of UTF-16. *high is the half of a pair that waits for the other,
 * or 0; what has no other half is U+FFFD.
 */
static void
put_unit(struct case_buf *out, uint32_t u, uint32_t *high)
{
	if (*high != 0 && u >= 0xdc00 && u <= 0xdfff) {
		case_utf8_put(out,
		    0x10000 + ((*high - 0xd800) << 10) + u - 0xdc00);
		*high = 0;
		return;
	}
	if (*high != 0)
		case_utf8_put(out, *high);
	*high = u >= 0xd800 && u <= 0xdbff ? u : 0;
	if (*high == 0)
		case_utf8_put(out, u);
}

/*
 * Characters until n are there or the record ends; a CONTINUE goes on with a
 * flag of its own that says how wide its characters are.
 */
static bool
put_units(struct case_biff_cursor *c, size_t n, bool wide, struct case_buf *out)
{
	uint32_t high = 0;
	size_t k, size;

	while (n > 0) {
		if (c->left == 0) {
			if (!refill(c))
				return false;
			wide = c->p[0] & TEXT_WIDE;
			c->p++;
			c->left--;
		}
		size = wide ? 2 : 1;
		k = n < c->left / size ? n : c->left / size;
		/* A character is never cut in two by the end of a record. */
		if (k == 0 && c->left > 0)
			return false;
		for (size_t i = 0; i < k; i++)
			put_unit(out, wide ? get16(c->p + 2 * i) : c->p[i],
			    &high);
		c->p += k * size;
		c->left -= k * size;
		n -= k;
	}
	if (high != 0)
		case_utf8_put(out, high);
	return true;
}

/* Its flags, the sizes of what is behind it, its characters. */
static bool
put_unicode(struct case_biff_cursor *c, size_t n, struct case_buf *out)
{
	size_t flags, runs = 0, phonetic = 0;

	if (!get_number(c, 1, &flags) ||
	    ((flags & TEXT_RICH) != 0 && !get_number(c, 2, &runs)) ||
	    ((flags & TEXT_PHONETIC) != 0 && !get_number(c, 4, &phonetic)))
		return false;
	return put_units(c, n, (flags & TEXT_WIDE) != 0, out) &&
	       case_biff_bytes(c, NULL, 4 * runs) &&
	       case_biff_bytes(c, NULL, phonetic);
}

static void
put_western(const unsigned char *p, size_t n, struct case_buf *out)
{
	for (size_t i = 0; i < n; i++)
		case_utf8_put(out,
		    p[i] >= 0x80 && p[i] < 0xa0 ? western[p[i] - 0x80] : p[i]);
}

/* What does not decode becomes U+FFFD. */
static bool
put_decoded(enum case_encoding e, const unsigned char *p, size_t n,
    struct case_buf *out)
{
	char text[256];

	if (case_charset_ready(e, NULL) != CASE_OK)
		return false;
	while (n > 0) {
		struct case_charset_io io = { p, n, text, sizeof(text) };

		case_charset_decode(e, &io, true);
		for (char *q = text; q < io.out;) {
			size_t k = case_utf8_prefix(q, (size_t)(io.out - q));

			case_buf_add(out, q, k);
			q += k;
			if (q < io.out) {
				case_utf8_put(out, 0xfffd);
				q++;
			}
		}
		p = io.in;
		n = io.in_n;
	}
	return true;
}

/*
 * Where the page is not said (a stream that a program wrote by hand), text
 * that can be GBK is.
 */
static enum case_biff_result
put_page(unsigned page, const unsigned char *p, size_t n, struct case_buf *out)
{
	if (case_utf8_ascii((const char *)p, n) == n) {
		case_buf_add(out, (const char *)p, n);
		return CASE_BIFF_OK;
	}
	if (page == 0 && case_charset_prefix(CASE_ENCODING_GB18030, p, n) == n)
		page = 936;
	if (page == 0 || page == 1252 || page == 32769) {
		put_western(p, n, out);
		return CASE_BIFF_OK;
	}
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (pages[i].page == page)
			return put_decoded(pages[i].encoding, p, n, out)
				   ? CASE_BIFF_OK
				   : CASE_BIFF_PAGE;
	return CASE_BIFF_PAGE;
}

/* Bytes that go on in another record are joined first. */
static enum case_biff_result
put_bytes(struct case_biff_cursor *c, size_t n, struct case_buf *out)
{
	const unsigned char *p = c->p;
	struct case_buf joined = { 0 };
	enum case_biff_result result = CASE_BIFF_DAMAGED;

	if (n <= c->left) {
		c->p += n;
		c->left -= n;
		return put_page(c->b->page, p, n, out);
	}
	if (!case_buf_reserve(&joined, n))
		out->failed = true;
	else if (case_biff_bytes(c, joined.p, n))
		result =
		    put_page(c->b->page, (unsigned char *)joined.p, n, out);
	case_buf_free(&joined);
	return result;
}

enum case_biff_result
case_biff_text(struct case_biff_cursor *c, size_t length_size,
    struct case_buf *out)
{
	size_t n;

	if (!get_number(c, length_size, &n))
		return CASE_BIFF_DAMAGED;
	if (!c->b->wide)
		return put_bytes(c, n, out);
	/* Some writers leave out the flags of an empty text at the end. */
	if (n == 0 && !refill(c))
		return CASE_BIFF_OK;
	return put_unicode(c, n, out) ? CASE_BIFF_OK : CASE_BIFF_DAMAGED;
}

double
case_biff_double(const unsigned char *p)
{
	uint64_t bits = get64(p);
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

double
case_biff_rk(uint32_t rk)
{
	uint64_t bits = (uint64_t)(rk & ~UINT32_C(3)) << 32;
	double v;

	/* Bit 1: an integer of 30 bits; bit 0: in hundredths. */
	if ((rk & 2) != 0)
		v = (double)((int64_t)(rk >> 2) -
			     ((rk & UINT32_C(0x80000000)) != 0
				     ? INT64_C(1) << 30
				     : 0));
	else
		memcpy(&v, &bits, sizeof(v));
	return (rk & 1) != 0 ? v / 100 : v;
}
