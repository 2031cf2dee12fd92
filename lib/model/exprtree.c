/* exprtree.c - expressions as trees: made, copied, joined, walked */
#include <stdlib.h>
#include <string.h>

#include "lib/model/expr.h"

static bool
is_text(const struct case_value *v)
{
	return !v->missing && (v->type == CASE_TEXT || v->type == CASE_CODE);
}

struct case_expr *
case_expr_node(enum case_node node, enum case_type type, size_t at)
{
	struct case_expr *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return NULL;
	e->node = node;
	e->type = type;
	e->field = -1;
	e->ref_field = -1;
	e->at = at;
	return e;
}

bool
case_expr_push(struct case_expr *e, struct case_expr *arg)
{
	struct case_expr **more;
	size_t n = e->arg_n;

	/* Room is doubled at each power of two. */
	if (arg != NULL && (n & (n - 1)) == 0) {
		more = realloc(e->arg, (n == 0 ? 1 : 2 * n) * sizeof(*more));
		if (more == NULL) {
			case_expr_free(arg);
			return false;
		}
		e->arg = more;
	}
	if (arg == NULL)
		return false;
	e->arg[e->arg_n++] = arg;
	return true;
}

void
case_expr_free(struct case_expr *e)
{
	if (e == NULL)
		return;
	for (size_t i = 0; i < e->arg_n; i++)
		case_expr_free(e->arg[i]);
	free(e->arg);
	if (e->node == CASE_NODE_LITERAL && is_text(&e->value))
		free((char *)(uintptr_t)e->value.u.s.p);
	free(e->name);
	free(e);
}

/* NULL: out of memory. */
static struct case_expr *
copy(const struct case_expr *from)
{
	struct case_expr *e = calloc(1, sizeof(*e));
	char *text = NULL;

	if (e == NULL)
		return NULL;
	*e = *from;
	e->name = NULL;
	e->arg = NULL;
	e->arg_n = 0;
	if (e->node == CASE_NODE_LITERAL && is_text(&e->value)) {
		text = malloc(e->value.u.s.n + 1);
		if (text != NULL) {
			memcpy(text, from->value.u.s.p, e->value.u.s.n);
			text[e->value.u.s.n] = '\0';
		}
		e->value.u.s.p = text;
		if (text == NULL)
			goto fail;
	}
	if (from->name != NULL && (e->name = strdup(from->name)) == NULL)
		goto fail;
	for (size_t i = 0; i < from->arg_n; i++)
		if (!case_expr_push(e, copy(from->arg[i])))
			goto fail;
	return e;
fail:
	case_expr_free(e);
	return NULL;
}

enum case_status
case_expr_copy(struct case_expr **out, const struct case_expr *e,
    struct case_error *err)
{
	*out = copy(e);
	return *out == NULL ? case_error_memory(err) : CASE_OK;
}

/* Moves what an AND is made of into e, or e's own copy of a single one. */
static bool
add_condition(struct case_expr *e, struct case_expr *a)
{
	bool ok = true;

	if (a->node != CASE_NODE_OPERATOR || a->op != EXPR_AND)
		return case_expr_push(e, a);
	for (size_t i = 0; i < a->arg_n; i++)
		ok = case_expr_push(e, a->arg[i]) && ok;
	a->arg_n = 0;
	case_expr_free(a);
	return ok;
}

enum case_status
case_expr_and(struct case_expr **out, struct case_expr *a, struct case_expr *b,
    struct case_error *err)
{
	struct case_expr *e;
	bool ok;

	*out = a != NULL ? a : b;
	if (a == NULL || b == NULL)
		return CASE_OK;
	*out = NULL;
	e = case_expr_node(CASE_NODE_OPERATOR, CASE_FLAG, a->at);
	if (e == NULL) {
		case_expr_free(a);
		case_expr_free(b);
		return case_error_memory(err);
	}
	e->op = EXPR_AND;
	ok = add_condition(e, a);
	ok = add_condition(e, b) && ok;
	if (!ok) {
		case_expr_free(e);
		return case_error_memory(err);
	}
	*out = e;
	return CASE_OK;
}

const struct case_field *
case_expr_field(const struct case_expr *e)
{
	if (e->node == CASE_NODE_PATH)
		return &e->ref->field[e->ref_field];
	if (e->node == CASE_NODE_FIELD && e->pseudo == CASE_PSEUDO_NONE)
		return &e->rt->field[e->field];
	return NULL;
}

/* The first node, in the order written, for which is() holds; or NULL. */
static const struct case_expr *
find(const struct case_expr *e,
    bool (*is)(const struct case_expr *e, const void *arg), const void *arg)
{
	const struct case_expr *found = NULL;

	if (e == NULL || is(e, arg))
		return e;
	for (size_t i = 0; i < e->arg_n && found == NULL; i++)
		found = find(e->arg[i], is, arg);
	return found;
}

struct reader {
	const struct case_rtype *rt;
	int field;
};

static bool
is_reader(const struct case_expr *e, const void *arg)
{
	const struct reader *r = arg;
	bool own = e->node == CASE_NODE_PATH || case_expr_field(e) != NULL;

	return (own && e->rt == r->rt && e->field == r->field) ||
	       (e->node == CASE_NODE_PATH && e->ref == r->rt &&
		   e->ref_field == r->field);
}

struct fields {
	const struct case_expr *root;
	void (*each)(void *arg, const struct case_rtype *rt, int field);
	void *arg;
};

/* A field is told of where it is read first. */
static void
tell_field(const struct fields *f, const struct case_expr *e,
    const struct case_rtype *rt, int field)
{
	const struct reader r = { rt, field };

	if (find(f->root, is_reader, &r) == e)
		f->each(f->arg, rt, field);
}

static void
tell_fields(const struct fields *f, const struct case_expr *e)
{
	if (e->node == CASE_NODE_PATH || case_expr_field(e) != NULL)
		tell_field(f, e, e->rt, e->field);
	if (e->node == CASE_NODE_PATH &&
	    (e->ref != e->rt || e->ref_field != e->field))
		tell_field(f, e, e->ref, e->ref_field);
	for (size_t i = 0; i < e->arg_n; i++)
		tell_fields(f, e->arg[i]);
}

void
case_expr_fields(const struct case_expr *e,
    void (*each)(void *arg, const struct case_rtype *rt, int field), void *arg)
{
	const struct fields f = { e, each, arg };

	if (e != NULL)
		tell_fields(&f, e);
}

static bool
is_aggregate(const struct case_expr *e, const void *arg)
{
	(void)arg;
	return e->node == CASE_NODE_AGGREGATE;
}

bool
case_expr_is_aggregate(const struct case_expr *e)
{
	return find(e, is_aggregate, NULL) != NULL;
}

/* setting('key') is a literal that keeps its key as its name. */
static bool
is_unset(const struct case_expr *e, const void *arg)
{
	(void)arg;
	return e->node == CASE_NODE_LITERAL && e->name != NULL &&
	       e->value.missing;
}

const char *
case_expr_unset(const struct case_expr *e)
{
	const struct case_expr *found = find(e, is_unset, NULL);

	return found == NULL ? NULL : found->name;
}

static bool
is_calendar(const struct case_expr *e, const void *arg)
{
	(void)arg;
	return e->node == CASE_NODE_CALL &&
	       (e->op == EXPR_WORKDAYS || e->op == EXPR_ADD_WORKDAYS ||
		   e->op == EXPR_IS_WORKDAY);
}

bool
case_expr_uses_calendar(const struct case_expr *e)
{
	return find(e, is_calendar, NULL) != NULL;
}
