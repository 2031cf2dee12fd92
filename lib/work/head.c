/* head.c - what every scan of an audit needs to know of a record */
#include <stdlib.h>

#include "lib/work/audit_int.h"

enum case_status
head_open(struct head *h, const struct audit_type *t,
    struct audit_rule *const *rule, size_t rule_n, size_t more,
    struct case_error *err)
{
	const struct case_rtype *rt = t->rt;
	size_t n = 2 + t->key_n + rt->field_n + more;

	*h = (struct head){ .t = t };
	h->column = calloc(n, sizeof(const struct case_expr *));
	h->presence = calloc(rt->field_n + 1, sizeof(*h->presence));
	h->present = calloc(rt->field_n + 1, sizeof(*h->present));
	if (h->column == NULL || h->presence == NULL || h->present == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < rule_n; i++)
		audit_presence(rule[i], h->present);
	head_add(h, t->id);
	head_add(h, t->batch);
	for (size_t i = 0; i < t->key_n; i++)
		head_add(h, t->field[t->key[i]]);
	for (size_t f = 0; f < rt->field_n; f++) {
		if (!h->present[f])
			continue;
		h->presence[h->presence_n++] = (int)f;
		h->present[f] = 0;
		head_add(h, t->field[f]);
	}
	h->at = h->column_n;
	return CASE_OK;
}

void
head_add(struct head *h, const struct case_expr *e)
{
	h->column[h->column_n++] = e;
}

enum case_status
head_row(struct head *h, const struct case_value *v, struct case_error *err)
{
	const struct case_value *present = v + 2 + h->t->key_n;

	case_buf_reset(&h->key);
	audit_key(&h->key, h->t, v + 2, v[0].u.i);
	for (size_t i = 0; i < h->presence_n; i++)
		h->present[h->presence[i]] = !present[i].missing;
	return h->key.failed ? case_error_memory(err) : CASE_OK;
}

struct case_str
head_key(struct head *h)
{
	return (struct case_str){ case_buf_str(&h->key), h->key.n };
}

void
head_free(struct head *h)
{
	free(h->column);
	free(h->presence);
	free(h->present);
	case_buf_free(&h->key);
	*h = (struct head){ 0 };
}
