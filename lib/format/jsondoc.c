/* jsondoc.c - rows of one JSON document: the objects of an array */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/format/jsonanswer.h"
#include "lib/format/jsondoc.h"
#include "lib/format/jsonrow.h"

/*
 * The document is read twice. The first time all of it is checked, so that
 * broken syntax at its end is known before a row of it is given, and the
 * arrays that hold objects are found: the document itself, or what is reached
 * from it through objects alone. Each is a table; a document that has none is
 * one record. The second time the elements are given one by one, so that no
 * more than one of them, 16 MiB, is held.
 *
 * A row's line is the one on which its element begins, and it takes the lines
 * up to the next element. When two elements begin on one line, as in a
 * document without line ends, the number of the element stands for its line.
 */

/* So near the end of what is held, a token may be cut off. */
#define TOKEN_MAX 16

/* So many names beside the tables are kept. */
#define BESIDE_MAX 64

/*
 * path		the keys that lead to it, "result.records"; "" the document
 * offset	of the first byte behind its bracket
 * last		the byte before that
 * line		on which that is, from 1
 * count	its elements
 * by_element	two of them begin on one line
 * depth	brackets around its elements
 */
struct table {
	char *path;
	uint64_t offset;
	char last;
	size_t line;
	size_t count;
	bool by_element;
	size_t depth;
};

/*
 * offset, last	of what was consumed: its size, and its last byte
 * lines	of the whole document
 * whole	there is no table: the document is the one element
 * empty	nor is that one: it is an answer that there are no rows
 * answer	what the document says beside its tables
 * beside	names of its own values there that no answer has
 * given	elements given so far; at_end: there are no more
 */
struct jsondoc {
	struct json_row row;
	struct table *table;
	size_t table_n;
	struct case_sheet *sheet;
	struct case_buf path;
	uint64_t offset;
	char last;
	size_t lines;
	bool whole;
	bool empty;
	struct json_answer answer;
	struct case_str beside[BESIDE_MAX];
	size_t beside_n;
	size_t given;
	bool at_end;
};

/* --- the text ----------------------------------------------------------- */

static struct json_scan
scan_held(struct case_reader *rd, size_t held, size_t depth)
{
	struct jsondoc *d = rd->state;

	return json_row_scan(&d->row, rd, case_window_at(&rd->w, 0), held,
	    depth);
}

static void
consume(struct case_reader *rd, size_t n)
{
	struct jsondoc *d = rd->state;
	const char *p = case_window_at(&rd->w, 0);

	if (n == 0)
		return;
	d->offset += n;
	case_window_consume(&rd->w, n,
	    case_window_breaks(p, n, d->last, false));
	d->last = p[n - 1];
}

/* Says what is wrong at s->p, what stands there, and on which line. */
static enum case_status
broken(struct case_reader *rd, const struct json_scan *s, const char *fault,
    struct case_error *err)
{
	struct jsondoc *d = rd->state;
	const char *from = case_window_at(&rd->w, 0);
	const char *at = s->soft != NULL ? s->soft_at : s->p;
	struct case_buf there = { 0 };
	enum case_status rc;
	size_t line = rd->w.line + 1, n = (size_t)(s->end - at);

	if (s->too_deep)
		return case_limit_error(&rd->limits, &rd->limits.depth,
		    _(fault), err);
	if (at > from)
		line += case_window_breaks(from, (size_t)(at - from), d->last,
		    false);
	if (n > 0)
		case_text_visible(&there, at,
		    case_utf8_prefix(at, n < 20 ? n : 20));
	if (n > 0)
		rc = case_error_set(err, CASE_EDATA, line,
		    _("broken JSON: %s, where \"%s\" stands; nothing of the "
		      "file is taken"),
		    _(s->soft != NULL ? s->soft : fault), case_buf_str(&there));
	else
		rc = case_error_set(err, CASE_EDATA, line,
		    _("broken JSON: %s, where the text ends; nothing of the "
		      "file is taken"),
		    _(s->soft != NULL ? s->soft : fault));
	case_buf_free(&there);
	return rc;
}

