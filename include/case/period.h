/* period.h - periods of time, the pieces they fall into, and their bases */
#ifndef CASE_PERIOD_H
#define CASE_PERIOD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"
#include "case/date.h"
#include "case/error.h"
#include "case/table.h"

/*
 * How months and weeks are cut.
 *
 * month_day	1: calendar months. 2..28: statistical months, which begin on
 *		that day of the month before: with 21, May is 21 April to 20
 *		May; quarters, halves and years are made of such months
 * week_day	the day a week begins on, 1 Monday .. 7 Sunday. Its number and
 *		year are those of the ISO week that most of its days are in
 */
struct case_cut {
	int month_day;
	int week_day;
};
/* "21" or "fri", as behind the @ of a period; false: neither. */
bool case_cut_parse(struct case_cut *cut, const char *p, size_t n);

/* The sizes of a piece of time; NONE is no size: a range. */
enum case_grain {
	CASE_GRAIN_NONE,
	CASE_GRAIN_DAY,
	CASE_GRAIN_WEEK,
	CASE_GRAIN_MONTH,
	CASE_GRAIN_QUARTER,
	CASE_GRAIN_HALF,
	CASE_GRAIN_YEAR
};
/* By name: day week month quarter half year. */
bool case_grain_find(const char *p, size_t n, enum case_grain *g);
const char *case_grain_name(enum case_grain g);
/* 日期 周 月份 季度 半年 年份, or the name. */
const char *case_grain_label(enum case_grain g, enum case_lang lang);

/* A piece is known by its first day. g is not NONE. */
int64_t case_grain_start(enum case_grain g, int64_t day, struct case_cut cut);
int64_t case_grain_end(enum case_grain g, int64_t start, struct case_cut cut);
/* The piece n pieces later, or earlier when n < 0. */
int64_t case_grain_add(enum case_grain g, int64_t start, int64_t n,
    struct case_cut cut);
/* How many pieces b lies after a. */
int64_t case_grain_between(enum case_grain g, int64_t a, int64_t b,
    struct case_cut cut);
/*
 * The same piece a year earlier: a week of the same number, a day of the same
 * date. false: there is none (week 53, 29 February).
 */
bool case_grain_year_before(enum case_grain g, int64_t start,
    struct case_cut cut, int64_t *before);
/* Its name, as a period is written: 2023H1, 2023-05, 2023-W24. */
void case_grain_text(struct case_buf *out, enum case_grain g, int64_t start,
    struct case_cut cut);

/*
 * A period of days, both ends in.
 *
 * grain	its kind: a whole piece, or with to before the piece's end a
 *		part of it that begins where it begins (ytd, mtd); NONE: a
 *		range between two days
 * open_from, open_to	without a first, a last day; from or to is then not
 *		to be read. Both: all of time
 * relative	its text was read against today
 */
struct case_period {
	enum case_grain grain;
	bool open_from;
	bool open_to;
	int64_t from;
	int64_t to;
	struct case_cut cut;
	bool relative;
};

/*
 * Reads a period: all, 2023, 2023H1, 2023Q2, 2023-05, 2023-W24, 2023-06-12,
 * A..B, A.., ..B (A and B any of the others), ytd, mtd, today, yesterday, this-
 * and last- with week, month, quarter, half, year; behind any of them @21 (the
 * day statistical months begin on, 1..28) or @fri (the day weeks begin on).
 *
 * today	anchors the relative ones
 * cut		how months and weeks are cut without an @; NULL: calendar
 *		months, weeks from Monday
 *
 * CASE_EUSAGE when it is none, or ends before it begins.
 */
enum case_status case_period_parse(struct case_period *p, const char *text,
    int64_t today, const struct case_cut *cut, struct case_error *err);
void case_period_all(struct case_period *p);

/* The period as text that parses to it again, without today. */
void case_period_text(struct case_buf *out, const struct case_period *p);
/* In words: 2023年上半年; for titles. */
void case_period_label(struct case_buf *out, const struct case_period *p,
    enum case_lang lang);

/* Whether today lies in it, but is not its last day: it still grows. */
bool case_period_runs(const struct case_period *p, int64_t today);
/*
 * Its last day, or today when it still runs; false when it has no end and
 * today lies before it.
 */
bool case_period_reach(const struct case_period *p, int64_t today, int64_t *to);

/*
 * The bases of comparison. A period that still runs is compared with as many
 * days of its base as have gone by of itself. false: there is no such period
 * (all of time, week 53, 29 February).
 *
 * previous	环比: the piece of the same kind before; of a range as many
 *		whole months, or days, right before it
 * year_before	同比: the same piece, or the same dates, one year earlier; the
 *		last day of a month stays the last day
 */
bool case_period_previous(struct case_period *out, const struct case_period *p,
    int64_t today);
bool case_period_year_before(struct case_period *out,
    const struct case_period *p, int64_t today);
/* 本年累计: from the first day of the year that its last day is in. */
bool case_period_year_to_date(struct case_period *out,
    const struct case_period *p, int64_t today);

/*
 * Its length in months: whole months from its first day, and the days left
 * over as a part of the month they begin; counted to today when it still runs.
 * 0: it has no first or last day.
 */
double case_period_months(const struct case_period *p, int64_t today);

#endif
