/* fuzz_table.c - rows of case-tables */
#include "tests/fuzz/rows.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_rows(data, size, CASE_ROWS_TABLE);
	return 0;
}
