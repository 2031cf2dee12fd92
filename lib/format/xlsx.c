/* xlsx.c - tables as a workbook; the one file that knows libxlsxwriter */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* renameat2() */
#endif
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xlsxwriter.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/format/writer.h"
#include "lib/format/xlsxrow.h"
#include "lib/format/xlsxtext.h"
#include "lib/format/zipcheck.h"

/* So many rows of a sheet are measured for the widths of its columns. */
#define SAMPLE_ROWS 1000
#define WIDTH_MIN 8
#define WIDTH_MAX 60
/* Behind the heading stands the button of the filter. */
#define WIDTH_BUTTON 4

/* 1980-01-01, where the times in a ZIP file begin. */
#define CREATED_FIRST INT64_C(315532800)

#ifdef PACKAGE_STRING
#define MAKER PACKAGE_STRING
#else
#define MAKER "case-tools"
#endif

/* One sheet. What it must hold when it is read back is known at the end. */
struct sheet {
	lxw_worksheet *ws;
	uint64_t rows;
	uint64_t data;
};

struct column {
	struct case_xlsx_letters letters;
	size_t width;
};

/*
 * path		where the workbook goes
 * folder	a private folder beside it, and in it
 * work		the workbook until it is whole
 * style	the numbers of format in the file
 * sheets	the cover first
 * columns	of t
 * t		between begin and end
 * row		the next one of the present sheet, counted from 0
 * table_rows	of the present table over all its sheets
 * cut		cells of all tables that were too long
 * contents	for the cover, 4 texts a table, each with a NUL behind it:
 *		sheet, title, rows, period
 * source	for the cover, 2 texts a line: key and value
 * last		where the newest meta begins in source
 */
struct xlsx {
	struct case_writer w;
	enum case_lang lang;
	int64_t created;
	char *path;
	char *folder;
	char *work;
	lxw_workbook *book;
	lxw_format *format[CASE_CODE + 1];
	int style[CASE_CODE + 1];
	lxw_format *header;
	lxw_format *plain;
	lxw_format *heading;
	struct sheet *sheets;
	size_t sheet_n;
	const struct case_table *t;
	struct case_buf sheet_name;
	struct column *columns;
	lxw_row_t row;
	uint64_t table_rows;
	uint64_t cut;
	struct case_xlsx_names names;
	struct case_buf xml;
	struct case_buf text;
	struct case_buf tmp;
	struct case_buf title;
	struct case_buf contents;
	struct case_buf source;
	size_t last;
};

static const char *const number_formats[] = {
	[CASE_TEXT] = "@",
	[CASE_INTEGER] = "#,##0",
	[CASE_NUMBER] = "#,##0.00",
	[CASE_MONEY] = "#,##0.00",
	[CASE_RATIO] = "0.0%",
	[CASE_POINTS] = "+0.0%;-0.0%;0.0%",
	[CASE_DATE] = "yyyy-mm-dd",
	[CASE_TIME] = "yyyy-mm-dd hh:mm:ss",
	[CASE_FLAG] = "0",
	[CASE_CODE] = "@",
};

static enum case_status
refused(const struct xlsx *x, lxw_error rc, struct case_error *err)
{
	if (rc == LXW_ERROR_MEMORY_MALLOC_FAILED)
		return case_error_memory(err);
	return case_error_set(err, CASE_EIO, 0, "%s: %s", x->path,
	    lxw_strerror(rc));
}

/*
 * Why the library could not write: it tells no cause, but that of the system's
 * last failure is still there. Of others than these it can't be sure.
 */
static bool
is_no_room(int cause)
{
	return cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
}

static enum case_status
no_room(const struct xlsx *x, int cause, struct case_error *err)
{
	errno = cause;
	return case_error_system(err, x->path);
}

