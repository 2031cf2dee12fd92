/* facts.c - the batches of a store: their rows, sealed by a hash */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/json.h"
#include "case/text.h"
#include "lib/store/facts.h"

/* Columns of table batch in the order of read_facts() and bind_facts(). */
#define COLUMNS                                                               \
	"id, type, file, sha256, size, encoding, layout, options, header,"    \
	" sheet, reason, \"full\", tool, time, undone, rows, added, changed," \
	" unchanged, rejected, aside, warnings"
enum { COLUMN_N = 22 };

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

/* --- writing ------------------------------------------------------------- */

static void
bind_facts(struct case_sql *q, int64_t id, const struct case_batch_facts *f,
    const char *tool)
{
	case_sql_bind_int(q, 1, id);
	case_sql_bind_str(q, 2, f->type);
	case_sql_bind_str(q, 3, or_empty(f->file));
	case_sql_bind_str(q, 4, or_empty(f->sha256));
	case_sql_bind_int(q, 5, (int64_t)f->size);
	case_sql_bind_str(q, 6, or_empty(f->encoding));
	case_sql_bind_str(q, 7, or_empty(f->layout));
	case_sql_bind_str(q, 8, or_empty(f->options));
	case_sql_bind_str(q, 9, or_empty(f->header));
	case_sql_bind_str(q, 10, or_empty(f->sheet));
	case_sql_bind_str(q, 11, f->reason);
	case_sql_bind_str(q, 12, f->full);
	case_sql_bind_str(q, 13, f->tool != NULL ? f->tool : tool);
	case_sql_bind_int(q, 14, f->time);
	case_sql_bind_int(q, 15, f->undone);
	case_sql_bind_int(q, 16, f->rows);
	case_sql_bind_int(q, 17, f->added);
	case_sql_bind_int(q, 18, f->changed);
	case_sql_bind_int(q, 19, f->unchanged);
	case_sql_bind_int(q, 20, f->rejected);
	case_sql_bind_int(q, 21, f->aside);
	case_sql_bind_int(q, 22, f->warnings);
}

enum case_status
case_facts_insert(struct case_store *st, int64_t id,
    const struct case_batch_facts *f, const struct case_facts_more *more,
    struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	rc = case_sql_prepare(&q, st, err,
	    "INSERT INTO batch (" COLUMNS ", repeats, \"key\", lines,"
	    " stale, content, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
	    "?9, ?10,"
	    " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,"
	    " ?23, ?24, ?25, 0, 0, 0)");
	if (rc != CASE_OK)
		return rc;
	bind_facts(q, id, f, st->tool);
	case_sql_bind_int(q, COLUMN_N + 1, more->repeats);
	case_sql_bind_str(q, COLUMN_N + 2, more->key);
	case_sql_bind_int(q, COLUMN_N + 3, more->lines);
	rc = case_sql_run(q, err);
	case_sql_free(q);
	return rc == CASE_OK ? case_facts_seal(st, id, err) : rc;
}

enum case_status
case_facts_shift(struct case_store *st, int64_t id, int64_t added,
    int64_t changed, int64_t unchanged, int64_t lines, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	rc = case_sql_prepare(&q, st, err,
	    "UPDATE batch SET added = added + ?2, changed = changed + ?3,"
	    " unchanged = unchanged + ?4, lines = lines + ?5 WHERE id = ?1");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, id);
	case_sql_bind_int(q, 2, added);
	case_sql_bind_int(q, 3, changed);
	case_sql_bind_int(q, 4, unchanged);
	case_sql_bind_int(q, 5, lines);
	rc = case_sql_run(q, err);
	case_sql_free(q);
	return rc;
}

/* --- seals --------------------------------------------------------------- */

/* Adds the hash of every row that sql selects for a batch. */
static enum case_status
sum_rows(struct case_store *st, int64_t id, uint64_t *sum,
    struct case_error *err, const char *sql)
{
	struct case_sql *q;
	enum case_status rc;

