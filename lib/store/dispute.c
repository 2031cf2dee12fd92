/* dispute.c - every conflict between sources that there is now */
#include <stdlib.h>
#include <string.h>

#include "lib/store/conflict.h"
#include "lib/store/seen.h"

/*
 * What a source said last of a field, when it is not what stands. Found in the
 * history, where another source's batch replaced it, and among the values that
 * were kept beside the record.
 */
struct claim {
	int64_t record;
	size_t field, origin;
	struct case_value v;
	char *text; /* of v, owned */
	int64_t batch, line;
	int64_t set_batch, set_line; /* what stands, and its text */
	struct case_value set;
	char *set_text;
	bool settled; /* the source said what stands since */
};

struct dispute {
	struct case_store *st;
	const struct case_store_type *type;
	struct case_content c;
	struct case_conflicts k;
	struct case_sql *now, *past, *kept;
	struct case_stored row, old;
	struct claim *claim;
	size_t claim_n, claim_cap;
	struct case_buf *text; /* of each field: the value of a run */
	enum case_status (*each)(void *arg, const struct case_conflict *c,
	    struct case_error *err);
	void *arg;
	const struct case_origin_batch *batch; /* whose list of seen is read */
};

static bool
is_text(const struct case_field *f)
{
	return f->coded || f->type == CASE_TEXT || f->type == CASE_CODE;
}

/* A copy with its text, coded or not. */
static enum case_status
copy_value(struct dispute *d, size_t field, struct case_value *v, char **text,
    const struct case_value *from, struct case_error *err)
{
	const struct case_field *f = &d->type->rt->field[field];
	struct case_str s;

	*v = *from;
	*text = NULL;
	if (from->missing || !is_text(f))
		return CASE_OK;
	s = f->coded ? case_content_word(d->st, from->u.i) : from->u.s;
	if ((*text = malloc(s.n + 1)) == NULL)
		return case_error_memory(err);
	memcpy(*text, s.p, s.n);
	(*text)[s.n] = '\0';
	v->u.s = (struct case_str){ *text, s.n };
	if (v->type != CASE_CODE)
		v->type = CASE_TEXT;
	return CASE_OK;
}

static struct claim *
find_claim(struct dispute *d, int64_t record, size_t field, size_t origin)
{
	for (size_t i = d->claim_n; i-- > 0 && d->claim[i].record == record;)
		if (d->claim[i].field == field && d->claim[i].origin == origin)
			return &d->claim[i];
	return NULL;
}

static void
free_claim(struct claim *c)
{
	free(c->text);
	free(c->set_text);
}

/* A later claim of the same source takes the place of an earlier one. */
static enum case_status
add_claim(struct dispute *d, size_t field, const struct case_value *v,
    int64_t batch, int64_t line, struct case_error *err)
{
	size_t origin = case_origins_of(&d->k.origins, batch), cap;
	struct claim *c, *more;
	enum case_status rc;

	c = find_claim(d, d->row.id, field, origin);
	if (c != NULL && c->batch >= batch)
		return CASE_OK;
	if (c != NULL) {
		free_claim(c);
	} else {
		if (d->claim_n == d->claim_cap) {
			cap = d->claim_cap > 0 ? 2 * d->claim_cap : 64;
			more = realloc(d->claim, cap * sizeof(*more));
			if (more == NULL)
				return case_error_memory(err);
			d->claim = more;
			d->claim_cap = cap;
		}
		c = &d->claim[d->claim_n++];
	}
	*c = (struct claim){ .record = d->row.id,
		.field = field,
		.origin = origin,
		.batch = batch,
		.line = line,
		.set_batch = d->k.setter[field].batch,
		.set_line = d->k.setter[field].line };
	if ((rc = copy_value(d, field, &c->v, &c->text, v, err)) != CASE_OK)
		return rc;
	return copy_value(d, field, &c->set, &c->set_text, &d->row.v[field],
	    err);
}

/* --- in the history ------------------------------------------------------- */

/*
 * A run is one value of a field over several versions; its batch is that of
 * the oldest of them. Versions come newest first, so a run is known to be over
 * when the next version has another value.
 */
struct run {
	struct case_value v;
	int64_t batch, line;
	bool open, done;
};

