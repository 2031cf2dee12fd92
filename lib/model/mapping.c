/* mapping.c - the header row found, and a field for each column */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/layout.h"
#include "case/text.h"

#include "lib/model/headrow.h"
#include "lib/model/match.h"

#define LOOK_ROWS 20 /* behind the header, to tell the width */

/* --- the columns ---------------------------------------------------------- */

/* Fen of a bare number: what the header says, else the field's unit; or -1. */
static int64_t
scale_of(const struct case_rtype *rt, const struct meaning *to)
{
	const struct case_field *f =
	    to->field < 0 ? NULL : &rt->field[to->field];
	int64_t scale = to->scale;

	if (f == NULL || f->type != CASE_MONEY)
		return 0;
	if (scale == 0 && f->unit != NULL)
		scale = case_unit_scale(f->unit, strlen(f->unit));
	return scale == 0 ? 100 : scale;
}

/*
 * The key in extra: the header; #7 without one; 名称#2 for the second. NULL:
 * out of memory.
 */
static char *
extra_key(struct case_mapping *m, const char *header)
{
	struct case_buf key = { 0 };
	size_t turn = 1;

	if (header[0] == '\0')
		case_buf_addf(&key, "#%zu", m->column_n + 1);
	else
		case_buf_adds(&key, header);
	while (!key.failed && case_words_find(m->taken, key.p, key.n) != 0) {
		case_buf_reset(&key);
		case_buf_addf(&key, "%s#%zu", header, ++turn);
	}
	if (key.failed || case_words_add(m->taken, key.p, key.n) == 0)
		case_buf_free(&key);
	return key.p;
}

bool
case_header_is_ours(const char *header)
{
	static const char *const ours[] = { "_file", "_sheet", "_line",
		"_batch", "_reason", "_surplus" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(header, ours[i]) == 0)
			return true;
	return false;
}

/*
 * _file, _line and so on come with what the tools wrote, tables and files of
 * rejects; JSON Lines of several tables say _table. They are no data of a
 * record. All else is, whatever its name begins with: _extra, which holds
 * what no field took when a table was written, and _surplus, the cells of a
 * reject beyond its last column.
 */
static bool
is_provenance(const struct matcher *mt, const char *header)
{
	if (mt->jsonl && strcmp(header, "_table") == 0)
		return true;
	return case_header_is_ours(header) && strcmp(header, "_surplus") != 0;
}

/* Room for one more; there is always room up to the next power of 2. */
static bool
reserve_column(struct case_mapping *m)
{
	size_t n = m->column_n;
	struct case_layout_column *to;

	if ((n & (n - 1)) != 0)
		return true;
	to = reallocarray(m->column, n == 0 ? 1 : 2 * n, sizeof(*to));
	if (to != NULL)
		m->column = to;
	return to != NULL;
}

static enum case_status
add_column(struct case_mapping *m, const struct matcher *mt,
    const struct head_cell *cell)
{
	struct case_layout_column c = { .field = CASE_EXTRA };
	struct meaning mean;
	enum case_status rc;

	if (!reserve_column(m))
		return case_error_memory(mt->err);
	if (m->taken == NULL &&
	    (rc = case_words_new(&m->taken, mt->err)) != CASE_OK)
		return rc;
	if ((rc = match(mt, cell, &mean)) != CASE_OK)
		return rc;
	c.header = cell->name.n == 0 ? strdup("")
				     : strndup(cell->name.p, cell->name.n);
	c.child = cell->child.n == 0 ? 0 : cell->name.n - cell->child.n;
	if (c.header == NULL)
		return case_error_memory(mt->err);
	c.extra = extra_key(m, c.header);
	c.field = is_provenance(mt, c.header) ? CASE_IGNORE : mean.field;
	c.scale = scale_of(mt->rt, &mean);
	c.rival = mean.rival;
	/* In case it is the rival that takes the column. */
	mean.field = mean.rival;
	if (c.scale == 0)
		c.scale = scale_of(mt->rt, &mean);
	c.rank = mean.from;
	if (c.scale < 0 || c.extra == NULL) {
		free(c.header);
		free(c.extra);
		return case_error_memory(mt->err);
	}
	if (mt->layout != NULL) {
		c.calendar = mt->layout->calendar;
		c.decided = mean.from < mt->layout->column_n;
	}
	if (c.decided) {
		c.calendar = mt->layout->column[mean.from].calendar;
		c.order = mt->layout->column[mean.from].order;
		c.code = mt->layout->column[mean.from].code;
		c.code_n = mt->layout->column[mean.from].code_n;
	}
	m->column[m->column_n++] = c;
	return CASE_OK;
}

/* --- one field, one column ------------------------------------------------ */

/* Everything that is wrong with a header, to be said in one message. */
struct complaint {
	struct case_buf text;
	bool clash;
};

