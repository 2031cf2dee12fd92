/* sqlgen.c - expressions to SQL with bound values */
#include <stdlib.h>
#include <string.h>

#include "case/ident.h"
#include "case/intl.h"
#include "lib/model/expr.h"
#include "lib/store/sqlgen.h"
#include "lib/store/sqlite.h"

enum {
	FIRST_BOUND = 4, /* ?1 to ?3 are the parameters */
	DEPTH_MAX = 64,	 /* of SQLite's parser; see nest() */
	CHAIN_MAX = 32	 /* terms of a flat chain of AND or OR */
};

/* How a coded field is wanted: as the id of its word, or as the text. */
enum form { AS_ID, AS_TEXT, AS_DOCNO };

/* Functions that are one SQL function of the same arguments. */
static const char *const sql_function[EXPR_FN_MAX] = {
	[EXPR_WORKDAYS] = "workdays",
	[EXPR_ADD_WORKDAYS] = "add_workdays",
	[EXPR_ADD_MONTHS] = "add_months",
	[EXPR_ADD_YEARS] = "add_years",
	[EXPR_IS_WORKDAY] = "is_workday",
	[EXPR_YEAR] = "year",
	[EXPR_HALF] = "half",
	[EXPR_QUARTER] = "quarter",
	[EXPR_MONTH] = "month",
	[EXPR_WEEK] = "week",
	[EXPR_DAY] = "day",
	[EXPR_WEEKDAY] = "weekday",
	[EXPR_HOUR] = "hour",
	[EXPR_PERIOD_YEAR] = "period_year",
	[EXPR_PERIOD_HALF] = "period_half",
	[EXPR_PERIOD_QUARTER] = "period_quarter",
	[EXPR_PERIOD_MONTH] = "period_month",
	[EXPR_PERIOD_WEEK] = "period_week",
	[EXPR_PERIOD_DAY] = "period_day",
	[EXPR_COALESCE] = "coalesce",
	[EXPR_LEAST] = "min",
	[EXPR_GREATEST] = "max",
	[EXPR_ABS] = "abs",
	[EXPR_BIN] = "bin",
	[EXPR_LENGTH] = "length",
	[EXPR_LOWER] = "lower",
	[EXPR_UPPER] = "upper",
	[EXPR_STARTS] = "starts",
	[EXPR_MATCHES] = "matches",
	[EXPR_NUMBER] = "text_number",
	[EXPR_MONEY] = "text_money",
	[EXPR_VALID_USCC] = "valid_uscc",
	[EXPR_VALID_ORGCODE] = "valid_orgcode",
	[EXPR_VALID_BIZREG] = "valid_bizreg",
	[EXPR_VALID_RESIDENT] = "valid_resident",
	[EXPR_VALID_RESIDENT15] = "valid_resident15",
	[EXPR_VALID_ID] = "valid_id",
	[EXPR_RESIDENT_AGE] = "resident_age",
	[EXPR_DOCNO_ORGAN] = "docno_organ",
	[EXPR_DOCNO_YEAR] = "docno_year",
	[EXPR_DOCNO_NUMBER] = "docno_number",
	[EXPR_DOCNO_KEY] = "docno_key",
};

static const char *const sql_operator[] = {
	[EXPR_OR] = " OR ",
	[EXPR_AND] = " AND ",
	[EXPR_EQ] = " = ",
	[EXPR_NE] = " <> ",
	[EXPR_LT] = " < ",
	[EXPR_LE] = " <= ",
	[EXPR_GT] = " > ",
	[EXPR_GE] = " >= ",
	[EXPR_IN] = " IN ",
	[EXPR_NOT_IN] = " NOT IN ",
	[EXPR_BETWEEN] = " BETWEEN ",
	[EXPR_NOT_BETWEEN] = " NOT BETWEEN ",
	[EXPR_LIKE] = " LIKE ",
	[EXPR_NOT_LIKE] = " NOT LIKE ",
	[EXPR_MISSING] = " IS NULL",
	[EXPR_PRESENT] = " IS NOT NULL",
	[EXPR_ADD] = " + ",
	[EXPR_SUB] = " - ",
	[EXPR_MUL] = " * ",
	[EXPR_DIV] = " / ",
};

