/* mapping.c - the header row found, and a field for each column */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/layout.h"
#include "case/text.h"

#include "lib/model/header.h"

#define LOOK_ROWS 20 /* how far a header may stand below titles */
#define SEEN_MAX 60  /* columns of text shown of a row without a header */

/* A name of a column of the layout. */
struct known {
	struct case_header header;
	size_t column;
};

/* What headers are compared with, taken apart once. */
struct matcher {
	const struct case_rtype *rt;
	const struct case_layout *layout; /* or NULL */
	struct known *known;
	size_t known_n;
	bool jsonl; /* the rows are JSON Lines */
	struct case_error *err;
};

/* What one header means; from is the layout's column, or column_n. */
struct meaning {
	int field;
	int64_t scale;
	size_t from;
	bool known; /* the layout may know it as "-" */
};

static void
matcher_free(struct matcher *mt)
{
	for (size_t i = 0; i < mt->known_n; i++)
		case_header_free(&mt->known[i].header);
	free(mt->known);
}

static enum case_status
add_known(struct matcher *mt, size_t column, const char *name)
{
	struct known *to = &mt->known[mt->known_n];
	enum case_status rc;

	to->column = column;
	rc = case_header_parse(&to->header, &mt->rt->marks, name, strlen(name),
	    mt->err);
	if (rc == CASE_OK)
		mt->known_n++;
	return rc;
}

static enum case_status
matcher_begin(struct matcher *mt, const struct case_rtype *rt,
    const struct case_layout *layout, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	size_t n = 0;

	*mt = (struct matcher){ .rt = rt, .layout = layout, .err = err };
	for (size_t i = 0; layout != NULL && i < layout->column_n; i++)
		n += 1 + layout->column[i].alias_n;
	if (n == 0)
		return CASE_OK;
	if ((mt->known = calloc(n, sizeof(*mt->known))) == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < layout->column_n && rc == CASE_OK; i++) {
		const struct case_layout_column *c = &layout->column[i];

		rc = add_known(mt, i, c->header);
		for (size_t k = 0; k < c->alias_n && rc == CASE_OK; k++)
			rc = add_known(mt, i, c->alias[k]);
	}
	if (rc != CASE_OK)
		matcher_free(mt);
	return rc;
}

/* The name in the layout that a header is, best way of matching first. */
static const struct known *
find_in_layout(const struct matcher *mt, const struct case_header *h)
{
	for (int how = 0; how < CASE_HEADER_MATCHES; how++)
		for (size_t i = 0; i < mt->known_n; i++)
			if (case_header_same(&mt->known[i].header, h,
				(enum case_header_match)how))
				return &mt->known[i];
	return NULL;
}

static enum case_status
match(const struct matcher *mt, struct case_str cell, struct meaning *to)
{
	size_t n = mt->layout == NULL ? 0 : mt->layout->column_n;
	const struct known *k;
	struct case_header h;
	enum case_status rc;

	*to = (struct meaning){ CASE_EXTRA, 0, n, false };
	rc = case_header_parse(&h, &mt->rt->marks, cell.p, cell.n, mt->err);
	if (rc != CASE_OK)
		return rc;
	if ((k = find_in_layout(mt, &h)) != NULL) {
		const struct case_layout_column *c =
		    &mt->layout->column[k->column];

		to->from = k->column;
		to->known = true;
		to->field = c->field;
		to->scale = c->scale != 0  ? c->scale
			    : h.scale != 0 ? h.scale
					   : k->header.scale;
	} else {
		int field = case_header_field(&h, mt->rt, &to->scale);

		if (field < -1)
			rc = case_error_memory(mt->err);
		to->known = field >= 0;
		to->field = field >= 0 ? field : CASE_EXTRA;
	}
	case_header_free(&h);
	return rc;
}

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
	static const char *const ours[] = { "_file", "_sheet", "_line",
		"_batch", "_reason" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (strcmp(header, ours[i]) == 0)
			return true;
	return mt->jsonl && strcmp(header, "_table") == 0;
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
    struct case_str cell)
{
	struct case_str name = case_text_trim(cell.p, cell.n);
	struct case_layout_column c = { .field = CASE_EXTRA };
	struct meaning mean;
	enum case_status rc;

