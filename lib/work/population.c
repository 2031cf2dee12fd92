/* population.c - asking the store: one query a population and window */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/stat_int.h"

/* A table by days of a year is 366 pieces; more is a slip of the pen. */
#define PIECES_MAX 1000

enum case_status
stat_slot(struct case_stat *s, size_t part, const char *chain, bool rows,
    size_t *slot, struct case_error *err)
{
	struct slot *new;

	for (size_t i = 0; i < s->slot_n; i++)
		if (s->slot[i].part == part &&
		    strcmp(s->slot[i].chain, chain) == 0) {
			s->slot[i].rows = s->slot[i].rows || rows;
			*slot = i;
			return CASE_OK;
		}
	if (!stat_grow(&s->slot, s->slot_n, sizeof(*s->slot)))
		return case_error_memory(err);
	new = &s->slot[s->slot_n];
	*new = (struct slot){ .part = part, .rows = rows };
	if ((new->chain = strdup(chain)) == NULL)
		return case_error_memory(err);
	*slot = s->slot_n++;
	return CASE_OK;
}

/* --- cells ------------------------------------------------------------ */

static bool
grow_cells(struct slot *slot, size_t index)
{
	size_t n = slot->cell_n == 0 ? 16 : slot->cell_n;
	struct cell *more;

	while (n <= index)
		n *= 2;
	if (n == slot->cell_n)
		return true;
	if ((more = realloc(slot->cell, n * sizeof(*more))) == NULL)
		return false;
	memset(more + slot->cell_n, 0, (n - slot->cell_n) * sizeof(*more));
	slot->cell = more;
	slot->cell_n = n;
	return true;
}

static bool
mark_row(struct case_stat *s, size_t index)
{
	size_t n = s->row_cap == 0 ? 64 : s->row_cap;
	bool *more;

	while (n <= index)
		n *= 2;
	if (n != s->row_cap) {
		if ((more = realloc(s->row, n * sizeof(*more))) == NULL)
			return false;
		memset(more + s->row_cap, 0, (n - s->row_cap) * sizeof(*more));
		s->row = more;
		s->row_cap = n;
	}
	s->row[index] = true;
	return true;
}

static enum case_status
put_cell(struct case_stat *s, struct slot *slot, const uint32_t *tuple,
    const struct case_value *v, bool row, struct case_error *err)
{
	enum case_status rc;
	size_t i;

	if ((rc = stat_keys_add(&s->keys, tuple, s->dim_n, &i, err)) != CASE_OK)
		return rc;
	if (!grow_cells(slot, i) || (row && !mark_row(s, i)))
		return case_error_memory(err);
	slot->cell[i].v = *v;
	slot->cell[i].known = true;
	return CASE_OK;
}

/* Counts and sums of nothing are 0; a mean of nothing is missing. */
static void
empty_value(const struct part *p, struct case_value *v)
{
	enum case_type type =
	    p->aggregate != NULL ? p->aggregate->type : CASE_INTEGER;

	*v = (struct case_value){ .type = type,
		.missing = p->lacks != NULL || p->additive == ADDITIVE_NONE };
	if (!v->missing && type == CASE_NUMBER)
		v->u.d = 0;
}

/* --- one query -------------------------------------------------------- */

/*
 * slot, slot_n	what is asked for: slots of one population and chain
 * mask		dimensions that it is divided by
 * piece	those of them that are fixed by the window: not grouped by
 * fixed	their keys
 * window	where the records are taken from
 * late		a further column: how many were dated by a later date
 */
struct ask {
	struct case_stat *s;
	const struct part *part;
	size_t *slot;
	size_t slot_n;
	uint32_t mask;
	uint32_t piece;
	uint32_t fixed[STAT_DIMS];
	struct case_period window;
	bool late;
	int64_t late_n;

	struct case_expr **e; /* columns, then the condition */
	size_t e_n;
	struct case_buf text;
};

