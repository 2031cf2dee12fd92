/* csv.c - rows of CSV and its kin, so that a broken quote costs one row */
#include <csv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "case/intl.h"
#include "lib/format/reader.h"

/*
 * A physical line whose quotes only stand around whole values is split here,
 * since libcsv goes byte by byte. Any other row with a quote goes through
 * libcsv in its strict mode, line by line, until it is complete. A row that
 * libcsv refuses, or that can't be what was meant, costs its first line only:
 * the lines behind it are still held by the window and are read again on
 * their own.
 *
 * That this never takes quadratic time: a strict parser is inside quotes when
 * it has seen an odd number of quote characters. So only a line with an odd
 * number of them looks ahead, and it looks no further than the next such
 * line, or to the one behind that when the last line of a row is tried as the
 * first. Each line is thus looked at from at most two lines before it.
 */

#define VALUE_MAX ((size_t)1024 * 1024)
/* Below this an inner line that looks like a row may well be text. */
#define GUARD_WIDTH 4

/*
 * What one run of libcsv found.
 *
 * text		the cells, one behind the other; NULL: they are only counted
 * ends		where in text each cell ends; counted in cell_n
 */
struct run {
	struct csv_parser parser;
	bool keep;
	struct case_buf text;
	size_t *ends;
	size_t cap;
	size_t cell_n;
	size_t longest;
	bool ended;
	bool nomem;
};

/* row reads rows; probe judges single lines inside a row. */
struct csv {
	struct run row;
	struct run probe;
};

/* Nothing is trimmed: spaces belong to the value (RFC 4180, section 2.4). */
static int
no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static bool
keep_end(struct run *r)
{
	size_t cap = r->cap == 0 ? 64 : r->cap * 2;
	size_t *ends;

	if (r->cell_n == r->cap) {
		ends = reallocarray(r->ends, cap, sizeof(*ends));
		if (ends == NULL)
			return false;
		r->ends = ends;
		r->cap = cap;
	}
	r->ends[r->cell_n] = r->text.n;
	return true;
}

static void
on_cell(void *p, size_t n, void *arg)
{
	struct run *r = arg;

	if (r->nomem)
		return;
	if (n > r->longest)
		r->longest = n;
	if (r->keep && r->cell_n < CASE_CELLS_MAX) {
		case_buf_add(&r->text, p, n);
		if (r->text.failed || !keep_end(r)) {
			r->nomem = true;
			return;
		}
	}
	r->cell_n++;
}

static void
on_row(int c, void *arg)
{
	struct run *r = arg;

	(void)c;
	r->ended = true;
}

static bool
run_init(struct run *r, char delimiter, bool keep)
{
	if (csv_init(&r->parser, CSV_STRICT) != 0)
		return false;
	csv_set_delim(&r->parser, (unsigned char)delimiter);
	csv_set_space_func(&r->parser, no_space);
	csv_set_blk_size(&r->parser, (size_t)16 * 1024);
	r->keep = keep;
	return true;
}

/*
 * Ready for a row, whatever became of the last. Without CSV_STRICT_FINI
 * csv_fini() always comes back to the start; the half row it would give after
 * an error has no callback to go to. That a quote is still open at the end of
 * the file is seen by ourselves: no row has ended.
 */
static void
run_reset(struct run *r)
{
	csv_fini(&r->parser, NULL, NULL, NULL);
	case_buf_reset(&r->text);
	r->cell_n = r->longest = 0;
	r->ended = r->nomem = false;
}

static void
run_free(struct run *r)
{
	csv_free(&r->parser);
	case_buf_free(&r->text);
	free(r->ends);
}

/*
 * Feeds one line and its end; what ends without one gets a line feed, so that
 * a complete row ends there. NULL, or why the line can't be.
 */
