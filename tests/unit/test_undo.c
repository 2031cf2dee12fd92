/* test_undo.c - a batch taken back leaves the store as if it never came */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <stdbool.h>

#include "case/text.h"
#include "tests/unit/store.h"

#define UNIT "城中中队"

static void
test_simple(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("a.db", CASE_STORE_WRITE);
	struct case_error err = { 0 };
	char *before;

	IMPORT(st, rt, "A1|" UNIT "|||1|||||", "A2||||2|||||");
	before = dump(st);
	IMPORT(st, rt, "A1|||甲〔2023〕1号|9||||r|{\"k\":\"1\"}", "A3|||||||||",
	    "A2||||2|||||");
	CHECK_INT(case_store_undo(st, 7, 5, &err), CASE_EUSAGE);
	CHECK_INT(case_store_undo(st, 1, 5, &err), CASE_EUSAGE);
	CHECK_STR(err.what,
	    "batch 1 can't be taken back: its records were changed or relied "
	    "on by later batches: 2; take those back first");
	CHECK_INT(case_store_undo(st, 2, 5, &err), CASE_OK);
	CHECK_DUMP(st, before);
	CHECK_INT(case_store_undo(st, 2, 5, &err), CASE_EUSAGE);
	CHECK_INT(case_store_revision(st), 3);
	CHECK_SOUND(st);
	/* The same rows once more. */
	CHECK_INT(IMPORT(st, rt, "A1||||1|||||", "A3|||||||||").added, 1);
	CHECK_INT(case_store_undo(st, 3, 5, &err), CASE_OK);
	CHECK_INT(case_store_undo(st, 1, 5, &err), CASE_OK);
	CHECK_DUMP(st, "");
	CHECK_SOUND(st);
	CHECK_INT(IMPORT(st, rt, "A1||||1|||||").added, 1);
	CHECK_SOUND(st);
	free(before);
	case_store_close(st);
	case_rtype_free(rt);
}

