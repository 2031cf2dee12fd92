/* load.c - records that come as case-tables, into a store */
#include <stdlib.h>
#include <string.h>

#include "case/clean.h"
#include "case/intl.h"
#include "case/json.h"
#include "case/load.h"

/* Where a row was read first; -1: the table has no such column. */
enum origin { ORIGIN_EXTRA, ORIGIN_FILE, ORIGIN_SHEET, ORIGIN_LINE, ORIGINS };
static const char *const origin_names[ORIGINS] = { "extra", "_file", "_sheet",
	"_line" };

struct load {
	struct case_store *st;
	struct case_share *sh;
	const char *name;
	struct case_table_reader *rd;

	/* Of one table. */
	const struct case_rtype *rt;
	struct case_mapping map;
	struct case_cleaner *cleaner;
	int origin[ORIGINS];
	struct case_batch_options options;
	struct case_str *cell;
	size_t *at; /* offsets of cells that were made into texts */
	struct case_buf text, arena, extra, header;
	struct case_record rec;

	/* Of one run of rows of a file and sheet. */
	struct case_batch *batch;
	struct case_batch_facts facts;
	struct case_buf file, sheet;

	size_t rows;
};

/* --- batches ---------------------------------------------------------- */

static enum case_status
end_batch(struct load *l, struct case_error *err)
{
	struct case_batch *b = l->batch;

	l->batch = NULL;
	return b == NULL ? CASE_OK : case_batch_commit(b, &l->facts, err);
}

static bool
same_text(const struct case_buf *b, struct case_str s)
{
	return b->n == s.n && (s.n == 0 || memcmp(b->p, s.p, s.n) == 0);
}

static struct case_str
origin_text(const struct load *l, const struct case_value *v, enum origin o)
{
	const struct case_value *own =
	    l->origin[o] < 0 ? NULL : &v[l->origin[o]];

	if (own == NULL || own->missing || own->type != CASE_TEXT)
		return (struct case_str){ "", 0 };
	return own->u.s;
}

/* Opens the batch of a row's file and sheet, unless it is open. */
static enum case_status
begin_batch(struct load *l, const struct case_value *v, struct case_error *err)
{
	struct case_str file = origin_text(l, v, ORIGIN_FILE);
	struct case_str sheet = origin_text(l, v, ORIGIN_SHEET);
	enum case_status rc;

	if (file.n == 0)
		file = (struct case_str){ l->name, strlen(l->name) };
	if (l->batch != NULL && same_text(&l->file, file) &&
	    same_text(&l->sheet, sheet))
		return CASE_OK;
	if ((rc = end_batch(l, err)) != CASE_OK)
		return rc;
	case_buf_reset(&l->file);
	case_buf_reset(&l->sheet);
	case_buf_add(&l->file, file.p, file.n);
	case_buf_add(&l->sheet, sheet.p, sheet.n);
	if (l->file.failed || l->sheet.failed)
		return case_error_memory(err);
	l->facts = (struct case_batch_facts){ .type = l->rt->name,
		.file = case_buf_str(&l->file),
		.sha256 = "",
		.encoding = "UTF-8",
		.layout = "",
		.options = "",
		.header = case_buf_str(&l->header),
		.sheet = case_buf_str(&l->sheet),
		.tool = "case-table" };
	return case_batch_begin(&l->batch, l->st, l->rt, &l->facts, &l->options,
	    err);
}

/* --- tables ----------------------------------------------------------- */

static int
field_of(const struct load *l, const char *name)
{
	for (size_t o = 0; o < ORIGINS; o++)
		if (strcmp(name, origin_names[o]) == 0)
			return CASE_IGNORE;
	if (name[0] == '_')
		return CASE_IGNORE;
	return case_rtype_field(l->rt, name, strlen(name));
}

static enum case_status
map_columns(struct load *l, const struct case_table *t, struct case_error *err)
{
	struct case_layout_column *c;

	l->map = (struct case_mapping){ 0 };
	l->map.column = calloc(t->column_n + 1, sizeof(*l->map.column));
	if (l->map.column == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < t->column_n; i++) {
		c = &l->map.column[i];
		l->map.column_n++;
		c->header = strdup(t->column[i].name);
		c->extra = strdup(t->column[i].name);
		c->field = field_of(l, t->column[i].name);
		c->scale = 100;
		if (c->header == NULL || c->extra == NULL)
			return case_error_memory(err);
	}
	for (size_t o = 0; o < ORIGINS; o++)
		l->origin[o] = case_table_find(t, origin_names[o]);
	return CASE_OK;
}

/*
 * The header as an import of a file writes it: a field without a column here
 * was never asked about, which is another thing than a value that is missing.
 */
