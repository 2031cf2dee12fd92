/* exprwords.c - expressions back to source text, and in words for people */
#include <string.h>

#include "case/text.h"
#include "lib/model/expr.h"

/* How tightly a node holds together; a looser one stands in brackets. */
enum level {
	LEVEL_ANY,
	LEVEL_OR,
	LEVEL_AND,
	LEVEL_NOT,
	LEVEL_COMPARE,
	LEVEL_SUM,
	LEVEL_PRODUCT,
	LEVEL_UNARY,
	LEVEL_PRIMARY
};

/*
 * source	as it is typed
 * words	in Chinese and English; more for those of dates and amounts
 * first, rest	the levels that the operands need
 */
static const struct {
	const char *source;
	const char *words[2];
	enum level own, first, rest;
} operators[] = {
	[EXPR_OR] = { " or ", { "，或 ", ", or " }, LEVEL_OR, LEVEL_AND,
	    LEVEL_AND },
	[EXPR_AND] = { " and ", { "，且 ", ", and " }, LEVEL_AND, LEVEL_NOT,
	    LEVEL_NOT },
	[EXPR_NOT] = { "not ", { "并非 ", "not " }, LEVEL_NOT, LEVEL_NOT,
	    LEVEL_NOT },
	[EXPR_EQ] = { " = ", { " 为 ", " is " }, LEVEL_COMPARE, LEVEL_SUM,
	    LEVEL_SUM },
	[EXPR_NE] = { " <> ", { " 不为 ", " is not " }, LEVEL_COMPARE,
	    LEVEL_SUM, LEVEL_SUM },
	[EXPR_LT] = { " < ", { " 小于 ", " is less than " }, LEVEL_COMPARE,
	    LEVEL_SUM, LEVEL_SUM },
	[EXPR_LE] = { " <= ", { " 不超过 ", " is at most " }, LEVEL_COMPARE,
	    LEVEL_SUM, LEVEL_SUM },
	[EXPR_GT] = { " > ", { " 大于 ", " is more than " }, LEVEL_COMPARE,
	    LEVEL_SUM, LEVEL_SUM },
	[EXPR_GE] = { " >= ", { " 不少于 ", " is at least " }, LEVEL_COMPARE,
	    LEVEL_SUM, LEVEL_SUM },
	[EXPR_IN] = { " in ", { " 属于 ", " is one of " }, LEVEL_COMPARE,
	    LEVEL_SUM, LEVEL_SUM },
	[EXPR_NOT_IN] = { " not in ", { " 不属于 ", " is none of " },
	    LEVEL_COMPARE, LEVEL_SUM, LEVEL_SUM },
	[EXPR_BETWEEN] = { " between ", { " 介于 ", " is between " },
	    LEVEL_COMPARE, LEVEL_SUM, LEVEL_SUM },
	[EXPR_NOT_BETWEEN] = { " not between ",
	    { " 不介于 ", " is not between " }, LEVEL_COMPARE, LEVEL_SUM,
	    LEVEL_SUM },
	[EXPR_LIKE] = { " like ", { " 形如 ", " is like " }, LEVEL_COMPARE,
	    LEVEL_SUM, LEVEL_SUM },
	[EXPR_NOT_LIKE] = { " not like ", { " 不形如 ", " is not like " },
	    LEVEL_COMPARE, LEVEL_SUM, LEVEL_SUM },
	[EXPR_MISSING] = { " is null", { " 为空", " is missing" },
	    LEVEL_COMPARE, LEVEL_SUM, LEVEL_SUM },
	[EXPR_PRESENT] = { " is not null", { " 不为空", " is present" },
	    LEVEL_COMPARE, LEVEL_SUM, LEVEL_SUM },
	[EXPR_NEG] = { "-", { "负", "minus " }, LEVEL_UNARY, LEVEL_UNARY,
	    LEVEL_UNARY },
	[EXPR_ADD] = { " + ", { " 加 ", " plus " }, LEVEL_SUM, LEVEL_SUM,
	    LEVEL_PRODUCT },
	[EXPR_SUB] = { " - ", { " 减 ", " minus " }, LEVEL_SUM, LEVEL_SUM,
	    LEVEL_PRODUCT },
	[EXPR_MUL] = { " * ", { " 乘以 ", " times " }, LEVEL_PRODUCT,
	    LEVEL_PRODUCT, LEVEL_UNARY },
	[EXPR_DIV] = { " / ", { " 除以 ", " divided by " }, LEVEL_PRODUCT,
	    LEVEL_PRODUCT, LEVEL_UNARY },
};

