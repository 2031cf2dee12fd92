/* htmltree.c - rows of HTML tables; the one file that knows libgumbo */
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gumbo.h>

#include "case/intl.h"
#include "case/text.h"
#include "case/value.h"
#include "lib/format/cellnum.h"
#include "lib/format/htmltree.h"

#define BLOCK_SIZE ((size_t)1024 * 1024)
#define ALIGNMENT _Alignof(max_align_t)
/* Pieces up to so many units of alignment have a size of their own each. */
#define SMALL 64
/* As the HTML standard bounds them. */
#define COLUMNS_MAX 1000
#define ROWS_MAX 65534

/* A piece of memory that the parser took: its size, then its bytes. */
struct piece {
	_Alignas(max_align_t) size_t kind;
	/* Of a free piece, where its bytes were: the next one as large. */
	_Alignas(max_align_t) struct piece *next;
};

/* What pieces are cut from, freed all at once. */
struct block {
	struct block *next;
	size_t size;
	size_t used;
	_Alignas(max_align_t) char bytes[];
};

struct row {
	const GumboNode *node;
	bool section;
};

/* An element on the way down to a text, and which child comes next. */
struct step {
	const GumboNode *node;
	unsigned child;
};

/*
 * block	the present one first, then those that are full
 * free		pieces that the parser gave back, by their kind
 * taken	bytes of all blocks
 * stop		where the parser is left when it asks for too much
 * too_much	by the limit; else the system had no more
 * last_row, last_cell, last_child	the cell asked for last, from which the
 *		next one is looked for
 */
struct case_html_tree {
	const struct case_limits *limits;
	struct block *block;
	struct piece *free[SMALL + 64];
	size_t taken;
	jmp_buf stop;
	bool too_much;
	const GumboNode *root;
	struct row *row;
	size_t row_n;
	size_t row_cap;
	size_t last_row;
	size_t last_cell;
	unsigned last_child;
	struct step *step;
	size_t step_cap;
};

/* Memory. */

/*
 * The library neither checks what it is given nor frees a deep tree without
 * deep recursion: so it gets blocks of ours, and is left when there is none.
 */
static void *
take_bytes(struct case_html_tree *t, size_t n)
{
	struct block *b = t->block;
	size_t size;

	if (b == NULL || n > b->size - b->used) {
		size = n > BLOCK_SIZE ? n : BLOCK_SIZE;
		t->too_much = t->taken > t->limits->held ||
			      size > t->limits->held - t->taken;
		b = t->too_much ? NULL : malloc(sizeof(*b) + size);
		if (b == NULL)
			longjmp(t->stop, 1);
		*b = (struct block){ .next = t->block, .size = size };
		t->block = b;
		t->taken += size;
	}
	b->used += n;
	return b->bytes + b->used - n;
}

/* Small sizes are units, larger ones powers of two. */
static void *
take(void *arg, size_t n)
{
	struct case_html_tree *t = arg;
	size_t units = (n + ALIGNMENT - 1) / ALIGNMENT, kind = units;
	struct piece *piece;

	if (units == 0)
		kind = units = 1;
	if (units >= SMALL) {
		kind = SMALL + 63 - (size_t)__builtin_clzll(units);
		units = (size_t)2 << (kind - SMALL);
	}
	piece = t->free[kind];
	if (piece != NULL) {
		t->free[kind] = piece->next;
	} else {
		piece = take_bytes(t, (units + 1) * ALIGNMENT);
		piece->kind = kind;
	}
	return (char *)piece + ALIGNMENT;
}

static void
leave(void *arg, void *p)
{
	struct case_html_tree *t = arg;
	struct piece *piece;

	if (p == NULL)
		return;
	piece = (struct piece *)(void *)((char *)p - ALIGNMENT);
	piece->next = t->free[piece->kind];
	t->free[piece->kind] = piece;
}

/* All of it is free again; one block is kept. */
static void
forget(struct case_html_tree *t)
{
	struct block *b;

	while ((b = t->block) != NULL && b->next != NULL) {
		t->block = b->next;
		t->taken -= b->size;
		free(b);
	}
	if (b != NULL)
		b->used = 0;
	memset(t->free, 0, sizeof(t->free));
	t->row_n = 0;
	t->last_row = SIZE_MAX;
	t->root = NULL;
}

enum case_status
case_html_tree_new(struct case_html_tree **out,
    const struct case_limits *limits, struct case_error *err)
{
	if ((*out = calloc(1, sizeof(**out))) == NULL)
		return case_error_memory(err);
	(*out)->limits = limits;
	return CASE_OK;
}

