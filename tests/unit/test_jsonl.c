/* test_jsonl.c - rows of JSON Lines: nothing that RFC 8259 forbids */
#include "tests/unit/rowtext.h"

static void
test_cells(void)
{
	CHECK_ROWS("{}", 0, "1\n");
	CHECK_ROWS("{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n", 0,
	    "1[1][x]\n2[2][y]\n");
	CHECK_ROWS("{}\n { \"a\" : 1 , \"b\" : [ 1 , {} ] } \r\n", 0,
	    "1\n2[1][[ 1 , {} ]]\n");
	/* Numbers stay what they were. */
	CHECK_ROWS("{\"a\":330102199001010017,\"b\":-0,\"c\":1.50,\"d\":1E+9}",
	    0, "1[330102199001010017][-0][1.50][1E+9]\n");
	CHECK_ROWS("{\"a\":true,\"b\":false,\"c\":null,\"d\":\"null\"}", 0,
	    "1[true][false][][null]\n");
	CHECK_ROWS("{\"a\":{\"x\":[null,\"\\n\"]},\"b\":[]}\n{}", 0,
	    "1[[null,\"\\n\"]][[]]\n2[][]\n");
	CHECK_ROWS("{\"\":1,\"案号\":2}", 0, "1[1][2]\n");
	CHECK_ROWS("\xef\xbb\xbf{\"a\":1}\n\xef\xbb\xbf{\"a\":2}\n", 0,
	    "1[1]\n2[2]\n");
}

static void
test_strings(void)
{
	CHECK_ROWS("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", 0,
	    "1[\"\\/\b\f\n\r\t]\n");
	CHECK_ROWS("{\"a\":\"\\u6848\\u53f7\\u00E9\\u0041\"}", 0,
	    "1[案号éA]\n");
	CHECK_ROWS("{\"a\":\"\\ud83d\\ude00x\",\"b\":\"\\uDBFF\\uDFFF\"}", 0,
	    "1[😀x][\xf4\x8f\xbf\xbf]\n");
	CHECK_ROWS("{\"\\u0061\":\"x\\ty\",\"b\":\"\"}\n{\"a\":\"z\"}", 0,
	    "1[x\ty][]\n2[z][]\n");
	CHECK_ROWS("{\"a\":\"一二三四五六七八九十\x7f\"}", 0,
	    "1[一二三四五六七八九十\x7f]\n");
	CHECK_ROWS("{\"a\":\"01234567\\\\01234567\\n\",\"b\":\"\\t\"}", 0,
	    "1[01234567\\01234567\n][\t]\n");
}

/* Cells go by key, whatever the order; names grow at the end. */
static void
test_names(void)
{
	static const char text[] = "{\"a\":1,\"b\":2,\"c\":3}\n"
				   "{\"c\":3,\"a\":1}\n"
				   "\n"
				   "{\"d\":4,\"b\":2}\n"
				   "{\"e\":5,\"e\":6}\n"
				   "{\"f\":5,\"g\"}\n"
				   "{\"g\":7,\"d\":4}\n";
	struct case_error err = { { 0 }, 0 };
	struct case_reader *rd = NULL;
	struct case_input *in = NULL;
	struct case_buf out = { 0 };
	const struct case_str *names;
	char file[64];
	size_t n;

	write_file(file, text, sizeof(text) - 1);
	CHECK_INT(case_input_open(&in, file, CASE_ENCODING_AUTO, &err),
	    CASE_OK);
	CHECK_INT(case_reader_open(&rd, in, NULL, &err), CASE_OK);
	CHECK_INT(case_reader_format(rd), CASE_ROWS_JSONL);
	CHECK_INT(case_reader_delimiter(rd), 0);
	CHECK(case_reader_type(rd) == NULL);
	case_reader_names(rd, &n);
	CHECK_INT(n, 0);
	CHECK_INT(rows_text(&out, rd, &err), CASE_EOF);
	CHECK_STR(case_buf_str(&out),
	    "1[1][2][3]\n2[1][][3]\n3\n4[][2][][4]\n5!{\"e\":5,\"e\":6}\n"
	    "6!{\"f\":5,\"g\"}\n7[][][][4][7]\n");
	names = case_reader_names(rd, &n);
	/* What only a faulty row has is no name. */
	CHECK_INT(n, 5);
	case_buf_reset(&out);
	for (size_t i = 0; i < n; i++)
		case_buf_addf(&out, "%s.", names[i].p);
	CHECK_STR(case_buf_str(&out), "a.b.c.d.g.");
	CHECK_INT(case_reader_rewind(rd, &err), CASE_OK);
	case_buf_reset(&out);
	CHECK_INT(rows_text(&out, rd, &err), CASE_EOF);
	CHECK(strncmp(case_buf_str(&out), "1[1][2][3][][]\n", 15) == 0);
	case_reader_close(rd);
	case_input_close(in);
	unlink(file);
	case_buf_free(&out);
}

