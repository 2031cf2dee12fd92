/* compile.c - a rule over one record type: its expressions, typed */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/audit_int.h"

/* CASE_TEXT stands for any type where any is set. */
static const struct {
	const char *key;
	enum case_type type;
	bool any;
	bool aggregates;
} exprs[RULE_EXPRS] = {
	[RULE_APPLIES] = { "applies", CASE_FLAG, false, false },
	[RULE_DATE] = { "date", CASE_DATE, false, false },
	[RULE_FAILS] = { "fails", CASE_FLAG, false, false },
	[RULE_VALUE] = { "value", CASE_TEXT, true, false },
	[RULE_EXPECTED] = { "expected", CASE_TEXT, true, false },
	[RULE_DUE] = { "due", CASE_DATE, false, false },
	[RULE_OPEN] = { "open", CASE_FLAG, false, false },
	[RULE_HAVING] = { "having", CASE_FLAG, false, true },
	[RULE_EARLIER] = { "earlier", CASE_DATE, false, false },
	[RULE_MONTHS] = { "months", CASE_INTEGER, false, false },
	[RULE_ORGAN] = { "organ", CASE_TEXT, false, false },
	[RULE_YEAR] = { "year", CASE_INTEGER, false, false },
	[RULE_NUMBER] = { "number", CASE_INTEGER, false, false },
	[RULE_SAME] = { "same", CASE_TEXT, false, false },
};

static bool
is_type(const struct case_expr *e, enum case_type type)
{
	/* A setting that nobody has set has no type yet. */
	if (case_expr_unset(e) != NULL ||
	    (e->node == CASE_NODE_LITERAL && e->value.missing))
		return true;
	return e->type == type || (type == CASE_TEXT && e->type == CASE_CODE);
}

enum case_status
rule_parse(struct case_expr **out, const char *text, enum case_type type,
    const struct case_scope *scope, struct case_error *err)
{
	enum case_status rc;

	rc = case_expr_parse(out, text, strlen(text), scope, err);
	if (rc != CASE_OK || is_type(*out, type))
		return rc;
	case_expr_free(*out);
	*out = NULL;
	return case_error_set(err, CASE_EUSAGE, 0, _("it has to be of type %s"),
	    case_type_name(type));
}

/* Puts the key before what is wrong with its expression. */
static enum case_status
blame(const char *key, enum case_status rc, struct case_error *err)
{
	struct case_error why;

	if (rc == CASE_OK || rc == CASE_ENOMEM)
		return rc;
	why = *err;
	return case_error_set(err, rc, 0, "%s: %s", key, why.what);
}

static enum case_status
compile_one(struct rule_code *c, const struct rule *r, size_t i,
    const struct case_scope *scope, struct case_error *err)
{
	struct case_scope own = *scope;
	const char *text = r->text[i];
	enum case_status rc;

	if (text == NULL)
		return CASE_OK;
	own.aggregates = exprs[i].aggregates;
	if (exprs[i].any)
		rc = case_expr_parse(&c->e[i], text, strlen(text), &own, err);
	else
		rc = rule_parse(&c->e[i], text, exprs[i].type, &own, err);
	return blame(exprs[i].key, rc, err);
}

static enum case_status
compile_groups(struct rule_code *c, const struct rule *r,
    const struct case_scope *scope, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (size_t i = 0; rc == CASE_OK && i < r->group_n; i++)
		rc = blame("group_by",
		    case_expr_parse(&c->group[i], r->group[i],
			strlen(r->group[i]), scope, err),
		    err);
	return rc;
}

/* --- the verdict ------------------------------------------------------ */

/* Behind what begins with "if(" or nothing. */
static void
join_condition(struct case_buf *b)
{
	if (b->n > 0 && b->p[b->n - 1] != '(')
		case_buf_adds(b, " and ");
}

static void
add_condition(struct case_buf *b, const char *text)
{
	join_condition(b);
	case_buf_addf(b, "(%s)", text);
}

static void
add_bound(struct case_buf *b, const struct rule *r, const char *op, int64_t day)
{
	const struct case_value v = { .type = CASE_DATE, .u.i = day };

	join_condition(b);
	case_buf_addf(b, "(%s) %s '", r->text[RULE_DATE], op);
	case_value_text(b, &v);
	case_buf_addc(b, '\'');
}

