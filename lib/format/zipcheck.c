/* zipcheck.c - whether a workbook that was written is whole */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <zlib.h>

#include "case/buf.h"
#include "case/intl.h"
#include "lib/format/zipcheck.h"

#define END_SIZE 22
#define END_SIGNATURE 0x06054b50U
#define ENTRY_SIZE 46
#define ENTRY_SIGNATURE 0x02014b50U
#define LOCAL_SIZE 30
#define LOCAL_SIGNATURE 0x04034b50U
#define STORED 0
#define DEFLATED 8

#define CHUNK (64 * 1024)
/* As long as the longest tag that is looked for, "</sheetData>". */
#define TAG_MAX 12

/*
 * One file on its way through the check.
 *
 * tag		the beginning of the tag that the last bytes belong to
 * seen		inflated bytes of the member so far
 * from		where the sheet's data began, or 0
 */
struct check {
	const char *path;
	FILE *f;
	struct case_buf directory;
	unsigned char *in;
	unsigned char *out;
	char tag[TAG_MAX];
	size_t tag_n;
	uint64_t from;
	uint64_t crc;
	uint64_t seen;
	struct case_zip_member member;
};

/* A member as the directory describes it. */
struct entry {
	unsigned method;
	uint32_t crc;
	uint32_t packed;
	uint32_t size;
	uint32_t offset;
};

