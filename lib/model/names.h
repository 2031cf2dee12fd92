/* names.h - names as people write them, looked up by their folded form */
#ifndef CASE_MODEL_NAMES_H
#define CASE_MODEL_NAMES_H

#include "case/error.h"
#include "case/json.h"
#include "case/rtype.h"

/* A list of strings from a JSON list of strings; list is empty before. */
enum case_status case_list_read(struct case_list *list,
    const struct case_json *v, struct case_error *err);
void case_list_free(struct case_list *list);

void case_codes_free(struct case_code *code, size_t n);

/* A key from a JSON list of field names. */
enum case_status case_key_read(struct case_key *key,
    const struct case_rtype *rt, const struct case_json *list,
    struct case_error *err);

/*
 * An index from names, compared by case_text_key, to numbers. Filled by add,
 * which never fails, and then finished once, which tells. unit is borrowed.
 * Adding one name twice for one number is fine; see clash.
 */
struct case_names;
enum case_status case_names_new(struct case_names **out,
    struct case_error *err);
void case_names_add(struct case_names *names, const char *name, int id,
    const char *unit);
/* A name that several numbers may claim, which is then no clash. */
void case_names_share(struct case_names *names, const char *name, int id);
enum case_status case_names_finish(struct case_names *names,
    struct case_error *err);
void case_names_free(struct case_names *names);
/* -1: none, -2: out of memory; *unit is then NULL. */
int case_names_find(const struct case_names *names, const char *p, size_t n,
    const char **unit);
/* Another number that shares this name; -1: none, -2: out of memory. */
int case_names_rival(const struct case_names *names, const char *p, size_t n);
/*
 * The folded form that two numbers have, though not both share it, and both
 * numbers; NULL: there is none.
 */
const char *case_names_clash(const struct case_names *names, int *a, int *b);

#endif
