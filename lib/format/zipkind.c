/* zipkind.c - what a ZIP archive really is */
#include <string.h>

#include "case/intl.h"
#include "lib/format/zip.h"
#include "lib/format/zipkind.h"

/* How much of the list of content types is looked at. */
#define LOOK ((size_t)32 * 1024)

/*
 * name		of a file, or how names of files begin when holds is NULL
 * holds	what is in that file
 *
 * The first that fits counts: a document may hold workbooks of its own.
 */
static const struct kind {
	const char *name;
	const char *holds;
	enum case_row_format format;
	const char *reason;
} kinds[] = {
	{ "mimetype", "opendocument.spreadsheet", CASE_ROWS_ODS,
	    N_("an OpenDocument workbook (ODS); save it as XLSX") },
	{ "mimetype", "opendocument.presentation", CASE_ROWS_AUTO,
	    N_("OpenDocument slides (ODP); ask for the export as CSV or "
	       "Excel") },
	{ "mimetype", "opendocument", CASE_ROWS_AUTO,
	    N_("an OpenDocument text (ODT) or drawing; save its table as CSV "
	       "UTF-8") },
	{ "mimetype", "application/epub", CASE_ROWS_AUTO,
	    N_("an electronic book (EPUB); ask for the export as CSV or "
	       "Excel") },
	{ "OFD.xml", NULL, CASE_ROWS_AUTO,
	    N_("an OFD document; ask for the export as CSV or Excel") },
	{ "Index/Document.iwa", NULL, CASE_ROWS_AUTO,
	    N_("a document of Apple's iWork; export it as CSV or Excel") },
	{ "[Content_Types].xml", "wordprocessingml.document.main",
	    CASE_ROWS_AUTO,
	    N_("a Word document (DOCX); save its table as CSV UTF-8, or keep "
	       "its text with -t document") },
	{ "[Content_Types].xml", "ms-word.", CASE_ROWS_AUTO,
	    N_("a Word document (DOCX); save its table as CSV UTF-8, or keep "
	       "its text with -t document") },
	{ "[Content_Types].xml", "presentationml.", CASE_ROWS_AUTO,
	    N_("slides (PPTX); ask for the export as CSV or Excel") },
	{ "[Content_Types].xml", "ms-excel.sheet.binary", CASE_ROWS_AUTO,
	    N_("a binary Excel workbook (XLSB); save it as XLSX") },
	{ "[Content_Types].xml", "spreadsheetml.", CASE_ROWS_XLSX,
	    N_("an Excel workbook (XLSX); save its sheet as CSV UTF-8") },
	{ "[Content_Types].xml", "ms-excel.", CASE_ROWS_XLSX,
	    N_("an Excel workbook (XLSX); save its sheet as CSV UTF-8") },
	{ "word/", NULL, CASE_ROWS_AUTO,
	    N_("a Word document (DOCX); save its table as CSV UTF-8, or keep "
	       "its text with -t document") },
	{ "ppt/", NULL, CASE_ROWS_AUTO,
	    N_("slides (PPTX); ask for the export as CSV or Excel") },
	{ "xl/workbook.bin", NULL, CASE_ROWS_AUTO,
	    N_("a binary Excel workbook (XLSB); save it as XLSX") },
	{ "xl/", NULL, CASE_ROWS_XLSX,
	    N_("an Excel workbook (XLSX); save its sheet as CSV UTF-8") },
	{ "[Content_Types].xml", NULL, CASE_ROWS_AUTO,
	    N_("a document of another program (XPS, Visio …); ask for the "
	       "export as CSV or Excel") },
	{ "", NULL, CASE_ROWS_AUTO, N_("a ZIP archive; unpack it first") },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* The begin of a file in the archive; empty when it can't be read. */
static size_t
peek(struct case_zip *zip, const char *name, char *p, size_t cap)
{
	struct case_zip_file *f = NULL;
	size_t i, n = 0, got = 1;

	if (!case_zip_find(zip, name, &i) ||
	    case_zip_file_open(&f, zip, i, NULL) != CASE_OK)
		return 0;
	while (got > 0 && n < cap &&
	       case_zip_read(f, p + n, cap - n, &got, NULL) == CASE_OK)
		n += got;
	case_zip_file_close(f);
	return n;
}

static bool
fits(struct case_zip *zip, const struct kind *k)
{
	char p[LOOK];
	size_t n;

	if (k->holds == NULL)
		return k->name[0] == '\0' || case_zip_has(zip, k->name);
	n = peek(zip, k->name, p, sizeof(p));
	return n > 0 && memmem(p, n, k->holds, strlen(k->holds)) != NULL;
}

bool
case_zip_is_document(const struct case_zip *zip)
{
	static const char *const marks[] = { "[Content_Types].xml", "OFD.xml",
		"Index/Document.iwa" };
	size_t at;

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (case_zip_find(zip, marks[i], &at))
			return true;
	return case_zip_find(zip, "mimetype", &at) &&
	       (case_zip_find(zip, "content.xml", &at) ||
		   case_zip_find(zip, "META-INF/container.xml", &at));
}

enum case_status
case_zip_kind(struct case_input *in, const struct case_limits *limits,
    enum case_row_format *format, const char **reason, struct case_error *err)
{
	struct case_zip *zip;
	enum case_status rc;
	size_t i = 0;

	if ((rc = case_zip_open(&zip, in, limits, err)) != CASE_OK)
		return rc;
	while (i + 1 < KINDS && !fits(zip, &kinds[i]))
		i++;
	*format = kinds[i].format;
	*reason = kinds[i].reason;
	case_zip_close(zip);
	return CASE_OK;
}
