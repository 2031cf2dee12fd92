/* test_words.c - repeated words: one id each, bytes that never move */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#include "case/words.h"

#include "test.h"

#define MANY 300000u

static struct case_words *words;
static uint32_t handed; /* the last id the reader may ask for */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool
says(uint32_t id, const char *want)
{
	struct case_str s = case_words_get(words, id);

	return s.n == strlen(want) && memcmp(s.p, want, s.n) == 0;
}

static void
test_ids(void)
{
	CHECK_INT(case_words_count(words), 0);
	CHECK_INT(case_words_find(words, "城中街道", 12), 0);
	CHECK_INT(case_words_add(words, "城中街道", 12), 1);
	CHECK_INT(case_words_add(words, "", 0), 2);
	CHECK_INT(case_words_add(words, "a\0b", 3), 3);
	CHECK_INT(case_words_add(words, "a", 1), 4);
	CHECK_INT(case_words_add(words, "城中街道", 12), 1);
	CHECK_INT(case_words_find(words, "a\0b", 3), 3);
	CHECK_INT(case_words_find(words, NULL, 0), 2);
	CHECK_INT(case_words_count(words), 4);
	CHECK(says(1, "城中街道"));
	CHECK_INT(case_words_get(words, 2).n, 0);
	CHECK_INT(case_words_get(words, 3).n, 3);
}

/* A word longer than a block of memory, and one behind it. */
static void
test_long(void)
{
	static char big[200000];
	uint32_t id;

	memset(big, 'x', sizeof(big));
	id = case_words_add(words, big, sizeof(big));
	CHECK_INT(case_words_get(words, id).n, sizeof(big));
	CHECK(memcmp(case_words_get(words, id).p, big, sizeof(big)) == 0);
	CHECK_INT(case_words_add(words, big, sizeof(big)), id);
	id = case_words_add(words, "behind", 6);
	CHECK(says(id, "behind"));
}

static void *
read_along(void *arg)
{
	size_t *wrong = arg;
	char want[32];
	uint32_t id = 0;

	while (id < MANY) {
		pthread_mutex_lock(&lock);
		id = handed;
		pthread_mutex_unlock(&lock);
		if (id == 0)
			continue;
		snprintf(want, sizeof(want), "word %u", id);
		*wrong += !says(id, want);
		snprintf(want, sizeof(want), "word %u", id / 2 + 1);
		*wrong += !says(id / 2 + 1, want);
	}
	return NULL;
}

/* One thread adds while another reads what it was handed. */
static void
test_threads(void)
{
	pthread_t thread;
	size_t wrong = 0, wrong_id = 0;
	char word[32];

	CHECK_INT(pthread_create(&thread, NULL, read_along, &wrong), 0);
	for (uint32_t i = 1; i <= MANY; i++) {
		int n = snprintf(word, sizeof(word), "word %u", i);

		wrong_id += case_words_add(words, word, (size_t)n) != i;
		pthread_mutex_lock(&lock);
		handed = i;
		pthread_mutex_unlock(&lock);
	}
	pthread_join(thread, NULL);
	CHECK_INT(wrong, 0);
	CHECK_INT(wrong_id, 0);
	CHECK_INT(case_words_count(words), MANY);
	CHECK_INT(case_words_find(words, "word 1", 6), 1);
	CHECK_INT(case_words_find(words, "word 1025", 9), 1025);
	CHECK_INT(case_words_find(words, "word 0", 6), 0);
}

/* What was cut is new again; what stayed is found, whatever lay between. */
static void
test_cut(void)
{
	enum { KEPT = 1500, ALL = 5000 };
	char s[16];
	int n;

	for (int round = 0; round < 3; round++) {
		for (uint32_t i = 1; i <= ALL; i++) {
			n = snprintf(s, sizeof(s), "%u-%d", i,
			    i <= KEPT ? 0 : round);
			CHECK_INT(case_words_add(words, s, (size_t)n), i);
		}
		case_words_cut(words, ALL);
		CHECK_INT(case_words_count(words), ALL);
		case_words_cut(words, KEPT);
		CHECK_INT(case_words_count(words), KEPT);
		for (uint32_t i = 1; i <= ALL; i++) {
			n = snprintf(s, sizeof(s), "%u-%d", i,
			    i <= KEPT ? 0 : round);
			CHECK_INT(case_words_find(words, s, (size_t)n),
			    i <= KEPT ? i : 0);
		}
	}
	case_words_cut(words, 0);
	CHECK_INT(case_words_find(words, "1-0", 3), 0);
	CHECK_INT(case_words_add(words, "new", 3), 1);
}

int
main(void)
{
	struct case_error err;

	CHECK_INT(case_words_new(&words, &err), CASE_OK);
	test_ids();
	test_long();
	case_words_free(words);
	CHECK_INT(case_words_new(&words, &err), CASE_OK);
	test_threads();
	case_words_free(words);
	CHECK_INT(case_words_new(&words, &err), CASE_OK);
	test_cut();
	case_words_free(words);
	case_words_free(NULL);
	TEST_END();
}
