/* dateparse.c - text to a civil date or time */
#include "case/date.h"
#include "case/intl.h"
#include "case/text.h"

enum {
	TEXT_MAX = 96, /* bytes; 二〇二三年十二月三十一日 with a time has 81 */
	DAY_SECONDS = 86400,
	ROC_EPOCH = 1911, /* 民国 1 is 1912 */
	/*
	 * A smaller number in a date column is a count or a slip, and one of
	 * six or seven digits is YYYYMM, YYMMDD or a 民国 date, not a day after
	 * 2173: only the last day there is (9999-12-31, "no end") is taken.
	 */
	SERIAL_MIN = 10000,
	SERIAL_LAST = 2958465
};

/* What can be wrong; the reasons stand in the same order below. */
enum fault {
	FAULT_NONE,
	FAULT_FORM,
	FAULT_NO_YEAR,
	FAULT_NO_DAY,
	FAULT_SHORT_YEAR,
	FAULT_THREE_DIGITS,
	FAULT_LEADING_ZERO,
	FAULT_ORDER,
	FAULT_OTHER_ORDER,
	FAULT_ABSENT,
	FAULT_NUMBER,
	FAULT_TIME,
	FAULT_ZONE
};

static const char *const reasons[] = {
	[FAULT_FORM] = N_("not a date"),
	[FAULT_NO_YEAR] = N_("the year is missing"),
	[FAULT_NO_DAY] = N_("the day is missing"),
	[FAULT_SHORT_YEAR] = N_("the year must have four digits"),
	[FAULT_THREE_DIGITS] =
	    N_("the year has three digits; if it is of the Republic of China "
	       "(民国), the layout must say \"calendar\": \"roc\""),
	/* 0024 is a slip, 0103 a 民国 year, 0001-01-01 a program's "none". */
	[FAULT_LEADING_ZERO] = N_("the year begins with 0"),
	[FAULT_ORDER] = N_("the order of month and day is not known; write it "
			   "as 2023-06-12"),
	[FAULT_OTHER_ORDER] = N_("not in the order that the layout says"),
	[FAULT_ABSENT] = N_("there is no such day in the calendar"),
	[FAULT_NUMBER] = N_("a number that is neither YYYYMMDD nor the serial "
			    "number of a day"),
	[FAULT_TIME] = N_("there is no such time of day"),
	[FAULT_ZONE] = N_("a time of another zone than +08:00"),
};

/*
 * Text is folded to tokens of one byte: ASCII stands for itself (letters in
 * upper case, white space as ' '), Chinese digits are NUM + 0..9.
 */
enum token {
	TOK_END = 0,
	TOK_SKIP, /* marks that have no width */
	TOK_NUM = 0x80,
	TOK_TEN = TOK_NUM + 10,
	TOK_TWENTY,
	TOK_THIRTY,
	TOK_HUNDRED,
	TOK_YEAR,
	TOK_MONTH,
	TOK_DAY,
	TOK_HOUR,
	TOK_MINUTE,
	TOK_SECOND,
	TOK_UPPER,    /* 上 of 上午 */
	TOK_LOWER,    /* 下 of 下午 */
	TOK_NOON,     /* 午 */
	TOK_MIDDLE,   /* 中 of 中华民国 */
	TOK_SPLENDID, /* 华 */
	TOK_PEOPLE,   /* 民 */
	TOK_STATE,    /* 国 */
	TOK_PUBLIC,   /* 公 of 公元 */
	TOK_WEST,     /* 西 of 西元 */
	TOK_FIRST,    /* 元: an era, or its year 1 */
	TOK_LONG,     /* 长 of 长期 */
	TOK_TERM,     /* 期 */
	TOK_HAVE,     /* 有 of 长期有效 */
	TOK_EFFECT,   /* 效 */
	TOK_OTHER = 0xff
};

struct scan {
	unsigned char t[TEXT_MAX + 1]; /* ends in TOK_END */
	const unsigned char *p;
	enum case_date_order order;
};

