/* case-import - raw exports into typed, traceable records */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "case/decode.h"
#include "case/date.h"
#include "case/import.h"
#include "case/money.h"
#include "case/period.h"
#include "case/text.h"
#include "cmd/cmd.h"
#include "cmd/keep.h"

enum {
	OPT_MAP = CMD_LONG,
	OPT_EXPLAIN,
	OPT_LAYOUT_OUT,
	OPT_REJECTS,
	OPT_MAX_REJECTS,
	OPT_NO_RAW,
	OPT_BLANK,
	OPT_FULL,
	OPT_ON_CONFLICT,
	OPT_WAIT,
	OPT_LIMIT,
	OPT_LIST_SHEETS,
	OPT_LIST,
	OPT_SHOW,
	OPT_UNDO,
	OPT_TRACE,
	OPT_CONFLICTS,
	OPT_CORRECT,
	OPT_REASON,
	OPT_BACKUP,
	OPT_CHECK,
	OPT_PRUNE,
	OPT_BEFORE,
	OPT_TYPES,
	OPT_DESCRIBE
};

static const struct cmd_opt options[] = {
	{ 't', "type", "TYPE", N_("record type (default: case)") },
	{ 'l', "layout", "LAYOUT", N_("layout of the source") },
	{ OPT_MAP, "map", "HEADER=FIELD", N_("read one column as a field") },
	{ 'e', "encoding", "NAME",
	    N_("encoding of the files (default: found)") },
	{ 's', "sheet", "NAME|N|all",
	    N_("sheet of a workbook, or all that can be seen") },
	{ OPT_LIST_SHEETS, "list-sheets", NULL,
	    N_("list the sheets of the files") },
	{ 'H', "header-row", "N", N_("row of the header (default: found)") },
	{ 'n', "dry-run", NULL,
	    N_("store nothing; write the clean records to stdout") },
	{ OPT_EXPLAIN, "explain", NULL,
	    N_("say what would be done, column by column") },
	{ OPT_LAYOUT_OUT, "layout-out", "FILE",
	    N_("with --explain: save the columns as a layout") },
	{ OPT_REJECTS, "rejects", "FILE.csv",
	    N_("write the rejected rows there, ready to be mended") },
	{ OPT_MAX_REJECTS, "max-rejects", "N|P%",
	    N_("accept so many rejects; with more, store nothing") },
	{ OPT_NO_RAW, "no-raw", NULL, N_("keep no copy of the raw file") },
	{ OPT_BLANK, "blank-overwrites", NULL,
	    N_("an empty cell clears a value") },
	{ OPT_FULL, "full", "PERIOD",
	    N_("the file has all records of that period") },
	{ OPT_ON_CONFLICT, "on-conflict", "update|keep|reject",
	    N_("what stands when two sources disagree (default: update)") },
	{ OPT_WAIT, "wait", "SECONDS",
	    N_("wait so long for another import (default: 60)") },
	{ OPT_LIMIT, "limit", "NAME=N",
	    N_("bound of files: entries, ratio, total, depth, held, gaps") },
	{ OPT_LIST, "list", NULL, N_("list the batches") },
	{ OPT_SHOW, "show", "N", N_("show batch N and its rejects") },
	{ OPT_UNDO, "undo", "N", N_("take batch N back") },
	{ OPT_TRACE, "trace", "TYPE", N_("every version of record KEY") },
	{ OPT_CONFLICTS, "conflicts", NULL,
	    N_("list the values on which sources disagree") },
	{ OPT_CORRECT, "correct", "TYPE",
	    N_("correct one value: KEY FIELD=VALUE, with --reason") },
	{ OPT_REASON, "reason", "TEXT", N_("why a value is corrected") },
	{ OPT_BACKUP, "backup", "FILE", N_("copy the store to a new file") },
	{ OPT_CHECK, "check", NULL, N_("check the store") },
	{ OPT_PRUNE, "prune-raw", NULL,
	    N_("drop raw copies of batches --before a day") },
	{ OPT_BEFORE, "before", "DATE", N_("for --prune-raw") },
	{ OPT_TYPES, "types", NULL, N_("list the record types") },
	{ OPT_DESCRIBE, "describe", "TYPE",
	    N_("list the fields of a record type") },
	CMD_OPT_OUTPUT,
	CMD_OPT_COMMON,
	{ 0 },
};

struct options {
	struct cmd_common c;
	struct case_import_options io;
	struct case_limits limits;
	struct keep_options keep;
	const char *full_arg;
	struct case_buf full;
	const char *layout_out;
	const char *rejects;
	bool dry_run;
	bool explain;
	bool list_sheets;
	int wait;
};

