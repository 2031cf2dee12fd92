/* selftest.c - rules over their own test rows */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/date.h"
#include "case/intl.h"
#include "case/load.h"
#include "lib/work/audit_int.h"

/* The day that limits of test rows count to, unless the tests say one. */
#define TODAY "2023-12-31"

enum { PASS, FAIL, SKIP, WANTS };
static const char *const wants[WANTS] = { "pass", "fail", "skip" };

/* What became of the records of one test. */
struct outcome {
	size_t passed, failed, skipped, other;
	const char *last; /* of other */
};

struct selftest {
	struct case_share *sh;
	struct case_audit_request rq;
	const struct case_store_options *options;
	struct case_writer *w;
	struct rule_set *set;
	size_t bad;
	struct case_error *err;
};

/* --- test rows as a table --------------------------------------------- */

static int
used_field(const struct case_rtype *rt, const struct case_json *key)
{
	return case_rtype_field(rt, case_json_key(key),
	    strlen(case_json_key(key)));
}

/* The fields that any test of the rule has: those a source would map. */
static void
mark_fields(unsigned char *used, const struct case_rtype *rt,
    const struct case_json *test)
{
	const struct case_json *i;

	for (i = case_json_first(test); i != NULL; i = case_json_next(i)) {
		if (case_json_is_array(test))
			mark_fields(used, rt, i);
		else if (used_field(rt, i) >= 0)
			used[used_field(rt, i)] = 1;
	}
}

static void
mark_all(unsigned char *used, const struct rule *r, const struct case_rtype *rt)
{
	const struct case_json *i;

	for (size_t want = 0; want < WANTS; want++)
		for (i = case_json_first(case_json_get(r->tests, wants[want]));
		     i != NULL; i = case_json_next(i))
			mark_fields(used, rt, i);
}

/* Records need an identity: those that have none are numbered. */
static void
row_value(struct case_buf *out, const struct case_json *record,
    const struct case_rtype *rt, size_t field, size_t number)
{
	const struct case_json *v =
	    case_json_get(record, rt->field[field].name);
	struct case_value d = { .type = CASE_NUMBER };

	if (case_json_str(v) != NULL)
		case_buf_adds(out, case_json_str(v));
	else if (case_json_number(v, &d.u.d))
		case_value_text(out, &d);
	else if (field == rt->key[0].field[0])
		case_buf_addf(out, "TEST-%zu", number);
}

static enum case_status
write_record(struct case_writer *w, const struct case_rtype *rt,
    const unsigned char *used, const struct case_json *record, size_t number,
    struct case_error *err)
{
	struct case_value *v = calloc(rt->field_n, sizeof(*v));
	struct case_buf *text = calloc(rt->field_n, sizeof(*text));
	enum case_status rc = CASE_OK;
	size_t n = 0;

	if (v == NULL || text == NULL)
		rc = case_error_memory(err);
	for (size_t f = 0; rc == CASE_OK && f < rt->field_n; f++) {
		if (!used[f])
			continue;
		row_value(&text[f], record, rt, f, number);
		v[n++] = report_text(case_buf_str(&text[f]), text[f].n);
		if (text[f].failed)
			rc = case_error_memory(err);
	}
	if (rc == CASE_OK)
		rc = w->ops->row(w, v, n, err);
	for (size_t f = 0; text != NULL && f < rt->field_n; f++)
		case_buf_free(&text[f]);
	free(text);
	free(v);
	return rc;
}

/* A table as a source of records would send it. */
static enum case_status
write_test(struct case_writer *w, const struct rule *r,
    const struct case_rtype *rt, const unsigned char *used,
    const struct case_json *test, struct case_error *err)
{
	const struct case_json *i = test;
	struct case_table t = { 0 };
	enum case_status rc;
	size_t number = 0;

	case_table_begin(&t, rt->name, CASE_RECORDS, rt->name, NULL);
	/* One number twice is no test otherwise: it would be one record. */
	if (r->kind == RULE_SEQUENCE)
		case_table_add_meta(&t, "key", "*");
	for (size_t f = 0; f < rt->field_n; f++)
		if (used[f])
			case_table_add_column(&t, rt->field[f].name, CASE_TEXT,
			    NULL, NULL);
	rc = t.failed ? case_error_memory(err) : w->ops->begin(w, &t, err);
	if (case_json_is_array(test))
		i = case_json_first(test);
	for (; rc == CASE_OK && i != NULL; i = case_json_next(i)) {
		rc = write_record(w, rt, used, i, ++number, err);
		if (!case_json_is_array(test))
			break;
	}
	if (rc == CASE_OK)
		rc = w->ops->end(w, err);
	case_table_free(&t);
	return rc;
}

