/* dictionary.c - the record types and their fields, told as tables */
#include <stdlib.h>
#include <string.h>

#include "case/buf.h"
#include "case/dictionary.h"
#include "case/layout.h"
#include "case/rtype.h"

struct column {
	const char *name;
	enum case_type type;
	const char *label[2];
};

static struct case_value
string(const char *s)
{
	return (struct case_value){ .type = CASE_TEXT,
		.missing = s == NULL || *s == '\0',
		.u.s = { s, s == NULL ? 0 : strlen(s) } };
}

static enum case_status
begin(struct case_writer *w, struct case_table *t, const char *name,
    const struct case_rtype *rt, const struct column *column, size_t n,
    enum case_lang lang, struct case_error *err)
{
	case_table_begin(t, name, CASE_MANIFEST, NULL,
	    rt == NULL ? NULL : case_label(rt->label, lang));
	for (size_t i = 0; i < n; i++)
		case_table_add_column(t, column[i].name, column[i].type,
		    column[i].label[lang], NULL);
	return t->failed ? case_error_memory(err) : w->ops->begin(w, t, err);
}

/* What is to be known, and where it is known from. */
static void
add_about(struct case_buf *out, const char *about, const char *source)
{
	if (about != NULL)
		case_buf_adds(out, about);
	if (source != NULL)
		case_buf_addf(out, about != NULL ? " (%s)" : "(%s)", source);
}

/* --- types ---------------------------------------------------------------- */

/* The name and type of a layout. */
struct layout {
	char *name; /* borrowed of the list of names */
	char *type;
};

struct layouts {
	char **names;
	struct layout *p;
	size_t n;
};

static enum case_status
layouts_load(struct layouts *ls, struct case_share *sh, struct case_error *err)
{
	enum case_status rc;
	size_t n = 0;

	rc = case_share_names(sh, "layouts", &ls->names, err);
	if (rc != CASE_OK)
		return rc;
	while (ls->names[n] != NULL)
		n++;
	if ((ls->p = calloc(n + 1, sizeof(*ls->p))) == NULL)
		return case_error_memory(err);
	for (; ls->n < n; ls->n++) {
		struct layout *l = &ls->p[ls->n];

		l->name = ls->names[ls->n];
		rc = case_layout_type(sh, l->name, &l->type, err);
		if (rc != CASE_OK)
			return rc;
	}
	return CASE_OK;
}

static void
layouts_free(struct layouts *ls)
{
	for (size_t i = 0; i < ls->n; i++)
		free(ls->p[i].type);
	free(ls->p);
	if (ls->names != NULL)
		case_share_names_free(ls->names);
}

static void
add_layouts(struct case_buf *out, const struct layouts *ls, const char *type)
{
	for (size_t i = 0; i < ls->n; i++) {
		if (strcmp(ls->p[i].type, type) != 0)
			continue;
		case_buf_adds(out, out->n > 0 ? "; " : "");
		case_buf_adds(out, ls->p[i].name);
	}
}

static void
add_key(struct case_buf *out, const struct case_rtype *rt,
    const struct case_key *key)
{
	case_buf_adds(out, key->otherwise ? "(" : "");
	for (size_t i = 0; i < key->field_n; i++)
		case_buf_addf(out, "%s%s", i > 0 ? "+" : "",
		    rt->field[key->field[i]].name);
	case_buf_adds(out, key->otherwise ? ")" : "");
}

static const struct column type_columns[] = {
	{ "type", CASE_TEXT, { "类型", "type" } },
	{ "label", CASE_TEXT, { "名称", "label" } },
	{ "english", CASE_TEXT, { "英文名", "English" } },
	{ "fields", CASE_INTEGER, { "字段数", "fields" } },
	{ "key", CASE_TEXT, { "标识", "key" } },
	{ "dates", CASE_TEXT, { "日期", "dates" } },
	{ "count", CASE_TEXT, { "计数", "count" } },
	{ "layouts", CASE_TEXT, { "布局", "layouts" } },
	{ "about", CASE_TEXT, { "说明", "about" } },
};
enum { TYPE_COLUMNS = sizeof(type_columns) / sizeof(type_columns[0]) };

static enum case_status
write_type(struct case_writer *w, const struct case_rtype *rt,
    const struct layouts *ls, enum case_lang lang, struct case_error *err)
{
	struct case_buf key = { 0 }, dates = { 0 }, names = { 0 },
			about = { 0 };
	enum case_status rc;

	for (size_t i = 0; i < rt->key_n; i++) {
		case_buf_adds(&key, i > 0 ? "; " : "");
		add_key(&key, rt, &rt->key[i]);
	}
	for (size_t i = 0; i < rt->date_n; i++)
		case_buf_addf(&dates, "%s%s", i > 0 ? "; " : "",
		    rt->field[rt->date[i]].name);
	add_layouts(&names, ls, rt->name);
	add_about(&about, rt->about, rt->source);
	const struct case_value v[TYPE_COLUMNS] = {
		string(rt->name),
		string(case_label(rt->label, lang)),
		string(rt->label[CASE_EN]),
		{ .type = CASE_INTEGER, .u.i = (int64_t)rt->field_n },
		string(case_buf_str(&key)),
		string(case_buf_str(&dates)),
		string(rt->count),
		string(case_buf_str(&names)),
		string(case_buf_str(&about)),
	};

	rc = key.failed || dates.failed || names.failed || about.failed
		 ? case_error_memory(err)
		 : w->ops->row(w, v, TYPE_COLUMNS, err);
	case_buf_free(&key);
	case_buf_free(&dates);
	case_buf_free(&names);
	case_buf_free(&about);
	return rc;
}

