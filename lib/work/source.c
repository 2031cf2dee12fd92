/* source.c - a file opened for import: format, type, layout, columns */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/json.h"
#include "case/text.h"
#include "lib/work/source.h"

/* The type asked for, else the layout's, else the table's own, else case. */
static enum case_status
load_type(struct source *s, struct case_share *sh,
    const struct case_import_options *o, struct case_error *err)
{
	const char *name = o->type;
	char *of_layout = NULL;
	enum case_status rc;

	if (name == NULL && o->layout != NULL) {
		rc = case_layout_type(sh, o->layout, &of_layout, err);
		if (rc != CASE_OK)
			return rc;
		name = of_layout;
	}
	if (name == NULL)
		name = case_reader_type(s->rd);
	rc = case_rtype_load(&s->own, sh, name != NULL ? name : "case", err);
	s->rt = s->own;
	free(of_layout);
	return rc;
}

bool
source_is_document(const struct case_import_options *o, const char *name)
{
	return o->type != NULL && strcmp(o->type, "document") == 0 &&
	       case_reader_is_document(name);
}

enum case_status
source_open(struct source *s, struct case_share *sh, const char *path,
    const struct case_import_options *o, struct case_error *err)
{
	struct case_reader_options ro = { .delimiter = o->delimiter,
		.limits = o->limits,
		.name = path };
	enum case_status rc;

	*s = (struct source){ .in = o->input, .borrowed = o->input != NULL };
	if (source_is_document(o, path)) {
		s->document = path;
		ro.format = CASE_ROWS_DOCUMENT;
	}
	if (!s->borrowed &&
	    (rc = case_input_open(&s->in, path, o->encoding, err)) != CASE_OK)
		return rc;
	if ((rc = case_reader_open(&s->rd, s->in, &ro, err)) == CASE_OK)
		rc = load_type(s, sh, o, err);
	if (rc != CASE_OK)
		source_close(s);
	return rc;
}

/*
 * Without an identity every row would be rejected: say so once, at once. A
 * key needs its first field; the others may be missing.
 */
static enum case_status
check_identity(const struct source *s, struct case_error *err)
{
	struct case_buf names = { 0 };
	enum case_status rc;
	size_t n;

	if (s->layout->key_content || s->layout->key.field_n > 0 ||
	    case_reader_names(s->rd, &n) != NULL)
		return CASE_OK;
	for (size_t k = 0; k < s->rt->key_n; k++) {
		size_t field = s->rt->key[k].field[0];

		if (case_mapping_has(&s->map, (int)field, SIZE_MAX)) {
			case_buf_free(&names);
			return CASE_OK;
		}
		case_buf_addf(&names, "%s%s", k > 0 ? _(" or ") : "",
		    case_label(s->rt->field[field].label, CASE_ZH));
	}
	rc = case_error_set(err, CASE_EDATA, s->map.header_line,
	    _("no column names the record (%s); say which one does with "
	      "--map HEADER=FIELD, or use a layout with a \"key\""),
	    case_buf_str(&names));
	case_buf_free(&names);
	return rc;
}

enum case_status
source_layout(struct source *s, struct case_share *sh,
    const struct case_import_options *o, struct case_error *err)
{
	enum case_status rc;

	rc = o->layout != NULL
		 ? case_layout_load(&s->layout, sh, o->layout, s->rt, err)
		 : case_layout_new(&s->layout, s->rt, err);
	for (size_t i = 0; rc == CASE_OK && i < o->map_n; i++)
		rc = case_layout_map(s->layout, o->map[i], s->rt, err);
	if (rc == CASE_OK && o->header_row > 0)
		s->layout->header_row = o->header_row;
	return rc;
}

enum case_status
source_find_header(struct source *s, struct case_error *err)
{
	enum case_status rc;

	case_mapping_free(&s->map);
	rc = case_mapping_find(&s->map, s->rd, s->rt, s->layout, err);
	return rc == CASE_OK ? check_identity(s, err) : rc;
}

void
source_close(struct source *s)
{
	case_mapping_free(&s->map);
	case_layout_free(s->layout);
	case_reader_close(s->rd);
	if (!s->borrowed)
		case_input_close(s->in);
	case_rtype_free(s->own);
	case_buf_free(&s->passed);
	free(s->sheet);
	*s = (struct source){ 0 };
}

void
source_options(struct case_buf *out, const struct source *s,
    const struct case_import_options *o)
{
	struct case_buf layout = { 0 };

	/* The layout by its content: it may be edited under its name. */
	case_layout_print(&layout, s->layout, s->rt);
	case_buf_addf(out, "layout=%016" PRIx64 " encoding=%s sheet=%s",
	    case_hash(case_buf_str(&layout), layout.n, 0),
	    case_encoding_name(o->encoding), o->sheet ? o->sheet : "");
	case_buf_addf(out, " header=%zu delimiter=%d blank=%d full=%s",
	    o->header_row, o->delimiter, o->blank_overwrites,
	    o->full ? o->full : "");
	/* Another name makes another document of the same text. */
	if (s->document != NULL)
		case_buf_addf(out, " name=%s", s->document);
	/* Only where it is said: what was imported before has no such word. */
	if (o->on_conflict != CASE_CONFLICT_UPDATE)
		case_buf_addf(out, " conflict=%d", o->on_conflict);
	case_buf_free(&layout);
}

void
source_column(struct case_buf *out, const char *header, int field,
    const struct case_rtype *rt)
{
	const char *name = field >= 0 ? rt->field[field].name : "";

	case_buf_addc(out, '[');
	case_json_quote(out, header, strlen(header));
	case_buf_addc(out, ',');
	case_json_quote(out, name, strlen(name));
}

enum case_status
source_meet_columns(struct source *s, struct case_error *err)
{
	enum case_row_format format = case_reader_format(s->rd);
	struct case_row row;
	enum case_status rc;

	if (format != CASE_ROWS_JSONL && format != CASE_ROWS_JSON)
		return CASE_OK;
	while ((rc = case_reader_next(s->rd, &row, err)) == CASE_OK)
		;
	if (rc == CASE_EOF)
		rc = case_mapping_grow(&s->map, s->rd, s->rt, s->layout, err);
	return rc == CASE_OK ? case_reader_rewind(s->rd, err) : rc;
}

void
source_header(struct case_buf *out, const struct source *s)
{
	case_buf_addc(out, '[');
	for (size_t i = 0; i < s->map.column_n; i++) {
		const struct case_layout_column *c = &s->map.column[i];

		if (i > 0)
			case_buf_addc(out, ',');
		source_column(out, c->header, c->field, s->rt);
		case_buf_addc(out, ']');
	}
	source_fixed(out, s);
	case_buf_addc(out, ']');
}

/* Behind the columns, whose place in a row must stay. */
void
source_fixed(struct case_buf *out, const struct source *s)
{
	for (size_t i = 0; i < s->map.fixed_n; i++)
		case_buf_addf(out, "%s[null,\"%s\"]",
		    i > 0 || s->map.column_n > 0 ? "," : "",
		    s->rt->field[s->map.fixed[i].column.field].name);
}
