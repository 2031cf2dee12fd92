/* test_stat.c - statistics against sums made by hand over random records */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "case/load.h"
#include "case/stat.h"
#include "tests/unit/test.h"

#define CASES 3000
#define UNITS 5

static struct case_share *share;
static struct case_store *store;

static int64_t
day(const char *s)
{
	return case_date_of(atoi(s), atoi(s + 5), atoi(s + 8));
}

/* --- a table in memory ---------------------------------------------------- */

#define ROWS_MAX 2000
#define COLUMNS_MAX 24

struct memory {
	struct case_writer w;
	size_t column_n, row_n;
	char *name[COLUMNS_MAX];
	char *cell[ROWS_MAX][COLUMNS_MAX]; /* NULL: missing */
	char *notes;
};
static struct memory mem;

static enum case_status
memory_begin(struct case_writer *w, const struct case_table *t,
    struct case_error *err)
{
	struct case_buf notes = { 0 };

	(void)w;
	(void)err;
	mem.column_n = t->column_n;
	for (size_t i = 0; i < t->column_n && i < COLUMNS_MAX; i++)
		mem.name[i] = strdup(t->column[i].name);
	for (size_t i = 0; i < t->meta_n; i++)
		case_buf_addf(&notes, "%s=%s\n", t->meta[2 * i],
		    t->meta[2 * i + 1]);
	mem.notes = strdup(case_buf_str(&notes));
	case_buf_free(&notes);
	return CASE_OK;
}

static enum case_status
memory_row(struct case_writer *w, const struct case_value *v, size_t n,
    struct case_error *err)
{
	struct case_buf b = { 0 };

	(void)w;
	(void)err;
	for (size_t i = 0; i < n && mem.row_n < ROWS_MAX; i++) {
		case_buf_reset(&b);
		case_value_text(&b, &v[i]);
		mem.cell[mem.row_n][i] =
		    v[i].missing ? NULL : strdup(case_buf_str(&b));
	}
	case_buf_free(&b);
	mem.row_n++;
	return CASE_OK;
}

static enum case_status
memory_end(struct case_writer *w, struct case_error *err)
{
	(void)w;
	(void)err;
	return CASE_OK;
}

static const struct case_writer_ops memory_ops = { .begin = memory_begin,
	.row = memory_row,
	.end = memory_end };

static void
forget(void)
{
	for (size_t i = 0; i < mem.column_n; i++)
		free(mem.name[i]);
	for (size_t r = 0; r < mem.row_n; r++)
		for (size_t c = 0; c < mem.column_n; c++)
			free(mem.cell[r][c]);
	free(mem.notes);
	memset(&mem, 0, sizeof(mem));
	mem.w.ops = &memory_ops;
}

static struct case_error last;

/* Asks, and keeps the answer in mem; false: refused, see last. */
static bool
ask(const struct case_stat_request *rq)
{
	struct case_stat *s = NULL;
	enum case_status rc;

	forget();
	rc = case_stat_new(&s, store, share, rq, &last);
	if (rc == CASE_OK)
		rc = case_stat_write(s, &mem.w, &last);
	case_stat_free(s);
	return rc == CASE_OK;
}

#define ASK(...)                                                              \
	do {                                                                  \
		const struct case_stat_request rq_ = { .today =               \
							   day("2024-01-01"), \
			__VA_ARGS__ };                                        \
		if (!ask(&rq_)) {                                             \
			fprintf(stderr, "%d: %s\n", __LINE__, last.what);     \
			CHECK(0);                                             \
		}                                                             \
	} while (0)

static int
column(const char *name)
{
	for (size_t i = 0; i < mem.column_n; i++)
		if (strcmp(mem.name[i], name) == 0)
			return (int)i;
	fprintf(stderr, "no column %s\n", name);
	CHECK(0);
	return 0;
}