/* Comparisons of days and moments. */
static const char *const moment_words[][2] = {
	[EXPR_LT] = { " 早于 ", " is before " },
	[EXPR_LE] = { " 不晚于 ", " is no later than " },
	[EXPR_GT] = { " 晚于 ", " is after " },
	[EXPR_GE] = { " 不早于 ", " is no earlier than " },
};

/*
 * Calls that read better as a phrase. %1 is the first argument, in brackets
 * when it is compound; %a is the same, never in brackets.
 */
static const char *const call_words[EXPR_FN_MAX][2] = {
	[EXPR_DAYS] = { "自%1至%2的天数", "days from %1 to %2" },
	[EXPR_WORKDAYS] = { "自%1至%2的工作日数",
	    "working days from %1 to %2" },
	[EXPR_SECONDS] = { "自%1至%2的秒数", "seconds from %1 to %2" },
	[EXPR_MINUTES] = { "自%1至%2的分钟数", "minutes from %1 to %2" },
	[EXPR_HOURS] = { "自%1至%2的小时数", "hours from %1 to %2" },
	[EXPR_ADD_DAYS] = { "%1起%2日", "%2 days after %1" },
	[EXPR_ADD_WORKDAYS] = { "%1起%2个工作日", "%2 working days after %1" },
	[EXPR_ADD_MONTHS] = { "%1起%2个月", "%2 months after %1" },
	[EXPR_ADD_YEARS] = { "%1起%2年", "%2 years after %1" },
	[EXPR_IS_WORKDAY] = { "%1是工作日", "%1 is a working day" },
	[EXPR_DATE] = { "%1的日期", "the day of %1" },
	[EXPR_TIME] = { "%1零时", "the midnight of %1" },
	[EXPR_YEAR] = { "%1的年份", "the year of %1" },
	[EXPR_MONTH] = { "%1的月份", "the month of %1" },
	[EXPR_IF] = { "（如果 %a，则 %2，否则 %3）",
	    "(if %a, then %2, else %3)" },
	[EXPR_COALESCE] = { "%1（缺则%2）", "%1 (or %2)" },
	[EXPR_CONTAINS] = { "%1含有%2", "%1 contains %2" },
	[EXPR_STARTS] = { "%1以%2开头", "%1 starts with %2" },
	[EXPR_MATCHES] = { "%1匹配%2", "%1 matches %2" },
	[EXPR_VALID_USCC] = { "%1是有效的统一社会信用代码",
	    "%1 is a valid social credit code" },
	[EXPR_VALID_ORGCODE] = { "%1是有效的组织机构代码",
	    "%1 is a valid organisation code" },
	[EXPR_VALID_BIZREG] = { "%1是有效的营业执照注册号",
	    "%1 is a valid business licence number" },
	[EXPR_VALID_RESIDENT] = { "%1是有效的身份证号",
	    "%1 is a valid resident number" },
	[EXPR_VALID_ID] = { "%1是有效的证件号", "%1 is a valid identifier" },
	[EXPR_RESIDENT_AGE] = { "%1在%2的周岁", "age of %1 on %2" },
};

static const char *const aggregate_words[EXPR_AGGREGATE_MAX][2] = {
	[EXPR_COUNT] = { "有%1的记录数", "records with %1" },
	[EXPR_DISTINCT] = { "%1的不同值数", "different values of %1" },
	[EXPR_SUM] = { "%1合计", "sum of %1" },
	[EXPR_MEAN] = { "%1平均", "mean of %1" },
	[EXPR_MIN] = { "最小%1", "least %1" },
	[EXPR_MAX] = { "最大%1", "greatest %1" },
	[EXPR_PERCENTILE] = { "%1的第%2百分位数", "percentile %2 of %1" },
	[EXPR_RATE] = { "（%a）的占比", "rate of (%a)" },
	[EXPR_SHARE] = { "（%a）占全部的比例", "share of (%a) in all" },
	[EXPR_COUNT_IF] = { "（%a）的记录数", "records where (%a)" },
	[EXPR_DISTINCT_IF] = { "（%b）的%1的不同值数",
	    "different values of %1 where (%b)" },
	[EXPR_SUM_IF] = { "（%b）的%1合计", "sum of %1 where (%b)" },
	[EXPR_MEAN_IF] = { "（%b）的%1平均", "mean of %1 where (%b)" },
};

