/* publish.c - an output appears whole under its name, or not at all */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "case/buf.h"
#include "case/intl.h"
#include "case/publish.h"

/* Room in a file name for the dot, ".tmp.", a PID and a counter. */
#define DECORATION 32
#define TRIES 100

/*
 * path		as the caller gave it
 * name		its last part, within path
 * folder	open folder of path, or, when written through and a path was
 *		asked for, the private one; else -1
 * temp		the file within folder; temp_path the same for others to open
 * own		a private folder to be removed at the end, or NULL
 * through	not a file: nothing is renamed
 */
struct case_publish {
	char *path;
	const char *name;
	int folder;
	char *temp_path;
	const char *temp;
	char *own;
	bool through;
	FILE *stream;
};

static void
publish_free(struct case_publish *p)
{
	if (p->stream != NULL)
		fclose(p->stream);
	if (p->temp != NULL)
		unlinkat(p->folder, p->temp, 0);
	if (p->folder >= 0)
		close(p->folder);
	if (p->own != NULL)
		rmdir(p->own);
	free(p->own);
	free(p->temp_path);
	free(p->path);
	free(p);
}

/* The number behind a prefix that names the process's own streams, or -1. */
static int
own_stream(const char *path)
{
	static const char *const prefixes[] = { "/dev/fd/", "/proc/self/fd/" };
	char *end;

	if (strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t n = strlen(prefixes[i]);
		long fd;

		if (strncmp(path, prefixes[i], n) != 0 || path[n] < '0' ||
		    path[n] > '9')
			continue;
		errno = 0;
		fd = strtol(path + n, &end, 10);
		if (errno == 0 && *end == '\0' && fd <= INT_MAX)
			return (int)fd;
	}
	return -1;
}

/* What is there already decides between a file and writing through. */
static enum case_status
look(struct case_publish *p, struct case_error *err)
{
	struct stat st;

	if (own_stream(p->path) >= 0) {
		p->through = true;
		return CASE_OK;
	}
	if (stat(p->path, &st) != 0) {
		/* A link to nothing is replaced like any other. */
		if (errno == ENOENT && p->name[0] != '\0')
			return CASE_OK;
		return case_error_system(err, p->path);
	}
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return case_error_system(err, p->path);
	}
	p->through = !S_ISREG(st.st_mode);
	return CASE_OK;
}

static enum case_status
open_folder(struct case_publish *p, const char *folder, struct case_error *err)
{
	p->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return p->folder >= 0 ? CASE_OK : case_error_system(err, p->path);
}

/* The longest beginning of name that leaves room, cut at a character. */
static int
name_part(const char *name)
{
	size_t n = strlen(name);

	if (n > NAME_MAX - DECORATION) {
		n = NAME_MAX - DECORATION;
		while (n > 0 && ((unsigned char)name[n] & 0xc0) == 0x80)
			n--;
	}
	return (int)n;
}

/* A free name; one left by a killed process of the same PID is passed by. */
static enum case_status
choose_temp(struct case_publish *p, struct case_error *err)
{
	size_t before = (size_t)(p->name - p->path);
	struct case_buf b = { 0 };
	struct stat st;

	for (int i = 0; i < TRIES; i++) {
		case_buf_reset(&b);
		case_buf_add(&b, p->path, before);
		case_buf_addf(&b, ".%.*s.tmp.%ld", name_part(p->name), p->name,
		    (long)getpid());
		if (i > 0)
			case_buf_addf(&b, "-%d", i);
		if (b.failed) {
			case_buf_free(&b);
			return case_error_memory(err);
		}
		if (fstatat(p->folder, b.p + before, &st,
			AT_SYMLINK_NOFOLLOW) == 0)
			continue;
		if (errno != ENOENT)
			break;
		p->temp_path = b.p;
		p->temp = b.p + before;
		return CASE_OK;
	}
	case_buf_free(&b);
	return case_error_system(err, p->path);
}

static enum case_status
begin_file(struct case_publish *p, struct case_error *err)
{
	size_t n = (size_t)(p->name - p->path);
	enum case_status rc;
	char *folder;

	folder = n == 0 ? strdup(".") : strndup(p->path, n);
	if (folder == NULL)
		return case_error_memory(err);
	rc = open_folder(p, folder, err);
	free(folder);
	return rc == CASE_OK ? choose_temp(p, err) : rc;
}

enum case_status
case_publish_begin(struct case_publish **out, const char *path,
    struct case_error *err)
{
	struct case_publish *p;
	enum case_status rc;
	const char *slash;

	*out = NULL;
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return case_error_memory(err);
	p->folder = -1;
	if ((p->path = strdup(path)) == NULL) {
		rc = case_error_memory(err);
		goto fail;
	}
	slash = strrchr(p->path, '/');
	p->name = slash != NULL ? slash + 1 : p->path;
	if ((rc = look(p, err)) != CASE_OK)
		goto fail;
	if (!p->through && (rc = begin_file(p, err)) != CASE_OK)
		goto fail;
	*out = p;
	return CASE_OK;
fail:
	publish_free(p);
	return rc;
}

