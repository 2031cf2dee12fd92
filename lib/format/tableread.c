/* tableread.c - reading case-tables, as tables and as rows to import */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/digest.h"
#include "case/intl.h"
#include "case/table.h"
#include "case/text.h"
#include "lib/format/reader.h"
#include "lib/format/tableesc.h"

#define LINE_MAX_BYTES ((size_t)64 * 1024 * 1024)
/* Parts of a ## line that are looked at; more than any key has. */
#define PARTS_MAX 32

/*
 * A stream of case-tables, whatever its bytes come from. It is either between
 * tables or behind the header line of one, never in between.
 *
 * crc, rows	of the table so far
 * inside	rows or the end are to come
 * tables	how many have begun
 * cell		of the row that was read last
 * text		cells that had escapes; also the parts of a ## line
 */
struct stream {
	struct case_window *w;
	bool check_utf8;
	struct case_table table;
	uint32_t crc;
	size_t rows;
	bool inside;
	size_t tables;
	struct case_str *cell;
	size_t cell_n;
	size_t cell_cap;
	struct case_buf text;
};

static void
stream_begin(struct stream *t, struct case_window *w, bool check_utf8)
{
	w->lf_only = true;
	t->w = w;
	t->check_utf8 = check_utf8;
}

static void
stream_restart(struct stream *t)
{
	case_table_free(&t->table);
	t->inside = false;
	t->tables = t->rows = 0;
}

static void
stream_free(struct stream *t)
{
	case_table_free(&t->table);
	case_buf_free(&t->text);
	free(t->cell);
}

static enum case_status
fail(const struct stream *t, const char *reason, struct case_error *err)
{
	return case_error_set(err, CASE_EDATA, t->w->line, "%s", _(reason));
}

/* Lines. */

static bool
has_prefix(struct case_str s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && memcmp(s.p, prefix, n) == 0;
}

/* Whether the line is a ## line of that keyword. */
static bool
is_key(struct case_str line, const char *key)
{
	return has_prefix(line, key) &&
	       (line.n == strlen(key) || line.p[strlen(key)] == '\t');
}

static const char *
line_fault(struct stream *t, const struct case_line *line, struct case_str s)
{
	if (line->cut)
		return N_("the line is longer than 64 MiB");
	if (case_window_has(t->w, &t->w->cr, '\r', line))
		return N_("the line holds a bare carriage return: the table "
			  "was changed on its way");
	if (case_window_has(t->w, &t->w->nul, '\0', line))
		return N_("the line holds a NUL byte");
	if (t->check_utf8 && !case_utf8_valid(s.p, s.n))
		return N_("the line is not UTF-8");
	/* These two say it themselves; all others may be cut off. */
	if (line->end == 0 && !is_key(s, "##end") && !is_key(s, "##fail") &&
	    (t->tables > 0 || is_key(s, "##case-table")))
		return N_("the input ends inside a table");
	return NULL;
}

/* The next line, checked, and in the CRC; borrowed until the next call. */
static enum case_status
next_line(struct stream *t, struct case_str *s, struct case_error *err)
{
	struct case_line line;
	const char *fault;
	enum case_status rc;

	rc = case_window_line(t->w, 0, LINE_MAX_BYTES, &line, err);
	if (rc != CASE_OK)
		return rc;
	s->p = case_window_at(t->w, 0);
	s->n = line.n;
	fault = line_fault(t, &line, *s);
	case_window_consume(t->w, line.n + line.end, 1);
	if (fault != NULL)
		return fail(t, fault, err);
	if (is_key(*s, "##case-table"))
		t->crc = 0;
	if (!is_key(*s, "##end"))
		t->crc = case_crc32(t->crc, s->p, line.n + line.end);
	return CASE_OK;
}

/*
 * The parts of a ## line behind its keyword, each ended by a NUL. What a part
 * is for that is not there, is NULL.
 */
