/* cell.h - one cell of a source read as the value of a field */
#ifndef CASE_MODEL_CELL_H
#define CASE_MODEL_CELL_H

#include <stdbool.h>
#include <stdint.h>

#include "case/buf.h"
#include "case/layout.h"
#include "case/rtype.h"
#include "case/words.h"

#include "lib/model/names.h"

/* What became of a cell. */
enum cell_state {
	CELL_UNKNOWN, /* of a memo: nothing is remembered here */
	CELL_VALUE,
	CELL_MISSING,
	CELL_BAD, /* not a value of the field's type: reason */
	CELL_MEMORY
};

/*
 * Most cells repeat: dates, flags, codes. A slot remembers what the bytes of
 * one cell turned out to be; the next cell that lands in it takes its place.
 */
#define MEMO_BYTES 30
struct memo_slot {
	uint8_t n;
	uint8_t state;
	char raw[MEMO_BYTES];
	int64_t value;
};
#define MEMO_SLOTS 256

/* The same for coded texts, whose bytes the words hold anyway. */
struct word_slot {
	const char *p;
	uint32_t n;
	uint32_t id;
};
#define WORD_SLOTS 512

/* The first day and the length of every month that ISO dates come from. */
#define MONTHS_FROM 1970
#define MONTHS_TO 2070
struct month {
	int32_t first;
	int32_t days;
};

/* What all columns share. */
struct cell_room {
	const struct case_rtype *rt;
	struct case_words *words;
	struct case_names *flags;
	struct month month[(MONTHS_TO - MONTHS_FROM) * 12];
	size_t missing_max;	 /* no longer text can be a missing word */
	bool missing_begin[256]; /* nor one that begins otherwise */
	struct case_buf fold;
	bool failed;	       /* out of memory, whatever was answered */
	struct case_error why; /* of CELL_BAD */
};

enum case_status cell_room_init(struct cell_room *room,
    const struct case_rtype *rt, struct case_words *words,
    struct case_error *err);
void cell_room_free(struct cell_room *room);

/*
 * How the cells of one column are read.
 *
 * values, bad	cells that said something, and those of them that could not
 *		be read, counted by who reads them
 */
struct cell_plan {
	const struct case_field *field;
	size_t at;  /* of the field in its type */
	bool texts; /* its values are texts, not words */
	const struct case_layout_column *column;
	size_t values, bad;
	struct memo_slot *memo; /* or NULL */
	struct word_slot *word; /* or NULL */
};

/* Room for what a column remembers; false: out of memory. */
bool cell_plan_init(struct cell_plan *plan, const struct case_rtype *rt,
    int field, const struct case_layout_column *column);
void cell_plan_free(struct cell_plan *plan);

/*
 * Reads a cell that is not empty into v, whose type is set. A text that is not
 * coded is left in v->u.s, borrowed from the cell or from room until the next
 * call.
 */
enum cell_state cell_read(struct cell_room *room, struct cell_plan *plan,
    struct case_str cell, struct case_value *v);

/*
 * The same without a look at what is remembered. The reason of a bad cell is
 * empty when cell_read only remembered that it was bad; this one finds it.
 */
enum cell_state cell_read_fresh(struct cell_room *room,
    const struct cell_plan *plan, struct case_str cell, struct case_value *v);

/* Whether a trimmed text means no value. */
bool cell_is_missing(struct cell_room *room, struct case_str s);

/* case_text_trim, but quick for a text that has nothing to trim. */
struct case_str cell_trim(struct case_str s);

#endif
