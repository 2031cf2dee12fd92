/* explain.c - what an import would do, column by column */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/import.h"
#include "case/intl.h"
#include "case/mask.h"
#include "lib/work/source.h"

#define EXAMPLES 3

/*
 * What would become of the rows of one sheet; titles are those above the
 * header.
 */
struct counts {
	size_t sheet; /* its place among those that are read, from 0 */
	size_t rows, records, rejected, aside, titles;
};

struct column {
	size_t values; /* not empty */
	size_t bad;    /* of them, that can't be read */
	struct case_buf example[EXAMPLES];
	size_t example_n;
};

/* The first different values, as a stranger may see them. */
static void
add_example(struct column *c, enum case_privacy privacy, struct case_str v)
{
	struct case_buf *b = &c->example[c->example_n];

	if (c->example_n == EXAMPLES)
		return;
	case_buf_reset(b);
	case_mask_value(b, privacy, v.p, v.n);
	for (size_t i = 0; i < c->example_n; i++)
		if (c->example[i].n == b->n &&
		    memcmp(case_buf_str(&c->example[i]), case_buf_str(b),
			b->n) == 0)
			return;
	c->example_n++;
}

static void
count_row(struct column *col, const struct source *s,
    const struct case_row *row)
{
	size_t n =
	    row->cell_n < s->map.column_n ? row->cell_n : s->map.column_n;

	for (size_t i = 0; i < n; i++) {
		int f = s->map.column[i].field;

		if (row->cell[i].n == 0)
			continue;
		col[i].values++;
		add_example(&col[i],
		    f < 0 ? CASE_PRIVACY_NONE : s->rt->field[f].privacy,
		    row->cell[i]);
	}
}

/* Of the columns of fields: a word such as 无 or - is no value. */
static void
count_fields(struct column *col, const struct source *s,
    struct case_cleaner *cleaner)
{
	const struct case_column_count *count;
	size_t n, rows;

	count = case_cleaner_columns(cleaner, &n, &rows);
	for (size_t i = 0; i < n && i < s->map.column_n; i++)
		if (s->map.column[i].field >= 0) {
			col[i].values = count[i].values;
			col[i].bad = count[i].bad;
		}
}

static enum case_status
count_rows(struct column *col, struct counts *n, struct source *s,
    struct case_error *err)
{
	struct case_value *v = calloc(s->rt->field_n, sizeof(*v));
	struct case_record rec = { .v = v };
	struct case_words *words = NULL;
	struct case_cleaner *c = NULL;
	struct case_buf arena = { 0 };
	struct case_reject reject;
	enum case_outcome outcome;
	struct case_row row;
	enum case_status rc;

	if (v == NULL) {
		rc = case_error_memory(err);
		goto done;
	}
	if ((rc = case_words_new(&words, err)) != CASE_OK ||
	    (rc = case_cleaner_new(&c, s->rt, &s->map, words, err)) != CASE_OK)
		goto done;
	while ((rc = case_reader_next(s->rd, &row, err)) == CASE_OK) {
		case_buf_reset(&arena);
		rc = case_cleaner_row(c, &row, &rec, &arena, &outcome, &reject,
		    err);
		if (rc != CASE_OK)
			break;
		n->rows++;
		n->records += outcome == CASE_RECORD;
		n->rejected += outcome == CASE_REJECT;
		n->aside += outcome != CASE_RECORD && outcome != CASE_REJECT;
		if (outcome == CASE_RECORD)
			count_row(col, s, &row);
	}
	if (rc == CASE_EOF) {
		count_fields(col, s, c);
		rc = CASE_OK;
	}
done:
	case_cleaner_free(c);
	case_words_free(words);
	case_buf_free(&arena);
	free(v);
	return rc;
}

/* --- the table -------------------------------------------------------- */

enum {
	HEADER,
	FIELD,
	LABEL,
	TYPE,
	SCALE,
	VALUES,
	SHARE,
	EXAMPLE1,
	COLUMNS = 10
};

static struct case_value
text(const char *p, size_t n)
{
	return (struct case_value){ .type = CASE_TEXT,
		.missing = n == 0,
		.u.s = { p, n } };
}

static struct case_value
string(const char *s)
{
	return text(s, strlen(s));
}

/* Fen of a bare number as a unit: 100 is 元. */
static const char *
scale_name(const struct case_field *f, int64_t scale)
{
	if (f->type != CASE_MONEY)
		return "";
	return scale == 1000000 ? "万元" : scale == 10000000000 ? "亿元" : "元";
}

