/* query.c - a question in expressions, asked of the records */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/store/content.h"
#include "lib/store/sqlgen.h"
#include "lib/store/vanish.h"

/* ?1 from, ?2 to, ?3 today: sqlgen.h. */
enum { FIRST_BOUND = 4 };

struct case_cursor {
	struct case_store *st;
	struct case_sql *q;
	struct case_sqlgen g; /* owns the texts that are bound */
	struct case_value *v;
	size_t column_n;
	int record;	/* number of the record's parameter, or 0 */
	size_t columns; /* of all fields, when the question was written */
	bool done;	/* another step would begin anew */
};

/*
 * The parts are written one behind the other, so that their values are
 * numbered through, and put together when all numbers are known.
 */
struct parts {
	struct case_cursor *c;
	const struct case_query *q;
	bool grouped, aggregate;
	struct case_str where, having, sort, column, group;
};

/* --- the parts ----------------------------------------------------------- */

/* What was written since at; offsets until all is written. */
static struct case_str
since(const struct case_sqlgen *g, size_t at)
{
	return (struct case_str){ (const char *)at, g->sql.n - at };
}

static enum case_status
write_one(struct parts *p, const struct case_expr *e, struct case_str *out,
    struct case_error *err)
{
	struct case_sqlgen *g = &p->c->g;
	enum case_status rc = CASE_OK;
	size_t at = g->sql.n;

	if (e != NULL)
		rc = case_sqlgen_expr(g, e, err);
	*out = since(g, at);
	return rc;
}

static enum case_status
write_columns(struct parts *p, struct case_error *err)
{
	struct case_sqlgen *g = &p->c->g;
	enum case_status rc = CASE_OK;
	size_t at = g->sql.n;

	for (size_t i = 0; rc == CASE_OK && i < p->q->column_n; i++) {
		if (i > 0)
			case_buf_adds(&g->sql, ", ");
		rc = case_sqlgen_column(g, p->q->column[i], err);
	}
	p->column = since(g, at);
	return rc;
}

/* By what stands in the records: a coded group is one number, not a text. */
static enum case_status
write_groups(struct parts *p, struct case_error *err)
{
	struct case_sqlgen *g = &p->c->g;
	enum case_status rc = CASE_OK;
	size_t at = g->sql.n;

	for (size_t i = 0; rc == CASE_OK && i < p->q->group_n; i++) {
		if (i > 0)
			case_buf_adds(&g->sql, ", ");
		rc = case_sqlgen_expr(g, p->q->column[i], err);
	}
	p->group = since(g, at);
	return rc;
}

/* Total: what sort leaves open, the groups or the record's number decide. */
static enum case_status
write_sort(struct parts *p, struct case_error *err)
{
	struct case_sqlgen *g = &p->c->g;
	enum case_status rc = CASE_OK;
	size_t at = g->sql.n;

	for (size_t i = 0; rc == CASE_OK && i < p->q->sort_n; i++) {
		rc = case_sqlgen_column(g, p->q->sort[i], err);
		case_buf_adds(&g->sql, " NULLS LAST, ");
	}
	/* A number means the result's column. */
	for (size_t i = 0; i < p->q->group_n; i++)
		case_buf_addf(&g->sql, "%s%zu NULLS LAST", i > 0 ? ", " : "",
		    i + 1);
	if (!p->aggregate)
		case_buf_adds(&g->sql, "r._id");
	p->sort = since(g, at);
	return rc;
}

static void
fix(const struct case_sqlgen *g, struct case_str *part)
{
	part->p = g->sql.p + (size_t)part->p;
}

static enum case_status
write_parts(struct parts *p, struct case_error *err)
{
	const struct case_sqlgen *g = &p->c->g;
	enum case_status rc;

	p->grouped = p->q->group_n > 0;
	p->aggregate = p->grouped;
	for (size_t i = 0; i < p->q->column_n; i++)
		if (case_expr_is_aggregate(p->q->column[i]))
			p->aggregate = true;
	if ((rc = write_columns(p, err)) != CASE_OK ||
	    (rc = write_one(p, p->q->where, &p->where, err)) != CASE_OK ||
	    (rc = write_groups(p, err)) != CASE_OK ||
	    (rc = write_one(p, p->q->having, &p->having, err)) != CASE_OK ||
	    (rc = write_sort(p, err)) != CASE_OK)
		return rc;
	if (g->sql.failed)
		return case_error_memory(err);
	fix(g, &p->column);
	fix(g, &p->where);
	fix(g, &p->group);
	fix(g, &p->having);
	fix(g, &p->sort);
	return CASE_OK;
}

