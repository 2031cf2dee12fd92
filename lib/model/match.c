/* match.c - what a header's name means: by the layout, else by the type */
#include <stdlib.h>
#include <string.h>

#include "lib/model/match.h"

#define NAME_MAX_BYTES 300

void
matcher_free(struct matcher *mt)
{
	for (size_t i = 0; i < mt->known_n; i++)
		case_header_free(&mt->known[i].header);
	free(mt->known);
}

static enum case_status
add_known(struct matcher *mt, size_t column, const char *name)
{
	struct known *to = &mt->known[mt->known_n];
	enum case_status rc;

	to->column = column;
	rc = case_header_parse(&to->header, &mt->rt->marks, name, strlen(name),
	    mt->err);
	if (rc == CASE_OK)
		mt->known_n++;
	return rc;
}

enum case_status
matcher_begin(struct matcher *mt, const struct case_rtype *rt,
    const struct case_layout *layout, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	size_t n = 0;

	*mt = (struct matcher){ .rt = rt, .layout = layout, .err = err };
	for (size_t i = 0; layout != NULL && i < layout->column_n; i++)
		n += 1 + layout->column[i].alias_n;
	if (n == 0)
		return CASE_OK;
	if ((mt->known = calloc(n, sizeof(*mt->known))) == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < layout->column_n && rc == CASE_OK; i++) {
		const struct case_layout_column *c = &layout->column[i];

		rc = add_known(mt, i, c->header);
		for (size_t k = 0; k < c->alias_n && rc == CASE_OK; k++)
			rc = add_known(mt, i, c->alias[k]);
	}
	if (rc != CASE_OK)
		matcher_free(mt);
	return rc;
}

/* The name in the layout that a header is, best way of matching first. */
static const struct known *
find_in_layout(const struct matcher *mt, const struct case_header *h)
{
	for (int how = 0; how < CASE_HEADER_MATCHES; how++)
		for (size_t i = 0; i < mt->known_n; i++)
			if (case_header_same(&mt->known[i].header, h,
				(enum case_header_match)how))
				return &mt->known[i];
	return NULL;
}

/* What one name means; from column_n and known false when nothing has it. */
static enum case_status
match_name(const struct matcher *mt, const struct case_header *h,
    struct meaning *to)
{
	const struct known *k = find_in_layout(mt, h);
	int field;

	if (k != NULL) {
		const struct case_layout_column *c =
		    &mt->layout->column[k->column];

		to->from = k->column;
		to->known = true;
		to->field = c->field;
		to->scale = c->scale != 0   ? c->scale
			    : h->scale != 0 ? h->scale
					    : k->header.scale;
		return CASE_OK;
	}
	field = case_header_field(h, mt->rt, &to->scale, &to->rival);
	if (field < -1)
		return case_error_memory(mt->err);
	to->known = field >= 0;
	to->field = field >= 0 ? field : CASE_EXTRA;
	return CASE_OK;
}

/* By the child alone; a unit may stand in the part above it: 罚款(万元)/应缴.
 */
static enum case_status
match_child(const struct matcher *mt, struct case_str child, int64_t above,
    struct meaning *to)
{
	struct case_header h;
	enum case_status rc;

	rc = case_header_parse(&h, &mt->rt->marks, child.p, child.n, mt->err);
	if (rc != CASE_OK)
		return rc;
	rc = match_name(mt, &h, to);
	if (rc == CASE_OK && to->field >= 0 && h.scale == 0 && above != 0 &&
	    mt->rt->field[to->field].type == CASE_MONEY)
		to->scale = above;
	case_header_free(&h);
	return rc;
}

enum case_status
match(const struct matcher *mt, const struct head_cell *cell,
    struct meaning *to)
{
	size_t n = mt->layout == NULL ? 0 : mt->layout->column_n;
	struct case_header h;
	enum case_status rc;

	*to = (struct meaning){ .field = CASE_EXTRA, .rival = -1, .from = n };
	rc = case_header_parse(&h, &mt->rt->marks, cell->name.p, cell->name.n,
	    mt->err);
	if (rc != CASE_OK)
		return rc;
	rc = match_name(mt, &h, to);
	to->whole = to->known;
	if (rc == CASE_OK && !to->known && cell->child.n > 0)
		rc = match_child(mt, cell->child, h.scale, to);
	case_header_free(&h);
	return rc;
}

static bool
is_identity(const struct matcher *mt, int field)
{
	const struct case_layout *l = mt->layout;

	for (size_t k = 0; k < mt->rt->key_n; k++)
		if ((int)mt->rt->key[k].field[0] == field)
			return true;
	return l != NULL && l->key.field_n > 0 && (int)l->key.field[0] == field;
}

enum case_status
match_score(const struct matcher *mt, const struct head_cell *cell, size_t n,
    struct score *s)
{
	struct meaning mean;
	enum case_status rc;

	*s = (struct score){ 0 };
	for (size_t i = 0; i < n; i++) {
		/* No name is as long as a paragraph. */
		if (cell[i].name.n > NAME_MAX_BYTES)
			continue;
		if ((rc = match(mt, &cell[i], &mean)) != CASE_OK)
			return rc;
		s->known += mean.known;
		s->fields += mean.field >= 0;
		s->parts += mean.known && cell[i].child.n > 0;
		s->whole += mean.whole && cell[i].child.n > 0;
		s->identity |= mean.field >= 0 && is_identity(mt, mean.field);
	}
	return CASE_OK;
}

bool
match_enough(const struct score *s)
{
	return s->fields >= 2 || s->identity;
}
