/* xlsbook.c - what the sheets of an XLS workbook share */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/format/bytes.h"
#include "lib/format/ole.h"
#include "lib/format/xlsbook.h"

enum {
	BIFF8 = 0x600,
	BARE_FIRST = 0x09,   /* of a BOF of any version */
	STREAM_SHEET = 0x10, /* of a BOF: the stream is a sheet, not a book */
	TYPE_WORKSHEET = 0,
	STATE_MASK = 3, /* of BOUNDSHEET: 1 hidden, 2 very hidden */
	FORMS = 65536
};

/* What may be inside a compound file, by the name of a stream. */
static const struct {
	const char *stream;
	const char *reason;
} others[] = {
	{ "EncryptedPackage",
	    N_("an Office file that is locked with a password; open it in "
	       "Excel or WPS, remove the password, and save it again") },
	{ "WordDocument",
	    N_("a Word document (DOC); open it in Word, WPS or LibreOffice, "
	       "and save its table as a workbook or CSV") },
	{ "PowerPoint Document",
	    N_("a PowerPoint presentation (PPT); ask for its figures as a "
	       "workbook or CSV") },
	{ "__properties_version1.0",
	    N_("an Outlook message (MSG); save the file attached to it, and "
	       "import that") },
	{ "VisioDocument",
	    N_("a Visio drawing (VSD); ask for its figures as a workbook or "
	       "CSV") },
};

enum case_status
case_xls_damaged(struct case_error *err)
{
	return case_error_set(err, CASE_EDATA, 0, "%s",
	    _("the workbook is cut off or damaged inside; ask for it again, "
	      "or open it in Excel or LibreOffice and save it anew"));
}

enum case_status
case_xls_page(const struct case_biff *b, struct case_error *err)
{
	return case_error_set(err, CASE_EDATA, 0,
	    _("the workbook's texts are in code page %u, which is not read "
	      "here; open it in Excel or LibreOffice and save it as .xlsx"),
	    b->page);
}

static enum case_status
text_status(const struct case_xls_book *book, enum case_biff_result result,
    const struct case_buf *text, struct case_error *err)
{
	if (text->failed)
		return case_error_memory(err);
	if (result == CASE_BIFF_PAGE)
		return case_xls_page(&book->biff, err);
	return result == CASE_BIFF_OK ? CASE_OK : case_xls_damaged(err);
}

static enum case_status
add_sheet(struct case_xls_book *book, char *name, uint32_t at, bool hidden,
    struct case_error *err)
{
	struct case_sheet *sheet;
	uint32_t *sheet_at;

	sheet = reallocarray(book->sheet, book->sheet_n + 1, sizeof(*sheet));
	if (sheet != NULL)
		book->sheet = sheet;
	sheet_at =
	    reallocarray(book->sheet_at, book->sheet_n + 1, sizeof(*sheet_at));
	if (sheet_at != NULL)
		book->sheet_at = sheet_at;
	if (sheet == NULL || sheet_at == NULL || name == NULL) {
		free(name);
		return case_error_memory(err);
	}
	sheet_at[book->sheet_n] = at;
	sheet[book->sheet_n++] = (struct case_sheet){ name, hidden };
	return CASE_OK;
}

/* Charts and modules are no sheets with rows. */
static enum case_status
read_sheet(struct case_xls_book *book, const struct case_biff_record *r,
    const struct case_limits *limits, struct case_error *err)
{
	struct case_biff_cursor c;
	struct case_buf name = { 0 };
	enum case_status rc;

	if (r->n < 7)
		return case_xls_damaged(err);
	if (r->p[5] != TYPE_WORKSHEET)
		return CASE_OK;
	if (book->sheet_n >= limits->entries)
		return case_limit_error(limits, &limits->entries,
		    _("the workbook has too many sheets"), err);
	c = case_biff_cursor(&book->biff, r, 6);
	rc = text_status(book, case_biff_text(&c, 1, &name), &name, err);
	if (rc == CASE_OK)
		rc = add_sheet(book, strdup(case_buf_str(&name)), get32(r->p),
		    (r->p[4] & STATE_MASK) != 0, err);
	case_buf_free(&name);
	return rc;
}

/* A text that is not known only says how a number looks: it is passed by. */
static enum case_status
read_format(struct case_xls_book *book, const struct case_biff_record *r,
    struct case_error *err)
{
	struct case_biff_cursor c;
	struct case_buf code = { 0 };
	enum case_cell_form form;

	if (r->n < 3)
		return case_xls_damaged(err);
	c = case_biff_cursor(&book->biff, r, 2);
	case_biff_text(&c, book->biff.wide ? 2 : 1, &code);
	form = case_cell_form_code(case_buf_str(&code), code.n);
	case_buf_free(&code);
	book->form[get16(r->p)] = (unsigned char)(form + 1);
	return CASE_OK;
}

