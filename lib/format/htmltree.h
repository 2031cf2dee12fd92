/* htmltree.h - the rows and texts in a part of an HTML table */
#ifndef CASE_FORMAT_HTMLTREE_H
#define CASE_FORMAT_HTMLTREE_H

#include <stdbool.h>
#include <stddef.h>

#include "case/buf.h"
#include "case/error.h"
#include "case/limits.h"

/*
 * One part at a time, read by a parser that builds a tree of it. What it
 * takes is bounded by limits->held, and kept for the next part.
 */
struct case_html_tree;

enum case_status case_html_tree_new(struct case_html_tree **out,
    const struct case_limits *limits, struct case_error *err);
void case_html_tree_free(struct case_html_tree *tree);

/*
 * Reads what stands between the tags of a table, or a part of it that begins
 * with a row. p must stay as long as the tree is asked.
 */
enum case_status case_html_tree_parse(struct case_html_tree *tree,
    const char *p, size_t n, struct case_error *err);

/*
 * A row of the part.
 *
 * section	it is the first of a <thead>, <tbody> or <tfoot>, where cells
 *		that span rows end
 * source	where it begins in what was parsed
 */
struct case_html_row {
	bool section;
	const char *source;
	size_t cell_n;
};

size_t case_html_tree_rows(const struct case_html_tree *tree);
struct case_html_row case_html_tree_row(const struct case_html_tree *tree,
    size_t row);

/* How many columns and rows a cell takes; rows is SIZE_MAX: all there are. */
struct case_html_span {
	size_t columns;
	size_t rows;
};

/*
 * Appends what a browser shows of a cell: white space folded, a line end for
 * <br> and between paragraphs, nothing of tables within. Where Excel left the
 * number behind a formatted one (x:num) that is taken.
 */
struct case_html_span case_html_tree_cell(struct case_html_tree *tree,
    size_t row, size_t cell, struct case_buf *out);

/*
 * The text of a whole page: in the same way, but with that of its tables, a
 * line for each row and blanks between the cells.
 */
enum case_status case_html_tree_page(struct case_html_tree *tree, const char *p,
    size_t n, struct case_buf *out, struct case_error *err);

/* The text of a piece of a page, in the same way. */
enum case_status case_html_tree_text(struct case_html_tree *tree, const char *p,
    size_t n, struct case_buf *out, struct case_error *err);

#endif
