/* group.c - rules about records that share values */
#include <stdlib.h>
#include <string.h>

#include "case/text.h"
#include "lib/work/audit_int.h"

/* The groups at fault: their values as one text, found by hash. */
struct bucket {
	uint64_t hash;
	size_t at, n;
	uint32_t group; /* 1 + index in the audit's groups; 0: none yet */
};
struct faults {
	struct bucket *v;
	size_t n, cap;
	uint32_t *table; /* 1 + index in v, open addressing */
	size_t table_n;	 /* a power of two, or 0 */
	struct case_buf text;
};

/* A record of such a group, kept until all are known (earlier). */
struct member {
	uint32_t group;
	int64_t record;
	size_t key, key_n; /* in the audit's text */
	int64_t day;
	bool undated;
	int64_t months;
	int fails; /* as a verdict, or NOT_ASKED */
};
enum { NOT_ASKED = -3 };

struct grouping {
	struct case_audit *a;
	struct audit_rule *r;
	struct faults faults;
	struct head head;
	struct member *member;
	size_t member_n, member_cap;
	struct case_buf key;
};

/* --- the groups at fault ---------------------------------------------- */

/* false: a value is missing, and the record belongs to no group. */
static bool
group_text(struct case_buf *out, const struct case_value *v, size_t n)
{
	case_buf_reset(out);
	for (size_t i = 0; i < n; i++) {
		if (v[i].missing)
			return false;
		case_value_text(out, &v[i]);
		case_buf_addc(out, '\x1f');
	}
	return true;
}

static size_t
slot_of(const struct faults *f, uint64_t hash, const char *p, size_t n)
{
	size_t i = (size_t)hash & (f->table_n - 1);

	for (; f->table[i] != 0; i = (i + 1) & (f->table_n - 1)) {
		const struct bucket *b = &f->v[f->table[i] - 1];

		if (b->hash == hash && b->n == n &&
		    memcmp(f->text.p + b->at, p, n) == 0)
			break;
	}
	return i;
}

static bool
rehash(struct faults *f)
{
	size_t n = f->table_n == 0 ? 256 : 2 * f->table_n, i;
	uint32_t *table = calloc(n, sizeof(*table));

	if (table == NULL)
		return false;
	free(f->table);
	f->table = table;
	f->table_n = n;
	for (size_t k = 0; k < f->n; k++) {
		i = (size_t)f->v[k].hash & (n - 1);
		while (table[i] != 0)
			i = (i + 1) & (n - 1);
		table[i] = (uint32_t)k + 1;
	}
	return true;
}

static enum case_status
faults_add(struct faults *f, const char *p, size_t n, struct case_error *err)
{
	void *array = f->v;
	struct bucket b = { .hash = case_hash(p, n, 0), .n = n };

	if (f->n == UINT32_MAX - 1 ||
	    (2 * (f->n + 1) > f->table_n && !rehash(f)) ||
	    !audit_grow(&array, &f->cap, f->n, sizeof(b)))
		return case_error_memory(err);
	f->v = array;
	b.at = f->text.n;
	case_buf_add(&f->text, p, n);
	if (f->text.failed)
		return case_error_memory(err);
	f->v[f->n++] = b;
	f->table[slot_of(f, b.hash, p, n)] = (uint32_t)f->n;
	return CASE_OK;
}

static struct bucket *
faults_find(struct faults *f, const char *p, size_t n)
{
	size_t i;

	if (f->n == 0)
		return NULL;
	i = slot_of(f, case_hash(p, n, 0), p, n);
	return f->table[i] != 0 ? &f->v[f->table[i] - 1] : NULL;
}

