/* olefile.h - compound files and Excel records, built for tests */
#ifndef OLEFILE_H
#define OLEFILE_H

#include <stdint.h>
#include <string.h>

#include "case/buf.h"

enum { OLE_SECTOR = 512, OLE_MINI = 64 };

struct ole_stream {
	const char *name;
	const struct case_buf *bytes;
};

static inline void
put16(struct case_buf *b, uint32_t v)
{
	char p[2] = { (char)(v & 0xff), (char)(v >> 8 & 0xff) };

	case_buf_add(b, p, sizeof(p));
}

static inline void
put32(struct case_buf *b, uint32_t v)
{
	put16(b, v & 0xffff);
	put16(b, v >> 16);
}

static inline void
put64(struct case_buf *b, double d)
{
	uint64_t v;

	memcpy(&v, &d, sizeof(v));
	put32(b, (uint32_t)v);
	put32(b, (uint32_t)(v >> 32));
}

static inline void
set32(struct case_buf *b, size_t at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		b->p[at + (size_t)i] = (char)(v >> (8 * i) & 0xff);
}

static inline void
pad(struct case_buf *b, size_t to)
{
	while (b->n % to != 0)
		case_buf_addc(b, '\0');
}

static inline void
put_entry(struct case_buf *b, const char *name, int type, uint32_t next,
    uint32_t child, uint32_t first, size_t size)
{
	size_t n = strlen(name), from = b->n;

	for (size_t i = 0; i < n; i++)
		put16(b, (unsigned char)name[i]);
	while (b->n < from + 64)
		case_buf_addc(b, '\0');
	put16(b, (uint32_t)(2 * n + 2));
	case_buf_addc(b, (char)type);
	case_buf_addc(b, 1);
	put32(b, UINT32_MAX);
	put32(b, next);
	put32(b, child);
	while (b->n < from + 116)
		case_buf_addc(b, '\0');
	put32(b, first);
	put32(b, (uint32_t)size);
	put32(b, 0);
}

/* Sectors from first on, as many as n bytes need, follow each other. */
static inline uint32_t
chain(struct case_buf *fat, uint32_t first, size_t n, size_t sector)
{
	uint32_t count = (uint32_t)((n + sector - 1) / sector);

	for (uint32_t i = 1; i <= count; i++)
		put32(fat, i == count ? UINT32_C(0xfffffffe) : first + i);
	return first + count;
}

/*
 * A compound file: sector 0 the FAT, 1 the directory, 2 the mini FAT, then
 * the streams, either in sectors or, mini, in the mini stream. At most three
 * streams, and 60 kB in all.
 */
static inline void
build_ole(struct case_buf *out, const struct ole_stream *s, size_t n, bool mini)
{
	struct case_buf fat = { 0 }, mfat = { 0 }, dir = { 0 }, body = { 0 };
	uint32_t next = 3, mnext = 0, first[3] = { 0 };

	put32(&fat, UINT32_C(0xfffffffd));
	put32(&fat, UINT32_C(0xfffffffe));
	put32(&fat, UINT32_C(0xfffffffe));
	for (size_t i = 0; i < n; i++) {
		first[i] = mini ? mnext : next;
		if (mini)
			mnext = chain(&mfat, mnext, s[i].bytes->n, OLE_MINI);
		else
			next = chain(&fat, next, s[i].bytes->n, OLE_SECTOR);
		if (s[i].bytes->n > 0)
			case_buf_add(&body, s[i].bytes->p, s[i].bytes->n);
		pad(&body, mini ? OLE_MINI : OLE_SECTOR);
	}
	if (mini)
		chain(&fat, 3, body.n, OLE_SECTOR);
	put_entry(&dir, "Root Entry", 5, UINT32_MAX, n > 0 ? 1 : UINT32_MAX, 3,
	    mini ? body.n : 0);
	for (size_t i = 0; i < n; i++)
		put_entry(&dir, s[i].name, 2,
		    i + 1 < n ? (uint32_t)i + 2 : UINT32_MAX, UINT32_MAX,
		    first[i], s[i].bytes->n);
	while (fat.n < OLE_SECTOR)
		put32(&fat, UINT32_MAX);
	while (mfat.n < OLE_SECTOR)
		put32(&mfat, UINT32_MAX);
	pad(&dir, OLE_SECTOR);
	case_buf_add(out, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
	while (out->n < 24)
		case_buf_addc(out, '\0');
	put16(out, 0x3e);
	put16(out, 3);
	put16(out, 0xfffe);
	put16(out, 9);
	put16(out, 6);
	while (out->n < 44)
		case_buf_addc(out, '\0');
	put32(out, 1); /* FAT sectors */
	put32(out, 1); /* the directory */
	put32(out, 0);
	put32(out, mini ? 4096 : 0);
	put32(out, 2); /* the mini FAT */
	put32(out, 1);
	put32(out, UINT32_C(0xfffffffe)); /* no more FAT sectors */
	put32(out, 0);
	put32(out, 0);
	while (out->n < OLE_SECTOR)
		put32(out, UINT32_MAX);
	case_buf_add(out, fat.p, fat.n);
	case_buf_add(out, dir.p, dir.n);
	case_buf_add(out, mfat.p, mfat.n);
	if (body.n > 0)
		case_buf_add(out, body.p, body.n);
	pad(out, OLE_SECTOR);
	case_buf_free(&fat);
	case_buf_free(&mfat);
	case_buf_free(&dir);
	case_buf_free(&body);
}

/* One record; the length is set when it ends. */
static inline size_t
begin(struct case_buf *b, unsigned id)
{
	put16(b, id);
	put16(b, 0);
	return b->n;
}

static inline void
end(struct case_buf *b, size_t from)
{
	size_t n = b->n - from;

	b->p[from - 2] = (char)(n & 0xff);
	b->p[from - 1] = (char)(n >> 8);
}

static inline void
record(struct case_buf *b, unsigned id, const void *p, size_t n)
{
	size_t at = begin(b, id);

	case_buf_add(b, p, n);
	end(b, at);
}

/* The begin of a cell's record: where it is, and its kind. */
static inline size_t
cell(struct case_buf *b, unsigned id, unsigned row, unsigned column,
    unsigned xf)
{
	size_t at = begin(b, id);

	put16(b, row);
	put16(b, column);
	put16(b, xf);
	return at;
}

static inline void
bof(struct case_buf *b, unsigned version, unsigned type)
{
	size_t at = begin(b, 0x809);

	put16(b, version);
	put16(b, type);
	put32(b, 0);
	end(b, at);
}

#endif
