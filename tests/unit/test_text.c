/* test_text.c - UTF-8, width, folding, keys, visible text, the hash */
#include <endian.h>
#include <stdlib.h>

#include "case/text.h"
#include "tests/unit/test.h"

static const char *
folded(struct case_buf *b, const char *s)
{
	case_buf_reset(b);
	case_text_fold(b, s, strlen(s));
	return case_buf_str(b);
}

static const char *
key(struct case_buf *b, const char *s, bool brackets)
{
	case_buf_reset(b);
	case_text_key(b, s, strlen(s), brackets);
	return case_buf_str(b);
}

static const char *
visible(struct case_buf *b, const char *s)
{
	case_buf_reset(b);
	case_text_visible(b, s, strlen(s));
	return case_buf_str(b);
}

static void
test_valid(void)
{
	static const struct {
		const char *s;
		size_t prefix;
	} cases[] = {
		{ "", 0 },
		{ "abc", 3 },
		{ "a\xc2\x80", 3 },
		{ "\xdf\xbf", 2 },
		{ "\xe0\xa0\x80\xef\xbf\xbf", 6 },
		{ "\xed\x9f\xbf\xee\x80\x80", 6 },
		{ "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8 },
		{ "\x80", 0 },
		{ "a\xbf", 1 },
		{ "\xc0\xaf", 0 },	   /* overlong solidus */
		{ "\xc1\xbf", 0 },	   /* overlong */
		{ "\xe0\x9f\xbf", 0 },	   /* overlong */
		{ "\xf0\x8f\xbf\xbf", 0 }, /* overlong */
		{ "\xed\xa0\x80", 0 },	   /* surrogate */
		{ "\xed\xbf\xbf", 0 },	   /* surrogate */
		{ "\xf4\x90\x80\x80", 0 }, /* beyond U+10FFFF */
		{ "\xf5\x80\x80\x80", 0 },
		{ "\xfe", 0 },
		{ "\xff", 0 },
		{ "ab\xc3", 2 },
		{ "ab\xe4\xb8", 2 },
		{ "ab\xf0\x9f\x98", 2 },
		{ "中文\xe4\xb8 中", 6 },
		{ "12345678901234567\xff", 17 },
		{ "执法执法执法\xc1\xaa", 18 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = strlen(cases[i].s);

		/* A copy of the exact size lets a sanitizer see an overrun. */
		char *p = malloc(n + 1);

		CHECK(p != NULL);
		memcpy(p, cases[i].s, n);
		p = realloc(p, n > 0 ? n : 1);
		CHECK_INT(case_utf8_prefix(p, n), cases[i].prefix);
		CHECK_INT(case_utf8_valid(p, n), n == cases[i].prefix);
		free(p);
	}
	CHECK(case_utf8_valid(NULL, 0));
	CHECK(case_utf8_valid("a\0b", 3));
}

/* Every character there is: put, found valid, and got back. */
static void
test_characters(void)
{
	struct case_buf b = { 0 };
	uint32_t c, got;
	size_t k, wrong = 0;

	for (c = 0; c <= 0x10ffff; c++) {
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		case_buf_reset(&b);
		case_utf8_put(&b, c);
		k = case_utf8_get(b.p, b.n, &got);
		wrong += k != b.n || got != c || !case_utf8_valid(b.p, b.n);
	}
	CHECK_INT(wrong, 0);
	case_buf_reset(&b);
	case_utf8_put(&b, 0xd800);
	case_utf8_put(&b, 0x110000);
	CHECK_STR(b.p, "\xef\xbf\xbd\xef\xbf\xbd");
	case_buf_free(&b);
	CHECK_INT(case_utf8_get("\xff", 1, &got), 1);
	CHECK_INT(got, 0xfffd);
	CHECK_INT(case_utf8_get("", 0, &got), 0);
}

static void
test_width(void)
{
#define WIDTH(s) case_text_width(s, strlen(s))
	CHECK_INT(WIDTH(""), 0);
	CHECK_INT(WIDTH("abc"), 3);
	CHECK_INT(WIDTH("执法单位"), 8);
	CHECK_INT(WIDTH("〔2023〕第1号"), 13);
	CHECK_INT(WIDTH("ＡＢ：（）"), 10);
	CHECK_INT(WIDTH("ｱｲｳ"), 3);
	CHECK_INT(WIDTH("e\xcc\x81"), 1);
	CHECK_INT(WIDTH("\xe2\x80\x8b\xef\xbb\xbf"), 0);
	CHECK_INT(WIDTH("한글"), 4);
	CHECK_INT(WIDTH("\xf0\xa0\x80\x80\xf0\xaf\xa0\x80"), 4);
	CHECK_INT(WIDTH("\xf0\x9f\x98\x80"), 2);
	CHECK_INT(WIDTH("é±×"), 3);
	CHECK_INT(WIDTH("\xff\xfe"), 2);
	CHECK_INT(WIDTH("\xee\x80\x80"), 1);
	CHECK_INT(WIDTH("\xe3\x80\x80"), 2);
	CHECK_INT(WIDTH("\xc2\xad"), 1);
#undef WIDTH
	CHECK_INT(case_text_cut("执法单位", 12, 5), 6);
	CHECK_INT(case_text_cut("执法单位", 12, 4), 6);
	CHECK_INT(case_text_cut("执法单位", 12, 1), 0);
	CHECK_INT(case_text_cut("执法单位", 12, 99), 12);
	CHECK_INT(case_text_cut("e\xcc\x81x", 4, 1), 3);
	CHECK_INT(case_text_cut("", 0, 0), 0);
}

static void
test_fold(void)
{
	struct case_buf b = { 0 };

	CHECK_STR(folded(&b, "ＡＢｃ１２３（）～！"), "ABc123()~!");
	CHECK_STR(folded(&b, "案　号"), "案 号");
	CHECK_STR(folded(&b, "ｱ￥〔2023〕"), "ｱ￥〔2023〕");
	CHECK_STR(folded(&b, "a\xff\xef\xbc"), "a\xff\xef\xbc");
	CHECK_STR(folded(&b, ""), "");
	case_buf_free(&b);
}

static void
test_trim(void)
{
	static const struct {
		const char *s, *want;
	} cases[] = {
		{ "  a b\t\r\n", "a b" },
		{ "　案号　", "案号" },
		{ "\xef\xbb\xbf\xc2\xa0x\xe2\x80\x8b", "x" },
		{ " \xe3\x80\x80 ", "" },
		{ "", "" },
		{ " \xff \xe4\xb8 ", "\xff \xe4\xb8" },
		{ "\x80\x80\x80\x80", "\x80\x80\x80\x80" },
		{ "\xe3\x80\x80\x80", "\x80" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct case_str s =
		    case_text_trim(cases[i].s, strlen(cases[i].s));

		CHECK_INT(s.n, strlen(cases[i].want));
		CHECK(memcmp(s.p, cases[i].want, s.n) == 0);
	}
}

static void
test_key(void)
{
	struct case_buf b = { 0 };

	CHECK_STR(key(&b, "罚款金额（万元）", false), "罚款金额");
	CHECK_STR(key(&b, "罚款金额（万元）", true), "罚款金额万元");
	CHECK_STR(key(&b, " 案 件\n名　称：", true), "案件名称");
	CHECK_STR(key(&b, "Case_No.", true), "caseno");
	CHECK_STR(key(&b, "ＣＡＳＥ－ＮＯ", true), "caseno");
	CHECK_STR(key(&b, "case—no–1−2", true), "caseno12");
	CHECK_STR(key(&b, "〔2023〕第5号", false), "第5号");
	CHECK_STR(key(&b, "a(b[c]d)e", false), "ae");
	CHECK_STR(key(&b, "a(b(c)d", false), "abcd");
	CHECK_STR(key(&b, "罚款(元", false), "罚款元");
	CHECK_STR(key(&b, "罚款)元(", false), "罚款元");
	CHECK_STR(key(&b, "(元)", false), "");
	CHECK_STR(key(&b, "A+", true), "a+");
	CHECK_STR(key(&b, "<50", true), "<50");
	CHECK_STR(key(&b, "二〇二三年、人々", true), "二〇二三年人々");
	CHECK_STR(key(&b, "《决定书》“文号”", false), "决定书文号");
	CHECK_STR(key(&b, "\xef\xbb\xbf案号\xe2\x80\x8b\xff", true),
	    "案号\xff");
	/* What stood in the buffer before stays. */
	case_buf_reset(&b);
	case_buf_adds(&b, "x:");
	case_text_key(&b, "(元)", 5, false);
	CHECK_STR(b.p, "x:");
	case_buf_free(&b);
}

static void
test_visible(void)
{
	struct case_buf b = { 0 };

	CHECK_STR(visible(&b, "城中街道 ok\\"), "城中街道 ok\\");
	CHECK_STR(visible(&b, "\x1b[31m\a"), "\\x1b[31m\\x07");
	CHECK_STR(visible(&b, "a\nb\rc\td"), "a\\nb\\rc\\td");
	CHECK_STR(visible(&b, "\x7f\xc2\x85\xc2\x9b"), "\\x7f\\u0085\\u009b");
	CHECK_STR(visible(&b, "a\xe2\x80\xae"
			      "b\xe2\x81\xa6\xd8\x9c\xe2\x80\x8f"),
	    "a\\u202eb\\u2066\\u061c\\u200f");
	CHECK_STR(visible(&b, "\xe2\x80\xa8"), "\\u2028");
	CHECK_STR(visible(&b, "a\xff\xe4\xb8z"), "a\\xff\\xe4\\xb8z");
	case_buf_reset(&b);
	case_text_visible(&b, "a\0b", 3);
	CHECK_STR(b.p, "a\\x00b");
	case_buf_free(&b);
}

static void
test_distance(void)
{
	char longer[CASE_TEXT_DISTANCE_MAX + 2];

	CHECK_INT(case_text_distance("kitten", "sitting", 9), 3);
	CHECK_INT(case_text_distance("kitten", "sitting", 2), 2);
	CHECK_INT(case_text_distance("", "abc", 9), 3);
	CHECK_INT(case_text_distance("abc", "", 9), 3);
	CHECK_INT(case_text_distance("", "", 9), 0);
	CHECK_INT(case_text_distance("执法单位", "执发单位", 9), 1);
	CHECK_INT(case_text_distance("same", "same", 1), 0);
	CHECK_INT(case_text_distance("same", "same", 0), 0);
	CHECK_INT(case_text_distance("fined", "filed", 3), 1);
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	CHECK_INT(case_text_distance(longer, longer, 3), 3);
	CHECK_INT(case_text_distance(longer + 1, longer + 1, 3), 0);
}

static int
by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The vectors that wyhash's own repository publishes for final version 4. */
static void
test_hash_vectors(void)
{
	static const struct {
		const char *s;
		uint64_t want;
	} cases[] = {
		{ "", 0x93228a4de0eec5a2 },
		{ "a", 0xc5bac3db178713c4 },
		{ "abc", 0xa97f2f7b1d9b3314 },
		{ "message digest", 0x786d1f1df3801df4 },
		{ "abcdefghijklmnopqrstuvwxyz", 0xdca5a8138ad37c87 },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		  "0123456789",
		    0xb9e734f117cfaf70 },
		{ "123456789012345678901234567890123456789012345678901234567890"
		  "12345678901234567890",
		    0x6cc5eab49a92d617 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_INT(case_hash(cases[i].s, strlen(cases[i].s), i),
		    cases[i].want);
}

/* A weaker hash gave 354 duplicates among a million such numbers. */
static void
test_hash_collisions(void)
{
	enum { N = 1000000 };
	uint64_t *h = malloc(N * sizeof(*h));
	size_t same = 0;
	char s[64];
	int n;

	CHECK(h != NULL);
	for (int i = 0; i < N; i++) {
		n = snprintf(s, sizeof(s), "城综执罚决字〔2023〕第%06d号", i);
		h[i] = case_hash(s, (size_t)n, 0);
	}
	qsort(h, N, sizeof(*h), by_value);
	for (int i = 1; i < N; i++)
		same += h[i] == h[i - 1];
	CHECK_INT(same, 0);
	free(h);
	CHECK(case_hash("ab", 2, 1) != case_hash("ab", 2, 2));
	CHECK(case_hash("a\0", 2, 1) != case_hash("a", 1, 1));
}

/* The prefix found character by character, few bytes at a time. */
static size_t
slow_prefix(const char *p, size_t n)
{
	size_t i = 0, k;

	while (i < n) {
		for (k = 1; k <= 4 && i + k <= n; k++)
			if (case_utf8_prefix(p + i, k) == k)
				break;
		if (k > 4 || i + k > n)
			break;
		i += k;
	}
	return i;
}

/* Long texts are walked in long steps. */
static void
test_utf8_steps(void)
{
	static const char *const part[] = { "执", "法", "a", "，",
		"\xe0\xa0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xed\x9f\xbf",
		"\xee\x80\x80", "é", "\xf0\x9f\x98\x80", "\xe6\x89", "\xe6",
		"\x89", "\xec\xbf\xbf", "\xe1\x80\x80" };
	enum { PARTS = sizeof(part) / sizeof(part[0]) };
	struct case_buf b = { 0 };
	uint64_t h = 1;

	for (int round = 0; round < 20000; round++) {
		case_buf_reset(&b);
		for (int n = 0; n < 12; n++) {
			h = case_hash_word(h, 1);
			/* Mostly what is good, so that the rest comes late. */
			case_buf_adds(&b,
			    part[h % 4 > 0 ? h / 4 % 2 : h / 8 % PARTS]);
		}
		CHECK_INT(case_utf8_prefix(b.p, b.n), slow_prefix(b.p, b.n));
	}
	case_buf_free(&b);
}

static void
test_hash_word(void)
{
	for (uint64_t i = 0; i < 1000; i++) {
		uint64_t word = i * UINT64_C(0x9e3779b97f4a7c15), bytes;

		bytes = htole64(word);
		CHECK(case_hash_word(word, i) ==
		      case_hash(&bytes, sizeof(bytes), i));
	}
}

int
main(void)
{
	test_valid();
	test_characters();
	test_width();
	test_fold();
	test_trim();
	test_key();
	test_visible();
	test_distance();
	test_hash_vectors();
	test_hash_collisions();
	test_hash_word();
	test_utf8_steps();
	TEST_END();
}
