/* celltext.c - a number that a workbook in XML holds as text */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/format/celltext.h"

/* Digits that a double always keeps. */
#define DIGITS_SAFE 15
/* Zeros behind the point up to which a number is written without exponent. */
#define ZEROS_MAX 5
#define EXPONENT_MAX 9999

/* A decimal number taken apart: mantissa times 10 to the exponent. */
struct parts {
	uint64_t mantissa;
	long exponent;
	bool negative;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
all_digits(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_digit(p[i]))
			return false;
	return n > 0;
}

/*
 * Whether it is written as case_value_text would: no zeros that say nothing,
 * no exponent, no more digits than a double keeps.
 */
static bool
is_shortest(const char *p, size_t n)
{
	size_t whole, digits, zeros = 0;
	const char *end = p + n;

	if (p < end && *p == '-')
		p++;
	for (whole = 0; p + whole < end && is_digit(p[whole]);)
		whole++;
	if (whole == 0 || (whole > 1 && p[0] == '0'))
		return false;
	digits = p[0] == '0' ? 0 : whole;
	p += whole;
	if (p == end)
		return digits > 0 && digits <= DIGITS_SAFE;
	if (*p++ != '.' || p == end || end[-1] == '0')
		return false;
	for (; p < end && digits == 0 && *p == '0'; p++)
		zeros++;
	for (; p < end && is_digit(*p); p++)
		digits++;
	return p == end && digits <= DIGITS_SAFE && zeros <= ZEROS_MAX;
}

/* Digits from p on; those that do not fit the mantissa are dropped. */
static const char *
take_digits(const char *p, const char *end, bool fraction, struct parts *to)
{
	for (; p < end && is_digit(*p); p++) {
		if (to->mantissa < UINT64_MAX / 10 - 1) {
			to->mantissa = to->mantissa * 10 + (uint64_t)(*p - '0');
			to->exponent -= fraction;
		} else {
			to->exponent += !fraction;
		}
	}
	return p;
}

static bool
take_apart(const char *p, size_t n, struct parts *to)
{
	const char *end = p + n, *from;
	bool minus;
	long e = 0;

	*to = (struct parts){ .negative = n > 0 && p[0] == '-' };
	if (n > 0 && (*p == '-' || *p == '+'))
		p++;
	from = p;
	p = take_digits(p, end, false, to);
	if (p < end && *p == '.')
		p = take_digits(p + 1, end, true, to);
	if (p == from || (p == from + 1 && *from == '.'))
		return false;
	if (p == end)
		return true;
	if ((*p++ | 0x20) != 'e')
		return false;
	minus = p < end && *p == '-';
	if (p < end && (*p == '-' || *p == '+'))
		p++;
	if (!all_digits(p, (size_t)(end - p)))
		return false;
	for (; p < end; p++)
		e = e < EXPONENT_MAX ? e * 10 + (*p - '0') : EXPONENT_MAX;
	to->exponent += minus ? -e : e;
	return true;
}

/* Without a decimal point strtod() reads the same in every locale. */
static double
slow_value(const struct parts *d)
{
	char s[64];

	snprintf(s, sizeof(s), "%llue%ld", (unsigned long long)d->mantissa,
	    d->exponent);
	return strtod(s, NULL);
}

static double
value_of(const struct parts *d)
{
	static const double tens[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
		1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
		1e19, 1e20, 1e21, 1e22 };
	const long n = (long)(sizeof(tens) / sizeof(tens[0]));
	double v;

	/* Both are exact then, so that the one operation rounds right. */
	if (d->mantissa > (UINT64_C(1) << 53) || d->exponent >= n ||
	    d->exponent <= -n)
		v = slow_value(d);
	else if (d->exponent < 0)
		v = (double)d->mantissa / tens[-d->exponent];
	else
		v = (double)d->mantissa * tens[d->exponent];
	return d->negative ? -v : v;
}

void
case_cell_text(struct case_buf *b, size_t at, enum case_cell_form form,
    bool from1904)
{
	size_t n = b->n - at;
	struct parts d;
	double v;

	if (n == 0 || (n > DIGITS_SAFE && all_digits(b->p + at, n)) ||
	    (form == CASE_CELL_NUMBER &&
		(all_digits(b->p + at, n) || is_shortest(b->p + at, n))) ||
	    !take_apart(b->p + at, n, &d))
		return;
	v = value_of(&d);
	if (!isfinite(v))
		return;
	b->n = at;
	case_cell_number(b, v, form, from1904);
}