/* Objects within are columns of their own, arrays are one value. */
static void
test_nested(void)
{
	CHECK_ROWS("{\"party\":{\"name\":\"x\",\"id\":1},\"a\":1}\n"
		   "{\"a\":2,\"party\":{\"id\":3,\"at\":{\"x\":{}}}}\n"
		   "{\"a\":3,\"party\":null}\n{\"party\":\"y\"}\n",
	    0, "1[x][1][1]\n2[][3][2][{}]\n3[][][3][][]\n4[][][][][y]\n");
	CHECK_ROWS("{\"a\":{\"\\u006e\\n\":{\"\":\"\\t\"}}}\n"
		   "{\"a.n\\n.\":\"z\"}\n",
	    0, "1[\t]\n2[z]\n");
	/* A key stands once, whatever it holds. */
	CHECK_ROWS("{}\n{\"a\":{\"x\":1},\"a\":{\"y\":2}}", 0,
	    "1\n2!{\"a\":{\"x\":1},\"a\":{\"y\":2}}\n");
	CHECK_ROWS("{}\n{\"a\":{\"x\":1},\"a\":2}", 0,
	    "1\n2!{\"a\":{\"x\":1},\"a\":2}\n");
	CHECK_ROWS("{}\n{\"a\":2,\"a\":{\"x\":1}}", 0,
	    "1\n2!{\"a\":2,\"a\":{\"x\":1}}\n");
	CHECK_ROWS("{}\n{\"a\":{},\"a\":{\"x\":1}}", 0,
	    "1\n2!{\"a\":{},\"a\":{\"x\":1}}\n");
	CHECK_ROWS("{}\n{\"a.x\":2,\"a\":{\"x\":1}}", 0,
	    "1\n2!{\"a.x\":2,\"a\":{\"x\":1}}\n");
	CHECK_ROWS("{\"a\":{\"x\":1}}\n{\"a\":{\"x\":1,\"x\":2}}", 0,
	    "1[1]\n2!{\"a\":{\"x\":1,\"x\":2}}\n");
	CHECK_ROWS("{\"a\":{\"x\":1}}\n{\"b\":{\"x\":1,}}\n"
		   "{\"a\":{\"x\":2},\"b\":{\"z\":1}}",
	    0, "1[1]\n2!{\"b\":{\"x\":1,}}\n3[2][1]\n");
}

