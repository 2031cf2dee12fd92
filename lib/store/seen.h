/* seen.h - the records that a batch found as they were */
#ifndef STORE_SEEN_H
#define STORE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"
#include "lib/store/sqlite.h"

/*
 * One record that a batch said nothing new about. What it said has to be
 * known when the batch behind the stored value is undone.
 *
 * partial	it said only some of what is stored: the fields whose bit is
 *		in present (by slot), and extra. Else all of it
 * cleared	fields that it said have no value, in the same way; cleared_n 0:
 *		of none
 * blank	columns of extra that it said are blank, as in a case_record
 */
struct case_seen {
	int64_t id, line;
	bool partial;
	const uint8_t *present;
	size_t present_n;
	struct case_str extra;
	const uint8_t *cleared;
	size_t cleared_n;
	struct case_str blank;
};

struct case_seen_writer {
	struct case_store *st;
	struct case_sql *insert;
	int64_t batch;
	int64_t seq;
	int64_t chunk_n; /* entries of the chunk being filled */
	int64_t n;	 /* of all */
	int64_t last_id, last_line;
	struct case_buf data;
};

enum case_status case_seen_open(struct case_seen_writer *w,
    struct case_store *st, int64_t batch, struct case_error *err);
enum case_status case_seen_add(struct case_seen_writer *w,
    const struct case_seen *s, struct case_error *err);
/* Writes what is left; the writer is still to be closed. */
enum case_status case_seen_finish(struct case_seen_writer *w,
    struct case_error *err);
void case_seen_close(struct case_seen_writer *w);

/* Calls back for each in the order written. Borrowed for the call. */
enum case_status case_seen_read(struct case_store *st, int64_t batch,
    enum case_status (
	*each)(void *arg, const struct case_seen *s, struct case_error *err),
    void *arg, struct case_error *err);

#endif
