/* docx.c - the text of a Word document */
#include <stdbool.h>
#include <string.h>

#include "case/intl.h"
#include "lib/format/docx.h"
#include "lib/format/xml.h"
#include "lib/format/zip.h"

/*
 * text		characters are those of a run, not of an instruction
 * skip		open elements that are left out
 * setting	open elements that only say how a paragraph looks
 * cell		open cells of tables
 */
struct docx {
	struct case_buf *out;
	size_t max;
	bool text;
	size_t skip;
	size_t setting;
	size_t cell;
};

static bool
is_one_of(const char *name, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(name, *words) == 0)
			return true;
	return false;
}

/* Deleted or moved away, or said once more for an older program. */
static bool
is_left_out(const char *name)
{
	static const char *const words[] = { "Fallback", "del", "moveFrom",
		NULL };

	return is_one_of(name, words);
}

/* Where a tab is a place on the ruler, not a character. */
static bool
is_setting(const char *name)
{
	static const char *const words[] = { "pPr", "rPr", "tabs", NULL };

	return is_one_of(name, words);
}

static enum case_status
start(void *arg, const char *name, const char *const *attr,
    struct case_error *err)
{
	struct docx *d = arg;

	(void)attr;
	(void)err;
	d->skip += is_left_out(name);
	d->setting += is_setting(name);
	if (d->skip > 0 || d->setting > 0)
		return CASE_OK;
	if (strcmp(name, "t") == 0)
		d->text = true;
	else if (strcmp(name, "tab") == 0)
		case_buf_addc(d->out, '\t');
	else if (strcmp(name, "br") == 0 || strcmp(name, "cr") == 0)
		case_buf_addc(d->out, '\n');
	else if (strcmp(name, "noBreakHyphen") == 0)
		case_buf_addc(d->out, '-');
	else if (strcmp(name, "tc") == 0)
		d->cell++;
	return CASE_OK;
}

/* Takes back what was put between things of which no more came. */
static void
trim(struct case_buf *b, char c)
{
	if (b->n > 0 && b->p[b->n - 1] == c)
		b->n--;
}

static enum case_status
end(void *arg, const char *name, struct case_error *err)
{
	struct docx *d = arg;

	(void)err;
	d->skip -= is_left_out(name);
	d->setting -= is_setting(name);
	if (strcmp(name, "t") == 0)
		d->text = false;
	if (d->skip > 0)
		return CASE_OK;
	if (strcmp(name, "p") == 0) {
		case_buf_addc(d->out, d->cell > 0 ? ' ' : '\n');
	} else if (strcmp(name, "tc") == 0 && d->cell > 0) {
		d->cell--;
		trim(d->out, ' ');
		case_buf_addc(d->out, '\t');
	} else if (strcmp(name, "tr") == 0) {
		trim(d->out, '\t');
		case_buf_addc(d->out, '\n');
	}
	return CASE_OK;
}

static enum case_status
text(void *arg, const char *p, size_t n, struct case_error *err)
{
	struct docx *d = arg;

	if (!d->text || d->skip > 0)
		return CASE_OK;
	case_buf_add(d->out, p, n);
	if (d->out->n > d->max)
		return case_error_set(err, CASE_EDATA, 0, "%s",
		    _("the document's text is longer than 16 MiB"));
	return CASE_OK;
}

/* The part that holds the body; some programs number it. */
static bool
find_body(const struct case_zip *zip, size_t *i)
{
	if (case_zip_find(zip, "word/document.xml", i))
		return true;
	for (*i = 0; *i < case_zip_count(zip); ++*i) {
		const char *name = case_zip_entry(zip, *i)->name;

		if (strncmp(name, "word/document", 13) == 0 &&
		    strchr(name + 13, '/') == NULL &&
		    strstr(name, ".xml") != NULL)
			return true;
	}
	return false;
}

static enum case_status
read_body(struct docx *d, struct case_zip *zip,
    const struct case_limits *limits, struct case_error *err)
{
	static const struct case_xml_handler handler = { start, end, text };
	struct case_zip_file *f = NULL;
	struct case_xml *x = NULL;
	enum case_status rc;
	size_t i;

	if (!find_body(zip, &i))
		return case_error_set(err, CASE_EDATA, 0, "%s",
		    _("is no Word document (DOCX)"));
	rc = case_zip_file_open(&f, zip, i, err);
	if (rc == CASE_OK)
		rc = case_xml_open(&x, &handler, d, case_zip_read, f, false,
		    limits, err);
	while (rc == CASE_OK)
		rc = case_xml_next(x, err);
	case_xml_close(x);
	case_zip_file_close(f);
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
case_docx_text(struct case_buf *out, struct case_input *in,
    const struct case_limits *limits, size_t max, struct case_error *err)
{
	struct docx d = { .out = out, .max = max };
	struct case_zip *zip;
	enum case_status rc;

	if ((rc = case_zip_open(&zip, in, limits, err)) != CASE_OK)
		return rc;
	rc = read_body(&d, zip, limits, err);
	case_zip_close(zip);
	return rc == CASE_OK && out->failed ? case_error_memory(err) : rc;
}
