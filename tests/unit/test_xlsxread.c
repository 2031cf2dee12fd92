/* test_xlsxread.c - rows of Office Open XML workbooks, good and bad */
#include <stdlib.h>
#include <unistd.h>

#include "case/row.h"
#include "tests/unit/rowtext.h"
#include "tests/unit/zipmake.h"

#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/"
#define RELATIONS                                                          \
	"<Relationships xmlns='http://schemas.openxmlformats.org/package/" \
	"2006/relationships'>"
#define MAIN "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"

/* The parts of a workbook; NULL: the usual one, "": left out. */
struct parts {
	const char *types;
	const char *root;
	const char *book;
	const char *relations;
	const char *styles;
	const char *strings;
	const char *data;   /* of xl/worksheets/sheet1.xml, within sheetData */
	const char *sheet;  /* all of it */
	const char *second; /* within the sheetData of sheet2.xml */
};

static struct case_limits limits;

static void
add(struct zipmake *z, const char *name, const char *text, const char *usual)
{
	if (text == NULL)
		text = usual;
	if (text[0] != '\0')
		zip_add(z, name, text);
}

static void
make(struct zipmake *z, const struct parts *p)
{
	struct case_buf sheet = { 0 };

	*z = (struct zipmake){ .n = 0 };
	add(z, "[Content_Types].xml", p->types,
	    "<Types><Override PartName='/xl/workbook.xml' ContentType='"
	    "application/vnd.openxmlformats-officedocument.spreadsheetml."
	    "sheet.main+xml'/></Types>");
	add(z, "_rels/.rels", p->root,
	    RELATIONS "<Relationship Id='r' Type='" TYPE
		      "relationships/officeDocument' "
		      "Target='xl/workbook.xml'/></Relationships>");
	add(z, "xl/workbook.xml", p->book,
	    "<workbook " MAIN " xmlns:r='" TYPE "relationships'><sheets>"
	    "<sheet name='台账' sheetId='1' r:id='rId1'/>"
	    "<sheet name='Two' sheetId='2' r:id='rId2'/>"
	    "</sheets></workbook>");
	add(z, "xl/_rels/workbook.xml.rels", p->relations,
	    RELATIONS
	    "<Relationship Id='rId1' Type='" TYPE "relationships/worksheet' "
	    "Target='worksheets/sheet1.xml'/>"
	    "<Relationship Id='rId2' Type='" TYPE "relationships/worksheet' "
	    "Target='/xl/./worksheets/../worksheets/sheet2.xml'/>"
	    "<Relationship Id='rId3' Type='" TYPE
	    "relationships/sharedStrings' "
	    "Target='sharedStrings.xml'/>"
	    "<Relationship Id='rId4' Type='" TYPE
	    "relationships/styles' Target='styles.xml'/>"
	    "</Relationships>");
	add(z, "xl/styles.xml", p->styles, "");
	add(z, "xl/sharedStrings.xml", p->strings, "");
	case_buf_addf(&sheet,
	    "<worksheet " MAIN "><sheetData>%s</sheetData>"
	    "<pageMargins/></worksheet>",
	    p->data != NULL ? p->data : "");
	add(z, "xl/worksheets/sheet1.xml", p->sheet, sheet.p);
	case_buf_reset(&sheet);
	case_buf_addf(&sheet,
	    "<worksheet " MAIN "><sheetData>%s</sheetData>"
	    "</worksheet>",
	    p->second != NULL ? p->second : "");
	add(z, "xl/worksheets/sheet2.xml", NULL, sheet.p);
	zip_end(z);
	case_buf_free(&sheet);
}

struct open {
	char path[64];
	struct case_input *in;
	struct case_reader *rd;
	struct case_error err;
};

static enum case_status
begin(struct open *o, const char *p, size_t n)
{
	struct case_reader_options options = { .limits = &limits };
	enum case_status rc;

	*o = (struct open){ .in = NULL };
	write_file(o->path, p, n);
	rc = case_input_open(&o->in, o->path, CASE_ENCODING_AUTO, &o->err);
	if (rc == CASE_OK)
		rc = case_reader_open(&o->rd, o->in, &options, &o->err);
	return rc;
}

