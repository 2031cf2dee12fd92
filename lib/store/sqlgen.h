/* sqlgen.h - expressions to SQL with bound values */
#ifndef STORE_SQLGEN_H
#define STORE_SQLGEN_H

#include "case/buf.h"
#include "case/expr.h"
#include "case/words.h"

/*
 * The shape of the tables, which sqlgen and the schema share: the records of
 * type T are in "rec_T", with columns _id (INTEGER PRIMARY KEY), _batch,
 * _line, _hash, _k1, _k2, _k3 (64-bit hashes of the identities, or NULL),
 * _extra (JSON text or NULL), and one "f_FIELD" for each field that a record
 * ever had a value for; another is written as NULL. A coded field
 * is the id of its word (INTEGER), a date days, a time seconds, money fen, a
 * flag 0/1, number, ratio and points REAL, other texts TEXT.
 *
 * The SQL functions are in func.c, which the store registers on its
 * connection. percentile(x, p) is exact and interpolates between the two
 * values around its place (R type 7), so percentile(x, 50) is the median.
 *
 * Limits that the connection needs: SQLITE_LIMIT_EXPR_DEPTH at least 500,
 * SQLITE_LIMIT_VARIABLE_NUMBER at least 10,003, SQLITE_LIMIT_SQL_LENGTH of 1
 * MiB.
 */

/*
 * SQL text with its values in order, each written as ?. params are the
 * numbered parameters ?1 from, ?2 to, ?3 today, so bound values begin at ?4:
 * every value is written "?N" with its number.
 */
struct case_store;
struct case_sqlgen {
	struct case_buf sql;
	struct case_value *bind; /* bind[i] is parameter i + 4 */
	size_t bind_n;
	const struct case_words *words; /* a coded literal becomes its id */
	const char *table;     /* alias of the record's row, e.g. "r" */
	struct case_store *st; /* NULL: every field has a column */
	int64_t as_of;	       /* above 0: what had vanished behind it */
	bool vanished;	       /* out: some expression asks for that */
	size_t depth;	       /* sqlgen.c's own, 0 between calls */
	bool deep;
};

/*
 * Appends e; CASE_EUSAGE when it is nested deeper than SQLite's parser can
 * follow (about ten calls or twenty operators). A coded field is written as its
 * id where only identity matters
 * (=, in, is null, group) and as word(id) where its text does (like, order
 * comparisons, functions, and as_text). Texts of bind are owned by g.
 */
enum case_status case_sqlgen_expr(struct case_sqlgen *g,
    const struct case_expr *e, struct case_error *err);
/* As a column of a result or a sort key: a coded field always as text. */
enum case_status case_sqlgen_column(struct case_sqlgen *g,
    const struct case_expr *e, struct case_error *err);
void case_sqlgen_free(struct case_sqlgen *g);

#endif
