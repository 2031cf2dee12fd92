/* fuzz_html.c - rows of HTML tables */
#include "tests/fuzz/rows.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_rows(data, size, CASE_ROWS_HTML);
	return 0;
}
