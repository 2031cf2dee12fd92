/* period.c - periods of time as people write them */
#include <string.h>

#include "case/intl.h"
#include "case/period.h"

/* What relative periods count from, and how months and weeks are cut. */
struct anchor {
	int64_t today;
	struct case_cut cut;
};

void
case_period_all(struct case_period *p)
{
	*p = (struct case_period){ .open_from = true,
		.open_to = true,
		.cut = { 1, 1 } };
}

/* The piece that begins at start, whole. */
static void
set_piece(struct case_period *p, enum case_grain g, int64_t start,
    struct case_cut cut)
{
	*p = (struct case_period){ .grain = g,
		.from = start,
		.to = case_grain_end(g, start, cut),
		.cut = cut };
}

/* --- reading ---------------------------------------------------------- */

/* Exactly n digits. */
static bool
digits(const char *p, size_t n, int *value)
{
	*value = 0;
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		*value = *value * 10 + (p[i] - '0');
	}
	return true;
}

/* A month given by its name, 1..12, under any cut: its first day. */
static int64_t
named_month(int year, int month, struct case_cut cut)
{
	/* Day 1 lies in the month of its name, however months are cut. */
	return case_grain_start(CASE_GRAIN_MONTH, case_date_of(year, month, 1),
	    cut);
}

/* The week whose middle day lies in that ISO week. */
static bool
named_week(int year, int week, struct case_cut cut, int64_t *start)
{
	int64_t monday;

	if (!case_date_of_week(year, week, &monday))
		return false;
	*start = case_grain_start(CASE_GRAIN_WEEK, monday + 3, cut);
	return true;
}

/* 2023 2023H1 2023Q2 2023-05 2023-W24 2023-06-12 */
static bool
read_named(struct case_period *p, const char *s, size_t n,
    const struct anchor *a)
{
	int y, k, d;
	int64_t start;

	if (n < 4 || !digits(s, 4, &y) || y < 1 || y > 9998)
		return false;
	if (n == 4) {
		set_piece(p, CASE_GRAIN_YEAR, named_month(y, 1, a->cut),
		    a->cut);
		return true;
	}
	if (n == 6 && (s[4] == 'H' || s[4] == 'h') && digits(s + 5, 1, &k) &&
	    k >= 1 && k <= 2) {
		set_piece(p, CASE_GRAIN_HALF, named_month(y, 6 * k - 5, a->cut),
		    a->cut);
		return true;
	}
	if (n == 6 && (s[4] == 'Q' || s[4] == 'q') && digits(s + 5, 1, &k) &&
	    k >= 1 && k <= 4) {
		set_piece(p, CASE_GRAIN_QUARTER,
		    named_month(y, 3 * k - 2, a->cut), a->cut);
		return true;
	}
	if (s[4] != '-')
		return false;
	if (n == 7 && digits(s + 5, 2, &k) && k >= 1 && k <= 12) {
		set_piece(p, CASE_GRAIN_MONTH, named_month(y, k, a->cut),
		    a->cut);
		return true;
	}
	if (n == 8 && (s[5] == 'W' || s[5] == 'w') && digits(s + 6, 2, &k) &&
	    named_week(y, k, a->cut, &start)) {
		set_piece(p, CASE_GRAIN_WEEK, start, a->cut);
		return true;
	}
	if (n == 10 && s[7] == '-' && digits(s + 5, 2, &k) &&
	    digits(s + 8, 2, &d) && case_date_exists(y, k, d)) {
		set_piece(p, CASE_GRAIN_DAY, case_date_of(y, k, d), a->cut);
		return true;
	}
	return false;
}

static bool
is_word(const char *s, size_t n, const char *word)
{
	return strlen(word) == n && memcmp(s, word, n) == 0;
}

