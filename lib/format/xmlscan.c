/* xmlscan.c - the plain part of XML, scanned fast */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "case/text.h"
#include "lib/format/xmlscan.h"

#define WINDOW ((size_t)64 * 1024)
#define ATTRS_MAX 32
/* As long as the longest declaration that is known, and a mark before it. */
#define HEAD_MAX ((size_t)96)
#define ENTITY_MAX ((size_t)12)

/* Classes of bytes. */
enum { NAME = 1, NAME_START = 2, BLANK = 4, VALUE_STOP = 8, TEXT_STOP = 16 };

static unsigned char
class_of(unsigned char c)
{
	static const unsigned char classes[128] = {
		[0 ... 8] = VALUE_STOP | TEXT_STOP,
		['\t'] = BLANK | VALUE_STOP,
		['\n'] = BLANK | VALUE_STOP,
		[11 ... 12] = VALUE_STOP | TEXT_STOP,
		['\r'] = BLANK | VALUE_STOP | TEXT_STOP,
		[14 ... 31] = VALUE_STOP | TEXT_STOP,
		[' '] = BLANK,
		['&'] = VALUE_STOP | TEXT_STOP,
		['<'] = VALUE_STOP | TEXT_STOP,
		[']'] = TEXT_STOP,
		['-'] = NAME,
		['.'] = NAME,
		['0' ... '9'] = NAME,
		[':'] = NAME | NAME_START,
		['A' ... 'Z'] = NAME | NAME_START,
		['_'] = NAME | NAME_START,
		['a' ... 'z'] = NAME | NAME_START,
	};

	return c < 128 ? classes[c] : 0;
}

/* One tag; the names and values are in the window. */
struct tag {
	char *name;
	char *name_end;
	char *attr[ATTRS_MAX][2];
	char *attr_end[ATTRS_MAX][2];
	size_t attr_n;
	bool empty;
	char *end;
};

bool
xml_scan_begin(struct xml_scan *s, const struct xml_scan_events *events,
    void *arg)
{
	*s = (struct xml_scan){ .events = events, .arg = arg };
	return (s->p = malloc(WINDOW)) != NULL;
}

void
xml_scan_restart(struct xml_scan *s)
{
	s->at = s->n = s->lines = 0;
	s->last = s->stop = s->begun = s->rooted = false;
	case_buf_reset(&s->open);
}

void
xml_scan_free(struct xml_scan *s)
{
	free(s->p);
	case_buf_free(&s->open);
	s->p = NULL;
}

static void
consume(struct xml_scan *s, const char *to)
{
	const char *p = s->p + s->at;

	s->at = (size_t)(to - s->p);
	while ((p = memchr(p, '\n', (size_t)(to - p))) != NULL) {
		s->lines++;
		p++;
	}
}

char *
xml_scan_room(struct xml_scan *s, size_t *room)
{
	memmove(s->p, s->p + s->at, s->n - s->at);
	s->n -= s->at;
	s->at = 0;
	*room = WINDOW - s->n;
	return s->p + s->n;
}

/* --- the begin -------------------------------------------------------- */

static bool
is_like(const char *p, size_t n, const char *form, char quote)
{
	for (size_t i = 0; form[i] != '\0'; i++)
		if (i == n ||
		    (form[i] == '"' ? p[i] != quote
				    : (p[i] | 0x20) != (form[i] | 0x20)))
			return false;
	return true;
}

/* Bytes of the declaration; SIZE_MAX: one that is not known here. */
static size_t
declaration(const char *p, size_t n)
{
	static const char *const forms[] = {
		"<?xml version=\"1.0\" encoding=\"UTF-8\" "
		"standalone=\"yes\"?>",
		"<?xml version=\"1.0\" encoding=\"UTF-8\" "
		"standalone=\"no\"?>",
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
		"<?xml version=\"1.0\" encoding=\"UTF-8\" ?>",
		"<?xml version=\"1.0\"?>",
	};

	if (n < 2 || p[0] != '<' || p[1] != '?')
		return 0;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (is_like(p, n, forms[i], '"') ||
		    is_like(p, n, forms[i], '\''))
			return strlen(forms[i]);
	return SIZE_MAX;
}