static void put(struct case_sqlgen *g, const struct case_expr *e,
    enum form form);

static void
adds(struct case_sqlgen *g, const char *s)
{
	case_buf_adds(&g->sql, s);
}

static bool
is_text(enum case_type type)
{
	return type == CASE_TEXT || type == CASE_CODE;
}

/* A name of ours as an SQL identifier: "f_" and filed_on. */
static void
put_name(struct case_sqlgen *g, const char *prefix, const char *name)
{
	adds(g, "\"");
	adds(g, prefix);
	for (; *name != '\0'; name++) {
		if (*name == '"')
			case_buf_addc(&g->sql, '"');
		case_buf_addc(&g->sql, *name);
	}
	adds(g, "\"");
}

/* Binds v, taking a copy of its text, and writes its parameter. */
static void
bind(struct case_sqlgen *g, const struct case_value *v)
{
	struct case_value *more;
	char *copy = NULL;

	if ((g->bind_n & (g->bind_n - 1)) == 0) {
		more = realloc(g->bind,
		    (g->bind_n == 0 ? 1 : 2 * g->bind_n) * sizeof(*more));
		if (more == NULL)
			goto fail;
		g->bind = more;
	}
	g->bind[g->bind_n] = *v;
	if (!v->missing && is_text(v->type)) {
		if ((copy = malloc(v->u.s.n + 1)) == NULL)
			goto fail;
		if (v->u.s.n > 0)
			memcpy(copy, v->u.s.p, v->u.s.n);
		copy[v->u.s.n] = '\0';
		g->bind[g->bind_n].u.s.p = copy;
	}
	case_buf_addf(&g->sql, "?%zu", FIRST_BOUND + g->bind_n++);
	return;
fail:
	g->sql.failed = true;
}

static void
put_text(struct case_sqlgen *g, const char *s)
{
	struct case_value v = { .type = CASE_TEXT, .u.s = { s, strlen(s) } };

	bind(g, &v);
}

/* A word that the dictionary does not have is 0, which is no record's. */
static void
put_literal(struct case_sqlgen *g, const struct case_expr *e, enum form form)
{
	struct case_value v = e->value;
	struct case_buf key = { 0 };

	if (v.missing) {
		adds(g, "NULL");
		return;
	}
	if (!is_text(v.type) || form == AS_TEXT) {
		bind(g, &v);
		return;
	}
	if (form == AS_ID) {
		v.u.i = g->words == NULL
			    ? 0
			    : case_words_find(g->words, v.u.s.p, v.u.s.n);
		v.type = CASE_INTEGER;
		bind(g, &v);
		return;
	}
	case_docno_key(&key, v.u.s.p, v.u.s.n);
	if (key.failed)
		g->sql.failed = true;
	else
		put_text(g, case_buf_str(&key));
	case_buf_free(&key);
}

static void
put_column(struct case_sqlgen *g, const char *table,
    const struct case_rtype *rt, const struct case_field *f, enum form form)
{
	bool text = f->coded && form != AS_ID;

	if (g->st != NULL && !case_types_has_column(g->st, rt->name, f->name)) {
		adds(g, "NULL");
		return;
	}
	if (form == AS_DOCNO)
		adds(g, "docno_key(");
	if (text)
		adds(g, "word(");
	adds(g, table);
	adds(g, ".");
	put_name(g, "f_", f->name);
	if (text)
		adds(g, ")");
	if (form == AS_DOCNO)
		adds(g, ")");
}

