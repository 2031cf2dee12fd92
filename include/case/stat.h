/* stat.h - statistics: measures by dimensions over a period */
#ifndef CASE_STAT_H
#define CASE_STAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"
#include "case/error.h"
#include "case/period.h"
#include "case/share.h"
#include "case/store.h"
#include "case/table.h"

/*
 * A question, in the words of case-stat's options. Strings are borrowed for
 * the life of the case_stat; NULL is "not given" throughout.
 *
 * type		record type; NULL: case
 * by		dimensions, a list: "unit,month"
 * across	the dimension that becomes columns (-c)
 * measures	a list; NULL: the type's count measure
 * period, base	period texts; NULL: all; base is for :vs
 * where	an expression over the type
 * on		a date that takes the place of every measure's own
 * sort		a column to sort by, largest first; "-COLUMN" smallest first
 * top		so many rows at most; 0: all
 * all_units	units without a record are rows too
 * total	a last row of totals (tables of -c always have one)
 * verbose	numerators and denominators beside each rate
 * today	days
 * as_of	only what batches up to this one said; 0: now
 * piped	the records were piped in: the store is private and its
 *		revision means nothing
 * name, title	of the table; NULL: made from the dimensions
 * command	for ##meta command; or NULL
 */
struct case_stat_request {
	const char *type;
	const char *by;
	const char *across;
	const char *measures;
	const char *period;
	const char *base;
	const char *where;
	const char *on;
	const char *sort;
	size_t top;
	bool all_units;
	bool total;
	bool verbose;
	int64_t today;
	int64_t as_of;
	bool piped;
	enum case_lang lang;
	const char *name;
	const char *title;
	const char *command;
};

/*
 * A question understood: every name, period and expression is known to be
 * good. CASE_EUSAGE in words when one is not. sh and st must outlive it.
 */
struct case_stat;
enum case_status case_stat_new(struct case_stat **out, struct case_store *st,
    struct case_share *sh, const struct case_stat_request *rq,
    struct case_error *err);
void case_stat_free(struct case_stat *s);

/* Answers it: one table of kind statistics. */
enum case_status case_stat_write(struct case_stat *s, struct case_writer *w,
    struct case_error *err);
/* The records behind it (of the period itself): one table for each type. */
enum case_status case_stat_records(struct case_stat *s, struct case_writer *w,
    struct case_error *err);
/* The definitions behind it, in words; lines. */
enum case_status case_stat_explain(struct case_stat *s, struct case_buf *out,
    struct case_error *err);

/*
 * Calls back for each table of a report of share/reports, in order. What the
 * report says of a table is put into rq, but a period of rq goes before the
 * report's and a condition of rq holds beside it; a table that is optional is
 * left out when st has no records of its type. The first table has the
 * report's name unless it has one of its own. Strings last for the call.
 */
enum case_status case_stat_report(struct case_store *st, struct case_share *sh,
    const char *name, const struct case_stat_request *rq,
    enum case_status (*each)(void *arg, const struct case_stat_request *rq,
	struct case_error *err),
    void *arg, struct case_error *err);
/* The reports of share/reports, as a table. */
enum case_status case_stat_reports(struct case_share *sh, enum case_lang lang,
    struct case_writer *w, struct case_error *err);

/* The measures of a type (NULL: of all), as a table. */
enum case_status case_stat_measures(struct case_share *sh, const char *type,
    enum case_lang lang, struct case_writer *w, struct case_error *err);

#endif
