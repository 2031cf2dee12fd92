/* test_date.c - civil dates, dates from text, the working-day calendar */
#include <stdlib.h>
#include <unistd.h>

#include "case/date.h"
#include "tests/unit/test.h"

#define CE CASE_CALENDAR_CE
#define ROC CASE_CALENDAR_ROC
#define X1904 CASE_CALENDAR_EXCEL1904

static void
test_every_day(void)
{
	int64_t days = case_date_of(1, 1, 1), last = case_date_of(9999, 12, 31);
	int year, month, day, y = 1, m = 1, d = 1;
	bool same = true;

	CHECK_INT(days, -719162);
	CHECK_INT(last, 2932896);
	for (; days <= last; days++) {
		case_date_civil(days, &year, &month, &day);
		same = same && year == y && month == m && day == d &&
		       case_date_of(y, m, d) == days &&
		       case_date_exists(y, m, d);
		if (case_date_exists(y, m, d + 1)) {
			d++;
		} else {
			d = 1;
			y += m == 12;
			m = m % 12 + 1;
		}
	}
	CHECK(same);
	CHECK_INT(y, 10000);
	CHECK_INT(case_date_of(1970, 1, 1), 0);
	CHECK_INT(case_date_of(2023, 6, 12), 19520);
	CHECK_INT(case_date_of(2023, 1, 3) + 90, case_date_of(2023, 4, 3));
}

static void
test_exists(void)
{
	CHECK(case_date_exists(2024, 2, 29));
	CHECK(case_date_exists(2000, 2, 29));
	CHECK(!case_date_exists(1900, 2, 29));
	CHECK(!case_date_exists(2023, 2, 29));
	CHECK(!case_date_exists(2023, 0, 1));
	CHECK(!case_date_exists(2023, 13, 1));
	CHECK(!case_date_exists(2023, 1, 0));
	CHECK(!case_date_exists(2023, 4, 31));
	CHECK(!case_date_exists(0, 1, 1));
	CHECK(!case_date_exists(10000, 1, 1));
	CHECK(!case_date_exists(-1, 1, 1));
}

static void
check_week(int y, int m, int d, int want_year, int want_week, int want_day)
{
	int64_t days = case_date_of(y, m, d), monday = 0;
	int year, week;

	case_date_week(days, &year, &week);
	CHECK_INT(year, want_year);
	CHECK_INT(week, want_week);
	CHECK_INT(case_date_weekday(days), want_day);
	CHECK(case_date_of_week(year, week, &monday));
	CHECK_INT(monday, days - want_day + 1);
}

static void
test_weeks(void)
{
	int64_t monday = 7;

	check_week(1970, 1, 1, 1970, 1, 4);
	check_week(2023, 6, 12, 2023, 24, 1);
	check_week(2021, 1, 3, 2020, 53, 7);
	check_week(2021, 1, 4, 2021, 1, 1);
	check_week(2024, 12, 30, 2025, 1, 1);
	check_week(2022, 1, 1, 2021, 52, 6);
	check_week(1, 1, 1, 1, 1, 1);
	check_week(9999, 12, 31, 9999, 52, 5);
	CHECK(!case_date_of_week(2023, 53, &monday));
	CHECK(!case_date_of_week(2023, 0, &monday));
	CHECK(!case_date_of_week(2023, 54, &monday));
	CHECK(!case_date_of_week(0, 1, &monday));
	CHECK(!case_date_of_week(10000, 1, &monday));
	CHECK_INT(monday, 7);
}

static void
test_months(void)
{
	int64_t jan31 = case_date_of(2023, 1, 31);

	CHECK_INT(case_date_add_months(jan31, 1), case_date_of(2023, 2, 28));
	CHECK_INT(case_date_add_months(jan31, 13), case_date_of(2024, 2, 29));
	CHECK_INT(case_date_add_months(jan31, 0), jan31);
	CHECK_INT(case_date_add_months(jan31, -1), case_date_of(2022, 12, 31));
	CHECK_INT(case_date_add_months(jan31, -2), case_date_of(2022, 11, 30));
	CHECK_INT(case_date_add_months(jan31, 12), case_date_of(2024, 1, 31));
	CHECK_INT(case_date_add_months(case_date_of(2024, 2, 29), 12),
	    case_date_of(2025, 2, 28));
	CHECK_INT(case_date_add_months(jan31, INT32_MAX),
	    case_date_of(9999, 12, 31));
	CHECK_INT(case_date_add_months(jan31, INT32_MIN),
	    case_date_of(1, 1, 1));
	CHECK_INT(case_date_add_months(case_date_of(9999, 11, 30), 1),
	    case_date_of(9999, 12, 30));
	CHECK_INT(case_date_add_months(case_date_of(1, 2, 3), -1),
	    case_date_of(1, 1, 3));
}

