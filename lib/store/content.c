/* content.c - records as rows of their tables */
#include <stdlib.h>
#include <string.h>

#include "lib/store/content.h"

/* Columns before the fields: see COLUMNS. */
enum { ID, BATCH, LINE, HASH, K1, EXTRA = K1 + CASE_IDS, FIELDS };
#define COLUMNS "_batch, _line, _hash, _k1, _k2, _k3, _extra"

/* --- statements ---------------------------------------------------------- */

void
case_content_columns(struct case_buf *out, const struct case_store_type *type)
{
	case_buf_adds(out, COLUMNS);
	for (size_t i = 0; i < type->slot_n; i++)
		case_buf_addf(out, ", \"f_%s\"",
		    type->rt->field[type->column[i]].name);
}

/* Only with the columns that a row so far had a value for: others cost, too. */
static enum case_status
prepare_insert(struct case_content *c, struct case_error *err)
{
	struct case_buf columns = { 0 }, values = { 0 };
	enum case_status rc;

	case_sql_free(c->insert);
	c->insert = NULL;
	memset(c->bound, 0, sizeof(c->bound));
	for (size_t i = 0; i < c->rt->field_n; i++) {
		if ((c->used[i / 64] >> i % 64 & 1) == 0)
			continue;
		case_buf_addf(&columns, ", \"f_%s\"", c->rt->field[i].name);
		case_buf_addf(&values, ", ?%zu", FIELDS + i + 1);
	}
	rc = columns.failed || values.failed
		 ? case_error_memory(err)
		 : case_sql_prepare(&c->insert, c->st, err,
		       "INSERT INTO \"rec_%s\" (_id, " COLUMNS "%s)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8%s)",
		       c->rt->name, case_buf_str(&columns),
		       case_buf_str(&values));
	case_buf_free(&columns);
	case_buf_free(&values);
	return rc;
}

static enum case_status
prepare_update(struct case_content *c, struct case_error *err)
{
	struct case_buf sql = { 0 };
	enum case_status rc;

	case_buf_addf(&sql,
	    "UPDATE \"rec_%s\" SET _batch = ?2, _line = ?3, _hash = ?4,"
	    " _k1 = ?5, _k2 = ?6, _k3 = ?7, _extra = ?8",
	    c->rt->name);
	for (size_t i = 0; i < c->columns; i++)
		case_buf_addf(&sql, ", \"f_%s\" = ?%zu",
		    c->rt->field[c->type->column[i]].name, FIELDS + i + 1);
	case_buf_adds(&sql, " WHERE _id = ?1");
	rc = sql.failed ? case_error_memory(err)
			: case_sql_prepare(&c->update, c->st, err, "%s",
			      case_buf_str(&sql));
	case_buf_free(&sql);
	return rc;
}

static enum case_status
prepare_archive(struct case_content *c, struct case_error *err)
{
	struct case_buf columns = { 0 };
	const char *name = c->rt->name, *list;
	enum case_status rc;

	case_content_columns(&columns, c->type);
	list = case_buf_str(&columns);
	rc = columns.failed
		 ? case_error_memory(err)
		 : case_sql_prepare(&c->archive, c->st, err,
		       "INSERT INTO \"hist_%s\" (_record, _until, %s)"
		       " SELECT _id, ?2, %s FROM \"rec_%s\" WHERE _id = ?1",
		       name, list, list, name);
	case_buf_free(&columns);
	return rc;
}

enum case_status
case_content_select(struct case_sql **out, const struct case_content *c,
    const char *id, const char *from, struct case_error *err)
{
	struct case_buf columns = { 0 };
	enum case_status rc;

	case_content_columns(&columns, c->type);
	rc = columns.failed
		 ? case_error_memory(err)
		 : case_sql_prepare(out, c->st, err, "SELECT %s, %s FROM %s",
		       id, case_buf_str(&columns), from);
	case_buf_free(&columns);
	return rc;
}

