/* test_share.c - the search path, "extends", and the settings */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "case/share.h"

#include "test.h"

static char root[] = "/tmp/test_share.XXXXXX";

static const char *
at(const char *name)
{
	static char path[4][512];
	static unsigned turn;
	char *p = path[turn++ % 4];

	snprintf(p, sizeof(path[0]), "%s/%s", root, name);
	return p;
}

static void
put(const char *name, const char *text)
{
	FILE *f = fopen(at(name), "w");

	CHECK(f != NULL);
	if (f == NULL)
		return;
	CHECK(fputs(text, f) >= 0);
	CHECK(fclose(f) == 0);
}

static void
make_tree(void)
{
	static const char *const dirs[] = { "one", "one/records", "two",
		"two/records", "two/calendars", "three", "conf", "conf/case" };

	CHECK(mkdtemp(root) != NULL);
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		CHECK(mkdir(at(dirs[i]), 0700) == 0);
	put("two/records/base.json",
	    "{\"name\":\"base\",\"n\":1,\"list\":[{\"name\":\"x\",\"v\":1}]}");
	put("one/records/base.json",
	    "{\"extends\":\"base\",\"n\":2,"
	    "\"list\":[{\"name\":\"y\"},{\"name\":\"x\",\"v\":9}]}");
	put("one/records/more.json",
	    "{\"extends\":\"base\",\"name\":\"more\"}");
	put("one/records/ring.json", "{\"extends\":\"gnir\"}");
	put("one/records/gnir.json", "{\"extends\":\"ring\"}");
	put("one/records/self.json", "{\"extends\":\"self\"}");
	put("one/records/cut.json", "{\"name\":\n\"cut\"");
	put("one/records/.hidden.json", "{}");
	put("one/records/note.txt", "no json");
	put("two/calendars/cn.csv",
	    "date,kind,name\n2023-01-02,holiday,元旦\n");
	put("two/settings.json",
	    "{\"a.number\":{\"value\":null,\"type\":\"number\"},"
	    "\"a.text\":{\"value\":\"二\",\"type\":\"text\"},"
	    "\"a.list\":{\"value\":[\"x\"],\"type\":\"list\"},"
	    "\"a.bool\":{\"value\":true,\"type\":\"boolean\"},"
	    "\"calendar\":{\"value\":\"cn\"},\"deep\":7}");
	put("conf/case/settings.json", "{\"a.text\":\"自\",\"a.bool\":null}");
}

static void
drop_tree(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	CHECK(system(command) == 0);
}

static struct case_share *
open_share(void)
{
	struct case_share *sh = NULL;
	struct case_error err = { .line = 0 };
	char path[1024];

	snprintf(path, sizeof(path), "%s::%s", at("one"), at("absent"));
	setenv("CASE_PATH", path, 1);
	setenv("XDG_CONFIG_HOME", at("conf"), 1);
	CHECK_INT(case_share_new(&sh, at("two"), &err), CASE_OK);
	return sh;
}

static void
test_extends(struct case_share *sh)
{
	struct case_json *json;
	struct case_error err;

	CHECK_INT(case_share_load(sh, "records", "base", &json, &err), CASE_OK);
	CHECK_STR(case_json_get_str(json, "name"), "base");
	CHECK(case_json_get_number(json, "n", 0) == 2);
	CHECK_STR(case_json_get_str(
		      case_json_first(case_json_get(json, "list")), "name"),
	    "x");
	CHECK(case_json_get_number(
		  case_json_first(case_json_get(json, "list")), "v", 0) == 9);
	case_json_free(json);

	CHECK_INT(case_share_load(sh, "records", "more", &json, &err), CASE_OK);
	CHECK_STR(case_json_get_str(json, "name"), "more");
	CHECK(case_json_get_number(json, "n", 0) == 2);
	case_json_free(json);

	CHECK_INT(
	    case_share_load(sh, "records", "ring", &json, &err), CASE_EDATA);
	CHECK(json == NULL);
	CHECK_INT(
	    case_share_load(sh, "records", "self", &json, &err), CASE_EUSAGE);
	CHECK(json == NULL);
}

static void
test_load(struct case_share *sh)
{
	static const char *const bad[] = { "../base", "", ".", "..", "a/b",
		".hidden", "/etc/passwd" };
	struct case_json *json;
	struct case_error err;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_INT(case_share_load(sh, "records", bad[i], &json, &err),
		    CASE_EUSAGE);
	CHECK_INT(
	    case_share_load(sh, "records", "bsae", &json, &err), CASE_EUSAGE);
	CHECK(strstr(err.what, "'base'") != NULL);
	CHECK_INT(
	    case_share_load(sh, "rules", "base", &json, &err), CASE_EUSAGE);
	CHECK_INT(
	    case_share_load(sh, "records", "cut", &json, &err), CASE_EDATA);
	CHECK(strstr(err.what, "cut.json") != NULL);
	CHECK_INT(case_share_load(
		      sh, "records", at("one/records/more.json"), &json, &err),
	    CASE_OK);
	CHECK_STR(case_json_get_str(json, "name"), "more");
	case_json_free(json);
	CHECK_INT(case_share_load(sh, "records", at("none.json"), &json, &err),
	    CASE_EIO);
}

