/* audit_int.h - what the files of the audit engine share */
#ifndef WORK_AUDIT_INT_H
#define WORK_AUDIT_INT_H

#include "case/audit.h"
#include "case/buf.h"
#include "case/expr.h"
#include "case/json.h"
#include "case/rtype.h"

/* --- rules as written (rule.c) ------------------------------------------- */

/* In a test row beside its fields: a day on which the record had vanished. */
#define TEST_VANISHED "_vanished_on"

enum rule_kind {
	RULE_ROW,     /* one record at a time */
	RULE_GROUP,   /* records that share values */
	RULE_SEQUENCE /* numbers that follow each other */
};

/* The expressions of a rule; which kinds have which is in rule.c. */
enum rule_expr {
	RULE_APPLIES,
	RULE_DATE, /* by which it is in force */
	RULE_FAILS,
	RULE_VALUE,
	RULE_EXPECTED,
	RULE_DUE,  /* last day of the limit */
	RULE_OPEN, /* whether the limit still runs */
	RULE_HAVING,
	RULE_EARLIER, /* a member fails only behind an earlier one */
	RULE_MONTHS,  /* which is not older than this */
	RULE_ORGAN,
	RULE_YEAR,
	RULE_NUMBER,
	RULE_SAME,
	RULE_EXPRS
};

enum { RULE_GROUPS = 8, RULE_REQUIRES = 16, RULE_ALTERNATIVES = 4 };

/*
 * One rule of a pack, checked. Strings are borrowed from the pack's JSON.
 *
 * file		the pack's, for messages
 * from, to	first and last day it is in force, by RULE_DATE
 * scope	a setting whose expression says which records it is about
 * require	field names, alternatives parted by |; required says that the
 *pack lists them itself field	the field that a finding names, or NULL gaps
 *a sequence rule: numbers left out; else numbers used again
 */
struct rule {
	const char *file;
	const char *id;
	const char *type;
	enum rule_kind kind;
	enum case_severity severity;
	double points;
	const char *title[2];
	const char *about[2];
	const char *message[2];
	const char *law, *article;
	bool has_from, has_to;
	int64_t from, to;
	const char *text[RULE_EXPRS];
	const char *group[RULE_GROUPS];
	size_t group_n;
	const char *require[RULE_REQUIRES];
	size_t require_n;
	bool required;
	const char *scope;
	const char *field;
	bool gaps;
	const struct case_json *tests;
};

struct rule_set {
	struct rule *rule;
	size_t n;
	struct case_json **json; /* of the packs */
	char **file;
	size_t pack_n;
	struct case_rtype **rt; /* of share/records, read for the check */
	size_t rt_n;
	struct case_share *sh;
};

/*
 * Reads and checks the packs of a list (NULL: all), then keeps what rules and
 * type name. CASE_EDATA with file, rule and key; CASE_EUSAGE for a name that
 * is none, with the nearest.
 */
enum case_status rule_set_load(struct rule_set *set, struct case_share *sh,
    const struct case_audit_request *rq, struct case_error *err);
void rule_set_free(struct rule_set *set);
/* For case_scope.type over share/records: arg is the rule_set. */
const struct case_rtype *rule_set_type(void *arg, const char *name);
/* rulecheck.c: fills r from JSON; number is its place in the pack, from 1. */
enum case_status rule_check(struct rule_set *set, struct rule *r,
    const struct case_json *json, size_t number, struct case_error *err);
const char *rule_kind_name(enum rule_kind kind);
bool rule_kind_find(const char *name, enum rule_kind *kind);
/* Where word stands in a table; false when it does not, or is NULL. */
bool rule_find_word(const char *const *table, size_t rows, const char *word,
    size_t *at);
/* 《中华人民共和国行政处罚法》第六十条 */
void rule_basis(struct case_buf *out, const struct rule *r);
/*
 * The next element of a list, cut at commas, without blanks; false at the
 * end.
 */
bool rule_list_next(const char **list, struct case_str *item);
/* "; did you mean A?" for the nearest of n names, or nothing. */
void rule_nearest(struct case_buf *out, const char *word,
    const char *(*name)(const void *arg, size_t i), const void *arg, size_t n);

/* --- templates (message.c) ----------------------------------------------- */

