/* text.c - UTF-8: checks, width, folding, making controls visible */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "case/text.h"

struct range {
	uint32_t first;
	uint32_t last;
};

/*
 * Unicode 14: general categories Mn, Me and Cf but for the soft hyphen, and
 * the Hangul vowels and finals that join the syllable before them. Marks of
 * the historic scripts above U+FFFF are left out.
 */
/* clang-format off */
static const struct range zero_width[] = {
	{ 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd },
	{ 0x05bf, 0x05bf }, { 0x05c1, 0x05c2 }, { 0x05c4, 0x05c5 },
	{ 0x05c7, 0x05c7 }, { 0x0600, 0x0605 }, { 0x0610, 0x061a },
	{ 0x061c, 0x061c }, { 0x064b, 0x065f }, { 0x0670, 0x0670 },
	{ 0x06d6, 0x06dd }, { 0x06df, 0x06e4 }, { 0x06e7, 0x06e8 },
	{ 0x06ea, 0x06ed }, { 0x070f, 0x070f }, { 0x0711, 0x0711 },
	{ 0x0730, 0x074a }, { 0x07a6, 0x07b0 }, { 0x07eb, 0x07f3 },
	{ 0x07fd, 0x07fd }, { 0x0816, 0x0819 }, { 0x081b, 0x0823 },
	{ 0x0825, 0x0827 }, { 0x0829, 0x082d }, { 0x0859, 0x085b },
	{ 0x0890, 0x089f }, { 0x08ca, 0x0902 }, { 0x093a, 0x093a },
	{ 0x093c, 0x093c }, { 0x0941, 0x0948 }, { 0x094d, 0x094d },
	{ 0x0951, 0x0957 }, { 0x0962, 0x0963 }, { 0x0981, 0x0981 },
	{ 0x09bc, 0x09bc }, { 0x09c1, 0x09c4 }, { 0x09cd, 0x09cd },
	{ 0x09e2, 0x09e3 }, { 0x09fe, 0x0a02 }, { 0x0a3c, 0x0a3c },
	{ 0x0a41, 0x0a51 }, { 0x0a70, 0x0a71 }, { 0x0a75, 0x0a75 },
	{ 0x0a81, 0x0a82 }, { 0x0abc, 0x0abc }, { 0x0ac1, 0x0ac8 },
	{ 0x0acd, 0x0acd }, { 0x0ae2, 0x0ae3 }, { 0x0afa, 0x0b01 },
	{ 0x0b3c, 0x0b3c }, { 0x0b3f, 0x0b3f }, { 0x0b41, 0x0b44 },
	{ 0x0b4d, 0x0b56 }, { 0x0b62, 0x0b63 }, { 0x0b82, 0x0b82 },
	{ 0x0bc0, 0x0bc0 }, { 0x0bcd, 0x0bcd }, { 0x0c00, 0x0c00 },
	{ 0x0c04, 0x0c04 }, { 0x0c3c, 0x0c3c }, { 0x0c3e, 0x0c40 },
	{ 0x0c46, 0x0c56 }, { 0x0c62, 0x0c63 }, { 0x0c81, 0x0c81 },
	{ 0x0cbc, 0x0cbc }, { 0x0cbf, 0x0cbf }, { 0x0cc6, 0x0cc6 },
	{ 0x0ccc, 0x0ccd }, { 0x0ce2, 0x0ce3 }, { 0x0d00, 0x0d01 },
	{ 0x0d3b, 0x0d3c }, { 0x0d41, 0x0d44 }, { 0x0d4d, 0x0d4d },
	{ 0x0d62, 0x0d63 }, { 0x0d81, 0x0d81 }, { 0x0dca, 0x0dca },
	{ 0x0dd2, 0x0dd6 }, { 0x0e31, 0x0e31 }, { 0x0e34, 0x0e3a },
	{ 0x0e47, 0x0e4e }, { 0x0eb1, 0x0eb1 }, { 0x0eb4, 0x0ebc },
	{ 0x0ec8, 0x0ecd }, { 0x0f18, 0x0f19 }, { 0x0f35, 0x0f35 },
	{ 0x0f37, 0x0f37 }, { 0x0f39, 0x0f39 }, { 0x0f71, 0x0f7e },
	{ 0x0f80, 0x0f84 }, { 0x0f86, 0x0f87 }, { 0x0f8d, 0x0fbc },
	{ 0x0fc6, 0x0fc6 }, { 0x102d, 0x1030 }, { 0x1032, 0x1037 },
	{ 0x1039, 0x103a }, { 0x103d, 0x103e }, { 0x1058, 0x1059 },
	{ 0x105e, 0x1060 }, { 0x1071, 0x1074 }, { 0x1082, 0x1082 },
	{ 0x1085, 0x1086 }, { 0x108d, 0x108d }, { 0x109d, 0x109d },
	{ 0x1160, 0x11ff }, { 0x135d, 0x135f }, { 0x1712, 0x1714 },
	{ 0x1732, 0x1733 }, { 0x1752, 0x1753 }, { 0x1772, 0x1773 },
	{ 0x17b4, 0x17b5 }, { 0x17b7, 0x17bd }, { 0x17c6, 0x17c6 },
	{ 0x17c9, 0x17d3 }, { 0x17dd, 0x17dd }, { 0x180b, 0x180f },
	{ 0x1885, 0x1886 }, { 0x18a9, 0x18a9 }, { 0x1920, 0x1922 },
	{ 0x1927, 0x1928 }, { 0x1932, 0x1932 }, { 0x1939, 0x193b },
	{ 0x1a17, 0x1a18 }, { 0x1a1b, 0x1a1b }, { 0x1a56, 0x1a56 },
	{ 0x1a58, 0x1a60 }, { 0x1a62, 0x1a62 }, { 0x1a65, 0x1a6c },
	{ 0x1a73, 0x1a7f }, { 0x1ab0, 0x1b03 }, { 0x1b34, 0x1b34 },
	{ 0x1b36, 0x1b3a }, { 0x1b3c, 0x1b3c }, { 0x1b42, 0x1b42 },
	{ 0x1b6b, 0x1b73 }, { 0x1b80, 0x1b81 }, { 0x1ba2, 0x1ba5 },
	{ 0x1ba8, 0x1ba9 }, { 0x1bab, 0x1bad }, { 0x1be6, 0x1be6 },
	{ 0x1be8, 0x1be9 }, { 0x1bed, 0x1bed }, { 0x1bef, 0x1bf1 },
	{ 0x1c2c, 0x1c33 }, { 0x1c36, 0x1c37 }, { 0x1cd0, 0x1cd2 },
	{ 0x1cd4, 0x1ce0 }, { 0x1ce2, 0x1ce8 }, { 0x1ced, 0x1ced },
	{ 0x1cf4, 0x1cf4 }, { 0x1cf8, 0x1cf9 }, { 0x1dc0, 0x1dff },
	{ 0x200b, 0x200f }, { 0x202a, 0x202e }, { 0x2060, 0x206f },
	{ 0x20d0, 0x20f0 }, { 0x2cef, 0x2cf1 }, { 0x2d7f, 0x2d7f },
	{ 0x2de0, 0x2dff }, { 0x302a, 0x302d }, { 0x3099, 0x309a },
	{ 0xa66f, 0xa672 }, { 0xa674, 0xa67d }, { 0xa69e, 0xa69f },
	{ 0xa6f0, 0xa6f1 }, { 0xa802, 0xa802 }, { 0xa806, 0xa806 },
	{ 0xa80b, 0xa80b }, { 0xa825, 0xa826 }, { 0xa82c, 0xa82c },
	{ 0xa8c4, 0xa8c5 }, { 0xa8e0, 0xa8f1 }, { 0xa8ff, 0xa8ff },
	{ 0xa926, 0xa92d }, { 0xa947, 0xa951 }, { 0xa980, 0xa982 },
	{ 0xa9b3, 0xa9b3 }, { 0xa9b6, 0xa9b9 }, { 0xa9bc, 0xa9bd },
	{ 0xa9e5, 0xa9e5 }, { 0xaa29, 0xaa2e }, { 0xaa31, 0xaa32 },
	{ 0xaa35, 0xaa36 }, { 0xaa43, 0xaa43 }, { 0xaa4c, 0xaa4c },
	{ 0xaa7c, 0xaa7c }, { 0xaab0, 0xaab0 }, { 0xaab2, 0xaab4 },
	{ 0xaab7, 0xaab8 }, { 0xaabe, 0xaabf }, { 0xaac1, 0xaac1 },
	{ 0xaaec, 0xaaed }, { 0xaaf6, 0xaaf6 }, { 0xabe5, 0xabe5 },
	{ 0xabe8, 0xabe8 }, { 0xabed, 0xabed }, { 0xd7b0, 0xd7ff },
	{ 0xfb1e, 0xfb1e }, { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f },
	{ 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0001, 0xe01ef },
};

