/* test_jsonread.c - one JSON document, its arrays, and nothing beyond RFC 8259
 */
#include "tests/unit/rowtext.h"

#include "case/limits.h"

/*
 * What a reader says of a text: why it is refused, or its sheets and rows,
 * "LINE+LINES[cell]…", with a '!' and the fault of one at fault, and its
 * names at the end. Read twice, the second time after a rewind.
 */
static char *
read_document(const char *p, size_t n, const struct case_limits *limits,
    enum case_encoding encoding)
{
	const struct case_reader_options o = { .limits = limits };
	struct case_error err = { { 0 }, 0 };
	const struct case_str *name;
	const struct case_sheet *sheet;
	struct case_reader *rd = NULL;
	struct case_input *in = NULL;
	struct case_buf out = { 0 };
	struct case_row row;
	enum case_status rc;
	char file[64];
	size_t lines = 0, first = 0, count = 0, names, sheets;

	write_file(file, p, n);
	rc = case_input_open(&in, file, encoding, &err);
	if (rc == CASE_OK)
		rc = case_reader_open(&rd, in, &o, &err);
	if (rc != CASE_OK) {
		case_buf_addf(&out, "%zu: %s", err.line, err.what);
		goto done;
	}
	CHECK(!case_reader_unterminated(rd));
	sheet = case_reader_sheets(rd, &sheets);
	for (size_t i = 0; i < sheets; i++)
		case_buf_addf(&out, "<%s>", sheet[i].name);
	for (int turn = 0; turn < 2; turn++) {
		lines = count = 0;
		while ((rc = case_reader_next(rd, &row, &err)) == CASE_OK) {
			if (count++ == 0)
				first = row.line - 1;
			else
				CHECK_INT(row.line, first + lines + 1);
			CHECK(row.lines >= 1);
			lines += row.lines;
			if (turn > 0)
				continue;
			case_buf_addf(&out, "%zu+%zu", row.line, row.lines);
			if (row.fault != NULL)
				case_buf_addf(&out, "!%s", row.fault);
			for (size_t i = 0; i < row.cell_n; i++)
				case_buf_addf(&out, "[%.*s]",
				    (int)row.cell[i].n, row.cell[i].p);
			case_buf_addc(&out, '\n');
		}
		CHECK_INT(rc, CASE_EOF);
		if (count > 0)
			CHECK_INT(first + lines, case_reader_lines(rd));
		CHECK_INT(case_reader_next(rd, &row, &err), CASE_EOF);
		CHECK_INT(case_reader_rewind(rd, &err), CASE_OK);
	}
	CHECK_INT(case_reader_format(rd), CASE_ROWS_JSON);
	name = case_reader_names(rd, &names);
	CHECK(name != NULL);
	for (size_t i = 0; i < names; i++)
		case_buf_addf(&out, "%s|", name[i].p);
done:
	case_reader_close(rd);
	case_input_close(in);
	unlink(file);
	case_buf_adds(&out, "");
	return out.p;
}

#define CHECK_DOC(text, want)                                              \
	do {                                                               \
		char *doc_ = read_document((text), sizeof(text) - 1, NULL, \
		    CASE_ENCODING_AUTO);                                   \
		CHECK_STR(doc_, (want));                                   \
		free(doc_);                                                \
	} while (0)

/* The text is refused, on that line, with those words. */
static void
check_refused(const char *text, const char *line, const char *words)
{
	char *doc = read_document(text, strlen(text), NULL, CASE_ENCODING_AUTO);

	if (strncmp(doc, line, strlen(line)) != 0 ||
	    strstr(doc, words) == NULL) {
		fprintf(stderr, "%s: %s, not %s %s\n", text, doc, line, words);
		CHECK(false);
	}
	free(doc);
}

