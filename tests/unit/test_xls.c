/* test_xls.c - XLS workbooks: cells, texts, dates, and damaged files */
#include <dirent.h>
#include <limits.h>

#include "tests/unit/olefile.h"
#include "tests/unit/rowtext.h"

enum { FORMULA = 0x06, END = 0x0a, CONTINUE = 0x3c, STRING = 0x207 };

/* SIZE_MAX: the first sheet, as the reader begins with it. */
static char *
read_xls(const char *p, size_t n, const struct case_limits *limits,
    size_t sheet, size_t width)
{
	const struct sheet_of o = { .limits = limits,
		.width = width,
		.again = sheet == 0,
		.other = sheet == SIZE_MAX ? 0 : sheet };

	return read_sheet(p, n, &o);
}

static char *
read_book(const struct case_buf *book, bool mini, size_t sheet, size_t width)
{
	struct ole_stream s = { "Workbook", book };
	struct case_buf file = { 0 };
	char *rows;

	build_ole(&file, &s, 1, mini);
	rows = read_xls(file.p, file.n, NULL, sheet, width);
	case_buf_free(&file);
	return rows;
}

/* The book, as it is and in the mini stream, gives these rows. */
static void
check_book(int line, const struct case_buf *book, size_t sheet,
    const char *want)
{
	for (int mini = 0; mini < 2; mini++) {
		char *rows = read_book(book, mini, sheet, 0);

		test_checked++;
		if (strcmp(rows, want) != 0) {
			test_failed++;
			fprintf(stderr, "%s:%d: \"%s\", not \"%s\"\n", __FILE__,
			    line, rows, want);
		}
		free(rows);
	}
}

#define CHECK_BOOK(book, sheet, want) \
	check_book(__LINE__, (book), (sheet), (want))

static size_t
add_sheet(struct case_buf *b, const char *name, unsigned state, unsigned type,
    bool wide)
{
	size_t at = begin(b, 0x85), place = b->n;

	put32(b, 0);
	case_buf_addc(b, (char)state);
	case_buf_addc(b, (char)type);
	case_buf_addc(b, (char)strlen(name));
	if (wide)
		case_buf_addc(b, 0);
	case_buf_adds(b, name);
	end(b, at);
	return place;
}

static void
add_format(struct case_buf *b, unsigned id, const char *code, bool wide)
{
	size_t at = begin(b, 0x41e);

	put16(b, id);
	if (wide) {
		put16(b, (unsigned)strlen(code));
		case_buf_addc(b, 0);
	} else {
		case_buf_addc(b, (char)strlen(code));
	}
	case_buf_adds(b, code);
	end(b, at);
}

static void
add_xf(struct case_buf *b, unsigned format)
{
	char xf[20] = { 0 };

	xf[2] = (char)(format & 0xff);
	xf[3] = (char)(format >> 8);
	record(b, 0xe0, xf, sizeof(xf));
}

/* Kinds of cells: 0 a number, 1 a date, 2 of our own code, 3 elapsed. */
static size_t
begin_book(struct case_buf *b, unsigned version, bool from1904)
{
	bool wide = version == 0x600;

	bof(b, version, 5);
	record(b, 0x22, from1904 ? "\1" : "\0", 2);
	add_format(b, 164, "yyyy\\-mm\\-dd", wide);
	add_xf(b, 0);
	add_xf(b, 14);
	add_xf(b, 164);
	add_xf(b, 46);
	return add_sheet(b, "one", 0, 0, wide);
}

static void
begin_sheet(struct case_buf *b, size_t place, unsigned version)
{
	record(b, END, "", 0);
	set32(b, place, (uint32_t)b->n);
	bof(b, version, 0x10);
}

static void
add_number(struct case_buf *b, unsigned row, unsigned column, unsigned xf,
    double v)
{
	size_t at = cell(b, 0x203, row, column, xf);

	put64(b, v);
	end(b, at);
}