void
case_html_tree_free(struct case_html_tree *t)
{
	if (t == NULL)
		return;
	forget(t);
	free(t->block);
	free(t->row);
	free(t->step);
	free(t);
}

/* Rows. */

static bool
is_element(const GumboNode *node, GumboTag tag)
{
	return node->type == GUMBO_NODE_ELEMENT && node->v.element.tag == tag;
}

static const GumboNode *
child(const GumboNode *node, unsigned i)
{
	return node->v.element.children.data[i];
}

static enum case_status
add_row(struct case_html_tree *t, const GumboNode *node, bool section,
    struct case_error *err)
{
	size_t cap = t->row_cap == 0 ? 256 : 2 * t->row_cap;
	struct row *row;

	if (t->row_n == t->row_cap) {
		row = reallocarray(t->row, cap, sizeof(*row));
		if (row == NULL)
			return case_error_memory(err);
		t->row = row;
		t->row_cap = cap;
	}
	t->row[t->row_n++] = (struct row){ node, section };
	return CASE_OK;
}

/* Rows stand in sections; one that the page does not have is not counted. */
static enum case_status
find_rows(struct case_html_tree *t, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	for (unsigned i = 0; i < t->root->v.element.children.length; i++) {
		const GumboNode *section = child(t->root, i);
		bool first;

		if (!is_element(section, GUMBO_TAG_TBODY) &&
		    !is_element(section, GUMBO_TAG_THEAD) &&
		    !is_element(section, GUMBO_TAG_TFOOT))
			continue;
		first = section->v.element.original_tag.length > 0;
		for (unsigned k = 0;
		     rc == CASE_OK && k < section->v.element.children.length;
		     k++) {
			if (!is_element(child(section, k), GUMBO_TAG_TR))
				continue;
			rc = add_row(t, child(section, k), first, err);
			first = false;
		}
	}
	return rc;
}

static enum case_status
parse(struct case_html_tree *t, const char *p, size_t n, GumboTag context,
    struct case_error *err)
{
	GumboOptions options = kGumboDefaultOptions;

	forget(t);
	options.allocator = take;
	options.deallocator = leave;
	options.userdata = t;
	options.max_errors = 0;
	options.fragment_context = context;
	if (setjmp(t->stop) != 0) {
		if (!t->too_much)
			return case_error_memory(err);
		return case_limit_error(t->limits, &t->limits->held,
		    _("a part of the page is too large to be held in memory"),
		    err);
	}
	t->root = gumbo_parse_with_options(&options, p, n)->root;
	return CASE_OK;
}

enum case_status
case_html_tree_parse(struct case_html_tree *t, const char *p, size_t n,
    struct case_error *err)
{
	enum case_status rc = parse(t, p, n, GUMBO_TAG_TABLE, err);

	return rc == CASE_OK ? find_rows(t, err) : rc;
}

size_t
case_html_tree_rows(const struct case_html_tree *t)
{
	return t->row_n;
}

static bool
is_cell(const GumboNode *node)
{
	return is_element(node, GUMBO_TAG_TD) || is_element(node, GUMBO_TAG_TH);
}

/* Cells that are asked for in order are found without a new search each. */
static const GumboNode *
cell_node(struct case_html_tree *t, size_t row, size_t cell)
{
	const GumboNode *node = t->row[row].node;

	if (row != t->last_row || cell < t->last_cell) {
		t->last_row = row;
		t->last_cell = 0;
		t->last_child = 0;
	}
	for (; t->last_child < node->v.element.children.length;
	     t->last_child++) {
		if (!is_cell(child(node, t->last_child)))
			continue;
		if (t->last_cell == cell)
			return child(node, t->last_child);
		t->last_cell++;
	}
	t->last_row = SIZE_MAX;
	return NULL;
}

struct case_html_row
case_html_tree_row(const struct case_html_tree *t, size_t i)
{
	const GumboNode *node = t->row[i].node;
	struct case_html_row r = { .section = t->row[i].section };

	if (node->v.element.original_tag.length > 0)
		r.source = node->v.element.original_tag.data;
	for (unsigned k = 0; k < node->v.element.children.length; k++) {
		const GumboNode *cell = child(node, k);

		/* Where its begin was left out, it is the first cell's. */
		if (is_cell(cell) && r.cell_n++ == 0 && r.source == NULL)
			r.source = cell->v.element.original_tag.data;
	}
	return r;
}

/* Text. */

/*
 * What was met since the last character that is shown.
 *
 * from		where the text begins in out
 * lines	line ends
 * blank	white space
 * kept		within so many <pre>
 * tables	are text too
 */
