/* test_period.c - periods: reading, pieces, bases of comparison */
#include <stdlib.h>

#include "case/period.h"
#include "tests/unit/test.h"

static int64_t
day(const char *s)
{
	return case_date_of(atoi(s), atoi(s + 5), atoi(s + 8));
}

/* "FROM..TO" of a period, "-" when there is none. */
static const char *
shown(bool good, const struct case_period *p)
{
	static struct case_buf b;
	static const struct case_cut plain = { 1, 1 };

	case_buf_reset(&b);
	if (!good) {
		case_buf_adds(&b, "-");
		return b.p;
	}
	if (!p->open_from)
		case_grain_text(&b, CASE_GRAIN_DAY, p->from, plain);
	case_buf_adds(&b, "..");
	if (!p->open_to)
		case_grain_text(&b, CASE_GRAIN_DAY, p->to, plain);
	return b.p;
}

static const char *
read_period(const char *text, const char *today)
{
	struct case_period p;
	struct case_error err;

	return shown(case_period_parse(&p, text, day(today), NULL, &err) ==
			 CASE_OK,
	    &p);
}

static const char *
previous(const char *text, const char *today)
{
	struct case_period p, b;

	if (case_period_parse(&p, text, day(today), NULL, NULL) != CASE_OK)
		return "?";
	return shown(case_period_previous(&b, &p, day(today)), &b);
}

static const char *
before(const char *text, const char *today)
{
	struct case_period p, b;

	if (case_period_parse(&p, text, day(today), NULL, NULL) != CASE_OK)
		return "?";
	return shown(case_period_year_before(&b, &p, day(today)), &b);
}

static const char *
to_date(const char *text, const char *today)
{
	struct case_period p, b;

	if (case_period_parse(&p, text, day(today), NULL, NULL) != CASE_OK)
		return "?";
	return shown(case_period_year_to_date(&b, &p, day(today)), &b);
}

static double
months(const char *text, const char *today)
{
	struct case_period p;

	if (case_period_parse(&p, text, day(today), NULL, NULL) != CASE_OK)
		return -1;
	return case_period_months(&p, day(today));
}

/* Parsed, written and parsed again it is the same. */
static const char *
text_of(const char *text)
{
	static struct case_buf b;
	struct case_period p, again;

	case_buf_reset(&b);
	if (case_period_parse(&p, text, day("2023-06-12"), NULL, NULL) !=
	    CASE_OK)
		return "?";
	case_period_text(&b, &p);
	CHECK(case_period_parse(&again, b.p, 0, NULL, NULL) == CASE_OK);
	CHECK(again.open_from == p.open_from && again.open_to == p.open_to);
	CHECK(p.open_from || again.from == p.from);
	CHECK(p.open_to || again.to == p.to);
	return b.p;
}

static const char *
label_of(const char *text)
{
	static struct case_buf b;
	struct case_period p;

	case_buf_reset(&b);
	if (case_period_parse(&p, text, day("2023-06-12"), NULL, NULL) !=
	    CASE_OK)
		return "?";
	case_period_label(&b, &p, CASE_ZH);
	return b.p;
}

#define NOW "2023-06-12" /* a Monday */

