/* xlsxbook.c - what the sheets of an Office Open XML workbook share */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/format/xlsxbook.h"
#include "lib/format/xml.h"

/* More styles than any program writes. */
#define STYLES_MAX ((size_t)1 << 20)

/* Offsets into the texts of the relations that one part has. */
struct relation {
	size_t id;
	size_t type;
	size_t target;
};

/*
 * The relations of one part.
 *
 * base		the folder of that part, "" or with its '/'
 */
struct relations {
	const struct case_limits *limits;
	struct case_buf text;
	struct case_buf list; /* of struct relation */
	const char *base;
};

/* --- parts ------------------------------------------------------------ */

/* A whole part; what is wrong with its XML is said with its name. */
static enum case_status
read_part(struct case_zip *zip, size_t part,
    const struct case_xml_handler *handler, void *arg,
    const struct case_limits *limits, struct case_error *err)
{
	const char *name = case_zip_entry(zip, part)->name;
	struct case_error why = { { 0 }, 0 };
	struct case_zip_file *f = NULL;
	struct case_xml *x = NULL;
	enum case_status rc;

	rc = case_zip_file_open(&f, zip, part, &why);
	if (rc == CASE_OK)
		rc = case_xml_open(&x, handler, arg, case_zip_read, f, false,
		    limits, &why);
	while (rc == CASE_OK)
		rc = case_xml_next(x, &why);
	case_xml_close(x);
	case_zip_file_close(f);
	if (rc == CASE_EOF)
		return CASE_OK;
	if (strncmp(why.what, name, strlen(name)) == 0)
		return case_error_set(err, rc, 0, "%s", why.what);
	return case_error_set(err, rc, 0, "%s: %s", name, why.what);
}

static enum case_status
too_much(const struct case_limits *l, const char *what, struct case_error *err)
{
	return case_limit_error(l, &l->held, what, err);
}

/* --- relations -------------------------------------------------------- */

static size_t
keep_text(struct case_buf *b, const char *s)
{
	size_t at = b->n;

	case_buf_add(b, s != NULL ? s : "", s != NULL ? strlen(s) + 1 : 1);
	return at;
}

static enum case_status
relation_start(void *arg, const char *name, const char *const *attr,
    struct case_error *err)
{
	struct relations *r = arg;
	const char *mode = case_xml_attr(attr, "TargetMode");
	struct relation one;

	if (strcmp(name, "Relationship") != 0 ||
	    (mode != NULL && strcmp(mode, "External") == 0))
		return CASE_OK;
	if (r->text.n + r->list.n > r->limits->held)
		return too_much(r->limits,
		    _("the workbook has too many relations"), err);
	one.id = keep_text(&r->text, case_xml_attr(attr, "Id"));
	one.type = keep_text(&r->text, case_xml_attr(attr, "Type"));
	one.target = keep_text(&r->text, case_xml_attr(attr, "Target"));
	case_buf_add(&r->list, (const char *)&one, sizeof(one));
	return r->text.failed || r->list.failed ? case_error_memory(err)
						: CASE_OK;
}

static void
relations_free(struct relations *r)
{
	case_buf_free(&r->text);
	case_buf_free(&r->list);
}

/* The relations of the part base/file; none when it has no such list. */
static enum case_status
relations_read(struct relations *r, struct case_zip *zip, const char *base,
    const char *file, const struct case_limits *limits, struct case_error *err)
{
	static const struct case_xml_handler handler = {
		.start = relation_start,
	};
	struct case_buf path = { 0 };
	enum case_status rc = CASE_OK;
	size_t part;

	*r = (struct relations){ .limits = limits, .base = base };
	case_buf_addf(&path, "%s_rels/%s.rels", base, file);
	if (path.failed)
		rc = case_error_memory(err);
	else if (case_zip_find(zip, path.p, &part))
		rc = read_part(zip, part, &handler, r, limits, err);
	case_buf_free(&path);
	return rc;
}

/* The type is a long address, whose last part is the same in all editions. */
static bool
is_type(const struct relations *r, const struct relation *one, const char *type)
{
	const char *s = strrchr(r->text.p + one->type, '/');

	return s != NULL && strcmp(s + 1, type) == 0;
}

/* By type, by id, or both; NULL: there is none. */
static const struct relation *
relation_find(const struct relations *r, const char *type, const char *id)
{
	const struct relation *list = (const void *)r->list.p;

	for (size_t i = 0; i < r->list.n / sizeof(*list); i++)
		if ((type == NULL || is_type(r, &list[i], type)) &&
		    (id == NULL || strcmp(r->text.p + list[i].id, id) == 0))
			return &list[i];
	return NULL;
}