static enum xml_scanned
begin(struct xml_scan *s)
{
	size_t mark, size;

	if (s->n < HEAD_MAX && !s->last)
		return XML_SCAN_MORE;
	mark = s->n >= 3 && memcmp(s->p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	size = declaration(s->p + mark, s->n - mark);
	if (size == SIZE_MAX)
		return XML_SCAN_LEFT;
	s->at = mark + size;
	s->begun = true;
	return XML_SCAN_STOPPED;
}

/* --- tags ------------------------------------------------------------- */

static char *
name_end(char *p, const char *end)
{
	if (p < end && (class_of((unsigned char)*p) & NAME_START))
		while (p < end && (class_of((unsigned char)*p) & NAME))
			p++;
	return p;
}

static char *
skip_blanks(char *p, const char *end)
{
	while (p < end && (class_of((unsigned char)*p) & BLANK))
		p++;
	return p;
}

/* The end of a value of which *p is the quote; NULL: not plain. */
static char *
value_end(char *p, const char *end)
{
	char quote = *p++, *from = p;
	unsigned char high = 0;

	for (; p < end && *p != quote; p++) {
		if (class_of((unsigned char)*p) & VALUE_STOP)
			return NULL;
		high |= (unsigned char)*p;
	}
	if (p < end && high >= 128 &&
	    !case_utf8_valid(from, (size_t)(p - from)))
		return NULL;
	return p;
}

/* name="value" at p; MORE or LEFT, or STOPPED when it is there. */
static enum xml_scanned
take_attr(struct tag *t, char **at, const char *end)
{
	char *p = *at, **attr, **attr_end;

	if (t->attr_n == ATTRS_MAX)
		return XML_SCAN_LEFT;
	attr = t->attr[t->attr_n];
	attr_end = t->attr_end[t->attr_n];
	attr[0] = p;
	attr_end[0] = p = name_end(p, end);
	if (p == end)
		return XML_SCAN_MORE;
	if (p == attr[0] || *p != '=')
		return XML_SCAN_LEFT;
	if (++p == end)
		return XML_SCAN_MORE;
	if (*p != '"' && *p != '\'')
		return XML_SCAN_LEFT;
	attr[1] = p + 1;
	if ((p = value_end(p, end)) == NULL)
		return XML_SCAN_LEFT;
	if (p == end)
		return XML_SCAN_MORE;
	attr_end[1] = p;
	for (size_t i = 0; i < t->attr_n; i++)
		if (t->attr_end[i][0] - t->attr[i][0] ==
			attr_end[0] - attr[0] &&
		    memcmp(t->attr[i][0], attr[0],
			(size_t)(attr_end[0] - attr[0])) == 0)
			return XML_SCAN_LEFT;
	t->attr_n++;
	*at = p + 1;
	return XML_SCAN_STOPPED;
}

/* A start tag from its '<' on, whole; nothing is changed in the window. */
static enum xml_scanned
take_tag(struct tag *t, char *p, const char *end)
{
	enum xml_scanned rc;
	char *before;

	t->name = p + 1;
	t->name_end = p = name_end(p + 1, end);
	t->attr_n = 0;
	if (p == t->name && p < end)
		return XML_SCAN_LEFT;
	for (;;) {
		before = p;
		p = skip_blanks(p, end);
		if (p == end)
			return XML_SCAN_MORE;
		t->empty = *p == '/';
		if (t->empty && ++p == end)
			return XML_SCAN_MORE;
		if (*p == '>')
			break;
		if (t->empty || p == before)
			return XML_SCAN_LEFT;
		if ((rc = take_attr(t, &p, end)) != XML_SCAN_STOPPED)
			return rc;
	}
	t->end = p + 1;
	return XML_SCAN_STOPPED;
}

static enum xml_scanned
start_tag(struct xml_scan *s, char *p, const char *end)
{
	const char *attr[2 * ATTRS_MAX + 1];
	enum xml_scanned rc;
	struct tag t;

	if ((rc = take_tag(&t, p, end)) != XML_SCAN_STOPPED)
		return rc;
	consume(s, t.end);
	for (size_t i = 0; i < t.attr_n; i++) {
		attr[2 * i] = t.attr[i][0];
		attr[2 * i + 1] = t.attr[i][1];
		*t.attr_end[i][0] = *t.attr_end[i][1] = '\0';
	}
	attr[2 * t.attr_n] = NULL;
	*t.name_end = '\0';
	s->rooted = true;
	if (!t.empty)
		case_buf_add(&s->open, t.name,
		    (size_t)(t.name_end - t.name) + 1);
	s->events->start(s->arg, t.name, attr);
	if (t.empty)
		s->events->end(s->arg, t.name);
	return XML_SCAN_STOPPED;
}

/* The name of the innermost open element. */
static char *
innermost(const struct xml_scan *s)
{
	char *before = memrchr(s->open.p, '\0', s->open.n - 1);

	return before == NULL ? s->open.p : before + 1;
}

static enum xml_scanned
end_tag(struct xml_scan *s, char *p, const char *end)
{
	char *name = p + 2, *top;
	size_t n;

	p = name_end(name, end);
	n = (size_t)(p - name);
	p = skip_blanks(p, end);
	if (p == end)
		return XML_SCAN_MORE;
	if (*p != '>' || s->open.n == 0)
		return XML_SCAN_LEFT;
	top = innermost(s);
	if (strlen(top) != n || memcmp(top, name, n) != 0)
		return XML_SCAN_LEFT;
	consume(s, p + 1);
	name[n] = '\0';
	s->open.n -= n + 1;
	s->events->end(s->arg, name);
	return XML_SCAN_STOPPED;
}

/* --- texts ------------------------------------------------------------ */

static uint32_t
entity_number(const char *p, const char *end)
{
	unsigned base = 10;
	uint32_t c = 0;

	if (*p == 'x') {
		base = 16;
		p++;
	}
	if (p == end)
		return 0;
	for (; p < end; p++) {
		unsigned v = 99;

		if (*p >= '0' && *p <= '9')
			v = (unsigned)(*p - '0');
		else if ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'f')
			v = (unsigned)((*p | 0x20) - 'a') + 10;
		if (v >= base || c > 0x10ffff)
			return 0;
		c = c * base + v;
	}
	if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
	    (c >= 0xd800 && c <= 0xdfff) || c == 0xfffe || c == 0xffff ||
	    c > 0x10ffff)
		return 0;
	return c;
}

