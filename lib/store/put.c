/* put.c - one record into the store: found, compared, written */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/store/batch.h"

/* See comes_much. */
enum { SHARE = 16 };

/* --- finding a record ---------------------------------------------------- */

/* What this batch said of a record so far. */
static struct said
said_of(const struct case_batch *b, int64_t id)
{
	const struct said nothing = { 0 };
	size_t i;

	if (id < b->first_id)
		return b->said[id];
	i = (size_t)(id - b->first_id);
	return i < b->said_new_n ? b->said_new[i] : nothing;
}

/* Lays rec over row[k]. */
static enum case_status
merge(struct case_batch *b, int k, const struct case_record *rec,
    unsigned *flags, struct case_error *err)
{
	const struct case_str none = { NULL, 0 };

	return case_content_merge(&b->c, &b->row[k], rec->v, rec->extra,
	    b->c.blank_overwrites ? rec->blank : none, flags, err);
}

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
	rc = merge(b, k, rec, &flags, err);
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

/*
 * Most records of an export that comes again say what is stored: that is seen
 * by the hashes of the identity and of the content alone, and no value is
 * read. A raw text in extra may be cured by what else is said, so it is not
 * taken at its hash.
 */
static enum case_status
match_quickly(struct case_batch *b, int k, int64_t value, bool *hit,
    struct case_error *err)
{
	struct case_sql *q = b->quick[k];
	enum case_status rc = CASE_OK;

