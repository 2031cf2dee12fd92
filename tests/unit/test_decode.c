/* test_decode.c - inputs: encoding by the whole file, bytes as UTF-8 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case/buf.h"
#include "case/decode.h"
#include "case/digest.h"
#include "case/text.h"
#include "tests/unit/test.h"

/* "执法单位" and "婺城区,〔2023〕" in GB18030. */
#define GB_UNIT "\xd6\xb4\xb7\xa8\xb5\xa5\xce\xbb"
#define GB_PLACE                            \
	"\xe6\xc4\xb3\xc7\xc7\xf8,\xa1\xb2" \
	"2023\xa1\xb3"

static char path[64];

static void
put_file(const char *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(fd >= 0);
	CHECK_INT(write(fd, p, n), n);
	close(fd);
}

static enum case_status
open_bytes(struct case_input **in, const char *p, size_t n,
    enum case_encoding e, struct case_error *err)
{
	put_file(p, n);
	*err = (struct case_error){ .line = 0 };
	return case_input_open(in, path, e, err);
}

/* All of it, by reads of cap bytes. */
static const char *
read_all(struct case_input *in, struct case_buf *b, size_t cap)
{
	struct case_error err;
	size_t n = 1;

	case_buf_reset(b);
	while (n > 0) {
		CHECK(case_buf_reserve(b, cap));
		CHECK_INT(case_input_read(in, b->p + b->n, cap, &n, &err),
		    CASE_OK);
		b->n += n;
	}
	CHECK(case_buf_reserve(b, 1));
	b->p[b->n] = '\0';
	return b->p;
}

static void
test_names(void)
{
	static const struct {
		const char *name;
		enum case_encoding e;
	} good[] = {
		{ "utf8", CASE_ENCODING_UTF8 },
		{ "UTF-8", CASE_ENCODING_UTF8 },
		{ "gbk", CASE_ENCODING_GB18030 },
		{ "GB2312", CASE_ENCODING_GB18030 },
		{ "gb_18030", CASE_ENCODING_GB18030 },
		{ "utf-16le", CASE_ENCODING_UTF16LE },
		{ "UTF-16BE", CASE_ENCODING_UTF16BE },
		{ "big5", CASE_ENCODING_BIG5 },
		{ "iso-8859-1", CASE_ENCODING_LATIN1 },
		{ "auto", CASE_ENCODING_AUTO },
	};
	enum case_encoding e;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CHECK(case_encoding_find(good[i].name, &e));
		CHECK_INT(e, good[i].e);
	}
	CHECK(!case_encoding_find("", &e));
	CHECK(!case_encoding_find("ISO-2022-CN-EXT", &e));
	CHECK(!case_encoding_find("gbk//IGNORE+x", &e));
	CHECK_STR(case_encoding_name(CASE_ENCODING_UTF8), "UTF-8");
	CHECK_STR(case_encoding_name(CASE_ENCODING_GB18030), "GB18030");
}