/* A name that is already there is never written over. */
static enum case_status
make_folder(struct xlsx *x, const char *path, struct case_error *err)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash != NULL ? (size_t)(slash - path) + 1 : 0;
	struct case_buf b = { 0 };
	struct stat st;

	if (lstat(path, &st) == 0 || errno != ENOENT) {
		if (errno != ENOENT)
			return case_error_system(err, path);
		errno = EEXIST;
		return case_error_system(err, path);
	}
	if ((x->path = strdup(path)) == NULL)
		return case_error_memory(err);
	case_buf_add(&b, path, n);
	case_buf_adds(&b, ".case-XXXXXX");
	if (b.failed) {
		case_buf_free(&b);
		return case_error_memory(err);
	}
	if (mkdtemp(b.p) == NULL) {
		case_buf_free(&b);
		return case_error_system(err, path);
	}
	x->folder = b.p;
	b = (struct case_buf){ 0 };
	case_buf_addf(&b, "%s/book", x->folder);
	x->work = b.p;
	return b.failed ? case_error_memory(err) : CASE_OK;
}

static bool
make_formats(struct xlsx *x)
{
	for (size_t i = 0; i <= CASE_CODE; i++) {
		if ((x->format[i] = workbook_add_format(x->book)) == NULL)
			return false;
		format_set_num_format(x->format[i], number_formats[i]);
		format_set_align(x->format[i], LXW_ALIGN_VERTICAL_TOP);
		x->style[i] = lxw_format_get_xf_index(x->format[i]);
	}
	x->header = workbook_add_format(x->book);
	x->plain = workbook_add_format(x->book);
	x->heading = workbook_add_format(x->book);
	if (x->header == NULL || x->plain == NULL || x->heading == NULL)
		return false;
	format_set_bold(x->header);
	format_set_bg_color(x->header, 0xDCE6F1);
	format_set_border(x->header, LXW_BORDER_THIN);
	format_set_text_wrap(x->header);
	format_set_align(x->header, LXW_ALIGN_CENTER);
	format_set_align(x->header, LXW_ALIGN_VERTICAL_CENTER);
	format_set_num_format(x->header, "@");
	format_set_text_wrap(x->plain);
	format_set_align(x->plain, LXW_ALIGN_VERTICAL_TOP);
	format_set_num_format(x->plain, "@");
	format_set_bold(x->heading);
	format_set_font_size(x->heading, 16);
	format_set_num_format(x->heading, "@");
	return true;
}

/* s is made fit for a cell and written; a cut one is counted. */
static enum case_status
put_text(struct xlsx *x, lxw_worksheet *ws, lxw_row_t row, size_t column,
    const char *p, size_t n, lxw_format *format, struct case_error *err)
{
	lxw_error rc;

	x->cut += case_xlsx_text(&x->text, &x->tmp, p, n);
	if (x->text.failed)
		return case_error_memory(err);
	rc = worksheet_write_string(ws, row, (lxw_col_t)column,
	    case_buf_str(&x->text), format);
	return rc == LXW_NO_ERROR ? CASE_OK : refused(x, rc, err);
}

static enum case_status
put_str(struct xlsx *x, lxw_worksheet *ws, lxw_row_t row, size_t column,
    const char *s, lxw_format *format, struct case_error *err)
{
	return put_text(x, ws, row, column, s, strlen(s), format, err);
}

static void
measure(struct xlsx *x, size_t column, const char *p, size_t n, size_t more)
{
	size_t width;

	if (x->columns[column].width >= WIDTH_MAX)
		return;
	width = case_text_width(p, n) + more;
	if (width > x->columns[column].width)
		x->columns[column].width =
		    width < WIDTH_MAX ? width : WIDTH_MAX;
}

static void
measure_row(struct xlsx *x, const struct case_value *v)
{
	for (size_t i = 0; i < x->t->column_n; i++) {
		if (v[i].missing || x->columns[i].width >= WIDTH_MAX)
			continue;
		case_buf_reset(&x->tmp);
		if (case_type_is_text(v[i].type)) {
			measure(x, i, v[i].u.s.p, v[i].u.s.n, 2);
			continue;
		}
		case_value_display(&x->tmp, &v[i]);
		measure(x, i, case_buf_str(&x->tmp), x->tmp.n, 2);
	}
}

