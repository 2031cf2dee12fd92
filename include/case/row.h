/* row.h - rows of raw cells from a file, whatever its format */
#ifndef CASE_ROW_H
#define CASE_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/decode.h"
#include "case/error.h"
#include "case/limits.h"
#include "case/value.h"

/*
 * One row as it stands in the file. A blank line is a row without cells.
 * All of it is borrowed until the next call. A byte order mark at the begin
 * of a row, as joined files have it, is left out.
 *
 * line		the physical line it begins on, from 1; in a workbook the
 *		sheet's own row number, in HTML the number of the table row. In
 *		a JSON document of which two elements begin on one line, it is
 *		the number of the element
 * lines	physical lines it takes, at least 1
 * cell		decoded UTF-8 text of each cell: unquoted, not trimmed. With
 *		JSON a number is the text it was, true and false are "true"
 *		and "false", null is empty, an array is its JSON text, and the
 *		values of an object are cells of their own ("party.name"). An
 *		absent key is empty too, with p NULL
 *		In a workbook a date is ISO text (2023-06-12, with a time
 *		2023-06-12T08:30:00), a number the 15 digits of it that
 *		spreadsheets show, or a whole one all that are written out, a
 *		truth value TRUE or FALSE, an error its name (#N/A), a formula
 *		its cached value
 * raw		the row's own text, without its last line end; only its begin
 *		when the row is too long. Where a row is no text of its own (a
 *		workbook, HTML) it is the cells as one line of CSV
 * fault	NULL: good. Else why it can't be taken, in the user's language;
 *		cells are then not to be read (cell_n is 0). A row over 16 MiB,
 *		a CSV value over 1 MiB and more than 16,384 cells are faults
 * unsure	NULL: good. Else why it can't be taken for a record, though it
 *		may be a total or a header: of a formula only the text is known
 *		("=SUM(D2:D9)"), for the program that wrote it computed no value
 */
struct case_row {
	size_t line;
	size_t lines;
	const struct case_str *cell;
	size_t cell_n;
	struct case_str raw;
	const char *fault;
	const char *unsure;
};

enum case_row_format {
	CASE_ROWS_AUTO, /* by content */
	CASE_ROWS_CSV,
	CASE_ROWS_JSONL,
	CASE_ROWS_TABLE,
	CASE_ROWS_JSON,	 /* an array of objects, wrapped or not; one object */
	CASE_ROWS_XLSX,	 /* Office Open XML: XLSX, XLSM */
	CASE_ROWS_ODS,	 /* OpenDocument */
	CASE_ROWS_XLS,	 /* BIFF5 and BIFF8 in OLE2 */
	CASE_ROWS_XMLSS, /* SpreadsheetML of 2003 */
	CASE_ROWS_HTML,
	CASE_ROWS_DOCUMENT, /* a text as one row; never by content */
	CASE_ROWS_FORMATS   /* how many there are */
};

/*
 * format	as above
 * delimiter	of CSV; 0: found among , ; tab | by consistency over the first
 *		rows
 * limits	NULL: the defaults
 * name		of the file, which tells a document's number and kind; else not
 *		needed. It must outlive the reader
 */
struct case_reader_options {
	enum case_row_format format;
	char delimiter;
	const struct case_limits *limits;
	const char *name;
};

/*
 * One sheet of a workbook, or one table of a page.
 *
 * name		as its tab says; of an HTML table its caption or "1", "2" …
 * hidden	not shown by the program that made it
 */
struct case_sheet {
	const char *name;
	bool hidden;
};

struct case_reader;

/*
 * A reader over an open input, which must outlive it. The format is judged by
 * content: a file that holds no rows (a PDF, an image, a Word document, an
 * encrypted workbook) is refused by that name (CASE_EDATA) with what to do.
 */
enum case_status case_reader_open(struct case_reader **out,
    struct case_input *in, const struct case_reader_options *options,
    struct case_error *err);
void case_reader_close(struct case_reader *rd);
/* Whether a file of that name is a document, when documents are asked for. */
bool case_reader_is_document(const char *name);
/*
 * Whether the file is known at once to be of a form without rows: *why says
 * which and what to do, in the user's language, or is NULL.
 */
