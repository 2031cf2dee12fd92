/* xmlss.c - rows of a workbook in XML as Excel 2003 writes it */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/format/cellnum.h"
#include "lib/format/celltext.h"
#include "lib/format/reader.h"
#include "lib/format/xml.h"

/* Of a sheet, as Excel bounds it today. */
#define ROWS_MAX ((size_t)1048576)

/* How the text of a cell is to be understood. */
enum type { TEXT, NUMBER, TIME, TRUTH };

/* What the parser is within; each element sets its own. */
struct within {
	bool sheet;
	bool row;
	bool cell;
	bool comment;
	bool data;
	bool visible;
};

/*
 * sheet, lines	of the workbook, and up to which row each has something
 * listing	the first time through, which finds the sheets
 * sheets_met	how many have begun
 * row		the number of the row that is parsed; next_row of one behind it
 *		that does not say
 * column	of the present cell, from 0; next_column the same
 * text, place	the texts of a row, and where each begins; text_from of the
 *		present cell
 * formula	of the present cell, as long as no value of it was met
 * unsure	a formula of the row has no value
 * n		cells up to the last that is not empty
 * filled	cells that are not
 * ready	a row was parsed and not given
 * done		the sheet has no more rows
 * given	rows given
 */
struct xmlss {
	const struct case_limits *limits;
	struct case_xml *xml;
	struct case_sheet *sheet;
	size_t *lines;
	size_t sheet_n;
	bool listing;
	size_t wanted;
	size_t sheets_met;
	struct within in;
	size_t row;
	size_t next_row;
	size_t column;
	size_t next_column;
	enum type type;
	struct case_buf text;
	size_t text_from;
	struct case_buf formula;
	bool unsure;
	size_t *place;
	size_t place_cap;
	size_t n;
	size_t filled;
	const char *fault;
	bool ready;
	bool done;
	size_t given;
	struct case_buf shown;
	struct case_buf raw;
};

static enum case_status
damaged(const struct xmlss *x, const char *why, struct case_error *err)
{
	return case_error_set(err, CASE_EDATA, case_xml_line(x->xml),
	    _("the workbook is damaged: %s; open it in Excel or LibreOffice "
	      "and save it anew"),
	    why);
}

/* A number in an attribute; what is none, or beyond max, is max + 1. */
static size_t
number_of(const char *const *attr, const char *name, size_t fallback,
    size_t max)
{
	const char *s = case_xml_attr(attr, name);
	size_t n = 0;

	if (s == NULL)
		return fallback;
	if (*s < '0' || *s > '9')
		return max + 1;
	for (; *s >= '0' && *s <= '9'; s++)
		if (n <= max)
			n = n * 10 + (size_t)(*s - '0');
	return *s != '\0' || n > max ? max + 1 : n;
}

/* Sheets. */

static enum case_status
list_sheet(struct xmlss *x, const char *name, struct case_error *err)
{
	size_t n = x->sheet_n, *lines;
	struct case_sheet *sheet;
	char *copy;

	if (n >= x->limits->entries)
		return case_limit_error(x->limits, &x->limits->entries,
		    _("the workbook has too many sheets"), err);
	sheet = reallocarray(x->sheet, n + 1, sizeof(*sheet));
	if (sheet != NULL)
		x->sheet = sheet;
	lines = reallocarray(x->lines, n + 1, sizeof(*lines));
	if (lines != NULL)
		x->lines = lines;
	copy = strdup(name);
	if (sheet == NULL || lines == NULL || copy == NULL) {
		free(copy);
		return case_error_memory(err);
	}
	sheet[n] = (struct case_sheet){ copy, false };
	lines[n] = 0;
	x->sheet_n++;
	return CASE_OK;
}

static enum case_status
begin_sheet(struct xmlss *x, const char *const *attr, struct case_error *err)
{
	const char *name = case_xml_attr(attr, "Name");
	enum case_status rc = CASE_OK;

	if (x->listing)
		rc = list_sheet(x, name == NULL ? "" : name, err);
	x->in.sheet = x->listing || x->sheets_met == x->wanted;
	x->sheets_met++;
	x->row = 0;
	x->next_row = 1;
	return rc;
}

