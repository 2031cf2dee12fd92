/* fuzz_jsondoc.c - rows of a JSON document */
#include "tests/fuzz/rows.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_rows(data, size, CASE_ROWS_JSON);
	return 0;
}
