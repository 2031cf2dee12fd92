/* test_columns.c - a field has a column since a record had a value for it */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <stdbool.h>

#include "case/text.h"
#include "tests/unit/store.h"

#define UNIT "城中中队"

enum { ROUNDS = 60, BATCHES = 6, CASES = 6, ROW = 200 };

/* "f_a f_b": the f_ columns of a table in their order, and _extra. */
static const char *
columns_of(struct case_store *st, const char *table)
{
	static struct case_buf out;
	struct case_error err = { 0 };
	struct case_sql *q;

	case_buf_reset(&out);
	st->schema_open = true;
	CHECK_INT(case_sql_prepare(&q, st, &err, "PRAGMA table_info(%s)",
		      table),
	    CASE_OK);
	st->schema_open = false;
	while (case_sql_step(q, &err) == CASE_OK) {
		const char *name = case_sql_text(q, 1).p;

		if (name[0] != '_' || name[1] == 'e')
			case_buf_addf(&out, "%s%s", out.n > 0 ? " " : "", name);
	}
	case_sql_free(q);
	return case_buf_str(&out);
}

#define CHECK_COLUMNS(st, want)                               \
	do {                                                  \
		CHECK_STR(columns_of(st, "rec_case"), want);  \
		CHECK_STR(columns_of(st, "hist_case"), want); \
	} while (0)

/* By a hand that is not ours. */
static void
run(struct case_store *st, const char *sql)
{
	struct case_error err = { 0 };

	st->schema_open = true;
	if (case_sql_exec(st, &err, "%s", sql) != CASE_OK)
		fprintf(stderr, "%s: %s\n", sql, err.what);
	st->schema_open = false;
}

static enum case_status
try_open(const char *name, enum case_store_mode mode, struct case_error *err)
{
	const struct case_store_options o = { 0 };
	struct case_store *st;
	enum case_status rc =
	    case_store_open(&st, in_folder(name), mode, &o, err);

	case_store_close(st);
	return rc;
}

