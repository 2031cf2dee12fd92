/* test_rule.c - rules as read from packs, their messages and waivers */
#include <stdlib.h>
#include <unistd.h>

#include "lib/work/audit_int.h"
#include "tests/unit/test.h"

static struct case_share *sh;

static const char *
data_dir(void)
{
	const char *dir = getenv("CASE_DATADIR"), *src = getenv("srcdir");
	static char path[1024];

	if (dir != NULL)
		return dir;
	snprintf(path, sizeof(path), "%s/share", src != NULL ? src : ".");
	return path;
}

/* --- names ---------------------------------------------------------------- */

static void
test_names(void)
{
	const char *list = " XF-60 ,,XF-51, ,QZ-25";
	enum case_severity s = CASE_INFO;
	enum rule_kind k = RULE_ROW;
	struct case_str item;

	CHECK(case_severity_find("veto", &s));
	CHECK_INT(s, CASE_VETO);
	CHECK(!case_severity_find("grave", &s));
	CHECK(!case_severity_find(NULL, &s));
	CHECK_INT(s, CASE_VETO);
	CHECK_STR(case_severity_name(CASE_WARNING), "warning");
	CHECK(CASE_INFO < CASE_WARNING && CASE_WARNING < CASE_ERROR &&
	      CASE_ERROR < CASE_VETO);
	CHECK(rule_kind_find("sequence", &k));
	CHECK_INT(k, RULE_SEQUENCE);
	CHECK(!rule_kind_find("text", &k));

	CHECK(rule_list_next(&list, &item) && item.n == 5);
	CHECK(rule_list_next(&list, &item) && item.n == 5);
	CHECK(memcmp(item.p, "XF-51", 5) == 0);
	CHECK(rule_list_next(&list, &item) && item.n == 5);
	CHECK(!rule_list_next(&list, &item));
}

/* --- packs ---------------------------------------------------------------- */

static enum case_status
load(struct rule_set *set, const char *packs, const char *rules,
    const char *type, struct case_error *err)
{
	const struct case_audit_request rq = { .packs = packs,
		.rules = rules,
		.type = type };

	return rule_set_load(set, sh, &rq, err);
}

static void
test_packs(void)
{
	struct case_buf basis = { 0 };
	struct case_error err;
	struct rule_set set;

	CHECK_INT(load(&set, NULL, NULL, NULL, &err), CASE_OK);
	CHECK(set.n > 30);
	rule_set_free(&set);

	CHECK_INT(load(&set, "penalty-law", "XF-60", NULL, &err), CASE_OK);
	CHECK_INT(set.n, 1);
	CHECK_STR(set.rule[0].id, "XF-60");
	CHECK_INT(set.rule[0].severity, CASE_VETO);
	CHECK(set.rule[0].has_from && !set.rule[0].has_to);
	CHECK_INT(set.rule[0].from, case_date_of(2021, 7, 15));
	rule_basis(&basis, &set.rule[0]);
	CHECK_STR(case_buf_str(&basis), "《中华人民共和国行政处罚法》第六十条");
	case_buf_free(&basis);
	rule_set_free(&set);

	/* Two versions of one rule, one after the other. */
	CHECK_INT(load(&set, "penalty-law", "XF-51", "case", &err), CASE_OK);
	CHECK_INT(set.n, 2);
	rule_set_free(&set);

	CHECK_INT(load(&set, NULL, "XF-6O", NULL, &err), CASE_EUSAGE);
	CHECK(strstr(err.what, "XF-60") != NULL);
	rule_set_free(&set);
	CHECK_INT(load(&set, "penalty", NULL, NULL, &err), CASE_EUSAGE);
	rule_set_free(&set);
	CHECK_INT(load(&set, NULL, NULL, "unit", &err), CASE_EUSAGE);
	rule_set_free(&set);
}

/* --- one rule ---------------------------------------------------------------
 */

static const char good[] =
    "{\"id\":\"T-1\",\"title\":{\"zh\":\"a\",\"en\":\"b\"},"
    "\"type\":\"case\",\"kind\":\"row\",\"severity\":\"info\","
    "\"applies\":\"fine is not null\",\"fails\":\"fine > 100\","
    "\"message\":{\"zh\":\"{fine}元\",\"en\":\"{fine} yuan\"},"
    "\"tests\":{\"pass\":[{\"fine\":1}],\"fail\":[{\"fine\":\"101\"}],"
    "\"skip\":[{\"case_no\":\"1\"}]}}";

