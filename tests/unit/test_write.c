/* test_write.c - the text formats, byte for byte */
#include <math.h>
#include <stdlib.h>

#include "case/date.h"
#include "case/table.h"
#include "tests/unit/test.h"

/* One value in a column of its own type; n() is a missing one. */
static struct case_value
s(const char *text)
{
	return (struct case_value){ .type = CASE_TEXT,
		.u.s = { text, strlen(text) } };
}

static struct case_value
i(enum case_type type, int64_t value)
{
	return (struct case_value){ .type = type, .u.i = value };
}

static struct case_value
d(enum case_type type, double value)
{
	return (struct case_value){ .type = type, .u.d = value };
}

static struct case_value
none(enum case_type type)
{
	return (struct case_value){ .type = type, .missing = true };
}

/* A writer onto memory. */
struct sink {
	struct case_writer *w;
	FILE *f;
	char *p;
	size_t n;
	struct case_error err;
};

static void
sink_open(struct sink *k, enum case_format format,
    const struct case_writer_options *opt)
{
	*k = (struct sink){ 0 };
	k->f = open_memstream(&k->p, &k->n);
	CHECK(k->f != NULL);
	CHECK_INT(case_writer_open(&k->w, format, k->f, opt, &k->err), CASE_OK);
}

static void
sink_begin(struct sink *k, const struct case_table *t)
{
	CHECK_INT(k->w->ops->begin(k->w, t, &k->err), CASE_OK);
}

static void
sink_row(struct sink *k, const struct case_value *v, size_t n)
{
	CHECK_INT(k->w->ops->row(k->w, v, n, &k->err), CASE_OK);
}

static void
sink_end(struct sink *k)
{
	CHECK_INT(k->w->ops->end(k->w, &k->err), CASE_OK);
}

static void
sink_finish(struct sink *k)
{
	CHECK_INT(k->w->ops->finish(k->w, &k->err), CASE_OK);
	k->w->ops->close(k->w);
	k->w = NULL;
	fflush(k->f);
}

static void
sink_free(struct sink *k)
{
	if (k->w != NULL)
		k->w->ops->close(k->w);
	fclose(k->f);
	free(k->p);
}

/* The table of design.md section 2. */
static void
by_unit(struct case_table *t)
{
	*t = (struct case_table){ 0 };
	case_table_begin(t, "by-unit", CASE_STATISTICS, NULL,
	    "各镇街行政处罚案件办理情况");
	t->has_period = true;
	t->from = case_date_of(2023, 1, 1);
	t->to = case_date_of(2023, 6, 30);
	case_table_add_column(t, "unit", CASE_TEXT, "执法单位", NULL);
	case_table_add_column(t, "cases", CASE_INTEGER, "案件数", "件");
	case_table_add_column(t, "fines", CASE_MONEY, "罚款金额", "元");
	case_table_add_column(t, "cases:yoy", CASE_RATIO, "案件数同比", NULL);
	case_table_add_meta(t, "revision", "42");
	case_table_add_meta(t, "command",
	    "case-stat -b unit -m cases,fines,cases:yoy -p 2023H1");
	CHECK(!t->failed);
}

static void
by_unit_rows(struct sink *k)
{
	sink_row(k,
	    (struct case_value[]){ s("城中街道"), i(CASE_INTEGER, 1123),
		i(CASE_MONEY, 4560000), d(CASE_RATIO, 0.558) },
	    4);
	sink_row(k,
	    (struct case_value[]){ s("白龙桥镇|*x*<b>"), i(CASE_INTEGER, 7),
		none(CASE_MONEY), d(CASE_RATIO, -0.5) },
	    4);
}

static void
check_format(enum case_format format, const struct case_writer_options *opt,
    const char *want)
{
	struct case_table t;
	struct sink k;

	by_unit(&t);
	sink_open(&k, format, opt);
	sink_begin(&k, &t);
	by_unit_rows(&k);
	sink_end(&k);
	sink_finish(&k);
	CHECK_STR(k.p, want);
	sink_free(&k);
	case_table_free(&t);
}

static const char design[] =
    "##case-table\t1\n"
    "##name\tby-unit\n"
    "##kind\tstatistics\n"
    "##title\t各镇街行政处罚案件办理情况\n"
    "##period\t2023-01-01\t2023-06-30\n"
    "##column\tunit\ttext\t执法单位\n"
    "##column\tcases\tinteger\t案件数\t件\n"
    "##column\tfines\tmoney\t罚款金额\t元\n"
    "##column\tcases:yoy\tratio\t案件数同比\n"
    "##meta\trevision\t42\n"
    "##meta\tcommand\tcase-stat -b unit -m cases,fines,cases:yoy -p 2023H1\n"
    "unit\tcases\tfines\tcases:yoy\n"
    "城中街道\t123\t45600.00\t0.558\n"
    "##end\t1\tc7b1e9a0\n";

