/* test_again.c - an export that comes again: the short ways end as the long one
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <stdbool.h>

#include "case/text.h"
#include "lib/store/batch.h"
#include "tests/unit/store.h"

static unsigned
pick(unsigned n)
{
	static uint64_t state;

	state++;
	return (unsigned)(case_hash(&state, sizeof(state), 29) % n);
}

/*
 * How records are found: as always; without the guess that they come in
 * order, by indexes or in memory; with all switches; by comparing every value.
 */
enum way { ALL_WAYS, NO_GUESS, MEMORY, SWITCHES, NO_HASH, WAYS };

enum { ROUNDS = 30, BATCHES = 7, CASES = 40, MOST = 3 * CASES, ROW = 200 };

/* An export that changes from month to month. */
struct export
{
	char row[MOST][ROW];
	size_t n;
	unsigned next; /* number of a new case */
	struct case_batch_options o;
	const char *header;
};

/* --- exports ------------------------------------------------------------- */

static void
random_row(char *out, unsigned i)
{
	static const char *const number[] = { "", "-", "1", "2", "!" };
	static const char *const extra[] = { "", "", "", "{\"k\":\"1\"}",
		"{\"k\":\"2\"}", "{\"fine!\":\"x\"}" };
	static const char *const blank[] = { "", "", "", "{\"k\":null}" };
	char decision[64] = "", name[16] = "";

	if (pick(3) > 0)
		snprintf(decision, sizeof(decision), "甲〔2023〕%u号", i);
	if (*decision == '\0' || pick(8) > 0)
		snprintf(name, sizeof(name), "A%u", i);
	snprintf(out, ROW, "%s|%s|2023-01-%02u|%s|%s||%s||%s|%s|%s", name,
	    pick(2) ? "城中中队" : "", 1 + pick(28), decision, number[pick(5)],
	    pick(2) ? "simple" : "", pick(4) ? "" : "r", extra[pick(6)],
	    blank[pick(4)]);
}

static void
insert(struct export *e, size_t at, const char *row)
{
	if (e->n == MOST)
		return;
	memmove(e->row[at + 1], e->row[at], (e->n - at) * ROW);
	memcpy(e->row[at], row, ROW);
	e->n++;
}

static void
leave_out(struct export *e, size_t at)
{
	e->n--;
	memmove(e->row[at], e->row[at + 1], (e->n - at) * ROW);
}

static void
swap(struct export *e, size_t a, size_t b)
{
	char row[ROW];

	memcpy(row, e->row[a], ROW);
	memcpy(e->row[a], e->row[b], ROW);
	memcpy(e->row[b], row, ROW);
}

/* A row with the case number of one case and the document's of another. */
static void
cross(struct export *e, size_t a, size_t b)
{
	unsigned one, two;
	char row[ROW] = "";

	if (sscanf(e->row[a], "A%u", &one) != 1 ||
	    sscanf(e->row[b], "A%u", &two) != 1)
		return;
	snprintf(row, ROW, "A%u|||甲〔2023〕%u号|7", one, two);
	insert(e, a, row);
}

static void
random_change(struct export *e)
{
	size_t a = pick((unsigned)e->n), b = pick((unsigned)e->n);
	char row[ROW] = "";
	unsigned i;

	switch (pick(7)) {
	case 0: /* a case says something else */
		if (sscanf(e->row[a], "A%u", &i) == 1)
			random_row(e->row[a], i);
		break;
	case 1:
		random_row(row, e->next++);
		insert(e, pick(2) ? a : e->n, row);
		break;
	case 2:
		if (e->n > CASES / 2)
			leave_out(e, a);
		break;
	case 3: /* twice in a file */
		memcpy(row, e->row[a], ROW);
		insert(e, b, row);
		break;
	case 4:
		cross(e, a, b);
		break;
	case 5:
		swap(e, a, b);
		break;
	case 6: /* what stood first comes last */
		for (i = pick(4) ? 0 : (unsigned)b; i > 0; i--) {
			memcpy(row, e->row[0], ROW);
			leave_out(e, 0);
			insert(e, e->n, row);
		}
		break;
	}
}

static void
first_export(struct export *e)
{
	e->next = 1;
	for (e->n = 0; e->n < CASES; e->n++)
		random_row(e->row[e->n], e->next++);
}

