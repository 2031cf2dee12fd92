/* fuzz_archive.c - what zip and gzip files hold, and what that is */
#include "case/import.h"
#include "tests/fuzz/rows.h"

static bool
each(void *arg, const struct case_import_member *m)
{
	const struct case_limits *limits = arg;
	struct case_reader_options options = { .limits = limits };
	struct case_error err = { { 0 }, 0 };
	struct case_reader *rd = NULL;
	enum case_status rc;

	FUZZ_CHECK(m->name != NULL && strstr(m->name, "/../") == NULL);
	FUZZ_CHECK(case_utf8_valid(m->name, strlen(m->name)));
	FUZZ_CHECK((m->in != NULL) + (m->passed != NULL) +
		       (m->rc != CASE_OK) ==
		   1);
	if (m->rc != CASE_OK)
		fuzz_refused(m->rc, m->fault);
	if (m->in == NULL)
		return true;
	if ((rc = case_reader_open(&rd, m->in, &options, &err)) == CASE_OK)
		fuzz_twice(rd);
	else
		fuzz_refused(rc, &err);
	case_reader_close(rd);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct case_limits limits = fuzz_limits();
	const struct case_import_options options = { .limits = &limits };

	limits.entries = 20;
	case_import_unpack(fuzz_file(data, size), &options, each, &limits);
	return 0;
}
