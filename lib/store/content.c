/* content.c - records as rows of their tables: keys, hashes, merging */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* memmem() */
#endif
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/ident.h"
#include "case/intl.h"
#include "case/json.h"
#include "case/text.h"
#include "lib/store/content.h"

/* Seeds keep hashes of different things apart. */
#define SEED_FIELD UINT64_C(0x6669656c64)
#define SEED_EXTRA UINT64_C(0x6578747261)
#define SEED_KEY UINT64_C(0x6b6579)

/* Columns before the fields: see COLUMNS. */
enum { ID, BATCH, LINE, HASH, K1, EXTRA = K1 + CASE_IDS, FIELDS };
#define COLUMNS "_batch, _line, _hash, _k1, _k2, _k3, _extra"

static bool
is_text(const struct case_field *f)
{
	return !f->coded && (f->type == CASE_TEXT || f->type == CASE_CODE);
}

static bool
is_real(const struct case_field *f)
{
	return !f->coded && (f->type == CASE_NUMBER || f->type == CASE_RATIO ||
				f->type == CASE_POINTS);
}

struct case_str
case_content_word(const struct case_store *st, int64_t id)
{
	if (id < 1 || id > case_words_count(st->words))
		return (struct case_str){ "", 0 };
	return case_words_get(st->words, (uint32_t)id);
}

/* --- statements ---------------------------------------------------------- */

void
case_content_columns(struct case_buf *out, const struct case_rtype *rt)
{
	case_buf_adds(out, COLUMNS);
	for (size_t i = 0; i < rt->field_n; i++)
		case_buf_addf(out, ", \"f_%s\"", rt->field[i].name);
}

static enum case_status
prepare_insert(struct case_content *c, struct case_error *err)
{
	struct case_buf sql = { 0 };
	enum case_status rc;

	case_buf_addf(&sql, "INSERT INTO \"rec_%s\" (_id, ", c->rt->name);
	case_content_columns(&sql, c->rt);
	case_buf_adds(&sql, ") VALUES (?1");
	for (size_t i = 1; i < FIELDS + c->rt->field_n; i++)
		case_buf_addf(&sql, ", ?%zu", i + 1);
	case_buf_adds(&sql, ")");
	rc = sql.failed ? case_error_memory(err)
			: case_sql_prepare(&c->insert, c->st, err, "%s",
			      case_buf_str(&sql));
	case_buf_free(&sql);
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
	for (size_t i = 0; i < c->rt->field_n; i++)
		case_buf_addf(&sql, ", \"f_%s\" = ?%zu", c->rt->field[i].name,
		    FIELDS + i + 1);
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

	case_content_columns(&columns, c->rt);
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

	case_content_columns(&columns, c->rt);
	rc = columns.failed
		 ? case_error_memory(err)
		 : case_sql_prepare(out, c->st, err, "SELECT %s, %s FROM %s",
		       id, case_buf_str(&columns), from);
	case_buf_free(&columns);
	return rc;
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
	set_wide_seed(c);
	c->seed = calloc(rt->field_n + 1, sizeof(*c->seed));
	c->merged = calloc(rt->field_n + 1, sizeof(*c->merged));
	if (c->seed == NULL || c->merged == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < rt->field_n; i++)
		c->seed[i] = case_hash(rt->field[i].name,
		    strlen(rt->field[i].name), SEED_FIELD);
	return CASE_OK;
}

void
case_content_close(struct case_content *c)
{
	case_sql_free(c->insert);
	case_sql_free(c->update);
	case_sql_free(c->archive);
	for (int k = 0; k < CASE_IDS; k++)
		case_buf_free(&c->id[k].text);
	case_buf_free(&c->merged_extra);
	case_buf_free(&c->scratch[0]);
	case_buf_free(&c->scratch[1]);
	free(c->seed);
	free(c->merged);
	*c = (struct case_content){ 0 };
}

bool
case_content_is_wide(const struct case_content *c)
{
	return c->wide_content || c->wide.field_n > 0;
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
		int column = FIELDS + (int)i;

		v->type = f->type;
		v->missing = case_sql_missing(q, column);
		if (v->missing)
			continue;
		if (is_text(f))
			v->u.s = case_sql_text(q, column);
		else if (is_real(f))
			v->u.d = case_sql_double(q, column);
		else
			v->u.i = case_sql_int(q, column);
	}
}

/* --- hashes and keys ----------------------------------------------------- */

