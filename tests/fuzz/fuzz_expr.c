/* fuzz_expr.c - expressions: what is taken prints as the same expression */
#include "case/expr.h"
#include "tests/fuzz/files.h"

static void
check_print(const struct case_expr *e, const struct case_scope *scope)
{
	struct case_buf once = { 0 }, twice = { 0 }, words = { 0 };
	struct case_error err = { { 0 }, 0 };
	struct case_expr *again = NULL;
	enum case_status rc;

	case_expr_print(&once, e);
	rc = case_expr_parse(&again, once.p, once.n, scope, &err);
	/* Printing adds brackets, and so may pass the bounds of a parse. */
	if (rc == CASE_OK) {
		case_expr_print(&twice, again);
		FUZZ_CHECK(strcmp(once.p, twice.p) == 0);
		FUZZ_CHECK(again->type == e->type);
	} else {
		FUZZ_CHECK(once.n > 1000);
	}
	case_expr_words(&words, e, CASE_ZH);
	case_expr_words(&words, e, CASE_EN);
	case_expr_free(again);
	case_buf_free(&once);
	case_buf_free(&twice);
	case_buf_free(&words);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *p = fuzz_copy(data, size);
	struct case_scope scope = { 0 };
	struct case_error err = { { 0 }, 0 };
	struct case_expr *e = NULL;
	enum case_status rc;

	fuzz_begin();
	scope.rt = fuzz_case;
	scope.sh = fuzz_sh;
	scope.aggregates = size % 2 == 1;
	rc = case_expr_parse(&e, p, size, &scope, &err);
	if (rc == CASE_OK)
		check_print(e, &scope);
	else
		fuzz_refused(rc, &err);
	case_expr_free(e);
	free(p);
	return 0;
}