static void
finish(struct open *o)
{
	case_reader_close(o->rd);
	case_input_close(o->in);
	unlink(o->path);
}

/* All rows, and the error when it does not end well; read twice. */
static void
rows_of(struct case_buf *out, struct open *o)
{
	struct case_buf again = { 0 };
	enum case_status rc = rows_text(out, o->rd, &o->err);

	CHECK(case_reader_rewind(o->rd, &o->err) == CASE_OK);
	CHECK_INT(rows_text(&again, o->rd, &o->err), rc);
	CHECK_STR(case_buf_str(&again), case_buf_str(out));
	case_buf_free(&again);
	if (rc != CASE_EOF)
		case_buf_addf(out, "!%zu %s", o->err.line, o->err.what);
}

static void
check_width(const struct parts *p, size_t width, const char *want, int line)
{
	struct case_buf got = { 0 };
	struct zipmake z;
	struct open o;

	make(&z, p);
	if (begin(&o, z.out.p, z.out.n) == CASE_OK) {
		case_reader_set_width(o.rd, width);
		rows_of(&got, &o);
	} else {
		case_buf_addf(&got, "!%s", o.err.what);
	}
	/* Of a refusal the begin is enough. */
	if (strchr(want, '!') != NULL && got.n > strlen(want)) {
		got.n = strlen(want);
		got.p[got.n] = '\0';
	}
	if (strcmp(case_buf_str(&got), want) != 0)
		fprintf(stderr, "line %d:\n", line);
	CHECK_STR(case_buf_str(&got), want);
	case_buf_free(&got);
	finish(&o);
	zip_free(&z);
}

#define CHECK_BOOK(want, ...)                                \
	do {                                                 \
		const struct parts parts_ = { __VA_ARGS__ }; \
		check_width(&parts_, 0, want, __LINE__);     \
	} while (0)
#define CHECK_DATA(data_, want) CHECK_BOOK(want, .data = data_)

static void
test_texts(void)
{
	static const char sst[] =
	    "<sst " MAIN " count='9' uniqueCount='1'>\n"
	    "<si><t>案号</t></si>\n"
	    "<si><r><rPr><b/><t/></rPr><t>婺综</t></r>"
	    "<r><t xml:space='preserve'> 执 </t></r></si>"
	    "<si><t>課</t><rPh sb='0' eb='1'><t>カ</t></rPh>"
	    "<phoneticPr fontId='1'/></si>"
	    "<si/><si><t></t></si>"
	    "<si><t>a_x000D_\nb_x4E00__x_x00_ _xD83D__xDE00__xD83D_</t></si>"
	    "<si><t><![CDATA[<&]]>&amp;&#x4e00;</t></si>"
	    "</sst>";

	CHECK_BOOK("1[案号][婺综 执 ][課][][][a\r\nb一_x_x00_ "
		   "😀_xD83D_][<&&一]\n",
	    .strings = sst,
	    .data = "<row r='1'><c r='A1' t='s'><v>0</v></c>"
		    "<c r='B1' t='s'><v>1</v></c><c r='C1' t='s'><v> 2 </v></c>"
		    "<c r='D1' t='s'><v>3</v></c><c r='E1' t='s'><v>4</v></c>"
		    "<c r='F1' t='s'><v>5</v></c>"
		    "<c r='G1' t='s'><v>6</v></c></row>");
	CHECK_DATA("<row><c t='inlineStr'><is><t>  x  </t></is></c>"
		   "<c t='inlineStr'><is><r><t>a</t></r><rPh><t>q</t></rPh>"
		   "<r><t>b_x0009_</t></r></is></c>"
		   "<c t='str'><f>A1</f><v>文 </v></c>"
		   "<c t='inlineStr'><v>v</v></c>"
		   "<c t='inlineStr'><is><t>i</t></is><v>v</v></c>"
		   "<c t='inlineStr'><v>v</v><is><t>i</t></is></c>"
		   "<c><is><t>n</t></is></c></row>",
	    "1[  x  ][ab\t][文 ][v][i][i][n]\n");
}

