/* charset.h - the encodings a file may have: checked, and made UTF-8 */
#ifndef LIB_BASE_CHARSET_H
#define LIB_BASE_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

#include "case/decode.h"

/* The longest character of any of them, there and in UTF-8. */
enum { CASE_CHARSET_MAX = 4 };

/* What case_charset_length() says of a character that the end cuts off. */
#define CASE_CHARSET_CUT ((size_t)-1)

/*
 * The bytes of the character at p, n > 0: 0 when there can be none, else CUT
 * when it goes on behind n. Codes of the right shape that stand for nothing
 * are told apart in GB18030 and the UTFs, not in Big5.
 */
size_t case_charset_length(enum case_encoding e, const unsigned char *p,
    size_t n);
/* The length of the longest prefix of whole characters. */
size_t case_charset_prefix(enum case_encoding e, const unsigned char *p,
    size_t n);

/* Loads what decoding needs; CASE_EIO when the system lacks the converter. */
enum case_status case_charset_ready(enum case_encoding e,
    struct case_error *err);

struct case_charset_io {
	const unsigned char *in;
	size_t in_n;
	char *out;
	size_t out_n; /* room */
};

/*
 * Decodes until the input or the room (then below CHARSET_MAX) is used up; a
 * character that is cut off stays, unless last. What is no character becomes
 * one byte 0xff; returns how many did.
 */
size_t case_charset_decode(enum case_encoding e, struct case_charset_io *io,
    bool last);

#endif