/* The rule with the first from in it as to. */
static enum case_status
check_changed(struct rule_code *code, const char *from, const char *to,
    struct case_error *err)
{
	const char *at = strstr(good, from);
	struct rule_set set = { .sh = sh };
	struct rule r = { .file = "t.json" };
	struct case_json *json = NULL;
	struct case_buf text = { 0 };
	struct case_scope scope = { .sh = sh };
	enum case_status rc;

	*code = (struct rule_code){ 0 };
	case_buf_add(&text, good, (size_t)(at - good));
	case_buf_adds(&text, to);
	case_buf_adds(&text, at + strlen(from));
	rc = case_json_parse(&json, text.p, text.n, err);
	if (rc == CASE_OK)
		rc = rule_check(&set, &r, json, 1, err);
	scope.rt = rule_set_type(&set, "case");
	if (rc == CASE_OK)
		rc = rule_compile(code, &r, &scope, CASE_EN, err);
	rule_code_free(code);
	case_json_free(json);
	case_buf_free(&text);
	rule_set_free(&set);
	return rc;
}

static void
refused(const char *from, const char *to, const char *why)
{
	struct case_error err = { .what = "" };
	struct rule_code code;

	CHECK_INT(check_changed(&code, from, to, &err), CASE_EDATA);
	if (strstr(err.what, why) == NULL)
		fprintf(stderr, "%s: not about %s\n", err.what, why);
	CHECK(strstr(err.what, why) != NULL);
	CHECK(strncmp(err.what, "t.json: rule ", 13) == 0);
}

static void
test_rule(void)
{
	struct case_error err;
	struct rule_code code;

	CHECK_INT(check_changed(&code, "row", "row", &err), CASE_OK);
	refused("\"kind\":\"row\"", "\"kind\":\"text\"", "kind");
	refused("\"id\":\"T-1\"", "\"id\":\"T 1\"", "id");
	refused("\"id\":\"T-1\"", "\"id\":7", "id");
	refused("\"en\":\"b\"", "\"fr\":\"b\"", "title");
	refused("info", "information", "severity");
	refused("fine > 100", "fine", "fails");
	refused("fine > 100", "sum(fine) > 100", "fails");
	refused("fine > 100", "fine > 'x'", "fails");
	refused("fine is not null", "procedure = 'none'", "applies");
	refused("\"applies\"", "\"having\"", "having");
	refused("\"applies\"", "\"value\":3,\"applies\"", "value");
	refused("\"applies\"", "\"points\":-1,\"applies\"", "points");
	refused("\"applies\"", "\"from\":\"2021-02-30\",\"applies\"", "from");
	refused("\"applies\"", "\"to\":\"2021-02-03\",\"applies\"", "date");
	refused("\"applies\"", "\"clock\":{\"due\":\"filed_on\"},\"applies\"",
	    "open");
	refused("\"applies\"", "\"requires\":\"fine\",\"applies\"", "requires");
	refused("\"applies\"", "\"requires\":[\"fine|\"],\"applies\"",
	    "requires");
	refused("\"applies\"", "\"basis\":{\"article\":\"1\"},\"applies\"",
	    "law");
	refused("[{\"fine\":1}]", "[]", "pass");
	refused("[{\"fine\":1}]", "[{\"fine\":true}]", "fine");
	refused("[{\"fine\":1}]", "[[{\"fine\":1}]]", "pass");
	refused("{fine} yuan", "{fine", "message");
	refused("{fine} yuan", "{}", "message");
	refused("{fine} yuan", "}", "message");
}

/* --- messages ----------------------------------------------------------------
 */

