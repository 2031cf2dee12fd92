/* rtype.h - record types: what a record is, read from share/records */
#ifndef CASE_RTYPE_H
#define CASE_RTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"
#include "case/error.h"
#include "case/json.h"
#include "case/share.h"
#include "case/table.h"
#include "case/value.h"

/* One value of a closed list. label[CASE_ZH], label[CASE_EN]. */
struct case_code {
	char *name;
	char *label[2];
	char **alias;
	size_t alias_n;
};

/*
 * coded	the value repeats (units, items, officers …): in records it is
 *		the id of a word (words.h). Always so for CASE_CODE
 * alias_unit	alias_n units, each NULL unless that header means another unit
 *		than the field (cf_nr_fk is in 万元 and does not say so)
 * alias_ask	alias_n flags: another field may have the same alias, and a
 *		column called so is asked about
 * code		the closed list of CASE_CODE
 * ident	an identifier: width-folded, never read as a number
 * pair		a field whose value may stand behind this one's in one cell
 *		(两名执法人员；机关名称和日期), or -1
 * about, source	what is to be known of it, and from where, or NULL; not
 *		printed by case_rtype_print
 */
struct case_field {
	char *name;
	enum case_type type;
	char *label[2];
	char **alias; /* header names met in the wild */
	size_t alias_n;
	char **alias_unit;
	bool *alias_ask;
	char *unit; /* or NULL */
	struct case_code *code;
	size_t code_n;
	enum case_privacy privacy;
	bool required;
	bool coded;
	bool docno; /* compared by its canonical key (ident.h) */
	bool ident;
	int pair;
	char *about, *source;
};

#define CASE_KEY_FIELDS 4
/*
 * One identity: the fields that together name a record. The first must be
 * present; a further one may be missing, which is then a value of its own (an
 * item without tiers).
 *
 * otherwise	names only records that no identity before it does: two papers
 *		of one day are different when both have a number, and what has
 *		none is still found again
 */
struct case_key {
	size_t field[CASE_KEY_FIELDS];
	size_t field_n;
	bool otherwise;
};
#define CASE_KEYS 2

/* A list of words. */
struct case_list {
	char **p;
	size_t n;
};

/*
 * missing	words that mean no value: - / 无
 * yes, no	words of a flag; 1 and 0 are always known
 * aside	what a row of totals or signatures begins with
 * marks	words in a header's brackets that are no part of its name
 * The last four come from the settings when the type does not say.
 * about, source	as those of a field
 */
struct case_rtype {
	char *name;
	char *label[2];
	struct case_field *field;
	size_t field_n;
	struct case_key key[CASE_KEYS]; /* a record needs one of them */
	size_t key_n;
	size_t *date; /* fields; the first present dates the record */
	size_t date_n;
	char *count;	/* its count measure: "cases" */
	char **missing; /* words that mean no value: - / 无 */
	size_t missing_n;
	struct case_list yes, no, aside, marks;
	char *about, *source;
	void *index; /* name lookup, rtype.c's own */
};

enum case_status case_rtype_load(struct case_rtype **out, struct case_share *sh,
    const char *name, struct case_error *err);
/*
 * From the JSON text of case_rtype_print or a file. CASE_EDATA in words for
 * what breaks the form, and for a name, label or alias that two fields share,
 * unless it is an alias of both that says "ask": {"name": "单位", "ask": true}.
 */
enum case_status case_rtype_parse(struct case_rtype **out,
    const struct case_json *json, struct case_error *err);
void case_rtype_free(struct case_rtype *rt);
/* The resolved definition as JSON, to be kept in the store. */
void case_rtype_print(struct case_buf *out, const struct case_rtype *rt);

/* By exact name; -1: none. */
int case_rtype_field(const struct case_rtype *rt, const char *p, size_t n);
/*
 * By name, label or alias, compared by case_text_key; -1: none, or two have
 * it; -2: out of memory. So are the four below.
 */
int case_rtype_word(const struct case_rtype *rt, const char *p, size_t n);
/*
 * The same, but a name that two fields have finds the first; *unit is that
 * alias's own unit, or NULL.
 */
int case_rtype_header(const struct case_rtype *rt, const char *p, size_t n,
    const char **unit);
/* The second field that has such a name: a header that is asked about. */
int case_rtype_rival(const struct case_rtype *rt, const char *p, size_t n);
/* By name, label or alias. */
int case_field_code(const struct case_field *f, const char *p, size_t n);
/* Which of n codes has this name, label or alias. */
int case_code_find(const struct case_code *code, size_t code_n, const char *p,
    size_t n);
const char *case_label(char *const label[2], enum case_lang lang);

#endif
