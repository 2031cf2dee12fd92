/* sheet.c - which sheets of a workbook are imported */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/json.h"
#include "case/record.h"
#include "lib/work/source.h"

/*
 * What was asked for.
 *
 * only		the one sheet, or NONE
 * all		every sheet that can be seen, or the file is refused
 */
struct choice {
	struct source *s;
	const struct case_sheet *sheet;
	size_t n;
	size_t only;
	bool all;
	struct case_mapping first;
	struct case_error why; /* of the first sheet without a header */
};

#define NONE SIZE_MAX

/* --- the sheets that were asked for ------------------------------------- */

static enum case_status
no_such_sheet(const struct choice *c, const char *name, struct case_error *err)
{
	struct case_buf names = { 0 };
	enum case_status rc;

	for (size_t i = 0; i < c->n; i++)
		case_buf_addf(&names, "%s%s", i > 0 ? ", " : "",
		    c->sheet[i].name);
	rc = case_error_set(err, CASE_EUSAGE, 0,
	    c->n == 0 ? _("there is no sheet '%s': the file has no sheets")
		      : _("there is no sheet '%s'; there are: %s"),
	    name, case_buf_str(&names));
	case_buf_free(&names);
	return rc;
}

/* A sheet by its name or, when no sheet is called so, by its number. */
static enum case_status
choose(struct choice *c, const char *name, struct case_error *err)
{
	size_t number;
	char *end;

	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->sheet[i].name, name) == 0) {
			c->only = i;
			return CASE_OK;
		}
	if ((c->all = strcmp(name, "all") == 0))
		return CASE_OK;
	number = strtoul(name, &end, 10);
	if (*end != '\0' || number < 1 || number > c->n)
		return no_such_sheet(c, name, err);
	c->only = number - 1;
	return CASE_OK;
}

/* --- one sheet after the other ------------------------------------------ */

static enum case_status
in_sheet(const char *name, enum case_status rc, const struct case_error *why,
    struct case_error *err)
{
	return case_error_set(err, rc, why->line, _("sheet '%s': %s"), name,
	    why->what);
}

/* Whether the fields of two sheets are the same, in whatever order. */
static bool
same_fields(const struct case_mapping *a, const struct case_mapping *b)
{
	for (int turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < a->column_n; i++) {
			bool found = a->column[i].field < 0;

			for (size_t k = 0; k < b->column_n && !found; k++)
				found =
				    b->column[k].field == a->column[i].field;
			if (!found)
				return false;
		}
		const struct case_mapping *other = a;

		a = b;
		b = other;
	}
	return true;
}

static enum case_status
is_empty(struct source *s, bool *empty, struct case_error *err)
{
	struct case_row row;
	enum case_status rc = case_reader_next(s->rd, &row, err);

	*empty = rc == CASE_EOF;
	return rc < CASE_OK ? rc : case_reader_rewind(s->rd, err);
}

static void
pass(struct choice *c, size_t i, const char *why)
{
	case_buf_addf(&c->s->passed, _("sheet '%s' is not read: %s\n"),
	    c->sheet[i].name, why);
}

/* Takes a sheet that has a header, unless its fields are others. */
static enum case_status
take_sheet(struct choice *c, size_t i, struct case_error *err)
{
	static const char other[] = N_("its columns are other fields than "
				       "those of the first sheet; name it "
				       "with -s");
	struct source *s = c->s;

	if (s->sheet_n > 0 && !same_fields(&c->first, &s->map)) {
		if (c->all)
			return case_error_set(err, CASE_EDATA,
			    s->map.header_line, _("sheet '%s': %s"),
			    c->sheet[i].name, _(other));
		pass(c, i, _(other));
		return CASE_OK;
	}
	if (s->sheet_n == CASE_PLACE_SHEETS)
		return case_error_set(err, CASE_EDATA, 0,
		    _("more than %d sheets; name one with -s"),
		    CASE_PLACE_SHEETS);
	if (s->sheet_n == 0) {
		c->first = s->map;
		s->map = (struct case_mapping){ 0 };
	}
	s->sheet[s->sheet_n++] = i;
	return CASE_OK;
}

static enum case_status
look_at(struct choice *c, size_t i, struct case_error *err)
{
	struct case_error why;
	enum case_status rc;
	bool empty;

	if ((rc = case_reader_select(c->s->rd, i, err)) != CASE_OK ||
	    (rc = is_empty(c->s, &empty, err)) != CASE_OK)
		return rc;
	if (empty && c->only == NONE)
		return CASE_OK;
	rc = source_find_header(c->s, &why);
	if (rc == CASE_OK)
		return take_sheet(c, i, err);
	if (rc != CASE_EDATA || c->only != NONE || c->all)
		return in_sheet(c->sheet[i].name, rc, &why, err);
	if (c->why.what[0] == '\0')
		c->why = why;
	pass(c, i, why.what);
	return CASE_OK;
}

static enum case_status
look_at_all(struct choice *c, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	if (c->only != NONE)
		return look_at(c, c->only, err);
	for (size_t i = 0; i < c->n && rc == CASE_OK; i++) {
		if (c->sheet[i].hidden)
			pass(c, i, _("it is hidden; name it with -s"));
		else
			rc = look_at(c, i, err);
	}
	if (rc == CASE_OK && c->s->sheet_n == 0)
		rc = c->why.what[0] != '\0'
			 ? case_error_set(err, CASE_EDATA, c->why.line, "%s",
			       c->why.what)
			 : case_error_set(err, CASE_EDATA, 0,
			       _("no sheet that can be seen has rows"));
	return rc;
}

enum case_status
source_map(struct source *s, const struct case_import_options *o,
    struct case_error *err)
{
	const char *name = o->sheet != NULL ? o->sheet : s->layout->sheet;
	struct choice c = { .s = s, .only = NONE };
	enum case_status rc = CASE_OK;

	c.sheet = case_reader_sheets(s->rd, &c.n);
	if (c.n == 0)
		return o->sheet != NULL ? no_such_sheet(&c, o->sheet, err)
					: source_find_header(s, err);
	if ((s->sheet = calloc(c.n, sizeof(*s->sheet))) == NULL)
		return case_error_memory(err);
	if (name != NULL)
		rc = choose(&c, name, err);
	if (rc == CASE_OK)
		rc = look_at_all(&c, err);
	case_mapping_free(&c.first);
	if (rc == CASE_OK && s->passed.failed)
		rc = case_error_memory(err);
	return rc == CASE_OK ? source_select(s, 0, err) : rc;
}

enum case_status
source_select(struct source *s, size_t i, struct case_error *err)
{
	struct case_error why;
	enum case_status rc;

	rc = case_reader_select(s->rd, s->sheet[i], &why);
	if (rc == CASE_OK)
		rc = source_find_header(s, &why);
	if (rc != CASE_OK)
		return in_sheet(source_sheet_name(s, i), rc, &why, err);
	return CASE_OK;
}

const char *
source_sheet_name(const struct source *s, size_t i)
{
	size_t n;
	const struct case_sheet *sheet = case_reader_sheets(s->rd, &n);

	return i < s->sheet_n ? sheet[s->sheet[i]].name : "";
}

void
source_sheets(struct case_buf *out, const struct source *s)
{
	if (s->sheet_n <= 1) {
		case_buf_adds(out, source_sheet_name(s, 0));
		return;
	}
	for (size_t i = 0; i < s->sheet_n; i++) {
		const char *name = source_sheet_name(s, i);

		case_buf_addc(out, i == 0 ? '[' : ',');
		case_json_quote(out, name, strlen(name));
	}
	case_buf_addc(out, ']');
}
