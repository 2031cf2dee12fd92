/* cellnum.c - what the number in a workbook's cell says, as text */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "case/date.h"
#include "case/value.h"
#include "lib/format/cellnum.h"

#define DAY_SECONDS INT64_C(86400)
/* Elapsed time beyond this is taken for a plain number. */
#define ELAPSED_MAX 1e9
/* From here on a number has more than 15 digits. */
#define LONG_MIN_VALUE 1e15

enum case_cell_form
case_cell_form_builtin(uint32_t id)
{
	static const struct {
		unsigned char first;
		unsigned char last;
		enum case_cell_form form;
	} forms[] = {
		{ 14, 17, CASE_CELL_DATE },
		{ 18, 21, CASE_CELL_TIME },
		{ 22, 22, CASE_CELL_DATE },
		{ 27, 31, CASE_CELL_DATE },
		{ 32, 35, CASE_CELL_TIME },
		{ 36, 36, CASE_CELL_DATE },
		{ 45, 45, CASE_CELL_TIME },
		{ 46, 46, CASE_CELL_ELAPSED },
		{ 47, 47, CASE_CELL_TIME },
		{ 50, 54, CASE_CELL_DATE },
		{ 55, 56, CASE_CELL_TIME },
		{ 57, 58, CASE_CELL_DATE },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (id >= forms[i].first && id <= forms[i].last)
			return forms[i].form;
	return CASE_CELL_NUMBER;
}

/* What stands for a part of a date or time in a format's code. */
struct parts {
	bool date;
	bool time;
	bool month; /* or minutes */
	bool elapsed;
};

static bool
begins(const char *p, size_t n, const char *word)
{
	size_t k = strlen(word);

	return n >= k && strncasecmp(p, word, k) == 0;
}

/* [h], [mm] and [s] are elapsed time; colours, places and conditions not. */
static size_t
bracket(const char *p, size_t n, struct parts *found)
{
	const char *end = memchr(p, ']', n);
	size_t k = end == NULL ? n : (size_t)(end - p) + 1;
	size_t same = 1;

	while (same < k && (p[same] | 0x20) == (p[1] | 0x20))
		same++;
	if (k > 2 && same == k - 1 && strchr("hHmMsS", p[1]) != NULL)
		found->elapsed = true;
	return k;
}

/* Bytes of the code that are text: "…", \x, _x and *x; 0: none. */
static size_t
literal(const char *p, size_t n)
{
	const char *end;

	if (p[0] == '"') {
		end = memchr(p + 1, '"', n - 1);
		return end == NULL ? n : (size_t)(end - p) + 1;
	}
	if (p[0] != '\\' && p[0] != '_' && p[0] != '*')
		return 0;
	return n < 2 ? n : 2;
}

static size_t
code_letter(const char *p, size_t n, struct parts *found)
{
	switch (p[0] | 0x20) {
	case 'e':
		/* The exponent of 0.00E+00, or a year of an era. */
		if (n > 1 && (p[1] == '+' || p[1] == '-'))
			return 2;
		found->date = true;
		break;
	case 'y':
	case 'd':
		found->date = true;
		break;
	case 'h':
	case 's':
		found->time = true;
		break;
	case 'm':
		found->month = true;
		break;
	case 'a':
		if (begins(p, n, "am/pm"))
			return 5;
		if (begins(p, n, "a/p"))
			return 3;
		if (begins(p, n, "aaa"))
			found->date = true;
		break;
	case 'g':
		if (begins(p, n, "general"))
			return 7;
		break;
	}
	return 1;
}

enum case_cell_form
case_cell_form_code(const char *p, size_t n)
{
	struct parts found = { 0 };
	size_t k;

	while (n > 0 && p[0] != ';') {
		if (p[0] == '[')
			k = bracket(p, n, &found);
		else if ((k = literal(p, n)) == 0)
			k = code_letter(p, n, &found);
		p += k;
		n -= k;
	}
	if (found.date)
		return CASE_CELL_DATE;
	if (found.elapsed)
		return CASE_CELL_ELAPSED;
	if (found.time)
		return CASE_CELL_TIME;
	return found.month ? CASE_CELL_DATE : CASE_CELL_NUMBER;
}

static char *
put_digits(char *to, int v, size_t width)
{
	for (size_t i = width; i-- > 0; v /= 10)
		to[i] = (char)('0' + v % 10);
	return to + width;
}

static void
put_time(struct case_buf *out, int64_t seconds)
{
	char s[8], *p = put_digits(s, (int)(seconds / 3600), 2);

	*p++ = ':';
	p = put_digits(p, (int)(seconds / 60 % 60), 2);
	*p++ = ':';
	put_digits(p, (int)(seconds % 60), 2);
	case_buf_add(out, s, sizeof(s));
}

/* As case_value_text, without printf: sheets are full of dates. */
static void
put_day(struct case_buf *out, int64_t days)
{
	int year, month, day;
	char s[10], *p;

	case_date_civil(days, &year, &month, &day);
	p = put_digits(s, year, 4);
	*p++ = '-';
	p = put_digits(p, month, 2);
	*p++ = '-';
	put_digits(p, day, 2);
	case_buf_add(out, s, sizeof(s));
}

static bool
put_elapsed(struct case_buf *out, double v)
{
	int64_t seconds;

	if (!(fabs(v) < ELAPSED_MAX))
		return false;
	seconds = llround(fabs(v) * (double)DAY_SECONDS);
	case_buf_adds(out, v < 0 && seconds > 0 ? "-" : "");
	case_buf_addf(out, "%lld", (long long)(seconds / 3600));
	case_buf_addf(out, ":%02d:%02d", (int)(seconds / 60 % 60),
	    (int)(seconds % 60));
	return true;
}

/* A day and a time; false when the number is no date of its system. */
static bool
put_date(struct case_buf *out, double v, enum case_cell_form form,
    bool from1904)
{
	int64_t seconds, serial, days;

	if (!(v >= 0 && v < 1e7))
		return false;
	seconds = llround(v * (double)DAY_SECONDS);
	serial = seconds / DAY_SECONDS;
	seconds %= DAY_SECONDS;
	if (serial == 0 && (form == CASE_CELL_TIME || seconds > 0)) {
		put_time(out, seconds);
		return true;
	}
	if (!case_date_of_serial(serial, from1904, &days))
		return false;
	put_day(out, days);
	if (seconds > 0) {
		case_buf_addc(out, 'T');
		put_time(out, seconds);
	}
	return true;
}

/*
 * With the 15 digits that a spreadsheet shows: what it computed, such as 0.1 +
 * 0.2, is 0.3 for whoever wrote it, and 0.30000000000000004 is no amount.
 */
static double
shown_value(double v)
{
	char s[40];

	if (v == trunc(v) || !isfinite(v))
		return v;
	snprintf(s, sizeof(s), "%.14e", v);
	return strtod(s, NULL);
}

/*
 * Of a number with more digits than a spreadsheet keeps the last are made up:
 * an ID that was stored so must not look whole.
 */
static void
put_number(struct case_buf *out, double v)
{
	struct case_value number = { .type = CASE_NUMBER, .u.d = v };
	char s[40], digits[20];
	int n = 0;

	if (!(fabs(v) >= LONG_MIN_VALUE) || isinf(v)) {
		number.u.d = shown_value(v);
		case_value_text(out, &number);
		return;
	}
	/* The decimal point of printf may be any, the exponent has a sign. */
	for (int places = 14; places <= 16; places++) {
		snprintf(s, sizeof(s), "%.*e", places, fabs(v));
		if (strtod(s, NULL) == fabs(v))
			break;
	}
	for (const char *p = s; *p != 'e'; p++)
		if (*p >= '0' && *p <= '9')
			digits[n++] = *p;
	while (n > 1 && digits[n - 1] == '0')
		n--;
	case_buf_addf(out, "%s%c%s%.*s%s", v < 0 ? "-" : "", digits[0],
	    n > 1 ? "." : "", n - 1, digits + 1, strchr(s, 'e'));
}

void
case_cell_number(struct case_buf *out, double v, enum case_cell_form form,
    bool from1904)
{

	if (form == CASE_CELL_ELAPSED && put_elapsed(out, v))
		return;
	if ((form == CASE_CELL_DATE || form == CASE_CELL_TIME) &&
	    put_date(out, v, form, from1904))
		return;
	put_number(out, v);
}

/* Whether the text has the shape, in which 0 is any digit. */
static bool
shaped(const char *p, size_t n, const char *shape)
{
	size_t k = strlen(shape);

	if (n < k)
		return false;
	for (size_t i = 0; i < k; i++)
		if (shape[i] == '0' ? p[i] < '0' || p[i] > '9'
				    : p[i] != shape[i])
			return false;
	return true;
}

/* Parts of a second and a Z, and nothing else. */
static bool
is_iso_tail(const char *p, size_t n)
{
	size_t i = 0;

	if (n > 0 && p[0] == '.')
		for (i = 1; i < n && p[i] >= '0' && p[i] <= '9';)
			i++;
	return i == n || (i + 1 == n && p[i] == 'Z');
}

void
case_cell_iso(struct case_buf *out, const char *p, size_t n)
{
	static const char *const zeros[] = { "1899-12-30", "1899-12-31",
		"1900-01-00", "1904-01-01" };
	static const char form[] = "0000-00-00T00:00:00";
	enum { DATE = 10, TIME = 11, WHOLE = sizeof(form) - 1 };

	if (!shaped(p, n, form) || !is_iso_tail(p + WHOLE, n - WHOLE)) {
		case_buf_add(out, p, n);
		return;
	}
	if (memcmp(p + TIME, form + TIME, WHOLE - TIME) == 0) {
		case_buf_add(out, p, DATE);
		return;
	}
	for (size_t i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++) {
		if (memcmp(p, zeros[i], DATE) == 0) {
			case_buf_add(out, p + TIME, WHOLE - TIME);
			return;
		}
	}
	case_buf_add(out, p, WHOLE);
}
