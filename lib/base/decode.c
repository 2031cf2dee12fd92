/* decode.c - opening an input: what it is, and its bytes as UTF-8 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* O_TMPFILE, mkostemp() */
#endif
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "case/decode.h"
#include "case/digest.h"
#include "case/intl.h"
#include "case/text.h"
#include "lib/base/hasher.h"
#include "lib/base/survey.h"

/* Smaller files are examined at once. */
#define AHEAD_MIN (8 * CASE_INPUT_RAW)

static const char *const encoding_name[] = {
	[CASE_ENCODING_AUTO] = "binary",
	[CASE_ENCODING_UTF8] = "UTF-8",
	[CASE_ENCODING_GB18030] = "GB18030",
	[CASE_ENCODING_UTF16LE] = "UTF-16LE",
	[CASE_ENCODING_UTF16BE] = "UTF-16BE",
	[CASE_ENCODING_BIG5] = "Big5",
	[CASE_ENCODING_LATIN1] = "ISO-8859-1",
};

/* Names as people write them, without - _ . and blanks, in lower case. */
static const struct {
	const char *key;
	enum case_encoding encoding;
} encoding_key[] = {
	{ "auto", CASE_ENCODING_AUTO },
	{ "utf8", CASE_ENCODING_UTF8 },
	{ "cp65001", CASE_ENCODING_UTF8 },
	{ "ascii", CASE_ENCODING_UTF8 },
	{ "gb18030", CASE_ENCODING_GB18030 },
	{ "gbk", CASE_ENCODING_GB18030 },
	{ "gb2312", CASE_ENCODING_GB18030 },
	{ "euccn", CASE_ENCODING_GB18030 },
	{ "cp936", CASE_ENCODING_GB18030 },
	{ "ansi", CASE_ENCODING_GB18030 },
	{ "utf16", CASE_ENCODING_UTF16LE },
	{ "utf16le", CASE_ENCODING_UTF16LE },
	{ "unicode", CASE_ENCODING_UTF16LE },
	{ "utf16be", CASE_ENCODING_UTF16BE },
	{ "big5", CASE_ENCODING_BIG5 },
	{ "cp950", CASE_ENCODING_BIG5 },
	{ "latin1", CASE_ENCODING_LATIN1 },
	{ "iso88591", CASE_ENCODING_LATIN1 },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

const char *
case_encoding_name(enum case_encoding e)
{
	return encoding_name[e];
}

bool
case_encoding_find(const char *name, enum case_encoding *e)
{
	struct case_buf key = { 0 };
	bool found = false;

	case_text_key(&key, name, strlen(name), true);
	for (size_t i = 0; i < COUNT(encoding_key) && !found; i++) {
		if (strcmp(encoding_key[i].key, case_buf_str(&key)) == 0) {
			*e = encoding_key[i].encoding;
			found = true;
		}
	}
	case_buf_free(&key);
	return found;
}

/* As many bytes as there are, up to n: less only at the end. -1: errno. */
static ssize_t
read_fully(int fd, unsigned char *p, size_t n)
{
	size_t got = 0;
	ssize_t k;

	while (got < n) {
		k = read(fd, p + got, n - got);
		if (k == 0)
			break;
		if (k < 0 && errno != EINTR)
			return -1;
		if (k > 0)
			got += (size_t)k;
	}
	return (ssize_t)got;
}

static bool
write_fully(int fd, const unsigned char *p, size_t n)
{
	ssize_t k;

	while (n > 0) {
		k = write(fd, p, n);
		if (k < 0 && errno != EINTR)
			return false;
		if (k > 0) {
			p += k;
			n -= (size_t)k;
		}
	}
	return true;
}

/* Folders, devices and sockets in words; what may be read passes. */
static enum case_status
refuse_kind(const struct stat *st, bool standard_input, struct case_error *err)
{
	if (S_ISREG(st->st_mode) || S_ISFIFO(st->st_mode))
		return CASE_OK;
	/* ssh gives its command a socket as standard input. */
	if (S_ISSOCK(st->st_mode) && standard_input)
		return CASE_OK;
	if (S_ISCHR(st->st_mode) && (standard_input && isatty(STDIN_FILENO)))
		return CASE_OK;
	/* cron's standard input: empty, and not an endless device. */
	if (S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3))
		return CASE_OK;
	if (S_ISDIR(st->st_mode))
		return case_error_set(err, CASE_EIO, 0,
		    _("is a folder, not a file"));
	if (S_ISSOCK(st->st_mode))
		return case_error_set(err, CASE_EIO, 0,
		    _("is a socket, not a file"));
	return case_error_set(err, CASE_EIO, 0, _("is a device, not a file"));
}

