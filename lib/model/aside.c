/* aside.c - rows that are no records: totals, signatures, repeated headers */
#include <stdlib.h>
#include <string.h>

#include "case/text.h"

#include "lib/model/aside.h"

/* A word shorter than this must stand alone: 注 begins 注册会计师. */
#define PREFIX_MIN 6

/* A word that begins with this is the end of what a cell says: 城东中队小计. */
#define ELLIPSIS "…"

/* A number of cases is no case number: 1,234 or 56件. */
#define COUNT_MAX 9

struct aside {
	const struct case_rtype *rt;
	const struct case_mapping *m;
	struct case_buf keys; /* all words' keys, one behind the other */
	size_t *end;	      /* where each key ends */
	bool *tail;	      /* of each: it is the end of what a cell says */
	size_t word_n;
	bool two_rows;	 /* the header's, joined as 父/子 */
	bool begin[256]; /* by hash of a key's first character */
	bool last[256];	 /* by the last byte of what a tail may end with */
	struct case_buf key;
	struct case_buf fold;
};

/* Of the first character: three bytes, or a letter of either case. */
static unsigned char
begin_of(const char *p, size_t n)
{
	unsigned char a = n > 0 ? (unsigned char)p[0] : 0;

	if (a < 0x80 || n < 3)
		return (unsigned char)(a >= 'A' && a <= 'Z' ? a | 0x20 : a);
	return (unsigned char)(a ^ (unsigned char)p[1] * 3 ^
			       (unsigned char)p[2] * 7) |
	       0x80;
}

enum case_status
aside_new(struct aside **out, const struct case_rtype *rt,
    const struct case_mapping *m, struct case_error *err)
{
	struct aside *a = calloc(1, sizeof(*a));

	*out = a;
	if (a == NULL)
		return case_error_memory(err);
	a->rt = rt;
	a->m = m;
	for (size_t i = 0; i < m->column_n; i++)
		a->two_rows |= m->column[i].child > 0;
	if ((a->end = calloc(rt->aside.n + 1, sizeof(*a->end))) == NULL ||
	    (a->tail = calloc(rt->aside.n + 1, sizeof(*a->tail))) == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < rt->aside.n; i++) {
		const char *word = rt->aside.p[i];
		bool tail = strncmp(word, ELLIPSIS, strlen(ELLIPSIS)) == 0;
		size_t at = a->keys.n;

		word += tail ? strlen(ELLIPSIS) : 0;
		case_text_key(&a->keys, word, strlen(word), true);
		if (a->keys.failed)
			return case_error_memory(err);
		if (a->keys.n == at)
			continue;
		a->tail[a->word_n] = tail;
		a->end[a->word_n++] = a->keys.n;
		if (tail)
			a->last[(unsigned char)a->keys.p[a->keys.n - 1]] = true;
		else
			a->begin[begin_of(a->keys.p + at, a->keys.n - at)] =
			    true;
	}
	return CASE_OK;
}

void
aside_free(struct aside *a)
{
	if (a == NULL)
		return;
	case_buf_free(&a->keys);
	case_buf_free(&a->key);
	case_buf_free(&a->fold);
	free(a->end);
	free(a->tail);
	free(a);
}

static bool
is_text(struct case_str s, const char *p, size_t n)
{
	return s.n == n && memcmp(s.p, p, n) == 0;
}

/* One row of a header of two: each cell is a part of its name, or nothing. */
static bool
is_half_header(const struct case_mapping *m, const struct case_row *row)
{
	size_t same = 0;

	for (size_t i = 0; i < row->cell_n; i++) {
		const struct case_layout_column *c = &m->column[i];
		struct case_str s = cell_trim(row->cell[i]);
		size_t n = strlen(c->header);

		if (s.n == 0)
			continue;
		if (!is_text(s, c->header, n) &&
		    (c->child == 0 ||
			(!is_text(s, c->header, c->child - 1) &&
			    !is_text(s, c->header + c->child, n - c->child))))
			return false;
		same++;
	}
	return same >= 2;
}

