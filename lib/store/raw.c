/* raw.c - the source files as they came, kept in the SQLite Archive form */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* asprintf() */
#endif
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "case/digest.h"
#include "case/intl.h"
#include "lib/store/pack.h"
#include "lib/store/sqlite.h"

/*
 * What is kept has to be what was imported: the bytes are hashed as they are
 * packed, and compared with the hash from when the file was opened. A file
 * that is written meanwhile can keep its size and time.
 *
 * A copy is packed by a thread of its own into a nameless file, while rows are
 * stored, and goes into the store when they are: a blob has to be made in its
 * full size.
 */
enum { BUFFER = 128 * 1024 };

struct piece {
	uint64_t at, size;	/* in the source */
	uint64_t spool, packed; /* in the spool */
	uint32_t crc;		/* of its bytes, should they be read again */
};

struct case_raw {
	struct case_store *st;
	struct case_input *in;
	int spool;
	struct case_sha256 *hash;
	struct piece *piece;
	size_t piece_n;
	pthread_t thread;
	bool started;
	atomic_bool stop;
	enum case_status rc; /* the thread's */
	struct case_error err;
};

/* --- packing ------------------------------------------------------------- */

static enum case_status
write_all(int fd, const unsigned char *p, size_t n, struct case_error *err)
{
	ssize_t k;

	for (; n > 0; p += k, n -= (size_t)k) {
		k = write(fd, p, n);
		if (k < 0 && errno == EINTR)
			k = 0;
		else if (k < 0)
			return case_error_system(err,
			    _("temporary copy of the file"));
	}
	return CASE_OK;
}

/* Packs what was given, and writes it. */
static enum case_status
drain(struct case_raw *r, struct piece *p, struct case_pack *z,
    unsigned char *out, struct case_error *err)
{
	enum case_status rc;
	size_t n;

	do {
		n = case_pack_take(z, out, BUFFER);
		p->packed += n;
		rc = write_all(r->spool, out, n, err);
	} while (rc == CASE_OK && n == BUFFER);
	return rc;
}

static enum case_status
pack_piece(struct case_raw *r, struct piece *p, struct case_pack *z,
    unsigned char *buffer, struct case_error *err)
{
	uint64_t done = 0, want;
	enum case_status rc = CASE_OK;
	size_t n;

	while (rc == CASE_OK && done < p->size && !atomic_load(&r->stop)) {
		want = p->size - done < BUFFER ? p->size - done : BUFFER;
		rc = case_input_raw(r->in, p->at + done, (char *)buffer,
		    (size_t)want, &n, err);
		if (rc == CASE_OK && n == 0)
			rc = case_error_set(err, CASE_EBUSY, 0,
			    _("the file became shorter while it was read; "
			      "try again"));
		if (rc != CASE_OK)
			break;
		case_pack_give(z, buffer, n, false);
		done += n;
		case_sha256_add(r->hash, buffer, n);
		p->crc = case_crc32(p->crc, buffer, n);
		rc = drain(r, p, z, buffer + BUFFER, err);
	}
	case_pack_give(z, buffer, 0, true);
	if (rc == CASE_OK)
		rc = drain(r, p, z, buffer + BUFFER, err);
	return rc;
}

static enum case_status
changed(struct case_error *err)
{
	return case_error_set(err, CASE_EBUSY, 0,
	    _("the file changed while it was read; try again"));
}

/* The input's own hash may be known only now. */
static enum case_status
check_hash(struct case_raw *r, struct case_error *err)
{
	char hex[65];

	case_sha256_end(r->hash, hex);
	r->hash = NULL;
	return strcmp(hex, case_input_facts(r->in)->sha256) == 0 ? CASE_OK
								 : changed(err);
}

static enum case_status
pack(struct case_raw *r, unsigned char *buffer, struct case_error *err)
{
	struct case_pack *z;
	enum case_status rc;
	uint64_t spool = 0;

	if ((rc = case_pack_new(&z, err)) != CASE_OK)
		return rc;
	for (size_t i = 0; rc == CASE_OK && i < r->piece_n; i++) {
		case_pack_begin(z);
		r->piece[i].spool = spool;
		rc = pack_piece(r, &r->piece[i], z, buffer, err);
		spool += r->piece[i].packed;
	}
	case_pack_free(z);
	return rc;
}

static void *
run(void *arg)
{
	struct case_raw *r = arg;
	unsigned char *buffer = malloc(2 * BUFFER);

	r->rc = buffer != NULL ? pack(r, buffer, &r->err)
			       : case_error_memory(&r->err);
	free(buffer);
	return NULL;
}