/* Passes blanks; *c is the byte that comes next, NUL at the end of all. */
static enum case_status
next_byte(struct case_reader *rd, char *c, struct case_error *err)
{
	struct json_scan s;
	enum case_status rc;
	size_t held;

	for (;;) {
		if ((rc = case_window_peek(&rd->w, 1, &held, err)) != CASE_OK)
			return rc;
		s = scan_held(rd, held, 0);
		json_space(&s);
		if (s.p < s.end || held == 0)
			break;
		consume(rd, held);
	}
	*c = held == 0 ? '\0' : *s.p;
	/* A NUL is no end: nothing takes it for a token. */
	if (held > 0 && *c == '\0')
		*c = '\x01';
	consume(rd, held == 0 ? 0 : (size_t)(s.p - case_window_at(&rd->w, 0)));
	return CASE_OK;
}

static bool
needs_more(const struct case_reader *rd, const struct json_scan *s)
{
	return !rd->w.eof && !s->too_deep && s->end - s->p < TOKEN_MAX;
}

static enum case_status
too_long(struct case_reader *rd, struct case_error *err)
{
	return case_error_set(err, CASE_EDATA, rd->w.line + 1, "%s",
	    _("a value in the JSON document is longer than 16 MiB; nothing of "
	      "the file is taken"));
}

/* Holds twice as much, up to an element and as many blanks behind it. */
static enum case_status
hold_more(struct case_reader *rd, size_t *held, struct case_error *err)
{
	size_t want = *held * 2 + TOKEN_MAX;

	if (*held >= 2 * CASE_ROW_MAX)
		return too_long(rd, err);
	if (want > 2 * CASE_ROW_MAX)
		want = 2 * CASE_ROW_MAX;
	return case_window_peek(&rd->w, want, held, err);
}

/* One value of any kind, which has to be good JSON: its size. */
static enum case_status
hold_value(struct case_reader *rd, size_t depth, size_t *size,
    struct case_error *err)
{
	struct json_scan s;
	enum case_status rc;
	size_t held;

	if ((rc = case_window_peek(&rd->w, 1, &held, err)) != CASE_OK)
		return rc;
	for (;;) {
		s = scan_held(rd, held, depth);
		json_value(&s);
		if (s.stack->failed)
			return case_error_memory(err);
		if (!needs_more(rd, &s))
			break;
		if ((rc = hold_more(rd, &held, err)) != CASE_OK)
			return rc;
	}
	if (s.fault != NULL)
		return broken(rd, &s, s.fault, err);
	*size = (size_t)(s.p - case_window_at(&rd->w, 0));
	return *size > CASE_ROW_MAX ? too_long(rd, err) : CASE_OK;
}

static enum case_status
pass_value(struct case_reader *rd, size_t depth, struct case_error *err)
{
	enum case_status rc;
	size_t size;

	if ((rc = hold_value(rd, depth, &size, err)) == CASE_OK)
		consume(rd, size);
	return rc;
}

static enum case_status
keep_beside(struct jsondoc *d, const char *key, struct case_error *err)
{
	char *copy;

	if (d->beside_n == BESIDE_MAX || json_answer_knows(&d->answer, key))
		return CASE_OK;
	if ((copy = strdup(key)) == NULL)
		return case_error_memory(err);
	d->beside[d->beside_n++] = (struct case_str){ copy, strlen(copy) };
	return CASE_OK;
}

/* A value outside of all tables, which is no list and no object. */
static enum case_status
pass_word(struct case_reader *rd, size_t depth, const char *key,
    struct case_error *err)
{
	struct jsondoc *d = rd->state;
	enum case_status rc;
	struct case_str raw;

	if ((rc = hold_value(rd, depth, &raw.n, err)) != CASE_OK)
		return rc;
	raw.p = case_window_at(&rd->w, 0);
	if ((rc = json_answer_value(&d->answer, key, raw, err)) == CASE_OK)
		consume(rd, raw.n);
	if (rc != CASE_OK || depth > 1)
		return rc;
	return keep_beside(d, key, err);
}

/* --- the first reading: syntax and tables -------------------------------- */

static enum case_status
expected(struct case_reader *rd, const char *what, struct case_error *err)
{
	struct json_scan s = scan_held(rd, rd->w.end - rd->w.at, 0);

	return broken(rd, &s, what, err);
}

static enum case_status
too_deep(struct case_reader *rd, struct case_error *err)
{
	return case_limit_error(&rd->limits, &rd->limits.depth,
	    _("JSON is nested too deeply"), err);
}

/* Behind a value of an array or object: *more when another is to come. */
static enum case_status
pass_comma(struct case_reader *rd, char close, bool *more,
    struct case_error *err)
{
	enum case_status rc;
	char c;

