/* cmd.h - what the commands share: options, messages, output, exit */
#ifndef CMD_H
#define CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "case/error.h"
#include "case/intl.h"
#include "case/share.h"
#include "case/store.h"
#include "case/table.h"

/* Exit codes: design.md section 9 and every manual page. */
enum {
	CMD_OK = 0,   /* done, nothing to look at */
	CMD_LOOK = 1, /* done, with rejects or findings */
	CMD_FAIL = 2, /* could not */
	CMD_BUSY = 75 /* store busy or input still growing: try again */
};

/*
 * One row of a command's option table, from which getopt, --help and the
 * completion are made. A letter from CMD_LONG up has only the long form.
 *
 * arg		name of its argument, NULL: none
 * help		one line, N_() marked
 */
struct cmd_opt {
	int letter;
	const char *name;
	const char *arg;
	const char *help;
};
enum {
	CMD_LONG = 256, /* a command's own long options count from here */
	CMD_LONG_COMMON = 512,
	CMD_SET = CMD_LONG_COMMON,
	CMD_LANG,
	CMD_TODAY,
	CMD_COMPLETION
};

/* Every tool has these. */
#define CMD_OPT_COMMON                                                        \
	{ 'd', "store", "FILE", N_("the store") },                            \
	    { 'q', "quiet", NULL, N_("say nothing unless it needs a look") }, \
	    { 'v', "verbose", NULL, N_("say more") },                         \
	    { CMD_SET, "set", "KEY=VALUE",                                    \
		    N_("change a setting for this run") },                    \
	    { CMD_LANG, "lang", "zh|en", N_("language of labels") },          \
	    { CMD_TODAY, "today", "DATE",                                     \
		    N_("the day that relative periods and limits count "      \
		       "from") },                                             \
	    { CMD_COMPLETION, "completion", NULL,                             \
		    N_("print a bash completion") },                          \
	    { 'h', "help", NULL, N_("print this help") },                     \
	{                                                                     \
		'V', "version", NULL, N_("print the version")                 \
	}
/* What tools that print tables have beside them. */
#define CMD_OPT_OUTPUT                                                        \
	{ 'f', "format", "FORMAT", N_("form of the output") },                \
	{                                                                     \
		'o', "output", "FILE", N_("write there instead of to stdout") \
	}

/* The values of the common options, once read. */
struct cmd_common {
	struct case_share *share;
	const char *store;  /* -d, or NULL */
	const char *format; /* -f, or NULL */
	const char *output; /* -o, or NULL */
	bool quiet;
	bool verbose;
	enum case_lang lang;
	int64_t today; /* days */
};

/*
 * Starts a command: locale, name, option table (ends with a zero row), the
 * folder of shared data. about is one line for --help. Exits on failure.
 */
void cmd_begin(struct cmd_common *c, const char *name, const char *operands,
    const char *about, const struct cmd_opt *options);
/*
 * The next option of the command's own, -1 at the end. The common ones are
 * put into c; -h, -V and --completion end the program, an unknown one too
 * (usage on stderr, 2). optarg and optind as with getopt.
 */
int cmd_getopt(int argc, char *argv[]);

/* Says "NAME: PLACE:LINE: why" on stderr; returns the exit code it means. */
int cmd_fail(const char *place, const struct case_error *err);
/* Says "NAME: text" on stderr. */
void cmd_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* A wrong call: says it and what to do, returns CMD_FAIL. */
int cmd_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Frees what cmd_begin made, closes stdout with its error checked. */
int cmd_end(int code);

/* Seconds since 1970: SOURCE_DATE_EPOCH, else the clock. */
int64_t cmd_now(void);
/* argv as one line, without -d, -o and folders: for ##meta command. */
const char *cmd_line(int argc, char *argv[]);
/* A number of an option, in bounds; exits with usage when it is none. */
int64_t cmd_number(const char *option, const char *text, int64_t min,
    int64_t max);

/* The store's path by -d, $CASE_STORE, the setting, XDG. Borrowed. */
const char *cmd_store_path(const struct cmd_common *c);
/* Opens the store for reading; says why not and exits when it can't. */
enum case_status cmd_store_open(struct case_store **st,
    const struct cmd_common *c, enum case_store_mode mode, int wait,
    struct case_error *err);

/*
 * Calls back with each operand open, "-" as standard input. place: out: the
 * operand at fault, when there is one.
 */
enum case_status cmd_each_file(char *argv[],
    enum case_status (
	*each)(void *arg, FILE *f, const char *name, struct case_error *err),
    void *arg, const char **place, struct case_error *err);
/*
 * The records to work on: those of the store, or, with operands, those in
 * them, in a private store.
 */
enum case_status cmd_records_open(struct case_store **st,
    const struct cmd_common *c, char *argv[], const char **place,
    struct case_error *err);

/*
 * Where tables go. Chosen by -f, else the suffix of -o, else an aligned table
 * on a terminal and case-table elsewhere. Everything but case-table is masked
 * (mask.h).
 */
struct case_publish;
struct cmd_output {
	struct case_writer *writer;
	struct case_publish *publish;
	FILE *spool; /* what is to go to stdout, when it is whole */
	bool raw;    /* nothing is masked */
};
/*
 * spool	nothing reaches stdout before all of it is known to be good
 * raw		mask nothing
 * names, unmask	as in mask.h; the others as in table.h
 * xlsx		case_xlsx_open, in a tool that can; or NULL
 */
struct cmd_output_options {
	bool csv_safe, bom, gb18030, several, names;
	bool spool, raw;
	const char *const *unmask;
	enum case_status (*xlsx)(struct case_writer **out, const char *path,
	    const struct case_xlsx_options *options, struct case_error *err);
};
enum case_status cmd_output_open(struct cmd_output *o,
    const struct cmd_common *c, const struct cmd_output_options *options,
    struct case_error *err);
/* Finishes the document, and puts it in place. */
enum case_status cmd_output_commit(struct cmd_output *o,
    struct case_error *err);
/* Breaks off: ##fail in a case-table, a file as it was before. */
void cmd_output_abort(struct cmd_output *o, const char *reason);

#endif
