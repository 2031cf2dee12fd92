/* test_htmlread.c - tables of HTML pages as rows */
#include <time.h>

#include "tests/unit/rowtext.h"

static char *
read_table(const char *p, size_t n, enum case_encoding encoding,
    const struct case_limits *limits, size_t table)
{
	const struct sheet_of o = { .format = CASE_ROWS_HTML,
		.encoding = encoding,
		.limits = limits,
		.other = table };

	return read_sheet(p, n, &o);
}

static void
check_table(int line, const char *page, size_t sheet, const char *want)
{
	char *rows =
	    read_table(page, strlen(page), CASE_ENCODING_AUTO, NULL, sheet);

	test_checked++;
	if (strcmp(rows, want) != 0) {
		test_failed++;
		fprintf(stderr, "%s:%d: \"%s\", not \"%s\"\n", __FILE__, line,
		    rows, want);
	}
	free(rows);
}

#define CHECK_TABLE(page, sheet, want) \
	check_table(__LINE__, (page), (sheet), (want))

static void
test_plain(void)
{
	CHECK_ROWS("<table><tr><td>a</td><td>b</td></tr></table>", 0,
	    "1[a][b]\n");
	CHECK_ROWS("<table><tr><td>a</td></tr></table>", 3, "1[a][][]\n");
	CHECK_TABLE("<html><body><table><thead><tr><th>案号<th>名称</thead>"
		    "<tbody><tr><td>1<td>甲<tr><td>2<td>乙</table>",
	    0, "1[案号][名称]\n2[1][甲]\n3[2][乙]\n");
	/* Empty rows and cells; those at the end of a row are none. */
	CHECK_TABLE("<table><tr></tr><tr><td></td><td>x</td><td> </td>"
		    "<td>&nbsp;</td></tr><tr><td>&nbsp;</table>",
	    0, "1\n2[][x]\n3\n");
	/* What is left out is implied, in either case and wherever. */
	CHECK_TABLE("<TABLE><TD>a<TD>b<TR><TD>c</TABLE>", 0, "1[a][b]\n2[c]\n");
	CHECK_TABLE("<table><tr><td>a</tr></tbody><td>b</table>", 0,
	    "1[a]\n2[b]\n");
	/* But a page that ends in a table may have lost more of its row. */
	CHECK_TABLE("<table><tr><td>a", 0, "1!a\n");
	CHECK_TABLE("<table><tr><td>a</body>", 0, "1[a]\n");
	CHECK_TABLE("<p>x<table><tr><td>a</td></tr>stray<tr><td>b</td>"
		    "</table>",
	    0, "1[a]\n2[b]\n");
	CHECK_TABLE("<?xml version='1.0'?><html><table><tr><td>a</td></tr>"
		    "</table></html>",
	    0, "1[a]\n");
	CHECK_TABLE("<!-- c --><center><table><tr><td>a</td></tr></table>", 0,
	    "1[a]\n");
}

static void
test_texts(void)
{
	CHECK_TABLE("<table><tr><td>  a \n b\t</td><td>&lt;1&gt; &amp; "
		    "&#20013;&#x6587;</td></tr></table>",
	    0, "1[a b][<1> & 中文]\n");
	CHECK_TABLE("<table><tr><td>a<br>b<br/>\n c</td><td><p>d</p><p>e<br>"
		    "</p></td><td>f<br><br>g</td></tr></table>",
	    0, "1[a\nb\nc][d\ne][f\n\ng]\n");
	CHECK_TABLE("<table><tr><td><b>a</b> <i>b</i>c</td><td><div>d</div>e"
		    "<ul><li>f<li>g</ul></td><td><pre>h\n i</pre></td></tr>"
		    "</table>",
	    0, "1[a bc][d\ne\nf\ng][h\ni]\n");
	/* What is no text, and tags that only look so. */
	CHECK_TABLE("<table><tr><td>a<script>if (x < 1) '</td><td>';</script>"
		    "<style><td></style><!-- </td><td> -->b</td>"
		    "<td title='</td><td>'>c</td><td title=\"<tr>\">d</td>"
		    "<td width=10\">e</td><td a=b>f &lt;td> 1 < 2</td></tr>"
		    "</table>",
	    0, "1[ab][c][d][e][f <td> 1 < 2]\n");
	CHECK_TABLE("<!--><table><tr><td>a</td></tr><!---></table>", 0,
	    "1[a]\n");
	CHECK_TABLE("<table><tr><td>a<textarea><td></textarea></td><td><svg>"
		    "<path/><path/></svg>b</td></tr></table>",
	    0, "1[a<td>][b]\n");
}

