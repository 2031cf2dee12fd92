/* test_store.c - batches, identities, history, undo, files and their faults */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "case/decode.h"
#include "case/text.h"
#include "tests/unit/store.h"

#define UNIT "城中中队"

enum { FLIPS = 100 };

/* --- loading ------------------------------------------------------------- */

static void
test_first_load(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("a.db", CASE_STORE_WRITE);
	struct case_error err = { 0 };
	struct outcome o;
	struct stat sb;

	CHECK_INT(access(in_folder("a.db"), F_OK), -1);
	CHECK_INT(case_store_add_type(st, rt, &err), CASE_OK);
	o = IMPORT(st, rt,
	    "A1|" UNIT "|2023-01-05|婺罚〔2023〕第1号|100|1.5|simple|1|x",
	    "A2|" UNIT "|||||ordinary||", "|||婺罚〔2023〕第2号|5|||0|",
	    "A1|||||||||", "A2|" UNIT "|||||ordinary||");
	CHECK_INT(o.rc, CASE_OK);
	CHECK_INT(o.batch, 1);
	CHECK_INT(o.added, 3);
	CHECK_INT(o.unchanged, 1);
	CHECK_INT(o.rejected, 1);
	CHECK_STR(o.reason, "the same 案件编号 as line 2, with other content");
	CHECK_INT(case_store_revision(st), 1);
	CHECK_INT(stat(in_folder("a.db"), &sb), 0);
	CHECK_INT(sb.st_mode & 0777, 0600);
	CHECK_SOUND(st);
	case_store_close(st);

	st = open_store("a.db", CASE_STORE_READ);
	CHECK_INT(case_store_revision(st), 1);
	CHECK_STR(case_store_type_name(st, 0), "case");
	CHECK(case_store_type_name(st, 1) == NULL);
	CHECK_DUMP(st,
	    "A1|" UNIT "|2023-01-05|婺罚〔2023〕第1号|100.00|1.5|simple|1|x|"
	    " @1:2-0\n"
	    "A2|" UNIT "|||||ordinary||| @1:3-0\n"
	    "|||婺罚〔2023〕第2号|5.00|||0|| @1:4-0\n");
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

/* --- later files --------------------------------------------------------- */

static void
test_changes(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("b.db", CASE_STORE_WRITE);
	struct outcome o;

	o = IMPORT(st, rt, "A1|" UNIT "||D〔2023〕1号|100||||old|{\"k\":\"1\"}",
	    "A2|" UNIT "|||7|||||", "A3||||||||same|");
	CHECK_INT(o.added, 3);
	/* A blank says nothing; extra merges by key; 文号 in another writing.
	 */
	o = IMPORT(st, rt, "A1|||D[2023]第001号|200|||||{\"m\":\"2\"}",
	    "A2||||7|||||", "A3||||||||same|", "A4|||||||||");
	CHECK_INT(o.rc, CASE_OK);
	CHECK_INT(o.changed, 1);
	CHECK_INT(o.unchanged, 2);
	CHECK_INT(o.added, 1);
	CHECK_DUMP(st,
	    "A1|" UNIT "||D〔2023〕1号|100.00||||old|{\"k\":\"1\"} @1:2-2\n"
	    "A1|" UNIT "||D〔2023〕1号|200.00||||old|"
	    "{\"k\":\"1\",\"m\":\"2\"} @2:2-0\n"
	    "A2|" UNIT "|||7.00|||||"
	    " @1:3-0\n"
	    "A3||||||||same| @1:4-0\n"
	    "A4||||||||| @2:5-0\n");
	CHECK_SOUND(st);
	/* The same rows again: nothing to say. */
	o = IMPORT(st, rt, "A1|||D[2023]第001号|200|||||{\"m\":\"2\"}",
	    "A4|||||||||");
	CHECK_INT(o.unchanged, 2);
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

/* Repeats within a file that meets records which are there already. */
static void
test_repeats(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("c.db", CASE_STORE_WRITE);
	struct outcome o;

	IMPORT(st, rt, "A1||||100||||x|", "A2||||5|||||");
	o = IMPORT(st, rt, "A1||||100||||x|", /* unchanged */
	    "A1||||100||||x|",		      /* the same again */
	    "A1||||100|||||",		      /* less: other content */
	    "A2||||6|||||",		      /* changed */
	    "A2||||6|||||",		      /* the same again */
	    "A2||||5|||||",		      /* back: other content */
	    "A5||||1|||||",		      /* new */
	    "A5||||1|||||", "A5||||2|||||");
	CHECK_INT(o.rc, CASE_OK);
	CHECK_INT(o.added, 1);
	CHECK_INT(o.changed, 1);
	CHECK_INT(o.unchanged, 4);
	CHECK_INT(o.rejected, 3);
	CHECK_STR(o.reason, "the same 案件编号 as line 8, with other content");
	CHECK_SOUND(st);
	/* More than the line before said, though not more than is stored. */
	o = IMPORT(st, rt, "A1||||9|||||", "A1||||9||||x|", "A1||||9|||||");
	CHECK_INT(o.changed, 1);
	CHECK_INT(o.rejected, 1);
	CHECK_INT(o.unchanged, 1);
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

/* Either number finds the record; it may gain the other; two are a conflict. */
static void
test_two_identities(void)
{
	struct case_rtype *rt = test_type();
	struct outcome o;

	for (int bulk = 0; bulk < 2; bulk++) {
		struct case_store *st =
		    open_store(bulk ? "d1.db" : "d0.db", CASE_STORE_WRITE);

		if (!bulk)
			IMPORT(st, rt, "Z9|||||||||");
		o = IMPORT(st, rt, "A1|||||||||", "|||甲罚〔2023〕2号||||||",
		    "A3|||甲罚〔2023〕3号||||||",
		    "A4|||甲罚〔2023〕3号||||||",  /* 3 again, other */
		    "A1|||甲罚〔2023〕2号||||||"); /* two records */
		CHECK_INT(o.added, 3);
		CHECK_INT(o.rejected, 2);
		CHECK(strstr(o.reason, "two records are met") != NULL);
		CHECK(strstr(o.reason, "line 2") != NULL);
		CHECK(strstr(o.reason, "line 3") != NULL);
		o = IMPORT(st, rt, "A3|||||||||", "A1|||甲罚〔2023〕9号||||||",
		    "B2|||(甲罚)[2023]2号||||||", /* another 代字 */
		    "B3|||甲罚【2023】第0002号||||||");
		CHECK_INT(o.rc, CASE_OK);
		CHECK_INT(o.unchanged, 1);
		CHECK_INT(o.added, 1);
		CHECK_INT(o.changed, 2); /* both gained a number */
		o = IMPORT(st, rt, "B3|||甲罚〔2023〕9号||||||", "A1|||||||||",
		    "|||甲罚〔2023〕2号||||||");
		CHECK_INT(o.rejected, 1);
		CHECK_INT(o.unchanged, 2);
		CHECK_SOUND(st);
		case_store_close(st);
	}
	case_rtype_free(rt);
}

static struct outcome
import_wide(struct case_store *st, const struct case_rtype *rt, bool content,
    const char *const *row, size_t n)
{
	struct rows r = { .row = row, .row_n = n };

	if (content)
		r.o.key_content = true;
	else
		r.o.key = (struct case_key){ { 0, 1 }, 2, false };
	return import_rows(st, rt, &r);
}

#define WIDE(st, rt, content, ...)                                         \
	import_wide(st, rt, content, (const char *const[]){ __VA_ARGS__ }, \
	    sizeof((const char *const[]){ __VA_ARGS__ }) /                 \
		sizeof(const char *))

static void
test_wider_keys(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("e.db", CASE_STORE_WRITE);
	struct outcome o;

	/* One case in two units: two records. */
	o = WIDE(st, rt, false, "A1|甲|||1|||||", "A1|乙|||2|||||",
	    "A1|甲|||1|||||", "A1|甲|||3|||||", "|丙|||4|||||");
	CHECK_INT(o.added, 3);
	CHECK_INT(o.unchanged, 1);
	CHECK_INT(o.rejected, 1);
	CHECK_STR(o.reason,
	    "the same 案件编号+执法单位 as line 2, with other content");
	o = WIDE(st, rt, false, "A1|甲|||9|||||", "A1|乙|||2|||||");
	CHECK_INT(o.changed, 1);
	CHECK_INT(o.unchanged, 1);
	/* The narrow identity does not meet those. */
	o = IMPORT(st, rt, "A1||||5|||||");
	CHECK_INT(o.added, 1);
	CHECK_SOUND(st);
	/* By content: only the same row is the same record. */
	o = WIDE(st, rt, true, "|甲|2023-01-01||1|||||{\"a\":\"1\"}",
	    "|甲|2023-01-01||1|||||{\"a\":\"2\"}",
	    "|甲|2023-01-01||1|||||{\"a\":\"1\"}");
	CHECK_INT(o.added, 2);
	CHECK_INT(o.unchanged, 1);
	o = WIDE(st, rt, true, "|甲|2023-01-01||1|||||{\"a\":\"2\"}",
	    "|甲|2023-01-01||1|||||");
	CHECK_INT(o.added, 1);
	CHECK_INT(o.unchanged, 1);
	CHECK_SOUND(st);
	case_store_close(st);
	/* The same in a bulk load. */
	st = open_store("e2.db", CASE_STORE_WRITE);
	o = WIDE(st, rt, true, "|甲|||1|||||", "|甲|||1|||||", "|乙|||1|||||");
	CHECK_INT(o.added, 2);
	CHECK_INT(o.unchanged, 1);
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

static struct outcome
import_blanks(struct case_store *st, const struct case_rtype *rt,
    const char *row)
{
	const struct rows r = { .row = &row,
		.row_n = 1,
		.o = { .blank_overwrites = true } };

	return import_rows(st, rt, &r);
}

/* A blank takes a value away only when it was asked to. */
static void
test_blanks(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("f.db", CASE_STORE_WRITE);

	IMPORT(st, rt,
	    "A1|" UNIT "|||100||||r|{\"area!\":\"x\",\"k\":\"1\",\"m\":\"2\"}");
	CHECK_INT(IMPORT(st, rt, "A1|-|||-|-|||-||{\"k\":null}").unchanged, 1);
	/* Only what the row has can be blank. */
	CHECK_INT(import_blanks(st, rt, "A1||||-|||||{\"m\":\"2\"}").changed,
	    1);
	CHECK_INT(import_blanks(st, rt, "A1||||-|||||").unchanged, 1);
	CHECK_INT(import_blanks(st, rt, "A1|||||-|||||{\"k\":null,\"z\":null}")
		      .changed,
	    1);
	CHECK_DUMP(st, "A1|" UNIT "|||100.00||||r|"
		       "{\"area!\":\"x\",\"k\":\"1\",\"m\":\"2\"} @1:2-3\n"
		       "A1|" UNIT "|||||||r|"
		       "{\"area!\":\"x\",\"k\":\"1\",\"m\":\"2\"} @3:2-5\n"
		       "A1|" UNIT "|||||||r|{\"m\":\"2\"} @5:2-0\n");
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

/* What was said to be none, or could not be read, leaves no older value. */
static void
test_cleared(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("f2.db", CASE_STORE_WRITE);
	struct outcome o;

	IMPORT(st, rt, "A1|" UNIT "|||100||||r|");
	o = IMPORT(st, rt, "A1||||!|||||{\"fine!\":\"abc\"}");
	CHECK_INT(o.changed, 1);
	o = IMPORT(st, rt, "A1||||!|||||{\"fine!\":\"abc\"}");
	CHECK_INT(o.unchanged, 1);
	/* A value that can be read takes the raw one away. */
	o = IMPORT(st, rt, "A1||||3|||||");
	CHECK_INT(o.changed, 1);
	o = IMPORT(st, rt, "A1||||!|||||{\"fine!\":\"d\"}");
	CHECK_INT(o.changed, 1);
	/* So does one that is said to be none. */
	o = IMPORT(st, rt, "A1||||!||||!|");
	CHECK_INT(o.changed, 1);
	CHECK_DUMP(st, "A1|" UNIT "|||100.00||||r| @1:2-2\n"
		       "A1|" UNIT "|||3.00||||r| @4:2-5\n"
		       "A1|" UNIT "|||||||r|{\"fine!\":\"abc\"} @2:2-4\n"
		       "A1|" UNIT "|||||||r|{\"fine!\":\"d\"} @5:2-6\n"
		       "A1|" UNIT "|||||||| @6:2-0\n");
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

/* --- failing and going on ------------------------------------------------ */

static void
test_rollback(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("g.db", CASE_STORE_WRITE);
	struct case_batch *b, *second;
	struct case_batch_facts f = { .type = "case", .sha256 = "aa" };
	struct case_error err = { 0 };
	struct outcome o = { 0 };
	const char *row[] = { "A1|" UNIT "||||||||" };
	const struct rows r = { .row = row, .row_n = 1 };
	const struct case_rtype *kept;
	int64_t same = -1;

	CHECK_INT(case_batch_begin(&b, st, rt, &f, NULL, &err), CASE_OK);
	CHECK_INT(case_batch_begin(&second, st, rt, &f, NULL, &err),
	    CASE_ESTORE);
	CHECK(second == NULL);
	put_rows(b, st, rt, &r, &o);
	case_batch_rollback(b);
	CHECK_INT(access(in_folder("g.db"), F_OK), -1);
	CHECK_INT(case_store_type(st, "case", &kept, &err), CASE_EUSAGE);
	/* Counts that differ: nothing is stored. */
	CHECK_INT(case_batch_begin(&b, st, rt, &f, NULL, &err), CASE_OK);
	put_rows(b, st, rt, &r, &o);
	f.added = 2;
	CHECK_INT(case_batch_commit(b, &f, &err), CASE_ESTORE);
	CHECK_INT(access(in_folder("g.db"), F_OK), -1);
	/* The words of what was rolled back are still the same numbers. */
	o = IMPORT(st, rt, "A2|" UNIT "||||||||", "A3|新桥中队||||||||");
	CHECK_INT(o.rc, CASE_OK);
	CHECK_INT(o.batch, 1);
	CHECK_INT(case_store_same(st, &f, &same, &err), CASE_OK);
	CHECK_INT(same, 0);
	f.sha256 = "00";
	CHECK_INT(case_store_same(st, &f, &same, &err), CASE_OK);
	CHECK_INT(same, 1);
	f.options = "x";
	CHECK_INT(case_store_same(st, &f, &same, &err), CASE_OK);
	CHECK_INT(same, 0);
	case_store_close(st);
	st = open_store("g.db", CASE_STORE_WRITE);
	CHECK_DUMP(st, "A2|" UNIT "|||||||| @1:2-0\n"
		       "A3|新桥中队|||||||| @1:3-0\n");
	CHECK_SOUND(st);
	/* In a store that is there. */
	CHECK_INT(case_batch_begin(&b, st, rt, &f, NULL, &err), CASE_OK);
	put_rows(b, st, rt, &r, &o);
	case_batch_rollback(b);
	CHECK_SOUND(st);
	CHECK_INT(case_store_revision(st), 1);
	case_store_close(st);
	case_rtype_free(rt);
}

#define MORE ",{\"name\":\"town\",\"type\":\"text\",\"coded\":true}"
#define LESS                                                           \
	"{\"name\":\"case_no\",\"type\":\"text\"},"                    \
	"{\"name\":\"decision_no\",\"type\":\"text\",\"docno\":true}," \
	"{\"name\":\"filed_on\",\"type\":\"date\"}"

static void
test_types(void)
{
	struct case_rtype *rt = test_type();
	struct case_rtype *more = type_of(TYPE_HEAD TYPE_FIELDS MORE "]}");
	struct case_rtype *less = type_of(TYPE_HEAD LESS "]}");
	struct case_store *st = open_store("h.db", CASE_STORE_WRITE);
	const struct case_rtype *kept;
	struct case_error err = { 0 };
	struct outcome o;

	IMPORT(st, rt, "A1|" UNIT "||||||||");
	CHECK_INT(case_store_add_type(st, less, &err), CASE_ESTORE);
	CHECK(strstr(err.what, "unit") != NULL);
	CHECK_INT(case_store_add_type(st, more, &err), CASE_OK);
	CHECK_INT(case_store_type(st, "case", &kept, &err), CASE_OK);
	CHECK_INT(kept->field_n, FIELD_N + 1);
	CHECK(case_store_scope_type(st, "case") == kept);
	CHECK(case_store_scope_type(st, "other") == NULL);
	/* Without a batch nothing of it is kept. */
	case_store_close(st);
	st = open_store("h.db", CASE_STORE_WRITE);
	CHECK_INT(case_store_type(st, "case", &kept, &err), CASE_OK);
	CHECK_INT(kept->field_n, FIELD_N);
	CHECK_INT(case_store_add_type(st, more, &err), CASE_OK);
	o = IMPORT(st, rt, "A1|" UNIT "||||||||", "A2|" UNIT "||||||||");
	CHECK_INT(o.rc, CASE_ESTORE); /* rt lacks the field that was added */
	case_rtype_free(less);
	less = type_of(
	    "{\"name\":\"case\",\"key\":[[\"case_no\"]],"
	    "\"dates\":[],\"count\":\"cases\",\"fields\":[" TYPE_FIELDS "]}");
	CHECK_INT(case_store_add_type(st, less, &err), CASE_ESTORE);
	CHECK(strstr(err.what, "key") != NULL);
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(less);
	case_rtype_free(more);
	case_rtype_free(rt);
}

/* What nothing names is no record, in a first load nor later. */
static void
test_nameless(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("h3.db", CASE_STORE_WRITE);
	struct outcome o;

	for (int i = 0; i < 2; i++) {
		o = IMPORT(st, rt, "|" UNIT "|||1||||r|", "A1|||||||||",
		    "-|" UNIT "|2023-01-01|!|1||||r|{\"k\":\"1\"}");
		CHECK_INT(o.rc, CASE_OK);
		CHECK_INT(o.rejected, 2);
		CHECK_INT(i == 0 ? o.added : o.unchanged, 1);
		CHECK(strstr(o.reason, "no value for any key") != NULL);
	}
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

/* A field of the store means what it meant: its values are read by that. */
static void
test_retyped(void)
{
	static const struct {
		const char *from, *to, *field;
	} change[] = {
		{ "\"fine\",\"type\":\"money\"", "\"fine\",\"type\":\"number\"",
		    "fine" },
		{ "\"area\",\"type\":\"number\"",
		    "\"area\",\"type\":\"integer\"", "area" },
		{ ",\"coded\":true", "", "unit" },
		{ "\"remark\",", "\"remark\",\"coded\":true,", "remark" },
		{ ",\"docno\":true", "", "decision_no" },
		{ "[[\"case_no\"],", "[[\"remark\"],", "key" },
		{ "[[\"case_no\"],", "[[\"case_no\",\"unit\"],", "key" },
		{ ",[\"decision_no\"]]", "]", "key" },
	};
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("h2.db", CASE_STORE_WRITE);

	IMPORT(st, rt, "A1|" UNIT "|||1||||r|");
	for (size_t i = 0; i < sizeof(change) / sizeof(*change); i++) {
		const char *all = TYPE_HEAD TYPE_FIELDS "]}";
		const char *at = strstr(all, change[i].from);
		struct case_error err = { 0 };
		struct case_buf json = { 0 };
		struct case_rtype *other;

		case_buf_add(&json, all, (size_t)(at - all));
		case_buf_adds(&json, change[i].to);
		case_buf_adds(&json, at + strlen(change[i].from));
		other = type_of(case_buf_str(&json));
		CHECK_INT(case_store_add_type(st, other, &err), CASE_ESTORE);
		CHECK(strstr(err.what, change[i].field) != NULL);
		CHECK_INT(case_store_add_type(st, rt, &err), CASE_OK);
		case_rtype_free(other);
		case_buf_free(&json);
	}
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

static enum case_status
count_reject(void *arg, const struct case_reject_row *r, struct case_error *err)
{
	(void)err;
	CHECK_INT(r->batch, 1);
	CHECK_INT(r->line, 3);
	CHECK(r->raw.n > 0 && r->raw.p[0] == 'A');
	++*(int *)arg;
	return CASE_OK;
}

static enum case_status
count_batch(void *arg, const struct case_batch_facts *b, struct case_error *err)
{
	(void)err;
	CHECK_STR(b->type, "case");
	CHECK_STR(b->tool, "test 1");
	CHECK(b->reason == NULL);
	return ++*(int *)arg == 2 ? CASE_EDATA : CASE_OK;
}

static enum case_status
say_line(void *arg, int64_t record, int64_t line, struct case_error *err)
{
	(void)err;
	case_buf_addf(arg, "%lld:%lld ", (long long)record, (long long)line);
	return CASE_OK;
}

static void
test_said(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store(NULL, CASE_STORE_PRIVATE);
	struct case_error err = { 0 };
	struct case_buf out = { 0 };

	IMPORT(st, rt, "A1|||||||||", "A2|||||||||", "A3|||||||||");
	IMPORT(st, rt, "A3|||||||||", "A2||||5|||||", "A4|||||||||");
	IMPORT(st, rt, "A2||||6|||||", "A2||||6|||||");
	CHECK_INT(case_store_said(st, 1, say_line, &out, &err), CASE_OK);
	CHECK_STR(case_buf_str(&out), "1:2 2:3 3:4 ");
	case_buf_reset(&out);
	CHECK_INT(case_store_said(st, 2, say_line, &out, &err), CASE_OK);
	CHECK_STR(case_buf_str(&out), "2:3 4:4 3:2 ");
	CHECK_INT(case_store_undo(st, 3, 1, &err), CASE_OK);
	CHECK_INT(case_store_said(st, 3, say_line, &out, &err), CASE_EUSAGE);
	case_buf_free(&out);
	case_store_close(st);
	case_rtype_free(rt);
}

static void
test_lists(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store(NULL, CASE_STORE_PRIVATE);
	struct case_error err = { 0 };
	struct rows r = { .row = (const char *[]){ "B1|||||||||" },
		.row_n = 1,
		.time = 1704038400 }; /* 2024-01-01 00:00 UTC+8 */
	int64_t batch;
	int n = 0;

	IMPORT(st, rt, "A1||||1|||||", "A1||||2|||||");
	import_rows(st, rt, &r);
	IMPORT(st, rt, "B1||||1|||||");
	CHECK_INT(case_store_rejects(st, 0, count_reject, &n, &err), CASE_OK);
	CHECK_INT(n, 1);
	CHECK_INT(case_store_rejects(st, 2, count_reject, &n, &err), CASE_OK);
	CHECK_INT(n, 1);
	n = 0;
	CHECK_INT(case_store_batches(st, count_batch, &n, &err), CASE_EDATA);
	CHECK_INT(n, 2);
	CHECK_INT(case_store_batch_on(st, 19722, &batch, &err), CASE_OK);
	CHECK_INT(batch, 3); /* 2023-12-31: batch 3 has an older time */
	CHECK_INT(case_store_batch_on(st, 10000, &batch, &err), CASE_OK);
	CHECK_INT(batch, -1);
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

/* --- files that are no store --------------------------------------------- */

static void
make_file(const char *name, const void *p, size_t n)
{
	int fd = open(in_folder(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0 && write(fd, p, n) == (ssize_t)n);
	close(fd);
}

static enum case_status
try_open(const char *name, enum case_store_mode mode, struct case_error *err)
{
	struct case_store *st;
	const struct case_store_options o = { 0 };
	enum case_status rc =
	    case_store_open(&st, in_folder(name), mode, &o, err);

	CHECK((st != NULL) == (rc == CASE_OK));
	case_store_close(st);
	return rc;
}

/* Bytes of the database's header: see "The SQLite Database Header". */
static void
patch(const char *name, off_t at, const char *p, size_t n)
{
	int fd = open(in_folder(name), O_WRONLY);

	CHECK(fd >= 0 && pwrite(fd, p, n, at) == (ssize_t)n);
	close(fd);
}

static void
copy_file(const char *from, const char *to)
{
	char command[512];

	snprintf(command, sizeof(command), "cp %s %s", in_folder(from),
	    in_folder(to));
	CHECK_INT(system(command), 0);
}

static void
compare_files(const char *a, const char *b)
{
	char command[512];

	snprintf(command, sizeof(command), "cmp %s %s", in_folder(a),
	    in_folder(b));
	CHECK_INT(system(command), 0);
}

static void
test_no_store(void)
{
	struct case_rtype *rt = test_type();
	struct case_error err = { 0 };
	struct case_store *st;
	struct stat sb;
	char junk[4096];

	memset(junk, 'j', sizeof(junk));
	make_file("junk.db", junk, sizeof(junk));
	for (int mode = 0; mode < 2; mode++) {
		enum case_store_mode m = (enum case_store_mode)mode;

		CHECK_INT(try_open("junk.db", m, &err), CASE_ESTORE);
		CHECK(strstr(err.what, "not a store") != NULL);
		CHECK_INT(try_open(".", m, &err), CASE_ESTORE);
		CHECK(try_open("none/x.db", m, &err) < 0);
	}
	CHECK_INT(try_open("none.db", CASE_STORE_READ, &err), CASE_ESTORE);
	make_file("empty.db", "", 0);
	CHECK_INT(try_open("empty.db", CASE_STORE_READ, &err), CASE_ESTORE);
	/* An empty file is a store not yet made. */
	CHECK_INT(try_open("empty.db", CASE_STORE_WRITE, &err), CASE_OK);
	CHECK_INT(chmod(in_folder("empty.db"), 0640), 0);
	if (geteuid() == 0)
		CHECK_INT(chown(in_folder("empty.db"), 12, 34), 0);
	st = open_store("empty.db", CASE_STORE_WRITE);
	CHECK_INT(IMPORT(st, rt, "A1|||||||||").rc, CASE_OK);
	CHECK_SOUND(st);
	case_store_close(st);
	/* What it allowed to whom is still so. */
	CHECK_INT(stat(in_folder("empty.db"), &sb), 0);
	CHECK_INT(sb.st_mode & 07777, 0640);
	if (geteuid() == 0) {
		CHECK_INT(sb.st_uid, 12);
		CHECK_INT(sb.st_gid, 34);
		CHECK_INT(chown(in_folder("empty.db"), 0, 0), 0);
	}
	CHECK_INT(try_open("empty.db", CASE_STORE_READ, &err), CASE_OK);
	/* Of another program, of the future, cut short. */
	copy_file("empty.db", "other.db");
	patch("other.db", 68, "\0\0\0\0", 4); /* application_id */
	patch("other.db", 18, "\1\1", 2);     /* not in WAL mode */
	copy_file("other.db", "same.db");
	CHECK_INT(try_open("other.db", CASE_STORE_WRITE, &err), CASE_ESTORE);
	CHECK(strstr(err.what, "another program") != NULL);
	CHECK_INT(try_open("other.db", CASE_STORE_READ, &err), CASE_ESTORE);
	compare_files("other.db", "same.db");
	copy_file("empty.db", "new.db");
	patch("new.db", 60, "\0\0\0\143", 4); /* user_version */
	CHECK_INT(try_open("new.db", CASE_STORE_READ, &err), CASE_ESTORE);
	CHECK(strstr(err.what, "newer") != NULL);
	CHECK_INT(try_open("new.db", CASE_STORE_WRITE, &err), CASE_ESTORE);
	copy_file("empty.db", "cut.db");
	CHECK_INT(truncate(in_folder("cut.db"), 30000), 0);
	CHECK_INT(try_open("cut.db", CASE_STORE_READ, &err), CASE_ESTORE);
	CHECK(strstr(err.what, "damaged") != NULL);
	CHECK_INT(try_open("cut.db", CASE_STORE_WRITE, &err), CASE_ESTORE);
	case_rtype_free(rt);
}

static void
test_links(void)
{
	struct case_error err = { 0 };
	struct stat sb;

	CHECK_INT(symlink("nowhere", in_folder("dangling.db")), 0);
	CHECK_INT(try_open("dangling.db", CASE_STORE_WRITE, &err), CASE_ESTORE);
	CHECK(strstr(err.what, "link to nothing") != NULL);
	CHECK_INT(symlink("empty.db", in_folder("link.db")), 0);
	CHECK_INT(try_open("link.db", CASE_STORE_READ, &err), CASE_OK);
	if (geteuid() == 0) {
		copy_file("empty.db", "theirs.db");
		CHECK_INT(chown(in_folder("theirs.db"), 65534, 65534), 0);
		CHECK_INT(symlink("theirs.db", in_folder("link2.db")), 0);
		CHECK_INT(try_open("link2.db", CASE_STORE_READ, &err),
		    CASE_ESTORE);
		CHECK(strstr(err.what, "another user's") != NULL);
	}
	/* A leftover lock that is a link is not followed. */
	CHECK_INT(symlink("victim", in_folder(".l.db.lock")), 0);
	CHECK_INT(try_open("l.db", CASE_STORE_WRITE, &err), CASE_EIO);
	CHECK_INT(stat(in_folder("victim"), &sb), -1);
}

/* Nothing but stores is left in the folder. */
static void
test_no_leftovers(void)
{
	char command[256];

	snprintf(command, sizeof(command),
	    "test -z \"$(ls -A %s | grep -E 'lock|\\.new\\.|-wal|-shm' |"
	    " grep -v '^\\.l\\.db')\"",
	    folder);
	CHECK_INT(system(command), 0);
}

/* --- several programs ---------------------------------------------------- */

static void
test_snapshot(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *w = open_store("i.db", CASE_STORE_WRITE), *r, *r2;
	struct case_error err = { 0 };

	IMPORT(w, rt, "A1||||1|||||");
	r = open_store("i.db", CASE_STORE_READ);
	IMPORT(w, rt, "A1||||2|||||", "A2|" UNIT "||||||||");
	CHECK_DUMP(r, "A1||||1.00||||| @1:2-0\n");
	CHECK_INT(case_store_revision(r), 1);
	r2 = open_store("i.db", CASE_STORE_READ);
	CHECK_INT(case_store_revision(r2), 2);
	/* A line of the log moves neither the snapshot nor the revision. */
	CHECK_INT(case_store_log(r, "unmask", "party_id: 复核", 5, &err),
	    CASE_OK);
	CHECK_INT(case_store_log(w, "unmask", "again", 6, &err), CASE_OK);
	CHECK_DUMP(r, "A1||||1.00||||| @1:2-0\n");
	CHECK_INT(case_store_add_type(r, rt, &err), CASE_ESTORE);
	CHECK_INT(case_store_undo(r, 1, 1, &err), CASE_ESTORE);
	case_store_close(r);
	case_store_close(r2);
	r = open_store("i.db", CASE_STORE_READ);
	CHECK_INT(case_store_revision(r), 2);
	CHECK_SOUND(r);
	case_store_close(r);
	CHECK_SOUND(w);
	case_store_close(w);
	case_rtype_free(rt);
}

static void
test_busy(void)
{
	const struct case_store_options patient = { .wait = 20 };
	struct case_store *st = open_store("i.db", CASE_STORE_WRITE), *second;
	struct case_error err = { 0 };
	pid_t pid;
	int status, pipes[2];
	char byte = 0;

	CHECK_INT(case_store_open(&second, in_folder("i.db"), CASE_STORE_WRITE,
		      NULL, &err),
	    CASE_EBUSY);
	CHECK(strstr(err.what, "is writing") != NULL);
	CHECK_INT(pipe(pipes), 0);
	if ((pid = fork()) == 0) {
		(void)!write(pipes[1], "x", 1);
		_exit(case_store_open(&second, in_folder("i.db"),
			  CASE_STORE_WRITE, &patient, &err) != CASE_OK);
	}
	CHECK_INT(read(pipes[0], &byte, 1), 1);
	usleep(60000);
	case_store_close(st);
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	close(pipes[0]);
	close(pipes[1]);
	/* It ended without closing: the lock went with it. */
	CHECK_INT(try_open("i.db", CASE_STORE_WRITE, &err), CASE_OK);
}

/* A child imports rows until it is killed; n > 0: it ends itself after n. */
static void
import_and_die(const char *name, int n, long delay)
{
	struct case_rtype *rt = test_type();
	struct case_error err;
	struct outcome o = { 0 };
	struct case_batch *b;
	struct case_batch_facts f = { .type = "case",
		.sha256 = "kk",
		.rows = 3000,
		.added = 3000 };
	char text[64];
	const char *row = text;
	struct rows r = { .row = &row, .row_n = 1 };
	pid_t pid = fork();
	int status;

	if (pid != 0) {
		if (delay > 0) {
			usleep((useconds_t)delay);
			kill(pid, SIGKILL);
		}
		waitpid(pid, &status, 0);
		case_rtype_free(rt);
		return;
	}
	struct case_store *st = open_store(name, CASE_STORE_WRITE);

	if (case_batch_begin(&b, st, rt, &f, NULL, &err) != CASE_OK)
		_exit(2);
	for (int i = 0; i < 3000; i++) {
		if (i == n && n > 0)
			_exit(1);
		snprintf(text, sizeof(text), "K%d|" UNIT "|||%d|||||", i, i);
		put_rows(b, st, rt, &r, &o);
	}
	_exit(case_batch_commit(b, &f, &err) != CASE_OK);
}

static int64_t
count_records(const char *name)
{
	struct case_store *st = open_store(name, CASE_STORE_WRITE);
	struct case_error err;
	int64_t n = -1;

	if (case_types_get(st, "case") == NULL)
		n = 0;
	else
		case_sql_number(st, &n, -1, &err,
		    "SELECT count(*) FROM rec_case");
	CHECK_SOUND(st);
	case_store_close(st);
	return n;
}

static void
test_killed(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st;
	int64_t n;

	/* A first load: no store comes of it. */
	import_and_die("k.db", 2000, 0);
	CHECK_INT(access(in_folder("k.db"), F_OK), -1);
	st = open_store("k.db", CASE_STORE_WRITE);
	IMPORT(st, rt, "A1|||||||||");
	case_store_close(st);
	import_and_die("k.db", 2000, 0);
	CHECK_INT(count_records("k.db"), 1);
	/* At any moment: before or after. */
	for (long delay = 500; delay < 60000; delay = delay * 3 / 2) {
		copy_file("k.db", "k2.db");
		import_and_die("k2.db", 0, delay);
		n = count_records("k2.db");
		CHECK(n == 1 || n == 3001);
		unlink(in_folder("k3.db"));
		import_and_die("k3.db", 0, delay);
		n = count_records("k3.db");
		CHECK(n == 0 || n == 3000);
	}
	case_rtype_free(rt);
}

/* Another user may read in a folder that he may not write. */
static void
test_frozen(void)
{
	struct case_error err = { 0 };
	struct case_store *st;
	pid_t pid;
	int status;

	if (geteuid() != 0)
		return;
	CHECK_INT(chmod(folder, 0755), 0);
	CHECK_INT(chmod(in_folder("k.db"), 0644), 0);
	if ((pid = fork()) == 0) {
		if (setgid(65534) != 0 || setuid(65534) != 0 ||
		    case_store_open(&st, in_folder("k.db"), CASE_STORE_READ,
			NULL, &err) != CASE_OK)
			_exit(2);
		if (!st->frozen || case_store_unchanged(st, &err) != CASE_OK)
			_exit(3);
		case_store_close(st);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	CHECK_INT(chmod(folder, 0700), 0);
}

/* --- raw copies ---------------------------------------------------------- */

static enum case_status
gather(void *arg, const void *p, size_t n, struct case_error *err)
{
	(void)err;
	case_buf_add(arg, p, n);
	return CASE_OK;
}

static enum case_status
see_version(void *arg, const struct case_version *v, struct case_error *err)
{
	struct case_buf *out = arg;

	(void)err;
	case_buf_addf(out, "%lld %s:%zu %.*s [%.*s]\n", (long long)v->batch,
	    v->file, v->line, (int)v->v[1].u.s.n, v->v[1].u.s.p, (int)v->raw.n,
	    v->raw.p);
	return CASE_OK;
}

static void
test_raw(void)
{
	static const char csv[] =
	    "case_no,unit\r\nA1,\"甲\n中队\"\r\nA2,乙\r\n";
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("r.db", CASE_STORE_WRITE);
	struct case_buf got = { 0 };
	struct case_error err = { 0 };
	struct case_input *in;
	struct rows r = { .row = (const char *[]){ "A1|甲\n中队||||||||" },
		.row_n = 1,
		.header = "[[\"case_no\",\"case_no\"],[\"unit\",\"unit\"]]" };
	char noise[20000];
	size_t n = 0;
	bool kept;

	make_file("raw.csv", csv, strlen(csv));
	CHECK_INT(case_input_open(&in, in_folder("raw.csv"), CASE_ENCODING_AUTO,
		      &err),
	    CASE_OK);
	r.raw = in;
	r.sha256 = case_input_facts(in)->sha256;
	CHECK_INT(import_rows(st, rt, &r).rc, CASE_OK);
	case_input_close(in);
	CHECK_INT(case_raw_read(st, 1, &kept, gather, &got, &err), CASE_OK);
	CHECK(kept);
	CHECK_STR(case_buf_str(&got), csv);
	case_buf_reset(&got);
	CHECK_INT(case_raw_read(st, 9, &kept, gather, &got, &err), CASE_OK);
	CHECK(!kept);
	/* In pieces, of bytes that do not shrink. */
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)(case_hash(&i, sizeof(i), 1) & 0x7f);
	for (size_t i = 0; i < sizeof(noise); i++)
		if (noise[i] < 32)
			noise[i] = 'x';
	make_file("noise.csv", noise, sizeof(noise));
	CHECK_INT(case_input_open(&in, in_folder("noise.csv"),
		      CASE_ENCODING_AUTO, &err),
	    CASE_OK);
	st->raw_piece = 6000;
	r.raw = in;
	r.sha256 = case_input_facts(in)->sha256;
	r.row = (const char *[]){ "A1|乙||||||||" };
	r.first_line = 1;
	CHECK_INT(import_rows(st, rt, &r).rc, CASE_OK);
	case_input_close(in);
	CHECK_INT(case_raw_read(st, 2, &kept, gather, &got, &err), CASE_OK);
	CHECK_INT(got.n, sizeof(noise));
	CHECK_INT(memcmp(got.p, noise, sizeof(noise)), 0);
	CHECK_SOUND(st);
	case_buf_reset(&got);
	CHECK_INT(case_store_trace(st, "case", "Ａ1", see_version, &got, &err),
	    CASE_OK);
	CHECK(strncmp(case_buf_str(&got),
		  "1 test.csv:2 甲\n中队 [A1,\"甲\n中队\"]\n"
		  "2 test.csv:1 乙 [",
		  50) == 0);
	CHECK_INT(case_store_trace(st, "case", "A9", see_version, &got, &err),
	    CASE_EUSAGE);
	CHECK_INT(case_store_trace(st, "item", "A9", see_version, &got, &err),
	    CASE_EUSAGE);
	/* What was kept of batches before a day goes; the log says so. */
	CHECK_INT(case_store_prune_raw(st, 1, &n, &err), CASE_OK);
	CHECK_INT(n, 0);
	CHECK_INT(case_store_prune_raw(st, 20000, &n, &err), CASE_OK);
	CHECK_INT(n, 2);
	CHECK_INT(case_raw_read(st, 2, &kept, gather, &got, &err), CASE_OK);
	CHECK(!kept);
	CHECK_SOUND(st);
	case_buf_free(&got);
	case_store_close(st);
	case_rtype_free(rt);
}

/* Bytes that are not those that were imported are never kept. */
static void
test_raw_changed(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("rc.db", CASE_STORE_WRITE);
	struct case_error err = { 0 };
	struct rows r = { .row = (const char *[]){ "A1|||||||||" },
		.row_n = 1 };

	make_file("rc.csv", "case_no\r\nA1\r\n", 13);
	CHECK_INT(case_input_open(&r.raw, in_folder("rc.csv"),
		      CASE_ENCODING_AUTO, &err),
	    CASE_OK);
	r.sha256 = case_input_facts(r.raw)->sha256;
	/* The same size, and in place. */
	make_file("rc.csv", "case_no\r\nA2\r\n", 13);
	CHECK_INT(import_rows(st, rt, &r).rc, CASE_EBUSY);
	CHECK_DUMP(st, "");
	case_input_close(r.raw);
	case_store_close(st);
	case_rtype_free(rt);
}

/* --- looking after ------------------------------------------------------- */

static void
test_backup(void)
{
	struct case_error err = { 0 };
	struct case_store *st = open_store("b.db", CASE_STORE_READ), *copy;
	char *one, *two;
	struct stat sb;

	CHECK_INT(case_store_backup(st, in_folder("copy.db"), &err), CASE_OK);
	CHECK_INT(case_store_backup(st, in_folder("copy.db"), &err),
	    CASE_EUSAGE);
	CHECK(case_store_backup(st, in_folder("no/copy.db"), &err) < 0);
	CHECK_INT(stat(in_folder("copy.db"), &sb), 0);
	CHECK_INT(sb.st_mode & 0777, 0600);
	copy = open_store("copy.db", CASE_STORE_WRITE);
	one = dump(st);
	two = dump(copy);
	CHECK_STR(two, one);
	CHECK_SOUND(copy);
	free(one);
	free(two);
	case_store_close(copy);
	case_store_close(st);
}

/* Flips one bit of the first place in a file where text stands. */
static bool
flip(const char *name, const char *text)
{
	char *p, *at;
	struct stat sb;
	bool found;
	int fd = open(in_folder(name), O_RDWR);

	CHECK(fd >= 0 && fstat(fd, &sb) == 0);
	p = malloc((size_t)sb.st_size);
	CHECK(read(fd, p, (size_t)sb.st_size) == sb.st_size);
	at = memmem(p, (size_t)sb.st_size, text, strlen(text));
	found = at != NULL;
	if (found) {
		*at ^= 1;
		CHECK_INT(pwrite(fd, at, 1, at - p), 1);
	}
	free(p);
	close(fd);
	return found;
}

static void
test_flips(void)
{
	static const char *const text[] = { "remark-text", "word-text",
		"extra-text", "reject-text", "test.csv", "案件编号", "log-text",
		"kept-text" };
	struct case_rtype *rt = test_type();
	struct case_error err = { 0 };
	struct case_store *st = open_store("m.db", CASE_STORE_WRITE);
	struct case_input *in;
	struct rows r = { .row =
			      (const char *[]){ "A1|word-text|||1||||remark-"
						"text|{\"k\":\"extra-text\"}",
				  "A1||||||||reject-text|" },
		.row_n = 2 };
	size_t n;

	make_file("kept.csv", "kept-text", 9);
	case_input_open(&in, in_folder("kept.csv"), CASE_ENCODING_AUTO, &err);
	r.raw = in;
	r.sha256 = case_input_facts(in)->sha256;
	CHECK_INT(import_rows(st, rt, &r).rejected, 1);
	case_input_close(in);
	CHECK_INT(case_store_log(st, "unmask", "log-text", 1, &err), CASE_OK);
	CHECK_SOUND(st);
	case_store_close(st);
	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++) {
		const struct case_store_options o = { 0 };
		enum case_status rc;

		copy_file("m.db", "n.db");
		CHECK(flip("n.db", text[i]));
		rc = case_store_open(&st, in_folder("n.db"), CASE_STORE_READ,
		    &o, &err);
		if (rc != CASE_OK)
			continue;
		n = 0;
		CHECK_INT(case_store_check(st, NULL, NULL, &n, &err), CASE_OK);
		if (n == 0)
			fprintf(stderr, "not found: %s\n", text[i]);
		CHECK(n > 0);
		case_store_close(st);
	}
	case_rtype_free(rt);
}

/* One bit anywhere: it is reported, or it changes nothing. */
static void
test_random_flips(void)
{
	const struct case_store_options o = { 0 };
	struct case_error err = { 0 };
	struct case_store *st = open_store("b.db", CASE_STORE_READ);
	char *want = dump(st), *got;
	struct stat sb;
	int silent = 0;

	case_store_close(st);
	CHECK_INT(stat(in_folder("b.db"), &sb), 0);
	for (uint64_t i = 0; i < FLIPS; i++) {
		uint64_t h = case_hash(&i, sizeof(i), 5);
		off_t at = (off_t)(h % (uint64_t)sb.st_size);
		size_t n = 0;
		char byte;
		int fd;

		copy_file("b.db", "flip.db");
		fd = open(in_folder("flip.db"), O_RDWR);
		CHECK_INT(pread(fd, &byte, 1, at), 1);
		byte = (char)(byte ^ (char)(1 << (h >> 60 & 7)));
		CHECK_INT(pwrite(fd, &byte, 1, at), 1);
		close(fd);
		if (case_store_open(&st, in_folder("flip.db"), CASE_STORE_READ,
			&o, &err) != CASE_OK)
			continue;
		CHECK_INT(case_store_check(st, NULL, NULL, &n, &err), CASE_OK);
		if (n == 0) {
			got = dump(st);
			CHECK_STR(got, want);
			free(got);
			silent++;
		}
		case_store_close(st);
	}
	CHECK(silent > 0); /* most of a page is free space */
	free(want);
}

int
main(void)
{
	make_folder();
	test_first_load();
	test_changes();
	test_repeats();
	test_two_identities();
	test_wider_keys();
	test_blanks();
	test_cleared();
	test_rollback();
	test_types();
	test_retyped();
	test_nameless();
	test_lists();
	test_said();
	test_no_store();
	test_links();
	test_snapshot();
	test_busy();
	test_raw();
	test_raw_changed();
	test_backup();
	test_flips();
	test_random_flips();
	test_no_leftovers();
	test_killed();
	test_frozen();
	remove_folder();
	TEST_END();
}
