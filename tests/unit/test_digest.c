/* test_digest.c - SHA-256, CRC-32, deflate and back */
#include <stdlib.h>

#include "case/digest.h"
#include "tests/unit/test.h"

/* In pieces of step bytes; 0 is all at once. */
static void
sha256(char hex[65], const char *p, size_t n, size_t step)
{
	struct case_sha256 *s;
	size_t k;

	CHECK_INT(case_sha256_new(&s, NULL), CASE_OK);
	for (size_t i = 0; i < n; i += k) {
		k = step == 0 || step > n - i ? n - i : step;
		case_sha256_add(s, p + i, k);
	}
	case_sha256_add(s, NULL, 0);
	case_sha256_end(s, hex);
}

/* The examples of FIPS 180-4 (NIST, "SHA-256 examples"), and a million a. */
static void
test_sha256(void)
{
	static const char two[] =
	    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	char hex[65], *million;

	sha256(hex, "", 0, 0);
	CHECK_STR(hex,
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	sha256(hex, "abc", 3, 0);
	CHECK_STR(hex,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	sha256(hex, two, sizeof(two) - 1, 1);
	CHECK_STR(hex,
	    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	CHECK((million = malloc(1000000)) != NULL);
	memset(million, 'a', 1000000);
	sha256(hex, million, 1000000, 4097);
	CHECK_STR(hex,
	    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(million);
	case_sha256_end(NULL, NULL);
}

/* 123456789 is the check of the CRC catalogue; the second of design.md. */
static void
test_crc32(void)
{
	uint32_t crc;

	CHECK_INT(case_crc32(0, "123456789", 9), 0xcbf43926);
	crc = case_crc32(0, "1234", 4);
	CHECK_INT(case_crc32(crc, "56789", 5), 0xcbf43926);
	CHECK_INT(case_crc32(crc, NULL, 0), crc);
	CHECK_INT(case_crc32(0, "", 0), 0);
}

static void
test_deflate(void)
{
	struct case_buf packed = { 0 }, plain = { 0 };
	struct case_error err;
	char zeros[5000] = { 0 };

	case_buf_adds(&packed, "before");
	CHECK_INT(case_deflate(&packed, zeros, sizeof(zeros), 6, &err),
	    CASE_OK);
	CHECK(packed.n > 6 && packed.n < 100);
	CHECK(memcmp(packed.p, "before", 6) == 0);
	case_buf_adds(&plain, "x");
	CHECK_INT(case_inflate(&plain, packed.p + 6, packed.n - 6,
		      sizeof(zeros), &err),
	    CASE_OK);
	CHECK_INT(plain.n, 1 + sizeof(zeros));
	CHECK(memcmp(plain.p + 1, zeros, sizeof(zeros)) == 0);

	/* Nothing is something too. */
	case_buf_reset(&packed);
	CHECK_INT(case_deflate(&packed, NULL, 0, 9, &err), CASE_OK);
	case_buf_reset(&plain);
	CHECK_INT(case_inflate(&plain, packed.p, packed.n, 0, &err), CASE_OK);
	CHECK_INT(plain.n, 0);
	case_buf_free(&packed);
	case_buf_free(&plain);
}

static void
test_inflate_faults(void)
{
	struct case_buf packed = { 0 }, plain = { 0 };
	struct case_error err;

	CHECK_INT(case_deflate(&packed, "abcabcabc", 9, 6, &err), CASE_OK);
	CHECK_INT(case_inflate(&plain, packed.p, packed.n, 8, &err),
	    CASE_EDATA);
	CHECK_INT(case_inflate(&plain, packed.p, packed.n, 10, &err),
	    CASE_EDATA);
	CHECK_INT(case_inflate(&plain, packed.p, packed.n - 1, 9, &err),
	    CASE_EDATA);
	CHECK_INT(case_inflate(&plain, packed.p, packed.n, (size_t)1 << 40,
		      &err),
	    CASE_EDATA);
	packed.p[packed.n - 1] ^= 1;
	CHECK_INT(case_inflate(&plain, packed.p, packed.n, 9, &err),
	    CASE_EDATA);
	CHECK_INT(case_inflate(&plain, "", 0, 9, &err), CASE_EDATA);
	CHECK_INT(plain.n, 0);
	CHECK_INT(case_deflate(&plain, "a", 1, 77, &err), CASE_EUSAGE);
	case_buf_free(&packed);
	case_buf_free(&plain);
}

int
main(void)
{
	test_sha256();
	test_crc32();
	test_deflate();
	test_inflate_faults();
	TEST_END();
}