/* The target as a path within the archive: without ".", ".." and "//". */
static void
target_path(struct case_buf *path, const struct relations *r,
    const struct relation *one)
{
	const char *s = r->text.p + one->target;

	case_buf_adds(path, s[0] == '/' ? "" : r->base);
	while (*s != '\0') {
		size_t n = strcspn(s, "/\\");

		if (n == 2 && s[0] == '.' && s[1] == '.') {
			path->n -= path->n > 0;
			while (path->n > 0 && path->p[path->n - 1] != '/')
				path->n--;
		} else if (n > 0 && !(n == 1 && s[0] == '.')) {
			case_buf_add(path, s, n);
			if (s[n] != '\0')
				case_buf_addc(path, '/');
		}
		s += n + (s[n] != '\0');
	}
	case_buf_add(path, "", 0);
}

/* The entry that a relation leads to, or XLSX_NO_PART. */
static enum case_status
relation_part(const struct relations *r, const struct relation *one,
    const struct case_zip *zip, size_t *part, struct case_error *err)
{
	struct case_buf path = { 0 };

	*part = XLSX_NO_PART;
	if (one == NULL)
		return CASE_OK;
	target_path(&path, r, one);
	if (path.failed)
		return case_error_memory(err);
	if (!case_zip_find(zip, path.p, part))
		*part = XLSX_NO_PART;
	case_buf_free(&path);
	return CASE_OK;
}

/* --- the workbook ----------------------------------------------------- */

struct workbook {
	struct xlsx_book *book;
	const struct relations *relations;
	struct case_buf sheets; /* of struct case_sheet; name is an offset */
	struct case_buf parts;	/* of size_t */
};

static bool
is_true(const char *s)
{
	return s != NULL && (strcmp(s, "1") == 0 || strcmp(s, "true") == 0 ||
				strcmp(s, "on") == 0);
}

/* Sheets that are one part would make a small file as long as they are many. */
static bool
is_taken(const struct workbook *w, size_t part)
{
	const size_t *parts = (const void *)w->parts.p;

	for (size_t i = 0; i < w->parts.n / sizeof(part); i++)
		if (parts[i] == part && part != XLSX_NO_PART)
			return true;
	return false;
}

static enum case_status
add_sheet(struct workbook *w, const char *const *attr, struct case_error *err)
{
	const char *name = case_xml_attr(attr, "name");
	const char *state = case_xml_attr(attr, "state");
	const char *id = case_xml_attr(attr, "id");
	const struct relation *one = NULL;
	struct case_sheet sheet;
	enum case_status rc;
	size_t part;

	if (id != NULL)
		one = relation_find(w->relations, NULL, id);
	/* Charts, dialogs and macros have no cells. */
	if (one != NULL && !is_type(w->relations, one, "worksheet"))
		return CASE_OK;
	if (w->parts.n / sizeof(part) >= w->book->limits->entries)
		return case_limit_error(w->book->limits,
		    &w->book->limits->entries,
		    _("the workbook has too many sheets"), err);
	rc = relation_part(w->relations, one, w->book->zip, &part, err);
	if (rc != CASE_OK)
		return rc;
	if (is_taken(w, part))
		return case_error_set(err, CASE_EDATA, 0,
		    _("sheet '%s' is the same part of the file as another one; "
		      "the file is damaged, ask for it again"),
		    name != NULL ? name : "");
	sheet.hidden = state != NULL && strcmp(state, "visible") != 0;
	sheet.name = (const char *)keep_text(&w->book->names, name);
	case_buf_add(&w->sheets, (const char *)&sheet, sizeof(sheet));
	case_buf_add(&w->parts, (const char *)&part, sizeof(part));
	return CASE_OK;
}

static enum case_status
workbook_start(void *arg, const char *name, const char *const *attr,
    struct case_error *err)
{
	struct workbook *w = arg;

	if (strcmp(name, "sheet") == 0)
		return add_sheet(w, attr, err);
	if (strcmp(name, "workbookPr") == 0)
		w->book->from1904 = is_true(case_xml_attr(attr, "date1904"));
	return CASE_OK;
}

