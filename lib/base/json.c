/* json.c - our own small JSON files, by cJSON behind a strict check */
#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case/intl.h"
#include "case/json.h"
#include "case/text.h"
#include "case/value.h"

enum {
	DEPTH_MAX = 64,
	SIZE_MAX_BYTES = 16 << 20,
	NUMBER_MAX = 63 /* cJSON cuts a longer number and reads the rest */
};

/* A key met, to find the same one again in its object. */
struct key {
	uint64_t hash;
	size_t at;
};

/*
 * cJSON lets through what it should not (control characters, \u0000, leading
 * zeros, duplicate keys, bad UTF-8), so the text is checked whole before, and
 * cJSON only builds the tree.
 */
struct scan {
	const char *p;
	size_t n;
	size_t i;
	int depth;
	struct case_buf text; /* the last string, decoded */
	struct key *key;      /* of the objects now open */
	size_t key_n;
	size_t key_cap;
	struct case_error *err;
};

static enum case_status scan_value(struct scan *s);

static size_t
line_of(const struct scan *s, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += s->p[i] == '\n';
	return line;
}

static enum case_status
scan_fail(struct scan *s, size_t at, const char *why)
{
	return case_error_set(s->err, CASE_EDATA, line_of(s, at), "%s", why);
}

/* The same, with the end of the text told apart and what was met instead. */
static enum case_status
scan_unexpected(struct scan *s, const char *want)
{
	struct case_buf seen = { 0 };
	size_t k;
	uint32_t c;

	if (s->i >= s->n)
		return case_error_set(s->err, CASE_EDATA, line_of(s, s->n),
		    _("the JSON text ends where %s should stand"), want);
	k = case_utf8_get(s->p + s->i, s->n - s->i, &c);
	case_text_visible(&seen, s->p + s->i, k);
	case_error_set(s->err, CASE_EDATA, line_of(s, s->i),
	    _("'%s' where %s should stand"), case_buf_str(&seen), want);
	case_buf_free(&seen);
	return CASE_EDATA;
}

static void
scan_space(struct scan *s)
{
	while (s->i < s->n && s->p[s->i] != '\0' &&
	       strchr(" \t\r\n", s->p[s->i]) != NULL)
		s->i++;
}

