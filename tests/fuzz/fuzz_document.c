/* fuzz_document.c - the texts of documents: DOCX, HTML and plain */
#include "tests/fuzz/rows.h"

static void
fuzz_as(const uint8_t *data, size_t size, const char *name)
{
	struct case_limits limits = fuzz_limits();
	const struct case_reader_options options = {
		.format = CASE_ROWS_DOCUMENT,
		.limits = &limits,
		.name = name,
	};
	struct case_error err = { { 0 }, 0 };
	struct case_reader *rd = NULL;
	struct case_input *in = NULL;
	enum case_status rc;

	rc = case_input_open(&in, fuzz_file(data, size), CASE_ENCODING_AUTO,
	    &err);
	if (rc == CASE_OK)
		rc = case_reader_open(&rd, in, &options, &err);
	if (rc == CASE_OK)
		fuzz_twice(rd);
	else
		fuzz_refused(rc, &err);
	case_reader_close(rd);
	case_input_close(in);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[256];
	size_t n = size < sizeof(name) - 6 ? size : sizeof(name) - 6;

	fuzz_as(data, size, "A1.docx");
	fuzz_as(data, size, "A1.html");
	/* Its own begin is the name, too. */
	memcpy(name, data, n);
	for (size_t i = 0; i < n; i++)
		if (name[i] == '\0')
			name[i] = '_';
	memcpy(name + n, ".txt", 5);
	if (case_utf8_valid(name, n + 4))
		fuzz_as(data, size, name);
	return 0;
}
