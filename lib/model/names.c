/* names.c - names as people write them, looked up by their folded form */
#include <stdlib.h>
#include <string.h>

#include "case/text.h"

#include "lib/model/names.h"

/* at is an offset into text until the index is finished, which moves it. */
struct name {
	const char *key;
	size_t at;
	size_t n;
	int id;
	bool shared;
	const char *unit;
};

struct case_names {
	struct name *name;
	size_t name_n;
	size_t name_cap;
	struct case_buf text; /* all keys, each with a NUL behind it */
	bool failed;
};

enum case_status
case_list_read(struct case_list *list, const struct case_json *v,
    struct case_error *err)
{
	size_t n = 0;

	for (const struct case_json *i = case_json_first(v); i != NULL;
	     i = case_json_next(i))
		n++;
	if (n == 0)
		return CASE_OK;
	if ((list->p = calloc(n, sizeof(*list->p))) == NULL)
		return case_error_memory(err);
	for (v = case_json_first(v); v != NULL; v = case_json_next(v)) {
		const char *s = case_json_str(v);

		if (s == NULL)
			continue;
		if ((list->p[list->n] = strdup(s)) == NULL)
			return case_error_memory(err);
		list->n++;
	}
	return CASE_OK;
}

void
case_list_free(struct case_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->p[i]);
	free(list->p);
	*list = (struct case_list){ 0 };
}

enum case_status
case_names_new(struct case_names **out, struct case_error *err)
{
	*out = calloc(1, sizeof(**out));
	return *out == NULL ? case_error_memory(err) : CASE_OK;
}

void
case_names_free(struct case_names *names)
{
	if (names == NULL)
		return;
	case_buf_free(&names->text);
	free(names->name);
	free(names);
}

static bool
names_reserve(struct case_names *names)
{
	size_t cap = names->name_cap == 0 ? 64 : names->name_cap * 2;
	struct name *to;

	if (names->name_n < names->name_cap)
		return true;
	if ((to = reallocarray(names->name, cap, sizeof(*to))) == NULL)
		return false;
	names->name = to;
	names->name_cap = cap;
	return true;
}

static void
add(struct case_names *names, const char *name, int id, bool shared,
    const char *unit)
{
	struct name *to;
	size_t at = names->text.n;

	if (!names_reserve(names)) {
		names->failed = true;
		return;
	}
	case_text_key(&names->text, name, strlen(name), true);
	if (names->text.n == at) /* nothing but punctuation */
		return;
	to = &names->name[names->name_n++];
	*to = (struct name){ NULL, at, names->text.n - at, id, shared, unit };
	case_buf_addc(&names->text, '\0');
}

void
case_names_add(struct case_names *names, const char *name, int id,
    const char *unit)
{
	add(names, name, id, false, unit);
}

void
case_names_share(struct case_names *names, const char *name, int id)
{
	add(names, name, id, true, NULL);
}

static int
compare_bytes(const char *a, size_t a_n, const char *b, size_t b_n)
{
	int c = memcmp(a, b, a_n < b_n ? a_n : b_n);

	if (c != 0)
		return c;
	return (a_n > b_n) - (a_n < b_n);
}

/* By key; the same key in the order of adding, so that a first one stays. */
static int
compare_names(const void *a, const void *b)
{
	const struct name *x = a, *y = b;
	int c = compare_bytes(x->key, x->n, y->key, y->n);

	return c != 0 ? c : (x->at > y->at) - (x->at < y->at);
}

enum case_status
case_names_finish(struct case_names *names, struct case_error *err)
{
	if (names->failed || names->text.failed)
		return case_error_memory(err);
	for (size_t i = 0; i < names->name_n; i++)
		names->name[i].key = names->text.p + names->name[i].at;
	if (names->name_n > 0)
		qsort(names->name, names->name_n, sizeof(*names->name),
		    compare_names);
	return CASE_OK;
}

/* The first that has the folded form of p; NULL: none, or *failed. */
static const struct name *
find(const struct case_names *names, const char *p, size_t n, bool *failed)
{
	struct case_buf key = { 0 };
	size_t lo = 0, hi = names->name_n, mid;
	const struct name *found = NULL;

	case_text_key(&key, p, n, true);
	*failed = key.failed;
	while (!key.failed && key.n > 0 && lo < hi) {
		const struct name *m;

		mid = lo + (hi - lo) / 2;
		m = &names->name[mid];
		if (compare_bytes(m->key, m->n, key.p, key.n) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!key.failed && key.n > 0 && lo < names->name_n &&
	    compare_bytes(names->name[lo].key, names->name[lo].n, key.p,
		key.n) == 0)
		found = &names->name[lo];
	case_buf_free(&key);
	return found;
}

int
case_names_find(const struct case_names *names, const char *p, size_t n,
    const char **unit)
{
	bool failed;
	const struct name *found = find(names, p, n, &failed);

	*unit = found == NULL ? NULL : found->unit;
	if (found != NULL)
		return found->id;
	return failed ? -2 : -1;
}

int
case_names_rival(const struct case_names *names, const char *p, size_t n)
{
	bool failed;
	const struct name *found = find(names, p, n, &failed);
	const struct name *end = names->name + names->name_n;

	if (found == NULL)
		return failed ? -2 : -1;
	for (const struct name *r = found + 1;
	     r < end && compare_bytes(r->key, r->n, found->key, found->n) == 0;
	     r++)
		if (r->id != found->id)
			return r->id;
	return -1;
}

const char *
case_names_clash(const struct case_names *names, int *a, int *b)
{
	for (size_t i = 1; i < names->name_n; i++) {
		const struct name *x = &names->name[i - 1];
		const struct name *y = &names->name[i];

		if (x->id == y->id || x->n != y->n ||
		    memcmp(x->key, y->key, x->n) != 0 ||
		    (x->shared && y->shared))
			continue;
		*a = x->id;
		*b = y->id;
		return x->key;
	}
	return NULL;
}
