/* rtype.c - record types: reading, checking, printing, looking up */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/rtype.h"
#include "case/text.h"

#include "lib/model/names.h"

/* What a file may hold; a misspelt key is refused, never passed over. */
static const char *const type_keys[] = { "name", "label", "key", "dates",
	"count", "missing", "fields", "flag_yes", "flag_no", "aside", "marks",
	"otherwise", "extends", "about", "source", NULL };
static const char *const field_keys[] = { "name", "type", "label", "aliases",
	"unit", "codes", "privacy", "required", "coded", "docno", "ident",
	"pair", "about", "source", NULL };
static const char *const alias_keys[] = { "name", "unit", "ask", NULL };
static const char *const code_keys[] = { "name", "label", "aliases", "about",
	"source", NULL };

/* Names become columns of the store, so they are plain and bounded. */
#define NAME_MAX_BYTES 60
#define FIELDS_MAX 180

/* What is being read, for messages. */
struct reading {
	const char *type;
	const char *field; /* or NULL */
	struct case_error *err;
};

static enum case_status
fault(const struct reading *r, const char *why, const char *what)
{
	if (r->field != NULL)
		return case_error_set(r->err, CASE_EDATA, 0,
		    _("record type '%s', field '%s': %s '%s'"), r->type,
		    r->field, why, what);
	return case_error_set(r->err, CASE_EDATA, 0,
	    _("record type '%s': %s '%s'"), r->type, why, what);
}

static enum case_status
check_keys(const struct reading *r, const struct case_json *obj,
    const char *const *keys)
{
	for (const struct case_json *v = case_json_first(obj); v != NULL;
	     v = case_json_next(v)) {
		const char *const *k = keys;

		while (*k != NULL && strcmp(*k, case_json_key(v)) != 0)
			k++;
		if (*k == NULL)
			return fault(r, _("unknown key"), case_json_key(v));
	}
	return CASE_OK;
}

