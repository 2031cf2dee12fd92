/* test_rtype.c - record types: the shipped ones, and broken ones */
#include <stdlib.h>

#include "case/rtype.h"

#include "test.h"

static struct case_share *share;

static int
word(const struct case_rtype *rt, const char *s)
{
	return case_rtype_word(rt, s, strlen(s));
}

static const char *
field_of(const struct case_rtype *rt, const char *header)
{
	int i = word(rt, header);

	return i < 0 ? "-" : rt->field[i].name;
}

static int
code(const struct case_field *f, const char *s)
{
	return case_field_code(f, s, strlen(s));
}

static const char *
code_of(const struct case_rtype *rt, const char *field, const char *s)
{
	const struct case_field *f = &rt->field[word(rt, field)];
	int i = code(f, s);

	return i < 0 ? "-" : f->code[i].name;
}

/* Header names that real sources use, and the field each must find. */
static const char *const headers[][2] = { { "case_no", "case_no" },
	{ "CASE_NO", "case_no" }, { "案件编号", "case_no" },
	{ "立案号", "case_no" }, { " 案 号 ：", "case_no" },
	{ "案件ID", "case_no" }, { "案件ｉｄ", "case_no" },
	{ "case number", "case_no" }, { "文,号", "decision_no" },
	{ "文书字轨", "decision_no" }, { "行政处罚决定书文号", "decision_no" },
	{ "CF_WSH", "decision_no" }, { "名称", "name" },
	{ "处罚时间", "decided_on" }, { "做出处罚的日期", "decided_on" },
	{ "违法行为类型", "act" }, { "主要违法违规事实(案由)", "act" },
	{ "违法事实", "facts" }, { "证件号码", "party_id" },
	{ "证件号", "cert1" }, { "执法证号", "cert1" },
	{ "行政相对人代码＿1", "party_id" }, { "行政相对人代码-1", "party_id" },
	{ "行政相对人代码_1（统一社会信用代码）", "party_id" },
	{ "统一社会信用代码/注册号", "party_id" },
	{ "处罚结果（应缴罚款金额）", "fine" }, { "处罚结果", "penalty_text" },
	{ "处罚内容", "penalty_text" }, { "公示期限", "publish_until" },
	{ "公示日期", "published_on" }, { "做出处罚的机关名称和日期", "organ" },
	{ "处置部门", "unit" }, { "属地", "town" }, { "条线", "field" },
	{ "是否首违免罚", "first_exempt" }, { "结案状态", "outcome" },
	{ "当前状态", "state" }, { "不认识的列", "-" }, { "", "-" },
	{ "()", "-" }, { "序号", "-" } };

static void
test_case(void)
{
	struct case_rtype *rt;
	struct case_error err;
	const char *unit;

	CHECK_INT(case_rtype_load(&rt, share, "case", &err), CASE_OK);
	CHECK_STR(rt->name, "case");
	CHECK_STR(rt->count, "cases");
	CHECK_STR(case_label(rt->label, CASE_ZH), "行政处罚案件");
	CHECK_INT(rt->field_n, 92);
	CHECK_INT(rt->key_n, 2);
	CHECK_STR(rt->field[rt->key[0].field[0]].name, "case_no");
	CHECK_STR(rt->field[rt->key[1].field[0]].name, "decision_no");
	CHECK_INT(rt->date_n, 2);
	CHECK_STR(rt->field[rt->date[0]].name, "filed_on");
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		CHECK_STR(field_of(rt, headers[i][0]), headers[i][1]);
	CHECK_INT(case_rtype_field(rt, "fine", 4), word(rt, "罚款金额"));
	CHECK_INT(case_rtype_field(rt, "fines", 5), -1);
	CHECK_INT(case_rtype_field(rt, "罚款金额", 12), -1);
	CHECK_INT(case_rtype_header(rt, "CF_NR_FK", 8, &unit),
	    word(rt, "fine"));
	CHECK_STR(unit, "万元");
	CHECK_INT(case_rtype_header(rt, "fine", 4, &unit), word(rt, "fine"));
	CHECK(unit == NULL);
	CHECK(rt->field[word(rt, "procedure")].coded);
	CHECK(rt->field[word(rt, "decision_no")].docno);
	CHECK(rt->field[word(rt, "party_id")].ident);
	CHECK_INT(rt->field[word(rt, "party_id")].privacy, CASE_PRIVACY_ID);
	CHECK_INT(rt->field[word(rt, "officer1")].privacy, CASE_PRIVACY_NONE);
	CHECK_INT(rt->field[word(rt, "organ")].pair, word(rt, "decided_on"));
	CHECK_INT(rt->field[word(rt, "fine")].pair, -1);
	CHECK(rt->yes.n > 3 && rt->no.n > 3 && rt->aside.n > 5);
	case_rtype_free(rt);
}