/* What a template may name beside expressions, as {@NAME}. */
enum message_word {
	MESSAGE_NONE,
	MESSAGE_OTHERS, /* keys of the other records of the group */
	MESSAGE_COUNT,	/* records of the group; numbers left out */
	MESSAGE_RANGE	/* the numbers left out */
};
struct message_part {
	char *text; /* when e and word are nothing */
	struct case_expr *e;
	enum message_word word;
};
struct message {
	struct message_part *part;
	size_t n;
	size_t expr_n;
};
enum case_status message_parse(struct message *m, const char *text,
    const struct case_scope *scope, struct case_error *err);
void message_free(struct message *m);
/*
 * Appends the message. v has expr_n values, in the order of the parts; word
 * has a text for each message_word.
 */
void message_print(struct case_buf *out, const struct message *m,
    const struct case_value *v, const char *const *word, enum case_lang lang);
/* One value of an expression, for people; private ones are masked. */
void message_value(struct case_buf *out, const struct case_expr *e,
    const struct case_value *v, enum case_lang lang);

/* --- compiled rules (compile.c) ------------------------------------------ */

/* One of these fields has to be mapped. */
struct require {
	int field[RULE_ALTERNATIVES];
	size_t n;
};

/*
 * A rule over one record type.
 *
 * verdict	an integer: 0 does not apply, 1 passed, 2 failed, missing:
 *		undecided. Kinds other than row: 1 when it applies
 * grouped	a group rule's condition: it applies and no value to group by
 *		is missing
 * unset	the first setting that it needs and nobody has set, or NULL
 * field	index, or -1
 */
struct rule_code {
	const struct case_rtype *rt;
	struct case_expr *verdict;
	struct case_expr *grouped;
	struct case_expr *e[RULE_EXPRS];
	struct case_expr *group[RULE_GROUPS];
	struct message message;
	struct require require[RULE_REQUIRES];
	size_t require_n;
	int field;
	char *unset;
};
enum case_status rule_compile(struct rule_code *c, const struct rule *r,
    const struct case_scope *scope, enum case_lang lang,
    struct case_error *err);
void rule_code_free(struct rule_code *c);
/* Parses one expression and checks its type. */
enum case_status rule_parse(struct case_expr **out, const char *text,
    enum case_type type, const struct case_scope *scope,
    struct case_error *err);

/* --- where fields come from (mapped.c) ----------------------------------- */

/* One batch, and which fields of the type its header mapped. */
struct mapped_batch {
	int64_t id;
	unsigned char *field;
	struct case_cursor *before; /* the batch of a record before this one */
};
struct mapped {
	struct case_store *st;
	const struct case_rtype *rt;
	struct mapped_batch *batch;
	size_t n;
	unsigned char *anywhere; /* by any batch */
	struct case_expr *column;
};
enum case_status mapped_load(struct mapped *m, struct case_store *st,
    const struct case_rtype *rt, int64_t as_of, struct case_error *err);
void mapped_free(struct mapped *m);
/* The index of a batch; SIZE_MAX when it is not known. */
size_t mapped_find(const struct mapped *m, int64_t id);
/* What a batch says about a rule, for all of its records. */
enum mapped_state {
	MAPPED_ALL,
	MAPPED_SOME, /* an earlier batch may have mapped what it did not */
	MAPPED_NONE
};
enum mapped_state mapped_state(const struct mapped *m, size_t batch,
    const struct rule_code *c);
/*
 * Whether all that a rule requires was mapped for one record; present has a
 * flag for each field. A field that has a value was.
 */
enum case_status mapped_record(struct mapped *m, const struct rule_code *c,
    int64_t record, size_t batch, const unsigned char *present, bool *is,
    struct case_error *err);

/* --- waivers (waiver.c) --------------------------------------------------- */

struct waiver {
	char *fingerprint; /* or NULL, and */
	char *rule, *key;
	int64_t until;
};
struct waivers {
	struct waiver *w;
	size_t n;
};
/* CASE_EDATA with the line for one without reason, approver or until. */
enum case_status waivers_load(struct waivers *ws, const char *path,
    struct case_error *err);
void waivers_free(struct waivers *ws);
bool waivers_match(const struct waivers *ws, const char *fingerprint,
    const char *rule, struct case_str key, int64_t today);