	if (!reserve_column(m))
		return case_error_memory(mt->err);
	if (m->taken == NULL &&
	    (rc = case_words_new(&m->taken, mt->err)) != CASE_OK)
		return rc;
	if ((rc = match(mt, name, &mean)) != CASE_OK)
		return rc;
	c.header = name.n == 0 ? strdup("") : strndup(name.p, name.n);
	if (c.header == NULL)
		return case_error_memory(mt->err);
	c.extra = extra_key(m, c.header);
	c.field = is_provenance(mt, c.header) ? CASE_IGNORE : mean.field;
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

/*
 * Gives way to what the layout decided: a column known only by an alias. Of
 * two columns at least one is new, that is, from on.
 */
static void
yield_to_layout(struct case_mapping *m, size_t from)
{
	for (size_t i = from; i < m->column_n; i++) {
		struct case_layout_column *c = &m->column[i];

		for (size_t k = 0; k < m->column_n && c->field >= 0; k++) {
			struct case_layout_column *d = &m->column[k];

			if (d->field != c->field || d->decided == c->decided)
				continue;
			(d->decided ? c : d)->field = CASE_EXTRA;
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
	check_fields(m, from, mt->rt, &say);
	/* JSON may name a column in any later row. */
	if (whole)
		check_required(mt, m, &say);
	return complain(&say, m, mt->err);
}

/* --- finding the header row ----------------------------------------------- */

struct score {
	size_t known;  /* cells that are known names */
	size_t fields; /* of them, fields */
	bool identity; /* a field of an identity is among them */
};

static bool
is_identity(const struct matcher *mt, int field)
{
	const struct case_layout *l = mt->layout;

	for (size_t k = 0; k < mt->rt->key_n; k++)
		if ((int)mt->rt->key[k].field[0] == field)
			return true;
	return l != NULL && l->key.field_n > 0 && (int)l->key.field[0] == field;
}

static enum case_status
score_cells(const struct matcher *mt, const struct case_str *cell, size_t n,
    struct score *s)
{
	struct meaning mean;
	enum case_status rc;

	*s = (struct score){ 0 };
	for (size_t i = 0; i < n; i++) {
		/* No name is as long as a paragraph. */
		if (cell[i].n > 300)
			continue;
		if ((rc = match(mt, cell[i], &mean)) != CASE_OK)
			return rc;
		s->known += mean.known;
		s->fields += mean.field >= 0;
		s->identity |= mean.field >= 0 && is_identity(mt, mean.field);
	}
	return CASE_OK;
}

static bool
is_enough(const struct score *s)
{
	return s->fields >= 2 || s->identity;
}

/* A row that is no header, as it may be shown: without long numbers. */
static void
show_row(struct case_buf *seen, const struct case_str *cell, size_t n)
{
	struct case_buf one = { 0 };

	for (size_t i = 0;
	     i < n && case_text_width(case_buf_str(seen), seen->n) < SEEN_MAX;
	     i++) {
		case_buf_reset(&one);
		case_text_visible(&one, cell[i].p,
		    case_text_cut(cell[i].p, cell[i].n, 16));
		for (size_t k = 0; k < one.n; k++)
			if (one.p[k] >= '0' && one.p[k] <= '9')
				one.p[k] = '#';
		case_buf_adds(seen, i > 0 ? " | " : "");
		case_buf_add(seen, case_buf_str(&one), one.n);
	}
	case_buf_free(&one);
}

static enum case_status
no_header(struct case_buf *seen, size_t line, struct case_error *err)
{
	enum case_status rc;

	if (seen->failed)
		rc = case_error_memory(err);
	else if (line == 0)
		rc = case_error_set(err, CASE_EDATA, 0,
		    _("the file has no rows"));
	else
		rc = case_error_set(err, CASE_EDATA, line,
		    _("no header found: \"%s\" has no known column names; name "
		      "the header's line with -H, columns with --map "
		      "HEADER=FIELD, or a layout with -l"),
		    seen->p);
	case_buf_free(seen);
	return rc;
}

/*
 * The number of the best header among the first rows, from 1. The row shown
 * when there is none is the first that has cells.
 */
static enum case_status
find_best(const struct matcher *mt, struct case_reader *rd, size_t *best)
{
	struct score s, top = { 0 };
	struct case_buf seen = { 0 };
	struct case_row row;
	size_t line = 0;
	enum case_status rc = CASE_OK;

	*best = 0;
	for (size_t i = 1; i <= LOOK_ROWS; i++) {
		if ((rc = case_reader_next(rd, &row, mt->err)) != CASE_OK)
			break;
		if (row.fault != NULL || row.cell_n == 0)
			continue;
		rc = score_cells(mt, row.cell, row.cell_n, &s);
		if (rc != CASE_OK)
			break;
		if (line == 0) {
			line = row.line;
			show_row(&seen, row.cell, row.cell_n);
		}
		if (is_enough(&s) && s.known > top.known) {
			top = s;
			*best = i;
		}
	}
	if (rc < CASE_OK)
		case_buf_free(&seen);
	else if (*best == 0)
		return no_header(&seen, line, mt->err);
	case_buf_free(&seen);
	return rc < CASE_OK ? rc : CASE_OK;
}

/* The number of the row that holds a given line, and whether it will do. */
static enum case_status
find_given(const struct matcher *mt, struct case_reader *rd, size_t line,
    size_t *best)
{
	struct case_buf seen = { 0 };
	struct case_row row;
	struct score s;
	size_t i = 0;
	enum case_status rc;

	do {
		rc = case_reader_next(rd, &row, mt->err);
		if (rc == CASE_EOF)
			return case_error_set(mt->err, CASE_EDATA, 0,
			    _("the header was to be in line %zu, but the file "
			      "ends before"),
			    line);
		if (rc != CASE_OK)
			return rc;
		i++;
	} while (row.line + row.lines <= line);
	if (row.fault != NULL)
		return case_error_set(mt->err, CASE_EDATA, row.line, "%s",
		    row.fault);
	if ((rc = score_cells(mt, row.cell, row.cell_n, &s)) != CASE_OK)
		return rc;
	if (is_enough(&s)) {
		*best = i;
		return CASE_OK;
	}
	show_row(&seen, row.cell, row.cell_n);
	return no_header(&seen, row.line, mt->err);
}

/* Back to the start, then n rows on; *row is the last of them. */
static enum case_status
go_to(struct case_reader *rd, size_t n, struct case_row *row,
    struct case_error *err)
{
	enum case_status rc = case_reader_rewind(rd, err);

	for (size_t i = 0; i < n && rc == CASE_OK; i++)
		rc = case_reader_next(rd, row, err);
	if (rc == CASE_EOF)
		return case_error_set(err, CASE_EDATA, 0,
		    _("the file changed while it was read"));
	return rc;
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
	enum case_status rc = CASE_OK;

	while (m->column_n < m->width && rc == CASE_OK)
		rc = add_column(m, mt, (struct case_str){ "", 0 });
	while (m->column_n > m->width) {
		m->column_n--;
		free(m->column[m->column_n].header);
		free(m->column[m->column_n].extra);
	}
	return rc;
}

static enum case_status
map_header(struct case_mapping *m, struct case_reader *rd,
    const struct matcher *mt)
{
	size_t given = mt->layout == NULL ? 0 : mt->layout->header_row;
	struct case_row row = { 0 };
	size_t best = 0;
	enum case_status rc;

	rc = given > 0 ? find_given(mt, rd, given, &best)
		       : find_best(mt, rd, &best);
	if (rc != CASE_OK || (rc = go_to(rd, best, &row, mt->err)) != CASE_OK)
		return rc;
	m->header_line = row.line;
	m->skipped = best - 1;
	for (size_t i = 0; i < row.cell_n && rc == CASE_OK; i++)
		rc = add_column(m, mt, row.cell[i]);
	if (rc != CASE_OK || (rc = check_columns(m, 0, mt, true)) != CASE_OK ||
	    (rc = find_width(m, rd, mt->err)) != CASE_OK ||
	    (rc = fit_columns(m, mt)) != CASE_OK)
		return rc;
	case_reader_set_width(rd, m->width);
	return go_to(rd, best, &row, mt->err);
}

/* --- names that come with the format -------------------------------------- */

/* Adds a column for each name that has none yet. */
static enum case_status
map_names(struct case_mapping *m, struct case_reader *rd,
    const struct matcher *mt)
{
	size_t n, from = m->column_n;
	const struct case_str *name = case_reader_names(rd, &n);
	enum case_status rc = CASE_OK;

	for (size_t i = from; i < n && rc == CASE_OK; i++)
		rc = add_column(m, mt, name[i]);
	if (rc != CASE_OK)
		return rc;
	return check_columns(m, from, mt,
	    case_reader_format(rd) == CASE_ROWS_TABLE);
}

static enum case_status
map_format(struct case_mapping *m, struct case_reader *rd,
    const struct matcher *mt)
{
	const struct case_str *name;
	struct case_buf seen = { 0 };
	struct case_row row;
	struct score s;
	enum case_status rc = CASE_OK;
	size_t n;

	for (size_t i = 0; i < LOOK_ROWS && rc == CASE_OK; i++)
		rc = case_reader_next(rd, &row, mt->err);
	if (rc < CASE_OK)
		return rc;
	name = case_reader_names(rd, &n);
	if ((rc = score_cells(mt, name, n, &s)) != CASE_OK)
		return rc;
	if (!is_enough(&s)) {
		show_row(&seen, name, n);
		return no_header(&seen, n > 0 ? 1 : 0, mt->err);
	}
	if ((rc = map_names(m, rd, mt)) != CASE_OK)
		return rc;
	return case_reader_rewind(rd, mt->err);
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
	}
	mt.jsonl = case_reader_format(rd) == CASE_ROWS_JSONL;
	rc = case_reader_format(rd) == CASE_ROWS_CSV ? map_header(m, rd, &mt)
						     : map_format(m, rd, &mt);
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
	mt.jsonl = case_reader_format(rd) == CASE_ROWS_JSONL;
	rc = map_names(m, rd, &mt);
	matcher_free(&mt);
	return rc;
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