/* The header once more: every cell says what the header's says. */
static bool
is_header(const struct aside *a, const struct case_row *row, size_t first)
{
	const struct case_mapping *m = a->m;

	if (m->header_line == 0 || row->cell_n > m->column_n)
		return false;
	if (a->two_rows)
		return is_half_header(m, row);
	for (size_t i = first; i < m->column_n; i++) {
		struct case_str s = { "", 0 };

		if (i < row->cell_n)
			s = cell_trim(row->cell[i]);
		if (strlen(m->column[i].header) != s.n ||
		    memcmp(m->column[i].header, s.p, s.n) != 0)
			return false;
	}
	for (size_t i = 0; i < first; i++)
		if (m->column[i].header[0] != '\0')
			return false;
	return true;
}

bool
aside_other_header(const struct aside *a, const struct case_row *row,
    size_t first)
{
	const struct case_mapping *m = a->m;
	size_t same = 0, filled = 0;

	if (m->header_line == 0 || a->two_rows)
		return false;
	for (size_t i = first; i < row->cell_n && i < m->column_n; i++) {
		struct case_str s = cell_trim(row->cell[i]);
		const char *header = m->column[i].header;

		filled += s.n > 0;
		same += s.n > 0 && is_text(s, header, strlen(header));
		if (same == 0)
			return false;
	}
	return same >= 2 && same * 2 >= filled;
}

