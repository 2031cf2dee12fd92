/* types.c - the record types of a store and their tables */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/json.h"
#include "case/text.h"
#include "lib/store/sqlite.h"

enum {
	NAME_BYTES = 64 /* of a type or field: they become SQL names */
};

/* --- names and columns --------------------------------------------------- */

/* Names become parts of SQL: a type from a foreign file can't break out. */
static bool
name_fits(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n > 0 && n <= NAME_BYTES && s[n] == '\0';
}

static enum case_status
check_names(const struct case_rtype *rt, struct case_error *err)
{
	const char *bad = name_fits(rt->name) ? NULL : rt->name;

	for (size_t i = 0; bad == NULL && i < rt->field_n; i++)
		if (!name_fits(rt->field[i].name))
			bad = rt->field[i].name;
	if (bad != NULL)
		return case_error_set(err, CASE_EDATA, 0,
		    _("'%s' can't name a record type or field: at most %d of "
		      "a-z, 0-9 and _"),
		    bad, NAME_BYTES);
	/* SQLite takes 2000 columns. */
	if (rt->field_n > CASE_STORE_FIELDS)
		return case_error_set(err, CASE_EDATA, 0,
		    _("record type %s has %zu fields, more than %d"), rt->name,
		    rt->field_n, CASE_STORE_FIELDS);
	return CASE_OK;
}

static const char *
column_type(const struct case_field *f)
{
	if (f->coded)
		return "INTEGER";
	switch (f->type) {
	case CASE_TEXT:
	case CASE_CODE:
		return "TEXT";
	case CASE_NUMBER:
	case CASE_RATIO:
	case CASE_POINTS:
		return "REAL";
	default:
		return "INTEGER";
	}
}

static bool
is_long(const struct case_field *f)
{
	return !f->coded && (f->type == CASE_TEXT || f->type == CASE_CODE);
}

void
case_types_table(struct case_buf *out, const char *create,
    const struct case_store_type *t)
{
	case_buf_addf(out,
	    "%s, _batch INTEGER NOT NULL, _line INTEGER NOT NULL,"
	    " _hash INTEGER NOT NULL, _k1 INTEGER, _k2 INTEGER, _k3 INTEGER",
	    create);
	for (size_t i = 0; t != NULL && i < t->slot_n; i++) {
		const struct case_field *f = &t->rt->field[t->column[i]];

		case_buf_addf(out, ", \"f_%s\" %s", f->name, column_type(f));
	}
	case_buf_adds(out, ", _extra TEXT) STRICT");
}

/* --- types --------------------------------------------------------------- */

static void
type_free(struct case_store_type *t)
{
	if (t == NULL)
		return;
	case_rtype_free(t->rt);
	free(t->slot);
	free(t->column);
	free(t);
}

/* A type that goes may still be borrowed: it lives as long as the store. */
static enum case_status
retire(struct case_store *st, struct case_rtype *rt, struct case_error *err)
{
	struct case_rtype **past;

	past = realloc(st->past, (st->past_n + 1) * sizeof(*past));
	if (past == NULL)
		return case_error_memory(err);
	st->past = past;
	past[st->past_n++] = rt;
	return CASE_OK;
}

void
case_types_free(struct case_store *st)
{
	for (size_t i = 0; i < st->type_n; i++)
		type_free(st->type[i]);
	for (size_t i = 0; i < st->past_n; i++)
		case_rtype_free(st->past[i]);
	free(st->type);
	free(st->past);
}

static enum case_status
wrong_columns(const struct case_store *st, const struct case_store_type *t,
    struct case_error *err)
{
	return case_error_set(err, CASE_ESTORE, 0,
	    _("%s: the table of record type %s lacks columns; a "
	      "backup can take its place"),
	    st->path ? st->path : "", t->rt->name);
}

