/* cell.c - one cell of a source read as the value of a field */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "case/date.h"
#include "case/intl.h"
#include "case/money.h"
#include "case/text.h"

#include "lib/model/cell.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static enum case_status
init_flags(struct cell_room *room, struct case_error *err)
{
	const struct case_rtype *rt = room->rt;
	enum case_status rc = case_names_new(&room->flags, err);

	if (rc != CASE_OK)
		return rc;
	case_names_add(room->flags, "1", 1, NULL);
	case_names_add(room->flags, "0", 0, NULL);
	for (size_t i = 0; i < rt->yes.n; i++)
		case_names_add(room->flags, rt->yes.p[i], 1, NULL);
	for (size_t i = 0; i < rt->no.n; i++)
		case_names_add(room->flags, rt->no.p[i], 0, NULL);
	return case_names_finish(room->flags, err);
}

static void
init_missing(struct cell_room *room)
{
	bool *begin = room->missing_begin;

	/* Full-width forms take three bytes for one. */
	begin[0xe3] = begin[0xef] = true;
	for (size_t i = 0; i < room->rt->missing_n; i++) {
		const char *word = room->rt->missing[i];
		unsigned char c = (unsigned char)word[0];

		begin[c] = true;
		if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
			begin[c ^ 0x20] = true;
		if (strlen(word) * 3 > room->missing_max)
			room->missing_max = strlen(word) * 3;
	}
}

enum case_status
cell_room_init(struct cell_room *room, const struct case_rtype *rt,
    struct case_words *words, struct case_error *err)
{
	room->rt = rt;
	room->words = words;
	for (int y = MONTHS_FROM; y < MONTHS_TO; y++)
		for (int m = 1; m <= 12; m++) {
			struct month *to =
			    &room->month[(y - MONTHS_FROM) * 12 + m - 1];
			int64_t next = m < 12 ? case_date_of(y, m + 1, 1)
					      : case_date_of(y + 1, 1, 1);

			to->first = (int32_t)case_date_of(y, m, 1);
			to->days = (int32_t)next - to->first;
		}
	init_missing(room);
	return init_flags(room, err);
}

void
cell_room_free(struct cell_room *room)
{
	case_names_free(room->flags);
	case_buf_free(&room->fold);
}

bool
cell_plan_init(struct cell_plan *plan, const struct case_rtype *rt, int at,
    const struct case_layout_column *column)
{
	const struct case_field *field = &rt->field[at];
	bool words =
	    field->type == CASE_TEXT && field->coded && column->code_n == 0;

	plan->field = field;
	plan->column = column;
	plan->at = (size_t)at;
	plan->texts = field->type == CASE_TEXT && !field->coded;
	if (words)
		plan->word = calloc(WORD_SLOTS, sizeof(*plan->word));
	else if (field->coded || field->type == CASE_FLAG ||
		 field->type == CASE_DATE)
		plan->memo = calloc(MEMO_SLOTS, sizeof(*plan->memo));
	else
		return true;
	return plan->word != NULL || plan->memo != NULL;
}

void
cell_plan_free(struct cell_plan *plan)
{
	free(plan->word);
	free(plan->memo);
}

/* Of three bytes, beginning so: never white space. */
static bool
is_hanzi(unsigned char begin)
{
	return begin >= 0xe4 && begin < 0xef;
}

struct case_str
cell_trim(struct case_str s)
{
	unsigned char a, z;

	if (s.n == 0)
		return s;
	a = (unsigned char)s.p[0];
	z = (unsigned char)s.p[s.n - 1];
	if ((a > 0x20 && a < 0x80) || is_hanzi(a))
		if ((z > 0x20 && z < 0x80) ||
		    (z >= 0x80 && s.n >= 3 &&
			is_hanzi((unsigned char)s.p[s.n - 3])))
			return s;
	return case_text_trim(s.p, s.n);
}

/* Whether width folding could change a text. */
static bool
is_wide(struct case_str s)
{
	const char *p = s.p + case_utf8_ascii(s.p, s.n), *end = s.p + s.n;

	for (; p < end; p++) {
		if ((unsigned char)*p < 0xe3)
			continue;
		if (*p == '\xef' || (end - p >= 3 && p[0] == '\xe3' &&
					p[1] == '\x80' && p[2] == '\x80'))
			return true;
	}
	return false;
}

static struct case_str
folded(struct cell_room *room, struct case_str s)
{
	case_buf_reset(&room->fold);
	case_text_fold(&room->fold, s.p, s.n);
	room->failed |= room->fold.failed;
	return (struct case_str){ room->fold.p, room->fold.n };
}