static void
test_serials(void)
{
	int64_t d = -1;

	CHECK(!case_date_of_serial(0, false, &d));
	CHECK(!case_date_of_serial(60, false, &d));
	CHECK(!case_date_of_serial(2958466, false, &d));
	CHECK(!case_date_of_serial(-1, true, &d));
	CHECK(!case_date_of_serial(2957004, true, &d));
	CHECK(!case_date_of_serial(INT64_MAX, true, &d));
	CHECK(!case_date_of_serial(INT64_MIN, false, &d));
	CHECK_INT(d, -1);
	CHECK(case_date_of_serial(1, false, &d));
	CHECK_INT(d, case_date_of(1900, 1, 1));
	CHECK(case_date_of_serial(59, false, &d));
	CHECK_INT(d, case_date_of(1900, 2, 28));
	CHECK(case_date_of_serial(61, false, &d));
	CHECK_INT(d, case_date_of(1900, 3, 1));
	CHECK(case_date_of_serial(2958465, false, &d));
	CHECK_INT(d, case_date_of(9999, 12, 31));
	CHECK(case_date_of_serial(0, true, &d));
	CHECK_INT(d, case_date_of(1904, 1, 1));
	CHECK(case_date_of_serial(60, true, &d));
	CHECK_INT(d, case_date_of(1904, 3, 1));
	CHECK(case_date_of_serial(2957003, true, &d));
	CHECK_INT(d, case_date_of(9999, 12, 31));
}

/* Fails at the text itself, so that a table of them can be read. */
static void
fail(const char *text, const char *why)
{
	test_failed++;
	fprintf(stderr, "test_date.c: \"%s\": %s\n", text, why);
}

static enum case_status
parse(int64_t *v, enum case_type type, const char *s, enum case_calendar cal,
    struct case_error *err)
{
	/* The very bytes, so that the sanitizer sees a read behind them. */
	size_t n = strlen(s);
	char *copy = malloc(n + 1);
	enum case_status rc;

	if (copy == NULL)
		abort();
	memcpy(copy, s, n);
	if (n > 0 && (copy = realloc(copy, n)) == NULL)
		abort();
	rc = case_date_parse(v, type, copy, n, cal, err);
	free(copy);
	return rc;
}

static void
good(const char *s, enum case_calendar cal, int y, int m, int d, int seconds)
{
	int64_t days = case_date_of(y, m, d), v = -1;
	struct case_error err = { 0 };

	test_checked += 2;
	if (parse(&v, CASE_DATE, s, cal, &err) != CASE_OK)
		fail(s, err.what);
	else if (v != days)
		fail(s, "another day");
	if (parse(&v, CASE_TIME, s, cal, &err) != CASE_OK)
		fail(s, err.what);
	else if (v != days * 86400 + seconds)
		fail(s, "another time");
}

static void
bad(const char *s, enum case_calendar cal, const char *reason)
{
	struct case_error err = { 0 };
	int64_t v = 42;

	test_checked += 2;
	if (parse(&v, CASE_DATE, s, cal, &err) != CASE_EDATA)
		fail(s, "taken for a date");
	else if (strstr(err.what, reason) == NULL)
		fail(s, err.what);
	if (parse(&v, CASE_TIME, s, cal, NULL) != CASE_EDATA)
		fail(s, "taken for a time");
	if (v != 42)
		fail(s, "the value was touched");
}

