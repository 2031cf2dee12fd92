/* writer.c - the formats by name, and what their writers share */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "case/encode.h"
#include "case/intl.h"
#include "case/text.h"
#include "lib/format/writer.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Above this, gathered lines go to the stream. */
#define ENOUGH (64 * 1024)

static const struct case_text_format *const drivers[] = {
	[CASE_FORMAT_CASE] = &case_format_case,
	[CASE_FORMAT_TABLE] = &case_format_text,
	[CASE_FORMAT_CSV] = &case_format_csv,
	[CASE_FORMAT_TSV] = &case_format_tsv,
	[CASE_FORMAT_JSON] = &case_format_json,
	[CASE_FORMAT_JSONL] = &case_format_jsonl,
	[CASE_FORMAT_MD] = &case_format_md,
	[CASE_FORMAT_HTML] = &case_format_html,
	[CASE_FORMAT_TXT] = &case_format_txt,
};

/* The first name of a format is its own, others are suffixes met in files. */
static const struct {
	const char *name;
	enum case_format format;
} names[] = {
	{ "case", CASE_FORMAT_CASE },
	{ "table", CASE_FORMAT_TABLE },
	{ "csv", CASE_FORMAT_CSV },
	{ "tsv", CASE_FORMAT_TSV },
	{ "json", CASE_FORMAT_JSON },
	{ "jsonl", CASE_FORMAT_JSONL },
	{ "ndjson", CASE_FORMAT_JSONL },
	{ "md", CASE_FORMAT_MD },
	{ "html", CASE_FORMAT_HTML },
	{ "htm", CASE_FORMAT_HTML },
	{ "txt", CASE_FORMAT_TXT },
	{ "xlsx", CASE_FORMAT_XLSX },
};

/* strcasecmp() would ask the locale. */
static bool
same_ascii(const char *a, const char *b)
{
	for (; *a != '\0' && *b != '\0'; a++, b++) {
		char c = *a >= 'A' && *a <= 'Z' ? (char)(*a + 32) : *a;

		if (c != *b)
			return false;
	}
	return *a == *b;
}

bool
case_format_find(const char *name, enum case_format *f)
{
	for (size_t i = 0; i < COUNT(names); i++)
		if (same_ascii(name, names[i].name)) {
			*f = names[i].format;
			return true;
		}
	return false;
}

const char *
case_format_name(enum case_format f)
{
	for (size_t i = 0; i < COUNT(names); i++)
		if (names[i].format == f)
			return names[i].name;
	return "";
}

/* Options that would spoil the format are refused, not ignored. */
static enum case_status
check_options(enum case_format f, const struct case_writer_options *opt,
    struct case_error *err)
{
	if (opt->gb18030 && opt->bom)
		return case_error_set(err, CASE_EUSAGE, 0, "%s",
		    _("a byte order mark goes with UTF-8, not with GB18030"));
	if (opt->gb18030 && (f == CASE_FORMAT_CASE || f == CASE_FORMAT_JSON ||
				f == CASE_FORMAT_JSONL))
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("%s is always UTF-8, it cannot be GB18030"),
		    case_format_name(f));
	if (opt->bom && f != CASE_FORMAT_CSV && f != CASE_FORMAT_TSV &&
	    f != CASE_FORMAT_TXT)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("a byte order mark goes with csv, tsv and txt, not "
		      "with %s"),
		    case_format_name(f));
	return CASE_OK;
}

enum case_status
case_writer_open(struct case_writer **out, enum case_format format,
    FILE *stream, const struct case_writer_options *options,
    struct case_error *err)
{
	static const struct case_writer_options none;
	const struct case_text_format *driver;
	struct case_text_writer *w;
	enum case_status rc;

	*out = NULL;
	if ((size_t)format >= COUNT(drivers))
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("%s is not written to a stream"),
		    case_format_name(format));
	if (options == NULL)
		options = &none;
	if ((rc = check_options(format, options, err)) != CASE_OK)
		return rc;
	driver = drivers[format];
	if ((w = calloc(1, driver->size)) == NULL)
		return case_error_memory(err);
	w->w.ops = &driver->ops;
	w->stream = stream;
	w->opt = *options;
	*out = &w->w;
	return CASE_OK;
}

void
case_text_begin(struct case_text_writer *w, const struct case_table *t)
{
	w->table = t;
	if (w->tables++ == 0 && w->opt.bom)
		case_buf_adds(&w->buf, "\xef\xbb\xbf");
}

static enum case_status
put(struct case_text_writer *w, const char *p, size_t n, struct case_error *err)
{
	errno = 0;
	if (fwrite(p, 1, n, w->stream) == n && !ferror(w->stream))
		return CASE_OK;
	if (errno == 0)
		errno = EIO;
	return case_error_system(err, _("cannot write the output"));
}

static enum case_status
put_all(struct case_text_writer *w, struct case_error *err)
{
	enum case_status rc;

	if (w->buf.failed)
		return case_error_memory(err);
	if (w->buf.n == 0)
		return CASE_OK;
	if (w->opt.gb18030) {
		case_buf_reset(&w->encoded);
		rc = case_encode_gb18030(&w->encoded, w->buf.p, w->buf.n, err);
		if (rc == CASE_OK)
			rc = put(w, w->encoded.p, w->encoded.n, err);
	} else {
		rc = put(w, w->buf.p, w->buf.n, err);
	}
	case_buf_reset(&w->buf);
	return rc;
}

enum case_status
case_text_drain(struct case_text_writer *w, struct case_error *err)
{
	if (w->cell.failed)
		return case_error_memory(err);
	if (w->buf.n < ENOUGH && !w->buf.failed)
		return CASE_OK;
	return put_all(w, err);
}