/* Rows and cells. */

static enum case_status
begin_row(struct xmlss *x, const char *const *attr, struct case_error *err)
{
	size_t row = number_of(attr, "Index", x->next_row, ROWS_MAX);
	size_t more = number_of(attr, "Span", 0, ROWS_MAX);

	if (row < x->next_row || row > ROWS_MAX)
		return damaged(x, _("its rows are not in order, or too many"),
		    err);
	x->row = row;
	x->next_row = row + 1 + (more <= ROWS_MAX ? more : 0);
	x->next_column = x->n = x->filled = 0;
	x->fault = NULL;
	x->unsure = false;
	case_buf_reset(&x->text);
	x->in.row = true;
	return CASE_OK;
}

static enum case_status
begin_cell(struct xmlss *x, const char *const *attr, struct case_error *err)
{
	const char *formula = case_xml_attr(attr, "Formula");
	size_t column, across;

	column = number_of(attr, "Index", x->next_column + 1, ROWS_MAX);
	across = number_of(attr, "MergeAcross", 0, ROWS_MAX);
	if (column <= x->next_column)
		return damaged(x, _("its cells are not in order"), err);
	x->column = column - 1;
	x->next_column = column + across;
	x->text_from = x->text.n;
	x->type = TEXT;
	case_buf_reset(&x->formula);
	case_buf_adds(&x->formula, formula == NULL ? "" : formula);
	x->in.cell = true;
	return x->formula.failed ? case_error_memory(err) : CASE_OK;
}

static void
begin_data(struct xmlss *x, const char *const *attr)
{
	static const struct {
		const char *name;
		enum type type;
	} types[] = { { "Number", NUMBER }, { "DateTime", TIME },
		{ "Boolean", TRUTH } };
	const char *name = case_xml_attr(attr, "Type");

	for (size_t i = 0; name != NULL && i < sizeof(types) / sizeof(types[0]);
	     i++)
		if (strcmp(types[i].name, name) == 0)
			x->type = types[i].type;
	/* An empty text is a value, too. */
	if (x->type == TEXT)
		case_buf_reset(&x->formula);
	x->in.data = true;
}

static bool
more_places(struct xmlss *x, size_t n)
{
	size_t cap = x->place_cap == 0 ? 64 : x->place_cap;
	size_t *place;

	if (n <= x->place_cap)
		return true;
	while (cap < n)
		cap *= 2;
	place = reallocarray(x->place, cap, sizeof(*place));
	if (place == NULL)
		return false;
	x->place = place;
	x->place_cap = cap;
	return true;
}

static void
put_typed(struct xmlss *x)
{
	const char *p = case_buf_str(&x->text) + x->text_from;
	size_t n = x->text.n - x->text_from;

	switch (x->type) {
	case TEXT:
		break;
	case NUMBER:
		case_cell_text(&x->text, x->text_from, CASE_CELL_NUMBER, false);
		break;
	case TIME:
		case_buf_reset(&x->shown);
		case_cell_iso(&x->shown, p, n);
		x->text.n = x->text_from;
		case_buf_add(&x->text, case_buf_str(&x->shown), x->shown.n);
		break;
	case TRUTH:
		if (n != 1 || (p[0] != '0' && p[0] != '1'))
			break;
		x->text.n = x->text_from;
		case_buf_adds(&x->text, p[0] == '1' ? "TRUE" : "FALSE");
		break;
	}
}

/* A cell that is not empty takes its place among the row's. */
static enum case_status
end_cell(struct xmlss *x, struct case_error *err)
{
	x->in.cell = false;
	if (x->text.n > x->text_from) {
		put_typed(x);
	} else if (x->formula.n > 0) {
		case_buf_add(&x->text, x->formula.p, x->formula.n);
		x->unsure = true;
	}
	if (x->text.failed)
		return case_error_memory(err);
	if (x->text.n == x->text_from)
		return CASE_OK;
	if (x->column >= CASE_CELLS_MAX) {
		x->fault = _("the row has more than 16,384 cells");
		x->text.n = x->text_from;
		return CASE_OK;
	}
	if (!more_places(x, x->column + 2))
		return case_error_memory(err);
	while (x->n <= x->column)
		x->place[x->n++] = x->text_from;
	x->place[x->n] = x->text.n;
	x->filled++;
	return CASE_OK;
}