static void
test_case(void)
{
	struct case_table t;
	struct sink k;
	char twice[2 * sizeof(design)];

	by_unit(&t);
	sink_open(&k, CASE_FORMAT_CASE, NULL);
	for (int n = 0; n < 2; n++) {
		sink_begin(&k, &t);
		sink_row(&k,
		    (struct case_value[]){ s("城中街道"), i(CASE_INTEGER, 123),
			i(CASE_MONEY, 4560000), d(CASE_RATIO, 0.558) },
		    4);
		sink_end(&k);
	}
	sink_finish(&k);
	snprintf(twice, sizeof(twice), "%s%s", design, design);
	CHECK_STR(k.p, twice);
	sink_free(&k);
	case_table_free(&t);
}

static void
test_case_escapes(void)
{
	struct case_table t = { 0 };
	struct case_column *c;
	struct sink k;

	case_table_begin(&t, "a\tb", CASE_RECORDS, "case", NULL);
	c = case_table_add_column(&t, "##x", CASE_TEXT, "甲\n", NULL);
	c->privacy = CASE_PRIVACY_ID;
	c = case_table_add_column(&t, "r", CASE_RATIO, "率", NULL);
	c->bar = true;
	c->num = strdup("a");
	c->den = strdup("b");
	sink_open(&k, CASE_FORMAT_CASE, NULL);
	sink_begin(&k, &t);
	sink_row(&k, (struct case_value[]){ s("##\t\n\r\\"), none(CASE_RATIO) },
	    2);
	sink_row(&k,
	    (struct case_value[]){ none(CASE_TEXT), d(CASE_RATIO, 0.1) }, 2);
	k.w->ops->fail(k.w, "broken\npipe");
	CHECK_STR(k.p,
	    "##case-table\t1\n##name\ta\\tb\n##kind\trecords\n##type\tcase\n"
	    "##column\t##x\ttext\t甲\\n\t\tprivacy=id\n"
	    "##column\tr\tratio\t率\t\tnum=a\tden=b\tbar=1\n"
	    "\\##x\tr\n"
	    "\\##\\t\\n\\r\\\\\t\n"
	    "\t0.1\n"
	    "##fail\tbroken\\npipe\n");
	sink_free(&k);
	case_table_free(&t);
}

static void
test_csv(void)
{
	check_format(CASE_FORMAT_CSV, NULL,
	    "unit,cases,fines,cases:yoy\n"
	    "城中街道,1123,45600.00,0.558\n"
	    "白龙桥镇|*x*<b>,7,,-0.5\n");
	check_format(CASE_FORMAT_TSV,
	    &(struct case_writer_options){ .bom = true },
	    "\xef\xbb\xbf"
	    "unit\tcases\tfines\tcases:yoy\n"
	    "城中街道\t1123\t45600.00\t0.558\n"
	    "白龙桥镇|*x*<b>\t7\t\t-0.5\n");
}

static void
one_column(struct case_table *t, const char *name)
{
	*t = (struct case_table){ 0 };
	case_table_begin(t, "t", CASE_RECORDS, "case", NULL);
	case_table_add_column(t, name, CASE_TEXT, "甲", NULL);
	CHECK(!t->failed);
}

/* One text through one column, without the header line. */
static void
check_cell(enum case_format format, const struct case_writer_options *opt,
    const char *cell, const char *want)
{
	struct case_table t;
	struct sink k;

	one_column(&t, "a");
	sink_open(&k, format, opt);
	sink_begin(&k, &t);
	sink_row(&k, (struct case_value[]){ s(cell) }, 1);
	sink_end(&k);
	sink_finish(&k);
	CHECK(k.n > 2);
	CHECK_STR(k.p + 2, want);
	sink_free(&k);
	case_table_free(&t);
}