static void
add_label(struct case_buf *b, unsigned id, unsigned row, unsigned column,
    const char *text, size_t n, bool wide)
{
	size_t at = cell(b, id, row, column, 0);

	put16(b, (unsigned)n);
	if (wide)
		case_buf_addc(b, 0);
	case_buf_add(b, text, n);
	end(b, at);
}

static void
add_rk(struct case_buf *b, unsigned row, unsigned column, unsigned xf,
    uint32_t rk)
{
	size_t at = cell(b, 0x27e, row, column, xf);

	put32(b, rk);
	end(b, at);
}

static void
add_truth(struct case_buf *b, unsigned row, unsigned column, int v, int error)
{
	size_t at = cell(b, 0x205, row, column, 0);

	case_buf_addc(b, (char)v);
	case_buf_addc(b, (char)error);
	end(b, at);
}

/* A formula whose result is no number. */
static void
add_formula(struct case_buf *b, unsigned row, unsigned column, int kind, int v)
{
	size_t at = cell(b, FORMULA, row, column, 0);

	put16(b, (unsigned)kind);
	put16(b, (unsigned)v);
	put16(b, 0);
	put16(b, 0xffff);
	put32(b, 0);
	put32(b, 0);
	end(b, at);
}

static void
test_cells(void)
{
	struct case_buf b = { 0 };
	size_t place = begin_book(&b, 0x600, false), at;

	begin_sheet(&b, place, 0x600);
	add_label(&b, 0x204, 0, 0, "name", 4, true);
	add_label(&b, 0x204, 0, 1, "caf\xe9", 4, true);
	add_number(&b, 1, 0, 0, 0.1);
	add_number(&b, 1, 1, 1, 45089);
	add_number(&b, 1, 2, 2, 45089.354166666664);
	add_number(&b, 1, 3, 3, 1.5);
	add_number(&b, 1, 4, 99, 45089);
	add_rk(&b, 3, 0, 0, 5 << 2 | 2);
	add_rk(&b, 3, 1, 0, 12345 << 2 | 3);
	add_rk(&b, 3, 2, 0, (uint32_t)-7 << 2 | 2);
	add_rk(&b, 3, 3, 0, 0x3ff80000);
	add_rk(&b, 3, 4, 0, 0x3ff80000 | 1);
	/* Two numbers in one record; blank cells and a blank row behind. */
	at = begin(&b, 0xbd);
	put16(&b, 4);
	put16(&b, 1);
	put16(&b, 0);
	put32(&b, 1 << 2 | 2);
	put16(&b, 1);
	put32(&b, 45089u << 2 | 2);
	put16(&b, 2);
	end(&b, at);
	record(&b, 0xbe, "\4\0\3\0\0\0\0\0\4\0", 10);
	record(&b, 0x201, "\x09\0\0\0\0\0", 6);
	add_truth(&b, 5, 0, 1, 0);
	add_truth(&b, 5, 1, 0, 0);
	add_truth(&b, 5, 2, 0x2a, 1);
	add_truth(&b, 5, 3, 7, 1);
	at = cell(&b, FORMULA, 6, 0, 1);
	put64(&b, 45089);
	put32(&b, 0);
	put32(&b, 0);
	end(&b, at);
	add_formula(&b, 6, 1, 1, 1);
	add_formula(&b, 6, 2, 2, 0x17);
	add_formula(&b, 6, 3, 0, 0);
	record(&b, 0x4bc, "shared", 6);
	record(&b, STRING, "\2\0\0ok", 5);
	/* Empty texts are no cells, and rows of them not at the end. */
	add_formula(&b, 7, 0, 3, 0);
	add_formula(&b, 7, 1, 0, 0);
	record(&b, STRING, "\0\0\0", 3);
	add_label(&b, 0x204, 8, 0, "", 0, true);
	record(&b, END, "", 0);
	CHECK_BOOK(&b, SIZE_MAX,
	    "1[name][café]\n"
	    "2[0.1][2023-06-12][2023-06-12T08:30:00][36:00:00][45089]\n"
	    "3\n"
	    "4[5][123.45][-7][1.5][0.015]\n"
	    "5[][1][2023-06-12]\n"
	    "6[TRUE][FALSE][#N/A][#DIV/0!]\n"
	    "7[2023-06-12][TRUE][#REF!][ok]\n");
	case_buf_free(&b);
}