static enum case_status
end_row(struct xmlss *x)
{
	bool any = x->n > 0 || x->fault != NULL;

	x->in.row = false;
	if (!any)
		return CASE_OK;
	if (x->listing) {
		x->lines[x->sheet_n - 1] = x->row;
		return CASE_OK;
	}
	x->ready = true;
	return CASE_EOF;
}

/* The document. */

static enum case_status
on_start(void *arg, const char *name, const char *const *attr,
    struct case_error *err)
{
	struct xmlss *x = arg;

	if (strcmp(name, "Worksheet") == 0 && !x->in.row)
		return begin_sheet(x, attr, err);
	if (!x->in.sheet)
		return CASE_OK;
	if (strcmp(name, "Row") == 0 && !x->in.row)
		return begin_row(x, attr, err);
	if (strcmp(name, "Cell") == 0 && x->in.row && !x->in.cell)
		return begin_cell(x, attr, err);
	if (strcmp(name, "Comment") == 0)
		x->in.comment = true;
	else if (strcmp(name, "Data") == 0 && x->in.cell && !x->in.comment)
		begin_data(x, attr);
	else if (strcmp(name, "Visible") == 0 && x->listing)
		x->in.visible = true;
	return CASE_OK;
}

static enum case_status
on_end(void *arg, const char *name, struct case_error *err)
{
	struct xmlss *x = arg;

	if (!x->in.sheet)
		return CASE_OK;
	if (strcmp(name, "Data") == 0)
		x->in.data = x->in.data && x->in.comment;
	else if (strcmp(name, "Comment") == 0)
		x->in.comment = false;
	else if (strcmp(name, "Cell") == 0 && x->in.cell)
		return end_cell(x, err);
	else if (strcmp(name, "Row") == 0 && x->in.row)
		return end_row(x);
	else if (strcmp(name, "Visible") == 0)
		x->in.visible = false;
	if (strcmp(name, "Worksheet") != 0)
		return CASE_OK;
	x->in = (struct within){ 0 };
	x->done = !x->listing;
	return x->done ? CASE_EOF : CASE_OK;
}

static enum case_status
on_text(void *arg, const char *p, size_t n, struct case_error *err)
{
	struct xmlss *x = arg;

	/* "SheetHidden" or "SheetVeryHidden"; else it is "SheetVisible". */
	if (x->in.visible && memchr(p, 'H', n) != NULL)
		x->sheet[x->sheet_n - 1].hidden = true;
	if (!x->in.data || x->in.comment)
		return CASE_OK;
	if (n > CASE_ROW_MAX || x->text.n > CASE_ROW_MAX - n) {
		x->fault = _("the row is longer than 16 MiB");
		return CASE_OK;
	}
	case_buf_add(&x->text, p, n);
	return x->text.failed ? case_error_memory(err) : CASE_OK;
}

static enum case_status
read_input(void *source, char *p, size_t cap, size_t *n, struct case_error *err)
{
	return case_input_read(source, p, cap, n, err);
}

/* From the begin of the document on. */
static enum case_status
begin_reading(struct case_reader *rd, struct case_error *err)
{
	struct xmlss *x = rd->state;
	enum case_status rc;

	x->in = (struct within){ 0 };
	x->wanted = rd->sheet;
	x->sheets_met = x->given = x->row = 0;
	x->ready = x->done = false;
	if ((rc = case_input_rewind(rd->in, err)) != CASE_OK)
		return rc;
	return case_xml_restart(x->xml, err);
}

