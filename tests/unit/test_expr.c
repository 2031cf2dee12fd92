/* test_expr.c - expressions: grammar, types, errors, words, printing */
#include <stdlib.h>

#include "lib/model/expr.h"

#include "test.h"

static const char case_json[] =
    "{\"name\":\"case\",\"label\":{\"zh\":\"案件\",\"en\":\"case\"},"
    "\"key\":[[\"case_no\"]],\"dates\":[\"filed_on\"],\"count\":\"cases\","
    "\"flag_yes\":[\"是\",\"有\"],\"flag_no\":[\"否\"],\"fields\":["
    "{\"name\":\"case_no\",\"type\":\"text\","
    "\"label\":{\"zh\":\"案件编号\",\"en\":\"case number\"}},"
    "{\"name\":\"procedure\",\"type\":\"code\","
    "\"label\":{\"zh\":\"程序类型\",\"en\":\"procedure\"},\"codes\":["
    "{\"name\":\"simple\",\"label\":{\"zh\":\"简易程序\",\"en\":\"simple\"},"
    "\"aliases\":[\"简易\"]},"
    "{\"name\":\"ordinary\",\"label\":{\"zh\":\"普通程序\","
    "\"en\":\"ordinary\"},\"aliases\":[\"一般程序\"]}]},"
    "{\"name\":\"unit\",\"type\":\"text\",\"coded\":true,"
    "\"label\":{\"zh\":\"执法单位\",\"en\":\"unit\"},"
    "\"aliases\":[\"办案单位\"]},"
    "{\"name\":\"item\",\"type\":\"text\",\"coded\":true,"
    "\"label\":{\"zh\":\"事项\",\"en\":\"item\"}},"
    "{\"name\":\"officer1\",\"type\":\"text\",\"coded\":true,"
    "\"label\":{\"zh\":\"执法人员1\",\"en\":\"officer 1\"}},"
    "{\"name\":\"filed_on\",\"type\":\"date\","
    "\"label\":{\"zh\":\"立案日期\",\"en\":\"filing date\"}},"
    "{\"name\":\"decided_on\",\"type\":\"date\","
    "\"label\":{\"zh\":\"决定日期\",\"en\":\"decision date\"}},"
    "{\"name\":\"reported_at\",\"type\":\"time\","
    "\"label\":{\"zh\":\"上报时间\",\"en\":\"report time\"}},"
    "{\"name\":\"decision_no\",\"type\":\"text\",\"docno\":true,"
    "\"label\":{\"zh\":\"决定书文号\",\"en\":\"decision number\"}},"
    "{\"name\":\"fine\",\"type\":\"money\","
    "\"label\":{\"zh\":\"罚款金额\",\"en\":\"fine\"}},"
    "{\"name\":\"confiscated\",\"type\":\"money\","
    "\"label\":{\"zh\":\"没收金额\",\"en\":\"confiscated\"}},"
    "{\"name\":\"test_days\",\"type\":\"integer\","
    "\"label\":{\"zh\":\"检测天数\",\"en\":\"days of testing\"}},"
    "{\"name\":\"area\",\"type\":\"number\","
    "\"label\":{\"zh\":\"面积（㎡）\",\"en\":\"area\"}},"
    "{\"name\":\"major\",\"type\":\"flag\","
    "\"label\":{\"zh\":\"重大案件\",\"en\":\"major\"}},"
    "{\"name\":\"joint_review\",\"type\":\"flag\","
    "\"label\":{\"zh\":\"联合法审\",\"en\":\"joint review\"}},"
    "{\"name\":\"party_id\",\"type\":\"text\","
    "\"label\":{\"zh\":\"当事人证件号\",\"en\":\"party number\"}},"
    "{\"name\":\"like\",\"type\":\"text\","
    "\"label\":{\"zh\":\"类似\",\"en\":\"like it\"}}]}";

static const char unit_json[] =
    "{\"name\":\"unit\",\"label\":{\"zh\":\"单位\",\"en\":\"unit\"},"
    "\"key\":[[\"name\"]],\"count\":\"units\",\"fields\":["
    "{\"name\":\"name\",\"type\":\"text\",\"coded\":true,"
    "\"label\":{\"zh\":\"名称\",\"en\":\"name\"}},"
    "{\"name\":\"kind\",\"type\":\"code\","
    "\"label\":{\"zh\":\"类别\",\"en\":\"kind\"},\"codes\":["
    "{\"name\":\"town\",\"label\":{\"zh\":\"镇街\",\"en\":\"town\"}},"
    "{\"name\":\"bureau\",\"label\":{\"zh\":\"部门\","
    "\"en\":\"bureau\"}}]},"
    "{\"name\":\"parent\",\"type\":\"text\",\"coded\":true,"
    "\"label\":{\"zh\":\"上级\",\"en\":\"parent\"}},"
    "{\"name\":\"officers\",\"type\":\"integer\","
    "\"label\":{\"zh\":\"人数\",\"en\":\"officers\"}}]}";