static enum case_status
read_fault(struct case_error *err)
{
	return case_error_system(err, _("can't read"));
}

/* The kind is asked before opening, too: opening a device may do something. */
static enum case_status
open_source(int *fd, struct stat *st, const char *path, struct case_error *err)
{
	bool standard_input = strcmp(path, "-") == 0;
	enum case_status rc;

	if (standard_input) {
		*fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	} else {
		if (stat(path, st) != 0)
			return case_error_system(err, _("can't open"));
		if ((rc = refuse_kind(st, false, err)) != CASE_OK)
			return rc;
		*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	}
	if (*fd < 0 || fstat(*fd, st) != 0)
		return case_error_system(err, _("can't open"));
	return refuse_kind(st, standard_input, err);
}

/* A private file without a name, for what can be read only once. */
static int
open_spool(void)
{
	const char *dir = getenv("TMPDIR");
	struct case_buf name = { 0 };
	int fd;

	if (dir == NULL || dir[0] == '\0')
		dir = "/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd >= 0)
		return fd;
	/* A file system without O_TMPFILE; mkostemp() makes it 0600 as well. */
	case_buf_addf(&name, "%s/case-XXXXXX", dir);
	if (!name.failed && (fd = mkostemp(name.p, O_CLOEXEC)) >= 0)
		unlink(name.p);
	case_buf_free(&name);
	return fd;
}

/* Reads all of source once; keeps it in a spool, and hashes it, when told. */
static enum case_status
first_pass(struct case_input *in, struct survey *f, int source, int spool,
    struct case_sha256 *sha, struct case_error *err)
{
	enum case_status rc;
	ssize_t got;
	size_t n;

	do {
		if ((got = read_fully(source, in->raw, CASE_INPUT_RAW)) < 0)
			return read_fault(err);
		n = (size_t)got;
		if (spool >= 0 && !write_fully(spool, in->raw, n))
			return case_error_system(err,
			    _("can't keep the input in $TMPDIR or /tmp"));
		if (f->size == 0 &&
		    (rc = survey_begin(in, f, n, err)) != CASE_OK)
			return rc;
		if (sha != NULL)
			case_sha256_add(sha, in->raw, n);
		survey_feed(f, in->raw, n);
	} while (n == CASE_INPUT_RAW);
	survey_end(f);
	return CASE_OK;
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static enum case_status
growing(struct case_error *err)
{
	return case_error_set(err, CASE_EBUSY, 0,
	    _("the file is still growing or was changed while it was read; "
	      "try again"));
}

/* Whether the file is still as before, which was its state at that time. */
static enum case_status
refuse_growing(int fd, const struct stat *before, struct case_error *err)
{
	struct stat now;

	if (fstat(fd, &now) != 0)
		return read_fault(err);
	return same_file(&now, before) ? CASE_OK : growing(err);
}

/* Whether the bytes can be read again where they are, from the first on. */
static bool
is_seekable(int fd, const struct stat *st)
{
	return S_ISREG(st->st_mode) && lseek(fd, 0, SEEK_CUR) == 0;
}

/* What is hashed on the way: a pipe, and a file that takes no time. */
static enum case_status
pass_and_hash(struct case_input *in, struct survey *f, int source, int spool,
    struct case_error *err)
{
	struct case_sha256 *sha;
	enum case_status rc;

