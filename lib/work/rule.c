/* rule.c - rule packs, read from share/rules and checked */
#include <stdlib.h>
#include <string.h>

#include "case/date.h"
#include "case/intl.h"
#include "case/text.h"
#include "lib/work/audit_int.h"

enum { RULES_MAX = 1000 /* of one pack */ };

static const char *const severities[CASE_SEVERITIES] = { "info", "warning",
	"error", "veto" };
static const char *const kinds[] = { "row", "group", "sequence" };

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* --- names ------------------------------------------------------------ */

const char *
case_severity_name(enum case_severity s)
{
	return severities[s];
}

bool
rule_find_word(const char *const *table, size_t rows, const char *word,
    size_t *at)
{
	for (size_t i = 0; word != NULL && i < rows; i++) {
		if (strcmp(table[i], word) != 0)
			continue;
		*at = i;
		return true;
	}
	return false;
}

bool
case_severity_find(const char *name, enum case_severity *s)
{
	size_t at;

	if (!rule_find_word(severities, CASE_SEVERITIES, name, &at))
		return false;
	*s = (enum case_severity)at;
	return true;
}

const char *
rule_kind_name(enum rule_kind kind)
{
	return kinds[kind];
}

bool
rule_kind_find(const char *name, enum rule_kind *kind)
{
	size_t at;

	if (!rule_find_word(kinds, COUNT(kinds), name, &at))
		return false;
	*kind = (enum rule_kind)at;
	return true;
}

void
rule_basis(struct case_buf *out, const struct rule *r)
{
	if (r->law != NULL)
		case_buf_addf(out, "《%s》", r->law);
	if (r->article != NULL)
		case_buf_adds(out, r->article);
}

bool
rule_list_next(const char **list, struct case_str *item)
{
	size_t n;

	do {
		if (**list == '\0')
			return false;
		n = strcspn(*list, ",");
		*item = case_text_trim(*list, n);
		*list += n;
		if (**list == ',')
			(*list)++;
	} while (item->n == 0);
	return true;
}

void
rule_nearest(struct case_buf *out, const char *word,
    const char *(*name)(const void *arg, size_t i), const void *arg, size_t n)
{
	const char *best = NULL;
	size_t limit = strlen(word) / 2 + 2, d;

	for (size_t i = 0; i < n; i++) {
		d = case_text_distance(word, name(arg, i), limit);
		if (d >= limit)
			continue;
		limit = d;
		best = name(arg, i);
	}
	if (best != NULL)
		case_buf_addf(out, _("; did you mean %s?"), best);
}

/* --- packs ------------------------------------------------------------ */

const struct case_rtype *
rule_set_type(void *arg, const char *name)
{
	struct rule_set *set = arg;
	struct case_rtype *rt = NULL, **more;

	for (size_t i = 0; i < set->rt_n; i++)
		if (strcmp(set->rt[i]->name, name) == 0)
			return set->rt[i];
	if (case_rtype_load(&rt, set->sh, name, NULL) != CASE_OK)
		return NULL;
	more = realloc(set->rt, (set->rt_n + 1) * sizeof(struct case_rtype *));
	if (more == NULL) {
		case_rtype_free(rt);
		return NULL;
	}
	set->rt = more;
	set->rt[set->rt_n++] = rt;
	return rt;
}

/* Two rules of one name have to be versions that follow each other. */
static bool
overlaps(const struct rule *a, const struct rule *b)
{
	return strcmp(a->id, b->id) == 0 &&
	       !(a->has_to && b->has_from && a->to < b->from) &&
	       !(b->has_to && a->has_from && b->to < a->from);
}

static enum case_status
check_unique(const struct rule_set *set, struct case_error *err)
{
	const struct rule *r = &set->rule[set->n - 1];

	for (size_t i = 0; i + 1 < set->n; i++)
		if (overlaps(&set->rule[i], r))
			return case_error_set(err, CASE_EDATA, 0,
			    _("%s: rule %s: it is in %s already; -R takes one "
			      "pack of them"),
			    r->file, r->id, set->rule[i].file);
	return CASE_OK;
}

static enum case_status
add_rules(struct rule_set *set, const struct case_json *pack, const char *file,
    struct case_error *err)
{
	const struct case_json *i;
	size_t number = 0;
	enum case_status rc;
	struct rule *more;

	i = case_json_first(case_json_get(pack, "rules"));
	for (; i != NULL; i = case_json_next(i)) {
		if (++number > RULES_MAX)
			return case_error_set(err, CASE_EDATA, 0,
			    _("%s: more than %d rules"), file, RULES_MAX);
		more = realloc(set->rule, (set->n + 1) * sizeof(*more));
		if (more == NULL)
			return case_error_memory(err);
		set->rule = more;
		more = &set->rule[set->n++];
		*more = (struct rule){ .file = file };
		if ((rc = rule_check(set, more, i, number, err)) != CASE_OK ||
		    (rc = check_unique(set, err)) != CASE_OK)
			return rc;
	}
	return CASE_OK;
}

static enum case_status
check_pack(const struct case_json *pack, const char *file,
    struct case_error *err)
{
	static const char *const keys[] = { "name", "title", "about", "rules",
		"extends" };
	const struct case_json *i;
	size_t at;