static void
test_csv_quotes(void)
{
	struct case_table t;
	struct sink k;

	check_cell(CASE_FORMAT_CSV, NULL, "a,\"b\"\n", "\"a,\"\"b\"\"\n\"\n");
	check_cell(CASE_FORMAT_CSV, NULL, "a\tb\x1b", "a\tb\x1b\n");
	check_cell(CASE_FORMAT_CSV, NULL, "\r", "\"\r\"\n");
	check_cell(CASE_FORMAT_TSV, NULL, "a\tb,", "\"a\tb,\"\n");
	check_cell(CASE_FORMAT_CSV, NULL, "=1+1", "=1+1\n");
	check_cell(CASE_FORMAT_CSV, NULL, "", "\"\"\n");

	one_column(&t, "=a");
	sink_open(&k, CASE_FORMAT_CSV,
	    &(struct case_writer_options){ .csv_safe = true });
	sink_begin(&k, &t);
	sink_row(&k, (struct case_value[]){ none(CASE_TEXT) }, 1);
	sink_end(&k);
	sink_begin(&k, &t);
	sink_end(&k);
	sink_finish(&k);
	CHECK_STR(k.p, "'=a\n\"\"\n\n'=a\n");
	sink_free(&k);
	case_table_free(&t);
}

static void
test_csv_safe(void)
{
	static const struct case_writer_options safe = { .csv_safe = true };
	static const char *const bad[] = { "=1", "+1", "-1", "@a", "＝1", "＋",
		"－1", "＠a", "  =1", "\xef\xbb\xbf=1", "'=1", "　=1", " ＝1",
		"“=1", "\xc2\xa0-1", "-", "\xe2\x80\x8b@x" };
	static const char *const good[] = { "1", "a=b", "城中", "110-1", "(=1)",
		"。=", "~", "#", "'a" };
	char want[64];

	for (size_t n = 0; n < sizeof(bad) / sizeof(bad[0]); n++) {
		snprintf(want, sizeof(want), "'%s\n", bad[n]);
		check_cell(CASE_FORMAT_CSV, &safe, bad[n], want);
		check_cell(CASE_FORMAT_TSV, &safe, bad[n], want);
	}
	for (size_t n = 0; n < sizeof(good) / sizeof(good[0]); n++) {
		snprintf(want, sizeof(want), "%s\n", good[n]);
		check_cell(CASE_FORMAT_CSV, &safe, good[n], want);
	}
	check_cell(CASE_FORMAT_CSV, &safe, "\t1", "'\t1\n");
	check_cell(CASE_FORMAT_TSV, &safe, "\t1", "\"'\t1\"\n");
	check_cell(CASE_FORMAT_CSV, &safe, "\n=1", "\"'\n=1\"\n");
	check_cell(CASE_FORMAT_CSV, &safe, "\r1", "\"'\r1\"\n");
	check_cell(CASE_FORMAT_CSV, &safe, "\"=1\"", "\"'\"\"=1\"\"\"\n");
	check_cell(CASE_FORMAT_CSV, &safe, "a\x1b[1m\tb", "a\\x1b[1m\tb\n");
	/* Numbers are what they are. */
	check_format(CASE_FORMAT_CSV, &safe,
	    "unit,cases,fines,cases:yoy\n"
	    "城中街道,1123,45600.00,0.558\n"
	    "白龙桥镇|*x*<b>,7,,-0.5\n");
}

static void
test_gb18030(void)
{
	static const struct case_writer_options gb = { .gb18030 = true };
	struct case_writer *w;
	struct case_error err;

	check_cell(CASE_FORMAT_CSV, &gb, "城中,é\xf0\xa0\x80\x80",
	    "\"\xb3\xc7\xd6\xd0,\xa8\xa6\x95\x32\x82\x36\"\n");
	CHECK_INT(case_writer_open(&w, CASE_FORMAT_JSON, stdout, &gb, &err),
	    CASE_EUSAGE);
	CHECK(w == NULL);
	CHECK_INT(case_writer_open(&w, CASE_FORMAT_CASE, stdout, &gb, &err),
	    CASE_EUSAGE);
	CHECK_INT(case_writer_open(&w, CASE_FORMAT_CSV, stdout,
		      &(struct case_writer_options){ .gb18030 = true,
			  .bom = true },
		      &err),
	    CASE_EUSAGE);
	CHECK_INT(case_writer_open(&w, CASE_FORMAT_HTML, stdout,
		      &(struct case_writer_options){ .bom = true }, &err),
	    CASE_EUSAGE);
	CHECK_INT(case_writer_open(&w, CASE_FORMAT_XLSX, stdout, NULL, &err),
	    CASE_EUSAGE);
}

