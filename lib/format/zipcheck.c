/* zipcheck.c - whether a workbook that was written is whole */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/format/zip.h"
#include "lib/format/zipcheck.h"

#define CHUNK ((size_t)64 * 1024)
/* As long as the longest tag that is looked for, "</sheetData>". */
#define TAG_MAX 12

/*
 * One file on its way through the check.
 *
 * tag		the beginning of the tag that the last bytes belong to
 * from		where the sheet's data began, or 0
 */
struct check {
	char *buffer;
	char tag[TAG_MAX];
	size_t tag_n;
	uint64_t from;
	struct case_zip_member member;
};

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
scan(struct check *c, const char *p, size_t n)
{
	const char *end = p + n;

	while (p < end) {
		if (c->tag_n == 0 &&
		    (p = memchr(p, '<', (size_t)(end - p))) == NULL)
			break;
		if (c->tag_n == TAG_MAX || *p == '<')
			c->tag_n = 0;
		if (c->tag_n > 0 || *p == '<') {
			c->tag[c->tag_n++] = *p;
			count_tag(c,
			    c->member.size + n - (size_t)(end - p) + 1);
			if (*p == '>')
				c->tag_n = 0;
		}
		p++;
	}
	c->member.size += n;
}

/* Size and CRC are checked where the archive is read. */
static enum case_status
check_member(struct check *c, struct case_zip *zip, size_t i,
    struct case_error *err)
{
	const char *name = case_zip_entry(zip, i)->name;
	struct case_zip_file *f;
	enum case_status rc;
	size_t n = 0;

	c->tag_n = 0;
	c->from = 0;
	c->member = (struct case_zip_member){ .name = name };
	if ((rc = case_zip_file_open(&f, zip, i, err)) != CASE_OK)
		return rc;
	do {
		rc = case_zip_read(f, c->buffer, CHUNK, &n, err);
		if (rc == CASE_OK)
			scan(c, c->buffer, n);
	} while (rc == CASE_OK && n > 0);
	case_zip_file_close(f);
	if (rc == CASE_OK && c->member.size == 0)
		rc = case_error_set(err, CASE_EDATA, 0, _("%s is empty"), name);
	return rc;
}

static enum case_status
check_all(struct check *c, struct case_zip *zip,
    enum case_status (*each)(void *arg, const struct case_zip_member *m,
	struct case_error *err),
    void *arg, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (size_t i = 0; i < case_zip_count(zip) && rc == CASE_OK; i++)
		if ((rc = check_member(c, zip, i, err)) == CASE_OK)
			rc = each(arg, &c->member, err);
	return rc;
}

enum case_status
case_zip_check(const char *path,
    enum case_status (*each)(void *arg, const struct case_zip_member *m,
	struct case_error *err),
    void *arg, struct case_error *err)
{
	/* It is our own file: nothing is too much for it. */
	static const struct case_limits none = { UINT64_MAX, UINT64_MAX,
		UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX };
	struct check c = { .buffer = malloc(CHUNK) };
	struct case_input *in = NULL;
	struct case_zip *zip = NULL;
	struct case_error why;
	enum case_status rc;

	if (c.buffer == NULL)
		rc = case_error_memory(&why);
	else if ((rc = case_input_open(&in, path, CASE_ENCODING_AUTO, &why)) ==
		     CASE_OK &&
		 (rc = case_zip_open(&zip, in, &none, &why)) == CASE_OK)
		rc = check_all(&c, zip, each, arg, &why);
	case_zip_close(zip);
	case_input_close(in);
	free(c.buffer);
	if (rc == CASE_EDATA)
		return case_error_set(err, CASE_EIO, 0,
		    _("%s: the file that was written is not whole: %s; is "
		      "the disk full?"),
		    path, why.what);
	return rc == CASE_OK
		   ? CASE_OK
		   : case_error_set(err, rc, why.line, "%s", why.what);
}