static bool
is_plain_name(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && n <= NAME_MAX_BYTES && s[0] >= 'a' && s[0] <= 'z' &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

/* A copy of a string under a key; absent is NULL and no failure. */
static enum case_status
read_string(const struct reading *r, char **out, const struct case_json *obj,
    const char *key)
{
	const struct case_json *v = case_json_get(obj, key);
	const char *s = case_json_str(v);

	if (v == NULL || case_json_is_null(v))
		return CASE_OK;
	if (s == NULL)
		return fault(r, _("not a string:"), key);
	if ((*out = strdup(s)) == NULL)
		return case_error_memory(r->err);
	return CASE_OK;
}

static enum case_status
read_flag(const struct reading *r, bool *out, const struct case_json *obj,
    const char *key)
{
	const struct case_json *v = case_json_get(obj, key);

	if (v != NULL && !case_json_bool(v, out))
		return fault(r, _("neither true nor false:"), key);
	return CASE_OK;
}

/* A label is {"zh", "en"}, or one string for both. */
static enum case_status
read_label(const struct reading *r, char *label[2], const struct case_json *obj)
{
	static const char *const lang[2] = { "zh", "en" };
	const struct case_json *v = case_json_get(obj, "label");
	const char *s;

	for (int i = 0; i < 2; i++) {
		s = case_json_str(v);
		if (s == NULL)
			s = case_json_get_str(v, lang[i]);
		if (s != NULL && (label[i] = strdup(s)) == NULL)
			return case_error_memory(r->err);
	}
	return CASE_OK;
}

static size_t
count_items(const struct case_json *v)
{
	size_t n = 0;

	for (v = case_json_first(v); v != NULL; v = case_json_next(v))
		n++;
	return n;
}

static enum case_status
read_list(const struct reading *r, struct case_list *list,
    const struct case_json *obj, const char *key)
{
	const struct case_json *v = case_json_get(obj, key);

	if (v == NULL)
		return CASE_OK;
	if (!case_json_is_array(v))
		return fault(r, _("not a list:"), key);
	return case_list_read(list, v, r->err);
}

/* A string, or an object with the unit it means, or with "ask". */
static enum case_status
read_alias(const struct reading *r, struct case_field *f,
    const struct case_json *v)
{
	const char *s = case_json_str(v);
	const char *unit = case_json_get_str(v, "unit");
	size_t i = f->alias_n;
	enum case_status rc;

	if ((rc = check_keys(r, v, alias_keys)) != CASE_OK)
		return rc;
	if (s == NULL)
		s = case_json_get_str(v, "name");
	if (s == NULL)
		return fault(r, _("not a name in"), "aliases");
	if ((f->alias[i] = strdup(s)) == NULL)
		return case_error_memory(r->err);
	f->alias_n++;
	if (unit != NULL && (f->alias_unit[i] = strdup(unit)) == NULL)
		return case_error_memory(r->err);
	return read_flag(r, &f->alias_ask[i], v, "ask");
}

static enum case_status
read_aliases(const struct reading *r, struct case_field *f,
    const struct case_json *obj)
{
	const struct case_json *v = case_json_get(obj, "aliases");
	size_t n = count_items(v);
	enum case_status rc = CASE_OK;

	if (v != NULL && !case_json_is_array(v))
		return fault(r, _("not a list:"), "aliases");
	if (n == 0)
		return CASE_OK;
	f->alias = calloc(n, sizeof(*f->alias));
	f->alias_unit = calloc(n, sizeof(*f->alias_unit));
	f->alias_ask = calloc(n, sizeof(*f->alias_ask));
	if (f->alias == NULL || f->alias_unit == NULL || f->alias_ask == NULL)
		return case_error_memory(r->err);
	for (v = case_json_first(v); v != NULL && rc == CASE_OK;
	     v = case_json_next(v))
		rc = read_alias(r, f, v);
	return rc;
}

static enum case_status
read_code(const struct reading *r, struct case_code *c,
    const struct case_json *v)
{
	struct case_list alias = { 0 };
	enum case_status rc;

	if ((rc = check_keys(r, v, code_keys)) != CASE_OK ||
	    (rc = read_string(r, &c->name, v, "name")) != CASE_OK)
		return rc;
	if (c->name == NULL || c->name[0] == '\0')
		return fault(r, _("a value without a name in"), "codes");
	if ((rc = read_label(r, c->label, v)) != CASE_OK)
		return rc;
	rc = read_list(r, &alias, v, "aliases");
	c->alias = alias.p;
	c->alias_n = alias.n;
	return rc;
}

static enum case_status
read_codes(const struct reading *r, struct case_field *f,
    const struct case_json *obj)
{
	const struct case_json *v = case_json_get(obj, "codes");
	size_t n = count_items(v);
	enum case_status rc;

	if ((v != NULL) != (f->type == CASE_CODE))
		return fault(r,
		    _("a code has a list of codes, others have not:"),
		    case_type_name(f->type));
	if (v != NULL && !case_json_is_array(v))
		return fault(r, _("not a list:"), "codes");
	if (n == 0)
		return f->type == CASE_CODE ? fault(r, _("empty:"), "codes")
					    : CASE_OK;
	if ((f->code = calloc(n, sizeof(*f->code))) == NULL)
		return case_error_memory(r->err);
	for (v = case_json_first(v); v != NULL; v = case_json_next(v))
		if ((rc = read_code(r, &f->code[f->code_n++], v)) != CASE_OK)
			return rc;
	return CASE_OK;
}

static enum case_status
read_kind(const struct reading *r, struct case_field *f,
    const struct case_json *v)
{
	const char *type = case_json_get_str(v, "type");
	const char *privacy = case_json_get_str(v, "privacy");

	if (type == NULL)
		return fault(r, _("no"), "type");
	if (!case_type_find(type, strlen(type), &f->type))
		return fault(r, _("unknown type"), type);
	if (privacy != NULL && !case_privacy_find(privacy, &f->privacy))
		return fault(r, _("unknown privacy class"), privacy);
	return CASE_OK;
}

static enum case_status
read_field(struct reading *r, struct case_field *f, const struct case_json *v)
{
	enum case_status rc;

	f->pair = -1;
	r->field = NULL;
	if ((rc = read_string(r, &f->name, v, "name")) != CASE_OK)
		return rc;
	if (f->name == NULL || !is_plain_name(f->name))
		return fault(r, _("a field's name is a-z, 0-9 and _, not"),
		    f->name == NULL ? "" : f->name);
	r->field = f->name;
	if ((rc = check_keys(r, v, field_keys)) != CASE_OK ||
	    (rc = read_kind(r, f, v)) != CASE_OK ||
	    (rc = read_label(r, f->label, v)) != CASE_OK ||
	    (rc = read_string(r, &f->unit, v, "unit")) != CASE_OK ||
	    (rc = read_string(r, &f->about, v, "about")) != CASE_OK ||
	    (rc = read_string(r, &f->source, v, "source")) != CASE_OK ||
	    (rc = read_flag(r, &f->required, v, "required")) != CASE_OK ||
	    (rc = read_flag(r, &f->coded, v, "coded")) != CASE_OK ||
	    (rc = read_flag(r, &f->docno, v, "docno")) != CASE_OK ||
	    (rc = read_flag(r, &f->ident, v, "ident")) != CASE_OK ||
	    (rc = read_aliases(r, f, v)) != CASE_OK ||
	    (rc = read_codes(r, f, v)) != CASE_OK)
		return rc;
	if (f->type == CASE_CODE)
		f->coded = true;
	else if (f->coded && f->type != CASE_TEXT)
		return fault(r, _("only a text can be"), "coded");
	return CASE_OK;
}

static enum case_status
read_fields(struct reading *r, struct case_rtype *rt,
    const struct case_json *json)
{
	const struct case_json *v = case_json_get(json, "fields");
	size_t n = count_items(v);
	enum case_status rc;

	if (!case_json_is_array(v) || n == 0)
		return fault(r, _("no"), "fields");
	if (n > FIELDS_MAX)
		return fault(r, _("too many"), "fields");
	if ((rt->field = calloc(n, sizeof(*rt->field))) == NULL)
		return case_error_memory(r->err);
	for (v = case_json_first(v); v != NULL; v = case_json_next(v))
		if ((rc = read_field(r, &rt->field[rt->field_n++], v)) !=
		    CASE_OK)
			return rc;
	r->field = NULL;
	return CASE_OK;
}

/* The number of a field that the file names elsewhere. */
static enum case_status
read_reference(const struct reading *r, const struct case_rtype *rt,
    const struct case_json *v, size_t *field)
{
	const char *s = case_json_str(v);
	int i = s == NULL ? -1 : case_rtype_field(rt, s, strlen(s));

	if (i < 0)
		return fault(r, _("no such field:"), s == NULL ? "" : s);
	*field = (size_t)i;
	return CASE_OK;
}

enum case_status
case_key_read(struct case_key *key, const struct case_rtype *rt,
    const struct case_json *list, struct case_error *err)
{
	struct reading r = { rt->name, NULL, err };
	enum case_status rc;

	if (!case_json_is_array(list) || count_items(list) == 0 ||
	    count_items(list) > CASE_KEY_FIELDS)
		return fault(&r, _("not a list of 1 to 4 fields:"), "key");
	key->field_n = 0;
	for (const struct case_json *v = case_json_first(list); v != NULL;
	     v = case_json_next(v))
		if ((rc = read_reference(&r, rt, v,
			 &key->field[key->field_n++])) != CASE_OK)
			return rc;
	return CASE_OK;
}

static enum case_status
read_keys(const struct reading *r, struct case_rtype *rt,
    const struct case_json *json)
{
	const struct case_json *v = case_json_get(json, "key");
	enum case_status rc;

	if (!case_json_is_array(v) || count_items(v) == 0 ||
	    count_items(v) > CASE_KEYS)
		return fault(r, _("not a list of 1 or 2 identities:"), "key");
	for (v = case_json_first(v); v != NULL; v = case_json_next(v))
		if ((rc = case_key_read(&rt->key[rt->key_n++], rt, v,
			 r->err)) != CASE_OK)
			return rc;
	if ((v = case_json_get(json, "otherwise")) == NULL)
		return CASE_OK;
	if (rt->key_n == CASE_KEYS)
		return fault(r, _("no room for a third identity:"),
		    "otherwise");
	rt->key[rt->key_n].otherwise = true;
	return case_key_read(&rt->key[rt->key_n++], rt, v, r->err);
}

static enum case_status
read_dates(const struct reading *r, struct case_rtype *rt,
    const struct case_json *json)
{
	const struct case_json *v = case_json_get(json, "dates");
	size_t n = count_items(v), i;
	enum case_status rc;

	if (v != NULL && !case_json_is_array(v))
		return fault(r, _("not a list:"), "dates");
	if (n == 0)
		return CASE_OK;
	if ((rt->date = calloc(n, sizeof(*rt->date))) == NULL)
		return case_error_memory(r->err);
	for (v = case_json_first(v); v != NULL; v = case_json_next(v)) {
		if ((rc = read_reference(r, rt, v, &i)) != CASE_OK)
			return rc;
		if (rt->field[i].type != CASE_DATE &&
		    rt->field[i].type != CASE_TIME)
			return fault(r, _("not a date:"), rt->field[i].name);
		rt->date[rt->date_n++] = i;
	}
	return CASE_OK;
}

static enum case_status
read_pairs(struct reading *r, struct case_rtype *rt,
    const struct case_json *json)
{
	const struct case_json *v =
	    case_json_first(case_json_get(json, "fields"));
	enum case_status rc;
	size_t pair;

	for (size_t i = 0; i < rt->field_n; i++, v = case_json_next(v)) {
		const struct case_json *name = case_json_get(v, "pair");

		if (name == NULL)
			continue;
		r->field = rt->field[i].name;
		if ((rc = read_reference(r, rt, name, &pair)) != CASE_OK)
			return rc;
		if (rt->field[i].type != CASE_TEXT)
			return fault(r, _("only a text can have a"), "pair");
		rt->field[i].pair = (int)pair;
	}
	r->field = NULL;
	return CASE_OK;
}

static enum case_status
read_words(const struct reading *r, struct case_rtype *rt,
    const struct case_json *json)
{
	struct case_list missing = { 0 };
	enum case_status rc;

	rc = read_list(r, &missing, json, "missing");
	rt->missing = missing.p;
	rt->missing_n = missing.n;
	if (rc != CASE_OK ||
	    (rc = read_list(r, &rt->yes, json, "flag_yes")) != CASE_OK ||
	    (rc = read_list(r, &rt->no, json, "flag_no")) != CASE_OK ||
	    (rc = read_list(r, &rt->aside, json, "aside")) != CASE_OK)
		return rc;
	return read_list(r, &rt->marks, json, "marks");
}

/* Every name of every field, in one index that has each only once. */
static enum case_status
make_index(struct case_rtype *rt, struct case_error *err)
{
	struct case_names *names;
	enum case_status rc;

	if ((rc = case_names_new(&names, err)) != CASE_OK)
		return rc;
	rt->index = names;
	for (size_t i = 0; i < rt->field_n; i++) {
		const struct case_field *f = &rt->field[i];
		int id = (int)i;

		case_names_add(names, f->name, id, NULL);
		for (int k = 0; k < 2; k++)
			if (f->label[k] != NULL)
				case_names_add(names, f->label[k], id, NULL);
		for (size_t k = 0; k < f->alias_n; k++)
			if (f->alias_ask[k])
				case_names_share(names, f->alias[k], id);
			else
				case_names_add(names, f->alias[k], id,
				    f->alias_unit[k]);
	}
	return case_names_finish(names, err);
}

/* Two fields with one name would make a header mean either of them. */
static enum case_status
check_index(const struct reading *r, const struct case_rtype *rt)
{
	int a, b;
	const char *name = case_names_clash(rt->index, &a, &b);

	if (name == NULL)
		return CASE_OK;
	return case_error_set(r->err, CASE_EDATA, 0,
	    _("record type '%s': the name '%s' belongs to both '%s' and '%s'"),
	    rt->name, name, rt->field[a].name, rt->field[b].name);
}

static enum case_status
read_type(struct reading *r, struct case_rtype *rt,
    const struct case_json *json)
{
	enum case_status rc;

	if ((rc = read_string(r, &rt->name, json, "name")) != CASE_OK)
		return rc;
	if (rt->name == NULL || !is_plain_name(rt->name))
		return fault(r, _("a type's name is a-z, 0-9 and _, not"),
		    rt->name == NULL ? "" : rt->name);
	r->type = rt->name;
	if ((rc = check_keys(r, json, type_keys)) != CASE_OK ||
	    (rc = read_label(r, rt->label, json)) != CASE_OK ||
	    (rc = read_fields(r, rt, json)) != CASE_OK ||
	    (rc = read_keys(r, rt, json)) != CASE_OK ||
	    (rc = read_dates(r, rt, json)) != CASE_OK ||
	    (rc = read_pairs(r, rt, json)) != CASE_OK ||
	    (rc = read_words(r, rt, json)) != CASE_OK ||
	    (rc = read_string(r, &rt->about, json, "about")) != CASE_OK ||
	    (rc = read_string(r, &rt->source, json, "source")) != CASE_OK ||
	    (rc = read_string(r, &rt->count, json, "count")) != CASE_OK)
		return rc;
	if (rt->count == NULL)
		return fault(r, _("no"), "count");
	if ((rc = make_index(rt, r->err)) != CASE_OK)
		return rc;
	return check_index(r, rt);
}

enum case_status
case_rtype_parse(struct case_rtype **out, const struct case_json *json,
    struct case_error *err)
{
	struct reading r = { "?", NULL, err };
	struct case_rtype *rt;
	enum case_status rc;

	*out = NULL;
	if (!case_json_is_object(json))
		return case_error_set(err, CASE_EDATA, 0,
		    _("a record type is a JSON object"));
	if ((rt = calloc(1, sizeof(*rt))) == NULL)
		return case_error_memory(err);
	if ((rc = read_type(&r, rt, json)) != CASE_OK) {
		case_rtype_free(rt);
		return rc;
	}
	*out = rt;
	return CASE_OK;
}

/* Words that the type leaves to the settings. */
static enum case_status
fill_words(struct case_rtype *rt, struct case_share *sh, struct case_error *err)
{
	const struct {
		struct case_list *list;
		const char *key;
	} from[] = { { &rt->yes, "flag.yes" }, { &rt->no, "flag.no" },
		{ &rt->aside, "aside.words" }, { &rt->marks, "header.marks" } };
	enum case_status rc;

	for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++) {
		const struct case_json *v = case_setting_json(sh, from[i].key);

		if (from[i].list->n == 0 && case_json_is_array(v) &&
		    (rc = case_list_read(from[i].list, v, err)) != CASE_OK)
			return rc;
	}
	return CASE_OK;
}

