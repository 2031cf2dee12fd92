/* sqlite.c - the driver: connections, statements, blobs, and their errors */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* vasprintf() */
#endif
#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/store/sqlite.h"

enum {
	VALUE_MAX = 16 * 1024 * 1024, /* bytes of one value but a raw copy */
	RAW_MAX = 1000000000,	      /* SQLite's own limit */
	WRITE_CACHE = 16 * 1024	      /* KiB; index lookups of an import */
};

struct case_sql {
	sqlite3_stmt *p;
	struct case_store *st;
	int rc; /* of the first bind that failed */
};

struct case_sql_blob {
	sqlite3_blob *p;
	struct case_store *st;
};

/* --- errors -------------------------------------------------------------- */

static const struct {
	int rc;
	enum case_status status;
	const char *what;
} failures[] = {
	{ SQLITE_BUSY, CASE_EBUSY,
	    N_("another program is writing to the store; try again") },
	{ SQLITE_LOCKED, CASE_EBUSY,
	    N_("another program is writing to the store; try again") },
	{ SQLITE_FULL, CASE_EIO, N_("no space left for the store") },
	{ SQLITE_IOERR, CASE_EIO, N_("the store can't be read or written") },
	{ SQLITE_READONLY, CASE_EIO,
	    N_("the store or its folder may not be written") },
	{ SQLITE_PERM, CASE_EIO,
	    N_("the store or its folder may not be written") },
	{ SQLITE_CANTOPEN, CASE_EIO,
	    N_("the store, or a file beside it, can't be opened") },
	{ SQLITE_CORRUPT, CASE_ESTORE,
	    N_("the store is damaged; a backup can take its place") },
	{ SQLITE_NOTADB, CASE_ESTORE, N_("this is not a store of ours") },
	{ SQLITE_TOOBIG, CASE_EDATA,
	    N_("a value is longer than the store takes") },
	{ SQLITE_AUTH, CASE_ESTORE,
	    N_("internal error: the store refuses such a statement") },
};

static const char *
subject(const struct case_store *st)
{
	return st->path != NULL ? st->path : _("private store");
}

static enum case_status
fail(struct case_store *st, int rc, struct case_error *err)
{
	const char *why =
	    st->db != NULL ? sqlite3_errmsg(st->db) : sqlite3_errstr(rc);
	int errnum = st->db != NULL ? sqlite3_system_errno(st->db) : 0;

	st->last = rc;
	if ((rc & 0xff) == SQLITE_NOMEM)
		return case_error_memory(err);
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		if (failures[i].rc != (rc & 0xff))
			continue;
		if (failures[i].status == CASE_EIO && errnum != 0)
			why = strerror(errnum);
		return case_error_set(err, failures[i].status, 0, "%s: %s (%s)",
		    subject(st), dgettext(CASE_DOMAIN, failures[i].what), why);
	}
	/* What our own SQL functions raise, and overflows of sum(). */
	return case_error_set(err, CASE_EDATA, 0,
	    _("the store can't answer: %s"), why);
}

bool
case_sql_unshared(const struct case_store *st)
{
	int rc = st->last & 0xff;

	return rc == SQLITE_CANTOPEN || rc == SQLITE_READONLY ||
	       st->last == SQLITE_IOERR_SHMOPEN ||
	       st->last == SQLITE_IOERR_SHMMAP;
}

bool
case_sql_busy(const struct case_store *st)
{
	int rc = st->last & 0xff;

	return rc == SQLITE_BUSY || rc == SQLITE_LOCKED;
}

/* --- connections --------------------------------------------------------- */

/*
 * The second lock, behind expressions that are never SQL: no statement that
 * a record or a damaged schema could smuggle in reaches another file, the
 * schema or a setting.
 */
static int
authorize(void *arg, int action, const char *a, const char *b, const char *c,
    const char *d)
{
	const struct case_store *st = arg;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
	case SQLITE_TRANSACTION:
		return SQLITE_OK;
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		return st->mode == CASE_STORE_READ && !st->schema_open
			   ? SQLITE_DENY
			   : SQLITE_OK;
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
		return SQLITE_DENY;
	default:
		return st->schema_open ? SQLITE_OK : SQLITE_DENY;
	}
}

