/* func.c - the SQL functions that expressions compile to */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "case/ident.h"
#include "case/intl.h"
#include "case/money.h"
#include "case/regex.h"
#include "case/text.h"
#include "case/value.h"
#include "lib/store/func.h"
#include "lib/store/funcextra.h"

enum {
	DAY_SECONDS = 86400,
	DAY_FIRST = -719162, /* 0001-01-01 */
	DAY_LAST = 2932896,  /* 9999-12-31 */
	MONTHS_MAX = 120000  /* more than lie between these two */
};

typedef void function(sqlite3_context *c, int n, sqlite3_value **v);

static struct case_func_context *
context(sqlite3_context *c)
{
	return sqlite3_user_data(c);
}

static bool
any_missing(int n, sqlite3_value **v)
{
	for (int i = 0; i < n; i++)
		if (sqlite3_value_type(v[i]) == SQLITE_NULL)
			return true;
	return false;
}

static bool
is_day(int64_t day)
{
	return day >= DAY_FIRST && day <= DAY_LAST;
}

/* The day in v; false when it is missing or no day that has a date. */
static bool
get_day(sqlite3_value *v, int64_t *day)
{
	if (sqlite3_value_type(v) == SQLITE_NULL)
		return false;
	*day = sqlite3_value_int64(v);
	return is_day(*day);
}

static void
put_day(sqlite3_context *c, int64_t day)
{
	if (is_day(day))
		sqlite3_result_int64(c, day);
}

/* The text in v; false when it is missing. Valid until v changes. */
static bool
get_text(sqlite3_value *v, struct case_str *s)
{
	if (sqlite3_value_type(v) == SQLITE_NULL)
		return false;
	s->p = (const char *)sqlite3_value_text(v);
	if (s->p == NULL)
		return false;
	s->n = (size_t)sqlite3_value_bytes(v);
	return true;
}

