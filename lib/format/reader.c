/* reader.c - opening rows: what a file is, and the reader for it */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/format/document.h"
#include "lib/format/jsondoc.h"
#include "lib/format/reader.h"
#include "lib/format/zipkind.h"

/* How much of a file is looked at to tell its format and its delimiter. */
#define SAMPLE_SIZE ((size_t)64 * 1024)
#define MAGIC_SIZE ((size_t)4096)
/* How much is kept of a row that is too long. */
#define LONG_RAW ((size_t)4096)
/* A header may be far wider than its rows: so many empty cells are free. */
#define GAPS_FREE ((uint64_t)16 * 1024 * 1024)

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct case_reader_ops *const readers[CASE_ROWS_FORMATS] = {
	[CASE_ROWS_CSV] = &case_reader_csv,
	[CASE_ROWS_DOCUMENT] = &case_reader_document,
	[CASE_ROWS_JSONL] = &case_reader_jsonl,
	[CASE_ROWS_TABLE] = &case_reader_table,
	[CASE_ROWS_JSON] = &case_reader_json,
	[CASE_ROWS_XLS] = &case_reader_xls,
	[CASE_ROWS_XLSX] = &case_reader_xlsx,
	[CASE_ROWS_XMLSS] = &case_reader_xmlss,
	[CASE_ROWS_HTML] = &case_reader_html,
};

/*
 * What is no text, by its first bytes; with inside, only when the bytes that
 * follow hold that too. The first that fits counts.
 */
