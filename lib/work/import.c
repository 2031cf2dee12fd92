/* import.c - one file into the store, in one transaction */
#include <stdlib.h>
#include <string.h>

#include "case/import.h"
#include "case/intl.h"
#include "case/json.h"
#include "case/records.h"
#include "lib/work/pipeline.h"
#include "lib/work/source.h"

/* Columns of a table of rejects before the source's own, and in all. */
#define REJECT_BEFORE 4
#define REJECT_COLUMNS (REJECT_BEFORE + 1)

/* Rows from when the store is told of a record to when it is put. */
#define AHEAD 8

struct import {
	struct source src;
	struct case_store *st;
	struct case_share *sh;
	const struct case_import_options *o;
	struct case_import_result *r;
	const char *path;
	struct case_cleaner *cleaner;
	struct case_batch *batch;
	struct case_batch_facts facts;
	struct case_buf options, header, sheets;
	size_t sheet; /* the one that is read, from 0 */

	/* The line of a row that can't be parted, when no other came behind. */
	size_t cut_line;

	/* -n: the table, its fields, and room for a row of it. */
	struct case_table clean;
	int *field;
	size_t field_n;
	struct case_value *row;
};

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

static enum case_status
note_columns(struct import *im, struct case_error *err)
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
static enum case_status
note_sheets(struct import *im, struct case_error *err)
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
static enum case_status
note_warnings(struct import *im, struct case_error *err)
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
static enum case_status
note_conflicts(struct import *im, struct case_error *err)
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

static enum case_status
note_vanished(struct import *im, struct case_error *err)
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
static enum case_status
note_end(struct import *im, struct case_error *err)
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

/* --- tables: clean records (-n), rejects -------------------------------- */

/* Whether a column is read as field f, or as one that f may stand beside. */
static bool
is_mapped(const struct import *im, int f)
{
	for (size_t i = 0; i < im->src.map.column_n; i++) {
		int field = im->src.map.column[i].field;

		if (field == f ||
		    (field >= 0 && im->src.rt->field[field].pair == f))
			return true;
	}
	return false;
}

/* JSON may name further columns with any row: they are all met before. */
static enum case_status
meet_columns(struct import *im, struct case_error *err)
{
	struct source *s = &im->src;
	struct case_row row;
	enum case_status rc;

	while ((rc = case_reader_next(s->rd, &row, err)) == CASE_OK)
		;
	if (rc == CASE_EOF)
		rc = case_mapping_grow(&s->map, s->rd, s->rt, s->layout, err);
	return rc == CASE_OK ? case_reader_rewind(s->rd, err) : rc;
}

/* A layout's wider identity, which the next tool must know too. */
static void
add_key(const struct import *im, struct case_table *t)
{
	const struct case_layout *l = im->src.layout;
	struct case_buf b = { 0 };

	for (size_t i = 0; i < l->key.field_n; i++)
		case_buf_addf(&b, "%s%s", i > 0 ? "," : "",
		    im->src.rt->field[l->key.field[i]].name);
	if (l->key_content)
		case_table_add_meta(t, "key", "*");
	else if (b.n > 0)
		case_table_add_meta(t, "key", case_buf_str(&b));
	case_buf_free(&b);
}

static enum case_status
begin_clean(struct import *im, struct case_error *err)
{
	const struct case_rtype *rt = im->src.rt;
	struct case_table *t = &im->clean;
	enum case_status rc;

	if ((case_reader_format(im->src.rd) == CASE_ROWS_JSONL ||
		case_reader_format(im->src.rd) == CASE_ROWS_JSON) &&
	    (rc = meet_columns(im, err)) != CASE_OK)
		return rc;
	im->field = calloc(rt->field_n, sizeof(*im->field));
	im->row = calloc(rt->field_n + 5, sizeof(*im->row));
	if (im->field == NULL || im->row == NULL)
		return case_error_memory(err);
	for (size_t f = 0; f < rt->field_n; f++)
		if (is_mapped(im, (int)f))
			im->field[im->field_n++] = (int)f;
	case_table_begin(t, rt->name, CASE_RECORDS, rt->name,
	    case_label(rt->label, im->o->lang));
	case_records_columns(t, rt, im->field, im->field_n, im->o->lang);
	case_table_add_meta(t, "privacy", "raw");
	add_key(im, t);
	return t->failed ? case_error_memory(err)
			 : im->o->clean->ops->begin(im->o->clean, t, err);
}

