/* part.c - one aggregate over one population */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/model/expr.h"
#include "lib/work/stat_int.h"

void
stat_part_free(struct part *p)
{
	if (p == NULL)
		return;
	free(p->type);
	free(p->expr);
	free(p->date);
	free(p->where);
	free(p->population);
	free(p->lacks);
	case_expr_free(p->aggregate);
	free(p);
}

static enum additive
additive_of(const struct case_expr *e)
{
	if (e->node != CASE_NODE_AGGREGATE)
		return ADDITIVE_NONE;
	switch ((enum expr_aggregate)e->op) {
	case EXPR_COUNT:
	case EXPR_COUNT_IF:
	case EXPR_SUM:
	case EXPR_SUM_IF:
		return ADDITIVE_SUM;
	case EXPR_DISTINCT:
	case EXPR_DISTINCT_IF:
		return ADDITIVE_DISTINCT;
	default:
		return ADDITIVE_NONE;
	}
}

static struct case_scope
scope_of(const struct case_stat *s, const struct part *p, bool aggregates)
{
	struct case_scope scope = s->scope;

	scope.rt = p->rt;
	scope.aggregates = aggregates;
	return scope;
}

/* --- dates ------------------------------------------------------------ */

/* A day, whether the field holds days or times. */
static void
add_day_of(struct case_buf *out, const struct case_field *f)
{
	case_buf_addf(out, f->type == CASE_TIME ? "date(`%s`)" : "`%s`",
	    f->name);
}

char *
stat_type_date(const struct case_rtype *rt)
{
	struct case_buf b = { 0 };

	if (rt->date_n == 0)
		return NULL;
	if (rt->date_n > 1)
		case_buf_adds(&b, "coalesce(");
	for (size_t i = 0; i < rt->date_n; i++) {
		if (i > 0)
			case_buf_adds(&b, ", ");
		add_day_of(&b, &rt->field[rt->date[i]]);
	}
	if (rt->date_n > 1)
		case_buf_addc(&b, ')');
	if (b.failed)
		case_buf_free(&b);
	return b.p;
}

/* A date that was written: checked, and made days. */
static enum case_status
written_date(const struct case_stat *s, struct part *p, const char *text,
    struct case_error *err)
{
	struct case_scope scope = scope_of(s, p, false);
	struct case_buf b = { 0 };
	struct case_expr *e;
	enum case_status rc;

	if ((rc = case_expr_parse(&e, text, strlen(text), &scope, err)) !=
	    CASE_OK)
		return rc;
	if (e->type == CASE_TIME)
		case_buf_adds(&b, "date(");
	case_expr_print(&b, e);
	if (e->type == CASE_TIME)
		case_buf_addc(&b, ')');
	if (e->type != CASE_DATE && e->type != CASE_TIME)
		rc = case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s' is not a date"), text);
	else if (b.failed)
		rc = case_error_memory(err);
	else if ((p->date = strdup(b.p)) == NULL)
		rc = case_error_memory(err);
	case_expr_free(e);
	case_buf_free(&b);
	return rc;
}

static enum case_status
set_date(const struct case_stat *s, struct part *p,
    const struct part_spec *spec, struct case_error *err)
{
	if (spec->undated || p->rt == NULL)
		return CASE_OK;
	if (spec->date != NULL)
		return written_date(s, p, spec->date, err);
	p->dates = p->rt->date_n > 1;
	p->date = stat_type_date(p->rt);
	if (p->date == NULL && p->rt->date_n > 0)
		return case_error_memory(err);
	return CASE_OK;
}

/* --- conditions ------------------------------------------------------- */

static void
add_condition(struct case_buf *out, const char *text)
{
	case_buf_adds(out, out->n > 0 ? " and (" : "(");
	case_buf_adds(out, text);
	case_buf_addc(out, ')');
}

static bool
parses(const struct case_stat *s, const struct part *p, const char *text)
{
	struct case_scope scope = scope_of(s, p, false);
	struct case_expr *e;

	if (case_expr_parse(&e, text, strlen(text), &scope, NULL) != CASE_OK)
		return false;
	case_expr_free(e);
	return true;
}

static char *
unset_setting(const struct case_stat *s, const char *name)
{
	return stat_printf(s->rq.lang == CASE_ZH
			       ? "设置 %s 未配置"
			       : "setting %s is not configured",
	    name);
}

/* -w is about the type asked for; of another type it holds where it can. */
static enum case_status
set_where(struct case_stat *s, struct part *p, const struct part_spec *spec,
    struct case_error *err)
{
	struct case_buf b = { 0 };
	const char *setting;
	enum case_status rc = CASE_OK;

