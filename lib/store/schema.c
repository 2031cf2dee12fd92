/* schema.c - the tables of every store, their versions, the dictionary */

#include "case/intl.h"
#include "case/text.h"
#include "lib/store/sqlite.h"

/*
 * migration[v] turns version v into v + 1, in one transaction; version 0 is
 * an empty file. A step that was released is never changed: a new one is
 * added behind it.
 */
static const char *const migration[CASE_STORE_VERSION] = {
	"CREATE TABLE meta ("
	" key TEXT PRIMARY KEY,"
	" value INTEGER NOT NULL"
	") STRICT;"
	/* Beside the revision: sums of hashes of what stands in a table. */
	"INSERT INTO meta VALUES"
	" ('revision', 0), ('words', 0), ('types', 0), ('log', 0);"

	"CREATE TABLE batch ("
	" id INTEGER PRIMARY KEY,"
	" type TEXT NOT NULL,"
	" file TEXT NOT NULL,"
	" sha256 TEXT NOT NULL,"
	" size INTEGER NOT NULL,"
	" encoding TEXT NOT NULL,"
	" layout TEXT NOT NULL,"
	" options TEXT NOT NULL,"
	" header TEXT NOT NULL,"
	" sheet TEXT NOT NULL,"
	" reason TEXT,"
	" \"full\" TEXT,"
	" tool TEXT NOT NULL,"
	" time INTEGER NOT NULL,"
	" undone INTEGER NOT NULL,"
	" rows INTEGER NOT NULL,"
	" added INTEGER NOT NULL,"
	" changed INTEGER NOT NULL,"
	" unchanged INTEGER NOT NULL,"
	" rejected INTEGER NOT NULL,"
	" aside INTEGER NOT NULL,"
	" warnings INTEGER NOT NULL,"
	/* Rows of unchanged that repeat another row of the same file. */
	" repeats INTEGER NOT NULL,"
	/* The wider identity: field names with commas, '*', or NULL. */
	" \"key\" TEXT,"
	/* Some of its rejects may be good since another batch was undone. */
	" stale INTEGER NOT NULL,"
	/* Sum of the lines of the versions of records that it set. */
	" lines INTEGER NOT NULL,"
	/* Of its rejects and its list of seen records, and of this row. */
	" content INTEGER NOT NULL,"
	" hash INTEGER NOT NULL"
	") STRICT;"

	"CREATE TABLE word ("
	" id INTEGER PRIMARY KEY,"
	" text TEXT NOT NULL"
	") STRICT;"

	"CREATE TABLE rtype ("
	" name TEXT PRIMARY KEY,"
	" json TEXT NOT NULL"
	") STRICT;"

	"CREATE TABLE reject ("
	" id INTEGER PRIMARY KEY,"
	" batch INTEGER NOT NULL REFERENCES batch"
	" DEFERRABLE INITIALLY DEFERRED,"
	" line INTEGER NOT NULL,"
	" field TEXT NOT NULL,"
	" value BLOB NOT NULL,"
	" reason TEXT NOT NULL,"
	" raw BLOB NOT NULL"
	") STRICT;"
	"CREATE INDEX reject_batch ON reject (batch);"

	/* Records that a batch found as they were: seen.c. */
	"CREATE TABLE seen ("
	" batch INTEGER NOT NULL REFERENCES batch"
	" DEFERRABLE INITIALLY DEFERRED,"
	" seq INTEGER NOT NULL,"
	" n INTEGER NOT NULL,"
	" data BLOB NOT NULL,"
	" PRIMARY KEY (batch, seq)"
	") STRICT;"

	/* The form of an SQLite Archive, so that sqlite3 -A can read it. */
	"CREATE TABLE sqlar ("
	" name TEXT PRIMARY KEY,"
	" mode INT,"
	" mtime INT,"
	" sz INT,"
	" data BLOB"
	") STRICT;"

	"CREATE TABLE access_log ("
	" id INTEGER PRIMARY KEY,"
	" time INTEGER NOT NULL,"
	" event TEXT NOT NULL,"
	" detail TEXT NOT NULL"
	") STRICT;",

	/* What was said of a field and not put into its record: conflict.c. */
	"CREATE TABLE conflict ("
	" id INTEGER PRIMARY KEY,"
	" batch INTEGER NOT NULL REFERENCES batch"
	" DEFERRABLE INITIALLY DEFERRED,"
	" record INTEGER NOT NULL,"
	" line INTEGER NOT NULL,"
	" field TEXT NOT NULL,"
	" value ANY NOT NULL"
	") STRICT;"
	"CREATE INDEX conflict_batch ON conflict (batch, record);"

	/* Batches that have every record of these days: vanish.c. */
	"CREATE TABLE complete ("
	" batch INTEGER PRIMARY KEY REFERENCES batch"
	" DEFERRABLE INITIALLY DEFERRED,"
	" first INTEGER NOT NULL,"
	" last INTEGER NOT NULL"
	") STRICT;"
	/* Records that the batch should have had; made anew from the others. */
	"CREATE TABLE vanished ("
	" type TEXT NOT NULL,"
	" record INTEGER NOT NULL,"
	" batch INTEGER NOT NULL,"
	" day INTEGER NOT NULL,"
	" PRIMARY KEY (type, record)"
	") STRICT, WITHOUT ROWID;",

	/*
	 * Since then not all fields have columns, and meta seals those there
	 * are under the name of their table: types.c.
	 */
	"",
};

