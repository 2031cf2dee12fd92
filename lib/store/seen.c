/* seen.c - the records that a batch found as they were */
#include <string.h>

#include "case/intl.h"
#include "lib/store/seen.h"

/*
 * Two bytes a record in the usual case, where numbers and lines both grow:
 * differences as varints, in chunks that stand for themselves.
 */
enum { CHUNK = 64 * 1024 };

/* What follows the line, in the lowest bits of its number. */
enum { PARTIAL = 1, CLEARS = 2, KIND_BITS = 2 };

static void
put_number(struct case_buf *out, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		case_buf_addc(out, (char)(v | 0x80));
	case_buf_addc(out, (char)v);
}

static void
put_bytes(struct case_buf *out, const void *p, size_t n)
{
	put_number(out, n);
	case_buf_add(out, p, n);
}

/* Small numbers of either sign stay small. */
static uint64_t
fold_sign(int64_t v)
{
	return ((uint64_t)v << 1) ^ (uint64_t)(v >> 63);
}

static int64_t
unfold_sign(uint64_t v)
{
	return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

enum case_status
case_seen_open(struct case_seen_writer *w, struct case_store *st, int64_t batch,
    struct case_error *err)
{
	*w = (struct case_seen_writer){ .st = st, .batch = batch };
	return case_sql_prepare(&w->insert, st, err,
	    "INSERT INTO seen (batch, seq, n, data) VALUES (?1, ?2, ?3, ?4)");
}

enum case_status
case_seen_finish(struct case_seen_writer *w, struct case_error *err)
{
	enum case_status rc;

	if (w->chunk_n == 0)
		return CASE_OK;
	if (w->data.failed)
		return case_error_memory(err);
	case_sql_bind_int(w->insert, 1, w->batch);
	case_sql_bind_int(w->insert, 2, w->seq++);
	case_sql_bind_int(w->insert, 3, w->chunk_n);
	case_sql_bind_blob(w->insert, 4, w->data.p, w->data.n);
	rc = case_sql_run(w->insert, err);
	case_buf_reset(&w->data);
	w->chunk_n = w->last_id = w->last_line = 0;
	return rc;
}

enum case_status
case_seen_add(struct case_seen_writer *w, const struct case_seen *s,
    struct case_error *err)
{
	uint64_t line = fold_sign(s->line - w->last_line);

	bool clears = s->cleared_n > 0 || s->blank.n > 0;

	put_number(&w->data, fold_sign(s->id - w->last_id));
	put_number(&w->data, line << KIND_BITS | (s->partial ? PARTIAL : 0) |
				 (clears ? CLEARS : 0));
	if (s->partial) {
		put_bytes(&w->data, s->present, s->present_n);
		put_bytes(&w->data, s->extra.p, s->extra.n);
	}
	if (clears) {
		put_bytes(&w->data, s->cleared, s->cleared_n);
		put_bytes(&w->data, s->blank.p, s->blank.n);
	}
	w->last_id = s->id;
	w->last_line = s->line;
	w->chunk_n++;
	w->n++;
	return w->data.n >= CHUNK ? case_seen_finish(w, err) : CASE_OK;
}

void
case_seen_close(struct case_seen_writer *w)
{
	case_sql_free(w->insert);
	case_buf_free(&w->data);
	*w = (struct case_seen_writer){ 0 };
}

/* --- reading ------------------------------------------------------------- */

struct bytes {
	const unsigned char *p, *end;
};

static bool
get_number(struct bytes *b, uint64_t *v)
{
	*v = 0;
	for (unsigned shift = 0; b->p < b->end && shift < 64; shift += 7) {
		*v |= (uint64_t)(*b->p & 0x7f) << shift;
		if (*b->p++ < 0x80)
			return true;
	}
	return false;
}

static bool
get_bytes(struct bytes *b, const unsigned char **p, size_t *n)
{
	uint64_t v;

	if (!get_number(b, &v) || v > (uint64_t)(b->end - b->p))
		return false;
	*p = b->p;
	*n = (size_t)v;
	b->p += v;
	return true;
}

static bool
get_text(struct bytes *b, struct case_str *s)
{
	const unsigned char *p;

	if (!get_bytes(b, &p, &s->n))
		return false;
	s->p = (const char *)p;
	return true;
}

static bool
get_seen(struct bytes *b, struct case_seen *s)
{
	uint64_t id, line;

	if (!get_number(b, &id) || !get_number(b, &line))
		return false;
	s->id += unfold_sign(id);
	s->line += unfold_sign(line >> KIND_BITS);
	s->partial = (line & PARTIAL) != 0;
	s->cleared_n = s->blank.n = 0;
	if (s->partial && (!get_bytes(b, &s->present, &s->present_n) ||
			      !get_text(b, &s->extra)))
		return false;
	return (line & CLEARS) == 0 ||
	       (get_bytes(b, &s->cleared, &s->cleared_n) &&
		   get_text(b, &s->blank));
}

static enum case_status
read_chunk(struct case_str data, int64_t n,
    enum case_status (
	*each)(void *arg, const struct case_seen *s, struct case_error *err),
    void *arg, struct case_error *err)
{
	const unsigned char *p = (const unsigned char *)data.p;
	struct bytes b = { p, p + data.n };
	struct case_seen s = { 0 };
	enum case_status rc = CASE_OK;

	for (; rc == CASE_OK && n > 0 && get_seen(&b, &s); n--)
		rc = each(arg, &s, err);
	if (rc == CASE_OK && (n > 0 || b.p != b.end))
		return case_error_set(err, CASE_ESTORE, 0,
		    _("a list of unchanged records is damaged; a backup can "
		      "take the place of the store"));
	return rc;
}

enum case_status
case_seen_read(struct case_store *st, int64_t batch,
    enum case_status (
	*each)(void *arg, const struct case_seen *s, struct case_error *err),
    void *arg, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	rc = case_sql_prepare(&q, st, err,
	    "SELECT n, data FROM seen WHERE batch = ?1 ORDER BY seq");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, batch);
	while ((rc = case_sql_step(q, err)) == CASE_OK) {
		rc = read_chunk(case_sql_blob(q, 1), case_sql_int(q, 0), each,
		    arg, err);
		if (rc != CASE_OK)
			break;
	}
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* --- all that a batch said ----------------------------------------------- */

struct said {
	enum case_status (*each)(void *arg, int64_t record, int64_t line,
	    struct case_error *err);
	void *arg;
};

static enum case_status
pass_on(void *arg, const struct case_seen *s, struct case_error *err)
{
	const struct said *said = arg;

	return said->each(said->arg, s->id, s->line, err);
}

/* The versions that the batch set, which may have been replaced since. */
static enum case_status
read_versions(struct case_store *st, const char *type, int64_t batch,
    const struct said *said, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	rc = case_sql_prepare(&q, st, err,
	    "SELECT _id, _line FROM \"rec_%s\" WHERE _batch = ?1"
	    " UNION ALL"
	    " SELECT _record, _line FROM \"hist_%s\" WHERE _batch = ?1"
	    " ORDER BY 1",
	    type, type);
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, batch);
	while ((rc = case_sql_step(q, err)) == CASE_OK)
		if ((rc = said->each(said->arg, case_sql_int(q, 0),
			 case_sql_int(q, 1), err)) != CASE_OK)
			break;
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
case_store_said(struct case_store *st, int64_t batch,
    enum case_status (
	*each)(void *arg, int64_t record, int64_t line, struct case_error *err),
    void *arg, struct case_error *err)
{
	struct said said = { each, arg };
	struct case_store_type *t = NULL;
	struct case_sql *q;
	enum case_status rc;

	rc = case_sql_prepare(&q, st, err,
	    "SELECT type FROM batch WHERE id = ?1 AND undone = 0");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, batch);
	if ((rc = case_sql_step(q, err)) == CASE_OK)
		t = case_types_get(st, case_sql_text(q, 0).p);
	case_sql_free(q);
	if (rc < 0)
		return rc;
	if (t == NULL)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("there is no batch %lld"), (long long)batch);
	rc = read_versions(st, t->rt->name, batch, &said, err);
	return rc == CASE_OK ? case_seen_read(st, batch, pass_on, &said, err)
			     : rc;
}
