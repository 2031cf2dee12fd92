/* money.c - amounts and numbers from text, in exact arithmetic */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/money.h"
#include "case/text.h"

enum {
	TEXT_MAX = 160,	  /* bytes; a 大写 amount with every unit has 100 */
	PLAIN_MAX = 18,	  /* digits that surely fit an int64_t */
	EXACT_DIGITS = 15 /* digits that surely fit a double */
};

#define FEN_MAX INT64_C(9000000000000000000)

/* What can be wrong; the reasons stand in the same order below. */
enum fault {
	FAULT_NONE,
	FAULT_FORM,
	FAULT_COMMA,
	FAULT_FINE,
	FAULT_RANGE,
	FAULT_ABOUT,
	FAULT_CURRENCY,
	FAULT_RUINED
};

static const char *const reasons[] = {
	[FAULT_FORM] = N_("not an amount"),
	[FAULT_COMMA] = N_("the commas do not stand between three digits"),
	[FAULT_FINE] = N_("an amount finer than a fen"),
	[FAULT_RANGE] = N_("an amount too large to be one"),
	[FAULT_ABOUT] = N_("about so much, not an exact amount"),
	[FAULT_CURRENCY] = N_("an amount in another currency than yuan"),
	[FAULT_RUINED] = N_("a number that a spreadsheet has ruined "
			    "(3.3E+17); its digits are lost"),
};

/* Text is folded to tokens of one byte: ASCII stands for itself. */
enum token {
	TOK_END = 0,
	TOK_SKIP, /* marks that have no width */
	TOK_NUM = 0x80,
	TOK_TEN = TOK_NUM + 10,
	TOK_HUNDRED,
	TOK_THOUSAND,
	TOK_WAN,
	TOK_YI,
	TOK_YUAN,
	TOK_JIAO,
	TOK_FEN,
	TOK_OTHER = 0xff
};

static const int64_t unit_worth[] = { 10, 100, 1000, 10000, 100000000 };

struct scan {
	unsigned char t[TEXT_MAX + 1]; /* ends in TOK_END */
	const unsigned char *p;
};

/* mantissa / 10^decimals */
struct decimal {
	int64_t mantissa;
	int decimals;
};

/* The digits of a number as they were written, without its commas. */
struct digits {
	char d[TEXT_MAX + 1];
	int n;
	int decimals;
};

/* Characters beyond ASCII, in order. */
/* clang-format off */
static const struct {
	uint16_t c;
	unsigned char token;
} characters[] = {
	{ 0x00a0, ' ' }, { 0x200b, TOK_SKIP }, { 0x2010, '-' },
	{ 0x2011, '-' }, { 0x2012, '-' }, { 0x2013, '-' }, { 0x2014, '-' },
	{ 0x202f, ' ' }, { 0x2212, '-' }, { 0x25cb, TOK_NUM } /* ○ */,
	{ 0x3000, ' ' }, { 0x3007, TOK_NUM } /* 〇 */,
	{ 0x4e00, TOK_NUM + 1 } /* 一 */, { 0x4e03, TOK_NUM + 7 } /* 七 */,
	{ 0x4e07, TOK_WAN } /* 万 */, { 0x4e09, TOK_NUM + 3 } /* 三 */,
	{ 0x4e24, TOK_NUM + 2 } /* 两 */, { 0x4e5d, TOK_NUM + 9 } /* 九 */,
	{ 0x4e8c, TOK_NUM + 2 } /* 二 */, { 0x4e94, TOK_NUM + 5 } /* 五 */,
	{ 0x4ebf, TOK_YI } /* 亿 */, { 0x4edf, TOK_THOUSAND } /* 仟 */,
	{ 0x4f0d, TOK_NUM + 5 } /* 伍 */, { 0x4f70, TOK_HUNDRED } /* 佰 */,
	{ 0x5104, TOK_YI } /* 億 */, { 0x5143, TOK_YUAN } /* 元 */,
	{ 0x5169, TOK_NUM + 2 } /* 兩 */, { 0x516b, TOK_NUM + 8 } /* 八 */,
	{ 0x516d, TOK_NUM + 6 } /* 六 */, { 0x5206, TOK_FEN } /* 分 */,
	{ 0x5341, TOK_TEN } /* 十 */, { 0x5343, TOK_THOUSAND } /* 千 */,
	{ 0x53c1, TOK_NUM + 3 } /* 叁 */, { 0x53c3, TOK_NUM + 3 } /* 參 */,
	{ 0x56db, TOK_NUM + 4 } /* 四 */, { 0x5706, TOK_YUAN } /* 圆 */,
	{ 0x5713, TOK_YUAN } /* 圓 */, { 0x58f9, TOK_NUM + 1 } /* 壹 */,
	{ 0x62fe, TOK_TEN } /* 拾 */, { 0x634c, TOK_NUM + 8 } /* 捌 */,
	{ 0x67d2, TOK_NUM + 7 } /* 柒 */, { 0x7396, TOK_NUM + 9 } /* 玖 */,
	{ 0x767e, TOK_HUNDRED } /* 百 */, { 0x8086, TOK_NUM + 4 } /* 肆 */,
	{ 0x842c, TOK_WAN } /* 萬 */, { 0x89d2, TOK_JIAO } /* 角 */,
	{ 0x8cb3, TOK_NUM + 2 } /* 貳 */, { 0x8d30, TOK_NUM + 2 } /* 贰 */,
	{ 0x9646, TOK_NUM + 6 } /* 陆 */, { 0x9678, TOK_NUM + 6 } /* 陸 */,
	{ 0x96f6, TOK_NUM } /* 零 */, { 0xfeff, TOK_SKIP },
};

