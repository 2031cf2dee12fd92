/* exprtype.c - the types of expressions, and literals that take theirs */
#include <stdlib.h>
#include <string.h>

#include "case/date.h"
#include "case/intl.h"
#include "case/money.h"
#include "case/regex.h"
#include "case/text.h"
#include "lib/model/expr.h"

static const char *const type_words[] = {
	[CASE_TEXT] = N_("text"),
	[CASE_INTEGER] = N_("a whole number"),
	[CASE_NUMBER] = N_("a number"),
	[CASE_MONEY] = N_("an amount"),
	[CASE_RATIO] = N_("a ratio"),
	[CASE_POINTS] = N_("a ratio"),
	[CASE_DATE] = N_("a date"),
	[CASE_TIME] = N_("a time"),
	[CASE_FLAG] = N_("a condition"),
	[CASE_CODE] = N_("a coded value"),
};

static const char *const yes_words[] = { "是", "有", "true", "yes", "y", "1" };
static const char *const no_words[] = { "否", "无", "没有", "false", "no", "n",
	"0" };

static bool
is_number(enum case_type type)
{
	return type == CASE_INTEGER || type == CASE_NUMBER ||
	       type == CASE_RATIO || type == CASE_POINTS;
}

static bool
is_amount(enum case_type type)
{
	return is_number(type) || type == CASE_MONEY;
}

static bool
is_text(enum case_type type)
{
	return type == CASE_TEXT || type == CASE_CODE;
}

static bool
is_moment(enum case_type type)
{
	return type == CASE_DATE || type == CASE_TIME;
}

static bool
is_null(const struct case_expr *e)
{
	return e->node == CASE_NODE_LITERAL && e->value.missing;
}

static bool
is_operator(const struct case_expr *e, enum expr_op from, enum expr_op to)
{
	return e->node == CASE_NODE_OPERATOR && e->op >= (int)from &&
	       e->op <= (int)to;
}

/* The first argument of a call that is of the call's own type; 0: none is. */
static size_t
value_args(const struct case_expr *e, size_t *from)
{
	*from = e->op == EXPR_IF;
	return e->node == CASE_NODE_CALL &&
	       (e->op == EXPR_IF || e->op == EXPR_COALESCE ||
		   e->op == EXPR_LEAST || e->op == EXPR_GREATEST);
}

/* Made of literals alone, so that it can take another's type. */
static bool
is_flexible(const struct case_expr *e)
{
	size_t from = 0;

	if (e->node == CASE_NODE_LITERAL)
		return true;
	if (!value_args(e, &from) && !is_operator(e, EXPR_NEG, EXPR_DIV))
		return false;
	for (size_t i = e->node == CASE_NODE_CALL ? from : 0; i < e->arg_n; i++)
		if (!is_flexible(e->arg[i]))
			return false;
	return true;
}

/* --- the nearest names --------------------------------------------------- */

/* Only the nearest count: one letter off is no hint beside two. */
void
case_expr_nearest(struct expr_nearest *near, const char *candidate)
{
	size_t n = strlen(near->word), limit = n < 2 ? 1 : n < 4 ? 2 : 3, d;

	if (candidate == NULL || candidate[0] == '\0')
		return;
	d = case_text_distance(near->word, candidate, limit);
	if (d >= limit || (near->n > 0 && d > near->distance))
		return;
	if (near->n > 0 && d < near->distance)
		near->n = 0;
	near->distance = d;
	for (size_t i = 0; i < near->n; i++)
		if (strcmp(near->name[i], candidate) == 0)
			return;
	if (near->n < sizeof(near->name) / sizeof(near->name[0]))
		near->name[near->n++] = candidate;
}

void
case_expr_suggest(struct case_buf *out, const struct expr_nearest *near)
{
	if (near->n == 0)
		return;
	case_buf_adds(out, _("; did you mean "));
	for (size_t i = 0; i < near->n; i++) {
		if (i > 0)
			case_buf_adds(out, ", ");
		case_buf_adds(out, near->name[i]);
	}
	case_buf_addc(out, '?');
}

/* --- literals ------------------------------------------------------------ */

