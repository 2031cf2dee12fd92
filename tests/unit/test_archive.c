/* test_archive.c - the files in zip and gzip files, and what must be refused */
#include <stdlib.h>
#include <unistd.h>

#include <zlib.h>

#include "case/import.h"
#include "tests/unit/rowtext.h"
#include "tests/unit/zipmake.h"

/* What was given, a line each: NAME=CONTENT, NAME~PASSED or NAME!FAULT. */
struct seen {
	struct case_buf out;
	size_t cut; /* of each name: the folder of the test's file */
};

static bool
each(void *arg, const struct case_import_member *m)
{
	struct seen *s = arg;
	struct case_error err;
	char p[8192];
	size_t n = 0;

	CHECK(strncmp(m->file, "case-test-", 10) == 0);
	CHECK(strstr(m->name, m->file) != NULL);
	/* Without the file's own name, which differs each time. */
	case_buf_adds(&s->out, m->file + s->cut);
	if (m->rc != CASE_OK) {
		CHECK(m->in == NULL);
		case_buf_addf(&s->out, "!%s\n", m->fault->what);
	} else if (m->passed != NULL) {
		CHECK(m->in == NULL);
		case_buf_addf(&s->out, "~%s\n", m->passed);
	} else {
		CHECK_INT(case_input_raw(m->in, 0, p, sizeof(p), &n, &err),
		    CASE_OK);
		case_buf_addf(&s->out, "=%.*s\n", (int)n, p);
	}
	return true;
}

static char *
unpack(const char *p, size_t n, const struct case_limits *limits)
{
	const struct case_import_options o = { .limits = limits };
	struct seen s = { .cut = strlen("case-test-XXXXXX") };
	char file[64];

	write_file(file, p, n);
	case_import_unpack(file, &o, each, &s);
	unlink(file);
	case_buf_adds(&s.out, "");
	return s.out.p;
}

#define CHECK_UNPACK(bytes, size, want)                   \
	do {                                              \
		char *u_ = unpack((bytes), (size), NULL); \
		CHECK_STR(u_, (want));                    \
		free(u_);                                 \
	} while (0)

static void
check_words(const char *p, size_t n, const struct case_limits *l,
    const char *words)
{
	char *u = unpack(p, n, l);

	if (strstr(u, words) == NULL) {
		fprintf(stderr, "%s, not %s\n", u, words);
		CHECK(false);
	}
	free(u);
}

/* Adds a gzip member to out. */
static void
gzip(struct case_buf *out, const char *p, size_t n)
{
	z_stream z = { 0 };
	uLong cap;

	CHECK_INT(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8,
		      Z_DEFAULT_STRATEGY),
	    Z_OK);
	cap = deflateBound(&z, (uLong)n);
	CHECK(case_buf_reserve(out, cap));
	z.next_in = (Bytef *)(uintptr_t)p;
	z.avail_in = (uInt)n;
	z.next_out = (Bytef *)out->p + out->n;
	z.avail_out = (uInt)cap;
	CHECK_INT(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->n += z.total_out;
	deflateEnd(&z);
}

static void
test_plain(void)
{
	CHECK_UNPACK("a,b\n1,2\n", 8, "=a,b\n1,2\n\n");
	CHECK_UNPACK("", 0, "=\n");
	/* What it is, is the reader's to say. */
	CHECK_UNPACK("%PDF-1.7", 8, "=%PDF-1.7\n");
	check_words("PK\x03\x04", 4, NULL, "!");
}

static void
test_gzip(void)
{
	struct case_buf b = { 0 };

	gzip(&b, "one\n", 4);
	CHECK_UNPACK(b.p, b.n, "=one\n\n");
	for (size_t n = 2; n < b.n; n++)
		check_words(b.p, n, NULL, "cut off");
	for (size_t i = 0; i < b.n; i++) {
		struct case_buf bad = { 0 };
		char *u;

		/* Of the header nobody asks; a last byte has bits to spare. */
		case_buf_add(&bad, b.p, b.n);
		bad.p[i] ^= 0x40;
		u = unpack(bad.p, bad.n, NULL);
		CHECK(u[0] == '!' || i < 10 || strcmp(u, "=one\n\n") == 0);
		free(u);
		case_buf_free(&bad);
	}
	gzip(&b, "two\n", 4);
	gzip(&b, "", 0);
	CHECK_UNPACK(b.p, b.n, "=one\ntwo\n\n");
	case_buf_adds(&b, "x");
	check_words(b.p, b.n, NULL, "something else stands behind");
	b.p[b.n - 1] = '\x1f';
	check_words(b.p, b.n, NULL, "cut off");
	case_buf_free(&b);
}

