/* words.h - repeated words, each held once and named by a number */
#ifndef CASE_WORDS_H
#define CASE_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "case/error.h"
#include "case/value.h"

/*
 * Ids count from 1 in the order of first meeting; 0 is none. One thread adds;
 * another may call get for ids it was handed (through a lock or queue), count,
 * and get for what that counted.
 */
struct case_words;

enum case_status case_words_new(struct case_words **out,
    struct case_error *err);
void case_words_free(struct case_words *w);
/* The id of a word, added when new; 0: out of memory. */
uint32_t case_words_add(struct case_words *w, const char *p, size_t n);
/*
 * Forgets the words above id n, as if they had not been added; nobody may use
 * them any more.
 */
void case_words_cut(struct case_words *w, uint32_t n);
/* The id, or 0 when it was never added. */
uint32_t case_words_find(const struct case_words *w, const char *p, size_t n);
/* Borrowed for the life of w. */
struct case_str case_words_get(const struct case_words *w, uint32_t id);
uint32_t case_words_count(const struct case_words *w);

#endif