static void
test_values(void)
{
	CHECK_DATA("<row><c><v>45089</v></c><c><v>0.10000000000000001</v></c>"
		   "<c><v>1234.5599999999999</v></c><c><v>1E3</v></c>"
		   "<c><v>-0.50</v></c><c><v> 7 </v></c><c><v>.5</v></c>"
		   "<c><v>5.</v></c><c><v>1e-7</v></c><c><v>-0</v></c></row>",
	    "1[45089][0.1][1234.56][1000][-0.5][7][0.5][5][1e-7][0]\n");
	/* No digit of an ID is lost, or made up. */
	CHECK_DATA("<row><c><v>110101199003071234</v></c>"
		   "<c><v>1.1010119900307101E+17</v></c>"
		   "<c><v>00123</v></c><c><v>123456789012345</v></c></row>",
	    "1[110101199003071234][1.10101199003071e+17][00123]"
	    "[123456789012345]\n");
	CHECK_DATA("<row><c t='b'><v>1</v></c><c t='b'><v>0</v></c>"
		   "<c t='b'><v>true</v></c><c t='e'><v>#N/A</v></c>"
		   "<c t='n'><v>no number</v></c><c t='e'><v>#DIV/0!</v></c>"
		   "<c t='n'><v>1e999</v></c><c t='n'><v>NaN</v></c></row>",
	    "1[TRUE][FALSE][TRUE][#N/A][no number][#DIV/0!][1e999][NaN]\n");
	CHECK_DATA("<row><c t='d'><v>2021-01-01</v></c>"
		   "<c t='d'><v>2021-01-01T10:10:10.000Z</v></c>"
		   "<c t='d'><v>2021-01-01T00:00:00</v></c>"
		   "<c t='d'><v>10:10:10</v></c></row>",
	    "1[2021-01-01][2021-01-01T10:10:10][2021-01-01][10:10:10]\n");
}

static const char styles[] =
    "<styleSheet " MAIN "><numFmts count='4'>"
    "<numFmt numFmtId='164' formatCode='yyyy\"年\"m\"月\"d\"日\"'/>"
    "<numFmt numFmtId='165' formatCode='0.00\"day\"'/>"
    "<numFmt numFmtId='166' formatCode='[Red]\\d0;[h]'/>"
    "<numFmt numFmtId='167' formatCode='[h]:mm'/></numFmts>"
    "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
    "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='164'/>"
    "<xf numFmtId='165'/><xf numFmtId='166'/><xf numFmtId='167'/>"
    "<xf numFmtId='22'/><xf numFmtId='20'/><xf numFmtId='49'/></cellXfs>"
    "<dxfs><dxf><numFmt numFmtId='165' formatCode='yyyy'/></dxf></dxfs>"
    "</styleSheet>";

static void
test_dates(void)
{
	static const char data[] =
	    "<row><c s='0'><v>45089</v></c><c s='1'><v>45089</v></c>"
	    "<c s='2'><v>45089</v></c><c s='3'><v>45089</v></c>"
	    "<c s='4'><v>45089</v></c><c s='5'><v>1.5</v></c>"
	    "<c s='6'><v>45089.354166666664</v></c><c s='7'><v>0.5</v></c>"
	    "<c s='8'><v>45089</v></c><c s='99'><v>45089</v></c>"
	    "<c s=''><v>45089</v></c></row>";

	CHECK_BOOK("1[45089][2023-06-12][2023-06-12][45089][45089][36:00:00]"
		   "[2023-06-12T08:30:00][12:00:00][45089][45089][45089]\n",
	    .styles = styles, .data = data);
	/* The day that 1900 had only in a spreadsheet. */
	CHECK_BOOK("1[1900-01-01][1900-02-28][60][1900-03-01]\n",
	    .styles = styles,
	    .data = "<row><c s='1'><v>1</v></c><c s='1'><v>59</v></c>"
		    "<c s='1'><v>60</v></c><c s='1'><v>61</v></c></row>");
	CHECK_BOOK("1[1904-01-01][2023-06-12]\n", .styles = styles,
	    .book = "<workbook><workbookPr date1904='1'/><sheets>"
		    "<sheet name='S' r:id='rId1' xmlns:r='r'/></sheets>"
		    "</workbook>",
	    .data = "<row><c s='1'><v>0</v></c>"
		    "<c s='1'><v>43627</v></c></row>");
	/* Without styles a date is its number. */
	CHECK_DATA("<row><c s='3'><v>45089</v></c></row>", "1[45089]\n");
}