static void
test_days(void)
{
	static const char *const same[] = { "2023-06-12", "2023年6月12日",
		"2023年06月12日", "二〇二三年六月十二日",
		"二零二三年六月十二日", "二○二三年六月十二日",
		"二0二三年六月一二日", "2023/6/12", "2023/06/12", "2023-6-12",
		"2023.6.12", "2023.06.12", "20230612", "20230612.0",
		"2023- 06- 12", "2023 - 6 - 12", " 2023-06-12 ",
		"\xe3\x80\x80"
		"2023-06-12\t",
		"２０２３年６月１２日", "２０２３－０６－１２",
		"２０２３／６／１２", "２０２３．６．１２", "2023–06–12",
		"2023—6—12", "2023年6月12号", "2023 年 6 月 12 日",
		"2023年6月12", "公元2023年6月12日",
		"\xe2\x80\x8e"
		"2023\xe2\x80\x8e/\xe2\x80\x8e"
		"6/12",
		"\xef\xbb\xbf"
		"2023-06-12",
		"2023-06-12 00:00:00", "2023-06-12T00:00:00",
		"2023-06-12 00:00:00.000", "2023-06-12 0:00", "45089",
		"45089.0", "民國112年6月12日", "中華民國112年6月12日",
		"中华民国一百一十二年六月十二日", "民国一一二年六月十二日" };

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		good(same[i], CE, 2023, 6, 12, 0);
	good("二〇二一年一月四日", CE, 2021, 1, 4, 0);
	good("二〇二四年四月五日", CE, 2024, 4, 5, 0);
	good("二〇二五年五月七日", CE, 2025, 5, 7, 0);
	good("二〇二六年七月八日", CE, 2026, 7, 8, 0);
	good("二〇二七年八月九日", CE, 2027, 8, 9, 0);
	good("二〇二八年九月三日", CE, 2028, 9, 3, 0);
	good("二〇二九年二月六日", CE, 2029, 2, 6, 0);
	good("二◯二三年三月卅號", CE, 2023, 3, 30, 0);
	good("２０２３年４月１５日", CE, 2023, 4, 15, 0);
	good("２０２６年７月８日", CE, 2026, 7, 8, 0);
	good("二〇二三年十二月三十一日", CE, 2023, 12, 31, 0);
	good("二〇二〇年十月二十日", CE, 2020, 10, 20, 0);
	good("二〇二〇年十月廿一日", CE, 2020, 10, 21, 0);
	good("一九九九年一月三十日", CE, 1999, 1, 30, 0);
	good("2024-02-29", CE, 2024, 2, 29, 0);
	good("1000-01-01", CE, 1000, 1, 1, 0);
	good("9999-12-31", CE, 9999, 12, 31, 0);
	good("2099-12-31", CE, 2099, 12, 31, 0);
	good("长期", CE, 9999, 12, 31, 0);
	good("長期", ROC, 9999, 12, 31, 0);
	good("长期有效", CE, 9999, 12, 31, 0);
}

static void
test_excel(void)
{
	good("44392", CE, 2021, 7, 15, 0);
	good("44562", CE, 2022, 1, 1, 0);
	good("44562.5", CE, 2022, 1, 1, 43200);
	good("45089.354166666664", CE, 2023, 6, 12, 30600);
	good("45089.999988425925", CE, 2023, 6, 12, 86399);
	/* Rounding to the second may reach the next day. */
	good("45088.99999999999", CE, 2023, 6, 12, 0);
	good("45088.99999999999999999999999", CE, 2023, 6, 12, 0);
	good("10000", CE, 1927, 5, 18, 0);
	good("99999", CE, 2173, 10, 13, 0);
	good("2958465", CE, 9999, 12, 31, 0);
	good("43627", X1904, 2023, 6, 12, 0);
	good("43627.25", X1904, 2023, 6, 12, 21600);
	good("2957003", X1904, 9999, 12, 31, 0);
	good("2023-06-12", X1904, 2023, 6, 12, 0);
	bad("0", CE, "serial");
	bad("7", CE, "serial");
	bad("60", CE, "serial");
	bad("150", CE, "serial");
	bad("9999", CE, "day is missing");
	bad("202306", CE, "serial");
	bad("230612", CE, "serial");
	bad("1031231", CE, "serial");
	bad("2958466", CE, "serial");
	bad("2958465.9999999", CE, "serial");
	bad("123456789", CE, "serial");
	bad("339901199001011234", CE, "not a date");
	bad("45089.", CE, "not a date");
	bad("45089.5.5", CE, "not a date");
	bad("45089,5", CE, "not a date");
	bad("-45089", CE, "not a date");
	bad("4.5E+4", CE, "not a date");
}