static void
next_export(struct export *e)
{
	static const char *const header[] = { "[\"a\",\"b\"]",
		"[\"c\",\"d\"]" };

	for (unsigned i = pick(3) ? pick(8) : 0; i > 0; i--)
		random_change(e);
	e->header = header[pick(5) == 0];
	e->o = (struct case_batch_options){
		.on_conflict = (enum case_on_conflict)pick(3),
		.blank_overwrites = pick(4) == 0,
		.key_content = pick(8) == 0,
	};
	if (pick(8) == 0 && !e->o.key_content)
		e->o.key = (struct case_key){ { 0, 1 }, 2, false };
}

/* --- one way ------------------------------------------------------------- */

static void
put_row(struct case_batch *b, struct case_store *st,
    const struct case_rtype *rt, const char *row, size_t line, enum way way,
    struct case_batch_facts *f, struct case_buf *said)
{
	struct case_value v[FIELD_N];
	struct case_record_digest d;
	struct case_record rec = { .line = line };
	struct case_error err = { 0 };
	const char *reason;
	char text[ROW];
	enum case_put put;

	snprintf(text, sizeof(text), "%s", row);
	read_row(st, rt, text, &rec, v);
	if (way == NO_HASH) {
		static struct case_buf room;

		CHECK_INT(case_batch_digest(b, &rec, &room, &d, &err), CASE_OK);
		case_buf_free(&room);
		/* So no hash is taken for the record. */
		d.raw = true;
		rec.digest = &d;
	}
	CHECK_INT(case_batch_put(b, &rec, &put, &reason, &err), CASE_OK);
	f->rows++;
	*(put == CASE_PUT_NEW		? &f->added
	    : put == CASE_PUT_CHANGED	? &f->changed
	    : put == CASE_PUT_UNCHANGED ? &f->unchanged
					: &f->rejected) += 1;
	case_buf_addf(said, "%zu: %d %s\n", line, (int)put,
	    put == CASE_PUT_REJECTED ? reason : "");
	if (put == CASE_PUT_REJECTED)
		CHECK_INT(case_batch_reject(b, line, -1,
			      (struct case_str){ "", 0 }, reason,
			      (struct case_str){ row, strlen(row) }, &err),
		    CASE_OK);
}

static void
import(struct case_store *st, const struct case_rtype *rt,
    const struct export *e, enum way way, struct case_buf *said)
{
	struct case_batch_facts f = { .type = "case",
		.file = "e.csv",
		.sha256 = "00",
		.encoding = "UTF-8",
		.header = e->header,
		.time = 1700000000 };
	struct case_error err = { 0 };
	struct case_batch *b;

	if (case_batch_begin(&b, st, rt, &f, &e->o, &err) != CASE_OK) {
		fprintf(stderr, "begin: %s\n", err.what);
		exit(1);
	}
	if (way == NO_GUESS || way == MEMORY)
		case_follow_close(&b->follow);
	/* So soon that a small file makes the switches. */
	if (way == MEMORY || way == SWITCHES)
		b->many = 3;
	for (size_t i = 0; i < e->n; i++)
		put_row(b, st, rt, e->row[i], i + 2, way, &f, said);
	CHECK_INT(case_batch_commit(b, &f, &err), CASE_OK);
}

/* Everything that an import writes, row by row. */
static uint64_t
hash_store(struct case_store *st)
{
	static const char *const table[] = { "\"rec_case\" ORDER BY _id",
		"\"hist_case\" ORDER BY _record, _until",
		"seen ORDER BY batch, seq", "conflict ORDER BY id",
		"reject ORDER BY rowid", "word ORDER BY id" };
	struct case_error err = { 0 };
	struct case_sql *q;
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		if (case_sql_prepare(&q, st, &err, "SELECT * FROM %s",
			table[i]) != CASE_OK) {
			fprintf(stderr, "%s: %s\n", table[i], err.what);
			exit(1);
		}
		while (case_sql_step(q, &err) == CASE_OK)
			sum = case_sql_hash(q, 0, sum);
		case_sql_free(q);
	}
	return sum;
}

/* --- all ways ------------------------------------------------------------ */

