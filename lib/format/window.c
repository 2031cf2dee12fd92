/* window.c - a stream of bytes seen as physical lines, some of them ahead */
#include <stdlib.h>
#include <string.h>

#include "lib/format/window.h"

/* Fits the second level cache; the machine pays dearly for fresh memory. */
#define WINDOW_SIZE ((size_t)256 * 1024)

void
case_window_begin(struct case_window *w, case_window_read *read, void *source)
{
	*w = (struct case_window){ .read = read, .source = source };
	case_window_restart(w);
}

static void
forget(struct case_window *w)
{
	static const struct case_next unknown = { 1, 0 };

	w->cr = w->quote = w->nul = unknown;
}

void
case_window_restart(struct case_window *w)
{
	w->at = w->end = w->line = w->breaks = 0;
	w->eof = w->any = false;
	w->last = '\0';
	forget(w);
}

void
case_window_free(struct case_window *w)
{
	free(w->p);
	*w = (struct case_window){ 0 };
}

size_t
case_window_breaks(const char *p, size_t n, char last, bool lf_only)
{
	const char *end = p + n;
	const char *q;
	size_t breaks = 0;

	for (q = p; (q = memchr(q, '\n', (size_t)(end - q))) != NULL; q++)
		if (lf_only || (q > p ? q[-1] : last) != '\r')
			breaks++;
	if (!lf_only)
		for (q = p; (q = memchr(q, '\r', (size_t)(end - q))) != NULL;
		     q++)
			breaks++;
	return breaks;
}

/*
 * Counts line ends apart from the way lines are found below, so that the one
 * checks the other.
 */
static void
count_breaks(struct case_window *w, const char *p, size_t n)
{
	w->breaks += case_window_breaks(p, n, w->last, w->lf_only);
	w->last = p[n - 1];
	w->any = true;
}

static bool
ends_line(const struct case_window *w, char c)
{
	return c == '\n' || (c == '\r' && !w->lf_only);
}

size_t
case_window_lines(const struct case_window *w)
{
	return w->breaks + (w->any && !ends_line(w, w->last));
}

bool
case_window_unterminated(const struct case_window *w)
{
	return w->eof && w->at == w->end && w->any && !ends_line(w, w->last);
}

static enum case_status
make_room(struct case_window *w, struct case_error *err)
{
	size_t cap = w->cap == 0 ? WINDOW_SIZE : w->cap * 2;
	char *p;

	if (w->at > 0) {
		memmove(w->p, w->p + w->at, w->end - w->at);
		w->end -= w->at;
		w->at = 0;
	}
	/* With little room, a long line would be moved for each few bytes. */
	if (w->cap - w->end >= w->cap / 2 && w->cap > 0)
		return CASE_OK;
	if ((p = realloc(w->p, cap)) == NULL)
		return case_error_memory(err);
	w->p = p;
	w->cap = cap;
	return CASE_OK;
}

/* More bytes behind those held; sets eof when there are none. */
static enum case_status
fill(struct case_window *w, struct case_error *err)
{
	enum case_status rc;
	size_t n;

	forget(w);
	if ((rc = make_room(w, err)) != CASE_OK)
		return rc;
	rc = w->read(w->source, w->p + w->end, w->cap - w->end, &n, err);
	if (rc != CASE_OK)
		return rc;
	if (n == 0) {
		w->eof = true;
		return CASE_OK;
	}
	count_breaks(w, w->p + w->end, n);
	w->end += n;
	return CASE_OK;
}

/* The place of c at or behind from, or the end of what is held. */
static size_t
find_next(const struct case_window *w, struct case_next *next, char c,
    size_t from)
{
	const char *q;

	if (from >= next->from && from <= next->to)
		return next->to;
	next->from = from;
	q = memchr(w->p + from, c, w->end - from);
	next->to = q == NULL ? w->end : (size_t)(q - w->p);
	return next->to;
}

bool
case_window_has(const struct case_window *w, struct case_next *next, char c,
    const struct case_line *line)
{
	size_t from = w->at + line->at;

	return find_next(w, next, c, from) < from + line->n;
}

/*
 * Looks for the end of the line that begins at offset at, searching from
 * offset from on. False: it is not among the bytes held, so more are wanted.
 */
static bool
line_end(struct case_window *w, size_t from, struct case_line *line)
{
	size_t start = w->at + line->at;
	const char *q;
	size_t lf, cr;

	if (w->end == w->at)
		return false;
	q = memchr(w->p + w->at + from, '\n', w->end - w->at - from);
	lf = q == NULL ? w->end : (size_t)(q - w->p);
	cr = w->lf_only ? w->end : find_next(w, &w->cr, '\r', w->at + from);
	if (cr < lf) {
		/* Only the byte behind a CR tells whether it is CR LF. */
		line->n = cr - start;
		if (cr + 1 == w->end && !w->eof)
			return false;
		line->end = cr + 1 == lf && lf < w->end ? 2 : 1;
		return true;
	}
	line->n = lf - start;
	line->end = lf < w->end;
	return lf < w->end;
}

enum case_status
case_window_line(struct case_window *w, size_t at, size_t max,
    struct case_line *line, struct case_error *err)
{
	enum case_status rc;
	size_t from = at;

	*line = (struct case_line){ .at = at };
	while (!line_end(w, from, line)) {
		if (w->eof && at == w->end - w->at)
			return CASE_EOF;
		if (w->eof)
			break;
		if (line->n > max)
			break;
		from = w->end - w->at;
		/* A CR that ends what is held is looked at again. */
		if (from > at && w->p[w->end - 1] == '\r')
			from--;
		if ((rc = fill(w, err)) != CASE_OK)
			return rc;
	}
	if (line->n > max) {
		line->n = max;
		line->end = 0;
		line->cut = true;
	}
	return CASE_OK;
}

enum case_status
case_window_skip(struct case_window *w, size_t n, struct case_error *err)
{
	struct case_line line = { 0 };
	enum case_status rc;

	w->at += n;
	w->line++;
	while (!line_end(w, 0, &line) && !w->eof) {
		/* A CR is kept: its LF may be still to come. */
		w->at = w->end - (w->end > w->at && w->p[w->end - 1] == '\r');
		if ((rc = fill(w, err)) != CASE_OK)
			return rc;
	}
	w->at += line.n + line.end;
	return CASE_OK;
}

enum case_status
case_window_peek(struct case_window *w, size_t n, size_t *held,
    struct case_error *err)
{
	enum case_status rc;

	while (w->end - w->at < n && !w->eof)
		if ((rc = fill(w, err)) != CASE_OK)
			return rc;
	*held = w->end - w->at;
	return CASE_OK;
}
