/* care.c - looking after a store: copies, pruning, the access log */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* renameat2() */
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "case/intl.h"
#include "lib/store/sqlite.h"

/* --- backup -------------------------------------------------------------- */

static enum case_status
sync_file(const char *path, int flags, struct case_error *err)
{
	int fd = open(path, flags | O_CLOEXEC);
	enum case_status rc = CASE_OK;

	if (fd < 0 || fsync(fd) != 0)
		rc = case_error_system(err, path);
	if (fd >= 0)
		close(fd);
	return rc;
}

/* Under its name only when it is whole, and never over another file. */
static enum case_status
give_name(const char *part, const char *path, struct case_error *err)
{
	if (renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
		return CASE_OK;
	if ((errno == EINVAL || errno == ENOSYS) && link(part, path) == 0) {
		(void)unlink(part);
		return CASE_OK;
	}
	return case_error_system(err, path);
}

static enum case_status
copy_to(struct case_store *st, const char *part, const char *path,
    struct case_error *err)
{
	enum case_status rc;
	int fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0600);

	if (fd < 0)
		return case_error_system(err, part);
	close(fd);
	if ((rc = case_sql_copy(st, part, err)) == CASE_OK &&
	    (rc = sync_file(part, O_RDONLY, err)) == CASE_OK)
		rc = give_name(part, path, err);
	if (rc != CASE_OK)
		(void)unlink(part);
	return rc;
}

enum case_status
case_store_backup(struct case_store *st, const char *path,
    struct case_error *err)
{
	const char *slash = strrchr(path, '/');
	size_t n = slash != NULL ? (size_t)(slash - path) + 1 : 0;
	char *part, *folder = NULL;
	enum case_status rc;

	if (access(path, F_OK) == 0)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("%s: this file is there already; a backup replaces "
		      "nothing"),
		    path);
	if (asprintf(&part, "%.*s.%s.new.%ld", (int)n, path, path + n,
		(long)getpid()) < 0)
		return case_error_memory(err);
	folder = n > 0 ? strndup(path, n) : strdup(".");
	rc = folder == NULL ? case_error_memory(err)
			    : copy_to(st, part, path, err);
	if (rc == CASE_OK)
		rc = sync_file(folder, O_RDONLY | O_DIRECTORY, err);
	free(folder);
	free(part);
	return rc;
}

/* --- the access log ------------------------------------------------------ */

static enum case_status
insert_log(struct case_store *st, const char *event, const char *detail,
    int64_t time, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;
	uint64_t sum;

	rc = case_sql_prepare(&q, st, err,
	    "INSERT INTO access_log (time, event, detail)"
	    " VALUES (?1, ?2, ?3)");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, time);
	case_sql_bind_str(q, 2, event);
	case_sql_bind_str(q, 3, detail);
	rc = case_sql_run(q, err);
	case_sql_free(q);
	if (rc == CASE_OK)
		rc = case_schema_sum(st, "access_log", &sum, err);
	return rc == CASE_OK ? case_schema_set_sum(st, "log", sum, err) : rc;
}

static enum case_status
log_once(struct case_store *st, const char *event, const char *detail,
    int64_t time, struct case_error *err)
{
	enum case_status rc;

	if ((rc = case_sql_exec(st, err, "BEGIN IMMEDIATE")) != CASE_OK)
		return rc;
	if ((rc = insert_log(st, event, detail, time, err)) == CASE_OK)
		rc = case_sql_exec(st, err, "COMMIT");
	if (rc != CASE_OK)
		(void)case_sql_exec(st, NULL, "ROLLBACK");
	return rc;
}

/*
 * A reader keeps its snapshot: the line goes through a connection of its own,
 * which needs no more than SQLite's lock. The revision stays, since no answer
 * depends on the log.
 */
enum case_status
case_store_log(struct case_store *st, const char *event, const char *detail,
    int64_t time, struct case_error *err)
{
	struct case_store other = { .mode = CASE_STORE_WRITE,
		.path = st->path,
		.wait = st->wait,
		.lock = -1 };
	enum case_status rc;

	if (st->tx)
		return insert_log(st, event, detail, time, err);
	if (st->mode != CASE_STORE_READ)
		return log_once(st, event, detail, time, err);
	rc = case_sql_connect(&other, st->path, CASE_SQL_WRITE, err);
	if (rc == CASE_OK)
		rc = log_once(&other, event, detail, time, err);
	case_sql_disconnect(&other);
	case_func_free(&other.func);
	return rc;
}

/* --- pruning ------------------------------------------------------------- */

/* The batches before a day that still have a copy, as a list. */
static enum case_status
list_copies(struct case_store *st, int64_t before, struct case_buf *list,
    size_t *n, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	*n = 0;
	rc = case_sql_prepare(&q, st, err,
	    "SELECT id FROM batch b WHERE time < ?1 AND EXISTS"
	    " (SELECT 1 FROM sqlar WHERE name > 'batch-' || b.id || '/'"
	    " AND name < 'batch-' || b.id || '0') ORDER BY id");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, before);
	while ((rc = case_sql_step(q, err)) == CASE_OK)
		case_buf_addf(list, "%s%lld", (*n)++ > 0 ? ", " : "",
		    (long long)case_sql_int(q, 0));
	case_sql_free(q);
	if (list->failed)
		return case_error_memory(err);
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
case_store_prune_raw(struct case_store *st, int64_t day, size_t *n,
    struct case_error *err)
{
	/* The day begins at midnight of UTC+8. */
	int64_t before = day * 86400 - 8 * 3600;
	struct case_buf list = { 0 };
	enum case_status rc;

	*n = 0;
	if ((rc = case_store_begin(st, err)) != CASE_OK)
		return rc;
	rc = list_copies(st, before, &list, n, err);
	if (rc == CASE_OK && *n > 0 &&
	    (rc = case_sql_exec(st, err,
		 "DELETE FROM sqlar WHERE EXISTS (SELECT 1 FROM batch b"
		 " WHERE b.time < %lld AND name > 'batch-' || b.id || '/'"
		 " AND name < 'batch-' || b.id || '0')",
		 (long long)before)) == CASE_OK)
		rc = insert_log(st, "prune-raw", case_buf_str(&list),
		    (int64_t)time(NULL), err);
	case_buf_free(&list);
	if (rc != CASE_OK || *n == 0) {
		case_store_rollback(st);
		return rc;
	}
	return case_store_commit(st, err);
}
