/* value.c - one typed value, and its text form */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/date.h"
#include "case/intl.h"
#include "case/text.h"
#include "case/value.h"

enum {
	DAY_SECONDS = 86400,
	DIGITS_MAX = 17,  /* enough for every double */
	NUMBER_MAX = 400, /* bytes of a number's text */
	POINT_MAX = 21,	  /* more digits before the point: exponent form */
	POINT_MIN = -5	  /* more zeros behind it: the same */
};

/* A finite double as 0.DIGITS * 10^point; zero has no digits. */
struct decimal {
	char digit[DIGITS_MAX + 1]; /* '1' to '9' first, no '0' last */
	int n;
	int point;
	bool negative;
};

static const char *const type_name[] = {
	[CASE_TEXT] = "text",
	[CASE_INTEGER] = "integer",
	[CASE_NUMBER] = "number",
	[CASE_MONEY] = "money",
	[CASE_RATIO] = "ratio",
	[CASE_POINTS] = "points",
	[CASE_DATE] = "date",
	[CASE_TIME] = "time",
	[CASE_FLAG] = "flag",
	[CASE_CODE] = "code",
};

enum { TYPE_N = sizeof(type_name) / sizeof(type_name[0]) };

const char *
case_type_name(enum case_type type)
{
	return type_name[type];
}

bool
case_type_find(const char *name, size_t n, enum case_type *type)
{
	for (size_t i = 0; i < TYPE_N; i++) {
		if (strlen(type_name[i]) == n &&
		    memcmp(type_name[i], name, n) == 0) {
			*type = (enum case_type)i;
			return true;
		}
	}
	return false;
}

static void
decimal_strip(struct decimal *d)
{
	while (d->n > 0 && d->digit[d->n - 1] == '0')
		d->n--;
	if (d->n == 0) {
		d->point = 0;
		d->negative = false;
	}
}

/*
 * The shortest of 15, 16 or 17 digits that reads back as v: 15 always hold
 * what a person typed, 17 always tell two doubles apart. Only the digits and
 * the exponent of printf's text are used, so its decimal point may be any.
 */
static void
decimal_of(struct decimal *d, double v)
{
	char s[40];
	const char *p;

	*d = (struct decimal){ .negative = signbit(v) != 0 };
	v = fabs(v);
	for (int digits = 15; digits <= DIGITS_MAX; digits++) {
		snprintf(s, sizeof(s), "%.*e", digits - 1, v);
		if (strtod(s, NULL) == v)
			break;
	}
	for (p = s; *p != 'e'; p++)
		if (isdigit((unsigned char)*p))
			d->digit[d->n++] = *p;
	d->point = (int)strtol(p + 1, NULL, 10) + 1;
	decimal_strip(d);
}

/* Without a decimal point the text reads the same in every locale. */
static double
decimal_value(const struct decimal *d)
{
	char s[48];
	double v;

	snprintf(s, sizeof(s), "%.*se%d", d->n, d->digit, d->point - d->n);
	v = d->n == 0 ? 0.0 : strtod(s, NULL);
	return d->negative ? -v : v;
}

/* Half away from zero, on the decimal digits. */
static void
decimal_round(struct decimal *d, int decimals)
{
	int keep = d->point + decimals, i;
	bool up;

	if (keep >= d->n)
		return;
	if (keep < 0) {
		d->n = 0;
		decimal_strip(d);
		return;
	}
	up = d->digit[keep] >= '5';
	d->n = keep;
	for (i = keep - 1; up && i >= 0; i--) {
		up = d->digit[i] == '9';
		d->digit[i] = up ? '0' : (char)(d->digit[i] + 1);
	}
	if (up) {
		/* 9.99 became 10.0: what is left of it is zeros. */
		d->digit[0] = '1';
		d->n = 1;
		d->point++;
	}
	decimal_strip(d);
}

static char
decimal_digit(const struct decimal *d, int i)
{
	return i >= 0 && i < d->n ? d->digit[i] : '0';
}