	if ((rc = next_byte(rd, &c, err)) != CASE_OK)
		return rc;
	if (c != ',' && c != close)
		return expected(rd,
		    N_("a comma or a closing bracket is expected in JSON"),
		    err);
	*more = c == ',';
	consume(rd, 1);
	return CASE_OK;
}

/* Adds the key, which comes next, to the path. */
static enum case_status
pass_key(struct case_reader *rd, struct case_error *err)
{
	struct jsondoc *d = rd->state;
	struct case_str raw;
	struct json_scan s;
	enum case_status rc;
	bool escaped;
	size_t held;
	char c;

	if ((rc = next_byte(rd, &c, err)) != CASE_OK)
		return rc;
	held = rd->w.end - rd->w.at;
	for (;;) {
		s = scan_held(rd, held, 0);
		if (json_key(&s, &raw, &escaped) || !needs_more(rd, &s))
			break;
		if ((rc = hold_more(rd, &held, err)) != CASE_OK)
			return rc;
	}
	if (s.fault != NULL || s.soft != NULL)
		return broken(rd, &s, s.fault, err);
	if (raw.n > JSON_NAME_MAX || d->path.n > JSON_NAME_MAX)
		return broken(rd, &s,
		    N_("a JSON key is longer than 4,096 bytes"), err);
	if (d->path.n > 0)
		case_buf_addc(&d->path, '.');
	json_decode(&d->path, raw);
	consume(rd, (size_t)(s.p - case_window_at(&rd->w, 0)));
	if (d->path.failed)
		return case_error_memory(err);
	if (!case_utf8_valid(case_buf_str(&d->path), d->path.n))
		return expected(rd,
		    N_("a key holds bytes that are not of the file's encoding"),
		    err);
	return CASE_OK;
}

static enum case_status
add_table(struct jsondoc *d, struct table *t, struct case_error *err)
{
	struct table *p;

	for (size_t i = 0; i < d->table_n; i++)
		if (strcmp(d->table[i].path, case_buf_str(&d->path)) == 0)
			return case_error_set(err, CASE_EDATA, t->line,
			    _("the key \"%s\" stands twice; nothing of the "
			      "file is taken"),
			    d->table[i].path);
	p = reallocarray(d->table, d->table_n + 1, sizeof(*p));
	if (p == NULL)
		return case_error_memory(err);
	d->table = p;
	if ((t->path = strdup(case_buf_str(&d->path))) == NULL)
		return case_error_memory(err);
	d->table[d->table_n++] = *t;
	return CASE_OK;
}

/* The elements of an array, behind its bracket; *objects of them are such. */
static enum case_status
survey_elements(struct case_reader *rd, struct table *t, size_t *objects,
    struct case_error *err)
{
	enum case_status rc;
	size_t line = 0;
	bool more = true;
	char c;

	*objects = 0;
	if ((rc = next_byte(rd, &c, err)) != CASE_OK)
		return rc;
	if (c == ']') {
		consume(rd, 1);
		return CASE_OK;
	}
	while (more) {
		if ((rc = next_byte(rd, &c, err)) != CASE_OK)
			return rc;
		t->count++;
		t->by_element = t->by_element || line == rd->w.line + 1;
		line = rd->w.line + 1;
		*objects += c == '{';
		if ((rc = pass_value(rd, t->depth, err)) != CASE_OK ||
		    (rc = pass_comma(rd, ']', &more, err)) != CASE_OK)
			return rc;
	}
	return CASE_OK;
}

static enum case_status
survey_array(struct case_reader *rd, size_t depth, const char *key,
    struct case_error *err)
{
	struct jsondoc *d = rd->state;
	struct table t = { .depth = depth + 1 };
	enum case_status rc;
	size_t objects;

	if (t.depth > rd->limits.depth)
		return too_deep(rd, err);
	consume(rd, 1);
	t.offset = d->offset;
	t.last = d->last;
	t.line = rd->w.line + 1;
	if ((rc = survey_elements(rd, &t, &objects, err)) != CASE_OK)
		return rc;
	if (objects > 0 || (depth == 0 && t.count == 0))
		return add_table(d, &t, err);
	if (depth == 0)
		return case_error_set(err, CASE_EDATA, t.line, "%s",
		    _("a JSON array that holds no objects: its rows would "
		      "have no names; ask for an array of objects"));
	return t.count > 0 ? json_answer_group(&d->answer, key, err)
			   : json_answer_list(&d->answer, key,
				 case_buf_str(&d->path), err);
}

