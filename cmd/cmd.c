/* cmd.c - what the commands share: options, messages, exit */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "case/buf.h"
#include "case/date.h"
#include "case/mask.h"
#include "case/money.h"
#include "case/text.h"
#include "cmd/cmd.h"

#define OPTIONS_MAX 64
#define READER_WAIT 60 /* seconds */

static const char *cmd_name = "case";
static const char *cmd_operands, *cmd_about;
static const struct cmd_opt *cmd_options;
static struct cmd_common *cmd_common;
static struct option long_options[OPTIONS_MAX + 1];
static char short_options[2 * OPTIONS_MAX + 2];
static struct case_buf line_text, path_text;

/* --- messages --------------------------------------------------------- */

/*
 * The whole message goes out in one write, so that two programs of a pipe do
 * not mix theirs. Names and cells of the input are in it: controls are made
 * visible and personal numbers masked.
 */
static void
say(const char *text)
{
	struct case_buf b = { 0 }, masked = { 0 };

	case_mask_text(&masked, text, strlen(text));
	case_buf_adds(&b, cmd_name);
	case_buf_adds(&b, ": ");
	case_text_visible(&b, case_buf_str(&masked), masked.n);
	case_buf_addc(&b, '\n');
	if (!b.failed && !masked.failed)
		(void)!write(STDERR_FILENO, b.p, b.n);
	case_buf_free(&b);
	case_buf_free(&masked);
}