static const struct magic {
	const char *bytes;
	size_t n;
	const char *inside;
	const char *reason;
	enum case_row_format format; /* its reader, once there is one */
} magics[] = {
	{ "PK\x05\x06", 4, NULL, N_("an empty ZIP archive"), CASE_ROWS_AUTO },
	{ "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, NULL, NULL, CASE_ROWS_XLS },
	/* Streams that programs write without a compound file round them. */
	{ "\x09\x08\x08\x00", 4, NULL, NULL, CASE_ROWS_XLS },
	{ "\x09\x00\x04\x00", 4, NULL, NULL, CASE_ROWS_XLS },
	{ "\x09\x02\x06\x00", 4, NULL, NULL, CASE_ROWS_XLS },
	{ "\x09\x04\x06\x00", 4, NULL, NULL, CASE_ROWS_XLS },
	{ "\x1f\x8b", 2, NULL, N_("packed with gzip; unpack it with gunzip"),
	    CASE_ROWS_AUTO },
	{ "BZh", 3, "1AY&SY", N_("packed with bzip2; unpack it with bunzip2"),
	    CASE_ROWS_AUTO },
	{ "\xfd"
	  "7zXZ",
	    5, NULL, N_("packed with xz; unpack it with unxz"),
	    CASE_ROWS_AUTO },
	{ "\x28\xb5\x2f\xfd", 4, NULL,
	    N_("packed with zstd; unpack it with unzstd"), CASE_ROWS_AUTO },
	{ "7z\xbc\xaf\x27\x1c", 6, NULL, N_("a 7-Zip archive; unpack it first"),
	    CASE_ROWS_AUTO },
	{ "Rar!\x1a\x07", 6, NULL, N_("a RAR archive; unpack it first"),
	    CASE_ROWS_AUTO },
	{ "\x1f\x9d", 2, NULL,
	    N_("packed with compress; unpack it with uncompress"),
	    CASE_ROWS_AUTO },
	{ "\x04\x22\x4d\x18", 4, NULL,
	    N_("packed with lz4; unpack it with unlz4"), CASE_ROWS_AUTO },
	{ "LZIP\x01", 5, NULL, N_("packed with lzip; unpack it with lzip -d"),
	    CASE_ROWS_AUTO },
	{ "MSCF\0\0\0\0", 8, NULL, N_("a CAB archive; unpack it first"),
	    CASE_ROWS_AUTO },
	{ "%PDF-", 5, NULL,
	    N_("a PDF document; ask for the export as CSV or Excel"),
	    CASE_ROWS_AUTO },
	{ "\x89PNG", 4, NULL,
	    N_("a picture (PNG); ask for the export as CSV or Excel"),
	    CASE_ROWS_AUTO },
	{ "\xff\xd8\xff", 3, NULL,
	    N_("a picture (JPEG); ask for the export as CSV or Excel"),
	    CASE_ROWS_AUTO },
	{ "GIF89a", 6, NULL,
	    N_("a picture (GIF); ask for the export as CSV or Excel"),
	    CASE_ROWS_AUTO },
	{ "II*\0", 4, NULL,
	    N_("a picture (TIFF); ask for the export as CSV or Excel"),
	    CASE_ROWS_AUTO },
	{ "MM\0*", 4, NULL,
	    N_("a picture (TIFF); ask for the export as CSV or Excel"),
	    CASE_ROWS_AUTO },
	{ "SQLite format 3", 16, NULL,
	    N_("an SQLite database; give it with -d if it is a store"),
	    CASE_ROWS_AUTO },
};

/* Where a tar archive says so: behind what it says of its first file. */
#define TAR_AT 257

/*
 * Texts that are no CSV, by how they begin: letters of either case, behind
 * blanks. A page may begin with any tag; it is one when it has a table.
 */
static const struct magic texts[] = {
	{ "<?xml", 5, "urn:schemas-microsoft-com:office:spreadsheet", NULL,
	    CASE_ROWS_XMLSS },
	{ "<?mso-application", 17,
	    "urn:schemas-microsoft-com:office:spreadsheet", NULL,
	    CASE_ROWS_XMLSS },
	{ "<workbook", 9, "urn:schemas-microsoft-com:office:spreadsheet", NULL,
	    CASE_ROWS_XMLSS },
	{ "<ss:workbook", 12, "urn:schemas-microsoft-com:office:spreadsheet",
	    NULL, CASE_ROWS_XMLSS },
	{ "<?xml", 5, "<html", NULL, CASE_ROWS_HTML },
	{ "<?xml", 5, "<HTML", NULL, CASE_ROWS_HTML },
	{ "<?xml", 5, NULL, N_("XML; ask for the export as CSV or Excel"),
	    CASE_ROWS_AUTO },
	{ "<!doctype html", 14, NULL, NULL, CASE_ROWS_HTML },
	{ "<html", 5, NULL, NULL, CASE_ROWS_HTML },
	{ "<head", 5, NULL, NULL, CASE_ROWS_HTML },
	{ "<meta", 5, NULL, NULL, CASE_ROWS_HTML },
	{ "<script", 7, NULL, NULL, CASE_ROWS_HTML },
	{ "<style", 6, NULL, NULL, CASE_ROWS_HTML },
	{ "<title", 6, NULL, NULL, CASE_ROWS_HTML },
	{ "<body", 5, NULL, NULL, CASE_ROWS_HTML },
	{ "<div", 4, NULL, NULL, CASE_ROWS_HTML },
	{ "<", 1, "<table", NULL, CASE_ROWS_HTML },
	{ "<", 1, "<TABLE", NULL, CASE_ROWS_HTML },
	{ "<", 1, "<Table", NULL, CASE_ROWS_HTML },
	{ "<!--", 4, NULL, N_("HTML or XML; save its table as CSV UTF-8"),
	    CASE_ROWS_AUTO },
	{ "<!doctype", 9, NULL, N_("HTML or XML; save its table as CSV UTF-8"),
	    CASE_ROWS_AUTO },
	{ "{\\rtf", 5, NULL,
	    N_("an RTF document; save its table as CSV "
	       "UTF-8"),
	    CASE_ROWS_AUTO },
	{ "mime-version:", 13, NULL,
	    N_("a web archive (MHT); save its sheet as CSV UTF-8"),
	    CASE_ROWS_AUTO },
};

static enum case_status
refuse(const char *reason, struct case_error *err)
{
	return case_error_set(err, CASE_EDATA, 0, "%s", _(reason));
}

static bool
holds(const char *p, size_t n, const char *word)
{
	size_t size = word == NULL ? 0 : strlen(word);
	const char *end = p + n;

	if (size == 0)
		return true;
	for (; (p = memchr(p, word[0], (size_t)(end - p))) != NULL; p++)
		if ((size_t)(end - p) >= size && memcmp(p, word, size) == 0)
			return true;
	return false;
}

/* A form is known by its magic: its reader, or why there is none. */
static enum case_status
take_magic(struct case_reader *rd, const struct magic *m,
    struct case_error *err)
{
	if (readers[m->format] == NULL)
		return refuse(m->reason, err);
	rd->format = m->format;
	return CASE_OK;
}

/*
 * What a binary file is, by its first bytes; m->reason is NULL for any other.
 * Office documents are ZIP archives, told apart by what is in them.
 */
static enum case_status
find_binary(struct case_input *in, const struct case_limits *limits,
    struct magic *m, struct case_error *err)
{
	char p[MAGIC_SIZE];
	enum case_status rc;
	size_t n;

	*m = (struct magic){ .reason = NULL };
	if ((rc = case_input_raw(in, 0, p, sizeof(p), &n, err)) != CASE_OK)
		return rc;
	if (n >= 4 && memcmp(p, "PK\x03\x04", 4) == 0)
		return case_zip_kind(in, limits, &m->format, &m->reason, err);
	for (size_t i = 0; i < COUNT(magics) && m->reason == NULL; i++)
		if (n >= magics[i].n &&
		    memcmp(p, magics[i].bytes, magics[i].n) == 0 &&
		    holds(p, n, magics[i].inside))
			*m = magics[i];
	if (m->reason == NULL && m->format == CASE_ROWS_AUTO &&
	    n >= TAR_AT + 5 && memcmp(p + TAR_AT, "ustar", 5) == 0)
		m->reason = N_("a tar archive; unpack it with tar -x");
	return CASE_OK;
}

static enum case_status
detect_binary(struct case_reader *rd, struct case_error *err)
{
	struct magic m;
	enum case_status rc = find_binary(rd->in, &rd->limits, &m, err);

	return rc != CASE_OK || (m.reason == NULL && m.format == CASE_ROWS_AUTO)
		   ? rc
		   : take_magic(rd, &m, err);
}

/* A document is told by its name, and only checked to be what that says. */
static enum case_status
check_document(struct case_reader *rd, struct case_error *err)
{
	struct magic m;
	enum case_status rc;

	if (document_is_docx(rd->name))
		return CASE_OK;
	rc = find_binary(rd->in, &rd->limits, &m, err);
	return rc == CASE_OK && m.reason != NULL ? refuse(m.reason, err) : rc;
}

enum case_status
case_reader_refused(struct case_input *in, const struct case_limits *limits,
    const char **why, struct case_error *err)
{
	struct magic m;
	enum case_status rc = find_binary(in, limits, &m, err);

	*why = rc == CASE_OK && m.reason != NULL && readers[m.format] == NULL
		   ? _(m.reason)
		   : NULL;
	return rc;
}

static size_t
skip_blanks(const char *p, size_t n, size_t i)
{
	while (i < n && memchr(" \t\r\n", p[i], 4) != NULL)
		i++;
	return i;
}

/* A header such as [name],[date] begins so too, but not with a JSON value. */
static bool
is_json_array(const char *p, size_t n)
{
	size_t i;

	if (n == 0 || p[0] != '[')
		return false;
	i = skip_blanks(p, n, 1);
	return i < n && memchr("{[]\"", p[i], 4) != NULL;
}

/* JSON begins with a bracket or brace, at offset i of the n bytes at p. */
static enum case_status
detect_json(struct case_reader *rd, const char *p, size_t n, size_t i,
    struct case_error *err)
{
	enum case_status rc;
	bool document;

	if (is_json_array(p + i, n - i))
		rd->format = CASE_ROWS_JSON;
	if (i == n || p[i] != '{')
		return CASE_OK;
	rc = json_is_document(rd, i, &document, err);
	rd->format = document ? CASE_ROWS_JSON : CASE_ROWS_JSONL;
	return rc;
}

static enum case_status
detect_text(struct case_reader *rd, const char *p, size_t n,
    struct case_error *err)
{
	for (size_t i = 0; i < COUNT(texts); i++) {
		const struct magic *m = &texts[i];

		if (n >= m->n && strncasecmp(p, m->bytes, m->n) == 0 &&
		    holds(p, n, m->inside))
			return take_magic(rd, m, err);
	}
	return CASE_OK;
}

/* Tells the format by the text's begin, unless the caller named it. */
static enum case_status
detect(struct case_reader *rd, char delimiter, struct case_error *err)
{
	static const char table[] = "##case-table";
	enum case_status rc;
	size_t held, n, i;
	const char *p;

	if ((rc = case_window_peek(&rd->w, SAMPLE_SIZE, &held, err)) != CASE_OK)
		return rc;
	n = held < SAMPLE_SIZE ? held : SAMPLE_SIZE;
	p = n == 0 ? "" : case_window_at(&rd->w, 0);
	i = skip_blanks(p, n, 0);
	if (rd->format == CASE_ROWS_AUTO &&
	    (rc = detect_text(rd, p + i, n - i, err)) != CASE_OK)
		return rc;
	if (rd->format == CASE_ROWS_AUTO) {
		if (n - i >= sizeof(table) - 1 &&
		    memcmp(p + i, table, sizeof(table) - 1) == 0)
			rd->format = CASE_ROWS_TABLE;
		else
			rd->format = CASE_ROWS_CSV;
		if (rd->format == CASE_ROWS_CSV &&
		    (rc = detect_json(rd, p, n, i, err)) != CASE_OK)
			return rc;
	}
	if (rd->format == CASE_ROWS_CSV)
		rd->delimiter = delimiter != '\0' ? delimiter
						  : case_csv_delimiter(p, n,
							n == held && rd->w.eof);
	return CASE_OK;
}

/* A form that is read by its raw bytes. */
static bool
is_binary(enum case_row_format format)
{
	return format == CASE_ROWS_XLSX || format == CASE_ROWS_ODS ||
	       format == CASE_ROWS_XLS;
}

static enum case_status
read_input(void *source, char *p, size_t cap, size_t *n, struct case_error *err)
{
	return case_input_read(source, p, cap, n, err);
}

enum case_status
case_reader_open(struct case_reader **out, struct case_input *in,
    const struct case_reader_options *options, struct case_error *err)
{
	static const struct case_reader_options by_content;
	struct case_reader *rd;
	enum case_status rc;

	*out = NULL;
	if (options == NULL)
		options = &by_content;
	if (options->delimiter != '\0' &&
	    strchr("\"\r\n", options->delimiter) != NULL)
		return case_error_set(err, CASE_EUSAGE, 0, "%s",
		    _("a quote or a line end can't be the delimiter"));
	if ((rd = calloc(1, sizeof(*rd))) == NULL)
		return case_error_memory(err);
	rd->in = in;
	rd->format = options->format;
	rd->check_utf8 = case_input_facts(in)->forced;
	rd->limits =
	    options->limits != NULL ? *options->limits : case_limits_default;
	rd->name = options->name != NULL ? options->name : "";
	case_window_begin(&rd->w, read_input, in);
	if (rd->format == CASE_ROWS_DOCUMENT)
		rc = check_document(rd, err);
	else if ((rc = detect_binary(rd, err)) == CASE_OK &&
		 !is_binary(rd->format))
		rc = detect(rd, options->delimiter, err);
	if (rc != CASE_OK)
		goto fail;
	rd->ops = readers[rd->format];
	if ((rc = rd->ops->open(rd, err)) != CASE_OK)
		goto fail;
	*out = rd;
	return CASE_OK;
fail:
	case_reader_close(rd);
	return rc;
}

void
case_reader_close(struct case_reader *rd)
{
	if (rd == NULL)
		return;
	if (rd->state != NULL)
		rd->ops->close(rd);
	case_window_free(&rd->w);
	case_buf_free(&rd->fault);
	free(rd->cell);
	free(rd);
}

enum case_status
case_reader_next(struct case_reader *rd, struct case_row *row,
    struct case_error *err)
{
	return rd->ops->next(rd, row, err);
}

enum case_status
case_reader_rewind(struct case_reader *rd, struct case_error *err)
{
	enum case_status rc;

	if ((rc = case_input_rewind(rd->in, err)) != CASE_OK)
		return rc;
	case_window_restart(&rd->w);
	rd->given = rd->before;
	return rd->ops->rewind == NULL ? CASE_OK : rd->ops->rewind(rd, err);
}

void
case_reader_set_width(struct case_reader *rd, size_t width)
{
	rd->width = width;
}

enum case_row_format
case_reader_format(const struct case_reader *rd)
{
	return rd->format;
}

const char *
case_row_format_name(enum case_row_format format)
{
	static const char *const names[CASE_ROWS_FORMATS] = {
		[CASE_ROWS_AUTO] = "",
		[CASE_ROWS_CSV] = "CSV",
		[CASE_ROWS_JSONL] = "JSON Lines",
		[CASE_ROWS_TABLE] = "case-table",
		[CASE_ROWS_JSON] = "JSON",
		[CASE_ROWS_XLSX] = "XLSX",
		[CASE_ROWS_ODS] = "ODS",
		[CASE_ROWS_XLS] = "XLS",
		[CASE_ROWS_XMLSS] = "XML",
		[CASE_ROWS_HTML] = "HTML",
		/* Of documents only these have no encoding to be told by. */
		[CASE_ROWS_DOCUMENT] = "DOCX",
	};

	return names[format];
}

const char *
case_reader_encoding(const struct case_reader *rd)
{
	enum case_encoding e = case_input_facts(rd->in)->encoding;

	return e == CASE_ENCODING_AUTO ? case_row_format_name(rd->format)
				       : case_encoding_name(e);
}

char
case_reader_delimiter(const struct case_reader *rd)
{
	return rd->delimiter;
}

const struct case_str *
case_reader_names(const struct case_reader *rd, size_t *n)
{
	*n = 0;
	return rd->ops->names == NULL ? NULL : rd->ops->names(rd, n);
}

const struct case_str *
case_reader_beside(const struct case_reader *rd, size_t *n)
{
	*n = 0;
	return rd->ops->beside == NULL ? NULL : rd->ops->beside(rd, n);
}

bool
case_reader_is_named(const struct case_reader *rd)
{
	return rd->ops->names != NULL;
}

enum case_status
case_reader_answer(struct case_reader *rd, bool record, struct case_error *err)
{
	return rd->ops->answer == NULL ? CASE_EOF
				       : rd->ops->answer(rd, record, err);
}

const char *
case_reader_type(const struct case_reader *rd)
{
	return rd->ops->type == NULL ? NULL : rd->ops->type(rd);
}

const struct case_sheet *
case_reader_sheets(const struct case_reader *rd, size_t *n)
{
	*n = 0;
	return rd->ops->sheets == NULL ? NULL : rd->ops->sheets(rd, n);
}

enum case_status
case_reader_select(struct case_reader *rd, size_t sheet, struct case_error *err)
{
	rd->sheet = sheet;
	rd->width = 0;
	rd->before = rd->given;
	return rd->ops->select(rd, err);
}

size_t
case_reader_sheet(const struct case_reader *rd)
{
	return rd->sheet;
}

size_t
case_reader_lines(const struct case_reader *rd)
{
	return rd->ops->lines == NULL ? case_window_lines(&rd->w)
				      : rd->ops->lines(rd);
}

uint64_t
case_reader_position(const struct case_reader *rd)
{
	return rd->ops->position == NULL ? case_input_position(rd->in)
					 : rd->ops->position(rd);
}

bool
case_reader_unterminated(const struct case_reader *rd)
{
	/* That of JSON is known to be whole, by its last bracket. */
	return rd->format != CASE_ROWS_JSON && case_window_unterminated(&rd->w);
}

static bool
needs_quotes(struct case_str cell)
{
	static const bool special[256] = { ['\0'] = true,
		['\n'] = true,
		['\r'] = true,
		['"'] = true,
		[','] = true };

	for (size_t i = 0; i < cell.n; i++)
		if (special[(unsigned char)cell.p[i]])
			return true;
	return false;
}

static char *
put_quoted(char *to, struct case_str cell)
{
	*to++ = '"';
	for (size_t i = 0; i < cell.n; i++) {
		if (cell.p[i] == '"')
			*to++ = '"';
		*to++ = cell.p[i];
	}
	*to++ = '"';
	return to;
}

bool
case_reader_raw_cells(struct case_buf *out, const struct case_str *cell,
    size_t n)
{
	size_t most = 1;
	char *to;

	/* Room for the worst once, since this is done for every row. */
	for (size_t i = 0; i < n; i++)
		most += 2 * cell[i].n + 3;
	if (!case_buf_reserve(out, most))
		return false;
	to = out->p + out->n;
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			*to++ = ',';
		if (needs_quotes(cell[i])) {
			to = put_quoted(to, cell[i]);
		} else if (cell[i].n > 0) {
			memcpy(to, cell[i].p, cell[i].n);
			to += cell[i].n;
		}
	}
	*to = '\0';
	out->n = (size_t)(to - out->p);
	return true;
}

