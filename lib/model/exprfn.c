/* exprfn.c - the functions and aggregates of expressions */
#include <string.h>
#include <strings.h>

#include "lib/model/expr.h"

/* Several names of one function: the first is the one that is printed. */
static const struct expr_function functions[] = {
	{ "days", EXPR_DAYS, "dd", 'i', "days(date, date) -> integer", "天数" },
	{ "workdays", EXPR_WORKDAYS, "dd", 'i',
	    "workdays(date, date) -> integer", "工作日数" },
	{ "seconds", EXPR_SECONDS, "TT", 'i', "seconds(time, time) -> integer",
	    "秒数" },
	{ "minutes", EXPR_MINUTES, "TT", 'n', "minutes(time, time) -> number",
	    "分钟数" },
	{ "hours", EXPR_HOURS, "TT", 'n', "hours(time, time) -> number",
	    "小时数" },
	{ "add_days", EXPR_ADD_DAYS, "di", 'd',
	    "add_days(date, integer) -> date", "加天" },
	{ "add_workdays", EXPR_ADD_WORKDAYS, "di", 'd',
	    "add_workdays(date, integer) -> date", "加工作日" },
	{ "add_months", EXPR_ADD_MONTHS, "di", 'd',
	    "add_months(date, integer) -> date", "加月" },
	{ "add_years", EXPR_ADD_YEARS, "di", 'd',
	    "add_years(date, integer) -> date", "加年" },
	{ "is_workday", EXPR_IS_WORKDAY, "d", 'f', "is_workday(date) -> flag",
	    "是工作日" },
	{ "date", EXPR_DATE, "D", 'd', "date(time or text) -> date", "日期" },
	{ "time", EXPR_TIME, "d", 'T', "time(date) -> time", "零时" },
	{ "year", EXPR_YEAR, "d", 'i', "year(date) -> integer", "年" },
	{ "half", EXPR_HALF, "d", 'i', "half(date) -> integer", "半年" },
	{ "quarter", EXPR_QUARTER, "d", 'i', "quarter(date) -> integer",
	    "季度" },
	{ "month", EXPR_MONTH, "d", 'i', "month(date) -> integer", "月" },
	{ "week", EXPR_WEEK, "d", 'i', "week(date) -> integer", "周" },
	{ "day", EXPR_DAY, "d", 'i', "day(date) -> integer", "日" },
	{ "weekday", EXPR_WEEKDAY, "d", 'i', "weekday(date) -> integer",
	    "星期" },
	{ "hour", EXPR_HOUR, "T", 'i', "hour(time) -> integer", "时" },
	{ "period_year", EXPR_PERIOD_YEAR, "dI?", 't',
	    "period_year(date [, first day]) -> text", "年度" },
	{ "period_half", EXPR_PERIOD_HALF, "dI?", 't',
	    "period_half(date [, first day]) -> text", "半年度" },
	{ "period_quarter", EXPR_PERIOD_QUARTER, "dI?", 't',
	    "period_quarter(date [, first day]) -> text", "季" },
	{ "period_month", EXPR_PERIOD_MONTH, "dI?", 't',
	    "period_month(date [, first day]) -> text", "月度" },
	{ "period_week", EXPR_PERIOD_WEEK, "dI?", 't',
	    "period_week(date [, weekday]) -> text", "周次" },
	{ "period_day", EXPR_PERIOD_DAY, "d", 't', "period_day(date) -> text",
	    "日期" },
	{ "if", EXPR_IF, "c==", '=', "if(condition, x, x) -> x", "如果" },
	{ "coalesce", EXPR_COALESCE, "===*", '=', "coalesce(x, x, ...) -> x",
	    "首个有值" },
	{ "min", EXPR_LEAST, "===*", '=', "min(x, x, ...) -> x", "较小值" },
	{ "max", EXPR_GREATEST, "===*", '=', "max(x, x, ...) -> x", "较大值" },
	{ "abs", EXPR_ABS, "s", '1', "abs(number or money) -> the same",
	    "绝对值" },
	{ "round", EXPR_ROUND, "sI?", '1',
	    "round(number or money [, decimals]) -> the same", "四舍五入" },
	{ "ratio", EXPR_RATIO, "ss", 'r', "ratio(x, y) -> ratio", "比率" },
	{ "bin", EXPR_BIN, "sss*", 'i',
	    "bin(number or money, edge, ...) -> integer", "分档" },
	{ "length", EXPR_LENGTH, "t", 'i', "length(text) -> integer", "字数" },
	{ "lower", EXPR_LOWER, "t", 't', "lower(text) -> text", "小写" },
	{ "upper", EXPR_UPPER, "t", 't', "upper(text) -> text", "大写" },
	{ "contains", EXPR_CONTAINS, "tt", 'f', "contains(text, text) -> flag",
	    "含有" },
	{ "starts", EXPR_STARTS, "tt", 'f', "starts(text, text) -> flag",
	    "开头是" },
	{ "matches", EXPR_MATCHES, "tL", 'f',
	    "matches(text, 'pattern') -> flag", "匹配" },
	{ "text", EXPR_TEXT, "x", 't', "text(x) -> text", "文本" },
	{ "number", EXPR_NUMBER, "t", 'n', "number(text) -> number", "数字" },
	{ "money", EXPR_MONEY, "t", 'm', "money(text) -> money", "金额" },
	{ "valid_uscc", EXPR_VALID_USCC, "t", 'f', "valid_uscc(text) -> flag",
	    "统一社会信用代码有效" },
	{ "valid_orgcode", EXPR_VALID_ORGCODE, "t", 'f',
	    "valid_orgcode(text) -> flag", "组织机构代码有效" },
	{ "valid_bizreg", EXPR_VALID_BIZREG, "t", 'f',
	    "valid_bizreg(text) -> flag", "营业执照注册号有效" },
	{ "valid_resident", EXPR_VALID_RESIDENT, "t", 'f',
	    "valid_resident(text) -> flag", "身份证号有效" },
	{ "valid_resident_id", EXPR_VALID_RESIDENT, "t", 'f',
	    "valid_resident_id(text) -> flag", "身份证号有效" },
	{ "valid_resident15", EXPR_VALID_RESIDENT15, "t", 'f',
	    "valid_resident15(text) -> flag", "旧身份证号有效" },
	{ "valid_id", EXPR_VALID_ID, "t", 'f', "valid_id(text) -> flag",
	    "证件号有效" },
	{ "resident_age", EXPR_RESIDENT_AGE, "td", 'i',
	    "resident_age(text, date) -> integer", "周岁" },
	{ "docno_organ", EXPR_DOCNO_ORGAN, "t", 't',
	    "docno_organ(text) -> text", "文号代字" },
	{ "docno_year", EXPR_DOCNO_YEAR, "t", 'i',
	    "docno_year(text) -> integer", "文号年份" },
	{ "docno_number", EXPR_DOCNO_NUMBER, "t", 'i',
	    "docno_number(text) -> integer", "文号序号" },
	{ "docno_key", EXPR_DOCNO_KEY, "t", 't', "docno_key(text) -> text",
	    "规范文号" },
};

