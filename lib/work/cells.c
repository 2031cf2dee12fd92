/* cells.c - from figures to the values of cells */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/work/stat_int.h"

/* The rows that values are wanted for; from total_at on they are totals. */
struct rows {
	struct case_stat *s;
	const uint32_t *tuple;
	size_t n;
	size_t total_at;
};

static bool
is_real(enum case_type type)
{
	return type == CASE_NUMBER || type == CASE_RATIO || type == CASE_POINTS;
}

/* Money in yuan, all else as it is. */
static double
number_of(const struct case_value *v)
{
	if (is_real(v->type))
		return v->u.d;
	return v->type == CASE_MONEY ? (double)v->u.i / 100 : (double)v->u.i;
}

static void
set_number(struct case_value *v, enum case_type type, double d)
{
	*v = (struct case_value){ .type = type, .missing = !isfinite(d) };
	if (v->missing)
		return;
	if (is_real(type))
		v->u.d = d;
	else
		v->u.i =
		    (int64_t)case_round(type == CASE_MONEY ? d * 100 : d, 0);
}

static const uint32_t *
tuple_at(const struct rows *r, size_t i)
{
	return &r->tuple[i * r->s->dim_n];
}

/* --- modifiers of one cell -------------------------------------------- */

/* (now - base) / base; of rates their difference. */
static void
compare(struct case_value *v, enum case_type type, const struct case_value *now,
    const struct case_value *base)
{
	double n, b;

	*v = (struct case_value){ .type = type, .missing = true };
	if (now->missing || base->missing)
		return;
	n = number_of(now);
	b = number_of(base);
	if (type == CASE_POINTS)
		set_number(v, type, n - b);
	else if (b != 0)
		set_number(v, type, (n - b) / b);
}

static void
divide(struct case_value *v, enum case_type type, const struct case_value *num,
    double den)
{
	*v = (struct case_value){ .type = type, .missing = true };
	if (!num->missing && den != 0)
		set_number(v, type, number_of(num) / den);
}

static double
months_of(struct case_stat *s, const struct node *n, const uint32_t *tuple)
{
	struct case_period p;

	if (!stat_cell_period(s, tuple, n->chain, &p))
		return 0;
	if (case_period_runs(&p, s->rq.today))
		s->used_today = true;
	return case_period_months(&p, s->rq.today);
}

/* Whether a unit is one of those that a cell is about. */
static bool
covers(const struct case_stat *s, const uint32_t *tuple, const struct unit *u)
{
	for (size_t i = 0; i < s->dim_n; i++) {
		const struct dim *d = &s->dim[i];
		const char *name = u->name;
		const struct case_value *v;

		if (!d->unit || tuple[i] == STAT_ALL)
			continue;
		if (strchr(d->text, '/') != NULL)
			name = u->parent;
		v = &d->value[tuple[i]];
		if (v->missing || name == NULL || strlen(name) != v->u.s.n ||
		    memcmp(name, v->u.s.p, v->u.s.n) != 0)
			return false;
	}
	return true;
}

/* Head counts of the units of a cell that exist in its period. */
static double
officers_of(const struct case_stat *s, const struct node *n,
    const uint32_t *tuple)
{
	struct case_period p;
	int64_t sum = 0;

	if (!stat_cell_period(s, tuple, n->chain, &p))
		return 0;
	for (size_t i = 0; i < s->unit_n; i++) {
		const struct unit *u = &s->unit[i];

		if ((p.open_to || u->since <= p.to) &&
		    (p.open_from || u->until >= p.from) && covers(s, tuple, u))
			sum += u->officers;
	}
	return (double)sum;
}

/* --- targets ---------------------------------------------------------- */

static bool
same_period(const struct case_period *a, const struct case_period *b)
{
	return a->open_from == b->open_from && a->open_to == b->open_to &&
	       (a->open_from || a->from == b->from) &&
	       (a->open_to || a->to == b->to);
}

