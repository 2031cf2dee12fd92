/* jsonanswer.h - what a system answers in JSON when it sends no rows */
#ifndef CASE_FORMAT_JSONANSWER_H
#define CASE_FORMAT_JSONANSWER_H

#include <stdbool.h>

#include "case/buf.h"
#include "case/error.h"
#include "case/value.h"

/*
 * Gathered from the objects of a document, but for those that are rows. An
 * empty list may be a quiet week, or what an error comes with; so of codes
 * only those are believed that mean success everywhere (0, 200, "success"),
 * and any other one only beside a word of success.
 *
 * said		"code: 500, msg: token expired"
 * list		the path of the first empty list; NULL: there is none
 * good, bad	it is said to be a success, or an error
 * code		a code that does not say success
 * words	a message; word: it says success
 * other	keys that no such answer has
 */
struct json_answer {
	struct case_buf said;
	char *list;
	bool good;
	bool bad;
	bool code;
	bool words;
	bool word;
	bool other;
	struct case_buf key; /* room for one key, and for one value */
	struct case_buf value;
};

/* Whether systems answer with such a key; false also without memory. */
bool json_answer_knows(struct json_answer *a, const char *key);

/* One value that is neither object nor list, as it stands in the document. */
enum case_status json_answer_value(struct json_answer *a, const char *key,
    struct case_str raw, struct case_error *err);
/* An object, or a list that is not empty but holds no rows. */
enum case_status json_answer_group(struct json_answer *a, const char *key,
    struct case_error *err);
/* An empty list. */
enum case_status json_answer_list(struct json_answer *a, const char *key,
    const char *path, struct case_error *err);

/*
 * What it comes to. CASE_OK: there was nothing to report. CASE_EDATA: it says
 * something else. CASE_EOF: it may be no answer but a record. With record, it
 * has names of one: then it is an answer only without any other key.
 */
enum case_status json_answer_judge(const struct json_answer *a, bool record,
    struct case_error *err);
void json_answer_free(struct json_answer *a);

#endif
