/* records.c - records as tables */
#include <stdlib.h>
#include <string.h>

#include "case/buf.h"
#include "case/intl.h"
#include "case/records.h"

/* What stands behind the fields: name in expressions, type, labels. */
static const struct {
	const char *name;
	const char *column;
	enum case_type type;
	const char *label[2];
} tail[] = {
	{ "_extra", "extra", CASE_TEXT, { "其他列", "other columns" } },
	{ "_file", "_file", CASE_TEXT, { "来源文件", "file" } },
	{ "_sheet", "_sheet", CASE_TEXT, { "工作表", "sheet" } },
	{ "_line", "_line", CASE_INTEGER, { "行号", "line" } },
	{ "_batch", "_batch", CASE_INTEGER, { "批次", "batch" } },
};
#define TAIL (sizeof(tail) / sizeof(tail[0]))

void
case_records_columns(struct case_table *t, const struct case_rtype *rt,
    const int *field, size_t field_n, enum case_lang lang)
{
	struct case_column *c;

	for (size_t i = 0; i < field_n; i++) {
		const struct case_field *f = &rt->field[field[i]];

		c = case_table_add_column(t, f->name, f->type,
		    case_label(f->label, lang), f->unit);
		if (c != NULL)
			c->privacy = f->privacy;
	}
	for (size_t i = 0; i < TAIL; i++)
		case_table_add_column(t, tail[i].column, tail[i].type,
		    tail[i].label[lang], NULL);
}

void
case_records_label(struct case_value *v, const struct case_field *f,
    enum case_lang lang)
{
	const char *label;
	int code;

	if (v->missing || f->type != CASE_CODE)
		return;
	if ((code = case_field_code(f, v->u.s.p, v->u.s.n)) < 0)
		return;
	label = case_label(f->code[code].label, lang);
	v->u.s = (struct case_str){ label, strlen(label) };
}

/* --- the columns of a question ---------------------------------------- */

struct columns {
	struct case_expr **e;
	size_t n;
};

static void
columns_free(struct columns *c)
{
	for (size_t i = 0; i < c->n; i++)
		case_expr_free(c->e[i]);
	free(c->e);
}

static enum case_status
columns_add(struct columns *c, const char *text, const struct case_scope *scope,
    struct case_error *err)
{
	enum case_status rc;

	rc = case_expr_parse(&c->e[c->n], text, strlen(text), scope, err);
	if (rc == CASE_OK)
		c->n++;
	return rc;
}

static enum case_status
columns_new(struct columns *c, size_t n, struct case_error *err)
{
	c->n = 0;
	if ((c->e = calloc(n, sizeof(*c->e))) == NULL)
		return case_error_memory(err);
	return CASE_OK;
}

/*
 * field[0..*n): those that have a value somewhere. An empty result has none,
 * but the identities are always shown, so that the table says what it is.
 */
static enum case_status
used_fields(struct case_store *st, const struct case_query *q, int *field,
    size_t *n, struct case_error *err)
{
	struct case_scope scope = { .rt = q->rt, .aggregates = true };
	struct case_query ask = *q;
	struct case_cursor *cur = NULL;
	const struct case_value *v;
	struct case_buf text = { 0 };
	struct columns c;
	enum case_status rc;

	*n = 0;
	if ((rc = columns_new(&c, q->rt->field_n, err)) != CASE_OK)
		return rc;
	for (size_t i = 0; rc == CASE_OK && i < q->rt->field_n; i++) {
		case_buf_reset(&text);
		case_buf_addf(&text, "count(`%s`)", q->rt->field[i].name);
		rc = columns_add(&c, case_buf_str(&text), &scope, err);
	}
	ask.column = (const struct case_expr *const *)c.e;
	ask.column_n = c.n;
	ask.group_n = ask.sort_n = 0;
	if (rc == CASE_OK &&
	    (rc = case_query_open(&cur, st, &ask, err)) == CASE_OK)
		rc = case_cursor_next(cur, &v, err);
	for (size_t i = 0; rc == CASE_OK && i < c.n; i++)
		if ((!v[i].missing && v[i].u.i > 0) ||
		    i == q->rt->key[0].field[0])
			field[(*n)++] = (int)i;
	case_cursor_close(cur);
	columns_free(&c);
	case_buf_free(&text);
	return rc;
}

