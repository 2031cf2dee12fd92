/* trace.c - every version of a record, back to the bytes it came from */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case/intl.h"
#include "case/json.h"
#include "case/row.h"
#include "case/text.h"
#include "lib/store/content.h"

struct trace {
	struct case_store *st;
	const struct case_store_type *type;
	struct case_content c;
	struct case_stored row;
	int64_t *id; /* the records found */
	size_t id_n;
	struct case_buf sheet;
	struct case_buf raw;
	const char *file; /* of the version that is shown */
	enum case_status (*each)(void *arg, const struct case_version *v,
	    struct case_error *err);
	void *arg;
};

/* --- the source row ------------------------------------------------------ */

static enum case_status
spool(void *arg, const void *p, size_t n, struct case_error *err)
{
	const int *fd = arg;
	const char *at = p;
	ssize_t k;

	for (; n > 0; at += k, n -= (size_t)k) {
		k = write(*fd, at, n);
		if (k < 0 && errno == EINTR)
			k = 0;
		else if (k < 0)
			return case_error_system(err,
			    _("temporary copy of the file"));
	}
	return CASE_OK;
}

/* How wide a row is, so that quotes are understood as in the import. */
static size_t
width_of(const char *header)
{
	struct case_json *j = NULL;
	const struct case_json *i;
	size_t n = 0;

	if (case_json_parse(&j, header, strlen(header), NULL) == CASE_OK)
		for (i = case_json_first(j); i != NULL; i = case_json_next(i))
			n += !case_json_is_null(case_json_first(i));
	case_json_free(j);
	return n;
}

/* The sheet of that name; where there are none, the rows as they are. */
static enum case_status
select_sheet(struct case_reader *rd, const char *name, struct case_error *err)
{
	size_t n;
	const struct case_sheet *sheet = case_reader_sheets(rd, &n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(sheet[i].name, name) == 0)
			return case_reader_select(rd, i, err);
	return CASE_OK;
}

static enum case_status
read_to_line(struct trace *t, struct case_input *in, const char *header,
    size_t line, struct case_error *err)
{
	struct case_reader_options o = { .format = CASE_ROWS_AUTO,
		.name = t->file };
	struct case_reader *rd;
	struct case_row row;
	enum case_status rc;
	size_t width = width_of(header);

	if (strcmp(t->type->rt->name, "document") == 0 &&
	    case_reader_is_document(t->file))
		o.format = CASE_ROWS_DOCUMENT;
	if ((rc = case_reader_open(&rd, in, &o, err)) != CASE_OK)
		return rc;
	rc = select_sheet(rd, case_buf_str(&t->sheet), err);
	if (width > 0)
		case_reader_set_width(rd, width);
	while (
	    rc == CASE_OK && (rc = case_reader_next(rd, &row, err)) == CASE_OK)
		if (row.line >= line)
			break;
	if (rc == CASE_OK && row.line == line)
		case_buf_add(&t->raw, row.raw.p, row.raw.n);
	case_reader_close(rd);
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* A kept file that is no table of rows has none to show: that is no fault. */
static enum case_status
read_kept(struct trace *t, int fd, const char *encoding, const char *header,
    size_t line, struct case_error *err)
{
	enum case_encoding e = CASE_ENCODING_AUTO;
	struct case_input *in;
	char path[40];
	enum case_status rc;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	(void)case_encoding_find(encoding, &e);
	if ((rc = case_input_open(&in, path, e, err)) != CASE_OK)
		return rc;
	rc = read_to_line(t, in, header, line, err);
	case_input_close(in);
	return rc == CASE_EDATA ? CASE_OK : rc;
}

/* The row of a line of a batch's file, into t->raw, when it was kept. */
static enum case_status
find_raw(struct trace *t, int64_t batch, size_t line, const char *encoding,
    const char *header, struct case_error *err)
{
	enum case_status rc;
	bool kept;
	int fd;

	case_buf_reset(&t->raw);
	if ((fd = case_store_spool(t->st)) < 0)
		return case_error_system(err, _("temporary copy of the file"));
	rc = case_raw_read(t->st, batch, &kept, spool, &fd, err);
	if (rc == CASE_OK && kept && line > 0)
		rc = read_kept(t, fd, encoding, header, line, err);
	close(fd);
	if (rc == CASE_OK && t->raw.failed)
		rc = case_error_memory(err);
	return rc;
}

/* --- versions ------------------------------------------------------------ */

/* Coded values as texts. */
static void
decode(struct trace *t)
{
	const struct case_rtype *rt = t->type->rt;

	for (size_t i = 0; i < rt->field_n; i++) {
		struct case_value *v = &t->row.v[i];

		if (!rt->field[i].coded || v->missing)
			continue;
		v->u.s = case_content_word(t->st, v->u.i);
		if (v->type != CASE_CODE)
			v->type = CASE_TEXT;
	}
}

static enum case_status
show(struct trace *t, struct case_error *err)
{
	size_t place = (size_t)t->row.line;
	struct case_version v = { .line = case_place_line(place) };
	struct case_sql *q;
	enum case_status rc;

	rc = case_sql_prepare(&q, t->st, err,
	    "SELECT file, encoding, header, sheet FROM batch WHERE id = ?1");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, t->row.batch);
	if ((rc = case_sql_step(q, err)) < 0)
		goto done;
	v.file = rc == CASE_OK ? case_sql_text(q, 0).p : "";
	t->file = v.file;
	v.header = rc == CASE_OK ? case_sql_text(q, 2).p : "[]";
	case_buf_reset(&t->sheet);
	if (rc == CASE_OK &&
	    ((rc = case_sheet_name(&t->sheet, case_sql_text(q, 3).p, place,
		  err)) != CASE_OK ||
		(rc = find_raw(t, t->row.batch, v.line, case_sql_text(q, 1).p,
		     case_sql_text(q, 2).p, err)) != CASE_OK))
		goto done;
	decode(t);
	v.record = t->row.id;
	v.batch = t->row.batch;
	v.sheet = (struct case_str){ case_buf_str(&t->sheet), t->sheet.n };
	v.v = t->row.v;
	v.extra = t->row.extra;
	v.raw = (struct case_str){ case_buf_str(&t->raw), t->raw.n };
	rc = t->each(t->arg, &v, err);
done:
	case_sql_free(q);
	return rc;
}

