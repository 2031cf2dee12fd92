/* expr.c - the parser of expressions */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "case/intl.h"
#include "case/money.h"
#include "case/text.h"
#include "lib/model/expr.h"

/* What e is made of stays its own until a function hands it on or frees it. */
struct parser {
	const struct case_scope *scope;
	struct expr_tokens tokens;
	size_t next;
	size_t depth;
	size_t nodes;
	struct expr_typing typing;
};

typedef enum case_status parse(struct parser *p, struct case_expr **out);

static parse parse_or;

static const struct {
	const char *name;
	enum case_pseudo pseudo;
	enum case_type type;
} pseudos[] = {
	{ "_id", CASE_PSEUDO_ID, CASE_INTEGER },
	{ "_case", CASE_PSEUDO_CASE, CASE_INTEGER },
	{ "_batch", CASE_PSEUDO_BATCH, CASE_INTEGER },
	{ "_file", CASE_PSEUDO_FILE, CASE_TEXT },
	{ "_sheet", CASE_PSEUDO_SHEET, CASE_TEXT },
	{ "_line", CASE_PSEUDO_LINE, CASE_INTEGER },
	{ "_extra", CASE_PSEUDO_EXTRA, CASE_TEXT },
	{ "_vanished_on", CASE_PSEUDO_VANISHED, CASE_DATE },
};

static const char *const params[] = {
	[CASE_PARAM_FROM] = "period_start",
	[CASE_PARAM_TO] = "period_end",
	[CASE_PARAM_TODAY] = "today",
};

