/* conflict.c - values on which two sources of a record do not agree */
#include <stdlib.h>
#include <string.h>

#include "lib/store/conflict.h"

static enum case_status
prepare_past(struct case_conflicts *k, struct case_error *err)
{
	struct case_buf from = { 0 };
	enum case_status rc;

	case_sql_free(k->past);
	k->past = NULL;
	case_buf_addf(&from,
	    "\"hist_%s\" WHERE _record = ?1 ORDER BY _until DESC",
	    k->c->rt->name);
	rc = from.failed ? case_error_memory(err)
			 : case_content_select(&k->past, k->c, "_record",
			       case_buf_str(&from), err);
	case_buf_free(&from);
	return rc;
}

enum case_status
case_conflicts_open(struct case_conflicts *k, struct case_content *c,
    struct case_error *err)
{
	enum case_status rc;
	size_t n = c->rt->field_n + 1;

	k->c = c;
	k->setter = calloc(n, sizeof(*k->setter));
	k->v = calloc(n, sizeof(*k->v));
	if (k->setter == NULL || k->v == NULL)
		return case_error_memory(err);
	if ((rc = case_content_stored_init(&k->old, c, err)) != CASE_OK)
		return rc;
	return prepare_past(k, err);
}

void
case_conflicts_close(struct case_conflicts *k)
{
	for (size_t i = 0; k->setter != NULL && i < k->c->rt->field_n; i++)
		case_buf_free(&k->setter[i].text);
	case_sql_free(k->past);
	case_sql_free(k->insert);
	case_content_stored_free(&k->old);
	case_origins_free(&k->origins);
	free(k->setter);
	free(k->v);
	*k = (struct case_conflicts){ 0 };
}

/* Another value stood there before: its batch is no longer the one sought. */
static void
settle(struct case_conflicts *k, size_t field, const struct case_value *old)
{
	struct case_setter *s = &k->setter[field];

	s->known = true;
	s->before = *old;
	if (old->missing || !case_content_is_text(&k->c->rt->field[field]))
		return;
	case_buf_reset(&s->text);
	case_buf_add(&s->text, old->u.s.p, old->u.s.n);
	s->before.u.s.p = case_buf_str(&s->text);
}

enum case_status
case_conflicts_ask(struct case_conflicts *k, const struct case_stored *row,
    struct case_error *err)
{
	size_t n = k->c->rt->field_n;
	enum case_status rc;
	bool failed = false;

	for (size_t i = 0; i < n; i++) {
		struct case_setter *s = &k->setter[i];

		s->batch = row->v[i].missing ? 0 : row->batch;
		s->line = row->v[i].missing ? 0 : row->line;
		s->known = row->v[i].missing;
		s->before = (struct case_value){ .missing = true };
	}
	if (case_content_is_old(k->c, k->past) &&
	    (rc = prepare_past(k, err)) != CASE_OK)
		return rc;
	case_sql_bind_int(k->past, 1, row->id);
	while ((rc = case_sql_step(k->past, err)) == CASE_OK) {
		case_content_load(k->c, k->past, &k->old);
		for (size_t i = 0; i < n; i++) {
			struct case_setter *s = &k->setter[i];

			if (s->known)
				continue;
			if (k->old.v[i].missing ||
			    !case_content_same_value(k->c, i, &k->old.v[i],
				&row->v[i])) {
				settle(k, i, &k->old.v[i]);
				continue;
			}
			s->batch = k->old.batch;
			s->line = k->old.line;
		}
	}
	case_sql_reset(k->past);
	for (size_t i = 0; i < n; i++)
		failed = failed || k->setter[i].text.failed;
	if (rc == CASE_EOF && failed)
		return case_error_memory(err);
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
case_conflicts_keep(struct case_conflicts *k, int64_t batch, int64_t record,
    int64_t line, size_t field, const struct case_value *v,
    struct case_error *err)
{
	const struct case_field *f = &k->c->rt->field[field];
	enum case_status rc;

	if (k->insert == NULL) {
		rc = case_sql_prepare(&k->insert, k->c->st, err,
		    "INSERT INTO conflict (batch, record, line, field, value)"
		    " VALUES (?1, ?2, ?3, ?4, ?5)");
		if (rc != CASE_OK)
			return rc;
	}
	case_sql_bind_int(k->insert, 1, batch);
	case_sql_bind_int(k->insert, 2, record);
	case_sql_bind_int(k->insert, 3, line);
	case_sql_bind_str(k->insert, 4, f->name);
	if (case_content_is_text(f))
		case_sql_bind_text(k->insert, 5, v->u.s.p, v->u.s.n);
	else if (case_content_is_real(f))
		case_sql_bind_double(k->insert, 5, v->u.d);
	else
		case_sql_bind_int(k->insert, 5, v->u.i);
	return case_sql_run(k->insert, err);
}

void
case_conflicts_read(const struct case_content *c, const struct case_sql *q,
    int i, size_t field, struct case_value *v)
{
	const struct case_field *f = &c->rt->field[field];

	*v = (struct case_value){ .type = f->type };
	if (case_content_is_text(f))
		v->u.s = case_sql_text(q, i);
	else if (case_content_is_real(f))
		v->u.d = case_sql_double(q, i);
	else
		v->u.i = case_sql_int(q, i);
}
