/* test_query.c - questions in expressions, groups, order, as of a batch */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include "case/date.h"
#include "case/expr.h"
#include "tests/unit/store.h"

enum { COLUMNS_MAX = 8 };

/* A question in text; what is left out is 0. */
struct ask {
	const char *column[COLUMNS_MAX];
	size_t group_n;
	const char *where, *having;
	const char *sort[COLUMNS_MAX];
	int64_t record, as_of, from, to, today;
};

static struct case_expr *
parse(const struct case_rtype *rt, const char *text)
{
	const struct case_scope scope = { .rt = rt, .aggregates = true };
	struct case_error err = { 0 };
	struct case_expr *e = NULL;

	if (case_expr_parse(&e, text, strlen(text), &scope, &err) != CASE_OK)
		fprintf(stderr, "%s: %s\n", text, err.what);
	return e;
}

struct asked {
	struct case_expr *column[COLUMNS_MAX], *sort[COLUMNS_MAX];
	struct case_expr *where, *having;
	struct case_query q;
};

static void
ask_parse(struct asked *a, const struct case_rtype *rt, const struct ask *ask)
{
	*a = (struct asked){ 0 };
	while (a->q.column_n < COLUMNS_MAX && ask->column[a->q.column_n]) {
		a->column[a->q.column_n] =
		    parse(rt, ask->column[a->q.column_n]);
		a->q.column_n++;
	}
	while (a->q.sort_n < COLUMNS_MAX && ask->sort[a->q.sort_n]) {
		a->sort[a->q.sort_n] = parse(rt, ask->sort[a->q.sort_n]);
		a->q.sort_n++;
	}
	a->where = ask->where ? parse(rt, ask->where) : NULL;
	a->having = ask->having ? parse(rt, ask->having) : NULL;
	a->q.rt = rt;
	a->q.column = (const struct case_expr *const *)a->column;
	a->q.sort = (const struct case_expr *const *)a->sort;
	a->q.where = a->where;
	a->q.having = a->having;
	a->q.group_n = ask->group_n;
	a->q.record = ask->record;
	a->q.as_of = ask->as_of;
	a->q.from = ask->from;
	a->q.to = ask->to;
	a->q.today = ask->today;
}

static void
ask_free(struct asked *a)
{
	for (size_t i = 0; i < COLUMNS_MAX; i++) {
		case_expr_free(a->column[i]);
		case_expr_free(a->sort[i]);
	}
	case_expr_free(a->where);
	case_expr_free(a->having);
}

static enum case_status
read_all(struct case_cursor *c, size_t n, struct case_buf *out,
    struct case_error *err)
{
	const struct case_value *v;
	enum case_status rc;

	while ((rc = case_cursor_next(c, &v, err)) == CASE_OK)
		for (size_t i = 0; i < n; i++) {
			case_value_text(out, &v[i]);
			case_buf_addc(out, i + 1 < n ? ',' : ';');
		}
	return rc;
}

/* The answer as text: "a,b;c,d;", or the error. */
static const char *
answer(struct case_store *st, const struct case_rtype *rt,
    const struct ask *ask)
{
	static struct case_buf out;
	struct case_error err = { 0 };
	struct case_cursor *c;
	struct asked a;
	enum case_status rc;

	case_buf_reset(&out);
	ask_parse(&a, rt, ask);
	rc = case_query_open(&c, st, &a.q, &err);
	if (rc == CASE_OK)
		rc = read_all(c, a.q.column_n, &out, &err);
	if (rc != CASE_EOF) {
		case_buf_reset(&out);
		case_buf_adds(&out, err.what);
	}
	case_cursor_close(c);
	ask_free(&a);
	return case_buf_str(&out);
}

#define ASK(...) answer(st, rt, &(const struct ask){ __VA_ARGS__ })

