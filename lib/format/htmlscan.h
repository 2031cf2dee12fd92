/* htmlscan.h - where the tables of an HTML page are */
#ifndef CASE_FORMAT_HTMLSCAN_H
#define CASE_FORMAT_HTMLSCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "case/error.h"
#include "case/limits.h"

/*
 * One table, as offsets into the page.
 *
 * from, to	what is between its tags
 * caption_from, caption_to	the same of its caption; equal: it has none
 * rows		that it has itself, without those of tables within
 * cut		where it may be parted between two of its rows, so that its
 *		parts are small
 * cut_off	the page ends within it
 */
struct case_html_table {
	size_t from;
	size_t to;
	size_t caption_from;
	size_t caption_to;
	size_t rows;
	size_t *cut;
	size_t cut_n;
	bool cut_off;
};

/* Whether the page consists of frames is told since it has no tables then. */
struct case_html_tables {
	struct case_html_table *table;
	size_t n;
	bool frames;
};

/*
 * Finds the tables with rows in the order in which they begin; one that is
 * within another's cell is a table of its own. Tags are read as the HTML
 * standard has it: comments, quoted values, scripts, ends left out.
 *
 * CASE_EDATA when elements within the cells of tables are deeper than
 * limits->depth: a parser's time and stack grow with that.
 */
enum case_status case_html_scan(struct case_html_tables *t, const char *p,
    size_t n, const struct case_limits *limits, struct case_error *err);
void case_html_tables_free(struct case_html_tables *t);

#endif