static const char officer_json[] =
    "{\"name\":\"officer\",\"label\":{\"zh\":\"人员\",\"en\":\"officer\"},"
    "\"key\":[[\"name\"]],\"count\":\"officers\",\"fields\":["
    "{\"name\":\"name\",\"type\":\"text\","
    "\"label\":{\"zh\":\"姓名\",\"en\":\"name\"}},"
    "{\"name\":\"valid_to\",\"type\":\"date\","
    "\"label\":{\"zh\":\"有效期至\",\"en\":\"valid to\"}}]}";

static struct case_rtype *rtype[3];
static struct case_share *share;

static struct case_rtype *
load(const char *text)
{
	struct case_rtype *rt = NULL;
	struct case_json *json = NULL;
	struct case_error err = { 0 };

	if (case_json_parse(&json, text, strlen(text), &err) != CASE_OK ||
	    case_rtype_parse(&rt, json, &err) != CASE_OK)
		fprintf(stderr, "%s\n", err.what);
	case_json_free(json);
	return rt;
}

static const struct case_rtype *
type_of(void *arg, const char *name)
{
	(void)arg;
	for (size_t i = 0; i < 3; i++)
		if (strcmp(rtype[i]->name, name) == 0)
			return rtype[i];
	return NULL;
}

static enum case_status
parse(struct case_expr **e, const char *text, bool aggregates,
    struct case_error *err)
{
	const struct case_scope scope = { .rt = rtype[0],
		.sh = share,
		.aggregates = aggregates,
		.type = type_of };

	return case_expr_parse(e, text, strlen(text), &scope, err);
}

static bool
same_value(const struct case_value *a, const struct case_value *b)
{
	if (a->type != b->type || a->missing != b->missing)
		return false;
	return a->missing || case_value_compare(a, b) == 0;
}

static bool
same(const struct case_expr *a, const struct case_expr *b)
{
	if (a->node != b->node || a->type != b->type || a->op != b->op ||
	    a->field != b->field || a->pseudo != b->pseudo ||
	    a->param != b->param || a->rt != b->rt || a->ref != b->ref ||
	    a->ref_field != b->ref_field || a->arg_n != b->arg_n)
		return false;
	if ((a->name == NULL) != (b->name == NULL) ||
	    (a->name != NULL && strcmp(a->name, b->name) != 0))
		return false;
	if (a->node == CASE_NODE_LITERAL && !same_value(&a->value, &b->value))
		return false;
	for (size_t i = 0; i < a->arg_n; i++)
		if (!same(a->arg[i], b->arg[i]))
			return false;
	return true;
}

/*
 * text parses to an expression of this type, prints as want, and what was
 * printed parses to the same tree and prints as itself.
 */
static void
check(const char *text, bool aggregates, const char *type, const char *want)
{
	struct case_expr *e = NULL, *again = NULL, *copy = NULL;
	struct case_error err = { 0 };
	struct case_buf b = { 0 };

	if (parse(&e, text, aggregates, &err) != CASE_OK) {
		CHECK_STR(err.what, want);
		fprintf(stderr, "  of: %s\n", text);
		return;
	}
	CHECK_STR(case_type_name(e->type), type);
	case_expr_print(&b, e);
	CHECK_STR(case_buf_str(&b), want);
	CHECK_INT(parse(&again, case_buf_str(&b), aggregates, &err), CASE_OK);
	if (again != NULL)
		CHECK(same(e, again));
	else
		fprintf(stderr, "  %s: %s\n", case_buf_str(&b), err.what);
	CHECK_INT(case_expr_copy(&copy, e, &err), CASE_OK);
	CHECK(copy != NULL && same(e, copy));
	case_expr_free(e);
	case_expr_free(again);
	case_expr_free(copy);
	case_buf_free(&b);
}

static void
fails(const char *text, bool aggregates, const char *want)
{
	struct case_expr *e = NULL;
	struct case_error err = { 0 };

	CHECK_INT(parse(&e, text, aggregates, &err), CASE_EUSAGE);
	CHECK(e == NULL);
	CHECK_STR(err.what, want);
	case_expr_free(e);
}