static enum case_status
add_column(struct ask *a, bool aggregate, struct case_error *err)
{
	struct case_scope scope = a->s->scope;
	enum case_status rc;

	if (a->text.failed)
		return case_error_memory(err);
	scope.rt = a->part->rt;
	scope.aggregates = aggregate;
	rc = case_expr_parse(&a->e[a->e_n], case_buf_str(&a->text), a->text.n,
	    &scope, err);
	if (rc == CASE_OK)
		a->e_n++;
	case_buf_reset(&a->text);
	return rc;
}

static enum case_status
add_groups(struct ask *a, struct case_query *q, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (size_t i = 0; rc == CASE_OK && i < a->s->dim_n; i++) {
		if ((a->mask & ~a->piece & 1u << i) == 0)
			continue;
		stat_dim_source(a->s, &a->s->dim[i], a->part, &a->text);
		rc = add_column(a, false, err);
		q->group_n++;
	}
	return rc;
}

static enum case_status
add_aggregates(struct ask *a, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	const struct case_rtype *rt = a->part->rt;

	for (size_t i = 0; rc == CASE_OK && i < a->slot_n; i++) {
		const struct slot *slot = &a->s->slot[a->slot[i]];

		case_buf_adds(&a->text, a->s->part[slot->part]->expr);
		rc = add_column(a, true, err);
	}
	if (rc != CASE_OK || !a->late)
		return rc;
	case_buf_addf(&a->text, "distinct_if(_case, `%s` is null)",
	    rt->field[rt->date[0]].name);
	return add_column(a, true, err);
}

/* The population's condition and its window; NULL when there is neither. */
static enum case_status
add_where(struct ask *a, struct case_query *q, struct case_error *err)
{
	const struct part *p = a->part;
	const struct case_period *w = &a->window;
	const char *and = "";
	enum case_status rc;

	if (p->where != NULL) {
		case_buf_addf(&a->text, "(%s)", p->where);
		and = " and ";
	}
	if (p->date != NULL && !w->open_from) {
		case_buf_addf(&a->text, "%s%s >= period_start", and, p->date);
		and = " and ";
	}
	if (p->date != NULL && !w->open_to)
		case_buf_addf(&a->text, "%s%s <= period_end", and, p->date);
	if (a->text.n == 0)
		return CASE_OK;
	rc = add_column(a, false, err);
	if (rc == CASE_OK)
		q->where = a->e[--a->e_n];
	return rc;
}

static bool
is_something(const struct case_value *v)
{
	if (v->missing)
		return false;
	return v->type == CASE_NUMBER || v->type == CASE_RATIO ? v->u.d != 0
							       : v->u.i != 0;
}

static enum case_status
take_row(struct ask *a, const struct case_query *q, const struct case_value *v,
    struct case_error *err)
{
	struct case_stat *s = a->s;
	uint32_t tuple[STAT_DIMS] = { 0 };
	enum case_status rc = CASE_OK;
	size_t c = 0;
	bool row;

	for (size_t i = 0; rc == CASE_OK && i < s->dim_n; i++) {
		if ((a->piece & 1u << i) != 0)
			tuple[i] = a->fixed[i];
		else if ((a->mask & 1u << i) == 0)
			tuple[i] = STAT_ALL;
		else
			rc = stat_dim_key(s, &s->dim[i], &v[c++], &tuple[i],
			    err);
	}
	for (size_t i = 0; rc == CASE_OK && i < a->slot_n; i++) {
		struct slot *slot = &s->slot[a->slot[i]];
		struct case_value value = v[q->group_n + i];

		if (value.missing)
			empty_value(s->part[slot->part], &value);
		/* A piece of time without a record is no row of itself. */
		row = slot->rows && a->mask == s->mask[0] &&
		      (a->piece == 0 || is_something(&value));
		rc = put_cell(s, slot, tuple, &value, row, err);
	}
	if (a->late)
		a->late_n += v[q->group_n + a->slot_n].u.i;
	return rc;
}

