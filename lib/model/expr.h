/* expr.h - what the parser, the printer and the SQL of expressions share */
#ifndef MODEL_EXPR_H
#define MODEL_EXPR_H

#include "case/expr.h"

/* case_expr.op of CASE_NODE_OPERATOR. AND and OR have two or more args. */
enum expr_op {
	EXPR_OR,
	EXPR_AND,
	EXPR_NOT,
	EXPR_EQ,
	EXPR_NE,
	EXPR_LT,
	EXPR_LE,
	EXPR_GT,
	EXPR_GE,
	EXPR_IN, /* arg[0] in the others */
	EXPR_NOT_IN,
	EXPR_BETWEEN, /* arg[0] between arg[1] and arg[2] */
	EXPR_NOT_BETWEEN,
	EXPR_LIKE,
	EXPR_NOT_LIKE,
	EXPR_MISSING, /* is null */
	EXPR_PRESENT, /* is not null */
	EXPR_NEG,
	EXPR_ADD,
	EXPR_SUB,
	EXPR_MUL,
	EXPR_DIV
};

/* case_expr.op of CASE_NODE_CALL. */
enum expr_fn {
	EXPR_DAYS,
	EXPR_WORKDAYS,
	EXPR_SECONDS,
	EXPR_MINUTES,
	EXPR_HOURS,
	EXPR_ADD_DAYS,
	EXPR_ADD_WORKDAYS,
	EXPR_ADD_MONTHS,
	EXPR_ADD_YEARS,
	EXPR_IS_WORKDAY,
	EXPR_DATE, /* of a time or a text */
	EXPR_TIME, /* of a date: its midnight */
	EXPR_YEAR,
	EXPR_HALF,
	EXPR_QUARTER,
	EXPR_MONTH,
	EXPR_WEEK,
	EXPR_DAY,
	EXPR_WEEKDAY,
	EXPR_HOUR,
	EXPR_PERIOD_YEAR,
	EXPR_PERIOD_HALF,
	EXPR_PERIOD_QUARTER,
	EXPR_PERIOD_MONTH,
	EXPR_PERIOD_WEEK,
	EXPR_PERIOD_DAY,
	EXPR_IF,
	EXPR_COALESCE,
	EXPR_LEAST,    /* min of two or more */
	EXPR_GREATEST, /* max of two or more */
	EXPR_ABS,
	EXPR_ROUND,
	EXPR_RATIO,
	EXPR_BIN,
	EXPR_LENGTH,
	EXPR_LOWER,
	EXPR_UPPER,
	EXPR_CONTAINS,
	EXPR_STARTS,
	EXPR_MATCHES,
	EXPR_TEXT,
	EXPR_NUMBER,
	EXPR_MONEY,
	EXPR_VALID_USCC,
	EXPR_VALID_ORGCODE,
	EXPR_VALID_BIZREG,
	EXPR_VALID_RESIDENT,
	EXPR_VALID_RESIDENT15,
	EXPR_VALID_ID,
	EXPR_RESIDENT_AGE,
	EXPR_DOCNO_ORGAN,
	EXPR_DOCNO_YEAR,
	EXPR_DOCNO_NUMBER,
	EXPR_DOCNO_KEY,
	EXPR_FN_MAX
};

/* case_expr.op of CASE_NODE_AGGREGATE. */
enum expr_aggregate {
	EXPR_COUNT, /* of records without an argument, else of values */
	EXPR_DISTINCT,
	EXPR_SUM,
	EXPR_MEAN,
	EXPR_MIN,
	EXPR_MAX,
	EXPR_PERCENTILE, /* arg[1] is the percent, a literal */
	EXPR_RATE,
	EXPR_SHARE,
	EXPR_COUNT_IF,
	EXPR_DISTINCT_IF,
	EXPR_SUM_IF,
	EXPR_MEAN_IF,
	EXPR_AGGREGATE_MAX
};

