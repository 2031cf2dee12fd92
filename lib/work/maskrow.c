/* maskrow.c - a source row as it stood in its file, masked cell by cell */
#include <string.h>

#include "case/intl.h"
#include "case/json.h"
#include "case/mask.h"

/*
 * The columns of a file, as its batch keeps them: what privacy class the
 * field of each has.
 */
struct columns {
	const struct case_rtype *rt;
	struct case_json *header;
	size_t n;
	bool closed; /* one of them is an address, which free text can't show */
	bool differ; /* they are others, or elsewhere, in another sheet */
};

static enum case_privacy
class_of(const struct columns *c, const struct case_json *column)
{
	const char *field =
	    case_json_str(case_json_next(case_json_first(column)));
	int f =
	    field == NULL ? -1 : case_rtype_field(c->rt, field, strlen(field));

	/* Names are masked only in what is published, which this is not. */
	if (f < 0 || c->rt->field[f].privacy == CASE_PRIVACY_NAME)
		return CASE_PRIVACY_NONE;
	return c->rt->field[f].privacy;
}

static enum case_status
open_columns(struct columns *c, const struct case_rtype *rt, const char *header,
    struct case_error *err)
{
	const struct case_json *i;
	enum case_status rc;

	*c = (struct columns){ .rt = rt };
	if ((rc = case_json_parse(&c->header, header, strlen(header), err)) !=
	    CASE_OK)
		return rc;
	for (i = case_json_first(c->header); i != NULL; i = case_json_next(i)) {
		enum case_privacy p = class_of(c, i);

		/* A field that the layout sets has no cell. */
		if (case_json_is_null(case_json_first(i)))
			continue;
		if (p == CASE_PRIVACY_ADDRESS)
			c->closed = true;
		/* An empty one stands between the sheets. */
		if (case_json_first(i) == NULL)
			c->differ = true;
		c->n++;
	}
	return CASE_OK;
}

/* --- a line of CSV ------------------------------------------------------- */

/*
 * One cell that begins at *at, unquoted into cell; *at is then behind it and
 * its delimiter. false: no cell that a careful reader would take.
 */
static bool
next_cell(struct case_buf *cell, struct case_str row, size_t *at, char d,
    bool *quoted, bool *last)
{
	const char *p = row.p;
	size_t i = *at;

	case_buf_reset(cell);
	*quoted = i < row.n && p[i] == '"';
	if (*quoted) {
		for (i++; i < row.n &&
			  (p[i] != '"' || (i + 1 < row.n && p[i + 1] == '"'));
		     i++) {
			i += p[i] == '"';
			case_buf_addc(cell, p[i]);
		}
		if (i++ >= row.n)
			return false;
	} else {
		for (; i < row.n && p[i] != d; i++) {
			if (p[i] == '"')
				return false;
			case_buf_addc(cell, p[i]);
		}
	}
	*last = i >= row.n;
	if (!*last && p[i] != d)
		return false;
	*at = i + 1;
	return true;
}

static void
add_cell(struct case_buf *out, struct case_buf *cell, bool quoted)
{
	const char *p = case_buf_str(cell);

	if (!quoted) {
		case_buf_add(out, p, cell->n);
		return;
	}
	case_buf_addc(out, '"');
	for (size_t i = 0; i < cell->n; i++) {
		if (p[i] == '"')
			case_buf_addc(out, '"');
		case_buf_addc(out, p[i]);
	}
	case_buf_addc(out, '"');
}

/* Whether row has as many cells as the file has columns, parted by d. */
static bool
mask_cells(struct case_buf *out, const struct columns *c, struct case_str row,
    char d)
{
	const struct case_json *i = case_json_first(c->header);
	struct case_buf cell = { 0 }, masked = { 0 };
	size_t at = 0, n = 0;
	bool quoted = false, last = false, good = true;

	for (; good && !last && i != NULL; i = case_json_next(i), n++) {
		good = next_cell(&cell, row, &at, d, &quoted, &last);
		if (!good)
			break;
		if (n > 0)
			case_buf_addc(out, d);
		case_buf_reset(&masked);
		case_mask_value(&masked, class_of(c, i), case_buf_str(&cell),
		    cell.n);
		add_cell(out, &masked, quoted);
	}
	out->failed = out->failed || cell.failed || masked.failed;
	case_buf_free(&cell);
	case_buf_free(&masked);
	return good && last && n == c->n;
}

