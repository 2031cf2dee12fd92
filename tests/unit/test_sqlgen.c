/* test_sqlgen.c - expressions in SQL against hand-written SQL and against C */
#include <stdlib.h>

#include <sqlite3.h>

#include "case/date.h"
#include "case/ident.h"
#include "lib/model/expr.h"
#include "lib/store/func.h"
#include "lib/store/sqlgen.h"

#include "test.h"

static const char case_json[] =
    "{\"name\":\"case\",\"label\":{\"zh\":\"案件\",\"en\":\"case\"},"
    "\"key\":[[\"case_no\"]],\"dates\":[\"filed_on\"],\"count\":\"cases\","
    "\"fields\":["
    "{\"name\":\"case_no\",\"type\":\"text\"},"
    "{\"name\":\"procedure\",\"type\":\"code\",\"codes\":["
    "{\"name\":\"simple\",\"label\":{\"zh\":\"简易程序\"}},"
    "{\"name\":\"ordinary\",\"label\":{\"zh\":\"普通程序\"}}]},"
    "{\"name\":\"unit\",\"type\":\"text\",\"coded\":true},"
    "{\"name\":\"officer1\",\"type\":\"text\",\"coded\":true},"
    "{\"name\":\"filed_on\",\"type\":\"date\"},"
    "{\"name\":\"decided_on\",\"type\":\"date\"},"
    "{\"name\":\"reported_at\",\"type\":\"time\"},"
    "{\"name\":\"decision_no\",\"type\":\"text\",\"docno\":true},"
    "{\"name\":\"fine\",\"type\":\"money\"},"
    "{\"name\":\"gains\",\"type\":\"money\"},"
    "{\"name\":\"n\",\"type\":\"integer\"},"
    "{\"name\":\"area\",\"type\":\"number\"},"
    "{\"name\":\"major\",\"type\":\"flag\"},"
    "{\"name\":\"joint\",\"type\":\"flag\"}]}";

enum {
	CASE_NO,
	PROCEDURE,
	UNIT,
	OFFICER,
	FILED,
	DECIDED,
	REPORTED,
	DECISION_NO,
	FINE,
	GAINS,
	N,
	AREA,
	MAJOR,
	JOINT,
	FIELDS
};

static const char unit_json[] =
    "{\"name\":\"unit\",\"key\":[[\"name\"]],\"count\":\"units\","
    "\"fields\":[{\"name\":\"name\",\"type\":\"text\",\"coded\":true},"
    "{\"name\":\"kind\",\"type\":\"code\",\"codes\":["
    "{\"name\":\"town\"},{\"name\":\"bureau\"}]},"
    "{\"name\":\"officers\",\"type\":\"integer\"}]}";

static const char officer_json[] =
    "{\"name\":\"officer\",\"key\":[[\"name\"]],\"count\":\"officers\","
    "\"fields\":[{\"name\":\"name\",\"type\":\"text\"},"
    "{\"name\":\"valid_to\",\"type\":\"date\"}]}";

enum { ROWS = 400, TODAY = 19700 };

static const char *const units[] = { "城中街道", "东山镇", "A unit", "无名" };
static const char *const officers[] = { "张三", "李四", "王五" };
static const char *const names[] = { "2023-001", "2023-002", "ABC", "abc",
	"100%", "a_b" };
static const char *const decisions[] = { "婺综执罚决字〔2023〕第000123号",
	"婺综执罚决字[2023]123号", "婺综执罚决字〔2023〕124号", "no number" };

static struct case_rtype *rtype[3];
static struct case_words *words;
static struct case_func_context ctx;
static sqlite3 *db;
static struct case_value row[ROWS + 1][FIELDS]; /* by _id; coded as texts */
static uint32_t seed = 1;

static uint32_t
roll(uint32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

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

static struct case_value
integer(enum case_type type, int64_t i)
{
	return (struct case_value){ .type = type, .u.i = i };
}

static struct case_value
real(double d)
{
	return (struct case_value){ .type = CASE_NUMBER, .u.d = d };
}

static struct case_value
text(enum case_type type, const char *s)
{
	return (struct case_value){ .type = type, .u.s = { s, strlen(s) } };
}

static struct case_value
missing(void)
{
	return (struct case_value){ .type = CASE_TEXT, .missing = true };
}

static void
fill_row(struct case_value *v)
{
	static const char *const codes[] = { "simple", "ordinary" };
	static const double areas[] = { 0, 0.5, 2, -3.25, 100 };

	v[CASE_NO] = text(CASE_TEXT, names[roll(6)]);
	v[PROCEDURE] = text(CASE_CODE, codes[roll(2)]);
	v[UNIT] = text(CASE_TEXT, units[roll(4)]);
	v[OFFICER] = text(CASE_TEXT, officers[roll(3)]);
	v[FILED] = integer(CASE_DATE, 19500 + roll(200));
	v[DECIDED] = integer(CASE_DATE, 19500 + roll(300));
	v[REPORTED] = integer(CASE_TIME, 19500 * 86400LL + roll(200 * 86400));
	v[DECISION_NO] = text(CASE_TEXT, decisions[roll(4)]);
	v[FINE] = integer(CASE_MONEY, roll(5) == 0 ? 0 : roll(30000));
	v[GAINS] = integer(CASE_MONEY, (int64_t)roll(10000) - 5000);
	v[N] = integer(CASE_INTEGER, (int64_t)roll(9) - 3);
	v[AREA] = real(areas[roll(5)]);
	v[MAJOR] = integer(CASE_FLAG, roll(2));
	v[JOINT] = integer(CASE_FLAG, roll(2));
	for (size_t i = 0; i < FIELDS; i++)
		if (roll(5) == 0) {
			v[i].type = rtype[0]->field[i].type;
			v[i].missing = true;
		}
}

static void
run(const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", sql, why);
		CHECK_STR("", "the fixture's SQL works");
		sqlite3_free(why);
	}
}

static void
bind(sqlite3_stmt *st, int i, const struct case_value *v, bool coded)
{
	if (v->missing)
		sqlite3_bind_null(st, i);
	else if (coded)
		sqlite3_bind_int64(st, i,
		    case_words_add(words, v->u.s.p, v->u.s.n));
	else if (v->type == CASE_TEXT || v->type == CASE_CODE)
		sqlite3_bind_text(st, i, v->u.s.p, (int)v->u.s.n,
		    SQLITE_STATIC);
	else if (v->type == CASE_NUMBER || v->type == CASE_RATIO ||
		 v->type == CASE_POINTS)
		sqlite3_bind_double(st, i, v->u.d);
	else
		sqlite3_bind_int64(st, i, v->u.i);
}