static const char *const pseudo_names[] = { [CASE_PSEUDO_NONE] = "",
	[CASE_PSEUDO_ID] = "_id",
	[CASE_PSEUDO_CASE] = "_case",
	[CASE_PSEUDO_BATCH] = "_batch",
	[CASE_PSEUDO_FILE] = "_file",
	[CASE_PSEUDO_SHEET] = "_sheet",
	[CASE_PSEUDO_LINE] = "_line",
	[CASE_PSEUDO_EXTRA] = "_extra",
	[CASE_PSEUDO_VANISHED] = "_vanished_on" };

static const char *const pseudo_words[][2] = { [CASE_PSEUDO_NONE] = { "", "" },
	[CASE_PSEUDO_ID] = { "记录号", "record number" },
	[CASE_PSEUDO_CASE] = { "案件", "case" },
	[CASE_PSEUDO_BATCH] = { "批次", "batch" },
	[CASE_PSEUDO_FILE] = { "来源文件", "source file" },
	[CASE_PSEUDO_SHEET] = { "工作表", "sheet" },
	[CASE_PSEUDO_LINE] = { "行号", "line" },
	[CASE_PSEUDO_EXTRA] = { "其他列", "other columns" },
	[CASE_PSEUDO_VANISHED] = { "消失日期", "day it vanished" } };

static const char *const param_names[] = { [CASE_PARAM_FROM] = "period_start",
	[CASE_PARAM_TO] = "period_end",
	[CASE_PARAM_TODAY] = "today" };

static const char *const param_words[][2] = { [CASE_PARAM_FROM] = { "期初",
						  "the period's start" },
	[CASE_PARAM_TO] = { "期末", "the period's end" },
	[CASE_PARAM_TODAY] = { "今天", "today" } };

static bool
is_text(enum case_type type)
{
	return type == CASE_TEXT || type == CASE_CODE;
}

static enum level
level_of(const struct case_expr *e)
{
	const struct case_value *v = &e->value;

	if (e->node == CASE_NODE_OPERATOR)
		return operators[e->op].own;
	if (e->node != CASE_NODE_LITERAL || v->missing || e->name != NULL ||
	    is_text(e->type))
		return LEVEL_PRIMARY;
	if (e->type == CASE_NUMBER)
		return v->u.d < 0 ? LEVEL_UNARY : LEVEL_PRIMARY;
	return (e->type == CASE_INTEGER || e->type == CASE_MONEY) && v->u.i < 0
		   ? LEVEL_UNARY
		   : LEVEL_PRIMARY;
}

/* --- source text --------------------------------------------------------- */

static void print(struct case_buf *out, const struct case_expr *e,
    enum level level);

static void
print_quoted(struct case_buf *out, const char *p, size_t n, char mark)
{
	case_buf_addc(out, mark);
	for (size_t i = 0; i < n; i++) {
		if (p[i] == mark)
			case_buf_addc(out, mark);
		case_buf_addc(out, p[i]);
	}
	case_buf_addc(out, mark);
}

static void
print_name(struct case_buf *out, const char *name)
{
	size_t n = strlen(name);

	if (case_expr_is_name(name, n))
		case_buf_add(out, name, n);
	else
		print_quoted(out, name, n, '`');
}

/* An amount in yuan, without decimals that are 0. */
static void
print_money(struct case_buf *out, const struct case_value *v)
{
	size_t n;

	case_value_text(out, v);
	if (out->failed)
		return;
	for (n = out->n; n > 0 && out->p[n - 1] == '0'; n--)
		;
	if (n > 0 && out->p[n - 1] == '.')
		n--;
	out->p[out->n = n] = '\0';
}

static void
print_literal(struct case_buf *out, const struct case_expr *e)
{
	const struct case_value *v = &e->value;
	size_t from = out->n;

	if (e->name != NULL) {
		case_buf_adds(out, "setting(");
		print_quoted(out, e->name, strlen(e->name), '\'');
		case_buf_addc(out, ')');
	} else if (v->missing) {
		case_buf_adds(out, "null");
	} else if (is_text(v->type)) {
		print_quoted(out, v->u.s.p, v->u.s.n, '\'');
	} else if (v->type == CASE_DATE || v->type == CASE_TIME) {
		case_buf_addc(out, '\'');
		case_value_text(out, v);
		case_buf_addc(out, '\'');
	} else if (v->type == CASE_FLAG) {
		case_buf_adds(out, v->u.i != 0 ? "true" : "false");
	} else if (v->type == CASE_MONEY) {
		print_money(out, v);
	} else {
		case_value_text(out, v);
		/* 2.0 would come back as a whole number. */
		if (v->type == CASE_NUMBER && !out->failed &&
		    strpbrk(out->p + from, ".e") == NULL)
			case_buf_adds(out, ".0");
	}
}

