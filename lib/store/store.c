/* store.c - a store opened, its transactions, types and revision */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* asprintf(), O_TMPFILE */
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "case/intl.h"
#include "lib/store/sqlite.h"

/* A raw file is kept in pieces that an sqlite3 -A can unpack in memory. */
#define RAW_PIECE ((uint64_t)512 * 1024 * 1024)

/* --- opening ------------------------------------------------------------- */

static enum case_status
open_private(struct case_store *st, struct case_error *err)
{
	enum case_status rc;

	if ((rc = case_sql_connect(st, "", CASE_SQL_PRIVATE, err)) != CASE_OK)
		return rc;
	return case_schema_create(st, err);
}

static enum case_status
open_write(struct case_store *st, struct case_error *err)
{
	enum case_status rc;
	enum case_place what;

	if ((rc = case_place_check(st, err)) != CASE_OK ||
	    (rc = case_place_look(st, &what, err)) != CASE_OK ||
	    (rc = case_place_lock(st, err)) != CASE_OK ||
	    /* Another may have made it while we waited. */
	    (rc = case_place_look(st, &what, err)) != CASE_OK)
		return rc;
	if (what != CASE_PLACE_THERE)
		return case_place_start(st, err);
	if ((rc = case_sql_connect(st, st->path, CASE_SQL_WRITE, err)) !=
		CASE_OK ||
	    (rc = case_schema_check(st, err)) != CASE_OK)
		return rc;
	/* Not before: what is another program's stays as it is. */
	if ((rc = case_schema_journal(st, err)) != CASE_OK ||
	    (rc = case_schema_upgrade(st, err)) != CASE_OK)
		return rc;
	return case_schema_load(st, err);
}

/* One snapshot: all that is read later belongs to this transaction. */
static enum case_status
read_snapshot(struct case_store *st, enum case_sql_mode mode,
    struct case_error *err)
{
	enum case_status rc;

	if ((rc = case_sql_connect(st, st->path, mode, err)) != CASE_OK)
		return rc;
	if ((rc = case_sql_exec(st, err, "BEGIN")) != CASE_OK ||
	    (rc = case_schema_check(st, err)) != CASE_OK)
		case_sql_disconnect(st);
	return rc;
}

static bool
has_wal(const struct case_store *st)
{
	struct stat sb;
	char *wal;
	bool has;

	if (asprintf(&wal, "%s-wal", st->path) < 0)
		return true;
	has = stat(wal, &sb) == 0 && sb.st_size > 0;
	free(wal);
	return has;
}

static void
remember(struct case_store *st, const struct stat *sb)
{
	st->seen.size = sb->st_size;
	st->seen.sec = sb->st_ctim.tv_sec;
	st->seen.nsec = sb->st_ctim.tv_nsec;
}

/*
 * In a folder that we may not write SQLite can't make its shared memory.
 * While nobody writes the file can be read as it is; case_store_unchanged()
 * then says whether somebody began to.
 */
static enum case_status
read_frozen(struct case_store *st, struct case_error *err)
{
	struct stat sb;

	if (has_wal(st))
		return case_error_set(err, CASE_EIO, 0,
		    _("%s: the store is in use, and its folder may not be "
		      "written: ask for write access to the folder, or try "
		      "again later"),
		    st->path);
	if (stat(st->path, &sb) != 0)
		return case_error_system(err, st->path);
	remember(st, &sb);
	st->frozen = true;
	return read_snapshot(st, CASE_SQL_FROZEN, err);
}

static enum case_status
open_read(struct case_store *st, struct case_error *err)
{
	enum case_status rc;
	enum case_place what;

	if ((rc = case_place_look(st, &what, err)) != CASE_OK)
		return rc;
	if (what != CASE_PLACE_THERE)
		return case_error_set(err, CASE_ESTORE, 0,
		    _("%s: there is no store yet; case-import makes one"),
		    st->path);
	if ((rc = case_place_check(st, err)) != CASE_OK)
		return rc;
	if (access(st->path, R_OK) != 0)
		return case_error_system(err, st->path);
	rc = read_snapshot(st, CASE_SQL_READ, err);
	if (rc != CASE_OK && case_sql_unshared(st))
		rc = read_frozen(st, err);
	if (rc != CASE_OK || (rc = case_schema_stand_in(st, err)) != CASE_OK)
		return rc;
	return case_schema_load(st, err);
}

static enum case_status
store_new(struct case_store **out, enum case_store_mode mode,
    const struct case_store_options *options, struct case_error *err)
{
	struct case_store *st = calloc(1, sizeof(*st));
	const char *tool =
	    options != NULL && options->tool != NULL ? options->tool : "";

	*out = st;
	if (st == NULL || (st->tool = strdup(tool)) == NULL)
		return case_error_memory(err);
	st->mode = mode;
	st->lock = -1;
	st->raw_piece = RAW_PIECE;
	if (options != NULL) {
		st->wait = options->wait > 0 ? options->wait : 0;
		st->func.workdays = options->workdays;
	}
	if (case_words_new(&st->words, err) != CASE_OK)
		return CASE_ENOMEM;
	st->func.words = st->words;
	return CASE_OK;
}

enum case_status
case_store_open(struct case_store **out, const char *path,
    enum case_store_mode mode, const struct case_store_options *options,
    struct case_error *err)
{
	struct case_store *st;
	enum case_status rc;