/* The row whose first cells are a and b (NULL: any); -1: none. */
static int
row_of(const char *a, const char *b)
{
	for (size_t r = 0; r < mem.row_n; r++)
		if ((a == NULL || strcmp(mem.cell[r][0], a) == 0) &&
		    (b == NULL || strcmp(mem.cell[r][1], b) == 0))
			return (int)r;
	return -1;
}

static const char *
cell(int row, const char *name)
{
	const char *text;

	if (row < 0 || (size_t)row >= mem.row_n)
		return "(no row)";
	text = mem.cell[row][column(name)];
	return text != NULL ? text : "";
}

static double
number(int row, const char *name)
{
	const char *text = cell(row, name);

	return *text == '\0' ? NAN : strtod(text, NULL);
}

#define NEAR(got, want) CHECK(fabs((got) - (want)) < 1e-9)

/* --- records -------------------------------------------------------------- */

struct record {
	int unit; /* UNITS: missing */
	int ordinary;
	int64_t filed, decided, closed; /* 0: missing */
	int64_t fine;			/* fen; -1: missing */
	int reviewed;
};
static struct record recs[CASES];

static const char *const unit_names[UNITS + 1] = { "城东中队", "城西中队",
	"城南中队", "城北中队", "城中中队", "（空）" };

static uint64_t seed = 20230612;

static int64_t
dice(int64_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (int64_t)((seed >> 33) % (uint64_t)n);
}

/* Two years of cases; one in twenty was never filed, one in ten is open. */
static void
make_records(void)
{
	const int64_t first = day("2022-01-01");

	for (size_t i = 0; i < CASES; i++) {
		struct record *r = &recs[i];

		*r = (struct record){ .unit = (int)dice(UNITS + 1),
			.ordinary = dice(3) == 0,
			.filed = first + dice(730),
			.fine = dice(8) == 0 ? -1 : dice(600000) };
		r->decided = dice(12) == 0 ? 0 : r->filed + dice(120);
		r->closed = r->decided == 0 || dice(10) == 0
				? 0
				: r->decided + dice(40);
		r->reviewed = r->ordinary && dice(4) != 0;
		if (r->decided != 0 && dice(20) == 0)
			r->filed = 0;
	}
}

/* Through the writer that every tool uses, so that the sums are right. */
static void
write_records(FILE *f)
{
	static const struct {
		const char *name;
		enum case_type type;
	} columns[] = { { "case_no", CASE_TEXT }, { "unit", CASE_TEXT },
		{ "procedure", CASE_CODE }, { "filed_on", CASE_DATE },
		{ "decided_on", CASE_DATE }, { "closed_on", CASE_DATE },
		{ "fine", CASE_MONEY }, { "reviewed_on", CASE_DATE },
		{ "extra", CASE_TEXT }, { "_file", CASE_TEXT },
		{ "_line", CASE_INTEGER } };
	enum { N = sizeof(columns) / sizeof(columns[0]) };
	const struct case_writer_options o = { 0 };
	struct case_writer *w;
	struct case_table t = { 0 };
	char no[32], extra[64];

	CHECK(case_writer_open(&w, CASE_FORMAT_CASE, f, &o, NULL) == CASE_OK);
	case_table_begin(&t, "case", CASE_RECORDS, "case", NULL);
	for (size_t c = 0; c < N; c++)
		case_table_add_column(&t, columns[c].name, columns[c].type,
		    NULL, NULL);
	CHECK(w->ops->begin(w, &t, NULL) == CASE_OK);
	for (size_t i = 0; i < CASES; i++) {
		const struct record *r = &recs[i];
		const char *proc = r->ordinary ? "普通程序" : "简易程序";
		struct case_value v[N];

		for (size_t c = 0; c < N; c++)
			v[c] = (struct case_value){ .type = columns[c].type };
		snprintf(no, sizeof(no), "T%06zu", i);
		snprintf(extra, sizeof(extra), "{\"网格\":\"%zu号\"}", i % 3);
		v[0].u.s = (struct case_str){ no, strlen(no) };
		v[1].missing = r->unit == UNITS;
		v[1].u.s = (struct case_str){ unit_names[r->unit],
			strlen(unit_names[r->unit]) };
		v[2].u.s = (struct case_str){ proc, strlen(proc) };
		v[3].missing = (v[3].u.i = r->filed) == 0;
		v[4].missing = (v[4].u.i = r->decided) == 0;
		v[5].missing = (v[5].u.i = r->closed) == 0;
		v[6].missing = (v[6].u.i = r->fine) < 0;
		v[7].missing = !r->reviewed;
		v[7].u.i = r->filed != 0 ? r->filed : r->decided;
		v[8].u.s = (struct case_str){ extra, strlen(extra) };
		v[9].u.s =
		    (struct case_str){ i < CASES / 2 ? "a.csv" : "b.csv", 5 };
		v[10].u.i = (int64_t)(2 + i % (CASES / 2));
		CHECK(w->ops->row(w, v, N, NULL) == CASE_OK);
	}
	CHECK(w->ops->end(w, NULL) == CASE_OK);
	CHECK(w->ops->finish(w, NULL) == CASE_OK);
	w->ops->close(w);
	case_table_free(&t);
}