static void
test_detect(void)
{
	static const struct {
		const char *s;
		size_t n;
		enum case_encoding e;
		bool bom;
		const char *want;
	} cases[] = {
#define BYTES(s) s, sizeof(s) - 1
		{ BYTES(""), CASE_ENCODING_UTF8, false, "" },
		{ BYTES("a,b\n"), CASE_ENCODING_UTF8, false, "a,b\n" },
		{ BYTES("执法单位\n"), CASE_ENCODING_UTF8, false,
		    "执法单位\n" },
		{ BYTES("\xef\xbb\xbf执"), CASE_ENCODING_UTF8, true, "执" },
		{ BYTES("\xef\xbb\xbf"), CASE_ENCODING_UTF8, true, "" },
		{ BYTES(GB_UNIT "\n"), CASE_ENCODING_GB18030, false,
		    "执法单位\n" },
		{ BYTES(GB_PLACE), CASE_ENCODING_GB18030, false,
		    "婺城区,〔2023〕" },
		/* Trails that look like \ | ~ are no delimiters. */
		{ BYTES("a|\x95\x5c\x95\x7c\x95\x7e|b"), CASE_ENCODING_GB18030,
		    false, "a|昞晐晘|b" },
		/* Four bytes: U+3416, U+20087, U+1F600, and U+9FB4 of 2000. */
		{ BYTES("\xd6\xb4\x81\x39\xf1\x31\xfe\x51\x94\x39\xfc\x36"
			"\x82\x35\x90\x37"),
		    CASE_ENCODING_GB18030, false,
		    "执㐖\xf0\xa0\x82\x87\xf0\x9f\x98\x80龴" },
		{ BYTES("\x84\x31\x95\x33" GB_UNIT), CASE_ENCODING_GB18030,
		    true, "执法单位" },
		{ BYTES("\xff\xfeg\x62,\0=\xd8\0\xde"), CASE_ENCODING_UTF16LE,
		    true, "执,\xf0\x9f\x98\x80" },
		{ BYTES("\xfe\xff\x62g\0,"), CASE_ENCODING_UTF16BE, true,
		    "执," },
		{ BYTES("PK\x03\x04\xff\xff"), CASE_ENCODING_AUTO, false,
		    NULL },
		{ BYTES("\x1f\x8b\x08\xff\xff"), CASE_ENCODING_AUTO, false,
		    NULL },
		{ BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0\0\0\0\0"),
		    CASE_ENCODING_AUTO, false, NULL },
		/* Valid both ways, by script. */
		{ BYTES("1,\xc5\xae\n"), CASE_ENCODING_GB18030, false,
		    "1,女\n" },
		{ BYTES("\xc8\xb1\xcf\xa4\n"), CASE_ENCODING_GB18030, false,
		    "缺悉\n" },
		{ BYTES("\xc1\xaa\xcd\xa8\n"), CASE_ENCODING_GB18030, false,
		    "联通\n" },
		{ BYTES("中文"), CASE_ENCODING_UTF8, false, "中文" },
		{ BYTES("中"), CASE_ENCODING_UTF8, false, "中" },
		{ BYTES("±0.5,20°C,3×4\n"), CASE_ENCODING_UTF8, false,
		    "±0.5,20°C,3×4\n" },
		{ BYTES("naïve Café\n"), CASE_ENCODING_UTF8, false,
		    "naïve Café\n" },
		{ BYTES("Привет мир\n"), CASE_ENCODING_UTF8, false,
		    "Привет мир\n" },
	};
	struct case_buf b = { 0 };
	struct case_input *in;
	struct case_error err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_INT(open_bytes(&in, cases[i].s, cases[i].n,
			      CASE_ENCODING_AUTO, &err),
		    CASE_OK);
		if (in == NULL) {
			fprintf(stderr, "case %zu: %s\n", i, err.what);
			continue;
		}
		CHECK_INT(case_input_facts(in)->encoding, cases[i].e);
		CHECK_INT(case_input_facts(in)->bom, cases[i].bom);
		CHECK_INT(case_input_facts(in)->size, cases[i].n);
		CHECK(!case_input_facts(in)->forced);
		if (cases[i].want != NULL) {
			CHECK_STR(read_all(in, &b, 8), cases[i].want);
			CHECK_INT(case_input_rewind(in, &err), CASE_OK);
			CHECK_STR(read_all(in, &b, 4096), cases[i].want);
			CHECK_INT(case_input_position(in), cases[i].n);
		} else {
			size_t n;
			char p[16];

			CHECK_INT(case_input_read(in, p, 16, &n, &err),
			    CASE_EDATA);
			CHECK_INT(case_input_raw(in, 0, p, 16, &n, &err),
			    CASE_OK);
			CHECK_INT(n, cases[i].n);
			CHECK(memcmp(p, cases[i].s, n) == 0);
		}
		case_input_close(in);
	}
	case_buf_free(&b);
}

