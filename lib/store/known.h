/* known.h - records known by their hashes, in memory */
#ifndef STORE_KNOWN_H
#define STORE_KNOWN_H

#include <stdint.h>

#include "lib/store/content.h"
#include "lib/store/keyset.h"

/*
 * When an export that comes again has its rows in another order, each would be
 * looked for at a random place of an index and of the table: this is read in
 * one pass, and answers instead. It has at most 29.4 bytes a record.
 * Zero-initialise; then it knows none.
 *
 * keys		tags of the first identity of each, to record numbers; NULL:
 *		the caller has a set that knows them too
 * hash		of record i below n: its content and its wider identity; 0: it
 *		is not to be met
 */
struct case_known {
	struct case_keyset *keys;
	uint64_t *hash;
	int64_t n;
};

/* The records below n that c is to meet. own: with keys. */
enum case_status case_known_load(struct case_known *m,
    const struct case_content *c, int64_t n, bool own, struct case_error *err);
void case_known_free(struct case_known *m);

/*
 * The record with the content and the identities of d as it was when it was
 * loaded, or 0; keys: m's, or the caller's, to which other records may have
 * been added.
 */
int64_t case_known_find(const struct case_known *m,
    const struct case_keyset *keys, const struct case_content *c,
    const struct case_record_digest *d);
/* A hint that it is asked about soon. */
void case_known_expect(const struct case_known *m, const struct case_content *c,
    const struct case_record_digest *d);

#endif
