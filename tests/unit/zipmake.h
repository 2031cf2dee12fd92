/* zipmake.h - ZIP archives made in memory, good ones and bad ones */
#ifndef ZIPMAKE_H
#define ZIPMAKE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "case/buf.h"

/*
 * Begins as { 0 }; zip_add for each file, zip_end, then out holds the archive
 * until zip_free. A test may spoil out, or what is set before zip_add:
 *
 * stored	the next files are not deflated
 * flags	of the next files (1: encrypted, 0x800: names in UTF-8)
 * crc_xor	spoils the checksum of the next files
 */
struct zipmake {
	struct case_buf out;
	struct case_buf dir;
	unsigned n;
	bool stored;
	unsigned flags;
	uint32_t crc_xor;
};

static inline void
zip_put(struct case_buf *b, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		case_buf_addc(b, (char)(v >> 8 * i & 0xff));
}

static inline void
zip_deflate(struct case_buf *b, const void *p, size_t n)
{
	z_stream z = { 0 };
	size_t room = n + n / 100 + 64;

	if (deflateInit2(&z, 6, Z_DEFLATED, -MAX_WBITS, 8, 0) != Z_OK ||
	    !case_buf_reserve(b, room))
		abort();
	z.next_in = (unsigned char *)(uintptr_t)p;
	z.avail_in = (uInt)n;
	z.next_out = (unsigned char *)b->p + b->n;
	z.avail_out = (uInt)room;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	b->n += room - z.avail_out;
	deflateEnd(&z);
}

/* What the header and the directory say alike. */
static inline void
zip_facts(struct case_buf *b, const struct zipmake *z, uint32_t crc,
    size_t packed, size_t n, const char *name)
{
	zip_put(b, 20, 2);
	zip_put(b, z->flags, 2);
	zip_put(b, z->stored ? 0 : 8, 2);
	zip_put(b, 0x00210000, 4); /* 1980-01-01 */
	zip_put(b, crc, 4);
	zip_put(b, packed, 4);
	zip_put(b, n, 4);
	zip_put(b, strlen(name), 2);
	zip_put(b, 0, 2);
}

static inline void
zip_add_n(struct zipmake *z, const char *name, const char *p, size_t n)
{
	uint32_t crc = (uint32_t)crc32(0, (const unsigned char *)p, (uInt)n);
	struct case_buf packed = { 0 };
	size_t at = z->out.n;

	crc ^= z->crc_xor;
	if (z->stored)
		case_buf_add(&packed, p, n);
	else
		zip_deflate(&packed, p, n);
	zip_put(&z->out, 0x04034b50, 4);
	zip_facts(&z->out, z, crc, packed.n, n, name);
	case_buf_adds(&z->out, name);
	case_buf_add(&z->out, packed.p, packed.n);
	zip_put(&z->dir, 0x02014b50, 4);
	zip_put(&z->dir, 20, 2);
	zip_facts(&z->dir, z, crc, packed.n, n, name);
	zip_put(&z->dir, 0, 2 + 2 + 2);
	zip_put(&z->dir, 0, 4);
	zip_put(&z->dir, at, 4);
	case_buf_adds(&z->dir, name);
	case_buf_free(&packed);
	z->n++;
}

static inline void
zip_add(struct zipmake *z, const char *name, const char *text)
{
	zip_add_n(z, name, text, strlen(text));
}

static inline void
zip_end(struct zipmake *z)
{
	size_t at = z->out.n;

	case_buf_add(&z->out, z->dir.p != NULL ? z->dir.p : "", z->dir.n);
	zip_put(&z->out, 0x06054b50, 4);
	zip_put(&z->out, 0, 4);
	zip_put(&z->out, z->n, 2);
	zip_put(&z->out, z->n, 2);
	zip_put(&z->out, z->dir.n, 4);
	zip_put(&z->out, at, 4);
	zip_put(&z->out, 0, 2);
	if (z->out.failed || z->dir.failed)
		abort();
}

static inline void
zip_free(struct zipmake *z)
{
	case_buf_free(&z->out);
	case_buf_free(&z->dir);
	*z = (struct zipmake){ 0 };
}

#endif
