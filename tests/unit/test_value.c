/* test_value.c - values to text and back, display, rounding, order */
#include <locale.h>
#include <math.h>
#include <stdlib.h>

#include "case/value.h"
#include "tests/unit/test.h"

static struct case_value
number(enum case_type type, double d)
{
	return (struct case_value){ .type = type, .u.d = d };
}

static struct case_value
integer(enum case_type type, int64_t i)
{
	return (struct case_value){ .type = type, .u.i = i };
}

static const char *
text(struct case_buf *b, struct case_value v)
{
	case_buf_reset(b);
	case_value_text(b, &v);
	return case_buf_str(b);
}

static const char *
display(struct case_buf *b, struct case_value v)
{
	case_buf_reset(b);
	case_value_display(b, &v);
	return case_buf_str(b);
}

static void
test_types(void)
{
	enum case_type type;

	for (int i = CASE_TEXT; i <= CASE_CODE; i++) {
		const char *name = case_type_name((enum case_type)i);

		CHECK(case_type_find(name, strlen(name), &type));
		CHECK_INT(type, i);
	}
	CHECK(!case_type_find("tex", 3, &type));
	CHECK(!case_type_find("", 0, &type));
	CHECK(case_type_find("moneyX", 5, &type) && type == CASE_MONEY);
}

static void
test_number_text(void)
{
	static const struct {
		double d;
		const char *want;
	} cases[] = {
		{ 0.558, "0.558" },
		{ 1, "1" },
		{ 0, "0" },
		{ -0.0, "0" },
		{ -0.5, "-0.5" },
		{ 0.1, "0.1" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 1.0 / 3, "0.3333333333333333" },
		{ 2.0 / 3, "0.6666666666666666" },
		{ 100, "100" },
		{ 123456.75, "123456.75" },
		{ 9007199254740993.0, "9007199254740992" },
		{ 1e20, "100000000000000000000" },
		{ 1e21, "1e+21" },
		{ 1.5e300, "1.5e+300" },
		{ 0.000001, "0.000001" },
		{ 1e-7, "1e-7" },
		{ 1.25e-7, "1.25e-7" },
		{ 5e-324, "4.94065645841247e-324" },
		{ 1.7976931348623157e308, "1.7976931348623157e+308" },
		{ INFINITY, "" },
		{ NAN, "" },
	};
	struct case_buf b = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_STR(text(&b, number(CASE_RATIO, cases[i].d)),
		    cases[i].want);
		CHECK_STR(text(&b, number(CASE_NUMBER, cases[i].d)),
		    cases[i].want);
	}
	case_buf_free(&b);
}

/* Random doubles of every size come back the same, bit for bit. */
static void
test_round_trip(void)
{
	struct case_buf b = { 0 };
	struct case_value v;
	uint64_t bits = 88172645463325252;
	size_t wrong = 0;
	double d;

	for (int i = 0; i < 100000; i++) {
		bits ^= bits << 13;
		bits ^= bits >> 7;
		bits ^= bits << 17;
		if (i % 2 == 0)
			memcpy(&d, &bits, sizeof(d));
		else
			d = (double)(bits % 100000) / (double)(i + 1);
		if (!isfinite(d) || d == 0)
			continue;
		text(&b, number(CASE_NUMBER, d));
		wrong += case_value_parse(&v, CASE_NUMBER, b.p, b.n, NULL) !=
			     CASE_OK ||
			 memcmp(&v.u.d, &d, sizeof(d)) != 0;
	}
	CHECK_INT(wrong, 0);
	case_buf_free(&b);
}

static void
test_other_text(void)
{
	struct case_buf b = { 0 };
	struct case_value v = { .type = CASE_TEXT, .u.s = { "案由", 6 } };

	CHECK_STR(text(&b, v), "案由");
	v.missing = true;
	CHECK_STR(text(&b, v), "");
	CHECK_STR(text(&b, integer(CASE_INTEGER, 0)), "0");
	CHECK_STR(text(&b, integer(CASE_INTEGER, -12345)), "-12345");
	CHECK_STR(text(&b, integer(CASE_INTEGER, INT64_MIN)),
	    "-9223372036854775808");
	CHECK_STR(text(&b, integer(CASE_MONEY, 4560000)), "45600.00");
	CHECK_STR(text(&b, integer(CASE_MONEY, 5)), "0.05");
	CHECK_STR(text(&b, integer(CASE_MONEY, 0)), "0.00");
	CHECK_STR(text(&b, integer(CASE_MONEY, -123)), "-1.23");
	CHECK_STR(text(&b, integer(CASE_MONEY, INT64_MIN)),
	    "-92233720368547758.08");
	CHECK_STR(text(&b, integer(CASE_DATE, 19520)), "2023-06-12");
	CHECK_STR(text(&b, integer(CASE_DATE, -1)), "1969-12-31");
	CHECK_STR(text(&b, integer(CASE_TIME, 19520 * 86400 + 30600)),
	    "2023-06-12T08:30:00");
	CHECK_STR(text(&b, integer(CASE_TIME, -1)), "1969-12-31T23:59:59");
	CHECK_STR(text(&b, integer(CASE_FLAG, 1)), "1");
	CHECK_STR(text(&b, integer(CASE_FLAG, 0)), "0");
	case_buf_free(&b);
}

