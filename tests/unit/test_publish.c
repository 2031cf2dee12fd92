/* test_publish.c - an output appears whole, or the last good one stays */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "case/publish.h"
#include "tests/unit/test.h"

static char folder[] = "/tmp/case-test-XXXXXX";

static const char *
at(const char *name)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static const char *
content(const char *name)
{
	static char text[256];
	FILE *f = fopen(at(name), "r");
	size_t n;

	if (f == NULL)
		return NULL;
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static mode_t
mode_of(const char *name)
{
	struct stat st;

	CHECK_INT(lstat(at(name), &st), 0);
	return st.st_mode;
}

/* Nothing but what the test put there is in the folder. */
static void
check_clean(int want)
{
	char command[600];
	int n = -1;
	FILE *f;

	snprintf(command, sizeof(command), "ls -A %s | wc -l", folder);
	f = popen(command, "r");
	CHECK(f != NULL && fscanf(f, "%d", &n) == 1);
	CHECK_INT(n, want);
	if (f != NULL)
		pclose(f);
}

static enum case_status
write_text(const char *path, const char *text, struct case_error *err)
{
	struct case_publish *p;
	enum case_status rc;
	FILE *f;

	if ((rc = case_publish_begin(&p, path, err)) != CASE_OK) {
		CHECK(p == NULL);
		return rc;
	}
	if ((rc = case_publish_stream(p, &f, err)) != CASE_OK) {
		case_publish_abort(p);
		return rc;
	}
	fputs(text, f);
	return case_publish_commit(p, err);
}

static void
test_file(void)
{
	struct case_publish *p;
	struct case_error err;
	FILE *f, *again;

	CHECK_INT(write_text(at("a"), "one\n", &err), CASE_OK);
	CHECK_STR(content("a"), "one\n");
	CHECK_INT(mode_of("a") & 07777, 0640);
	check_clean(1);

	/* Until the commit the old one is there; an abort leaves it. */
	CHECK_INT(case_publish_begin(&p, at("a"), &err), CASE_OK);
	check_clean(1);
	CHECK_INT(case_publish_stream(p, &f, &err), CASE_OK);
	CHECK_INT(case_publish_stream(p, &again, &err), CASE_OK);
	CHECK(f == again);
	check_clean(2);
	fputs("two\n", f);
	fflush(f);
	CHECK_STR(content("a"), "one\n");
	case_publish_abort(p);
	CHECK_STR(content("a"), "one\n");
	check_clean(1);
	case_publish_abort(NULL);

	/* A mode that was given later is kept; no umask is in the way. */
	CHECK_INT(chmod(at("a"), 0664), 0);
	CHECK_INT(write_text(at("a"), "three\n", &err), CASE_OK);
	CHECK_STR(content("a"), "three\n");
	CHECK_INT(mode_of("a") & 07777, 0664);
	umask(077);
	CHECK_INT(write_text(at("b"), "", &err), CASE_OK);
	CHECK_INT(mode_of("b") & 07777, 0600);
	umask(022);
	unlink(at("b"));
}

static void
test_path(void)
{
	struct case_publish *p;
	struct case_error err;
	const char *path;
	char mine[64];
	FILE *f;

	CHECK_INT(case_publish_begin(&p, at("周报.xlsx"), &err), CASE_OK);
	CHECK_INT(case_publish_path(p, &path, &err), CASE_OK);
	snprintf(mine, sizeof(mine), ".周报.xlsx.tmp.%ld", (long)getpid());
	CHECK_STR(path, at(mine));
	CHECK(access(path, F_OK) != 0);
	f = fopen(path, "w");
	fputs("book", f);
	fclose(f);
	CHECK_INT(case_publish_commit(p, &err), CASE_OK);
	CHECK_STR(content("周报.xlsx"), "book");
	CHECK_INT(mode_of("周报.xlsx") & 07777, 0640);

	/* Nothing written is no output. */
	CHECK_INT(case_publish_begin(&p, at("周报.xlsx"), &err), CASE_OK);
	CHECK_INT(case_publish_commit(p, &err), CASE_EIO);
	CHECK_STR(content("周报.xlsx"), "book");

	/* A file that a killed process of this number left is passed by. */
	f = fopen(at(mine), "w");
	fclose(f);
	CHECK_INT(write_text(at("周报.xlsx"), "new", &err), CASE_OK);
	CHECK_STR(content("周报.xlsx"), "new");
	CHECK_STR(content(mine), "");
	unlink(at(mine));
	unlink(at("周报.xlsx"));
	check_clean(1);
}

static void
test_names(void)
{
	char name[260];
	struct case_error err;

	/* 85 characters of 3 bytes: as long as a name may be. */
	for (int i = 0; i < 85; i++)
		memcpy(name + 3 * i, "报", 4);
	CHECK_INT(write_text(at(name), "long", &err), CASE_OK);
	CHECK_STR(content(name), "long");
	unlink(at(name));

	CHECK_INT(write_text(at("no/file"), "", &err), CASE_EIO);
	CHECK_INT(write_text(folder, "", &err), CASE_EIO);
	CHECK(strstr(err.what, strerror(EISDIR)) != NULL);
	CHECK_INT(write_text("", "", &err), CASE_EIO);
	CHECK_INT(write_text(at("new/"), "", &err), CASE_EIO);
	CHECK_INT(write_text(at("a/b"), "", &err), CASE_EIO);

	CHECK_INT(chdir(folder), 0);
	CHECK_INT(write_text("here", "x", &err), CASE_OK);
	CHECK_STR(content("here"), "x");
	unlink(at("here"));
	check_clean(1);
}

static void
test_links(void)
{
	struct case_error err;

	CHECK_INT(symlink("a", at("link")), 0);
	CHECK_INT(write_text(at("link"), "mine", &err), CASE_OK);
	CHECK(S_ISREG(mode_of("link")));
	CHECK_INT(mode_of("link") & 07777, 0640);
	CHECK_STR(content("link"), "mine");
	CHECK_STR(content("a"), "three\n");
	unlink(at("link"));
	CHECK_INT(symlink("nowhere", at("link")), 0);
	CHECK_INT(write_text(at("link"), "mine", &err), CASE_OK);
	CHECK_STR(content("link"), "mine");
	unlink(at("link"));
	check_clean(1);
}

static void
test_devices(void)
{
	struct case_publish *p;
	struct case_error err;
	const char *path;
	char name[64], text[16] = "";
	int ends[2];
	FILE *f;

	CHECK_INT(write_text("/dev/null", "x", &err), CASE_OK);
	CHECK_INT(write_text("/dev/full", "x", &err), CASE_EIO);
	CHECK(strstr(err.what, "/dev/full: ") == err.what);

	/* An own stream goes on where it was, and is not closed. */
	CHECK_INT(pipe(ends), 0);
	snprintf(name, sizeof(name), "/dev/fd/%d", ends[1]);
	CHECK_INT(write_text(name, "one", &err), CASE_OK);
	CHECK_INT(case_publish_begin(&p, name, &err), CASE_OK);
	CHECK_INT(case_publish_path(p, &path, &err), CASE_OK);
	f = fopen(path, "wx");
	CHECK(f != NULL);
	fputs("two", f);
	fclose(f);
	CHECK_INT(case_publish_commit(p, &err), CASE_OK);
	CHECK_INT(read(ends[0], text, sizeof(text) - 1), 6);
	CHECK_STR(text, "onetwo");
	close(ends[0]);
	close(ends[1]);

	CHECK_INT(case_publish_begin(&p, "/dev/full", &err), CASE_OK);
	CHECK_INT(case_publish_path(p, &path, &err), CASE_OK);
	f = fopen(path, "wx");
	fputs("two", f);
	fclose(f);
	CHECK_INT(case_publish_commit(p, &err), CASE_EIO);
	CHECK_INT(case_publish_begin(&p, "/dev/full", &err), CASE_OK);
	CHECK_INT(case_publish_path(p, &path, &err), CASE_OK);
	case_publish_abort(p);
	CHECK_INT(write_text("/dev/fd/999", "x", &err), CASE_EIO);
}

static void
test_stream_error(void)
{
	struct case_publish *p;
	struct case_error err;
	FILE *f;

	/* A stream that failed once is not published, whatever came after. */
	CHECK_INT(case_publish_begin(&p, at("a"), &err), CASE_OK);
	CHECK_INT(case_publish_stream(p, &f, &err), CASE_OK);
	CHECK_INT(fgetc(f), EOF);
	CHECK(ferror(f));
	CHECK_INT(case_publish_commit(p, &err), CASE_EIO);
	CHECK_STR(content("a"), "three\n");
	check_clean(1);
}

int
main(void)
{
	umask(022);
	CHECK(mkdtemp(folder) != NULL);
	test_file();
	test_path();
	test_names();
	test_links();
	test_devices();
	test_stream_error();
	unlink(at("a"));
	check_clean(0);
	CHECK_INT(rmdir(folder), 0);
	TEST_END();
}