/* The character of an entity without & and ;. 0: not known here. */
static uint32_t
entity(const char *p, const char *end)
{
	static const struct {
		const char *name;
		uint32_t c;
	} known[] = { { "lt", '<' }, { "gt", '>' }, { "amp", '&' },
		{ "quot", '"' }, { "apos", '\'' } };

	if (p < end && *p == '#')
		return p + 1 < end ? entity_number(p + 1, end) : 0;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i].name) == (size_t)(end - p) &&
		    memcmp(known[i].name, p, (size_t)(end - p)) == 0)
			return known[i].c;
	return 0;
}

static enum xml_scanned
take_entity(struct xml_scan *s, char *p, const char *end)
{
	size_t look =
	    (size_t)(end - p) < ENTITY_MAX ? (size_t)(end - p) : ENTITY_MAX;
	const char *semicolon = memchr(p, ';', look);
	char utf8[4];
	uint32_t c;

	if (semicolon == NULL)
		return look < ENTITY_MAX ? XML_SCAN_MORE : XML_SCAN_LEFT;
	if ((c = entity(p + 1, semicolon)) == 0)
		return XML_SCAN_LEFT;
	consume(s, semicolon + 1);
	s->events->text(s->arg, utf8, (int)case_utf8_encode(utf8, c));
	return XML_SCAN_STOPPED;
}

/* A byte at which a run of text stops, other than '<'. */
static enum xml_scanned
take_special(struct xml_scan *s, char *p, const char *end)
{
	switch (*p) {
	case '&':
		return take_entity(s, p, end);
	case '\r':
		/* Each line end is one LF. */
		if (p + 1 == end)
			return XML_SCAN_MORE;
		s->lines += p[1] != '\n';
		consume(s, p[1] == '\n' ? p + 2 : p + 1);
		s->events->text(s->arg, "\n", 1);
		return XML_SCAN_STOPPED;
	case ']':
		if (end - p < 3)
			return XML_SCAN_MORE;
		if (p[1] == ']' && p[2] == '>')
			return XML_SCAN_LEFT;
		consume(s, p + 1);
		s->events->text(s->arg, "]", 1);
		return XML_SCAN_STOPPED;
	default:
		return XML_SCAN_LEFT;
	}
}

static enum xml_scanned
take_text(struct xml_scan *s, char *p, const char *end)
{
	unsigned char high = 0;
	char *q = p;
	size_t n, good;

	while (q < end && !(class_of((unsigned char)*q) & TEXT_STOP))
		high |= (unsigned char)*q++;
	n = (size_t)(q - p);
	good = high < 128 ? n : case_utf8_prefix(p, n);
	/* Only what the window's end cuts off may still become a character. */
	if (good < n && (q < end || n - good > 3))
		return XML_SCAN_LEFT;
	if (n == 0)
		return take_special(s, p, end);
	if (good == 0)
		return XML_SCAN_MORE;
	consume(s, p + good);
	s->events->text(s->arg, p, (int)good);
	return XML_SCAN_STOPPED;
}

/* --- all of it -------------------------------------------------------- */

/* One tag or piece of text; STOPPED when it was taken. */
static enum xml_scanned
take_one(struct xml_scan *s)
{
	char *p = s->p + s->at;
	const char *end = s->p + s->n;

	if (s->open.n == 0) {
		p = skip_blanks(p, end);
		consume(s, p);
	}
	if (p == end)
		return XML_SCAN_MORE;
	if (*p != '<')
		return s->open.n == 0 ? XML_SCAN_LEFT : take_text(s, p, end);
	if (end - p < 2)
		return XML_SCAN_MORE;
	if (p[1] == '/')
		return end_tag(s, p, end);
	if (s->open.n == 0 && s->rooted)
		return XML_SCAN_LEFT;
	return start_tag(s, p, end);
}

enum xml_scanned
xml_scan_run(struct xml_scan *s)
{
	enum xml_scanned rc;

	s->stop = false;
	do
		rc = s->begun ? take_one(s) : begin(s);
	while (rc == XML_SCAN_STOPPED && !s->stop && !s->open.failed);
	return s->open.failed ? XML_SCAN_LEFT : rc;
}
