/* rulecheck.c - one rule of a pack, checked key by key */
#include <stdio.h>
#include <string.h>

#include "case/date.h"
#include "case/intl.h"
#include "lib/work/audit_int.h"

enum {
	ID_MAX = 40,
	TESTS_MAX = 200 /* of one kind, and records of one test */
};

static const char *const test_kinds[] = { "pass", "fail", "skip" };

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ROW (1U << RULE_ROW)
#define GROUP (1U << RULE_GROUP)
#define SEQUENCE (1U << RULE_SEQUENCE)
#define ALL (ROW | GROUP | SEQUENCE)

/* The keys of a rule: the kinds that may have them, and have to. */
static const struct {
	const char *key;
	unsigned int may, must;
} rule_keys[] = {
	{ "id", ALL, ALL },
	{ "title", ALL, ALL },
	{ "about", ALL, 0 },
	{ "type", ALL, ALL },
	{ "kind", ALL, ALL },
	{ "severity", ALL, ALL },
	{ "points", ALL, 0 },
	{ "basis", ALL, 0 },
	{ "from", ALL, 0 },
	{ "to", ALL, 0 },
	{ "date", ALL, 0 },
	{ "scope", ALL, 0 },
	{ "requires", ALL, 0 },
	{ "applies", ALL, 0 },
	{ "fails", ROW | GROUP, ROW },
	{ "field", ALL, 0 },
	{ "value", ROW | GROUP, 0 },
	{ "expected", ROW | GROUP, 0 },
	{ "clock", ROW, 0 },
	{ "group_by", GROUP, GROUP },
	{ "having", GROUP, 0 },
	{ "earlier", GROUP, 0 },
	{ "sequence", SEQUENCE, SEQUENCE },
	{ "message", ALL, ALL },
	{ "tests", ALL, ALL },
};

/* Where the texts of expressions stand: in the rule, or in a part of it. */
static const struct {
	const char *part, *key;
	bool must; /* where there is that part */
} expr_keys[RULE_EXPRS] = {
	[RULE_APPLIES] = { NULL, "applies", false },
	[RULE_DATE] = { NULL, "date", false },
	[RULE_FAILS] = { NULL, "fails", false },
	[RULE_VALUE] = { NULL, "value", false },
	[RULE_EXPECTED] = { NULL, "expected", false },
	[RULE_HAVING] = { NULL, "having", false },
	[RULE_DUE] = { "clock", "due", true },
	[RULE_OPEN] = { "clock", "open", true },
	[RULE_EARLIER] = { "earlier", "date", true },
	[RULE_MONTHS] = { "earlier", "months", false },
	[RULE_ORGAN] = { "sequence", "organ", true },
	[RULE_YEAR] = { "sequence", "year", true },
	[RULE_NUMBER] = { "sequence", "number", true },
	[RULE_SAME] = { "sequence", "same", false },
};

struct check {
	struct rule_set *set;
	struct rule *r;
	const struct case_json *json;
	size_t number; /* of the rule in its pack, from 1 */
	struct case_error *err;
};

/* "FILE: rule ID: why" */
static enum case_status
refuse(const struct check *k, const char *key, const char *why)
{
	char number[24];
	const char *id = k->r->id;

	if (id == NULL) {
		snprintf(number, sizeof(number), "%zu", k->number);
		id = number;
	}
	return case_error_set(k->err, CASE_EDATA, 0,
	    *key != '\0' ? _("%s: rule %s: %s: %s") : _("%s: rule %s%s: %s"),
	    k->r->file, id, key, why);
}

static enum case_status
check_keys(const struct check *k)
{
	const struct case_json *i;
	unsigned int kind = 1U << k->r->kind;
	size_t row;

	for (i = case_json_first(k->json); i != NULL; i = case_json_next(i)) {
		for (row = 0; row < COUNT(rule_keys); row++)
			if (strcmp(rule_keys[row].key, case_json_key(i)) == 0)
				break;
		if (row == COUNT(rule_keys))
			return refuse(k, case_json_key(i),
			    _("there is no such key"));
		if (!(rule_keys[row].may & kind))
			return refuse(k, case_json_key(i),
			    _("a rule of this kind has none"));
	}
	for (row = 0; row < COUNT(rule_keys); row++)
		if ((rule_keys[row].must & kind) &&
		    case_json_get(k->json, rule_keys[row].key) == NULL)
			return refuse(k, rule_keys[row].key,
			    _("it is missing"));
	return CASE_OK;
}