static enum case_status
add_sheet(struct xlsx *x, const char *name, struct case_error *err)
{
	struct sheet *grown;
	lxw_worksheet *ws;

	grown = reallocarray(x->sheets, x->sheet_n + 1, sizeof(*grown));
	if (grown == NULL)
		return case_error_memory(err);
	x->sheets = grown;
	case_xlsx_name(&x->names, &x->sheet_name, name, x->lang);
	if (x->sheet_name.failed)
		return case_error_memory(err);
	errno = 0;
	ws = workbook_add_worksheet(x->book, case_buf_str(&x->sheet_name));
	if (ws == NULL)
		return case_error_system(err, x->path);
	x->sheets[x->sheet_n++] = (struct sheet){ .ws = ws };
	x->row = 0;
	worksheet_set_landscape(ws);
	worksheet_set_paper(ws, 9); /* A4 */
	worksheet_fit_to_pages(ws, 1, 0);
	worksheet_set_footer(ws, case_word(CASE_WORD_PAGE, x->lang));
	return CASE_OK;
}

/* Headings stand in row 1, where programs that read the book look for them. */
static enum case_status
begin_sheet(struct xlsx *x, struct case_error *err)
{
	const struct case_table *t = x->t;
	enum case_status rc;
	lxw_worksheet *ws;

	if ((rc = add_sheet(x, case_table_title(t), err)) != CASE_OK)
		return rc;
	ws = x->sheets[x->sheet_n - 1].ws;
	for (size_t i = 0; i < t->column_n; i++) {
		case_buf_reset(&x->title);
		case_column_heading(&x->title, &t->column[i]);
		if (x->title.failed)
			return case_error_memory(err);
		rc = put_text(x, ws, 0, i, case_buf_str(&x->title), x->title.n,
		    x->header, err);
		if (rc != CASE_OK)
			return rc;
		x->columns[i].width = WIDTH_MIN;
		measure(x, i, case_buf_str(&x->title), x->title.n,
		    WIDTH_BUTTON);
	}
	lxw_worksheet_write_single_row(ws);
	worksheet_freeze_panes(ws, 1, 0);
	worksheet_repeat_rows(ws, 0, 0);
	x->row = 1;
	return CASE_OK;
}

/* Shares get a bar from 0 to 1 behind their number. */
static lxw_error
add_bar(struct xlsx *x, lxw_worksheet *ws, size_t column)
{
	lxw_conditional_format bar = {
		.type = LXW_CONDITIONAL_DATA_BAR,
		.min_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
		.max_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER,
		.min_value = 0,
		.max_value = 1,
		.bar_color = 0x9DC3E6,
	};

	return worksheet_conditional_format_range(ws, 1, (lxw_col_t)column,
	    x->row - 1, (lxw_col_t)column, &bar);
}

static enum case_status
end_sheet(struct xlsx *x, struct case_error *err)
{
	struct sheet *s = &x->sheets[x->sheet_n - 1];
	const struct case_table *t = x->t;
	lxw_error rc = LXW_NO_ERROR;

	s->rows = t->column_n > 0 ? x->row : 0;
	s->ws->dim_rowmax = x->row - 1;
	for (size_t i = 0; i < t->column_n && rc == LXW_NO_ERROR; i++) {
		const struct case_column *c = &t->column[i];

		rc = worksheet_set_column(s->ws, (lxw_col_t)i, (lxw_col_t)i,
		    (double)x->columns[i].width, x->format[c->type]);
		if (rc == LXW_NO_ERROR && c->bar && x->row > 1)
			rc = add_bar(x, s->ws, i);
	}
	if (rc == LXW_NO_ERROR && t->column_n > 0)
		rc = worksheet_autofilter(s->ws, 0, 0, x->row - 1,
		    (lxw_col_t)(t->column_n - 1));
	return rc == LXW_NO_ERROR ? CASE_OK : refused(x, rc, err);
}

