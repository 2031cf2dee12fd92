/* store.c - a store's file: opened, locked, made, put in place, committed */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* asprintf(), renameat2(), O_TMPFILE */
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "case/intl.h"
#include "lib/store/sqlite.h"

/* A raw file is kept in pieces that an sqlite3 -A can unpack in memory. */
#define RAW_PIECE ((uint64_t)512 * 1024 * 1024)

/* --- where it is --------------------------------------------------------- */

static enum case_status
split_path(struct case_store *st, const char *path, struct case_error *err)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	char *folder, *real;
	int n;

	if (*name == '\0')
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s' is a folder, not the path of a store"), path);
	folder = slash == NULL	 ? strdup(".")
		 : slash == path ? strdup("/")
				 : strndup(path, (size_t)(slash - path));
	if (folder == NULL)
		return case_error_memory(err);
	real = realpath(folder, NULL);
	if (real == NULL) {
		n = (int)case_error_system(err, folder);
		free(folder);
		return (enum case_status)n;
	}
	free(folder);
	st->folder = real;
	n = asprintf(&st->path, "%s/%s", strcmp(real, "/") == 0 ? "" : real,
	    name);
	if (n < 0) {
		st->path = NULL;
		return case_error_memory(err);
	}
	return CASE_OK;
}

/*
 * A link in a folder that others may write could name any file of ours, or
 * lead us to one of theirs.
 */
static enum case_status
follow_link(struct case_store *st, const char *path, struct case_error *err)
{
	struct stat to;
	char *real;
	enum case_status rc;

	if (stat(path, &to) != 0)
		return case_error_set(err, CASE_ESTORE, 0,
		    _("%s: a symbolic link to nothing; give the store's own "
		      "path"),
		    path);
	if (to.st_uid != geteuid())
		return case_error_set(err, CASE_ESTORE, 0,
		    _("%s: a symbolic link to another user's file; give the "
		      "store's own path"),
		    path);
	if ((real = realpath(path, NULL)) == NULL)
		return case_error_system(err, path);
	rc = split_path(st, real, err);
	free(real);
	return rc;
}

static enum case_status
find_path(struct case_store *st, const char *path, struct case_error *err)
{
	struct stat sb;

	if (lstat(path, &sb) == 0 && S_ISLNK(sb.st_mode))
		return follow_link(st, path, err);
	return split_path(st, path, err);
}

/* File systems where locks or shared memory fail, and two writers meet. */
static enum case_status
check_disk(const struct case_store *st, struct case_error *err)
{
	static const unsigned int remote[] = { NFS_SUPER_MAGIC, SMB_SUPER_MAGIC,
		SMB2_SUPER_MAGIC, CIFS_SUPER_MAGIC, V9FS_MAGIC, AFS_SUPER_MAGIC,
		CODA_SUPER_MAGIC };
	struct statfs fs;

	if (statfs(st->folder, &fs) != 0)
		return case_error_system(err, st->folder);
	for (size_t i = 0; i < sizeof(remote) / sizeof(remote[0]); i++)
		if ((unsigned int)fs.f_type == remote[i])
			return case_error_set(err, CASE_ESTORE, 0,
			    _("%s: on a network file system, whose locks a "
			      "store can't trust; keep it on a local disk"),
			    st->path);
	return CASE_OK;
}

enum what { ABSENT, EMPTY, THERE };

static enum case_status
look(const struct case_store *st, enum what *what, struct case_error *err)
{
	struct stat sb;

	if (stat(st->path, &sb) != 0) {
		if (errno != ENOENT)
			return case_error_system(err, st->path);
		*what = ABSENT;
		return CASE_OK;
	}
	if (!S_ISREG(sb.st_mode))
		return case_error_set(err, CASE_ESTORE, 0,
		    _("%s: not a regular file, so no store"), st->path);
	*what = sb.st_size == 0 ? EMPTY : THERE;
	return CASE_OK;
}

/* --- the writers' lock --------------------------------------------------- */

/* "FOLDER/.NAMESUFFIX" */
static char *
beside(const struct case_store *st, const char *suffix)
{
	const char *name = strrchr(st->path, '/') + 1;
	char *p;

	if (asprintf(&p, "%s/.%s%s",
		strcmp(st->folder, "/") == 0 ? "" : st->folder, name,
		suffix) < 0)
		return NULL;
	return p;
}