static void
words(const char *text, bool aggregates, const char *zh, const char *en)
{
	struct case_expr *e = NULL;
	struct case_error err = { 0 };
	struct case_buf b = { 0 };

	CHECK_INT(parse(&e, text, aggregates, &err), CASE_OK);
	if (e == NULL) {
		fprintf(stderr, "  %s: %s\n", text, err.what);
		return;
	}
	case_expr_words(&b, e, CASE_ZH);
	CHECK_STR(case_buf_str(&b), zh);
	case_buf_reset(&b);
	case_expr_words(&b, e, CASE_EN);
	CHECK_STR(case_buf_str(&b), en);
	case_buf_free(&b);
	case_expr_free(e);
}

static const struct {
	const char *text, *type, *print;
} good[] = {
	/* Names, literals, folding. */
	{ "fine", "money", "fine" },
	{ "罚款金额", "money", "fine" },
	{ "`面积（㎡）` > 3", "flag", "area > 3" },
	{ "`like` LIKE '%a_'", "flag", "`like` like '%a_'" },
	{ "办案单位＝“城中街道”", "flag", "unit = '城中街道'" },
	{ "unit = \"O'Brien\"", "flag", "unit = 'O''Brien'" },
	{ "unit = 'it''s'", "flag", "unit = 'it''s'" },
	{ "unit in （“甲”，“乙”、‘丙’）", "flag",
	    "unit in ('甲', '乙', '丙')" },
	{ "fine ≥ 200 AND fine≠300", "flag", "fine >= 200 and fine <> 300" },
	{ "fine×2", "money", "fine * 2" },
	{ "_id", "integer", "_id" },
	{ "_file like '2023%'", "flag", "_file like '2023%'" },
	{ "extra:列名 = 'x'", "flag", "extra:`列名` = 'x'" },
	{ "extra:`列 ``名` = 'x'", "flag", "extra:`列 ``名` = 'x'" },
	{ "1", "integer", "1" },
	{ "1.50", "number", "1.5" },
	{ "2.0", "number", "2.0" },
	{ "1e25", "number", "1e+25" },
	{ "9223372036854775807", "integer", "9223372036854775807" },
	{ "9223372036854775808", "number", "9223372036854776000.0" },
	{ "-5 + - 5", "integer", "-5 + -5" },
	{ "- test_days", "integer", "-test_days" },
	{ "-(test_days + 1) * 2", "integer", "-(test_days + 1) * 2" },
	{ "true", "flag", "true" },
	{ "null", "text", "null" },
	/* Precedence and shape. */
	{ "major or joint_review and not major", "flag",
	    "major or joint_review and not major" },
	{ "(major or joint_review) and not (major and joint_review)", "flag",
	    "(major or joint_review) and not (major and joint_review)" },
	{ "((major and joint_review) and major) or (major or major)", "flag",
	    "major and joint_review and major or major or major" },
	{ "not fine = 3", "flag", "not fine = 3" },
	{ "(1 - 2) - (3 - 4)", "integer", "1 - 2 - (3 - 4)" },
	{ "2 * (3 + 4) / 5 / (6 / 7)", "number", "2 * (3 + 4) / 5 / (6 / 7)" },
	{ "(fine > 3) is null", "flag", "(fine > 3) is null" },
	{ "fine is missing or fine is not missing", "flag",
	    "fine is null or fine is not null" },
	{ "fine not between 1 and 2 and major", "flag",
	    "fine not between 1 and 2 and major" },
	/* Money is yuan. */
	{ "fine > 200.5", "flag", "fine > 200.5" },
	{ "fine > 0.29", "flag", "fine > 0.29" },
	{ "fine = '1万元'", "flag", "fine = 10000" },
	{ "200 < fine", "flag", "200 < fine" },
	{ "fine > 3000 * test_days", "flag", "fine > 3000 * test_days" },
	{ "fine > (100 + 100) * 2", "flag", "fine > (100 + 100) * 2" },
	{ "fine + 1.5", "money", "fine + 1.5" },
	{ "fine * 0.03", "money", "fine * 0.03" },
	{ "fine / 3", "money", "fine / 3" },
	{ "fine / confiscated", "number", "fine / confiscated" },
	{ "test_days / 2", "number", "test_days / 2" },
	{ "coalesce(fine, 0)", "money", "coalesce(fine, 0)" },
	{ "if(major, 200, fine)", "money", "if(major, 200, fine)" },
	{ "fine >= if(major, 5000, if(joint_review, null, 0.5))", "flag",
	    "fine >= if(major, 5000, if(joint_review, null, 0.5))" },
	{ "min(fine, 100)", "money", "min(fine, 100)" },
	{ "round(fine, 1)", "money", "round(fine, 1)" },
	{ "bin(fine, 100, 1000)", "integer", "bin(fine, 100, 1000)" },
	{ "bin(area, 0.5, 1.5)", "integer", "bin(area, 0.5, 1.5)" },
	/* Dates and times. */
	{ "filed_on > '2023年6月12日'", "flag", "filed_on > '2023-06-12'" },
	{ "filed_on in ('2023/1/1', '20230102')", "flag",
	    "filed_on in ('2023-01-01', '2023-01-02')" },
	{ "filed_on between '2023-01-01' and period_end", "flag",
	    "filed_on between '2023-01-01' and period_end" },
	{ "reported_at >= '2023-06-12'", "flag",
	    "reported_at >= '2023-06-12T00:00:00'" },
	{ "reported_at < '2023-06-12 08:30'", "flag",
	    "reported_at < '2023-06-12T08:30:00'" },
	{ "reported_at <= filed_on", "flag", "date(reported_at) <= filed_on" },
	{ "filed_on >= reported_at", "flag", "filed_on >= date(reported_at)" },
	{ "reported_at between period_start and period_end", "flag",
	    "date(reported_at) between period_start and period_end" },
	{ "decided_on - filed_on", "integer", "decided_on - filed_on" },
	{ "today - '2023-01-01'", "integer", "today - '2023-01-01'" },
	{ "filed_on + 90", "date", "filed_on + 90" },
	{ "90 + filed_on", "date", "90 + filed_on" },
	{ "filed_on - test_days", "date", "filed_on - test_days" },
	{ "reported_at + 60", "time", "reported_at + 60" },
	{ "reported_at - reported_at", "integer", "reported_at - reported_at" },
	{ "days(filed_on, decided_on) > 90", "flag",
	    "days(filed_on, decided_on) > 90" },
	{ "days('2023-01-01', reported_at)", "integer",
	    "days('2023-01-01', date(reported_at))" },
	{ "date('2023.1.2') + 3", "date", "date('2023-01-02') + 3" },
	{ "date(extra:日期)", "date", "date(extra:`日期`)" },
	{ "minutes(reported_at, reported_at + 30)", "number",
	    "minutes(reported_at, reported_at + 30)" },
	{ "workdays(filed_on, today) > 7", "flag",
	    "workdays(filed_on, today) > 7" },
	{ "decided_on > add_months(filed_on, 3)", "flag",
	    "decided_on > add_months(filed_on, 3)" },
	{ "decided_on > add_years(filed_on, if(major, 5, 2))", "flag",
	    "decided_on > add_years(filed_on, if(major, 5, 2))" },
	{ "period_month(filed_on, 21)", "text", "period_month(filed_on, 21)" },
	{ "coalesce('2023-01-01', null, filed_on)", "date",
	    "coalesce('2023-01-01', null, filed_on)" },
	/* Codes and flags. */
	{ "procedure = '一般程序'", "flag", "procedure = 'ordinary'" },
	{ "程序类型 in ('简易', 'ordinary')", "flag",
	    "procedure in ('simple', 'ordinary')" },
	{ "'简易程序' = procedure", "flag", "'simple' = procedure" },
	{ "procedure = if(major, '普通程序', '简易')", "flag",
	    "procedure = if(major, 'ordinary', 'simple')" },
	{ "coalesce(procedure, '不详')", "text",
	    "coalesce(procedure, '不详')" },
	{ "coalesce('简易', null, procedure)", "code",
	    "coalesce('simple', null, procedure)" },
	{ "procedure like '%程序'", "flag", "procedure like '%程序'" },
	{ "major = '是' and joint_review = 0", "flag",
	    "major = true and joint_review = false" },
	{ "major <> 1", "flag", "major <> true" },
	/* Paths, and divisions that are none. */
	{ "unit/kind = '镇街'", "flag", "unit/kind = 'town'" },
	{ "执法单位/上级 = '总队'", "flag", "unit/parent = '总队'" },
	{ "unit/officers / 2", "number", "unit/officers / 2" },
	{ "officer1/valid_to < decided_on", "flag",
	    "officer1/valid_to < decided_on" },
	{ "fine/fine", "number", "fine / fine" },
	/* Functions. */
	{ "matches(party_id, '^[0-9]{17}')", "flag",
	    "matches(party_id, '^[0-9]{17}')" },
	{ "valid_resident_id(party_id)", "flag", "valid_resident(party_id)" },
	{ "LENGTH(unit)", "integer", "length(unit)" },
	{ "text(fine)", "text", "text(fine)" },
	{ "number(extra:数量) > 3", "flag", "number(extra:`数量`) > 3" },
	{ "resident_age(party_id, decided_on) < 14", "flag",
	    "resident_age(party_id, decided_on) < 14" },
	{ "ratio(fine, 2)", "ratio", "ratio(fine, 2)" },
	{ "test_days > setting('nobody.knows')", "flag",
	    "test_days > setting('nobody.knows')" },
};