static const char *
run_feed(struct run *r, const char *p, size_t n, size_t end)
{
	size_t done = csv_parse(&r->parser, p, n + end, on_cell, on_row, r);

	if (done == n + end && end == 0)
		done += csv_parse(&r->parser, "\n", 1, on_cell, on_row, r) - 1;
	if (csv_error(&r->parser) == CSV_ENOMEM) {
		r->nomem = true;
		return NULL;
	}
	if (done == n + end)
		return NULL;
	return done < n && p[done] == '"' ? N_("a quote stands in a value that "
					       "is not quoted: quote the "
					       "value and double the quote")
					  : N_("text stands behind a closing "
					       "quote: a quote inside a value "
					       "has to be doubled");
}

static size_t
count(const char *p, size_t n, char c)
{
	const char *end = p + n;
	size_t k = 0;

	for (; (p = memchr(p, c, (size_t)(end - p))) != NULL; p++)
		k++;
	return k;
}

/* Whether the line by itself is a whole row of as many cells as all have. */
static bool
is_whole_row(struct case_reader *rd, const struct case_line *line)
{
	struct run *probe = &((struct csv *)rd->state)->probe;
	const char *p = case_window_at(&rd->w, line->at);

	if (memchr(p, '"', line->n) == NULL)
		return count(p, line->n, rd->delimiter) + 1 == rd->width;
	run_reset(probe);
	return run_feed(probe, p, line->n, line->end) == NULL && probe->ended &&
	       probe->cell_n == rd->width;
}

/* The lines of a row: their bytes, the last line end among them. */
struct span {
	size_t size;
	size_t end;
	size_t lines;
};

static const char quote_open[] =
    N_("a quote is not closed: close it, or double a quote that belongs to "
       "the value");

static void
span_add(struct span *span, const struct case_line *line)
{
	span->size = line->at + line->n + line->end;
	span->end = line->end;
	span->lines++;
}

/*
 * Feeds lines from first on until a row has ended, which is then the span.
 * Or *fault says why the first line is to be given up.
 */
static enum case_status
feed_row(struct case_reader *rd, struct run *r, const struct case_line *first,
    struct span *span, const char **fault, struct case_error *err)
{
	struct case_line line = *first;
	enum case_status rc;

	run_reset(r);
	for (;;) {
		*fault = run_feed(r, case_window_at(&rd->w, line.at), line.n,
		    line.end);
		if (r->nomem)
			return case_error_memory(err);
		if (*fault != NULL)
			break;
		span_add(span, &line);
		if (r->ended)
			return CASE_OK;
		rc = case_window_line(&rd->w, span->size, CASE_ROW_MAX, &line,
		    err);
		if (rc < CASE_OK)
			return rc;
		if (rc == CASE_EOF || line.cut || span->size > CASE_ROW_MAX ||
		    r->parser.entry_pos > VALUE_MAX) {
			*fault = quote_open;
			return CASE_OK;
		}
	}
	if (span->lines > 0)
		*fault = quote_open;
	return CASE_OK;
}

/* Whether the line has the cells of a row, whatever its quotes mean. */
static bool
is_wide(struct case_reader *rd, const struct case_line *line)
{
	return count(case_window_at(&rd->w, line->at), line->n,
		   rd->delimiter) >= rd->width - 1;
}

/* Whether a good row begins with the line. */
static enum case_status
begins_row(struct case_reader *rd, const struct case_line *line, bool *begins,
    struct case_error *err)
{
	struct run *probe = &((struct csv *)rd->state)->probe;
	struct span span = { 0 };
	const char *fault;
	enum case_status rc;

	rc = feed_row(rd, probe, line, &span, &fault, err);
	*begins = rc == CASE_OK && fault == NULL && probe->cell_n == rd->width;
	return rc;
}

/*
 * Whether a row of several lines is rather one with a quote that is not
 * closed, which swallowed the lines behind it. The number of cells is wrong;
 * or a line inside it is itself a whole row, and its ends look like rows, too:
 * the first line has the cells of a row, and so has the last, unless another
 * good row begins with it. Of text with a table in it only the middle does:
 * its lines are never made into records. The lines are all held.
 */