/* Back to what it was before a key was added. */
static void
cut_path(struct case_buf *path, size_t n)
{
	if (path->p != NULL)
		path->p[n] = '\0';
	path->n = n;
}

/*
 * An object around tables: its depth is bounded by that of the path, and its
 * own key begins there at key_at.
 */
static enum case_status
survey_object(struct case_reader *rd, size_t depth, size_t key_at,
    struct case_error *err)
{
	struct jsondoc *d = rd->state;
	size_t path_n = d->path.n, at = path_n + (path_n > 0);
	enum case_status rc;
	bool more = true;
	char c;

	if (depth + 1 > rd->limits.depth)
		return too_deep(rd, err);
	consume(rd, 1);
	if ((rc = next_byte(rd, &c, err)) != CASE_OK)
		return rc;
	if (c == '}') {
		consume(rd, 1);
		return CASE_OK;
	}
	if (depth > 0 && (rc = json_answer_group(&d->answer,
			      case_buf_str(&d->path) + key_at, err)) != CASE_OK)
		return rc;
	while (more) {
		if ((rc = pass_key(rd, err)) != CASE_OK ||
		    (rc = next_byte(rd, &c, err)) != CASE_OK)
			return rc;
		if (c == '{')
			rc = survey_object(rd, depth + 1, at, err);
		else if (c == '[')
			rc = survey_array(rd, depth + 1,
			    case_buf_str(&d->path) + at, err);
		else
			rc = pass_word(rd, depth + 1,
			    case_buf_str(&d->path) + at, err);
		if (rc != CASE_OK ||
		    (rc = pass_comma(rd, '}', &more, err)) != CASE_OK)
			return rc;
		cut_path(&d->path, path_n);
	}
	return CASE_OK;
}

static enum case_status
survey(struct case_reader *rd, struct case_error *err)
{
	struct jsondoc *d = rd->state;
	enum case_status rc;
	char c;

	if ((rc = next_byte(rd, &c, err)) != CASE_OK)
		return rc;
	if (c == '{')
		rc = survey_object(rd, 0, 0, err);
	else if (c == '[')
		rc = survey_array(rd, 0, "", err);
	else
		return expected(rd, N_("an array or object is expected"), err);
	if (rc != CASE_OK || (rc = next_byte(rd, &c, err)) != CASE_OK)
		return rc;
	if (c != '\0')
		return expected(rd,
		    N_("text stands behind the end of the document"), err);
	d->lines = case_window_lines(&rd->w);
	d->whole = d->table_n == 0;
	return CASE_OK;
}

/* --- the second reading: rows -------------------------------------------- */

/* To the first element of the table, from the begin of the text. */
static enum case_status
go_to_table(struct case_reader *rd, struct case_error *err)
{
	static const struct table document = { .last = '\0' };
	struct jsondoc *d = rd->state;
	const struct table *t = d->whole ? &document : &d->table[rd->sheet];
	enum case_status rc = CASE_OK;
	uint64_t left = t->offset;
	size_t held;

	while (left > 0) {
		if ((rc = case_window_peek(&rd->w, 1, &held, err)) != CASE_OK)
			return rc;
		/* The first reading was here: it is another file. */
		if (held == 0)
			return case_error_set(err, CASE_EBUSY, 0, "%s",
			    _("the file was changed while it was read"));
		held = held < left ? held : (size_t)left;
		case_window_consume(&rd->w, held, 0);
		left -= held;
	}
	rd->w.line = d->whole ? 0 : t->line - 1;
	d->offset = t->offset;
	d->last = t->last;
	d->given = 0;
	d->at_end = false;
	return rc;
}

static enum case_status
doc_rewind(struct case_reader *rd, struct case_error *err)
{
	return go_to_table(rd, err);
}

static enum case_status
doc_select(struct case_reader *rd, struct case_error *err)
{
	enum case_status rc;

	if ((rc = case_input_rewind(rd->in, err)) != CASE_OK)
		return rc;
	case_window_restart(&rd->w);
	json_row_forget(&((struct jsondoc *)rd->state)->row);
	return go_to_table(rd, err);
}