static void
test_times(void)
{
	good("2022- 03- 07 10: 08", CE, 2022, 3, 7, 36480);
	good("2023-06-12 08:30:00.0", CE, 2023, 6, 12, 30600);
	good("2023-06-12 08:30:15.987", CE, 2023, 6, 12, 30615);
	good("2023-06-12 08:30:15", CE, 2023, 6, 12, 30615);
	good("2023-06-12T08:30:15", CE, 2023, 6, 12, 30615);
	good("2023-06-12T08:30:00+08:00", CE, 2023, 6, 12, 30600);
	good("2023-06-12T08:30:00.000+0800", CE, 2023, 6, 12, 30600);
	good("2023-06-12 08:30:00 +08", CE, 2023, 6, 12, 30600);
	good("2023/6/12 8:30", CE, 2023, 6, 12, 30600);
	good("2023年6月12日8时30分", CE, 2023, 6, 12, 30600);
	good("2023年6月12日 8时30分15秒", CE, 2023, 6, 12, 30615);
	good("2023年6月12日8时", CE, 2023, 6, 12, 28800);
	good("2023年6月12日8點30分", CE, 2023, 6, 12, 30600);
	good("2023年06月12日08：30", CE, 2023, 6, 12, 30600);
	good("二〇二三年十二月三十一日二十三时五十九分五十九秒", CE, 2023, 12,
	    31, 86399);
	good("2023年6月12日上午8:30", CE, 2023, 6, 12, 30600);
	good("2023年6月12日8点30分15秒", CE, 2023, 6, 12, 30615);
	good("2023年6月12日8點30分", CE, 2023, 6, 12, 30600);
	good("2023年6月12日8時30分", CE, 2023, 6, 12, 30600);
	good("2023年6月12日 下午 3时30分", CE, 2023, 6, 12, 55800);
	good("2023/6/12 下午15:30", CE, 2023, 6, 12, 55800);
	good("2023/6/12 上午 12:30:00", CE, 2023, 6, 12, 1800);
	good("2023/6/12 下午 12:30:00", CE, 2023, 6, 12, 45000);
	good("2023/6/12 8:30:00 AM", CE, 2023, 6, 12, 30600);
	good("2023/6/12 8:30 pm", CE, 2023, 6, 12, 73800);
	good("2023/6/12 12:00AM", CE, 2023, 6, 12, 0);
	good("2023-06-12 12 PM", CE, 2023, 6, 12, 43200);
	good("20230612083015", CE, 2023, 6, 12, 30615);
	good("20230612235959", CE, 2023, 6, 12, 86399);
	bad("20230612236000", CE, "time of day");
	bad("20230612235960", CE, "time of day");
	good("20230612 08:30", CE, 2023, 6, 12, 30600);
	good("２０２３－０６－１２　０８：３０：１５", CE, 2023, 6, 12, 30615);
	bad("2023-06-12T08:30:00Z", CE, "zone");
	bad("2023-06-12T08:30:00.000Z", CE, "zone");
	bad("2023-06-12T08:30:00-05:00", CE, "zone");
	bad("2023-06-12T08:30:00+08:30", CE, "zone");
	bad("2023-06-12T08:30:00+00:00", CE, "zone");
	bad("2023-06-12 08:30:00 UTC", CE, "zone");
	bad("2023-06-12 24:00:00", CE, "time of day");
	bad("2023-06-12 25:00", CE, "time of day");
	bad("2023-06-12 08:60", CE, "time of day");
	bad("2023-06-12 23:59:60", CE, "time of day");
	bad("2023年6月12日上午13:00", CE, "time of day");
	bad("20230612240000", CE, "time of day");
	bad("2023-06-12 08", CE, "not a date");
	bad("2023-06-12 08:", CE, "not a date");
	bad("2023-06-12 08:30:", CE, "not a date");
	bad("2023-06-12 08:30:00:00", CE, "not a date");
	bad("2023-06-12 08:30:00.", CE, "not a date");
	bad("2023-06-12 08-30", CE, "not a date");
	bad("2023-06-12T", CE, "not a date");
	bad("2023-06-12 上", CE, "not a date");
	bad("2023-06-12 上午", CE, "not a date");
	bad("2023-06-12 008:30", CE, "not a date");
	bad("20230612083015 8:30", CE, "not a date");
	bad("20230612.08:30", CE, "not a date");
	bad("2023-06-1208:30", CE, "not a date");
}

