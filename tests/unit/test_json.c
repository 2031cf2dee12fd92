/* test_json.c - strict reading, getting, printing and merging of JSON */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "case/json.h"
#include "tests/unit/test.h"

static const char *
printed(struct case_buf *b, const struct case_json *v)
{
	case_buf_reset(b);
	case_json_print(b, v);
	return case_buf_str(b);
}

/* From a copy of the exact size, so that a sanitizer sees an overrun. */
static enum case_status
parse(struct case_json **out, const char *s, size_t n, struct case_error *err)
{
	char *p = malloc(n > 0 ? n : 1);
	enum case_status rc;

	CHECK(p != NULL);
	memcpy(p, s, n);
	*err = (struct case_error){ .line = 0 };
	rc = case_json_parse(out, p, n, err);
	free(p);
	return rc;
}

static void
test_good(void)
{
	static const struct {
		const char *s, *want;
	} cases[] = {
		{ "{}", "{}" },
		{ " [ ] ", "[]" },
		{ "null", "null" },
		{ "\xef\xbb\xbf[true,false]", "[true,false]" },
		{ "[0,-0,1.50,1e3,-1E-2,123456789012]",
		    "[0,0,1.5,1000,-0.01,123456789012]" },
		{ "{\"案由\": \"占道\", \"A\":1, \"a\":2}",
		    "{\"案由\":\"占道\",\"A\":1,\"a\":2}" },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u4e2D\\uD83D\\uDE00\"",
		    "\"\\\"\\\\/\\b\\f\\n\\r\\t中😀\"" },
		{ "\"\\u001b\\u202e\\u007f\"", "\"\\u001b\\u202e\\u007f\"" },
		{ "[\n1\r\n,\t2 ]", "[1,2]" },
		{ "[[],[{}]]", "[[],[{}]]" },
		{ "{\"\":0}", "{\"\":0}" },
	};
	struct case_buf b = { 0 };
	struct case_json *v;
	struct case_error err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_INT(parse(&v, cases[i].s, strlen(cases[i].s), &err),
		    CASE_OK);
		CHECK_STR(printed(&b, v), cases[i].want);
		case_json_free(v);
	}
	case_buf_free(&b);
}

/* Line 0 would mean that nothing was said about the place. */
static void
test_bad(void)
{
	static const struct {
		const char *s;
		size_t line;
	} cases[] = {
		{ "", 1 },
		{ "\xef\xbb\xbf", 1 },
		{ " \n\n", 3 },
		{ "[1,\n2,\n]", 3 },
		{ "[,1]", 1 },
		{ "[1 2]", 1 },
		{ "[1", 1 },
		{ "{\"a\":1,}", 1 },
		{ "{\"a\" 1}", 1 },
		{ "{\"a\":}", 1 },
		{ "{a:1}", 1 },
		{ "{1:1}", 1 },
		{ "{\"a\":1}\n x", 2 },
		{ "[1][2]", 1 },
		{ "[01]", 1 },
		{ "[-]", 1 },
		{ "[+1]", 1 },
		{ "[1.]", 1 },
		{ "[.5]", 1 },
		{ "[1e]", 1 },
		{ "[1e+]", 1 },
		{ "[0x1]", 1 },
		{ "[1e999]", 1 },
		{ "[NaN]", 1 },
		{ "[Infinity]", 1 },
		{ "[tru]", 1 },
		{ "[True]", 1 },
		{ "['a']", 1 },
		{ "[\"a]", 1 },
		{ "[\"a\nb\"]", 1 },
		{ "[\"a\tb\"]", 1 },
		{ "[\"\\x\"]", 1 },
		{ "[\"\\", 1 },
		{ "[\"\\u\"]", 1 },
		{ "[\"\\u12\"]", 1 },
		{ "[\"\\u12g4\"]", 1 },
		{ "[\"\\u12", 1 },
		{ "[\n\"a\\u0000b\"]", 2 },
		{ "[\"\\ud800\"]", 1 },
		{ "[\"\\udc00\"]", 1 },
		{ "[\"\\ud800\\u0041\"]", 1 },
		{ "[\"\\ud800\\", 1 },
		{ "[\"\xff\"]", 1 },
		{ "[\n\n\"\xed\xa0\x80\"]", 3 },
		{ "[1]\f", 1 },
		{ "/* */ 1", 1 },
		{ "{\"a\":1,\n\"b\":2,\n\"a\":3}", 3 },
		{ "{\"a\":1,\n\"\\u0061\":3}", 2 },
		{ "[{\"x\":{\"k\":1,\"j\":{\"k\":1},\n\"k\":2}}]", 2 },
		{ "[1234567890123456789012345678901234567890"
		  "1234567890123456789012345]",
		    1 },
	};
	struct case_json *v;
	struct case_error err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_INT(parse(&v, cases[i].s, strlen(cases[i].s), &err),
		    CASE_EDATA);
		CHECK(v == NULL && err.what[0] != '\0');
		CHECK_INT(err.line, cases[i].line);
	}
	CHECK_INT(parse(&v, "[1]\0", 4, &err), CASE_EDATA);
	CHECK_INT(parse(&v, "[\0]", 3, &err), CASE_EDATA);
	CHECK_INT(parse(&v, "[\"\0\"]", 5, &err), CASE_EDATA);
	CHECK_INT(parse(&v, "{\"a\"\n;1}", 8, &err), CASE_EDATA);
	CHECK_STR(err.what, "';' where ':' should stand");
	/* The same key in two objects is no fault. */
	CHECK_INT(parse(&v, "[{\"a\":1},{\"a\":{\"a\":2}}]", 23, &err),
	    CASE_OK);
	case_json_free(v);
}

