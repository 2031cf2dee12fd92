/* known.c - records known by their hashes, in memory */
#include <stdlib.h>

#include "lib/store/known.h"

enum { ID, HASH, K1 };

/* The same content may be that of two records by different wider keys. */
static uint64_t
hash_of(uint64_t content, int64_t wide)
{
	return content + (uint64_t)wide;
}

/* The identity by which a record is met first. */
static int64_t
first_of(const struct case_content *c, const int64_t *id)
{
	if (case_content_is_wide(c))
		return id[CASE_ID_WIDE];
	for (int k = 0; k < CASE_KEYS; k++)
		if (id[k] != 0)
			return id[k];
	return 0;
}

static enum case_status
add(struct case_known *m, const struct case_content *c,
    const struct case_sql *q, struct case_error *err)
{
	int64_t number = case_sql_int(q, ID), id[CASE_IDS], first;

	for (int k = 0; k < CASE_IDS; k++)
		id[k] = case_sql_int(q, K1 + k);
	first = first_of(c, id);
	if (number < 1 || number >= m->n || first == 0)
		return CASE_OK;
	m->hash[number] =
	    hash_of((uint64_t)case_sql_int(q, HASH), id[CASE_ID_WIDE]);
	if (m->keys == NULL)
		return CASE_OK;
	return case_keyset_add(m->keys, case_keyset_tag((uint64_t)first),
	    (uint32_t)number, err);
}

enum case_status
case_known_load(struct case_known *m, const struct case_content *c, int64_t n,
    bool own, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	*m = (struct case_known){ .n = n };
	if ((m->hash = calloc((size_t)n, sizeof(*m->hash))) == NULL)
		return case_error_memory(err);
	if (own && (rc = case_keyset_new(&m->keys, err)) != CASE_OK)
		return rc;
	rc = case_sql_prepare(&q, c->st, err,
	    "SELECT _id, _hash, _k1, _k2, _k3 FROM \"rec_%s\""
	    " WHERE _k3 IS %s NULL",
	    c->rt->name, case_content_is_wide(c) ? "NOT" : "");
	if (rc != CASE_OK)
		return rc;
	while ((rc = case_sql_step(q, err)) == CASE_OK)
		if ((rc = add(m, c, q, err)) != CASE_OK)
			break;
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

void
case_known_free(struct case_known *m)
{
	case_keyset_free(m->keys);
	free(m->hash);
	*m = (struct case_known){ 0 };
}

int64_t
case_known_find(const struct case_known *m, const struct case_keyset *keys,
    const struct case_content *c, const struct case_record_digest *d)
{
	uint64_t hash = hash_of(d->content, d->id[CASE_ID_WIDE]);
	size_t at = 0;
	uint32_t number, tag;

	if (m->hash == NULL || keys == NULL || hash == 0)
		return 0;
	tag = case_keyset_tag((uint64_t)first_of(c, d->id));
	while ((number = case_keyset_next(keys, tag, &at)) != 0)
		if (number < m->n && m->hash[number] == hash)
			return number;
	return 0;
}

void
case_known_expect(const struct case_known *m, const struct case_content *c,
    const struct case_record_digest *d)
{
	if (m->keys != NULL)
		case_keyset_expect(m->keys,
		    case_keyset_tag((uint64_t)first_of(c, d->id)));
}