/* Texts have stopped moving: sheets become the book's own. */
static enum case_status
take_sheets(struct workbook *w, struct case_error *err)
{
	struct xlsx_book *book = w->book;

	if (w->sheets.failed || w->parts.failed || book->names.failed)
		return case_error_memory(err);
	book->sheet_n = w->parts.n / sizeof(*book->part);
	if (book->sheet_n == 0)
		return case_error_set(err, CASE_EDATA, 0,
		    _("the workbook has no sheet with cells"));
	book->sheet = (void *)w->sheets.p;
	book->part = (void *)w->parts.p;
	w->sheets = w->parts = (struct case_buf){ 0 };
	for (size_t i = 0; i < book->sheet_n; i++)
		book->sheet[i].name =
		    book->names.p + (size_t)book->sheet[i].name;
	return CASE_OK;
}

static enum case_status
read_workbook(struct xlsx_book *book, size_t part, const struct relations *r,
    struct case_error *err)
{
	static const struct case_xml_handler handler = {
		.start = workbook_start,
	};
	struct workbook w = { .book = book, .relations = r };
	enum case_status rc;

	rc = read_part(book->zip, part, &handler, &w, book->limits, err);
	if (rc == CASE_OK)
		rc = take_sheets(&w, err);
	case_buf_free(&w.sheets);
	case_buf_free(&w.parts);
	return rc;
}

/* --- styles ----------------------------------------------------------- */

struct format {
	uint32_t id;
	enum case_cell_form form;
};

struct styles {
	bool formats;
	bool cells;
	struct case_buf format; /* of struct format */
	struct case_buf style;	/* of uint32_t, the format of each */
};

static uint32_t
number_of(const char *s)
{
	unsigned long v = s == NULL ? 0 : strtoul(s, NULL, 10);

	return v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}

static enum case_status
styles_start(void *arg, const char *name, const char *const *attr,
    struct case_error *err)
{
	struct styles *s = arg;
	struct format one;

	if (strcmp(name, "numFmts") == 0)
		s->formats = true;
	if (strcmp(name, "cellXfs") == 0)
		s->cells = true;
	if (s->formats && strcmp(name, "numFmt") == 0) {
		const char *code = case_xml_attr(attr, "formatCode");

		code = code == NULL ? "" : code;
		one.id = number_of(case_xml_attr(attr, "numFmtId"));
		one.form = case_cell_form_code(code, strlen(code));
		case_buf_add(&s->format, (const char *)&one, sizeof(one));
	}
	if (s->cells && strcmp(name, "xf") == 0) {
		one.id = number_of(case_xml_attr(attr, "numFmtId"));
		case_buf_add(&s->style, (const char *)&one.id, sizeof(one.id));
	}
	if (s->format.failed || s->style.failed)
		return case_error_memory(err);
	if (s->format.n / sizeof(one) > STYLES_MAX ||
	    s->style.n / sizeof(one.id) > STYLES_MAX)
		return case_error_set(err, CASE_EDATA, 0,
		    _("the workbook has more than a million styles"));
	return CASE_OK;
}

static enum case_status
styles_end(void *arg, const char *name, struct case_error *err)
{
	struct styles *s = arg;

	(void)err;
	if (strcmp(name, "numFmts") == 0)
		s->formats = false;
	if (strcmp(name, "cellXfs") == 0)
		s->cells = false;
	return CASE_OK;
}

static int
by_id(const void *a, const void *b)
{
	const struct format *f = a, *g = b;

	return (f->id > g->id) - (f->id < g->id);
}

/* A format with a code is what the code says, whatever its number. */
static enum case_status
take_styles(struct xlsx_book *book, struct styles *s, struct case_error *err)
{
	size_t n = s->format.n / sizeof(struct format);
	const uint32_t *style = (const void *)s->style.p;

	book->form_n = s->style.n / sizeof(*style);
	if (book->form_n == 0)
		return CASE_OK;
	if ((book->form = malloc(book->form_n)) == NULL)
		return case_error_memory(err);
	if (n > 0)
		qsort(s->format.p, n, sizeof(struct format), by_id);
	for (size_t i = 0; i < book->form_n; i++) {
		struct format key = { .id = style[i] };
		const struct format *f =
		    n == 0 ? NULL
			   : bsearch(&key, s->format.p, n, sizeof(key), by_id);

		book->form[i] =
		    (unsigned char)(f != NULL
					? f->form
					: case_cell_form_builtin(style[i]));
	}
	return CASE_OK;
}