static void
test_names(struct case_share *sh)
{
	static const char *const want[] = { "base", "cut", "gnir", "more",
		"ring", "self" };
	struct case_error err;
	struct case_buf path = { 0 };
	char **names;
	size_t n = 0;

	CHECK_INT(case_share_names(sh, "records", &names, &err), CASE_OK);
	for (; names[n] != NULL; n++)
		if (n < 6)
			CHECK_STR(names[n], want[n]);
	CHECK_INT(n, 6);
	case_share_names_free(names);
	CHECK_INT(case_share_names(sh, "nothing", &names, &err), CASE_OK);
	CHECK(names[0] == NULL);
	case_share_names_free(names);

	CHECK_INT(
	    case_share_path(sh, "calendars", "cn.csv", &path, &err), CASE_OK);
	CHECK_STR(case_buf_str(&path), at("two/calendars/cn.csv"));
	CHECK_INT(
	    case_share_path(sh, "calendars", "../x", &path, &err), CASE_EUSAGE);
	CHECK_INT(case_share_path(sh, "calendars", "us.csv", &path, &err),
	    CASE_EUSAGE);
	case_buf_free(&path);
}

static void
test_calendar(struct case_share *sh)
{
	const struct case_workdays *w = NULL, *again = NULL;
	struct case_error err;

	CHECK_INT(case_share_workdays(sh, &w, &err), CASE_OK);
	CHECK(w != NULL);
	CHECK_INT(case_share_workdays(sh, &again, &err), CASE_OK);
	CHECK(w == again);
}

struct used {
	char text[256];
};

static void
note(void *arg, const char *key, const char *value)
{
	struct used *u = arg;
	size_t n = strlen(u->text);

	snprintf(u->text + n, sizeof(u->text) - n, "%s=%s;", key,
	    value == NULL ? "(none)" : value);
}

static void
test_settings(struct case_share *sh)
{
	struct case_error err;
	struct used used = { "" };
	double d = -1;

	CHECK_STR(case_setting_str(sh, "a.text"), "自");
	CHECK(case_setting_str(sh, "nobody") == NULL);
	CHECK(!case_setting_number(sh, "a.number", &d));
	CHECK(d == -1);
	CHECK(case_setting_number(sh, "deep", &d) && d == 7);
	/* A bureau's null takes back what the package has set. */
	CHECK(!case_setting_bool(sh, "a.bool", false));
	CHECK(case_setting_bool(sh, "a.bool", true));
	CHECK(case_json_is_array(case_setting_json(sh, "a.list")));
	CHECK(case_setting_json(sh, "a.number") == NULL);

	CHECK_INT(case_setting_set(sh, "a.number=5000.5", &err), CASE_OK);
	CHECK(case_setting_number(sh, "a.number", &d) && d == 5000.5);
	CHECK_INT(case_setting_set(sh, "a.number=", &err), CASE_OK);
	CHECK(!case_setting_number(sh, "a.number", &d));
	CHECK_INT(case_setting_set(sh, "a.number=many", &err), CASE_EUSAGE);
	CHECK_INT(case_setting_set(sh, "a.bool=maybe", &err), CASE_EUSAGE);
	CHECK_INT(case_setting_set(sh, "a.bool=true", &err), CASE_OK);
	CHECK(case_setting_bool(sh, "a.bool", false));
	CHECK_INT(case_setting_set(sh, "a.list=x", &err), CASE_EUSAGE);
	CHECK_INT(case_setting_set(sh, "a.text=a=\"b\"", &err), CASE_OK);
	CHECK_STR(case_setting_str(sh, "a.text"), "a=\"b\"");
	CHECK_INT(case_setting_set(sh, "a.txt=1", &err), CASE_EUSAGE);
	CHECK(strstr(err.what, "'a.text'") != NULL);
	CHECK_INT(case_setting_set(sh, "a.text", &err), CASE_EUSAGE);
	CHECK_INT(case_setting_set(sh, "=1", &err), CASE_EUSAGE);

	case_setting_used(sh, note, &used);
	CHECK_STR(used.text,
	    "a.text=a=\"b\";a.bool=true;a.number=(none);calendar=cn;deep=7;");
}

/* A settings file that can't be read is said, not passed over. */
static void
test_broken(void)
{
	struct case_share *sh;
	struct case_error err;

	put("three/settings.json", "{\"a\":1,}");
	setenv("CASE_PATH", at("three"), 1);
	CHECK_INT(case_share_new(&sh, NULL, &err), CASE_EDATA);
	CHECK(sh == NULL);
	CHECK(strstr(err.what, "settings.json") != NULL);
	case_share_free(NULL);
}

/* What the package ships: every setting says what it is. */
static void
test_shipped(void)
{
	const char *srcdir = getenv("srcdir");
	struct case_json *json;
	struct case_error err;
	char path[4096];

	snprintf(path, sizeof(path), "%s/share/settings.json",
	    srcdir ? srcdir : ".");
	CHECK_INT(case_json_load(&json, path, &err), CASE_OK);
	for (const struct case_json *v = case_json_first(json); v != NULL;
	     v = case_json_next(v)) {
		CHECK(case_json_get(v, "value") != NULL);
		CHECK(case_json_get_str(v, "type") != NULL);
		CHECK(
		    case_json_get_str(case_json_get(v, "about"), "zh") != NULL);
		CHECK(
		    case_json_get_str(case_json_get(v, "about"), "en") != NULL);
	}
	CHECK(case_json_is_null(
	    case_json_get(case_json_get(json, "hearing.citizen"), "value")));
	case_json_free(json);
}

int
main(void)
{
	struct case_share *sh;

	make_tree();
	if ((sh = open_share()) != NULL) {
		test_extends(sh);
		test_load(sh);
		test_names(sh);
		test_calendar(sh);
		test_settings(sh);
		case_share_free(sh);
	}
	test_broken();
	test_shipped();
	drop_tree();
	TEST_END();
}