static const struct range wide[] = {
	{ 0x1100, 0x115f }, { 0x231a, 0x231b }, { 0x2329, 0x232a },
	{ 0x23e9, 0x23ec }, { 0x23f0, 0x23f0 }, { 0x23f3, 0x23f3 },
	{ 0x25fd, 0x25fe }, { 0x2614, 0x2615 }, { 0x2648, 0x2653 },
	{ 0x267f, 0x267f }, { 0x2693, 0x2693 }, { 0x26a1, 0x26a1 },
	{ 0x26aa, 0x26ab }, { 0x26bd, 0x26be }, { 0x26c4, 0x26c5 },
	{ 0x26ce, 0x26ce }, { 0x26d4, 0x26d4 }, { 0x26ea, 0x26ea },
	{ 0x26f2, 0x26f3 }, { 0x26f5, 0x26f5 }, { 0x26fa, 0x26fa },
	{ 0x26fd, 0x26fd }, { 0x2705, 0x2705 }, { 0x270a, 0x270b },
	{ 0x2728, 0x2728 }, { 0x274c, 0x274c }, { 0x274e, 0x274e },
	{ 0x2753, 0x2755 }, { 0x2757, 0x2757 }, { 0x2795, 0x2797 },
	{ 0x27b0, 0x27b0 }, { 0x27bf, 0x27bf }, { 0x2b1b, 0x2b1c },
	{ 0x2b50, 0x2b50 }, { 0x2b55, 0x2b55 }, { 0x2e80, 0x3029 },
	{ 0x302e, 0x303e }, { 0x3041, 0x3096 }, { 0x309b, 0x3247 },
	{ 0x3250, 0x4dbf }, { 0x4e00, 0xa4c6 }, { 0xa960, 0xa97c },
	{ 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xfe10, 0xfe19 },
	{ 0xfe30, 0xfe6b }, { 0xff01, 0xff60 }, { 0xffe0, 0xffe6 },
	{ 0x16fe0, 0x16fe3 }, { 0x16ff0, 0x1b2fb }, { 0x1f004, 0x1f004 },
	{ 0x1f0cf, 0x1f0cf }, { 0x1f18e, 0x1f18e }, { 0x1f191, 0x1f19a },
	{ 0x1f200, 0x1f320 }, { 0x1f32d, 0x1f335 }, { 0x1f337, 0x1f37c },
	{ 0x1f37e, 0x1f393 }, { 0x1f3a0, 0x1f3ca }, { 0x1f3cf, 0x1f3d3 },
	{ 0x1f3e0, 0x1f3f0 }, { 0x1f3f4, 0x1f3f4 }, { 0x1f3f8, 0x1f43e },
	{ 0x1f440, 0x1f440 }, { 0x1f442, 0x1f4fc }, { 0x1f4ff, 0x1f53d },
	{ 0x1f54b, 0x1f54e }, { 0x1f550, 0x1f567 }, { 0x1f57a, 0x1f57a },
	{ 0x1f595, 0x1f596 }, { 0x1f5a4, 0x1f5a4 }, { 0x1f5fb, 0x1f64f },
	{ 0x1f680, 0x1f6c5 }, { 0x1f6cc, 0x1f6cc }, { 0x1f6d0, 0x1f6d2 },
	{ 0x1f6d5, 0x1f6df }, { 0x1f6eb, 0x1f6ec }, { 0x1f6f4, 0x1f6fc },
	{ 0x1f7e0, 0x1f7f0 }, { 0x1f90c, 0x1f93a }, { 0x1f93c, 0x1f945 },
	{ 0x1f947, 0x1f9ff }, { 0x1fa70, 0x1faf6 }, { 0x20000, 0x3fffd },
};
/* clang-format on */

