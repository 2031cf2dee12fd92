/* test_zip.c - reading ZIP archives, whole ones and others */
#include <stdlib.h>
#include <unistd.h>

#include "lib/format/zip.h"
#include "tests/unit/rowtext.h"
#include "tests/unit/zipmake.h"

static struct case_limits limits;

struct open {
	char path[64];
	struct case_input *in;
	struct case_zip *zip;
	struct case_error err;
};

static enum case_status
begin(struct open *o, const char *p, size_t n)
{
	enum case_status rc;

	*o = (struct open){ .in = NULL };
	write_file(o->path, p, n);
	rc = case_input_open(&o->in, o->path, CASE_ENCODING_AUTO, &o->err);
	if (rc == CASE_OK)
		rc = case_zip_open(&o->zip, o->in, &limits, &o->err);
	return rc;
}

static void
finish(struct open *o)
{
	case_zip_close(o->zip);
	case_input_close(o->in);
	unlink(o->path);
}

/* All of a file by steps of some bytes; what went wrong otherwise. */
static enum case_status
slurp(struct open *o, struct case_zip_file *f, size_t step,
    struct case_buf *out)
{
	enum case_status rc;
	char p[4096];
	size_t n;

	do {
		rc = case_zip_read(f, p, step, &n, &o->err);
		if (rc == CASE_OK)
			case_buf_add(out, p, n);
	} while (rc == CASE_OK && n > 0);
	return rc;
}

static enum case_status
read_one(struct open *o, const char *name, struct case_buf *out)
{
	struct case_zip_file *f = NULL;
	enum case_status rc;
	size_t i;

	CHECK(case_zip_find(o->zip, name, &i));
	rc = case_zip_file_open(&f, o->zip, i, &o->err);
	if (rc == CASE_OK)
		rc = slurp(o, f, 7, out);
	case_zip_file_close(f);
	return rc;
}

static void
test_whole(void)
{
	struct zipmake z = { 0 };
	struct case_buf got = { 0 }, big = { 0 };
	struct case_zip_file *a, *b;
	struct open o;
	size_t i;

	for (i = 0; i < 50000; i++)
		case_buf_addf(&big, "%zu ", i * 7919);
	zip_add(&z, "a/", "");
	zip_add(&z, "a/One.xml", "<one/>");
	z.stored = true;
	zip_add(&z, "two", "stored");
	zip_add(&z, "empty", "");
	z.stored = false;
	zip_add(&z, "\xb0\xb8\xbe\xed.csv", "x"); /* 案卷 in GBK */
	zip_add(&z, "a\x1b[31m", "x");
	zip_add_n(&z, "big", big.p, big.n);
	zip_end(&z);
	CHECK_INT(begin(&o, z.out.p, z.out.n), CASE_OK);
	CHECK_INT(case_zip_count(o.zip), 7);
	CHECK(case_zip_entry(o.zip, 0)->folder);
	CHECK_STR(case_zip_entry(o.zip, 4)->name, "案卷.csv");
	CHECK_STR(case_zip_entry(o.zip, 5)->name, "a?[31m");
	CHECK_INT(case_zip_entry(o.zip, 6)->size, big.n);
	CHECK(case_zip_has(o.zip, "A/"));
	CHECK(!case_zip_has(o.zip, "q"));
	CHECK(case_zip_find(o.zip, "a/one.XML", &i) && i == 1);
	CHECK(!case_zip_find(o.zip, "a/one", &i));
	CHECK_INT(read_one(&o, "a/One.xml", &got), CASE_OK);
	CHECK_INT(read_one(&o, "two", &got), CASE_OK);
	CHECK_INT(read_one(&o, "empty", &got), CASE_OK);
	CHECK_STR(got.p, "<one/>stored");
	/* Two at once, and one of them again from its middle. */
	CHECK_INT(case_zip_file_open(&a, o.zip, 6, &o.err), CASE_OK);
	CHECK_INT(case_zip_file_open(&b, o.zip, 6, &o.err), CASE_OK);
	case_buf_reset(&got);
	CHECK_INT(slurp(&o, a, 4096, &got), CASE_OK);
	CHECK_STR(got.p, big.p);
	CHECK_INT(case_zip_position(a), case_zip_entry(o.zip, 6)->packed);
	CHECK_INT(case_zip_read(b, got.p, 1000, &i, &o.err), CASE_OK);
	CHECK_INT(case_zip_rewind(b, &o.err), CASE_OK);
	case_buf_reset(&got);
	CHECK_INT(slurp(&o, b, 33, &got), CASE_OK);
	CHECK_STR(got.p, big.p);
	case_zip_file_close(a);
	case_zip_file_close(b);
	finish(&o);
	case_buf_free(&got);
	case_buf_free(&big);
	zip_free(&z);
}