static unsigned
get16(const unsigned char *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

static uint32_t
get32(const unsigned char *p)
{
	return get16(p) | (uint32_t)get16(p + 2) << 16;
}

static enum case_status
damaged(const struct check *c, const char *what, struct case_error *err)
{
	return case_error_set(err, CASE_EIO, 0,
	    _("%s: the file that was written is not whole (%s %s); is the "
	      "disk full?"),
	    c->path, c->member.name, what);
}

static enum case_status
read_at(struct check *c, uint64_t offset, void *p, size_t n,
    struct case_error *err)
{
	if (fseeko(c->f, (off_t)offset, SEEK_SET) != 0)
		return case_error_system(err, c->path);
	if (fread(p, 1, n, c->f) == n)
		return CASE_OK;
	return ferror(c->f) ? case_error_system(err, c->path)
			    : damaged(c, _("is cut"), err);
}

/* Counts what the tag at hand, once it can be told, says. */
static void
count_tag(struct check *c, uint64_t end)
{
	static const char row[] = "<row ", open[] = "<sheetData>",
			  close[] = "</sheetData>";

	if (c->tag_n == sizeof(row) - 1 && memcmp(c->tag, row, c->tag_n) == 0)
		c->member.rows++;
	else if (c->tag_n == sizeof(open) - 1 &&
		 memcmp(c->tag, open, c->tag_n) == 0)
		c->from = end;
	else if (c->tag_n == sizeof(close) - 1 &&
		 memcmp(c->tag, close, c->tag_n) == 0)
		c->member.data = end - c->tag_n - c->from;
	else
		return;
	c->tag_n = 0;
}

/* Text has no '<' of its own in XML, so a tag is known by its beginning. */
static void
scan(struct check *c, const unsigned char *p, size_t n)
{
	const unsigned char *end = p + n;

	while (p < end) {
		if (c->tag_n == 0 &&
		    (p = memchr(p, '<', (size_t)(end - p))) == NULL)
			break;
		if (c->tag_n == TAG_MAX || *p == '<')
			c->tag_n = 0;
		if (c->tag_n > 0 || *p == '<') {
			c->tag[c->tag_n++] = (char)*p;
			count_tag(c, c->seen + n - (size_t)(end - p) + 1);
			if (*p == '>')
				c->tag_n = 0;
		}
		p++;
	}
	c->crc = crc32(c->crc, end - n, (uInt)n);
	c->seen += n;
}

static enum case_status
inflate_member(struct check *c, z_stream *z, uint32_t packed,
    struct case_error *err)
{
	int rc = Z_OK;

	while (rc != Z_STREAM_END) {
		if (z->avail_in == 0 && packed > 0) {
			size_t n = packed < CHUNK ? packed : CHUNK;

			if (fread(c->in, 1, n, c->f) != n)
				return damaged(c, _("is cut"), err);
			packed -= (uint32_t)n;
			z->next_in = c->in;
			z->avail_in = (uInt)n;
		}
		z->next_out = c->out;
		z->avail_out = CHUNK;
		rc = inflate(z, Z_NO_FLUSH);
		if (rc != Z_OK && rc != Z_STREAM_END)
			return damaged(c, _("does not inflate"), err);
		scan(c, c->out, CHUNK - z->avail_out);
	}
	if (packed > 0 || z->avail_in > 0)
		return damaged(c, _("is longer than it says"), err);
	return CASE_OK;
}

static enum case_status
copy_member(struct check *c, uint32_t packed, struct case_error *err)
{
	while (packed > 0) {
		size_t n = packed < CHUNK ? packed : CHUNK;

		if (fread(c->in, 1, n, c->f) != n)
			return damaged(c, _("is cut"), err);
		scan(c, c->in, n);
		packed -= (uint32_t)n;
	}
	return CASE_OK;
}

static enum case_status
check_member(struct check *c, const struct entry *e, struct case_error *err)
{
	unsigned char local[LOCAL_SIZE];
	z_stream z = { 0 };
	enum case_status rc;

	c->tag_n = 0;
	c->from = c->seen = 0;
	c->crc = crc32(0, NULL, 0);
	c->member.rows = c->member.data = 0;
	if ((rc = read_at(c, e->offset, local, sizeof(local), err)) != CASE_OK)
		return rc;
	if (get32(local) != LOCAL_SIGNATURE)
		return damaged(c, _("has no header"), err);
	if (fseeko(c->f, (off_t)(get16(local + 26) + get16(local + 28)),
		SEEK_CUR) != 0)
		return case_error_system(err, c->path);
	if (e->method == STORED) {
		rc = copy_member(c, e->packed, err);
	} else if (e->method == DEFLATED) {
		if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
			return case_error_memory(err);
		rc = inflate_member(c, &z, e->packed, err);
		inflateEnd(&z);
	} else {
		rc = damaged(c, _("is packed in an unknown way"), err);
	}
	if (rc != CASE_OK)
		return rc;
	c->member.size = c->seen;
	if (c->seen != e->size || (uint32_t)c->crc != e->crc)
		return damaged(c, _("has another CRC"), err);
	return c->seen > 0 ? CASE_OK : damaged(c, _("is empty"), err);
}

/* The next entry of the directory at *p; *p moves behind it. */
static enum case_status
next_entry(struct check *c, size_t *at, struct entry *e, struct case_error *err)
{
	const unsigned char *p = (unsigned char *)c->directory.p + *at;
	size_t left = c->directory.n - *at, name, all;

	c->member.name[0] = '\0';
	if (left < ENTRY_SIZE || get32(p) != ENTRY_SIGNATURE)
		return damaged(c, _("has no directory entry"), err);
	name = get16(p + 28);
	all = ENTRY_SIZE + name + get16(p + 30) + get16(p + 32);
	if (left < all)
		return damaged(c, _("has no directory entry"), err);
	*e = (struct entry){ .method = get16(p + 10),
		.crc = get32(p + 16),
		.packed = get32(p + 20),
		.size = get32(p + 24),
		.offset = get32(p + 42) };
	if (name >= sizeof(c->member.name))
		name = sizeof(c->member.name) - 1;
	memcpy(c->member.name, p + ENTRY_SIZE, name);
	c->member.name[name] = '\0';
	*at += all;
	return CASE_OK;
}

/* The directory as a whole, and how many entries it has. */
static enum case_status
read_directory(struct check *c, unsigned *n, struct case_error *err)
{
	unsigned char end[END_SIZE];
	enum case_status rc;
	uint32_t size;
	off_t length;

	if (fseeko(c->f, 0, SEEK_END) != 0 || (length = ftello(c->f)) < 0)
		return case_error_system(err, c->path);
	if (length < END_SIZE)
		return damaged(c, _("is cut"), err);
	rc = read_at(c, (uint64_t)length - END_SIZE, end, sizeof(end), err);
	if (rc != CASE_OK)
		return rc;
	size = get32(end + 12);
	if (get32(end) != END_SIGNATURE || size > (uint64_t)length)
		return damaged(c, _("has no directory"), err);
	*n = get16(end + 10);
	if (!case_buf_reserve(&c->directory, size))
		return case_error_memory(err);
	c->directory.n = size;
	return read_at(c, get32(end + 16), c->directory.p, size, err);
}

static enum case_status
check_all(struct check *c,
    enum case_status (*each)(void *arg, const struct case_zip_member *m,
	struct case_error *err),
    void *arg, struct case_error *err)
{
	enum case_status rc;
	struct entry e = { 0 };
	size_t at = 0;
	unsigned n = 0;

	if ((rc = read_directory(c, &n, err)) != CASE_OK)
		return rc;
	for (unsigned i = 0; i < n; i++) {
		if ((rc = next_entry(c, &at, &e, err)) != CASE_OK ||
		    (rc = check_member(c, &e, err)) != CASE_OK ||
		    (rc = each(arg, &c->member, err)) != CASE_OK)
			return rc;
	}
	return CASE_OK;
}

enum case_status
case_zip_check(const char *path,
    enum case_status (*each)(void *arg, const struct case_zip_member *m,
	struct case_error *err),
    void *arg, struct case_error *err)
{
	struct check c = { .path = path };
	enum case_status rc;

	if ((c.f = fopen(path, "rbe")) == NULL)
		return case_error_system(err, path);
	c.in = malloc(CHUNK);
	c.out = malloc(CHUNK);
	if (c.in == NULL || c.out == NULL)
		rc = case_error_memory(err);
	else
		rc = check_all(&c, each, arg, err);
	free(c.in);
	free(c.out);
	case_buf_free(&c.directory);
	fclose(c.f);
	return rc;
}
