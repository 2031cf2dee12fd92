/* fuzz_rtype.c - record types: what is taken prints as the same type */
#include "case/rtype.h"
#include "tests/fuzz/files.h"

static void
check_print(const struct case_rtype *rt)
{
	struct case_buf once = { 0 }, twice = { 0 };
	struct case_error err = { { 0 }, 0 };
	struct case_rtype *again = NULL;
	struct case_json *json = NULL;

	case_rtype_print(&once, rt);
	FUZZ_CHECK(case_json_parse(&json, once.p, once.n, &err) == CASE_OK);
	FUZZ_CHECK(case_rtype_parse(&again, json, &err) == CASE_OK);
	case_rtype_print(&twice, again);
	FUZZ_CHECK(strcmp(once.p, twice.p) == 0);
	case_rtype_free(again);
	case_json_free(json);
	case_buf_free(&once);
	case_buf_free(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct case_error err = { { 0 }, 0 };
	struct case_rtype *rt = NULL;
	struct case_json *json = NULL;
	enum case_status rc;

	rc = case_json_parse(&json, (const char *)data, size, &err);
	if (rc == CASE_OK)
		rc = case_rtype_parse(&rt, json, &err);
	if (rc == CASE_OK)
		check_print(rt);
	else
		fuzz_refused(rc, &err);
	case_rtype_free(rt);
	case_json_free(json);
	return 0;
}