/* --- an object of JSON ---------------------------------------------------- */

static enum case_privacy
class_of_name(const struct columns *c, const char *name)
{
	const struct case_json *i;
	const char *header;

	for (i = case_json_first(c->header); i != NULL; i = case_json_next(i)) {
		header = case_json_str(case_json_first(i));
		if (header != NULL && strcmp(header, name) == 0)
			return class_of(c, i);
	}
	return CASE_PRIVACY_NONE;
}

static void
mask_object(struct case_buf *out, const struct columns *c, const char *above,
    const struct case_json *object)
{
	struct case_buf name = { 0 }, text = { 0 }, masked = { 0 };
	const struct case_json *i;
	const char *key, *comma = "";

	case_buf_addc(out, '{');
	for (i = case_json_first(object); i != NULL;
	     i = case_json_next(i), comma = ",") {
		key = case_json_key(i);
		case_buf_reset(&name);
		case_buf_addf(&name, "%s%s%s", above, *above ? "." : "", key);
		case_buf_adds(out, comma);
		case_json_quote(out, key, strlen(key));
		case_buf_addc(out, ':');
		if (case_json_is_object(i)) {
			mask_object(out, c, case_buf_str(&name), i);
			continue;
		}
		case_buf_reset(&text);
		case_buf_reset(&masked);
		if (case_json_str(i) != NULL)
			case_buf_adds(&text, case_json_str(i));
		else
			case_json_print(&text, i);
		case_mask_value(&masked, class_of_name(c, case_buf_str(&name)),
		    case_buf_str(&text), text.n);
		if (case_json_str(i) != NULL || case_json_is_array(i))
			case_json_quote(out, case_buf_str(&masked), masked.n);
		else
			case_buf_add(out, case_buf_str(&masked), masked.n);
	}
	case_buf_addc(out, '}');
	out->failed =
	    out->failed || name.failed || text.failed || masked.failed;
	case_buf_free(&name);
	case_buf_free(&text);
	case_buf_free(&masked);
}

/* Numbers are read as doubles here; those that matter are masked anyway. */
static bool
mask_json(struct case_buf *out, const struct columns *c, struct case_str row)
{
	struct case_json *j = NULL;
	bool good;

	if (case_json_parse(&j, row.p, row.n, NULL) != CASE_OK)
		return false;
	if ((good = case_json_is_object(j)))
		mask_object(out, c, "", j);
	case_json_free(j);
	return good;
}

/* --- any row -------------------------------------------------------------- */

static void
cut(struct case_buf *b, size_t n)
{
	if (b->p != NULL) {
		b->n = n;
		b->p[n] = '\0';
	}
}

enum case_status
case_mask_row(struct case_buf *out, const struct case_rtype *rt,
    const char *header, struct case_str row, struct case_error *err)
{
	static const char delimiters[] = ",\t;|";
	struct columns c;
	size_t before = out->n;
	bool done = false;
	enum case_status rc;

	if (row.n == 0)
		return CASE_OK;
	if ((rc = open_columns(&c, rt, header, err)) != CASE_OK)
		return rc;
	if (*row.p == '{')
		done = mask_json(out, &c, row);
	for (const char *d = delimiters; !done && !c.differ && *d; d++) {
		cut(out, before);
		done = mask_cells(out, &c, row, *d);
	}
	if (!done) {
		cut(out, before);
		if (c.closed)
			case_buf_adds(out,
			    _("(not shown: its cells can't be told apart, and "
			      "one of them is an address)"));
		else
			case_mask_text(out, row.p, row.n);
	}
	case_json_free(c.header);
	return out->failed ? case_error_memory(err) : CASE_OK;
}
