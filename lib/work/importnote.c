/* importnote.c - what needs a look about a file that is imported */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/import_int.h"

enum case_status
import_note(struct case_import_result *r, const char *text,
    struct case_error *err)
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
		rc = import_note(im->r, one, err);
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
		rc = import_note(im->r, case_buf_str(&text), err);
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
	rc = import_note(im->r, case_buf_str(&text), err);
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
	if (im->r->rejected > 0)
		case_buf_addf(&text,
		    _("; %lld rows were rejected, and may be some of them"),
		    (long long)im->r->rejected);
	rc = import_note(im->r, case_buf_str(&text), err);
	case_buf_free(&text);
	return rc;
}

/* A copy that broke off ends in a line without an end, mostly within a row. */
enum case_status
import_note_end(struct import *im, struct case_error *err)
{
	struct case_buf text = { 0 };
	enum case_status rc = CASE_OK;

	if (!case_reader_unterminated(im->src.rd))
		return CASE_OK;
	im->r->unterminated = im->cut_line == 0;
	if (im->r->unterminated)
		return CASE_OK;
	case_buf_addf(&text,
	    _("the last row, on line %zu, looks cut off: the file ends within "
	      "it, and more may be missing; get it again"),
	    im->cut_line);
	rc = import_note(im->r, case_buf_str(&text), err);
	case_buf_free(&text);
	return rc;
}