/* Fixed notation with at least decimals decimals; separator 0 is none. */
static void
decimal_put(struct case_buf *out, const struct decimal *d, int decimals,
    char separator)
{
	int places = d->n - d->point;

	if (d->negative)
		case_buf_addc(out, '-');
	if (d->point <= 0)
		case_buf_addc(out, '0');
	for (int i = 0; i < d->point; i++) {
		if (separator != 0 && i > 0 && (d->point - i) % 3 == 0)
			case_buf_addc(out, separator);
		case_buf_addc(out, decimal_digit(d, i));
	}
	if (places < decimals)
		places = decimals;
	if (places > 0)
		case_buf_addc(out, '.');
	for (int i = 0; i < places; i++)
		case_buf_addc(out, decimal_digit(d, d->point + i));
}

/* The machine form: fixed notation, or an exponent where that is shorter. */
static void
decimal_text(struct case_buf *out, const struct decimal *d)
{
	if (d->point >= POINT_MIN && d->point <= POINT_MAX) {
		decimal_put(out, d, 0, 0);
		return;
	}
	case_buf_addf(out, "%s%c%s%.*se%+d", d->negative ? "-" : "",
	    d->digit[0], d->n > 1 ? "." : "", d->n - 1, d->digit + 1,
	    d->point - 1);
}

static void
put_number(struct case_buf *out, double v)
{
	struct decimal d;

	if (!isfinite(v))
		return;
	decimal_of(&d, v);
	decimal_text(out, &d);
}

/*
 * For people: v * 10^shift with the decimals given, zeros kept or not. Scaled
 * on the digits, so that 0.558 is 55.8 and not 55.800000000000004.
 */
static void
display_number(struct case_buf *out, double v, int shift, int decimals,
    bool zeros)
{
	struct decimal d;

	if (!isfinite(v))
		return;
	decimal_of(&d, v);
	if (d.n > 0)
		d.point += shift;
	if (d.point > POINT_MAX) {
		decimal_text(out, &d);
		return;
	}
	decimal_round(&d, decimals);
	decimal_put(out, &d, zeros ? decimals : 0, ',');
}

/* An integer of so many decimals (0 or 2), with a separator or none. */
static void
put_fixed(struct case_buf *out, int64_t v, int decimals, char separator)
{
	uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	char s[32];
	size_t i = sizeof(s);
	int n = 0;

	do {
		if (separator != 0 && n > decimals && (n - decimals) % 3 == 0)
			s[--i] = separator;
		s[--i] = (char)('0' + u % 10);
		u /= 10;
		if (++n == decimals)
			s[--i] = '.';
	} while (u > 0 || n <= decimals);
	if (v < 0)
		s[--i] = '-';
	case_buf_add(out, s + i, sizeof(s) - i);
}

static void
put_date(struct case_buf *out, int64_t days)
{
	int year, month, day;

	case_date_civil(days, &year, &month, &day);
	case_buf_addf(out, "%04d-%02d-%02d", year, month, day);
}

static void
put_time(struct case_buf *out, int64_t seconds, char between)
{
	int64_t days = seconds / DAY_SECONDS;
	int rest = (int)(seconds % DAY_SECONDS);

	if (rest < 0) {
		rest += DAY_SECONDS;
		days--;
	}
	put_date(out, days);
	case_buf_addf(out, "%c%02d:%02d:%02d", between, rest / 3600,
	    rest / 60 % 60, rest % 60);
}

void
case_value_text(struct case_buf *out, const struct case_value *v)
{
	if (v->missing)
		return;
	switch (v->type) {
	case CASE_TEXT:
	case CASE_CODE:
		case_buf_add(out, v->u.s.p, v->u.s.n);
		break;
	case CASE_INTEGER:
		put_fixed(out, v->u.i, 0, 0);
		break;
	case CASE_MONEY:
		put_fixed(out, v->u.i, 2, 0);
		break;
	case CASE_NUMBER:
	case CASE_RATIO:
	case CASE_POINTS:
		put_number(out, v->u.d);
		break;
	case CASE_DATE:
		put_date(out, v->u.i);
		break;
	case CASE_TIME:
		put_time(out, v->u.i, 'T');
		break;
	case CASE_FLAG:
		case_buf_addc(out, v->u.i != 0 ? '1' : '0');
		break;
	}
}