struct number {
	int64_t value;
	int digits;
};

/* A day as it was written, with the seconds of its time. */
struct moment {
	int64_t days;
	int64_t seconds;
};

enum era { ERA_COLUMN, ERA_ROC, ERA_CE };

/* Characters beyond ASCII, in order. */
/* clang-format off */
static const struct {
	uint16_t c;
	unsigned char token;
} characters[] = {
	{ 0x00a0, ' ' }, { 0x200b, TOK_SKIP },
	/* Direction marks: Windows puts them into the dates it copies. */
	{ 0x200e, TOK_SKIP }, { 0x200f, TOK_SKIP },
	{ 0x2010, '-' }, { 0x2011, '-' }, { 0x2012, '-' }, { 0x2013, '-' },
	{ 0x2014, '-' }, { 0x202f, ' ' }, { 0x2212, '-' },
	{ 0x25cb, TOK_NUM } /* ○ */, { 0x25ef, TOK_NUM } /* ◯ */,
	{ 0x3000, ' ' }, { 0x3007, TOK_NUM } /* 〇 */,
	{ 0x4e00, TOK_NUM + 1 }, { 0x4e03, TOK_NUM + 7 },
	{ 0x4e09, TOK_NUM + 3 }, { 0x4e0a, TOK_UPPER } /* 上 */,
	{ 0x4e0b, TOK_LOWER } /* 下 */, { 0x4e2d, TOK_MIDDLE } /* 中 */,
	{ 0x4e5d, TOK_NUM + 9 }, { 0x4e8c, TOK_NUM + 2 },
	{ 0x4e94, TOK_NUM + 5 }, { 0x5143, TOK_FIRST } /* 元 */,
	{ 0x516b, TOK_NUM + 8 }, { 0x516c, TOK_PUBLIC } /* 公 */,
	{ 0x516d, TOK_NUM + 6 }, { 0x5206, TOK_MINUTE } /* 分 */,
	{ 0x5341, TOK_TEN } /* 十 */, { 0x5345, TOK_THIRTY } /* 卅 */,
	{ 0x5348, TOK_NOON } /* 午 */, { 0x534e, TOK_SPLENDID } /* 华 */,
	{ 0x53f7, TOK_DAY } /* 号 */, { 0x56db, TOK_NUM + 4 },
	{ 0x56fd, TOK_STATE } /* 国 */, { 0x570b, TOK_STATE } /* 國 */,
	{ 0x5e74, TOK_YEAR } /* 年 */, { 0x5eff, TOK_TWENTY } /* 廿 */,
	{ 0x6548, TOK_EFFECT } /* 效 */, { 0x65e5, TOK_DAY } /* 日 */,
	{ 0x65f6, TOK_HOUR } /* 时 */, { 0x6642, TOK_HOUR } /* 時 */,
	{ 0x6708, TOK_MONTH } /* 月 */, { 0x6709, TOK_HAVE } /* 有 */,
	{ 0x671f, TOK_TERM } /* 期 */, { 0x6c11, TOK_PEOPLE } /* 民 */,
	{ 0x70b9, TOK_HOUR } /* 点 */, { 0x767e, TOK_HUNDRED } /* 百 */,
	{ 0x79d2, TOK_SECOND } /* 秒 */, { 0x83ef, TOK_SPLENDID } /* 華 */,
	{ 0x865f, TOK_DAY } /* 號 */, { 0x897f, TOK_WEST } /* 西 */,
	{ 0x9577, TOK_LONG } /* 長 */, { 0x957f, TOK_LONG } /* 长 */,
	{ 0x96f6, TOK_NUM } /* 零 */, { 0x9ede, TOK_HOUR } /* 點 */,
	{ 0xfeff, TOK_SKIP },
};
/* clang-format on */

