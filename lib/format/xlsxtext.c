/* xlsxtext.c - text and names as a workbook can hold them */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "case/text.h"
#include "lib/format/writer.h"
#include "lib/format/xlsxtext.h"

/* Limits of the file format, in UTF-16 units. */
#define CELL_MAX 32767
#define NAME_UNITS 31

/* UTF-16 units of the character that begins with this byte. */
static size_t
units_of(unsigned char byte)
{
	if ((byte & 0xc0) == 0x80)
		return 0;
	return byte >= 0xf0 ? 2 : 1;
}

/* The longest prefix of at most limit units; all of it when it fits. */
static size_t
cut_units(const char *p, size_t n, size_t limit)
{
	size_t units = 0;

	if (n <= limit)
		return n;
	for (size_t i = 0; i < n; i++) {
		units += units_of((unsigned char)p[i]);
		if (units > limit)
			return i;
	}
	return n;
}

static bool
is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') ||
	       (c >= 'a' && c <= 'f');
}

/* _xHHHH_ stands for a character in the strings of a workbook. */
static bool
is_escape(const char *p, size_t n)
{
	return n >= 7 && p[0] == '_' && p[1] == 'x' && is_hex(p[2]) &&
	       is_hex(p[3]) && is_hex(p[4]) && is_hex(p[5]) && p[6] == '_';
}

/* U+FFFE and U+FFFF are valid UTF-8, but no XML. */
static bool
is_noncharacter(const char *p, size_t n)
{
	return n >= 3 && memcmp(p, "\xef\xbf", 2) == 0 &&
	       ((unsigned char)p[2] == 0xbe || (unsigned char)p[2] == 0xbf);
}

static void
spell_out(struct case_buf *out, const char *p, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '_' && is_escape(p + i, n - i)) {
			case_buf_add(out, p + from, i - from);
			case_buf_adds(out, "_x005F_");
			from = i + 1;
		} else if (p[i] == '\xef' && is_noncharacter(p + i, n - i)) {
			case_buf_add(out, p + from, i - from);
			case_buf_adds(out,
			    p[i + 2] == '\xbe' ? "\\ufffe" : "\\uffff");
			from = i + 3;
		}
	}
	case_buf_add(out, p + from, n - from);
}

/* Line breaks, of every kind as \n, and tabs are what a cell may hold. */
static void
make_visible(struct case_buf *out, const char *p, size_t n)
{
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		bool crlf = p[i] == '\r' && i + 1 < n && p[i + 1] == '\n';

		if (p[i] != '\n' && p[i] != '\t' && !crlf)
			continue;
		case_text_visible(out, p + from, i - from);
		if (!crlf)
			case_buf_addc(out, p[i]);
		from = i + 1;
	}
	case_text_visible(out, p + from, n - from);
}

bool
case_xlsx_text(struct case_buf *out, struct case_buf *tmp, const char *p,
    size_t n)
{
	size_t keep;

	case_buf_reset(out);
	case_buf_reset(tmp);
	make_visible(tmp, p, n);
	if (tmp->failed) {
		out->failed = true;
		return false;
	}
	spell_out(out, case_buf_str(tmp), tmp->n);
	if (out->failed || cut_units(out->p, out->n, CELL_MAX) == out->n)
		return false;
	keep = cut_units(out->p, out->n, CELL_MAX - 1);
	out->n = keep;
	case_buf_adds(out, "…");
	return true;
}

/* The wide forms of what a sheet's name must not have. */
static void
clean_name(struct case_buf *out, const char *s)
{
	for (; *s != '\0'; s++)
		if (strchr("[]:*?/\\", *s) != NULL)
			case_utf8_put(out,
			    (uint32_t)(unsigned char)*s - 0x20 + 0xff00);
		else
			case_buf_addc(out, *s);
}

/*
 * The library does not quote a name like 2023, A1 or R where it should, in the
 * range of a filter. A word behind it makes it harmless.
 */
static bool
needs_word(const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz_.0123456789";

	if (strspn(s, plain) < strlen(s))
		return false;
	return strlen(s) <= 2 || strpbrk(s, "0123456789.") != NULL;
}

static bool
is_taken(const struct case_xlsx_names *names, const char *key)
{
	const char *p = names->keys.p, *end;

	if (p == NULL)
		return false;
	for (end = p + names->keys.n; p < end; p += strlen(p) + 1)
		if (strcmp(p, key) == 0)
			return true;
	return false;
}

/* Spreadsheets compare names without case, some without width too. */
static void
make_key(struct case_buf *key, const char *p, size_t n)
{
	case_buf_reset(key);
	case_text_fold(key, p, n);
	for (size_t i = 0; i < key->n; i++)
		if (key->p[i] >= 'A' && key->p[i] <= 'Z')
			key->p[i] = (char)(key->p[i] + 32);
}

static void
make_base(struct case_buf *base, const char *wanted, enum case_lang lang)
{
	struct case_buf seen = { 0 };
	const char *s;

	case_text_shown(&seen, wanted);
	s = case_buf_str(&seen);
	while (*s == '\'' || *s == ' ')
		s++;
	clean_name(base, s);
	while (base->n > 0 &&
	       (base->p[base->n - 1] == '\'' || base->p[base->n - 1] == ' '))
		base->p[--base->n] = '\0';
	if (base->n == 0)
		case_buf_adds(base, case_word(CASE_WORD_TABLE, lang));
	/* History is a name of Excel's own. */
	else if (needs_word(base->p) || strcasecmp(base->p, "history") == 0)
		case_buf_adds(base, lang == CASE_EN ? " table" : "表");
	if (seen.failed)
		base->failed = true;
	case_buf_free(&seen);
}

void
case_xlsx_name(struct case_xlsx_names *names, struct case_buf *out,
    const char *wanted, enum case_lang lang)
{
	struct case_buf base = { 0 }, key = { 0 };
	char suffix[16] = "";

	make_base(&base, wanted, lang);
	for (unsigned i = 2;; i++) {
		case_buf_reset(out);
		case_buf_add(out, base.p,
		    cut_units(base.p, base.n, NAME_UNITS - strlen(suffix)));
		while (out->n > 0 && out->p[out->n - 1] == '\'')
			out->n--;
		case_buf_adds(out, suffix);
		make_key(&key, case_buf_str(out), out->n);
		if (base.failed || out->failed || key.failed) {
			out->failed = true;
			break;
		}
		if (!is_taken(names, case_buf_str(&key))) {
			case_buf_add(&names->keys, key.p, key.n + 1);
			out->failed = names->keys.failed;
			break;
		}
		snprintf(suffix, sizeof(suffix), "(%u)", i);
	}
	case_buf_free(&base);
	case_buf_free(&key);
}
