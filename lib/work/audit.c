/* audit.c - an audit: its rules over a store, and what they found */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/ident.h"
#include "case/intl.h"
#include "case/period.h"
#include "case/text.h"
#include "lib/work/audit_int.h"

/* --- small things -----------------------------------------------------------
 */

bool
audit_grow(void **array, size_t *cap, size_t n, size_t size)
{
	size_t room = *cap == 0 ? 64 : 2 * *cap;
	void *more;

	if (n < *cap)
		return true;
	if ((more = reallocarray(*array, room, size)) == NULL)
		return false;
	*array = more;
	*cap = room;
	return true;
}

size_t
audit_text(struct case_audit *a, const char *p, size_t n)
{
	size_t at = a->text.n;

	case_buf_add(&a->text, p, n);
	case_buf_addc(&a->text, '\0');
	return at;
}

static char *__attribute__((format(printf, 1, 0)))
print_text(const char *fmt, va_list ap)
{
	char *s;

	return vasprintf(&s, fmt, ap) < 0 ? NULL : s;
}

enum case_status
audit_note(struct case_audit *a, struct case_error *err, const char *fmt, ...)
{
	char **more, *s;
	va_list ap;

	va_start(ap, fmt);
	s = print_text(fmt, ap);
	va_end(ap);
	more = realloc(a->note, (a->note_n + 1) * sizeof(*more));
	if (more != NULL)
		a->note = more;
	if (more == NULL || s == NULL) {
		free(s);
		return case_error_memory(err);
	}
	a->note[a->note_n++] = s;
	return CASE_OK;
}

enum case_status
audit_reason(struct audit_rule *r, struct case_error *err, const char *fmt, ...)
{
	va_list ap;

	if (r->reason != NULL)
		return CASE_OK;
	va_start(ap, fmt);
	r->reason = print_text(fmt, ap);
	va_end(ap);
	return r->reason == NULL ? case_error_memory(err) : CASE_OK;
}

void
audit_print_hex(char out[17], uint64_t print)
{
	snprintf(out, 17, "%016llx", (unsigned long long)print);
}

const char *
case_audit_note(const struct case_audit *a, size_t i)
{
	return i < a->note_n ? a->note[i] : NULL;
}

struct case_query
audit_query(const struct case_audit *a, const struct audit_type *t)
{
	return (struct case_query){ .rt = t->rt,
		.as_of = a->rq.as_of,
		.from = a->from,
		.to = a->to,
		.today = a->rq.today };
}

/* --- record types ------------------------------------------------------------
 */

static enum case_status
parse_fields(struct audit_type *t, struct case_error *err)
{
	static const char *const names[] = { "_id", "_batch", "_file", "_line",
		"null" };
	struct case_expr **to[] = { &t->id, &t->batch, &t->file, &t->line,
		&t->none };
	struct case_buf text = { 0 };
	enum case_status rc = CASE_OK;

	t->field = calloc(t->rt->field_n + 1, sizeof(struct case_expr *));
	if (t->field == NULL)
		return case_error_memory(err);
	for (size_t i = 0; rc == CASE_OK && i < 5; i++)
		rc = case_expr_parse(to[i], names[i], strlen(names[i]),
		    &t->scope, err);
	for (size_t f = 0; rc == CASE_OK && f < t->rt->field_n; f++) {
		case_buf_reset(&text);
		case_buf_addf(&text, "`%s`", t->rt->field[f].name);
		rc = case_expr_parse(&t->field[f], case_buf_str(&text), text.n,
		    &t->scope, err);
	}
	case_buf_free(&text);
	return rc;
}