static bool
is_id(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n <= ID_MAX &&
	       strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
			 "0123456789-_.") == n;
}

static enum case_status
check_id(const struct check *k)
{
	const char *id = case_json_get_str(k->json, "id");

	if (id == NULL || !is_id(id))
		return refuse(k, "id",
		    _("it has to be up to 40 letters, digits and - _ ."));
	k->r->id = id;
	return CASE_OK;
}

/* {"zh": …, "en": …}, both there. */
static enum case_status
check_words(const struct check *k, const char *key, const char *word[2])
{
	static const char
	    *const lang[2] = { [CASE_ZH] = "zh", [CASE_EN] = "en" };
	const struct case_json *o = case_json_get(k->json, key), *i;

	if (o == NULL)
		return CASE_OK;
	for (i = case_json_first(o); i != NULL; i = case_json_next(i))
		if (!case_json_is_object(o) ||
		    (strcmp(case_json_key(i), "zh") != 0 &&
			strcmp(case_json_key(i), "en") != 0))
			return refuse(k, key, _("only zh and en may be there"));
	for (size_t l = 0; l < 2; l++)
		if ((word[l] = case_json_get_str(o, lang[l])) == NULL)
			return refuse(k, key, _("zh and en have to be there"));
	return CASE_OK;
}

static enum case_status
check_severity(const struct check *k)
{
	const struct case_json *v = case_json_get(k->json, "severity");
	double d;

	if (!case_severity_find(case_json_str(v), &k->r->severity))
		return refuse(k, "severity",
		    _("it is veto, error, warning or info"));
	if ((v = case_json_get(k->json, "points")) == NULL)
		return CASE_OK;
	if (!case_json_number(v, &d) || d < 0 || d > 1000)
		return refuse(k, "points", _("a number from 0 to 1000"));
	k->r->points = d;
	return CASE_OK;
}

static enum case_status
check_basis(const struct check *k)
{
	const struct case_json *o = case_json_get(k->json, "basis"), *i;

	for (i = case_json_first(o); i != NULL; i = case_json_next(i)) {
		if (!case_json_is_object(o) || case_json_str(i) == NULL ||
		    (strcmp(case_json_key(i), "law") != 0 &&
			strcmp(case_json_key(i), "article") != 0))
			return refuse(k, "basis", _("texts law and article"));
	}
	k->r->law = case_json_get_str(o, "law");
	k->r->article = case_json_get_str(o, "article");
	if (o != NULL && k->r->law == NULL)
		return refuse(k, "basis", _("law is missing"));
	return CASE_OK;
}

static enum case_status
check_day(const struct check *k, const char *key, bool *has, int64_t *day)
{
	const struct case_json *v = case_json_get(k->json, key);
	const char *s = case_json_str(v);

	*has = v != NULL && !case_json_is_null(v);
	if (!*has)
		return CASE_OK;
	if (s == NULL || case_date_parse(day, CASE_DATE, s, strlen(s),
			     CASE_CALENDAR_CE, NULL) != CASE_OK)
		return refuse(k, key, _("it has to be a date like 2021-07-15"));
	return CASE_OK;
}

static enum case_status
check_validity(const struct check *k)
{
	struct rule *r = k->r;
	enum case_status rc;

	if ((rc = check_day(k, "from", &r->has_from, &r->from)) != CASE_OK ||
	    (rc = check_day(k, "to", &r->has_to, &r->to)) != CASE_OK)
		return rc;
	if (r->has_from && r->has_to && r->to < r->from)
		return refuse(k, "to", _("it is before from"));
	if ((r->has_from || r->has_to) &&
	    case_json_get(k->json, "date") == NULL)
		return refuse(k, "date",
		    _("from and to need the date that they are about"));
	return CASE_OK;
}

/* Texts of a JSON array; NULL when it is absent. */
static enum case_status
check_texts(const struct check *k, const char *key, const char **p, size_t max,
    size_t *n)
{
	const struct case_json *a = case_json_get(k->json, key), *i;

	*n = 0;
	if (a != NULL && !case_json_is_array(a))
		return refuse(k, key, _("it has to be a list of texts"));
	for (i = case_json_first(a); i != NULL; i = case_json_next(i)) {
		if (case_json_str(i) == NULL)
			return refuse(k, key,
			    _("it has to be a list of texts"));
		if (*n == max)
			return refuse(k, key, _("it is too long"));
		p[(*n)++] = case_json_str(i);
	}
	return CASE_OK;
}