static void
test_read(void)
{
	CHECK_STR(read_period("all", NOW), "..");
	CHECK_STR(read_period("2023", NOW), "2023-01-01..2023-12-31");
	CHECK_STR(read_period("2023H1", NOW), "2023-01-01..2023-06-30");
	CHECK_STR(read_period("2023h2", NOW), "2023-07-01..2023-12-31");
	CHECK_STR(read_period("2023Q2", NOW), "2023-04-01..2023-06-30");
	CHECK_STR(read_period("2024-02", NOW), "2024-02-01..2024-02-29");
	CHECK_STR(read_period("2023-W24", NOW), "2023-06-12..2023-06-18");
	CHECK_STR(read_period("2020-W53", NOW), "2020-12-28..2021-01-03");
	CHECK_STR(read_period("2023-06-12", NOW), "2023-06-12..2023-06-12");
	CHECK_STR(read_period("2023-01-05..2023-02-06", NOW),
	    "2023-01-05..2023-02-06");
	CHECK_STR(read_period("2022..2023Q1", NOW), "2022-01-01..2023-03-31");
	CHECK_STR(read_period("2023-03..", NOW), "2023-03-01..");
	CHECK_STR(read_period("..2023-03", NOW), "..2023-03-31");
	CHECK_STR(read_period("2023..today", NOW), "2023-01-01..2023-06-12");
	CHECK_STR(read_period("ytd", NOW), "2023-01-01..2023-06-12");
	CHECK_STR(read_period("mtd", NOW), "2023-06-01..2023-06-12");
	CHECK_STR(read_period("today", NOW), "2023-06-12..2023-06-12");
	CHECK_STR(read_period("yesterday", NOW), "2023-06-11..2023-06-11");
	CHECK_STR(read_period("this-week", NOW), "2023-06-12..2023-06-18");
	CHECK_STR(read_period("last-week", NOW), "2023-06-05..2023-06-11");
	CHECK_STR(read_period("this-month", NOW), "2023-06-01..2023-06-30");
	CHECK_STR(read_period("last-month", "2024-03-31"),
	    "2024-02-01..2024-02-29");
	CHECK_STR(read_period("last-quarter", NOW), "2023-01-01..2023-03-31");
	CHECK_STR(read_period("last-half", NOW), "2022-07-01..2022-12-31");
	CHECK_STR(read_period("last-year", NOW), "2022-01-01..2022-12-31");
	CHECK_STR(read_period("this-year", NOW), "2023-01-01..2023-12-31");
	CHECK_STR(read_period("last-week", "2024-01-01"),
	    "2023-12-25..2023-12-31");
}