static void
print_list(struct case_buf *out, const struct case_expr *e, size_t from,
    size_t to, enum level level)
{
	case_buf_addc(out, '(');
	for (size_t i = from; i < to; i++) {
		if (i > from)
			case_buf_adds(out, ", ");
		print(out, e->arg[i], level);
	}
	case_buf_addc(out, ')');
}

static void
print_operator(struct case_buf *out, const struct case_expr *e)
{
	const char *source = operators[e->op].source;
	enum level first = operators[e->op].first;
	enum level rest = operators[e->op].rest;

	if (e->op == EXPR_NOT || e->op == EXPR_NEG) {
		case_buf_adds(out, source);
		print(out, e->arg[0], first);
		return;
	}
	print(out, e->arg[0], first);
	if (e->op == EXPR_MISSING || e->op == EXPR_PRESENT) {
		case_buf_adds(out, source);
		return;
	}
	if (e->op == EXPR_IN || e->op == EXPR_NOT_IN) {
		case_buf_adds(out, source);
		print_list(out, e, 1, e->arg_n, rest);
		return;
	}
	for (size_t i = 1; i < e->arg_n; i++) {
		case_buf_adds(out, i == 2 && (e->op == EXPR_BETWEEN ||
						 e->op == EXPR_NOT_BETWEEN)
				       ? " and "
				       : source);
		print(out, e->arg[i], rest);
	}
}

static void
print_aggregate(struct case_buf *out, const struct case_expr *e)
{
	size_t n = e->arg_n;

	if (e->op == EXPR_PERCENTILE)
		case_buf_addf(out, "p%d", (int)e->arg[--n]->value.u.i);
	else
		case_buf_adds(out,
		    case_expr_aggregate_of((enum expr_aggregate)e->op)->name);
	print_list(out, e, 0, n, LEVEL_ANY);
}

static void
print_node(struct case_buf *out, const struct case_expr *e)
{
	switch (e->node) {
	case CASE_NODE_LITERAL:
		print_literal(out, e);
		break;
	case CASE_NODE_FIELD:
		if (e->pseudo != CASE_PSEUDO_NONE)
			case_buf_adds(out, pseudo_names[e->pseudo]);
		else
			print_name(out, e->rt->field[e->field].name);
		break;
	case CASE_NODE_EXTRA:
		case_buf_adds(out, "extra:");
		print_quoted(out, e->name, strlen(e->name), '`');
		break;
	case CASE_NODE_PATH:
		print_name(out, e->rt->field[e->field].name);
		case_buf_addc(out, '/');
		print_name(out, e->ref->field[e->ref_field].name);
		break;
	case CASE_NODE_PARAM:
		case_buf_adds(out, param_names[e->param]);
		break;
	case CASE_NODE_OPERATOR:
		print_operator(out, e);
		break;
	case CASE_NODE_CALL:
		case_buf_adds(out, case_expr_fn_of((enum expr_fn)e->op)->name);
		print_list(out, e, 0, e->arg_n, LEVEL_ANY);
		break;
	case CASE_NODE_AGGREGATE:
		print_aggregate(out, e);
		break;
	}
}

static void
print(struct case_buf *out, const struct case_expr *e, enum level level)
{
	bool brackets = level_of(e) < level;

	if (brackets)
		case_buf_addc(out, '(');
	print_node(out, e);
	if (brackets)
		case_buf_addc(out, ')');
}

void
case_expr_print(struct case_buf *out, const struct case_expr *e)
{
	print(out, e, LEVEL_ANY);
}

/* --- words --------------------------------------------------------------- */

struct words {
	struct case_buf *out;
	enum case_lang lang;
	const struct case_field *code; /* whose values the literals are */
};

static void say(const struct words *w, const struct case_expr *e,
    enum level level);