	if (b->bulk || b->c.now.raw)
		return CASE_OK;
	case_sql_bind_int(q, 1, value);
	while (!*hit && (rc = case_sql_step(q, err)) == CASE_OK) {
		*hit = (uint64_t)case_sql_int(q, 1) == b->c.now.content;
		b->row[k].id = case_sql_int(q, 0);
	}
	case_sql_reset(q);
	b->known = *hit;
	b->quick_n += *hit;
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* Looks among the rows that the statements find by value. */
static enum case_status
look_at(struct case_batch *b, int k, const struct case_record *rec,
    int64_t value, bool quickly, bool *hit, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	if (quickly)
		rc = match_quickly(b, k, value, hit, err);
	if (rc != CASE_OK || *hit)
		return rc;
	b->looked = true;
	case_sql_reset(b->by[k]);
	case_sql_bind_int(b->by[k], 1, value);
	return match(b, k, rec, hit, err);
}

/*
 * *hit: whether row[k] is now the record with the k-th identity. quickly: when
 * it is known to be just like rec, only its id needs to be there.
 */
static enum case_status
look_up(struct case_batch *b, int k, const struct case_record *rec,
    bool quickly, bool *hit, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	size_t at = 0;
	uint32_t tag, number;

	*hit = b->known = false;
	if (b->keys == NULL)
		return look_at(b, k, rec, b->c.now.id[k], quickly, hit, err);
	tag = case_keyset_tag((uint64_t)b->c.now.id[k]);
	while (rc == CASE_OK && !*hit &&
	       (number = case_keyset_next(b->keys, tag, &at)) != 0)
		rc = look_at(b, k, rec, number, quickly, hit, err);
	return rc;
}

/* The line in a message; of one in a sheet, its row there. */
static long long
say_line(int64_t line)
{
	return (long long)case_place_line((size_t)line);
}

static void
say_key(struct case_buf *out, const struct case_batch *b, int k)
{
	const struct case_key *key =
	    k == CASE_ID_WIDE ? &b->c.wide : &b->c.rt->key[k];

	for (size_t i = 0; i < key->field_n; i++)
		case_buf_addf(out, "%s%s", i > 0 ? "+" : "",
		    case_label(b->c.rt->field[key->field[i]].label, CASE_ZH));
}

/* "案件编号 '1'" */
static void
say_identity(struct case_buf *out, struct case_batch *b, int k,
    const struct case_record *rec)
{
	struct case_buf *text = &b->c.scratch[0];

	say_key(out, b, k);
	case_buf_adds(out, " '");
	case_content_key_text(&b->c, k, rec->v, text);
	case_text_visible(out, case_buf_str(text), text->n);
	case_buf_adds(out, "'");
	out->failed |= text->failed;
}

static void
say_conflict(struct case_batch *b, const struct case_record *rec, int first,
    int second)
{
	struct case_buf one = { 0 }, two = { 0 };

	say_identity(&one, b, first, rec);
	say_identity(&two, b, second, rec);
	case_buf_reset(&b->reason);
	case_buf_addf(&b->reason,
	    _("two records are met: %s is that of batch %lld, line %lld, and "
	      "%s that of batch %lld, line %lld"),
	    case_buf_str(&one), (long long)b->row[first].batch,
	    say_line(b->row[first].line), case_buf_str(&two),
	    (long long)b->row[second].batch, say_line(b->row[second].line));
	b->reason.failed |= one.failed || two.failed;
	case_buf_free(&one);
	case_buf_free(&two);
}

static void
say_repeat(struct case_batch *b, int k, int64_t line)
{
	struct case_buf key = { 0 }, sheet = { 0 };

	say_key(&key, b, k);
	case_buf_reset(&b->reason);
	case_buf_addf(&b->reason,
	    _("the same %s as line %lld, with other content"),
	    case_buf_str(&key), say_line(line));
	if (case_place_sheet((size_t)line) > 0 &&
	    case_sheet_name(&sheet, b->sheets, (size_t)line, NULL) == CASE_OK)
		case_buf_addf(&b->reason, _(" (sheet '%s')"),
		    case_buf_str(&sheet));
	case_buf_free(&sheet);
	case_buf_free(&key);
}

/* Before a lookup, since a row that was found hangs on its statement. */
static enum case_status
renew_lookups(struct case_batch *b, struct case_error *err)
{
	int k = case_content_is_wide(&b->c) ? CASE_ID_WIDE : 0;

	return case_content_is_old(&b->c, b->by[k])
		   ? case_batch_prepare_lookups(b, err)
		   : CASE_OK;
}

/*
 * Whether the record that stands next, or one in memory, is just like the one
 * that comes, for which all that match_quickly says goes too; its id is then
 * in row[k]. One that this batch spoke of may be another by now.
 */
static bool
is_known(struct case_batch *b, int k)
{
	int64_t id;

	if (b->bulk || b->c.now.raw)
		return false;
	if ((id = case_follow_guess(&b->follow, &b->c.now)) == 0)
		id = case_known_find(&b->memory,
		    b->keys != NULL ? b->keys : b->memory.keys, &b->c,
		    &b->c.now);
	if (id == 0 || said_of(b, id).line != 0)
		return false;
	b->row[k].id = id;
	b->known = true;
	return true;
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
	b->known = b->looked = false;
	if (is_known(b, first))
		*found = first;
	for (int k = first; rc == CASE_OK && k < end && !*conflict && !b->known;
	     k++) {
		if (b->c.now.id[k] == 0)
			continue;
		/* No other record has an identity that this one has. */
		hit = false;
		if (*found >= 0)
			rc = case_content_same_id(&b->c, k, &b->row[*found],
			    rec->v, &hit, err);
		if (rc != CASE_OK || hit)
			continue;
		if ((rc = look_up(b, k, rec, *found < 0, &hit, err)) !=
			CASE_OK ||
		    !hit)
			continue;
		if (*found < 0) {
			*found = k;
		} else {
			say_conflict(b, rec, *found, k);
			*conflict = true;
		}
	}
	return rc;
}

/* --- what was met in this batch ------------------------------------------ */

/* Of the record that is being put, while c.now is still about it. */
static uint32_t
content_tag(const struct case_batch *b)
{
	return (uint32_t)(b->c.now.content >> 32);
}

/* The line of this batch that spoke of row[k] already; 0: none. */
static int64_t
line_of(const struct case_batch *b, int k)
{
	return b->bulk ? b->row[k].line : said_of(b, b->row[k].id).line;
}

/*
 * Whether that line said the same, no less and no more. flags: of the merge,
 * without what did not become the record's.
 */
static bool
said_same(const struct case_batch *b, int k, unsigned flags)
{
	if (b->bulk)
		return flags == 0;
	/* What is stored may be more than that line said. */
	return (flags & CASE_MERGE_DIFFERS) == 0 &&
	       said_of(b, b->row[k].id).tag == content_tag(b);
}

/* Room for what is said of records up to id, which is a new one. */
static struct said *
said_room(struct case_batch *b, int64_t id)
{
	size_t n = (size_t)(id - b->first_id) + 1, cap;
	struct said *said;

	if (n > b->said_new_cap) {
		cap = n < 1024 ? 1024 : n * 2;
		said = realloc(b->said_new, cap * sizeof(*said));
		if (said == NULL)
			return NULL;
		b->said_new = said;
		b->said_new_cap = cap;
	}
	for (; b->said_new_n < n; b->said_new_n++)
		b->said_new[b->said_new_n] = (struct said){ 0 };
	return &b->said_new[n - 1];
}

/* Remembers that rec was record id. */
static enum case_status
mark(struct case_batch *b, const struct case_record *rec, int64_t id,
    struct case_error *err)
{
	struct said *said;