static void
test_order(void)
{
	struct case_buf b = { 0 };
	size_t place = begin_book(&b, 0x600, true);
	char *rows;

	begin_sheet(&b, place, 0x600);
	add_number(&b, 3, 1, 0, 31);
	add_number(&b, 3, 0, 1, 43627);
	add_number(&b, 1, 2, 0, 99);
	add_number(&b, 1, 0, 0, 10);
	add_number(&b, 1, 2, 0, 12);
	/* A chart on the sheet has cells of its own. */
	bof(&b, 0x600, 0x20);
	add_number(&b, 0, 0, 0, 1);
	record(&b, END, "", 0);
	record(&b, END, "", 0);
	CHECK_BOOK(&b, SIZE_MAX, "1\n2[10][][12]\n3\n4[2023-06-12][31]\n");
	CHECK_BOOK(&b, 0, "1\n2[10][][12]\n3\n4[2023-06-12][31]\n");
	rows = read_book(&b, false, SIZE_MAX, 4);
	CHECK_STR(rows, "1\n2[10][][12][]\n3\n4[2023-06-12][31][][]\n");
	free(rows);
	case_buf_free(&b);
}

static void
test_sheets(void)
{
	struct case_buf b = { 0 };
	size_t place[4];

	bof(&b, 0x600, 5);
	place[0] = add_sheet(&b, "hidden", 1, 0, true);
	place[1] = add_sheet(&b, "chart", 0, 2, true);
	place[2] = add_sheet(&b, "very", 2, 0, true);
	place[3] = add_sheet(&b, "shown", 0, 0, true);
	record(&b, END, "", 0);
	for (unsigned i = 0; i < 4; i++) {
		set32(&b, place[i], (uint32_t)b.n);
		bof(&b, 0x600, 0x10);
		if (i != 2)
			add_number(&b, 0, 0, 0, i);
		record(&b, END, "", 0);
	}
	CHECK_BOOK(&b, SIZE_MAX, "1[3]\n");
	CHECK_BOOK(&b, 0, "1[0]\n");
	CHECK_BOOK(&b, 1, "");
	CHECK_BOOK(&b, 2, "1[3]\n");
	case_buf_free(&b);
}

static void
put_label_shared(struct case_buf *b, unsigned row, unsigned text)
{
	size_t at = cell(b, 0xfd, row, 0, 0);

	put32(b, text);
	end(b, at);
}

