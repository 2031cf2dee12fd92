/* test_xlsx.c - the workbook: what is in it, and what happens to faults */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "case/date.h"
#include "case/table.h"
#include "case/text.h"
#include "lib/format/xlsxtext.h"
#include "lib/format/zipcheck.h"
#include "tests/unit/test.h"

static char folder[] = "/tmp/case-test-XXXXXX";
static const struct case_xlsx_options options = { .created = 1700000000 };

static const char *
at(const char *name)
{
	static char path[2][512];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", folder, name);
	return path[turn];
}

/* A member of the workbook as text; the caller frees it. */
static char *
member(const char *book, const char *name)
{
	char command[1200], *text = NULL;
	size_t n = 0;
	FILE *f;

	snprintf(command, sizeof(command), "unzip -p %s '%s'", at(book), name);
	if ((f = popen(command, "r")) == NULL)
		return NULL;
	if (getdelim(&text, &n, '\0', f) < 0) {
		free(text);
		text = NULL;
	}
	pclose(f);
	return text;
}

static void
check_in(const char *book, const char *name, const char *want, bool there)
{
	char *text = member(book, name);

	CHECK(text != NULL);
	if (text != NULL && (strstr(text, want) != NULL) != there)
		fprintf(stderr, "%s: %s\n%s\n", name, want, text);
	CHECK(text != NULL && (strstr(text, want) != NULL) == there);
	free(text);
}

static size_t
entries(void)
{
	DIR *d = opendir(folder);
	size_t n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n - 2;
}

static struct case_value
text(const char *p)
{
	return (
	    struct case_value){ .type = CASE_TEXT, .u.s = { p, strlen(p) } };
}

static struct case_value
whole(enum case_type type, int64_t i)
{
	return (struct case_value){ .type = type, .u.i = i };
}

static struct case_value
real(enum case_type type, double d)
{
	return (struct case_value){ .type = type, .u.d = d };
}

static struct case_value
none(enum case_type type)
{
	return (struct case_value){ .type = type, .missing = true };
}

static void
all_types(struct case_table *t)
{
	*t = (struct case_table){ 0 };
	case_table_begin(t, "by-unit", CASE_STATISTICS, NULL, "办理:情况/一");
	t->has_period = true;
	t->from = case_date_of(2023, 1, 1);
	t->to = case_date_of(2023, 6, 30);
	case_table_add_column(t, "unit", CASE_TEXT, "执法单位", NULL);
	case_table_add_column(t, "n", CASE_INTEGER, "案件数", "件");
	case_table_add_column(t, "x", CASE_NUMBER, "平均", NULL);
	case_table_add_column(t, "m", CASE_MONEY, "罚款", "元");
	case_table_add_column(t, "r", CASE_RATIO, "占比", NULL)->bar = true;
	case_table_add_column(t, "p", CASE_POINTS, "升降", NULL);
	case_table_add_column(t, "d", CASE_DATE, "立案日期", NULL);
	case_table_add_column(t, "t", CASE_TIME, "报警时间", NULL);
	case_table_add_column(t, "f", CASE_FLAG, "听证", NULL);
	case_table_add_column(t, "c", CASE_CODE, "程序", NULL);
	case_table_add_meta(t, "command", "case-stat -b unit");
	case_table_add_meta(t, "revision", "42");
	CHECK(!t->failed);
}

static struct case_writer *
open_book(const char *name)
{
	struct case_writer *w;
	struct case_error err;

	unlink(at(name));
	CHECK_INT(case_xlsx_open(&w, at(name), &options, &err), CASE_OK);
	return w;
}

static void
finish_book(struct case_writer *w)
{
	struct case_error err = { 0 };

	CHECK_INT(w->ops->finish(w, &err), CASE_OK);
	CHECK_STR(err.what, "");
	w->ops->close(w);
}

