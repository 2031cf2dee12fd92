/* conflict.h - values on which two sources of a record do not agree */
#ifndef STORE_CONFLICT_H
#define STORE_CONFLICT_H

#include "lib/store/content.h"
#include "lib/store/origin.h"

/*
 * Which batch gave a field the value that it has.
 *
 * batch, line	0: the field has no value
 * before	the one that it had before; its text is in a buffer here
 */
struct case_setter {
	int64_t batch, line;
	bool known; /* the search is over */
	struct case_value before;
	struct case_buf text;
};

/*
 * What is needed to find conflicts of one type. Zero-initialise.
 *
 * past		the versions of a record before the one there is, newest first
 * setter	of each field, of the row asked about last
 * v		room for a record whose conflicting values are left out
 */
struct case_conflicts {
	struct case_content *c;
	struct case_origins origins;
	struct case_sql *past, *insert;
	struct case_stored old;
	struct case_setter *setter;
	struct case_value *v;
};

enum case_status case_conflicts_open(struct case_conflicts *k,
    struct case_content *c, struct case_error *err);
void case_conflicts_close(struct case_conflicts *k);

/* Fills k->setter for a row that is in the table of records. */
enum case_status case_conflicts_ask(struct case_conflicts *k,
    const struct case_stored *row, struct case_error *err);
/* A value that was not put into its record. */
enum case_status case_conflicts_keep(struct case_conflicts *k, int64_t batch,
    int64_t record, int64_t line, size_t field, const struct case_value *v,
    struct case_error *err);
/* A value from column i of a statement; a text is borrowed. */
void case_conflicts_read(const struct case_content *c, const struct case_sql *q,
    int i, size_t field, struct case_value *v);

#endif
