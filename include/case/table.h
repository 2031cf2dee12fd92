/* table.h - tables between tools: description, reader, writers */
#ifndef CASE_TABLE_H
#define CASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "case/error.h"
#include "case/value.h"

enum case_lang { CASE_ZH, CASE_EN };

/* What a column holds of a person; masking goes by it. */
enum case_privacy {
	CASE_PRIVACY_NONE,
	CASE_PRIVACY_NAME,
	CASE_PRIVACY_ID,
	CASE_PRIVACY_PHONE,
	CASE_PRIVACY_ADDRESS
};
const char *case_privacy_name(enum case_privacy p); /* none name id … */
bool case_privacy_find(const char *name, enum case_privacy *p);

enum case_kind {
	CASE_RECORDS,
	CASE_STATISTICS,
	CASE_FINDINGS,
	CASE_REVIEW,
	CASE_MANIFEST
};
const char *case_kind_name(enum case_kind k);
bool case_kind_find(const char *name, enum case_kind *k);

/* One column. Strings are owned by the table; unit, num, den may be NULL. */
struct case_column {
	char *name;
	enum case_type type;
	char *label;
	char *unit;
	char *num; /* names of the columns a ratio is made of */
	char *den;
	enum case_privacy privacy;
	bool bar; /* a share: the terminal draws a bar */
};

/*
 * The description of a table: what the ## lines say (design.md section 2,
 * case-table(5)). Zero-initialise, fill with the functions below, free.
 */
struct case_table {
	char *name;
	enum case_kind kind;
	char *type; /* record type, for records; or NULL */
	char *title; /* or NULL */
	bool has_period;
	int64_t from, to; /* days, both in */
	struct case_column *column;
	size_t column_n;
	char **meta; /* key, value, key, value … */
	size_t meta_n; /* pairs */
	bool failed; /* an addition ran out of memory */
};

/*
 * Strings are copied. NULL title or type is none; a NULL label is the name.
 * add_column returns NULL, and failed is set, when memory runs out; num, den,
 * privacy and bar are set in what it returns (num and den by strdup).
 */
void case_table_begin(struct case_table *t, const char *name,
    enum case_kind kind, const char *type, const char *title);
struct case_column *case_table_add_column(struct case_table *t,
    const char *name, enum case_type type, const char *label,
    const char *unit);
void case_table_add_meta(struct case_table *t, const char *key,
    const char *value);
/* The column's index, or -1. */
int case_table_find(const struct case_table *t, const char *name);
const char *case_table_meta(const struct case_table *t, const char *key);
enum case_status case_table_copy(struct case_table *to,
    const struct case_table *from, struct case_error *err);
void case_table_free(struct case_table *t);

/*
 * Writers. Every format is one of these; so is the mask that lies before one
 * (mask.h). Calls come as (begin row* end)* then finish; fail at any place,
 * and then nothing but close.
 *
 * begin	starts a table; t is borrowed until end
 * row		n = t->column_n values, borrowed for the call
 * fail		says in the stream that it broke off (a case-table writes
 *		##fail); other formats do nothing
 * finish	writes what the document needs at its end
 * close	frees; never writes
 */
struct case_writer;
struct case_writer_ops {
	enum case_status (*begin)(struct case_writer *w,
	    const struct case_table *t, struct case_error *err);
	enum case_status (*row)(struct case_writer *w,
	    const struct case_value *v, size_t n, struct case_error *err);
	enum case_status (*end)(struct case_writer *w, struct case_error *err);
	void (*fail)(struct case_writer *w, const char *reason);
	enum case_status (*finish)(struct case_writer *w,
	    struct case_error *err);
	void (*close)(struct case_writer *w);
};
/* First member of every writer. */
struct case_writer {
	const struct case_writer_ops *ops;
};

enum case_format {
	CASE_FORMAT_CASE,
	CASE_FORMAT_TABLE, /* aligned, for a terminal */
	CASE_FORMAT_CSV,
	CASE_FORMAT_TSV,
	CASE_FORMAT_JSON,
	CASE_FORMAT_JSONL,
	CASE_FORMAT_MD,
	CASE_FORMAT_HTML,
	CASE_FORMAT_TXT, /* the aligned table without colour or bars */
	CASE_FORMAT_XLSX /* case_xlsx_open only */
};
/* By the name of -f, or a file's suffix ("xlsx"). */
bool case_format_find(const char *name, enum case_format *f);
const char *case_format_name(enum case_format f);

