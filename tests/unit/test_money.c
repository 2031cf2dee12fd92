/* test_money.c - amounts and numbers from text */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "case/money.h"
#include "tests/unit/test.h"

#define YUAN 100
#define WAN 1000000

/* Fails at the text itself, so that a table of them can be read. */
static void
fail(const char *text, const char *why)
{
	test_failed++;
	fprintf(stderr, "test_money.c: \"%s\": %s\n", text, why);
}

static enum case_status
parse(int64_t *v, const char *s, int64_t scale, struct case_error *err)
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
	rc = case_money_parse(v, copy, n, scale, err);
	free(copy);
	return rc;
}

static void
good(const char *s, int64_t scale, int64_t fen)
{
	struct case_error err = { 0 };
	char why[64];
	int64_t v = 0;

	test_checked++;
	if (parse(&v, s, scale, &err) != CASE_OK) {
		fail(s, err.what);
	} else if (v != fen) {
		snprintf(why, sizeof(why), "%" PRId64 " fen", v);
		fail(s, why);
	}
}

static void
bad(const char *s, int64_t scale, const char *reason)
{
	struct case_error err = { 0 };
	int64_t v = 42;

	test_checked++;
	if (parse(&v, s, scale, &err) != CASE_EDATA)
		fail(s, "taken for an amount");
	else if (strstr(err.what, reason) == NULL)
		fail(s, err.what);
	if (v != 42)
		fail(s, "the value was touched");
}

static void
test_digits(void)
{
	good("0", YUAN, 0);
	good("500", YUAN, 50000);
	good("123.45", YUAN, 12345);
	good("123.4", YUAN, 12340);
	good("-123.45", YUAN, -12345);
	good("－500", YUAN, -50000);
	good("−500", YUAN, -50000);
	good("负伍佰元", YUAN, -50000);
	good("0.01", YUAN, 1);
	good(".5", YUAN, 50);
	good("-0", YUAN, 0);
	good("007", YUAN, 700);
	good("1000.000000", YUAN, 100000);
	good("1000.000000000000000000000000", YUAN, 100000);
	good("1,000", YUAN, 100000);
	good("1，000", YUAN, 100000);
	good("1,234,567.89", YUAN, 123456789);
	good("１２３．４５", YUAN, 12345);
	good("１，２３４．５", YUAN, 123450);
	good(" 500 ", YUAN, 50000);
	good("\xe3\x80\x80"
	     "500\t",
	    YUAN, 50000);
	good("345.99", WAN, 345990000);
	good("0.0001", WAN, 100);
	good("0.000001", WAN, 1);
	good("5.000000", WAN, 5000000);
	good("123", 1, 123);
	good("123.00", 1, 123);
}

static void
test_units(void)
{
	good("345.99万元", YUAN, 345990000);
	good("345.99万元", WAN, 345990000);
	good("864.8475万元", YUAN, 864847500);
	good("345.99万", YUAN, 345990000);
	good("1,000元", YUAN, 100000);
	good("1，000元", YUAN, 100000);
	good("6480元", YUAN, 648000);
	good("6480元", WAN, 648000);
	good("6480 元", YUAN, 648000);
	good("6480\n元", YUAN, 648000);
	good("6480圆", YUAN, 648000);
	good("¥1000.00", YUAN, 100000);
	good("￥1000.00", YUAN, 100000);
	good("¥ 1,000.00元", YUAN, 100000);
	good("-¥1000", YUAN, -100000);
	good("¥-1000", YUAN, -100000);
	good("RMB1000", YUAN, 100000);
	good("1000元人民币", YUAN, 100000);
	good("人民币1000元整", YUAN, 100000);
	good("罚款500元", YUAN, 50000);
	good("1.5亿元", YUAN, 15000000000);
	good("1.5 亿", YUAN, 15000000000);
	good("600万", YUAN, 600000000);
	good("3千元", YUAN, 300000);
	good("3百万元", YUAN, 300000000);
	good("2千万", YUAN, 2000000000);
	good("1万亿元", YUAN, 100000000000000);
	good("5角", YUAN, 50);
	good("50分", YUAN, 50);
	good("3元5角", YUAN, 350);
	good("3元5角2分", YUAN, 352);
	good("3元零5分", YUAN, 305);
	good("1亿2000万元", YUAN, 12000000000);
	good("1亿2000万", WAN, 12000000000);
	good("3万5千元", YUAN, 3500000);
	good("1万5000元", YUAN, 1500000);
	good("1万2000亿", YUAN, 120000000000000);
	good("0元", YUAN, 0);
	good("0.0001万元", YUAN, 100);
}

