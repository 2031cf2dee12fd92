/* charset.c - the encodings a file may have: checked, and made UTF-8 */
#include <errno.h>
#include <iconv.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/base/charset.h"

enum {
	TRAILS = 190, /* 40..7E and 80..FE */
	PAIRS = 126 * TRAILS,
	/* Numbers of four-byte codes: the BMP, and from U+10000 to U+10FFFF. */
	BMP_CODES = 39420,
	ASTRAL_FIRST = 189000,
	ASTRAL_LAST = ASTRAL_FIRST + 0xfffff
};

/*
 * UTF-8 of codes of two bytes, and of four in the BMP; the first byte is 0
 * where there is none. iconv() is asked once for each: a look-up is ten times
 * faster than a call.
 */
struct codes {
	const char *name; /* as iconv_open() knows it */
	bool failed;
	unsigned char pair[PAIRS][CASE_CHARSET_MAX];
};

static struct codes gb18030 = { .name = "GB18030" }, big5 = { .name = "BIG5" };
static unsigned char bmp_code[BMP_CODES][CASE_CHARSET_MAX];
static pthread_once_t gb18030_once = PTHREAD_ONCE_INIT;
static pthread_once_t big5_once = PTHREAD_ONCE_INIT;
static pthread_once_t bmp_once = PTHREAD_ONCE_INIT;

/* One character by iconv(), into zeroed to; nothing when it has none. */
static void
convert(iconv_t cd, unsigned char *from, size_t n,
    unsigned char to[CASE_CHARSET_MAX])
{
	unsigned char got[CASE_CHARSET_MAX] = { 0 };
	char *in = (char *)from, *out = (char *)got;
	size_t room = sizeof(got);

	iconv(cd, NULL, NULL, NULL, NULL);
	if (iconv(cd, &in, &n, &out, &room) == 0 && n == 0)
		memcpy(to, got, sizeof(got));
}

static void
codes_load(struct codes *codes)
{
	iconv_t cd = iconv_open("UTF-8", codes->name);
	unsigned char from[2];

	if (cd == (iconv_t)-1) {
		codes->failed = true;
		return;
	}
	for (int i = 0; i < PAIRS; i++) {
		from[0] = (unsigned char)(0x81 + i / TRAILS);
		from[1] = (unsigned char)(0x40 + i % TRAILS);
		if (from[1] >= 0x7f)
			from[1]++;
		convert(cd, from, 2, codes->pair[i]);
	}
	iconv_close(cd);
}

static void
gb18030_load(void)
{
	codes_load(&gb18030);
}

static void
big5_load(void)
{
	codes_load(&big5);
}

/*
 * glibc gives 18 characters by their two-byte codes of 2005 only; files made
 * by the mapping of 2000 (Java, Python) have them as four bytes.
 */
static void
bmp_load(void)
{
	static const struct {
		int code, count;
		uint32_t first;
	} older[] = { { 19057, 8, 0x9fb4 }, { 39076, 10, 0xfe10 } };
	iconv_t cd = iconv_open("UTF-8", gb18030.name);
	unsigned char from[4];

	if (cd == (iconv_t)-1)
		return;
	for (int i = 0; i < BMP_CODES; i++) {
		from[0] = (unsigned char)(0x81 + i / 12600);
		from[1] = (unsigned char)(0x30 + i / 1260 % 10);
		from[2] = (unsigned char)(0x81 + i / 10 % 126);
		from[3] = (unsigned char)(0x30 + i % 10);
		convert(cd, from, 4, bmp_code[i]);
	}
	iconv_close(cd);
	for (size_t k = 0; k < sizeof(older) / sizeof(older[0]); k++)
		for (int i = 0; i < older[k].count; i++)
			case_utf8_encode((char *)bmp_code[older[k].code + i],
			    older[k].first + (uint32_t)i);
}

enum case_status
case_charset_ready(enum case_encoding e, struct case_error *err)
{
	const struct codes *codes;

	if (e == CASE_ENCODING_GB18030) {
		pthread_once(&gb18030_once, gb18030_load);
		codes = &gb18030;
	} else if (e == CASE_ENCODING_BIG5) {
		pthread_once(&big5_once, big5_load);
		codes = &big5;
	} else {
		return CASE_OK;
	}
	if (codes->failed)
		return case_error_set(err, CASE_EIO, 0,
		    _("this system can't convert %s (glibc's gconv modules are "
		      "missing)"),
		    codes->name);
	return CASE_OK;
}

static bool
is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

