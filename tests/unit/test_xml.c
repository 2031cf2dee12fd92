/* test_xml.c - XML as tags and texts, and what is refused of it */
#include <stdlib.h>

#include "case/buf.h"
#include "lib/format/xml.h"
#include "tests/unit/test.h"

static struct case_limits limits;

/*
 * A text given by pieces of some bytes, or an endless one: head, then body
 * again and again with a number in it.
 */
struct source {
	const char *p;
	size_t n;
	size_t step;
	const char *body;
	size_t turn;
	char made[256];
};

static enum case_status
read_text(void *arg, char *p, size_t cap, size_t *n, struct case_error *err)
{
	struct source *s = arg;

	(void)err;
	if (s->n == 0 && s->body != NULL) {
		snprintf(s->made, sizeof(s->made), "<%s%zu/>", s->body,
		    s->turn++);
		s->p = s->made;
		s->n = strlen(s->made);
	}
	*n = s->n < cap ? s->n : cap;
	*n = *n < s->step ? *n : s->step;
	memcpy(p, s->p, *n);
	s->p += *n;
	s->n -= *n;
	return CASE_OK;
}

/* What came: <name attribute=value>, text, </>; | where it paused. */
static enum case_status
start(void *arg, const char *name, const char *const *attr,
    struct case_error *err)
{
	struct case_buf *out = arg;
	const char *v = case_xml_attr(attr, "a");

	case_buf_addf(out, "<%s", name);
	if (v != NULL)
		case_buf_addf(out, " %s", v);
	case_buf_adds(out, ">");
	if (strcmp(name, "fail") == 0)
		return case_error_set(err, CASE_EDATA, 0, "failed");
	return strcmp(name, "pause") == 0 ? CASE_EOF : CASE_OK;
}

static enum case_status
end(void *arg, const char *name, struct case_error *err)
{
	(void)err;
	case_buf_adds(arg, "</>");
	return strcmp(name, "stop") == 0 ? CASE_EOF : CASE_OK;
}

static enum case_status
text(void *arg, const char *p, size_t n, struct case_error *err)
{
	(void)err;
	case_buf_add(arg, p, n);
	return CASE_OK;
}

static enum case_status
add_text(void *arg, const char *p, size_t n, struct case_error *err)
{
	(void)p, (void)err;
	*(size_t *)arg += n;
	return CASE_OK;
}

static const struct case_xml_handler handler = { start, end, text };
static const struct case_xml_handler nothing = { NULL, NULL, NULL };
static const struct case_xml_handler counter = { NULL, NULL, add_text };

static void
run(struct case_xml *x, struct case_buf *out)
{
	struct case_error err = { "", 0 };
	enum case_status rc;

	while ((rc = case_xml_next(x, &err)) == CASE_OK)
		case_buf_addc(out, '|');
	if (rc != CASE_EOF)
		case_buf_addf(out, "!%zu %s", err.line, err.what);
	CHECK_INT(case_xml_next(x, &err), rc);
}

/* Read by one byte at a time, by many, and again: always the same. */
static void
check_n(const char *p, size_t n, bool utf8, const char *want)
{
	static const size_t steps[] = { 1, 3, 100000 };
	struct case_error err;

	for (size_t i = 0; i < 3; i++) {
		struct source s = { .p = p, .n = n, .step = steps[i] };
		struct case_buf out = { 0 };
		struct case_xml *x;

		CHECK_INT(case_xml_open(&x, &handler, &out, read_text, &s, utf8,
			      &limits, &err),
		    CASE_OK);
		run(x, &out);
		CHECK(strncmp(case_buf_str(&out), want, strlen(want)) == 0);
		if (strncmp(out.p, want, strlen(want)) != 0)
			fprintf(stderr, "  %s\n  %s\n", out.p, want);
		case_buf_reset(&out);
		s.p = p;
		s.n = n;
		CHECK_INT(case_xml_restart(x, &err), CASE_OK);
		run(x, &out);
		CHECK(strncmp(case_buf_str(&out), want, strlen(want)) == 0);
		case_xml_close(x);
		case_buf_free(&out);
	}
}

static void
check(const char *p, const char *want)
{
	check_n(p, strlen(p), false, want);
}