/* One text of the cover, with the NUL that ends it. */
static void
keep(struct case_buf *b, const char *s)
{
	case_buf_add(b, s, strlen(s) + 1);
}

/* Tables of one run share their meta, which is then said once. */
static void
keep_meta(struct xlsx *x, const struct case_table *t)
{
	struct case_buf *b = &x->source;
	struct case_buf meta = { 0 };

	if (t->meta_n == 0)
		return;
	for (size_t i = 0; i < t->meta_n; i++) {
		keep(&meta, case_meta_label(t->meta[2 * i], x->lang));
		keep(&meta, t->meta[2 * i + 1]);
	}
	if (meta.failed) {
		b->failed = true;
	} else if (b->n - x->last != meta.n ||
		   memcmp(b->p + x->last, meta.p, meta.n) != 0) {
		keep(b, case_word(CASE_WORD_TABLE, x->lang));
		keep(b, case_table_title(t));
		x->last = b->n;
		case_buf_add(b, meta.p, meta.n);
	}
	case_buf_free(&meta);
}

/* The name of the table's first sheet is known before its rows are. */
static enum case_status
xlsx_begin(struct case_writer *base, const struct case_table *t,
    struct case_error *err)
{
	struct xlsx *x = (struct xlsx *)base;
	enum case_status rc;

	if (t->column_n > LXW_COL_MAX)
		return case_error_set(err, CASE_EDATA, 0,
		    _("table '%s' has more than %d columns, the most that a "
		      "sheet can have"),
		    t->name, LXW_COL_MAX);
	x->t = t;
	x->table_rows = 0;
	free(x->columns);
	x->columns = calloc(t->column_n + 1, sizeof(*x->columns));
	if (x->columns == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < t->column_n; i++)
		x->columns[i].letters = case_xlsx_letters(i);
	keep_meta(x, t);
	if ((rc = begin_sheet(x, err)) != CASE_OK)
		return rc;
	keep(&x->contents, case_buf_str(&x->sheet_name));
	keep(&x->contents, case_table_title(t));
	return CASE_OK;
}

/*
 * Rows go straight into the sheet's temporary file, behind the headings that
 * the library wrote: it would give numbers 16 digits, which do not always read
 * back the same, keep no row without cells, and take thrice the time.
 */
static enum case_status
put_row(struct xlsx *x, const struct case_value *v, struct case_error *err)
{
	FILE *f = x->sheets[x->sheet_n - 1].ws->optimize_tmpfile;
	struct case_buf *b = &x->xml;
	char row[16];

	snprintf(row, sizeof(row), "%u", (unsigned)x->row + 1);
	case_buf_reset(b);
	case_buf_adds(b, "<row r=\"");
	case_buf_adds(b, row);
	case_buf_adds(b, "\">");
	for (size_t i = 0; i < x->t->column_n; i++) {
		if (v[i].missing)
			continue;
		x->cut += case_xlsx_cell(b, x->columns[i].letters.s, row,
		    x->style, &v[i], &x->text, &x->tmp);
	}
	case_buf_adds(b, "</row>");
	if (b->failed)
		return case_error_memory(err);
	errno = 0;
	if (fwrite(b->p, 1, b->n, f) != b->n)
		return case_error_system(err, x->path);
	return CASE_OK;
}

static enum case_status
xlsx_row(struct case_writer *base, const struct case_value *v, size_t n,
    struct case_error *err)
{
	struct xlsx *x = (struct xlsx *)base;
	enum case_status rc;

	if ((rc = case_writer_check(x->t, v, n, err)) != CASE_OK)
		return rc;
	if (x->row == LXW_ROW_MAX && ((rc = end_sheet(x, err)) != CASE_OK ||
					 (rc = begin_sheet(x, err)) != CASE_OK))
		return rc;
	if (x->row <= SAMPLE_ROWS)
		measure_row(x, v);
	if (n > 0 && (rc = put_row(x, v, err)) != CASE_OK)
		return rc;
	x->row++;
	x->table_rows++;
	return CASE_OK;
}

