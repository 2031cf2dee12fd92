/* test_xmlss.c - workbooks in XML as Excel 2003 writes them */
#include "tests/unit/rowtext.h"

#define HEAD                                                             \
	"<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel."     \
	"Sheet\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:" \
	"spreadsheet\" xmlns:ss=\"urn:schemas-microsoft-com:office:"     \
	"spreadsheet\" xmlns:x=\"urn:schemas-microsoft-com:office:excel\">"
#define SHEET(rows)                                                         \
	HEAD "<Worksheet ss:Name=\"S\"><Table>" rows "</Table></Worksheet>" \
	     "</Workbook>"
#define CELL(type, text) \
	"<Cell><Data ss:Type=\"" type "\">" text "</Data></Cell>"

/* SIZE_MAX: the first sheet, as the reader begins with it. */
static char *
read_xml(const char *p, size_t n, size_t sheet)
{
	const struct sheet_of o = { .format = CASE_ROWS_XMLSS,
		.names = true,
		.again = sheet == 0,
		.other = sheet == SIZE_MAX ? 0 : sheet };

	return read_sheet(p, n, &o);
}

static void
check_sheet(int line, const char *text, size_t sheet, const char *want)
{
	char *rows = read_xml(text, strlen(text), sheet);

	test_checked++;
	if (strcmp(rows, want) != 0) {
		test_failed++;
		fprintf(stderr, "%s:%d: \"%s\", not \"%s\"\n", __FILE__, line,
		    rows, want);
	}
	free(rows);
}

#define CHECK_SHEET(text, sheet, want) \
	check_sheet(__LINE__, (text), (sheet), (want))

static void
test_cells(void)
{
	static const char plain[] = SHEET("<Row>" CELL("String", "案号")
		CELL("String", "a &amp; b&#10;c") "</Row>");

	CHECK_ROWS(SHEET("<Row>" CELL("String", "a") "</Row>"), 2, "1[a][]\n");
	CHECK_SHEET(plain, SIZE_MAX, "1[案号][a & b\nc]\n");
	CHECK_SHEET(SHEET("<Row>" CELL("Number", "0.1") CELL("Number",
			"330106199001011234") CELL("Number",
			"1.23E2") CELL("DateTime", "2023-06-12T00:00:00.000")
			    CELL("DateTime", "2023-06-12T08:30:00.000")
				CELL("DateTime", "1899-12-31T08:30:00.000")
				    CELL("Boolean", "1") CELL("Boolean", "0")
					CELL("Error", "#N/A")
					    CELL("String", "001") "</Row>"),
	    SIZE_MAX,
	    "1[0.1][330106199001011234][123][2023-06-12]"
	    "[2023-06-12T08:30:00][08:30:00][TRUE][FALSE][#N/A][001]\n");
	/* Rich text, comments, formulas, and cells without anything. */
	CHECK_SHEET(SHEET("<Row><Cell/><Cell><ss:Data ss:Type=\"String\" "
			  "xmlns=\"http://www.w3.org/TR/REC-html40\"><B>a</B>"
			  " <Font>b</Font></ss:Data><Comment><ss:Data>no"
			  "</ss:Data></Comment></Cell><Cell ss:Formula=\"=1\">"
			  "<Data ss:Type=\"Number\">1</Data></Cell><Cell>"
			  "<Data ss:Type=\"String\"></Data></Cell></Row>"),
	    SIZE_MAX, "1[][a b][1]\n");
	/* A value that nobody computed is not an empty one. */
	CHECK_SHEET(
	    SHEET("<Row><Cell ss:Formula=\"=1\"/></Row><Row>" CELL("String",
		"a") "<Cell ss:Formula=\"=RC[-1]\"><Data ss:Type="
		     "\"Number\"></Data></Cell></Row><Row><Cell "
		     "ss:Formula=\"=1\"><Data ss:Type=\"String\"/>"
		     "</Cell>" CELL("String", "b") "</Row>"),
	    SIZE_MAX, "1?[=1]\n2?[a][=RC[-1]]\n3[][b]\n");
}

static void
test_places(void)
{
	CHECK_SHEET(SHEET("<Column/><Row ss:Index=\"3\">"
			  "<Cell ss:Index=\"2\"><Data ss:Type=\"String\">a"
			  "</Data></Cell><Cell ss:MergeAcross=\"2\" "
			  "ss:MergeDown=\"1\"><Data ss:Type=\"String\">b</Data>"
			  "</Cell>" CELL("String",
			      "c") "</Row><Row>" CELL("String",
			      "d") "</Row><Row/><Row ss:Span=\"2\"/>"
				   "<Row>" CELL("String",
				       "e") "</Row><Row><Cell/></Row>"
					    "<Row ss:Index=\"99\"/>"),
	    SIZE_MAX, "1\n2\n3[][a][b][][][c]\n4[d]\n5\n6\n7\n8\n9[e]\n");
	CHECK_SHEET(SHEET(""), SIZE_MAX, "");
	CHECK_SHEET(SHEET("<Row>" CELL("String",
			"a") "<Cell "
			     "ss:Index=\"16385\"><Data>b</Data></Cell></Row>"
			     "<Row>" CELL("String", "c") "</Row>"),
	    SIZE_MAX, "1!a\n2[c]\n");
}

static void
test_sheets(void)
{
	static const char book[] =
	    HEAD "<Worksheet ss:Name=\"一\"><Table><Row>" CELL("String",
		"a") "</Row></Table><WorksheetOptions "
		     "xmlns=\"urn:schemas-microsoft-com"
		     ":office:excel\"><Visible>SheetHidden</Visible></"
		     "WorksheetOptions>"
		     "</Worksheet><Worksheet "
		     "ss:Name=\"b\"><Table><Row/><Row>" CELL("String",
			 "b") "</Row></Table></Worksheet><Worksheet "
			      "ss:Name=\"c\"/></Workbook>";

	CHECK_SHEET(book, SIZE_MAX, "一?|b|c|1\n2[b]\n");
	CHECK_SHEET(book, 0, "一?|b|c|1[a]\n");
	CHECK_SHEET(book, 2, "一?|b|c|");
}

/* The text is refused with these words. */
static void
check_refused(const char *text, const char *word)
{
	char *rows = read_xml(text, strlen(text), SIZE_MAX);

	CHECK(strstr(rows, word) != NULL);
	free(rows);
}

static void
test_refused(void)
{
	static const char whole[] = SHEET(
	    "<Row>" CELL("String", "a") "</Row>"
					"<Row>" CELL("Number", "1") "</Row>");
	char *rows;

	check_refused(HEAD "</Workbook>", "no sheet with rows");
	check_refused(SHEET("<Row ss:Index=\"2\"/><Row ss:Index=\"1\"/>"),
	    "not in order");
	check_refused(SHEET("<Row ss:Index=\"0\"/>"), "not in order");
	check_refused(SHEET("<Row ss:Index=\"4000000000\"/>"), "too many");
	check_refused(SHEET("<Row ss:Index=\"x\"/>"), "too many");
	check_refused(SHEET("<Row><Cell ss:Index=\"2\"/><Cell ss:Index=\"2\"/>"
			    "</Row>"),
	    "not in order");
	/* Cut off anywhere behind its begin, it has no rows at all. */
	for (size_t n = strlen(HEAD); n < sizeof(whole) - 1; n++) {
		rows = read_xml(whole, n, SIZE_MAX);
		CHECK(rows[0] != '1');
		free(rows);
	}
}

int
main(void)
{
	test_cells();
	test_places();
	test_sheets();
	test_refused();
	TEST_END();
}