static void
put_text(sqlite3_context *c, struct case_buf *b)
{
	if (b->failed)
		sqlite3_result_error_nomem(c);
	else
		sqlite3_result_text64(c, case_buf_str(b), b->n,
		    SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* Text folded and trimmed, as check digits want it. */
static bool
get_folded(sqlite3_context *c, sqlite3_value *v, struct case_str *s)
{
	struct case_buf *b = &context(c)->scratch;

	if (!get_text(v, s))
		return false;
	case_buf_reset(b);
	case_text_fold(b, s->p, s->n);
	if (b->failed) {
		sqlite3_result_error_nomem(c);
		return false;
	}
	*s = case_text_trim(case_buf_str(b), b->n);
	return true;
}

static void
fn_word(sqlite3_context *c, int n, sqlite3_value **v)
{
	const struct case_words *w = context(c)->words;
	sqlite3_int64 id = sqlite3_value_int64(v[0]);
	struct case_str s;

	(void)n;
	/* Words live as long as the connection: no copy is made. */
	if (w == NULL || id <= 0 || id > case_words_count(w))
		return;
	s = case_words_get(w, (uint32_t)id);
	sqlite3_result_text64(c, s.p, s.n, SQLITE_STATIC, SQLITE_UTF8);
}

enum part {
	PART_YEAR,
	PART_HALF,
	PART_QUARTER,
	PART_MONTH,
	PART_WEEK,
	PART_DAY,
	PART_WEEKDAY
};

static void
put_part(sqlite3_context *c, sqlite3_value **v, enum part part)
{
	int year, month, day, week;
	int64_t d;

	if (!get_day(v[0], &d))
		return;
	case_date_civil(d, &year, &month, &day);
	switch (part) {
	case PART_YEAR:
		sqlite3_result_int(c, year);
		break;
	case PART_HALF:
		sqlite3_result_int(c, (month + 5) / 6);
		break;
	case PART_QUARTER:
		sqlite3_result_int(c, (month + 2) / 3);
		break;
	case PART_MONTH:
		sqlite3_result_int(c, month);
		break;
	case PART_WEEK:
		case_date_week(d, &year, &week);
		sqlite3_result_int(c, week);
		break;
	case PART_DAY:
		sqlite3_result_int(c, day);
		break;
	case PART_WEEKDAY:
		sqlite3_result_int(c, case_date_weekday(d));
		break;
	}
}

#define PART_FUNCTION(name, part)                                      \
	static void name(sqlite3_context *c, int n, sqlite3_value **v) \
	{                                                              \
		(void)n;                                               \
		put_part(c, v, part);                                  \
	}

PART_FUNCTION(fn_year, PART_YEAR)
PART_FUNCTION(fn_half, PART_HALF)
PART_FUNCTION(fn_quarter, PART_QUARTER)
PART_FUNCTION(fn_month, PART_MONTH)
PART_FUNCTION(fn_week, PART_WEEK)
PART_FUNCTION(fn_day, PART_DAY)
PART_FUNCTION(fn_weekday, PART_WEEKDAY)

/* The second argument of period_…: a month's or a week's first day. */
static int
period_start(int n, sqlite3_value **v, int last)
{
	int start = n > 1 ? sqlite3_value_int(v[1]) : 1;

	return start >= 1 && start <= last ? start : 1;
}

static void
put_week(sqlite3_context *c, int64_t d, int start)
{
	int year, week;
	char s[32];

	/* Its middle day decides which ISO week's name a week has. */
	d -= (case_date_weekday(d) - start + 7) % 7;
	d += 3;
	case_date_week(d, &year, &week);
	sqlite3_snprintf((int)sizeof(s), s, "%04d-W%02d", year, week);
	sqlite3_result_text(c, s, -1, SQLITE_TRANSIENT);
}

/* The period that a day is in, as text that sorts right. */
static void
put_period(sqlite3_context *c, int n, sqlite3_value **v, enum part part)
{
	int year, month, day;
	int64_t d;
	char s[32];

	if (!get_day(v[0], &d))
		return;
	if (part == PART_WEEK) {
		put_week(c, d, period_start(n, v, 7));
		return;
	}
	case_date_civil(d, &year, &month, &day);
	/* A statistical month begins on day N of the month before. */
	if (part != PART_DAY && period_start(n, v, 28) > 1 &&
	    day >= period_start(n, v, 28) && ++month > 12) {
		month = 1;
		year++;
	}
	switch (part) {
	case PART_YEAR:
		sqlite3_snprintf((int)sizeof(s), s, "%04d", year);
		break;
	case PART_HALF:
		sqlite3_snprintf((int)sizeof(s), s, "%04dH%d", year,
		    (month + 5) / 6);
		break;
	case PART_QUARTER:
		sqlite3_snprintf((int)sizeof(s), s, "%04dQ%d", year,
		    (month + 2) / 3);
		break;
	case PART_MONTH:
		sqlite3_snprintf((int)sizeof(s), s, "%04d-%02d", year, month);
		break;
	default:
		sqlite3_snprintf((int)sizeof(s), s, "%04d-%02d-%02d", year,
		    month, day);
		break;
	}
	sqlite3_result_text(c, s, -1, SQLITE_TRANSIENT);
}

#define PERIOD_FUNCTION(name, part)                                    \
	static void name(sqlite3_context *c, int n, sqlite3_value **v) \
	{                                                              \
		put_period(c, n, v, part);                             \
	}

PERIOD_FUNCTION(fn_period_year, PART_YEAR)
PERIOD_FUNCTION(fn_period_half, PART_HALF)
PERIOD_FUNCTION(fn_period_quarter, PART_QUARTER)
PERIOD_FUNCTION(fn_period_month, PART_MONTH)
PERIOD_FUNCTION(fn_period_week, PART_WEEK)
PERIOD_FUNCTION(fn_period_day, PART_DAY)

static void
put_months(sqlite3_context *c, sqlite3_value **v, int64_t each)
{
	int year, month, day;
	int64_t d, n, total;

	if (!get_day(v[0], &d) || any_missing(1, v + 1))
		return;
	n = sqlite3_value_int64(v[1]);
	if (n > MONTHS_MAX || n < -MONTHS_MAX)
		return;
	case_date_civil(d, &year, &month, &day);
	total = year * 12 + month - 1 + n * each;
	if (total >= 12 && total < 10000 * 12)
		sqlite3_result_int64(c,
		    case_date_add_months(d, (int)(n * each)));
}

static void
fn_add_months(sqlite3_context *c, int n, sqlite3_value **v)
{
	(void)n;
	put_months(c, v, 1);
}

static void
fn_add_years(sqlite3_context *c, int n, sqlite3_value **v)
{
	(void)n;
	put_months(c, v, 12);
}

/* Seconds to whole days, downwards: 1969-12-31T23:00 is day -1. */
static int64_t
floor_days(int64_t t)
{
	int64_t d = t / DAY_SECONDS;

	return t % DAY_SECONDS < 0 ? d - 1 : d;
}

static void
fn_day_of(sqlite3_context *c, int n, sqlite3_value **v)
{
	(void)n;
	if (!any_missing(1, v))
		put_day(c, floor_days(sqlite3_value_int64(v[0])));
}

static void
fn_hour(sqlite3_context *c, int n, sqlite3_value **v)
{
	int64_t t = sqlite3_value_int64(v[0]);

	(void)n;
	if (any_missing(1, v))
		return;
	t -= floor_days(t) * DAY_SECONDS;
	sqlite3_result_int64(c, t / 3600);
}

/* The calendar does not cover a day: counted, and missing. */
static void
calendar_gap(sqlite3_context *c, int64_t day)
{
	struct case_func_context *ctx = context(c);

	if (ctx->gaps++ == 0)
		ctx->gap_day = day;
}

static bool
is_covered(const struct case_workdays *w, int64_t day)
{
	bool is;

	return w != NULL && case_workdays_is(w, day, &is);
}

static void
fn_is_workday(sqlite3_context *c, int n, sqlite3_value **v)
{
	const struct case_workdays *w = context(c)->workdays;
	int64_t day;
	bool is;

	(void)n;
	if (!get_day(v[0], &day))
		return;
	if (w == NULL || !case_workdays_is(w, day, &is))
		calendar_gap(c, day);
	else
		sqlite3_result_int(c, is);
}

static void
fn_workdays(sqlite3_context *c, int n, sqlite3_value **v)
{
	const struct case_workdays *w = context(c)->workdays;
	int64_t from, to, count;

	(void)n;
	if (!get_day(v[0], &from) || !get_day(v[1], &to))
		return;
	if (w == NULL || !case_workdays_between(w, from, to, &count))
		calendar_gap(c, is_covered(w, from) ? to : from);
	else
		sqlite3_result_int64(c, count);
}

static void
fn_add_workdays(sqlite3_context *c, int n, sqlite3_value **v)
{
	const struct case_workdays *w = context(c)->workdays;
	int64_t day, to;

	(void)n;
	if (!get_day(v[0], &day) || any_missing(1, v + 1))
		return;
	if (w == NULL ||
	    !case_workdays_add(w, day, sqlite3_value_int64(v[1]), &to))
		calendar_gap(c, day);
	else
		put_day(c, to);
}

static void
put_valid(sqlite3_context *c, sqlite3_value **v,
    bool (*valid)(const char *p, size_t n))
{
	struct case_str s;

	if (get_folded(c, v[0], &s))
		sqlite3_result_int(c, valid(s.p, s.n));
}

static bool
valid_id(const char *p, size_t n)
{
	return case_valid_uscc(p, n) || case_valid_resident(p, n) ||
	       case_valid_orgcode(p, n) || case_valid_bizreg(p, n) ||
	       case_valid_resident15(p, n);
}

#define VALID_FUNCTION(name, valid)                                    \
	static void name(sqlite3_context *c, int n, sqlite3_value **v) \
	{                                                              \
		(void)n;                                               \
		put_valid(c, v, valid);                                \
	}

VALID_FUNCTION(fn_valid_uscc, case_valid_uscc)
VALID_FUNCTION(fn_valid_orgcode, case_valid_orgcode)
VALID_FUNCTION(fn_valid_bizreg, case_valid_bizreg)
VALID_FUNCTION(fn_valid_resident, case_valid_resident)
VALID_FUNCTION(fn_valid_resident15, case_valid_resident15)
VALID_FUNCTION(fn_valid_id, valid_id)

static int
digits(const char *p, int n)
{
	int sum = 0;

	for (int i = 0; i < n; i++)
		sum = sum * 10 + (p[i] - '0');
	return sum;
}

/*
 * Full years on a day, of a valid number of a natural person. As the law
 * counts 周岁, a year is full on the day after the birthday.
 */
static void
fn_resident_age(sqlite3_context *c, int n, sqlite3_value **v)
{
	int birth_year, birth_day, year, month, day, age;
	struct case_str s;
	int64_t on;

	(void)n;
	if (!get_day(v[1], &on) || !get_folded(c, v[0], &s))
		return;
	if (case_valid_resident(s.p, s.n)) {
		birth_year = digits(s.p + 6, 4);
		birth_day = digits(s.p + 10, 4);
	} else if (case_valid_resident15(s.p, s.n)) {
		birth_year = 1900 + digits(s.p + 6, 2);
		birth_day = digits(s.p + 8, 4);
	} else {
		return;
	}
	case_date_civil(on, &year, &month, &day);
	age = year - birth_year - (month * 100 + day <= birth_day);
	if (age >= 0)
		sqlite3_result_int(c, age);
}

static bool
get_docno(sqlite3_value *v, struct case_docno *d)
{
	struct case_str s;

	return get_text(v, &s) && case_docno_parse(d, s.p, s.n);
}

static void
fn_docno_organ(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct case_docno d;

	(void)n;
	if (get_docno(v[0], &d))
		sqlite3_result_text(c, d.organ, -1, SQLITE_TRANSIENT);
}

static void
fn_docno_year(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct case_docno d;

	(void)n;
	if (get_docno(v[0], &d))
		sqlite3_result_int(c, d.year);
}

static void
fn_docno_number(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct case_docno d;

	(void)n;
	if (get_docno(v[0], &d))
		sqlite3_result_int64(c, d.number);
}

static void
fn_docno_key(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct case_buf *b = &context(c)->scratch;
	struct case_str s;

	(void)n;
	if (!get_text(v[0], &s))
		return;
	case_buf_reset(b);
	case_docno_key(b, s.p, s.n);
	put_text(c, b);
}

static void
free_regex(void *re)
{
	case_regex_free(re);
}

/* The pattern is compiled once a statement; a limit met is missing. */
static void
fn_matches(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct case_regex *re = sqlite3_get_auxdata(c, 1), *fresh = NULL;
	enum case_regex_result result;
	struct case_error err;
	struct case_str s, pattern;

	(void)n;
	if (!get_text(v[0], &s) || !get_text(v[1], &pattern))
		return;
	if (re == NULL) {
		if (case_regex_new(&fresh, pattern.p, pattern.n, &err) !=
		    CASE_OK) {
			sqlite3_result_error(c, err.what, -1);
			return;
		}
		re = fresh;
	}
	result = case_regex_match(re, s.p, s.n);
	if (result != CASE_REGEX_LIMIT)
		sqlite3_result_int(c, result == CASE_REGEX_YES);
	/* Last, since a failure in it frees the pattern at once. */
	if (fresh != NULL)
		sqlite3_set_auxdata(c, 1, fresh, free_regex);
}

static void
fn_starts(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct case_str a, b;

	(void)n;
	if (get_text(v[0], &a) && get_text(v[1], &b))
		sqlite3_result_int(c, a.n >= b.n && memcmp(a.p, b.p, b.n) == 0);
}

static void
fn_text_date(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct case_str s;
	int64_t day;

	(void)n;
	if (get_text(v[0], &s) && case_date_parse(&day, CASE_DATE, s.p, s.n,
				      CASE_CALENDAR_CE, NULL) == CASE_OK)
		put_day(c, day);
}

static void
fn_text_number(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct case_str s;
	double d;

	(void)n;
	if (get_text(v[0], &s) &&
	    case_number_parse(&d, s.p, s.n, NULL) == CASE_OK)
		sqlite3_result_double(c, d);
}

static void
fn_text_money(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct case_str s;
	int64_t fen;

	(void)n;
	if (get_text(v[0], &s) &&
	    case_money_parse(&fen, s.p, s.n, 100, NULL) == CASE_OK)
		sqlite3_result_int64(c, fen);
}

/* value_text(x, type): the machine form, as in a case-table. */
static void
fn_value_text(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct case_value value = { .type = (enum case_type)sqlite3_value_int(
					v[1]) };
	struct case_buf *b = &context(c)->scratch;
	bool real = value.type == CASE_NUMBER || value.type == CASE_RATIO ||
		    value.type == CASE_POINTS;

	(void)n;
	if (any_missing(2, v))
		return;
	if (real)
		value.u.d = sqlite3_value_double(v[0]);
	else
		value.u.i = sqlite3_value_int64(v[0]);
	if ((value.type == CASE_DATE && !is_day(value.u.i)) ||
	    (value.type == CASE_TIME && !is_day(floor_days(value.u.i))))
		return;
	case_buf_reset(b);
	case_value_text(b, &value);
	put_text(c, b);
}

static void
fn_round_half(sqlite3_context *c, int n, sqlite3_value **v)
{
	int decimals = n > 1 ? sqlite3_value_int(v[1]) : 0;

	if (!any_missing(n, v) && decimals >= 0 && decimals <= 9)
		sqlite3_result_double(c,
		    case_round(sqlite3_value_double(v[0]), decimals));
}

/* An amount to yuan (0), jiao (1) or as it is, half away from zero. */
static void
fn_round_fen(sqlite3_context *c, int n, sqlite3_value **v)
{
	int decimals = n > 1 ? sqlite3_value_int(v[1]) : 0;
	int64_t step = decimals == 0 ? 100 : decimals == 1 ? 10 : 1;
	int64_t fen = sqlite3_value_int64(v[0]), rest = fen % step;

	if (any_missing(n, v))
		return;
	fen -= rest;
	if (llabs(rest) * 2 >= step &&
	    __builtin_add_overflow(fen, rest < 0 ? -step : step, &fen))
		return;
	sqlite3_result_int64(c, fen);
}

/*
 * A sum of fen that came out as a real number, half away from zero. What is a
 * half in decimals may be a little less in binary, so a millionth is granted.
 */
static void
put_fen(sqlite3_context *c, double x)
{
	double whole = trunc(x);

	if (fabs(x - whole) >= 0.5 - 5e-7)
		whole += x < 0 ? -1 : 1;
	if (fabs(whole) < 9e18)
		sqlite3_result_int64(c, (int64_t)whole);
}

static bool
both_whole(sqlite3_value **v)
{
	return sqlite3_value_type(v[0]) == SQLITE_INTEGER &&
	       sqlite3_value_type(v[1]) == SQLITE_INTEGER;
}

static void
fn_money_round(sqlite3_context *c, int n, sqlite3_value **v)
{
	if (!any_missing(n, v))
		put_fen(c, sqlite3_value_double(v[0]));
}

/* An amount times a number, in either order. */
static void
fn_money_times(sqlite3_context *c, int n, sqlite3_value **v)
{
	int64_t product;

	if (any_missing(n, v))
		return;
	if (!both_whole(v))
		put_fen(c,
		    sqlite3_value_double(v[0]) * sqlite3_value_double(v[1]));
	else if (!__builtin_mul_overflow(sqlite3_value_int64(v[0]),
		     sqlite3_value_int64(v[1]), &product))
		sqlite3_result_int64(c, product);
}

/* An amount over a number; over 0 it is missing. */
static void
fn_money_over(sqlite3_context *c, int n, sqlite3_value **v)
{
	double by = sqlite3_value_double(v[1]);
	__int128 fen, whole, rest;

	if (any_missing(n, v) || by == 0)
		return;
	if (!both_whole(v)) {
		put_fen(c, sqlite3_value_double(v[0]) / by);
		return;
	}
	fen = sqlite3_value_int64(v[0]);
	rest = sqlite3_value_int64(v[1]);
	if (rest < 0) {
		fen = -fen;
		rest = -rest;
	}
	whole = fen / rest;
	if ((fen < 0 ? -(fen % rest) : fen % rest) * 2 >= rest)
		whole += fen < 0 ? -1 : 1;
	if (whole <= INT64_MAX && whole >= INT64_MIN)
		sqlite3_result_int64(c, (int64_t)whole);
}

/* bin(x, edge, ...): how many of the ascending edges x has reached. */
static void
fn_bin(sqlite3_context *c, int n, sqlite3_value **v)
{
	double x = sqlite3_value_double(v[0]);
	int i = 1;

	if (any_missing(n, v))
		return;
	while (i < n && x >= sqlite3_value_double(v[i]))
		i++;
	sqlite3_result_int(c, i - 1);
}

static void
fn_extra_value(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct case_buf *b = &context(c)->scratch;
	struct case_str json, header;

	(void)n;
	if (!get_text(v[0], &json) || !get_text(v[1], &header))
		return;
	case_buf_reset(b);
	if (case_func_extra(b, json, header))
		put_text(c, b);
	else if (b->failed)
		sqlite3_result_error_nomem(c);
}

/*
 * percentile(x, p): exact, by linear interpolation between the two values
 * around position p / 100 * (n - 1): type 7 of R. J. Hyndman and Y. Fan,
 * The American Statistician 50 (1996) 361-365.
 */
struct percentile {
	double *v;
	size_t n, cap;
	double p;
};

static void
percentile_step(sqlite3_context *c, int n, sqlite3_value **v)
{
	struct percentile *s = sqlite3_aggregate_context(c, sizeof(*s));
	double *more;
	size_t cap;

	if (s == NULL) {
		sqlite3_result_error_nomem(c);
		return;
	}
	if (any_missing(n, v))
		return;
	s->p = sqlite3_value_double(v[1]);
	if (s->n == s->cap) {
		cap = s->cap == 0 ? 64 : s->cap + s->cap / 2;
		more = sqlite3_realloc64(s->v, cap * sizeof(*more));
		if (more == NULL) {
			sqlite3_result_error_nomem(c);
			return;
		}
		s->v = more;
		s->cap = cap;
	}
	s->v[s->n++] = sqlite3_value_double(v[0]);
}

static void
swap(double *a, double *b)
{
	double t = *a;

	*a = *b;
	*b = t;
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/*
 * Puts the k-th smallest value at v[k], smaller ones before it and greater
 * ones behind: quickselect by the middle of three. When the partitions stay
 * uneven for long, what is left is sorted.
 */
static void
select_kth(double *v, size_t n, size_t k)
{
	size_t lo = 0, hi = n, i, j;
	double pivot;

	for (int rounds = 0; hi - lo > 16 && rounds < 64; rounds++) {
		i = lo + (hi - lo) / 2;
		if (v[i] < v[lo])
			swap(&v[i], &v[lo]);
		if (v[hi - 1] < v[i])
			swap(&v[hi - 1], &v[i]);
		if (v[i] < v[lo])
			swap(&v[i], &v[lo]);
		pivot = v[i];
		i = lo;
		j = hi - 1;
		for (;;) {
			while (v[i] < pivot)
				i++;
			while (v[j] > pivot)
				j--;
			if (i >= j)
				break;
			swap(&v[i++], &v[j--]);
		}
		/* v[lo..j] <= pivot <= v[j+1..hi). */
		if (k <= j)
			hi = j + 1;
		else
			lo = j + 1;
	}
	qsort(v + lo, hi - lo, sizeof(*v), compare_doubles);
}

static void
percentile_final(sqlite3_context *c)
{
	struct percentile *s = sqlite3_aggregate_context(c, 0);
	double position, part, next;
	size_t k;

	if (s == NULL)
		return;
	if (s->n > 0 && s->p >= 0 && s->p <= 100) {
		position = s->p * (double)(s->n - 1) / 100;
		k = (size_t)position;
		part = position - (double)k;
		select_kth(s->v, s->n, k);
		next = s->v[k];
		for (size_t i = k + 1; i < s->n; i++)
			if (i == k + 1 || s->v[i] < next)
				next = s->v[i];
		sqlite3_result_double(c, s->v[k] + part * (next - s->v[k]));
	}
	sqlite3_free(s->v);
	s->v = NULL;
}

static const struct {
	const char *name;
	int n;
	function *call;
} functions[] = {
	{ "word", 1, fn_word },
	{ "year", 1, fn_year },
	{ "half", 1, fn_half },
	{ "quarter", 1, fn_quarter },
	{ "month", 1, fn_month },
	{ "week", 1, fn_week },
	{ "day", 1, fn_day },
	{ "weekday", 1, fn_weekday },
	{ "period_year", -1, fn_period_year },
	{ "period_half", -1, fn_period_half },
	{ "period_quarter", -1, fn_period_quarter },
	{ "period_month", -1, fn_period_month },
	{ "period_week", -1, fn_period_week },
	{ "period_day", 1, fn_period_day },
	{ "add_months", 2, fn_add_months },
	{ "add_years", 2, fn_add_years },
	{ "day_of", 1, fn_day_of },
	{ "hour", 1, fn_hour },
	{ "is_workday", 1, fn_is_workday },
	{ "workdays", 2, fn_workdays },
	{ "add_workdays", 2, fn_add_workdays },
	{ "valid_uscc", 1, fn_valid_uscc },
	{ "valid_orgcode", 1, fn_valid_orgcode },
	{ "valid_bizreg", 1, fn_valid_bizreg },
	{ "valid_resident", 1, fn_valid_resident },
	{ "valid_resident15", 1, fn_valid_resident15 },
	{ "valid_id", 1, fn_valid_id },
	{ "resident_age", 2, fn_resident_age },
	{ "docno_organ", 1, fn_docno_organ },
	{ "docno_year", 1, fn_docno_year },
	{ "docno_number", 1, fn_docno_number },
	{ "docno_key", 1, fn_docno_key },
	{ "matches", 2, fn_matches },
	{ "starts", 2, fn_starts },
	{ "text_date", 1, fn_text_date },
	{ "text_number", 1, fn_text_number },
	{ "text_money", 1, fn_text_money },
	{ "value_text", 2, fn_value_text },
	{ "round_half", -1, fn_round_half },
	{ "round_fen", -1, fn_round_fen },
	{ "money_round", 1, fn_money_round },
	{ "money_times", 2, fn_money_times },
	{ "money_over", 2, fn_money_over },
	{ "bin", -1, fn_bin },
	{ "extra_value", 2, fn_extra_value },
};

enum case_status
case_func_register(void *db, struct case_func_context *ctx,
    struct case_error *err)
{
	int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
	int rc = SQLITE_OK;

	for (size_t i = 0;
	     rc == SQLITE_OK && i < sizeof(functions) / sizeof(functions[0]);
	     i++)
		rc = sqlite3_create_function_v2(db, functions[i].name,
		    functions[i].n, flags, ctx, functions[i].call, NULL, NULL,
		    NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_create_function_v2(db, "percentile", 2, flags, ctx,
		    NULL, percentile_step, percentile_final, NULL);
	if (rc != SQLITE_OK)
		return case_error_set(err, CASE_ESTORE, 0,
		    _("the functions of expressions can't be added: %s"),
		    sqlite3_errmsg(db));
	return CASE_OK;
}

void
case_func_free(struct case_func_context *ctx)
{
	case_buf_free(&ctx->scratch);
}
