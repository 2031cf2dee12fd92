/* headrow.c - which row of a file, or which two, are its header */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"

#include "lib/model/headrow.h"

#define LOOK_ROWS 20  /* how far a header may stand below titles */
#define SEEN_MAX 60   /* columns of text shown of a row without a header */
#define DATA_DIGITS 4 /* more than a column's number: 执法人员2 */

/* --- cells that outlive their row ----------------------------------------- */

void
head_cells_free(struct head_cells *c)
{
	case_buf_free(&c->text);
	free(c->cell);
	*c = (struct head_cells){ 0 };
}

static bool
reserve_cells(struct head_cells *c, size_t n)
{
	struct head_cell *cell;

	if (n <= c->cap)
		return true;
	if ((cell = reallocarray(c->cell, n, sizeof(*cell))) == NULL)
		return false;
	c->cell = cell;
	c->cap = n;
	return true;
}

/* Offsets become places once the text has stopped moving. */
static enum case_status
pin_cells(struct head_cells *c, struct case_error *err)
{
	const char *p = case_buf_str(&c->text);

	if (c->text.failed)
		return case_error_memory(err);
	for (size_t i = 0; i < c->n; i++) {
		c->cell[i].name.p = p + (size_t)c->cell[i].name.p;
		c->cell[i].child.p = p + (size_t)c->cell[i].child.p;
	}
	return CASE_OK;
}

/* Adds above/below, or the one that is not empty. */
static void
add_joined(struct head_cells *c, struct case_str above, struct case_str below)
{
	struct head_cell *to = &c->cell[c->n++];
	size_t at = c->text.n;
	bool both =
	    above.n > 0 && below.n > 0 &&
	    (above.n != below.n || memcmp(above.p, below.p, above.n) != 0);

	*to = (struct head_cell){ 0 };
	if (both || below.n == 0)
		case_buf_add(&c->text, above.p, above.n);
	case_buf_adds(&c->text, both ? "/" : "");
	to->child.p = (const char *)c->text.n;
	to->child.n = both ? below.n : 0;
	case_buf_add(&c->text, below.p, below.n);
	to->name.p = (const char *)at;
	to->name.n = c->text.n - at;
}

static struct case_str
cell_of(const struct case_row *row, size_t i)
{
	if (i >= row->cell_n)
		return (struct case_str){ "", 0 };
	return case_text_trim(row->cell[i].p, row->cell[i].n);
}

static enum case_status
copy_row(struct head_cells *c, const struct case_row *row,
    struct case_error *err)
{
	c->n = 0;
	case_buf_reset(&c->text);
	if (!reserve_cells(c, row->cell_n))
		return case_error_memory(err);
	for (size_t i = 0; i < row->cell_n; i++)
		add_joined(c, (struct case_str){ "", 0 }, cell_of(row, i));
	return pin_cells(c, err);
}

/*
 * The row above and the one below it as one: a cell above without text goes
 * on with the one before it, since only the first of merged cells has text.
 * Where nothing stands below, the cell above was merged downwards.
 */
static enum case_status
join_row(struct head_cells *c, const struct head_cells *above,
    const struct case_row *row, struct case_error *err)
{
	size_t n = above->n > row->cell_n ? above->n : row->cell_n;
	struct case_str group = { "", 0 };

	c->n = 0;
	case_buf_reset(&c->text);
	if (!reserve_cells(c, n))
		return case_error_memory(err);
	for (size_t i = 0; i < n; i++) {
		struct case_str a = { "", 0 }, b = cell_of(row, i);

		if (i < above->n)
			a = above->cell[i].name;
		if (a.n > 0)
			group = a;
		add_joined(c, b.n > 0 ? group : a, b);
	}
	return pin_cells(c, err);
}

/* --- what a header looks like --------------------------------------------- */

static bool
is_data(struct case_str s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n; i++)
		digits += s.p[i] >= '0' && s.p[i] <= '9';
	return digits >= DATA_DIGITS;
}

/*
 * Whether a row may be the second of a header: under at least two names, one
 * of them with nothing beside it but a name below, and without data.
 */
static bool
may_join(const struct head_cells *above, const struct case_row *row)
{
	size_t names = 0, groups = 0;

	for (size_t i = 0; i < row->cell_n; i++) {
		struct case_str b = cell_of(row, i);

		if (is_data(b))
			return false;
		if (i < above->n && above->cell[i].name.n > 0)
			names++;
		else if (names > 0)
			groups += b.n > 0;
	}
	return names >= 2 && groups > 0;
}

