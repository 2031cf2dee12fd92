/* test_tableread.c - reading case-tables: whole, cut, changed, as rows */
#include "case/digest.h"
#include "case/table.h"
#include "lib/format/tableesc.h"
#include "tests/unit/rowtext.h"

/* The example of case-table(5), right to the digit. */
static const char example[] =
    "##case-table\t1\n"
    "##name\tby-unit\n"
    "##kind\tstatistics\n"
    "##title\t各镇街行政处罚案件办理情况\n"
    "##period\t2023-01-01\t2023-06-30\n"
    "##column\tunit\ttext\t执法单位\n"
    "##column\tcases\tinteger\t案件数\t件\n"
    "##column\tfines\tmoney\t罚款金额\t元\n"
    "##column\tcases:yoy\tratio\t案件数同比\n"
    "##meta\trevision\t42\n"
    "##meta\tcommand\tcase-stat -b unit -m cases,fines,cases:yoy -p 2023H1\n"
    "unit\tcases\tfines\tcases:yoy\n"
    "城中街道\t123\t45600.00\t0.558\n"
    "##end\t1\tc7b1e9a0\n";

#define HEAD "##case-table\t1\n##name\tt\n##kind\trecords\n"
#define AB "##column\ta\ttext\t甲\n##column\tb\tinteger\t乙\t件\na\tb\n"

/* Appends a table's text and an ##end that fits it. */
static void
add_table(struct case_buf *b, const char *text, size_t rows)
{
	case_buf_adds(b, text);
	case_buf_addf(b, "##end\t%zu\t%08x\n", rows,
	    (unsigned)case_crc32(0, text, strlen(text)));
}

/*
 * Reads all tables of a text: names, and each row's values in brackets. A
 * failure is its line, a colon and the reason.
 */
static void
tables_text(struct case_buf *out, const char *p, size_t n)
{
	struct case_error err = { { 0 }, 0 };
	struct case_table_reader *rd = NULL;
	const struct case_table *t;
	const struct case_value *v;
	FILE *f = n == 0 ? fopen("/dev/null", "r")
			 : fmemopen((void *)(uintptr_t)p, n, "r");
	enum case_status rc;

	case_buf_reset(out);
	CHECK_INT(case_table_reader_open(&rd, f, &err), CASE_OK);
	while ((rc = case_table_reader_next_table(rd, &t, &err)) == CASE_OK) {
		case_buf_addf(out, "%s:", t->name);
		while ((rc = case_table_reader_next_row(rd, &v, &err)) ==
		       CASE_OK) {
			for (size_t i = 0; i < t->column_n; i++) {
				case_buf_addc(out, '[');
				if (v[i].missing)
					case_buf_addc(out, '-');
				case_value_text(out, &v[i]);
				case_buf_addc(out, ']');
			}
			case_buf_addc(out, ';');
		}
		if (rc != CASE_EOF)
			break;
		CHECK_INT(case_table_reader_next_row(rd, &v, &err), CASE_EOF);
	}
	if (rc != CASE_EOF) {
		CHECK_INT(rc, CASE_EDATA);
		CHECK(err.what[0] != '\0' && strchr(err.what, '\n') == NULL);
		case_buf_addf(out, "%zu: %s", err.line, err.what);
	}
	case_table_reader_close(rd);
	fclose(f);
}

/* The text gives exactly this. */
#define CHECK_TABLES(text, want)                          \
	do {                                              \
		struct case_buf out_ = { 0 };             \
		tables_text(&out_, (text), strlen(text)); \
		CHECK_STR(case_buf_str(&out_), (want));   \
		case_buf_free(&out_);                     \
	} while (0)

/* The text, given an ##end that fits, gives exactly this. */
#define CHECK_TABLE(text, rows, want)                     \
	do {                                              \
		struct case_buf in_ = { 0 };              \
		add_table(&in_, (text), (rows));          \
		CHECK_TABLES(case_buf_str(&in_), (want)); \
		case_buf_free(&in_);                      \
	} while (0)