static void
test_places(void)
{
	/* By reference, whatever the order; gaps are blank rows. */
	CHECK_DATA("<row r='2'><c r='C2'><v>3</v></c><c r='A2'><v>1</v></c>"
		   "</row><row r='4'/><row r='5'><c r='b5'><v>2</v></c>"
		   "<c><v>9</v></c></row>",
	    "1\n2[1][][3]\n3\n4\n5[][2][9]\n");
	/* Rows without a number: the next, or what the first cell says. */
	CHECK_DATA("<row><c><v>1</v></c></row><row><c r='A4'><v>4</v></c>"
		   "<c r='B4'><v>5</v></c></row><row><c><v>6</v></c></row>",
	    "1[1]\n2\n3\n4[4][5]\n5[6]\n");
	/* Empty cells and rows at the end are none. */
	CHECK_DATA("<row r='1'><c r='A1'><v>1</v></c><c r='B1' s='4'/>"
		   "<c r='XFD1'><v/></c></row><row r='2'><c r='A2' "
		   "s='1'/></row>"
		   "<row r='65203'/>",
	    "1[1]\n");
	CHECK_DATA("<row r='1'><c r='XFD1'/></row>", "");
	CHECK_DATA("", "");
	CHECK_BOOK("", .sheet = "<worksheet/>");
}

static void
test_width(void)
{
	const struct parts p = {
		.data = "<row><c><v>1</v></c></row>"
			"<row r='3'><c r='A3'><v>1</v></c><c "
			"r='D3'><v>4</v></c></row>"
			"<row r='4'><c r='C4'><v>3</v></c><c r='E4'/></row>"
	};

	check_width(&p, 0, "1[1]\n2\n3[1][][][4]\n4[][][3]\n", __LINE__);
	check_width(&p, 3, "1[1][][]\n2\n3[1][][][4]\n4[][][3]\n", __LINE__);
	check_width(&p, 4, "1[1][][][]\n2\n3[1][][][4]\n4[][][3][]\n",
	    __LINE__);
}

static void
test_formulas(void)
{
	CHECK_DATA("<row><c><f>B1</f><v>7</v></c><c t='str'><f>x</f><v></v>"
		   "</c><c><f t='shared' si='0'/><v>8</v></c></row>",
	    "1[7][][8]\n");
	/* A value that nobody computed is not an empty one. */
	CHECK_BOOK("1[1]\n2?[2][=A1&\"<\"]\n3?[=A1]\n4[4]\n5?[=][x]\n6[7][]"
		   "[8]\n7[9]\n",
	    .data = "<row><c><v>1</v></c></row>"
		    "<row><c><v>2</v></c><c><f>A1&amp;\"&lt;\"</f></c></row>"
		    "<row><c><f>A1</f><v></v></c></row>"
		    "<row><c><v>4</v></c></row>"
		    "<row><c><f t='shared' si='0'/></c>"
		    "<c t='inlineStr'><f>A1</f><is><t>x</t></is></c></row>"
		    "<row><c><f>A1</f><v>7</v></c><c><v/></c>"
		    "<c><v>8</v><f>A1</f></c></row>"
		    "<row><c><f>A</f><f>B</f><v>9</v></c></row>");
}