static enum case_status
fail_text(struct expr_typing *t, const struct case_expr *e, const char *fmt,
    const char *why)
{
	struct case_buf shown = { 0 };
	enum case_status rc;

	case_text_visible(&shown, e->value.u.s.p, e->value.u.s.n);
	rc = case_expr_fail(t->err, t->text, e->at, "'%s' %s%s",
	    case_buf_str(&shown), fmt, why);
	case_buf_free(&shown);
	return rc;
}

/* Puts v in the place of a literal's value; a text is copied. */
static enum case_status
set_value(struct expr_typing *t, struct case_expr *e, struct case_value v)
{
	char *copy;

	if (!v.missing && is_text(v.type)) {
		if ((copy = malloc(v.u.s.n + 1)) == NULL)
			return case_error_memory(t->err);
		memcpy(copy, v.u.s.p, v.u.s.n);
		copy[v.u.s.n] = '\0';
		v.u.s.p = copy;
	}
	if (!e->value.missing && is_text(e->value.type))
		free((char *)(uintptr_t)e->value.u.s.p);
	e->value = v;
	e->type = v.type;
	return CASE_OK;
}

static enum case_status
set_integer(struct expr_typing *t, struct case_expr *e, enum case_type type,
    int64_t i)
{
	return set_value(t, e, (struct case_value){ .type = type, .u.i = i });
}

/* A number as yuan, by its decimal text and not by its binary value. */
static enum case_status
number_to_money(struct expr_typing *t, struct case_expr *e)
{
	struct case_buf b = { 0 };
	struct case_value v;
	enum case_status rc;

	case_value_text(&b, &e->value);
	if (b.failed)
		rc = case_error_memory(t->err);
	else if (case_value_parse(&v, CASE_MONEY, b.p, b.n, NULL) != CASE_OK)
		rc = case_expr_fail(t->err, t->text, e->at,
		    _("%s is no amount in yuan: at most two decimals"), b.p);
	else
		rc = set_value(t, e, v);
	case_buf_free(&b);
	return rc;
}

static enum case_status
text_to_moment(struct expr_typing *t, struct case_expr *e, enum case_type to)
{
	struct case_error why;
	int64_t i;

	if (case_date_parse(&i, to, e->value.u.s.p, e->value.u.s.n,
		CASE_CALENDAR_CE, &why) != CASE_OK)
		return fail_text(t, e, _("is no date: "), why.what);
	return set_integer(t, e, to, i);
}

static enum case_status
text_to_money(struct expr_typing *t, struct case_expr *e)
{
	struct case_error why;
	int64_t fen;

	if (case_money_parse(&fen, e->value.u.s.p, e->value.u.s.n, 100, &why) !=
	    CASE_OK)
		return fail_text(t, e, _("is no amount: "), why.what);
	return set_integer(t, e, CASE_MONEY, fen);
}

static bool
is_word(const struct case_value *v, const char *word)
{
	return strlen(word) == v->u.s.n &&
	       memcmp(word, v->u.s.p, v->u.s.n) == 0;
}

static bool
is_among(const struct case_value *v, const char *const *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_word(v, word[i]))
			return true;
	return false;
}

static bool
is_listed(const struct case_value *v, const struct case_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (is_word(v, list->p[i]))
			return true;
	return false;
}

static enum case_status
text_to_flag(struct expr_typing *t, struct case_expr *e)
{
	const struct case_value *v = &e->value;

	if (is_listed(v, &t->rt->yes) ||
	    is_among(v, yes_words, sizeof(yes_words) / sizeof(*yes_words)))
		return set_integer(t, e, CASE_FLAG, 1);
	if (is_listed(v, &t->rt->no) ||
	    is_among(v, no_words, sizeof(no_words) / sizeof(*no_words)))
		return set_integer(t, e, CASE_FLAG, 0);
	return fail_text(t, e, _("is neither yes nor no: write true or false"),
	    "");
}

static enum case_status
no_code(struct expr_typing *t, const struct case_expr *e,
    const struct case_field *f)
{
	struct expr_nearest near = { 0 };
	struct case_buf b = { 0 };
	enum case_status rc;

	near.word = e->value.u.s.p;
	for (size_t i = 0; i < f->code_n; i++) {
		case_expr_nearest(&near, f->code[i].label[CASE_ZH]);
		case_expr_nearest(&near, f->code[i].label[CASE_EN]);
		case_expr_nearest(&near, f->code[i].name);
	}
	case_buf_addf(&b, _("is no value of %s"), f->name);
	case_expr_suggest(&b, &near);
	if (near.n == 0) {
		case_buf_adds(&b, _("; there are "));
		for (size_t i = 0; i < f->code_n; i++)
			case_buf_addf(&b, "%s%s", i > 0 ? ", " : "",
			    f->code[i].name);
	}
	rc = fail_text(t, e, case_buf_str(&b), "");
	case_buf_free(&b);
	return rc;
}

