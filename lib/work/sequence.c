/* sequence.c - numbers that should follow each other: gaps and reuse */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/work/audit_int.h"

/* So many gaps of one organ and year are told one by one, the rest as one. */
enum { GAPS_TOLD = 50 };

/* The place of a record: its numbers, and what else tells it apart. */
struct place {
	struct case_buf organ, same;
	int64_t year, number;
	bool there;
};

struct sequence {
	struct case_audit *a;
	struct audit_rule *r;
	struct head head;
	struct place last, now;
	int64_t last_record;
	struct case_buf last_key;
	bool last_selected;
	uint32_t group; /* of the number that is being used again, or 0 */
	size_t gaps;	/* of the organ and year */
	int64_t rest_gaps, rest_count, rest_record;
	struct case_buf key, range;
};

/* v: organ, year, number, same. false: it has no place. */
static bool
read_place(struct place *p, const struct case_value *v)
{
	p->there = !v[0].missing && !v[1].missing && !v[2].missing;
	if (!p->there)
		return false;
	case_buf_reset(&p->organ);
	case_buf_add(&p->organ, v[0].u.s.p, v[0].u.s.n);
	case_buf_reset(&p->same);
	if (!v[3].missing)
		case_buf_add(&p->same, v[3].u.s.p, v[3].u.s.n);
	p->year = v[1].u.i;
	p->number = v[2].u.i;
	return true;
}

static bool
same_text(struct case_buf *a, struct case_buf *b)
{
	return a->n == b->n &&
	       memcmp(case_buf_str(a), case_buf_str(b), a->n) == 0;
}

static bool
same_year(struct sequence *s)
{
	return s->last.there && s->last.year == s->now.year &&
	       same_text(&s->last.organ, &s->now.organ);
}

/* --- gaps ------------------------------------------------------------- */

static enum case_status
add_gap(struct sequence *s, int64_t record, int64_t count,
    struct case_error *err)
{
	struct finding *f;
	enum case_status rc;

	rc = audit_fail(s->a, s->r, record,
	    (struct case_str){ case_buf_str(&s->key), s->key.n }, 0, 0, &f,
	    err);
	if (rc != CASE_OK || f == NULL)
		return rc;
	f->count = count;
	f->text = audit_text(s->a, case_buf_str(&s->range), s->range.n);
	return s->a->text.failed ? case_error_memory(err) : CASE_OK;
}

/* What was not told one by one, at the end of an organ's year. */
static enum case_status
tell_rest(struct sequence *s, struct case_error *err)
{
	enum case_status rc;

	s->gaps = 0;
	if (s->rest_gaps == 0)
		return CASE_OK;
	case_buf_reset(&s->key);
	case_buf_addf(&s->key, "%s〔%lld〕…", case_buf_str(&s->last.organ),
	    (long long)s->last.year);
	case_buf_reset(&s->range);
	case_buf_addf(&s->range,
	    s->a->rq.lang == CASE_ZH ? "另有%lld段" : "%lld more ranges",
	    (long long)s->rest_gaps);
	rc = add_gap(s, s->rest_record, s->rest_count, err);
	s->r->failed += s->rest_gaps - 1;
	s->rest_gaps = s->rest_count = 0;
	return rc;
}

static enum case_status
see_gap(struct sequence *s, int64_t record, struct case_error *err)
{
	int64_t from = s->last.number + 1, to = s->now.number - 1;

	if (s->gaps == GAPS_TOLD) {
		s->rest_gaps++;
		s->rest_count += to - from + 1;
		s->rest_record = record;
		return CASE_OK;
	}
	s->gaps++;
	case_buf_reset(&s->range);
	case_buf_addf(&s->range, "%lld", (long long)from);
	if (to > from)
		case_buf_addf(&s->range, "—%lld", (long long)to);
	case_buf_reset(&s->key);
	case_buf_addf(&s->key, "%s〔%lld〕第%s号", case_buf_str(&s->now.organ),
	    (long long)s->now.year, case_buf_str(&s->range));
	return add_gap(s, record, to - from + 1, err);
}

/* --- reuse ------------------------------------------------------------ */

static enum case_status
add_reuse(struct sequence *s, int64_t record, struct case_str key,
    bool selected, struct case_error *err)
{
	struct case_audit *a = s->a;
	struct group *group = &a->group[s->group - 1];

	group->count++;
	if (group->key_n < GROUP_KEYS)
		group->key[group->key_n++] = audit_text(a, key.p, key.n);
	if (a->text.failed)
		return case_error_memory(err);
	if (!selected)
		return CASE_OK;
	return audit_fail(a, s->r, record, key, s->group, group->print, NULL,
	    err);
}

static enum case_status
new_group(struct sequence *s, struct case_error *err)
{
	struct case_audit *a = s->a;
	void *array = a->group;
	uint64_t h;

	case_buf_reset(&s->key);
	case_buf_addf(&s->key, "%s:%s:%lld:%lld", s->r->rule->id,
	    case_buf_str(&s->now.organ), (long long)s->now.year,
	    (long long)s->now.number);
	h = case_hash(case_buf_str(&s->key), s->key.n, 0);
	if (!audit_grow(&array, &a->group_cap, a->group_n, sizeof(*a->group)))
		return case_error_memory(err);
	a->group = array;
	a->group[a->group_n] =
	    (struct group){ .print = (uint32_t)(h >> 32) | 1 };
	s->group = (uint32_t)++a->group_n;
	return CASE_OK;
}