	if (s->rq.where != NULL && parses(s, p, s->rq.where))
		add_condition(&b, s->rq.where);
	else if (s->rq.where != NULL)
		rc = stat_note(s, err,
		    s->rq.lang == CASE_ZH
			? "筛选条件不适用于 %s 类型的记录"
			: "the condition does not apply to records of type %s",
		    p->type);
	if (spec->where != NULL)
		add_condition(&b, spec->where);
	if (spec->setting != NULL) {
		setting = case_setting_str(s->sh, spec->setting);
		if (setting != NULL)
			add_condition(&b, setting);
		else
			p->lacks = unset_setting(s, spec->setting);
	}
	if (rc == CASE_OK && b.failed)
		rc = case_error_memory(err);
	if (rc == CASE_OK && b.n > 0 && (p->where = strdup(b.p)) == NULL)
		rc = case_error_memory(err);
	case_buf_free(&b);
	return rc;
}

static enum case_status
check_where(const struct case_stat *s, struct part *p, struct case_error *err)
{
	struct case_scope scope = scope_of(s, p, false);
	const char *unset;
	struct case_expr *e;
	enum case_status rc;

	if (p->where == NULL)
		return CASE_OK;
	rc = case_expr_parse(&e, p->where, strlen(p->where), &scope, err);
	if (rc != CASE_OK)
		return rc;
	if (p->lacks == NULL && (unset = case_expr_unset(e)) != NULL)
		p->lacks = unset_setting(s, unset);
	case_expr_free(e);
	return CASE_OK;
}

/* --- the part --------------------------------------------------------- */

static enum case_status
set_aggregate(const struct case_stat *s, struct part *p, struct case_error *err)
{
	struct case_scope scope = scope_of(s, p, true);
	enum case_status rc;

	rc = case_expr_parse(&p->aggregate, p->expr, strlen(p->expr), &scope,
	    err);
	if (rc != CASE_OK)
		return rc;
	if (!case_expr_is_aggregate(p->aggregate))
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s' is one record's value; a measure sums up many: "
		      "count(), sum(x), distinct(x), rate(condition)"),
		    p->expr);
	if (p->aggregate->type == CASE_TEXT || p->aggregate->type == CASE_CODE)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s' is a text, not a figure"), p->expr);
	p->additive = additive_of(p->aggregate);
	if (case_expr_unset(p->aggregate) != NULL)
		p->lacks = unset_setting(s, case_expr_unset(p->aggregate));
	return CASE_OK;
}

/* Which dimensions the part's type can be divided by. */
static void
set_dims(const struct case_stat *s, struct part *p)
{
	for (size_t i = 0; i < s->dim_n; i++)
		if (s->dim[i].source == NULL || p->rt == s->rt ||
		    (p->rt != NULL && parses(s, p, s->dim[i].source)))
			p->dims |= 1u << i;
}

/* The asked-for type must be there; another one may be lacking. */
static enum case_status
set_type(struct case_stat *s, struct part *p, const char *type,
    struct case_error *err)
{
	if (type == NULL || strcmp(type, "*") == 0)
		type = s->rt->name;
	if ((p->type = strdup(type)) == NULL)
		return case_error_memory(err);
	p->rt = strcmp(type, s->rt->name) == 0
		    ? s->rt
		    : case_store_scope_type(s->st, type);
	if (p->rt == NULL)
		p->lacks = stat_printf(s->rq.lang == CASE_ZH
					   ? "没有 %s 类型的记录"
					   : "there are no records of type %s",
		    type);
	return CASE_OK;
}

static enum case_status
fill_part(struct case_stat *s, struct part *p, const struct part_spec *spec,
    struct case_error *err)
{
	enum case_status rc;

	if ((rc = set_type(s, p, spec->type, err)) != CASE_OK)
		return rc;
	if ((p->expr = strdup(spec->expr)) == NULL)
		return case_error_memory(err);
	if (p->rt != NULL && ((rc = set_aggregate(s, p, err)) != CASE_OK ||
				 (rc = set_date(s, p, spec, err)) != CASE_OK ||
				 (rc = set_where(s, p, spec, err)) != CASE_OK ||
				 (rc = check_where(s, p, err)) != CASE_OK))
		return rc;
	set_dims(s, p);
	p->population = stat_printf("%s\n%s\n%s", p->type,
	    p->date ? p->date : "", p->where ? p->where : "");
	return p->population != NULL ? CASE_OK : case_error_memory(err);
}

enum case_status
stat_part(struct case_stat *s, const struct part_spec *spec, size_t *part,
    struct case_error *err)
{
	struct part *p = calloc(1, sizeof(*p));
	enum case_status rc;

	if (p == NULL)
		return case_error_memory(err);
	if ((rc = fill_part(s, p, spec, err)) != CASE_OK) {
		stat_part_free(p);
		return rc;
	}
	for (size_t i = 0; i < s->part_n; i++)
		if (strcmp(s->part[i]->population, p->population) == 0 &&
		    strcmp(s->part[i]->expr, p->expr) == 0) {
			stat_part_free(p);
			*part = i;
			return CASE_OK;
		}
	if (!stat_grow(&s->part, s->part_n, sizeof(struct part *))) {
		stat_part_free(p);
		return case_error_memory(err);
	}
	*part = s->part_n;
	s->part[s->part_n++] = p;
	return CASE_OK;
}
