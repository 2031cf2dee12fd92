/* clean.h - from a raw row to a clean record, a reject, or set aside */
#ifndef CASE_CLEAN_H
#define CASE_CLEAN_H

#include <stddef.h>
#include <stdint.h>

#include "case/error.h"
#include "case/layout.h"
#include "case/record.h"
#include "case/row.h"
#include "case/rtype.h"
#include "case/words.h"

enum case_outcome {
	CASE_RECORD,
	CASE_REJECT,
	CASE_ASIDE_BLANK,
	CASE_ASIDE_TOTAL, /* 合计 小计 总计 制表人 填报单位 … */
	CASE_ASIDE_HEADER /* the header once more */
};

/*
 * field	index of the field at fault, or -1
 * value	its raw text
 * reason	in the user's language
 * Borrowed until the next row.
 */
struct case_reject {
	int field;
	struct case_str value;
	const char *reason;
};

/* Per field: values that did not parse and were kept in extra as raw text. */
struct case_warning {
	int field;
	size_t count;
	size_t first_line;
	char example[64];
	char reason[160];
};

/*
 * Per column: cells that say something, and those of them that could not be
 * read. A column without a field has none of these.
 */
struct case_column_count {
	size_t values;
	size_t bad;
};

struct case_cleaner;

/*
 * rt, m and words must outlive it. Words of coded fields are added to words.
 * Not thread safe: one cleaner a thread, and words belongs to that thread
 * while it works.
 */
enum case_status case_cleaner_new(struct case_cleaner **out,
    const struct case_rtype *rt, const struct case_mapping *m,
    struct case_words *words, struct case_error *err);
void case_cleaner_free(struct case_cleaner *c);

/*
 * Cleans one row. rec->v (field_n values) is filled by the call and must be
 * room of the caller's; texts in it, and extra, are appended to arena, which
 * the caller empties when the records are done with: their offsets are fixed
 * up as pointers into arena only by case_cleaner_pin(), since arena may move.
 *
 * Rules (design.md section 5): the row's fault, a wrong number of cells, no
 * identity: a reject. Missing words are missing. A value that does not parse
 * is a warning and stays in extra under "FIELD!". Identifiers are text:
 * trimmed, width-folded, never a number.
 *
 * Every missing value says why (value.h): ABSENT when no column of this row
 * is about its field; BLANK when one is, and is empty or has a missing word;
 * CLEARED when it has a value that does not parse, unless the field is part of
 * an identity, or when it may name two and names one.
 */
enum case_status case_cleaner_row(struct case_cleaner *c,
    const struct case_row *row, struct case_record *rec, struct case_buf *arena,
    enum case_outcome *outcome, struct case_reject *reject,
    struct case_error *err);
/*
 * Says rec->blank from now on, for a store that lets blanks overwrite. Without
 * it rec->blank is always empty.
 */
void case_cleaner_keep_blanks(struct case_cleaner *c);
/* Turns the offsets of a record into pointers once arena is complete. */
void case_cleaner_pin(const struct case_cleaner *c, struct case_record *rec,
    const struct case_buf *arena);

/*
 * Counted so far, of every row that became a record here, also when the store
 * then rejects it or finds nothing new in it: that is what the file says, the
 * same at each import. Sorted by field. Borrowed.
 */
const struct case_warning *case_cleaner_warnings(const struct case_cleaner *c,
    size_t *n);
/*
 * For each column of the mapping, in its order. rows: how many had their cells
 * read, those without an identity too: a ruined number is what one looks for.
 * Borrowed until the next row.
 */
const struct case_column_count *case_cleaner_columns(struct case_cleaner *c,
    size_t *n, size_t *rows);

#endif