/* A row that is no header, as it may be shown: without long numbers. */
static void
show_row(struct case_buf *seen, const struct case_str *cell, size_t n)
{
	struct case_buf one = { 0 };

	for (size_t i = 0;
	     i < n && case_text_width(case_buf_str(seen), seen->n) < SEEN_MAX;
	     i++) {
		case_buf_reset(&one);
		case_text_visible(&one, cell[i].p,
		    case_text_cut(cell[i].p, cell[i].n, 16));
		for (size_t k = 0; k < one.n; k++)
			if (one.p[k] >= '0' && one.p[k] <= '9')
				one.p[k] = '#';
		case_buf_adds(seen, i > 0 ? " | " : "");
		case_buf_add(seen, case_buf_str(&one), one.n);
	}
	case_buf_free(&one);
}

/* One cell in which texts stand apart by several blanks, at least twice. */
static bool
is_fixed_width(const struct case_str *cell, size_t n)
{
	struct case_str s = { "", 0 };
	size_t gaps = 0, blanks = 0;

	if (n == 1)
		s = case_text_trim(cell->p, cell->n);
	for (size_t i = 0; i < s.n; i++) {
		bool blank = s.p[i] == ' ';

		gaps += !blank && blanks > 1;
		blanks = blank ? blanks + 1 : 0;
	}
	return gaps >= 2;
}

enum case_status
headrow_none(const struct case_str *cell, size_t n, size_t line,
    struct case_error *err)
{
	struct case_buf seen = { 0 };
	enum case_status rc;

	show_row(&seen, cell, n);
	if (seen.failed)
		rc = case_error_memory(err);
	else if (line == 0)
		rc = case_error_set(err, CASE_EDATA, 0,
		    _("the file has no rows"));
	else if (is_fixed_width(cell, n))
		rc = case_error_set(err, CASE_EDATA, line,
		    _("the columns seem to stand apart by blanks (fixed "
		      "width), which can't be told from text; export the file "
		      "as CSV or Excel, or open it in a spreadsheet with "
		      "\"text to columns\" and save it as CSV UTF-8"));
	else
		rc = case_error_set(err, CASE_EDATA, line,
		    _("no header found: \"%s\" has no known column names; name "
		      "the header's line with -H, columns with --map "
		      "HEADER=FIELD, or a layout with -l"),
		    case_buf_str(&seen));
	case_buf_free(&seen);
	return rc;
}

enum case_status
headrow_unread(struct case_buf *fault, size_t line, struct case_error *err)
{
	return case_error_set(err, CASE_EDATA, line,
	    _("no row can be read: %s"), case_buf_str(fault));
}

/* --- the search ----------------------------------------------------------- */

/*
 * row		number of the last row read, from 1
 * above	the row before it, when that may be a header's first
 * best		number of the best header's last row, 0: none yet
 * rows		how many rows it has
 * shown	the first row that has cells, to be shown when there is none
 * fault	what is wrong with the first row that can't be read
 */
struct search {
	const struct matcher *mt;
	struct head_cells one, above, joined;
	size_t row;
	size_t best;
	size_t rows;
	struct score top;
	struct head_cells shown;
	size_t shown_line;
	struct case_buf fault;
	size_t fault_line;
};

static void
search_end(struct search *s)
{
	head_cells_free(&s->one);
	head_cells_free(&s->above);
	head_cells_free(&s->joined);
	head_cells_free(&s->shown);
	case_buf_free(&s->fault);
}

static void
take(struct search *s, const struct score *score, size_t rows)
{
	s->top = *score;
	s->best = s->row;
	s->rows = rows;
}

static enum case_status
try_single(struct search *s)
{
	struct score score;
	enum case_status rc;

	rc = match_score(s->mt, s->one.cell, s->one.n, &score);
	if (rc == CASE_OK && match_enough(&score) && score.known > s->top.known)
		take(s, &score, 1);
	return rc;
}

/*
 * Joined is better with more names. With as many it is better than its upper
 * row when names of two parts are among them, and than its lower row when
 * some of these are known by both parts only.
 */
static enum case_status
try_joined(struct search *s, const struct case_row *row)
{
	struct score score;
	enum case_status rc;
	size_t tie = 0;

	if (s->above.n == 0 || !may_join(&s->above, row))
		return CASE_OK;
	if ((rc = join_row(&s->joined, &s->above, row, s->mt->err)) != CASE_OK)
		return rc;
	rc = match_score(s->mt, s->joined.cell, s->joined.n, &score);
	if (rc != CASE_OK || !match_enough(&score))
		return rc;
	if (s->best + 1 == s->row)
		tie = score.parts;
	else if (s->best == s->row)
		tie = score.whole;
	if (score.known > s->top.known ||
	    (score.known == s->top.known && tie > 0))
		take(s, &score, 2);
	return CASE_OK;
}

static enum case_status
remember_shown(struct search *s, const struct case_row *row)
{
	if (s->shown_line > 0)
		return CASE_OK;
	s->shown_line = row->line;
	return copy_row(&s->shown, row, s->mt->err);
}