/* Days that stand for an open end in period_start and period_end. */
static void
set_parameters(struct ask *a, struct case_query *q)
{
	struct case_stat *s = a->s;

	q->as_of = s->rq.as_of;
	q->today = s->rq.today;
	q->from = a->window.open_from ? case_date_of(1, 1, 1) : a->window.from;
	q->to = a->window.open_to ? s->rq.today : a->window.to;
	if (a->part->where != NULL &&
	    (strstr(a->part->where, "today") != NULL ||
		(a->window.open_to &&
		    strstr(a->part->where, "period_end") != NULL)))
		s->used_today = true;
}

static enum case_status
run_query(struct ask *a, const struct case_query *q, struct case_error *err)
{
	const struct case_value *v;
	struct case_cursor *cur;
	enum case_status rc;

	if ((rc = case_query_open(&cur, a->s->st, q, err)) != CASE_OK)
		return rc;
	while ((rc = case_cursor_next(cur, &v, err)) == CASE_OK)
		if ((rc = take_row(a, q, v, err)) != CASE_OK)
			break;
	case_cursor_close(cur);
	return rc == CASE_EOF ? CASE_OK : rc;
}

static enum case_status
ask_store(struct ask *a, struct case_error *err)
{
	struct case_query q = { .rt = a->part->rt };
	enum case_status rc;

	a->e_n = 0;
	a->e = calloc(a->s->dim_n + a->slot_n + 2, sizeof(struct case_expr *));
	if (a->e == NULL)
		return case_error_memory(err);
	if ((rc = add_groups(a, &q, err)) == CASE_OK &&
	    (rc = add_aggregates(a, err)) == CASE_OK)
		rc = add_where(a, &q, err);
	if (rc == CASE_OK) {
		q.column = (const struct case_expr *const *)a->e;
		q.column_n = a->e_n;
		set_parameters(a, &q);
		rc = run_query(a, &q, err);
	}
	/* The condition lies behind the columns. */
	for (size_t i = 0; i < a->s->dim_n + a->slot_n + 2; i++)
		case_expr_free(a->e[i]);
	free(a->e);
	case_buf_free(&a->text);
	return rc;
}

/* --- pieces ----------------------------------------------------------- */

/* The dimensions that a slot is asked along piece by piece; 0: none. */
static uint32_t
pieces_of(const struct case_stat *s, const struct slot *slot, uint32_t mask)
{
	if (s->part[slot->part]->date != NULL &&
	    strchr(slot->chain, 't') == NULL)
		return 0;
	return mask & s->own;
}

static enum case_status
fix_keys(struct ask *a, int64_t start, struct case_error *err)
{
	struct case_stat *s = a->s;
	enum case_status rc = CASE_OK;

	for (size_t i = 0; rc == CASE_OK && i < s->dim_n; i++)
		if ((a->piece & 1u << i) != 0)
			rc = stat_dim_day(s, &s->dim[i],
			    case_grain_start(s->dim[i].grain, start,
				s->period.cut),
			    &a->fixed[i], err);
	return rc;
}

/*
 * A state at the end of each month, or a sum since the year began, is a
 * question of its own for each month; one that lies ahead has no answer.
 */
static enum case_status
ask_pieces(struct ask *a, const char *chain, struct case_error *err)
{
	struct case_stat *s = a->s;
	const struct case_period *p = &s->period;
	enum case_grain g = stat_finest(s, a->piece);
	int64_t start, last;
	enum case_status rc = CASE_OK;
	struct case_period piece;

	if (p->open_from || !case_period_reach(p, s->rq.today, &last))
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("a figure for the end of each %s needs a period with a "
		      "first and a last day"),
		    case_grain_name(g));
	if (case_period_runs(p, s->rq.today))
		s->used_today = true;
	start = case_grain_start(g, p->from, p->cut);
	if (case_grain_between(g, start, last, p->cut) > PIECES_MAX)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("the period has more than %d pieces"), PIECES_MAX);
	for (; rc == CASE_OK && start <= last;
	     start = case_grain_add(g, start, 1, p->cut)) {
		stat_cut_piece(s, g, start, &piece);
		if (!stat_chain(s, chain, &piece, &a->window))
			continue;
		if ((rc = fix_keys(a, start, err)) == CASE_OK)
			rc = ask_store(a, err);
	}
	return rc;
}

