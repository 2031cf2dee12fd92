/* writer.h - what the writers of text formats share */
#ifndef CASE_FORMAT_WRITER_H
#define CASE_FORMAT_WRITER_H

#include <stdint.h>
#include <stdio.h>

#include "case/buf.h"
#include "case/table.h"

/*
 * First member of every text writer. Whole lines are gathered in buf and go
 * out when there are enough of them, so that the stream sees few large writes.
 *
 * table	between begin and end
 * tables	begun so far, the present one too
 */
struct case_text_writer {
	struct case_writer w;
	FILE *stream;
	struct case_writer_options opt;
	const struct case_table *table;
	size_t tables;
	struct case_buf buf;
	struct case_buf cell; /* one value on its way */
	struct case_buf encoded;
};

/* One format: the size of its writer, which is zeroed, and what it does. */
struct case_text_format {
	size_t size;
	struct case_writer_ops ops;
};

extern const struct case_text_format case_format_case;
extern const struct case_text_format case_format_text;
extern const struct case_text_format case_format_txt;
extern const struct case_text_format case_format_csv;
extern const struct case_text_format case_format_tsv;
extern const struct case_text_format case_format_json;
extern const struct case_text_format case_format_jsonl;
extern const struct case_text_format case_format_md;
extern const struct case_text_format case_format_html;

/* What every begin does first: remembers the table, writes the BOM. */
void case_text_begin(struct case_text_writer *w, const struct case_table *t);
/* Ends of calls: buf goes out when it is large. CASE_ENOMEM when it failed. */
enum case_status case_text_drain(struct case_text_writer *w,
    struct case_error *err);
/* All goes out and the stream is flushed. */
enum case_status case_text_flush(struct case_text_writer *w,
    struct case_error *err);
/* The finish of formats that have nothing to close, and everyone's close. */
enum case_status case_text_finish(struct case_writer *w,
    struct case_error *err);
void case_text_close(struct case_writer *w);
/* The fail of formats that cannot say so. */
void case_text_fail(struct case_writer *w, const char *reason);

/* CASE_EDATA when a row has another width than t, or a number is not finite. */
enum case_status case_writer_check(const struct case_table *t,
    const struct case_value *v, size_t n, struct case_error *err);

/* Numbers and amounts stand at the right. */
bool case_type_is_numeric(enum case_type type);
/* Text and code, whose value is s. */
bool case_type_is_text(enum case_type type);

/* The label for people, its unit in brackets: 罚款金额(元). Not escaped. */
void case_column_heading(struct case_buf *out, const struct case_column *c);
/* The title, or the name, and the period: 标题（2023-01-01 至 2023-06-30）. */
void case_table_heading(struct case_buf *out, const struct case_table *t,
    enum case_lang lang);
/* Title, or the name when there is none. */
const char *case_table_title(const struct case_table *t);
void case_table_period(struct case_buf *out, const struct case_table *t,
    enum case_lang lang);
/* The form of a value for people, safe to print. */
void case_value_people(struct case_buf *out, const struct case_value *v);
/* Appends s made safe to print. */
void case_text_shown(struct case_buf *out, const char *s);
void case_date_text(struct case_buf *out, int64_t days);

/* Words of documents for people, by the language of the labels. */
enum case_word {
	CASE_WORD_TO,
	CASE_WORD_COVER,
	CASE_WORD_REPORT,
	CASE_WORD_SHEET,
	CASE_WORD_TABLE,
	CASE_WORD_ROWS,
	CASE_WORD_PERIOD,
	CASE_WORD_SOURCE,
	CASE_WORD_CONTENT,
	CASE_WORD_NOTES,
	CASE_WORD_CUT,
	CASE_WORD_MADE_BY,
	CASE_WORD_PAGE
};
const char *case_word(enum case_word word, enum case_lang lang);
/* The word for a ##meta key; the key itself when it has none. */
const char *case_meta_label(const char *key, enum case_lang lang);

#endif
