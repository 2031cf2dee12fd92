/* fuzz_ods.c - OpenDocument workbooks: the bytes are their content.xml */
#include "tests/fuzz/rows.h"
#include "tests/unit/zipmake.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zipmake z = { .stored = true };

	zip_add(&z, "mimetype",
	    "application/vnd.oasis.opendocument.spreadsheet");
	zip_add_n(&z, "content.xml", (const char *)data, size);
	zip_end(&z);
	fuzz_rows((const uint8_t *)z.out.p, z.out.n, CASE_ROWS_ODS);
	zip_free(&z);
	return 0;
}
