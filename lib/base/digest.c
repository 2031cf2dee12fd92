/* digest.c - SHA-256, CRC-32 and deflate, by nettle and zlib */
#include <nettle/sha2.h>
#include <stdlib.h>
#include <zlib.h>

#include "case/digest.h"
#include "case/intl.h"

/* Deflate never shrinks more than 1032 to 1; a larger claim is a false one. */
enum { DEFLATE_RATIO_MAX = 1040 };

struct case_sha256 {
	struct sha256_ctx ctx;
};

enum case_status
case_sha256_new(struct case_sha256 **out, struct case_error *err)
{
	if ((*out = malloc(sizeof(**out))) == NULL)
		return case_error_memory(err);
	sha256_init(&(*out)->ctx);
	return CASE_OK;
}

void
case_sha256_add(struct case_sha256 *s, const void *p, size_t n)
{
	if (n > 0)
		sha256_update(&s->ctx, n, p);
}

void
case_sha256_end(struct case_sha256 *s, char hex[65])
{
	static const char digit[] = "0123456789abcdef";
	uint8_t sum[SHA256_DIGEST_SIZE];

	if (s != NULL && hex != NULL) {
		sha256_digest(&s->ctx, sizeof(sum), sum);
		for (size_t i = 0; i < sizeof(sum); i++) {
			hex[2 * i] = digit[sum[i] >> 4];
			hex[2 * i + 1] = digit[sum[i] & 15];
		}
		hex[2 * sizeof(sum)] = '\0';
	}
	free(s);
}

uint32_t
case_crc32(uint32_t crc, const void *p, size_t n)
{
	/* zlib takes NULL for a wish to have the start value. */
	return n == 0 ? crc : (uint32_t)crc32_z(crc, p, n);
}

enum case_status
case_deflate(struct case_buf *out, const void *p, size_t n, int level,
    struct case_error *err)
{
	uLongf size = compressBound(n);
	int rc;

	if (!case_buf_reserve(out, size))
		return case_error_memory(err);
	rc = compress2((Bytef *)out->p + out->n, &size, n == 0 ? "" : p, n,
	    level);
	if (rc == Z_MEM_ERROR)
		return case_error_memory(err);
	if (rc != Z_OK)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("zlib knows no compression level %d"), level);
	out->n += size;
	out->p[out->n] = '\0';
	return CASE_OK;
}

enum case_status
case_inflate(struct case_buf *out, const void *p, size_t n, size_t size,
    struct case_error *err)
{
	uLongf got = size;
	int rc;

	if (size / DEFLATE_RATIO_MAX > n)
		return case_error_set(err, CASE_EDATA, 0,
		    _("compressed data is damaged: %zu bytes can't hold %zu"),
		    n, size);
	if (!case_buf_reserve(out, size))
		return case_error_memory(err);
	rc = uncompress((Bytef *)out->p + out->n, &got, p, n);
	if (rc == Z_MEM_ERROR)
		return case_error_memory(err);
	if (rc != Z_OK || got != size) {
		out->p[out->n] = '\0';
		return case_error_set(err, CASE_EDATA, 0,
		    _("compressed data is damaged or not %zu bytes long"),
		    size);
	}
	out->n += got;
	out->p[out->n] = '\0';
	return CASE_OK;
}
