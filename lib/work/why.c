/* why.c - one finding with all that it came from */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/audit_int.h"

struct why {
	struct case_audit *a;
	struct audit_rule *r;
	const struct finding *f;
	struct case_writer *w;
	struct case_error *err;
	enum case_status rc;
	struct case_buf text;
	unsigned char *seen; /* by field */
	int *field;
	size_t field_n;
};

static void
why_line(struct why *y, const char *zh, const char *en, struct case_value v)
{
	struct case_value row[2] = {
		report_str(y->a->rq.lang == CASE_ZH ? zh : en), v
	};

	if (y->rc == CASE_OK)
		y->rc = y->w->ops->row(y->w, row, 2, y->err);
}

static void
note_field(void *arg, const struct case_rtype *rt, int field)
{
	struct why *y = arg;

	if (rt != y->r->type->rt || y->seen[field])
		return;
	y->seen[field] = 1;
	y->field[y->field_n++] = field;
}

/* Every field that the rule read, with the record's value. */
static void
why_fields(struct why *y)
{
	struct audit_rule *r = y->r;
	struct audit_type *t = r->type;
	struct case_query q = audit_query(y->a, t);
	const struct case_expr **column;
	const struct case_value *v;
	struct case_cursor *c = NULL;

	y->seen = calloc(t->rt->field_n + 1, sizeof(*y->seen));
	y->field = calloc(t->rt->field_n + 1, sizeof(*y->field));
	column = calloc(t->rt->field_n + 1, sizeof(const struct case_expr *));
	if (y->seen == NULL || y->field == NULL || column == NULL) {
		y->rc = case_error_memory(y->err);
		goto done;
	}
	case_expr_fields(r->code.verdict, note_field, y);
	for (size_t i = 0; i < RULE_EXPRS; i++)
		case_expr_fields(r->code.e[i], note_field, y);
	for (size_t i = 0; i < r->rule->group_n; i++)
		case_expr_fields(r->code.group[i], note_field, y);
	for (size_t i = 0; i < y->field_n; i++)
		column[i] = t->field[y->field[i]];
	q.column = column;
	q.column_n = y->field_n;
	q.record = y->f->record;
	if (y->field_n == 0)
		goto done;
	y->rc = case_query_open(&c, y->a->st, &q, y->err);
	if (y->rc == CASE_OK)
		y->rc = case_cursor_next(c, &v, y->err);
	for (size_t i = 0; y->rc == CASE_OK && i < y->field_n; i++) {
		const struct case_field *f = &t->rt->field[y->field[i]];
		const char *label = case_label(f->label, y->a->rq.lang);

		case_buf_reset(&y->text);
		message_value(&y->text, column[i], &v[i], y->a->rq.lang);
		why_line(y, label, label,
		    report_text(case_buf_str(&y->text), y->text.n));
	}
done:
	case_cursor_close(c);
	free(column);
}

static void
why_words(struct why *y, const char *zh, const char *en,
    const struct case_expr *e)
{
	if (e == NULL)
		return;
	case_buf_reset(&y->text);
	case_expr_words(&y->text, e, y->a->rq.lang);
	why_line(y, zh, en, report_text(case_buf_str(&y->text), y->text.n));
}

static void
why_finding(struct why *y)
{
	const struct rule *rule = y->r->rule;
	struct report_row row = { 0 };
	const struct case_value *v;

	y->rc = report_row(&row, y->a, y->f, &v, y->err);
	if (y->rc != CASE_OK) {
		report_row_free(&row);
		return;
	}
	for (size_t i = 0; i < F_COLUMNS; i++) {
		struct case_value cell = row.v[i];

		if (i == F_LINE && !cell.missing) {
			case_buf_reset(&y->text);
			case_value_text(&y->text, &cell);
			cell = report_text(case_buf_str(&y->text), y->text.n);
		}
		why_line(y, report_finding[i].label[CASE_ZH],
		    report_finding[i].label[CASE_EN], cell);
		if (i == F_RULE)
			why_line(y, "名称", "title",
			    report_str(rule->title[y->a->rq.lang]));
	}
	report_row_free(&row);
	why_words(y, "适用条件", "applies when", y->r->code.e[RULE_APPLIES]);
	why_words(y, "不通过条件", "fails when", y->r->code.e[RULE_FAILS]);
	why_words(y, "分组条件", "having", y->r->code.e[RULE_HAVING]);
	why_line(y, "说明", "about", report_str(rule->about[y->a->rq.lang]));
	if (y->rc == CASE_OK)
		why_fields(y);
}

static const struct finding *
find_print(const struct case_audit *a, const char *fingerprint)
{
	char hex[17];

	for (size_t i = 0; i < a->finding_n; i++) {
		audit_print_hex(hex, a->finding[i].print);
		if (strcmp(hex, fingerprint) == 0)
			return &a->finding[i];
	}
	return NULL;
}

enum case_status
case_audit_why(struct case_audit *a, const char *fingerprint,
    struct case_writer *w, struct case_error *err)
{
	struct why y = { .a = a, .w = w, .err = err };
	struct case_table t = { 0 };
	bool zh = a->rq.lang == CASE_ZH;

	y.f = find_print(a, fingerprint);
	if (y.f == NULL)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("there is no finding '%s' now"), fingerprint);
	y.r = &a->rule[y.f->rule];
	report_begin(a, &t, "why", CASE_REVIEW, "问题说明", "Why");
	case_table_add_column(&t, "item", CASE_TEXT, zh ? "项目" : "item",
	    NULL);
	case_table_add_column(&t, "value", CASE_TEXT, zh ? "内容" : "value",
	    NULL);
	y.rc = t.failed ? case_error_memory(err) : w->ops->begin(w, &t, err);
	if (y.rc == CASE_OK)
		why_finding(&y);
	if (y.rc == CASE_OK)
		y.rc = w->ops->end(w, err);
	free(y.seen);
	free(y.field);
	case_buf_free(&y.text);
	case_table_free(&t);
	return y.rc;
}