static void
test_forms(void)
{
	static const char gbk[] =
	    "<?xml version='1.0' encoding='GBK'?><r>案</r>";
	static const char utf16[] = "\xff\xfe<\0r\0>\0\x48\x68<\0/\0r\0>\0";

	check("<r/>", "<r></>");
	check("<?xml version='1.0'?><x:r xmlns:x='u' x:a='1'>t</x:r>",
	    "<r 1>t</>");
	check("<r a='&lt;&#x41;&#10;'>&amp;<![CDATA[<&]]>\r\n</r>",
	    "<r <A\n>&<&\n</>");
	check("<!-- c --><r><?pi?>a<!-- -->b</r>", "<r>ab</>");
	check("<r><pause/>x<pause>y</pause><stop>z</stop></r>",
	    "<r><pause></>|x<pause>|y</><stop>z</>|</>");
	check_n(utf16, sizeof(utf16) - 1, false, "<r>案</>");
	/* A declaration that the decoder before has made untrue. */
	check_n(gbk, sizeof(gbk) - 1, true, "<r>案</>");
}

static void
test_refused(void)
{
	struct case_buf deep = { 0 };

	check("", "!1 the XML is broken (no element found)");
	check("<r>", "<r>!1 the XML is broken (no element found)");
	check("<r>\n<a></r>", "<r>\n<a>!2 the XML is broken (mismatched tag)");
	check("<r>&nbsp;</r>", "<r>!1 the XML is broken (undefined entity)");
	check("<r>\xb0\xb8</r>", "<r>!1 the XML is broken (not well-formed");
	check("<?xml version='1.0' encoding='GBK'?><r/>",
	    "!1 the XML is broken (unknown encoding)");
	check("<r><fail/>x<pause/></r>", "<r><fail>!0 failed");
	check("<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>"
	      "<r>&b;</r>",
	    "!1 the XML has a DOCTYPE");
	check("<!DOCTYPE r SYSTEM 'file:///etc/passwd'><r/>",
	    "!1 the XML has a DOCTYPE");
	for (int i = 0; i < 65; i++)
		case_buf_adds(&deep, "<d>");
	limits.depth = 3;
	check(deep.p, "<d><d><d>!0 the XML has elements too deep");
	limits = case_limits_default;
	case_buf_free(&deep);
}

/* Neither ever new names nor a tag without end fill the memory. */
static void
test_endless(void)
{
	struct source s = { .p = "<r>", .n = 3, .step = 100000, .body = "n" };
	struct case_error err = { "", 0 };
	struct case_xml *x;
	char *p;

	CHECK_INT(case_xml_open(&x, &nothing, NULL, read_text, &s, false,
		      &limits, &err),
	    CASE_OK);
	CHECK_INT(case_xml_next(x, &err), CASE_EDATA);
	CHECK(strstr(err.what, "different names") != NULL);
	case_xml_close(x);
	s = (struct source){ .p = "<r ", .n = 3, .step = 100000 };
	s.n = (size_t)24 * 1024 * 1024;
	s.p = p = malloc(s.n);
	memset(p, ' ', s.n);
	memcpy(p, "<r", 2);
	CHECK_INT(case_xml_open(&x, &nothing, NULL, read_text, &s, false,
		      &limits, &err),
	    CASE_OK);
	CHECK_INT(case_xml_next(x, &err), CASE_EDATA);
	CHECK(strstr(err.what, "16 MiB") != NULL);
	case_xml_close(x);
	free(p);
}

/* What reading the text by steps gives, as a whole. */
static void
read_all(const char *p, size_t n, size_t step, struct case_buf *out)
{
	struct source s = { .p = p, .n = n, .step = step };
	struct case_error err;
	struct case_xml *x;

	CHECK_INT(case_xml_open(&x, &handler, out, read_text, &s, false,
		      &limits, &err),
	    CASE_OK);
	run(x, out);
	case_xml_close(x);
}

/*
 * A document that fails has to fail for the same reason, not before what the
 * parser gave of it; the line may be another where CR alone ends some.
 */
static void
check_same(const char *got, const char *want)
{
	const char *g = strchr(got, '!'), *w = strchr(want, '!');

	if (w == NULL || g == NULL) {
		CHECK_STR(got, want);
		return;
	}
	CHECK(strncmp(got, want, (size_t)(w - want)) == 0);
	CHECK_STR(strchr(g, ' '), strchr(w, ' '));
}

/*
 * A comment before the document leaves all of it to the parser, so that what
 * is scanned must give the same: documents of pieces, good and bad ones.
 */
