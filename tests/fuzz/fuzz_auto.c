/* fuzz_auto.c - rows of any file, its format told by content */
#include "tests/fuzz/rows.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_rows(data, size, CASE_ROWS_AUTO);
	return 0;
}