static enum case_status
end_run(struct dispute *d, size_t field, struct run *r, struct case_error *err)
{
	const struct case_setter *s = &d->k.setter[field];
	size_t origin = case_origins_of(&d->k.origins, r->batch);
	enum case_status rc = CASE_OK;

	if (!r->open)
		return CASE_OK;
	r->open = false;
	if (!r->v.missing &&
	    origin != case_origins_of(&d->k.origins, s->batch) &&
	    find_claim(d, d->row.id, field, origin) == NULL &&
	    !case_content_same_value(&d->c, field, &r->v, &d->row.v[field]))
		rc = add_claim(d, field, &r->v, r->batch, r->line, err);
	/* What a hand corrected is no longer asked for. */
	if (origin == CASE_ORIGIN_HAND)
		r->done = true;
	return rc;
}

static enum case_status
begin_run(struct dispute *d, size_t field, struct run *r,
    struct case_error *err)
{
	const struct case_field *f = &d->type->rt->field[field];
	struct case_buf *b = &d->text[field];

	r->open = true;
	r->v = d->old.v[field];
	r->batch = d->old.batch;
	r->line = d->old.line;
	if (r->v.missing || f->coded || !is_text(f))
		return CASE_OK;
	case_buf_reset(b);
	case_buf_add(b, r->v.u.s.p, r->v.u.s.n);
	r->v.u.s.p = case_buf_str(b);
	return b->failed ? case_error_memory(err) : CASE_OK;
}

static bool
continues(struct dispute *d, size_t field, const struct case_value *v)
{
	const struct case_value *old = &d->old.v[field];

	if (v->missing || old->missing)
		return v->missing == old->missing;
	return case_content_same_value(&d->c, field, v, old);
}

/* One older version: it continues a run of each field, or begins one. */
static enum case_status
look_back(struct dispute *d, struct run *run, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (size_t i = 0; rc == CASE_OK && i < d->type->rt->field_n; i++) {
		struct run *r = &run[i];

		if (r->done || (!r->open && continues(d, i, &d->row.v[i])))
			continue;
		if (r->open && continues(d, i, &r->v)) {
			r->batch = d->old.batch;
			r->line = d->old.line;
			continue;
		}
		rc = end_run(d, i, r, err);
		if (rc == CASE_OK && !r->done)
			rc = begin_run(d, i, r, err);
	}
	return rc;
}

static enum case_status
read_history(struct dispute *d, struct run *run, struct case_error *err)
{
	size_t n = d->type->rt->field_n;
	enum case_status rc;

	for (size_t i = 0; i < n; i++)
		run[i] = (struct run){ .done = d->row.v[i].missing ||
					       case_origins_of(&d->k.origins,
						   d->k.setter[i].batch) ==
						   CASE_ORIGIN_HAND };
	case_sql_reset(d->past);
	case_sql_bind_int(d->past, 1, d->row.id);
	while ((rc = case_sql_step(d->past, err)) == CASE_OK) {
		case_content_load(&d->c, d->past, &d->old);
		if ((rc = look_back(d, run, err)) != CASE_OK)
			return rc;
	}
	if (rc == CASE_EOF)
		rc = CASE_OK;
	for (size_t i = 0; rc == CASE_OK && i < n; i++)
		rc = end_run(d, i, &run[i], err);
	return rc;
}

/* --- kept beside the record ----------------------------------------------- */

/* Whether the source, or a hand, has changed the field since. */
static bool
is_past(const struct dispute *d, size_t field, int64_t batch)
{
	const struct case_origins *o = &d->k.origins;
	int64_t setter = d->k.setter[field].batch;
	size_t by = case_origins_of(o, setter);

	return setter > batch &&
	       (by == CASE_ORIGIN_HAND || by == case_origins_of(o, batch));
}

