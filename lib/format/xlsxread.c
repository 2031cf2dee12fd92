/* xlsxread.c - rows of a sheet of an Office Open XML workbook */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/format/celltext.h"
#include "lib/format/reader.h"
#include "lib/format/xlsxbook.h"
#include "lib/format/xml.h"

#define ROWS_MAX ((size_t)1048576)
#define CELL_MAX ((size_t)1024 * 1024)
/* How much is kept of a row that is too long. */
#define LONG_RAW ((size_t)4096)

enum kind { NUMBER, SHARED, TEXT, TRUTH, FAULT, DATE };

/* What a cell holds; p is NULL while it stands in the row's text. */
struct slot {
	const char *p;
	size_t at;
	size_t n;
};

/*
 * depth	of the element that is read: 1 worksheet, 2 sheetData, 3 row,
 *		4 c, 5 v or is, 6 t or r, 7 t of an r
 * in		whether the elements at these depths are those
 * take		texts are of the cell
 * row, column	of the row and cell read last, from 1
 * implied	the row has not said its number, and no cell has
 * at		where the cell's text begins in the row's, behind the text of
 *		its formula, which begins at formula_at
 * unsure	a formula of the row has no value
 * slot_n	columns up to the last that holds something
 * full		a row is ready
 * given	rows given
 * top		the last row that holds something
 * said		the failure names its place
 */
struct xlsx {
	struct xlsx_book book;
	struct case_zip_file *f;
	struct case_xml *xml;
	const char *name;
	unsigned depth;
	bool in_data;
	bool in_row;
	bool in_cell;
	bool in_string;
	bool in_run;
	bool take;
	size_t row;
	size_t column;
	bool implied;
	enum kind kind;
	size_t style;
	bool formula;
	bool in_formula;
	bool inlined;
	size_t at;
	size_t formula_at;
	struct slot *slot;
	size_t slot_n;
	size_t slot_cap;
	struct case_buf text;
	const char *fault;
	bool unsure;
	bool full;
	size_t given;
	size_t top;
	bool said;
	struct case_buf raw;
};

/* --- what is wrong, and where ----------------------------------------- */