/* Texts that go on in another record, there with wider characters. */
static void
test_shared(void)
{
	struct case_buf b = { 0 };
	size_t place = begin_book(&b, 0x600, false), at;

	at = begin(&b, 0xfc);
	put32(&b, 9);
	put32(&b, 9);
	case_buf_add(&b, "\3\0\0one", 6);
	case_buf_add(&b, "\4\0\0ab", 5);
	end(&b, at);
	/* Half narrow, half wide; a pair of surrogates cut in two. */
	at = begin(&b, CONTINUE);
	case_buf_add(&b, "\1\x2d\x4e\x87\x65", 5);
	case_buf_add(&b, "\2\0\1\x3d\xd8", 5);
	end(&b, at);
	at = begin(&b, CONTINUE);
	case_buf_add(&b, "\1\0\xde", 3);
	/* Rich and phonetic: runs and the rest go on without a flag. */
	case_buf_add(&b, "\3\0\x0c\2\0\3\0\0\0xyz\1\1\1", 15);
	end(&b, at);
	record(&b, CONTINUE, "\2\2\2\2\2ph", 7);
	record(&b, CONTINUE, "", 0);
	at = begin(&b, CONTINUE);
	case_buf_add(&b, "o\0\0\0\4\0\0last", 11);
	case_buf_add(&b, "\1\0\1\0\xdc", 5);
	end(&b, at);
	begin_sheet(&b, place, 0x600);
	for (unsigned i = 0; i < 8; i++)
		put_label_shared(&b, i, i);
	put_label_shared(&b, 9, UINT32_MAX);
	add_number(&b, 10, 0, 0, 7);
	add_label(&b, 0x204, 11, 0, "a\0b", 3, true);
	record(&b, END, "", 0);
	CHECK_BOOK(&b, SIZE_MAX,
	    "1[one]\n2[ab中文]\n3[😀]\n4[xyz]\n5\n6[last]\n"
	    "7[\xef\xbf\xbd]\n8!\n9\n10!\n11[7]\n12!\"a");
	case_buf_free(&b);
}

static void
test_bytes(void)
{
	static const char gbk[] = "\xb3\xc7\xb9\xdc";
	struct case_buf b = { 0 };
	size_t place, code, at;
	char *rows;

	bof(&b, 0x500, 5);
	code = b.n + 4;
	record(&b, 0x42, "\xa8\3", 2);
	add_format(&b, 165, "yyyy\"\xc4\xea\"m", false);
	add_xf(&b, 165);
	place = add_sheet(&b, gbk, 0, 0, false);
	begin_sheet(&b, place, 0x500);
	add_label(&b, 0x204, 0, 0, gbk, 4, false);
	add_label(&b, 0xd6, 0, 1, gbk, 4, false);
	add_number(&b, 0, 2, 0, 45089);
	add_formula(&b, 0, 3, 0, 0);
	record(&b, STRING, "\4\0\xb3\xc7\xb9", 5);
	record(&b, CONTINUE, "\xdc", 1);
	record(&b, END, "", 0);
	CHECK_BOOK(&b, SIZE_MAX, "1[城管][城管][2023-06-12][城管]\n");
	/* No code page said, as bytes allow: GBK too. */
	b.p[code] = b.p[code + 1] = 0;
	CHECK_BOOK(&b, SIZE_MAX, "1[城管][城管][2023-06-12][城管]\n");
	memcpy(b.p + code, "\xe4\4", 2);
	CHECK_BOOK(&b, SIZE_MAX, "1[³Ç¹Ü][³Ç¹Ü][2023-06-12][³Ç¹Ü]\n");
	memcpy(b.p + code, "\xa4\3", 2);
	CHECK_BOOK(&b, SIZE_MAX,
	    "the workbook's texts are in code page 932, which is not read "
	    "here; open it in Excel or LibreOffice and save it as .xlsx");
	case_buf_free(&b);
	/* Only the sheet, as programs write by hand. */
	bof(&b, 0, 0x10);
	add_label(&b, 0x204, 0, 0, gbk, 4, false);
	at = cell(&b, 0x27e, 1, 0, 0);
	put32(&b, 9 << 2 | 2);
	end(&b, at);
	record(&b, END, "", 0);
	CHECK_BOOK(&b, SIZE_MAX, "1[城管]\n2[9]\n");
	/* Even without a compound file. */
	rows = read_xls(b.p, b.n, NULL, SIZE_MAX, 0);
	CHECK_STR(rows, "1[城管]\n2[9]\n");
	free(rows);
	rows = read_xls(b.p, b.n - 4, NULL, SIZE_MAX, 0);
	CHECK(strstr(rows, "cut off or damaged") != NULL);
	free(rows);
	rows = read_xls("\x09\0\4\0\2\0\x10\0", 8, NULL, SIZE_MAX, 0);
	CHECK(strstr(rows, "Excel 4 or older") != NULL);
	free(rows);
	case_buf_free(&b);
}