static void
write_types(const char *name)
{
	struct case_value v[] = { text("城中街道"), whole(CASE_INTEGER, 1234),
		real(CASE_NUMBER, 2.5), whole(CASE_MONEY, 4560050),
		real(CASE_RATIO, 0.558), real(CASE_POINTS, -0.012),
		whole(CASE_DATE, case_date_of(2023, 6, 12)),
		whole(CASE_TIME,
		    case_date_of(2023, 6, 12) * 86400 + 8 * 3600 + 30 * 60),
		whole(CASE_FLAG, 1), text("普通程序") };
	struct case_writer *w = open_book(name);
	struct case_error err;
	struct case_table t;

	v[9].type = CASE_CODE;
	all_types(&t);
	for (int i = 0; i < 2; i++) {
		CHECK_INT(w->ops->begin(w, &t, &err), CASE_OK);
		CHECK_INT(w->ops->row(w, v, 10, &err), CASE_OK);
		CHECK_INT(w->ops->end(w, &err), CASE_OK);
	}
	finish_book(w);
	case_table_free(&t);
}

static void
test_types(void)
{
	static const char sheet[] = "xl/worksheets/sheet2.xml";
	static const char cover[] = "xl/worksheets/sheet1.xml";
	struct stat st;

	write_types("a.xlsx");
	CHECK_INT(entries(), 1);
	CHECK_INT(stat(at("a.xlsx"), &st), 0);
	CHECK_INT(st.st_mode & 07777, 0600);
	check_in("a.xlsx", sheet,
	    "<c r=\"A1\" s=\"9\" t=\"inlineStr\"><is>"
	    "<t>执法单位</t></is></c>",
	    true);
	check_in("a.xlsx", sheet, "<t>案件数(件)</t>", true);
	check_in("a.xlsx", sheet, "<t>城中街道</t>", true);
	check_in("a.xlsx", sheet, "<v>1234</v>", true);
	check_in("a.xlsx", sheet, "<v>45600.50</v>", true);
	check_in("a.xlsx", sheet, "<v>0.558</v>", true);
	check_in("a.xlsx", sheet, "<v>-0.012</v>", true);
	check_in("a.xlsx", sheet, "<v>45089</v>", true);
	check_in("a.xlsx", sheet, "<v>45089.35416666667</v>", true);
	check_in("a.xlsx", sheet, "<autoFilter ref=\"A1:J2\"/>", true);
	check_in("a.xlsx", sheet, "state=\"frozen\"", true);
	check_in("a.xlsx", sheet, "<dataBar>", true);
	check_in("a.xlsx", sheet, "paperSize=\"9\"", true);
	check_in("a.xlsx", sheet, "fitToHeight=\"0\"", true);
	check_in("a.xlsx", "xl/styles.xml", "formatCode=\"0.0%\"", true);
	check_in("a.xlsx", "xl/workbook.xml", "<sheet name=\"封面\"", true);
	check_in("a.xlsx", "xl/workbook.xml", "name=\"办理：情况／一\"", true);
	check_in("a.xlsx", "xl/workbook.xml", "name=\"办理：情况／一(2)\"",
	    true);
	check_in("a.xlsx", "xl/workbook.xml", "'办理：情况／一'!$A$1:$J$2",
	    true);
	check_in("a.xlsx", "docProps/core.xml", "2023-11-14T22:13:20Z", true);
	check_in("a.xlsx", cover, "<t>办理:情况/一</t>", true);
	check_in("a.xlsx", cover, "<t>2023-01-01 至 2023-06-30</t>", true);
	check_in("a.xlsx", cover, "<t>case-stat -b unit</t>", true);
	check_in("a.xlsx", cover, "<f>", false);
}

static void
test_same_bytes(void)
{
	char command[1200];

	write_types("b.xlsx");
	snprintf(command, sizeof(command), "cmp %s %s", at("a.xlsx"),
	    at("b.xlsx"));
	CHECK_INT(system(command), 0);
	unlink(at("b.xlsx"));
}

/* One column of one type, the values one below the other. */
static void
write_column(const char *name, const struct case_value *v, size_t n)
{
	struct case_writer *w = open_book(name);
	struct case_table t = { 0 };
	struct case_error err;

	case_table_begin(&t, "t", CASE_RECORDS, "case", NULL);
	case_table_add_column(&t, "a", v[0].type, "甲", NULL);
	CHECK_INT(w->ops->begin(w, &t, &err), CASE_OK);
	for (size_t i = 0; i < n; i++)
		CHECK_INT(w->ops->row(w, &v[i], 1, &err), CASE_OK);
	CHECK_INT(w->ops->end(w, &err), CASE_OK);
	finish_book(w);
	case_table_free(&t);
}