	/* There it is in the row. */
	if (b->bulk)
		return CASE_OK;
	said = id < b->first_id ? &b->said[id] : said_room(b, id);
	if (said == NULL)
		return case_error_memory(err);
	said->line = rec->line < UINT32_MAX ? (uint32_t)rec->line : UINT32_MAX;
	if (said->line == 0)
		said->line = 1;
	said->tag = content_tag(b);
	return CASE_OK;
}

/* The identities in c.now, when they are looked up in memory. */
static enum case_status
add_keys(struct case_batch *b, int64_t id, struct case_error *err)
{
	bool wide = case_content_is_wide(&b->c);
	enum case_status rc = CASE_OK;

	for (int k = 0; b->keys != NULL && rc == CASE_OK && k < CASE_IDS; k++)
		if (b->c.now.id[k] != 0 && (k == CASE_ID_WIDE) == wide)
			rc = case_keyset_add(b->keys,
			    case_keyset_tag((uint64_t)b->c.now.id[k]),
			    (uint32_t)id, err);
	return rc;
}

/*
 * An index that grows at random places costs more for each record than to be
 * built anew, once many records have come for those that were there.
 */
static bool
comes_much(const struct case_batch *b)
{
	return b->keys == NULL && b->added >= b->many &&
	       b->added >= b->first_id / SHARE;
}

/* The same of records that come as they are stored, but in another order. */
static bool
comes_mixed(const struct case_batch *b)
{
	return b->memory.hash == NULL && b->quick_n >= b->many &&
	       b->quick_n >= b->first_id / SHARE;
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
	if (rc == CASE_OK)
		rc = add_keys(b, b->next_id, err);
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
		CASE_OK ||
	    (rc = add_keys(b, id, err)) != CASE_OK)
		return rc;
	b->changed++;
	b->line_sum += (int64_t)rec->line;
	return case_content_update(&b->c, id, b->id, (int64_t)rec->line,
	    b->c.merged, extra, err);
}

/* Whether c.now is of a record that takes a value away. */
static bool
clears_some(const struct case_batch *b)
{
	unsigned kinds = CASE_CLEARED;

	if (b->c.blank_overwrites)
		kinds |= CASE_BLANK;
	return (b->c.now.absences & kinds) != 0;
}

/*
 * The fields of rec that have a value, and those that it says have none; what
 * it says of a field as it is stored counts when that is put back.
 */
static void
note_fields(struct case_batch *b, const struct case_record *rec,
    struct case_seen *s)
{
	size_t n = b->type->slot_n / 8 + 1;
	uint8_t *present = b->room, *cleared = b->room + n;

	if (b->c.blank_overwrites)
		s->blank = rec->blank;
	/* Usually a record says all of it, and of no field that it has none. */
	if (!s->partial && !clears_some(b))
		return;
	memset(b->room, 0, 2 * n);
	s->present = present;
	s->cleared = cleared;
	s->present_n = n;
	for (size_t i = 0; i < b->c.rt->field_n; i++) {
		size_t slot = b->type->slot[i];
		uint8_t bit = (uint8_t)(1u << slot % 8);

		/* Then no record has the value, and none can be cleared. */
		if (slot == CASE_NO_SLOT)
			continue;
		if (!rec->v[i].missing) {
			present[slot / 8] |= bit;
		} else if (case_content_clears(&b->c, &rec->v[i])) {
			cleared[slot / 8] |= bit;
			s->cleared_n = n;
		}
	}
}

