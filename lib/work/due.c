/* due.c - the limits of open cases that end soon */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/audit_int.h"

/* One limit that ends in time. */
struct limit {
	uint32_t rule;
	int64_t record;
	int64_t day;
	size_t key; /* in the audit's text */
};
struct limits {
	struct case_audit *a;
	struct limit *v;
	size_t n, cap;
	int64_t until;
	double red, yellow; /* days left */
	bool has_red, has_yellow;
};

/* Applies, is open and does not end after the last day asked for. */
static enum case_status
add_limits(struct limits *ls, struct audit_rule *r, struct head *head,
    struct case_error *err)
{
	struct case_query q = audit_query(ls->a, r->type);
	struct case_cursor *c = NULL;
	const struct case_value *v, *own;
	enum case_status rc;
	bool is;

	head_add(head, r->code.verdict);
	head_add(head, r->code.e[RULE_OPEN]);
	head_add(head, r->code.e[RULE_DUE]);
	q.where = r->type->where;
	q.column = head->column;
	q.column_n = head->column_n;
	rc = case_query_open(&c, ls->a->st, &q, err);
	while (
	    rc == CASE_OK && (rc = case_cursor_next(c, &v, err)) == CASE_OK) {
		struct limit one = { .rule = (uint32_t)(r - ls->a->rule) };
		void *array = ls->v;

		own = v + head->at;
		/* Unknown verdicts too: a due day is known without them. */
		if ((!own[0].missing && own[0].u.i == 0) || own[1].missing ||
		    own[1].u.i == 0 || own[2].missing || own[2].u.i > ls->until)
			continue;
		if ((rc = head_row(head, v, err)) != CASE_OK ||
		    (rc = audit_mapped(ls->a, r, v[0].u.i, v[1].u.i,
			 head->present, &is, err)) != CASE_OK)
			break;
		if (!is)
			continue;
		one.record = v[0].u.i;
		one.day = own[2].u.i;
		one.key =
		    audit_text(ls->a, case_buf_str(&head->key), head->key.n);
		if (ls->a->text.failed ||
		    !audit_grow(&array, &ls->cap, ls->n, sizeof(one))) {
			rc = case_error_memory(err);
			break;
		}
		ls->v = array;
		ls->v[ls->n++] = one;
	}
	case_cursor_close(c);
	return rc == CASE_EOF ? CASE_OK : rc;
}

static enum case_status
collect(struct limits *ls, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (size_t i = 0; rc == CASE_OK && i < ls->a->rule_n; i++) {
		struct audit_rule *r = &ls->a->rule[i];
		struct head head = { 0 };

		if (!r->runs || r->code.e[RULE_DUE] == NULL)
			continue;
		rc = head_open(&head, r->type, &r, 1, 3, err);
		if (rc == CASE_OK)
			rc = add_limits(ls, r, &head, err);
		head_free(&head);
	}
	return rc;
}

static int
compare_limits(const void *pa, const void *pb, void *arg)
{
	const struct limit *a = pa, *b = pb;
	const struct case_buf *text = arg;
	int c = (a->day > b->day) - (a->day < b->day);

	if (c == 0)
		c = strcmp(text->p + a->key, text->p + b->key);
	return c != 0 ? c : (a->rule > b->rule) - (a->rule < b->rule);
}

/* Over is red whatever the settings say; without them nothing else is told. */
static const char *
colour(const struct limits *ls, int64_t left)
{
	static const char *const words[3][2] = { { "红", "red" },
		{ "黄", "yellow" }, { "绿", "green" } };
	enum case_lang lang = ls->a->rq.lang;

	if (left < 0 || (ls->has_red && (double)left <= ls->red))
		return words[0][lang];
	if (ls->has_yellow && (double)left <= ls->yellow)
		return words[1][lang];
	return ls->has_red || ls->has_yellow ? words[2][lang] : NULL;
}

static enum case_status
write_limit(const struct limits *ls, const struct limit *l,
    struct case_writer *w, struct case_error *err)
{
	struct case_audit *a = ls->a;
	struct audit_rule *r = &a->rule[l->rule];
	int64_t left = l->day - a->rq.today;
	struct case_buf basis = { 0 };
	const struct case_value *d;
	enum case_status rc;

	if ((rc = report_detail(a, r, l->record, &d, err)) != CASE_OK)
		return rc;
	rule_basis(&basis, r->rule);
	const struct case_value v[] = {
		report_str(r->rule->id),
		report_str(r->rule->title[a->rq.lang]),
		report_str(r->rule->type),
		report_str(a->text.p + l->key),
		d[DETAIL_UNIT],
		{ .type = CASE_DATE, .u.i = l->day },
		report_int(left),
		report_str(colour(ls, left)),
		report_text(case_buf_str(&basis), basis.n),
		d[DETAIL_FILE],
		d[DETAIL_LINE],
	};

	rc = basis.failed ? case_error_memory(err)
			  : w->ops->row(w, v, sizeof(v) / sizeof(v[0]), err);
	case_buf_free(&basis);
	return rc;
}

static enum case_status
write_table(const struct limits *ls, struct case_writer *w,
    struct case_error *err)
{
	static const struct report_column columns[] = {
		{ "rule", CASE_TEXT, { "规则", "rule" } },
		{ "title", CASE_TEXT, { "名称", "title" } },
		{ "type", CASE_TEXT, { "记录类型", "type" } },
		{ "key", CASE_TEXT, { "编号", "key" } },
		{ "unit", CASE_TEXT, { "执法单位", "unit" } },
		{ "due", CASE_DATE, { "到期日", "due" } },
		{ "days_left", CASE_INTEGER, { "剩余天数", "days left" } },
		{ "colour", CASE_TEXT, { "预警", "colour" } },
		{ "basis", CASE_TEXT, { "依据", "basis" } },
		{ "file", CASE_TEXT, { "来源文件", "file" } },
		{ "line", CASE_INTEGER, { "行号", "line" } },
	};
	struct case_table t = { 0 };
	enum case_status rc;

	report_begin(ls->a, &t, "due", CASE_STATISTICS, "临近期限案件",
	    "Limits that end soon");
	report_columns(&t, columns, sizeof(columns) / sizeof(columns[0]),
	    ls->a->rq.lang);
	rc = t.failed ? case_error_memory(err) : w->ops->begin(w, &t, err);
	for (size_t i = 0; rc == CASE_OK && i < ls->n; i++)
		rc = write_limit(ls, &ls->v[i], w, err);
	if (rc == CASE_OK)
		rc = w->ops->end(w, err);
	case_table_free(&t);
	return rc;
}

enum case_status
case_audit_due(struct case_audit *a, int64_t days, struct case_writer *w,
    struct case_error *err)
{
	struct limits ls = { .a = a, .until = a->rq.today + days };
	enum case_status rc;

	ls.has_red = case_setting_number(a->sh, "due.red_days", &ls.red);
	ls.has_yellow =
	    case_setting_number(a->sh, "due.yellow_days", &ls.yellow);
	rc = collect(&ls, err);
	if (rc == CASE_OK && ls.n > 0)
		qsort_r(ls.v, ls.n, sizeof(*ls.v), compare_limits, &a->text);
	if (rc == CASE_OK)
		rc = write_table(&ls, w, err);
	free(ls.v);
	return rc;
}