static const struct {
	enum expr_token token;
	enum expr_op op;
} comparisons[] = {
	{ EXPR_T_EQ, EXPR_EQ },
	{ EXPR_T_NE, EXPR_NE },
	{ EXPR_T_LT, EXPR_LT },
	{ EXPR_T_LE, EXPR_LE },
	{ EXPR_T_GT, EXPR_GT },
	{ EXPR_T_GE, EXPR_GE },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct expr_lexeme *
peek(const struct parser *p, size_t ahead)
{
	size_t i = p->next + ahead;

	return &p->tokens.v[i < p->tokens.n ? i : p->tokens.n - 1];
}

static const char *
text_of(const struct parser *p, const struct expr_lexeme *l)
{
	return p->tokens.text.p == NULL ? "" : p->tokens.text.p + l->from;
}

static bool
is_token(const struct parser *p, enum expr_token token)
{
	return peek(p, 0)->token == token;
}

static bool
take(struct parser *p, enum expr_token token)
{
	if (!is_token(p, token))
		return false;
	p->next++;
	return true;
}

static bool
is_keyword(const struct parser *p, size_t ahead, const char *word)
{
	const struct expr_lexeme *l = peek(p, ahead);

	return l->token == EXPR_T_NAME && l->n == strlen(word) &&
	       strncasecmp(text_of(p, l), word, l->n) == 0;
}

static bool
take_keyword(struct parser *p, const char *word)
{
	if (!is_keyword(p, 0, word))
		return false;
	p->next++;
	return true;
}

/* "expected ), and this is 'x'" at the token that stands there. */
static enum case_status
unexpected(struct parser *p, const char *expected)
{
	const struct expr_lexeme *l = peek(p, 0);
	const char *source = p->typing.text;
	size_t end = peek(p, 1)->at;
	struct case_buf shown = { 0 };
	struct case_str word;
	enum case_status rc;

	if (l->token == EXPR_T_END)
		return case_expr_fail(p->typing.err, source, l->at,
		    _("%s is expected, and the expression ends"), expected);
	word = case_text_trim(source + l->at, end - l->at);
	case_text_visible(&shown, word.p, word.n);
	rc = case_expr_fail(p->typing.err, source, l->at,
	    _("%s is expected, and this is %s"), expected,
	    case_buf_str(&shown));
	case_buf_free(&shown);
	return rc;
}

static enum case_status
expect(struct parser *p, enum expr_token token, const char *expected)
{
	return take(p, token) ? CASE_OK : unexpected(p, expected);
}

static enum case_status
new_node(struct parser *p, struct case_expr **out, enum case_node node,
    enum case_type type, size_t at)
{
	*out = NULL;
	if (++p->nodes > EXPR_NODES_MAX)
		return case_expr_fail(p->typing.err, p->typing.text, at,
		    _("the expression has more than %d parts"),
		    (int)EXPR_NODES_MAX);
	*out = case_expr_node(node, type, at);
	return *out == NULL ? case_error_memory(p->typing.err) : CASE_OK;
}

static enum case_status
deeper(struct parser *p)
{
	if (++p->depth <= EXPR_DEPTH_MAX)
		return CASE_OK;
	return case_expr_fail(p->typing.err, p->typing.text, peek(p, 0)->at,
	    _("the expression is nested more than %d deep"),
	    (int)EXPR_DEPTH_MAX);
}

/* Parses one more argument of e, which keeps what it has on failure. */
static enum case_status
parse_arg(struct parser *p, struct case_expr *e, parse *sub)
{
	struct case_expr *arg = NULL;
	enum case_status rc = sub(p, &arg);

	if (rc != CASE_OK)
		return rc;
	return case_expr_push(e, arg) ? CASE_OK
				      : case_error_memory(p->typing.err);
}

/* An operator round *e, its first argument; on failure both are gone. */
static enum case_status
begin_operator(struct parser *p, struct case_expr **e, enum expr_op op)
{
	struct case_expr *first = *e;
	enum case_status rc;

	rc = new_node(p, e, CASE_NODE_OPERATOR, CASE_FLAG, first->at);
	if (rc != CASE_OK) {
		case_expr_free(first);
		return rc;
	}
	(*e)->op = (int)op;
	if (!case_expr_push(*e, first))
		rc = case_error_memory(p->typing.err);
	return rc;
}

/* Ends what began with *e: typed when all went well, else freed. */
static enum case_status
finish(struct parser *p, struct case_expr **e, enum case_status rc)
{
	if (rc == CASE_OK)
		rc = case_expr_type_operator(&p->typing, *e);
	if (rc != CASE_OK) {
		case_expr_free(*e);
		*e = NULL;
	}
	return rc;
}

/* --- names --------------------------------------------------------------- */

static void
near_fields(struct expr_nearest *near, const struct case_rtype *rt)
{
	for (size_t i = 0; i < rt->field_n; i++) {
		case_expr_nearest(near, rt->field[i].name);
		case_expr_nearest(near, rt->field[i].label[CASE_ZH]);
		for (size_t k = 0; k < rt->field[i].alias_n; k++)
			case_expr_nearest(near, rt->field[i].alias[k]);
	}
}

/* A name that is known to nobody, with the nearest ones that are. */
static enum case_status
no_such(struct parser *p, const struct expr_lexeme *l,
    const struct case_rtype *rt, const char *what)
{
	struct case_buf word = { 0 }, near_words = { 0 }, shown = { 0 };
	struct expr_nearest near = { 0 };
	enum case_status rc;

	case_buf_add(&word, text_of(p, l), l->n);
	near.word = case_buf_str(&word);
	if (rt != NULL)
		near_fields(&near, rt);
	for (size_t i = 0; rt == p->scope->rt && i < COUNT(params); i++)
		case_expr_nearest(&near, params[i]);
	for (size_t i = 0; rt == NULL && case_expr_fn_at(i) != NULL; i++)
		case_expr_nearest(&near, case_expr_fn_at(i)->name);
	case_expr_suggest(&near_words, &near);
	case_text_visible(&shown, near.word, word.n);
	rc = case_expr_fail(p->typing.err, p->typing.text, l->at, "%s '%s'%s",
	    what, case_buf_str(&shown), case_buf_str(&near_words));
	case_buf_free(&word);
	case_buf_free(&near_words);
	case_buf_free(&shown);
	return rc;
}

static int
find_field(const struct parser *p, const struct case_rtype *rt,
    const struct expr_lexeme *l)
{
	int i = case_rtype_field(rt, text_of(p, l), l->n);

	return i >= 0 ? i : case_rtype_word(rt, text_of(p, l), l->n);
}

/*
 * The type that a field's value names a record of: that of the field's name,
 * of the name without digits behind it (officer1), or of the part behind its
 * last _ (from_unit). NULL: there is none, or its records have no name.
 */
static const struct case_rtype *
referred(const struct parser *p, const struct case_field *f)
{
	const struct case_scope *sc = p->scope;
	const struct case_rtype *rt;
	const char *tail;
	char base[64];
	size_t n = strlen(f->name);

	if (sc->type == NULL ||
	    (f->type != CASE_TEXT && f->type != CASE_CODE) || n >= sizeof(base))
		return NULL;
	memcpy(base, f->name, n + 1);
	rt = sc->type(sc->type_arg, base);
	while (n > 1 && base[n - 1] >= '0' && base[n - 1] <= '9')
		base[--n] = '\0';
	if (rt == NULL && f->name[n] != '\0')
		rt = sc->type(sc->type_arg, base);
	if (rt == NULL && (tail = strrchr(base, '_')) != NULL)
		rt = sc->type(sc->type_arg, tail + 1);
	return rt != NULL && case_rtype_field(rt, "name", 4) >= 0 ? rt : NULL;
}

/* A field is read; "/ATTRIBUTE" behind it makes a path of it. */
static enum case_status
parse_path(struct parser *p, struct case_expr *e)
{
	const struct case_field *f = &e->rt->field[e->field];
	const struct expr_lexeme *l = peek(p, 1);
	const struct case_rtype *ref;

	if (!is_token(p, EXPR_T_DIV) ||
	    (l->token != EXPR_T_NAME && l->token != EXPR_T_QUOTED) ||
	    peek(p, 2)->token == EXPR_T_OPEN || (ref = referred(p, f)) == NULL)
		return CASE_OK;
	e->ref = ref;
	e->ref_field = find_field(p, ref, l);
	if (e->ref_field < 0) {
		struct case_buf what = { 0 };
		enum case_status rc;

		case_buf_addf(&what, _("type %s has no field"), ref->name);
		rc = no_such(p, l, ref, case_buf_str(&what));
		case_buf_free(&what);
		return rc;
	}
	e->node = CASE_NODE_PATH;
	e->type = ref->field[e->ref_field].type;
	p->next += 2;
	return CASE_OK;
}

static enum case_status
parse_field(struct parser *p, struct case_expr **out,
    const struct expr_lexeme *l, int field)
{
	const struct case_rtype *rt = p->scope->rt;
	enum case_status rc;

	rc = new_node(p, out, CASE_NODE_FIELD, rt->field[field].type, l->at);
	if (rc != CASE_OK)
		return rc;
	(*out)->rt = rt;
	(*out)->field = field;
	if ((rc = parse_path(p, *out)) != CASE_OK) {
		case_expr_free(*out);
		*out = NULL;
	}
	return rc;
}

/* extra:HEADER; the name and the colon have been seen. */
static enum case_status
parse_extra(struct parser *p, struct case_expr **out, size_t at)
{
	const struct expr_lexeme *l;
	enum case_status rc;

	p->next++;
	l = peek(p, 0);
	if (l->token != EXPR_T_NAME && l->token != EXPR_T_QUOTED &&
	    l->token != EXPR_T_TEXT)
		return unexpected(p, _("the name of a column"));
	p->next++;
	rc = new_node(p, out, CASE_NODE_EXTRA, CASE_TEXT, at);
	if (rc != CASE_OK)
		return rc;
	(*out)->name = strndup(text_of(p, l), l->n);
	if ((*out)->name == NULL) {
		case_expr_free(*out);
		*out = NULL;
		return case_error_memory(p->typing.err);
	}
	return CASE_OK;
}

/* A name that is no field's own: *found says whether it is one of ours. */
static enum case_status
parse_special(struct parser *p, struct case_expr **out,
    const struct expr_lexeme *l, bool *found)
{
	const char *word = text_of(p, l);
	enum case_status rc = CASE_OK;

	for (size_t i = 0; i < COUNT(pseudos); i++) {
		if (strlen(pseudos[i].name) != l->n ||
		    memcmp(pseudos[i].name, word, l->n) != 0)
			continue;
		*found = true;
		rc = new_node(p, out, CASE_NODE_FIELD, pseudos[i].type, l->at);
		if (rc == CASE_OK) {
			(*out)->rt = p->scope->rt;
			(*out)->pseudo = pseudos[i].pseudo;
		}
		return rc;
	}
	for (size_t i = 0; i < COUNT(params); i++) {
		if (strlen(params[i]) != l->n ||
		    memcmp(params[i], word, l->n) != 0)
			continue;
		*found = true;
		rc = new_node(p, out, CASE_NODE_PARAM, CASE_DATE, l->at);
		if (rc == CASE_OK)
			(*out)->param = (enum case_param)i;
		return rc;
	}
	return rc;
}

/* --- literals ------------------------------------------------------------ */

/* v's text, when it has one, is copied. */
static enum case_status
new_literal(struct parser *p, struct case_expr **out, size_t at,
    struct case_value v)
{
	enum case_status rc = new_node(p, out, CASE_NODE_LITERAL, v.type, at);
	char *copy;

	if (rc != CASE_OK)
		return rc;
	if (!v.missing && v.type == CASE_TEXT) {
		if ((copy = malloc(v.u.s.n + 1)) == NULL) {
			(*out)->value.missing = true;
			case_expr_free(*out);
			*out = NULL;
			return case_error_memory(p->typing.err);
		}
		if (v.u.s.n > 0)
			memcpy(copy, v.u.s.p, v.u.s.n);
		copy[v.u.s.n] = '\0';
		v.u.s.p = copy;
	}
	(*out)->value = v;
	return CASE_OK;
}

/* Whole numbers are exact; one with a point or too long for them is real. */
static bool
read_number(struct case_value *v, const char *s, size_t n)
{
	return case_value_parse(v, CASE_INTEGER, s, n, NULL) == CASE_OK ||
	       (case_value_parse(v, CASE_NUMBER, s, n, NULL) == CASE_OK &&
		   isfinite(v->u.d));
}

static enum case_status
parse_number(struct parser *p, struct case_expr **out)
{
	const struct expr_lexeme *l = peek(p, 0);
	struct case_value v;

	if (!read_number(&v, text_of(p, l), l->n))
		return case_expr_fail(p->typing.err, p->typing.text, l->at,
		    _("'%.*s' is no number"), (int)l->n, text_of(p, l));
	p->next++;
	return new_literal(p, out, l->at, v);
}

static enum case_status
parse_text(struct parser *p, struct case_expr **out)
{
	const struct expr_lexeme *l = peek(p, 0);
	struct case_value v = { .type = CASE_TEXT,
		.u.s = { text_of(p, l), l->n } };

	p->next++;
	return new_literal(p, out, l->at, v);
}

/* A setting's value: a number, a flag or a text; nobody's: missing. */
static struct case_value
setting_value(struct case_share *sh, const char *key)
{
	struct case_value v = { .type = CASE_TEXT, .missing = true };
	const char *s = sh == NULL ? NULL : case_setting_str(sh, key);
	double d;

	if (s == NULL)
		return v;
	if (read_number(&v, s, strlen(s)))
		return v;
	v = (struct case_value){ .type = CASE_TEXT, .u.s = { s, strlen(s) } };
	if (case_number_parse(&d, s, strlen(s), NULL) == CASE_OK)
		v = (struct case_value){ .type = CASE_NUMBER, .u.d = d };
	else if (strcmp(s, "true") == 0 || strcmp(s, "false") == 0)
		v = (struct case_value){ .type = CASE_FLAG,
			.u.i = s[0] == 't' };
	return v;
}

/* setting('key'): a literal that keeps the key as its name. */
static enum case_status
parse_setting(struct parser *p, struct case_expr **out, size_t at)
{
	const struct expr_lexeme *l = peek(p, 0);
	enum case_status rc;
	char *key;

	if (l->token != EXPR_T_TEXT)
		return unexpected(p, _("the key of a setting in quotes"));
	p->next++;
	if ((rc = expect(p, EXPR_T_CLOSE, _("a closing bracket"))) != CASE_OK)
		return rc;
	if ((key = strndup(text_of(p, l), l->n)) == NULL)
		return case_error_memory(p->typing.err);
	rc = new_literal(p, out, at, setting_value(p->scope->sh, key));
	if (rc == CASE_OK)
		(*out)->name = key;
	else
		free(key);
	return rc;
}

/* --- calls --------------------------------------------------------------- */

/* p1 to p99 and median; 0: it is another name. */
static int
percent_of(const char *s, size_t n)
{
	int percent = 0;

	if (n == 6 && strncasecmp(s, "median", 6) == 0)
		return 50;
	if (n < 2 || n > 3 || (s[0] != 'p' && s[0] != 'P') || s[1] == '0')
		return 0;
	for (size_t i = 1; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return 0;
		percent = percent * 10 + (s[i] - '0');
	}
	return percent;
}

/* The arguments of e up to and with the closing bracket. */
static enum case_status
parse_args(struct parser *p, struct case_expr *e)
{
	enum case_status rc;

	if (take(p, EXPR_T_CLOSE))
		return CASE_OK;
	do {
		if ((rc = parse_arg(p, e, parse_or)) != CASE_OK)
			return rc;
	} while (take(p, EXPR_T_COMMA));
	return expect(p, EXPR_T_CLOSE, _("a comma or a closing bracket"));
}

/* An aggregate stands alone: not inside another, and only where asked for. */
static enum case_status
check_aggregate(struct parser *p, struct case_expr *e,
    const struct expr_lexeme *l)
{
	if (!p->scope->aggregates)
		return case_expr_fail(p->typing.err, p->typing.text, l->at,
		    _("%.*s() is for measures: one record has nothing to sum "
		      "up"),
		    (int)l->n, text_of(p, l));
	for (size_t i = 0; i < e->arg_n; i++)
		if (case_expr_is_aggregate(e->arg[i]))
			return case_expr_fail(p->typing.err, p->typing.text,
			    e->arg[i]->at,
			    _("an aggregate can't stand inside another"));
	return CASE_OK;
}

/*
 * What the name before the bracket means, now that the arguments are known:
 * min and max of one are aggregates, of several they are functions.
 */
static const struct expr_function *
called(struct parser *p, const struct case_expr *e, const struct expr_lexeme *l,
    bool *aggregate)
{
	const char *name = text_of(p, l);
	const struct expr_function *fn = case_expr_fn(name, l->n);
	const struct expr_function *sum = case_expr_aggregate(name, l->n);

	if (percent_of(name, l->n) > 0)
		sum = case_expr_aggregate_of(EXPR_PERCENTILE);
	*aggregate = sum != NULL &&
		     (fn == NULL || (e->arg_n == 1 && p->scope->aggregates));
	return *aggregate ? sum : fn;
}

static enum case_status
type_call(struct parser *p, struct case_expr *e, const struct expr_lexeme *l)
{
	const struct expr_function *fn;
	struct case_value percent = { .type = CASE_INTEGER };
	struct case_expr *literal;
	enum case_status rc = CASE_OK;
	bool aggregate;

	fn = called(p, e, l, &aggregate);
	if (fn == NULL)
		return no_such(p, l, NULL, _("no function"));
	e->op = fn->op;
	if (aggregate) {
		e->node = CASE_NODE_AGGREGATE;
		rc = check_aggregate(p, e, l);
	}
	if (rc == CASE_OK)
		rc = case_expr_type_call(&p->typing, e, fn);
	if (rc != CASE_OK || !aggregate || e->op != EXPR_PERCENTILE)
		return rc;
	percent.u.i = percent_of(text_of(p, l), l->n);
	if ((rc = new_literal(p, &literal, l->at, percent)) != CASE_OK)
		return rc;
	return case_expr_push(e, literal) ? CASE_OK
					  : case_error_memory(p->typing.err);
}

/* NAME( has been seen, and l is the name. */
static enum case_status
parse_call(struct parser *p, struct case_expr **out,
    const struct expr_lexeme *l)
{
	struct case_expr *e;
	enum case_status rc;

	p->next += 2;
	if (l->n == 7 && strncasecmp(text_of(p, l), "setting", 7) == 0)
		return parse_setting(p, out, l->at);
	rc = new_node(p, &e, CASE_NODE_CALL, CASE_TEXT, l->at);
	if (rc != CASE_OK)
		return rc;
	if (l->n == 5 && strncasecmp(text_of(p, l), "count", 5) == 0)
		take(p, EXPR_T_MUL);
	rc = parse_args(p, e);
	if (rc == CASE_OK)
		rc = type_call(p, e, l);
	if (rc != CASE_OK) {
		case_expr_free(e);
		e = NULL;
	}
	*out = e;
	return rc;
}

/* --- operands ------------------------------------------------------------ */

static enum case_status
parse_name(struct parser *p, struct case_expr **out)
{
	const struct expr_lexeme *l = peek(p, 0);
	const struct case_rtype *rt = p->scope->rt;
	struct case_value v = { .type = CASE_TEXT, .missing = true };
	bool bare = l->token == EXPR_T_NAME, found = false;
	enum case_status rc;
	int field;

	if (bare && case_expr_is_keyword(text_of(p, l), l->n)) {
		if (!is_keyword(p, 0, "null")) {
			v.type = CASE_FLAG;
			v.missing = false;
			v.u.i = is_keyword(p, 0, "true");
			if (v.u.i == 0 && !is_keyword(p, 0, "false"))
				return unexpected(p, _("a value"));
		}
		p->next++;
		return new_literal(p, out, l->at, v);
	}
	if (bare && peek(p, 1)->token == EXPR_T_OPEN)
		return parse_call(p, out, l);
	p->next++;
	if (bare && l->n == 5 && memcmp(text_of(p, l), "extra", 5) == 0 &&
	    is_token(p, EXPR_T_COLON))
		return parse_extra(p, out, l->at);
	field = case_rtype_field(rt, text_of(p, l), l->n);
	if (field < 0 && bare) {
		rc = parse_special(p, out, l, &found);
		if (found)
			return rc;
	}
	if (field < 0)
		field = case_rtype_word(rt, text_of(p, l), l->n);
	if (field < 0)
		return no_such(p, l, rt, _("no field"));
	return parse_field(p, out, l, field);
}

static enum case_status
parse_primary(struct parser *p, struct case_expr **out)
{
	enum case_status rc;

	switch (peek(p, 0)->token) {
	case EXPR_T_NUMBER:
		return parse_number(p, out);
	case EXPR_T_TEXT:
		return parse_text(p, out);
	case EXPR_T_NAME:
	case EXPR_T_QUOTED:
		return parse_name(p, out);
	case EXPR_T_OPEN:
		p->next++;
		if ((rc = parse_or(p, out)) != CASE_OK)
			return rc;
		rc = expect(p, EXPR_T_CLOSE, _("a closing bracket"));
		if (rc != CASE_OK) {
			case_expr_free(*out);
			*out = NULL;
		}
		return rc;
	default:
		return unexpected(p, _("a value"));
	}
}

/* -5 is a literal of its own, so that it is printed and read back the same. */
static bool
negate_literal(struct case_expr *e)
{
	if (e->node != CASE_NODE_LITERAL || e->value.missing || e->name != NULL)
		return false;
	if (e->type == CASE_INTEGER)
		e->value.u.i = -e->value.u.i;
	else if (e->type == CASE_NUMBER)
		e->value.u.d = -e->value.u.d;
	else
		return false;
	return true;
}

static enum case_status
parse_unary(struct parser *p, struct case_expr **out)
{
	size_t at = peek(p, 0)->at;
	enum case_status rc;

	if (!take(p, EXPR_T_SUB))
		return parse_primary(p, out);
	if ((rc = deeper(p)) != CASE_OK)
		return rc;
	rc = parse_unary(p, out);
	p->depth--;
	if (rc != CASE_OK || negate_literal(*out))
		return rc;
	if ((rc = begin_operator(p, out, EXPR_NEG)) == CASE_OK)
		(*out)->at = at;
	return finish(p, out, rc);
}

/* --- operators ----------------------------------------------------------- */

/* A chain of binary operators, which leans to the left. */
static enum case_status
parse_chain(struct parser *p, struct case_expr **out, parse *sub,
    enum expr_token one, enum expr_op op_one, enum expr_token two,
    enum expr_op op_two)
{
	size_t depth = p->depth;
	enum case_status rc = sub(p, out);

	while (rc == CASE_OK && (is_token(p, one) || is_token(p, two))) {
		rc = begin_operator(p, out, is_token(p, one) ? op_one : op_two);
		p->next++;
		if (rc == CASE_OK)
			rc = deeper(p);
		if (rc == CASE_OK)
			rc = parse_arg(p, *out, sub);
		rc = finish(p, out, rc);
	}
	p->depth = depth;
	return rc;
}

static enum case_status
parse_product(struct parser *p, struct case_expr **out)
{
	return parse_chain(p, out, parse_unary, EXPR_T_MUL, EXPR_MUL,
	    EXPR_T_DIV, EXPR_DIV);
}

static enum case_status
parse_sum(struct parser *p, struct case_expr **out)
{
	return parse_chain(p, out, parse_product, EXPR_T_ADD, EXPR_ADD,
	    EXPR_T_SUB, EXPR_SUB);
}

static enum case_status
parse_in(struct parser *p, struct case_expr **out, bool negated)
{
	enum case_status rc;

	rc = begin_operator(p, out, negated ? EXPR_NOT_IN : EXPR_IN);
	if (rc == CASE_OK)
		rc = expect(p, EXPR_T_OPEN, _("an opening bracket"));
	do {
		if (rc == CASE_OK)
			rc = parse_arg(p, *out, parse_sum);
	} while (rc == CASE_OK && take(p, EXPR_T_COMMA));
	if (rc == CASE_OK)
		rc = expect(p, EXPR_T_CLOSE, _("a comma or a closing bracket"));
	return finish(p, out, rc);
}

static enum case_status
parse_between(struct parser *p, struct case_expr **out, bool negated)
{
	enum case_status rc;

	rc = begin_operator(p, out, negated ? EXPR_NOT_BETWEEN : EXPR_BETWEEN);
	if (rc == CASE_OK)
		rc = parse_arg(p, *out, parse_sum);
	if (rc == CASE_OK && !take_keyword(p, "and"))
		rc = unexpected(p, "'and'");
	if (rc == CASE_OK)
		rc = parse_arg(p, *out, parse_sum);
	return finish(p, out, rc);
}

static enum case_status
parse_is(struct parser *p, struct case_expr **out)
{
	bool negated = take_keyword(p, "not");
	enum case_status rc;

	rc = begin_operator(p, out, negated ? EXPR_PRESENT : EXPR_MISSING);
	if (rc == CASE_OK && !take_keyword(p, "null") &&
	    !take_keyword(p, "missing"))
		rc = unexpected(p, _("'null' or 'missing'"));
	return finish(p, out, rc);
}

/* An operator of two operands whose first is *out. */
static enum case_status
parse_second(struct parser *p, struct case_expr **out, enum expr_op op)
{
	enum case_status rc;

	p->next++;
	if ((rc = begin_operator(p, out, op)) == CASE_OK)
		rc = parse_arg(p, *out, parse_sum);
	return finish(p, out, rc);
}

static enum case_status
parse_comparison(struct parser *p, struct case_expr **out)
{
	enum case_status rc = parse_sum(p, out);
	bool negated;

	if (rc != CASE_OK)
		return rc;
	for (size_t i = 0; i < COUNT(comparisons); i++)
		if (is_token(p, comparisons[i].token))
			return parse_second(p, out, comparisons[i].op);
	if (take_keyword(p, "is"))
		return parse_is(p, out);
	negated = take_keyword(p, "not");
	if (take_keyword(p, "in"))
		return parse_in(p, out, negated);
	if (take_keyword(p, "between"))
		return parse_between(p, out, negated);
	if (is_keyword(p, 0, "like"))
		return parse_second(p, out,
		    negated ? EXPR_NOT_LIKE : EXPR_LIKE);
	if (negated) {
		rc = unexpected(p, _("'in', 'between' or 'like'"));
		case_expr_free(*out);
		*out = NULL;
	}
	return rc;
}

static enum case_status
parse_not(struct parser *p, struct case_expr **out)
{
	size_t at = peek(p, 0)->at;
	enum case_status rc;

	if (!take_keyword(p, "not"))
		return parse_comparison(p, out);
	if ((rc = deeper(p)) != CASE_OK)
		return rc;
	rc = parse_not(p, out);
	p->depth--;
	if (rc != CASE_OK)
		return rc;
	if ((rc = begin_operator(p, out, EXPR_NOT)) == CASE_OK)
		(*out)->at = at;
	return finish(p, out, rc);
}

/* Adds what sub reads to a chain; an inner chain of the same kind melts in. */
static enum case_status
parse_link(struct parser *p, struct case_expr *chain, parse *sub)
{
	struct case_expr *e = NULL;
	enum case_status rc = sub(p, &e);
	bool ok = true;

	if (rc != CASE_OK)
		return rc;
	if (e->node != CASE_NODE_OPERATOR || e->op != chain->op) {
		ok = case_expr_push(chain, e);
	} else {
		for (size_t i = 0; i < e->arg_n; i++)
			ok = case_expr_push(chain, e->arg[i]) && ok;
		e->arg_n = 0;
		case_expr_free(e);
	}
	return ok ? CASE_OK : case_error_memory(p->typing.err);
}

static enum case_status
parse_logic(struct parser *p, struct case_expr **out, parse *sub,
    const char *word, enum expr_op op)
{
	enum case_status rc = sub(p, out);

	if (rc != CASE_OK || !is_keyword(p, 0, word))
		return rc;
	if ((*out)->node != CASE_NODE_OPERATOR || (*out)->op != (int)op)
		rc = begin_operator(p, out, op);
	while (rc == CASE_OK && take_keyword(p, word))
		rc = parse_link(p, *out, sub);
	return finish(p, out, rc);
}

static enum case_status
parse_and(struct parser *p, struct case_expr **out)
{
	return parse_logic(p, out, parse_not, "and", EXPR_AND);
}

static enum case_status
parse_or(struct parser *p, struct case_expr **out)
{
	enum case_status rc = deeper(p);

	*out = NULL;
	if (rc != CASE_OK)
		return rc;
	rc = parse_logic(p, out, parse_and, "or", EXPR_OR);
	p->depth--;
	return rc;
}

/* --- the whole ----------------------------------------------------------- */

/* Brackets aside, each level of the tree costs a level in SQL. */
static size_t
depth_of(const struct case_expr *e)
{
	size_t deepest = 0, depth;

	for (size_t i = 0; i < e->arg_n; i++)
		if ((depth = depth_of(e->arg[i])) > deepest)
			deepest = depth;
	return deepest + 1;
}

/* A field that stands beside an aggregate: which record's would it be? */
static const struct case_expr *
bare_field(const struct case_expr *e)
{
	const struct case_expr *found = NULL;

	if (e->node == CASE_NODE_AGGREGATE)
		return NULL;
	if (e->node == CASE_NODE_FIELD || e->node == CASE_NODE_PATH ||
	    e->node == CASE_NODE_EXTRA)
		return e;
	for (size_t i = 0; i < e->arg_n && found == NULL; i++)
		found = bare_field(e->arg[i]);
	return found;
}

static enum case_status
parse_all(struct parser *p, struct case_expr **out)
{
	const struct case_expr *bare;
	enum case_status rc = parse_or(p, out);

	if (rc != CASE_OK)
		return rc;
	if (!is_token(p, EXPR_T_END))
		return unexpected(p, _("an operator or the end"));
	if (depth_of(*out) > EXPR_DEPTH_MAX)
		return case_expr_fail(p->typing.err, p->typing.text, 0,
		    _("the expression is nested more than %d deep"),
		    (int)EXPR_DEPTH_MAX);
	if (case_expr_is_aggregate(*out) && (bare = bare_field(*out)) != NULL)
		return case_expr_fail(p->typing.err, p->typing.text, bare->at,
		    _("a field beside an aggregate has to stand in one too"));
	return CASE_OK;
}

enum case_status
case_expr_parse(struct case_expr **out, const char *text, size_t n,
    const struct case_scope *scope, struct case_error *err)
{
	struct parser p = { .scope = scope,
		.typing = { .text = text, .rt = scope->rt, .err = err } };
	enum case_status rc;

	*out = NULL;
	if ((rc = case_expr_lex(&p.tokens, text, n, err)) != CASE_OK)
		return rc;
	rc = parse_all(&p, out);
	if (rc != CASE_OK) {
		case_expr_free(*out);
		*out = NULL;
	}
	case_expr_lex_free(&p.tokens);
	return rc;
}