static void
test_messages(void)
{
	const char *word[] = { NULL, "A、B", "3", "4—6" };
	struct case_value v[3] = { { .type = CASE_MONEY, .u.i = 20000 },
		{ .type = CASE_MONEY, .u.i = 19950 },
		{ .type = CASE_DATE, .missing = true } };
	struct rule_set set = { .sh = sh };
	struct case_scope scope = { .sh = sh };
	struct case_buf out = { 0 };
	struct case_error err;
	struct message m;

	scope.rt = rule_set_type(&set, "case");
	CHECK_INT(message_parse(&m,
		      "{fine}/{confiscated}/{paid_on}|{@others}"
		      "|{@count}|{@range}!",
		      &scope, &err),
	    CASE_OK);
	CHECK_INT(m.expr_n, 3);
	message_print(&out, &m, v, word, CASE_ZH);
	CHECK_STR(case_buf_str(&out), "200/199.50/（空）|A、B|3|4—6!");
	message_free(&m);

	/* Numbers of persons are never printed, names are. */
	case_buf_reset(&out);
	CHECK_INT(message_parse(&m, "{party_id} {party_name}{procedure}",
		      &scope, &err),
	    CASE_OK);
	v[0] = (struct case_value){ .type = CASE_TEXT,
		.u.s = { "33070219900307001X", 18 } };
	v[1] = (struct case_value){ .type = CASE_TEXT, .u.s = { "王五", 6 } };
	v[2] =
	    (struct case_value){ .type = CASE_CODE, .u.s = { "ordinary", 8 } };
	message_print(&out, &m, v, word, CASE_ZH);
	CHECK(strstr(case_buf_str(&out), "19900307") == NULL);
	CHECK(strstr(case_buf_str(&out), "王五普通程序") != NULL);
	message_free(&m);

	CHECK_INT(message_parse(&m, "", &scope, &err), CASE_OK);
	CHECK_INT(m.n, 0);
	message_free(&m);
	CHECK_INT(message_parse(&m, "{{fine}}", &scope, &err), CASE_EUSAGE);
	message_free(&m);
	case_buf_free(&out);
	rule_set_free(&set);
}

/* --- waivers
 * ------------------------------------------------------------------- */

static enum case_status
load_waivers(struct waivers *ws, const char *text, struct case_error *err)
{
	char path[] = "/tmp/test_rule.XXXXXX";
	int fd = mkstemp(path);
	enum case_status rc;

	*ws = (struct waivers){ 0 };
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return case_error_system(err, path);
	close(fd);
	rc = waivers_load(ws, path, err);
	unlink(path);
	return rc;
}

static void
test_waivers(void)
{
	const struct case_str key = { "A1 and more", 2 };
	int64_t day = case_date_of(2023, 6, 30);
	struct case_error err;
	struct waivers ws;

	CHECK_INT(load_waivers(&ws,
		      "fingerprint,rule,key,reason,approver,until\n"
		      "00ff,,,r,a,2023-06-30\n,XF-60,A1,r,a,2023-06-29\n",
		      &err),
	    CASE_OK);
	CHECK_INT(ws.n, 2);
	CHECK(waivers_match(&ws, "00ff", "X", key, day));
	CHECK(!waivers_match(&ws, "00ff", "X", key, day + 1));
	CHECK(!waivers_match(&ws, "00fe", "XF-60", key, day));
	CHECK(waivers_match(&ws, "00fe", "XF-60", key, day - 1));
	CHECK(!waivers_match(&ws, "00fe", "XF-61", key, day - 1));
	waivers_free(&ws);

	CHECK_INT(load_waivers(&ws, "rule,reason,approver,until\n", &err),
	    CASE_EDATA);
	waivers_free(&ws);
	CHECK_INT(load_waivers(&ws,
		      "rule,key,reason,approver,until\nXF-60,,r,a,2023-1-1\n",
		      &err),
	    CASE_EDATA);
	CHECK(strstr(err.what, ":2: ") != NULL);
	waivers_free(&ws);
	CHECK_INT(waivers_load(&ws, "/nonexistent/w.csv", &err), CASE_EIO);
	waivers_free(&ws);
}

int
main(void)
{
	struct case_error err;

	unsetenv("CASE_PATH");
	if (case_share_new(&sh, data_dir(), &err) != CASE_OK) {
		fprintf(stderr, "%s\n", err.what);
		return 1;
	}
	test_names();
	test_packs();
	test_rule();
	test_messages();
	test_waivers();
	case_share_free(sh);
	TEST_END();
}