/* --- the statement ------------------------------------------------------- */

/*
 * The records as batch as_of left them: those it or an older one set, and of
 * those that were changed since, the version of that time.
 */
static void
add_past(struct case_buf *sql, const struct case_store_type *type, size_t as_of)
{
	struct case_buf columns = { 0 };
	const char *name = type->rt->name;

	case_content_columns(&columns, type);
	if (columns.failed)
		sql->failed = true;
	case_buf_addf(sql,
	    "(SELECT _id, %s FROM \"rec_%s\" WHERE _batch <= ?%zu"
	    " UNION ALL"
	    " SELECT _record, %s FROM \"hist_%s\""
	    " WHERE _batch <= ?%zu AND _until > ?%zu) AS r",
	    case_buf_str(&columns), name, as_of, case_buf_str(&columns), name,
	    as_of, as_of);
	case_buf_free(&columns);
}

static void
add_part(struct case_buf *sql, const char *word, struct case_str part)
{
	if (part.n == 0)
		return;
	case_buf_adds(sql, word);
	case_buf_add(sql, part.p, part.n);
}

static void
assemble(const struct parts *p, struct case_buf *sql)
{
	const struct case_query *q = p->q;
	size_t next = FIRST_BOUND + p->c->g.bind_n;

	add_part(sql, "SELECT ", p->column);
	case_buf_adds(sql, " FROM ");
	if (q->as_of != 0)
		add_past(sql, case_types_get(p->c->st, q->rt->name), next + 1);
	else
		case_buf_addf(sql, "\"rec_%s\" AS r", q->rt->name);
	if (q->record != 0) {
		p->c->record = (int)next;
		case_buf_addf(sql, " WHERE r._id = ?%zu", next);
		if (p->where.n > 0) {
			add_part(sql, " AND (", p->where);
			case_buf_addc(sql, ')');
		}
	} else {
		add_part(sql, " WHERE ", p->where);
	}
	add_part(sql, " GROUP BY ", p->group);
	add_part(sql, " HAVING ", p->having);
	add_part(sql, " ORDER BY ", p->sort);
}

static void
bind_value(struct case_sql *q, int i, const struct case_value *v)
{
	if (v->missing) {
		case_sql_bind_null(q, i);
		return;
	}
	switch (v->type) {
	case CASE_TEXT:
	case CASE_CODE:
		case_sql_bind_text(q, i, v->u.s.p, v->u.s.n);
		break;
	case CASE_NUMBER:
	case CASE_RATIO:
	case CASE_POINTS:
		case_sql_bind_double(q, i, v->u.d);
		break;
	default:
		case_sql_bind_int(q, i, v->u.i);
		break;
	}
}

/* A parameter that no part of the statement names can't be bound. */
static void
bind_all(struct case_cursor *c, const struct case_query *q)
{
	const int64_t fixed[] = { q->from, q->to, q->today };
	int n = case_sql_parameters(c->q), i = 1;

	for (; i < FIRST_BOUND && i <= n; i++)
		case_sql_bind_int(c->q, i, fixed[i - 1]);
	for (size_t k = 0; k < c->g.bind_n; k++)
		bind_value(c->q, (int)(FIRST_BOUND + k), &c->g.bind[k]);
	if (c->record != 0)
		case_sql_bind_int(c->q, c->record, q->record);
	if (q->as_of != 0)
		case_sql_bind_int(c->q, (int)(FIRST_BOUND + 1 + c->g.bind_n),
		    q->as_of);
}

static size_t
count_columns(const struct case_store *st)
{
	size_t n = 0;

	for (size_t i = 0; i < st->type_n; i++)
		n += st->type[i]->slot_n;
	return n;
}

static enum case_status
open_cursor(struct case_cursor *c, const struct case_query *q,
    struct case_error *err)
{
	struct parts p = { .c = c, .q = q };
	struct case_buf sql = { 0 };
	enum case_status rc;

