/* batch.c - one import of one file: begun, its rejects, committed */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/json.h"
#include "lib/store/batch.h"
#include "lib/store/facts.h"
#include "lib/store/vanish.h"

/* Records that make it worth while to change the way they are looked up. */
enum { MANY = 4096 };

/* --- begin --------------------------------------------------------------- */

static void
free_lookups(struct case_batch *b)
{
	for (int k = 0; k < CASE_IDS; k++) {
		case_sql_free(b->by[k]);
		case_sql_free(b->quick[k]);
		b->by[k] = b->quick[k] = NULL;
	}
	case_follow_close(&b->follow);
}

static void
batch_free(struct case_batch *b)
{
	case_raw_abort(b->raw);
	free_lookups(b);
	for (int k = 0; k < CASE_IDS; k++)
		case_content_stored_free(&b->row[k]);
	case_sql_free(b->reject);
	case_seen_close(&b->seen);
	case_conflicts_close(&b->conflicts);
	case_content_close(&b->c);
	case_keyset_free(b->keys);
	case_known_free(&b->memory);
	free(b->said);
	free(b->said_new);
	case_buf_free(&b->reason);
	free(b->room);
	b->st->batch_open = false;
	free(b);
}

void
case_batch_rollback(struct case_batch *b)
{
	struct case_store *st;

	if (b == NULL)
		return;
	st = b->st;
	batch_free(b);
	case_store_rollback(st);
}

/* How a record is found by its k-th identity. */
static enum case_status
prepare_lookup(struct case_batch *b, int k, struct case_error *err)
{
	/* Records of a wider identity are not met by the narrow ones. */
	const char *narrow = k == CASE_ID_WIDE ? "" : " AND _k3 IS NULL";
	struct case_buf from = { 0 };
	enum case_status rc;

	case_buf_addf(&from, "\"rec_%s\" ", b->c.rt->name);
	if (b->keys != NULL)
		case_buf_addf(&from, "WHERE _id = ?1%s", narrow);
	else
		case_buf_addf(&from, "WHERE _k%d = ?1%s ORDER BY _id", k + 1,
		    narrow);
	rc = from.failed ? case_error_memory(err)
			 : case_content_select(&b->by[k], &b->c, "_id",
			       case_buf_str(&from), err);
	if (rc == CASE_OK && !b->bulk)
		rc = case_sql_prepare(&b->quick[k], b->st, err,
		    "SELECT _id, _hash FROM %s", case_buf_str(&from));
	case_buf_free(&from);
	return rc;
}

enum case_status
case_batch_prepare_lookups(struct case_batch *b, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	free_lookups(b);
	if (!b->bulk)
		rc = case_follow_open(&b->follow, &b->c, err);
	if (rc != CASE_OK)
		return rc;
	if (case_content_is_wide(&b->c))
		return prepare_lookup(b, CASE_ID_WIDE, err);
	for (size_t k = 0; rc == CASE_OK && k < b->c.rt->key_n; k++)
		rc = prepare_lookup(b, (int)k, err);
	return rc;
}

static enum case_status
prepare_rows(struct case_batch *b, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (int k = 0; rc == CASE_OK && k < CASE_IDS; k++)
		rc = case_content_stored_init(&b->row[k], &b->c, err);
	return rc;
}

/* What is said of records that are there takes memory only when it is. */
static enum case_status
prepare_memory(struct case_batch *b, struct case_error *err)
{
	if (b->bulk)
		return case_keyset_new(&b->keys, err);
	b->first_id = b->next_id;
	b->said = calloc((size_t)b->next_id, sizeof(*b->said));
	return b->said == NULL ? case_error_memory(err) : CASE_OK;
}

/* Numbers of the batch and its records; whether it is the type's first. */
static enum case_status
count_on(struct case_batch *b, struct case_store_type *type, bool wide,
    struct case_error *err)
{
	enum case_status rc;

	if ((rc = case_sql_number(b->st, &b->id, 1, err,
		 "SELECT max(id) + 1 FROM batch")) != CASE_OK ||
	    (rc = case_sql_number(b->st, &b->next_id, 1, err,
		 "SELECT max(_id) + 1 FROM \"rec_%s\"", type->rt->name)) !=
		CASE_OK)
		return rc;
	b->bulk = b->next_id == 1 && !type->indexed;
	/* A private store puts them off until they are needed. */
	return b->bulk ? CASE_OK : case_types_index(b->st, type, wide, err);
}

static enum case_status
open_content(struct case_batch *b, const struct case_batch_options *options,
    struct case_error *err)
{
	if (options != NULL && options->like != 0)
		return case_facts_content(&b->c, b->st, b->type, options->like,
		    err);
	return case_content_open(&b->c, b->st, b->type,
	    options != NULL ? &options->key : NULL,
	    options != NULL && options->key_content, err);
}