static uint64_t
hash_value(const struct case_field *f, const struct case_value *v,
    uint64_t seed)
{
	uint64_t bits;
	double d;

	if (is_text(f))
		return case_hash(v->u.s.p, v->u.s.n, seed);
	if (is_real(f)) {
		d = v->u.d + 0.0; /* no -0 */
		memcpy(&bits, &d, sizeof(bits));
	} else {
		bits = (uint64_t)v->u.i;
	}
	bits = htole64(bits);
	return case_hash(&bits, sizeof(bits), seed);
}

/* A sum, so that a field added later, or moved, changes no stored hash. */
uint64_t
case_content_hash(const struct case_content *c, const struct case_value *v,
    struct case_str extra)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < c->rt->field_n; i++)
		if (!v[i].missing)
			sum += hash_value(&c->rt->field[i], &v[i], c->seed[i]);
	if (extra.n > 0)
		sum += case_hash(extra.p, extra.n, SEED_EXTRA);
	return sum;
}

static void
add_part(const struct case_content *c, struct case_buf *out, size_t field,
    const struct case_value *v)
{
	const struct case_field *f = &c->rt->field[field];
	struct case_str s;

	if (!f->coded && !is_text(f)) {
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

enum case_status
case_content_identity(struct case_content *c, int which,
    const struct case_value *v, struct case_str extra,
    struct case_identity *out, struct case_error *err)
{
	uint64_t seed =
	    which == CASE_ID_WIDE ? c->wide_seed : SEED_KEY + (uint64_t)which;
	uint64_t h;

	if (which == CASE_ID_WIDE && c->wide_content) {
		h = case_content_hash(c, v, extra) ^ seed;
		out->present = true;
	} else {
		out->present = key_text(c, &out->text, key_of(c, which),
		    which != CASE_ID_WIDE, v);
		if (out->text.failed)
			return case_error_memory(err);
		h = out->present ? case_hash(out->text.p, out->text.n, seed)
				 : 0;
	}
	out->hash = h != 0 ? (int64_t)h : 1;
	return CASE_OK;
}

/* One for records without another counts where those before it are absent. */
static bool
is_asked(const struct case_content *c, int k)
{
	if ((size_t)k >= c->rt->key_n)
		return false;
	return k == 0 || !c->rt->key[k].otherwise || !c->id[0].present;
}

enum case_status
case_content_identify(struct case_content *c, const struct case_value *v,
    struct case_str extra, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (int k = 0; k < CASE_IDS; k++) {
		c->id[k].present = false;
		if (k == CASE_ID_WIDE ? case_content_is_wide(c)
				      : is_asked(c, k))
			rc = case_content_identity(c, k, v, extra, &c->id[k],
			    err);
		if (rc != CASE_OK)
			return rc;
	}
	return CASE_OK;
}

/* Usually a key is one text, written as it was before. */
static bool
same_writing(const struct case_rtype *rt, const struct case_key *key,
    const struct case_value *a, const struct case_value *b)
{
	size_t f = key->field[0];

	return key->field_n == 1 && is_text(&rt->field[f]) && !a[f].missing &&
	       !b[f].missing && a[f].u.s.n == b[f].u.s.n &&
	       memcmp(a[f].u.s.p, b[f].u.s.p, a[f].u.s.n) == 0;
}

enum case_status
case_content_same_id(struct case_content *c, int which,
    const struct case_stored *s, const struct case_value *v, bool *same,
    struct case_error *err)
{
	const struct case_key *key = key_of(c, which);
	const struct case_buf *want = &c->id[which].text;
	struct case_buf *has = &c->scratch[0];

	*same = s->has_k[which] && s->k[which] == c->id[which].hash;
	if (!*same || same_writing(c->rt, key, s->v, v))
		return CASE_OK;
	*same = key_text(c, has, key, which != CASE_ID_WIDE, s->v) &&
		has->n == want->n && memcmp(has->p, want->p, has->n) == 0;
	return has->failed ? case_error_memory(err) : CASE_OK;
}

/* --- merging ------------------------------------------------------------- */

static bool
same_docno(struct case_content *c, const struct case_value *a,
    const struct case_value *b)
{
	struct case_buf *x = &c->scratch[0], *y = &c->scratch[1];

	case_buf_reset(x);
	case_buf_reset(y);
	case_docno_key(x, a->u.s.p, a->u.s.n);
	case_docno_key(y, b->u.s.p, b->u.s.n);
	return x->n == y->n && x->n > 0 && memcmp(x->p, y->p, x->n) == 0;
}

/* Two present values of a field. */
static bool
same_value(struct case_content *c, size_t field, const struct case_value *a,
    const struct case_value *b)
{
	const struct case_field *f = &c->rt->field[field];

	if (is_real(f))
		return !(a->u.d < b->u.d) && !(a->u.d > b->u.d);
	if (!is_text(f))
		return a->u.i == b->u.i;
	if (a->u.s.n == b->u.s.n &&
	    (a->u.s.n == 0 || memcmp(a->u.s.p, b->u.s.p, a->u.s.n) == 0))
		return true;
	return f->docno && same_docno(c, a, b);
}

bool
case_content_clears(const struct case_content *c, const struct case_value *v)
{
	return v->missing &&
	       (v->absence == CASE_CLEARED ||
		   (v->absence == CASE_BLANK && c->blank_overwrites));
}

static unsigned
merge_values(struct case_content *c, const struct case_stored *s,
    const struct case_value *v)
{
	unsigned flags = 0;

	for (size_t i = 0; i < c->rt->field_n; i++) {
		const struct case_value *old = &s->v[i], *new = &v[i];

		c->merged[i] = *old;
		if (new->missing && old->missing)
			continue;
		if (new->missing && !case_content_clears(c, new)) {
			flags |= CASE_MERGE_LACKS;
			continue;
		}
		if (!new->missing && !old->missing &&
		    same_value(c, i, old, new))
			continue;
		c->merged[i] = *new;
		flags |= CASE_MERGE_DIFFERS;
	}
	return flags;
}

/* Whether extra may keep the raw text of a field: under "FIELD!". */
static bool
has_raw(struct case_str extra)
{
	return extra.n > 0 && memmem(extra.p, extra.n, "!\":", 3) != NULL;
}

static enum case_status
parse_extra(struct case_json **out, struct case_str extra,
    struct case_error *err)
{
	if (extra.n == 0)
		return case_json_parse(out, "{}", 2, err);
	return case_json_parse(out, extra.p, extra.n, err);
}

/* The quotes of a text are escaped, so this can only be a key. */
static bool
has_raw_of(struct case_str extra, const char *field)
{
	char key[80];
	int n = snprintf(key, sizeof(key), "\"%s!\":", field);

	return extra.n > 0 && n > 0 && (size_t)n < sizeof(key) &&
	       memmem(extra.p, extra.n, key, (size_t)n) != NULL;
}

/*
 * {"FIELD!": null} for every field that v has a value for, or says to have
 * none without a raw text of its own.
 */
static void
print_cure(const struct case_content *c, const struct case_value *v,
    struct case_str extra, struct case_buf *out)
{
	const char *comma = "";

	case_buf_reset(out);
	case_buf_addc(out, '{');
	for (size_t i = 0; i < c->rt->field_n; i++) {
		const char *name = c->rt->field[i].name;

		if (v[i].missing &&
		    (!case_content_clears(c, &v[i]) || has_raw_of(extra, name)))
			continue;
		case_buf_addf(out, "%s\"%s!\":null", comma, name);
		comma = ",";
	}
	case_buf_addc(out, '}');
}

static void
print_extra(struct case_buf *out, const struct case_json *j)
{
	case_buf_reset(out);
	if (case_json_first(j) != NULL)
		case_json_print(out, j);
}

static bool
same_text(const struct case_buf *a, const struct case_buf *b)
{
	return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

/*
 * Columns without a field merge by their header; the raw text of a value that
 * did not parse goes when a value for its field comes.
 */
static enum case_status
merge_extra(struct case_content *c, struct case_str old, struct case_str new,
    struct case_str blank, const struct case_value *v, unsigned *flags,
    struct case_error *err)
{
	struct case_json *a = NULL, *b = NULL, *both = NULL, *cure = NULL;
	struct case_json *cured = NULL, *said = NULL, *none = NULL;
	struct case_json *base = NULL;
	struct case_buf *x = &c->scratch[0], *y = &c->scratch[1];
	enum case_status rc;

	print_cure(c, v, new, x);
	if ((rc = parse_extra(&cure, (struct case_str){ x->p, x->n }, err)) !=
		CASE_OK ||
	    (rc = parse_extra(&a, old, err)) != CASE_OK ||
	    (rc = parse_extra(&b, new, err)) != CASE_OK ||
	    (rc = parse_extra(&none, blank, err)) != CASE_OK ||
	    (rc = case_json_merge(&base, a, none, err)) != CASE_OK ||
	    (rc = case_json_merge(&both, base, b, err)) != CASE_OK ||
	    (rc = case_json_merge(&cured, both, cure, err)) != CASE_OK ||
	    (rc = case_json_merge(&said, b, cure, err)) != CASE_OK)
		goto done;
	print_extra(&c->merged_extra, cured);
	print_extra(x, a);
	if (!same_text(x, &c->merged_extra))
		*flags |= CASE_MERGE_DIFFERS;
	print_extra(y, said);
	if (!same_text(y, &c->merged_extra))
		*flags |= CASE_MERGE_LACKS;
	if (x->failed || y->failed || c->merged_extra.failed)
		rc = case_error_memory(err);
done:
	case_json_free(a);
	case_json_free(b);
	case_json_free(both);
	case_json_free(cure);
	case_json_free(cured);
	case_json_free(said);
	case_json_free(none);
	case_json_free(base);
	return rc;
}

enum case_status
case_content_merge(struct case_content *c, const struct case_stored *s,
    const struct case_value *v, struct case_str extra, struct case_str blank,
    unsigned *flags, struct case_error *err)
{
	bool same = s->extra.n == extra.n &&
		    (extra.n == 0 || memcmp(s->extra.p, extra.p, extra.n) == 0);

	*flags = merge_values(c, s, v);
	if (same && !has_raw(extra)) {
		case_buf_reset(&c->merged_extra);
		case_buf_add(&c->merged_extra, extra.p, extra.n);
		return c->merged_extra.failed ? case_error_memory(err)
					      : CASE_OK;
	}
	return merge_extra(c, s->extra, extra, blank, v, flags, err);
}

/* --- writing ------------------------------------------------------------- */

static void
bind_row(const struct case_content *c, struct case_sql *q, int64_t id,
    int64_t batch, int64_t line, const struct case_value *v,
    struct case_str extra)
{
	case_sql_clear(q);
	case_sql_bind_int(q, ID + 1, id);
	case_sql_bind_int(q, BATCH + 1, batch);
	case_sql_bind_int(q, LINE + 1, line);
	case_sql_bind_int(q, HASH + 1, (int64_t)case_content_hash(c, v, extra));
	for (int k = 0; k < CASE_IDS; k++)
		if (c->id[k].present)
			case_sql_bind_int(q, K1 + k + 1, c->id[k].hash);
	if (extra.n > 0)
		case_sql_bind_text(q, EXTRA + 1, extra.p, extra.n);
	for (size_t i = 0; i < c->rt->field_n; i++) {
		const struct case_field *f = &c->rt->field[i];
		int column = FIELDS + (int)i + 1;

		if (v[i].missing)
			continue;
		if (is_text(f))
			case_sql_bind_text(q, column, v[i].u.s.p, v[i].u.s.n);
		else if (is_real(f))
			case_sql_bind_double(q, column, v[i].u.d);
		else
			case_sql_bind_int(q, column, v[i].u.i);
	}
}

enum case_status
case_content_insert(struct case_content *c, int64_t id, int64_t batch,
    int64_t line, const struct case_value *v, struct case_str extra,
    struct case_error *err)
{
	enum case_status rc;

	if (c->insert == NULL && (rc = prepare_insert(c, err)) != CASE_OK)
		return rc;
	bind_row(c, c->insert, id, batch, line, v, extra);
	return case_sql_run(c->insert, err);
}

enum case_status
case_content_update(struct case_content *c, int64_t id, int64_t batch,
    int64_t line, const struct case_value *v, struct case_str extra,
    struct case_error *err)
{
	enum case_status rc;

	if (c->update == NULL && (rc = prepare_update(c, err)) != CASE_OK)
		return rc;
	bind_row(c, c->update, id, batch, line, v, extra);
	return case_sql_run(c->update, err);
}

enum case_status
case_content_archive(struct case_content *c, int64_t id, int64_t until,
    struct case_error *err)
{
	enum case_status rc;

	if (c->archive == NULL && (rc = prepare_archive(c, err)) != CASE_OK)
		return rc;
	case_sql_bind_int(c->archive, 1, id);
	case_sql_bind_int(c->archive, 2, until);
	return case_sql_run(c->archive, err);
}
