/* test_csv.c - rows of CSV: quotes, line ends, delimiters, broken files */
#include <stdint.h>

#include "tests/unit/rowtext.h"

static void
test_plain(void)
{
	CHECK_ROWS("", 0, "");
	CHECK_ROWS("a", 0, "1[a]\n");
	CHECK_ROWS("a,b\n", 0, "1[a][b]\n");
	CHECK_ROWS("a,b\n1,2\n", 0, "1[a][b]\n2[1][2]\n");
	CHECK_ROWS("a,b\n1,2", 0, "1[a][b]\n2[1][2]\n");
	CHECK_ROWS("a,b\n1,2,\n,\n", 0, "1[a][b]\n2[1][2][]\n3[][]\n");
	CHECK_ROWS("\n", 0, "1\n");
	CHECK_ROWS("\n\na,b\n\n", 0, "1\n2\n3[a][b]\n4\n");
	CHECK_ROWS("a ,\tb, c\n", 0, "1[a ][\tb][ c]\n");
	CHECK_ROWS("  \n", 0, "1[  ]\n");
	CHECK_ROWS("案号,名称\n〔2023〕1号,某\n", 0,
	    "1[案号][名称]\n2[〔2023〕1号][某]\n");
}

static void
test_line_ends(void)
{
	CHECK_ROWS("a,b\r\n1,2\r\n", 0, "1[a][b]\n2[1][2]\n");
	CHECK_ROWS("a,b\r1,2\r", 0, "1[a][b]\n2[1][2]\n");
	CHECK_ROWS("a,b\r1,2", 0, "1[a][b]\n2[1][2]\n");
	CHECK_ROWS("a,b\r\n1,2\n3,4\r5,6\n\r7,8", 0,
	    "1[a][b]\n2[1][2]\n3[3][4]\n4[5][6]\n5\n6[7][8]\n");
	CHECK_ROWS("\r\r\n\n", 0, "1\n2\n3\n");
	CHECK_ROWS("a,\"b\"\r\n\"1\",2\r\n", 0, "1[a][b]\n2[1][2]\n");
	CHECK_ROWS("a,\"x\ry\"\r3,4\r", 0, "1+2[a][x\ry]\n3[3][4]\n");
	CHECK_ROWS("a,\"x\r\n\r\ny\"\r\n3,4\r\n", 0,
	    "1+3[a][x\r\n\r\ny]\n4[3][4]\n");
}

static void
test_quotes(void)
{
	CHECK_ROWS("\"a\",\"b\"\n", 0, "1[a][b]\n");
	CHECK_ROWS("\"a,b\",c\n", 0, "1[a,b][c]\n");
	CHECK_ROWS("\"a\"\"b\",\"\"\"\"\n", 0, "1[a\"b][\"]\n");
	CHECK_ROWS("\"\",\"\"\n", 0, "1[][]\n");
	CHECK_ROWS("\"\"\n", 0, "1[]\n");
	CHECK_ROWS("\"a\",\n", 0, "1[a][]\n");
	CHECK_ROWS(",\"a\"\n", 0, "1[][a]\n");
	CHECK_ROWS("\"a\",b,,c\n\"a\",\"\",b,\n", 0,
	    "1[a][b][][c]\n2[a][][b][]\n");
	CHECK_ROWS("\" a \",\"b\"", 0, "1[ a ][b]\n");
	CHECK_ROWS("x,\"a\nb\nc\",y\n1,2,3\n", 3,
	    "1+3[x][a\nb\nc][y]\n4[1][2][3]\n");
	CHECK_ROWS("\"a\nb\",\"c\n\"\"d\"\"\"", 2, "1+3[a\nb][c\n\"d\"]\n");
	CHECK_ROWS("\"\n\n\"", 1, "1+3[\n\n]\n");
}

