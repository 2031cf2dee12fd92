/* clean.c - from a raw row to a clean record, a reject, or set aside */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* memmem() */
#endif

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/clean.h"
#include "case/date.h"
#include "case/intl.h"
#include "case/text.h"

#include "lib/model/aside.h"
#include "lib/model/cell.h"

/*
 * One column of the source.
 *
 * whole	holds extra itself, as a case-table does
 * shared	several columns may fill the field: see choose()
 * pair		field whose value may follow in the same cell, or -1
 * both		a cell with one value says that there is no second
 * key		its key in extra, quoted and with the colon
 */
struct plan {
	struct cell_plan cell;
	int field;
	bool whole;
	bool shared;
	int pair;
	bool both;
	struct cell_plan pair_cell;
	char *key;
	size_t key_n;
};

/* A value that did not parse, until its row is known to be a record. */
struct bad {
	int field;
	struct case_str cell;
	char reason[160];
};

struct case_cleaner {
	const struct case_rtype *rt;
	const struct case_mapping *m;
	struct cell_room room;
	struct aside *aside;
	struct plan *plan;
	size_t plan_n, plan_cap;
	struct plan *fixed; /* of the fields that the layout sets */
	size_t fixed_n;
	struct case_column_count *count; /* plan_cap, see settle() */
	size_t row_n;			 /* whose cells were read */
	struct case_value *blank;	 /* a record without any value */
	size_t *chosen;	       /* per field: the column that fills it */
	size_t *texts, text_n; /* the fields whose values are texts */
	size_t *required, required_n;
	bool shares;	/* whether any column is shared */
	bool has_whole; /* whether any column holds extra itself */
	bool blanks;	/* whether blank columns are listed */
	struct case_buf extra;
	struct case_buf blank_extra;
	struct bad *bad;
	size_t bad_n;
	struct case_warning *warning;
	size_t warning_n;
	char reason[512];
};

/* --- plans ---------------------------------------------------------------- */

static void
free_plan(struct plan *p)
{
	cell_plan_free(&p->cell);
	cell_plan_free(&p->pair_cell);
	free(p->key);
	*p = (struct plan){ 0 };
}

static void
free_plans(struct case_cleaner *c)
{
	while (c->plan_n > 0)
		free_plan(&c->plan[--c->plan_n]);
}

/*
 * Whether a column of f is about its pair too: where two officers are named in
 * one cell, one name is all of them. Not so where the header is the field's
 * own name, as in our tables; and a date that is not behind the organ may
 * stand in another file.
 */
static bool
is_about_both(const struct case_rtype *rt, const struct case_field *f,
    const char *header)
{
	const char *own[] = { f->name, case_label(f->label, CASE_ZH),
		case_label(f->label, CASE_EN) };

	if (rt->field[f->pair].type != f->type)
		return false;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (own[i] != NULL && strcmp(own[i], header) == 0)
			return false;
	return true;
}

/* number: of the column, or SIZE_MAX of a field that the layout sets. */
static bool
init_plan(struct case_cleaner *c, struct plan *p,
    const struct case_layout_column *column, size_t number)
{
	struct case_buf key = { 0 };
	int pair;

	p->field = column->field;
	p->whole = p->field == CASE_EXTRA && c->m->header_line == 0 &&
		   strcmp(column->header, CASE_EXTRA_COLUMN) == 0;
	c->has_whole |= p->whole;
	p->pair = -1;
	case_json_quote(&key, column->extra, strlen(column->extra));
	case_buf_addc(&key, ':');
	p->key = key.p;
	p->key_n = key.n;
	if (key.failed || p->field < 0)
		return !key.failed;
	p->shared =
	    number != SIZE_MAX && case_mapping_has(c->m, p->field, number);
	c->shares |= p->shared;
	if (!cell_plan_init(&p->cell, c->rt, p->field, column))
		return false;
	pair = c->rt->field[p->field].pair;
	if (pair < 0 || case_mapping_has(c->m, pair, number))
		return true;
	p->pair = pair;
	p->both = is_about_both(c->rt, &c->rt->field[p->field], column->header);
	return cell_plan_init(&p->pair_cell, c->rt, pair, column);
}

