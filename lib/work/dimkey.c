/* dimkey.c - the values of dimensions: order, labels, the ones before */
#include <stdlib.h>
#include <string.h>

#include "case/records.h"
#include "lib/work/stat_int.h"

int
stat_dim_compare(const struct dim *d, uint32_t a, uint32_t b)
{
	if (a == b)
		return 0;
	/* A total stands behind what it is the total of. */
	if (a == STAT_ALL || b == STAT_ALL)
		return a == STAT_ALL ? 1 : -1;
	if (d->order[a] != d->order[b])
		return d->order[a] < d->order[b] ? -1 : 1;
	return case_value_compare(&d->value[a], &d->value[b]);
}

/* Which of 100:1000:5000 a value has reached, in words that say which ends
 * are in (以上 means with the number itself: 民法典 Art. 1259). */
static void
bin_text(const char *edges, int64_t bin, enum case_lang lang,
    struct case_buf *out)
{
	const char *from = NULL, *to = edges;
	int from_n, to_n;

	for (; bin > 0 && to != NULL; bin--) {
		from = to;
		to = strchr(to, ':');
		to = to != NULL ? to + 1 : NULL;
	}
	from_n = from != NULL ? (int)strcspn(from, ":") : 0;
	to_n = to != NULL ? (int)strcspn(to, ":") : 0;
	if (from == NULL)
		case_buf_addf(out, lang == CASE_ZH ? "不满%.*s" : "<%.*s", to_n,
		    to);
	else if (to == NULL)
		case_buf_addf(out, lang == CASE_ZH ? "%.*s以上" : ">=%.*s",
		    from_n, from);
	else
		case_buf_addf(out,
		    lang == CASE_ZH ? "%.*s至不满%.*s" : "%.*s to <%.*s",
		    from_n, from, to_n, to);
}

void
stat_dim_text(const struct case_stat *s, const struct dim *d, uint32_t key,
    struct case_buf *out)
{
	struct case_value v;

	if (key == STAT_ALL) {
		case_buf_adds(out, s->rq.lang == CASE_ZH ? "合计" : "total");
		return;
	}
	v = d->value[key];
	if (v.missing) {
		case_buf_adds(out,
		    s->rq.lang == CASE_ZH ? "（空）" : "(blank)");
	} else if (d->grain != CASE_GRAIN_NONE) {
		case_grain_text(out, d->grain, v.u.i, s->period.cut);
	} else if (d->edges != NULL) {
		bin_text(d->edges, v.u.i, s->rq.lang, out);
	} else {
		if (d->field != NULL)
			case_records_label(&v, d->field, s->rq.lang);
		case_value_text(out, &v);
	}
}

/* --- the pieces of time before ---------------------------------------- */

/* Whether a dimension of a tuple is a piece of time that is known. */
static bool
is_piece(const struct dim *d, uint32_t key)
{
	return d->grain != CASE_GRAIN_NONE && key != STAT_ALL &&
	       !d->value[key].missing;
}

enum case_grain
stat_finest(const struct case_stat *s, uint32_t mask)
{
	enum case_grain g = CASE_GRAIN_NONE;

	for (size_t i = 0; i < s->dim_n; i++)
		if ((mask & 1u << i) != 0 &&
		    s->dim[i].grain != CASE_GRAIN_NONE &&
		    (g == CASE_GRAIN_NONE || s->dim[i].grain < g))
			g = s->dim[i].grain;
	return g;
}

const struct dim *
stat_piece(const struct case_stat *s, const uint32_t *tuple)
{
	const struct dim *finest = NULL;

	for (size_t i = 0; i < s->dim_n; i++)
		if (is_piece(&s->dim[i], tuple[i]) &&
		    (finest == NULL || s->dim[i].grain < finest->grain))
			finest = &s->dim[i];
	return finest;
}

/*
 * One step of a chain: the finest piece moves, and a coarser one becomes the
 * piece that the finest one is then in; but a year before moves each.
 */
static bool
shift_days(const struct case_stat *s, const struct dim *finest, char step,
    const bool *piece, int64_t *day)
{
	const struct case_cut cut = s->period.cut;
	enum case_grain g = finest->grain;
	int64_t *d = &day[finest - s->dim], n = -1;

	if (step == 'y') {
		for (size_t i = 0; i < s->dim_n; i++)
			if (piece[i] && !case_grain_year_before(s->dim[i].grain,
					    day[i], cut, &day[i]))
				return false;
		return true;
	}
	if (step == 'v') {
		if (s->period.open_from || s->base.open_from)
			return false;
		n = case_grain_between(g,
		    case_grain_start(g, s->period.from, cut),
		    case_grain_start(g, s->base.from, cut), cut);
	}
	*d = case_grain_add(g, *d, n, cut);
	for (size_t i = 0; i < s->dim_n; i++)
		if (piece[i])
			day[i] = case_grain_start(s->dim[i].grain, *d, cut);
	return true;
}

/* The key of a piece; 0, which is no value's, when it was never met. */
static uint32_t
find_day(struct dim *d, int64_t day)
{
	const struct case_value v = { .type = CASE_DATE, .u.i = day };

	case_buf_reset(&d->scratch);
	case_buf_addc(&d->scratch, '=');
	case_value_text(&d->scratch, &v);
	return d->scratch.failed
		   ? 0
		   : case_words_find(d->words, d->scratch.p, d->scratch.n);
}

bool
stat_shift(struct case_stat *s, const char *chain, const uint32_t *from,
    uint32_t *to)
{
	const struct dim *finest = stat_piece(s, from);
	bool piece[STAT_DIMS] = { false };
	int64_t day[STAT_DIMS] = { 0 };

	memcpy(to, from, s->dim_n * sizeof(*to));
	if (finest == NULL)
		return true;
	for (size_t i = 0; i < s->dim_n; i++) {
		piece[i] = is_piece(&s->dim[i], from[i]);
		if (piece[i])
			day[i] = s->dim[i].value[from[i]].u.i;
	}
	for (; *chain != '\0'; chain++)
		if (*chain != 't' && !shift_days(s, finest, *chain, piece, day))
			return false;
	for (size_t i = 0; i < s->dim_n; i++)
		if (piece[i])
			to[i] = find_day(&s->dim[i], day[i]);
	return true;
}
