/* statrows.c - which rows and columns a table has, and in what order */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/stat_int.h"

/*
 * row		tuples of dim_n numbers; the last dimension of a cross table is
 *		put in for each column
 * total_at	from here on they are totals
 * across	the values that are columns, STAT_ALL last; one when there are
 *		none
 * value	by column of the table: (across x measures) x rows
 * order	the rows as they are written
 */
struct grid {
	struct case_stat *s;
	uint32_t *row;
	size_t row_n, row_cap;
	size_t total_at;
	uint32_t *across;
	size_t across_n;
	struct case_value *value;
	size_t *order;
	size_t shown;
	struct case_table table;
	struct case_value *line;
	struct case_buf *text; /* one a dimension of the rows */
};

static size_t
by_n(const struct case_stat *s)
{
	return s->dim_n - s->across;
}

static uint32_t *
row_at(const struct grid *g, size_t i)
{
	return &g->row[i * g->s->dim_n];
}

/* --- rows ------------------------------------------------------------- */

static bool
add_row(struct grid *g, const uint32_t *tuple)
{
	const size_t n = g->s->dim_n;
	size_t cap = g->row_cap == 0 ? 64 : 2 * g->row_cap;
	uint32_t *more;

	if (g->row_n == g->row_cap) {
		more = realloc(g->row, cap * (n + 1) * sizeof(*more));
		if (more == NULL)
			return false;
		g->row = more;
		g->row_cap = cap;
	}
	if (n > 0)
		memcpy(&g->row[g->row_n * n], tuple, n * sizeof(*tuple));
	g->row_n++;
	return true;
}

static bool
add_across(struct grid *g, uint32_t key)
{
	for (size_t i = 0; i < g->across_n; i++)
		if (g->across[i] == key)
			return true;
	if (!stat_grow(&g->across, g->across_n, sizeof(*g->across)))
		return false;
	g->across[g->across_n++] = key;
	return true;
}

/*
 * Adds the row of a tuple unless it is there. seen holds the rows: their keys
 * with the last dimension of a cross table taken out.
 */
static enum case_status
see_row(struct grid *g, struct keys *seen, const uint32_t *tuple,
    struct case_error *err)
{
	const struct case_stat *s = g->s;
	uint32_t row[STAT_DIMS];
	size_t before = seen->n, i;
	enum case_status rc;

	memcpy(row, tuple, sizeof(row));
	if (s->across && !add_across(g, tuple[s->dim_n - 1]))
		return case_error_memory(err);
	if (s->across)
		row[s->dim_n - 1] = STAT_ALL;
	rc = stat_keys_add(seen, row, s->dim_n, &i, err);
	if (rc == CASE_OK && seen->n > before && !add_row(g, row))
		rc = case_error_memory(err);
	return rc;
}

/*
 * A row for every unit of the period: the unit put in the place of each row's
 * own, so that a table by unit and month has each unit in each month.
 */
static enum case_status
add_units(struct grid *g, struct keys *seen, struct case_error *err)
{
	struct case_stat *s = g->s;
	const struct case_period *p = &s->period;
	size_t at = 0, before = g->row_n;
	uint32_t tuple[STAT_DIMS] = { 0 }, key;
	enum case_status rc = CASE_OK;

	while (at < by_n(s) && strcmp(s->dim[at].text, "unit") != 0)
		at++;
	if (at == by_n(s))
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("--all-units needs unit among -b"));
	for (size_t i = 0; rc == CASE_OK && i < s->unit_n; i++) {
		const struct unit *u = &s->unit[i];
		const struct case_value v = { .type = CASE_TEXT,
			.u.s = { u->name, strlen(u->name) } };

		if ((!p->open_to && u->since > p->to) ||
		    (!p->open_from && u->until < p->from))
			continue;
		rc = stat_dim_key(s, &s->dim[at], &v, &key, err);
		for (size_t k = 0; rc == CASE_OK && k < before; k++) {
			memcpy(tuple, row_at(g, k), s->dim_n * sizeof(*tuple));
			tuple[at] = key;
			rc = see_row(g, seen, tuple, err);
		}
		/* Without any record the units alone make the table. */
		if (rc == CASE_OK && before == 0 && by_n(s) == 1) {
			tuple[at] = key;
			if (s->across)
				tuple[s->dim_n - 1] = STAT_ALL;
			rc = see_row(g, seen, tuple, err);
		}
	}
	return rc;
}