static void
test_spans(void)
{
	struct case_buf want = { 0 };

	case_buf_adds(&want, "1[a]");
	CHECK_TABLE("<table><tr><td colspan=2>a</td><td>b</td></tr><tr>"
		    "<td rowspan=\"2\">c</td><td>d</td><td>e</td></tr><tr>"
		    "<td>f</td><td>g</td></tr><tr><td>h</td></tr></table>",
	    0, "1[a][][b]\n2[c][d][e]\n3[][f][g]\n4[h]\n");
	CHECK_TABLE("<table><tr><td rowspan=2 colspan=2>a<td>b<tr><td>c"
		    "</table>",
	    0, "1[a][][b]\n2[][][c]\n");
	/* Until the section ends; a span beyond is cut. */
	CHECK_TABLE("<table><tbody><tr><td rowspan=0>a<td>b<tr><td>c<tr><td>d"
		    "<tbody><tr><td>e<tr><td rowspan=99>f<td>g<tr><td>h"
		    "</table>",
	    0, "1[a][b]\n2[][c]\n3[][d]\n4[e]\n5[f][g]\n6[][h]\n");
	CHECK_TABLE("<table><tr><td colspan=x>a<td colspan=0>b"
		    "<td colspan=-1>c<td rowspan=''>d</table>",
	    0, "1[a][b][c][d]\n");
	/* At most so many columns as the standard allows. */
	for (int i = 1; i < 1000; i++)
		case_buf_adds(&want, "[]");
	case_buf_adds(&want, "[b]\n2[c]\n");
	CHECK_TABLE("<table><tr><td colspan=99999999999999999999>a<td>b"
		    "<tr><td colspan=3 rowspan=9>c</table>",
	    0, want.p);
	case_buf_free(&want);
}

static void
test_excel(void)
{
	CHECK_TABLE("<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">"
		    "<table><tr><td x:num=\"12345.678\">12,345.68</td>"
		    "<td x:num>7</td><td x:num=\"0.123\">12.3%</td>"
		    "<td x:num=\"45089\">2023/6/12</td>"
		    "<td x:num=\"45089\">2023-06-12</td>"
		    "<td x:num=\"45089\">2023年6月12日</td>"
		    "<td x:num=\"45089\">########</td>"
		    "<td x:str>001</td><td x:num=\"1e400\">5</td>"
		    "<td x:num=\"-1200\">￥-1,200.00</td>"
		    "<td style='mso-number-format:\"\\@\"'>330106</td></tr>"
		    "</table>",
	    0,
	    "1[12345.678][7][0.123][2023/6/12][2023-06-12][2023年6月12日]"
	    "[45089][001][5][-1200][330106]\n");
}

