/* digest.h - SHA-256 and CRC-32 of bytes */
#ifndef CASE_DIGEST_H
#define CASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"
#include "case/error.h"

/* SHA-256, FIPS 180-4. */
struct case_sha256;
enum case_status case_sha256_new(struct case_sha256 **out,
    struct case_error *err);
void case_sha256_add(struct case_sha256 *s, const void *p, size_t n);
/* 64 hex digits and NUL, unless hex is NULL; frees s, which may be NULL. */
void case_sha256_end(struct case_sha256 *s, char hex[65]);

/* zlib's CRC-32; start with 0. */
uint32_t case_crc32(uint32_t crc, const void *p, size_t n);

/*
 * Deflate as zlib's compress2() at a level, and back; out is appended to.
 * The form that the SQLite Archive keeps. size is that of the plain bytes;
 * CASE_EDATA when it differs or the bytes are damaged: out is then as it was.
 */
enum case_status case_deflate(struct case_buf *out, const void *p, size_t n,
    int level, struct case_error *err);
enum case_status case_inflate(struct case_buf *out, const void *p, size_t n,
    size_t size, struct case_error *err);

#endif
