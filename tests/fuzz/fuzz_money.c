/* fuzz_money.c - amounts and plain numbers */
#include <math.h>

#include "case/money.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t scale[] = { 100, 1000000 };
	char *p = fuzz_copy(data, size);
	struct case_error err = { { 0 }, 0 };
	enum case_status rc;
	double d = 0;
	int64_t i;

	for (int k = 0; k < 2; k++) {
		i = INT64_MIN;
		rc = case_money_parse(&i, p, size, scale[k], &err);
		if (rc != CASE_OK)
			fuzz_refused(rc, &err);
		FUZZ_CHECK((rc == CASE_OK) == (i != INT64_MIN));
		FUZZ_CHECK(rc != CASE_OK || llabs(i) <= 9000000000000000000);
	}
	if ((rc = case_number_parse(&d, p, size, &err)) != CASE_OK)
		fuzz_refused(rc, &err);
	FUZZ_CHECK(isfinite(d));
	i = 0;
	if ((rc = case_integer_parse(&i, p, size, -99, 99, &err)) != CASE_OK)
		fuzz_refused(rc, &err);
	FUZZ_CHECK(i >= -99 && i <= 99);
	free(p);
	return 0;
}