/*
 * Punctuation behind ASCII: what Unicode calls P and may stand in a header.
 * U+3005 and U+3007 are letters and a numeral, so they stay.
 */
static const struct range punctuation[] = { { 0x00a1, 0x00a1 },
	{ 0x00a7, 0x00a7 }, { 0x00ab, 0x00ab }, { 0x00b6, 0x00b7 },
	{ 0x00bb, 0x00bb }, { 0x00bf, 0x00bf }, { 0x2010, 0x2027 },
	{ 0x2030, 0x205e }, { 0x2212, 0x2212 }, { 0x3001, 0x3003 },
	{ 0x3008, 0x3011 }, { 0x3014, 0x301f }, { 0x3030, 0x3030 },
	{ 0x303d, 0x303d }, { 0x30fb, 0x30fb }, { 0xfe10, 0xfe19 },
	{ 0xfe30, 0xfe52 }, { 0xfe54, 0xfe61 }, { 0xfe63, 0xfe63 },
	{ 0xfe68, 0xfe68 }, { 0xfe6a, 0xfe6b }, { 0xff5f, 0xff65 } };

/* White space and characters that look like it or like nothing. */
static const struct range space[] = { { 0x0009, 0x000d }, { 0x0020, 0x0020 },
	{ 0x00a0, 0x00a0 }, { 0x2000, 0x200d }, { 0x202f, 0x202f },
	{ 0x205f, 0x2060 }, { 0x3000, 0x3000 }, { 0xfeff, 0xfeff } };