static enum case_status
text_to_code(struct expr_typing *t, struct case_expr *e,
    const struct case_field *f)
{
	struct case_value v = e->value;
	int i;

	v.type = CASE_CODE;
	if (f == NULL)
		return CASE_OK;
	if (f->code_n > 0) {
		i = case_field_code(f, v.u.s.p, v.u.s.n);
		if (i < 0)
			return no_code(t, e, f);
		v.u.s.p = f->code[i].name;
		v.u.s.n = strlen(f->code[i].name);
	}
	return set_value(t, e, v);
}

/* --- one operand to a type ----------------------------------------------- */

static enum case_status
mismatch(struct expr_typing *t, const struct case_expr *e, enum case_type to)
{
	const char *hint = "";

	if (e->node == CASE_NODE_LITERAL)
		hint =
		    is_text(to) ? _("; a text stands in quotation marks") : "";
	else if (is_moment(to) && is_text(e->type))
		hint = _("; date(…) makes a date of a text");
	else if (is_number(to) && is_text(e->type))
		hint = _("; number(…) makes a number of a text");
	else if (to == CASE_MONEY && is_text(e->type))
		hint = _("; money(…) makes an amount of a text");
	return case_expr_fail(t->err, t->text, e->at,
	    _("%s is expected here, and this is %s%s"), _(type_words[to]),
	    _(type_words[e->type]), hint);
}

static enum case_status
coerce_literal(struct expr_typing *t, struct case_expr *e, enum case_type to,
    const struct case_field *code)
{
	enum case_type from = e->type;

	if (e->value.missing) {
		e->type = e->value.type = to;
		return CASE_OK;
	}
	if (from == CASE_TEXT && is_moment(to))
		return text_to_moment(t, e, to);
	if (from == CASE_TEXT && to == CASE_MONEY)
		return text_to_money(t, e);
	if (from == CASE_TEXT && to == CASE_FLAG)
		return text_to_flag(t, e);
	if (from == CASE_TEXT && to == CASE_CODE)
		return text_to_code(t, e, code);
	if (from == CASE_INTEGER && to == CASE_FLAG &&
	    (e->value.u.i == 0 || e->value.u.i == 1))
		return set_integer(t, e, CASE_FLAG, e->value.u.i);
	if (is_number(from) && to == CASE_MONEY)
		return number_to_money(t, e);
	return mismatch(t, e, to);
}

/* Puts a call of one argument round *e. */
static enum case_status
wrap(struct expr_typing *t, struct case_expr **e, enum expr_fn fn,
    enum case_type type)
{
	struct case_expr *call = case_expr_node(CASE_NODE_CALL, type, (*e)->at);

	if (call == NULL)
		return case_error_memory(t->err);
	call->op = (int)fn;
	if (!case_expr_push(call, *e)) {
		*e = NULL;
		case_expr_free(call);
		return case_error_memory(t->err);
	}
	*e = call;
	return CASE_OK;
}

/* Arithmetic of plain numbers that turns out to be yuan. */
static enum case_status
coerce_arithmetic(struct expr_typing *t, struct case_expr *e)
{
	enum case_status rc = CASE_OK;
	size_t from = 0, to = e->arg_n;

	if (e->op == EXPR_DIV)
		to = 1;
	if (e->op == EXPR_MUL) {
		from = is_flexible(e->arg[0]) ? 0 : 1;
		to = from + 1;
	}
	for (size_t i = from; rc == CASE_OK && i < to; i++)
		rc = case_expr_coerce(t, &e->arg[i], CASE_MONEY, NULL);
	e->type = CASE_MONEY;
	return rc;
}

static enum case_status
coerce_call(struct expr_typing *t, struct case_expr *e, enum case_type to,
    const struct case_field *code)
{
	enum case_status rc = CASE_OK;
	size_t from;

	value_args(e, &from);
	for (size_t i = from; rc == CASE_OK && i < e->arg_n; i++)
		rc = case_expr_coerce(t, &e->arg[i], to, code);
	e->type = to;
	return rc;
}

