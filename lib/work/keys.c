/* keys.c - the keys of groups: tuples of numbers, each held once */
#include <stdlib.h>
#include <string.h>

#include "case/text.h"
#include "lib/work/stat_int.h"

/* The slot of the table where tuple is, or where it would go. */
static size_t
place(const struct keys *k, const uint32_t *tuple, size_t n)
{
	size_t mask = k->table_n - 1;
	size_t i = (size_t)case_hash(tuple, n * sizeof(*tuple), 1) & mask;

	while (
	    k->table[i] != 0 && memcmp(&k->tuple[(size_t)(k->table[i] - 1) * n],
				    tuple, n * sizeof(*tuple)) != 0)
		i = (i + 1) & mask;
	return i;
}

/* At most half of the table is ever taken. */
static bool
grow_table(struct keys *k, size_t n)
{
	size_t size = k->table_n == 0 ? 64 : 2 * k->table_n;
	uint32_t *table = calloc(size, sizeof(*table));

	if (table == NULL)
		return false;
	free(k->table);
	k->table = table;
	k->table_n = size;
	for (size_t i = 0; i < k->n; i++)
		table[place(k, &k->tuple[i * n], n)] = (uint32_t)i + 1;
	return true;
}

enum case_status
stat_keys_add(struct keys *k, const uint32_t *tuple, size_t n, size_t *index,
    struct case_error *err)
{
	size_t i, cap;
	uint32_t *more;

	if (2 * (k->n + 1) > k->table_n && !grow_table(k, n))
		return case_error_memory(err);
	i = place(k, tuple, n);
	if (k->table[i] != 0) {
		*index = k->table[i] - 1;
		return CASE_OK;
	}
	if (k->n == k->cap) {
		cap = k->cap == 0 ? 64 : 2 * k->cap;
		more = realloc(k->tuple, cap * (n + 1) * sizeof(*more));
		if (more == NULL)
			return case_error_memory(err);
		k->tuple = more;
		k->cap = cap;
	}
	memcpy(&k->tuple[k->n * n], tuple, n * sizeof(*tuple));
	*index = k->n++;
	k->table[i] = (uint32_t)k->n;
	return CASE_OK;
}

bool
stat_keys_find(const struct keys *k, const uint32_t *tuple, size_t n,
    size_t *index)
{
	size_t i;

	if (k->table_n == 0)
		return false;
	i = place(k, tuple, n);
	if (k->table[i] == 0)
		return false;
	*index = k->table[i] - 1;
	return true;
}

void
stat_keys_free(struct keys *k)
{
	free(k->tuple);
	free(k->table);
	*k = (struct keys){ 0 };
}