static enum case_status
collect_rows(struct grid *g, struct case_error *err)
{
	struct case_stat *s = g->s;
	struct keys seen = { 0 };
	uint32_t tuple[STAT_DIMS] = { 0 };
	enum case_status rc = CASE_OK;

	for (size_t k = 0; rc == CASE_OK && k < s->keys.n && k < s->row_cap;
	     k++)
		if (s->row[k]) {
			if (s->dim_n > 0)
				memcpy(tuple, &s->keys.tuple[k * s->dim_n],
				    s->dim_n * sizeof(*tuple));
			rc = see_row(g, &seen, tuple, err);
		}
	/* A table without dimensions has its row whatever there is. */
	if (rc == CASE_OK && by_n(s) == 0 && g->row_n == 0) {
		for (size_t i = 0; i < s->dim_n; i++)
			tuple[i] = STAT_ALL;
		rc = see_row(g, &seen, tuple, err);
	}
	if (rc == CASE_OK && s->rq.all_units)
		rc = add_units(g, &seen, err);
	stat_keys_free(&seen);
	g->total_at = g->row_n;
	return rc;
}

static enum case_status
add_total(struct grid *g, struct case_error *err)
{
	struct case_stat *s = g->s;
	uint32_t tuple[STAT_DIMS];

	if (by_n(s) == 0 || (!s->across && !s->rq.total))
		return CASE_OK;
	for (size_t i = 0; i < STAT_DIMS; i++)
		tuple[i] = STAT_ALL;
	return add_row(g, tuple) ? CASE_OK : case_error_memory(err);
}

/* --- order ------------------------------------------------------------ */

struct sorted {
	const struct grid *g;
	size_t row;
	const struct case_value *by; /* by row; NULL: by the dimensions */
	bool up;
};

static int
compare_tuples(const struct case_stat *s, const uint32_t *a, const uint32_t *b)
{
	int c = 0;

	for (size_t i = 0; c == 0 && i < by_n(s); i++)
		c = stat_dim_compare(&s->dim[i], a[i], b[i]);
	return c;
}

/* Missing values come last, whichever way the others go. */
static int
compare_rows(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	int c = 0;

	if (x->by != NULL) {
		const struct case_value *v = &x->by[x->row];
		const struct case_value *w = &y->by[y->row];

		c = case_value_compare(v, w);
		if (!x->up && !v->missing && !w->missing)
			c = -c;
	}
	if (c != 0)
		return c;
	return compare_tuples(x->g->s, row_at(x->g, x->row),
	    row_at(y->g, y->row));
}

static enum case_status
sort_rows(struct grid *g, const struct case_value *by, bool up,
    struct case_error *err)
{
	struct sorted *list = calloc(g->row_n + 1, sizeof(*list));

	if (list == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < g->row_n; i++)
		list[i] = (struct sorted){ g, i, by, up };
	qsort(list, g->total_at, sizeof(*list), compare_rows);
	for (size_t i = 0; i < g->row_n; i++)
		g->order[i] = list[i].row;
	free(list);
	return CASE_OK;
}

/* Which column of the grid --sort means: of a cross table the total's. */
static enum case_status
find_sort(const struct grid *g, const struct case_value **by, bool *up,
    struct case_error *err)
{
	const struct case_stat *s = g->s;
	const char *name = s->rq.sort;

	*by = NULL;
	*up = name != NULL && *name == '-';
	if (name == NULL)
		return CASE_OK;
	name += *up;
	for (size_t i = 0; i < s->column_n; i++)
		if (strcmp(s->column[i].name, name) == 0 ||
		    strcmp(s->column[i].label, name) == 0) {
			*by = &g->value[((g->across_n - 1) * s->column_n + i) *
					g->row_n];
			return CASE_OK;
		}
	return case_error_set(err, CASE_EUSAGE, 0,
	    _("--sort: '%s' is no column of the table; name one of -m"), name);
}

