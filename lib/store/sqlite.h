/* sqlite.h - inside the store: the driver, and what its files share */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/store.h"
#include "lib/store/func.h"

struct sqlite3;

/* In the file's header, so that file(1) and we know it: "CASE". */
#define CASE_STORE_APPLICATION 0x43415345
/* The format written now; how to come here from others is in schema.c. */
#define CASE_STORE_VERSION 3

/* The slot of a field that has no column. */
#define CASE_NO_SLOT SIZE_MAX

/*
 * One record type and its tables, rec_NAME and hist_NAME. A field has a column
 * since a record came with a value for it; in every record before, and for a
 * field without one, it is missing.
 *
 * slot		of each field: its place among the f_ columns, or CASE_NO_SLOT
 * column	the fields that have one, in the order of the f_ columns
 * slot_n	f_ columns; they are only ever added behind, and stay
 * indexed	the indexes of the type's identities are made
 * wide_indexed	that of wider ones, which few sources need
 */
struct case_store_type {
	struct case_rtype *rt;
	size_t *slot;
	size_t *column;
	size_t slot_n;
	bool indexed;
	bool wide_indexed;
};

/*
 * db		NULL when it could not be opened again: every use fails
 * path		absolute and without symbolic links; NULL: private
 * folder	of path
 * fresh	the new file that is not yet in place, or NULL
 * lock		the writers' lock, or -1
 * frozen	opened as unchangeable; seen is then what it was at open
 * version	of the tables, as found or brought up to
 * tx		a transaction is open, of a batch or of new types
 * schema_tx	it has changed record types
 * schema_open	the authorizer lets DDL and PRAGMA pass
 * words_stored	ids up to this one are in the table
 * words_sum	sum of the hashes of those
 * raw_piece	raw files are kept in pieces of at most so many bytes
 */
struct case_store {
	struct sqlite3 *db;
	enum case_store_mode mode;
	char *path;
	char *folder;
	char *fresh;
	char *lock_path;
	int lock;
	int wait;
	bool frozen;
	struct {
		int64_t size, sec, nsec;
	} seen;
	int version;
	bool tx;
	bool schema_tx;
	bool batch_open;
	bool schema_open;
	int last; /* SQLite's code of the last failure */
	char *tool;
	struct case_func_context func;
	struct case_words *words;
	uint32_t words_stored;
	uint64_t words_sum;
	struct case_store_type **type;
	size_t type_n;
	struct case_rtype **past; /* replaced, but maybe still borrowed */
	size_t past_n;
	int64_t revision;
	uint64_t raw_piece;
};

/* --- sqlite.c: the driver -------------------------------------------- */

enum case_sql_mode {
	CASE_SQL_READ,
	CASE_SQL_FROZEN, /* no lock, no shared memory: it can't change */
	CASE_SQL_WRITE,
	CASE_SQL_FRESH,	 /* ours alone: no durable journal */
	CASE_SQL_PRIVATE /* a temporary file without a name */
};

/* Connects st to path; the limits and locks of reliability.md section 3. */
enum case_status case_sql_connect(struct case_store *st, const char *path,
    enum case_sql_mode mode, struct case_error *err);
void case_sql_disconnect(struct case_store *st);
/* Whether the last failure was that shared memory can't be had. */
bool case_sql_unshared(const struct case_store *st);
/* Whether the last failure was another's lock. */
bool case_sql_busy(const struct case_store *st);

/*
 * A prepared statement. Binding remembers a failure, which the next step
 * reports. Texts and blobs are borrowed until the statement is reset. The
 * format is for names of tables, checked by schema.c; values are bound.
 */
