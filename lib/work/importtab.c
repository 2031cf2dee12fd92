/* importtab.c - the tables of an import: clean records (-n) and rejects */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/records.h"
#include "lib/work/import_int.h"

/* Columns of a table of rejects before the source's own, and in all. */
#define REJECT_BEFORE 4
#define REJECT_COLUMNS (REJECT_BEFORE + 1)

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
	for (size_t i = 0; i < im->src.map.fixed_n; i++) {
		int field = im->src.map.fixed[i].column.field;

		if (field == f || im->src.rt->field[field].pair == f)
			return true;
	}
	return false;
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

enum case_status
import_begin_clean(struct import *im, struct case_error *err)
{
	const struct case_rtype *rt = im->src.rt;
	struct case_table *t = &im->clean;
	enum case_status rc = source_meet_columns(&im->src, err);

	if (rc != CASE_OK)
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
enum case_status
import_write_clean(struct import *im, const struct case_record *rec,
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
enum case_status
import_begin_rejects(struct import *im, struct case_error *err)
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

enum case_status
import_write_reject(struct import *im, const struct pipeline_row *row,
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