static bool
load_records(void)
{
	const struct case_store_options o = { .tool = "test" };
	FILE *f = tmpfile();
	size_t rows = 0;
	enum case_status rc;

	if (f == NULL)
		return false;
	write_records(f);
	rewind(f);
	rc = case_store_open(&store, NULL, CASE_STORE_PRIVATE, &o, &last);
	if (rc == CASE_OK)
		rc = case_load_tables(store, share, f, "-", NULL, NULL, &rows,
		    &last);
	fclose(f);
	CHECK_INT(rows, CASES);
	return rc == CASE_OK;
}

/* --- sums by hand --------------------------------------------------------- */

enum by { FILED, DECIDED, CLOSED, DATED };

static int64_t
date_of(const struct record *r, enum by by)
{
	switch (by) {
	case FILED:
		return r->filed;
	case DECIDED:
		return r->decided;
	case CLOSED:
		return r->closed;
	default:
		return r->filed != 0 ? r->filed : r->decided;
	}
}

static bool
within(const struct record *r, enum by by, const char *from, const char *to,
    int unit, int ordinary)
{
	int64_t d = date_of(r, by);

	return d != 0 && d >= day(from) && d <= day(to) &&
	       (unit < 0 || r->unit == unit) &&
	       (ordinary < 0 || r->ordinary == ordinary);
}

static double
count(enum by by, const char *from, const char *to, int unit, int ordinary)
{
	double n = 0;

	for (size_t i = 0; i < CASES; i++)
		n += within(&recs[i], by, from, to, unit, ordinary);
	return n;
}

/* In yuan. */
static double
fines(const char *from, const char *to, int unit)
{
	int64_t sum = 0;

	for (size_t i = 0; i < CASES; i++)
		if (within(&recs[i], DECIDED, from, to, unit, -1) &&
		    recs[i].fine > 0)
			sum += recs[i].fine;
	return (double)sum / 100;
}

static double
open_at(const char *end, int unit)
{
	double n = 0;

	for (size_t i = 0; i < CASES; i++)
		n += recs[i].filed != 0 && recs[i].filed <= day(end) &&
		     (recs[i].closed == 0 || recs[i].closed > day(end)) &&
		     (unit < 0 || recs[i].unit == unit);
	return n;
}

/* --- tests ---------------------------------------------------------------- */

#define H1 "2023-01-01", "2023-06-30"
#define H1_BEFORE "2022-01-01", "2022-06-30"
#define H2_BEFORE "2022-07-01", "2022-12-31"

