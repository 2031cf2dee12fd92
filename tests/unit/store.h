/* store.h - what the tests of the store share: a type, rows, a dump */
#ifndef TEST_STORE_H
#define TEST_STORE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "case/buf.h"
#include "case/json.h"
#include "case/store.h"
#include "lib/store/content.h"
#include "tests/unit/test.h"

/* Two identities, a coded text, a code, and every way of storing. */
#define TYPE_FIELDS                                                           \
	"{\"name\":\"case_no\",\"type\":\"text\","                            \
	"\"label\":{\"zh\":\"案件编号\",\"en\":\"case number\"}},"        \
	"{\"name\":\"unit\",\"type\":\"text\",\"coded\":true,"                \
	"\"label\":{\"zh\":\"执法单位\",\"en\":\"unit\"}},"               \
	"{\"name\":\"filed_on\",\"type\":\"date\","                           \
	"\"label\":{\"zh\":\"立案日期\",\"en\":\"filed\"}},"              \
	"{\"name\":\"decision_no\",\"type\":\"text\",\"docno\":true,"         \
	"\"label\":{\"zh\":\"决定书文号\",\"en\":\"decision number\"}}," \
	"{\"name\":\"fine\",\"type\":\"money\","                              \
	"\"label\":{\"zh\":\"罚款\",\"en\":\"fine\"}},"                     \
	"{\"name\":\"area\",\"type\":\"number\","                             \
	"\"label\":{\"zh\":\"面积\",\"en\":\"area\"}},"                     \
	"{\"name\":\"procedure\",\"type\":\"code\","                          \
	"\"label\":{\"zh\":\"程序\",\"en\":\"procedure\"},"                 \
	"\"codes\":[{\"name\":\"simple\","                                    \
	"\"label\":{\"zh\":\"简易程序\",\"en\":\"simple\"}},"             \
	"{\"name\":\"ordinary\","                                             \
	"\"label\":{\"zh\":\"普通程序\",\"en\":\"ordinary\"}}]},"         \
	"{\"name\":\"major\",\"type\":\"flag\","                              \
	"\"label\":{\"zh\":\"重大\",\"en\":\"major\"}},"                    \
	"{\"name\":\"remark\",\"type\":\"text\","                             \
	"\"label\":{\"zh\":\"备注\",\"en\":\"remark\"}}"

#define TYPE_HEAD                                                           \
	"{\"name\":\"case\",\"label\":{\"zh\":\"案件\",\"en\":\"case\"}," \
	"\"key\":[[\"case_no\"],[\"decision_no\"]],"                        \
	"\"dates\":[\"filed_on\"],\"count\":\"cases\",\"fields\":["

enum { FIELD_N = 9 };

static inline struct case_rtype *
type_of(const char *json)
{
	struct case_json *j;
	struct case_rtype *rt = NULL;
	struct case_error err = { 0 };

	if (case_json_parse(&j, json, strlen(json), &err) != CASE_OK ||
	    case_rtype_parse(&rt, j, &err) != CASE_OK) {
		fprintf(stderr, "test type: %s\n", err.what);
		exit(1);
	}
	case_json_free(j);
	return rt;
}

static inline struct case_rtype *
test_type(void)
{
	return type_of(TYPE_HEAD TYPE_FIELDS "]}");
}

/* A private folder for one test, and a path in it. */
static char folder[64];

static inline const char *
in_folder(const char *name)
{
	static char path[4][160];
	static unsigned turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", folder, name);
	return path[turn];
}

static inline void
make_folder(void)
{
	snprintf(folder, sizeof(folder), "/tmp/case-test-XXXXXX");
	if (mkdtemp(folder) == NULL)
		exit(1);
}

static inline void
remove_folder(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	if (system(command) != 0)
		exit(1);
}

static inline struct case_store *
open_store(const char *name, enum case_store_mode mode)
{
	const struct case_store_options o = { .wait = 0, .tool = "test 1" };
	struct case_store *st;
	struct case_error err = { 0 };

	if (case_store_open(&st, name == NULL ? NULL : in_folder(name), mode,
		&o, &err) != CASE_OK)
		fprintf(stderr, "open %s: %s\n", name ? name : "", err.what);
	return st;
}