/* The keys of a part: those of the table, and gaps and reuse. */
static enum case_status
check_part(const struct check *k, const char *part)
{
	const struct case_json *o = case_json_get(k->json, part), *i;
	bool sequence = strcmp(part, "sequence") == 0;
	size_t row;

	if (o != NULL && !case_json_is_object(o))
		return refuse(k, part, _("it has to be an object"));
	for (i = case_json_first(o); i != NULL; i = case_json_next(i)) {
		for (row = 0; row < RULE_EXPRS; row++)
			if (expr_keys[row].part != NULL &&
			    strcmp(expr_keys[row].part, part) == 0 &&
			    strcmp(expr_keys[row].key, case_json_key(i)) == 0)
				break;
		if (row == RULE_EXPRS &&
		    !(sequence && (strcmp(case_json_key(i), "gaps") == 0 ||
				      strcmp(case_json_key(i), "reuse") == 0)))
			return refuse(k, case_json_key(i),
			    _("there is no such key"));
	}
	return CASE_OK;
}

static enum case_status
check_sequence(const struct check *k)
{
	const struct case_json *o = case_json_get(k->json, "sequence");
	bool gaps = case_json_get_bool(o, "gaps", false);
	bool reuse = case_json_get_bool(o, "reuse", false);

	if (o == NULL)
		return CASE_OK;
	if (gaps == reuse)
		return refuse(k, "sequence",
		    _("either gaps or reuse has to be true"));
	k->r->gaps = gaps;
	return CASE_OK;
}

static enum case_status
check_texts_of_exprs(const struct check *k)
{
	const struct case_json *o, *v;
	enum case_status rc;

	if ((rc = check_part(k, "clock")) != CASE_OK ||
	    (rc = check_part(k, "earlier")) != CASE_OK ||
	    (rc = check_part(k, "sequence")) != CASE_OK)
		return rc;
	for (size_t i = 0; i < RULE_EXPRS; i++) {
		o = expr_keys[i].part == NULL
			? k->json
			: case_json_get(k->json, expr_keys[i].part);
		v = case_json_get(o, expr_keys[i].key);
		k->r->text[i] = case_json_str(v);
		if (k->r->text[i] != NULL)
			continue;
		if (v != NULL)
			return refuse(k, expr_keys[i].key,
			    _("it has to be a text"));
		if (o != NULL && expr_keys[i].must)
			return refuse(k, expr_keys[i].key, _("it is missing"));
	}
	if (k->r->kind == RULE_GROUP && k->r->text[RULE_HAVING] == NULL &&
	    k->r->text[RULE_EARLIER] == NULL)
		return refuse(k, "having", _("it is missing"));
	return check_sequence(k);
}

/* --- tests ------------------------------------------------------------ */

static enum case_status
check_test_record(const struct check *k, const char *kind,
    const struct case_json *o, const struct case_rtype *rt)
{
	const struct case_json *i;
	double d;

	if (!case_json_is_object(o))
		return refuse(k, kind, _("a test is a record: an object"));
	for (i = case_json_first(o); i != NULL; i = case_json_next(i)) {
		if (strcmp(case_json_key(i), TEST_VANISHED) != 0 &&
		    case_rtype_field(rt, case_json_key(i),
			strlen(case_json_key(i))) < 0)
			return refuse(k, case_json_key(i),
			    _("the type has no such field"));
		if (case_json_str(i) == NULL && !case_json_number(i, &d))
			return refuse(k, case_json_key(i),
			    _("it has to be a text or a number"));
	}
	return CASE_OK;
}

/* A test of a group or a sequence is a list of records. */
static enum case_status
check_test(const struct check *k, const char *kind, const struct case_json *o,
    const struct case_rtype *rt)
{
	const struct case_json *i;
	enum case_status rc;
	size_t n = 0;

	if (k->r->kind == RULE_ROW)
		return check_test_record(k, kind, o, rt);
	if (!case_json_is_array(o) || case_json_first(o) == NULL)
		return refuse(k, kind,
		    _("a test of this kind is a list of records"));
	for (i = case_json_first(o); i != NULL; i = case_json_next(i)) {
		if (++n > TESTS_MAX)
			return refuse(k, kind, _("it is too long"));
		if ((rc = check_test_record(k, kind, i, rt)) != CASE_OK)
			return rc;
	}
	return CASE_OK;
}

