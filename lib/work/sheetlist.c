/* sheetlist.c - the sheets of a workbook as a table */
#include <string.h>

#include "case/import.h"
#include "case/row.h"

enum { NUMBER, NAME, HIDDEN, ROWS, COLUMNS };

static const struct {
	const char *name;
	enum case_type type;
	const char *label[2];
} head[COLUMNS] = {
	[NUMBER] = { "number", CASE_INTEGER, { "序号", "number" } },
	[NAME] = { "name", CASE_TEXT, { "工作表", "sheet" } },
	[HIDDEN] = { "hidden", CASE_FLAG, { "隐藏", "hidden" } },
	[ROWS] = { "rows", CASE_INTEGER,
	    { "有内容的行", "rows with content" } },
};

static enum case_status
begin(struct case_writer *w, struct case_table *t, const char *path,
    enum case_lang lang, struct case_error *err)
{
	case_table_begin(t, "sheets", CASE_MANIFEST, NULL, NULL);
	for (size_t i = 0; i < COLUMNS; i++)
		case_table_add_column(t, head[i].name, head[i].type,
		    head[i].label[lang], NULL);
	case_table_add_meta(t, "file", path);
	return t->failed ? case_error_memory(err) : w->ops->begin(w, t, err);
}

static enum case_status
count_rows(struct case_reader *rd, int64_t *n, struct case_error *err)
{
	struct case_row row;
	enum case_status rc;

	*n = 0;
	while ((rc = case_reader_next(rd, &row, err)) == CASE_OK)
		*n += row.cell_n > 0 || row.fault != NULL;
	return rc == CASE_EOF ? CASE_OK : rc;
}

static enum case_status
write_sheet(struct case_writer *w, struct case_reader *rd, size_t i,
    const struct case_sheet *sheet, struct case_error *err)
{
	struct case_value v[COLUMNS] = {
		[NUMBER] = { .type = CASE_INTEGER, .u.i = (int64_t)i + 1 },
		[NAME] = { .type = CASE_TEXT,
		    .missing = sheet->name[0] == '\0',
		    .u.s = { sheet->name, strlen(sheet->name) } },
		[HIDDEN] = { .type = CASE_FLAG, .u.i = sheet->hidden },
		[ROWS] = { .type = CASE_INTEGER },
	};
	enum case_status rc;

	if ((rc = count_rows(rd, &v[ROWS].u.i, err)) != CASE_OK)
		return rc;
	return w->ops->row(w, v, COLUMNS, err);
}

static enum case_status
write_sheets(struct case_writer *w, struct case_reader *rd,
    struct case_error *err)
{
	static const struct case_sheet whole = { "", false };
	enum case_status rc = CASE_OK;
	size_t n;
	const struct case_sheet *sheet = case_reader_sheets(rd, &n);

	if (n == 0)
		return write_sheet(w, rd, 0, &whole, err);
	for (size_t i = 0; i < n && rc == CASE_OK; i++)
		if ((rc = case_reader_select(rd, i, err)) == CASE_OK)
			rc = write_sheet(w, rd, i, &sheet[i], err);
	return rc;
}

enum case_status
case_import_sheets(struct case_writer *w, const char *path,
    const struct case_import_options *o, struct case_error *err)
{
	struct case_reader_options ro = { .delimiter = o->delimiter,
		.limits = o->limits };
	struct case_table t = { 0 };
	struct case_input *opened = NULL, *in = o->input;
	struct case_reader *rd = NULL;
	enum case_status rc;

	if (in == NULL) {
		rc = case_input_open(&opened, path, o->encoding, err);
		if (rc != CASE_OK)
			return rc;
		in = opened;
	}
	if ((rc = case_input_prove(in, err)) == CASE_OK &&
	    (rc = case_reader_open(&rd, in, &ro, err)) == CASE_OK &&
	    (rc = begin(w, &t, path, o->lang, err)) == CASE_OK &&
	    (rc = write_sheets(w, rd, err)) == CASE_OK)
		rc = w->ops->end(w, err);
	case_reader_close(rd);
	case_input_close(opened);
	case_table_free(&t);
	return rc;
}