static void
test_same(void)
{
	static const char *const pieces[] = { "<r>", "</r>", "<a b='1'>",
		"<a c=\"2\" a='x'/>", "</a>", "text", " ", "\n", "\r\n", "\r",
		"案卷", "&amp;", "&#x6848;", "&#10;", "&lt", "&nbsp;", "]",
		"]]", "]]>", "<!-- -->", "<![CDATA[<x>]]>", "<?pi x?>",
		"<pause/>", "<stop>", "</stop >", "<a b='&lt;'/>",
		"<a b='案'/>", "<x:r\n>", "</x:r>", "<a a='1' a='2'/>",
		"<a a = '3'/>", "< a>", "<a", "\xb0\xb8", "\x01",
		"<a b='\xff'/>", "<案/>", ">", "<a b='\t'/>", "<fail/>", "&#0;",
		"&#xd800;", "&#x110000;", "<a b='<'/>", "<a/ >",
		"<a b='1'c='2'/>", "\xe6\xa1", "<!DOCTYPE r>" };
	const unsigned n = sizeof(pieces) / sizeof(pieces[0]);
	unsigned long long seed = 1;

	for (int i = 0; i < 20000; i++) {
		struct case_buf doc = { 0 }, got = { 0 }, want = { 0 };
		size_t mark;

		case_buf_adds(&doc, "<!---->");
		mark = doc.n;
		case_buf_adds(&doc, i % 8 > 0 ? "<r>" : "");
		for (int k = 0; k < 8; k++) {
			seed =
			    seed * 6364136223846793005U + 1442695040888963407U;
			/* Half of them of the good ones at the begin. */
			case_buf_adds(&doc,
			    pieces[(seed >> 33) % (seed >> 63 ? n : 14)]);
		}
		case_buf_adds(&doc, i % 3 > 0 ? "</r>" : "");
		read_all(doc.p, doc.n, 100000, &want);
		read_all(doc.p + mark, doc.n - mark,
		    i % 2 > 0 ? (size_t)i % 11 + 1 : 100000, &got);
		check_same(case_buf_str(&got), case_buf_str(&want));
		case_buf_free(&doc);
		case_buf_free(&got);
		case_buf_free(&want);
	}
}

/* The same over many windows, with characters and tags across their ends. */
static void
test_windows(void)
{
	struct case_buf doc = { 0 }, got = { 0 }, want = { 0 };
	const size_t mark = 7;

	case_buf_adds(&doc, "<!----><r>");
	for (int i = 0; i < 30000; i++)
		case_buf_addf(&doc, "<a a='%d' b='一二三'>文字%d&amp;\r\n</a>",
		    i * i % 1000, i);
	case_buf_adds(&doc, "<a a='");
	for (int i = 0; i < 100000; i++)
		case_buf_addc(&doc, 'x');
	case_buf_adds(&doc, "'/>");
	for (int i = 0; i < 100000; i++)
		case_buf_adds(&doc, "长");
	case_buf_adds(&doc, "</r>\n<!-- end -->\n");
	read_all(doc.p, doc.n, 100000, &want);
	read_all(doc.p + mark, doc.n - mark, 100000, &got);
	CHECK(got.n == want.n && memcmp(got.p, want.p, got.n) == 0);
	case_buf_reset(&got);
	read_all(doc.p + mark, doc.n - mark, 1001, &got);
	CHECK(got.n == want.n && memcmp(got.p, want.p, got.n) == 0);
	case_buf_free(&doc);
	case_buf_free(&got);
	case_buf_free(&want);
}

/* A text of any length goes by in pieces. */
static void
test_long(void)
{
	const size_t n = (size_t)40 * 1024 * 1024;
	char *p = malloc(n);
	struct source s = { .p = p, .n = n, .step = n };
	struct case_error err = { "", 0 };
	struct case_xml *x;
	size_t got = 0;

	memset(p, 'x', n);
	memcpy(p, "<r>", 3);
	memcpy(p + n - 4, "</r>", 4);
	CHECK_INT(case_xml_open(&x, &counter, &got, read_text, &s, false,
		      &limits, &err),
	    CASE_OK);
	CHECK_INT(case_xml_next(x, &err), CASE_EOF);
	CHECK_INT(got, n - 7);
	case_xml_close(x);
	free(p);
}

int
main(void)
{
	limits = case_limits_default;
	test_forms();
	test_refused();
	test_endless();
	test_same();
	test_windows();
	test_long();
	TEST_END();
}