static void
test_json(void)
{
	struct sink k;

	check_format(CASE_FORMAT_JSON, NULL,
	    "{\"tables\":[\n"
	    "{\"name\":\"by-unit\",\"kind\":\"statistics\","
	    "\"title\":\"各镇街行政处罚案件办理情况\","
	    "\"period\":[\"2023-01-01\",\"2023-06-30\"],"
	    "\"columns\":["
	    "{\"name\":\"unit\",\"type\":\"text\",\"label\":\"执法单位\","
	    "\"unit\":null},"
	    "{\"name\":\"cases\",\"type\":\"integer\",\"label\":\"案件数\","
	    "\"unit\":\"件\"},"
	    "{\"name\":\"fines\",\"type\":\"money\",\"label\":\"罚款金额\","
	    "\"unit\":\"元\"},"
	    "{\"name\":\"cases:yoy\",\"type\":\"ratio\","
	    "\"label\":\"案件数同比\",\"unit\":null}],"
	    "\"rows\":[\n"
	    "[\"城中街道\",1123,45600.00,0.558],\n"
	    "[\"白龙桥镇|*x*<b>\",7,null,-0.5]\n"
	    "]}\n"
	    "]}\n");
	sink_open(&k, CASE_FORMAT_JSON, NULL);
	sink_finish(&k);
	CHECK_STR(k.p, "{\"tables\":[]}\n");
	sink_free(&k);
}

static void
test_jsonl(void)
{
	struct case_value v[] = { i(CASE_DATE, 0), i(CASE_TIME, 3600),
		i(CASE_FLAG, 1), s("\x1b\n\"\\\x7f\xe2\x80\xae") };
	struct case_table t = { 0 };
	struct sink k;

	check_format(CASE_FORMAT_JSONL, NULL,
	    "{\"unit\":\"城中街道\",\"cases\":1123,\"fines\":45600.00,"
	    "\"cases:yoy\":0.558}\n"
	    "{\"unit\":\"白龙桥镇|*x*<b>\",\"cases\":7,\"fines\":null,"
	    "\"cases:yoy\":-0.5}\n");
	check_format(CASE_FORMAT_JSONL,
	    &(struct case_writer_options){ .several = true },
	    "{\"_table\":\"by-unit\",\"unit\":\"城中街道\",\"cases\":1123,"
	    "\"fines\":45600.00,\"cases:yoy\":0.558}\n"
	    "{\"_table\":\"by-unit\",\"unit\":\"白龙桥镇|*x*<b>\","
	    "\"cases\":7,\"fines\":null,\"cases:yoy\":-0.5}\n");

	case_table_begin(&t, "t", CASE_RECORDS, "case", NULL);
	case_table_add_column(&t, "d\"", CASE_DATE, "日", NULL);
	case_table_add_column(&t, "t", CASE_TIME, "时", NULL);
	case_table_add_column(&t, "f", CASE_FLAG, "否", NULL);
	case_table_add_column(&t, "s", CASE_TEXT, "文", NULL);
	sink_open(&k, CASE_FORMAT_JSONL, NULL);
	sink_begin(&k, &t);
	sink_row(&k, v, 4);
	sink_end(&k);
	sink_begin(&k, &t);
	sink_row(&k, v, 4);
	v[3] = s("\xff");
	CHECK_INT(k.w->ops->row(k.w, v, 4, &k.err), CASE_EDATA);
	CHECK_STR(k.err.what, "a value of column 's' is not UTF-8");
	sink_end(&k);
	sink_finish(&k);
#define LINE                                                              \
	"\"d\\\"\":\"1970-01-01\",\"t\":\"1970-01-01T01:00:00\",\"f\":1," \
	"\"s\":\"\\u001b\\n\\\"\\\\\\u007f\\u202e\"}\n"
	CHECK_STR(k.p, "{" LINE "{\"_table\":\"t\"," LINE);
	sink_free(&k);
	case_table_free(&t);
}

static void
test_md(void)
{
	check_format(CASE_FORMAT_MD, NULL,
	    "## 各镇街行政处罚案件办理情况（2023-01-01 至 2023-06-30）\n\n"
	    "| 执法单位 | 案件数(件) | 罚款金额(元) | 案件数同比 |\n"
	    "| --- | ---: | ---: | ---: |\n"
	    "| 城中街道 | 1,123 | 45,600.00 | 55.8% |\n"
	    "| 白龙桥镇\\|\\*x\\*\\<b\\> | 7 |  | -50.0% |\n");
}