static enum case_status bad_row(struct xlsx *x, struct case_error *err,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static enum case_status bad_cell(struct xlsx *x, struct case_error *err,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static enum case_status
bad_row(struct xlsx *x, struct case_error *err, const char *fmt, ...)
{
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	x->said = true;
	return case_error_set(err, CASE_EDATA, x->row,
	    _("sheet '%s', row %zu: %s"), x->name, x->row, what);
}

static enum case_status
bad_cell(struct xlsx *x, struct case_error *err, const char *fmt, ...)
{
	char what[512], letters[8];
	size_t at = sizeof(letters) - 1, c = x->column;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	letters[at] = '\0';
	for (; c > 0 && at > 0; c = (c - 1) / 26)
		letters[--at] = (char)('A' + (c - 1) % 26);
	x->said = true;
	return case_error_set(err, CASE_EDATA, x->row,
	    _("sheet '%s', cell %s%zu: %s"), x->name, letters + at, x->row,
	    what);
}

/* --- rows and cells begin --------------------------------------------- */

/* The digits of a row's number up to the end; 0: none, or too large. */
static size_t
row_number(const char *s)
{
	size_t v = 0;

	for (; *s >= '0' && *s <= '9' && v <= ROWS_MAX; s++)
		v = v * 10 + (size_t)(*s - '0');
	return *s == '\0' && v <= ROWS_MAX ? v : 0;
}

static enum case_status
start_row(struct xlsx *x, const char *const *attr, struct case_error *err)
{
	const char *r = case_xml_attr(attr, "r");
	size_t before = x->row;

	x->implied = r == NULL;
	x->column = 0;
	x->fault = NULL;
	x->unsure = false;
	x->text.n = 0;
	if (x->slot_n > 0)
		memset(x->slot, 0, x->slot_n * sizeof(*x->slot));
	x->slot_n = 0;
	x->row = r == NULL ? before + 1 : row_number(r);
	if (x->row == 0 || x->row > ROWS_MAX) {
		x->row = before;
		return bad_row(x, err, _("the next row has no good number"));
	}
	if (x->row <= before)
		return bad_row(x, err,
		    _("it stands behind row %zu; open the file and save it "
		      "again"),
		    before);
	return CASE_OK;
}

/* B7: the column, and the row if nothing else said it. */
static enum case_status
place_cell(struct xlsx *x, const char *ref, struct case_error *err)
{
	size_t column = 0, row, before = x->column;
	const char *s = ref;

	for (; ((*s | 0x20) >= 'a' && (*s | 0x20) <= 'z') &&
	       column <= CASE_CELLS_MAX;
	     s++)
		column = column * 26 + (size_t)((*s | 0x20) - 'a') + 1;
	if (column == 0 || column > CASE_CELLS_MAX ||
	    (row = row_number(s)) == 0)
		return bad_row(x, err,
		    _("a cell is said to be at '%.20s', which is no place"),
		    ref);
	x->column = column;
	if (row == x->row)
		return CASE_OK;
	if (!x->implied || before > 0 || row < x->row)
		return bad_row(x, err,
		    _("a cell is said to be at '%.20s', in another row"), ref);
	x->row = row;
	return CASE_OK;
}

static bool
find_kind(const char *t, enum kind *kind)
{
	static const struct {
		const char *name;
		enum kind kind;
	} kinds[] = {
		{ "s", SHARED },
		{ "n", NUMBER },
		{ "str", TEXT },
		{ "inlineStr", TEXT },
		{ "b", TRUTH },
		{ "e", FAULT },
		{ "d", DATE },
		{ "", NUMBER },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(t, kinds[i].name) == 0) {
			*kind = kinds[i].kind;
			return true;
		}
	return false;
}

static size_t
small_number(const char *s)
{
	size_t v = 0;

	for (; *s >= '0' && *s <= '9' && v < SIZE_MAX / 16; s++)
		v = v * 10 + (size_t)(*s - '0');
	return v;
}

static enum case_status
start_cell(struct xlsx *x, const char *const *attr, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	const char *ref = "";

	x->kind = NUMBER;
	x->style = 0;
	x->formula = x->in_formula = x->inlined = false;
	x->at = x->text.n;
	for (; attr[0] != NULL; attr += 2) {
		if (attr[0][0] == '\0' || attr[0][1] != '\0')
			continue;
		if (attr[0][0] == 'r')
			ref = attr[1];
		else if (attr[0][0] == 's')
			x->style = small_number(attr[1]);
		else if (attr[0][0] == 't' && !find_kind(attr[1], &x->kind))
			rc = bad_row(x, err,
			    _("a cell is of an unknown type, '%.20s'"),
			    attr[1]);
	}
	if (rc != CASE_OK)
		return rc;
	if (ref[0] != '\0')
		return place_cell(x, ref, err);
	if (++x->column > CASE_CELLS_MAX)
		return bad_row(x, err, _("it has more than %zu cells"),
		    CASE_CELLS_MAX);
	return CASE_OK;
}

/* --- cells end -------------------------------------------------------- */

static void
trim(struct xlsx *x)
{
	struct case_buf *b = &x->text;
	size_t skip = 0;

	while (b->n > x->at && strchr(" \t\r\n", b->p[b->n - 1]) != NULL)
		b->n--;
	while (x->at + skip < b->n &&
	       strchr(" \t\r\n", b->p[x->at + skip]) != NULL)
		skip++;
	if (skip > 0) {
		b->n -= skip;
		memmove(b->p + x->at, b->p + x->at + skip, b->n - x->at);
	}
}

static enum case_status
end_shared(struct xlsx *x, struct slot *slot, struct case_error *err)
{
	struct xlsx_book *book = &x->book;
	struct case_error why = { { 0 }, 0 };
	const char *s = x->text.p + x->at;
	enum case_status rc;
	size_t i;

	if (!book->loaded && (rc = xlsx_book_strings(book, &why)) != CASE_OK) {
		if (rc == CASE_EDATA)
			return bad_cell(x, err, "%s", why.what);
		*err = why;
		return rc;
	}
	i = small_number(s);
	if (s[0] < '0' || s[0] > '9' || i >= book->string_n)
		return bad_cell(x, err,
		    _("it is to be shared string '%.20s', of which there are "
		      "%zu; the file is damaged, ask for it again"),
		    s, book->string_n);
	slot->p = case_buf_str(&book->text) + book->at[i];
	slot->n = book->at[i + 1] - book->at[i];
	x->text.n = x->at;
	return CASE_OK;
}

static void
end_truth(struct xlsx *x)
{
	const char *s = x->text.p + x->at;
	const char *word = NULL;

	if (strcmp(s, "1") == 0 || strcmp(s, "true") == 0)
		word = "TRUE";
	if (strcmp(s, "0") == 0 || strcmp(s, "false") == 0)
		word = "FALSE";
	if (word != NULL) {
		x->text.n = x->at;
		case_buf_adds(&x->text, word);
	}
}

static void
end_date(struct xlsx *x)
{
	char s[64];
	size_t n = x->text.n - x->at;

	if (n >= sizeof(s))
		return;
	memcpy(s, x->text.p + x->at, n);
	x->text.n = x->at;
	case_cell_iso(&x->text, s, n);
}

/* The text of the cell is at hand; makes of it what the cell holds. */
static enum case_status
finish_text(struct xlsx *x, struct slot *slot, struct case_error *err)
{
	if (x->kind == TEXT) {
		x->text.n =
		    x->at + xlsx_unescape(x->text.p + x->at, x->text.n - x->at);
		return CASE_OK;
	}
	trim(x);
	if (x->text.n == x->at)
		return CASE_OK;
	x->text.p[x->text.n] = '\0';
	switch (x->kind) {
	case SHARED:
		return end_shared(x, slot, err);
	case TRUTH:
		end_truth(x);
		break;
	case DATE:
		end_date(x);
		break;
	case NUMBER:
		case_cell_text(&x->text, x->at,
		    xlsx_book_form(&x->book, x->style), x->book.from1904);
		break;
	case TEXT:
	case FAULT:
		break;
	}
	return CASE_OK;
}

static enum case_status
slot_room(struct xlsx *x, size_t n, struct case_error *err)
{
	size_t cap = x->slot_cap == 0 ? 64 : x->slot_cap;
	struct slot *slot;

	if (n <= x->slot_cap)
		return CASE_OK;
	while (cap < n)
		cap *= 2;
	if ((slot = reallocarray(x->slot, cap, sizeof(*slot))) == NULL)
		return case_error_memory(err);
	memset(slot + x->slot_cap, 0, (cap - x->slot_cap) * sizeof(*slot));
	x->slot = slot;
	x->slot_cap = cap;
	return CASE_OK;
}

/*
 * A formula whose value the program that wrote it did not compute is not an
 * empty cell, but stands for itself; one that gives an empty text says so by
 * its type.
 */
static void
end_formula(struct xlsx *x, struct slot *slot)
{
	if (!x->formula || x->kind == TEXT)
		return;
	x->unsure = true;
	slot->at = x->formula_at;
	slot->n = x->text.n - slot->at;
}

static enum case_status
end_cell(struct xlsx *x, struct case_error *err)
{
	struct slot slot = { .at = x->at };
	enum case_status rc = CASE_OK;

	if (x->text.failed)
		return case_error_memory(err);
	if (x->text.n > x->at)
		rc = finish_text(x, &slot, err);
	else
		end_formula(x, &slot);
	if (x->text.failed)
		return case_error_memory(err);
	if (slot.p == NULL && slot.n == 0)
		slot.n = x->text.n - x->at;
	if (rc != CASE_OK || slot.n == 0)
		return rc;
	if (slot.n > CELL_MAX && x->fault == NULL)
		x->fault = _("a value is longer than 1 MiB");
	if ((rc = slot_room(x, x->column, err)) != CASE_OK)
		return rc;
	if (x->slot[x->column - 1].n > 0)
		return bad_cell(x, err, _("it is there twice"));
	x->slot[x->column - 1] = slot;
	if (x->slot_n < x->column)
		x->slot_n = x->column;
	return CASE_OK;
}

/* --- the sheet's XML -------------------------------------------------- */

/* What stands in a cell. */
static void
start_value(struct xlsx *x, const char *name)
{
	if (strcmp(name, "f") == 0) {
		/* The value is to come, behind it. */
		x->in_formula = x->take = !x->formula && x->text.n == x->at;
		if (x->in_formula) {
			x->formula_at = x->at;
			case_buf_addc(&x->text, '=');
		}
		x->formula = true;
	} else if (strcmp(name, "v") == 0) {
		x->take = !x->inlined;
	} else if (strcmp(name, "is") == 0) {
		/* A text within the cell is better than its copy in v. */
		x->in_string = x->inlined = true;
		x->kind = TEXT;
		x->text.n = x->at;
	}
}

static enum case_status
on_start(void *arg, const char *name, const char *const *attr,
    struct case_error *err)
{
	struct xlsx *x = arg;

	switch (++x->depth) {
	case 1:
		if (strcmp(name, "worksheet") != 0)
			return case_error_set(err, CASE_EDATA, 0,
			    _("it is no worksheet but '%.40s'"), name);
		break;
	case 2:
		x->in_data = strcmp(name, "sheetData") == 0;
		break;
	case 3:
		x->in_row = x->in_data && strcmp(name, "row") == 0;
		if (x->in_row)
			return start_row(x, attr, err);
		break;
	case 4:
		x->in_cell = x->in_row && strcmp(name, "c") == 0;
		if (x->in_cell)
			return start_cell(x, attr, err);
		break;
	case 5:
		if (x->in_cell)
			start_value(x, name);
		break;
	case 6:
		x->take = x->in_string && strcmp(name, "t") == 0;
		x->in_run = x->in_string && strcmp(name, "r") == 0;
		break;
	case 7:
		x->take = x->in_run && strcmp(name, "t") == 0;
		break;
	default:
		break;
	}
	return CASE_OK;
}

/* Rows without content are left out here and counted when they are given. */
static enum case_status
end_row(struct xlsx *x)
{
	x->in_row = false;
	if (x->slot_n == 0 && x->fault == NULL)
		return CASE_OK;
	x->full = true;
	x->top = x->row;
	return CASE_EOF;
}

static enum case_status
on_end(void *arg, const char *name, struct case_error *err)
{
	struct xlsx *x = arg;
	bool in_row = x->in_row, in_cell = x->in_cell;

	(void)name;
	x->take = false;
	switch (x->depth--) {
	case 3:
		return in_row ? end_row(x) : CASE_OK;
	case 4:
		x->in_cell = false;
		return in_cell ? end_cell(x, err) : CASE_OK;
	case 5:
		x->in_string = false;
		if (x->in_formula)
			x->at = x->text.n;
		x->in_formula = false;
		break;
	case 6:
		x->in_run = false;
		break;
	default:
		break;
	}
	return CASE_OK;
}

static enum case_status
on_text(void *arg, const char *p, size_t n, struct case_error *err)
{
	struct xlsx *x = arg;

	if (!x->take)
		return CASE_OK;
	/* Once: a long text comes in millions of pieces. */
	if (x->text.n > CASE_ROW_MAX) {
		if (x->fault == NULL)
			x->fault = _("the row is longer than 16 MiB");
		return CASE_OK;
	}
	case_buf_add(&x->text, p, n);
	return x->text.failed ? case_error_memory(err) : CASE_OK;
}

/* --- rows are given --------------------------------------------------- */

/* The row's cells, as many as the header has. */
static enum case_status
make_cells(struct case_reader *rd, struct xlsx *x, struct case_row *row,
    struct case_error *err)
{
	size_t n = x->slot_n < rd->width ? rd->width : x->slot_n;
	size_t filled = 0, size = 0;
	const char *text = case_buf_str(&x->text);

	if (!case_reader_room(rd, n))
		return case_error_memory(err);
	for (size_t i = 0; i < n; i++) {
		struct slot s =
		    i < x->slot_n ? x->slot[i] : (struct slot){ .n = 0 };

		rd->cell[i].p = s.p != NULL ? s.p : text + s.at;
		rd->cell[i].n = s.n;
		filled += s.n > 0;
		size += s.n;
	}
	if (size > CASE_ROW_MAX)
		x->fault = _("the row is longer than 16 MiB");
	row->cell = rd->cell;
	row->cell_n = n;
	return case_reader_gaps(rd, n, filled, err);
}

static enum case_status
give_row(struct case_reader *rd, struct xlsx *x, struct case_row *row,
    struct case_error *err)
{
	enum case_status rc;
	size_t n = 0;

	x->full = false;
	if ((rc = make_cells(rd, x, row, err)) != CASE_OK)
		return rc;
	/* Of a row at fault only some is shown. */
	if (x->fault == NULL)
		n = row->cell_n;
	else
		for (size_t size = 0; n < x->slot_n && size < LONG_RAW; n++) {
			if (rd->cell[n].n > LONG_RAW)
				rd->cell[n].n =
				    case_utf8_prefix(rd->cell[n].p, LONG_RAW);
			size += rd->cell[n].n;
		}
	if (!case_reader_raw_cells(&x->raw, rd->cell, n))
		return case_error_memory(err);
	row->raw = (struct case_str){ case_buf_str(&x->raw), x->raw.n };
	if (x->fault != NULL) {
		row->fault = x->fault;
		row->cell_n = 0;
	} else if (x->unsure) {
		row->unsure =
		    _("a formula has no value in the file; open it in "
		      "a spreadsheet program and save it again");
	}
	return CASE_OK;
}

/* Reads on to the next row that holds something. */
static enum case_status
read_row(struct case_reader *rd, struct xlsx *x, struct case_error *err)
{
	struct case_error why = { { 0 }, 0 };
	enum case_status rc;

	if (x->xml == NULL)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("no sheet is chosen"));
	rc = case_xml_next(x->xml, &why);
	if (rc == CASE_EOF)
		rc = case_input_rewind(rd->in, &why);
	if (rc == CASE_OK)
		return x->full ? CASE_OK : CASE_EOF;
	if (rc == CASE_EDATA && !x->said)
		return case_error_set(err, rc, x->row,
		    _("sheet '%s', behind row %zu: %s"), x->name, x->row,
		    why.what);
	if (err != NULL)
		*err = why;
	return rc;
}

static enum case_status
xlsx_next(struct case_reader *rd, struct case_row *row, struct case_error *err)
{
	struct xlsx *x = rd->state;
	enum case_status rc;

	if (!x->full && (rc = read_row(rd, x, err)) != CASE_OK)
		return rc;
	case_buf_reset(&x->raw);
	*row = (struct case_row){
		.line = ++x->given,
		.lines = 1,
		.cell = rd->cell,
		.raw = { "", 0 },
	};
	/* Rows that the sheet leaves out are blank ones. */
	return x->given < x->row ? case_reader_gaps(rd, 0, 0, err)
				 : give_row(rd, x, row, err);
}

/* --- sheets ----------------------------------------------------------- */

static void
begin(struct xlsx *x)
{
	x->depth = 0;
	x->in_data = x->in_row = x->in_cell = x->in_string = x->in_run = false;
	x->take = x->full = x->said = false;
	x->row = x->column = x->given = x->top = 0;
}

static enum case_status
xlsx_rewind(struct case_reader *rd, struct case_error *err)
{
	struct xlsx *x = rd->state;
	enum case_status rc;

	begin(x);
	if (x->xml == NULL)
		return CASE_OK;
	if ((rc = case_zip_rewind(x->f, err)) != CASE_OK)
		return rc;
	return case_xml_restart(x->xml, err);
}

static void
close_sheet(struct xlsx *x)
{
	case_xml_close(x->xml);
	case_zip_file_close(x->f);
	x->xml = NULL;
	x->f = NULL;
}

static enum case_status
xlsx_select(struct case_reader *rd, struct case_error *err)
{
	static const struct case_xml_handler handler = {
		.start = on_start,
		.end = on_end,
		.text = on_text,
	};
	struct xlsx *x = rd->state;
	enum case_status rc;

	close_sheet(x);
	begin(x);
	if (rd->sheet >= x->book.sheet_n)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("the workbook has no sheet %zu"), rd->sheet + 1);
	x->name = x->book.sheet[rd->sheet].name;
	if (x->book.part[rd->sheet] == XLSX_NO_PART)
		return case_error_set(err, CASE_EDATA, 0,
		    _("sheet '%s' is missing from the file; it is damaged, ask "
		      "for it again"),
		    x->name);
	rc = case_zip_file_open(&x->f, x->book.zip, x->book.part[rd->sheet],
	    err);
	if (rc == CASE_OK)
		rc = case_xml_open(&x->xml, &handler, x, case_zip_read, x->f,
		    false, &rd->limits, err);
	return rc;
}