static bool
reserve_plans(struct case_cleaner *c, size_t n)
{
	size_t cap = n + n / 2, more = cap - c->plan_cap;
	struct case_column_count *count;
	struct plan *p;

	if (n <= c->plan_cap)
		return true;
	if ((count = reallocarray(c->count, cap, sizeof(*count))) == NULL)
		return false;
	c->count = count;
	if ((p = reallocarray(c->plan, cap, sizeof(*p))) == NULL)
		return false;
	memset(count + c->plan_cap, 0, more * sizeof(*count));
	memset(p + c->plan_cap, 0, more * sizeof(*p));
	c->plan = p;
	c->plan_cap = cap;
	return true;
}

/* What the plans counted, to where it outlives them. */
static void
settle(struct case_cleaner *c)
{
	for (size_t i = 0; i < c->plan_n; i++) {
		struct cell_plan *p = &c->plan[i].cell;

		c->count[i].values += p->values;
		c->count[i].bad += p->bad;
		p->values = p->bad = 0;
	}
}

/* Whether a new column, or one that gave way to it, is about this one too. */
static bool
is_touched(const struct case_cleaner *c, const struct plan *p)
{
	if (c->m->column[p - c->plan].field != p->field)
		return true;
	for (size_t i = c->plan_n; i < c->m->column_n && p->field >= 0; i++) {
		int field = c->m->column[i].field;

		if (field >= 0 && (field == p->field || field == p->pair))
			return true;
	}
	return false;
}

/*
 * Plans for the columns as they are now. JSON may add some with any row: those
 * there were are only made anew when that means something else for them.
 */
static enum case_status
make_plans(struct case_cleaner *c, struct case_error *err)
{
	bool anew = false;

	for (size_t i = 0; i < c->plan_n && !anew; i++)
		anew = is_touched(c, &c->plan[i]);
	if (anew) {
		settle(c);
		free_plans(c);
		c->shares = c->has_whole = false;
	}
	if (!reserve_plans(c, c->m->column_n + 1))
		return case_error_memory(err);
	for (size_t i; (i = c->plan_n) < c->m->column_n;) {
		c->plan_n++;
		if (!init_plan(c, &c->plan[i], &c->m->column[i], i))
			return case_error_memory(err);
	}
	/* The columns of the mapping have moved when it grew. */
	for (size_t i = 0; i < c->plan_n; i++) {
		c->plan[i].cell.column = &c->m->column[i];
		c->plan[i].pair_cell.column = &c->m->column[i];
	}
	/* A new column may be about what a fixed cell holds beside its own. */
	for (size_t i = 0; i < c->fixed_n; i++) {
		free_plan(&c->fixed[i]);
		if (!init_plan(c, &c->fixed[i], &c->m->fixed[i].column,
			SIZE_MAX))
			return case_error_memory(err);
	}
	return CASE_OK;
}

enum case_status
case_cleaner_new(struct case_cleaner **out, const struct case_rtype *rt,
    const struct case_mapping *m, struct case_words *words,
    struct case_error *err)
{
	struct case_cleaner *c = calloc(1, sizeof(*c));
	enum case_status rc;