static void
test_no_dates(void)
{
	bad("2023-02-30", CE, "no such day");
	bad("2023-02-29", CE, "no such day");
	bad("2024-13-01", CE, "no such day");
	bad("0000-00-00", CE, "begins with 0");
	bad("0000-00-00 00:00:00", CE, "begins with 0");
	bad("0001-01-01", CE, "begins with 0");
	bad("0001-01-01 00:00:00", CE, "begins with 0");
	bad("0024年6月12日", CE, "begins with 0");
	bad("09991231", CE, "begins with 0");
	bad("1900-01-00", CE, "no such day");
	bad("2025-06-31", CE, "no such day");
	bad("20230230", CE, "no such day");
	bad("2023年2月30日", CE, "no such day");
	bad("二〇二三年二月三十日", CE, "no such day");
	bad("00000000", CE, "begins with 0");
	bad("20233-1-1", CE, "not a date");
	bad("6月12日", CE, "year is missing");
	bad("六月十二日", CE, "year is missing");
	bad("6-12", CE, "year is missing");
	bad("6/12", CE, "year is missing");
	bad("2023年6月", CE, "day is missing");
	bad("2023年", CE, "day is missing");
	bad("2023", CE, "day is missing");
	bad("2023-06", CE, "day is missing");
	bad("2023.06", CE, "day is missing");
	bad("23-6-12", CE, "four digits");
	bad("23年6月12日", CE, "four digits");
	bad("二三年六月十二日", CE, "four digits");
	bad("6/12/23", CE, "four digits");
	bad("6/12/2023", CE, "order");
	bad("12-06-2023", CE, "order");
	bad("3/14/2025 1:20", CE, "order");
	bad("103/12/31", CE, "roc");
	bad("103年12月31日", CE, "roc");
	bad("", CE, "not a date");
	bad(" ", CE, "not a date");
	bad("近日", CE, "not a date");
	bad("截至10月31日", CE, "not a date");
	bad("无", CE, "not a date");
	bad("-", CE, "not a date");
	bad("/", CE, "not a date");
	bad("2023-06-12-", CE, "not a date");
	bad("2023-06/12", CE, "not a date");
	bad("2023--06-12", CE, "not a date");
	bad("2023-06-123", CE, "not a date");
	bad("2023 06 12", CE, "not a date");
	bad("2 023-06-12", CE, "not a date");
	bad("2023-06-12至2023-06-15", CE, "not a date");
	bad("2023.6.12-6.15", CE, "not a date");
	bad("2023年6月12日、13日", CE, "not a date");
	bad("2023O612", CE, "not a date");
	bad("2023年十十月1日", CE, "not a date");
	bad("2023年百月1日", CE, "not a date");
	bad("2023年〇十月1日", CE, "no such day");
	/* What stands behind 9 in ASCII is no digit. */
	bad("2023-0:-01", CE, "not a date");
	bad("2023-01-0:", CE, "no such day");
	bad("202:-01-01", CE, "not a date");
	bad("2023-01-01 00:0::00", CE, "not a date");
	bad("2023-06-1\x01", CE, "not a date");
	bad("2023-06-1\xff", CE, "not a date");
	bad("2023-06-1\xe5\xb9", CE, "not a date");
	bad("長", CE, "not a date");
	bad("长期2023-06-12", CE, "not a date");
	bad("2023-06-12 00:00:00 00:00:00 00:00:00 00:00:00 00:00:00 00:00:00 "
	    "00:00:00 00:00:00 00:00:00 00:00:00",
	    CE, "not a date");
}

static void
test_roc(void)
{
	good("103/12/31", ROC, 2014, 12, 31, 0);
	good("103-12-31", ROC, 2014, 12, 31, 0);
	good("103.12.31", ROC, 2014, 12, 31, 0);
	good("1031231", ROC, 2014, 12, 31, 0);
	good("民國103年12月31日", ROC, 2014, 12, 31, 0);
	good("民國 103 年 12 月 31 日", ROC, 2014, 12, 31, 0);
	good("103年12月31日", ROC, 2014, 12, 31, 0);
	good("民國一百零三年十二月三十一日", ROC, 2014, 12, 31, 0);
	good("民國百十二年十二月三十一日", ROC, 2023, 12, 31, 0);
	good("一〇三年十二月三十一日", ROC, 2014, 12, 31, 0);
	good("１０３／１２／３１", ROC, 2014, 12, 31, 0);
	good("2014-12-31", ROC, 2014, 12, 31, 0);
	good("20141231", ROC, 2014, 12, 31, 0);
	good("01031231", ROC, 2014, 12, 31, 0);
	good("0103-12-31", ROC, 2014, 12, 31, 0);
	good("西元2014年12月31日", ROC, 2014, 12, 31, 0);
	good("民國1031231", CE, 2014, 12, 31, 0);
	good("103/12/31 08:30", ROC, 2014, 12, 31, 30600);
	good("20220308", ROC, 2022, 3, 8, 0);
	good("20211230", ROC, 2021, 12, 30, 0);
	good("99/12/31", ROC, 2010, 12, 31, 0);
	good("991231", ROC, 2010, 12, 31, 0);
	good("101/2/29", ROC, 2012, 2, 29, 0);
	good("民國元年1月1日", ROC, 1912, 1, 1, 0);
	good("1912-01-01", ROC, 1912, 1, 1, 0);
	bad("103/2/29", ROC, "no such day");
	bad("1030229", ROC, "no such day");
	bad("1911-12-31", ROC, "no such day");
	bad("1900/1/1", ROC, "no such day");
	bad("000/01/01", ROC, "no such day");
	bad("6/12/23", ROC, "four digits");
	bad("6/12/2023", ROC, "order");
	bad("10312", ROC, "serial");
	bad("45089", ROC, "serial");
	bad("民國2014年12月31日", ROC, "not a date");
	bad("民國20141231", ROC, "not a date");
	bad("民國", ROC, "not a date");
	bad("國103年12月31日", ROC, "not a date");
}