static enum case_status
type_open(struct case_audit *a, struct audit_type *t,
    const struct case_rtype *rt, struct case_error *err)
{
	enum case_status rc;

	*t = (struct audit_type){ .rt = rt, .rows = -1 };
	t->scope = (struct case_scope){ .rt = rt,
		.sh = a->sh,
		.type = case_store_scope_type,
		.type_arg = a->st };
	for (size_t k = 0; k < rt->key_n; k++)
		for (size_t i = 0; i < rt->key[k].field_n; i++)
			t->key[t->key_n++] = (int)rt->key[k].field[i];
	if ((rc = parse_fields(t, err)) != CASE_OK ||
	    (rc = mapped_load(&t->mapped, a->st, rt, a->rq.as_of, err)) !=
		CASE_OK)
		return rc;
	return audit_select(a, t, err);
}

static void
type_free(struct audit_type *t)
{
	for (size_t f = 0; t->field != NULL && f < t->rt->field_n; f++)
		case_expr_free(t->field[f]);
	free(t->field);
	case_expr_free(t->id);
	case_expr_free(t->batch);
	case_expr_free(t->file);
	case_expr_free(t->line);
	case_expr_free(t->none);
	case_expr_free(t->where);
	case_expr_free(t->selected);
	case_expr_free(t->by);
	mapped_free(&t->mapped);
}

static struct audit_type *
find_type(struct case_audit *a, const char *name)
{
	for (size_t i = 0; i < a->type_n; i++)
		if (strcmp(a->type[i].rt->name, name) == 0)
			return &a->type[i];
	return NULL;
}

/* The types that rules name and the store has. */
static enum case_status
open_types(struct case_audit *a, struct case_error *err)
{
	const struct case_rtype *rt;
	const char *name;
	enum case_status rc = CASE_OK;

	if (a->rq.type != NULL &&
	    (rc = case_store_type(a->st, a->rq.type, &rt, err)) != CASE_OK)
		return rc;
	/* Rules keep pointers to their type: room for all at once. */
	a->type = calloc(a->set.n + 1, sizeof(*a->type));
	if (a->type == NULL)
		return case_error_memory(err);
	for (size_t i = 0; rc == CASE_OK && i < a->set.n; i++) {
		name = a->set.rule[i].type;
		rt = case_store_scope_type(a->st, name);
		if (rt != NULL && find_type(a, name) == NULL)
			rc = type_open(a, &a->type[a->type_n++], rt, err);
	}
	return rc;
}

/* --- rules ------------------------------------------------------------ */

/* The state of each batch, so that most records need no second look. */
static enum case_status
rule_states(struct audit_rule *r, struct case_error *err)
{
	const struct mapped *m = &r->type->mapped;

	r->state = calloc(m->n + 1, sizeof(*r->state));
	if (r->state == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < m->n; i++)
		r->state[i] = (unsigned char)mapped_state(m, i, &r->code);
	return CASE_OK;
}

/* "not configured" and the like, in the language of the table. */
static enum case_status
rule_open(struct case_audit *a, struct audit_rule *r, struct case_error *err)
{
	bool zh = a->rq.lang == CASE_ZH;
	struct case_error why;
	enum case_status rc;

	r->type = find_type(a, r->rule->type);
	if (r->type == NULL)
		return audit_reason(r, err,
		    zh ? "没有%s类记录" : "no records of type %s",
		    r->rule->type);
	rc = rule_compile(&r->code, r->rule, &r->type->scope, a->rq.lang, &why);
	if (rc == CASE_ENOMEM)
		return case_error_memory(err);
	/* The pack is good: an old store lacks a field, or another type. */
	if (rc != CASE_OK)
		return audit_reason(r, err,
		    zh ? "数据库中没有所需内容：%s" : "not in this store: %s",
		    why.what);
	if (r->code.unset != NULL)
		return audit_reason(r, err,
		    zh ? "未配置：%s" : "not configured: %s", r->code.unset);
	r->runs = true;
	return rule_states(r, err);
}

static enum case_status
open_rules(struct case_audit *a, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	a->rule = calloc(a->set.n + 1, sizeof(*a->rule));
	if (a->rule == NULL)
		return case_error_memory(err);
	for (size_t i = 0; rc == CASE_OK && i < a->set.n; i++) {
		a->rule[i].rule = &a->set.rule[i];
		a->rule_n++;
		rc = rule_open(a, &a->rule[i], err);
	}
	return rc;
}

