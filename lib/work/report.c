/* report.c - what an audit found, as tables */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/audit_int.h"

/* --- tables and values ------------------------------------------------ */

struct case_value
report_text(const char *p, size_t n)
{
	return (struct case_value){ .type = CASE_TEXT,
		.missing = n == 0,
		.u.s = { p, n } };
}

struct case_value
report_str(const char *s)
{
	return report_text(s != NULL ? s : "", s != NULL ? strlen(s) : 0);
}

struct case_value
report_int(int64_t i)
{
	return (struct case_value){ .type = CASE_INTEGER, .u.i = i };
}

/* Settings of this machine alone are no part of what was found. */
static void
add_setting(void *arg, const char *key, const char *value)
{
	struct case_table *t = arg;
	struct case_buf b = { 0 };

	if (value != NULL && strcmp(key, "store.path") != 0) {
		case_buf_addf(&b, "%s=%s", key, value);
		case_table_add_meta(t, "setting", case_buf_str(&b));
	}
	case_buf_free(&b);
}

void
report_begin(struct case_audit *a, struct case_table *t, const char *name,
    enum case_kind kind, const char *zh, const char *en)
{
	const struct case_value today = { .type = CASE_DATE,
		.u.i = a->rq.today };
	struct case_buf b = { 0 };

	case_table_begin(t, name, kind, NULL, a->rq.lang == CASE_ZH ? zh : en);
	t->has_period = !a->open_from && !a->open_to;
	t->from = t->has_period ? a->from : 0;
	t->to = t->has_period ? a->to : 0;
	if (!a->rq.piped) {
		case_buf_addf(&b, "%lld",
		    (long long)case_store_revision(a->st));
		case_table_add_meta(t, "revision", case_buf_str(&b));
	}
	if (a->rq.command != NULL)
		case_table_add_meta(t, "command", a->rq.command);
	case_buf_reset(&b);
	case_value_text(&b, &today);
	case_table_add_meta(t, "today", case_buf_str(&b));
	case_setting_used(a->sh, add_setting, t);
	for (size_t i = 0; i < a->note_n; i++)
		case_table_add_meta(t, "note", a->note[i]);
	case_buf_free(&b);
}

void
report_columns(struct case_table *t, const struct report_column *column,
    size_t n, enum case_lang lang)
{
	for (size_t i = 0; i < n; i++)
		case_table_add_column(t, column[i].name, column[i].type,
		    column[i].label[lang], NULL);
}

/* --- the record behind a finding -------------------------------------- */

static const struct case_expr *
or_none(const struct case_expr *e, const struct audit_type *t)
{
	return e != NULL ? e : t->none;
}

static const struct case_expr *
field_named(const struct audit_type *t, const char *name)
{
	int f = case_rtype_field(t->rt, name, strlen(name));

	return f >= 0 ? t->field[f] : t->none;
}

static enum case_status
open_detail(struct case_audit *a, struct audit_rule *r, int64_t record,
    struct case_error *err)
{
	const struct audit_type *t = r->type;
	const struct rule_code *c = &r->code;
	struct case_query q = audit_query(a, t);
	const struct case_expr **column;
	const struct case_expr *value = c->e[RULE_VALUE];

	column = calloc(DETAIL_MESSAGE + c->message.expr_n,
	    sizeof(const struct case_expr *));
	if (column == NULL)
		return case_error_memory(err);
	r->columns = column;
	if (value == NULL && c->field >= 0)
		value = t->field[c->field];
	column[DETAIL_UNIT] = field_named(t, "unit");
	column[DETAIL_VALUE] = or_none(value, t);
	column[DETAIL_EXPECTED] = or_none(c->e[RULE_EXPECTED], t);
	column[DETAIL_BY] = or_none(t->by, t);
	column[DETAIL_FILE] = t->file;
	column[DETAIL_LINE] = t->line;
	column[DETAIL_DUE] = or_none(c->e[RULE_DUE], t);
	r->column_n = DETAIL_MESSAGE;
	for (size_t i = 0; i < c->message.n; i++)
		if (c->message.part[i].e != NULL)
			column[r->column_n++] = c->message.part[i].e;
	q.column = column;
	q.column_n = r->column_n;
	q.record = record;
	return case_query_open(&r->detail, a->st, &q, err);
}

enum case_status
report_detail(struct case_audit *a, struct audit_rule *r, int64_t record,
    const struct case_value **v, struct case_error *err)
{
	enum case_status rc;

	rc = r->detail == NULL ? open_detail(a, r, record, err)
			       : case_cursor_reset(r->detail, record, err);
	if (rc == CASE_OK)
		rc = case_cursor_next(r->detail, v, err);
	if (rc == CASE_EOF)
		rc = case_error_set(err, CASE_ESTORE, 0,
		    _("a record was found and is gone"));
	return rc;
}

