/* match.h - what a header's name means: by the layout, else by the type */
#ifndef CASE_MODEL_MATCH_H
#define CASE_MODEL_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/layout.h"

#include "lib/model/header.h"

/* A name of a column of the layout. */
struct known {
	struct case_header header;
	size_t column;
};

/* What headers are compared with, taken apart once. */
struct matcher {
	const struct case_rtype *rt;
	const struct case_layout *layout; /* or NULL */
	struct known *known;
	size_t known_n;
	bool jsonl; /* the rows are objects of JSON */
	struct case_error *err;
};

enum case_status matcher_begin(struct matcher *mt, const struct case_rtype *rt,
    const struct case_layout *layout, struct case_error *err);
void matcher_free(struct matcher *mt);

/*
 * The cell that names a column, trimmed. Of a header in two rows the name is
 * 父/子 and child its second part; else child is empty.
 */
struct head_cell {
	struct case_str name;
	struct case_str child;
};

/*
 * What one header means; from is the layout's column, or column_n.
 *
 * known	a column of that name is expected: a layout may know it as "-"
 * whole	known by all of its name, not only by its child
 * rival	another field that has this name too, or -1
 */
struct meaning {
	int field;
	int rival;
	int64_t scale;
	size_t from;
	bool known;
	bool whole;
};

enum case_status match(const struct matcher *mt, const struct head_cell *cell,
    struct meaning *to);

/* How well a row does as a header. */
struct score {
	size_t known;  /* cells that are known names */
	size_t fields; /* of them, fields */
	size_t parts;  /* known names that are of two parts, 父/子 */
	size_t whole;  /* of them, those known by both */
	bool identity; /* a field of an identity is among them */
};

enum case_status match_score(const struct matcher *mt,
    const struct head_cell *cell, size_t n, struct score *s);

/* Whether that is enough for a header: one identity, or two fields. */
bool match_enough(const struct score *s);

#endif
