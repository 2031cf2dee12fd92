/* source.h - a file opened for import: format, type, layout, columns */
#ifndef WORK_SOURCE_H
#define WORK_SOURCE_H

#include "case/clean.h"
#include "case/decode.h"
#include "case/error.h"
#include "case/import.h"
#include "case/layout.h"
#include "case/row.h"
#include "case/rtype.h"
#include "case/share.h"

/*
 * rt is the type as share/ has it (own) until the caller puts the store's in
 * its place, before source_map.
 *
 * document	the name of a file that is one document; NULL: it holds rows
 * sheet	the sheets to be read, by their numbers in the reader, sheet_n
 *		of them; none: the format has no sheets. map is of the one
 *		that the reader is at
 * passed	what is said about sheets that are not read, a line each
 */
struct source {
	struct case_input *in;
	bool borrowed; /* in is the caller's */
	const char *document;
	struct case_reader *rd;
	struct case_rtype *own;
	const struct case_rtype *rt;
	struct case_layout *layout;
	struct case_mapping map;
	size_t *sheet;
	size_t sheet_n;
	struct case_buf passed;
};

/* Whether documents are asked for, and a file of that name is one. */
bool source_is_document(const struct case_import_options *o, const char *name);
/* Opens path, finds its format and loads type and layout. */
enum case_status source_open(struct source *s, struct case_share *sh,
    const char *path, const struct case_import_options *o,
    struct case_error *err);
/* Loads the layout and what --map adds to it. */
enum case_status source_layout(struct source *s, struct case_share *sh,
    const struct case_import_options *o, struct case_error *err);
/*
 * Finds the header row; an identity must be among the columns. Of a workbook
 * it chooses the sheets (sheet.c): the one that is named by -s or the layout;
 * or all that can be seen, which then must have the same fields; or, when
 * nothing is said, the first that has a header and all others with its fields.
 */
enum case_status source_map(struct source *s,
    const struct case_import_options *o, struct case_error *err);
/* The same for a sheet that was chosen, by its number in s->sheet. */
enum case_status source_select(struct source *s, size_t i,
    struct case_error *err);
/* Header and identity in the rows where the reader is; s->map is replaced. */
enum case_status source_find_header(struct source *s, struct case_error *err);
/*
 * JSON may name further columns with any row: all rows are read for their names
 * and the reader is where it was. Does nothing for other formats.
 */
enum case_status source_meet_columns(struct source *s, struct case_error *err);
/* The name of a chosen sheet; "" when the format has none. */
const char *source_sheet_name(const struct source *s, size_t i);
/* The names of all of them as a batch keeps them. */
void source_sheets(struct case_buf *out, const struct source *s);
void source_close(struct source *s);

/* All that decides the outcome beside bytes, type and layout name. */
void source_options(struct case_buf *out, const struct source *s,
    const struct case_import_options *o);
/* ["HEADER","FIELD", of which the bracket is still open; "" is extra. */
void source_column(struct case_buf *out, const char *header, int field,
    const struct case_rtype *rt);
/* [null,"FIELD"] for each field that the layout sets, behind the columns. */
void source_fixed(struct case_buf *out, const struct source *s);
/* The columns as a JSON array of all that. */
void source_header(struct case_buf *out, const struct source *s);

#endif