struct fold {
	struct case_buf *out;
	size_t from;
	size_t lines;
	bool blank;
	size_t kept;
	bool tables;
};

static void
fold_text(struct fold *f, const char *p)
{
	size_t k;

	while (*p != '\0') {
		if (f->kept > 0 && *p == '\n')
			f->lines++;
		if ((k = strspn(p, " \t\n\r\f")) > 0) {
			f->blank = true;
			p += f->kept > 0 ? 1 : k;
			continue;
		}
		if (f->out->n > f->from) {
			for (; f->lines > 0; f->lines--) {
				case_buf_addc(f->out, '\n');
				f->blank = false;
			}
			if (f->blank)
				case_buf_addc(f->out, ' ');
		}
		f->lines = 0;
		f->blank = false;
		k = strcspn(p, " \t\n\r\f");
		case_buf_add(f->out, p, k);
		p += k;
	}
}

enum shown { INLINE, BLOCK, BREAK, PRE, HIDDEN, WITHIN };

static enum shown
shown_as(const GumboNode *node)
{
	switch (node->v.element.tag) {
	case GUMBO_TAG_BR:
		return BREAK;
	case GUMBO_TAG_PRE:
		return PRE;
	case GUMBO_TAG_IFRAME:
	case GUMBO_TAG_NOEMBED:
	case GUMBO_TAG_NOFRAMES:
	case GUMBO_TAG_SCRIPT:
	case GUMBO_TAG_STYLE:
	case GUMBO_TAG_SVG:
	case GUMBO_TAG_TITLE:
		return HIDDEN;
	case GUMBO_TAG_TABLE:
		return WITHIN;
	case GUMBO_TAG_ADDRESS:
	case GUMBO_TAG_ARTICLE:
	case GUMBO_TAG_ASIDE:
	case GUMBO_TAG_BLOCKQUOTE:
	case GUMBO_TAG_CENTER:
	case GUMBO_TAG_DD:
	case GUMBO_TAG_DIV:
	case GUMBO_TAG_DL:
	case GUMBO_TAG_DT:
	case GUMBO_TAG_FIELDSET:
	case GUMBO_TAG_FOOTER:
	case GUMBO_TAG_FORM:
	case GUMBO_TAG_H1:
	case GUMBO_TAG_H2:
	case GUMBO_TAG_H3:
	case GUMBO_TAG_H4:
	case GUMBO_TAG_H5:
	case GUMBO_TAG_H6:
	case GUMBO_TAG_HEADER:
	case GUMBO_TAG_HR:
	case GUMBO_TAG_LI:
	case GUMBO_TAG_OL:
	case GUMBO_TAG_P:
	case GUMBO_TAG_SECTION:
	case GUMBO_TAG_UL:
		return BLOCK;
	default:
		return INLINE;
	}
}

/* Where tables are read as text, too. */
static enum shown
shown_in_page(struct fold *f, const GumboNode *node, enum shown shown)
{
	switch (node->v.element.tag) {
	case GUMBO_TAG_TABLE:
	case GUMBO_TAG_CAPTION:
	case GUMBO_TAG_TR:
		return BLOCK;
	case GUMBO_TAG_TD:
	case GUMBO_TAG_TH:
		f->blank = true;
		return INLINE;
	default:
		return shown;
	}
}

/*
 * The begin or the end of an element; false: what is in it is not shown, or
 * it is a table within, which stands by itself.
 */
static bool
fold_element(struct fold *f, const GumboNode *node, bool begin)
{
	enum shown shown = shown_as(node);

	if (f->tables)
		shown = shown_in_page(f, node, shown);
	if (shown == PRE)
		f->kept += begin ? 1 : (size_t)-1;
	if (shown == BREAK && begin)
		f->lines++;
	else if ((shown == BLOCK || shown == PRE || shown == WITHIN) &&
		 f->lines == 0)
		f->lines = 1;
	return shown != HIDDEN && shown != WITHIN;
}

static bool
enter(struct case_html_tree *t, size_t n, const GumboNode *node)
{
	size_t cap = t->step_cap == 0 ? 64 : 2 * t->step_cap;
	struct step *step;

	if (n == t->step_cap) {
		step = reallocarray(t->step, cap, sizeof(*step));
		if (step == NULL)
			return false;
		t->step = step;
		t->step_cap = cap;
	}
	t->step[n] = (struct step){ node, 0 };
	return true;
}