/* The text fails at that line, with that word in the reason. */
static void
check_fails(const char *p, size_t n, size_t line, const char *word)
{
	struct case_buf out = { 0 };
	char place[32];
	const char *at;

	tables_text(&out, p, n);
	snprintf(place, sizeof(place), "%zu: ", line);
	at = strstr(case_buf_str(&out), place);
	if (at == NULL || strstr(at, word) == NULL)
		fprintf(stderr, "got \"%s\", not %s%s\n", case_buf_str(&out),
		    place, word);
	CHECK(at != NULL && strstr(at, word) != NULL);
	case_buf_free(&out);
}

#define CHECK_FAILS(text, line, word) \
	check_fails((text), sizeof(text) - 1, (line), (word))

static void
test_example(void)
{
	struct case_error err = { { 0 }, 0 };
	struct case_table_reader *rd = NULL;
	const struct case_table *t;
	FILE *f =
	    fmemopen((void *)(uintptr_t)example, sizeof(example) - 1, "r");

	CHECK_INT(case_table_reader_open(&rd, f, &err), CASE_OK);
	CHECK_INT(case_table_reader_next_table(rd, &t, &err), CASE_OK);
	CHECK_STR(t->name, "by-unit");
	CHECK_INT(t->kind, CASE_STATISTICS);
	CHECK(t->type == NULL);
	CHECK_STR(t->title, "各镇街行政处罚案件办理情况");
	CHECK(t->has_period);
	CHECK_INT(t->from, 19358);
	CHECK_INT(t->to, 19538);
	CHECK_INT(t->column_n, 4);
	CHECK_STR(t->column[2].name, "fines");
	CHECK_INT(t->column[2].type, CASE_MONEY);
	CHECK_STR(t->column[2].label, "罚款金额");
	CHECK_STR(t->column[2].unit, "元");
	CHECK(t->column[0].unit == NULL);
	CHECK_STR(case_table_meta(t, "revision"), "42");
	CHECK(case_table_meta(t, "none") == NULL);
	CHECK_INT(case_table_find(t, "cases:yoy"), 3);
	CHECK_INT(case_table_find(t, "nothing"), -1);
	CHECK_INT(case_table_reader_line(rd), 12);
	/* What is left of a table is passed over, and still checked. */
	CHECK_INT(case_table_reader_next_table(rd, &t, &err), CASE_EOF);
	CHECK(t == NULL);
	case_table_reader_close(rd);
	fclose(f);
	CHECK_TABLES(example, "by-unit:[城中街道][123][45600.00][0.558];");
}

static void
test_columns(void)
{
	struct case_error err = { { 0 }, 0 };
	struct case_table_reader *rd = NULL;
	struct case_buf b = { 0 };
	struct case_table copy;
	const struct case_table *t;
	FILE *f;

	add_table(&b,
	    "##case-table\t1\n##name\tt\n##kind\tfindings\n##type\tcase\n"
	    "##later\tkey\n##\n##column\tp\ttext\t\t\tprivacy=name\tnew=1\n"
	    "##column\tr\tratio\t率\t\tnum=x\tden=y\tbar=1\n"
	    "##column\tq\tpoints\n##meta\tpath\ta\\tb\\\\c\n##meta\tnone\n"
	    "p\tr\tq\n",
	    0);
	f = fmemopen(b.p, b.n, "r");
	CHECK_INT(case_table_reader_open(&rd, f, &err), CASE_OK);
	CHECK_INT(case_table_reader_next_table(rd, &t, &err), CASE_OK);
	CHECK_INT(case_table_copy(&copy, t, &err), CASE_OK);
	case_table_reader_close(rd);
	fclose(f);
	CHECK_STR(copy.type, "case");
	CHECK_STR(copy.column[0].label, "p");
	CHECK_INT(copy.column[0].privacy, CASE_PRIVACY_NAME);
	CHECK(!copy.column[0].bar && copy.column[0].unit == NULL);
	CHECK_STR(copy.column[1].label, "率");
	CHECK_STR(copy.column[1].num, "x");
	CHECK_STR(copy.column[1].den, "y");
	CHECK(copy.column[1].bar && copy.column[1].unit == NULL);
	CHECK_STR(copy.column[2].label, "q");
	CHECK_STR(case_table_meta(&copy, "path"), "a\tb\\c");
	CHECK_STR(case_table_meta(&copy, "none"), "");
	case_table_free(&copy);
	CHECK_INT(copy.column_n, 0);
	case_buf_free(&b);
}

