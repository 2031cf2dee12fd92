/* undo.c - a batch taken back, as if it had never been imported */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/store/conflict.h"
#include "lib/store/facts.h"
#include "lib/store/seen.h"
#include "lib/store/vanish.h"

/*
 * The rows that the batch set are laid aside in a temporary table, the ones
 * before them put back. Then the later batches that found such a row as it
 * was are asked again: what they said, which is known from their lists of
 * seen records, is laid over what is there now.
 *
 * later	the batch being asked
 * c		rows as that batch saw them
 * q_image	finds the row laid aside, q_now the one there is
 * said		what the later batch said of it
 * q_kept	finds what it said beside that, which another source had
 *		otherwise; NULL when there is none
 * text, kept	copies of such values, and their rows
 */
struct undo {
	struct case_store *st;
	const struct case_store_type *type;
	const char *name; /* of the type */
	int64_t batch;
	int64_t later;
	struct case_content c;
	struct case_sql *q_image, *q_now;
	struct case_stored image, now;
	struct case_value *said;
	struct case_seen_writer list;
	struct case_conflicts conflicts;
	struct case_sql *q_kept;
	struct case_buf *text;
	int64_t *kept;
	int64_t added, changed, lines;
	uint8_t *room;
};

/* --- may it be taken back? ----------------------------------------------- */

static enum case_status
find_batch(struct undo *u, char **type, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	rc = case_sql_prepare(&q, u->st, err,
	    "SELECT type, undone FROM batch WHERE id = ?1");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, u->batch);
	rc = case_sql_step(q, err);
	if (rc == CASE_EOF)
		rc = case_error_set(err, CASE_EUSAGE, 0,
		    _("there is no batch %lld"), (long long)u->batch);
	else if (rc == CASE_OK && case_sql_int(q, 1) != 0)
		rc = case_error_set(err, CASE_EUSAGE, 0,
		    _("batch %lld was taken back already"),
		    (long long)u->batch);
	else if (rc == CASE_OK &&
		 (*type = strdup(case_sql_text(q, 0).p)) == NULL)
		rc = case_error_memory(err);
	case_sql_free(q);
	return rc;
}

static enum case_status
refuse(struct undo *u, const char *list, struct case_error *err)
{
	return case_error_set(err, CASE_EUSAGE, 0,
	    _("batch %lld can't be taken back: its records were changed or "
	      "relied on by later batches: %s; take those back first"),
	    (long long)u->batch, list);
}

/* Versions of the batch in the history were replaced by a later one. */
static enum case_status
check_later(struct undo *u, struct case_error *err)
{
	struct case_buf list = { 0 };
	struct case_sql *q;
	enum case_status rc;

	rc = case_sql_prepare(&q, u->st, err,
	    "SELECT DISTINCT _until FROM \"hist_%s\" WHERE _batch = ?1"
	    " ORDER BY _until",
	    u->name);
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, u->batch);
	while ((rc = case_sql_step(q, err)) == CASE_OK)
		case_buf_addf(&list, "%s%lld", list.n > 0 ? ", " : "",
		    (long long)case_sql_int(q, 0));
	case_sql_free(q);
	if (rc == CASE_EOF)
		rc = list.failed  ? case_error_memory(err)
		     : list.n > 0 ? refuse(u, case_buf_str(&list), err)
				  : CASE_OK;
	case_buf_free(&list);
	return rc;
}

/* --- putting back -------------------------------------------------------- */

static enum case_status
lay_aside(struct undo *u, struct case_error *err)
{
	struct case_buf sql = { 0 }, columns = { 0 };
	const char *list;
	enum case_status rc;

	case_content_columns(&columns, u->type);
	list = case_buf_str(&columns);
	case_types_table(&sql,
	    "CREATE TEMP TABLE undo_row (_id INTEGER PRIMARY KEY", u->type);
	case_buf_addf(&sql,
	    "; INSERT INTO temp.undo_row (_id, %s)"
	    " SELECT _id, %s FROM \"rec_%s\" WHERE _batch = %lld",
	    list, list, u->name, (long long)u->batch);
	u->st->schema_open = true;
	rc = sql.failed || columns.failed
		 ? case_error_memory(err)
		 : case_sql_exec(u->st, err, "%s", case_buf_str(&sql));
	u->st->schema_open = false;
	case_buf_free(&sql);
	case_buf_free(&columns);
	return rc;
}

