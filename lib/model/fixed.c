/* fixed.c - what a layout says of every row */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"

#include "lib/model/cell.h"
#include "lib/model/fixed.h"
#include "lib/model/header.h"

static enum case_status
fault(const struct case_layout *l, const char *field, const char *why,
    struct case_error *err)
{
	struct case_buf shown = { 0 };
	enum case_status rc;

	case_text_visible(&shown, field, strlen(field));
	rc = case_error_set(err, CASE_EDATA, 0,
	    _("layout '%s', fixed field '%s': %s"), l->name,
	    case_buf_str(&shown), why);
	case_buf_free(&shown);
	return rc;
}

static enum case_status
check_unmapped(const struct case_layout *l, const char *name, int field,
    struct case_error *err)
{
	struct case_buf shown = { 0 };
	enum case_status rc = CASE_OK;

	for (size_t i = 0; rc == CASE_OK && i < l->column_n; i++) {
		const char *header = l->column[i].header;

		if (l->column[i].field != field)
			continue;
		case_text_visible(&shown, header, strlen(header));
		rc = case_error_set(err, CASE_EDATA, 0,
		    _("layout '%s', fixed field '%s': column '%s' is read as "
		      "it too; only one of them can be"),
		    l->name, name, case_buf_str(&shown));
	}
	case_buf_free(&shown);
	return rc;
}

/* Reads the value as it will be read for every row. */
static enum case_status
try(struct cell_room *room, const struct case_layout *l,
    const struct case_layout_fixed *f, struct case_error *err)
{
	const struct case_field *field = &room->rt->field[f->column.field];
	struct case_str text = { f->text, strlen(f->text) };
	struct case_value v = { .type = field->type };
	enum cell_state state = CELL_MISSING;
	struct cell_plan plan = { 0 };

	if (!cell_plan_init(&plan, room->rt, f->column.field, &f->column))
		state = CELL_MEMORY;
	else if (text.n > 0)
		state = cell_read_fresh(room, &plan, text, &v);
	cell_plan_free(&plan);
	switch (state) {
	case CELL_VALUE:
		return CASE_OK;
	case CELL_MISSING:
		return fault(l, field->name, _("its value says nothing"), err);
	case CELL_BAD:
		return fault(l, field->name, room->why.what, err);
	default:
		return case_error_memory(err);
	}
}

static enum case_status
check_value(const struct case_layout *l, const struct case_layout_fixed *f,
    const struct case_rtype *rt, struct case_error *err)
{
	struct cell_room *room = calloc(1, sizeof(*room));
	struct case_words *words = NULL;
	enum case_status rc;

	if (room == NULL)
		return case_error_memory(err);
	if ((rc = case_words_new(&words, err)) == CASE_OK &&
	    (rc = cell_room_init(room, rt, words, err)) == CASE_OK)
		rc = try(room, l, f, err);
	cell_room_free(room);
	case_words_free(words);
	free(room);
	return rc;
}

static enum case_status
read_one(struct case_layout *l, const struct case_json *v,
    const struct case_rtype *rt, struct case_error *err)
{
	const char *name = case_json_key(v), *text = case_json_str(v);
	struct case_layout_fixed *f = &l->fixed[l->fixed_n];
	int field = case_rtype_field(rt, name, strlen(name));
	const char *unit;
	enum case_status rc;

	if (field < 0)
		return fault(l, name, _("no such field"), err);
	if (text == NULL)
		return fault(l, name, _("its value is no text in quotes"), err);
	if ((rc = check_unmapped(l, name, field, err)) != CASE_OK)
		return rc;
	unit = rt->field[field].unit;
	f->column.field = field;
	f->column.calendar = l->calendar;
	f->column.scale = rt->field[field].type == CASE_MONEY && unit != NULL
			      ? case_unit_scale(unit, strlen(unit))
			      : 0;
	if (f->column.scale <= 0)
		f->column.scale = 100;
	/* Under the field's own name no value is taken to be about its pair. */
	f->column.header = strdup(name);
	f->column.extra = strdup(name);
	f->text = strdup(text);
	l->fixed_n++;
	if (f->column.header == NULL || f->column.extra == NULL ||
	    f->text == NULL)
		return case_error_memory(err);
	return check_value(l, f, rt, err);
}

enum case_status
fixed_read(struct case_layout *l, const struct case_json *json,
    const struct case_rtype *rt, struct case_error *err)
{
	const struct case_json *v = case_json_get(json, "fixed");
	enum case_status rc;
	size_t n = 0;

	if (v == NULL)
		return CASE_OK;
	if (!case_json_is_object(v))
		return case_error_set(err, CASE_EDATA, 0,
		    _("layout '%s': \"fixed\" is no object of fields and "
		      "their values"),
		    l->name);
	for (const struct case_json *i = case_json_first(v); i != NULL;
	     i = case_json_next(i))
		n++;
	if ((l->fixed = calloc(n + 1, sizeof(*l->fixed))) == NULL)
		return case_error_memory(err);
	for (v = case_json_first(v); v != NULL; v = case_json_next(v))
		if ((rc = read_one(l, v, rt, err)) != CASE_OK)
			return rc;
	return CASE_OK;
}

void
fixed_print(struct case_buf *out, const struct case_layout *l)
{
	if (l->fixed_n == 0)
		return;
	case_buf_adds(out, ",\n\t\"fixed\": {");
	for (size_t i = 0; i < l->fixed_n; i++) {
		const struct case_layout_fixed *f = &l->fixed[i];

		case_buf_adds(out, i > 0 ? ", " : " ");
		case_json_quote(out, f->column.header,
		    strlen(f->column.header));
		case_buf_adds(out, ": ");
		case_json_quote(out, f->text, strlen(f->text));
	}
	case_buf_adds(out, " }");
}

void
fixed_free(struct case_layout *l)
{
	for (size_t i = 0; i < l->fixed_n; i++) {
		free(l->fixed[i].column.header);
		free(l->fixed[i].column.extra);
		free(l->fixed[i].text);
	}
	free(l->fixed);
}
