/* test_mapping.c - header rows found, headers mapped, layouts */
#include <stdlib.h>
#include <unistd.h>

#include "case/layout.h"

#include "test.h"

static struct case_share *share;
static struct case_rtype *rt;

/* A mapping of some text, and all that it needs. */
struct file {
	char path[32];
	struct case_input *in;
	struct case_reader *rd;
	struct case_layout *layout;
	struct case_mapping m;
	struct case_error err;
	enum case_status rc;
};

static void
open_text(struct file *f, const char *text)
{
	FILE *out;

	*f = (struct file){ .path = "/tmp/test_mapping.XXXXXX" };
	close(mkstemp(f->path));
	out = fopen(f->path, "w");
	CHECK(out != NULL && fputs(text, out) >= 0 && fclose(out) == 0);
	f->rc = case_input_open(&f->in, f->path, CASE_ENCODING_AUTO, &f->err);
	if (f->rc == CASE_OK)
		f->rc = case_reader_open(&f->rd, f->in,
		    &(struct case_reader_options){ .format = CASE_ROWS_AUTO },
		    &f->err);
	if (f->rc != CASE_OK) {
		fprintf(stderr, "%s\n%s", f->err.what, text);
		exit(1);
	}
}

static void
close_file(struct file *f)
{
	case_mapping_free(&f->m);
	case_layout_free(f->layout);
	case_reader_close(f->rd);
	case_input_close(f->in);
	unlink(f->path);
}

/* Maps text by a layout (NULL: none) and --map assignments. */
static void
map_text(struct file *f, const char *text, const char *layout,
    const char *const *assign)
{
	open_text(f, text);
	f->rc = layout != NULL
		    ? case_layout_load(&f->layout, share, layout, rt, &f->err)
		    : case_layout_new(&f->layout, rt, &f->err);
	CHECK_INT(f->rc, CASE_OK);
	for (; assign != NULL && *assign != NULL; assign++)
		CHECK_INT(case_layout_map(f->layout, *assign, rt, &f->err),
		    CASE_OK);
	if (f->rc == CASE_OK)
		f->rc = case_mapping_find(&f->m, f->rd, rt, f->layout, &f->err);
}

static const char *
field_at(const struct file *f, size_t i)
{
	if (i >= f->m.column_n)
		return "?";
	if (f->m.column[i].field == CASE_EXTRA)
		return "-";
	if (f->m.column[i].field == CASE_IGNORE)
		return "!";
	return rt->field[f->m.column[i].field].name;
}

/* The fields of all columns, with a space between. */
static const char *
fields(const struct file *f)
{
	static char all[4096];
	size_t n = 0;

	all[0] = '\0';
	for (size_t i = 0; i < f->m.column_n; i++)
		n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%s",
		    i > 0 ? " " : "", field_at(f, i));
	return all;
}

static size_t
next_line(struct file *f)
{
	struct case_row row;

	return case_reader_next(f->rd, &row, &f->err) == CASE_OK ? row.line : 0;
}

static void
test_plain(void)
{
	struct file f;

	map_text(&f, "案件编号,罚款金额,没有的列\r\nA1,100,x\r\n", NULL, NULL);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), "case_no fine -");
	CHECK_INT(f.m.header_line, 1);
	CHECK_INT(f.m.skipped, 0);
	CHECK_INT(f.m.width, 3);
	CHECK_INT(f.m.column[1].scale, 100);
	CHECK_STR(f.m.column[2].header, "没有的列");
	CHECK_STR(f.m.column[2].extra, "没有的列");
	CHECK_INT(next_line(&f), 2);
	close_file(&f);
}

/* Title rows, a blank line and a wrong guess stand above the header. */
static void
test_titles(void)
{
	struct file f;

	map_text(&f,
	    "某某县行政处罚案件台账,,\n填报单位：某局,,备注\n\n"
	    "案件编号,执法单位,立案日期\nA1,甲,2023-01-01\n"
	    "案件编号,执法单位,立案日期\nA2,乙,2023-01-02\n",
	    NULL, NULL);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_INT(f.m.header_line, 4);
	CHECK_INT(f.m.skipped, 3);
	CHECK_STR(fields(&f), "case_no unit filed_on");
	CHECK_INT(next_line(&f), 5);
	close_file(&f);
}

/*
 * Headers of two rows, as merged cells leave them, below titles or not; and
 * rows above a header that must not be joined to it.
 */
