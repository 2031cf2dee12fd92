/* write_text.c - tables in aligned columns, for a terminal or a text file */
#include <stdlib.h>
#include <string.h>

#include "case/text.h"
#include "lib/format/writer.h"

/* So many rows, and bytes of them, are looked at before widths are settled. */
#define SAMPLE_ROWS 1000
#define SAMPLE_BYTES (1024 * 1024)

/* Between columns; a bar stands behind its number with one space. */
#define GAP 2
#define BAR_CELLS 8
/* Text is never cut narrower than this, however small the terminal is. */
#define NARROWEST 8

/*
 * A row on its way is its cells as they will be printed, each with a NUL
 * behind it, which visible text does not hold; behind a cell with a bar comes
 * the bar, also with a NUL, or nothing but the NUL.
 *
 * sample	the header and the first rows, until the widths are settled
 * width	of each column in terminal columns, without the bar
 */
struct text_form {
	struct case_text_writer text;
	bool color;
	bool sampling;
	size_t rows;
	size_t *width;
	struct case_buf sample;
};

static bool
has_bar(const struct text_form *w, size_t column)
{
	return w->color && w->text.table->column[column].bar;
}

static void
pad(struct case_buf *b, size_t n)
{
	static const char spaces[] = "                                ";

	for (size_t part; n > 0; n -= part) {
		part = n < sizeof(spaces) - 1 ? n : sizeof(spaces) - 1;
		case_buf_add(b, spaces, part);
	}
}

/* A share in eighths of a character cell: U+2588, full, to U+258F, one. */
static void
draw_bar(struct case_buf *b, double share)
{
	double eighths = share * BAR_CELLS * 8 + 0.5;
	size_t n = 0;

	if (eighths >= BAR_CELLS * 8)
		n = BAR_CELLS * 8;
	else if (eighths >= 1)
		n = (size_t)eighths;
	for (size_t part; n > 0; n -= part) {
		part = n < 8 ? n : 8;
		case_buf_add(b, "\xe2\x96", 2);
		case_buf_addc(b, (char)(0x90 - part));
	}
}

static void
grow(struct text_form *w, size_t i, const struct case_buf *b, size_t from)
{
	size_t width;

	if (b->failed || b->n == from)
		return;
	width = case_text_width(b->p + from, b->n - from);
	if (width > w->width[i])
		w->width[i] = width;
}

static void
form_header(struct text_form *w, struct case_buf *b)
{
	const struct case_table *t = w->text.table;
	struct case_buf *heading = &w->text.cell;

	for (size_t i = 0; i < t->column_n; i++) {
		size_t from = b->n;

		case_buf_reset(heading);
		case_column_heading(heading, &t->column[i]);
		if (heading->failed)
			b->failed = true;
		case_text_visible(b, case_buf_str(heading), heading->n);
		grow(w, i, b, from);
		case_buf_addc(b, '\0');
		if (has_bar(w, i))
			case_buf_addc(b, '\0');
	}
}

static void
form_cells(struct text_form *w, struct case_buf *b, const struct case_value *v)
{
	for (size_t i = 0; i < w->text.table->column_n; i++) {
		size_t from = b->n;

		case_value_people(b, &v[i]);
		if (w->sampling)
			grow(w, i, b, from);
		case_buf_addc(b, '\0');
		if (!has_bar(w, i))
			continue;
		if (!v[i].missing && v[i].type == CASE_RATIO)
			draw_bar(b, v[i].u.d);
		case_buf_addc(b, '\0');
	}
}

static void
put_cell(struct text_form *w, size_t i, const char *p)
{
	struct case_buf *b = &w->text.buf;
	enum case_type type = w->text.table->column[i].type;
	size_t n = strlen(p), room = w->width[i];
	size_t width = case_text_width(p, n);
	size_t space = width < room ? room - width : 0;

	if (case_type_is_numeric(type)) {
		pad(b, space);
		case_buf_add(b, p, n);
	} else if (w->text.opt.columns > 0 && width > room) {
		n = case_text_cut(p, n, room - 1);
		space = room - 1 - case_text_width(p, n);
		case_buf_add(b, p, n);
		case_buf_adds(b, "…");
		pad(b, space);
	} else {
		case_buf_add(b, p, n);
		pad(b, space);
	}
}

/* Returns what lies behind the row's cells. */
static const char *
put_row(struct text_form *w, const char *p)
{
	struct case_buf *b = &w->text.buf;

	for (size_t i = 0; i < w->text.table->column_n; i++) {
		if (i > 0)
			pad(b, GAP);
		put_cell(w, i, p);
		p += strlen(p) + 1;
		if (!has_bar(w, i))
			continue;
		case_buf_addc(b, ' ');
		case_buf_adds(b, p);
		pad(b, BAR_CELLS - case_text_width(p, strlen(p)));
		p += strlen(p) + 1;
	}
	while (!b->failed && b->n > 0 && b->p[b->n - 1] == ' ')
		b->n--;
	return p;
}

