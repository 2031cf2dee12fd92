/* fuzz_ident.c - document numbers and check digits */
#include "case/ident.h"
#include "case/text.h"
#include "tests/fuzz/fuzz.h"

/* A key of a number that parses parses again, to the same key. */
static void
check_docno(const char *p, size_t n)
{
	struct case_buf key = { 0 }, again = { 0 };
	struct case_docno d;

	case_docno_key(&key, p, n);
	if (case_docno_parse(&d, p, n)) {
		FUZZ_CHECK(memchr(d.organ, '\0', sizeof(d.organ)) != NULL);
		FUZZ_CHECK(memchr(d.suffix, '\0', sizeof(d.suffix)) != NULL);
		FUZZ_CHECK(d.year >= 0 && d.year <= 9999 && d.number >= 0);
		case_docno_key(&again, key.p, key.n);
		FUZZ_CHECK(
		    again.n == key.n && memcmp(again.p, key.p, key.n) == 0);
	}
	case_buf_free(&key);
	case_buf_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *p = fuzz_copy(data, size);

	if (case_utf8_valid(p, size))
		check_docno(p, size);
	case_valid_uscc(p, size);
	case_valid_orgcode(p, size);
	case_valid_bizreg(p, size);
	case_valid_resident(p, size);
	case_valid_resident15(p, size);
	free(p);
	return 0;
}