enum case_status
case_expr_coerce(struct expr_typing *t, struct case_expr **e, enum case_type to,
    const struct case_field *code)
{
	enum case_type from = (*e)->type;
	size_t unused;

	if (is_null(*e))
		return coerce_literal(t, *e, to, code);
	if (from == to || (from == CASE_CODE && to == CASE_TEXT) ||
	    (is_number(from) && is_number(to) &&
		(from == CASE_INTEGER || to != CASE_INTEGER)))
		return CASE_OK;
	if (from == CASE_TIME && to == CASE_DATE)
		return wrap(t, e, EXPR_DATE, to);
	if (from == CASE_DATE && to == CASE_TIME)
		return wrap(t, e, EXPR_TIME, to);
	if ((*e)->node == CASE_NODE_LITERAL)
		return coerce_literal(t, *e, to, code);
	if (value_args(*e, &unused) && (is_text(from) || is_number(from)))
		return coerce_call(t, *e, to, code);
	if (is_text(from) && to == CASE_CODE)
		return CASE_OK;
	if (is_operator(*e, EXPR_NEG, EXPR_DIV) && is_number(from) &&
	    to == CASE_MONEY)
		return coerce_arithmetic(t, *e);
	return mismatch(t, *e, to);
}

/* --- two operands to one type -------------------------------------------- */

/* Whose closed list a coded value is of; NULL: of none that is known. */
static const struct case_field *
code_of(const struct case_expr *e)
{
	const struct case_field *f = case_expr_field(e);

	if (f != NULL || e->type != CASE_CODE)
		return f;
	if (e->node != CASE_NODE_CALL && e->node != CASE_NODE_AGGREGATE)
		return NULL;
	for (size_t i = 0; i < e->arg_n && f == NULL; i++)
		if (e->arg[i]->type == CASE_CODE)
			f = code_of(e->arg[i]);
	return f;
}

/* Which of two different types both can be of; false: a is to be coerced to
 * b's or b to a's. */
static bool
common_type(const struct case_expr *a, const struct case_expr *b,
    enum case_type *type)
{
	if (a->type == b->type) {
		*type = a->type;
		return true;
	}
	if (is_number(a->type) && is_number(b->type)) {
		*type = CASE_NUMBER;
		return true;
	}
	if (is_text(a->type) && is_text(b->type) && !is_flexible(a) &&
	    !is_flexible(b)) {
		*type = CASE_TEXT;
		return true;
	}
	return false;
}

enum case_status
case_expr_unify(struct expr_typing *t, struct case_expr **a,
    struct case_expr **b, enum case_type *type)
{
	struct case_expr **change = b, *model = *a;
	bool flexible_a = is_flexible(*a), flexible_b = is_flexible(*b);

	if (!is_null(*a) && !is_null(*b) && common_type(*a, *b, type))
		return CASE_OK;
	/* What changes is the literal; of two, the text or the plain number. */
	if (is_null(*a) ||
	    (!is_null(*b) && flexible_a &&
		(!flexible_b || (*a)->type == CASE_TEXT ||
		    (is_number((*a)->type) && (*b)->type != CASE_TEXT))) ||
	    (is_number((*a)->type) && (*b)->type == CASE_MONEY) ||
	    (!flexible_b && (*a)->type == CASE_TIME &&
		(*b)->type == CASE_DATE)) {
		change = a;
		model = *b;
	}
	*type = model->type;
	return case_expr_coerce(t, change, model->type, code_of(model));
}

/* --- operators ----------------------------------------------------------- */

static enum case_status
want_condition(struct expr_typing *t, struct case_expr **e)
{
	if ((*e)->type == CASE_FLAG || is_null(*e))
		return case_expr_coerce(t, e, CASE_FLAG, NULL);
	return mismatch(t, *e, CASE_FLAG);
}

static enum case_status
want_amount(struct expr_typing *t, struct case_expr **e)
{
	if (is_null(*e) && !is_amount((*e)->type))
		return case_expr_coerce(t, e, CASE_NUMBER, NULL);
	return is_amount((*e)->type) ? CASE_OK : mismatch(t, *e, CASE_NUMBER);
}

