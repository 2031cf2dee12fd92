/* test_clean.c - rows made into records, rejects, or set aside */
#include <stdlib.h>

#include "case/clean.h"
#include "case/date.h"

#include "test.h"

#define CELLS 16

static struct case_share *share;
static struct case_rtype *rt;

/* A cleaner for a header that is given by hand, and the last row's outcome. */
struct bench {
	struct case_layout_column column[CELLS];
	struct case_mapping m;
	struct case_words *words;
	struct case_cleaner *c;
	struct case_buf arena;
	struct case_value *v;
	struct case_record rec;
	enum case_outcome outcome;
	struct case_reject reject;
	size_t line;
};

/* Cells are parted by '|'. */
static size_t
split(struct case_str *cell, const char *text)
{
	size_t n = 0, k;

	if (text[0] == '\0')
		return 0;
	for (;; text += k + 1) {
		k = strcspn(text, "|");
		cell[n++] = (struct case_str){ text, k };
		if (text[k] == '\0')
			return n;
	}
}

/* Columns by header: a field, or what none knows. */
static void
set_columns(struct bench *b, const char *header)
{
	struct case_str cell[CELLS];
	size_t n = split(cell, header);

	for (size_t i = 0; i < n; i++) {
		struct case_layout_column *c = &b->column[i];

		c->header = strndup(cell[i].p, cell[i].n);
		c->extra = strndup(cell[i].p, cell[i].n);
		c->field = case_rtype_word(rt, cell[i].p, cell[i].n);
		c->scale = 100;
		if (c->field < 0)
			c->field = CASE_EXTRA;
	}
	b->m.column = b->column;
	b->m.column_n = b->m.width = n;
	b->m.header_line = 1;
}

static void
open_bench(struct bench *b, const char *header)
{
	struct case_error err;

	*b = (struct bench){ .line = 1 };
	set_columns(b, header);
	b->v = calloc(rt->field_n, sizeof(*b->v));
	b->rec.v = b->v;
	CHECK_INT(case_words_new(&b->words, &err), CASE_OK);
	CHECK_INT(case_cleaner_new(&b->c, rt, &b->m, b->words, &err), CASE_OK);
}

static void
close_bench(struct bench *b)
{
	case_cleaner_free(b->c);
	case_words_free(b->words);
	case_buf_free(&b->arena);
	for (size_t i = 0; i < b->m.column_n; i++) {
		free(b->column[i].header);
		free(b->column[i].extra);
	}
	free(b->v);
}

static enum case_outcome
put_fault(struct bench *b, const char *text, const char *fault)
{
	struct case_str cell[CELLS];
	struct case_row row = { .line = ++b->line, .lines = 1, .cell = cell };
	struct case_error err;

	row.cell_n = split(cell, text);
	row.raw = (struct case_str){ text, strlen(text) };
	row.fault = fault;
	case_buf_reset(&b->arena);
	case_buf_adds(&b->arena, "before");
	CHECK_INT(case_cleaner_row(b->c, &row, &b->rec, &b->arena, &b->outcome,
		      &b->reject, &err),
	    CASE_OK);
	/* The arena moves before it is pinned. */
	case_buf_reserve(&b->arena, 100000);
	if (b->outcome == CASE_RECORD)
		case_cleaner_pin(b->c, &b->rec, &b->arena);
	else
		CHECK_INT(b->arena.n, 6);
	return b->outcome;
}

static enum case_outcome
put(struct bench *b, const char *text)
{
	return put_fault(b, text, NULL);
}

/* A field of the record as text: words spelt out, "-" when missing. */
static const char *
got(const struct bench *b, const char *field)
{
	static struct case_buf text[4];
	static size_t turn;
	struct case_buf *t = &text[turn++ % 4];
	int i = case_rtype_field(rt, field, strlen(field));
	struct case_value v = b->rec.v[i];

	case_buf_reset(t);
	if (v.missing)
		return "-";
	if (rt->field[i].coded) {
		v.type = CASE_TEXT;
		v.u.s = case_words_get(b->words, (uint32_t)v.u.i);
	}
	case_value_text(t, &v);
	return case_buf_str(t);
}

static const char *
extra(const struct bench *b)
{
	static char text[1024];

	snprintf(text, sizeof(text), "%.*s", (int)b->rec.extra.n,
	    b->rec.extra.n > 0 ? b->rec.extra.p : "");
	return text;
}

static void
test_record(void)
{
	struct bench b;

	open_bench(&b, "案件编号|案件名称|执法单位|立案日期|罚款金额|程序类型|"
		       "是否复议|街道主任");
	for (int i = 0; i < 3; i++) {
		CHECK_INT(put(&b, " Ａ００１　| 甲\n案 |城中中队 |2023/6/12|"
				  "1,000.5|一般程序|否| 老王"),
		    CASE_RECORD);
		CHECK_STR(got(&b, "case_no"), "A001");
		CHECK_STR(got(&b, "name"), "甲\n案");
		CHECK_STR(got(&b, "unit"), "城中中队");
		CHECK_STR(got(&b, "filed_on"), "2023-06-12");
		CHECK_STR(got(&b, "fine"), "1000.50");
		CHECK_STR(got(&b, "procedure"), "ordinary");
		CHECK_STR(got(&b, "reconsidered"), "0");
		CHECK_STR(got(&b, "decided_on"), "-");
		CHECK_STR(extra(&b), "{\"街道主任\":\"老王\"}");
		CHECK_INT(b.rec.line, b.line);
	}
	CHECK_INT(put(&b, "A002|||||||"), CASE_RECORD);
	CHECK_STR(got(&b, "case_no"), "A002");
	CHECK_STR(got(&b, "name"), "-");
	CHECK_STR(got(&b, "fine"), "-");
	CHECK_INT(b.rec.extra.n, 0);
	close_bench(&b);
}