static void
test_display(void)
{
	struct case_buf b = { 0 };

	CHECK_STR(display(&b, number(CASE_RATIO, 0.558)), "55.8%");
	CHECK_STR(display(&b, number(CASE_RATIO, 1)), "100.0%");
	CHECK_STR(display(&b, number(CASE_RATIO, 0)), "0.0%");
	CHECK_STR(display(&b, number(CASE_RATIO, -0.525)), "-52.5%");
	CHECK_STR(display(&b, number(CASE_RATIO, 0.0005)), "0.1%");
	CHECK_STR(display(&b, number(CASE_RATIO, -0.0004)), "0.0%");
	CHECK_STR(display(&b, number(CASE_RATIO, 0.9995)), "100.0%");
	CHECK_STR(display(&b, number(CASE_RATIO, 65.8)), "6,580.0%");
	CHECK_STR(display(&b, number(CASE_RATIO, 1e25)), "1e+27%");
	CHECK_STR(display(&b, number(CASE_RATIO, 1e-300)), "0.0%");
	CHECK_STR(display(&b, number(CASE_RATIO, NAN)), "");
	CHECK_STR(display(&b, number(CASE_POINTS, 0.012)), "+1.2");
	CHECK_STR(display(&b, number(CASE_POINTS, -0.012)), "-1.2");
	CHECK_STR(display(&b, number(CASE_POINTS, 0.0004)), "0.0");
	CHECK_STR(display(&b, number(CASE_POINTS, 0.0005)), "+0.1");
	CHECK_STR(display(&b, integer(CASE_MONEY, 4560000)), "45,600.00");
	CHECK_STR(display(&b, integer(CASE_MONEY, 100)), "1.00");
	CHECK_STR(display(&b, integer(CASE_MONEY, -123456789)),
	    "-1,234,567.89");
	CHECK_STR(display(&b, integer(CASE_MONEY, 99999)), "999.99");
	CHECK_STR(display(&b, integer(CASE_MONEY, 100000)), "1,000.00");
	CHECK_STR(display(&b, integer(CASE_INTEGER, 999)), "999");
	CHECK_STR(display(&b, integer(CASE_INTEGER, 1234)), "1,234");
	CHECK_STR(display(&b, integer(CASE_INTEGER, -1234567)), "-1,234,567");
	CHECK_STR(display(&b, integer(CASE_INTEGER, INT64_MIN)),
	    "-9,223,372,036,854,775,808");
	CHECK_STR(display(&b, number(CASE_NUMBER, 1234.5)), "1,234.5");
	CHECK_STR(display(&b, number(CASE_NUMBER, 1.005)), "1.01");
	CHECK_STR(display(&b, number(CASE_NUMBER, 2)), "2");
	CHECK_STR(display(&b, number(CASE_NUMBER, 999.999)), "1,000");
	CHECK_STR(display(&b, number(CASE_NUMBER, 0.004)), "0");
	CHECK_STR(display(&b, integer(CASE_TIME, 0)), "1970-01-01 00:00:00");
	CHECK_STR(display(&b, integer(CASE_DATE, 0)), "1970-01-01");
	CHECK_STR(display(&b, integer(CASE_FLAG, 1)), "1");
	case_buf_free(&b);
}

