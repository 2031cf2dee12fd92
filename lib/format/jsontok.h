/* jsontok.h - a strict tokenizer of JSON (RFC 8259) over bytes that are held */
#ifndef CASE_FORMAT_JSONTOK_H
#define CASE_FORMAT_JSONTOK_H

#include <stdbool.h>
#include <stddef.h>

#include "case/buf.h"
#include "case/value.h"

/*
 * Nothing that RFC 8259 forbids is taken, and of what it leaves open the
 * harmless side: no half surrogates, no U+0000, no deeper nesting than asked
 * for. Numbers never become numbers here, so that an 18-digit identifier
 * stays what it is.
 *
 * p, end	what is left of the text
 * fault	NULL while all is well; else the text can't be parted any more
 * soft		the first fault that spoils a value but leaves no doubt where
 *		it ends: a bad escape, a bare control character; or NULL. The
 *		caller may add its own, such as a key that stands twice
 * soft_at	where that is
 * too_deep	fault is the limit of the depth
 * depth	brackets that are open
 * stack	the open brackets of json_value; failed: out of memory
 */
struct json_scan {
	const char *p;
	const char *end;
	const char *fault;
	const char *soft;
	const char *soft_at;
	bool too_deep;
	size_t depth;
	size_t depth_max;
	struct case_buf *stack;
};

/* Say what is wrong, unless something was before; the text is N_(). */
bool json_fail(struct json_scan *s, const char *fault); /* always false */
void json_spoil(struct json_scan *s, const char *fault);

void json_space(struct json_scan *s);
/* Passes c, if it comes next. */
bool json_is(struct json_scan *s, char c);
/* One bracket deeper; false with a fault when that is too deep. */
bool json_enter(struct json_scan *s);

/*
 * Behind the opening quote: *raw is what stands between the quotes. With
 * *escaped it has to be decoded.
 */
bool json_string(struct json_scan *s, struct case_str *raw, bool *escaped);
/* Adds the decoded text of a string without faults. */
void json_decode(struct case_buf *text, struct case_str raw);
/* Any value, of any depth. */
bool json_value(struct json_scan *s);
/* A key, its colon and the blanks around it. */
bool json_key(struct json_scan *s, struct case_str *raw, bool *escaped);
/* Behind a value: true to go on with another; s->fault tells the rest. */
bool json_more(struct json_scan *s, char close);

#endif