/*
 * What came of all files together.
 *
 * taken, passed	of the files of an archive: read, and passed by
 */
struct run {
	struct options *o;
	struct case_store *st;
	struct cmd_output out;	   /* -n, --explain */
	struct cmd_output rejects; /* --rejects */
	struct case_import_rejects reject_table;
	int code;
	size_t taken, passed;
	bool go; /* on with further files */
	size_t progress_shown;
};

/* --- options ---------------------------------------------------------- */

static void
option_max_rejects(struct options *o, const char *arg)
{
	size_t n = strlen(arg);
	double d;

	o->io.max_share = n > 0 && arg[n - 1] == '%';
	if (case_number_parse(&d, arg, n - o->io.max_share, NULL) != CASE_OK ||
	    d < 0 || (o->io.max_share && d > 100))
		exit(cmd_usage(_("--max-rejects: '%s' is no number or share"),
		    arg));
	o->io.max_rejects = o->io.max_share ? d / 100 : d;
}

static void
option_encoding(struct options *o, const char *arg)
{
	if (!case_encoding_find(arg, &o->io.encoding))
		exit(cmd_usage(_("-e: encoding '%s' is not known; it may be "
				 "utf-8, gb18030, gbk, utf-16le, utf-16be, "
				 "big5 or latin1"),
		    arg));
}

/*
 * Once all options are known, --today too. Kept so that it says the same when
 * it is read another day.
 */
static void
read_full(struct options *o)
{
	struct case_period period;
	struct case_error err;

	if (o->full_arg == NULL)
		return;
	if (case_period_parse(&period, o->full_arg, o->c.today, NULL, &err) !=
	    CASE_OK)
		exit(cmd_usage("--full: %s", err.what));
	case_buf_reset(&o->full);
	case_period_text(&o->full, &period);
	o->io.full = case_buf_str(&o->full);
	o->io.full_from = period.open_from ? INT64_MIN : period.from;
	o->io.full_to = period.open_to ? INT64_MAX : period.to;
}

static void
option_on_conflict(struct options *o, const char *arg)
{
	static const char *const names[] = { [CASE_CONFLICT_UPDATE] = "update",
		[CASE_CONFLICT_KEEP] = "keep",
		[CASE_CONFLICT_REJECT] = "reject" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], arg) == 0) {
			o->io.on_conflict = (enum case_on_conflict)i;
			return;
		}
	exit(cmd_usage(_("--on-conflict: update, keep or reject, not '%s'"),
	    arg));
}

static void
option_limit(struct options *o, const char *arg)
{
	struct case_error err;

	if (case_limits_set(&o->limits, arg, &err) != CASE_OK)
		exit(cmd_usage("--limit: %s", err.what));
}

static void
option_map(struct options *o, const char *arg)
{
	const char **p =
	    realloc(o->io.map == NULL ? NULL : (void *)(uintptr_t)o->io.map,
		(o->io.map_n + 1) * sizeof(*p));

	if (p == NULL)
		exit(cmd_usage(_("out of memory")));
	p[o->io.map_n++] = arg;
	o->io.map = p;
}

/* The jobs other than importing; at most one of them. */
static bool
option_keep(struct options *o, int c, const char *arg)
{
	static const struct {
		int letter;
		enum keep_job job;
	} jobs[] = { { OPT_LIST, KEEP_LIST }, { OPT_SHOW, KEEP_SHOW },
		{ OPT_UNDO, KEEP_UNDO }, { OPT_TRACE, KEEP_TRACE },
		{ OPT_CONFLICTS, KEEP_CONFLICTS },
		{ OPT_CORRECT, KEEP_CORRECT }, { OPT_BACKUP, KEEP_BACKUP },
		{ OPT_CHECK, KEEP_CHECK }, { OPT_PRUNE, KEEP_PRUNE },
		{ OPT_TYPES, KEEP_TYPES }, { OPT_DESCRIBE, KEEP_DESCRIBE } };

	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
		if (jobs[i].letter != c)
			continue;
		if (o->keep.job != KEEP_NOTHING)
			exit(cmd_usage(_("one thing at a time: two of --list "
					 "--show --undo --trace --conflicts "
					 "--correct --backup --check "
					 "--prune-raw --types --describe")));
		o->keep.job = jobs[i].job;
		o->keep.arg = arg;
		if (c == OPT_SHOW || c == OPT_UNDO)
			o->keep.batch =
			    cmd_number(c == OPT_SHOW ? "--show" : "--undo", arg,
				1, INT64_MAX);
		return true;
	}
	return false;
}