/*
 * A function or an aggregate.
 *
 * args		a letter for each argument: d date, T time, t text, n number,
 *		i integer, s number or money, c condition, x anything, = any
 *		type but the same for all of them, L literal text, I literal
 *		integer, D date, time or text; behind a letter ? means that it
 *		may be left out, * that more of its kind may follow
 * result	d T t n i m f, r ratio; = the common type, 1 that of the
 *		first argument, M money of money and number of a number
 * shown	its name in Chinese for words, or NULL: the name itself
 */
struct expr_function {
	const char *name;
	int op;
	const char *args;
	char result;
	const char *signature;
	const char *shown;
};

enum {
	EXPR_TEXT_MAX = 64 * 1024, /* bytes of source */
	EXPR_DEPTH_MAX = 100,
	EXPR_NODES_MAX = 10000
};

/* exprtree.c: nodes. NULL: out of memory. */
struct case_expr *case_expr_node(enum case_node node, enum case_type type,
    size_t at);
/* Takes arg over, also on failure. */
bool case_expr_push(struct case_expr *e, struct case_expr *arg);
/* Whether e is written as a word's id in the records: a coded field. */
const struct case_field *case_expr_field(const struct case_expr *e);

/* exprfn.c: the tables. Names are compared without case. */
const struct expr_function *case_expr_fn(const char *p, size_t n);
const struct expr_function *case_expr_aggregate(const char *p, size_t n);
const struct expr_function *case_expr_fn_of(enum expr_fn op);
const struct expr_function *case_expr_aggregate_of(enum expr_aggregate op);
/* The i-th row of both tables, for the nearest names; NULL at the end. */
const struct expr_function *case_expr_fn_at(size_t i);

/* lex.c: tokens. */
enum expr_token {
	EXPR_T_END,
	EXPR_T_NAME,
	EXPR_T_QUOTED, /* `name` */
	EXPR_T_TEXT,
	EXPR_T_NUMBER,
	EXPR_T_OPEN,
	EXPR_T_CLOSE,
	EXPR_T_COMMA,
	EXPR_T_COLON,
	EXPR_T_EQ,
	EXPR_T_NE,
	EXPR_T_LT,
	EXPR_T_LE,
	EXPR_T_GT,
	EXPR_T_GE,
	EXPR_T_ADD,
	EXPR_T_SUB,
	EXPR_T_MUL,
	EXPR_T_DIV
};

/* p[0..n) is the folded and unquoted text, in the tokens' own buffer. */
struct expr_lexeme {
	enum expr_token token;
	size_t at; /* byte offset in the source */
	size_t from, n;
};
struct expr_tokens {
	struct expr_lexeme *v;
	size_t n;
	struct case_buf text;
};
enum case_status case_expr_lex(struct expr_tokens *out, const char *text,
    size_t n, struct case_error *err);
void case_expr_lex_free(struct expr_tokens *t);
bool case_expr_is_keyword(const char *p, size_t n);
/* Whether p may stand bare as a name. */
bool case_expr_is_name(const char *p, size_t n);
/* An error at a byte offset of the source: "COLUMN: message". CASE_EUSAGE. */
enum case_status case_expr_fail(struct case_error *err, const char *text,
    size_t at, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/*
 * exprtype.c: types. text is the source, for the places in messages; rt has
 * the words of a flag.
 */
struct expr_typing {
	const char *text;
	const struct case_rtype *rt;
	struct case_error *err;
};
/* Makes a and b comparable: literals take the other's type. */
enum case_status case_expr_unify(struct expr_typing *t, struct case_expr **a,
    struct case_expr **b, enum case_type *type);
enum case_status case_expr_coerce(struct expr_typing *t, struct case_expr **e,
    enum case_type to, const struct case_field *code);
/* Types an operator, call or aggregate whose args are in place. */
enum case_status case_expr_type_operator(struct expr_typing *t,
    struct case_expr *e);
enum case_status case_expr_type_call(struct expr_typing *t, struct case_expr *e,
    const struct expr_function *fn);
/* The three names nearest to word, to be told as "; did you mean a, b?". */
struct expr_nearest {
	const char *name[3];
	size_t distance;
	size_t n;
	const char *word;
};
void case_expr_nearest(struct expr_nearest *near, const char *candidate);
void case_expr_suggest(struct case_buf *out, const struct expr_nearest *near);

#endif
