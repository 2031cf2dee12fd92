/* limits.c - bounds that keep a hostile file from taking the machine */
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/limits.h"

#define MIB ((uint64_t)1024 * 1024)

const struct case_limits case_limits_default = {
	.entries = 10000,
	.ratio = 200,
	.total = 8192 * MIB,
	.depth = 64,
	.held = 256 * MIB,
	.gaps = 100,
};

static const struct {
	const char *name;
	size_t at;
} limits[] = {
	{ "entries", offsetof(struct case_limits, entries) },
	{ "ratio", offsetof(struct case_limits, ratio) },
	{ "total", offsetof(struct case_limits, total) },
	{ "depth", offsetof(struct case_limits, depth) },
	{ "held", offsetof(struct case_limits, held) },
	{ "gaps", offsetof(struct case_limits, gaps) },
};

#define LIMITS (sizeof(limits) / sizeof(limits[0]))

/* Digits and an optional K, M or G; false: no such number. */
static bool
parse_size(const char *s, uint64_t *to)
{
	static const char units[] = "KMG";
	const char *unit;
	uint64_t n = 0;

	if (*s < '0' || *s > '9')
		return false;
	for (; *s >= '0' && *s <= '9'; s++)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*s - '0'), &n))
			return false;
	unit = *s != '\0' ? strchr(units, *s) : NULL;
	if (unit != NULL) {
		for (const char *u = units; u <= unit; u++)
			if (__builtin_mul_overflow(n, 1024, &n))
				return false;
		s++;
	}
	*to = n;
	return *s == '\0' && n > 0;
}

enum case_status
case_limits_set(struct case_limits *l, const char *assign,
    struct case_error *err)
{
	const char *eq = strchr(assign, '=');
	size_t n = eq == NULL ? 0 : (size_t)(eq - assign);
	uint64_t value;

	for (size_t i = 0; i < LIMITS; i++) {
		if (n == 0 || strlen(limits[i].name) != n ||
		    memcmp(limits[i].name, assign, n) != 0)
			continue;
		if (!parse_size(eq + 1, &value))
			return case_error_set(err, CASE_EUSAGE, 0,
			    _("'%s' is no size; write a number above 0, with "
			      "K, M or G behind it if you like"),
			    eq + 1);
		memcpy((char *)l + limits[i].at, &value, sizeof(value));
		return CASE_OK;
	}
	return case_error_set(err, CASE_EUSAGE, 0,
	    _("'%s' is no limit; write NAME=N with a name of entries, ratio, "
	      "total, depth, held or gaps"),
	    assign);
}

enum case_status
case_limit_error(const struct case_limits *l, const uint64_t *which,
    const char *what, struct case_error *err)
{
	size_t at = (size_t)((const char *)which - (const char *)l);
	const char *name = "";

	for (size_t i = 0; i < LIMITS; i++)
		if (limits[i].at == at)
			name = limits[i].name;
	return case_error_set(err, CASE_EDATA, 0,
	    _("%s: the limit %s is %" PRIu64 "; a file you trust may pass "
	      "with --limit %s=N"),
	    what, name, *which, name);
}