static void
rule_close(struct audit_rule *r)
{
	case_cursor_close(r->detail);
	free(r->columns);
	free(r->state);
	free(r->reason);
	rule_code_free(&r->code);
}

/* --- the whole -------------------------------------------------------- */

static enum case_status
read_period(struct case_audit *a, struct case_error *err)
{
	struct case_period p;
	enum case_status rc;

	a->open_from = a->open_to = true;
	if (a->rq.period == NULL)
		return CASE_OK;
	rc = case_period_parse(&p, a->rq.period, a->rq.today, NULL, err);
	if (rc != CASE_OK)
		return rc;
	a->has_period = !(p.open_from && p.open_to) || a->rq.on != NULL;
	a->open_from = p.open_from;
	a->open_to = p.open_to;
	a->from = p.open_from ? 0 : p.from;
	a->to = p.open_to ? 0 : p.to;
	return CASE_OK;
}

enum case_status
audit_new_set(struct case_audit **out, struct case_store *st,
    struct case_share *sh, const struct case_audit_request *rq,
    struct rule_set *set, struct case_error *err)
{
	struct case_audit *a = calloc(1, sizeof(*a));
	enum case_status rc;

	*out = NULL;
	if (a == NULL) {
		rule_set_free(set);
		return case_error_memory(err);
	}
	a->st = st;
	a->sh = sh;
	a->rq = *rq;
	a->set = *set;
	*set = (struct rule_set){ 0 };
	if ((rc = read_period(a, err)) != CASE_OK ||
	    (rq->waivers != NULL && (rc = waivers_load(&a->waivers, rq->waivers,
					 err)) != CASE_OK) ||
	    (rc = open_types(a, err)) != CASE_OK ||
	    (rc = open_rules(a, err)) != CASE_OK) {
		case_audit_free(a);
		return rc;
	}
	*out = a;
	return CASE_OK;
}

enum case_status
case_audit_new(struct case_audit **out, struct case_store *st,
    struct case_share *sh, const struct case_audit_request *rq,
    struct case_error *err)
{
	struct rule_set set;
	enum case_status rc;

	*out = NULL;
	if ((rc = rule_set_load(&set, sh, rq, err)) != CASE_OK) {
		rule_set_free(&set);
		return rc;
	}
	return audit_new_set(out, st, sh, rq, &set, err);
}

void
case_audit_free(struct case_audit *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->rule_n; i++)
		rule_close(&a->rule[i]);
	for (size_t i = 0; i < a->type_n; i++)
		type_free(&a->type[i]);
	for (size_t i = 0; i < a->note_n; i++)
		free(a->note[i]);
	free(a->rule);
	free(a->type);
	free(a->note);
	free(a->finding);
	free(a->group);
	waivers_free(&a->waivers);
	case_buf_free(&a->text);
	case_buf_free(&a->scratch);
	rule_set_free(&a->set);
	free(a);
}

/* --- records and findings --------------------------------------------- */

void
audit_key(struct case_buf *out, const struct audit_type *t,
    const struct case_value *v, int64_t record)
{
	const struct case_rtype *rt = t->rt;
	size_t from = out->n;

	for (size_t k = 0; k < rt->key_n; v += rt->key[k++].field_n) {
		if (v[0].missing)
			continue;
		for (size_t i = 0; i < rt->key[k].field_n; i++) {
			if (v[i].missing)
				continue;
			if (out->n > from)
				case_buf_addc(out, '/');
			case_value_text(out, &v[i]);
		}
		return;
	}
	case_buf_addf(out, "#%lld", (long long)record);
}

/*
 * The same finding in a later import has the same fingerprint: what it is
 * made of are names, and a document's number in whatever form it is written.
 */
