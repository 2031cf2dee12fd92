/* case-audit - records against rules: findings, each with its article */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case/audit.h"
#include "case/date.h"
#include "cmd/cmd.h"

enum {
	OPT_ON = CMD_LONG,
	OPT_AS_OF,
	OPT_SUMMARY,
	OPT_WHY,
	OPT_DUE,
	OPT_FAIL_ON,
	OPT_WAIVERS,
	OPT_LIST_RULES,
	OPT_EXPLAIN,
	OPT_SELF_TEST
};

static const struct cmd_opt options[] = {
	{ 'R', "rules", "PACK,…", N_("packs of rules; all by default") },
	{ 'i', "rule", "RULE,…", N_("only these rules") },
	{ 't', "type", "TYPE", N_("only records of this type") },
	{ 'p', "period", "PERIOD",
	    N_("cases decided in it or still open at its end") },
	{ OPT_ON, "on", "FIELD", N_("the date that -p is about") },
	{ 'w', "where", "EXPR", N_("of records for which this holds") },
	{ OPT_AS_OF, "as-of", "DATE",
	    N_("as the store was at the end of that day") },
	{ 'b', "by", "DIM", N_("count findings by this: unit, field, …") },
	{ OPT_SUMMARY, "summary", NULL,
	    N_("per rule how many records passed, failed, …") },
	{ OPT_WHY, "why", "FINGERPRINT",
	    N_("one finding with all that it came from") },
	{ OPT_DUE, "due", "N", N_("limits that end within N days") },
	{ OPT_FAIL_ON, "fail-on", "SEVERITY",
	    N_("exit 1 for these or graver: veto error warning info never") },
	{ OPT_WAIVERS, "waivers", "FILE", N_("findings that were answered") },
	{ OPT_LIST_RULES, "list-rules", NULL, N_("list the rules") },
	{ OPT_EXPLAIN, "explain", NULL, N_("the rules' definitions in words") },
	{ OPT_SELF_TEST, "self-test", NULL,
	    N_("run the rules over their own test rows") },
	CMD_OPT_OUTPUT,
	CMD_OPT_COMMON,
	{ 0 },
};

enum task {
	TASK_FINDINGS,
	TASK_SUMMARY,
	TASK_BY,
	TASK_WHY,
	TASK_DUE,
	TASK_LIST,
	TASK_EXPLAIN,
	TASK_SELF_TEST
};

struct run {
	struct cmd_common c;
	struct case_audit_request rq;
	enum task task;
	const char *fingerprint;
	int64_t due;
	enum case_severity fail_on;
	bool never;
	struct cmd_output out;
	struct case_store *st;
	int64_t as_of; /* day */
	bool has_as_of;
	int code;
};

/* --- records ---------------------------------------------------------- */

static enum case_status
open_records(struct run *r, char *argv[], const char **place,
    struct case_error *err)
{
	enum case_status rc;

	r->rq.piped = *argv != NULL;
	rc = cmd_records_open(&r->st, &r->c, argv, place, err);
	if (rc == CASE_OK && r->has_as_of)
		rc = case_store_batch_on(r->st, r->as_of, &r->rq.as_of, err);
	return rc;
}

/* --- tasks ------------------------------------------------------------ */

static enum case_status
write_run(struct run *r, struct case_audit *a, struct case_error *err)
{
	struct case_writer *w = r->out.writer;

	switch (r->task) {
	case TASK_SUMMARY:
		return case_audit_summary(a, w, err);
	case TASK_BY:
		return case_audit_by(a, w, err);
	case TASK_WHY:
		return case_audit_why(a, r->fingerprint, w, err);
	default:
		return case_audit_findings(a, w, err);
	}
}

static enum case_status
audit(struct run *r, struct case_error *err)
{
	struct case_audit *a = NULL;
	enum case_severity worst;
	enum case_status rc;

	rc = case_audit_new(&a, r->st, r->c.share, &r->rq, err);
	if (rc == CASE_OK && r->task == TASK_DUE) {
		rc = case_audit_due(a, r->due, r->out.writer, err);
	} else if (rc == CASE_OK && (rc = case_audit_run(a, err)) == CASE_OK &&
		   (rc = write_run(r, a, err)) == CASE_OK) {
		if (r->task != TASK_WHY && !r->never &&
		    case_audit_worst(a, &worst) && worst >= r->fail_on)
			r->code = CMD_LOOK;
	}
	for (size_t i = 0; a != NULL && case_audit_note(a, i) != NULL; i++)
		cmd_say("%s", case_audit_note(a, i));
	case_audit_free(a);
	return rc;
}

