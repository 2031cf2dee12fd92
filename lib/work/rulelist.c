/* rulelist.c - rules as tables: the list, and what they mean in words */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/audit_int.h"

static enum case_status
begin(struct case_table *t, struct case_writer *w, const char *name,
    const char *title, const struct report_column *column, size_t n,
    enum case_lang lang, struct case_error *err)
{
	case_table_begin(t, name, CASE_MANIFEST, NULL, title);
	report_columns(t, column, n, lang);
	return t->failed ? case_error_memory(err) : w->ops->begin(w, t, err);
}

static struct case_value
day(bool has, int64_t i)
{
	return (
	    struct case_value){ .type = CASE_DATE, .missing = !has, .u.i = i };
}

/* --- the list --------------------------------------------------------- */

static const struct report_column list_columns[] = {
	{ "rule", CASE_TEXT, { "规则", "rule" } },
	{ "title", CASE_TEXT, { "名称", "title" } },
	{ "severity", CASE_TEXT, { "程度", "severity" } },
	{ "points", CASE_NUMBER, { "分值", "points" } },
	{ "basis", CASE_TEXT, { "依据", "basis" } },
	{ "from", CASE_DATE, { "施行日期", "from" } },
	{ "to", CASE_DATE, { "截止日期", "to" } },
	{ "kind", CASE_TEXT, { "种类", "kind" } },
	{ "type", CASE_TEXT, { "记录类型", "type" } },
	{ "pack", CASE_TEXT, { "规则包", "pack" } },
};
enum { LIST_COLUMNS = sizeof(list_columns) / sizeof(list_columns[0]) };

static enum case_status
list_rule(const struct rule *r, enum case_lang lang, struct case_writer *w,
    struct case_error *err)
{
	struct case_buf basis = { 0 };
	enum case_status rc;

	rule_basis(&basis, r);
	const struct case_value v[LIST_COLUMNS] = {
		report_str(r->id),
		report_str(r->title[lang]),
		report_str(case_severity_name(r->severity)),
		{ .type = CASE_NUMBER, .u.d = r->points },
		report_text(case_buf_str(&basis), basis.n),
		day(r->has_from, r->from),
		day(r->has_to, r->to),
		report_str(rule_kind_name(r->kind)),
		report_str(r->type),
		report_str(r->file),
	};

	rc = basis.failed ? case_error_memory(err)
			  : w->ops->row(w, v, LIST_COLUMNS, err);
	case_buf_free(&basis);
	return rc;
}

enum case_status
case_rules_list(struct case_share *sh, const struct case_audit_request *rq,
    struct case_writer *w, struct case_error *err)
{
	struct case_table t = { 0 };
	struct rule_set set;
	enum case_status rc;

	rc = rule_set_load(&set, sh, rq, err);
	if (rc == CASE_OK)
		rc = begin(&t, w, "rules",
		    rq->lang == CASE_ZH ? "规则" : "Rules", list_columns,
		    LIST_COLUMNS, rq->lang, err);
	for (size_t i = 0; rc == CASE_OK && i < set.n; i++)
		rc = list_rule(&set.rule[i], rq->lang, w, err);
	if (rc == CASE_OK)
		rc = w->ops->end(w, err);
	case_table_free(&t);
	rule_set_free(&set);
	return rc;
}

/* --- in words --------------------------------------------------------- */

static const struct report_column explain_columns[] = {
	{ "rule", CASE_TEXT, { "规则", "rule" } },
	{ "item", CASE_TEXT, { "项目", "item" } },
	{ "text", CASE_TEXT, { "内容", "text" } },
};
enum { EXPLAIN_COLUMNS = 3 };

struct explain {
	const struct rule *r;
	enum case_lang lang;
	struct case_writer *w;
	struct case_error *err;
	enum case_status rc;
	struct case_buf text;
};

/* What is not there is not told. */
static void
tell(struct explain *x, const char *zh, const char *en, const char *text)
{
	const struct case_value v[EXPLAIN_COLUMNS] = {
		report_str(x->r->id),
		report_str(x->lang == CASE_ZH ? zh : en),
		report_str(text),
	};

	if (x->rc == CASE_OK && text != NULL && *text != '\0')
		x->rc = x->w->ops->row(x->w, v, EXPLAIN_COLUMNS, x->err);
}

static void
tell_words(struct explain *x, const char *zh, const char *en,
    const struct case_expr *e)
{
	if (e == NULL)
		return;
	case_buf_reset(&x->text);
	case_expr_words(&x->text, e, x->lang);
	tell(x, zh, en, case_buf_str(&x->text));
}

