/* case-stat - records into tables */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case/buf.h"
#include "case/date.h"
#include "case/stat.h"
#include "cmd/cmd.h"

enum {
	OPT_ON = CMD_LONG,
	OPT_BASE,
	OPT_SORT,
	OPT_TOP,
	OPT_ALL_UNITS,
	OPT_TOTAL,
	OPT_AS_OF,
	OPT_NAME,
	OPT_TITLE,
	OPT_EXPLAIN,
	OPT_RECORDS,
	OPT_LIST_MEASURES,
	OPT_LIST_REPORTS
};

static const struct cmd_opt options[] = {
	{ 't', "type", "TYPE", N_("the record type; case by default") },
	{ 'b', "by", "DIM,…", N_("divide by these: unit, month, …") },
	{ 'c', "across", "DIM", N_("and by this one in columns") },
	{ 'm', "measure", "MEASURE,…", N_("what to count, sum or compare") },
	{ 'p', "period", "PERIOD", N_("of this time: 2023H1, last-week, …") },
	{ 'r', "report", "REPORT", N_("the tables of a report") },
	{ 'w', "where", "EXPR", N_("of records for which this holds") },
	{ OPT_ON, "on", "FIELD", N_("date all measures by this field") },
	{ OPT_BASE, "base", "PERIOD", N_("the period that :vs compares with") },
	{ OPT_SORT, "sort", "COLUMN",
	    N_("largest first; -COLUMN: smallest first") },
	{ OPT_TOP, "top", "N", N_("only the first N rows") },
	{ OPT_ALL_UNITS, "all-units", NULL,
	    N_("units without any record too, as 0") },
	{ OPT_TOTAL, "total", NULL, N_("a last row of totals") },
	{ OPT_AS_OF, "as-of", "DATE",
	    N_("as the store was at the end of that day") },
	{ OPT_NAME, "name", "NAME", N_("the name of the table") },
	{ OPT_TITLE, "title", "TEXT", N_("the title of the table") },
	{ OPT_EXPLAIN, "explain", NULL,
	    N_("print the definitions behind the table") },
	{ OPT_RECORDS, "records", NULL,
	    N_("list the records behind the table") },
	{ OPT_LIST_MEASURES, "list-measures", NULL,
	    N_("list the measures, of -t or of all types") },
	{ OPT_LIST_REPORTS, "list-reports", NULL, N_("list the reports") },
	CMD_OPT_OUTPUT,
	CMD_OPT_COMMON,
	{ 0 },
};

enum task {
	TASK_TABLE,
	TASK_EXPLAIN,
	TASK_RECORDS,
	TASK_MEASURES,
	TASK_REPORTS
};

struct run {
	struct cmd_common c;
	struct case_stat_request rq;
	enum task task;
	const char *report; /* -r, or NULL */
	struct cmd_output out;
	struct case_store *st;
	int64_t as_of; /* day */
	bool has_as_of;
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
print_definitions(struct case_stat *s, struct case_error *err)
{
	struct case_buf b = { 0 };
	enum case_status rc;

	if ((rc = case_stat_explain(s, &b, err)) == CASE_OK)
		fwrite(case_buf_str(&b), 1, b.n, stdout);
	case_buf_free(&b);
	return rc;
}

/* One table: of the command line, or one of a report's. */
static enum case_status
answer(void *arg, const struct case_stat_request *rq, struct case_error *err)
{
	struct run *r = arg;
	struct case_stat *s = NULL;
	enum case_status rc;

	rc = case_stat_new(&s, r->st, r->c.share, rq, err);
	if (rc == CASE_OK && r->task == TASK_EXPLAIN)
		rc = print_definitions(s, err);
	else if (rc == CASE_OK && r->task == TASK_RECORDS)
		rc = case_stat_records(s, r->out.writer, err);
	else if (rc == CASE_OK)
		rc = case_stat_write(s, r->out.writer, err);
	case_stat_free(s);
	return rc;
}

static enum case_status
do_task(struct run *r, char *argv[], const char **place, struct case_error *err)
{
	const struct cmd_output_options oo = { .several = r->report != NULL };
	enum case_status rc = CASE_OK;

	if (r->task != TASK_EXPLAIN &&
	    (rc = cmd_output_open(&r->out, &r->c, &oo, err)) != CASE_OK)
		return rc;
	if (r->task == TASK_MEASURES)
		return case_stat_measures(r->c.share, r->rq.type, r->c.lang,
		    r->out.writer, err);
	if (r->task == TASK_REPORTS)
		return case_stat_reports(r->c.share, r->c.lang, r->out.writer,
		    err);
	if ((rc = open_records(r, argv, place, err)) == CASE_OK)
		rc = r->report == NULL ? answer(r, &r->rq, err)
				       : case_stat_report(r->st, r->c.share,
					     r->report, &r->rq, answer, r, err);
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
	if (rc == CASE_OK && r->task != TASK_EXPLAIN)
		rc = cmd_output_commit(&r->out, &err);
	if (rc == CASE_OK)
		return CMD_OK;
	cmd_fail(place, &err);
	if (r->task != TASK_EXPLAIN)
		cmd_output_abort(&r->out, err.what);
	return rc == CASE_EBUSY ? CMD_BUSY : CMD_FAIL;
}

/* --- options ---------------------------------------------------------- */

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
option(struct run *r, int c, const char *arg)
{
	struct case_stat_request *rq = &r->rq;
	const struct {
		int letter;
		const char **to;
	} texts[] = { { 't', &rq->type }, { 'b', &rq->by },
		{ 'c', &rq->across }, { 'm', &rq->measures },
		{ 'p', &rq->period }, { 'w', &rq->where }, { OPT_ON, &rq->on },
		{ OPT_BASE, &rq->base }, { OPT_SORT, &rq->sort },
		{ OPT_NAME, &rq->name }, { OPT_TITLE, &rq->title },
		{ 'r', &r->report } };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].letter == c)
			*texts[i].to = arg;
	switch (c) {
	case OPT_TOP:
		rq->top = (size_t)cmd_number("--top", arg, 1, 1000000000);
		break;
	case OPT_ALL_UNITS:
		rq->all_units = true;
		break;
	case OPT_TOTAL:
		rq->total = true;
		break;
	case OPT_AS_OF:
		option_as_of(r, arg);
		break;
	case OPT_EXPLAIN:
		r->task = TASK_EXPLAIN;
		break;
	case OPT_RECORDS:
		r->task = TASK_RECORDS;
		break;
	case OPT_LIST_MEASURES:
		r->task = TASK_MEASURES;
		break;
	case OPT_LIST_REPORTS:
		r->task = TASK_REPORTS;
		break;
	default:
		break;
	}
}

int
main(int argc, char *argv[])
{
	struct run r = { .task = TASK_TABLE };
	int c;

	cmd_begin(&r.c, "case-stat", "[FILE ...]",
	    N_("Count, sum and compare records."), options);
	while ((c = cmd_getopt(argc, argv)) != -1)
		option(&r, c, optarg);
	r.rq.today = r.c.today;
	r.rq.lang = r.c.lang;
	r.rq.verbose = r.c.verbose;
	r.rq.command = cmd_line(argc, argv);
	return cmd_end(run(&r, argv + optind));
}
