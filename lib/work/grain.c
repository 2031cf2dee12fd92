/* grain.c - pieces of time: days, weeks, months and what is made of months */
#include <string.h>

#include "case/period.h"

static const struct {
	const char *name;
	const char *label; /* in Chinese */
	int months;
} grains[] = {
	[CASE_GRAIN_NONE] = { "range", "时段", 0 },
	[CASE_GRAIN_DAY] = { "day", "日期", 0 },
	[CASE_GRAIN_WEEK] = { "week", "周", 0 },
	[CASE_GRAIN_MONTH] = { "month", "月份", 1 },
	[CASE_GRAIN_QUARTER] = { "quarter", "季度", 3 },
	[CASE_GRAIN_HALF] = { "half", "半年", 6 },
	[CASE_GRAIN_YEAR] = { "year", "年份", 12 },
};
#define GRAINS (sizeof(grains) / sizeof(grains[0]))

bool
case_cut_parse(struct case_cut *cut, const char *p, size_t n)
{
	static const char days[7][4] = { "mon", "tue", "wed", "thu", "fri",
		"sat", "sun" };
	int day = 0;

	for (int i = 0; i < 7; i++)
		if (n == 3 && strncmp(p, days[i], 3) == 0) {
			cut->week_day = i + 1;
			return true;
		}
	if (n < 1 || n > 2)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		day = day * 10 + (p[i] - '0');
	}
	if (day < 1 || day > 28)
		return false;
	cut->month_day = day;
	return true;
}

bool
case_grain_find(const char *p, size_t n, enum case_grain *g)
{
	for (size_t i = CASE_GRAIN_DAY; i < GRAINS; i++)
		if (strlen(grains[i].name) == n &&
		    memcmp(grains[i].name, p, n) == 0) {
			*g = (enum case_grain)i;
			return true;
		}
	return false;
}

const char *
case_grain_name(enum case_grain g)
{
	return grains[g].name;
}

const char *
case_grain_label(enum case_grain g, enum case_lang lang)
{
	return lang == CASE_ZH ? grains[g].label : grains[g].name;
}

/* --- months, counted from January of year 0 --------------------------- */

static int64_t
month_of(int64_t day, struct case_cut cut)
{
	int y, m, d;

	case_date_civil(day, &y, &m, &d);
	return (int64_t)y * 12 + (m - 1) +
	       (cut.month_day > 1 && d >= cut.month_day);
}

/* A statistical month begins in the month before the one it is named for. */
static int64_t
month_start(int64_t month, struct case_cut cut)
{
	if (cut.month_day > 1)
		month--;
	return case_date_of((int)(month / 12), (int)(month % 12) + 1,
	    cut.month_day);
}

static int64_t
week_start(int64_t day, struct case_cut cut)
{
	return day - (case_date_weekday(day) - cut.week_day + 7) % 7;
}

/* The middle day of a week decides which ISO week's name it has. */
static void
week_name(int64_t start, int *year, int *week)
{
	case_date_week(start + 3, year, week);
}

static bool
week_named(int year, int week, struct case_cut cut, int64_t *start)
{
	int64_t monday;

	if (!case_date_of_week(year, week, &monday))
		return false;
	*start = week_start(monday + 3, cut);
	return true;
}

int64_t
case_grain_start(enum case_grain g, int64_t day, struct case_cut cut)
{
	int64_t month;

	if (g == CASE_GRAIN_DAY)
		return day;
	if (g == CASE_GRAIN_WEEK)
		return week_start(day, cut);
	month = month_of(day, cut);
	return month_start(month - month % grains[g].months, cut);
}

int64_t
case_grain_add(enum case_grain g, int64_t start, int64_t n, struct case_cut cut)
{
	if (g == CASE_GRAIN_DAY)
		return start + n;
	if (g == CASE_GRAIN_WEEK)
		return start + 7 * n;
	return month_start(month_of(start, cut) + n * grains[g].months, cut);
}

int64_t
case_grain_end(enum case_grain g, int64_t start, struct case_cut cut)
{
	return case_grain_add(g, start, 1, cut) - 1;
}

int64_t
case_grain_between(enum case_grain g, int64_t a, int64_t b, struct case_cut cut)
{
	if (g == CASE_GRAIN_DAY)
		return b - a;
	if (g == CASE_GRAIN_WEEK)
		return (b - a) / 7;
	return (month_of(b, cut) - month_of(a, cut)) / grains[g].months;
}

bool
case_grain_year_before(enum case_grain g, int64_t start, struct case_cut cut,
    int64_t *before)
{
	int y, m, d;

	if (g == CASE_GRAIN_WEEK) {
		week_name(start, &y, &m);
		return week_named(y - 1, m, cut, before);
	}
	if (g == CASE_GRAIN_DAY) {
		case_date_civil(start, &y, &m, &d);
		if (!case_date_exists(y - 1, m, d))
			return false;
		*before = case_date_of(y - 1, m, d);
		return true;
	}
	*before = case_grain_add(g, start, -12 / grains[g].months, cut);
	return true;
}

void
case_grain_text(struct case_buf *out, enum case_grain g, int64_t start,
    struct case_cut cut)
{
	int64_t month = month_of(start, cut);
	int y = (int)(month / 12), m = (int)(month % 12), d;

	switch (g) {
	case CASE_GRAIN_YEAR:
		case_buf_addf(out, "%04d", y);
		return;
	case CASE_GRAIN_HALF:
		case_buf_addf(out, "%04dH%d", y, m / 6 + 1);
		return;
	case CASE_GRAIN_QUARTER:
		case_buf_addf(out, "%04dQ%d", y, m / 3 + 1);
		return;
	case CASE_GRAIN_MONTH:
		case_buf_addf(out, "%04d-%02d", y, m + 1);
		return;
	case CASE_GRAIN_WEEK:
		week_name(start, &y, &m);
		case_buf_addf(out, "%04d-W%02d", y, m);
		return;
	case CASE_GRAIN_DAY:
	case CASE_GRAIN_NONE:
		break;
	}
	case_date_civil(start, &y, &m, &d);
	case_buf_addf(out, "%04d-%02d-%02d", y, m, d);
}
