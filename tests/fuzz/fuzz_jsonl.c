/* fuzz_jsonl.c - rows of JSON Lines */
#include "tests/fuzz/rows.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_rows(data, size, CASE_ROWS_JSONL);
	return 0;
}