static void
tell_validity(struct explain *x)
{
	const struct rule *r = x->r;
	const struct case_value from = day(r->has_from, r->from);
	const struct case_value to = day(r->has_to, r->to);

	if (!r->has_from && !r->has_to)
		return;
	case_buf_reset(&x->text);
	case_value_text(&x->text, &from);
	case_buf_adds(&x->text, "..");
	case_value_text(&x->text, &to);
	tell(x, "适用期间", "in force", case_buf_str(&x->text));
}

static void
tell_list(struct explain *x, const char *zh, const char *en,
    const char *const *p, size_t n)
{
	case_buf_reset(&x->text);
	for (size_t i = 0; i < n; i++)
		case_buf_addf(&x->text, "%s%s", i > 0 ? ", " : "", p[i]);
	tell(x, zh, en, case_buf_str(&x->text));
}

static void
tell_exprs(struct explain *x, const struct rule_code *c)
{
	static const struct {
		enum rule_expr e;
		const char *label[2];
	} parts[] = {
		{ RULE_DATE, { "适用期间依据的日期", "in force by" } },
		{ RULE_APPLIES, { "适用条件", "applies when" } },
		{ RULE_FAILS, { "不通过条件", "fails when" } },
		{ RULE_HAVING, { "分组不通过条件", "a group fails when" } },
		{ RULE_EARLIER, { "之前另有记录的日期", "behind an earlier" } },
		{ RULE_MONTHS, { "往前追溯月数", "months looked back" } },
		{ RULE_ORGAN, { "编号所属机关", "numbers of" } },
		{ RULE_YEAR, { "编号年份", "year of a number" } },
		{ RULE_NUMBER, { "编号序号", "number" } },
		{ RULE_DUE, { "到期日", "due" } },
		{ RULE_OPEN, { "未办结条件", "open while" } },
		{ RULE_VALUE, { "实际值", "value" } },
		{ RULE_EXPECTED, { "应为", "expected" } },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		tell_words(x, parts[i].label[CASE_ZH], parts[i].label[CASE_EN],
		    c->e[parts[i].e]);
}

static enum case_status
explain_rule(struct explain *x, struct rule_set *set)
{
	const struct case_scope scope = { .rt = rule_set_type(set, x->r->type),
		.sh = set->sh,
		.type = rule_set_type,
		.type_arg = set };
	const struct rule *r = x->r;
	struct rule_code code = { 0 };

	x->rc = rule_compile(&code, r, &scope, x->lang, x->err);
	tell(x, "名称", "title", r->title[x->lang]);
	tell(x, "程度", "severity", case_severity_name(r->severity));
	case_buf_reset(&x->text);
	rule_basis(&x->text, r);
	tell(x, "依据", "basis", case_buf_str(&x->text));
	tell(x, "记录类型", "type", r->type);
	tell(x, "种类", "kind", rule_kind_name(r->kind));
	tell_validity(x);
	tell(x, "范围设置", "scope setting", r->scope);
	tell_exprs(x, &code);
	tell_list(x, "分组字段", "grouped by", r->group, r->group_n);
	tell_list(x, "所需字段", "requires", r->require, r->require_n);
	tell(x, "未配置", "not configured", code.unset);
	tell(x, "提示", "message", r->message[x->lang]);
	tell(x, "说明", "about", r->about[x->lang]);
	rule_code_free(&code);
	if (x->rc == CASE_OK && x->text.failed)
		x->rc = case_error_memory(x->err);
	return x->rc;
}

enum case_status
case_rules_explain(struct case_share *sh, const struct case_audit_request *rq,
    struct case_writer *w, struct case_error *err)
{
	struct explain x = { .lang = rq->lang, .w = w, .err = err };
	struct case_table t = { 0 };
	struct rule_set set;
	enum case_status rc;

	rc = rule_set_load(&set, sh, rq, err);
	if (rc == CASE_OK)
		rc = begin(&t, w, "explain",
		    rq->lang == CASE_ZH ? "规则说明" : "Rules in words",
		    explain_columns, EXPLAIN_COLUMNS, rq->lang, err);
	for (size_t i = 0; rc == CASE_OK && i < set.n; i++) {
		x.r = &set.rule[i];
		rc = explain_rule(&x, &set);
	}
	if (rc == CASE_OK)
		rc = w->ops->end(w, err);
	case_table_free(&t);
	rule_set_free(&set);
	case_buf_free(&x.text);
	return rc;
}
