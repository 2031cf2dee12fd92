/* fuzz_zip.c - ZIP archives: the directory, and each file as a stream */
#include "lib/format/zip.h"
#include "tests/fuzz/rows.h"

/* A file of it, twice; the second time gives the same. */
static void
read_file(struct case_zip *zip, size_t i)
{
	struct case_error err = { { 0 }, 0 };
	struct case_zip_file *f = NULL;
	struct fuzz_pass pass[2] = { { 0 } };
	enum case_status rc;
	char p[4096];
	size_t n;

	if ((rc = case_zip_file_open(&f, zip, i, &err)) != CASE_OK)
		fuzz_refused(rc, &err);
	for (int k = 0; rc == CASE_OK && k < 2; k++) {
		while ((rc = case_zip_read(f, p, sizeof(p), &n, &err)) ==
			   CASE_OK &&
		       n > 0)
			fuzz_hash(&pass[k], p, n);
		if (rc != CASE_OK)
			fuzz_refused(rc, &err);
		else
			FUZZ_CHECK(case_zip_rewind(f, &err) == CASE_OK);
	}
	FUZZ_CHECK(rc != CASE_OK || pass[0].hash == pass[1].hash);
	case_zip_file_close(f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct case_limits limits = fuzz_limits();
	struct case_error err = { { 0 }, 0 };
	struct case_input *in = NULL;
	struct case_zip *zip = NULL;
	enum case_status rc;

	rc = case_input_open(&in, fuzz_file(data, size), CASE_ENCODING_LATIN1,
	    &err);
	if (rc == CASE_OK)
		rc = case_zip_open(&zip, in, &limits, &err);
	if (rc != CASE_OK)
		fuzz_refused(rc, &err);
	for (size_t i = 0; rc == CASE_OK && i < case_zip_count(zip); i++) {
		const char *name = case_zip_entry(zip, i)->name;

		FUZZ_CHECK(case_utf8_valid(name, strlen(name)));
		if (i < 16)
			read_file(zip, i);
	}
	case_zip_close(zip);
	case_input_close(in);
	return 0;
}
