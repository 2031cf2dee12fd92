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
 */
struct source {
	struct case_input *in;
	struct case_reader *rd;
	struct case_rtype *own;
	const struct case_rtype *rt;
	struct case_layout *layout;
	struct case_mapping map;
};

/* Opens path, finds its format and loads type and layout. */
enum case_status source_open(struct source *s, struct case_share *sh,
    const char *path, const struct case_import_options *o,
    struct case_error *err);
/* Finds the header row; an identity must be among the columns. */
enum case_status source_map(struct source *s, struct case_share *sh,
    const struct case_import_options *o, struct case_error *err);
void source_close(struct source *s);

/* All that decides the outcome beside bytes, type and layout name. */
void source_options(struct case_buf *out, const struct source *s,
    const struct case_import_options *o);
/* The columns as a JSON array of [header, field]; field "" is extra. */
void source_header(struct case_buf *out, const struct source *s);

#endif