static void
test_broken_quotes(void)
{
	/* Not closed: in the first, a middle and the last row. */
	CHECK_ROWS("\"a,b\n1,2\n3,4\n", 0, "1!\"a,b\n2[1][2]\n3[3][4]\n");
	/* Closed, but in a row of too many cells that hides no other. */
	CHECK_ROWS("a,b,c,\"d\nx\ny\",z\n1,2,3,4\n", 4,
	    "1!a,b,c,\"d\n2[x]\n3!y\",z\n4[1][2][3][4]\n");
	CHECK_ROWS("a,b\n1,\"2\n3,4\n5,6\n", 2,
	    "1[a][b]\n2!1,\"2\n3[3][4]\n4[5][6]\n");
	CHECK_ROWS("a,b\n1,2\n3,\"4", 2, "1[a][b]\n2[1][2]\n3!3,\"4\n");
	CHECK_ROWS("a,b\n1,2\n3,\"4\r\n", 2, "1[a][b]\n2[1][2]\n3!3,\"4\n");
	/* A good quoted row behind it does not help it. */
	CHECK_ROWS("a,b\n1,\"2\n\"3\",\"4\"\n5,6\n", 2,
	    "1[a][b]\n2!1,\"2\n3[3][4]\n4[5][6]\n");
	CHECK_ROWS("a,b\n1,\"2\n3,\"x\ny\"\n5,6\n", 2,
	    "1[a][b]\n2!1,\"2\n3+2[3][x\ny]\n5[5][6]\n");
	/* Stray, and text behind a closing quote. */
	CHECK_ROWS("a,b\n1,5\" pipe\n3,4\n", 2,
	    "1[a][b]\n2!1,5\" pipe\n3[3][4]\n");
	CHECK_ROWS("a,b\n1,\"5\" pipe\n3,4\n", 2,
	    "1[a][b]\n2!1,\"5\" pipe\n3[3][4]\n");
	CHECK_ROWS("a,b\n1, \"2\"\n3,4\n", 2, "1[a][b]\n2!1, \"2\"\n3[3][4]\n");
	CHECK_ROWS("a,b\n1,\"2\" \n3,4\n", 2, "1[a][b]\n2!1,\"2\" \n3[3][4]\n");
	CHECK_ROWS("\"", 0, "1!\"\n");
	CHECK_ROWS("\"\"\"", 0, "1!\"\"\"\n");
	CHECK_ROWS("\"\n\"\"\n", 0, "1!\"\n2[]\n");
}

/* A row of several lines that only looks right. */
static void
test_merged(void)
{
	/* The number of cells is known and differs. */
	CHECK_ROWS("1,\"2\n3,4\n5,6\"\n7,8\n", 3,
	    "1!1,\"2\n2[3][4]\n3!5,6\"\n4[7][8]\n");
	/* It fits, but whole rows are inside. */
	CHECK_ROWS("1,b,c,\"d\n2,b,c,d\n3,b,c,d\"\n4,b,c,d\n", 4,
	    "1!1,b,c,\"d\n2[2][b][c][d]\n3!3,b,c,d\"\n4[4][b][c][d]\n");
	CHECK_ROWS("1,b,c,\"d\n\"2\",\"b\",\"c\",\"d\"\n\"\n4,b,c,d\n", 4,
	    "1!1,b,c,\"d\n2[2][b][c][d]\n3!\"\n4[4][b][c][d]\n");
	/* A good row begins where the row would end. */
	CHECK_ROWS("1,b,c,\"d\n2,b,c,d\n\"\n3\",b,c,d\n4,b,c,d\n", 4,
	    "1!1,b,c,\"d\n2[2][b][c][d]\n3+2[\n3][b][c][d]\n"
	    "5[4][b][c][d]\n");
	/* A table in a text: one row, in the first, a middle or the last cell.
	 */
	CHECK_ROWS("\"表:\n2,b,c,d\n3,b,c,d\n完\",b,c,d\n4,b,c,d\n", 4,
	    "1+4[表:\n2,b,c,d\n3,b,c,d\n完][b][c][d]\n5[4][b][c][d]\n");
	CHECK_ROWS("1,\"表:\n2,b,c,d\n\",c,d\n4,b,c,d\n", 4,
	    "1+3[1][表:\n2,b,c,d\n][c][d]\n4[4][b][c][d]\n");
	CHECK_ROWS("1,b,c,\"表:\n2,b,c,d\n完\"\n4,b,c,d\n", 4,
	    "1+3[1][b][c][表:\n2,b,c,d\n完]\n4[4][b][c][d]\n");
	/* Text with some commas is text, and so is all with few columns. */
	CHECK_ROWS("1,b,c,\"d\n甲,乙\n丙\"\n4,b,c,d\n", 4,
	    "1+3[1][b][c][d\n甲,乙\n丙]\n4[4][b][c][d]\n");
	CHECK_ROWS("1,\"d\n甲,乙\n丙\"\n4,b\n", 2,
	    "1+3[1][d\n甲,乙\n丙]\n4[4][b]\n");
	/* With no width the quotes alone are believed. */
	CHECK_ROWS("1,b,c,\"d\n2,b,c,d\n\"\n4,b,c,d\n", 0,
	    "1+3[1][b][c][d\n2,b,c,d\n]\n4[4][b][c][d]\n");
}