/* --- the plan --------------------------------------------------------- */

static uint32_t
mask_of(const struct case_stat *s, const struct slot *slot, size_t m)
{
	return s->mask[m] & s->part[slot->part]->dims;
}

/* Whether a slot has the same question, and answer, behind an earlier mask. */
static bool
asked_before(const struct case_stat *s, struct slot *slot, size_t m)
{
	for (size_t i = 0; i < m; i++)
		if (mask_of(s, slot, i) == mask_of(s, slot, m)) {
			slot->nowhere |= (slot->nowhere >> i & 1u) << m;
			return true;
		}
	return false;
}

/*
 * Whether a total is the sum of the cells that are there already. Where pieces
 * of time are left out, a base of comparison has another window.
 */
static bool
adds_up(const struct case_stat *s, const struct slot *slot, size_t m)
{
	uint32_t full = mask_of(s, slot, 0);
	uint32_t left = full & ~mask_of(s, slot, m);

	return m > 0 && s->part[slot->part]->additive == ADDITIVE_SUM &&
	       pieces_of(s, slot, full) == 0 &&
	       (slot->chain[0] == '\0' ||
		   stat_finest(s, left) == CASE_GRAIN_NONE);
}

static bool
add_value(struct case_value *sum, const struct case_value *v)
{
	if (v->missing)
		return true;
	sum->missing = false;
	if (v->type == CASE_NUMBER || v->type == CASE_RATIO ||
	    v->type == CASE_POINTS) {
		sum->u.d += v->u.d;
		return true;
	}
	return !__builtin_add_overflow(sum->u.i, v->u.i, &sum->u.i);
}

/* Whether a tuple is one of the cells behind a mask. */
static bool
has_mask(const struct case_stat *s, const uint32_t *tuple, uint32_t mask)
{
	for (size_t i = 0; i < s->dim_n; i++)
		if ((tuple[i] != STAT_ALL) != ((mask & 1u << i) != 0))
			return false;
	return true;
}

static enum case_status
sum_up(struct case_stat *s, struct slot *slot, size_t m, struct case_error *err)
{
	uint32_t mask = mask_of(s, slot, m), full = mask_of(s, slot, 0);
	uint32_t tuple[STAT_DIMS];
	size_t n = s->keys.n, to;
	enum case_status rc;

	for (size_t k = 0; k < n && k < slot->cell_n; k++) {
		memcpy(tuple, &s->keys.tuple[k * s->dim_n],
		    s->dim_n * sizeof(*tuple));
		if (!slot->cell[k].known || !has_mask(s, tuple, full))
			continue;
		for (size_t i = 0; i < s->dim_n; i++)
			if ((mask & 1u << i) == 0)
				tuple[i] = STAT_ALL;
		if ((rc = stat_keys_add(&s->keys, tuple, s->dim_n, &to, err)) !=
		    CASE_OK)
			return rc;
		if (!grow_cells(slot, to))
			return case_error_memory(err);
		if (!slot->cell[to].known)
			empty_value(s->part[slot->part], &slot->cell[to].v);
		slot->cell[to].known = true;
		if (!add_value(&slot->cell[to].v, &slot->cell[k].v))
			return case_error_set(err, CASE_EDATA, 0,
			    _("the total of %s is too large"),
			    s->part[slot->part]->expr);
	}
	return CASE_OK;
}

/* Slots that one query answers together with the i-th, for a mask. */
static size_t
gather(struct case_stat *s, size_t i, size_t m, size_t *list)
{
	const struct slot *first = &s->slot[i];
	const char *population = s->part[first->part]->population;
	size_t n = 0;

	for (size_t k = i; k < s->slot_n; k++) {
		struct slot *slot = &s->slot[k];
		const struct part *p = s->part[slot->part];

		if ((slot->done & 1u << m) != 0 ||
		    strcmp(slot->chain, first->chain) != 0 ||
		    strcmp(p->population, population) != 0 ||
		    adds_up(s, slot, m))
			continue;
		slot->done |= 1u << m;
		list[n++] = k;
	}
	return n;
}