static void
put_pseudo(struct case_sqlgen *g, enum case_pseudo pseudo, const char *type)
{
	const char *t = g->table;
	struct case_buf *b = &g->sql;

	switch (pseudo) {
	case CASE_PSEUDO_ID:
		case_buf_addf(b, "%s._id", t);
		break;
	case CASE_PSEUDO_CASE:
		case_buf_addf(b, "coalesce(%s._k1, %s._k2, %s._id)", t, t, t);
		break;
	case CASE_PSEUDO_BATCH:
		case_buf_addf(b, "%s._batch", t);
		break;
	case CASE_PSEUDO_FILE:
		case_buf_addf(b,
		    "(SELECT b.file FROM batch b WHERE b.id = %s._batch)", t);
		break;
	case CASE_PSEUDO_SHEET:
		case_buf_addf(b,
		    "(SELECT CASE WHEN %s._line < 2147483648 THEN b.sheet ELSE"
		    " json_extract(b.sheet, '$[' || ((%s._line >> 21 & 1023)"
		    " - 1) || ']') END FROM batch b WHERE b.id = %s._batch)",
		    t, t, t);
		break;
	case CASE_PSEUDO_LINE:
		/* See case_place. */
		case_buf_addf(b,
		    "CASE WHEN %s._line < 2147483648 THEN %s._line"
		    " ELSE %s._line & 2097151 END",
		    t, t, t);
		break;
	case CASE_PSEUDO_VANISHED:
		g->vanished = true;
		case_buf_addf(b, "(SELECT w.day FROM vanished%s w WHERE ",
		    g->as_of > 0 ? "_past" : "");
		if (g->as_of > 0)
			case_buf_addf(b, "w.as_of = %lld AND ",
			    (long long)g->as_of);
		case_buf_addf(b, "w.type = '%s' AND w.record = %s._id)", type,
		    t);
		break;
	case CASE_PSEUDO_EXTRA:
	case CASE_PSEUDO_NONE:
		case_buf_addf(b, "%s._extra", t);
		break;
	}
}

/*
 * The attribute of the record referred to: by name, the oldest of several.
 * Ids are those of one dictionary, so two coded columns compare as they are.
 */
static void
put_path(struct case_sqlgen *g, const struct case_expr *e, enum form form)
{
	const struct case_field *from = &e->rt->field[e->field], *name;
	int by = case_rtype_field(e->ref, "name", 4);
	enum form match;

	if (by < 0) {
		adds(g, "NULL");
		return;
	}
	name = &e->ref->field[by];
	match = name->coded && from->coded ? AS_ID : AS_TEXT;
	adds(g, "(SELECT ");
	put_column(g, "p", e->ref, &e->ref->field[e->ref_field], form);
	adds(g, " FROM ");
	put_name(g, "rec_", e->ref->name);
	adds(g, " p WHERE ");
	put_column(g, "p", e->ref, name, match);
	adds(g, " = ");
	put_column(g, g->table, e->rt, from, match);
	adds(g, " ORDER BY p._id LIMIT 1)");
}

/*
 * A nested piece of SQL, which takes so many places on the stack of SQLite's
 * parser. That stack has 100 (YYSTACKDEPTH), and the statement round the
 * expression needs some of them.
 */
static void
nest(struct case_sqlgen *g, size_t cost, const struct case_expr *e,
    enum form form)
{
	g->depth += cost;
	if (g->depth > DEPTH_MAX)
		g->deep = true;
	else
		put(g, e, form);
	g->depth -= cost;
}

/*
 * Args from..to of a chain. SQLite limits the depth of an expression, and a
 * flat chain is as deep as it is long, so a long one is cut into pieces.
 */
static void
put_chain(struct case_sqlgen *g, const struct case_expr *e, size_t from,
    size_t to)
{
	size_t piece = 1;

	while (piece * CHAIN_MAX < to - from)
		piece *= CHAIN_MAX;
	adds(g, "(");
	for (size_t i = from; i < to; i += piece) {
		if (i > from)
			adds(g, sql_operator[e->op]);
		if (piece > 1)
			put_chain(g, e, i, to - i < piece ? to : i + piece);
		else
			nest(g, 3, e->arg[i], AS_TEXT);
	}
	adds(g, ")");
}

static void
put_list(struct case_sqlgen *g, const struct case_expr *e, size_t from,
    enum form form)
{
	adds(g, "(");
	for (size_t i = from; i < e->arg_n; i++) {
		if (i > from)
			adds(g, ", ");
		nest(g, 5, e->arg[i], form);
	}
	adds(g, ")");
}

/*
 * How the operands of = <> in are best compared: as ids when each is a coded
 * field or a literal, as document numbers when one is such a number, else as
 * they are.
 */