static enum case_status
want_text(struct expr_typing *t, struct case_expr **e)
{
	return is_text((*e)->type) ? CASE_OK
				   : case_expr_coerce(t, e, CASE_TEXT, NULL);
}

/* coalesce(procedure, '不详'): a text that is no code stays what it is. */
static bool
stays_text(const struct case_expr *a, const struct case_expr *b)
{
	const struct case_field *f;

	if (a->type == CASE_TEXT && b->type == CASE_CODE)
		return stays_text(b, a);
	f = code_of(a);
	return a->type == CASE_CODE && f != NULL && f->code_n > 0 &&
	       b->type == CASE_TEXT && b->node == CASE_NODE_LITERAL &&
	       !b->value.missing &&
	       case_field_code(f, b->value.u.s.p, b->value.u.s.n) < 0;
}

/* Each of the others against the first, twice: what the last says counts for
 * the first as well. */
static enum case_status
unify_all(struct expr_typing *t, struct case_expr *e, size_t from)
{
	enum case_status rc = CASE_OK;
	enum case_type type = e->arg[from]->type;

	for (int round = 0; round < 2; round++)
		for (size_t i = from + 1; rc == CASE_OK && i < e->arg_n; i++)
			if (e->node != CASE_NODE_CALL ||
			    !stays_text(e->arg[from], e->arg[i]))
				rc = case_expr_unify(t, &e->arg[from],
				    &e->arg[i], &type);
	return rc;
}

static enum case_status
type_comparison(struct expr_typing *t, struct case_expr *e)
{
	for (size_t i = 0; i < e->arg_n; i++)
		if (is_null(e->arg[i]) && e->arg[i]->name == NULL)
			return case_expr_fail(t->err, t->text, e->arg[i]->at,
			    _("nothing equals null; ask with 'is null'"));
	return unify_all(t, e, 0);
}

/* A day or a moment, and how many days or seconds are added to it. */
static enum case_status
type_shift(struct expr_typing *t, struct case_expr *e, size_t moment)
{
	e->type = e->arg[moment]->type;
	return case_expr_coerce(t, &e->arg[1 - moment], CASE_INTEGER, NULL);
}

static enum case_status
type_sum(struct expr_typing *t, struct case_expr *e)
{
	struct case_expr **arg = e->arg;
	bool sub = e->op == EXPR_SUB;
	enum case_status rc;

	if (is_moment(arg[0]->type) && (is_number(arg[1]->type)))
		return type_shift(t, e, 0);
	if (is_moment(arg[1]->type) && is_number(arg[0]->type) && !sub)
		return type_shift(t, e, 1);
	if (is_moment(arg[0]->type) || is_moment(arg[1]->type)) {
		if (!sub)
			return mismatch(t, arg[1], CASE_INTEGER);
		e->type = CASE_INTEGER;
		return case_expr_unify(t, &arg[0], &arg[1],
		    &(enum case_type){ 0 });
	}
	if ((rc = want_amount(t, &arg[0])) != CASE_OK ||
	    (rc = want_amount(t, &arg[1])) != CASE_OK)
		return rc;
	rc = case_expr_unify(t, &arg[0], &arg[1], &e->type);
	if (sub && e->type == CASE_RATIO)
		e->type = CASE_POINTS;
	return rc;
}

static enum case_status
type_product(struct expr_typing *t, struct case_expr *e)
{
	enum case_type a, b;
	enum case_status rc;

	if ((rc = want_amount(t, &e->arg[0])) != CASE_OK ||
	    (rc = want_amount(t, &e->arg[1])) != CASE_OK)
		return rc;
	a = e->arg[0]->type;
	b = e->arg[1]->type;
	if (e->op == EXPR_DIV) {
		e->type = a == CASE_MONEY && b != CASE_MONEY ? CASE_MONEY
							     : CASE_NUMBER;
		if (b == CASE_MONEY)
			return case_expr_coerce(t, &e->arg[0], CASE_MONEY,
			    NULL);
		return CASE_OK;
	}
	if (a == CASE_MONEY && b == CASE_MONEY)
		return case_expr_fail(t->err, t->text, e->arg[1]->at,
		    _("an amount can't be multiplied by an amount"));
	e->type = a == CASE_MONEY || b == CASE_MONEY	   ? CASE_MONEY
		  : a == CASE_INTEGER && b == CASE_INTEGER ? CASE_INTEGER
							   : CASE_NUMBER;
	return CASE_OK;
}

