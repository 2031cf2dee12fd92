/* jsonl.c - rows of JSON Lines: a strict tokenizer (RFC 8259) */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/format/reader.h"

/*
 * Each line is one object. Nothing that RFC 8259 forbids is taken, and of what
 * it leaves open the harmless side: no duplicate keys in the row's object, no
 * half surrogates, no U+0000, no deeper nesting than DEPTH_MAX. Numbers never
 * become numbers here, so that an 18-digit identifier stays what it is.
 */

#define DEPTH_MAX 64

/*
 * name		the keys in the order met
 * seen		per name: the last row that had it
 * slot		open addressing over the names: index + 1, 0 is free
 * expect	the name that is likely to come next
 * text		strings of the row that had escapes
 */
struct jsonl {
	struct case_str *name;
	uint64_t *seen;
	size_t name_n;
	size_t name_cap;
	size_t *slot;
	size_t slot_cap;
	size_t expect;
	uint64_t row;
	struct case_buf text;
};

/* Where the reading of one line is; fault is NULL while all is well. */
struct scan {
	const char *p;
	const char *end;
	const char *fault;
	unsigned depth;
};

static bool
fail(struct scan *s, const char *fault)
{
	if (s->fault == NULL)
		s->fault = fault;
	return false;
}

static void
skip_space(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' ||
				    *s->p == '\r' || *s->p == '\n'))
		s->p++;
}

static bool
next_is(struct scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

/* Strings. */

static bool
is_special(char c)
{
	return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

/* To the next byte that is_special, eight at a time while there are so many. */
static const char *
plain_end(const char *p, const char *end)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t high = UINT64_C(0x8080808080808080);
	uint64_t x, quote, slash, found;

	while (end - p >= (ptrdiff_t)sizeof(x)) {
		memcpy(&x, p, sizeof(x));
		quote = x ^ ones * '"';
		slash = x ^ ones * '\\';
		found = (x - ones * 0x20) & ~x;
		found |= (quote - ones) & ~quote;
		found |= (slash - ones) & ~slash;
		if (found & high)
			break;
		p += sizeof(x);
	}
	while (p < end && !is_special(*p))
		p++;
	return p;
}

static bool
hex4(struct scan *s, uint32_t *c)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	*c = 0;
	if (s->end - s->p < 4)
		return fail(s, N_("an escape in a JSON string is cut off"));
	for (int i = 0; i < 4; i++, s->p++) {
		const char *d = memchr(digits, *s->p, sizeof(digits) - 1);
		size_t v;

		if (d == NULL)
			return fail(s,
			    N_("an escape \\u lacks its four hex digits"));
		v = (size_t)(d - digits);
		*c = *c << 4 | (uint32_t)(v < 16 ? v : v - 6);
	}
	return true;
}

/* Behind \u: one character, which may be a pair of surrogates. */
static bool
scan_unicode(struct scan *s, uint32_t *c)
{
	uint32_t low;

	if (!hex4(s, c))
		return false;
	if (*c == 0)
		return fail(s, N_("a JSON string holds \\u0000"));
	if (*c < 0xd800 || *c > 0xdfff)
		return true;
	if (*c > 0xdbff || !next_is(s, '\\') || !next_is(s, 'u'))
		return fail(s, N_("a JSON string holds half a surrogate pair"));
	if (!hex4(s, &low))
		return false;
	if (low < 0xdc00 || low > 0xdfff)
		return fail(s, N_("a JSON string holds half a surrogate pair"));
	*c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

/* Behind a backslash. */
static bool
scan_escape(struct scan *s, uint32_t *c)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char means[] = "\"\\/\b\f\n\r\t";
	const char *l;

	if (next_is(s, 'u'))
		return scan_unicode(s, c);
	l = s->p < s->end ? memchr(letters, *s->p, sizeof(letters) - 1) : NULL;
	if (l == NULL)
		return fail(s, N_("a JSON string holds an unknown escape"));
	s->p++;
	*c = (unsigned char)means[l - letters];
	return true;
}

/*
 * Behind the opening quote: *raw is what stands between the quotes. With
 * *escaped it has to be decoded; then all its escapes are known to be good.
 */
