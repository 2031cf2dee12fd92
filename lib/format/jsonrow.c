/* jsonrow.c - an object of JSON as the cells of a row */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/format/jsonrow.h"

/* --- names -------------------------------------------------------------- */

static bool
name_is(const struct json_names *t, size_t i, struct case_str key)
{
	return t->name[i].n == key.n &&
	       (key.n == 0 || memcmp(t->name[i].p, key.p, key.n) == 0);
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t *
find_slot(const struct json_names *t, struct case_str key)
{
	size_t i = (size_t)case_hash(key.p, key.n, 0) & (t->slot_cap - 1);

	while (t->slot[i] != 0 && !name_is(t, t->slot[i] - 1, key))
		i = (i + 1) & (t->slot_cap - 1);
	return &t->slot[i];
}

static bool
grow_slots(struct json_names *t, size_t cap)
{
	size_t *slot;

	if ((slot = calloc(cap, sizeof(*slot))) == NULL)
		return false;
	free(t->slot);
	t->slot = slot;
	t->slot_cap = cap;
	for (size_t i = 0; i < t->n; i++)
		*find_slot(t, t->name[i]) = i + 1;
	return true;
}

/* Room for one more name, and twice as many slots as names. */
static bool
grow_names(struct json_names *t)
{
	size_t cap = t->cap == 0 ? 64 : t->cap * 2;
	struct case_str *name;
	uint64_t *seen;

	if (t->n < t->cap)
		return true;
	name = reallocarray(t->name, cap, sizeof(*name));
	if (name == NULL)
		return false;
	t->name = name;
	if ((seen = reallocarray(t->seen, cap, sizeof(*seen))) == NULL)
		return false;
	t->seen = seen;
	if (!grow_slots(t, cap * 2))
		return false;
	t->cap = cap;
	return true;
}

static bool
add_name(struct json_names *t, struct case_str key)
{
	char *copy;

	if (!grow_names(t) || (copy = malloc(key.n + 1)) == NULL)
		return false;
	if (key.n > 0)
		memcpy(copy, key.p, key.n);
	copy[key.n] = '\0';
	*find_slot(t, key) = t->n + 1;
	t->name[t->n] = (struct case_str){ copy, key.n };
	t->seen[t->n++] = 0;
	return true;
}

/*
 * Takes back the names from the n-th on. The last ones first, so no slot
 * behind them was filled because they were in its way.
 */
static void
drop_names(struct json_names *t, size_t n)
{
	while (t->n > n) {
		struct case_str last = t->name[t->n - 1];

		*find_slot(t, last) = 0;
		t->n--;
		free((char *)(uintptr_t)last.p);
	}
}

static void
free_names(struct json_names *t)
{
	drop_names(t, 0);
	free(t->name);
	free(t->seen);
	free(t->slot);
}

/* Whether this row has the name among those of t. */
static bool
was_seen(const struct json_row *j, const struct json_names *t,
    struct case_str key)
{
	size_t slot = t->n == 0 ? 0 : *find_slot(t, key);

	return slot != 0 && t->seen[slot - 1] == j->row;
}

/* The name's index in *i, new or not; a fault when there are too many. */
static enum case_status
find_name(struct json_names *t, struct case_str key, size_t *i,
    struct json_scan *s, struct case_error *err)
{
	size_t slot = t->slot_cap > 0 ? *find_slot(t, key) : 0;

	*i = 0;
	if (slot == 0 && t->n == CASE_CELLS_MAX) {
		json_spoil(s, N_("more than 16,384 different JSON keys"));
		return CASE_OK;
	}
	if (slot == 0 && !add_name(t, key))
		return case_error_memory(err);
	*i = slot == 0 ? t->n - 1 : slot - 1;
	return CASE_OK;
}

/* --- cells -------------------------------------------------------------- */

static void
say_twice(struct case_reader *rd, struct json_scan *s, struct case_str key)
{
	struct case_buf shown = { 0 };

	if (s->soft != NULL || s->fault != NULL)
		return;
	case_text_visible(&shown, key.p,
	    case_utf8_prefix(key.p, key.n < 100 ? key.n : 100));
	case_buf_reset(&rd->fault);
	case_buf_addf(&rd->fault, _("the key \"%s\" stands twice"),
	    case_buf_str(&shown));
	case_buf_free(&shown);
	json_spoil(s, case_buf_str(&rd->fault));
}

/* The column of a name, whose cell is then the caller's to fill. */
static enum case_status
find_cell(struct json_row *j, struct case_reader *rd, struct json_scan *s,
    struct case_str name, struct case_str **cell, struct case_error *err)
{
	struct json_names *t = &j->leaf;
	enum case_status rc;
	size_t i;

	*cell = NULL;
	/* Rows tend to have one order of keys. */
	if (j->expect < t->n && name_is(t, j->expect, name)) {
		i = j->expect;
	} else {
		rc = find_name(t, name, &i, s, err);
		if (rc != CASE_OK || s->soft != NULL)
			return rc;
	}
	j->expect = i + 1;
	if (t->seen[i] == j->row || was_seen(j, &j->group, name)) {
		say_twice(rd, s, name);
		return CASE_OK;
	}
	t->seen[i] = j->row;
	if (!case_reader_room(rd, i + 1))
		return case_error_memory(err);
	*cell = &rd->cell[i];
	return CASE_OK;
}

/* A string's text; room for all that the row can have is made at its first. */
static bool
decode_cell(struct json_row *j, const struct json_scan *s,
    struct case_str *cell)
{
	size_t from = j->text.n;

	if (from == 0 &&
	    !case_buf_reserve(&j->text, (size_t)(s->end - cell->p) + 1))
		return false;
	json_decode(&j->text, *cell);
	*cell = (struct case_str){ j->text.p + from, j->text.n - from };
	return !j->text.failed;
}

/* A value that is no object. */
static enum case_status
take_value(struct json_row *j, struct case_reader *rd, struct json_scan *s,
    struct case_str name, struct case_error *err)
{
	struct case_str *cell, ignored;
	enum case_status rc;
	bool escaped;

	if ((rc = find_cell(j, rd, s, name, &cell, err)) != CASE_OK)
		return rc;
	if (cell == NULL)
		cell = &ignored;
	if (json_is(s, '"')) {
		if (json_string(s, cell, &escaped) && escaped &&
		    s->soft == NULL && !decode_cell(j, s, cell))
			return case_error_memory(err);
		return CASE_OK;
	}
	cell->p = s->p;
	json_value(s);
	cell->n = (size_t)(s->p - cell->p);
	if (cell->n == 4 && memcmp(cell->p, "null", 4) == 0)
		cell->n = 0;
	return CASE_OK;
}

/*
 * The name of the value behind a key: the key itself in the row's object,
 * else the path to it, which ends at path_n for the object that holds it.
 */
static struct case_str
full_name(struct json_row *j, struct json_scan *s, struct case_str key,
    bool escaped, bool inner, size_t path_n)
{
	struct case_str name = key;

	if (inner || escaped) {
		j->path.n = path_n;
		if (inner)
			case_buf_addc(&j->path, '.');
		if (escaped)
			json_decode(&j->path, key);
		else
			case_buf_add(&j->path, key.p, key.n);
		name = (struct case_str){ case_buf_str(&j->path), j->path.n };
	}
	if (name.n > JSON_NAME_MAX) {
		json_spoil(s, N_("a JSON key is longer than 4,096 bytes"));
		name = (struct case_str){ "", 0 };
	}
	return name;
}

static enum case_status take_pairs(struct json_row *j, struct case_reader *rd,
    struct json_scan *s, bool inner, size_t path_n, struct case_error *err);

/* An object within: its name is no column, but may stand but once as well. */
static enum case_status
take_group(struct json_row *j, struct case_reader *rd, struct json_scan *s,
    struct case_str name, struct case_error *err)
{
	enum case_status rc;
	size_t i;

	if (was_seen(j, &j->leaf, name) || was_seen(j, &j->group, name))
		say_twice(rd, s, name);
	if (s->soft == NULL &&
	    (rc = find_name(&j->group, name, &i, s, err)) != CASE_OK)
		return rc;
	/* Of an object that is spoilt only the end is looked for. */
	if (s->soft != NULL) {
		json_value(s);
		return CASE_OK;
	}
	j->group.seen[i] = j->row;
	if (name.p != j->path.p) {
		case_buf_reset(&j->path);
		case_buf_add(&j->path, name.p, name.n);
	}
	return take_pairs(j, rd, s, true, j->path.n, err);
}

static bool
is_empty_object(const struct json_scan *s)
{
	struct json_scan ahead = *s;

	ahead.p++;
	json_space(&ahead);
	return json_is(&ahead, '}');
}

/* One key and its value. */
static enum case_status
take_pair(struct json_row *j, struct case_reader *rd, struct json_scan *s,
    bool inner, size_t path_n, struct case_error *err)
{
	struct case_str key, name;
	bool escaped;

	if (!json_key(s, &key, &escaped))
		return CASE_OK;
	name = full_name(j, s, key, escaped, inner, path_n);
	if (j->path.failed)
		return case_error_memory(err);
	if (s->p < s->end && *s->p == '{' && !is_empty_object(s))
		return take_group(j, rd, s, name, err);
	return take_value(j, rd, s, name, err);
}

/* An object from its brace to its brace. Its depth is bounded by the names. */
static enum case_status
take_pairs(struct json_row *j, struct case_reader *rd, struct json_scan *s,
    bool inner, size_t path_n, struct case_error *err)
{
	enum case_status rc;

	if (!json_enter(s))
		return CASE_OK;
	s->p++;
	json_space(s);
	if (!json_is(s, '}'))
		do {
			rc = take_pair(j, rd, s, inner, path_n, err);
			if (rc != CASE_OK)
				return rc;
		} while (s->fault == NULL && json_more(s, '}'));
	s->depth--;
	return CASE_OK;
}

/* --- rows --------------------------------------------------------------- */

struct json_scan
json_row_scan(struct json_row *j, struct case_reader *rd, const char *p,
    size_t n, size_t depth)
{
	case_buf_reset(&j->stack);
	return (struct json_scan){ .p = p,
		.end = p + n,
		.depth = depth,
		.depth_max = rd->limits.depth < SIZE_MAX
				 ? (size_t)rd->limits.depth
				 : SIZE_MAX,
		.stack = &j->stack };
}

enum case_status
json_row_object(struct json_row *j, struct case_reader *rd, struct json_scan *s,
    struct case_error *err)
{
	enum case_status rc;

	case_buf_reset(&j->text);
	case_buf_reset(&j->path);
	j->row++;
	j->expect = 0;
	j->leaf_before = j->leaf.n;
	j->group_before = j->group.n;
	rc = take_pairs(j, rd, s, false, 0, err);
	return rc == CASE_OK && j->stack.failed ? case_error_memory(err) : rc;
}

void
json_row_drop(struct json_row *j)
{
	drop_names(&j->leaf, j->leaf_before);
	drop_names(&j->group, j->group_before);
}

/* Says where in the row it is, too. */
static enum case_status
set_fault(struct case_reader *rd, struct case_row *row,
    const struct json_scan *s, struct case_error *err)
{
	const char *fault = s->soft != NULL ? s->soft : s->fault;
	const char *at = s->soft != NULL ? s->soft_at : s->p;

	if (fault != rd->fault.p) {
		case_buf_reset(&rd->fault);
		case_buf_adds(&rd->fault, _(fault));
	}
	case_buf_addf(&rd->fault, _(" (byte %zu of the row)"),
	    (size_t)(at - row->raw.p) + 1);
	if (rd->fault.failed)
		return case_error_memory(err);
	row->fault = rd->fault.p;
	return CASE_OK;
}

enum case_status
json_row_end(struct json_row *j, struct case_reader *rd,
    const struct json_scan *s, struct case_row *row, struct case_error *err)
{
	const struct json_names *t = &j->leaf;
	size_t filled = 0;

	if (s->soft != NULL || s->fault != NULL) {
		json_row_drop(j);
		return set_fault(rd, row, s, err);
	}
	if (!case_reader_room(rd, t->n))
		return case_error_memory(err);
	for (size_t i = 0; i < t->n; i++) {
		if (t->seen[i] != j->row)
			rd->cell[i] = (struct case_str){ NULL, 0 };
		filled += rd->cell[i].n > 0;
	}
	row->cell = rd->cell;
	row->cell_n = t->n;
	j->leaf_before = t->n;
	j->group_before = j->group.n;
	return case_reader_gaps(rd, t->n, filled, err);
}

void
json_row_forget(struct json_row *j)
{
	drop_names(&j->leaf, 0);
	drop_names(&j->group, 0);
	j->leaf_before = j->group_before = 0;
}

void
json_row_free(struct json_row *j)
{
	free_names(&j->leaf);
	free_names(&j->group);
	case_buf_free(&j->text);
	case_buf_free(&j->path);
	case_buf_free(&j->stack);
}