static enum case_status
self_test(struct run *r, struct case_error *err)
{
	struct case_store_options so = { .tool = PACKAGE_NAME };
	enum case_status rc;
	size_t bad = 0;

	rc = case_share_workdays(r->c.share, &so.workdays, err);
	if (rc == CASE_OK)
		rc = case_rules_selftest(r->c.share, &r->rq, &so, r->out.writer,
		    &bad, err);
	if (bad > 0)
		r->code = CMD_LOOK;
	return rc;
}

static enum case_status
do_task(struct run *r, char *argv[], const char **place, struct case_error *err)
{
	enum case_status rc;

	if ((rc = cmd_output_open(&r->out, &r->c, NULL, err)) != CASE_OK)
		return rc;
	switch (r->task) {
	case TASK_LIST:
		return case_rules_list(r->c.share, &r->rq, r->out.writer, err);
	case TASK_EXPLAIN:
		return case_rules_explain(r->c.share, &r->rq, r->out.writer,
		    err);
	case TASK_SELF_TEST:
		return self_test(r, err);
	default:
		break;
	}
	if ((rc = open_records(r, argv, place, err)) == CASE_OK)
		rc = audit(r, err);
	case_store_close(r->st);
	return rc;
}

static int
run(struct run *r, char *argv[])
{
	const char *place = NULL;
	struct case_error err;
	enum case_status rc;

	rc = do_task(r, argv, &place, &err);
	if (rc == CASE_OK)
		rc = cmd_output_commit(&r->out, &err);
	if (rc == CASE_OK)
		return r->code;
	cmd_fail(place, &err);
	cmd_output_abort(&r->out, err.what);
	return rc == CASE_EBUSY ? CMD_BUSY : CMD_FAIL;
}

/* --- options ---------------------------------------------------------- */

static void
option_task(struct run *r, enum task task)
{
	if (r->task != TASK_FINDINGS && r->task != task)
		exit(cmd_usage(_("one thing at a time: two of -b --summary "
				 "--why --due --list-rules --explain "
				 "--self-test")));
	r->task = task;
}

static void
option_as_of(struct run *r, const char *arg)
{
	struct case_error err;

	if (case_date_parse(&r->as_of, CASE_DATE, arg, strlen(arg),
		CASE_CALENDAR_CE, &err) != CASE_OK)
		exit(cmd_usage("--as-of: %s", err.what));
	r->has_as_of = true;
}

static void
option_fail_on(struct run *r, const char *arg)
{
	r->never = strcmp(arg, "never") == 0;
	if (!r->never && !case_severity_find(arg, &r->fail_on))
		exit(cmd_usage(_("--fail-on: '%s' is not veto, error, "
				 "warning, info or never"),
		    arg));
}

static void
option(struct run *r, int c, const char *arg)
{
	static const struct {
		int letter;
		enum task task;
	} tasks[] = { { 'b', TASK_BY }, { OPT_SUMMARY, TASK_SUMMARY },
		{ OPT_WHY, TASK_WHY }, { OPT_DUE, TASK_DUE },
		{ OPT_LIST_RULES, TASK_LIST }, { OPT_EXPLAIN, TASK_EXPLAIN },
		{ OPT_SELF_TEST, TASK_SELF_TEST } };
	const struct {
		int letter;
		const char **to;
	} texts[] = { { 'R', &r->rq.packs }, { 'i', &r->rq.rules },
		{ 't', &r->rq.type }, { 'p', &r->rq.period },
		{ 'w', &r->rq.where }, { OPT_ON, &r->rq.on },
		{ 'b', &r->rq.by }, { OPT_WAIVERS, &r->rq.waivers },
		{ OPT_WHY, &r->fingerprint } };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].letter == c)
			*texts[i].to = arg;
	for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++)
		if (tasks[i].letter == c)
			option_task(r, tasks[i].task);
	if (c == OPT_AS_OF)
		option_as_of(r, arg);
	else if (c == OPT_FAIL_ON)
		option_fail_on(r, arg);
	else if (c == OPT_DUE)
		r->due = cmd_number("--due", arg, 0, 36500);
}

int
main(int argc, char *argv[])
{
	struct run r = { .task = TASK_FINDINGS, .fail_on = CASE_ERROR };
	int c;

	cmd_begin(&r.c, "case-audit", "[FILE ...]",
	    N_("Check records against rules of law and of data."), options);
	while ((c = cmd_getopt(argc, argv)) != -1)
		option(&r, c, optarg);
	r.rq.today = r.c.today;
	r.rq.lang = r.c.lang;
	r.rq.verbose = r.c.verbose;
	r.rq.command = cmd_line(argc, argv);
	return cmd_end(run(&r, argv + optind));
}