/* What may stand before and behind an amount and changes nothing. */
static const char *const heads[] = { "罚款", "罰款", "人民币", "人民幣",
	"¥", "￥", "RMB", "CNY", NULL };
static const char *const tails[] = { "人民币", "人民幣", "整", "正", NULL };
static const char *const minuses[] = { "-", "－", "−", "–", "负", "負", NULL };

/* Words by which an amount that was not read is explained. */
static const struct {
	const char *word;
	enum fault fault;
} hints[] = {
	{ "约", FAULT_ABOUT }, { "約", FAULT_ABOUT }, { "近", FAULT_ABOUT },
	{ "余", FAULT_ABOUT }, { "餘", FAULT_ABOUT }, { "左右", FAULT_ABOUT },
	{ "多", FAULT_ABOUT }, { "几", FAULT_ABOUT }, { "幾", FAULT_ABOUT },
	{ "以上", FAULT_ABOUT }, { "以下", FAULT_ABOUT },
	{ "不足", FAULT_ABOUT }, { "超", FAULT_ABOUT },
	{ "上下", FAULT_ABOUT }, { "大概", FAULT_ABOUT },
	{ "至", FAULT_ABOUT }, { "～", FAULT_ABOUT }, { "~", FAULT_ABOUT },
	{ "≈", FAULT_ABOUT },
	{ "$", FAULT_CURRENCY }, { "＄", FAULT_CURRENCY },
	{ "€", FAULT_CURRENCY }, { "£", FAULT_CURRENCY },
	{ "美元", FAULT_CURRENCY }, { "美金", FAULT_CURRENCY },
	{ "欧元", FAULT_CURRENCY }, { "日元", FAULT_CURRENCY },
	{ "港元", FAULT_CURRENCY }, { "港币", FAULT_CURRENCY },
	{ "港幣", FAULT_CURRENCY }, { "台币", FAULT_CURRENCY },
	{ "台幣", FAULT_CURRENCY }, { "臺幣", FAULT_CURRENCY },
	{ "USD", FAULT_CURRENCY }, { "EUR", FAULT_CURRENCY },
	{ "HKD", FAULT_CURRENCY }, { "TWD", FAULT_CURRENCY },
};
/* clang-format on */

static unsigned char
token_of(uint32_t c)
{
	size_t lo = 0, hi = sizeof(characters) / sizeof(characters[0]), mid;

	if (c >= 0xff01 && c <= 0xff5e)
		c -= 0xfee0; /* full-width forms */
	if (c == '\t' || c == '\n' || c == '\r')
		return ' ';
	if (c < 0x80)
		return c < ' ' || c == 0x7f ? TOK_OTHER : (unsigned char)c;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (characters[mid].c == c)
			return characters[mid].token;
		if (characters[mid].c < c)
			lo = mid + 1;
		else
			hi = mid;
	}
	return TOK_OTHER;
}

/* false when the text is empty or too long to be a number. */
static bool
scan_text(struct scan *s, struct case_str text)
{
	unsigned char *out = s->t;
	uint32_t c;

	if (text.n == 0 || text.n > TEXT_MAX)
		return false;
	for (size_t i = 0; i < text.n;) {
		i += case_utf8_get(text.p + i, text.n - i, &c);
		*out = token_of(c);
		out += *out != TOK_SKIP;
	}
	*out = TOK_END;
	s->p = s->t;
	return out != s->t;
}