static enum case_status
split_parts(struct stream *t, struct case_str line, char *part[PARTS_MAX],
    struct case_error *err)
{
	const char *end = line.p + line.n;
	const char *p = memchr(line.p, '\t', line.n);
	size_t n = 0;

	memset(part, 0, PARTS_MAX * sizeof(*part));
	case_buf_reset(&t->text);
	/* All the room first, so that no part moves. */
	if (!case_buf_reserve(&t->text, line.n + PARTS_MAX))
		return case_error_memory(err);
	while (p != NULL && n < PARTS_MAX) {
		const char *q;
		size_t size;

		p++;
		q = memchr(p, '\t', (size_t)(end - p));
		size = (size_t)((q == NULL ? end : q) - p);
		part[n] = t->text.p + t->text.n;
		case_buf_add(&t->text, p, size);
		if (!case_table_unescape(part[n], &size))
			return fail(t, N_("unknown escape in a ## line"), err);
		t->text.n = (size_t)(part[n++] - t->text.p) + size;
		case_buf_addc(&t->text, '\0');
		p = q;
	}
	return CASE_OK;
}

/* The cells of a row or the header line. */
static enum case_status
split_cells(struct stream *t, struct case_str line, struct case_error *err)
{
	bool escaped = line.n > 0 && memchr(line.p, '\\', line.n) != NULL;
	const char *p = line.p;
	const char *end = p + line.n;
	const char *q;
	char *copy;
	size_t n;

	case_buf_reset(&t->text);
	if (escaped && !case_buf_reserve(&t->text, line.n))
		return case_error_memory(err);
	t->cell_n = 0;
	do {
		if (t->cell_n == t->table.column_n)
			return fail(t, N_("more cells than columns"), err);
		if ((q = memchr(p, '\t', (size_t)(end - p))) == NULL)
			q = end;
		n = (size_t)(q - p);
		t->cell[t->cell_n] = (struct case_str){ p, n };
		if (escaped && n > 0 && memchr(p, '\\', n) != NULL) {
			copy = t->text.p + t->text.n;
			case_buf_add(&t->text, p, n);
			if (!case_table_unescape(copy, &n))
				return fail(t, N_("unknown escape in a value"),
				    err);
			t->cell[t->cell_n] = (struct case_str){ copy, n };
		}
		t->cell_n++;
		p = q + 1;
	} while (q < end);
	if (t->cell_n < t->table.column_n)
		return fail(t, N_("fewer cells than columns"), err);
	return CASE_OK;
}

/* The description. */

static enum case_status
replace(char **to, const char *from, struct case_error *err)
{
	char *copy = strdup(from);

	if (copy == NULL)
		return case_error_memory(err);
	free(*to);
	*to = copy;
	return CASE_OK;
}

static enum case_status
read_name(struct stream *t, char **part, struct case_error *err)
{
	return replace(&t->table.name, part[0], err);
}

static enum case_status
read_kind(struct stream *t, char **part, struct case_error *err)
{
	if (!case_kind_find(part[0], &t->table.kind))
		return fail(t, N_("unknown ##kind"), err);
	return CASE_OK;
}

static enum case_status
read_type(struct stream *t, char **part, struct case_error *err)
{
	return replace(&t->table.type, part[0], err);
}

static enum case_status
read_title(struct stream *t, char **part, struct case_error *err)
{
	return replace(&t->table.title, part[0], err);
}

static enum case_status
read_period(struct stream *t, char **part, struct case_error *err)
{
	struct case_value from, to;

	if (case_value_parse(&from, CASE_DATE, part[0], strlen(part[0]),
		NULL) != CASE_OK ||
	    case_value_parse(&to, CASE_DATE, part[1], strlen(part[1]), NULL) !=
		CASE_OK ||
	    from.missing || to.missing || from.u.i > to.u.i)
		return fail(t, N_("##period is not two dates in order"), err);
	t->table.has_period = true;
	t->table.from = from.u.i;
	t->table.to = to.u.i;
	return CASE_OK;
}