/* The unit that a cell is about: *one is false when it is about several. */
static bool
unit_of(const struct case_stat *s, const uint32_t *tuple, struct case_str *name)
{
	*name = (struct case_str){ NULL, 0 };
	for (size_t i = 0; i < s->dim_n; i++) {
		const struct dim *d = &s->dim[i];

		if (tuple[i] == STAT_ALL || d->grain != CASE_GRAIN_NONE)
			continue;
		if (!d->unit || d->value[tuple[i]].missing)
			return false;
		*name = d->value[tuple[i]].u.s;
	}
	return true;
}

static bool
is_measure(const struct measure *m, const char *name)
{
	return strcmp(m->name, name) == 0 ||
	       strcmp(m->label[CASE_ZH], name) == 0 ||
	       strcmp(m->label[CASE_EN], name) == 0;
}

/* 0: there is no target for that unit, measure and period. */
static double
target_of(const struct case_stat *s, const struct node *n,
    const uint32_t *tuple)
{
	struct case_period p;
	struct case_str name;

	if (!unit_of(s, tuple, &name) ||
	    !stat_cell_period(s, tuple, n->chain, &p))
		return 0;
	for (size_t i = 0; i < s->target_n; i++) {
		const struct target *t = &s->target[i];
		size_t len = t->unit != NULL ? strlen(t->unit) : 0;

		if (same_period(&t->period, &p) &&
		    is_measure(n->measure, t->measure) && len == name.n &&
		    (len == 0 || memcmp(t->unit, name.p, len) == 0))
			return t->value;
	}
	return 0;
}

/* --- modifiers of a column -------------------------------------------- */

static void
share_out(const struct rows *r, const struct case_value *a,
    struct case_value *out)
{
	double sum = 0;

	for (size_t i = 0; i < r->total_at; i++)
		if (!a[i].missing)
			sum += number_of(&a[i]);
	for (size_t i = 0; i < r->n; i++)
		divide(&out[i], CASE_RATIO, &a[i], sum);
}

struct ranked {
	double value;
	size_t row;
};

static int
compare_ranked(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return (x->value < y->value) - (x->value > y->value);
}

/* 1, 2, 2, 4: the largest first; missing ones have no rank. */
static bool
rank(const struct rows *r, const struct case_value *a, struct case_value *out)
{
	struct ranked *list = calloc(r->n + 1, sizeof(*list));
	size_t n = 0, place = 0;

	if (list == NULL)
		return false;
	for (size_t i = 0; i < r->n; i++) {
		out[i] = (struct case_value){ .type = CASE_INTEGER,
			.missing = true };
		if (i < r->total_at && !a[i].missing)
			list[n++] = (struct ranked){ number_of(&a[i]), i };
	}
	qsort(list, n, sizeof(*list), compare_ranked);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || list[i].value < list[i - 1].value)
			place = i + 1;
		out[list[i].row].missing = false;
		out[list[i].row].u.i = (int64_t)place;
	}
	free(list);
	return true;
}

/* The last date among the rows' dimensions. */
static size_t
last_piece(const struct case_stat *s)
{
	size_t last = 0;

	for (size_t i = 0; i + s->across < s->dim_n; i++)
		if (s->dim[i].grain != CASE_GRAIN_NONE)
			last = i;
	return last;
}

struct running {
	const struct rows *rows;
	size_t last;
	size_t row;
};

/* By all other dimensions, then by the date. */
static int
compare_running(const void *a, const void *b)
{
	const struct running *x = a, *y = b;
	const uint32_t *s = tuple_at(x->rows, x->row);
	const uint32_t *t = tuple_at(y->rows, y->row);
	const struct dim *d = x->rows->s->dim;

	for (size_t i = 0; i < x->rows->s->dim_n; i++)
		if (i != x->last && s[i] != t[i])
			return s[i] < t[i] ? -1 : 1;
	return stat_dim_compare(&d[x->last], s[x->last], t[x->last]);
}

static bool
same_series(const struct running *x, const struct running *y)
{
	const uint32_t *s = tuple_at(x->rows, x->row);
	const uint32_t *t = tuple_at(y->rows, y->row);

	for (size_t i = 0; i < x->rows->s->dim_n; i++)
		if (i != x->last && s[i] != t[i])
			return false;
	return true;
}

static void
add_to(struct case_value *v, const struct case_value *before)
{
	if (before->missing)
		return;
	if (v->missing)
		*v = *before;
	else if (is_real(v->type))
		v->u.d += before->u.d;
	else if (__builtin_add_overflow(v->u.i, before->u.i, &v->u.i))
		v->missing = true;
}