/* What became of the rows of a batch. */
struct outcome {
	enum case_status rc;
	int64_t batch;
	int64_t added, changed, unchanged, rejected;
	char reason[300]; /* of the last reject */
	struct case_error err;
};

struct rows {
	const char *const *row; /* "A1|unit|2023-01-05|D1|100|1.5|simple|1|…" */
	size_t row_n;
	size_t first_line;
	int64_t time;
	const char *header;
	const char *sha256;
	struct case_batch_options o;
	struct case_input *raw;
	const char *encoding;
};

/*
 * One row of text as a record; a tenth part is extra, an eleventh the blanks
 * of extra. "" is missing, "-" a blank, "!" said to be none.
 */
static inline void
read_row(struct case_store *st, const struct case_rtype *rt, char *text,
    struct case_record *rec, struct case_value *v)
{
	struct case_error err;
	char *part;

	rec->v = v;
	for (size_t i = 0; i < FIELD_N + 2; i++) {
		part = strsep(&text, "|");
		if (part == NULL)
			part = (char *)(uintptr_t) "";
		if (i >= FIELD_N) {
			*(i == FIELD_N ? &rec->extra : &rec->blank) =
			    (struct case_str){ part, strlen(part) };
			continue;
		}
		v[i] = (struct case_value){ .type = rt->field[i].type,
			.missing = *part == '\0' || strcmp(part, "-") == 0 ||
				   strcmp(part, "!") == 0,
			.absence = *part == '-'	  ? CASE_BLANK
				   : *part == '!' ? CASE_CLEARED
						  : CASE_ABSENT };
		if (v[i].missing)
			continue;
		if (rt->field[i].coded)
			v[i].u.i = case_words_add(case_store_words(st), part,
			    strlen(part));
		else if (case_value_parse(&v[i], rt->field[i].type, part,
			     strlen(part), &err) != CASE_OK)
			exit(1);
	}
}

static inline enum case_status
put_rows(struct case_batch *b, struct case_store *st,
    const struct case_rtype *rt, const struct rows *r, struct outcome *o)
{
	/* The type may have one more. */
	struct case_value v[FIELD_N + 1] = { [FIELD_N] = { .missing = true } };
	struct case_record rec = { 0 };
	enum case_put put;
	const char *reason;
	char text[1024];

	for (size_t i = 0; i < r->row_n; i++) {
		snprintf(text, sizeof(text), "%s", r->row[i]);
		read_row(st, rt, text, &rec, v);
		rec.line = (r->first_line ? r->first_line : 2) + i;
		if ((o->rc = case_batch_put(b, &rec, &put, &reason, &o->err)) !=
		    CASE_OK)
			return o->rc;
		o->added += put == CASE_PUT_NEW;
		o->changed += put == CASE_PUT_CHANGED;
		o->unchanged += put == CASE_PUT_UNCHANGED;
		if (put != CASE_PUT_REJECTED)
			continue;
		o->rejected++;
		snprintf(o->reason, sizeof(o->reason), "%s", reason);
		o->rc = case_batch_reject(b, rec.line, -1,
		    (struct case_str){ "", 0 }, reason,
		    (struct case_str){ r->row[i], strlen(r->row[i]) }, &o->err);
		if (o->rc != CASE_OK)
			return o->rc;
	}
	return CASE_OK;
}