static enum case_status
read_xf(struct case_xls_book *book, const struct case_biff_record *r,
    struct case_error *err)
{
	uint16_t *xf;

	if (r->n < 4)
		return case_xls_damaged(err);
	if ((book->xf_n & (book->xf_n - 1)) == 0) {
		xf = reallocarray(book->xf,
		    book->xf_n == 0 ? 1 : 2 * book->xf_n, sizeof(*xf));
		if (xf == NULL)
			return case_error_memory(err);
		book->xf = xf;
	}
	book->xf[book->xf_n++] = (uint16_t)get16(r->p + 2);
	return CASE_OK;
}

static enum case_status
add_shared(struct case_xls_book *book, const struct case_limits *limits,
    struct case_error *err)
{
	size_t cap = book->shared_cap == 0 ? 1024 : 2 * book->shared_cap;
	size_t *end;

	if (book->shared_n == book->shared_cap) {
		end = reallocarray(book->shared_end, cap, sizeof(*end));
		if (end == NULL)
			return case_error_memory(err);
		book->shared_end = end;
		book->shared_cap = cap;
	}
	book->shared_end[book->shared_n++] = book->shared.n;
	if (book->stream.n + book->shared.n + cap * sizeof(*end) > limits->held)
		return case_limit_error(limits, &limits->held,
		    _("the workbook's texts are too large to be held in "
		      "memory"),
		    err);
	return CASE_OK;
}

/*
 * The number of texts that the table claims is not believed beyond what is
 * there; a cell with a text that is not is the fault of its row.
 */
static enum case_status
read_shared(struct case_xls_book *book, const struct case_biff_record *r,
    const struct case_limits *limits, struct case_error *err)
{
	struct case_biff_cursor c;
	struct case_biff_record next;
	enum case_status rc = CASE_OK;
	size_t n;

	if (r->n < 8)
		return case_xls_damaged(err);
	n = get32(r->p + 4);
	c = case_biff_cursor(&book->biff, r, 8);
	for (size_t i = 0; rc == CASE_OK && i < n; i++) {
		if (c.left == 0 &&
		    (!case_biff_record(&book->biff, c.next, &next) ||
			next.id != CASE_BIFF_CONTINUE))
			break;
		rc = text_status(book, case_biff_text(&c, 2, &book->shared),
		    &book->shared, err);
		if (rc == CASE_OK)
			rc = add_shared(book, limits, err);
	}
	return rc;
}

static enum case_status
read_record(struct case_xls_book *book, const struct case_biff_record *r,
    const struct case_limits *limits, struct case_error *err)
{
	switch (r->id) {
	case CASE_BIFF_FILEPASS:
		return case_error_set(err, CASE_EDATA, 0, "%s",
		    _("an Excel workbook that is locked with a password; open "
		      "it in Excel or WPS, remove the password, and save it "
		      "again"));
	case CASE_BIFF_CODEPAGE:
		if (r->n >= 2)
			book->biff.page = get16(r->p);
		return CASE_OK;
	case CASE_BIFF_DATEMODE:
		book->from1904 = r->n >= 2 && get16(r->p) == 1;
		return CASE_OK;
	case CASE_BIFF_BOUNDSHEET:
		return read_sheet(book, r, limits, err);
	case CASE_BIFF_FORMAT:
		return read_format(book, r, err);
	case CASE_BIFF_XF:
		return read_xf(book, r, err);
	case CASE_BIFF_SST:
		return read_shared(book, r, limits, err);
	default:
		return CASE_OK;
	}
}

/*
 * The records up to the first EOF. In a stream that begins with a sheet (some
 * programs write no more than that) they are those of the sheet.
 */
static enum case_status
read_globals(struct case_xls_book *book, const struct case_limits *limits,
    struct case_error *err)
{
	struct case_biff_record r;
	enum case_status rc = CASE_OK;
	bool only;

	if (!case_biff_record(&book->biff, 0, &r))
		return case_xls_damaged(err);
	if (r.id == 0x09 || r.id == 0x209 || r.id == 0x409)
		return case_error_set(err, CASE_EDATA, 0, "%s",
		    _("a workbook of Excel 4 or older; open it in Excel or "
		      "LibreOffice and save it as .xlsx"));
	if (r.id != CASE_BIFF_BOF || r.n < 4)
		return case_xls_damaged(err);
	book->biff.wide = get16(r.p) == BIFF8;
	only = get16(r.p + 2) == STREAM_SHEET;
	while (rc == CASE_OK && r.id != CASE_BIFF_EOF) {
		if (!case_biff_record(&book->biff, r.next, &r))
			return case_xls_damaged(err);
		rc = read_record(book, &r, limits, err);
	}
	if (rc == CASE_OK && only && book->sheet_n == 0)
		rc = add_sheet(book, strdup("1"), 0, false, err);
	return rc;
}