static void
test_values(void)
{
	CHECK_TABLE(HEAD AB, 0, "t:");
	CHECK_TABLE(HEAD AB "x\t1\n\t\ny\t\n\t-2\n", 4,
	    "t:[x][1];[-][-];[y][-];[-][-2];");
	CHECK_TABLE(HEAD AB "\\##x\\t\\n\\r\\\\y\t1\n#x\t2\n\\#\t3\n", 3,
	    "t:[##x\t\n\r\\y][1];[#x][2];[#][3];");
	/* An empty line of one column is one missing value. */
	CHECK_TABLE(HEAD "##column\tc\tdate\t日\nc\n\n2023-06-12\n\n", 3,
	    "t:[-];[2023-06-12];[-];");
	CHECK_TABLE(HEAD "##column\t##c\tcode\t码\n\\##c\n简易程序\n", 1,
	    "t:[简易程序];");
	CHECK_TABLE(HEAD "##column\tm\tmoney\t元\n##column\tf\tflag\t是\n"
			 "##column\tt\ttime\t时\n##column\tn\tnumber\t数\n"
			 "m\tf\tt\tn\n-0.05\t1\t2023-06-12T08:30:00\t1.5\n",
	    1, "t:[-0.05][1][2023-06-12T08:30:00][1.5];");
	/* A later ## key among the rows is of no concern. */
	CHECK_TABLE(HEAD AB "x\t1\n##note\tz\ny\t2\n", 2, "t:[x][1];[y][2];");
}

static void
test_several(void)
{
	struct case_buf b = { 0 }, out = { 0 };

	case_buf_adds(&b, example);
	add_table(&b, HEAD AB "x\t1\n", 1);
	case_buf_adds(&b, example);
	tables_text(&out, b.p, b.n);
	CHECK_STR(case_buf_str(&out),
	    "by-unit:[城中街道][123][45600.00][0.558];t:[x][1];"
	    "by-unit:[城中街道][123][45600.00][0.558];");
	/* An ##end without its line feed is whole all the same. */
	tables_text(&out, b.p, b.n - 1);
	CHECK(strstr(case_buf_str(&out), "14: ") == NULL);
	case_buf_free(&b);
	case_buf_free(&out);
}

/* Every cut fails, but between tables and before the very last byte. */
static void
test_cuts(void)
{
	struct case_buf b = { 0 }, out = { 0 };

	case_buf_adds(&b, example);
	case_buf_adds(&b, example);
	for (size_t n = 0; n <= b.n; n++) {
		bool whole = n >= b.n - 1 || n == b.n / 2 || n == b.n / 2 - 1;

		tables_text(&out, b.p, n);
		CHECK_INT(strstr(case_buf_str(&out), ": ") == NULL, whole);
	}
	case_buf_free(&b);
	case_buf_free(&out);
}

/* Every changed byte fails too. */
static void
test_changes(void)
{
	static const char bytes[] = "x1\t\n#\\\r";
	char text[sizeof(example)];
	struct case_buf out = { 0 };

	for (size_t i = 0; i < sizeof(example) - 2; i++)
		for (size_t k = 0; k < sizeof(bytes); k++) {
			memcpy(text, example, sizeof(example));
			if (text[i] == bytes[k])
				continue;
			text[i] = bytes[k];
			tables_text(&out, text, sizeof(example) - 1);
			CHECK(strstr(case_buf_str(&out), ": ") != NULL);
		}
	case_buf_free(&out);
}

