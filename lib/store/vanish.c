/* vanish.c - records that a complete export no longer has */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/store/origin.h"
#include "lib/store/vanish.h"

/* Days are far from these. */
#define NO_DAY INT32_MIN
#define NO_RECORD INT32_MAX

/* What is known of a record, by its number. */
enum { HAD = 1, SAID = 2 };

/*
 * as_of	the last batch that counts, or 0: all do
 * n		numbers of records lie below it
 * day		what dates each, NO_DAY or NO_RECORD
 * flag		whether a complete batch of the source had it, and whether the
 *		batch looked at speaks of it
 * gone		the place of the batch that lacks it, from 1; 0: none does
 */
struct vanish {
	struct case_store *st;
	const struct case_rtype *rt;
	int64_t as_of;
	struct case_origins origins;
	size_t n;
	int32_t *day;
	uint8_t *flag;
	uint32_t *gone;
};

static enum case_status
load_days(struct vanish *v, struct case_error *err)
{
	struct case_buf date = { 0 };
	struct case_sql *q;
	enum case_status rc;
	int64_t id;

	case_buf_adds(&date, "coalesce(NULL");
	for (size_t i = 0; i < v->rt->date_n; i++) {
		const struct case_field *f = &v->rt->field[v->rt->date[i]];

		if (!case_types_has_column(v->st, v->rt->name, f->name))
			continue;
		case_buf_addf(&date, ", \"f_%s\"%s", f->name,
		    f->type == CASE_TIME ? " / 86400" : "");
	}
	case_buf_adds(&date, ", NULL)");
	/* Of a record that was changed since, what it was dated then. */
	rc = date.failed ? case_error_memory(err)
			 : case_sql_prepare(&q, v->st, err,
			       "SELECT _id, %s FROM \"rec_%s\""
			       " WHERE ?1 = 0 OR _batch <= ?1 UNION ALL"
			       " SELECT _record, %s FROM \"hist_%s\""
			       " WHERE _batch <= ?1 AND _until > ?1",
			       case_buf_str(&date), v->rt->name,
			       case_buf_str(&date), v->rt->name);
	case_buf_free(&date);
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, v->as_of);
	while ((rc = case_sql_step(q, err)) == CASE_OK)
		if ((id = case_sql_int(q, 0)) > 0 && (size_t)id < v->n)
			v->day[id] = case_sql_missing(q, 1)
					 ? NO_DAY
					 : (int32_t)case_sql_int(q, 1);
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

static enum case_status
open_records(struct vanish *v, struct case_error *err)
{
	enum case_status rc;
	int64_t n;

	rc = case_sql_number(v->st, &n, 1, err,
	    "SELECT max(_id) + 1 FROM \"rec_%s\"", v->rt->name);
	if (rc != CASE_OK)
		return rc;
	v->n = n > 0 ? (size_t)n : 1;
	v->day = malloc(v->n * sizeof(*v->day));
	v->flag = calloc(v->n, sizeof(*v->flag));
	v->gone = calloc(v->n, sizeof(*v->gone));
	if (v->day == NULL || v->flag == NULL || v->gone == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < v->n; i++)
		v->day[i] = NO_RECORD;
	return load_days(v, err);
}

static enum case_status
hear(void *arg, int64_t record, int64_t line, struct case_error *err)
{
	struct vanish *v = arg;

	(void)line;
	(void)err;
	if (record > 0 && (size_t)record < v->n)
		v->flag[record] |= SAID;
	return CASE_OK;
}

/* Whether a batch that is complete for these days has to have a record. */
static bool
is_due(const struct case_origin_batch *b, int32_t day)
{
	if (b->first == INT64_MIN && b->last == INT64_MAX)
		return true;
	return day != NO_DAY && day >= b->first && day <= b->last;
}

/* One batch of the source: what it says is there, what it lacks may be gone. */
static enum case_status
look(struct vanish *v, size_t place, struct case_error *err)
{
	const struct case_origin_batch *b = &v->origins.batch[place];
	enum case_status rc;

	if ((rc = case_store_said(v->st, b->id, hear, v, err)) != CASE_OK)
		return rc;
	for (size_t i = 0; i < v->n; i++) {
		uint8_t *f = &v->flag[i];

		if (*f & SAID) {
			v->gone[i] = 0;
			*f = b->full ? HAD : *f & HAD;
		} else if (b->full && (*f & HAD) != 0 && v->gone[i] == 0 &&
			   v->day[i] != NO_RECORD && is_due(b, v->day[i])) {
			v->gone[i] = (uint32_t)place + 1;
		}
	}
	return CASE_OK;
}

static enum case_status
store_gone(struct vanish *v, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	/* The day of the import, in China's civil time. */
	rc = case_sql_prepare(&q, v->st, err,
	    v->as_of == 0
		? "INSERT OR REPLACE INTO vanished (type, record, batch, day)"
		  " SELECT type, ?1, id, (time + 28800) / 86400 FROM batch"
		  " WHERE id = ?2"
		: "INSERT OR REPLACE INTO vanished_past (as_of, type, record,"
		  " day) SELECT ?3, type, ?1, (time + 28800) / 86400 FROM batch"
		  " WHERE id = ?2");
	if (rc != CASE_OK)
		return rc;
	if (v->as_of != 0)
		case_sql_bind_int(q, 3, v->as_of);
	for (size_t i = 0; rc == CASE_OK && i < v->n; i++) {
		if (v->gone[i] == 0)
			continue;
		case_sql_bind_int(q, 1, (int64_t)i);
		case_sql_bind_int(q, 2, v->origins.batch[v->gone[i] - 1].id);
		rc = case_sql_run(q, err);
	}
	case_sql_free(q);
	return rc;
}

