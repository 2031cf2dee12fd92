/* limits.h - bounds that keep a hostile file from taking the machine */
#ifndef CASE_LIMITS_H
#define CASE_LIMITS_H

#include <stdint.h>

#include "case/error.h"

/*
 * What a packed or nested file may ask for. A reader that meets one refuses
 * the file (CASE_EDATA) and names the limit with case_limit_error.
 *
 * entries	files in an archive or workbook
 * ratio	unpacked size ÷ packed size of one of them, beyond its first 16
 *		MiB
 * total	unpacked bytes of all of them that are read
 * depth	elements within elements, brackets within brackets
 * held		bytes a reader must hold at once: shared strings, a page, an XLS
 * gaps		empty cells of a sheet, page or JSON document for each one that
 *		holds something, beyond the first 16 million: a cell in the last
 *		column of each row makes thousands
 */
struct case_limits {
	uint64_t entries;
	uint64_t ratio;
	uint64_t total;
	uint64_t depth;
	uint64_t held;
	uint64_t gaps;
};

extern const struct case_limits case_limits_default;

/* "NAME=N" of --limit; N may end in K, M or G (of 1024). CASE_EUSAGE. */
enum case_status case_limits_set(struct case_limits *l, const char *assign,
    struct case_error *err);
/*
 * CASE_EDATA with a text that says what is too much, the limit's name and
 * value, and how to raise it. which points into l; what is in the user's
 * language: "the sheet unpacks to too much".
 */
enum case_status case_limit_error(const struct case_limits *l,
    const uint64_t *which, const char *what, struct case_error *err);

#endif