static void
test_one_row(void)
{
	ASK(.measures = "cases,filed,decided,closed,open,fines,rows",
	    .period = "2023H1");
	CHECK_INT(mem.row_n, 1);
	CHECK_INT(mem.column_n, 7);
	NEAR(number(0, "cases"), count(DATED, H1, -1, -1));
	NEAR(number(0, "filed"), count(FILED, H1, -1, -1));
	NEAR(number(0, "decided"), count(DECIDED, H1, -1, -1));
	NEAR(number(0, "closed"), count(CLOSED, H1, -1, -1));
	NEAR(number(0, "open"), open_at("2023-06-30", -1));
	NEAR(number(0, "fines"), fines(H1, -1));
	NEAR(number(0, "rows"), count(DATED, H1, -1, -1));
	CHECK(strstr(mem.notes, "按决定日期计") != NULL);
	/* All of time: everyone, dated or not. */
	ASK(.measures = "cases,rows");
	NEAR(number(0, "cases"), CASES);
	/* Nothing there: counts and sums are 0, means are missing. */
	ASK(.measures = "cases,fines,mean(fine),closure_rate,cases:yoy",
	    .period = "2031");
	CHECK_INT(mem.row_n, 1);
	CHECK_STR(cell(0, "cases"), "0");
	CHECK_STR(cell(0, "fines"), "0.00");
	CHECK_STR(cell(0, "mean(fine)"), "");
	CHECK_STR(cell(0, "closure_rate"), "");
	CHECK_STR(cell(0, "cases:yoy"), "");
}

static void
test_by_unit(void)
{
	double shares = 0, cases = 0;

	ASK(.by = "执法单位",
	    .measures = "cases,fines,closed,cases:yoy,cases:prev,fines:yoy,"
			"cases:share,cases:rank,closure_rate,"
			"closure_rate:yoy,cases:share:yoy",
	    .period = "2023H1", .verbose = true, .total = true);
	CHECK_INT(mem.row_n, UNITS + 2);
	/* By value, the missing one last, the total behind. */
	CHECK_STR(mem.cell[UNITS][0], "（空）");
	CHECK_STR(mem.cell[UNITS + 1][0], "合计");
	for (int u = 0; u <= UNITS; u++) {
		int r = row_of(unit_names[u], NULL);
		double now = count(DATED, H1, u, -1);
		double then = count(DATED, H1_BEFORE, u, -1);
		double before = count(DATED, H2_BEFORE, u, -1);
		double rate =
		    count(CLOSED, H1, u, -1) / count(FILED, H1, u, -1);
		double was = count(CLOSED, H1_BEFORE, u, -1) /
			     count(FILED, H1_BEFORE, u, -1);

		NEAR(number(r, "cases"), now);
		NEAR(number(r, "cases:yoy"), (now - then) / then);
		NEAR(number(r, "cases:prev"), (now - before) / before);
		NEAR(number(r, "fines"), fines(H1, u));
		NEAR(number(r, "fines:yoy"),
		    (fines(H1, u) - fines(H1_BEFORE, u)) / fines(H1_BEFORE, u));
		NEAR(number(r, "closure_rate"), rate);
		NEAR(number(r, "closure_rate:num"), count(CLOSED, H1, u, -1));
		NEAR(number(r, "closure_rate:den"), count(FILED, H1, u, -1));
		NEAR(number(r, "closure_rate:yoy"), rate - was);
		NEAR(number(r, "cases:share:yoy"),
		    now / count(DATED, H1, -1, -1) -
			then / count(DATED, H1_BEFORE, -1, -1));
		shares += number(r, "cases:share");
		cases += now;
	}
	NEAR(shares, 1.0);
	NEAR(number(UNITS + 1, "cases"), cases);
	NEAR(number(UNITS + 1, "fines"), fines(H1, -1));
	NEAR(number(UNITS + 1, "cases:share"), 1.0);
	NEAR(number(UNITS + 1, "closure_rate"),
	    count(CLOSED, H1, -1, -1) / count(FILED, H1, -1, -1));
	CHECK_STR(cell(UNITS + 1, "cases:rank"), "");
}