/* All texts in an element, without recursion, however deep they are. */
static void
collect(struct case_html_tree *t, const GumboNode *from, bool tables,
    struct case_buf *out)
{
	struct fold f = { .out = out, .from = out->n, .tables = tables };
	size_t n = 1;

	out->failed = !enter(t, 0, from) || out->failed;
	while (n > 0 && !out->failed) {
		struct step *step = &t->step[n - 1];
		const GumboNode *node;

		if (step->child == step->node->v.element.children.length) {
			if (--n > 0)
				fold_element(&f, step->node, false);
			continue;
		}
		node = child(step->node, step->child++);
		if (node->type == GUMBO_NODE_ELEMENT) {
			if (!fold_element(&f, node, true))
				continue;
			out->failed = !enter(t, n++, node);
		} else if (node->type == GUMBO_NODE_TEXT ||
			   node->type == GUMBO_NODE_CDATA ||
			   node->type == GUMBO_NODE_WHITESPACE) {
			fold_text(&f, node->v.text.text);
		}
	}
}

static const char *
attribute(const GumboNode *node, const char *name)
{
	const GumboAttribute *a =
	    gumbo_get_attribute(&node->v.element.attributes, name);

	return a == NULL ? NULL : a->value;
}

/* A span in an attribute: digits, and what is none is 1. */
static size_t
span(const GumboNode *node, const char *name, size_t max)
{
	const char *s = attribute(node, name);
	size_t n = 0;

	if (s == NULL)
		return 1;
	s += strspn(s, " \t\n\r\f");
	if (*s < '0' || *s > '9')
		return 1;
	for (; *s >= '0' && *s <= '9'; s++)
		if (n <= max)
			n = n * 10 + (size_t)(*s - '0');
	return n > max ? max : n;
}

/* Whether what is shown is a number too, and no date made of one. */
static bool
shows_number(struct case_str s)
{
	static const char plain[] = "0123456789.,+-%Ee#()$ ";

	s = case_text_trim(s.p, s.n);
	for (size_t i = 0; i < s.n; i++) {
		if ((s.p[i] == '-' || s.p[i] == '+') && i > 0 &&
		    s.p[i - 1] >= '0' && s.p[i - 1] <= '9')
			return false;
		if (memchr(plain, s.p[i], sizeof(plain) - 1) == NULL &&
		    (unsigned char)s.p[i] < 0x80)
			return false;
	}
	/* Words of numbers and dates (年) are shown as they are; ¥ is none. */
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0xe3 &&
		    (unsigned char)s.p[i] <= 0xe9)
			return false;
	return true;
}

/* The number behind what is shown from a place on takes its place. */
static void
take_number(const GumboNode *node, struct case_buf *out, size_t from)
{
	const char *s = attribute(node, "x:num");
	struct case_value v;

	if (s == NULL || *s == '\0' || out->failed ||
	    !shows_number(
		(struct case_str){ case_buf_str(out) + from, out->n - from }) ||
	    case_value_parse(&v, CASE_NUMBER, s, strlen(s), NULL) != CASE_OK ||
	    v.missing)
		return;
	out->n = from;
	case_cell_number(out, v.u.d, CASE_CELL_NUMBER, false);
}

struct case_html_span
case_html_tree_cell(struct case_html_tree *t, size_t row, size_t cell,
    struct case_buf *out)
{
	const GumboNode *node = cell_node(t, row, cell);
	struct case_html_span s = { 1, 1 };
	size_t from = out->n;

	if (node == NULL)
		return s;
	s.columns = span(node, "colspan", COLUMNS_MAX);
	s.rows = span(node, "rowspan", ROWS_MAX);
	if (s.columns == 0)
		s.columns = 1;
	if (s.rows == 0)
		s.rows = SIZE_MAX;
	collect(t, node, false, out);
	take_number(node, out, from);
	return s;
}

enum case_status
case_html_tree_page(struct case_html_tree *t, const char *p, size_t n,
    struct case_buf *out, struct case_error *err)
{
	enum case_status rc = parse(t, p, n, GUMBO_TAG_DIV, err);

	if (rc != CASE_OK)
		return rc;
	collect(t, t->root, true, out);
	return out->failed ? case_error_memory(err) : CASE_OK;
}

enum case_status
case_html_tree_text(struct case_html_tree *t, const char *p, size_t n,
    struct case_buf *out, struct case_error *err)
{
	enum case_status rc = parse(t, p, n, GUMBO_TAG_DIV, err);

	if (rc != CASE_OK)
		return rc;
	collect(t, t->root, false, out);
	return out->failed ? case_error_memory(err) : CASE_OK;
}
