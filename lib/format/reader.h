/* reader.h - what the readers of one format each have in common */
#ifndef CASE_FORMAT_READER_H
#define CASE_FORMAT_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "case/buf.h"
#include "case/row.h"
#include "lib/format/window.h"

/* Limits of one row, so that a hostile file can't take all memory. */
#define CASE_ROW_MAX ((size_t)16 * 1024 * 1024)
#define CASE_CELLS_MAX ((size_t)16384)

/*
 * One format. open makes the state; next, rewind and names are as in row.h.
 * rewind finds the window at the first byte again; it, names, answer, type,
 * lines, sheets and select may be NULL when there is nothing to do or to tell,
 * and position when the input knows how far it was read.
 *
 * A reader of a text takes its bytes through the window (decoded, UTF-8); one
 * of a binary form leaves the window alone and calls case_input_raw.
 * select goes to the first row of another sheet; rd->sheet is set by then.
 */
struct case_reader_ops {
	enum case_status (
	    *open)(struct case_reader *rd, struct case_error *err);
	enum case_status (*next)(struct case_reader *rd, struct case_row *row,
	    struct case_error *err);
	enum case_status (
	    *rewind)(struct case_reader *rd, struct case_error *err);
	const struct case_str *(
	    *names)(const struct case_reader *rd, size_t *n);
	const struct case_str *(
	    *beside)(const struct case_reader *rd, size_t *n);
	enum case_status (*answer)(struct case_reader *rd, bool record,
	    struct case_error *err);
	const char *(*type)(const struct case_reader *rd);
	size_t (*lines)(const struct case_reader *rd);
	uint64_t (*position)(const struct case_reader *rd);
	const struct case_sheet *(
	    *sheets)(const struct case_reader *rd, size_t *n);
	enum case_status (
	    *select)(struct case_reader *rd, struct case_error *err);
	void (*close)(struct case_reader *rd);
};

extern const struct case_reader_ops case_reader_csv;
extern const struct case_reader_ops case_reader_document;
extern const struct case_reader_ops case_reader_json;
extern const struct case_reader_ops case_reader_jsonl;
extern const struct case_reader_ops case_reader_table;
extern const struct case_reader_ops case_reader_html;
extern const struct case_reader_ops case_reader_xls;
extern const struct case_reader_ops case_reader_xmlss;
extern const struct case_reader_ops case_reader_xlsx;

/* Cells that hold something, and the others. */
struct case_cell_count {
	uint64_t filled;
	uint64_t empty;
};

/*
 * check_utf8	the bytes were not all checked when the input was opened
 * sheet	the one that is read
 * limits	for packed and nested forms
 * name		of the file; "" when nobody said
 * cell		room for the cells of a row, which the formats share
 * given	of the sheets so far, before: of those before this one
 * fault	holds the text of the row's fault when it has to be built
 */
struct case_reader {
	const struct case_reader_ops *ops;
	void *state;
	struct case_input *in;
	struct case_window w;
	enum case_row_format format;
	char delimiter;
	size_t width;
	size_t sheet;
	struct case_limits limits;
	const char *name;
	bool check_utf8;
	struct case_str *cell;
	size_t cell_cap;
	struct case_cell_count given;
	struct case_cell_count before;
	struct case_buf fault;
};

/*
 * The raw text of a row that is no text by itself: its cells as one line of
 * CSV, added to out. False: out of memory.
 */
bool case_reader_raw_cells(struct case_buf *out, const struct case_str *cell,
    size_t n);

/* Room for n cells; false: out of memory. */
bool case_reader_room(struct case_reader *rd, size_t n);

/*
 * Counts a row of n cells, of which so many are filled; a blank row counts as
 * an empty cell. Where these take no bytes, a small file may ask for more of
 * them than can be gone through: CASE_EDATA when the limit gaps is met, by all
 * sheets together.
 */
enum case_status case_reader_gaps(struct case_reader *rd, size_t n,
    size_t filled, struct case_error *err);

/*
 * The next physical line as the begin of a row: its text without a byte order
 * mark that a file put behind another left there. A line that is too long is
 * consumed and given as a faulty row: then *row is filled and *done true.
 */
enum case_status case_reader_line(struct case_reader *rd,
    struct case_line *line, struct case_row *row, bool *done,
    struct case_error *err);

/*
 * The fault that any format may have: a NUL, or bytes that are no UTF-8 in a
 * text that was not checked before. NULL: none.
 */
const char *case_reader_fault(const struct case_reader *rd,
    struct case_str text, bool nul);

/*
 * The delimiter of a CSV text of which sample is the begin (and, whole, all):
 * the one of , ; tab | whose number a row is the same for the most rows; a
 * comma when none is.
 */
char case_csv_delimiter(const char *sample, size_t n, bool whole);

#endif