static void
test_faults(void)
{
	struct case_buf b = { 0 };

	CHECK_FAILS("", 0, "no table");
	CHECK_FAILS("##case-table\t1\n", 1, "the input ends inside a table");
	CHECK_FAILS("##case-table\t1", 1, "the input ends inside a table");
	CHECK_FAILS("##case-table\n", 1, "version");
	CHECK_FAILS("##case-table\t2\n", 1, "version");
	CHECK_FAILS("a,b\n1,2\n", 1, "not a case-table");
	CHECK_FAILS("a", 1, "not a case-table");
	CHECK_FAILS("\n", 1, "not a case-table");
	CHECK_FAILS("##case-tables\t1\n", 1, "not a case-table");
	CHECK_FAILS("##fail\t磁盘\\n已满\n", 1, "磁盘\\n已满");
	CHECK_FAILS(HEAD "##fail\tgone\n", 4, "gone");
	CHECK_FAILS(HEAD AB "x\t1\n##fail\tgone", 8, "gone");
	CHECK_FAILS(HEAD AB "x\t1\n", 7, "ends inside");
	CHECK_FAILS(HEAD AB "x\t1", 7, "ends inside");
	CHECK_FAILS(HEAD AB "x\t1\n" HEAD, 8, "##end");
	CHECK_FAILS(HEAD "##case-table\t1\n", 4, "##end");
	CHECK_FAILS(HEAD AB "x\n", 7, "fewer cells");
	CHECK_FAILS(HEAD AB "\n", 7, "fewer cells");
	CHECK_FAILS(HEAD AB "x\t1\t2\n", 7, "more cells");
	CHECK_FAILS(HEAD AB "x\t1.5\n", 7, "column b");
	CHECK_FAILS(HEAD AB "x\\y\t1\n", 7, "escape");
	CHECK_FAILS(HEAD AB "x\\\t1\n", 7, "escape");
	CHECK_FAILS(HEAD AB "x\t1\r\n", 7, "carriage return");
	CHECK_FAILS(HEAD AB "x\0\t1\n", 7, "NUL");
	CHECK_FAILS(HEAD AB "\xff\t1\n", 7, "UTF-8");
	CHECK_FAILS(HEAD AB "x\t1\n##end\n", 8, "##end");
	CHECK_FAILS(HEAD AB "x\t1\n##end\t1\n", 8, "##end");
	CHECK_FAILS(HEAD AB "x\t1\n##end\t1\t00000000\n", 8, "CRC");
	CHECK_FAILS(HEAD "##column\ta\ttext\nb\n", 5, "differs");
	CHECK_FAILS(HEAD "##column\ta\ttext\nab\n", 5, "differs");
	CHECK_FAILS(HEAD "##column\ta\ttext\na\tb\n", 5, "more cells");
	CHECK_FAILS(HEAD "##column\ta\tword\n", 4, "type");
	CHECK_FAILS(HEAD "##column\ta\n", 4, "lacks a part");
	CHECK_FAILS(HEAD "##column\ta\ttext\t\t\tprivacy=x\n", 4, "privacy");
	CHECK_FAILS(HEAD "a\n", 4, "##column");
	CHECK_FAILS(HEAD "##end\t0\t00000000\n", 4, "header");
	CHECK_FAILS(HEAD "##period\t2023-06-30\t2023-01-01\n", 4, "##period");
	CHECK_FAILS(HEAD "##period\t2023-06-30\n", 4, "lacks a part");
	CHECK_FAILS("##case-table\t1\n##kind\tother\n", 2, "##kind");
	CHECK_FAILS("##case-table\t1\n##column\ta\ttext\na\n", 3, "##name");
	/* A count that is wrong, with the right CRC. */
	add_table(&b, HEAD AB "x\t1\n", 2);
	check_fails(b.p, b.n, 8, "##end");
	case_buf_reset(&b);
	/* Text behind a table. */
	add_table(&b, HEAD AB "x\t1\n", 1);
	case_buf_adds(&b, "\n");
	check_fails(b.p, b.n, 9, "not a case-table");
	case_buf_free(&b);
}