static const struct {
	const char *text;
	const char *fields;
	size_t line;
	size_t skipped;
	size_t column; /* of this one the header is … */
	const char *header;
} joined[] = {
	{ "序号,案件,,,当事人,,罚款金额（万元）\n"
	  ",编号,立案日期,案由,名称,证件号码,\n"
	  "1,A1,2023-01-01,x,甲,,2\n",
	    "- case_no filed_on act party_name party_id fine", 2, 0, 4,
	    "当事人/名称" },
	{ "某某局台账,,,,\n填报单位：某局,,制表人：甲,,\n"
	  "案件编号,时间,,罚款(万元),\n,立案,结案,应缴罚款金额,其他\n"
	  "A1,2023-01-01,2023-02-01,1,2\n",
	    "case_no - - fine -", 4, 2, 1, "时间/立案" },
	{ "案件编号,日期,,备注\n,立案日期,结案日期,\nA1,2023-01-01,,\n",
	    "case_no filed_on closed_on remark", 2, 0, 2, "日期/结案日期" },
	/* The upper row alone knows as many names. */
	{ "案号,立案日期,罚款金额,当事人,\n,,,名称,未知\nA1,,,x,y\n",
	    "case_no filed_on fine party_name -", 2, 0, 4, "当事人/未知" },
	/* Titles of several cells above a header of one row. */
	{ "单位：某局,,填报人：甲,\n案件编号,立案日期,案由,罚款金额\nA1,,,1\n",
	    "case_no filed_on act fine", 2, 1, 1, "立案日期" },
	/* A column without a name above a row of data. */
	{ "案件编号,案由,,执法单位\n甲,,乙,\n", "case_no act - unit", 1, 0, 2,
	    "" },
	/* A group of which nothing is known but the units. */
	{ "案件编号,金额（万元）,\n,罚款金额,其他金额\nA1,1,2\n",
	    "case_no fine -", 2, 0, 1, "金额（万元）/罚款金额" },
};

static void
test_joined(void)
{
	for (size_t i = 0; i < sizeof(joined) / sizeof(joined[0]); i++) {
		struct file f;

		map_text(&f, joined[i].text, NULL, NULL);
		CHECK_INT(f.rc, CASE_OK);
		CHECK_STR(fields(&f), joined[i].fields);
		CHECK_INT(f.m.header_line, joined[i].line);
		CHECK_INT(f.m.skipped, joined[i].skipped);
		CHECK_STR(f.m.column[joined[i].column].header,
		    joined[i].header);
		CHECK_INT(next_line(&f), joined[i].line + 1);
		close_file(&f);
	}
}

/* Columns of fixed width are called so. */
static void
test_fixed_width(void)
{
	struct file f;

	map_text(&f, "编号    日期        金额\nA1      2023-01-01  5\n", NULL,
	    NULL);
	CHECK_INT(f.rc, CASE_EDATA);
	CHECK(strstr(f.err.what, "fixed width") != NULL);
	close_file(&f);
}

/* Two groups with one name in them are asked about; -H takes either row. */
static void
test_joined_choice(void)
{
	static const char text[] = "案件编号,申请人,,答辩人,\n"
				   ",当事人,电话,当事人,电话\nA1,a,1,b,2\n";
	static const char good[] = "表,,\n案件编号,日期,\n,立案日期,结案日期\n";
	static const char *const map[] = { "答辩人/当事人=-", "答辩人/电话=-",
		"申请人/当事人=party_name", "申请人/电话=party_phone", NULL };
	struct file f;

	map_text(&f, text, NULL, NULL);
	CHECK_INT(f.rc, CASE_EDATA);
	CHECK(strstr(f.err.what, "'申请人/当事人' (column 2)") != NULL);
	CHECK(strstr(f.err.what, "'答辩人/当事人' (column 4)") != NULL);
	close_file(&f);
	map_text(&f, text, NULL, map);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), "case_no party_name party_phone - -");
	close_file(&f);
	for (size_t row = 2; row <= 3; row++) {
		open_text(&f, good);
		CHECK_INT(case_layout_new(&f.layout, rt, &f.err), CASE_OK);
		f.layout->header_row = row;
		CHECK_INT(case_mapping_find(&f.m, f.rd, rt, f.layout, &f.err),
		    CASE_OK);
		CHECK_STR(fields(&f), "case_no filed_on closed_on");
		CHECK_INT(f.m.header_line, 3);
		close_file(&f);
	}
}

/* A header that fits two fields is asked about, unless the user decides. */
static void
test_asked(void)
{
	static const char text[] = "文书编号,单位,发文单位\nD1,甲,乙\n";
	static const char *const is[] = { "单位=addressee", NULL };
	static const char *const other[] = { "发文单位=unit", NULL };
	static const char *const both[] = { "发文单位=unit",
		"收件单位=addressee", NULL };
	struct case_rtype *cases = rt;
	struct case_error err;
	struct file f;

	CHECK_INT(case_rtype_load(&rt, share, "supervision", &err), CASE_OK);
	map_text(&f, "文书编号,单位\nD1,甲\n", NULL, NULL);
	CHECK_INT(f.rc, CASE_EDATA);
	CHECK(strstr(f.err.what, "'单位'") != NULL);
	CHECK(strstr(f.err.what, "'unit'") != NULL);
	CHECK(strstr(f.err.what, "'addressee'") != NULL);
	CHECK(strstr(f.err.what, "--map") != NULL);
	CHECK_INT(f.err.line, 1);
	close_file(&f);
	map_text(&f, text, NULL, is);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), "paper_no addressee unit");
	close_file(&f);
	/* What the user gave to another column is no longer asked about. */
	map_text(&f, text, NULL, other);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), "paper_no addressee unit");
	close_file(&f);
	map_text(&f, "单位,文书编号,收件单位,发文单位\n甲,D1,乙,丙\n", NULL,
	    both);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), "- paper_no addressee unit");
	close_file(&f);
	case_rtype_free(rt);
	rt = cases;
}