/* One key=value of a column; a key that is not known is left to others. */
static enum case_status
read_attribute(struct stream *t, struct case_column *c, const char *part,
    struct case_error *err)
{
	if (strncmp(part, "num=", 4) == 0)
		return replace(&c->num, part + 4, err);
	if (strncmp(part, "den=", 4) == 0)
		return replace(&c->den, part + 4, err);
	if (strncmp(part, "bar=", 4) == 0)
		c->bar = strcmp(part + 4, "0") != 0;
	else if (strncmp(part, "privacy=", 8) == 0 &&
		 !case_privacy_find(part + 8, &c->privacy))
		return fail(t, N_("unknown privacy class of a column"), err);
	return CASE_OK;
}

static enum case_status
read_column(struct stream *t, char **part, struct case_error *err)
{
	struct case_column *c;
	enum case_status rc = CASE_OK;
	enum case_type type;
	const char *unit = part[2] == NULL ? NULL : part[3];

	if (!case_type_find(part[1], strlen(part[1]), &type))
		return fail(t, N_("unknown type of a column"), err);
	if (part[2] != NULL && part[2][0] == '\0')
		part[2] = NULL;
	if (unit != NULL && unit[0] == '\0')
		unit = NULL;
	c = case_table_add_column(&t->table, part[0], type, part[2], unit);
	if (c == NULL)
		return case_error_memory(err);
	for (size_t i = 4; rc == CASE_OK && i < PARTS_MAX && part[i] != NULL;
	     i++)
		rc = read_attribute(t, c, part[i], err);
	return rc;
}

static enum case_status
read_meta(struct stream *t, char **part, struct case_error *err)
{
	case_table_add_meta(&t->table, part[0], part[1] == NULL ? "" : part[1]);
	return t->table.failed ? case_error_memory(err) : CASE_OK;
}

/* The ## lines of a description; least is how many parts one must have. */
static const struct describer {
	const char *key;
	size_t least;
	enum case_status (
	    *read)(struct stream *t, char **part, struct case_error *err);
} describers[] = {
	{ "##column", 2, read_column },
	{ "##kind", 1, read_kind },
	{ "##meta", 1, read_meta },
	{ "##name", 1, read_name },
	{ "##period", 2, read_period },
	{ "##title", 1, read_title },
	{ "##type", 1, read_type },
};

/* ##fail and what can't be where it is, in a table or its description. */
static enum case_status
refuse_key(struct stream *t, struct case_str line, struct case_error *err)
{
	struct case_buf shown = { 0 };
	char *part[PARTS_MAX];
	enum case_status rc;

	if (is_key(line, "##case-table"))
		return fail(t,
		    N_("a table begins before the one before it "
		       "has its ##end"),
		    err);
	if (!is_key(line, "##fail"))
		return CASE_OK;
	if ((rc = split_parts(t, line, part, err)) != CASE_OK)
		return rc;
	if (part[0] != NULL)
		case_text_visible(&shown, part[0], strlen(part[0]));
	rc = case_error_set(err, CASE_EDATA, t->w->line,
	    _("the tool that wrote this failed: %s"), case_buf_str(&shown));
	case_buf_free(&shown);
	return rc;
}

static enum case_status
describe(struct stream *t, struct case_str line, struct case_error *err)
{
	char *part[PARTS_MAX];
	enum case_status rc;

	if ((rc = refuse_key(t, line, err)) != CASE_OK)
		return rc;
	if (is_key(line, "##end"))
		return fail(t, N_("##end before the header line"), err);
	for (size_t i = 0; i < sizeof(describers) / sizeof(describers[0]);
	     i++) {
		const struct describer *d = &describers[i];

		if (!is_key(line, d->key))
			continue;
		if ((rc = split_parts(t, line, part, err)) != CASE_OK)
			return rc;
		if (part[d->least - 1] == NULL)
			return fail(t, N_("a ## line lacks a part"), err);
		return d->read(t, part, err);
	}
	return CASE_OK;
}

