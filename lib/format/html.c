/* html.c - rows of the tables of an HTML page */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/format/htmlscan.h"
#include "lib/format/htmltree.h"
#include "lib/format/reader.h"

/* Only among so many columns may cells span rows: each row looks at all. */
#define SPAN_COLUMNS 1024
/* Captions of so many tables are read; those behind go by their numbers. */
#define NAMED_MAX 1000

/*
 * page		all of the file, in the window
 * part		of the table, next to be parsed; row_i is a row of the present
 * row		rows given
 * filled	cells of the present row that hold a text
 * until	of each column the row up to which a cell from above takes it
 * place	where each text begins in text; of cells that a span made none
 */
struct html {
	const char *page;
	size_t page_n;
	struct case_html_tables tables;
	struct case_sheet *sheet;
	struct case_html_tree *tree;
	size_t part;
	size_t part_end;
	size_t row_i;
	size_t row;
	size_t filled;
	size_t until[SPAN_COLUMNS];
	size_t until_n;
	struct case_buf text;
	struct case_buf raw;
	size_t *place;
	size_t place_cap;
};

/* The page as a whole; it is read through the window, which then holds it. */
static enum case_status
load_page(struct case_reader *rd, struct case_error *err)
{
	struct html *h = rd->state;
	uint64_t held = rd->limits.held;
	size_t most = held < SIZE_MAX ? (size_t)held + 1 : SIZE_MAX;
	enum case_status rc;

	rc = case_window_peek(&rd->w, most, &h->page_n, err);
	if (rc != CASE_OK)
		return rc;
	if (h->page_n > held)
		return case_limit_error(&rd->limits, &rd->limits.held,
		    _("the page is too large to be held in memory"), err);
	h->page = h->page_n == 0 ? "" : case_window_at(&rd->w, 0);
	return CASE_OK;
}

static enum case_status
name_table(struct html *h, size_t i, struct case_error *err)
{
	const struct case_html_table *t = &h->tables.table[i];
	struct case_buf name = { 0 };
	enum case_status rc = CASE_OK;

	if (t->caption_to > t->caption_from && i < NAMED_MAX)
		rc = case_html_tree_text(h->tree, h->page + t->caption_from,
		    t->caption_to - t->caption_from, &name, err);
	if (name.n == 0)
		case_buf_addf(&name, "%zu", i + 1);
	if (rc == CASE_OK && name.failed)
		rc = case_error_memory(err);
	h->sheet[i].name = name.p;
	return rc;
}

static enum case_status
find_tables(struct case_reader *rd, struct case_error *err)
{
	struct html *h = rd->state;
	enum case_status rc;

	rc = case_html_scan(&h->tables, h->page, h->page_n, &rd->limits, err);
	if (rc != CASE_OK)
		return rc;
	if (h->tables.n == 0 && h->tables.frames)
		return case_error_set(err, CASE_EDATA, 0, "%s",
		    _("the cover of a workbook that was saved as a web page: "
		      "import the sheet001.htm in the folder beside it, or "
		      "save the workbook as .xlsx"));
	if (h->tables.n == 0)
		return case_error_set(err, CASE_EDATA, 0, "%s",
		    _("an HTML page without a table; if the system answered "
		      "with a login or error page, export again"));
	h->sheet = calloc(h->tables.n, sizeof(*h->sheet));
	if (h->sheet == NULL)
		return case_error_memory(err);
	for (size_t i = 0; rc == CASE_OK && i < h->tables.n; i++)
		rc = name_table(h, i, err);
	return rc;
}

static enum case_status
select_table(struct case_reader *rd, struct case_error *err)
{
	struct html *h = rd->state;

	(void)err;
	h->part = 0;
	h->row = h->row_i = 0;
	h->part_end = 0;
	h->until_n = 0;
	return CASE_OK;
}

static enum case_status
html_open(struct case_reader *rd, struct case_error *err)
{
	struct html *h = calloc(1, sizeof(*h));
	enum case_status rc;

	if ((rd->state = h) == NULL)
		return case_error_memory(err);
	if ((rc = case_html_tree_new(&h->tree, &rd->limits, err)) != CASE_OK ||
	    (rc = load_page(rd, err)) != CASE_OK ||
	    (rc = find_tables(rd, err)) != CASE_OK)
		return rc;
	return select_table(rd, err);
}

