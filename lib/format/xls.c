/* xls.c - rows of an XLS workbook (BIFF5, BIFF8) */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/format/bytes.h"
#include "lib/format/reader.h"
#include "lib/format/xlsbook.h"

enum {
	COLUMNS_MAX = 256, /* of a sheet of these versions */
	/* The result of a formula that is no number. */
	RESULT_TEXT = 0,
	RESULT_TRUTH = 1,
	RESULT_ERROR = 2,
	RESULT_EMPTY = 3
};

/*
 * A cell that is not empty.
 *
 * key	its row × 65,536 + its column, both from 0
 * at	its record in the stream; of a formula with a text that of the text
 */
struct cell {
	uint32_t key;
	uint32_t at;
};

/*
 * cell		of the sheet, in the order of rows and columns
 * i		the next one to give
 * row		rows given
 * lines	rows that the sheet has, up to the last one with a cell
 * text, end	the texts of a row behind each other, and where each ends
 */
struct xls {
	struct case_xls_book book;
	struct cell *cell;
	size_t cell_n;
	size_t cell_cap;
	bool sorted;
	size_t i;
	size_t row;
	size_t lines;
	struct case_buf text;
	size_t end[COLUMNS_MAX];
	struct case_buf raw;
};

/* The sheet, record by record. */

/*
 * sheet	the name, for errors
 * formula	a formula was met whose text is to come: key is its place
 */
struct scan {
	struct xls *x;
	const struct case_limits *limits;
	bool formula;
	uint32_t key;
	struct case_error *err;
};

static enum case_status
add_cell(struct scan *s, uint32_t key, size_t at)
{
	struct xls *x = s->x;
	size_t cap = x->cell_cap == 0 ? 4096 : 2 * x->cell_cap;
	size_t held = x->book.stream.n + x->book.shared.n;
	struct cell *cell;

	if ((key & 0xffff) >= COLUMNS_MAX)
		return case_xls_damaged(s->err);
	if (x->cell_n == x->cell_cap) {
		if (held + cap * sizeof(*cell) > s->limits->held)
			return case_limit_error(s->limits, &s->limits->held,
			    _("the sheet has too many cells to be held in "
			      "memory"),
			    s->err);
		cell = reallocarray(x->cell, cap, sizeof(*cell));
		if (cell == NULL)
			return case_error_memory(s->err);
		x->cell = cell;
		x->cell_cap = cap;
	}
	if (x->cell_n > 0 && key <= x->cell[x->cell_n - 1].key)
		x->sorted = false;
	x->cell[x->cell_n++] = (struct cell){ key, (uint32_t)at };
	return CASE_OK;
}

/* Several numbers side by side; a cell that is one of them refers to all. */
static enum case_status
add_numbers(struct scan *s, const struct case_biff_record *r, uint32_t key,
    size_t at)
{
	size_t n = (r->n - 6) / 6;
	enum case_status rc = CASE_OK;

	for (size_t i = 0; rc == CASE_OK && i < n; i++) {
		if ((key & 0xffff) + i >= COLUMNS_MAX)
			return case_xls_damaged(s->err);
		rc = add_cell(s, key + (uint32_t)i, at);
	}
	return rc;
}

/* A formula's text stands in a record behind it. */
static enum case_status
add_formula(struct scan *s, const struct case_biff_record *r, uint32_t key,
    size_t at)
{
	const unsigned char *result = r->p + 6;

	if (get16(result + 6) != 0xffff)
		return add_cell(s, key, at);
	s->key = key;
	s->formula = result[0] == RESULT_TEXT;
	return result[0] == RESULT_TRUTH || result[0] == RESULT_ERROR
		   ? add_cell(s, key, at)
		   : CASE_OK;
}

/*
 * Records that hold cells: the least bytes they have, and which of those are
 * the length of a text (0: none), whose cell is none when it is 0.
 */