static void
test_arrays(void)
{
	CHECK_DOC("[{\"a\":1,\"b\":\"x\"},{\"a\":2}]",
	    "1+1[1][x]\n2+1[2][]\na|b|");
	CHECK_DOC("[\n  {\n    \"a\": 1\n  },\n\n  {\n    \"a\": 2\n  }\n]\n",
	    "2+4[1]\n6+4[2]\na|");
	CHECK_DOC("[\r\n{\"a\":1},\r\n{\"a\":2}\r\n]\r\n",
	    "2+1[1]\n3+2[2]\na|");
	CHECK_DOC("[{\"a\":1\r},{\r\"a\":2}]", "1+1[1]\n2+2[2]\na|");
	CHECK_DOC("\n\n[ {\"a\":1} ]\n\n", "3+2[1]\na|");
	/* Two on one line: elements are counted instead. */
	CHECK_DOC("[\n{\"a\":1}, {\"a\":2},\n{\"a\":3}\n]\n",
	    "1+1[1]\n2+1[2]\n3+1[3]\na|");
	CHECK_DOC("[]", "");
	CHECK_DOC("[ \n ] ", "");
	CHECK_DOC("[{}]", "1+1\n");
	CHECK_DOC("\xef\xbb\xbf[{\"a\":1}]", "1+1[1]\na|");
}

static void
test_values(void)
{
	CHECK_DOC("[{\"a\":330102199001010017,\"b\":-0,\"c\":1.50,\"d\":1e999,"
		  "\"e\":true,\"f\":null,\"g\":[1, {}],\"h\":{},\"i\":\"\"}]",
	    "1+1[330102199001010017][-0][1.50][1e999][true][][[1, {}]][{}][]\n"
	    "a|b|c|d|e|f|g|h|i|");
	CHECK_DOC("[{\"p\":{\"name\":\"\\u5f20\",\"x\":{\"y\":1}}}]",
	    "1+1[张][1]\np.name|p.x.y|");
}

static void
test_wrappers(void)
{
	CHECK_DOC("{\"code\":0,\"data\":[{\"a\":1},{\"a\":2}],\"n\":[1,[]]}",
	    "1+1[1]\n2+1[2]\na|");
	CHECK_DOC("{\n\"result\": {\n \"total\": 2, \"records\": [\n"
		  "  {\"a\":1},\n  {\"a\":2}\n ]\n}\n}\n",
	    "4+1[1]\n5+4[2]\na|");
	CHECK_DOC("{\"a\":1,\n\"b\":{\"c\":\"x\"},\"d\":[1]}",
	    "1+2[1][x][[1]]\n"
	    "a|b.c|d|");
	CHECK_DOC("{}", "1+1\n");
	CHECK_DOC("{\"a\":1}", "1+1[1]\na|");
	CHECK_DOC("\n {\"\":[]}\n\n", "2+2[[]]\n|");
	/* Arrays within an element are no tables. */
	CHECK_DOC("[{\"a\":1,\"b\":[{\"c\":1}]}]", "1+1[1][[{\"c\":1}]]\na|b|");
	/* The first array is of objects when one element is. */
	CHECK_DOC("{\"a\":[1,2],\"b\":[1,{\"c\":3}]}",
	    "1+1!not a JSON object (byte 1 of the row)\n2+1[3]\nc|");
}

static void
test_tables(void)
{
	static const char text[] = "{\"x\":{\"a\":[{\"k\":1},{\"k\":2}]},\n"
				   "\"b\":[\n{\"k\":3,\"l\":4},\n{\"k\":5}]}\n";
	struct case_error err = { { 0 }, 0 };
	struct case_reader *rd = NULL;
	struct case_input *in = NULL;
	struct case_row row;
	char file[64];
	size_t names;

	CHECK_DOC(text, "<x.a><b>1+1[1]\n2+1[2]\nk|");
	check_refused("{\"d\":[{}],\"d\":[{}]}", "1: ", "\"d\" stands twice");
	write_file(file, text, sizeof(text) - 1);
	CHECK_INT(case_input_open(&in, file, CASE_ENCODING_AUTO, &err),
	    CASE_OK);
	CHECK_INT(case_reader_open(&rd, in, NULL, &err), CASE_OK);
	for (int turn = 0; turn < 2; turn++) {
		CHECK_INT(case_reader_select(rd, 1, &err), CASE_OK);
		CHECK_INT(case_reader_sheet(rd), 1);
		CHECK_INT(case_reader_next(rd, &row, &err), CASE_OK);
		CHECK_INT(row.line, 3);
		CHECK_INT(row.lines, 1);
		CHECK_INT(case_reader_next(rd, &row, &err), CASE_OK);
		CHECK_INT(row.lines, 1);
		case_reader_names(rd, &names);
		CHECK_INT(names, 2);
		CHECK_INT(case_reader_next(rd, &row, &err), CASE_EOF);
		CHECK_INT(case_reader_lines(rd), 4);
		CHECK_INT(case_reader_select(rd, 0, &err), CASE_OK);
		CHECK_INT(case_reader_next(rd, &row, &err), CASE_OK);
		CHECK_INT(row.line, 1);
		/* Those of the other table are forgotten. */
		case_reader_names(rd, &names);
		CHECK_INT(names, 1);
	}
	case_reader_close(rd);
	case_input_close(in);
	unlink(file);
}