static void
test_text(void)
{
	static const char sheet[] = "xl/worksheets/sheet2.xml";
	static char far[40000];
	struct case_value v[] = { text("=1+1"), text("330102199001010017"),
		text("<b>&\"'"), text("a\x1b\x01\n\tb\r\nc\rd"),
		text("_x0041_ _x41_"), text("\xef\xbf\xbe\xef\xbf\xbf"),
		text("\xff\xc0x"), text(" a "), text("http://a.example/"),
		text(""), none(CASE_TEXT), text(far) };
	char *all;

	memset(far, 'x', sizeof(far) - 1);
	v[11] = text(far);
	write_column("t.xlsx", v, sizeof(v) / sizeof(v[0]));
	all = member("t.xlsx", sheet);
	CHECK(all != NULL);
	if (all == NULL)
		return;
	CHECK(strstr(all, "<t>=1+1</t>") != NULL);
	CHECK(strstr(all, "<t>330102199001010017</t>") != NULL);
	CHECK(strstr(all, "<t>&lt;b&gt;&amp;\"'</t>") != NULL);
	CHECK(strstr(all, "<t>a\\x1b\\x01\n\tb\nc\\rd</t>") != NULL);
	CHECK(strstr(all, "<t>_x005F_x0041_ _x41_</t>") != NULL);
	CHECK(strstr(all, "<t>\\ufffe\\uffff</t>") != NULL);
	CHECK(strstr(all, "<t>\\xff\\xc0x</t>") != NULL);
	CHECK(strstr(all, "<t xml:space=\"preserve\"> a </t>") != NULL);
	CHECK(strstr(all, "<t>http://a.example/</t>") != NULL);
	CHECK(strstr(all, "<row r=\"12\"") != NULL);
	CHECK(strstr(all, "xxxx…</t>") != NULL);
	CHECK(strstr(all, "<f>") == NULL);
	CHECK(strstr(all, "<hyperlink") == NULL);
	free(all);
	check_in("t.xlsx", "xl/worksheets/sheet1.xml", "（以…结尾）", true);
	unlink(at("t.xlsx"));
}

static void
test_numbers(void)
{
	static const char sheet[] = "xl/worksheets/sheet2.xml";
	struct case_value n[] = { whole(CASE_INTEGER, 999999999999999),
		whole(CASE_INTEGER, -1000000000000000),
		whole(CASE_INTEGER, INT64_MAX) };
	struct case_value m[] = { whole(CASE_MONEY, 999999999999999),
		whole(CASE_MONEY, INT64_MIN + 1) };
	struct case_value d[] = { whole(CASE_DATE, case_date_of(1900, 3, 1)),
		whole(CASE_DATE, case_date_of(1900, 2, 28)),
		whole(CASE_DATE, case_date_of(9999, 12, 31)) };

	write_column("n.xlsx", n, 3);
	check_in("n.xlsx", sheet, "<v>999999999999999</v>", true);
	check_in("n.xlsx", sheet, "<t>-1000000000000000</t>", true);
	check_in("n.xlsx", sheet, "<t>9223372036854775807</t>", true);
	write_column("n.xlsx", m, 2);
	check_in("n.xlsx", sheet, "<v>9999999999999.99</v>", true);
	check_in("n.xlsx", sheet, "<t>-92233720368547758.07</t>", true);
	write_column("n.xlsx", d, 3);
	check_in("n.xlsx", sheet, "<v>61</v>", true);
	check_in("n.xlsx", sheet, "<t>1900-02-28</t>", true);
	check_in("n.xlsx", sheet, "<v>2958465</v>", true);
	unlink(at("n.xlsx"));
}

static void
test_names(void)
{
	static const struct {
		const char *wanted;
		const char *want;
	} names[] = {
		{ "封面", "封面" },
		{ "封面", "封面(2)" },
		{ "a[b]:c*d?e/f\\g", "a［b］：c＊d？e／f＼g" },
		{ "'x-'", "x-" },
		{ "2023", "2023表" },
		{ "A1", "A1表" },
		{ "R", "R表" },
		{ "History", "History表" },
		{ "by-unit", "by-unit" },
		{ "BY-UNIT", "BY-UNIT(2)" },
		{ "", "表" },
		{ "''", "表(2)" },
		{ "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
		  "一二",
		    "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九"
		    "十一" },
		{ "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十"
		  "一二",
		    "一二三四五六七八九十一二三四五六七八九十一二三四五六七八("
		    "2)" },
		{ "\xf0\xa0\x80\x80一二三四五六七八九十一二三四五六七八九十一二"
		  "三"
		  "四五六七八九十",
		    "\xf0\xa0\x80\x80一二三四五六七八九十一二三四五六七八九十一"
		    "二"
		    "三四五六七八九" },
		{ "a\x1b", "a＼x1b" },
	};
	struct case_xlsx_names taken = { 0 };
	struct case_buf out = { 0 };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		case_xlsx_name(&taken, &out, names[i].wanted, CASE_ZH);
		CHECK(!out.failed);
		CHECK_STR(case_buf_str(&out), names[i].want);
	}
	case_buf_free(&out);
	case_buf_free(&taken.keys);
}