static bool
scan_is(const struct scan *s, char c)
{
	return s->i < s->n && s->p[s->i] == c;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
scan_digits(struct scan *s)
{
	size_t from = s->i;

	while (s->i < s->n && is_digit(s->p[s->i]))
		s->i++;
	return s->i > from;
}

static enum case_status
scan_number(struct scan *s)
{
	size_t from = s->i;
	struct case_value v;

	if (scan_is(s, '-'))
		s->i++;
	if (scan_is(s, '0'))
		s->i++;
	else if (!scan_digits(s))
		return scan_unexpected(s, _("a digit"));
	if (s->i < s->n && is_digit(s->p[s->i]))
		return scan_fail(s, s->i, _("a number begins with 0"));
	if (scan_is(s, '.')) {
		s->i++;
		if (!scan_digits(s))
			return scan_unexpected(s, _("a digit"));
	}
	if (scan_is(s, 'e') || scan_is(s, 'E')) {
		s->i++;
		if (scan_is(s, '+') || scan_is(s, '-'))
			s->i++;
		if (!scan_digits(s))
			return scan_unexpected(s, _("a digit"));
	}
	if (s->i - from > NUMBER_MAX ||
	    case_value_parse(&v, CASE_NUMBER, s->p + from, s->i - from, NULL) !=
		CASE_OK)
		return scan_fail(s, from,
		    _("a number is too long or too large"));
	return CASE_OK;
}

static int
hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits at i; 0 is no character that we take, so it is the fault. */
static uint32_t
scan_hex(struct scan *s)
{
	uint32_t c = 0;
	int v;

	for (int k = 0; k < 4; k++, s->i++) {
		if (s->i >= s->n || (v = hex_value(s->p[s->i])) < 0)
			return 0;
		c = c << 4 | (uint32_t)v;
	}
	return c;
}

static enum case_status
scan_unicode(struct scan *s)
{
	size_t from = s->i - 2;
	uint32_t c = scan_hex(s), low;

	if (c == 0)
		return scan_fail(s, from,
		    _("\\u needs 4 hex digits that are not 0000"));
	if (c >= 0xd800 && c <= 0xdbff && s->n - s->i >= 6 &&
	    s->p[s->i] == '\\' && s->p[s->i + 1] == 'u') {
		s->i += 2;
		low = scan_hex(s);
		if (low >= 0xdc00 && low <= 0xdfff)
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	if (c >= 0xd800 && c <= 0xdfff)
		return scan_fail(s, from, _("\\u names half a character"));
	case_utf8_put(&s->text, c);
	return CASE_OK;
}

static enum case_status
scan_escape(struct scan *s)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at;

	s->i++;
	if (scan_is(s, 'u')) {
		s->i++;
		return scan_unicode(s);
	}
	if (s->i >= s->n || s->p[s->i] == '\0' ||
	    (at = strchr(from, s->p[s->i])) == NULL)
		return scan_unexpected(s, _("one of \"\\/bfnrtu"));
	case_buf_addc(&s->text, to[at - from]);
	s->i++;
	return CASE_OK;
}

/* A string, into s->text. */
static enum case_status
scan_string(struct scan *s)
{
	size_t from = s->i++, kept = s->i;
	enum case_status rc;

	case_buf_reset(&s->text);
	while (s->i < s->n && s->p[s->i] != '"') {
		if ((unsigned char)s->p[s->i] < 0x20)
			return scan_fail(s, s->i,
			    _("a control character in a string; write \\n, \\t "
			      "or \\u"));
		if (s->p[s->i] != '\\') {
			s->i++;
			continue;
		}
		case_buf_add(&s->text, s->p + kept, s->i - kept);
		if ((rc = scan_escape(s)) != CASE_OK)
			return rc;
		kept = s->i;
	}
	if (s->i >= s->n)
		return scan_fail(s, from, _("a string has no closing quote"));
	case_buf_add(&s->text, s->p + kept, s->i - kept);
	s->i++;
	return s->text.failed ? case_error_memory(s->err) : CASE_OK;
}

static enum case_status
key_push(struct scan *s, size_t at)
{
	size_t cap = s->key_cap == 0 ? 64 : s->key_cap * 2;
	struct key *p;

	if (s->key_n == s->key_cap) {
		if ((p = reallocarray(s->key, cap, sizeof(*p))) == NULL)
			return case_error_memory(s->err);
		s->key = p;
		s->key_cap = cap;
	}
	s->key[s->key_n++] = (struct key){
		.hash = case_hash(case_buf_str(&s->text), s->text.n, 0),
		.at = at,
	};
	return CASE_OK;
}

static int
key_order(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

/*
 * The keys from mark on are those of the object that ends here. Equal hashes
 * are taken for equal keys: the odds of a false refusal are 1 in 10^9 for an
 * object of 200,000 keys.
 */
static enum case_status
keys_close(struct scan *s, size_t mark)
{
	size_t n = s->key_n - mark;
	struct case_buf seen = { 0 };
	struct key *key;

	s->key_n = mark;
	if (n < 2)
		return CASE_OK;
	key = s->key + mark;
	qsort(key, n, sizeof(*key), key_order);
	for (size_t i = 1; i < n; i++) {
		if (key[i].hash != key[i - 1].hash)
			continue;
		s->i = key[i].at;
		if (scan_string(s) != CASE_OK)
			return CASE_ENOMEM;
		case_text_visible(&seen, s->text.p, s->text.n);
		case_error_set(s->err, CASE_EDATA, line_of(s, key[i].at),
		    _("the key \"%s\" stands twice in one object"),
		    case_buf_str(&seen));
		case_buf_free(&seen);
		return CASE_EDATA;
	}
	return CASE_OK;
}

static enum case_status
scan_member(struct scan *s)
{
	size_t at = s->i;
	enum case_status rc;

	if (!scan_is(s, '"'))
		return scan_unexpected(s, _("a key in quotes"));
	if ((rc = scan_string(s)) != CASE_OK ||
	    (rc = key_push(s, at)) != CASE_OK)
		return rc;
	scan_space(s);
	if (!scan_is(s, ':'))
		return scan_unexpected(s, "':'");
	s->i++;
	return scan_value(s);
}

/* An array or an object, whose bracket s->i stands on. */
static enum case_status
scan_members(struct scan *s)
{
	bool object = s->p[s->i] == '{';
	char close = object ? '}' : ']';
	size_t mark = s->key_n;
	enum case_status rc;

	if (++s->depth > DEPTH_MAX)
		return scan_fail(s, s->i, _("more than 64 levels of brackets"));
	s->i++;
	scan_space(s);
	while (!scan_is(s, close)) {
		rc = object ? scan_member(s) : scan_value(s);
		if (rc != CASE_OK)
			return rc;
		scan_space(s);
		if (scan_is(s, close))
			break;
		if (!scan_is(s, ','))
			return scan_unexpected(s,
			    object ? _("',' or '}'") : _("',' or ']'"));
		s->i++;
		scan_space(s);
		if (scan_is(s, close))
			return scan_fail(s, s->i,
			    _("a comma with nothing behind it"));
	}
	s->i++;
	s->depth--;
	return keys_close(s, mark);
}

static enum case_status
scan_value(struct scan *s)
{
	static const char *const word[] = { "true", "false", "null" };

	scan_space(s);
	if (s->i < s->n) {
		if (s->p[s->i] == '{' || s->p[s->i] == '[')
			return scan_members(s);
		if (s->p[s->i] == '"')
			return scan_string(s);
		if (s->p[s->i] == '-' || is_digit(s->p[s->i]))
			return scan_number(s);
	}
	for (size_t k = 0; k < sizeof(word) / sizeof(word[0]); k++) {
		size_t len = strlen(word[k]);

		if (s->n - s->i >= len &&
		    memcmp(s->p + s->i, word[k], len) == 0) {
			s->i += len;
			return CASE_OK;
		}
	}
	return scan_unexpected(s, _("a value"));
}

static enum case_status
scan_text(struct scan *s)
{
	size_t valid = case_utf8_prefix(s->p, s->n);
	enum case_status rc;

	if (valid < s->n)
		return scan_fail(s, valid, _("the text is not valid UTF-8"));
	if ((rc = scan_value(s)) != CASE_OK)
		return rc;
	scan_space(s);
	return s->i == s->n ? CASE_OK
			    : scan_unexpected(s, _("the end of the text"));
}

enum case_status
case_json_parse(struct case_json **out, const char *p, size_t n,
    struct case_error *err)
{
	struct scan s = { .err = err };
	enum case_status rc;

	*out = NULL;
	if (n > SIZE_MAX_BYTES)
		return case_error_set(err, CASE_EDATA, 0,
		    _("the JSON text is larger than 16 MiB"));
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		p += 3;
		n -= 3;
	}
	s.p = p;
	s.n = n;
	rc = scan_text(&s);
	case_buf_free(&s.text);
	free(s.key);
	if (rc != CASE_OK)
		return rc;
	/* What passed the check fails here for want of memory only. */
	if ((*out = (struct case_json *)cJSON_ParseWithLength(p, n)) == NULL)
		return case_error_memory(err);
	return CASE_OK;
}

static enum case_status
read_all(struct case_buf *b, int fd, const char *path, struct case_error *err)
{
	ssize_t got = 1;

	while (got != 0 && b->n <= SIZE_MAX_BYTES) {
		if (!case_buf_reserve(b, 16384))
			return case_error_memory(err);
		got = read(fd, b->p + b->n, 16384);
		if (got < 0 && errno != EINTR)
			return case_error_system(err, path);
		if (got > 0)
			b->n += (size_t)got;
	}
	return CASE_OK;
}

enum case_status
case_json_load(struct case_json **out, const char *path, struct case_error *err)
{
	struct case_error inner = { .line = 0 };
	struct case_buf b = { 0 };
	enum case_status rc;
	int fd;

	*out = NULL;
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return case_error_system(err, path);
	rc = read_all(&b, fd, path, err);
	close(fd);
	if (rc == CASE_OK) {
		rc = case_json_parse(out, case_buf_str(&b), b.n, &inner);
		if (rc != CASE_OK && inner.line > 0)
			case_error_set(err, rc, 0, "%s:%zu: %s", path,
			    inner.line, inner.what);
		else if (rc != CASE_OK)
			case_error_set(err, rc, 0, "%s: %s", path, inner.what);
	}
	case_buf_free(&b);
	return rc;
}

/* A node is a cJSON that the header does not name. */
static const cJSON *
node(const struct case_json *v)
{
	return (const cJSON *)v;
}

static const struct case_json *
wrap(const cJSON *v)
{
	return (const struct case_json *)v;
}

void
case_json_free(struct case_json *root)
{
	cJSON_Delete((cJSON *)root);
}

bool
case_json_is_object(const struct case_json *v)
{
	return cJSON_IsObject(node(v));
}

bool
case_json_is_array(const struct case_json *v)
{
	return cJSON_IsArray(node(v));
}

bool
case_json_is_null(const struct case_json *v)
{
	return cJSON_IsNull(node(v));
}

const struct case_json *
case_json_get(const struct case_json *obj, const char *key)
{
	if (!case_json_is_object(obj))
		return NULL;
	return wrap(cJSON_GetObjectItemCaseSensitive(node(obj), key));
}

const struct case_json *
case_json_first(const struct case_json *v)
{
	return v == NULL ? NULL : wrap(node(v)->child);
}

const struct case_json *
case_json_next(const struct case_json *item)
{
	return item == NULL ? NULL : wrap(node(item)->next);
}

const char *
case_json_key(const struct case_json *item)
{
	return item == NULL ? NULL : node(item)->string;
}

const char *
case_json_str(const struct case_json *v)
{
	return cJSON_GetStringValue(node(v));
}

bool
case_json_number(const struct case_json *v, double *d)
{
	if (!cJSON_IsNumber(node(v)))
		return false;
	*d = node(v)->valuedouble;
	return true;
}

bool
case_json_bool(const struct case_json *v, bool *b)
{
	if (!cJSON_IsBool(node(v)))
		return false;
	*b = cJSON_IsTrue(node(v));
	return true;
}

const char *
case_json_get_str(const struct case_json *obj, const char *key)
{
	return case_json_str(case_json_get(obj, key));
}

double
case_json_get_number(const struct case_json *obj, const char *key,
    double otherwise)
{
	case_json_number(case_json_get(obj, key), &otherwise);
	return otherwise;
}

bool
case_json_get_bool(const struct case_json *obj, const char *key, bool otherwise)
{
	case_json_bool(case_json_get(obj, key), &otherwise);
	return otherwise;
}

static void
quote_escape(struct case_buf *out, uint32_t c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *at = c == 0 || c > 0x7f ? NULL : strchr(from, (int)c);

	if (at != NULL) {
		case_buf_addc(out, '\\');
		case_buf_addc(out, to[at - from]);
	} else {
		case_buf_addf(out, "\\u%04x", c);
	}
}

void
case_json_quote(struct case_buf *out, const char *p, size_t n)
{
	size_t kept = 0, k;
	uint32_t c;

	case_buf_addc(out, '"');
	for (size_t i = 0; i < n; i += k) {
		k = case_utf8_get(p + i, n - i, &c);
		/* Beyond U+2FFF nothing needs an escape: nearly every text. */
		if (c > 0x2fff && (c != 0xfffd || k > 1))
			continue;
		if (c != '"' && c != '\\' && c != 0xfffd &&
		    !case_text_control(c))
			continue;
		case_buf_add(out, p + kept, i - kept);
		if (c == 0xfffd)
			case_utf8_put(out, c);
		else
			quote_escape(out, c);
		kept = i + k;
	}
	case_buf_add(out, p + kept, n - kept);
	case_buf_addc(out, '"');
}

void
case_json_print(struct case_buf *out, const struct case_json *v)
{
	const cJSON *it = node(v);
	struct case_value number = { .type = CASE_NUMBER };
	bool object = cJSON_IsObject(it);

	if (cJSON_IsString(it)) {
		case_json_quote(out, it->valuestring, strlen(it->valuestring));
	} else if (case_json_number(v, &number.u.d)) {
		case_value_text(out, &number);
	} else if (!object && !cJSON_IsArray(it)) {
		case_buf_adds(out, cJSON_IsTrue(it)    ? "true"
				   : cJSON_IsFalse(it) ? "false"
						       : "null");
	} else {
		case_buf_addc(out, object ? '{' : '[');
		for (const cJSON *c = it->child; c != NULL; c = c->next) {
			if (c != it->child)
				case_buf_addc(out, ',');
			if (object) {
				case_json_quote(out, c->string,
				    strlen(c->string));
				case_buf_addc(out, ':');
			}
			case_json_print(out, wrap(c));
		}
		case_buf_addc(out, object ? '}' : ']');
	}
}

static const char *
name_of(const cJSON *v)
{
	const char *name = case_json_get_str(wrap(v), "name");

	return name != NULL ? name : case_json_get_str(wrap(v), "id");
}

static bool
is_named_array(const cJSON *v)
{
	if (!cJSON_IsArray(v) || v->child == NULL)
		return false;
	for (v = v->child; v != NULL; v = v->next)
		if (name_of(v) == NULL)
			return false;
	return true;
}

static const cJSON *
find_named(const cJSON *array, const char *name)
{
	const cJSON *v = array->child;

	while (v != NULL && strcmp(name_of(v), name) != 0)
		v = v->next;
	return v;
}

/* Takes over item, whose key (NULL in an array) it copies; false: memory. */
static bool
attach(cJSON *to, const char *key, cJSON *item)
{
	if (item != NULL &&
	    (key == NULL ? cJSON_AddItemToArray(to, item)
			 : cJSON_AddItemToObject(to, key, item)))
		return true;
	cJSON_Delete(item);
	return false;
}

static cJSON *merge(const cJSON *base, const cJSON *over);

/* base may be NULL or of another kind, and is then as if empty. */
static bool
merge_objects(cJSON *to, const cJSON *base, const cJSON *over)
{
	const cJSON *b, *o;

	if (!cJSON_IsObject(base))
		base = NULL;
	cJSON_ArrayForEach(b, base)
	{
		o = cJSON_GetObjectItemCaseSensitive(over, b->string);
		if (!cJSON_IsNull(o) && !attach(to, b->string, merge(b, o)))
			return false;
	}
	cJSON_ArrayForEach(o, over)
	{
		b = cJSON_GetObjectItemCaseSensitive(base, o->string);
		if (b == NULL && !cJSON_IsNull(o) &&
		    !attach(to, o->string, merge(NULL, o)))
			return false;
	}
	return true;
}

static bool
merge_arrays(cJSON *to, const cJSON *base, const cJSON *over)
{
	const cJSON *b, *o;

	cJSON_ArrayForEach(b, base)
	{
		o = find_named(over, name_of(b));
		if (!attach(to, NULL, merge(b, o)))
			return false;
	}
	/* A name that over has twice stays twice, for its reader to see. */
	cJSON_ArrayForEach(o, over)
	{
		if ((find_named(base, name_of(o)) == NULL ||
			find_named(over, name_of(o)) != o) &&
		    !attach(to, NULL, merge(NULL, o)))
			return false;
	}
	return true;
}

/* Either may be NULL, not both; NULL: out of memory. */
static cJSON *
merge(const cJSON *base, const cJSON *over)
{
	cJSON *to;
	bool good;

	if (over == NULL)
		return cJSON_Duplicate(base, true);
	if (cJSON_IsObject(over)) {
		to = cJSON_CreateObject();
		good = to != NULL && merge_objects(to, base, over);
	} else if (is_named_array(over) && is_named_array(base)) {
		to = cJSON_CreateArray();
		good = to != NULL && merge_arrays(to, base, over);
	} else {
		return cJSON_Duplicate(over, true);
	}
	if (!good) {
		cJSON_Delete(to);
		return NULL;
	}
	return to;
}

enum case_status
case_json_merge(struct case_json **out, const struct case_json *base,
    const struct case_json *over, struct case_error *err)
{
	*out = (struct case_json *)merge(node(base), node(over));
	return *out == NULL ? case_error_memory(err) : CASE_OK;
}
