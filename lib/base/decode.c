/* decode.c - opening an input: what it is, and its bytes as UTF-8 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* O_TMPFILE, mkostemp() */
#endif
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
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
#include "lib/base/charset.h"

enum {
	RAW_SIZE = 128 * 1024,
	HEAD_SIZE = 4096,
	SHORT_MAX = 32,	   /* characters: a text that script decides */
	DAMAGED_MAX = 4096 /* faults: see is_damaged_utf8() */
};

struct case_input {
	int fd;
	struct stat st; /* as it was when the first pass ended */
	struct case_input_facts facts;
	size_t bom_size;
	uint64_t at; /* offset of the next byte to come into raw */
	size_t raw_i;
	size_t raw_n;
	unsigned char raw[RAW_SIZE];
};

/* One encoding held against the whole file, buffer by buffer. */
struct check {
	enum case_encoding encoding;
	bool failed;
	uint64_t at;			     /* of the first fault */
	unsigned char cut[CASE_CHARSET_MAX]; /* begun in the last buffer */
	size_t cut_n;
};

struct survey {
	struct case_sha256 *sha;
	struct check check[2];
	size_t check_n;
	bool high; /* any byte beyond ASCII */
	uint64_t size;
};

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

static const struct {
	const char *bytes;
	size_t n;
	enum case_encoding encoding;
} boms[] = {
	{ "\xef\xbb\xbf", 3, CASE_ENCODING_UTF8 },
	{ "\xff\xfe", 2, CASE_ENCODING_UTF16LE },
	{ "\xfe\xff", 2, CASE_ENCODING_UTF16BE },
	{ "\x84\x31\x95\x33", 4, CASE_ENCODING_GB18030 },
};