static bool
may_be_cut(const struct text_form *w, size_t i)
{
	return case_type_is_text(w->text.table->column[i].type);
}

static size_t
line_width(const struct text_form *w, size_t cap)
{
	size_t sum = 0, n = w->text.table->column_n;

	for (size_t i = 0; i < n; i++) {
		sum +=
		    may_be_cut(w, i) && w->width[i] > cap ? cap : w->width[i];
		if (i > 0)
			sum += GAP;
		if (has_bar(w, i))
			sum += 1 + BAR_CELLS;
	}
	return sum;
}

/* The widest text columns give way until a line fits the terminal. */
static void
fit(struct text_form *w)
{
	size_t low = NARROWEST, high = w->text.opt.columns;

	if (high == 0 || line_width(w, SIZE_MAX) <= high)
		return;
	while (low < high) {
		size_t cap = low + (high - low + 1) / 2;

		if (line_width(w, cap) <= w->text.opt.columns)
			low = cap;
		else
			high = cap - 1;
	}
	for (size_t i = 0; i < w->text.table->column_n; i++)
		if (may_be_cut(w, i) && w->width[i] > low)
			w->width[i] = low;
}

/* The widths are what they are now; what was held back is printed. */
static enum case_status
settle(struct text_form *w, struct case_error *err)
{
	struct case_buf *b = &w->text.buf;
	const char *p, *end;
	enum case_status rc = CASE_OK;

	w->sampling = false;
	if (w->sample.failed)
		return case_error_memory(err);
	fit(w);
	p = case_buf_str(&w->sample);
	end = p + w->sample.n;
	if (w->color)
		case_buf_adds(b, "\x1b[1m");
	p = put_row(w, p);
	case_buf_adds(b, w->color ? "\x1b[0m\n" : "\n");
	while (rc == CASE_OK && p < end) {
		p = put_row(w, p);
		case_buf_addc(b, '\n');
		rc = case_text_drain(&w->text, err);
	}
	return rc;
}

static enum case_status
text_begin(struct case_writer *base, const struct case_table *t,
    struct case_error *err)
{
	struct text_form *w = (struct text_form *)base;
	struct case_buf *b = &w->text.buf, *heading = &w->text.cell;

	case_text_begin(&w->text, t);
	free(w->width);
	if ((w->width = calloc(t->column_n + 1, sizeof(*w->width))) == NULL)
		return case_error_memory(err);
	if (w->text.tables > 1)
		case_buf_addc(b, '\n');
	case_buf_reset(heading);
	case_table_heading(heading, t, w->text.opt.lang);
	if (heading->failed)
		return case_error_memory(err);
	case_text_visible(b, heading->p, heading->n);
	case_buf_addc(b, '\n');
	w->rows = 0;
	w->sampling = true;
	case_buf_reset(&w->sample);
	form_header(w, &w->sample);
	return case_text_drain(&w->text, err);
}

static enum case_status
text_row(struct case_writer *base, const struct case_value *v, size_t n,
    struct case_error *err)
{
	struct text_form *w = (struct text_form *)base;
	struct case_buf *cells = &w->text.cell;
	enum case_status rc;

	if ((rc = case_writer_check(w->text.table, v, n, err)) != CASE_OK)
		return rc;
	if (w->sampling) {
		form_cells(w, &w->sample, v);
		if (++w->rows < SAMPLE_ROWS && w->sample.n < SAMPLE_BYTES)
			return CASE_OK;
		return settle(w, err);
	}
	case_buf_reset(cells);
	form_cells(w, cells, v);
	if (cells->failed)
		return case_error_memory(err);
	put_row(w, case_buf_str(cells));
	case_buf_addc(&w->text.buf, '\n');
	return case_text_drain(&w->text, err);
}

static enum case_status
text_end(struct case_writer *base, struct case_error *err)
{
	struct text_form *w = (struct text_form *)base;
	enum case_status rc = CASE_OK;

	if (w->sampling)
		rc = settle(w, err);
	w->text.table = NULL;
	return rc;
}

static void
text_close(struct case_writer *base)
{
	struct text_form *w = (struct text_form *)base;

	free(w->width);
	case_buf_free(&w->sample);
	case_text_close(base);
}

/* Colour is the terminal's: a text file has none whatever the caller says. */
static enum case_status
table_begin(struct case_writer *base, const struct case_table *t,
    struct case_error *err)
{
	struct text_form *w = (struct text_form *)base;

	w->color = w->text.opt.color;
	return text_begin(base, t, err);
}

const struct case_text_format case_format_text = {
	.size = sizeof(struct text_form),
	.ops = {
		.begin = table_begin,
		.row = text_row,
		.end = text_end,
		.fail = case_text_fail,
		.finish = case_text_finish,
		.close = text_close,
	},
};

const struct case_text_format case_format_txt = {
	.size = sizeof(struct text_form),
	.ops = {
		.begin = text_begin,
		.row = text_row,
		.end = text_end,
		.fail = case_text_fail,
		.finish = case_text_finish,
		.close = text_close,
	},
};