enum case_status
case_expr_type_operator(struct expr_typing *t, struct case_expr *e)
{
	enum case_status rc = CASE_OK;

	e->type = CASE_FLAG;
	switch ((enum expr_op)e->op) {
	case EXPR_OR:
	case EXPR_AND:
	case EXPR_NOT:
		for (size_t i = 0; rc == CASE_OK && i < e->arg_n; i++)
			rc = want_condition(t, &e->arg[i]);
		return rc;
	case EXPR_LIKE:
	case EXPR_NOT_LIKE:
		rc = want_text(t, &e->arg[0]);
		return rc == CASE_OK ? want_text(t, &e->arg[1]) : rc;
	case EXPR_MISSING:
	case EXPR_PRESENT:
		return CASE_OK;
	case EXPR_NEG:
		rc = want_amount(t, &e->arg[0]);
		e->type = e->arg[0]->type;
		return rc;
	case EXPR_ADD:
	case EXPR_SUB:
		return type_sum(t, e);
	case EXPR_MUL:
	case EXPR_DIV:
		return type_product(t, e);
	default:
		return type_comparison(t, e);
	}
}

/* --- calls --------------------------------------------------------------- */

static enum case_status
want_literal(struct expr_typing *t, const struct case_expr *e,
    enum case_type type)
{
	if (e->node == CASE_NODE_LITERAL && e->type == type &&
	    !e->value.missing)
		return CASE_OK;
	return case_expr_fail(t->err, t->text, e->at,
	    type == CASE_TEXT ? _("this has to be a text in quotation marks")
			      : _("this has to be a whole number"));
}

/* One argument of a call by its letter; see struct expr_function. */
static enum case_status
type_arg(struct expr_typing *t, struct case_expr **e, char letter)
{
	switch (letter) {
	case 'd':
		return case_expr_coerce(t, e, CASE_DATE, NULL);
	case 'T':
		return case_expr_coerce(t, e, CASE_TIME, NULL);
	case 't':
		return want_text(t, e);
	case 'n':
		return case_expr_coerce(t, e, CASE_NUMBER, NULL);
	case 'i':
		return case_expr_coerce(t, e, CASE_INTEGER, NULL);
	case 's':
		return want_amount(t, e);
	case 'c':
		return want_condition(t, e);
	case 'L':
		return want_literal(t, *e, CASE_TEXT);
	case 'I':
		return want_literal(t, *e, CASE_INTEGER);
	case 'D':
		if ((*e)->node != CASE_NODE_LITERAL &&
		    (is_text((*e)->type) || (*e)->type == CASE_TIME))
			return CASE_OK;
		return case_expr_coerce(t, e, CASE_DATE, NULL);
	default:
		return CASE_OK;
	}
}

/* Types the arguments against the letters; the count of them is checked. */
static enum case_status
type_args(struct expr_typing *t, struct case_expr *e,
    const struct expr_function *fn)
{
	enum case_status rc = CASE_OK;
	const char *p = fn->args;
	size_t i = 0;
	char letter;

	while (rc == CASE_OK && *p != '\0') {
		letter = *p++;
		if (i == e->arg_n && (*p == '?' || *p == '*'))
			break;
		if (i == e->arg_n)
			return case_expr_fail(t->err, t->text, e->at,
			    _("too few arguments: %s"), fn->signature);
		rc = type_arg(t, &e->arg[i++], letter);
		if (*p == '?')
			p++;
		while (rc == CASE_OK && *p == '*' && i < e->arg_n)
			rc = type_arg(t, &e->arg[i++], letter);
		if (*p == '*')
			p++;
	}
	if (rc == CASE_OK && i < e->arg_n)
		return case_expr_fail(t->err, t->text, e->arg[i]->at,
		    _("too many arguments: %s"), fn->signature);
	return rc;
}

static enum case_status
check_pattern(struct expr_typing *t, const struct case_expr *e)
{
	struct case_regex *re = NULL;
	struct case_error why;
	enum case_status rc;

	rc = case_regex_new(&re, e->value.u.s.p, e->value.u.s.n, &why);
	case_regex_free(re);
	if (rc == CASE_ENOMEM)
		return case_error_memory(t->err);
	if (rc != CASE_OK)
		return case_expr_fail(t->err, t->text, e->at,
		    _("this pattern does not compile: %s"), why.what);
	return CASE_OK;
}

