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
#include "case/words.h"

/* Field numbers that are no field. */
#define CASE_EXTRA (-1)	 /* kept in extra under its header */
#define CASE_IGNORE (-2) /* provenance of a case-table: _file, _line … */

/*
 * A column that the tools add to what they write, tables and files of rejects:
 * a file is of the same source and layout with it and without.
 */
bool case_header_is_ours(const char *header);

/* A case-table's column of this name holds extra itself, as JSON. */
#define CASE_EXTRA_COLUMN "extra"

/*
 * How one column is read.
 *
 * header	as it stands in the file or layout; "" has no name
 * alias	in a layout: other names of the same column
 * field	index in the record type, CASE_EXTRA, CASE_IGNORE
 * scale	money: fen of a bare number. In a layout 0 is "by the header or
 *		the field"; a mapping always has it
 * order	of the numbers of its dates, when it is known
 * code		further code aliases of this source; of a text, words that are
 *		put for others. A mapping borrows them from its layout
 * required	in a layout: a file without it is refused
 * decided	in a mapping: the layout named it, not the type
 * rival	in a mapping: another field that the header fits as well, or -1
 * rank		in a mapping: where the layout has it; of the columns of one
 *		field the lowest that is not empty is the value
 * extra	in a mapping: its key in extra, unlike any other's
 * child	in a mapping: of a header joined from two rows, 父/子, where the
 *		second part begins; 0: it is of one row
 */
struct case_layout_column {
	char *header;
	char **alias;
	size_t alias_n;
	int field;
	int64_t scale;
	enum case_calendar calendar;
	enum case_date_order order;
	struct case_code *code;
	size_t code_n;
	bool required;
	bool decided;
	int rival;
	size_t rank;
	char *extra;
	size_t child;
};

/*
 * A field that has the same value in every row, in a file whose columns do not
 * say it.
 *
 * column	how the value is read; its header is the field's name
 * text		the value, which was read once as a trial
 */
struct case_layout_fixed {
	struct case_layout_column column;
	char *text;
};

/*
 * A layout file of share/layouts; field numbers are of its type. Several
 * columns may name one field: in their order the first that is not empty is
 * the value, and the others, when they differ, are kept in extra.
 */
struct case_layout {
	char *name;
	char *type;
	char *label; /* or NULL */
	struct case_layout_column *column;
	size_t column_n;
	struct case_layout_fixed *fixed;
	size_t fixed_n;
	size_t map_n;	     /* columns of case_layout_map, which stand first */
	struct case_key key; /* a wider identity; field_n 0: the type's */
	bool key_content;    /* "*": the content itself */
	bool snapshot;
	size_t header_row; /* 0: found */
	enum case_encoding encoding;
	enum case_calendar calendar; /* of dates that no column says */
	char *sheet;		     /* or NULL */
};

/*
 * {"name", "type", "label", "columns": {"HEADER": "field" | "-" | {"field",
 * "scale" (a factor of yuan) or "unit", "calendar" (ce, roc, excel1904),
 * "order" (ymd, mdy, dmy), "codes": {"written": "code"}, "aliases": ["HEADER",
 * …], "required"}}, "fixed":
 * {"field": "value"}, "key": ["field", …] | "*", "snapshot", "header_row",
 * "encoding", "calendar", "sheet"}.
 */
enum case_status case_layout_load(struct case_layout **out,
    struct case_share *sh, const char *name, const struct case_rtype *rt,
    struct case_error *err);
/* An empty layout of a type, to be added to by case_layout_map. */
enum case_status case_layout_new(struct case_layout **out,
    const struct case_rtype *rt, struct case_error *err);
/*
 * "HEADER=FIELD" of --map, before what the layout says: FIELD is a name, label
 * or alias, or "-" (kept in extra). A file without HEADER is then refused.
 */
enum case_status case_layout_map(struct case_layout *l, const char *assign,
    const struct case_rtype *rt, struct case_error *err);
/* The JSON that --layout-out saves. */
void case_layout_print(struct case_buf *out, const struct case_layout *l,
    const struct case_rtype *rt);
void case_layout_free(struct case_layout *l);

/* The type that a layout names, without loading all of it. */
enum case_status case_layout_type(struct case_share *sh, const char *name,
    char **type, struct case_error *err);

/* The encoding that it names, AUTO when none; a file is opened before. */
enum case_status case_layout_encoding(struct case_share *sh, const char *name,
    enum case_encoding *encoding, struct case_error *err);

/*
 * The mapping of one file: its header row and a column for each cell.
 *
 * header_line	physical line of the header; 0: names came with the format
 * skipped	rows before it (titles, blank lines), not the first of its two
 * width	cells a data row must have; 0: any number (names came with the
 *		format)
 * key		the wider identity of the layout, as there
 * fixed	fields that the layout sets; none of them has a column
 * taken	the keys in extra of all columns; NULL: none yet
 */
struct case_mapping {
	struct case_layout_column *column;
	size_t column_n;
	size_t header_line;
	size_t skipped;
	size_t width;
	struct case_key key;
	bool key_content;
	const struct case_layout_fixed *fixed;
	size_t fixed_n;
	struct case_words *taken;
};

/*
 * Finds the header among the first 20 rows (best match of known names, the
 * first of equals; at least one identity or two fields must match; two rows
 * that do better joined, as 父/子, are one header), and maps every column: by
 * the layout, else by names, labels and aliases of the type. Names are compared
 * by case_text_key, whole, then by what stands in brackets and what stands
 * before them; a unit in brackets scales money. A field that the layout maps
 * takes no column by its aliases. Sets the reader's width and leaves it at the
 * first row behind the header (or at the start, with names). The width is the
 * header's, unless all of the next rows (at most 20) have one other width and
 * only cells without name and content are in between.
 *
 * The layout (NULL: none) must outlive the mapping, which is the caller's to
 * zero before and to free after, failed or not.
 *
 * CASE_EDATA, all in one message: no header found (shows what was seen), two
 * columns for one field, a column that fits two fields, or one that the layout
 * fixes, a layout's required column missing.
 */
enum case_status case_mapping_find(struct case_mapping *m,
    struct case_reader *rd, const struct case_rtype *rt,
    const struct case_layout *layout, struct case_error *err);
/* Maps names that a self-describing reader added since. */
enum case_status case_mapping_grow(struct case_mapping *m,
    struct case_reader *rd, const struct case_rtype *rt,
    const struct case_layout *layout, struct case_error *err);
/*
 * Whether records get a field: from a column other than the one numbered but
 * (SIZE_MAX: from any), or from the layout.
 */
bool case_mapping_has(const struct case_mapping *m, int field, size_t but);
void case_mapping_free(struct case_mapping *m);

#endif
