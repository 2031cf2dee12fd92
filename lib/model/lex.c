/* lex.c - the text of an expression to tokens */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "case/intl.h"
#include "case/text.h"
#include "lib/model/expr.h"

/* Marks that are typed with a Chinese keyboard, and what they stand for. */
static const struct {
	uint32_t c;
	char ascii[3];
} typed[] = {
	{ 0x00d7, "*" },  /* × */
	{ 0x00f7, "/" },  /* ÷ */
	{ 0x2212, "-" },  /* − */
	{ 0x2260, "<>" }, /* ≠ */
	{ 0x2264, "<=" }, /* ≤ */
	{ 0x2265, ">=" }, /* ≥ */
	{ 0x2266, "<=" }, /* ≦ */
	{ 0x2267, ">=" }, /* ≧ */
	{ 0x3001, "," },  /* 、 */
	{ 0xffe5, "" },	  /* ￥ is no part of a name */
};

/* Marks of a text, open and close; the ASCII ones come folded. */
static const struct {
	uint32_t open, close;
} quotes[] = {
	{ '\'', '\'' },
	{ '"', '"' },
	{ '`', '`' },
	{ 0x2018, 0x2019 }, /* ‘ ’ */
	{ 0x2019, 0x2019 },
	{ 0x201c, 0x201d }, /* “ ” */
	{ 0x201d, 0x201d },
};

/* Two characters before one, so that <= is not taken for <. */
static const struct {
	char text[3];
	enum expr_token token;
} symbols[] = {
	{ "<=", EXPR_T_LE },
	{ ">=", EXPR_T_GE },
	{ "<>", EXPR_T_NE },
	{ "!=", EXPR_T_NE },
	{ "==", EXPR_T_EQ },
	{ "=", EXPR_T_EQ },
	{ "<", EXPR_T_LT },
	{ ">", EXPR_T_GT },
	{ "(", EXPR_T_OPEN },
	{ ")", EXPR_T_CLOSE },
	{ ",", EXPR_T_COMMA },
	{ ":", EXPR_T_COLON },
	{ "+", EXPR_T_ADD },
	{ "-", EXPR_T_SUB },
	{ "*", EXPR_T_MUL },
	{ "/", EXPR_T_DIV },
};

static const char *const keywords[] = { "and", "between", "false", "in", "is",
	"like", "missing", "not", "null", "or", "true" };

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct lexer {
	const char *text;
	size_t n, at;
	struct expr_tokens *out;
	size_t cap;
	struct case_error *err;
};

enum case_status
case_expr_fail(struct case_error *err, const char *text, size_t at,
    const char *fmt, ...)
{
	char what[sizeof(err->what)];
	size_t column = 1, k;
	uint32_t c;
	va_list ap;

	for (size_t i = 0; i < at; i += k, column++)
		if ((k = case_utf8_get(text + i, at - i, &c)) == 0)
			break;
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return case_error_set(err, CASE_EUSAGE, 0, "%zu: %s", column, what);
}

bool
case_expr_is_keyword(const char *p, size_t n)
{
	for (size_t i = 0; i < COUNT(keywords); i++)
		if (strlen(keywords[i]) == n &&
		    strncasecmp(keywords[i], p, n) == 0)
			return true;
	return false;
}

/* The character at byte i, folded to ASCII where it is a full-width form. */
static size_t
folded(const char *p, size_t n, uint32_t *c)
{
	size_t k = case_utf8_get(p, n, c);

	if (*c >= 0xff01 && *c <= 0xff5e)
		*c -= 0xfee0;
	else if (*c == 0x3000)
		*c = ' ';
	return k;
}

static bool
is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 ||
	       c == 0xfeff || (c >= 0x2000 && c <= 0x200d);
}

