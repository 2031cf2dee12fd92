/* text.h - UTF-8: checks, width, folding, making controls visible */
#ifndef CASE_TEXT_H
#define CASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"
#include "case/value.h"

/* Whether p[0..n) is strict UTF-8: no surrogates, nothing overlong. */
bool case_utf8_valid(const char *p, size_t n);
/* The length of the longest valid prefix: n when all is valid. */
size_t case_utf8_prefix(const char *p, size_t n);
/*
 * Decodes one character of valid text; returns its length in bytes, 0 only
 * when n is 0. A byte that begins no character is U+FFFD of length 1.
 */
size_t case_utf8_get(const char *p, size_t n, uint32_t *c);
/* The length of the run of ASCII that p begins with. */
size_t case_utf8_ascii(const char *p, size_t n);
/* Writes one character, 1 to 4 bytes; what is none (a surrogate) as U+FFFD. */
size_t case_utf8_encode(char s[4], uint32_t c);
/* The same, appended. */
void case_utf8_put(struct case_buf *out, uint32_t c);

/*
 * Columns on a terminal: East Asian wide and full-width 2, combining marks
 * and zero-width 0, others (invalid bytes, controls) 1. Characters of am-
 * biguous width are 1. From a table of ours, never the locale's.
 */
size_t case_text_width(const char *p, size_t n);
/* The longest prefix, in bytes, that is at most columns wide. */
size_t case_text_cut(const char *p, size_t n, size_t columns);

/*
 * Width folding: full-width ASCII forms to ASCII, U+3000 to a space, half-
 * width katakana left alone. Case and invalid bytes are kept.
 */
void case_text_fold(struct case_buf *out, const char *p, size_t n);
/*
 * Trims ASCII white space, U+3000, U+00A0, U+FEFF, zero-width and typographic
 * spaces (U+2000 to U+200D). The result borrows p.
 */
struct case_str case_text_trim(const char *p, size_t n);

/*
 * The form in which headers, codes and unit names are compared: folded, lower
 * case ASCII, without white space and punctuation (ASCII, CJK and general),
 * '_' and '-' of every width among them; but + < = > are kept, they tell codes
 * apart. Brackets () [] {} and the CJK ones that stand round a unit go with
 * their content when brackets is false (an unclosed one loses nothing), else
 * their content stays; see layout.h for the unit that is read from them.
 */
void case_text_key(struct case_buf *out, const char *p, size_t n,
    bool brackets);

/*
 * Whether a character moves, hides or breaks what is printed round it: C0,
 * DEL, C1, bidi controls, U+2028 and U+2029.
 */
bool case_text_control(uint32_t c);

/*
 * What may be printed to people: those controls, tab and newline too, become
 * visible escapes: \x1b, \u0085, \u202e, \n. Invalid bytes: \xNN. A backslash
 * stays one.
 */
void case_text_visible(struct case_buf *out, const char *p, size_t n);

/*
 * Edit distance (Levenshtein) in characters, at most limit; for "did you
 * mean". limit when either has more than CASE_TEXT_DISTANCE_MAX characters.
 */
#define CASE_TEXT_DISTANCE_MAX 64
size_t case_text_distance(const char *a, const char *b, size_t limit);

/*
 * 64-bit hash of bytes (128-bit multiply mixing); seed chains parts. The same
 * on every machine and in every version, since samples are drawn by it. Not
 * for keys that an adversary may choose; compare the bytes on a hit.
 */
uint64_t case_hash(const void *p, size_t n, uint64_t seed);
/* The same of a word's eight bytes, least significant first. */
uint64_t case_hash_word(uint64_t word, uint64_t seed);

#endif