static void
test_text(void)
{
	check_format(CASE_FORMAT_TXT,
	    &(struct case_writer_options){ .color = true },
	    "各镇街行政处罚案件办理情况（2023-01-01 至 2023-06-30）\n"
	    "执法单位         案件数(件)  罚款金额(元)  案件数同比\n"
	    "城中街道              1,123     45,600.00       55.8%\n"
	    "白龙桥镇|*x*<b>           7                    -50.0%\n");
	check_format(CASE_FORMAT_TABLE,
	    &(struct case_writer_options){ .columns = 48, .lang = CASE_EN },
	    "各镇街行政处罚案件办理情况 (2023-01-01 to 2023-06-30)\n"
	    "执法单位    案件数(件)  罚款金额(元)  案件数同比\n"
	    "城中街道         1,123     45,600.00       55.8%\n"
	    "白龙桥镇|…           7                    -50.0%\n");
}

static void
test_bars(void)
{
	static const double share[] = { 0.5, 1.5, 0.01, 0, -1, 0.3 };
	struct case_table t = { 0 };
	struct sink k;

	case_table_begin(&t, "t", CASE_STATISTICS, NULL, NULL);
	case_table_add_column(&t, "a", CASE_RATIO, "占比", NULL)->bar = true;
	case_table_add_column(&t, "b", CASE_TEXT, "文", NULL);
	sink_open(&k, CASE_FORMAT_TABLE,
	    &(struct case_writer_options){ .color = true });
	sink_begin(&k, &t);
	for (size_t n = 0; n < sizeof(share) / sizeof(share[0]); n++)
		sink_row(&k,
		    (struct case_value[]){ d(CASE_RATIO, share[n]),
			s("\x1b[2J\n") },
		    2);
	sink_row(&k, (struct case_value[]){ none(CASE_RATIO), none(CASE_TEXT) },
	    2);
	sink_end(&k);
	sink_begin(&k, &t);
	sink_end(&k);
	sink_finish(&k);
	CHECK_STR(k.p, "t\n"
		       "\x1b[1m   占比           文\x1b[0m\n"
		       "  50.0% ████      \\x1b[2J\\n\n"
		       " 150.0% ████████  \\x1b[2J\\n\n"
		       "   1.0% ▏         \\x1b[2J\\n\n"
		       "   0.0%           \\x1b[2J\\n\n"
		       "-100.0%           \\x1b[2J\\n\n"
		       "  30.0% ██▍       \\x1b[2J\\n\n"
		       "\n"
		       "\n"
		       "t\n"
		       "\x1b[1m占比           文\x1b[0m\n");
	sink_free(&k);
	case_table_free(&t);
}

/* The widths are those of the sample; what comes later may stand out. */
static void
test_long_text(void)
{
	struct case_table t;
	struct sink k;
	const char *last;

	one_column(&t, "a");
	sink_open(&k, CASE_FORMAT_TXT, NULL);
	sink_begin(&k, &t);
	for (int n = 0; n < 100000; n++)
		sink_row(&k, (struct case_value[]){ s("甲乙") }, 1);
	sink_row(&k, (struct case_value[]){ s("一二三四五六") }, 1);
	sink_end(&k);
	sink_finish(&k);
	CHECK_INT(k.n, 2 + 4 + 100000 * 7 + 19);
	last = k.p + k.n - 19;
	CHECK_STR(last, "一二三四五六\n");
	sink_free(&k);

	sink_open(&k, CASE_FORMAT_TABLE,
	    &(struct case_writer_options){ .columns = 3 });
	sink_begin(&k, &t);
	sink_row(&k, (struct case_value[]){ s("一二三四五六") }, 1);
	sink_end(&k);
	sink_finish(&k);
	CHECK_STR(k.p, "t\n甲\n一二三…\n");
	sink_free(&k);
	case_table_free(&t);
}

