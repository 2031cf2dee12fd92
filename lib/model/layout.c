/* layout.c - layout files, and --map laid over them */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/layout.h"
#include "case/money.h"
#include "case/text.h"

#include "lib/model/fixed.h"
#include "lib/model/header.h"
#include "lib/model/names.h"

static const char *const layout_keys[] = { "name", "type", "label", "columns",
	"fixed", "key", "snapshot", "header_row", "encoding", "calendar",
	"sheet", "extends", "about", "source", NULL };
static const char *const column_keys[] = { "field", "scale", "unit", "calendar",
	"order", "codes", "aliases", "required", "about", "source", NULL };

static const char *const calendar_names[] = { [CASE_CALENDAR_CE] = "ce",
	[CASE_CALENDAR_ROC] = "roc",
	[CASE_CALENDAR_EXCEL1904] = "excel1904" };
#define CALENDARS (sizeof(calendar_names) / sizeof(calendar_names[0]))
static const char *const order_names[] = { [CASE_ORDER_YMD] = "ymd",
	[CASE_ORDER_MDY] = "mdy",
	[CASE_ORDER_DMY] = "dmy" };
#define ORDERS (sizeof(order_names) / sizeof(order_names[0]))

#define HEADER_ROW_MAX 1000000

static enum case_status
fault(const struct case_layout *l, const char *column, const char *why,
    const char *what, struct case_error *err)
{
	struct case_buf name = { 0 }, shown = { 0 };
	enum case_status rc;

	case_text_visible(&shown, what, strlen(what));
	if (column != NULL)
		case_text_visible(&name, column, strlen(column));
	rc = column != NULL
		 ? case_error_set(err, CASE_EDATA, 0,
		       _("layout '%s', column '%s': %s '%s'"), l->name,
		       case_buf_str(&name), why, case_buf_str(&shown))
		 : case_error_set(err, CASE_EDATA, 0, _("layout '%s': %s '%s'"),
		       l->name, why, case_buf_str(&shown));
	case_buf_free(&name);
	case_buf_free(&shown);
	return rc;
}

static enum case_status
check_keys(const struct case_layout *l, const char *column,
    const struct case_json *obj, const char *const *keys,
    struct case_error *err)
{
	for (const struct case_json *v = case_json_first(obj); v != NULL;
	     v = case_json_next(v)) {
		const char *const *k = keys;

		while (*k != NULL && strcmp(*k, case_json_key(v)) != 0)
			k++;
		if (*k == NULL)
			return fault(l, column, _("unknown key"),
			    case_json_key(v), err);
	}
	return CASE_OK;
}

static enum case_status
read_calendar(const struct case_layout *l, const char *column,
    const struct case_json *obj, enum case_calendar *calendar,
    struct case_error *err)
{
	const char *name = case_json_get_str(obj, "calendar");

	if (name == NULL)
		return CASE_OK;
	for (size_t i = 0; i < CALENDARS; i++)
		if (strcmp(calendar_names[i], name) == 0) {
			*calendar = (enum case_calendar)i;
			return CASE_OK;
		}
	return fault(l, column, _("unknown calendar"), name, err);
}

/* Whether a column of f holds dates, alone or behind an organ. */
static bool
has_dates(const struct case_rtype *rt, const struct case_field *f)
{
	if (f->pair >= 0 && rt->field[f->pair].type == CASE_DATE)
		return true;
	return f->type == CASE_DATE || f->type == CASE_TIME;
}

static enum case_status
read_order(const struct case_layout *l, struct case_layout_column *c,
    const struct case_json *obj, const struct case_rtype *rt,
    struct case_error *err)
{
	const struct case_json *v = case_json_get(obj, "order");
	const char *name = case_json_str(v);