static void
test_round(void)
{
	CHECK(case_round(0.125, 2) == 0.13);
	CHECK(case_round(1.005, 2) == 1.01);
	CHECK(case_round(-1.005, 2) == -1.01);
	CHECK(case_round(2.675, 2) == 2.68);
	CHECK(case_round(0.5, 0) == 1);
	CHECK(case_round(1.5, 0) == 2);
	CHECK(case_round(2.5, 0) == 3);
	CHECK(case_round(0.49999999999999994, 0) == 0);
	CHECK(case_round(99.995, 2) == 100);
	CHECK(case_round(0.05, 0) == 0);
	CHECK(case_round(0.05, 1) == 0.1);
	CHECK(case_round(1e300, 2) == 1e300);
	CHECK(case_round(123456789, 3) == 123456789);
	CHECK(!signbit(case_round(-0.001, 2)));
	CHECK(isnan(case_round(NAN, 2)));
	CHECK(isinf(case_round(INFINITY, 2)));
}

static void
test_parse(void)
{
	static const struct {
		enum case_type type;
		const char *s;
		int64_t want;
	} good[] = {
		{ CASE_INTEGER, "0", 0 },
		{ CASE_INTEGER, "-12", -12 },
		{ CASE_INTEGER, "9223372036854775807", INT64_MAX },
		{ CASE_INTEGER, "-9223372036854775808", INT64_MIN },
		{ CASE_MONEY, "45600.00", 4560000 },
		{ CASE_MONEY, "45600", 4560000 },
		{ CASE_MONEY, "0.5", 50 },
		{ CASE_MONEY, "-0.05", -5 },
		{ CASE_MONEY, "1.2300", 123 },
		{ CASE_MONEY, "-92233720368547758.08", INT64_MIN },
		{ CASE_DATE, "2023-06-12", 19520 },
		{ CASE_DATE, "2024-02-29", 19782 },
		{ CASE_TIME, "2023-06-12T08:30:00", 19520 * 86400 + 30600 },
		{ CASE_TIME, "1969-12-31T23:59:59", -1 },
		{ CASE_FLAG, "1", 1 },
		{ CASE_FLAG, "0", 0 },
	};
	static const struct {
		enum case_type type;
		const char *s;
	} bad[] = {
		{ CASE_INTEGER, "-" },
		{ CASE_INTEGER, "+1" },
		{ CASE_INTEGER, "1.0" },
		{ CASE_INTEGER, "1e3" },
		{ CASE_INTEGER, " 1" },
		{ CASE_INTEGER, "9223372036854775808" },
		{ CASE_INTEGER, "-9223372036854775809" },
		{ CASE_MONEY, "1.234" },
		{ CASE_MONEY, "1." },
		{ CASE_MONEY, ".5" },
		{ CASE_MONEY, "1.2.3" },
		{ CASE_MONEY, "1,000.00" },
		{ CASE_MONEY, "92233720368547758.08" },
		{ CASE_NUMBER, ""
			       "x" },
		{ CASE_NUMBER, "-" },
		{ CASE_NUMBER, "1." },
		{ CASE_NUMBER, ".5" },
		{ CASE_NUMBER, "nan" },
		{ CASE_NUMBER, "inf" },
		{ CASE_NUMBER, "0x10" },
		{ CASE_NUMBER, "1e" },
		{ CASE_NUMBER, "1e+" },
		{ CASE_NUMBER, "1e999" },
		{ CASE_NUMBER, "1e99999" },
		{ CASE_NUMBER, "1e123456" },
		{ CASE_NUMBER, "1 " },
		{ CASE_NUMBER, "1,5" },
		{ CASE_DATE, "2023-02-30" },
		{ CASE_DATE, "2023-6-12" },
		{ CASE_DATE, "2023-00-12" },
		{ CASE_DATE, "2023-13-12" },
		{ CASE_DATE, "0000-01-01" },
		{ CASE_DATE, "2023/06/12" },
		{ CASE_DATE, "2023-06-1x" },
		{ CASE_TIME, "2023-06-12" },
		{ CASE_TIME, "2023-06-12 08:30:00" },
		{ CASE_TIME, "2023-06-12T24:00:00" },
		{ CASE_TIME, "2023-06-12T08:60:00" },
		{ CASE_TIME, "2023-06-12T08:30:60" },
		{ CASE_FLAG, "2" },
		{ CASE_FLAG, "true" },
	};
	struct case_value v;
	struct case_error err;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CHECK_INT(case_value_parse(&v, good[i].type, good[i].s,
			      strlen(good[i].s), &err),
		    CASE_OK);
		CHECK_INT(v.u.i, good[i].want);
		CHECK(!v.missing && v.type == good[i].type);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		err.what[0] = '\0';
		CHECK_INT(case_value_parse(&v, bad[i].type, bad[i].s,
			      strlen(bad[i].s), &err),
		    CASE_EDATA);
		CHECK(err.what[0] != '\0' && err.line == 0);
	}
	CHECK_INT(case_value_parse(&v, CASE_INTEGER, "1\0332", 3, &err),
	    CASE_EDATA);
	CHECK_STR(err.what, "not an integer: \"1\\x1b2\"");
	CHECK_INT(case_value_parse(&v, CASE_DATE, "", 0, &err), CASE_OK);
	CHECK(v.missing && v.type == CASE_DATE);
	CHECK_INT(case_value_parse(&v, CASE_TEXT, "ab", 2, &err), CASE_OK);
	CHECK(v.u.s.n == 2 && memcmp(v.u.s.p, "ab", 2) == 0);
}