static const struct {
	const char *text, *type, *print;
} measures[] = {
	{ "sum(fine)", "money", "sum(fine)" },
	{ "mean(fine)", "money", "mean(fine)" },
	{ "mean(test_days)", "number", "mean(test_days)" },
	{ "count()", "integer", "count()" },
	{ "COUNT(*)", "integer", "count()" },
	{ "distinct(unit)", "integer", "distinct(unit)" },
	{ "min(filed_on)", "date", "min(filed_on)" },
	{ "max(fine, 100)", "money", "max(fine, 100)" },
	{ "max(sum(fine), sum(confiscated))", "money",
	    "max(sum(fine), sum(confiscated))" },
	{ "p50(decided_on-filed_on)", "number", "p50(decided_on - filed_on)" },
	{ "median(fine)", "money", "p50(fine)" },
	{ "p90(fine) > 100", "flag", "p90(fine) > 100" },
	{ "rate(major)", "ratio", "rate(major)" },
	{ "rate(major) - rate(joint_review)", "points",
	    "rate(major) - rate(joint_review)" },
	{ "share(fine > 100)", "ratio", "share(fine > 100)" },
	{ "count_if(major) / count()", "number", "count_if(major) / count()" },
	{ "sum_if(fine, procedure = '简易')", "money",
	    "sum_if(fine, procedure = 'simple')" },
	{ "sum(fine) / count()", "money", "sum(fine) / count()" },
	{ "count() > 1 and distinct(item) = 1", "flag",
	    "count() > 1 and distinct(item) = 1" },
	{ "unit", "text", "unit" },
};