static uint64_t
fingerprint(struct case_audit *a, const struct audit_rule *r,
    struct case_str key, uint32_t group)
{
	const struct rule *rule = r->rule;
	const char *field = rule->field != NULL ? rule->field : "";
	uint64_t h;

	case_buf_reset(&a->scratch);
	case_docno_key(&a->scratch, key.p, key.n);
	h = case_hash(rule->id, strlen(rule->id) + 1, 0);
	h = case_hash(rule->type, strlen(rule->type) + 1, h);
	h = case_hash(field, strlen(field) + 1, h);
	h = case_hash(case_buf_str(&a->scratch), a->scratch.n, h);
	return group == 0 ? h : (uint64_t)group << 32 | (h & 0xffffffff);
}

void
audit_tell(struct case_audit *a, const struct audit_rule *r,
    struct case_str key, int v)
{
	if (a->verdict != NULL)
		a->verdict(a->verdict_arg, (size_t)(r - a->rule), key, v);
}

enum case_status
audit_fail(struct case_audit *a, struct audit_rule *r, int64_t record,
    struct case_str key, uint32_t group, uint32_t print, struct finding **out,
    struct case_error *err)
{
	struct finding f = { .rule = (uint32_t)(r - a->rule),
		.group = group,
		.record = record,
		.print = fingerprint(a, r, key, print) };
	void *array = a->finding;
	char hex[17];

	if (out != NULL)
		*out = NULL;
	audit_print_hex(hex, f.print);
	f.waived =
	    waivers_match(&a->waivers, hex, r->rule->id, key, a->rq.today);
	if (f.waived)
		r->waived++;
	else
		r->failed++;
	audit_tell(a, r, key, 2);
	if (f.waived && !a->rq.verbose)
		return CASE_OK;
	f.key = audit_text(a, key.p, key.n);
	f.key_n = key.n;
	if (a->text.failed || a->scratch.failed ||
	    !audit_grow(&array, &a->finding_cap, a->finding_n, sizeof(f)))
		return case_error_memory(err);
	a->finding = array;
	a->finding[a->finding_n] = f;
	if (out != NULL)
		*out = &a->finding[a->finding_n];
	a->finding_n++;
	return CASE_OK;
}

void
audit_presence(const struct audit_rule *r, unsigned char *field)
{
	const struct mapped *m = &r->type->mapped;

	for (size_t b = 0; b < m->n; b++) {
		if (r->state[b] != MAPPED_SOME)
			continue;
		for (size_t i = 0; i < r->code.require_n; i++)
			for (size_t k = 0; k < r->code.require[i].n; k++)
				field[r->code.require[i].field[k]] = 1;
		return;
	}
}

/* Says once which columns the source did not have. */
static enum case_status
not_mapped(struct audit_rule *r, enum case_lang lang, size_t batch,
    struct case_error *err)
{
	const struct mapped_batch *b = &r->type->mapped.batch[batch];
	struct case_buf names = { 0 };
	enum case_status rc;
	bool there;

	if (r->reason != NULL)
		return CASE_OK;
	for (size_t i = 0; i < r->code.require_n; i++) {
		const struct require *rq = &r->code.require[i];

		there = false;
		for (size_t k = 0; k < rq->n; k++)
			there |= b->field[rq->field[k]] != 0;
		for (size_t k = 0; !there && k < rq->n; k++)
			case_buf_addf(&names, "%s%s",
			    names.n == 0      ? ""
			    : k > 0	      ? "/"
			    : lang == CASE_ZH ? "、"
					      : ", ",
			    case_label(r->type->rt->field[rq->field[k]].label,
				lang));
	}
	rc = audit_reason(r, err,
	    lang == CASE_ZH ? "来源没有这些列：%s" : "no column for: %s",
	    case_buf_str(&names));
	case_buf_free(&names);
	return rc;
}

