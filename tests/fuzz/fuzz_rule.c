/* fuzz_rule.c - rule packs: loaded, and their rules compiled */
#include "lib/work/audit_int.h"
#include "tests/fuzz/files.h"

static void
compile(struct rule_set *set)
{
	struct case_scope scope = { .sh = fuzz_sh,
		.type = rule_set_type,
		.type_arg = set };

	for (size_t i = 0; i < set->n; i++) {
		struct case_error err = { { 0 }, 0 };
		struct rule_code code;
		enum case_status rc;

		scope.rt = rule_set_type(set, set->rule[i].type);
		FUZZ_CHECK(scope.rt != NULL);
		rc = rule_compile(&code, &set->rule[i], &scope, CASE_ZH, &err);
		if (rc != CASE_OK)
			fuzz_refused(rc, &err);
		rule_code_free(&code);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct case_audit_request rq = { .packs = fuzz_path };
	struct case_error err = { { 0 }, 0 };
	struct rule_set set;
	enum case_status rc;

	fuzz_write(data, size);
	rc = rule_set_load(&set, fuzz_sh, &rq, &err);
	if (rc == CASE_OK)
		compile(&set);
	else
		fuzz_refused(rc, &err);
	rule_set_free(&set);
	return 0;
}