/* An element at fault is known by its end, and is not the end of the file. */
static void
test_faults(void)
{
	static const struct {
		const char *element;
		const char *fault;
	} faults[] = {
		{ "{\"k\":1,\"k\":2}", "the key \"k\" stands twice" },
		{ "{\"x\":{\"k\":1,\"k\":2}}", "the key \"x.k\" stands twice" },
		{ "{\"k\":\"\\u0000\"}", "holds \\u0000" },
		{ "{\"k\":\"\\ud800\"}", "half a surrogate" },
		{ "{\"k\":\"\\ud800\\u0061\"}", "half a surrogate" },
		{ "{\"k\":\"\\udc00\"}", "half a surrogate" },
		{ "{\"k\":\"\\ud800\\", "half a surrogate" },
		{ "{\"k\":\"\\x\"}", "unknown escape" },
		{ "{\"k\":\"\\u12\"}", "four hex digits" },
		{ "{\"k\":[\"\\u12g4\"]}", "four hex digits" },
		{ "{\"k\":\"a\nb\"}", "control character" },
		{ "{\"k\\q\":1}", "unknown escape" },
		{ "5", "not a JSON object" },
		{ "\"x\"", "not a JSON object" },
		{ "[{}]", "not a JSON object" },
		{ "null", "not a JSON object" },
	};

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct case_buf text = { 0 };
		char *doc, *second;

		case_buf_addf(&text, "[{\"a\":1},%s%s,{\"a\":2}]",
		    faults[i].element,
		    faults[i].element[strlen(faults[i].element) - 1] == '\\'
			? "ud800\"}"
			: "");
		doc = read_document(text.p, text.n, NULL, CASE_ENCODING_AUTO);
		second = strstr(doc, "2+1!");
		if (strncmp(doc, "1+1[1]\n", 7) != 0 || second == NULL ||
		    strstr(doc, faults[i].fault) == NULL ||
		    strstr(doc, "\n3+1[2]\na|") == NULL) {
			fprintf(stderr, "%s: %s\n", text.p, doc);
			CHECK(false);
		}
		free(doc);
		case_buf_free(&text);
	}
}

/* After the n_ files of JSONTestSuite: nothing of the document is given. */
static void
test_broken(void)
{
	static const char *const broken[] = { "{\"a\":}", "{\"a\"}",
		"{\"a\" 1}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{a:1}",
		"{'a':1}", "{\"a\":'x'}", "{,}", "{\"a\":1,,\"b\":2}",
		"{\"a\":NaN}", "{\"a\":-NaN}", "{\"a\":Infinity}",
		"{\"a\":-Infinity}", "{\"a\":01}", "{\"a\":-01}", "{\"a\":1.}",
		"{\"a\":.5}", "{\"a\":+1}", "{\"a\":1e}", "{\"a\":1e+}",
		"{\"a\":0x1F}", "{\"a\":1_000}", "{\"a\":--1}", "{\"a\":True}",
		"{\"a\":nul}", "{\"a\":undefined}", "{\"a\":1/*c*/}",
		"{\"a\":1}//c", "{\"a\":1}#c", "{\"a\":[1,]}", "{\"a\":[,1]}",
		"{\"a\":[1 2]}", "{\"a\":[1}}", "{\"a\":{]}", "{\"a\":[1,2}",
		"{1:2}", "{null:1}", "{\"a\":1}}", "{\"a\":\"x\"y}",
		"{\"a\":\"x}", "{\"a\":1};",
		"{\"a\":\xef\xbb\xbf"
		"1}",
		"\xef\xbb\xbf{\"a\":1}",
		"{\"a\":\xe3\x80\x80"
		"1}",
		"{\"a\":\f1}", "[", "]", "}", ",", "", "-", "tru",
		"{\"a\":1}{\"b\":2}", "{\"a\":(1)}", "{\"a\":\"x\" + \"y\"}" };

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct case_buf text = { 0 };

		case_buf_addf(&text, "[\n{\"a\":1},\n%s,\n{\"a\":2}\n]\n",
		    broken[i]);
		check_refused(text.p, "", "broken JSON: ");
		case_buf_free(&text);
	}
	check_refused("[\n{\"a\":1},\n{\"a\":NaN}\n]", "3: ", "\"NaN}");
	check_refused("[\n{\"a\":1},\n]", "3: ", "a JSON value is expected");
	check_refused("[\n{\"a\":1}\n", "3: ", "where the text ends");
	check_refused("[{\"a\":1}\n{\"a\":1}]", "2: ", "a comma or a closing");
	check_refused("[{\"a\":1}]\n\n x", "3: ", "behind the end");
	check_refused("[{\"a\":1}][]", "1: ", "behind the end");
	check_refused("{\n\"a\":1}\n{\n\"a\":1}\n", "3: ", "behind the end");
	check_refused("{\n\"data\":[{\"a\":1}],\n}\n", "3: ", "a JSON key");
	check_refused("{\n\"data\" [{\"a\":1}]}\n", "2: ", "a colon");
	check_refused("[[1,2],[3]]", "1: ", "no objects");
	check_refused("[\"a\"]", "1: ", "no objects");
}

