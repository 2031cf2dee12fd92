/* header.c - a header cell taken apart: name, brackets, unit */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1 /* memmem() */
#endif

#include <stdlib.h>
#include <string.h>

#include "case/money.h"
#include "case/text.h"

#include "lib/model/header.h"

/* Brackets in pairs, as they are after folding. */
static const struct {
	const char *open;
	const char *close;
} brackets[] = { { "(", ")" }, { "[", "]" }, { "{", "}" }, { "【", "】" },
	{ "〔", "〕" }, { "〖", "〗" } };

int64_t
case_unit_scale(const char *p, size_t n)
{
	struct case_buf one = { 0 };
	int64_t fen = 0;
	enum case_status rc = CASE_EDATA;

	/* A unit is what makes "1 unit" an amount and is no number itself. */
	case_buf_addc(&one, '1');
	case_text_key(&one, p, n, true);
	if (one.failed)
		rc = CASE_ENOMEM;
	else if (one.n >= 4 && (unsigned char)one.p[1] >= 0x80)
		rc = case_money_parse(&fen, one.p, one.n, 100, NULL);
	case_buf_free(&one);
	if (rc == CASE_ENOMEM)
		return -1;
	return rc == CASE_OK ? fen : 0;
}

/* (单位：万元) says the same as (万元). */
static int64_t
bracket_scale(const struct case_buf *key)
{
	static const char word[] = "单位";
	size_t skip = 0;

	if (key->n > sizeof(word) - 1 &&
	    memcmp(key->p, word, sizeof(word) - 1) == 0)
		skip = sizeof(word) - 1;
	return case_unit_scale(key->p + skip, key->n - skip);
}

/* 1: a mark such as 必填, 0: none, -1: out of memory. */
static int
is_mark(const struct case_list *marks, const struct case_buf *key)
{
	struct case_buf mark = { 0 };
	int found = 0;

	for (size_t i = 0; i < marks->n && found == 0; i++) {
		case_buf_reset(&mark);
		case_text_key(&mark, marks->p[i], strlen(marks->p[i]), true);
		if (mark.failed)
			found = -1;
		else if (mark.n == key->n &&
			 memcmp(case_buf_str(&mark), key->p, key->n) == 0)
			found = 1;
	}
	case_buf_free(&mark);
	return found;
}

/*
 * The bracketed part that begins at p: its content and whole length; 0: none
 * begins here, or it does not end.
 */
static size_t
bracket_at(const char *p, size_t n, struct case_str *content)
{
	for (size_t i = 0; i < sizeof(brackets) / sizeof(brackets[0]); i++) {
		size_t open = strlen(brackets[i].open);
		const char *end;

		if (n < open || memcmp(p, brackets[i].open, open) != 0)
			continue;
		end = memmem(p + open, n - open, brackets[i].close,
		    strlen(brackets[i].close));
		if (end == NULL)
			return 0;
		content->p = p + open;
		content->n = (size_t)(end - content->p);
		return (size_t)(end - p) + strlen(brackets[i].close);
	}
	return 0;
}

/* The parts of a header as text, before they become keys. */
struct parts {
	struct case_buf whole;
	struct case_buf inside;
	struct case_buf outside;
};

/* One bracketed part: a mark, a unit, or a piece of the name. */
static bool
take_bracket(struct parts *t, struct case_header *h,
    const struct case_list *marks, struct case_str part,
    struct case_str content)
{
	struct case_buf key = { 0 };
	int64_t scale = 0;
	int mark = 1;

	case_text_key(&key, content.p, content.n, true);
	if (!key.failed && key.n > 0) {
		mark = is_mark(marks, &key);
		scale = mark == 0 ? bracket_scale(&key) : 0;
	}
	if (scale > 0)
		h->scale = scale;
	else if (mark == 0) {
		case_buf_add(&t->whole, part.p, part.n);
		case_buf_reset(&t->inside);
		case_buf_add(&t->inside, content.p, content.n);
	}
	if (key.failed)
		mark = -1;
	case_buf_free(&key);
	return mark >= 0 && scale >= 0 && !t->inside.failed;
}

static bool
split(struct parts *t, struct case_header *h, const struct case_list *marks,
    const char *p, size_t n)
{
	struct case_str content;
	size_t k;

	for (size_t i = 0; i < n; i += k) {
		k = bracket_at(p + i, n - i, &content);
		if (k == 0) {
			k = 1;
			case_buf_addc(&t->whole, p[i]);
			case_buf_addc(&t->outside, p[i]);
		} else if (!take_bracket(t, h, marks,
			       (struct case_str){ p + i, k }, content))
			return false;
	}
	return true;
}