static void
test_rows(struct case_store *st, const struct case_rtype *rt)
{
	CHECK_STR(ASK(.column = { "case_no", "unit", "fine" }),
	    "A1,甲队,300.00;A2,乙队,50.50;A3,,;A4,甲队,7.00;");
	CHECK_STR(ASK(.column = { "case_no" }, .where = "unit = '甲队'"),
	    "A1;A4;");
	CHECK_STR(ASK(.column = { "case_no" }, .where = "fine > 50"), "A1;A2;");
	CHECK_STR(ASK(.column = { "_id", "_batch", "_line", "_file" },
		      .where = "case_no = 'A1'"),
	    "1,2,2,test.csv;");
	CHECK_STR(ASK(.column = { "procedure" }, .where = "case_no = 'A1'"),
	    "simple;");
	CHECK_STR(ASK(.column = { "case_no" }, .where = "procedure='简易程序'"),
	    "A1;");
	/* An identity compares by what it means. */
	CHECK_STR(ASK(.column = { "case_no" },
		      .where = "decision_no = '甲【2023】第001号'"),
	    "A1;");
	CHECK_STR(ASK(.column = { "extra:颜色", "area", "filed_on" }),
	    "红,,2023-01-05;,2.5,2023-02-01;,,;,,2023-02-03;");
	/* Missing is neither true nor false. */
	CHECK_STR(ASK(.column = { "case_no" }, .where = "not (fine > 50)"),
	    "A4;");
	CHECK_STR(ASK(.column = { "case_no" }, .where = "unit is null"), "A3;");
	CHECK_STR(ASK(.column = { "case_no" }, .where = "unit = '没有'"), "");
}

static void
test_order(struct case_store *st, const struct case_rtype *rt)
{
	CHECK_STR(ASK(.column = { "case_no" }, .sort = { "fine" }),
	    "A4;A2;A1;A3;");
	CHECK_STR(ASK(.column = { "case_no" }, .sort = { "0 - fine" }),
	    "A1;A2;A4;A3;");
	CHECK_STR(ASK(.column = { "case_no" }, .sort = { "unit", "fine" }),
	    "A2;A4;A1;A3;");
}

static void
test_groups(struct case_store *st, const struct case_rtype *rt)
{
	CHECK_STR(ASK(.column = { "unit", "count()", "sum(fine)" },
		      .group_n = 1),
	    "乙队,1,50.50;甲队,2,307.00;,1,;");
	CHECK_STR(ASK(.column = { "unit", "count()" }, .group_n = 1,
		      .having = "count() > 1"),
	    "甲队,2;");
	CHECK_STR(ASK(.column = { "unit", "count()" }, .group_n = 1,
		      .sort = { "0 - count()" }),
	    "甲队,2;乙队,1;,1;");
	CHECK_STR(ASK(.column = { "month(filed_on)", "count()" }, .group_n = 1,
		      .where = "filed_on is not null"),
	    "1,1;2,2;");
	CHECK_STR(ASK(.column = { "count()", "sum(fine)", "max(filed_on)" }),
	    "4,357.50,2023-02-03;");
	CHECK_STR(ASK(.column = { "count()", "sum(fine)" },
		      .where = "case_no = 'none'"),
	    "0,;");
}

static void
test_parameters(struct case_store *st, const struct case_rtype *rt)
{
	int64_t from = case_date_of(2023, 2, 1), to = case_date_of(2023, 2, 2);

	CHECK_STR(ASK(.column = { "case_no" },
		      .where = "filed_on between period_start and period_end",
		      .from = from, .to = to),
	    "A2;");
	CHECK_STR(ASK(.column = { "case_no", "today - filed_on" },
		      .where = "filed_on < today and fine > 100",
		      .today = from),
	    "A1,27;");
	/* Values before and behind the record's own parameter. */
	CHECK_STR(ASK(.column = { "case_no", "fine + 1" },
		      .where = "fine > 5 and unit = '甲队'",
		      .sort = { "fine + 2" }, .record = 1),
	    "A1,301.00;");
}