static void
say_bracket(const struct words *w, bool open)
{
	static const char *const brackets[2][2] = { { "）", ")" },
		{ "（", "(" } };

	case_buf_adds(w->out, brackets[open][w->lang]);
}

static void
say_text(const struct words *w, const char *p, size_t n)
{
	case_buf_adds(w->out, "“");
	case_text_visible(w->out, p, n);
	case_buf_adds(w->out, "”");
}

static const char *
code_label(const struct words *w, const struct case_value *v)
{
	const struct case_field *f = w->code;
	int i = f == NULL ? -1 : case_field_code(f, v->u.s.p, v->u.s.n);

	return i < 0 ? NULL : case_label(f->code[i].label, w->lang);
}

static void
say_value(const struct words *w, const struct case_value *v)
{
	static const char *const flags[2][2] = { { "否", "no" },
		{ "是", "yes" } };
	const char *label;

	switch (v->type) {
	case CASE_CODE:
		label = code_label(w, v);
		if (label != NULL)
			case_buf_adds(w->out, label);
		else
			say_text(w, v->u.s.p, v->u.s.n);
		break;
	case CASE_TEXT:
		say_text(w, v->u.s.p, v->u.s.n);
		break;
	case CASE_FLAG:
		case_buf_adds(w->out, flags[v->u.i != 0][w->lang]);
		break;
	case CASE_MONEY:
		print_money(w->out, v);
		case_buf_adds(w->out, w->lang == CASE_ZH ? "元" : " yuan");
		break;
	case CASE_TIME:
		case_value_display(w->out, v);
		break;
	default:
		case_value_text(w->out, v);
		break;
	}
}

static void
say_literal(const struct words *w, const struct case_expr *e)
{
	bool zh = w->lang == CASE_ZH;

	if (e->name != NULL && e->value.missing) {
		case_buf_addf(w->out, zh ? "（未设置的 %s）" : "(%s, not set)",
		    e->name);
		return;
	}
	if (e->value.missing) {
		case_buf_adds(w->out, zh ? "空" : "nothing");
		return;
	}
	say_value(w, &e->value);
	if (e->name != NULL)
		case_buf_addf(w->out, zh ? "（设置 %s）" : " (setting %s)",
		    e->name);
}

/* The closed list that the literals among e's operands are of. */
static const struct case_field *
code_among(const struct case_expr *e)
{
	const struct case_field *f;

	for (size_t i = 0; i < e->arg_n; i++) {
		f = case_expr_field(e->arg[i]);
		if (f != NULL && f->code_n > 0)
			return f;
	}
	return NULL;
}

static bool
compares_moments(const struct case_expr *e)
{
	return e->op >= EXPR_LT && e->op <= EXPR_GE &&
	       (e->arg[0]->type == CASE_DATE || e->arg[0]->type == CASE_TIME);
}

static void
say_list(const struct words *w, const struct case_expr *e, size_t from,
    enum level level)
{
	static const char *const comma[2] = { "、", ", " };

	say_bracket(w, true);
	for (size_t i = from; i < e->arg_n; i++) {
		if (i > from)
			case_buf_adds(w->out, comma[w->lang]);
		say(w, e->arg[i], level);
	}
	say_bracket(w, false);
}

static void
say_operator(const struct words *outer, const struct case_expr *e)
{
	static const char *const to[2] = { " 与 ", " and " };
	const char *word = operators[e->op].words[outer->lang];
	enum level first = operators[e->op].first;
	enum level rest = operators[e->op].rest;
	struct words w = *outer;

	w.code = code_among(e);
	if (compares_moments(e))
		word = moment_words[e->op][w.lang];
	if (e->op == EXPR_NOT || e->op == EXPR_NEG) {
		case_buf_adds(w.out, word);
		say(&w, e->arg[0], first);
		return;
	}
	say(&w, e->arg[0], first);
	if (e->op == EXPR_IN || e->op == EXPR_NOT_IN) {
		case_buf_adds(w.out, word);
		say_list(&w, e, 1, rest);
		return;
	}
	if (e->arg_n == 1)
		case_buf_adds(w.out, word);
	for (size_t i = 1; i < e->arg_n; i++) {
		case_buf_adds(w.out, i == 2 && (e->op == EXPR_BETWEEN ||
						   e->op == EXPR_NOT_BETWEEN)
					 ? to[w.lang]
					 : word);
		say(&w, e->arg[i], rest);
	}
}