static void
test_limits(void)
{
	struct case_json *v;
	struct case_error err;
	size_t big = (16 << 20) + 1;
	char s[2 * 65], *p;

	memset(s, '[', 65);
	memset(s + 65, ']', 65);
	CHECK_INT(parse(&v, s, 130, &err), CASE_EDATA);
	CHECK_INT(parse(&v, s + 1, 128, &err), CASE_OK);
	case_json_free(v);
	CHECK((p = malloc(big)) != NULL);
	memset(p, ' ', big);
	CHECK_INT(case_json_parse(&v, p, big, &err), CASE_EDATA);
	memset(p, '[', big);
	CHECK_INT(case_json_parse(&v, p, big - 1, &err), CASE_EDATA);
	free(p);
}

static void
test_get(void)
{
	static const char s[] =
	    "{\"s\":\"x\",\"n\":1.5,\"t\":true,\"f\":false,\"z\":null,"
	    "\"a\":[1,\"b\"],\"o\":{\"k\":\"v\"}}";
	const struct case_json *a;
	struct case_json *v;
	struct case_error err;
	double d = 7;
	bool b = false;

	CHECK_INT(parse(&v, s, sizeof(s) - 1, &err), CASE_OK);
	CHECK(case_json_is_object(v) && !case_json_is_array(v));
	CHECK_STR(case_json_get_str(v, "s"), "x");
	CHECK(case_json_get_str(v, "n") == NULL);
	CHECK(case_json_get_str(v, "S") == NULL);
	CHECK(case_json_get_number(v, "n", 3) == 1.5);
	CHECK(case_json_get_number(v, "s", 3) == 3);
	CHECK(case_json_get_number(v, "none", 3) == 3);
	CHECK(case_json_get_bool(v, "t", false));
	CHECK(!case_json_get_bool(v, "f", true));
	CHECK(case_json_get_bool(v, "n", true));
	CHECK(case_json_is_null(case_json_get(v, "z")));
	CHECK(!case_json_is_null(case_json_get(v, "none")));
	CHECK(!case_json_number(case_json_get(v, "s"), &d) && d == 7);
	CHECK(case_json_bool(case_json_get(v, "t"), &b) && b);
	a = case_json_first(case_json_get(v, "a"));
	CHECK(case_json_number(a, &d) && d == 1);
	CHECK(case_json_key(a) == NULL);
	a = case_json_next(a);
	CHECK_STR(case_json_str(a), "b");
	CHECK(case_json_next(a) == NULL);
	CHECK(case_json_get(a, "k") == NULL);
	CHECK_STR(case_json_get_str(case_json_get(v, "o"), "k"), "v");
	CHECK_STR(case_json_key(case_json_first(v)), "s");
	case_json_free(v);

	CHECK(case_json_get(NULL, "k") == NULL);
	CHECK(case_json_first(NULL) == NULL && case_json_next(NULL) == NULL);
	CHECK(case_json_key(NULL) == NULL && case_json_str(NULL) == NULL);
	CHECK(!case_json_is_object(NULL) && !case_json_is_array(NULL));
	case_json_free(NULL);
}