static void
check_refused(const struct ole_stream *s, size_t n, const char *want)
{
	struct case_buf file = { 0 };
	char *rows;

	build_ole(&file, s, n, false);
	rows = read_xls(file.p, file.n, NULL, SIZE_MAX, 0);
	test_checked++;
	if (strstr(rows, want) == NULL) {
		test_failed++;
		fprintf(stderr, "\"%s\", not \"%s\"\n", rows, want);
	}
	free(rows);
	case_buf_free(&file);
}

static void
test_refused(void)
{
	static const char password[] = "locked with a password";
	struct case_buf b = { 0 }, some = { 0 };
	struct ole_stream s[2] = { { "Other", &some }, { "Workbook", &b } };

	case_buf_adds(&some, "bytes");
	check_refused(s, 0, "without a workbook");
	check_refused(s, 1, "without a workbook");
	s[0].name = "EncryptedPackage";
	check_refused(s, 1, password);
	s[0].name = "WordDocument";
	check_refused(s, 1, "a Word document");
	s[0].name = "PowerPoint Document";
	check_refused(s, 1, "a PowerPoint");
	s[0].name = "__properties_version1.0";
	check_refused(s, 1, "an Outlook message");
	s[0].name = "Book";
	check_refused(s, 1, "damaged inside");
	bof(&b, 0x600, 5);
	record(&b, 0x2f, "\0\0\0\0", 4);
	record(&b, 0xe0, "x", 1);
	s[0].name = "Other";
	check_refused(s, 2, password);
	case_buf_free(&b);
	bof(&b, 0x600, 5);
	check_refused(s, 2, "damaged inside");
	record(&b, END, "", 0);
	check_refused(s, 2, "no sheet with rows");
	case_buf_free(&b);
	record(&b, 0x409, "\0\0\0\1\0\0", 6);
	check_refused(s, 2, "of Excel 4 or older");
	case_buf_free(&b);
	case_buf_free(&some);
}

#define CUT                                                                \
	"the workbook is cut off or damaged inside; ask for it again, or " \
	"open it in Excel or LibreOffice and save it anew"

