/* importnote.c - what needs a look about a file that is imported */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/json.h"
#include "lib/work/import_int.h"

static enum case_status
note(struct case_import_result *r, const char *text, struct case_error *err)
{
	char **p = realloc(r->note, (r->note_n + 1) * sizeof(*p));

	if (p == NULL || (r->note = p, p[r->note_n] = strdup(text)) == NULL)
		return case_error_memory(err);
	r->note_n++;
	return CASE_OK;
}

void
case_import_result_free(struct case_import_result *r)
{
	for (size_t i = 0; i < r->note_n; i++)
		free(r->note[i]);
	free(r->note);
	free(r->type);
	*r = (struct case_import_result){ 0 };
}

/* --- what needs a look about the columns ------------------------------ */

struct last_header {
	const struct import *im;
	char *header;
	int64_t batch;
};

static enum case_status
remember_header(void *arg, const struct case_batch_facts *b,
    struct case_error *err)
{
	struct last_header *l = arg;

	if (b->undone != 0 || b->reason != NULL ||
	    strcmp(b->type, l->im->facts.type) != 0 ||
	    strcmp(b->layout, l->im->facts.layout) != 0)
		return CASE_OK;
	free(l->header);
	if ((l->header = strdup(b->header)) == NULL)
		return case_error_memory(err);
	l->batch = b->id;
	return CASE_OK;
}

/* Adds to list the headers of a that b does not have, as "A, B". */
static void
add_difference(struct case_buf *list, const struct case_json *a,
    const struct case_json *b)
{
	const struct case_json *i, *j;
	const char *name, *other;

	for (i = case_json_first(a); i != NULL; i = case_json_next(i)) {
		name = case_json_str(case_json_first(i));
		for (j = case_json_first(b); j != NULL; j = case_json_next(j)) {
			other = case_json_str(case_json_first(j));
			if (name && other && strcmp(name, other) == 0)
				break;
		}
		if (j == NULL && name != NULL)
			case_buf_addf(list, "%s%s", list->n ? ", " : "", name);
	}
}

static enum case_status
note_drift(struct import *im, const struct last_header *last,
    struct case_error *err)
{
	struct case_buf new = { 0 }, gone = { 0 }, text = { 0 };
	struct case_json *now = NULL, *then = NULL;
	enum case_status rc;

	if ((rc = case_json_parse(&now, im->header.p, im->header.n, err)) !=
		CASE_OK ||
	    (rc = case_json_parse(&then, last->header, strlen(last->header),
		 err)) != CASE_OK)
		goto done;
	add_difference(&new, now, then);
	add_difference(&gone, then, now);
	if (new.n > 0)
		case_buf_addf(&text, _("columns new since batch %lld: %s"),
		    (long long)last->batch, new.p);
	if (gone.n > 0)
		case_buf_addf(&text,
		    text.n > 0 ? _("; gone since then: %s")
			       : _("columns gone since the last batch: %s"),
		    gone.p);
	if (text.n > 0)
		rc = note(im->r, text.p, err);
done:
	case_json_free(now);
	case_json_free(then);
	case_buf_free(&new);
	case_buf_free(&gone);
	case_buf_free(&text);
	return rc;
}

/* Columns that the tools write themselves are no news. */
static bool
is_news(const struct import *im, const struct case_layout_column *c)
{
	return c->field == CASE_EXTRA && !c->decided &&
	       strcmp(c->header, "_surplus") != 0 &&
	       (im->src.map.header_line > 0 ||
		   strcmp(c->header, CASE_EXTRA_COLUMN) != 0);
}

/* The first file of a layout: which columns no field takes. */
static enum case_status
note_unknown(struct import *im, struct case_error *err)
{
	struct case_buf text = { 0 };
	enum case_status rc = CASE_OK;
	size_t n = 0;

	for (size_t i = 0; i < im->src.map.column_n; i++)
		if (is_news(im, &im->src.map.column[i]))
			case_buf_addf(&text, "%s%s",
			    n++ > 0 ? ", "
				    : _("columns without a field, kept "
					"as they are: "),
			    im->src.map.column[i].header);
	if (n > 0)
		rc = note(im->r, case_buf_str(&text), err);
	case_buf_free(&text);
	return rc;
}