/* A value of one field: what it is, and what of it stays in extra. */
static const struct {
	const char *header;
	const char *cell;
	const char *want;
	const char *extra;
} cells[] = { { "filed_on", "2023-06-12", "2023-06-12", "" },
	{ "filed_on", "2024-02-29", "2024-02-29", "" },
	{ "filed_on", "1970-01-01", "1970-01-01", "" },
	{ "filed_on", "2069-12-31", "2069-12-31", "" },
	{ "filed_on", "1969-12-31", "1969-12-31", "" },
	{ "filed_on", "2070-01-01", "2070-01-01", "" },
	{ "filed_on", "9999-12-31", "9999-12-31", "" },
	{ "filed_on", " 2023-06-12 ", "2023-06-12", "" },
	{ "filed_on", "2023年6月12日", "2023-06-12", "" },
	{ "filed_on", "二〇二三年六月十二日", "2023-06-12", "" },
	{ "filed_on", "20230612", "2023-06-12", "" },
	{ "filed_on", "45089", "2023-06-12", "" },
	{ "filed_on", "2023-06-12 08:30:00", "2023-06-12", "" },
	{ "filed_on", "2023-02-30", "-", "{\"filed_on!\":\"2023-02-30\"}" },
	{ "filed_on", "2023-13-01", "-", "{\"filed_on!\":\"2023-13-01\"}" },
	{ "filed_on", "0000-00-00", "-", "{\"filed_on!\":\"0000-00-00\"}" },
	{ "filed_on", "2023-00-10", "-", "{\"filed_on!\":\"2023-00-10\"}" },
	{ "filed_on", "2023-06-00", "-", "{\"filed_on!\":\"2023-06-00\"}" },
	{ "filed_on", "6月12日", "-", "{\"filed_on!\":\"6月12日\"}" },
	{ "filed_on", "无", "-", "" }, { "filed_on", "　", "-", "" },
	{ "fine", "0", "0.00", "" }, { "fine", "0.00", "0.00", "" },
	{ "fine", "12.34", "12.34", "" }, { "fine", ".50", "0.50", "" },
	{ "fine", "007", "7.00", "" }, { "fine", "-200", "-200.00", "" },
	{ "fine", "0.5万元", "5000.00", "" }, { "fine", "￥100", "100.00", "" },
	{ "fine", "１００", "100.00", "" },
	{ "fine", "罚款人民币伍佰元整", "500.00", "" },
	{ "fine", "99999999999999999999", "-",
	    "{\"fine!\":\"99999999999999999999\"}" },
	{ "fine", "约600万", "-", "{\"fine!\":\"约600万\"}" },
	{ "fine", "1E+5", "-", "{\"fine!\":\"1E+5\"}" },
	{ "fine", "无", "-", "" }, { "fine", "/", "-", "" },
	{ "fine", "／", "-", "" }, { "fine", "－", "-", "" },
	{ "extended_days", "30", "30", "" },
	{ "extended_days", " ３０ ", "30", "" },
	{ "extended_days", "-5", "-5", "" },
	{ "extended_days", "三十", "-", "{\"extended_days!\":\"三十\"}" },
	{ "extended_days", "9999999999999999999999", "-",
	    "{\"extended_days!\":\"9999999999999999999999\"}" },
	{ "defence", "是", "1", "" }, { "defence", "有", "1", "" },
	{ "defence", "无", "0", "" }, { "defence", "否", "0", "" },
	{ "defence", "√", "1", "" }, { "defence", "Ｙ", "1", "" },
	{ "defence", "TRUE", "1", "" }, { "defence", "false", "0", "" },
	{ "defence", "1", "1", "" }, { "defence", "0", "0", "" },
	{ "defence", "-", "-", "" }, { "defence", "空", "-", "" },
	{ "defence", "放弃", "-", "{\"defence!\":\"放弃\"}" },
	{ "procedure", "简易", "simple", "" },
	{ "procedure", " 普通程序 ", "ordinary", "" },
	{ "procedure", "快速办理", "-", "{\"procedure!\":\"快速办理\"}" },
	{ "procedure", "n/a", "-", "" },
	{ "party_kind", "个体工商户", "household", "" },
	{ "party_id", "330702199003070011", "330702199003070011", "" },
	{ "party_id", "330702********0011", "330702********0011", "" },
	{ "party_id", "３３０７０２１９９００３０７００１１",
	    "330702199003070011", "" },
	{ "party_id", "3.3E+17", "-", "{\"party_id!\":\"3.3E+17\"}" },
	{ "party_id", "1.1010119900101e+17", "-",
	    "{\"party_id!\":\"1.1010119900101e+17\"}" },
	{ "party_id", "1.1010119900101E17", "-",
	    "{\"party_id!\":\"1.1010119900101E17\"}" },
	{ "party_id", "3E+17", "-", "{\"party_id!\":\"3E+17\"}" },
	{ "party_id", "3E17", "3E17", "" }, { "party_id", "3.E", "3.E", "" },
	{ "party_id", "E+17", "E+17", "" },
	{ "party_id", "3.3E+17X", "3.3E+17X", "" },
	{ "party_id", "-", "-", "" }, { "party_id", "null", "-", "" },
	{ "party_id", "NULL5", "NULL5", "" },
	{ "item_code", "330201E12000", "330201E12000", "" },
	{ "item_code", "3.30201E+11", "-", "{\"item_code!\":\"3.30201E+11\"}" },
	{ "decision_no", "婺综执罚决字（２０２３）第1号",
	    "婺综执罚决字(2023)第1号", "" },
	{ "party_name", "＂甲＂，乙", "＂甲＂，乙", "" },
	{ "party_name", "无锡某公司", "无锡某公司", "" },
	{ "party_name", "——", "-", "" }, { "unit", "无", "-", "" },
	{ "unit", "（一）中队", "（一）中队", "" },
	{ "remark", "a\"b\\c", "a\"b\\c", "" },
	{ "无名", "a\"b\\\n\x01", "-", "{\"无名\":\"a\\\"b\\\\\\n\\u0001\"}" },
	{ "无名", "-", "-", "{\"无名\":\"-\"}" }, { "无名", " ", "-", "" } };

