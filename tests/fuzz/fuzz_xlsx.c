/* fuzz_xlsx.c - workbooks: the bytes are the XML of a part of a sound one */
#include "tests/fuzz/rows.h"
#include "tests/unit/zipmake.h"

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define DOC \
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PKG "http://schemas.openxmlformats.org/package/2006/relationships"

/* The first four are what is fuzzed. */
static const struct {
	const char *name;
	const char *text;
} parts[] = {
	{ "xl/worksheets/sheet1.xml",
	    XML "<worksheet xmlns=\"" MAIN "\"><sheetData><row r=\"1\">"
		"<c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" s=\"1\">"
		"<v>45292.5</v></c></row><row r=\"3\"><c r=\"B3\" s=\"2\">"
		"<v>0.5</v></c><c r=\"C3\" t=\"s\"><v>1</v></c></row>"
		"</sheetData></worksheet>" },
	{ "xl/sharedStrings.xml",
	    XML "<sst xmlns=\"" MAIN "\"><si><t>案件编号</t></si>"
		"<si><r><t>a</t></r><r><t>b</t></r></si></sst>" },
	{ "xl/styles.xml",
	    XML "<styleSheet xmlns=\"" MAIN "\"><numFmts><numFmt "
		"numFmtId=\"165\" formatCode=\"yyyy-mm-dd\"/></numFmts>"
		"<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"165\"/>"
		"<xf numFmtId=\"10\"/></cellXfs></styleSheet>" },
	{ "xl/workbook.xml",
	    XML "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" DOC "\">"
		"<workbookPr date1904=\"0\"/><sheets><sheet name=\"a\" "
		"sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>" },
	{ "xl/_rels/workbook.xml.rels",
	    XML "<Relationships xmlns=\"" PKG "\"><Relationship Id=\"rId1\" "
		"Type=\"" DOC "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
		"<Relationship Id=\"rId2\" Type=\"" DOC "/styles\" "
		"Target=\"styles.xml\"/><Relationship Id=\"rId3\" Type=\"" DOC
		"/sharedStrings\" Target=\"sharedStrings.xml\"/>"
		"</Relationships>" },
	{ "_rels/.rels",
	    XML "<Relationships xmlns=\"" PKG "\"><Relationship Id=\"rId1\" "
		"Type=\"" DOC "/officeDocument\" Target=\"xl/workbook.xml\"/>"
		"</Relationships>" },
	{ "[Content_Types].xml",
	    XML "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/"
		"content-types\"><Default Extension=\"xml\" "
		"ContentType=\"application/xml\"/></Types>" },
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

/*
 * Which part the bytes are: the one whose root they begin with, for a mutation
 * seldom touches it; else by their number.
 */
static size_t
which(const uint8_t *data, size_t size)
{
	static const char *const root[] = { "<worksheet", "<sst", "<styleSheet",
		"<workbook", "<Relationships" };

	for (size_t i = 0; i < sizeof(root) / sizeof(root[0]); i++)
		if (memmem(data, size, root[i], strlen(root[i])) != NULL)
			return i;
	return size % 4;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zipmake z = { .stored = true };
	size_t own = which(data, size);

	for (size_t i = 0; i < PARTS; i++)
		if (i == own)
			zip_add_n(&z, parts[i].name, (const char *)data, size);
		else
			zip_add(&z, parts[i].name, parts[i].text);
	zip_end(&z);
	fuzz_rows((const uint8_t *)z.out.p, z.out.n, CASE_ROWS_XLSX);
	zip_free(&z);
	return 0;
}