/*
 * For a reader of a version that it may not bring up to date: tables that came
 * with version 2, empty.
 */
static const char *const stand_in =
    "CREATE TEMP TABLE conflict (id INTEGER PRIMARY KEY, batch, record, line,"
    " field, value);"
    "CREATE TEMP TABLE complete (batch INTEGER PRIMARY KEY, first, last);"
    "CREATE TEMP TABLE vanished (type, record, batch, day,"
    " PRIMARY KEY (type, record))";

/* --- versions ------------------------------------------------------------ */

enum case_status
case_schema_create(struct case_store *st, struct case_error *err)
{
	enum case_status rc;

	st->schema_open = true;
	if ((rc = case_sql_exec(st, err, "BEGIN IMMEDIATE")) != CASE_OK)
		goto done;
	for (int v = 0; rc == CASE_OK && v < CASE_STORE_VERSION; v++)
		rc = case_sql_exec(st, err, "%s", migration[v]);
	if (rc == CASE_OK)
		rc = case_sql_exec(st, err,
		    "PRAGMA application_id = %d;"
		    "PRAGMA user_version = %d;"
		    "COMMIT",
		    CASE_STORE_APPLICATION, CASE_STORE_VERSION);
	st->version = CASE_STORE_VERSION;
done:
	st->schema_open = false;
	return rc;
}

/* From the version that the store has to ours, in one transaction. */
enum case_status
case_schema_upgrade(struct case_store *st, struct case_error *err)
{
	enum case_status rc;

	if (st->version == CASE_STORE_VERSION)
		return CASE_OK;
	st->schema_open = true;
	rc = case_sql_exec(st, err, "BEGIN IMMEDIATE");
	for (int v = st->version; rc == CASE_OK && v < CASE_STORE_VERSION; v++)
		rc = case_sql_exec(st, err, "%s", migration[v]);
	if (rc == CASE_OK)
		rc = case_sql_exec(st, err, "PRAGMA user_version = %d; COMMIT",
		    CASE_STORE_VERSION);
	if (rc == CASE_OK)
		st->version = CASE_STORE_VERSION;
	else
		(void)case_sql_exec(st, NULL, "ROLLBACK");
	st->schema_open = false;
	return rc;
}

enum case_status
case_schema_stand_in(struct case_store *st, struct case_error *err)
{
	enum case_status rc;

	if (st->version >= 2)
		return CASE_OK;
	st->schema_open = true;
	rc = case_sql_exec(st, err,
	    "PRAGMA query_only = 0; %s; PRAGMA query_only = 1", stand_in);
	st->schema_open = false;
	return rc;
}