void
case_value_display(struct case_buf *out, const struct case_value *v)
{
	if (v->missing)
		return;
	switch (v->type) {
	case CASE_INTEGER:
		put_fixed(out, v->u.i, 0, ',');
		break;
	case CASE_MONEY:
		put_fixed(out, v->u.i, 2, ',');
		break;
	case CASE_NUMBER:
		display_number(out, v->u.d, 0, 2, false);
		break;
	case CASE_RATIO:
		display_number(out, v->u.d, 2, 1, true);
		if (isfinite(v->u.d))
			case_buf_addc(out, '%');
		break;
	case CASE_POINTS:
		/* The plus tells a change from a share; 0.0 has no sign. */
		if (isfinite(v->u.d) && case_round(v->u.d, 3) > 0)
			case_buf_addc(out, '+');
		display_number(out, v->u.d, 2, 1, true);
		break;
	case CASE_TIME:
		put_time(out, v->u.i, ' ');
		break;
	case CASE_TEXT:
	case CASE_CODE:
	case CASE_DATE:
	case CASE_FLAG:
		case_value_text(out, v);
		break;
	}
}

double
case_round(double v, int decimals)
{
	struct decimal d;

	if (!isfinite(v))
		return v;
	decimal_of(&d, v);
	decimal_round(&d, decimals);
	return decimal_value(&d);
}

/* The run of digits at p[*i]; true when there is at least one. */
static bool
skip_digits(const char *p, size_t n, size_t *i)
{
	size_t from = *i;

	while (*i < n && isdigit((unsigned char)p[*i]))
		++*i;
	return *i > from;
}

/*
 * -?DIGITS as an integer of decimals more digits behind an optional point;
 * digits beyond them have to be 0.
 */
static bool
parse_fixed(int64_t *v, const char *p, size_t n, int decimals)
{
	bool negative = n > 0 && p[0] == '-', point = false;
	size_t i = negative, digits = 0;
	int64_t sum = 0;

	for (; i < n; i++) {
		if (p[i] == '.' && !point && digits > 0 && decimals > 0) {
			point = true;
			digits = 0;
			continue;
		}
		if (!isdigit((unsigned char)p[i]))
			return false;
		digits++;
		if (point && --decimals < 0) {
			if (p[i] != '0')
				return false;
			continue;
		}
		/* Counted downwards: INT64_MIN has no positive twin. */
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_sub_overflow(sum, p[i] - '0', &sum))
			return false;
	}
	if (digits == 0)
		return false;
	for (; decimals > 0; decimals--)
		if (__builtin_mul_overflow(sum, 10, &sum))
			return false;
	if (!negative && __builtin_sub_overflow(0, sum, &sum))
		return false;
	*v = sum;
	return true;
}

/*
 * -?DIGITS[.DIGITS][eEXPONENT]. The point is taken out and put into the
 * exponent before strtod() sees it, whose point is the locale's.
 */
static bool
parse_number(double *v, const char *p, size_t n)
{
	char s[NUMBER_MAX + 16];
	size_t i = n > 0 && p[0] == '-', whole, used;
	long exponent = 0;

	if (n > NUMBER_MAX || !skip_digits(p, n, &i))
		return false;
	memcpy(s, p, i);
	used = whole = i;
	if (i < n && p[i] == '.') {
		i++;
		if (!skip_digits(p, n, &i))
			return false;
		used = i - 1;
		memcpy(s + whole, p + whole + 1, used - whole);
	}
	if (i < n && (p[i] == 'e' || p[i] == 'E')) {
		size_t sign = ++i;

		if (i < n && (p[i] == '+' || p[i] == '-'))
			i++;
		/* Four digits are beyond every double already. */
		if (!skip_digits(p, n, &i) || i - sign > 5)
			return false;
		memcpy(s + used, p + sign, i - sign);
		s[used + i - sign] = '\0';
		exponent = strtol(s + used, NULL, 10);
	}
	if (i != n)
		return false;
	snprintf(s + used, sizeof(s) - used, "e%ld",
	    exponent - (long)(used - whole));
	*v = strtod(s, NULL);
	return isfinite(*v);
}

/* As many digits as n at p, as a number; -1 when one is none. */
static int
digits_at(const char *p, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)p[i]))
			return -1;
		v = v * 10 + (p[i] - '0');
	}
	return v;
}