static enum case_status
put_back(struct undo *u, struct case_error *err)
{
	struct case_buf columns = { 0 };
	long long n = u->batch;
	const char *list;
	enum case_status rc;

	case_content_columns(&columns, u->type);
	list = case_buf_str(&columns);
	rc = columns.failed ? case_error_memory(err)
			    : case_sql_exec(u->st, err,
				  "DELETE FROM \"rec_%s\" WHERE _batch = %lld;"
				  "INSERT INTO \"rec_%s\" (_id, %s)"
				  " SELECT _record, %s FROM \"hist_%s\""
				  " WHERE _until = %lld ORDER BY _record;"
				  "DELETE FROM \"hist_%s\" WHERE _until = %lld;"
				  "DELETE FROM seen WHERE batch = %lld;"
				  "DELETE FROM conflict WHERE batch = %lld",
				  u->name, n, u->name, list, list, u->name, n,
				  u->name, n, n, n);
	case_buf_free(&columns);
	return rc;
}

/* --- asking later batches again ------------------------------------------ */

static bool
in_set(const uint8_t *set, size_t n, size_t slot)
{
	return slot / 8 < n && (set[slot / 8] >> slot % 8 & 1) != 0;
}

/* What the batch said: of the row laid aside, the part that it had. */
static struct case_str
recall(struct undo *u, const struct case_seen *s)
{
	for (size_t i = 0; i < u->type->rt->field_n; i++) {
		size_t slot = u->type->slot[i];
		struct case_value *v = &u->said[i];

		*v = u->image.v[i];
		v->absence = CASE_ABSENT;
		if (s->partial && !in_set(s->present, s->present_n, slot))
			v->missing = true;
		if (v->missing && in_set(s->cleared, s->cleared_n, slot))
			v->absence = CASE_CLEARED;
	}
	return s->partial ? s->extra : u->image.extra;
}

/*
 * A value that the batch said and that did not stand, since another source had
 * another: does it stand now?
 */
static bool
stands_now(struct undo *u, bool there, size_t field, const struct case_value *v)
{
	const struct case_origins *o = &u->conflicts.origins;
	const struct case_value *now = &u->now.v[field];

	return !there || now->missing ||
	       case_content_same_value(&u->c, field, now, v) ||
	       case_origins_of(o, u->conflicts.setter[field].batch) ==
		   case_origins_of(o, u->later);
}

static enum case_status
take_kept(struct undo *u, bool there, size_t *n, struct case_error *err)
{
	struct case_value v;
	struct case_str name;
	int f;

	name = case_sql_text(u->q_kept, 1);
	if ((f = case_rtype_field(u->type->rt, name.p, name.n)) < 0)
		return CASE_OK;
	case_conflicts_read(&u->c, u->q_kept, 2, (size_t)f, &v);
	if (!stands_now(u, there, (size_t)f, &v))
		return CASE_OK;
	if (!u->type->rt->field[f].coded &&
	    (v.type == CASE_TEXT || v.type == CASE_CODE)) {
		case_buf_reset(&u->text[f]);
		case_buf_add(&u->text[f], v.u.s.p, v.u.s.n);
		v.u.s.p = case_buf_str(&u->text[f]);
		if (u->text[f].failed)
			return case_error_memory(err);
	}
	u->said[f] = v;
	if (*n < u->type->rt->field_n)
		u->kept[(*n)++] = case_sql_int(u->q_kept, 0);
	return CASE_OK;
}

