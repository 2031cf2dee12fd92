/* gzip.c - what a gzip file holds, as a stream */
#include <stdbool.h>
#include <stdlib.h>

#include <zlib.h>

#include "case/intl.h"
#include "lib/format/gzip.h"

#define IN_SIZE ((size_t)64 * 1024)
/* A few pages may be of one byte each: no ratio is asked of the first 16 MiB.
 */
#define FREE_SIZE ((uint64_t)16 * 1024 * 1024)

struct case_gzip {
	struct case_input *in;
	const struct case_limits *limits;
	z_stream z;
	uint64_t at;  /* of the next packed bytes */
	uint64_t out; /* unpacked so far */
	bool between; /* members: another, or the end, is to come */
	char raw[IN_SIZE];
};

enum case_status
case_gzip_open(struct case_gzip **out, struct case_input *in,
    const struct case_limits *limits, struct case_error *err)
{
	struct case_gzip *g = calloc(1, sizeof(*g));

	*out = NULL;
	/* 15 bits of window, and 16 for the header and trailer of gzip. */
	if (g == NULL || inflateInit2(&g->z, 15 + 16) != Z_OK) {
		free(g);
		return case_error_memory(err);
	}
	g->in = in;
	g->limits = limits;
	*out = g;
	return CASE_OK;
}

void
case_gzip_close(struct case_gzip *g)
{
	if (g == NULL)
		return;
	inflateEnd(&g->z);
	free(g);
}

static enum case_status
refuse(const char *why, struct case_error *err)
{
	return case_error_set(err, CASE_EDATA, 0, "%s", why);
}

/* More packed bytes, when none are left; there may be none. */
static enum case_status
fill(struct case_gzip *g, struct case_error *err)
{
	enum case_status rc;
	size_t n;

	if (g->z.avail_in > 0)
		return CASE_OK;
	rc = case_input_raw(g->in, g->at, g->raw, IN_SIZE, &n, err);
	g->at += n;
	g->z.next_in = (Bytef *)g->raw;
	g->z.avail_in = (uInt)n;
	return rc;
}

/* Zeros fill the last block of a tape, as some servers do too. */
static enum case_status
pass_zeros(struct case_gzip *g, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	while (rc == CASE_OK && g->z.avail_in > 0 && *g->z.next_in == 0) {
		g->z.next_in++;
		g->z.avail_in--;
		rc = fill(g, err);
	}
	return rc;
}

/*
 * Behind a member: *end when nothing is but zeros, else another has to begin
 * at once.
 */
static enum case_status
next_member(struct case_gzip *g, bool *end, struct case_error *err)
{
	bool zeros = g->z.avail_in > 0 && *g->z.next_in == 0;
	enum case_status rc = pass_zeros(g, err);

	*end = g->z.avail_in == 0;
	if (rc != CASE_OK || *end)
		return rc;
	if (zeros || *g->z.next_in != 0x1f)
		return refuse(_("something else stands behind the gzip file's "
				"end: it was joined or damaged; ask for it "
				"again"),
		    err);
	g->between = false;
	return inflateReset(&g->z) == Z_OK ? CASE_OK : case_error_memory(err);
}

static enum case_status
check_ratio(const struct case_gzip *g, struct case_error *err)
{
	uint64_t packed = g->at - g->z.avail_in;

	if (g->out > FREE_SIZE && g->out / g->limits->ratio > packed)
		return case_limit_error(g->limits, &g->limits->ratio,
		    _("the gzip file unpacks to too much for its size"), err);
	return CASE_OK;
}

static enum case_status
inflate_some(struct case_gzip *g, struct case_error *err)
{
	int got = inflate(&g->z, Z_NO_FLUSH);

	if (got == Z_STREAM_END) {
		g->between = true;
		return CASE_OK;
	}
	if (got == Z_OK)
		return CASE_OK;
	if (got == Z_MEM_ERROR)
		return case_error_memory(err);
	return refuse(_("the gzip file is damaged: its data or its checksum "
			"is wrong; ask for it again"),
	    err);
}

enum case_status
case_gzip_read(void *source, char *p, size_t cap, size_t *n,
    struct case_error *err)
{
	struct case_gzip *g = source;
	enum case_status rc;
	bool end = false;

	*n = 0;
	g->z.next_out = (Bytef *)p;
	g->z.avail_out = (uInt)(cap < IN_SIZE ? cap : IN_SIZE);
	while (g->z.next_out == (Bytef *)p) {
		if ((rc = fill(g, err)) != CASE_OK)
			return rc;
		if (g->between &&
		    ((rc = next_member(g, &end, err)) != CASE_OK || end))
			return rc;
		if (g->z.avail_in == 0)
			return refuse(_("the gzip file is cut off; ask for it "
					"again"),
			    err);
		if ((rc = inflate_some(g, err)) != CASE_OK)
			return rc;
	}
	*n = (size_t)(g->z.next_out - (Bytef *)p);
	g->out += *n;
	return check_ratio(g, err);
}