bool
case_reader_room(struct case_reader *rd, size_t n)
{
	size_t cap = rd->cell_cap == 0 ? 64 : rd->cell_cap;
	struct case_str *cell;

	if (n <= rd->cell_cap)
		return true;
	while (cap < n)
		cap *= 2;
	if ((cell = reallocarray(rd->cell, cap, sizeof(*cell))) == NULL)
		return false;
	rd->cell = cell;
	rd->cell_cap = cap;
	return true;
}

enum case_status
case_reader_gaps(struct case_reader *rd, size_t n, size_t filled,
    struct case_error *err)
{
	struct case_cell_count *c = &rd->given;

	c->filled += filled;
	c->empty += n > 0 ? n - filled : 1;
	if (c->empty > GAPS_FREE && c->empty / rd->limits.gaps > c->filled)
		return case_limit_error(&rd->limits, &rd->limits.gaps,
		    _("the table has too many empty cells for those that hold "
		      "something; delete what stands far to the right of it, "
		      "or far below"),
		    err);
	return CASE_OK;
}

/* A line over the limit: its begin is kept to show, the rest is passed by. */
static enum case_status
long_line(struct case_reader *rd, const struct case_line *line,
    struct case_row *row, struct case_error *err)
{
	const char *p = case_window_at(&rd->w, line->at);