static enum case_status
xlsx_end(struct case_writer *base, struct case_error *err)
{
	struct xlsx *x = (struct xlsx *)base;
	enum case_status rc;

	if ((rc = end_sheet(x, err)) != CASE_OK)
		return rc;
	case_buf_addf(&x->contents, "%ju", (uintmax_t)x->table_rows);
	case_buf_addc(&x->contents, '\0');
	case_table_period(&x->contents, x->t, x->lang);
	case_buf_addc(&x->contents, '\0');
	x->t = NULL;
	if (x->contents.failed || x->source.failed)
		return case_error_memory(err);
	return CASE_OK;
}

/* A line of the cover from texts that lie behind each other. */
static enum case_status
cover_line(struct xlsx *x, const char **p, size_t n, lxw_format *format,
    struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (size_t i = 0; i < n && rc == CASE_OK; i++) {
		rc = put_str(x, x->sheets[0].ws, x->row, i, *p, format, err);
		*p += strlen(*p) + 1;
	}
	x->row++;
	return rc;
}

static enum case_status
cover_block(struct xlsx *x, const struct case_buf *b, size_t n,
    struct case_error *err)
{
	const char *p = b->p, *end;
	enum case_status rc = CASE_OK;

	if (p == NULL)
		return CASE_OK;
	for (end = p + b->n; p < end && rc == CASE_OK;)
		rc = cover_line(x, &p, n, x->plain, err);
	return rc;
}

/* Words with a NUL between them, in x->title. */
static const char *
words(struct xlsx *x, const enum case_word *word, size_t n)
{
	case_buf_reset(&x->title);
	for (size_t i = 0; i < n; i++)
		keep(&x->title, case_word(word[i], x->lang));
	return case_buf_str(&x->title);
}

static enum case_status
cover_notes(struct xlsx *x, struct case_error *err)
{
	static const enum case_word cut[] = { CASE_WORD_CUT };
	struct case_buf notes = { 0 };
	enum case_status rc;

	if (x->cut > 0) {
		keep(&notes, words(x, cut, 1));
		case_buf_addf(&notes, "%ju", (uintmax_t)x->cut);
		case_buf_addc(&notes, '\0');
	}
	keep(&notes, case_word(CASE_WORD_MADE_BY, x->lang));
	keep(&notes, MAKER);
	rc = notes.failed ? case_error_memory(err)
			  : cover_block(x, &notes, 2, err);
	case_buf_free(&notes);
	return rc;
}

static enum case_status
cover_part(struct xlsx *x, const enum case_word *word, size_t n,
    const struct case_buf *b, struct case_error *err)
{
	enum case_status rc;
	const char *p;

	x->row++;
	p = words(x, word, n);
	if (x->title.failed)
		return case_error_memory(err);
	if ((rc = cover_line(x, &p, n, x->header, err)) != CASE_OK)
		return rc;
	return b != NULL ? cover_block(x, b, n, err) : cover_notes(x, err);
}

static const char *
book_title(struct xlsx *x)
{
	/* The second text of the contents: the title of the first table. */
	return x->contents.n > 0 ? x->contents.p + strlen(x->contents.p) + 1
				 : case_word(CASE_WORD_REPORT, x->lang);
}