static bool
scan_string(struct scan *s, struct case_str *raw, bool *escaped)
{
	uint32_t c;

	raw->p = s->p;
	*escaped = false;
	for (;;) {
		s->p = plain_end(s->p, s->end);
		if (s->p == s->end)
			return fail(s, N_("a JSON string is not closed"));
		if (*s->p == '"')
			break;
		if (*s->p != '\\')
			return fail(s,
			    N_("a control character stands bare in a JSON "
			       "string"));
		s->p++;
		*escaped = true;
		if (!scan_escape(s, &c))
			return false;
	}
	raw->n = (size_t)(s->p++ - raw->p);
	return true;
}

/*
 * Decodes a good string. Room for the whole line was made before, so that
 * what was decoded earlier in the row stays where it is.
 */
static struct case_str
decode_string(struct case_buf *text, struct case_str raw)
{
	struct scan s = { .p = raw.p, .end = raw.p + raw.n };
	size_t from = text->n;
	uint32_t c;

	while (s.p < s.end) {
		const char *q = plain_end(s.p, s.end);

		case_buf_add(text, s.p, (size_t)(q - s.p));
		s.p = q;
		if (next_is(&s, '\\') && scan_escape(&s, &c))
			case_utf8_put(text, c);
	}
	return (struct case_str){ text->p + from, text->n - from };
}

/* Other values. */

static size_t
skip_digits(struct scan *s)
{
	const char *from = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return (size_t)(s->p - from);
}

static bool
scan_number(struct scan *s)
{
	static const char bad[] = N_("a JSON number is malformed");

	next_is(s, '-');
	if (!next_is(s, '0') && skip_digits(s) == 0)
		return fail(s, bad);
	if (next_is(s, '.') && skip_digits(s) == 0)
		return fail(s, bad);
	if (next_is(s, 'e') || next_is(s, 'E')) {
		if (!next_is(s, '+'))
			next_is(s, '-');
		if (skip_digits(s) == 0)
			return fail(s, bad);
	}
	return true;
}

static bool
scan_word(struct scan *s, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
		return fail(s, N_("a JSON value is expected"));
	s->p += n;
	return true;
}

static bool scan_value(struct scan *s);

/* A key, its colon and the blanks around it. */
static bool
scan_key(struct scan *s, struct case_str *raw, bool *escaped)
{
	skip_space(s);
	if (!next_is(s, '"'))
		return fail(s, N_("a JSON key in quotes is expected"));
	if (!scan_string(s, raw, escaped))
		return false;
	skip_space(s);
	if (!next_is(s, ':'))
		return fail(s, N_("a colon is expected behind a JSON key"));
	skip_space(s);
	return true;
}

/* Behind a value: true to go on with another; s->fault tells the rest. */
static bool
scan_more(struct scan *s, char close)
{
	skip_space(s);
	if (next_is(s, ','))
		return true;
	if (!next_is(s, close))
		fail(s, N_("a comma or a closing bracket is expected in JSON"));
	return false;
}

/* An array or object inside the row's object, behind its opening bracket. */
static bool
scan_nested(struct scan *s, char close)
{
	struct case_str key;
	bool escaped;

	if (++s->depth > DEPTH_MAX)
		return fail(s, N_("JSON is nested too deeply"));
	skip_space(s);
	if (!next_is(s, close))
		do {
			if (close == '}' && !scan_key(s, &key, &escaped))
				return false;
			skip_space(s);
			if (!scan_value(s))
				return false;
		} while (scan_more(s, close));
	s->depth--;
	return s->fault == NULL;
}

static bool
scan_value(struct scan *s)
{
	struct case_str raw;
	bool escaped;

	switch (s->p < s->end ? *s->p : '\0') {
	case '"':
		s->p++;
		return scan_string(s, &raw, &escaped);
	case '{':
		s->p++;
		return scan_nested(s, '}');
	case '[':
		s->p++;
		return scan_nested(s, ']');
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		return scan_number(s);
	default:
		return fail(s, N_("a JSON value is expected"));
	}
}

/* Names. */

