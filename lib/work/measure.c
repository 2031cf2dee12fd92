/* measure.c - measures: by name, by label, or written as an expression */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/model/expr.h"
#include "lib/work/stat_int.h"

void
stat_measure_free(struct measure *m)
{
	if (m == NULL)
		return;
	free(m->text);
	free(m->date);
	free(m->name);
	free(m->label[CASE_ZH]);
	free(m->label[CASE_EN]);
	free(m->about[CASE_ZH]);
	free(m->about[CASE_EN]);
	free(m->unit);
	free(m->source);
	free(m);
}

/* --- what a measure speaks of ----------------------------------------- */

static void
see_money(void *arg, const struct case_rtype *rt, int field)
{
	static const char *const names[] = { "fine", "fines_paid",
		"confiscated", "illegal_gains", "surcharge", "notified_fine" };
	bool *money = arg;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(rt->field[field].name, names[i]) == 0)
			*money = true;
}

static void
set_money(const struct case_stat *s, struct measure *m)
{
	case_expr_fields(s->part[m->num]->aggregate, see_money, &m->money);
	if (m->ratio)
		case_expr_fields(s->part[m->den]->aggregate, see_money,
		    &m->money);
}

/* --- measure files ---------------------------------------------------- */

/* Strings of a file; an absent one is NULL. */
static enum case_status
set_texts(struct measure *m, const char *name, const struct case_json *json,
    struct case_error *err)
{
	const struct case_json *label = case_json_get(json, "label");
	const struct case_json *about = case_json_get(json, "about");
	const struct {
		char **to;
		const char *from;
	} texts[] = {
		{ &m->name, name },
		{ &m->label[CASE_ZH], case_json_get_str(label, "zh") },
		{ &m->label[CASE_EN], case_json_get_str(label, "en") },
		{ &m->about[CASE_ZH], case_json_get_str(about, "zh") },
		{ &m->about[CASE_EN], case_json_get_str(about, "en") },
		{ &m->unit, case_json_get_str(json, "unit") },
		{ &m->source, case_json_get_str(json, "source") },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].from != NULL &&
		    (*texts[i].to = strdup(texts[i].from)) == NULL)
			return case_error_memory(err);
	for (int i = 0; i < 2; i++)
		if (m->label[i] == NULL && (m->label[i] = strdup(name)) == NULL)
			return case_error_memory(err);
	return CASE_OK;
}

static enum case_status part_of(struct case_stat *s, const char *name,
    const struct case_json *json, const char *type, const char *date, int depth,
    size_t *part, struct case_error *err);

/* A part that is the name of another measure of one part. */
static enum case_status
named_part(struct case_stat *s, const char *name, const char *date, int depth,
    size_t *part, struct case_error *err)
{
	struct case_json *json;
	enum case_status rc;

	if (depth > 8)
		return case_error_set(err, CASE_EDATA, 0,
		    _("measure %s refers to itself"), name);
	if ((rc = case_share_load(s->sh, "measures", name, &json, err)) !=
	    CASE_OK)
		return rc;
	rc = part_of(s, name, json, case_json_get_str(json, "type"), date,
	    depth + 1, part, err);
	case_json_free(json);
	return rc;
}

/* date: what was asked for in place of the measure's own; or NULL. */
static enum case_status
part_of(struct case_stat *s, const char *name, const struct case_json *json,
    const char *type, const char *date, int depth, size_t *part,
    struct case_error *err)
{
	const struct case_json *own = case_json_get(json, "date");
	struct part_spec spec = { .type = case_json_get_str(json, "type"),
		.expr = case_json_get_str(json, "expr"),
		.where = case_json_get_str(json, "where"),
		.setting = case_json_get_str(json, "setting"),
		.date = date };

	if (case_json_str(json) != NULL)
		return named_part(s, case_json_str(json), date, depth, part,
		    err);
	if (spec.expr == NULL)
		return case_error_set(err, CASE_EDATA, 0,
		    _("measure %s: there is no \"expr\""), name);
	if (spec.type == NULL)
		spec.type = type;
	if (own != NULL && case_json_is_null(own))
		spec.undated = true;
	else if (date == NULL)
		spec.date = case_json_str(own);
	return stat_part(s, &spec, part, err);
}