static enum case_status
is_merged(struct case_reader *rd, const struct case_line *first, size_t size,
    bool *merged, struct case_error *err)
{
	const struct csv *csv = rd->state;
	size_t at = first->at + first->n + first->end;
	struct case_line line = *first;
	enum case_status rc;
	bool whole = false;

	*merged = rd->width > 0 && csv->row.cell_n != rd->width;
	if (*merged || rd->width < GUARD_WIDTH || !is_wide(rd, first))
		return CASE_OK;
	for (; at < size; at += line.n + line.end) {
		rc = case_window_line(&rd->w, at, CASE_ROW_MAX, &line, err);
		if (rc != CASE_OK)
			return rc;
		whole = whole || is_whole_row(rd, &line);
	}
	*merged = whole && is_wide(rd, &line);
	if (*merged || !whole)
		return CASE_OK;
	return begins_row(rd, &line, merged, err);
}

/* The cells of a row that libcsv gave. */
static bool
take_cells(struct case_reader *rd, struct case_row *row)
{
	const struct run *r = &((struct csv *)rd->state)->row;
	const char *text = r->text.p == NULL ? "" : r->text.p;
	size_t from = 0;

	if (!case_reader_room(rd, r->cell_n))
		return false;
	for (size_t i = 0; i < r->cell_n; i++) {
		rd->cell[i].p = text + from;
		rd->cell[i].n = r->ends[i] - from;
		from = r->ends[i];
	}
	row->cell = rd->cell;
	row->cell_n = r->cell_n;
	return true;
}

static const char *
value_fault(size_t cell_n, size_t longest)
{
	if (cell_n > CASE_CELLS_MAX)
		return N_("the row has more than 16,384 cells");
	if (longest > VALUE_MAX)
		return N_("a value is longer than 1 MiB");
	return NULL;
}

/* A row that has a quote in its first line. */
static enum case_status
quoted_row(struct case_reader *rd, const struct case_line *first,
    struct case_row *row, struct case_error *err)
{
	const struct run *r = &((struct csv *)rd->state)->row;
	struct span alone = { 0 }, span = { 0 };
	struct case_line text = *first;
	const char *fault = NULL;
	enum case_status rc;
	bool merged = false;

	span_add(&alone, first);
	rc = feed_row(rd, &((struct csv *)rd->state)->row, first, &span, &fault,
	    err);
	if (rc == CASE_OK && fault == NULL && span.lines > 1)
		rc = is_merged(rd, first, span.size, &merged, err);
	if (rc != CASE_OK)
		return rc;
	if (merged)
		fault = N_("a quote is not closed, or does not belong there: "
			   "the row would swallow the lines behind it");
	if (fault != NULL)
		span = alone;
	else
		fault = value_fault(r->cell_n, r->longest);
	text.n = span.size - span.end - text.at;
	row->lines = span.lines;
	row->raw.p = case_window_at(&rd->w, text.at);
	row->raw.n = text.n;
	row->fault = fault == NULL
			 ? case_reader_fault(rd, row->raw,
			       case_window_has(&rd->w, &rd->w.nul, '\0', &text))
			 : _(fault);
	case_window_consume(&rd->w, span.size, span.lines);
	if (row->fault == NULL && !take_cells(rd, row))
		return case_error_memory(err);
	return CASE_OK;
}

/*
 * The end of the value at p in a line that may have quotes, without them in
 * *cell. NULL: it takes libcsv to tell.
 */
static const char *
simple_value(const char *p, const char *end, char delimiter,
    struct case_str *cell)
{
	const char *q;

	if (p < end && *p == '"') {
		p++;
		q = memchr(p, '"', (size_t)(end - p));
		if (q == NULL || (q + 1 < end && q[1] != delimiter))
			return NULL;
		*cell = (struct case_str){ p, (size_t)(q - p) };
		return q + 1;
	}
	q = memchr(p, delimiter, (size_t)(end - p));
	if (q == NULL)
		q = end;
	*cell = (struct case_str){ p, (size_t)(q - p) };
	return memchr(p, '"', cell->n) == NULL ? q : NULL;
}

/*
 * Splits one line that has quotes, exactly as libcsv would; *simple is false
 * when one is more than the begin or the end of a value, and then nothing is
 * done.
 */