	if ((rc = case_sql_prepare(&q, st, err, "%s", sql)) != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, id);
	while ((rc = case_sql_step(q, err)) == CASE_OK)
		*sum += case_sql_hash(q, 0, *sum);
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

static enum case_status
sum_content(struct case_store *st, int64_t id, uint64_t *sum,
    struct case_error *err)
{
	enum case_status rc;

	*sum = 0;
	rc = sum_rows(st, id, sum, err,
	    "SELECT line, field, value, reason, raw FROM reject"
	    " WHERE batch = ?1 ORDER BY id");
	if (rc != CASE_OK)
		return rc;
	rc = sum_rows(st, id, sum, err,
	    "SELECT seq, n, data FROM seen WHERE batch = ?1 ORDER BY seq");
	if (rc != CASE_OK)
		return rc;
	/* Without any the sum is what it was before there were such rows. */
	return sum_rows(st, id, sum, err,
	    "SELECT record, line, field, value FROM conflict"
	    " WHERE batch = ?1 ORDER BY id");
}

static enum case_status
sum_row(struct case_store *st, int64_t id, uint64_t *sum,
    struct case_error *err)
{
	*sum = 0;
	return sum_rows(st, id, sum, err,
	    "SELECT " COLUMNS ", repeats, \"key\", stale, lines, content"
	    " FROM batch WHERE id = ?1");
}

static enum case_status
set_number(struct case_store *st, int64_t id, const char *column, uint64_t v,
    struct case_error *err)
{
	return case_sql_exec(st, err,
	    "UPDATE batch SET %s = %lld WHERE id = %lld", column,
	    (long long)(int64_t)v, (long long)id);
}

enum case_status
case_facts_seal(struct case_store *st, int64_t id, struct case_error *err)
{
	enum case_status rc;
	uint64_t sum;

	if ((rc = sum_content(st, id, &sum, err)) != CASE_OK ||
	    (rc = set_number(st, id, "content", sum, err)) != CASE_OK ||
	    (rc = sum_row(st, id, &sum, err)) != CASE_OK)
		return rc;
	return set_number(st, id, "hash", sum, err);
}

enum case_status
case_facts_check(struct case_store *st, int64_t id, bool *fits,
    struct case_error *err)
{
	enum case_status rc;
	uint64_t content, row;
	struct case_sql *q;