static enum form
compared_as(const struct case_expr *e)
{
	const struct case_field *f;
	size_t coded = 0, docno = 0, other = 0;

	for (size_t i = 0; i < e->arg_n; i++) {
		if (e->arg[i]->node == CASE_NODE_LITERAL)
			continue;
		f = case_expr_field(e->arg[i]);
		if (f != NULL && f->docno)
			docno++;
		else if (f != NULL && f->coded)
			coded++;
		else
			other++;
	}
	if (docno > 0 && coded == 0 && other == 0)
		return AS_DOCNO;
	return coded > 0 && docno == 0 && other == 0 ? AS_ID : AS_TEXT;
}

static void
put_binary(struct case_sqlgen *g, const struct case_expr *e, enum form form)
{
	adds(g, "(");
	nest(g, 1, e->arg[0], form);
	adds(g, sql_operator[e->op]);
	nest(g, 3, e->arg[1], form);
	adds(g, ")");
}

static bool
is_arithmetic(const struct case_expr *e, enum expr_op from, enum expr_op to)
{
	return e->node == CASE_NODE_OPERATOR && e->op >= (int)from &&
	       e->op <= (int)to &&
	       (e->type != CASE_MONEY || e->op <= (int)EXPR_SUB);
}

/*
 * Without its own brackets, which put_arithmetic() adds: a chain that leans
 * to the left is read by SQLite without nesting.
 */
static void
put_bare(struct case_sqlgen *g, const struct case_expr *e)
{
	bool product = e->op == EXPR_MUL || e->op == EXPR_DIV;

	if (is_arithmetic(e->arg[0], product ? EXPR_MUL : EXPR_ADD, EXPR_DIV))
		put_bare(g, e->arg[0]);
	else
		nest(g, 1, e->arg[0], AS_TEXT);
	/* Two whole numbers are divided as real ones. */
	if (e->op == EXPR_DIV)
		adds(g, " * 1.0");
	adds(g, sql_operator[e->op]);
	nest(g, 3, e->arg[1], AS_TEXT);
}

/* Products of amounts are rounded to whole fen, by functions of ours. */
static void
put_arithmetic(struct case_sqlgen *g, const struct case_expr *e)
{
	if (e->type == CASE_MONEY && e->op >= EXPR_MUL) {
		adds(g, e->op == EXPR_MUL ? "money_times" : "money_over");
		put_list(g, e, 0, AS_TEXT);
		return;
	}
	adds(g, "(");
	put_bare(g, e);
	adds(g, ")");
}

static void
put_between(struct case_sqlgen *g, const struct case_expr *e)
{
	adds(g, "(");
	nest(g, 1, e->arg[0], AS_TEXT);
	adds(g, sql_operator[e->op]);
	nest(g, 3, e->arg[1], AS_TEXT);
	adds(g, " AND ");
	nest(g, 5, e->arg[2], AS_TEXT);
	adds(g, ")");
}

static void
put_around(struct case_sqlgen *g, const char *before,
    const struct case_expr *arg, const char *behind)
{
	adds(g, before);
	nest(g, 6, arg, AS_TEXT);
	adds(g, behind);
}

static void
put_sign(struct case_sqlgen *g, const char *sign, const struct case_expr *arg)
{
	adds(g, sign);
	nest(g, 2, arg, AS_TEXT);
	adds(g, ")");
}

static void
put_operator(struct case_sqlgen *g, const struct case_expr *e)
{
	switch ((enum expr_op)e->op) {
	case EXPR_OR:
	case EXPR_AND:
		put_chain(g, e, 0, e->arg_n);
		break;
	case EXPR_NOT:
		put_sign(g, "(NOT ", e->arg[0]);
		break;
	case EXPR_NEG:
		put_sign(g, "(- ", e->arg[0]);
		break;
	case EXPR_EQ:
	case EXPR_NE:
		put_binary(g, e, compared_as(e));
		break;
	case EXPR_LT:
	case EXPR_LE:
	case EXPR_GT:
	case EXPR_GE:
	case EXPR_LIKE:
	case EXPR_NOT_LIKE:
		put_binary(g, e, AS_TEXT);
		break;
	case EXPR_IN:
	case EXPR_NOT_IN:
		adds(g, "(");
		nest(g, 1, e->arg[0], compared_as(e));
		adds(g, sql_operator[e->op]);
		put_list(g, e, 1, compared_as(e));
		adds(g, ")");
		break;
	case EXPR_BETWEEN:
	case EXPR_NOT_BETWEEN:
		put_between(g, e);
		break;
	case EXPR_MISSING:
	case EXPR_PRESENT:
		adds(g, "(");
		nest(g, 1, e->arg[0], AS_ID);
		adds(g, sql_operator[e->op]);
		adds(g, ")");
		break;
	case EXPR_ADD:
	case EXPR_SUB:
	case EXPR_MUL:
	case EXPR_DIV:
		put_arithmetic(g, e);
		break;
	}
}