static bool
same_letters(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char x = (unsigned char)a[i], y = (unsigned char)b[i];

		x |= x >= 'A' && x <= 'Z' ? 0x20 : 0;
		y |= y >= 'A' && y <= 'Z' ? 0x20 : 0;
		if (x != y)
			return false;
	}
	return true;
}

bool
cell_is_missing(struct cell_room *room, struct case_str s)
{
	const struct case_rtype *rt = room->rt;

	if (s.n == 0)
		return true;
	if (s.n > room->missing_max ||
	    !room->missing_begin[(unsigned char)s.p[0]])
		return false;
	if (is_wide(s))
		s = folded(room, s);
	for (size_t i = 0; i < rt->missing_n; i++)
		if (strlen(rt->missing[i]) == s.n &&
		    same_letters(rt->missing[i], s.p, s.n))
			return true;
	return s.n == 0;
}

/*
 * What a spreadsheet makes of a long number: 3.3E+17, 1.1010119900101e+17.
 * One digit before the point, and a point or a plus, so that a code such as
 * 330201E12000 is none.
 */
static bool
is_ruined(struct case_str s)
{
	size_t i = 0;
	bool sure = false;

	if (s.n > 0 && s.p[0] == '-')
		i++;
	if (i >= s.n || !is_digit(s.p[i++]))
		return false;
	if (i < s.n && s.p[i] == '.') {
		sure = true;
		for (i++; i < s.n && is_digit(s.p[i]);)
			i++;
	}
	if (i >= s.n || (s.p[i] != 'E' && s.p[i] != 'e'))
		return false;
	i++;
	if (i < s.n && s.p[i] == '+') {
		sure = true;
		i++;
	}
	if (i >= s.n || !sure)
		return false;
	while (i < s.n && is_digit(s.p[i]))
		i++;
	return i == s.n;
}

/* What a parser's answer means for the cell. */
static enum cell_state
state_of(enum case_status rc)
{
	if (rc == CASE_OK)
		return CELL_VALUE;
	return rc == CASE_ENOMEM ? CELL_MEMORY : CELL_BAD;
}

static enum cell_state
bad(struct cell_room *room, const char *why)
{
	case_error_set(&room->why, CASE_EDATA, 0, "%s", why);
	return CELL_BAD;
}

static enum cell_state
add_word(struct cell_room *room, const char *p, size_t n, struct case_value *v)
{
	uint32_t id = case_words_add(room->words, p, n);

	v->u.i = id;
	return id == 0 ? CELL_MEMORY : CELL_VALUE;
}

/* Text that is left after trimming, with what its field asks for. */
static enum cell_state
read_text(struct cell_room *room, const struct cell_plan *plan,
    struct case_str s, struct case_value *v)
{
	const struct case_layout_column *c = plan->column;
	int code;

	if (cell_is_missing(room, s))
		return CELL_MISSING;
	if (plan->field->ident) {
		if (is_wide(s))
			s = folded(room, s);
		if (is_ruined(s))
			return bad(room,
			    _("a number that a spreadsheet has ruined; export "
			      "the column as text"));
	}
	if (!plan->field->coded) {
		v->u.s = s;
		return CELL_VALUE;
	}
	code = case_code_find(c->code, c->code_n, s.p, s.n);
	if (code < -1)
		return CELL_MEMORY;
	if (code >= 0) {
		s.p = c->code[code].name;
		s.n = strlen(s.p);
	}
	return add_word(room, s.p, s.n, v);
}

static enum cell_state
read_code(struct cell_room *room, const struct cell_plan *plan,
    struct case_str s, struct case_value *v)
{
	const struct case_layout_column *c = plan->column;
	const char *name;
	int code;

	if (cell_is_missing(room, s))
		return CELL_MISSING;
	code = case_code_find(c->code, c->code_n, s.p, s.n);
	if (code >= 0)
		return add_word(room, c->code[code].name,
		    strlen(c->code[code].name), v);
	if (code == -1)
		code = case_field_code(plan->field, s.p, s.n);
	if (code < -1)
		return CELL_MEMORY;
	if (code < 0)
		return bad(room, _("not a value of the list"));
	name = plan->field->code[code].name;
	return add_word(room, name, strlen(name), v);
}