	if ((rc = case_sha256_new(&sha, err)) != CASE_OK)
		return rc;
	rc = first_pass(in, f, source, spool, sha, err);
	case_sha256_end(sha, rc == CASE_OK ? in->facts.sha256 : NULL);
	return rc;
}

/* Waits for the hash, or gives it up. */
static enum case_status
end_hasher(struct case_input *in, bool wanted, struct case_error *err)
{
	struct hasher *h = in->hasher;

	if (h == NULL)
		return CASE_OK;
	in->hasher = NULL;
	return hasher_end(h, wanted ? in->facts.sha256 : NULL, err);
}

/* All of a file, from its begin; a large one is hashed beside. */
static enum case_status
pass_file(struct case_input *in, struct survey *f, struct case_error *err)
{
	enum case_status rc, hashed;

	if (in->st.st_size < AHEAD_MIN)
		return pass_and_hash(in, f, in->fd, -1, err);
	if (in->hasher == NULL && in->facts.sha256[0] == '\0' &&
	    (rc = hasher_start(&in->hasher, in->fd, err)) != CASE_OK)
		return rc;
	rc = first_pass(in, f, in->fd, -1, NULL, err);
	hashed = end_hasher(in, rc == CASE_OK, err);
	return rc == CASE_OK ? hashed : rc;
}

/* What can be read but once, into a spool, which takes its place. */
static enum case_status
pass_pipe(struct case_input *in, struct survey *f, struct case_error *err)
{
	int source = in->fd, spool = open_spool();
	enum case_status rc;

	if (spool < 0)
		return case_error_system(err,
		    _("can't keep the input in $TMPDIR or /tmp"));
	in->fd = spool;
	rc = pass_and_hash(in, f, source, spool, err);
	close(source);
	if (rc == CASE_OK && fstat(spool, &in->st) != 0)
		rc = read_fault(err);
	return rc;
}

/* Reads all of it, and says what it is. */
static enum case_status
examine(struct case_input *in, struct case_error *err)
{
	struct survey f = { 0 };
	enum case_status rc;

	if (is_seekable(in->fd, &in->st)) {
		rc = pass_file(in, &f, err);
		if (rc == CASE_OK)
			rc = refuse_growing(in->fd, &in->st, err);
	} else {
		rc = pass_pipe(in, &f, err);
	}
	if (rc == CASE_OK)
		rc = survey_decide(in, &f, err);
	if (rc == CASE_OK)
		rc = case_charset_ready(in->facts.encoding, err);
	/* Where it is known already, others may be reading it. */
	if (in->facts.size != f.size)
		in->facts.size = f.size;
	in->at = in->bom_size;
	in->proven = rc == CASE_OK;
	return rc;
}

/*
 * Begins a large file of which the first bytes tell enough; *begun is false
 * when all of it has to be examined first.
 */
static enum case_status
begin(struct case_input *in, bool *begun, struct case_error *err)
{
	struct survey f = { 0 };
	enum case_status rc;
	ssize_t got;

	*begun = false;
	if (!is_seekable(in->fd, &in->st) || in->st.st_size < AHEAD_MIN)
		return CASE_OK;
	if ((got = survey_pread(in->fd, in->raw, CASE_INPUT_RAW, 0)) < 0)
		return read_fault(err);
	if ((rc = survey_begin(in, &f, (size_t)got, err)) != CASE_OK)
		return rc;
	if (!survey_guess(in, &f, (size_t)got))
		return CASE_OK;
	if ((rc = case_charset_ready(in->facts.encoding, err)) != CASE_OK ||
	    (rc = hasher_start(&in->hasher, in->fd, err)) != CASE_OK)
		return rc;
	in->facts.size = (uint64_t)in->st.st_size;
	in->check.encoding = in->facts.encoding;
	in->proven = in->facts.forced;
	in->at = in->bom_size;
	*begun = true;
	return CASE_OK;
}

static struct case_input *
new_input(enum case_encoding encoding)
{
	struct case_input *in = malloc(sizeof(*in));

	if (in == NULL)
		return NULL;
	/* The buffer is left as it is: fresh memory is slow to touch. */
	memset(in, 0, offsetof(struct case_input, raw));
	in->fd = -1;
	in->facts.encoding = encoding;
	in->facts.forced = encoding != CASE_ENCODING_AUTO;
	return in;
}

static enum case_status
open_input(struct case_input **out, const char *path,
    enum case_encoding encoding, bool ahead, struct case_error *err)
{
	struct case_input *in;
	enum case_status rc;
	bool begun = false;

