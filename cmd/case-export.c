/* case-export - tables into documents */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case/buf.h"
#include "case/date.h"
#include "case/expr.h"
#include "case/records.h"
#include "cmd/cmd.h"

enum {
	OPT_CSV_SAFE = CMD_LONG,
	OPT_BOM,
	OPT_ENCODING,
	OPT_EXPECT,
	OPT_UNMASK,
	OPT_REASON,
	OPT_NAMES,
	OPT_AS_OF
};

static const struct cmd_opt options[] = {
	{ 't', "type", "TYPE", N_("export the records of a type") },
	{ 'w', "where", "EXPR", N_("of them, those for which this holds") },
	{ OPT_AS_OF, "as-of", "DATE",
	    N_("as the store was at the end of that day") },
	{ OPT_EXPECT, "expect", "NAME,…",
	    N_("fail unless these tables are there") },
	{ OPT_CSV_SAFE, "csv-safe", NULL,
	    N_("put a ' before cells that a spreadsheet would run") },
	{ OPT_BOM, "bom", NULL, N_("begin CSV and TSV with a BOM") },
	{ OPT_ENCODING, "encoding", "NAME",
	    N_("utf-8 or gb18030, for text formats") },
	{ OPT_NAMES, "mask-names", NULL,
	    N_("mask persons' names too, for publication") },
	{ OPT_UNMASK, "unmask", "FIELD,…",
	    N_("leave these as they are; with --reason") },
	{ OPT_REASON, "reason", "TEXT", N_("why they are unmasked") },
	CMD_OPT_OUTPUT,
	CMD_OPT_COMMON,
	{ 0 },
};

struct export
{
	struct cmd_common c;
	struct cmd_output_options oo;
	struct cmd_output out;
	const char *type;
	const char *where;
	const char *expect;
	const char *unmask;
	const char *reason;
	const char *command;
	int64_t as_of; /* day */
	bool has_as_of;
	char **unmask_list;
	char *met; /* names of the tables written, each behind a comma */
};

/* --- tables as they come ---------------------------------------------------
 */

static enum case_status
remember_name(struct export *x, const char *name, struct case_error *err)
{
	struct case_buf b = { 0 };

	case_buf_addf(&b, "%s,%s", x->met != NULL ? x->met : "", name);
	if (b.failed)
		return case_error_memory(err);
	free(x->met);
	x->met = b.p;
	return CASE_OK;
}

/* Who unmasked what and why stands with every table, on the cover too. */
static void
add_reason(const struct export *x, struct case_table *t)
{
	struct case_buf b = { 0 };

	if (x->unmask == NULL)
		return;
	case_buf_addf(&b, "%s: %s", x->unmask, x->reason);
	case_table_add_meta(t, "unmasked", case_buf_str(&b));
	case_buf_free(&b);
}

static enum case_status
copy_table(struct export *x, struct case_table_reader *rd,
    const struct case_table *t, struct case_error *err)
{
	struct case_writer *w = x->out.writer;
	struct case_table copy = { 0 };
	const struct case_value *v;
	size_t n = t->column_n;
	enum case_status rc;

	if ((rc = remember_name(x, t->name, err)) != CASE_OK ||
	    (rc = case_table_copy(&copy, t, err)) != CASE_OK)
		return rc;
	add_reason(x, &copy);
	rc =
	    copy.failed ? case_error_memory(err) : w->ops->begin(w, &copy, err);
	while (rc == CASE_OK &&
	       (rc = case_table_reader_next_row(rd, &v, err)) == CASE_OK)
		rc = w->ops->row(w, v, n, err);
	if (rc == CASE_EOF)
		rc = w->ops->end(w, err);
	case_table_free(&copy);
	return rc;
}

