/* pipeline.h - reading and cleaning beside storing */
#ifndef WORK_PIPELINE_H
#define WORK_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/clean.h"
#include "case/error.h"
#include "case/layout.h"
#include "case/record.h"
#include "case/row.h"
#include "case/store.h"

/*
 * One row as the reading side leaves it. Texts lie in its block and live
 * until the consumer asks for the next block.
 *
 * cells	as they stand in the source, when pipeline_open was told to keep
 *		them and the reader could tell them apart; else none
 */
struct pipeline_row {
	enum case_outcome outcome;
	struct case_record rec;
	struct case_record_digest digest;
	struct case_reject reject;
	struct case_str *cells;
	size_t cells_n;
	size_t line;
};

/*
 * A block of consecutive rows.
 *
 * position	raw bytes of the input read so far
 */
struct pipeline_block {
	struct pipeline_row *row;
	size_t row_n;
	uint64_t position;
};

struct pipeline;

/*
 * Starts a thread that reads rd to its end through c, for batch. All of these
 * outlive the pipeline and belong to its thread until pipeline_close, but for
 * batch, of which it reads what does not change. map grows with names that a
 * self-describing reader adds. The places of its rows are in the sheet of that
 * number (case_place), 0: in none.
 */
enum case_status pipeline_open(struct pipeline **out, struct case_reader *rd,
    struct case_mapping *map, const struct case_layout *layout,
    const struct case_rtype *rt, struct case_cleaner *c,
    const struct case_batch *batch, size_t sheet, bool cells,
    struct case_error *err);
/* The next block, borrowed until the next call; CASE_EOF at the end. */
enum case_status pipeline_next(struct pipeline *p,
    const struct pipeline_block **block, struct case_error *err);
/* Ends the thread, also in the middle. */
void pipeline_close(struct pipeline *p);

#endif