static enum case_status
put_unchanged(struct case_batch *b, const struct case_record *rec,
    const struct case_record *eff, int k, bool partial, struct case_error *err)
{
	struct case_seen s = { .id = b->row[k].id,
		.line = (int64_t)rec->line,
		.partial = partial,
		.extra = rec->extra };
	enum case_status rc;

	note_fields(b, eff, &s);
	if ((rc = case_seen_add(&b->seen, &s, err)) != CASE_OK)
		return rc;
	b->unchanged++;
	return mark(b, rec, s.id, err);
}

/* --- values that another source has otherwise ------------------------------
 */

/*
 * A value corrected by hand stays as long as the source still says what it was
 * corrected from: an export that was not mended is no news.
 */
static bool
stands(struct case_batch *b, size_t field, const struct case_value *new)
{
	const struct case_setter *s = &b->conflicts.setter[field];

	if (b->on_conflict != CASE_CONFLICT_UPDATE)
		return true;
	return case_origins_of(&b->conflicts.origins, s->batch) ==
		   CASE_ORIGIN_HAND &&
	       !s->before.missing &&
	       case_content_same_value(&b->c, field, &s->before, new);
}

static bool
is_conflict(struct case_batch *b, int k, size_t field,
    const struct case_value *new)
{
	const struct case_value *old = &b->row[k].v[field];
	int64_t setter = b->conflicts.setter[field].batch;

	if (old->missing || new->missing || setter == b->id)
		return false;
	if (case_origins_of(&b->conflicts.origins, setter) == b->origin)
		return false;
	return !case_content_same_value(&b->c, field, old, new);
}

static void
say_disagree(struct case_batch *b, size_t field)
{
	const struct case_setter *s = &b->conflicts.setter[field];
	const struct case_origin_batch *by =
	    case_origins_batch(&b->conflicts.origins, s->batch);

	case_buf_reset(&b->reason);
	case_buf_addf(&b->reason,
	    _("%s: not what batch %lld (%s, line %lld) says; this is batch "
	      "%lld"),
	    case_label(b->c.rt->field[field].label, CASE_ZH),
	    (long long)s->batch,
	    by == NULL		? ""
	    : *by->file != '\0' ? by->file
				: _("corrected by hand"),
	    (long long)case_place_line((size_t)s->line), (long long)b->id);
}

/*
 * What of rec may become the record's, as eff: rec itself, or a copy without
 * the values that do not stand. first: that line is the first of this batch to
 * speak of the record; conflicts are then kept. *reject: the reason is filled.
 */
static enum case_status
settle(struct case_batch *b, const struct case_record *rec, int k, bool first,
    struct case_record *eff, bool *reject, struct case_error *err)
{
	struct case_value *v = b->conflicts.v;
	enum case_status rc;

	if ((rc = case_conflicts_ask(&b->conflicts, &b->row[k], err)) !=
	    CASE_OK)
		return rc;
	memcpy(v, rec->v, b->c.rt->field_n * sizeof(*v));
	eff->v = v;
	for (size_t i = 0; i < b->c.rt->field_n; i++) {
		if (!is_conflict(b, k, i, &rec->v[i]))
			continue;
		b->conflict_n += first;
		if (b->on_conflict == CASE_CONFLICT_REJECT) {
			say_disagree(b, i);
			*reject = true;
			return CASE_OK;
		}
		if (!stands(b, i, &rec->v[i]))
			continue;
		v[i].missing = true;
		v[i].absence = CASE_ABSENT;
		if (first && (rc = case_conflicts_keep(&b->conflicts, b->id,
				  b->row[k].id, (int64_t)rec->line, i,
				  &rec->v[i], err)) != CASE_OK)
			return rc;
	}
	return CASE_OK;
}