	if (v == NULL)
		return CASE_OK;
	if (c->field < 0 || !has_dates(rt, &rt->field[c->field]))
		return fault(l, c->header, _("no field of dates has an"),
		    "order", err);
	for (size_t i = CASE_ORDER_YMD; name != NULL && i < ORDERS; i++)
		if (strcmp(order_names[i], name) == 0) {
			c->order = (enum case_date_order)i;
			return CASE_OK;
		}
	return fault(l, c->header, _("not ymd, mdy or dmy: order"),
	    name != NULL ? name : "", err);
}

/* Fen of a bare number: from "unit" (万元) or "scale" (10000). */
static enum case_status
read_scale(const struct case_layout *l, struct case_layout_column *c,
    const struct case_json *v, struct case_error *err)
{
	const char *unit = case_json_get_str(v, "unit");
	double scale = case_json_get_number(v, "scale", 0);

	if (unit != NULL) {
		c->scale = case_unit_scale(unit, strlen(unit));
		if (c->scale < 0)
			return case_error_memory(err);
		if (c->scale == 0)
			return fault(l, c->header, _("no unit of money:"), unit,
			    err);
	} else if (case_json_get(v, "scale") != NULL) {
		if (!(scale >= 0.01 && scale <= 1e12) ||
		    (double)(int64_t)(scale * 100) != scale * 100)
			return fault(l, c->header,
			    _("not a factor of 0.01 to 1e12:"), "scale", err);
		c->scale = (int64_t)(scale * 100);
	}
	return CASE_OK;
}

/* The entry of code name in c, made when it is not there. */
static struct case_code *
code_entry(struct case_layout_column *c, const char *name)
{
	struct case_code *to;

	for (size_t i = 0; i < c->code_n; i++)
		if (strcmp(c->code[i].name, name) == 0)
			return &c->code[i];
	to = reallocarray(c->code, c->code_n + 1, sizeof(*to));
	if (to == NULL)
		return NULL;
	c->code = to;
	to += c->code_n;
	*to = (struct case_code){ 0 };
	if ((to->name = strdup(name)) == NULL)
		return NULL;
	c->code_n++;
	return to;
}

static bool
add_alias(struct case_code *code, const char *alias)
{
	char **to = reallocarray(code->alias, code->alias_n + 1, sizeof(*to));

	if (to == NULL)
		return false;
	code->alias = to;
	if ((to[code->alias_n] = strdup(alias)) == NULL)
		return false;
	code->alias_n++;
	return true;
}

/* "codes": what is written → the code it means, or of a text the text. */
static enum case_status
read_codes(const struct case_layout *l, struct case_layout_column *c,
    const struct case_json *obj, const struct case_rtype *rt,
    struct case_error *err)
{
	const struct case_field *f = c->field < 0 ? NULL : &rt->field[c->field];

	for (const struct case_json *v =
		 case_json_first(case_json_get(obj, "codes"));
	     v != NULL; v = case_json_next(v)) {
		const char *means = case_json_str(v);
		struct case_code *code;

		if (means == NULL || case_json_key(v) == NULL || f == NULL ||
		    !f->coded)
			return fault(l, c->header,
			    _("codes need a coded field and words, see"),
			    "codes", err);
		if (f->type == CASE_CODE) {
			int k = case_field_code(f, means, strlen(means));

			if (k < -1)
				return case_error_memory(err);
			if (k < 0)
				return fault(l, c->header,
				    _("no code of that field:"), means, err);
			means = f->code[k].name;
		}
		if ((code = code_entry(c, means)) == NULL ||
		    !add_alias(code, case_json_key(v)))
			return case_error_memory(err);
	}
	return CASE_OK;
}

static enum case_status
read_aliases(const struct case_layout *l, struct case_layout_column *c,
    const struct case_json *obj, struct case_error *err)
{
	const struct case_json *v = case_json_get(obj, "aliases");
	struct case_list list = { 0 };
	enum case_status rc;

	if (v == NULL)
		return CASE_OK;
	if (!case_json_is_array(v))
		return fault(l, c->header, _("not a list:"), "aliases", err);
	rc = case_list_read(&list, v, err);
	c->alias = list.p;
	c->alias_n = list.n;
	return rc;
}

