/* dim.c - what a table is divided by: reading and grouping expressions */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/model/expr.h"
#include "lib/work/stat_int.h"

/* Fields that hold the name of a unit; these come in the units' order. */
static const char *const unit_fields[] = { "unit", "town", "from_unit",
	"to_unit" };
/* Offices and persons, by which Art. 74 forbids to appraise fines. */
static const char *const office_fields[] = { "unit", "town", "from_unit",
	"to_unit", "officer1", "officer2", "cert1", "cert2", "reviewer",
	"organ" };

#define IS_AMONG(p, n, names) \
	is_among(p, n, names, sizeof(names) / sizeof(names[0]))

static bool
is_among(const char *p, size_t n, const char *const *names, size_t names_n)
{
	for (size_t i = 0; i < names_n; i++)
		if (strlen(names[i]) == n && memcmp(names[i], p, n) == 0)
			return true;
	return false;
}

/* --- reading ---------------------------------------------------------- */

/* 100:1000:5000 as further arguments of bin(); each a number. */
static bool
read_edges(struct dim *d, const char *p, size_t n)
{
	bool digit = false;

	if ((d->edges = stat_dup(p, n)) == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (p[i] == ':' && !digit)
			return false;
		if (p[i] != ':' && p[i] != '.' && (p[i] < '0' || p[i] > '9'))
			return false;
		digit = p[i] >= '0' && p[i] <= '9';
	}
	return digit;
}

static enum case_status
read_grain(struct dim *d, const struct case_field *f, struct case_error *err)
{
	if (f->type != CASE_DATE && f->type != CASE_TIME)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s': %s is not a date"), d->text, f->name);
	d->source =
	    stat_printf(f->type == CASE_TIME ? "date(`%s`)" : "`%s`", f->name);
	return CASE_OK;
}

static enum case_status
read_bins(struct dim *d, const struct case_field *f, struct case_str edges,
    struct case_error *err)
{
	struct case_buf args = { 0 };

	if (!read_edges(d, edges.p, edges.n))
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s': write bounds as numbers with : between them, like "
		      "fine/100:1000:5000"),
		    d->text);
	for (const char *p = d->edges; *p != '\0'; p++)
		case_buf_add(&args, *p == ':' ? ", " : p, *p == ':' ? 2 : 1);
	d->source = stat_printf("bin(`%s`, %s)", f->name, case_buf_str(&args));
	case_buf_free(&args);
	return CASE_OK;
}

/* An attribute of the record that a field names, most often of a unit. */
static enum case_status
read_path(const struct case_stat *s, struct dim *d, const struct case_field *f,
    struct case_str attribute, struct case_error *err)
{
	if (IS_AMONG(f->name, strlen(f->name), unit_fields) &&
	    case_store_scope_type(s->st, "unit") == NULL)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s': there are no records of type unit; import the "
		      "list of units"),
		    d->text);
	d->source =
	    stat_printf("`%s`/%.*s", f->name, (int)attribute.n, attribute.p);
	return CASE_OK;
}

/* filed_on/month, fine/100:1000 and unit/parent; slash is the first one. */
static enum case_status
read_slashed(struct case_stat *s, struct dim *d, struct case_str item,
    const char *slash, struct case_error *err)
{
	const struct case_str left = { item.p, (size_t)(slash - item.p) };
	const struct case_str right = { slash + 1, item.n - left.n - 1 };
	int i = case_rtype_word(s->rt, left.p, left.n);
	const struct case_field *f;

	if (i < 0)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("%s has no field '%.*s'"), s->rt->name, (int)left.n,
		    left.p);
	f = &s->rt->field[i];
	d->text = stat_printf("%s/%.*s", f->name, (int)right.n, right.p);
	if (d->text == NULL)
		return case_error_memory(err);
	if (case_grain_find(right.p, right.n, &d->grain))
		return read_grain(d, f, err);
	if (right.n > 0 && right.p[0] >= '0' && right.p[0] <= '9')
		return read_bins(d, f, right, err);
	return read_path(s, d, f, right, err);
}

static void
read_plain(struct case_stat *s, struct dim *d, struct case_str item)
{
	static const char extra[] = "extra:";
	const size_t skip = sizeof(extra) - 1;
	int i = case_rtype_word(s->rt, item.p, item.n);

	if (i >= 0) {
		d->text = strdup(s->rt->field[i].name);
		d->source = stat_printf("`%s`", s->rt->field[i].name);
	} else if (item.n > skip && memcmp(item.p, extra, skip) == 0) {
		d->text = stat_dup(item.p, item.n);
		d->source = stat_printf("extra:`%.*s`", (int)(item.n - skip),
		    item.p + skip);
	} else {
		d->text = stat_dup(item.p, item.n);
		d->source = stat_dup(item.p, item.n);
	}
}