/* Characters that reorder what is printed after them, or break its line. */
static const struct range disorder[] = { { 0x0000, 0x001f }, { 0x007f, 0x009f },
	{ 0x061c, 0x061c }, { 0x200e, 0x200f }, { 0x2028, 0x202e },
	{ 0x2066, 0x2069 } };

/* Brackets in pairs, open and close by turns, as they are after folding. */
static const uint32_t bracket[] = { '(', ')', '[', ']', '{', '}', 0x3010,
	0x3011, 0x3014, 0x3015, 0x3016, 0x3017, 0xfe59, 0xfe5a, 0xfe5d,
	0xfe5e };

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define IN(c, table) in_ranges(c, table, COUNT(table))

static bool
in_ranges(uint32_t c, const struct range *r, size_t n)
{
	size_t lo = 0, mid;

	while (lo < n) {
		mid = lo + (n - lo) / 2;
		if (c > r[mid].last)
			lo = mid + 1;
		else if (c < r[mid].first)
			n = mid;
		else
			return true;
	}
	return false;
}

static bool
is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/*
 * The length of the well-formed sequence at p, 0 when there is none: Unicode
 * 14, table 3-7. Only the second byte has bounds that depend on the first.
 */
static size_t
sequence(const unsigned char *p, size_t n)
{
	unsigned char c = p[0];

	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4 || n < 2 || !is_tail(p[1]))
		return 0;
	if (c < 0xe0)
		return 2;
	if (n < 3 || !is_tail(p[2]))
		return 0;
	if (c < 0xf0) {
		if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f))
			return 0;
		return 3;
	}
	if (n < 4 || !is_tail(p[3]) || (c == 0xf0 && p[1] < 0x90) ||
	    (c == 0xf4 && p[1] > 0x8f))
		return 0;
	return 4;
}