static void
test_refuse(void)
{
	static const struct {
		const char *s;
		size_t n;
		size_t line;
		const char *words;
	} cases[] = {
		/* Neither: the place of the one that got farther. */
		{ BYTES("a\nb\xff"
			"c"),
		    2, "bytes ff 63 at offset 3 " },
		{ BYTES("ab\n" GB_UNIT "\n\x80\n"), 3,
		    "bytes 80 0a at offset 12 " },
		{ BYTES(GB_UNIT "\xd6"), 1, "bytes d6 at offset 8 " },
		{ BYTES(GB_UNIT "\n\x81\x30\x81"), 2,
		    "bytes 81 30 81 at offset 9 " },
		/* Four bytes of the right shape that stand for nothing. */
		{ BYTES(GB_UNIT "\x84\x31\xa4\x3a"
				"1"),
		    1, "bytes 84 31 a4 3a at offset 8 " },
		{ BYTES(GB_UNIT "\xe3\x32\x9a\x36"), 1,
		    "bytes e3 32 9a 36 at offset 8 " },
		{ BYTES(GB_UNIT "\x85\x30\x81\x30"), 1,
		    "bytes 85 30 81 30 at offset 8 " },
		/* Damaged UTF-8, though GB18030 would take the first. */
		{ BYTES("执法单位案由处罚决定日期，当事人改正情况\n\xb4\xa6\n"),
		    2, "damaged UTF-8" },
		{ BYTES("执法单位案由处罚决定日期\n执\xe6\x89"), 2,
		    "ends within a character" },
		{ BYTES("执法单位案由处罚\xe6\x89\n决定日期\n"), 1,
		    "damaged UTF-8" },
		/* A byte order mark is a promise. */
		{ BYTES("\xef\xbb\xbf"
			"a\n" GB_UNIT),
		    2, "bytes b7 a8 b5 a5 at offset 7 " },
		{ BYTES("\xff\xfe"
			"a\0\n\0\x0a\x0a"
			"b"),
		    2, "bytes 62 at offset 8 " },
		{ BYTES("\xff\xfe\x00\xd8"
			"a\0"),
		    1, "bytes 00 d8 61 00 at offset 2 " },
		{ BYTES("\xfe\xff\0\n\xdc\0"), 2, "bytes dc 00 at offset 4 " },
		{ BYTES("a\0,\0b\0\n\0"), 0, "-e utf-16le" },
		{ BYTES("\0a\0,\0b\0\n"), 0, "-e utf-16be" },
		{ BYTES("\xff\xfe\0\0a\0\0\0"), 0, "UTF-32" },
		{ BYTES("\0\0\xfe\xff\0\0\0a"), 0, "UTF-32" },
	};
	struct case_input *in;
	struct case_error err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_INT(open_bytes(&in, cases[i].s, cases[i].n,
			      CASE_ENCODING_AUTO, &err),
		    CASE_EDATA);
		CHECK(in == NULL);
		CHECK_INT(err.line, cases[i].line);
		if (strstr(err.what, cases[i].words) == NULL)
			CHECK_STR(err.what, cases[i].words);
	}
}

static void
test_forced(void)
{
	static const struct {
		const char *s;
		size_t n;
		enum case_encoding e;
		const char *want;
	} cases[] = {
		{ BYTES("a\xff\xe4\xb8,中\xe4"), CASE_ENCODING_UTF8,
		    "a\xff\xff\xff,中\xff" },
		{ BYTES("\xef\xbb\xbfx"), CASE_ENCODING_UTF8, "x" },
		{ BYTES("\x80" GB_UNIT "\xd6\n\xff,\xd6"),
		    CASE_ENCODING_GB18030, "\xff执法单位\xff\n\xff,\xff" },
		{ BYTES("\xd6\xb4\x81\x30\x81"), CASE_ENCODING_GB18030,
		    "执\xff"
		    "0\xff" },
		{ BYTES("\x85\x30\x81\x30"), CASE_ENCODING_GB18030,
		    "\xff"
		    "0\xff"
		    "0" },
		{ BYTES("中"), CASE_ENCODING_GB18030, "涓\xff" },
		{ BYTES("\xb0\xf5\xa9\xb1,\xb3\xe6\xa6\xec\xff\xa4"),
		    CASE_ENCODING_BIG5, "執店,單位\xff\xff" },
		{ BYTES("\x81\x40,"), CASE_ENCODING_BIG5, "\xff," },
		{ BYTES("caf\xe9\x80"), CASE_ENCODING_LATIN1, "café\xc2\x80" },
		{ BYTES("a\0g\x62\0\xdc"
			"b\0c"),
		    CASE_ENCODING_UTF16LE,
		    "a执\xff"
		    "b\xff" },
		{ BYTES("\xff\xfe"
			"a\0"),
		    CASE_ENCODING_UTF16LE, "a" },
		{ BYTES("\0a\xd8\0\0b"), CASE_ENCODING_UTF16BE,
		    "a\xff"
		    "b" },
		{ BYTES(""), CASE_ENCODING_GB18030, "" },
	};
	struct case_buf b = { 0 };
	struct case_input *in;
	struct case_error err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_INT(open_bytes(&in, cases[i].s, cases[i].n, cases[i].e,
			      &err),
		    CASE_OK);
		CHECK(case_input_facts(in)->forced);
		CHECK_INT(case_input_facts(in)->encoding, cases[i].e);
		CHECK_STR(read_all(in, &b, 8), cases[i].want);
		CHECK_INT(case_input_rewind(in, &err), CASE_OK);
		CHECK_STR(read_all(in, &b, 100), cases[i].want);
		case_input_close(in);
	}
	case_buf_free(&b);
}