static void
add_units(void)
{
	struct case_buf b = { 0 };
	unsigned kind, name;

	/* 无名 is no unit; A unit comes twice, and the older one counts. */
	for (unsigned i = 0; i < 4; i++) {
		const char *s = i < 3 ? units[i] : units[2];

		kind = case_words_add(words, i % 2 ? "bureau" : "town",
		    i % 2 ? 6 : 4);
		name = case_words_add(words, s, strlen(s));
		case_buf_addf(&b,
		    "INSERT INTO rec_unit (_id, f_name, f_kind, f_officers) "
		    "VALUES (%u, %u, %u, %u);",
		    i + 1, name, kind, 10 * (i + 1));
	}
	for (unsigned i = 0; i < 2; i++)
		case_buf_addf(&b,
		    "INSERT INTO rec_officer (_id, f_name, f_valid_to) "
		    "VALUES (%u, '%s', %u);",
		    i + 1, officers[i], 19600 + i);
	run(b.p);
	case_buf_free(&b);
}

static void
make_store(void)
{
	struct case_error err = { 0 };
	sqlite3_stmt *st = NULL;

	CHECK_INT(sqlite3_open(":memory:", &db), SQLITE_OK);
	CHECK_INT(case_words_new(&words, &err), CASE_OK);
	ctx.words = words;
	CHECK_INT(case_func_register(db, &ctx, &err), CASE_OK);
	run("CREATE TABLE batch (id INTEGER PRIMARY KEY, file TEXT, "
	    "sheet TEXT);"
	    "INSERT INTO batch VALUES (1, 'a.csv', ''), (2, 'b.xlsx', '表');"
	    "CREATE TABLE rec_case (_id INTEGER PRIMARY KEY, _batch INTEGER, "
	    "_line INTEGER, _k1 INTEGER, _k2 INTEGER, _extra TEXT, "
	    "f_case_no TEXT, f_procedure INTEGER, f_unit INTEGER, "
	    "f_officer1 INTEGER, f_filed_on INTEGER, f_decided_on INTEGER, "
	    "f_reported_at INTEGER, f_decision_no TEXT, f_fine INTEGER, "
	    "f_gains INTEGER, f_n INTEGER, f_area REAL, f_major INTEGER, "
	    "f_joint INTEGER) STRICT;"
	    "CREATE TABLE rec_unit (_id INTEGER PRIMARY KEY, f_name INTEGER, "
	    "f_kind INTEGER, f_officers INTEGER) STRICT;"
	    "CREATE TABLE rec_officer (_id INTEGER PRIMARY KEY, f_name TEXT, "
	    "f_valid_to INTEGER) STRICT");
	add_units();
	CHECK_INT(sqlite3_prepare_v2(db,
		      "INSERT INTO rec_case VALUES (?1, 1 + ?1 % 2, ?1 + 1, "
		      "?1 % 7 + 1, NULL, CASE ?1 % 3 WHEN 0 THEN "
		      "'{\"备注\":\"甲\\\"乙\\n\",\"数量\":12.5}' WHEN 1 THEN "
		      "'{\"a\":[1,{\"备注\":2}],\"备注\":\"\"}' END, "
		      "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
		      "?14, ?15)",
		      -1, &st, NULL),
	    SQLITE_OK);
	for (int id = 1; id <= ROWS; id++) {
		fill_row(row[id]);
		sqlite3_bind_int(st, 1, id);
		for (int i = 0; i < FIELDS; i++)
			bind(st, i + 2, &row[id][i],
			    i == PROCEDURE || i == UNIT || i == OFFICER);
		CHECK_INT(sqlite3_step(st), SQLITE_DONE);
		sqlite3_reset(st);
	}
	sqlite3_finalize(st);
}

/* --- an expression in SQL ------------------------------------------------ */

static struct case_expr *
parse(const char *source, bool aggregates)
{
	const struct case_scope scope = { .rt = rtype[0],
		.aggregates = aggregates,
		.type = type_of };
	struct case_error err = { 0 };
	struct case_expr *e = NULL;

	if (case_expr_parse(&e, source, strlen(source), &scope, &err) !=
	    CASE_OK) {
		fprintf(stderr, "%s: %s\n", source, err.what);
		CHECK_STR("", "the expression parses");
	}
	return e;
}