static void
test_cells(void)
{
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		const char *header = cells[i].header;
		char head[128], row[256];
		struct bench b;

		snprintf(head, sizeof(head), "案件编号|%s", header);
		snprintf(row, sizeof(row), "A1|%s", cells[i].cell);
		open_bench(&b, head);
		/* The second time what was learnt answers. */
		for (int k = 0; k < 3; k++) {
			CHECK_INT(put(&b, row), CASE_RECORD);
			if (b.column[1].field >= 0)
				CHECK_STR(got(&b, header), cells[i].want);
			CHECK_STR(extra(&b), cells[i].extra);
		}
		close_bench(&b);
	}
}

static void
test_scale(void)
{
	struct bench b;

	open_bench(&b, "案号|fine|filed_on");
	b.column[1].scale = 1000000;
	b.column[2].calendar = CASE_CALENDAR_ROC;
	CHECK_INT(put(&b, "A1|0.05|103/12/31"), CASE_RECORD);
	CHECK_STR(got(&b, "fine"), "500.00");
	CHECK_STR(got(&b, "filed_on"), "2014-12-31");
	/* A unit in the cell goes before that of the column. */
	CHECK_INT(put(&b, "A1|500元|1031231"), CASE_RECORD);
	CHECK_STR(got(&b, "fine"), "500.00");
	CHECK_STR(got(&b, "filed_on"), "2014-12-31");
	close_bench(&b);
}

/* Codes and words that a layout adds. */
static void
test_layout_codes(void)
{
	char one[] = "1", nought_one[] = "01", name[] = "person",
	     filed[] = "已立案";
	char *person[] = { one }, *state[] = { nought_one, one };
	struct case_code kind = { .name = name, .alias = person, .alias_n = 1 };
	struct case_code done = { .name = filed, .alias = state, .alias_n = 2 };
	struct bench b;

	open_bench(&b, "案号|party_kind|state");
	case_cleaner_free(b.c);
	b.column[1].code = &kind;
	b.column[2].code = &done;
	b.column[1].code_n = b.column[2].code_n = 1;
	CHECK_INT(case_cleaner_new(&b.c, rt, &b.m, b.words, NULL), CASE_OK);
	for (int i = 0; i < 2; i++) {
		CHECK_INT(put(&b, "A1|1|01"), CASE_RECORD);
		CHECK_STR(got(&b, "party_kind"), "person");
		CHECK_STR(got(&b, "state"), "已立案");
		CHECK_INT(put(&b, "A1|企业|结案"), CASE_RECORD);
		CHECK_STR(got(&b, "party_kind"), "organisation");
		CHECK_STR(got(&b, "state"), "结案");
		CHECK_INT(put(&b, "A1|2|02"), CASE_RECORD);
		CHECK_STR(got(&b, "party_kind"), "-");
		CHECK_STR(got(&b, "state"), "02");
		CHECK_STR(extra(&b), "{\"party_kind!\":\"2\"}");
	}
	close_bench(&b);
}

static void
test_rejects(void)
{
	struct bench b;

	open_bench(&b, "案件编号|决定书文号|案件名称|罚款金额");
	CHECK_INT(put(&b, "||甲案|100"), CASE_REJECT);
	CHECK_INT(b.reject.field, case_rtype_word(rt, "案件编号", 12));
	CHECK(strstr(b.reject.reason, "案件编号") != NULL);
	CHECK(strstr(b.reject.reason, "决定书文号") != NULL);
	CHECK_INT(put(&b, "-|无|甲案|100"), CASE_REJECT);
	CHECK_INT(put(&b, "3.3E+17||甲案|100"), CASE_REJECT);
	CHECK(strstr(b.reject.reason, "spreadsheet") != NULL);
	CHECK_INT(b.reject.value.n, 7);
	CHECK_INT(put(&b, "|3.3E+17|甲案|100"), CASE_REJECT);
	CHECK_INT(b.reject.field, case_rtype_word(rt, "决定书文号", 15));
	/* One identity of two is enough, the ruined one stays in extra. */
	CHECK_INT(put(&b, "3.3E+17|甲〔2023〕1号|甲案|100"), CASE_RECORD);
	CHECK_STR(extra(&b), "{\"case_no!\":\"3.3E+17\"}");
	/* It takes no number away; a value that can't be read does. */
	CHECK_INT(b.v[case_rtype_word(rt, "案件编号", 12)].absence,
	    CASE_ABSENT);
	CHECK_INT(put(&b, "A1|3.3E+17|甲案|x"), CASE_RECORD);
	CHECK_INT(b.v[case_rtype_word(rt, "决定书文号", 15)].absence,
	    CASE_ABSENT);
	CHECK_INT(b.v[case_rtype_word(rt, "罚款金额", 12)].absence,
	    CASE_CLEARED);

	CHECK_INT(put(&b, "A1|x|y"), CASE_REJECT);
	CHECK_INT(b.reject.field, -1);
	CHECK(strstr(b.reject.reason, "3 cells") != NULL);
	CHECK_INT(put(&b, "A1|x|y|1|"), CASE_REJECT);
	CHECK_INT(put_fault(&b, "", "an open quote"), CASE_REJECT);
	CHECK_STR(b.reject.reason, "an open quote");
	CHECK_INT(b.reject.field, -1);
	close_bench(&b);
}