static enum case_status
write_stream(FILE *stream, const struct rule *r, const struct case_rtype *rt,
    const struct case_json *test, struct case_error *err)
{
	const struct case_writer_options wo = { 0 };
	unsigned char *used = calloc(rt->field_n + 1, sizeof(*used));
	struct case_writer *w = NULL;
	enum case_status rc;

	if (used == NULL)
		return case_error_memory(err);
	mark_all(used, r, rt);
	used[rt->key[0].field[0]] = 1;
	rc = case_writer_open(&w, CASE_FORMAT_CASE, stream, &wo, err);
	if (rc == CASE_OK)
		rc = write_test(w, r, rt, used, test, err);
	if (rc == CASE_OK)
		rc = w->ops->finish(w, err);
	if (w != NULL)
		w->ops->close(w);
	free(used);
	return rc;
}

/*
 * What no source can say of a record: that a complete export no longer has it.
 * Records have the numbers in which they were written.
 */
static enum case_status
mark_vanished(struct selftest *s, struct case_store *st, const struct rule *r,
    const struct case_json *test)
{
	const struct case_json *i = test;
	enum case_status rc = CASE_OK;
	int64_t number = 0, day;
	const char *text;

	if (case_json_is_array(test))
		i = case_json_first(test);
	for (; rc == CASE_OK && i != NULL; i = case_json_next(i)) {
		number++;
		text = case_json_get_str(i, TEST_VANISHED);
		if (text != NULL && *text != '\0' &&
		    (rc = case_date_parse(&day, CASE_DATE, text, strlen(text),
			 CASE_CALENDAR_CE, s->err)) == CASE_OK)
			rc = case_store_set_vanished(st, r->type, number, day,
			    s->err);
		if (!case_json_is_array(test))
			break;
	}
	return rc;
}

/* The records of a test in a store of their own. */
static enum case_status
load_test(struct selftest *s, struct case_store **st, const struct rule *r,
    const struct case_json *test)
{
	FILE *stream = tmpfile();
	enum case_status rc;

	if (stream == NULL)
		return case_error_system(s->err, _("a temporary file"));
	rc = case_store_open(st, NULL, CASE_STORE_PRIVATE, s->options, s->err);
	if (rc == CASE_OK)
		rc = write_stream(stream, r, rule_set_type(s->set, r->type),
		    test, s->err);
	if (rc == CASE_OK) {
		rewind(stream);
		rc = case_load_tables(*st, s->sh, stream, r->id, NULL, NULL,
		    NULL, s->err);
	}
	if (rc == CASE_OK)
		rc = mark_vanished(s, *st, r, test);
	fclose(stream);
	return rc;
}

/* --- running ---------------------------------------------------------- */

static void
count_verdict(void *arg, size_t rule, struct case_str key, int v)
{
	struct outcome *o = arg;

	(void)rule;
	(void)key;
	switch (v) {
	case 0:
		o->skipped++;
		break;
	case 1:
		o->passed++;
		break;
	case 2:
		o->failed++;
		break;
	default:
		o->other++;
		o->last = v == VERDICT_UNDECIDED ? "undecided" : "not run";
		break;
	}
}

/*
 * What a test came to: of a record its verdict, of several fail when one
 * fails, skip when the rule applies to none, else pass.
 */
static const char *
verdict_of(const struct outcome *o)
{
	if (o->failed > 0)
		return wants[FAIL];
	if (o->other > 0)
		return o->last;
	return o->passed > 0 ? wants[PASS] : wants[SKIP];
}

/* A set of this rule alone; the strings stay those of the big set. */
static enum case_status
run_test(struct selftest *s, const struct rule *r, const struct case_json *test,
    const char **got)
{
	struct rule_set one = { .sh = s->sh, .n = 1 };
	struct outcome o = { 0 };
	struct case_store *st = NULL;
	struct case_audit *a = NULL;
	enum case_status rc;

	*got = "";
	if ((rc = load_test(s, &st, r, test)) != CASE_OK)
		goto done;
	if ((one.rule = malloc(sizeof(*one.rule))) == NULL) {
		rc = case_error_memory(s->err);
		goto done;
	}
	one.rule[0] = *r;
	rc = audit_new_set(&a, st, s->sh, &s->rq, &one, s->err);
	if (rc != CASE_OK)
		goto done;
	a->verdict = count_verdict;
	a->verdict_arg = &o;
	rc = case_audit_run(a, s->err);
	if (rc == CASE_OK && !a->rule[0].runs)
		*got = "not run";
	else
		*got = verdict_of(&o);
done:
	case_audit_free(a);
	case_store_close(st);
	return rc;
}