static void
month_days(int m, char *from, char *to)
{
	int64_t start = case_date_of(2023, m, 1);
	int64_t end = case_date_add_months(start, 1) - 1;
	int y, mm, d;

	case_date_civil(end, &y, &mm, &d);
	snprintf(from, 16, "2023-%02d-01", m);
	snprintf(to, 16, "2023-%02d-%02d", m, d);
}

/* Each measure by its own date; states and year-to-date at each month's end. */
static void
test_by_month(void)
{
	char from[16], to[16], month[24];
	double cum = 0,
	       before = count(FILED, "2022-12-01", "2022-12-31", -1, -1);

	ASK(.by = "month",
	    .measures = "filed,closed,fines,open,filed:ytd,filed:cum,"
			"filed:prev,filed:per_month,closure_rate,open:prev",
	    .period = "2023H1");
	CHECK_INT(mem.row_n, 6);
	for (int m = 1; m <= 6; m++) {
		double n;

		month_days(m, from, to);
		snprintf(month, sizeof(month), "2023-%02d", m);
		CHECK_STR(mem.cell[m - 1][0], month);
		n = count(FILED, from, to, -1, -1);
		cum += n;
		NEAR(number(m - 1, "filed"), n);
		NEAR(number(m - 1, "closed"), count(CLOSED, from, to, -1, -1));
		NEAR(number(m - 1, "fines"), fines(from, to, -1));
		NEAR(number(m - 1, "open"), open_at(to, -1));
		NEAR(number(m - 1, "filed:ytd"), cum);
		NEAR(number(m - 1, "filed:cum"), cum);
		NEAR(number(m - 1, "filed:per_month"), n);
		NEAR(number(m - 1, "filed:prev"), (n - before) / before);
		before = n;
	}
	NEAR(number(1, "open:prev"),
	    open_at("2023-02-28", -1) / open_at("2023-01-31", -1) - 1);
	NEAR(number(0, "open:prev"),
	    open_at("2023-01-31", -1) / open_at("2022-12-31", -1) - 1);
}

/* A running sum begins anew for each unit; a year back each month has its own.
 */
static void
test_unit_month(void)
{
	double sum;
	char from[16], to[16], month[24], was_from[16], was_to[16];

	ASK(.by = "unit,month", .measures = "filed,filed:cum,filed:yoy,open",
	    .period = "2023");
	CHECK_INT(mem.row_n, (UNITS + 1) * 12);
	for (int u = 0; u <= UNITS; u++) {
		sum = 0;
		for (int m = 1; m <= 12; m++) {
			double n, was;
			int r;

			month_days(m, from, to);
			memcpy(was_from, from, sizeof(from));
			memcpy(was_to, to, sizeof(to));
			was_from[3] = was_to[3] = '2';
			snprintf(month, sizeof(month), "2023-%02d", m);
			r = row_of(unit_names[u], month);
			n = count(FILED, from, to, u, -1);
			was = count(FILED, was_from, was_to, u, -1);
			sum += n;
			NEAR(number(r, "filed"), n);
			NEAR(number(r, "filed:cum"), sum);
			if (was > 0)
				NEAR(number(r, "filed:yoy"), (n - was) / was);
			NEAR(number(r, "open"), open_at(to, u));
		}
	}
}

/* Margins of a cross table are the sums, of rates their own quotient. */
static void
test_across(void)
{
	int last_row = UNITS + 1;

	ASK(.by = "unit", .across = "procedure", .measures = "cases",
	    .period = "2023H1");
	CHECK_INT(mem.column_n, 4);
	CHECK_INT(mem.row_n, UNITS + 2);
	for (int u = 0; u <= UNITS; u++) {
		int r = row_of(unit_names[u], NULL);

		NEAR(number(r, "普通程序"), count(DATED, H1, u, 1));
		NEAR(number(r, "简易程序"), count(DATED, H1, u, 0));
		NEAR(number(r, "合计"), count(DATED, H1, u, -1));
	}
	NEAR(number(last_row, "普通程序"), count(DATED, H1, -1, 1));
	NEAR(number(last_row, "合计"), count(DATED, H1, -1, -1));

	ASK(.across = "quarter", .measures = "filed,closure_rate",
	    .period = "2023H1");
	CHECK_INT(mem.row_n, 1);
	NEAR(number(0, "2023Q1/filed"),
	    count(FILED, "2023-01-01", "2023-03-31", -1, -1));
	NEAR(number(0, "合计/closure_rate"),
	    count(CLOSED, H1, -1, -1) / count(FILED, H1, -1, -1));

	/* Shares are of their column. */
	ASK(.by = "unit", .across = "procedure", .measures = "cases:share",
	    .period = "2023H1");
	NEAR(number(row_of(unit_names[2], NULL), "普通程序"),
	    count(DATED, H1, 2, 1) / count(DATED, H1, -1, 1));
}