/* What a header may look like; the unit in fen where it matters. */
static const struct {
	const char *header;
	const char *field;
	int64_t scale;
} headers[] = { { "罚款金额（万元）", "fine", 1000000 },
	{ "罚款金额(元)", "fine", 100 },
	{ "罚没款金额（亿元）", "fine", 10000000000 },
	{ "罚款金额【单位：万元】", "fine", 1000000 },
	{ "罚款金额万元", "fine", 1000000 }, { "CF_NR_FK", "fine", 1000000 },
	{ "cf_nr_fk(元)", "fine", 100 }, { "*罚款金额(必填)", "fine", 100 },
	{ "罚 款 金 额 ：", "fine", 100 },
	{ "处罚结果（应缴罚款金额）", "fine", 100 },
	{ "立案日期（必填）", "filed_on", 0 }, { "立案日期(万元)", "-", 0 },
	{ "延期天数(天)", "extended_days", 0 },
	{ "行政相对人代码_2(工商注册号)", "party_id", 0 },
	{ "行政相对人代码_9(统一社会信用代码)", "party_id", 0 },
	{ "行政相对人代码-1（…）", "party_id", 0 },
	{ "行政相对人代码_9", "-", 0 },
	{ "当事人名称(法定代表人)", "party_name", 0 },
	{ "法定代表人（负责人）", "legal_rep", 0 },
	{ "不知道（案由）", "act", 0 }, { "（）", "-", 0 },
	{ "执法单位(", "unit", 0 }, { "ＣＦ＿ＷＳＨ", "decision_no", 0 },
	{ "罚款金额(万元", "fine", 1000000 } };

static void
test_headers(void)
{
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		struct file f;
		char text[256];

		snprintf(text, sizeof(text), "案件编号,%s,案件名称\nA,1,b\n",
		    headers[i].header);
		map_text(&f, text, NULL, NULL);
		CHECK_INT(f.rc, CASE_OK);
		CHECK_STR(field_at(&f, 1), headers[i].field);
		CHECK_INT(f.m.column[1].scale, headers[i].scale);
		close_file(&f);
	}
}

static void
test_clash(void)
{
	static const char *const one[] = { "身份证号=party_id", NULL };
	static const char *const both[] = { "身份证号=证件号码",
		"统一社会信用代码=party_id", NULL };
	static const char *const off[] = { "身份证号=-", NULL };
	static const char text[] = "案号,统一社会信用代码,案由,身份证号,案由\n"
				   "A1,,x,y,z\n";
	static const char good[] = "案号,统一社会信用代码,身份证号\nA1,,y\n";
	struct file f;

	map_text(&f, text, NULL, NULL);
	CHECK_INT(f.rc, CASE_EDATA);
	CHECK_INT(f.err.line, 1);
	CHECK(strstr(f.err.what, "'统一社会信用代码' (column 2)") != NULL);
	CHECK(strstr(f.err.what, "'身份证号' (column 4)") != NULL);
	CHECK(strstr(f.err.what, "'案由' (column 3)") != NULL);
	CHECK(strstr(f.err.what, "'案由' (column 5)") != NULL);
	close_file(&f);

	map_text(&f, good, NULL, one);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), "case_no - party_id");
	close_file(&f);

	map_text(&f, good, NULL, off);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), "case_no party_id -");
	close_file(&f);

	map_text(&f, good, NULL, both);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), "case_no party_id party_id");
	CHECK(f.m.column[2].rank < f.m.column[1].rank);
	close_file(&f);
}

/* Columns without a field: each has a key of its own in extra. */
static void
test_extra_keys(void)
{
	struct file f;

	map_text(&f, "案号,甲,,甲,名称,甲,\nA1,1,2,3,4,5,6\n", NULL, NULL);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), "case_no - - - name - -");
	CHECK_STR(f.m.column[1].extra, "甲");
	CHECK_STR(f.m.column[2].extra, "#3");
	CHECK_STR(f.m.column[3].extra, "甲#2");
	CHECK_STR(f.m.column[5].extra, "甲#3");
	CHECK_STR(f.m.column[6].extra, "#7");
	CHECK_STR(f.m.column[3].header, "甲");
	close_file(&f);
}

static void
test_map(void)
{
	static const char *const odd[] = { "a=b=案由", "时间=filed_on", NULL };
	static const char *const absent[] = { "没有=filed_on", NULL };
	static const char *const bad[] = { "甲", "=fine", "甲=", "甲=fien",
		"甲=罚钱", NULL };
	struct case_layout *l;
	struct case_error err;
	struct file f;

	map_text(&f, "案号,a=b,时间\nA1,1,2\n", NULL, odd);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), "case_no act filed_on");
	close_file(&f);

	map_text(&f, "案号,时间\nA1,1\n", NULL, absent);
	CHECK_INT(f.rc, CASE_EDATA);
	CHECK(strstr(f.err.what, "'没有'") != NULL);
	close_file(&f);

	CHECK_INT(case_layout_new(&l, rt, &err), CASE_OK);
	for (const char *const *p = bad; *p != NULL; p++)
		CHECK_INT(case_layout_map(l, *p, rt, &err), CASE_EUSAGE);
	case_layout_map(l, "甲=fin", rt, &err);
	CHECK(strstr(err.what, "'fine'") != NULL);
	case_layout_free(l);
}