static void
test_refused(void)
{
	CHECK_DATA("<row r='2'/><row r='2'/>",
	    "!2 sheet '台账', row 2: it stands behind row 2;");
	CHECK_DATA("<row r='3'><c><v>1</v></c></row><row r='1'/>",
	    "1\n2\n3[1]\n!1 sheet '台账', row 1: it stands behind row 3");
	CHECK_DATA("<row r='1048577'/>",
	    "!0 sheet '台账', row 0: the next row has no good number");
	CHECK_DATA("<row r='0'/>", "!0 sheet '台账', row 0: the next row");
	CHECK_DATA("<row r='x'/>", "!0 sheet '台账', row 0: the next row");
	CHECK_DATA("<row r='1048576'/><row/>",
	    "!1048576 sheet '台账', row 1048576: the next row");
	CHECK_DATA("<row r='1'><c r='XFE1'/></row>",
	    "!1 sheet '台账', row 1: a cell is said to be at 'XFE1', which");
	CHECK_DATA("<row r='1'><c r='A0'/></row>", "!1 sheet '台账', row 1: a");
	CHECK_DATA("<row r='1'><c r='11'/></row>", "!1 sheet '台账', row 1: a");
	CHECK_DATA("<row r='1'><c r='A1B'/></row>", "!1 sheet '台账', row 1");
	CHECK_DATA("<row r='1'><c r='AAAAAAAAAAAAAAAAAAAAAA1'/></row>",
	    "!1 sheet '台账', row 1: a cell is said to be at 'AAAAAAAAAAAAAA");
	CHECK_DATA("<row r='1'><c r='A2'/></row>",
	    "!1 sheet '台账', row 1: a cell is said to be at 'A2', in another");
	CHECK_DATA("<row><c r='A2'/><c r='A3'/></row>",
	    "!2 sheet '台账', row 2: a cell is said to be at 'A3', in another");
	CHECK_DATA("<row><c r='XFD1'/><c/></row>",
	    "!1 sheet '台账', row 1: it has more than 16384 cells");
	CHECK_DATA("<row><c r='AB1'><v>1</v></c><c r='AB1'><v>1</v></c></row>",
	    "!1 sheet '台账', cell AB1: it is there twice");
	CHECK_DATA("<row><c t='q'><v>1</v></c></row>",
	    "!1 sheet '台账', row 1: a cell is of an unknown type, 'q'");
	CHECK_DATA("<row r='9'><c t='s'><v>0</v></c></row>",
	    "!9 sheet '台账', cell A9: the workbook's shared strings are "
	    "missing");
	CHECK_BOOK("!2 sheet '台账', cell B2: it is to be shared string '2', "
		   "of which there are 2",
	    .strings = "<sst><si/><si/></sst>",
	    .data = "<row r='2'><c r='B2' t='s'><v>2</v></c></row>");
	CHECK_BOOK("!1 sheet '台账', cell A1: it is to be shared string '-1'",
	    .strings = "<sst><si/></sst>",
	    .data = "<row><c t='s'><v>-1</v></c></row>");
	CHECK_BOOK("!1 sheet '台账', cell A1: xl/sharedStrings.xml: the XML is",
	    .strings = "<sst><si>", .data = "<row><c t='s'><v>0</v></c></row>");
}

static void
test_broken(void)
{
	CHECK_BOOK("!0 sheet '台账', behind row 0: it is no worksheet but",
	    .sheet = "<chartsheet/>");
	CHECK_BOOK("1[1]\n!1 sheet '台账', behind row 1: the XML is broken",
	    .sheet = "<worksheet><sheetData><row><c><v>1</v></c></row>");
	CHECK_BOOK("!0 sheet '台账', behind row 0: the XML has a DOCTYPE",
	    .sheet = "<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet/>");
	CHECK_BOOK("!sheet '台账' is missing from the file", .sheet = "");
	CHECK_BOOK("!xl/styles.xml: the XML is broken", .styles = "<s");
	CHECK_BOOK("!the workbook has no sheet with cells",
	    .book = "<workbook><sheets/></workbook>");
	CHECK_BOOK("!sheet '台账' is missing from the file", .relations = "");
	CHECK_BOOK("!the workbook lacks its list of sheets", .book = "");
}