/* today, yesterday, ytd, mtd, this-PIECE, last-PIECE */
static bool
read_relative(struct case_period *p, const char *s, size_t n,
    const struct anchor *a)
{
	enum case_grain g;
	int64_t start;
	bool last;

	if (is_word(s, n, "today") || is_word(s, n, "yesterday")) {
		set_piece(p, CASE_GRAIN_DAY, a->today - (s[0] == 'y'), a->cut);
	} else if (is_word(s, n, "ytd") || is_word(s, n, "mtd")) {
		g = s[0] == 'y' ? CASE_GRAIN_YEAR : CASE_GRAIN_MONTH;
		set_piece(p, g, case_grain_start(g, a->today, a->cut), a->cut);
		p->to = a->today;
	} else {
		last = n > 5 && memcmp(s, "last-", 5) == 0;
		if (n <= 5 || (!last && memcmp(s, "this-", 5) != 0) ||
		    !case_grain_find(s + 5, n - 5, &g) || g == CASE_GRAIN_DAY)
			return false;
		start = case_grain_start(g, a->today, a->cut);
		set_piece(p, g, case_grain_add(g, start, last ? -1 : 0, a->cut),
		    a->cut);
	}
	p->relative = true;
	return true;
}

static bool
read_one(struct case_period *p, const char *s, size_t n, const struct anchor *a)
{
	if (is_word(s, n, "all")) {
		case_period_all(p);
		p->cut = a->cut;
		return true;
	}
	return read_named(p, s, n, a) || read_relative(p, s, n, a);
}

/* A..B: from the first day of A to the last of B; either may be absent. */
static bool
read_range(struct case_period *p, const char *s, size_t n, const char *dots,
    const struct anchor *a)
{
	struct case_period from, to;
	size_t left = (size_t)(dots - s), right = n - left - 2;

	case_period_all(&from);
	to = from;
	if (left + right == 0 || (left > 0 && !read_one(&from, s, left, a)) ||
	    (right > 0 && !read_one(&to, dots + 2, right, a)))
		return false;
	*p = (struct case_period){ .open_from = from.open_from,
		.open_to = to.open_to,
		.from = from.from,
		.to = to.to,
		.cut = a->cut,
		.relative = from.relative || to.relative };
	return true;
}

static const char *
find_dots(const char *s, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++)
		if (s[i] == '.' && s[i + 1] == '.')
			return s + i;
	return NULL;
}

enum case_status
case_period_parse(struct case_period *p, const char *text, int64_t today,
    const struct case_cut *cut, struct case_error *err)
{
	struct anchor a = { .today = today, .cut = { 1, 1 } };
	size_t n = strcspn(text, "@");
	const char *dots, *at = text + n;
	bool good;

	if (cut != NULL)
		a.cut = *cut;
	while (*at == '@') {
		size_t len = strcspn(at + 1, "@");

		if (!case_cut_parse(&a.cut, at + 1, len))
			return case_error_set(err, CASE_EUSAGE, 0,
			    _("'%s': behind @ stands the day of a month, 1 to "
			      "28, or mon tue wed thu fri sat sun"),
			    text);
		at += 1 + len;
	}
	dots = find_dots(text, n);
	good =
	    dots ? read_range(p, text, n, dots, &a) : read_one(p, text, n, &a);
	if (!good)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s' is no period: write all, 2023, 2023H1, 2023Q2, "
		      "2023-05, 2023-W24, 2023-06-12, A..B, ytd, mtd, today, "
		      "yesterday, this-week or last-month"),
		    text);
	if (!p->open_from && !p->open_to && p->to < p->from)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s' ends before it begins"), text);
	return CASE_OK;
}

/* --- writing ---------------------------------------------------------- */

static void
add_day(struct case_buf *out, int64_t day)
{
	case_grain_text(out, CASE_GRAIN_DAY, day, (struct case_cut){ 1, 1 });
}

static bool
is_whole(const struct case_period *p)
{
	return p->grain != CASE_GRAIN_NONE &&
	       p->to == case_grain_end(p->grain, p->from, p->cut);
}

static void
add_cut(struct case_buf *out, struct case_cut cut)
{
	static const char days[7][4] = { "mon", "tue", "wed", "thu", "fri",
		"sat", "sun" };

	if (cut.month_day != 1)
		case_buf_addf(out, "@%d", cut.month_day);
	if (cut.week_day != 1)
		case_buf_addf(out, "@%s", days[cut.week_day - 1]);
}