static void
complain_clash(struct complaint *c, const struct case_mapping *m,
    const struct case_rtype *rt, size_t a, size_t b)
{
	case_buf_adds(&c->text, c->text.n > 0 ? "; " : "");
	case_buf_addf(&c->text,
	    _("two columns for one field '%s': '%s' (column %zu) and '%s' "
	      "(column %zu)"),
	    rt->field[m->column[a].field].name, m->column[a].header, a + 1,
	    m->column[b].header, b + 1);
	c->clash = true;
}

static void
complain_rival(struct complaint *c, const struct case_mapping *m,
    const struct case_rtype *rt, size_t i)
{
	const struct case_layout_column *column = &m->column[i];

	case_buf_adds(&c->text, c->text.n > 0 ? "; " : "");
	case_buf_addf(&c->text, _("column %zu, '%s', may be '%s' or '%s'"),
	    i + 1, column->header, rt->field[column->field].name,
	    rt->field[column->rival].name);
	c->clash = true;
}

static void
complain_fixed(struct complaint *c, const struct case_mapping *m,
    const struct case_rtype *rt, size_t i)
{
	case_buf_adds(&c->text, c->text.n > 0 ? "; " : "");
	case_buf_addf(&c->text,
	    _("column %zu, '%s', holds '%s', which the layout sets for every "
	      "row (--map HEADER=- keeps the column as it is)"),
	    i + 1, m->column[i].header, rt->field[m->column[i].field].name);
}

/* A column known only by an alias gives way to the layout's column d. */
static void
yield(struct case_layout_column *c, const struct case_layout_column *d)
{
	if (c->decided || !d->decided || d->field < 0)
		return;
	if (c->field == d->field) {
		c->field = c->rival >= 0 ? c->rival : CASE_EXTRA;
		c->rival = -1;
	} else if (c->rival == d->field) {
		c->rival = -1;
	}
}

/* Of two columns at least one is new, that is, from on. */
static void
yield_to_layout(struct case_mapping *m, size_t from)
{
	for (size_t i = from; i < m->column_n; i++)
		for (size_t k = 0; k < m->column_n; k++) {
			yield(&m->column[i], &m->column[k]);
			yield(&m->column[k], &m->column[i]);
		}
}

/* Nor do the fields that the layout sets take what only may be theirs. */
static void
yield_to_fixed(struct case_mapping *m, size_t from)
{
	for (size_t i = from; i < m->column_n; i++) {
		struct case_layout_column *c = &m->column[i];

		for (size_t k = 0; k < m->fixed_n && c->rival >= 0; k++) {
			int field = m->fixed[k].column.field;

			if (field != c->field && field != c->rival)
				continue;
			if (field == c->field)
				c->field = c->rival;
			c->rival = -1;
		}
	}
}

/* Each field has one column, or several that the layout put into an order. */
static void
check_fields(struct case_mapping *m, size_t from, const struct case_rtype *rt,
    struct complaint *say)
{
	for (size_t i = from; i < m->column_n; i++) {
		const struct case_layout_column *c = &m->column[i];

		if (c->field >= 0 && c->rival >= 0)
			complain_rival(say, m, rt, i);
		for (size_t k = 0; k < m->fixed_n && c->field >= 0; k++)
			if (m->fixed[k].column.field == c->field)
				complain_fixed(say, m, rt, i);
		for (size_t k = 0; k < i && c->field >= 0; k++) {
			const struct case_layout_column *d = &m->column[k];

			if (d->field == c->field &&
			    (!c->decided || d->rank == c->rank)) {
				complain_clash(say, m, rt, k, i);
				break;
			}
		}
	}
}

static bool
has_column(const struct case_mapping *m, size_t from)
{
	for (size_t i = 0; i < m->column_n; i++)
		if (m->column[i].decided && m->column[i].rank == from)
			return true;
	return false;
}

static void
check_required(const struct matcher *mt, const struct case_mapping *m,
    struct complaint *say)
{
	size_t n = mt->layout == NULL ? 0 : mt->layout->column_n;

	for (size_t i = 0; i < n; i++) {
		const struct case_layout_column *c = &mt->layout->column[i];

		if (!c->required || has_column(m, i))
			continue;
		case_buf_adds(&say->text, say->text.n > 0 ? "; " : "");
		case_buf_addf(&say->text, _("no column is called '%s'"),
		    c->header);
	}
}

static enum case_status
complain(struct complaint *say, const struct case_mapping *m,
    struct case_error *err)
{
	enum case_status rc = CASE_OK;