static void
test_nothing(void)
{
	static const char *const texts[] = { "a,b,c\n1,2,3\n", "案由\n",
		"\n\n\n", "{\"x\":1}\n", "1234567890123,当事人甲乙丙\n" };
	struct file f;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		map_text(&f, texts[i], NULL, NULL);
		CHECK_INT(f.rc, CASE_EDATA);
		close_file(&f);
	}
	/* What was seen is shown, but no long number of a person. */
	map_text(&f, texts[4], NULL, NULL);
	CHECK(strstr(f.err.what, "当事人") != NULL);
	CHECK(strstr(f.err.what, "1234") == NULL);
	CHECK(strstr(f.err.what, "--map") != NULL);
	close_file(&f);
	/* An identity alone is enough. */
	map_text(&f, "x,案号\n1,2\n", NULL, NULL);
	CHECK_INT(f.rc, CASE_OK);
	close_file(&f);
}

/* The header may stand in row 20, and no lower. */
static void
test_depth(void)
{
	char text[512];
	struct file f;

	for (int n = 19; n <= 20; n++) {
		size_t at = 0;

		for (int i = 0; i < n; i++)
			at += (size_t)snprintf(text + at, sizeof(text) - at,
			    "标题%d,\n", i);
		snprintf(text + at, sizeof(text) - at, "案号,名称\nA,b\n");
		map_text(&f, text, NULL, NULL);
		CHECK_INT(f.rc, n == 19 ? CASE_OK : CASE_EDATA);
		if (n == 19)
			CHECK_INT(f.m.skipped, 19);
		close_file(&f);
	}
}

static void
test_given_row(void)
{
	static const char text[] = "案号,名称,案由\n案号,名称\n\"多\n行\",x\n"
				   "案号,名称\nA1,b\n";
	struct file f;

	for (size_t line = 1; line <= 7; line++) {
		open_text(&f, text);
		CHECK_INT(case_layout_new(&f.layout, rt, &f.err), CASE_OK);
		f.layout->header_row = line;
		f.rc = case_mapping_find(&f.m, f.rd, rt, f.layout, &f.err);
		/* Lines 3 and 4 are one row, 6 has data, 7 is not there. */
		CHECK_INT(f.rc,
		    line == 1 || line == 2 || line == 5 ? CASE_OK : CASE_EDATA);
		if (f.rc == CASE_OK) {
			CHECK_INT(f.m.header_line, line);
			CHECK_INT(f.m.skipped, line == 5 ? 3 : line - 1);
		}
		close_file(&f);
	}
}

static void
test_width(void)
{
	static const struct {
		const char *text;
		size_t width;
	} t[] = { { "案号,名称\nA,b,\nC,d,\n", 3 },
		{ "案号,名称\nA,b,,\nC,d,,\n\nE,f,,\n", 4 },
		{ "案号,名称\nA,b,\nC,d\n", 2 },
		{ "案号,名称\nA,b\nC,d,\n", 2 },
		{ "案号,名称\nA,b,x\nC,d,y\n", 2 },
		{ "案号,名称,,\nA,b\nC,d\n", 2 },
		{ "案号,名称,,\nA,b,x\nC,d,y\n", 3 },
		{ "案号,名称,,\nA,b,x,\nC,d,y\n", 4 },
		{ "案号,名称,,\nA\nC\n", 4 }, { "案号,名称\n", 2 } };

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct file f;

		map_text(&f, t[i].text, NULL, NULL);
		CHECK_INT(f.rc, CASE_OK);
		CHECK_INT(f.m.width, t[i].width);
		CHECK_INT(f.m.column_n, t[i].width);
		close_file(&f);
	}
}

static void
test_jsonl(void)
{
	struct case_row row;
	struct file f;

	map_text(&f,
	    "{\"案件编号\":\"A1\",\"罚款金额\":100,\"_file\":\"x\"}\n"
	    "{\"案件编号\":\"A2\",\"新列\":1}\n",
	    NULL, NULL);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_INT(f.m.header_line, 0);
	CHECK_INT(f.m.width, 0);
	CHECK_STR(fields(&f), "case_no fine ! -");
	CHECK_INT(case_reader_next(f.rd, &row, &f.err), CASE_OK);
	CHECK_INT(row.line, 1);
	close_file(&f);
}