static void
set_limits(sqlite3 *db)
{
	/* EXPR_DEPTH and VARIABLE_NUMBER are what sqlgen.h asks for. */
	static const struct {
		int id, value;
	} limit[] = {
		{ SQLITE_LIMIT_LENGTH, VALUE_MAX },
		{ SQLITE_LIMIT_SQL_LENGTH, 1000000 },
		{ SQLITE_LIMIT_EXPR_DEPTH, 1000 },
		{ SQLITE_LIMIT_COMPOUND_SELECT, 10 },
		{ SQLITE_LIMIT_VDBE_OP, 2500000 }, { SQLITE_LIMIT_ATTACHED, 0 },
		{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000 },
		{ SQLITE_LIMIT_VARIABLE_NUMBER, 20000 },
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 5 },
		{ SQLITE_LIMIT_WORKER_THREADS, 1 }, /* to build an index */
	};

	for (size_t i = 0; i < sizeof(limit) / sizeof(limit[0]); i++)
		sqlite3_limit(db, limit[i].id, limit[i].value);
}

static int
set_defence(sqlite3 *db)
{
	static const struct {
		int op, on;
	} config[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
	};
	int rc = SQLITE_OK;

	for (size_t i = 0;
	     rc == SQLITE_OK && i < sizeof(config) / sizeof(config[0]); i++)
		rc = sqlite3_db_config(db, config[i].op, config[i].on,
		    (int *)NULL);
	return rc;
}

/*
 * A fresh file keeps its journal in memory: pages that a load appends are
 * not journaled at all, and it can still be rolled back.
 */
static const char *const pragmas[] = {
	[CASE_SQL_READ] = "PRAGMA query_only = ON;",
	[CASE_SQL_FROZEN] = "PRAGMA query_only = ON;",
	[CASE_SQL_WRITE] = "PRAGMA synchronous = FULL;",
	[CASE_SQL_FRESH] = "PRAGMA page_size = 16384;"
			   "PRAGMA locking_mode = EXCLUSIVE;"
			   "PRAGMA journal_mode = MEMORY;"
			   "PRAGMA synchronous = OFF;",
	[CASE_SQL_PRIVATE] = "PRAGMA page_size = 16384;"
			     "PRAGMA synchronous = OFF;",
};

/* file:PATH?immutable=1, with what a URI would read otherwise escaped. */
static void
frozen_name(struct case_buf *out, const char *path)
{
	case_buf_adds(out, "file:");
	for (const unsigned char *p = (const unsigned char *)path; *p; p++) {
		if (strchr("%?#", *p) != NULL)
			case_buf_addf(out, "%%%02x", *p);
		else
			case_buf_addc(out, (char)*p);
	}
	case_buf_adds(out, "?immutable=1");
}

static int
open_flags(enum case_sql_mode mode)
{
	/* All calls come from one thread at a time. */
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW |
		    SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;

	if (mode == CASE_SQL_FROZEN)
		return flags | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
	if (mode == CASE_SQL_PRIVATE)
		flags |= SQLITE_OPEN_CREATE;
	return flags | SQLITE_OPEN_READWRITE;
}

static enum case_status
configure(struct case_store *st, enum case_sql_mode mode,
    struct case_error *err)
{
	enum case_status rc;
	int src;

	set_limits(st->db);
	if ((src = set_defence(st->db)) != SQLITE_OK ||
	    (src = sqlite3_busy_timeout(st->db, st->wait * 1000)) !=
		SQLITE_OK ||
	    (src = sqlite3_set_authorizer(st->db, authorize, st)) != SQLITE_OK)
		return fail(st, src, err);
	if ((rc = case_func_register(st->db, &st->func, err)) != CASE_OK)
		return rc;
	st->schema_open = true;
	rc = case_sql_exec(st, err,
	    "PRAGMA cell_size_check = ON;"
	    "PRAGMA mmap_size = 0;"
	    "PRAGMA secure_delete = OFF;%s",
	    pragmas[mode]);
	if (rc == CASE_OK && mode == CASE_SQL_WRITE)
		rc = case_sql_exec(st, err, "PRAGMA cache_size = -%d",
		    WRITE_CACHE);
	st->schema_open = false;
	return rc;
}

