/* window.h - a stream of bytes seen as physical lines, some of them ahead */
#ifndef CASE_FORMAT_WINDOW_H
#define CASE_FORMAT_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

#include "case/error.h"

/* Bytes into p[0..cap); *n = 0 is the end. */
typedef enum case_status case_window_read(void *source, char *p, size_t cap,
    size_t *n, struct case_error *err);

/* Where a byte comes next, so that a search is not begun anew each line. */
struct case_next {
	size_t from; /* the answer holds for places from here … */
	size_t to;   /* … up to the byte itself, or the end of what is held */
};

/*
 * The bytes of a source from the first one not consumed on. A physical line
 * ends in LF, CR LF or a CR alone (or, lf_only, in LF), or where the source
 * ends. Any number of lines may be looked at before the first is consumed.
 *
 * line		physical lines consumed
 * breaks	line ends, counted as the bytes come in
 * cr, quote, nul	see case_window_has
 */
struct case_window {
	case_window_read *read;
	void *source;
	bool lf_only;
	char *p;
	size_t cap;
	size_t at;
	size_t end;
	bool eof;
	char last;
	bool any;
	size_t line;
	size_t breaks;
	struct case_next cr;
	struct case_next quote;
	struct case_next nul;
};

/*
 * One line, as offsets from the first byte not consumed, since the bytes move
 * when more are read.
 *
 * at	where it begins
 * n	its bytes without the line end
 * end	bytes of the line end: 0 (the source ends), 1 or 2
 * cut	longer than was asked for: n bytes are only its beginning
 */
struct case_line {
	size_t at;
	size_t n;
	size_t end;
	bool cut;
};

void case_window_begin(struct case_window *w, case_window_read *read,
    void *source);
/* For a source that is at its first byte again; the memory is kept. */
void case_window_restart(struct case_window *w);
void case_window_free(struct case_window *w);

/*
 * The line that begins at offset at (0: the first not consumed), which has to
 * be the begin of a line, at most max bytes of it. CASE_EOF when the source
 * ends there.
 */
enum case_status case_window_line(struct case_window *w, size_t at, size_t max,
    struct case_line *line, struct case_error *err);

/* The byte at an offset; valid until the next call that may read. */
static inline char *
case_window_at(const struct case_window *w, size_t at)
{
	return w->p + w->at + at;
}

/* Whether the line holds the byte c, of which next is the memory. */
bool case_window_has(const struct case_window *w, struct case_next *next,
    char c, const struct case_line *line);

/* Done with n bytes, which are so many whole lines. */
static inline void
case_window_consume(struct case_window *w, size_t n, size_t lines)
{
	w->at += n;
	w->line += lines;
}

/* Drops the rest of a cut line of which n bytes were seen, its end too. */
enum case_status case_window_skip(struct case_window *w, size_t n,
    struct case_error *err);

/* Makes at least n bytes ready to be looked at, or all there are. */
enum case_status case_window_peek(struct case_window *w, size_t n, size_t *held,
    struct case_error *err);

/*
 * Line ends among n bytes, behind the byte last: a CR counts, and an LF unless
 * a CR is before it; with lf_only, an LF alone.
 */
size_t case_window_breaks(const char *p, size_t n, char last, bool lf_only);

/* Physical lines among the bytes that came in; the last may lack its end. */
size_t case_window_lines(const struct case_window *w);
/* All is consumed, and the last line had no line end. */
bool case_window_unterminated(const struct case_window *w);

#endif