/* Every cut and every spoilt byte ends in words or in the right content. */
static void
test_damage(void)
{
	struct zipmake z = { 0 };
	struct case_buf got = { 0 };
	struct open o;

	zip_add(&z, "one", "one one one one one one one one one");
	z.stored = true;
	zip_add(&z, "two", "two two");
	zip_end(&z);
	for (size_t n = 0; n < z.out.n; n++) {
		CHECK(begin(&o, z.out.p, n) != CASE_OK);
		CHECK(o.err.what[0] != '\0');
		finish(&o);
	}
	for (size_t at = 0; at < z.out.n; at++)
		for (int bit = 0; bit < 8; bit++) {
			enum case_status rc;

			z.out.p[at] = (char)(z.out.p[at] ^ 1 << bit);
			rc = begin(&o, z.out.p, z.out.n);
			for (size_t i = 0;
			     rc == CASE_OK && i < case_zip_count(o.zip); i++) {
				struct case_zip_file *f = NULL;

				case_buf_reset(&got);
				rc = case_zip_file_open(&f, o.zip, i, &o.err);
				if (rc == CASE_OK)
					rc = slurp(&o, f, 100, &got);
				case_zip_file_close(f);
				if (rc == CASE_OK)
					CHECK(got.n == 0 || got.n == 7 ||
					      got.n == 35);
			}
			finish(&o);
			z.out.p[at] = (char)(z.out.p[at] ^ 1 << bit);
		}
	case_buf_free(&got);
	zip_free(&z);
}

/* One archive with one file: what reading it says. */
static void
check_says(struct zipmake *z, const char *p, size_t n, const char *want)
{
	struct case_buf got = { 0 };
	struct open o;

	zip_add_n(z, "x", p, n);
	zip_end(z);
	if (begin(&o, z->out.p, z->out.n) == CASE_OK) {
		CHECK_INT(read_one(&o, "x", &got), CASE_EDATA);
		case_buf_reset(&got);
	}
	CHECK(strstr(o.err.what, want) != NULL);
	if (strstr(o.err.what, want) == NULL)
		fprintf(stderr, "%s\n", o.err.what);
	finish(&o);
	case_buf_free(&got);
	zip_free(z);
}

static void
test_refused(void)
{
	const size_t bomb = (size_t)40 * 1024 * 1024;
	struct zipmake z = { .flags = 1 };
	char *p = calloc(1, bomb);

	check_says(&z, "x", 1, "is encrypted");
	z.crc_xor = 1;
	check_says(&z, "x", 1, "checksum");
	check_says(&z, p, bomb, "ratio");
	limits.ratio = 1000000;
	limits.total = 1000000;
	check_says(&z, p, bomb, "total");
	limits = case_limits_default;
	limits.entries = 2;
	zip_add(&z, "a", "");
	zip_add(&z, "b", "");
	check_says(&z, "x", 1, "entries");
	limits = case_limits_default;
	free(p);
}

/* What is read again does not count again. */
static void
test_total(void)
{
	struct zipmake z = { 0 };
	struct case_buf got = { 0 };
	struct open o;

	zip_add(&z, "x", "0123456789");
	zip_end(&z);
	limits.total = 10;
	CHECK_INT(begin(&o, z.out.p, z.out.n), CASE_OK);
	for (int i = 0; i < 3; i++)
		CHECK_INT(read_one(&o, "x", &got), CASE_OK);
	limits = case_limits_default;
	finish(&o);
	case_buf_free(&got);
	zip_free(&z);
}

/* Bytes before and behind the archive, and the wide form. */
static void
test_forms(void)
{
	struct zipmake z = { 0 };
	struct case_buf b = { 0 }, got = { 0 };
	struct open o;
	size_t dir;

	zip_add(&z, "x", "content");
	dir = z.out.n;
	zip_end(&z);
	z.out.p[z.out.n - 2] = 3;
	case_buf_adds(&z.out, "end");
	case_buf_adds(&b, "PK\x03\x04 before ");
	case_buf_add(&b, z.out.p, z.out.n);
	CHECK_INT(begin(&o, b.p, b.n), CASE_OK);
	CHECK_INT(read_one(&o, "x", &got), CASE_OK);
	finish(&o);
	case_buf_reset(&b);
	case_buf_add(&b, z.out.p, dir);
	z.dir.p[30] = 28; /* an extra field of three numbers */
	memset(z.dir.p + 20, 0xff, 8);
	memset(z.dir.p + 42, 0xff, 4);
	case_buf_add(&b, z.dir.p, z.dir.n);
	zip_put(&b, 1, 2);
	zip_put(&b, 24, 2);
	zip_put(&b, 7, 8);
	zip_put(&b, dir - 31, 8);
	zip_put(&b, 0, 8);
	zip_put(&b, 0x06064b50, 4);
	zip_put(&b, 44, 8);
	zip_put(&b, 0, 2 + 2 + 4);
	zip_put(&b, 0, 4);
	zip_put(&b, 1, 8);
	zip_put(&b, 1, 8);
	zip_put(&b, z.dir.n + 28, 8);
	zip_put(&b, dir, 8);
	zip_put(&b, 0x07064b50, 4);
	zip_put(&b, 0, 4);
	zip_put(&b, dir + z.dir.n + 28, 8);
	zip_put(&b, 1, 4);
	zip_put(&b, 0x06054b50, 4);
	zip_put(&b, UINT64_MAX, 8);
	zip_put(&b, UINT64_MAX, 8);
	zip_put(&b, 0, 2);
	CHECK_INT(begin(&o, b.p, b.n), CASE_OK);
	CHECK_INT(case_zip_entry(o.zip, 0)->size, 7);
	CHECK_INT(read_one(&o, "x", &got), CASE_OK);
	CHECK_STR(got.p, "contentcontent");
	finish(&o);
	case_buf_free(&b);
	case_buf_free(&got);
	zip_free(&z);
}

int
main(void)
{
	limits = case_limits_default;
	test_whole();
	test_damage();
	test_refused();
	test_total();
	test_forms();
	TEST_END();
}