/* First bytes of files that are no text; a reader of rows names them. */
static const struct {
	const char *bytes;
	size_t n;
} binaries[] = {
	{ "PK\x03\x04", 4 },			   /* zip, xlsx, docx, ods */
	{ "PK\x05\x06", 4 },			   /* an empty zip */
	{ "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8 }, /* OLE2: xls, doc */
	{ "\x09\x08\x08\x00", 4 },		   /* xls without OLE2 */
	{ "\x09\x00\x04\x00", 4 },		   /* of Excel 2 to 4 */
	{ "\x09\x02\x06\x00", 4 }, { "\x09\x04\x06\x00", 4 },
	{ "\x1f\x8b", 2 },	     /* gzip */
	{ "\xfd\x37zXZ", 5 },	     /* xz */
	{ "\x28\xb5\x2f\xfd", 4 },   /* zstd */
	{ "BZh91AY&SY", 10 },	     /* bzip2 */
	{ "7z\xbc\xaf\x27\x1c", 6 }, /* 7-Zip */
	{ "Rar!\x1a\x07", 6 },	     /* rar */
	{ "%PDF-", 5 },		     /* pdf */
	{ "\x89PNG", 4 },	     /* png */
	{ "\xff\xd8\xff", 3 },	     /* jpeg */
	{ "SQLite format 3", 16 },   /* a store, perhaps */
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

static ssize_t
pread_fully(int fd, void *p, size_t n, uint64_t at)
{
	size_t got = 0;
	ssize_t k;

	while (got < n) {
		k = pread(fd, (char *)p + got, n - got, (off_t)(at + got));
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

static enum case_status
read_fault(struct case_error *err)
{
	return case_error_system(err, _("can't read"));
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

static void
check_fail(struct check *c, uint64_t at)
{
	c->failed = true;
	c->at = at;
}

/* Ends the character that the last buffer began; moves *p behind it. */
static void
check_cut(struct check *c, const unsigned char **p, size_t *n, uint64_t *at)
{
	size_t k;

	while (c->cut_n > 0 && *n > 0) {
		c->cut[c->cut_n++] = *(*p)++;
		--*n;
		++*at;
		k = case_charset_length(c->encoding, c->cut, c->cut_n);
		if (k == 0) {
			check_fail(c, *at - c->cut_n);
			return;
		}
		if (k != CASE_CHARSET_CUT)
			c->cut_n = 0;
	}
}

static void
check_feed(struct check *c, const unsigned char *p, size_t n, uint64_t at)
{
	size_t k;

	if (c->failed)
		return;
	check_cut(c, &p, &n, &at);
	if (c->failed || n == 0)
		return;
	k = case_charset_prefix(c->encoding, p, n);
	if (k == n)
		return;
	if (case_charset_length(c->encoding, p + k, n - k) ==
	    CASE_CHARSET_CUT) {
		c->cut_n = n - k;
		memcpy(c->cut, p + k, c->cut_n);
	} else {
		check_fail(c, at + k);
	}
}

static bool
begins_with(const unsigned char *p, size_t n, const char *bytes, size_t bytes_n)
{
	return n >= bytes_n && memcmp(p, bytes, bytes_n) == 0;
}

static bool
is_binary(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < COUNT(binaries); i++)
		if (begins_with(p, n, binaries[i].bytes, binaries[i].n))
			return true;
	return false;
}

/* The mark of the encoding, or of any when that is still to be found. */
static void
find_bom(struct case_input *in, const unsigned char *p, size_t n)
{
	enum case_encoding e = in->facts.encoding;

	for (size_t i = 0; i < COUNT(boms); i++) {
		if ((e != CASE_ENCODING_AUTO && e != boms[i].encoding) ||
		    !begins_with(p, n, boms[i].bytes, boms[i].n))
			continue;
		in->facts.encoding = boms[i].encoding;
		in->facts.bom = true;
		in->bom_size = boms[i].n;
		return;
	}
}

/*
 * A text of UTF-16 without a mark shows as NULs in every other place, while
 * no other text has any to speak of.
 */
static enum case_status
refuse_nuls(const unsigned char *p, size_t n, struct case_error *err)
{
	size_t nul[2] = { 0, 0 };

	if (n > HEAD_SIZE)
		n = HEAD_SIZE;
	for (size_t i = 0; i < n; i++)
		nul[i % 2] += p[i] == '\0';
	if ((nul[0] + nul[1]) * 10 <= n * 3)
		return CASE_OK;
	return case_error_set(err, CASE_EDATA, 0,
	    _("is no text: many bytes are NUL; if it is UTF-16 without a byte "
	      "order mark, say -e %s"),
	    nul[1] >= nul[0] ? "utf-16le" : "utf-16be");
}

/* Its mark begins like that of UTF-16, which would make NULs of the rest. */
static enum case_status
refuse_utf32(const unsigned char *p, size_t n, struct case_error *err)
{
	if (!begins_with(p, n, "\xff\xfe\0\0", 4) &&
	    !begins_with(p, n, "\0\0\xfe\xff", 4))
		return CASE_OK;
	return case_error_set(err, CASE_EDATA, 0, "%s",
	    _("is UTF-32, which is not read; save it as UTF-8 (iconv -f "
	      "UTF-32 -t UTF-8)"));
}

/* What the first buffer tells, and so what to hold against the whole. */
static enum case_status
first_buffer(struct case_input *in, struct survey *f, size_t n,
    struct case_error *err)
{
	enum case_status rc;

	if (in->facts.forced) {
		find_bom(in, in->raw, n);
		return CASE_OK;
	}
	if (is_binary(in->raw, n))
		return CASE_OK;
	if ((rc = refuse_utf32(in->raw, n, err)) != CASE_OK)
		return rc;
	find_bom(in, in->raw, n);
	if (in->facts.bom) {
		f->check[f->check_n++].encoding = in->facts.encoding;
		return CASE_OK;
	}
	if ((rc = refuse_nuls(in->raw, n, err)) != CASE_OK)
		return rc;
	f->check[f->check_n++].encoding = CASE_ENCODING_UTF8;
	f->check[f->check_n++].encoding = CASE_ENCODING_GB18030;
	return CASE_OK;
}

/* Reads all of source once; with a spool, keeps what it reads there. */
static enum case_status
first_pass(struct case_input *in, struct survey *f, int source, int spool,
    struct case_error *err)
{
	enum case_status rc;
	ssize_t got;
	size_t n;

	do {
		if ((got = read_fully(source, in->raw, RAW_SIZE)) < 0)
			return read_fault(err);
		n = (size_t)got;
		if (spool >= 0 && !write_fully(spool, in->raw, n))
			return case_error_system(err,
			    _("can't keep the input in $TMPDIR or /tmp"));
		if (f->size == 0 &&
		    (rc = first_buffer(in, f, n, err)) != CASE_OK)
			return rc;
		if (spool >= 0)
			case_sha256_add(f->sha, in->raw, n);
		if (!f->high)
			f->high = case_utf8_ascii((char *)in->raw, n) < n;
		for (size_t i = 0; i < f->check_n; i++)
			check_feed(&f->check[i], in->raw, n, f->size);
		f->size += n;
	} while (n == RAW_SIZE);
	for (size_t i = 0; i < f->check_n; i++)
		if (!f->check[i].failed && f->check[i].cut_n > 0)
			check_fail(&f->check[i], f->size - f->check[i].cut_n);
	return CASE_OK;
}

/* Whether the LF at i is a character; in UTF-16 it may be half of one. */
static bool
is_line_end(const unsigned char *p, size_t n, size_t i, enum case_encoding e)
{
	if (e == CASE_ENCODING_UTF16LE)
		return i % 2 == 0 && i + 1 < n && p[i + 1] == '\0';
	if (e == CASE_ENCODING_UTF16BE)
		return i % 2 == 1 && p[i - 1] == '\0';
	return true;
}

/* The line, from 1, on which a byte stands. */
static enum case_status
line_of(struct case_input *in, uint64_t offset, enum case_encoding e,
    size_t *line, struct case_error *err)
{
	uint64_t at = 0;
	size_t n;
	ssize_t got;

	*line = 1;
	while (at < offset) {
		n = offset - at < RAW_SIZE ? (size_t)(offset - at) : RAW_SIZE;
		if ((got = pread_fully(in->fd, in->raw, n, at)) < 0)
			return read_fault(err);
		if (got == 0)
			break;
		n = (size_t)got;
		for (size_t i = 0; i < n; i++)
			*line +=
			    in->raw[i] == '\n' && is_line_end(in->raw, n, i, e);
		at += n;
	}
	return CASE_OK;
}

/* Says where the first fault of a check is, its bytes, and why it is one. */
static enum case_status
refuse_bytes(struct case_input *in, const struct check *c, const char *why,
    struct case_error *err)
{
	unsigned char p[CASE_CHARSET_MAX];
	char hex[3 * CASE_CHARSET_MAX + 1] = "";
	enum case_status rc;
	size_t line;
	ssize_t got;

	if ((got = pread_fully(in->fd, p, sizeof(p), c->at)) < 0)
		return read_fault(err);
	for (size_t i = 0; i < (size_t)got; i++)
		snprintf(hex + 3 * i, 4, "%02x ", p[i]);
	if (got > 0)
		hex[3 * got - 1] = '\0';
	if ((rc = line_of(in, c->at, c->encoding, &line, err)) != CASE_OK)
		return rc;
	return case_error_set(err, CASE_EDATA, line,
	    _("bytes %s at offset %" PRIu64 " (from 0): %s"), hex, c->at, why);
}

/*
 * Whether more than 90 % of the sequences of bytes beyond ASCII are valid
 * UTF-8. The file is read again, but only until it is sure that it is no
 * UTF-8: a text in GB18030 has its thousands of faults in the first pages. A
 * file that begins with so many and is UTF-8 behind them can't be GB18030
 * either, so nothing is taken for what it is not.
 */
static enum case_status
is_damaged_utf8(struct case_input *in, bool *damaged, struct case_error *err)
{
	uint64_t good = 0, bad = 0, at = 0;
	size_t n = 0, i, k;
	ssize_t got;

	do {
		got = pread_fully(in->fd, in->raw + n, RAW_SIZE - n, at);
		if (got < 0)
			return read_fault(err);
		at += (uint64_t)got;
		n += (size_t)got;
		for (i = 0; i < n; i += k) {
			k = 1;
			if (in->raw[i] < 0x80)
				continue;
			k = case_charset_length(CASE_ENCODING_UTF8, in->raw + i,
			    n - i);
			if (k == CASE_CHARSET_CUT && got > 0)
				break;
			if (k != 0 && k != CASE_CHARSET_CUT) {
				good++;
				continue;
			}
			/* What is left of a character is one fault. */
			bad++;
			for (k = 1; k < 3 && i + k < n; k++)
				if (in->raw[i] < 0xc0 ||
				    (in->raw[i + k] & 0xc0) != 0x80)
					break;
		}
		memmove(in->raw, in->raw + i, n - i);
		n -= i;
	} while (got > 0 && !(bad > DAMAGED_MAX && bad > good));
	*damaged = good > 9 * bad;
	return CASE_OK;
}

static bool
is_letter(unsigned char c)
{
	c |= 0x20;
	return c >= 'a' && c <= 'z';
}

/*
 * Whether a character of two bytes of UTF-8 may be meant: one of the signs
 * that such files hold, or a Latin letter inside a Latin word.
 */
static bool
is_expected(uint32_t c, bool in_word)
{
	static const uint32_t sign[] = { 0xa0, 0xa3, 0xa5, 0xa7, 0xa9, 0xab,
		0xae, 0xb0, 0xb1, 0xb2, 0xb3, 0xb5, 0xb7, 0xbb, 0xd7, 0xf7 };

	for (size_t i = 0; i < COUNT(sign); i++)
		if (sign[i] == c)
			return true;
	return in_word && c >= 0xc0 && c <= 0x24f;
}

/*
 * Decides a short text that is valid UTF-8 and valid GB18030: the word for
 * woman (C5 AE) is a letter of Czech, too. It is GB18030 when all of its at
 * most 32 characters beyond ASCII have two bytes both ways, one of them is
 * none that such files hold when read as UTF-8, and read as GB18030 all are
 * hanzi of GB 2312, half of them or more of its level 1 (the common ones).
 * Anything with a sequence of three bytes is UTF-8.
 */
static bool
is_short_gb18030(const unsigned char *p, size_t n)
{
	size_t count = 0, common = 0, unexpected = 0;
	uint32_t c;

	for (size_t i = 0; i < n; i++) {
		if (p[i] < 0x80)
			continue;
		/* Both see the same pair, whose first byte is C2 to DF. */
		if (p[i] >= 0xe0 || i + 1 == n || p[i + 1] < 0xa1 ||
		    ++count > SHORT_MAX)
			return false;
		common += p[i] <= 0xd7;
		case_utf8_get((const char *)p + i, 2, &c);
		unexpected +=
		    !is_expected(c, (i > 0 && is_letter(p[i - 1])) ||
					(i + 2 < n && is_letter(p[i + 2])));
		i++;
	}
	return unexpected > 0 && common * 2 >= count;
}

/* The encoding, by what the checks found. */
static enum case_status
decide(struct case_input *in, const struct survey *f, struct case_error *err)
{
	const struct check *utf8 = &f->check[0], *gb = &f->check[1];
	enum case_status rc;
	bool damaged = false;

	if (f->check_n == 0)
		return CASE_OK;
	if (f->check_n == 1)
		return !utf8->failed ? CASE_OK
				     : refuse_bytes(in, utf8,
					   _("not of the encoding that the "
					     "byte order mark names"),
					   err);
	if (!utf8->failed) {
		in->facts.encoding = CASE_ENCODING_UTF8;
		/* A short file is still in the buffer, whole. */
		if (!gb->failed && f->high && f->size <= RAW_SIZE &&
		    is_short_gb18030(in->raw, (size_t)f->size))
			in->facts.encoding = CASE_ENCODING_GB18030;
		return CASE_OK;
	}
	if ((rc = is_damaged_utf8(in, &damaged, err)) != CASE_OK)
		return rc;
	if (damaged)
		return refuse_bytes(in, utf8,
		    _("damaged UTF-8; -e utf-8 takes the other rows"), err);
	if (gb->failed)
		return refuse_bytes(in, utf8->at > gb->at ? utf8 : gb,
		    _("neither UTF-8 nor GB18030; name the encoding with -e"),
		    err);
	in->facts.encoding = CASE_ENCODING_GB18030;
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

/*
 * The hash takes as long as the rest of the first pass, so that a file gets a
 * thread for it. A pipe can be read but once and is hashed on the way.
 */
struct hasher {
	int fd;
	struct case_sha256 *sha;
	bool failed;
	unsigned char raw[64 * 1024];
};

static void *
hash_file(void *arg)
{
	struct hasher *h = arg;
	uint64_t at = 0;
	ssize_t n;

	while ((n = pread_fully(h->fd, h->raw, sizeof(h->raw), at)) > 0) {
		case_sha256_add(h->sha, h->raw, (size_t)n);
		at += (size_t)n;
	}
	h->failed = n < 0;
	return NULL;
}

static enum case_status
hash_and_pass(struct case_input *in, struct survey *f, struct case_error *err)
{
	struct hasher *h = malloc(sizeof(*h));
	enum case_status rc;
	pthread_t thread;
	bool started;

	if (h == NULL)
		return case_error_memory(err);
	h->fd = in->fd;
	h->sha = f->sha;
	started = pthread_create(&thread, NULL, hash_file, h) == 0;
	rc = first_pass(in, f, in->fd, -1, err);
	if (started)
		pthread_join(thread, NULL);
	else
		hash_file(h);
	if (rc == CASE_OK && h->failed)
		rc = read_fault(err);
	free(h);
	return rc;
}

/* The first pass over in->fd, which becomes the spool when there is one. */
static enum case_status
examine(struct case_input *in, struct survey *f, struct case_error *err)
{
	int source = in->fd, spool = -1;
	enum case_status rc;

	if (!is_seekable(source, &in->st)) {
		if ((spool = open_spool()) < 0)
			return case_error_system(err,
			    _("can't keep the input in $TMPDIR or /tmp"));
		in->fd = spool;
	}
	rc = spool >= 0 ? first_pass(in, f, source, spool, err)
			: hash_and_pass(in, f, err);
	if (spool >= 0) {
		close(source);
		if (rc == CASE_OK && fstat(spool, &in->st) != 0)
			rc = read_fault(err);
	} else if (rc == CASE_OK) {
		rc = refuse_growing(in->fd, &in->st, err);
	}
	if (rc == CASE_OK)
		rc = decide(in, f, err);
	if (rc == CASE_OK)
		rc = case_charset_ready(in->facts.encoding, err);
	return rc;
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

/* Examines what in->fd gives and hands it over; in is closed on failure. */
static enum case_status
finish_open(struct case_input **out, struct case_input *in,
    struct case_error *err)
{
	struct survey f = { 0 };
	enum case_status rc;

	if ((rc = case_sha256_new(&f.sha, err)) != CASE_OK ||
	    (rc = examine(in, &f, err)) != CASE_OK) {
		case_sha256_end(f.sha, NULL);
		case_input_close(in);
		return rc;
	}
	case_sha256_end(f.sha, in->facts.sha256);
	in->facts.size = f.size;
	in->at = in->bom_size;
	*out = in;
	return CASE_OK;
}

enum case_status
case_input_open(struct case_input **out, const char *path,
    enum case_encoding encoding, struct case_error *err)
{
	struct case_input *in;
	enum case_status rc;

	*out = NULL;
	if ((in = new_input(encoding)) == NULL)
		return case_error_memory(err);
	if ((rc = open_source(&in->fd, &in->st, path, err)) != CASE_OK) {
		case_input_close(in);
		return rc;
	}
	return finish_open(out, in, err);
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
		rc = read(source, (char *)in->raw, RAW_SIZE, &n, err);
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
	if ((rc = fill_spool(in, read, source, err)) != CASE_OK) {
		case_input_close(in);
		return rc;
	}
	return finish_open(out, in, err);
}

void
case_input_close(struct case_input *in)
{
	if (in == NULL)
		return;
	if (in->fd >= 0)
		close(in->fd);
	free(in);
}

const struct case_input_facts *
case_input_facts(const struct case_input *in)
{
	return &in->facts;
}

/* At the end: what was read is what was examined, or the file changed. */
static enum case_status
read_end(struct case_input *in, struct case_error *err)
{
	if (in->at != in->facts.size)
		return growing(err);
	return refuse_growing(in->fd, &in->st, err);
}

/* UTF-8 that is known to be valid goes to the caller as it is. */
static enum case_status
read_plain(struct case_input *in, char *p, size_t cap, size_t *n,
    struct case_error *err)
{
	ssize_t got = pread_fully(in->fd, p, cap, in->at);

	if (got < 0)
		return read_fault(err);
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
	got = pread_fully(in->fd, in->raw + left, RAW_SIZE - left, in->at);
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
		/* The first pass found no fault: the file is another. */
		if (case_charset_decode(in->facts.encoding, &io, last) > 0 &&
		    !in->facts.forced)
			return growing(err);
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
	    (got = pread_fully(in->fd, p, cap, offset)) < 0)
		return read_fault(err);
	*n = (size_t)got;
	return CASE_OK;
}