static void
option_before(struct options *o, const char *arg)
{
	struct case_error err;

	if (case_date_parse(&o->keep.before, CASE_DATE, arg, strlen(arg),
		CASE_CALENDAR_CE, &err) != CASE_OK)
		exit(cmd_usage("--before: %s", err.what));
	o->keep.has_before = true;
}

static void
option(struct options *o, int c, const char *arg)
{
	switch (c) {
	case 't':
		o->io.type = arg;
		break;
	case 'l':
		o->io.layout = arg;
		break;
	case 'e':
		option_encoding(o, arg);
		break;
	case 's':
		o->io.sheet = arg;
		break;
	case 'H':
		o->io.header_row = (size_t)cmd_number("-H", arg, 1, 1000000);
		break;
	case 'n':
		o->dry_run = true;
		break;
	case OPT_MAP:
		option_map(o, arg);
		break;
	case OPT_EXPLAIN:
		o->explain = true;
		break;
	case OPT_LIST_SHEETS:
		o->list_sheets = true;
		break;
	case OPT_LAYOUT_OUT:
		o->layout_out = arg;
		break;
	case OPT_REJECTS:
		o->rejects = arg;
		break;
	case OPT_MAX_REJECTS:
		option_max_rejects(o, arg);
		break;
	case OPT_NO_RAW:
		o->io.raw = false;
		break;
	case OPT_BLANK:
		o->io.blank_overwrites = true;
		break;
	case OPT_FULL:
		o->full_arg = arg;
		break;
	case OPT_ON_CONFLICT:
		option_on_conflict(o, arg);
		break;
	case OPT_WAIT:
		o->wait = (int)cmd_number("--wait", arg, 0, 86400);
		break;
	case OPT_LIMIT:
		option_limit(o, arg);
		break;
	case OPT_REASON:
		o->keep.reason = arg;
		break;
	case OPT_BEFORE:
		option_before(o, arg);
		break;
	default:
		option_keep(o, c, arg);
		break;
	}
}

/* --- what is said about a file ---------------------------------------- */

static void
show_progress(void *arg, uint64_t position, uint64_t size, size_t rows,
    size_t rejected)
{
	struct run *r = arg;

	/* Some hundred times a file is often enough. */
	if (rows - r->progress_shown < 20000)
		return;
	r->progress_shown = rows;
	fputc('\r', stderr);
	fprintf(stderr, _("%3.0f%%  %zu rows, %zu rejected"),
	    size > 0 ? 100.0 * (double)position / (double)size : 100.0, rows,
	    rejected);
}

static void
clear_progress(struct run *r)
{
	if (r->progress_shown > 0)
		fputs("\r\033[K", stderr);
	r->progress_shown = 0;
}

static void
say_result(const struct run *r, const char *path,
    const struct case_import_result *res)
{
	bool look = res->rejected > 0 || res->note_n > 0;

	if (res->same != 0 && !r->o->c.quiet)
		cmd_say(_("%s: nothing new: the same file is batch %lld"), path,
		    (long long)res->same);
	if (res->same != 0 || (r->o->c.quiet && !look))
		return;
	cmd_say(_("%s: %lld rows: %lld new, %lld changed, %lld unchanged, "
		  "%lld rejected, %lld set aside; %lld warnings; %s; "
		  "batch %lld"),
	    path, (long long)res->rows, (long long)res->added,
	    (long long)res->changed, (long long)res->unchanged,
	    (long long)res->rejected, (long long)res->aside,
	    (long long)res->warnings, res->encoding,
	    (long long)(r->o->dry_run ? 0 : res->batch));
	for (size_t i = 0; i < res->note_n; i++)
		cmd_say("%s: %s", path, res->note[i]);
	if (res->unterminated && !r->o->c.quiet)
		cmd_say(_("%s: the last line has no end: is the file whole?"),
		    path);
}

/* --- files ------------------------------------------------------------ */

/* 2 goes before 75 before 1 before 0. */
static void
worst(struct run *r, int code)
{
	static const int order[] = { CMD_OK, CMD_LOOK, CMD_BUSY, CMD_FAIL };
	int now = 0, new = 0;

	for (int i = 0; i < 4; i++) {
		if (order[i] == r->code)
			now = i;
		if (order[i] == code)
			new = i;
	}
	r->code = order[new > now ? new : now];
}

