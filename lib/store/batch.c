/* batch.c - one import of one file: identities, changes, rejects, commit */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/json.h"
#include "case/text.h"
#include "lib/store/facts.h"
#include "lib/store/keyset.h"
#include "lib/store/seen.h"

/*
 * bulk		the type has no records yet: keys are met in memory, and the
 *		indexes are built when all records are in
 * keys		bulk: tags of identities, to record numbers
 * lines	else: record numbers that were met, to their lines
 * contents	else: tags of what was said of a record, to its number
 * by		for each identity the statement that finds a record by it
 * row		what by found; its texts live until by is reset
 * room		for the bits of a seen record
 */
struct case_batch {
	struct case_store *st;
	const struct case_store_type *type;
	int64_t id;
	struct case_content c;
	bool bulk;
	struct case_keyset *keys, *lines, *contents;
	struct case_sql *by[CASE_IDS];
	struct case_stored row[CASE_IDS];
	struct case_seen_writer seen;
	struct case_sql *reject;
	struct case_raw *raw;
	int64_t next_id;
	int64_t added, changed, unchanged, repeats, rejected, line_sum;
	uint8_t *room;
	struct case_buf reason;
};

/* --- begin --------------------------------------------------------------- */

static void
batch_free(struct case_batch *b)
{
	case_raw_abort(b->raw);
	for (int k = 0; k < CASE_IDS; k++) {
		case_sql_free(b->by[k]);
		case_content_stored_free(&b->row[k]);
	}
	case_sql_free(b->reject);
	case_seen_close(&b->seen);
	case_content_close(&b->c);
	case_keyset_free(b->keys);
	case_keyset_free(b->lines);
	case_keyset_free(b->contents);
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

/*
 * Only columns that the source has can be blank. The header says which; one
 * without columns is that of a correction, which speaks of every field.
 */
static enum case_status
set_blanks(struct case_batch *b, const char *header, struct case_error *err)
{
	const struct case_rtype *rt = b->c.rt;
	const struct case_json *i;
	struct case_json *j = NULL;
	enum case_status rc = CASE_OK;
	const char *name;
	int f;

	b->c.blank = calloc(rt->field_n + 1, sizeof(*b->c.blank));
	if (b->c.blank == NULL)
		return case_error_memory(err);
	if (header != NULL && *header != '\0')
		rc = case_json_parse(&j, header, strlen(header), err);
	if (rc != CASE_OK)
		return rc;
	if (case_json_first(j) == NULL)
		memset(b->c.blank, true, rt->field_n);
	for (i = case_json_first(j); i != NULL; i = case_json_next(i)) {
		name = case_json_str(case_json_next(case_json_first(i)));
		f = name != NULL ? case_rtype_field(rt, name, strlen(name))
				 : -1;
		if (f >= 0)
			b->c.blank[f] = true;
	}
	case_json_free(j);
	return CASE_OK;
}

/* How a record is found by its k-th identity. */
static enum case_status
prepare_lookup(struct case_batch *b, int k, struct case_error *err)
{
	struct case_buf from = { 0 };
	enum case_status rc;

	if ((rc = case_content_stored_init(&b->row[k], &b->c, err)) != CASE_OK)
		return rc;
	case_buf_addf(&from, "\"rec_%s\" ", b->c.rt->name);
	if (b->bulk)
		case_buf_adds(&from, "WHERE _id = ?1");
	else if (k == CASE_ID_WIDE)
		case_buf_adds(&from, "WHERE _k3 = ?1 ORDER BY _id");
	else /* records of a wider identity are not met by the narrow ones */
		case_buf_addf(&from,
		    "WHERE _k%d = ?1 AND _k3 IS NULL ORDER BY _id", k + 1);
	rc = from.failed ? case_error_memory(err)
			 : case_content_select(&b->by[k], &b->c, "_id",
			       case_buf_str(&from), err);
	case_buf_free(&from);
	return rc;
}

static enum case_status
prepare_lookups(struct case_batch *b, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	if (case_content_is_wide(&b->c))
		return prepare_lookup(b, CASE_ID_WIDE, err);
	for (size_t k = 0; rc == CASE_OK && k < b->c.rt->key_n; k++)
		rc = prepare_lookup(b, (int)k, err);
	return rc;
}

static enum case_status
prepare_keysets(struct case_batch *b, struct case_error *err)
{
	enum case_status rc;

	if (b->bulk)
		return case_keyset_new(&b->keys, err);
	if ((rc = case_keyset_new(&b->lines, err)) != CASE_OK)
		return rc;
	return case_keyset_new(&b->contents, err);
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
	return b->bulk ? CASE_OK : case_schema_index(b->st, type, wide, err);
}

static enum case_status
start(struct case_batch *b, const struct case_rtype *rt,
    const struct case_batch_facts *facts,
    const struct case_batch_options *options, struct case_error *err)
{
	struct case_store_type *type;
	enum case_status rc;

	if ((rc = case_store_begin(b->st, err)) != CASE_OK ||
	    (rc = case_schema_ensure(b->st, rt, err)) != CASE_OK)
		return rc;
	b->type = type = case_schema_type(b->st, rt->name);
	b->room = calloc(type->slot_n / 8 + 1, 1);
	if (b->room == NULL)
		return case_error_memory(err);
	if ((rc = case_content_open(&b->c, b->st, type,
		 options != NULL ? &options->key : NULL,
		 options != NULL && options->key_content, err)) != CASE_OK ||
	    (rc = count_on(b, type, case_content_is_wide(&b->c), err)) !=
		CASE_OK ||
	    (rc = prepare_lookups(b, err)) != CASE_OK ||
	    (rc = prepare_keysets(b, err)) != CASE_OK ||
	    (rc = case_seen_open(&b->seen, b->st, b->id, err)) != CASE_OK)
		return rc;
	if (options != NULL && options->blank_overwrites)
		rc = set_blanks(b, facts->header, err);
	return rc;
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

/* --- finding a record ---------------------------------------------------- */

/* Hashes that are equal by chance end here. */
static enum case_status
is_same(struct case_batch *b, int k, const struct case_record *rec, bool *same,
    struct case_error *err)
{
	unsigned flags;
	enum case_status rc;

	if (k != CASE_ID_WIDE || !b->c.wide_content)
		return case_content_same_id(&b->c, k, &b->row[k], rec->v, same,
		    err);
	rc = case_content_merge(&b->c, &b->row[k], rec->v, rec->extra, &flags,
	    err);
	*same = rc == CASE_OK && flags == 0;
	return rc;
}

/* Steps the lookup of k to the first row that has the identity. */
static enum case_status
match(struct case_batch *b, int k, const struct case_record *rec, bool *hit,
    struct case_error *err)
{
	enum case_status rc;

	*hit = false;
	while ((rc = case_sql_step(b->by[k], err)) == CASE_OK) {
		case_content_load(&b->c, b->by[k], &b->row[k]);
		rc = is_same(b, k, rec, hit, err);
		if (rc != CASE_OK || *hit)
			return rc;
	}
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* *hit: whether row[k] is now the record with the k-th identity. */
static enum case_status
look_up(struct case_batch *b, int k, const struct case_record *rec, bool *hit,
    struct case_error *err)
{
	struct case_sql *q = b->by[k];
	enum case_status rc = CASE_OK;
	size_t at = 0;
	uint32_t tag, number;

	*hit = false;
	if (!b->bulk) {
		case_sql_reset(q);
		case_sql_bind_int(q, 1, b->c.id[k].hash);
		return match(b, k, rec, hit, err);
	}
	tag = case_keyset_tag((uint64_t)b->c.id[k].hash);
	while (rc == CASE_OK && !*hit &&
	       (number = case_keyset_next(b->keys, tag, &at)) != 0) {
		case_sql_reset(q);
		case_sql_bind_int(q, 1, number);
		rc = match(b, k, rec, hit, err);
	}
	return rc;
}

static void
say_key(struct case_batch *b, int k)
{
	const struct case_key *key =
	    k == CASE_ID_WIDE ? &b->c.wide : &b->c.rt->key[k];

	for (size_t i = 0; i < key->field_n; i++)
		case_buf_addf(&b->reason, "%s%s", i > 0 ? "+" : "",
		    case_label(b->c.rt->field[key->field[i]].label, CASE_ZH));
}

static void
say_record(struct case_batch *b, int k)
{
	say_key(b, k);
	case_buf_adds(&b->reason, " '");
	case_text_visible(&b->reason, b->c.id[k].text.p, b->c.id[k].text.n);
	case_buf_addf(&b->reason, _("' is the record of batch %lld, line %lld"),
	    (long long)b->row[k].batch, (long long)b->row[k].line);
}

static void
say_conflict(struct case_batch *b, int first, int second)
{
	case_buf_reset(&b->reason);
	case_buf_adds(&b->reason, _("two records are met: "));
	say_record(b, first);
	case_buf_adds(&b->reason, _("; "));
	say_record(b, second);
}

static void
say_repeat(struct case_batch *b, int k, int64_t line)
{
	case_buf_reset(&b->reason);
	case_buf_adds(&b->reason, _("the same "));
	say_key(b, k);
	case_buf_addf(&b->reason, _(" as line %lld, with other content"),
	    (long long)line);
}

/*
 * The record that rec means: *found is the identity by which it was met, and
 * row[*found] the record; -1: none. *conflict: the reason is filled.
 */
static enum case_status
find(struct case_batch *b, const struct case_record *rec, int *found,
    bool *conflict, struct case_error *err)
{
	bool wide = case_content_is_wide(&b->c), hit;
	int first = wide ? CASE_ID_WIDE : 0;
	int end = wide ? CASE_IDS : (int)b->c.rt->key_n;
	enum case_status rc = CASE_OK;

	*found = -1;
	*conflict = false;
	for (int k = first; rc == CASE_OK && k < end && !*conflict; k++) {
		if (!b->c.id[k].present)
			continue;
		/* No other record has an identity that this one has. */
		hit = false;
		if (*found >= 0)
			rc = case_content_same_id(&b->c, k, &b->row[*found],
			    rec->v, &hit, err);
		if (rc != CASE_OK || hit)
			continue;
		if ((rc = look_up(b, k, rec, &hit, err)) != CASE_OK || !hit)
			continue;
		if (*found < 0) {
			*found = k;
		} else {
			say_conflict(b, *found, k);
			*conflict = true;
		}
	}
	return rc;
}

/* --- what was met in this batch ------------------------------------------ */

static uint32_t
content_tag(const struct case_batch *b, const struct case_record *rec,
    int64_t id)
{
	uint64_t h = case_content_hash(&b->c, rec->v, rec->extra);

	return case_keyset_tag(case_hash(&h, sizeof(h), (uint64_t)id));
}

/* The line of this batch that spoke of row[k] already; 0: none. */
static int64_t
line_of(const struct case_batch *b, int k)
{
	size_t at = 0;

	if (b->bulk)
		return b->row[k].line;
	return case_keyset_next(b->lines,
	    case_keyset_scatter((uint32_t)b->row[k].id), &at);
}

/* Whether that line said the same, no less and no more. */
static enum case_status
said_same(struct case_batch *b, int k, const struct case_record *rec,
    bool *same, struct case_error *err)
{
	enum case_status rc;
	unsigned flags;
	size_t at = 0;
	uint32_t tag, number;

	rc = case_content_merge(&b->c, &b->row[k], rec->v, rec->extra, &flags,
	    err);
	*same = rc == CASE_OK && flags == 0;
	if (rc != CASE_OK || b->bulk || *same)
		return rc;
	tag = content_tag(b, rec, b->row[k].id);
	while ((number = case_keyset_next(b->contents, tag, &at)) != 0)
		if (number == (uint32_t)b->row[k].id &&
		    (flags & CASE_MERGE_DIFFERS) == 0)
			*same = true;
	return rc;
}

/* Remembers that rec was record id. */
static enum case_status
mark(struct case_batch *b, const struct case_record *rec, int64_t id,
    struct case_error *err)
{
	enum case_status rc = CASE_OK;
	uint32_t line =
	    rec->line < UINT32_MAX ? (uint32_t)rec->line : UINT32_MAX;

	if (b->bulk) {
		bool wide = case_content_is_wide(&b->c);

		for (int k = 0; rc == CASE_OK && k < CASE_IDS; k++)
			if (b->c.id[k].present && (k == CASE_ID_WIDE) == wide)
				rc = case_keyset_add(b->keys,
				    case_keyset_tag((uint64_t)b->c.id[k].hash),
				    (uint32_t)id, err);
		return rc;
	}
	rc = case_keyset_add(b->lines, case_keyset_scatter((uint32_t)id),
	    line > 0 ? line : 1, err);
	if (rc != CASE_OK)
		return rc;
	return case_keyset_add(b->contents, content_tag(b, rec, id),
	    (uint32_t)id, err);
}

/* --- putting ------------------------------------------------------------- */

static enum case_status
put_new(struct case_batch *b, const struct case_record *rec,
    struct case_error *err)
{
	enum case_status rc;

	if (b->next_id > UINT32_MAX)
		return case_error_set(err, CASE_ESTORE, rec->line,
		    _("a store holds at most %lld records of a type"),
		    (long long)UINT32_MAX);
	rc = case_content_insert(&b->c, b->next_id, b->id, (int64_t)rec->line,
	    rec->v, rec->extra, err);
	if (rc == CASE_OK)
		rc = mark(b, rec, b->next_id, err);
	b->next_id++;
	b->added++;
	b->line_sum += (int64_t)rec->line;
	return rc;
}

/* c.merged is the new value of row[k]. */
static enum case_status
put_changed(struct case_batch *b, const struct case_record *rec, int k,
    struct case_error *err)
{
	struct case_str extra = { case_buf_str(&b->c.merged_extra),
		b->c.merged_extra.n };
	int64_t id = b->row[k].id;
	enum case_status rc;

	if ((rc = mark(b, rec, id, err)) != CASE_OK ||
	    (rc = case_content_archive(&b->c, id, b->id, err)) != CASE_OK ||
	    (rc = case_content_identify(&b->c, b->c.merged, extra, err)) !=
		CASE_OK)
		return rc;
	b->changed++;
	b->line_sum += (int64_t)rec->line;
	return case_content_update(&b->c, id, b->id, (int64_t)rec->line,
	    b->c.merged, extra, err);
}

static enum case_status
put_unchanged(struct case_batch *b, const struct case_record *rec, int k,
    bool partial, struct case_error *err)
{
	struct case_seen s = { .id = b->row[k].id,
		.line = (int64_t)rec->line,
		.partial = partial,
		.present = b->room,
		.present_n = b->type->slot_n / 8 + 1,
		.extra = rec->extra };
	enum case_status rc;

	if (partial) {
		memset(b->room, 0, s.present_n);
		for (size_t i = 0; i < b->c.rt->field_n; i++)
			if (!rec->v[i].missing)
				b->room[b->type->slot[i] / 8] |=
				    (uint8_t)(1u << b->type->slot[i] % 8);
	}
	if ((rc = case_seen_add(&b->seen, &s, err)) != CASE_OK)
		return rc;
	b->unchanged++;
	return mark(b, rec, s.id, err);
}

/* The record is row[k]. */
static enum case_status
put_known(struct case_batch *b, const struct case_record *rec, int k,
    enum case_put *put, struct case_error *err)
{
	int64_t line = line_of(b, k);
	enum case_status rc;
	unsigned flags;
	bool same;

	if (line != 0) {
		if ((rc = said_same(b, k, rec, &same, err)) != CASE_OK)
			return rc;
		*put = same ? CASE_PUT_UNCHANGED : CASE_PUT_REJECTED;
		if (!same) {
			say_repeat(b, k, line);
			return CASE_OK;
		}
		b->unchanged++;
		b->repeats++;
		return CASE_OK;
	}
	rc = case_content_merge(&b->c, &b->row[k], rec->v, rec->extra, &flags,
	    err);
	if (rc != CASE_OK)
		return rc;
	if (flags & CASE_MERGE_DIFFERS) {
		*put = CASE_PUT_CHANGED;
		return put_changed(b, rec, k, err);
	}
	*put = CASE_PUT_UNCHANGED;
	return put_unchanged(b, rec, k, (flags & CASE_MERGE_LACKS) != 0, err);
}

static bool
has_identity(const struct case_batch *b)
{
	if (case_content_is_wide(&b->c))
		return b->c.id[CASE_ID_WIDE].present;
	for (size_t k = 0; k < b->c.rt->key_n; k++)
		if (b->c.id[k].present)
			return true;
	return false;
}

static enum case_status
put(struct case_batch *b, const struct case_record *rec, enum case_put *put,
    struct case_error *err)
{
	enum case_status rc;
	bool conflict;
	int found;

	if ((rc = case_content_identify(&b->c, rec->v, rec->extra, err)) !=
	    CASE_OK)
		return rc;
	*put = CASE_PUT_REJECTED;
	if (!has_identity(b)) {
		case_buf_reset(&b->reason);
		case_buf_adds(&b->reason,
		    _("no value for any key that names the record"));
		return CASE_OK;
	}
	if ((rc = find(b, rec, &found, &conflict, err)) != CASE_OK || conflict)
		return rc;
	if (found >= 0)
		return put_known(b, rec, found, put, err);
	*put = CASE_PUT_NEW;
	return put_new(b, rec, err);
}

enum case_status
case_batch_put(struct case_batch *b, const struct case_record *rec,
    enum case_put *out, const char **reason, struct case_error *err)
{
	enum case_status rc = put(b, rec, out, err);

	/* In a bulk load nothing was looked up for a new record. */
	if (rc != CASE_OK || *out != CASE_PUT_NEW || !b->bulk)
		for (int k = 0; k < CASE_IDS; k++)
			case_sql_reset(b->by[k]);
	if (rc == CASE_OK && b->reason.failed)
		rc = case_error_memory(err);
	*reason = case_buf_str(&b->reason);
	return rc;
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
	struct case_buf key = { 0 }, blanks = { 0 };
	struct case_facts_more more = { .repeats = b->repeats,
		.lines = b->line_sum };
	enum case_status rc;

	if (b->c.wide_content)
		case_buf_addc(&key, '*');
	else
		case_facts_print_key(&key, rt, &b->c.wide);
	for (size_t i = 0; b->c.blank != NULL && i < rt->field_n; i++)
		if (b->c.blank[i])
			case_buf_addf(&blanks, "%s%s", blanks.n > 0 ? "," : "",
			    rt->field[i].name);
	more.key = key.n > 0 ? case_buf_str(&key) : NULL;
	more.blanks = b->c.blank != NULL ? case_buf_str(&blanks) : NULL;
	rc = key.failed || blanks.failed
		 ? case_error_memory(err)
		 : case_facts_insert(b->st, b->id, facts, &more, err);
	case_buf_free(&key);
	case_buf_free(&blanks);
	return rc;
}

static enum case_status
finish(struct case_batch *b, const struct case_batch_facts *facts,
    struct case_error *err)
{
	struct case_store_type *type = case_schema_type(b->st, facts->type);
	struct case_raw *raw = b->raw;
	enum case_status rc;

	if ((rc = check_counts(b, facts, err)) != CASE_OK ||
	    (rc = case_seen_finish(&b->seen, err)) != CASE_OK)
		return rc;
	if (b->bulk && b->st->mode != CASE_STORE_PRIVATE &&
	    (rc = case_schema_index(b->st, type, case_content_is_wide(&b->c),
		 err)) != CASE_OK)
		return rc;
	/* Last, since its thread packs while the indexes are built. */
	b->raw = NULL;
	if (raw != NULL && (rc = case_raw_store(raw, b->id,
				facts->file != NULL ? facts->file : "",
				facts->time, err)) != CASE_OK)
		return rc;
	return insert_facts(b, facts, err);
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