static enum case_status
read_column(const struct case_layout *l, struct case_layout_column *c,
    const struct case_json *v, const struct case_rtype *rt,
    struct case_error *err)
{
	const char *field = case_json_str(v);
	enum case_status rc;

	c->field = CASE_EXTRA;
	c->calendar = l->calendar;
	if ((c->header = strdup(case_json_key(v))) == NULL)
		return case_error_memory(err);
	if (field == NULL)
		field = case_json_get_str(v, "field");
	if (field == NULL)
		return fault(l, c->header, _("no"), "field", err);
	if (strcmp(field, "-") != 0 &&
	    (c->field = case_rtype_field(rt, field, strlen(field))) < 0)
		return fault(l, c->header, _("no such field:"), field, err);
	if ((rc = check_keys(l, c->header, v, column_keys, err)) != CASE_OK ||
	    (rc = read_scale(l, c, v, err)) != CASE_OK ||
	    (rc = read_calendar(l, c->header, v, &c->calendar, err)) !=
		CASE_OK ||
	    (rc = read_order(l, c, v, rt, err)) != CASE_OK)
		return rc;
	c->required = case_json_get_bool(v, "required", false);
	if ((rc = read_aliases(l, c, v, err)) != CASE_OK)
		return rc;
	return read_codes(l, c, v, rt, err);
}

static enum case_status
read_columns(struct case_layout *l, const struct case_json *json,
    const struct case_rtype *rt, struct case_error *err)
{
	const struct case_json *v = case_json_get(json, "columns");
	size_t n = 0;
	enum case_status rc;

	if (v != NULL && !case_json_is_object(v))
		return fault(l, NULL, _("not an object:"), "columns", err);
	for (const struct case_json *i = case_json_first(v); i != NULL;
	     i = case_json_next(i))
		n++;
	if (n == 0)
		return CASE_OK;
	if ((l->column = calloc(n, sizeof(*l->column))) == NULL)
		return case_error_memory(err);
	for (v = case_json_first(v); v != NULL; v = case_json_next(v))
		if ((rc = read_column(l, &l->column[l->column_n++], v, rt,
			 err)) != CASE_OK)
			return rc;
	return CASE_OK;
}

static enum case_status
read_key(struct case_layout *l, const struct case_json *json,
    const struct case_rtype *rt, struct case_error *err)
{
	const struct case_json *v = case_json_get(json, "key");
	const char *s = case_json_str(v);

	if (v == NULL)
		return CASE_OK;
	if (s == NULL)
		return case_key_read(&l->key, rt, v, err);
	if (strcmp(s, "*") != 0)
		return fault(l, NULL, _("a list of fields or \"*\", not"), s,
		    err);
	l->key_content = true;
	return CASE_OK;
}

static enum case_status
read_rest(struct case_layout *l, const struct case_json *json,
    struct case_error *err)
{
	const char *label = case_json_str(case_json_get(json, "label"));
	const char *sheet = case_json_get_str(json, "sheet");
	const char *encoding = case_json_get_str(json, "encoding");
	double row = case_json_get_number(json, "header_row", 0);

	if (label == NULL)
		label = case_json_get_str(case_json_get(json, "label"), "zh");
	if ((label != NULL && (l->label = strdup(label)) == NULL) ||
	    (sheet != NULL && (l->sheet = strdup(sheet)) == NULL))
		return case_error_memory(err);
	if (encoding != NULL && !case_encoding_find(encoding, &l->encoding))
		return fault(l, NULL, _("unknown encoding"), encoding, err);
	if (!(row >= 0 && row <= HEADER_ROW_MAX) || row != (double)(size_t)row)
		return fault(l, NULL, _("not a line number:"), "header_row",
		    err);
	l->header_row = (size_t)row;
	l->snapshot = case_json_get_bool(json, "snapshot", false);
	return read_calendar(l, NULL, json, &l->calendar, err);
}