static const char *
shown_name(const char *path)
{
	return strcmp(path, "-") == 0 ? _("standard input") : path;
}

/*
 * false: no further file should be read, since what is written to stdout has
 * broken off.
 */
static bool
file_failed(struct run *r, const char *name, enum case_status rc,
    const struct case_error *err)
{
	cmd_fail(name, err);
	worst(r, rc == CASE_EBUSY ? CMD_BUSY : CMD_FAIL);
	if (r->out.writer == NULL)
		return true;
	cmd_output_abort(&r->out, err->what);
	return false;
}

/* The same of a file that was read. */
static bool
import_file(struct run *r, const char *name, const char *file)
{
	struct case_import_result res;
	struct case_error err;
	enum case_status rc;

	rc =
	    case_import_file(&res, r->st, r->o->c.share, file, &r->o->io, &err);
	clear_progress(r);
	if (rc != CASE_OK) {
		case_import_result_free(&res);
		return file_failed(r, name, rc, &err);
	}
	say_result(r, name, &res);
	if (res.rejected > 0 && r->o->io.max_rejects < 0)
		worst(r, CMD_LOOK);
	case_import_result_free(&res);
	return true;
}

static bool
explain_file(struct run *r, const char *name, const char *file)
{
	struct case_buf layout = { 0 };
	struct case_error err;
	enum case_status rc;

	rc = case_import_explain(r->out.writer, r->o->c.share, file, &r->o->io,
	    r->o->layout_out != NULL ? &layout : NULL, &err);
	if (rc == CASE_OK && r->o->layout_out != NULL)
		rc = keep_write_file(r->o->layout_out, &layout, &err);
	case_buf_free(&layout);
	return rc == CASE_OK || file_failed(r, name, rc, &err);
}

static bool
list_sheets(struct run *r, const char *name, const char *file)
{
	struct case_error err;
	enum case_status rc;

	rc = case_import_sheets(r->out.writer, file, &r->o->io, &err);
	return rc == CASE_OK || file_failed(r, name, rc, &err);
}

/* One file: what an operand names, or one in an archive. */
static bool
each_member(void *arg, const struct case_import_member *m)
{
	struct run *r = arg;
	const char *name = shown_name(m->name);

	r->passed += m->passed != NULL;
	r->taken += m->in != NULL;
	if (m->passed != NULL && !r->o->c.quiet)
		cmd_say(_("%s: passed by: %s"), name, m->passed);
	if (m->rc != CASE_OK)
		r->go = file_failed(r, name, m->rc, m->fault);
	if (m->in == NULL)
		return r->go;
	r->o->io.input = m->in;
	if (r->o->list_sheets)
		r->go = list_sheets(r, name, m->file);
	else if (r->o->explain)
		r->go = explain_file(r, name, m->file);
	else
		r->go = import_file(r, name, m->file);
	r->o->io.input = NULL;
	return r->go;
}

static int
visible_file(const struct dirent *d)
{
	return d->d_name[0] != '.' && !case_import_left_over(d->d_name);
}

static bool each_operand(struct run *r, const char *path);

/* Of a folder in it a person may not know that it was not read. */
static bool
each_entry(struct run *r, const char *path)
{
	struct stat sb;

	if (stat(path, &sb) != 0 || S_ISREG(sb.st_mode))
		return each_operand(r, path);
	if (!r->o->c.quiet)
		cmd_say(_("%s: passed by: %s"), shown_name(path),
		    S_ISDIR(sb.st_mode) ? _("a folder within the folder; "
					    "name it as well to read it")
					: _("it is no file"));
	return true;
}

/* A folder stands for its files, in the order of their names. */
static bool
each_in_folder(struct run *r, const char *path)
{
	struct dirent **list = NULL;
	struct case_buf name = { 0 };
	int n = scandir(path, &list, visible_file, alphasort);
	bool go = true;

	if (n < 0) {
		cmd_say("%s: %s", path, strerror(errno));
		worst(r, CMD_FAIL);
		return true;
	}
	for (int i = 0; i < n; i++) {
		case_buf_reset(&name);
		case_buf_addf(&name, "%s/%s", path, list[i]->d_name);
		if (go)
			go = each_entry(r, case_buf_str(&name));
		free(list[i]);
	}
	free(list);
	case_buf_free(&name);
	return go;
}