	*out = NULL;
	if ((in = new_input(encoding)) == NULL)
		return case_error_memory(err);
	rc = open_source(&in->fd, &in->st, path, err);
	if (rc == CASE_OK && ahead)
		rc = begin(in, &begun, err);
	if (rc == CASE_OK && !begun)
		rc = examine(in, err);
	if (rc != CASE_OK) {
		case_input_close(in);
		return rc;
	}
	*out = in;
	return CASE_OK;
}

enum case_status
case_input_open(struct case_input **out, const char *path,
    enum case_encoding encoding, struct case_error *err)
{
	return open_input(out, path, encoding, false, err);
}

enum case_status
case_input_open_ahead(struct case_input **out, const char *path,
    enum case_encoding encoding, struct case_error *err)
{
	return open_input(out, path, encoding, true, err);
}

enum case_status
case_input_hash(struct case_input *in, struct case_error *err)
{
	enum case_status rc;

	if (in->hasher == NULL)
		return CASE_OK;
	rc = end_hasher(in, true, err);
	return rc == CASE_OK ? refuse_growing(in->fd, &in->st, err) : rc;
}

bool
case_input_is_proven(const struct case_input *in)
{
	return in->proven;
}

enum case_status
case_input_prove(struct case_input *in, struct case_error *err)
{
	uint64_t position = case_input_position(in);
	enum case_status rc;

	if (in->proven)
		return case_input_hash(in, err);
	if (lseek(in->fd, 0, SEEK_SET) != 0)
		return read_fault(err);
	/* As it was before anything was told. */
	in->facts.encoding = CASE_ENCODING_AUTO;
	in->facts.bom = false;
	in->bom_size = 0;
	rc = examine(in, err);
	in->at = position;
	in->raw_i = in->raw_n = 0;
	return rc;
}

/* All that read gives, into in->fd, which is at its begin behind it. */
static enum case_status
fill_spool(struct case_input *in,
    enum case_status (*read)(void *source, char *p, size_t cap, size_t *n,
	struct case_error *err),
    void *source, struct case_error *err)
{
	enum case_status rc;
	size_t n;

	if ((in->fd = open_spool()) < 0)
		return case_error_system(err,
		    _("can't keep the input in $TMPDIR or /tmp"));
	do {
		rc = read(source, (char *)in->raw, CASE_INPUT_RAW, &n, err);
		if (rc != CASE_OK)
			return rc;
		if (!write_fully(in->fd, in->raw, n))
			return case_error_system(err,
			    _("can't keep the input in $TMPDIR or /tmp"));
	} while (n > 0);
	if (lseek(in->fd, 0, SEEK_SET) != 0 || fstat(in->fd, &in->st) != 0)
		return read_fault(err);
	return CASE_OK;
}

enum case_status
case_input_spool(struct case_input **out,
    enum case_status (*read)(void *source, char *p, size_t cap, size_t *n,
	struct case_error *err),
    void *source, enum case_encoding encoding, struct case_error *err)
{
	struct case_input *in;
	enum case_status rc;

	*out = NULL;
	if ((in = new_input(encoding)) == NULL)
		return case_error_memory(err);
	if ((rc = fill_spool(in, read, source, err)) != CASE_OK ||
	    (rc = examine(in, err)) != CASE_OK) {
		case_input_close(in);
		return rc;
	}
	*out = in;
	return CASE_OK;
}

void
case_input_close(struct case_input *in)
{
	if (in == NULL)
		return;
	end_hasher(in, false, NULL);
	if (in->fd >= 0)
		close(in->fd);
	free(in);
}

const struct case_input_facts *
case_input_facts(const struct case_input *in)
{
	return &in->facts;
}

static enum case_status
misjudged(struct case_error *err)
{
	return case_error_set(err, CASE_EDATA, 0,
	    _("is not of the encoding that its begin is of"));
}

/* At the end: what was read is what was examined, or the file changed. */
static enum case_status
read_end(struct case_input *in, struct case_error *err)
{
	if (in->at != in->facts.size)
		return growing(err);
	if (!in->proven) {
		survey_check_end(&in->check, in->at);
		if (in->check.failed)
			return misjudged(err);
		in->proven = true;
	}
	return refuse_growing(in->fd, &in->st, err);
}

/* UTF-8 goes to the caller as it is, once it is known to be valid. */
static enum case_status
read_plain(struct case_input *in, char *p, size_t cap, size_t *n,
    struct case_error *err)
{
	ssize_t got = survey_pread(in->fd, p, cap, in->at);