/* --- an audit (audit.c) --------------------------------------------------- */

/*
 * rule		index in case_audit.rule
 * group	1 + index in case_audit.group, 0: none
 * record	0: none, a number that no record has
 * key, text	in case_audit.text; text is the range of a gap
 * count	numbers left out
 * due		the day, for case_audit_due
 */
struct finding {
	uint32_t rule;
	uint32_t group;
	int64_t record;
	size_t key, key_n;
	size_t text;
	int64_t count;
	int64_t due;
	uint64_t print;
	bool waived;
};

/* The records that together break a group rule. */
enum { GROUP_KEYS = 6 };
struct group {
	size_t key[GROUP_KEYS]; /* in case_audit.text, ended by NUL */
	size_t key_n;
	int64_t count;
	uint32_t print; /* the part of the fingerprint they share */
};

struct audit_type;

/* A rule at work. reason: why it did not run on not_run records. */
struct audit_rule {
	const struct rule *rule;
	struct rule_code code;
	struct audit_type *type; /* NULL: no records of it */
	bool runs;
	int64_t applicable, passed, failed, undecided, waived, not_run;
	char *reason;
	struct case_cursor *detail;
	const struct case_expr **columns; /* of detail */
	size_t column_n;
	unsigned char *state; /* enum mapped_state by batch */
};

/* A record type at work. where: what -p and -w select. */
struct audit_type {
	const struct case_rtype *rt;
	struct case_scope scope;
	struct case_expr *where;
	struct case_expr *selected; /* 1 when where is true */
	struct case_expr *id, *batch, *file, *line;
	struct case_expr **field; /* one for each */
	struct case_expr *none;	  /* null */
	struct case_expr *by;
	int key[CASE_KEYS * CASE_KEY_FIELDS]; /* fields of all identities */
	size_t key_n;
	struct mapped mapped;
	int64_t rows; /* selected; -1: not yet counted */
};

struct case_audit {
	struct case_store *st;
	struct case_share *sh;
	struct case_audit_request rq;
	bool has_period;
	int64_t from, to; /* as parameters of queries */
	bool open_from, open_to;
	struct rule_set set;
	struct audit_rule *rule;
	size_t rule_n;
	struct audit_type *type;
	size_t type_n;
	struct waivers waivers;
	struct finding *finding;
	size_t finding_n, finding_cap;
	struct group *group;
	size_t group_n, group_cap;
	struct case_buf text;
	char **note;
	size_t note_n;
	struct case_buf scratch;
	/* selftest.c: told of every verdict; may be NULL. */
	void (*verdict)(void *arg, size_t rule, struct case_str key, int v);
	void *verdict_arg;
};

/* Verdicts as case_audit.verdict is told them, beside 0, 1 and 2. */
enum { VERDICT_UNDECIDED = -1, VERDICT_NOT_RUN = -2 };

/* For selftest.c: an audit of rules that are already loaded; takes set. */
enum case_status audit_new_set(struct case_audit **out, struct case_store *st,
    struct case_share *sh, const struct case_audit_request *rq,
    struct rule_set *set, struct case_error *err);
/* A query over all records of a type, with what all queries share. */
struct case_query audit_query(const struct case_audit *a,
    const struct audit_type *t);
/*
 * The key of a record: its first identity that is there, or its number. v has
 * key_n values, those of the fields in t->key.
 */
void audit_key(struct case_buf *out, const struct audit_type *t,
    const struct case_value *v, int64_t record);
/*
 * A finding about key: counted, and kept unless it is waived. *out (which may
 * be NULL) is then NULL, and else borrowed until the next call.
 *
 * group	1 + index in a->group, or 0
 * print	the part of the fingerprint that a group shares, or 0
 */
enum case_status audit_fail(struct case_audit *a, struct audit_rule *r,
    int64_t record, struct case_str key, uint32_t group, uint32_t print,
    struct finding **out, struct case_error *err);
/* Tells the verdict to whom it may concern. */
void audit_tell(struct case_audit *a, const struct audit_rule *r,
    struct case_str key, int v);