/*
 * Text over several buffers with every character at every place of a buffer's
 * end: by a first line of pad bytes more.
 */
static void
test_long(void)
{
	static const char unit[] = "执法,ab\n\xf0\x9f\x98\x80";
	static const char gb_unit[] = "\xd6\xb4\xb7\xa8,ab\n\x94\x39\xfc\x36";
	struct case_buf utf8 = { 0 }, gb = { 0 }, got = { 0 };
	struct case_input *in;
	struct case_error err;

	for (size_t pad = 0; pad < 13; pad++) {
		case_buf_reset(&utf8);
		case_buf_reset(&gb);
		for (size_t i = 0; i < pad; i++) {
			case_buf_addc(&utf8, 'x');
			case_buf_addc(&gb, 'x');
		}
		while (gb.n < 300000) {
			case_buf_adds(&utf8, unit);
			case_buf_adds(&gb, gb_unit);
		}
		CHECK_INT(open_bytes(&in, gb.p, gb.n, CASE_ENCODING_AUTO, &err),
		    CASE_OK);
		CHECK_INT(case_input_facts(in)->encoding,
		    CASE_ENCODING_GB18030);
		read_all(in, &got, 65536 + pad);
		CHECK(got.n == utf8.n && memcmp(got.p, utf8.p, got.n) == 0);
		case_input_close(in);

		CHECK_INT(open_bytes(&in, utf8.p, utf8.n, CASE_ENCODING_AUTO,
			      &err),
		    CASE_OK);
		CHECK_INT(case_input_facts(in)->encoding, CASE_ENCODING_UTF8);
		read_all(in, &got, 65536);
		CHECK(got.n == utf8.n && memcmp(got.p, utf8.p, got.n) == 0);
		case_input_close(in);

		/* The last character cut: a fault at its place, not the end. */
		CHECK_INT(open_bytes(&in, utf8.p, utf8.n - 1,
			      CASE_ENCODING_AUTO, &err),
		    CASE_EDATA);
		CHECK(strstr(err.what, "bytes f0 9f 98 at") != NULL);
		CHECK(strstr(err.what, "within a character") != NULL);
		CHECK_INT(open_bytes(&in, gb.p, gb.n - 1, CASE_ENCODING_AUTO,
			      &err),
		    CASE_EDATA);
		CHECK(strstr(err.what, "bytes 94 39 fc at") != NULL);
		CHECK(strstr(err.what, "within a character") != NULL);
	}
	case_buf_free(&utf8);
	case_buf_free(&gb);
	case_buf_free(&got);
}

/* What the bytes are taken for, or why they are refused. */
static void
say_bytes(char *out, size_t cap, const struct case_buf *b)
{
	struct case_input *in;
	struct case_error err;
	const char *why;

	if (open_bytes(&in, b->p, b->n, CASE_ENCODING_AUTO, &err) == CASE_OK) {
		snprintf(out, cap, "%s",
		    case_encoding_name(case_input_facts(in)->encoding));
		case_input_close(in);
		return;
	}
	why = strstr(err.what, "): ");
	snprintf(out, cap, "%s", why != NULL ? why : err.what);
}

