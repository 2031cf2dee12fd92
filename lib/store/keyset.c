/* keyset.c - which keys were met: a compact set in memory */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* MADV_HUGEPAGE */
#endif
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "case/intl.h"
#include "lib/store/keyset.h"

/*
 * Linear probing with the slots in order of their tags: the place of a tag is
 * its share of the table, and a search ends at the first greater one. Being
 * sorted, the table grows by one pass from front to back, in which the pages
 * of the old one are given back as they are read: old and new together never
 * take more than the new one does alone.
 */
struct slot {
	uint32_t tag;
	uint32_t number; /* 0: free */
};

struct case_keyset {
	struct slot *slot;
	size_t slot_n; /* a power of 2; the last SPILL are no tag's place */
	size_t n;
};

enum {
	FIRST = 4096,
	SPILL = 1024, /* room for what the last places push on */
	HUGE_PAGE = 2 * 1024 * 1024,
	SPARSE = 64 /* slots a pair that no honest set comes to need */
};

static size_t
places(size_t slot_n)
{
	return slot_n - SPILL;
}

static size_t
place_of(uint32_t tag, size_t slot_n)
{
	return (size_t)(((uint64_t)tag * places(slot_n)) >> 32);
}

/* Zeroed, and in huge pages where it is large: those are 44 times faster. */
static struct slot *
slots_new(size_t slot_n)
{
	size_t n = slot_n * sizeof(struct slot), lead;
	char *p;

	p = mmap(NULL, n < HUGE_PAGE ? n : n + HUGE_PAGE,
	    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED)
		return NULL;
	if (n < HUGE_PAGE)
		return (struct slot *)(void *)p;
	/* What lies before and behind the aligned part is given back. */
	lead = (size_t)(-(uintptr_t)p & (HUGE_PAGE - 1));
	if (lead > 0)
		(void)munmap(p, lead);
	(void)munmap(p + lead + n, HUGE_PAGE - lead);
	p += lead;
	(void)madvise(p, n, MADV_HUGEPAGE);
	return (struct slot *)(void *)p;
}

static void
slots_free(struct slot *slot, size_t slot_n)
{
	if (slot != NULL)
		(void)munmap(slot, slot_n * sizeof(*slot));
}

enum case_status
case_keyset_new(struct case_keyset **out, struct case_error *err)
{
	struct case_keyset *k = calloc(1, sizeof(*k));

	*out = NULL;
	if (k == NULL || (k->slot = slots_new(FIRST)) == NULL) {
		free(k);
		return case_error_memory(err);
	}
	k->slot_n = FIRST;
	*out = k;
	return CASE_OK;
}

void
case_keyset_free(struct case_keyset *k)
{
	if (k == NULL)
		return;
	slots_free(k->slot, k->slot_n);
	free(k);
}

/* Whether all pairs find room in a table of slot_n: see place_of and SPILL. */
static bool
would_fit(const struct case_keyset *k, size_t slot_n)
{
	size_t to = 0, place;

	for (size_t i = 0; i < k->slot_n; i++) {
		if (k->slot[i].number == 0)
			continue;
		place = place_of(k->slot[i].tag, slot_n);
		to = (to < place ? place : to) + 1;
	}
	return to <= slot_n;
}

static void
move_all(struct case_keyset *k, struct slot *slot, size_t slot_n)
{
	const size_t step = HUGE_PAGE / sizeof(struct slot);
	size_t to = 0, place;

	for (size_t i = 0; i < k->slot_n; i++) {
		/* What was read is not needed any more. */
		if (i > 0 && i % step == 0)
			(void)madvise(k->slot + i - step, HUGE_PAGE,
			    MADV_DONTNEED);
		if (k->slot[i].number == 0)
			continue;
		place = place_of(k->slot[i].tag, slot_n);
		if (to < place)
			to = place;
		slot[to++] = k->slot[i];
	}
}

static enum case_status
grow(struct case_keyset *k, struct case_error *err)
{
	size_t slot_n = k->slot_n * 2;
	struct slot *slot;

	while (slot_n / SPARSE <= k->n + FIRST && !would_fit(k, slot_n))
		slot_n *= 2;
	if (slot_n / SPARSE > k->n + FIRST)
		return case_error_set(err, CASE_EDATA, 0,
		    _("too many different keys with the same hash: this data "
		      "was made to harm"));
	if ((slot = slots_new(slot_n)) == NULL)
		return case_error_memory(err);
	move_all(k, slot, slot_n);
	slots_free(k->slot, k->slot_n);
	k->slot = slot;
	k->slot_n = slot_n;
	return CASE_OK;
}

/* Where a tag's first pair is, or belongs; slot_n: behind the last slot. */
static size_t
find(const struct case_keyset *k, uint32_t tag)
{
	size_t i = place_of(tag, k->slot_n);

	while (i < k->slot_n && k->slot[i].number != 0 && k->slot[i].tag < tag)
		i++;
	return i;
}

/* Makes room at slot i by moving on what stands there; false: no room. */
static bool
push(struct case_keyset *k, size_t i)
{
	size_t end = i;

	while (end < k->slot_n && k->slot[end].number != 0)
		end++;
	if (end == k->slot_n)
		return false;
	memmove(k->slot + i + 1, k->slot + i, (end - i) * sizeof(*k->slot));
	return true;
}

enum case_status
case_keyset_add(struct case_keyset *k, uint32_t tag, uint32_t number,
    struct case_error *err)
{
	enum case_status rc;
	size_t i;

	if (k->n >= places(k->slot_n) / 4 * 3 && (rc = grow(k, err)) != CASE_OK)
		return rc;
	while (!push(k, i = find(k, tag)))
		if ((rc = grow(k, err)) != CASE_OK)
			return rc;
	k->slot[i].tag = tag;
	k->slot[i].number = number;
	k->n++;
	return CASE_OK;
}

uint32_t
case_keyset_next(const struct case_keyset *k, uint32_t tag, size_t *at)
{
	size_t i = *at != 0 ? *at : find(k, tag);

	if (i >= k->slot_n || k->slot[i].number == 0 || k->slot[i].tag != tag)
		return 0;
	*at = i + 1;
	return k->slot[i].number;
}

void
case_keyset_expect(const struct case_keyset *k, uint32_t tag)
{
	__builtin_prefetch(&k->slot[place_of(tag, k->slot_n)], 1);
}

size_t
case_keyset_count(const struct case_keyset *k)
{
	return k->n;
}

size_t
case_keyset_size(const struct case_keyset *k)
{
	return k->slot_n * sizeof(*k->slot);
}
