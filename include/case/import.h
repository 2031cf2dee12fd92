/* import.h - files into the store */
#ifndef CASE_IMPORT_H
#define CASE_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/clean.h"
#include "case/decode.h"
#include "case/error.h"
#include "case/limits.h"
#include "case/share.h"
#include "case/store.h"
#include "case/table.h"

/*
 * Where rejected rows go: one table with the columns of the source, which all
 * files and sheets of a run must share, in whatever order. Zero-initialise but
 * for writer.
 *
 * at		for each column of the source that is read, its place in the
 *		table
 */
struct case_import_rejects {
	struct case_writer *writer;
	struct case_table table;
	struct case_value *cell;
	size_t *at;
};
/* Ends the table and frees what import made; writer stays the caller's. */
enum case_status case_import_rejects_end(struct case_import_rejects *r,
    struct case_error *err);

/*
 * How files are read. NULL and 0 are "by the file" or "not asked for".
 *
 * map		HEADER=FIELD, map_n of them
 * max_rejects	more than this many (or this share of rows, a fraction, when
 *		max_share) rolls the file back; negative: no limit
 * clean	where the clean records go with -n; the store is then private
 * rejects	where rejected rows go
 * limits	of packed and nested files; NULL: the defaults
 * input	a file that is open already, borrowed and not yet read: the path
 *		is then but the name that the batch keeps; NULL: path is opened
 * progress	called now and then: raw bytes read, of how many, rows, rejects
 */
struct case_import_options {
	const char *type;
	const char *layout;
	const char *const *map;
	size_t map_n;
	enum case_encoding encoding;
	const char *sheet;
	size_t header_row;
	char delimiter;
	bool raw; /* keep a copy of the file in the store */
	bool blank_overwrites;
	enum case_on_conflict on_conflict;
	const char *full; /* the period that this export is complete for */
	int64_t full_from, full_to; /* as in case_batch_facts */
	double max_rejects;
	bool max_share;
	int64_t time; /* seconds since 1970 */
	enum case_lang lang;
	struct case_writer *clean;
	struct case_import_rejects *rejects;
	const struct case_limits *limits;
	struct case_input *input;
	void (*progress)(void *arg, uint64_t position, uint64_t size,
	    size_t rows, size_t rejected);
	void *progress_arg;
};

/*
 * What became of one file: rows = added + changed + unchanged + rejected +
 * aside, which was checked. Texts are owned; free with
 * case_import_result_free.
 *
 * batch	0 when nothing was stored
 * same		the batch that holds the same bytes, or 0: nothing was done
 * note		lines that need a look: columns unknown, gone or new, values
 *that did not parse
 * unterminated	the last line, a whole row, has no end: the file may be cut
 */
struct case_import_result {
	int64_t batch;
	int64_t same;
	int64_t rows, added, changed, unchanged, rejected, aside, warnings;
	const char *encoding; /* or the form: case_reader_encoding */
	char *type;
	char **note;
	size_t note_n;
	bool unterminated;
};

/*
 * Imports one file in one transaction. On failure the store is as before it.
 * CASE_EDATA too when max_rejects was passed.
 */
enum case_status case_import_file(struct case_import_result *r,
    struct case_store *st, struct case_share *sh, const char *path,
    const struct case_import_options *o, struct case_error *err);
void case_import_result_free(struct case_import_result *r);

/*
 * A file to be imported: what the path names, or one in an archive there.
 *
 * name		for people: the path, with the file's own name in the archive
 *		behind it, "in/a.zip/b.csv"
 * file		the same without the folders of the path, for the batch
 * in		NULL: it can't be read, or holds no table
 * passed	why a file in an archive, which holds no table, is passed by
 * rc, fault	why it can't be read
 */
struct case_import_member {
	const char *name;
	const char *file;
	struct case_input *in;
	const char *passed;
	enum case_status rc;
	const struct case_error *fault;
};

/*
 * Opens path, and gives each the file, or one after the other those in the
 * zip or gzip archive that it is, and in archives within it. All of a member is
 * borrowed until each returns; false from it ends the walk.
 */
void case_import_unpack(const char *path, const struct case_import_options *o,
    bool (*each)(void *arg, const struct case_import_member *m), void *arg);
/*
 * Whether a file is none of a person's, by its name: Thumbs.db, and what Excel
 * leaves beside a workbook that is open. In archives these are passed over.
 */
bool case_import_left_over(const char *name);

/*
 * What an import would do, as a table for each sheet that it would read: for
 * each column its header, field, type, scale, the share of its values that
 * parse, and three examples (masked). Nothing is stored.
 *
 * layout_out	not NULL: the mapping, of the first sheet, as a layout in JSON
 *		is appended
 */
enum case_status case_import_explain(struct case_writer *w,
    struct case_share *sh, const char *path,
    const struct case_import_options *o, struct case_buf *layout_out,
    struct case_error *err);

/*
 * The sheets of a workbook as a table: number, name, hidden or not, and how
 * many rows are not blank. A file without sheets has one row without a name.
 */
enum case_status case_import_sheets(struct case_writer *w, const char *path,
    const struct case_import_options *o, struct case_error *err);

/*
 * One value of one record corrected by hand: a batch of one, with its reason.
 *
 * assign	FIELD=VALUE; an empty VALUE clears the field
 */
enum case_status case_import_correct(struct case_store *st, const char *type,
    const char *key, const char *assign, const char *reason, int64_t time,
    int64_t *batch, struct case_error *err);

#endif