/*
 * Whether records may hold what another source or a hand said: then values that
 * change are looked at. In a first load nothing changes.
 */
static enum case_status
watch(struct case_batch *b, const struct case_batch_facts *f,
    struct case_error *err)
{
	struct case_origins *o = &b->conflicts.origins;
	enum case_status rc;

	if (b->bulk || f->reason != NULL)
		return CASE_OK;
	if ((rc = case_conflicts_open(&b->conflicts, &b->c, err)) != CASE_OK ||
	    (rc = case_origins_load(o, b->st, b->c.rt->name, 0, err)) !=
		CASE_OK ||
	    (rc = case_origins_meet(o, f->layout, f->header, &b->origin,
		 err)) != CASE_OK)
		return rc;
	for (size_t i = 0; i < o->batch_n; i++)
		if (o->batch[i].origin != b->origin)
			b->watch = true;
	return CASE_OK;
}

static enum case_status
start(struct case_batch *b, const struct case_rtype *rt,
    const struct case_batch_facts *facts,
    const struct case_batch_options *options, struct case_error *err)
{
	struct case_store_type *type;
	enum case_status rc;

	if ((rc = case_store_begin(b->st, err)) != CASE_OK ||
	    (rc = case_types_ensure(b->st, rt, err)) != CASE_OK)
		return rc;
	b->type = type = case_types_get(b->st, rt->name);
	b->room = calloc(rt->field_n / 8 + 1, 2);
	if (b->room == NULL)
		return case_error_memory(err);
	if ((rc = open_content(b, options, err)) != CASE_OK ||
	    (rc = count_on(b, type, case_content_is_wide(&b->c), err)) !=
		CASE_OK ||
	    (rc = prepare_memory(b, err)) != CASE_OK ||
	    (rc = prepare_rows(b, err)) != CASE_OK ||
	    (rc = case_batch_prepare_lookups(b, err)) != CASE_OK ||
	    (rc = case_seen_open(&b->seen, b->st, b->id, err)) != CASE_OK)
		return rc;
	b->c.blank_overwrites = options != NULL && options->blank_overwrites;
	if (options != NULL)
		b->on_conflict = options->on_conflict;
	return watch(b, facts, err);
}