/* (second - first), over a divisor for other units than the stored one. */
static void
put_difference(struct case_sqlgen *g, const struct case_expr *e,
    const char *over)
{
	adds(g, "((");
	nest(g, 2, e->arg[1], AS_TEXT);
	adds(g, " - ");
	nest(g, 4, e->arg[0], AS_TEXT);
	adds(g, ")");
	adds(g, over);
	adds(g, ")");
}

static void
put_call(struct case_sqlgen *g, const struct case_expr *e)
{
	enum case_type first = e->arg_n > 0 ? e->arg[0]->type : CASE_TEXT;

	switch ((enum expr_fn)e->op) {
	case EXPR_DAYS:
	case EXPR_SECONDS:
		put_difference(g, e, "");
		break;
	case EXPR_MINUTES:
		put_difference(g, e, " / 60.0");
		break;
	case EXPR_HOURS:
		put_difference(g, e, " / 3600.0");
		break;
	case EXPR_ADD_DAYS:
		put_around(g, "(", e->arg[0], " + ");
		put_around(g, "", e->arg[1], ")");
		break;
	case EXPR_DATE:
		if (first == CASE_DATE) {
			put(g, e->arg[0], AS_TEXT);
			break;
		}
		put_around(g, first == CASE_TIME ? "day_of(" : "text_date(",
		    e->arg[0], ")");
		break;
	case EXPR_TIME:
		put_around(g, "(", e->arg[0], " * 86400)");
		break;
	case EXPR_IF:
		/* An unknown condition is neither branch. */
		put_around(g, "CASE ", e->arg[0], " WHEN 1 THEN ");
		put_around(g, "", e->arg[1], " WHEN 0 THEN ");
		put_around(g, "", e->arg[2], " END");
		break;
	case EXPR_RATIO:
		put_around(g, "(", e->arg[0], " * 1.0 / ");
		put_around(g, "", e->arg[1], ")");
		break;
	case EXPR_CONTAINS:
		put_around(g, "(instr(", e->arg[0], ", ");
		put_around(g, "", e->arg[1], ") > 0)");
		break;
	case EXPR_ROUND:
		adds(g, first == CASE_MONEY ? "round_fen" : "round_half");
		put_list(g, e, 0, AS_TEXT);
		break;
	case EXPR_TEXT:
		if (is_text(first)) {
			put(g, e->arg[0], AS_TEXT);
			break;
		}
		put_around(g, "value_text(", e->arg[0], "");
		case_buf_addf(&g->sql, ", %d)", (int)first);
		break;
	default:
		adds(g, sql_function[e->op]);
		put_list(g, e, 0, AS_TEXT);
		break;
	}
}

/* CASE WHEN condition THEN value END: the values that the condition keeps. */
static void
put_kept(struct case_sqlgen *g, const char *before, const struct case_expr *e,
    enum form form, const char *behind)
{
	adds(g, before);
	put_around(g, "CASE WHEN ", e->arg[e->arg_n - 1], " THEN ");
	if (e->arg_n == 1)
		adds(g, "1");
	else
		nest(g, 8, e->arg[0], form);
	adds(g, " END");
	adds(g, behind);
}