static enum case_status
read_styles(struct xlsx_book *book, size_t part, struct case_error *err)
{
	static const struct case_xml_handler handler = {
		.start = styles_start,
		.end = styles_end,
	};
	struct styles s = { .formats = false };
	enum case_status rc;

	rc = read_part(book->zip, part, &handler, &s, book->limits, err);
	if (rc == CASE_OK)
		rc = take_styles(book, &s, err);
	case_buf_free(&s.format);
	case_buf_free(&s.style);
	return rc;
}

enum case_cell_form
xlsx_book_form(const struct xlsx_book *book, size_t style)
{
	return style < book->form_n ? (enum case_cell_form)book->form[style]
				    : CASE_CELL_NUMBER;
}

/* --- shared strings --------------------------------------------------- */

/*
 * depth	of the element that is read: 1 sst, 2 si, 3 t or r, 4 t of an r
 * take		texts are of the string
 */
struct strings {
	struct xlsx_book *book;
	unsigned depth;
	bool run;
	bool take;
};

static enum case_status
strings_start(void *arg, const char *name, const char *const *attr,
    struct case_error *err)
{
	struct strings *s = arg;

	(void)attr, (void)err;
	s->depth++;
	if (s->depth == 3)
		s->run = strcmp(name, "r") == 0;
	s->take = (s->depth == 3 || (s->depth == 4 && s->run)) &&
		  strcmp(name, "t") == 0;
	return CASE_OK;
}

static enum case_status
strings_text(void *arg, const char *p, size_t n, struct case_error *err)
{
	struct strings *s = arg;
	struct xlsx_book *book = s->book;

	if (!s->take)
		return CASE_OK;
	if (book->text.n + n + book->string_n * sizeof(*book->at) >
	    book->limits->held)
		return too_much(book->limits,
		    _("the workbook's shared strings are too long"), err);
	case_buf_add(&book->text, p, n);
	return book->text.failed ? case_error_memory(err) : CASE_OK;
}

static enum case_status
end_string(struct xlsx_book *book, struct case_error *err)
{
	size_t cap, *at, from = book->at[book->string_n];

	if (book->text.n > from)
		book->text.n = from + xlsx_unescape(book->text.p + from,
					  book->text.n - from);
	if (book->string_n + 2 > book->string_cap) {
		cap = book->string_cap + book->string_cap / 2;
		if (cap * sizeof(*at) > book->limits->held)
			return too_much(book->limits,
			    _("the workbook has too many shared strings"), err);
		if ((at = reallocarray(book->at, cap, sizeof(*at))) == NULL)
			return case_error_memory(err);
		book->at = at;
		book->string_cap = cap;
	}
	book->at[++book->string_n] = book->text.n;
	return CASE_OK;
}

static enum case_status
strings_end(void *arg, const char *name, struct case_error *err)
{
	struct strings *s = arg;

	s->take = false;
	if (s->depth-- == 2 && strcmp(name, "si") == 0)
		return end_string(s->book, err);
	return CASE_OK;
}

enum case_status
xlsx_book_strings(struct xlsx_book *book, struct case_error *err)
{
	static const struct case_xml_handler handler = {
		.start = strings_start,
		.end = strings_end,
		.text = strings_text,
	};
	struct strings s = { .book = book };
	enum case_status rc;

	if (book->loaded)
		return CASE_OK;
	if (book->strings == XLSX_NO_PART)
		return case_error_set(err, CASE_EDATA, 0,
		    _("the workbook's shared strings are missing; the file is "
		      "damaged, ask for it again"));
	if (book->at == NULL) {
		book->string_cap = 1024;
		book->at = malloc(book->string_cap * sizeof(*book->at));
		if (book->at == NULL)
			return case_error_memory(err);
	}
	book->at[0] = book->string_n = book->text.n = 0;
	rc = read_part(book->zip, book->strings, &handler, &s, book->limits,
	    err);
	book->loaded = rc == CASE_OK;
	return rc;
}

/* --- all together ----------------------------------------------------- */

/* The part that is the workbook itself, whatever its name. */
static enum case_status
find_workbook(struct xlsx_book *book, size_t *part, struct case_error *err)
{
	static const char *const usual[] = { "xl/workbook.xml",
		"workbook.xml" };
	struct relations root;
	enum case_status rc;

	rc = relations_read(&root, book->zip, "", "", book->limits, err);
	if (rc == CASE_OK)
		rc = relation_part(&root,
		    relation_find(&root, "officeDocument", NULL), book->zip,
		    part, err);
	relations_free(&root);
	for (size_t i = 0; rc == CASE_OK && *part == XLSX_NO_PART && i < 2; i++)
		if (!case_zip_find(book->zip, usual[i], part))
			*part = XLSX_NO_PART;
	if (rc == CASE_OK && *part == XLSX_NO_PART)
		return case_error_set(err, CASE_EDATA, 0,
		    _("the workbook lacks its list of sheets; the file is "
		      "damaged, ask for it again"));
	return rc;
}