enum case_status audit_note(struct case_audit *a, struct case_error *err,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Room for one more of an array that grows by doubling. */
bool audit_grow(void **array, size_t *cap, size_t n, size_t size);
/* Copies text into a->text with a NUL; returns where it begins. */
size_t audit_text(struct case_audit *a, const char *p, size_t n);
void audit_print_hex(char out[17], uint64_t print);
/* Whether what a rule requires was mapped for a record of a batch. */
enum case_status audit_mapped(struct case_audit *a, struct audit_rule *r,
    int64_t record, int64_t batch, const unsigned char *present, bool *is,
    struct case_error *err);
/*
 * Marks the fields whose presence has to be known to say whether rules ran:
 * those that some batch mapped and another did not.
 */
void audit_presence(const struct audit_rule *r, unsigned char *field);
/* Why it does not run; the first reason stays. */
enum case_status audit_reason(struct audit_rule *r, struct case_error *err,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/*
 * What every scan over records begins with (head.c): _id, _batch, the key and
 * the presence of fields, and from at on the columns that the caller adds.
 *
 * key		of the row that head_row was called with
 * present	by field, for audit_mapped
 */
struct head {
	const struct audit_type *t;
	const struct case_expr **column;
	size_t column_n;
	size_t at;
	int *presence;
	size_t presence_n;
	unsigned char *present;
	struct case_buf key;
};
/* more: how many columns the caller may add. */
enum case_status head_open(struct head *h, const struct audit_type *t,
    struct audit_rule *const *rule, size_t rule_n, size_t more,
    struct case_error *err);
void head_add(struct head *h, const struct case_expr *e);
enum case_status head_row(struct head *h, const struct case_value *v,
    struct case_error *err);
struct case_str head_key(struct head *h);
void head_free(struct head *h);

/* rows.c: the row rules of a type, in one scan for each 80 of them. */
enum case_status audit_rows(struct case_audit *a, struct audit_type *t,
    struct case_error *err);
/* How many records -p and -w select; counted once. */
enum case_status audit_count(struct case_audit *a, struct audit_type *t,
    struct case_error *err);

/* select.c: what a request says about a type. */
enum case_status audit_select(struct case_audit *a, struct audit_type *t,
    struct case_error *err);

/* group.c, sequence.c */
enum case_status audit_groups(struct case_audit *a, struct audit_rule *r,
    struct case_error *err);
enum case_status audit_sequence(struct case_audit *a, struct audit_rule *r,
    struct case_error *err);

/* --- tables (report.c) -----------------------------------------------------
 */

/* A table with its metas begun; the caller adds columns. */
void report_begin(struct case_audit *a, struct case_table *t, const char *name,
    enum case_kind kind, const char *zh, const char *en);
struct case_value report_text(const char *p, size_t n);
struct case_value report_str(const char *s); /* NULL: missing */
struct case_value report_int(int64_t i);

/*
 * The values of one finding's record, opened once a rule. The parts are
 * borrowed until the next call; places in v by the enum, then the message's
 * expressions, then all fields of the type.
 */
enum detail {
	DETAIL_UNIT,
	DETAIL_VALUE,
	DETAIL_EXPECTED,
	DETAIL_BY,
	DETAIL_FILE,
	DETAIL_LINE,
	DETAIL_DUE,
	DETAIL_MESSAGE
};
enum case_status report_detail(struct case_audit *a, struct audit_rule *r,
    int64_t record, const struct case_value **v, struct case_error *err);

struct report_column {
	const char *name;
	enum case_type type;
	const char *label[2];
};
void report_columns(struct case_table *t, const struct report_column *column,
    size_t n, enum case_lang lang);

/* The columns of findings. */
enum {
	F_RULE,
	F_SEVERITY,
	F_TYPE,
	F_KEY,
	F_UNIT,
	F_FIELD,
	F_VALUE,
	F_EXPECTED,
	F_MESSAGE,
	F_BASIS,
	F_FILE,
	F_LINE,
	F_FINGERPRINT,
	F_COLUMNS
};

extern const struct report_column report_finding[F_COLUMNS];

/* What a finding's texts are built in. */
struct report_row {
	struct case_buf value, expected, message, basis, others;
	struct case_buf count;
	char hex[17];
	struct case_value v[F_COLUMNS];
};

/* detail: as report_detail's v. */
enum case_status report_row(struct report_row *row, struct case_audit *a,
    const struct finding *f, const struct case_value **detail,
    struct case_error *err);
void report_row_free(struct report_row *row);

#endif