enum case_status
audit_mapped(struct case_audit *a, struct audit_rule *r, int64_t record,
    int64_t batch, const unsigned char *present, bool *is,
    struct case_error *err)
{
	size_t b = mapped_find(&r->type->mapped, batch);
	enum case_status rc = CASE_OK;

	*is = true;
	if (b == SIZE_MAX || r->state[b] == MAPPED_ALL)
		return CASE_OK;
	*is = false;
	if (r->state[b] == MAPPED_SOME)
		rc = mapped_record(&r->type->mapped, &r->code, record, b,
		    present, is, err);
	return rc == CASE_OK && !*is ? not_mapped(r, a->rq.lang, b, err) : rc;
}

/* --- a run ------------------------------------------------------------ */

static int
compare_findings(const void *pa, const void *pb, void *arg)
{
	const struct finding *a = pa, *b = pb;
	const struct case_buf *text = arg;
	int c;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	c = strcmp(text->p + a->key, text->p + b->key);
	if (c == 0)
		c = (a->record > b->record) - (a->record < b->record);
	return c != 0 ? c : (a->text > b->text) - (a->text < b->text);
}

/*
 * The day that a limit was counted from may lie in a year that is there: what
 * is missing is then the year behind the last.
 */
static int
missing_year(struct case_audit *a, int64_t day)
{
	const struct case_workdays *w;
	int year, month, d, first, last;

	case_date_civil(day, &year, &month, &d);
	if (case_share_workdays(a->sh, &w, NULL) != CASE_OK)
		return year;
	case_workdays_years(w, &first, &last);
	return year >= first && year <= last ? last + 1 : year;
}

static enum case_status
note_gaps(struct case_audit *a, struct case_error *err)
{
	int64_t day = 0;
	size_t n = case_store_calendar_gaps(a->st, &day);

	if (n == 0)
		return CASE_OK;
	return audit_note(a, err,
	    a->rq.lang == CASE_ZH
		? "工作日历未载入%d年（可能还有其他年份），按工作日计算的期限"
		  "无法判断"
		: "the calendar of working days does not have the year %d "
		  "(and maybe others): limits in working days are undecided "
		  "there",
	    missing_year(a, day));
}

/* Rules that did not run at all are not run for every record. */
static enum case_status
count_not_run(struct case_audit *a, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (size_t i = 0; rc == CASE_OK && i < a->rule_n; i++) {
		struct audit_rule *r = &a->rule[i];

		if (r->runs || r->type == NULL)
			continue;
		rc = audit_count(a, r->type, err);
		r->not_run = r->type->rows;
	}
	return rc;
}

enum case_status
case_audit_run(struct case_audit *a, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	int64_t day;

	case_store_calendar_gaps(a->st, &day);
	for (size_t i = 0; rc == CASE_OK && i < a->type_n; i++)
		rc = audit_rows(a, &a->type[i], err);
	for (size_t i = 0; rc == CASE_OK && i < a->rule_n; i++) {
		if (!a->rule[i].runs)
			continue;
		if (a->rule[i].rule->kind == RULE_GROUP)
			rc = audit_groups(a, &a->rule[i], err);
		else if (a->rule[i].rule->kind == RULE_SEQUENCE)
			rc = audit_sequence(a, &a->rule[i], err);
	}
	if (rc == CASE_OK)
		rc = count_not_run(a, err);
	if (rc == CASE_OK)
		rc = note_gaps(a, err);
	if (rc == CASE_OK && a->finding_n > 0)
		qsort_r(a->finding, a->finding_n, sizeof(*a->finding),
		    compare_findings, &a->text);
	return rc;
}

bool
case_audit_worst(const struct case_audit *a, enum case_severity *s)
{
	bool any = false;

	for (size_t i = 0; i < a->rule_n; i++) {
		const struct audit_rule *r = &a->rule[i];

		if (r->failed == 0 || (any && r->rule->severity <= *s))
			continue;
		*s = r->rule->severity;
		any = true;
	}
	return any;
}