	if (say->text.failed)
		rc = case_error_memory(err);
	else if (say->clash)
		rc = case_error_set(err, CASE_EDATA, m->header_line,
		    _("%s; say which one it is with --map HEADER=FIELD, or "
		      "choose a layout with -l"),
		    say->text.p);
	else if (say->text.n > 0)
		rc = case_error_set(err, CASE_EDATA, m->header_line, "%s",
		    say->text.p);
	case_buf_free(&say->text);
	return rc;
}

/* Columns from on are new; whole: there will be no others. */
static enum case_status
check_columns(struct case_mapping *m, size_t from, const struct matcher *mt,
    bool whole)
{
	struct complaint say = { { 0 }, false };

	yield_to_layout(m, from);
	yield_to_fixed(m, from);
	check_fields(m, from, mt->rt, &say);
	/* JSON may name a column in any later row. */
	if (whole)
		check_required(mt, m, &say);
	return complain(&say, m, mt->err);
}

static bool
is_empty_from(const struct case_row *row, size_t from)
{
	for (size_t i = from; i < row->cell_n; i++)
		if (case_text_trim(row->cell[i].p, row->cell[i].n).n > 0)
			return false;
	return true;
}

/*
 * The width of the rows behind the header, when all of the next have the same
 * and it differs from the header's only by cells that hold nothing: exports
 * that end each line, or only the header, in a delimiter.
 */
static enum case_status
find_width(struct case_mapping *m, struct case_reader *rd,
    struct case_error *err)
{
	size_t named = m->column_n, width = 0;
	struct case_row row;
	enum case_status rc;

	while (named > 0 && m->column[named - 1].header[0] == '\0')
		named--;
	m->width = m->column_n;
	for (size_t i = 0; i < LOOK_ROWS; i++) {
		rc = case_reader_next(rd, &row, err);
		if (rc == CASE_EOF)
			break;
		if (rc != CASE_OK)
			return rc;
		if (row.fault != NULL || row.cell_n == 0)
			continue;
		if (width == 0)
			width = row.cell_n;
		if (row.cell_n != width || row.cell_n < named ||
		    !is_empty_from(&row, m->column_n))
			return CASE_OK;
	}
	if (width > 0)
		m->width = width;
	return CASE_OK;
}

/* Columns for the cells that the width has beyond the header, or not. */
static enum case_status
fit_columns(struct case_mapping *m, const struct matcher *mt)
{
	const struct head_cell nothing = { { "", 0 }, { "", 0 } };
	enum case_status rc = CASE_OK;

	while (m->column_n < m->width && rc == CASE_OK)
		rc = add_column(m, mt, &nothing);
	while (m->column_n > m->width) {
		m->column_n--;
		free(m->column[m->column_n].header);
		free(m->column[m->column_n].extra);
	}
	return rc;
}

static enum case_status
map_cells(struct case_mapping *m, struct case_reader *rd,
    const struct matcher *mt, const struct headrow *h)
{
	enum case_status rc = CASE_OK;

	m->header_line = h->line;
	m->skipped = h->before;
	for (size_t i = 0; i < h->cells.n && rc == CASE_OK; i++)
		rc = add_column(m, mt, &h->cells.cell[i]);
	if (rc != CASE_OK || (rc = check_columns(m, 0, mt, true)) != CASE_OK ||
	    (rc = find_width(m, rd, mt->err)) != CASE_OK ||
	    (rc = fit_columns(m, mt)) != CASE_OK)
		return rc;
	case_reader_set_width(rd, m->width);
	return headrow_rewind(h, rd, mt->err);
}

static enum case_status
map_header(struct case_mapping *m, struct case_reader *rd,
    const struct matcher *mt)
{
	struct headrow h;
	enum case_status rc;

	rc = headrow_find(&h, mt, rd,
	    mt->layout == NULL ? 0 : mt->layout->header_row);
	if (rc == CASE_OK)
		rc = map_cells(m, rd, mt, &h);
	head_cells_free(&h.cells);
	return rc;
}

/* --- names that come with the format -------------------------------------- */

static struct case_str
trimmed(const struct case_str *name)
{
	return case_text_trim(name->p, name->n);
}

/* Adds a column for each name that has none yet. */
static enum case_status
map_names(struct case_mapping *m, struct case_reader *rd,
    const struct matcher *mt)
{
	size_t n, from = m->column_n;
	const struct case_str *name = case_reader_names(rd, &n);
	enum case_status rc = CASE_OK;

	for (size_t i = from; i < n && rc == CASE_OK; i++)
		rc = add_column(m, mt,
		    &(struct head_cell){ .name = trimmed(&name[i]) });
	if (rc != CASE_OK)
		return rc;
	return check_columns(m, from, mt,
	    case_reader_format(rd) == CASE_ROWS_TABLE);
}

static enum case_status
score_names(const struct matcher *mt, const struct case_str *name, size_t n,
    struct score *s)
{
	struct head_cell *cell = calloc(n + 1, sizeof(*cell));
	enum case_status rc;