static bool
same_stores(struct case_store **st, struct case_buf *said)
{
	uint64_t want = hash_store(st[0]);
	bool same = true;

	for (int w = 1; w < WAYS; w++) {
		CHECK_STR(case_buf_str(&said[w]), case_buf_str(&said[0]));
		CHECK(hash_store(st[w]) == want);
		same = same && hash_store(st[w]) == want;
	}
	return same;
}

static void
undo_alike(struct case_store **st)
{
	struct case_error err[WAYS];
	enum case_status rc[WAYS];
	int64_t batch = 1 + pick(BATCHES);

	for (int w = 0; w < WAYS; w++) {
		err[w].what[0] = 0;
		rc[w] = case_store_undo(st[w], batch, 9, &err[w]);
		CHECK_INT(rc[w], rc[0]);
		CHECK_STR(err[w].what, err[0].what);
		CHECK(hash_store(st[w]) == hash_store(st[0]));
		CHECK_SOUND(st[w]);
	}
}

static void
test_random(void)
{
	struct case_rtype *rt = test_type();
	static struct export e;

	for (int round = 0; round < ROUNDS && test_failed == 0; round++) {
		struct case_buf said[WAYS] = { { 0 } };
		struct case_store *st[WAYS];

		first_export(&e);
		for (int w = 0; w < WAYS; w++)
			st[w] = open_store(NULL, CASE_STORE_PRIVATE);
		for (int b = 0; b < BATCHES && test_failed == 0; b++) {
			next_export(&e);
			for (int w = 0; w < WAYS; w++)
				import(st[w], rt, &e, (enum way)w, &said[w]);
			if (!same_stores(st, said))
				fprintf(stderr, "round %d, batch %d\n", round,
				    b + 1);
		}
		for (int i = 0; i < 3; i++)
			undo_alike(st);
		for (int w = 0; w < WAYS; w++) {
			case_store_close(st[w]);
			case_buf_free(&said[w]);
		}
	}
	case_rtype_free(rt);
}

/* Of a batch that is put together by hand. */
static struct case_batch_facts
own_facts(void)
{
	return (struct case_batch_facts){ .type = "case",
		.file = "e.csv",
		.sha256 = "01",
		.encoding = "UTF-8",
		.header = "[]",
		.time = 1700000000 };
}

/* What comes in order is met without a look at an index, but for the first. */
static void
test_in_order(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("order.db", CASE_STORE_WRITE);
	struct case_batch_facts f = own_facts();
	struct case_error err = { 0 };
	struct case_buf said = { 0 };
	struct case_batch *b;
	char row[ROW] = "";

	IMPORT(st, rt, "A1||||1|||||", "A2||||2|||||", "A3||||3|||||",
	    "A4||||4|||||", "A5||||5|||||");
	CHECK_INT(case_batch_begin(&b, st, rt, &f, NULL, &err), CASE_OK);
	for (unsigned i = 1; i <= 5; i++) {
		CHECK_INT(b->follow.at, i == 1 ? 0 : i);
		snprintf(row, ROW, "A%u||||%u", i, i == 3 ? 9 : i);
		put_row(b, st, rt, row, i + 1, ALL_WAYS, &f, &said);
		CHECK_INT(b->looked, i == 3);
		CHECK_INT(b->quick_n, 1);
	}
	/* Behind the last there is none; one that was met is not guessed. */
	CHECK_INT(b->follow.at, 0);
	for (unsigned i = 1; i <= 5; i++) {
		snprintf(row, ROW, "A%u||||%u", i, i == 3 ? 9 : i);
		put_row(b, st, rt, row, i + 6, ALL_WAYS, &f, &said);
	}
	CHECK_STR(case_buf_str(&said), "2: 2 \n3: 2 \n4: 1 \n5: 2 \n6: 2 \n"
				       "7: 2 \n8: 2 \n9: 2 \n10: 2 \n11: 2 \n");
	CHECK_INT(case_batch_commit(b, &f, &err), CASE_OK);
	CHECK_SOUND(st);
	case_buf_free(&said);
	case_store_close(st);
	case_rtype_free(rt);
}

