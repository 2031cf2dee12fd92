/* mask.c - personal data is masked before it reaches a reader */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "case/ident.h"
#include "case/mask.h"
#include "case/text.h"

/* --- numbers in free text --------------------------------------------- */

/*
 * A group is a run of digits (with an X behind it, when it ends an ID) that
 * stands between other characters; numbers are groups, or neighbours of which
 * only a space or hyphen lies between. end is a byte in the text.
 */
#define GROUP_DIGITS 24
#define GROUPS 8
struct group {
	char digit[GROUP_DIGITS + 1];
	size_t n; /* more than GROUP_DIGITS: too long for any of ours */
	size_t end;
	bool letter; /* stands behind it: it is part of a code */
};

/* The ASCII character that a character stands for; 0: none. */
static char
ascii_of(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		c -= 0xfee0;
	if (c == 0x3000 || c == 0xa0)
		return ' ';
	if (c >= 0x2010 && c <= 0x2015)
		return '-';
	return c < 0x80 ? (char)c : '\0';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char
peek(const char *p, size_t n, size_t at, size_t *len)
{
	uint32_t c;

	*len = 0;
	if (at >= n)
		return '\0';
	*len = case_utf8_get(p + at, n - at, &c);
	return ascii_of(c);
}

/* Reads the group at a digit; an X counts when no letter or digit follows. */
static void
read_group(struct group *g, const char *p, size_t n, size_t at)
{
	size_t len, next;
	char c, behind;

	*g = (struct group){ 0 };
	for (; is_digit(c = peek(p, n, at, &len)); at += len, g->n++)
		if (g->n < GROUP_DIGITS)
			g->digit[g->n] = c;
	behind = peek(p, n, at + len, &next);
	if ((c == 'x' || c == 'X') && !is_digit(behind) && !is_letter(behind)) {
		if (g->n < GROUP_DIGITS)
			g->digit[g->n] = 'X';
		g->n++;
		at += len;
		c = behind;
	}
	g->letter = is_letter(c);
	g->end = at;
}

/* --- what a run of digits is ------------------------------------------ */

static bool
is_mobile(const char *d, size_t n)
{
	return n == 11 && d[0] == '1' && d[1] >= '3' &&
	       strspn(d, "0123456789") == n;
}

/* Area code and number: 010 and 02x have three digits, others four. */
static bool
is_fixed(const char *d, size_t n)
{
	if (n < 11 || n > 12 || d[0] != '0' || d[n - 1] == 'X')
		return false;
	if (strncmp(d, "010", 3) == 0 || d[1] == '2')
		return n == 11;
	return d[1] >= '3';
}

static bool
is_resident(const char *d, size_t n)
{
	if (n == 18)
		return !(d[0] == '9' && case_valid_uscc(d, n)) &&
		       case_valid_resident(d, n);
	return n == 15 && case_valid_resident15(d, n);
}

/*
 * A cell that is nothing but one number, which has a recent day where an ID
 * has the birthday, is a case number (region, day, serial): parties are older.
 */
static bool
is_dated_number(const char *d, size_t n)
{
	return n == 18 && strncmp(d + 6, "2016", 4) >= 0 &&
	       strncmp(d + 6, "2100", 4) < 0;
}

static size_t
count_chars(const char *p, size_t n)
{
	size_t chars = 0;
	uint32_t c;

	for (size_t at = 0; at < n; chars++)
		at += case_utf8_get(p + at, n - at, &c);
	return chars;
}

/* All but the first and last characters: 浙A12345 has one of three bytes. */
static void
add_stars(struct case_buf *out, const char *d, size_t n, size_t head,
    size_t tail)
{
	size_t chars = count_chars(d, n), len;
	uint32_t c;

	if (head + tail > chars)
		head = tail = 0;
	for (size_t i = 0, at = 0; i < chars; i++, at += len) {
		len = case_utf8_get(d + at, n - at, &c);
		if (i < head || i >= chars - tail)
			case_buf_add(out, d + at, len);
		else
			case_buf_addc(out, '*');
	}
}

/* Appends d masked when it is personal; whether it was. */
static bool
mask_number(struct case_buf *out, const char *d, size_t n, bool alone)
{
	if (is_resident(d, n) && !(alone && is_dated_number(d, n)))
		add_stars(out, d, n, 6, n == 18 ? 4 : 3);
	else if (is_mobile(d, n))
		add_stars(out, d, n, 3, 4);
	else if (n == 12 && d[11] == 'X' && is_mobile(d, 11))
		add_stars(out, d, n, 3, 5);
	else if (n == 13 && strncmp(d, "86", 2) == 0 && is_mobile(d + 2, 11))
		add_stars(out, d + 2, 11, 3, 4);
	else if (n == 15 && strncmp(d, "0086", 4) == 0 && is_mobile(d + 4, 11))
		add_stars(out, d + 4, 11, 3, 4);
	else if (is_fixed(d, n))
		add_stars(out, d, n, d[1] <= '2' ? 3 : 4, 2);
	else
		return false;
	return true;
}

/*
 * Groups that only a space or a hyphen parts. The number that begins at the
 * first of them and takes most groups is masked; returns how many groups that
 * took, 0: none.
 */
static size_t
mask_groups(struct case_buf *out, const struct group *g, size_t n, bool alone)
{
	char d[GROUPS * GROUP_DIGITS + 1];
	size_t len[GROUPS + 1] = { 0 }, taken = 0;

	while (taken < n && g[taken].n <= GROUP_DIGITS) {
		memcpy(d + len[taken], g[taken].digit, g[taken].n);
		len[taken + 1] = len[taken] + g[taken].n;
		taken++;
	}
	for (; taken > 0; taken--) {
		char last = d[len[taken]];
		bool done;

		d[len[taken]] = '\0';
		done = len[taken] <= 18 && !g[taken - 1].letter &&
		       mask_number(out, d, len[taken], alone && taken == n);
		d[len[taken]] = last;
		if (done)
			return taken;
	}
	return 0;
}

/* Collects the groups that follow each other from at. */
static size_t
read_groups(struct group *g, const char *p, size_t n, size_t at)
{
	size_t count = 0, len, gap;
	char c;

	for (;;) {
		read_group(&g[count++], p, n, at);
		at = g[count - 1].end;
		gap = 0;
		for (c = peek(p, n, at, &len); c == ' ' || c == '-';
		     c = peek(p, n, at + gap, &len))
			gap += len;
		if (count == GROUPS || gap == 0 || !is_digit(c))
			return count;
		at += gap;
	}
}

void
case_mask_text(struct case_buf *out, const char *p, size_t n)
{
	struct group g[GROUPS];
	size_t at = 0, done = 0, len, count, used;
	size_t letters = 0; /* right before; 1: part of a code, not a word */
	char c;

	while (at < n) {
		c = peek(p, n, at, &len);
		if (!is_digit(c)) {
			letters = is_letter(c) ? letters + 1 : 0;
			at += len;
			continue;
		}
		count = read_groups(g, p, n, at);
		case_buf_add(out, p + done, at - done);
		used = letters == 1 ? 0
				    : mask_groups(out, g, count,
					  at == 0 && g[count - 1].end == n);
		done = used > 0 ? g[used - 1].end : at;
		at = used > 0 ? done : g[0].end;
		letters = 0;
	}
	case_buf_add(out, p + done, n - done);
}

/*
 * Whether 18 digits have a day of the last century or this where an ID has
 * the birthday: then a check digit that does not fit is a slip of the pen.
 */
static bool
is_birthday(const char *d, size_t n)
{
	return n == 18 && d[0] != '9' && strspn(d, "0123456789") >= 17 &&
	       (strncmp(d + 6, "19", 2) == 0 || strncmp(d + 6, "20", 2) == 0) &&
	       strncmp(d + 10, "12", 2) <= 0 && strncmp(d + 12, "31", 2) <= 0;
}

/* --- classes ---------------------------------------------------------------
 */

static void
mask_id(struct case_buf *out, const char *p, size_t n)
{
	struct case_buf folded = { 0 };
	struct case_str s;
	size_t chars;

	case_text_fold(&folded, p, n);
	s = case_text_trim(case_buf_str(&folded), folded.n);
	chars = count_chars(s.p, s.n);
	/* One ID in 31 would pass for a USCC, one in 10 for a GS 15 number. */
	if (memchr(s.p, '*', s.n) != NULL)
		case_mask_text(out, p, n);
	else if (!is_resident(s.p, s.n) && !is_birthday(s.p, s.n) &&
		 (case_valid_uscc(s.p, s.n) || case_valid_orgcode(s.p, s.n) ||
		     case_valid_bizreg(s.p, s.n)))
		case_buf_add(out, p, n);
	else if (chars >= 15)
		add_stars(out, s.p, s.n, 6, 4);
	else
		add_stars(out, s.p, s.n, chars > 6 ? 2 : 0, chars > 6 ? 2 : 0);
	case_buf_free(&folded);
}

static void
mask_phone(struct case_buf *out, const char *p, size_t n)
{
	struct case_buf folded = { 0 };
	size_t chars;

	case_text_fold(&folded, p, n);
	chars = count_chars(case_buf_str(&folded), folded.n);
	if (chars >= 11)
		add_stars(out, folded.p, folded.n, 3, 4);
	else
		add_stars(out, case_buf_str(&folded), folded.n, 0,
		    chars > 4 ? 2 : 0);
	case_buf_free(&folded);
}

/* Whether p ends in the word; both UTF-8. */
static bool
ends_in(const char *p, size_t n, const char *word)
{
	size_t len = strlen(word);

	return n >= len && memcmp(p + n - len, word, len) == 0;
}

/*
 * A person's name has two to four characters and no ending of a firm; firms
 * are published by name.
 */
static void
mask_name(struct case_buf *out, const char *p, size_t n)
{
	static const char *const firm[] = { "公司", "店", "厂", "部", "社",
		"院", "所", "中心", "站", "馆", "行", "局", "会", "队", "处",
		"坊", "铺", "园", "场", "城", "吧", "户", "摊", "校" };
	static const char *const compound[] = { "欧阳", "诸葛", "司马", "上官",
		"夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒",
		"令狐" };
	size_t chars = 0, surname = 3, at = 0;
	uint32_t c;

	for (; at < n; chars++) {
		at += case_utf8_get(p + at, n - at, &c);
		if (c < 0x3400)
			chars = 100; /* not a Chinese personal name */
	}
	for (size_t i = 0; i < sizeof(firm) / sizeof(firm[0]); i++)
		if (ends_in(p, n, firm[i]))
			chars = 100;
	if (chars < 2 || chars > 4) {
		case_mask_text(out, p, n);
		return;
	}
	for (size_t i = 0; i < sizeof(compound) / sizeof(compound[0]); i++)
		if (chars > 2 && n > 6 && memcmp(p, compound[i], 6) == 0)
			surname = 6;
	case_buf_add(out, p, surname);
	for (size_t i = surname / 3; i < chars; i++)
		case_buf_adds(out, "某");
}

/* An address is kept down to the last of these, and what follows is not. */
static void
mask_address(struct case_buf *out, const char *p, size_t n)
{
	static const char *const level[] = { "街道", "镇", "乡", "区", "县",
		"市" };

	for (size_t k = 0; k < sizeof(level) / sizeof(level[0]); k++) {
		size_t len = strlen(level[k]);

		for (size_t i = 0; i + len <= n; i++)
			if (memcmp(p + i, level[k], len) == 0) {
				case_mask_text(out, p, i + len);
				case_buf_adds(out, "***");
				return;
			}
	}
	case_buf_adds(out, "***");
}

void
case_mask_value(struct case_buf *out, enum case_privacy privacy, const char *p,
    size_t n)
{
	if (n == 0)
		return;
	switch (privacy) {
	case CASE_PRIVACY_ID:
		mask_id(out, p, n);
		break;
	case CASE_PRIVACY_PHONE:
		mask_phone(out, p, n);
		break;
	case CASE_PRIVACY_ADDRESS:
		mask_address(out, p, n);
		break;
	case CASE_PRIVACY_NAME:
		mask_name(out, p, n);
		break;
	case CASE_PRIVACY_NONE:
		case_mask_text(out, p, n);
		break;
	}
}

/* --- the writer that masks --------------------------------------------------
 */

struct mask {
	struct case_writer base;
	struct case_writer *inner;
	struct case_mask_options o;
	struct case_table table;    /* masked; inner borrows it until its end */
	enum case_privacy *privacy; /* of each column of the table */
	bool *open;		    /* --unmask */
	struct case_value *row;
	struct case_buf *text;
	size_t column_n;
};

static void
free_columns(struct mask *m)
{
	for (size_t i = 0; m->text != NULL && i < m->column_n; i++)
		case_buf_free(&m->text[i]);
	free(m->privacy);
	free(m->open);
	free(m->row);
	free(m->text);
	m->privacy = NULL;
	m->open = NULL;
	m->row = NULL;
	m->text = NULL;
	m->column_n = 0;
}

static bool
is_unmasked(const struct mask *m, const char *name)
{
	for (const char *const *p = m->o.unmask; p != NULL && *p != NULL; p++)
		if (strcmp(*p, name) == 0)
			return true;
	return false;
}

static enum case_status
set_columns(struct mask *m, const struct case_table *t, struct case_error *err)
{
	size_t n = t->column_n;

	free_columns(m);
	m->privacy = calloc(n, sizeof(*m->privacy));
	m->open = calloc(n, sizeof(*m->open));
	m->row = calloc(n, sizeof(*m->row));
	m->text = calloc(n, sizeof(*m->text));
	if (n > 0 && (m->privacy == NULL || m->open == NULL || m->row == NULL ||
			 m->text == NULL))
		return case_error_memory(err);
	m->column_n = n;
	for (size_t i = 0; i < n; i++) {
		m->privacy[i] = t->column[i].privacy;
		m->open[i] = is_unmasked(m, t->column[i].name);
		if (m->privacy[i] == CASE_PRIVACY_NAME && !m->o.names)
			m->privacy[i] = CASE_PRIVACY_NONE;
	}
	return CASE_OK;
}

/* Replaces an owned string by its masked form. */
static bool
mask_string(char **s)
{
	struct case_buf b = { 0 };

	if (*s == NULL)
		return true;
	case_mask_text(&b, *s, strlen(*s));
	if (b.failed || b.p == NULL) {
		case_buf_free(&b);
		return **s == '\0';
	}
	free(*s);
	*s = b.p;
	return true;
}

static enum case_status
mask_begin(struct case_writer *w, const struct case_table *t,
    struct case_error *err)
{
	struct mask *m = (struct mask *)w;
	struct case_table *copy = &m->table;
	enum case_status rc;
	bool ok;

	if ((rc = set_columns(m, t, err)) != CASE_OK ||
	    (rc = case_table_copy(copy, t, err)) != CASE_OK)
		return rc;
	ok = mask_string(&copy->title);
	for (size_t i = 0; i < copy->column_n; i++)
		ok = ok && mask_string(&copy->column[i].label);
	for (size_t i = 0; i < copy->meta_n; i++)
		ok = ok && mask_string(&copy->meta[2 * i + 1]);
	return ok ? m->inner->ops->begin(m->inner, copy, err)
		  : case_error_memory(err);
}

/* Shorter values, in bytes, say too little to be looked for elsewhere. */
#define MASK_LEAST 6

static bool
is_text(const struct case_value *v)
{
	return v->type == CASE_TEXT || v->type == CASE_CODE;
}

/* Replaces every occurrence in text by what it became elsewhere. */
static void
replace(struct case_buf *text, struct case_str was, struct case_str by)
{
	struct case_buf b = { 0 };
	const char *p = case_buf_str(text), *end = p + text->n, *hit;

	while ((hit = memmem(p, (size_t)(end - p), was.p, was.n)) != NULL) {
		case_buf_add(&b, p, (size_t)(hit - p));
		case_buf_add(&b, by.p, by.n);
		p = hit + was.n;
	}
	if (b.n > 0 || b.failed) {
		case_buf_add(&b, p, (size_t)(end - p));
		case_buf_free(text);
		*text = b;
	}
}

/*
 * What is masked in its own column stands in others too: the name of a party
 * in that of the case, an address in the raw row.
 */
static bool
mask_elsewhere(struct mask *m, const struct case_value *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct case_str was = v[i].u.s, by = m->row[i].u.s;

		if (m->privacy[i] == CASE_PRIVACY_NONE || v[i].missing ||
		    !is_text(&v[i]) || m->open[i] || was.n < MASK_LEAST ||
		    (was.n == by.n && memcmp(was.p, by.p, was.n) == 0))
			continue;
		for (size_t k = 0; k < n; k++) {
			if (k == i || v[k].missing || m->open[k] ||
			    !is_text(&v[k]))
				continue;
			replace(&m->text[k], was, by);
			if (m->text[k].failed)
				return false;
			m->row[k].u.s =
			    (struct case_str){ case_buf_str(&m->text[k]),
				    m->text[k].n };
		}
	}
	return true;
}