bool
case_content_is_old(const struct case_content *c, const struct case_sql *q)
{
	return (size_t)case_sql_columns(q) < FIELDS + c->type->slot_n;
}

enum case_status
case_content_open(struct case_content *c, struct case_store *st,
    const struct case_store_type *type, const struct case_key *key,
    bool content, struct case_error *err)
{
	const struct case_rtype *rt = type->rt;

	c->st = st;
	c->type = type;
	c->rt = rt;
	c->wide = key != NULL ? *key : (struct case_key){ 0 };
	c->wide_content = content;
	c->words = (rt->field_n + 63) / 64;
	c->seed = calloc(rt->field_n + 1, sizeof(*c->seed));
	c->merged = calloc(rt->field_n + 1, sizeof(*c->merged));
	if (c->seed == NULL || c->merged == NULL)
		return case_error_memory(err);
	case_content_set_seeds(c);
	return CASE_OK;
}

void
case_content_close(struct case_content *c)
{
	case_sql_free(c->insert);
	case_sql_free(c->update);
	case_sql_free(c->archive);
	case_buf_free(&c->merged_extra);
	case_buf_free(&c->scratch[0]);
	case_buf_free(&c->scratch[1]);
	free(c->seed);
	free(c->merged);
	*c = (struct case_content){ 0 };
}

/* --- reading ------------------------------------------------------------- */

enum case_status
case_content_stored_init(struct case_stored *s, const struct case_content *c,
    struct case_error *err)
{
	*s = (struct case_stored){ 0 };
	s->v = calloc(c->rt->field_n + 1, sizeof(*s->v));
	return s->v == NULL ? case_error_memory(err) : CASE_OK;
}

void
case_content_stored_free(struct case_stored *s)
{
	free(s->v);
	s->v = NULL;
}

void
case_content_load(const struct case_content *c, const struct case_sql *q,
    struct case_stored *s)
{
	size_t columns = (size_t)case_sql_columns(q) - FIELDS;

	s->id = case_sql_int(q, ID);
	s->batch = case_sql_int(q, BATCH);
	s->line = case_sql_int(q, LINE);
	s->hash = (uint64_t)case_sql_int(q, HASH);
	for (int k = 0; k < CASE_IDS; k++) {
		s->has_k[k] = !case_sql_missing(q, K1 + k);
		s->k[k] = case_sql_int(q, K1 + k);
	}
	s->extra = case_sql_text(q, EXTRA);
	for (size_t i = 0; i < c->rt->field_n; i++) {
		const struct case_field *f = &c->rt->field[i];
		struct case_value *v = &s->v[i];
		size_t slot = c->type->slot[i];
		int column = (int)(FIELDS + slot);

		v->type = f->type;
		v->missing = slot >= columns || case_sql_missing(q, column);
		if (v->missing)
			continue;
		if (case_content_is_text(f))
			v->u.s = case_sql_text(q, column);
		else if (case_content_is_real(f))
			v->u.d = case_sql_double(q, column);
		else
			v->u.i = case_sql_int(q, column);
	}
}

/* --- writing ------------------------------------------------------------- */

static void
bind_value(struct case_sql *q, int column, const struct case_field *f,
    const struct case_value *v)
{
	if (v->missing)
		case_sql_bind_null(q, column);
	else if (case_content_is_text(f))
		case_sql_bind_text(q, column, v->u.s.p, v->u.s.n);
	else if (case_content_is_real(f))
		case_sql_bind_double(q, column, v->u.d);
	else
		case_sql_bind_int(q, column, v->u.i);
}