/* What the workbook relates to: sheets, styles, shared strings. */
static enum case_status
read_related(struct xlsx_book *book, size_t part, const struct relations *r,
    struct case_error *err)
{
	enum case_status rc;
	size_t styles;

	rc = relation_part(r, relation_find(r, "sharedStrings", NULL),
	    book->zip, &book->strings, err);
	if (rc == CASE_OK)
		rc = relation_part(r, relation_find(r, "styles", NULL),
		    book->zip, &styles, err);
	if (rc == CASE_OK && styles != XLSX_NO_PART)
		rc = read_styles(book, styles, err);
	if (rc == CASE_OK)
		rc = read_workbook(book, part, r, err);
	return rc;
}

enum case_status
xlsx_book_open(struct xlsx_book *book, struct case_input *in,
    const struct case_limits *limits, struct case_error *err)
{
	struct relations relations = { .limits = limits };
	struct case_buf base = { 0 };
	const char *path, *slash;
	enum case_status rc;
	size_t part = 0;

	*book = (struct xlsx_book){ .limits = limits };
	if ((rc = case_zip_open(&book->zip, in, limits, err)) != CASE_OK ||
	    (rc = find_workbook(book, &part, err)) != CASE_OK)
		return rc;
	path = case_zip_entry(book->zip, part)->name;
	slash = strrchr(path, '/');
	if (slash != NULL)
		case_buf_add(&base, path, (size_t)(slash - path) + 1);
	if (base.failed)
		return case_error_memory(err);
	rc = relations_read(&relations, book->zip, case_buf_str(&base),
	    slash != NULL ? slash + 1 : path, limits, err);
	if (rc == CASE_OK)
		rc = read_related(book, part, &relations, err);
	relations_free(&relations);
	case_buf_free(&base);
	return rc;
}

void
xlsx_book_close(struct xlsx_book *book)
{
	case_zip_close(book->zip);
	free(book->sheet);
	free(book->part);
	free(book->form);
	free(book->at);
	case_buf_free(&book->text);
	case_buf_free(&book->names);
	*book = (struct xlsx_book){ .zip = NULL };
}

/* --- escapes ---------------------------------------------------------- */

#define ESCAPE_SIZE ((size_t)7)

/* _xHHHH_ at p: its code; 0: none. */
static uint32_t
escape_at(const char *p, const char *end)
{
	uint32_t c = 0;

	if ((size_t)(end - p) < ESCAPE_SIZE || p[0] != '_' || p[1] != 'x' ||
	    p[ESCAPE_SIZE - 1] != '_')
		return 0;
	for (size_t i = 2; i < ESCAPE_SIZE - 1; i++) {
		char low = (char)(p[i] | 0x20);

		if (p[i] >= '0' && p[i] <= '9')
			c = c << 4 | (uint32_t)(p[i] - '0');
		else if (low >= 'a' && low <= 'f')
			c = c << 4 | (uint32_t)(low - 'a' + 10);
		else
			return 0;
	}
	return c;
}

/* The character, of one escape or of a pair; 0: none. */
static uint32_t
escape_pair(const char *p, const char *end, size_t *used)
{
	uint32_t c = escape_at(p, end), low;

	*used = ESCAPE_SIZE;
	if (c < 0xd800 || c > 0xdfff)
		return c;
	if (c > 0xdbff || (size_t)(end - p) < 2 * ESCAPE_SIZE)
		return 0;
	low = escape_at(p + ESCAPE_SIZE, end);
	if (low < 0xdc00 || low > 0xdfff)
		return 0;
	*used = 2 * ESCAPE_SIZE;
	return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

size_t
xlsx_unescape(char *p, size_t n)
{
	const char *from = p, *end = p + n;
	char *to = p;
	size_t used;
	uint32_t c;

	if (memmem(p, n, "_x", 2) == NULL)
		return n;
	while (from < end) {
		c = *from == '_' ? escape_pair(from, end, &used) : 0;
		if (c == 0) {
			*to++ = *from++;
		} else {
			to += case_utf8_encode(to, c);
			from += used;
		}
	}
	return (size_t)(to - p);
}