/* What the tools write about a row is no data of it; the rest all is. */
static void
test_provenance(void)
{
	static const char table[] = "##case-table\t1\n##name\tcase\n"
				    "##kind\trecords\n##type\tcase\n"
				    "##column\tcase_no\ttext\n"
				    "##column\t_file\ttext\n"
				    "##column\t_table\ttext\n"
				    "##column\t_own\ttext\n"
				    "case_no\t_file\t_table\t_own\n"
				    "A1\tf\tt\to\n##end\t1\t4e13b02d\n";
	struct file f;

	map_text(&f,
	    "{\"案件编号\":\"A1\",\"_file\":\"x\",\"_sheet\":\"\",\"_line\":2,"
	    "\"_batch\":1,\"_reason\":\"\",\"_table\":\"case\",\"_id\":7,"
	    "\"_surplus\":\"s\",\"_extra\":{}}\n",
	    NULL, NULL);
	CHECK_STR(fields(&f), "case_no ! ! ! ! ! ! - - -");
	CHECK_STR(f.m.column[7].extra, "_id");
	close_file(&f);

	map_text(&f,
	    "_line,_reason,案件编号,_table,_id,_surplus\n2,x,A1,t,7,s\n", NULL,
	    NULL);
	CHECK_STR(fields(&f), "! ! case_no - - -");
	close_file(&f);

	map_text(&f, table, NULL, NULL);
	CHECK_STR(fields(&f), "case_no ! - -");
	close_file(&f);
}

/* Names that turn up behind the first rows are mapped when they do. */
static void
test_grow(void)
{
	char text[4096];
	size_t n = 0, names;
	struct case_row row;
	struct file f;

	for (int i = 0; i < 30; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "{\"案号\":\"A%d\"%s}\n", i,
		    i == 25 ? ",\"结案日期\":\"2023-01-01\"" : "");
	map_text(&f, text, NULL, NULL);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_INT(f.m.column_n, 1);
	while (case_reader_next(f.rd, &row, &f.err) == CASE_OK)
		;
	case_reader_names(f.rd, &names);
	CHECK_INT(names, 2);
	CHECK_INT(case_mapping_grow(&f.m, f.rd, rt, f.layout, &f.err), CASE_OK);
	CHECK_STR(fields(&f), "case_no closed_on");
	close_file(&f);

	snprintf(text + n, sizeof(text) - n, "{\"案件编号\":\"X\"}\n");
	map_text(&f, text, NULL, NULL);
	CHECK_INT(f.rc, CASE_OK);
	while (case_reader_next(f.rd, &row, &f.err) == CASE_OK)
		;
	CHECK_INT(case_mapping_grow(&f.m, f.rd, rt, f.layout, &f.err),
	    CASE_EDATA);
	close_file(&f);
}

/* Many names that no field takes, a few a time: each costs as the first. */
static void
test_many_names(void)
{
	enum { NAMES = 5000 };
	struct case_buf text = { 0 };
	struct case_row row;
	struct file f;
	size_t names;

	for (int i = 0; i < NAMES; i++)
		case_buf_addf(&text, "{\"案号\":\"A%d\",\"k%d\":1}\n", i, i);
	map_text(&f, case_buf_str(&text), NULL, NULL);
	CHECK_INT(f.rc, CASE_OK);
	while (case_reader_next(f.rd, &row, &f.err) == CASE_OK) {
		case_reader_names(f.rd, &names);
		if (names > f.m.column_n)
			CHECK_INT(case_mapping_grow(&f.m, f.rd, rt, f.layout,
				      &f.err),
			    CASE_OK);
	}
	CHECK(f.m.column_n > 4500);
	CHECK_STR(f.m.column[4500].extra, "k4499");
	case_buf_free(&text);
	close_file(&f);
}

/* --- layouts -------------------------------------------------------------- */

/* Every shipped layout reads, and what is printed of it reads the same. */
static void
test_shipped(void)
{
	struct case_error err;
	char **names;

	CHECK_INT(case_share_names(share, "layouts", &names, &err), CASE_OK);
	for (char **p = names; *p != NULL; p++) {
		struct case_buf a = { 0 };
		struct case_json *json = NULL;
		struct case_layout *l = NULL;
		struct case_rtype *of = NULL;
		char *type = NULL;

		CHECK_INT(case_layout_type(share, *p, &type, &err), CASE_OK);
		CHECK_INT(case_rtype_load(&of, share, type, &err), CASE_OK);
		free(type);
		if (of != NULL)
			CHECK_INT(case_layout_load(&l, share, *p, of, &err),
			    CASE_OK);
		if (l == NULL) {
			fprintf(stderr, "%s\n", err.what);
			case_rtype_free(of);
			continue;
		}
		CHECK_STR(l->name, *p);
		CHECK(l->label != NULL);
		case_layout_print(&a, l, of);
		CHECK_INT(case_json_parse(&json, a.p, a.n, &err), CASE_OK);
		case_json_free(json);
		case_buf_free(&a);
		case_layout_free(l);
		case_rtype_free(of);
	}
	case_share_names_free(names);
}