size_t
case_utf8_ascii(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t i = 0;
	uint64_t w;

	for (; n - i >= sizeof(w); i += sizeof(w)) {
		memcpy(&w, p + i, sizeof(w));
		if ((w & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	while (i < n && p[i] < 0x80)
		i++;
	return i;
}

static uint64_t
read8(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return le64toh(v);
}

/* Whether two characters of three bytes, E1 to EC, stand in the 8 at p. */
static bool
are_two_of_three(const unsigned char *p)
{
	uint64_t w = read8(p);

	return (w & 0xc0c0f0c0c0f0) == 0x8080e08080e0 && (w & 15) - 1 < 12 &&
	       (w >> 24 & 15) - 1 < 12;
}

size_t
case_utf8_prefix(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t i = 0, k;

	while (i < n) {
		if (p[i] < 0x80) {
			i += case_utf8_ascii(s + i, n - i);
			continue;
		}
		/* Nearly all of a Chinese text: three bytes, E4 to E9. */
		while (n - i >= 8 && are_two_of_three(p + i))
			i += 6;
		while (n - i >= 3 && p[i] >= 0xe1 && p[i] <= 0xec &&
		       is_tail(p[i + 1]) && is_tail(p[i + 2]))
			i += 3;
		if (i == n)
			break;
		if ((k = sequence(p + i, n - i)) == 0)
			return i;
		i += k;
	}
	return n;
}

bool
case_utf8_valid(const char *p, size_t n)
{
	return case_utf8_prefix(p, n) == n;
}

/* As case_utf8_get(), but 0 when the bytes at p are no character. */
static size_t
decode(const char *s, size_t n, uint32_t *c)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t k = n == 0 ? 0 : sequence(p, n);

	switch (k) {
	case 1:
		*c = p[0];
		break;
	case 2:
		*c = (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
		break;
	case 3:
		*c =
		    (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
		break;
	case 4:
		*c = (p[0] & 0x07u) << 18 | (p[1] & 0x3fu) << 12 |
		     (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
		break;
	default:
		*c = 0xfffd;
	}
	return k;
}

size_t
case_utf8_get(const char *p, size_t n, uint32_t *c)
{
	size_t k = decode(p, n, c);

	return k == 0 && n > 0 ? 1 : k;
}

size_t
case_utf8_encode(char s[4], uint32_t c)
{
	size_t n;

	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = 0xfffd;
	n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--) {
		s[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	s[0] = (char)(n == 1 ? c : (0xf00u >> n & 0xf0u) | c);
	return n;
}

void
case_utf8_put(struct case_buf *out, uint32_t c)
{
	char s[4];

	case_buf_add(out, s, case_utf8_encode(s, c));
}

static size_t
width_of(uint32_t c)
{
	if (c < 0x300)
		return 1;
	if (c >= 0x4e00 && c <= 0x9fff)
		return 2;
	if (IN(c, zero_width))
		return 0;
	return IN(c, wide) ? 2 : 1;
}

size_t
case_text_width(const char *p, size_t n)
{
	size_t width = 0, k;
	uint32_t c;

	for (size_t i = 0; i < n; i += k) {
		k = case_utf8_get(p + i, n - i, &c);
		width += width_of(c);
	}
	return width;
}

size_t
case_text_cut(const char *p, size_t n, size_t columns)
{
	size_t i, k, w;
	uint32_t c;

	for (i = 0; i < n; i += k) {
		k = case_utf8_get(p + i, n - i, &c);
		if ((w = width_of(c)) > columns)
			break;
		columns -= w;
	}
	return i;
}

static uint32_t
fold(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		return c - 0xfee0;
	return c == 0x3000 ? ' ' : c;
}

void
case_text_fold(struct case_buf *out, const char *p, size_t n)
{
	size_t kept = 0, k;
	uint32_t c;

	for (size_t i = 0; i < n; i += k) {
		k = case_utf8_get(p + i, n - i, &c);
		if (fold(c) == c)
			continue;
		case_buf_add(out, p + kept, i - kept);
		case_buf_addc(out, (char)fold(c));
		kept = i + k;
	}
	case_buf_add(out, p + kept, n - kept);
}

struct case_str
case_text_trim(const char *p, size_t n)
{
	size_t k;
	uint32_t c;

	for (; n > 0; p += k, n -= k) {
		k = case_utf8_get(p, n, &c);
		if (!IN(c, space))
			break;
	}
	for (; n > 0; n -= k) {
		for (k = 1; k < n && k < 4; k++)
			if (!is_tail((unsigned char)p[n - k]))
				break;
		if (decode(p + n - k, k, &c) != k || !IN(c, space))
			break;
	}
	return (struct case_str){ p, n };
}

/* +1 for an opening bracket, -1 for a closing one, else 0. */
static int
bracket_side(uint32_t c)
{
	for (size_t i = 0; i < COUNT(bracket); i++)
		if (bracket[i] == c)
			return i % 2 == 0 ? 1 : -1;
	return 0;
}

/*
 * + < = > are signs that tell codes apart (A and A+, <50 and >50), so they
 * are no punctuation here.
 */
static bool
key_drops(uint32_t c)
{
	if (c <= 0x20 || c == 0x7f)
		return true;
	if (c < 0x80)
		return strchr("!\"#$%&'()*,-./:;?@[\\]^_`{|}~", (int)c) != NULL;
	return IN(c, space) || IN(c, punctuation);
}

void
case_text_key(struct case_buf *out, const char *p, size_t n, bool brackets)
{
	size_t depth = 0, mark = out->n, k;
	uint32_t c;
	int side;

	for (size_t i = 0; i < n; i += k) {
		k = decode(p + i, n - i, &c);
		if (k == 0) {
			k = 1;
			case_buf_addc(out, p[i]);
			continue;
		}
		c = fold(c);
		if (!brackets && (side = bracket_side(c)) != 0) {
			/*
			 * What stood inside goes when the outermost bracket
			 * closes; one that never closes loses nothing.
			 */
			if (side > 0 && depth++ == 0)
				mark = out->n;
			else if (side < 0 && depth > 0 && --depth == 0 &&
				 out->n > mark)
				out->p[out->n = mark] = '\0';
			continue;
		}
		if (key_drops(c))
			continue;
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		case_utf8_put(out, c);
	}
}

bool
case_text_control(uint32_t c)
{
	return IN(c, disorder);
}

static void
add_escape(struct case_buf *out, uint32_t c)
{
	switch (c) {
	case '\n':
		case_buf_adds(out, "\\n");
		break;
	case '\r':
		case_buf_adds(out, "\\r");
		break;
	case '\t':
		case_buf_adds(out, "\\t");
		break;
	default:
		case_buf_addf(out, c < 0x80 ? "\\x%02x" : "\\u%04x", c);
	}
}

void
case_text_visible(struct case_buf *out, const char *p, size_t n)
{
	size_t kept = 0, k;
	uint32_t c;

	for (size_t i = 0; i < n; i += k) {
		k = decode(p + i, n - i, &c);
		if (k > 0 && !IN(c, disorder))
			continue;
		case_buf_add(out, p + kept, i - kept);
		if (k > 0) {
			add_escape(out, c);
		} else {
			case_buf_addf(out, "\\x%02x", (unsigned char)p[i]);
			k = 1;
		}
		kept = i + k;
	}
	case_buf_add(out, p + kept, n - kept);
}

/* The characters of s; false when there are more than cap. */
static bool
characters(const char *s, uint32_t *c, size_t cap, size_t *count)
{
	size_t n = strlen(s), k;

	*count = 0;
	for (size_t i = 0; i < n; i += k) {
		if (*count == cap)
			return false;
		k = case_utf8_get(s + i, n - i, &c[(*count)++]);
	}
	return true;
}

size_t
case_text_distance(const char *a, const char *b, size_t limit)
{
	uint32_t x[CASE_TEXT_DISTANCE_MAX], y[CASE_TEXT_DISTANCE_MAX];
	size_t row[CASE_TEXT_DISTANCE_MAX + 1], nx, ny, corner, up, best;

	if (!characters(a, x, CASE_TEXT_DISTANCE_MAX, &nx) ||
	    !characters(b, y, CASE_TEXT_DISTANCE_MAX, &ny))
		return limit;
	for (size_t j = 0; j <= ny; j++)
		row[j] = j;
	for (size_t i = 1; i <= nx; i++) {
		corner = row[0];
		row[0] = best = i;
		for (size_t j = 1; j <= ny; j++) {
			up = row[j];
			row[j] = corner + (x[i - 1] != y[j - 1]);
			if (up + 1 < row[j])
				row[j] = up + 1;
			if (row[j - 1] + 1 < row[j])
				row[j] = row[j - 1] + 1;
			if (row[j] < best)
				best = row[j];
			corner = up;
		}
		if (best >= limit)
			return limit;
	}
	return row[ny] < limit ? row[ny] : limit;
}

/*
 * wyhash, final version 4, by Wang Yi (public domain): little-endian reads,
 * so that a sample drawn by hash is the same on every machine.
 */
static const uint64_t secret[4] = { 0x2d358dccaa6c78a5, 0x8bb84b93962eacc9,
	0x4b33a62ed433d4a3, 0x4d5a2da51de1aa47 };

static uint64_t
mix(uint64_t a, uint64_t b)
{
	unsigned __int128 r = (unsigned __int128)a * b;

	return (uint64_t)r ^ (uint64_t)(r >> 64);
}

static uint64_t
read4(const unsigned char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return le32toh(v);
}

/* Up to 16 bytes, read twice where they are few, as two words. */
static void
read_short(const unsigned char *p, size_t n, uint64_t *a, uint64_t *b)
{
	size_t half = n >> 3 << 2;

	*a = *b = 0;
	if (n >= 4) {
		*a = read4(p) << 32 | read4(p + half);
		*b = read4(p + n - 4) << 32 | read4(p + n - 4 - half);
	} else if (n > 0) {
		*a = (uint64_t)p[0] << 16 | (uint64_t)p[n >> 1] << 8 | p[n - 1];
	}
}

static uint64_t
finish(uint64_t a, uint64_t b, size_t n, uint64_t seed)
{
	unsigned __int128 r = (unsigned __int128)(a ^ secret[1]) * (b ^ seed);

	return mix((uint64_t)r ^ secret[0] ^ n,
	    (uint64_t)(r >> 64) ^ secret[1]);
}

uint64_t
case_hash(const void *key, size_t n, uint64_t seed)
{
	const unsigned char *p = key;
	uint64_t a, b, seed1, seed2;
	size_t left = n;

	seed ^= mix(seed ^ secret[0], secret[1]);
	if (n <= 16) {
		read_short(p, n, &a, &b);
	} else {
		seed1 = seed2 = seed;
		for (; left >= 48; p += 48, left -= 48) {
			seed = mix(read8(p) ^ secret[1], read8(p + 8) ^ seed);
			seed1 = mix(read8(p + 16) ^ secret[2],
			    read8(p + 24) ^ seed1);
			seed2 = mix(read8(p + 32) ^ secret[3],
			    read8(p + 40) ^ seed2);
		}
		seed ^= seed1 ^ seed2;
		for (; left > 16; p += 16, left -= 16)
			seed = mix(read8(p) ^ secret[1], read8(p + 8) ^ seed);
		a = read8(p + left - 16);
		b = read8(p + left - 8);
	}
	return finish(a, b, n, seed);
}

uint64_t
case_hash_word(uint64_t word, uint64_t seed)
{
	return finish(word << 32 | word >> 32, word, sizeof(word),
	    seed ^ mix(seed ^ secret[0], secret[1]));
}