/* Reads what is left, so that its lines are counted. */
static enum case_status
drain(struct case_reader *rd, struct case_error *err)
{
	struct jsondoc *d = rd->state;
	enum case_status rc;
	size_t held;

	d->at_end = true;
	do {
		if ((rc = case_window_peek(&rd->w, 1, &held, err)) != CASE_OK)
			return rc;
		consume(rd, held);
	} while (held > 0);
	return CASE_EOF;
}

/*
 * The element that comes next, and the way from there to the one behind it:
 * size and to_next are counted from where it begins. last: there is none. cut:
 * more of the text is needed to know all that.
 */
struct element {
	struct json_scan scan;
	size_t size;
	size_t to_next;
	bool last;
	bool cut;
};

static enum case_status
take_element(struct case_reader *rd, struct element *e, size_t held,
    struct case_error *err)
{
	struct jsondoc *d = rd->state;
	const char *from = case_window_at(&rd->w, 0);
	struct json_scan *s = &e->scan, ahead;
	enum case_status rc = CASE_OK;

	*s = scan_held(rd, held, d->whole ? 0 : d->table[rd->sheet].depth);
	if (*s->p == '{') {
		rc = json_row_object(&d->row, rd, s, err);
	} else {
		json_spoil(s, N_("not a JSON object"));
		json_value(s);
	}
	e->size = (size_t)(s->p - from);
	ahead = *s;
	json_space(&ahead);
	e->last = d->whole || !json_is(&ahead, ',');
	json_space(&ahead);
	e->to_next = e->last ? e->size : (size_t)(ahead.p - from);
	/* Only a byte behind the blanks tells what comes. */
	e->cut = needs_more(rd, s) ||
		 (!d->whole && !rd->w.eof && ahead.p == ahead.end);
	return rc;
}

/* Takes it again with more of the text when it is cut off. */
static enum case_status
whole_element(struct case_reader *rd, struct element *e, struct case_error *err)
{
	struct jsondoc *d = rd->state;
	size_t held = rd->w.end - rd->w.at;
	enum case_status rc;

	for (;;) {
		rc = take_element(rd, e, held, err);
		if (rc == CASE_OK && !e->cut && e->scan.fault != NULL)
			rc = broken(rd, &e->scan, e->scan.fault, err);
		if (rc == CASE_OK && !e->cut)
			return CASE_OK;
		json_row_drop(&d->row);
		if (rc != CASE_OK ||
		    (rc = hold_more(rd, &held, err)) != CASE_OK)
			return rc;
	}
}

static enum case_status
doc_next(struct case_reader *rd, struct case_row *row, struct case_error *err)
{
	struct jsondoc *d = rd->state;
	struct element e;
	enum case_status rc;
	bool by_element;
	size_t line;
	char c;

	if (d->at_end)
		return CASE_EOF;
	if ((rc = next_byte(rd, &c, err)) != CASE_OK)
		return rc;
	if (c == ']' || c == '\0' || d->empty || (d->whole && d->given > 0))
		return drain(rd, err);
	if ((rc = whole_element(rd, &e, err)) != CASE_OK)
		return rc;
	line = rd->w.line + 1;
	by_element = !d->whole && d->table[rd->sheet].by_element;
	d->given++;
	*row = (struct case_row){
		.line = by_element ? d->given : line,
		.raw = { case_window_at(&rd->w, 0), e.size },
	};
	consume(rd, e.to_next);
	row->lines = by_element ? 1
		     : e.last	? d->lines - line + 1
				: rd->w.line + 1 - line;
	if (e.scan.soft == NULL)
		row->fault = case_reader_fault(rd, row->raw, false);
	if (row->fault != NULL) {
		json_row_drop(&d->row);
		return CASE_OK;
	}
	return json_row_end(&d->row, rd, &e.scan, row, err);
}

/* --- the reader ----------------------------------------------------------- */

/* One table needs no name; several are chosen from as sheets are. */
static enum case_status
name_sheets(struct jsondoc *d, struct case_error *err)
{
	if (d->table_n < 2)
		return CASE_OK;
	if ((d->sheet = calloc(d->table_n, sizeof(*d->sheet))) == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < d->table_n; i++)
		d->sheet[i].name = d->table[i].path;
	return CASE_OK;
}