/* Dates of the usual form are read by a way of their own: any byte of one. */
static void
test_every_date(void)
{
	int filed = case_rtype_word(rt, "filed_on", 8);
	char text[] = "A|2023-06-12";
	struct bench b;
	int64_t day;
	bool is_date;

	open_bench(&b, "案件编号|立案日期");
	for (size_t at = 2; at < sizeof(text) - 1; at++) {
		char was = text[at];

		for (int c = 1; c < 256; c++) {
			if (c == '|')
				continue;
			text[at] = (char)c;
			is_date = case_date_parse(&day, CASE_DATE, text + 2, 10,
				      CASE_CALENDAR_CE, NULL) == CASE_OK;
			CHECK_INT(put(&b, text), CASE_RECORD);
			CHECK_INT(!b.v[filed].missing, is_date);
			if (is_date)
				CHECK_INT(b.v[filed].u.i, day);
		}
		text[at] = was;
	}
	close_bench(&b);
}

static void
test_required(void)
{
	int fine = case_rtype_word(rt, "fine", 4);
	struct bench b;

	rt->field[fine].required = true;
	open_bench(&b, "案件编号|罚款金额");
	CHECK_INT(put(&b, "A1|100"), CASE_RECORD);
	CHECK_INT(put(&b, "A1|"), CASE_REJECT);
	CHECK_INT(b.reject.field, fine);
	CHECK_INT(put(&b, "A1|many"), CASE_REJECT);
	CHECK_INT(b.reject.value.n, 4);
	rt->field[fine].required = false;
	close_bench(&b);
}

/* A wider identity of a layout, and the content as identity. */
static void
test_keys(void)
{
	struct bench b;

	open_bench(&b, "案件编号|当事人|决定书文号");
	b.m.key.field_n = 2;
	b.m.key.field[0] = (size_t)case_rtype_word(rt, "decision_no", 11);
	b.m.key.field[1] = (size_t)case_rtype_word(rt, "party_name", 10);
	CHECK_INT(put(&b, "A1|甲|"), CASE_REJECT);
	CHECK(strstr(b.reject.reason, "决定书文号") != NULL);
	CHECK(strstr(b.reject.reason, "案件编号") == NULL);
	CHECK_INT(put(&b, "|甲|1号"), CASE_RECORD);
	CHECK_INT(put(&b, "||1号"), CASE_RECORD);
	/* One of a field that is no key else. */
	b.m.key.field_n = 1;
	b.m.key.field[0] = (size_t)case_rtype_word(rt, "party_name", 10);
	CHECK_INT(put(&b, "A1||1号"), CASE_REJECT);
	CHECK(strstr(b.reject.reason, "当事人") != NULL);
	CHECK_INT(put(&b, "|甲|"), CASE_RECORD);
	b.m.key_content = true;
	CHECK_INT(put(&b, "|甲|"), CASE_RECORD);
	CHECK_INT(put(&b, "||"), CASE_ASIDE_BLANK);
	close_bench(&b);
}

/* Rows under 案件编号|案件名称|执法单位|罚款金额|备注, and what they are. */
static const struct {
	const char *row;
	enum case_outcome want;
} rows[] = { { "", CASE_ASIDE_BLANK }, { "||||", CASE_ASIDE_BLANK },
	{ " |　||\t|", CASE_ASIDE_BLANK }, { "  ", CASE_ASIDE_BLANK },
	{ "合计|||123456|", CASE_ASIDE_TOTAL },
	{ "合 计|12|34|56|78", CASE_ASIDE_TOTAL },
	{ "　合计：|||1|", CASE_ASIDE_TOTAL },
	{ "【总计】|||1|", CASE_ASIDE_TOTAL },
	{ "|小计||1|", CASE_ASIDE_TOTAL }, { "||合计|1|", CASE_ASIDE_TOTAL },
	{ "合计", CASE_ASIDE_TOTAL }, { "合计||", CASE_ASIDE_TOTAL },
	{ "合计10件|||1|", CASE_ASIDE_TOTAL },
	{ "制表人：张三||审核人：李四||", CASE_ASIDE_TOTAL },
	{ "打印时间：2024-01-02 08:30||||", CASE_ASIDE_TOTAL },
	{ "数据来源：执法平台||||", CASE_ASIDE_TOTAL },
	{ "以下空白||||", CASE_ASIDE_TOTAL },
	{ "填报单位:某局|填报人:张三|a|b|c", CASE_ASIDE_TOTAL },
	{ "合计：10件|a|b|1|c", CASE_ASIDE_TOTAL },
	{ "说明：A1|甲|乙中队|100|x", CASE_RECORD },
	{ "备注：A1|甲|乙中队||", CASE_RECORD },
	{ "说明：本表|||100|", CASE_ASIDE_TOTAL },
	{ "|说明：甲|乙中队|100|x", CASE_ASIDE_TOTAL },
	{ "Total|||100|", CASE_ASIDE_TOTAL },
	{ "注：本表不含简易程序||||", CASE_ASIDE_TOTAL },
	{ "案件编号|案件名称|执法单位|罚款金额|备注", CASE_ASIDE_HEADER },
	{ " 案件编号|案件名称 |执法单位|罚款金额|备注", CASE_ASIDE_HEADER },
	/* A header of other columns: what it stands over is not known. */
	{ "案件编号|案件名称|执法单位|罚款金额|", CASE_REJECT },
	{ "案件编号|案件名称|结案日期|罚款金额|备注", CASE_REJECT },
	{ "|案件名称|结案日期|罚款金额|", CASE_REJECT },
	{ "案件编号|甲|乙|1|x", CASE_RECORD },
	{ "城东中队小计|||300|", CASE_ASIDE_TOTAL },
	{ "|2024年1月 合 计：||300|", CASE_ASIDE_TOTAL },
	{ "本页小计:|||1|", CASE_ASIDE_TOTAL },
	{ "城东中队小计|甲|乙中队|100|x", CASE_RECORD },
	{ "合计案|||1|", CASE_ASIDE_TOTAL }, { ":|||1|", CASE_RECORD },
	{ "A1|总计超市案|||", CASE_RECORD },
	{ "|总计超市占道案|甲中队|100|x", CASE_REJECT },
	{ "|合计|甲中队|100|x", CASE_ASIDE_TOTAL },
	{ "A1|合计|甲中队|100|x", CASE_RECORD },
	{ "注册会计师案||||", CASE_RECORD }, { "合同A1|甲|乙|1|", CASE_RECORD },
	{ "合", CASE_REJECT }, { "A1", CASE_REJECT },
	{ "1|||||", CASE_REJECT } };