static void
test_bad_bytes(void)
{
	static const char bad[] =
	    "a,b\n1,\xff\n\"\xc3\n(\",2\n3,\xef\xbf\xbd\n";
	char *rows;

	CHECK_ROWS("a,b\n1,\0002\n3,4\n", 2, "1[a][b]\n2!1,");
	rows =
	    read_text(bad, sizeof(bad) - 1, CASE_ENCODING_UTF8, NULL, 2, NULL);
	CHECK(strncmp(rows, "1[a][b]\n2!1,", 12) == 0);
	CHECK(strstr(rows, "\n3+2!\"") != NULL);
	CHECK(strstr(rows, "\n5[3][\xef\xbf\xbd]\n") != NULL);
	free(rows);
}

static void
test_byte_order_marks(void)
{
	CHECK_ROWS("\xef\xbb\xbf"
		   "a,b\n1,2\n",
	    0, "1[a][b]\n2[1][2]\n");
	CHECK_ROWS("\xef\xbb\xbf\"a\",b\n1,2\n", 0, "1[a][b]\n2[1][2]\n");
	CHECK_ROWS("a,b\n1,2\n\xef\xbb\xbf"
		   "a,b\n3,4\n",
	    0, "1[a][b]\n2[1][2]\n3[a][b]\n4[3][4]\n");
	CHECK_ROWS("a,b\n1,2\n\xef\xbb\xbf\"a\",\"x\ny\"\n3,4\n", 0,
	    "1[a][b]\n2[1][2]\n3+2[a][x\ny]\n5[3][4]\n");
	CHECK_ROWS("a,b\n\xef\xbb\xbf\n", 0, "1[a][b]\n2\n");
	/* UTF-16 with its mark. */
	CHECK_ROWS("\xff\xfe"
		   "a\0,\0b\0\n\0001\0,\0\x2d\x4e\n\0",
	    0, "1[a][b]\n2[1][中]\n");
}

/* The delimiter found in a text. */
static char
delimiter_of(const char *text)
{
	char c = '\0';

	free(read_text(text, strlen(text), CASE_ENCODING_AUTO, NULL, 0, &c));
	return c;
}

static void
test_delimiters(void)
{
	static const struct case_reader_options colon = {
		.format = CASE_ROWS_CSV,
		.delimiter = ':',
	};
	static const struct case_reader_options quote = {
		.format = CASE_ROWS_CSV,
		.delimiter = '"',
	};
	char *rows;

	CHECK_INT(delimiter_of(""), ',');
	CHECK_INT(delimiter_of("案号\n1\n2\n"), ',');
	CHECK_INT(delimiter_of("a,b\n1,2\n"), ',');
	CHECK_INT(delimiter_of("a;b\n1;2\n"), ';');
	CHECK_INT(delimiter_of("a\tb\n1\t2\n"), '\t');
	CHECK_INT(delimiter_of("a|b\n1|2\n"), '|');
	CHECK_INT(delimiter_of("a;b;c"), ';');
	CHECK_INT(delimiter_of("甲,乙,丙\na;b;c\n1;2;3\n4;5;6\n"), ';');
	CHECK_INT(delimiter_of("a;b\r1;2\r"), ';');
	/* Decimal commas, and the others inside values. */
	CHECK_INT(delimiter_of("a;b;c\n1,5;2,5;x\n2,5;3,5;y\n"), ';');
	CHECK_INT(delimiter_of("a,b,c\n1,x;y;z,|\n2,p;q;r,|\n"), ',');
	CHECK_INT(delimiter_of("a\tb\n1,2,3\tx\n4,5,6\ty\n7,8,9\tz\n"), '\t');
	CHECK_INT(delimiter_of("a;b\n\"1,2,3\";x\n\"4,5,6\";y\n"), ';');
	CHECK_INT(delimiter_of("a;b\n\"1,\n2,\n3,\";x\n\"4\n,\";y\n"), ';');
	/* Titles above, ragged rows, a broken quote, free text. */
	CHECK_INT(delimiter_of("台账\n2023年,上半年\n\na\tb\tc\n1\t2\t3\n"),
	    '\t');
	CHECK_INT(delimiter_of("a;b\n1;2\n3\n4;5\n6;7;8\n9;0\n"), ';');
	CHECK_INT(delimiter_of("a;b\n1;\"2\n3;4\n4;5\n6;7\n9;0\n"), ';');
	CHECK_INT(delimiter_of("事由\n一\n甲;乙\n二\n三\n丙;丁;戊\n四\n"), ',');

	rows = read_text("a:b,c\n", 6, CASE_ENCODING_AUTO, &colon, 0, NULL);
	CHECK_STR(rows, "1[a][b,c]\n");
	free(rows);
	rows = read_text("a\n", 2, CASE_ENCODING_AUTO, &quote, 0, NULL);
	CHECK(strstr(rows, "delimiter") != NULL);
	free(rows);
	CHECK_ROWS("a;\"b;c\"\n1;\"2\n;\"\n", 2, "1[a][b;c]\n2+2[1][2\n;]\n");
}

