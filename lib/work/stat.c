/* stat.c - a question of case-stat, from its words to its table */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/records.h"
#include "lib/work/stat_int.h"

/* --- understanding ---------------------------------------------------- */

/* The default cut is the setting week.start; an @ of the period goes before. */
static enum case_status
read_periods(struct case_stat *s, struct case_error *err)
{
	const struct case_stat_request *rq = &s->rq;
	struct case_cut cut = { 1, 1 };
	double start;
	enum case_status rc;

	if (case_setting_number(s->sh, "week.start", &start) && start >= 1 &&
	    start <= 7)
		cut.week_day = (int)start;
	rc = case_period_parse(&s->period, rq->period ? rq->period : "all",
	    rq->today, &cut, err);
	if (rc != CASE_OK || rq->base == NULL)
		return stat_about(rc, "-p", err);
	s->has_base = true;
	return case_period_parse(&s->base, rq->base, rq->today, &s->period.cut,
	    err);
}

static enum case_status
check_where(const struct case_stat *s, struct case_error *err)
{
	struct case_scope scope = s->scope;
	struct case_expr *e;
	enum case_status rc;

	if (s->rq.where == NULL)
		return CASE_OK;
	scope.aggregates = false;
	rc = case_expr_parse(&e, s->rq.where, strlen(s->rq.where), &scope, err);
	if (rc != CASE_OK)
		return stat_about(rc, "-w", err);
	if (e->type != CASE_FLAG)
		rc = case_error_set(err, CASE_EUSAGE, 0,
		    _("-w: '%s' is not a condition"), s->rq.where);
	else if (case_expr_unset(e) != NULL)
		rc = case_error_set(err, CASE_EUSAGE, 0,
		    _("-w: setting %s is not configured; --set %s=VALUE"),
		    case_expr_unset(e), case_expr_unset(e));
	case_expr_free(e);
	return rc;
}

static void
add_mask(struct case_stat *s, uint32_t mask)
{
	for (size_t i = 0; i < s->mask_n; i++)
		if (s->mask[i] == mask)
			return;
	s->mask[s->mask_n++] = mask;
}

/* The cells, the total of each row, of each column, and of all. */
static void
set_masks(struct case_stat *s)
{
	uint32_t full = (1u << s->dim_n) - 1;
	uint32_t across = s->across ? 1u << (s->dim_n - 1) : 0;

	add_mask(s, full);
	add_mask(s, full & ~across);
	if (s->across || s->rq.total) {
		add_mask(s, across);
		add_mask(s, 0);
	}
}

/* Cases, unless what was piped in holds none: then its first type. */
static const char *
type_name(const struct case_stat *s)
{
	const char *first;

	if (s->rq.type != NULL)
		return s->rq.type;
	if (s->rq.piped && case_store_scope_type(s->st, "case") == NULL &&
	    (first = case_store_type_name(s->st, 0)) != NULL)
		return first;
	return "case";
}

static enum case_status
understand(struct case_stat *s, struct case_error *err)
{
	enum case_status rc;

	rc = case_store_type(s->st, type_name(s), &s->rt, err);
	if (rc != CASE_OK)
		return rc;
	s->scope = (struct case_scope){ .rt = s->rt,
		.sh = s->sh,
		.aggregates = true,
		.type = case_store_scope_type,
		.type_arg = s->st };
	if ((rc = read_periods(s, err)) != CASE_OK ||
	    (rc = check_where(s, err)) != CASE_OK ||
	    (rc = stat_dims(s, err)) != CASE_OK ||
	    (rc = case_share_names(s->sh, "measures", &s->names, err)) !=
		CASE_OK ||
	    (rc = stat_columns(s, err)) != CASE_OK)
		return rc;
	set_masks(s);
	return CASE_OK;
}

enum case_status
case_stat_new(struct case_stat **out, struct case_store *st,
    struct case_share *sh, const struct case_stat_request *rq,
    struct case_error *err)
{
	struct case_stat *s = calloc(1, sizeof(*s));
	enum case_status rc;

	*out = NULL;
	if (s == NULL)
		return case_error_memory(err);
	s->st = st;
	s->sh = sh;
	s->rq = *rq;
	if ((rc = understand(s, err)) != CASE_OK) {
		case_stat_free(s);
		return rc;
	}
	*out = s;
	return CASE_OK;
}

void
case_stat_free(struct case_stat *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->dim_n; i++)
		stat_dim_free(&s->dim[i]);
	for (size_t i = 0; i < s->column_n; i++)
		stat_column_free(&s->column[i]);
	for (size_t i = 0; i < s->measure_n; i++)
		stat_measure_free(s->measure[i]);
	for (size_t i = 0; i < s->part_n; i++)
		stat_part_free(s->part[i]);
	for (size_t i = 0; i < s->slot_n; i++) {
		free(s->slot[i].chain);
		free(s->slot[i].cell);
	}
	for (size_t i = 0; i < s->note_n; i++)
		free(s->note[i]);
	free(s->column);
	free(s->measure);
	free(s->part);
	free(s->slot);
	free(s->note);
	free(s->row);
	stat_keys_free(&s->keys);
	stat_units_free(s);
	case_share_names_free(s->names);
	free(s);
}

/* --- answering -------------------------------------------------------- */

static bool
has_modifier(const struct node *n, enum modifier m)
{
	return n != NULL && (n->modifier == m || has_modifier(n->a, m) ||
				has_modifier(n->b, m));
}