static enum case_status
write_column(struct case_writer *w, const struct source *s,
    const struct case_layout_column *m, const char *header,
    const struct column *c, enum case_lang lang, struct case_error *err)
{
	struct case_value v[COLUMNS];

	for (size_t k = 0; k < COLUMNS; k++)
		v[k] = text("", 0);
	v[HEADER] = string(header);
	if (m->field >= 0) {
		const struct case_field *f = &s->rt->field[m->field];

		v[FIELD] = string(f->name);
		v[LABEL] = string(case_label(f->label, lang));
		v[TYPE] = string(case_type_name(f->type));
		v[SCALE] = string(scale_name(f, m->scale));
	} else
		v[FIELD] = string(m->field == CASE_EXTRA ? "extra" : "-");
	v[VALUES] = (struct case_value){ .type = CASE_INTEGER,
		.u.i = (int64_t)c->values };
	v[SHARE] = (struct case_value){ .type = CASE_RATIO,
		.missing = c->values == 0,
		.u.d = c->values == 0
			   ? 0
			   : 1 - (double)c->bad / (double)c->values };
	for (size_t k = 0; k < c->example_n; k++)
		v[EXAMPLE1 + k] = text(c->example[k].p, c->example[k].n);
	return w->ops->row(w, v, COLUMNS, err);
}

/* A field that the layout sets, as a column without a header. */
static enum case_status
write_fixed(struct case_writer *w, const struct source *s,
    const struct case_layout_fixed *f, size_t records, enum case_lang lang,
    struct case_error *err)
{
	struct column c = { .values = records };
	enum case_status rc;

	add_example(&c, s->rt->field[f->column.field].privacy,
	    (struct case_str){ f->text, strlen(f->text) });
	rc = c.example[0].failed
		 ? case_error_memory(err)
		 : write_column(w, s, &f->column, "", &c, lang, err);
	case_buf_free(&c.example[0]);
	return rc;
}

static const char *const formats[CASE_ROWS_FORMATS] = {
	[CASE_ROWS_CSV] = "csv",
	[CASE_ROWS_JSONL] = "jsonl",
	[CASE_ROWS_TABLE] = "case",
	[CASE_ROWS_JSON] = "json",
	[CASE_ROWS_XLSX] = "xlsx",
	[CASE_ROWS_ODS] = "ods",
	[CASE_ROWS_XLS] = "xls",
	[CASE_ROWS_XMLSS] = "xml",
	[CASE_ROWS_HTML] = "html",
	[CASE_ROWS_DOCUMENT] = "document",
};

static void
add_number(struct case_table *t, const char *name, size_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%zu", n);
	case_table_add_meta(t, name, text);
}

/* Sheets that are passed over, told with the first that is read. */
static void
add_passed(struct case_table *t, const char *lines)
{
	struct case_buf line = { 0 };
	size_t n;

	for (; *lines != '\0'; lines += n + (lines[n] == '\n')) {
		n = strcspn(lines, "\n");
		case_buf_reset(&line);
		case_buf_add(&line, lines, n);
		t->failed |= line.failed;
		case_table_add_meta(t, "note", case_buf_str(&line));
	}
	case_buf_free(&line);
}

/* How the file is read, and what would become of its rows. */
static void
add_metas(struct case_table *t, struct source *s, const struct counts *n)
{
	const char *format = formats[case_reader_format(s->rd)];
	char d[] = { case_reader_delimiter(s->rd), '\0' };

	if (format != NULL)
		case_table_add_meta(t, "format", format);
	if (n->sheet < s->sheet_n)
		case_table_add_meta(t, "sheet", source_sheet_name(s, n->sheet));
	if (n->sheet == 0)
		add_passed(t, case_buf_str(&s->passed));
	if (*d != '\0')
		case_table_add_meta(t, "delimiter", *d == '\t' ? "tab" : d);
	add_number(t, "titles", n->titles);
	add_number(t, "rows", n->rows);
	add_number(t, "records", n->records);
	add_number(t, "rejected", n->rejected);
	add_number(t, "aside", n->aside);
}