static void
test_many_names(void)
{
	struct case_buf text = { 0 };
	char *rows;

	for (int row = 0; row < 5; row++) {
		case_buf_adds(&text, "{");
		for (int i = 0; i < 1000; i++)
			case_buf_addf(&text, "\"key%d\":%d,",
			    (i * 7 + row * 13) % 1000, i);
		case_buf_addf(&text, "\"bad%d\":", row);
		case_buf_adds(&text, row % 2 == 0 ? "1}\n" : "}\n");
	}
	case_buf_adds(&text, "{");
	for (int i = 0; i < 17000; i++)
		case_buf_addf(&text, "\"k%d\":1,", i);
	case_buf_adds(&text, "\"z\":1}\n{\"bad4\":\"x\"}\n");
	rows = read_text(text.p, text.n, CASE_ENCODING_AUTO, NULL, 0, NULL);
	CHECK(strncmp(rows, "1[0][1][2]", 10) == 0);
	CHECK(strstr(rows, "\n2!{") != NULL && strstr(rows, "\n4!{") != NULL);
	CHECK(strstr(rows, "\n3[") != NULL && strstr(rows, "\n6!{") != NULL);
	CHECK(strstr(rows, "[x]\n") != NULL);
	free(rows);
	case_buf_free(&text);
}

static void
test_blank(void)
{
	CHECK_ROWS("{\"a\":1}\n\n  \t\n{\"a\":2}\r\n\r\n", 0,
	    "1[1]\n2\n3\n4[2]\n5\n");
}

/*
 * What must be refused, after the n_ files of JSONTestSuite (Nicolas Seriot,
 * "Parsing JSON is a minefield", 2016) that fit on a line: as the row itself
 * and as a value in it.
 */