/* The first line of a table, or what stands in its place. */
static enum case_status
read_first(struct stream *t, struct case_str line, struct case_error *err)
{
	char *part[PARTS_MAX];
	enum case_status rc;

	if (!is_key(line, "##case-table")) {
		if ((rc = refuse_key(t, line, err)) != CASE_OK)
			return rc;
		return fail(t, N_("not a case-table: ##case-table is expected"),
		    err);
	}
	t->tables++;
	if ((rc = split_parts(t, line, part, err)) != CASE_OK)
		return rc;
	if (part[0] == NULL || strcmp(part[0], "1") != 0)
		return fail(t,
		    N_("another version of the case-table; this tool reads "
		       "version 1"),
		    err);
	return CASE_OK;
}

/* The header line has to name the columns that were described. */
static enum case_status
read_header(struct stream *t, struct case_str line, struct case_error *err)
{
	struct case_str *cell;
	enum case_status rc;

	if (t->table.name == NULL)
		return fail(t, N_("the table has no ##name"), err);
	if (t->table.column_n == 0)
		return fail(t, N_("the table has no ##column"), err);
	if (t->table.column_n > t->cell_cap) {
		cell = reallocarray(t->cell, t->table.column_n, sizeof(*cell));
		if (cell == NULL)
			return case_error_memory(err);
		t->cell = cell;
		t->cell_cap = t->table.column_n;
	}
	if ((rc = split_cells(t, line, err)) != CASE_OK)
		return rc;
	for (size_t i = 0; i < t->cell_n; i++)
		if (strlen(t->table.column[i].name) != t->cell[i].n ||
		    !has_prefix(t->cell[i], t->table.column[i].name))
			return fail(t,
			    N_("the header line differs from the ##column "
			       "lines"),
			    err);
	return CASE_OK;
}

/* The input may end between tables only. */
static enum case_status
ended_inside(const struct stream *t, enum case_status rc,
    struct case_error *err)
{
	return rc == CASE_EOF
		   ? fail(t, N_("the input ends inside a table"), err)
		   : rc;
}

/* Rows. */

/* ##end ROWS CRC: exactly what was read. */
static enum case_status
check_end(struct stream *t, struct case_str line, struct case_error *err)
{
	char want[64];
	int n = snprintf(want, sizeof(want), "##end\t%zu\t%08x", t->rows,
	    (unsigned)t->crc);

	t->inside = false;
	if (n > 0 && line.n == (size_t)n && memcmp(line.p, want, line.n) == 0)
		return CASE_EOF;
	return case_error_set(err, CASE_EDATA, t->w->line,
	    _("##end does not fit the table: %zu rows with CRC %08x were "
	      "read; it is cut or was changed on its way"),
	    t->rows, (unsigned)t->crc);
}

/* The next row as text: t->cell. CASE_EOF behind a good end of the table. */
static enum case_status
stream_row(struct stream *t, struct case_str *line, struct case_error *err)
{
	enum case_status rc;

	while (t->inside) {
		if ((rc = next_line(t, line, err)) != CASE_OK)
			return ended_inside(t, rc, err);
		if (!has_prefix(*line, "##")) {
			t->rows++;
			return split_cells(t, *line, err);
		}
		if (is_key(*line, "##end"))
			return check_end(t, *line, err);
		if ((rc = refuse_key(t, *line, err)) != CASE_OK)
			return rc;
	}
	return CASE_EOF;
}