static enum case_status
write_table(struct case_writer *w, struct source *s,
    const struct counts *counts, const struct column *col, enum case_lang lang,
    struct case_error *err)
{
	static const struct {
		const char *name;
		enum case_type type;
		const char *label[2];
	} head[COLUMNS] = {
		{ "header", CASE_TEXT, { "列名", "header" } },
		{ "field", CASE_TEXT, { "字段", "field" } },
		{ "label", CASE_TEXT, { "含义", "label" } },
		{ "type", CASE_TEXT, { "类型", "type" } },
		{ "scale", CASE_TEXT, { "单位", "unit" } },
		{ "values", CASE_INTEGER, { "有值", "values" } },
		{ "parsed", CASE_RATIO, { "可识别", "parsed" } },
		{ "example1", CASE_TEXT, { "例1", "example 1" } },
		{ "example2", CASE_TEXT, { "例2", "example 2" } },
		{ "example3", CASE_TEXT, { "例3", "example 3" } },
	};
	const struct case_input_facts *in = case_input_facts(s->in);
	struct case_table t = { 0 };
	struct case_buf line = { 0 };
	enum case_status rc;

	case_table_begin(&t, "columns", CASE_MANIFEST, NULL,
	    counts->sheet < s->sheet_n ? source_sheet_name(s, counts->sheet)
				       : NULL);
	for (size_t i = 0; i < COLUMNS; i++)
		case_table_add_column(&t, head[i].name, head[i].type,
		    head[i].label[lang], NULL);
	case_table_add_meta(&t, "type", s->rt->name);
	case_table_add_meta(&t, "encoding", case_encoding_name(in->encoding));
	case_buf_addf(&line, "%zu", s->map.header_line);
	case_table_add_meta(&t, "header-line", case_buf_str(&line));
	add_metas(&t, s, counts);
	rc = t.failed ? case_error_memory(err) : w->ops->begin(w, &t, err);
	for (size_t i = 0; rc == CASE_OK && i < s->map.column_n; i++)
		rc = write_column(w, s, &s->map.column[i],
		    s->map.column[i].header, &col[i], lang, err);
	for (size_t i = 0; rc == CASE_OK && i < s->map.fixed_n; i++)
		rc = write_fixed(w, s, &s->map.fixed[i], counts->records, lang,
		    err);
	if (rc == CASE_OK)
		rc = w->ops->end(w, err);
	case_buf_free(&line);
	case_table_free(&t);
	return rc;
}

/* The mapping that was found, as a layout of its own. */
static enum case_status
print_layout(struct case_buf *out, const struct source *s,
    struct case_error *err)
{
	struct case_layout l = *s->layout;

	l.column = s->map.column;
	l.column_n = s->map.column_n;
	case_layout_print(out, &l, s->rt);
	return out->failed ? case_error_memory(err) : CASE_OK;
}

/* The sheet, or the file, that the reader is at: a table of its own. */
static enum case_status
explain_sheet(struct case_writer *w, struct source *s, size_t sheet,
    enum case_lang lang, struct case_error *err)
{
	struct counts counts = { .sheet = sheet, .titles = s->map.skipped };
	enum case_status rc = source_meet_columns(s, err);
	size_t n = s->map.column_n;
	struct column *col;

	if (rc != CASE_OK)
		return rc;
	if ((col = calloc(n + 1, sizeof(*col))) == NULL)
		return case_error_memory(err);
	if ((rc = count_rows(col, &counts, s, err)) == CASE_OK)
		rc = write_table(w, s, &counts, col, lang, err);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < EXAMPLES; k++)
			case_buf_free(&col[i].example[k]);
	free(col);
	return rc;
}

enum case_status
case_import_explain(struct case_writer *w, struct case_share *sh,
    const char *path, const struct case_import_options *o,
    struct case_buf *layout_out, struct case_error *err)
{
	struct source s = { 0 };
	enum case_status rc;

	if ((o->input != NULL &&
		(rc = case_input_prove(o->input, err)) != CASE_OK) ||
	    (rc = source_open(&s, sh, path, o, err)) != CASE_OK ||
	    (rc = source_layout(&s, sh, o, err)) != CASE_OK ||
	    (rc = source_map(&s, o, err)) != CASE_OK ||
	    (rc = explain_sheet(w, &s, 0, o->lang, err)) != CASE_OK)
		goto done;
	if (layout_out != NULL &&
	    (rc = print_layout(layout_out, &s, err)) != CASE_OK)
		goto done;
	for (size_t i = 1; i < s.sheet_n && rc == CASE_OK; i++)
		if ((rc = source_select(&s, i, err)) == CASE_OK)
			rc = explain_sheet(w, &s, i, o->lang, err);
done:
	source_close(&s);
	return rc;
}