	for (i = case_json_first(pack); i != NULL; i = case_json_next(i))
		if (!case_json_is_object(pack) ||
		    !rule_find_word(keys, COUNT(keys), case_json_key(i), &at))
			return case_error_set(err, CASE_EDATA, 0,
			    _("%s: %s: there is no such key"), file,
			    case_json_key(i) ? case_json_key(i) : "?");
	if (!case_json_is_array(case_json_get(pack, "rules")))
		return case_error_set(err, CASE_EDATA, 0,
		    _("%s: rules: it has to be a list of objects"), file);
	return CASE_OK;
}

static enum case_status
add_pack(struct rule_set *set, const char *name, struct case_error *err)
{
	struct case_buf file = { 0 };
	struct case_json **json;
	char **names;
	enum case_status rc;

	json = realloc(set->json, (set->pack_n + 1) * sizeof(*json));
	if (json != NULL)
		set->json = json;
	names = realloc(set->file, (set->pack_n + 1) * sizeof(*names));
	if (names != NULL)
		set->file = names;
	if (json == NULL || names == NULL)
		return case_error_memory(err);
	rc = case_share_load(set->sh, "rules", name, &json[set->pack_n], err);
	if (rc != CASE_OK)
		return rc;
	case_buf_addf(&file, strchr(name, '/') != NULL ? "%s" : "rules/%s.json",
	    name);
	names[set->pack_n] = file.p;
	set->pack_n++;
	if (file.failed || file.p == NULL)
		return case_error_memory(err);
	if ((rc = check_pack(json[set->pack_n - 1], file.p, err)) != CASE_OK)
		return rc;
	return add_rules(set, json[set->pack_n - 1], file.p, err);
}

static enum case_status
add_all(struct rule_set *set, struct case_error *err)
{
	char **names = NULL;
	enum case_status rc;

	rc = case_share_names(set->sh, "rules", &names, err);
	for (size_t i = 0; rc == CASE_OK && names[i] != NULL; i++)
		rc = add_pack(set, names[i], err);
	case_share_names_free(names);
	return rc;
}

static enum case_status
add_listed(struct rule_set *set, const char *list, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	struct case_str item;
	char *name;

	while (rc == CASE_OK && rule_list_next(&list, &item)) {
		if ((name = strndup(item.p, item.n)) == NULL)
			return case_error_memory(err);
		rc = add_pack(set, name, err);
		free(name);
	}
	return rc;
}

/* --- the rules that were asked for -----------------------------------------
 */

static const char *
rule_id(const void *arg, size_t i)
{
	const struct rule_set *set = arg;

	return set->rule[i].id;
}

static bool
is_listed(const char *list, const char *id)
{
	struct case_str item;

	while (rule_list_next(&list, &item))
		if (strlen(id) == item.n && memcmp(id, item.p, item.n) == 0)
			return true;
	return false;
}

/* Every name of -i has to be a rule's. */
static enum case_status
check_listed(const struct rule_set *set, const char *list,
    struct case_error *err)
{
	struct case_buf near = { 0 };
	enum case_status rc = CASE_OK;
	struct case_str item;
	char *id;
	size_t i;

	while (rc == CASE_OK && rule_list_next(&list, &item)) {
		if ((id = strndup(item.p, item.n)) == NULL)
			return case_error_memory(err);
		for (i = 0; i < set->n; i++)
			if (strcmp(set->rule[i].id, id) == 0)
				break;
		if (i == set->n) {
			case_buf_reset(&near);
			rule_nearest(&near, id, rule_id, set, set->n);
			rc = case_error_set(err, CASE_EUSAGE, 0,
			    _("there is no rule '%s'%s"), id,
			    case_buf_str(&near));
		}
		free(id);
	}
	case_buf_free(&near);
	return rc;
}

enum case_status
rule_set_load(struct rule_set *set, struct case_share *sh,
    const struct case_audit_request *rq, struct case_error *err)
{
	struct case_rtype *none;
	enum case_status rc;
	size_t n = 0;

	*set = (struct rule_set){ .sh = sh };
	rc = rq->packs != NULL ? add_listed(set, rq->packs, err)
			       : add_all(set, err);
	if (rc == CASE_OK && rq->rules != NULL)
		rc = check_listed(set, rq->rules, err);
	if (rc != CASE_OK)
		return rc;
	for (size_t i = 0; i < set->n; i++)
		if ((rq->rules == NULL ||
			is_listed(rq->rules, set->rule[i].id)) &&
		    (rq->type == NULL ||
			strcmp(rq->type, set->rule[i].type) == 0))
			set->rule[n++] = set->rule[i];
	set->n = n;
	if (n == 0 && rq->type != NULL && rule_set_type(set, rq->type) == NULL)
		return case_rtype_load(&none, sh, rq->type, err);
	if (n == 0)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("no rule is left to run; is CASE_PATH right?"));
	return CASE_OK;
}

void
rule_set_free(struct rule_set *set)
{
	for (size_t i = 0; i < set->pack_n; i++) {
		case_json_free(set->json[i]);
		free(set->file[i]);
	}
	for (size_t i = 0; i < set->rt_n; i++)
		case_rtype_free(set->rt[i]);
	free(set->json);
	free(set->file);
	free(set->rt);
	free(set->rule);
	*set = (struct rule_set){ 0 };
}