static enum case_status
html_rewind(struct case_reader *rd, struct case_error *err)
{
	enum case_status rc = load_page(rd, err);

	return rc == CASE_OK ? select_table(rd, err) : rc;
}

/* The next part of the table; CASE_EOF behind the last. */
static enum case_status
next_part(struct case_reader *rd, struct case_error *err)
{
	struct html *h = rd->state;
	const struct case_html_table *t = &h->tables.table[rd->sheet];
	size_t from;

	if (h->part > t->cut_n)
		return CASE_EOF;
	from = h->part == 0 ? t->from : t->cut[h->part - 1];
	h->part_end = h->part < t->cut_n ? t->cut[h->part] : t->to;
	h->part++;
	h->row_i = 0;
	return case_html_tree_parse(h->tree, h->page + from, h->part_end - from,
	    err);
}

static bool
more_places(struct html *h, size_t n)
{
	size_t cap = h->place_cap == 0 ? 64 : h->place_cap;
	size_t *place;

	if (n <= h->place_cap)
		return true;
	while (cap < n)
		cap *= 2;
	place = reallocarray(h->place, cap, sizeof(*place));
	if (place == NULL)
		return false;
	h->place = place;
	h->place_cap = cap;
	return true;
}

/* An empty cell; place[i] to place[i + 1] is the text of cell i. */
static void
add_empty(struct html *h, size_t *n)
{
	if (*n < CASE_CELLS_MAX && more_places(h, *n + 2))
		h->place[++*n] = h->text.n;
	else
		++*n;
}

static bool
is_taken(const struct html *h, size_t column)
{
	return column < h->until_n && h->until[column] > h->row;
}

/* The cell takes its columns, in the rows below as well. */
static void
take_columns(struct html *h, struct case_html_span span, size_t *n)
{
	size_t until = span.rows == SIZE_MAX ? SIZE_MAX : h->row + span.rows;

	for (size_t i = 0; i < span.columns && *n <= CASE_CELLS_MAX; i++) {
		for (; *n < SPAN_COLUMNS && *n >= h->until_n; h->until_n++)
			h->until[h->until_n] = 0;
		if (*n < SPAN_COLUMNS)
			h->until[*n] = until;
		if (i == 0 && more_places(h, *n + 2))
			h->place[++*n] = h->text.n;
		else
			add_empty(h, n);
	}
}

/* What is only blanks (a &nbsp;) is empty. */
static void
drop_blank(struct html *h, size_t from)
{
	const char *p = case_buf_str(&h->text) + from;

	if (!h->text.failed && case_text_trim(p, h->text.n - from).n == 0)
		h->text.n = from;
}

/*
 * The texts of a row; n is how many columns it has, more than the most there
 * may be when it has too many.
 */
static void
put_row(struct html *h, const struct case_html_row *r, size_t *n)
{
	*n = h->filled = 0;
	case_buf_reset(&h->text);
	if (!more_places(h, 1))
		return;
	h->place[0] = 0;
	if (r->section)
		h->until_n = 0;
	for (size_t i = 0; i < r->cell_n && *n <= CASE_CELLS_MAX; i++) {
		struct case_html_span span;
		size_t from;

		while (is_taken(h, *n))
			add_empty(h, n);
		from = h->text.n;
		span = case_html_tree_cell(h->tree, h->row_i, i, &h->text);
		drop_blank(h, from);
		h->filled += h->text.n > from;
		take_columns(h, span, n);
	}
}

/* The page's own text of the row, in which faults of its bytes are. */
static const char *
source_fault(struct case_reader *rd, const struct case_html_row *r)
{
	struct html *h = rd->state;
	const char *end = h->page + h->part_end;
	size_t next = h->row_i + 1;

	if (r->source == NULL)
		return NULL;
	if (next < case_html_tree_rows(h->tree) &&
	    case_html_tree_row(h->tree, next).source != NULL)
		end = case_html_tree_row(h->tree, next).source;
	if (end <= r->source)
		return NULL;
	return case_reader_fault(rd,
	    (struct case_str){ r->source, (size_t)(end - r->source) },
	    memchr(r->source, '\0', (size_t)(end - r->source)) != NULL);
}

