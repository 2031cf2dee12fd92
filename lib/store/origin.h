/* origin.h - which batches come from one source */
#ifndef STORE_ORIGIN_H
#define STORE_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/store/sqlite.h"

/* What was corrected by hand is a source of its own. */
enum { CASE_ORIGIN_HAND = 0 };

/*
 * A batch that was not taken back.
 *
 * origin	number of its source
 * full		it is complete for the days from first to last
 */
struct case_origin_batch {
	int64_t id;
	size_t origin;
	char *file;
	bool full;
	int64_t first, last;
};

/* A source: its layout, or the names of its last header, hashed and sorted. */
struct case_origin {
	char *layout;
	char *header;
	uint64_t *name;
	size_t name_n;
};

/*
 * The batches of a type in their order, and their sources: those read by one
 * layout are of one source; of the others those are whose headers have more
 * than half of their columns in common, since an export gains and loses
 * columns over the years. Zero-initialise.
 */
struct case_origins {
	struct case_origin_batch *batch;
	size_t batch_n;
	struct case_origin *origin;
	size_t origin_n;
};

/* as_of: without batches behind that one; 0: all. */
enum case_status case_origins_load(struct case_origins *o,
    struct case_store *st, const char *type, int64_t as_of,
    struct case_error *err);
void case_origins_free(struct case_origins *o);
/* The source of a file about to be imported; a new one is added. */
enum case_status case_origins_meet(struct case_origins *o, const char *layout,
    const char *header, size_t *origin, struct case_error *err);
/* NULL: taken back, or of another type. */
const struct case_origin_batch *case_origins_batch(const struct case_origins *o,
    int64_t id);
/* The source of a batch; that of the hand when it is not known. */
size_t case_origins_of(const struct case_origins *o, int64_t id);

#endif
