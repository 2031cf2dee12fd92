/* fuzz_xls.c - rows of old Excel workbooks */
#include "tests/fuzz/rows.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_rows(data, size, CASE_ROWS_XLS);
	return 0;
}