void
cmd_say(const char *fmt, ...)
{
	char text[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	say(text);
}

int
cmd_fail(const char *place, const struct case_error *err)
{
	if (place != NULL && err->line > 0)
		cmd_say("%s:%zu: %s", place, err->line, err->what);
	else if (place != NULL)
		cmd_say("%s: %s", place, err->what);
	else
		cmd_say("%s", err->what);
	return CMD_FAIL;
}

int
cmd_usage(const char *fmt, ...)
{
	char text[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	say(text);
	fprintf(stderr, _("usage: %s [option ...] %s\n"), cmd_name,
	    cmd_operands);
	fprintf(stderr, _("'%s --help' lists the options\n"), cmd_name);
	return CMD_FAIL;
}

/* --- help ------------------------------------------------------------- */

static void
print_help(void)
{
	struct case_buf b = { 0 };
	size_t width;

	printf(_("usage: %s [option ...] %s\n"), cmd_name, cmd_operands);
	printf("%s\n\n", _(cmd_about));
	for (const struct cmd_opt *o = cmd_options; o->name != NULL; o++) {
		case_buf_reset(&b);
		if (o->letter < CMD_LONG)
			case_buf_addf(&b, "  -%c, ", o->letter);
		else
			case_buf_adds(&b, "      ");
		case_buf_addf(&b, "--%s", o->name);
		if (o->arg != NULL)
			case_buf_addf(&b, " %s", o->arg);
		width = case_text_width(b.p, b.n);
		do
			case_buf_addc(&b, ' ');
		while (++width < 30);
		printf("%s%s\n", case_buf_str(&b), _(o->help));
	}
	case_buf_free(&b);
}

/* Options only; operands complete to file names, as is bash's way. */
static void
print_completion(void)
{
	printf("complete -o default -W '");
	for (const struct cmd_opt *o = cmd_options; o->name != NULL; o++) {
		if (o->letter < CMD_LONG)
			printf("-%c ", o->letter);
		printf("--%s ", o->name);
	}
	printf("' %s\n", cmd_name);
}

static void
print_version(void)
{
	printf("%s (%s) %s\n", cmd_name, PACKAGE_NAME, PACKAGE_VERSION);
}

/* --- options ---------------------------------------------------------- */

static void
make_options(void)
{
	char *s = short_options;
	size_t n = 0;

	*s++ = ':'; /* so that getopt tells a missing argument apart */
	for (const struct cmd_opt *o = cmd_options;
	     o->name != NULL && n < OPTIONS_MAX; o++, n++) {
		long_options[n] = (struct option){ .name = o->name,
			.has_arg = o->arg ? required_argument : no_argument,
			.val = o->letter };
		if (o->letter >= CMD_LONG)
			continue;
		*s++ = (char)o->letter;
		if (o->arg != NULL)
			*s++ = ':';
	}
}

/*
 * Messages follow the user's language even where the locale itself was never
 * generated, as on many servers: C.UTF-8 with LANGUAGE does for the catalogue.
 * LC_MESSAGES alone is set: data never depends on a locale.
 */
static void
set_language(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const char *lang = NULL, *dir = getenv("CASE_LOCALEDIR");

	for (size_t i = 0; i < 3 && (lang == NULL || *lang == '\0'); i++)
		lang = getenv(names[i]);
	if (setlocale(LC_MESSAGES, "") == NULL && lang != NULL &&
	    strncmp(lang, "zh", 2) == 0 &&
	    setlocale(LC_MESSAGES, "C.UTF-8") != NULL)
		setenv("LANGUAGE", "zh_CN", 0);
	bindtextdomain(CASE_DOMAIN, dir != NULL ? dir : LOCALEDIR);
	bind_textdomain_codeset(CASE_DOMAIN, "UTF-8");
	bind_textdomain_codeset("libc", "UTF-8"); /* strerror's texts */
}

/*
 * A tool that is started with a standard descriptor closed must not have its
 * store opened under that number and then print into it. A closed stdout is
 * opened for reading, so that the first write fails and is told.
 */
static void
guard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		while (lseek(fd, 0, SEEK_CUR) == -1 && errno == EBADF)
			if (freopen("/dev/null", fd == 2 ? "w" : "r",
				fd == 0	  ? stdin
				: fd == 1 ? stdout
					  : stderr) == NULL)
				_exit(CMD_FAIL);
}

void
cmd_begin(struct cmd_common *c, const char *name, const char *operands,
    const char *about, const struct cmd_opt *options)
{
	const char *dir = getenv("CASE_DATADIR");
	struct case_error err;

	guard_descriptors();
	cmd_name = name;
	cmd_operands = operands;
	cmd_about = about;
	cmd_options = options;
	cmd_common = c;
	set_language();
	make_options();

	*c = (struct cmd_common){ .lang = CASE_ZH };
	c->today = (cmd_now() + 8 * 3600) / 86400;
	if (case_share_new(&c->share, dir ? dir : PKGDATADIR, &err) != CASE_OK)
		exit(cmd_fail(NULL, &err));
}

static void
option_lang(const char *arg)
{
	if (strcmp(arg, "zh") == 0)
		cmd_common->lang = CASE_ZH;
	else if (strcmp(arg, "en") == 0)
		cmd_common->lang = CASE_EN;
	else
		exit(cmd_usage(_("--lang: '%s' is not zh or en"), arg));
}

static void
option_today(const char *arg)
{
	struct case_error err;

	if (case_date_parse(&cmd_common->today, CASE_DATE, arg, strlen(arg),
		CASE_CALENDAR_CE, &err) != CASE_OK)
		exit(cmd_usage("--today: %s", err.what));
}

/* Whether c was one of the common options, which is then done with. */
static bool
common_option(int c)
{
	struct case_error err;

	switch (c) {
	case 'd':
		cmd_common->store = optarg;
		return true;
	case 'f':
		cmd_common->format = optarg;
		return true;
	case 'o':
		cmd_common->output = optarg;
		return true;
	case 'q':
		cmd_common->quiet = true;
		return true;
	case 'v':
		cmd_common->verbose = true;
		return true;
	case CMD_SET:
		if (case_setting_set(cmd_common->share, optarg, &err) !=
		    CASE_OK)
			exit(cmd_usage("--set: %s", err.what));
		return true;
	case CMD_LANG:
		option_lang(optarg);
		return true;
	case CMD_TODAY:
		option_today(optarg);
		return true;
	case 'h':
		print_help();
		exit(cmd_end(CMD_OK));
	case CMD_COMPLETION:
		print_completion();
		exit(cmd_end(CMD_OK));
	case 'V':
		print_version();
		exit(cmd_end(CMD_OK));
	default:
		return false;
	}
}

int
cmd_getopt(int argc, char *argv[])
{
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, short_options, long_options,
		    NULL)) != -1) {
		if (c == ':')
			exit(cmd_usage(_("%s needs an argument"),
			    argv[optind - 1]));
		if (c == '?') {
			if (optopt > 0 && optopt < CMD_LONG)
				exit(cmd_usage(_("no option -%c"), optopt));
			exit(cmd_usage(_("no option %s"), argv[optind - 1]));
		}
		if (!common_option(c))
			return c;
	}
	return -1;
}

int64_t
cmd_number(const char *option, const char *text, int64_t min, int64_t max)
{
	struct case_error err;
	int64_t n = 0;

	if (case_integer_parse(&n, text, strlen(text), min, max, &err) !=
	    CASE_OK)
		exit(cmd_usage("%s: %s", option, err.what));
	return n;
}

/* --- end -------------------------------------------------------------- */

int
cmd_end(int code)
{
	bool bad = ferror(stdout) != 0;

	if (fclose(stdout) != 0 || bad) {
		/* Who failed has said why, and once is enough. */
		if (code != CMD_FAIL)
			cmd_say(_("standard output: %s"),
			    strerror(errno != 0 ? errno : EIO));
		code = CMD_FAIL;
	}
	case_share_free(cmd_common->share);
	cmd_common->share = NULL;
	case_buf_free(&line_text);
	case_buf_free(&path_text);
	return code;
}

