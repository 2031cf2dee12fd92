/* import_int.h - what the parts of an import share */
#ifndef WORK_IMPORT_INT_H
#define WORK_IMPORT_INT_H

#include "case/import.h"
#include "lib/work/pipeline.h"
#include "lib/work/source.h"

/*
 * A column of the file, over all of its sheets.
 *
 * key		its key in extra, unlike any other's
 * values, bad	as in case_column_count
 * rows		that had it, with their cells read
 * news		no field takes it, and nobody said so
 */
struct import_column {
	char *key;
	char *header;
	int field;
	bool news;
	size_t values, bad, rows;
};

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

	/* Those of the first sheet, first_n of them, before all others. */
	struct import_column *column;
	size_t column_n, first_n;
	bool sheets_differ; /* in their columns or in the order of these */

	/* The line of a row that can't be parted, when no other came behind. */
	size_t cut_line;

	/* -n: the table, its fields, and room for a row of it. */
	struct case_table clean;
	int *field;
	size_t field_n;
	struct case_value *row;
};

/* A line of the result that needs a look. */
enum case_status import_note(struct case_import_result *r, const char *text,
    struct case_error *err);

/*
 * Columns (importdrift.c): what each held is counted when a sheet has been
 * read; at the end it becomes part of the header that the batch keeps, and what
 * differs from the last batch of the layout is noted: columns that are new,
 * gone or unknown, and what is read or filled otherwise than it was.
 */
enum case_status import_count_columns(struct import *im,
    struct case_error *err);
enum case_status import_keep_columns(struct import *im, struct case_error *err);
enum case_status import_note_columns(struct import *im, struct case_error *err);
void import_free_columns(struct import *im);

/*
 * Other notes (importnote.c): sheets passed over; values that did not parse;
 * what other sources say; records that vanished; a file that looks cut off.
 */
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
