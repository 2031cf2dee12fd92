/* mapped.c - which fields the sources of a record had at all */
#include <stdlib.h>
#include <string.h>

#include "lib/work/audit_int.h"

/* The fields that a batch's header names: [["立案日期","filed_on"],…]. */
static enum case_status
read_header(unsigned char *field, const struct case_rtype *rt,
    const char *header, struct case_error *err)
{
	const struct case_json *i;
	struct case_json *json;
	const char *name;
	enum case_status rc;
	int f;

	rc = case_json_parse(&json, header, strlen(header), err);
	if (rc != CASE_OK)
		return rc;
	for (i = case_json_first(json); i != NULL; i = case_json_next(i)) {
		name = case_json_str(case_json_next(case_json_first(i)));
		if (name == NULL)
			continue;
		f = case_rtype_field(rt, name, strlen(name));
		if (f >= 0)
			field[f] = 1;
	}
	case_json_free(json);
	return CASE_OK;
}

/* A correction is FIELD=VALUE. */
static void
read_correction(unsigned char *field, const struct case_rtype *rt,
    const char *assign)
{
	int f = case_rtype_word(rt, assign, strcspn(assign, "="));

	if (f >= 0)
		field[f] = 1;
}

struct loading {
	struct mapped *m;
	int64_t as_of;
};

static enum case_status
add_batch(void *arg, const struct case_batch_facts *b, struct case_error *err)
{
	struct loading *l = arg;
	struct mapped *m = l->m;
	struct mapped_batch *more, *new;
	enum case_status rc;

	if (b->undone != 0 || strcmp(b->type, m->rt->name) != 0 ||
	    (l->as_of != 0 && b->id > l->as_of))
		return CASE_OK;
	more = realloc(m->batch, (m->n + 1) * sizeof(*more));
	if (more == NULL)
		return case_error_memory(err);
	m->batch = more;
	new = &m->batch[m->n];
	*new = (struct mapped_batch){ .id = b->id };
	new->field = calloc(m->rt->field_n, sizeof(*new->field));
	if (new->field == NULL)
		return case_error_memory(err);
	m->n++;
	rc = read_header(new->field, m->rt, b->header, err);
	if (rc == CASE_OK && b->reason != NULL)
		read_correction(new->field, m->rt, b->options);
	return rc;
}

/* --- two values in one column ----------------------------------------------
 */

/*
 * 两名执法人员 in one cell fill a second field that no header names. A batch
 * that filled it somewhere had it.
 */
static bool
has_pair(const struct mapped *m, size_t f)
{
	int pair = m->rt->field[f].pair;

	for (size_t i = 0; pair >= 0 && i < m->n; i++)
		if (m->batch[i].field[f] && !m->batch[i].field[pair])
			return true;
	return false;
}

static enum case_status
fill_pair(struct mapped *m, struct case_cursor *c, size_t f,
    struct case_error *err)
{
	int pair = m->rt->field[f].pair;
	const struct case_value *v;
	enum case_status rc;
	size_t i;

	while ((rc = case_cursor_next(c, &v, err)) == CASE_OK) {
		i = v[0].missing ? SIZE_MAX : mapped_find(m, v[0].u.i);
		if (i < m->n && m->batch[i].field[f] && v[1].u.i > 0)
			m->batch[i].field[pair] = 1;
	}
	return rc == CASE_EOF ? CASE_OK : rc;
}

static enum case_status
load_pair(struct mapped *m, size_t f, int64_t as_of, struct case_error *err)
{
	const struct case_scope scope = { .rt = m->rt, .aggregates = true };
	struct case_expr *count = NULL;
	const struct case_expr *column[2] = { m->column, NULL };
	struct case_query q = { .rt = m->rt,
		.column = column,
		.column_n = 2,
		.group_n = 1,
		.as_of = as_of };
	struct case_cursor *c = NULL;
	struct case_buf text = { 0 };
	enum case_status rc;

	case_buf_addf(&text, "count(`%s`)",
	    m->rt->field[m->rt->field[f].pair].name);
	rc = rule_parse(&count, case_buf_str(&text), CASE_INTEGER, &scope, err);
	column[1] = count;
	if (rc == CASE_OK &&
	    (rc = case_query_open(&c, m->st, &q, err)) == CASE_OK)
		rc = fill_pair(m, c, f, err);
	case_cursor_close(c);
	case_expr_free(count);
	case_buf_free(&text);
	return rc;
}