/* Units and targets are read only where the table needs them. */
static enum case_status
read_more(struct case_stat *s, struct case_error *err)
{
	bool units = s->rq.all_units, targets = false;
	enum case_status rc = CASE_OK;

	for (size_t i = 0; i < s->dim_n; i++)
		units = units || s->dim[i].unit;
	for (size_t i = 0; i < s->column_n; i++) {
		const struct node *n = s->column[i].node;

		targets = targets || has_modifier(n, MOD_TARGET);
		units = units || has_modifier(n, MOD_PER_OFFICER) ||
			has_modifier(n, MOD_PER_OFFICER_MONTH);
	}
	if (units)
		rc = stat_units(s, err);
	if (rc == CASE_OK && targets)
		rc = stat_targets(s, err);
	if (rc == CASE_OK && targets && s->target_n == 0)
		rc = stat_note(s, err,
		    s->rq.lang == CASE_ZH
			? "没有目标数：请先导入 target 类型的记录"
			: "there are no targets: import records of type "
			  "target");
	return rc;
}

/* Working days that no calendar knew are not made up: the table says so. */
static enum case_status
note_gaps(struct case_stat *s, struct case_error *err)
{
	struct case_buf b = { 0 };
	enum case_status rc;
	int64_t day;
	size_t n = case_store_calendar_gaps(s->st, &day);

	if (n == 0)
		return CASE_OK;
	case_grain_text(&b, CASE_GRAIN_DAY, day, (struct case_cut){ 1, 1 });
	rc = stat_note(s, err,
	    s->rq.lang == CASE_ZH
		? "工作日历没有 %s 所在年份，%zu 处按缺失计"
		: "the working-day calendar lacks the year of %s: missing in "
		  "%zu places",
	    case_buf_str(&b), n);
	case_buf_free(&b);
	return rc;
}

enum case_status
case_stat_write(struct case_stat *s, struct case_writer *w,
    struct case_error *err)
{
	enum case_status rc;

	if ((rc = read_more(s, err)) != CASE_OK ||
	    (rc = stat_run(s, err)) != CASE_OK ||
	    (rc = note_gaps(s, err)) != CASE_OK)
		return rc;
	return stat_table(s, w, err);
}

/* --- the records behind ----------------------------------------------- */

/* A day as a literal: several windows can't share the two parameters. */
static void
add_bound(struct case_buf *out, const char *date, const char *op, int64_t day)
{
	case_buf_addf(out, " and %s %s '", date, op);
	case_grain_text(out, CASE_GRAIN_DAY, day, (struct case_cut){ 1, 1 });
	case_buf_addc(out, '\'');
}

static void
add_population(struct case_buf *out, const struct case_stat *s,
    const struct slot *slot)
{
	const struct part *p = s->part[slot->part];
	struct case_period w;

	if (!stat_chain(s, slot->chain, &s->period, &w))
		return;
	case_buf_adds(out, out->n > 0 ? " or (true" : "(true");
	if (p->where != NULL)
		case_buf_addf(out, " and (%s)", p->where);
	if (p->date != NULL && !w.open_from)
		add_bound(out, p->date, ">=", w.from);
	if (p->date != NULL && !w.open_to)
		add_bound(out, p->date, "<=", w.to);
	case_buf_addc(out, ')');
}

static void
describe_records(void *arg, struct case_table *t)
{
	struct case_error err;

	if (stat_describe(arg, t, &err) != CASE_OK)
		t->failed = true;
}

static enum case_status
write_records(struct case_stat *s, const struct case_rtype *rt,
    struct case_writer *w, struct case_error *err)
{
	struct case_query q = { .rt = rt,
		.as_of = s->rq.as_of,
		.today = s->rq.today };
	struct case_scope scope = s->scope;
	struct case_buf text = { 0 };
	struct case_expr *where = NULL;
	enum case_status rc;

	scope.rt = rt;
	scope.aggregates = false;
	q.from = s->period.open_from ? case_date_of(1, 1, 1) : s->period.from;
	q.to = s->period.open_to ? s->rq.today : s->period.to;
	for (size_t i = 0; i < s->slot_n; i++)
		if (s->slot[i].rows && s->part[s->slot[i].part]->rt == rt)
			add_population(&text, s, &s->slot[i]);
	rc = text.failed ? case_error_memory(err)
			 : case_expr_parse(&where, case_buf_str(&text), text.n,
			       &scope, err);
	q.where = where;
	if (rc == CASE_OK)
		rc = case_records_write(w, s->st, &q,
		    s->rq.name != NULL ? s->rq.name : "records",
		    s->rq.title != NULL ? s->rq.title
					: case_label(rt->label, s->rq.lang),
		    s->rq.lang, describe_records, s, NULL, err);
	case_expr_free(where);
	case_buf_free(&text);
	return rc;
}

/* One table for each type that a slot is of, in the order of the columns. */
enum case_status
case_stat_records(struct case_stat *s, struct case_writer *w,
    struct case_error *err)
{
	const struct case_rtype *rt, *done;
	enum case_status rc;

	for (size_t i = 0; i < s->slot_n; i++) {
		rt = s->part[s->slot[i].part]->rt;
		done = NULL;
		for (size_t k = 0; k < i; k++)
			if (s->slot[k].rows &&
			    s->part[s->slot[k].part]->rt == rt)
				done = rt;
		if (rt == NULL || done != NULL || !s->slot[i].rows)
			continue;
		if ((rc = write_records(s, rt, w, err)) != CASE_OK)
			return rc;
	}
	return CASE_OK;
}