static const struct {
	const char *text, *error;
} bad[] = {
	{ "", "1: a value is expected, and the expression ends" },
	{ "unti = 3", "1: no field 'unti'; did you mean unit?" },
	{ "fine > 3 and 执法单味 = 'x'",
	    "14: no field '执法单味'; did you mean 执法单位?" },
	{ "todya > filed_on", "1: no field 'todya'; did you mean today?" },
	{ "dayz(filed_on, today)",
	    "1: no function 'dayz'; did you mean days, day?" },
	{ "unit/knd = 'x'",
	    "6: type unit has no field 'knd'; did you mean kind?" },
	{ "procedure = '普通程续'",
	    "13: '普通程续' is no value of procedure; did you mean "
	    "普通程序?" },
	{ "procedure in ('简易', 'x')",
	    "21: 'x' is no value of procedure; there are simple, ordinary" },
	{ "case_no = 123",
	    "11: text is expected here, and this is a whole number; a text "
	    "stands in quotation marks" },
	{ "test_days > '3'",
	    "13: a whole number is expected here, and this is text" },
	{ "fine > test_days",
	    "8: an amount is expected here, and this is a whole number" },
	{ "fine > 0.125",
	    "8: 0.125 is no amount in yuan: at most two decimals" },
	{ "fine * fine", "8: an amount can't be multiplied by an amount" },
	{ "filed_on = 20230101",
	    "12: a date is expected here, and this is a whole number" },
	{ "filed_on > extra:日期",
	    "12: a date is expected here, and this is text; date(…) makes a "
	    "date of a text" },
	{ "filed_on + decided_on",
	    "12: a whole number is expected here, and this is a date" },
	{ "filed_on + 1.5",
	    "12: a whole number is expected here, and this is a number" },
	{ "unit + 1", "1: a number is expected here, and this is text; "
		      "number(…) makes a number of a text" },
	{ "major and fine",
	    "11: a condition is expected here, and this is an amount" },
	{ "not unit", "5: a condition is expected here, and this is text" },
	{ "major = '也许'",
	    "9: '也许' is neither yes nor no: write true or false" },
	{ "fine = null", "8: nothing equals null; ask with 'is null'" },
	{ "unit in ('a', null)",
	    "15: nothing equals null; ask with 'is null'" },
	{ "fine > 3 fine",
	    "10: an operator or the end is expected, and this is fine" },
	{ "fine = 3 = 4",
	    "10: an operator or the end is expected, and this is =" },
	{ "(fine > 3", "10: a closing bracket is expected, and the "
		       "expression ends" },
	{ "fine > ", "8: a value is expected, and the expression ends" },
	{ "fine not 3",
	    "10: 'in', 'between' or 'like' is expected, and this is 3" },
	{ "fine is 3", "9: 'null' or 'missing' is expected, and this is 3" },
	{ "unit in 'x'", "9: an opening bracket is expected, and this is 'x'" },
	{ "unit in ()", "10: a value is expected, and this is )" },
	{ "fine between 1 or 2", "16: 'and' is expected, and this is or" },
	{ "unit = 'x", "8: this quotation mark is never closed" },
	{ "fine > 200元",
	    "8: a name that begins with a digit has to stand in `…`, and a "
	    "unit can't follow a number" },
	{ "fine ; 3", "6: ';' has no meaning here" },
	{ "unit = 'x' -- 3", "8: a number is expected here, and this is text" },
	{ "sum(fine)",
	    "1: sum() is for measures: one record has nothing to sum up" },
	{ "min(fine)", "1: too few arguments: min(x, x, ...) -> x" },
	{ "days(filed_on)",
	    "1: too few arguments: days(date, date) -> integer" },
	{ "days(filed_on, today, 3)",
	    "23: too many arguments: days(date, date) -> integer" },
	{ "matches(unit, case_no)",
	    "15: this has to be a text in quotation marks" },
	{ "bin(fine, 100, 100)", "16: the edges have to rise" },
	{ "bin(fine, test_days)", "11: an edge has to be a number" },
	{ "period_week(filed_on, 8)", "23: this has to be from 1 to 7" },
	{ "round(fine, 3)", "13: this has to be from 0 to 2" },
	{ "and", "1: a value is expected, and this is and" },
	{ "extra: = 3", "8: the name of a column is expected, and this is =" },
	{ "setting(3)",
	    "9: the key of a setting in quotes is expected, and this is 3" },
	{ "fine = 1.2.3", "11: an operator or the end is expected, and this "
			  "is .3" },
};