static void
test_limits(void)
{
	struct case_limits limits = case_limits_default;
	struct case_buf text = { 0 };
	char *doc;

	/* The array and the row's object are two of the 64. */
	for (int depth = 62; depth <= 63; depth++) {
		case_buf_reset(&text);
		case_buf_adds(&text, "[{\"a\":");
		for (int i = 0; i < depth; i++)
			case_buf_addc(&text, '[');
		for (int i = 0; i < depth; i++)
			case_buf_addc(&text, ']');
		case_buf_adds(&text, "}]");
		doc = read_document(text.p, text.n, NULL, CASE_ENCODING_AUTO);
		CHECK(
		    strncmp(doc, depth == 62 ? "1+1[" : "0: JSON is", 4) == 0);
		CHECK((strstr(doc, "depth is 64") != NULL) == (depth == 63));
		free(doc);
	}
	limits.depth = 100;
	doc = read_document(text.p, text.n, &limits, CASE_ENCODING_AUTO);
	CHECK(strncmp(doc, "1+1[", 4) == 0);
	free(doc);
	/* 100,000 brackets of either kind end at the limit, not the stack. */
	for (int kind = 0; kind < 2; kind++) {
		limits.depth = kind == 0 ? 64 : 1000000;
		for (int object = 0; object < 2; object++) {
			case_buf_reset(&text);
			for (int i = 0; i < 100000; i++)
				case_buf_adds(&text,
				    object ? "{\n\"a\":" : "[{},[");
			doc = read_document(text.p, text.n, &limits,
			    CASE_ENCODING_AUTO);
			CHECK(strstr(doc, "+") == NULL);
			free(doc);
		}
	}
	case_buf_free(&text);
}

/* Elements larger than what is held at once, and blanks between them. */
static void
test_large(void)
{
	struct case_buf text = { 0 };
	char *doc, *at;

	case_buf_adds(&text, "{\"n\":1,\"data\":[\n");
	for (int i = 0; i < 10; i++) {
		case_buf_addf(&text, "{\"i\":%d,\"t\":\"\\t", i);
		for (int k = 0; k < 40000 * i; k++)
			case_buf_adds(&text, "案");
		case_buf_adds(&text, "\"}");
		for (int k = 0; k < 100000 * (i % 3); k++)
			case_buf_adds(&text, k % 2 ? "\r\n" : " ");
		case_buf_adds(&text, i < 9 ? ",\n" : "\n]}\n");
	}
	doc = read_document(text.p, text.n, NULL, CASE_ENCODING_AUTO);
	CHECK(strncmp(doc, "2+1[0][\t]\n3+50001[1]", 20) == 0);
	at = strstr(doc, "[9][\t");
	CHECK(at != NULL);
	CHECK(at != NULL && strlen(at) == 3 + 2 + 3 * 360000 + 1 + 5);
	free(doc);
	/* Over 16 MiB. */
	case_buf_reset(&text);
	case_buf_adds(&text, "[{\"t\":\"");
	for (int k = 0; k < 17 * 1024 * 16; k++)
		case_buf_addf(&text, "%064d", k);
	case_buf_adds(&text, "\"}]");
	check_refused(text.p, "1: ", "longer than 16 MiB");
	case_buf_free(&text);
}