static enum case_status
mask_row(struct case_writer *w, const struct case_value *v, size_t n,
    struct case_error *err)
{
	struct mask *m = (struct mask *)w;

	for (size_t i = 0; i < n; i++) {
		m->row[i] = v[i];
		if (v[i].missing || m->open[i] || !is_text(&v[i]))
			continue;
		case_buf_reset(&m->text[i]);
		case_mask_value(&m->text[i], m->privacy[i], v[i].u.s.p,
		    v[i].u.s.n);
		if (m->text[i].failed)
			return case_error_memory(err);
		m->row[i].u.s = (struct case_str){ case_buf_str(&m->text[i]),
			m->text[i].n };
	}
	if (!mask_elsewhere(m, v, n))
		return case_error_memory(err);
	return m->inner->ops->row(m->inner, m->row, n, err);
}

static enum case_status
mask_end(struct case_writer *w, struct case_error *err)
{
	struct mask *m = (struct mask *)w;
	enum case_status rc;

	rc = m->inner->ops->end(m->inner, err);
	case_table_free(&m->table);
	return rc;
}

static void
mask_fail(struct case_writer *w, const char *reason)
{
	struct mask *m = (struct mask *)w;

	m->inner->ops->fail(m->inner, reason);
}

static enum case_status
mask_finish(struct case_writer *w, struct case_error *err)
{
	struct mask *m = (struct mask *)w;

	return m->inner->ops->finish(m->inner, err);
}

static void
mask_close(struct case_writer *w)
{
	struct mask *m = (struct mask *)w;

	m->inner->ops->close(m->inner);
	free_columns(m);
	case_table_free(&m->table);
	free(m);
}

static const struct case_writer_ops mask_ops = { mask_begin, mask_row, mask_end,
	mask_fail, mask_finish, mask_close };

enum case_status
case_mask_open(struct case_writer **out, struct case_writer *inner,
    const struct case_mask_options *options, struct case_error *err)
{
	struct mask *m = calloc(1, sizeof(*m));

	*out = NULL;
	if (m == NULL)
		return case_error_memory(err);
	m->base.ops = &mask_ops;
	m->inner = inner;
	if (options != NULL)
		m->o = *options;
	*out = &m->base;
	return CASE_OK;
}