enum case_status
case_rtype_load(struct case_rtype **out, struct case_share *sh,
    const char *name, struct case_error *err)
{
	struct case_json *json;
	enum case_status rc;

	*out = NULL;
	if ((rc = case_share_load(sh, "records", name, &json, err)) != CASE_OK)
		return rc;
	rc = case_rtype_parse(out, json, err);
	case_json_free(json);
	if (rc != CASE_OK || (rc = fill_words(*out, sh, err)) == CASE_OK)
		return rc;
	case_rtype_free(*out);
	*out = NULL;
	return rc;
}

void
case_codes_free(struct case_code *code, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct case_list alias = { code[i].alias, code[i].alias_n };

		free(code[i].name);
		free(code[i].label[0]);
		free(code[i].label[1]);
		case_list_free(&alias);
	}
	free(code);
}

static void
free_field(struct case_field *f)
{
	for (size_t i = 0; i < f->alias_n; i++) {
		free(f->alias[i]);
		free(f->alias_unit[i]);
	}
	free(f->alias);
	free(f->alias_unit);
	free(f->alias_ask);
	free(f->name);
	free(f->label[0]);
	free(f->label[1]);
	free(f->unit);
	free(f->about);
	free(f->source);
	case_codes_free(f->code, f->code_n);
}