/* Adds to said what was kept beside the record and may now be in it. */
static enum case_status
recall_kept(struct undo *u, int64_t id, bool there, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	size_t n = 0;

	if (u->q_kept == NULL)
		return CASE_OK;
	if (there)
		rc = case_conflicts_ask(&u->conflicts, &u->now, err);
	if (rc != CASE_OK)
		return rc;
	case_sql_reset(u->q_kept);
	case_sql_bind_int(u->q_kept, 1, u->later);
	case_sql_bind_int(u->q_kept, 2, id);
	while ((rc = case_sql_step(u->q_kept, err)) == CASE_OK)
		if ((rc = take_kept(u, there, &n, err)) != CASE_OK)
			return rc;
	case_sql_reset(u->q_kept);
	if (rc == CASE_EOF)
		rc = CASE_OK;
	for (size_t i = 0; rc == CASE_OK && i < n; i++)
		rc = case_sql_exec(u->st, err,
		    "DELETE FROM conflict WHERE id = %lld",
		    (long long)u->kept[i]);
	return rc;
}

/* Finds row id by q; *there: whether it is in s now. */
static enum case_status
fetch(struct undo *u, struct case_sql *q, int64_t id, struct case_stored *s,
    bool *there, struct case_error *err)
{
	enum case_status rc;

	case_sql_reset(q);
	case_sql_bind_int(q, 1, id);
	rc = case_sql_step(q, err);
	*there = rc == CASE_OK;
	if (*there)
		case_content_load(&u->c, q, s);
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* Whether what is in c.id names the row that is there now. */
static enum case_status
shares_identity(struct undo *u, bool *shares, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	bool wide = case_content_is_wide(&u->c);

	*shares = wide && u->c.wide_content;
	for (int k = 0; rc == CASE_OK && !*shares && k < CASE_IDS; k++)
		if (u->c.now.id[k] != 0 && (k == CASE_ID_WIDE) == wide)
			rc = case_content_same_id(&u->c, k, &u->now, u->said,
			    shares, err);
	return rc;
}

static enum case_status
relied(struct undo *u, struct case_error *err)
{
	char id[24];

	snprintf(id, sizeof(id), "%lld", (long long)u->later);
	return refuse(u, id, err);
}

/* Still nothing new to it: it stays in the list, for what it said. */
static enum case_status
keep_seen(struct undo *u, const struct case_seen *s, struct case_str extra,
    bool partial, struct case_error *err)
{
	struct case_seen out = { .id = s->id,
		.line = s->line,
		.partial = partial,
		.present = u->room,
		.present_n = u->type->slot_n / 8 + 1,
		.extra = extra,
		.cleared = s->cleared,
		.cleared_n = s->cleared_n,
		.blank = s->blank };

	memset(u->room, 0, out.present_n);
	for (size_t i = 0; i < u->type->slot_n; i++)
		if (!u->said[u->type->column[i]].missing)
			u->room[i / 8] |= (uint8_t)(1u << i % 8);
	return case_seen_add(&u->list, &out, err);
}

static enum case_status
lay_over(struct undo *u, const struct case_seen *s, struct case_str extra,
    struct case_error *err)
{
	struct case_str merged;
	enum case_status rc;
	unsigned flags;
	bool shares;

	if ((rc = shares_identity(u, &shares, err)) != CASE_OK)
		return rc;
	if (!shares)
		return relied(u, err);
	rc = case_content_merge(&u->c, &u->now, u->said, extra, s->blank,
	    &flags, err);
	if (rc != CASE_OK)
		return rc;
	if ((flags & CASE_MERGE_DIFFERS) == 0)
		return keep_seen(u, s, extra, (flags & CASE_MERGE_LACKS) != 0,
		    err);
	merged = (struct case_str){ case_buf_str(&u->c.merged_extra),
		u->c.merged_extra.n };
	if ((rc = case_content_archive(&u->c, s->id, u->later, err)) !=
		CASE_OK ||
	    (rc = case_content_identify(&u->c, u->c.merged, merged, err)) !=
		CASE_OK)
		return rc;
	u->changed++;
	u->lines += s->line;
	return case_content_update(&u->c, s->id, u->later, s->line, u->c.merged,
	    merged, err);
}

/* One record that the later batch saw. */
static enum case_status
ask_again(void *arg, const struct case_seen *s, struct case_error *err)
{
	struct undo *u = arg;
	struct case_str extra;
	enum case_status rc;
	bool ours, there;

	rc = fetch(u, u->q_image, s->id, &u->image, &ours, err);
	if (rc != CASE_OK)
		return rc;
	if (!ours)
		return case_seen_add(&u->list, s, err);
	extra = recall(u, s);
	rc = fetch(u, u->q_now, s->id, &u->now, &there, err);
	if (rc == CASE_OK)
		rc = recall_kept(u, s->id, there, err);
	if (rc == CASE_OK)
		rc = case_content_identify(&u->c, u->said, extra, err);
	if (rc != CASE_OK)
		return rc;
	if (there)
		return lay_over(u, s, extra, err);
	u->added++;
	u->lines += s->line;
	return case_content_insert(&u->c, s->id, u->later, s->line, u->said,
	    extra, err);
}

static void
close_later(struct undo *u)
{
	case_sql_free(u->q_image);
	case_sql_free(u->q_now);
	case_sql_free(u->q_kept);
	u->q_image = u->q_now = u->q_kept = NULL;
	case_conflicts_close(&u->conflicts);
	case_content_stored_free(&u->image);
	case_content_stored_free(&u->now);
	case_content_close(&u->c);
	case_seen_close(&u->list);
}

/* Most batches have kept nothing. */
static enum case_status
open_kept(struct undo *u, struct case_error *err)
{
	enum case_status rc;
	int64_t any;

	rc = case_sql_number(u->st, &any, 0, err,
	    "SELECT count(*) FROM conflict WHERE batch = %lld",
	    (long long)u->later);
	if (rc != CASE_OK || any == 0)
		return rc;
	if ((rc = case_conflicts_open(&u->conflicts, &u->c, err)) != CASE_OK ||
	    (rc = case_origins_load(&u->conflicts.origins, u->st, u->name, 0,
		 err)) != CASE_OK)
		return rc;
	return case_sql_prepare(&u->q_kept, u->st, err,
	    "SELECT id, field, value FROM conflict"
	    " WHERE batch = ?1 AND record = ?2 ORDER BY id");
}

static enum case_status
open_later(struct undo *u, struct case_error *err)
{
	struct case_buf from = { 0 };
	enum case_status rc;

	u->added = u->changed = u->lines = 0;
	case_buf_addf(&from, "\"rec_%s\" WHERE _id = ?1", u->name);
	if (from.failed)
		rc = case_error_memory(err);
	else if ((rc = case_facts_content(&u->c, u->st, u->type, u->later,
		      err)) == CASE_OK &&
		 (rc = case_content_stored_init(&u->image, &u->c, err)) ==
		     CASE_OK &&
		 (rc = case_content_stored_init(&u->now, &u->c, err)) ==
		     CASE_OK &&
		 (rc = case_content_select(&u->q_image, &u->c, "_id",
		      "temp.undo_row WHERE _id = ?1", err)) == CASE_OK &&
		 (rc = case_content_select(&u->q_now, &u->c, "_id",
		      case_buf_str(&from), err)) == CASE_OK)
		/* The new list goes under a number that no batch has. */
		rc = case_seen_open(&u->list, u->st, -u->later, err);
	case_buf_free(&from);
	return rc;
}

static enum case_status
replay(struct undo *u, struct case_error *err)
{
	long long n = u->later;
	enum case_status rc;

	if ((rc = open_later(u, err)) == CASE_OK &&
	    (rc = open_kept(u, err)) == CASE_OK &&
	    (rc = case_seen_read(u->st, u->later, ask_again, u, err)) ==
		CASE_OK &&
	    (rc = case_seen_finish(&u->list, err)) == CASE_OK &&
	    (rc = case_sql_exec(u->st, err,
		 "DELETE FROM seen WHERE batch = %lld;"
		 "UPDATE seen SET batch = %lld WHERE batch = -%lld",
		 n, n, n)) == CASE_OK &&
	    (rc = case_facts_shift(u->st, u->later, u->added, u->changed,
		 -u->added - u->changed, u->lines, err)) == CASE_OK)
		rc = case_facts_seal(u->st, u->later, err);
	close_later(u);
	return rc;
}

/* The next batch behind u->later that has a list; CASE_EOF. */
static enum case_status
next_later(struct undo *u, struct case_error *err)
{
	int64_t next;
	enum case_status rc;

	rc = case_sql_number(u->st, &next, 0, err,
	    "SELECT min(b.id) FROM batch b WHERE b.id > %lld"
	    " AND b.undone = 0"
	    " AND b.type = (SELECT type FROM batch WHERE id = %lld)"
	    " AND EXISTS (SELECT 1 FROM seen s WHERE s.batch = b.id)",
	    (long long)u->later, (long long)u->batch);
	if (rc != CASE_OK)
		return rc;
	u->later = next;
	return next == 0 ? CASE_EOF : CASE_OK;
}

/* --- identities that were taken meanwhile -------------------------------- */

/* A record put back may not meet another that took its number since. */
static enum case_status
check_identity(struct undo *u, struct case_sql *other, int k,
    struct case_error *err)
{
	enum case_status rc;
	bool same;

	case_sql_reset(other);
	case_sql_bind_int(other, 1, u->image.k[k]);
	case_sql_bind_int(other, 2, u->image.id);
	while ((rc = case_sql_step(other, err)) == CASE_OK) {
		case_content_load(&u->c, other, &u->now);
		rc = case_content_identify(&u->c, u->image.v, u->image.extra,
		    err);
		if (rc == CASE_OK)
			rc = case_content_same_id(&u->c, k, &u->now, u->image.v,
			    &same, err);
		if (rc != CASE_OK)
			return rc;
		if (same) {
			u->later = u->now.batch;
			return relied(u, err);
		}
	}
	return rc == CASE_EOF ? CASE_OK : rc;
}

static enum case_status
check_rows(struct undo *u, struct case_sql *rows, struct case_sql *const *other,
    struct case_error *err)
{
	enum case_status rc;

	while ((rc = case_sql_step(rows, err)) == CASE_OK) {
		case_content_load(&u->c, rows, &u->image);
		for (size_t k = 0; rc == CASE_OK && k < u->type->rt->key_n; k++)
			if (u->image.has_k[k])
				rc = check_identity(u, other[k], (int)k, err);
		if (rc != CASE_OK)
			return rc;
	}
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* The same of wider identities, which only a correction changes. */
static enum case_status
check_wide(struct undo *u, struct case_error *err)
{
	int64_t other;
	enum case_status rc;

	rc = case_sql_number(u->st, &other, 0, err,
	    "SELECT min(o._batch) FROM temp.undo_row u"
	    " JOIN \"rec_%s\" r"
	    " ON r._id = u._id AND r._k3 IS NOT NULL"
	    " JOIN \"rec_%s\" o ON o._k3 = r._k3 AND o._id <> r._id",
	    u->name, u->name);
	if (rc != CASE_OK || other == 0)
		return rc;
	u->later = other;
	return relied(u, err);
}

static enum case_status
check_identities(struct undo *u, struct case_error *err)
{
	struct case_sql *rows = NULL, *other[CASE_KEYS] = { NULL };
	struct case_buf from = { 0 };
	enum case_status rc;

	case_buf_addf(&from,
	    "\"rec_%s\" WHERE _id IN (SELECT _id FROM temp.undo_row)"
	    " AND _k3 IS NULL ORDER BY _id",
	    u->name);
	if ((rc = case_content_open(&u->c, u->st, u->type, NULL, false, err)) ==
		CASE_OK &&
	    (rc = case_content_stored_init(&u->image, &u->c, err)) == CASE_OK &&
	    (rc = case_content_stored_init(&u->now, &u->c, err)) == CASE_OK)
		rc = case_content_select(&rows, &u->c, "_id",
		    case_buf_str(&from), err);
	for (size_t k = 0; rc == CASE_OK && k < u->type->rt->key_n; k++) {
		case_buf_reset(&from);
		case_buf_addf(&from,
		    "\"rec_%s\" WHERE _k%zu = ?1 AND _id <> ?2"
		    " AND _k3 IS NULL ORDER BY _id",
		    u->name, k + 1);
		rc = case_content_select(&other[k], &u->c, "_id",
		    case_buf_str(&from), err);
	}
	if (rc == CASE_OK)
		rc = check_rows(u, rows, other, err);
	case_sql_free(rows);
	for (size_t k = 0; k < CASE_KEYS; k++)
		case_sql_free(other[k]);
	case_buf_free(&from);
	close_later(u);
	return rc;
}

/* --- the whole ----------------------------------------------------------- */

static enum case_status
mark_undone(struct undo *u, int64_t time, struct case_error *err)
{
	enum case_status rc;

	u->st->schema_open = true;
	rc = case_sql_exec(u->st, err,
	    "DROP TABLE temp.undo_row;"
	    "UPDATE batch SET undone = %lld WHERE id = %lld",
	    (long long)time, (long long)u->batch);
	u->st->schema_open = false;
	if (rc == CASE_OK)
		rc = case_facts_doubt(u->st, u->batch, err);
	if (rc == CASE_OK)
		rc = case_facts_seal(u->st, u->batch, err);
	return rc == CASE_OK ? case_vanish_refresh(u->st, u->type, err) : rc;
}

static enum case_status
undo(struct undo *u, int64_t time, struct case_error *err)
{
	enum case_status rc;

	u->said = calloc(u->type->rt->field_n + 1, sizeof(*u->said));
	u->room = calloc(u->type->rt->field_n / 8 + 1, 1);
	u->text = calloc(u->type->rt->field_n + 1, sizeof(*u->text));
	u->kept = calloc(u->type->rt->field_n + 1, sizeof(*u->kept));
	if (u->said == NULL || u->room == NULL || u->text == NULL ||
	    u->kept == NULL)
		return case_error_memory(err);
	if ((rc = check_later(u, err)) != CASE_OK ||
	    (rc = lay_aside(u, err)) != CASE_OK ||
	    (rc = put_back(u, err)) != CASE_OK)
		return rc;
	u->later = u->batch;
	while ((rc = next_later(u, err)) == CASE_OK)
		if ((rc = replay(u, err)) != CASE_OK)
			return rc;
	if (rc != CASE_EOF || (rc = check_wide(u, err)) != CASE_OK ||
	    (rc = check_identities(u, err)) != CASE_OK)
		return rc;
	return mark_undone(u, time, err);
}

enum case_status
case_store_undo(struct case_store *st, int64_t batch, int64_t time,
    struct case_error *err)
{
	struct undo u = { .st = st, .batch = batch };
	char *name = NULL;
	enum case_status rc;

	if ((rc = case_store_begin(st, err)) != CASE_OK)
		return rc;
	rc = find_batch(&u, &name, err);
	if (rc == CASE_OK && (u.type = case_types_get(st, name)) == NULL)
		rc = case_error_set(err, CASE_ESTORE, 0,
		    _("there are no records of type '%s' in the store"), name);
	u.name = name;
	if (rc == CASE_OK)
		rc = undo(&u, time, err);
	free(name);
	for (size_t i = 0; u.text != NULL && i < u.type->rt->field_n; i++)
		case_buf_free(&u.text[i]);
	free(u.text);
	free(u.kept);
	free(u.said);
	free(u.room);
	if (rc != CASE_OK) {
		case_store_rollback(st);
		return rc;
	}
	return case_store_commit(st, err);
}