/* A layout's own headers, in its order, map to its own fields. */
static void
test_own_headers(const char *name)
{
	struct case_buf text = { 0 };
	struct case_layout *l;
	struct case_error err;
	struct file f;

	CHECK_INT(case_layout_load(&l, share, name, rt, &err), CASE_OK);
	for (size_t i = 0; i < l->column_n; i++)
		case_buf_addf(&text, "%s\"%s\"", i > 0 ? "," : "",
		    l->column[i].header);
	case_buf_addc(&text, '\n');
	map_text(&f, text.p, name, NULL);
	CHECK_INT(f.rc, CASE_OK);
	if (f.rc != CASE_OK)
		fprintf(stderr, "%s: %s\n", name, f.err.what);
	CHECK_INT(f.m.column_n, l->column_n);
	for (size_t i = 0; i < f.m.column_n; i++)
		CHECK_INT(f.m.column[i].field, l->column[i].field);
	close_file(&f);
	case_layout_free(l);
	case_buf_free(&text);
}

/* The code names of both 双公示 forms, and 代码_2 with its two meanings. */
static void
test_shuanggongshi(void)
{
	struct file f;

	map_text(&f,
	    "CF_WSH,CF_CFMC,CF_CFLB1,CF_CFLB2,CF_SY,CF_YJ,CF_XDR_MC,"
	    "CF_XDR_SHXYM,CF_XDR_ZDM,CF_XDR_GSDJ,CF_XDR_SWDJ,CF_XDR_SFZ,CF_FR,"
	    "CF_JG,CF_JDRQ,CF_XZJG,CF_ZT,DFBM,SJC,BZ\n",
	    "shuanggongshi-2014", NULL);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f),
	    "decision_no name penalties - act basis party_name party_id "
	    "party_id party_id party_id party_id legal_rep penalty_text "
	    "decided_on organ state - - remark");
	close_file(&f);

	map_text(&f,
	    "行政相对人名称,行政处罚决定书文号,行政相对人代码_2(组织机构代码),"
	    "行政相对人代码_3(工商登记码),行政相对人代码＿1,行政相对人代码_4\n",
	    "shuanggongshi-2014", NULL);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), "party_name decision_no party_id party_id - -");
	CHECK(f.m.column[2].rank < f.m.column[3].rank);
	close_file(&f);
}

static void
test_missing_required(void)
{
	struct file f;

	map_text(&f, "行政相对人名称,行政处罚决定书文号\n",
	    "shuanggongshi-2018", NULL);
	CHECK_INT(f.rc, CASE_EDATA);
	CHECK(strstr(f.err.what, "'违法事实'") != NULL);
	CHECK(strstr(f.err.what, "'处罚机关'") != NULL);
	close_file(&f);
}

#define LAYOUT(rest) "{\"type\":\"case\"," rest "}"
static const char *const broken[][2] = { { "{}", "'type'" },
	{ "{\"type\":\"unit\"}", "'unit'" },
	{ LAYOUT("\"colums\":{}"), "colums" },
	{ LAYOUT("\"columns\":[]"), "columns" },
	{ LAYOUT("\"columns\":{\"甲\":\"fien\"}"), "'fien'" },
	{ LAYOUT("\"columns\":{\"甲\":{}}"), "'field'" },
	{ LAYOUT("\"columns\":{\"甲\":{\"field\":\"fine\",\"unti\":1}}"),
	    "unti" },
	{ LAYOUT("\"columns\":{\"甲\":{\"field\":\"fine\",\"unit\":\"件\"}}"),
	    "'件'" },
	{ LAYOUT("\"columns\":{\"甲\":{\"field\":\"fine\",\"scale\":0}}"),
	    "scale" },
	{ LAYOUT("\"columns\":{\"甲\":{\"field\":\"filed_on\","
		 "\"calendar\":\"x\"}}"),
	    "'x'" },
	{ LAYOUT("\"columns\":{\"甲\":{\"field\":\"procedure\",\"codes\":"
		 "{\"1\":\"quick\"}}}"),
	    "'quick'" },
	{ LAYOUT("\"columns\":{\"甲\":{\"field\":\"fine\",\"codes\":"
		 "{\"1\":\"x\"}}}"),
	    "codes" },
	{ LAYOUT("\"key\":\"x\""), "'x'" },
	{ LAYOUT("\"key\":[\"x\"]"), "'x'" }, { LAYOUT("\"key\":[]"), "key" },
	{ LAYOUT("\"encoding\":\"ebcdic\""), "ebcdic" },
	{ LAYOUT("\"header_row\":-1"), "header_row" },
	{ LAYOUT("\"calendar\":\"julian\""), "julian" },
	{ LAYOUT("\"name\":\"n\",\"columns\":{\"甲\":{\"field\":\"filed_on\","
		 "\"order\":\"myd\"}}"),
	    ".json', column '甲': not ymd, mdy or dmy: order 'myd'" },
	{ LAYOUT("\"columns\":{\"甲\":{\"field\":\"filed_on\",\"order\":1}}"),
	    "not ymd, mdy or dmy" },
	{ LAYOUT("\"columns\":{\"甲\":{\"field\":\"fine\","
		 "\"order\":\"mdy\"}}"),
	    "column '甲': no field of dates has an 'order'" },
	{ LAYOUT("\"columns\":{\"甲\":{\"field\":\"-\",\"order\":\"mdy\"}}"),
	    "no field of dates" },
	{ LAYOUT("\"order\":\"mdy\""), "'order'" },
	{ LAYOUT("\"fixed\":[\"town\"]"), ".json': \"fixed\" is no object" },
	{ LAYOUT("\"fixed\":{\"twon\":\"甲\"}"),
	    ".json', fixed field 'twon': no such field" },
	{ LAYOUT("\"fixed\":{\"fine\":100}"), "'fine': its value is no text" },
	{ LAYOUT("\"fixed\":{\"town\":\"\"}"), "says nothing" },
	{ LAYOUT("\"fixed\":{\"town\":\" 无 \"}"), "says nothing" },
	{ LAYOUT("\"fixed\":{\"procedure\":\"快速办理\"}"),
	    "'procedure': not a value of the list" },
	{ LAYOUT("\"fixed\":{\"town\":\"甲\",\"filed_on\":\"2023-02-30\"}"),
	    "'filed_on': there is no such day" },
	{ LAYOUT("\"fixed\":{\"case_no\":\"3.3E+17\"}"), "spreadsheet" },
	{ LAYOUT("\"columns\":{\"镇\":\"town\"},\"fixed\":{\"town\":\"甲\"}"),
	    "'town': column '镇' is read as it too" },
	{ LAYOUT("\"key\":[\"decision_no\",\"party_name\"],\"snapshot\":true,"
		 "\"header_row\":3,\"encoding\":\"gbk\",\"sheet\":\"表1\","
		 "\"calendar\":\"roc\",\"columns\":{\"甲\":{\"field\":\"fine\","
		 "\"scale\":10000,\"required\":true,\"aliases\":[\"乙\"]},"
		 "\"丙\":{\"field\":\"state\",\"codes\":{\"1\":\"x\"}},"
		 "\"丁\":\"-\"}"),
	    NULL } };