enum case_status
mapped_load(struct mapped *m, struct case_store *st,
    const struct case_rtype *rt, int64_t as_of, struct case_error *err)
{
	const struct case_scope scope = { .rt = rt };
	struct loading l = { m, as_of };
	enum case_status rc;

	*m = (struct mapped){ .st = st, .rt = rt };
	m->anywhere = calloc(rt->field_n + 1, sizeof(*m->anywhere));
	if (m->anywhere == NULL)
		return case_error_memory(err);
	rc = rule_parse(&m->column, "_batch", CASE_INTEGER, &scope, err);
	if (rc == CASE_OK)
		rc = case_store_batches(st, add_batch, &l, err);
	for (size_t f = 0; rc == CASE_OK && f < rt->field_n; f++)
		if (has_pair(m, f))
			rc = load_pair(m, f, as_of, err);
	for (size_t i = 0; rc == CASE_OK && i < m->n; i++)
		for (size_t f = 0; f < rt->field_n; f++)
			m->anywhere[f] |= m->batch[i].field[f];
	return rc;
}

void
mapped_free(struct mapped *m)
{
	for (size_t i = 0; i < m->n; i++) {
		case_cursor_close(m->batch[i].before);
		free(m->batch[i].field);
	}
	free(m->batch);
	free(m->anywhere);
	case_expr_free(m->column);
	*m = (struct mapped){ 0 };
}

/* Batches come in the order of their numbers. */
size_t
mapped_find(const struct mapped *m, int64_t id)
{
	size_t lo = 0, hi = m->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (m->batch[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < m->n && m->batch[lo].id == id ? lo : SIZE_MAX;
}

/* --- rules ------------------------------------------------------------------
 */

static bool
maps_one(const unsigned char *field, const struct require *rq)
{
	for (size_t i = 0; i < rq->n; i++)
		if (field[rq->field[i]])
			return true;
	return false;
}

enum mapped_state
mapped_state(const struct mapped *m, size_t batch, const struct rule_code *c)
{
	enum mapped_state state = MAPPED_ALL;
	bool before;

	for (size_t i = 0; i < c->require_n; i++) {
		if (maps_one(m->batch[batch].field, &c->require[i]))
			continue;
		before = false;
		for (size_t k = 0; k < batch && !before; k++)
			before = maps_one(m->batch[k].field, &c->require[i]);
		if (!before)
			return MAPPED_NONE;
		state = MAPPED_SOME;
	}
	return state;
}

/* Which batch had set the record before this one; SIZE_MAX: none. */
static enum case_status
batch_before(struct mapped *m, int64_t record, size_t batch, size_t *before,
    struct case_error *err)
{
	struct mapped_batch *b = &m->batch[batch];
	const struct case_expr *column = m->column;
	const struct case_query q = { .rt = m->rt,
		.column = &column,
		.column_n = 1,
		.record = record,
		.as_of = b->id - 1 };
	const struct case_value *v;
	enum case_status rc;

	*before = SIZE_MAX;
	if (b->id <= 1)
		return CASE_OK;
	rc = b->before == NULL ? case_query_open(&b->before, m->st, &q, err)
			       : case_cursor_reset(b->before, record, err);
	if (rc != CASE_OK)
		return rc;
	rc = case_cursor_next(b->before, &v, err);
	if (rc == CASE_OK && !v[0].missing)
		*before = mapped_find(m, v[0].u.i);
	return rc == CASE_EOF ? CASE_OK : rc;
}

static enum case_status
mapped_earlier(struct mapped *m, const struct require *rq, int64_t record,
    size_t batch, bool *is, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	size_t before;

	*is = false;
	while (rc == CASE_OK && batch != SIZE_MAX && !*is) {
		rc = batch_before(m, record, batch, &before, err);
		/* Always an older one, so that this comes to an end. */
		if (before != SIZE_MAX && before >= batch)
			before = SIZE_MAX;
		batch = before;
		if (rc == CASE_OK && batch != SIZE_MAX)
			*is = maps_one(m->batch[batch].field, rq);
	}
	return rc;
}

enum case_status
mapped_record(struct mapped *m, const struct rule_code *c, int64_t record,
    size_t batch, const unsigned char *present, bool *is,
    struct case_error *err)
{
	enum case_status rc = CASE_OK;

	*is = true;
	for (size_t i = 0; rc == CASE_OK && *is && i < c->require_n; i++) {
		if (maps_one(m->batch[batch].field, &c->require[i]) ||
		    maps_one(present, &c->require[i]))
			continue;
		rc = mapped_earlier(m, &c->require[i], record, batch, is, err);
	}
	return rc;
}