/* A field that no record had gives the table a column in the middle. */
static void
test_new_column(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("column.db", CASE_STORE_WRITE);
	struct case_batch_facts f = own_facts();
	struct case_error err = { 0 };
	struct case_buf said = { 0 };
	struct case_batch *b;
	char row[ROW] = "";

	IMPORT(st, rt, "A1||||1|||||", "A2||||2|||||", "A3||||3|||||",
	    "A4||||4|||||", "A5||||5|||||", "A6||||6|||||");
	CHECK_INT(case_batch_begin(&b, st, rt, &f, NULL, &err), CASE_OK);
	for (unsigned i = 1; i <= 6; i++) {
		CHECK_INT(b->follow.at, i == 1 ? 0 : i);
		snprintf(row, ROW, "A%u||||%u|%s|||%s", i, i,
		    i == 3 ? "1.5" : "", i == 5 ? "r" : "");
		put_row(b, st, rt, row, i + 1, ALL_WAYS, &f, &said);
	}
	CHECK_STR(case_buf_str(&said),
	    "2: 2 \n3: 2 \n4: 1 \n5: 2 \n6: 1 \n7: 2 \n");
	CHECK_INT(case_batch_commit(b, &f, &err), CASE_OK);
	CHECK_DUMP(st, "A1||||1.00||||| @1:2-0\nA2||||2.00||||| @1:3-0\n"
		       "A3||||3.00|1.5|||| @2:4-0\n"
		       "A3||||3.00||||| @1:4-2\nA4||||4.00||||| @1:5-0\n"
		       "A5||||5.00||||r| @2:6-0\n"
		       "A5||||5.00||||| @1:6-2\nA6||||6.00||||| @1:7-0\n");
	CHECK_SOUND(st);
	case_buf_free(&said);
	case_store_close(st);
	case_rtype_free(rt);
}

/* What comes in another order is met in memory, once that is worth it. */
static void
test_mixed(bool new_ones)
{
	struct case_rtype *rt = test_type();
	struct case_store *st =
	    open_store(new_ones ? "new.db" : "mixed.db", CASE_STORE_WRITE);
	struct case_batch_facts f = own_facts();
	struct case_error err = { 0 };
	struct case_buf said = { 0 };
	struct case_batch *b;
	char row[ROW] = "";

	IMPORT(st, rt, "A1||||1|||||", "A2||||2|||||", "A3||||3|||||",
	    "A4||||4|||||", "A5||||5|||||", "A6||||6|||||");
	CHECK_INT(case_batch_begin(&b, st, rt, &f, NULL, &err), CASE_OK);
	b->many = 3;
	for (unsigned i = 7; new_ones && i < 10; i++) {
		snprintf(row, ROW, "A%u||||%u", i, i);
		put_row(b, st, rt, row, i, ALL_WAYS, &f, &said);
	}
	for (unsigned i = 6; i > 0; i--) {
		CHECK(i > 2 || b->memory.hash != NULL);
		snprintf(row, ROW, "A%u||||%u", i, i == 2 ? 9 : i);
		put_row(b, st, rt, row, 16 - i, ALL_WAYS, &f, &said);
		CHECK_INT(b->looked, i == 2);
	}
	CHECK_INT(b->quick_n, 3);
	CHECK_INT(b->keys != NULL, new_ones);
	CHECK_INT(b->memory.keys == NULL, new_ones);
	/* Both what was stored and what is now were said of a line before. */
	put_row(b, st, rt, "A2||||9|||||", 17, ALL_WAYS, &f, &said);
	put_row(b, st, rt, "A2||||2|||||", 18, ALL_WAYS, &f, &said);
	CHECK_INT(f.unchanged, 6);
	CHECK_INT(f.changed, 1);
	CHECK_INT(f.rejected, 1);
	CHECK(strstr(case_buf_str(&said),
		  "18: 3 the same 案件编号 as line 14, with other content") !=
	      NULL);
	CHECK_INT(case_batch_commit(b, &f, &err), CASE_OK);
	CHECK_SOUND(st);
	case_buf_free(&said);
	case_store_close(st);
	case_rtype_free(rt);
}