static void
test_more_rows_than_a_sheet(void)
{
	struct case_writer *w = open_book("l.xlsx");
	struct case_value v = whole(CASE_INTEGER, 7);
	struct case_table t = { 0 };
	struct case_error err;
	enum case_status rc = CASE_OK;

	case_table_begin(&t, "t-1", CASE_RECORDS, "case", NULL);
	case_table_add_column(&t, "a", CASE_INTEGER, "甲", NULL);
	CHECK_INT(w->ops->begin(w, &t, &err), CASE_OK);
	for (int i = 0; i < 1048577 && rc == CASE_OK; i++)
		rc = w->ops->row(w, &v, 1, &err);
	CHECK_INT(rc, CASE_OK);
	CHECK_INT(w->ops->end(w, &err), CASE_OK);
	finish_book(w);
	case_table_free(&t);
	check_in("l.xlsx", "xl/workbook.xml", "name=\"t-1(2)\"", true);
	check_in("l.xlsx", "xl/worksheets/sheet3.xml", "<row r=\"3\"", true);
	check_in("l.xlsx", "xl/worksheets/sheet3.xml", "<row r=\"4\"", false);
	check_in("l.xlsx", "xl/worksheets/sheet1.xml", "<t>1048577</t>", true);
	unlink(at("l.xlsx"));
}

/* Descriptors in use: a writer given up must leave none. */
static int
descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n;
}

static void
test_faults(void)
{
	struct case_value v[10] = { text("x"), whole(CASE_INTEGER, 1),
		real(CASE_NUMBER, INFINITY) };
	struct case_writer *w;
	struct case_error err;
	struct case_table t;
	int before = descriptors();

	/* Given up at every stage: nothing is left. */
	w = open_book("f.xlsx");
	w->ops->close(w);
	CHECK_INT(entries(), 1);
	all_types(&t);
	for (size_t i = 3; i < 10; i++)
		v[i] = none(t.column[i].type);
	w = open_book("f.xlsx");
	CHECK_INT(w->ops->begin(w, &t, &err), CASE_OK);
	CHECK_INT(w->ops->row(w, v, 10, &err), CASE_EDATA);
	CHECK_INT(w->ops->row(w, v, 9, &err), CASE_EDATA);
	v[2] = real(CASE_NUMBER, 1);
	CHECK_INT(w->ops->row(w, v, 10, &err), CASE_OK);
	CHECK_INT(entries(), 2);
	w->ops->fail(w, "reason");
	w->ops->close(w);
	CHECK_INT(entries(), 1);
	CHECK_INT(descriptors(), before);
	case_table_free(&t);

	/* Never over another file, one that appears on the way either. */
	CHECK_INT(case_xlsx_open(&w, at("a.xlsx"), &options, &err), CASE_EIO);
	CHECK(w == NULL);
	w = open_book("f.xlsx");
	CHECK_INT(symlink("a.xlsx", at("f.xlsx")), 0);
	CHECK_INT(w->ops->finish(w, &err), CASE_EIO);
	w->ops->close(w);
	unlink(at("f.xlsx"));
	CHECK_INT(case_xlsx_open(&w, at("no/f.xlsx"), &options, &err),
	    CASE_EIO);
	CHECK_INT(entries(), 1);

	/* A book without tables is a cover. */
	w = open_book("f.xlsx");
	finish_book(w);
	check_in("f.xlsx", "xl/worksheets/sheet1.xml", "<t>统计报表</t>", true);
	unlink(at("f.xlsx"));
}

/*
 * A limit on the size of files stands for a full disk: the library writes on
 * without a word, and its report of success must not be believed.
 */