static enum case_status
split_quoted(struct case_reader *rd, const struct case_str *line, size_t *cells,
    bool *simple, struct case_error *err)
{
	const char *p = line->p, *end = p + line->n;
	size_t n = 0;

	*simple = false;
	for (;; p++) {
		if (n == rd->cell_cap && !case_reader_room(rd, n + 1))
			return case_error_memory(err);
		p = simple_value(p, end, rd->delimiter, &rd->cell[n]);
		if (p == NULL)
			return CASE_OK;
		n++;
		if (p == end || n > CASE_CELLS_MAX)
			break;
	}
	*simple = true;
	*cells = n;
	return CASE_OK;
}

enum { STEP = 16 };

/* Bit i: p[i] is c. */
static inline unsigned
matches(const char *p, char c)
{
#ifdef __SSE2__
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);

	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8(c)));
#else
	unsigned bits = 0;

	for (unsigned i = 0; i < STEP; i++)
		bits |= (unsigned)(p[i] == c) << i;
	return bits;
#endif
}

/* The same where the line has no quote: what parts it are delimiters alone. */
static enum case_status
split_plain(struct case_reader *rd, const struct case_str *line, size_t *cells,
    struct case_error *err)
{
	const char *p = line->p, *end = p + line->n, *from = p, *q;
	char tail[STEP] = { 0 };
	size_t n = 0, k;
	unsigned bits;

	for (; p < end && n <= CASE_CELLS_MAX; p += k) {
		if (n + STEP >= rd->cell_cap &&
		    !case_reader_room(rd, n + STEP + 1))
			return case_error_memory(err);
		k = (size_t)(end - p);
		if (k >= STEP) {
			k = STEP;
			bits = matches(p, rd->delimiter);
		} else {
			memcpy(tail, p, k);
			bits = matches(tail, rd->delimiter) & ((1u << k) - 1);
		}
		for (; bits != 0; bits &= bits - 1) {
			q = p + __builtin_ctz(bits);
			rd->cell[n++] =
			    (struct case_str){ from, (size_t)(q - from) };
			from = q + 1;
		}
	}
	rd->cell[n++] = (struct case_str){ from, (size_t)(end - from) };
	*cells = n;
	return CASE_OK;
}

static size_t
longest(const struct case_str *cell, size_t n)
{
	size_t most = 0;

	for (size_t i = 0; i < n; i++)
		if (cell[i].n > most)
			most = cell[i].n;
	return most;
}

static enum case_status
split(struct case_reader *rd, struct case_row *row, bool quoted, bool *simple,
    struct case_error *err)
{
	const char *fault;
	enum case_status rc;
	size_t n = 0;

	*simple = true;
	rc = quoted ? split_quoted(rd, &row->raw, &n, simple, err)
		    : split_plain(rd, &row->raw, &n, err);
	if (rc != CASE_OK || !*simple)
		return rc;
	fault =
	    value_fault(n, row->raw.n > VALUE_MAX ? longest(rd->cell, n) : 0);
	if (fault != NULL) {
		row->fault = _(fault);
		return CASE_OK;
	}
	row->cell = rd->cell;
	row->cell_n = n;
	return CASE_OK;
}

static enum case_status
csv_next(struct case_reader *rd, struct case_row *row, struct case_error *err)
{
	struct case_line line;
	enum case_status rc;
	bool done, quoted, simple;

	rc = case_reader_line(rd, &line, row, &done, err);
	if (rc != CASE_OK || done)
		return rc;
	quoted = case_window_has(&rd->w, &rd->w.quote, '"', &line);
	if (line.n > 0) {
		rc = split(rd, row, quoted, &simple, err);
		if (rc != CASE_OK)
			return rc;
		if (!simple)
			return quoted_row(rd, &line, row, err);
	}
	if (row->fault == NULL)
		row->fault = case_reader_fault(rd, row->raw,
		    case_window_has(&rd->w, &rd->w.nul, '\0', &line));
	if (row->fault != NULL)
		row->cell_n = 0;
	case_window_consume(&rd->w, line.at + line.n + line.end, 1);
	return CASE_OK;
}