/* Dates of sources that are known to write the year last. */
static const struct {
	const char *text;
	enum case_date_order order;
	enum case_calendar calendar;
	const char *is; /* the time that it is, or why it is refused */
} ordered[] = {
	{ "6/12/2023", CASE_ORDER_MDY, CE, "2023-06-12T00:00:00" },
	{ "6/12/2023", CASE_ORDER_DMY, CE, "2023-12-06T00:00:00" },
	{ "6/12/2023", CASE_ORDER_UNKNOWN, CE, "order of month and day" },
	{ "6/12/2023", CASE_ORDER_YMD, CE, "the order that the layout" },
	{ "01/02/2023 11:59:59 PM", CASE_ORDER_MDY, CE, "2023-01-02T23:59:59" },
	{ "01/02/2023 11:59:59 PM", CASE_ORDER_DMY, CE, "2023-02-01T23:59:59" },
	{ "01/02/2023 12:00:00 AM", CASE_ORDER_MDY, CE, "2023-01-02T00:00:00" },
	{ "3/14/2025 1:20", CASE_ORDER_MDY, CE, "2025-03-14T01:20:00" },
	{ "14.03.2025 08:30", CASE_ORDER_DMY, CE, "2025-03-14T08:30:00" },
	{ "14-3-2025", CASE_ORDER_DMY, CE, "2025-03-14T00:00:00" },
	{ " 2 / 29 / 2024 ", CASE_ORDER_MDY, CE, "2024-02-29T00:00:00" },
	{ "０３／１４／２０２５", CASE_ORDER_MDY, CE, "2025-03-14T00:00:00" },
	{ "13/45/2023", CASE_ORDER_MDY, CE, "no such day" },
	{ "13/45/2023", CASE_ORDER_DMY, CE, "no such day" },
	{ "14/3/2025", CASE_ORDER_MDY, CE, "no such day" },
	{ "3/14/2025", CASE_ORDER_DMY, CE, "no such day" },
	{ "2/29/2023", CASE_ORDER_MDY, CE, "no such day" },
	{ "0/1/2023", CASE_ORDER_MDY, CE, "no such day" },
	{ "3/14/2025 24:00", CASE_ORDER_MDY, CE, "time of day" },
	{ "3/14/2025 13:00 AM", CASE_ORDER_MDY, CE, "time of day" },
	{ "3/14-2025", CASE_ORDER_MDY, CE, "not a date" },
	{ "3/14/20255", CASE_ORDER_MDY, CE, "not a date" },
	{ "3/14", CASE_ORDER_MDY, CE, "year is missing" },
	/* No century is guessed. */
	{ "3/14/25", CASE_ORDER_MDY, CE, "four digits" },
	{ "23/6/12", CASE_ORDER_YMD, CE, "four digits" },
	{ "3/14/5", CASE_ORDER_MDY, CE, "four digits" },
	{ "3/14/112", CASE_ORDER_MDY, CE, "roc" },
	{ "3/14/112", CASE_ORDER_MDY, ROC, "2023-03-14T00:00:00" },
	{ "112/3/14", CASE_ORDER_MDY, ROC, "2023-03-14T00:00:00" },
	/* What the order says nothing of is read as ever. */
	{ "2023-06-12", CASE_ORDER_DMY, CE, "2023-06-12T00:00:00" },
	{ "2023/6/12", CASE_ORDER_DMY, CE, "2023-06-12T00:00:00" },
	{ "2023-06-12 08:30:00", CASE_ORDER_MDY, CE, "2023-06-12T08:30:00" },
	{ "2023年6月12日", CASE_ORDER_MDY, CE, "2023-06-12T00:00:00" },
	{ "20230612", CASE_ORDER_DMY, CE, "2023-06-12T00:00:00" },
	{ "06122023", CASE_ORDER_MDY, CE, "begins with 0" },
	{ "45089", CASE_ORDER_MDY, CE, "2023-06-12T00:00:00" },
	{ "6月12日", CASE_ORDER_MDY, CE, "year is missing" },
	{ "2023/6/12", CASE_ORDER_YMD, CE, "2023-06-12T00:00:00" },
};

static void
test_order(void)
{
	for (size_t i = 0; i < sizeof(ordered) / sizeof(ordered[0]); i++) {
		struct case_value v = { .type = CASE_TIME };
		struct case_error err = { 0 };
		struct case_buf text = { 0 };
		const char *s = ordered[i].text;

		test_checked++;
		if (case_date_parse_order(&v.u.i, CASE_TIME, s, strlen(s),
			ordered[i].calendar, ordered[i].order, &err) == CASE_OK)
			case_value_text(&text, &v);
		else
			case_buf_adds(&text, err.what);
		if (strstr(case_buf_str(&text), ordered[i].is) == NULL)
			fail(s, case_buf_str(&text));
		case_buf_free(&text);
	}
}