/*
 * csv_safe	cells that a spreadsheet would run get a ' before them, and
 *		control characters but TAB, CR and LF are made visible (CSV,
 *		TSV)
 * bom		UTF-8 BOM first (CSV, TSV, TXT; others refuse it)
 * gb18030	encode the output so; a character it lacks is an error. Refused
 *		by case, json and jsonl, which are UTF-8 by their definition
 * color	ANSI colours and bars (CASE_FORMAT_TABLE)
 * columns	terminal width, 0: unlimited
 * several	JSON Lines: give each object _table even for one table. Without
 *		it the rows of the first table have none and those of later
 *		tables have it: a caller that knows of more than one sets it
 */
struct case_writer_options {
	bool csv_safe;
	bool bom;
	bool gb18030;
	bool color;
	size_t columns;
	enum case_lang lang;
	bool several;
};

/*
 * A text writer onto an open stream, which stays the caller's. Rows may lie in
 * a buffer of the writer's until finish, which flushes the stream and is the
 * one call that says whether all was written. A number that is not finite and,
 * in JSON, text that is no UTF-8 are CASE_EDATA. NULL options are all zero.
 *
 * case		design.md section 2, to the byte
 * table, txt	aligned columns, for people. Widths are those of the first 1000
 *		rows; a later wider cell stands out of line
 * csv, tsv	a header row of column names, values in machine form (money
 *		45600.00, dates 2023-06-12); quoted as in RFC 4180 with TAB for
 *		the comma in TSV; lines end in LF; an empty line between tables.
 *		A missing value alone in its row is ""
 * json, jsonl	design.md section 2; a flag is 1 or 0
 * md, html	for people: labels, units, numbers with their commas
 *
 * options	copied
 */
enum case_status case_writer_open(struct case_writer **out,
    enum case_format format, FILE *stream,
    const struct case_writer_options *options, struct case_error *err);

/*
 * A workbook written to path (made new with mode 0600, refused when it is
 * there): one sheet a table behind a cover sheet with contents and provenance.
 * In a library of its own, so that the other tools do not load it. All is made
 * in a private folder beside path, read back, checked and synced before path
 * appears; a writer closed before finish leaves nothing. The same calls make
 * the same bytes.
 *
 * Text is always a text cell. Integers and amounts of more than 15 digits, and
 * dates before 1900-03-01, which a spreadsheet would change, are text cells
 * too. Text of more than 32767 UTF-16 units is cut at a visible mark and
 * counted on the cover; rows beyond 1048575 go on in a sheet "NAME(2)".
 *
 * created	1980 and later; an earlier value counts as 1980-01-01
 */
struct case_xlsx_options {
	enum case_lang lang;
	int64_t created; /* seconds since 1970, for the document properties */
};
enum case_status case_xlsx_open(struct case_writer **out, const char *path,
    const struct case_xlsx_options *options, struct case_error *err);

/*
 * Reading case-tables back. One call of next_table, then rows to CASE_EOF,
 * then next_table again; CASE_EOF from next_table is the end, which must not
 * come before a first table. A cut, a wrong count or CRC, ##fail and text
 * that is no case-table are CASE_EDATA with the line.
 */
struct case_table_reader;
enum case_status case_table_reader_open(struct case_table_reader **out,
    FILE *stream, struct case_error *err);
void case_table_reader_close(struct case_table_reader *rd);
/* t is borrowed until the next call of this. */
enum case_status case_table_reader_next_table(struct case_table_reader *rd,
    const struct case_table **t, struct case_error *err);
/* v has t->column_n values, borrowed until the next call. */
enum case_status case_table_reader_next_row(struct case_table_reader *rd,
    const struct case_value **v, struct case_error *err);
size_t case_table_reader_line(const struct case_table_reader *rd);

#endif