enum case_status
case_text_flush(struct case_text_writer *w, struct case_error *err)
{
	enum case_status rc;

	if ((rc = put_all(w, err)) != CASE_OK)
		return rc;
	errno = 0;
	if (fflush(w->stream) != 0 || ferror(w->stream)) {
		if (errno == 0)
			errno = EIO;
		return case_error_system(err, _("cannot write the output"));
	}
	return CASE_OK;
}

enum case_status
case_text_finish(struct case_writer *w, struct case_error *err)
{
	return case_text_flush((struct case_text_writer *)w, err);
}

void
case_text_close(struct case_writer *base)
{
	struct case_text_writer *w = (struct case_text_writer *)base;

	case_buf_free(&w->buf);
	case_buf_free(&w->cell);
	case_buf_free(&w->encoded);
	free(w);
}

void
case_text_fail(struct case_writer *w, const char *reason)
{
	(void)w;
	(void)reason;
}

static bool
is_real(enum case_type type)
{
	return type == CASE_NUMBER || type == CASE_RATIO || type == CASE_POINTS;
}

enum case_status
case_writer_check(const struct case_table *t, const struct case_value *v,
    size_t n, struct case_error *err)
{
	if (n != t->column_n)
		return case_error_set(err, CASE_EDATA, 0,
		    _("a row of table '%s' has %zu values, not %zu"), t->name,
		    n, t->column_n);
	for (size_t i = 0; i < n; i++)
		if (is_real(v[i].type) && !v[i].missing && !isfinite(v[i].u.d))
			return case_error_set(err, CASE_EDATA, 0,
			    _("a value of column '%s' is not a finite number"),
			    t->column[i].name);
	return CASE_OK;
}

bool
case_type_is_numeric(enum case_type type)
{
	return type == CASE_INTEGER || type == CASE_MONEY || is_real(type);
}

bool
case_type_is_text(enum case_type type)
{
	return type == CASE_TEXT || type == CASE_CODE;
}

void
case_column_heading(struct case_buf *out, const struct case_column *c)
{
	case_buf_adds(out, c->label != NULL ? c->label : c->name);
	if (c->unit != NULL && *c->unit != '\0') {
		case_buf_addc(out, '(');
		case_buf_adds(out, c->unit);
		case_buf_addc(out, ')');
	}
}

const char *
case_table_title(const struct case_table *t)
{
	return t->title != NULL && *t->title != '\0' ? t->title : t->name;
}

void
case_date_text(struct case_buf *out, int64_t days)
{
	struct case_value v = { .type = CASE_DATE, .u.i = days };

	case_value_text(out, &v);
}

void
case_table_period(struct case_buf *out, const struct case_table *t,
    enum case_lang lang)
{
	if (!t->has_period)
		return;
	case_date_text(out, t->from);
	case_buf_adds(out, case_word(CASE_WORD_TO, lang));
	case_date_text(out, t->to);
}

void
case_table_heading(struct case_buf *out, const struct case_table *t,
    enum case_lang lang)
{
	case_buf_adds(out, case_table_title(t));
	if (!t->has_period)
		return;
	case_buf_adds(out, lang == CASE_EN ? " (" : "（");
	case_table_period(out, t, lang);
	case_buf_adds(out, lang == CASE_EN ? ")" : "）");
}

void
case_value_people(struct case_buf *out, const struct case_value *v)
{
	if (v->missing)
		return;
	if (case_type_is_text(v->type))
		case_text_visible(out, v->u.s.p, v->u.s.n);
	else
		case_value_display(out, v);
}

void
case_text_shown(struct case_buf *out, const char *s)
{
	case_text_visible(out, s, strlen(s));
}

/* Data never goes through gettext: it follows --lang, not the locale. */
static const char *const words[][2] = {
	[CASE_WORD_TO] = { " 至 ", " to " },
	[CASE_WORD_COVER] = { "封面", "Cover" },
	[CASE_WORD_REPORT] = { "统计报表", "Report" },
	[CASE_WORD_SHEET] = { "工作表", "Sheet" },
	[CASE_WORD_TABLE] = { "表", "Table" },
	[CASE_WORD_ROWS] = { "行数", "Rows" },
	[CASE_WORD_PERIOD] = { "统计期间", "Period" },
	[CASE_WORD_SOURCE] = { "来源", "Source" },
	[CASE_WORD_CONTENT] = { "内容", "Content" },
	[CASE_WORD_NOTES] = { "说明", "Notes" },
	[CASE_WORD_CUT] = { "超过32767个字符、已截断（以…结尾）的单元格数",
	    "Cells cut at 32767 characters (they end in …)" },
	[CASE_WORD_MADE_BY] = { "生成工具", "Made by" },
	[CASE_WORD_PAGE] = { "&C第 &P 页 共 &N 页", "&CPage &P of &N" },
};

const char *
case_word(enum case_word word, enum case_lang lang)
{
	return words[word][lang == CASE_EN];
}

static const struct {
	const char *key;
	const char *label;
} metas[] = {
	{ "as-of", "数据截至" },
	{ "base", "比较期" },
	{ "command", "命令" },
	{ "privacy", "隐私处理" },
	{ "revision", "数据版本" },
	{ "setting", "设置" },
	{ "source", "数据来源" },
	{ "today", "基准日期" },
	{ "version", "工具版本" },
};

const char *
case_meta_label(const char *key, enum case_lang lang)
{
	for (size_t i = 0; lang != CASE_EN && i < COUNT(metas); i++)
		if (strcmp(key, metas[i].key) == 0)
			return metas[i].label;
	return key;
}
