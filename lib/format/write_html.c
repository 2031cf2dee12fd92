/* write_html.c - tables as one page that needs no network */
#include <string.h>

#include "case/text.h"
#include "lib/format/writer.h"

/*
 * foot		the provenance of each table, printed at the end of the page
 * last		where the newest meta begins in foot
 */
struct html_form {
	struct case_text_writer text;
	struct case_buf foot;
	size_t last;
};

static const char style[] =
    "<style>\n"
    "body{font:15px/1.6 \"Noto Sans CJK SC\",\"Microsoft YaHei\","
    "\"PingFang SC\",sans-serif;margin:2em auto;max-width:75em;"
    "padding:0 1em;color:#222}\n"
    "table{border-collapse:collapse;margin:0 0 2em;"
    "font-variant-numeric:tabular-nums}\n"
    "caption{font-size:1.2em;font-weight:bold;text-align:left;"
    "padding:.4em 0}\n"
    "th,td{border:1px solid #bbb;padding:.25em .6em;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}\n"
    "th{background:#eef2f7;position:sticky;top:0}\n"
    "th button{all:unset;cursor:pointer}\n"
    "th[aria-sort=ascending] button::after{content:\" ▲\"}\n"
    "th[aria-sort=descending] button::after{content:\" ▼\"}\n"
    ".n{text-align:right;white-space:nowrap}\n"
    ".b{background:linear-gradient(#cfe0f5,#cfe0f5) no-repeat left/"
    "var(--v) 100%}\n"
    "tbody tr:nth-child(even){background:#fafafa}\n"
    "footer{font-size:.85em;color:#555;border-top:1px solid #bbb}\n"
    "dt{float:left;clear:left;min-width:7em}\n"
    "dd{margin:0 0 0 8em;overflow-wrap:anywhere}\n"
    "@page{size:A4 landscape;margin:12mm}\n"
    "@media print{body{margin:0;max-width:none;font-size:10pt}"
    "th{position:static}thead{display:table-header-group}"
    "tr{break-inside:avoid}th button::after{content:none!important}"
    ".b,th{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n"
    "</style>\n";

/* Empty cells stay last whichever way a column is sorted. */
static const char script[] =
    "<script>\n"
    "for(const h of document.querySelectorAll(\"thead th\"))"
    "h.firstChild.onclick=()=>{\n"
    "const b=h.closest(\"table\").tBodies[0],i=h.cellIndex,"
    "num=h.className===\"n\",\n"
    "d=h.getAttribute(\"aria-sort\")===\"ascending\"?-1:1,"
    "v=r=>{const s=r.cells[i].textContent;\n"
    "return num?parseFloat(s.replace(/[,%+]/g,\"\")):s},"
    "e=x=>x===\"\"||x!==x,\n"
    "c=new Intl.Collator(\"zh-CN\",{numeric:true}).compare;\n"
    "for(const o of h.parentNode.cells)o.removeAttribute(\"aria-sort\");\n"
    "h.setAttribute(\"aria-sort\",d>0?\"ascending\":\"descending\");\n"
    "b.append(...[...b.rows].map(r=>[v(r),r]).sort(([x],[y])=>"
    "e(x)||e(y)?e(x)-e(y):d*(num?x-y:c(x,y))).map(p=>p[1]))};\n"
    "</script>\n";

static void
put_escaped(struct case_buf *b, const char *p, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		const char *entity;

		switch (p[i]) {
		case '&':
			entity = "&amp;";
			break;
		case '<':
			entity = "&lt;";
			break;
		case '>':
			entity = "&gt;";
			break;
		case '"':
			entity = "&quot;";
			break;
		case '\'':
			entity = "&#39;";
			break;
		default:
			continue;
		}
		case_buf_add(b, p + from, i - from);
		case_buf_adds(b, entity);
		from = i + 1;
	}
	case_buf_add(b, p + from, n - from);
}

/* The text is made visible in w->text.cell first. */
static void
put_text(struct html_form *w, struct case_buf *b, const char *p, size_t n)
{
	struct case_buf *cell = &w->text.cell;

	case_buf_reset(cell);
	case_text_visible(cell, p, n);
	if (cell->failed)
		b->failed = true;
	put_escaped(b, case_buf_str(cell), cell->n);
}

static void
put_str(struct html_form *w, struct case_buf *b, const char *s)
{
	put_text(w, b, s, strlen(s));
}

static void
put_head(struct html_form *w, const struct case_table *t)
{
	struct case_buf *b = &w->text.buf;

	case_buf_adds(b, "<!DOCTYPE html>\n<html lang=\"");
	case_buf_adds(b, w->text.opt.lang == CASE_EN ? "en" : "zh-CN");
	case_buf_adds(b, "\">\n<head>\n<meta charset=\"");
	case_buf_adds(b, w->text.opt.gb18030 ? "gb18030" : "utf-8");
	case_buf_adds(b,
	    "\">\n<meta http-equiv=\"Content-Security-Policy\" "
	    "content=\"default-src 'none'; style-src 'unsafe-inline'; "
	    "script-src 'unsafe-inline'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width\">\n"
	    "<title>");
	if (t != NULL)
		put_str(w, b, case_table_title(t));
	else
		case_buf_adds(b, case_word(CASE_WORD_REPORT, w->text.opt.lang));
	case_buf_adds(b, "</title>\n");
	case_buf_adds(b, style);
	case_buf_adds(b, "</head>\n<body>\n");
}

