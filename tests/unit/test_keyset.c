/* test_keyset.c - the set of keys: found again, and small */
#include <stdbool.h>

#include "case/text.h"
#include "lib/store/keyset.h"
#include "tests/unit/test.h"

static uint64_t
hash_of(uint64_t i)
{
	return case_hash(&i, sizeof(i), 7);
}

/* Whether number is among those of tag. */
static bool
has(const struct case_keyset *k, uint32_t tag, uint32_t number)
{
	size_t at = 0;
	uint32_t got;

	while ((got = case_keyset_next(k, tag, &at)) != 0)
		if (got == number)
			return true;
	return false;
}

static void
test_empty(void)
{
	struct case_keyset *k;
	struct case_error err;
	size_t at = 0;

	CHECK_INT(case_keyset_new(&k, &err), CASE_OK);
	CHECK_INT(case_keyset_next(k, 0, &at), 0);
	CHECK_INT(case_keyset_next(k, UINT32_MAX, &at), 0);
	CHECK_INT(case_keyset_count(k), 0);
	case_keyset_free(k);
	case_keyset_free(NULL);
}

/* Every pair is found again, and the memory stays within the promise. */
static void
test_many(void)
{
	enum { N = 700000 };
	struct case_keyset *k;
	struct case_error err;
	size_t missing = 0, strangers = 0;
	double worst = 0;

	CHECK_INT(case_keyset_new(&k, &err), CASE_OK);
	for (uint32_t i = 1; i <= N; i++) {
		if (case_keyset_add(k, case_keyset_tag(hash_of(i)), i, &err) !=
		    CASE_OK)
			break;
		if (i > 10000) {
			double per = (double)case_keyset_size(k) / i;

			worst = per > worst ? per : worst;
		}
	}
	CHECK_INT(case_keyset_count(k), N);
	CHECK(2 * worst <= 48);
	for (uint32_t i = 1; i <= N; i++)
		missing += !has(k, case_keyset_tag(hash_of(i)), i);
	CHECK_INT(missing, 0);
	/* About N * N / 2^32 tags are shared by chance. */
	for (uint32_t i = N + 1; i <= 2 * N; i++) {
		size_t at = 0;

		strangers +=
		    case_keyset_next(k, case_keyset_tag(hash_of(i)), &at) != 0;
	}
	CHECK(strangers < 300);
	case_keyset_free(k);
}

/* Equal tags, the smallest and the largest, and the order of coming. */
static void
test_edges(void)
{
	struct case_keyset *k;
	struct case_error err;
	size_t at = 0, n = 0;

	CHECK_INT(case_keyset_new(&k, &err), CASE_OK);
	for (uint32_t i = 1; i <= 500; i++) {
		CHECK_INT(case_keyset_add(k, UINT32_MAX, i, &err), CASE_OK);
		CHECK_INT(case_keyset_add(k, 0, i, &err), CASE_OK);
	}
	CHECK_INT(case_keyset_add(k, UINT32_MAX - 1, 7, &err), CASE_OK);
	CHECK_INT(case_keyset_add(k, 1, 8, &err), CASE_OK);
	CHECK(has(k, UINT32_MAX - 1, 7));
	CHECK(!has(k, UINT32_MAX - 1, 8));
	CHECK(has(k, 1, 8));
	while (case_keyset_next(k, UINT32_MAX, &at) != 0)
		n++;
	CHECK_INT(n, 500);
	for (uint32_t i = 1; i <= 500; i++)
		CHECK(has(k, 0, i));
	case_keyset_free(k);
}

/* A flood of one tag ends with a message, not without memory. */
static void
test_flood(void)
{
	struct case_keyset *k;
	struct case_error err = { 0 };
	enum case_status rc = CASE_OK;
	uint32_t i;

	CHECK_INT(case_keyset_new(&k, &err), CASE_OK);
	for (i = 1; rc == CASE_OK && i < 3000; i++)
		rc = case_keyset_add(k, UINT32_MAX, i, &err);
	CHECK_INT(rc, CASE_EDATA);
	CHECK(strstr(err.what, "same hash") != NULL);
	CHECK(i > 1000);
	CHECK(has(k, UINT32_MAX, 1000));
	case_keyset_free(k);
}

static void
test_scatter(void)
{
	uint32_t seen = 0;

	for (uint32_t i = 0; i < 100000; i++)
		seen |= case_keyset_scatter(i);
	CHECK_INT(seen, UINT32_MAX);
	CHECK(case_keyset_scatter(1) != case_keyset_scatter(2));
}

int
main(void)
{
	test_empty();
	test_many();
	test_edges();
	test_flood();
	test_scatter();
	TEST_END();
}