static void
test_unterminated(void)
{
	static const struct {
		const char *text;
		bool last;
	} files[] = { { "a\nb", true }, { "a\nb\n", false },
		{ "a\rb\r", false }, { "", false }, { "a\n\"b\"", true } };
	struct case_error err;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct case_reader *rd = NULL;
		struct case_input *in = NULL;
		struct case_row row;
		char name[64];

		write_file(name, files[i].text, strlen(files[i].text));
		CHECK_INT(case_input_open(&in, name, CASE_ENCODING_AUTO, &err),
		    CASE_OK);
		CHECK_INT(case_reader_open(&rd, in, NULL, &err), CASE_OK);
		CHECK(!case_reader_unterminated(rd));
		while (case_reader_next(rd, &row, &err) == CASE_OK)
			CHECK_INT(case_reader_unterminated(rd),
			    row.line == 2 && files[i].last);
		CHECK_INT(case_reader_unterminated(rd), files[i].last);
		case_reader_close(rd);
		case_input_close(in);
		unlink(name);
	}
}

static void
test_refused(void)
{
	static const struct {
		const char *text;
		const char *word;
	} files[] = {
		{ "<html><table>", "HTML" },
		{ "\n <TABLE border=1>", "HTML" },
		{ "<?xml version=\"1.0\"?><a/>", "XML" },
		{ "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-"
		  "microsoft-com:office:spreadsheet\">",
		    "XML" },
		{ "{\\rtf1 x}", "RTF" },
		{ "MIME-Version: 1.0\n", "web archive" },
		{ "%PDF-1.4\n", "PDF" },
		{ "PK\x03\x04 cut off", "ZIP" },
		{ "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "damaged" },
		{ "\x1f\x8b\x08", "gunzip" },
		{ "7z\xbc\xaf\x27\x1c", "7-Zip" },
		{ "Rar!\x1a\x07", "RAR" },
		{ "\x89PNG\r\n", "PNG" },
		{ "\xff\xd8\xff\xe0", "JPEG" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char *rows = read_text(files[i].text, strlen(files[i].text),
		    CASE_ENCODING_AUTO, NULL, 0, NULL);

		CHECK(strstr(rows, files[i].word) != NULL);
		CHECK(strchr(rows, '[') != rows + 1);
		free(rows);
	}
	CHECK_ROWS("[案号],[名称]\n1,2\n", 0, "1[[案号]][[名称]]\n2[1][2]\n");
	CHECK_ROWS("<5,b\n1,2\n", 0, "1[<5][b]\n2[1][2]\n");
}

/* Bytes repeated, for files that are long in one way. */
static void
add_times(struct case_buf *b, const char *s, size_t times)
{
	while (times-- > 0)
		case_buf_adds(b, s);
}

static size_t
rows_of(const struct case_buf *b, size_t width, size_t *faults, size_t *cells)
{
	struct case_reader *rd = NULL;
	struct case_input *in = NULL;
	struct case_error err;
	struct case_row row;
	size_t rows = 0, lines = 0;
	char name[64];

	*faults = *cells = 0;
	write_file(name, b->p, b->n);
	CHECK_INT(case_input_open(&in, name, CASE_ENCODING_AUTO, &err),
	    CASE_OK);
	CHECK_INT(case_reader_open(&rd, in, NULL, &err), CASE_OK);
	case_reader_set_width(rd, width);
	while (case_reader_next(rd, &row, &err) == CASE_OK) {
		CHECK_INT(row.line, lines + 1);
		rows++;
		lines += row.lines;
		*faults += row.fault != NULL;
		*cells += row.cell_n;
	}
	CHECK_INT(lines, case_reader_lines(rd));
	case_reader_close(rd);
	case_input_close(in);
	unlink(name);
	return rows;
}

static void
test_long(void)
{
	struct case_buf b = { 0 };
	size_t faults, cells;

	/* A quoted value of 2 MiB on one line is one faulty row. */
	case_buf_adds(&b, "a,b\n1,\"");
	add_times(&b, "0123456789abcdef", 2 * 65536);
	case_buf_adds(&b, "\"\n2,3\n");
	CHECK_INT(rows_of(&b, 2, &faults, &cells), 3);
	CHECK_INT(faults, 1);
	CHECK_INT(cells, 4);

	/* One of 1 MiB is good. */
	case_buf_reset(&b);
	case_buf_adds(&b, "a,b\n1,\"");
	add_times(&b, "0123456789abcde\n", 65536);
	case_buf_adds(&b, "\"\n2,3\n");
	CHECK_INT(rows_of(&b, 2, &faults, &cells), 3);
	CHECK_INT(faults, 0);

	/* One of more, before a shorter one and in a row of two lines. */
	case_buf_reset(&b);
	case_buf_adds(&b, "a,b\n\"");
	add_times(&b, "0123456789abcdef", 65536);
	case_buf_adds(&b, "g\",\"1\n2\"\n2,3\n");
	CHECK_INT(rows_of(&b, 2, &faults, &cells), 3);
	CHECK_INT(faults, 1);
	CHECK_INT(cells, 4);

	/* A quote left open, and 3 MB of rows: only the first is lost. */
	case_buf_reset(&b);
	case_buf_adds(&b, "a,b\n1,\"x\n");
	add_times(&b, "2,0123456789\n", 250000);
	case_buf_adds(&b, "3,\"y\"\n");
	CHECK_INT(rows_of(&b, 2, &faults, &cells), 250003);
	CHECK_INT(faults, 1);
	CHECK_INT(cells, 2 * 250002);

	/* A row over 16 MiB, and what stands behind it. */
	case_buf_reset(&b);
	case_buf_adds(&b, "a,b\n1,");
	add_times(&b, "0123456789abcdef", 17 * 65536);
	case_buf_adds(&b, "\r\n2,3\n");
	CHECK_INT(rows_of(&b, 2, &faults, &cells), 3);
	CHECK_INT(faults, 1);
	CHECK_INT(cells, 4);

	/* Too many cells. */
	case_buf_reset(&b);
	add_times(&b, ",", 20000);
	case_buf_adds(&b, "\n1,2\n\"\",");
	add_times(&b, ",", 20000);
	case_buf_adds(&b, "\"\"\"\"\n1,2\n");
	CHECK_INT(rows_of(&b, 2, &faults, &cells), 4);
	CHECK_INT(faults, 2);
	CHECK_INT(cells, 4);
	case_buf_free(&b);
}

/* Files made to be slow: each ends soon, and no row is lost or made up. */
static void
test_hostile(void)
{
	static const char *const lines[] = { "\"\n", "\"a\n", "a,\"b\n",
		"\"\"\"\n", "\",\"\n", "\",\n", "\"\",\"\n", "a\"\n",
		"\"a\",\"\"b\n", "\r\"\r", ",\"\"\",\"\n" };
	struct case_buf b = { 0 };
	size_t faults, cells;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		for (size_t width = 0; width < 6; width += 5) {
			case_buf_reset(&b);
			add_times(&b, lines[i], 100000);
			rows_of(&b, width, &faults, &cells);
			/* Lines with an odd quote first, then even ones. */
			case_buf_reset(&b);
			for (size_t k = 0; k < 100; k++) {
				case_buf_adds(&b, lines[i]);
				add_times(&b, "1,\"\",3\n", 2000);
			}
			rows_of(&b, width, &faults, &cells);
		}
	case_buf_free(&b);
}

/* A small generator, so that a failure can be made again. */
static uint64_t random_state;

static size_t
any(size_t n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + 1;
	return (size_t)(random_state >> 33) % n;
}

/* Appends one value to the file as it may be written, and as it is read. */
static void
add_value(struct case_buf *file, struct case_buf *want, bool several)
{
	static const char *const values[] = { "", "x", "甲乙", "a b ", "12.50",
		"2023-06-12" };
	static const char *const quoted[] = { "a,b", "say \"\"no\"\"", "\"\"",
		"a\nb", "甲\r\n乙,丙\r\n", "x,y\n\n z\r", "", "plain" };
	static const char *const read[] = { "a,b", "say \"no\"", "\"", "a\nb",
		"甲\r\n乙,丙\r\n", "x,y\n\n z\r", "", "plain" };
	size_t i;

	if (any(3) > 0) {
		i = any(sizeof(values) / sizeof(values[0]));
		case_buf_adds(file, values[i]);
		case_buf_addf(want, "[%s]", values[i]);
		return;
	}
	do
		i = any(sizeof(quoted) / sizeof(quoted[0]));
	while (!several && strpbrk(quoted[i], "\r\n") != NULL);
	case_buf_addf(file, "\"%s\"", quoted[i]);
	case_buf_addf(want, "[%s]", read[i]);
}

static size_t
breaks_in(const char *s, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		k += s[i] == '\n' || (s[i] == '\r' && s[i + 1] != '\n');
	return k;
}

static const char *
any_end(void)
{
	static const char *const ends[] = { "\n", "\n", "\r\n", "\r" };

	return ends[any(4)];
}

/* A line that a broken quote spoils, in one of the ways met in the wild. */
static void
add_broken(struct case_buf *file, size_t id, size_t width)
{
	static const char *const broken[] = { "\"open", "st\"ray", "\"q\"text",
		"behind\"", "\"a\"\"", "\"\"b\"", " \"c\"" };
	size_t spoilt = 1 + any(width - 1);

	case_buf_addf(file, "bad%zu", id);
	for (size_t i = 1; i < width; i++)
		case_buf_addf(file, ",%s", i == spoilt ? broken[any(7)] : "v");
	case_buf_adds(file, any_end());
}

/* Good rows come out exactly, at their lines, whatever is broken between. */
static void
test_property(uint64_t seed)
{
	struct case_buf file = { 0 }, want = { 0 };
	size_t width = 4 + any(5), line = 1;
	char *got, *next, *p;

	random_state = seed;
	for (size_t id = 0; id < 40; id++) {
		size_t from = file.n, wanted = want.n, lines;

		if (any(4) == 0) {
			add_broken(&file, id, width);
			line++;
			continue;
		}
		case_buf_addf(&file, any(2) ? "id%zu" : "\"id%zu\"", id);
		case_buf_addf(&want, "[id%zu]", id);
		for (size_t i = 1; i < width; i++) {
			case_buf_addc(&file, ',');
			add_value(&file, &want, any(3) == 0);
		}
		lines = 1 + breaks_in(file.p + from, file.n - from);
		got = strdup(want.p + wanted);
		want.n = wanted;
		case_buf_addf(&want, "%zu", line);
		if (lines > 1)
			case_buf_addf(&want, "+%zu", lines);
		case_buf_addf(&want, "%s", got);
		case_buf_addc(&want, '\0');
		free(got);
		case_buf_adds(&file, any_end());
		line += lines;
	}
	got = read_text(case_buf_str(&file), file.n, CASE_ENCODING_AUTO, NULL,
	    width, NULL);
	for (p = got, next = want.p; next != NULL && next < want.p + want.n;
	     next += strlen(next) + 1) {
		char *at = strstr(p, next);

		if (at == NULL || (at > got && at[-1] != '\n') ||
		    at[strlen(next)] != '\n') {
			fprintf(stderr, "seed %ju: lost %s\nin %s\n",
			    (uintmax_t)seed, next, case_buf_str(&file));
			CHECK(at != NULL);
			break;
		}
		p = at + strlen(next);
	}
	free(got);
	case_buf_free(&file);
	case_buf_free(&want);
}

int
main(void)
{
	test_plain();
	test_line_ends();
	test_quotes();
	test_broken_quotes();
	test_merged();
	test_bad_bytes();
	test_byte_order_marks();
	test_delimiters();
	test_unterminated();
	test_refused();
	test_long();
	test_hostile();
	for (uint64_t seed = 1; seed <= 500; seed++)
		test_property(seed);
	TEST_END();
}
