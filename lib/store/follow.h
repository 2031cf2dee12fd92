/* follow.h - records that come again in the order in which they are stored */
#ifndef STORE_FOLLOW_H
#define STORE_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/store/content.h"

/*
 * Most exports that come again have their rows where they had them before, so
 * that the record behind the one met last is a good guess: it is read as the
 * table is, from front to back, and no index is asked. Zero-initialise.
 *
 * rows	the records behind one, in order
 * at	the record on which rows stands; 0: on none
 * last	the record met last
 */
struct case_follow {
	struct case_sql *rows;
	int64_t at, last;
};

enum case_status case_follow_open(struct case_follow *f,
    const struct case_content *c, struct case_error *err);
/* It may be opened again, and goes on from the record met last. */
void case_follow_close(struct case_follow *f);

/*
 * The next record when it has this digest: the same content and the same
 * identities, as they were when the one before was met; else 0.
 */
int64_t case_follow_guess(const struct case_follow *f,
    const struct case_record_digest *d);
/* Record id was met, in whatever way. */
enum case_status case_follow_met(struct case_follow *f, int64_t id,
    struct case_error *err);

#endif