static void
skip_spaces(struct scan *s)
{
	while (*s->p == ' ')
		s->p++;
}

/* Cuts one of the words off the front. */
static bool
cut_head(struct case_str *text, const char *const *words)
{
	size_t n;

	for (; *words != NULL; words++) {
		n = strlen(*words);
		if (text->n >= n && memcmp(text->p, *words, n) == 0) {
			*text = case_text_trim(text->p + n, text->n - n);
			return true;
		}
	}
	return false;
}

static bool
cut_tail(struct case_str *text, const char *const *words)
{
	size_t n;

	for (; *words != NULL; words++) {
		n = strlen(*words);
		if (text->n >= n &&
		    memcmp(text->p + text->n - n, *words, n) == 0) {
			*text = case_text_trim(text->p, text->n - n);
			return true;
		}
	}
	return false;
}

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_chinese_digit(unsigned char t)
{
	return t >= TOK_NUM && t <= TOK_NUM + 9;
}

/* The digits before the point: 1234567 or 1,234,567. */
static enum fault
read_groups(struct scan *s, struct digits *g)
{
	int group = 0;
	bool commas = false;

	for (; is_digit(*s->p) || *s->p == ','; s->p++) {
		if (*s->p == ',') {
			if (group == 0 || group > 3 || (commas && group != 3))
				return FAULT_COMMA;
			commas = true;
			group = 0;
			continue;
		}
		g->d[g->n++] = (char)*s->p;
		group++;
	}
	return commas && group != 3 ? FAULT_COMMA : FAULT_NONE;
}

/* 1,234.50 and the .5 that some databases write; not 5. */
static enum fault
read_digits(struct scan *s, struct digits *g)
{
	enum fault fault;

	g->n = g->decimals = 0;
	if ((fault = read_groups(s, g)) != FAULT_NONE)
		return fault;
	if (*s->p != '.')
		return g->n > 0 ? FAULT_NONE : FAULT_FORM;
	for (s->p++; is_digit(*s->p); s->p++) {
		g->d[g->n++] = (char)*s->p;
		g->decimals++;
	}
	if (g->decimals == 0)
		return FAULT_FORM;
	/* Zeros at the end never matter, however many there are. */
	while (g->decimals > 0 && g->d[g->n - 1] == '0') {
		g->n--;
		g->decimals--;
	}
	return FAULT_NONE;
}

static enum fault
decimal_of(struct decimal *d, const struct digits *g)
{
	*d = (struct decimal){ .decimals = g->decimals };
	for (int i = 0; i < g->n; i++)
		if (__builtin_mul_overflow(d->mantissa, 10, &d->mantissa) ||
		    __builtin_add_overflow(d->mantissa, g->d[i] - '0',
			&d->mantissa))
			return FAULT_RANGE;
	return FAULT_NONE;
}

/*
 * What most cells are: -?DIGITS[.DIGITS] in ASCII, few enough digits for an
 * int64_t.
 */
static bool
parse_plain(struct decimal *d, const char *p, size_t n)
{
	size_t i = n > 0 && p[0] == '-', first = i, point = n;
	int64_t v = 0;

	if (n > PLAIN_MAX || i == n)
		return false;
	for (; i < n; i++) {
		if (is_digit((unsigned char)p[i]))
			v = v * 10 + (p[i] - '0');
		else if (p[i] == '.' && point == n && i > first && i + 1 < n)
			point = i;
		else
			return false;
	}
	d->mantissa = p[0] == '-' ? -v : v;
	d->decimals = point == n ? 0 : (int)(n - point - 1);
	return true;
}

/* d times unit, when that is a whole number of fen. */
static enum fault
to_fen(int64_t *fen, struct decimal d, int64_t unit)
{
	int64_t v;

	for (; d.decimals > 0 && unit % 10 == 0; d.decimals--)
		unit /= 10;
	for (; d.decimals > 0 && d.mantissa % 10 == 0; d.decimals--)
		d.mantissa /= 10;
	if (d.decimals > 0)
		return FAULT_FINE;
	if (__builtin_mul_overflow(d.mantissa, unit, &v) || v > FEN_MAX ||
	    v < -FEN_MAX)
		return FAULT_RANGE;
	*fen = v;
	return FAULT_NONE;
}