/* The cover is the first sheet, and the last whose cells are known. */
static enum case_status
write_cover(struct xlsx *x, struct case_error *err)
{
	static const enum case_word contents[] = { CASE_WORD_SHEET,
		CASE_WORD_TABLE, CASE_WORD_ROWS, CASE_WORD_PERIOD };
	static const enum case_word source[] = { CASE_WORD_SOURCE,
		CASE_WORD_CONTENT };
	static const enum case_word notes[] = { CASE_WORD_NOTES,
		CASE_WORD_CONTENT };
	static const double widths[] = { 24, 72, 10, 28 };
	lxw_worksheet *ws = x->sheets[0].ws;
	enum case_status rc;

	for (lxw_col_t i = 0; i < 4; i++)
		if (worksheet_set_column(ws, i, i, widths[i], x->plain))
			return case_error_memory(err);
	x->row = 0;
	rc = put_str(x, ws, x->row++, 0, book_title(x), x->heading, err);
	if (rc == CASE_OK)
		rc = cover_part(x, contents, 4, &x->contents, err);
	if (rc == CASE_OK && x->source.n > 0)
		rc = cover_part(x, source, 2, &x->source, err);
	if (rc == CASE_OK)
		rc = cover_part(x, notes, 2, NULL, err);
	return rc;
}

/*
 * The library met an error in a file and went on: a block more, which nobody
 * will read, meets it again.
 */
static int
find_cause(FILE *f)
{
	static const char block[2 * BUFSIZ];

	clearerr(f);
	errno = 0;
	if (fwrite(block, 1, sizeof(block), f) == sizeof(block) &&
	    fflush(f) == 0)
		return EIO;
	return errno != 0 ? errno : EIO;
}

/*
 * The library does not look at the errors of its temporary files, and it
 * reports success when their disk is full. What they hold now must be found
 * again in the workbook.
 */
static enum case_status
seal_sheets(struct xlsx *x, struct case_error *err)
{
	for (size_t i = 0; i < x->sheet_n; i++) {
		FILE *f = x->sheets[i].ws->optimize_tmpfile;
		off_t size;

		lxw_worksheet_write_single_row(x->sheets[i].ws);
		errno = 0;
		if (fflush(f) != 0 || ferror(f) || (size = ftello(f)) < 0)
			return no_room(x, errno != 0 ? errno : find_cause(f),
			    err);
		x->sheets[i].data = (uint64_t)size;
	}
	return CASE_OK;
}

static enum case_status
set_properties(struct xlsx *x, struct case_error *err)
{
	static char maker[] = MAKER; /* not const in the library */
	lxw_doc_properties p = { 0 };
	lxw_error rc;

	case_xlsx_text(&x->text, &x->tmp, book_title(x), strlen(book_title(x)));
	/* The library refuses more than 255 characters. */
	x->text.n = case_text_cut(case_buf_str(&x->text), x->text.n, 200);
	case_buf_addc(&x->text, '\0');
	if (x->text.failed)
		return case_error_memory(err);
	p.title = x->text.p;
	p.comments = maker;
	p.created = (time_t)x->created;
	rc = workbook_set_properties(x->book, &p);
	return rc == LXW_NO_ERROR ? CASE_OK : refused(x, rc, err);
}

struct count {
	const struct xlsx *x;
	size_t sheets;
};

static enum case_status
check_sheet(void *arg, const struct case_zip_member *m, struct case_error *err)
{
	static const char prefix[] = "xl/worksheets/sheet";
	struct count *c = arg;
	const struct sheet *s;
	unsigned long i;

	if (strncmp(m->name, prefix, sizeof(prefix) - 1) != 0)
		return CASE_OK;
	i = strtoul(m->name + sizeof(prefix) - 1, NULL, 10);
	if (i < 1 || i > c->x->sheet_n)
		return CASE_OK;
	s = &c->x->sheets[i - 1];
	if (m->data != s->data || (i > 1 && m->rows != s->rows))
		return case_error_set(err, CASE_EIO, 0,
		    _("%s: the workbook that was written has lost rows; is "
		      "the disk full?"),
		    c->x->path);
	c->sheets++;
	return CASE_OK;
}

static enum case_status
check_book(struct xlsx *x, struct case_error *err)
{
	struct count c = { .x = x };
	enum case_status rc;

	if ((rc = case_zip_check(x->work, check_sheet, &c, err)) != CASE_OK)
		return rc;
	if (c.sheets == x->sheet_n)
		return CASE_OK;
	return case_error_set(err, CASE_EIO, 0,
	    _("%s: the workbook that was written has lost sheets; is the "
	      "disk full?"),
	    x->path);
}

