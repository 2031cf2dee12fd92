/* write_md.c - tables as Markdown */
#include <string.h>

#include "case/text.h"
#include "lib/format/writer.h"

/*
 * Everything Markdown would read as its own, HTML too; the pipe would end
 * the cell. The text is visible already: it has no line breaks.
 */
static void
put_escaped(struct case_buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] != '\0' && strchr("\\`*_[]<>|&~#", p[i]) != NULL)
			case_buf_addc(b, '\\');
		case_buf_addc(b, p[i]);
	}
}

static void
put_visible(struct case_text_writer *w, const char *p, size_t n)
{
	struct case_buf *cell = &w->cell;

	case_buf_reset(cell);
	case_text_visible(cell, p, n);
	if (cell->failed)
		w->buf.failed = true;
	put_escaped(&w->buf, case_buf_str(cell), cell->n);
}

static void
put_header(struct case_text_writer *w, struct case_buf *heading)
{
	const struct case_table *t = w->table;
	struct case_buf *b = &w->buf;

	for (size_t i = 0; i < t->column_n; i++) {
		case_buf_reset(heading);
		case_column_heading(heading, &t->column[i]);
		case_buf_adds(b, i == 0 ? "| " : " | ");
		put_visible(w, case_buf_str(heading), heading->n);
		if (heading->failed)
			b->failed = true;
	}
	case_buf_adds(b, " |\n|");
	for (size_t i = 0; i < t->column_n; i++)
		case_buf_adds(b, case_type_is_numeric(t->column[i].type)
				     ? " ---: |"
				     : " --- |");
	case_buf_addc(b, '\n');
}

static enum case_status
md_begin(struct case_writer *base, const struct case_table *t,
    struct case_error *err)
{
	struct case_text_writer *w = (struct case_text_writer *)base;
	struct case_buf heading = { 0 };

	case_text_begin(w, t);
	case_buf_adds(&w->buf, w->tables > 1 ? "\n## " : "## ");
	case_table_heading(&heading, t, w->opt.lang);
	put_visible(w, case_buf_str(&heading), heading.n);
	if (heading.failed)
		w->buf.failed = true;
	case_buf_adds(&w->buf, "\n\n");
	put_header(w, &heading);
	case_buf_free(&heading);
	return case_text_drain(w, err);
}

static enum case_status
md_row(struct case_writer *base, const struct case_value *v, size_t n,
    struct case_error *err)
{
	struct case_text_writer *w = (struct case_text_writer *)base;
	struct case_buf *b = &w->buf;
	enum case_status rc;

	if ((rc = case_writer_check(w->table, v, n, err)) != CASE_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		case_buf_adds(b, i == 0 ? "| " : " | ");
		if (!v[i].missing && case_type_is_text(v[i].type))
			put_visible(w, v[i].u.s.p, v[i].u.s.n);
		else
			case_value_people(b, &v[i]);
	}
	case_buf_adds(b, " |\n");
	return case_text_drain(w, err);
}

static enum case_status
md_end(struct case_writer *base, struct case_error *err)
{
	(void)err;
	((struct case_text_writer *)base)->table = NULL;
	return CASE_OK;
}

const struct case_text_format case_format_md = {
	.size = sizeof(struct case_text_writer),
	.ops = {
		.begin = md_begin,
		.row = md_row,
		.end = md_end,
		.fail = case_text_fail,
		.finish = case_text_finish,
		.close = case_text_close,
	},
};