static enum case_status
fill_parts(struct case_stat *s, struct measure *m, const char *name,
    const struct case_json *json, struct case_error *err)
{
	const struct case_json *num = case_json_get(json, "num");
	const struct case_json *den = case_json_get(json, "den");
	const char *type = case_json_get_str(json, "type");
	const char *value = case_json_get_str(json, "value");
	enum case_status rc;

	m->ratio = num != NULL && den != NULL;
	rc = part_of(s, name, m->ratio ? num : json, type, m->date, 0, &m->num,
	    err);
	if (rc == CASE_OK && m->ratio)
		rc = part_of(s, name, den, type, m->date, 0, &m->den, err);
	if (rc != CASE_OK)
		return rc;
	m->type = CASE_RATIO;
	if (!m->ratio && s->part[m->num]->aggregate != NULL)
		m->type = s->part[m->num]->aggregate->type;
	if (value != NULL && !case_type_find(value, strlen(value), &m->type))
		return case_error_set(err, CASE_EDATA, 0,
		    _("measure %s: '%s' is no type of value"), name, value);
	return CASE_OK;
}

/* Whether a file of that name was made for the type asked for, or for any. */
static enum case_status
load_measure(struct case_stat *s, struct measure *m, const char *name,
    struct case_error *err)
{
	struct case_json *json;
	enum case_status rc;

	if ((rc = case_share_load(s->sh, "measures", name, &json, err)) !=
	    CASE_OK)
		return rc;
	if ((rc = set_texts(m, name, json, err)) == CASE_OK)
		rc = fill_parts(s, m, name, json, err);
	case_json_free(json);
	return rc;
}

static bool
is_named(char *const *names, struct case_str text)
{
	for (; *names != NULL; names++)
		if (strlen(*names) == text.n &&
		    memcmp(*names, text.p, text.n) == 0)
			return true;
	return false;
}

/* Compares as headers are compared: width and blanks do not matter. */
static bool
same_label(const char *label, const struct case_buf *key)
{
	struct case_buf b = { 0 };
	bool same;

	if (label == NULL)
		return false;
	case_text_key(&b, label, strlen(label), true);
	same = !b.failed && b.n == key->n && b.n > 0 &&
	       memcmp(b.p, key->p, b.n) == 0;
	case_buf_free(&b);
	return same;
}

/* The file whose label it is: 立案数. NULL: none; a name of s->names. */
static enum case_status
find_label(struct case_stat *s, struct case_str text, const char **name,
    struct case_error *err)
{
	struct case_buf key = { 0 };
	enum case_status rc = CASE_OK;

	*name = NULL;
	case_text_key(&key, text.p, text.n, true);
	for (char **n = s->names; rc == CASE_OK && *n != NULL; n++) {
		const struct case_json *label;
		struct case_json *json;
		const char *type;
		bool own;

		rc = case_share_load(s->sh, "measures", *n, &json, err);
		if (rc != CASE_OK)
			break;
		label = case_json_get(json, "label");
		type = case_json_get_str(json, "type");
		own = type != NULL && strcmp(type, s->rt->name) == 0;
		/* One of the type asked for goes before others. */
		if ((*name == NULL || own) &&
		    (same_label(case_json_get_str(label, "zh"), &key) ||
			same_label(case_json_get_str(label, "en"), &key)))
			*name = *n;
		case_json_free(json);
	}
	case_buf_free(&key);
	return rc;
}

/* --- measures without a file ------------------------------------------ */

/* The count of a type: incidents, inspections; and rows of any. */
static enum case_status
count_measure(struct case_stat *s, struct measure *m, const char *name,
    struct case_error *err)
{
	struct part_spec spec = { .expr = "count()", .date = m->date };
	char *const *label = s->rt->label;

	m->type = CASE_INTEGER;
	if ((m->name = strdup(name)) == NULL ||
	    (m->label[CASE_ZH] = stat_printf("%s数", label[CASE_ZH])) == NULL ||
	    (m->label[CASE_EN] = strdup(name)) == NULL)
		return case_error_memory(err);
	return stat_part(s, &spec, &m->num, err);
}

/* The unit of what an aggregate is taken of: 元 of sum(fine). */
static const char *
unit_of(const struct case_expr *e)
{
	const struct case_field *f;

	if (e->node != CASE_NODE_AGGREGATE || e->arg_n == 0 ||
	    e->type == CASE_RATIO || e->op == EXPR_COUNT ||
	    e->op == EXPR_COUNT_IF || e->op == EXPR_DISTINCT ||
	    e->op == EXPR_DISTINCT_IF)
		return NULL;
	f = case_expr_field(e->arg[0]);
	return f != NULL ? f->unit : NULL;
}

static enum case_status
set_words(struct measure *m, const struct case_expr *e, struct case_error *err)
{
	struct case_buf b = { 0 };
	const char *unit = unit_of(e);

	for (int lang = CASE_ZH; lang <= CASE_EN; lang++) {
		case_buf_reset(&b);
		case_expr_words(&b, e, (enum case_lang)lang);
		if (!b.failed)
			m->label[lang] = strdup(case_buf_str(&b));
	}
	case_buf_free(&b);
	if (unit != NULL && (m->unit = strdup(unit)) == NULL)
		return case_error_memory(err);
	if (m->label[CASE_ZH] == NULL || m->label[CASE_EN] == NULL)
		return case_error_memory(err);
	return CASE_OK;
}