/* No text of a few tokens may crash or touch the value without success. */
static void
test_noise(void)
{
	static const char *const parts[] = { "2023", "6", "12", "-", "/", ".",
		"年", "月", "日", "时", "分", "秒", ":", " ", "十", "二", "〇",
		"百", "上午", "PM", "+08:00", "Z", "民國", "元", "长期", "\xff",
		"0" };
	const size_t n = sizeof(parts) / sizeof(parts[0]);
	uint32_t seed = 1;
	char s[128];
	int wrong = 0;

	for (int round = 0; round < 100000; round++) {
		int64_t v = INT64_MIN;
		enum case_calendar cal = (enum case_calendar)(round % 3);
		size_t used = 0;

		for (int i = 0; i < 9; i++) {
			seed = seed * 1664525u + 1013904223u;
			used += (size_t)snprintf(s + used, sizeof(s) - used,
			    "%s", parts[(seed >> 16) % n]);
		}
		if ((case_date_parse(&v, CASE_TIME, s, used, cal, NULL) ==
			CASE_OK) == (v == INT64_MIN))
			wrong++;
	}
	CHECK_INT(wrong, 0);
}

static int64_t
day(const char *s)
{
	int64_t v = 0;

	CHECK_INT(case_date_parse(&v, CASE_DATE, s, strlen(s), CE, NULL),
	    CASE_OK);
	return v;
}

/* Counting forward, back and between must tell the same. */
static void
check_add(const struct case_workdays *w, const char *from, int64_t n,
    const char *to)
{
	int64_t v = 0;

	CHECK(case_workdays_add(w, day(from), n, &v));
	CHECK_INT(v, day(to));
	CHECK(case_workdays_between(w, day(from), day(to), &v));
	CHECK_INT(v, n);
	CHECK(case_workdays_between(w, day(to), day(from), &v));
	CHECK_INT(v, -n);
}

static void
test_calendar(const struct case_workdays *w)
{
	static const int workdays[] = { 250, 249, 250, 249, 249, 251, 248,
		248 };
	int first, last;
	int64_t v;
	bool is;

	case_workdays_years(w, &first, &last);
	CHECK_INT(first, 2019);
	CHECK_INT(last, 2026);
	for (int y = 2019; y <= 2026; y++) {
		CHECK(case_workdays_between(w, case_date_of(y - 1, 12, 31),
		    case_date_of(y, 12, 31), &v));
		CHECK_INT(v, workdays[y - 2019]);
	}
	check_add(w, "2023-09-28", 7, "2023-10-13");
	check_add(w, "2023-01-19", 7, "2023-02-02");
	check_add(w, "2023-04-28", 5, "2023-05-09");
	check_add(w, "2024-02-08", 7, "2024-02-23");
	check_add(w, "2021-09-18", 7, "2021-09-29");
	check_add(w, "2023-06-20", 7, "2023-06-30");
	CHECK(case_workdays_is(w, day("2020-01-31"), &is) && !is);
	CHECK(case_workdays_is(w, day("2020-02-01"), &is) && !is);
	CHECK(case_workdays_is(w, day("2023-01-03"), &is) && is);
	CHECK(case_workdays_is(w, day("2023-01-28"), &is) && is);
	CHECK(case_workdays_is(w, day("2023-06-10"), &is) && !is);
	CHECK(case_workdays_is(w, day("2023-06-12"), &is) && is);
	CHECK(case_workdays_add(w, day("2023-10-13"), -7, &v));
	CHECK_INT(v, day("2023-09-28"));
	CHECK(case_workdays_add(w, day("2023-10-01"), -1, &v));
	CHECK_INT(v, day("2023-09-28"));
	CHECK(case_workdays_add(w, day("2023-10-01"), 0, &v));
	CHECK_INT(v, day("2023-10-01"));
}

/* Against the plain walk, from every day of a year. */
static void
test_walk(const struct case_workdays *w)
{
	int64_t v, d, left;
	int wrong = 0;
	bool is;

	for (int64_t from = day("2023-01-01"); from <= day("2023-12-31");
	     from++) {
		for (int n = -30; n <= 30; n++) {
			d = from;
			for (left = abs(n); left > 0; left -= is) {
				d += n < 0 ? -1 : 1;
				if (!case_workdays_is(w, d, &is))
					is = true;
			}
			wrong += !case_workdays_add(w, from, n, &v) || v != d;
		}
	}
	CHECK_INT(wrong, 0);
}

