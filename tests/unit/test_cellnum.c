/* test_cellnum.c - numbers of workbooks as text: dates, times, numbers */
#include "case/buf.h"
#include "lib/format/cellnum.h"
#include "tests/unit/test.h"

static void
check_form(const char *code, enum case_cell_form want)
{
	enum case_cell_form got = case_cell_form_code(code, strlen(code));

	test_checked++;
	if (got != want) {
		test_failed++;
		fprintf(stderr, "%s is %d, not %d\n", code, (int)got,
		    (int)want);
	}
}

static void
test_codes(void)
{
	static const char *const numbers[] = { "", "General", "GENERAL", "0.00",
		"#,##0", "0.00E+00", "##0.0e-0", "@", "# ?/?", "\"days\" 0",
		"0\\d", "[Red]0.00", "[$-409]0", "_d0_d", "*y0", "0;yyyy",
		"#,##0元", "[>=100]0;0.0", "\"unclosed yyyy", "[unclosed yyyy",
		"\\", "_", "[", "G/通用格式" };
	static const char *const dates[] = { "yyyy-mm-dd", "YYYY/M/D", "m/d",
		"mmm", "d", "yyyy\"年\"m\"月\"d\"日\"", "yyyy年m月d日",
		"[$-804]yyyy\\-mm", "[DBNum1][$-804]yyyy年m月",
		"yyyy/m/d h:mm:ss", "[$-F800]dddd, mmmm dd", "aaaa", "gge",
		"ge.m.d", "yyyy-mm-dd;@", "\"at\" yyyy" };
	static const char *const times[] = { "h:mm", "hh:mm:ss", "mm:ss",
		"h:mm AM/PM", "ss.000", "[$-F400]h:mm:ss A/P",
		"上午/下午h\"时\"mm\"分\"" };
	static const char *const elapsed[] = { "[h]:mm:ss", "[hh]:mm",
		"[mm]:ss", "[S]" };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		check_form(numbers[i], CASE_CELL_NUMBER);
	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++)
		check_form(dates[i], CASE_CELL_DATE);
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		check_form(times[i], CASE_CELL_TIME);
	for (size_t i = 0; i < sizeof(elapsed) / sizeof(*elapsed); i++)
		check_form(elapsed[i], CASE_CELL_ELAPSED);
	CHECK_INT(case_cell_form_builtin(0), CASE_CELL_NUMBER);
	CHECK_INT(case_cell_form_builtin(14), CASE_CELL_DATE);
	CHECK_INT(case_cell_form_builtin(20), CASE_CELL_TIME);
	CHECK_INT(case_cell_form_builtin(22), CASE_CELL_DATE);
	CHECK_INT(case_cell_form_builtin(31), CASE_CELL_DATE);
	CHECK_INT(case_cell_form_builtin(46), CASE_CELL_ELAPSED);
	CHECK_INT(case_cell_form_builtin(49), CASE_CELL_NUMBER);
	CHECK_INT(case_cell_form_builtin(58), CASE_CELL_DATE);
	CHECK_INT(case_cell_form_builtin(4000000000), CASE_CELL_NUMBER);
}

#define CHECK_NUMBER(v, form, from1904, want)                   \
	do {                                                    \
		struct case_buf b_ = { 0 };                     \
		case_cell_number(&b_, (v), (form), (from1904)); \
		CHECK_STR(case_buf_str(&b_), (want));           \
		case_buf_free(&b_);                             \
	} while (0)