static enum case_status
tell(struct selftest *s, const struct rule *r, size_t want, size_t number,
    const char *got)
{
	bool good = strcmp(wants[want], got) == 0;
	char row[32];

	snprintf(row, sizeof(row), "%s %zu", wants[want], number);
	const struct case_value v[] = {
		report_str(r->id),
		report_str(row),
		report_str(wants[want]),
		report_str(got),
		{ .type = CASE_FLAG, .u.i = good },
	};

	s->bad += !good;
	return s->w->ops->row(s->w, v, sizeof(v) / sizeof(v[0]), s->err);
}

/* Puts the rule before what is wrong with running it. */
static enum case_status
blame(struct selftest *s, const struct rule *r, enum case_status rc)
{
	struct case_error why;

	if (rc == CASE_OK || rc == CASE_ENOMEM)
		return rc;
	why = *s->err;
	return case_error_set(s->err, rc, 0, _("%s: rule %s: %s"), r->file,
	    r->id, why.what);
}

static enum case_status
run_rule(struct selftest *s, const struct rule *r)
{
	const struct case_json *i;
	const char *got;
	enum case_status rc = CASE_OK;
	size_t number;

	for (size_t want = 0; want < WANTS; want++) {
		number = 0;
		i = case_json_first(case_json_get(r->tests, wants[want]));
		for (; rc == CASE_OK && i != NULL; i = case_json_next(i)) {
			rc = blame(s, r, run_test(s, r, i, &got));
			if (rc == CASE_OK)
				rc = tell(s, r, want, ++number, got);
		}
	}
	return rc;
}

/* --- settings and the day --------------------------------------------- */

static enum case_status
apply_settings(struct selftest *s, const struct rule *r)
{
	const struct case_json *i;
	struct case_buf assign = { 0 };
	enum case_status rc = CASE_OK;

	i = case_json_first(case_json_get(r->tests, "set"));
	for (; rc == CASE_OK && i != NULL; i = case_json_next(i)) {
		const char *value = case_json_str(i);

		case_buf_reset(&assign);
		case_buf_addf(&assign, "%s=%s", case_json_key(i),
		    value != NULL ? value : "");
		rc = assign.failed ? case_error_memory(s->err)
				   : case_setting_set(s->sh, assign.p, s->err);
	}
	case_buf_free(&assign);
	return rc;
}

static enum case_status
apply_today(struct selftest *s, const struct rule *r)
{
	const char *day = case_json_get_str(r->tests, "today");

	if (day == NULL)
		day = TODAY;
	return case_date_parse(&s->rq.today, CASE_DATE, day, strlen(day),
	    CASE_CALENDAR_CE, s->err);
}

static enum case_status
begin(struct selftest *s, struct case_table *t)
{
	static const struct report_column columns[] = {
		{ "rule", CASE_TEXT, { "规则", "rule" } },
		{ "row", CASE_TEXT, { "测试行", "row" } },
		{ "wanted", CASE_TEXT, { "应为", "wanted" } },
		{ "got", CASE_TEXT, { "实际", "got" } },
		{ "good", CASE_FLAG, { "符合", "good" } },
	};

	case_table_begin(t, "self-test", CASE_MANIFEST, NULL,
	    s->rq.lang == CASE_ZH ? "规则自检" : "Self-test of rules");
	report_columns(t, columns, sizeof(columns) / sizeof(columns[0]),
	    s->rq.lang);
	return t->failed ? case_error_memory(s->err)
			 : s->w->ops->begin(s->w, t, s->err);
}

enum case_status
case_rules_selftest(struct case_share *sh, const struct case_audit_request *rq,
    const struct case_store_options *options, struct case_writer *w,
    size_t *bad, struct case_error *err)
{
	struct case_table t = { 0 };
	struct rule_set set;
	struct selftest s = { .sh = sh,
		.options = options,
		.w = w,
		.set = &set,
		.err = err };
	enum case_status rc;

	s.rq = (struct case_audit_request){ .lang = rq->lang, .piped = true };
	rc = rule_set_load(&set, sh, rq, err);
	if (rc == CASE_OK)
		rc = begin(&s, &t);
	for (size_t i = 0; rc == CASE_OK && i < set.n; i++)
		if ((rc = apply_settings(&s, &set.rule[i])) == CASE_OK &&
		    (rc = apply_today(&s, &set.rule[i])) == CASE_OK)
			rc = run_rule(&s, &set.rule[i]);
	if (rc == CASE_OK)
		rc = w->ops->end(w, err);
	*bad = s.bad;
	case_table_free(&t);
	rule_set_free(&set);
	return rc;
}