static int
compare_across(const void *a, const void *b, void *arg)
{
	const uint32_t *x = a, *y = b;

	return stat_dim_compare(arg, *x, *y);
}

/* --- values ----------------------------------------------------------- */

static enum case_status
fill_column(struct grid *g, size_t across, size_t column,
    struct case_error *err)
{
	struct case_stat *s = g->s;

	if (s->across)
		for (size_t i = 0; i < g->row_n; i++)
			row_at(g, i)[s->dim_n - 1] = g->across[across];
	return stat_eval(s, s->column[column].node, g->row, g->row_n,
	    g->total_at, &g->value[(across * s->column_n + column) * g->row_n],
	    err);
}

static enum case_status
fill_values(struct grid *g, struct case_error *err)
{
	struct case_stat *s = g->s;
	enum case_status rc = CASE_OK;

	g->value =
	    calloc(g->across_n * s->column_n * g->row_n + 1, sizeof(*g->value));
	g->order = calloc(g->row_n + 1, sizeof(*g->order));
	if (g->value == NULL || g->order == NULL)
		return case_error_memory(err);
	for (size_t a = 0; a < g->across_n; a++)
		for (size_t c = 0; rc == CASE_OK && c < s->column_n; c++)
			rc = fill_column(g, a, c, err);
	return rc;
}

/* The values of -c as columns, a total behind them; else one without name. */
static enum case_status
arrange_across(struct grid *g, struct case_error *err)
{
	struct case_stat *s = g->s;

	if (s->across && g->across_n > 1)
		qsort_r(g->across, g->across_n, sizeof(*g->across),
		    compare_across, &s->dim[s->dim_n - 1]);
	return add_across(g, STAT_ALL) ? CASE_OK : case_error_memory(err);
}

/*
 * Distinct counts of rows may share a record's case, so that they don't add up
 * to their total: then the table says so.
 */
static enum case_status
note_totals(struct grid *g, struct case_error *err)
{
	struct case_stat *s = g->s;

	for (size_t c = 0; g->total_at < g->row_n && c < s->column_n; c++) {
		const struct node *n = s->column[c].node;
		const struct case_value *v =
		    &g->value[((g->across_n - 1) * s->column_n + c) * g->row_n];
		int64_t sum = 0;

		if (n->op != NODE_SLOT || n->type != CASE_INTEGER ||
		    s->part[s->slot[n->slot].part]->additive !=
			ADDITIVE_DISTINCT)
			continue;
		for (size_t i = 0; i < g->total_at; i++)
			sum += v[i].missing ? 0 : v[i].u.i;
		if (sum != v[g->total_at].u.i)
			return stat_note(s, err,
			    s->rq.lang == CASE_ZH
				? "%s 按不同值计数，合计不等于各行之和"
				: "%s counts distinct values: the total is "
				  "not the sum of the rows",
			    s->column[c].name);
	}
	return CASE_OK;
}

/* --- the table -------------------------------------------------------- */

static const char *
column_text(struct case_buf *b, const char *value, const char *name,
    const char *between, bool several)
{
	case_buf_reset(b);
	case_buf_adds(b, value);
	if (several)
		case_buf_addf(b, "%s%s", between, name);
	return case_buf_str(b);
}

static bool
add_column(struct grid *g, size_t across, const struct column *c)
{
	const struct case_stat *s = g->s;
	bool several = s->column_n > 1;
	struct case_buf value = { 0 }, name = { 0 }, label = { 0 };
	struct case_column *col;

	if (s->across) {
		stat_dim_text(s, &s->dim[s->dim_n - 1], g->across[across],
		    &value);
		(void)column_text(&name, case_buf_str(&value), c->name, "/",
		    several);
		(void)column_text(&label, case_buf_str(&value), c->label, " ",
		    several);
	} else {
		case_buf_adds(&name, c->name);
		case_buf_adds(&label, c->label);
	}
	col = case_table_add_column(&g->table, case_buf_str(&name),
	    c->node->type, case_buf_str(&label), c->unit);
	if (col != NULL) {
		col->bar = c->bar;
		if (c->num != NULL) {
			col->num = strdup(column_text(&name,
			    case_buf_str(&value), c->num, "/", s->across));
			col->den = strdup(column_text(&name,
			    case_buf_str(&value), c->den, "/", s->across));
		}
	}
	case_buf_free(&value);
	case_buf_free(&name);
	case_buf_free(&label);
	return col != NULL && (c->num == NULL || col->den != NULL);
}

