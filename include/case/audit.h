/* audit.h - rules that records break: packs, findings, limits */
#ifndef CASE_AUDIT_H
#define CASE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/error.h"
#include "case/share.h"
#include "case/store.h"
#include "case/table.h"

/* How grave a rule's finding is; the order is that of --fail-on. */
enum case_severity {
	CASE_INFO,
	CASE_WARNING,
	CASE_ERROR,
	CASE_VETO,
	CASE_SEVERITIES
};
const char *case_severity_name(enum case_severity s); /* info warning … */
bool case_severity_find(const char *name, enum case_severity *s);

/*
 * What to audit, in the words of case-audit's options. Strings are borrowed
 * for the life of the case_audit; NULL is "not given" throughout.
 *
 * packs	a list of packs of share/rules, or of files; NULL: all packs
 * rules	a list of rule ids; NULL: all
 * type		only rules of this record type
 * period	a period text: findings of cases decided in it or still open at
 *		its end; of other types by their date
 * on		a date field that decides about the period instead
 * where	an expression over the type: only records for which it is true
 * by		an expression that case_audit_by() counts by
 * waivers	a CSV file or case-table of waivers
 * today	days; what open limits count to
 * as_of	only what batches up to this one said; 0: now
 * piped	the records were piped in: the store is private and its
 *		revision means nothing
 * verbose	waived findings are written too
 * command	for ##meta command; or NULL
 */
struct case_audit_request {
	const char *packs;
	const char *rules;
	const char *type;
	const char *period;
	const char *on;
	const char *where;
	const char *by;
	const char *waivers;
	int64_t today;
	int64_t as_of;
	bool piped;
	bool verbose;
	enum case_lang lang;
	const char *command;
};

/*
 * An audit understood: packs are read and checked, names and expressions are
 * known to be good. CASE_EUSAGE in words when one is not, CASE_EDATA for a
 * pack that breaks its form (with file and rule). sh and st must outlive it.
 *
 * Its memory grows with the number of findings (some 60 bytes each beside the
 * key), and for group rules with the number of groups that break one, but not
 * with the number of records.
 */
struct case_audit;
enum case_status case_audit_new(struct case_audit **out, struct case_store *st,
    struct case_share *sh, const struct case_audit_request *rq,
    struct case_error *err);
void case_audit_free(struct case_audit *a);

/* Runs the rules; the functions below then tell what came out. */
enum case_status case_audit_run(struct case_audit *a, struct case_error *err);

/* The findings, by the order of rules in their packs and then by key. */
enum case_status case_audit_findings(struct case_audit *a,
    struct case_writer *w, struct case_error *err);
/* For each rule how many records it applied to and what came of them. */
enum case_status case_audit_summary(struct case_audit *a, struct case_writer *w,
    struct case_error *err);
/* How many findings of each rule, by the value of rq->by. */
enum case_status case_audit_by(struct case_audit *a, struct case_writer *w,
    struct case_error *err);
/*
 * One finding with all that it came from. CASE_EUSAGE when there is none of
 * that fingerprint.
 */
enum case_status case_audit_why(struct case_audit *a, const char *fingerprint,
    struct case_writer *w, struct case_error *err);
/* The gravest finding that is not waived; false: there is none. */
bool case_audit_worst(const struct case_audit *a, enum case_severity *s);
/* What a person should know about the run; i from 0, NULL at the end. */
const char *case_audit_note(const struct case_audit *a, size_t i);

/*
 * The limits of open cases that end within days from today, and those that
 * have ended, by their day. Needs no run.
 */
enum case_status case_audit_due(struct case_audit *a, int64_t days,
    struct case_writer *w, struct case_error *err);

/* The rules that rq selects (packs, rules, type), as a table. */
enum case_status case_rules_list(struct case_share *sh,
    const struct case_audit_request *rq, struct case_writer *w,
    struct case_error *err);
/* Their definitions in words. */
enum case_status case_rules_explain(struct case_share *sh,
    const struct case_audit_request *rq, struct case_writer *w,
    struct case_error *err);
/*
 * Runs the rules over their own test rows, each rule in a private store.
 * Settings that a rule's tests need are set in sh and stay so.
 *
 * options	of the private stores
 * bad		out: rows that did not come out as wanted
 */
enum case_status case_rules_selftest(struct case_share *sh,
    const struct case_audit_request *rq,
    const struct case_store_options *options, struct case_writer *w,
    size_t *bad, struct case_error *err);

#endif