/* Begins a batch in which a few records make the switch to memory. */
static struct case_batch *
begin_again(struct case_store *st, const struct case_rtype *rt,
    const struct case_batch_options *o)
{
	struct case_batch_facts f = own_facts();
	struct case_error err = { 0 };
	struct case_batch *b;

	if (case_batch_begin(&b, st, rt, &f, o, &err) != CASE_OK) {
		fprintf(stderr, "begin: %s\n", err.what);
		exit(1);
	}
	b->many = 3;
	return b;
}

static void
end_again(struct case_batch *b, struct case_batch_facts *f)
{
	struct case_error err = { 0 };

	CHECK_INT(case_batch_commit(b, f, &err), CASE_OK);
	CHECK_STR(err.what, "");
}

/*
 * A record that a line has changed may come again as it was: it is looked for
 * anew, for what is known of it is of before. memory: known by that; else it
 * is the one that follows.
 */
static void
test_spoken_of(bool memory)
{
	static const char *const row[] = { "|||甲〔2023〕3号|9", "A1||||1",
		"A2||||2", "|||甲〔2023〕3号|3", "A4|||甲〔2023〕5号|4",
		"A9|||甲〔2023〕4号|9", "A4|||甲〔2023〕4号|4" };
	struct case_rtype *rt = test_type();
	struct case_store *st =
	    open_store(memory ? "said1.db" : "said0.db", CASE_STORE_WRITE);
	struct case_batch_facts f = own_facts();
	struct case_buf said = { 0 };
	struct case_batch *b;

	IMPORT(st, rt, "A1||||1|||||", "A2||||2|||||",
	    "|||甲〔2023〕3号|3|||||", "A4|||甲〔2023〕4号|4|||||");
	b = begin_again(st, rt, NULL);
	if (memory) {
		struct case_error err = { 0 };

		case_follow_close(&b->follow);
		CHECK_INT(case_batch_load_hashes(b, &err), CASE_OK);
	}
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++)
		put_row(b, st, rt, row[i], i + 2, ALL_WAYS, &f, &said);
	CHECK_STR(case_buf_str(&said),
	    "2: 1 \n3: 2 \n4: 2 \n"
	    "5: 3 the same 决定书文号 as line 2, with other content\n"
	    "6: 1 \n7: 0 \n"
	    "8: 3 two records are met: 案件编号 'A4' is that of batch 2, "
	    "line 6, and 决定书文号 '甲〔2023〕4号' that of batch 2, line 7\n");
	end_again(b, &f);
	CHECK_SOUND(st);
	case_buf_free(&said);
	case_store_close(st);
	case_rtype_free(rt);
}

/* A record of a wider key that says the same is another one. */
static void
test_wide_between(bool memory)
{
	const struct case_batch_options wide = { .key = { { 0, 1 }, 2,
						     false } };
	static const char *const row[] = { "A1|甲|||1", "A2|甲|||2",
		"A3|甲|||3", "A4|甲|||4" };
	struct case_rtype *rt = test_type();
	struct case_store *st =
	    open_store(memory ? "between1.db" : "between0.db",
		CASE_STORE_WRITE);
	struct case_batch_facts f[4] = { own_facts(), own_facts(), own_facts(),
		own_facts() };
	struct case_buf said = { 0 };
	struct case_error err = { 0 };
	struct case_batch *b;

	/* 1 and 3 by the narrow keys, 2 and 4 by the wider; then by others. */
	for (size_t i = 0; i < 4; i++) {
		b = begin_again(st, rt, i % 2 ? &wide : NULL);
		if (i < 2) {
			put_row(b, st, rt, row[i], 2, ALL_WAYS, &f[i], &said);
			put_row(b, st, rt, row[i + 2], 3, ALL_WAYS, &f[i],
			    &said);
			end_again(b, &f[i]);
			continue;
		}
		if (memory) {
			case_follow_close(&b->follow);
			CHECK_INT(case_batch_load_hashes(b, &err), CASE_OK);
		}
		for (size_t r = 0; r < 4; r++)
			put_row(b, st, rt, row[r], r + 2, ALL_WAYS, &f[i],
			    &said);
		end_again(b, &f[i]);
	}
	CHECK_STR(case_buf_str(&said), "2: 0 \n3: 0 \n2: 0 \n3: 0 \n"
				       "2: 2 \n3: 0 \n4: 2 \n5: 0 \n"
				       "2: 0 \n3: 2 \n4: 0 \n5: 2 \n");
	CHECK_SOUND(st);
	case_buf_free(&said);
	case_store_close(st);
	case_rtype_free(rt);
}