static void
test_numbers(void)
{
	CHECK_NUMBER(0.1, CASE_CELL_NUMBER, false, "0.1");
	CHECK_NUMBER(1234567890123.0, CASE_CELL_NUMBER, false, "1234567890123");
	CHECK_NUMBER(-2.5, CASE_CELL_NUMBER, false, "-2.5");
	/* What a formula computes has digits that no spreadsheet shows. */
	CHECK_NUMBER(0.1 + 0.2, CASE_CELL_NUMBER, false, "0.3");
	CHECK_NUMBER(-1.1 * 3, CASE_CELL_NUMBER, false, "-3.3");
	CHECK_NUMBER(100.1 + 200.2, CASE_CELL_NUMBER, false, "300.3");
	CHECK_NUMBER(1.0 / 3, CASE_CELL_NUMBER, false, "0.333333333333333");
	CHECK_NUMBER(1.5e-300, CASE_CELL_NUMBER, false, "1.5e-300");
	CHECK_NUMBER(44197.0, CASE_CELL_DATE, false, "2021-01-01");
	CHECK_NUMBER(44197.0, CASE_CELL_TIME, false, "2021-01-01");
	CHECK_NUMBER(42735.0, CASE_CELL_DATE, true, "2021-01-01");
	CHECK_NUMBER(44197.5, CASE_CELL_DATE, false, "2021-01-01T12:00:00");
	CHECK_NUMBER(41689.604166666664, CASE_CELL_DATE, false,
	    "2014-02-19T14:30:00");
	/* Half a second before midnight is the next day. */
	CHECK_NUMBER(44196.999999999, CASE_CELL_DATE, false, "2021-01-01");
	CHECK_NUMBER(1.0, CASE_CELL_DATE, false, "1900-01-01");
	CHECK_NUMBER(0.0, CASE_CELL_DATE, true, "1904-01-01");
	CHECK_NUMBER(60.0, CASE_CELL_DATE, false, "60");
	CHECK_NUMBER(61.0, CASE_CELL_DATE, false, "1900-03-01");
	CHECK_NUMBER(2958465.0, CASE_CELL_DATE, false, "9999-12-31");
	CHECK_NUMBER(2958466.0, CASE_CELL_DATE, false, "2958466");
	CHECK_NUMBER(-1.0, CASE_CELL_DATE, false, "-1");
	CHECK_NUMBER(1e300, CASE_CELL_ELAPSED, false, "1e+300");
	CHECK_NUMBER(0.0, CASE_CELL_DATE, false, "0");
	CHECK_NUMBER(0.0, CASE_CELL_TIME, false, "00:00:00");
	CHECK_NUMBER(0.5, CASE_CELL_TIME, false, "12:00:00");
	CHECK_NUMBER(0.75, CASE_CELL_DATE, false, "18:00:00");
	CHECK_NUMBER(110101199003071234.0, CASE_CELL_NUMBER, false,
	    "1.1010119900307123e+17");
	CHECK_NUMBER(-1e15, CASE_CELL_NUMBER, false, "-1e+15");
	CHECK_NUMBER(999999999999999.0, CASE_CELL_NUMBER, false,
	    "999999999999999");
	CHECK_NUMBER(10.632060185185185, CASE_CELL_ELAPSED, false, "255:10:10");
	CHECK_NUMBER(-0.5, CASE_CELL_ELAPSED, false, "-12:00:00");
}

#define CHECK_ISO(text, want)                               \
	do {                                                \
		struct case_buf b_ = { 0 };                 \
		case_cell_iso(&b_, (text), strlen((text))); \
		CHECK_STR(case_buf_str(&b_), (want));       \
		case_buf_free(&b_);                         \
	} while (0)

static void
test_iso(void)
{
	CHECK_ISO("2021-01-01T00:00:00.000", "2021-01-01");
	CHECK_ISO("2021-01-01T10:10:10Z", "2021-01-01T10:10:10");
	CHECK_ISO("2021-01-01T10:10:10.5", "2021-01-01T10:10:10");
	CHECK_ISO("1899-12-31T15:10:10.000", "15:10:10");
	CHECK_ISO("2021-01-01", "2021-01-01");
	CHECK_ISO("2021-01-01T10:10:10+08:00", "2021-01-01T10:10:10+08:00");
	CHECK_ISO("text", "text");
	CHECK_ISO("", "");
}

int
main(void)
{
	test_codes();
	test_numbers();
	test_iso();
	TEST_END();
}