/* The columns before the fields. */
static void
bind_head(const struct case_content *c, struct case_sql *q, int64_t id,
    int64_t batch, int64_t line, struct case_str extra)
{
	case_sql_bind_int(q, ID + 1, id);
	case_sql_bind_int(q, BATCH + 1, batch);
	case_sql_bind_int(q, LINE + 1, line);
	case_sql_bind_int(q, HASH + 1, (int64_t)c->now.content);
	for (int k = 0; k < CASE_IDS; k++) {
		if (c->now.id[k] != 0)
			case_sql_bind_int(q, K1 + k + 1, c->now.id[k]);
		else
			case_sql_bind_null(q, K1 + k + 1);
	}
	if (extra.n > 0)
		case_sql_bind_text(q, EXTRA + 1, extra.p, extra.n);
	else
		case_sql_bind_null(q, EXTRA + 1);
}

/* Every field that the record has a value for gets a column. */
static enum case_status
make_columns(struct case_content *c, struct case_error *err)
{
	for (size_t i = 0; i < c->rt->field_n; i++)
		if ((c->now.present[i / 64] >> i % 64 & 1) != 0 &&
		    c->type->slot[i] == CASE_NO_SLOT)
			return case_types_add_columns(c->st, c->rt->name,
			    c->now.present, err);
	return CASE_OK;
}

/* Update and archive name all columns: they are prepared again for new ones. */
static void
renew(struct case_content *c)
{
	if (c->columns == c->type->slot_n)
		return;
	case_sql_free(c->update);
	case_sql_free(c->archive);
	c->update = c->archive = NULL;
	c->columns = c->type->slot_n;
}

/* Whether all values have a place in the statement that inserts. */
static bool
has_places(struct case_content *c)
{
	bool has = c->insert != NULL;

	for (size_t w = 0; w < c->words; w++)
		if ((c->now.present[w] & ~c->used[w]) != 0) {
			c->used[w] |= c->now.present[w];
			has = false;
		}
	return has;
}

/* What was bound stays bound: only what the row before had is taken back. */
static void
bind_present(struct case_content *c, const struct case_value *v)
{
	static const struct case_value missing = { .missing = true };

	for (size_t w = 0; w < c->words; w++) {
		uint64_t now = c->now.present[w], bits = now | c->bound[w];

		for (; bits != 0; bits &= bits - 1) {
			size_t i = w * 64 + (size_t)__builtin_ctzll(bits);

			bind_value(c->insert, (int)(FIELDS + i) + 1,
			    &c->rt->field[i],
			    now >> i % 64 & 1 ? &v[i] : &missing);
		}
		c->bound[w] = now;
	}
}

enum case_status
case_content_insert(struct case_content *c, int64_t id, int64_t batch,
    int64_t line, const struct case_value *v, struct case_str extra,
    struct case_error *err)
{
	enum case_status rc;

	if (!has_places(c) && ((rc = make_columns(c, err)) != CASE_OK ||
				  (rc = prepare_insert(c, err)) != CASE_OK))
		return rc;
	bind_head(c, c->insert, id, batch, line, extra);
	bind_present(c, v);
	return case_sql_run(c->insert, err);
}

enum case_status
case_content_update(struct case_content *c, int64_t id, int64_t batch,
    int64_t line, const struct case_value *v, struct case_str extra,
    struct case_error *err)
{
	enum case_status rc;

	if ((rc = make_columns(c, err)) != CASE_OK)
		return rc;
	renew(c);
	if (c->update == NULL && (rc = prepare_update(c, err)) != CASE_OK)
		return rc;
	bind_head(c, c->update, id, batch, line, extra);
	for (size_t i = 0; i < c->columns; i++) {
		size_t f = c->type->column[i];

		bind_value(c->update, (int)(FIELDS + i) + 1, &c->rt->field[f],
		    &v[f]);
	}
	return case_sql_run(c->update, err);
}

enum case_status
case_content_archive(struct case_content *c, int64_t id, int64_t until,
    struct case_error *err)
{
	enum case_status rc;

	renew(c);
	if (c->archive == NULL && (rc = prepare_archive(c, err)) != CASE_OK)
		return rc;
	case_sql_bind_int(c->archive, 1, id);
	case_sql_bind_int(c->archive, 2, until);
	return case_sql_run(c->archive, err);
}