/* 无 is a word of flags before it is a missing word. */
static enum cell_state
read_flag(struct cell_room *room, struct case_str s, struct case_value *v)
{
	const char *unit;
	int flag = case_names_find(room->flags, s.p, s.n, &unit);

	if (flag < -1)
		return CELL_MEMORY;
	if (flag < 0 && cell_is_missing(room, s))
		return CELL_MISSING;
	if (flag < 0)
		return bad(room, _("neither yes nor no"));
	v->u.i = flag;
	return CELL_VALUE;
}

static enum cell_state
read_number(struct cell_room *room, struct case_str s, struct case_value *v)
{
	bool percent;
	enum case_status rc;

	if (cell_is_missing(room, s))
		return CELL_MISSING;
	percent = (v->type == CASE_RATIO || v->type == CASE_POINTS) &&
		  s.p[s.n - 1] == '%';
	rc = case_number_parse(&v->u.d, s.p, s.n - percent, &room->why);
	if (rc == CASE_OK && percent)
		v->u.d /= 100;
	return state_of(rc);
}

/* The whole digits of s, or -1; at most 15 of them. */
static int64_t
plain_digits(struct case_str s)
{
	int64_t i = 0;

	if (s.n == 0 || s.n > 15)
		return -1;
	for (size_t k = 0; k < s.n; k++) {
		if (!is_digit(s.p[k]))
			return -1;
		i = i * 10 + (s.p[k] - '0');
	}
	return i;
}

static enum cell_state
read_integer(struct cell_room *room, struct case_str s, struct case_value *v)
{
	if ((v->u.i = plain_digits(s)) >= 0)
		return CELL_VALUE;
	if (cell_is_missing(room, s))
		return CELL_MISSING;
	if (is_wide(s))
		s = folded(room, s);
	return state_of(case_integer_parse(&v->u.i, s.p, s.n, INT64_MIN,
	    INT64_MAX, &room->why));
}

/* 12345.67 in yuan, as nearly every cell has it; false: read it in full. */
static bool
read_plain_money(struct case_str s, int64_t *fen)
{
	int64_t yuan, cents = 0;
	size_t n = s.n;

	if (n > 3 && s.p[n - 3] == '.') {
		if (!is_digit(s.p[n - 2]) || !is_digit(s.p[n - 1]))
			return false;
		cents = (s.p[n - 2] - '0') * 10 + (s.p[n - 1] - '0');
		n -= 3;
	}
	if ((yuan = plain_digits((struct case_str){ s.p, n })) < 0)
		return false;
	*fen = yuan * 100 + cents;
	return true;
}

static enum cell_state
read_money(struct cell_room *room, const struct cell_plan *plan,
    struct case_str s, struct case_value *v)
{
	int64_t scale = plan->column->scale;

	if (scale == 100 && read_plain_money(s, &v->u.i))
		return CELL_VALUE;
	if (cell_is_missing(room, s))
		return CELL_MISSING;
	return state_of(case_money_parse(&v->u.i, s.p, s.n,
	    scale == 0 ? 100 : scale, &room->why));
}