static enum case_status
doc_open(struct case_reader *rd, struct case_error *err)
{
	enum case_status rc;

	if ((rd->state = calloc(1, sizeof(struct jsondoc))) == NULL)
		return case_error_memory(err);
	if ((rc = survey(rd, err)) != CASE_OK ||
	    (rc = name_sheets(rd->state, err)) != CASE_OK)
		return rc;
	return doc_select(rd, err);
}

static const struct case_str *
doc_names(const struct case_reader *rd, size_t *n)
{
	static const struct case_str none = { "", 0 };
	const struct jsondoc *d = rd->state;

	*n = d->row.leaf.n;
	return *n > 0 ? d->row.leaf.name : &none;
}

static const struct case_sheet *
doc_sheets(const struct case_reader *rd, size_t *n)
{
	const struct jsondoc *d = rd->state;

	*n = d->sheet != NULL ? d->table_n : 0;
	return d->sheet;
}

static const struct case_str *
doc_beside(const struct case_reader *rd, size_t *n)
{
	const struct jsondoc *d = rd->state;

	*n = d->whole ? 0 : d->beside_n;
	return d->beside;
}

static enum case_status
doc_answer(struct case_reader *rd, bool record, struct case_error *err)
{
	struct jsondoc *d = rd->state;
	enum case_status rc = CASE_EOF;

	if (d->whole)
		rc = json_answer_judge(&d->answer, record, err);
	if (rc != CASE_OK)
		return rc;
	d->empty = true;
	return doc_select(rd, err);
}

static size_t
doc_lines(const struct case_reader *rd)
{
	const struct jsondoc *d = rd->state;

	return !d->whole && d->table[rd->sheet].by_element
		   ? d->table[rd->sheet].count
		   : case_window_lines(&rd->w);
}

static void
doc_close(struct case_reader *rd)
{
	struct jsondoc *d = rd->state;

	for (size_t i = 0; i < d->table_n; i++)
		free(d->table[i].path);
	for (size_t i = 0; i < d->beside_n; i++)
		free((char *)(uintptr_t)d->beside[i].p);
	free(d->table);
	free(d->sheet);
	case_buf_free(&d->path);
	json_answer_free(&d->answer);
	json_row_free(&d->row);
	free(d);
}

const struct case_reader_ops case_reader_json = {
	.open = doc_open,
	.next = doc_next,
	.rewind = doc_rewind,
	.names = doc_names,
	.beside = doc_beside,
	.answer = doc_answer,
	.lines = doc_lines,
	.sheets = doc_sheets,
	.select = doc_select,
	.close = doc_close,
};

/* --- a document, or lines? ------------------------------------------------ */

/* The first byte behind the first line that is no blank, or NUL. */
static char
second_line(const char *p, const char *end)
{
	while (p < end && *p != '\n' && *p != '\r')
		p++;
	while (p < end && strchr(" \t\r\n", *p) != NULL)
		p++;
	return p < end ? *p : '\0';
}

/*
 * By the first value, as far as it is held: one that goes over several lines
 * is a document, and so is one with nothing behind it. Where it is broken,
 * lines are told by the next one's brace. *sure: more text would say the same.
 */
static bool
is_document(struct case_reader *rd, const struct json_scan *s, const char *from,
    bool *sure)
{
	struct json_scan rest = *s;
	size_t n = (size_t)(s->p - from);
	bool several =
	    memchr(from, '\n', n) != NULL || memchr(from, '\r', n) != NULL;

	*sure = true;
	if (s->fault != NULL && !needs_more(rd, s))
		return second_line(from, s->end) != '{' &&
		       (several || s->too_deep);
	json_space(&rest);
	*sure = several || rd->w.eof || (s->fault == NULL && rest.p < rest.end);
	return several || rest.p == rest.end;
}

enum case_status
json_is_document(struct case_reader *rd, size_t at, bool *document,
    struct case_error *err)
{
	struct json_row row = { 0 };
	struct json_scan s;
	enum case_status rc;
	const char *from;
	size_t held = 0;
	bool sure;

	*document = false;
	do {
		rc = case_window_peek(&rd->w, held * 2 + 1, &held, err);
		if (rc != CASE_OK)
			break;
		from = case_window_at(&rd->w, at);
		s = json_row_scan(&row, rd, from, held - at, 0);
		json_value(&s);
		if (s.stack->failed)
			rc = case_error_memory(err);
		*document = is_document(rd, &s, from, &sure);
	} while (rc == CASE_OK && !sure && held <= CASE_ROW_MAX);
	json_row_free(&row);
	return rc;
}
