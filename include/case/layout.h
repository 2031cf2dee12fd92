/* layout.h - from header names to fields: layouts, header rows, mapping */
#ifndef CASE_LAYOUT_H
#define CASE_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"
#include "case/date.h"
#include "case/decode.h"
#include "case/error.h"
#include "case/row.h"
#include "case/rtype.h"
#include "case/share.h"

/* Field numbers that are no field. */
#define CASE_EXTRA (-1)	 /* kept in extra under its header */
#define CASE_IGNORE (-2) /* without a name, or provenance of a case-table */

/* How one column is read. */
struct case_layout_column {
	char *header; /* as it stands in the file or layout */
	int field;    /* index in the record type, CASE_EXTRA, CASE_IGNORE */
	int64_t scale; /* money: fen of a bare number; 0: by header or field */
	enum case_calendar calendar;
	struct case_code *code; /* further code aliases of this source */
	size_t code_n;
};

/* A layout file of share/layouts; field numbers are of its type. */
struct case_layout {
	char *name;
	char *type;
	char *label; /* or NULL */
	struct case_layout_column *column;
	size_t column_n;
	struct case_key key; /* a wider identity; field_n 0: the type's */
	bool key_content;    /* "*": the content itself */
	bool snapshot;
	size_t header_row;   /* 0: found */
	enum case_encoding encoding;
	char *sheet; /* or NULL */
};

enum case_status case_layout_load(struct case_layout **out,
    struct case_share *sh, const char *name, const struct case_rtype *rt,
    struct case_error *err);
/* An empty layout of a type, to be added to by case_layout_map. */
enum case_status case_layout_new(struct case_layout **out,
    const struct case_rtype *rt, struct case_error *err);
/* "HEADER=FIELD" of --map; FIELD may be "-" (kept in extra). */
enum case_status case_layout_map(struct case_layout *l, const char *assign,
    const struct case_rtype *rt, struct case_error *err);
/* The JSON that --layout-out saves. */
void case_layout_print(struct case_buf *out, const struct case_layout *l,
    const struct case_rtype *rt);
void case_layout_free(struct case_layout *l);

/* The type that a layout names, without loading all of it. */
enum case_status case_layout_type(struct case_share *sh, const char *name,
    char **type, struct case_error *err);

/*
 * The mapping of one file: its header row and a column for each cell.
 *
 * header_line	physical line of the header; 0: names came with the format
 * skipped	rows before it (titles)
 * width	cells a data row must have
 */
struct case_mapping {
	struct case_layout_column *column;
	size_t column_n;
	size_t header_line;
	size_t skipped;
	size_t width;
};

/*
 * Finds the header among the first 20 rows (best match of known names; at
 * least one identity or two fields must match), joins nothing, maps every
 * column: by the layout, else by names, labels and aliases of the type, the
 * unit read from brackets. Sets the reader's width and leaves it at the first
 * row behind the header (or at the start, with names).
 *
 * CASE_EDATA, all in one message: no header found (shows what was seen), two
 * columns for one field, a layout's required column missing.
 */
enum case_status case_mapping_find(struct case_mapping *m,
    struct case_reader *rd, const struct case_rtype *rt,
    const struct case_layout *layout, struct case_error *err);
/* Maps names that a self-describing reader added since. */
enum case_status case_mapping_grow(struct case_mapping *m,
    struct case_reader *rd, const struct case_rtype *rt,
    const struct case_layout *layout, struct case_error *err);
void case_mapping_free(struct case_mapping *m);

#endif