static void
test_chinese(void)
{
	good("一百二十元", YUAN, 12000);
	good("伍佰元整", YUAN, 50000);
	good("伍佰圆正", YUAN, 50000);
	good("壹仟元整", YUAN, 100000);
	good("壹仟 元整", YUAN, 100000);
	good("1万5000 元", YUAN, 1500000);
	good("玖角伍分", YUAN, 95);
	good("伍角整", YUAN, 50);
	good("伍分", YUAN, 5);
	good("罚款人民币伍佰元整", YUAN, 50000);
	good("人民币壹仟元整", YUAN, 100000);
	good("人民币壹仟元整", WAN, 100000);
	good("壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", YUAN, 123456789);
	good("壹佰貳拾參萬肆仟伍佰陸拾柒圓捌角玖分", YUAN, 123456789);
	good("壹仟零伍元", YUAN, 100500);
	good("壹仟零伍拾元", YUAN, 105000);
	good("壹万零伍元", YUAN, 1000500);
	good("壹拾万元", YUAN, 10000000);
	good("拾万元", YUAN, 10000000);
	good("十元", YUAN, 1000);
	good("十五元", YUAN, 1500);
	good("一百十五元", YUAN, 11500);
	good("一百一十五元", YUAN, 11500);
	good("两万二千元", YUAN, 2200000);
	good("二十五万三千元", YUAN, 25300000);
	good("三万五百元", YUAN, 3050000);
	good("一千二百万", YUAN, 1200000000);
	good("一亿五万元", YUAN, 10005000000);
	good("一亿零五万元", YUAN, 10005000000);
	good("一亿二千万三百元", YUAN, 12000030000);
	good("一亿二千零五十万零三百元", YUAN, 12050030000);
	good("一万二千亿元", YUAN, 120000000000000);
	good("一百万亿", YUAN, 10000000000000000);
	good("玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分", YUAN,
	    99999999999999);
	good("壹元零伍分", YUAN, 105);
	good("壹佰元零角零分", YUAN, 10000);
	good("壹万零仟伍佰零拾零元零角零分", YUAN, 1050000);
	good("二〇〇元", YUAN, 20000);
	good("二〇元", YUAN, 2000);
	good("五元", YUAN, 500);
	good("五", YUAN, 500);
	good("一百二十", WAN, 120000000);
	good("三万", WAN, 3000000);
	good("零元", YUAN, 0);
	good("零", YUAN, 0);
}