static enum case_status
check_tests_of(const struct check *k, const char *kind,
    const struct case_rtype *rt)
{
	const struct case_json *a = case_json_get(k->r->tests, kind), *i;
	enum case_status rc;
	size_t n = 0;

	if (!case_json_is_array(a) || case_json_first(a) == NULL)
		return refuse(k, kind,
		    _("test rows that pass, fail and are skipped have to be "
		      "there"));
	for (i = case_json_first(a); i != NULL; i = case_json_next(i)) {
		if (++n > TESTS_MAX)
			return refuse(k, kind, _("it is too long"));
		if ((rc = check_test(k, kind, i, rt)) != CASE_OK)
			return rc;
	}
	return CASE_OK;
}

static enum case_status
check_tests(const struct check *k, const struct case_rtype *rt)
{
	const struct case_json *o = case_json_get(k->json, "tests"), *i;
	enum case_status rc = CASE_OK;
	size_t at;

	k->r->tests = o;
	for (i = case_json_first(o); i != NULL; i = case_json_next(i)) {
		if (!case_json_is_object(o))
			break;
		if (!rule_find_word(test_kinds, COUNT(test_kinds),
			case_json_key(i), &at) &&
		    strcmp(case_json_key(i), "set") != 0 &&
		    strcmp(case_json_key(i), "today") != 0)
			return refuse(k, case_json_key(i),
			    _("there is no such key"));
	}
	for (at = 0; rc == CASE_OK && at < COUNT(test_kinds); at++)
		rc = check_tests_of(k, test_kinds[at], rt);
	return rc;
}

/* --- what a rule says about its type ---------------------------------- */

/* Compiles it in both languages, over the type as share/records has it. */
static enum case_status
check_compiles(const struct check *k, const struct case_rtype *rt)
{
	const struct case_scope scope = { .rt = rt,
		.sh = k->set->sh,
		.type = rule_set_type,
		.type_arg = k->set };
	struct case_error why;
	struct rule_code code;
	enum case_status rc;

	for (int lang = CASE_ZH; lang <= CASE_EN; lang++) {
		rc = rule_compile(&code, k->r, &scope, (enum case_lang)lang,
		    &why);
		rule_code_free(&code);
		if (rc == CASE_ENOMEM)
			return case_error_memory(k->err);
		if (rc != CASE_OK)
			return refuse(k, "", why.what);
	}
	return CASE_OK;
}

static enum case_status
check(const struct check *k)
{
	struct rule *r = k->r;
	const struct case_rtype *rt;
	enum case_status rc;

	if (!case_json_is_object(k->json))
		return refuse(k, "rules", _("it has to be a list of objects"));
	if ((rc = check_id(k)) != CASE_OK)
		return rc;
	if (!rule_kind_find(case_json_get_str(k->json, "kind"), &r->kind))
		return refuse(k, "kind", _("it is row, group or sequence"));
	r->type = case_json_get_str(k->json, "type");
	r->field = case_json_get_str(k->json, "field");
	r->scope = case_json_get_str(k->json, "scope");
	r->required = case_json_get(k->json, "requires") != NULL;
	if ((rc = check_keys(k)) != CASE_OK ||
	    (rc = check_words(k, "title", r->title)) != CASE_OK ||
	    (rc = check_words(k, "about", r->about)) != CASE_OK ||
	    (rc = check_words(k, "message", r->message)) != CASE_OK ||
	    (rc = check_severity(k)) != CASE_OK ||
	    (rc = check_basis(k)) != CASE_OK ||
	    (rc = check_validity(k)) != CASE_OK ||
	    (rc = check_texts(k, "group_by", r->group, RULE_GROUPS,
		 &r->group_n)) != CASE_OK ||
	    (rc = check_texts(k, "requires", r->require, RULE_REQUIRES,
		 &r->require_n)) != CASE_OK ||
	    (rc = check_texts_of_exprs(k)) != CASE_OK)
		return rc;
	if (r->kind == RULE_GROUP && r->group_n == 0)
		return refuse(k, "group_by", _("it is empty"));
	if (r->type == NULL || (rt = rule_set_type(k->set, r->type)) == NULL)
		return refuse(k, "type", _("there is no such record type"));
	if ((rc = check_compiles(k, rt)) != CASE_OK)
		return rc;
	return check_tests(k, rt);
}

enum case_status
rule_check(struct rule_set *set, struct rule *r, const struct case_json *json,
    size_t number, struct case_error *err)
{
	const struct check k = { .set = set,
		.r = r,
		.json = json,
		.number = number,
		.err = err };

	return check(&k);
}
