/* keyset.h - which keys were met: a compact set in memory */
#ifndef STORE_KEYSET_H
#define STORE_KEYSET_H

#include <stddef.h>
#include <stdint.h>

#include "case/error.h"

/*
 * A multiset of pairs of a 32-bit tag and a 32-bit number, 8 bytes each, kept
 * sorted by tag. A tag is part of a hash: two keys may share one, so a caller
 * compares the keys themselves on every hit. At most 21.4 bytes a pair, also
 * while it grows, which makes less than 48 bytes for a record of two keys.
 */
struct case_keyset;

enum case_status case_keyset_new(struct case_keyset **out,
    struct case_error *err);
void case_keyset_free(struct case_keyset *k);

/* Numbers count from 1. CASE_ENOMEM: nothing was added. */
enum case_status case_keyset_add(struct case_keyset *k, uint32_t tag,
    uint32_t number, struct case_error *err);

/*
 * The numbers with a tag, one at each call; 0: no more. Start with *at = 0.
 * Nothing may be added between the calls.
 */
uint32_t case_keyset_next(const struct case_keyset *k, uint32_t tag,
    size_t *at);

/*
 * Has the place of a tag fetched, which takes longer than all else about it:
 * said some rows before the tag is looked for.
 */
void case_keyset_expect(const struct case_keyset *k, uint32_t tag);

size_t case_keyset_count(const struct case_keyset *k);
/* Bytes of memory held. */
size_t case_keyset_size(const struct case_keyset *k);

/* The tag of a hash, and of a number that must not share its own. */
static inline uint32_t
case_keyset_tag(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

/* One to one, so that different numbers never share a tag. */
static inline uint32_t
case_keyset_scatter(uint32_t x)
{
	x = (x ^ (x >> 16)) * UINT32_C(0x85ebca6b);
	x = (x ^ (x >> 13)) * UINT32_C(0xc2b2ae35);
	return x ^ (x >> 16);
}

#endif
