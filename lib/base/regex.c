/* regex.c - PCRE2 with limits: a pattern never holds up a run */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "case/intl.h"
#include "case/regex.h"

enum {
	PATTERN_MAX = 64 * 1024,
	CELL_MAX = 1024 * 1024,
	MATCH_MAX = 100000,
	DEPTH_MAX = 10000,
	HEAP_MAX_KIB = 20000,
	SLICE = 1024, /* starts tried between two looks at the clock */
	STACK_MIN = 32 * 1024,
	STACK_MAX = 512 * 1024,
	SECOND = 1000000000
};

/*
 * The limits of PCRE2 count anew from each start in the text, so they do not
 * bound the time: a clock of our own does, over all matches of a pattern. A
 * long text is tried from SLICE starts at a time, so that the clock is looked
 * at within it.
 */
#define BUDGET ((int64_t)2 * SECOND)

typedef int match_function(const pcre2_code *, PCRE2_SPTR, PCRE2_SIZE,
    PCRE2_SIZE, uint32_t, pcre2_match_data *, pcre2_match_context *);

struct case_regex {
	pcre2_code *code;
	pcre2_match_context *context;
	pcre2_match_data *match;
	pcre2_jit_stack *stack;
	match_function *run;
	int64_t spent; /* nanoseconds */
};

static enum case_status
compile(struct case_regex *re, const char *pattern, size_t n,
    struct case_error *err)
{
	PCRE2_UCHAR why[256];
	PCRE2_SIZE at;
	int code;

	re->code = pcre2_compile((PCRE2_SPTR)pattern, n,
	    PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT, &code,
	    &at, NULL);
	if (re->code != NULL)
		return CASE_OK;
	if (code == PCRE2_ERROR_NOMEMORY)
		return case_error_memory(err);
	if (pcre2_get_error_message(code, why, sizeof(why)) < 0)
		why[0] = '\0';
	return case_error_set(err, CASE_EUSAGE, 0,
	    _("a pattern is wrong at byte %zu: %s"), (size_t)at, (char *)why);
}

/* Where the machine has no JIT the interpreter matches; it is no fault. */
static bool
use_jit(struct case_regex *re)
{
	re->run = pcre2_match;
	if (pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE) != 0)
		return true;
	re->stack = pcre2_jit_stack_create(STACK_MIN, STACK_MAX, NULL);
	if (re->stack == NULL)
		return false;
	pcre2_jit_stack_assign(re->context, NULL, re->stack);
	re->run = pcre2_jit_match;
	return true;
}

static enum case_status
prepare(struct case_regex *re, struct case_error *err)
{
	/* Only yes or no is asked for: one pair of offsets is enough. */
	re->match = pcre2_match_data_create(1, NULL);
	re->context = pcre2_match_context_create(NULL);
	if (re->match == NULL || re->context == NULL || !use_jit(re))
		return case_error_memory(err);
	pcre2_set_match_limit(re->context, MATCH_MAX);
	pcre2_set_depth_limit(re->context, DEPTH_MAX);
	pcre2_set_heap_limit(re->context, HEAP_MAX_KIB);
	return CASE_OK;
}

enum case_status
case_regex_new(struct case_regex **out, const char *pattern, size_t n,
    struct case_error *err)
{
	struct case_regex *re;
	enum case_status rc;

	*out = NULL;
	if (n > PATTERN_MAX)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("a pattern is longer than 64 KiB"));
	if ((re = calloc(1, sizeof(*re))) == NULL)
		return case_error_memory(err);
	if ((rc = compile(re, pattern, n, err)) != CASE_OK ||
	    (rc = prepare(re, err)) != CASE_OK) {
		case_regex_free(re);
		return rc;
	}
	*out = re;
	return CASE_OK;
}

void
case_regex_free(struct case_regex *re)
{
	if (re == NULL)
		return;
	pcre2_jit_stack_free(re->stack);
	pcre2_match_context_free(re->context);
	pcre2_match_data_free(re->match);
	pcre2_code_free(re->code);
	free(re);
}

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

/*
 * Where the starts of the slice at from end, at a whole character. The end of
 * the text is the last start: of a match of nothing.
 */
static size_t
slice_end(const char *p, size_t n, size_t from)
{
	size_t to = from + SLICE;

	if (to > n)
		return n + 1;
	while (to < n && ((unsigned char)p[to] & 0xc0) == 0x80)
		to++;
	return to;
}

enum case_regex_result
case_regex_match(struct case_regex *re, const char *p, size_t n)
{
	int rc = PCRE2_ERROR_NOMATCH;
	int64_t began;
	size_t to;

	if (n > CELL_MAX)
		return CASE_REGEX_LIMIT;
	if (n == 0)
		p = "";
	for (size_t from = 0; from <= n && rc == PCRE2_ERROR_NOMATCH;
	     from = to) {
		if (re->spent > BUDGET)
			return CASE_REGEX_LIMIT;
		to = slice_end(p, n, from);
		began = now();
		pcre2_set_offset_limit(re->context, to - 1);
		rc = re->run(re->code, (PCRE2_SPTR)p, n, from,
		    PCRE2_NO_UTF_CHECK, re->match, re->context);
		re->spent += now() - began;
	}
	/* 0: it matched, and there were more brackets than offsets. */
	if (rc >= 0)
		return CASE_REGEX_YES;
	return rc == PCRE2_ERROR_NOMATCH ? CASE_REGEX_NO : CASE_REGEX_LIMIT;
}