/* SELECT _id, COLUMN FROM rec_case WHERE ..., with its values bound. */
static sqlite3_stmt *
prepare(const struct case_expr *column, const struct case_expr *where)
{
	struct case_sqlgen g = { .words = words, .table = "r" };
	struct case_error err = { 0 };
	sqlite3_stmt *st = NULL;
	bool aggregate = case_expr_is_aggregate(column);

	case_buf_adds(&g.sql, aggregate ? "SELECT 0, " : "SELECT r._id, ");
	CHECK_INT(case_sqlgen_column(&g, column, &err), CASE_OK);
	case_buf_adds(&g.sql, " FROM rec_case r");
	if (where != NULL) {
		case_buf_adds(&g.sql, " WHERE ");
		CHECK_INT(case_sqlgen_expr(&g, where, &err), CASE_OK);
	}
	if (!aggregate)
		case_buf_adds(&g.sql, " ORDER BY r._id");
	if (sqlite3_prepare_v2(db, g.sql.p, -1, &st, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", g.sql.p, sqlite3_errmsg(db));
		CHECK_STR("", "the SQL is right");
	}
	for (size_t i = 0; st != NULL && i < g.bind_n; i++) {
		const struct case_value *v = &g.bind[i];

		if (!v->missing &&
		    (v->type == CASE_TEXT || v->type == CASE_CODE))
			sqlite3_bind_text(st, (int)i + 4, v->u.s.p,
			    (int)v->u.s.n, SQLITE_TRANSIENT);
		else
			bind(st, (int)i + 4, v, false);
	}
	if (st != NULL && sqlite3_bind_parameter_count(st) > 0) {
		sqlite3_bind_int(st, 1, 19550);
		sqlite3_bind_int(st, 2, 19650);
		sqlite3_bind_int(st, 3, TODAY);
	}
	case_sqlgen_free(&g);
	return st;
}

static bool
same_column(sqlite3_stmt *a, sqlite3_stmt *b)
{
	int ta = sqlite3_column_type(a, 1), tb = sqlite3_column_type(b, 1);

	if (ta == SQLITE_NULL || tb == SQLITE_NULL)
		return ta == tb;
	if (ta == SQLITE_TEXT || tb == SQLITE_TEXT)
		return ta == tb &&
		       strcmp((const char *)sqlite3_column_text(a, 1),
			   (const char *)sqlite3_column_text(b, 1)) == 0;
	return sqlite3_column_double(a, 1) == sqlite3_column_double(b, 1);
}

/* The expression gives what the SQL gives, row by row. */
static void
against(const char *source, bool aggregates, const char *sql)
{
	struct case_expr *e = parse(source, aggregates);
	sqlite3_stmt *a, *b = NULL;
	struct case_buf full = { 0 };
	bool same = true;
	int ra, rb;

	if (e == NULL)
		return;
	a = prepare(e, NULL);
	case_buf_addf(&full, "SELECT %s, %s FROM rec_case r%s",
	    aggregates ? "0" : "r._id", sql,
	    aggregates ? "" : " ORDER BY r._id");
	if (sqlite3_prepare_v2(db, full.p, -1, &b, NULL) != SQLITE_OK)
		fprintf(stderr, "%s: %s\n", full.p, sqlite3_errmsg(db));
	CHECK(a != NULL && b != NULL);
	do {
		ra = sqlite3_step(a);
		rb = sqlite3_step(b);
		if (ra == SQLITE_ROW && rb == SQLITE_ROW)
			same = same && same_column(a, b);
	} while (ra == SQLITE_ROW && rb == SQLITE_ROW);
	if (!same || ra != rb)
		fprintf(stderr, "%s: %s\n  %s\n", source, sqlite3_sql(a),
		    sqlite3_errmsg(db));
	CHECK(same);
	CHECK_INT(ra, SQLITE_DONE);
	CHECK_INT(ra, rb);
	sqlite3_finalize(a);
	sqlite3_finalize(b);
	case_buf_free(&full);
	case_expr_free(e);
}

#define UNIT_WORD "word(f_unit)"
#define NAME_OF                                                \
	"(SELECT word(p.%s) FROM rec_unit p WHERE p.f_name = " \
	"r.f_unit ORDER BY p._id LIMIT 1)"

static const struct {
	const char *source, *sql;
} pairs[] = {
	{ "fine > 200", "f_fine > 20000" },
	{ "fine * 0.5", "CAST(round(f_fine * 0.5) AS INTEGER)" },
	{ "fine * n", "f_fine * f_n" },
	{ "fine / 3", "CAST(round(f_fine / 3.0) AS INTEGER)" },
	{ "fine / 0", "NULL" },
	{ "fine / gains", "CAST(f_fine AS REAL) / f_gains" },
	{ "n / 2", "f_n / 2.0" },
	{ "n / 0", "NULL" },
	{ "unit = '城中街道'", UNIT_WORD " = '城中街道'" },
	{ "unit <> '没有这个单位'", "CASE WHEN f_unit IS NOT NULL THEN 1 END" },
	{ "unit = '没有这个单位'", "CASE WHEN f_unit IS NOT NULL THEN 0 END" },
	{ "unit in ('没有', '东山镇')", UNIT_WORD " IN ('没有', '东山镇')" },
	{ "unit not in ('没有', '东山镇')",
	    UNIT_WORD " NOT IN ('没有', '东山镇')" },
	{ "unit < '东'", UNIT_WORD " < '东'" },
	{ "unit = case_no", UNIT_WORD " = f_case_no" },
	{ "unit like '%街道'", UNIT_WORD " LIKE '%街道'" },
	{ "unit is null", "f_unit IS NULL" },
	{ "procedure = '普通程序'", "word(f_procedure) = 'ordinary'" },
	{ "procedure", "word(f_procedure)" },
	{ "case_no like 'abc'", "lower(f_case_no) = 'abc'" },
	{ "decision_no = '婺综执罚决字（2023）123'",
	    "f_decision_no IN ('婺综执罚决字〔2023〕第000123号', "
	    "'婺综执罚决字[2023]123号')" },
	{ "decision_no in ('婺综执罚决字〔2023〕124号', 'no number')",
	    "f_decision_no IN ('婺综执罚决字〔2023〕124号', 'no number')" },
	{ "filed_on > '2023-06-12'", "f_filed_on > 19520" },
	{ "filed_on between period_start and period_end",
	    "f_filed_on BETWEEN 19550 AND 19650" },
	{ "today - filed_on", "19700 - f_filed_on" },
	{ "reported_at >= '2023-06-12 08:30:00'",
	    "f_reported_at >= 19520 * 86400 + 8 * 3600 + 1800" },
	{ "reported_at <= filed_on", "f_reported_at / 86400 <= f_filed_on" },
	{ "hour(reported_at)", "f_reported_at % 86400 / 3600" },
	{ "year(filed_on) * 100 + month(filed_on)",
	    "CAST(strftime('%Y%m', f_filed_on * 86400, 'unixepoch') "
	    "AS INTEGER)" },
	{ "weekday(filed_on) - 1",
	    "(strftime('%w', f_filed_on * 86400, 'unixepoch') + 6) % 7" },
	{ "period_day(filed_on)",
	    "strftime('%Y-%m-%d', f_filed_on * 86400, 'unixepoch')" },
	{ "period_month(filed_on)",
	    "strftime('%Y-%m', f_filed_on * 86400, 'unixepoch')" },
	{ "period_month(filed_on, 21)",
	    "strftime('%Y-%m', f_filed_on * 86400 + CASE WHEN "
	    "strftime('%d', f_filed_on * 86400, 'unixepoch') >= '21' THEN "
	    "11 * 86400 ELSE 0 END, 'unixepoch')" },
	{ "period_year(filed_on)",
	    "strftime('%Y', f_filed_on * 86400, 'unixepoch')" },
	{ "bin(fine, 100, 200)",
	    "CASE WHEN f_fine < 10000 THEN 0 WHEN f_fine < 20000 THEN 1 "
	    "WHEN f_fine IS NOT NULL THEN 2 END" },
	{ "if(major, 1, 2)",
	    "CASE WHEN f_major THEN 1 WHEN NOT f_major THEN 2 END" },
	{ "coalesce(fine, 0) + 1", "ifnull(f_fine, 0) + 100" },
	{ "major and not joint or n is missing",
	    "f_major AND NOT f_joint OR f_n IS NULL" },
	{ "_line - _id", "1" },
	{ "_case", "_k1" },
	{ "_file", "CASE _batch WHEN 1 THEN 'a.csv' ELSE 'b.xlsx' END" },
	{ "_sheet", "CASE _batch WHEN 1 THEN '' ELSE '表' END" },
	{ "extra:备注", "CASE _id % 3 WHEN 0 THEN '甲\"乙' || char(10) END" },
	{ "number(extra:数量)", "CASE _id % 3 WHEN 0 THEN 12.5 END" },
	{ "extra:a", "CASE _id % 3 WHEN 1 THEN '[1,{\"备注\":2}]' END" },
	{ "unit/kind = 'town'",
	    "CASE " UNIT_WORD " WHEN '城中街道' THEN 1 WHEN 'A unit' THEN 1 "
	    "WHEN '东山镇' THEN 0 END" },
	{ "unit/officers",
	    "CASE " UNIT_WORD " WHEN '城中街道' THEN 10 WHEN '东山镇' THEN 20 "
	    "WHEN 'A unit' THEN 30 END" },
	{ "officer1/valid_to",
	    "CASE word(f_officer1) WHEN '张三' THEN 19600 WHEN '李四' THEN "
	    "19601 END" },
	{ "length(unit)", "length(" UNIT_WORD ")" },
	{ "contains(unit, '山')", UNIT_WORD " LIKE '%山%'" },
	{ "starts(case_no, '2023')", "f_case_no LIKE '2023%'" },
	{ "matches(case_no, '^[0-9]{4}-00[12]$')", "f_case_no LIKE '2023%'" },
	{ "text(fine)",
	    "iif(f_fine IS NULL, NULL, printf('%.2f', f_fine / 100.0))" },
	{ "text(filed_on)",
	    "strftime('%Y-%m-%d', f_filed_on * 86400, 'unixepoch')" },
	{ "docno_year(decision_no)",
	    "CASE WHEN f_decision_no <> 'no number' THEN 2023 END" },
	{ "docno_number(decision_no)",
	    "CASE WHEN f_decision_no LIKE '%123号' THEN 123 WHEN "
	    "f_decision_no LIKE '%124号' THEN 124 END" },
	{ "setting('x') > fine", "NULL" },
	{ "workdays(filed_on, decided_on)", "NULL" },
};

static const struct {
	const char *source, *sql;
} sums[] = {
	{ "count()", "count(*)" },
	{ "count(unit)", "count(f_unit)" },
	{ "distinct(unit)", "count(DISTINCT f_unit)" },
	{ "sum(fine)", "sum(f_fine)" },
	{ "mean(fine)", "CAST(round(avg(f_fine)) AS INTEGER)" },
	{ "mean(n)", "avg(f_n)" },
	{ "max(unit)", "max(" UNIT_WORD ")" },
	{ "min(decided_on - filed_on)", "min(f_decided_on - f_filed_on)" },
	{ "rate(fine > 100)", "sum(f_fine > 10000) * 1.0 / count(f_fine)" },
	{ "share(fine > 100)", "sum(f_fine > 10000) * 1.0 / count(*)" },
	{ "count_if(major)", "sum(f_major)" },
	{ "distinct_if(unit, major)",
	    "count(DISTINCT CASE WHEN f_major THEN f_unit END)" },
	{ "sum_if(fine, not major)", "sum(iif(f_major = 0, f_fine, NULL))" },
	{ "mean_if(n, major)", "avg(iif(f_major, f_n, NULL))" },
	{ "sum(fine) / count()",
	    "CAST(round(sum(f_fine) * 1.0 / count(*)) AS INTEGER)" },
	{ "ratio(sum(fine), sum(gains))", "sum(f_fine) * 1.0 / sum(f_gains)" },
	{ "p1(n) + max(n)", "min(f_n) + max(f_n)" },
};

static void
test_pairs(void)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		against(pairs[i].source, false, pairs[i].sql);
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		against(sums[i].source, true, sums[i].sql);
	CHECK(ctx.gaps > 0 && ctx.gap_day >= 19500 && ctx.gap_day < 19900);
}