static struct case_value
text_value(const char *p, size_t n)
{
	return (struct case_value){ .type = CASE_TEXT,
		.missing = n == 0,
		.u.s = { p, n } };
}

static struct case_value
sheet_value(const struct import *im)
{
	const char *name = source_sheet_name(&im->src, im->sheet);

	return text_value(name, strlen(name));
}

/* The same five columns as in records.c, behind the fields. */
static enum case_status
write_clean(struct import *im, const struct case_record *rec,
    struct case_error *err)
{
	struct case_words *words = case_store_words(im->st);
	struct case_value *v = im->row;
	size_t n = im->field_n;

	for (size_t i = 0; i < n; i++) {
		const struct case_field *f = &im->src.rt->field[im->field[i]];

		v[i] = rec->v[im->field[i]];
		v[i].type = f->type;
		if (f->coded && !v[i].missing)
			v[i].u.s = case_words_get(words, (uint32_t)v[i].u.i);
		case_records_label(&v[i], f, im->o->lang);
	}
	v[n] = text_value(rec->extra.p, rec->extra.n);
	v[n + 1] = text_value(im->facts.file, strlen(im->facts.file));
	v[n + 2] = sheet_value(im);
	v[n + 3] = (struct case_value){ .type = CASE_INTEGER,
		.u.i = (int64_t)case_place_line(rec->line) };
	v[n + 4] = (struct case_value){ .type = CASE_INTEGER, .missing = true };
	return im->o->clean->ops->row(im->o->clean, v, n + 5, err);
}

/*
 * Where the table, of n columns, has the one of that header, not counting
 * those that the first *at columns of the source took: a name may come twice.
 */
static bool
find_column(const struct case_import_rejects *r, size_t n, const char *header,
    size_t *at)
{
	for (size_t i = 0; i < n; i++) {
		bool taken = false;

		if (strcmp(r->table.column[REJECT_BEFORE + i].name, header) !=
		    0)
			continue;
		for (size_t k = 0; k < *at && !taken; k++)
			taken = r->at[k] == i;
		if (!taken) {
			*at = i;
			return true;
		}
	}
	return false;
}

/* Whether the table has the columns of this file or sheet: r->at. */
static bool
place_columns(struct case_import_rejects *r, const struct case_mapping *m)
{
	size_t n = r->table.column_n - REJECT_COLUMNS;

	for (size_t i = 0; i < m->column_n; i++) {
		size_t at = i;

		if (!find_column(r, n, m->column[i].header, &at))
			return false;
		r->at[i] = at;
	}
	return m->column_n == n;
}

/*
 * The source's own columns between file, line, reason and what stood beyond
 * the last column: mended in a spreadsheet, it can be imported again.
 */
static enum case_status
begin_rejects(struct import *im, struct case_error *err)
{
	struct case_import_rejects *r = im->o->rejects;
	const struct case_mapping *m = &im->src.map;
	struct case_table *t = &r->table;

	free(r->at);
	if ((r->at = calloc(m->column_n + 1, sizeof(*r->at))) == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < m->column_n; i++)
		r->at[i] = i;
	if (t->column_n > 0 && !place_columns(r, m))
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("its columns are not those of the first file, and one "
		      "file of rejects can't hold both: import it in a run of "
		      "its own"));
	if (t->column_n > 0)
		return CASE_OK;
	r->cell = calloc(m->column_n + REJECT_COLUMNS, sizeof(*r->cell));
	if (r->cell == NULL)
		return case_error_memory(err);
	case_table_begin(t, "rejects", CASE_RECORDS, NULL, NULL);
	case_table_add_column(t, "_file", CASE_TEXT, NULL, NULL);
	case_table_add_column(t, "_sheet", CASE_TEXT, NULL, NULL);
	case_table_add_column(t, "_line", CASE_INTEGER, NULL, NULL);
	case_table_add_column(t, "_reason", CASE_TEXT, NULL, NULL);
	for (size_t i = 0; i < m->column_n; i++)
		case_table_add_column(t, m->column[i].header, CASE_TEXT, NULL,
		    NULL);
	case_table_add_column(t, "_surplus", CASE_TEXT, NULL, NULL);
	return t->failed ? case_error_memory(err)
			 : r->writer->ops->begin(r->writer, t, err);
}

enum case_status
case_import_rejects_end(struct case_import_rejects *r, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	if (r->table.column_n > 0)
		rc = r->writer->ops->end(r->writer, err);
	case_table_free(&r->table);
	free(r->cell);
	free(r->at);
	r->cell = NULL;
	r->at = NULL;
	return rc;
}

