/* pipeline.c - reading and cleaning beside storing */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/pipeline.h"

/*
 * Blocks of 64 rows: enough for either side to run on while the other waits
 * for the disk, and small enough for the caches. The reader, once it has
 * filled all of them, sleeps until half are free: to wake it for each would
 * cost the storing side more than it gains.
 */
#define BLOCKS 8
#define ROWS 64
/* A block with long texts is handed on before it is full. */
#define ARENA_ENOUGH (256 * 1024)

struct block {
	struct pipeline_block pub;
	struct pipeline_row row[ROWS];
	struct case_value *values; /* ROWS x field_n */
	struct case_buf arena;
	struct case_str *cells; /* of all rejects, offsets until pinned */
	size_t cells_n, cells_cap;
	bool ready; /* pinned and hashed */
};

struct pipeline {
	struct case_reader *rd;
	struct case_mapping *map;
	const struct case_layout *layout;
	const struct case_rtype *rt;
	struct case_cleaner *cleaner;
	const struct case_batch *batch;
	struct case_buf room;	   /* for digests */
	struct case_buf late_room; /* for those the storing side makes */
	size_t sheet;		   /* of the places of its rows; 0: none */
	bool cells;		   /* keep the cells of good rows too */
	size_t next_line; /* where the next row must begin; 0: anywhere */
	size_t lines;	  /* of all rows, and of those before the first */
	bool begun;

	struct block block[BLOCKS];
	pthread_t thread;
	bool started;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t made, taken, released; /* blocks, counted from the start */
	bool stop;		      /* the consumer has had enough */
	enum case_status end;	      /* CASE_OK while running */
	struct case_error err;
};

/* --- the reading side ------------------------------------------------- */

/* Texts are kept as offsets while the arena may still move. */
static void
keep(struct case_buf *arena, struct case_str *s)
{
	size_t at = arena->n;

	case_buf_add(arena, s->p != NULL ? s->p : "", s->n);
	s->p = (const char *)at; /* an offset, see pin() */
}

static void
pin(struct case_str *s, const struct case_buf *arena)
{
	s->p = arena->p + (size_t)s->p;
}

static enum case_status
keep_cells(struct block *b, struct pipeline_row *r, const struct case_row *row,
    struct case_error *err)
{
	bool readable = row->fault == NULL && row->unsure == NULL;
	size_t n = readable ? row->cell_n : 0, cap;
	struct case_str *cells;

	if (b->cells_n + n > b->cells_cap) {
		cap = (b->cells_n + n) * 2;
		if ((cells = realloc(b->cells, cap * sizeof(*cells))) == NULL)
			return case_error_memory(err);
		b->cells = cells;
		b->cells_cap = cap;
	}
	/* An index, until the array has stopped moving. */
	r->cells = (struct case_str *)b->cells_n;
	r->cells_n = n;
	for (size_t i = 0; i < n; i++) {
		b->cells[b->cells_n] = row->cell[i];
		keep(&b->arena, &b->cells[b->cells_n++]);
	}
	return CASE_OK;
}

static void
keep_reject(struct block *b, struct pipeline_row *r)
{
	struct case_str reason = { r->reject.reason,
		strlen(r->reject.reason) + 1 };

	keep(&b->arena, &reason);
	r->reject.reason = reason.p;
	keep(&b->arena, &r->reject.value);
}

/* The store may still refuse a good row, so that it needs its text too. */
static enum case_status
keep_source(struct pipeline *p, struct block *b, struct pipeline_row *r,
    const struct case_row *row, struct case_error *err)
{
	r->rec.raw = row->raw;
	keep(&b->arena, &r->rec.raw);
	if (!p->cells)
		return CASE_OK;
	return keep_cells(b, r, row, err);
}

/*
 * Rows must follow each other without a gap: a reader that lost a line would
 * be found here, whatever it says itself. In a case-table other lines stand
 * between rows, so there only their number is checked, at the end.
 */
static enum case_status
check_line(struct pipeline *p, const struct case_row *row,
    struct case_error *err)
{
	bool is_table = case_reader_format(p->rd) == CASE_ROWS_TABLE;