static const char *const invalid[] = {
	/* arrays */
	"[1 true]",
	"[a\xc3\xa5]",
	"[\"\": 1]",
	"[\"\"],",
	"[,1]",
	"[1,,2]",
	"[\"x\",,]",
	"[\"x\"]]",
	"[\"\",]",
	"[\"x\"",
	"[x",
	"[3[4]]",
	"[1:2]",
	"[,]",
	"[-]",
	"[   , \"\"]",
	"[1,]",
	"[\"a\",4,1,",
	"[1,,]",
	"[*]",
	"[\"\"",
	"[1,",
	"[1,[1,",
	"[{}",
	"[\"\x0b\"a\"]",
	/* words */
	"[fals]",
	"[nul]",
	"[tru]",
	"[True]",
	"[NULL]",
	"[nan]",
	"[NaN]",
	"[Inf]",
	"[Infinity]",
	"[-Infinity]",
	"[undefined]",
	"[truth]",
	"[nulll]",
	/* numbers */
	"[++1234]",
	"[+1]",
	"[+Inf]",
	"[-01]",
	"[-1.0.]",
	"[-2.]",
	"[-NaN]",
	"[.-1]",
	"[.2e-3]",
	"[0.1.2]",
	"[0.3e+]",
	"[0.3e]",
	"[0.e1]",
	"[0E+]",
	"[0E]",
	"[0e+]",
	"[0e]",
	"[1.0e+]",
	"[1.0e-]",
	"[1.0e]",
	"[1 000.0]",
	"[1eE2]",
	"[2.e+3]",
	"[2.e-3]",
	"[2.e3]",
	"[9.e+]",
	"[1+2]",
	"[0x1]",
	"[0x42]",
	"[-foo]",
	"[- 1]",
	"[-012]",
	"[-.123]",
	"[-1x]",
	"[1ea]",
	"[1.]",
	"[.123]",
	"[1.2a-3]",
	"[1.8011670033376514H-308]",
	"[012]",
	"[\xef\xbc\x91]",
	"[1e1\xe2\x88\x92]",
	"[123\xc3\xa5]",
	"[0e+-1]",
	"[00]",
	"[-]",
	"[--1]",
	"[1_000]",
	"[1,000.5.]",
	"[+0]",
	"[1E]",
	/* strings */
	"[\"\\uD800\\\"]",
	"[\"\\uD800\\u\"]",
	"[\"\\uD800\\u1\"]",
	"[\"\\uD800\\u1x\"]",
	"[\xc3\xa9]",
	"[\"\\x00\"]",
	"[\"\\\\\\\"]",
	"[\"\\\t\"]",
	"[\"\\\xf0\x9f\x8c\x80\"]",
	"[\"\\\"]",
	"[\"\\u00A\"]",
	"[\"\\uD834\\uDd\"]",
	"[\"\\uD800\\uD800\\x\"]",
	"[\"\\a\"]",
	"[\"\\uqqqq\"]",
	"[\\u0020\"asd\"]",
	"[\\n]",
	"\"",
	"['single quote']",
	"abc",
	"[\"\\",
	"[\"a\x01z\"]",
	"[\"\t\"]",
	"[\"\\U0041\"]",
	"[\"\\u004G\"]",
	"[\"\x1f\"]",
	"\"\\UA66D\"",
	"[\"\\u-123\"]",
	"[\"\\u 123\"]",
	"[\"\\0\"]",
	"[\"\\'\"]",
	"[\"a\"b\"]",
	/* RFC 8259 leaves these open; they can't be kept as text */
	"[\"\\u0000\"]",
	"[\"\\uD800\"]",
	"[\"\\uDC00\"]",
	"[\"\\uDADA\\u0041\"]",
	"[\"\\uDd1e\\uD834\"]",
	"[\"\\uD83D\\uD83D\"]",
	/* objects */
	"[\"x\", truth]",
	"{[: \"x\"}",
	"{\"x\", null}",
	"{\"x\"::\"b\"}",
	"{\xf0\x9f\x87\xa8}",
	"{\"a\":\"a\" 123}",
	"{key: 'value'}",
	"{:\"b\"}",
	"{\"a\" b}",
	"{\"a\":",
	"{\"a\"",
	"{1:1}",
	"{9999E9999:1}",
	"{null:null,null:null}",
	"{\"id\":0,,,,,}",
	"{'a':0}",
	"{\"id\":0,}",
	"{\"a\":\"b\"}/**/",
	"{\"a\":\"b\"}/**//",
	"{\"a\":\"b\"}//",
	"{\"a\":\"b\"}/",
	"{\"a\":\"b\",,\"c\":\"d\"}",
	"{a: \"b\"}",
	"{\"a\":\"a",
	"{ \"foo\" : \"bar\", \"a\" }",
	"{\"a\":\"b\"}#",
	"{\"a\":1 \"b\":2}",
	"{\"a\" 1}",
	"{\"a\":}",
	"{,}",
	"{\"a\":1,,}",
	"{true:1}",
	"{\"a\":1]",
	"{\"a\":1",
	"{\"a\"}",
	"{\"a\":1;}",
	/* structure */
	"<.>",
	"[<null>]",
	"[1]x",
	"[1]]",
	"[\"asd]",
	"a\xc3\xa5",
	"[True]",
	"1]",
	"{\"x\": true,",
	"[][]",
	"]",
	"[",
	"{]",
	"{",
	"}",
	"\xe2\x81\xa0",
	"[\xe2\x81\xa0]",
	"\xc2\xa0",
	"[\x0c]",
	"[\x0b]",
	"[1],",
	"{}}",
	"{\"\":",
	"[{\"\":[{\"\":",
	"*",
	"{\"a\":\"b\"}#{}",
	"[\\u000A\"\"]",
	"[1",
	"[ false, nul",
	"[ true, fals",
	"[ false, tru",
	"{\"asd\":\"asd\"",
	"\xc3\xa5",
	"[/*x*/]",
	"[1]//",
	"'",
	"{'",
	"{\"\\uD800\":1}",
	"{\"a\":/*x*/1}",
	"[,",
	"[{",
	"{,",
	"{\"a",
	"{[",
	"[\"a",
	"[\"a\"",
	"{\"a\":1}{\"b\":2}",
	"{\"a\": tru}",
	"{ \"a\":\"b\" } x",
	"true x",
	"-",
	"+",
	".",
	"1e",
	"\\",
};