/*
 * What has no column: cells beyond the last, or, when the row could not be
 * parted into cells, all of its text.
 */
static void
add_surplus(struct case_buf *out, const struct pipeline_row *row, size_t n)
{
	if (row->cells_n == 0)
		case_buf_add(out, row->rec.raw.p, row->rec.raw.n);
	for (size_t i = n; i < row->cells_n; i++) {
		if (i > n)
			case_buf_addc(out, '|');
		case_buf_add(out, row->cells[i].p, row->cells[i].n);
	}
}

static enum case_status
write_reject(struct import *im, const struct pipeline_row *row,
    const char *reason, struct case_error *err)
{
	struct case_import_rejects *r = im->o->rejects;
	size_t n = r->table.column_n - REJECT_COLUMNS;
	struct case_value *v = r->cell;
	struct case_buf surplus = { 0 };
	enum case_status rc;

	v[0] = text_value(im->facts.file, strlen(im->facts.file));
	v[1] = sheet_value(im);
	v[2] = (struct case_value){ .type = CASE_INTEGER,
		.u.i = (int64_t)case_place_line(row->line) };
	v[3] = text_value(reason, strlen(reason));
	for (size_t i = 0; i < n; i++)
		v[REJECT_BEFORE + r->at[i]] =
		    i < row->cells_n
			? text_value(row->cells[i].p, row->cells[i].n)
			: text_value("", 0);
	add_surplus(&surplus, row, n);
	v[REJECT_BEFORE + n] = text_value(case_buf_str(&surplus), surplus.n);
	rc = surplus.failed
		 ? case_error_memory(err)
		 : r->writer->ops->row(r->writer, v, r->table.column_n, err);
	case_buf_free(&surplus);
	return rc;
}

/* --- rows ------------------------------------------------------------- */

static enum case_status
reject(struct import *im, const struct pipeline_row *row, int field,
    struct case_str value, const char *reason, struct case_error *err)
{
	enum case_status rc;

	im->r->rejected++;
	rc = case_batch_reject(im->batch, row->line, field, value, reason,
	    row->rec.raw, err);
	if (rc == CASE_OK && im->o->rejects != NULL)
		rc = write_reject(im, row, reason, err);
	if (rc == CASE_OK && im->o->max_rejects >= 0 && !im->o->max_share &&
	    (double)im->r->rejected > im->o->max_rejects)
		return case_error_set(err, CASE_EDATA,
		    case_place_line(row->line),
		    _("more than %.0f rows rejected: nothing of this file is "
		      "stored; this one: %s"),
		    im->o->max_rejects, reason);
	return rc;
}

static enum case_status
put(struct import *im, const struct pipeline_row *row, struct case_error *err)
{
	struct case_import_result *r = im->r;
	const char *reason = NULL;
	enum case_put put = CASE_PUT_NEW;
	enum case_status rc;

	if ((rc = case_batch_put(im->batch, &row->rec, &put, &reason, err)) !=
	    CASE_OK)
		return rc;
	switch (put) {
	case CASE_PUT_NEW:
		r->added++;
		break;
	case CASE_PUT_CHANGED:
		r->changed++;
		break;
	case CASE_PUT_UNCHANGED:
		r->unchanged++;
		return CASE_OK;
	case CASE_PUT_REJECTED:
		return reject(im, row, -1, (struct case_str){ "", 0 }, reason,
		    err);
	}
	return im->o->clean != NULL ? write_clean(im, &row->rec, err) : CASE_OK;
}

static enum case_status
take(struct import *im, const struct pipeline_row *row, struct case_error *err)
{
	im->r->rows++;
	im->cut_line = row->outcome == CASE_REJECT && row->reject.field < 0
			   ? row->line
			   : 0;
	switch (row->outcome) {
	case CASE_RECORD:
		return put(im, row, err);
	case CASE_REJECT:
		return reject(im, row, row->reject.field, row->reject.value,
		    row->reject.reason, err);
	case CASE_ASIDE_BLANK:
	case CASE_ASIDE_TOTAL:
	case CASE_ASIDE_HEADER:
		im->r->aside++;
		break;
	}
	return CASE_OK;
}