static void
test_outside(const struct case_workdays *w)
{
	int64_t v = 42, before = day("2018-12-31"), after = day("2027-01-01");
	bool is = true;

	CHECK(!case_workdays_is(w, before, &is));
	CHECK(!case_workdays_is(w, after, &is));
	CHECK(!case_workdays_is(w, INT64_MIN, &is));
	CHECK(!case_workdays_is(w, INT64_MAX, &is));
	CHECK(is);
	CHECK(!case_workdays_add(w, before - 1, 1, &v));
	CHECK(!case_workdays_add(w, before, -1, &v));
	CHECK(!case_workdays_add(w, after, 1, &v));
	CHECK(!case_workdays_add(w, after + 1, -1, &v));
	CHECK(!case_workdays_add(w, day("2026-12-31"), 1, &v));
	CHECK(!case_workdays_add(w, day("2026-12-25"), 7, &v));
	CHECK(!case_workdays_add(w, day("2019-01-02"), -1, &v));
	CHECK(!case_workdays_add(w, day("2023-01-01"), INT64_MAX, &v));
	CHECK(!case_workdays_add(w, day("2023-01-01"), INT64_MIN, &v));
	CHECK(!case_workdays_add(w, INT64_MAX, 1, &v));
	CHECK(!case_workdays_add(w, INT64_MIN, 1, &v));
	CHECK(!case_workdays_between(w, before - 1, day("2019-01-10"), &v));
	CHECK(!case_workdays_between(w, day("2026-12-01"), after, &v));
	CHECK(!case_workdays_between(w, INT64_MAX, INT64_MIN, &v));
	CHECK_INT(v, 42);
	/* The start is not counted, so it may be the day before. */
	CHECK(case_workdays_add(w, before, 1, &v));
	CHECK_INT(v, day("2019-01-02"));
	CHECK(case_workdays_add(w, after, -1, &v));
	CHECK_INT(v, day("2026-12-31"));
}

static void
check_file(const char *text, enum case_status want, size_t line,
    const char *reason)
{
	char path[] = "/tmp/test_date.XXXXXX";
	struct case_error err = { 0 };
	struct case_workdays *w;
	int fd = mkstemp(path);

	CHECK(fd >= 0);
	CHECK_INT(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	CHECK_INT(case_workdays_load(&w, path, &err), want);
	CHECK((w != NULL) == (want == CASE_OK));
	CHECK_INT(err.line, line);
	CHECK(strstr(err.what, reason) != NULL);
	case_workdays_free(w);
	unlink(path);
}

#define HEAD "date,kind,name\n"

static void
test_files(void)
{
	struct case_error err = { 0 };
	struct case_workdays *w;

	check_file(HEAD "2023-01-01,holiday,元旦\n", CASE_OK, 0, "");
	check_file("\xef\xbb\xbf"
		   "date,kind,name\r\n2023/1/2,holiday\r\n\r\n"
		   "2022-12-31,holiday,x,y",
	    CASE_OK, 0, "");
	check_file("", CASE_EDATA, 0, "no days");
	check_file(HEAD, CASE_EDATA, 0, "no days");
	check_file("day,kind\n", CASE_EDATA, 1, "header");
	check_file(HEAD "2023-01-01,Holiday,\n", CASE_EDATA, 2, "workday");
	check_file(HEAD "2023-01-01\n", CASE_EDATA, 2, "workday");
	check_file(HEAD "\n2023-02-30,holiday,\n", CASE_EDATA, 3, "not a date");
	check_file(HEAD "2023-01-01,holiday,\n2023-01-02,holiday,\n"
			"2023-01-01,workday,\n",
	    CASE_EDATA, 4, "line 2");
	check_file(HEAD "2025-01-01,holiday,\n2023-01-01,holiday,\n",
	    CASE_EDATA, 2, "2024");
	CHECK_INT(case_workdays_load(&w, "/nonexistent/cn.csv", &err),
	    CASE_EIO);
	CHECK(w == NULL);
	CHECK_INT(case_workdays_load(&w, "/", &err), CASE_EIO);
	case_workdays_free(NULL);
}

int
main(void)
{
	const char *srcdir = getenv("srcdir");
	struct case_error err = { 0 };
	struct case_workdays *w;
	char path[4096];

	test_every_day();
	test_exists();
	test_weeks();
	test_months();
	test_serials();
	test_days();
	test_excel();
	test_times();
	test_no_dates();
	test_order();
	test_roc();
	test_noise();

	snprintf(path, sizeof(path), "%s/share/calendars/cn.csv",
	    srcdir == NULL ? "." : srcdir);
	CHECK_INT(case_workdays_load(&w, path, &err), CASE_OK);
	CHECK_STR(err.what, "");
	if (w != NULL) {
		test_calendar(w);
		test_walk(w);
		test_outside(w);
		case_workdays_free(w);
	}
	test_files();
	TEST_END();
}
