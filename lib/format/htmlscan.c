/* htmlscan.c - where the tables of an HTML page are */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "case/intl.h"
#include "lib/format/htmlscan.h"
#include "lib/format/reader.h"

/* A part of a table is at least so long, if it is not its last. */
#define PART_SIZE ((size_t)128 * 1024)
/* What a table may cost at most until it is known, its name with it. */
#define TABLE_COST 2048
/* A tag with more attributes would take a parser quadratic time. */
#define ATTRIBUTES_MAX 1000

/* What a tag means for tables and for the depth within cells. */
enum kind {
	OTHER,	 /* may hold others until its end */
	EMPTY,	 /* holds nothing, or ends where the next like it begins */
	RAW,	 /* up to its end all is text */
	GRAPHIC, /* holds nothing if it ends in "/>" within a drawing */
	DRAWING,
	TABLE,
	SECTION,
	ROW,
	CELL,
	CAPTION,
	FRAMES
};

static const struct name {
	const char *name;
	enum kind kind;
} names[] = {
	{ "area", EMPTY },
	{ "base", EMPTY },
	{ "body", EMPTY },
	{ "br", EMPTY },
	{ "caption", CAPTION },
	{ "circle", GRAPHIC },
	{ "col", SECTION },
	{ "colgroup", SECTION },
	{ "dd", EMPTY },
	{ "dt", EMPTY },
	{ "ellipse", GRAPHIC },
	{ "embed", EMPTY },
	{ "frame", EMPTY },
	{ "frameset", FRAMES },
	{ "g", GRAPHIC },
	{ "head", EMPTY },
	{ "hr", EMPTY },
	{ "html", EMPTY },
	{ "iframe", RAW },
	{ "image", GRAPHIC },
	{ "img", EMPTY },
	{ "input", EMPTY },
	{ "li", EMPTY },
	{ "line", GRAPHIC },
	{ "link", EMPTY },
	{ "math", DRAWING },
	{ "meta", EMPTY },
	{ "noembed", RAW },
	{ "noframes", RAW },
	{ "option", EMPTY },
	{ "p", EMPTY },
	{ "param", EMPTY },
	{ "path", GRAPHIC },
	{ "polygon", GRAPHIC },
	{ "polyline", GRAPHIC },
	{ "rect", GRAPHIC },
	{ "script", RAW },
	{ "source", EMPTY },
	{ "style", RAW },
	{ "svg", DRAWING },
	{ "table", TABLE },
	{ "tbody", SECTION },
	{ "td", CELL },
	{ "textarea", RAW },
	{ "tfoot", SECTION },
	{ "th", CELL },
	{ "thead", SECTION },
	{ "title", RAW },
	{ "tr", ROW },
	{ "track", EMPTY },
	{ "use", GRAPHIC },
	{ "wbr", EMPTY },
	{ "xmp", RAW },
};

struct tag {
	const char *name;
	size_t n;
	enum kind kind;
	bool end;
	bool closed; /* "/>" */
};

/*
 * A table that has begun and not ended.
 *
 * i		which of the tables found
 * open		elements that are open in the present cell, or between cells
 * part		where its present part begins
 * row		where its present row begins, or what stands before the first
 */
struct level {
	size_t i;
	size_t open;
	size_t part;
	size_t row;
	bool in_row;
	bool in_cell;
	bool in_caption;
};

/*
 * cap		room for tables
 * level	tables within each other
 * depth	of all that is open within tables
 * drawing	between <svg> and what can't be a part of it
 * whole	the end of the page was met
 */
struct scan {
	struct case_html_tables *t;
	size_t cap;
	const char *p;
	const char *end;
	const struct case_limits *limits;
	struct level *level;
	size_t level_n;
	size_t level_cap;
	size_t depth;
	bool drawing;
	bool whole;
	struct case_error *err;
};

/* Tags. */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static int
compare_name(const void *key, const void *item)
{
	const struct tag *tag = key;
	const struct name *name = item;
	size_t n = strlen(name->name);
	int d = strncasecmp(tag->name, name->name, tag->n);

	/* A tag's name may hold a NUL, where the comparison ended. */
	return d != 0 ? d : (tag->n > n) - (tag->n < n);
}

static enum kind
kind_of(const struct tag *tag)
{
	const struct name *found;

	found = bsearch(tag, names, sizeof(names) / sizeof(names[0]),
	    sizeof(names[0]), compare_name);
	return found == NULL ? OTHER : found->kind;
}

/* The place behind the first c, or the end. */
static const char *
behind(const char *p, const char *end, char c)
{
	const char *q = p < end ? memchr(p, c, (size_t)(end - p)) : NULL;

	return q == NULL ? end : q + 1;
}

/* One attribute, from its name on; a quote counts only behind an equals. */
static const char *
skip_attribute(const char *p, const char *end)
{
	do
		p++;
	while (p < end && !is_blank(*p) && *p != '/' && *p != '>' && *p != '=');
	while (p < end && is_blank(*p))
		p++;
	if (p == end || *p != '=')
		return p;
	p++;
	while (p < end && is_blank(*p))
		p++;
	if (p < end && (*p == '"' || *p == '\''))
		return behind(p + 1, end, *p);
	while (p < end && !is_blank(*p) && *p != '>')
		p++;
	return p;
}

