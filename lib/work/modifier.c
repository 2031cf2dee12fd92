/* modifier.c - fines:yoy, cases:share:prev: columns and what they are made of
 */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/stat_int.h"

/* What is said behind a label, in both languages. */
static const struct stat_modifier modifiers[MOD_NONE] = {
	[MOD_YOY] = { "yoy", { "同比", " year on year" } },
	[MOD_PREV] = { "prev", { "环比", " on the period before" } },
	[MOD_VS] = { "vs", { "较基期", " against the base" } },
	[MOD_YTD] = { "ytd", { "本年累计", " year to date" } },
	[MOD_CUM] = { "cum", { "累计", " running" } },
	[MOD_SHARE] = { "share", { "占比", " share" } },
	[MOD_RANK] = { "rank", { "排名", " rank" } },
	[MOD_TARGET] = { "target", { "完成率", " of target" } },
	[MOD_PER_MONTH] = { "per_month", { "月均", " a month" } },
	[MOD_PER_OFFICER] = { "per_officer", { "人均", " an officer" } },
	[MOD_PER_OFFICER_MONTH] = { "per_officer_month",
	    { "人均月均", " an officer and month" } },
};

const struct stat_modifier *
stat_modifier(enum modifier m)
{
	return &modifiers[m];
}

static enum modifier
find_modifier(struct case_str name)
{
	for (int m = 0; m < MOD_NONE; m++)
		if (strlen(modifiers[m].name) == name.n &&
		    memcmp(modifiers[m].name, name.p, name.n) == 0)
			return (enum modifier)m;
	return MOD_NONE;
}

/* --- one column as it is written -------------------------------------- */

#define MODIFIERS_MAX 8

struct written {
	struct case_str base, date;
	enum modifier modifier[MODIFIERS_MAX];
	size_t n;
};

static enum case_status
no_modifier(struct case_str name, struct case_error *err)
{
	char *names[MOD_NONE + 1] = { NULL };
	struct case_buf near = { 0 };
	enum case_status rc;

	for (int i = 0; i < MOD_NONE; i++)
		names[i] = (char *)(uintptr_t)modifiers[i].name;
	stat_nearest(&near, name.p, name.n, names);
	rc = case_error_set(err, CASE_EUSAGE, 0, _("no modifier ':%.*s'%s"),
	    (int)name.n, name.p, case_buf_str(&near));
	case_buf_free(&near);
	return rc;
}

/* BASE[@DATE][:MODIFIER]…; text is one element of the list. */
static enum case_status
read_written(struct written *w, const char *text, struct case_error *err)
{
	struct case_str item, rest = { NULL, 0 };
	const char *p = text, *at;
	char *base;

	w->n = 0;
	(void)stat_list_next(&p, ':', &rest);
	if ((base = stat_dup(rest.p, rest.n)) == NULL)
		return case_error_memory(err);
	at = base;
	(void)stat_list_next(&at, '@', &item);
	w->base = (struct case_str){ rest.p + (item.p - base), item.n };
	w->date = (struct case_str){ rest.p, 0 };
	if (at != NULL)
		w->date = (struct case_str){ rest.p + (at - base),
			rest.n - (size_t)(at - base) };
	free(base);
	if (w->base.n == 0 || (at != NULL && w->date.n == 0))
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s' is no measure"), text);
	while (stat_list_next(&p, ':', &item)) {
		if (w->n == MODIFIERS_MAX)
			return case_error_set(err, CASE_EUSAGE, 0,
			    _("'%s': at most %d modifiers"), text,
			    MODIFIERS_MAX);
		w->modifier[w->n] = find_modifier(item);
		if (w->modifier[w->n++] == MOD_NONE)
			return no_modifier(item, err);
	}
	return CASE_OK;
}

/* --- nodes ------------------------------------------------------------ */

static void
node_free(struct node *n)
{
	if (n == NULL)
		return;
	node_free(n->a);
	node_free(n->b);
	free(n->chain);
	free(n);
}

