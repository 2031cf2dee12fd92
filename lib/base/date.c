/* date.c - civil dates: days and their year, month, day and week */
#include "case/date.h"

enum {
	YEAR_MIN = 1,
	YEAR_MAX = 9999,
	DAYS_OF_ERA = 146097,  /* 400 years */
	DAYS_TO_EPOCH = 719468 /* from 0000-03-01 to 1970-01-01 */
};

static const int month_days[13] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	30, 31 };

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
days_in_month(int year, int month)
{
	return month_days[month] + (month == 2 && is_leap(year));
}

bool
case_date_exists(int year, int month, int day)
{
	return year >= YEAR_MIN && year <= YEAR_MAX && month >= 1 &&
	       month <= 12 && day >= 1 && day <= days_in_month(year, month);
}

/*
 * Years are counted from March, so that the leap day is the last of its year
 * and the months before a day follow one formula: 153 days in five of them.
 * Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */
int64_t
case_date_of(int year, int month, int day)
{
	int64_t y = year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * DAYS_OF_ERA + yoe * 365 + yoe / 4 - yoe / 100 + doy -
	       DAYS_TO_EPOCH;
}

void
case_date_civil(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + DAYS_TO_EPOCH;
	int64_t era = (z >= 0 ? z : z - (DAYS_OF_ERA - 1)) / DAYS_OF_ERA;
	int64_t doe = z - era * DAYS_OF_ERA;
	int64_t yoe =
	    (doe - doe / 1460 + doe / 36524 - doe / (DAYS_OF_ERA - 1)) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

int
case_date_weekday(int64_t days)
{
	/* 1970-01-01 was a Thursday. */
	return (int)(((days + 3) % 7 + 7) % 7) + 1;
}

void
case_date_week(int64_t days, int *year, int *week)
{
	/* A week belongs to the year that its Thursday is in. */
	int64_t thursday = days - case_date_weekday(days) + 4;
	int month, day;

	case_date_civil(thursday, year, &month, &day);
	*week = (int)((thursday - case_date_of(*year, 1, 1)) / 7) + 1;
}

bool
case_date_of_week(int year, int week, int64_t *days)
{
	int64_t monday;
	int y, w;

	if (year < YEAR_MIN || year > YEAR_MAX || week < 1 || week > 53)
		return false;
	/* 4 January is always in week 1. */
	monday = case_date_of(year, 1, 4);
	monday += 7 * (week - 1) - (case_date_weekday(monday) - 1);
	case_date_week(monday, &y, &w);
	if (y != year)
		return false;
	*days = monday;
	return true;
}

int64_t
case_date_add_months(int64_t days, int n)
{
	int year, month, day, last;
	int64_t months;

	case_date_civil(days, &year, &month, &day);
	months = (int64_t)year * 12 + (month - 1) + n;
	if (months < YEAR_MIN * 12)
		return case_date_of(YEAR_MIN, 1, 1);
	if (months >= (YEAR_MAX + 1) * 12)
		return case_date_of(YEAR_MAX, 12, 31);
	year = (int)(months / 12);
	month = (int)(months % 12) + 1;
	last = days_in_month(year, month);
	return case_date_of(year, month, day < last ? day : last);
}

bool
case_date_of_serial(int64_t serial, bool from1904, int64_t *days)
{
	enum {
		SERIAL_MAX = 2958465, /* 9999-12-31 */
		FALSE_LEAP_DAY = 60,  /* 1900-02-29, which never was */
		EPOCH_1904 = 1462     /* 1904-01-01 in the 1900 system */
	};
	int64_t n = serial;

	if (serial < (from1904 ? 0 : 1) || serial > SERIAL_MAX)
		return false;
	if (from1904)
		n += EPOCH_1904;
	else if (n == FALSE_LEAP_DAY)
		return false;
	if (n > SERIAL_MAX)
		return false;
	*days = n + case_date_of(1899, 12, 30) + (n < FALSE_LEAP_DAY);
	return true;
}
