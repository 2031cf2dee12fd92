/* date.h - civil dates, periods of days, the working-day calendar */
#ifndef CASE_DATE_H
#define CASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/error.h"
#include "case/value.h"

/* Days since 1970-01-01; any year from 1 to 9999. No time zone anywhere. */
int64_t case_date_of(int year, int month, int day); /* arguments are valid */
void case_date_civil(int64_t days, int *year, int *month, int *day);
bool case_date_exists(int year, int month, int day);
int case_date_weekday(int64_t days); /* 1 Monday .. 7 Sunday */
/* ISO 8601 week: its year and number. */
void case_date_week(int64_t days, int *year, int *week);
/* Monday of an ISO week; false when the year has no such week. */
bool case_date_of_week(int year, int week, int64_t *days);
/*
 * Same day n months later, or the last of that month (31 Jan + 1 = 28 Feb).
 * Beyond the years 1 to 9999 it is the first or last day of them.
 */
int64_t case_date_add_months(int64_t days, int n);

/*
 * The day of a spreadsheet's serial number: in the 1900 system 1 is
 * 1900-01-01 and 60 is 1900-02-29, a day that never was; in the 1904 system
 * 0 is 1904-01-01. false for that day and for days beyond 9999-12-31.
 */
bool case_date_of_serial(int64_t serial, bool from1904, int64_t *days);

/* Calendars a date column may be written in. */
enum case_calendar {
	CASE_CALENDAR_CE, /* the common era, and everything below */
	CASE_CALENDAR_ROC, /* 民国: 103/12/31, 1031231, 民國103年12月31日 */
	CASE_CALENDAR_EXCEL1904
};

/*
 * Reads a date in any form of domain.md section 6: 2023年6月12日, Chinese
 * numerals, / - . between, 20230612, 20230612083000, spaces inside, full-width
 * digits, a time behind it (8:30, 8时30分, 上午/下午, AM/PM; parts of a second
 * are dropped). A year of the common era has four digits.
 *
 * Excel serials: a number of five digits from 10000 (1927-05-18) on, and
 * 2958465 (9999-12-31), with an optional fraction that is the time of day,
 * rounded to the second. A smaller number in a date column is surely a slip,
 * one of six or seven digits YYYYMM, YYMMDD or a 民国 date: refused. See
 * case_date_of_serial() for cells known to be dates.
 *
 * In a 民国 column a year from 1912 on is taken as one of the common era,
 * because real files mix both (20211230 beside 1101230), a padded 0103 as 103,
 * and no number is a serial. 民国, 公元 and 西元 before a year decide in every
 * column.
 *
 * Refused with a reason of their own: 6月12日 (no year), 6/12/2023 (the order
 * is not known), a zone other than +08:00 (Z too: the civil time would be
 * another), 24:00.
 *
 * p, n		text, UTF-8
 * type		CASE_DATE or CASE_TIME; a date read as time is 00:00:00, of a
 *		time read as date only the day is kept
 * value	out: days or seconds; untouched on failure
 *
 * CASE_EDATA with a reason (without the text, which may be private) when it
 * is no date, or a date that does not exist (30 February). 长期, 9999-12-31
 * and 2099-12-31 are dates: 长期 reads as 9999-12-31.
 */
enum case_status case_date_parse(int64_t *value, enum case_type type,
    const char *p, size_t n, enum case_calendar calendar,
    struct case_error *err);

/*
 * The order of the three numbers of a date that - / or . parts, for sources
 * that are known to write it so: 6/12/2023 is 12 June in MDY. A first number of
 * more than two digits is a year all the same, and so are dates in any other
 * form. A year of the common era has four digits here too.
 */
enum case_date_order {
	CASE_ORDER_UNKNOWN, /* the year is first, else refused */
	CASE_ORDER_YMD,	    /* the same, but for the reason of the refusal */
	CASE_ORDER_MDY,
	CASE_ORDER_DMY
};
enum case_status case_date_parse_order(int64_t *value, enum case_type type,
    const char *p, size_t n, enum case_calendar calendar,
    enum case_date_order order, struct case_error *err);

/*
 * Working days from a calendar file (CSV: date,kind,name with kind holiday or
 * workday). Loaded years are those that appear in it; asking outside them is
 * an answer of its own, never "Monday to Friday". CASE_EDATA, with the line,
 * for another header or kind, a date that is none or stands twice, and years
 * with a gap between them.
 */
struct case_workdays;

enum case_status case_workdays_load(struct case_workdays **out,
    const char *path, struct case_error *err);
void case_workdays_free(struct case_workdays *w);

/* The first and last year that are loaded. */
void case_workdays_years(const struct case_workdays *w, int *first, int *last);

/* false: the calendar does not cover a needed day; result untouched. */
bool case_workdays_is(const struct case_workdays *w, int64_t day, bool *is);
/*
 * The n-th working day after day (n >= 1; the start is not counted); n = 0 is
 * day itself; n < 0 counts back.
 */
bool case_workdays_add(const struct case_workdays *w, int64_t day, int64_t n,
    int64_t *result);
/* Working days in (from, to]; negative when to is before from. */
bool case_workdays_between(const struct case_workdays *w, int64_t from,
    int64_t to, int64_t *result);

#endif