static void
test_tables(void)
{
	static const char page[] =
	    "<body><table></table><table><caption> 一 <b>表</b></caption><tr>"
	    "<td>a</td></tr></table><table><tr><td>b<table><tr><td>c</td>"
	    "</tr><tr><td>d</table>e</td><td>f</td></tr><tr><td>g</td></tr>"
	    "</table><table><tr><td>h<tr><table><tr><td>i</table>";
	struct case_input *in = NULL;
	struct case_reader *rd = NULL;
	const struct case_sheet *sheet;
	struct case_error err;
	char name[64];
	size_t n;

	CHECK_TABLE(page, 0, "1[a]\n");
	CHECK_TABLE(page, 1, "1[b\ne][f]\n2[g]\n");
	CHECK_TABLE(page, 2, "1[c]\n2[d]\n");
	CHECK_TABLE(page, 3, "1[h]\n2\n");
	CHECK_TABLE(page, 4, "1[i]\n");
	write_file(name, page, sizeof(page) - 1);
	CHECK_INT(case_input_open(&in, name, CASE_ENCODING_AUTO, &err),
	    CASE_OK);
	CHECK_INT(case_reader_open(&rd, in, NULL, &err), CASE_OK);
	sheet = case_reader_sheets(rd, &n);
	CHECK_INT(n, 5);
	if (n == 5) {
		CHECK_STR(sheet[0].name, "一 表");
		CHECK_STR(sheet[1].name, "2");
		CHECK_STR(sheet[4].name, "5");
		CHECK(!sheet[0].hidden);
	}
	case_reader_close(rd);
	case_input_close(in);
	unlink(name);
}

static void
test_bytes(void)
{
	static const char gbk[] =
	    "<html><head><meta charset=gbk></head><table><tr><td>\xb3\xc7"
	    "\xb9\xdc\xd6\xb4\xb7\xa8</td></tr></table>";
	static const char bad[] = "<table><tr><td>a\xff</td></tr><tr><td>b"
				  "</td></tr><tr><td>c\0</td></tr></table>";
	char *rows =
	    read_table(gbk, sizeof(gbk) - 1, CASE_ENCODING_AUTO, NULL, 0);

	CHECK_STR(rows, "1[城管执法]\n");
	free(rows);
	CHECK_TABLE("<html><head><meta charset=gbk></head><table><tr><td>"
		    "城管执法，UTF-8</td></tr></table>",
	    0, "1[城管执法，UTF-8]\n");
	rows = read_table(bad, sizeof(bad) - 1, CASE_ENCODING_UTF8, NULL, 0);
	CHECK(strstr(rows, "1!a") == rows);
	CHECK(strstr(rows, "\n2[b]\n3!c") != NULL);
	free(rows);
}

/* A page of many parts has all their rows. */
static void
test_large(void)
{
	struct case_buf page = { 0 };
	char want[64], *rows;

	case_buf_adds(&page, "<table><tr><th>n<th>x</tr>");
	for (int i = 0; i < 20000; i++)
		case_buf_addf(&page,
		    "<tr><td%s>%d</td><td><table><tr><td>inner</table>%d</td>"
		    "</tr>",
		    i % 1000 == 0 ? " rowspan=2" : "", i, i * 7);
	case_buf_adds(&page, "</table>");
	rows = read_table(page.p, page.n, CASE_ENCODING_AUTO, NULL, 0);
	for (int i = 0; i < 20000; i += 997) {
		snprintf(want, sizeof(want),
		    i % 1000 == 1 ? "\n%d[][%d][%d]\n" : "\n%d[%d][%d]\n",
		    i + 2, i, i * 7);
		CHECK(strstr(rows, want) != NULL);
	}
	CHECK(strstr(rows, "\n20001[19999][139993]\n") != NULL);
	free(rows);
	rows = read_table(page.p, page.n, CASE_ENCODING_AUTO, NULL, 1);
	CHECK_STR(rows, "1[inner]\n");
	free(rows);
	case_buf_free(&page);
}

/* Built of one piece again and again, refused with a word, in no time. */
static void
check_hostile(const char *before, const char *piece, size_t times,
    const char *word)
{
	struct case_limits limits = case_limits_default;
	struct case_buf page = { 0 };
	clock_t from = clock();
	char *rows;

	limits.held = 64 * 1024 * 1024;
	case_buf_adds(&page, before);
	for (size_t i = 0; i < times; i++)
		case_buf_adds(&page, piece);
	rows = read_table(page.p, page.n, CASE_ENCODING_AUTO, &limits, 0);
	test_checked++;
	if (strstr(rows, word) == NULL ||
	    (clock() - from) / CLOCKS_PER_SEC > 8) {
		test_failed++;
		fprintf(stderr, "%s: %.200s, not %s, %ld s\n", piece, rows,
		    word, (long)((clock() - from) / CLOCKS_PER_SEC));
	}
	free(rows);
	case_buf_free(&page);
}