static void
test_invalid(void)
{
	static const char *const around[][2] = { { "", "" }, { "{\"k\":", "}" },
		{ "{\"k\":[", "]}" },
		{ "{\"i\":1,\"k\":{\"x\":", "},\"z\":2}" } };
	static const struct case_reader_options jsonl = {
		.format = CASE_ROWS_JSONL,
	};

	for (size_t i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++)
		for (size_t k = 0; k < 4; k++) {
			struct case_buf text = { 0 };
			char *rows;

			case_buf_addf(&text, "{}\n%s%s%s", around[k][0],
			    invalid[i], around[k][1]);
			rows = read_text(text.p, text.n, CASE_ENCODING_AUTO,
			    &jsonl, 0, NULL);
			if (strncmp(rows, "1\n2!", 4) != 0) {
				fprintf(stderr, "taken: %s\n", text.p);
				CHECK(false);
			}
			free(rows);
			case_buf_free(&text);
		}
	CHECK_ROWS("{\"a\":1},{\"b\":2}", 0, "1!{\"a\":1},{\"b\":2}\n");
}

/* What must be taken, after its y_ files; each as a value in a row. */
static const char *const valid[] = { "[[] ]", "[\"\"]", "[]", "[\"a\"]",
	"[false]", "[null, 1, \"1\", {}]", "[null]", "[1 ]", " [1]",
	"[1,null,null,null,2]", "[2] ", "[123e65]", "[0e+1]", "[0e1]", "[ 4]",
	"[-0.0000000000000000000000000000000000000000000000000000000001]",
	"[20e1]", "[-0]", "[-123]", "[-1]", "[1E22]", "[1E-2]", "[1E+2]",
	"[123e45]", "[123.456e78]", "[1e-2]", "[1e+2]", "[123]", "[123.456789]",
	"{\"asd\":\"sdf\", \"dfg\":\"fgh\"}", "{\"asd\":\"sdf\"}", "{}",
	"{\"\":0}", "{\"min\": -1.0e+28, \"max\": 1.0e+28}", "{\"a\":[]}",
	"[\"\\u0060\\u012a\\u12AB\"]", "[\"\\uD801\\udc37\"]",
	"[\"\\ud83d\\ude39\\ud83d\\udc8d\"]",
	"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\\\u0000\"]", "[\"\\\"\"]",
	"[\"a/*b*/c/*d//e\"]", "[\"\\\\a\"]", "[\"\\\\n\"]", "[\"\\u0012\"]",
	"[\"\\uFFFF\"]", "[\"asd\"]", "[ \"asd\"]", "[\"\\uDBFF\\uDFFF\"]",
	"[\"new\\u00A0line\"]", "[\"\xf4\x8f\xbf\xbf\"]", "[\"\xef\xbf\xbf\"]",
	"[\"\\u002c\"]", "[\"\xcf\x80\"]", "[\"\xf0\x9b\xbf\xbf\"]",
	"[\"asd \"]", "\" \"", "[\"\\uD834\\uDd1e\"]", "[\"\\u0821\"]",
	"[\"\\u0123\"]", "[\"\xe2\x80\xa8\"]", "[\"\xe2\x80\xa9\"]",
	"[\"\\u0061\\u30af\"]", "[\"new\\u000Aline\"]", "[\"\x7f\"]",
	"[\"\\uA66D\"]", "[\"\xe2\x8d\x82\xe3\x88\xb4\"]", "false", "42",
	"-0.1", "null", "\"asd\"", "true", "\"\"", "[true]", "[ ]", "[\t1\t]",
	"1e999", "0" };

static void
test_valid(void)
{
	for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++) {
		struct case_buf text = { 0 };
		char *rows;

		case_buf_addf(&text, "{\"a\":%s,\"b\":{\"c\":%s}}\n{}",
		    valid[i], valid[i]);
		rows = read_text(text.p, text.n, CASE_ENCODING_AUTO, NULL, 0,
		    NULL);
		if (strncmp(rows, "1[", 2) != 0) {
			fprintf(stderr, "refused: %s\n", text.p);
			CHECK(false);
		}
		free(rows);
		case_buf_free(&text);
	}
}