static void
test_zip(void)
{
	struct zipmake z = { 0 };

	zip_add(&z, "in/", "");
	zip_add(&z, "in/b.csv", "b");
	zip_add(&z, "__MACOSX/in/._b.csv", "x");
	zip_add(&z, ".DS_Store", "x");
	zip_add(&z, "in\\Thumbs.db", "x");
	zip_add(&z, "~$c.docx", "x");
	zip_add(&z, "../../etc/../passwd", "p");
	zip_add(&z, "/abs\\.\\x", "q");
	zip_add(&z, "\xb0\xb8\xbe\xed.csv", "x"); /* 案卷 in GBK */
	zip_add(&z, "c.pdf", "%PDF-1.7");
	zip_add(&z, "d.png", "\x89PNG");
	zip_end(&z);
	CHECK_UNPACK(z.out.p, z.out.n,
	    "/in/b.csv=b\n/etc/passwd=p\n/abs/x=q\n/案卷.csv=x\n"
	    "/c.pdf~a PDF document; ask for the export as CSV or Excel\n"
	    "/d.png~a picture (PNG); ask for the export as CSV or Excel\n");
	zip_free(&z);
	zip_end(&z);
	CHECK_UNPACK(z.out.p, z.out.n, "!the archive holds no file\n");
	zip_free(&z);
	/* A workbook is no archive, nor is what is in it a file. */
	zip_add(&z, "[Content_Types].xml", "<Types/>");
	zip_add(&z, "xl/workbook.xml", "<workbook/>");
	zip_end(&z);
	check_words(z.out.p, z.out.n, NULL, "=PK");
	zip_free(&z);
}

/* Wraps what is in *b in an archive of one file. */
static void
wrap(struct case_buf *b, const char *name)
{
	struct zipmake z = { 0 };
	struct case_buf out = { 0 };

	if (name == NULL) {
		gzip(&out, b->p, b->n);
	} else {
		zip_add_n(&z, name, b->p, b->n);
		zip_end(&z);
		case_buf_add(&out, z.out.p, z.out.n);
		zip_free(&z);
	}
	case_buf_free(b);
	*b = out;
}

static void
test_nested(void)
{
	struct case_buf b = { 0 };

	case_buf_adds(&b, "x");
	wrap(&b, NULL);
	wrap(&b, "a.csv.gz");
	wrap(&b, "in.zip");
	CHECK_UNPACK(b.p, b.n, "/in.zip/a.csv.gz=x\n");
	wrap(&b, NULL);
	CHECK_UNPACK(b.p, b.n, "/in.zip/a.csv.gz=x\n");
	wrap(&b, NULL);
	check_words(b.p, b.n, NULL, "/in.zip/a.csv.gz!archives within");
	case_buf_free(&b);
}

static void
test_limits(void)
{
	struct case_limits limits = case_limits_default;
	struct zipmake z = { 0 };
	struct case_buf b = { 0 }, zeros = { 0 };

	for (size_t i = 0; i < 20 * 1024; i++)
		case_buf_addf(&zeros, "%01024d", 0);
	gzip(&b, zeros.p, zeros.n);
	check_words(b.p, b.n, NULL, "the limit ratio is 200");
	limits.ratio = 100000;
	check_words(b.p, b.n, &limits, "=0000");
	limits.total = 1024 * 1024;
	check_words(b.p, b.n, &limits, "the limit total is 1048576");
	for (int i = 0; i < 5; i++) {
		char name[16];

		snprintf(name, sizeof(name), "%d", i);
		zip_add(&z, name, "x");
	}
	zip_end(&z);
	limits.entries = 5;
	check_words(z.out.p, z.out.n, &limits, "/4=x");
	limits.entries = 4;
	check_words(z.out.p, z.out.n, &limits, "the limit entries is 4");
	/* Those of an archive within count, too. */
	case_buf_reset(&b);
	case_buf_add(&b, z.out.p, z.out.n);
	wrap(&b, "in.zip");
	limits.entries = 5;
	check_words(b.p, b.n, &limits,
	    "/in.zip/3=x\n"
	    "/in.zip!the archive holds too many");
	case_buf_free(&b);
	case_buf_free(&zeros);
	zip_free(&z);
}

int
main(void)
{
	test_plain();
	test_gzip();
	test_zip();
	test_nested();
	test_limits();
	TEST_END();
}