static void
test_dimensions(void)
{
	double sum = 0;

	ASK(.by = "fine/1000:3000", .measures = "rows");
	CHECK_INT(mem.row_n, 4);
	CHECK_STR(mem.cell[0][0], "不满1000");
	CHECK_STR(mem.cell[1][0], "1000至不满3000");
	CHECK_STR(mem.cell[2][0], "3000以上");
	CHECK_STR(mem.cell[3][0], "（空）");
	for (int r = 0; r < 4; r++)
		sum += number(r, "rows");
	NEAR(sum, CASES);

	ASK(.by = "extra:网格", .measures = "rows");
	CHECK_INT(mem.row_n, 3);
	CHECK_STR(mem.cell[0][0], "0号");
	CHECK_STR(cell(0, "rows"), "1000");

	/* A given date's months, within a period of another date. */
	ASK(.by = "filed_on/quarter", .measures = "decided",
	    .period = "2023Q1");
	sum = 0;
	for (size_t r = 0; r < mem.row_n; r++)
		sum += number((int)r, "decided");
	NEAR(sum, count(DECIDED, "2023-01-01", "2023-03-31", -1, -1));
	CHECK_STR(mem.cell[mem.row_n - 1][0], "（空）");

	/* Statistical months: 21 December to 20 January. */
	ASK(.by = "month", .measures = "filed", .period = "2023Q1@21");
	CHECK_INT(mem.row_n, 3);
	CHECK_STR(mem.cell[0][0], "2023-01");
	NEAR(number(0, "filed"),
	    count(FILED, "2022-12-21", "2023-01-20", -1, -1));
	NEAR(number(2, "filed"),
	    count(FILED, "2023-02-21", "2023-03-20", -1, -1));
	ASK(.by = "quarter,half,year", .measures = "filed",
	    .period = "2023@21");
	CHECK_INT(mem.row_n, 4);
	CHECK_STR(mem.cell[1][0], "2023Q2");
	CHECK_STR(mem.cell[1][1], "2023H1");
	NEAR(number(1, "filed"),
	    count(FILED, "2023-03-21", "2023-06-20", -1, -1));

	/* Weeks from Friday. */
	ASK(.by = "week", .measures = "filed",
	    .period = "2023-06-02..2023-06-15@fri");
	CHECK_INT(mem.row_n, 2);
	CHECK_STR(mem.cell[1][0], "2023-W24");
	NEAR(number(1, "filed"),
	    count(FILED, "2023-06-09", "2023-06-15", -1, -1));
	ASK(.by = "day", .measures = "filed", .period = "2023-03-05");
	CHECK_STR(mem.cell[0][0], "2023-03-05");
}