/* rate(c) and share(c) are quotients of two counts, which -v can show. */
static enum case_status
split_rate(struct case_stat *s, struct measure *m, const struct case_expr *e,
    struct case_error *err)
{
	struct case_buf arg = { 0 }, text = { 0 };
	struct part_spec spec = { .date = m->date };
	enum case_status rc;

	case_expr_print(&arg, e->arg[0]);
	case_buf_addf(&text, "count_if(%s)", case_buf_str(&arg));
	spec.expr = case_buf_str(&text);
	rc = stat_part(s, &spec, &m->num, err);
	case_buf_reset(&text);
	case_buf_addf(&text, "count(%s)",
	    e->op == EXPR_RATE ? case_buf_str(&arg) : "");
	spec.expr = case_buf_str(&text);
	if (rc == CASE_OK)
		rc = stat_part(s, &spec, &m->den, err);
	if (rc == CASE_OK && (arg.failed || text.failed))
		rc = case_error_memory(err);
	case_buf_free(&arg);
	case_buf_free(&text);
	m->ratio = true;
	return rc;
}

static enum case_status
written_measure(struct case_stat *s, struct measure *m, struct case_error *err)
{
	struct part_spec spec = { .expr = m->text, .date = m->date };
	const struct case_expr *e;
	enum case_status rc;

	if ((m->name = strdup(m->text)) == NULL)
		return case_error_memory(err);
	if ((rc = stat_part(s, &spec, &m->num, err)) != CASE_OK)
		return rc;
	e = s->part[m->num]->aggregate;
	m->type = e->type;
	if ((rc = set_words(m, e, err)) != CASE_OK)
		return rc;
	if (e->node == CASE_NODE_AGGREGATE &&
	    (e->op == EXPR_RATE || e->op == EXPR_SHARE))
		return split_rate(s, m, e, err);
	return CASE_OK;
}

/* A word that is neither a measure nor an expression: the nearest measure. */
static enum case_status
no_measure(struct case_stat *s, const char *word, struct case_error *err)
{
	struct case_buf near = { 0 };
	enum case_status rc;

	stat_nearest(&near, word, strlen(word), s->names);
	rc = case_error_set(err, CASE_EUSAGE, 0,
	    _("no measure '%s'%s; --list-measures lists them"), word,
	    case_buf_str(&near));
	case_buf_free(&near);
	return rc;
}

/* --- looking up ------------------------------------------------------- */

static enum case_status
fill_measure(struct case_stat *s, struct measure *m, struct case_error *err)
{
	const struct case_str text = { m->text, strlen(m->text) };
	const char *name = NULL;
	enum case_status rc = CASE_OK;

	if (is_named(s->names, text))
		return load_measure(s, m, m->text, err);
	if (strcmp(m->text, "rows") == 0 ||
	    (s->rt->count != NULL && strcmp(m->text, s->rt->count) == 0))
		return count_measure(s, m, m->text, err);
	if (strchr(m->text, '(') == NULL) {
		if ((rc = find_label(s, text, &name, err)) != CASE_OK)
			return rc;
		return name != NULL ? load_measure(s, m, name, err)
				    : no_measure(s, m->text, err);
	}
	return written_measure(s, m, err);
}

static bool
same_text(const char *a, struct case_str b)
{
	return a == NULL ? b.n == 0
			 : strlen(a) == b.n && memcmp(a, b.p, b.n) == 0;
}

enum case_status
stat_measure(struct case_stat *s, struct case_str text, struct case_str date,
    const struct measure **out, struct case_error *err)
{
	struct measure *m;
	enum case_status rc;

	for (size_t i = 0; i < s->measure_n; i++)
		if (same_text(s->measure[i]->text, text) &&
		    same_text(s->measure[i]->date, date)) {
			*out = s->measure[i];
			return CASE_OK;
		}
	if (!stat_grow(&s->measure, s->measure_n, sizeof(m)) ||
	    (m = calloc(1, sizeof(*m))) == NULL)
		return case_error_memory(err);
	s->measure[s->measure_n++] = m;
	if ((m->text = stat_dup(text.p, text.n)) == NULL ||
	    (date.n > 0 && (m->date = stat_dup(date.p, date.n)) == NULL))
		return case_error_memory(err);
	if ((rc = fill_measure(s, m, err)) != CASE_OK)
		return rc;
	set_money(s, m);
	*out = m;
	return CASE_OK;
}