	c->column_n = q->column_n;
	c->columns = count_columns(c->st);
	c->g.words = c->st->words;
	c->g.st = c->st;
	c->g.table = "r";
	c->g.as_of = q->as_of;
	if ((c->v = calloc(q->column_n + 1, sizeof(*c->v))) == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < q->column_n; i++)
		c->v[i].type = q->column[i]->type;
	if ((rc = write_parts(&p, err)) != CASE_OK)
		return rc;
	if (c->g.vanished && q->as_of > 0 &&
	    (rc = case_vanish_past(c->st, q->as_of, err)) != CASE_OK)
		return rc;
	assemble(&p, &sql);
	rc = sql.failed ? case_error_memory(err)
			: case_sql_prepare(&c->q, c->st, err, "%s",
			      case_buf_str(&sql));
	case_buf_free(&sql);
	if (rc == CASE_OK)
		bind_all(c, q);
	return rc;
}

enum case_status
case_query_open(struct case_cursor **out, struct case_store *st,
    const struct case_query *q, struct case_error *err)
{
	struct case_cursor *c;
	enum case_status rc;

	*out = NULL;
	if (case_types_get(st, q->rt->name) == NULL)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("there are no records of type '%s' in the store"),
		    q->rt->name);
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return case_error_memory(err);
	c->st = st;
	if ((rc = open_cursor(c, q, err)) != CASE_OK) {
		case_cursor_close(c);
		return rc;
	}
	*out = c;
	return CASE_OK;
}

void
case_cursor_close(struct case_cursor *c)
{
	if (c == NULL)
		return;
	case_sql_free(c->q);
	case_sqlgen_free(&c->g);
	free(c->v);
	free(c);
}

/* --- rows ---------------------------------------------------------------- */

static enum case_status
too_large(struct case_error *err)
{
	return case_error_set(err, CASE_EDATA, 0,
	    _("a number in the answer is too large"));
}

/* A whole number that arithmetic made real is rounded, half away from 0. */
static enum case_status
read_whole(const struct case_sql *q, int i, int64_t *v, struct case_error *err)
{
	double d;

	if (!case_sql_is_real(q, i)) {
		*v = case_sql_int(q, i);
		return CASE_OK;
	}
	d = round(case_sql_double(q, i));
	if (!(d > -9.2e18 && d < 9.2e18))
		return too_large(err);
	*v = (int64_t)d;
	return CASE_OK;
}

static enum case_status
read_value(const struct case_sql *q, int i, struct case_value *v,
    struct case_error *err)
{
	v->missing = case_sql_missing(q, i);
	if (v->missing)
		return CASE_OK;
	switch (v->type) {
	case CASE_TEXT:
	case CASE_CODE:
		v->u.s = case_sql_text(q, i);
		return CASE_OK;
	case CASE_NUMBER:
	case CASE_RATIO:
	case CASE_POINTS:
		v->u.d = case_sql_double(q, i);
		return isfinite(v->u.d) ? CASE_OK : too_large(err);
	default:
		return read_whole(q, i, &v->u.i, err);
	}
}

enum case_status
case_cursor_next(struct case_cursor *c, const struct case_value **v,
    struct case_error *err)
{
	enum case_status rc;

	*v = c->v;
	if (c->done)
		return CASE_EOF;
	rc = case_sql_step(c->q, err);
	c->done = rc != CASE_OK;
	if (rc == CASE_EOF && case_store_unchanged(c->st, err) != CASE_OK)
		return CASE_EBUSY;
	for (size_t i = 0; rc == CASE_OK && i < c->column_n; i++)
		rc = read_value(c->q, (int)i, &c->v[i], err);
	return rc;
}

enum case_status
case_cursor_reset(struct case_cursor *c, int64_t record, struct case_error *err)
{
	if (c->record == 0)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("internal error: the question is not about one record"));
	/* A field that had no column was written as NULL. */
	if (c->columns != count_columns(c->st))
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("internal error: the question is older than the "
		      "records"));
	case_sql_reset(c->q);
	c->done = false;
	case_sql_bind_int(c->q, c->record, record);
	return CASE_OK;
}