static void
test_where(void)
{
	ASK(.measures = "filed,rate(fine > 1000),sum(fine)@decided_on",
	    .where = "程序类型 = '普通程序'", .period = "2023H1",
	    .verbose = true);
	NEAR(number(0, "filed"), count(FILED, H1, -1, 1));
	NEAR(number(0, "rate(fine > 1000)"),
	    number(0, "rate(fine > 1000):num") /
		number(0, "rate(fine > 1000):den"));
	ASK(.measures = "filed@closed_on,decided", .on = "filed_on",
	    .period = "2023H1");
	NEAR(number(0, "filed@closed_on"), count(CLOSED, H1, -1, -1));
	NEAR(number(0, "decided"), count(FILED, H1, -1, -1));
	ASK(.measures = "review_rate", .period = "2023", .verbose = true);
	NEAR(number(0, "review_rate:den"),
	    count(DECIDED, "2023-01-01", "2023-12-31", -1, 1));
	ASK(.measures = "publish_rate", .period = "2023");
	CHECK_STR(cell(0, "publish_rate"), "");
	CHECK(strstr(mem.notes, "publish.classes") != NULL);
}

static void
test_running(void)
{
	/* Half of the period has gone by: so many days of the year before. */
	const struct case_stat_request rq = { .today = day("2023-06-12"),
		.measures = "filed,filed:yoy,filed:vs,filed:per_month",
		.period = "2023",
		.base = "2022Q1" };
	double now = count(FILED, "2023-01-01", "2023-12-31", -1, -1);
	double then = count(FILED, "2022-01-01", "2022-06-12", -1, -1);
	double base = count(FILED, "2022-01-01", "2022-03-31", -1, -1);

	CHECK(ask(&rq));
	NEAR(number(0, "filed:yoy"), (now - then) / then);
	NEAR(number(0, "filed:vs"), (now - base) / base);
	NEAR(number(0, "filed:per_month"), now / (5 + 12.0 / 30));
	CHECK(strstr(mem.notes, "today=2023-06-12") != NULL);
}

static void
test_order(void)
{
	double before = INFINITY;

	ASK(.by = "unit", .measures = "cases,fines", .sort = "cases", .top = 3);
	CHECK_INT(mem.row_n, 3);
	for (int r = 0; r < 3; r++) {
		CHECK(number(r, "cases") <= before);
		before = number(r, "cases");
	}
	ASK(.by = "unit", .measures = "cases", .sort = "-cases");
	CHECK(number(0, "cases") <= number(1, "cases"));
	/* English labels. */
	ASK(.by = "procedure", .measures = "cases", .lang = CASE_EN,
	    .total = true);
	CHECK_STR(mem.cell[0][0], "ordinary");
	CHECK_STR(mem.cell[2][0], "total");
}

static void
refused(const struct case_stat_request *rq, const char *why)
{
	if (ask(rq)) {
		fprintf(stderr, "not refused: %s\n", why);
		CHECK(0);
		return;
	}
	if (strstr(last.what, why) == NULL)
		fprintf(stderr, "'%s' does not say '%s'\n", last.what, why);
	CHECK(strstr(last.what, why) != NULL);
}

#define REFUSED(why, ...)                                             \
	do {                                                          \
		const struct case_stat_request rq_ = { __VA_ARGS__ }; \
		refused(&rq_, why);                                   \
	} while (0)

static void
test_refused(void)
{
	REFUSED("74", .by = "unit", .measures = "fines:rank");
	REFUSED("74", .by = "month,officer1", .measures = "mean_fine:target");
	REFUSED("74", .by = "month", .across = "town",
	    .measures = "sum(confiscated):share:rank");
	REFUSED("cases", .measures = "case");
	REFUSED("yoy", .measures = "cases:yyo");
	REFUSED("unit", .by = "unti");
	REFUSED("-p", .period = "2023H3");
	REFUSED("-w", .where = "unti = 'a'");
	REFUSED("--base", .measures = "cases:vs");
	REFUSED("-b month", .measures = "cases:cum", .by = "unit");
	REFUSED("add up", .measures = "closure_rate:share");
	REFUSED("twice", .measures = "cases,cases");
	REFUSED("no measure", .measures = "");
	REFUSED("first and a last day", .by = "month", .measures = "open");
	REFUSED("--all-units", .by = "month", .all_units = true);
	REFUSED("no column", .sort = "fines");
}