/* A phrase of call_words or aggregate_words. */
static void
say_phrase(const struct words *w, const char *phrase, const struct case_expr *e)
{
	const char *p;
	size_t i;

	for (; (p = strchr(phrase, '%')) != NULL; phrase = p + 2) {
		case_buf_add(w->out, phrase, (size_t)(p - phrase));
		i = (size_t)(p[1] >= 'a' ? p[1] - 'a' : p[1] - '1');
		if (i < e->arg_n)
			say(w, e->arg[i],
			    p[1] >= 'a' ? LEVEL_ANY : LEVEL_PRIMARY);
	}
	case_buf_adds(w->out, phrase);
}

static void
say_call(const struct words *outer, const struct case_expr *e)
{
	const struct expr_function *fn = case_expr_fn_of((enum expr_fn)e->op);
	const char *phrase = call_words[e->op][outer->lang];
	struct words w = *outer;

	if (w.code == NULL)
		w.code = code_among(e);
	if (phrase != NULL && (e->op != EXPR_COALESCE || e->arg_n == 2)) {
		say_phrase(&w, phrase, e);
		return;
	}
	case_buf_adds(w.out, w.lang == CASE_ZH ? fn->shown : fn->name);
	say_list(&w, e, 0, LEVEL_ANY);
}

static void
say_aggregate(const struct words *w, const struct case_expr *e)
{
	static const char *const all[2] = { "记录数", "number of records" };
	static const char *const cases[2] = { "案件数", "number of cases" };
	static const char *const median[2] = { "%1的中位数", "median of %1" };
	const char *phrase = aggregate_words[e->op][w->lang];

	if (e->op == EXPR_COUNT && e->arg_n == 0)
		phrase = all[w->lang];
	if (e->op == EXPR_DISTINCT && e->arg[0]->pseudo == CASE_PSEUDO_CASE)
		phrase = cases[w->lang];
	if (e->op == EXPR_PERCENTILE && e->arg[1]->value.u.i == 50)
		phrase = median[w->lang];
	say_phrase(w, phrase, e);
}

static const char *
field_label(const struct words *w, const struct case_rtype *rt, int field)
{
	const char *label = case_label(rt->field[field].label, w->lang);

	return label == NULL ? rt->field[field].name : label;
}

static void
say_path(const struct words *w, const struct case_expr *e)
{
	const char *own = field_label(w, e->rt, e->field);
	const char *its = field_label(w, e->ref, e->ref_field);

	if (w->lang == CASE_ZH)
		case_buf_addf(w->out, "%s的%s", own, its);
	else
		case_buf_addf(w->out, "%s of %s", its, own);
}

static void
say_node(const struct words *w, const struct case_expr *e)
{
	switch (e->node) {
	case CASE_NODE_LITERAL:
		say_literal(w, e);
		break;
	case CASE_NODE_FIELD:
		case_buf_adds(w->out, e->pseudo != CASE_PSEUDO_NONE
					  ? pseudo_words[e->pseudo][w->lang]
					  : field_label(w, e->rt, e->field));
		break;
	case CASE_NODE_EXTRA:
		case_buf_adds(w->out, "[");
		case_text_visible(w->out, e->name, strlen(e->name));
		case_buf_adds(w->out, "]");
		break;
	case CASE_NODE_PATH:
		say_path(w, e);
		break;
	case CASE_NODE_PARAM:
		case_buf_adds(w->out, param_words[e->param][w->lang]);
		break;
	case CASE_NODE_OPERATOR:
		say_operator(w, e);
		break;
	case CASE_NODE_CALL:
		say_call(w, e);
		break;
	case CASE_NODE_AGGREGATE:
		say_aggregate(w, e);
		break;
	}
}

/*
 * In words a comparison inside "and" needs no brackets, but an "and" inside
 * "or" has them, since commas alone do not tell.
 */
static void
say(const struct words *w, const struct case_expr *e, enum level level)
{
	enum level own = level_of(e);
	bool brackets = own < level || (own == LEVEL_AND && level == LEVEL_AND);

	if (brackets)
		say_bracket(w, true);
	say_node(w, e);
	if (brackets)
		say_bracket(w, false);
}

void
case_expr_words(struct case_buf *out, const struct case_expr *e,
    enum case_lang lang)
{
	const struct words w = { .out = out, .lang = lang };

	say(&w, e, LEVEL_ANY);
}