static void
test_parse_number(void)
{
	static const struct {
		const char *s;
		double want;
	} cases[] = {
		{ "0", 0 },
		{ "-0", 0 },
		{ "0.558", 0.558 },
		{ "-12.50", -12.5 },
		{ "1e3", 1000 },
		{ "1.5E-3", 0.0015 },
		{ "1e+21", 1e21 },
		{ "00012", 12 },
		{ "4.94065645841247e-324", 5e-324 },
		{ "0.1000000000000000055511151231257827021181583404541015625",
		    0.1 },
		{ "1e-9999", 0 },
	};
	struct case_value v;
	char many[402];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_INT(case_value_parse(&v, CASE_RATIO, cases[i].s,
			      strlen(cases[i].s), NULL),
		    CASE_OK);
		CHECK(v.u.d == cases[i].want);
	}
	memset(many, '0', sizeof(many));
	many[1] = '.';
	many[399] = '1';
	CHECK_INT(case_value_parse(&v, CASE_RATIO, many, 400, NULL), CASE_OK);
	CHECK(v.u.d == 0);
	CHECK_INT(case_value_parse(&v, CASE_RATIO, many, 401, NULL),
	    CASE_EDATA);
	memcpy(many + 394, "e-1234", 6);
	CHECK_INT(case_value_parse(&v, CASE_RATIO, many, 400, NULL), CASE_OK);
}

/* A comma as decimal point, set by a program round the library. */
static void
test_locale(void)
{
	struct case_buf b = { 0 };
	struct case_value v;

	if (setlocale(LC_NUMERIC, "de_DE.UTF-8") == NULL)
		return;
	CHECK_STR(text(&b, number(CASE_RATIO, 0.558)), "0.558");
	CHECK_STR(display(&b, number(CASE_NUMBER, 1234.5)), "1,234.5");
	CHECK_INT(case_value_parse(&v, CASE_RATIO, "0.558", 5, NULL), CASE_OK);
	CHECK(v.u.d == 0.558);
	CHECK(case_round(1.005, 2) == 1.01);
	setlocale(LC_NUMERIC, "C");
	case_buf_free(&b);
}

static void
test_compare(void)
{
	struct case_value a = integer(CASE_DATE, 5), b = integer(CASE_DATE, 9);
	struct case_value none = { .type = CASE_DATE, .missing = true };
	struct case_value s = { .type = CASE_TEXT, .u.s = { "ab", 2 } };
	struct case_value t = { .type = CASE_TEXT, .u.s = { "abc", 3 } };
	struct case_value empty = { .type = CASE_TEXT, .u.s = { NULL, 0 } };
	struct case_value x = number(CASE_RATIO, -1), y = number(CASE_RATIO, 1);

	CHECK(case_value_compare(&a, &b) < 0);
	CHECK(case_value_compare(&b, &a) > 0);
	CHECK(case_value_compare(&a, &a) == 0);
	CHECK(case_value_compare(&a, &none) < 0);
	CHECK(case_value_compare(&none, &a) > 0);
	CHECK(case_value_compare(&none, &none) == 0);
	CHECK(case_value_compare(&s, &t) < 0);
	CHECK(case_value_compare(&t, &s) > 0);
	CHECK(case_value_compare(&empty, &s) < 0);
	CHECK(case_value_compare(&empty, &empty) == 0);
	CHECK(case_value_compare(&x, &y) < 0);
	CHECK(case_value_compare(&y, &x) > 0);
}

int
main(void)
{
	test_types();
	test_number_text();
	test_round_trip();
	test_other_text();
	test_display();
	test_round();
	test_parse();
	test_parse_number();
	test_locale();
	test_compare();
	TEST_END();
}