/* What may stand in a bare name: letters, and any character that is no mark. */
static bool
is_name(uint32_t c)
{
	if (c < 0x80)
		return c == '_' || is_digit(c) || (c >= 'a' && c <= 'z') ||
		       (c >= 'A' && c <= 'Z');
	for (size_t i = 0; i < COUNT(typed); i++)
		if (typed[i].c == c)
			return false;
	return c >= 0xc0 && c != 0xfffd && c != 0xfeff &&
	       (c < 0x2000 || c >= 0x2070) && (c < 0x2200 || c >= 0x2300) &&
	       c != 0x3002 && c != 0x3003 && (c < 0x3008 || c >= 0x3020) &&
	       (c < 0xff5f || c >= 0xff66);
}

bool
case_expr_is_name(const char *p, size_t n)
{
	size_t k;
	uint32_t c;

	for (size_t i = 0; i < n; i += k) {
		k = folded(p + i, n - i, &c);
		if (!is_name(c) || (i == 0 && is_digit(c)))
			return false;
	}
	return n > 0 && !case_expr_is_keyword(p, n);
}

static enum case_status
add(struct lexer *l, enum expr_token token, size_t at, size_t from)
{
	struct expr_lexeme *more;
	size_t cap = l->cap == 0 ? 32 : l->cap * 2;

	if (l->out->n == l->cap) {
		more = realloc(l->out->v, cap * sizeof(*more));
		if (more == NULL)
			return case_error_memory(l->err);
		l->out->v = more;
		l->cap = cap;
	}
	l->out->v[l->out->n++] = (struct expr_lexeme){ .token = token,
		.at = at,
		.from = from,
		.n = l->out->text.n - from };
	return CASE_OK;
}

/* The next character, folded, without moving; 0 at the end. */
static uint32_t
peek(const struct lexer *l, size_t *k)
{
	uint32_t c = 0;

	*k = folded(l->text + l->at, l->n - l->at, &c);
	return *k == 0 ? 0 : c;
}

static void
take_while(struct lexer *l, bool (*is)(uint32_t c))
{
	uint32_t c;
	size_t k;

	while ((c = peek(l, &k)) != 0 && is(c)) {
		case_utf8_put(&l->out->text, c);
		l->at += k;
	}
}

/* Takes one of two characters, in ASCII lower case; false: it is not there. */
static bool
take(struct lexer *l, char a, char b)
{
	size_t k;
	uint32_t c = peek(l, &k);

	if (c != (uint32_t)a && c != (uint32_t)b)
		return false;
	case_buf_addc(&l->out->text, (char)c);
	l->at += k;
	return true;
}

static enum case_status
lex_number(struct lexer *l)
{
	size_t at = l->at, from = l->out->text.n, k;

	take_while(l, is_digit);
	if (take(l, '.', '.'))
		take_while(l, is_digit);
	if (take(l, 'e', 'E')) {
		take(l, '+', '-');
		take_while(l, is_digit);
	}
	if (is_name(peek(l, &k)))
		return case_expr_fail(l->err, l->text, at,
		    _("a name that begins with a digit has to stand in `…`, "
		      "and a unit can't follow a number"));
	return add(l, EXPR_T_NUMBER, at, from);
}

/* Up to the closing mark, which is doubled to stand for itself. */
static enum case_status
lex_quoted(struct lexer *l, uint32_t close, bool name)
{
	size_t at = l->at, from = l->out->text.n, k;
	uint32_t c;

	l->at += case_utf8_get(l->text + at, l->n - at, &c);
	for (;;) {
		k = case_utf8_get(l->text + l->at, l->n - l->at, &c);
		if (k == 0)
			return case_expr_fail(l->err, l->text, at,
			    _("this quotation mark is never closed"));
		l->at += k;
		if (c != close) {
			case_utf8_put(&l->out->text, c);
			continue;
		}
		k = case_utf8_get(l->text + l->at, l->n - l->at, &c);
		if (k == 0 || c != close)
			break;
		case_utf8_put(&l->out->text, c);
		l->at += k;
	}
	return add(l, name ? EXPR_T_QUOTED : EXPR_T_TEXT, at, from);
}