static const struct {
	const char *text, *error;
} bad_measures[] = {
	{ "bin(min(fine), 3, 1)", "19: the edges have to rise" },
	{ "sum(sum(fine))", "5: an aggregate can't stand inside another" },
	{ "sum(fine) > fine",
	    "13: a field beside an aggregate has to stand in one too" },
	{ "sum(unit)", "5: a number is expected here, and this is text; "
		       "number(…) makes a number of a text" },
	{ "p0(fine)", "1: no function 'p0'; did you mean p50?" },
	{ "rate(fine)",
	    "6: a condition is expected here, and this is an amount" },
};

static void
test_tables(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		check(good[i].text, false, good[i].type, good[i].print);
	for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++)
		check(measures[i].text, true, measures[i].type,
		    measures[i].print);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		fails(bad[i].text, false, bad[i].error);
	for (size_t i = 0; i < sizeof(bad_measures) / sizeof(bad_measures[0]);
	     i++)
		fails(bad_measures[i].text, true, bad_measures[i].error);
}

static void
test_dates_in_errors(void)
{
	struct case_expr *e = NULL;
	struct case_error err = { 0 };

	CHECK_INT(parse(&e, "filed_on > '2023-02-30'", false, &err),
	    CASE_EUSAGE);
	CHECK(strncmp(err.what, "12: '2023-02-30' is no date: ", 29) == 0);
	CHECK_INT(parse(&e, "filed_on = '昨天'", false, &err), CASE_EUSAGE);
	CHECK_INT(parse(&e, "matches(unit, '(')", false, &err), CASE_EUSAGE);
	CHECK(strncmp(err.what, "15: this pattern does not compile", 33) == 0);
}