static void
test_no_amounts(void)
{
	bad("", YUAN, "not an amount");
	bad(" ", YUAN, "not an amount");
	bad("-", YUAN, "not an amount");
	bad("元", YUAN, "not an amount");
	bad("整", YUAN, "not an amount");
	bad("¥", YUAN, "not an amount");
	bad("无", YUAN, "not an amount");
	bad(".", YUAN, "not an amount");
	bad("5.", YUAN, "not an amount");
	bad("1.2.3", YUAN, "not an amount");
	bad("1 000", YUAN, "not an amount");
	bad("--5", YUAN, "not an amount");
	bad("5-", YUAN, "not an amount");
	bad("+5", YUAN, "not an amount");
	bad("(500)", YUAN, "not an amount");
	bad("500-1000元", YUAN, "not an amount");
	bad("5角100元", YUAN, "not an amount");
	bad("3分5元", YUAN, "not an amount");
	bad("500元/次", YUAN, "not an amount");
	bad("警告", YUAN, "not an amount");
	bad("5%", YUAN, "not an amount");
	bad("0x10", YUAN, "not an amount");
	bad("nan", YUAN, "not an amount");
	bad("inf", YUAN, "not an amount");
	bad("1.5亿2000万", YUAN, "not an amount");
	bad("5万万", YUAN, "not an amount");
	bad("1亿2亿", YUAN, "not an amount");
	bad("三元五", YUAN, "not an amount");
	bad("50\xff", YUAN, "not an amount");
	bad("50\xe5\x85", YUAN, "not an amount");
	bad("1,00", YUAN, "comma");
	bad("1,0000", YUAN, "comma");
	bad("1234,567", YUAN, "comma");
	bad(",123", YUAN, "comma");
	bad("1,,234", YUAN, "comma");
	bad("1,234,", YUAN, "comma");
	/* Read in two ways. */
	bad("一百二", YUAN, "not an amount");
	bad("一百二元", YUAN, "not an amount");
	bad("三万五元", YUAN, "not an amount");
	bad("3万5", YUAN, "not an amount");
	bad("三五百元", YUAN, "not an amount");
	bad("三五万元", YUAN, "not an amount");
	bad("三千五万元", YUAN, "not an amount");
	bad("一亿二千元", YUAN, "not an amount");
	bad("一万二亿", YUAN, "not an amount");
	bad("百元", YUAN, "not an amount");
	bad("15百元五千", YUAN, "not an amount");
	bad("百千元", YUAN, "not an amount");
	bad("一百一百元", YUAN, "not an amount");
	bad("零万元", YUAN, "not an amount");
	bad("五5元", YUAN, "not an amount");
	bad("约600万", YUAN, "exact");
	bad("近600万元", YUAN, "exact");
	bad("600余万元", YUAN, "exact");
	bad("600万元左右", YUAN, "exact");
	bad("五百多元", YUAN, "exact");
	bad("几百元", YUAN, "exact");
	bad("500元至1000元", YUAN, "exact");
	bad("$1,000", YUAN, "currency");
	bad("NT$300,000", YUAN, "currency");
	bad("500美元", YUAN, "currency");
	bad("新臺幣300000元整", YUAN, "currency");
	bad("3.3E+17", YUAN, "ruined");
	bad("1E5", YUAN, "ruined");
	bad("1e+05", YUAN, "ruined");
}

static void
test_limits(void)
{
	char nines[400];

	bad("0.001", YUAN, "finer");
	bad("123.455", YUAN, "finer");
	bad("0.0000001", WAN, "finer");
	bad("0.5", 1, "finer");
	bad("0.0000001万元", YUAN, "finer");
	bad("0.5分", YUAN, "finer");
	good("90000000000000000", YUAN, INT64_C(9000000000000000000));
	good("-90000000000000000.00", YUAN, -INT64_C(9000000000000000000));
	bad("90000000000000000.01", YUAN, "too large");
	bad("-90000000000000000.01", YUAN, "too large");
	bad("99999999999999999999999", YUAN, "too large");
	bad("999999999999999999", YUAN, "too large");
	bad("999999999999999999", WAN, "too large");
	bad("900000000000亿", YUAN, "too large");
	bad("9千", INT64_MAX, "too large");
	bad("999999999999999999万五千元", YUAN, "too large");
	memset(nines, '9', sizeof(nines));
	nines[sizeof(nines) - 1] = '\0';
	bad(nines, YUAN, "not an amount");
	nines[150] = '\0';
	bad(nines, YUAN, "too large");
}

static void
test_add(void)
{
	int64_t sum = INT64_MAX - 5;

	CHECK(case_money_add(&sum, 5));
	CHECK_INT(sum, INT64_MAX);
	CHECK(!case_money_add(&sum, 1));
	CHECK_INT(sum, INT64_MAX);
	sum = INT64_MIN;
	CHECK(!case_money_add(&sum, -1));
	CHECK(case_money_add(&sum, 1));
	CHECK_INT(sum, INT64_MIN + 1);
}

static void
good_number(const char *s, double want)
{
	struct case_error err = { 0 };
	double d = -1;

	test_checked++;
	if (case_number_parse(&d, s, strlen(s), &err) != CASE_OK)
		fail(s, err.what);
	else if (d != want)
		fail(s, "another number");
}

static void
bad_number(const char *s, const char *reason)
{
	struct case_error err = { 0 };
	double d = 42;

	test_checked++;
	if (case_number_parse(&d, s, strlen(s), &err) != CASE_EDATA)
		fail(s, "taken for a number");
	else if (strstr(err.what, reason) == NULL)
		fail(s, err.what);
	if (d < 42 || d > 42)
		fail(s, "the value was touched");
}