static enum case_status
list_sheets(struct case_reader *rd, struct case_error *err)
{
	struct xmlss *x = rd->state;
	enum case_status rc;

	x->listing = true;
	while ((rc = case_xml_next(x->xml, err)) == CASE_OK)
		continue;
	x->listing = false;
	if (rc != CASE_EOF)
		return rc;
	if (x->sheet_n == 0)
		return case_error_set(err, CASE_EDATA, 0, "%s",
		    _("the workbook has no sheet with rows"));
	while (rd->sheet < x->sheet_n && x->sheet[rd->sheet].hidden)
		rd->sheet++;
	if (rd->sheet == x->sheet_n)
		rd->sheet = 0;
	return CASE_OK;
}

static enum case_status
xmlss_open(struct case_reader *rd, struct case_error *err)
{
	static const struct case_xml_handler handler = { on_start, on_end,
		on_text };
	struct xmlss *x = calloc(1, sizeof(*x));
	enum case_status rc;

	if ((rd->state = x) == NULL)
		return case_error_memory(err);
	x->limits = &rd->limits;
	if ((rc = case_input_rewind(rd->in, err)) != CASE_OK ||
	    (rc = case_xml_open(&x->xml, &handler, x, read_input, rd->in, true,
		 &rd->limits, err)) != CASE_OK ||
	    (rc = list_sheets(rd, err)) != CASE_OK)
		return rc;
	return begin_reading(rd, err);
}

static enum case_status
give_row(struct case_reader *rd, struct case_row *row, struct case_error *err)
{
	struct xmlss *x = rd->state;
	const char *p = case_buf_str(&x->text);
	size_t n = x->n;

	x->ready = false;
	if (!case_reader_room(rd, n + rd->width))
		return case_error_memory(err);
	for (size_t i = 0; i < n; i++)
		rd->cell[i] = (struct case_str){ p + x->place[i],
			x->place[i + 1] - x->place[i] };
	case_buf_reset(&x->raw);
	if (!case_reader_raw_cells(&x->raw, rd->cell, n))
		return case_error_memory(err);
	row->raw = (struct case_str){ case_buf_str(&x->raw), x->raw.n };
	row->fault = x->fault;
	while (n > 0 && n < rd->width)
		rd->cell[n++] = (struct case_str){ "", 0 };
	row->cell = rd->cell;
	row->cell_n = x->fault != NULL ? 0 : n;
	if (x->unsure && x->fault == NULL)
		row->unsure =
		    _("a formula has no value in the file; open it in "
		      "a spreadsheet program and save it again");
	return case_reader_gaps(rd, n, x->filled, err);
}

static enum case_status
xmlss_next(struct case_reader *rd, struct case_row *row, struct case_error *err)
{
	struct xmlss *x = rd->state;
	enum case_status rc;

	while (!x->ready && !x->done)
		if ((rc = case_xml_next(x->xml, err)) != CASE_OK)
			return rc;
	if (!x->ready)
		return CASE_EOF;
	*row = (struct case_row){ .line = ++x->given, .lines = 1 };
	/* Rows that the sheet leaves out are blank ones. */
	if (x->given < x->row)
		return case_reader_gaps(rd, 0, 0, err);
	return give_row(rd, row, err);
}

static size_t
xmlss_lines(const struct case_reader *rd)
{
	return ((const struct xmlss *)rd->state)->lines[rd->sheet];
}

static const struct case_sheet *
xmlss_sheets(const struct case_reader *rd, size_t *n)
{
	const struct xmlss *x = rd->state;

	*n = x->sheet_n;
	return x->sheet;
}

static void
xmlss_close(struct case_reader *rd)
{
	struct xmlss *x = rd->state;

	for (size_t i = 0; i < x->sheet_n; i++)
		free((char *)(uintptr_t)x->sheet[i].name);
	free(x->sheet);
	free(x->lines);
	case_xml_close(x->xml);
	case_buf_free(&x->text);
	case_buf_free(&x->formula);
	case_buf_free(&x->shown);
	case_buf_free(&x->raw);
	free(x->place);
	free(x);
}

const struct case_reader_ops case_reader_xmlss = {
	.open = xmlss_open,
	.next = xmlss_next,
	.rewind = begin_reading,
	.lines = xmlss_lines,
	.sheets = xmlss_sheets,
	.select = begin_reading,
	.close = xmlss_close,
};