static const struct form {
	unsigned id;
	unsigned least;
	unsigned length;
} forms[] = {
	{ CASE_BIFF_FORMULA, 14, 0 },
	{ CASE_BIFF_MULRK, 6, 0 },
	{ CASE_BIFF_RSTRING, 8, 6 },
	{ CASE_BIFF_LABELSST, 10, 0 },
	{ CASE_BIFF_NUMBER, 14, 0 },
	{ CASE_BIFF_LABEL, 8, 6 },
	{ CASE_BIFF_BOOLERR, 8, 0 },
	{ CASE_BIFF_RK, 10, 0 },
};

static enum case_status
scan_cell(struct scan *s, const struct case_biff_record *r,
    const struct form *form, size_t at)
{
	struct case_str text;
	uint32_t key;

	if (r->n < form->least)
		return case_xls_damaged(s->err);
	key = get16(r->p) << 16 | get16(r->p + 2);
	s->formula = false;
	if (r->id == CASE_BIFF_FORMULA)
		return add_formula(s, r, key, at);
	if (r->id == CASE_BIFF_MULRK)
		return add_numbers(s, r, key, at);
	if (form->length > 0 && get16(r->p + form->length) == 0)
		return CASE_OK;
	if (r->id == CASE_BIFF_LABELSST &&
	    case_xls_shared(&s->x->book, get32(r->p + 6), &text) && text.n == 0)
		return CASE_OK;
	return add_cell(s, key, at);
}

static enum case_status
scan_record(struct scan *s, const struct case_biff_record *r, size_t at)
{
	if (r->id == CASE_BIFF_STRING) {
		if (!s->formula || r->n < 2 || get16(r->p) == 0)
			return CASE_OK;
		s->formula = false;
		return add_cell(s, s->key, at);
	}
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (forms[i].id == r->id)
			return scan_cell(s, r, &forms[i], at);
	return CASE_OK;
}

/* Of two records for one cell the later counts, so it comes first. */
static int
compare(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->at < y->at) - (x->at > y->at);
}

static void
sort_cells(struct xls *x)
{
	size_t n = 0;

	qsort(x->cell, x->cell_n, sizeof(*x->cell), compare);
	for (size_t i = 0; i < x->cell_n; i++)
		if (n == 0 || x->cell[i].key != x->cell[n - 1].key)
			x->cell[n++] = x->cell[i];
	x->cell_n = n;
	x->sorted = true;
}

/* Sheets that lie within each other would be gone through again and again. */
static bool
holds_sheet(const struct case_xls_book *book, size_t sheet, size_t end)
{
	for (size_t i = 0; i < book->sheet_n; i++)
		if (i != sheet && book->sheet_at[i] < end &&
		    book->sheet_at[i] >= book->sheet_at[sheet])
			return true;
	return false;
}

/* Charts that lie on a sheet are streams within it. */
static enum case_status
scan_sheet(struct case_reader *rd, struct case_error *err)
{
	struct xls *x = rd->state;
	struct scan s = { .x = x, .limits = &rd->limits, .err = err };
	size_t at = x->book.sheet_at[rd->sheet], depth = 0;
	struct case_biff_record r;
	enum case_status rc = CASE_OK;

	x->cell_n = x->i = x->row = x->lines = 0;
	x->sorted = true;
	if (!case_biff_record(&x->book.biff, at, &r) || r.id != CASE_BIFF_BOF)
		return case_xls_damaged(err);
	do {
		if (r.id == CASE_BIFF_BOF)
			depth++;
		else if (r.id == CASE_BIFF_EOF)
			depth--;
		else if (depth == 1)
			rc = scan_record(&s, &r, at);
		at = r.next;
		if (rc == CASE_OK && depth > 0 &&
		    !case_biff_record(&x->book.biff, at, &r))
			return case_xls_damaged(err);
	} while (rc == CASE_OK && depth > 0);
	if (rc == CASE_OK && holds_sheet(&x->book, rd->sheet, at))
		return case_xls_damaged(err);
	for (size_t i = 0; i < x->cell_n; i++)
		if (x->lines <= x->cell[i].key >> 16)
			x->lines = (x->cell[i].key >> 16) + 1;
	if (!x->sorted)
		sort_cells(x);
	return rc;
}