/* Says how many cases were dated by the second of the type's dates. */
static enum case_status
note_late(struct ask *a, struct case_error *err)
{
	const struct case_rtype *rt = a->part->rt;
	const struct case_field *first = &rt->field[rt->date[0]];
	const struct case_field *second = &rt->field[rt->date[1]];
	enum case_lang lang = a->s->rq.lang;

	if (a->late_n == 0)
		return CASE_OK;
	return stat_note(a->s, err,
	    lang == CASE_ZH ? "有 %lld 件没有%s，按%s计"
			    : "%lld without %s are dated by %s",
	    (long long)a->late_n, case_label(first->label, lang),
	    case_label(second->label, lang));
}

static enum case_status
run_slots(struct case_stat *s, size_t i, size_t m, struct case_error *err)
{
	const struct slot *slot = &s->slot[i];
	struct ask a = { .s = s,
		.part = s->part[slot->part],
		.mask = mask_of(s, slot, m) };
	enum case_status rc = CASE_OK;
	bool there;

	a.piece = pieces_of(s, slot, a.mask);
	a.late = a.part->dates && m == 0 && slot->chain[0] == '\0';
	if ((a.slot = calloc(s->slot_n, sizeof(*a.slot))) == NULL)
		return case_error_memory(err);
	a.slot_n = gather(s, i, m, a.slot);
	there = stat_chain_pieces(s, stat_finest(s, a.mask), slot->chain,
	    &a.window);
	if (slot->chain[0] != '\0' && case_period_runs(&s->period, s->rq.today))
		s->used_today = true;
	if (a.piece != 0)
		rc = ask_pieces(&a, slot->chain, err);
	else if (there)
		rc = ask_store(&a, err);
	for (size_t k = 0; !there && a.piece == 0 && k < a.slot_n; k++)
		s->slot[a.slot[k]].nowhere |= 1u << m;
	if (rc == CASE_OK && a.late)
		rc = note_late(&a, err);
	free(a.slot);
	return rc;
}

enum case_status
stat_run(struct case_stat *s, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (size_t m = 0; m < s->mask_n; m++)
		for (size_t i = 0; rc == CASE_OK && i < s->slot_n; i++) {
			struct slot *slot = &s->slot[i];

			if ((slot->done & 1u << m) != 0)
				continue;
			if (s->part[slot->part]->lacks != NULL ||
			    asked_before(s, slot, m)) {
				slot->done |= 1u << m;
			} else if (adds_up(s, slot, m)) {
				slot->done |= 1u << m;
				rc = sum_up(s, slot, m, err);
			} else {
				rc = run_slots(s, i, m, err);
			}
		}
	return rc;
}

/* --- reading back ----------------------------------------------------- */

void
stat_slot_value(struct case_stat *s, size_t index, const uint32_t *key,
    struct case_value *v)
{
	const struct slot *slot = &s->slot[index];
	const struct part *p = s->part[slot->part];
	uint32_t tuple[STAT_DIMS] = { 0 }, mask = 0;
	bool there = p->lacks == NULL;
	size_t i;

	empty_value(p, v);
	for (i = 0; i < s->dim_n; i++)
		if (key[i] != STAT_ALL)
			mask |= 1u << i;
	for (i = 0; i < s->mask_n; i++)
		if (s->mask[i] == mask && (slot->nowhere >> i & 1u) != 0)
			there = false;
	if (pieces_of(s, slot, mask) != 0)
		memcpy(tuple, key, s->dim_n * sizeof(*tuple));
	else
		there = there && stat_shift(s, slot->chain, key, tuple);
	if (!there) {
		v->missing = true;
		return;
	}
	for (i = 0; i < s->dim_n; i++)
		if ((p->dims & 1u << i) == 0)
			tuple[i] = STAT_ALL;
	if (stat_keys_find(&s->keys, tuple, s->dim_n, &i) && i < slot->cell_n &&
	    slot->cell[i].known)
		*v = slot->cell[i].v;
}