static bool
parse_date(int64_t *v, const char *p, size_t n)
{
	int year, month, day;

	if (n != 10 || p[4] != '-' || p[7] != '-')
		return false;
	year = digits_at(p, 4);
	month = digits_at(p + 5, 2);
	day = digits_at(p + 8, 2);
	if (year < 1 || month < 1 || day < 1 ||
	    !case_date_exists(year, month, day))
		return false;
	*v = case_date_of(year, month, day);
	return true;
}

static bool
parse_time(int64_t *v, const char *p, size_t n)
{
	int hour, minute, second;
	int64_t days;

	if (n != 19 || !parse_date(&days, p, 10) || p[10] != 'T' ||
	    p[13] != ':' || p[16] != ':')
		return false;
	hour = digits_at(p + 11, 2);
	minute = digits_at(p + 14, 2);
	second = digits_at(p + 17, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
	    second > 59)
		return false;
	*v = days * DAY_SECONDS + hour * 3600 + minute * 60 + second;
	return true;
}

/* Says what was met, made visible and cut to a length that fits a message. */
static enum case_status
refuse(struct case_error *err, enum case_type type, const char *p, size_t n)
{
	static const char *const reason[TYPE_N] = {
		[CASE_INTEGER] = N_("not an integer"),
		[CASE_NUMBER] = N_("not a number"),
		[CASE_MONEY] = N_("not an amount"),
		[CASE_RATIO] = N_("not a number"),
		[CASE_POINTS] = N_("not a number"),
		[CASE_DATE] = N_("not a date (YYYY-MM-DD)"),
		[CASE_TIME] = N_("not a time (YYYY-MM-DDThh:mm:ss)"),
		[CASE_FLAG] = N_("not 1 or 0"),
	};
	struct case_buf seen = { 0 };
	enum case_status rc;

	case_text_visible(&seen, p, case_text_cut(p, n, 60));
	rc = case_error_set(err, CASE_EDATA, 0, "%s: \"%s\"", _(reason[type]),
	    case_buf_str(&seen));
	case_buf_free(&seen);
	return rc;
}

enum case_status
case_value_parse(struct case_value *v, enum case_type type, const char *p,
    size_t n, struct case_error *err)
{
	bool good = false;

	*v = (struct case_value){ .type = type, .missing = n == 0 };
	if (n == 0)
		return CASE_OK;
	switch (type) {
	case CASE_TEXT:
	case CASE_CODE:
		v->u.s = (struct case_str){ p, n };
		good = true;
		break;
	case CASE_INTEGER:
		good = parse_fixed(&v->u.i, p, n, 0);
		break;
	case CASE_MONEY:
		good = parse_fixed(&v->u.i, p, n, 2);
		break;
	case CASE_NUMBER:
	case CASE_RATIO:
	case CASE_POINTS:
		good = parse_number(&v->u.d, p, n);
		break;
	case CASE_DATE:
		good = parse_date(&v->u.i, p, n);
		break;
	case CASE_TIME:
		good = parse_time(&v->u.i, p, n);
		break;
	case CASE_FLAG:
		good = n == 1 && (p[0] == '0' || p[0] == '1');
		v->u.i = p[0] == '1';
		break;
	}
	return good ? CASE_OK : refuse(err, type, p, n);
}

static int
compare_strings(const struct case_str *a, const struct case_str *b)
{
	size_t n = a->n < b->n ? a->n : b->n;
	int d = n > 0 ? memcmp(a->p, b->p, n) : 0;

	return d != 0 ? d : (a->n > b->n) - (a->n < b->n);
}

int
case_value_compare(const struct case_value *a, const struct case_value *b)
{
	if (a->missing || b->missing)
		return a->missing - b->missing;
	switch (a->type) {
	case CASE_TEXT:
	case CASE_CODE:
		return compare_strings(&a->u.s, &b->u.s);
	case CASE_NUMBER:
	case CASE_RATIO:
	case CASE_POINTS:
		return (a->u.d > b->u.d) - (a->u.d < b->u.d);
	case CASE_INTEGER:
	case CASE_MONEY:
	case CASE_DATE:
	case CASE_TIME:
	case CASE_FLAG:
		break;
	}
	return (a->u.i > b->u.i) - (a->u.i < b->u.i);
}