static void
test_limits(void)
{
	struct case_buf b = { 0 };
	struct case_expr *e = NULL;
	struct case_error err = { 0 };

	for (int i = 0; i < 100000; i++)
		case_buf_addc(&b, '(');
	CHECK_INT(parse(&e, b.p, false, &err), CASE_EUSAGE);
	b.p[60000] = '\0';
	CHECK_INT(parse(&e, b.p, false, &err), CASE_EUSAGE);
	CHECK_STR(err.what, "101: the expression is nested more than 100 deep");

	case_buf_reset(&b);
	for (int i = 0; i < 99; i++)
		case_buf_addc(&b, '(');
	case_buf_adds(&b, "fine");
	for (int i = 0; i < 99; i++)
		case_buf_addc(&b, ')');
	check(b.p, false, "money", "fine");

	/* Chains of arithmetic and of signs are as deep as they are long. */
	case_buf_reset(&b);
	for (int i = 0; i < 20000; i++)
		case_buf_adds(&b, "1+");
	case_buf_adds(&b, "1");
	CHECK_INT(parse(&e, b.p, false, &err), CASE_EUSAGE);
	case_buf_reset(&b);
	for (int i = 0; i < 20000; i++)
		case_buf_adds(&b, "- ");
	case_buf_adds(&b, "fine");
	CHECK_INT(parse(&e, b.p, false, &err), CASE_EUSAGE);
	case_buf_reset(&b);
	for (int i = 0; i < 15000; i++)
		case_buf_adds(&b, "not ");
	case_buf_adds(&b, "major");
	CHECK_INT(parse(&e, b.p, false, &err), CASE_EUSAGE);

	/* Those of and, or and in are flat: long ones are fine. */
	case_buf_reset(&b);
	for (int i = 0; i < 3000; i++)
		case_buf_adds(&b, "major or ");
	case_buf_adds(&b, "major");
	CHECK_INT(parse(&e, b.p, false, &err), CASE_OK);
	CHECK(e != NULL && e->arg_n == 3001);
	case_expr_free(e);

	case_buf_reset(&b);
	case_buf_adds(&b, "test_days in (0");
	for (int i = 1; i < 10000; i++)
		case_buf_addf(&b, ",%d", i);
	case_buf_adds(&b, ")");
	CHECK_INT(parse(&e, b.p, false, &err), CASE_EUSAGE);
	CHECK(strstr(err.what, "more than 10000 parts") != NULL);
	case_buf_free(&b);

	CHECK_INT(parse(&e, "unit = '\xff'", false, &err), CASE_EUSAGE);
	CHECK_STR(err.what, "9: this is not UTF-8");
}

static void
count_field(void *arg, const struct case_rtype *rt, int field)
{
	struct case_buf *b = arg;

	case_buf_addf(b, "%s.%s ", rt->name, rt->field[field].name);
}

static void
test_walks(void)
{
	struct case_expr *e = NULL, *f = NULL, *both = NULL;
	struct case_error err = { 0 };
	struct case_buf b = { 0 };

	CHECK_INT(parse(&e,
		      "fine > 3 and unit/kind = 'town' and fine < 9 and "
		      "unit = 'x' and _line > 3",
		      false, &err),
	    CASE_OK);
	case_expr_fields(e, count_field, &b);
	CHECK_STR(case_buf_str(&b), "case.fine case.unit unit.kind ");
	CHECK(!case_expr_is_aggregate(e));
	CHECK(!case_expr_uses_calendar(e));
	CHECK(case_expr_unset(e) == NULL);

	CHECK_INT(parse(&f, "workdays(filed_on, today) > setting('no.such')",
		      false, &err),
	    CASE_OK);
	CHECK(case_expr_uses_calendar(f));
	CHECK_STR(case_expr_unset(f), "no.such");
	CHECK_INT(case_expr_and(&both, e, f, &err), CASE_OK);
	CHECK(both->arg_n == 6);
	case_expr_free(both);
	CHECK_INT(case_expr_and(&both, NULL, NULL, &err), CASE_OK);
	CHECK(both == NULL);

	CHECK_INT(parse(&e, "count() > 3", true, &err), CASE_OK);
	CHECK(case_expr_is_aggregate(e));
	CHECK_INT(case_expr_and(&both, NULL, e, &err), CASE_OK);
	CHECK(both == e);
	case_expr_free(e);
	case_buf_free(&b);

	for (size_t i = 0; i < 3; i++)
		CHECK(case_expr_function(i) != NULL);
	CHECK(case_expr_function(1000) == NULL);
}

static void
test_words(void)
{
	words("procedure = 'simple' and fine > 200", false,
	    "程序类型 为 简易程序，且 罚款金额 大于 200元",
	    "procedure is simple, and fine is more than 200 yuan");
	words("days(filed_on, decided_on) > 90", false,
	    "自立案日期至决定日期的天数 大于 90",
	    "days from filing date to decision date is more than 90");
	words("decided_on <= add_workdays(filed_on, 7)", false,
	    "决定日期 不晚于 立案日期起7个工作日",
	    "decision date is no later than 7 working days after filing "
	    "date");
	words("(major or fine >= 0.5) and not joint_review", false,
	    "（重大案件，或 罚款金额 不少于 0.5元），且 并非 联合法审",
	    "(major, or fine is at least 0.5 yuan), and not joint review");
	words("major or joint_review and fine is null", false,
	    "重大案件，或 （联合法审，且 罚款金额 为空）",
	    "major, or (joint review, and fine is missing)");
	words("procedure in ('简易', '一般程序') and unit/kind = 'town'", false,
	    "程序类型 属于 （简易程序、普通程序），且 执法单位的类别 为 "
	    "镇街",
	    "procedure is one of (simple, ordinary), and kind of unit is "
	    "town");
	words("fine between 100 and 200", false, "罚款金额 介于 100元 与 200元",
	    "fine is between 100 yuan and 200 yuan");
	words("fine > setting('no.such')", false,
	    "罚款金额 大于 （未设置的 no.such）",
	    "fine is more than (no.such, not set)");
	words("sum_if(fine, major)", true, "（重大案件）的罚款金额合计",
	    "sum of fine where (major)");
	words("p50(decided_on - filed_on)", true,
	    "（决定日期 减 立案日期）的中位数",
	    "median of (decision date minus filing date)");
	words("test_days > 90 + coalesce(test_days, 0)", false,
	    "检测天数 大于 90 加 检测天数（缺则0）",
	    "days of testing is more than 90 plus days of testing (or 0)");
	words("distinct(_case)", true, "案件数", "number of cases");
	words("count()", true, "记录数", "number of records");
}

