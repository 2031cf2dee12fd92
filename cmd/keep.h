/* keep.h - case-import's care of a store: list, undo, trace, back up … */
#ifndef CMD_KEEP_H
#define CMD_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "case/buf.h"
#include "cmd/cmd.h"

enum keep_job {
	KEEP_NOTHING,
	KEEP_LIST,
	KEEP_SHOW,
	KEEP_UNDO,
	KEEP_TRACE,
	KEEP_CONFLICTS,
	KEEP_CORRECT,
	KEEP_BACKUP,
	KEEP_CHECK,
	KEEP_PRUNE,
	KEEP_TYPES,
	KEEP_DESCRIBE
};

/* arg: the option's argument; batch: the same as a number. */
struct keep_options {
	enum keep_job job;
	const char *arg;
	int64_t batch;
	const char *reason;
	int64_t before; /* day */
	bool has_before;
};

/* Does the job on the store, or without one; the exit code. */
int keep_run(const struct keep_options *k, const struct cmd_common *c, int wait,
    char *operand[]);

/* Writes a small file, in one piece or not at all. */
enum case_status keep_write_file(const char *path, const struct case_buf *text,
    struct case_error *err);

#endif