/* Whoever may write the store may lock it. */
static void
share_lock(const struct case_store *st, int fd)
{
	struct stat sb;

	if (stat(st->path, &sb) != 0)
		return;
	/* Not ours to give away: then the lock stays private. */
	if (fchown(fd, (uid_t)-1, sb.st_gid) == 0)
		(void)fchmod(fd, sb.st_mode & 0660);
}

static bool
still_named(int fd, const char *path)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && lstat(path, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static enum case_status
busy(struct case_store *st, int fd, struct case_error *err)
{
	char pid[24] = "";
	ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

	pid[n > 0 ? strcspn(pid, "\n") : 0] = '\0';
	return case_error_set(err, CASE_EBUSY, 0,
	    _("%s: process %s is writing to the store, and still is after "
	      "%d s; try again"),
	    st->path, *pid != '\0' ? pid : "?", st->wait);
}

/*
 * One try: CASE_OK locked, CASE_EOF held by another. The file is removed
 * while it is locked, so a lock only counts when the name still means it.
 */
static enum case_status
try_lock(struct case_store *st, bool last, struct case_error *err)
{
	enum case_status rc = CASE_EOF;
	int fd = open(st->lock_path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
	    0600);

	if (fd < 0)
		return case_error_system(err, st->lock_path);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		if (still_named(fd, st->lock_path)) {
			st->lock = fd;
			share_lock(st, fd);
			/* Only for the other's message. */
			if (ftruncate(fd, 0) == 0)
				(void)dprintf(fd, "%ld\n", (long)getpid());
			return CASE_OK;
		}
	} else if (errno != EWOULDBLOCK && errno != EINTR) {
		rc = case_error_system(err, st->lock_path);
	} else if (last) {
		rc = busy(st, fd, err);
	}
	close(fd);
	return rc;
}

static int64_t
milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/*
 * One writer at a time, from open to close: the dictionary in memory is then
 * the store's, and a new store has one maker.
 */
static enum case_status
lock(struct case_store *st, struct case_error *err)
{
	const struct timespec pause = { 0, 20 * 1000 * 1000 };
	int64_t until = milliseconds() + (int64_t)st->wait * 1000;
	enum case_status rc;

	if ((st->lock_path = beside(st, ".lock")) == NULL)
		return case_error_memory(err);
	while ((rc = try_lock(st, milliseconds() >= until, err)) == CASE_EOF)
		nanosleep(&pause, NULL);
	return rc;
}

static void
unlock(struct case_store *st)
{
	if (st->lock < 0)
		return;
	(void)unlink(st->lock_path);
	close(st->lock);
	st->lock = -1;
}

/* --- a new store --------------------------------------------------------- */

/*
 * What a killed import left. We hold the lock, so nobody else is making this
 * store; -wal and the like of the same name go with it.
 */
static void
sweep(const struct case_store *st)
{
	char *prefix = beside(st, ".new.");
	const char *name = prefix != NULL ? strrchr(prefix, '/') + 1 : NULL;
	DIR *d = name != NULL ? opendir(st->folder) : NULL;
	const struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL)
		if (strncmp(e->d_name, name, strlen(name)) == 0)
			(void)unlinkat(dirfd(d), e->d_name, 0);
	if (d != NULL)
		closedir(d);
	free(prefix);
}

static enum case_status
start_fresh(struct case_store *st, struct case_error *err)
{
	char suffix[32];
	enum case_status rc;
	int fd;

	sweep(st);
	snprintf(suffix, sizeof(suffix), ".new.%ld", (long)getpid());
	if ((st->fresh = beside(st, suffix)) == NULL)
		return case_error_memory(err);
	fd = open(st->fresh, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
	    0600);
	if (fd < 0) {
		rc = case_error_system(err, st->fresh);
		free(st->fresh);
		st->fresh = NULL;
		return rc;
	}
	close(fd);
	if ((rc = case_sql_connect(st, st->fresh, CASE_SQL_FRESH, err)) !=
	    CASE_OK)
		return rc;
	return case_schema_create(st, err);
}

static enum case_status
sync_path(const char *path, int flags, struct case_error *err)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		return case_error_system(err, path);
	if (fsync(fd) != 0) {
		int e = errno;

		close(fd);
		errno = e;
		return case_error_system(err, path);
	}
	return close(fd) == 0 ? CASE_OK : case_error_system(err, path);
}

