/* tally.c - findings counted by a dimension and rule */
#include <stdlib.h>
#include <string.h>

#include "lib/work/audit_int.h"

/* A count of one rule's findings for one value. */
struct tally {
	uint32_t rule;
	size_t at; /* of the value, in text */
	bool missing;
	int64_t n;
};
struct tallies {
	struct tally *v;
	size_t n, cap;
	struct case_buf text;
};

static int
compare_tallies(const void *pa, const void *pb, void *arg)
{
	const struct tally *a = pa, *b = pb;
	const struct case_buf *text = arg;
	int c = 0;

	if (a->missing != b->missing)
		return a->missing ? 1 : -1;
	if (!a->missing)
		c = strcmp(text->p + a->at, text->p + b->at);
	return c != 0 ? c : (a->rule > b->rule) - (a->rule < b->rule);
}

/* Adds one; equal ones are put together now and then. */
static void
merge_tallies(struct tallies *ts)
{
	size_t n = 0;

	if (ts->n == 0)
		return;
	qsort_r(ts->v, ts->n, sizeof(*ts->v), compare_tallies, &ts->text);
	for (size_t i = 1; i < ts->n; i++) {
		if (compare_tallies(&ts->v[n], &ts->v[i], &ts->text) == 0)
			ts->v[n].n += ts->v[i].n;
		else
			ts->v[++n] = ts->v[i];
	}
	ts->n = n + 1;
}

static enum case_status
add_tally(struct case_audit *a, struct tallies *ts, const struct finding *f,
    const struct case_value *v, struct case_error *err)
{
	struct tally one = { .rule = f->rule, .missing = v->missing, .n = 1 };
	void *array = ts->v;

	if (!audit_grow(&array, &ts->cap, ts->n, sizeof(one)))
		return case_error_memory(err);
	ts->v = array;
	one.at = ts->text.n;
	if (!v->missing)
		message_value(&ts->text, a->rule[f->rule].columns[DETAIL_BY], v,
		    a->rq.lang);
	case_buf_addc(&ts->text, '\0');
	ts->v[ts->n++] = one;
	return ts->text.failed ? case_error_memory(err) : CASE_OK;
}

static enum case_status
collect_tallies(struct case_audit *a, struct tallies *ts,
    struct case_error *err)
{
	const struct case_value *v;
	enum case_status rc;

	for (size_t i = 0; i < a->finding_n; i++) {
		const struct finding *f = &a->finding[i];

		if (f->waived)
			continue;
		rc = report_detail(a, &a->rule[f->rule], f->record, &v, err);
		if (rc != CASE_OK ||
		    (rc = add_tally(a, ts, f, &v[DETAIL_BY], err)) != CASE_OK)
			return rc;
	}
	merge_tallies(ts);
	return CASE_OK;
}

/* The label of a field; any other expression is its own. */
static const char *
by_label(const struct case_audit *a)
{
	const struct case_expr *e = a->type_n > 0 ? a->type[0].by : NULL;

	if (e != NULL && e->node == CASE_NODE_FIELD &&
	    e->pseudo == CASE_PSEUDO_NONE)
		return case_label(e->rt->field[e->field].label, a->rq.lang);
	return a->rq.by;
}

static void
describe_by(struct case_audit *a, struct case_table *t)
{
	bool zh = a->rq.lang == CASE_ZH;
	struct case_buf name = { 0 };

	case_buf_addf(&name, "by-%s", a->rq.by);
	report_begin(a, t, case_buf_str(&name), CASE_STATISTICS, "问题数",
	    "Findings counted");
	case_table_add_column(t, a->rq.by, CASE_TEXT, by_label(a), NULL);
	case_table_add_column(t, "rule", CASE_TEXT, zh ? "规则" : "rule", NULL);
	case_table_add_column(t, "title", CASE_TEXT, zh ? "名称" : "title",
	    NULL);
	case_table_add_column(t, "severity", CASE_TEXT,
	    zh ? "程度" : "severity", NULL);
	case_table_add_column(t, "findings", CASE_INTEGER,
	    zh ? "问题数" : "findings", NULL);
	if (name.failed)
		t->failed = true;
	case_buf_free(&name);
}

enum case_status
case_audit_by(struct case_audit *a, struct case_writer *w,
    struct case_error *err)
{
	struct tallies ts = { 0 };
	struct case_table t = { 0 };
	enum case_status rc;

	if ((rc = collect_tallies(a, &ts, err)) != CASE_OK)
		goto done;
	describe_by(a, &t);
	rc = t.failed ? case_error_memory(err) : w->ops->begin(w, &t, err);
	for (size_t i = 0; rc == CASE_OK && i < ts.n; i++) {
		const struct rule *rule = a->rule[ts.v[i].rule].rule;
		const struct case_value v[] = {
			ts.v[i].missing
			    ? report_str(
				  a->rq.lang == CASE_ZH ? "（空）" : "(none)")
			    : report_str(ts.text.p + ts.v[i].at),
			report_str(rule->id),
			report_str(rule->title[a->rq.lang]),
			report_str(case_severity_name(rule->severity)),
			report_int(ts.v[i].n),
		};

		rc = w->ops->row(w, v, sizeof(v) / sizeof(v[0]), err);
	}
	if (rc == CASE_OK)
		rc = w->ops->end(w, err);
done:
	free(ts.v);
	case_buf_free(&ts.text);
	case_table_free(&t);
	return rc;
}
