/* expr.h - the one small language of -w, measures and rules */
#ifndef CASE_EXPR_H
#define CASE_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"
#include "case/error.h"
#include "case/rtype.h"
#include "case/share.h"
#include "case/value.h"

/*
 * Grammar, functions and types: case-expr(5). Every expression is typed when
 * it is parsed; a truth is CASE_FLAG, a date minus a date is CASE_INTEGER
 * days, money is written in yuan and held in fen. A missing operand makes the
 * result missing (SQL's three-valued logic), except in is null and coalesce.
 */
enum case_node {
	CASE_NODE_LITERAL,  /* value; name: of the setting that it is */
	CASE_NODE_FIELD,    /* field >= 0, or pseudo */
	CASE_NODE_EXTRA,    /* name: extra:列名 */
	CASE_NODE_PATH,	    /* field / name: attribute name of the record of
			       type ref whose field name is the value */
	CASE_NODE_PARAM,    /* param */
	CASE_NODE_OPERATOR, /* op, arg */
	CASE_NODE_CALL,	    /* op = function number, arg */
	CASE_NODE_AGGREGATE /* op = aggregate number, arg */
};

/* Given at query time, not at parse time. */
enum case_param {
	CASE_PARAM_FROM, /* period_start: first day of the period asked for */
	CASE_PARAM_TO,	 /* period_end: its last day */
	CASE_PARAM_TODAY /* today */
};

/* What every record has beside its fields; _names in expressions. */
enum case_pseudo {
	CASE_PSEUDO_NONE,
	CASE_PSEUDO_ID,	   /* _id: integer, the record's number in the store */
	CASE_PSEUDO_CASE,  /* _case: integer, the same for rows of one case */
	CASE_PSEUDO_BATCH, /* _batch: integer */
	CASE_PSEUDO_FILE,  /* _file: text */
	CASE_PSEUDO_SHEET, /* _sheet: text */
	CASE_PSEUDO_LINE,  /* _line: integer */
	CASE_PSEUDO_EXTRA, /* _extra: text, the JSON of unmapped columns */
	CASE_PSEUDO_VANISHED /* _vanished_on: date of the complete import that
				no longer had the record (store.h) */
};

/* One node; trees are made by parse and by the two builders below. */
struct case_expr {
	enum case_node node;
	enum case_type type;
	int op;	   /* expr.c's operator, function or aggregate */
	int field; /* index in the scope's record type */
	enum case_pseudo pseudo;
	enum case_param param;
	const struct case_rtype *rt;  /* of FIELD and PATH */
	const struct case_rtype *ref; /* PATH: the type referred to */
	int ref_field;		      /* PATH: the attribute's index in ref */
	char *name; /* EXTRA: header, LITERAL: setting or NULL; owned */
	struct case_value value; /* LITERAL; a text is owned */
	struct case_expr **arg;
	size_t arg_n;
	size_t at; /* byte offset in the source, for messages */
};

/*
 * Where names come from. rt: the record type. sh: settings for setting('k')
 * and other types for PATH; may be NULL. aggregates: whether sum() and its
 * like are allowed.
 */
struct case_scope {
	const struct case_rtype *rt;
	struct case_share *sh;
	bool aggregates;
	/* A type referred to by PATH; NULL: there is none of that name. */
	const struct case_rtype *(*type)(void *arg, const char *name);
	void *type_arg;
};

/*
 * Parses and types text. CASE_EUSAGE with the column in characters, counted
 * from 1, what was expected and the nearest names: "3: no field 'unti'; did
 * you mean unit?".
 */
enum case_status case_expr_parse(struct case_expr **out, const char *text,
    size_t n, const struct case_scope *scope, struct case_error *err);
void case_expr_free(struct case_expr *e);
enum case_status case_expr_copy(struct case_expr **out,
    const struct case_expr *e, struct case_error *err);

/* a AND b; takes both over (also on failure); either may be NULL. */
enum case_status case_expr_and(struct case_expr **out, struct case_expr *a,
    struct case_expr *b, struct case_error *err);

bool case_expr_is_aggregate(const struct case_expr *e);
/* Calls back for every field (index in its rt) that e reads, once each. */
void case_expr_fields(const struct case_expr *e,
    void (*each)(void *arg, const struct case_rtype *rt, int field), void *arg);
/* The first setting() that e uses and nobody has set; NULL: none. */
const char *case_expr_unset(const struct case_expr *e);
/* Whether e calls a function that needs the working-day calendar. */
bool case_expr_uses_calendar(const struct case_expr *e);

/* The expression in words, for --explain. */
void case_expr_words(struct case_buf *out, const struct case_expr *e,
    enum case_lang lang);
/* The expression as source text again, normalised. */
void case_expr_print(struct case_buf *out, const struct case_expr *e);

/* The functions and aggregates, for --help and case-expr(5). i from 0; NULL
 * at the end. The signature, e.g. "days(date, date) -> integer". */
const char *case_expr_function(size_t i);

#endif