/* Never over another file; some file systems can only do that by a link. */
static bool
put_in_place(const struct xlsx *x)
{
	if (renameat2(AT_FDCWD, x->work, AT_FDCWD, x->path, RENAME_NOREPLACE) ==
	    0)
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
	return link(x->work, x->path) == 0 && unlink(x->work) == 0;
}

static enum case_status
sync_book(struct xlsx *x, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	int fd;

	fd = open(x->work, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return case_error_system(err, x->path);
	if (fchmod(fd, 0600) != 0 || fsync(fd) != 0 || !put_in_place(x))
		rc = case_error_system(err, x->path);
	close(fd);
	return rc;
}

static enum case_status
xlsx_finish(struct case_writer *base, struct case_error *err)
{
	struct xlsx *x = (struct xlsx *)base;
	enum case_status rc;
	lxw_error e;
	int cause;

	if ((rc = write_cover(x, err)) != CASE_OK ||
	    (rc = seal_sheets(x, err)) != CASE_OK ||
	    (rc = set_properties(x, err)) != CASE_OK)
		return rc;
	/* Frees the book whatever it says. */
	errno = 0;
	e = workbook_close(x->book);
	cause = errno;
	x->book = NULL;
	rc = e != LXW_NO_ERROR ? refused(x, e, err) : check_book(x, err);
	if (rc != CASE_OK)
		return is_no_room(cause) ? no_room(x, cause, err) : rc;
	return sync_book(x, err);
}

/* The library leaves the file of a sheet that was not assembled open. */
static void
drop_book(struct xlsx *x)
{
	for (size_t i = 0; i < x->sheet_n; i++) {
		lxw_worksheet_write_single_row(x->sheets[i].ws);
		fclose(x->sheets[i].ws->optimize_tmpfile);
	}
	lxw_workbook_free(x->book);
}

static void
xlsx_close(struct case_writer *base)
{
	struct xlsx *x = (struct xlsx *)base;

	if (x->book != NULL)
		drop_book(x);
	if (x->work != NULL)
		unlink(x->work);
	if (x->folder != NULL)
		rmdir(x->folder);
	free(x->work);
	free(x->folder);
	free(x->path);
	free(x->sheets);
	free(x->columns);
	case_buf_free(&x->sheet_name);
	case_buf_free(&x->names.keys);
	case_buf_free(&x->xml);
	case_buf_free(&x->text);
	case_buf_free(&x->tmp);
	case_buf_free(&x->title);
	case_buf_free(&x->contents);
	case_buf_free(&x->source);
	free(x);
}

static const struct case_writer_ops xlsx_ops = {
	.begin = xlsx_begin,
	.row = xlsx_row,
	.end = xlsx_end,
	.fail = case_text_fail,
	.finish = xlsx_finish,
	.close = xlsx_close,
};

enum case_status
case_xlsx_open(struct case_writer **out, const char *path,
    const struct case_xlsx_options *options, struct case_error *err)
{
	lxw_workbook_options settings = { .constant_memory = LXW_TRUE };
	enum case_status rc;
	struct xlsx *x;

	*out = NULL;
	if ((x = calloc(1, sizeof(*x))) == NULL)
		return case_error_memory(err);
	x->w.ops = &xlsx_ops;
	x->lang = options->lang;
	x->created =
	    options->created > CREATED_FIRST ? options->created : CREATED_FIRST;
	if ((rc = make_folder(x, path, err)) != CASE_OK)
		goto fail;
	settings.tmpdir = x->folder;
	x->book = workbook_new_opt(x->work, &settings);
	if (x->book == NULL || !make_formats(x)) {
		rc = case_error_memory(err);
		goto fail;
	}
	rc = add_sheet(x, case_word(CASE_WORD_COVER, x->lang), err);
	if (rc != CASE_OK)
		goto fail;
	*out = &x->w;
	return CASE_OK;
fail:
	xlsx_close(&x->w);
	return rc;
}