/* What has to hold for a rule to apply; "1 = 1" when nothing has. */
static void
applies_text(struct case_buf *b, const struct rule *r, const char *scoped,
    bool in_force)
{
	size_t from = b->n;

	if (r->text[RULE_APPLIES] != NULL)
		add_condition(b, r->text[RULE_APPLIES]);
	if (scoped != NULL)
		add_condition(b, scoped);
	if (r->has_from && in_force)
		add_bound(b, r, ">=", r->from);
	if (r->has_to && in_force)
		add_bound(b, r, "<=", r->to);
	if (b->n == from)
		case_buf_adds(b, "1 = 1");
}

/*
 * One expression says all: 0 does not apply, 1 passed, 2 failed, missing
 * undecided. What does not apply is not looked at further, so that no
 * calendar is missed for it.
 */
static enum case_status
compile_verdict(struct rule_code *c, const struct rule *r, const char *scoped,
    const struct case_scope *scope, struct case_error *err)
{
	struct case_buf text = { 0 };
	enum case_status rc;

	case_buf_adds(&text, "if(");
	applies_text(&text, r, scoped, true);
	if (r->kind == RULE_ROW)
		case_buf_addf(&text, ", if(%s, 2, 1), 0)", r->text[RULE_FAILS]);
	else
		case_buf_adds(&text, ", 1, 0)");
	rc = text.failed
		 ? case_error_memory(err)
		 : case_expr_parse(&c->verdict, text.p, text.n, scope, err);
	case_buf_free(&text);
	return blame("applies", rc, err);
}

/*
 * Records that take part in a group, and which groups are at fault. Those from
 * before the rule was in force take part, though they are not judged by it.
 */
static enum case_status
compile_grouped(struct rule_code *c, const struct rule *r, const char *scoped,
    const struct case_scope *scope, struct case_error *err)
{
	struct case_scope own = *scope;
	struct case_buf text = { 0 };
	enum case_status rc;

	if (r->kind != RULE_GROUP)
		return CASE_OK;
	applies_text(&text, r, scoped, false);
	for (size_t i = 0; i < r->group_n; i++)
		case_buf_addf(&text, " and (%s) is not null", r->group[i]);
	rc = text.failed
		 ? case_error_memory(err)
		 : rule_parse(&c->grouped, text.p, CASE_FLAG, scope, err);
	case_buf_free(&text);
	own.aggregates = true;
	if (rc == CASE_OK && c->e[RULE_HAVING] == NULL)
		rc = rule_parse(&c->e[RULE_HAVING], "count() > 1", CASE_FLAG,
		    &own, err);
	return blame("group_by", rc, err);
}

/* The setting whose text is a condition; unset is told, not an error. */
static enum case_status
compile_scope(struct rule_code *c, const struct rule *r,
    const struct case_scope *scope, const char **text, struct case_error *err)
{
	struct case_expr *e = NULL;
	enum case_status rc;

	*text = NULL;
	if (r->scope == NULL)
		return CASE_OK;
	*text = case_setting_str(scope->sh, r->scope);
	if (*text == NULL) {
		c->unset = strdup(r->scope);
		return c->unset == NULL ? case_error_memory(err) : CASE_OK;
	}
	rc = rule_parse(&e, *text, CASE_FLAG, scope, err);
	case_expr_free(e);
	return blame(r->scope, rc, err);
}

/* --- what has to be mapped --------------------------------------------------
 */

static enum case_status
require_named(struct rule_code *c, const char *text, struct case_error *err)
{
	struct require *q = &c->require[c->require_n++];
	const char *word = text;
	size_t n;
	int f;

	for (;; word += n + 1) {
		n = strcspn(word, "|");
		f = case_rtype_field(c->rt, word, n);
		if (f < 0)
			return case_error_set(err, CASE_EUSAGE, 0,
			    _("requires: no field '%.*s'"), (int)n, word);
		if (q->n == RULE_ALTERNATIVES)
			return case_error_set(err, CASE_EUSAGE, 0,
			    _("requires: more than %d alternatives in '%s'"),
			    RULE_ALTERNATIVES, text);
		q->field[q->n++] = f;
		if (word[n] == '\0')
			return CASE_OK;
	}
}