static enum case_status
add_columns(struct grid *g, struct case_error *err)
{
	struct case_stat *s = g->s;
	bool ok = true;

	for (size_t i = 0; ok && i < by_n(s); i++) {
		const struct dim *d = &s->dim[i];
		struct case_column *col = case_table_add_column(&g->table,
		    d->text, d->field != NULL ? CASE_CODE : CASE_TEXT, d->label,
		    NULL);

		if (col != NULL)
			col->privacy = d->privacy;
		ok = col != NULL;
	}
	for (size_t a = 0; a < g->across_n; a++)
		for (size_t c = 0; ok && c < s->column_n; c++)
			ok = add_column(g, a, &s->column[c]);
	return ok && !g->table.failed ? CASE_OK : case_error_memory(err);
}

static enum case_status
write_row(struct grid *g, size_t row, struct case_writer *w,
    struct case_error *err)
{
	struct case_stat *s = g->s;
	size_t columns = g->across_n * s->column_n;

	for (size_t i = 0; i < by_n(s); i++) {
		const uint32_t key = row_at(g, row)[i];

		g->line[i] =
		    (struct case_value){ .type = g->table.column[i].type,
			    .missing = key == STAT_ALL && i > 0 };
		case_buf_reset(&g->text[i]);
		stat_dim_text(s, &s->dim[i], key, &g->text[i]);
		if (g->text[i].failed)
			return case_error_memory(err);
		g->line[i].u.s = (struct case_str){ case_buf_str(&g->text[i]),
			g->text[i].n };
	}
	for (size_t c = 0; c < columns; c++)
		g->line[by_n(s) + c] = g->value[c * g->row_n + row];
	return w->ops->row(w, g->line, by_n(s) + columns, err);
}

static enum case_status
write_table(struct grid *g, struct case_writer *w, struct case_error *err)
{
	struct case_stat *s = g->s;
	enum case_status rc;

	g->line = calloc(g->table.column_n, sizeof(*g->line));
	g->text = calloc(by_n(s) + 1, sizeof(*g->text));
	if (g->line == NULL || g->text == NULL)
		return case_error_memory(err);
	if ((rc = w->ops->begin(w, &g->table, err)) != CASE_OK)
		return rc;
	for (size_t i = 0; rc == CASE_OK && i < g->row_n; i++)
		if (i < g->shown || i >= g->total_at)
			rc = write_row(g, g->order[i], w, err);
	return rc == CASE_OK ? w->ops->end(w, err) : rc;
}

static enum case_status
make_grid(struct grid *g, struct case_error *err)
{
	struct case_stat *s = g->s;
	const struct case_value *by;
	enum case_status rc;
	bool up;

	if ((rc = collect_rows(g, err)) != CASE_OK ||
	    (rc = add_total(g, err)) != CASE_OK ||
	    (rc = arrange_across(g, err)) != CASE_OK ||
	    (rc = fill_values(g, err)) != CASE_OK ||
	    (rc = note_totals(g, err)) != CASE_OK ||
	    (rc = find_sort(g, &by, &up, err)) != CASE_OK)
		return rc;
	g->shown =
	    s->rq.top > 0 && s->rq.top < g->total_at ? s->rq.top : g->total_at;
	return sort_rows(g, by, up, err);
}

enum case_status
stat_table(struct case_stat *s, struct case_writer *w, struct case_error *err)
{
	struct grid g = { .s = s };
	enum case_status rc;

	if ((rc = make_grid(&g, err)) == CASE_OK &&
	    (rc = stat_describe(s, &g.table, err)) == CASE_OK &&
	    (rc = add_columns(&g, err)) == CASE_OK)
		rc = write_table(&g, w, err);
	for (size_t i = 0; g.text != NULL && i < by_n(s); i++)
		case_buf_free(&g.text[i]);
	case_table_free(&g.table);
	free(g.text);
	free(g.line);
	free(g.order);
	free(g.value);
	free(g.across);
	free(g.row);
	return rc;
}