static size_t
utf8_length(const unsigned char *p, size_t n)
{
	unsigned char c = p[0];
	size_t need;

	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4)
		return 0;
	need = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	for (size_t i = 1; i < need; i++) {
		if (i == n)
			return CASE_CHARSET_CUT;
		if (!is_tail(p[i]))
			return 0;
		/* Overlong forms, surrogates, and beyond U+10FFFF. */
		if (i == 1 &&
		    ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f) ||
			(c == 0xf0 && p[1] < 0x90) ||
			(c == 0xf4 && p[1] > 0x8f)))
			return 0;
	}
	return need;
}

static bool
is_lead(unsigned char c)
{
	return c > 0x80 && c < 0xff;
}

static bool
is_trail(unsigned char c)
{
	return c >= 0x40 && c != 0x7f && c != 0xff;
}

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

/* The number of a four-byte code. */
static int
four_number(const unsigned char *p)
{
	return ((p[0] - 0x81) * 10 + p[1] - 0x30) * 1260 + (p[2] - 0x81) * 10 +
	       p[3] - 0x30;
}

static size_t
gb18030_length(const unsigned char *p, size_t n)
{
	int code;

	if (p[0] < 0x80)
		return 1;
	if (!is_lead(p[0]))
		return 0;
	if (n < 2)
		return CASE_CHARSET_CUT;
	if (is_trail(p[1]))
		return 2;
	if (!is_digit(p[1]))
		return 0;
	if (n < 3)
		return CASE_CHARSET_CUT;
	if (!is_lead(p[2]))
		return 0;
	if (n < 4)
		return CASE_CHARSET_CUT;
	if (!is_digit(p[3]))
		return 0;
	code = four_number(p);
	return code < BMP_CODES || (code >= ASTRAL_FIRST && code <= ASTRAL_LAST)
		   ? 4
		   : 0;
}

static size_t
big5_length(const unsigned char *p, size_t n)
{
	if (p[0] < 0x80)
		return 1;
	if (!is_lead(p[0]))
		return 0;
	if (n < 2)
		return CASE_CHARSET_CUT;
	return is_trail(p[1]) && (p[1] < 0x7f || p[1] > 0xa0) ? 2 : 0;
}

static uint32_t
utf16_unit(enum case_encoding e, const unsigned char *p)
{
	bool little = e == CASE_ENCODING_UTF16LE;

	return (uint32_t)p[little] << 8 | p[!little];
}

static size_t
utf16_length(enum case_encoding e, const unsigned char *p, size_t n)
{
	uint32_t u;

	if (n < 2)
		return CASE_CHARSET_CUT;
	u = utf16_unit(e, p);
	if (u < 0xd800 || u > 0xdfff)
		return 2;
	if (u > 0xdbff)
		return 0;
	if (n < 4)
		return CASE_CHARSET_CUT;
	u = utf16_unit(e, p + 2);
	return u >= 0xdc00 && u <= 0xdfff ? 4 : 0;
}

size_t
case_charset_length(enum case_encoding e, const unsigned char *p, size_t n)
{
	switch (e) {
	case CASE_ENCODING_UTF8:
		return utf8_length(p, n);
	case CASE_ENCODING_GB18030:
		return gb18030_length(p, n);
	case CASE_ENCODING_BIG5:
		return big5_length(p, n);
	case CASE_ENCODING_UTF16LE:
	case CASE_ENCODING_UTF16BE:
		return utf16_length(e, p, n);
	case CASE_ENCODING_LATIN1:
	case CASE_ENCODING_AUTO:
		break;
	}
	return 1;
}

size_t
case_charset_prefix(enum case_encoding e, const unsigned char *p, size_t n)
{
	bool ascii = e != CASE_ENCODING_UTF16LE && e != CASE_ENCODING_UTF16BE;
	size_t i = 0, k;

	if (e == CASE_ENCODING_UTF8)
		return case_utf8_prefix((const char *)p, n);
	while (i < n) {
		if (ascii && p[i] < 0x80) {
			i += case_utf8_ascii((const char *)p + i, n - i);
			continue;
		}
		if (e == CASE_ENCODING_GB18030)
			while (
			    n - i >= 2 && is_lead(p[i]) && is_trail(p[i + 1]))
				i += 2;
		if (i == n)
			break;
		k = case_charset_length(e, p + i, n - i);
		if (k == 0 || k == CASE_CHARSET_CUT)
			break;
		i += k;
	}
	return i;
}

static size_t
put_code(char *out, const unsigned char code[CASE_CHARSET_MAX])
{
	memcpy(out, code, CASE_CHARSET_MAX);
	if (code[0] < 0xe0)
		return code[0] == 0 ? 0 : code[0] < 0x80 ? 1 : 2;
	return code[0] < 0xf0 ? 3 : 4;
}