static void
test_as_of(struct case_store *st, const struct case_rtype *rt)
{
	CHECK_STR(ASK(.column = { "case_no", "fine", "_id" }, .as_of = 1),
	    "A1,100.00,1;A2,50.50,2;A3,,3;");
	CHECK_STR(ASK(.column = { "case_no", "fine", "_id" }, .as_of = 2),
	    "A1,300.00,1;A2,50.50,2;A3,,3;A4,7.00,4;");
	CHECK_STR(ASK(.column = { "count()", "sum(fine)" }, .as_of = 1),
	    "3,150.50;");
	CHECK_STR(ASK(.column = { "unit", "count()" }, .group_n = 1, .as_of = 1,
		      .where = "fine < 1000"),
	    "乙队,1;甲队,1;");
	CHECK_STR(ASK(.column = { "fine", "_batch", "_file" }, .as_of = 1,
		      .record = 1),
	    "100.00,1,test.csv;");
	CHECK_STR(ASK(.column = { "case_no" }, .as_of = -1), "");
}

static void
test_reset(struct case_store *st, const struct case_rtype *rt)
{
	const struct ask ask = { .column = { "case_no" }, .record = 4 };
	const struct ask all = { .column = { "case_no" } };
	struct case_error err = { 0 };
	struct case_buf out = { 0 };
	struct case_cursor *c;
	struct asked a;

	ask_parse(&a, rt, &ask);
	CHECK_INT(case_query_open(&c, st, &a.q, &err), CASE_OK);
	CHECK_INT(read_all(c, 1, &out, &err), CASE_EOF);
	CHECK_INT(read_all(c, 1, &out, &err), CASE_EOF);
	CHECK_INT(case_cursor_reset(c, 2, &err), CASE_OK);
	CHECK_INT(case_cursor_reset(c, 1, &err), CASE_OK);
	CHECK_INT(read_all(c, 1, &out, &err), CASE_EOF);
	CHECK_INT(case_cursor_reset(c, 99, &err), CASE_OK);
	CHECK_INT(read_all(c, 1, &out, &err), CASE_EOF);
	CHECK_STR(case_buf_str(&out), "A4;A1;");
	case_cursor_close(c);
	ask_free(&a);
	ask_parse(&a, rt, &all);
	CHECK_INT(case_query_open(&c, st, &a.q, &err), CASE_OK);
	CHECK_INT(case_cursor_reset(c, 2, &err), CASE_EUSAGE);
	case_cursor_close(c);
	ask_free(&a);
	case_buf_free(&out);
}

/* A sum that does not fit says so; it never turns into another number. */
static void
test_overflow(const struct case_rtype *rt)
{
	struct case_store *st = open_store(NULL, CASE_STORE_PRIVATE);

	IMPORT(st, rt, "A1||||90000000000000000|||||",
	    "A2||||90000000000000000|||||");
	CHECK(strstr(ASK(.column = { "sum(fine)" }), "overflow") != NULL);
	CHECK(strstr(ASK(.column = { "fine + fine" }), "large") != NULL);
	case_store_close(st);
}

static void
test_no_type(const struct case_rtype *rt)
{
	struct case_store *st = open_store(NULL, CASE_STORE_PRIVATE);

	CHECK(
	    strstr(ASK(.column = { "case_no" }), "no records of type") != NULL);
	case_store_close(st);
}

