/* merge.c - a record laid over what is stored of it */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* memmem() */
#endif
#include <stdio.h>
#include <string.h>

#include "case/ident.h"
#include "case/json.h"
#include "lib/store/content.h"

static bool
same_docno(struct case_content *c, const struct case_value *a,
    const struct case_value *b)
{
	struct case_buf *x = &c->scratch[0], *y = &c->scratch[1];

	case_buf_reset(x);
	case_buf_reset(y);
	case_docno_key(x, a->u.s.p, a->u.s.n);
	case_docno_key(y, b->u.s.p, b->u.s.n);
	return x->n == y->n && x->n > 0 && memcmp(x->p, y->p, x->n) == 0;
}

/* Two present values of a field. */
bool
case_content_same_value(struct case_content *c, size_t field,
    const struct case_value *a, const struct case_value *b)
{
	const struct case_field *f = &c->rt->field[field];

	if (case_content_is_real(f))
		return !(a->u.d < b->u.d) && !(a->u.d > b->u.d);
	if (!case_content_is_text(f))
		return a->u.i == b->u.i;
	if (a->u.s.n == b->u.s.n &&
	    (a->u.s.n == 0 || memcmp(a->u.s.p, b->u.s.p, a->u.s.n) == 0))
		return true;
	return f->docno && same_docno(c, a, b);
}

bool
case_content_clears(const struct case_content *c, const struct case_value *v)
{
	return v->missing &&
	       (v->absence == CASE_CLEARED ||
		   (v->absence == CASE_BLANK && c->blank_overwrites));
}

static unsigned
merge_values(struct case_content *c, const struct case_stored *s,
    const struct case_value *v)
{
	unsigned flags = 0;

	for (size_t i = 0; i < c->rt->field_n; i++) {
		const struct case_value *old = &s->v[i], *new = &v[i];

		c->merged[i] = *old;
		if (new->missing && old->missing)
			continue;
		if (new->missing && !case_content_clears(c, new)) {
			flags |= CASE_MERGE_LACKS;
			continue;
		}
		if (!new->missing && !old->missing &&
		    case_content_same_value(c, i, old, new))
			continue;
		c->merged[i] = *new;
		flags |= CASE_MERGE_DIFFERS;
	}
	return flags;
}

bool
case_content_has_raw(struct case_str extra)
{
	return extra.n > 0 && memmem(extra.p, extra.n, "!\":", 3) != NULL;
}

static enum case_status
parse_extra(struct case_json **out, struct case_str extra,
    struct case_error *err)
{
	if (extra.n == 0)
		return case_json_parse(out, "{}", 2, err);
	return case_json_parse(out, extra.p, extra.n, err);
}

/* The quotes of a text are escaped, so this can only be a key. */
static bool
has_raw_of(struct case_str extra, const char *field)
{
	char key[80];
	int n = snprintf(key, sizeof(key), "\"%s!\":", field);

	return extra.n > 0 && n > 0 && (size_t)n < sizeof(key) &&
	       memmem(extra.p, extra.n, key, (size_t)n) != NULL;
}

/*
 * {"FIELD!": null} for every field that v has a value for, or says to have
 * none without a raw text of its own.
 */
static void
print_cure(const struct case_content *c, const struct case_value *v,
    struct case_str extra, struct case_buf *out)
{
	const char *comma = "";

	case_buf_reset(out);
	case_buf_addc(out, '{');
	for (size_t i = 0; i < c->rt->field_n; i++) {
		const char *name = c->rt->field[i].name;

		if (v[i].missing &&
		    (!case_content_clears(c, &v[i]) || has_raw_of(extra, name)))
			continue;
		case_buf_addf(out, "%s\"%s!\":null", comma, name);
		comma = ",";
	}
	case_buf_addc(out, '}');
}

static void
print_extra(struct case_buf *out, const struct case_json *j)
{
	case_buf_reset(out);
	if (case_json_first(j) != NULL)
		case_json_print(out, j);
}

static bool
same_text(const struct case_buf *a, const struct case_buf *b)
{
	return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

/*
 * Columns without a field merge by their header; the raw text of a value that
 * did not parse goes when a value for its field comes.
 */
static enum case_status
merge_extra(struct case_content *c, struct case_str old, struct case_str new,
    struct case_str blank, const struct case_value *v, unsigned *flags,
    struct case_error *err)
{
	struct case_json *a = NULL, *b = NULL, *both = NULL, *cure = NULL;
	struct case_json *cured = NULL, *said = NULL, *none = NULL;
	struct case_json *base = NULL;
	struct case_buf *x = &c->scratch[0], *y = &c->scratch[1];
	enum case_status rc;

	print_cure(c, v, new, x);
	if ((rc = parse_extra(&cure, (struct case_str){ x->p, x->n }, err)) !=
		CASE_OK ||
	    (rc = parse_extra(&a, old, err)) != CASE_OK ||
	    (rc = parse_extra(&b, new, err)) != CASE_OK ||
	    (rc = parse_extra(&none, blank, err)) != CASE_OK ||
	    (rc = case_json_merge(&base, a, none, err)) != CASE_OK ||
	    (rc = case_json_merge(&both, base, b, err)) != CASE_OK ||
	    (rc = case_json_merge(&cured, both, cure, err)) != CASE_OK ||
	    (rc = case_json_merge(&said, b, cure, err)) != CASE_OK)
		goto done;
	print_extra(&c->merged_extra, cured);
	print_extra(x, a);
	if (!same_text(x, &c->merged_extra))
		*flags |= CASE_MERGE_DIFFERS;
	print_extra(y, said);
	if (!same_text(y, &c->merged_extra))
		*flags |= CASE_MERGE_LACKS;
	if (x->failed || y->failed || c->merged_extra.failed)
		rc = case_error_memory(err);
done:
	case_json_free(a);
	case_json_free(b);
	case_json_free(both);
	case_json_free(cure);
	case_json_free(cured);
	case_json_free(said);
	case_json_free(none);
	case_json_free(base);
	return rc;
}

enum case_status
case_content_merge(struct case_content *c, const struct case_stored *s,
    const struct case_value *v, struct case_str extra, struct case_str blank,
    unsigned *flags, struct case_error *err)
{
	bool same = s->extra.n == extra.n &&
		    (extra.n == 0 || memcmp(s->extra.p, extra.p, extra.n) == 0);

	*flags = merge_values(c, s, v);
	if (same && !case_content_has_raw(extra)) {
		case_buf_reset(&c->merged_extra);
		case_buf_add(&c->merged_extra, extra.p, extra.n);
		return c->merged_extra.failed ? case_error_memory(err)
					      : CASE_OK;
	}
	return merge_extra(c, s->extra, extra, blank, v, flags, err);
}
