/* import_int.h - what the parts of an import share */
#ifndef WORK_IMPORT_INT_H
#define WORK_IMPORT_INT_H

#include "case/import.h"
#include "lib/work/pipeline.h"
#include "lib/work/source.h"

/* One file on its way into the store. */
struct import {
	struct source src;
	struct case_store *st;
	struct case_share *sh;
	const struct case_import_options *o;
	struct case_import_result *r;
	const char *path;
	struct case_cleaner *cleaner;
	struct case_batch *batch;
	struct case_batch_facts facts;
	struct case_buf options, header, sheets;
	size_t sheet; /* the one that is read, from 0 */

	/* The line of a row that can't be parted, when no other came behind. */
	size_t cut_line;

	/* -n: the table, its fields, and room for a row of it. */
	struct case_table clean;
	int *field;
	size_t field_n;
	struct case_value *row;
};

/*
 * What needs a look, as notes of the result (importnote.c): columns that are
 * new, gone or unknown; sheets passed over; values that did not parse; what
 * other sources say; records that vanished; a file that looks cut off.
 */
enum case_status import_note_columns(struct import *im, struct case_error *err);
enum case_status import_note_sheets(struct import *im, struct case_error *err);
enum case_status import_note_warnings(struct import *im,
    struct case_error *err);
enum case_status import_note_conflicts(struct import *im,
    struct case_error *err);
enum case_status import_note_vanished(struct import *im,
    struct case_error *err);
enum case_status import_note_end(struct import *im, struct case_error *err);

/* The tables of -n and of --rejects (importtab.c). */
enum case_status import_begin_clean(struct import *im, struct case_error *err);
enum case_status import_write_clean(struct import *im,
    const struct case_record *rec, struct case_error *err);
enum case_status import_begin_rejects(struct import *im,
    struct case_error *err);
enum case_status import_write_reject(struct import *im,
    const struct pipeline_row *row, const char *reason, struct case_error *err);

#endif
