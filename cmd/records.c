/* records.c - where a command's records come from: the store, or operands */
#include <stdio.h>
#include <string.h>

#include "case/load.h"
#include "cmd/cmd.h"

enum case_status
cmd_each_file(char *argv[],
    enum case_status (
	*each)(void *arg, FILE *f, const char *name, struct case_error *err),
    void *arg, const char **place, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (char **p = argv; *p != NULL && rc == CASE_OK; p++) {
		bool is_stdin = strcmp(*p, "-") == 0;
		FILE *f = is_stdin ? stdin : fopen(*p, "re");

		if (f == NULL)
			return case_error_system(err, *p);
		*place = is_stdin ? _("standard input") : *p;
		rc = each(arg, f, *p, err);
		if (!is_stdin)
			fclose(f);
	}
	if (rc == CASE_OK)
		*place = NULL;
	return rc;
}

struct loading {
	struct case_store *st;
	const struct cmd_common *c;
};

static enum case_status
load(void *arg, FILE *f, const char *name, struct case_error *err)
{
	struct loading *l = arg;

	return case_load_tables(l->st, l->c->share, f, name, NULL, NULL, NULL,
	    err);
}

enum case_status
cmd_records_open(struct case_store **st, const struct cmd_common *c,
    char *argv[], const char **place, struct case_error *err)
{
	struct loading l = { .c = c };
	enum case_status rc;

	rc = cmd_store_open(st, c,
	    *argv != NULL ? CASE_STORE_PRIVATE : CASE_STORE_READ, 0, err);
	if (rc != CASE_OK || *argv == NULL)
		return rc;
	l.st = *st;
	return cmd_each_file(argv, load, &l, place, err);
}
