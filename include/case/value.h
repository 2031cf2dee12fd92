/* value.h - one typed value, and its text form */
#ifndef CASE_VALUE_H
#define CASE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"
#include "case/error.h"

enum case_type {
	CASE_TEXT,    /* s: UTF-8 */
	CASE_INTEGER, /* i */
	CASE_NUMBER,  /* d, finite */
	CASE_MONEY,   /* i: fen, 1/100 yuan */
	CASE_RATIO,   /* d: a fraction, 0.558 is 55.8 % */
	CASE_POINTS,  /* d: a difference of ratios, as a fraction */
	CASE_DATE,    /* i: days since 1970-01-01, proleptic Gregorian */
	CASE_TIME, /* i: seconds since 1970-01-01T00:00:00, civil (no zone) */
	CASE_FLAG, /* i: 0 or 1 */
	CASE_CODE  /* s: name, label or alias of a closed list */
};

struct case_str {
	const char *p; /* not NUL-terminated in general; borrowed */
	size_t n;
};

/*
 * Why a value on its way to the store is missing; 0 is the careful one. Bits,
 * so that a record can say what it has of them.
 *
 * ABSENT	the source did not speak of it: what is known stays
 * BLANK	the source has it, and it was empty: as the user wants it
 * CLEARED	said to be none, or said but not readable: what is known goes
 */
enum case_absence { CASE_ABSENT = 0, CASE_BLANK = 1, CASE_CLEARED = 2 };

/*
 * missing is not 0 and not "": the members of u are then not read. absence is
 * an enum case_absence, read only of records that are put into a store and
 * only when missing.
 */
struct case_value {
	enum case_type type;
	bool missing;
	uint8_t absence;
	union {
		int64_t i;
		double d;
		struct case_str s;
	} u;
};

const char *case_type_name(enum case_type type);
/* The type of a name as in "##column"; false when there is none. */
bool case_type_find(const char *name, size_t n, enum case_type *type);

/*
 * Appends the machine form of a value, as in a case-table before escaping:
 * money with 2 decimals, ratio, points and number with the fewest digits that
 * read back the same, date 2023-06-12, time 2023-06-12T08:30:00, flag 1/0;
 * nothing when missing or not finite. A number from 1e21 up or below 1e-6 is
 * written with an exponent (1e+21); never depends on the locale.
 */
void case_value_text(struct case_buf *out, const struct case_value *v);

/*
 * Reads the machine form back; "" is missing. Text and code borrow p. Money
 * may have fewer than 2 decimals, and more when they are 0.
 * CASE_EDATA with the reason (no line) when it is not of that type.
 */
enum case_status case_value_parse(struct case_value *v, enum case_type type,
    const char *p, size_t n, struct case_error *err);

/*
 * Appends the form for people: ratio 55.8%, points +1.2 (百分点), money
 * 45,600.00, integer 1,234, number with at most 2 decimals, time with a space
 * for the T; flag, text and code as in the machine form. Rounded half away from
 * zero, once. The unit of points is not written.
 */
void case_value_display(struct case_buf *out, const struct case_value *v);

/*
 * Rounds half away from zero to n decimals (0 to 9), judged on the shortest
 * decimal form that reads back as v, so that 0.125 gives 0.13 and 1.005 1.01.
 */
double case_round(double v, int decimals);

/* Orders two values of one type; missing comes last; text by bytes. */
int case_value_compare(const struct case_value *a, const struct case_value *b);

#endif