static void
test_aside(void)
{
	struct bench b;

	open_bench(&b, "案件编号|案件名称|执法单位|罚款金额|备注");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put(&b, rows[i].row);
		if (b.outcome != rows[i].want)
			fprintf(stderr, "row '%s':\n", rows[i].row);
		CHECK_INT(b.outcome, rows[i].want);
	}
	close_bench(&b);

	/* The number stands behind the word. */
	open_bench(&b, "序号|案件名称|案件编号|罚款金额");
	CHECK_INT(put(&b, "总计一案|甲|A1|1"), CASE_RECORD);
	CHECK_INT(put(&b, "合计|甲|A1|1"), CASE_RECORD);
	CHECK_INT(put(&b, "合计||12件|1"), CASE_ASIDE_TOTAL);
	CHECK_INT(put(&b, "合计||1,234|1"), CASE_ASIDE_TOTAL);
	CHECK_INT(put(&b, "合计||-|1"), CASE_ASIDE_TOTAL);
	b.m.key_content = true;
	CHECK_INT(put(&b, "注：甲|乙||1"), CASE_RECORD);
	CHECK_INT(put(&b, "注：甲|||1"), CASE_ASIDE_TOTAL);
	CHECK_INT(put(&b, "合计|1|2|3"), CASE_ASIDE_TOTAL);
	close_bench(&b);
}

/* Several columns for one field, in the layout's order. */
static void
test_shared(void)
{
	struct bench b;

	open_bench(&b, "身份证号|案号|统一社会信用代码|组织机构代码");
	b.column[0].rank = 2;
	b.column[2].rank = 0;
	b.column[3].rank = 1;
	CHECK_INT(put(&b, "X1|A1|X2|X3"), CASE_RECORD);
	CHECK_STR(got(&b, "party_id"), "X2");
	CHECK_STR(extra(&b), "{\"身份证号\":\"X1\",\"组织机构代码\":\"X3\"}");
	CHECK_INT(put(&b, "X1|A1||X3"), CASE_RECORD);
	CHECK_STR(got(&b, "party_id"), "X3");
	CHECK_STR(extra(&b), "{\"身份证号\":\"X1\"}");
	CHECK_INT(put(&b, "X1|A1|-|/"), CASE_RECORD);
	CHECK_STR(got(&b, "party_id"), "X1");
	CHECK_STR(extra(&b), "");
	CHECK_INT(put(&b, "X1|A1| X1|"), CASE_RECORD);
	CHECK_STR(got(&b, "party_id"), "X1");
	CHECK_STR(extra(&b), "");
	CHECK_INT(put(&b, "|A1||无"), CASE_RECORD);
	CHECK_STR(got(&b, "party_id"), "-");
	CHECK_STR(extra(&b), "");
	CHECK_INT(put(&b, "X1|A1|3.3E+17|"), CASE_RECORD);
	CHECK_STR(got(&b, "party_id"), "-");
	CHECK_STR(extra(&b), "{\"身份证号\":\"X1\",\"party_id!\":\"3.3E+17\"}");
	close_bench(&b);
	/* Wherever the others stand. */
	open_bench(&b, "身份证号|组织机构代码|案号");
	b.column[0].rank = 1;
	CHECK_INT(put(&b, "X1|X2|A1"), CASE_RECORD);
	CHECK_STR(got(&b, "party_id"), "X2");
	CHECK_STR(extra(&b), "{\"身份证号\":\"X1\"}");
	close_bench(&b);
}

/* Two values in one cell. */
static void
test_pairs(void)
{
	struct bench b;

	open_bench(&b, "案号|执法人员|执法证号|做出处罚的机关名称和日期");
	for (int i = 0; i < 2; i++) {
		CHECK_INT(put(&b, "A1|张三、李四|3307001,3307002|"
				  "某某县综合行政执法局 2023年6月12日"),
		    CASE_RECORD);
		CHECK_STR(got(&b, "officer1"), "张三");
		CHECK_STR(got(&b, "officer2"), "李四");
		CHECK_STR(got(&b, "cert1"), "3307001");
		CHECK_STR(got(&b, "cert2"), "3307002");
		CHECK_STR(got(&b, "organ"), "某某县综合行政执法局");
		CHECK_STR(got(&b, "decided_on"), "2023-06-12");
		CHECK_STR(extra(&b), "");
		CHECK_INT(put(&b, "A1|张　三|、|某某局110指挥中心"),
		    CASE_RECORD);
		CHECK_STR(got(&b, "officer1"), "张　三");
		CHECK_STR(got(&b, "officer2"), "-");
		CHECK_STR(got(&b, "cert1"), "、");
		CHECK_STR(got(&b, "organ"), "某某局110指挥中心");
		CHECK_STR(got(&b, "decided_on"), "-");
	}
	CHECK_INT(put(&b, "A1|张三，李四；王五||第三分局2023-6-1"),
	    CASE_RECORD);
	CHECK_STR(got(&b, "officer1"), "张三");
	CHECK_STR(got(&b, "officer2"), "李四");
	CHECK_STR(extra(&b), "{\"执法人员\":\"张三，李四；王五\"}");
	CHECK_STR(got(&b, "organ"), "第三分局");
	CHECK_STR(got(&b, "decided_on"), "2023-06-01");
	CHECK_INT(put(&b, "A1||3.3E+17、B、C|"), CASE_RECORD);
	CHECK_STR(got(&b, "cert1"), "-");
	CHECK_STR(got(&b, "cert2"), "B");
	CHECK_STR(extra(&b), "{\"cert1!\":\"3.3E+17、B、C\"}");
	CHECK_INT(put(&b, "A1|张三、、李四||"), CASE_RECORD);
	CHECK_STR(got(&b, "officer1"), "张三、、李四");
	CHECK_INT(put(&b, "A1|||2023年6月12日"), CASE_RECORD);
	CHECK_STR(got(&b, "organ"), "2023年6月12日");
	close_bench(&b);

	/* With a column of its own the other field is left alone. */
	open_bench(&b, "案号|执法人员1|执法人员2|处罚机关|决定日期");
	CHECK_INT(put(&b, "A1|张三、李四|王五|某局2023年6月1日|2023-07-01"),
	    CASE_RECORD);
	CHECK_STR(got(&b, "officer1"), "张三、李四");
	CHECK_STR(got(&b, "officer2"), "王五");
	CHECK_STR(got(&b, "organ"), "某局2023年6月1日");
	CHECK_STR(got(&b, "decided_on"), "2023-07-01");
	close_bench(&b);
}