static enum case_status
read_layout(struct case_layout *l, const struct case_json *json,
    const struct case_rtype *rt, struct case_error *err)
{
	const char *type = case_json_get_str(json, "type");
	enum case_status rc;

	if ((rc = check_keys(l, NULL, json, layout_keys, err)) != CASE_OK)
		return rc;
	if (type == NULL)
		return fault(l, NULL, _("no"), "type", err);
	if (strcmp(type, rt->name) != 0)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("layout '%s' is for records of type '%s', not '%s'"),
		    l->name, type, rt->name);
	if ((rc = read_rest(l, json, err)) != CASE_OK ||
	    (rc = read_columns(l, json, rt, err)) != CASE_OK ||
	    (rc = fixed_read(l, json, rt, err)) != CASE_OK)
		return rc;
	return read_key(l, json, rt, err);
}

enum case_status
case_layout_new(struct case_layout **out, const struct case_rtype *rt,
    struct case_error *err)
{
	struct case_layout *l = calloc(1, sizeof(*l));

	*out = NULL;
	if (l == NULL)
		return case_error_memory(err);
	l->name = strdup("");
	l->type = strdup(rt->name);
	if (l->name == NULL || l->type == NULL) {
		case_layout_free(l);
		return case_error_memory(err);
	}
	*out = l;
	return CASE_OK;
}

static enum case_status
set_name(struct case_layout *l, const char *name, struct case_error *err)
{
	char *copy = strdup(name);

	if (copy == NULL)
		return case_error_memory(err);
	free(l->name);
	l->name = copy;
	return CASE_OK;
}

enum case_status
case_layout_load(struct case_layout **out, struct case_share *sh,
    const char *name, const struct case_rtype *rt, struct case_error *err)
{
	struct case_json *json;
	enum case_status rc;
	const char *own;

	*out = NULL;
	if ((rc = case_share_load(sh, "layouts", name, &json, err)) != CASE_OK)
		return rc;
	/* What is wrong in it is told of the file, by whatever name it goes. */
	if ((rc = case_layout_new(out, rt, err)) == CASE_OK &&
	    (rc = set_name(*out, name, err)) == CASE_OK &&
	    (rc = read_layout(*out, json, rt, err)) == CASE_OK &&
	    (own = case_json_get_str(json, "name")) != NULL)
		rc = set_name(*out, own, err);
	case_json_free(json);
	if (rc != CASE_OK) {
		case_layout_free(*out);
		*out = NULL;
	}
	return rc;
}

enum case_status
case_layout_encoding(struct case_share *sh, const char *name,
    enum case_encoding *encoding, struct case_error *err)
{
	struct case_json *json;
	const char *s;
	enum case_status rc;

	*encoding = CASE_ENCODING_AUTO;
	if ((rc = case_share_load(sh, "layouts", name, &json, err)) != CASE_OK)
		return rc;
	s = case_json_get_str(json, "encoding");
	/* One that is not known is said when all of the layout is loaded. */
	if (s == NULL || !case_encoding_find(s, encoding))
		*encoding = CASE_ENCODING_AUTO;
	case_json_free(json);
	return CASE_OK;
}

enum case_status
case_layout_type(struct case_share *sh, const char *name, char **type,
    struct case_error *err)
{
	struct case_json *json;
	const char *s;
	enum case_status rc;

	*type = NULL;
	if ((rc = case_share_load(sh, "layouts", name, &json, err)) != CASE_OK)
		return rc;
	s = case_json_get_str(json, "type");
	if (s == NULL)
		rc = case_error_set(err, CASE_EDATA, 0,
		    _("layout '%s' names no type"), name);
	else if ((*type = strdup(s)) == NULL)
		rc = case_error_memory(err);
	case_json_free(json);
	return rc;
}