static enum case_status
cut(struct case_raw *r, uint64_t size, struct case_error *err)
{
	uint64_t piece = r->st->raw_piece;

	r->piece_n = size == 0 ? 1 : (size_t)((size - 1) / piece + 1);
	if ((r->piece = calloc(r->piece_n, sizeof(*r->piece))) == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < r->piece_n; i++) {
		r->piece[i].at = i * piece;
		r->piece[i].size = size - r->piece[i].at < piece
				       ? size - r->piece[i].at
				       : piece;
	}
	return CASE_OK;
}

enum case_status
case_raw_start(struct case_raw **out, struct case_store *st,
    struct case_input *in, struct case_error *err)
{
	struct case_raw *r = calloc(1, sizeof(*r));
	enum case_status rc;

	*out = NULL;
	if (r == NULL)
		return case_error_memory(err);
	r->st = st;
	r->in = in;
	r->spool = -1;
	if ((rc = case_sha256_new(&r->hash, err)) != CASE_OK)
		goto fail;
	if ((r->spool = case_store_spool(st)) < 0) {
		rc = case_error_system(err, _("temporary copy of the file"));
		goto fail;
	}
	if ((rc = cut(r, case_input_facts(in)->size, err)) != CASE_OK)
		goto fail;
	if (pthread_create(&r->thread, NULL, run, r) != 0) {
		rc = case_error_set(err, CASE_EIO, 0,
		    _("no thread could be started to pack the file"));
		goto fail;
	}
	r->started = true;
	*out = r;
	return CASE_OK;
fail:
	case_raw_abort(r);
	return rc;
}

void
case_raw_abort(struct case_raw *r)
{
	if (r == NULL)
		return;
	if (r->started) {
		atomic_store(&r->stop, true);
		pthread_join(r->thread, NULL);
	}
	if (r->spool >= 0)
		close(r->spool);
	case_sha256_end(r->hash, NULL);
	free(r->piece);
	free(r);
}

/* --- storing ------------------------------------------------------------- */

/* The source's own bytes where packing gained nothing. */
static enum case_status
read_piece(const struct case_raw *r, const struct piece *p, uint64_t done,
    char *buffer, size_t want, size_t *n, struct case_error *err)
{
	ssize_t k;

	if (p->packed >= p->size)
		return case_input_raw(r->in, p->at + done, buffer, want, n,
		    err);
	k = pread(r->spool, buffer, want, (off_t)(p->spool + done));
	*n = k > 0 ? (size_t)k : 0;
	return k < 0 ? case_error_system(err, _("temporary copy of the file"))
		     : CASE_OK;
}

static enum case_status
store_piece(const struct case_raw *r, const struct piece *p, const char *name,
    int64_t time, char *buffer, struct case_error *err)
{
	uint64_t size = p->packed < p->size ? p->packed : p->size, done = 0;
	struct case_sql_blob *b;
	enum case_status rc;
	uint32_t crc = 0;
	size_t n;

	rc = case_sql_blob_new(&b, r->st, name, time, p->size, size, err);
	while (rc == CASE_OK && done < size) {
		n = size - done < BUFFER ? (size_t)(size - done) : BUFFER;
		rc = read_piece(r, p, done, buffer, n, &n, err);
		if (rc == CASE_OK && n == 0)
			rc = case_error_set(err, CASE_EIO, 0,
			    _("temporary copy of the file: cut short"));
		if (rc == CASE_OK)
			rc = case_sql_blob_write(b, done, buffer, n, err);
		crc = case_crc32(crc, buffer, n);
		done += n;
	}
	case_sql_blob_close(b);
	if (rc == CASE_OK && p->packed >= p->size && crc != p->crc)
		return changed(err);
	return rc;
}

/* "batch-7/FILE", or with ".001" behind for pieces. */
static char *
piece_name(const struct case_raw *r, size_t i, int64_t batch, const char *file)
{
	const char *base = strrchr(file, '/');
	char *name;
	int n;

	base = base != NULL ? base + 1 : file;
	if (*base == '\0' || strcmp(base, "-") == 0)
		base = "stdin";
	n = r->piece_n == 1
		? asprintf(&name, "batch-%lld/%s", (long long)batch, base)
		: asprintf(&name, "batch-%lld/%s.%03zu", (long long)batch, base,
		      i + 1);
	return n < 0 ? NULL : name;
}