/* The sheets, then what each of them holds. */
static void
test_sheets(void)
{
	const struct parts p = {
		.book = "<x:workbook xmlns:x='x' xmlns:q='q'><x:sheets>"
			"<x:sheet name='Hidden' state='hidden' q:id='rId2'/>"
			"<x:sheet name='Chart' q:id='rId9'/>"
			"<x:sheet name='&lt;一&gt;' sheetId='7' q:id='rId1'/>"
			"<x:sheet name='Very' state='veryHidden' q:id='rId6'/>"
			"<x:sheet name='Gone' q:id='rId5'/>"
			"</x:sheets></x:workbook>",
		.relations = RELATIONS
		"<Relationship Id='rId1' Type='" TYPE
		"relationships/worksheet' "
		"Target='worksheets\\sheet1.xml'/>"
		"<Relationship Id='rId2' Type='http://purl.oclc."
		"org/ooxml/officeDocument/relationships/worksheet'"
		" Target='../xl//worksheets/SHEET2.xml'/>"
		"<Relationship Id='rId9' Type='" TYPE
		"relationships/chartsheet' Target='c.xml'/>"
		"<Relationship Id='rId5' Type='" TYPE
		"relationships/worksheet' Target='no.xml'/>"
		"<Relationship Id='rId6' Type='" TYPE
		"relationships/worksheet' Target='no.xml'/>"
		"</Relationships>",
		.data = "<row><c><v>1</v></c></row><row><c><v>2</v></c></row>",
		.second = "<row r='2'><c><v>22</v></c></row>",
	};
	const struct case_sheet *sheet;
	struct case_buf got = { 0 };
	struct zipmake z;
	struct case_row row;
	struct open o;
	size_t n;

	make(&z, &p);
	CHECK_INT(begin(&o, z.out.p, z.out.n), CASE_OK);
	CHECK_INT(case_reader_format(o.rd), CASE_ROWS_XLSX);
	sheet = case_reader_sheets(o.rd, &n);
	CHECK_INT(n, 4);
	CHECK_STR(sheet[0].name, "Hidden");
	CHECK(sheet[0].hidden && !sheet[1].hidden && sheet[2].hidden);
	CHECK_STR(sheet[1].name, "<一>");
	CHECK_STR(sheet[3].name, "Gone");
	CHECK_INT(case_reader_sheet(o.rd), 1);
	CHECK_INT(case_reader_next(o.rd, &row, &o.err), CASE_OK);
	CHECK_INT(case_reader_select(o.rd, 0, &o.err), CASE_OK);
	rows_of(&got, &o);
	CHECK_STR(got.p, "1\n2[22]\n");
	CHECK_INT(case_reader_select(o.rd, 3, &o.err), CASE_EDATA);
	CHECK_INT(case_reader_next(o.rd, &row, &o.err), CASE_EUSAGE);
	CHECK_INT(case_reader_select(o.rd, 4, &o.err), CASE_EUSAGE);
	CHECK_INT(case_reader_select(o.rd, 1, &o.err), CASE_OK);
	case_buf_reset(&got);
	rows_of(&got, &o);
	CHECK_STR(got.p, "1[1]\n2[2]\n");
	case_buf_free(&got);
	finish(&o);
	zip_free(&z);
	CHECK_BOOK("!xl/workbook.xml: sheet 'b' is the same part of the file",
	    .book = "<workbook><sheets><sheet name='a' id='rId1'/>"
		    "<sheet name='b' id='rId1'/></sheets></workbook>");
}