/* A field that no record had a value for has no column, and is missing. */
static void
test_absent(const struct case_rtype *rt)
{
	static const char *const none[] = { "unit = '甲队'", "unit <> '甲队'",
		"unit in ('甲队', '乙队')", "decision_no = '甲〔2023〕1号'",
		"filed_on between period_start and today", "fine > 1",
		"area * 2 > 1", "procedure = 'simple'", "major", "not major",
		"remark like '%a%'", "contains(remark, 'a')", "unit = remark",
		"not (fine > 1)" };
	static const char *const all[] = { "unit is null",
		"decision_no is null", "filed_on is null", "fine is null",
		"area is null", "procedure is null", "major is null",
		"remark is null", "coalesce(fine, 0) = 0",
		"coalesce(unit, '') = ''" };
	struct case_store *st = open_store(NULL, CASE_STORE_PRIVATE);
	const struct ask ask = { .column = { "fine" }, .record = 1 };
	struct case_error err = { 0 };
	struct case_cursor *c;
	struct asked a;

	IMPORT(st, rt, "A1|||||||||", "A2|||||||||");
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		CHECK_STR(ASK(.column = { "case_no" }, .where = none[i]), "");
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		CHECK_STR(ASK(.column = { "case_no" }, .where = all[i]),
		    "A1;A2;");
	for (size_t f = 1; f < rt->field_n; f++) {
		const char *name = rt->field[f].name;

		CHECK_STR(ASK(.column = { name, "case_no" }, .sort = { name }),
		    ",A1;,A2;");
		CHECK_STR(ASK(.column = { name, "count()" }, .group_n = 1),
		    ",2;");
		CHECK_STR(ASK(.column = { name, "count()" }, .group_n = 1,
			      .where = "case_no = 'none'"),
		    "");
	}
	CHECK_STR(ASK(.column = { "sum(fine)", "count(fine)", "mean(area)",
			  "distinct(unit)", "p90(fine)",
			  "max(filed_on)", "rate(major)", "count()" }),
	    ",0,,0,,,,2;");
	CHECK_STR(ASK(.column = { "case_no", "unit" }, .as_of = 1), "A1,;A2,;");
	/* Since a batch brought values it has one; who asked before is told. */
	ask_parse(&a, rt, &ask);
	CHECK_INT(case_query_open(&c, st, &a.q, &err), CASE_OK);
	CHECK_INT(case_cursor_reset(c, 2, &err), CASE_OK);
	IMPORT(st, rt, "A1|甲队|||5|||||");
	CHECK_INT(case_cursor_reset(c, 1, &err), CASE_EUSAGE);
	case_cursor_close(c);
	ask_free(&a);
	CHECK_STR(ASK(.column = { "case_no", "unit", "fine", "area" }),
	    "A1,甲队,5.00,;A2,,,;");
	CHECK_STR(ASK(.column = { "case_no", "unit", "fine" }, .as_of = 1),
	    "A1,,;A2,,;");
	case_store_close(st);
}

static void
test_gaps(struct case_store *st, const struct case_rtype *rt)
{
	int64_t day = 0;

	(void)case_store_calendar_gaps(st, &day);
	CHECK_STR(ASK(.column = { "workdays(filed_on, today)" },
		      .where = "case_no = 'A1'"),
	    ";");
	CHECK(case_store_calendar_gaps(st, &day) > 0);
	CHECK_INT(case_store_calendar_gaps(st, &day), 0);
}

int
main(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st;

	make_folder();
	st = open_store("q.db", CASE_STORE_WRITE);
	IMPORT(st, rt,
	    "A1|甲队|2023-01-05|甲〔2023〕1号|100||simple|1||"
	    "{\"颜色\":\"红\"}",
	    "A2|乙队|2023-02-01||50.5|2.5||||", "A3|||||||||");
	IMPORT(st, rt, "A1||||300|||||", "A4|甲队|2023-02-03||7|||||");
	case_store_close(st);
	st = open_store("q.db", CASE_STORE_READ);
	test_rows(st, rt);
	test_order(st, rt);
	test_groups(st, rt);
	test_parameters(st, rt);
	test_as_of(st, rt);
	test_reset(st, rt);
	test_gaps(st, rt);
	test_overflow(rt);
	test_no_type(rt);
	test_absent(rt);
	case_store_close(st);
	remove_folder();
	case_rtype_free(rt);
	TEST_END();
}