	*out = NULL;
	if ((rc = store_new(&st, mode, options, err)) != CASE_OK)
		goto fail;
	if (mode == CASE_STORE_PRIVATE)
		rc = open_private(st, err);
	else if ((rc = case_place_find(st, path, err)) == CASE_OK)
		rc = mode == CASE_STORE_READ ? open_read(st, err)
					     : open_write(st, err);
	if (rc != CASE_OK)
		goto fail;
	*out = st;
	return CASE_OK;
fail:
	case_store_close(st);
	return rc;
}

void
case_store_close(struct case_store *st)
{
	if (st == NULL)
		return;
	case_sql_disconnect(st);
	case_place_drop(st);
	case_place_unlock(st);
	case_types_free(st);
	case_words_free(st->words);
	case_func_free(&st->func);
	free(st->lock_path);
	free(st->folder);
	free(st->path);
	free(st->tool);
	free(st);
}

/* --- transactions -------------------------------------------------------- */

enum case_status
case_store_writable(struct case_store *st, struct case_error *err)
{
	if (st->mode != CASE_STORE_READ)
		return CASE_OK;
	return case_error_set(err, CASE_ESTORE, 0,
	    _("%s: the store was opened for reading"), st->path);
}

enum case_status
case_store_begin(struct case_store *st, struct case_error *err)
{
	enum case_status rc;

	if (st->tx)
		return CASE_OK;
	if ((rc = case_store_writable(st, err)) != CASE_OK ||
	    (rc = case_sql_exec(st, err, "BEGIN IMMEDIATE")) != CASE_OK)
		return rc;
	st->tx = true;
	st->schema_tx = false;
	return CASE_OK;
}

void
case_store_rollback(struct case_store *st)
{
	if (!st->tx)
		return;
	/* A failed rollback leaves a connection that refuses all. */
	if (case_sql_exec(st, NULL, "ROLLBACK") != CASE_OK)
		case_sql_disconnect(st);
	st->tx = false;
	case_words_cut(st->words, st->words_stored);
	if (st->schema_tx && st->db != NULL &&
	    case_types_load(st, NULL) != CASE_OK)
		case_sql_disconnect(st);
}

enum case_status
case_store_commit(struct case_store *st, struct case_error *err)
{
	enum case_status rc;
	uint32_t words = 0;
	uint64_t sum = 0;

	if ((rc = case_schema_save_words(st, &words, &sum, err)) != CASE_OK ||
	    (rc = case_sql_exec(st, err,
		 "UPDATE meta SET value = value + 1 WHERE key = 'revision'")) !=
		CASE_OK ||
	    (rc = case_sql_exec(st, err, "COMMIT")) != CASE_OK) {
		case_store_rollback(st);
		return rc;
	}
	st->tx = false;
	if (st->fresh != NULL && (rc = case_place_finish(st, err)) != CASE_OK)
		return rc;
	st->words_stored = words;
	st->words_sum = sum;
	st->revision++;
	return CASE_OK;
}

enum case_status
case_store_unchanged(struct case_store *st, struct case_error *err)
{
	struct stat sb;

	if (!st->frozen)
		return CASE_OK;
	if (stat(st->path, &sb) != 0)
		return case_error_system(err, st->path);
	if (sb.st_size == st->seen.size && sb.st_ctim.tv_sec == st->seen.sec &&
	    sb.st_ctim.tv_nsec == st->seen.nsec)
		return CASE_OK;
	return case_error_set(err, CASE_EBUSY, 0,
	    _("%s: the store was written while it was read; try again"),
	    st->path);
}

int
case_store_spool(const struct case_store *st)
{
	const char *folder = st->folder;
	char *name;
	int fd;

	if (folder == NULL && (folder = secure_getenv("TMPDIR")) == NULL)
		folder = P_tmpdir;
	fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	if (asprintf(&name, "%s/.case-XXXXXX", folder) < 0)
		return -1;
	if ((fd = mkostemp(name, O_CLOEXEC)) >= 0)
		(void)unlink(name);
	free(name);
	return fd;
}

/* --- types, words, revision ---------------------------------------------- */

enum case_status
case_store_type(struct case_store *st, const char *name,
    const struct case_rtype **rt, struct case_error *err)
{
	const struct case_store_type *t = case_types_get(st, name);

	*rt = t != NULL ? t->rt : NULL;
	if (t == NULL)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("there are no records of type '%s' in the store"), name);
	return CASE_OK;
}

enum case_status
case_store_add_type(struct case_store *st, const struct case_rtype *rt,
    struct case_error *err)
{
	enum case_status rc;

	if ((rc = case_store_writable(st, err)) != CASE_OK)
		return rc;
	if (st->batch_open)
		return case_error_set(err, CASE_ESTORE, 0,
		    _("internal error: a batch is open already"));
	if ((rc = case_types_ensure(st, rt, err)) != CASE_OK)
		case_store_rollback(st);
	return rc;
}

const struct case_rtype *
case_store_scope_type(void *st, const char *name)
{
	const struct case_store_type *t = case_types_get(st, name);

	return t != NULL ? t->rt : NULL;
}

const char *
case_store_type_name(struct case_store *st, size_t i)
{
	return i < st->type_n ? st->type[i]->rt->name : NULL;
}

struct case_words *
case_store_words(struct case_store *st)
{
	return st->words;
}

int64_t
case_store_revision(struct case_store *st)
{
	return st->revision;
}

size_t
case_store_calendar_gaps(struct case_store *st, int64_t *day)
{
	size_t n = st->func.gaps;

	if (n > 0)
		*day = st->func.gap_day;
	st->func.gaps = 0;
	return n;
}