/* A cell in the last column of each row: as far as the limit goes. */
static void
test_gaps(void)
{
	struct case_buf b = { 0 };
	struct case_row row;
	struct zipmake z;
	struct open o;
	struct parts p = { .data = NULL };
	enum case_status rc;
	size_t n;

	for (int i = 1; i <= 1100; i++)
		case_buf_addf(&b, "<row r='%d'><c r='XFD%d'><v>1</v></c></row>",
		    i, i);
	p.data = b.p;
	make(&z, &p);
	for (limits.gaps = 16000; limits.gaps < 18000; limits.gaps += 1000) {
		CHECK_INT(begin(&o, z.out.p, z.out.n), CASE_OK);
		for (n = 0;
		     (rc = case_reader_next(o.rd, &row, &o.err)) == CASE_OK;)
			n++;
		CHECK_INT(rc, limits.gaps == 16000 ? CASE_EDATA : CASE_EOF);
		CHECK_INT(n, limits.gaps == 16000 ? 1024 : 1100);
		CHECK(rc == CASE_EOF ||
		      strstr(o.err.what, "limit gaps is 16000") != NULL);
		finish(&o);
	}
	limits = case_limits_default;
	zip_free(&z);
	case_buf_free(&b);
}

/* How far the file was read: on and on, and at its end with the last sheet. */
static void
test_position(void)
{
	struct case_buf b = { 0 };
	struct parts p = { .data = NULL };
	uint64_t at = 0, now, size;
	struct case_row row;
	size_t moves = 0;
	struct zipmake z;
	struct open o;

	for (unsigned i = 1; i <= 30000; i++)
		case_buf_addf(&b, "<row><c><v>%u</v></c></row>",
		    i * 2654435761U);
	p.data = p.second = b.p;
	make(&z, &p);
	CHECK_INT(begin(&o, z.out.p, z.out.n), CASE_OK);
	size = case_input_facts(o.in)->size;
	CHECK(case_reader_position(o.rd) < size / 4);
	for (size_t sheet = 0; sheet < 2; sheet++) {
		CHECK_INT(case_reader_select(o.rd, sheet, &o.err), CASE_OK);
		while (case_reader_next(o.rd, &row, &o.err) == CASE_OK) {
			now = case_reader_position(o.rd);
			CHECK(now >= at && now <= size);
			moves += now > at;
			at = now;
		}
		CHECK(sheet == 1 || (at > size / 3 && at < size - size / 3));
	}
	CHECK(moves > 4);
	CHECK(at > size - size / 8);
	finish(&o);
	zip_free(&z);
	case_buf_free(&b);
}

/* Spoilt bytes, each in turn: words, or rows; never more than that. */
static void
test_damage(void)
{
	const struct parts p = { .styles = styles,
		.strings = "<sst><si><t>x</t></si></sst>",
		.data =
		    "<row><c t='s'><v>0</v></c><c s='1'><v>1</v></c></row>" };
	struct case_row row;
	struct zipmake z;
	struct open o;

	make(&z, &p);
	for (size_t at = 0; at < z.out.n; at += 7) {
		z.out.p[at] = (char)(z.out.p[at] ^ 0x55);
		if (begin(&o, z.out.p, z.out.n) == CASE_OK)
			while (case_reader_next(o.rd, &row, &o.err) == CASE_OK)
				CHECK(row.line == 1);
		z.out.p[at] = (char)(z.out.p[at] ^ 0x55);
		finish(&o);
	}
	for (size_t n = 0; n < z.out.n; n += 13) {
		CHECK(begin(&o, z.out.p, n) != CASE_OK || n < 4);
		finish(&o);
	}
	zip_free(&z);
}

