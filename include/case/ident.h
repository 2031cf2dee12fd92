/* ident.h - identifiers: check digits and document numbers */
#ifndef CASE_IDENT_H
#define CASE_IDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"

/*
 * Each takes exact text (folded and trimmed by the caller; letters in either
 * case) and says whether form and check digit fit. A region code only has to
 * be digits: abolished ones live on in codes for decades. A resident's date of
 * birth must exist, in 1800 to 2199.
 */
bool case_valid_uscc(const char *p, size_t n);	   /* GB 32100-2015 */
bool case_valid_orgcode(const char *p, size_t n);  /* GB 11714-1997, - or not */
bool case_valid_bizreg(const char *p, size_t n);   /* GS 15-2006 */
bool case_valid_resident(const char *p, size_t n); /* GB 11643-1999, 18 */
/* The old form of 15 digits, without a check digit: a plausible date. */
bool case_valid_resident15(const char *p, size_t n);

/*
 * A document number: 机关代字〔年〕第N号, with brackets of every kind, 第 and
 * 号 optional, leading zeros, full-width digits and spaces folded.
 *
 * organ	the folded 代字, e.g. 婺综执罚决字
 * suffix	"-1" of a child document, or ""
 */
struct case_docno {
	char organ[128];
	int year;
	int64_t number;
	char suffix[16];
};

/*
 * false when the text is not of that form: a 代字 of 1 to 20 characters, a
 * year of 4 digits in brackets, a number of up to 8 digits beside zeros before
 * them; *d is then untouched. Nothing but 號 is turned from traditional to
 * simplified.
 */
bool case_docno_parse(struct case_docno *d, const char *p, size_t n);

/*
 * Appends the canonical key of a decision number: 代字〔year〕number号suffix
 * when it parses; else the folded text without spaces. Two texts name the
 * same document when their keys are equal.
 */
void case_docno_key(struct case_buf *out, const char *p, size_t n);

#endif