/* Passes over what is left of a table, which has to be whole all the same. */
static enum case_status
stream_table(struct stream *t, struct case_error *err)
{
	struct case_str line;
	enum case_status rc;

	while ((rc = stream_row(t, &line, err)) == CASE_OK)
		continue;
	if (rc != CASE_EOF)
		return rc;
	case_table_free(&t->table);
	t->rows = 0;
	if ((rc = next_line(t, &line, err)) == CASE_EOF && t->tables == 0)
		return fail(t, N_("the input holds no table"), err);
	if (rc != CASE_OK || (rc = read_first(t, line, err)) != CASE_OK)
		return rc;
	while ((rc = next_line(t, &line, err)) == CASE_OK &&
	       has_prefix(line, "##"))
		if ((rc = describe(t, line, err)) != CASE_OK)
			return rc;
	if (rc != CASE_OK)
		return ended_inside(t, rc, err);
	if ((rc = read_header(t, line, err)) != CASE_OK)
		return rc;
	t->inside = true;
	return CASE_OK;
}

/* Tables from a stream. */

struct case_table_reader {
	struct case_window w;
	struct stream t;
	struct case_value *value;
	size_t value_cap;
};

static enum case_status
read_stream(void *source, char *p, size_t cap, size_t *n,
    struct case_error *err)
{
	FILE *f = source;

	errno = 0;
	*n = fread(p, 1, cap, f);
	if (*n == 0 && ferror(f))
		return case_error_system(err, _("can't read the table"));
	return CASE_OK;
}

enum case_status
case_table_reader_open(struct case_table_reader **out, FILE *stream,
    struct case_error *err)
{
	struct case_table_reader *rd = calloc(1, sizeof(*rd));

	*out = rd;
	if (rd == NULL)
		return case_error_memory(err);
	case_window_begin(&rd->w, read_stream, stream);
	stream_begin(&rd->t, &rd->w, true);
	return CASE_OK;
}

void
case_table_reader_close(struct case_table_reader *rd)
{
	if (rd == NULL)
		return;
	stream_free(&rd->t);
	case_window_free(&rd->w);
	free(rd->value);
	free(rd);
}

enum case_status
case_table_reader_next_table(struct case_table_reader *rd,
    const struct case_table **t, struct case_error *err)
{
	struct case_value *value;
	enum case_status rc;

	*t = NULL;
	if ((rc = stream_table(&rd->t, err)) != CASE_OK)
		return rc;
	if (rd->t.table.column_n > rd->value_cap) {
		value = reallocarray(rd->value, rd->t.table.column_n,
		    sizeof(*value));
		if (value == NULL)
			return case_error_memory(err);
		rd->value = value;
		rd->value_cap = rd->t.table.column_n;
	}
	*t = &rd->t.table;
	return CASE_OK;
}

enum case_status
case_table_reader_next_row(struct case_table_reader *rd,
    const struct case_value **v, struct case_error *err)
{
	struct stream *t = &rd->t;
	struct case_error why;
	struct case_str line;
	enum case_status rc;

	*v = NULL;
	if ((rc = stream_row(t, &line, err)) != CASE_OK)
		return rc;
	for (size_t i = 0; i < t->cell_n; i++) {
		rc = case_value_parse(&rd->value[i], t->table.column[i].type,
		    t->cell[i].p, t->cell[i].n, &why);
		if (rc != CASE_OK)
			return case_error_set(err, rc, t->w->line,
			    _("column %s: %s"), t->table.column[i].name,
			    why.what);
	}
	*v = rd->value;
	return CASE_OK;
}

size_t
case_table_reader_line(const struct case_table_reader *rd)
{
	return rd->w.line;
}

/* Rows to import. */

/*
 * name		the columns of the first table of records; the others have to
 *		have the same
 * type		the record type that it says, or NULL
 * ended	rows of the tables of records that are complete
 */
struct rows {
	struct stream t;
	struct case_str *name;
	size_t name_n;
	char *type;
	size_t ended;
};