/* Every place at which what is held may end. */
static void
test_edges(void)
{
	struct case_buf text = { 0 };

	for (int pad = 262144 - 40; pad < 262144 + 4; pad++) {
		char *doc;

		case_buf_reset(&text);
		case_buf_addf(&text, "[{\"a\":%*s1},", pad, "");
		case_buf_adds(&text,
		    "{\"a\":\"\\ud83d\\ude00\",\"b\":-1.5e3} ,\r\n{\"a\":true}"
		    " ]");
		doc = read_document(text.p, text.n, NULL, CASE_ENCODING_AUTO);
		CHECK_STR(doc, "1+1[1]\n2+1[😀][-1.5e3]\n3+1[true][]\na|b|");
		free(doc);
	}
	case_buf_free(&text);
}

static void
test_bytes(void)
{
	static const char text[] = "[{\"a\":\"\xff\"},{\"\xff\":1},{\"a\":2}]";
	char *doc =
	    read_document(text, sizeof(text) - 1, NULL, CASE_ENCODING_UTF8);

	CHECK(strstr(doc, "1+1!the row holds bytes") != NULL);
	CHECK(strstr(doc, "2+1!the row holds bytes") != NULL);
	CHECK(strstr(doc, "3+1[2]\na|") != NULL);
	free(doc);
	/* GB18030, where a character may end in the byte of a backslash. */
	CHECK_DOC("[{\"\xb0\xb8\xba\xc5\":\"\x81\x5c\x81\x22\xb0\xb8\xb7\xa8"
		  "\xb9\xab\xbe\xd6\"}]",
	    "1: bytes 81 22 b0 b8 at offset 12 (from 0): neither UTF-8 nor "
	    "GB18030; name the encoding with -e");
	CHECK_DOC("[{\"\xb0\xb8\xba\xc5\":\"\x81\x5c\xb0\xb8\xb7\xa8"
		  "\xb9\xab\xbe\xd6\"}]",
	    "1+1[乗案法公局]\n案号|");
}

/* One object a line, or one document? */
static void
test_detected(void)
{
	static const struct {
		const char *text;
		enum case_row_format format;
	} of[] = {
		{ "{\"a\":1}\n{\"a\":2}\n", CASE_ROWS_JSONL },
		{ "\n {\"a\":1}\n\n{\"a\":2}\n", CASE_ROWS_JSONL },
		{ "{\"a\":1}\nx\n", CASE_ROWS_JSONL },
		{ "{\"a\":1} {\"b\":1}\n", CASE_ROWS_JSONL },
		{ "{\"a\":}\n{\"a\":2}\n", CASE_ROWS_JSONL },
		{ "{\"a\":\"x\n{\"a\":2}\n", CASE_ROWS_JSONL },
		{ "{\"a\":1,\n{\"a\":2}\n", CASE_ROWS_JSONL },
		{ "{\"a\":", CASE_ROWS_JSONL },
		{ "{\"data\":[\n{\"a\":2}\n]}", CASE_ROWS_JSON },
		{ "{\n\"a\":2}", CASE_ROWS_JSON },
		{ "{\"a\":2}", CASE_ROWS_JSON },
		{ "{\"a\":2}\n", CASE_ROWS_JSON },
		{ " [ {", CASE_ROWS_JSON },
		{ "[]", CASE_ROWS_JSON },
		{ "[案号],[名称]\n1,2\n", CASE_ROWS_CSV },
	};

	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		struct case_error err = { { 0 }, 0 };
		struct case_reader *rd = NULL;
		struct case_input *in = NULL;
		enum case_row_format got;
		char file[64];

		write_file(file, of[i].text, strlen(of[i].text));
		CHECK_INT(case_input_open(&in, file, CASE_ENCODING_AUTO, &err),
		    CASE_OK);
		got = case_reader_open(&rd, in, NULL, &err) == CASE_OK
			  ? case_reader_format(rd)
			  : CASE_ROWS_JSON;
		if (got != of[i].format)
			fprintf(stderr, "%s\n", of[i].text);
		CHECK_INT(got, of[i].format);
		case_reader_close(rd);
		case_input_close(in);
		unlink(file);
	}
}

int
main(void)
{
	test_arrays();
	test_values();
	test_wrappers();
	test_tables();
	test_faults();
	test_broken();
	test_limits();
	test_large();
	test_edges();
	test_bytes();
	test_detected();
	TEST_END();
}