/* A fault over the end of a buffer is one, wherever it is cut. */
static void
test_cut_fault(void)
{
	static const char *const fault[] = { "\xe6\x89z", "\xf0\x9f\x98zz",
		"\xe6zz", "\xf0\x9fzz" };
	struct case_buf b = { 0 };
	char want[1024] = "", got[1024];

	for (size_t i = 0; i < 4 * 8; i++) {
		/* First it is far from the end. */
		size_t before = i % 8 == 0 ? 1000 : i % 8 - 1;

		case_buf_reset(&b);
		case_buf_adds(&b, "执法单位,案件名称\n");
		while (b.n < 128 * 1024 - before)
			case_buf_addc(&b, 'a');
		case_buf_adds(&b, fault[i / 8]);
		case_buf_adds(&b, "\nb\n");
		say_bytes(got, sizeof(got), &b);
		if (i % 8 == 0)
			memcpy(want, got, sizeof(got));
		CHECK(strcmp(got, "UTF-8") != 0);
		CHECK_STR(got, want);
	}
	case_buf_free(&b);
}

/* A fault far behind in a text that is 90 % good is damage, 80 % is not. */
static void
test_damage(void)
{
	struct case_buf b = { 0 };
	struct case_input *in;
	struct case_error err;

	for (int i = 0; i < 9100; i++)
		case_buf_adds(&b, "罚\n");
	for (int i = 0; i < 900; i++)
		case_buf_adds(&b, "\xb7\x0a");
	CHECK_INT(open_bytes(&in, b.p, b.n, CASE_ENCODING_AUTO, &err),
	    CASE_EDATA);
	CHECK_INT(err.line, 9101);
	CHECK(strstr(err.what, "damaged UTF-8") != NULL);
	for (int i = 0; i < 1000; i++)
		case_buf_adds(&b, "\xb7\x0a");
	CHECK_INT(open_bytes(&in, b.p, b.n, CASE_ENCODING_AUTO, &err),
	    CASE_EDATA);
	CHECK(strstr(err.what, "neither") != NULL);
	/* Broken UTF-8 that is GB18030 by luck: still not taken for it. */
	case_buf_reset(&b);
	for (int i = 0; i < 100; i++)
		case_buf_adds(&b, "处罚\n");
	case_buf_adds(&b, "\xb7\xa8\n");
	CHECK_INT(open_bytes(&in, b.p, b.n, CASE_ENCODING_AUTO, &err),
	    CASE_EDATA);
	CHECK_INT(err.line, 101);
	CHECK(strstr(err.what, "damaged UTF-8") != NULL);
	case_buf_free(&b);
}