static unsigned char
token_of_ascii(uint32_t c)
{
	if (c == ' ' || (c >= '\t' && c <= '\r'))
		return ' ';
	if (c < ' ' || c == 0x7f)
		return TOK_OTHER;
	return (unsigned char)(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
}

static unsigned char
token_of(uint32_t c)
{
	size_t lo = 0, hi = sizeof(characters) / sizeof(characters[0]), mid;

	if (c >= 0xff01 && c <= 0xff5e)
		c -= 0xfee0; /* full-width forms */
	if (c < 0x80)
		return token_of_ascii(c);
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

/* false when the text is empty or too long to be a date. */
static bool
scan_text(struct scan *s, const char *p, size_t n)
{
	struct case_str text = case_text_trim(p, n);
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
	return true;
}

static void
skip_spaces(struct scan *s)
{
	while (*s->p == ' ')
		s->p++;
}

/* Takes the tokens when all of them come next. */
static bool
accept(struct scan *s, const unsigned char *tokens, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s->p[i] != tokens[i])
			return false;
	s->p += n;
	return true;
}

#define ACCEPT(s, ...)                                    \
	accept(s, (const unsigned char[]){ __VA_ARGS__ }, \
	    sizeof((const unsigned char[]){ __VA_ARGS__ }))

static bool
is_ascii_digit(unsigned char t)
{
	return t >= '0' && t <= '9';
}

/* The value of a digit token of either script; -1: none. */
static int
digit_of(unsigned char t)
{
	if (is_ascii_digit(t))
		return t - '0';
	return t >= TOK_NUM && t <= TOK_NUM + 9 ? t - TOK_NUM : -1;
}

static bool
is_ten(unsigned char t)
{
	return t >= TOK_TEN && t <= TOK_HUNDRED;
}

/* 十二, 三十一, 廿一, 一百一十二, 一百零三: a number with units. */
static bool
read_units(struct scan *s, struct number *num)
{
	int total = 0, digit = -1, unit = 1000, worth;

	for (; is_ten(*s->p) || digit_of(*s->p) >= 0; s->p++) {
		if (!is_ten(*s->p)) {
			if (digit > 0)
				return false;
			digit = digit_of(*s->p);
			continue;
		}
		worth = *s->p == TOK_HUNDRED ? 100 : 10;
		if (worth >= unit)
			return false;
		unit = worth;
		if (*s->p == TOK_TWENTY || *s->p == TOK_THIRTY) {
			if (digit > 0)
				return false;
			digit = *s->p == TOK_TWENTY ? 2 : 3;
		}
		total += (digit < 0 ? 1 : digit) * unit;
		digit = -1;
	}
	total += digit > 0 ? digit : 0;
	num->value = total;
	num->digits = total >= 100 ? 3 : 2;
	return true;
}

/*
 * Digits of either script, mixed as in 二0二三. false when there is none, or
 * more than a date can have.
 */
static bool
read_number(struct scan *s, struct number *num)
{
	const unsigned char *start = s->p;
	int d;

	*num = (struct number){ 0 };
	while ((d = digit_of(*s->p)) >= 0) {
		if (++num->digits > 14)
			return false;
		num->value = num->value * 10 + d;
		s->p++;
	}
	if (is_ten(*s->p)) {
		s->p = start;
		return read_units(s, num);
	}
	return num->digits > 0;
}

/* A part of a date or time: a number of one or two digits. */
static bool
read_part(struct scan *s, int *part)
{
	struct number num;

	skip_spaces(s);
	if (!read_number(s, &num) || num.digits > 2)
		return false;
	skip_spaces(s);
	*part = (int)num.value;
	return true;
}

/* .0, .123: parts of a second are dropped. */
static bool
skip_fraction(struct scan *s)
{
	if (*s->p != '.')
		return true;
	s->p++;
	if (!is_ascii_digit(*s->p))
		return false;
	while (is_ascii_digit(*s->p))
		s->p++;
	return true;
}

enum half { HALF_NONE, HALF_MORNING, HALF_AFTERNOON };

static void
read_half(struct scan *s, enum half *half)
{
	skip_spaces(s);
	if (ACCEPT(s, TOK_UPPER, TOK_NOON) || ACCEPT(s, 'A', 'M'))
		*half = HALF_MORNING;
	else if (ACCEPT(s, TOK_LOWER, TOK_NOON) || ACCEPT(s, 'P', 'M'))
		*half = HALF_AFTERNOON;
	skip_spaces(s);
}

/* 8:30[:15[.0]], 8时[30分[15秒]], and the bare 8 of 8 PM. */
static enum fault
read_clock(struct scan *s, int clock[3], enum half half)
{
	static const unsigned char marks[3] = { TOK_HOUR, TOK_MINUTE,
		TOK_SECOND };
	int n;

	if (!read_part(s, &clock[0]))
		return FAULT_FORM;
	if (*s->p == ':') {
		for (n = 1; n < 3 && *s->p == ':'; n++) {
			s->p++;
			if (!read_part(s, &clock[n]))
				return FAULT_FORM;
		}
		return n < 3 || skip_fraction(s) ? FAULT_NONE : FAULT_FORM;
	}
	if (*s->p != TOK_HOUR)
		return half != HALF_NONE || *s->p == 'A' || *s->p == 'P'
			   ? FAULT_NONE
			   : FAULT_FORM;
	for (n = 0; n < 3 && *s->p == marks[n]; n++) {
		s->p++;
		skip_spaces(s);
		if (n == 2 || digit_of(*s->p) < 0)
			break;
		if (!read_part(s, &clock[n + 1]))
			return FAULT_FORM;
	}
	return FAULT_NONE;
}

/* A zone is only taken when it changes nothing: civil time has none. */
static enum fault
read_zone(struct scan *s)
{
	skip_spaces(s);
	if (ACCEPT(s, '+', '0', '8')) {
		if (!ACCEPT(s, ':', '0', '0'))
			ACCEPT(s, '0', '0');
		return *s->p == TOK_END ? FAULT_NONE : FAULT_ZONE;
	}
	if (*s->p == 'Z' || *s->p == '+' || *s->p == '-' ||
	    ACCEPT(s, 'U', 'T', 'C') || ACCEPT(s, 'G', 'M', 'T'))
		return FAULT_ZONE;
	return *s->p == TOK_END ? FAULT_NONE : FAULT_FORM;
}

/* Everything behind the day: nothing, or a time. */
static enum fault
read_time(struct scan *s, int64_t *seconds)
{
	int clock[3] = { 0 };
	enum half half = HALF_NONE;
	enum fault fault;

	*seconds = 0;
	skip_spaces(s);
	if (*s->p == TOK_END)
		return FAULT_NONE;
	if (*s->p == 'T')
		s->p++;
	read_half(s, &half);
	if ((fault = read_clock(s, clock, half)) != FAULT_NONE)
		return fault;
	if (half == HALF_NONE)
		read_half(s, &half);
	if ((fault = read_zone(s)) != FAULT_NONE)
		return fault;

	/* 下午15:30 is met too; 上午12:30 is half past midnight. */
	if (half == HALF_MORNING && clock[0] > 12)
		return FAULT_TIME;
	if (half == HALF_MORNING && clock[0] == 12)
		clock[0] = 0;
	if (half == HALF_AFTERNOON && clock[0] < 12)
		clock[0] += 12;
	if (clock[0] > 23 || clock[1] > 59 || clock[2] > 59)
		return FAULT_TIME;
	*seconds = clock[0] * 3600 + clock[1] * 60 + clock[2];
	return FAULT_NONE;
}

static enum era
read_era(struct scan *s)
{
	enum era era = ERA_COLUMN;

	if (ACCEPT(s, TOK_PEOPLE, TOK_STATE) ||
	    ACCEPT(s, TOK_MIDDLE, TOK_SPLENDID, TOK_PEOPLE, TOK_STATE))
		era = ERA_ROC;
	else if (ACCEPT(s, TOK_PUBLIC, TOK_FIRST) ||
		 ACCEPT(s, TOK_WEST, TOK_FIRST))
		era = ERA_CE;
	skip_spaces(s);
	return era;
}

/*
 * The year as one of the common era. Files of a 民国 calendar mix both: there
 * a year from 1912 on is taken as it stands, a padded 0103 as 103.
 */
static enum fault
year_of(int *year, const struct number *num, enum era era)
{
	int64_t y = num->value;

	if (num->digits > 4)
		return FAULT_FORM;
	if (era == ERA_CE) {
		if (num->digits == 3)
			return FAULT_THREE_DIGITS;
		if (num->digits < 3)
			return FAULT_SHORT_YEAR;
		if (y < 1000)
			return FAULT_LEADING_ZERO;
	} else if (y <= ROC_EPOCH) {
		if (y < 1 || y > 999)
			return FAULT_ABSENT;
		y += ROC_EPOCH;
	}
	*year = (int)y;
	return FAULT_NONE;
}

static enum fault
day_of(struct moment *m, const struct number *num, enum era era, int month,
    int day)
{
	enum fault fault;
	int year;

	if ((fault = year_of(&year, num, era)) != FAULT_NONE)
		return fault;
	if (!case_date_exists(year, month, day))
		return FAULT_ABSENT;
	m->days = case_date_of(year, month, day);
	return FAULT_NONE;
}

/* A float's 20230612.0 is the same number. */
static bool
skip_zeros(struct scan *s)
{
	if (*s->p != '.')
		return true;
	do
		s->p++;
	while (*s->p == '0');
	return s->p[-1] == '0' && *s->p == TOK_END;
}

/* 20230612 and 1031231. */
static enum fault
read_compact(struct scan *s, struct moment *m, struct number num, enum era era)
{
	int month = (int)(num.value / 100 % 100), day = (int)(num.value % 100);

	if (!skip_zeros(s))
		return FAULT_FORM;
	num.value /= 10000;
	num.digits -= 4;
	return day_of(m, &num, era, month, day);
}

/* 20230612083000, with nothing behind it. */
static enum fault
read_compact_time(struct scan *s, struct moment *m, struct number num,
    enum era era)
{
	struct number date = { num.value / 1000000, 8 };
	int64_t clock = num.value % 1000000;

	if (*s->p != TOK_END)
		return FAULT_FORM;
	if (clock / 10000 > 23 || clock / 100 % 100 > 59 || clock % 100 > 59)
		return FAULT_TIME;
	m->seconds =
	    clock / 10000 * 3600 + clock / 100 % 100 * 60 + clock % 100;
	return read_compact(s, m, date, era);
}

/* The time of a serial number, rounded to the second: 0.5 is noon. */
static bool
read_part_of_day(struct scan *s, int64_t *seconds)
{
	int64_t part = 0, one = 1;

	if (*s->p == '.') {
		s->p++;
		if (!is_ascii_digit(*s->p))
			return false;
	}
	for (; is_ascii_digit(*s->p); s->p++) {
		if (one >= 1000000000000) /* more digits change no second */
			continue;
		part = part * 10 + (*s->p - '0');
		one *= 10;
	}
	*seconds = (part * DAY_SECONDS + one / 2) / one;
	return *s->p == TOK_END;
}

static enum fault
read_serial(struct scan *s, struct moment *m, int64_t serial,
    enum case_calendar calendar)
{
	bool from1904 = calendar == CASE_CALENDAR_EXCEL1904;
	int64_t last = from1904 ? SERIAL_LAST - 1462 : SERIAL_LAST;

	if (serial < SERIAL_MIN || (serial > 99999 && serial != last) ||
	    calendar == CASE_CALENDAR_ROC)
		return FAULT_NUMBER;
	if (!read_part_of_day(s, &m->seconds))
		return FAULT_FORM;
	if (!case_date_of_serial(serial + m->seconds / DAY_SECONDS, from1904,
		&m->days))
		return FAULT_NUMBER;
	m->seconds %= DAY_SECONDS;
	return FAULT_NONE;
}

/* Behind a first number without 年: what is there is no whole date. */
static enum fault
incomplete(const struct number *first)
{
	return first->digits <= 2 ? FAULT_NO_YEAR : FAULT_NO_DAY;
}

/* 2023年6月12日, its 日 not always written. */
static enum fault
read_marked(struct scan *s, int *month, int *day)
{
	if (!read_part(s, month) || *s->p != TOK_MONTH)
		return FAULT_FORM;
	s->p++;
	skip_spaces(s);
	if (*s->p == TOK_END)
		return FAULT_NO_DAY;
	if (!read_part(s, day))
		return FAULT_FORM;
	if (*s->p == TOK_DAY)
		s->p++;
	return FAULT_NONE;
}

/*
 * 2023-6-12 with one separator, and what it may be when it is not that. The
 * year comes as the first number; with an order it may be the last.
 */
static enum fault
read_separated(struct scan *s, struct number *year, int *month, int *day)
{
	unsigned char mark = *s->p++;
	struct number first = *year, last;

	if (!read_part(s, month))
		return FAULT_FORM;
	if (*s->p == TOK_END)
		return incomplete(&first);
	if (*s->p++ != mark)
		return FAULT_FORM;
	skip_spaces(s);
	if (!read_number(s, &last))
		return FAULT_FORM;
	if (first.digits <= 2 && s->order >= CASE_ORDER_MDY) {
		*year = last;
		*day = s->order == CASE_ORDER_MDY ? *month : (int)first.value;
		*month = s->order == CASE_ORDER_MDY ? (int)first.value : *month;
		return FAULT_NONE;
	}
	if (first.digits <= 2 && last.digits == 4)
		return s->order == CASE_ORDER_YMD ? FAULT_OTHER_ORDER
						  : FAULT_ORDER;
	if (last.digits > 2)
		return FAULT_FORM;
	*day = (int)last.value;
	return FAULT_NONE;
}

/* What stands behind a year of up to four digits. */
static enum fault
read_parts(struct scan *s, struct moment *m, const struct number *first,
    enum era era)
{
	enum fault fault = FAULT_FORM;
	struct number year = *first;
	int month = 0, day = 0;

	skip_spaces(s);
	switch (*s->p) {
	case TOK_END:
		return first->digits == 4 ? FAULT_NO_DAY : FAULT_NUMBER;
	case TOK_MONTH:
		return FAULT_NO_YEAR;
	case TOK_YEAR:
		s->p++;
		skip_spaces(s);
		fault = *s->p == TOK_END ? FAULT_NO_DAY
					 : read_marked(s, &month, &day);
		break;
	case '-':
	case '/':
	case '.':
		/* A single digit is a month or a day, never a 民国 year. */
		fault = read_separated(s, &year, &month, &day);
		if (fault == FAULT_NONE && year.digits == 1)
			fault = FAULT_SHORT_YEAR;
		break;
	default:
		break;
	}
	if (fault != FAULT_NONE)
		return fault;
	return day_of(m, &year, era, month, day);
}

static enum fault
read_day(struct scan *s, struct moment *m, enum case_calendar calendar)
{
	enum era era = read_era(s);
	struct number num;
	bool roc, bare;

	roc = era == ERA_ROC ||
	      (era == ERA_COLUMN && calendar == CASE_CALENDAR_ROC);
	/* 民国元年 is its year 1. */
	if (era == ERA_ROC && ACCEPT(s, TOK_FIRST))
		num = (struct number){ 1, 1 };
	else if (!read_number(s, &num))
		return FAULT_FORM;
	if (era == ERA_ROC && num.digits > 3 && num.digits != 6 &&
	    num.digits != 7)
		return FAULT_FORM;
	era = roc ? ERA_ROC : ERA_CE;
	bare = *s->p == TOK_END || *s->p == '.' || *s->p == ' ' || *s->p == 'T';

	if (num.digits == 14)
		return read_compact_time(s, m, num, era);
	if (num.digits == 8 || (roc && (num.digits == 6 || num.digits == 7)))
		return read_compact(s, m, num, era);
	if (num.digits >= 5 && bare)
		return num.digits <= 7 ? read_serial(s, m, num.value, calendar)
				       : FAULT_NUMBER;
	if (num.digits >= 5)
		return FAULT_FORM;
	return read_parts(s, m, &num, era);
}

static enum fault
parse_text(struct moment *m, const char *p, size_t n,
    enum case_calendar calendar, enum case_date_order order)
{
	enum fault fault;
	int64_t seconds;
	struct scan s;

	s.order = order;
	if (!scan_text(&s, p, n))
		return FAULT_FORM;
	*m = (struct moment){ 0 };
	if (ACCEPT(&s, TOK_LONG, TOK_TERM)) {
		ACCEPT(&s, TOK_HAVE, TOK_EFFECT);
		m->days = case_date_of(9999, 12, 31);
		return *s.p == TOK_END ? FAULT_NONE : FAULT_FORM;
	}
	if ((fault = read_day(&s, m, calendar)) != FAULT_NONE)
		return fault;
	if (*s.p == TOK_END)
		return FAULT_NONE;
	fault = read_time(&s, &seconds);
	m->seconds += seconds;
	return fault;
}

/* Two digits at p as a number; more than 99 when one is none. */
static unsigned int
two_digits(const char *p)
{
	unsigned int a = (unsigned int)(unsigned char)p[0] - '0';
	unsigned int b = (unsigned int)(unsigned char)p[1] - '0';

	return a > 9 || b > 9 ? 100 : a * 10 + b;
}

/* false: not of that form, or no valid day, or not surely of the CE. */
static bool
parse_plain(struct moment *m, const char *p, size_t n,
    enum case_calendar calendar)
{
	unsigned int century, year, month, day, hour, minute, second;

	if ((n != 10 && n != 19) || p[4] != '-' || p[7] != '-')
		return false;
	century = two_digits(p);
	year = two_digits(p + 2);
	month = two_digits(p + 5);
	day = two_digits(p + 8);
	if (century > 99 || year > 99)
		return false;
	year += century * 100;
	if (!case_date_exists((int)year, (int)month, (int)day) || year < 1000 ||
	    (calendar == CASE_CALENDAR_ROC && year <= ROC_EPOCH))
		return false;
	m->days = case_date_of((int)year, (int)month, (int)day);
	m->seconds = 0;
	if (n == 10)
		return true;
	hour = two_digits(p + 11);
	minute = two_digits(p + 14);
	second = two_digits(p + 17);
	m->seconds = hour * 3600 + minute * 60 + second;
	return (p[10] == ' ' || p[10] == 'T') && p[13] == ':' && p[16] == ':' &&
	       hour < 24 && minute < 60 && second < 60;
}

enum case_status
case_date_parse(int64_t *value, enum case_type type, const char *p, size_t n,
    enum case_calendar calendar, struct case_error *err)
{
	return case_date_parse_order(value, type, p, n, calendar,
	    CASE_ORDER_UNKNOWN, err);
}

enum case_status
case_date_parse_order(int64_t *value, enum case_type type, const char *p,
    size_t n, enum case_calendar calendar, enum case_date_order order,
    struct case_error *err)
{
	enum fault fault;
	struct moment m;

	if (!parse_plain(&m, p, n, calendar)) {
		fault = parse_text(&m, p, n, calendar, order);
		if (fault != FAULT_NONE)
			return case_error_set(err, CASE_EDATA, 0, "%s",
			    _(reasons[fault]));
	}
	*value = type == CASE_TIME ? m.days * DAY_SECONDS + m.seconds : m.days;
	return CASE_OK;
}
