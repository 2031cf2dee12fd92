/* bytes.h - numbers as files keep them, lowest byte first */
#ifndef CASE_FORMAT_BYTES_H
#define CASE_FORMAT_BYTES_H

#include <stdint.h>

static inline uint32_t
get16(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t
get32(const unsigned char *p)
{
	return get16(p) | get16(p + 2) << 16;
}

static inline uint64_t
get64(const unsigned char *p)
{
	return get32(p) | (uint64_t)get32(p + 4) << 32;
}

#endif