static void
test_numbers(void)
{
	good_number("0", 0);
	good_number("1,234.50", 1234.5);
	good_number("１，２３４．５０", 1234.5);
	good_number("-0.1", -0.1);
	good_number("+3", 3);
	good_number(".5", 0.5);
	good_number("0.30000000000000004", 0.1 + 0.2);
	good_number("0.123456789012345", 0.123456789012345);
	good_number("123456789012345678", 123456789012345678.0);
	good_number("9007199254740993", 9007199254740992.0);
	good_number("0.0000000000000000000000000000000000000000001", 1e-43);
	good_number(".0", 0);
	good_number("000000000000000000000.0", 0);
	bad_number("", "not a number");
	bad_number("-", "not a number");
	bad_number("abc", "not a number");
	bad_number("1.", "not a number");
	bad_number("1.2.3", "not a number");
	bad_number("5%", "not a number");
	bad_number("nan", "not a number");
	bad_number("inf", "not a number");
	bad_number("0x10", "not a number");
	bad_number("1 2", "not a number");
	bad_number("1元", "not a number");
	bad_number("1,23", "comma");
	bad_number("3.3E+17", "ruined");
}

static void
check_integer(const char *s, int64_t min, int64_t max, enum case_status want,
    int64_t value, const char *reason)
{
	struct case_error err = { 0 };
	int64_t v = 42;

	test_checked++;
	if (case_integer_parse(&v, s, strlen(s), min, max, &err) != want)
		fail(s, "another status");
	else if (v != (want == CASE_OK ? value : 42))
		fail(s, "another value");
	else if (want != CASE_OK && strstr(err.what, reason) == NULL)
		fail(s, err.what);
}

static void
test_integers(void)
{
	const int64_t lo = INT64_MIN, hi = INT64_MAX;

	check_integer("0", 0, 9, CASE_OK, 0, "");
	check_integer("9", 0, 9, CASE_OK, 9, "");
	check_integer("10", 0, 9, CASE_EDATA, 0, "from 0 to 9");
	check_integer("-1", 0, 9, CASE_EDATA, 0, "from 0 to 9");
	check_integer("-1", -1, 9, CASE_OK, -1, "");
	check_integer("+7", 0, 9, CASE_OK, 7, "");
	check_integer(" 7 ", 0, 9, CASE_OK, 7, "");
	check_integer("７", 0, 9, CASE_OK, 7, "");
	check_integer("1,234", lo, hi, CASE_OK, 1234, "");
	check_integer("12.0", lo, hi, CASE_OK, 12, "");
	check_integer("12.50", lo, hi, CASE_EDATA, 0, "whole");
	check_integer("9223372036854775807", lo, hi, CASE_OK, hi, "");
	check_integer("9223372036854775808", lo, hi, CASE_EDATA, 0, "from");
	check_integer("-9223372036854775807", lo, hi, CASE_OK, -hi, "");
	check_integer("99999999999999999999", 0, 9, CASE_EDATA, 0, "from");
	check_integer("", lo, hi, CASE_EDATA, 0, "not a number");
	check_integer("12a", lo, hi, CASE_EDATA, 0, "not a number");
	check_integer("14 个", lo, hi, CASE_EDATA, 0, "not a number");
	check_integer("3.4E+17", lo, hi, CASE_EDATA, 0, "ruined");
	check_integer("0x1f", lo, hi, CASE_EDATA, 0, "not a number");
}

/* Whatever the writer of numerals writes, the reader reads back. */
static void
numeral(char *out, size_t cap, int64_t v)
{
	static const char *const digit[] = { "零", "壹", "贰", "叁", "肆", "伍",
		"陆", "柒", "捌", "玖" };
	static const char *const small[] = { "", "拾", "佰", "仟" };
	static const char *const big[] = { "", "万", "亿", "万亿" };
	bool zero = false, any = false;
	size_t n = 0;

	out[0] = '\0';
	for (int section = 2; section >= 0; section--) {
		int64_t part = v;

		for (int i = 0; i < section; i++)
			part /= 10000;
		part %= 10000;
		for (int place = 3, div = 1000; place >= 0;
		     place--, div /= 10) {
			int64_t d = part / div % 10;

			if (d == 0) {
				zero = any;
				continue;
			}
			n += (size_t)snprintf(out + n, cap - n, "%s%s%s",
			    zero ? "零" : "", digit[d], small[place]);
			any = true;
			zero = false;
		}
		if (part > 0)
			n += (size_t)snprintf(out + n, cap - n, "%s",
			    big[section]);
	}
	snprintf(out + n, cap - n, "%s元整", any ? "" : "零");
}