	if (got < 0)
		return read_fault(err);
	if (!in->proven) {
		survey_check(&in->check, (unsigned char *)p, (size_t)got,
		    in->at);
		if (in->check.failed)
			return misjudged(err);
	}
	*n = (size_t)got;
	in->at += *n;
	return *n == 0 ? read_end(in, err) : CASE_OK;
}

/* Moves what is left of raw to its start and fills it up. */
static enum case_status
fill(struct case_input *in, bool *last, struct case_error *err)
{
	size_t left = in->raw_n - in->raw_i;
	ssize_t got;

	memmove(in->raw, in->raw + in->raw_i, left);
	in->raw_i = 0;
	in->raw_n = left;
	got =
	    survey_pread(in->fd, in->raw + left, CASE_INPUT_RAW - left, in->at);
	if (got < 0)
		return read_fault(err);
	in->at += (uint64_t)got;
	in->raw_n += (size_t)got;
	*last = got == 0;
	return CASE_OK;
}

enum case_status
case_input_read(struct case_input *in, char *p, size_t cap, size_t *n,
    struct case_error *err)
{
	struct case_charset_io io = { .out = p, .out_n = cap };
	enum case_status rc;
	bool last = false;

	assert(cap >= CASE_INPUT_READ_MIN);
	*n = 0;
	if (in->facts.encoding == CASE_ENCODING_AUTO)
		return case_error_set(err, CASE_EDATA, 0, _("is no text"));
	if (in->facts.encoding == CASE_ENCODING_UTF8 && !in->facts.forced)
		return read_plain(in, p, cap, n, err);
	while (io.out == p && !last) {
		if (in->raw_n - in->raw_i < CASE_CHARSET_MAX &&
		    (rc = fill(in, &last, err)) != CASE_OK)
			return rc;
		io.in = in->raw + in->raw_i;
		io.in_n = in->raw_n - in->raw_i;
		/* Where the first pass found no fault, the file is another. */
		if (case_charset_decode(in->facts.encoding, &io, last) > 0 &&
		    !in->facts.forced)
			return in->proven ? growing(err) : misjudged(err);
		in->raw_i = in->raw_n - io.in_n;
	}
	*n = (size_t)(io.out - p);
	return *n == 0 ? read_end(in, err) : CASE_OK;
}

enum case_status
case_input_rewind(struct case_input *in, struct case_error *err)
{
	in->at = in->bom_size;
	in->raw_i = in->raw_n = 0;
	in->check = (struct check){ .encoding = in->facts.encoding };
	return refuse_growing(in->fd, &in->st, err);
}

uint64_t
case_input_position(const struct case_input *in)
{
	return in->at - (in->raw_n - in->raw_i);
}

enum case_status
case_input_raw(struct case_input *in, uint64_t offset, char *p, size_t cap,
    size_t *n, struct case_error *err)
{
	ssize_t got = 0;

	*n = 0;
	if (offset < in->facts.size &&
	    (got = survey_pread(in->fd, p, cap, offset)) < 0)
		return read_fault(err);
	*n = (size_t)got;
	return CASE_OK;
}