	*out = NULL;
	if (c == NULL)
		return case_error_memory(err);
	c->rt = rt;
	c->m = m;
	c->blank = calloc(rt->field_n, sizeof(*c->blank));
	c->chosen = calloc(rt->field_n, sizeof(*c->chosen));
	c->bad = calloc(rt->field_n, sizeof(*c->bad));
	c->fixed_n = m->fixed_n;
	c->fixed = calloc(m->fixed_n + 1, sizeof(*c->fixed));
	c->warning = calloc(rt->field_n, sizeof(*c->warning));
	c->texts = calloc(rt->field_n, sizeof(*c->texts));
	c->required = calloc(rt->field_n, sizeof(*c->required));
	if (c->blank == NULL || c->chosen == NULL || c->bad == NULL ||
	    c->fixed == NULL || c->warning == NULL || c->texts == NULL ||
	    c->required == NULL) {
		rc = case_error_memory(err);
		goto fail;
	}
	for (size_t i = 0; i < rt->field_n; i++) {
		c->blank[i].type = rt->field[i].type;
		c->blank[i].missing = true;
		if (rt->field[i].type == CASE_TEXT && !rt->field[i].coded)
			c->texts[c->text_n++] = i;
		if (rt->field[i].required)
			c->required[c->required_n++] = i;
	}
	if ((rc = cell_room_init(&c->room, rt, words, err)) != CASE_OK ||
	    (rc = aside_new(&c->aside, rt, m, err)) != CASE_OK ||
	    (rc = make_plans(c, err)) != CASE_OK)
		goto fail;
	*out = c;
	return CASE_OK;
fail:
	case_cleaner_free(c);
	return rc;
}

void
case_cleaner_free(struct case_cleaner *c)
{
	if (c == NULL)
		return;
	free_plans(c);
	for (size_t i = 0; c->fixed != NULL && i < c->fixed_n; i++)
		free_plan(&c->fixed[i]);
	free(c->fixed);
	free(c->plan);
	free(c->count);
	cell_room_free(&c->room);
	aside_free(c->aside);
	case_buf_free(&c->extra);
	case_buf_free(&c->blank_extra);
	free(c->blank);
	free(c->chosen);
	free(c->bad);
	free(c->warning);
	free(c->texts);
	free(c->required);
	free(c);
}

void
case_cleaner_keep_blanks(struct case_cleaner *c)
{
	c->blanks = true;
}

/* --- extra and warnings --------------------------------------------------- */

static void
add_extra(struct case_cleaner *c, const char *key, size_t key_n,
    struct case_str s)
{
	case_buf_addc(&c->extra, c->extra.n == 0 ? '{' : ',');
	case_buf_add(&c->extra, key, key_n);
	case_json_quote(&c->extra, s.p, s.n);
}

/* A column without a field that was there and empty. */
static void
add_blank(struct case_cleaner *c, const struct plan *p)
{
	if (!c->blanks)
		return;
	case_buf_addc(&c->blank_extra, c->blank_extra.n == 0 ? '{' : ',');
	case_buf_add(&c->blank_extra, p->key, p->key_n);
	case_buf_adds(&c->blank_extra, "null");
}

/* The raw text of a field's cell, under "FIELD!". */
static void
add_raw(struct case_cleaner *c, int field, struct case_str s)
{
	case_buf_addc(&c->extra, c->extra.n == 0 ? '{' : ',');
	case_buf_addf(&c->extra, "\"%s!\":", c->rt->field[field].name);
	case_json_quote(&c->extra, s.p, s.n);
}

/* Adds the keys of an extra that came as JSON, but for those that are there. */
static enum case_status
add_object(struct case_cleaner *c, const struct case_json *object,
    struct case_error *err)
{
	struct case_buf key = { 0 };
	bool failed = false;

	for (const struct case_json *v = case_json_first(object); v != NULL;
	     v = case_json_next(v)) {
		case_buf_reset(&key);
		case_json_quote(&key, case_json_key(v),
		    strlen(case_json_key(v)));
		case_buf_addc(&key, ':');
		failed |= key.failed;
		/* Quotes within a text are escaped, so this is a key. */
		if (key.failed ||
		    (c->extra.n > 0 &&
			memmem(c->extra.p, c->extra.n, key.p, key.n) != NULL))
			continue;
		case_buf_addc(&c->extra, c->extra.n == 0 ? '{' : ',');
		case_buf_add(&c->extra, key.p, key.n);
		case_json_print(&c->extra, v);
	}
	case_buf_free(&key);
	return failed ? case_error_memory(err) : CASE_OK;
}

