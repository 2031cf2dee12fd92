/* test.h - the few macros a unit test needs */
#ifndef TEST_H
#define TEST_H

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int test_failed, test_checked;

#define CHECK(cond)                                                            \
	do {                                                                   \
		test_checked++;                                                \
		if (!(cond)) {                                                 \
			test_failed++;                                         \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__,     \
			    #cond);                                            \
		}                                                              \
	} while (0)

#define CHECK_INT(got, want)                                                   \
	do {                                                                   \
		intmax_t g_ = (intmax_t)(got), w_ = (intmax_t)(want);          \
		test_checked++;                                                \
		if (g_ != w_) {                                                \
			test_failed++;                                         \
			fprintf(stderr,                                        \
			    "%s:%d: %s is %" PRIdMAX ", not %" PRIdMAX "\n",   \
			    __FILE__, __LINE__, #got, g_, w_);                 \
		}                                                              \
	} while (0)

#define CHECK_STR(got, want)                                                   \
	do {                                                                   \
		const char *g_ = (got), *w_ = (want);                          \
		test_checked++;                                                \
		if (g_ == NULL || strcmp(g_, w_) != 0) {                       \
			test_failed++;                                         \
			fprintf(stderr, "%s:%d: %s is \"%s\", not \"%s\"\n",   \
			    __FILE__, __LINE__, #got, g_ ? g_ : "(null)", w_); \
		}                                                              \
	} while (0)

/* Ends main(): says how many checks there were, and whether all held. */
#define TEST_END()                                                             \
	do {                                                                   \
		printf("%d checks, %d failed\n", test_checked, test_failed);   \
		return test_failed != 0;                                       \
	} while (0)

#endif