/* 345.99万元, 6480元, 1.5亿, 3百万元, 5角: a number and its unit. */
static enum fault
read_simple(struct scan *s, int64_t *fen, int64_t scale)
{
	bool written = false;
	int64_t unit = 1, last = 0, worth;
	struct decimal d;
	struct digits g;
	enum fault fault;

	if ((fault = read_digits(s, &g)) != FAULT_NONE ||
	    (fault = decimal_of(&d, &g)) != FAULT_NONE)
		return fault;
	skip_spaces(s);
	if (*s->p == TOK_JIAO || *s->p == TOK_FEN) {
		scale = *s->p++ == TOK_JIAO ? 10 : 1;
	} else {
		for (; *s->p >= TOK_TEN && *s->p <= TOK_YI; s->p++) {
			worth = unit_worth[*s->p - TOK_TEN];
			if (worth <= last)
				return FAULT_FORM;
			last = worth;
			unit *= worth; /* at most 10^18 */
			written = written || worth >= 10000;
		}
		skip_spaces(s);
		if (*s->p == TOK_YUAN) {
			s->p++;
			written = true;
		}
		if (written)
			scale = 100;
	}
	skip_spaces(s);
	if (*s->p != TOK_END)
		return FAULT_FORM;
	if (__builtin_mul_overflow(unit, scale, &unit))
		return FAULT_RANGE;
	return to_fen(fen, d, unit);
}

/*
 * A number in Chinese units while it is read: 一亿二千零五十万三百 is
 * above = 1 0000 0000 + 2050 0000, section = 300.
 */
struct whole {
	int64_t above;
	int64_t section;
	int64_t pending; /* digits whose unit has not come; -1: none */
	int64_t last;	 /* the unit before; 0: none yet */
	bool zero;	 /* pending began with 零 */
	bool gap;	 /* 零 was met since 万 or 亿 */
	bool wan;	 /* 万 was met since 亿 */
	bool yi;
};

/* The next digits, of one script. */
static enum fault
read_run(struct scan *s, struct whole *w)
{
	const unsigned char *start = s->p;
	bool chinese = is_chinese_digit(*start);
	unsigned char base = chinese ? TOK_NUM : '0';
	int64_t v = 0;

	if (w->pending >= 0)
		return FAULT_FORM;
	for (; *s->p >= base && *s->p <= base + 9; s->p++) {
		if (s->p - start >= PLAIN_MAX)
			return FAULT_RANGE;
		v = v * 10 + (*s->p - base);
	}
	w->zero = *start == base;
	w->gap = w->gap || w->zero;
	/* 三五百, 三五万: some number between; 二〇〇元 and 二〇元 are not. */
	if (chinese && v > 9 &&
	    (w->zero || w->last != 0 || (s->p - start < 3 && v % 10 != 0)))
		return FAULT_FORM;
	w->pending = v;
	return FAULT_NONE;
}

/*
 * Adds the pending digits, which count in unit (1 at the end). 三万五 is 35000
 * to some and 30005 to others: without 零 the digits must begin right below
 * the unit before, or have a smaller big unit of their own, as in 一亿五万.
 */
static bool
close_pending(struct whole *w, int64_t unit)
{
	bool own = unit > 1 && w->last > unit;
	int64_t v = w->pending, limit = own ? w->last / unit : w->last;

	if (v < 0)
		return true;
	if (limit != 0 &&
	    (v >= limit || (!own && v > 0 && !w->zero && v < limit / 10)))
		return false;
	w->section += v;
	w->pending = -1;
	return true;
}

/* 十 百 千; printed forms have 零佰 too. */
static bool
apply_small(struct whole *w, int64_t worth)
{
	if (w->pending < 0 && worth == 10)
		w->pending = 1; /* 十五, 一百十五 */
	if (w->pending < 0 || w->pending > 9 ||
	    (w->last != 0 && worth >= w->last))
		return false;
	w->section += w->pending * worth;
	w->pending = -1;
	w->last = worth;
	return true;
}

/* 万 亿: they multiply everything that is below them. */
static enum fault
apply_big(struct whole *w, int64_t worth)
{
	bool yi = worth > 10000;

	if ((yi ? w->yi : w->wan) || !close_pending(w, worth))
		return FAULT_FORM;
	if (yi) {
		w->section += w->above;
		w->above = 0;
	}
	if (w->section == 0)
		return FAULT_FORM;
	if (__builtin_mul_overflow(w->section, worth, &w->section) ||
	    __builtin_add_overflow(w->above, w->section, &w->above))
		return FAULT_RANGE;
	w->section = 0;
	w->wan = !yi;
	w->yi = w->yi || yi;
	w->gap = false;
	w->last = worth;
	return FAULT_NONE;
}