/* The columns that hold extra itself; what is no JSON object is a text. */
static enum case_status
add_whole(struct case_cleaner *c, const struct case_row *row, size_t n,
    struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (size_t i = 0; i < n && rc == CASE_OK; i++) {
		struct case_str s = cell_trim(row->cell[i]);
		struct case_json *json = NULL;

		if (!c->plan[i].whole || s.n == 0)
			continue;
		rc = case_json_parse(&json, s.p, s.n, err);
		if (rc == CASE_OK && case_json_is_object(json))
			rc = add_object(c, json, err);
		else if (rc != CASE_ENOMEM) {
			rc = CASE_OK;
			add_extra(c, c->plan[i].key, c->plan[i].key_n, s);
		}
		case_json_free(json);
	}
	return rc;
}

static struct case_warning *
find_warning(struct case_cleaner *c, int field)
{
	for (size_t i = 0; i < c->warning_n; i++)
		if (c->warning[i].field == field)
			return &c->warning[i];
	return NULL;
}

/* Room for a warning of a field, in the order of fields. */
static struct case_warning *
insert_warning(struct case_cleaner *c, int field)
{
	size_t i = c->warning_n++;

	for (; i > 0 && c->warning[i - 1].field > field; i--)
		c->warning[i] = c->warning[i - 1];
	c->warning[i] = (struct case_warning){ .field = field };
	return &c->warning[i];
}

static void
copy_cut(char *to, size_t cap, const char *p, size_t n)
{
	if (n > cap - 1)
		n = case_utf8_prefix(p, cap - 1);
	memcpy(to, p, n);
	to[n] = '\0';
}

/* Only rows that became records warn: a reject is kept whole. */
static void
count_warnings(struct case_cleaner *c, size_t line)
{
	for (size_t i = 0; i < c->bad_n; i++) {
		const struct bad *b = &c->bad[i];
		struct case_warning *w = find_warning(c, b->field);

		if (w == NULL) {
			w = insert_warning(c, b->field);
			w->first_line = line;
			copy_cut(w->example, sizeof(w->example), b->cell.p,
			    b->cell.n);
			copy_cut(w->reason, sizeof(w->reason), b->reason,
			    strlen(b->reason));
		}
		w->count++;
	}
}

const struct case_warning *
case_cleaner_warnings(const struct case_cleaner *c, size_t *n)
{
	*n = c->warning_n;
	return c->warning;
}

const struct case_column_count *
case_cleaner_columns(struct case_cleaner *c, size_t *n, size_t *rows)
{
	settle(c);
	*n = c->plan_n;
	*rows = c->row_n;
	return c->count;
}

static void
add_bad(struct case_cleaner *c, const struct cell_plan *plan, int field,
    struct case_str cell)
{
	struct bad *b = &c->bad[c->bad_n++];
	struct case_value v = { .type = plan->field->type };
	const char *why = c->room.why.what;

	add_raw(c, field, cell);
	b->field = field;
	b->cell = cell;
	b->reason[0] = '\0';
	if (find_warning(c, field) != NULL)
		return;
	if (why[0] == '\0')
		cell_read_fresh(&c->room, plan, cell, &v);
	copy_cut(b->reason, sizeof(b->reason), why, strlen(why));
}

/* The text that a field's cell had, when it was bad. */
static struct case_str
bad_text(const struct case_cleaner *c, int field)
{
	for (size_t i = 0; i < c->bad_n; i++)
		if (c->bad[i].field == field)
			return c->bad[i].cell;
	return (struct case_str){ "", 0 };
}

/* --- values --------------------------------------------------------------- */

/* A text moves to the arena; until it is pinned its place is an offset. */
static void
keep_text(struct case_value *v, struct case_buf *arena)
{
	size_t at = arena->n;

	case_buf_add(arena, v->u.s.p, v->u.s.n);
	v->u.s.p = (const char *)(uintptr_t)at;
}

/* The same of what was gathered for a row. */
static struct case_str
keep_buf(struct case_buf *arena, const struct case_buf *b)
{
	struct case_str s = { (const char *)(uintptr_t)arena->n, b->n };

	if (b->n > 0)
		case_buf_add(arena, b->p, b->n);
	return s;
}