/* The edges of bin() are literals of the first argument's type, rising. */
static enum case_status
check_edges(struct expr_typing *t, struct case_expr *e)
{
	enum case_status rc;
	enum case_type type;
	double last = 0, edge;

	for (size_t i = 1; i < e->arg_n; i++) {
		if (e->arg[i]->node != CASE_NODE_LITERAL)
			return case_expr_fail(t->err, t->text, e->arg[i]->at,
			    _("an edge has to be a number"));
		rc = case_expr_unify(t, &e->arg[0], &e->arg[i], &type);
		if (rc != CASE_OK)
			return rc;
		type = e->arg[i]->value.type;
		edge = type == CASE_INTEGER || type == CASE_MONEY
			   ? (double)e->arg[i]->value.u.i
			   : e->arg[i]->value.u.d;
		if (i > 1 && edge <= last)
			return case_expr_fail(t->err, t->text, e->arg[i]->at,
			    _("the edges have to rise"));
		last = edge;
	}
	return CASE_OK;
}

static enum case_status
check_range(struct expr_typing *t, const struct case_expr *e, int64_t min,
    int64_t max)
{
	if (e->value.u.i >= min && e->value.u.i <= max)
		return CASE_OK;
	return case_expr_fail(t->err, t->text, e->at,
	    _("this has to be from %d to %d"), (int)min, (int)max);
}

static enum case_status
check_call(struct expr_typing *t, struct case_expr *e)
{
	switch ((enum expr_fn)e->op) {
	case EXPR_IF:
		return unify_all(t, e, 1);
	case EXPR_COALESCE:
	case EXPR_LEAST:
	case EXPR_GREATEST:
	case EXPR_RATIO:
		return unify_all(t, e, 0);
	case EXPR_BIN:
		return check_edges(t, e);
	case EXPR_MATCHES:
		return check_pattern(t, e->arg[1]);
	case EXPR_ROUND:
		return e->arg_n < 2
			   ? CASE_OK
			   : check_range(t, e->arg[1], 0,
				 e->arg[0]->type == CASE_MONEY ? 2 : 9);
	case EXPR_PERIOD_YEAR:
	case EXPR_PERIOD_HALF:
	case EXPR_PERIOD_QUARTER:
	case EXPR_PERIOD_MONTH:
		return e->arg_n < 2 ? CASE_OK
				    : check_range(t, e->arg[1], 1, 28);
	case EXPR_PERIOD_WEEK:
		return e->arg_n < 2 ? CASE_OK : check_range(t, e->arg[1], 1, 7);
	default:
		return CASE_OK;
	}
}

static enum case_type
common_result(const struct case_expr *e, size_t from)
{
	enum case_type type = e->arg[from]->type;

	for (size_t i = from + 1; i < e->arg_n; i++)
		if (e->arg[i]->type != type)
			type = is_text(type) ? CASE_TEXT : CASE_NUMBER;
	return type;
}

static enum case_type
result_type(const struct case_expr *e, char letter)
{
	switch (letter) {
	case 'd':
		return CASE_DATE;
	case 'T':
		return CASE_TIME;
	case 't':
		return CASE_TEXT;
	case 'i':
		return CASE_INTEGER;
	case 'm':
		return CASE_MONEY;
	case 'f':
		return CASE_FLAG;
	case 'r':
		return CASE_RATIO;
	case '1':
		return e->arg[0]->type;
	case 'M':
		return e->arg[0]->type == CASE_MONEY ? CASE_MONEY : CASE_NUMBER;
	case '=':
		return common_result(e, e->op == EXPR_IF);
	default:
		return CASE_NUMBER;
	}
}

enum case_status
case_expr_type_call(struct expr_typing *t, struct case_expr *e,
    const struct expr_function *fn)
{
	enum case_status rc = type_args(t, e, fn);

	if (rc == CASE_OK && e->node == CASE_NODE_CALL)
		rc = check_call(t, e);
	if (rc == CASE_OK)
		e->type = result_type(e, fn->result);
	return rc;
}