/* The record is row[k]. */
static enum case_status
put_known(struct case_batch *b, const struct case_record *rec, int k,
    enum case_put *put, struct case_error *err)
{
	int64_t line = line_of(b, k);
	struct case_record eff = *rec;
	bool same, reject = false;
	enum case_status rc;
	unsigned flags = 0;

	if (!b->known && (rc = merge(b, k, rec, &flags, err)) != CASE_OK)
		return rc;
	if (b->watch && (flags & CASE_MERGE_DIFFERS) != 0 &&
	    ((rc = settle(b, rec, k, line == 0, &eff, &reject, err)) !=
		    CASE_OK ||
		(rc = merge(b, k, &eff, &flags, err)) != CASE_OK))
		return rc;
	if (reject) {
		*put = CASE_PUT_REJECTED;
		return CASE_OK;
	}
	if (line != 0) {
		same = said_same(b, k, flags);
		*put = same ? CASE_PUT_UNCHANGED : CASE_PUT_REJECTED;
		if (!same) {
			say_repeat(b, k, line);
			return CASE_OK;
		}
		b->unchanged++;
		b->repeats++;
		return CASE_OK;
	}
	if (flags & CASE_MERGE_DIFFERS) {
		*put = CASE_PUT_CHANGED;
		return put_changed(b, rec, k, err);
	}
	*put = CASE_PUT_UNCHANGED;
	return put_unchanged(b, rec, &eff, k, (flags & CASE_MERGE_LACKS) != 0,
	    err);
}

static bool
has_identity(const struct case_batch *b)
{
	if (case_content_is_wide(&b->c))
		return b->c.now.id[CASE_ID_WIDE] != 0;
	for (size_t k = 0; k < b->c.rt->key_n; k++)
		if (b->c.now.id[k] != 0)
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

	if (rec->digest != NULL)
		b->c.now = *rec->digest;
	else if ((rc = case_content_identify(&b->c, rec->v, rec->extra, err)) !=
		 CASE_OK)
		return rc;
	*put = CASE_PUT_REJECTED;
	if (!has_identity(b)) {
		case_buf_reset(&b->reason);
		case_buf_adds(&b->reason,
		    _("no value for any key that names the record"));
		return CASE_OK;
	}
	if ((comes_much(b) &&
		(rc = case_batch_drop_indexes(b, err)) != CASE_OK) ||
	    (comes_mixed(b) &&
		(rc = case_batch_load_hashes(b, err)) != CASE_OK))
		return rc;
	if ((rc = renew_lookups(b, err)) != CASE_OK ||
	    (rc = find(b, rec, &found, &conflict, err)) != CASE_OK || conflict)
		return rc;
	if (found < 0) {
		*put = CASE_PUT_NEW;
		return put_new(b, rec, err);
	}
	rc = case_follow_met(&b->follow, b->row[found].id, err);
	return rc == CASE_OK ? put_known(b, rec, found, put, err) : rc;
}

/* Nothing is kept of a lookup. */
static enum case_status
end_put(struct case_batch *b, enum case_status rc, const char **reason,
    struct case_error *err)
{
	if (b->looked)
		for (int k = 0; k < CASE_IDS; k++)
			case_sql_reset(b->by[k]);
	if (rc == CASE_OK && b->reason.failed)
		rc = case_error_memory(err);
	*reason = case_buf_str(&b->reason);
	return rc;
}

enum case_status
case_batch_put(struct case_batch *b, const struct case_record *rec,
    enum case_put *out, const char **reason, struct case_error *err)
{
	enum case_status rc = put(b, rec, out, err);

	return end_put(b, rc, reason, err);
}

/* --- putting over a record that is known ---------------------------------- */

static void
say_taken(struct case_batch *b, const struct case_record *rec, int k)
{
	struct case_buf id = { 0 };

	say_identity(&id, b, k, rec);
	case_buf_reset(&b->reason);
	case_buf_addf(&b->reason,
	    _("another record has it already: %s is that of batch %lld, line "
	      "%lld"),
	    case_buf_str(&id), (long long)b->row[k].batch,
	    (long long)case_place_line((size_t)b->row[k].line));
	b->reason.failed |= id.failed;
	case_buf_free(&id);
}