/* Looks at one row; single, joined: what it may be. */
static enum case_status
consider(struct search *s, const struct case_row *row, bool single, bool joined)
{
	struct head_cells old = s->above;
	enum case_status rc = CASE_OK;

	s->row++;
	if (row->fault != NULL && s->fault_line == 0) {
		s->fault_line = row->line;
		case_buf_adds(&s->fault, row->fault);
	}
	if (row->fault != NULL || row->cell_n == 0) {
		s->above.n = 0;
		return CASE_OK;
	}
	if ((rc = copy_row(&s->one, row, s->mt->err)) != CASE_OK ||
	    (single && (rc = remember_shown(s, row)) != CASE_OK) ||
	    (single && (rc = try_single(s)) != CASE_OK) ||
	    (joined && (rc = try_joined(s, row)) != CASE_OK))
		return rc;
	s->above = s->one;
	s->one = old;
	return CASE_OK;
}

static enum case_status
search_first_rows(struct search *s, struct case_reader *rd)
{
	struct case_row row;
	enum case_status rc = CASE_OK;

	for (size_t i = 0; i < LOOK_ROWS && rc == CASE_OK; i++)
		if ((rc = case_reader_next(rd, &row, s->mt->err)) == CASE_OK)
			rc = consider(s, &row, true, true);
	return rc < CASE_OK ? rc : CASE_OK;
}

/* The row on a line alone, joined to the one above, or to the one below. */
static enum case_status
search_line(struct search *s, struct case_reader *rd, size_t line)
{
	struct case_row row;
	enum case_status rc;
	bool here, met = false;

	for (;;) {
		rc = case_reader_next(rd, &row, s->mt->err);
		if (rc == CASE_EOF && !met)
			return case_error_set(s->mt->err, CASE_EDATA, 0,
			    _("the header was to be in line %zu, but the file "
			      "ends before"),
			    line);
		if (rc != CASE_OK)
			return rc < CASE_OK ? rc : CASE_OK;
		here = !met && row.line + row.lines > line;
		if (here && row.fault != NULL)
			return case_error_set(s->mt->err, CASE_EDATA, row.line,
			    "%s", row.fault);
		if ((rc = consider(s, &row, here, here || met)) != CASE_OK)
			return rc;
		if (met)
			return CASE_OK;
		met = here;
	}
}

/* Back to the start and n rows on; *row is the last of them. */
static enum case_status
skip_rows(struct case_reader *rd, size_t n, struct case_row *row,
    struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (size_t i = 0; i < n && rc == CASE_OK; i++)
		rc = case_reader_next(rd, row, err);
	if (rc == CASE_EOF)
		return case_error_set(err, CASE_EDATA, 0,
		    _("the file changed while it was read"));
	return rc;
}

/* Reads the header that was found once more, and keeps its cells. */
static enum case_status
take_cells(struct headrow *h, struct search *s, struct case_reader *rd)
{
	struct case_error *err = s->mt->err;
	struct case_row row = { 0 };
	enum case_status rc;

	h->before = s->best - s->rows;
	if ((rc = case_reader_rewind(rd, err)) != CASE_OK ||
	    (rc = skip_rows(rd, h->before + 1, &row, err)) != CASE_OK)
		return rc;
	if (s->rows == 1)
		rc = copy_row(&h->cells, &row, err);
	else if ((rc = copy_row(&s->above, &row, err)) == CASE_OK &&
		 (rc = skip_rows(rd, 1, &row, err)) == CASE_OK)
		rc = join_row(&h->cells, &s->above, &row, err);
	h->line = row.line;
	h->rows = s->rows;
	return rc;
}

static enum case_status
none(struct search *s)
{
	struct case_str *cell;
	enum case_status rc;

	if (s->shown_line == 0 && s->fault_line > 0)
		return headrow_unread(&s->fault, s->fault_line, s->mt->err);
	cell = calloc(s->shown.n + 1, sizeof(*cell));
	if (cell == NULL)
		return case_error_memory(s->mt->err);
	for (size_t i = 0; i < s->shown.n; i++)
		cell[i] = s->shown.cell[i].name;
	rc = headrow_none(cell, s->shown.n, s->shown_line, s->mt->err);
	free(cell);
	return rc;
}

enum case_status
headrow_find(struct headrow *h, const struct matcher *mt,
    struct case_reader *rd, size_t line)
{
	struct search s = { .mt = mt };
	enum case_status rc;

	*h = (struct headrow){ 0 };
	rc = line > 0 ? search_line(&s, rd, line) : search_first_rows(&s, rd);
	if (rc == CASE_OK)
		rc = s.best == 0 ? none(&s) : take_cells(h, &s, rd);
	search_end(&s);
	if (rc != CASE_OK)
		head_cells_free(&h->cells);
	return rc;
}

enum case_status
headrow_rewind(const struct headrow *h, struct case_reader *rd,
    struct case_error *err)
{
	struct case_row row;
	enum case_status rc = case_reader_rewind(rd, err);

	if (rc != CASE_OK)
		return rc;
	return skip_rows(rd, h->before + h->rows, &row, err);
}