void
case_period_text(struct case_buf *out, const struct case_period *p)
{
	if (is_whole(p)) {
		case_grain_text(out, p->grain, p->from, p->cut);
	} else if (p->open_from && p->open_to) {
		case_buf_adds(out, "all");
	} else {
		if (!p->open_from)
			add_day(out, p->from);
		case_buf_adds(out, "..");
		if (!p->open_to)
			add_day(out, p->to);
	}
	add_cut(out, p->cut);
}

static void
label_piece(struct case_buf *out, const struct case_period *p)
{
	int y, m, d;

	/* Its last day lies in the month of its name, however months are cut.
	 */
	case_date_civil(p->to, &y, &m, &d);
	switch (p->grain) {
	case CASE_GRAIN_YEAR:
		case_buf_addf(out, "%d年", y);
		break;
	case CASE_GRAIN_HALF:
		case_buf_addf(out, m <= 6 ? "%d年上半年" : "%d年下半年", y);
		break;
	case CASE_GRAIN_QUARTER:
		case_buf_addf(out, "%d年第%d季度", y, (m - 1) / 3 + 1);
		break;
	case CASE_GRAIN_MONTH:
		case_buf_addf(out, "%d年%d月", y, m);
		break;
	case CASE_GRAIN_WEEK:
		case_date_week(p->from + 3, &y, &m);
		case_buf_addf(out, "%d年第%d周", y, m);
		break;
	case CASE_GRAIN_DAY:
	case CASE_GRAIN_NONE:
		case_buf_addf(out, "%d年%d月%d日", y, m, d);
		break;
	}
}

/* 2023年1月1日至2023年6月30日; an open end is said in words. */
static void
label_range(struct case_buf *out, const struct case_period *p)
{
	int y, m, d;

	if (!p->open_from) {
		case_date_civil(p->from, &y, &m, &d);
		case_buf_addf(out, "%d年%d月%d日", y, m, d);
		case_buf_adds(out, p->open_to ? "起" : "至");
	}
	if (!p->open_to) {
		if (p->open_from)
			case_buf_adds(out, "截至");
		case_date_civil(p->to, &y, &m, &d);
		case_buf_addf(out, "%d年%d月%d日", y, m, d);
	}
}

void
case_period_label(struct case_buf *out, const struct case_period *p,
    enum case_lang lang)
{
	if (lang != CASE_ZH) {
		case_period_text(out, p);
	} else if (p->open_from && p->open_to) {
		case_buf_adds(out, "全部");
	} else if (is_whole(p)) {
		label_piece(out, p);
		if (p->cut.month_day > 1 && p->grain > CASE_GRAIN_WEEK)
			case_buf_adds(out, "（统计月）");
	} else {
		label_range(out, p);
	}
}

/* --- bases of comparison ---------------------------------------------- */

bool
case_period_runs(const struct case_period *p, int64_t today)
{
	return (p->open_from || p->from <= today) &&
	       (p->open_to || today < p->to);
}

bool
case_period_reach(const struct case_period *p, int64_t today, int64_t *to)
{
	if (case_period_runs(p, today))
		*to = today;
	else if (!p->open_to)
		*to = p->to;
	else
		return false;
	return true;
}

/* A base without a kind of its own: a range, as long as was worked out. */
static void
set_range(struct case_period *out, const struct case_period *p, int64_t from,
    int64_t to)
{
	*out = (struct case_period){ .from = from,
		.to = to,
		.open_from = p->open_from,
		.cut = p->cut,
		.relative = p->relative };
}

/*
 * The base that begins with a piece: the whole piece when p has run its
 * course, else as many days of it.
 */
static void
set_base_piece(struct case_period *out, const struct case_period *p,
    int64_t base, int64_t reach)
{
	int64_t end = case_grain_end(p->grain, p->from, p->cut), to;

	set_piece(out, p->grain, base, p->cut);
	out->relative = p->relative;
	to = base + (reach - p->from);
	if (reach < end && to < out->to)
		out->to = to;
}

