/* table.c - the description of a table */
#include <stdlib.h>
#include <string.h>

#include "case/table.h"

static const char *const privacy_names[] = {
	[CASE_PRIVACY_NONE] = "none",
	[CASE_PRIVACY_NAME] = "name",
	[CASE_PRIVACY_ID] = "id",
	[CASE_PRIVACY_PHONE] = "phone",
	[CASE_PRIVACY_ADDRESS] = "address",
};

static const char *const kind_names[] = {
	[CASE_RECORDS] = "records",
	[CASE_STATISTICS] = "statistics",
	[CASE_FINDINGS] = "findings",
	[CASE_REVIEW] = "review",
	[CASE_MANIFEST] = "manifest",
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *
case_privacy_name(enum case_privacy p)
{
	return privacy_names[p];
}

bool
case_privacy_find(const char *name, enum case_privacy *p)
{
	for (size_t i = 0; i < COUNT(privacy_names); i++)
		if (strcmp(name, privacy_names[i]) == 0) {
			*p = (enum case_privacy)i;
			return true;
		}
	return false;
}

const char *
case_kind_name(enum case_kind k)
{
	return kind_names[k];
}

bool
case_kind_find(const char *name, enum case_kind *k)
{
	for (size_t i = 0; i < COUNT(kind_names); i++)
		if (strcmp(name, kind_names[i]) == 0) {
			*k = (enum case_kind)i;
			return true;
		}
	return false;
}

/* NULL stays NULL; a lack of memory is remembered in the table. */
static char *
keep(struct case_table *t, const char *s)
{
	char *copy;

	if (s == NULL)
		return NULL;
	if ((copy = strdup(s)) == NULL)
		t->failed = true;
	return copy;
}

/*
 * Room for one more element of an array that doubles when its count reaches
 * a power of two, so that no capacity has to be kept beside it.
 */
static void *
room(struct case_table *t, void *p, size_t n, size_t size)
{
	void *grown;

	if (n != 0 && (n & (n - 1)) != 0)
		return p;
	grown = reallocarray(p, n == 0 ? 1 : n * 2, size);
	if (grown == NULL)
		t->failed = true;
	return grown;
}

void
case_table_begin(struct case_table *t, const char *name, enum case_kind kind,
    const char *type, const char *title)
{
	t->name = keep(t, name);
	t->kind = kind;
	t->type = keep(t, type);
	t->title = keep(t, title);
}

struct case_column *
case_table_add_column(struct case_table *t, const char *name,
    enum case_type type, const char *label, const char *unit)
{
	struct case_column *c;

	c = room(t, t->column, t->column_n, sizeof(*c));
	if (c == NULL)
		return NULL;
	t->column = c;
	c += t->column_n;
	*c = (struct case_column){ .name = keep(t, name), .type = type };
	if (c->name == NULL)
		return NULL;
	t->column_n++;
	c->label = keep(t, label == NULL ? name : label);
	c->unit = keep(t, unit);
	return c;
}

void
case_table_add_meta(struct case_table *t, const char *key, const char *value)
{
	char **m;

	m = room(t, t->meta, t->meta_n, 2 * sizeof(*m));
	if (m == NULL)
		return;
	t->meta = m;
	m += 2 * t->meta_n;
	m[0] = keep(t, key);
	m[1] = keep(t, value);
	if (m[0] != NULL && m[1] != NULL) {
		t->meta_n++;
		return;
	}
	free(m[0]);
	free(m[1]);
}

int
case_table_find(const struct case_table *t, const char *name)
{
	for (size_t i = 0; i < t->column_n; i++)
		if (strcmp(t->column[i].name, name) == 0)
			return (int)i;
	return -1;
}

const char *
case_table_meta(const struct case_table *t, const char *key)
{
	for (size_t i = 0; i < t->meta_n; i++)
		if (strcmp(t->meta[2 * i], key) == 0)
			return t->meta[2 * i + 1];
	return NULL;
}

static void
copy_column(struct case_table *to, const struct case_column *from)
{
	struct case_column *c;

	c = case_table_add_column(to, from->name, from->type, from->label,
	    from->unit);
	if (c == NULL)
		return;
	c->num = keep(to, from->num);
	c->den = keep(to, from->den);
	c->privacy = from->privacy;
	c->bar = from->bar;
}

enum case_status
case_table_copy(struct case_table *to, const struct case_table *from,
    struct case_error *err)
{
	*to = (struct case_table){ .failed = from->failed };
	case_table_begin(to, from->name, from->kind, from->type, from->title);
	to->has_period = from->has_period;
	to->from = from->from;
	to->to = from->to;
	for (size_t i = 0; i < from->column_n && !to->failed; i++)
		copy_column(to, &from->column[i]);
	for (size_t i = 0; i < from->meta_n && !to->failed; i++)
		case_table_add_meta(to, from->meta[2 * i],
		    from->meta[2 * i + 1]);
	if (!to->failed)
		return CASE_OK;
	case_table_free(to);
	return case_error_memory(err);
}

void
case_table_free(struct case_table *t)
{
	for (size_t i = 0; i < t->column_n; i++) {
		free(t->column[i].name);
		free(t->column[i].label);
		free(t->column[i].unit);
		free(t->column[i].num);
		free(t->column[i].den);
	}
	for (size_t i = 0; i < 2 * t->meta_n; i++)
		free(t->meta[i]);
	free(t->column);
	free(t->meta);
	free(t->name);
	free(t->type);
	free(t->title);
	*t = (struct case_table){ 0 };
}
