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
/* Same day n months later, or the last of that month (31 Jan + 1 = 28 Feb). */
int64_t case_date_add_months(int64_t days, int n);

/* Calendars a date column may be written in. */
enum case_calendar {
	CASE_CALENDAR_CE,  /* the common era, and everything below */
	CASE_CALENDAR_ROC, /* 民国: 103/12/31, 1031231, 民國103年12月31日 */
	CASE_CALENDAR_EXCEL1904
};

/*
 * Reads a date in any form of domain.md section 6: 2023年6月12日, Chinese
 * numerals, / - . between, 20230612, spaces inside, full-width digits, a time
 * behind it, Excel serials 1..2958465 written as a number of up to 7 digits
 * with an optional fraction (a bare 8-digit number is YYYYMMDD). In CE a
 * two-digit year is refused.
 *
 * type		CASE_DATE or CASE_TIME; a date read as time is 00:00:00
 * value	out: days or seconds; untouched on failure
 *
 * CASE_EDATA with a reason when it is no date, or a date that does not exist
 * (30 February). 长期, 9999-12-31 and 2099-12-31 are dates: 长期 reads as
 * 9999-12-31.
 */
enum case_status case_date_parse(int64_t *value, enum case_type type,
    const char *p, size_t n, enum case_calendar calendar,
    struct case_error *err);

/*
 * Working days from a calendar file (CSV: date,kind,name with kind holiday or
 * workday). Loaded years are those that appear in it; asking outside them is
 * an answer of its own, never "Monday to Friday".
 */
struct case_workdays;

enum case_status case_workdays_load(struct case_workdays **out,
    const char *path, struct case_error *err);
void case_workdays_free(struct case_workdays *w);

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