/* The tags of an identity's hashes, which its index has without the rows. */
static enum case_status
load_keys(struct case_batch *b, int k, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	rc = case_sql_prepare(&q, b->st, err,
	    "SELECT _id, _k%d FROM \"rec_%s\" WHERE _k%d IS NOT NULL", k + 1,
	    b->c.rt->name, k + 1);
	if (rc != CASE_OK)
		return rc;
	while ((rc = case_sql_step(q, err)) == CASE_OK) {
		rc = case_keyset_add(b->keys,
		    case_keyset_tag((uint64_t)case_sql_int(q, 1)),
		    (uint32_t)case_sql_int(q, 0), err);
		if (rc != CASE_OK)
			break;
	}
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
case_batch_drop_indexes(struct case_batch *b, struct case_error *err)
{
	bool wide = case_content_is_wide(&b->c);
	enum case_status rc;

	if ((rc = case_keyset_new(&b->keys, err)) != CASE_OK)
		return rc;
	for (int k = 0; rc == CASE_OK && k < CASE_IDS; k++)
		if (k == CASE_ID_WIDE ? wide
				      : !wide && (size_t)k < b->c.rt->key_n)
			rc = load_keys(b, k, err);
	/* A statement that is open would keep an index from being dropped. */
	free_lookups(b);
	/* Now there is one set of keys for both. */
	case_keyset_free(b->memory.keys);
	b->memory.keys = NULL;
	if (rc == CASE_OK)
		rc = case_types_drop_index(b->st,
		    case_types_get(b->st, b->c.rt->name), wide, err);
	return rc == CASE_OK ? case_batch_prepare_lookups(b, err) : rc;
}

enum case_status
case_batch_load_hashes(struct case_batch *b, struct case_error *err)
{
	return case_known_load(&b->memory, &b->c, b->first_id, b->keys == NULL,
	    err);
}

enum case_status
case_batch_begin(struct case_batch **out, struct case_store *st,
    const struct case_rtype *rt, const struct case_batch_facts *facts,
    const struct case_batch_options *options, struct case_error *err)
{
	struct case_batch *b;
	enum case_status rc;

	*out = NULL;
	if (st->batch_open)
		return case_error_set(err, CASE_ESTORE, 0,
		    _("internal error: a batch is open already"));
	if ((b = calloc(1, sizeof(*b))) == NULL)
		return case_error_memory(err);
	b->st = st;
	b->many = MANY;
	/* The others are asked for with the commit, when they are known. */
	b->sheets = facts->sheet;
	st->batch_open = true;
	if ((rc = start(b, rt, facts, options, err)) != CASE_OK) {
		case_batch_rollback(b);
		return rc;
	}
	*out = b;
	return CASE_OK;
}

int64_t
case_batch_id(const struct case_batch *b)
{
	return b->id;
}

int64_t
case_batch_conflicts(const struct case_batch *b)
{
	return b->conflict_n;
}

/* --- rejects and the raw file -------------------------------------------- */

enum case_status
case_batch_reject(struct case_batch *b, size_t line, int field,
    struct case_str value, const char *reason, struct case_str raw,
    struct case_error *err)
{
	enum case_status rc = CASE_OK;
	struct case_sql *q;

	if (b->reject == NULL)
		rc = case_sql_prepare(&b->reject, b->st, err,
		    "INSERT INTO reject (batch, line, field, value, reason,"
		    " raw) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	if (rc != CASE_OK)
		return rc;
	q = b->reject;
	case_sql_bind_int(q, 1, b->id);
	case_sql_bind_int(q, 2, (int64_t)line);
	case_sql_bind_str(q, 3, field >= 0 ? b->c.rt->field[field].name : "");
	case_sql_bind_blob(q, 4, value.p, value.n);
	case_sql_bind_str(q, 5, reason);
	case_sql_bind_blob(q, 6, raw.p, raw.n);
	b->rejected++;
	return case_sql_run(q, err);
}

enum case_status
case_batch_keep_raw(struct case_batch *b, struct case_input *in,
    struct case_error *err)
{
	case_raw_abort(b->raw);
	return case_raw_start(&b->raw, b->st, in, err);
}

/* --- commit -------------------------------------------------------------- */

static enum case_status
check_counts(const struct case_batch *b, const struct case_batch_facts *f,
    struct case_error *err)
{
	if (f->added == b->added && f->changed == b->changed &&
	    f->unchanged == b->unchanged && f->rejected == b->rejected)
		return CASE_OK;
	return case_error_set(err, CASE_ESTORE, 0,
	    _("internal error: the store counted %lld new, %lld changed, "
	      "%lld unchanged and %lld rejected rows, the import %lld, %lld, "
	      "%lld and %lld; nothing is stored, please report this"),
	    (long long)b->added, (long long)b->changed, (long long)b->unchanged,
	    (long long)b->rejected, (long long)f->added, (long long)f->changed,
	    (long long)f->unchanged, (long long)f->rejected);
}

static enum case_status
insert_facts(struct case_batch *b, const struct case_batch_facts *facts,
    struct case_error *err)
{
	const struct case_rtype *rt = b->c.rt;
	struct case_buf key = { 0 };
	struct case_facts_more more = { .repeats = b->repeats,
		.lines = b->line_sum };
	enum case_status rc;

	if (b->c.wide_content)
		case_buf_addc(&key, '*');
	else
		case_facts_print_key(&key, rt, &b->c.wide);
	more.key = key.n > 0 ? case_buf_str(&key) : NULL;
	rc = key.failed ? case_error_memory(err)
			: case_facts_insert(b->st, b->id, facts, &more, err);
	case_buf_free(&key);
	return rc;
}

static enum case_status
finish(struct case_batch *b, const struct case_batch_facts *facts,
    struct case_error *err)
{
	struct case_store_type *type = case_types_get(b->st, facts->type);
	struct case_raw *raw = b->raw;
	enum case_status rc;

	case_follow_close(&b->follow);
	if ((rc = check_counts(b, facts, err)) != CASE_OK ||
	    (rc = case_seen_finish(&b->seen, err)) != CASE_OK)
		return rc;
	/* While the indexes are built: the end waits the less for it. */
	case_place_flush(b->st);
	if (b->keys != NULL && b->st->mode != CASE_STORE_PRIVATE &&
	    (rc = case_types_index(b->st, type, case_content_is_wide(&b->c),
		 err)) != CASE_OK)
		return rc;
	/* Last, since its thread packs while the indexes are built. */
	b->raw = NULL;
	if (raw != NULL && (rc = case_raw_store(raw, b->id,
				facts->file != NULL ? facts->file : "",
				facts->time, err)) != CASE_OK)
		return rc;
	if ((rc = insert_facts(b, facts, err)) != CASE_OK)
		return rc;
	if (facts->full != NULL &&
	    (rc = case_vanish_complete(b->st, b->id, facts->full_from,
		 facts->full_to, err)) != CASE_OK)
		return rc;
	return case_vanish_refresh(b->st, type, err);
}

enum case_status
case_batch_commit(struct case_batch *b, const struct case_batch_facts *facts,
    struct case_error *err)
{
	struct case_store *st = b->st;
	enum case_status rc;

	if ((rc = finish(b, facts, err)) != CASE_OK) {
		case_batch_rollback(b);
		return rc;
	}
	batch_free(b);
	return case_store_commit(st, err);
}