static void
test_broken(void)
{
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		char path[] = "/tmp/test_mapping.XXXXXX.json";
		int fd = mkstemps(path, 5);
		struct case_layout *l = NULL;
		struct case_buf text = { 0 };
		struct case_error err = { .line = 0 };
		enum case_status rc;

		CHECK(write(fd, broken[i][0], strlen(broken[i][0])) > 0);
		close(fd);
		rc = case_layout_load(&l, share, path, rt, &err);
		if (broken[i][1] != NULL) {
			CHECK(rc == CASE_EDATA || rc == CASE_EUSAGE);
			CHECK(l == NULL);
			if (strstr(err.what, broken[i][1]) == NULL)
				CHECK_STR(err.what, broken[i][1]);
		} else {
			CHECK_INT(rc, CASE_OK);
			CHECK_INT(l->column[0].scale, 1000000);
			CHECK_INT(l->key.field_n, 2);
			case_layout_print(&text, l, rt);
			CHECK(strstr(text.p, "\"encoding\": \"GB18030\"") ||
			      strstr(text.p, "\"encoding\": \"GBK\""));
			CHECK(strstr(text.p, "\"scale\": 10000") != NULL);
			CHECK(strstr(text.p, "\"丁\": \"-\"") != NULL);
			CHECK(strstr(text.p, "{ \"1\": \"x\" }") != NULL);
			CHECK(strstr(text.p, "\"header_row\": 3") != NULL);
		}
		case_buf_free(&text);
		case_layout_free(l);
		unlink(path);
	}
}

/* Maps text by a layout that is given as JSON. */
static void
map_json(struct file *f, const char *text, const char *json,
    const char *const *assign)
{
	char path[] = "/tmp/test_mapping.XXXXXX.json";
	int fd = mkstemps(path, 5);

	CHECK(write(fd, json, strlen(json)) > 0);
	close(fd);
	map_text(f, text, path, assign);
	unlink(path);
}

/* The order of dates comes with its column, and is printed again. */
static void
test_order(void)
{
	static const char json[] =
	    LAYOUT("\"columns\":{\"Decided\":{\"field\":\"decided_on\","
		   "\"order\":\"mdy\",\"aliases\":[\"Date\"]},"
		   "\"Organ\":{\"field\":\"organ\",\"order\":\"dmy\"}}");
	struct case_buf text = { 0 };
	struct file f;

	map_json(&f, "案件编号,Date,立案日期,Organ\nA1,1/2/2023,x,x\n", json,
	    NULL);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_INT(f.m.column[1].order, CASE_ORDER_MDY);
	CHECK_INT(f.m.column[2].order, CASE_ORDER_UNKNOWN);
	CHECK_INT(f.m.column[3].order, CASE_ORDER_DMY);
	case_layout_print(&text, f.layout, rt);
	CHECK(strstr(text.p, "\"field\": \"decided_on\", \"order\": "
			     "\"mdy\", \"aliases\"") != NULL);
	CHECK(strstr(text.p, "\"organ\", \"order\": \"dmy\" }") != NULL);
	case_buf_free(&text);
	close_file(&f);
}