static bool
is_identity(const struct case_rtype *rt, size_t field)
{
	for (size_t k = 0; k < rt->key_n; k++)
		for (size_t i = 0; i < rt->key[k].field_n; i++)
			if (rt->key[k].field[i] == field)
				return true;
	return false;
}

/* Why a value is missing; what says more is kept. */
static void
say_missing(struct case_value *v, enum case_absence why)
{
	if (v->absence < (uint8_t)why)
		v->absence = (uint8_t)why;
}

/* Takes a text for one field; raw is what stays of it when it is bad. */
static enum case_status
take(struct case_cleaner *c, struct cell_plan *plan, struct case_str text,
    struct case_str raw, struct case_value *v, struct case_buf *arena,
    struct case_error *err)
{
	struct case_value *to = &v[plan->at];

	switch (cell_read(&c->room, plan, text, to)) {
	case CELL_VALUE:
		plan->values++;
		to->missing = false;
		if (plan->texts)
			keep_text(to, arena);
		return CASE_OK;
	case CELL_MISSING:
		say_missing(to, CASE_BLANK);
		return CASE_OK;
	case CELL_BAD:
		plan->values++;
		plan->bad++;
		add_bad(c, plan, (int)plan->at, raw);
		/* A number that a spreadsheet ruined takes no name away. */
		if (!is_identity(c->rt, plan->at))
			say_missing(to, CASE_CLEARED);
		return CASE_OK;
	default:
		return case_error_memory(err);
	}
}

/* What may stand between two names in a cell, one character each. */
static const char *const separators[] = { "、", "，", "；", "／", ",", ";", "/",
	"\n" };

/* The first separator in s; its length, or 0. */
static size_t
find_separator(struct case_str s, size_t *at)
{
	size_t found = 0;

	*at = s.n;
	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]);
	     i++) {
		size_t n = strlen(separators[i]);
		const char *p = memmem(s.p, *at, separators[i], n);

		if (p == NULL)
			continue;
		*at = (size_t)(p - s.p);
		found = n;
	}
	return found;
}

/* Two officers in one cell: 张三、李四; more says that there is a third. */
static bool
split_names(struct case_str cell, struct case_str *one, struct case_str *two,
    bool *more)
{
	size_t at, n = find_separator(cell, &at);

	*one = cell_trim((struct case_str){ cell.p, at });
	*two = cell_trim((struct case_str){ cell.p + at + n, cell.n - at - n });
	*more = n > 0 && find_separator(*two, &at) > 0;
	if (*more) {
		two->n = at;
		*two = cell_trim(*two);
	}
	return one->n > 0 && two->n > 0;
}

/* 2023-6-1: anything shorter is a number that could be a serial day. */
#define DATE_MIN 8

/* An organ and a date in one cell: 某某局 2023年6月12日. */
static bool
split_date(const struct plan *p, struct case_str cell, struct case_str *one,
    struct case_str *two)
{
	const struct case_layout_column *c = p->cell.column;
	int64_t day;

	for (size_t i = 1; i < cell.n; i++) {
		unsigned char a = (unsigned char)cell.p[i];

		/* A date begins with a digit, or as 二〇二三 and 民國 do. */
		if (!((a >= '0' && a <= '9') || a == 0xe4 || a == 0xe6))
			continue;
		*two = cell_trim((struct case_str){ cell.p + i, cell.n - i });
		if (two->n < DATE_MIN)
			return false;
		if (case_date_parse_order(&day, CASE_DATE, two->p, two->n,
			c->calendar, c->order, NULL) != CASE_OK)
			continue;
		*one = cell_trim((struct case_str){ cell.p, i });
		return one->n > 0;
	}
	return false;
}