/* Most first cells are told by their first character to be none of these. */
static bool
may_be_word(const struct aside *a, struct case_str s)
{
	unsigned char c = (unsigned char)s.p[0];

	if (c >= '0' && c <= '9')
		return a->begin[c];
	if (c < 0x80 && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
		return true; /* punctuation, which a key leaves out */
	if (c >= 0xe4 && c < 0xef)
		return a->begin[begin_of(s.p, s.n)];
	return c < 0x80 ? a->begin[begin_of(s.p, s.n)] : true;
}

/* A colon or a bracket behind the word is no part of the key. */
static bool
may_be_tail(const struct aside *a, struct case_str s)
{
	static const char colon[] = "：";
	size_t n = sizeof(colon) - 1;

	if (s.n > n && memcmp(s.p + s.n - n, colon, n) == 0)
		s.n -= n;
	else if (s.n > 1 && s.p[s.n - 1] == ':')
		s.n--;
	return a->last[(unsigned char)s.p[s.n - 1]];
}

/* How a cell begins with a word. */
enum fit {
	FIT_NONE,
	FIT_PREFIX,
	FIT_LABEL, /* the word, a colon, and text */
	FIT_WHOLE
};

static enum fit
fit_key(const struct aside *a, const struct case_buf *key)
{
	enum fit best = FIT_NONE;
	size_t from = 0;

	for (size_t i = 0; i < a->word_n; from = a->end[i++]) {
		size_t n = a->end[i] - from;

		if (n > key->n ||
		    memcmp(a->keys.p + from,
			key->p + (a->tail[i] ? key->n - n : 0), n) != 0)
			continue;
		if (n == key->n)
			return FIT_WHOLE;
		if (n >= PREFIX_MIN)
			best = FIT_PREFIX;
	}
	return best;
}

static bool
is_count(struct case_str s)
{
	size_t i = 0;

	while (i < s.n && ((s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == ',' ||
			      s.p[i] == '.'))
		i++;
	if (i == 0 || i > COUNT_MAX)
		return false;
	return i == s.n || (s.n - i == 3 && (unsigned char)s.p[i] >= 0xe4);
}

/* 合计, 【合 计】, 合计：10件; 制表人：张三; or only the begin: 合计10件. */
static enum fit
fit_cell(struct aside *a, struct cell_room *room, struct case_str s)
{
	const char *colon = NULL;
	enum fit fit = FIT_NONE;
	struct case_str rest;

	case_buf_reset(&a->fold);
	case_text_fold(&a->fold, s.p, s.n);
	case_buf_reset(&a->key);
	case_text_key(&a->key, s.p, s.n, true);
	room->failed |= a->fold.failed || a->key.failed;
	if (!room->failed && a->key.n > 0) {
		fit = fit_key(a, &a->key);
		colon = memchr(a->fold.p, ':', a->fold.n);
	}
	if (fit == FIT_WHOLE || colon == NULL)
		return fit;
	case_buf_reset(&a->key);
	case_text_key(&a->key, a->fold.p, (size_t)(colon - a->fold.p), true);
	room->failed |= a->key.failed;
	if (a->key.n == 0 || fit_key(a, &a->key) != FIT_WHOLE)
		return fit;
	rest.p = colon + 1;
	rest.n = (size_t)(a->fold.p + a->fold.n - rest.p);
	rest = cell_trim(rest);
	return rest.n == 0 || is_count(rest) ? FIT_WHOLE : FIT_LABEL;
}

static bool
is_identity(const struct aside *a, int field)
{
	for (size_t k = 0; k < a->rt->key_n; k++)
		for (size_t i = 0; i < a->rt->key[k].field_n; i++)
			if ((int)a->rt->key[k].field[i] == field)
				return true;
	for (size_t i = 0; i < a->m->key.field_n; i++)
		if ((int)a->m->key.field[i] == field)
			return true;
	return false;
}

/*
 * A case called 总计超市案 that has a number is a case. Formulas are text, or
 * with formulas what counts the rows above.
 */
static bool
has_identity(const struct aside *a, struct cell_room *room,
    const struct case_row *row, size_t first, bool formulas)
{
	for (size_t i = first + 1; i < row->cell_n && i < a->m->column_n; i++) {
		struct case_str s;

		if (!is_identity(a, a->m->column[i].field))
			continue;
		s = cell_trim(row->cell[i]);
		if (formulas && s.n > 0 && s.p[0] == '=')
			continue;
		if (s.n > 0 && !is_count(s) && !cell_is_missing(room, s))
			return true;
	}
	return false;
}

static bool
is_mostly_empty(const struct case_row *row, size_t first)
{
	size_t filled = 0;

	for (size_t i = first + 1; i < row->cell_n; i++)
		filled += cell_trim(row->cell[i]).n > 0;
	return filled * 2 < row->cell_n - 1 || filled == 0;
}

/*
 * A full row that begins with 说明：… is data when that cell is part of what
 * names it. Unless more labels stand behind: 填报单位：某局 填报人：张三.
 */
static bool
is_labelled_data(struct aside *a, struct cell_room *room,
    const struct case_row *row, size_t first)
{
	bool names = a->m->key_content;

	if (first < a->m->column_n)
		names |= is_identity(a, a->m->column[first].field);
	if (!names || is_mostly_empty(row, first))
		return false;
	for (size_t i = first + 1; i < row->cell_n; i++) {
		struct case_str s = cell_trim(row->cell[i]);

		if (s.n > 0 && may_be_word(a, s) &&
		    fit_cell(a, room, s) == FIT_LABEL)
			return false;
	}
	return true;
}

enum case_outcome
aside_row(struct aside *a, struct cell_room *room, const struct case_row *row,
    size_t first)
{
	struct case_str s = cell_trim(row->cell[first]);
	enum fit fit;

	if (is_header(a, row, first))
		return CASE_ASIDE_HEADER;
	if (a->word_n == 0 || (!may_be_word(a, s) && !may_be_tail(a, s)))
		return CASE_RECORD;
	fit = fit_cell(a, room, s);
	if (fit == FIT_NONE ||
	    (fit == FIT_PREFIX && !is_mostly_empty(row, first)) ||
	    (fit == FIT_LABEL && is_labelled_data(a, room, row, first)) ||
	    has_identity(a, room, row, first,
		row->unsure != NULL && fit == FIT_WHOLE))
		return CASE_RECORD;
	return CASE_ASIDE_TOTAL;
}