/* The character at a byte as ASCII, whatever form it was typed in, or "". */
static size_t
ascii_of(const struct lexer *l, size_t at, char out[3])
{
	uint32_t c = 0;
	size_t k = folded(l->text + at, l->n - at, &c);

	memset(out, 0, 3);
	for (size_t i = 0; i < COUNT(typed); i++)
		if (typed[i].c == c) {
			memcpy(out, typed[i].ascii, sizeof(typed[i].ascii));
			return k;
		}
	if (c < 0x80)
		out[0] = (char)c;
	return k;
}

static enum expr_token
symbol_of(const char *text)
{
	for (size_t i = 0; i < COUNT(symbols); i++)
		if (strcmp(symbols[i].text, text) == 0)
			return symbols[i].token;
	return EXPR_T_END;
}

static enum case_status
lex_symbol(struct lexer *l)
{
	char one[3], two[3], pair[3] = "";
	size_t at = l->at, first, second;
	enum expr_token token = EXPR_T_END;
	struct case_buf shown = { 0 };
	enum case_status rc;

	first = ascii_of(l, at, one);
	second = ascii_of(l, at + first, two);
	if (one[1] == '\0' && two[1] == '\0') {
		pair[0] = one[0];
		pair[1] = two[0];
		token = two[0] == '\0' ? EXPR_T_END : symbol_of(pair);
	}
	l->at += token == EXPR_T_END ? first : first + second;
	if (token == EXPR_T_END)
		token = symbol_of(one);
	if (token != EXPR_T_END)
		return add(l, token, at, l->out->text.n);
	case_text_visible(&shown, l->text + at, first);
	rc = case_expr_fail(l->err, l->text, at, _("'%s' has no meaning here"),
	    case_buf_str(&shown));
	case_buf_free(&shown);
	return rc;
}

static enum case_status
lex_next(struct lexer *l)
{
	size_t k, at = l->at, from = l->out->text.n;
	uint32_t c = peek(l, &k), raw;

	case_utf8_get(l->text + at, l->n - at, &raw);
	for (size_t i = 0; i < COUNT(quotes); i++)
		if (quotes[i].open == c)
			return lex_quoted(l, raw == c ? quotes[i].close : raw,
			    c == '`');
	if (is_digit(c) ||
	    (c == '.' && l->n - at > 1 && is_digit((uint32_t)l->text[at + 1])))
		return lex_number(l);
	if (!is_name(c))
		return lex_symbol(l);
	take_while(l, is_name);
	return add(l, EXPR_T_NAME, at, from);
}

static enum case_status
lex_all(struct lexer *l)
{
	enum case_status rc = CASE_OK;
	uint32_t c;
	size_t k;

	while (rc == CASE_OK && l->at < l->n) {
		c = peek(l, &k);
		if (c == 0)
			return case_expr_fail(l->err, l->text, l->at,
			    _("a NUL byte in an expression"));
		if (is_space(c))
			l->at += k;
		else
			rc = lex_next(l);
	}
	if (rc == CASE_OK)
		rc = add(l, EXPR_T_END, l->n, l->out->text.n);
	if (rc == CASE_OK && l->out->text.failed)
		rc = case_error_memory(l->err);
	return rc;
}

enum case_status
case_expr_lex(struct expr_tokens *out, const char *text, size_t n,
    struct case_error *err)
{
	struct lexer l = { .text = text, .n = n, .out = out, .err = err };
	size_t valid = n > EXPR_TEXT_MAX ? 0 : case_utf8_prefix(text, n);
	enum case_status rc;

	*out = (struct expr_tokens){ 0 };
	if (n > EXPR_TEXT_MAX)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("the expression has %zu bytes, more than %d"), n,
		    (int)EXPR_TEXT_MAX);
	if (valid < n)
		return case_expr_fail(err, text, valid, _("this is not UTF-8"));
	if ((rc = lex_all(&l)) != CASE_OK)
		case_expr_lex_free(out);
	return rc;
}

void
case_expr_lex_free(struct expr_tokens *t)
{
	free(t->v);
	case_buf_free(&t->text);
	*t = (struct expr_tokens){ 0 };
}