static enum case_status
parse_fields(struct columns *c, const struct case_rtype *rt, const int *field,
    size_t n, struct case_error *err)
{
	struct case_scope scope = { .rt = rt };
	struct case_buf text = { 0 };
	enum case_status rc;

	if ((rc = columns_new(c, n + TAIL, err)) != CASE_OK)
		return rc;
	for (size_t i = 0; rc == CASE_OK && i < n; i++) {
		case_buf_reset(&text);
		case_buf_addf(&text, "`%s`", rt->field[field[i]].name);
		rc = columns_add(c, case_buf_str(&text), &scope, err);
	}
	for (size_t i = 0; rc == CASE_OK && i < TAIL; i++)
		rc = columns_add(c, tail[i].name, &scope, err);
	case_buf_free(&text);
	return rc;
}

/* row: room for all columns, since a code is replaced by its label. */
static enum case_status
write_rows(struct case_writer *w, struct case_cursor *cur,
    const struct case_rtype *rt, const int *field, size_t field_n,
    struct case_value *row, enum case_lang lang, size_t *count,
    struct case_error *err)
{
	const struct case_value *v;
	enum case_status rc;

	while ((rc = case_cursor_next(cur, &v, err)) == CASE_OK) {
		memcpy(row, v, (field_n + TAIL) * sizeof(*row));
		for (size_t i = 0; i < field_n; i++)
			case_records_label(&row[i], &rt->field[field[i]], lang);
		if ((rc = w->ops->row(w, row, field_n + TAIL, err)) != CASE_OK)
			return rc;
		(*count)++;
	}
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
case_records_write(struct case_writer *w, struct case_store *st,
    const struct case_query *q, const char *name, const char *title,
    enum case_lang lang, void (*describe)(void *arg, struct case_table *t),
    void *arg, size_t *n, struct case_error *err)
{
	const struct case_rtype *rt = q->rt;
	struct case_query ask = *q;
	struct case_table t = { 0 };
	struct case_cursor *cur = NULL;
	struct columns c = { 0 };
	struct case_value *row = calloc(rt->field_n + TAIL, sizeof(*row));
	int *field = calloc(rt->field_n, sizeof(*field));
	size_t field_n = 0, count = 0;
	enum case_status rc;

	if (row == NULL || field == NULL) {
		rc = case_error_memory(err);
		goto done;
	}
	if ((rc = used_fields(st, q, field, &field_n, err)) != CASE_OK ||
	    (rc = parse_fields(&c, rt, field, field_n, err)) != CASE_OK)
		goto done;
	ask.column = (const struct case_expr *const *)c.e;
	ask.column_n = c.n;
	ask.group_n = 0;
	case_table_begin(&t, name, CASE_RECORDS, rt->name, title);
	case_records_columns(&t, rt, field, field_n, lang);
	if (describe != NULL)
		describe(arg, &t);
	if (t.failed) {
		rc = case_error_memory(err);
		goto done;
	}
	if ((rc = case_query_open(&cur, st, &ask, err)) != CASE_OK ||
	    (rc = w->ops->begin(w, &t, err)) != CASE_OK ||
	    (rc = write_rows(w, cur, rt, field, field_n, row, lang, &count,
		 err)) != CASE_OK)
		goto done;
	rc = w->ops->end(w, err);
done:
	if (n != NULL)
		*n = count;
	case_cursor_close(cur);
	columns_free(&c);
	case_table_free(&t);
	free(row);
	free(field);
	return rc;
}