static void
test_codes(void)
{
	struct case_rtype *rt;
	struct case_error err;

	CHECK_INT(case_rtype_load(&rt, share, "case", &err), CASE_OK);
	CHECK_STR(code_of(rt, "procedure", "简易程序"), "simple");
	CHECK_STR(code_of(rt, "procedure", "简易"), "simple");
	CHECK_STR(code_of(rt, "procedure", "当场处罚程序"), "simple");
	CHECK_STR(code_of(rt, "procedure", "一般程序"), "ordinary");
	CHECK_STR(code_of(rt, "procedure", "普 通"), "ordinary");
	CHECK_STR(code_of(rt, "procedure", "ordinary"), "ordinary");
	CHECK_STR(code_of(rt, "procedure", "快速办理"), "-");
	CHECK_STR(code_of(rt, "procedure", ""), "-");
	CHECK_STR(code_of(rt, "procedure", "-"), "-");
	CHECK_STR(code_of(rt, "party_kind", "法人及非法人组织"),
	    "organisation");
	CHECK_STR(code_of(rt, "party_kind", "公民"), "person");
	CHECK_STR(code_of(rt, "party_kind", "个体户"), "household");
	CHECK_STR(code_of(rt, "outcome", "撤销立案"), "withdrawn");
	CHECK_STR(code_of(rt, "outcome", "终结"), "ended");
	CHECK_STR(code_of(rt, "outcome", "不予处罚"), "exempt");
	case_rtype_free(rt);
}

/* What every store has, by the names that rules and scripts use. */
static const char *const fixed[][2] = {
	{ "case", "case_no name procedure unit town organ organ_code field "
		  "item_code item act source campaign occurred_on "
		  "act_ended_on found_on filed_on investigated_on "
		  "reviewed_on reviewer joint_review notified_on "
		  "notice_served_on notified_fine defence "
		  "hearing_notified_on hearing_requested_on hearing_on "
		  "discussed_on major decided_on decision_no extended_days "
		  "excluded_days served_on served_by penalties penalty_text "
		  "basis facts fine confiscated illegal_gains paid_on "
		  "fines_paid surcharge closed_on outcome exempt_kind "
		  "corrected_on registered_on handled_on seized_on "
		  "seize_extended_on released_on test_days published_on "
		  "publish_until repair_applied_on repaired_on party_kind "
		  "party_name party_id legal_rep party_phone party_address "
		  "officer1 cert1 officer2 cert2 first_exempt five_year "
		  "crime_suspected transferred_on reconsidered litigated "
		  "enforced tier state behaviour_code sealed on_platform "
		  "remark" },
	{ "incident", "incident_no channel kind place unit reported_at "
		      "dispatched_at departed_at arrived_at due_at closed_at "
		      "smart returned satisfied state" },
	{ "inspection",
	    "inspection_no kind unit party_name party_id inspected_on "
	    "ended_on joint places area problems rectified case_no "
	    "campaign" },
	{ "permit", "permit_no kind unit applicant applicant_id applied_on "
		    "accepted_on decided_on valid_to online immediate" },
	{ "supervision", "paper_no kind unit addressee reason issued_on due_on "
			 "answered_on" },
	{ "coordination", "coordination_no kind from_unit to_unit started_on "
			  "answered_on" },
	{ "remedy", "remedy_no case_no kind filed_on decided_on result" },
	{ "activity", "activity_no kind unit held_on headcount campaign" },
	{ "target", "unit measure period value" },
	{ "figure", "unit measure period value source reporter" },
	{ "review", "round case_no item reviewer answer score reviewed_on "
		    "comment" },
	{ "document", "case_no kind dated_on text" },
	{ "item", "code name field list basis tier min_fine max_fine exempt" },
	{ "unit", "code name kind parent order officers since until aliases" },
	{ "officer", "cert_no name unit valid_to qualified since until" },
	{ "delegation", "unit item_code mode since until" },
};