/* Tables of one run share their meta, which is then said once. */
static void
keep_meta(struct html_form *w, const struct case_table *t)
{
	struct case_buf *b = &w->foot;
	struct case_buf meta = { 0 };

	if (t->meta_n == 0)
		return;
	for (size_t i = 0; i < t->meta_n; i++) {
		case_buf_adds(&meta, "<dt>");
		put_str(w, &meta,
		    case_meta_label(t->meta[2 * i], w->text.opt.lang));
		case_buf_adds(&meta, "</dt><dd>");
		put_str(w, &meta, t->meta[2 * i + 1]);
		case_buf_adds(&meta, "</dd>\n");
	}
	case_buf_adds(&meta, "</dl>\n");
	if (meta.failed) {
		b->failed = true;
	} else if (b->n - w->last != meta.n ||
		   memcmp(b->p + w->last, meta.p, meta.n) != 0) {
		case_buf_adds(b, "<h2>");
		put_str(w, b, case_table_title(t));
		case_buf_adds(b, "</h2>\n<dl>\n");
		w->last = b->n;
		case_buf_add(b, meta.p, meta.n);
	}
	case_buf_free(&meta);
}

static enum case_status
html_begin(struct case_writer *base, const struct case_table *t,
    struct case_error *err)
{
	struct html_form *w = (struct html_form *)base;
	struct case_buf *b = &w->text.buf;
	struct case_buf heading = { 0 };

	case_text_begin(&w->text, t);
	if (w->text.tables == 1)
		put_head(w, t);
	keep_meta(w, t);
	case_table_heading(&heading, t, w->text.opt.lang);
	case_buf_adds(b, "<table>\n<caption>");
	put_text(w, b, case_buf_str(&heading), heading.n);
	case_buf_adds(b, "</caption>\n<thead><tr>\n");
	for (size_t i = 0; i < t->column_n; i++) {
		bool right = case_type_is_numeric(t->column[i].type);

		if (heading.failed)
			break;
		case_buf_reset(&heading);
		case_column_heading(&heading, &t->column[i]);
		case_buf_adds(b, right ? "<th scope=\"col\" class=\"n\">"
				       : "<th scope=\"col\">");
		case_buf_adds(b, "<button>");
		put_text(w, b, case_buf_str(&heading), heading.n);
		case_buf_adds(b, "</button></th>\n");
	}
	case_buf_adds(b, "</tr></thead>\n<tbody>\n");
	if (heading.failed || w->foot.failed)
		b->failed = true;
	case_buf_free(&heading);
	return case_text_drain(&w->text, err);
}

/* A share carries its bar as a background of so many per cent. */
static void
put_bar(struct case_buf *b, const struct case_value *v)
{
	double share = v->u.d < 0 ? 0 : v->u.d > 1 ? 1 : v->u.d;
	int tenths = (int)(share * 1000 + 0.5);

	case_buf_addf(b, "<td class=\"n b\" style=\"--v:%d.%d%%\">",
	    tenths / 10, tenths % 10);
}

static enum case_status
html_row(struct case_writer *base, const struct case_value *v, size_t n,
    struct case_error *err)
{
	struct html_form *w = (struct html_form *)base;
	const struct case_column *c = w->text.table->column;
	struct case_buf *b = &w->text.buf;
	enum case_status rc;

	if ((rc = case_writer_check(w->text.table, v, n, err)) != CASE_OK)
		return rc;
	case_buf_adds(b, "<tr>");
	for (size_t i = 0; i < n; i++) {
		if (c[i].bar && !v[i].missing && v[i].type == CASE_RATIO)
			put_bar(b, &v[i]);
		else if (case_type_is_numeric(c[i].type))
			case_buf_adds(b, "<td class=\"n\">");
		else
			case_buf_adds(b, "<td>");
		if (!v[i].missing && case_type_is_text(v[i].type))
			put_text(w, b, v[i].u.s.p, v[i].u.s.n);
		else
			case_value_people(b, &v[i]);
		case_buf_adds(b, "</td>");
	}
	case_buf_adds(b, "</tr>\n");
	return case_text_drain(&w->text, err);
}

static enum case_status
html_end(struct case_writer *base, struct case_error *err)
{
	struct html_form *w = (struct html_form *)base;

	case_buf_adds(&w->text.buf, "</tbody>\n</table>\n");
	w->text.table = NULL;
	return case_text_drain(&w->text, err);
}

static enum case_status
html_finish(struct case_writer *base, struct case_error *err)
{
	struct html_form *w = (struct html_form *)base;
	struct case_buf *b = &w->text.buf;

	if (w->text.tables == 0)
		put_head(w, NULL);
	if (w->foot.n > 0) {
		case_buf_adds(b, "<footer>\n");
		case_buf_add(b, w->foot.p, w->foot.n);
		case_buf_adds(b, "</footer>\n");
	}
	case_buf_adds(b, script);
	case_buf_adds(b, "</body>\n</html>\n");
	return case_text_flush(&w->text, err);
}

static void
html_close(struct case_writer *base)
{
	case_buf_free(&((struct html_form *)base)->foot);
	case_text_close(base);
}

const struct case_text_format case_format_html = {
	.size = sizeof(struct html_form),
	.ops = {
		.begin = html_begin,
		.row = html_row,
		.end = html_end,
		.fail = case_text_fail,
		.finish = html_finish,
		.close = html_close,
	},
};
