/* waiver.c - findings that somebody has answered for */
#include <stdlib.h>
#include <string.h>

#include "case/date.h"
#include "case/decode.h"
#include "case/intl.h"
#include "case/row.h"
#include "case/text.h"
#include "lib/work/audit_int.h"

enum { COLUMNS_MAX = 256 };

enum column { FINGERPRINT, RULE, KEY, REASON, APPROVER, UNTIL, COLUMNS };

/* Names of a column: compared by case_text_key. */
static const struct {
	const char *name, *label;
} names[COLUMNS] = {
	[FINGERPRINT] = { "fingerprint", "指纹" },
	[RULE] = { "rule", "规则" },
	[KEY] = { "key", "编号" },
	[REASON] = { "reason", "理由" },
	[APPROVER] = { "approver", "批准人" },
	[UNTIL] = { "until", "有效期至" },
};

struct reading {
	struct waivers *ws;
	struct case_reader *rd;
	int at[COLUMNS]; /* -1: no such column */
	size_t line;
	struct case_error *err;
};

static bool
is_name(const char *name, struct case_str cell)
{
	struct case_buf a = { 0 }, b = { 0 };
	bool same;

	case_text_key(&a, name, strlen(name), true);
	case_text_key(&b, cell.p, cell.n, true);
	same = strcmp(case_buf_str(&a), case_buf_str(&b)) == 0;
	case_buf_free(&a);
	case_buf_free(&b);
	return same;
}

static enum case_status
read_header(struct reading *r, const struct case_str *cell, size_t n)
{
	for (size_t c = 0; c < COLUMNS; c++) {
		r->at[c] = -1;
		for (size_t i = 0; i < n && i < COLUMNS_MAX; i++)
			if (is_name(names[c].name, cell[i]) ||
			    is_name(names[c].label, cell[i]))
				r->at[c] = (int)i;
	}
	for (size_t c = REASON; c < COLUMNS; c++)
		if (r->at[c] < 0)
			return case_error_set(r->err, CASE_EDATA, r->line,
			    _("a waiver needs a column '%s'"), names[c].name);
	if (r->at[FINGERPRINT] < 0 && (r->at[RULE] < 0 || r->at[KEY] < 0))
		return case_error_set(r->err, CASE_EDATA, r->line,
		    _("a waiver needs a column 'fingerprint', or 'rule' and "
		      "'key'"));
	return CASE_OK;
}

static struct case_str
cell_of(const struct reading *r, const struct case_row *row, enum column c)
{
	if (r->at[c] < 0 || (size_t)r->at[c] >= row->cell_n)
		return (struct case_str){ "", 0 };
	return case_text_trim(row->cell[r->at[c]].p, row->cell[r->at[c]].n);
}

static bool
copy_cell(char **to, struct case_str s)
{
	if (s.n == 0)
		return true;
	*to = strndup(s.p, s.n);
	return *to != NULL;
}

static enum case_status
read_row(struct reading *r, const struct case_row *row)
{
	struct waivers *ws = r->ws;
	struct waiver *more, *w;
	struct case_str until = cell_of(r, row, UNTIL);

	for (enum column c = REASON; c < COLUMNS; c++)
		if (cell_of(r, row, c).n == 0)
			return case_error_set(r->err, CASE_EDATA, row->line,
			    _("this waiver has no '%s'"), names[c].name);
	more = realloc(ws->w, (ws->n + 1) * sizeof(*more));
	if (more == NULL)
		return case_error_memory(r->err);
	ws->w = more;
	w = &ws->w[ws->n++];
	*w = (struct waiver){ 0 };
	if (!copy_cell(&w->fingerprint, cell_of(r, row, FINGERPRINT)) ||
	    !copy_cell(&w->rule, cell_of(r, row, RULE)) ||
	    !copy_cell(&w->key, cell_of(r, row, KEY)))
		return case_error_memory(r->err);
	if (w->fingerprint == NULL && (w->rule == NULL || w->key == NULL))
		return case_error_set(r->err, CASE_EDATA, row->line,
		    _("this waiver names no fingerprint, nor rule and key"));
	if (case_date_parse(&w->until, CASE_DATE, until.p, until.n,
		CASE_CALENDAR_CE, r->err) == CASE_OK)
		return CASE_OK;
	r->err->line = row->line;
	return CASE_EDATA;
}

static enum case_status
read_rows(struct reading *r)
{
	const struct case_str *cell;
	struct case_row row;
	enum case_status rc;
	size_t n;

	cell = case_reader_names(r->rd, &n);
	if (cell != NULL) {
		r->line = 0;
		if ((rc = read_header(r, cell, n)) != CASE_OK)
			return rc;
	}
	while ((rc = case_reader_next(r->rd, &row, r->err)) == CASE_OK) {
		if (row.fault != NULL || row.unsure != NULL)
			return case_error_set(r->err, CASE_EDATA, row.line,
			    "%s", row.fault != NULL ? row.fault : row.unsure);
		if (row.cell_n == 0)
			continue;
		r->line = row.line;
		if (cell == NULL) {
			rc = read_header(r, row.cell, row.cell_n);
			cell = row.cell;
		} else {
			rc = read_row(r, &row);
		}
		if (rc != CASE_OK)
			return rc;
	}
	if (rc == CASE_EOF && cell == NULL)
		return case_error_set(r->err, CASE_EDATA, 0,
		    _("the file of waivers is empty"));
	return rc == CASE_EOF ? CASE_OK : rc;
}

static enum case_status
load(struct waivers *ws, const char *path, struct case_error *err)
{
	const struct case_reader_options options = { 0 };
	struct reading r = { .ws = ws, .err = err };
	struct case_input *in = NULL;
	enum case_status rc;

	rc = case_input_open(&in, path, CASE_ENCODING_AUTO, err);
	if (rc == CASE_OK)
		rc = case_reader_open(&r.rd, in, &options, err);
	if (rc == CASE_OK)
		rc = read_rows(&r);
	case_reader_close(r.rd);
	case_input_close(in);
	return rc;
}

enum case_status
waivers_load(struct waivers *ws, const char *path, struct case_error *err)
{
	struct case_error why = { .line = 0 };
	enum case_status rc;

	rc = load(ws, path, &why);
	if (rc == CASE_OK)
		return rc;
	if (why.line > 0)
		return case_error_set(err, rc, 0, "%s:%zu: %s", path, why.line,
		    why.what);
	return case_error_set(err, rc, 0, "%s: %s", path, why.what);
}

void
waivers_free(struct waivers *ws)
{
	for (size_t i = 0; i < ws->n; i++) {
		free(ws->w[i].fingerprint);
		free(ws->w[i].rule);
		free(ws->w[i].key);
	}
	free(ws->w);
	*ws = (struct waivers){ 0 };
}

bool
waivers_match(const struct waivers *ws, const char *fingerprint,
    const char *rule, struct case_str key, int64_t today)
{
	for (size_t i = 0; i < ws->n; i++) {
		const struct waiver *w = &ws->w[i];

		if (w->until < today)
			continue;
		if (w->fingerprint != NULL) {
			if (strcmp(w->fingerprint, fingerprint) == 0)
				return true;
		} else if (strcmp(w->rule, rule) == 0 &&
			   strlen(w->key) == key.n &&
			   memcmp(w->key, key.p, key.n) == 0) {
			return true;
		}
	}
	return false;
}