/* Counting its memory costs SQLite a lock for every allocation. */
static void
stop_counting(void)
{
	/* Refused when the program uses SQLite itself: then it is as it was. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum case_status
case_sql_connect(struct case_store *st, const char *path,
    enum case_sql_mode mode, struct case_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct case_buf uri = { 0 };
	enum case_status rc;
	int src;

	pthread_once(&once, stop_counting);
	if (mode == CASE_SQL_FROZEN)
		frozen_name(&uri, path);
	else
		case_buf_adds(&uri, path);
	if (uri.failed) {
		case_buf_free(&uri);
		return case_error_memory(err);
	}
	src = sqlite3_open_v2(case_buf_str(&uri), &st->db, open_flags(mode),
	    NULL);
	case_buf_free(&uri);
	rc = src == SQLITE_OK ? configure(st, mode, err) : fail(st, src, err);
	if (rc != CASE_OK)
		case_sql_disconnect(st);
	return rc;
}

void
case_sql_disconnect(struct case_store *st)
{
	if (st->db != NULL)
		sqlite3_close_v2(st->db);
	st->db = NULL;
}

/* --- statements ---------------------------------------------------------- */

static enum case_status
closed(struct case_store *st, struct case_error *err)
{
	return case_error_set(err, CASE_EIO, 0,
	    _("%s: the store could not be opened again"), subject(st));
}

/* One statement of formatted text; err tells why there is none. */
__attribute__((format(printf, 4, 0))) static enum case_status
prepare(struct case_sql **out, struct case_store *st, struct case_error *err,
    const char *fmt, va_list ap)
{
	struct case_sql *q;
	char *sql;
	int rc;

	*out = NULL;
	if (st->db == NULL)
		return closed(st, err);
	if (vasprintf(&sql, fmt, ap) < 0)
		return case_error_memory(err);
	if ((q = calloc(1, sizeof(*q))) == NULL) {
		free(sql);
		return case_error_memory(err);
	}
	q->st = st;
	rc = sqlite3_prepare_v2(st->db, sql, -1, &q->p, NULL);
	free(sql);
	if (rc != SQLITE_OK) {
		free(q);
		return fail(st, rc, err);
	}
	*out = q;
	return CASE_OK;
}

enum case_status
case_sql_prepare(struct case_sql **out, struct case_store *st,
    struct case_error *err, const char *fmt, ...)
{
	enum case_status rc;
	va_list ap;

	va_start(ap, fmt);
	rc = prepare(out, st, err, fmt, ap);
	va_end(ap);
	return rc;
}

void
case_sql_free(struct case_sql *q)
{
	if (q == NULL)
		return;
	sqlite3_finalize(q->p);
	free(q);
}

enum case_status
case_sql_exec(struct case_store *st, struct case_error *err, const char *fmt,
    ...)
{
	va_list ap;
	char *sql;
	int rc;

	if (st->db == NULL)
		return closed(st, err);
	va_start(ap, fmt);
	rc = vasprintf(&sql, fmt, ap);
	va_end(ap);
	if (rc < 0)
		return case_error_memory(err);
	rc = sqlite3_exec(st->db, sql, NULL, NULL, NULL);
	free(sql);
	return rc == SQLITE_OK ? CASE_OK : fail(st, rc, err);
}

static void
note(struct case_sql *q, int rc)
{
	if (rc != SQLITE_OK && q->rc == SQLITE_OK)
		q->rc = rc;
}

void
case_sql_bind_int(struct case_sql *q, int i, int64_t v)
{
	note(q, sqlite3_bind_int64(q->p, i, v));
}

void
case_sql_bind_double(struct case_sql *q, int i, double v)
{
	note(q, sqlite3_bind_double(q->p, i, v));
}

void
case_sql_bind_text(struct case_sql *q, int i, const char *p, size_t n)
{
	note(q, sqlite3_bind_text64(q->p, i, n > 0 ? p : "", n, SQLITE_STATIC,
		    SQLITE_UTF8));
}

void
case_sql_bind_str(struct case_sql *q, int i, const char *s)
{
	if (s == NULL)
		case_sql_bind_null(q, i);
	else
		case_sql_bind_text(q, i, s, strlen(s));
}

void
case_sql_bind_blob(struct case_sql *q, int i, const void *p, size_t n)
{
	note(q, sqlite3_bind_blob64(q->p, i, n > 0 ? p : "", n, SQLITE_STATIC));
}

void
case_sql_bind_null(struct case_sql *q, int i)
{
	note(q, sqlite3_bind_null(q->p, i));
}

int
case_sql_parameters(const struct case_sql *q)
{
	return sqlite3_bind_parameter_count(q->p);
}

enum case_status
case_sql_step(struct case_sql *q, struct case_error *err)
{
	int rc = q->rc;

	if (rc == SQLITE_OK)
		rc = sqlite3_step(q->p);
	if (rc == SQLITE_ROW)
		return CASE_OK;
	if (rc == SQLITE_DONE)
		return CASE_EOF;
	return fail(q->st, rc, err);
}

enum case_status
case_sql_run(struct case_sql *q, struct case_error *err)
{
	enum case_status rc;

	while ((rc = case_sql_step(q, err)) == CASE_OK)
		continue;
	case_sql_reset(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

void
case_sql_reset(struct case_sql *q)
{
	if (q == NULL)
		return;
	/* It repeats the failure of the last step, which was reported. */
	(void)sqlite3_reset(q->p);
	q->rc = SQLITE_OK;
}

bool
case_sql_idle(const struct case_store *st)
{
	sqlite3_stmt *p = NULL;

	while ((p = sqlite3_next_stmt(st->db, p)) != NULL)
		if (sqlite3_stmt_busy(p))
			return false;
	return true;
}

int
case_sql_columns(const struct case_sql *q)
{
	return sqlite3_column_count(q->p);
}

bool
case_sql_missing(const struct case_sql *q, int i)
{
	return sqlite3_column_type(q->p, i) == SQLITE_NULL;
}

bool
case_sql_is_real(const struct case_sql *q, int i)
{
	return sqlite3_column_type(q->p, i) == SQLITE_FLOAT;
}

int64_t
case_sql_int(const struct case_sql *q, int i)
{
	return sqlite3_column_int64(q->p, i);
}

double
case_sql_double(const struct case_sql *q, int i)
{
	return sqlite3_column_double(q->p, i);
}

struct case_str
case_sql_text(const struct case_sql *q, int i)
{
	const char *p = (const char *)sqlite3_column_text(q->p, i);

	return (struct case_str){ p != NULL ? p : "",
		(size_t)sqlite3_column_bytes(q->p, i) };
}

struct case_str
case_sql_blob(const struct case_sql *q, int i)
{
	const char *p = sqlite3_column_blob(q->p, i);

	return (struct case_str){ p != NULL ? p : "",
		(size_t)sqlite3_column_bytes(q->p, i) };
}

uint64_t
case_sql_hash(const struct case_sql *q, int from, uint64_t seed)
{
	uint64_t h = seed, bits;
	struct case_str s;
	double d;

	for (int i = from; i < sqlite3_column_count(q->p); i++) {
		int type = sqlite3_column_type(q->p, i);

		switch (type) {
		case SQLITE_INTEGER:
			h = case_hash_word((uint64_t)case_sql_int(q, i), h);
			break;
		case SQLITE_FLOAT:
			d = case_sql_double(q, i);
			memcpy(&bits, &d, sizeof(bits));
			h = case_hash_word(bits, h);
			break;
		case SQLITE_NULL:
			h = case_hash("", 0, h + 1);
			break;
		default:
			s = case_sql_blob(q, i);
			h = case_hash(s.p, s.n, h);
			break;
		}
	}
	return h;
}

enum case_status
case_sql_number(struct case_store *st, int64_t *v, int64_t otherwise,
    struct case_error *err, const char *fmt, ...)
{
	struct case_sql *q;
	enum case_status rc;
	va_list ap;

	*v = otherwise;
	va_start(ap, fmt);
	rc = prepare(&q, st, err, fmt, ap);
	va_end(ap);
	if (rc != CASE_OK)
		return rc;
	if ((rc = case_sql_step(q, err)) == CASE_OK && !case_sql_missing(q, 0))
		*v = case_sql_int(q, 0);
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

int64_t
case_sql_last_id(const struct case_store *st)
{
	return sqlite3_last_insert_rowid(st->db);
}

int64_t
case_sql_changes(const struct case_store *st)
{
	return sqlite3_changes64(st->db);
}

/* --- blobs --------------------------------------------------------------- */

/* A raw copy is the only value that may be longer than VALUE_MAX. */
static enum case_status
blob_open(struct case_sql_blob **out, struct case_store *st, int64_t row,
    bool write, struct case_error *err)
{
	struct case_sql_blob *b;
	enum case_status rc;
	int src;

	*out = NULL;
	if (st->db == NULL)
		return closed(st, err);
	if ((b = calloc(1, sizeof(*b))) == NULL)
		return case_error_memory(err);
	b->st = st;
	sqlite3_limit(st->db, SQLITE_LIMIT_LENGTH, RAW_MAX);
	src = sqlite3_blob_open(st->db, "main", "sqlar", "data", row, write,
	    &b->p);
	if (src != SQLITE_OK) {
		rc = fail(st, src, err);
		case_sql_blob_close(b);
		return rc;
	}
	*out = b;
	return CASE_OK;
}

enum case_status
case_sql_blob_open(struct case_sql_blob **out, struct case_store *st,
    int64_t row, struct case_error *err)
{
	return blob_open(out, st, row, false, err);
}

enum case_status
case_sql_blob_new(struct case_sql_blob **out, struct case_store *st,
    const char *name, int64_t time, uint64_t size, uint64_t n,
    struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	*out = NULL;
	rc = case_sql_prepare(&q, st, err,
	    "INSERT INTO sqlar (name, mode, mtime, sz, data)"
	    " VALUES (?1, 33152, ?2, ?3, ?4)"); /* 0100600: a file, private */
	if (rc != CASE_OK)
		return rc;
	sqlite3_limit(st->db, SQLITE_LIMIT_LENGTH, RAW_MAX);
	case_sql_bind_str(q, 1, name);
	case_sql_bind_int(q, 2, time);
	case_sql_bind_int(q, 3, (int64_t)size);
	note(q, sqlite3_bind_zeroblob64(q->p, 4, n));
	rc = case_sql_run(q, err);
	case_sql_free(q);
	sqlite3_limit(st->db, SQLITE_LIMIT_LENGTH, VALUE_MAX);
	if (rc != CASE_OK)
		return rc;
	return blob_open(out, st, case_sql_last_id(st), true, err);
}

uint64_t
case_sql_blob_size(const struct case_sql_blob *b)
{
	return (uint64_t)sqlite3_blob_bytes(b->p);
}

enum case_status
case_sql_blob_read(struct case_sql_blob *b, uint64_t at, void *p, size_t n,
    struct case_error *err)
{
	int rc = sqlite3_blob_read(b->p, p, (int)n, (int)at);

	return rc == SQLITE_OK ? CASE_OK : fail(b->st, rc, err);
}

enum case_status
case_sql_blob_write(struct case_sql_blob *b, uint64_t at, const void *p,
    size_t n, struct case_error *err)
{
	int rc = sqlite3_blob_write(b->p, p, (int)n, (int)at);

	return rc == SQLITE_OK ? CASE_OK : fail(b->st, rc, err);
}

void
case_sql_blob_close(struct case_sql_blob *b)
{
	if (b == NULL)
		return;
	sqlite3_blob_close(b->p);
	sqlite3_limit(b->st->db, SQLITE_LIMIT_LENGTH, VALUE_MAX);
	free(b);
}

/* --- copies -------------------------------------------------------------- */

enum case_status
case_sql_copy(struct case_store *st, const char *path, struct case_error *err)
{
	sqlite3_backup *backup;
	sqlite3 *to = NULL;
	int rc;

	if (st->db == NULL)
		return closed(st, err);
	rc = sqlite3_open_v2(path, &to,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW,
	    NULL);
	/* The caller syncs the file once, when all of it is there. */
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(to,
		    "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF", NULL,
		    NULL, NULL);
	if (rc == SQLITE_OK) {
		backup = sqlite3_backup_init(to, "main", st->db, "main");
		if (backup == NULL) {
			rc = sqlite3_errcode(to);
		} else {
			(void)sqlite3_backup_step(backup, -1);
			rc = sqlite3_backup_finish(backup);
		}
	}
	if (rc != SQLITE_OK)
		rc = (int)case_error_set(err, CASE_EIO, 0, "%s: %s", path,
		    sqlite3_errmsg(to));
	sqlite3_close_v2(to);
	return (enum case_status)rc;
}
