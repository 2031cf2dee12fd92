/* document.c - a document as one row: what its name says, and its text */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "case/intl.h"
#include "lib/format/docname.h"
#include "lib/format/document.h"
#include "lib/format/docx.h"
#include "lib/format/htmltree.h"
#include "lib/format/reader.h"

enum { CASE_NO, KIND, NAME, DATED_ON, TEXT, COLUMNS };

static const struct case_str column[COLUMNS] = {
	[CASE_NO] = { "case_no", 7 },
	[KIND] = { "kind", 4 },
	[NAME] = { "name", 4 },
	[DATED_ON] = { "dated_on", 8 },
	[TEXT] = { "text", 4 },
};

struct document {
	struct case_buf text;
	struct case_str cell[COLUMNS];
	size_t lines;
	bool given;
};

static bool
has_suffix(const char *name, const char *suffix)
{
	size_t n = strlen(name), k = strlen(suffix);

	return n > k && strcasecmp(name + n - k, suffix) == 0;
}

bool
document_is_docx(const char *name)
{
	return has_suffix(name, ".docx");
}

static bool
is_html(const char *name)
{
	return has_suffix(name, ".html") || has_suffix(name, ".htm");
}

bool
case_reader_is_document(const char *name)
{
	return has_suffix(name, ".txt") || has_suffix(name, ".md") ||
	       is_html(name) || document_is_docx(name);
}

/* Line ends as LF, and none at the end. */
static void
take_text(struct case_buf *out, const char *p, size_t n)
{
	const char *end = p + n, *q;

	while ((q = memchr(p, '\r', (size_t)(end - p))) != NULL) {
		case_buf_add(out, p, (size_t)(q - p));
		case_buf_addc(out, '\n');
		p = q + 1;
		if (p < end && *p == '\n')
			p++;
	}
	case_buf_add(out, p, (size_t)(end - p));
}

/* What a browser would show of a page. */
static enum case_status
take_page(struct case_reader *rd, struct case_str page, struct case_error *err)
{
	struct document *d = rd->state;
	struct case_html_tree *tree;
	enum case_status rc;

	if ((rc = case_html_tree_new(&tree, &rd->limits, err)) != CASE_OK)
		return rc;
	rc = case_html_tree_page(tree, page.p, page.n, &d->text, err);
	case_html_tree_free(tree);
	return rc;
}

/* All of the text, as the row's raw text. */
static enum case_status
read_text(struct case_reader *rd, struct case_row *row, struct case_error *err)
{
	struct document *d = rd->state;
	enum case_status rc;
	size_t held;

	rc = case_window_peek(&rd->w, CASE_ROW_MAX + 1, &held, err);
	if (rc != CASE_OK)
		return rc;
	if (held > CASE_ROW_MAX)
		return case_error_set(err, CASE_EDATA, 0, "%s",
		    _("the document's text is longer than 16 MiB"));
	if (held > 0)
		row->raw = (struct case_str){ case_window_at(&rd->w, 0), held };
	d->lines = case_window_lines(&rd->w);
	row->fault = case_reader_fault(rd, row->raw,
	    memchr(row->raw.p, '\0', row->raw.n) != NULL);
	if (row->fault == NULL && is_html(rd->name))
		return take_page(rd, row->raw, err);
	take_text(&d->text, row->raw.p, row->raw.n);
	return CASE_OK;
}

static enum case_status
document_next(struct case_reader *rd, struct case_row *row,
    struct case_error *err)
{
	struct document *d = rd->state;
	enum case_status rc = CASE_OK;

	if (d->given)
		return CASE_EOF;
	d->given = true;
	d->lines = 1;
	case_buf_reset(&d->text);
	*row = (struct case_row){ .line = 1, .raw = { "", 0 } };
	if (!document_is_docx(rd->name))
		rc = read_text(rd, row, err);
	else
		rc = case_docx_text(&d->text, rd->in, &rd->limits, CASE_ROW_MAX,
		    err);
	while (
	    d->text.n > 0 && strchr("\n \t", d->text.p[d->text.n - 1]) != NULL)
		d->text.n--;
	if (rc != CASE_OK || d->text.failed)
		return rc != CASE_OK ? rc : case_error_memory(err);
	if (d->lines == 0)
		d->lines = 1;
	row->lines = d->lines;
	d->cell[TEXT] = (struct case_str){ case_buf_str(&d->text), d->text.n };
	if (row->raw.n == 0)
		row->raw = d->cell[TEXT];
	if (row->fault != NULL)
		return CASE_OK;
	row->cell = d->cell;
	row->cell_n = COLUMNS;
	return CASE_OK;
}

static enum case_status
document_rewind(struct case_reader *rd, struct case_error *err)
{
	struct document *d = rd->state;

	(void)err;
	d->given = false;
	return CASE_OK;
}

static const struct case_str *
document_names(const struct case_reader *rd, size_t *n)
{
	(void)rd;
	*n = COLUMNS;
	return column;
}

static const char *
document_type(const struct case_reader *rd)
{
	(void)rd;
	return "document";
}

static size_t
document_lines(const struct case_reader *rd)
{
	const struct document *d = rd->state;

	return d->lines;
}

static enum case_status
document_open(struct case_reader *rd, struct case_error *err)
{
	struct document *d = calloc(1, sizeof(*d));
	struct case_docname name;

	if (d == NULL)
		return case_error_memory(err);
	rd->state = d;
	case_docname_parse(&name, rd->name);
	d->cell[CASE_NO] = name.case_no;
	d->cell[KIND] = name.kind;
	d->cell[NAME] = name.name;
	d->cell[DATED_ON] = name.dated_on;
	return CASE_OK;
}

static void
document_close(struct case_reader *rd)
{
	struct document *d = rd->state;

	case_buf_free(&d->text);
	free(d);
}

const struct case_reader_ops case_reader_document = {
	.open = document_open,
	.next = document_next,
	.rewind = document_rewind,
	.names = document_names,
	.type = document_type,
	.lines = document_lines,
	.close = document_close,
};