/* What has vanished from one source; two complete batches are needed. */
static enum case_status
search(struct vanish *v, size_t origin, struct case_error *err)
{
	size_t full = 0;
	enum case_status rc = CASE_OK;

	for (size_t i = 0; i < v->origins.batch_n; i++)
		full += v->origins.batch[i].origin == origin &&
			v->origins.batch[i].full;
	if (full < 2)
		return CASE_OK;
	if (v->day == NULL && (rc = open_records(v, err)) != CASE_OK)
		return rc;
	memset(v->flag, 0, v->n * sizeof(*v->flag));
	memset(v->gone, 0, v->n * sizeof(*v->gone));
	for (size_t i = 0; rc == CASE_OK && i < v->origins.batch_n; i++)
		if (v->origins.batch[i].origin == origin)
			rc = look(v, i, err);
	return rc == CASE_OK ? store_gone(v, err) : rc;
}

enum case_status
case_vanish_complete(struct case_store *st, int64_t batch, int64_t first,
    int64_t last, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	rc = case_sql_prepare(&q, st, err,
	    "INSERT INTO complete (batch, first, last) VALUES (?1, ?2, ?3)");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_int(q, 1, batch);
	case_sql_bind_int(q, 2, first);
	case_sql_bind_int(q, 3, last);
	rc = case_sql_run(q, err);
	case_sql_free(q);
	return rc;
}

static enum case_status
forget(struct case_store *st, const char *type, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	rc = case_sql_prepare(&q, st, err,
	    "DELETE FROM vanished WHERE type = ?1");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_str(q, 1, type);
	rc = case_sql_run(q, err);
	case_sql_free(q);
	return rc;
}

/* From all sources of the type. */
static enum case_status
search_all(struct case_store *st, const struct case_store_type *type,
    int64_t as_of, struct case_error *err)
{
	struct vanish v = { .st = st, .rt = type->rt, .as_of = as_of };
	enum case_status rc;

	rc = case_origins_load(&v.origins, st, v.rt->name, as_of, err);
	for (size_t i = CASE_ORIGIN_HAND + 1;
	     rc == CASE_OK && i < v.origins.origin_n; i++)
		rc = search(&v, i, err);
	case_origins_free(&v.origins);
	free(v.day);
	free(v.flag);
	free(v.gone);
	return rc;
}

enum case_status
case_vanish_refresh(struct case_store *st, const struct case_store_type *type,
    struct case_error *err)
{
	enum case_status rc;
	int64_t any;

	rc = case_sql_number(st, &any, 0, err,
	    "SELECT EXISTS (SELECT 1 FROM complete)");
	if (rc != CASE_OK || any == 0)
		return rc;
	if ((rc = forget(st, type->rt->name, err)) == CASE_OK)
		rc = search_all(st, type, 0, err);
	return rc;
}

/* Row 0 says that an as_of was searched. */
static enum case_status
search_past(struct case_store *st, int64_t as_of, struct case_error *err)
{
	enum case_status rc;
	int64_t done;

	rc = case_sql_exec(st, err,
	    "CREATE TEMP TABLE IF NOT EXISTS vanished_past (as_of, type,"
	    " record, day, PRIMARY KEY (as_of, type, record)) WITHOUT ROWID");
	if (rc != CASE_OK)
		return rc;
	rc = case_sql_number(st, &done, 0, err,
	    "SELECT EXISTS (SELECT 1 FROM vanished_past WHERE as_of = %lld"
	    " AND type = '' AND record = 0)",
	    (long long)as_of);
	if (rc != CASE_OK || done != 0)
		return rc;
	for (size_t i = 0; rc == CASE_OK && i < st->type_n; i++)
		rc = search_all(st, st->type[i], as_of, err);
	if (rc != CASE_OK)
		return rc;
	return case_sql_exec(st, err,
	    "INSERT INTO vanished_past VALUES (%lld, '', 0, 0)",
	    (long long)as_of);
}

enum case_status
case_vanish_past(struct case_store *st, int64_t as_of, struct case_error *err)
{
	bool reads = st->mode == CASE_STORE_READ;
	enum case_status rc = CASE_OK, back = CASE_OK;

	st->schema_open = true;
	if (reads)
		rc = case_sql_exec(st, err, "PRAGMA query_only = 0");
	if (rc == CASE_OK)
		rc = search_past(st, as_of, err);
	if (reads)
		back = case_sql_exec(st, rc == CASE_OK ? err : NULL,
		    "PRAGMA query_only = 1");
	st->schema_open = false;
	return rc == CASE_OK ? back : rc;
}

enum case_status
case_store_vanished(struct case_store *st, int64_t batch, int64_t *n,
    struct case_error *err)
{
	return case_sql_number(st, n, 0, err,
	    "SELECT count(*) FROM vanished WHERE batch = %lld",
	    (long long)batch);
}

enum case_status
case_store_set_vanished(struct case_store *st, const char *type, int64_t record,
    int64_t day, struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	if (st->mode != CASE_STORE_PRIVATE)
		return case_error_set(err, CASE_ESTORE, 0,
		    _("internal error: the store is not a private one"));
	rc = case_sql_prepare(&q, st, err,
	    "INSERT OR REPLACE INTO vanished (type, record, batch, day)"
	    " VALUES (?1, ?2, 0, ?3)");
	if (rc != CASE_OK)
		return rc;
	case_sql_bind_str(q, 1, type);
	case_sql_bind_int(q, 2, record);
	case_sql_bind_int(q, 3, day);
	rc = case_sql_run(q, err);
	case_sql_free(q);
	return rc;
}