/* A field that the layout sets has no column. */
static void
test_fixed(void)
{
	static const char json[] =
	    LAYOUT("\"columns\":{\"类型\":\"-\"},\"fixed\":{\"procedure\":"
		   "\"简易程序\",\"town\":\"甲\\\"镇\"}");
	static const char *const keep[] = { "程序类型=-", NULL };
	struct case_buf text = { 0 };
	struct file f;

	map_json(&f, "案件编号,类型\nA1,x\n", json, NULL);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), "case_no -");
	CHECK_INT(f.m.fixed_n, 2);
	CHECK_STR(f.m.fixed[1].text, "甲\"镇");
	CHECK(case_mapping_has(&f.m, case_rtype_field(rt, "town", 4), 0));
	CHECK(!case_mapping_has(&f.m, case_rtype_field(rt, "unit", 4), 0));
	CHECK(!case_mapping_has(&f.m, case_rtype_field(rt, "case_no", 7), 0));
	case_layout_print(&text, f.layout, rt);
	CHECK(strstr(text.p, "\"fixed\": { \"procedure\": \"简易程序\", "
			     "\"town\": \"甲\\\"镇\" }") != NULL);
	case_buf_free(&text);
	close_file(&f);

	/* What the file says itself is not passed over. */
	map_json(&f, "案件编号,程序类型,镇街\nA1,x,y\n", json, NULL);
	CHECK_INT(f.rc, CASE_EDATA);
	CHECK(strstr(f.err.what, "column 2, '程序类型', holds 'procedure', "
				 "which the layout sets") != NULL);
	CHECK(strstr(f.err.what, "column 3, '镇街'") != NULL);
	close_file(&f);
	map_json(&f, "案件编号,程序类型\nA1,x\n", json, keep);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), "case_no -");
	close_file(&f);
	/* JSON may name it late. */
	map_json(&f,
	    "{\"案件编号\":\"A1\"}\n{\"案件编号\":\"A1\",\"类型\":1}\n", json,
	    NULL);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_INT(f.m.fixed_n, 2);
	close_file(&f);
}

/* The headers that the generators of test data write. */
static void
test_generators(void)
{
	static const char gen_cases[] =
	    "案件编号,案件名称,程序类型,执法单位,所属乡镇街道,执法领域,"
	    "事项编码,事项名称,违法行为发生日期,立案日期,调查终结日期,"
	    "法制审核日期,法制审核人,告知日期,听证日期,集体讨论日期,"
	    "决定日期,决定书文号,送达日期,处罚种类,罚款金额,没收金额,"
	    "缴款日期,结案日期,公示日期,当事人类型,当事人名称,证件号码,"
	    "执法人员1,执法证号1,执法人员2,执法证号2,案件来源,"
	    "是否首违免罚,是否复议,是否诉讼,办理状态\n";
	static const char gen_report[] =
	    "案件编号,案件名称,程序类型,执法单位,执法领域,违法行为,立案日期,"
	    "决定日期,结案日期,罚款金额,当事人名称,决定书文号\r\n";
	static const char want[] =
	    "case_no name procedure unit town field item_code item occurred_on "
	    "filed_on investigated_on reviewed_on reviewer notified_on "
	    "hearing_on discussed_on decided_on decision_no served_on "
	    "penalties fine confiscated paid_on closed_on published_on "
	    "party_kind party_name party_id officer1 cert1 officer2 cert2 "
	    "source first_exempt reconsidered litigated state";
	struct file f;

	map_text(&f, gen_cases, NULL, NULL);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), want);
	close_file(&f);
	map_text(&f, gen_cases, "export", NULL);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f), want);
	close_file(&f);
	map_text(&f, gen_report, NULL, NULL);
	CHECK_INT(f.rc, CASE_OK);
	CHECK_STR(fields(&f),
	    "case_no name procedure unit field act filed_on decided_on "
	    "closed_on fine party_name decision_no");
	close_file(&f);
}

int
main(void)
{
	const char *srcdir = getenv("srcdir");
	struct case_error err;
	char path[4096];

	snprintf(path, sizeof(path), "%s/share", srcdir ? srcdir : ".");
	setenv("CASE_PATH", path, 1);
	if (case_share_new(&share, NULL, &err) != CASE_OK ||
	    case_rtype_load(&rt, share, "case", &err) != CASE_OK) {
		fprintf(stderr, "%s\n", err.what);
		return 1;
	}
	test_plain();
	test_titles();
	test_joined();
	test_joined_choice();
	test_fixed_width();
	test_headers();
	test_asked();
	test_clash();
	test_extra_keys();
	test_map();
	test_nothing();
	test_depth();
	test_given_row();
	test_width();
	test_jsonl();
	test_provenance();
	test_grow();
	test_many_names();
	test_shipped();
	test_own_headers("export");
	test_own_headers("platform");
	test_own_headers("shuanggongshi-2014");
	test_own_headers("shuanggongshi-2018");
	test_shuanggongshi();
	test_missing_required();
	test_broken();
	test_order();
	test_fixed();
	test_generators();
	case_rtype_free(rt);
	case_share_free(share);
	TEST_END();
}
