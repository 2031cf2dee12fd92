/* json.h - our own small JSON files (share/, settings); cJSON stays inside */
#ifndef CASE_JSON_H
#define CASE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "case/buf.h"
#include "case/error.h"

/* Not for input data: numbers are doubles here. Nodes live with their root. */
struct case_json;

/*
 * Strict, as RFC 8259 says, and then some: one value, UTF-8 (a BOM is passed
 * over), no duplicate keys, no \u0000, numbers that a double holds, at most 64
 * levels and 16 MiB. CASE_EDATA with reason and line; load puts "PATH:LINE: "
 * before the reason and leaves line 0, for the file is not the user's input.
 */
enum case_status case_json_parse(struct case_json **out, const char *p,
    size_t n, struct case_error *err);
enum case_status case_json_load(struct case_json **out, const char *path,
    struct case_error *err);
void case_json_free(struct case_json *root);

/* NULL when absent or of another kind; never fail. */
const struct case_json *case_json_get(const struct case_json *obj,
    const char *key);
const struct case_json *case_json_first(const struct case_json *v);
const struct case_json *case_json_next(const struct case_json *item);
const char *case_json_key(const struct case_json *item);
const char *case_json_str(const struct case_json *v);
bool case_json_is_object(const struct case_json *v);
bool case_json_is_array(const struct case_json *v);
bool case_json_is_null(const struct case_json *v);
bool case_json_number(const struct case_json *v, double *d);
bool case_json_bool(const struct case_json *v, bool *b);
/* Shorthands: the string or number under a key. */
const char *case_json_get_str(const struct case_json *obj, const char *key);
double case_json_get_number(const struct case_json *obj, const char *key,
    double otherwise);
bool case_json_get_bool(const struct case_json *obj, const char *key,
    bool otherwise);

/* Appends the compact text of a node, keys in their order. */
void case_json_print(struct case_buf *out, const struct case_json *v);
/*
 * Appends a JSON string literal with its quotes; what case_text_control() says
 * is escaped, invalid UTF-8 becomes U+FFFD.
 */
void case_json_quote(struct case_buf *out, const char *p, size_t n);

/*
 * base with over laid on it, as RFC 7396 says, but an array of objects that
 * have "name", or "id", is merged by it (order of base, new ones behind); an empty
 * array replaces. *out is new; both inputs stay the caller's.
 */
enum case_status case_json_merge(struct case_json **out,
    const struct case_json *base, const struct case_json *over,
    struct case_error *err);

#endif