static void
test_fixed(void)
{
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		struct case_rtype *rt;
		struct case_error err;
		size_t n;

		CHECK_INT(case_rtype_load(&rt, share, fixed[i][0], &err),
		    CASE_OK);
		for (const char *p = fixed[i][1]; *p != '\0'; p += n) {
			char name[64];
			int f;

			p += strspn(p, " ");
			n = strcspn(p, " ");
			snprintf(name, sizeof(name), "%.*s", (int)n, p);
			f = case_rtype_field(rt, p, n);
			CHECK_STR(f < 0 ? "-" : rt->field[f].name, name);
			/* Dates and times say by their names what they are. */
			if (n > 3 && strncmp(p + n - 3, "_on", 3) == 0)
				CHECK_INT(rt->field[f].type, CASE_DATE);
			if (n > 3 && strncmp(p + n - 3, "_at", 3) == 0)
				CHECK_INT(rt->field[f].type, CASE_TIME);
		}
		case_rtype_free(rt);
	}
}

/* Every field and every code is known by a label in both languages. */
static void
test_labels(const struct case_rtype *rt)
{
	for (size_t i = 0; i < rt->field_n; i++) {
		const struct case_field *f = &rt->field[i];

		CHECK(f->label[CASE_ZH] != NULL && f->label[CASE_EN] != NULL);
		for (size_t k = 0; k < f->code_n; k++)
			CHECK(f->code[k].label[CASE_ZH] != NULL &&
			      f->code[k].label[CASE_EN] != NULL);
	}
}

/* Names that two fields share are found as such, and are no word for one. */
static void
test_ask(void)
{
	static const char text[] =
	    "{\"name\":\"t\",\"count\":\"ts\",\"key\":[[\"a\"]],"
	    "\"otherwise\":[\"b\",\"c\"],\"fields\":["
	    "{\"name\":\"a\",\"type\":\"text\"},"
	    "{\"name\":\"b\",\"type\":\"text\",\"aliases\":"
	    "[{\"name\":\"单位\",\"ask\":true},\"乙\"]},"
	    "{\"name\":\"c\",\"type\":\"text\",\"aliases\":"
	    "[{\"name\":\" 单 位：\",\"ask\":true}]}]}";
	struct case_json *json = NULL;
	struct case_rtype *rt = NULL;
	struct case_error err = { .line = 0 };
	struct case_buf b = { 0 };
	const char *unit;

	CHECK_INT(case_json_parse(&json, text, strlen(text), &err), CASE_OK);
	CHECK_INT(case_rtype_parse(&rt, json, &err), CASE_OK);
	CHECK_INT(case_rtype_header(rt, "单位", 6, &unit), 1);
	CHECK_INT(case_rtype_rival(rt, "单位", 6), 2);
	CHECK_INT(case_rtype_rival(rt, "乙", 3), -1);
	CHECK_INT(case_rtype_rival(rt, "丙", 3), -1);
	CHECK_INT(word(rt, "单位"), -1);
	CHECK_INT(word(rt, "乙"), 1);
	CHECK_INT(rt->key_n, 2);
	CHECK(!rt->key[0].otherwise && rt->key[1].otherwise);
	CHECK_INT(rt->key[1].field_n, 2);
	case_rtype_print(&b, rt);
	CHECK(strstr(case_buf_str(&b), "\"otherwise\":[\"b\",\"c\"]") != NULL);
	CHECK(strstr(case_buf_str(&b), "\"ask\":true") != NULL);
	case_buf_free(&b);
	case_rtype_free(rt);
	case_json_free(json);
}

