/* write_csv.c - tables as CSV and TSV */
#include <string.h>

#include "case/text.h"
#include "lib/format/writer.h"

struct csv_form {
	struct case_text_writer text;
	char delimiter;
};

/* What a spreadsheet may skip before it decides that a cell is a formula. */
static bool
is_skipped(uint32_t c)
{
	switch (c) {
	case ' ':
	case '"':
	case '\'':
	case 0x00a0: /* no-break space */
	case 0x200b: /* zero-width space */
	case 0x2018: /* ‘’“” */
	case 0x2019:
	case 0x201c:
	case 0x201d:
	case 0x3000: /* ideographic space */
	case 0xfeff: /* byte order mark */
	case 0xff02: /* ＂＇ */
	case 0xff07:
		return true;
	default:
		return c >= 0x2000 && c <= 0x200a; /* typographic spaces */
	}
}

static bool
is_dangerous(uint32_t c)
{
	switch (c) {
	case '=':
	case '+':
	case '-':
	case '@':
	case '\t':
	case '\r':
	case '\n':
	case 0xff1d: /* ＝＋－＠ */
	case 0xff0b:
	case 0xff0d:
	case 0xff20:
		return true;
	default:
		return false;
	}
}

static bool
would_run(const char *p, size_t n)
{
	uint32_t c;

	while (n > 0) {
		size_t len = case_utf8_get(p, n, &c);

		if (!is_skipped(c))
			return is_dangerous(c);
		p += len;
		n -= len;
	}
	return false;
}

/* Controls are made visible, but what a quoted cell may hold stays. */
static void
guard(struct case_buf *out, const char *p, size_t n)
{
	if (would_run(p, n))
		case_buf_addc(out, '\'');
	for (size_t i = 0, from = 0; i <= n; i++) {
		if (i < n && p[i] != '\t' && p[i] != '\n' && p[i] != '\r')
			continue;
		case_text_visible(out, p + from, i - from);
		if (i < n)
			case_buf_addc(out, p[i]);
		from = i + 1;
	}
}

static bool
needs_quotes(const char *p, size_t n, char delimiter)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] == delimiter || p[i] == '"' || p[i] == '\n' ||
		    p[i] == '\r')
			return true;
	return false;
}

static void
quote(struct case_buf *b, const char *p, size_t n)
{
	const char *mark;

	case_buf_addc(b, '"');
	while (n > 0 && (mark = memchr(p, '"', n)) != NULL) {
		size_t part = (size_t)(mark - p) + 1;

		case_buf_add(b, p, part);
		case_buf_addc(b, '"');
		p += part;
		n -= part;
	}
	case_buf_add(b, p, n);
	case_buf_addc(b, '"');
}

static void
put_text(struct csv_form *w, const char *p, size_t n)
{
	struct case_buf *safe = &w->text.cell, *b = &w->text.buf;

	if (w->text.opt.csv_safe) {
		case_buf_reset(safe);
		guard(safe, p, n);
		if (safe->failed)
			b->failed = true;
		p = case_buf_str(safe);
		n = safe->n;
	}
	if (needs_quotes(p, n, w->delimiter))
		quote(b, p, n);
	else
		case_buf_add(b, p, n);
}

/* An empty line parts tables, so it must not also be a missing value. */
static void
end_line(struct csv_form *w, size_t from)
{
	struct case_buf *b = &w->text.buf;

	if (b->n == from)
		case_buf_adds(b, "\"\"");
	case_buf_addc(b, '\n');
}

static enum case_status
begin(struct csv_form *w, const struct case_table *t, char delimiter,
    struct case_error *err)
{
	struct case_buf *b = &w->text.buf;
	size_t from;

	w->delimiter = delimiter;
	case_text_begin(&w->text, t);
	if (w->text.tables > 1)
		case_buf_addc(b, '\n');
	from = b->n;
	for (size_t i = 0; i < t->column_n; i++) {
		const char *name = t->column[i].name;

		if (i > 0)
			case_buf_addc(b, delimiter);
		put_text(w, name, strlen(name));
	}
	end_line(w, from);
	return case_text_drain(&w->text, err);
}

static enum case_status
csv_begin(struct case_writer *base, const struct case_table *t,
    struct case_error *err)
{
	return begin((struct csv_form *)base, t, ',', err);
}

static enum case_status
tsv_begin(struct case_writer *base, const struct case_table *t,
    struct case_error *err)
{
	return begin((struct csv_form *)base, t, '\t', err);
}

static enum case_status
csv_row(struct case_writer *base, const struct case_value *v, size_t n,
    struct case_error *err)
{
	struct csv_form *w = (struct csv_form *)base;
	struct case_buf *b = &w->text.buf;
	size_t from = b->n;
	enum case_status rc;

	if ((rc = case_writer_check(w->text.table, v, n, err)) != CASE_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			case_buf_addc(b, w->delimiter);
		if (v[i].missing)
			continue;
		if (case_type_is_text(v[i].type))
			put_text(w, v[i].u.s.p, v[i].u.s.n);
		else
			case_value_text(b, &v[i]);
	}
	end_line(w, from);
	return case_text_drain(&w->text, err);
}

static enum case_status
csv_end(struct case_writer *base, struct case_error *err)
{
	(void)err;
	((struct csv_form *)base)->text.table = NULL;
	return CASE_OK;
}

const struct case_text_format case_format_csv = {
	.size = sizeof(struct csv_form),
	.ops = {
		.begin = csv_begin,
		.row = csv_row,
		.end = csv_end,
		.fail = case_text_fail,
		.finish = case_text_finish,
		.close = case_text_close,
	},
};

const struct case_text_format case_format_tsv = {
	.size = sizeof(struct csv_form),
	.ops = {
		.begin = tsv_begin,
		.row = csv_row,
		.end = csv_end,
		.fail = case_text_fail,
		.finish = case_text_finish,
		.close = case_text_close,
	},
};