	case_buf_reset(&rd->fault);
	case_buf_add(&rd->fault, p, case_utf8_prefix(p, LONG_RAW));
	if (rd->fault.failed)
		return case_error_memory(err);
	row->raw = (struct case_str){ rd->fault.p, rd->fault.n };
	row->fault = _("the row is longer than 16 MiB");
	return case_window_skip(&rd->w, line->at + line->n, err);
}

enum case_status
case_reader_line(struct case_reader *rd, struct case_line *line,
    struct case_row *row, bool *done, struct case_error *err)
{
	static const char bom[3] = { '\xef', '\xbb', '\xbf' };
	enum case_status rc;
	const char *p;

	if ((rc = case_window_line(&rd->w, 0, CASE_ROW_MAX, line, err)) !=
	    CASE_OK)
		return rc;
	*row = (struct case_row){ .line = rd->w.line + 1, .lines = 1 };
	*done = line->cut;
	if (line->cut)
		return long_line(rd, line, row, err);
	p = case_window_at(&rd->w, 0);
	while (line->n >= sizeof(bom) && p[line->at] == bom[0] &&
	       memcmp(p + line->at, bom, sizeof(bom)) == 0) {
		line->at += sizeof(bom);
		line->n -= sizeof(bom);
	}
	row->raw = (struct case_str){ p + line->at, line->n };
	return CASE_OK;
}

const char *
case_reader_fault(const struct case_reader *rd, struct case_str text, bool nul)
{
	if (nul)
		return _("the row holds a NUL byte");
	if (rd->check_utf8 && !case_utf8_valid(text.p, text.n))
		return _("the row holds bytes that are not of the file's "
			 "encoding");
	return NULL;
}