void
case_rtype_free(struct case_rtype *rt)
{
	struct case_list missing;

	if (rt == NULL)
		return;
	for (size_t i = 0; i < rt->field_n; i++)
		free_field(&rt->field[i]);
	missing = (struct case_list){ rt->missing, rt->missing_n };
	case_list_free(&missing);
	case_list_free(&rt->yes);
	case_list_free(&rt->no);
	case_list_free(&rt->aside);
	case_list_free(&rt->marks);
	case_names_free(rt->index);
	free(rt->field);
	free(rt->date);
	free(rt->name);
	free(rt->label[0]);
	free(rt->label[1]);
	free(rt->count);
	free(rt->about);
	free(rt->source);
	free(rt);
}

int
case_rtype_field(const struct case_rtype *rt, const char *p, size_t n)
{
	for (size_t i = 0; i < rt->field_n; i++)
		if (strlen(rt->field[i].name) == n &&
		    memcmp(rt->field[i].name, p, n) == 0)
			return (int)i;
	return -1;
}

int
case_rtype_header(const struct case_rtype *rt, const char *p, size_t n,
    const char **unit)
{
	return case_names_find(rt->index, p, n, unit);
}

int
case_rtype_rival(const struct case_rtype *rt, const char *p, size_t n)
{
	return case_names_rival(rt->index, p, n);
}