static void
free_column(struct case_layout_column *c)
{
	struct case_list alias = { c->alias, c->alias_n };

	case_list_free(&alias);
	free(c->header);
	free(c->extra);
	case_codes_free(c->code, c->code_n);
}

void
case_layout_free(struct case_layout *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < l->column_n; i++)
		free_column(&l->column[i]);
	free(l->column);
	fixed_free(l);
	free(l->name);
	free(l->type);
	free(l->label);
	free(l->sheet);
	free(l);
}

/* The field that nearest in writing to word, for "did you mean". */
static const char *
nearest_field(const struct case_rtype *rt, const char *word)
{
	const char *best = rt->field[0].name;
	size_t least = SIZE_MAX;

	for (size_t i = 0; i < rt->field_n; i++) {
		size_t d = case_text_distance(word, rt->field[i].name, 20);

		if (d < least) {
			least = d;
			best = rt->field[i].name;
		}
	}
	return best;
}

/* Puts a column at its turn among those of --map. */
static enum case_status
insert_column(struct case_layout *l, const char *header, size_t n, int field,
    struct case_error *err)
{
	struct case_layout_column *to, c = { .field = field };

	to = reallocarray(l->column, l->column_n + 1, sizeof(*to));
	if (to == NULL)
		return case_error_memory(err);
	l->column = to;
	if ((c.header = strndup(header, n)) == NULL)
		return case_error_memory(err);
	c.calendar = l->calendar;
	c.required = field != CASE_EXTRA;
	memmove(&to[l->map_n + 1], &to[l->map_n],
	    (l->column_n - l->map_n) * sizeof(*to));
	to[l->map_n++] = c;
	l->column_n++;
	return CASE_OK;
}

enum case_status
case_layout_map(struct case_layout *l, const char *assign,
    const struct case_rtype *rt, struct case_error *err)
{
	/* A header may hold a '=', a field never does. */
	const char *eq = strrchr(assign, '=');
	int field;

	if (eq == NULL || eq == assign || eq[1] == '\0')
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("a column is mapped as HEADER=FIELD, not '%s'"), assign);
	if (strcmp(eq + 1, "-") == 0)
		return insert_column(l, assign, (size_t)(eq - assign),
		    CASE_EXTRA, err);
	field = case_rtype_word(rt, eq + 1, strlen(eq + 1));
	if (field < -1)
		return case_error_memory(err);
	if (field < 0)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s' is no field of '%s'; the nearest is '%s'"), eq + 1,
		    rt->name, nearest_field(rt, eq + 1));
	return insert_column(l, assign, (size_t)(eq - assign), field, err);
}

static void
print_codes(struct case_buf *out, const struct case_layout_column *c)
{
	size_t n = 0;

	case_buf_adds(out, ", \"codes\": {");
	for (size_t i = 0; i < c->code_n; i++)
		for (size_t k = 0; k < c->code[i].alias_n; k++) {
			const char *alias = c->code[i].alias[k];

			case_buf_adds(out, n++ > 0 ? ", " : " ");
			case_json_quote(out, alias, strlen(alias));
			case_buf_adds(out, ": ");
			case_json_quote(out, c->code[i].name,
			    strlen(c->code[i].name));
		}
	case_buf_adds(out, " }");
}

static void
print_aliases(struct case_buf *out, const struct case_layout_column *c)
{
	case_buf_adds(out, ", \"aliases\": [");
	for (size_t i = 0; i < c->alias_n; i++) {
		case_buf_adds(out, i > 0 ? ", " : "");
		case_json_quote(out, c->alias[i], strlen(c->alias[i]));
	}
	case_buf_addc(out, ']');
}