static void
test_warnings(void)
{
	const struct case_warning *w;
	struct bench b;
	size_t n;

	open_bench(&b, "案号|罚款金额|程序类型|立案日期");
	case_cleaner_warnings(b.c, &n);
	CHECK_INT(n, 0);
	CHECK_INT(put(&b, "|约100|快速办理|"), CASE_REJECT);
	case_cleaner_warnings(b.c, &n);
	CHECK_INT(n, 0);
	CHECK_INT(put(&b, "A1|约100|快速办理|"), CASE_RECORD);
	CHECK_INT(put(&b, "A2|100|快速办理|6月12日"), CASE_RECORD);
	CHECK_INT(put(&b, "A3|100|快速办理|"), CASE_RECORD);
	w = case_cleaner_warnings(b.c, &n);
	CHECK_INT(n, 3);
	/* Sorted by field: procedure, filed_on, fine. */
	CHECK_STR(rt->field[w[0].field].name, "procedure");
	CHECK_INT(w[0].count, 3);
	CHECK_INT(w[0].first_line, 3);
	CHECK_STR(w[0].example, "快速办理");
	CHECK(strlen(w[0].reason) > 0);
	CHECK_STR(rt->field[w[1].field].name, "filed_on");
	CHECK_INT(w[1].count, 1);
	CHECK_INT(w[1].first_line, 4);
	CHECK_STR(rt->field[w[2].field].name, "fine");
	CHECK_STR(w[2].example, "约100");
	CHECK(strlen(w[2].reason) > 0);
	CHECK_INT(put(&b, "A4|甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲||"),
	    CASE_RECORD);
	close_bench(&b);
}

/* "values/bad" of every column, and how many rows there were. */
static const char *
counted(struct bench *b)
{
	static char text[256];
	const struct case_column_count *c;
	size_t n, row_n, at = 0;

	c = case_cleaner_columns(b->c, &n, &row_n);
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%zu/%zu ",
		    c[i].values, c[i].bad);
	snprintf(text + at, sizeof(text) - at, "of %zu", row_n);
	return text;
}

/* What each column held, whether or not its rows became records. */
static void
test_counts(void)
{
	struct bench b;

	open_bench(&b, "案号|罚款金额|执法人员1|立案日期|甲");
	CHECK_STR(counted(&b), "0/0 0/0 0/0 0/0 0/0 of 0");
	CHECK_INT(put(&b, "A1|约100|张三|2023-01-01|x"), CASE_RECORD);
	CHECK_STR(counted(&b), "1/0 1/1 1/0 1/0 1/0 of 1");
	/* 无 says that there is none; two officers stand in one cell. */
	CHECK_INT(put(&b, "A2|100|张三、李四|无| "), CASE_RECORD);
	CHECK_STR(counted(&b), "2/0 2/1 2/0 1/0 1/0 of 2");
	/* A ruined number is what the count is for. */
	CHECK_INT(put(&b, "3.3E+17|||6月1日|"), CASE_REJECT);
	CHECK_STR(counted(&b), "3/1 2/1 2/0 2/1 1/0 of 3");
	/* Of these no cell was read. */
	CHECK_INT(put(&b, "||||"), CASE_ASIDE_BLANK);
	CHECK_INT(put(&b, "合计|100|||"), CASE_ASIDE_TOTAL);
	CHECK_INT(put(&b, "A3|100"), CASE_REJECT);
	CHECK_STR(counted(&b), "3/1 2/1 2/0 2/1 1/0 of 3");
	close_bench(&b);
}