	*fits = false;
	if ((rc = sum_content(st, id, &content, err)) != CASE_OK ||
	    (rc = sum_row(st, id, &row, err)) != CASE_OK ||
	    (rc = case_sql_prepare(&q, st, err,
		 "SELECT content, hash FROM batch WHERE id = ?1")) != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, id);
	if ((rc = case_sql_step(q, err)) == CASE_OK)
		*fits = (uint64_t)case_sql_int(q, 0) == content &&
			(uint64_t)case_sql_int(q, 1) == row;
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
case_facts_doubt(struct case_store *st, int64_t batch, struct case_error *err)
{
	int64_t id = batch;
	enum case_status rc;

	for (;;) {
		rc = case_sql_number(st, &id, 0, err,
		    "SELECT min(id) FROM batch WHERE id > %lld"
		    " AND rejected > 0 AND undone = 0 AND stale = 0"
		    " AND type = (SELECT type FROM batch WHERE id = %lld)",
		    (long long)id, (long long)batch);
		if (rc != CASE_OK || id == 0)
			return rc;
		if ((rc = set_number(st, id, "stale", 1, err)) != CASE_OK ||
		    (rc = case_facts_seal(st, id, err)) != CASE_OK)
			return rc;
	}
}

/* --- the identity of a batch --------------------------------------------- */

void
case_facts_print_key(struct case_buf *out, const struct case_rtype *rt,
    const struct case_key *key)
{
	for (size_t i = 0; i < key->field_n; i++)
		case_buf_addf(out, "%s%s", i > 0 ? "," : "",
		    rt->field[key->field[i]].name);
}

/* Calls back for each name of a list with commas that is a field of rt. */
static void
each_field(const struct case_rtype *rt, struct case_str list,
    void (*each)(void *arg, size_t field), void *arg)
{
	const char *p = list.p, *end = list.p + list.n, *comma;
	int f;

	for (; p < end; p = comma + 1) {
		comma = memchr(p, ',', (size_t)(end - p));
		if (comma == NULL)
			comma = end;
		f = case_rtype_field(rt, p, (size_t)(comma - p));
		if (f >= 0)
			each(arg, (size_t)f);
	}
}

static void
add_key_field(void *arg, size_t field)
{
	struct case_key *key = arg;

	if (key->field_n < CASE_KEY_FIELDS)
		key->field[key->field_n++] = field;
}

enum case_status
case_facts_content(struct case_content *c, struct case_store *st,
    const struct case_store_type *type, int64_t batch, struct case_error *err)
{
	struct case_key key = { 0 };
	struct case_sql *q;
	struct case_str s;
	enum case_status rc;
	bool content;

	rc = case_sql_prepare(&q, st, err,
	    "SELECT \"key\" FROM batch WHERE id = ?1");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, batch);
	if ((rc = case_sql_step(q, err)) != CASE_OK)
		goto done;
	s = case_sql_text(q, 0);
	content = s.n == 1 && *s.p == '*';
	if (!content)
		each_field(type->rt, s, add_key_field, &key);
	rc = case_content_open(c, st, type, &key, content, err);
done:
	case_sql_free(q);
	return rc;
}

/* --- reading ------------------------------------------------------------- */

static void
read_facts(const struct case_sql *q, struct case_batch_facts *f)
{
	*f = (struct case_batch_facts){
		.id = case_sql_int(q, 0),
		.type = case_sql_text(q, 1).p,
		.file = case_sql_text(q, 2).p,
		.sha256 = case_sql_text(q, 3).p,
		.size = (uint64_t)case_sql_int(q, 4),
		.encoding = case_sql_text(q, 5).p,
		.layout = case_sql_text(q, 6).p,
		.options = case_sql_text(q, 7).p,
		.header = case_sql_text(q, 8).p,
		.sheet = case_sql_text(q, 9).p,
		.reason =
		    case_sql_missing(q, 10) ? NULL : case_sql_text(q, 10).p,
		.full = case_sql_missing(q, 11) ? NULL : case_sql_text(q, 11).p,
		.tool = case_sql_text(q, 12).p,
		.time = case_sql_int(q, 13),
		.undone = case_sql_int(q, 14),
		.rows = case_sql_int(q, 15),
		.added = case_sql_int(q, 16),
		.changed = case_sql_int(q, 17),
		.unchanged = case_sql_int(q, 18),
		.rejected = case_sql_int(q, 19),
		.aside = case_sql_int(q, 20),
		.warnings = case_sql_int(q, 21),
	};
}

enum case_status
case_store_batches(struct case_store *st,
    enum case_status (*each)(void *arg, const struct case_batch_facts *b,
	struct case_error *err),
    void *arg, struct case_error *err)
{
	struct case_batch_facts f;
	struct case_sql *q;
	enum case_status rc;

	rc = case_sql_prepare(&q, st, err,
	    "SELECT " COLUMNS " FROM batch ORDER BY id");
	if (rc != CASE_OK)
		return rc;
	while ((rc = case_sql_step(q, err)) == CASE_OK) {
		read_facts(q, &f);
		if ((rc = each(arg, &f, err)) != CASE_OK)
			break;
	}
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
case_store_has_size(struct case_store *st, uint64_t size, bool *has,
    struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	*has = false;
	rc = case_sql_prepare(&q, st, err,
	    "SELECT 1 FROM batch WHERE size = ?1");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, (int64_t)size);
	rc = case_sql_step(q, err);
	*has = rc == CASE_OK;
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
case_store_same(struct case_store *st, const struct case_batch_facts *facts,
    int64_t *batch, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	*batch = 0;
	rc = case_sql_prepare(&q, st, err,
	    "SELECT id FROM batch WHERE sha256 = ?1 AND type = ?2"
	    " AND layout = ?3 AND options = ?4 AND undone = 0"
	    " AND stale = 0 ORDER BY id DESC LIMIT 1");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_str(q, 1, or_empty(facts->sha256));
	case_sql_bind_str(q, 2, facts->type);
	case_sql_bind_str(q, 3, or_empty(facts->layout));
	case_sql_bind_str(q, 4, or_empty(facts->options));
	if ((rc = case_sql_step(q, err)) == CASE_OK)
		*batch = case_sql_int(q, 0);
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
case_sheet_name(struct case_buf *out, const char *sheets, size_t place,
    struct case_error *err)
{
	size_t sheet = case_place_sheet(place);
	const struct case_json *i;
	struct case_json *json;
	enum case_status rc;

	if (sheet == 0) {
		case_buf_adds(out, sheets);
		return out->failed ? case_error_memory(err) : CASE_OK;
	}
	rc = case_json_parse(&json, sheets, strlen(sheets), err);
	if (rc != CASE_OK)
		return rc;
	i = case_json_first(json);
	while (--sheet > 0 && i != NULL)
		i = case_json_next(i);
	if (i != NULL && case_json_str(i) != NULL)
		case_buf_adds(out, case_json_str(i));
	case_json_free(json);
	return out->failed ? case_error_memory(err) : CASE_OK;
}

static enum case_status
show_reject(const struct case_sql *q, struct case_buf *sheet,
    enum case_status (*each)(void *arg, const struct case_reject_row *r,
	struct case_error *err),
    void *arg, struct case_error *err)
{
	size_t place = (size_t)case_sql_int(q, 1);
	struct case_reject_row r;
	enum case_status rc;

	case_buf_reset(sheet);
	rc = case_sheet_name(sheet, case_sql_text(q, 6).p, place, err);
	if (rc != CASE_OK)
		return rc;
	r = (struct case_reject_row){
		.batch = case_sql_int(q, 0),
		.sheet = { case_buf_str(sheet), sheet->n },
		.line = case_place_line(place),
		.field = case_sql_text(q, 2).p,
		.value = case_sql_blob(q, 3),
		.reason = case_sql_text(q, 4).p,
		.raw = case_sql_blob(q, 5),
	};
	return each(arg, &r, err);
}

enum case_status
case_store_rejects(struct case_store *st, int64_t batch,
    enum case_status (*each)(void *arg, const struct case_reject_row *r,
	struct case_error *err),
    void *arg, struct case_error *err)
{
	struct case_buf sheet = { 0 };
	struct case_sql *q;
	enum case_status rc;

	rc = case_sql_prepare(&q, st, err,
	    "SELECT r.batch, line, field, value, r.reason, raw, b.sheet"
	    " FROM reject r JOIN batch b ON b.id = r.batch"
	    " WHERE ?1 = 0 OR r.batch = ?1 ORDER BY r.batch, r.id");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, batch);
	while ((rc = case_sql_step(q, err)) == CASE_OK)
		if ((rc = show_reject(q, &sheet, each, arg, err)) != CASE_OK)
			break;
	case_sql_free(q);
	case_buf_free(&sheet);
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
case_store_batch_on(struct case_store *st, int64_t day, int64_t *batch,
    struct case_error *err)
{
	/* The day ends at midnight of UTC+8. */
	int64_t end = (day + 1) * 86400 - 8 * 3600;

	return case_sql_number(st, batch, -1, err,
	    "SELECT max(id) FROM batch WHERE time < %lld", (long long)end);
}
