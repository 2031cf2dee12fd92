/* test_regex.c - matching, wrong patterns, and the limits */
#include <stdlib.h>
#include <time.h>

#include "case/regex.h"
#include "tests/unit/test.h"

static enum case_regex_result
match(const char *pattern, const char *text)
{
	enum case_regex_result result;
	struct case_regex *re;
	struct case_error err;

	CHECK_INT(case_regex_new(&re, pattern, strlen(pattern), &err), CASE_OK);
	if (re == NULL)
		return CASE_REGEX_LIMIT;
	result = case_regex_match(re, text, strlen(text));
	case_regex_free(re);
	return result;
}

static void
test_match(void)
{
	CHECK_INT(match("陈述|申辩", "告知其有申辩的权利"), CASE_REGEX_YES);
	CHECK_INT(match("陈述|申辩", "告知书"), CASE_REGEX_NO);
	CHECK_INT(match("^(\\S+)〔(\\d{4})〕第?0*(\\d+)号$",
		      "城综执罚决字〔2023〕第000123号"),
	    CASE_REGEX_YES);
	CHECK_INT(match("^.{2}$", "执法"), CASE_REGEX_YES);
	CHECK_INT(match("", ""), CASE_REGEX_YES);
	CHECK_INT(match("^$", ""), CASE_REGEX_YES);
	CHECK_INT(match("\\p{Han}", "abc"), CASE_REGEX_NO);
	CHECK_INT(match("(?i)ABC", "xabcx"), CASE_REGEX_YES);
	CHECK_INT(match("(a)(b)(c)", "abc"), CASE_REGEX_YES);
	CHECK_INT(match("a\\K", "a"), CASE_REGEX_YES);
}

static void
test_wrong(void)
{
	static const char *const wrong[] = { "(", "[a", "a{2,1}", "*a", "(?<n",
		"\\", "\xff", "\xed\xa0\x80", "(*NO_SUCH)", "\\C" };
	struct case_regex *re;
	struct case_error err;
	size_t big = 65537;
	char *p;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		err.what[0] = '\0';
		CHECK_INT(case_regex_new(&re, wrong[i], strlen(wrong[i]), &err),
		    CASE_EUSAGE);
		CHECK(re == NULL && err.what[0] != '\0');
	}
	CHECK_INT(case_regex_new(&re, "a(b", 3, &err), CASE_EUSAGE);
	CHECK(strstr(err.what, "at byte 3") != NULL);
	CHECK((p = malloc(big)) != NULL);
	memset(p, 'a', big);
	CHECK_INT(case_regex_new(&re, p, big, &err), CASE_EUSAGE);
	free(p);
	case_regex_free(NULL);
}

/* The limits that a pattern may set for itself can only be lower. */
static void
test_limits(void)
{
	static const char *const slow[] = { "^(a+)+$", "^(a|a)*$",
		"(*LIMIT_MATCH=4000000000)^(a+)+$", "^(?:(a?){30}){30}[bc]" };
	size_t big = (1 << 20) + 1;
	struct case_regex *re;
	struct case_error err;
	char *p;

	CHECK((p = malloc(big)) != NULL);
	memset(p, 'a', big);
	for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]); i++) {
		CHECK_INT(case_regex_new(&re, slow[i], strlen(slow[i]), &err),
		    CASE_OK);
		p[2000] = '!';
		CHECK_INT(case_regex_match(re, p, 2001), CASE_REGEX_LIMIT);
		case_regex_free(re);
		p[2000] = 'a';
	}
	CHECK_INT(case_regex_new(&re, "b", 1, &err), CASE_OK);
	CHECK_INT(case_regex_match(re, p, big - 1), CASE_REGEX_NO);
	CHECK_INT(case_regex_match(re, p, big), CASE_REGEX_LIMIT);
	case_regex_free(re);
	free(p);
}

/* Starts and ends beyond the first slice, and characters across its edge. */
static void
test_long(void)
{
	static const char ends[] = "法.b|(?<=案)$";
	static char p[4000];
	struct case_regex *re;
	struct case_error err;
	size_t n, wrong = 0;

	CHECK_INT(case_regex_new(&re, ends, strlen(ends), &err), CASE_OK);
	for (size_t pad = 900; pad < 2100; pad++) {
		memset(p, 'x', pad);
		memcpy(p + pad, "法执b", 7);
		n = pad + 7;
		wrong += case_regex_match(re, p, n) != CASE_REGEX_YES;
		wrong += case_regex_match(re, p, n - 1) != CASE_REGEX_NO;
		memcpy(p + pad, "执法案", 9);
		wrong += case_regex_match(re, p, pad + 9) != CASE_REGEX_YES;
		wrong += case_regex_match(re, p, pad + 6) != CASE_REGEX_NO;
	}
	CHECK_INT(wrong, 0);
	case_regex_free(re);
}

/* One text, each of whose starts is below every limit of PCRE2. */
static void
test_long_budget(void)
{
	static const char slow[] = "a.{0,200}a.{0,200}[bc]";
	size_t n = 1 << 20;
	struct case_regex *re;
	struct case_error err;
	time_t began = time(NULL);
	char *p;

	CHECK((p = malloc(n)) != NULL);
	memset(p, 'a', n);
	CHECK_INT(case_regex_new(&re, slow, strlen(slow), &err), CASE_OK);
	CHECK_INT(case_regex_match(re, p, n), CASE_REGEX_LIMIT);
	CHECK(time(NULL) - began < 30);
	case_regex_free(re);
	free(p);
}

/*
 * Each match stays below the limits of PCRE2, for they count anew from every
 * start, but together they take long: then the pattern is given up.
 */
static void
test_budget(void)
{
	enum case_regex_result result = CASE_REGEX_NO;
	struct case_regex *re;
	struct case_error err;
	static char p[3000];
	time_t began = time(NULL);
	int matches = 0;

	memset(p, 'a', sizeof(p));
	CHECK_INT(case_regex_new(&re, "a.*a.*b", 7, &err), CASE_OK);
	while (result == CASE_REGEX_NO && time(NULL) - began < 60) {
		result = case_regex_match(re, p, sizeof(p));
		matches++;
	}
	CHECK_INT(result, CASE_REGEX_LIMIT);
	CHECK(matches > 1);
	CHECK_INT(case_regex_match(re, "ab", 2), CASE_REGEX_LIMIT);
	case_regex_free(re);
}

int
main(void)
{
	test_match();
	test_wrong();
	test_limits();
	test_long();
	test_long_budget();
	test_budget();
	TEST_END();
}