/* All rows of the sheet, or of the file, where the reader is. */
static enum case_status
take_rows(struct import *im, struct case_error *err)
{
	const struct pipeline_block *block;
	struct pipeline *p;
	enum case_status rc;

	im->r->rows += (int64_t)im->src.map.skipped;
	im->r->aside += (int64_t)im->src.map.skipped;
	rc = pipeline_open(&p, im->src.rd, im->src.in, &im->src.map,
	    im->src.layout, im->src.rt, im->cleaner, im->batch,
	    im->src.sheet_n > 1 ? im->sheet + 1 : 0, im->o->rejects != NULL,
	    err);
	if (rc != CASE_OK)
		return rc;
	while ((rc = pipeline_next(p, &block, err)) == CASE_OK) {
		for (size_t i = 0; rc == CASE_OK && i < block->row_n; i++) {
			if (i + AHEAD < block->row_n &&
			    block->row[i + AHEAD].outcome == CASE_RECORD)
				case_batch_expect(im->batch,
				    block->row[i + AHEAD].rec.digest);
			rc = take(im, &block->row[i], err);
		}
		if (rc != CASE_OK)
			break;
		if (im->o->progress != NULL)
			im->o->progress(im->o->progress_arg, block->position,
			    im->facts.size, (size_t)im->r->rows,
			    (size_t)im->r->rejected);
	}
	pipeline_close(p);
	return rc == CASE_EOF ? note_warnings(im, err) : rc;
}

static enum case_status
begin_cleaner(struct import *im, struct case_error *err)
{
	enum case_status rc;

	case_cleaner_free(im->cleaner);
	rc = case_cleaner_new(&im->cleaner, im->src.rt, &im->src.map,
	    case_store_words(im->st), err);
	if (rc == CASE_OK && im->o->blank_overwrites)
		case_cleaner_keep_blanks(im->cleaner);
	return rc;
}

/* The rows of every sheet; of the first everything has begun. */
static enum case_status
take_sheets(struct import *im, struct case_error *err)
{
	enum case_status rc = take_rows(im, err);

	while (rc == CASE_OK && ++im->sheet < im->src.sheet_n) {
		if ((rc = source_select(&im->src, im->sheet, err)) != CASE_OK ||
		    (rc = begin_cleaner(im, err)) != CASE_OK ||
		    (im->o->rejects != NULL &&
			(rc = begin_rejects(im, err)) != CASE_OK))
			break;
		rc = take_rows(im, err);
	}
	return rc;
}

/* --- one file --------------------------------------------------------- */

/* The store's own type decides, which may be older than share/ has it. */
static enum case_status
use_type(struct import *im, struct case_error *err)
{
	enum case_status rc;

	rc = case_store_add_type(im->st, im->src.rt, err);
	if (rc == CASE_OK)
		rc = case_store_type(im->st, im->src.own->name, &im->src.rt,
		    err);
	if (rc == CASE_OK && (im->r->type = strdup(im->src.rt->name)) == NULL)
		rc = case_error_memory(err);
	return rc;
}

static void
set_facts(struct import *im)
{
	const struct case_input_facts *in = case_input_facts(im->src.in);
	const char *base = strrchr(im->path, '/');

	source_options(&im->options, &im->src, im->o);
	im->r->encoding = case_reader_encoding(im->src.rd);
	im->facts = (struct case_batch_facts){
		.type = im->src.rt->name,
		.file =
		    base != NULL && im->o->input == NULL ? base + 1 : im->path,
		.sha256 = in->sha256,
		.size = in->size,
		.encoding = im->r->encoding,
		.layout = im->o->layout != NULL ? im->o->layout : "",
		.options = case_buf_str(&im->options),
		.header = "[]",
		.sheet = "",
		.full = im->o->full,
		.full_from = im->o->full_from,
		.full_to = im->o->full_to,
		.time = im->o->time,
	};
	/* A source whose every export holds all that it has. */
	if (im->facts.full == NULL && im->src.layout->snapshot) {
		im->facts.full = "all";
		im->facts.full_from = INT64_MIN;
		im->facts.full_to = INT64_MAX;
	}
}

static enum case_status
set_columns(struct import *im, struct case_error *err)
{
	source_header(&im->header, &im->src);
	source_sheets(&im->sheets, &im->src);
	im->facts.header = case_buf_str(&im->header);
	im->facts.sheet = case_buf_str(&im->sheets);
	return im->header.failed || im->sheets.failed ? case_error_memory(err)
						      : CASE_OK;
}

static void
count_facts(struct import *im)
{
	const struct case_import_result *r = im->r;

	im->facts.rows = r->rows;
	im->facts.added = r->added;
	im->facts.changed = r->changed;
	im->facts.unchanged = r->unchanged;
	im->facts.rejected = r->rejected;
	im->facts.aside = r->aside;
	im->facts.warnings = r->warnings;
}