/* Behind the tag whose name is known; NULL: too many attributes. */
static const char *
skip_attributes(const char *p, const char *end, struct tag *tag)
{
	size_t n = 0;

	while (p < end && *p != '>') {
		tag->closed = *p == '/';
		if (is_blank(*p) || *p == '/') {
			p++;
			continue;
		}
		if (++n > ATTRIBUTES_MAX)
			return NULL;
		p = skip_attribute(p, end);
	}
	return p < end ? p + 1 : end;
}

/* p is behind "<!"; <!--> and <!---> are whole comments. */
static const char *
skip_comment(const char *p, const char *end)
{
	p += 2;
	do
		p = behind(p, end, '>');
	while (p < end && memcmp(p - 3, "-->", 3) != 0);
	return p;
}

/* Where the end tag of a raw element begins. */
static const char *
skip_raw(const char *p, const char *end, const struct tag *tag)
{
	while (p < end) {
		p = behind(p, end, '<');
		if ((size_t)(end - p) > tag->n && *p == '/' &&
		    strncasecmp(p + 1, tag->name, tag->n) == 0 &&
		    ((size_t)(end - p) == tag->n + 1 ||
			!is_letter(p[tag->n + 1])))
			return p - 1;
	}
	return end;
}

/* Tables. */

static size_t
offset(const struct scan *s, const char *p)
{
	return (size_t)(p - s->p);
}

static struct level *
top(struct scan *s)
{
	return &s->level[s->level_n - 1];
}

static struct case_html_table *
table_of(struct scan *s, const struct level *l)
{
	return &s->t->table[l->i];
}

/* Whatever is open in the cell ends with it. */
static void
leave_cell(struct scan *s, const char *at)
{
	struct level *l = top(s);

	if (l->in_caption)
		table_of(s, l)->caption_to = offset(s, at);
	s->depth -= l->open;
	l->open = 0;
	l->in_cell = l->in_caption = false;
}

/* A row ends at a tag; one that is too long is not given to the parser. */
static enum case_status
leave_row(struct scan *s, const char *at)
{
	struct level *l = top(s);

	if (offset(s, at) - l->row > CASE_ROW_MAX)
		return case_error_set(s->err, CASE_EDATA, 0, "%s",
		    _("a row of the page's table is longer than 16 MiB; "
		      "nothing of the file is taken"));
	l->row = offset(s, at);
	return CASE_OK;
}

static enum case_status
leave_table(struct scan *s, const char *at)
{
	enum case_status rc = leave_row(s, at);

	leave_cell(s, at);
	table_of(s, top(s))->to = offset(s, at);
	s->level_n--;
	s->depth--;
	return rc;
}

static enum case_status
deeper(struct scan *s)
{
	if (++s->depth <= s->limits->depth)
		return CASE_OK;
	return case_limit_error(s->limits, &s->limits->depth,
	    _("the page's tables hold elements within elements too deep"),
	    s->err);
}

static enum case_status
enter_table(struct scan *s, const char *behind_tag)
{
	struct case_html_table *table;
	struct level *level;
	size_t n;

	if (s->t->n == s->cap) {
		n = s->cap == 0 ? 16 : 2 * s->cap;
		if (n / 2 * TABLE_COST > s->limits->held)
			return case_limit_error(s->limits, &s->limits->held,
			    _("the page has too many tables"), s->err);
		table = reallocarray(s->t->table, n, sizeof(*table));
		if (table == NULL)
			return case_error_memory(s->err);
		s->t->table = table;
		s->cap = n;
	}
	if (s->level_n == s->level_cap) {
		n = s->level_cap == 0 ? 8 : 2 * s->level_cap;
		level = reallocarray(s->level, n, sizeof(*level));
		if (level == NULL)
			return case_error_memory(s->err);
		s->level = level;
		s->level_cap = n;
	}
	n = offset(s, behind_tag);
	s->level[s->level_n++] =
	    (struct level){ .i = s->t->n, .part = n, .row = n };
	s->t->table[s->t->n++] = (struct case_html_table){ .from = n };
	return deeper(s);
}

/* A row begins at a tag, where the table may be parted. */
static enum case_status
enter_row(struct scan *s, const char *at)
{
	struct level *l = top(s);
	struct case_html_table *t = table_of(s, l);
	size_t from = offset(s, at), *cut;
	enum case_status rc = leave_row(s, at);

	if (rc != CASE_OK)
		return rc;
	l->in_row = true;
	t->rows++;
	if (from - l->part < PART_SIZE)
		return CASE_OK;
	cut = reallocarray(t->cut, t->cut_n + 1, sizeof(*cut));
	if (cut == NULL)
		return case_error_memory(s->err);
	t->cut = cut;
	t->cut[t->cut_n++] = l->part = from;
	return CASE_OK;
}