/* Nothing in a cell that is about two fields, or nothing for the second. */
static void
say_pair_missing(struct case_cleaner *c, const struct plan *p,
    struct case_str cell, struct case_value *v)
{
	if (p->both)
		say_missing(&v[p->pair],
		    cell_is_missing(&c->room, cell_trim(cell)) ? CASE_BLANK
							       : CASE_CLEARED);
}

/* A cell that may hold the values of two fields. */
static enum case_status
take_pair(struct case_cleaner *c, struct plan *p, struct case_str cell,
    struct case_value *v, struct case_buf *arena, struct case_error *err)
{
	struct case_str one, two;
	bool more = false;
	enum case_status rc;

	say_pair_missing(c, p, cell, v);
	if (c->rt->field[p->pair].type == CASE_DATE
		? !split_date(p, cell, &one, &two)
		: !split_names(cell, &one, &two, &more))
		return take(c, &p->cell, cell, cell, v, arena, err);
	rc = take(c, &p->cell, one, cell, v, arena, err);
	if (rc != CASE_OK)
		return rc;
	/* Of a third name there is only this. */
	if (more && bad_text(c, p->field).n == 0)
		add_extra(c, p->key, p->key_n, cell);
	return take(c, &p->pair_cell, two, cell, v, arena, err);
}

/* A cell that is there and empty. */
static void
take_blank(struct case_cleaner *c, const struct plan *p, struct case_value *v)
{
	if (p->field >= 0) {
		say_missing(&v[p->field], CASE_BLANK);
		if (p->both)
			say_missing(&v[p->pair], CASE_BLANK);
	} else if (p->field == CASE_EXTRA && !p->whole) {
		add_blank(c, p);
	}
}

/*
 * Of several columns that a layout gave to one field the first that says
 * something is its value.
 */
static void
choose(struct case_cleaner *c, const struct case_row *row, size_t n)
{
	for (size_t i = 0; i < c->rt->field_n; i++)
		c->chosen[i] = SIZE_MAX;
	for (size_t i = 0; i < n; i++) {
		const struct plan *p = &c->plan[i];
		size_t *best;

		if (!p->shared ||
		    cell_is_missing(&c->room, cell_trim(row->cell[i])))
			continue;
		best = &c->chosen[p->field];
		if (*best == SIZE_MAX ||
		    c->m->column[i].rank < c->m->column[*best].rank)
			*best = i;
	}
}

/* A shared column that was not chosen: kept when it says something else. */
static void
take_other(struct case_cleaner *c, const struct case_row *row, size_t i,
    struct case_value *v)
{
	struct plan *p = &c->plan[i];
	struct case_str s = cell_trim(row->cell[i]), chosen;

	if (cell_is_missing(&c->room, s)) {
		say_missing(&v[p->field], CASE_BLANK);
		return;
	}
	p->cell.values++;
	chosen = cell_trim(row->cell[c->chosen[p->field]]);
	if (s.n != chosen.n || memcmp(s.p, chosen.p, s.n) != 0)
		add_extra(c, p->key, p->key_n, s);
}

/* What the layout says of every row, as if it stood in a cell of it. */
static enum case_status
take_fixed(struct case_cleaner *c, struct case_value *v, struct case_buf *arena,
    struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (size_t i = 0; i < c->fixed_n && rc == CASE_OK; i++) {
		const char *text = c->m->fixed[i].text;
		struct case_str cell = { text, strlen(text) };
		struct plan *p = &c->fixed[i];

		rc = p->pair >= 0
			 ? take_pair(c, p, cell, v, arena, err)
			 : take(c, &p->cell, cell, cell, v, arena, err);
	}
	return rc;
}

static enum case_status
take_row(struct case_cleaner *c, const struct case_row *row,
    struct case_value *v, struct case_buf *arena, struct case_error *err)
{
	size_t n = row->cell_n < c->plan_n ? row->cell_n : c->plan_n;
	enum case_status rc = take_fixed(c, v, arena, err);