static void
test_long_line(void)
{
	struct case_buf b = { 0 }, text = { 0 }, out = { 0 };

	case_buf_adds(&text, HEAD AB);
	for (size_t i = 0; i < 200000; i++)
		case_buf_adds(&text, "0123456789\\t");
	case_buf_adds(&text, "\t7\n");
	for (size_t i = 0; i < 50000; i++)
		case_buf_addf(&text, "r%zu\t%zu\n", i, i);
	add_table(&b, text.p, 50001);
	tables_text(&out, b.p, b.n);
	CHECK(strstr(case_buf_str(&out), "\t][7];[r0][0];") != NULL);
	CHECK(strstr(case_buf_str(&out), "[r49999][49999];") != NULL);
	CHECK(strstr(case_buf_str(&out), ": ") == NULL);
	case_buf_free(&b);
	case_buf_free(&text);
	case_buf_free(&out);
}

static void
test_escapes(void)
{
	static const char *const values[] = { "", "x", "##", "#", "##x#", "\\",
		"\\##", "\t\n\r\\", "a\tb", "案号\n", "\\t" };
	struct case_buf b = { 0 };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		for (int first = 0; first < 2; first++) {
			size_t n = strlen(values[i]), m;

			case_buf_reset(&b);
			if (first)
				case_table_escape_first(&b, values[i], n);
			else
				case_table_escape(&b, values[i], n);
			CHECK(b.n == 0 || strpbrk(b.p, "\t\n\r") == NULL);
			CHECK(!first || b.n == 0 || strncmp(b.p, "##", 2) != 0);
			m = b.n;
			CHECK(m == 0 || case_table_unescape(b.p, &m));
			CHECK_INT(m, n);
			CHECK(n == 0 || memcmp(b.p, values[i], n) == 0);
		}
	case_buf_free(&b);
}

/* As rows to import. */

/* The rows of all tables: line, cells, raw text. Read twice. */
static enum case_status
import_text(struct case_buf *out, const struct case_buf *b)
{
	struct case_error err = { { 0 }, 0 };
	struct case_reader *rd = NULL;
	struct case_input *in = NULL;
	enum case_status rc;
	struct case_row row;
	char name[64];
	size_t rows = 0;

	case_buf_reset(out);
	write_file(name, b->p, b->n);
	rc = case_input_open(&in, name, CASE_ENCODING_AUTO, &err);
	CHECK_INT(rc, CASE_OK);
	rc = case_reader_open(&rd, in, NULL, &err);
	for (int pass = 0; rc == CASE_OK && pass < 2; pass++) {
		case_buf_reset(out);
		rows = 0;
		while ((rc = case_reader_next(rd, &row, &err)) == CASE_OK) {
			case_buf_addf(out, "%zu", row.line);
			for (size_t i = 0; i < row.cell_n; i++)
				case_buf_addf(out, "[%.*s]", (int)row.cell[i].n,
				    row.cell[i].p);
			case_buf_addf(out, "(%.*s)", (int)row.raw.n, row.raw.p);
			rows += row.lines;
		}
		if (rc == CASE_EOF) {
			CHECK_INT(case_reader_lines(rd), rows);
			CHECK_INT(case_reader_format(rd), CASE_ROWS_TABLE);
			if (pass == 0)
				rc = case_reader_rewind(rd, &err);
		}
	}
	if (rc != CASE_EOF)
		case_buf_addf(out, "%zu: %s", err.line, err.what);
	case_reader_close(rd);
	case_input_close(in);
	unlink(name);
	return rc;
}