static enum case_status
copy_tables(void *arg, FILE *f, const char *name, struct case_error *err)
{
	struct export *x = arg;
	struct case_table_reader *rd;
	const struct case_table *t;
	enum case_status rc;

	(void)name;
	if ((rc = case_table_reader_open(&rd, f, err)) != CASE_OK)
		return rc;
	while ((rc = case_table_reader_next_table(rd, &t, err)) == CASE_OK)
		if ((rc = copy_table(x, rd, t, err)) != CASE_OK)
			break;
	case_table_reader_close(rd);
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* --- records of a type ------------------------------------------------------
 */

static void
describe(void *arg, struct case_table *t)
{
	const struct export *x = arg;

	case_table_add_meta(t, "command", x->command);
	if (x->where != NULL)
		case_table_add_meta(t, "where", x->where);
	if (x->out.raw)
		case_table_add_meta(t, "privacy", "raw");
	add_reason(x, t);
}

static enum case_status
write_records(struct export *x, struct case_store *st, struct case_error *err)
{
	struct case_scope scope = { .sh = x->c.share,
		.type = case_store_scope_type,
		.type_arg = st };
	struct case_query q = { .today = x->c.today };
	struct case_expr *where = NULL;
	enum case_status rc;

	if ((rc = case_store_type(st, x->type, &q.rt, err)) != CASE_OK)
		return rc;
	scope.rt = q.rt;
	if (x->has_as_of &&
	    (rc = case_store_batch_on(st, x->as_of, &q.as_of, err)) != CASE_OK)
		return rc;
	if (x->where != NULL) {
		rc = case_expr_parse(&where, x->where, strlen(x->where), &scope,
		    err);
		if (rc != CASE_OK) {
			struct case_error why = *err;

			return case_error_set(err, rc, 0, "-w: %s", why.what);
		}
	}
	q.where = where;
	rc = remember_name(x, x->type, err);
	if (rc == CASE_OK)
		rc = case_records_write(x->out.writer, st, &q, x->type,
		    case_label(q.rt->label, x->c.lang), x->c.lang, describe, x,
		    NULL, err);
	case_expr_free(where);
	return rc;
}

/* --- a run ------------------------------------------------------------ */

static enum case_status
check_expected(const struct export *x, struct case_error *err)
{
	const char *p = x->expect, *end;

	for (; p != NULL && *p != '\0'; p = *end != '\0' ? end + 1 : end) {
		struct case_buf want = { 0 }, met = { 0 };
		bool there;

		end = strchr(p, ',');
		end = end != NULL ? end : p + strlen(p);
		case_buf_addf(&want, ",%.*s,", (int)(end - p), p);
		case_buf_addf(&met, "%s,", x->met != NULL ? x->met : "");
		there = strstr(case_buf_str(&met), case_buf_str(&want)) != NULL;
		case_buf_free(&want);
		case_buf_free(&met);
		if (!there)
			return case_error_set(err, CASE_EDATA, 0,
			    _("the table '%.*s' was expected and did not "
			      "come: nothing is written"),
			    (int)(end - p), p);
	}
	return CASE_OK;
}

/* An access to unmasked values goes on record before they leave. */
static enum case_status
log_unmask(const struct export *x, bool has_store, struct case_error *err)
{
	struct case_store *st;
	struct case_buf b = { 0 };
	enum case_status rc;

	if (x->unmask == NULL || !has_store)
		return CASE_OK;
	rc = cmd_store_open(&st, &x->c, CASE_STORE_WRITE, 60, err);
	if (rc == CASE_OK) {
		case_buf_addf(&b, "%s; %s; %s", x->unmask, x->reason,
		    x->command);
		rc = case_store_log(st, "unmask", case_buf_str(&b), cmd_now(),
		    err);
	}
	case_buf_free(&b);
	case_store_close(st);
	return rc;
}

static enum case_status
export_all(struct export *x, char *argv[], const char **place,
    struct case_error *err)
{
	static char dash[] = "-", *standard_input[] = { dash, NULL };
	bool from_store = x->type != NULL && *argv == NULL;
	struct case_store *st = NULL;
	enum case_status rc = CASE_OK;

	if (x->type != NULL)
		rc = cmd_records_open(&st, &x->c, argv, place, err);
	if (rc == CASE_OK)
		rc = cmd_output_open(&x->out, &x->c, &x->oo, err);
	if (rc == CASE_OK && x->type != NULL)
		rc = write_records(x, st, err);
	else if (rc == CASE_OK)
		rc = cmd_each_file(*argv ? argv : standard_input, copy_tables,
		    x, place, err);
	if (rc == CASE_OK)
		rc = check_expected(x, err);
	case_store_close(st);
	if (rc == CASE_OK)
		rc = log_unmask(x, from_store, err);
	return rc;
}

/* --- options ---------------------------------------------------------- */

static int
set_unmask(struct export *x)
{
	size_t n = 1;
	char *list, *save = NULL;

	if (x->unmask == NULL)
		return x->reason == NULL ? CMD_OK
					 : cmd_usage(_("--reason goes with "
						       "--unmask"));
	if (x->reason == NULL || *x->reason == '\0')
		return cmd_usage(_("--unmask needs --reason TEXT"));
	for (const char *p = x->unmask; *p != '\0'; p++)
		n += *p == ',';
	x->unmask_list = calloc(n + 2, sizeof(*x->unmask_list));
	if (x->unmask_list == NULL || (list = strdup(x->unmask)) == NULL)
		return cmd_usage(_("out of memory"));
	/* The last place keeps the copy that the others point into. */
	x->unmask_list[n + 1] = list;
	n = 0;
	for (char *p = strtok_r(list, ",", &save); p != NULL;
	     p = strtok_r(NULL, ",", &save))
		x->unmask_list[n++] = p;
	x->oo.unmask = (const char *const *)x->unmask_list;
	return CMD_OK;
}

static void
free_unmask(struct export *x)
{
	size_t n = 1;

	if (x->unmask_list == NULL)
		return;
	for (const char *p = x->unmask; *p != '\0'; p++)
		n += *p == ',';
	free(x->unmask_list[n + 1]);
	free(x->unmask_list);
}

static void
option_encoding(struct export *x, const char *arg)
{
	enum case_encoding e;

	if (!case_encoding_find(arg, &e) ||
	    (e != CASE_ENCODING_UTF8 && e != CASE_ENCODING_GB18030))
		exit(cmd_usage(_("--encoding: it is utf-8 or gb18030")));
	x->oo.gb18030 = e == CASE_ENCODING_GB18030;
}

static void
option(struct export *x, int c, const char *arg)
{
	struct case_error err;

	switch (c) {
	case 't':
		x->type = arg;
		break;
	case 'w':
		x->where = arg;
		break;
	case OPT_AS_OF:
		if (case_date_parse(&x->as_of, CASE_DATE, arg, strlen(arg),
			CASE_CALENDAR_CE, &err) != CASE_OK)
			exit(cmd_usage("--as-of: %s", err.what));
		x->has_as_of = true;
		break;
	case OPT_EXPECT:
		x->expect = arg;
		break;
	case OPT_CSV_SAFE:
		x->oo.csv_safe = true;
		break;
	case OPT_BOM:
		x->oo.bom = true;
		break;
	case OPT_ENCODING:
		option_encoding(x, arg);
		break;
	case OPT_NAMES:
		x->oo.names = true;
		break;
	case OPT_UNMASK:
		x->unmask = arg;
		break;
	case OPT_REASON:
		x->reason = arg;
		break;
	default:
		break;
	}
}

static int
run(struct export *x, char *argv[])
{
	const char *place = NULL;
	struct case_error err;
	enum case_status rc;

	rc = export_all(x, argv, &place, &err);
	if (rc == CASE_OK)
		rc = cmd_output_commit(&x->out, &err);
	if (rc == CASE_OK)
		return CMD_OK;
	cmd_fail(place, &err);
	cmd_output_abort(&x->out, err.what);
	return rc == CASE_EBUSY ? CMD_BUSY : CMD_FAIL;
}

int
main(int argc, char *argv[])
{
	struct export x = { .oo = { .spool = true, .xlsx = case_xlsx_open } };
	int c, code;

	cmd_begin(&x.c, "case-export", "[FILE ...]",
	    N_("Make a document from case-tables, or from records."), options);
	while ((c = cmd_getopt(argc, argv)) != -1)
		option(&x, c, optarg);
	x.command = cmd_line(argc, argv);
	if (x.where != NULL && x.type == NULL)
		code = cmd_usage(_("-w goes with -t"));
	else if ((code = set_unmask(&x)) == CMD_OK)
		code = run(&x, argv + optind);
	free_unmask(&x);
	free(x.met);
	return cmd_end(code);
}