static void
test_facts(void)
{
	struct case_input *in;
	struct case_error err;
	char p[8];
	size_t n;

	CHECK_INT(open_bytes(&in, "abc", 3, CASE_ENCODING_AUTO, &err), CASE_OK);
	CHECK_STR(case_input_facts(in)->sha256,
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	CHECK_INT(case_input_raw(in, 1, p, 8, &n, &err), CASE_OK);
	CHECK(n == 2 && memcmp(p, "bc", 2) == 0);
	CHECK_INT(case_input_raw(in, 3, p, 8, &n, &err), CASE_OK);
	CHECK_INT(n, 0);
	CHECK_INT(case_input_raw(in, UINT64_MAX, p, 8, &n, &err), CASE_OK);
	CHECK_INT(n, 0);
	case_input_close(in);
	case_input_close(NULL);
}

static void
test_kinds(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct case_input *in;
	struct case_error err;
	int fd;

	CHECK_INT(case_input_open(&in, ".", CASE_ENCODING_AUTO, &err),
	    CASE_EIO);
	CHECK_STR(err.what, "is a folder, not a file");
	CHECK_INT(case_input_open(&in, "/dev/zero", CASE_ENCODING_AUTO, &err),
	    CASE_EIO);
	CHECK_STR(err.what, "is a device, not a file");
	CHECK_INT(case_input_open(&in, "/dev/null", CASE_ENCODING_AUTO, &err),
	    CASE_OK);
	CHECK_INT(case_input_facts(in)->size, 0);
	case_input_close(in);
	unlink(path);
	CHECK_INT(case_input_open(&in, path, CASE_ENCODING_AUTO, &err),
	    CASE_EIO);
	CHECK_STR(err.what, "can't open: No such file or directory");
	CHECK(in == NULL);

	strcpy(address.sun_path, path);
	CHECK((fd = socket(AF_UNIX, SOCK_STREAM, 0)) >= 0);
	CHECK_INT(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	CHECK_INT(case_input_open(&in, path, CASE_ENCODING_AUTO, &err),
	    CASE_EIO);
	CHECK_STR(err.what, "is a socket, not a file");
	close(fd);
	unlink(path);
}

/* A pipe that delivers byte by byte, by a name and as standard input. */
static void
test_pipe(bool by_name)
{
	static const char text[] = "\xef\xbb\xbf执法单位\n";
	struct case_buf b = { 0 };
	struct case_input *in;
	struct case_error err;
	int end[2], saved = -1;
	pid_t pid;

	unlink(path);
	if (by_name) {
		CHECK_INT(mkfifo(path, 0600), 0);
	} else {
		saved = dup(STDIN_FILENO);
		CHECK_INT(pipe(end), 0);
		CHECK(dup2(end[0], STDIN_FILENO) >= 0);
		close(end[0]);
	}
	if ((pid = fork()) == 0) {
		int fd = by_name ? open(path, O_WRONLY) : end[1];

		for (size_t i = 0; i < sizeof(text) - 1; i++)
			if (write(fd, text + i, 1) != 1)
				_exit(1);
		_exit(0);
	}
	if (!by_name)
		close(end[1]);
	CHECK_INT(case_input_open(&in, by_name ? path : "-", CASE_ENCODING_AUTO,
		      &err),
	    CASE_OK);
	CHECK(case_input_facts(in)->bom);
	CHECK_STR(read_all(in, &b, 64), "执法单位\n");
	CHECK_INT(case_input_rewind(in, &err), CASE_OK);
	CHECK_STR(read_all(in, &b, 8), "执法单位\n");
	case_input_close(in);
	CHECK_INT(waitpid(pid, NULL, 0), pid);
	if (!by_name) {
		dup2(saved, STDIN_FILENO);
		close(saved);
	}
	unlink(path);
	case_buf_free(&b);
}

/* A file as standard input, and one of which a part was read before. */
static void
test_stdin_file(void)
{
	struct case_buf b = { 0 };
	struct case_input *in;
	struct case_error err;
	int saved = dup(STDIN_FILENO), fd;
	char c;

	put_file("xabc", 4);
	CHECK((fd = open(path, O_RDONLY)) >= 0);
	CHECK(dup2(fd, STDIN_FILENO) >= 0);
	close(fd);
	CHECK_INT(case_input_open(&in, "-", CASE_ENCODING_AUTO, &err), CASE_OK);
	CHECK_STR(read_all(in, &b, 64), "xabc");
	case_input_close(in);
	CHECK_INT(lseek(STDIN_FILENO, 0, SEEK_SET), 0);
	CHECK_INT(read(STDIN_FILENO, &c, 1), 1);
	CHECK_INT(case_input_open(&in, "-", CASE_ENCODING_AUTO, &err), CASE_OK);
	CHECK_STR(read_all(in, &b, 64), "abc");
	case_input_close(in);
	/* A spool that can't be made is said so. */
	setenv("TMPDIR", "/nonexistent", 1);
	CHECK_INT(lseek(STDIN_FILENO, 1, SEEK_SET), 1);
	CHECK_INT(case_input_open(&in, "-", CASE_ENCODING_AUTO, &err),
	    CASE_EIO);
	CHECK(strstr(err.what, "TMPDIR") != NULL);
	unsetenv("TMPDIR");
	dup2(saved, STDIN_FILENO);
	close(saved);
	case_buf_free(&b);
}

/* A file that changes between open and the end: longer, shorter, other. */
static void
test_growing(enum case_encoding e, const char *text, size_t n)
{
	struct case_input *in;
	struct case_error err;
	struct timespec then[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	enum case_status rc;
	char p[64];
	size_t got;
	int fd;

	for (int how = 0; how < 3; how++) {
		CHECK_INT(open_bytes(&in, text, n, e, &err), CASE_OK);
		if (how == 0) {
			CHECK((fd = open(path, O_WRONLY | O_APPEND)) >= 0);
			CHECK_INT(write(fd, "more\n", 5), 5);
			close(fd);
		} else if (how == 1) {
			CHECK_INT(truncate(path, (off_t)n - 2), 0);
		} else {
			CHECK_INT(utimensat(AT_FDCWD, path, then, 0), 0);
		}
		do
			rc = case_input_read(in, p, sizeof(p), &got, &err);
		while (rc == CASE_OK && got > 0);
		CHECK_INT(rc, CASE_EBUSY);
		CHECK_INT(case_input_rewind(in, &err), CASE_EBUSY);
		case_input_close(in);
	}
}

/* The status of reading all that is left, into b. */
static enum case_status
drain(struct case_input *in, struct case_buf *b, struct case_error *err)
{
	enum case_status rc;
	size_t n;

	case_buf_reset(b);
	do {
		CHECK(case_buf_reserve(b, 50000));
		rc = case_input_read(in, b->p + b->n, 50000, &n, err);
		b->n += rc == CASE_OK ? n : 0;
	} while (rc == CASE_OK && n > 0);
	return rc;
}

/*
 * What is begun ahead ends as what is examined first. begun: whether that file
 * can be begun at all; wrong: as another encoding than it is, or may be.
 */
static void
check_ahead(const struct case_buf *text, enum case_encoding e, bool begun,
    bool wrong)
{
	struct case_buf one = { 0 }, two = { 0 };
	struct case_input *in, *ahead;
	struct case_error err = { 0 }, late = { 0 };
	struct case_sha256 *sha;
	enum case_status rc, rc2;
	char hex[65];

	put_file(text->p, text->n);
	rc = case_input_open(&in, path, e, &err);
	CHECK_INT(case_input_open_ahead(&ahead, path, e, &late),
	    begun ? CASE_OK : rc);
	if (ahead == NULL) {
		CHECK_STR(late.what, err.what);
		return;
	}
	CHECK_INT(case_input_facts(ahead)->sha256[0] == '\0', begun);
	CHECK_INT(case_input_facts(ahead)->size, text->n);
	rc2 = drain(ahead, &two, &late);
	CHECK_INT(rc2, wrong ? CASE_EDATA : CASE_OK);
	rc2 = case_input_prove(ahead, &late);
	CHECK_INT(rc2, rc);
	if (rc != CASE_OK) {
		CHECK_STR(late.what, err.what);
		CHECK_INT(late.line, err.line);
		goto done;
	}
	if (wrong) {
		CHECK_INT(case_input_rewind(ahead, &late), CASE_OK);
		CHECK_INT(drain(ahead, &two, &late), CASE_OK);
	}
	CHECK_INT(drain(in, &one, &err), CASE_OK);
	CHECK_INT(one.n, two.n);
	CHECK(one.n == two.n && memcmp(one.p, two.p, one.n) == 0);
	CHECK_INT(case_sha256_new(&sha, &err), CASE_OK);
	case_sha256_add(sha, text->p, text->n);
	case_sha256_end(sha, hex);
	CHECK_STR(case_input_facts(in)->sha256, hex);
	CHECK_STR(case_input_facts(ahead)->sha256, hex);
	CHECK_INT(case_input_facts(ahead)->encoding,
	    case_input_facts(in)->encoding);
	CHECK_INT(case_input_facts(ahead)->bom, case_input_facts(in)->bom);
done:
	case_input_close(in);
	case_input_close(ahead);
	case_buf_free(&one);
	case_buf_free(&two);
}

/* text, n bytes of it, until there are so many more. */
static void
repeat(struct case_buf *out, const char *text, size_t n, size_t least)
{
	for (size_t end = out->n + least; out->n < end;)
		case_buf_add(out, text, n);
}

static void
test_ahead(void)
{
	static const char utf8[] = "执法单位,é\n", gb[] = GB_UNIT "\n",
			  ascii[] = "1,2,3\n", wide[] = "1\0,\0\n\0";
	enum { LARGE = 1300000, HEAD = 300000 };
	const enum case_encoding e = CASE_ENCODING_AUTO;
	struct case_buf b = { 0 };

#define TEXT(s) s, sizeof(s) - 1
	repeat(&b, TEXT(utf8), LARGE);
	check_ahead(&b, e, true, false);
	/* Damaged in its middle, and cut off. */
	b.p[LARGE / 2] = '\xff';
	check_ahead(&b, e, true, true);
	b.n = 0;
	repeat(&b, TEXT(utf8), LARGE);
	case_buf_add(&b, "\xe6\x89", 2);
	check_ahead(&b, e, true, true);
	b.n = 0;
	repeat(&b, TEXT(gb), LARGE);
	check_ahead(&b, e, true, false);
	case_buf_add(&b, "\xff\xff\xff", 3);
	check_ahead(&b, e, true, true);
	/* Another encoding shows late. */
	b.n = 0;
	repeat(&b, TEXT(ascii), LARGE);
	check_ahead(&b, e, true, false);
	repeat(&b, TEXT(gb), LARGE);
	check_ahead(&b, e, true, true);
	b.n = 0;
	repeat(&b, TEXT(utf8), HEAD);
	repeat(&b, TEXT(gb), LARGE);
	check_ahead(&b, e, true, true);
	/* One byte among many does not tell. */
	b.n = 0;
	repeat(&b, TEXT(ascii), 100000);
	repeat(&b, TEXT(gb), 10);
	repeat(&b, TEXT(ascii), LARGE);
	check_ahead(&b, e, false, false);
	/* By a mark, and by what is said. */
	b.n = 0;
	case_buf_add(&b, "\xff\xfe", 2);
	repeat(&b, TEXT(wide), LARGE);
	check_ahead(&b, e, true, false);
	case_buf_add(&b, "1", 1);
	check_ahead(&b, e, true, true);
	b.n = 0;
	repeat(&b, TEXT(gb), LARGE);
	check_ahead(&b, CASE_ENCODING_GB18030, true, false);
	check_ahead(&b, CASE_ENCODING_UTF8, true, false);
	/* Small, and no text. */
	b.n = 0;
	repeat(&b, TEXT(utf8), 1000);
	check_ahead(&b, e, false, false);
	b.n = 0;
	repeat(&b, TEXT("\0\0\0\0"), LARGE);
	check_ahead(&b, e, false, false);
#undef TEXT
	case_buf_free(&b);
}

/* The reader stops early, and what it did not read is another encoding. */
static void
test_ahead_unread(void)
{
	struct case_buf b = { 0 };
	struct case_error err = { 0 };
	struct case_input *in;
	char p[100];
	size_t n;

	repeat(&b, "1,2\n", 4, 1200000);
	repeat(&b, GB_UNIT, 8, 8);
	put_file(b.p, b.n);
	CHECK_INT(case_input_open_ahead(&in, path, CASE_ENCODING_AUTO, &err),
	    CASE_OK);
	CHECK_INT(case_input_read(in, p, sizeof(p), &n, &err), CASE_OK);
	CHECK_INT(case_input_facts(in)->encoding, CASE_ENCODING_UTF8);
	CHECK_INT(case_input_prove(in, &err), CASE_OK);
	CHECK_INT(case_input_facts(in)->encoding, CASE_ENCODING_GB18030);
	case_input_close(in);
	/* Before anything is read nothing is wrong. */
	CHECK_INT(case_input_open_ahead(&in, path, CASE_ENCODING_AUTO, &err),
	    CASE_OK);
	CHECK_INT(case_input_prove(in, &err), CASE_OK);
	CHECK_INT(case_input_facts(in)->encoding, CASE_ENCODING_GB18030);
	CHECK_INT(case_input_prove(in, &err), CASE_OK);
	case_input_close(in);
	/* Given up while it is hashed. */
	CHECK_INT(case_input_open_ahead(&in, path, CASE_ENCODING_AUTO, &err),
	    CASE_OK);
	case_input_close(in);
	case_buf_free(&b);
}

int
main(void)
{
	snprintf(path, sizeof(path), "case-decode-%ld", (long)getpid());
	test_names();
	test_detect();
	test_refuse();
	test_forced();
	test_long();
	test_cut_fault();
	test_damage();
	test_facts();
	test_kinds();
	test_pipe(true);
	test_pipe(false);
	test_stdin_file();
	test_growing(CASE_ENCODING_AUTO, "执法\n", 7);
	test_growing(CASE_ENCODING_AUTO, GB_UNIT "\n", 9);
	test_growing(CASE_ENCODING_GB18030, GB_UNIT "\n", 9);
	test_ahead();
	test_ahead_unread();
	unlink(path);
	TEST_END();
}