	if (c->shares)
		choose(c, row, n);
	for (size_t i = 0; i < n && rc == CASE_OK; i++) {
		struct plan *p = &c->plan[i];
		struct case_str cell = row->cell[i];

		if (cell.n == 0) {
			if (cell.p != NULL)
				take_blank(c, p, v);
			continue;
		}
		if (p->field == CASE_IGNORE || p->whole)
			continue;
		if (p->field == CASE_EXTRA) {
			cell = cell_trim(cell);
			p->cell.values += cell.n > 0;
			if (cell.n > 0)
				add_extra(c, p->key, p->key_n, cell);
			else
				add_blank(c, p);
		} else if (p->shared && c->chosen[p->field] != i)
			take_other(c, row, i, v);
		else if (p->pair >= 0)
			rc = take_pair(c, p, cell, v, arena, err);
		else
			rc = take(c, &p->cell, cell, cell, v, arena, err);
	}
	if (c->has_whole && rc == CASE_OK)
		rc = add_whole(c, row, n, err);
	if (c->extra.n > 0)
		case_buf_addc(&c->extra, '}');
	if (c->blank_extra.n > 0)
		case_buf_addc(&c->blank_extra, '}');
	if (rc == CASE_OK &&
	    (c->extra.failed || c->blank_extra.failed || c->room.failed))
		rc = case_error_memory(err);
	return rc;
}

/* --- rows ----------------------------------------------------------------- */

/*
 * The field of a key that a row must have: the first of those that the layout
 * does not set, or the first when it sets all.
 */
static size_t
main_field(const struct case_cleaner *c, const struct case_key *key)
{
	for (size_t i = 0; i < key->field_n; i++) {
		bool is_fixed = false;

		for (size_t k = 0; k < c->fixed_n && !is_fixed; k++)
			is_fixed = c->fixed[k].field == (int)key->field[i];
		if (!is_fixed)
			return key->field[i];
	}
	return key->field[0];
}

static bool
has_key(const struct case_cleaner *c, const struct case_key *key,
    const struct case_value *v)
{
	return key->field_n > 0 && !v[main_field(c, key)].missing;
}

static bool
has_identity(const struct case_cleaner *c, const struct case_value *v)
{
	if (c->m->key_content)
		return true;
	if (c->m->key.field_n > 0)
		return has_key(c, &c->m->key, v);
	for (size_t k = 0; k < c->rt->key_n; k++)
		if (has_key(c, &c->rt->key[k], v))
			return true;
	return false;
}

static enum case_outcome
reject_row(struct case_reject *r, int field, struct case_str value,
    const char *reason)
{
	*r = (struct case_reject){ field, value, reason };
	return CASE_REJECT;
}

static enum case_outcome
reject_identity(struct case_cleaner *c, struct case_reject *r)
{
	const struct case_key *key =
	    c->m->key.field_n > 0 ? &c->m->key : c->rt->key;
	size_t n = c->m->key.field_n > 0 ? 1 : c->rt->key_n;
	int field = (int)main_field(c, &key[0]);
	struct case_buf names = { 0 };

	for (size_t k = 0; k < n; k++) {
		size_t own = main_field(c, &key[k]);
		const struct case_field *f = &c->rt->field[own];
		const char *label = case_label(f->label, CASE_ZH);

		/* A ruined number is more to the point than its lack. */
		if (bad_text(c, (int)own).n > 0 && bad_text(c, field).n == 0)
			field = (int)own;
		case_buf_adds(&names, k > 0 ? _(" and ") : "");
		case_buf_adds(&names, label == NULL ? f->name : label);
	}
	if (bad_text(c, field).n > 0)
		snprintf(c->reason, sizeof(c->reason),
		    _("the row has no identity: its number was ruined by a "
		      "spreadsheet; export the column as text"));
	else
		snprintf(c->reason, sizeof(c->reason),
		    _("the row has no identity: no %s"), case_buf_str(&names));
	case_buf_free(&names);
	return reject_row(r, field, bad_text(c, field), c->reason);
}

/* A field that the type requires and the record lacks; -1: none. */
static int
missing_required(const struct case_cleaner *c, const struct case_value *v)
{
	for (size_t i = 0; i < c->required_n; i++)
		if (v[c->required[i]].missing)
			return (int)c->required[i];
	return -1;
}

