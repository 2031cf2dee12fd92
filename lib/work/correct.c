/* correct.c - one value of one record, corrected by hand */
#include <stdlib.h>
#include <string.h>

#include "case/import.h"
#include "case/intl.h"

/*
 * The record as it stands, copied: texts into arena, words as ids.
 *
 * record, batch, line	which it is, and what set it
 * records		how many the key names
 * places		where they were set, as "@BATCH:LINE"
 */
struct current {
	const struct case_rtype *rt;
	int64_t record, batch, line;
	size_t records;
	struct case_buf places;
	struct case_words *words;
	struct case_value *v;
	struct case_buf *text; /* one a field */
	struct case_buf extra;
};

static enum case_status
copy_value(struct current *c, size_t i, const struct case_value *v,
    struct case_error *err)
{
	const struct case_field *f = &c->rt->field[i];

	c->v[i] = *v;
	if (v->missing || (v->type != CASE_TEXT && v->type != CASE_CODE))
		return CASE_OK;
	if (f->coded) {
		c->v[i].u.i = case_words_add(c->words, v->u.s.p, v->u.s.n);
		return c->v[i].u.i == 0 ? case_error_memory(err) : CASE_OK;
	}
	case_buf_reset(&c->text[i]);
	case_buf_add(&c->text[i], v->u.s.p, v->u.s.n);
	c->v[i].u.s.p = case_buf_str(&c->text[i]);
	return c->text[i].failed ? case_error_memory(err) : CASE_OK;
}

static void
add_place(struct current *c)
{
	if (c->records > 0)
		case_buf_addf(&c->places, "%s@%lld:%lld",
		    c->places.n > 0 ? ", " : "", (long long)c->batch,
		    (long long)c->line);
}

/* Versions come oldest first: the last one called with is the current. */
static enum case_status
copy_version(void *arg, const struct case_version *version,
    struct case_error *err)
{
	struct current *c = arg;
	enum case_status rc = CASE_OK;

	if (c->records == 0 || c->record != version->record) {
		add_place(c);
		c->records++;
	}
	c->record = version->record;
	c->batch = version->batch;
	c->line = (int64_t)version->line;
	for (size_t i = 0; rc == CASE_OK && i < c->rt->field_n; i++)
		rc = copy_value(c, i, &version->v[i], err);
	case_buf_reset(&c->extra);
	case_buf_add(&c->extra, version->extra.p ? version->extra.p : "",
	    version->extra.n);
	return c->extra.failed ? case_error_memory(err) : rc;
}

/* Lays FIELD=VALUE over the copy. */
static enum case_status
assign_value(struct current *c, const char *assign, struct case_error *err)
{
	const char *eq = strchr(assign, '='), *text;
	const struct case_field *f;
	struct case_value v;
	enum case_status rc;
	int i, code;

	if (eq == NULL)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s' is not FIELD=VALUE"), assign);
	if ((i = case_rtype_word(c->rt, assign, (size_t)(eq - assign))) < 0)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("%s has no field '%.*s'"), c->rt->name,
		    (int)(eq - assign), assign);
	f = &c->rt->field[i];
	text = eq + 1;
	if (f->type == CASE_CODE && *text != '\0') {
		if ((code = case_field_code(f, text, strlen(text))) < 0)
			return case_error_set(err, CASE_EUSAGE, 0,
			    _("'%s' is not a value of %s"), text, f->name);
		text = f->code[code].name;
	}
	rc = case_value_parse(&v, f->type, text, strlen(text), err);
	v.absence = CASE_CLEARED; /* read when it is missing */
	return rc == CASE_OK ? copy_value(c, (size_t)i, &v, err) : rc;
}

/* A wider identity tells records apart that share their numbers. */
static enum case_status
check_one(struct current *c, const char *key, struct case_error *err)
{
	if (c->records == 0)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("no record of %s is named '%s'"), c->rt->name, key);
	if (c->records == 1)
		return CASE_OK;
	add_place(c);
	return case_error_set(err, CASE_EUSAGE, 0,
	    _("%zu records are named '%s': say which by its batch and line: "
	      "%s"),
	    c->records, key, case_buf_str(&c->places));
}

static enum case_status
store_correction(struct case_store *st, const struct current *c,
    const char *assign, const char *reason, int64_t time, int64_t *batch,
    struct case_error *err)
{
	const struct case_batch_options bo = { .like = c->batch };
	struct case_record rec = { .v = c->v,
		.extra = { c->extra.p, c->extra.n } };
	struct case_batch_facts facts = { .type = c->rt->name,
		.file = "",
		.sha256 = "",
		.encoding = "",
		.layout = "",
		.options = assign,
		.header = "[]",
		.sheet = "",
		.reason = reason,
		.time = time,
		.rows = 1 };
	struct case_batch *b;
	const char *why = NULL;
	enum case_put put;
	enum case_status rc;

	if ((rc = case_batch_begin(&b, st, c->rt, &facts, &bo, err)) != CASE_OK)
		return rc;
	rc = case_batch_put_over(b, c->record, &rec, &put, &why, err);
	if (rc == CASE_OK && put == CASE_PUT_REJECTED)
		rc = case_error_set(err, CASE_EDATA, 0, "%s", why);
	if (rc == CASE_OK && put == CASE_PUT_UNCHANGED)
		rc = case_error_set(err, CASE_EUSAGE, 0,
		    _("the record has that value already"));
	if (rc != CASE_OK) {
		case_batch_rollback(b);
		return rc;
	}
	facts.changed = 1;
	*batch = case_batch_id(b);
	return case_batch_commit(b, &facts, err);
}

enum case_status
case_import_correct(struct case_store *st, const char *type, const char *key,
    const char *assign, const char *reason, int64_t time, int64_t *batch,
    struct case_error *err)
{
	struct current c = { .words = case_store_words(st) };
	enum case_status rc;

	if ((rc = case_store_type(st, type, &c.rt, err)) != CASE_OK)
		return rc;
	c.v = calloc(c.rt->field_n, sizeof(*c.v));
	c.text = calloc(c.rt->field_n, sizeof(*c.text));
	if (c.v == NULL || c.text == NULL)
		rc = case_error_memory(err);
	else
		rc = case_store_trace(st, type, key, copy_version, &c, err);
	if (rc == CASE_OK)
		rc = check_one(&c, key, err);
	if (rc == CASE_OK && (rc = assign_value(&c, assign, err)) == CASE_OK)
		rc = store_correction(st, &c, assign, reason, time, batch, err);
	for (size_t i = 0; c.text != NULL && i < c.rt->field_n; i++)
		case_buf_free(&c.text[i]);
	case_buf_free(&c.extra);
	case_buf_free(&c.places);
	free(c.text);
	free(c.v);
	return rc;
}