static enum case_status
give_row(struct case_reader *rd, size_t n, const char *fault,
    struct case_row *row, struct case_error *err)
{
	struct html *h = rd->state;
	const char *p = case_buf_str(&h->text);

	while (n > 0 && h->place[n] == h->place[n - 1])
		n--;
	if (!case_reader_room(rd, n + rd->width))
		return case_error_memory(err);
	for (size_t i = 0; i < n; i++)
		rd->cell[i] = (struct case_str){ p + h->place[i],
			h->place[i + 1] - h->place[i] };
	case_buf_reset(&h->raw);
	if (!case_reader_raw_cells(&h->raw, rd->cell, n))
		return case_error_memory(err);
	*row = (struct case_row){
		.line = h->row,
		.lines = 1,
		.cell = rd->cell,
		.raw = { case_buf_str(&h->raw), h->raw.n },
		.fault = fault,
	};
	while (n > 0 && n < rd->width)
		rd->cell[n++] = (struct case_str){ "", 0 };
	row->cell_n = fault != NULL ? 0 : n;
	return CASE_OK;
}

static enum case_status
html_next(struct case_reader *rd, struct case_row *row, struct case_error *err)
{
	struct html *h = rd->state;
	const char *fault = NULL;
	struct case_html_row r;
	enum case_status rc;
	size_t n;

	while (h->row_i == case_html_tree_rows(h->tree) || h->part == 0) {
		rc = next_part(rd, err);
		/* The scan and the parser have to see the same rows. */
		if (rc == CASE_EOF && h->row != h->tables.table[rd->sheet].rows)
			return case_error_set(err, CASE_EDATA, 0, "%s",
			    _("the page's tags are too broken to be sure of "
			      "its rows; open it in Excel or a browser, and "
			      "save the table as .xlsx or CSV"));
		if (rc != CASE_OK)
			return rc;
	}
	r = case_html_tree_row(h->tree, h->row_i);
	put_row(h, &r, &n);
	h->row++;
	if ((rc = case_reader_gaps(rd, n > 0 && n < rd->width ? rd->width : n,
		 h->filled, err)) != CASE_OK)
		return rc;
	if (n > CASE_CELLS_MAX)
		fault = _("the row has more than 16,384 cells");
	else if (h->text.failed || !more_places(h, n + 1))
		return case_error_memory(err);
	else
		fault = source_fault(rd, &r);
	if (fault == NULL && h->row == h->tables.table[rd->sheet].rows &&
	    h->tables.table[rd->sheet].cut_off)
		fault =
		    _("the page ends inside this table: is the file whole?");
	h->row_i++;
	return give_row(rd, n > CASE_CELLS_MAX ? 0 : n, fault, row, err);
}

static size_t
html_lines(const struct case_reader *rd)
{
	const struct html *h = rd->state;

	return h->tables.table[rd->sheet].rows;
}

/* The page was decoded, and may be longer or shorter than the file. */
static uint64_t
html_position(const struct case_reader *rd)
{
	const struct html *h = rd->state;
	double share = (double)h->part_end / (double)(h->page_n + 1);

	return (uint64_t)(share * (double)case_input_facts(rd->in)->size);
}

static const struct case_sheet *
html_sheets(const struct case_reader *rd, size_t *n)
{
	const struct html *h = rd->state;

	*n = h->tables.n;
	return h->sheet;
}

static void
html_close(struct case_reader *rd)
{
	struct html *h = rd->state;

	for (size_t i = 0; h->sheet != NULL && i < h->tables.n; i++)
		free((char *)(uintptr_t)h->sheet[i].name);
	free(h->sheet);
	case_html_tables_free(&h->tables);
	case_html_tree_free(h->tree);
	case_buf_free(&h->text);
	case_buf_free(&h->raw);
	free(h->place);
	free(h);
}

const struct case_reader_ops case_reader_html = {
	.open = html_open,
	.next = html_next,
	.rewind = html_rewind,
	.lines = html_lines,
	.position = html_position,
	.sheets = html_sheets,
	.select = select_table,
	.close = html_close,
};