static enum case_status
new_node(struct node **out, enum node_op op, const char *chain,
    const struct measure *m, struct case_error *err)
{
	*out = calloc(1, sizeof(**out));
	if (*out == NULL || ((*out)->chain = strdup(chain)) == NULL)
		return case_error_memory(err);
	(*out)->op = op;
	(*out)->measure = m;
	(*out)->type = m->type;
	(*out)->modifier = MOD_NONE;
	return CASE_OK;
}

/* Bases of comparison do not make rows: a chain of 't' alone is none. */
static enum case_status
new_slot(struct case_stat *s, struct node **out, size_t part, const char *chain,
    const struct measure *m, struct case_error *err)
{
	enum case_status rc;

	if ((rc = new_node(out, NODE_SLOT, chain, m, err)) != CASE_OK)
		return rc;
	if (s->part[part]->aggregate != NULL)
		(*out)->type = s->part[part]->aggregate->type;
	return stat_slot(s, part, chain, strspn(chain, "t") == strlen(chain),
	    &(*out)->slot, err);
}

static enum case_status
new_measure(struct case_stat *s, struct node **out, const struct measure *m,
    const char *chain, struct case_error *err)
{
	enum case_status rc;

	if (!m->ratio)
		return new_slot(s, out, m->num, chain, m, err);
	if ((rc = new_node(out, NODE_RATIO, chain, m, err)) != CASE_OK ||
	    (rc = new_slot(s, &(*out)->a, m->num, chain, m, err)) != CASE_OK)
		return rc;
	return new_slot(s, &(*out)->b, m->den, chain, m, err);
}

static char
step_of(enum modifier m)
{
	switch (m) {
	case MOD_YOY:
		return 'y';
	case MOD_PREV:
		return 'p';
	case MOD_VS:
		return 'v';
	case MOD_YTD:
		return 't';
	default:
		return '\0';
	}
}

static enum case_type
type_of(enum modifier m, enum case_type operand)
{
	bool ratio = operand == CASE_RATIO || operand == CASE_POINTS;

	switch (m) {
	case MOD_YOY:
	case MOD_PREV:
	case MOD_VS:
		return ratio ? CASE_POINTS : CASE_RATIO;
	case MOD_SHARE:
	case MOD_TARGET:
		return CASE_RATIO;
	case MOD_RANK:
		return CASE_INTEGER;
	case MOD_PER_MONTH:
	case MOD_PER_OFFICER:
	case MOD_PER_OFFICER_MONTH:
		return operand == CASE_MONEY ? CASE_MONEY : CASE_NUMBER;
	default:
		return operand;
	}
}

/*
 * The tree of the first n modifiers. A comparison is two trees of what it
 * compares, the second one step further from the period asked for; a sum since
 * the year began is its operand in another window.
 */
static enum case_status
build(struct case_stat *s, struct node **out, const struct written *w, size_t n,
    const struct measure *m, const char *chain, struct case_error *err)
{
	enum modifier mod = n > 0 ? w->modifier[n - 1] : MOD_NONE;
	char further[MODIFIERS_MAX + 2] = { 0 };
	size_t len = strlen(chain);
	enum case_status rc;

	*out = NULL;
	if (n == 0)
		return new_measure(s, out, m, chain, err);
	memcpy(further, chain, len);
	further[len] = step_of(mod);
	if (mod == MOD_YTD)
		return build(s, out, w, n - 1, m, further, err);
	if ((rc = new_node(out, NODE_MODIFIER, chain, m, err)) != CASE_OK ||
	    (rc = build(s, &(*out)->a, w, n - 1, m, chain, err)) != CASE_OK)
		return rc;
	(*out)->modifier = mod;
	(*out)->type = type_of(mod, (*out)->a->type);
	if (further[len] != '\0')
		rc = build(s, &(*out)->b, w, n - 1, m, further, err);
	return rc;
}

/* --- what makes no sense, or is forbidden ----------------------------- */

static bool
is_office(const struct case_stat *s)
{
	for (size_t i = 0; i < s->dim_n; i++)
		if (s->dim[i].office)
			return true;
	return false;
}