static bool
name_is(const struct jsonl *j, size_t i, struct case_str key)
{
	return j->name[i].n == key.n &&
	       (key.n == 0 || memcmp(j->name[i].p, key.p, key.n) == 0);
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t *
find_slot(const struct jsonl *j, struct case_str key)
{
	size_t i = (size_t)case_hash(key.p, key.n, 0) & (j->slot_cap - 1);

	while (j->slot[i] != 0 && !name_is(j, j->slot[i] - 1, key))
		i = (i + 1) & (j->slot_cap - 1);
	return &j->slot[i];
}

static bool
grow_slots(struct jsonl *j, size_t cap)
{
	size_t *slot;

	if ((slot = calloc(cap, sizeof(*slot))) == NULL)
		return false;
	free(j->slot);
	j->slot = slot;
	j->slot_cap = cap;
	for (size_t i = 0; i < j->name_n; i++)
		*find_slot(j, j->name[i]) = i + 1;
	return true;
}

/* Room for one more name, and twice as many slots as names. */
static bool
grow_names(struct jsonl *j)
{
	size_t cap = j->name_cap == 0 ? 64 : j->name_cap * 2;
	struct case_str *name;
	uint64_t *seen;

	if (j->name_n < j->name_cap)
		return true;
	name = reallocarray(j->name, cap, sizeof(*name));
	if (name == NULL)
		return false;
	j->name = name;
	if ((seen = reallocarray(j->seen, cap, sizeof(*seen))) == NULL)
		return false;
	j->seen = seen;
	if (!grow_slots(j, cap * 2))
		return false;
	j->name_cap = cap;
	return true;
}

static bool
add_name(struct jsonl *j, struct case_str key)
{
	char *copy;

	if (!grow_names(j) || (copy = malloc(key.n + 1)) == NULL)
		return false;
	if (key.n > 0)
		memcpy(copy, key.p, key.n);
	copy[key.n] = '\0';
	*find_slot(j, key) = j->name_n + 1;
	j->name[j->name_n] = (struct case_str){ copy, key.n };
	j->seen[j->name_n++] = 0;
	return true;
}

/*
 * Takes back the names that a faulty row brought. The last ones first, so no
 * slot behind them was filled because they were in its way.
 */
static void
drop_names(struct jsonl *j, size_t n)
{
	while (j->name_n > n) {
		struct case_str last = j->name[j->name_n - 1];

		*find_slot(j, last) = 0;
		j->name_n--;
		free((char *)(uintptr_t)last.p);
	}
}

/* The key's index in *i, new or not. Rows tend to have one order of keys. */
static enum case_status
find_name(struct jsonl *j, struct case_str key, size_t *i, struct scan *s,
    struct case_error *err)
{
	size_t slot = 0;

	if (j->expect < j->name_n && name_is(j, j->expect, key)) {
		*i = j->expect++;
		return CASE_OK;
	}
	if (j->slot_cap > 0)
		slot = *find_slot(j, key);
	if (slot == 0) {
		if (j->name_n == CASE_CELLS_MAX) {
			fail(s, N_("more than 16,384 different JSON keys"));
			return CASE_OK;
		}
		if (!add_name(j, key))
			return case_error_memory(err);
		slot = j->name_n;
	}
	*i = slot - 1;
	j->expect = slot;
	return CASE_OK;
}

/* Rows. */

/* The text of a string; room for all of the row's is made at its first. */
static bool
string_text(struct jsonl *j, size_t row_size, struct case_str *s, bool escaped)
{
	if (!escaped)
		return true;
	if (j->text.n == 0 && !case_buf_reserve(&j->text, row_size))
		return false;
	*s = decode_string(&j->text, *s);
	return !j->text.failed;
}

/* A value of the row's object as the text of a cell. */
static enum case_status
take_value(struct jsonl *j, struct scan *s, size_t row_size,
    struct case_str *cell, struct case_error *err)
{
	bool escaped;

	if (next_is(s, '"')) {
		if (scan_string(s, cell, &escaped) &&
		    !string_text(j, row_size, cell, escaped))
			return case_error_memory(err);
		return CASE_OK;
	}
	cell->p = s->p;
	scan_value(s);
	cell->n = (size_t)(s->p - cell->p);
	if (cell->n == 4 && memcmp(cell->p, "null", 4) == 0)
		cell->n = 0;
	return CASE_OK;
}

static void
say_twice(struct case_reader *rd, struct scan *s, struct case_str key)
{
	struct case_buf shown = { 0 };

	case_text_visible(&shown, key.p,
	    case_utf8_prefix(key.p, key.n < 100 ? key.n : 100));
	case_buf_reset(&rd->fault);
	case_buf_addf(&rd->fault, _("the key \"%s\" stands twice"),
	    case_buf_str(&shown));
	case_buf_free(&shown);
	fail(s, case_buf_str(&rd->fault));
}

/* One key and its value. */
static enum case_status
take_pair(struct case_reader *rd, struct scan *s, size_t row_size,
    struct case_error *err)
{
	struct jsonl *j = rd->state;
	enum case_status rc;
	struct case_str key;
	bool escaped;
	size_t i = 0;

	if (!scan_key(s, &key, &escaped))
		return CASE_OK;
	if (!string_text(j, row_size, &key, escaped))
		return case_error_memory(err);
	rc = find_name(j, key, &i, s, err);
	if (rc != CASE_OK || s->fault != NULL)
		return rc;
	if (j->seen[i] == j->row) {
		say_twice(rd, s, key);
		return CASE_OK;
	}
	j->seen[i] = j->row;
	if (!case_reader_room(rd, i + 1))
		return case_error_memory(err);
	return take_value(j, s, row_size, &rd->cell[i], err);
}

/* The row's object; what is wrong with it is in s->fault. */
static enum case_status
take_object(struct case_reader *rd, struct scan *s, struct case_error *err)
{
	size_t row_size = (size_t)(s->end - s->p);
	enum case_status rc;

	if (!next_is(s, '{')) {
		fail(s, N_("not a JSON object: write one object a line"));
		return CASE_OK;
	}
	s->depth = 1;
	skip_space(s);
	if (!next_is(s, '}'))
		do {
			rc = take_pair(rd, s, row_size, err);
			if (rc != CASE_OK)
				return rc;
		} while (s->fault == NULL && scan_more(s, '}'));
	skip_space(s);
	if (s->p < s->end)
		fail(s, N_("text stands behind the JSON object"));
	return CASE_OK;
}

/* Says where in the line it is, too. */
static enum case_status
set_fault(struct case_reader *rd, struct case_row *row, const struct scan *s,
    struct case_error *err)
{
	if (s->fault != rd->fault.p) {
		case_buf_reset(&rd->fault);
		case_buf_adds(&rd->fault, _(s->fault));
	}
	case_buf_addf(&rd->fault, _(" (byte %zu of the row)"),
	    (size_t)(s->p - row->raw.p) + 1);
	if (rd->fault.failed)
		return case_error_memory(err);
	row->fault = rd->fault.p;
	return CASE_OK;
}

static enum case_status
set_cells(struct case_reader *rd, struct case_row *row, struct case_error *err)
{
	const struct jsonl *j = rd->state;

	if (!case_reader_room(rd, j->name_n))
		return case_error_memory(err);
	for (size_t i = 0; i < j->name_n; i++)
		if (j->seen[i] != j->row)
			rd->cell[i] = (struct case_str){ NULL, 0 };
	row->cell = rd->cell;
	row->cell_n = j->name_n;
	return CASE_OK;
}

static enum case_status
jsonl_next(struct case_reader *rd, struct case_row *row, struct case_error *err)
{
	struct jsonl *j = rd->state;
	struct case_line line;
	enum case_status rc;
	struct scan s;
	size_t names;
	bool done;

	rc = case_reader_line(rd, &line, row, &done, err);
	if (rc != CASE_OK || done)
		return rc;
	case_window_consume(&rd->w, line.at + line.n + line.end, 1);
	row->fault = case_reader_fault(rd, row->raw, false);
	s = (struct scan){ .p = row->raw.p, .end = row->raw.p + row->raw.n };
	skip_space(&s);
	if (row->fault != NULL || s.p == s.end)
		return CASE_OK;
	case_buf_reset(&j->text);
	j->row++;
	j->expect = 0;
	names = j->name_n;
	rc = take_object(rd, &s, err);
	if (rc == CASE_OK && s.fault == NULL)
		return set_cells(rd, row, err);
	drop_names(j, names);
	return rc == CASE_OK ? set_fault(rd, row, &s, err) : rc;
}

static const struct case_str *
jsonl_names(const struct case_reader *rd, size_t *n)
{
	const struct jsonl *j = rd->state;

	*n = j->name_n;
	return j->name;
}

static enum case_status
jsonl_open(struct case_reader *rd, struct case_error *err)
{
	rd->state = calloc(1, sizeof(struct jsonl));
	return rd->state == NULL ? case_error_memory(err) : CASE_OK;
}

static void
jsonl_close(struct case_reader *rd)
{
	struct jsonl *j = rd->state;

	if (j->slot_cap > 0)
		drop_names(j, 0);
	free(j->name);
	free(j->seen);
	free(j->slot);
	case_buf_free(&j->text);
	free(j);
}

const struct case_reader_ops case_reader_jsonl = {
	.open = jsonl_open,
	.next = jsonl_next,
	.names = jsonl_names,
	.close = jsonl_close,
};
