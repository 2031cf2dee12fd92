/* fuzz_csv.c - rows of CSV and its relatives */
#include "tests/fuzz/rows.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_rows(data, size, CASE_ROWS_CSV);
	return 0;
}