/* Sheets that are not whole: never a shorter sheet. */
static void
test_cut_sheets(void)
{
	static const char damaged[] = CUT;
	struct case_buf b = { 0 };
	size_t place = begin_book(&b, 0x600, false), n;

	begin_sheet(&b, place, 0x600);
	n = b.n;
	CHECK_BOOK(&b, SIZE_MAX, damaged);
	add_number(&b, 0, 0, 0, 1);
	CHECK_BOOK(&b, SIZE_MAX, damaged);
	record(&b, END, "", 0);
	CHECK_BOOK(&b, SIZE_MAX, "1[1]\n");
	b.n = n;
	record(&b, 0x203, "\0\0\0\0\0\0\0", 7);
	record(&b, END, "", 0);
	CHECK_BOOK(&b, SIZE_MAX, damaged);
	b.n = n;
	add_number(&b, 0, 256, 0, 1);
	record(&b, END, "", 0);
	CHECK_BOOK(&b, SIZE_MAX, damaged);
	b.n = n;
	record(&b, 0xbd, "\0\0\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 18);
	record(&b, END, "", 0);
	CHECK_BOOK(&b, SIZE_MAX, damaged);
	set32(&b, place, UINT32_MAX);
	CHECK_BOOK(&b, SIZE_MAX, damaged);
	set32(&b, place, 4);
	CHECK_BOOK(&b, SIZE_MAX, damaged);
	case_buf_free(&b);
}

/* Two sheets in one place, and one that lies within another. */
static void
test_nested_sheets(void)
{
	struct case_buf b = { 0 };
	size_t place[2], at[2];

	bof(&b, 0x600, 5);
	for (int i = 0; i < 2; i++)
		place[i] = add_sheet(&b, i == 0 ? "a" : "b", 0, 0, true);
	record(&b, END, "", 0);
	for (int i = 0; i < 2; i++) {
		at[i] = b.n;
		bof(&b, 0x600, 0x10);
		add_number(&b, 0, 0, 0, i);
	}
	record(&b, END, "", 0);
	record(&b, END, "", 0);
	set32(&b, place[0], (uint32_t)at[0]);
	set32(&b, place[1], (uint32_t)at[1]);
	CHECK_BOOK(&b, 0, CUT);
	CHECK_BOOK(&b, 1, CUT);
	set32(&b, place[0], (uint32_t)at[1]);
	CHECK_BOOK(&b, 0, CUT);
	case_buf_free(&b);
}

/* How far the file was read: in a straight line from its begin to its end. */
static void
test_position(void)
{
	struct case_buf b = { 0 }, file = { 0 };
	struct ole_stream s = { "Workbook", &b };
	size_t place = begin_book(&b, 0x600, false);
	struct case_reader *rd = NULL;
	struct case_input *in = NULL;
	struct case_error err;
	struct case_row row;
	uint64_t now, size;
	char path[64];

	begin_sheet(&b, place, 0x600);
	for (unsigned i = 0; i < 2500; i++)
		add_number(&b, i, 0, 0, i);
	record(&b, END, "", 0);
	build_ole(&file, &s, 1, false);
	write_file(path, file.p, file.n);
	CHECK_INT(case_input_open(&in, path, CASE_ENCODING_AUTO, &err),
	    CASE_OK);
	CHECK_INT(case_reader_open(&rd, in, NULL, &err), CASE_OK);
	size = case_input_facts(in)->size;
	while (case_reader_next(rd, &row, &err) == CASE_OK) {
		now = case_reader_position(rd);
		CHECK(now + size / 8 >= size * (row.line - 1) / 2500);
		CHECK(now <= size * row.line / 2500 + size / 8);
	}
	CHECK_INT(row.line, 2500);
	case_reader_close(rd);
	case_input_close(in);
	unlink(path);
	case_buf_free(&file);
	case_buf_free(&b);
}

static void
test_limits(void)
{
	struct case_limits limits = case_limits_default;
	struct case_buf b = { 0 }, file = { 0 };
	struct ole_stream s = { "Workbook", &b };
	size_t place = begin_book(&b, 0x600, false);
	char *rows;

	begin_sheet(&b, place, 0x600);
	add_number(&b, 65535, 255, 0, 1);
	record(&b, END, "", 0);
	build_ole(&file, &s, 1, false);
	for (limits.held = 10; limits.held < 10000; limits.held += 4000) {
		rows = read_xls(file.p, file.n, &limits, SIZE_MAX, 0);
		CHECK(strstr(rows, "limit held") != NULL);
		free(rows);
	}
	limits.held = 40000;
	rows = read_xls(file.p, file.n, &limits, SIZE_MAX, 0);
	CHECK(strncmp(rows, "1\n2\n3\n", 6) == 0);
	CHECK(strstr(rows, "\n65536[][]") != NULL);
	free(rows);
	case_buf_free(&file);
	case_buf_free(&b);
}

/* Chains that lead in a circle, and sizes that are lies. */
static void
test_ole(void)
{
	static const struct {
		size_t at;
		uint32_t value;
	} lies[] = { { 30, 0x60020 }, { 30, 0x7000c }, { 44, 0 }, { 44, 2 },
		{ 44, UINT32_MAX }, { 48, 77777 }, { 48, UINT32_MAX },
		{ 76, 5000 }, { 76, UINT32_MAX },
		/* The directory and the book go round, or out of the file. */
		{ 512 + 4, 1 }, { 512 + 4, 99 }, { 512 + 12, 77 },
		{ 1024 + 128 + 116, 4000 }, { 1024 + 128 + 120, UINT32_MAX },
		{ 1024 + 76, 7 }, { 1024 + 66, 0 } };
	struct case_buf b = { 0 }, file = { 0 };
	struct ole_stream s = { "Workbook", &b };
	size_t place = begin_book(&b, 0x600, false);
	uint32_t was;
	char *rows;

	begin_sheet(&b, place, 0x600);
	for (unsigned i = 0; i < 100; i++)
		add_number(&b, i, 0, 0, i);
	record(&b, END, "", 0);
	build_ole(&file, &s, 1, false);
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		memcpy(&was, file.p + lies[i].at, 4);
		set32(&file, lies[i].at, lies[i].value);
		rows = read_xls(file.p, file.n, NULL, SIZE_MAX, 0);
		CHECK(strstr(rows, "damaged inside") != NULL ||
		      strstr(rows, "without a workbook") != NULL);
		free(rows);
		memcpy(file.p + lies[i].at, &was, 4);
	}
	/* A tree of entries that goes round ends all the same. */
	set32(&file, 1024 + 128 + 68, 1);
	set32(&file, 1024 + 128 + 72, 1);
	rows = read_xls(file.p, file.n, NULL, SIZE_MAX, 0);
	CHECK(strncmp(rows, "1[0]\n2[1]\n", 10) == 0);
	free(rows);
	for (size_t n = 0; n < file.n - OLE_SECTOR; n += 7) {
		rows = read_xls(file.p, n, NULL, SIZE_MAX, 0);
		CHECK(rows[0] != '1');
		free(rows);
	}
	case_buf_free(&file);
	case_buf_free(&b);
}