enum case_status
case_schema_check(struct case_store *st, struct case_error *err)
{
	int64_t application = 0, version = 0;
	enum case_status rc;

	st->schema_open = true;
	rc = case_sql_number(st, &application, 0, err, "PRAGMA application_id");
	if (rc == CASE_OK)
		rc = case_sql_number(st, &version, 0, err,
		    "PRAGMA user_version");
	st->schema_open = false;
	if (rc != CASE_OK)
		return rc;
	if (application != CASE_STORE_APPLICATION || version < 1)
		return case_error_set(err, CASE_ESTORE, 0,
		    _("%s: this is the database of another program, not a "
		      "store of ours"),
		    st->path);
	if (version > CASE_STORE_VERSION)
		return case_error_set(err, CASE_ESTORE, 0,
		    _("%s: the store has format %lld and this program knows "
		      "%d: use a newer case-tools"),
		    st->path, (long long)version, CASE_STORE_VERSION);
	st->version = (int)version;
	return CASE_OK;
}

enum case_status
case_schema_journal(struct case_store *st, struct case_error *err)
{
	enum case_status rc;

	st->schema_open = true;
	rc = case_sql_exec(st, err, "PRAGMA journal_mode = WAL");
	st->schema_open = false;
	return rc;
}

/* --- sums ---------------------------------------------------------------- */

enum case_status
case_schema_sum(struct case_store *st, const char *table, uint64_t *sum,
    struct case_error *err)
{
	struct case_sql *q;
	enum case_status rc;

	*sum = 0;
	rc = case_sql_prepare(&q, st, err,
	    "SELECT rowid, * FROM %s ORDER BY rowid", table);
	if (rc != CASE_OK)
		return rc;
	while ((rc = case_sql_step(q, err)) == CASE_OK)
		*sum += case_sql_hash(q, 0, 0);
	case_sql_free(q);
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
case_schema_set_sum(struct case_store *st, const char *key, uint64_t sum,
    struct case_error *err)
{
	return case_sql_exec(st, err,
	    "UPDATE meta SET value = %lld WHERE key = '%s'",
	    (long long)(int64_t)sum, key);
}

/* --- words and the revision ---------------------------------------------- */

uint64_t
case_schema_word_hash(uint32_t id, struct case_str text)
{
	return case_hash(text.p, text.n, id);
}

static enum case_status
load_words(struct case_store *st, struct case_error *err)
{
	struct case_sql *q;
	struct case_str text;
	enum case_status rc;
	uint32_t id;

	rc = case_sql_prepare(&q, st, err,
	    "SELECT id, text FROM word ORDER BY id");
	if (rc != CASE_OK)
		return rc;
	while ((rc = case_sql_step(q, err)) == CASE_OK) {
		text = case_sql_text(q, 1);
		if ((id = case_words_add(st->words, text.p, text.n)) == 0) {
			rc = case_error_memory(err);
			break;
		}
		if (id != case_sql_int(q, 0)) {
			rc = case_error_set(err, CASE_ESTORE, 0,
			    _("%s: the store's dictionary is damaged; a "
			      "backup can take its place"),
			    st->path);
			break;
		}
		st->words_sum += case_schema_word_hash(id, text);
	}
	case_sql_free(q);
	st->words_stored = case_words_count(st->words);
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
case_schema_load(struct case_store *st, struct case_error *err)
{
	enum case_status rc;

	if ((rc = case_sql_number(st, &st->revision, 0, err,
		 "SELECT value FROM meta WHERE key = 'revision'")) != CASE_OK ||
	    (rc = case_types_load(st, err)) != CASE_OK)
		return rc;
	return load_words(st, err);
}

enum case_status
case_schema_save_words(struct case_store *st, uint32_t *n, uint64_t *sum,
    struct case_error *err)
{
	struct case_sql *q;
	struct case_str text;
	enum case_status rc;

	*n = case_words_count(st->words);
	*sum = st->words_sum;
	if (*n == st->words_stored)
		return CASE_OK;
	rc = case_sql_prepare(&q, st, err,
	    "INSERT INTO word (id, text) VALUES (?1, ?2)");
	if (rc != CASE_OK)
		return rc;
	for (uint32_t id = st->words_stored + 1; rc == CASE_OK && id <= *n;
	     id++) {
		text = case_words_get(st->words, id);
		*sum += case_schema_word_hash(id, text);
		case_sql_bind_int(q, 1, id);
		case_sql_bind_text(q, 2, text.p, text.n);
		rc = case_sql_run(q, err);
	}
	case_sql_free(q);
	if (rc != CASE_OK)
		return rc;
	return case_schema_set_sum(st, "words", *sum, err);
}
