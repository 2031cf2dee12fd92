/* rows.c - the rules about one record, all of them in one scan */
#include "lib/work/audit_int.h"

/* A statement of more columns is slower to prepare than another scan. */
enum { RULES_A_SCAN = 80 };

struct scan {
	struct case_audit *a;
	struct audit_type *t;
	struct audit_rule *rule[RULES_A_SCAN];
	size_t rule_n;
	struct head head;
};

static enum case_status
judge(struct scan *s, struct audit_rule *r, const struct case_value *row,
    const struct case_value *verdict, struct case_error *err)
{
	struct case_str key = head_key(&s->head);
	enum case_status rc;
	bool is;

	rc = audit_mapped(s->a, r, row[0].u.i, row[1].u.i, s->head.present, &is,
	    err);
	if (rc != CASE_OK)
		return rc;
	if (!is) {
		r->not_run++;
		audit_tell(s->a, r, key, VERDICT_NOT_RUN);
		return CASE_OK;
	}
	if (!verdict->missing && verdict->u.i == 0) {
		audit_tell(s->a, r, key, 0);
		return CASE_OK;
	}
	r->applicable++;
	if (!verdict->missing && verdict->u.i == 2)
		return audit_fail(s->a, r, row[0].u.i, key, 0, 0, NULL, err);
	if (verdict->missing)
		r->undecided++;
	else
		r->passed++;
	audit_tell(s->a, r, key, verdict->missing ? VERDICT_UNDECIDED : 1);
	return CASE_OK;
}

static enum case_status
scan(struct scan *s, struct case_error *err)
{
	struct case_query q = audit_query(s->a, s->t);
	struct case_cursor *c = NULL;
	const struct case_value *v;
	enum case_status rc;

	rc = head_open(&s->head, s->t, s->rule, s->rule_n, s->rule_n, err);
	if (rc != CASE_OK)
		return rc;
	for (size_t i = 0; i < s->rule_n; i++)
		head_add(&s->head, s->rule[i]->code.verdict);
	q.where = s->t->where;
	q.column = s->head.column;
	q.column_n = s->head.column_n;
	rc = case_query_open(&c, s->a->st, &q, err);
	s->t->rows = 0;
	while (
	    rc == CASE_OK && (rc = case_cursor_next(c, &v, err)) == CASE_OK) {
		s->t->rows++;
		rc = head_row(&s->head, v, err);
		for (size_t i = 0; rc == CASE_OK && i < s->rule_n; i++)
			rc = judge(s, s->rule[i], v, &v[s->head.at + i], err);
	}
	case_cursor_close(c);
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
audit_rows(struct case_audit *a, struct audit_type *t, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	size_t next = 0;

	while (rc == CASE_OK && next < a->rule_n) {
		struct scan s = { .a = a, .t = t };

		for (; next < a->rule_n && s.rule_n < RULES_A_SCAN; next++) {
			struct audit_rule *r = &a->rule[next];

			if (r->runs && r->type == t &&
			    r->rule->kind == RULE_ROW)
				s.rule[s.rule_n++] = r;
		}
		if (s.rule_n > 0)
			rc = scan(&s, err);
		head_free(&s.head);
	}
	return rc;
}

enum case_status
audit_count(struct case_audit *a, struct audit_type *t, struct case_error *err)
{
	struct case_scope scope = t->scope;
	struct case_query q = audit_query(a, t);
	struct case_expr *count = NULL;
	const struct case_expr *column;
	struct case_cursor *c = NULL;
	const struct case_value *v;
	enum case_status rc;

	if (t->rows >= 0)
		return CASE_OK;
	scope.aggregates = true;
	rc = rule_parse(&count, "count()", CASE_INTEGER, &scope, err);
	column = count;
	q.where = t->where;
	q.column = &column;
	q.column_n = 1;
	if (rc == CASE_OK &&
	    (rc = case_query_open(&c, a->st, &q, err)) == CASE_OK &&
	    (rc = case_cursor_next(c, &v, err)) == CASE_OK)
		t->rows = v[0].u.i;
	case_cursor_close(c);
	case_expr_free(count);
	return rc;
}