/* Whether both ends of a range are ends of months; how many months it has. */
static bool
whole_months(const struct case_period *p, int64_t *months)
{
	const enum case_grain g = CASE_GRAIN_MONTH;

	if (p->open_from || p->open_to ||
	    p->from != case_grain_start(g, p->from, p->cut) ||
	    p->to != case_grain_start(g, p->to + 1, p->cut) - 1)
		return false;
	*months = case_grain_between(g, p->from, p->to + 1, p->cut);
	return true;
}

/* The same date n months later; the last day of a month stays the last. */
static int64_t
shift_end(const struct case_period *p, int64_t day, int64_t n)
{
	const enum case_grain g = CASE_GRAIN_MONTH;
	int64_t next = case_grain_start(g, day + 1, p->cut);

	if (next == day + 1)
		return case_grain_add(g, next, n, p->cut) - 1;
	return case_date_add_months(day, (int)n);
}

bool
case_period_previous(struct case_period *out, const struct case_period *p,
    int64_t today)
{
	int64_t reach, base, months;

	if (p->open_from || !case_period_reach(p, today, &reach))
		return false;
	if (p->grain != CASE_GRAIN_NONE) {
		base = case_grain_add(p->grain, p->from, -1, p->cut);
		set_base_piece(out, p, base, reach);
		return true;
	}
	if (whole_months(p, &months))
		base =
		    case_grain_add(CASE_GRAIN_MONTH, p->from, -months, p->cut);
	else
		base = p->from - ((p->open_to ? reach : p->to) - p->from + 1);
	set_range(out, p, base, p->from - 1);
	if (case_period_runs(p, today) && base + (reach - p->from) < out->to)
		out->to = base + (reach - p->from);
	return true;
}

bool
case_period_year_before(struct case_period *out, const struct case_period *p,
    int64_t today)
{
	int64_t reach, base;

	if ((p->open_from && p->open_to) ||
	    !case_period_reach(p, today, &reach))
		return false;
	if (p->grain != CASE_GRAIN_NONE) {
		if (!case_grain_year_before(p->grain, p->from, p->cut, &base))
			return false;
		set_base_piece(out, p, base, reach);
		return true;
	}
	if (p->open_from) {
		set_range(out, p, 0, shift_end(p, reach, -12));
		return true;
	}
	base = case_date_add_months(p->from, -12);
	if (case_period_runs(p, today))
		set_range(out, p, base, base + (reach - p->from));
	else
		set_range(out, p, base, shift_end(p, p->to, -12));
	return true;
}

bool
case_period_year_to_date(struct case_period *out, const struct case_period *p,
    int64_t today)
{
	int64_t to;

	if (!p->open_to)
		to = p->to;
	else if (!case_period_reach(p, today, &to))
		return false;
	set_piece(out, CASE_GRAIN_YEAR,
	    case_grain_start(CASE_GRAIN_YEAR, to, p->cut), p->cut);
	out->to = to;
	out->relative = p->relative || p->open_to;
	return true;
}

double
case_period_months(const struct case_period *p, int64_t today)
{
	const enum case_grain g = CASE_GRAIN_MONTH;
	int64_t reach, start, n = 0, next;

	if (p->open_from || !case_period_reach(p, today, &reach))
		return 0;
	/* A range that begins inside a month counts from that day on. */
	if (p->from == case_grain_start(g, p->from, p->cut)) {
		start = case_grain_start(g, reach + 1, p->cut);
		n = case_grain_between(g, p->from, start, p->cut);
		next = case_grain_add(g, start, 1, p->cut);
	} else {
		while (case_date_add_months(p->from, (int)n + 1) <= reach + 1)
			n++;
		start = case_date_add_months(p->from, (int)n);
		next = case_date_add_months(p->from, (int)n + 1);
	}
	return (double)n + (double)(reach + 1 - start) / (double)(next - start);
}