struct requires
{
	struct rule_code *c;
	bool full;
};

static void
require_read(void *arg, const struct case_rtype *rt, int field)
{
	struct requires *rq = arg;
	struct rule_code *c = rq->c;

	if (rt != c->rt)
		return;
	for (size_t i = 0; i < c->require_n; i++)
		if (c->require[i].field[0] == field)
			return;
	if (c->require_n == RULE_REQUIRES) {
		rq->full = true;
		return;
	}
	c->require[c->require_n].field[0] = field;
	c->require[c->require_n++].n = 1;
}

/* Without a list: every field that decides. */
static enum case_status
compile_requires(struct rule_code *c, const struct rule *r,
    struct case_error *err)
{
	static const enum rule_expr deciding[] = { RULE_APPLIES, RULE_FAILS,
		RULE_HAVING, RULE_EARLIER, RULE_ORGAN, RULE_YEAR, RULE_NUMBER };
	struct requires rq = { c, false };
	enum case_status rc = CASE_OK;

	for (size_t i = 0; rc == CASE_OK && i < r->require_n; i++)
		rc = require_named(c, r->require[i], err);
	if (r->required)
		return rc;
	for (size_t i = 0; i < sizeof(deciding) / sizeof(deciding[0]); i++)
		case_expr_fields(c->e[deciding[i]], require_read, &rq);
	for (size_t i = 0; i < r->group_n; i++)
		case_expr_fields(c->group[i], require_read, &rq);
	if (rq.full)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("requires: it reads more than %d fields; name those "
		      "that it needs"),
		    RULE_REQUIRES);
	return CASE_OK;
}

/* --- a whole rule ------------------------------------------------------------
 */

static enum case_status
find_unset(struct rule_code *c, struct case_error *err)
{
	const char *key =
	    c->verdict != NULL ? case_expr_unset(c->verdict) : NULL;

	for (size_t i = 0; key == NULL && i < RULE_EXPRS; i++)
		if (c->e[i] != NULL)
			key = case_expr_unset(c->e[i]);
	if (key == NULL || c->unset != NULL)
		return CASE_OK;
	c->unset = strdup(key);
	return c->unset == NULL ? case_error_memory(err) : CASE_OK;
}

enum case_status
rule_compile(struct rule_code *c, const struct rule *r,
    const struct case_scope *scope, enum case_lang lang, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	const char *scoped;

	*c = (struct rule_code){ .rt = scope->rt, .field = -1 };
	for (size_t i = 0; rc == CASE_OK && i < RULE_EXPRS; i++)
		rc = compile_one(c, r, i, scope, err);
	if (rc != CASE_OK ||
	    (rc = compile_groups(c, r, scope, err)) != CASE_OK ||
	    (rc = compile_scope(c, r, scope, &scoped, err)) != CASE_OK ||
	    (rc = compile_verdict(c, r, scoped, scope, err)) != CASE_OK ||
	    (rc = compile_grouped(c, r, scoped, scope, err)) != CASE_OK ||
	    (rc = compile_requires(c, r, err)) != CASE_OK)
		return rc;
	if (r->field != NULL) {
		c->field =
		    case_rtype_field(scope->rt, r->field, strlen(r->field));
		if (c->field < 0)
			return case_error_set(err, CASE_EUSAGE, 0,
			    _("field: no field '%s'"), r->field);
	}
	rc = blame("message",
	    message_parse(&c->message, r->message[lang], scope, err), err);
	return rc == CASE_OK ? find_unset(c, err) : rc;
}

void
rule_code_free(struct rule_code *c)
{
	for (size_t i = 0; i < RULE_EXPRS; i++)
		case_expr_free(c->e[i]);
	for (size_t i = 0; i < RULE_GROUPS; i++)
		case_expr_free(c->group[i]);
	case_expr_free(c->verdict);
	case_expr_free(c->grouped);
	message_free(&c->message);
	free(c->unset);
	*c = (struct rule_code){ 0 };
}