/* The fields of the f_ columns of a table, in its order; *n of them. */
static enum case_status
read_columns(struct case_store *st, const struct case_store_type *t,
    const char *table, size_t *field, size_t *n, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;
	int f;

	*n = 0;
	st->schema_open = true;
	rc = case_sql_prepare(&q, st, err, "PRAGMA table_info(\"%s_%s\")",
	    table, t->rt->name);
	st->schema_open = false;
	if (rc != CASE_OK)
		return rc;
	while ((rc = case_sql_step(q, err)) == CASE_OK) {
		struct case_str name = case_sql_text(q, 1);

		if (name.n < 2 || memcmp(name.p, "f_", 2) != 0)
			continue;
		f = case_rtype_field(t->rt, name.p + 2, name.n - 2);
		if (f < 0 || *n == t->rt->field_n) {
			rc = wrong_columns(st, t, err);
			break;
		}
		field[(*n)++] = (size_t)f;
	}
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* What the names of a type's columns and their order are held to. */
static uint64_t
hash_columns(const struct case_store_type *t)
{
	uint64_t h = 0;

	for (size_t i = 0; i < t->slot_n; i++) {
		const char *name = t->rt->field[t->column[i]].name;

		h = case_hash(name, strlen(name), h + 1);
	}
	return h;
}

/* t NULL: a type without columns. */
static enum case_status
seal_columns(struct case_store *st, const char *name,
    const struct case_store_type *t, struct case_error *err)
{
	return case_sql_exec(st, err,
	    "INSERT INTO meta (key, value) VALUES ('rec_%s', %lld)"
	    " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
	    name, t != NULL ? (long long)(int64_t)hash_columns(t) : 0);
}

/* Without a seal all fields have one: so it was up to format 2. */
static enum case_status
check_columns(struct case_store *st, const struct case_store_type *t,
    struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;
	bool good;

	rc = case_sql_prepare(&q, st, err,
	    "SELECT value FROM meta WHERE key = 'rec_%s'", t->rt->name);
	if (rc != CASE_OK)
		return rc;
	if ((rc = case_sql_step(q, err)) == CASE_OK)
		good = (uint64_t)case_sql_int(q, 0) == hash_columns(t);
	else
		good = t->slot_n == t->rt->field_n;
	case_sql_free(q);
	if (rc < 0)
		return rc;
	return good ? CASE_OK : wrong_columns(st, t, err);
}

/* Where each field stands among the f_ columns, in the order of the tables. */
static enum case_status
read_slots(struct case_store *st, struct case_store_type *t,
    struct case_error *err)
{
	size_t n = t->rt->field_n + 1, past_n;
	size_t *past = calloc(n, sizeof(*past));
	enum case_status rc;

	t->slot = calloc(n, sizeof(*t->slot));
	t->column = calloc(n, sizeof(*t->column));
	if (past == NULL || t->slot == NULL || t->column == NULL)
		rc = case_error_memory(err);
	else if ((rc = read_columns(st, t, "rec", t->column, &t->slot_n,
		      err)) == CASE_OK &&
		 (rc = read_columns(st, t, "hist", past, &past_n, err)) ==
		     CASE_OK &&
		 (past_n != t->slot_n ||
		     memcmp(past, t->column, past_n * sizeof(*past)) != 0))
		rc = wrong_columns(st, t, err);
	free(past);
	if (rc != CASE_OK)
		return rc;
	for (size_t i = 0; i < t->rt->field_n; i++)
		t->slot[i] = CASE_NO_SLOT;
	for (size_t i = 0; i < t->slot_n; i++)
		t->slot[t->column[i]] = i;
	return check_columns(st, t, err);
}

static enum case_status
has_index(struct case_store *st, const char *name, int k, bool *has,
    struct case_error *err)
{
	int64_t n;
	enum case_status rc;

	rc = case_sql_number(st, &n, 0, err,
	    "SELECT count(*) FROM sqlite_schema WHERE type = 'index'"
	    " AND name = 'rec_%s_k%d'",
	    name, k);
	*has = n > 0;
	return rc;
}

static enum case_status
read_indexed(struct case_store *st, struct case_store_type *t,
    struct case_error *err)
{
	enum case_status rc;

	if ((rc = has_index(st, t->rt->name, 1, &t->indexed, err)) != CASE_OK)
		return rc;
	return has_index(st, t->rt->name, 3, &t->wide_indexed, err);
}

/* A type from its JSON, as a table of the store has it. */
static enum case_status
type_new(struct case_store_type **out, struct case_store *st, const char *json,
    size_t n, struct case_error *err)
{
	struct case_store_type *t;
	struct case_json *j = NULL;
	enum case_status rc;

	*out = NULL;
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return case_error_memory(err);
	if ((rc = case_json_parse(&j, json, n, err)) != CASE_OK ||
	    (rc = case_rtype_parse(&t->rt, j, err)) != CASE_OK ||
	    (rc = check_names(t->rt, err)) != CASE_OK ||
	    (rc = read_slots(st, t, err)) != CASE_OK ||
	    (rc = read_indexed(st, t, err)) != CASE_OK)
		goto fail;
	case_json_free(j);
	*out = t;
	return CASE_OK;
fail:
	case_json_free(j);
	type_free(t);
	return rc;
}

/* Takes t over, in the place of one of the same name. */
static enum case_status
keep_type(struct case_store *st, struct case_store_type *t,
    struct case_error *err)
{
	struct case_store_type **type;

	for (size_t i = 0; i < st->type_n; i++) {
		if (strcmp(st->type[i]->rt->name, t->rt->name) != 0)
			continue;
		if (retire(st, st->type[i]->rt, err) != CASE_OK) {
			type_free(t);
			return CASE_ENOMEM;
		}
		st->type[i]->rt = NULL;
		type_free(st->type[i]);
		st->type[i] = t;
		return CASE_OK;
	}
	type = realloc(st->type, (st->type_n + 1) * sizeof(*type));
	if (type == NULL) {
		type_free(t);
		return case_error_memory(err);
	}
	st->type = type;
	type[st->type_n++] = t;
	return CASE_OK;
}

enum case_status
case_types_load(struct case_store *st, struct case_error *err)
{
	struct case_store_type *t;
	struct case_sql *q;
	struct case_str json;
	enum case_status rc = CASE_OK;

	for (; st->type_n > 0; st->type_n--) {
		t = st->type[st->type_n - 1];
		if ((rc = retire(st, t->rt, err)) != CASE_OK)
			return rc;
		t->rt = NULL;
		type_free(t);
	}
	rc = case_sql_prepare(&q, st, err,
	    "SELECT json FROM rtype ORDER BY rowid");
	if (rc != CASE_OK)
		return rc;
	while ((rc = case_sql_step(q, err)) == CASE_OK) {
		json = case_sql_text(q, 0);
		if ((rc = type_new(&t, st, json.p, json.n, err)) != CASE_OK ||
		    (rc = keep_type(st, t, err)) != CASE_OK)
			break;
	}
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

struct case_store_type *
case_types_get(struct case_store *st, const char *name)
{
	for (size_t i = 0; i < st->type_n; i++)
		if (strcmp(st->type[i]->rt->name, name) == 0)
			return st->type[i];
	return NULL;
}

/* --- making and extending ------------------------------------------------ */

static bool
same_key(const struct case_rtype *a, const struct case_rtype *b)
{
	if (a->key_n != b->key_n)
		return false;
	for (size_t k = 0; k < a->key_n; k++) {
		if (a->key[k].field_n != b->key[k].field_n ||
		    a->key[k].otherwise != b->key[k].otherwise)
			return false;
		for (size_t i = 0; i < a->key[k].field_n; i++)
			if (strcmp(a->field[a->key[k].field[i]].name,
				b->field[b->key[k].field[i]].name) != 0)
				return false;
	}
	return true;
}

/* Whether records of old can be read as records of new. */
static enum case_status
check_change(const struct case_rtype *old, const struct case_rtype *new,
    struct case_error *err)
{
	for (size_t i = 0; i < old->field_n; i++) {
		const struct case_field *a = &old->field[i], *b;
		int f = case_rtype_field(new, a->name, strlen(a->name));

		if (f < 0)
			return case_error_set(err, CASE_ESTORE, 0,
			    _("the store keeps a field %s of record type %s, "
			      "which is no longer in its definition: put it "
			      "back, or use another store"),
			    a->name, old->name);
		b = &new->field[f];
		if (a->type != b->type || a->coded != b->coded ||
		    a->docno != b->docno)
			return case_error_set(err, CASE_ESTORE, 0,
			    _("the store keeps the field %s of record type %s "
			      "as %s%s, and its definition says %s%s: change "
			      "it back, or use another store"),
			    a->name, old->name, case_type_name(a->type),
			    a->coded ? _(", coded") : "",
			    case_type_name(b->type),
			    b->coded ? _(", coded") : "");
	}
	if (!same_key(old, new))
		return case_error_set(err, CASE_ESTORE, 0,
		    _("the store was made with another key of record type %s: "
		      "change it back, or use another store"),
		    old->name);
	return CASE_OK;
}

/* t NULL: without fields, whose columns come with the first values. */
static enum case_status
make_tables(struct case_store *st, const char *name,
    const struct case_store_type *t, struct case_error *err)
{
	struct case_buf sql = { 0 }, create = { 0 };
	enum case_status rc;

	case_buf_addf(&create,
	    "CREATE TABLE \"rec_%s\" (_id INTEGER PRIMARY KEY", name);
	case_types_table(&sql, case_buf_str(&create), t);
	case_buf_reset(&create);
	case_buf_addf(&create,
	    "; CREATE TABLE \"hist_%s\" (_id INTEGER PRIMARY KEY,"
	    " _record INTEGER NOT NULL, _until INTEGER NOT NULL",
	    name);
	case_types_table(&sql, case_buf_str(&create), t);
	case_buf_addf(&sql,
	    "; CREATE INDEX \"hist_%s_record\" ON \"hist_%s\""
	    " (_record, _until)"
	    "; CREATE INDEX \"hist_%s_until\" ON \"hist_%s\" (_until)",
	    name, name, name, name);
	st->schema_open = true;
	rc = sql.failed || create.failed
		 ? case_error_memory(err)
		 : case_sql_exec(st, err, "%s", case_buf_str(&sql));
	st->schema_open = false;
	case_buf_free(&sql);
	case_buf_free(&create);
	return rc;
}

static enum case_status
save_type(struct case_store *st, const char *name, const struct case_buf *json,
    struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;
	uint64_t sum;

	rc = case_sql_prepare(&q, st, err,
	    "INSERT INTO rtype (name, json) VALUES (?1, ?2)"
	    " ON CONFLICT (name) DO UPDATE SET json = ?2");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_str(q, 1, name);
	case_sql_bind_text(q, 2, json->p, json->n);
	rc = case_sql_run(q, err);
	case_sql_free(q);
	if (rc == CASE_OK)
		rc = case_schema_sum(st, "rtype", &sum, err);
	return rc == CASE_OK ? case_schema_set_sum(st, "types", sum, err) : rc;
}

enum case_status
case_types_ensure(struct case_store *st, const struct case_rtype *rt,
    struct case_error *err)
{
	struct case_store_type *old = case_types_get(st, rt->name), *t;
	struct case_buf json = { 0 }, was = { 0 };
	enum case_status rc = CASE_OK;

	case_rtype_print(&json, rt);
	if (old != NULL)
		case_rtype_print(&was, old->rt);
	if (json.failed || was.failed) {
		rc = case_error_memory(err);
		goto done;
	}
	if (old != NULL && json.n == was.n &&
	    memcmp(json.p, was.p, json.n) == 0)
		goto done;
	if ((rc = check_names(rt, err)) != CASE_OK ||
	    (old != NULL && (rc = check_change(old->rt, rt, err)) != CASE_OK) ||
	    (rc = case_store_begin(st, err)) != CASE_OK)
		goto done;
	st->schema_tx = true;
	if ((old != NULL ||
		(rc = make_tables(st, rt->name, NULL, err)) == CASE_OK) &&
	    (rc = seal_columns(st, rt->name, old, err)) == CASE_OK &&
	    (rc = save_type(st, rt->name, &json, err)) == CASE_OK &&
	    (rc = type_new(&t, st, json.p, json.n, err)) == CASE_OK)
		rc = keep_type(st, t, err);
done:
	case_buf_free(&json);
	case_buf_free(&was);
	return rc;
}

/* Slots for the fields of a set that have none: long values behind others. */
static void
take_slots(struct case_store_type *t, const uint64_t *set)
{
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < t->rt->field_n; i++) {
			if ((set[i / 64] >> i % 64 & 1) == 0 ||
			    t->slot[i] != CASE_NO_SLOT ||
			    is_long(&t->rt->field[i]) != (pass == 1))
				continue;
			t->slot[i] = t->slot_n;
			t->column[t->slot_n++] = i;
		}
}

/* SQLite does so without touching the rows. */
static enum case_status
add_columns(struct case_store *st, const struct case_store_type *t, size_t from,
    struct case_error *err)
{
	const char *name = t->rt->name;
	struct case_buf sql = { 0 };
	enum case_status rc;

	for (size_t i = from; i < t->slot_n; i++) {
		const struct case_field *f = &t->rt->field[t->column[i]];

		case_buf_addf(&sql,
		    "ALTER TABLE \"rec_%s\" ADD COLUMN \"f_%s\" %s;"
		    "ALTER TABLE \"hist_%s\" ADD COLUMN \"f_%s\" %s;",
		    name, f->name, column_type(f), name, f->name,
		    column_type(f));
	}
	st->schema_open = true;
	rc = sql.failed ? case_error_memory(err)
			: case_sql_exec(st, err, "%s", case_buf_str(&sql));
	st->schema_open = false;
	case_buf_free(&sql);
	return rc;
}

/* Whether tables may be made anew: nothing is in them, and nothing reads. */
static enum case_status
is_untouched(struct case_store *st, const struct case_store_type *t, bool *is,
    struct case_error *err)
{
	int64_t any = 1;
	enum case_status rc = CASE_OK;

	if (t->slot_n == 0 && !t->indexed && !t->wide_indexed &&
	    case_sql_idle(st))
		rc = case_sql_number(st, &any, 0, err,
		    "SELECT EXISTS (SELECT 1 FROM \"rec_%s\")"
		    " OR EXISTS (SELECT 1 FROM \"hist_%s\")",
		    t->rt->name, t->rt->name);
	*is = any == 0;
	return rc;
}

static enum case_status
remake_tables(struct case_store *st, const struct case_store_type *t,
    struct case_error *err)
{
	enum case_status rc;

	st->schema_open = true;
	rc = case_sql_exec(st, err,
	    "DROP TABLE \"rec_%s\"; DROP TABLE \"hist_%s\"", t->rt->name,
	    t->rt->name);
	st->schema_open = false;
	return rc == CASE_OK ? make_tables(st, t->rt->name, t, err) : rc;
}

/*
 * The columns of the first record of all are made at once, in the time that it
 * takes to add a few of them.
 */
enum case_status
case_types_add_columns(struct case_store *st, const char *name,
    const uint64_t *set, struct case_error *err)
{
	struct case_store_type *t = case_types_get(st, name);
	size_t from = t->slot_n;
	enum case_status rc;
	bool untouched;

	if ((rc = is_untouched(st, t, &untouched, err)) != CASE_OK)
		return rc;
	/* What is in memory goes with a rollback, too. */
	st->schema_tx = true;
	take_slots(t, set);
	rc = untouched ? remake_tables(st, t, err)
		       : add_columns(st, t, from, err);
	return rc == CASE_OK ? seal_columns(st, name, t, err) : rc;
}

bool
case_types_has_column(struct case_store *st, const char *type,
    const char *field)
{
	const struct case_store_type *t = case_types_get(st, type);
	int f = t != NULL ? case_rtype_field(t->rt, field, strlen(field)) : -1;

	return t == NULL || (f >= 0 && t->slot[f] != CASE_NO_SLOT);
}

static enum case_status
make_index(struct case_store *st, const char *name, int k,
    struct case_error *err)
{
	enum case_status rc;

	st->schema_open = true;
	rc = case_sql_exec(st, err,
	    "PRAGMA threads = 1;"
	    "CREATE INDEX \"rec_%s_k%d\" ON \"rec_%s\" (_k%d)"
	    " WHERE _k%d IS NOT NULL;"
	    "PRAGMA threads = 0",
	    name, k, name, k, k);
	st->schema_open = false;
	st->schema_tx = true;
	return rc;
}

/*
 * Each reads the whole table once, so none is made that is not used. What was
 * read is sorted by another thread, which takes half of the time away: by then
 * the file is read, and its thread has left a core free.
 */
enum case_status
case_types_index(struct case_store *st, struct case_store_type *t, bool wide,
    struct case_error *err)
{
	const char *name = t->rt->name;
	enum case_status rc = CASE_OK;

	for (int k = 1; rc == CASE_OK && !t->indexed && k <= 2; k++)
		rc = make_index(st, name, k, err);
	t->indexed = rc == CASE_OK;
	if (rc == CASE_OK && wide && !t->wide_indexed) {
		rc = make_index(st, name, 3, err);
		t->wide_indexed = rc == CASE_OK;
	}
	return rc;
}

enum case_status
case_types_drop_index(struct case_store *st, struct case_store_type *t,
    bool wide, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	st->schema_open = true;
	for (int k = 1; rc == CASE_OK && k <= (wide ? 3 : 2); k++)
		rc = case_sql_exec(st, err,
		    "DROP INDEX IF EXISTS \"rec_%s_k%d\"", t->rt->name, k);
	st->schema_open = false;
	st->schema_tx = true;
	t->indexed = false;
	if (wide)
		t->wide_indexed = false;
	return rc;
}