/* Over all records, whatever -p and -w select: a twin may be older. */
static enum case_status
find_faults(struct grouping *g, struct case_error *err)
{
	struct audit_rule *r = g->r;
	struct case_query q = audit_query(g->a, r->type);
	const struct case_expr *column[RULE_GROUPS];
	struct case_cursor *c = NULL;
	const struct case_value *v;
	enum case_status rc;

	for (size_t i = 0; i < r->rule->group_n; i++)
		column[i] = r->code.group[i];
	q.where = r->code.grouped;
	q.having = r->code.e[RULE_HAVING];
	q.column = column;
	q.column_n = q.group_n = r->rule->group_n;
	rc = case_query_open(&c, g->a->st, &q, err);
	while (rc == CASE_OK && (rc = case_cursor_next(c, &v, err)) == CASE_OK)
		if (group_text(&g->key, v, q.group_n))
			rc = faults_add(&g->faults, case_buf_str(&g->key),
			    g->key.n, err);
	case_cursor_close(c);
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* --- members ---------------------------------------------------------- */

/* The audit's group of a bucket is made when its first record is met. */
static bool
new_group(struct grouping *g, struct bucket *b)
{
	struct case_audit *a = g->a;
	const char *id = g->r->rule->id;
	void *array = a->group;
	uint64_t h = case_hash(id, strlen(id) + 1, b->hash);

	if (!audit_grow(&array, &a->group_cap, a->group_n, sizeof(*a->group)))
		return false;
	a->group = array;
	a->group[a->group_n] =
	    (struct group){ .print = (uint32_t)(h >> 32) | 1 };
	b->group = (uint32_t)++a->group_n;
	return true;
}

static enum case_status
join(struct grouping *g, struct bucket *b, struct case_str key,
    struct case_error *err)
{
	struct group *group;

	if (b->group == 0 && !new_group(g, b))
		return case_error_memory(err);
	group = &g->a->group[b->group - 1];
	group->count++;
	if (group->key_n < GROUP_KEYS)
		group->key[group->key_n++] = audit_text(g->a, key.p, key.n);
	return g->a->text.failed ? case_error_memory(err) : CASE_OK;
}

static enum case_status
settle(struct grouping *g, const struct member *m, int verdict,
    struct case_error *err)
{
	struct audit_rule *r = g->r;
	struct case_str key;

	if (m->fails == NOT_ASKED)
		return CASE_OK;
	case_buf_reset(&g->key);
	case_buf_add(&g->key, g->a->text.p + m->key, m->key_n);
	key = (struct case_str){ case_buf_str(&g->key), g->key.n };
	if (verdict == 2)
		return audit_fail(g->a, r, m->record, key, m->group,
		    g->a->group[m->group - 1].print, NULL, err);
	if (verdict == 1)
		r->passed++;
	else
		r->undecided++;
	audit_tell(g->a, r, key, verdict);
	return CASE_OK;
}

/* What a rule's own condition says of a member: a verdict. */
static int
member_fails(const struct audit_rule *r, const struct case_value *v)
{
	if (r->code.e[RULE_FAILS] == NULL)
		return 2;
	if (v->missing)
		return VERDICT_UNDECIDED;
	return v->u.i != 0 ? 2 : 1;
}

/* v: fails, earlier, months. */
static enum case_status
add_member(struct grouping *g, struct bucket *b, const struct case_value *v,
    int64_t record, bool selected, struct case_error *err)
{
	struct case_str key = head_key(&g->head);
	struct member m = { .record = record };
	enum case_status rc;
	void *array = g->member;

	if ((rc = join(g, b, key, err)) != CASE_OK)
		return rc;
	m.group = b->group;
	m.fails = selected ? member_fails(g->r, &v[0]) : NOT_ASKED;
	m.undated = v[1].missing;
	m.day = m.undated ? 0 : v[1].u.i;
	m.months = v[2].missing ? INT64_MAX : v[2].u.i;
	m.key = audit_text(g->a, key.p, key.n);
	m.key_n = key.n;
	if (g->a->text.failed)
		return case_error_memory(err);
	if (g->r->code.e[RULE_EARLIER] == NULL)
		return settle(g, &m, m.fails, err);
	if (!audit_grow(&array, &g->member_cap, g->member_n, sizeof(m)))
		return case_error_memory(err);
	g->member = array;
	g->member[g->member_n++] = m;
	return CASE_OK;
}

/* --- the scan --------------------------------------------------------- */

static enum case_status
count(struct grouping *g, bool selected, int verdict)
{
	struct audit_rule *r = g->r;

	if (!selected)
		return CASE_OK;
	if (verdict == VERDICT_NOT_RUN)
		r->not_run++;
	else if (verdict != 0)
		r->applicable++;
	if (verdict == VERDICT_UNDECIDED)
		r->undecided++;
	else if (verdict == 1)
		r->passed++;
	audit_tell(g->a, r, head_key(&g->head), verdict);
	return CASE_OK;
}

/*
 * v: verdict, selected, fails, earlier, months, member, then the groups. A
 * member that the rule does not judge, being older than it or not selected,
 * still stands in its group.
 */
static enum case_status
see_record(struct grouping *g, const struct case_value *row,
    const struct case_value *v, struct case_error *err)
{
	bool selected = v[1].u.i != 0, is, judged;
	bool member = !v[5].missing && v[5].u.i != 0;
	struct bucket *b;
	enum case_status rc;

	rc = audit_mapped(g->a, g->r, row[0].u.i, row[1].u.i, g->head.present,
	    &is, err);
	if (rc != CASE_OK)
		return rc;
	if (!is)
		return count(g, selected, VERDICT_NOT_RUN);
	judged = v[0].missing || v[0].u.i != 0;
	if (!judged)
		count(g, selected, 0);
	else if (v[0].missing || !member)
		return count(g, selected, VERDICT_UNDECIDED);
	if (!member || !group_text(&g->key, v + 6, g->r->rule->group_n))
		return CASE_OK;
	b = faults_find(&g->faults, case_buf_str(&g->key), g->key.n);
	if (b == NULL)
		return count(g, selected && judged, 1);
	g->r->applicable += selected && judged;
	return add_member(g, b, v + 2, row[0].u.i, selected && judged, err);
}

static const struct case_expr *
or_none(const struct grouping *g, enum rule_expr e)
{
	return g->r->code.e[e] != NULL ? g->r->code.e[e] : g->r->type->none;
}

static enum case_status
scan(struct grouping *g, struct case_error *err)
{
	struct audit_type *t = g->r->type;
	struct case_query q = audit_query(g->a, t);
	struct case_cursor *c = NULL;
	const struct case_value *v;
	enum case_status rc;

	rc = head_open(&g->head, t, &g->r, 1, 6 + RULE_GROUPS, err);
	if (rc != CASE_OK)
		return rc;
	head_add(&g->head, g->r->code.verdict);
	head_add(&g->head, t->selected);
	head_add(&g->head, or_none(g, RULE_FAILS));
	head_add(&g->head, or_none(g, RULE_EARLIER));
	head_add(&g->head, or_none(g, RULE_MONTHS));
	head_add(&g->head, g->r->code.grouped);
	for (size_t i = 0; i < g->r->rule->group_n; i++)
		head_add(&g->head, g->r->code.group[i]);
	q.column = g->head.column;
	q.column_n = g->head.column_n;
	rc = case_query_open(&c, g->a->st, &q, err);
	while (rc == CASE_OK &&
	       (rc = case_cursor_next(c, &v, err)) == CASE_OK &&
	       (rc = head_row(&g->head, v, err)) == CASE_OK)
		rc = see_record(g, v, v + g->head.at, err);
	case_cursor_close(c);
	return rc == CASE_EOF ? CASE_OK : rc;
}

/* --- a member behind an earlier one ----------------------------------- */

static int
compare_members(const void *pa, const void *pb)
{
	const struct member *a = pa, *b = pb;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (a->undated != b->undated)
		return a->undated ? 1 : -1;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return (a->record > b->record) - (a->record < b->record);
}

static int64_t
window_begin(const struct member *m)
{
	if (m->months >= 12 * 1000)
		return INT64_MIN;
	return case_date_add_months(m->day, -(int)m->months);
}

static enum case_status
settle_earlier(struct grouping *g, struct case_error *err)
{
	const struct member *m = g->member;
	enum case_status rc = CASE_OK;
	size_t before;
	int verdict;

	if (g->member_n == 0)
		return CASE_OK;
	qsort(g->member, g->member_n, sizeof(*m), compare_members);
	for (size_t i = 0; rc == CASE_OK && i < g->member_n; i++) {
		verdict = m[i].fails;
		before = i;
		/* Same-day members are no earlier ones. */
		while (before > 0 && m[before - 1].group == m[i].group &&
		       m[before - 1].day == m[i].day)
			before--;
		if (verdict == 2 && m[i].undated)
			verdict = VERDICT_UNDECIDED;
		else if (verdict == 2 &&
			 !(before > 0 && m[before - 1].group == m[i].group &&
			     m[before - 1].day >= window_begin(&m[i])))
			verdict = 1;
		rc = settle(g, &m[i], verdict, err);
	}
	return rc;
}

enum case_status
audit_groups(struct case_audit *a, struct audit_rule *r, struct case_error *err)
{
	struct grouping g = { .a = a, .r = r };
	enum case_status rc;

	if ((rc = find_faults(&g, err)) == CASE_OK &&
	    (rc = scan(&g, err)) == CASE_OK)
		rc = settle_earlier(&g, err);
	head_free(&g.head);
	free(g.faults.v);
	free(g.faults.table);
	case_buf_free(&g.faults.text);
	case_buf_free(&g.key);
	free(g.member);
	return rc;
}