	if (cell == NULL)
		return case_error_memory(mt->err);
	for (size_t i = 0; i < n; i++)
		cell[i].name = trimmed(&name[i]);
	rc = match_score(mt, cell, n, s);
	free(cell);
	return rc;
}

/* The list of documents within a case is no list of cases. */
static enum case_status
check_beside(struct case_reader *rd, const struct matcher *mt)
{
	size_t n;
	const struct case_str *name = case_reader_beside(rd, &n);
	enum case_status rc;
	struct score s;

	if (n == 0)
		return CASE_OK;
	if ((rc = score_names(mt, name, n, &s)) != CASE_OK || !s.identity)
		return rc;
	return case_error_set(mt->err, CASE_EDATA, 0, "%s",
	    _("the JSON document has both a record's number and a list of "
	      "objects: if it is one record, write [ ] around it; if the list "
	      "is the records, save it alone"));
}

static enum case_status
map_format(struct case_mapping *m, struct case_reader *rd,
    const struct matcher *mt)
{
	struct case_buf fault = { 0 };
	const struct case_str *name;
	struct case_row row;
	struct score s;
	enum case_status rc = check_beside(rd, mt);
	size_t n, fault_line = 0;

	for (size_t i = 0; i < LOOK_ROWS && rc == CASE_OK; i++) {
		rc = case_reader_next(rd, &row, mt->err);
		if (rc != CASE_OK || row.fault == NULL || fault_line > 0)
			continue;
		fault_line = row.line;
		case_buf_adds(&fault, row.fault);
	}
	name = case_reader_names(rd, &n);
	/* An array without objects: there was nothing to report. */
	if (rc >= CASE_OK && n == 0 &&
	    case_reader_format(rd) == CASE_ROWS_JSON) {
		case_buf_free(&fault);
		return case_reader_rewind(rd, mt->err);
	}
	/* An answer without rows has no names from then on. */
	if (rc >= CASE_OK && (rc = score_names(mt, name, n, &s)) == CASE_OK)
		rc = case_reader_answer(rd, match_enough(&s), mt->err);
	if (rc == CASE_EOF && match_enough(&s))
		rc = CASE_OK;
	else if (rc == CASE_EOF)
		rc = n == 0 && fault_line > 0
			 ? headrow_unread(&fault, fault_line, mt->err)
			 : headrow_none(name, n, n > 0 ? 1 : 0, mt->err);
	case_buf_free(&fault);
	if (rc != CASE_OK)
		return rc;
	if ((rc = map_names(m, rd, mt)) != CASE_OK)
		return rc;
	return case_reader_rewind(rd, mt->err);
}

static bool
is_json(const struct case_reader *rd)
{
	return case_reader_format(rd) == CASE_ROWS_JSONL ||
	       case_reader_format(rd) == CASE_ROWS_JSON;
}

enum case_status
case_mapping_find(struct case_mapping *m, struct case_reader *rd,
    const struct case_rtype *rt, const struct case_layout *layout,
    struct case_error *err)
{
	struct matcher mt;
	enum case_status rc;

	*m = (struct case_mapping){ 0 };
	if ((rc = matcher_begin(&mt, rt, layout, err)) != CASE_OK)
		return rc;
	if (layout != NULL) {
		m->key = layout->key;
		m->key_content = layout->key_content;
		m->fixed = layout->fixed;
		m->fixed_n = layout->fixed_n;
	}
	mt.jsonl = is_json(rd);
	rc = case_reader_is_named(rd) ? map_format(m, rd, &mt)
				      : map_header(m, rd, &mt);
	matcher_free(&mt);
	return rc;
}

enum case_status
case_mapping_grow(struct case_mapping *m, struct case_reader *rd,
    const struct case_rtype *rt, const struct case_layout *layout,
    struct case_error *err)
{
	struct matcher mt;
	enum case_status rc;

	if ((rc = matcher_begin(&mt, rt, layout, err)) != CASE_OK)
		return rc;
	mt.jsonl = is_json(rd);
	rc = map_names(m, rd, &mt);
	matcher_free(&mt);
	return rc;
}

bool
case_mapping_has(const struct case_mapping *m, int field, size_t but)
{
	for (size_t i = 0; i < m->column_n; i++)
		if (i != but && m->column[i].field == field)
			return true;
	for (size_t i = 0; i < m->fixed_n; i++)
		if (m->fixed[i].column.field == field)
			return true;
	return false;
}

void
case_mapping_free(struct case_mapping *m)
{
	for (size_t i = 0; i < m->column_n; i++) {
		free(m->column[i].header);
		free(m->column[i].extra);
	}
	free(m->column);
	case_words_free(m->taken);
	*m = (struct case_mapping){ 0 };
}