static enum case_status
check_counts(const struct import *im, struct case_error *err)
{
	const struct case_import_result *r = im->r;

	if (r->rows !=
	    r->added + r->changed + r->unchanged + r->rejected + r->aside)
		return case_error_set(err, CASE_EDATA, 0,
		    _("internal error: the rows do not add up; nothing is "
		      "stored, please report this"));
	if (im->o->max_rejects >= 0 && im->o->max_share && r->rows > 0 &&
	    (double)r->rejected > im->o->max_rejects * (double)r->rows)
		return case_error_set(err, CASE_EDATA, 0,
		    _("%lld of %lld rows rejected, more than %g %%: nothing "
		      "of this file is stored"),
		    (long long)r->rejected, (long long)r->rows,
		    im->o->max_rejects * 100);
	return CASE_OK;
}

static enum case_status
begin(struct import *im, struct case_error *err)
{
	const struct case_batch_options bo = {
		.key = im->src.layout->key,
		.key_content = im->src.layout->key_content,
		.on_conflict = im->o->on_conflict,
		.blank_overwrites = im->o->blank_overwrites,
	};
	enum case_status rc;

	rc = begin_cleaner(im, err);
	if (rc == CASE_OK)
		rc = case_batch_begin(&im->batch, im->st, im->src.rt,
		    &im->facts, &bo, err);
	/* First, since it packs the file while the rows are stored. */
	if (rc == CASE_OK && im->o->raw)
		rc = case_batch_keep_raw(im->batch, im->src.in, err);
	if (rc == CASE_OK && im->o->clean != NULL)
		rc = begin_clean(im, err);
	if (rc == CASE_OK && im->o->rejects != NULL)
		rc = begin_rejects(im, err);
	return rc;
}

static enum case_status
finish(struct import *im, struct case_error *err)
{
	enum case_status rc;

	if ((rc = check_counts(im, err)) != CASE_OK)
		return rc;
	if (im->o->clean != NULL &&
	    (rc = im->o->clean->ops->end(im->o->clean, err)) != CASE_OK)
		return rc;
	/* JSON may have added names on the way. */
	if (case_reader_is_named(im->src.rd)) {
		case_buf_reset(&im->header);
		source_header(&im->header, &im->src);
		im->facts.header = case_buf_str(&im->header);
	}
	count_facts(im);
	im->r->batch = case_batch_id(im->batch);
	if ((rc = note_end(im, err)) != CASE_OK ||
	    (rc = note_conflicts(im, err)) != CASE_OK)
		return rc;
	rc = case_batch_commit(im->batch, &im->facts, err);
	im->batch = NULL;
	return rc == CASE_OK ? note_vanished(im, err) : rc;
}

static enum case_status
import(struct import *im, struct case_error *err)
{
	enum case_status rc;

	if ((rc = source_open(&im->src, im->sh, im->path, im->o, err)) !=
		CASE_OK ||
	    (rc = use_type(im, err)) != CASE_OK ||
	    (rc = source_layout(&im->src, im->sh, im->o, err)) != CASE_OK)
		return rc;
	set_facts(im);
	/* By its bytes, before any of it is parsed. */
	if ((rc = case_store_same(im->st, &im->facts, &im->r->same, err)) !=
		CASE_OK ||
	    im->r->same != 0)
		return rc;
	if ((rc = source_map(&im->src, im->o, err)) != CASE_OK ||
	    (rc = set_columns(im, err)) != CASE_OK ||
	    (rc = note_sheets(im, err)) != CASE_OK ||
	    (rc = note_columns(im, err)) != CASE_OK ||
	    (rc = begin(im, err)) != CASE_OK ||
	    (rc = take_sheets(im, err)) != CASE_OK)
		return rc;
	return finish(im, err);
}

enum case_status
case_import_file(struct case_import_result *r, struct case_store *st,
    struct case_share *sh, const char *path,
    const struct case_import_options *o, struct case_error *err)
{
	struct import im = { .st = st, .sh = sh, .path = path, .o = o, .r = r };
	enum case_status rc;

	*r = (struct case_import_result){ 0 };
	rc = import(&im, err);
	if (im.batch != NULL)
		case_batch_rollback(im.batch);
	case_cleaner_free(im.cleaner);
	source_close(&im.src);
	case_buf_free(&im.options);
	case_buf_free(&im.header);
	case_buf_free(&im.sheets);
	case_table_free(&im.clean);
	free(im.field);
	free(im.row);
	return rc;
}