static uint64_t
load(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

static int
digit(uint64_t w, int i)
{
	return (int)(w >> i * 8 & 0xff);
}

/* 2023-06-12; false: some other form, another calendar, or no date. */
static bool
read_iso(const struct cell_room *room, struct case_str s,
    enum case_calendar calendar, int64_t *day)
{
	const struct month *mo;
	uint64_t w;
	unsigned tens, ones;
	int y, m, d;

	if (s.n != 10 || calendar == CASE_CALENDAR_ROC)
		return false;
	/* Each byte's distance from its 0 or dash: all digits at once. */
	w = le64toh(load(s.p)) ^ UINT64_C(0x2d30302d30303030);
	tens = (unsigned)(s.p[8] - '0');
	ones = (unsigned)(s.p[9] - '0');
	if (((w | (w + UINT64_C(0x0006060006060606))) &
		UINT64_C(0xfff0f0fff0f0f0f0)) != 0 ||
	    tens > 9 || ones > 9)
		return false;
	y = digit(w, 0) * 1000 + digit(w, 1) * 100 + digit(w, 2) * 10 +
	    digit(w, 3);
	m = digit(w, 5) * 10 + digit(w, 6);
	d = (int)(tens * 10 + ones);
	if (y < MONTHS_FROM || y >= MONTHS_TO || m < 1 || m > 12)
		return false;
	mo = &room->month[(y - MONTHS_FROM) * 12 + m - 1];
	if (d < 1 || d > mo->days)
		return false;
	*day = mo->first + d - 1;
	return true;
}

static enum cell_state
read_date(struct cell_room *room, const struct cell_plan *plan,
    struct case_str s, struct case_value *v)
{
	if (cell_is_missing(room, s))
		return CELL_MISSING;
	return state_of(case_date_parse_order(&v->u.i, v->type, s.p, s.n,
	    plan->column->calendar, plan->column->order, &room->why));
}

/* A trimmed cell as its type reads it. */
static enum cell_state
read_trimmed(struct cell_room *room, const struct cell_plan *plan,
    struct case_str s, struct case_value *v)
{
	switch (plan->field->type) {
	case CASE_TEXT:
		return read_text(room, plan, s, v);
	case CASE_CODE:
		return read_code(room, plan, s, v);
	case CASE_FLAG:
		return read_flag(room, s, v);
	case CASE_DATE:
	case CASE_TIME:
		return read_date(room, plan, s, v);
	case CASE_MONEY:
		return read_money(room, plan, s, v);
	case CASE_INTEGER:
		return read_integer(room, s, v);
	default:
		return read_number(room, s, v);
	}
}

enum cell_state
cell_read_fresh(struct cell_room *room, const struct cell_plan *plan,
    struct case_str cell, struct case_value *v)
{
	enum cell_state state = read_trimmed(room, plan, cell_trim(cell), v);

	return room->failed ? CELL_MEMORY : state;
}

/*
 * Spreads samples of a text over the slots; equality is what decides. Names
 * of items begin and end alike, and times differ in the middle.
 */
static size_t
slot_of(struct case_str s, size_t slots)
{
	uint64_t a = s.n, z = 0;

	if (s.n >= 8) {
		a ^= load(s.p);
		z = load(s.p + s.n - 8);
		if (s.n >= 16)
			a ^= load(s.p + s.n / 2 - 4) * 0xff51afd7ed558ccdu;
		if (s.n >= 32)
			z ^= load(s.p + s.n / 4) * 0xc4ceb9fe1a85ec53u ^
			     load(s.p + s.n / 4 * 3 - 8) * 0x2127599bf4325c37u;
	} else
		memcpy(&z, s.p, s.n);
	a = (a ^ (z << 29 | z >> 35)) * 0x9e3779b97f4a7c15u;
	return (size_t)(a >> 40) & (slots - 1);
}

static enum cell_state
read_memo(struct cell_room *room, const struct cell_plan *plan,
    struct case_str cell, struct case_value *v)
{
	struct memo_slot *m = &plan->memo[slot_of(cell, MEMO_SLOTS)];
	enum cell_state state;

	if (m->state != CELL_UNKNOWN && m->n == cell.n &&
	    memcmp(m->raw, cell.p, cell.n) == 0) {
		v->u.i = m->value;
		room->why.what[0] = '\0';
		return (enum cell_state)m->state;
	}
	state = cell_read_fresh(room, plan, cell, v);
	if (cell.n <= MEMO_BYTES && state != CELL_MEMORY) {
		m->n = (uint8_t)cell.n;
		m->state = (uint8_t)state;
		memcpy(m->raw, cell.p, cell.n);
		m->value = v->u.i;
	}
	return state;
}

static enum cell_state
read_word(struct cell_room *room, const struct cell_plan *plan,
    struct case_str cell, struct case_value *v)
{
	struct word_slot *w = &plan->word[slot_of(cell, WORD_SLOTS)];
	enum cell_state state;
	struct case_str word;

	if (w->n == cell.n && memcmp(w->p, cell.p, cell.n) == 0) {
		v->u.i = w->id;
		return CELL_VALUE;
	}
	state = cell_read_fresh(room, plan, cell, v);
	if (state != CELL_VALUE || cell.n > UINT32_MAX)
		return state;
	word = case_words_get(room->words, (uint32_t)v->u.i);
	if (word.n == cell.n && memcmp(word.p, cell.p, cell.n) == 0)
		*w = (struct word_slot){ word.p, (uint32_t)word.n,
			(uint32_t)v->u.i };
	return state;
}

enum cell_state
cell_read(struct cell_room *room, struct cell_plan *plan, struct case_str cell,
    struct case_value *v)
{
	if (plan->word != NULL)
		return read_word(room, plan, cell, v);
	if (plan->field->type == CASE_DATE &&
	    read_iso(room, cell, plan->column->calendar, &v->u.i))
		return CELL_VALUE;
	if (plan->memo != NULL)
		return read_memo(room, plan, cell, v);
	return cell_read_fresh(room, plan, cell, v);
}