enum case_status
case_dictionary_types(struct case_writer *w, struct case_share *sh,
    enum case_lang lang, struct case_error *err)
{
	struct case_table t = { 0 };
	struct layouts ls = { 0 };
	struct case_rtype *rt;
	char **names = NULL;
	enum case_status rc;

	if ((rc = case_share_names(sh, "records", &names, err)) == CASE_OK &&
	    (rc = layouts_load(&ls, sh, err)) == CASE_OK)
		rc = begin(w, &t, "types", NULL, type_columns, TYPE_COLUMNS,
		    lang, err);
	for (char **p = names; rc == CASE_OK && *p != NULL; p++) {
		if ((rc = case_rtype_load(&rt, sh, *p, err)) != CASE_OK)
			break;
		rc = write_type(w, rt, &ls, lang, err);
		case_rtype_free(rt);
	}
	if (rc == CASE_OK)
		rc = w->ops->end(w, err);
	case_table_free(&t);
	layouts_free(&ls);
	if (names != NULL)
		case_share_names_free(names);
	return rc;
}

/* --- fields --------------------------------------------------------------- */

/* The identities that a field is part of: "1; 2". */
static void
add_keys(struct case_buf *out, const struct case_rtype *rt, size_t field)
{
	for (size_t k = 0; k < rt->key_n; k++)
		for (size_t i = 0; i < rt->key[k].field_n; i++)
			if (rt->key[k].field[i] == field)
				case_buf_addf(out, "%s%zu",
				    out->n > 0 ? "; " : "", k + 1);
}

static void
add_aliases(struct case_buf *out, const struct case_field *f)
{
	for (size_t i = 0; i < f->alias_n; i++) {
		case_buf_addf(out, "%s%s", i > 0 ? "; " : "", f->alias[i]);
		if (f->alias_unit[i] != NULL)
			case_buf_addf(out, "(%s)", f->alias_unit[i]);
		case_buf_adds(out, f->alias_ask[i] ? "?" : "");
	}
}

/* "simple 简易程序, 简易, 当场处罚; ordinary …", labels first. */
static void
add_codes(struct case_buf *out, const struct case_field *f)
{
	for (size_t i = 0; i < f->code_n; i++) {
		const struct case_code *c = &f->code[i];
		const char *zh = c->label[CASE_ZH];

		case_buf_addf(out, "%s%s", i > 0 ? "; " : "", c->name);
		if (zh != NULL)
			case_buf_addf(out, " %s", zh);
		for (size_t k = 0; k < c->alias_n; k++)
			case_buf_addf(out, ", %s", c->alias[k]);
	}
}

static const struct column field_columns[] = {
	{ "field", CASE_TEXT, { "字段", "field" } },
	{ "label", CASE_TEXT, { "名称", "label" } },
	{ "english", CASE_TEXT, { "英文名", "English" } },
	{ "type", CASE_TEXT, { "类型", "type" } },
	{ "unit", CASE_TEXT, { "单位", "unit" } },
	{ "key", CASE_TEXT, { "标识", "key" } },
	{ "required", CASE_FLAG, { "必填", "required" } },
	{ "privacy", CASE_TEXT, { "隐私", "privacy" } },
	{ "aliases", CASE_TEXT, { "表头", "header names" } },
	{ "codes", CASE_TEXT, { "取值", "codes" } },
	{ "about", CASE_TEXT, { "说明", "about" } },
};
enum { FIELD_COLUMNS = sizeof(field_columns) / sizeof(field_columns[0]) };

static enum case_status
write_field(struct case_writer *w, const struct case_rtype *rt, size_t i,
    enum case_lang lang, struct case_error *err)
{
	const struct case_field *f = &rt->field[i];
	struct case_buf key = { 0 }, alias = { 0 }, codes = { 0 },
			about = { 0 };
	enum case_status rc;

	add_keys(&key, rt, i);
	add_aliases(&alias, f);
	add_codes(&codes, f);
	add_about(&about, f->about, f->source);
	const struct case_value v[FIELD_COLUMNS] = {
		string(f->name),
		string(case_label(f->label, lang)),
		string(f->label[CASE_EN]),
		string(case_type_name(f->type)),
		string(f->unit),
		string(case_buf_str(&key)),
		{ .type = CASE_FLAG, .u.i = f->required },
		string(case_privacy_name(f->privacy)),
		string(case_buf_str(&alias)),
		string(case_buf_str(&codes)),
		string(case_buf_str(&about)),
	};

	rc = key.failed || alias.failed || codes.failed || about.failed
		 ? case_error_memory(err)
		 : w->ops->row(w, v, FIELD_COLUMNS, err);
	case_buf_free(&key);
	case_buf_free(&alias);
	case_buf_free(&codes);
	case_buf_free(&about);
	return rc;
}

enum case_status
case_dictionary_fields(struct case_writer *w, struct case_share *sh,
    const char *type, enum case_lang lang, struct case_error *err)
{
	struct case_table t = { 0 };
	struct case_rtype *rt;
	enum case_status rc;

	if ((rc = case_rtype_load(&rt, sh, type, err)) != CASE_OK)
		return rc;
	rc =
	    begin(w, &t, rt->name, rt, field_columns, FIELD_COLUMNS, lang, err);
	for (size_t i = 0; rc == CASE_OK && i < rt->field_n; i++)
		rc = write_field(w, rt, i, lang, err);
	if (rc == CASE_OK)
		rc = w->ops->end(w, err);
	case_table_free(&t);
	case_rtype_free(rt);
	return rc;
}
