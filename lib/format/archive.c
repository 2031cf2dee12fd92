/* archive.c - the files in a zip or gzip file, each as an input */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "case/buf.h"
#include "case/intl.h"
#include "lib/format/archive.h"
#include "lib/format/gzip.h"
#include "lib/format/zip.h"
#include "lib/format/zipkind.h"

/*
 * zip		or NULL: a gzip file, which holds one
 * next		its next entry
 * at		the entry whose name was given
 */
struct case_archive {
	struct case_input *in;
	const char *name;
	struct case_archive_budget *budget;
	struct case_zip *zip;
	size_t next;
	size_t at;
	struct case_buf path;
};

static enum case_status
open_zip(struct case_archive *ar, bool *office, struct case_error *err)
{
	enum case_status rc;

	rc = case_zip_open(&ar->zip, ar->in, ar->budget->limits, err);
	*office = rc == CASE_OK && case_zip_is_document(ar->zip);
	return rc;
}

enum case_status
case_archive_open(struct case_archive **out, struct case_input *in,
    const char *name, struct case_archive_budget *budget,
    struct case_error *err)
{
	struct case_archive *ar;
	enum case_status rc;
	bool gzip, zip, office = false;
	char head[4];
	size_t n;

	*out = NULL;
	rc = case_input_raw(in, 0, head, sizeof(head), &n, err);
	if (rc != CASE_OK)
		return rc;
	gzip = n >= 2 && memcmp(head, "\x1f\x8b", 2) == 0;
	zip = n == 4 && (memcmp(head, "PK\x03\x04", 4) == 0 ||
			    memcmp(head, "PK\x05\x06", 4) == 0);
	if (!gzip && !zip)
		return CASE_OK;
	if ((ar = calloc(1, sizeof(*ar))) == NULL)
		return case_error_memory(err);
	ar->in = in;
	ar->name = name;
	ar->budget = budget;
	if (zip)
		rc = open_zip(ar, &office, err);
	if (rc != CASE_OK || office)
		case_archive_close(ar);
	else
		*out = ar;
	return rc;
}

void
case_archive_close(struct case_archive *ar)
{
	if (ar == NULL)
		return;
	case_zip_close(ar->zip);
	case_buf_free(&ar->path);
	free(ar);
}

/* One folder or file of a name. */
static bool
is_part(const char *p, size_t n, const char *word)
{
	return strlen(word) == n && strncasecmp(p, word, n) == 0;
}

/* The next part of a name, which ends at *n bytes; NULL: none. */
static const char *
next_part(const char *p, size_t *n)
{
	p += strspn(p, "/\\");
	*n = strcspn(p, "/\\");
	return *n > 0 ? p : NULL;
}

bool
case_archive_left_over(const char *name)
{
	static const char *const words[] = { "__MACOSX", ".DS_Store",
		"Thumbs.db", "desktop.ini" };
	const char *p = name;
	size_t n;

	for (; (p = next_part(p, &n)) != NULL; p += n) {
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (is_part(p, n, words[i]))
				return true;
		/* "~$x.docx" stands beside a document that is open. */
		if (n > 2 && p[0] == '~' && p[1] == '$')
			return true;
	}
	return false;
}

/* "a.zip/b/c.csv": the name for people, without steps that lead elsewhere. */
static void
set_path(struct case_archive *ar, const char *name)
{
	const char *p = name;
	size_t n;

	case_buf_reset(&ar->path);
	case_buf_adds(&ar->path, ar->name);
	for (; (p = next_part(p, &n)) != NULL; p += n) {
		if (is_part(p, n, ".") || is_part(p, n, ".."))
			continue;
		case_buf_addc(&ar->path, '/');
		case_buf_add(&ar->path, p, n);
	}
}

static enum case_status
count_entry(struct case_archive *ar, struct case_error *err)
{
	const struct case_limits *l = ar->budget->limits;

	if (++ar->budget->entries > l->entries)
		return case_limit_error(l, &l->entries,
		    _("the archive holds too many files"), err);
	return CASE_OK;
}

enum case_status
case_archive_next(struct case_archive *ar, const char **name,
    struct case_error *err)
{
	size_t count = ar->zip == NULL ? 1 : case_zip_count(ar->zip);
	enum case_status rc;

	while (ar->next < count) {
		const struct case_zip_entry *e;

		ar->at = ar->next++;
		if ((rc = count_entry(ar, err)) != CASE_OK)
			return rc;
		e = ar->zip == NULL ? NULL : case_zip_entry(ar->zip, ar->at);
		if (e != NULL && (e->folder || case_archive_left_over(e->name)))
			continue;
		set_path(ar, e == NULL ? "" : e->name);
		*name = case_buf_str(&ar->path);
		return ar->path.failed ? case_error_memory(err) : CASE_OK;
	}
	return CASE_EOF;
}

/* A stream whose bytes are counted. */
struct counted {
	struct case_archive_budget *budget;
	enum case_status (*read)(void *source, char *p, size_t cap, size_t *n,
	    struct case_error *err);
	void *source;
};

static enum case_status
read_counted(void *source, char *p, size_t cap, size_t *n,
    struct case_error *err)
{
	struct counted *c = source;
	const struct case_limits *l = c->budget->limits;
	enum case_status rc = c->read(c->source, p, cap, n, err);

	if (rc != CASE_OK)
		return rc;
	c->budget->total += *n;
	if (c->budget->total > l->total)
		return case_limit_error(l, &l->total,
		    _("the archive unpacks to too much"), err);
	return CASE_OK;
}

static enum case_status
spool_gzip(struct case_archive *ar, struct case_input **out,
    enum case_encoding encoding, struct case_error *err)
{
	struct counted c = { ar->budget, case_gzip_read, NULL };
	struct case_gzip *g;
	enum case_status rc;

	rc = case_gzip_open(&g, ar->in, ar->budget->limits, err);
	if (rc != CASE_OK)
		return rc;
	c.source = g;
	rc = case_input_spool(out, read_counted, &c, encoding, err);
	case_gzip_close(g);
	return rc;
}

enum case_status
case_archive_input(struct case_archive *ar, struct case_input **out,
    enum case_encoding encoding, struct case_error *err)
{
	struct counted c = { ar->budget, case_zip_read, NULL };
	struct case_zip_file *f;
	enum case_status rc;

	*out = NULL;
	if (ar->zip == NULL)
		return spool_gzip(ar, out, encoding, err);
	if (case_zip_entry(ar->zip, ar->at)->encrypted)
		return case_error_set(err, CASE_EDATA, 0, "%s",
		    _("is encrypted; unpack the archive with its password and "
		      "give the files"));
	if ((rc = case_zip_file_open(&f, ar->zip, ar->at, err)) != CASE_OK)
		return rc;
	c.source = f;
	rc = case_input_spool(out, read_counted, &c, encoding, err);
	case_zip_file_close(f);
	return rc;
}