static enum case_status
write_header(struct load *l, struct case_error *err)
{
	const char *separator = "";

	case_buf_reset(&l->header);
	case_buf_addc(&l->header, '[');
	for (size_t i = 0; i < l->map.column_n; i++) {
		const struct case_layout_column *c = &l->map.column[i];

		if (c->field < 0)
			continue;
		case_buf_addf(&l->header, "%s[", separator);
		case_json_quote(&l->header, c->header, strlen(c->header));
		case_buf_addf(&l->header, ",\"%s\"]",
		    l->rt->field[c->field].name);
		separator = ",";
	}
	case_buf_addc(&l->header, ']');
	return l->header.failed ? case_error_memory(err) : CASE_OK;
}

/* Whether some identity of the type has its first field among the columns. */
static bool
has_identity(const struct load *l)
{
	for (size_t k = 0; k < l->rt->key_n; k++)
		for (size_t i = 0; i < l->map.column_n; i++)
			if (l->map.column[i].field ==
			    (int)l->rt->key[k].field[0])
				return true;
	return false;
}

/*
 * ##meta key: the wider identity that these records were made with. Records
 * without any are told apart by their content.
 */
static enum case_status
read_key(struct load *l, const struct case_table *t, struct case_error *err)
{
	const char *key = case_table_meta(t, "key");
	int field;

	l->options = (struct case_batch_options){ 0 };
	if (key == NULL && has_identity(l))
		return CASE_OK;
	if (key == NULL || strcmp(key, "*") == 0) {
		l->options.key_content = true;
	} else {
		for (size_t n; *key != '\0'; key += n + (key[n] == ',')) {
			n = strcspn(key, ",");
			field = case_rtype_field(l->rt, key, n);
			if (field < 0 ||
			    l->options.key.field_n == CASE_KEY_FIELDS)
				return case_error_set(err, CASE_EDATA, 0,
				    _("##meta key: '%.*s' is no field of %s"),
				    (int)n, key, l->rt->name);
			l->options.key.field[l->options.key.field_n++] =
			    (size_t)field;
		}
	}
	l->map.key = l->options.key;
	l->map.key_content = l->options.key_content;
	return CASE_OK;
}

/* The type as share/ has it, made part of the store; then as the store has. */
static enum case_status
use_type(struct load *l, const struct case_table *t, struct case_error *err)
{
	struct case_rtype *rt;
	enum case_status rc;

	if (t->type == NULL)
		return case_error_set(err, CASE_EDATA, 0,
		    _("table '%s' holds records but has no ##type"), t->name);
	if ((rc = case_rtype_load(&rt, l->sh, t->type, err)) != CASE_OK)
		return rc;
	rc = case_store_add_type(l->st, rt, err);
	if (rc == CASE_OK)
		rc = case_store_type(l->st, t->type, &l->rt, err);
	case_rtype_free(rt);
	return rc;
}

static enum case_status
begin_table(struct load *l, const struct case_table *t, struct case_error *err)
{
	enum case_status rc;

	if ((rc = use_type(l, t, err)) != CASE_OK ||
	    (rc = map_columns(l, t, err)) != CASE_OK ||
	    (rc = write_header(l, err)) != CASE_OK ||
	    (rc = read_key(l, t, err)) != CASE_OK ||
	    (rc = case_cleaner_new(&l->cleaner, l->rt, &l->map,
		 case_store_words(l->st), err)) != CASE_OK)
		return rc;
	l->cell = calloc(t->column_n + 1, sizeof(*l->cell));
	l->at = calloc(t->column_n + 1, sizeof(*l->at));
	l->rec.v = calloc(l->rt->field_n + 1, sizeof(*l->rec.v));
	if (l->cell == NULL || l->at == NULL || l->rec.v == NULL)
		return case_error_memory(err);
	return CASE_OK;
}

static void
end_table(struct load *l)
{
	for (size_t i = 0; i < l->map.column_n; i++) {
		free(l->map.column[i].header);
		free(l->map.column[i].extra);
	}
	free(l->map.column);
	l->map = (struct case_mapping){ 0 };
	case_cleaner_free(l->cleaner);
	l->cleaner = NULL;
	free(l->cell);
	free(l->at);
	free(l->rec.v);
	l->cell = NULL;
	l->at = NULL;
	l->rec.v = NULL;
}

/* --- rows ------------------------------------------------------------- */

/*
 * The cells as a file would have them. Texts are borrowed, all other values
 * are written out; their places are known once the buffer has stopped moving.
 */
static bool
make_cells(struct load *l, const struct case_value *v)
{
	size_t n = l->map.column_n;

	case_buf_reset(&l->text);
	for (size_t i = 0; i < n; i++) {
		bool text = v[i].type == CASE_TEXT || v[i].type == CASE_CODE;

		l->cell[i] = (struct case_str){ "", 0 };
		l->at[i] = SIZE_MAX;
		if (v[i].missing)
			continue;
		if (text) {
			l->cell[i] = v[i].u.s;
			continue;
		}
		l->at[i] = l->text.n;
		case_value_text(&l->text, &v[i]);
		l->cell[i].n = l->text.n - l->at[i];
	}
	for (size_t i = 0; i < n; i++)
		if (l->at[i] != SIZE_MAX)
			l->cell[i].p = case_buf_str(&l->text) + l->at[i];
	return !l->text.failed;
}