static void
test_read_refused(void)
{
	static const char *const bad[] = { "", "2023-13", "2023-00", "2023Q5",
		"2023Q0", "2023H3", "23", "2023-2-1", "2023-02-30", "2023-W54",
		"2022-W53", "2023-W00", "2023-6", "..", "x..2023", "2023..x",
		"this-day", "last-", "this", "2023 ", " 2023", "2023@", "@21",
		"2023@29", "2023@0", "2023@friday", "2023@@21", "2023..2022",
		"2023-06-12..2023-06-11", "0000", "20230612", "2023...2024",
		"1..2..3", "9999-01-01x" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (strcmp(read_period(bad[i], NOW), "-") != 0) {
			fprintf(stderr, "accepted '%s'\n", bad[i]);
			CHECK(0);
		}
}

static void
test_cuts(void)
{
	CHECK_STR(read_period("2023-05@21", NOW), "2023-04-21..2023-05-20");
	CHECK_STR(read_period("2023@21", NOW), "2022-12-21..2023-12-20");
	CHECK_STR(read_period("2023H1@21", NOW), "2022-12-21..2023-06-20");
	CHECK_STR(read_period("2023Q3@26", NOW), "2023-06-26..2023-09-25");
	CHECK_STR(read_period("2023-01..2023-03@21", NOW),
	    "2022-12-21..2023-03-20");
	CHECK_STR(read_period("this-month@21", "2023-06-20"),
	    "2023-05-21..2023-06-20");
	CHECK_STR(read_period("this-month@21", "2023-06-21"),
	    "2023-06-21..2023-07-20");
	CHECK_STR(read_period("ytd@21", "2023-12-25"),
	    "2023-12-21..2023-12-25");
	CHECK_STR(read_period("2023-05@1", NOW), "2023-05-01..2023-05-31");
	CHECK_STR(read_period("last-week@fri", NOW), "2023-06-02..2023-06-08");
	CHECK_STR(read_period("this-week@fri", "2023-06-09"),
	    "2023-06-09..2023-06-15");
	CHECK_STR(read_period("last-week@sun", "2023-06-11"),
	    "2023-06-04..2023-06-10");
	CHECK_STR(read_period("2023-W24@fri", NOW), "2023-06-09..2023-06-15");
	CHECK_STR(read_period("2023-W24@thu", NOW), "2023-06-15..2023-06-21");
	CHECK_STR(read_period("2023-05@21@fri", NOW), "2023-04-21..2023-05-20");
	CHECK_STR(previous("2023-05@21", NOW), "2023-03-21..2023-04-20");
	CHECK_STR(before("2023-05@21", NOW), "2022-04-21..2022-05-20");
	CHECK_STR(previous("last-week@fri", NOW), "2023-05-26..2023-06-01");
}

static void
test_previous(void)
{
	CHECK_STR(previous("all", NOW), "-");
	CHECK_STR(previous("2022", NOW), "2021-01-01..2021-12-31");
	CHECK_STR(previous("2022H1", NOW), "2021-07-01..2021-12-31");
	CHECK_STR(previous("2023Q1", NOW), "2022-10-01..2022-12-31");
	CHECK_STR(previous("2023-03", NOW), "2023-02-01..2023-02-28");
	CHECK_STR(previous("2021-W01", NOW), "2020-12-28..2021-01-03");
	CHECK_STR(previous("2023-03-01", NOW), "2023-02-28..2023-02-28");
	/* As many days, or as many whole months. */
	CHECK_STR(previous("2023-01-11..2023-01-20", NOW),
	    "2023-01-01..2023-01-10");
	CHECK_STR(previous("2023-02-01..2023-03-31", NOW),
	    "2022-12-01..2023-01-31");
	CHECK_STR(previous("..2023-03", NOW), "-");
	CHECK_STR(previous("2023-06-03..", NOW), "2023-05-24..2023-06-02");
	CHECK_STR(previous("2024..", NOW), "-");
	/* Still running: as many days as have gone by. */
	CHECK_STR(previous("2023-06", NOW), "2023-05-01..2023-05-12");
	CHECK_STR(previous("2023Q2", NOW), "2023-01-01..2023-03-14");
	CHECK_STR(previous("this-week", "2023-06-14"),
	    "2023-06-05..2023-06-07");
	CHECK_STR(previous("mtd", "2023-03-31"), "2023-02-01..2023-02-28");
	CHECK_STR(previous("2023-06", "2023-06-30"), "2023-05-01..2023-05-31");
	CHECK_STR(previous("2023-06", "2023-05-30"), "2023-05-01..2023-05-31");
	CHECK_STR(previous("2023-06-11..2023-06-20", NOW),
	    "2023-06-01..2023-06-02");
}

static void
test_year_before(void)
{
	CHECK_STR(before("all", NOW), "-");
	CHECK_STR(before("2022", NOW), "2021-01-01..2021-12-31");
	CHECK_STR(before("2022H2", NOW), "2021-07-01..2021-12-31");
	CHECK_STR(before("2025-02", "2026-01-01"), "2024-02-01..2024-02-29");
	CHECK_STR(before("2024-02", "2026-01-01"), "2023-02-01..2023-02-28");
	CHECK_STR(before("2022-W24", NOW), "2021-06-14..2021-06-20");
	CHECK_STR(before("2020-W53", NOW), "-");
	CHECK_STR(before("2021-W53", NOW), "?");
	CHECK_STR(before("2024-02-29", "2025-01-01"), "-");
	CHECK_STR(before("2023-02-28", NOW), "2022-02-28..2022-02-28");
	CHECK_STR(before("2022-01-05..2022-03-06", NOW),
	    "2021-01-05..2021-03-06");
	CHECK_STR(before("2025-01..2025-02", "2026-01-01"),
	    "2024-01-01..2024-02-29");
	CHECK_STR(before("2024-02-29..2024-03-10", "2026-01-01"),
	    "2023-02-28..2023-03-10");
	CHECK_STR(before("..2023-03", NOW), "..2022-03-31");
	CHECK_STR(before("2022-05..", NOW), "2021-05-01..2022-06-12");
	/* Still running. */
	CHECK_STR(before("2023", NOW), "2022-01-01..2022-06-12");
	CHECK_STR(before("2023H1", NOW), "2022-01-01..2022-06-12");
	CHECK_STR(before("ytd", NOW), "2022-01-01..2022-06-12");
	CHECK_STR(before("2023", "2023-12-31"), "2022-01-01..2022-12-31");
	CHECK_STR(before("this-week", "2023-06-14"), "2022-06-13..2022-06-15");
	CHECK_STR(before("2023", "2022-12-31"), "2022-01-01..2022-12-31");
}

static void
test_to_date(void)
{
	CHECK_STR(to_date("2023-05", NOW), "2023-01-01..2023-05-31");
	CHECK_STR(to_date("2023-W24", NOW), "2023-01-01..2023-06-18");
	CHECK_STR(to_date("2023-05@21", NOW), "2022-12-21..2023-05-20");
	CHECK_STR(to_date("2020-W53", NOW), "2021-01-01..2021-01-03");
	CHECK_STR(to_date("all", NOW), "2023-01-01..2023-06-12");
	CHECK_STR(to_date("..2022-05-06", NOW), "2022-01-01..2022-05-06");
}

static void
test_text(void)
{
	CHECK_STR(text_of("2023H1"), "2023H1");
	CHECK_STR(text_of("2023-W24@fri"), "2023-W24@fri");
	CHECK_STR(text_of("2023Q4@21"), "2023Q4@21");
	CHECK_STR(text_of("last-month"), "2023-05");
	CHECK_STR(text_of("ytd"), "2023-01-01..2023-06-12");
	CHECK_STR(text_of("all"), "all");
	CHECK_STR(text_of("2023.."), "2023-01-01..");
	CHECK_STR(text_of("..2023@21"), "..2023-12-20@21");
	CHECK_STR(label_of("2023H1"), "2023年上半年");
	CHECK_STR(label_of("2023H2@21"), "2023年下半年（统计月）");
	CHECK_STR(label_of("2023Q2"), "2023年第2季度");
	CHECK_STR(label_of("2023-05@28"), "2023年5月（统计月）");
	CHECK_STR(label_of("2023-05@2"), "2023年5月（统计月）");
	CHECK_STR(label_of("2023-W24"), "2023年第24周");
	CHECK_STR(label_of("2023-06-12"), "2023年6月12日");
	CHECK_STR(label_of("ytd"), "2023年1月1日至2023年6月12日");
	CHECK_STR(label_of("2023.."), "2023年1月1日起");
	CHECK_STR(label_of("..2023"), "截至2023年12月31日");
	CHECK_STR(label_of("all"), "全部");
}

static void
test_months(void)
{
	CHECK(months("2023H1", "2024-01-01") == 6);
	CHECK(months("2022@21", NOW) == 12);
	CHECK(months("2022-12", NOW) == 1);
	/* Five months and 12 of June's 30 days. */
	CHECK(months("2023", NOW) == 5 + 12.0 / 30);
	CHECK(months("2022-W24", NOW) == 7.0 / 30);
	CHECK(months("2022-01-15..2022-03-14", NOW) == 2);
	CHECK(months("all", NOW) == 0);
	CHECK(months("..2023", NOW) == 0);
}

/* Every day lies in its piece, and pieces follow each other without a gap. */
static void
test_pieces(void)
{
	static const struct case_cut cuts[] = { { 1, 1 }, { 21, 5 }, { 28, 7 },
		{ 2, 3 } };
	struct case_buf b = { 0 };

	for (size_t c = 0; c < sizeof(cuts) / sizeof(cuts[0]); c++)
		for (enum case_grain g = CASE_GRAIN_DAY; g <= CASE_GRAIN_YEAR;
		     g++)
			for (int64_t d = day("2019-12-01");
			     d < day("2024-04-01"); d++) {
				int64_t s = case_grain_start(g, d, cuts[c]);
				int64_t e = case_grain_end(g, s, cuts[c]);
				struct case_period p;

				CHECK(s <= d && d <= e);
				CHECK(case_grain_start(g, e + 1, cuts[c]) ==
				      e + 1);
				CHECK(case_grain_between(g, s, e + 1,
					  cuts[c]) == 1);
				/* Its name is a period: the same days. */
				case_buf_reset(&b);
				case_grain_text(&b, g, s, cuts[c]);
				CHECK(case_period_parse(&p, b.p, 0, &cuts[c],
					  NULL) == CASE_OK);
				CHECK(p.from == s && p.to == e);
			}
	case_buf_free(&b);
}

int
main(void)
{
	test_read();
	test_read_refused();
	test_cuts();
	test_previous();
	test_year_before();
	test_to_date();
	test_text();
	test_months();
	test_pieces();
	TEST_END();
}