static void
test_limits(void)
{
	struct case_buf b = { 0 };

	limits.held = 1000;
	case_buf_adds(&b, "<sst><si><t>");
	for (int i = 0; i < 1000; i++)
		case_buf_adds(&b, "长");
	case_buf_adds(&b, "</t></si></sst>");
	CHECK_BOOK("!1 sheet '台账', cell A1: xl/sharedStrings.xml: the "
		   "workbook's shared strings are too long",
	    .strings = b.p, .types = "", .root = "",
	    .relations =
		RELATIONS "<Relationship Id='rId1' Type='/worksheet' "
			  "Target='worksheets/sheet1.xml'/>"
			  "<Relationship Id='s' Type='/sharedStrings' "
			  "Target='sharedStrings.xml'/></Relationships>",
	    .data = "<row><c t='s'><v>0</v></c></row>");
	limits = case_limits_default;
	limits.entries = 1;
	CHECK_BOOK("!the archive holds too many files", .data = "");
	limits = case_limits_default;
	case_buf_free(&b);
}

/* Told by what is in them, not by their names or their first bytes. */
static void
test_kinds(void)
{
	static const struct {
		const char *name;
		const char *text;
		const char *want;
	} kinds[] = {
		{ "案卷.csv", "案号", "a ZIP archive" },
		{ "word/document.xml", "<d/>", "a Word document" },
		{ "[Content_Types].xml", "x.wordprocessingml.document.main x",
		    "a Word document" },
		{ "[Content_Types].xml", "ms-excel.sheet.binary.macroEnabled",
		    "a binary Excel workbook" },
		{ "[Content_Types].xml", "presentationml.slide", "slides" },
		{ "mimetype", "application/vnd.oasis.opendocument.text",
		    "an OpenDocument text" },
		{ "xl/worksheets/sheet1.xml", "<worksheet/>",
		    "the workbook lacks its list" },
	};
	char *pad = calloc(1, 100000);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct zipmake z = { .stored = true };
		struct open o;

		zip_add_n(&z, "pad", pad, 100000);
		zip_add(&z, kinds[i].name, kinds[i].text);
		zip_end(&z);
		CHECK_INT(begin(&o, z.out.p, z.out.n), CASE_EDATA);
		CHECK(strncmp(o.err.what, kinds[i].want,
			  strlen(kinds[i].want)) == 0);
		finish(&o);
		zip_free(&z);
	}
	free(pad);
}

/* A value of more than 1 MiB, and a row of more than 16. */
static void
test_long(void)
{
	const size_t n = (size_t)18 * 1024 * 1024;
	struct case_buf b = { 0 };
	struct zipmake z;
	struct case_row row;
	struct open o;
	struct parts p = { .data = NULL };

	for (int i = 0; i < 2; i++) {
		case_buf_adds(&b, "<row><c t='str'><v>");
		case_buf_reserve(&b, n);
		memset(b.p + b.n, 'x', i == 0 ? (size_t)1048577 : n);
		b.n += i == 0 ? (size_t)1048577 : n;
		case_buf_adds(&b, "</v></c></row>");
	}
	case_buf_adds(&b, "<row><c><v>3</v></c></row>");
	p.data = b.p;
	limits.ratio = 100000;
	make(&z, &p);
	CHECK_INT(begin(&o, z.out.p, z.out.n), CASE_OK);
	CHECK_INT(case_reader_next(o.rd, &row, &o.err), CASE_OK);
	CHECK_STR(row.fault, "a value is longer than 1 MiB");
	CHECK_INT(case_reader_next(o.rd, &row, &o.err), CASE_OK);
	CHECK_STR(row.fault, "the row is longer than 16 MiB");
	CHECK(row.raw.n < 10000 && row.cell_n == 0);
	CHECK_INT(case_reader_next(o.rd, &row, &o.err), CASE_OK);
	CHECK(row.fault == NULL && row.cell_n == 1);
	finish(&o);
	zip_free(&z);
	case_buf_free(&b);
	limits = case_limits_default;
}

int
main(void)
{
	limits = case_limits_default;
	test_texts();
	test_values();
	test_dates();
	test_places();
	test_width();
	test_formulas();
	test_refused();
	test_broken();
	test_sheets();
	test_gaps();
	test_position();
	test_damage();
	test_limits();
	test_kinds();
	test_long();
	TEST_END();
}
