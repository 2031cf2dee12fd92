/* unpack.c - the files that an operand stands for, in archives too */
#include <string.h>

#include "case/import.h"
#include "case/intl.h"
#include "case/row.h"
#include "lib/format/archive.h"
#include "lib/work/source.h"

struct unpack {
	const struct case_import_options *o;
	const struct case_limits *limits;
	struct case_archive_budget budget;
	size_t folders; /* how much of a name the batch does not keep */
	bool (*each)(void *arg, const struct case_import_member *m);
	void *arg;
	bool stop;
};

static void
give(struct unpack *u, const char *name, struct case_input *in,
    const char *passed, enum case_status rc, const struct case_error *fault)
{
	struct case_import_member m = { .name = name,
		.file = name + u->folders,
		.in = in,
		.passed = passed,
		.rc = rc,
		.fault = fault };

	if (!u->each(u->arg, &m))
		u->stop = true;
}

static void
give_fault(struct unpack *u, const char *name, enum case_status rc,
    const struct case_error *fault)
{
	give(u, name, NULL, NULL, rc, fault);
	/* The bound on all of them: the next file would meet it as well. */
	if (u->budget.total > u->limits->total ||
	    u->budget.entries > u->limits->entries)
		u->stop = true;
}

/* A file that is no archive. One in an archive may be what nobody asked for. */
static void
give_file(struct unpack *u, const char *name, struct case_input *in,
    size_t depth)
{
	struct case_error err = { { 0 }, 0 };
	const char *why = NULL;
	enum case_status rc = CASE_OK;

	if (depth > 0 && !source_is_document(u->o, name))
		rc = case_reader_refused(in, u->limits, &why, &err);
	if (rc != CASE_OK)
		give_fault(u, name, rc, &err);
	else
		give(u, name, why == NULL ? in : NULL, why, CASE_OK, NULL);
}

static void walk(struct unpack *u, const char *name, struct case_input *in,
    size_t depth);

static void
walk_archive(struct unpack *u, const char *name, struct case_archive *ar,
    size_t depth)
{
	struct case_error err = { { 0 }, 0 };
	const char *member;
	enum case_status rc;
	size_t n = 0;

	while (!u->stop &&
	       (rc = case_archive_next(ar, &member, &err)) != CASE_EOF) {
		struct case_input *in = NULL;

		if (rc != CASE_OK) {
			give_fault(u, name, rc, &err);
			return;
		}
		n++;
		rc = case_archive_input(ar, &in, u->o->encoding, &err);
		if (rc != CASE_OK)
			give_fault(u, member, rc, &err);
		else
			walk(u, member, in, depth + 1);
		case_input_close(in);
	}
	if (n > 0 || u->stop)
		return;
	rc = case_error_set(&err, CASE_EDATA, 0, "%s",
	    _("the archive holds no file"));
	give_fault(u, name, rc, &err);
}

static void
walk(struct unpack *u, const char *name, struct case_input *in, size_t depth)
{
	struct case_error err = { { 0 }, 0 };
	struct case_archive *ar;
	enum case_status rc;

	rc = case_archive_open(&ar, in, name, &u->budget, &err);
	if (rc == CASE_OK && ar != NULL && depth == CASE_ARCHIVE_DEPTH)
		rc = case_error_set(&err, CASE_EDATA, 0,
		    _("archives within archives are unpacked %d deep, and this "
		      "one lies deeper: unpack it yourself"),
		    CASE_ARCHIVE_DEPTH);
	if (rc != CASE_OK)
		give_fault(u, name, rc, &err);
	else if (ar == NULL)
		give_file(u, name, in, depth);
	else
		walk_archive(u, name, ar, depth);
	case_archive_close(ar);
}

void
case_import_unpack(const char *path, const struct case_import_options *o,
    bool (*each)(void *arg, const struct case_import_member *m), void *arg)
{
	struct unpack u = { .o = o,
		.limits = o->limits != NULL ? o->limits : &case_limits_default,
		.each = each,
		.arg = arg };
	const char *base = strrchr(path, '/');
	struct case_error err = { { 0 }, 0 };
	struct case_input *in;
	enum case_status rc;

	u.budget.limits = u.limits;
	u.folders = base != NULL ? (size_t)(base + 1 - path) : 0;
	rc = case_input_open_ahead(&in, path, o->encoding, &err);
	if (rc != CASE_OK)
		give_fault(&u, path, rc, &err);
	else
		walk(&u, path, in, 0);
	case_input_close(in);
}

bool
case_import_left_over(const char *name)
{
	return case_archive_left_over(name);
}