static void
test_explain(void)
{
	const struct case_stat_request rq = { .by = "unit,month",
		.measures = "closure_rate:yoy,cases:ytd:yoy,on_time_due,open",
		.period = "2023H1",
		.where = "fine > 100",
		.today = day("2023-12-01") };
	struct case_buf b = { 0 };
	struct case_stat *s;

	CHECK(case_stat_new(&s, store, share, &rq, &last) == CASE_OK);
	CHECK(case_stat_explain(s, &b, &last) == CASE_OK);
	CHECK(strstr(b.p, "2022-01-01..2022-06-30") != NULL);
	CHECK(strstr(b.p, "分子") != NULL);
	CHECK(strstr(b.p, "行政处罚法第六十条") != NULL);
	case_stat_free(s);
	case_buf_free(&b);
}

/* The records behind a figure are as many as the figure says. */
static void
test_records(void)
{
	const struct case_stat_request rq = { .measures = "filed,closed",
		.period = "2023H1" };
	struct case_stat *s;
	double n = 0;

	forget();
	CHECK(case_stat_new(&s, store, share, &rq, &last) == CASE_OK);
	CHECK(case_stat_records(s, &mem.w, &last) == CASE_OK);
	case_stat_free(s);
	for (size_t i = 0; i < CASES; i++)
		n += within(&recs[i], FILED, H1, -1, -1) ||
		     within(&recs[i], CLOSED, H1, -1, -1);
	NEAR((double)mem.row_n, n);
	CHECK(strcmp(cell(0, "_file"), "a.csv") == 0);
	CHECK(number(0, "_line") >= 2);
}

static void
test_measures(void)
{
	forget();
	CHECK(case_stat_measures(share, "case", CASE_ZH, &mem.w, &last) ==
	      CASE_OK);
	CHECK(row_of("cases", NULL) >= 0);
	CHECK(row_of("rows", NULL) >= 0);
	CHECK(row_of("smart_rate", NULL) < 0);
	CHECK_STR(cell(row_of("filed", NULL), "label"), "立案数");
}

/* Every measure of a type that is shipped is understood, and can be asked. */
static void
test_all_measures(void)
{
	char *names[200], *types[200];
	size_t n = 0;

	forget();
	CHECK(
	    case_stat_measures(share, NULL, CASE_ZH, &mem.w, &last) == CASE_OK);
	for (size_t r = 0; r < mem.row_n && n < 200; r++, n++) {
		names[n] = strdup(cell((int)r, "measure"));
		types[n] = strdup(cell((int)r, "type"));
	}
	for (size_t i = 0; i < n; i++) {
		const char *type = strcmp(types[i], "*") ? types[i] : "case";
		struct case_rtype *rt;

		if (case_rtype_load(&rt, share, type, &last) == CASE_OK) {
			CHECK(case_store_add_type(store, rt, &last) == CASE_OK);
			ASK(.type = type, .measures = names[i],
			    .period = "2023H1");
			CHECK_INT(mem.row_n, 1);
			if (rt->date_n > 0)
				ASK(.type = type, .measures = names[i],
				    .by = "month", .period = "2023H1",
				    .verbose = true, .total = true);
			case_rtype_free(rt);
		}
		free(names[i]);
		free(types[i]);
	}
}

int
main(void)
{
	const char *srcdir = getenv("srcdir");
	char path[4096];

	snprintf(path, sizeof(path), "%s/share", srcdir ? srcdir : ".");
	setenv("CASE_PATH", path, 1);
	if (case_share_new(&share, NULL, &last) != CASE_OK) {
		fprintf(stderr, "%s\n", last.what);
		return 1;
	}
	make_records();
	if (!load_records()) {
		fprintf(stderr, "%s\n", last.what);
		return 1;
	}
	test_one_row();
	test_by_unit();
	test_by_month();
	test_unit_month();
	test_across();
	test_dimensions();
	test_where();
	test_running();
	test_order();
	test_refused();
	test_explain();
	test_records();
	test_measures();
	test_all_measures();
	forget();
	case_store_close(store);
	case_share_free(share);
	TEST_END();
}