/* *taken: another record has an identity of rec; the reason is filled. */
static enum case_status
is_taken(struct case_batch *b, int64_t record, const struct case_record *rec,
    bool *taken, struct case_error *err)
{
	bool wide = case_content_is_wide(&b->c), hit;
	int end = wide ? CASE_IDS : (int)b->c.rt->key_n;
	enum case_status rc = CASE_OK;

	*taken = false;
	for (int k = wide ? CASE_ID_WIDE : 0;
	     rc == CASE_OK && k < end && !*taken; k++) {
		if (b->c.now.id[k] == 0)
			continue;
		rc = look_up(b, k, rec, false, &hit, err);
		if (rc == CASE_OK && hit && b->row[k].id != record) {
			say_taken(b, rec, k);
			*taken = true;
		}
	}
	return rc;
}

static enum case_status
put_over(struct case_batch *b, struct case_sql *q, int64_t record,
    const struct case_record *rec, enum case_put *put, struct case_error *err)
{
	int k = case_content_is_wide(&b->c) ? CASE_ID_WIDE : 0;
	enum case_status rc;
	unsigned flags;
	bool taken;

	*put = CASE_PUT_REJECTED;
	if ((rc = case_content_identify(&b->c, rec->v, rec->extra, err)) !=
	    CASE_OK)
		return rc;
	if (!has_identity(b)) {
		case_buf_reset(&b->reason);
		case_buf_adds(&b->reason,
		    _("no value for any key that names the record"));
		return CASE_OK;
	}
	if ((rc = renew_lookups(b, err)) != CASE_OK ||
	    (rc = is_taken(b, record, rec, &taken, err)) != CASE_OK || taken)
		return rc;
	case_sql_bind_int(q, 1, record);
	if ((rc = case_sql_step(q, err)) != CASE_OK)
		return rc == CASE_EOF ? case_error_set(err, CASE_ESTORE, 0,
					    _("internal error: there is no "
					      "record %lld"),
					    (long long)record)
				      : rc;
	case_content_load(&b->c, q, &b->row[k]);
	if ((rc = merge(b, k, rec, &flags, err)) != CASE_OK)
		return rc;
	*put =
	    flags & CASE_MERGE_DIFFERS ? CASE_PUT_CHANGED : CASE_PUT_UNCHANGED;
	return *put == CASE_PUT_CHANGED
		   ? put_changed(b, rec, k, err)
		   : put_unchanged(b, rec, rec, k,
			 (flags & CASE_MERGE_LACKS) != 0, err);
}

enum case_status
case_batch_put_over(struct case_batch *b, int64_t record,
    const struct case_record *rec, enum case_put *out, const char **reason,
    struct case_error *err)
{
	struct case_buf from = { 0 };
	struct case_sql *q = NULL;
	enum case_status rc;

	case_buf_addf(&from, "\"rec_%s\" WHERE _id = ?1", b->c.rt->name);
	rc = from.failed ? case_error_memory(err)
			 : case_content_select(&q, &b->c, "_id",
			       case_buf_str(&from), err);
	case_buf_free(&from);
	if (rc == CASE_OK)
		rc = put_over(b, q, record, rec, out, err);
	rc = end_put(b, rc, reason, err);
	case_sql_free(q);
	return rc;
}

enum case_status
case_batch_digest(const struct case_batch *b, const struct case_record *rec,
    struct case_buf *room, struct case_record_digest *out,
    struct case_error *err)
{
	return case_content_digest(&b->c, rec->v, rec->extra, room, out, err);
}

void
case_batch_expect(const struct case_batch *b,
    const struct case_record_digest *digest)
{
	for (int k = 0; b->keys != NULL && k < CASE_IDS; k++)
		if (digest->id[k] != 0)
			case_keyset_expect(b->keys,
			    case_keyset_tag((uint64_t)digest->id[k]));
	case_known_expect(&b->memory, &b->c, digest);
}