/* What is kept in the store reads back as the same type. */
static void
test_print(const char *name)
{
	struct case_rtype *rt, *again = NULL;
	struct case_json *json = NULL;
	struct case_error err;
	struct case_buf a = { 0 }, b = { 0 };

	CHECK_INT(case_rtype_load(&rt, share, name, &err), CASE_OK);
	test_labels(rt);
	case_rtype_print(&a, rt);
	CHECK_INT(case_json_parse(&json, a.p, a.n, &err), CASE_OK);
	CHECK_INT(case_rtype_parse(&again, json, &err), CASE_OK);
	if (again != NULL) {
		case_rtype_print(&b, again);
		CHECK_STR(case_buf_str(&b), case_buf_str(&a));
		CHECK_INT(again->yes.n, rt->yes.n);
		CHECK_INT(again->key_n, rt->key_n);
	}
	case_buf_free(&a);
	case_buf_free(&b);
	case_json_free(json);
	case_rtype_free(again);
	case_rtype_free(rt);
}

/* Every shipped type loads, which says that no two fields share a name. */
static void
test_shipped(void)
{
	struct case_error err;
	char **names;

	CHECK_INT(case_share_names(share, "records", &names, &err), CASE_OK);
	CHECK(names[0] != NULL);
	for (char **p = names; *p != NULL; p++)
		test_print(*p);
	case_share_names_free(names);
}

#define FIELD "{\"name\":\"a\",\"type\":\"text\",\"aliases\":[\"甲\"]}"
#define TYPE(rest)                                                       \
	"{\"name\":\"t\",\"count\":\"ts\",\"key\":[[\"a\"]],\"fields\":" \
	"[" FIELD rest