int
case_rtype_word(const struct case_rtype *rt, const char *p, size_t n)
{
	const char *unit;
	int rival = case_names_rival(rt->index, p, n);

	if (rival >= 0)
		return -1;
	return case_names_find(rt->index, p, n, &unit);
}

const char *
case_label(char *const label[2], enum case_lang lang)
{
	if (label[lang] != NULL)
		return label[lang];
	return label[lang == CASE_ZH ? CASE_EN : CASE_ZH];
}

static bool
same_word(const char *word, const struct case_buf *key, struct case_buf *room)
{
	if (word == NULL)
		return false;
	case_buf_reset(room);
	case_text_key(room, word, strlen(word), true);
	return room->n == key->n && memcmp(room->p, key->p, key->n) == 0;
}

/* 1: it is that code, 0: it is not, -2: out of memory. */
static int
is_code(const struct case_code *c, const struct case_buf *key,
    struct case_buf *room)
{
	const char *const own[] = { c->name, c->label[0], c->label[1] };

	for (size_t i = 0; i < 3 + c->alias_n; i++) {
		if (same_word(i < 3 ? own[i] : c->alias[i - 3], key, room))
			return 1;
		if (room->failed)
			return -2;
	}
	return 0;
}

/* As it is written in tables: the name, or a label, to the byte. */
static int
find_exact(const struct case_code *code, size_t code_n, const char *p, size_t n)
{
	for (size_t i = 0; i < code_n; i++) {
		const char *const own[] = { code[i].name, code[i].label[0],
			code[i].label[1] };

		for (size_t k = 0; k < 3; k++)
			if (own[k] != NULL && strlen(own[k]) == n &&
			    memcmp(own[k], p, n) == 0)
				return (int)i;
	}
	return -1;
}

