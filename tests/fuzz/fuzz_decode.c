/* fuzz_decode.c - encodings: found, and decoded in pieces of any size */
#include "case/decode.h"
#include "case/text.h"
#include "tests/fuzz/fuzz.h"

static struct case_buf whole, parts;

/* All decoded bytes, cap at a time. */
static enum case_status
read_all(struct case_input *in, size_t cap, struct case_buf *out,
    struct case_error *err)
{
	char p[4096];
	enum case_status rc;
	size_t n;

	case_buf_reset(out);
	while (
	    (rc = case_input_read(in, p, cap, &n, err)) == CASE_OK && n > 0) {
		FUZZ_CHECK(n <= cap);
		case_buf_add(out, p, n);
	}
	return rc;
}

static void
check(const char *path, enum case_encoding encoding)
{
	struct case_error err = { { 0 }, 0 };
	struct case_input *in = NULL;
	enum case_status rc;

	rc = case_input_open(&in, path, encoding, &err);
	if (rc != CASE_OK) {
		fuzz_refused(rc, &err);
		case_input_close(in);
		return;
	}
	FUZZ_CHECK(strlen(case_input_facts(in)->sha256) == 64);
	if (case_input_facts(in)->encoding != CASE_ENCODING_AUTO) {
		rc = read_all(in, 4096, &whole, &err);
		FUZZ_CHECK(rc == CASE_OK);
		FUZZ_CHECK(case_input_facts(in)->forced ||
			   case_utf8_valid(whole.p, whole.n));
		FUZZ_CHECK(case_input_rewind(in, &err) == CASE_OK);
		rc = read_all(in, CASE_INPUT_READ_MIN, &parts, &err);
		FUZZ_CHECK(rc == CASE_OK && parts.n == whole.n);
		FUZZ_CHECK(
		    whole.n == 0 || memcmp(parts.p, whole.p, whole.n) == 0);
	}
	case_input_close(in);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Half of them by content, the others as what they may not be. */
	check(fuzz_file(data, size),
	    size % 2 == 0
		? CASE_ENCODING_AUTO
		: (enum case_encoding)(size / 2 % (CASE_ENCODING_LATIN1 + 1)));
	return 0;
}