static void
test_round_trip(void)
{
	uint64_t seed = 1;
	int wrong = 0;
	char s[256];
	int64_t v, got;

	for (int i = 0; i < 50000; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		v = (int64_t)(seed >> 20) % 1000000000000;
		/* Few digits and many zeros are where it goes wrong. */
		for (int k = i % 12; k > 0; k--)
			v /= 10;
		if (i % 3 == 0)
			v *= 1000;
		if (i % 5 == 0)
			v = v / 100000 * 100000 + v % 10;
		v %= 1000000000000;
		numeral(s, sizeof(s), v);
		if (parse(&got, s, YUAN, NULL) != CASE_OK || got != v * 100) {
			if (wrong++ < 5)
				fail(s, "does not read back");
		}
	}
	CHECK_INT(wrong, 0);
}

/* No text of a few tokens may crash or touch the value without success. */
static void
test_noise(void)
{
	static const char *const parts[] = { "1", "20", "300", ",", ".", "-",
		"元", "角", "分", "万", "亿", "千", "十", "零", "五", "¥",
		"人民币", "整", " ", "E", "约", "\xff", "0" };
	const size_t n = sizeof(parts) / sizeof(parts[0]);
	uint32_t seed = 1;
	char s[128];
	int wrong = 0;

	for (int round = 0; round < 100000; round++) {
		int64_t v = INT64_MIN;
		size_t used = 0;

		for (int i = 0; i < 7; i++) {
			seed = seed * 1664525u + 1013904223u;
			used += (size_t)snprintf(s + used, sizeof(s) - used,
			    "%s", parts[(seed >> 16) % n]);
		}
		if ((case_money_parse(&v, s, used, YUAN, NULL) == CASE_OK) ==
		    (v == INT64_MIN))
			wrong++;
	}
	CHECK_INT(wrong, 0);
}

/* Every character and word of the tables means what it means. */
static void
test_characters(void)
{
	static const struct {
		const char *form, *words;
		int64_t fen, more; /* of the first; more for each other */
	} all[] = {
		{ "%s元", "一 二 三 四 五 六 七 八 九", 100, 100 },
		{ "%s元", "壹 贰 叁 肆 伍 陆 柒 捌 玖", 100, 100 },
		{ "%s元", "１ ２ ３ ４ ５ ６ ７ ８ ９", 100, 100 },
		{ "%s元", "两 兩 貳", 200, 0 },
		{ "%s元", "參 叁", 300, 0 },
		{ "%s元", "陸 陆", 600, 0 },
		{ "一百%s五元", "零 〇 ○", 10500, 0 },
		{ "三%s元", "十 拾", 3000, 0 },
		{ "三%s元", "百 佰", 30000, 0 },
		{ "三%s元", "千 仟", 300000, 0 },
		{ "三%s元", "万 萬", 3000000, 0 },
		{ "三%s元", "亿 億", 30000000000, 0 },
		{ "三%s五角二分", "元 圆 圓", 352, 0 },
		{ "%s300", "罚款 罰款 人民币 人民幣 ¥ ￥ RMB CNY", 30000, 0 },
		{ "300%s", "人民币 人民幣 整 正", 30000, 0 },
		{ "%s300", "- － − – 负 負", -30000, 0 },
		/* No-break, narrow and wide spaces; what takes no room. */
		{ "300%s元", "\xc2\xa0 \xe2\x80\xaf \xe3\x80\x80", 30000, 0 },
		{ "300%s元", "\xe2\x80\x8b \xef\xbb\xbf", 30000, 0 },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		int64_t fen = all[i].fen;
		char words[128], text[160], *rest = words, *word;

		snprintf(words, sizeof(words), "%s", all[i].words);
		for (; (word = strsep(&rest, " ")) != NULL;
		     fen += all[i].more) {
			const char *at = strstr(all[i].form, "%s");

			snprintf(text, sizeof(text), "%.*s%s%s",
			    (int)(at - all[i].form), all[i].form, word, at + 2);
			good(text, YUAN, fen);
		}
	}
}

int
main(void)
{
	/* A locale with another decimal point, where there is one. */
	setlocale(LC_ALL, "de_DE.UTF-8");
	test_digits();
	test_units();
	test_chinese();
	test_characters();
	test_no_amounts();
	test_limits();
	test_add();
	test_numbers();
	test_integers();
	test_round_trip();
	test_noise();
	TEST_END();
}