	if (!p->begun && !is_table)
		p->lines = row->line - 1;
	p->begun = true;
	p->lines += row->lines;
	if (p->next_line != 0 && row->line != p->next_line)
		return case_error_set(err, CASE_EDATA, row->line,
		    _("internal error: line %zu was to come; nothing is "
		      "stored, please report this"),
		    p->next_line);
	p->next_line = is_table ? 0 : row->line + row->lines;
	return CASE_OK;
}

static enum case_status
clean_row(struct pipeline *p, struct block *b, const struct case_row *row,
    struct case_error *err)
{
	struct pipeline_row *r = &b->row[b->pub.row_n];
	enum case_status rc;
	size_t names;

	if ((rc = check_line(p, row, err)) != CASE_OK)
		return rc;
	if (case_reader_names(p->rd, &names) != NULL &&
	    names > p->map->column_n &&
	    (rc = case_mapping_grow(p->map, p->rd, p->rt, p->layout, err)) !=
		CASE_OK)
		return rc;
	r->rec.v = b->values + b->pub.row_n * p->rt->field_n;
	r->cells_n = 0;
	r->line = case_place(p->sheet, row->line);
	rc = case_cleaner_row(p->cleaner, row, &r->rec, &b->arena, &r->outcome,
	    &r->reject, err);
	r->rec.line = r->line;
	if (rc == CASE_OK && r->outcome == CASE_REJECT)
		keep_reject(b, r);
	if (rc == CASE_OK &&
	    (r->outcome == CASE_REJECT || r->outcome == CASE_RECORD))
		rc = keep_source(p, b, r, row, err);
	if (rc == CASE_OK)
		b->pub.row_n++;
	return rc;
}

/*
 * Texts where they are to stay, and hashes. Whichever side has less to do does
 * it, with a room of its own: with new records it is the reading side, and
 * with records that are known the storing side.
 */
static enum case_status
make_ready(const struct pipeline *p, struct block *b, struct case_buf *room,
    struct case_error *err)
{
	enum case_status rc = CASE_OK;

	b->ready = true;

	for (size_t i = 0; rc == CASE_OK && i < b->pub.row_n; i++) {
		struct pipeline_row *r = &b->row[i];

		if (r->outcome == CASE_RECORD) {
			case_cleaner_pin(p->cleaner, &r->rec, &b->arena);
			r->rec.digest = &r->digest;
			rc = case_batch_digest(p->batch, &r->rec, room,
			    &r->digest, err);
		} else if (r->outcome == CASE_REJECT) {
			r->reject.reason =
			    b->arena.p + (size_t)r->reject.reason;
			pin(&r->reject.value, &b->arena);
		} else
			continue;
		pin(&r->rec.raw, &b->arena);
		r->cells = r->cells_n > 0 ? b->cells + (size_t)r->cells : NULL;
	}
	for (size_t i = 0; i < b->cells_n; i++)
		pin(&b->cells[i], &b->arena);
	return rc;
}

static enum case_status
fill(struct pipeline *p, struct block *b, struct case_error *err)
{
	struct case_row row;
	enum case_status rc = CASE_OK;

	b->ready = false;
	b->pub.row = b->row;
	b->pub.row_n = 0;
	b->cells_n = 0;
	case_buf_reset(&b->arena);
	while (b->pub.row_n < ROWS && b->arena.n < ARENA_ENOUGH) {
		if ((rc = case_reader_next(p->rd, &row, err)) != CASE_OK)
			break;
		if ((rc = clean_row(p, b, &row, err)) != CASE_OK)
			break;
	}
	if (b->arena.failed)
		return case_error_memory(err);
	b->pub.position = case_reader_position(p->rd);
	return rc;
}

/* Whether the storing side has blocks enough without the one being made. */
static bool
is_ahead(struct pipeline *p)
{
	bool ahead;

	pthread_mutex_lock(&p->lock);
	ahead = p->made > p->taken;
	pthread_mutex_unlock(&p->lock);
	return ahead;
}

/* The next block; CASE_EOF: it is the last. */
static enum case_status
make(struct pipeline *p, struct block *b, struct case_error *err)
{
	enum case_status rc = fill(p, b, err), ready = CASE_OK;

	if (rc >= 0 && is_ahead(p))
		ready = make_ready(p, b, &p->room, err);
	return ready != CASE_OK ? ready : rc;
}