static enum case_status
xlsx_open(struct case_reader *rd, struct case_error *err)
{
	struct xlsx *x = calloc(1, sizeof(*x));
	enum case_status rc;

	if (x == NULL)
		return case_error_memory(err);
	rd->state = x;
	rc = xlsx_book_open(&x->book, rd->in, &rd->limits, err);
	if (rc != CASE_OK)
		return rc;
	rd->sheet = 0;
	while (rd->sheet < x->book.sheet_n && x->book.sheet[rd->sheet].hidden)
		rd->sheet++;
	if (rd->sheet == x->book.sheet_n)
		rd->sheet = 0;
	return xlsx_select(rd, err);
}

static void
xlsx_close(struct case_reader *rd)
{
	struct xlsx *x = rd->state;

	close_sheet(x);
	xlsx_book_close(&x->book);
	free(x->slot);
	case_buf_free(&x->text);
	case_buf_free(&x->raw);
	free(x);
}

static const struct case_sheet *
xlsx_sheets(const struct case_reader *rd, size_t *n)
{
	const struct xlsx *x = rd->state;

	*n = x->book.sheet_n;
	return x->book.sheet;
}

static size_t
xlsx_lines(const struct case_reader *rd)
{
	const struct xlsx *x = rd->state;

	return x->top;
}

/*
 * Sheets stand at the end of the file as it is read, in their order, whatever
 * else is in it and in which place.
 */
static uint64_t
xlsx_position(const struct case_reader *rd)
{
	uint64_t left = 0, size = case_input_facts(rd->in)->size;
	const struct xlsx *x = rd->state;

	for (size_t i = rd->sheet; i < x->book.sheet_n; i++)
		if (x->book.part[i] != XLSX_NO_PART)
			left += case_zip_entry(x->book.zip, x->book.part[i])
				    ->packed;
	if (x->f != NULL)
		left -= case_zip_position(x->f);
	/* Sizes are what the archive says. */
	return left < size ? size - left : 0;
}

const struct case_reader_ops case_reader_xlsx = {
	.open = xlsx_open,
	.next = xlsx_next,
	.rewind = xlsx_rewind,
	.lines = xlsx_lines,
	.position = xlsx_position,
	.sheets = xlsx_sheets,
	.select = xlsx_select,
	.close = xlsx_close,
};