static void
set_label(struct case_stat *s, struct dim *d, const struct case_expr *e,
    const struct case_field *f)
{
	const enum case_lang lang = s->rq.lang;

	if (e == NULL)
		d->label = strdup(case_grain_label(d->grain, lang));
	else if (e->node == CASE_NODE_EXTRA)
		d->label = strdup(e->name);
	else if (f != NULL && d->grain != CASE_GRAIN_NONE)
		d->label = stat_printf(lang == CASE_ZH ? "%s（%s）" : "%s (%s)",
		    case_label(f->label, lang),
		    case_grain_label(d->grain, lang));
	else
		d->label = strdup(f ? case_label(f->label, lang) : d->text);
}

/*
 * The field that a dimension is about, through date() and bin(): its label
 * and its codes are the dimension's.
 */
static const struct case_field *
field_of(const struct case_expr *e)
{
	if (e->node == CASE_NODE_PATH)
		return &e->ref->field[e->ref_field];
	if (e->node == CASE_NODE_FIELD && e->pseudo == CASE_PSEUDO_NONE)
		return &e->rt->field[e->field];
	if (e->node == CASE_NODE_CALL &&
	    (e->op == EXPR_DATE || e->op == EXPR_BIN))
		return field_of(e->arg[0]);
	return NULL;
}

/* Checks the expression against the type, and takes from it what it is. */
static enum case_status
settle(struct case_stat *s, struct dim *d, struct case_error *err)
{
	struct case_scope scope = s->scope;
	struct case_expr *e;
	const struct case_field *f;
	enum case_status rc;

	scope.aggregates = false;
	if ((rc = case_expr_parse(&e, d->source, strlen(d->source), &scope,
		 err)) != CASE_OK)
		return rc;
	f = field_of(e);
	set_label(s, d, e, f);
	d->number = e->type != CASE_TEXT && e->type != CASE_CODE;
	if (f != NULL && f->type == CASE_CODE && d->edges == NULL)
		d->field = f;
	if (f != NULL)
		d->privacy = f->privacy;
	if (f != NULL && e->node != CASE_NODE_CALL) {
		const char *name = e->rt->field[e->field].name;

		d->office = IS_AMONG(name, strlen(name), office_fields);
		/* unit/parent is a unit too, unit/kind is none. */
		d->unit = e->node == CASE_NODE_PATH
			      ? strcmp(f->name, "parent") == 0
			      : IS_AMONG(name, strlen(name), unit_fields);
	}
	case_expr_free(e);
	return CASE_OK;
}

static enum case_status
dim_new(struct case_stat *s, struct case_str item, struct case_error *err)
{
	struct dim *d = &s->dim[s->dim_n];
	const char *slash = memchr(item.p, '/', item.n);
	enum case_status rc = CASE_OK;

	if (s->dim_n == STAT_DIMS)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("at most %d dimensions"), STAT_DIMS);
	s->dim_n++;
	if (case_grain_find(item.p, item.n, &d->grain)) {
		d->text = stat_dup(item.p, item.n);
		d->number = true;
		set_label(s, d, NULL, NULL);
		s->own |= 1u << (s->dim_n - 1);
	} else {
		if (slash != NULL && memchr(item.p, '(', item.n) == NULL)
			rc = read_slashed(s, d, item, slash, err);
		else
			read_plain(s, d, item);
		if (rc != CASE_OK)
			return rc;
		if (d->text == NULL || d->source == NULL)
			return case_error_memory(err);
		if ((rc = settle(s, d, err)) != CASE_OK)
			return rc;
	}
	if (d->text == NULL || d->label == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i + 1 < s->dim_n; i++)
		if (strcmp(s->dim[i].text, d->text) == 0)
			return case_error_set(err, CASE_EUSAGE, 0,
			    _("'%s' is named twice"), d->text);
	return case_words_new(&d->words, err);
}

enum case_status
stat_dims(struct case_stat *s, struct case_error *err)
{
	const char *list = s->rq.by;
	struct case_str item;
	enum case_status rc;

	while (list != NULL && stat_list_next(&list, ',', &item))
		if ((rc = dim_new(s, item, err)) != CASE_OK)
			return stat_about(rc, "-b", err);
	list = s->rq.across;
	if (list != NULL && stat_list_next(&list, ',', &item)) {
		if ((rc = dim_new(s, item, err)) != CASE_OK)
			return stat_about(rc, "-c", err);
		if (stat_list_next(&list, ',', &item))
			return case_error_set(err, CASE_EUSAGE, 0,
			    _("-c takes one dimension"));
		s->across = true;
	}
	return CASE_OK;
}

void
stat_dim_free(struct dim *d)
{
	free(d->text);
	free(d->label);
	free(d->source);
	free(d->edges);
	free(d->value);
	free(d->order);
	case_buf_free(&d->scratch);
	case_words_free(d->words);
}

/* --- grouping --------------------------------------------------------- */

/*
 * A date's piece as one whole number, which groups faster than a text: the
 * first day of a week, else year and number. Statistical months are moved to
 * begin on the first of the month before the one they are named for.
 */