/* Texts made of the grammar's own pieces, most of them wrong. */
static void
test_pieces(void)
{
	static const char *const piece[] = { "fine", "unit", "procedure",
		"filed_on", "reported_at", "major", "test_days", "area", "(",
		")", ",", "and", "or", "not", "in", "between", "like", "is",
		"null", "=", "<", ">=", "<>", "+", "-", "*", "/", "'简易'",
		"'2023-01-01'", "3", "0.5", "days(", "if(", "coalesce(", "min(",
		"sum(", "round(", "kind", "extra:", "today", "'是'", "text(",
		"date(", "bin(", "setting('x')", "≥", "（", "“" };
	uint32_t seed = 12345;
	size_t parsed = 0;

	for (int i = 0; i < 60000; i++) {
		struct case_buf b = { 0 }, again = { 0 };
		struct case_expr *e = NULL, *f = NULL;
		struct case_error err = { 0 };
		bool sums = i % 2 == 0;
		size_t n;

		seed = seed * 1664525 + 1013904223;
		n = 1 + (seed >> 24) % 9;
		while (n-- > 0) {
			seed = seed * 1664525 + 1013904223;
			case_buf_adds(&b,
			    piece[(seed >> 16) %
				  (sizeof(piece) / sizeof(piece[0]))]);
			case_buf_addc(&b, ' ');
		}
		if (parse(&e, b.p, sums, &err) == CASE_OK) {
			parsed++;
			case_expr_print(&again, e);
			if (parse(&f, case_buf_str(&again), sums, &err) !=
				CASE_OK ||
			    !same(e, f)) {
				fprintf(stderr, "%s: %s: %s\n", b.p,
				    case_buf_str(&again), err.what);
				CHECK_STR("", "prints as what it was");
			}
			case_buf_reset(&again);
			case_expr_words(&again, e, i % 3 ? CASE_ZH : CASE_EN);
			CHECK(again.n > 0);
		} else {
			CHECK(e == NULL && err.what[0] != '\0');
		}
		case_expr_free(e);
		case_expr_free(f);
		case_buf_free(&b);
		case_buf_free(&again);
	}
	CHECK(parsed > 500);
}

/* Every function and aggregate has its place in the manual. */
static void
test_manual(void)
{
	const char *srcdir = getenv("srcdir"), *signature;
	struct case_buf path = { 0 }, page = { 0 }, name = { 0 };
	char line[512];
	FILE *f;

	case_buf_addf(&path, "%s/man/case-expr.5",
	    srcdir == NULL ? "." : srcdir);
	f = fopen(case_buf_str(&path), "r");
	CHECK(f != NULL);
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		case_buf_adds(&page, line);
	if (f != NULL)
		fclose(f);
	for (size_t i = 0; (signature = case_expr_function(i)) != NULL; i++) {
		size_t n = strcspn(signature, "(.");

		case_buf_reset(&name);
		case_buf_adds(&name, "Fn ");
		case_buf_add(&name, signature, n);
		if (strstr(case_buf_str(&page), name.p) == NULL)
			CHECK_STR(name.p, "in the manual");
	}
	case_buf_free(&path);
	case_buf_free(&page);
	case_buf_free(&name);
}

int
main(void)
{
	rtype[0] = load(case_json);
	rtype[1] = load(unit_json);
	rtype[2] = load(officer_json);
	for (size_t i = 0; i < 3; i++)
		if (rtype[i] == NULL)
			return 1;
	test_tables();
	test_dates_in_errors();
	test_limits();
	test_walks();
	test_words();
	test_pieces();
	test_manual();
	for (size_t i = 0; i < 3; i++)
		case_rtype_free(rtype[i]);
	TEST_END();
}