/* A broken type and a piece of what must be said about it. */
static const char *const broken[][2] = { { "[]", "JSON object" },
	{ "{}", "type's name" }, { "{\"name\":\"T-1\"}", "T-1" },
	{ "{\"name\":\"t\"}", "fields" },
	{ "{\"name\":\"t\",\"feilds\":[]}", "feilds" },
	{ "{\"name\":\"t\",\"fields\":[]}", "fields" },
	{ "{\"name\":\"t\",\"fields\":[{\"name\":\"a\"}]}", "'type'" },
	{ "{\"name\":\"t\",\"fields\":[{\"name\":\"A\",\"type\":\"text\"}]"
	  "}",
	    "'A'" },
	{ "{\"name\":\"t\",\"fields\":[{\"name\":\"a\",\"type\":\"txt\"}]}",
	    "'txt'" },
	{ TYPE("]}, \"x\":1") "}", "" }, { TYPE("]") "}", NULL },
	{ TYPE(",{\"name\":\"b\",\"type\":\"text\",\"aliases\":[\"（甲）\"]"
	       "}]") "}",
	    "'甲'" },
	{ TYPE(",{\"name\":\"a\",\"type\":\"text\"}]") "}", "'a'" },
	{ TYPE(",{\"name\":\"b\",\"type\":\"code\"}]") "}", "codes" },
	{ TYPE(",{\"name\":\"b\",\"type\":\"code\",\"codes\":[]}]") "}",
	    "codes" },
	{ TYPE(",{\"name\":\"b\",\"type\":\"text\",\"codes\":[{\"name\":"
	       "\"x\"}]}]") "}",
	    "text" },
	{ TYPE(",{\"name\":\"b\",\"type\":\"money\",\"coded\":true}]") "}",
	    "coded" },
	{ TYPE(",{\"name\":\"b\",\"type\":\"text\",\"alias\":[\"x\"]}]") "}",
	    "alias" },
	{ TYPE(",{\"name\":\"b\",\"type\":\"text\",\"privacy\":\"secret\"}"
	       "]") "}",
	    "secret" },
	{ TYPE(",{\"name\":\"b\",\"type\":\"text\",\"pair\":\"c\"}]") "}",
	    "'c'" },
	{ TYPE(",{\"name\":\"b\",\"type\":\"text\",\"required\":1}]") "}",
	    "required" },
	{ TYPE(",{\"name\":\"b\",\"type\":\"text\",\"aliases\":[{"
	       "\"name\":\"甲\",\"ask\":true}]}]") "}",
	    "'甲'" },
	{ TYPE(",{\"name\":\"b\",\"type\":\"text\",\"aliases\":[{"
	       "\"name\":\"乙\",\"aks\":true}]}]") "}",
	    "aks" },
	{ TYPE("],\"otherwise\":[\"b\"]") "}", "'b'" },
	{ TYPE("],\"dates\":[\"a\"]") "}", "not a date" },
	{ TYPE("],\"dates\":[\"b\"]") "}", "'b'" },
	{ TYPE("],\"missing\":\"-\"") "}", "missing" },
	{ "{\"name\":\"t\",\"count\":\"ts\",\"key\":[[\"b\"]],\"fields\":"
	  "[" FIELD "]}",
	    "'b'" },
	{ "{\"name\":\"t\",\"count\":\"ts\",\"key\":[],\"fields\":[" FIELD "]}",
	    "key" },
	{ "{\"name\":\"t\",\"count\":\"ts\",\"key\":[[]],\"fields\":[" FIELD
	  "]}",
	    "key" },
	{ "{\"name\":\"t\",\"key\":[[\"a\"]],\"fields\":[" FIELD "]}",
	    "count" } };

static void
test_broken(void)
{
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		const char *text = broken[i][0], *want = broken[i][1];
		struct case_json *json = NULL;
		struct case_rtype *rt = NULL;
		struct case_error err = { .line = 0 };

		if (case_json_parse(&json, text, strlen(text), &err) !=
		    CASE_OK) {
			CHECK_STR(want, "");
			continue;
		}
		if (want == NULL) {
			CHECK_INT(case_rtype_parse(&rt, json, &err), CASE_OK);
		} else {
			CHECK_INT(case_rtype_parse(&rt, json, &err),
			    CASE_EDATA);
			CHECK(rt == NULL);
			if (strstr(err.what, want) == NULL)
				CHECK_STR(err.what, want);
		}
		case_rtype_free(rt);
		case_json_free(json);
	}
}

static void
test_absent(void)
{
	struct case_rtype *rt;
	struct case_error err;

	CHECK_INT(case_rtype_load(&rt, share, "cse", &err), CASE_EUSAGE);
	CHECK(strstr(err.what, "'case'") != NULL);
	CHECK(rt == NULL);
	case_rtype_free(NULL);
}

int
main(void)
{
	const char *srcdir = getenv("srcdir");
	struct case_error err;
	char path[4096];

	snprintf(path, sizeof(path), "%s/share", srcdir ? srcdir : ".");
	setenv("CASE_PATH", path, 1);
	if (case_share_new(&share, NULL, &err) != CASE_OK) {
		fprintf(stderr, "%s\n", err.what);
		return 1;
	}
	test_case();
	test_codes();
	test_shipped();
	test_fixed();
	test_ask();
	test_broken();
	test_absent();
	case_share_free(share);
	TEST_END();
}