static void
test_rows(void)
{
	struct case_buf b = { 0 }, out = { 0 };

	add_table(&b, HEAD AB "x\\ty\t1\n\t\n", 2);
	CHECK_INT(import_text(&out, &b), CASE_EOF);
	CHECK_STR(case_buf_str(&out), "7[x\ty][1](x\\ty\t1)8[][](\t)");
	/* Other kinds are passed over; the same columns go on. */
	case_buf_adds(&b, example);
	add_table(&b, HEAD AB "z\t3\n", 1);
	CHECK_INT(import_text(&out, &b), CASE_EOF);
	CHECK_STR(case_buf_str(&out),
	    "7[x\ty][1](x\\ty\t1)8[][](\t)30[z][3](z\t3)");
	/* Other columns, or another type. */
	add_table(&b, HEAD "##column\ta\ttext\na\n", 0);
	CHECK_INT(import_text(&out, &b), CASE_EDATA);
	CHECK(strstr(case_buf_str(&out), "36: ") != NULL);
	case_buf_reset(&b);
	add_table(&b, HEAD "##type\tcase\n" AB, 0);
	add_table(&b, HEAD "##type\tcase\n" AB "x\t1\n", 1);
	CHECK_INT(import_text(&out, &b), CASE_EOF);
	add_table(&b, HEAD "##type\titem\n" AB, 0);
	CHECK_INT(import_text(&out, &b), CASE_EDATA);
	/* Nothing to import. */
	case_buf_reset(&b);
	case_buf_adds(&b, example);
	CHECK_INT(import_text(&out, &b), CASE_EDATA);
	CHECK(strstr(case_buf_str(&out), "no table of records") != NULL);
	case_buf_free(&b);
	case_buf_free(&out);
}

static void
test_rows_bad_end(void)
{
	static const char *const ends[] = { "", "##end\t1\n", "##fail\tx\n",
		"##end\t2\t00000000\n", "y\n", "y\t1" };
	struct case_buf b = { 0 }, out = { 0 };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		case_buf_reset(&b);
		case_buf_adds(&b, HEAD AB "x\t1\n");
		case_buf_adds(&b, ends[i]);
		CHECK_INT(import_text(&out, &b), CASE_EDATA);
		CHECK(strncmp(case_buf_str(&out), "7[x][1](x\t1)", 11) == 0);
	}
	case_buf_free(&b);
	case_buf_free(&out);
}

static void
test_names(void)
{
	struct case_error err = { { 0 }, 0 };
	struct case_reader *rd = NULL;
	struct case_input *in = NULL;
	struct case_buf b = { 0 };
	const struct case_str *names;
	char name[64];
	size_t n;

	case_buf_adds(&b, example);
	add_table(&b,
	    HEAD "##type\tcase\n##column\tcase_no\ttext\n"
		 "##column\t_line\tinteger\ncase_no\t_line\n",
	    0);
	write_file(name, b.p, b.n);
	CHECK_INT(case_input_open(&in, name, CASE_ENCODING_AUTO, &err),
	    CASE_OK);
	CHECK_INT(case_reader_open(&rd, in, NULL, &err), CASE_OK);
	names = case_reader_names(rd, &n);
	CHECK_INT(n, 2);
	CHECK_STR(names[0].p, "case_no");
	CHECK_STR(names[1].p, "_line");
	CHECK_STR(case_reader_type(rd), "case");
	case_reader_close(rd);
	case_input_close(in);
	unlink(name);
	case_buf_free(&b);
}

static void
test_table_names(void)
{
	enum case_privacy p;
	enum case_kind k;

	CHECK_STR(case_privacy_name(CASE_PRIVACY_ADDRESS), "address");
	CHECK(case_privacy_find("phone", &p) && p == CASE_PRIVACY_PHONE);
	CHECK(!case_privacy_find("", &p));
	CHECK_STR(case_kind_name(CASE_MANIFEST), "manifest");
	CHECK(case_kind_find("review", &k) && k == CASE_REVIEW);
	CHECK(!case_kind_find("record", &k));
}

int
main(void)
{
	test_example();
	test_columns();
	test_values();
	test_several();
	test_cuts();
	test_changes();
	test_faults();
	test_long_line();
	test_escapes();
	test_rows();
	test_rows_bad_end();
	test_names();
	test_table_names();
	TEST_END();
}