struct case_sql;
enum case_status case_sql_prepare(struct case_sql **out, struct case_store *st,
    struct case_error *err, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void case_sql_free(struct case_sql *q);
/* Runs statements without values or results. */
enum case_status case_sql_exec(struct case_store *st, struct case_error *err,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

void case_sql_bind_int(struct case_sql *q, int i, int64_t v);
void case_sql_bind_double(struct case_sql *q, int i, double v);
void case_sql_bind_text(struct case_sql *q, int i, const char *p, size_t n);
void case_sql_bind_str(struct case_sql *q, int i, const char *s); /* or NULL */
void case_sql_bind_blob(struct case_sql *q, int i, const void *p, size_t n);
void case_sql_bind_null(struct case_sql *q, int i);
/* The highest number of a parameter. */
int case_sql_parameters(const struct case_sql *q);

/* CASE_OK: a row; CASE_EOF: done. */
enum case_status case_sql_step(struct case_sql *q, struct case_error *err);
/* Steps to the end and resets. */
enum case_status case_sql_run(struct case_sql *q, struct case_error *err);
void case_sql_reset(struct case_sql *q);

/* Whether no statement is between its first step and its end. */
bool case_sql_idle(const struct case_store *st);

/* Of the row; i from 0. Texts live until the next step or reset. */
int case_sql_columns(const struct case_sql *q);
bool case_sql_missing(const struct case_sql *q, int i);
bool case_sql_is_real(const struct case_sql *q, int i);
int64_t case_sql_int(const struct case_sql *q, int i);
double case_sql_double(const struct case_sql *q, int i);
struct case_str case_sql_text(const struct case_sql *q, int i);
struct case_str case_sql_blob(const struct case_sql *q, int i);
/* A hash of the row's values from column i on, types included. */
uint64_t case_sql_hash(const struct case_sql *q, int from, uint64_t seed);

/* The one integer that a query gives, or otherwise when it gives none. */
enum case_status case_sql_number(struct case_store *st, int64_t *v,
    int64_t otherwise, struct case_error *err, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
int64_t case_sql_last_id(const struct case_store *st);
int64_t case_sql_changes(const struct case_store *st);

/*
 * The data of one row of table sqlar, which may be longer than memory has
 * room for: read and written piece by piece. Nothing else may run between
 * open and close.
 */
struct case_sql_blob;
enum case_status case_sql_blob_open(struct case_sql_blob **out,
    struct case_store *st, int64_t row, struct case_error *err);
/* A new row with n bytes of data, all 0 until they are written. */
enum case_status case_sql_blob_new(struct case_sql_blob **out,
    struct case_store *st, const char *name, int64_t time, uint64_t size,
    uint64_t n, struct case_error *err);
uint64_t case_sql_blob_size(const struct case_sql_blob *b);
enum case_status case_sql_blob_read(struct case_sql_blob *b, uint64_t at,
    void *p, size_t n, struct case_error *err);
enum case_status case_sql_blob_write(struct case_sql_blob *b, uint64_t at,
    const void *p, size_t n, struct case_error *err);
void case_sql_blob_close(struct case_sql_blob *b);

/* A copy of the whole database into an empty file. */
enum case_status case_sql_copy(struct case_store *st, const char *path,
    struct case_error *err);

/* --- place.c --------------------------------------------------------- */

enum case_place { CASE_PLACE_ABSENT, CASE_PLACE_EMPTY, CASE_PLACE_THERE };

/* Sets path and folder, following no link to another's file. */
enum case_status case_place_find(struct case_store *st, const char *path,
    struct case_error *err);
/* CASE_ESTORE on a network file system. */
enum case_status case_place_check(const struct case_store *st,
    struct case_error *err);
/* CASE_ESTORE when it is no regular file. */
enum case_status case_place_look(const struct case_store *st,
    enum case_place *what, struct case_error *err);
/*
 * One writer at a time, from open to close: the dictionary in memory is then
 * the store's, and a new store has one maker. CASE_EBUSY after st->wait.
 */
enum case_status case_place_lock(struct case_store *st, struct case_error *err);
void case_place_unlock(struct case_store *st);
/* A private new file beside path, connected, with its tables. */
enum case_status case_place_start(struct case_store *st,
    struct case_error *err);
/* Lets what a new store has so far go to the disk, and does not wait. */
void case_place_flush(const struct case_store *st);
/*
 * The committed new file, synced, under its name, and opened as any other. It
 * never replaces another: CASE_EBUSY. On failure it is dropped.
 */
enum case_status case_place_finish(struct case_store *st,
    struct case_error *err);
void case_place_drop(struct case_store *st);

/* --- store.c --------------------------------------------------------- */

/* CASE_ESTORE unless st may be written. */
enum case_status case_store_writable(struct case_store *st,
    struct case_error *err);
/* A transaction, unless one is open already. */
enum case_status case_store_begin(struct case_store *st,
    struct case_error *err);
/*
 * Commits with a new revision and the new words; a fresh store is put in
 * place. On failure everything is rolled back.
 */
enum case_status case_store_commit(struct case_store *st,
    struct case_error *err);
void case_store_rollback(struct case_store *st);
/* CASE_EBUSY when a frozen store was changed since it was opened. */
enum case_status case_store_unchanged(struct case_store *st,
    struct case_error *err);
/* A private file in the store's folder, without a name. -1: errno. */
int case_store_spool(const struct case_store *st);

/* --- schema.c -------------------------------------------------------- */

enum case_status case_schema_create(struct case_store *st,
    struct case_error *err);
/* Is it ours, and of a version that we know? */
enum case_status case_schema_check(struct case_store *st,
    struct case_error *err);
/* An older store is brought up to our version, or, by a reader, read as is. */
enum case_status case_schema_upgrade(struct case_store *st,
    struct case_error *err);
enum case_status case_schema_stand_in(struct case_store *st,
    struct case_error *err);
/* A store that was copied or restored may have lost its write-ahead log. */
enum case_status case_schema_journal(struct case_store *st,
    struct case_error *err);
/* Reads the types, the dictionary and the revision. */
enum case_status case_schema_load(struct case_store *st,
    struct case_error *err);
/* Writes the words that are not stored yet; *n and *sum: what then is. */
enum case_status case_schema_save_words(struct case_store *st, uint32_t *n,
    uint64_t *sum, struct case_error *err);
/* The sum of the hashes of all rows of a table, and what meta has of it. */
enum case_status case_schema_sum(struct case_store *st, const char *table,
    uint64_t *sum, struct case_error *err);
enum case_status case_schema_set_sum(struct case_store *st, const char *key,
    uint64_t sum, struct case_error *err);
/* What the sum of the dictionary is made of. */
uint64_t case_schema_word_hash(uint32_t id, struct case_str text);

/* --- types.c --------------------------------------------------------- */

/* Reads the types that have tables; also anew, after a rollback. */
enum case_status case_types_load(struct case_store *st, struct case_error *err);
void case_types_free(struct case_store *st);
/* By name; NULL: there is none. */
struct case_store_type *case_types_get(struct case_store *st, const char *name);
/* Makes or extends the tables of rt, in a transaction that stays open. */
enum case_status case_types_ensure(struct case_store *st,
    const struct case_rtype *rt, struct case_error *err);
/* The rest of create (CREATE TABLE NAME (COLUMN …); t NULL: without fields. */
void case_types_table(struct case_buf *out, const char *create,
    const struct case_store_type *t);
/*
 * Columns for the fields of a set (case_record_digest) that have none. What was
 * prepared before does not know them.
 */
enum case_status case_types_add_columns(struct case_store *st, const char *name,
    const uint64_t *set, struct case_error *err);
/* Whether a field, by its name, has one; also when there is no such type. */
bool case_types_has_column(struct case_store *st, const char *type,
    const char *field);
/*
 * The indexes of the identities that are not made yet, once many records are
 * in; wide: that of the wider one too.
 */
enum case_status case_types_index(struct case_store *st,
    struct case_store_type *t, bool wide, struct case_error *err);
/* Drops them, until the transaction makes them again. */
enum case_status case_types_drop_index(struct case_store *st,
    struct case_store_type *t, bool wide, struct case_error *err);

/* --- raw.c ----------------------------------------------------------- */

struct case_raw;
/* Starts to compress a copy of in, which must live until it is stored. */
enum case_status case_raw_start(struct case_raw **out, struct case_store *st,
    struct case_input *in, struct case_error *err);
/* Puts it into sqlar as "batch-ID/FILE"; frees. */
enum case_status case_raw_store(struct case_raw *r, int64_t batch,
    const char *file, int64_t time, struct case_error *err);
void case_raw_abort(struct case_raw *r);
/*
 * Calls back with the bytes that are kept of a batch, in order. *kept: false
 * when there are none.
 */
enum case_status case_raw_read(struct case_store *st, int64_t batch, bool *kept,
    enum case_status (
	*each)(void *arg, const void *p, size_t n, struct case_error *err),
    void *arg, struct case_error *err);

#endif