static bool
run_down(const struct rows *r, const struct case_value *a,
    struct case_value *out)
{
	struct running *list = calloc(r->n + 1, sizeof(*list));
	const size_t last = last_piece(r->s);

	if (list == NULL)
		return false;
	for (size_t i = 0; i < r->n; i++) {
		out[i] = a[i];
		out[i].missing = out[i].missing || i >= r->total_at;
		list[i] = (struct running){ r, last, i };
	}
	qsort(list, r->total_at, sizeof(*list), compare_running);
	for (size_t i = 1; i < r->total_at; i++)
		if (same_series(&list[i], &list[i - 1]))
			add_to(&out[list[i].row], &out[list[i - 1].row]);
	free(list);
	return true;
}

/* --- nodes ------------------------------------------------------------ */

static enum case_status eval(const struct rows *r, const struct node *n,
    struct case_value *out, struct case_error *err);

/* One cell of a modifier that looks at its own cell only. */
static void
modify_cell(const struct rows *r, const struct node *n, size_t i,
    const struct case_value *a, struct case_value *out)
{
	const uint32_t *tuple = tuple_at(r, i);
	struct case_stat *s = r->s;
	double den = 1;

	switch (n->modifier) {
	case MOD_TARGET:
		den = target_of(s, n, tuple);
		break;
	case MOD_PER_MONTH:
		den = months_of(s, n, tuple);
		break;
	case MOD_PER_OFFICER:
		den = officers_of(s, n, tuple);
		break;
	default:
		den = officers_of(s, n, tuple) * months_of(s, n, tuple);
		break;
	}
	divide(out, n->type, a, den);
}

static enum case_status
modify(const struct rows *r, const struct node *n, const struct case_value *a,
    struct case_value *out, struct case_error *err)
{
	bool ok = true;

	switch (n->modifier) {
	case MOD_SHARE:
		share_out(r, a, out);
		break;
	case MOD_RANK:
		ok = rank(r, a, out);
		break;
	case MOD_CUM:
		ok = run_down(r, a, out);
		break;
	default:
		for (size_t i = 0; i < r->n; i++)
			modify_cell(r, n, i, &a[i], &out[i]);
		break;
	}
	return ok ? CASE_OK : case_error_memory(err);
}

/* Operands first, each a column of its own; then cell by cell. */
static enum case_status
eval_operands(const struct rows *r, const struct node *n,
    struct case_value *out, struct case_error *err)
{
	struct case_value *a = calloc(r->n + 1, sizeof(*a));
	struct case_value *b = calloc(r->n + 1, sizeof(*b));
	enum case_status rc;

	if (a == NULL || b == NULL)
		rc = case_error_memory(err);
	else if ((rc = eval(r, n->a, a, err)) == CASE_OK && n->b != NULL)
		rc = eval(r, n->b, b, err);
	if (rc == CASE_OK && n->op == NODE_RATIO)
		for (size_t i = 0; i < r->n; i++)
			divide(&out[i], n->type, &a[i],
			    b[i].missing ? 0 : number_of(&b[i]));
	else if (rc == CASE_OK && n->b != NULL)
		for (size_t i = 0; i < r->n; i++)
			compare(&out[i], n->type, &a[i], &b[i]);
	else if (rc == CASE_OK)
		rc = modify(r, n, a, out, err);
	free(a);
	free(b);
	return rc;
}

static enum case_status
eval(const struct rows *r, const struct node *n, struct case_value *out,
    struct case_error *err)
{
	if (n->op != NODE_SLOT)
		return eval_operands(r, n, out, err);
	for (size_t i = 0; i < r->n; i++)
		stat_slot_value(r->s, n->slot, tuple_at(r, i), &out[i]);
	return CASE_OK;
}

enum case_status
stat_eval(struct case_stat *s, const struct node *node, const uint32_t *tuple,
    size_t row_n, size_t total_at, struct case_value *out,
    struct case_error *err)
{
	const struct rows r = { s, tuple, row_n, total_at };

	return eval(&r, node, out, err);
}