/* Tags are half of a hash: what is met in memory has all of the wider key. */
static void
test_wide_tags(void)
{
	const struct case_batch_options wide = { .key = { { 0, 1 }, 2,
						     false } };
	struct case_record_digest d[3] = { { .content = 7 }, { .content = 7 },
		{ .content = 7 } };
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("tags.db", CASE_STORE_WRITE);
	struct case_batch_facts f = own_facts();
	struct case_known m = { 0 };
	struct case_error err = { 0 };
	struct case_value v[FIELD_N];
	struct case_record rec = { .line = 2 };
	const char *reason;
	struct case_batch *b;
	enum case_put put;
	char row[] = "A1|甲|||1";

	IMPORT(st, rt, "B1||||1|||||");
	b = begin_again(st, rt, &wide);
	read_row(st, rt, row, &rec, v);
	for (int i = 0; i < 3; i++) {
		d[i].id[CASE_ID_WIDE] = INT64_C(0x1234567800000000) + i + 1;
		d[i].present[0] = 0x13;
		rec.digest = &d[i];
		CHECK_INT(case_batch_put(b, &rec, &put, &reason, &err),
		    CASE_OK);
		CHECK_INT(put, CASE_PUT_NEW);
	}
	f.rows = f.added = 3;
	end_again(b, &f);
	b = begin_again(st, rt, &wide);
	CHECK_INT(case_known_load(&m, &b->c, b->first_id, true, &err), CASE_OK);
	for (int i = 0; i < 3; i++)
		CHECK_INT(case_known_find(&m, m.keys, &b->c, &d[i]), i + 2);
	d[0].content = 70;
	CHECK_INT(case_known_find(&m, m.keys, &b->c, &d[0]), 0);
	case_known_free(&m);
	case_batch_rollback(b);
	case_store_close(st);
	case_rtype_free(rt);
}

/*
 * In a bulk load tags alone are looked up: records whose tags are equal by
 * chance are told apart by all of the key, or of the content.
 */
static void
test_equal_tags(const struct case_batch_options *o)
{
	static const char *const row[] = { "A1|甲||乙〔2023〕1号|1",
		"A2|甲||乙〔2023〕2号|1", "A3|甲||乙〔2023〕3号|1" };
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store(NULL, CASE_STORE_PRIVATE);
	struct case_batch *b = begin_again(st, rt, o);
	struct case_buf room = { 0 };
	struct case_error err = { 0 };

	CHECK(b->bulk);
	for (size_t i = 0; i < 6; i++) {
		struct case_record_digest d;
		struct case_value v[FIELD_N];
		struct case_record rec = { .line = i + 2 };
		const char *reason;
		char text[ROW];
		enum case_put put;

		snprintf(text, sizeof(text), "%s", row[i % 3]);
		read_row(st, rt, text, &rec, v);
		CHECK_INT(case_batch_digest(b, &rec, &room, &d, &err), CASE_OK);
		for (int k = 0; k < CASE_IDS; k++)
			if (d.id[k] != 0)
				d.id[k] = (d.id[k] & UINT32_MAX) |
					  INT64_C(0x12345678) << 32;
		rec.digest = &d;
		CHECK_INT(case_batch_put(b, &rec, &put, &reason, &err),
		    CASE_OK);
		CHECK_INT(put, i < 3 ? CASE_PUT_NEW : CASE_PUT_UNCHANGED);
	}
	case_buf_free(&room);
	case_batch_rollback(b);
	case_store_close(st);
	case_rtype_free(rt);
}

int
main(void)
{
	make_folder();
	test_in_order();
	test_new_column();
	test_mixed(false);
	test_mixed(true);
	test_spoken_of(false);
	test_spoken_of(true);
	test_wide_between(false);
	test_wide_between(true);
	test_wide_tags();
	test_equal_tags(NULL);
	test_equal_tags(&(struct case_batch_options){ .key_content = true });
	test_equal_tags(
	    &(struct case_batch_options){ .key = { { 0, 1 }, 2, false } });
	test_random();
	remove_folder();
	TEST_END();
}