/* --- findings --------------------------------------------------------- */

const struct report_column report_finding[F_COLUMNS] = {
	[F_RULE] = { "rule", CASE_TEXT, { "规则", "rule" } },
	[F_SEVERITY] = { "severity", CASE_TEXT, { "程度", "severity" } },
	[F_TYPE] = { "type", CASE_TEXT, { "记录类型", "type" } },
	[F_KEY] = { "key", CASE_TEXT, { "编号", "key" } },
	[F_UNIT] = { "unit", CASE_TEXT, { "执法单位", "unit" } },
	[F_FIELD] = { "field", CASE_TEXT, { "字段", "field" } },
	[F_VALUE] = { "value", CASE_TEXT, { "实际值", "value" } },
	[F_EXPECTED] = { "expected", CASE_TEXT, { "应为", "expected" } },
	[F_MESSAGE] = { "message", CASE_TEXT, { "问题", "message" } },
	[F_BASIS] = { "basis", CASE_TEXT, { "依据", "basis" } },
	[F_FILE] = { "file", CASE_TEXT, { "来源文件", "file" } },
	[F_LINE] = { "line", CASE_INTEGER, { "行号", "line" } },
	[F_FINGERPRINT] = { "fingerprint", CASE_TEXT,
	    { "指纹", "fingerprint" } },
};

void
report_row_free(struct report_row *row)
{
	case_buf_free(&row->value);
	case_buf_free(&row->expected);
	case_buf_free(&row->message);
	case_buf_free(&row->basis);
	case_buf_free(&row->others);
	case_buf_free(&row->count);
}

/* The other records of its group: the first few, and how many in all. */
static void
print_others(struct case_buf *out, const struct case_audit *a,
    const struct finding *f)
{
	const struct group *g = &a->group[f->group - 1];
	const char *key = a->text.p + f->key, *comma = "";
	bool zh = a->rq.lang == CASE_ZH;
	int64_t told = 0;

	for (size_t i = 0; i < g->key_n && told < GROUP_KEYS - 1; i++) {
		const char *other = a->text.p + g->key[i];

		if (strcmp(other, key) == 0)
			continue;
		case_buf_addf(out, "%s%s", comma, other);
		comma = zh ? "、" : ", ";
		told++;
	}
	if (g->count - 1 > told)
		case_buf_addf(out, zh ? "等%lld件" : " and others, %lld in all",
		    (long long)g->count - 1);
}

static void
print_message(struct report_row *row, const struct case_audit *a,
    const struct audit_rule *r, const struct finding *f,
    const struct case_value *v)
{
	const char *word[] = { [MESSAGE_NONE] = NULL,
		[MESSAGE_OTHERS] = NULL,
		[MESSAGE_COUNT] = NULL,
		[MESSAGE_RANGE] = NULL };
	int64_t count = f->group > 0 ? a->group[f->group - 1].count : f->count;

	case_buf_reset(&row->message);
	case_buf_reset(&row->others);
	case_buf_reset(&row->count);
	case_buf_addf(&row->count, "%lld", (long long)count);
	if (f->group > 0)
		print_others(&row->others, a, f);
	word[MESSAGE_OTHERS] = case_buf_str(&row->others);
	word[MESSAGE_COUNT] = case_buf_str(&row->count);
	word[MESSAGE_RANGE] = f->text > 0 ? a->text.p + f->text : "";
	if (f->waived)
		case_buf_adds(&row->message,
		    a->rq.lang == CASE_ZH ? "（已豁免）" : "(waived) ");
	message_print(&row->message, &r->code.message, v + DETAIL_MESSAGE, word,
	    a->rq.lang);
}

static struct case_value
shown(struct case_buf *b, const struct audit_rule *r, enum detail at,
    const struct case_value *v, enum case_lang lang)
{
	case_buf_reset(b);
	if (!v[at].missing)
		message_value(b, r->columns[at], &v[at], lang);
	return report_text(case_buf_str(b), b->n);
}

enum case_status
report_row(struct report_row *row, struct case_audit *a,
    const struct finding *f, const struct case_value **detail,
    struct case_error *err)
{
	struct audit_rule *r = &a->rule[f->rule];
	const struct rule *rule = r->rule;
	const struct case_value *v;
	enum case_status rc;

