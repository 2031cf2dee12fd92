/* window.c - the periods that figures are taken from */
#include "lib/work/stat_int.h"

static bool
step(const struct case_stat *s, char c, const struct case_period *p,
    struct case_period *out)
{
	switch (c) {
	case 'y':
		return case_period_year_before(out, p, s->rq.today);
	case 'p':
		return case_period_previous(out, p, s->rq.today);
	case 't':
		return case_period_year_to_date(out, p, s->rq.today);
	default: /* v */
		*out = s->base;
		return s->has_base;
	}
}

bool
stat_chain(const struct case_stat *s, const char *chain,
    const struct case_period *from, struct case_period *out)
{
	struct case_period p = *from;

	*out = p;
	for (; *chain != '\0'; chain++) {
		if (!step(s, *chain, &p, out))
			return false;
		p = *out;
	}
	return true;
}

/*
 * The piece before, or a year before, the one that begins at start. A piece
 * that has none (week 53) is passed by, forwards or backwards.
 */
static int64_t
piece_before(enum case_grain g, struct case_cut cut, char c, int64_t start,
    int toward)
{
	int64_t before = start;

	if (c == 'p')
		return case_grain_add(g, start, -1, cut);
	if (case_grain_year_before(g, start, cut, &before))
		return before;
	/* Two such pieces never follow each other. */
	start = case_grain_add(g, start, toward, cut);
	(void)case_grain_year_before(g, start, cut, &before);
	return before;
}

/*
 * A table by pieces compares each piece with its own base, so that its base
 * reaches from the first piece's to the last one's. Where the period begins or
 * ends inside a piece, or today does, the base is cut as many days into its.
 */
static bool
step_pieces(const struct case_stat *s, enum case_grain g, char c,
    const struct case_period *p, struct case_period *out)
{
	const struct case_cut cut = p->cut;
	int64_t reach, start, base, end;

	if (c == 'v' || c == 't')
		return step(s, c, p, out);
	*out = *p;
	out->grain = CASE_GRAIN_NONE;
	if (!p->open_from) {
		start = case_grain_start(g, p->from, cut);
		out->from =
		    piece_before(g, cut, c, start, 1) + (p->from - start);
	}
	if (!case_period_reach(p, s->rq.today, &reach))
		return true;
	start = case_grain_start(g, reach, cut);
	base = piece_before(g, cut, c, start, -1);
	end = case_grain_end(g, base, cut);
	out->open_to = false;
	out->to = base + (reach - start);
	if (reach == case_grain_end(g, start, cut) || out->to > end)
		out->to = end;
	return true;
}

bool
stat_chain_pieces(const struct case_stat *s, enum case_grain grain,
    const char *chain, struct case_period *out)
{
	struct case_period p = s->period;

	if (grain == CASE_GRAIN_NONE)
		return stat_chain(s, chain, &p, out);
	*out = p;
	for (; *chain != '\0'; chain++) {
		if (!step_pieces(s, grain, *chain, &p, out))
			return false;
		p = *out;
	}
	return true;
}

void
stat_cut_piece(const struct case_stat *s, enum case_grain grain, int64_t start,
    struct case_period *out)
{
	const struct case_period *p = &s->period;

	*out = (struct case_period){ .grain = grain,
		.from = start,
		.to = case_grain_end(grain, start, p->cut),
		.cut = p->cut };
	if (!p->open_to && p->to < out->to)
		out->to = p->to;
	if (!p->open_from && p->from > out->from) {
		out->from = p->from;
		out->grain = CASE_GRAIN_NONE;
	}
}

bool
stat_cell_period(const struct case_stat *s, const uint32_t *tuple,
    const char *chain, struct case_period *out)
{
	const struct dim *d = stat_piece(s, tuple);
	struct case_period p = s->period;

	if (d != NULL)
		stat_cut_piece(s, d->grain, d->value[tuple[d - s->dim]].u.i,
		    &p);
	return stat_chain(s, chain, &p, out);
}