/* What a later batch said too stays, as what that batch said. */
static void
test_seen(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("b.db", CASE_STORE_WRITE);
	struct case_error err = { 0 };
	struct outcome o;

	IMPORT(st, rt, "A1||||1||||r|", "A2||||1|||||", "A3|||||||||");
	o = IMPORT(st, rt, "A2||||1|||||", "A1||||1|||||");
	CHECK_INT(o.unchanged, 2);
	IMPORT(st, rt, "A1||||1||||r|");
	CHECK_INT(case_store_undo(st, 1, 5, &err), CASE_OK);
	CHECK_DUMP(st, "A1||||1.00||||r| @3:2-0\n"
		       "A1||||1.00||||| @2:3-3\n"
		       "A2||||1.00||||| @2:2-0\n");
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

/* A number that was given back may not be another's by now. */
static void
test_taken(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("c.db", CASE_STORE_WRITE);
	struct case_error err = { 0 };
	char *before;

	IMPORT(st, rt, "A1|||甲〔2023〕1号||||||");
	IMPORT(st, rt, "A1|||甲〔2023〕2号||||||");
	IMPORT(st, rt, "B1|||甲〔2023〕1号||||||");
	before = dump(st);
	CHECK_INT(case_store_undo(st, 2, 5, &err), CASE_EUSAGE);
	CHECK(strstr(err.what, "batches: 3;") != NULL);
	CHECK_DUMP(st, before);
	free(before);
	CHECK_INT(case_store_undo(st, 3, 5, &err), CASE_OK);
	CHECK_INT(case_store_undo(st, 2, 5, &err), CASE_OK);
	CHECK_DUMP(st, "A1|||甲〔2023〕1号|||||| @1:2-0\n");
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

/* Rows that only the batch kept out may come in with the same bytes. */
static void
test_stale(void)
{
	static const char *const good[] = { "A1||||1|||||" };
	static const char *const both[] = { "A1|||甲〔2023〕1号||||||",
		"B1||||2|||||" };
	const struct rows one = { .row = good, .row_n = 1, .sha256 = "01" };
	const struct rows two = { .row = both, .row_n = 2, .sha256 = "02" };
	const struct case_batch_facts f1 = { .type = "case", .sha256 = "01" };
	const struct case_batch_facts f2 = { .type = "case", .sha256 = "02" };
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("e.db", CASE_STORE_WRITE);
	struct case_error err = { 0 };
	int64_t same;

	CHECK_INT(import_rows(st, rt, &one).rejected, 0);
	IMPORT(st, rt, "|||甲〔2023〕1号||||||");
	CHECK_INT(import_rows(st, rt, &two).rejected, 1);
	CHECK_INT(case_store_same(st, &f2, &same, &err), CASE_OK);
	CHECK_INT(same, 3);
	CHECK_INT(case_store_undo(st, 2, 5, &err), CASE_OK);
	CHECK_INT(case_store_same(st, &f2, &same, &err), CASE_OK);
	CHECK_INT(same, 0);
	CHECK_INT(case_store_same(st, &f1, &same, &err), CASE_OK);
	CHECK_INT(same, 1);
	CHECK_SOUND(st);
	CHECK_INT(import_rows(st, rt, &two).changed, 1);
	CHECK_INT(case_store_same(st, &f2, &same, &err), CASE_OK);
	CHECK_INT(same, 4);
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

static void
test_wide(void)
{
	struct case_rtype *rt = test_type();
	struct case_store *st = open_store("d.db", CASE_STORE_WRITE);
	struct case_error err = { 0 };
	struct rows r = { .row = (const char *[]){ "A1|甲|||1|||||",
			      "A1|乙|||2|||||" },
		.row_n = 2,
		.o = { .key = { { 0, 1 }, 2 } } };

	import_rows(st, rt, &r);
	r.row_n = 1;
	import_rows(st, rt, &r);
	r.row = (const char *[]){ "A1|乙|||3|||||" };
	import_rows(st, rt, &r);
	CHECK_INT(case_store_undo(st, 1, 5, &err), CASE_EUSAGE);
	CHECK_INT(case_store_undo(st, 3, 5, &err), CASE_OK);
	CHECK_INT(case_store_undo(st, 1, 5, &err), CASE_OK);
	CHECK_DUMP(st, "A1|甲|||1.00||||| @2:2-0\n");
	CHECK_SOUND(st);
	case_store_close(st);
	case_rtype_free(rt);
}

/* --- against a store that never had the batch ---------------------------- */

static uint64_t state;

static unsigned
pick(unsigned n)
{
	state++;
	return (unsigned)(case_hash(&state, sizeof(state), 11) % n);
}

enum { ROUNDS = 150, BATCHES = 6, CASES = 6, ROW = 200 };

struct history {
	char row[BATCHES][CASES][ROW];
	const char *p[BATCHES][CASES];
	size_t n[BATCHES];
	bool blank[BATCHES];
	bool wide[BATCHES];
};

static void
random_row(char *out, unsigned i, bool wide)
{
	static const char *const extra[] = { "", "", "{\"k\":\"1\"}",
		"{\"m\":\"1\"}", "{\"k\":\"2\",\"m\":\"1\"}",
		"{\"fine!\":\"x\"}" };
	static const char *const number[] = { "", "-", "1", "2", "!" };
	static const char *const none[] = { "", "-", "!" };
	static const char *const blank[] = { "", "", "{\"k\":null}",
		"{\"m\":null,\"k\":null}" };
	char decision[64], name[16] = "";
	unsigned d = pick(4) == 0 ? 0 : 1 + i % 2; /* one writing a case */

	snprintf(decision, sizeof(decision), "%s", "");
	if (d == 1)
		snprintf(decision, sizeof(decision), "甲〔2023〕%u号", i + 1);
	else if (d == 2)
		snprintf(decision, sizeof(decision), "甲[2023]第00%u号", i + 1);
	if (d == 0 || pick(4) > 0 || wide)
		snprintf(name, sizeof(name), "A%u", i);
	snprintf(out, ROW, "%s|%s||%s|%s|||%s|%s|%s|%s", name,
	    pick(2) || wide ? UNIT : none[pick(2)], decision, number[pick(5)],
	    pick(4) ? none[pick(2)] : "1", pick(3) ? none[pick(3)] : "r",
	    extra[pick(6)], blank[pick(4)]);
}

/* A case is mostly told as it was told before. */
static void
random_history(struct history *h)
{
	static char last[2][CASES][ROW];

	memset(last, 0, sizeof(last));
	for (size_t b = 0; b < BATCHES; b++) {
		h->n[b] = 0;
		h->blank[b] = pick(5) == 0;
		h->wide[b] = pick(8) == 0;
		for (unsigned i = 0; i < CASES; i++) {
			char *was = last[h->wide[b]][i];
			char *row = h->row[b][h->n[b]];

			if (pick(2) == 0)
				continue;
			if (*was == '\0' || pick(4) == 0)
				random_row(was, i, h->wide[b]);
			memcpy(row, was, ROW);
			h->p[b][h->n[b]++] = row;
		}
	}
}

static struct case_store *
play(const struct case_rtype *rt, const struct history *h, int without,
    int64_t *rejected)
{
	struct case_store *st = open_store(NULL, CASE_STORE_PRIVATE);

	for (int b = 0; b < BATCHES; b++) {
		struct rows r = { .row = h->p[b],
			.row_n = b == without ? 0 : h->n[b],
			.o = { .blank_overwrites = h->blank[b] } };
		struct outcome o;

		if (h->wide[b])
			r.o.key = (struct case_key){ { 0, 1 }, 2, false };
		o = import_rows(st, rt, &r);
		if (o.rc != CASE_OK)
			fprintf(stderr, "play: %s\n", o.err.what);
		*rejected += o.rejected;
	}
	return st;
}

static void
compare(struct case_store *st, struct case_store *never,
    const struct history *h, int n, int round)
{
	char *got = dump(st), *want = dump(never);

	CHECK_STR(got, want);
	if (strcmp(got, want) != 0)
		for (int b = 0; b < BATCHES; b++)
			for (size_t i = 0; i < h->n[b]; i++)
				fprintf(stderr,
				    "round %d, without %d: "
				    "batch %d%s%s: %s\n",
				    round, n + 1, b + 1,
				    h->blank[b] ? " blank" : "",
				    h->wide[b] ? " wide" : "", h->p[b][i]);
	free(got);
	free(want);
}

static void
test_random(void)
{
	struct case_rtype *rt = test_type();
	struct case_error err = { 0 };
	static struct history h;
	int undone = 0, refused = 0;

	for (int round = 0; round < ROUNDS && test_failed == 0; round++) {
		int n = (int)pick(BATCHES);
		struct case_store *st, *never;
		int64_t rejected = 0;
		enum case_status rc;
		char *before;

		random_history(&h);
		st = play(rt, &h, -1, &rejected);
		never = play(rt, &h, n, &rejected);
		before = dump(st);
		rc = case_store_undo(st, n + 1, 9, &err);
		CHECK(rc == CASE_OK || rc == CASE_EUSAGE);
		/* A row refused for the batch's sake is not asked again. */
		if (rc == CASE_OK && rejected == 0) {
			compare(st, never, &h, n, round);
			undone++;
		} else if (rc != CASE_OK) {
			CHECK_DUMP(st, before);
			refused++;
		}
		if (round % 5 == 0 || rc == CASE_OK)
			CHECK_SOUND(st);
		/* From the last to the first nothing is in the way. */
		for (int b = BATCHES; b > 0; b--)
			if (b != n + 1 || rc != CASE_OK)
				CHECK_INT(case_store_undo(st, b, 9, &err),
				    CASE_OK);
		CHECK_DUMP(st, "");
		CHECK_SOUND(st);
		free(before);
		case_store_close(st);
		case_store_close(never);
	}
	CHECK(undone > 20);
	CHECK(refused > 20);
	printf("%d undone, %d refused\n", undone, refused);
	case_rtype_free(rt);
}

int
main(void)
{
	make_folder();
	test_simple();
	test_seen();
	test_taken();
	test_stale();
	test_wide();
	test_random();
	remove_folder();
	TEST_END();
}
