/* origin.c - which batches come from one source */
#include <stdlib.h>
#include <string.h>

#include "case/json.h"
#include "case/layout.h"
#include "case/text.h"
#include "lib/store/origin.h"

static int
compare_hashes(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* The names of a header as a sorted list of hashes, each once. */
static enum case_status
read_names(const char *header, uint64_t **out, size_t *out_n,
    struct case_error *err)
{
	struct case_json *j = NULL;
	const struct case_json *i;
	const char *name;
	enum case_status rc;
	uint64_t *p;
	size_t n = 0, k = 0;

	*out = NULL;
	*out_n = 0;
	rc = case_json_parse(&j, header, strlen(header), err);
	if (rc != CASE_OK)
		return rc;
	for (i = case_json_first(j); i != NULL; i = case_json_next(i))
		n++;
	if ((p = calloc(n + 1, sizeof(*p))) == NULL) {
		case_json_free(j);
		return case_error_memory(err);
	}
	n = 0;
	for (i = case_json_first(j); i != NULL; i = case_json_next(i)) {
		name = case_json_str(case_json_first(i));
		if (name != NULL && *name != '\0' && !case_header_is_ours(name))
			p[n++] = case_hash(name, strlen(name), 0);
	}
	case_json_free(j);
	qsort(p, n, sizeof(*p), compare_hashes);
	for (size_t m = 0; m < n; m++)
		if (m == 0 || p[m] != p[m - 1])
			p[k++] = p[m];
	*out = p;
	*out_n = k;
	return CASE_OK;
}

static bool
is_alike(const uint64_t *a, size_t a_n, const uint64_t *b, size_t b_n)
{
	size_t i = 0, j = 0, both = 0;

	while (i < a_n && j < b_n) {
		if (a[i] == b[j]) {
			both++;
			i++;
			j++;
		} else if (a[i] < b[j]) {
			i++;
		} else {
			j++;
		}
	}
	/* Of all columns that either has. */
	return both * 2 > a_n + b_n - both || a_n + b_n == 0;
}

/* Room for one more of what is kept in an array. */
static bool
grow(void *array, size_t n, size_t size)
{
	void **p = array, *more;

	if ((n & (n - 1)) != 0)
		return true;
	more = realloc(*p, (n > 0 ? 2 * n : 1) * size);
	if (more == NULL)
		return false;
	*p = more;
	return true;
}

static enum case_status
add_origin(struct case_origins *o, const char *layout, size_t *origin,
    struct case_error *err)
{
	struct case_origin new = { 0 };

	if (!grow(&o->origin, o->origin_n, sizeof(*o->origin)) ||
	    (new.layout = strdup(layout)) == NULL)
		return case_error_memory(err);
	*origin = o->origin_n;
	o->origin[o->origin_n++] = new;
	return CASE_OK;
}

static enum case_status
meet_layout(struct case_origins *o, const char *layout, size_t *origin,
    struct case_error *err)
{
	for (size_t i = CASE_ORIGIN_HAND + 1; i < o->origin_n; i++)
		if (strcmp(o->origin[i].layout, layout) == 0) {
			*origin = i;
			return CASE_OK;
		}
	return add_origin(o, layout, origin, err);
}

/* The last header of the source becomes the one that the next is held to. */
static enum case_status
keep_header(struct case_origin *g, const char *header, uint64_t *name, size_t n,
    struct case_error *err)
{
	free(g->header);
	free(g->name);
	g->name = name;
	g->name_n = n;
	g->header = strdup(header);
	return g->header == NULL ? case_error_memory(err) : CASE_OK;
}

static const char *
skip_counts(const char *p)
{
	while (*p == ',' && p[1] >= '0' && p[1] <= '9')
		p += 1 + strspn(p + 1, "0123456789");
	return p;
}

/*
 * Whether two headers have the same columns: they may differ in what was
 * counted in each, which is all that stands in them outside of strings.
 */
static bool
is_same(const char *a, const char *b)
{
	bool quoted = false, escaped = false;

	for (;; a++, b++) {
		if (!quoted) {
			a = skip_counts(a);
			b = skip_counts(b);
		}
		if (*a != *b)
			return false;
		if (*a == '\0')
			return true;
		if (escaped)
			escaped = false;
		else if (*a == '"')
			quoted = !quoted;
		else
			escaped = *a == '\\';
	}
}

enum case_status
case_headers_are_alike(const char *a, const char *b, bool *alike,
    struct case_error *err)
{
	uint64_t *name[2] = { NULL, NULL };
	enum case_status rc;
	size_t n[2];

	*alike = is_same(a, b);
	if (*alike)
		return CASE_OK;
	rc = read_names(a, &name[0], &n[0], err);
	if (rc == CASE_OK)
		rc = read_names(b, &name[1], &n[1], err);
	if (rc == CASE_OK)
		*alike = is_alike(name[0], n[0], name[1], n[1]);
	free(name[0]);
	free(name[1]);
	return rc;
}

static enum case_status
meet_header(struct case_origins *o, const char *header, size_t *origin,
    struct case_error *err)
{
	enum case_status rc;
	uint64_t *name;
	size_t n;

	for (size_t i = o->origin_n; i-- > CASE_ORIGIN_HAND + 1;)
		if (o->origin[i].header != NULL &&
		    is_same(o->origin[i].header, header)) {
			*origin = i;
			return CASE_OK;
		}
	if ((rc = read_names(header, &name, &n, err)) != CASE_OK)
		return rc;
	for (size_t i = o->origin_n; i-- > CASE_ORIGIN_HAND + 1;)
		if (*o->origin[i].layout == '\0' &&
		    is_alike(o->origin[i].name, o->origin[i].name_n, name, n)) {
			*origin = i;
			return keep_header(&o->origin[i], header, name, n, err);
		}
	if ((rc = add_origin(o, "", origin, err)) != CASE_OK) {
		free(name);
		return rc;
	}
	return keep_header(&o->origin[*origin], header, name, n, err);
}

enum case_status
case_origins_meet(struct case_origins *o, const char *layout,
    const char *header, size_t *origin, struct case_error *err)
{
	if (layout != NULL && *layout != '\0')
		return meet_layout(o, layout, origin, err);
	return meet_header(o, header != NULL && *header != '\0' ? header : "[]",
	    origin, err);
}

static enum case_status
add_batch(struct case_origins *o, const struct case_sql *q,
    struct case_error *err)
{
	struct case_origin_batch new = { .id = case_sql_int(q, 0),
		.origin = CASE_ORIGIN_HAND,
		.full = !case_sql_missing(q, 5),
		.first = case_sql_int(q, 5),
		.last = case_sql_int(q, 6) };
	enum case_status rc = CASE_OK;

	if (case_sql_missing(q, 4))
		rc = case_origins_meet(o, case_sql_text(q, 2).p,
		    case_sql_text(q, 3).p, &new.origin, err);
	if (rc != CASE_OK)
		return rc;
	if (!grow(&o->batch, o->batch_n, sizeof(*o->batch)) ||
	    (new.file = strdup(case_sql_text(q, 1).p)) == NULL)
		return case_error_memory(err);
	o->batch[o->batch_n++] = new;
	return CASE_OK;
}

enum case_status
case_origins_load(struct case_origins *o, struct case_store *st,
    const char *type, int64_t as_of, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;
	size_t hand;

	if ((rc = add_origin(o, "", &hand, err)) != CASE_OK)
		return rc;
	rc = case_sql_prepare(&q, st, err,
	    "SELECT b.id, b.file, b.layout, b.header, b.reason, c.first,"
	    " c.last FROM batch b LEFT JOIN complete c ON c.batch = b.id"
	    " WHERE b.type = ?1 AND b.undone = 0 AND (?2 = 0 OR b.id <= ?2)"
	    " ORDER BY b.id");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_str(q, 1, type);
	case_sql_bind_int(q, 2, as_of);
	while ((rc = case_sql_step(q, err)) == CASE_OK)
		if ((rc = add_batch(o, q, err)) != CASE_OK)
			break;
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

void
case_origins_free(struct case_origins *o)
{
	for (size_t i = 0; i < o->batch_n; i++)
		free(o->batch[i].file);
	for (size_t i = 0; i < o->origin_n; i++) {
		free(o->origin[i].layout);
		free(o->origin[i].header);
		free(o->origin[i].name);
	}
	free(o->batch);
	free(o->origin);
	*o = (struct case_origins){ 0 };
}

static int
compare_batch(const void *key, const void *item)
{
	int64_t x = *(const int64_t *)key;
	int64_t y = ((const struct case_origin_batch *)item)->id;

	return (x > y) - (x < y);
}

const struct case_origin_batch *
case_origins_batch(const struct case_origins *o, int64_t id)
{
	if (o->batch_n == 0)
		return NULL;
	return bsearch(&id, o->batch, o->batch_n, sizeof(*o->batch),
	    compare_batch);
}

size_t
case_origins_of(const struct case_origins *o, int64_t id)
{
	const struct case_origin_batch *b = case_origins_batch(o, id);

	return b != NULL ? b->origin : CASE_ORIGIN_HAND;
}
