/* fuzz_json.c - our own JSON files: what is taken prints and reads the same */
#include "case/json.h"
#include "tests/fuzz/fuzz.h"

static void
check_print(const struct case_json *v)
{
	struct case_buf once = { 0 }, twice = { 0 };
	struct case_error err = { { 0 }, 0 };
	struct case_json *again = NULL;

	case_json_print(&once, v);
	FUZZ_CHECK(case_json_parse(&again, once.p, once.n, &err) == CASE_OK);
	case_json_print(&twice, again);
	FUZZ_CHECK(strcmp(once.p, twice.p) == 0);
	case_json_free(again);
	case_buf_free(&once);
	case_buf_free(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *p = fuzz_copy(data, size);
	struct case_error err = { { 0 }, 0 };
	struct case_json *v = NULL;
	enum case_status rc;

	if ((rc = case_json_parse(&v, p, size, &err)) == CASE_OK)
		check_print(v);
	else
		fuzz_refused(rc, &err);
	case_json_free(v);
	free(p);
	return 0;
}