int
case_code_find(const struct case_code *code, size_t code_n, const char *p,
    size_t n)
{
	struct case_buf key = { 0 }, room = { 0 };
	int found = n == 0 ? -1 : find_exact(code, code_n, p, n);

	if (found >= 0 || code_n == 0)
		return found;
	case_text_key(&key, p, n, true);
	if (key.failed)
		found = -2;
	for (size_t i = 0; i < code_n && found == -1 && key.n > 0; i++)
		switch (is_code(&code[i], &key, &room)) {
		case 1:
			found = (int)i;
			break;
		case -2:
			found = -2;
			break;
		default:
			break;
		}
	case_buf_free(&key);
	case_buf_free(&room);
	return found;
}

int
case_field_code(const struct case_field *f, const char *p, size_t n)
{
	return case_code_find(f->code, f->code_n, p, n);
}

static void
print_string(struct case_buf *out, const char *key, const char *s)
{
	if (s == NULL)
		return;
	case_buf_addf(out, ",\"%s\":", key);
	case_json_quote(out, s, strlen(s));
}

static void
print_label(struct case_buf *out, char *const label[2])
{
	static const char *const lang[2] = { "zh", "en" };

	if (label[0] == NULL && label[1] == NULL)
		return;
	case_buf_adds(out, ",\"label\":{");
	for (int i = 0, n = 0; i < 2; i++) {
		if (label[i] == NULL)
			continue;
		case_buf_addf(out, "%s\"%s\":", n++ > 0 ? "," : "", lang[i]);
		case_json_quote(out, label[i], strlen(label[i]));
	}
	case_buf_addc(out, '}');
}

static void
print_list(struct case_buf *out, const char *key, char *const *p, size_t n)
{
	case_buf_addf(out, ",\"%s\":[", key);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			case_buf_addc(out, ',');
		case_json_quote(out, p[i], strlen(p[i]));
	}
	case_buf_addc(out, ']');
}

static void
print_aliases(struct case_buf *out, const struct case_field *f)
{
	case_buf_adds(out, ",\"aliases\":[");
	for (size_t i = 0; i < f->alias_n; i++) {
		const char *unit = f->alias_unit[i];
		bool more = unit != NULL || f->alias_ask[i];

		if (i > 0)
			case_buf_addc(out, ',');
		if (more)
			case_buf_adds(out, "{\"name\":");
		case_json_quote(out, f->alias[i], strlen(f->alias[i]));
		print_string(out, "unit", unit);
		if (f->alias_ask[i])
			case_buf_adds(out, ",\"ask\":true");
		if (more)
			case_buf_addc(out, '}');
	}
	case_buf_addc(out, ']');
}