static enum case_status
find_stream(struct case_xls_book *book, struct case_ole *ole,
    struct case_error *err)
{
	static const unsigned char installer[16] = { 0x84, 0x10, 0x0c, 0, 0, 0,
		0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46 };
	size_t entry;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (case_ole_find(ole, others[i].stream, &entry))
			return case_error_set(err, CASE_EDATA, 0, "%s",
			    _(others[i].reason));
	/* A file for two versions of Excel has both: the later knows more. */
	if (case_ole_find(ole, "Workbook", &entry) ||
	    case_ole_find(ole, "Book", &entry))
		return case_ole_load(ole, entry, &book->stream, err);
	if (case_ole_is_class(ole, installer))
		return case_error_set(err, CASE_EDATA, 0, "%s",
		    _("a Windows installer package (MSI), which holds no "
		      "table"));
	return case_error_set(err, CASE_EDATA, 0, "%s",
	    _("an old Office file (OLE2) without a workbook; ask for the "
	      "export as CSV or Excel"));
}

/* A file that is the stream itself, without a compound file round it. */
static enum case_status
load_bare(struct case_xls_book *book, struct case_input *in,
    const struct case_limits *limits, struct case_error *err)
{
	uint64_t size = case_input_facts(in)->size;
	enum case_status rc;

	if (size > limits->held)
		return case_limit_error(limits, &limits->held,
		    _("the workbook is too large to be held in memory"), err);
	if (!case_buf_reserve(&book->stream, (size_t)size))
		return case_error_memory(err);
	rc = case_input_raw(in, 0, book->stream.p, (size_t)size,
	    &book->stream.n, err);
	if (rc == CASE_OK && book->stream.n != size)
		return case_xls_damaged(err);
	return rc;
}

static enum case_status
load_stream(struct case_xls_book *book, struct case_input *in,
    const struct case_limits *limits, struct case_error *err)
{
	struct case_ole *ole;
	enum case_status rc;
	char first = '\0';
	size_t n;

	if ((rc = case_input_raw(in, 0, &first, 1, &n, err)) != CASE_OK)
		return rc;
	if (first == BARE_FIRST)
		return load_bare(book, in, limits, err);
	if ((rc = case_ole_open(&ole, in, limits, err)) != CASE_OK)
		return rc;
	rc = find_stream(book, ole, err);
	case_ole_close(ole);
	return rc;
}

enum case_status
case_xls_book_open(struct case_xls_book *book, struct case_input *in,
    const struct case_limits *limits, struct case_error *err)
{
	enum case_status rc;

	if ((rc = load_stream(book, in, limits, err)) != CASE_OK)
		return rc;
	if ((book->form = calloc(FORMS, 1)) == NULL)
		return case_error_memory(err);
	book->biff.p = (const unsigned char *)case_buf_str(&book->stream);
	book->biff.n = book->stream.n;
	if ((rc = read_globals(book, limits, err)) != CASE_OK)
		return rc;
	if (book->sheet_n == 0)
		return case_error_set(err, CASE_EDATA, 0, "%s",
		    _("the workbook has no sheet with rows"));
	for (size_t i = 0; i < book->xf_n; i++) {
		unsigned id = book->xf[i];
		unsigned form = book->form[id];

		book->xf[i] = (uint16_t)(form > 0 ? form - 1
						  : case_cell_form_builtin(id));
	}
	return CASE_OK;
}

void
case_xls_book_free(struct case_xls_book *book)
{
	for (size_t i = 0; i < book->sheet_n; i++)
		free((char *)(uintptr_t)book->sheet[i].name);
	free(book->sheet);
	free(book->sheet_at);
	free(book->xf);
	free(book->form);
	free(book->shared_end);
	case_buf_free(&book->shared);
	case_buf_free(&book->stream);
}

enum case_cell_form
case_xls_form(const struct case_xls_book *book, size_t xf)
{
	return xf < book->xf_n ? (enum case_cell_form)book->xf[xf]
			       : CASE_CELL_NUMBER;
}

bool
case_xls_shared(const struct case_xls_book *book, size_t i,
    struct case_str *text)
{
	size_t from = i == 0 ? 0 : i - 1;

	if (i >= book->shared_n)
		return false;
	from = i == 0 ? 0 : book->shared_end[from];
	text->p =
	    case_buf_str((struct case_buf *)(uintptr_t)&book->shared) + from;
	text->n = book->shared_end[i] - from;
	return true;
}