static char *
key_of(const struct case_buf *text)
{
	struct case_buf key = { 0 };

	case_text_key(&key, text->p, text->n, true);
	case_buf_add(&key, "", 0);
	if (key.failed || text->failed)
		case_buf_free(&key);
	else if (key.p == NULL)
		return strdup("");
	return key.p;
}

enum case_status
case_header_parse(struct case_header *h, const struct case_list *marks,
    const char *p, size_t n, struct case_error *err)
{
	struct case_buf text = { 0 };
	struct parts t = { { 0 }, { 0 }, { 0 } };
	bool ok;

	*h = (struct case_header){ 0 };
	case_text_fold(&text, p, n);
	ok = !text.failed && split(&t, h, marks, text.p, text.n);
	h->whole = key_of(&t.whole);
	h->inside = key_of(&t.inside);
	h->outside = key_of(&t.outside);
	case_buf_free(&text);
	case_buf_free(&t.whole);
	case_buf_free(&t.inside);
	case_buf_free(&t.outside);
	if (ok && h->whole != NULL && h->inside != NULL && h->outside != NULL)
		return CASE_OK;
	case_header_free(h);
	return case_error_memory(err);
}

void
case_header_free(struct case_header *h)
{
	free(h->whole);
	free(h->inside);
	free(h->outside);
	*h = (struct case_header){ 0 };
}

/* Equal, and not both nothing. */
static bool
same(const char *a, const char *b)
{
	return a[0] != '\0' && strcmp(a, b) == 0;
}

/* 行政相对人代码_2 is another number in 2018 than before: no name at all. */
static bool
is_numbered(const char *s)
{
	size_t n = strlen(s);

	return n > 0 && s[n - 1] >= '0' && s[n - 1] <= '9';
}

bool
case_header_same(const struct case_header *a, const struct case_header *b,
    enum case_header_match how)
{
	switch (how) {
	case CASE_HEADER_WHOLE:
		return same(a->whole, b->whole);
	case CASE_HEADER_INSIDE:
		return same(a->inside, b->inside) ||
		       same(a->inside, b->whole) || same(a->whole, b->inside);
	case CASE_HEADER_OUTSIDE:
		return (a->inside[0] == '\0' || b->inside[0] == '\0') &&
		       !is_numbered(a->outside) && same(a->outside, b->outside);
	default:
		return false;
	}
}

/* A unit at the end of a name without brackets: 罚款金额万元. */
static int
field_before_unit(const char *key, const struct case_rtype *rt, int64_t *scale)
{
	size_t n = strlen(key);
	const char *unit;

	for (size_t k = 3; k <= 6 && k < n; k += 3) {
		int64_t s = case_unit_scale(key + n - k, k);
		int field = s < 0 ? -2 : -1;

		if (s > 0)
			field = case_rtype_header(rt, key, n - k, &unit);
		if (field >= 0 && rt->field[field].type == CASE_MONEY)
			*scale = s;
		else if (field >= 0)
			field = -1;
		if (field != -1)
			return field;
	}
	return -1;
}

/* By one of the keys; the first that is some field's. */
static int
field_of_key(const struct case_header *h, const struct case_rtype *rt,
    const char **unit, int *rival)
{
	const char *const keys[] = { h->whole, h->outside, h->inside };
	int field = -1;

	for (size_t i = 0; i < 3 && field == -1; i++) {
		field = case_rtype_header(rt, keys[i], strlen(keys[i]), unit);
		if (field >= 0)
			*rival = case_rtype_rival(rt, keys[i], strlen(keys[i]));
	}
	return *rival == -2 ? -2 : field;
}

int
case_header_field(const struct case_header *h, const struct case_rtype *rt,
    int64_t *scale, int *rival)
{
	const char *unit = NULL;
	int field;

	*scale = h->scale;
	*rival = -1;
	field = field_of_key(h, rt, &unit, rival);
	if (field == -1 && h->scale == 0)
		return field_before_unit(h->whole, rt, scale);
	/* Ten thousand persons under 人数(万) are not what the cell says. */
	if (field >= 0 && h->scale != 0 && rt->field[field].type != CASE_MONEY)
		return -1;
	if (field >= 0 && h->scale == 0 && unit != NULL)
		*scale = case_unit_scale(unit, strlen(unit));
	return *scale < 0 ? -2 : field;
}