static bool
each_operand(struct run *r, const char *path)
{
	struct stat sb;

	if (strcmp(path, "-") != 0 && stat(path, &sb) == 0 &&
	    S_ISDIR(sb.st_mode))
		return each_in_folder(r, path);
	r->passed = r->taken = 0;
	case_import_unpack(path, &r->o->io, each_member, r);
	if (r->passed > 0 && r->taken == 0) {
		cmd_say(_("%s: no file in the archive is a table"),
		    shown_name(path));
		worst(r, CMD_FAIL);
	}
	return r->go;
}

/* --- a run ------------------------------------------------------------ */

/* -n stores too, in a store of its own that is thrown away. */
static bool
reads_only(const struct options *o)
{
	return o->explain || o->list_sheets;
}

static enum case_status
open_outputs(struct run *r, struct case_error *err)
{
	struct cmd_common rejects = r->o->c;
	const struct cmd_output_options raw = { .bom = true, .raw = true };
	enum case_status rc;

	if ((r->o->dry_run || reads_only(r->o)) &&
	    (rc = cmd_output_open(&r->out, &r->o->c, NULL, err)) != CASE_OK)
		return rc;
	if (r->o->dry_run) {
		r->o->io.clean = r->out.writer;
		r->o->io.raw = false;
	}
	if (r->o->rejects == NULL)
		return CASE_OK;
	rejects.output = r->o->rejects;
	rejects.format = "csv";
	if ((rc = cmd_output_open(&r->rejects, &rejects, &raw, err)) == CASE_OK)
		r->reject_table.writer = r->rejects.writer;
	if (rc == CASE_OK)
		r->o->io.rejects = &r->reject_table;
	return rc;
}

static enum case_status
commit_outputs(struct run *r, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	if (r->out.writer != NULL)
		rc = cmd_output_commit(&r->out, err);
	if (rc == CASE_OK)
		rc = case_import_rejects_end(&r->reject_table, err);
	if (rc == CASE_OK && r->rejects.writer != NULL)
		rc = cmd_output_commit(&r->rejects, err);
	return rc;
}

static int
import(struct options *o, char *argv[])
{
	static char dash[] = "-", *standard_input[] = { dash, NULL };
	struct run r = { .o = o, .go = true };
	struct case_error err;
	enum case_status rc = CASE_OK;
	bool go = true;

	if (!o->c.quiet && isatty(STDERR_FILENO)) {
		o->io.progress = show_progress;
		o->io.progress_arg = &r;
	}
	if (o->io.layout != NULL && o->io.encoding == CASE_ENCODING_AUTO)
		rc = case_layout_encoding(o->c.share, o->io.layout,
		    &o->io.encoding, &err);
	if (rc == CASE_OK && !reads_only(o))
		rc = cmd_store_open(&r.st, &o->c,
		    o->dry_run ? CASE_STORE_PRIVATE : CASE_STORE_WRITE, o->wait,
		    &err);
	if (rc == CASE_OK)
		rc = open_outputs(&r, &err);
	if (rc == CASE_OK) {
		for (char **p = *argv ? argv : standard_input; *p && go; p++)
			go = each_operand(&r, *p);
		rc = commit_outputs(&r, &err);
	}
	if (rc != CASE_OK) {
		worst(&r, rc == CASE_EBUSY ? CMD_BUSY : CMD_FAIL);
		cmd_fail(NULL, &err);
		cmd_output_abort(&r.out, err.what);
		cmd_output_abort(&r.rejects, err.what);
	}
	case_store_close(r.st);
	return r.code;
}

int
main(int argc, char *argv[])
{
	struct options o = { .io = { .max_rejects = -1, .raw = true },
		.limits = case_limits_default,
		.wait = 60 };
	int c, code;

	/* What it writes holds personal data as it came: for its owner only. */
	umask(077);
	cmd_begin(&o.c, "case-import", "[FILE ...]",
	    N_("Read raw exports into a store of typed, traceable records."),
	    options);
	while ((c = cmd_getopt(argc, argv)) != -1)
		option(&o, c, optarg);
	read_full(&o);
	o.io.limits = &o.limits;
	o.io.lang = o.c.lang;
	o.io.time = cmd_now();
	if (o.keep.job != KEEP_NOTHING)
		code = keep_run(&o.keep, &o.c, o.wait, argv + optind);
	else if (o.dry_run + o.explain + o.list_sheets > 1)
		code = cmd_usage(
		    _("-n, --explain and --list-sheets: one of them"));
	else if (o.layout_out != NULL && !o.explain)
		code = cmd_usage(_("--layout-out goes with --explain"));
	else
		code = import(&o, argv + optind);
	case_buf_free(&o.full);
	free((void *)(uintptr_t)o.io.map);
	return cmd_end(code);
}