static enum case_status
read_kept(struct dispute *d, struct case_error *err)
{
	struct case_value v;
	struct case_str name;
	enum case_status rc;
	int f;

	case_sql_reset(d->kept);
	case_sql_bind_int(d->kept, 1, d->row.id);
	case_sql_bind_str(d->kept, 2, d->type->rt->name);
	while ((rc = case_sql_step(d->kept, err)) == CASE_OK) {
		int64_t batch = case_sql_int(d->kept, 0);

		name = case_sql_text(d->kept, 2);
		f = case_rtype_field(d->type->rt, name.p, name.n);
		if (f < 0 || d->row.v[f].missing ||
		    is_past(d, (size_t)f, batch))
			continue;
		case_conflicts_read(&d->c, d->kept, 3, (size_t)f, &v);
		if (case_content_same_value(&d->c, (size_t)f, &v, &d->row.v[f]))
			continue;
		rc = add_claim(d, (size_t)f, &v, batch,
		    case_sql_int(d->kept, 1), err);
		if (rc != CASE_OK)
			return rc;
	}
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* --- of all records --------------------------------------------------------
 */

static enum case_status
read_record(struct dispute *d, int64_t id, struct run *run,
    struct case_error *err)
{
	enum case_status rc;

	case_sql_reset(d->now);
	case_sql_bind_int(d->now, 1, id);
	if ((rc = case_sql_step(d->now, err)) != CASE_OK)
		return rc == CASE_EOF ? CASE_OK : rc;
	case_content_load(&d->c, d->now, &d->row);
	if ((rc = case_conflicts_ask(&d->k, &d->row, err)) != CASE_OK ||
	    (rc = read_history(d, run, err)) != CASE_OK)
		return rc;
	return read_kept(d, err);
}

static enum case_status
read_records(struct dispute *d, struct case_error *err)
{
	struct run *run = calloc(d->type->rt->field_n + 1, sizeof(*run));
	struct case_sql *q = NULL;
	enum case_status rc;

	if (run == NULL)
		return case_error_memory(err);
	rc = case_sql_prepare(&q, d->st, err,
	    "SELECT _record FROM \"hist_%s\" UNION"
	    " SELECT c.record FROM conflict c JOIN batch b ON b.id = c.batch"
	    " WHERE b.type = '%s' ORDER BY 1",
	    d->type->rt->name, d->type->rt->name);
	while (rc == CASE_OK && (rc = case_sql_step(q, err)) == CASE_OK)
		rc = read_record(d, case_sql_int(q, 0), run, err);
	case_sql_free(q);
	free(run);
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* --- sources that agree since -----------------------------------------------
 */

static bool
says_field(const struct dispute *d, const struct case_seen *s, size_t field)
{
	size_t slot = d->type->slot[field];

	return !s->partial || (slot / 8 < s->present_n &&
				  (s->present[slot / 8] >> slot % 8 & 1) != 0);
}

/* Claims are in the order of their records. */
static enum case_status
agree(void *arg, const struct case_seen *s, struct case_error *err)
{
	struct dispute *d = arg;
	size_t lo = 0, hi = d->claim_n;

	(void)err;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (d->claim[mid].record < s->id)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < d->claim_n && d->claim[lo].record == s->id; lo++) {
		struct claim *c = &d->claim[lo];

		if (c->origin == d->batch->origin && d->batch->id > c->batch &&
		    d->batch->id > c->set_batch && says_field(d, s, c->field))
			c->settled = true;
	}
	return CASE_OK;
}

static enum case_status
read_seen(struct dispute *d, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (size_t i = 0; rc == CASE_OK && i < d->k.origins.batch_n; i++) {
		d->batch = &d->k.origins.batch[i];
		rc = case_seen_read(d->st, d->batch->id, agree, d, err);
	}
	return rc;
}

/* --- telling ----------------------------------------------------------------
 */

static struct case_conflict_side
side_of(const struct dispute *d, const struct case_value *v, int64_t batch,
    int64_t line)
{
	const struct case_origin_batch *b =
	    case_origins_batch(&d->k.origins, batch);

	return (struct case_conflict_side){ .v = *v,
		.batch = batch,
		.line = line,
		.file = b != NULL ? b->file : "",
		.corrected = b != NULL && b->origin == CASE_ORIGIN_HAND };
}

/* The first identity that the record has, its parts between commas. */
static enum case_status
name_record(struct dispute *d, struct case_buf *key, struct case_error *err)
{
	enum case_status rc;

	case_buf_reset(key);
	rc = case_content_identify(&d->c, d->row.v, d->row.extra, err);
	for (size_t k = 0; rc == CASE_OK && k < d->type->rt->key_n; k++) {
		if (d->c.now.id[k] == 0 || key->n > 0)
			continue;
		case_content_key_text(&d->c, (int)k, d->row.v, key);
		for (size_t i = 0; i < key->n; i++)
			if (key->p[i] == '\x1f')
				key->p[i] = ',';
	}
	if (rc != CASE_OK)
		return rc;
	return key->failed ? case_error_memory(err) : CASE_OK;
}

static enum case_status
tell(struct dispute *d, struct case_error *err)
{
	struct case_conflict out = { .rt = d->type->rt };
	struct case_buf key = { 0 };
	enum case_status rc = CASE_OK;

	for (size_t i = 0; rc == CASE_OK && i < d->claim_n; i++) {
		const struct claim *c = &d->claim[i];

		if (c->settled)
			continue;
		case_sql_reset(d->now);
		case_sql_bind_int(d->now, 1, c->record);
		if ((rc = case_sql_step(d->now, err)) != CASE_OK)
			break;
		case_content_load(&d->c, d->now, &d->row);
		if ((rc = name_record(d, &key, err)) != CASE_OK)
			break;
		out.key = case_buf_str(&key);
		out.field = c->field;
		out.kept = side_of(d, &c->set, c->set_batch, c->set_line);
		out.other = side_of(d, &c->v, c->batch, c->line);
		rc = d->each(d->arg, &out, err);
	}
	case_buf_free(&key);
	return rc;
}

static enum case_status
open_dispute(struct dispute *d, struct case_error *err)
{
	const char *name = d->type->rt->name;
	struct case_buf now = { 0 }, past = { 0 };
	enum case_status rc;

	d->text = calloc(d->type->rt->field_n + 1, sizeof(*d->text));
	case_buf_addf(&now, "\"rec_%s\" WHERE _id = ?1", name);
	case_buf_addf(&past,
	    "\"hist_%s\" WHERE _record = ?1 ORDER BY _until DESC", name);
	if (d->text == NULL || now.failed || past.failed)
		rc = case_error_memory(err);
	else if ((rc = case_content_open(&d->c, d->st, d->type, NULL, false,
		      err)) == CASE_OK &&
		 (rc = case_conflicts_open(&d->k, &d->c, err)) == CASE_OK &&
		 (rc = case_origins_load(&d->k.origins, d->st, name, 0, err)) ==
		     CASE_OK &&
		 (rc = case_content_stored_init(&d->row, &d->c, err)) ==
		     CASE_OK &&
		 (rc = case_content_stored_init(&d->old, &d->c, err)) ==
		     CASE_OK &&
		 (rc = case_content_select(&d->now, &d->c, "_id",
		      case_buf_str(&now), err)) == CASE_OK &&
		 (rc = case_content_select(&d->past, &d->c, "_record",
		      case_buf_str(&past), err)) == CASE_OK)
		rc = case_sql_prepare(&d->kept, d->st, err,
		    "SELECT c.batch, c.line, c.field, c.value FROM conflict c"
		    " JOIN batch b ON b.id = c.batch"
		    " WHERE c.record = ?1 AND b.type = ?2 ORDER BY c.id");
	case_buf_free(&now);
	case_buf_free(&past);
	return rc;
}

static void
close_dispute(struct dispute *d)
{
	for (size_t i = 0; i < d->claim_n; i++)
		free_claim(&d->claim[i]);
	for (size_t i = 0; d->text != NULL && i < d->type->rt->field_n; i++)
		case_buf_free(&d->text[i]);
	free(d->claim);
	free(d->text);
	case_sql_free(d->now);
	case_sql_free(d->past);
	case_sql_free(d->kept);
	case_content_stored_free(&d->row);
	case_content_stored_free(&d->old);
	if (d->k.c != NULL)
		case_conflicts_close(&d->k);
	case_content_close(&d->c);
}

enum case_status
case_store_conflicts(struct case_store *st,
    enum case_status (*each)(void *arg, const struct case_conflict *c,
	struct case_error *err),
    void *arg, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (size_t i = 0; rc == CASE_OK && i < st->type_n; i++) {
		struct dispute d = { .st = st,
			.type = st->type[i],
			.each = each,
			.arg = arg };

		/* Of one source alone nothing can be in dispute. */
		if ((rc = open_dispute(&d, err)) == CASE_OK &&
		    d.k.origins.batch_n > 1 &&
		    (rc = read_records(&d, err)) == CASE_OK && d.claim_n > 0 &&
		    (rc = read_seen(&d, err)) == CASE_OK)
			rc = tell(&d, err);
		close_dispute(&d);
	}
	return rc;
}
