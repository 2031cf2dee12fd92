/* fuzz_xmlss.c - rows of workbooks in XML of 2003 */
#include "tests/fuzz/rows.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_rows(data, size, CASE_ROWS_XMLSS);
	return 0;
}
