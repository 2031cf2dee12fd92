/* select.c - which records of a type an audit is about */
#include <string.h>

#include "case/intl.h"
#include "lib/work/audit_int.h"

static bool
has_field(const struct audit_type *t, const char *name)
{
	return case_rtype_field(t->rt, name, strlen(name)) >= 0;
}

static bool
is_mapped(const struct audit_type *t, const char *name)
{
	int f = case_rtype_field(t->rt, name, strlen(name));

	return f >= 0 && t->mapped.anywhere[f];
}

/* DATE lies in the period. */
static void
add_within(struct case_buf *b, const struct case_audit *a, const char *date)
{
	case_buf_addc(b, '(');
	if (a->open_from && a->open_to)
		case_buf_addf(b, "%s is not null", date);
	if (!a->open_from)
		case_buf_addf(b, "%s >= period_start", date);
	if (!a->open_from && !a->open_to)
		case_buf_adds(b, " and ");
	if (!a->open_to)
		case_buf_addf(b, "%s <= period_end", date);
	case_buf_addc(b, ')');
}

/*
 * Decided in the period, or begun by its end and not yet closed. Where no
 * source says when a case was closed it is open until it is decided.
 */
static void
add_case_period(struct case_buf *b, const struct case_audit *a,
    const struct audit_type *t)
{
	const char *ends =
	    is_mapped(t, "closed_on") ? "closed_on" : "decided_on";

	add_within(b, a, "decided_on");
	case_buf_adds(b, " or (coalesce(filed_on, decided_on) ");
	case_buf_adds(b, a->open_to ? "is not null" : "<= period_end");
	case_buf_addf(b, " and (%s is null", ends);
	if (!a->open_to)
		case_buf_addf(b, " or %s > period_end", ends);
	case_buf_adds(b, "))");
}

/* The date that records of a type count by: coalesce(a, b). */
static enum case_status
add_type_period(struct case_buf *b, const struct case_audit *a,
    const struct audit_type *t, struct case_error *err)
{
	const struct case_rtype *rt = t->rt;
	struct case_buf date = { 0 };

	if (rt->date_n == 0)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("records of type %s have no date of their own; name one "
		      "with --on"),
		    rt->name);
	if (rt->date_n > 1)
		case_buf_adds(&date, "coalesce(");
	for (size_t i = 0; i < rt->date_n; i++)
		case_buf_addf(&date, "%s`%s`", i > 0 ? ", " : "",
		    rt->field[rt->date[i]].name);
	if (rt->date_n > 1)
		case_buf_addc(&date, ')');
	add_within(b, a, case_buf_str(&date));
	if (date.failed)
		b->failed = true;
	case_buf_free(&date);
	return CASE_OK;
}

static enum case_status
add_period(struct case_buf *b, const struct case_audit *a,
    const struct audit_type *t, struct case_error *err)
{
	const char *on = a->rq.on;
	struct case_buf date = { 0 };
	int f;

	if (on != NULL) {
		f = case_rtype_word(t->rt, on, strlen(on));
		if (f < 0 || (t->rt->field[f].type != CASE_DATE &&
				 t->rt->field[f].type != CASE_TIME))
			return case_error_set(err, CASE_EUSAGE, 0,
			    _("--on: '%s' is no date of type %s"), on,
			    t->rt->name);
		case_buf_addf(&date,
		    t->rt->field[f].type == CASE_TIME ? "date(`%s`)" : "`%s`",
		    t->rt->field[f].name);
		add_within(b, a, case_buf_str(&date));
		case_buf_free(&date);
		return CASE_OK;
	}
	if (has_field(t, "filed_on") && has_field(t, "decided_on") &&
	    has_field(t, "closed_on")) {
		add_case_period(b, a, t);
		return CASE_OK;
	}
	return add_type_period(b, a, t, err);
}

/* -p and -w as one text; nothing when neither was given. */
static enum case_status
where_text(struct case_audit *a, const struct audit_type *t,
    struct case_buf *text, struct case_error *err)
{
	struct case_expr *own = NULL;
	enum case_status rc = CASE_OK;

	if (a->has_period) {
		case_buf_addc(text, '(');
		rc = add_period(text, a, t, err);
		case_buf_addc(text, ')');
	}
	if (rc != CASE_OK || a->rq.where == NULL)
		return rc;
	/* By itself first, so that a message counts columns from its begin. */
	rc = rule_parse(&own, a->rq.where, CASE_FLAG, &t->scope, err);
	case_expr_free(own);
	case_buf_addf(text, "%s(%s)", text->n > 0 ? " and " : "", a->rq.where);
	return rc;
}

static enum case_status
parse_where(struct case_audit *a, struct audit_type *t, struct case_error *err)
{
	struct case_buf text = { 0 }, selected = { 0 };
	enum case_status rc;

	rc = where_text(a, t, &text, err);
	if (rc == CASE_OK && text.n > 0)
		rc = rule_parse(&t->where, case_buf_str(&text), CASE_FLAG,
		    &t->scope, err);
	if (text.n > 0)
		case_buf_addf(&selected, "if(coalesce(%s, false), 1, 0)",
		    case_buf_str(&text));
	else
		case_buf_adds(&selected, "1");
	if (rc == CASE_OK && (text.failed || selected.failed))
		rc = case_error_memory(err);
	if (rc == CASE_OK)
		rc = rule_parse(&t->selected, case_buf_str(&selected),
		    CASE_INTEGER, &t->scope, err);
	case_buf_free(&text);
	case_buf_free(&selected);
	return rc;
}

enum case_status
audit_select(struct case_audit *a, struct audit_type *t, struct case_error *err)
{
	enum case_status rc = parse_where(a, t, err);

	if (rc == CASE_OK && a->rq.by != NULL)
		rc = case_expr_parse(&t->by, a->rq.by, strlen(a->rq.by),
		    &t->scope, err);
	return rc;
}
