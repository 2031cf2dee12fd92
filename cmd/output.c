/* output.c - where a command's tables go */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "case/mask.h"
#include "case/publish.h"
#include "cmd/cmd.h"

/* By -f, else the suffix of -o, else by who reads stdout. */
static enum case_status
choose_format(const struct cmd_common *c, enum case_format *f,
    struct case_error *err)
{
	const char *dot;

	if (c->format != NULL) {
		if (!case_format_find(c->format, f))
			return case_error_set(err, CASE_EUSAGE, 0,
			    _("-f: there is no format '%s'"), c->format);
		return CASE_OK;
	}
	if (c->output != NULL && strncmp(c->output, "/dev/", 5) != 0) {
		dot = strrchr(c->output, '.');
		if (dot == NULL || !case_format_find(dot + 1, f))
			return case_error_set(err, CASE_EUSAGE, 0,
			    _("%s: its suffix names no format; say which "
			      "with -f"),
			    c->output);
		return CASE_OK;
	}
	*f = isatty(STDOUT_FILENO) ? CASE_FORMAT_TABLE : CASE_FORMAT_CASE;
	return CASE_OK;
}

static void
set_terminal(struct case_writer_options *wo)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	struct winsize ws;

	if (!isatty(STDOUT_FILENO))
		return;
	wo->color = (no_color == NULL || *no_color == '\0') && term != NULL &&
		    strcmp(term, "dumb") != 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0)
		wo->columns = ws.ws_col;
}

static enum case_status
open_text(struct cmd_output *o, const struct cmd_common *c,
    const struct cmd_output_options *options, enum case_format f,
    struct case_error *err)
{
	struct case_writer_options wo = { .csv_safe = options->csv_safe,
		.bom = options->bom,
		.gb18030 = options->gb18030,
		.several = options->several,
		.lang = c->lang };
	FILE *stream = stdout;
	enum case_status rc = CASE_OK;

	if (o->publish != NULL)
		rc = case_publish_stream(o->publish, &stream, err);
	else {
		set_terminal(&wo);
		if (options->spool && (stream = o->spool = tmpfile()) == NULL)
			rc = case_error_system(err, _("a temporary file"));
	}
	if (rc != CASE_OK)
		return rc;
	return case_writer_open(&o->writer, f, stream, &wo, err);
}

static enum case_status
open_xlsx(struct cmd_output *o, const struct cmd_common *c,
    const struct cmd_output_options *options, struct case_error *err)
{
	struct case_xlsx_options xo = { .lang = c->lang, .created = cmd_now() };
	const char *path;
	enum case_status rc;

	if (options->xlsx == NULL)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("a workbook is written by case-export: pipe the tables "
		      "to it"));
	if (o->publish == NULL)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("a workbook needs -o FILE"));
	/* The same data must give the same bytes, whatever the clock says. */
	if (getenv("SOURCE_DATE_EPOCH") == NULL)
		xo.created = c->today * 86400;
	if ((rc = case_publish_path(o->publish, &path, err)) != CASE_OK)
		return rc;
	return options->xlsx(&o->writer, path, &xo, err);
}

static enum case_status
open_mask(struct cmd_output *o, const struct cmd_output_options *options,
    struct case_error *err)
{
	const struct case_mask_options mo = { .names = options->names,
		.unmask = options->unmask };
	struct case_writer *inner = o->writer;
	enum case_status rc;

	rc = case_mask_open(&o->writer, inner, &mo, err);
	if (rc != CASE_OK)
		o->writer = inner;
	return rc;
}

enum case_status
cmd_output_open(struct cmd_output *o, const struct cmd_common *c,
    const struct cmd_output_options *options, struct case_error *err)
{
	static const struct cmd_output_options plain;
	enum case_format f = CASE_FORMAT_CASE;
	enum case_status rc;

	*o = (struct cmd_output){ 0 };
	if (options == NULL)
		options = &plain;
	if ((rc = choose_format(c, &f, err)) != CASE_OK)
		return rc;
	if (c->output != NULL &&
	    (rc = case_publish_begin(&o->publish, c->output, err)) != CASE_OK)
		return rc;
	rc = f == CASE_FORMAT_XLSX ? open_xlsx(o, c, options, err)
				   : open_text(o, c, options, f, err);
	o->raw = f == CASE_FORMAT_CASE || options->raw;
	if (rc == CASE_OK && !o->raw)
		rc = open_mask(o, options, err);
	if (rc != CASE_OK)
		cmd_output_abort(o, NULL);
	return rc;
}

static enum case_status
copy_spool(FILE *spool, struct case_error *err)
{
	char p[65536];
	size_t n;

	if (fflush(spool) != 0 || fseek(spool, 0, SEEK_SET) != 0)
		return case_error_system(err, _("a temporary file"));
	while ((n = fread(p, 1, sizeof(p), spool)) > 0)
		if (fwrite(p, 1, n, stdout) != n)
			return case_error_system(err, _("standard output"));
	if (ferror(spool))
		return case_error_system(err, _("a temporary file"));
	return CASE_OK;
}

enum case_status
cmd_output_commit(struct cmd_output *o, struct case_error *err)
{
	enum case_status rc;

	rc = o->writer->ops->finish(o->writer, err);
	if (rc == CASE_OK && o->spool != NULL)
		rc = copy_spool(o->spool, err);
	if (rc == CASE_OK && o->publish != NULL) {
		rc = case_publish_commit(o->publish, err);
		o->publish = NULL;
	}
	if (rc != CASE_OK) {
		cmd_output_abort(o, err->what);
		return rc;
	}
	o->writer->ops->close(o->writer);
	o->writer = NULL;
	if (o->spool != NULL)
		fclose(o->spool);
	o->spool = NULL;
	return CASE_OK;
}

void
cmd_output_abort(struct cmd_output *o, const char *reason)
{
	if (o->writer != NULL) {
		if (reason != NULL)
			o->writer->ops->fail(o->writer, reason);
		o->writer->ops->close(o->writer);
		o->writer = NULL;
	}
	if (o->publish != NULL)
		case_publish_abort(o->publish);
	o->publish = NULL;
	if (o->spool != NULL)
		fclose(o->spool);
	o->spool = NULL;
}