static void
test_html(void)
{
	struct case_table t;
	struct sink k;

	by_unit(&t);
	t.column[3].bar = true;
	sink_open(&k, CASE_FORMAT_HTML, NULL);
	for (int n = 0; n < 2; n++) {
		sink_begin(&k, &t);
		by_unit_rows(&k);
		sink_end(&k);
	}
	sink_finish(&k);
	CHECK(strstr(k.p, "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n") == k.p);
	CHECK(strstr(k.p, "<meta charset=\"utf-8\">") != NULL);
	CHECK(strstr(k.p, "<title>各镇街行政处罚案件办理情况</title>") != NULL);
	CHECK(strstr(k.p, "<caption>各镇街行政处罚案件办理情况（2023-01-01 至 "
			  "2023-06-30）</caption>") != NULL);
	CHECK(strstr(k.p,
		  "<tr><td>城中街道</td><td class=\"n\">1,123</td>"
		  "<td class=\"n\">45,600.00</td>"
		  "<td class=\"n b\" style=\"--v:55.8%\">55.8%</td></tr>\n") !=
	      NULL);
	CHECK(strstr(k.p,
		  "<tr><td>白龙桥镇|*x*&lt;b&gt;</td><td class=\"n\">7</td>"
		  "<td class=\"n\"></td>"
		  "<td class=\"n b\" style=\"--v:0.0%\">-50.0%</td></tr>\n") !=
	      NULL);
	CHECK(strstr(k.p, "<dt>数据版本</dt><dd>42</dd>") != NULL);
	CHECK(strstr(strstr(k.p, "<footer>"), "</dl>") ==
	      strstr(k.p, "</footer>") - 6);
	CHECK(strstr(k.p, "http:") == NULL && strstr(k.p, "https:") == NULL);
	CHECK(strcmp(k.p + k.n - 16, "</body>\n</html>\n") == 0);
	sink_free(&k);
	case_table_free(&t);
}

static void
test_faults(void)
{
	static const enum case_format all[] = { CASE_FORMAT_CASE,
		CASE_FORMAT_TABLE, CASE_FORMAT_TXT, CASE_FORMAT_CSV,
		CASE_FORMAT_TSV, CASE_FORMAT_JSON, CASE_FORMAT_JSONL,
		CASE_FORMAT_MD, CASE_FORMAT_HTML };
	struct case_table t;
	struct case_value v[4] = { s("x"), i(CASE_INTEGER, 1), i(CASE_MONEY, 1),
		d(CASE_RATIO, NAN) };

	by_unit(&t);
	for (size_t n = 0; n < sizeof(all) / sizeof(all[0]); n++) {
		struct case_error err = { 0 };
		struct case_writer *w;
		enum case_status rc = CASE_OK;
		FILE *full = fopen("/dev/full", "w");

		CHECK(full != NULL);
		CHECK_INT(case_writer_open(&w, all[n], full, NULL, &err),
		    CASE_OK);
		CHECK_INT(w->ops->begin(w, &t, &err), CASE_OK);
		v[3] = d(CASE_RATIO, NAN);
		CHECK_INT(w->ops->row(w, v, 4, &err), CASE_EDATA);
		CHECK_STR(err.what,
		    "a value of column 'cases:yoy' is not a finite number");
		v[3] = d(CASE_RATIO, 1);
		CHECK_INT(w->ops->row(w, v, 3, &err), CASE_EDATA);
		/* Enough rows to meet the fault on the way. */
		for (int r = 0; r < 20000 && rc == CASE_OK; r++)
			rc = w->ops->row(w, v, 4, &err);
		CHECK_INT(rc, CASE_EIO);
		w->ops->fail(w, "reason");
		w->ops->close(w);
		fclose(full);

		/* And so few that only finish can. */
		full = fopen("/dev/full", "w");
		CHECK_INT(case_writer_open(&w, all[n], full, NULL, &err),
		    CASE_OK);
		CHECK_INT(w->ops->begin(w, &t, &err), CASE_OK);
		CHECK_INT(w->ops->row(w, v, 4, &err), CASE_OK);
		CHECK_INT(w->ops->end(w, &err), CASE_OK);
		CHECK_INT(w->ops->finish(w, &err), CASE_EIO);
		w->ops->close(w);
		fclose(full);
	}
	case_table_free(&t);
}

static void
test_names(void)
{
	enum case_format f;

	for (int n = 0; n <= CASE_FORMAT_XLSX; n++) {
		CHECK(case_format_find(case_format_name((enum case_format)n),
		    &f));
		CHECK_INT(f, n);
	}
	CHECK(case_format_find("XLSX", &f) && f == CASE_FORMAT_XLSX);
	CHECK(case_format_find("htm", &f) && f == CASE_FORMAT_HTML);
	CHECK(!case_format_find("", &f));
	CHECK(!case_format_find("csvx", &f));
	CHECK(!case_format_find("cs", &f));
}

int
main(void)
{
	test_case();
	test_case_escapes();
	test_csv();
	test_csv_quotes();
	test_csv_safe();
	test_gb18030();
	test_json();
	test_jsonl();
	test_md();
	test_text();
	test_bars();
	test_long_text();
	test_html();
	test_faults();
	test_names();
	TEST_END();
}