static enum fault
read_whole(struct scan *s, int64_t *v, bool *big)
{
	struct whole w = { .pending = -1 };
	enum fault fault = FAULT_NONE;
	const unsigned char *start = s->p;
	int64_t worth;

	while (fault == FAULT_NONE) {
		if (is_digit(*s->p) || is_chinese_digit(*s->p)) {
			fault = read_run(s, &w);
			continue;
		}
		if (*s->p < TOK_TEN || *s->p > TOK_YI)
			break;
		worth = unit_worth[*s->p++ - TOK_TEN];
		if (worth >= 10000)
			fault = apply_big(&w, worth);
		else if (!apply_small(&w, worth))
			fault = FAULT_FORM;
	}
	if (fault != FAULT_NONE)
		return fault;
	if (s->p == start || !close_pending(&w, 1))
		return FAULT_FORM;
	/* 一亿二千 is 1.2 亿 to some. */
	if (w.yi && !w.wan && w.section > 0 && !w.gap)
		return FAULT_FORM;
	*big = w.wan || w.yi;
	return __builtin_add_overflow(w.above, w.section, v) ? FAULT_RANGE
							     : FAULT_NONE;
}

/* 伍角, 零伍分, 零角: one digit before a mark; 0 when it does not come. */
static int64_t
read_small(struct scan *s, unsigned char mark)
{
	const unsigned char *p = s->p;
	int64_t v = 0;

	while (*p == TOK_NUM)
		p++;
	if (is_digit(*p))
		v = *p++ - '0';
	else if (is_chinese_digit(*p))
		v = *p++ - TOK_NUM;
	if (p == s->p || *p != mark)
		return 0;
	s->p = p + 1;
	return v;
}

/* Nothing, or 伍角伍分 and parts of it. */
static int64_t
read_fraction(struct scan *s)
{
	int64_t jiao = read_small(s, TOK_JIAO);

	return jiao * 10 + read_small(s, TOK_FEN);
}

/* 壹仟贰佰元伍角, 玖角伍分, 一百二十元, 1亿2000万, 3元5角. */
static enum fault
read_compound(struct scan *s, int64_t *fen, int64_t scale)
{
	enum fault fault;
	int64_t v, small;
	bool big;

	small = read_fraction(s);
	if (*s->p == TOK_END) {
		*fen = small;
		return FAULT_NONE;
	}
	s->p = s->t;
	if ((fault = read_whole(s, &v, &big)) != FAULT_NONE)
		return fault;
	small = 0;
	skip_spaces(s);
	if (*s->p == TOK_YUAN) {
		s->p++;
		small = read_fraction(s);
		scale = 100;
	} else if (big) {
		scale = 100;
	}
	if (*s->p != TOK_END)
		return FAULT_FORM;
	fault = to_fen(fen, (struct decimal){ .mantissa = v }, scale);
	if (fault == FAULT_NONE)
		*fen += small; /* far below the end of int64_t */
	return fault;
}

/* 3.3E+17, 1E5: a digit, the letter, and a sign or a digit. */
static bool
is_ruined(const char *p, size_t n)
{
	for (size_t i = 1; i + 1 < n; i++)
		if ((p[i] == 'E' || p[i] == 'e') &&
		    is_digit((unsigned char)p[i - 1]) &&
		    (is_digit((unsigned char)p[i + 1]) || p[i + 1] == '+' ||
			p[i + 1] == '-'))
			return true;
	return false;
}

/* A better reason than "not an amount", when the text holds one. */
static enum fault
explain(enum fault fault, const char *p, size_t n)
{
	char text[TEXT_MAX + 1];

	if (fault != FAULT_FORM || n > TEXT_MAX)
		return fault;
	if (is_ruined(p, n))
		return FAULT_RUINED;
	memcpy(text, p, n);
	text[n] = '\0';
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (strstr(text, hints[i].word) != NULL)
			return hints[i].fault;
	return fault;
}

