/* write_case.c - tables as a case-table, the stream between tools */
#include <stdint.h>
#include <string.h>

#include "case/digest.h"
#include "lib/format/tableesc.h"
#include "lib/format/writer.h"

struct case_form {
	struct case_text_writer text;
	uint64_t rows;
	uint32_t crc;
};

static void
part(struct case_buf *b, const char *s)
{
	case_buf_addc(b, '\t');
	case_table_escape(b, s, strlen(s));
}

static void
line(struct case_buf *b, const char *keyword, const char *value)
{
	case_buf_adds(b, keyword);
	part(b, value);
	case_buf_addc(b, '\n');
}

static void
pair(struct case_buf *b, const char *key, const char *value)
{
	case_buf_addc(b, '\t');
	case_buf_adds(b, key);
	case_buf_addc(b, '=');
	case_table_escape(b, value, strlen(value));
}

/* The unit has a place of its own: left empty when only pairs follow. */
static void
column_line(struct case_buf *b, const struct case_column *c)
{
	bool pairs = c->num != NULL || c->den != NULL || c->bar ||
		     c->privacy != CASE_PRIVACY_NONE;

	case_buf_adds(b, "##column");
	part(b, c->name);
	part(b, case_type_name(c->type));
	part(b, c->label != NULL ? c->label : c->name);
	if (c->unit != NULL || pairs)
		part(b, c->unit != NULL ? c->unit : "");
	if (c->num != NULL)
		pair(b, "num", c->num);
	if (c->den != NULL)
		pair(b, "den", c->den);
	if (c->privacy != CASE_PRIVACY_NONE)
		pair(b, "privacy", case_privacy_name(c->privacy));
	if (c->bar)
		pair(b, "bar", "1");
	case_buf_addc(b, '\n');
}

static void
describe(struct case_buf *b, const struct case_table *t)
{
	case_buf_adds(b, "##case-table\t1\n");
	line(b, "##name", t->name);
	line(b, "##kind", case_kind_name(t->kind));
	if (t->type != NULL)
		line(b, "##type", t->type);
	if (t->title != NULL)
		line(b, "##title", t->title);
	if (t->has_period) {
		case_buf_adds(b, "##period\t");
		case_date_text(b, t->from);
		case_buf_addc(b, '\t');
		case_date_text(b, t->to);
		case_buf_addc(b, '\n');
	}
	for (size_t i = 0; i < t->column_n; i++)
		column_line(b, &t->column[i]);
	for (size_t i = 0; i < t->meta_n; i++) {
		case_buf_adds(b, "##meta");
		part(b, t->meta[2 * i]);
		part(b, t->meta[2 * i + 1]);
		case_buf_addc(b, '\n');
	}
}

static enum case_status
form_begin(struct case_writer *base, const struct case_table *t,
    struct case_error *err)
{
	struct case_form *w = (struct case_form *)base;
	struct case_buf *b = &w->text.buf;
	size_t from = b->n;

	case_text_begin(&w->text, t);
	w->rows = 0;
	describe(b, t);
	for (size_t i = 0; i < t->column_n; i++) {
		const char *name = t->column[i].name;

		if (i == 0)
			case_table_escape_first(b, name, strlen(name));
		else
			part(b, name);
	}
	case_buf_addc(b, '\n');
	if (!b->failed)
		w->crc = case_crc32(0, b->p + from, b->n - from);
	return case_text_drain(&w->text, err);
}

static enum case_status
form_row(struct case_writer *base, const struct case_value *v, size_t n,
    struct case_error *err)
{
	struct case_form *w = (struct case_form *)base;
	struct case_buf *b = &w->text.buf;
	enum case_status rc;
	size_t from = b->n;

	if ((rc = case_writer_check(w->text.table, v, n, err)) != CASE_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			case_buf_addc(b, '\t');
		if (v[i].missing)
			continue;
		if (!case_type_is_text(v[i].type))
			case_value_text(b, &v[i]);
		else if (i == 0)
			case_table_escape_first(b, v[i].u.s.p, v[i].u.s.n);
		else
			case_table_escape(b, v[i].u.s.p, v[i].u.s.n);
	}
	case_buf_addc(b, '\n');
	if (!b->failed)
		w->crc = case_crc32(w->crc, b->p + from, b->n - from);
	w->rows++;
	return case_text_drain(&w->text, err);
}

static enum case_status
form_end(struct case_writer *base, struct case_error *err)
{
	struct case_form *w = (struct case_form *)base;

	case_buf_addf(&w->text.buf, "##end\t%ju\t%08x\n", (uintmax_t)w->rows,
	    (unsigned)w->crc);
	w->text.table = NULL;
	return case_text_drain(&w->text, err);
}

/* What led here may have been the lack of memory: then only this line goes. */
static void
form_fail(struct case_writer *base, const char *reason)
{
	struct case_form *w = (struct case_form *)base;

	if (w->text.buf.failed)
		case_buf_reset(&w->text.buf);
	line(&w->text.buf, "##fail", reason);
	(void)case_text_flush(&w->text, NULL);
}

const struct case_text_format case_format_case = {
	.size = sizeof(struct case_form),
	.ops = {
		.begin = form_begin,
		.row = form_row,
		.end = form_end,
		.fail = form_fail,
		.finish = case_text_finish,
		.close = case_text_close,
	},
};