static void
test_depth(void)
{
	for (int depth = 63; depth <= 64; depth++) {
		struct case_buf text = { 0 };
		char *rows;

		case_buf_adds(&text, "{\"a\":");
		for (int i = 0; i < depth; i++)
			case_buf_adds(&text, i % 2 ? "{\"x\":" : "[");
		case_buf_adds(&text, "1");
		for (int i = depth - 1; i >= 0; i--)
			case_buf_addc(&text, i % 2 ? '}' : ']');
		case_buf_adds(&text, "}\n{}\n");
		rows = read_text(text.p, text.n, CASE_ENCODING_AUTO, NULL, 0,
		    NULL);
		CHECK_INT(rows[1], depth == 63 ? '[' : '!');
		free(rows);
		case_buf_free(&text);
	}
}

/* The fault's own words. */
static void
test_faults(void)
{
	static const struct {
		const char *text;
		const char *word;
	} faults[] = { { "{}\n{\"案\":1,\"案\":2}", "\"案\"" },
		{ "{}\n{\"a\\nb\":1,\"a\\u000ab\":2}", "\"a\\nb\"" },
		{ "{}\n[1]", "not a JSON object" },
		{ "{}\n{\"a\":\"x", "not closed" },
		{ "{}\n{\"a\":1,}", "byte 8" } };
	struct case_error err;

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct case_reader *rd = NULL;
		struct case_input *in = NULL;
		struct case_row row;
		char name[64];

		write_file(name, faults[i].text, strlen(faults[i].text));
		CHECK_INT(case_input_open(&in, name, CASE_ENCODING_AUTO, &err),
		    CASE_OK);
		CHECK_INT(case_reader_open(&rd, in, NULL, &err), CASE_OK);
		CHECK_INT(case_reader_next(rd, &row, &err), CASE_OK);
		CHECK_INT(case_reader_next(rd, &row, &err), CASE_OK);
		CHECK(row.fault != NULL &&
		      strstr(row.fault, faults[i].word) != NULL);
		case_reader_close(rd);
		case_input_close(in);
		unlink(name);
	}
}

static void
test_bad_bytes(void)
{
	static const char bad[] =
	    "{\"a\":1}\n{\"a\":\"\xff\"}\n{\"a\":\"\0\"}\n"
	    "{\"a\":2}\n";
	char *rows =
	    read_text(bad, sizeof(bad) - 1, CASE_ENCODING_UTF8, NULL, 0, NULL);

	CHECK(strncmp(rows, "1[1]\n2!{", 8) == 0);
	CHECK(strstr(rows, "\n3!{") != NULL);
	free(rows);
	rows = read_text(bad, 8, CASE_ENCODING_UTF8, NULL, 0, NULL);
	CHECK_STR(rows, "1[1]\n");
	free(rows);
}

/* Any cut or changed byte ends in rows or faults, and lines add up. */
static void
test_mutations(void)
{
	static const char row[] =
	    "{\"a\":[1,{\"b\":null}],\"c\":\"x\\u4e00\\n\","
	    "\"d\":-1.5e+3,\"e\":true}\n";
	static const char bytes[] = "\"\\{}[],:0-e.nu \n\r\x01t";
	char text[2 * sizeof(row)];

	for (size_t i = 0; i < sizeof(row) - 1; i++)
		for (size_t k = 0; k < sizeof(bytes) - 1; k++) {
			memcpy(text, row, sizeof(row));
			strcat(text, row);
			text[i] = bytes[k];
			free(read_text(text, 2 * (sizeof(row) - 1),
			    CASE_ENCODING_AUTO, NULL, 0, NULL));
			free(read_text(text, i, CASE_ENCODING_AUTO, NULL, 0,
			    NULL));
		}
}

int
main(void)
{
	test_cells();
	test_strings();
	test_names();
	test_nested();
	test_many_names();
	test_blank();
	test_invalid();
	test_valid();
	test_depth();
	test_faults();
	test_bad_bytes();
	test_mutations();
	TEST_END();
}
