/* fuzz_layout.c - layouts: what is taken prints as a layout again */
#include "case/layout.h"
#include "tests/fuzz/files.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct case_error err = { { 0 }, 0 };
	struct case_layout *l = NULL;
	struct case_buf out = { 0 };
	enum case_status rc;

	fuzz_write(data, size);
	rc = case_layout_load(&l, fuzz_sh, fuzz_path, fuzz_case, &err);
	if (rc == CASE_OK) {
		case_layout_print(&out, l, fuzz_case);
		case_layout_free(l);
		fuzz_write((const uint8_t *)out.p, out.n);
		rc = case_layout_load(&l, fuzz_sh, fuzz_path, fuzz_case, &err);
		FUZZ_CHECK(rc == CASE_OK);
	} else {
		fuzz_refused(rc, &err);
	}
	case_layout_free(l);
	case_buf_free(&out);
	return 0;
}