/* The begin of a part of a table, or of what is in a cell. */
static enum case_status
begin_tag(struct scan *s, const struct tag *tag, const char *at,
    const char *behind_tag)
{
	struct level *l = s->level_n > 0 ? top(s) : NULL;

	if (tag->kind == TABLE) {
		/* Outside a cell it ends the table that is open. */
		enum case_status rc =
		    l != NULL && !l->in_cell ? leave_table(s, at) : CASE_OK;

		return rc == CASE_OK ? enter_table(s, behind_tag) : rc;
	}
	if (l == NULL)
		return CASE_OK;
	if (tag->kind >= SECTION && tag->kind <= CAPTION)
		leave_cell(s, at);
	switch (tag->kind) {
	case SECTION:
		l->in_row = false;
		return CASE_OK;
	case ROW:
		return enter_row(s, at);
	case CELL:
		l->in_cell = true;
		/* The begin of a row may be left out. */
		return l->in_row ? CASE_OK : enter_row(s, at);
	case CAPTION:
		l->in_cell = l->in_caption = true;
		table_of(s, l)->caption_from = offset(s, behind_tag);
		return CASE_OK;
	case EMPTY:
		return CASE_OK;
	case GRAPHIC:
		if (s->drawing && tag->closed)
			return CASE_OK;
		break;
	default:
		break;
	}
	/* Outside cells too: the parser moves it, at a cost that grows. */
	l->open++;
	return deeper(s);
}

static enum case_status
end_tag(struct scan *s, const struct tag *tag, const char *at)
{
	struct level *l = s->level_n > 0 ? top(s) : NULL;

	if (tag->kind == DRAWING)
		s->drawing = false;
	if (l == NULL || tag->kind == EMPTY)
		return CASE_OK;
	if (tag->kind == TABLE)
		return leave_table(s, at);
	if (tag->kind >= SECTION && tag->kind <= CAPTION) {
		leave_cell(s, at);
		if (tag->kind == SECTION || tag->kind == ROW)
			l->in_row = false;
	} else if (l->open > 0) {
		l->open--;
		s->depth--;
	}
	return CASE_OK;
}

/* The tag, comment or text that begins with the '<' at p; to what follows. */
static enum case_status
scan_tag(struct scan *s, const char **p)
{
	const char *at = *p, *q = at + 1;
	struct tag tag = { 0 };
	enum case_status rc;

	if (s->end - q > 2 && memcmp(q, "!--", 3) == 0) {
		*p = skip_comment(q + 1, s->end);
		return CASE_OK;
	}
	tag.end = q < s->end && *q == '/';
	q += tag.end;
	if (q == s->end || !is_letter(*q)) {
		*p = q < s->end && (tag.end || *q == '!' || *q == '?')
			 ? behind(q, s->end, '>')
			 : q;
		return CASE_OK;
	}
	for (tag.name = q;
	     q < s->end && !is_blank(*q) && *q != '/' && *q != '>'; q++)
		tag.n++;
	tag.kind = kind_of(&tag);
	if ((*p = skip_attributes(q, s->end, &tag)) == NULL)
		return case_error_set(s->err, CASE_EDATA, 0,
		    _("the page has a tag with more than %d attributes"),
		    ATTRIBUTES_MAX);
	if (tag.end) {
		s->whole |=
		    tag.n == 4 && (strncasecmp(tag.name, "html", 4) == 0 ||
				      strncasecmp(tag.name, "body", 4) == 0);
		return end_tag(s, &tag, at);
	}
	if (tag.kind == RAW) {
		*p = skip_raw(*p, s->end, &tag);
		tag.kind = OTHER;
	}
	if (tag.kind == FRAMES)
		s->t->frames = true;
	rc = begin_tag(s, &tag, at, *p);
	s->drawing = tag.kind == DRAWING || (s->drawing && tag.kind == GRAPHIC);
	return rc;
}

/* Tables without rows are none. */
static void
drop_empty(struct case_html_tables *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		if (t->table[i].rows > 0)
			t->table[n++] = t->table[i];
	t->n = n;
}

enum case_status
case_html_scan(struct case_html_tables *t, const char *p, size_t n,
    const struct case_limits *limits, struct case_error *err)
{
	struct scan s = { .t = t,
		.p = p,
		.end = p + n,
		.limits = limits,
		.err = err };
	enum case_status rc = CASE_OK;

	while (rc == CASE_OK && p < s.end) {
		if ((p = memchr(p, '<', (size_t)(s.end - p))) == NULL)
			break;
		rc = scan_tag(&s, &p);
	}
	for (; s.level_n > 0 && rc == CASE_OK; rc = leave_table(&s, s.end))
		table_of(&s, top(&s))->cut_off = !s.whole;
	free(s.level);
	drop_empty(t);
	return rc;
}

void
case_html_tables_free(struct case_html_tables *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->table[i].cut);
	free(t->table);
	*t = (struct case_html_tables){ 0 };
}
