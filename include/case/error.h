/* error.h - one error: code, place and reason; no globals */
#ifndef CASE_ERROR_H
#define CASE_ERROR_H

#include <stdarg.h>
#include <stddef.h>

/* 0 and up: not a failure. Below 0: a failure, and the error is filled. */
enum case_status {
	CASE_OK = 0,
	CASE_EOF = 1,	  /* no more records */
	CASE_ENOMEM = -1, /* out of memory */
	CASE_EIO = -2,	  /* the system refused a read, write or open */
	CASE_EDATA = -3,  /* the input breaks its format or schema */
	CASE_ESTORE = -4, /* the store refused, or has another version */
	CASE_EBUSY = -5,  /* held by another, or still growing: exit 75 */
	CASE_EUSAGE = -6  /* the caller's words: option, name, expression */
};

/*
 * what	one line in the user's language, UTF-8, no newline, no program
 *	name
 * line	input line counted from 1; 0: none
 */
struct case_error {
	char what[1024];
	size_t line;
};

/*
 * Fills err (which may be NULL) and returns code, so that a caller can write
 * return case_error_set(...). A text that is too long is cut at a character.
 */
enum case_status case_error_set(struct case_error *err, enum case_status code,
    size_t line, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same for the last system error: "SUBJECT: reason of errno". CASE_EIO. */
enum case_status case_error_system(struct case_error *err, const char *subject);

/* "out of memory"; returns CASE_ENOMEM. */
enum case_status case_error_memory(struct case_error *err);

#endif