/* Cells as text. */

static void
put_number(struct xls *x, double v, size_t xf)
{
	case_cell_number(&x->text, v, case_xls_form(&x->book, xf),
	    x->book.from1904);
}

static void
put_truth(struct xls *x, bool is_error, unsigned code)
{
	static const struct {
		unsigned code;
		const char *name;
	} errors[] = { { 0x00, "#NULL!" }, { 0x07, "#DIV/0!" },
		{ 0x0f, "#VALUE!" }, { 0x17, "#REF!" }, { 0x1d, "#NAME?" },
		{ 0x24, "#NUM!" }, { 0x2a, "#N/A" },
		{ 0x2b, "#GETTING_DATA" } };
	const char *name = "#ERROR!";

	if (!is_error) {
		case_buf_adds(&x->text, code != 0 ? "TRUE" : "FALSE");
		return;
	}
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].code == code)
			name = errors[i].name;
	case_buf_adds(&x->text, name);
}

static void
put_formula(struct xls *x, const unsigned char *p)
{
	const unsigned char *result = p + 6;

	if (get16(result + 6) == 0xffff)
		put_truth(x, result[0] == RESULT_ERROR, result[2]);
	else
		put_number(x, case_biff_double(result), get16(p + 4));
}

static enum case_biff_result
put_text(struct xls *x, const struct case_biff_record *r, size_t skip)
{
	struct case_biff_cursor c = case_biff_cursor(&x->book.biff, r, skip);

	return case_biff_text(&c, 2, &x->text);
}

/* The text of one cell behind x->text; its record was found whole before. */
static enum case_biff_result
put_cell(struct xls *x, const struct cell *cell)
{
	struct case_biff_record r;
	struct case_str shared;
	const unsigned char *rk;

	if (!case_biff_record(&x->book.biff, cell->at, &r))
		return CASE_BIFF_DAMAGED;
	switch (r.id) {
	case CASE_BIFF_FORMULA:
		put_formula(x, r.p);
		break;
	case CASE_BIFF_MULRK:
		rk = r.p + 4 + 6 * ((cell->key & 0xffff) - get16(r.p + 2));
		put_number(x, case_biff_rk(get32(rk + 2)), get16(rk));
		break;
	case CASE_BIFF_LABELSST:
		if (!case_xls_shared(&x->book, get32(r.p + 6), &shared))
			return CASE_BIFF_DAMAGED;
		case_buf_add(&x->text, shared.p, shared.n);
		break;
	case CASE_BIFF_NUMBER:
		put_number(x, case_biff_double(r.p + 6), get16(r.p + 4));
		break;
	case CASE_BIFF_BOOLERR:
		put_truth(x, r.p[7] != 0, r.p[6]);
		break;
	case CASE_BIFF_RK:
		put_number(x, case_biff_rk(get32(r.p + 6)), get16(r.p + 4));
		break;
	case CASE_BIFF_STRING:
		return put_text(x, &r, 0);
	default:
		return put_text(x, &r, 6);
	}
	return CASE_BIFF_OK;
}

/*
 * The cells of the next row into x->text; n is how many it has up to the last
 * of those that are filled.
 */
static enum case_biff_result
put_row(struct xls *x, size_t *n, size_t *filled)
{
	enum case_biff_result result = CASE_BIFF_OK, one;
	size_t column, first = x->i;

	case_buf_reset(&x->text);
	for (*n = 0; x->i < x->cell_n && x->cell[x->i].key >> 16 == x->row;
	     x->i++) {
		column = x->cell[x->i].key & 0xffff;
		while (*n < column)
			x->end[(*n)++] = x->text.n;
		if ((one = put_cell(x, &x->cell[x->i])) != CASE_BIFF_OK)
			result = one;
		x->end[(*n)++] = x->text.n;
	}
	*filled = x->i - first;
	return result;
}