enum case_status
import_note_columns(struct import *im, struct case_error *err)
{
	struct last_header last = { .im = im };
	enum case_status rc;

	rc = case_store_batches(im->st, remember_header, &last, err);
	if (rc == CASE_OK && last.header != NULL)
		rc = note_drift(im, &last, err);
	else if (rc == CASE_OK)
		rc = note_unknown(im, err);
	free(last.header);
	return rc;
}

/* Sheets that were passed over, a note each. */
enum case_status
import_note_sheets(struct import *im, struct case_error *err)
{
	const char *line = case_buf_str(&im->src.passed), *end;
	enum case_status rc = CASE_OK;
	char *one;

	for (; rc == CASE_OK && (end = strchr(line, '\n')) != NULL;
	     line = end + 1) {
		if ((one = strndup(line, (size_t)(end - line))) == NULL)
			return case_error_memory(err);
		rc = note(im->r, one, err);
		free(one);
	}
	return rc;
}

/* Values that did not parse: how many by field, and where the first is. */
enum case_status
import_note_warnings(struct import *im, struct case_error *err)
{
	const struct case_warning *w;
	struct case_buf text = { 0 };
	enum case_status rc = CASE_OK;
	size_t n;

	w = case_cleaner_warnings(im->cleaner, &n);
	for (size_t i = 0; rc == CASE_OK && i < n; i++) {
		const struct case_field *f = &im->src.rt->field[w[i].field];

		im->r->warnings += (int64_t)w[i].count;
		case_buf_reset(&text);
		if (im->src.sheet_n > 1)
			case_buf_addf(&text, _("sheet '%s': "),
			    source_sheet_name(&im->src, im->sheet));
		case_buf_addf(&text,
		    _("%s: %zu values kept as text, the first on line %zu: %s"),
		    case_label(f->label, im->o->lang), w[i].count,
		    w[i].first_line,
		    f->privacy == CASE_PRIVACY_NONE ? w[i].reason
						    : _("not shown"));
		rc = note(im->r, case_buf_str(&text), err);
	}
	case_buf_free(&text);
	return rc;
}

/* What the record's other sources, or a correction, have otherwise. */
enum case_status
import_note_conflicts(struct import *im, struct case_error *err)
{
	int64_t n = case_batch_conflicts(im->batch);
	struct case_buf text = { 0 };
	enum case_status rc;

	if (n == 0)
		return CASE_OK;
	case_buf_addf(&text,
	    _("%lld values are not what another source, or a correction, "
	      "says: case-import --conflicts lists them"),
	    (long long)n);
	rc = note(im->r, case_buf_str(&text), err);
	case_buf_free(&text);
	return rc;
}

enum case_status
import_note_vanished(struct import *im, struct case_error *err)
{
	struct case_buf text = { 0 };
	enum case_status rc;
	int64_t n = 0;

	if (im->facts.full == NULL)
		return CASE_OK;
	rc = case_store_vanished(im->st, im->r->batch, &n, err);
	if (rc != CASE_OK || n == 0)
		return rc;
	case_buf_addf(&text,
	    _("%lld records that earlier complete exports had are not in "
	      "this one: case-audit -i DATA-VANISHED lists cases, and "
	      "_vanished_on is the day for any record"),
	    (long long)n);
	rc = note(im->r, case_buf_str(&text), err);
	case_buf_free(&text);
	return rc;
}

/* A copy that broke off ends in a line without an end, mostly within a row. */
enum case_status
import_note_end(struct import *im, struct case_error *err)
{
	struct case_buf text = { 0 };
	enum case_status rc = CASE_OK;

	im->r->unterminated = case_reader_unterminated(im->src.rd);
	if (!im->r->unterminated || im->cut_line == 0)
		return CASE_OK;
	case_buf_addf(&text,
	    _("the last row, on line %zu, looks cut off: the file ends within "
	      "it, and more may be missing; get it again"),
	    im->cut_line);
	rc = note(im->r, case_buf_str(&text), err);
	case_buf_free(&text);
	return rc;
}