static const unsigned char *
pair_code(const struct codes *codes, const unsigned char *p)
{
	return codes
	    ->pair[(p[0] - 0x81) * TRAILS + p[1] - 0x40 - (p[1] > 0x7f)];
}

static size_t
put_four(char *out, const unsigned char *p)
{
	int code = four_number(p);

	if (code >= ASTRAL_FIRST)
		return case_utf8_encode(out,
		    (uint32_t)(code - ASTRAL_FIRST) + 0x10000);
	pthread_once(&bmp_once, bmp_load);
	return put_code(out, bmp_code[code]);
}

static size_t
put_utf16(enum case_encoding e, char *out, const unsigned char *p, size_t k)
{
	uint32_t c = utf16_unit(e, p);

	if (k == 4)
		c = 0x10000 + ((c - 0xd800) << 10) + utf16_unit(e, p + 2) -
		    0xdc00;
	return case_utf8_encode(out, c);
}

/* The character of k bytes at p as UTF-8: its length, 0 when it is none. */
static size_t
put(enum case_encoding e, char *out, const unsigned char *p, size_t k)
{
	switch (e) {
	case CASE_ENCODING_GB18030:
	case CASE_ENCODING_BIG5:
		if (k == 4)
			return put_four(out, p);
		if (k == 2)
			return put_code(out,
			    pair_code(e == CASE_ENCODING_BIG5 ? &big5
							      : &gb18030,
				p));
		break;
	case CASE_ENCODING_UTF16LE:
	case CASE_ENCODING_UTF16BE:
		return put_utf16(e, out, p, k);
	case CASE_ENCODING_LATIN1:
		return case_utf8_encode(out, p[0]);
	case CASE_ENCODING_UTF8:
	case CASE_ENCODING_AUTO:
		break;
	}
	memcpy(out, p, k);
	return k;
}

static void
advance(struct case_charset_io *io, size_t in, size_t out)
{
	io->in += in;
	io->in_n -= in;
	io->out += out;
	io->out_n -= out;
}

/* As much UTF-8 as is valid and fits. */
static void
copy_utf8(struct case_charset_io *io)
{
	size_t n = io->in_n < io->out_n ? io->in_n : io->out_n;

	n = case_utf8_prefix((const char *)io->in, n);
	memcpy(io->out, io->in, n);
	advance(io, n, n);
}

/*
 * The long runs of a Chinese text: ASCII, eight bytes at a time where they
 * are that many, and codes of two bytes. Stops at anything else.
 */
static void
copy_pairs(struct case_charset_io *io, const struct codes *codes)
{
	const unsigned char *p = io->in, *end = p + io->in_n;
	char *out = io->out, *room = out + io->out_n;
	uint64_t w;
	size_t k;

	while (end - p >= 8 && room - out >= 8) {
		memcpy(&w, p, sizeof(w));
		if ((w & UINT64_C(0x8080808080808080)) == 0) {
			memcpy(out, &w, sizeof(w));
			p += 8;
			out += 8;
		} else if (*p < 0x80) {
			*out++ = (char)*p++;
		} else {
			if (!is_lead(p[0]) || !is_trail(p[1]) ||
			    (k = put_code(out, pair_code(codes, p))) == 0)
				break;
			p += 2;
			out += k;
		}
	}
	advance(io, (size_t)(p - io->in), (size_t)(out - io->out));
}

size_t
case_charset_decode(enum case_encoding e, struct case_charset_io *io, bool last)
{
	bool wide = e == CASE_ENCODING_UTF16LE || e == CASE_ENCODING_UTF16BE;
	size_t bad = 0, k, got;

	while (io->in_n > 0 && io->out_n >= CASE_CHARSET_MAX) {
		if (e == CASE_ENCODING_UTF8)
			copy_utf8(io);
		else if (e == CASE_ENCODING_GB18030)
			copy_pairs(io, &gb18030);
		else if (e == CASE_ENCODING_BIG5)
			copy_pairs(io, &big5);
		if (io->in_n == 0 || io->out_n < CASE_CHARSET_MAX)
			break;
		k = case_charset_length(e, io->in, io->in_n);
		if (k == CASE_CHARSET_CUT && !last)
			break;
		if (k != 0 && k != CASE_CHARSET_CUT &&
		    (got = put(e, io->out, io->in, k)) > 0) {
			advance(io, k, got);
			continue;
		}
		/* A pair that stands for nothing goes whole, as one unit does.
		 */
		if (k == 0 || k == CASE_CHARSET_CUT)
			k = wide && io->in_n > 1 ? 2 : 1;
		*io->out = (char)0xff;
		advance(io, k, 1);
		bad++;
	}
	return bad;
}