static void
test_made(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("a.db", CASE_STORE_WRITE);
	struct outcome o;

	/* Numbers before texts, then what comes with later rows. */
	o = IMPORT(st, rt, "A1||2023-01-05|||1.5||||", "A2||||||||r|",
	    "A3|" UNIT "||||||||", "A2||||||||r|", "A2||||||||q|",
	    "A3|" UNIT "||||||||");
	CHECK_INT(o.added, 3);
	CHECK_INT(o.unchanged, 2);
	CHECK_INT(o.rejected, 1);
	CHECK_COLUMNS(st, "f_filed_on f_area f_case_no _extra f_remark f_unit");
	CHECK_DUMP(st, "A1||2023-01-05|||1.5|||| @1:2-0\n"
		       "A2||||||||r| @1:3-0\n"
		       "A3|" UNIT "|||||||| @1:4-0\n");
	CHECK_SOUND(st);
	case_store_close(st);
	/* With a later batch: added, changed, unchanged, and all once more. */
	st = open_store("a.db", CASE_STORE_WRITE);
	o = IMPORT(st, rt, "A1||||7|||||", "A2|||||||1||", "A4||||7|||||",
	    "A1||||7|||||", "A2|||||||1||", "A4||||8|||||");
	CHECK_INT(o.added, 1);
	CHECK_INT(o.changed, 2);
	CHECK_INT(o.unchanged, 2);
	CHECK_INT(o.rejected, 1);
	CHECK_COLUMNS(st,
	    "f_filed_on f_area f_case_no _extra f_remark f_unit f_fine "
	    "f_major");
	o = IMPORT(st, rt, "A1||||8|||||", "A4||||7|||||");
	CHECK_INT(o.changed, 1);
	CHECK_INT(o.unchanged, 1);
	CHECK_DUMP(st, "A1||2023-01-05||7.00|1.5|||| @2:2-3\n"
		       "A1||2023-01-05||8.00|1.5|||| @3:2-0\n"
		       "A1||2023-01-05|||1.5|||| @1:2-2\n"
		       "A2|||||||1|r| @2:3-0\n"
		       "A2||||||||r| @1:3-2\n"
		       "A3|" UNIT "|||||||| @1:4-0\n"
		       "A4||||7.00||||| @2:4-0\n");
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

/* While another statement is being read tables are not made anew. */
static void
test_busy(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store(NULL, CASE_STORE_PRIVATE);
	struct case_error err = { 0 };
	struct case_sql *q;

	CHECK_INT(case_sql_prepare(&q, st, &err, "VALUES (1), (2), (3)"),
	    CASE_OK);
	CHECK_INT(case_sql_step(q, &err), CASE_OK);
	CHECK_INT(IMPORT(st, rt, "A1||||1|||||", "A2|u||||||||").rc, CASE_OK);
	CHECK_INT(case_sql_step(q, &err), CASE_OK);
	CHECK_COLUMNS(st, "_extra f_fine f_case_no f_unit");
	case_sql_free(q);
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

/* Records that have no field at all, only other columns. */
static void
test_none(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("c.db", CASE_STORE_WRITE);
	struct rows r = { .row = (const char *[]){ "|||||||||{\"k\":\"1\"}",
			      "|||||||||{\"k\":\"2\"}" },
		.row_n = 2,
		.o = { .key_content = true } };

	CHECK_INT(import_rows(st, rt, &r).added, 2);
	CHECK_COLUMNS(st, "_extra");
	CHECK_DUMP(st, "|||||||||{\"k\":\"1\"} @1:2-0\n"
		       "|||||||||{\"k\":\"2\"} @1:3-0\n");
	r.row = (const char *[]){ "|||||||||{\"k\":\"1\"}", "||||5|||||" };
	CHECK_INT(import_rows(st, rt, &r).unchanged, 1);
	CHECK_COLUMNS(st, "_extra f_fine");
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

static void
test_rollback(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("d.db", CASE_STORE_WRITE);
	struct case_batch_facts f = { .type = "case", .header = "[]" };
	struct rows r = { .row = (const char *[]){ "A1|||||2|||x|",
			      "A2||||1|||||" },
		.row_n = 2 };
	struct case_error err = { 0 };
	struct outcome o = { 0 };
	struct case_batch *b;

	for (int i = 0; i < 2; i++) {
		CHECK_INT(case_batch_begin(&b, st, rt, &f, NULL, &err),
		    CASE_OK);
		CHECK_INT(put_rows(b, st, rt, &r, &o), CASE_OK);
		case_batch_rollback(b);
	}
	IMPORT(st, rt, "A1||||1|||||");
	CHECK_COLUMNS(st, "f_fine f_case_no _extra");
	CHECK_INT(case_batch_begin(&b, st, rt, &f, NULL, &err), CASE_OK);
	CHECK_INT(put_rows(b, st, rt, &r, &o), CASE_OK);
	case_batch_rollback(b);
	CHECK_COLUMNS(st, "f_fine f_case_no _extra");
	IMPORT(st, rt, "A1||||1|||1||");
	CHECK_COLUMNS(st, "f_fine f_case_no _extra f_major");
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

static void
test_undone(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("e.db", CASE_STORE_WRITE);
	struct case_error err = { 0 };
	char *before;

	/* What the second clears no record ever had; so it says nothing. */
	IMPORT(st, rt, "A1||||1|||||");
	CHECK_INT(IMPORT(st, rt, "A1||||1||||!|").unchanged, 1);
	before = dump(st);
	CHECK_INT(IMPORT(st, rt, "A1||||1||||r|", "A2||||||||s|").changed, 1);
	CHECK_INT(case_store_undo(st, 3, 5, &err), CASE_OK);
	CHECK_DUMP(st, before);
	CHECK_COLUMNS(st, "f_fine f_case_no _extra f_remark");
	CHECK_SOUND(st);
	CHECK_INT(IMPORT(st, rt, "A1||||1||||r|", "A2||||||||s|").changed, 1);
	CHECK_COLUMNS(st, "f_fine f_case_no _extra f_remark");
	/* Now it would say something; the older list still fits. */
	CHECK_INT(IMPORT(st, rt, "A2||||||||!|").changed, 1);
	CHECK_INT(case_store_undo(st, 5, 5, &err), CASE_OK);
	CHECK_INT(case_store_undo(st, 4, 5, &err), CASE_OK);
	CHECK_DUMP(st, before);
	CHECK_INT(case_store_undo(st, 1, 5, &err), CASE_OK);
	CHECK_DUMP(st, "A1||||1.00||||| @2:2-0\n");
	CHECK_SOUND(st);
	free(before);
	case_store_close(st);
	case_rtype_free(rt);
}

/* A second source of a record, whose values its history is asked about. */
static void
test_sources(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("f.db", CASE_STORE_WRITE);
	struct rows r = { .row = (const char *[]){ "A1||||1|||||",
			      "A2||||1|||||" },
		.row_n = 2,
		.header = "[[\"a\",\"fine\"]]" };

	import_rows(st, rt, &r);
	/* The first row brings a column; the second row's history has it. */
	r.header = "[[\"b\",\"fine\"],[\"c\",\"area\"],[\"d\",\"remark\"]]";
	r.row = (const char *[]){ "A1||||2|3||||", "A2||||3|4||||" };
	CHECK_INT(import_rows(st, rt, &r).changed, 2);
	r.header = "[[\"a\",\"fine\"]]";
	r.o.on_conflict = CASE_CONFLICT_KEEP;
	r.row = (const char *[]){ "A1||||5|6|||s|", "A2||||7|4|||t|" };
	CHECK_INT(import_rows(st, rt, &r).changed, 2);
	CHECK_DUMP(st, "A1||||1.00||||| @1:2-2\n"
		       "A1||||2.00|3|||s| @3:2-0\n"
		       "A1||||2.00|3|||| @2:2-3\n"
		       "A2||||1.00||||| @1:3-2\n"
		       "A2||||3.00|4|||t| @3:3-0\n"
		       "A2||||3.00|4|||| @2:3-3\n");
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

/* --- stores that others made --------------------------------------------- */

/* Columns for all fields, as it was up to format 2. */
static void
widen(struct case_store *st, const struct case_rtype *rt)
{
	uint64_t all[CASE_FIELD_WORDS];
	struct case_error err = { 0 };

	memset(all, 0xff, sizeof(all));
	CHECK_INT(case_store_add_type(st, rt, &err), CASE_OK);
	CHECK_INT(case_types_add_columns(st, "case", all, &err), CASE_OK);
}

#define ALL                                                              \
	"f_unit f_filed_on f_fine f_area f_procedure f_major f_case_no " \
	"f_decision_no f_remark _extra"

static void
test_older(void)
{
	struct case_rtype *rt = test_type();
	struct case_rtype *more = type_of(
	    TYPE_HEAD TYPE_FIELDS ",{\"name\":\"town\",\"type\":\"text\"}]}");
	struct case_store *st = open_store("g.db", CASE_STORE_WRITE);
	const struct case_rtype *kept;
	struct case_error err = { 0 };
	int64_t version;

	widen(st, rt);
	IMPORT(st, rt, "A1||||1|||||", "A2||||2|||||");
	CHECK_COLUMNS(st, ALL);
	run(st, "DELETE FROM meta WHERE key = 'rec_case';"
		"PRAGMA user_version = 2");
	case_store_close(st);
	/* A reader leaves it as it is. */
	st = open_store("g.db", CASE_STORE_READ);
	CHECK_SOUND(st);
	CHECK_DUMP(st, "A1||||1.00||||| @1:2-0\nA2||||2.00||||| @1:3-0\n");
	case_store_close(st);
	st = open_store("g.db", CASE_STORE_WRITE);
	st->schema_open = true;
	CHECK_INT(case_sql_number(st, &version, 0, &err, "PRAGMA user_version"),
	    CASE_OK);
	st->schema_open = false;
	CHECK_INT(version, 3);
	CHECK_INT(IMPORT(st, rt, "A1||||1||||r|", "A2||||2|||||").changed, 1);
	CHECK_COLUMNS(st, ALL);
	/* A field that the type gains has no column yet. */
	CHECK_INT(IMPORT(st, more, "A3||||1|||||").added, 1);
	CHECK_COLUMNS(st, ALL);
	case_store_close(st);
	st = open_store("g.db", CASE_STORE_WRITE);
	CHECK_INT(case_store_type(st, "case", &kept, &err), CASE_OK);
	CHECK_INT(kept->field_n, FIELD_N + 1);
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(more);
	case_rtype_free(rt);
}

/* Columns that a hand took away are missed at once. */
static void
test_taken(void)
{
	static const char *const drop[] = {
		"ALTER TABLE rec_case DROP COLUMN f_fine",
		"ALTER TABLE hist_case DROP COLUMN f_fine",
		"ALTER TABLE rec_case DROP COLUMN f_area;"
		"ALTER TABLE hist_case DROP COLUMN f_area",
		"ALTER TABLE rec_case ADD COLUMN f_other TEXT;"
		"ALTER TABLE hist_case ADD COLUMN f_other TEXT",
		"ALTER TABLE rec_case RENAME COLUMN f_fine TO f_unit;"
		"ALTER TABLE hist_case RENAME COLUMN f_fine TO f_unit",
		/* Of format 2, where every field has one. */
		"DELETE FROM meta WHERE key = 'rec_case';"
		"PRAGMA user_version = 2",
	};
	struct case_rtype *rt = test_type();
	struct case_store *st;
	struct case_error err = { 0 };

	for (size_t i = 0; i < sizeof(drop) / sizeof(drop[0]); i++) {
		char name[16];

		snprintf(name, sizeof(name), "t%zu.db", i);
		st = open_store(name, CASE_STORE_WRITE);
		IMPORT(st, rt, "A1||||1|2||||");
		/* No record has it any more; its place counts still. */
		CHECK_INT(case_store_undo(st, 1, 5, &err), CASE_OK);
		IMPORT(st, rt, "A1||||1|||||");
		case_store_close(st);
		CHECK_INT(try_open(name, CASE_STORE_READ, &err), CASE_OK);
		st = open_store(name, CASE_STORE_WRITE);
		run(st, drop[i]);
		case_store_close(st);
		CHECK_INT(try_open(name, CASE_STORE_READ, &err), CASE_ESTORE);
		CHECK(strstr(err.what, "lacks columns") != NULL);
		CHECK_INT(try_open(name, CASE_STORE_WRITE, &err), CASE_ESTORE);
	}
	case_rtype_free(rt);
}

/* --- against a store with all columns ------------------------------------- */

static uint64_t state;

static unsigned
pick(unsigned n)
{
	state++;
	return (unsigned)(case_hash(&state, sizeof(state), 13) % n);
}

/* Mostly little is said, so that columns come one by one. */
static const char *
value(const char *some)
{
	static const char *const none[] = { "", "", "-", "!" };

	return pick(6) == 0 ? some : none[pick(4)];
}

static void
random_row(char *out)
{
	static const char *const extra[] = { "", "", "{\"k\":\"1\"}",
		"{\"area!\":\"x\"}" };
	unsigned i = pick(CASES);
	char decision[40] = "";

	if (pick(4) == 0)
		snprintf(decision, sizeof(decision), "甲〔2023〕%u号", i + 1);
	snprintf(out, ROW, "A%u|%s|%s|%s|%s|%s|%s|%s|%s|%s", i,
	    value(pick(2) ? "u" : "v"), value("2023-01-05"), decision,
	    value(pick(2) ? "1" : "2"), value("1.5"), value("simple"),
	    value("1"), value(pick(2) ? "r" : "s"), extra[pick(4)]);
}

/* The same batch, or undo, in both; then they say the same. */
static void
step_both(struct case_store *const *st, const struct case_rtype *rt, int n)
{
	char row[CASES][ROW], *d[2];
	const char *p[CASES];
	struct case_error err = { 0 };
	struct outcome o[2];
	struct rows r = { .row = p,
		.row_n = pick(CASES) + 1,
		.header = pick(2) ? "[[\"a\",\"fine\"]]" : "[[\"b\",\"fine\"]]",
		.o = { .blank_overwrites = pick(4) == 0,
		    .on_conflict = (enum case_on_conflict)pick(3) } };

	for (size_t i = 0; i < r.row_n; i++) {
		random_row(row[i]);
		p[i] = row[i];
	}
	if (n > 0 && pick(4) == 0) {
		int64_t batch = pick((unsigned)n) + 1;
		enum case_status rc = case_store_undo(st[0], batch, 5, &err);

		CHECK_INT(case_store_undo(st[1], batch, 5, &err), rc);
	}
	for (int i = 0; i < 2; i++)
		o[i] = import_rows(st[i], rt, &r);
	CHECK_INT(o[0].rc, o[1].rc);
	CHECK_INT(o[0].added, o[1].added);
	CHECK_INT(o[0].changed, o[1].changed);
	CHECK_INT(o[0].unchanged, o[1].unchanged);
	CHECK_INT(o[0].rejected, o[1].rejected);
	for (int i = 0; i < 2; i++) {
		d[i] = dump(st[i]);
		CHECK_SOUND(st[i]);
	}
	CHECK_STR(d[0], d[1]);
	free(d[0]);
	free(d[1]);
}

static void
test_random(void)
{
	struct case_rtype *rt = test_type();

	for (int round = 0; round < ROUNDS && test_failed == 0; round++) {
		struct case_store *st[2] = {
			open_store(NULL, CASE_STORE_PRIVATE),
			open_store(NULL, CASE_STORE_PRIVATE),
		};

		widen(st[1], rt);
		for (int n = 0; n < BATCHES; n++)
			step_both(st, rt, n);
		case_store_close(st[0]);
		case_store_close(st[1]);
	}
	case_rtype_free(rt);
}

/* --- more fields than a word of bits ----------------------------------------
 */

enum { MANY = 131 };

/* A record of its number and of one field more, by a type with many. */
static void
put_one(struct case_batch *b, size_t i, size_t field, enum case_put want)
{
	static struct case_value v[MANY];
	struct case_record rec = { .v = v, .line = i + 2 };
	struct case_error err = { 0 };
	char name[16], text[16];
	const char *reason;
	enum case_put put;

	snprintf(name, sizeof(name), "A%zu", i);
	snprintf(text, sizeof(text), "v%zu", field);
	for (size_t k = 0; k < MANY; k++)
		v[k] = (struct case_value){ .type = CASE_TEXT,
			.missing = k != 0 && k != field };
	v[0].u.s = (struct case_str){ name, strlen(name) };
	if (field != 0)
		v[field].u.s = (struct case_str){ text, strlen(text) };
	CHECK_INT(case_batch_put(b, &rec, &put, &reason, &err), CASE_OK);
	CHECK_INT(put, want);
}

/* Every record, which has had the fields i and, when it was changed, more. */
static void
check_many(struct case_store *st, size_t more)
{
	struct case_store_type *t = case_types_get(st, "case");
	struct case_content c = { 0 };
	struct case_stored row = { 0 };
	struct case_error err = { 0 };
	struct case_sql *q;
	size_t n = 0;

	CHECK_INT(case_content_open(&c, st, t, NULL, false, &err), CASE_OK);
	CHECK_INT(case_content_stored_init(&row, &c, &err), CASE_OK);
	CHECK_INT(case_content_select(&q, &c, "_id",
		      "\"rec_case\" ORDER BY _id", &err),
	    CASE_OK);
	for (; case_sql_step(q, &err) == CASE_OK; n++) {
		case_content_load(&c, q, &row);
		for (size_t k = 1; k < MANY; k++) {
			char want[16];

			snprintf(want, sizeof(want), "v%zu", k);
			CHECK_INT(!row.v[k].missing,
			    k == n || k == (n + more) % MANY);
			if (!row.v[k].missing)
				CHECK(row.v[k].u.s.n == strlen(want) &&
				      memcmp(row.v[k].u.s.p, want,
					  strlen(want)) == 0);
		}
	}
	CHECK_INT(n, MANY);
	case_sql_free(q);
	case_content_stored_free(&row);
	case_content_close(&c);
}

/* Each field is the only one of a record, and comes to another one. */
static void
test_many(void)
{
	struct case_store *st = open_store("many.db", CASE_STORE_WRITE);
	struct case_buf json = { 0 };
	struct case_rtype *rt;

	case_buf_adds(&json,
	    "{\"name\":\"case\",\"key\":[[\"f0\"]],\"dates\":[],"
	    "\"count\":\"cases\",\"fields\":[");
	for (size_t k = 0; k < MANY; k++)
		case_buf_addf(&json, "%s{\"name\":\"f%zu\",\"type\":\"text\"}",
		    k > 0 ? "," : "", k);
	case_buf_adds(&json, "]}");
	rt = type_of(case_buf_str(&json));
	case_buf_free(&json);
	for (size_t turn = 0; turn < 2; turn++) {
		size_t more = turn * 64;
		struct case_batch_facts f = { .type = "case",
			.file = "many.csv",
			.sha256 = "00",
			.encoding = "UTF-8",
			.header = "[]",
			.time = 1700000000 };
		struct case_error err = { 0 };
		struct case_batch *b;

		CHECK_INT(case_batch_begin(&b, st, rt, &f, NULL, &err),
		    CASE_OK);
		for (size_t i = 0; turn == 0 && i < MANY; i++)
			put_one(b, i, i, CASE_PUT_NEW);
		for (size_t i = MANY; turn == 1 && i-- > 0;)
			put_one(b, i, (i + more) % MANY,
			    (i + more) % MANY == 0 ? CASE_PUT_UNCHANGED
						   : CASE_PUT_CHANGED);
		f.rows = MANY;
		f.added = turn == 0 ? MANY : 0;
		f.changed = turn == 0 ? 0 : MANY - 1;
		f.unchanged = turn == 0 ? 0 : 1;
		CHECK_INT(case_batch_commit(b, &f, &err), CASE_OK);
		CHECK_STR(err.what, "");
		check_many(st, more);
		case_store_close(st);
		st = open_store("many.db", CASE_STORE_WRITE);
		check_many(st, more);
		CHECK_SOUND(st);
	}
	case_store_close(st);
	case_rtype_free(rt);
}

int
main(void)
{
	make_folder();
	test_many();
	test_made();
	test_busy();
	test_none();
	test_rollback();
	test_undone();
	test_sources();
	test_older();
	test_taken();
	test_random();
	remove_folder();
	TEST_END();
}