static int
write_limited(rlim_t limit)
{
	struct rlimit l = { limit, limit };
	struct case_value v = whole(CASE_INTEGER, 0);
	struct case_writer *w = NULL;
	struct case_table t = { 0 };
	struct case_error err = { 0 };
	enum case_status rc;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &l);
	case_table_begin(&t, "t", CASE_RECORDS, "case", NULL);
	case_table_add_column(&t, "a", CASE_INTEGER, "甲", NULL);
	rc = case_xlsx_open(&w, at("z.xlsx"), &options, &err);
	for (size_t k = 0; k < 8 && rc == CASE_OK; k++) {
		rc = w->ops->begin(w, &t, &err);
		for (uint32_t i = 0; i < 5000 && rc == CASE_OK; i++) {
			v.u.i = i * 2654435761U;
			rc = w->ops->row(w, &v, 1, &err);
		}
		if (rc == CASE_OK)
			rc = w->ops->end(w, &err);
	}
	if (rc == CASE_OK)
		rc = w->ops->finish(w, &err);
	if (w != NULL)
		w->ops->close(w);
	case_table_free(&t);
	if (rc == CASE_OK)
		return 0;
	if (rc == CASE_EIO &&
	    (strstr(err.what, strerror(EFBIG)) != NULL ||
		strstr(err.what, "is the disk full?") != NULL))
		return 1;
	fprintf(stderr, "limit %ju: %s\n", (uintmax_t)limit, err.what);
	return 2;
}

static void
test_full(void)
{
	/* 250 KB of rows a sheet, and a workbook of them all: each stage meets
	 * its limit, and says so. */
	static const rlim_t limits[] = { 0, 1, 4096, 8192, 16384, 20000, 100000,
		190000, 260000, 300000, 2000000 };
	int status, done = 0;

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		pid_t pid;

		fflush(NULL);
		if ((pid = fork()) == 0)
			_exit(write_limited(limits[i]));
		CHECK_INT(waitpid(pid, &status, 0), pid);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) < 2);
		done = WEXITSTATUS(status) == 0;
		CHECK_INT(access(at("z.xlsx"), F_OK) == 0, done);
		CHECK_INT(entries(), 1 + done);
	}
	CHECK_INT(done, 1);
	unlink(at("z.xlsx"));
}

static enum case_status
accept_member(void *arg, const struct case_zip_member *m,
    struct case_error *err)
{
	(void)err;
	(*(size_t *)arg)++;
	CHECK(m->size > 0);
	return CASE_OK;
}

/* Any byte of the file that is changed or missing is noticed or harmless. */
static void
test_check(void)
{
	struct case_error err;
	size_t members = 0, missed = 0;
	struct stat st;
	int fd;

	CHECK_INT(case_zip_check(at("a.xlsx"), accept_member, &members, &err),
	    CASE_OK);
	CHECK(members >= 9);
	CHECK_INT(stat(at("a.xlsx"), &st), 0);
	fd = open(at("a.xlsx"), O_RDWR);
	CHECK(fd >= 0);
	for (off_t i = 0; i < st.st_size; i += 97) {
		unsigned char c, bad;

		CHECK_INT(pread(fd, &c, 1, i), 1);
		bad = c ^ 0x55;
		CHECK_INT(pwrite(fd, &bad, 1, i), 1);
		missed += case_zip_check(at("a.xlsx"), accept_member, &members,
			      &err) == CASE_OK;
		CHECK_INT(pwrite(fd, &c, 1, i), 1);
	}
	/* Times and attributes are not looked at. */
	CHECK(missed < (size_t)st.st_size / 97 / 4);
	for (off_t n = st.st_size - 1; n >= 0; n -= 211) {
		CHECK_INT(ftruncate(fd, n), 0);
		CHECK_INT(case_zip_check(at("a.xlsx"), accept_member, &members,
			      &err),
		    CASE_EIO);
	}
	close(fd);
	unlink(at("a.xlsx"));
	CHECK_INT(case_zip_check(at("a.xlsx"), accept_member, &members, &err),
	    CASE_EIO);
}

int
main(void)
{
	umask(022);
	CHECK(mkdtemp(folder) != NULL);
	test_types();
	test_same_bytes();
	test_text();
	test_numbers();
	test_names();
	test_faults();
	test_full();
	test_more_rows_than_a_sheet();
	test_check();
	CHECK_INT(rmdir(folder), 0);
	TEST_END();
}
