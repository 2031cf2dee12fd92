/* identity.c - hashes of records, and the keys by which they are found */
#include <string.h>

#include "case/ident.h"
#include "case/text.h"
#include "lib/store/content.h"

/* Seeds keep hashes of different things apart. */
#define SEED_FIELD UINT64_C(0x6669656c64)
#define SEED_EXTRA UINT64_C(0x6578747261)
#define SEED_KEY UINT64_C(0x6b6579)

struct case_str
case_content_word(const struct case_store *st, int64_t id)
{
	if (id < 1 || id > case_words_count(st->words))
		return (struct case_str){ "", 0 };
	return case_words_get(st->words, (uint32_t)id);
}

/* Keys of different fields never meet, even with the same text. */
static void
set_wide_seed(struct case_content *c)
{
	c->wide_seed = SEED_KEY + CASE_ID_WIDE;
	for (size_t i = 0; i < c->wide.field_n; i++) {
		const char *name = c->rt->field[c->wide.field[i]].name;

		c->wide_seed = case_hash(name, strlen(name), c->wide_seed);
	}
}

void
case_content_set_seeds(struct case_content *c)
{
	set_wide_seed(c);
	for (size_t i = 0; i < c->rt->field_n; i++)
		c->seed[i] = case_hash(c->rt->field[i].name,
		    strlen(c->rt->field[i].name), SEED_FIELD);
}

static uint64_t
hash_value(const struct case_field *f, const struct case_value *v,
    uint64_t seed)
{
	uint64_t bits;
	double d;

	if (case_content_is_text(f))
		return case_hash(v->u.s.p, v->u.s.n, seed);
	if (case_content_is_real(f)) {
		d = v->u.d + 0.0; /* no -0 */
		memcpy(&bits, &d, sizeof(bits));
	} else {
		bits = (uint64_t)v->u.i;
	}
	return case_hash_word(bits, seed);
}

/*
 * A sum, so that a field added later, or moved, changes no stored hash. On
 * the way all values are met, so what else is asked of all is answered here.
 */
static void
hash_content(const struct case_content *c, const struct case_value *v,
    struct case_str extra, struct case_record_digest *d)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < c->rt->field_n; i++) {
		if (v[i].missing) {
			d->absences |= v[i].absence;
			continue;
		}
		sum += hash_value(&c->rt->field[i], &v[i], c->seed[i]);
		d->present[i / 64] |= (uint64_t)1 << i % 64;
	}
	if (extra.n > 0)
		sum += case_hash(extra.p, extra.n, SEED_EXTRA);
	d->content = sum;
	d->raw = case_content_has_raw(extra);
}

static void
add_part(const struct case_content *c, struct case_buf *out, size_t field,
    const struct case_value *v)
{
	const struct case_field *f = &c->rt->field[field];
	struct case_str s;

	if (!f->coded && !case_content_is_text(f)) {
		case_value_text(out, v);
		return;
	}
	s = f->coded ? case_content_word(c->st, v->u.i) : v->u.s;
	if (f->docno)
		case_docno_key(out, s.p, s.n);
	else
		case_buf_add(out, s.p, s.n);
}

/*
 * The parts with a separator that no text has. A type's key needs its first
 * field, a wider one at least one.
 */
static bool
key_text(const struct case_content *c, struct case_buf *out,
    const struct case_key *key, bool first, const struct case_value *v)
{
	bool any = false;

	case_buf_reset(out);
	for (size_t i = 0; i < key->field_n; i++) {
		const struct case_value *part = &v[key->field[i]];
		size_t before;

		if (i > 0)
			case_buf_addc(out, '\x1f');
		before = out->n;
		if (!part->missing)
			add_part(c, out, key->field[i], part);
		if (out->n > before)
			any = true;
		else if (first && i == 0)
			return false;
	}
	return any;
}

static const struct case_key *
key_of(const struct case_content *c, int which)
{
	if (which == CASE_ID_WIDE)
		return &c->wide;
	return &c->rt->key[which];
}

bool
case_content_is_wide(const struct case_content *c)
{
	return c->wide_content || c->wide.field_n > 0;
}

enum case_status
case_content_identity(const struct case_content *c, int which,
    const struct case_value *v, uint64_t content, struct case_buf *room,
    int64_t *id, struct case_error *err)
{
	uint64_t seed =
	    which == CASE_ID_WIDE ? c->wide_seed : SEED_KEY + (uint64_t)which;
	uint64_t h;

	*id = 0;
	if (which == CASE_ID_WIDE && c->wide_content) {
		h = content ^ seed;
	} else {
		if (!key_text(c, room, key_of(c, which), which != CASE_ID_WIDE,
			v))
			return CASE_OK;
		if (room->failed)
			return case_error_memory(err);
		h = case_hash(room->p, room->n, seed);
	}
	*id = h != 0 ? (int64_t)h : 1;
	return CASE_OK;
}

enum case_status
case_content_digest(const struct case_content *c, const struct case_value *v,
    struct case_str extra, struct case_buf *room,
    struct case_record_digest *out, struct case_error *err)
{
	bool wide = case_content_is_wide(c);
	enum case_status rc = CASE_OK;

	*out = (struct case_record_digest){ 0 };
	hash_content(c, v, extra, out);
	for (size_t k = 0; rc == CASE_OK && k < c->rt->key_n; k++) {
		/* One for records without another. */
		if (k > 0 && c->rt->key[k].otherwise && out->id[0] != 0)
			continue;
		rc = case_content_identity(c, (int)k, v, out->content, room,
		    &out->id[k], err);
	}
	if (rc == CASE_OK && wide)
		rc = case_content_identity(c, CASE_ID_WIDE, v, out->content,
		    room, &out->id[CASE_ID_WIDE], err);
	return rc;
}

enum case_status
case_content_identify(struct case_content *c, const struct case_value *v,
    struct case_str extra, struct case_error *err)
{
	return case_content_digest(c, v, extra, &c->scratch[0], &c->now, err);
}

void
case_content_key_text(const struct case_content *c, int which,
    const struct case_value *v, struct case_buf *out)
{
	(void)key_text(c, out, key_of(c, which), which != CASE_ID_WIDE, v);
}

/* Usually a key is one text, written as it was before. */
static bool
same_writing(const struct case_rtype *rt, const struct case_key *key,
    const struct case_value *a, const struct case_value *b)
{
	size_t f = key->field[0];

	return key->field_n == 1 && case_content_is_text(&rt->field[f]) &&
	       !a[f].missing && !b[f].missing && a[f].u.s.n == b[f].u.s.n &&
	       memcmp(a[f].u.s.p, b[f].u.s.p, a[f].u.s.n) == 0;
}

enum case_status
case_content_same_id(struct case_content *c, int which,
    const struct case_stored *s, const struct case_value *v, bool *same,
    struct case_error *err)
{
	const struct case_key *key = key_of(c, which);
	bool first = which != CASE_ID_WIDE;
	struct case_buf *has = &c->scratch[0], *want = &c->scratch[1];

	*same = s->has_k[which] && s->k[which] == c->now.id[which];
	if (!*same || same_writing(c->rt, key, s->v, v))
		return CASE_OK;
	*same = key_text(c, has, key, first, s->v) &&
		key_text(c, want, key, first, v) && has->n == want->n &&
		memcmp(has->p, want->p, has->n) == 0;
	return has->failed || want->failed ? case_error_memory(err) : CASE_OK;
}
