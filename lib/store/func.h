/* func.h - the SQL functions that expressions compile to */
#ifndef STORE_FUNC_H
#define STORE_FUNC_H

#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"
#include "case/date.h"
#include "case/error.h"
#include "case/words.h"

/*
 * What the functions of one connection read and count; it must outlive the
 * connection. Zero-initialise and fill in the first two.
 *
 * words	the dictionary behind word(id)
 * workdays	the calendar; NULL: every working-day function is missing
 * gaps		how often a working-day function met a day that the calendar
 *		does not cover; its result is then missing
 * gap_day	one of those days, the first since gaps was 0
 * scratch	reused by the functions; case_func_free() releases it
 */
struct case_func_context {
	const struct case_words *words;
	const struct case_workdays *workdays;
	size_t gaps;
	int64_t gap_day;
	struct case_buf scratch;
};

/* db is the sqlite3 *, hidden so that no other file needs <sqlite3.h>. */
enum case_status case_func_register(void *db, struct case_func_context *ctx,
    struct case_error *err);
void case_func_free(struct case_func_context *ctx);

#endif