static const struct expr_function aggregates[] = {
	{ "count", EXPR_COUNT, "x?", 'i', "count([x]) -> integer", "计数" },
	{ "distinct", EXPR_DISTINCT, "x", 'i', "distinct(x) -> integer",
	    "不同值数" },
	{ "sum", EXPR_SUM, "s", '1', "sum(number or money) -> the same",
	    "合计" },
	{ "mean", EXPR_MEAN, "s", 'M',
	    "mean(number or money) -> number or money", "平均" },
	{ "min", EXPR_MIN, "x", '1', "min(x) -> x", "最小" },
	{ "max", EXPR_MAX, "x", '1', "max(x) -> x", "最大" },
	{ "p50", EXPR_PERCENTILE, "s", 'M',
	    "p1..p99(number or money) -> number or money", "分位数" },
	{ "median", EXPR_PERCENTILE, "s", 'M',
	    "median(number or money) -> number or money", "中位数" },
	{ "rate", EXPR_RATE, "c", 'r', "rate(condition) -> ratio", "占比" },
	{ "share", EXPR_SHARE, "c", 'r', "share(condition) -> ratio",
	    "占全部比" },
	{ "count_if", EXPR_COUNT_IF, "c", 'i', "count_if(condition) -> integer",
	    "计数" },
	{ "distinct_if", EXPR_DISTINCT_IF, "xc", 'i',
	    "distinct_if(x, condition) -> integer", "不同值数" },
	{ "sum_if", EXPR_SUM_IF, "sc", '1',
	    "sum_if(number or money, condition) -> the same", "合计" },
	{ "mean_if", EXPR_MEAN_IF, "sc", 'M',
	    "mean_if(number or money, condition) -> number or money", "平均" },
};

enum {
	FUNCTIONS = sizeof(functions) / sizeof(functions[0]),
	AGGREGATES = sizeof(aggregates) / sizeof(aggregates[0])
};

/* setting('key') is resolved by the parser and has no row of its own. */
static const char setting[] = "setting('key') -> its value";

static const struct expr_function *
named(const struct expr_function *table, size_t rows, const char *p, size_t n)
{
	for (size_t i = 0; i < rows; i++)
		if (strlen(table[i].name) == n &&
		    strncasecmp(table[i].name, p, n) == 0)
			return &table[i];
	return NULL;
}

static const struct expr_function *
numbered(const struct expr_function *table, size_t rows, int op)
{
	for (size_t i = 0; i < rows; i++)
		if (table[i].op == op)
			return &table[i];
	return NULL;
}

const struct expr_function *
case_expr_fn(const char *p, size_t n)
{
	return named(functions, FUNCTIONS, p, n);
}

const struct expr_function *
case_expr_aggregate(const char *p, size_t n)
{
	return named(aggregates, AGGREGATES, p, n);
}

const struct expr_function *
case_expr_fn_of(enum expr_fn op)
{
	return numbered(functions, FUNCTIONS, (int)op);
}

const struct expr_function *
case_expr_aggregate_of(enum expr_aggregate op)
{
	return numbered(aggregates, AGGREGATES, (int)op);
}

const struct expr_function *
case_expr_fn_at(size_t i)
{
	if (i < FUNCTIONS)
		return &functions[i];
	i -= FUNCTIONS;
	return i < AGGREGATES ? &aggregates[i] : NULL;
}

const char *
case_expr_function(size_t i)
{
	const struct expr_function *fn = case_expr_fn_at(i);

	if (fn != NULL)
		return fn->signature;
	return i == FUNCTIONS + AGGREGATES ? setting : NULL;
}