static void
print_codes(struct case_buf *out, const struct case_field *f)
{
	if (f->code_n == 0)
		return;
	case_buf_adds(out, ",\"codes\":[");
	for (size_t i = 0; i < f->code_n; i++) {
		const struct case_code *c = &f->code[i];

		case_buf_adds(out, i > 0 ? ",{\"name\":" : "{\"name\":");
		case_json_quote(out, c->name, strlen(c->name));
		print_label(out, c->label);
		if (c->alias_n > 0)
			print_list(out, "aliases", c->alias, c->alias_n);
		case_buf_addc(out, '}');
	}
	case_buf_addc(out, ']');
}

static void
print_field(struct case_buf *out, const struct case_rtype *rt,
    const struct case_field *f)
{
	const struct {
		const char *key;
		bool on;
	} flag[] = { { "required", f->required },
		{ "coded", f->coded && f->type != CASE_CODE },
		{ "docno", f->docno }, { "ident", f->ident } };

	case_buf_adds(out, "{\"name\":");
	case_json_quote(out, f->name, strlen(f->name));
	print_string(out, "type", case_type_name(f->type));
	print_label(out, f->label);
	if (f->alias_n > 0)
		print_aliases(out, f);
	print_string(out, "unit", f->unit);
	print_codes(out, f);
	if (f->privacy != CASE_PRIVACY_NONE)
		print_string(out, "privacy", case_privacy_name(f->privacy));
	for (size_t i = 0; i < sizeof(flag) / sizeof(flag[0]); i++)
		if (flag[i].on)
			case_buf_addf(out, ",\"%s\":true", flag[i].key);
	if (f->pair >= 0)
		print_string(out, "pair", rt->field[f->pair].name);
	case_buf_addc(out, '}');
}

/* The names of some fields, as a list. */
static void
print_fields(struct case_buf *out, const struct case_rtype *rt,
    const size_t *field, size_t n)
{
	case_buf_addc(out, '[');
	for (size_t i = 0; i < n; i++) {
		const char *name = rt->field[field[i]].name;

		if (i > 0)
			case_buf_addc(out, ',');
		case_json_quote(out, name, strlen(name));
	}
	case_buf_addc(out, ']');
}

/* The one that is only for records without another stands apart. */
static void
print_keys(struct case_buf *out, const struct case_rtype *rt)
{
	size_t n = rt->key_n;

	if (n > 0 && rt->key[n - 1].otherwise)
		n--;
	case_buf_adds(out, ",\"key\":[");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			case_buf_addc(out, ',');
		print_fields(out, rt, rt->key[i].field, rt->key[i].field_n);
	}
	case_buf_addc(out, ']');
	if (n == rt->key_n)
		return;
	case_buf_adds(out, ",\"otherwise\":");
	print_fields(out, rt, rt->key[n].field, rt->key[n].field_n);
}

static void
print_words(struct case_buf *out, const struct case_rtype *rt)
{
	print_list(out, "missing", rt->missing, rt->missing_n);
	print_list(out, "flag_yes", rt->yes.p, rt->yes.n);
	print_list(out, "flag_no", rt->no.p, rt->no.n);
	print_list(out, "aside", rt->aside.p, rt->aside.n);
	print_list(out, "marks", rt->marks.p, rt->marks.n);
}

void
case_rtype_print(struct case_buf *out, const struct case_rtype *rt)
{
	case_buf_adds(out, "{\"name\":");
	case_json_quote(out, rt->name, strlen(rt->name));
	print_label(out, rt->label);
	print_keys(out, rt);
	case_buf_adds(out, ",\"dates\":");
	print_fields(out, rt, rt->date, rt->date_n);
	print_string(out, "count", rt->count);
	print_words(out, rt);
	case_buf_adds(out, ",\"fields\":[");
	for (size_t i = 0; i < rt->field_n; i++) {
		if (i > 0)
			case_buf_addc(out, ',');
		print_field(out, rt, &rt->field[i]);
	}
	case_buf_adds(out, "]}");
}
