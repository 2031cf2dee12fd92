/* xlsxrow.c - a row of a sheet as XML */
#include "lib/format/writer.h"
#include "lib/format/xlsxrow.h"
#include "lib/format/xlsxtext.h"

/* A spreadsheet keeps 15 digits of a number: more would be changed. */
#define DIGITS_15 INT64_C(999999999999999)

/* Days from 1970-01-01 of what a spreadsheet counts rightly as a date. */
#define DAY_ZERO 25569
#define DAY_FIRST (-25508) /* 1900-03-01: before it counts a 29 February */
#define DAY_LAST 2932896   /* 9999-12-31 */
#define DAY_SECONDS 86400

struct case_xlsx_letters
case_xlsx_letters(size_t column)
{
	struct case_xlsx_letters l = { "" };
	size_t n = 0;
	char back[4];

	for (column++; column > 0; column = (column - 1) / 26)
		back[n++] = (char)('A' + (column - 1) % 26);
	for (size_t i = 0; i < n; i++)
		l.s[i] = back[n - 1 - i];
	return l;
}

/* The text of a number cell; false: it would be changed, so it is text. */
static bool
number(struct case_buf *out, const struct case_value *v)
{
	struct case_value serial = { .type = CASE_NUMBER };

	switch (v->type) {
	case CASE_INTEGER:
	case CASE_MONEY:
		if (v->u.i < -DIGITS_15 || v->u.i > DIGITS_15)
			return false;
		break;
	case CASE_DATE:
		if (v->u.i < DAY_FIRST || v->u.i > DAY_LAST)
			return false;
		serial.type = CASE_INTEGER;
		serial.u.i = v->u.i + DAY_ZERO;
		case_value_text(out, &serial);
		return true;
	case CASE_TIME:
		if (v->u.i < (int64_t)DAY_FIRST * DAY_SECONDS ||
		    v->u.i >= ((int64_t)DAY_LAST + 1) * DAY_SECONDS)
			return false;
		serial.u.d = (double)v->u.i / DAY_SECONDS + DAY_ZERO;
		case_value_text(out, &serial);
		return true;
	case CASE_TEXT:
	case CASE_CODE:
		return false;
	default:
		break;
	}
	case_value_text(out, v);
	return true;
}

static void
put_escaped(struct case_buf *b, const char *p, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		const char *entity;

		if (p[i] == '&')
			entity = "&amp;";
		else if (p[i] == '<')
			entity = "&lt;";
		else if (p[i] == '>')
			entity = "&gt;";
		else
			continue;
		case_buf_add(b, p + from, i - from);
		case_buf_adds(b, entity);
		from = i + 1;
	}
	case_buf_add(b, p + from, n - from);
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* printf() for every cell would be a fifth of all the time. */
static void
put_style(struct case_buf *out, int style)
{
	char digits[16];
	size_t n = sizeof(digits);

	do
		digits[--n] = (char)('0' + style % 10);
	while ((style /= 10) > 0);
	case_buf_add(out, digits + n, sizeof(digits) - n);
}

static void
open_cell(struct case_buf *out, const char *letters, const char *row, int style)
{
	case_buf_adds(out, "<c r=\"");
	case_buf_adds(out, letters);
	case_buf_adds(out, row);
	case_buf_adds(out, "\" s=\"");
	put_style(out, style);
	case_buf_addc(out, '"');
}

static void
put_text(struct case_buf *out, const struct case_buf *text)
{
	const char *p = text->p;
	size_t n = text->n;

	if (n == 0) {
		case_buf_adds(out, "/>");
		return;
	}
	case_buf_adds(out, " t=\"inlineStr\"><is><t");
	if (is_space(p[0]) || is_space(p[n - 1]))
		case_buf_adds(out, " xml:space=\"preserve\"");
	case_buf_addc(out, '>');
	put_escaped(out, p, n);
	case_buf_adds(out, "</t></is></c>");
}

bool
case_xlsx_cell(struct case_buf *out, const char *letters, const char *row,
    const int *style, const struct case_value *v, struct case_buf *text,
    struct case_buf *tmp)
{
	bool cut = false;

	case_buf_reset(text);
	if (number(text, v)) {
		open_cell(out, letters, row, style[v->type]);
		case_buf_adds(out, "><v>");
		case_buf_add(out, text->p, text->n);
		case_buf_adds(out, "</v></c>");
	} else if (case_type_is_text(v->type)) {
		open_cell(out, letters, row, style[v->type]);
		cut = case_xlsx_text(text, tmp, v->u.s.p, v->u.s.n);
		put_text(out, text);
	} else {
		open_cell(out, letters, row, style[CASE_TEXT]);
		case_value_text(text, v);
		put_text(out, text);
	}
	if (text->failed)
		out->failed = true;
	return cut;
}