/* Judges a row by its values: a record, unless it lacks what it must have. */
static enum case_outcome
judge(struct case_cleaner *c, const struct case_value *v, struct case_reject *r)
{
	int field;

	if (!has_identity(c, v))
		return reject_identity(c, r);
	if ((field = missing_required(c, v)) < 0)
		return CASE_RECORD;
	snprintf(c->reason, sizeof(c->reason), _("no %s, which is required"),
	    case_label(c->rt->field[field].label, CASE_ZH));
	return reject_row(r, field, bad_text(c, field), c->reason);
}

/* Judges a row by its cells, before any is read. */
static enum case_outcome
look(struct case_cleaner *c, const struct case_row *row, struct case_reject *r)
{
	const struct case_str none = { "", 0 };
	enum case_outcome outcome;
	size_t first = 0;

	if (row->fault != NULL)
		return reject_row(r, -1, none, row->fault);
	while (first < row->cell_n && cell_trim(row->cell[first]).n == 0)
		first++;
	if (first == row->cell_n)
		return CASE_ASIDE_BLANK;
	outcome = aside_row(c->aside, &c->room, row, first);
	if (outcome == CASE_RECORD && row->unsure != NULL)
		return reject_row(r, -1, none, row->unsure);
	if (outcome == CASE_RECORD && aside_other_header(c->aside, row, first))
		return reject_row(r, -1, none,
		    _("a header with other columns: what stands behind it may "
		      "be read as the wrong fields; make each table a file of "
		      "its own"));
	if (outcome != CASE_RECORD || c->m->width == 0 ||
	    row->cell_n == c->m->width)
		return outcome;
	snprintf(c->reason, sizeof(c->reason),
	    _("%zu cells where the header has %zu"), row->cell_n, c->m->width);
	return reject_row(r, -1, none, c->reason);
}

enum case_status
case_cleaner_row(struct case_cleaner *c, const struct case_row *row,
    struct case_record *rec, struct case_buf *arena, enum case_outcome *outcome,
    struct case_reject *reject, struct case_error *err)
{
	size_t arena_n = arena->n;
	enum case_status rc;

	rec->line = row->line;
	rec->raw = row->raw;
	rec->extra = rec->blank = (struct case_str){ NULL, 0 };
	if (c->plan_n != c->m->column_n && (rc = make_plans(c, err)) != CASE_OK)
		return rc;
	*outcome = look(c, row, reject);
	if (c->room.failed)
		return case_error_memory(err);
	if (*outcome != CASE_RECORD)
		return CASE_OK;
	memcpy(rec->v, c->blank, c->rt->field_n * sizeof(*rec->v));
	case_buf_reset(&c->extra);
	case_buf_reset(&c->blank_extra);
	c->bad_n = 0;
	c->row_n++;
	if ((rc = take_row(c, row, rec->v, arena, err)) != CASE_OK)
		return rc;
	if ((*outcome = judge(c, rec->v, reject)) != CASE_RECORD) {
		arena->n = arena_n;
		return CASE_OK;
	}
	rec->extra = keep_buf(arena, &c->extra);
	rec->blank = keep_buf(arena, &c->blank_extra);
	count_warnings(c, row->line);
	return arena->failed ? case_error_memory(err) : CASE_OK;
}

void
case_cleaner_pin(const struct case_cleaner *c, struct case_record *rec,
    const struct case_buf *arena)
{
	for (size_t i = 0; i < c->text_n; i++) {
		struct case_value *v = &rec->v[c->texts[i]];

		if (!v->missing)
			v->u.s.p = arena->p + (uintptr_t)v->u.s.p;
	}
	if (rec->extra.n > 0)
		rec->extra.p = arena->p + (uintptr_t)rec->extra.p;
	if (rec->blank.n > 0)
		rec->blank.p = arena->p + (uintptr_t)rec->blank.p;
}