static enum case_status
check_appraisal(const struct case_stat *s, const char *text,
    const struct measure *m, enum modifier mod, struct case_error *err)
{
	if (!m->money || !is_office(s) ||
	    (mod != MOD_RANK && mod != MOD_TARGET))
		return CASE_OK;
	return case_error_set(err, CASE_EUSAGE, 0,
	    _("'%s' by unit or officer is refused: Art. 74 行政处罚法 forbids "
	      "to link fines and confiscations to the appraisal of authorities "
	      "and their staff"),
	    text);
}

static bool
has_piece(const struct case_stat *s)
{
	for (size_t i = 0; i + s->across < s->dim_n; i++)
		if (s->dim[i].grain != CASE_GRAIN_NONE)
			return true;
	return false;
}

/* What a modifier is applied to: a figure that can be divided up, or not. */
static enum case_status
check_operand(const struct case_stat *s, const char *text,
    const struct measure *m, const struct node *a, enum modifier mod,
    struct case_error *err)
{
	bool ratio = a->type == CASE_RATIO || a->type == CASE_POINTS;
	bool parts =
	    !m->ratio && s->part[m->num]->additive != ADDITIVE_NONE && !ratio;

	if ((mod == MOD_SHARE || mod == MOD_CUM) && !parts)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s': rates and means do not add up to a whole"), text);
	if (mod >= MOD_PER_MONTH && !parts)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s': only counts and sums can be divided by months "
		      "or officers"),
		    text);
	if (mod == MOD_CUM && !has_piece(s))
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s': a running sum needs a date among -b, like "
		      "-b month"),
		    text);
	if (mod == MOD_VS && !s->has_base)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s': name the period to compare with by --base"), text);
	return CASE_OK;
}

static enum case_status
check_node(const struct case_stat *s, const char *text, const struct node *n,
    struct case_error *err)
{
	enum case_status rc;

	if (n == NULL || n->op != NODE_MODIFIER)
		return CASE_OK;
	if ((rc = check_appraisal(s, text, n->measure, n->modifier, err)) !=
		CASE_OK ||
	    (rc = check_operand(s, text, n->measure, n->a, n->modifier, err)) !=
		CASE_OK)
		return rc;
	return check_node(s, text, n->a, err);
}

/* --- columns ---------------------------------------------------------- */

void
stat_column_free(struct column *c)
{
	free(c->name);
	free(c->label);
	free(c->unit);
	free(c->num);
	free(c->den);
	node_free(c->node);
}

static enum case_status
add_column(struct case_stat *s, struct column **out, const char *name,
    struct case_error *err)
{
	struct column *c;

	for (size_t i = 0; i < s->column_n; i++)
		if (strcmp(s->column[i].name, name) == 0)
			return case_error_set(err, CASE_EUSAGE, 0,
			    _("'%s' is named twice"), name);
	if (!stat_grow(&s->column, s->column_n, sizeof(*s->column)))
		return case_error_memory(err);
	c = &s->column[s->column_n++];
	*c = (struct column){ 0 };
	if ((c->name = strdup(name)) == NULL)
		return case_error_memory(err);
	*out = c;
	return CASE_OK;
}

/* "立案数同比": the measure's label and what its modifiers add to it. */
static enum case_status
set_label(struct case_stat *s, struct column *c, const struct measure *m,
    const struct written *w, struct case_error *err)
{
	const enum case_lang lang = s->rq.lang;
	struct case_buf b = { 0 };
	const char *unit = m->unit;
	bool ok;

	case_buf_adds(&b, m->label[lang]);
	for (size_t i = 0; i < w->n; i++) {
		case_buf_adds(&b, modifiers[w->modifier[i]].label[lang]);
		/* A running sum has the unit of what it sums. */
		if (w->modifier[i] != MOD_CUM && w->modifier[i] != MOD_YTD &&
		    w->modifier[i] < MOD_PER_MONTH)
			unit = NULL;
	}
	ok = !b.failed && (c->label = strdup(b.p)) != NULL;
	case_buf_free(&b);
	if (ok && unit != NULL)
		ok = (c->unit = strdup(unit)) != NULL;
	c->bar = w->n > 0 && w->modifier[w->n - 1] == MOD_SHARE;
	return ok ? CASE_OK : case_error_memory(err);
}

