/* words.c - repeated words, each held once and named by a number */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "case/text.h"
#include "case/words.h"

/*
 * Bytes live in blocks and entries in chunks, and neither ever moves: a
 * thread that was handed an id may read it while another adds. Chunk k has
 * FIRST << k entries, so the directory is small and fixed.
 */
#define FIRST ((size_t)1024)
#define CHUNKS 22 /* FIRST << 22 exceeds what 32 bits can name */
#define BLOCK ((size_t)64 * 1024)

struct entry {
	const char *p;
	uint64_t hash;
	size_t n;
};

struct block {
	struct block *next;
	size_t used;
	size_t cap;
	char p[];
};

struct case_words {
	struct entry *chunk[CHUNKS];
	_Atomic uint32_t count; /* what it counts is there to be read */
	uint32_t *slot;		/* ids; 0: free */
	size_t slot_n;		/* a power of 2 */
	struct block *block;
};

/* The count as the one thread that adds knows it. */
static uint32_t
own_count(const struct case_words *w)
{
	return atomic_load_explicit(&w->count, memory_order_relaxed);
}

/* The entry of an id that is there, or whose chunk is. */
static struct entry *
entry_of(const struct case_words *w, uint32_t id)
{
	uint64_t i = (uint64_t)id - 1 + FIRST;
	unsigned k = 63u - (unsigned)__builtin_clzll(i);

	return &w->chunk[k - 10][i - ((uint64_t)1 << k)];
}

enum case_status
case_words_new(struct case_words **out, struct case_error *err)
{
	struct case_words *w = calloc(1, sizeof(*w));

	*out = NULL;
	if (w == NULL)
		return case_error_memory(err);
	w->slot_n = FIRST;
	w->slot = calloc(w->slot_n, sizeof(*w->slot));
	if (w->slot == NULL) {
		case_words_free(w);
		return case_error_memory(err);
	}
	*out = w;
	return CASE_OK;
}

void
case_words_free(struct case_words *w)
{
	struct block *next;

	if (w == NULL)
		return;
	for (struct block *b = w->block; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	for (size_t k = 0; k < CHUNKS; k++)
		free(w->chunk[k]);
	free(w->slot);
	free(w);
}

/* Where a word is, or the free slot where it belongs. */
static size_t
slot_of(const struct case_words *w, const char *p, size_t n, uint64_t hash)
{
	size_t i = hash & (w->slot_n - 1);

	for (; w->slot[i] != 0; i = (i + 1) & (w->slot_n - 1)) {
		const struct entry *e = entry_of(w, w->slot[i]);

		if (e->hash == hash && e->n == n &&
		    (n == 0 || memcmp(e->p, p, n) == 0))
			break;
	}
	return i;
}

/* Twice the slots; false: out of memory, and nothing has changed. */
static bool
grow_slots(struct case_words *w)
{
	size_t n = w->slot_n * 2, j;
	uint32_t *slot = calloc(n, sizeof(*slot));

	if (slot == NULL)
		return false;
	for (uint32_t id = 1; id <= own_count(w); id++) {
		j = entry_of(w, id)->hash & (n - 1);
		while (slot[j] != 0)
			j = (j + 1) & (n - 1);
		slot[j] = id;
	}
	free(w->slot);
	w->slot = slot;
	w->slot_n = n;
	return true;
}

/* A copy of the bytes that stays where it is; NULL: out of memory. */
static const char *
keep(struct case_words *w, const char *p, size_t n)
{
	struct block *b = w->block;
	char *to;

	if (b == NULL || b->cap - b->used < n) {
		size_t cap = n > BLOCK ? n : BLOCK;

		if (cap > SIZE_MAX - sizeof(*b) ||
		    (b = malloc(sizeof(*b) + cap)) == NULL)
			return NULL;
		b->next = w->block;
		b->used = 0;
		b->cap = cap;
		w->block = b;
	}
	to = b->p + b->used;
	if (n > 0)
		memcpy(to, p, n);
	b->used += n;
	return to;
}

/* Makes sure that the chunk of the next id is there. */
static bool
grow_chunks(struct case_words *w)
{
	uint64_t i = (uint64_t)own_count(w) + FIRST;
	unsigned k = 63u - (unsigned)__builtin_clzll(i) - 10;

	if (k >= CHUNKS)
		return false;
	if (w->chunk[k] == NULL)
		w->chunk[k] = malloc((FIRST << k) * sizeof(struct entry));
	return w->chunk[k] != NULL;
}

uint32_t
case_words_add(struct case_words *w, const char *p, size_t n)
{
	uint64_t hash = case_hash(p, n, 0);
	size_t i = slot_of(w, p, n, hash);
	struct entry *e;
	const char *to;
	uint32_t id;

	if (w->slot[i] != 0)
		return w->slot[i];
	if (!grow_chunks(w))
		return 0;
	id = own_count(w) + 1;
	if (id > w->slot_n / 2) {
		if (!grow_slots(w))
			return 0;
		i = slot_of(w, p, n, hash);
	}
	if ((to = keep(w, p, n)) == NULL)
		return 0;
	e = entry_of(w, id);
	e->p = to;
	e->n = n;
	e->hash = hash;
	atomic_store_explicit(&w->count, id, memory_order_release);
	w->slot[i] = id;
	return id;
}

/* The slots are as if each word had been added to those before it. */
void
case_words_cut(struct case_words *w, uint32_t n)
{
	uint32_t id = own_count(w);
	size_t i;

	for (; id > n; id--) {
		i = entry_of(w, id)->hash & (w->slot_n - 1);
		while (w->slot[i] != id)
			i = (i + 1) & (w->slot_n - 1);
		w->slot[i] = 0;
	}
	atomic_store_explicit(&w->count, id, memory_order_release);
}

uint32_t
case_words_find(const struct case_words *w, const char *p, size_t n)
{
	return w->slot[slot_of(w, p, n, case_hash(p, n, 0))];
}

struct case_str
case_words_get(const struct case_words *w, uint32_t id)
{
	const struct entry *e = entry_of(w, id);

	return (struct case_str){ e->p, e->n };
}

uint32_t
case_words_count(const struct case_words *w)
{
	return atomic_load_explicit(&w->count, memory_order_acquire);
}