	if ((rc = report_detail(a, r, f->record, &v, err)) != CASE_OK)
		return rc;
	*detail = v;
	print_message(row, a, r, f, v);
	case_buf_reset(&row->basis);
	rule_basis(&row->basis, rule);
	audit_print_hex(row->hex, f->print);
	row->v[F_RULE] = report_str(rule->id);
	row->v[F_SEVERITY] = report_str(case_severity_name(rule->severity));
	row->v[F_TYPE] = report_str(rule->type);
	row->v[F_KEY] = report_text(a->text.p + f->key, f->key_n);
	row->v[F_UNIT] = v[DETAIL_UNIT];
	row->v[F_UNIT].type = CASE_TEXT;
	row->v[F_FIELD] = report_str(rule->field);
	row->v[F_VALUE] =
	    f->text > 0 ? report_str(a->text.p + f->text)
			: shown(&row->value, r, DETAIL_VALUE, v, a->rq.lang);
	row->v[F_EXPECTED] =
	    shown(&row->expected, r, DETAIL_EXPECTED, v, a->rq.lang);
	row->v[F_MESSAGE] =
	    report_text(case_buf_str(&row->message), row->message.n);
	row->v[F_BASIS] = report_text(case_buf_str(&row->basis), row->basis.n);
	row->v[F_FILE] = v[DETAIL_FILE];
	row->v[F_LINE] = v[DETAIL_LINE];
	row->v[F_FINGERPRINT] = report_text(row->hex, 16);
	if (row->message.failed || row->value.failed || row->expected.failed ||
	    row->basis.failed || row->others.failed || row->count.failed)
		return case_error_memory(err);
	return CASE_OK;
}

enum case_status
case_audit_findings(struct case_audit *a, struct case_writer *w,
    struct case_error *err)
{
	struct case_table t = { 0 };
	const struct case_value *v;
	struct report_row row = { 0 };
	enum case_status rc;

	report_begin(a, &t, "findings", CASE_FINDINGS, "执法案件检查问题清单",
	    "Findings");
	report_columns(&t, report_finding, F_COLUMNS, a->rq.lang);
	rc = t.failed ? case_error_memory(err) : w->ops->begin(w, &t, err);
	for (size_t i = 0; rc == CASE_OK && i < a->finding_n; i++) {
		rc = report_row(&row, a, &a->finding[i], &v, err);
		if (rc == CASE_OK)
			rc = w->ops->row(w, row.v, F_COLUMNS, err);
	}
	if (rc == CASE_OK)
		rc = w->ops->end(w, err);
	report_row_free(&row);
	case_table_free(&t);
	return rc;
}

/* --- summary ---------------------------------------------------------- */

static const struct report_column summary_columns[] = {
	{ "rule", CASE_TEXT, { "规则", "rule" } },
	{ "title", CASE_TEXT, { "名称", "title" } },
	{ "severity", CASE_TEXT, { "程度", "severity" } },
	{ "applicable", CASE_INTEGER, { "适用", "applicable" } },
	{ "passed", CASE_INTEGER, { "通过", "passed" } },
	{ "failed", CASE_INTEGER, { "不通过", "failed" } },
	{ "undecided", CASE_INTEGER, { "无法判断", "undecided" } },
	{ "waived", CASE_INTEGER, { "已豁免", "waived" } },
	{ "not_run", CASE_INTEGER, { "未检查", "not run" } },
	{ "reason", CASE_TEXT, { "未检查原因", "reason" } },
};
enum { SUMMARY_COLUMNS = sizeof(summary_columns) / sizeof(*summary_columns) };

enum case_status
case_audit_summary(struct case_audit *a, struct case_writer *w,
    struct case_error *err)
{
	struct case_table t = { 0 };
	enum case_status rc;

	report_begin(a, &t, "summary", CASE_STATISTICS, "规则检查汇总",
	    "Summary of rules");
	report_columns(&t, summary_columns, SUMMARY_COLUMNS, a->rq.lang);
	rc = t.failed ? case_error_memory(err) : w->ops->begin(w, &t, err);
	for (size_t i = 0; rc == CASE_OK && i < a->rule_n; i++) {
		const struct audit_rule *r = &a->rule[i];
		const struct case_value v[SUMMARY_COLUMNS] = {
			report_str(r->rule->id),
			report_str(r->rule->title[a->rq.lang]),
			report_str(case_severity_name(r->rule->severity)),
			report_int(r->applicable),
			report_int(r->passed),
			report_int(r->failed),
			report_int(r->undecided),
			report_int(r->waived),
			report_int(r->not_run),
			report_str(r->reason),
		};

		rc = w->ops->row(w, v, SUMMARY_COLUMNS, err);
	}
	if (rc == CASE_OK)
		rc = w->ops->end(w, err);
	case_table_free(&t);
	return rc;
}