static void
test_hostile(void)
{
	static const char cell[] = "<table><tr><td>";
	struct case_buf wide = { 0 };

	case_buf_adds(&wide, "<tr><td>x");
	for (int i = 1; i < 16384; i++)
		case_buf_adds(&wide, "<td>");

	/* The last row of a table that does not end is at fault: "1!". */
	check_hostile("", "<table><tr><td>", 10000, "limit depth");
	check_hostile("", "<table>", 20000, "without a table");
	check_hostile("", "<table>", 100000, "held");
	check_hostile(cell, "<div>", 300000, "limit depth");
	check_hostile(cell, "<b>", 100000, "limit depth");
	check_hostile(cell, "<svg/><path/><path/>", 100000, "limit depth");
	check_hostile(cell, "<svg><foreignObject><x/>", 100000, "limit depth");
	check_hostile("<table><tr><td ", "a=b ", 100000, "attributes");
	check_hostile("<table><tr>", "<td>", 100000, "1!");
	check_hostile("<table><tr>", "<td colspan=1000>", 100000, "1!");
	check_hostile("<table>", wide.p, 100, "\n99[x]");
	check_hostile("<table><tr>", "<td colspan=900 rowspan=0>", 5, "1!");
	check_hostile("<table>", "<tr><td rowspan=60000>", 10000, "9999\n");
	check_hostile("<table>", "<tr><td rowspan=60000>", 100000,
	    "limit gaps");
	check_hostile(cell, "<p>", 300000, "held");
	check_hostile(cell, "</div>", 300000, "1!");
	check_hostile(cell, "<", 300000, "1!<<<");
	check_hostile(cell, "&", 300000, "1!&&&");
	check_hostile(cell, "<!--", 300000, "1!");
	check_hostile(cell, "<b></p>", 30, "1!");
	check_hostile(cell, "<a></div><b></i>", 30, "1!");
	check_hostile("", "<table><caption>a<tr><td>x</table>", 100000, "held");
	check_hostile("", "<table><caption>a<tr><td>x</table>", 30000,
	    "1[x]\n");
	check_hostile("<html>", "<div>", 300000, "without a table");
	check_hostile("<html><frameset>", "<frame src=a>", 3, "sheet001.htm");
	check_hostile("<html>", "<p>please log in</p>", 3, "login");
	case_buf_free(&wide);
}

/* Broken pages end in rows or in words. */
static void
test_damaged(void)
{
	static const char page[] =
	    "<table border='1'><caption>x</caption><thead><tr><th colspan=2>"
	    "a<th>b</thead><tr><td rowspan=2>c &amp; d<td><p>e<table><tr><td>f"
	    "</table>g<!-- h --><td><select><option>i</select><tr><td><b>j</i>"
	    "<td><pre>k</pre></table>";
	char copy[sizeof(page)];
	uint32_t seed = 1;

	for (size_t i = 0; i < sizeof(page) - 1; i++)
		free(read_table(page, i + 8 < sizeof(page) ? i + 8 : i,
		    CASE_ENCODING_UTF8, NULL, 0));
	for (int i = 0; i < 1000; i++) {
		memcpy(copy, page, sizeof(page));
		for (int k = 0; k < 4; k++) {
			seed = seed * 1664525 + 1013904223;
			copy[8 + (seed >> 8) % (sizeof(page) - 9)] =
			    "<>/\"' =&;tdrablep\xff"[seed >> 24 & 15];
		}
		free(read_table(copy, sizeof(page) - 1, CASE_ENCODING_UTF8,
		    NULL, 0));
	}
}

int
main(void)
{
	test_plain();
	test_texts();
	test_spans();
	test_excel();
	test_tables();
	test_bytes();
	test_large();
	test_hostile();
	test_damaged();
	TEST_END();
}