static enum case_status
xls_next(struct case_reader *rd, struct case_row *row, struct case_error *err)
{
	struct xls *x = rd->state;
	enum case_biff_result result;
	enum case_status rc;
	size_t n, filled;
	const char *p;

	if (x->i == x->cell_n)
		return CASE_EOF;
	result = put_row(x, &n, &filled);
	x->row++;
	if (result == CASE_BIFF_PAGE)
		return case_xls_page(&x->book.biff, err);
	if (x->text.failed || !case_reader_room(rd, n + rd->width))
		return case_error_memory(err);
	p = case_buf_str(&x->text);
	for (size_t i = 0; i < n; i++) {
		size_t from = i == 0 ? 0 : x->end[i - 1];

		rd->cell[i] = (struct case_str){ p + from, x->end[i] - from };
	}
	case_buf_reset(&x->raw);
	if (!case_reader_raw_cells(&x->raw, rd->cell, n))
		return case_error_memory(err);
	*row = (struct case_row){
		.line = x->row,
		.lines = 1,
		.cell = rd->cell,
		.cell_n = n,
		.raw = { case_buf_str(&x->raw), x->raw.n },
	};
	if (result != CASE_BIFF_OK)
		row->fault = _("a cell's text is missing or damaged");
	else
		row->fault =
		    case_reader_fault(rd, (struct case_str){ p, x->text.n },
			memchr(p, '\0', x->text.n) != NULL);
	while (n > 0 && n < rd->width)
		rd->cell[n++] = (struct case_str){ "", 0 };
	if ((rc = case_reader_gaps(rd, n, filled, err)) != CASE_OK)
		return rc;
	row->cell_n = row->fault != NULL ? 0 : n;
	return CASE_OK;
}

static enum case_status
xls_rewind(struct case_reader *rd, struct case_error *err)
{
	struct xls *x = rd->state;

	(void)err;
	x->i = x->row = 0;
	return CASE_OK;
}

static size_t
xls_lines(const struct case_reader *rd)
{
	return ((const struct xls *)rd->state)->lines;
}

/* The stream is nearly all of the file; its first rows come first. */
static uint64_t
xls_position(const struct case_reader *rd)
{
	const struct xls *x = rd->state;

	return x->i < x->cell_n ? x->cell[x->i].at
				: case_input_facts(rd->in)->size;
}

static const struct case_sheet *
xls_sheets(const struct case_reader *rd, size_t *n)
{
	const struct xls *x = rd->state;

	*n = x->book.sheet_n;
	return x->book.sheet;
}

static enum case_status
xls_open(struct case_reader *rd, struct case_error *err)
{
	struct xls *x = calloc(1, sizeof(*x));
	enum case_status rc;

	if ((rd->state = x) == NULL)
		return case_error_memory(err);
	rc = case_xls_book_open(&x->book, rd->in, &rd->limits, err);
	if (rc != CASE_OK)
		return rc;
	while (rd->sheet < x->book.sheet_n && x->book.sheet[rd->sheet].hidden)
		rd->sheet++;
	if (rd->sheet == x->book.sheet_n)
		rd->sheet = 0;
	return scan_sheet(rd, err);
}

static void
xls_close(struct case_reader *rd)
{
	struct xls *x = rd->state;

	case_xls_book_free(&x->book);
	free(x->cell);
	case_buf_free(&x->text);
	case_buf_free(&x->raw);
	free(x);
}

const struct case_reader_ops case_reader_xls = {
	.open = xls_open,
	.next = xls_next,
	.rewind = xls_rewind,
	.lines = xls_lines,
	.position = xls_position,
	.sheets = xls_sheets,
	.select = scan_sheet,
	.close = xls_close,
};
