/* jsonrow.h - an object of JSON as the cells of a row */
#ifndef CASE_FORMAT_JSONROW_H
#define CASE_FORMAT_JSONROW_H

#include <stdint.h>

#include "case/buf.h"
#include "lib/format/jsontok.h"
#include "lib/format/reader.h"

/* Longer names of columns are a fault, so that deep objects stay small. */
#define JSON_NAME_MAX ((size_t)4096)

/*
 * Names in the order met.
 *
 * seen		per name: the last row that had it
 * slot		open addressing over the names: index + 1, 0 is free
 */
struct json_names {
	struct case_str *name;
	uint64_t *seen;
	size_t n;
	size_t cap;
	size_t *slot;
	size_t slot_cap;
};

/*
 * An object within the row's object gives its values the names "key.inner";
 * an array is one value, its own JSON text. Keys may stand but once.
 *
 * leaf		columns
 * group	objects within the row's object, which are none
 * row		counts rows
 * expect	the column that is likely to come next
 * text		strings of the row that had escapes
 * path		the name of a column that lies deeper
 * stack	for json_value
 */
struct json_row {
	struct json_names leaf;
	struct json_names group;
	size_t leaf_before;
	size_t group_before;
	uint64_t row;
	size_t expect;
	struct case_buf text;
	struct case_buf path;
	struct case_buf stack;
};

/* A scan over text whose open brackets are counted from depth on. */
struct json_scan json_row_scan(struct json_row *j, struct case_reader *rd,
    const char *p, size_t n, size_t depth);
/* Forgets the row that was begun, with the names that it brought. */
void json_row_drop(struct json_row *j);
/*
 * The object at s->p, whose brace comes next, into rd->cell. What is wrong
 * with it is in s. json_row_end must follow, or json_row_drop.
 */
enum case_status json_row_object(struct json_row *j, struct case_reader *rd,
    struct json_scan *s, struct case_error *err);
/*
 * The cells of row, or its fault. row->raw has to be set: the fault says
 * where in it.
 */
enum case_status json_row_end(struct json_row *j, struct case_reader *rd,
    const struct json_scan *s, struct case_row *row, struct case_error *err);
/* Forgets all names: the rows that follow are of another table. */
void json_row_forget(struct json_row *j);
void json_row_free(struct json_row *j);

#endif