/* What the layout says of every row is read as a cell of it. */
static void
test_fixed(void)
{
	static const char *const set[][2] = { { "procedure", "一般程序" },
		{ "town", "云门镇" }, { "name", "街面秩序" },
		{ "officer1", "张三、李四" }, { "filed_on", "2023年6月1日" },
		{ "fine", "1.5万元" } };
	struct case_layout_fixed fixed[6] = { 0 };
	struct bench b;

	for (size_t i = 0; i < 6; i++) {
		fixed[i].column.field =
		    case_rtype_field(rt, set[i][0], strlen(set[i][0]));
		fixed[i].column.scale = 100;
		fixed[i].column.header = fixed[i].column.extra =
		    (char *)(uintptr_t)set[i][0];
		fixed[i].text = (char *)(uintptr_t)set[i][1];
	}
	open_bench(&b, "案号|罚没金额|备注甲");
	case_cleaner_free(b.c);
	b.m.fixed = fixed;
	b.m.fixed_n = 6;
	CHECK_INT(case_cleaner_new(&b.c, rt, &b.m, b.words, NULL), CASE_OK);
	for (int turn = 0; turn < 2; turn++) {
		CHECK_INT(put(&b, "A1||x"), CASE_RECORD);
		CHECK_STR(got(&b, "procedure"), "ordinary");
		CHECK_STR(got(&b, "town"), "云门镇");
		CHECK_STR(got(&b, "name"), "街面秩序");
		CHECK_STR(got(&b, "officer1"), "张三");
		CHECK_STR(got(&b, "officer2"), "李四");
		CHECK_STR(got(&b, "filed_on"), "2023-06-01");
		CHECK_STR(got(&b, "fine"), "15000.00");
		CHECK_STR(extra(&b), "{\"备注甲\":\"x\"}");
	}
	/* It makes no record of a row without an identity, or of none. */
	CHECK_INT(put(&b, "||x"), CASE_REJECT);
	CHECK_INT(put(&b, "||"), CASE_ASIDE_BLANK);
	CHECK_INT(put(&b, "合计|1|"), CASE_ASIDE_TOTAL);
	close_bench(&b);

	/* A column of the second officer keeps the first cell whole. */
	open_bench(&b, "案号|执法人员2");
	case_cleaner_free(b.c);
	b.m.fixed = &fixed[3];
	b.m.fixed_n = 1;
	CHECK_INT(case_cleaner_new(&b.c, rt, &b.m, b.words, NULL), CASE_OK);
	CHECK_INT(put(&b, "A1|王五"), CASE_RECORD);
	CHECK_STR(got(&b, "officer1"), "张三、李四");
	CHECK_STR(got(&b, "officer2"), "王五");
	close_bench(&b);

	/* And a second officer that is set keeps the column whole. */
	fixed[3].column.field = case_rtype_field(rt, "officer2", 8);
	open_bench(&b, "案号|执法人员1");
	case_cleaner_free(b.c);
	b.m.fixed = &fixed[3];
	b.m.fixed_n = 1;
	CHECK_INT(case_cleaner_new(&b.c, rt, &b.m, b.words, NULL), CASE_OK);
	CHECK_INT(put(&b, "A1|王五、赵六"), CASE_RECORD);
	CHECK_STR(got(&b, "officer1"), "王五、赵六");
	CHECK_STR(got(&b, "officer2"), "张三、李四");
	close_bench(&b);
}

/* JSON: any number of cells, and columns that come later. */
static void
test_names(void)
{
	struct bench b;

	open_bench(&b, "案号|罚款金额|立案日期");
	b.m.width = b.m.header_line = 0;
	b.m.column_n = 2;
	CHECK_INT(put(&b, "A1"), CASE_RECORD);
	CHECK_INT(put(&b, "A1|100"), CASE_RECORD);
	CHECK_INT(put(&b, "案号|100"), CASE_RECORD);
	b.m.column_n = 3;
	CHECK_INT(put(&b, "A1|100|2023-01-01"), CASE_RECORD);
	CHECK_STR(got(&b, "filed_on"), "2023-01-01");
	CHECK_STR(got(&b, "fine"), "100.00");
	CHECK_STR(counted(&b), "4/0 3/0 1/0 of 4");
	close_bench(&b);

	/* One that is about a field which there is already makes plans anew. */
	open_bench(&b, "案号|罚款金额|执法人员1|执法人员2");
	case_cleaner_free(b.c);
	b.m.width = b.m.header_line = 0;
	b.m.column_n = 3;
	CHECK_INT(case_cleaner_new(&b.c, rt, &b.m, b.words, NULL), CASE_OK);
	CHECK_INT(put(&b, "A1|100|张三、李四"), CASE_RECORD);
	CHECK_STR(got(&b, "officer2"), "李四");
	b.m.column_n = 4;
	CHECK_INT(put(&b, "A2|x|张三|王五"), CASE_RECORD);
	CHECK_STR(counted(&b), "2/0 2/1 2/0 1/0 of 2");
	close_bench(&b);
}

/* The column of a case-table that holds what no field took. */
static void
test_whole_extra(void)
{
	struct bench b;

	open_bench(&b, "case_no|甲|extra|fine");
	case_cleaner_free(b.c);
	b.m.width = b.m.header_line = 0;
	CHECK_INT(case_cleaner_new(&b.c, rt, &b.m, b.words, NULL), CASE_OK);
	CHECK_INT(put(&b, "A1|x|{\"乙\":\"1\",\"甲\":\"2\",\"fine!\":\"q\"}|z"),
	    CASE_RECORD);
	CHECK_STR(extra(&b), "{\"甲\":\"x\",\"fine!\":\"z\",\"乙\":\"1\"}");
	CHECK_INT(put(&b, "A1||{}|"), CASE_RECORD);
	CHECK_STR(extra(&b), "");
	CHECK_INT(put(&b, "A1||{\"丙\":\"\\\"甲\\\":\"}|"), CASE_RECORD);
	CHECK_STR(extra(&b), "{\"丙\":\"\\\"甲\\\":\"}");
	CHECK_INT(put(&b, "A1||{broken|"), CASE_RECORD);
	CHECK_STR(extra(&b), "{\"extra\":\"{broken\"}");
	CHECK_INT(put(&b, "A1||[1]|"), CASE_RECORD);
	CHECK_STR(extra(&b), "{\"extra\":\"[1]\"}");
	close_bench(&b);
}

static enum case_absence
why(const struct bench *b, const char *field)
{
	const struct case_value *v =
	    &b->rec.v[case_rtype_field(rt, field, strlen(field))];

	CHECK(v->missing);
	return (enum case_absence)v->absence;
}