static enum case_status
keep_names(struct rows *r, struct case_error *err)
{
	const struct case_table *t = &r->t.table;
	char *copy;

	r->name = calloc(t->column_n, sizeof(*r->name));
	if (r->name == NULL)
		return case_error_memory(err);
	for (; r->name_n < t->column_n; r->name_n++) {
		if ((copy = strdup(t->column[r->name_n].name)) == NULL)
			return case_error_memory(err);
		r->name[r->name_n] = (struct case_str){ copy, strlen(copy) };
	}
	return t->type == NULL ? CASE_OK : replace(&r->type, t->type, err);
}

static bool
same_columns(const struct rows *r)
{
	const struct case_table *t = &r->t.table;

	if (t->column_n != r->name_n ||
	    (t->type == NULL) != (r->type == NULL) ||
	    (t->type != NULL && strcmp(t->type, r->type) != 0))
		return false;
	for (size_t i = 0; i < r->name_n; i++)
		if (strcmp(t->column[i].name, r->name[i].p) != 0)
			return false;
	return true;
}

/* On to the next table of records; those of another kind are passed over. */
static enum case_status
next_records(struct rows *r, struct case_error *err)
{
	enum case_status rc;

	do {
		if (r->t.tables > 0 && r->t.table.kind == CASE_RECORDS)
			r->ended += r->t.rows;
		rc = stream_table(&r->t, err);
		if (rc == CASE_EOF && r->name == NULL)
			return fail(&r->t,
			    N_("the case-table holds no table of records"),
			    err);
		if (rc != CASE_OK)
			return rc;
	} while (r->t.table.kind != CASE_RECORDS);
	if (r->name == NULL)
		return keep_names(r, err);
	if (!same_columns(r))
		return fail(&r->t,
		    N_("a second table has another type or other columns: "
		       "split the file and import the parts"),
		    err);
	return CASE_OK;
}

static enum case_status
rows_next(struct case_reader *rd, struct case_row *row, struct case_error *err)
{
	struct rows *r = rd->state;
	struct case_str line;
	enum case_status rc;

	while ((rc = stream_row(&r->t, &line, err)) == CASE_EOF)
		if ((rc = next_records(r, err)) != CASE_OK)
			return rc;
	if (rc != CASE_OK)
		return rc;
	*row = (struct case_row){
		.line = rd->w.line,
		.lines = 1,
		.cell = r->t.cell,
		.cell_n = r->t.cell_n,
		.raw = line,
	};
	return CASE_OK;
}

static enum case_status
rows_rewind(struct case_reader *rd, struct case_error *err)
{
	struct rows *r = rd->state;

	stream_restart(&r->t);
	r->ended = 0;
	return next_records(r, err);
}

static const struct case_str *
rows_names(const struct case_reader *rd, size_t *n)
{
	const struct rows *r = rd->state;

	*n = r->name_n;
	return r->name;
}

static const char *
rows_type(const struct case_reader *rd)
{
	return ((const struct rows *)rd->state)->type;
}

static size_t
rows_lines(const struct case_reader *rd)
{
	const struct rows *r = rd->state;

	return r->ended + (r->t.table.kind == CASE_RECORDS ? r->t.rows : 0);
}

static enum case_status
rows_open(struct case_reader *rd, struct case_error *err)
{
	struct rows *r = calloc(1, sizeof(*r));

	if ((rd->state = r) == NULL)
		return case_error_memory(err);
	stream_begin(&r->t, &rd->w, rd->check_utf8);
	return next_records(r, err);
}

static void
rows_close(struct case_reader *rd)
{
	struct rows *r = rd->state;

	for (size_t i = 0; i < r->name_n; i++)
		free((char *)(uintptr_t)r->name[i].p);
	free(r->name);
	free(r->type);
	stream_free(&r->t);
	free(r);
}

const struct case_reader_ops case_reader_table = {
	.open = rows_open,
	.next = rows_next,
	.rewind = rows_rewind,
	.names = rows_names,
	.type = rows_type,
	.lines = rows_lines,
	.close = rows_close,
};
