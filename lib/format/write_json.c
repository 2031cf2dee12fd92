/* write_json.c - tables as one JSON document, or as JSON Lines */
#include <string.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/format/writer.h"

/*
 * rows		of the present table
 * keys		JSON Lines: what stands before each value, "{"name":" and then
 *		","name":", each with a NUL behind it
 */
struct json_form {
	struct case_text_writer text;
	uint64_t rows;
	struct case_buf keys;
};

/* What a terminal or a browser might act on is written as \uXXXX. */
static bool
must_escape(uint32_t c)
{
	return c < 0x20 || c == '"' || c == '\\' || (c >= 0x7f && c < 0xa0) ||
	       c == 0x061c || c == 0x200e || c == 0x200f ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	       c == 0xfeff;
}

static void
escape(struct case_buf *b, uint32_t c)
{
	static const char letters[] = { ['\b'] = 'b',
		['\t'] = 't',
		['\n'] = 'n',
		['\f'] = 'f',
		['\r'] = 'r',
		['"'] = '"',
		['\\'] = '\\' };

	case_buf_addc(b, '\\');
	if (c < sizeof(letters) && letters[c] != '\0')
		case_buf_addc(b, letters[c]);
	else
		case_buf_addf(b, "u%04x", (unsigned)c);
}

static void
put_string(struct case_buf *b, const char *p, size_t n)
{
	size_t from = 0;
	uint32_t c;

	case_buf_addc(b, '"');
	for (size_t i = 0, len; i < n; i += len) {
		len = case_utf8_get(p + i, n - i, &c);
		if (!must_escape(c))
			continue;
		case_buf_add(b, p + from, i - from);
		escape(b, c);
		from = i + len;
	}
	case_buf_add(b, p + from, n - from);
	case_buf_addc(b, '"');
}

static void
put_key(struct case_buf *b, const char *key)
{
	put_string(b, key, strlen(key));
	case_buf_addc(b, ':');
}

/* NULL is null. */
static void
put_pair(struct case_buf *b, const char *key, const char *value)
{
	put_key(b, key);
	if (value != NULL)
		put_string(b, value, strlen(value));
	else
		case_buf_adds(b, "null");
}

static void
put_value(struct case_buf *b, const struct case_value *v)
{
	if (v->missing) {
		case_buf_adds(b, "null");
		return;
	}
	if (case_type_is_text(v->type)) {
		put_string(b, v->u.s.p, v->u.s.n);
		return;
	}
	if (v->type != CASE_DATE && v->type != CASE_TIME) {
		case_value_text(b, v);
		return;
	}
	case_buf_addc(b, '"');
	case_value_text(b, v);
	case_buf_addc(b, '"');
}

/* JSON that is no UTF-8 is no JSON: nothing could read it back. */
static enum case_status
check_row(const struct case_table *t, const struct case_value *v, size_t n,
    struct case_error *err)
{
	enum case_status rc;

	if ((rc = case_writer_check(t, v, n, err)) != CASE_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		if (!v[i].missing && case_type_is_text(v[i].type) &&
		    !case_utf8_valid(v[i].u.s.p, v[i].u.s.n))
			return case_error_set(err, CASE_EDATA, 0,
			    _("a value of column '%s' is not UTF-8"),
			    t->column[i].name);
	return CASE_OK;
}

static void
put_column(struct case_buf *b, const struct case_column *c)
{
	case_buf_addc(b, '{');
	put_pair(b, "name", c->name);
	case_buf_addc(b, ',');
	put_pair(b, "type", case_type_name(c->type));
	case_buf_addc(b, ',');
	put_pair(b, "label", c->label != NULL ? c->label : c->name);
	case_buf_addc(b, ',');
	put_pair(b, "unit", c->unit);
	case_buf_addc(b, '}');
}

static void
put_period(struct case_buf *b, const struct case_table *t)
{
	put_key(b, "period");
	if (!t->has_period) {
		case_buf_adds(b, "null");
		return;
	}
	case_buf_adds(b, "[\"");
	case_date_text(b, t->from);
	case_buf_adds(b, "\",\"");
	case_date_text(b, t->to);
	case_buf_adds(b, "\"]");
}

static enum case_status
json_begin(struct case_writer *base, const struct case_table *t,
    struct case_error *err)
{
	struct json_form *w = (struct json_form *)base;
	struct case_buf *b = &w->text.buf;

