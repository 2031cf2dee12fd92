/* place.c - a store's file: where it is, its lock, put in place when new */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* asprintf(), renameat2(), sync_file_range() */
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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

enum case_status
case_place_find(struct case_store *st, const char *path, struct case_error *err)
{
	struct stat sb;

	if (lstat(path, &sb) == 0 && S_ISLNK(sb.st_mode))
		return follow_link(st, path, err);
	return split_path(st, path, err);
}

/* File systems where locks or shared memory fail, and two writers meet. */
enum case_status
case_place_check(const struct case_store *st, struct case_error *err)
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

enum case_status
case_place_look(const struct case_store *st, enum case_place *what,
    struct case_error *err)
{
	struct stat sb;

	if (stat(st->path, &sb) != 0) {
		if (errno != ENOENT)
			return case_error_system(err, st->path);
		*what = CASE_PLACE_ABSENT;
		return CASE_OK;
	}
	if (!S_ISREG(sb.st_mode))
		return case_error_set(err, CASE_ESTORE, 0,
		    _("%s: not a regular file, so no store"), st->path);
	*what = sb.st_size == 0 ? CASE_PLACE_EMPTY : CASE_PLACE_THERE;
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

enum case_status
case_place_lock(struct case_store *st, struct case_error *err)
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

void
case_place_unlock(struct case_store *st)
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

enum case_status
case_place_start(struct case_store *st, struct case_error *err)
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

/*
 * To close a file takes SQLite's locks on it away, which does no harm as long
 * as nobody else knows its name.
 */
void
case_place_flush(const struct case_store *st)
{
	int fd;

	if (st->fresh == NULL ||
	    (fd = open(st->fresh, O_RDONLY | O_CLOEXEC)) < 0)
		return;
	(void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	close(fd);
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
 * An empty file that was prepared says who may use the store: its owner, its
 * group and its mode, or less of it where these are not ours to give.
 */
static enum case_status
take_rights(const struct case_store *st, struct case_error *err)
{
	mode_t mode = 0;
	struct stat sb, own;
	bool ok;
	int fd = open(st->fresh, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return case_error_system(err, st->fresh);
	ok = stat(st->path, &sb) == 0;
	if (ok && fchown(fd, sb.st_uid, sb.st_gid) != 0)
		(void)!fchown(fd, (uid_t)-1, sb.st_gid);
	ok = ok && fstat(fd, &own) == 0;
	if (ok) {
		mode = sb.st_mode & 0666;
		if (own.st_uid != sb.st_uid)
			mode |= 0600;
		/* Its group is then among the others, who get no more. */
		if (own.st_gid != sb.st_gid)
			mode = (mode & 0600) | (mode & mode >> 3 & 06);
		ok = fchmod(fd, mode) == 0;
	}
	if (!ok) {
		int e = errno;

		close(fd);
		errno = e;
		return case_error_system(err, st->path);
	}
	return close(fd) == 0 ? CASE_OK : case_error_system(err, st->fresh);
}

/*
 * Gives the file its name without ever replacing a store. An empty file is
 * none; under the lock only a stranger could fill it meanwhile.
 */
static enum case_status
give_name(struct case_store *st, struct case_error *err)
{
	enum case_place what;
	enum case_status rc;

	if ((rc = case_place_look(st, &what, err)) != CASE_OK)
		return rc;
	if (what == CASE_PLACE_EMPTY) {
		if ((rc = take_rights(st, err)) != CASE_OK)
			return rc;
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

void
case_place_drop(struct case_store *st)
{
	if (st->fresh == NULL)
		return;
	sweep(st);
	free(st->fresh);
	st->fresh = NULL;
}

enum case_status
case_place_finish(struct case_store *st, struct case_error *err)
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
		case_place_drop(st);
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