static void
add_grain(struct case_buf *out, enum case_grain g, const char *date,
    struct case_cut cut)
{
	static const char *const part[] = { [CASE_GRAIN_MONTH] = "month",
		[CASE_GRAIN_QUARTER] = "quarter",
		[CASE_GRAIN_HALF] = "half" };
	struct case_buf day = { 0 };
	const char *d;

	if (g == CASE_GRAIN_WEEK && cut.week_day > 1)
		case_buf_addf(&day, "add_days(%s, %d)", date, 1 - cut.week_day);
	else if (g > CASE_GRAIN_WEEK && cut.month_day > 1)
		case_buf_addf(&day, "add_months(add_days(%s, %d), 1)", date,
		    1 - cut.month_day);
	else
		case_buf_adds(&day, date);
	d = case_buf_str(&day);
	if (g == CASE_GRAIN_DAY)
		case_buf_adds(out, d);
	else if (g == CASE_GRAIN_WEEK)
		case_buf_addf(out, "add_days(%s, 1 - weekday(%s))", d, d);
	else if (g == CASE_GRAIN_YEAR)
		case_buf_addf(out, "year(%s)", d);
	else
		case_buf_addf(out, "year(%s) * 100 + %s(%s)", d, part[g], d);
	out->failed = out->failed || day.failed;
	case_buf_free(&day);
}

void
stat_dim_source(const struct case_stat *s, const struct dim *d,
    const struct part *p, struct case_buf *out)
{
	const char *source = d->source != NULL ? d->source : p->date;

	if (d->grain == CASE_GRAIN_NONE)
		case_buf_adds(out, source);
	else
		add_grain(out, d->grain, source, s->period.cut);
}

/* The first day of the piece that add_grain made a number of. */
static int64_t
piece_of(enum case_grain g, int64_t number, struct case_cut cut)
{
	int year = (int)(number / 100), k = (int)(number % 100);

	switch (g) {
	case CASE_GRAIN_NONE:
	case CASE_GRAIN_DAY:
		return number;
	case CASE_GRAIN_WEEK:
		return number + cut.week_day - 1;
	case CASE_GRAIN_MONTH:
		break;
	case CASE_GRAIN_QUARTER:
		k = 3 * k - 2;
		break;
	case CASE_GRAIN_HALF:
		k = 6 * k - 5;
		break;
	case CASE_GRAIN_YEAR:
		year = (int)number;
		k = 1;
		break;
	}
	return case_grain_start(g, case_date_of(year, k, 1), cut);
}

static bool
grow_values(struct dim *d, uint32_t id)
{
	uint32_t cap = d->value_cap == 0 ? 64 : d->value_cap;
	struct case_value *value;
	int64_t *order;

	if (id < d->value_cap)
		return true;
	while (cap <= id)
		cap *= 2;
	if ((value = realloc(d->value, cap * sizeof(*value))) == NULL)
		return false;
	d->value = value;
	if ((order = realloc(d->order, cap * sizeof(*order))) == NULL)
		return false;
	d->order = order;
	d->value_cap = cap;
	return true;
}

/*
 * The word of a value: "=" and its text, or "-" when it is missing, so that a
 * missing one and an empty text stay apart.
 */
static enum case_status
add_key(struct case_stat *s, struct dim *d, const struct case_value *v,
    uint32_t *key, struct case_error *err)
{
	int64_t order = INT64_MAX;
	uint32_t id = 0;

	case_buf_reset(&d->scratch);
	case_buf_addc(&d->scratch, v->missing ? '-' : '=');
	case_value_text(&d->scratch, v);
	if (!d->scratch.failed)
		id = case_words_add(d->words, d->scratch.p, d->scratch.n);
	if (id == 0 || !grow_values(d, id))
		return case_error_memory(err);
	*key = id;
	if (id < d->value_n)
		return CASE_OK;
	d->value[id] = *v;
	if (!v->missing && (v->type == CASE_TEXT || v->type == CASE_CODE)) {
		struct case_str w = case_words_get(d->words, id);

		d->value[id].u.s = (struct case_str){ w.p + 1, w.n - 1 };
		if (d->unit)
			order = stat_unit_order(s, w.p + 1, w.n - 1);
	}
	d->order[id] = order;
	d->value_n = id + 1;
	return CASE_OK;
}

enum case_status
stat_dim_key(struct case_stat *s, struct dim *d, const struct case_value *v,
    uint32_t *key, struct case_error *err)
{
	if (d->grain == CASE_GRAIN_NONE || v->missing)
		return add_key(s, d, v, key, err);
	return stat_dim_day(s, d, piece_of(d->grain, v->u.i, s->period.cut),
	    key, err);
}

enum case_status
stat_dim_day(struct case_stat *s, struct dim *d, int64_t day, uint32_t *key,
    struct case_error *err)
{
	const struct case_value v = { .type = CASE_DATE, .u.i = day };

	return add_key(s, d, &v, key, err);
}