	case_text_begin(&w->text, t);
	w->rows = 0;
	case_buf_adds(b, w->text.tables == 1 ? "{\"tables\":[\n{" : ",\n{");
	put_pair(b, "name", t->name);
	case_buf_addc(b, ',');
	put_pair(b, "kind", case_kind_name(t->kind));
	case_buf_addc(b, ',');
	put_pair(b, "title", t->title);
	case_buf_addc(b, ',');
	put_period(b, t);
	case_buf_addc(b, ',');
	put_key(b, "columns");
	case_buf_addc(b, '[');
	for (size_t i = 0; i < t->column_n; i++) {
		if (i > 0)
			case_buf_addc(b, ',');
		put_column(b, &t->column[i]);
	}
	case_buf_adds(b, "],");
	put_key(b, "rows");
	case_buf_addc(b, '[');
	return case_text_drain(&w->text, err);
}

static enum case_status
json_row(struct case_writer *base, const struct case_value *v, size_t n,
    struct case_error *err)
{
	struct json_form *w = (struct json_form *)base;
	struct case_buf *b = &w->text.buf;
	enum case_status rc;

	if ((rc = check_row(w->text.table, v, n, err)) != CASE_OK)
		return rc;
	case_buf_adds(b, w->rows++ == 0 ? "\n[" : ",\n[");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			case_buf_addc(b, ',');
		put_value(b, &v[i]);
	}
	case_buf_addc(b, ']');
	return case_text_drain(&w->text, err);
}

static enum case_status
json_end(struct case_writer *base, struct case_error *err)
{
	struct json_form *w = (struct json_form *)base;

	case_buf_adds(&w->text.buf, w->rows == 0 ? "]}" : "\n]}");
	w->text.table = NULL;
	return case_text_drain(&w->text, err);
}

static enum case_status
json_finish(struct case_writer *base, struct case_error *err)
{
	struct json_form *w = (struct json_form *)base;

	case_buf_adds(&w->text.buf,
	    w->text.tables == 0 ? "{\"tables\":[]}\n" : "\n]}\n");
	return case_text_flush(&w->text, err);
}

static enum case_status
jsonl_begin(struct case_writer *base, const struct case_table *t,
    struct case_error *err)
{
	struct json_form *w = (struct json_form *)base;
	struct case_buf *b = &w->keys;

	case_text_begin(&w->text, t);
	case_buf_reset(b);
	case_buf_addc(b, '{');
	if (w->text.opt.several || w->text.tables > 1) {
		put_pair(b, "_table", t->name);
		case_buf_adds(b, t->column_n > 0 ? "," : "");
	}
	for (size_t i = 0; i < t->column_n; i++) {
		if (i > 0)
			case_buf_addc(b, ',');
		put_key(b, t->column[i].name);
		case_buf_addc(b, '\0');
	}
	return b->failed ? case_error_memory(err)
			 : case_text_drain(&w->text, err);
}

static enum case_status
jsonl_row(struct case_writer *base, const struct case_value *v, size_t n,
    struct case_error *err)
{
	struct json_form *w = (struct json_form *)base;
	struct case_buf *b = &w->text.buf;
	const char *key = case_buf_str(&w->keys);
	enum case_status rc;

	if ((rc = check_row(w->text.table, v, n, err)) != CASE_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(key);

		case_buf_add(b, key, len);
		put_value(b, &v[i]);
		key += len + 1;
	}
	if (n == 0)
		case_buf_adds(b, key);
	case_buf_adds(b, "}\n");
	return case_text_drain(&w->text, err);
}

static enum case_status
jsonl_end(struct case_writer *base, struct case_error *err)
{
	(void)err;
	((struct json_form *)base)->text.table = NULL;
	return CASE_OK;
}

static void
json_close(struct case_writer *base)
{
	case_buf_free(&((struct json_form *)base)->keys);
	case_text_close(base);
}

const struct case_text_format case_format_json = {
	.size = sizeof(struct json_form),
	.ops = {
		.begin = json_begin,
		.row = json_row,
		.end = json_end,
		.fail = case_text_fail,
		.finish = json_finish,
		.close = json_close,
	},
};

const struct case_text_format case_format_jsonl = {
	.size = sizeof(struct json_form),
	.ops = {
		.begin = jsonl_begin,
		.row = jsonl_row,
		.end = jsonl_end,
		.fail = case_text_fail,
		.finish = case_text_finish,
		.close = json_close,
	},
};