static inline struct outcome
import_rows(struct case_store *st, const struct case_rtype *rt,
    const struct rows *r)
{
	struct outcome o = { 0 };
	struct case_batch *b;
	struct case_batch_facts f = { .type = "case",
		.file = "test.csv",
		.sha256 = r->sha256 ? r->sha256 : "00",
		.encoding = r->encoding ? r->encoding : "UTF-8",
		.header = r->header ? r->header : "[]",
		.time = r->time ? r->time : 1700000000 };

	o.rc = case_batch_begin(&b, st, rt, &f, &r->o, &o.err);
	if (o.rc != CASE_OK)
		return o;
	if (put_rows(b, st, rt, r, &o) != CASE_OK ||
	    (r->raw != NULL &&
		(o.rc = case_batch_keep_raw(b, r->raw, &o.err)) != CASE_OK)) {
		case_batch_rollback(b);
		return o;
	}
	f.rows = (int64_t)r->row_n;
	f.added = o.added;
	f.changed = o.changed;
	f.unchanged = o.unchanged;
	f.rejected = o.rejected;
	o.batch = case_batch_id(b);
	o.rc = case_batch_commit(b, &f, &o.err);
	if (o.rc != CASE_OK)
		fprintf(stderr, "commit: %s\n", o.err.what);
	return o;
}

/* import(st, rt, "row", "row", …) */
#define IMPORT(st, rt, ...)                                              \
	import_rows(st, rt,                                              \
	    &(struct rows){ .row = (const char *const[]){ __VA_ARGS__ }, \
		.row_n = sizeof((const char *const[]){ __VA_ARGS__ }) /  \
			 sizeof(const char *) })

/* --- dumps --------------------------------------------------------------- */

static inline void
dump_value(struct case_buf *out, struct case_store *st,
    const struct case_field *f, const struct case_value *v)
{
	struct case_str s;

	if (f->coded && !v->missing) {
		s = case_content_word(st, v->u.i);
		case_buf_add(out, s.p, s.n);
	} else {
		case_value_text(out, v);
	}
}

static inline int
compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Every version, one a line, without the records' numbers, sorted. */
static inline char *
dump(struct case_store *st)
{
	static const char *const from[] = { "\"rec_case\" ORDER BY _id",
		"\"hist_case\" ORDER BY _record, _until" };
	struct case_store_type *t = case_types_get(st, "case");
	struct case_content c = { 0 };
	struct case_stored s = { 0 };
	struct case_buf line = { 0 }, all = { 0 };
	struct case_error err = { 0 };
	char **lines = NULL;
	size_t n = 0;

	if (t == NULL)
		return strdup("");
	case_content_open(&c, st, t, NULL, false, &err);
	case_content_stored_init(&s, &c, &err);
	for (size_t k = 0; k < 2; k++) {
		struct case_sql *q;

		if (case_content_select(&q, &c, k ? "_until" : "0", from[k],
			&err) != CASE_OK)
			exit(1);
		while (case_sql_step(q, &err) == CASE_OK) {
			case_content_load(&c, q, &s);
			case_buf_reset(&line);
			for (size_t i = 0; i < t->rt->field_n; i++) {
				dump_value(&line, st, &t->rt->field[i],
				    &s.v[i]);
				case_buf_addc(&line, '|');
			}
			case_buf_add(&line, s.extra.p, s.extra.n);
			case_buf_addf(&line, " @%lld:%lld-%lld",
			    (long long)s.batch, (long long)s.line,
			    (long long)s.id);
			lines = realloc(lines, (n + 1) * sizeof(*lines));
			lines[n++] = strdup(case_buf_str(&line));
		}
		case_sql_free(q);
	}
	if (n > 0)
		qsort(lines, n, sizeof(*lines), compare_lines);
	for (size_t i = 0; i < n; i++) {
		case_buf_addf(&all, "%s\n", lines[i]);
		free(lines[i]);
	}
	free(lines);
	case_buf_free(&line);
	case_content_stored_free(&s);
	case_content_close(&c);
	return all.p != NULL ? all.p : strdup("");
}

#define CHECK_DUMP(st, want)         \
	do {                         \
		char *d_ = dump(st); \
		CHECK_STR(d_, want); \
		free(d_);            \
	} while (0)

static inline void
print_problem(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "problem: %s\n", line);
}

/* A store must be sound after everything that a test does. */
#define CHECK_SOUND(st)                                                        \
	do {                                                                   \
		struct case_error e_ = { 0 };                                  \
		size_t n_ = 99;                                                \
		CHECK_INT(case_store_check(st, print_problem, NULL, &n_, &e_), \
		    CASE_OK);                                                  \
		CHECK_INT(n_, 0);                                              \
	} while (0)

#endif
