/* survey.c - what the bytes of an input are: held against each encoding */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/base/survey.h"

enum {
	HEAD_SIZE = 4096,
	SHORT_MAX = 32,	   /* characters: a text that script decides */
	DAMAGED_MAX = 4096 /* faults: see is_damaged_utf8() */
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
	size_t at;
} binaries[] = {
	{ "PK\x03\x04", 4, 0 },			      /* zip, xlsx, docx, ods */
	{ "PK\x05\x06", 4, 0 },			      /* an empty zip */
	{ "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, 0 }, /* OLE2: xls, doc */
	{ "\x09\x08\x08\x00", 4, 0 },		      /* xls without OLE2 */
	{ "\x09\x00\x04\x00", 4, 0 },		      /* of Excel 2 to 4 */
	{ "\x09\x02\x06\x00", 4, 0 }, { "\x09\x04\x06\x00", 4, 0 },
	{ "\x1f\x8b", 2, 0 },		/* gzip */
	{ "\x1f\x9d", 2, 0 },		/* compress */
	{ "\xfd\x37zXZ", 5, 0 },	/* xz */
	{ "\x28\xb5\x2f\xfd", 4, 0 },	/* zstd */
	{ "\x04\x22\x4d\x18", 4, 0 },	/* lz4 */
	{ "LZIP\x01", 5, 0 },		/* lzip */
	{ "1AY&SY", 6, 4 },		/* bzip2, behind its level */
	{ "7z\xbc\xaf\x27\x1c", 6, 0 }, /* 7-Zip */
	{ "Rar!\x1a\x07", 6, 0 },	/* rar */
	{ "MSCF\0\0\0\0", 8, 0 },	/* cab */
	{ "ustar", 5, 257 },		/* tar, behind its first name */
	{ "%PDF-", 5, 0 },		/* pdf */
	{ "\x89PNG", 4, 0 },		/* png */
	{ "\xff\xd8\xff", 3, 0 },	/* jpeg */
	{ "GIF89a", 6, 0 },		/* gif */
	{ "II*\0", 4, 0 },		/* tiff */
	{ "MM\0*", 4, 0 },		/* tiff */
	{ "SQLite format 3", 16, 0 },	/* a store, perhaps */
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

ssize_t
survey_pread(int fd, void *p, size_t n, uint64_t at)
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

static enum case_status
read_fault(struct case_error *err)
{
	return case_error_system(err, _("can't read"));
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

void
survey_check(struct check *c, const unsigned char *p, size_t n, uint64_t at)
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

void
survey_check_end(struct check *c, uint64_t size)
{
	if (!c->failed && c->cut_n > 0)
		check_fail(c, size - c->cut_n);
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
		if (n >= binaries[i].at &&
		    begins_with(p + binaries[i].at, n - binaries[i].at,
			binaries[i].bytes, binaries[i].n))
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

enum case_status
survey_begin(struct case_input *in, struct survey *f, size_t n,
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

void
survey_feed(struct survey *f, const unsigned char *p, size_t n)
{
	if (!f->high)
		f->high = case_utf8_ascii((const char *)p, n) < n;
	for (size_t i = 0; i < f->check_n; i++)
		survey_check(&f->check[i], p, n, f->size);
	f->size += n;
}

void
survey_end(struct survey *f)
{
	for (size_t i = 0; i < f->check_n; i++)
		survey_check_end(&f->check[i], f->size);
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
		n = offset - at < CASE_INPUT_RAW ? (size_t)(offset - at)
						 : CASE_INPUT_RAW;
		if ((got = survey_pread(in->fd, in->raw, n, at)) < 0)
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

	if ((got = survey_pread(in->fd, p, sizeof(p), c->at)) < 0)
		return read_fault(err);
	for (size_t i = 0; i < (size_t)got; i++)
		snprintf(hex + 3 * i, 4, "%02x ", p[i]);
	if (got > 0)
		hex[3 * got - 1] = '\0';
	if (case_charset_length(c->encoding, p, (size_t)got) ==
	    CASE_CHARSET_CUT)
		why = _("the file ends within a character, as if it was cut "
			"off; with -e ENCODING the other rows are taken");
	if ((rc = line_of(in, c->at, c->encoding, &line, err)) != CASE_OK)
		return rc;
	return case_error_set(err, CASE_EDATA, line,
	    _("bytes %s at offset %" PRIu64 " (from 0): %s"), hex, c->at, why);
}

/* Sequences of bytes beyond ASCII, those that are valid UTF-8 and others. */
struct tally {
	uint64_t good, bad;
};

/* Counts those in p[0..n), and returns where one begins that the end cuts. */
static size_t
count_sequences(struct tally *t, const unsigned char *p, size_t n, bool last)
{
	size_t i, k;

	for (i = 0; i < n; i += k) {
		k = 1;
		if (p[i] < 0x80)
			continue;
		k = case_charset_length(CASE_ENCODING_UTF8, p + i, n - i);
		if (k == CASE_CHARSET_CUT && !last)
			break;
		if (k != 0 && k != CASE_CHARSET_CUT) {
			t->good++;
			continue;
		}
		/* What is left of a character is one fault. */
		t->bad++;
		for (k = 1; k < 3 && i + k < n; k++)
			if (p[i] < 0xc0 || (p[i + k] & 0xc0) != 0x80)
				break;
	}
	return i;
}

static bool
is_surely_other(const struct tally *t)
{
	return t->bad > DAMAGED_MAX && t->bad > t->good;
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
	struct tally t = { 0, 0 };
	uint64_t at = 0;
	size_t n = 0, i;
	ssize_t got;

	do {
		got = survey_pread(in->fd, in->raw + n, CASE_INPUT_RAW - n, at);
		if (got < 0)
			return read_fault(err);
		at += (uint64_t)got;
		n += (size_t)got;
		i = count_sequences(&t, in->raw, n, got == 0);
		memmove(in->raw, in->raw + i, n - i);
		n -= i;
	} while (got > 0 && !is_surely_other(&t));
	*damaged = t.good > 9 * t.bad;
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
enum case_status
survey_decide(struct case_input *in, const struct survey *f,
    struct case_error *err)
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
		if (!gb->failed && f->high && f->size <= CASE_INPUT_RAW &&
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

bool
survey_guess(struct case_input *in, const struct survey *f, size_t n)
{
	struct check utf8 = { .encoding = CASE_ENCODING_UTF8 };
	struct tally t = { 0, 0 };

	if (in->facts.forced || in->facts.bom)
		return true;
	if (f->check_n == 0)
		return false;
	survey_check(&utf8, in->raw, n, 0);
	if (!utf8.failed) {
		in->facts.encoding = CASE_ENCODING_UTF8;
		return true;
	}
	count_sequences(&t, in->raw, n, false);
	if (!is_surely_other(&t))
		return false;
	in->facts.encoding = CASE_ENCODING_GB18030;
	return true;
}