static enum case_status
show_from(struct trace *t, int64_t id, const char *column, const char *from,
    struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	if ((rc = case_content_select(&q, &t->c, column, from, err)) != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, id);
	while ((rc = case_sql_step(q, err)) == CASE_OK) {
		case_content_load(&t->c, q, &t->row);
		if ((rc = show(t, err)) != CASE_OK)
			break;
	}
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

static enum case_status
show_record(struct trace *t, int64_t id, struct case_error *err)
{
	struct case_buf past = { 0 }, now = { 0 };
	enum case_status rc;

	case_buf_addf(&past, "\"hist_%s\" WHERE _record = ?1 ORDER BY _until",
	    t->type->rt->name);
	case_buf_addf(&now, "\"rec_%s\" WHERE _id = ?1", t->type->rt->name);
	rc = past.failed || now.failed
		 ? case_error_memory(err)
		 : show_from(t, id, "_record", case_buf_str(&past), err);
	if (rc == CASE_OK)
		rc = show_from(t, id, "_id", case_buf_str(&now), err);
	case_buf_free(&past);
	case_buf_free(&now);
	return rc;
}

/* --- finding ------------------------------------------------------------- */

static enum case_status
add_id(struct trace *t, int64_t id, struct case_error *err)
{
	int64_t *more;

	for (size_t i = 0; i < t->id_n; i++)
		if (t->id[i] == id)
			return CASE_OK;
	more = realloc(t->id, (t->id_n + 1) * sizeof(*more));
	if (more == NULL)
		return case_error_memory(err);
	t->id = more;
	more[t->id_n++] = id;
	return CASE_OK;
}

/* Records in a table whose k-th identity is what c.id[k] has. */
static enum case_status
find_in(struct trace *t, int k, const struct case_value *v, const char *table,
    const char *column, struct case_error *err)
{
	struct case_buf from = { 0 };
	struct case_sql *q = NULL;
	enum case_status rc;
	bool same;

	case_buf_addf(&from, "\"%s_%s\" WHERE _k%d = ?1 ORDER BY %s", table,
	    t->type->rt->name, k + 1, column);
	rc = from.failed ? case_error_memory(err)
			 : case_content_select(&q, &t->c, column,
			       case_buf_str(&from), err);
	case_buf_free(&from);
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, t->c.now.id[k]);
	while ((rc = case_sql_step(q, err)) == CASE_OK) {
		case_content_load(&t->c, q, &t->row);
		rc = case_content_same_id(&t->c, k, &t->row, v, &same, err);
		if (rc == CASE_OK && same)
			rc = add_id(t, t->row.id, err);
		if (rc != CASE_OK)
			break;
	}
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* One part of a key as a value of its field; false: it can't be one. */
static bool
read_part(struct trace *t, size_t field, struct case_str part,
    struct case_value *v)
{
	const struct case_field *f = &t->type->rt->field[field];
	int code;

	if (f->type == CASE_CODE &&
	    (code = case_field_code(f, part.p, part.n)) >= 0)
		part = (struct case_str){ f->code[code].name,
			strlen(f->code[code].name) };
	*v = (struct case_value){ .type = f->type, .missing = part.n == 0 };
	if (part.n == 0)
		return false;
	if (f->coded) {
		v->u.i = case_words_find(t->st->words, part.p, part.n);
		return v->u.i != 0;
	}
	return case_value_parse(v, f->type, part.p, part.n, NULL) == CASE_OK;
}

/*
 * The parts of a key of several fields stand between commas; one that is not
 * the first may be empty, and the last ones may be left out.
 */
static bool
read_key(struct trace *t, int k, struct case_str text, struct case_value *v)
{
	const struct case_key *key = &t->type->rt->key[k];
	const char *end = text.p + text.n, *comma = NULL;
	struct case_str part;

	for (size_t i = 0; i < t->type->rt->field_n; i++)
		v[i].missing = true;
	for (size_t i = 0; i < key->field_n; i++) {
		comma = i + 1 < key->field_n
			    ? memchr(text.p, ',', (size_t)(end - text.p))
			    : NULL;
		if (comma == NULL)
			comma = end;
		part = case_text_trim(text.p, (size_t)(comma - text.p));
		if ((part.n > 0 || i == 0) &&
		    !read_part(t, key->field[i], part, &v[key->field[i]]))
			return false;
		text.p = comma < end ? comma + 1 : end;
	}
	return true;
}

/* "@BATCH:LINE"; false: it is no such thing. */
static bool
read_place(const char *text, int64_t *batch, int64_t *line)
{
	long long b, l;
	int n = 0;

	if (sscanf(text, "@%18lld:%18lld%n", &b, &l, &n) != 2 ||
	    text[n] != '\0' || b < 1 || l < 0)
		return false;
	*batch = b;
	*line = l;
	return true;
}

static enum case_status
find_place(struct trace *t, int64_t batch, int64_t line, struct case_error *err)
{
	const char *name = t->type->rt->name;
	struct case_sql *q;
	enum case_status rc;

	/* On whatever sheet the line is: see case_place(). */
	rc = case_sql_prepare(&q, t->st, err,
	    "SELECT _id FROM \"rec_%s\" WHERE _batch = ?1 AND (_line = ?2"
	    " OR (_line >> 31 = 1 AND (_line & %d) = ?2))"
	    " UNION SELECT _record FROM \"hist_%s\" WHERE _batch = ?1"
	    " AND (_line = ?2 OR (_line >> 31 = 1 AND (_line & %d) = ?2))"
	    " ORDER BY 1",
	    name, CASE_PLACE_LINES, name, CASE_PLACE_LINES);
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, batch);
	case_sql_bind_int(q, 2, line);
	while ((rc = case_sql_step(q, err)) == CASE_OK)
		if ((rc = add_id(t, case_sql_int(q, 0), err)) != CASE_OK)
			break;
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

/*
 * By each identity: records that have it now, or none does, that once had it.
 * Whoever types a number may type it full width.
 */
static enum case_status
find(struct trace *t, const char *text, struct case_error *err)
{
	struct case_buf folded = { 0 };
	struct case_str key;
	enum case_status rc = CASE_OK;
	struct case_value *v = calloc(t->type->rt->field_n + 1, sizeof(*v));
	int64_t batch, line;

	case_text_fold(&folded, text, strlen(text));
	key = case_text_trim(case_buf_str(&folded), folded.n);
	if (v == NULL || folded.failed)
		rc = case_error_memory(err);
	else if (read_place(case_buf_str(&folded), &batch, &line))
		rc = find_place(t, batch, line, err);
	for (int past = 0; rc == CASE_OK && past < 2 && t->id_n == 0; past++)
		for (size_t k = 0; rc == CASE_OK && k < t->type->rt->key_n;
		     k++) {
			if (!read_key(t, (int)k, key, v))
				continue;
			rc = case_content_identity(&t->c, (int)k, v, 0,
			    &t->c.scratch[0], &t->c.now.id[k], err);
			if (rc == CASE_OK && t->c.now.id[k] != 0)
				rc = past ? find_in(t, (int)k, v, "hist",
						"_record", err)
					  : find_in(t, (int)k, v, "rec", "_id",
						err);
		}
	case_buf_free(&folded);
	free(v);
	return rc;
}

static int
compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static enum case_status
trace(struct trace *t, const char *key, struct case_error *err)
{
	enum case_status rc;

	rc = case_content_open(&t->c, t->st, t->type, NULL, false, err);
	if (rc == CASE_OK)
		rc = case_content_stored_init(&t->row, &t->c, err);
	if (rc == CASE_OK)
		rc = find(t, key, err);
	if (rc == CASE_OK && t->id_n == 0)
		rc = case_error_set(err, CASE_EUSAGE, 0,
		    _("no record of type %s is named '%s'"), t->type->rt->name,
		    key);
	if (rc == CASE_OK)
		qsort(t->id, t->id_n, sizeof(*t->id), compare_ids);
	for (size_t i = 0; rc == CASE_OK && i < t->id_n; i++)
		rc = show_record(t, t->id[i], err);
	return rc;
}

enum case_status
case_store_trace(struct case_store *st, const char *type, const char *key,
    enum case_status (
	*each)(void *arg, const struct case_version *v, struct case_error *err),
    void *arg, struct case_error *err)
{
	struct trace t = { .st = st, .each = each, .arg = arg };
	enum case_status rc;

	if ((t.type = case_types_get(st, type)) == NULL)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("there are no records of type '%s' in the store"), type);
	rc = trace(&t, key, err);
	case_content_stored_free(&t.row);
	case_content_close(&t.c);
	case_buf_free(&t.raw);
	case_buf_free(&t.sheet);
	free(t.id);
	return rc;
}