/* Why a value is missing is for the store to know. */
static void
test_absence(void)
{
	struct bench b;

	open_bench(&b,
	    "案号|罚款金额|执法人员|处罚机关|立案日期|甲|决定书文号");
	CHECK_INT(put(&b, "A1||张三|某局|2月30日||3.3E+17"), CASE_RECORD);
	CHECK_INT(why(&b, "fine"), CASE_BLANK);
	CHECK_INT(why(&b, "closed_on"), CASE_ABSENT);
	CHECK_INT(why(&b, "officer2"), CASE_CLEARED);
	CHECK_INT(why(&b, "decided_on"), CASE_ABSENT);
	CHECK_INT(why(&b, "filed_on"), CASE_CLEARED);
	CHECK_INT(why(&b, "decision_no"), CASE_ABSENT);
	CHECK_INT(b.rec.blank.n, 0);
	case_cleaner_keep_blanks(b.c);
	CHECK_INT(put(&b, "A1|无|张三、|无||x|"), CASE_RECORD);
	CHECK_INT(why(&b, "fine"), CASE_BLANK);
	CHECK_INT(why(&b, "officer2"), CASE_CLEARED);
	CHECK_INT(why(&b, "organ"), CASE_BLANK);
	CHECK_INT(b.rec.blank.n, 0);
	CHECK_INT(put(&b, "A1||||| |"), CASE_RECORD);
	CHECK_INT(why(&b, "officer1"), CASE_BLANK);
	CHECK_INT(why(&b, "officer2"), CASE_BLANK);
	CHECK_INT(why(&b, "decided_on"), CASE_ABSENT);
	CHECK_INT(b.rec.blank.n, strlen("{\"甲\":null}"));
	CHECK(memcmp(b.rec.blank.p, "{\"甲\":null}", b.rec.blank.n) == 0);
	/* Of that row alone. */
	CHECK_INT(put(&b, "A1|||||x|"), CASE_RECORD);
	CHECK_INT(b.rec.blank.n, 0);
	close_bench(&b);

	/* One officer by the field's own name says nothing of the other. */
	open_bench(&b, "案号|执法人员1");
	CHECK_INT(put(&b, "A1|张三"), CASE_RECORD);
	CHECK_INT(why(&b, "officer2"), CASE_ABSENT);
	close_bench(&b);
}

/* A key that a row of JSON lacks is not one that is null. */
static void
test_absent_key(void)
{
	struct case_str cell[] = { { "A1", 2 }, { NULL, 0 }, { "", 0 },
		{ NULL, 0 }, { "", 0 } };
	struct case_row row = { .line = 1,
		.lines = 1,
		.cell = cell,
		.cell_n = 5 };
	struct bench b;

	open_bench(&b, "案号|罚款金额|立案日期|甲|乙");
	b.m.width = b.m.header_line = 0;
	case_cleaner_keep_blanks(b.c);
	CHECK_INT(case_cleaner_row(b.c, &row, &b.rec, &b.arena, &b.outcome,
		      &b.reject, NULL),
	    CASE_OK);
	case_cleaner_pin(b.c, &b.rec, &b.arena);
	CHECK_INT(why(&b, "fine"), CASE_ABSENT);
	CHECK_INT(why(&b, "filed_on"), CASE_BLANK);
	CHECK_INT(b.rec.blank.n, strlen("{\"乙\":null}"));
	CHECK(memcmp(b.rec.blank.p, "{\"乙\":null}", b.rec.blank.n) == 0);
	close_bench(&b);
}

/* A column that JSON adds changes what those before it are about. */
static void
test_more_columns(void)
{
	struct bench b;

	open_bench(&b, "案号|执法人员|甲|执法人员2|执法人员");
	case_cleaner_free(b.c);
	b.m.width = b.m.header_line = 0;
	b.m.column_n = 2;
	CHECK_INT(case_cleaner_new(&b.c, rt, &b.m, b.words, NULL), CASE_OK);
	for (size_t n = 2; n <= 5; n++) {
		b.m.column_n = n;
		CHECK_INT(put(&b, n == 2   ? "A1|张三、李四"
				  : n == 3 ? "A1|张三、李四|x"
				  : n == 4 ? "A1|张三、李四|x|王五"
					   : "A1|无|x|王五|赵六"),
		    CASE_RECORD);
		CHECK_STR(got(&b, "officer1"), n < 4	? "张三"
					       : n == 4 ? "张三、李四"
							: "赵六");
		CHECK_STR(got(&b, "officer2"), n < 4 ? "李四" : "王五");
		CHECK_STR(extra(&b), n == 2 ? "" : "{\"甲\":\"x\"}");
	}
	close_bench(&b);
}

/* More different cells than a memo remembers: none is taken for another. */
static void
test_memo(void)
{
	char row[256], day[16], unit[64];
	struct bench b;
	size_t wrong = 0;

	open_bench(&b, "案号|filed_on|unit|decided_on");
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < 5000; i++) {
			int y, m, d;

			case_date_civil(18000 + i, &y, &m, &d);
			snprintf(day, sizeof(day), "%04d-%02d-%02d", y, m, d);
			snprintf(unit, sizeof(unit), "对第%d号的行政处罚", i);
			snprintf(row, sizeof(row),
			    "A%d|%d/%d/%d|%s|%s 00:00:00", i, y, m, d, unit,
			    day);
			wrong += put(&b, row) != CASE_RECORD ||
				 strcmp(got(&b, "filed_on"), day) != 0 ||
				 strcmp(got(&b, "decided_on"), day) != 0 ||
				 strcmp(got(&b, "unit"), unit) != 0;
		}
	CHECK_INT(wrong, 0);
	CHECK_INT(case_words_count(b.words), 5000);
	close_bench(&b);
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
	test_record();
	test_cells();
	test_scale();
	test_layout_codes();
	test_rejects();
	test_every_date();
	test_required();
	test_keys();
	test_aside();
	test_shared();
	test_pairs();
	test_warnings();
	test_counts();
	test_fixed();
	test_names();
	test_whole_extra();
	test_absence();
	test_more_columns();
	test_absent_key();
	test_memo();
	case_rtype_free(rt);
	case_share_free(share);
	TEST_END();
}
