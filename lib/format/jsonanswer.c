/* jsonanswer.c - what a system answers in JSON when it sends no rows */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/format/jsonanswer.h"
#include "lib/format/jsontok.h"

/* So much of a message is shown, and of all that is said. */
#define VALUE_MAX ((size_t)120)
#define SAID_MAX ((size_t)400)

/* What a key of an answer tells. */
enum role {
	OTHER, /* no key of an answer */
	PLAIN, /* pages, counts, times: of no matter */
	CODE,  /* a number, 0 or 200 for success */
	FLAG,  /* true for success */
	FAULT, /* nothing for success */
	WORDS  /* for people */
};

/* Keys in small letters, without what parts words. */
static const struct {
	const char *key;
	enum role role;
} keys[] = {
	{ "code", CODE },
	{ "errcode", CODE },
	{ "errorcode", CODE },
	{ "resultcode", CODE },
	{ "retcode", CODE },
	{ "ret", CODE },
	{ "status", CODE },
	{ "statuscode", CODE },
	{ "success", FLAG },
	{ "issuccess", FLAG },
	{ "ok", FLAG },
	{ "error", FAULT },
	{ "errors", FAULT },
	{ "exception", FAULT },
	{ "msg", WORDS },
	{ "message", WORDS },
	{ "errmsg", WORDS },
	{ "errormsg", WORDS },
	{ "errormessage", WORDS },
	{ "errordescription", WORDS },
	{ "resultmsg", WORDS },
	{ "retmsg", WORDS },
	{ "desc", WORDS },
	{ "detail", WORDS },
	{ "data", PLAIN },
	{ "rows", PLAIN },
	{ "list", PLAIN },
	{ "records", PLAIN },
	{ "result", PLAIN },
	{ "results", PLAIN },
	{ "items", PLAIN },
	{ "content", PLAIN },
	{ "page", PLAIN },
	{ "total", PLAIN },
	{ "totalcount", PLAIN },
	{ "count", PLAIN },
	{ "size", PLAIN },
	{ "current", PLAIN },
	{ "pages", PLAIN },
	{ "pagenum", PLAIN },
	{ "pageno", PLAIN },
	{ "pagesize", PLAIN },
	{ "time", PLAIN },
	{ "timestamp", PLAIN },
	{ "requestid", PLAIN },
	{ "traceid", PLAIN },
};

static enum role
find_role(struct json_answer *a, const char *key)
{
	case_buf_reset(&a->key);
	for (; *key != '\0' && a->key.n < 32; key++)
		if (*key >= 'A' && *key <= 'Z')
			case_buf_addc(&a->key, (char)(*key | 0x20));
		else if (*key != '_' && *key != '-')
			case_buf_addc(&a->key, *key);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i].key, case_buf_str(&a->key)) == 0)
			return keys[i].role;
	return OTHER;
}

bool
json_answer_knows(struct json_answer *a, const char *key)
{
	return find_role(a, key) != OTHER;
}

static bool
is_one_of(const char *s, const char *const *word)
{
	for (; *word != NULL; word++)
		if (strcasecmp(s, *word) == 0)
			return true;
	return false;
}

static bool
is_success_word(const char *s)
{
	static const char *const words[] = { "ok", "success", "succeed",
		"succeeded", "successful", "成功", "操作成功", "查询成功",
		"请求成功", "获取成功", "执行成功", "暂无数据", "无数据",
		"没有数据", NULL };

	return is_one_of(s, words);
}

/* 0, 200 and words of success; also "0000" as some write it. */
static bool
is_success_code(const char *s)
{
	return strcmp(s, "200") == 0 || s[strspn(s, "0")] == '\0' ||
	       strcasecmp(s, "true") == 0 || is_success_word(s);
}

/* 401, 500 …: whatever stands beside it. */
static bool
is_http_error(const char *s)
{
	return (s[0] == '4' || s[0] == '5') && strlen(s) == 3 &&
	       strspn(s, "0123456789") == 3;
}

static void
take_role(struct json_answer *a, enum role role, const char *s)
{
	static const char *const yes[] = { "true", "1", "yes", NULL };
	static const char *const no[] = { "false", "0", "no", NULL };

	switch (role) {
	case OTHER:
		a->other = true;
		break;
	case PLAIN:
		break;
	case CODE:
		a->code |= !is_success_code(s);
		a->bad |= is_http_error(s);
		break;
	case FLAG:
		a->good |= is_one_of(s, yes) || is_success_word(s);
		a->bad |= !is_one_of(s, yes) && !is_success_word(s);
		break;
	case FAULT:
		a->bad |= !is_one_of(s, no);
		break;
	case WORDS:
		a->words = true;
		a->word |= is_success_word(s);
		break;
	}
}

/* The value as it may be shown, its begin when it is long. */
static enum case_status
show(struct json_answer *a, const char *key, struct case_error *err)
{
	const char *s = case_buf_str(&a->value);

	if (a->said.n < SAID_MAX) {
		case_buf_adds(&a->said, a->said.n > 0 ? ", " : "");
		case_text_visible(&a->said, key,
		    case_text_cut(key, strlen(key), 32));
		case_buf_adds(&a->said, ": ");
		case_text_visible(&a->said, s,
		    case_text_cut(s, a->value.n, VALUE_MAX));
	}
	return a->said.failed ? case_error_memory(err) : CASE_OK;
}

enum case_status
json_answer_value(struct json_answer *a, const char *key, struct case_str raw,
    struct case_error *err)
{
	enum role role = find_role(a, key);

	case_buf_reset(&a->value);
	if (raw.n >= 2 && raw.p[0] == '"')
		json_decode(&a->value,
		    (struct case_str){ raw.p + 1, raw.n - 2 });
	else if (raw.n != 4 || memcmp(raw.p, "null", 4) != 0)
		case_buf_add(&a->value, raw.p, raw.n);
	if (a->key.failed || a->value.failed)
		return case_error_memory(err);
	/* Nothing is said by an empty text. */
	if (a->value.n == 0 && role != OTHER)
		return CASE_OK;
	take_role(a, role, case_buf_str(&a->value));
	return role == OTHER || role == PLAIN ? CASE_OK : show(a, key, err);
}

enum case_status
json_answer_group(struct json_answer *a, const char *key,
    struct case_error *err)
{
	enum role role = find_role(a, key);

	if (a->key.failed)
		return case_error_memory(err);
	a->other |= role == OTHER;
	a->bad |= role == FAULT;
	return CASE_OK;
}

enum case_status
json_answer_list(struct json_answer *a, const char *key, const char *path,
    struct case_error *err)
{
	enum role role = find_role(a, key);

	if (a->key.failed)
		return case_error_memory(err);
	a->other |= role == OTHER;
	if (role != FAULT && a->list == NULL &&
	    (a->list = strdup(path)) == NULL)
		return case_error_memory(err);
	return CASE_OK;
}

enum case_status
json_answer_judge(const struct json_answer *a, bool record,
    struct case_error *err)
{
	bool answer = a->list != NULL || a->words || a->bad;

	if (!answer || (record && a->other))
		return CASE_EOF;
	if (a->list != NULL && !a->bad && (!a->code || a->good || a->word))
		return CASE_OK;
	return case_error_set(err, CASE_EDATA, 0,
	    _("the JSON document holds no rows but an answer (%s); if the "
	      "system refused, log in there and export again"),
	    a->said.n > 0 ? a->said.p : "error");
}

void
json_answer_free(struct json_answer *a)
{
	case_buf_free(&a->said);
	case_buf_free(&a->key);
	case_buf_free(&a->value);
	free(a->list);
}
