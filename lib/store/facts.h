/* facts.h - the batches of a store: their rows, sealed by a hash */
#ifndef STORE_FACTS_H
#define STORE_FACTS_H

#include "lib/store/content.h"

/*
 * What the store keeps of a batch beside what callers know.
 *
 * repeats	unchanged rows that repeat another of their own file
 * key		the wider identity: field names with commas, "*", or NULL
 * lines	sum of the lines of the versions it set
 */
struct case_facts_more {
	int64_t repeats;
	const char *key;
	int64_t lines;
};

enum case_status case_facts_insert(struct case_store *st, int64_t id,
    const struct case_batch_facts *f, const struct case_facts_more *more,
    struct case_error *err);
/* Computes the hashes of a batch anew, once its rows are as they will be. */
enum case_status case_facts_seal(struct case_store *st, int64_t id,
    struct case_error *err);
/* *fits: whether the hashes are still those of the seal. */
enum case_status case_facts_check(struct case_store *st, int64_t id, bool *fits,
    struct case_error *err);

/* Counts of a batch changed by so much, when an undo moves records to it. */
enum case_status case_facts_shift(struct case_store *st, int64_t id,
    int64_t added, int64_t changed, int64_t unchanged, int64_t lines,
    struct case_error *err);

/*
 * Batches behind this one may have rejected rows only because of it: when it
 * is undone the same bytes are worth another import.
 */
enum case_status case_facts_doubt(struct case_store *st, int64_t batch,
    struct case_error *err);

/*
 * Opens c for the rows of a batch as its import saw them: with its wider
 * identity. c as case_content_open.
 */
enum case_status case_facts_content(struct case_content *c,
    struct case_store *st, const struct case_store_type *type, int64_t batch,
    struct case_error *err);
/* The names of fields as a list with commas, and back. */
void case_facts_print_key(struct case_buf *out, const struct case_rtype *rt,
    const struct case_key *key);

#endif