/* One of the two columns that -v puts beside a rate. */
static enum case_status
add_half(struct case_stat *s, const char *name, const struct measure *m,
    bool num, struct case_error *err)
{
	const char *zh = num ? "（分子）" : "（分母）";
	const char *en = num ? " numerator" : " denominator";
	const bool chinese = s->rq.lang == CASE_ZH;
	struct column *c;
	enum case_status rc;

	if ((rc = add_column(s, &c, name, err)) != CASE_OK)
		return rc;
	c->label = stat_printf("%s%s", m->label[s->rq.lang], chinese ? zh : en);
	if (c->label == NULL)
		return case_error_memory(err);
	return new_slot(s, &c->node, num ? m->num : m->den, "", m, err);
}

static enum case_status
add_halves(struct case_stat *s, const struct measure *m, size_t of,
    struct case_error *err)
{
	struct column *c = &s->column[of];
	enum case_status rc;
	char *num = stat_printf("%s:num", c->name);
	char *den = stat_printf("%s:den", c->name);

	c->num = num;
	c->den = den;
	if (num == NULL || den == NULL)
		return case_error_memory(err);
	/* add_column may move the array: c is not to be used any more. */
	if ((rc = add_half(s, num, m, true, err)) != CASE_OK)
		return rc;
	return add_half(s, den, m, false, err);
}

/* The name with the measure's own name in it, even when its label was typed. */
static char *
column_name(const struct measure *m, const struct written *w)
{
	struct case_buf b = { 0 };

	case_buf_adds(&b, m->name);
	if (w->date.n > 0) {
		case_buf_addc(&b, '@');
		case_buf_add(&b, w->date.p, w->date.n);
	}
	for (size_t i = 0; i < w->n; i++)
		case_buf_addf(&b, ":%s", modifiers[w->modifier[i]].name);
	if (b.failed)
		case_buf_free(&b);
	return b.p;
}

/* Says why a measure has no figures at all. */
static enum case_status
note_lacks(struct case_stat *s, const struct measure *m, struct case_error *err)
{
	const struct part *num = s->part[m->num];
	const struct part *den = m->ratio ? s->part[m->den] : num;
	const char *why = num->lacks != NULL ? num->lacks : den->lacks;

	return why == NULL ? CASE_OK
			   : stat_note(s, err, "%s: %s", m->name, why);
}

static enum case_status
add_written(struct case_stat *s, const char *text, struct case_error *err)
{
	const struct measure *m;
	struct written w;
	struct column *c;
	struct case_str date;
	enum case_status rc;
	size_t of;
	char *name;

	if ((rc = read_written(&w, text, err)) != CASE_OK)
		return rc;
	date = w.date;
	if (date.n == 0 && s->rq.on != NULL)
		date = (struct case_str){ s->rq.on, strlen(s->rq.on) };
	if ((rc = stat_measure(s, w.base, date, &m, err)) != CASE_OK)
		return rc;
	if ((name = column_name(m, &w)) == NULL)
		return case_error_memory(err);
	rc = add_column(s, &c, name, err);
	free(name);
	if (rc != CASE_OK || (rc = set_label(s, c, m, &w, err)) != CASE_OK ||
	    (rc = note_lacks(s, m, err)) != CASE_OK ||
	    (rc = build(s, &c->node, &w, w.n, m, "", err)) != CASE_OK ||
	    (rc = check_node(s, text, c->node, err)) != CASE_OK)
		return rc;
	of = s->column_n - 1;
	if (s->rq.verbose && m->ratio && w.n == 0)
		rc = add_halves(s, m, of, err);
	return rc;
}

enum case_status
stat_columns(struct case_stat *s, struct case_error *err)
{
	const char *list = s->rq.measures;
	struct case_str item;
	enum case_status rc = CASE_OK;
	char *text;

	if (list == NULL)
		list = s->rt->count != NULL ? s->rt->count : "rows";
	while (rc == CASE_OK && stat_list_next(&list, ',', &item)) {
		if ((text = stat_dup(item.p, item.n)) == NULL)
			return case_error_memory(err);
		rc = stat_about(add_written(s, text, err), "-m", err);
		free(text);
	}
	return rc;
}
