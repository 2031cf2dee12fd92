/* check.c - is every stored value still what was stored? */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/digest.h"
#include "case/intl.h"
#include "lib/store/facts.h"
#include "lib/store/seen.h"

/* Many problems of one kind are one: the first few tell what it is. */
enum { LINES_MAX = 100 };

struct check {
	struct case_store *st;
	void (*problem)(void *arg, const char *line);
	void *arg;
	size_t n;
};

__attribute__((format(printf, 2, 3))) static void
say(struct check *k, const char *fmt, ...)
{
	char line[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (k->n++ < LINES_MAX && k->problem != NULL)
		k->problem(k->arg, line);
}

/*
 * What a part of the check came to: damage met while reading is a finding,
 * and the other parts go on; the rest is a failure.
 */
static enum case_status
settle(struct check *k, enum case_status rc, const struct case_error *err)
{
	if (rc != CASE_ESTORE && rc != CASE_EDATA)
		return rc;
	say(k, "%s", err->what);
	return CASE_OK;
}

/* --- SQLite's own -------------------------------------------------------- */

static enum case_status
check_pragma(struct check *k, const char *pragma, const char *good,
    struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	k->st->schema_open = true;
	rc = case_sql_prepare(&q, k->st, err, "PRAGMA %s", pragma);
	k->st->schema_open = false;
	if (rc != CASE_OK)
		return rc;
	while ((rc = case_sql_step(q, err)) == CASE_OK)
		if (strcmp(case_sql_text(q, 0).p, good) != 0)
			say(k, "%s: %s", pragma, case_sql_text(q, 0).p);
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

static enum case_status
check_sum(struct check *k, const char *table, const char *key,
    struct case_error *err)
{
	int64_t want;
	uint64_t sum;
	enum case_status rc;

	if ((rc = case_sql_number(k->st, &want, 0, err,
		 "SELECT value FROM meta WHERE key = '%s'", key)) != CASE_OK ||
	    (rc = case_schema_sum(k->st, table, &sum, err)) != CASE_OK)
		return rc;
	if ((uint64_t)want != sum)
		say(k, _("table %s is not as it was written"), table);
	return CASE_OK;
}

static enum case_status
check_words(struct check *k, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;
	int64_t want;
	uint64_t sum = 0;

	if ((rc = case_sql_number(k->st, &want, 0, err,
		 "SELECT value FROM meta WHERE key = 'words'")) != CASE_OK ||
	    (rc = case_sql_prepare(&q, k->st, err,
		 "SELECT id, text FROM word ORDER BY id")) != CASE_OK)
		return rc;
	while ((rc = case_sql_step(q, err)) == CASE_OK)
		sum += case_schema_word_hash((uint32_t)case_sql_int(q, 0),
		    case_sql_text(q, 1));
	case_sql_free(q);
	if (rc == CASE_EOF && (uint64_t)want != sum)
		say(k, _("table %s is not as it was written"), "word");
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* --- records ------------------------------------------------------------- */

/* wide: rows as batch wide_batch saw them, for the wider identity. */
struct rows {
	struct check *k;
	const struct case_store_type *type;
	const char *table;
	struct case_content c, wide;
	int64_t wide_batch;
	struct case_stored row;
};

static void
say_row(struct rows *r, const char *what)
{
	say(r->k, _("%s_%s: record %lld (batch %lld, line %lld): %s"), r->table,
	    r->type->rt->name, (long long)r->row.id, (long long)r->row.batch,
	    (long long)case_place_line((size_t)r->row.line), what);
}

static enum case_status
check_wide(struct rows *r, struct case_error *err)
{
	enum case_status rc;
	int64_t id;

	if (r->wide_batch != r->row.batch) {
		case_content_close(&r->wide);
		rc = case_facts_content(&r->wide, r->k->st, r->type,
		    r->row.batch, err);
		if (rc != CASE_OK)
			return rc == CASE_EOF ? CASE_OK : rc;
		r->wide_batch = r->row.batch;
	}
	rc = case_content_identity(&r->wide, CASE_ID_WIDE, r->row.v,
	    r->c.now.content, &r->wide.scratch[0], &id, err);
	if (rc == CASE_OK && (id == 0 || id != r->row.k[CASE_ID_WIDE]))
		say_row(r, _("its key does not fit its values"));
	return rc;
}

static enum case_status
check_row(struct rows *r, struct case_error *err)
{
	const struct case_rtype *rt = r->type->rt;
	uint32_t words = case_words_count(r->k->st->words);
	enum case_status rc;

	for (size_t i = 0; i < rt->field_n; i++)
		if (rt->field[i].coded && !r->row.v[i].missing &&
		    (r->row.v[i].u.i < 1 || r->row.v[i].u.i > words))
			say_row(r, _("a value is not in the dictionary"));
	rc = case_content_identify(&r->c, r->row.v, r->row.extra, err);
	if (rc == CASE_OK && r->c.now.content != r->row.hash)
		say_row(r, _("its values are not as they were written"));
	for (size_t k = 0; rc == CASE_OK && k < rt->key_n; k++)
		if ((r->c.now.id[k] != 0) != r->row.has_k[k] ||
		    (r->row.has_k[k] && r->c.now.id[k] != r->row.k[k]))
			say_row(r, _("its key does not fit its values"));
	if (rc == CASE_OK && r->row.has_k[CASE_ID_WIDE])
		rc = check_wide(r, err);
	return rc;
}

static enum case_status
check_rows(struct check *k, const struct case_store_type *t, const char *table,
    const char *id, struct case_error *err)
{
	struct rows r = { .k = k, .type = t, .table = table };
	struct case_buf from = { 0 };
	struct case_sql *q = NULL;
	enum case_status rc;

	case_buf_addf(&from, "\"%s_%s\" ORDER BY _id", table, t->rt->name);
	if (from.failed)
		rc = case_error_memory(err);
	else if ((rc = case_content_open(&r.c, k->st, t, NULL, false, err)) ==
		     CASE_OK &&
		 (rc = case_content_stored_init(&r.row, &r.c, err)) == CASE_OK)
		rc =
		    case_content_select(&q, &r.c, id, case_buf_str(&from), err);
	while (rc == CASE_OK && (rc = case_sql_step(q, err)) == CASE_OK) {
		case_content_load(&r.c, q, &r.row);
		rc = check_row(&r, err);
	}
	case_sql_free(q);
	case_buf_free(&from);
	case_content_stored_free(&r.row);
	case_content_close(&r.c);
	case_content_close(&r.wide);
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* --- batches against records --------------------------------------------- */

/* What does not add up, by one query each; ?: name of the type. */
static const struct {
	const char *sql;
	const char *what;
} sums[] = {
	{ "SELECT b.id FROM batch b LEFT JOIN (SELECT _batch, count(*) AS n,"
	  " sum(_line) AS l FROM (SELECT _batch, _line FROM \"rec_%1$s\""
	  " UNION ALL SELECT _batch, _line FROM \"hist_%1$s\")"
	  " GROUP BY _batch) v ON v._batch = b.id WHERE b.type = '%1$s'"
	  " AND (coalesce(v.n, 0) <>"
	  " iif(b.undone = 0, b.added + b.changed, 0)"
	  " OR (b.undone = 0 AND coalesce(v.l, 0) <> b.lines)) ORDER BY b.id",
	    N_("its counts do not fit its records") },
	{ "SELECT b.id FROM batch b LEFT JOIN (SELECT _until,"
	  " count(*) AS n FROM \"hist_%1$s\" GROUP BY _until) h"
	  " ON h._until = b.id WHERE b.type = '%1$s'"
	  " AND coalesce(h.n, 0) <> iif(b.undone = 0, b.changed, 0)"
	  " ORDER BY b.id",
	    N_("its changes do not fit the history") },
	{ "SELECT DISTINCT _batch FROM (SELECT _batch FROM \"rec_%1$s\""
	  " UNION SELECT _batch FROM \"hist_%1$s\""
	  " UNION SELECT _until FROM \"hist_%1$s\")"
	  " WHERE _batch NOT IN (SELECT id FROM batch WHERE type = '%1$s')"
	  " ORDER BY 1",
	    N_("records name it, and there is no such batch") },
	{ "SELECT _until FROM \"hist_%1$s\" WHERE _until <= _batch"
	  " OR _record NOT IN (SELECT _id FROM \"rec_%1$s\")"
	  " ORDER BY 1 LIMIT 1",
	    N_("a version in the history has no record, or no order") },
};

static enum case_status
check_sums(struct check *k, const struct case_store_type *t,
    struct case_error *err)
{
	struct case_buf sql = { 0 };
	struct case_sql *q;
	enum case_status rc = CASE_EOF;

	for (size_t i = 0; rc == CASE_EOF && i < sizeof(sums) / sizeof(sums[0]);
	     i++) {
		const char *p = sums[i].sql, *mark;

		case_buf_reset(&sql);
		for (; (mark = strstr(p, "%1$s")) != NULL; p = mark + 4) {
			case_buf_add(&sql, p, (size_t)(mark - p));
			case_buf_adds(&sql, t->rt->name);
		}
		case_buf_adds(&sql, p);
		rc = case_sql_prepare(&q, k->st, err, "%s", case_buf_str(&sql));
		if (rc != CASE_OK)
			break;
		while ((rc = case_sql_step(q, err)) == CASE_OK)
			say(k, _("batch %lld: %s"),
			    (long long)case_sql_int(q, 0),
			    dgettext(CASE_DOMAIN, sums[i].what));
		case_sql_free(q);
	}
	case_buf_free(&sql);
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* No two records of the narrow identities share one. */
static enum case_status
check_unique(struct check *k, const struct case_store_type *t,
    struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc = CASE_EOF;

	for (size_t i = 1; rc == CASE_EOF && i <= t->rt->key_n; i++) {
		rc = case_sql_prepare(&q, k->st, err,
		    "SELECT min(_id), max(_id) FROM \"rec_%s\""
		    " WHERE _k%zu IS NOT NULL AND _k3 IS NULL"
		    " GROUP BY _k%zu HAVING count(*) > 1 ORDER BY 1",
		    t->rt->name, i, i);
		if (rc != CASE_OK)
			return rc;
		while ((rc = case_sql_step(q, err)) == CASE_OK)
			say(k,
			    _("rec_%s: records %lld and %lld have the same "
			      "key"),
			    t->rt->name, (long long)case_sql_int(q, 0),
			    (long long)case_sql_int(q, 1));
		case_sql_free(q);
	}
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* --- a batch by itself --------------------------------------------------- */

static enum case_status
check_counts(struct check *k, int64_t id, struct case_error *err)
{
	int64_t wrong;
	enum case_status rc;

	rc = case_sql_number(k->st, &wrong, 0, err,
	    "SELECT rejected <> (SELECT count(*) FROM reject"
	    " WHERE batch = b.id) OR (undone = 0 AND unchanged <> repeats +"
	    " (SELECT coalesce(sum(n), 0) FROM seen WHERE batch = b.id))"
	    " OR rows <> added + changed + unchanged + rejected + aside"
	    " FROM batch b WHERE id = %lld",
	    (long long)id);
	if (rc == CASE_OK && wrong != 0)
		say(k, _("batch %lld: %s"), (long long)id,
		    _("its counts do not fit its rows"));
	return rc;
}

static enum case_status
digest(void *arg, const void *p, size_t n, struct case_error *err)
{
	(void)err;
	case_sha256_add(arg, p, n);
	return CASE_OK;
}

static enum case_status
check_raw(struct check *k, int64_t id, struct case_error *err)
{
	struct case_sha256 *sha;
	struct case_sql *q;
	char hex[65];
	enum case_status rc;
	bool kept;

	if ((rc = case_sha256_new(&sha, err)) != CASE_OK)
		return rc;
	rc = case_raw_read(k->st, id, &kept, digest, sha, err);
	case_sha256_end(sha, hex);
	if (rc != CASE_OK || !kept)
		return rc;
	rc = case_sql_prepare(&q, k->st, err,
	    "SELECT sha256 FROM batch WHERE id = ?1");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, id);
	if ((rc = case_sql_step(q, err)) == CASE_OK &&
	    strcmp(case_sql_text(q, 0).p, hex) != 0)
		say(k, _("batch %lld: %s"), (long long)id,
		    _("the kept copy is not the file that was imported"));
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

static enum case_status
check_seen(void *arg, const struct case_seen *s, struct case_error *err)
{
	(void)arg;
	(void)s;
	(void)err;
	return CASE_OK;
}

static enum case_status
check_batch(struct check *k, int64_t id, struct case_error *err)
{
	enum case_status rc;
	bool fits;

	if ((rc = case_facts_check(k->st, id, &fits, err)) != CASE_OK)
		return rc;
	if (!fits)
		say(k, _("batch %lld: %s"), (long long)id,
		    _("its facts, rejects or lists are not as they were "
		      "written"));
	if ((rc = check_counts(k, id, err)) != CASE_OK ||
	    (rc = settle(k, case_seen_read(k->st, id, check_seen, NULL, err),
		 err)) != CASE_OK)
		return rc;
	return settle(k, check_raw(k, id, err), err);
}

static enum case_status
check_batches(struct check *k, struct case_error *err)
{
	int64_t id = 0;
	enum case_status rc = CASE_OK;

	while (rc == CASE_OK) {
		rc = case_sql_number(k->st, &id, 0, err,
		    "SELECT min(id) FROM batch WHERE id > %lld", (long long)id);
		if (rc != CASE_OK || id == 0)
			return rc;
		rc = settle(k, check_batch(k, id, err), err);
	}
	return rc;
}

/* --- the whole ----------------------------------------------------------- */

static enum case_status
check_type(struct check *k, const struct case_store_type *t,
    struct case_error *err)
{
	enum case_status rc;

	if ((rc = settle(k, check_rows(k, t, "rec", "_id", err), err)) !=
		CASE_OK ||
	    (rc = settle(k, check_rows(k, t, "hist", "_record", err), err)) !=
		CASE_OK ||
	    (rc = settle(k, check_unique(k, t, err), err)) != CASE_OK)
		return rc;
	return settle(k, check_sums(k, t, err), err);
}

static enum case_status
check_all(struct check *k, struct case_error *err)
{
	enum case_status rc;

	if ((rc = settle(k, check_pragma(k, "integrity_check", "ok", err),
		 err)) != CASE_OK ||
	    (rc = settle(k, check_pragma(k, "foreign_key_check", "", err),
		 err)) != CASE_OK ||
	    (rc = settle(k, check_sum(k, "rtype", "types", err), err)) !=
		CASE_OK ||
	    (rc = settle(k, check_sum(k, "access_log", "log", err), err)) !=
		CASE_OK ||
	    (rc = settle(k, check_words(k, err), err)) != CASE_OK ||
	    (rc = check_batches(k, err)) != CASE_OK)
		return rc;
	for (size_t i = 0; rc == CASE_OK && i < k->st->type_n; i++)
		rc = check_type(k, k->st->type[i], err);
	return rc;
}

enum case_status
case_store_check(struct case_store *st,
    void (*problem)(void *arg, const char *line), void *arg, size_t *n,
    struct case_error *err)
{
	struct check k = { .st = st, .problem = problem, .arg = arg };
	struct case_error own;
	enum case_status rc = CASE_OK;
	bool begin = st->mode != CASE_STORE_READ && !st->tx;

	/* Damage that is met is read out of the error. */
	if (err == NULL)
		err = &own;
	*n = 0;
	if (begin && (rc = case_sql_exec(st, err, "BEGIN")) != CASE_OK)
		return rc;
	rc = check_all(&k, err);
	if (begin)
		(void)case_sql_exec(st, NULL, "COMMIT");
	if (k.n > LINES_MAX && problem != NULL)
		problem(arg, _("and more"));
	*n = k.n;
	return rc;
}