/* What the columns had in extra, and what the cleaner put there, in one. */
static bool
merge_extra(struct load *l, const struct case_value *v)
{
	struct case_str had = origin_text(l, v, ORIGIN_EXTRA);
	struct case_str *made = &l->rec.extra;

	if (had.n < 2 || had.p[0] != '{' || had.p[had.n - 1] != '}')
		return true;
	if (made->n == 0) {
		*made = had;
		return true;
	}
	case_buf_reset(&l->extra);
	case_buf_add(&l->extra, had.p, had.n - 1);
	if (had.n > 2)
		case_buf_addc(&l->extra, ',');
	case_buf_add(&l->extra, made->p + 1, made->n - 1);
	*made = (struct case_str){ l->extra.p, l->extra.n };
	return !l->extra.failed;
}

static enum case_status
clean_row(struct load *l, const struct case_value *v, struct case_error *err)
{
	const int at = l->origin[ORIGIN_LINE];
	size_t line = case_table_reader_line(l->rd);
	struct case_row row = { .line = line,
		.lines = 1,
		.cell = l->cell,
		.cell_n = l->map.column_n };
	struct case_reject reject = { 0 };
	enum case_outcome outcome;
	enum case_status rc;

	if (!make_cells(l, v))
		return case_error_memory(err);
	case_buf_reset(&l->arena);
	rc = case_cleaner_row(l->cleaner, &row, &l->rec, &l->arena, &outcome,
	    &reject, err);
	if (rc != CASE_OK)
		return rc;
	if (outcome != CASE_RECORD)
		return case_error_set(err, CASE_EDATA, line, "%s",
		    outcome == CASE_REJECT ? reject.reason
					   : _("the row is no record"));
	case_cleaner_pin(l->cleaner, &l->rec, &l->arena);
	if (at >= 0 && v[at].type == CASE_INTEGER && !v[at].missing &&
	    v[at].u.i > 0)
		l->rec.line = (size_t)v[at].u.i;
	return merge_extra(l, v) ? CASE_OK : case_error_memory(err);
}

static enum case_status
put_row(struct load *l, struct case_error *err)
{
	enum case_put put = CASE_PUT_NEW;
	const char *reason = NULL;
	enum case_status rc;

	if ((rc = case_batch_put(l->batch, &l->rec, &put, &reason, err)) !=
	    CASE_OK)
		return rc;
	l->facts.rows++;
	switch (put) {
	case CASE_PUT_NEW:
		l->facts.added++;
		break;
	case CASE_PUT_CHANGED:
		l->facts.changed++;
		break;
	case CASE_PUT_UNCHANGED:
		l->facts.unchanged++;
		break;
	case CASE_PUT_REJECTED:
		return case_error_set(err, CASE_EDATA,
		    case_table_reader_line(l->rd), "%s", reason);
	}
	l->rows++;
	return CASE_OK;
}

static enum case_status
load_rows(struct load *l, struct case_error *err)
{
	const struct case_value *v;
	enum case_status rc;

	while ((rc = case_table_reader_next_row(l->rd, &v, err)) == CASE_OK)
		if ((rc = begin_batch(l, v, err)) != CASE_OK ||
		    (rc = clean_row(l, v, err)) != CASE_OK ||
		    (rc = put_row(l, err)) != CASE_OK)
			return rc;
	return rc == CASE_EOF ? end_batch(l, err) : rc;
}

static enum case_status
load_table(struct load *l, const struct case_table *t, struct case_error *err)
{
	enum case_status rc;

	if ((rc = begin_table(l, t, err)) == CASE_OK)
		rc = load_rows(l, err);
	if (l->batch != NULL)
		case_batch_rollback(l->batch);
	l->batch = NULL;
	end_table(l);
	return rc;
}

enum case_status
case_load_tables(struct case_store *st, struct case_share *sh, FILE *stream,
    const char *name, case_load_other *other, void *arg, size_t *rows,
    struct case_error *err)
{
	struct load l = { .st = st, .sh = sh, .name = name };
	const struct case_table *t;
	enum case_status rc;

	if ((rc = case_table_reader_open(&l.rd, stream, err)) != CASE_OK)
		return rc;
	while ((rc = case_table_reader_next_table(l.rd, &t, err)) == CASE_OK) {
		if (t->kind == CASE_RECORDS)
			rc = load_table(&l, t, err);
		else if (other != NULL)
			rc = other(arg, l.rd, t, err);
		else
			rc = case_error_set(err, CASE_EDATA,
			    case_table_reader_line(l.rd),
			    _("table '%s' holds %s, not records"), t->name,
			    case_kind_name(t->kind));
		if (rc != CASE_OK)
			break;
	}
	if (rows != NULL)
		*rows = l.rows;
	case_table_reader_close(l.rd);
	case_buf_free(&l.text);
	case_buf_free(&l.arena);
	case_buf_free(&l.extra);
	case_buf_free(&l.header);
	case_buf_free(&l.file);
	case_buf_free(&l.sheet);
	return rc == CASE_EOF ? CASE_OK : rc;
}
