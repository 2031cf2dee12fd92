/* batch.h - an import under way, inside the store */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include "lib/store/content.h"
#include "lib/store/keyset.h"
#include "lib/store/seen.h"

/*
 * bulk		the type has no records yet: keys are met in memory, and the
 *		indexes are built when all records are in
 * keys		bulk: tags of identities, to record numbers
 * lines	else: record numbers that were met, to their lines
 * contents	else: tags of what was said of a record, to its number
 * by		for each identity the statement that finds a record by it
 * row		what by found; its texts live until by is reset
 * room		for the two sets of bits of a seen record
 */
struct case_batch {
	struct case_store *st;
	const struct case_store_type *type;
	int64_t id;
	struct case_content c;
	const char *sheets; /* of its facts */
	bool bulk;
	struct case_keyset *keys, *lines, *contents;
	struct case_sql *by[CASE_IDS];
	struct case_stored row[CASE_IDS];
	struct case_seen_writer seen;
	struct case_sql *reject;
	struct case_raw *raw;
	int64_t next_id;
	int64_t added, changed, unchanged, repeats, rejected, line_sum;
	uint8_t *room;
	struct case_buf reason;
};

#endif