/*
 * Gives the file its name without ever replacing a store. An empty file is
 * none; under the lock only a stranger could fill it meanwhile.
 */
static enum case_status
give_name(struct case_store *st, struct case_error *err)
{
	enum what what;
	enum case_status rc;

	if ((rc = look(st, &what, err)) != CASE_OK)
		return rc;
	if (what == EMPTY) {
		if (rename(st->fresh, st->path) != 0)
			return case_error_system(err, st->path);
		return CASE_OK;
	}
	if (renameat2(AT_FDCWD, st->fresh, AT_FDCWD, st->path,
		RENAME_NOREPLACE) == 0)
		return CASE_OK;
	if ((errno == EINVAL || errno == ENOSYS) &&
	    link(st->fresh, st->path) == 0) {
		(void)unlink(st->fresh);
		return CASE_OK;
	}
	if (errno == EEXIST)
		return case_error_set(err, CASE_EBUSY, 0,
		    _("%s: another program made this file meanwhile; try "
		      "again"),
		    st->path);
	return case_error_system(err, st->path);
}

static void
drop_fresh(struct case_store *st)
{
	if (st->fresh == NULL)
		return;
	sweep(st);
	free(st->fresh);
	st->fresh = NULL;
}

/* The committed file, synced, under its name, and opened as any other. */
static enum case_status
place(struct case_store *st, struct case_error *err)
{
	enum case_status rc;

	st->schema_open = true;
	rc = case_sql_exec(st, err, "PRAGMA journal_mode = WAL");
	st->schema_open = false;
	case_sql_disconnect(st);
	if (rc == CASE_OK)
		rc = sync_path(st->fresh, O_RDONLY, err);
	if (rc == CASE_OK)
		rc = give_name(st, err);
	if (rc != CASE_OK) {
		drop_fresh(st);
		return rc;
	}
	free(st->fresh);
	st->fresh = NULL;
	/*
	 * From here the store is there. Should the folder not be synced or
	 * the file not be opened again, the commit has still happened: later
	 * calls say that there is no connection.
	 */
	(void)sync_path(st->folder, O_RDONLY | O_DIRECTORY, NULL);
	(void)case_sql_connect(st, st->path, CASE_SQL_WRITE, NULL);
	return CASE_OK;
}

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
	enum what what;

	if ((rc = check_disk(st, err)) != CASE_OK ||
	    (rc = look(st, &what, err)) != CASE_OK ||
	    (rc = lock(st, err)) != CASE_OK ||
	    /* Another may have made it while we waited. */
	    (rc = look(st, &what, err)) != CASE_OK)
		return rc;
	if (what != THERE)
		return start_fresh(st, err);
	if ((rc = case_sql_connect(st, st->path, CASE_SQL_WRITE, err)) !=
		CASE_OK ||
	    (rc = case_schema_check(st, err)) != CASE_OK)
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
	enum what what;

	if ((rc = look(st, &what, err)) != CASE_OK)
		return rc;
	if (what != THERE)
		return case_error_set(err, CASE_ESTORE, 0,
		    _("%s: there is no store yet; case-import makes one"),
		    st->path);
	if ((rc = check_disk(st, err)) != CASE_OK)
		return rc;
	if (access(st->path, R_OK) != 0)
		return case_error_system(err, st->path);
	rc = read_snapshot(st, CASE_SQL_READ, err);
	if (rc != CASE_OK && case_sql_unshared(st))
		rc = read_frozen(st, err);
	if (rc != CASE_OK)
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
	else if ((rc = find_path(st, path, err)) == CASE_OK)
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
	drop_fresh(st);
	unlock(st);
	case_schema_free(st);
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
	if (st->schema_tx && st->db != NULL &&
	    case_schema_load_types(st, NULL) != CASE_OK)
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
	if (st->fresh != NULL && (rc = place(st, err)) != CASE_OK)
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
	const struct case_store_type *t = case_schema_type(st, name);

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
	if ((rc = case_schema_ensure(st, rt, err)) != CASE_OK)
		case_store_rollback(st);
	return rc;
}

const struct case_rtype *
case_store_scope_type(void *st, const char *name)
{
	const struct case_store_type *t = case_schema_type(st, name);

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