enum case_status
case_raw_store(struct case_raw *r, int64_t batch, const char *file,
    int64_t time, struct case_error *err)
{
	char *buffer = malloc(BUFFER), *name;
	enum case_status rc;

	pthread_join(r->thread, NULL);
	r->started = false;
	rc = r->rc;
	if (rc != CASE_OK && err != NULL)
		*err = r->err;
	if (rc == CASE_OK)
		rc = check_hash(r, err);
	if (rc == CASE_OK && buffer == NULL)
		rc = case_error_memory(err);
	for (size_t i = 0; rc == CASE_OK && i < r->piece_n; i++) {
		if ((name = piece_name(r, i, batch, file)) == NULL) {
			rc = case_error_memory(err);
			break;
		}
		rc = store_piece(r, &r->piece[i], name, time, buffer, err);
		free(name);
	}
	free(buffer);
	case_raw_abort(r);
	return rc;
}

/* --- reading ------------------------------------------------------------- */

struct reading {
	struct case_sql_blob *blob;
	uint64_t size, left; /* unpacked, packed */
	unsigned char *buffer;
	enum case_status (
	    *each)(void *arg, const void *p, size_t n, struct case_error *err);
	void *arg;
};

static enum case_status
damaged(struct case_error *err)
{
	return case_error_set(err, CASE_ESTORE, 0,
	    _("the kept copy of the file is damaged"));
}

static enum case_status
next_bytes(struct reading *r, size_t *n, struct case_error *err)
{
	uint64_t at = case_sql_blob_size(r->blob) - r->left;

	*n = r->left < BUFFER ? (size_t)r->left : BUFFER;
	r->left -= *n;
	return case_sql_blob_read(r->blob, at, r->buffer, *n, err);
}

static enum case_status
copy_plain(struct reading *r, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	size_t n;

	while (rc == CASE_OK && r->left > 0)
		if ((rc = next_bytes(r, &n, err)) == CASE_OK)
			rc = r->each(r->arg, r->buffer, n, err);
	return rc;
}

static enum case_status
unpack(struct reading *r, z_stream *z, struct case_error *err)
{
	unsigned char *out = r->buffer + BUFFER;
	enum case_status rc = CASE_OK;
	int end = Z_OK;
	size_t n;

	while (end == Z_OK) {
		if (z->avail_in == 0) {
			if (r->left == 0)
				return damaged(err);
			if ((rc = next_bytes(r, &n, err)) != CASE_OK)
				return rc;
			z->next_in = r->buffer;
			z->avail_in = (uInt)n;
		}
		z->next_out = out;
		z->avail_out = BUFFER;
		end = inflate(z, Z_NO_FLUSH);
		if (end == Z_MEM_ERROR)
			return case_error_memory(err);
		/* More than was said would be a bomb. */
		if ((end != Z_OK && end != Z_STREAM_END) ||
		    z->total_out > r->size)
			return damaged(err);
		rc = r->each(r->arg, out, BUFFER - z->avail_out, err);
		if (rc != CASE_OK)
			return rc;
	}
	return z->total_out == r->size ? CASE_OK : damaged(err);
}

static enum case_status
read_row(struct reading *r, struct case_store *st, int64_t row,
    struct case_error *err)
{
	z_stream z = { 0 };
	enum case_status rc;

	if ((rc = case_sql_blob_open(&r->blob, st, row, err)) != CASE_OK)
		return rc;
	r->left = case_sql_blob_size(r->blob);
	if (r->left == r->size) {
		rc = copy_plain(r, err);
	} else if (inflateInit(&z) != Z_OK) {
		rc = case_error_memory(err);
	} else {
		rc = unpack(r, &z, err);
		inflateEnd(&z);
	}
	case_sql_blob_close(r->blob);
	return rc;
}

enum case_status
case_raw_read(struct case_store *st, int64_t batch, bool *kept,
    enum case_status (
	*each)(void *arg, const void *p, size_t n, struct case_error *err),
    void *arg, struct case_error *err)
{
	struct reading r = { .each = each, .arg = arg };
	struct case_sql *q;
	enum case_status rc;

	*kept = false;
	/* '0' is the character behind '/'. */
	rc = case_sql_prepare(&q, st, err,
	    "SELECT rowid, sz FROM sqlar WHERE name > 'batch-%lld/'"
	    " AND name < 'batch-%lld0' ORDER BY name",
	    (long long)batch, (long long)batch);
	if (rc != CASE_OK)
		return rc;
	if ((r.buffer = malloc(2 * BUFFER)) == NULL)
		rc = case_error_memory(err);
	while (rc == CASE_OK && (rc = case_sql_step(q, err)) == CASE_OK) {
		*kept = true;
		r.size = (uint64_t)case_sql_int(q, 1);
		rc = read_row(&r, st, case_sql_int(q, 0), err);
	}
	free(r.buffer);
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}
