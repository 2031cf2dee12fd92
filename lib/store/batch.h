/* batch.h - an import under way, inside the store */
#ifndef STORE_BATCH_H
#define STORE_BATCH_H

#include "lib/store/conflict.h"
#include "lib/store/content.h"
#include "lib/store/follow.h"
#include "lib/store/keyset.h"
#include "lib/store/known.h"
#include "lib/store/seen.h"

/*
 * bulk		the type has no records yet: every one is of this batch
 * keys		tags of identities, to record numbers: in a bulk load, and
 *		since many records came to a store that has some, for then
 *		the indexes are built anew when all are in. NULL: indexes
 * said, said_new	else than in a bulk load, what the batch said of
 *		record i, and of record first_id + i
 * by		for each identity the statement that finds a record by it
 * quick	for each identity the statement that finds the hash of the
 *		content of a record by it
 * follow	else than in a bulk load: the record that may come next
 * memory	the hashes of the records that were there, since many were found
 *		by quick
 * many, quick_n	at least so many records make such a switch worth its
 *		cost; those that quick found
 * known	row was found by follow, memory or quick: it has the content of
 *		the record, and only its id is there
 * looked	statements of by were used for the record
 * row		what by found; its texts live until by is reset
 * room		for the two sets of bits of a seen record
 * watch	values of other sources may stand in records: conflicts is open
 * origin	the source of this batch
 * conflict_n	values that were found to be in conflict
 */
struct said {
	uint32_t line; /* 0: nothing yet */
	uint32_t tag;  /* of the content */
};

struct case_batch {
	struct case_store *st;
	const struct case_store_type *type;
	int64_t id;
	struct case_content c;
	const char *sheets; /* of its facts */
	bool bulk;
	struct case_keyset *keys;
	struct said *said, *said_new;
	size_t said_new_n, said_new_cap;
	int64_t first_id;
	struct case_sql *by[CASE_IDS];
	struct case_sql *quick[CASE_IDS];
	struct case_follow follow;
	struct case_known memory;
	int64_t many, quick_n;
	bool known, looked;
	struct case_stored row[CASE_IDS];
	struct case_seen_writer seen;
	struct case_sql *reject;
	struct case_raw *raw;
	int64_t next_id;
	int64_t added, changed, unchanged, repeats, rejected, line_sum;
	uint8_t *room;
	bool watch;
	enum case_on_conflict on_conflict;
	struct case_conflicts conflicts;
	size_t origin;
	int64_t conflict_n;
	struct case_buf reason;
};

/*
 * The statements that find records, as b->keys and the columns there are need
 * them.
 */
enum case_status case_batch_prepare_lookups(struct case_batch *b,
    struct case_error *err);
/*
 * From now on identities are looked up in memory, and the indexes are gone
 * until the commit.
 */
enum case_status case_batch_drop_indexes(struct case_batch *b,
    struct case_error *err);

/*
 * From now on records that come as they are stored are met in memory:
 * b->memory.
 */
enum case_status case_batch_load_hashes(struct case_batch *b,
    struct case_error *err);

#endif