static void
put_aggregate(struct case_sqlgen *g, const struct case_expr *e)
{
	bool fen = e->type == CASE_MONEY;
	const char *round = fen ? "money_round(" : "";
	const char *rounded = fen ? ")" : "";

	switch ((enum expr_aggregate)e->op) {
	case EXPR_COUNT:
		if (e->arg_n == 0) {
			adds(g, "count(*)");
			break;
		}
		adds(g, "count(");
		nest(g, 5, e->arg[0], AS_ID);
		adds(g, ")");
		break;
	case EXPR_DISTINCT:
		adds(g, "count(DISTINCT ");
		nest(g, 5, e->arg[0], AS_ID);
		adds(g, ")");
		break;
	case EXPR_SUM:
		put_around(g, "sum(", e->arg[0], ")");
		break;
	case EXPR_MIN:
		put_around(g, "min(", e->arg[0], ")");
		break;
	case EXPR_MAX:
		put_around(g, "max(", e->arg[0], ")");
		break;
	case EXPR_MEAN:
		adds(g, round);
		put_around(g, "avg(", e->arg[0], ")");
		adds(g, rounded);
		break;
	case EXPR_PERCENTILE:
		adds(g, round);
		put_around(g, "percentile(", e->arg[0], ", ");
		put_around(g, "", e->arg[1], ")");
		adds(g, rounded);
		break;
	case EXPR_RATE:
		put_around(g, "avg(", e->arg[0], ")");
		break;
	case EXPR_SHARE:
		put_kept(g, "(CAST(count(", e, AS_ID, ") AS REAL) / count(*))");
		break;
	case EXPR_COUNT_IF:
		put_kept(g, "count(", e, AS_ID, ")");
		break;
	case EXPR_DISTINCT_IF:
		put_kept(g, "count(DISTINCT ", e, AS_ID, ")");
		break;
	case EXPR_SUM_IF:
		put_kept(g, "sum(", e, AS_TEXT, ")");
		break;
	case EXPR_MEAN_IF:
		adds(g, round);
		put_kept(g, "avg(", e, AS_TEXT, ")");
		adds(g, rounded);
		break;
	case EXPR_AGGREGATE_MAX:
		break;
	}
}

static void
put(struct case_sqlgen *g, const struct case_expr *e, enum form form)
{
	switch (e->node) {
	case CASE_NODE_LITERAL:
		put_literal(g, e, form);
		break;
	case CASE_NODE_FIELD:
		if (e->pseudo != CASE_PSEUDO_NONE)
			put_pseudo(g, e->pseudo, e->rt->name);
		else
			put_column(g, g->table, e->rt, &e->rt->field[e->field],
			    form);
		break;
	case CASE_NODE_EXTRA:
		case_buf_addf(&g->sql, "extra_value(%s._extra, ", g->table);
		put_text(g, e->name);
		adds(g, ")");
		break;
	case CASE_NODE_PATH:
		put_path(g, e, form);
		break;
	case CASE_NODE_PARAM:
		case_buf_addf(&g->sql, "?%d", (int)e->param + 1);
		break;
	case CASE_NODE_OPERATOR:
		put_operator(g, e);
		break;
	case CASE_NODE_CALL:
		put_call(g, e);
		break;
	case CASE_NODE_AGGREGATE:
		put_aggregate(g, e);
		break;
	}
}

static enum case_status
finish(struct case_sqlgen *g, struct case_error *err)
{
	if (g->deep)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("the expression is nested too deep for the store"));
	return g->sql.failed ? case_error_memory(err) : CASE_OK;
}

/* A literal alone stays text; a coded field alone is its id. */
enum case_status
case_sqlgen_expr(struct case_sqlgen *g, const struct case_expr *e,
    struct case_error *err)
{
	put(g, e, e->node == CASE_NODE_LITERAL ? AS_TEXT : AS_ID);
	return finish(g, err);
}

enum case_status
case_sqlgen_column(struct case_sqlgen *g, const struct case_expr *e,
    struct case_error *err)
{
	put(g, e, AS_TEXT);
	return finish(g, err);
}

void
case_sqlgen_free(struct case_sqlgen *g)
{
	for (size_t i = 0; i < g->bind_n; i++)
		if (!g->bind[i].missing && is_text(g->bind[i].type))
			free((char *)(uintptr_t)g->bind[i].u.s.p);
	free(g->bind);
	g->bind = NULL;
	g->bind_n = 0;
	case_buf_free(&g->sql);
}