static enum fault
parse_text(int64_t *fen, const char *p, size_t n, int64_t scale)
{
	struct case_str text = case_text_trim(p, n);
	bool negative = false;
	enum fault fault;
	struct scan s;

	while (cut_head(&text, heads) ||
	       (!negative && (negative = cut_head(&text, minuses))))
		;
	while (cut_tail(&text, tails))
		;
	if (!scan_text(&s, text))
		return FAULT_FORM;
	fault = read_simple(&s, fen, scale);
	if (fault == FAULT_FORM) {
		s.p = s.t;
		fault = read_compound(&s, fen, scale);
	}
	if (fault == FAULT_NONE && negative)
		*fen = -*fen;
	return fault;
}

enum case_status
case_money_parse(int64_t *fen, const char *p, size_t n, int64_t scale,
    struct case_error *err)
{
	struct decimal d;
	enum fault fault;
	int64_t v;

	if (parse_plain(&d, p, n))
		fault = to_fen(&v, d, scale);
	else
		fault = parse_text(&v, p, n, scale);
	if (fault != FAULT_NONE)
		return case_error_set(err, CASE_EDATA, 0, "%s",
		    _(reasons[explain(fault, p, n)]));
	*fen = v;
	return CASE_OK;
}

/* [+-]1,234.50 of any width, and nothing else. */
static enum fault
scan_number(struct digits *g, bool *negative, const char *p, size_t n)
{
	enum fault fault;
	struct scan s;

	if (!scan_text(&s, case_text_trim(p, n)))
		return FAULT_FORM;
	*negative = *s.p == '-';
	if (*s.p == '-' || *s.p == '+')
		s.p++;
	if ((fault = read_digits(&s, g)) != FAULT_NONE)
		return fault;
	return *s.p == TOK_END ? FAULT_NONE : FAULT_FORM;
}

static enum case_status
not_a_number(enum fault fault, const char *p, size_t n, struct case_error *err)
{
	if (fault == FAULT_COMMA)
		return case_error_set(err, CASE_EDATA, 0, "%s",
		    _(reasons[fault]));
	if (n <= TEXT_MAX && is_ruined(p, n))
		return case_error_set(err, CASE_EDATA, 0, "%s",
		    _(reasons[FAULT_RUINED]));
	return case_error_set(err, CASE_EDATA, 0, "%s", _("not a number"));
}

enum case_status
case_number_parse(double *d, const char *p, size_t n, struct case_error *err)
{
	static const double power[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
		1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15 };
	char text[TEXT_MAX + 16];
	struct decimal plain;
	enum fault fault;
	struct digits g;
	bool negative;

	/* Both are exact doubles, so that the quotient is rounded once. */
	if (n <= EXACT_DIGITS && parse_plain(&plain, p, n)) {
		*d = (double)plain.mantissa / power[plain.decimals];
		return CASE_OK;
	}
	fault = scan_number(&g, &negative, p, n);
	if (fault != FAULT_NONE)
		return not_a_number(fault, p, n, err);
	/* Without a decimal point the text reads the same in every locale. */
	snprintf(text, sizeof(text), "%s%.*se-%d", negative ? "-" : "", g.n,
	    g.d, g.decimals);
	*d = strtod(text, NULL);
	return CASE_OK;
}

enum case_status
case_integer_parse(int64_t *i, const char *p, size_t n, int64_t min,
    int64_t max, struct case_error *err)
{
	struct decimal d;
	enum fault fault = FAULT_NONE;
	struct digits g;
	bool negative;

	if (!parse_plain(&d, p, n) || d.decimals > 0) {
		fault = scan_number(&g, &negative, p, n);
		if (fault == FAULT_NONE && g.decimals > 0)
			return case_error_set(err, CASE_EDATA, 0, "%s",
			    _("not a whole number"));
		if (fault == FAULT_NONE)
			fault = decimal_of(&d, &g);
		if (fault == FAULT_NONE && negative)
			d.mantissa = -d.mantissa;
	}
	if (fault != FAULT_NONE && fault != FAULT_RANGE)
		return not_a_number(fault, p, n, err);
	if (fault == FAULT_RANGE || d.mantissa < min || d.mantissa > max)
		return case_error_set(err, CASE_EDATA, 0,
		    _("must be from %" PRId64 " to %" PRId64), min, max);
	*i = d.mantissa;
	return CASE_OK;
}

bool
case_money_add(int64_t *sum, int64_t fen)
{
	int64_t v;

	if (__builtin_add_overflow(*sum, fen, &v))
		return false;
	*sum = v;
	return true;
}