enum case_status case_reader_refused(struct case_input *in,
    const struct case_limits *limits, const char **why, struct case_error *err);

/*
 * The next row; CASE_EOF at the end. A faulty row is not a failure. A failure
 * ends the file: a read error, or a case-table cut off or with a wrong count
 * or CRC.
 */
enum case_status case_reader_next(struct case_reader *rd, struct case_row *row,
    struct case_error *err);
/* Back to the first row. Width and names are kept. */
enum case_status case_reader_rewind(struct case_reader *rd,
    struct case_error *err);

/*
 * The sheets of a workbook in the order of its tabs, or the arrays of objects
 * of a JSON document ("result.records") when it has several; NULL and 0: the
 * format has none. A reader begins with the first that is not hidden.
 */
const struct case_sheet *case_reader_sheets(const struct case_reader *rd,
    size_t *n);
/* To the first row of another sheet, from 0. Width and names are forgotten. */
enum case_status case_reader_select(struct case_reader *rd, size_t sheet,
    struct case_error *err);
/* The sheet that is read; 0 where there are none. */
size_t case_reader_sheet(const struct case_reader *rd);

/*
 * How many cells a row should have, once the header is known. With a width,
 * a quoted row of several lines that ends with another number of cells is
 * taken for a broken quote: its first line alone is at fault. So is, from a
 * width of 4 on, one with a line that is by itself a whole row between a first
 * and a last line that look like rows as well.
 */
void case_reader_set_width(struct case_reader *rd, size_t width);

enum case_row_format case_reader_format(const struct case_reader *rd);
/* "CSV", "XLSX" … */
const char *case_row_format_name(enum case_row_format format);
/*
 * In what the texts were written: the encoding ("GB18030") or, in a form that
 * has its own, that form ("XLSX").
 */
const char *case_reader_encoding(const struct case_reader *rd);
char case_reader_delimiter(const struct case_reader *rd); /* 0: none */

/*
 * The columns of a self-describing format (JSON keys in the order met,
 * case-table columns): NULL and 0 for CSV. JSON may add names at the end with
 * any row; a row's cells follow this order and may be fewer.
 */
const struct case_str *case_reader_names(const struct case_reader *rd,
    size_t *n);

/*
 * The names of values that stand beside the rows, in the object that is around
 * a list of JSON; not those that are known of answers ("code", "total").
 */
const struct case_str *case_reader_beside(const struct case_reader *rd,
    size_t *n);

/* Whether the format describes itself so. */
bool case_reader_is_named(const struct case_reader *rd);

/*
 * Whether a JSON document is no record but what a system answers without rows,
 * {"code":0,"data":[]}. CASE_OK: the list is empty, and from now on there are
 * neither rows nor names. CASE_EDATA: it says something else, an error mostly.
 * CASE_EOF: it is no such thing. With record, it has names of a record.
 */
enum case_status case_reader_answer(struct case_reader *rd, bool record,
    struct case_error *err);

/* The record type a case-table says it holds ("case"); NULL: not said. */
const char *case_reader_type(const struct case_reader *rd);

/*
 * Physical lines of all that was read so far, counted from the bytes and not
 * from the rows: at the end it equals the sum of row.lines. (What was read
 * may be more than the rows given so far need.) A line ends in LF, CR LF or a
 * CR alone; what stands behind the last line end is a line as well.
 *
 * Of a case-table only the lines of rows in tables of records count, since
 * the others are no rows; that none of those is missing is assured by ##end.
 */
size_t case_reader_lines(const struct case_reader *rd);

/*
 * Raw bytes of the file that the rows so far stood in or behind, for a progress
 * bar. Of a workbook it goes through the part of the file that is the sheet.
 */
uint64_t case_reader_position(const struct case_reader *rd);

/*
 * Whether the file's last line has no line end, known once its row was given:
 * a copy that broke off looks so. The row is given like any other.
 */
bool case_reader_unterminated(const struct case_reader *rd);

#endif