static bool
wait_for_room(struct pipeline *p)
{
	bool go;

	pthread_mutex_lock(&p->lock);
	if (p->made - p->released >= BLOCKS)
		while (!p->stop && p->made - p->released > BLOCKS / 2)
			pthread_cond_wait(&p->changed, &p->lock);
	go = !p->stop;
	pthread_mutex_unlock(&p->lock);
	return go;
}

static void
hand_over(struct pipeline *p, enum case_status rc, const struct case_error *err)
{
	pthread_mutex_lock(&p->lock);
	if (rc == CASE_OK || rc == CASE_EOF)
		p->made++;
	if (rc != CASE_OK) {
		p->end = rc;
		p->err = *err;
	}
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

/* All lines that the bytes have must have been in a row. */
static enum case_status
check_end(struct pipeline *p, struct case_error *err)
{
	size_t lines = case_reader_lines(p->rd);

	if (!p->begun || p->lines == lines)
		return CASE_EOF;
	return case_error_set(err, CASE_EDATA, 0,
	    _("internal error: the file has %zu lines but its rows have %zu; "
	      "nothing is stored, please report this"),
	    lines, p->lines);
}

static void *
run(void *arg)
{
	struct pipeline *p = arg;
	struct case_error err = { 0 };
	enum case_status rc = CASE_OK;

	while (rc == CASE_OK && wait_for_room(p)) {
		rc = make(p, &p->block[p->made % BLOCKS], &err);
		if (rc == CASE_EOF)
			rc = check_end(p, &err);
		hand_over(p, rc, &err);
	}
	return NULL;
}

/* --- the storing side ------------------------------------------------- */

enum case_status
pipeline_open(struct pipeline **out, struct case_reader *rd,
    struct case_mapping *map, const struct case_layout *layout,
    const struct case_rtype *rt, struct case_cleaner *c,
    const struct case_batch *batch, size_t sheet, bool cells,
    struct case_error *err)
{
	struct pipeline *p;

	*out = NULL;
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return case_error_memory(err);
	p->rd = rd;
	p->map = map;
	p->layout = layout;
	p->rt = rt;
	p->cleaner = c;
	p->batch = batch;
	p->sheet = sheet;
	p->cells = cells;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->changed, NULL);
	for (size_t i = 0; i < BLOCKS; i++) {
		p->block[i].values =
		    calloc(ROWS * rt->field_n, sizeof(struct case_value));
		if (p->block[i].values == NULL) {
			pipeline_close(p);
			return case_error_memory(err);
		}
	}
	if (pthread_create(&p->thread, NULL, run, p) != 0) {
		pipeline_close(p);
		return case_error_set(err, CASE_EIO, 0,
		    _("no second thread could be started"));
	}
	p->started = true;
	*out = p;
	return CASE_OK;
}

enum case_status
pipeline_next(struct pipeline *p, const struct pipeline_block **block,
    struct case_error *err)
{
	enum case_status rc = CASE_OK;
	struct block *b = NULL;

	pthread_mutex_lock(&p->lock);
	p->released = p->taken;
	if (p->made - p->released == BLOCKS / 2)
		pthread_cond_broadcast(&p->changed);
	while (p->taken == p->made && p->end == CASE_OK)
		pthread_cond_wait(&p->changed, &p->lock);
	if (p->taken < p->made) {
		b = &p->block[p->taken % BLOCKS];
		*block = &b->pub;
		p->taken++;
	} else {
		rc = p->end;
		if (rc < 0 && err != NULL)
			*err = p->err;
	}
	pthread_mutex_unlock(&p->lock);
	if (b != NULL && !b->ready)
		rc = make_ready(p, b, &p->late_room, err);
	return rc;
}

void
pipeline_close(struct pipeline *p)
{
	if (p == NULL)
		return;
	if (p->started) {
		pthread_mutex_lock(&p->lock);
		p->stop = true;
		pthread_cond_broadcast(&p->changed);
		pthread_mutex_unlock(&p->lock);
		pthread_join(p->thread, NULL);
	}
	for (size_t i = 0; i < BLOCKS; i++) {
		free(p->block[i].values);
		free(p->block[i].cells);
		case_buf_free(&p->block[i].arena);
	}
	case_buf_free(&p->room);
	case_buf_free(&p->late_room);
	pthread_cond_destroy(&p->changed);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
