/* units.c - what the store knows of units and their targets */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/stat_int.h"

/* Reads columns of all records of a type; each row is handed to take. */
struct reading {
	struct case_stat *s;
	const char *type;
	const char *const *column;
	size_t column_n;
	enum case_status (*take)(struct case_stat *s,
	    const struct case_value *v, struct case_error *err);
};

static enum case_status
read_rows(const struct reading *r, struct case_cursor *cur,
    struct case_error *err)
{
	const struct case_value *v;
	enum case_status rc;

	while ((rc = case_cursor_next(cur, &v, err)) == CASE_OK)
		if ((rc = r->take(r->s, v, err)) != CASE_OK)
			return rc;
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* A type that the store does not have leaves nothing to read. */
static enum case_status
read_records(const struct reading *r, struct case_error *err)
{
	struct case_query q = { .as_of = r->s->rq.as_of,
		.today = r->s->rq.today };
	struct case_scope scope = { 0 };
	struct case_expr *e[8] = { NULL };
	struct case_cursor *cur = NULL;
	enum case_status rc = CASE_OK;

	if ((q.rt = case_store_scope_type(r->s->st, r->type)) == NULL)
		return CASE_OK;
	scope.rt = q.rt;
	for (size_t i = 0; rc == CASE_OK && i < r->column_n; i++)
		rc = case_expr_parse(&e[i], r->column[i], strlen(r->column[i]),
		    &scope, err);
	q.column = (const struct case_expr *const *)e;
	q.column_n = r->column_n;
	if (rc == CASE_OK)
		rc = case_query_open(&cur, r->s->st, &q, err);
	if (rc == CASE_OK)
		rc = read_rows(r, cur, err);
	case_cursor_close(cur);
	for (size_t i = 0; i < r->column_n; i++)
		case_expr_free(e[i]);
	return rc;
}

/* A text of a row as memory of its own; NULL when it is missing. */
static bool
take_text(char **out, const struct case_value *v)
{
	*out = NULL;
	if (v->missing)
		return true;
	*out = stat_dup(v->u.s.p, v->u.s.n);
	return *out != NULL;
}

/* --- units ------------------------------------------------------------ */

static enum case_status
take_unit(struct case_stat *s, const struct case_value *v,
    struct case_error *err)
{
	struct unit *u;

	if (v[0].missing)
		return CASE_OK;
	if (!stat_grow(&s->unit, s->unit_n, sizeof(*s->unit)))
		return case_error_memory(err);
	u = &s->unit[s->unit_n];
	*u = (struct unit){ .order = v[3].missing ? INT64_MAX : v[3].u.i,
		.officers = v[4].missing ? 0 : v[4].u.i,
		.since = v[5].missing ? INT64_MIN : v[5].u.i,
		.until = v[6].missing ? INT64_MAX : v[6].u.i };
	s->unit_n++;
	if (!take_text(&u->name, &v[0]) || !take_text(&u->parent, &v[1]) ||
	    !take_text(&u->kind, &v[2]))
		return case_error_memory(err);
	return CASE_OK;
}

static int
compare_units(const void *a, const void *b)
{
	const struct unit *x = a, *y = b;

	return strcmp(x->name, y->name);
}

enum case_status
stat_units(struct case_stat *s, struct case_error *err)
{
	static const char *const columns[] = { "name", "parent", "kind",
		"`order`", "officers", "since", "until" };
	const struct reading r = { s, "unit", columns, 7, take_unit };
	enum case_status rc;

	if ((rc = read_records(&r, err)) == CASE_OK && s->unit_n > 1)
		qsort(s->unit, s->unit_n, sizeof(*s->unit), compare_units);
	return rc;
}

const struct unit *
stat_unit(const struct case_stat *s, const char *p, size_t n)
{
	size_t lo = 0, hi = s->unit_n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const char *name = s->unit[mid].name;
		int c = strncmp(name, p, n);

		if (c == 0 && name[n] != '\0')
			c = 1;
		if (c == 0)
			return &s->unit[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

int64_t
stat_unit_order(const struct case_stat *s, const char *p, size_t n)
{
	const struct unit *own = stat_unit(s, p, n);
	int64_t order = own != NULL ? own->order : INT64_MAX;

	if (order != INT64_MAX)
		return order;
	for (size_t i = 0; i < s->unit_n; i++) {
		const struct unit *u = &s->unit[i];

		if (u->parent != NULL && u->order < order &&
		    strlen(u->parent) == n && memcmp(u->parent, p, n) == 0)
			order = u->order;
	}
	return order;
}

/* --- targets ---------------------------------------------------------- */

/* A target whose period can't be read is no target: it is said in a note. */
static enum case_status
take_target(struct case_stat *s, const struct case_value *v,
    struct case_error *err)
{
	struct case_error why;
	struct target *t;
	char *period;
	bool good;

	if (v[1].missing || v[2].missing || v[3].missing)
		return CASE_OK;
	if (!stat_grow(&s->target, s->target_n, sizeof(*s->target)) ||
	    !take_text(&period, &v[2]))
		return case_error_memory(err);
	t = &s->target[s->target_n];
	*t = (struct target){ 0 };
	good = case_period_parse(&t->period, period, s->rq.today,
		   &s->period.cut, &why) == CASE_OK;
	free(period);
	if (!good)
		return stat_note(s, err, s->rq.lang == CASE_ZH
					      ? "略去一个目标数：%s"
					      : "a target is left out: %s",
		    why.what);
	t->value = v[3].u.d;
	s->target_n++;
	if (!take_text(&t->unit, &v[0]) || !take_text(&t->measure, &v[1]))
		return case_error_memory(err);
	return CASE_OK;
}

enum case_status
stat_targets(struct case_stat *s, struct case_error *err)
{
	static const char *const columns[] = { "unit", "measure", "period",
		"value * 1.0" };
	const struct reading r = { s, "target", columns, 4, take_target };

	if (s->targets_read)
		return CASE_OK;
	s->targets_read = true;
	return read_records(&r, err);
}

void
stat_units_free(struct case_stat *s)
{
	for (size_t i = 0; i < s->unit_n; i++) {
		free(s->unit[i].name);
		free(s->unit[i].parent);
		free(s->unit[i].kind);
	}
	free(s->unit);
	for (size_t i = 0; i < s->target_n; i++) {
		free(s->target[i].unit);
		free(s->target[i].measure);
	}
	free(s->target);
}
