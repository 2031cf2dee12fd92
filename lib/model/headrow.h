/* headrow.h - which row of a file, or which two, are its header */
#ifndef CASE_MODEL_HEADROW_H
#define CASE_MODEL_HEADROW_H

#include <stddef.h>

#include "case/buf.h"
#include "case/row.h"

#include "lib/model/match.h"

/* Cells of a header, copied; zero-initialise. */
struct head_cells {
	struct head_cell *cell;
	size_t n;
	size_t cap;
	struct case_buf text;
};

void head_cells_free(struct head_cells *c);

/*
 * The header among the first 20 rows, or (line not 0) the one that has a row
 * on that line: the row with the most known names, the first of equals. Two
 * rows that follow each other are one header when they do better joined: the
 * name of a column is then 父/子, a group's name going on to the right as
 * merged cells do, or the one of the two that is not empty.
 *
 * The reader is left behind the header.
 *
 * cells	the names
 * line		the physical line of its last row
 * before	rows above it
 * rows		1, or 2 when it was joined
 */
struct headrow {
	struct head_cells cells;
	size_t line;
	size_t before;
	size_t rows;
};

enum case_status headrow_find(struct headrow *h, const struct matcher *mt,
    struct case_reader *rd, size_t line);
/* Back to the first row behind the header. */
enum case_status headrow_rewind(const struct headrow *h, struct case_reader *rd,
    struct case_error *err);

/* CASE_EDATA: these cells, of a line (0: there are none), are no header. */
enum case_status headrow_none(const struct case_str *cell, size_t n,
    size_t line, struct case_error *err);
/* CASE_EDATA: no row can be read; fault says why not the first, of a line. */
enum case_status headrow_unread(struct case_buf *fault, size_t line,
    struct case_error *err);

#endif