/* --- the same in C ------------------------------------------------------- */

static struct case_value eval(const struct case_expr *e, int id);

static struct case_value
flag(bool b)
{
	return integer(CASE_FLAG, b);
}

static bool
is_real(const struct case_value *v)
{
	return v->type == CASE_NUMBER || v->type == CASE_RATIO ||
	       v->type == CASE_POINTS;
}

static double
number(const struct case_value *v)
{
	return is_real(v) ? v->u.d : (double)v->u.i;
}

static int
order(const struct case_value *a, const struct case_value *b)
{
	double x, y;

	if (a->type == CASE_TEXT || a->type == CASE_CODE) {
		size_t n = a->u.s.n < b->u.s.n ? a->u.s.n : b->u.s.n;
		int c = memcmp(a->u.s.p, b->u.s.p, n);

		return c != 0 ? c : (a->u.s.n > n) - (b->u.s.n > n);
	}
	x = number(a);
	y = number(b);
	return (x > y) - (x < y);
}

static bool
holds(int op, int order)
{
	switch (op) {
	case EXPR_EQ:
		return order == 0;
	case EXPR_NE:
		return order != 0;
	case EXPR_LT:
		return order < 0;
	case EXPR_LE:
		return order <= 0;
	case EXPR_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}

static struct case_value
compare(int op, struct case_value a, struct case_value b)
{
	if (a.missing || b.missing)
		return missing();
	return flag(holds(op, order(&a, &b)));
}

static struct case_value
both(struct case_value a, struct case_value b)
{
	if ((!a.missing && a.u.i == 0) || (!b.missing && b.u.i == 0))
		return flag(false);
	return a.missing || b.missing ? missing() : flag(true);
}

static struct case_value
negated(struct case_value a)
{
	return a.missing ? a : flag(a.u.i == 0);
}

static struct case_value
either(struct case_value a, struct case_value b)
{
	return negated(both(negated(a), negated(b)));
}

/* Round a / b half away from zero; b > 0. */
static int64_t
divide(int64_t a, int64_t b)
{
	int64_t half = a < 0 ? -b / 2 : b / 2;

	if (b % 2 != 0 && a < 0)
		half = -(b / 2);
	return (a + half) / b;
}

/* Numbers that meet amounts have at most two decimals here. */
static struct case_value
times(const struct case_expr *e, struct case_value a, struct case_value b)
{
	int64_t hundredths;

	if (e->type == CASE_NUMBER)
		return real(number(&a) * number(&b));
	if (e->type == CASE_INTEGER)
		return integer(e->type, a.u.i * b.u.i);
	if (a.type != CASE_MONEY)
		return times(e, b, a);
	hundredths = (int64_t)(number(&b) * 100 + (number(&b) < 0 ? -.5 : .5));
	return integer(CASE_MONEY, divide(a.u.i * hundredths, 100));
}

static struct case_value
over(const struct case_expr *e, struct case_value a, struct case_value b)
{
	if (number(&b) == 0)
		return missing();
	if (e->type == CASE_NUMBER)
		return real(number(&a) / number(&b));
	if (b.u.i < 0)
		return integer(CASE_MONEY, divide(-a.u.i, -b.u.i));
	return integer(CASE_MONEY, divide(a.u.i, b.u.i));
}

static struct case_value
arithmetic(const struct case_expr *e, struct case_value a, struct case_value b)
{
	int sign = e->op == EXPR_SUB ? -1 : 1;

	if (a.missing || b.missing)
		return missing();
	if (e->op == EXPR_MUL)
		return times(e, a, b);
	if (e->op == EXPR_DIV)
		return over(e, a, b);
	if (e->type == CASE_NUMBER)
		return real(number(&a) + sign * number(&b));
	return integer(e->type, a.u.i + sign * b.u.i);
}

static bool
like(const char *s, size_t n, const char *p, size_t m)
{
	size_t k = 1;
	unsigned char a, b;

	if (m == 0)
		return n == 0;
	if (*p == '%')
		return like(s, n, p + 1, m - 1) ||
		       (n > 0 && like(s + 1, n - 1, p, m));
	if (n == 0)
		return false;
	if (*p == '_') {
		while (k < n && ((unsigned char)s[k] & 0xc0) == 0x80)
			k++;
		return like(s + k, n - k, p + 1, m - 1);
	}
	a = (unsigned char)*s;
	b = (unsigned char)*p;
	if (a >= 'A' && a <= 'Z')
		a = (unsigned char)(a + 32);
	if (b >= 'A' && b <= 'Z')
		b = (unsigned char)(b + 32);
	return a == b && like(s + 1, n - 1, p + 1, m - 1);
}

static struct case_value
eval_in(const struct case_expr *e, int id)
{
	struct case_value a = eval(e->arg[0], id), r = flag(false);

	for (size_t i = 1; i < e->arg_n; i++)
		r = either(r, compare(EXPR_EQ, a, eval(e->arg[i], id)));
	return r;
}

static struct case_value
eval_operator(const struct case_expr *e, int id)
{
	struct case_value a = eval(e->arg[0], id), r = a, b;

	switch ((enum expr_op)e->op) {
	case EXPR_OR:
	case EXPR_AND:
		for (size_t i = 1; i < e->arg_n; i++) {
			b = eval(e->arg[i], id);
			r = e->op == EXPR_OR ? either(r, b) : both(r, b);
		}
		return r;
	case EXPR_NOT:
		return negated(a);
	case EXPR_MISSING:
		return flag(a.missing);
	case EXPR_PRESENT:
		return flag(!a.missing);
	case EXPR_NEG:
		if (a.missing)
			return a;
		return is_real(&a) ? real(-a.u.d) : integer(a.type, -a.u.i);
	case EXPR_IN:
		return eval_in(e, id);
	case EXPR_NOT_IN:
		return negated(eval_in(e, id));
	case EXPR_BETWEEN:
	case EXPR_NOT_BETWEEN:
		r = both(compare(EXPR_GE, a, eval(e->arg[1], id)),
		    compare(EXPR_LE, a, eval(e->arg[2], id)));
		return e->op == EXPR_BETWEEN ? r : negated(r);
	case EXPR_LIKE:
	case EXPR_NOT_LIKE:
		b = eval(e->arg[1], id);
		if (a.missing || b.missing)
			return missing();
		r = flag(like(a.u.s.p, a.u.s.n, b.u.s.p, b.u.s.n));
		return e->op == EXPR_LIKE ? r : negated(r);
	case EXPR_ADD:
	case EXPR_SUB:
	case EXPR_MUL:
	case EXPR_DIV:
		return arithmetic(e, a, eval(e->arg[1], id));
	default:
		return compare(e->op, a, eval(e->arg[1], id));
	}
}

static struct case_value
eval_call(const struct case_expr *e, int id)
{
	struct case_value v[4] = { 0 }, r;
	size_t n = e->arg_n;
	int64_t count;

	for (size_t i = 0; i < n && i < 4; i++)
		v[i] = eval(e->arg[i], id);
	if (e->op == EXPR_IF)
		return v[0].missing ? missing() : v[0].u.i ? v[1] : v[2];
	if (e->op == EXPR_COALESCE)
		return v[0].missing ? v[1] : v[0];
	for (size_t i = 0; i < n; i++)
		if (v[i].missing)
			return missing();
	switch ((enum expr_fn)e->op) {
	case EXPR_LEAST:
		return order(&v[0], &v[1]) <= 0 ? v[0] : v[1];
	case EXPR_GREATEST:
		return order(&v[0], &v[1]) >= 0 ? v[0] : v[1];
	case EXPR_DAYS:
		return integer(CASE_INTEGER, v[1].u.i - v[0].u.i);
	case EXPR_ADD_DAYS:
		return integer(CASE_DATE, v[0].u.i + v[1].u.i);
	case EXPR_ADD_MONTHS:
		return integer(CASE_DATE,
		    case_date_add_months(v[0].u.i, (int)v[1].u.i));
	case EXPR_DATE:
		return integer(CASE_DATE, v[0].u.i / 86400);
	case EXPR_ABS:
		r = v[0];
		if (is_real(&r) && r.u.d < 0)
			r.u.d = -r.u.d;
		else if (!is_real(&r) && r.u.i < 0)
			r.u.i = -r.u.i;
		return r;
	case EXPR_ROUND:
		return integer(CASE_MONEY, divide(v[0].u.i, 100) * 100);
	case EXPR_LENGTH:
		count = 0;
		for (size_t i = 0; i < v[0].u.s.n; i++)
			count += ((unsigned char)v[0].u.s.p[i] & 0xc0) != 0x80;
		return integer(CASE_INTEGER, count);
	case EXPR_STARTS:
		return flag(v[0].u.s.n >= v[1].u.s.n &&
			    memcmp(v[0].u.s.p, v[1].u.s.p, v[1].u.s.n) == 0);
	default:
		CHECK_STR("", "a function that is not made here");
		return missing();
	}
}

static struct case_value
eval(const struct case_expr *e, int id)
{
	switch (e->node) {
	case CASE_NODE_LITERAL:
		return e->value;
	case CASE_NODE_FIELD:
		return row[id][e->field];
	case CASE_NODE_PARAM:
		return integer(CASE_DATE, TODAY);
	case CASE_NODE_OPERATOR:
		return eval_operator(e, id);
	default:
		return eval_call(e, id);
	}
}

/* --- random expressions -------------------------------------------------- */

static void make(struct case_buf *b, enum case_type type, int depth);

static const char *
pick(const char *const *from, size_t n)
{
	return from[roll((uint32_t)n)];
}

#define PICK(table) pick(table, sizeof(table) / sizeof((table)[0]))

/* Each % in the pattern is an expression of the type that its letter says. */
static void
make_pattern(struct case_buf *b, const char *p, int depth)
{
	for (; *p != '\0'; p++) {
		if (*p != '$') {
			case_buf_addc(b, *p);
			continue;
		}
		switch (*++p) {
		case 'm':
			make(b, CASE_MONEY, depth);
			break;
		case 'i':
			make(b, CASE_INTEGER, depth);
			break;
		case 'n':
			make(b, CASE_NUMBER, depth);
			break;
		case 'd':
			make(b, CASE_DATE, depth);
			break;
		case 't':
			make(b, CASE_TEXT, depth);
			break;
		case 'D':
			case_buf_addf(b, "%d.%02d", (int)roll(4),
			    (int)roll(100));
			break;
		default:
			make(b, CASE_FLAG, depth);
		}
	}
}

static void
make(struct case_buf *b, enum case_type type, int depth)
{
	static const char *const conditions[] = { "($m > $m)", "($m = $m)",
		"($i <= $i)", "($n <> $n)", "($d < $d)", "($d >= $d)",
		"($t = $t)", "($t <> $t)", "(not $f)", "($f and $f)",
		"($f or $f)", "($f and $f or not $f and $f)",
		"($i in ($i, $i, 2))", "($t in ('城中街道', $t))",
		"($t not in ('x', 'ABC'))", "($d between $d and $d)",
		"($m not between $m and $m)", "($t is null)",
		"($m is not missing)", "($f is null)", "if($f, $f, $f)",
		"($t like '%a%')", "(unit not like '_山_')", "starts($t, $t)",
		"(procedure = '简易程序')",
		"(procedure in ('简易程序', '普通程序'))", "(unit = unit)",
		"(unit = officer1)", "(unit <> '没有')", "($f = $f)",
		"(reported_at >= $d)", "($f = 1)" };
	static const char *const amounts[] = { "($m + $m)", "($m - $m)",
		"($m * $D)", "($D * $m)", "($m * $i)", "($m / $i)",
		"if($f, $m, $m)", "coalesce($m, $m)", "min($m, $m)",
		"max($m, 100)", "abs($m)", "(-$m)", "round($m)" };
	static const char *const wholes[] = { "($i + $i)", "($i - $i)",
		"($i * 3)", "($d - $d)", "days($d, $d)", "if($f, $i, $i)",
		"coalesce($i, 0)", "min($i, $i)", "abs($i)", "length($t)",
		"(-$i)" };
	static const char *const numbers[] = { "($n + $n)", "($n * 0.5)",
		"($i / $i)", "($m / $m)", "if($f, $n, $n)", "abs($n)",
		"coalesce($n, 1.5)", "($n / $n)" };
	static const char *const days[] = { "($d + $i)", "($d - $i)",
		"add_days($d, $i)", "add_months($d, $i)", "if($f, $d, $d)",
		"coalesce($d, today)", "min($d, $d)", "date(reported_at)" };
	static const char *const texts[] = { "if($f, $t, $t)",
		"coalesce($t, unit)", "min($t, $t)" };
	bool leaf = depth <= 0 || roll(4) == 0;

	switch (type) {
	case CASE_FLAG:
		make_pattern(b,
		    leaf ? roll(2) ? "major" : "joint" : PICK(conditions),
		    depth - 1);
		break;
	case CASE_MONEY:
		if (!leaf)
			make_pattern(b, PICK(amounts), depth - 1);
		else
			case_buf_adds(b, roll(2) ? "fine" : "gains");
		break;
	case CASE_INTEGER:
		if (!leaf)
			make_pattern(b, PICK(wholes), depth - 1);
		else if (roll(2))
			case_buf_adds(b, "n");
		else
			case_buf_addf(b, "%d", (int)roll(5));
		break;
	case CASE_NUMBER:
		make_pattern(b, leaf ? roll(2) ? "area" : "2.5" : PICK(numbers),
		    depth - 1);
		break;
	case CASE_DATE:
		make_pattern(b,
		    leaf ? roll(3) ? roll(2) ? "filed_on" : "decided_on"
				   : "today"
			 : PICK(days),
		    depth - 1);
		break;
	default:
		make_pattern(b,
		    leaf ? roll(3) ? roll(2) ? "unit" : "case_no" : "'ABC'"
			 : PICK(texts),
		    depth - 1);
		break;
	}
}

static bool
same_result(sqlite3_stmt *st, const struct case_value *v)
{
	double d;

	if (sqlite3_column_type(st, 1) == SQLITE_NULL || v->missing)
		return v->missing && sqlite3_column_type(st, 1) == SQLITE_NULL;
	if (v->type == CASE_TEXT || v->type == CASE_CODE)
		return (size_t)sqlite3_column_bytes(st, 1) == v->u.s.n &&
		       memcmp(sqlite3_column_text(st, 1), v->u.s.p, v->u.s.n) ==
			   0;
	d = sqlite3_column_double(st, 1);
	return is_real(v) ? d == v->u.d : sqlite3_column_int64(st, 1) == v->u.i;
}

/* Whether WHERE keeps exactly the rows for which e is true. */
static void
check_where(const struct case_expr *e, const char *source)
{
	struct case_expr *one = parse("1", false);
	sqlite3_stmt *st = prepare(one, e);
	int want = 0, got = 0;

	for (int id = 1; id <= ROWS; id++) {
		struct case_value v = eval(e, id);

		want += !v.missing && v.u.i != 0;
	}
	while (st != NULL && sqlite3_step(st) == SQLITE_ROW)
		got++;
	if (want != got)
		fprintf(stderr, "where %s\n", source);
	CHECK_INT(got, want);
	sqlite3_finalize(st);
	case_expr_free(one);
}

static void
check_random(enum case_type type, int depth)
{
	struct case_buf b = { 0 };
	struct case_expr *e;
	sqlite3_stmt *st;
	bool same = true;
	int id = 0, rc;

	make(&b, type, depth);
	if ((e = parse(b.p, false)) == NULL)
		goto out;
	st = prepare(e, NULL);
	while (st != NULL && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		struct case_value v = eval(e, ++id);

		if (same && !same_result(st, &v)) {
			same = false;
			fprintf(stderr, "row %d of %s\n  %s\n", id, b.p,
			    sqlite3_sql(st));
		}
	}
	CHECK(same);
	CHECK_INT(id, ROWS);
	sqlite3_finalize(st);
	if (e->type == CASE_FLAG)
		check_where(e, b.p);
	case_expr_free(e);
out:
	case_buf_free(&b);
}

static void
test_random(void)
{
	static const enum case_type types[] = { CASE_FLAG, CASE_FLAG, CASE_FLAG,
		CASE_MONEY, CASE_INTEGER, CASE_NUMBER, CASE_DATE, CASE_TEXT };

	for (int i = 0; i < 1200; i++)
		check_random(types[i % 8], 1 + i % 4);
}

/* --- the functions themselves -------------------------------------------- */

static void
value_is(const char *sql, const char *want)
{
	sqlite3_stmt *st = NULL;
	const char *got;

	CHECK_INT(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	CHECK_INT(sqlite3_step(st), SQLITE_ROW);
	got = (const char *)sqlite3_column_text(st, 0);
	if (got == NULL || strcmp(got, want) != 0)
		if (!(got == NULL && want[0] == '\0'))
			fprintf(stderr, "%s\n", sql);
	CHECK_STR(got == NULL ? "" : got, want);
	sqlite3_finalize(st);
}

/* Hyndman and Fan's type 7, checked with R: quantile(c(1,2,3,4,10), p). */
static void
test_percentile(void)
{
	struct case_buf b = { 0 };

	value_is("SELECT percentile(column1, 50) FROM "
		 "(VALUES (4), (1), (10), (NULL), (3), (2))",
	    "3.0");
	value_is("SELECT percentile(column1, 90) FROM "
		 "(VALUES (4), (1), (10), (3), (2))",
	    "7.6");
	value_is("SELECT percentile(column1, 50) FROM "
		 "(VALUES (4), (1), (3), (2))",
	    "2.5");
	value_is("SELECT percentile(column1, 25) FROM (VALUES (7))", "7.0");
	value_is("SELECT percentile(column1, 25) FROM (VALUES (NULL))", "");
	value_is("SELECT percentile(1, 50) WHERE 0", "");
	/* Rising, falling, equal and mixed runs, against a full sort. */
	for (int shape = 0; shape < 4; shape++) {
		static const char *const value[] = { "value", "-value", "7",
			"value * 7919 % 1009" };

		case_buf_reset(&b);
		case_buf_addf(&b,
		    "WITH RECURSIVE c(value) AS (SELECT 1 UNION ALL SELECT "
		    "value + 1 FROM c WHERE value < 2001), v AS (SELECT %s "
		    "AS x FROM c), s AS (SELECT x FROM v ORDER BY x) SELECT "
		    "(SELECT percentile(x, 30) FROM v) = (SELECT x FROM s "
		    "LIMIT 1 OFFSET 600)",
		    value[shape]);
		value_is(b.p, "1");
	}
	case_buf_free(&b);
}

static void
test_functions(void)
{
	value_is("SELECT word(0)", "");
	value_is("SELECT word(1)", "town");
	value_is("SELECT word(99999999999)", "");
	/* 2023-01-31 is day 19388. */
	value_is("SELECT add_months(19388, 1) - 19388", "28");
	value_is("SELECT add_months(19388, 12000000)", "");
	value_is("SELECT add_years(19388, -3000)", "");
	value_is("SELECT add_years(19388, 9223372036854775807)", "");
	value_is("SELECT year(99999999999)", "");
	value_is("SELECT period_quarter(19388)", "2023Q1");
	value_is("SELECT period_half(19388 + 180)", "2023H2");
	value_is("SELECT period_month(19357, 21)", "2023-01");
	value_is("SELECT period_year(19357, 21)", "2023");
	value_is("SELECT period_week(19520)", "2023-W24");
	/* From Friday: 9 to 15 June is W24. */
	value_is("SELECT period_week(19517, 5)", "2023-W24");
	value_is("SELECT period_week(19516, 5)", "2023-W23");
	value_is("SELECT day_of(-1)", "-1");
	value_is("SELECT hour(-1)", "23");
	value_is("SELECT valid_uscc('９1330702MA2D1X34XE ')", "1");
	value_is("SELECT valid_uscc('91330702MA2D1X34XF')", "0");
	value_is("SELECT valid_id('330702199003070011')", "1");
	value_is("SELECT valid_id('x') + valid_id('00262001-9')", "1");
	/* Born 1990-03-07: 33 on the day after the birthday. */
	value_is("SELECT resident_age('330702199003070011', 19424)", "33");
	value_is("SELECT resident_age('330702199003070011', 19423)", "32");
	value_is("SELECT resident_age('330702199003070012', 19424)", "");
	value_is("SELECT resident_age('330702199003070011', 0)", "");
	value_is("SELECT docno_organ('婺综执罚决字〔2023〕第000123号')",
	    "婺综执罚决字");
	value_is("SELECT text_date('2023年6月12日')", "19520");
	value_is("SELECT text_date('昨天')", "");
	value_is("SELECT text_number('1,234.5')", "1234.5");
	value_is("SELECT text_money('1.5万元')", "1500000");
	value_is("SELECT text_money('约600万')", "");
	value_is("SELECT round_half(1.005, 2)", "1.01");
	value_is("SELECT round_half(-2.5)", "-3.0");
	value_is("SELECT round_fen(-150)", "-200");
	value_is("SELECT round_fen(149)", "100");
	value_is("SELECT round_fen(9223372036854775807, 1)", "");
	value_is("SELECT bin(5, 5, 6) || bin(4.9, 5, 6) || bin(7, 5, 6)",
	    "102");
	value_is("SELECT bin(NULL, 5)", "");
	value_is("SELECT matches(NULL, 'a')", "");
	value_is("SELECT matches('案卷', '^案.$')", "1");
	/* A broken object gives nothing, and never reads beyond its end. */
	value_is("SELECT extra_value('{\"a\":\"b', 'a')", "");
	value_is("SELECT extra_value('{\"a\"', 'a')", "");
	value_is("SELECT extra_value('{\"a\":1', 'a')", "");
	value_is("SELECT extra_value('{\"a\":\"\\u', 'a')", "");
	value_is("SELECT extra_value('{\"a\":\"\\', 'a')", "");
	value_is("SELECT extra_value('[\"a\"]', 'a')", "");
	value_is("SELECT extra_value('', 'a')", "");
	value_is("SELECT extra_value('{}', 'a')", "");
	value_is("SELECT extra_value('{\"a\":null,\"b\":true}', 'a')", "");
	value_is("SELECT extra_value('{\"a\":null,\"b\":true}', 'b')", "true");
	value_is("SELECT extra_value('{ \"a\\u0062\" : \"\\u4e2d\\ud83d"
		 "\\ude00\\t\" }', 'ab')",
	    "中😀\t");
	value_is("SELECT extra_value('{\"x\":{\"a\":\"}\\\"\"},\"a\":-1 }', "
		 "'a')",
	    "-1");
}

static void
test_matches_error(void)
{
	sqlite3_stmt *st = NULL;

	CHECK_INT(sqlite3_prepare_v2(db, "SELECT matches('a', '(')", -1, &st,
		      NULL),
	    SQLITE_OK);
	CHECK_INT(sqlite3_step(st), SQLITE_ERROR);
	sqlite3_finalize(st);
}

/*
 * However deep, an expression is either refused in words or one that SQLite
 * reads, also in a statement round it.
 */
static int
check_depth(const char *before, int n, const char *inner, const char *behind)
{
	struct case_sqlgen g = { .words = words, .table = "r" };
	struct case_error err = { 0 };
	struct case_buf b = { 0 };
	struct case_expr *e;
	sqlite3_stmt *st = NULL;
	enum case_status rc;

	for (int i = 0; i < n; i++)
		case_buf_adds(&b, before);
	case_buf_adds(&b, inner);
	for (int i = 0; i < n; i++)
		case_buf_adds(&b, behind);
	e = parse(b.p, false);
	case_buf_adds(&g.sql,
	    "INSERT INTO batch SELECT NULL, x, y FROM (SELECT r._id AS x, "
	    "CASE WHEN 1 THEN ");
	rc = e == NULL ? CASE_OK : case_sqlgen_column(&g, e, &err);
	case_buf_adds(&g.sql, " END AS y FROM rec_case r) q");
	if (rc != CASE_OK) {
		CHECK_INT(rc, CASE_EUSAGE);
	} else if (sqlite3_prepare_v2(db, g.sql.p, -1, &st, NULL) !=
		   SQLITE_OK) {
		fprintf(stderr, "%d %s: %s\n", n, before, sqlite3_errmsg(db));
		CHECK_STR("", "SQLite reads it");
	}
	sqlite3_finalize(st);
	case_sqlgen_free(&g);
	case_expr_free(e);
	case_buf_free(&b);
	return rc == CASE_OK;
}

static const struct {
	const char *before, *inner, *behind;
	int each;  /* how many of it the parser takes */
	int least; /* how many have to work */
} nests[] = {
	{ "", "fine", " + 1.5", 98, 98 },
	{ "", "n", " / 2", 98, 98 },
	{ "", "fine", " * 1.5", 98, 12 },
	{ "", "major", " and major", 98, 98 },
	{ "not ", "major", "", 98, 30 },
	{ "-(1.5 * ", "fine", ")", 32, 9 },
	{ "n - (", "n", ")", 48, 20 },
	{ "if(major, ", "n", ", 2)", 49, 10 },
	{ "if(major, 2, ", "n", ")", 49, 10 },
	{ "if(", "major", ", major, major)", 49, 10 },
	{ "coalesce(n, ", "n", ")", 49, 12 },
	{ "min(n, n, ", "n", ")", 49, 12 },
	{ "days(", "filed_on", ", filed_on) + filed_on", 32, 9 },
	{ "lower(", "unit", ")", 49, 12 },
	{ "major and (major or ", "major", ")", 32, 10 },
	{ "n in (1, ", "n", ")", 1, 1 },
	{ "if(n between 1 and ", "n", ", 3, 4)", 49, 5 },
	{ "if(n in (1, ", "n", "), 3, 4)", 49, 5 },
	{ "text(", "unit/kind", ")", 49, 12 },
};

/* Long and deep expressions stay within SQLite's own limits. */
static void
test_limits(void)
{
	struct case_buf b = { 0 };
	struct case_expr *e, *one = parse("1", false);
	sqlite3_stmt *st;

	for (int i = 0; i < 2000; i++)
		case_buf_addf(&b, "%sn = %d", i > 0 ? " or " : "", i - 1000);
	e = parse(b.p, false);
	st = prepare(one, e);
	CHECK(st != NULL && sqlite3_step(st) == SQLITE_ROW);
	sqlite3_finalize(st);
	case_expr_free(e);

	case_buf_reset(&b);
	case_buf_adds(&b, "n in (0");
	for (int i = 1; i < 9000; i++)
		case_buf_addf(&b, ",%d", i);
	case_buf_adds(&b, ")");
	e = parse(b.p, false);
	st = prepare(one, e);
	CHECK(st != NULL && sqlite3_step(st) == SQLITE_ROW);
	sqlite3_finalize(st);
	case_expr_free(e);

	/* The deepest of each kind that the parser takes. */
	for (size_t i = 0; i < sizeof(nests) / sizeof(nests[0]); i++)
		for (int n = 1; n <= nests[i].each; n++) {
			int ok = check_depth(nests[i].before, n, nests[i].inner,
			    nests[i].behind);

			if (n <= nests[i].least)
				CHECK(ok);
		}
	case_expr_free(one);
	case_buf_free(&b);
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
	make_store();
	test_pairs();
	test_random();
	test_percentile();
	test_functions();
	test_matches_error();
	test_limits();
	CHECK_INT(sqlite3_close(db), SQLITE_OK);
	case_func_free(&ctx);
	case_words_free(words);
	for (size_t i = 0; i < 3; i++)
		case_rtype_free(rtype[i]);
	TEST_END();
}
