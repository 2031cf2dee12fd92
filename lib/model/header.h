/* header.h - a header cell taken apart: name, brackets, unit */
#ifndef CASE_MODEL_HEADER_H
#define CASE_MODEL_HEADER_H

#include "case/rtype.h"

/*
 * The keys (case_text_key) that a header cell can be known by. Marks such as
 * (必填) and a unit such as (万元) are left out of all of them.
 *
 * whole	with what stands in brackets
 * inside	what stands in the last brackets alone; "" when there are none
 * outside	without brackets
 * scale	fen of a bare number under this header; 0: it names no unit
 */
struct case_header {
	char *whole;
	char *inside;
	char *outside;
	int64_t scale;
};

enum case_status case_header_parse(struct case_header *h,
    const struct case_list *marks, const char *p, size_t n,
    struct case_error *err);
void case_header_free(struct case_header *h);

/* Whether a layout's column called a is a file's column called b. */
enum case_header_match {
	CASE_HEADER_WHOLE,
	CASE_HEADER_INSIDE,
	CASE_HEADER_OUTSIDE,
	CASE_HEADER_MATCHES
};
bool case_header_same(const struct case_header *a, const struct case_header *b,
    enum case_header_match how);

/*
 * The field of the type that a header names, -1: none, -2: out of memory;
 * *scale is that of the header or of its alias, or 0. The whole name goes
 * before what stands before the brackets, that before what is in them. *rival
 * is another field that has the same name, or -1: it is to be asked about.
 */
int case_header_field(const struct case_header *h, const struct case_rtype *rt,
    int64_t *scale, int *rival);

/*
 * Fen of one of a unit: 元 100, 万元 1000000; 0: no unit of money, -1: out of
 * memory.
 */
int64_t case_unit_scale(const char *p, size_t n);

#endif