static enum case_status
see_reuse(struct sequence *s, int64_t record, bool selected,
    struct case_error *err)
{
	struct case_str last = { case_buf_str(&s->last_key), s->last_key.n };
	enum case_status rc = CASE_OK;

	if (s->group == 0) {
		if ((rc = new_group(s, err)) != CASE_OK)
			return rc;
		/* It was taken for good when it was met. */
		s->r->passed -= s->last_selected;
		rc = add_reuse(s, s->last_record, last, s->last_selected, err);
	}
	if (rc != CASE_OK)
		return rc;
	return add_reuse(s, record, head_key(&s->head), selected, err);
}

/* --- records ---------------------------------------------------------- */

static void
skip(struct sequence *s, bool selected, int verdict)
{
	struct audit_rule *r = s->r;

	if (!selected)
		return;
	if (verdict == VERDICT_NOT_RUN)
		r->not_run++;
	else if (verdict != 0)
		r->applicable++;
	if (verdict == VERDICT_UNDECIDED)
		r->undecided++;
	else if (verdict == 1)
		r->passed++;
	audit_tell(s->a, r, head_key(&s->head), verdict);
}

/* The record that was just judged becomes the one before. */
static void
advance(struct sequence *s, int64_t record, bool selected)
{
	struct place swap = s->last;

	s->last = s->now;
	s->now = swap;
	s->last_record = record;
	s->last_selected = selected;
	case_buf_reset(&s->last_key);
	case_buf_add(&s->last_key, case_buf_str(&s->head.key), s->head.key.n);
}

/*
 * A gap or a number used again is told when one of the two records beside it
 * is selected, and counts for the later one.
 */
static enum case_status
judge_place(struct sequence *s, int64_t record, bool selected,
    struct case_error *err)
{
	bool told = selected || s->last_selected, year = same_year(s);
	enum case_status rc = CASE_OK;
	bool fails;

	if (!year && (rc = tell_rest(s, err)) != CASE_OK)
		return rc;
	if (s->r->rule->gaps)
		fails = year && told && s->now.number > s->last.number + 1;
	else
		fails = year && told && s->now.number == s->last.number &&
			same_text(&s->now.same, &s->last.same);
	if (!fails) {
		s->group = 0;
		skip(s, selected, 1);
	} else if (s->r->rule->gaps) {
		s->r->applicable++;
		rc = see_gap(s, record, err);
	} else {
		s->r->applicable += selected;
		rc = see_reuse(s, record, selected, err);
	}
	advance(s, record, selected);
	return rc;
}

/* v: verdict, selected, organ, year, number, same. */
static enum case_status
see_record(struct sequence *s, const struct case_value *row,
    const struct case_value *v, struct case_error *err)
{
	bool selected = v[1].u.i != 0, is;
	enum case_status rc;

	rc = audit_mapped(s->a, s->r, row[0].u.i, row[1].u.i, s->head.present,
	    &is, err);
	if (rc != CASE_OK)
		return rc;
	if (!is)
		skip(s, selected, VERDICT_NOT_RUN);
	else if (!v[0].missing && v[0].u.i == 0)
		skip(s, selected, 0);
	else if (v[0].missing || !read_place(&s->now, v + 2))
		skip(s, selected, VERDICT_UNDECIDED);
	else
		return judge_place(s, row[0].u.i, selected, err);
	return CASE_OK;
}

static enum case_status
scan(struct sequence *s, struct case_error *err)
{
	static const enum rule_expr parts[] = { RULE_ORGAN, RULE_YEAR,
		RULE_NUMBER, RULE_SAME };
	struct audit_type *t = s->r->type;
	struct case_query q = audit_query(s->a, t);
	const struct case_expr *sort[4];
	struct case_cursor *c = NULL;
	const struct case_value *v;
	enum case_status rc;

	rc = head_open(&s->head, t, &s->r, 1, 6, err);
	if (rc != CASE_OK)
		return rc;
	head_add(&s->head, s->r->code.verdict);
	head_add(&s->head, t->selected);
	for (size_t i = 0; i < 4; i++) {
		sort[i] = s->r->code.e[parts[i]];
		if (sort[i] == NULL)
			sort[i] = t->none;
		head_add(&s->head, sort[i]);
	}
	q.column = s->head.column;
	q.column_n = s->head.column_n;
	q.sort = sort;
	q.sort_n = 4;
	rc = case_query_open(&c, s->a->st, &q, err);
	while (rc == CASE_OK &&
	       (rc = case_cursor_next(c, &v, err)) == CASE_OK &&
	       (rc = head_row(&s->head, v, err)) == CASE_OK)
		rc = see_record(s, v, v + s->head.at, err);
	case_cursor_close(c);
	return rc == CASE_EOF ? tell_rest(s, err) : rc;
}

enum case_status
audit_sequence(struct case_audit *a, struct audit_rule *r,
    struct case_error *err)
{
	struct sequence s = { .a = a, .r = r };
	enum case_status rc = scan(&s, err);

	head_free(&s.head);
	case_buf_free(&s.last.organ);
	case_buf_free(&s.last.same);
	case_buf_free(&s.now.organ);
	case_buf_free(&s.now.same);
	case_buf_free(&s.last_key);
	case_buf_free(&s.key);
	case_buf_free(&s.range);
	return rc;
}