static void
test_quote(void)
{
	struct case_buf b = { 0 };

	case_json_quote(&b, "案\"\\\n\x1b\x7f\xc2\x85\xe2\x80\xae\xff", 14);
	CHECK_STR(b.p, "\"案\\\"\\\\\\n\\u001b\\u007f\\u0085\\u202e�\"");
	case_buf_reset(&b);
	case_json_quote(&b, "a\0b", 3);
	CHECK_STR(b.p, "\"a\\u0000b\"");
	case_buf_reset(&b);
	case_json_quote(&b, NULL, 0);
	CHECK_STR(b.p, "\"\"");
	case_buf_reset(&b);
	case_json_quote(&b, "\xef\xbf\xbdx", 4);
	CHECK_STR(b.p, "\"\xef\xbf\xbdx\"");
	case_buf_free(&b);
}

/* The first rows are the examples of RFC 7396, appendix A. */
static void
test_merge(void)
{
	static const struct {
		const char *base, *over, *want;
	} cases[] = {
		{ "{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}" },
		{ "{\"a\":\"b\"}", "{\"b\":\"c\"}",
		    "{\"a\":\"b\",\"b\":\"c\"}" },
		{ "{\"a\":\"b\"}", "{\"a\":null}", "{}" },
		{ "{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}",
		    "{\"b\":\"c\"}" },
		{ "{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}" },
		{ "{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}" },
		{ "{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}",
		    "{\"a\":{\"b\":\"d\"}}" },
		{ "{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}" },
		{ "[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]" },
		{ "{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]" },
		{ "{\"a\":\"foo\"}", "null", "null" },
		{ "{\"a\":\"foo\"}", "\"bar\"", "\"bar\"" },
		{ "{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}" },
		{ "[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}" },
		{ "{}", "{\"a\":{\"bb\":{\"ccc\":null}}}",
		    "{\"a\":{\"bb\":{}}}" },
		/* Arrays of things with names. */
		{ "[{\"name\":\"a\",\"x\":1,\"y\":2},{\"name\":\"b\"}]",
		    "[{\"name\":\"c\"},{\"name\":\"a\",\"x\":9,\"y\":null}]",
		    "[{\"name\":\"a\",\"x\":9},{\"name\":\"b\"},{\"name\":"
		    "\"c\"}"
		    "]" },
		{ "[{\"name\":\"a\"}]", "[]", "[]" },
		{ "[{\"name\":\"a\"}]", "[{\"x\":1}]", "[{\"x\":1}]" },
		{ "[{\"name\":\"a\"}]",
		    "[{\"name\":\"a\",\"x\":1},{\"name\":\"a\",\"x\":2}]",
		    "[{\"name\":\"a\",\"x\":1},{\"name\":\"a\",\"x\":2}]" },
	};
	struct case_buf b = { 0 };
	struct case_json *base, *over, *v;
	struct case_error err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_INT(parse(&base, cases[i].base, strlen(cases[i].base),
			      &err),
		    CASE_OK);
		CHECK_INT(parse(&over, cases[i].over, strlen(cases[i].over),
			      &err),
		    CASE_OK);
		CHECK_INT(case_json_merge(&v, base, over, &err), CASE_OK);
		CHECK_STR(printed(&b, v), cases[i].want);
		CHECK_STR(printed(&b, base), cases[i].base);
		CHECK_STR(printed(&b, over), cases[i].over);
		case_json_free(v);
		case_json_free(over);
		case_json_free(base);
	}
	case_buf_free(&b);
}

static void
test_load(void)
{
	char path[] = "case-json-XXXXXX", want[128];
	struct case_json *v;
	struct case_error err;
	int fd = mkstemp(path);

	CHECK(fd >= 0);
	CHECK_INT(write(fd, "{\n\"a\":1}\n", 9), 9);
	CHECK_INT(case_json_load(&v, path, &err), CASE_OK);
	CHECK(case_json_get_number(v, "a", 0) == 1);
	case_json_free(v);
	CHECK_INT(write(fd, "x", 1), 1);
	CHECK_INT(case_json_load(&v, path, &err), CASE_EDATA);
	snprintf(want, sizeof(want),
	    "%s:3: 'x' where the end of the text "
	    "should stand",
	    path);
	CHECK_STR(err.what, want);
	CHECK_INT(err.line, 0);
	close(fd);
	unlink(path);
	CHECK_INT(case_json_load(&v, path, &err), CASE_EIO);
	CHECK(v == NULL && strstr(err.what, path) != NULL);
	CHECK_INT(case_json_load(&v, ".", &err), CASE_EIO);
	CHECK_INT(case_json_load(&v, "/dev/zero", &err), CASE_EDATA);
}

int
main(void)
{
	test_good();
	test_bad();
	test_limits();
	test_get();
	test_quote();
	test_merge();
	test_load();
	TEST_END();
}