/* --- time, the command line, the store -------------------------------- */

int64_t
cmd_now(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	int64_t t;

	if (epoch != NULL && case_integer_parse(&t, epoch, strlen(epoch), 0,
				 INT64_C(1) << 40, NULL) == CASE_OK)
		return t;
	return (int64_t)time(NULL);
}

/* Words that a shell would split or read otherwise are quoted. */
static void
add_word(struct case_buf *out, const char *w)
{
	if (out->n > 0)
		case_buf_addc(out, ' ');
	if (*w != '\0' && strpbrk(w, " \t\n'\"\\$`*?[](){}<>|&;#~") == NULL) {
		case_buf_adds(out, w);
		return;
	}
	case_buf_addc(out, '\'');
	for (; *w != '\0'; w++) {
		if (*w == '\'')
			case_buf_adds(out, "'\\''");
		else
			case_buf_addc(out, *w);
	}
	case_buf_addc(out, '\'');
}

/* 0: an argument to keep; else how many words of argv say -d or -o. */
static int
place_words(const char *w, const char *next)
{
	static const char *const names[] = { "--store", "--output" };

	for (size_t i = 0; i < 2; i++) {
		size_t n = strlen(names[i]);

		if (strncmp(w, names[i], n) == 0 && w[n] == '=')
			return 1;
		if (strcmp(w, names[i]) == 0)
			return next ? 2 : 1;
	}
	if (strcmp(w, "-d") == 0 || strcmp(w, "-o") == 0)
		return next ? 2 : 1;
	return strncmp(w, "-d", 2) == 0 || strncmp(w, "-o", 2) == 0 ? 1 : 0;
}

const char *
cmd_line(int argc, char *argv[])
{
	const char *base;
	int skip;

	case_buf_reset(&line_text);
	case_buf_adds(&line_text, cmd_name);
	for (int i = 1; i < argc; i++) {
		skip = place_words(argv[i], argv[i + 1]);
		if (skip > 0) {
			i += skip - 1;
			continue;
		}
		/* An expression may hold a '/', a file's folder ends at one. */
		base = i >= optind ? strrchr(argv[i], '/') : NULL;
		add_word(&line_text, base != NULL ? base + 1 : argv[i]);
	}
	return case_buf_str(&line_text);
}

const char *
cmd_store_path(const struct cmd_common *c)
{
	const char *p, *home;

	if (c->store != NULL)
		return c->store;
	if ((p = getenv("CASE_STORE")) != NULL && *p != '\0')
		return p;
	if ((p = case_setting_str(c->share, "store.path")) != NULL)
		return p;
	case_buf_reset(&path_text);
	p = getenv("XDG_DATA_HOME");
	home = getenv("HOME");
	if (p != NULL && *p != '\0')
		case_buf_addf(&path_text, "%s/case/case.db", p);
	else
		case_buf_addf(&path_text, "%s/.local/share/case/case.db",
		    home != NULL ? home : "");
	return case_buf_str(&path_text);
}

/* The folder of a store that nobody named is made, for its owner alone. */
static enum case_status
make_folder(const char *path, struct case_error *err)
{
	char folder[PATH_MAX];
	size_t n = strlen(path);

	if (n >= sizeof(folder))
		return CASE_OK; /* opening it says what is wrong */
	memcpy(folder, path, n + 1);
	for (char *p = folder + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		if (mkdir(folder, 0700) != 0 && errno != EEXIST)
			return case_error_system(err, folder);
		*p = '/';
	}
	return CASE_OK;
}

static bool
is_default_store(const struct cmd_common *c)
{
	return cmd_store_path(c) == case_buf_str(&path_text);
}

enum case_status
cmd_store_open(struct case_store **st, const struct cmd_common *c,
    enum case_store_mode mode, int wait, struct case_error *err)
{
	/* A reader only ever waits for the moment in which a log is folded. */
	struct case_store_options o = { .wait = mode == CASE_STORE_READ
						    ? READER_WAIT
						    : wait,
		.tool = PACKAGE_NAME " " PACKAGE_VERSION };
	enum case_status rc;

	*st = NULL;
	if ((rc = case_share_workdays(c->share, &o.workdays, err)) != CASE_OK)
		return rc;
	if (mode == CASE_STORE_WRITE && is_default_store(c) &&
	    (rc = make_folder(cmd_store_path(c), err)) != CASE_OK)
		return rc;
	return case_store_open(st,
	    mode == CASE_STORE_PRIVATE ? NULL : cmd_store_path(c), mode, &o,
	    err);
}
