/* regex.h - PCRE2 with limits: a pattern never holds up a run */
#ifndef CASE_REGEX_H
#define CASE_REGEX_H

#include <stddef.h>

#include "case/error.h"

/*
 * A compiled pattern: UTF-8, JIT where there is one. Its limits: PCRE2's for
 * matches, depth and heap, texts of at most 1 MiB, and 2 seconds over all its
 * matches, after which it answers LIMIT only. Not to be used by two threads at
 * once. In long texts \G, which makes no sense here, may match where it would
 * not elsewhere.
 */
struct case_regex;

/* CASE_EUSAGE with place and reason when the pattern is wrong. */
enum case_status case_regex_new(struct case_regex **out, const char *pattern,
    size_t n, struct case_error *err);
void case_regex_free(struct case_regex *re);

/* The text is valid UTF-8 and is not checked again. */
enum case_regex_result {
	CASE_REGEX_NO = 0,
	CASE_REGEX_YES = 1,
	CASE_REGEX_LIMIT = -1 /* a limit was met: neither yes nor no */
};
enum case_regex_result case_regex_match(struct case_regex *re, const char *p,
    size_t n);

#endif