static int
open_output(struct case_publish *p)
{
	int fd;

	if (!p->through)
		return openat(p->folder, p->temp,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if ((fd = own_stream(p->path)) >= 0)
		return fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return open(p->path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
}

enum case_status
case_publish_stream(struct case_publish *p, FILE **stream,
    struct case_error *err)
{
	enum case_status rc;
	int fd;

	*stream = p->stream;
	if (p->stream != NULL)
		return CASE_OK;
	if ((fd = open_output(p)) < 0)
		return case_error_system(err, p->path);
	if ((p->stream = fdopen(fd, "w")) == NULL) {
		rc = case_error_system(err, p->path);
		close(fd);
		return rc;
	}
	*stream = p->stream;
	return CASE_OK;
}

/* A file to be copied to where it goes when all is done. */
static enum case_status
begin_private(struct case_publish *p, struct case_error *err)
{
	const char *folder = getenv("TMPDIR");
	struct case_buf b = { 0 };

	if (folder == NULL || *folder == '\0')
		folder = "/tmp";
	case_buf_addf(&b, "%s/case-XXXXXX", folder);
	if (b.failed) {
		case_buf_free(&b);
		return case_error_memory(err);
	}
	if (mkdtemp(b.p) == NULL) {
		enum case_status rc = case_error_system(err, b.p);

		case_buf_free(&b);
		return rc;
	}
	p->own = b.p;
	b = (struct case_buf){ 0 };
	case_buf_addf(&b, "%s/output", p->own);
	if (b.failed) {
		case_buf_free(&b);
		return case_error_memory(err);
	}
	p->temp_path = b.p;
	p->temp = b.p + strlen(p->own) + 1;
	return open_folder(p, p->own, err);
}

enum case_status
case_publish_path(struct case_publish *p, const char **path,
    struct case_error *err)
{
	enum case_status rc;

	*path = NULL;
	if (p->temp == NULL && (rc = begin_private(p, err)) != CASE_OK)
		return rc;
	*path = p->temp_path;
	return CASE_OK;
}

static enum case_status
end_stream(struct case_publish *p, struct case_error *err)
{
	bool bad;
	FILE *f = p->stream;

	if (f == NULL)
		return CASE_OK;
	p->stream = NULL;
	errno = 0;
	bad = fflush(f) != 0 || ferror(f);
	if (!bad && !p->through)
		bad = fsync(fileno(f)) != 0;
	if (bad) {
		enum case_status rc;

		if (errno == 0)
			errno = EIO;
		rc = case_error_system(err, p->path);
		fclose(f);
		return rc;
	}
	return fclose(f) == 0 ? CASE_OK : case_error_system(err, p->path);
}

static enum case_status
copy_out(struct case_publish *p, int from, struct case_error *err)
{
	char buf[16384];
	ssize_t n;
	FILE *to;
	enum case_status rc;

	if ((rc = case_publish_stream(p, &to, err)) != CASE_OK)
		return rc;
	while ((n = read(from, buf, sizeof(buf))) > 0)
		/* Only now does errno say why. */
		if (fwrite(buf, 1, (size_t)n, to) != (size_t)n)
			return case_error_system(err, p->path);
	if (n < 0)
		return case_error_system(err, p->temp_path);
	return end_stream(p, err);
}

/* The process has one umask, and this is the only way to ask for it. */
static mode_t
current_umask(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return mask;
}

/* A group that cannot be kept must not get what it was never given. */
static bool
take_over(struct case_publish *p, int fd)
{
	mode_t mode = 0640 & ~current_umask();
	struct stat old, now;

	if (fstatat(p->folder, p->name, &old, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(old.st_mode)) {
		mode = old.st_mode & 0777;
		if (fstat(fd, &now) != 0)
			return false;
		if (now.st_gid != old.st_gid &&
		    fchown(fd, (uid_t)-1, old.st_gid) != 0)
			mode &= ~(mode_t)0070;
	}
	return fchmod(fd, mode) == 0;
}

static enum case_status
put_in_place(struct case_publish *p, int fd, struct case_error *err)
{
	if (!take_over(p, fd) || fsync(fd) != 0 ||
	    renameat(p->folder, p->temp, p->folder, p->name) != 0)
		return case_error_system(err, p->path);
	p->temp = NULL;
	/* Some file systems cannot sync a folder; they say EINVAL. */
	if (fsync(p->folder) != 0 && errno != EINVAL)
		return case_error_system(err, p->path);
	return CASE_OK;
}

static enum case_status
publish(struct case_publish *p, struct case_error *err)
{
	enum case_status rc;
	int fd;

	if ((rc = end_stream(p, err)) != CASE_OK || p->temp == NULL)
		return rc;
	fd = openat(p->folder, p->temp, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return case_error_system(err, p->path);
	rc = p->through ? copy_out(p, fd, err) : put_in_place(p, fd, err);
	close(fd);
	return rc;
}

enum case_status
case_publish_commit(struct case_publish *p, struct case_error *err)
{
	enum case_status rc = publish(p, err);

	publish_free(p);
	return rc;
}

void
case_publish_abort(struct case_publish *p)
{
	if (p != NULL)
		publish_free(p);
}