static void
print_column(struct case_buf *out, const struct case_layout *l,
    const struct case_layout_column *c, const struct case_rtype *rt)
{
	const struct case_field *f = c->field < 0 ? NULL : &rt->field[c->field];
	const char *field = f == NULL ? "-" : f->name;
	bool dated = f != NULL &&
		     (f->type == CASE_DATE || f->type == CASE_TIME) &&
		     c->calendar != l->calendar;
	bool scaled = f != NULL && f->type == CASE_MONEY && c->scale != 0;

	case_json_quote(out, c->header, strlen(c->header));
	if (!dated && !scaled && c->order == CASE_ORDER_UNKNOWN &&
	    c->code_n == 0 && c->alias_n == 0 && !c->required) {
		case_buf_adds(out, ": ");
		case_json_quote(out, field, strlen(field));
		return;
	}
	case_buf_adds(out, ": { \"field\": ");
	case_json_quote(out, field, strlen(field));
	if (scaled)
		case_buf_addf(out, ", \"scale\": %.10g",
		    (double)c->scale / 100);
	if (dated)
		case_buf_addf(out, ", \"calendar\": \"%s\"",
		    calendar_names[c->calendar]);
	if (c->order != CASE_ORDER_UNKNOWN)
		case_buf_addf(out, ", \"order\": \"%s\"",
		    order_names[c->order]);
	if (c->code_n > 0)
		print_codes(out, c);
	if (c->alias_n > 0)
		print_aliases(out, c);
	if (c->required)
		case_buf_adds(out, ", \"required\": true");
	case_buf_adds(out, " }");
}

/* A key of the object stands once, and a column without a name has none. */
static bool
is_printed(const struct case_layout *l, size_t i)
{
	if (l->column[i].header[0] == '\0' || l->column[i].field == CASE_IGNORE)
		return false;
	for (size_t k = 0; k < i; k++)
		if (strcmp(l->column[k].header, l->column[i].header) == 0)
			return false;
	return true;
}

static void
print_string(struct case_buf *out, const char *key, const char *s)
{
	if (s == NULL)
		return;
	case_buf_addf(out, ",\n\t\"%s\": ", key);
	case_json_quote(out, s, strlen(s));
}

static void
print_key(struct case_buf *out, const struct case_layout *l,
    const struct case_rtype *rt)
{
	if (l->key_content)
		print_string(out, "key", "*");
	if (l->key.field_n == 0)
		return;
	case_buf_adds(out, ",\n\t\"key\": [");
	for (size_t i = 0; i < l->key.field_n; i++) {
		const char *name = rt->field[l->key.field[i]].name;

		case_buf_adds(out, i > 0 ? ", " : "");
		case_json_quote(out, name, strlen(name));
	}
	case_buf_addc(out, ']');
}

void
case_layout_print(struct case_buf *out, const struct case_layout *l,
    const struct case_rtype *rt)
{
	size_t n = 0;

	case_buf_adds(out, "{\n\t\"name\": ");
	case_json_quote(out, l->name, strlen(l->name));
	print_string(out, "type", l->type);
	print_string(out, "label", l->label);
	print_key(out, l, rt);
	if (l->snapshot)
		case_buf_adds(out, ",\n\t\"snapshot\": true");
	if (l->header_row > 0)
		case_buf_addf(out, ",\n\t\"header_row\": %zu", l->header_row);
	if (l->encoding != CASE_ENCODING_AUTO)
		print_string(out, "encoding", case_encoding_name(l->encoding));
	if (l->calendar != CASE_CALENDAR_CE)
		print_string(out, "calendar", calendar_names[l->calendar]);
	print_string(out, "sheet", l->sheet);
	fixed_print(out, l);
	case_buf_adds(out, ",\n\t\"columns\": {");
	for (size_t i = 0; i < l->column_n; i++) {
		if (!is_printed(l, i))
			continue;
		case_buf_adds(out, n++ > 0 ? ",\n\t\t" : "\n\t\t");
		print_column(out, l, &l->column[i], rt);
	}
	case_buf_adds(out, n > 0 ? "\n\t}\n}\n" : "}\n}\n");
}