static void
csv_close(struct case_reader *rd)
{
	struct csv *csv = rd->state;

	run_free(&csv->row);
	run_free(&csv->probe);
	free(csv);
}

static enum case_status
csv_open(struct case_reader *rd, struct case_error *err)
{
	struct csv *csv;

	if ((csv = calloc(1, sizeof(*csv))) == NULL)
		return case_error_memory(err);
	if (!run_init(&csv->row, rd->delimiter, true) ||
	    !run_init(&csv->probe, rd->delimiter, false)) {
		free(csv);
		return case_error_memory(err);
	}
	rd->state = csv;
	return CASE_OK;
}

const struct case_reader_ops case_reader_csv = {
	.open = csv_open,
	.next = csv_next,
	.close = csv_close,
};

/* Finding the delimiter. */

#define SAMPLE_ROWS 20

static const char candidates[] = { ',', ';', '\t', '|' };
#define CANDIDATES (sizeof(candidates) / sizeof(candidates[0]))

/* How often each candidate stands in a row, quoted text left out. */
struct tally {
	size_t n[SAMPLE_ROWS][CANDIDATES];
	size_t rows;
};

static const char *
physical_end(const char *p, const char *end)
{
	while (p < end && *p != '\n' && *p != '\r')
		p++;
	return p;
}

/*
 * Counts over p[0..end) and returns whether a quote is open at its end.
 * quoted false: quotes mean nothing.
 */
static bool
tally_text(size_t *n, const char *p, const char *end, bool quoted)
{
	bool open = false;

	memset(n, 0, CANDIDATES * sizeof(*n));
	for (; p < end; p++) {
		if (*p == '"' && quoted)
			open = !open;
		for (size_t i = 0; i < CANDIDATES && !open; i++)
			n[i] += *p == candidates[i];
	}
	return open;
}

/* A row, or when its quotes never close its first line; returns its end. */
static const char *
tally_row(size_t *n, const char *p, const char *end)
{
	const char *first = physical_end(p, end);
	const char *q = first;

	while (tally_text(n, p, q, true)) {
		if (q == end || q - p > 4096) {
			tally_text(n, p, first, false);
			return first;
		}
		q = physical_end(q + 1, end);
	}
	return q;
}

/* The number met in most rows, not 0; in how many rows is returned. */
static size_t
most_common(const struct tally *t, size_t candidate, size_t *common)
{
	size_t best = 0;

	*common = 0;
	for (size_t i = 0; i < t->rows; i++) {
		size_t n = t->n[i][candidate], same = 0;

		for (size_t j = 0; j < t->rows && n > 0; j++)
			same += t->n[j][candidate] == n;
		if (same > best || (same == best && n > *common)) {
			best = same;
			*common = n;
		}
	}
	return best;
}

/* Titles stand before the header; from there on most rows must agree. */
static bool
is_consistent(const struct tally *t, size_t candidate, size_t common,
    size_t same)
{
	size_t titles = 0;

	while (titles < t->rows && t->n[titles][candidate] < common)
		titles++;
	return 2 * same > t->rows - titles;
}

char
case_csv_delimiter(const char *sample, size_t n, bool whole)
{
	struct tally t = { .rows = 0 };
	const char *end = sample + n;
	const char *p = sample;
	size_t best = 0, best_n = 0;
	char found = ',';

	while (p < end && t.rows < SAMPLE_ROWS) {
		const char *q = tally_row(t.n[t.rows], p, end);

		if (q == end && !whole && t.rows > 0)
			break;
		t.rows += q > p;
		p = q + 1;
	}
	for (size_t i = 0; i < CANDIDATES; i++) {
		size_t common, same = most_common(&t, i, &common);

		if (same < best || (same == best && common <= best_n) ||
		    !is_consistent(&t, i, common, same))
			continue;
		best = same;
		best_n = common;
		found = candidates[i];
	}
	return found;
}