/* Real files, cut and with bytes changed: any end but a crash is fine. */

static uint32_t
draw(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void
damage(const char *p, size_t n, unsigned rounds)
{
	char *copy = malloc(n);
	uint32_t seed = (uint32_t)n;

	for (unsigned i = 0; copy != NULL && i < rounds; i++) {
		memcpy(copy, p, n);
		for (uint32_t k = draw(&seed) % 8 + 1; k > 0; k--) {
			/* Half of the changes meet the tables in front. */
			size_t at = draw(&seed) % (k % 2 ? n : 2048);

			copy[at < n ? at : 0] = (char)draw(&seed);
		}
		free(read_xls(copy, n, NULL, SIZE_MAX, 0));
		free(read_xls(copy, draw(&seed) % n, NULL, SIZE_MAX, 0));
	}
	free(copy);
}

static void
test_real(void)
{
	const char *shared = getenv("CASE_SHARED");
	const char *rounds = getenv("CASE_ROUNDS");
	char path[PATH_MAX], bytes[200000];
	struct dirent *e;
	DIR *dir;
	FILE *f;

	snprintf(path, sizeof(path), "%s/data/real/spreadsheets-calamine",
	    shared == NULL ? "../shared" : shared);
	if ((dir = opendir(path)) == NULL) {
		printf("damaged copies of real files: skipped, %s is not "
		       "there\n",
		    path);
		return;
	}
	while ((e = readdir(dir)) != NULL) {
		size_t n = strlen(e->d_name);

		if (n < 4 || strcmp(e->d_name + n - 4, ".xls") != 0)
			continue;
		snprintf(path, sizeof(path),
		    "%s/data/real/spreadsheets-calamine/%s",
		    shared == NULL ? "../shared" : shared, e->d_name);
		if ((f = fopen(path, "rb")) == NULL)
			continue;
		n = fread(bytes, 1, sizeof(bytes), f);
		fclose(f);
		damage(bytes, n, rounds == NULL ? 40 : (unsigned)atoi(rounds));
	}
	closedir(dir);
}

int
main(void)
{
	test_cells();
	test_order();
	test_sheets();
	test_shared();
	test_bytes();
	test_refused();
	test_cut_sheets();
	test_nested_sheets();
	test_position();
	test_limits();
	test_ole();
	test_real();
	TEST_END();
}
