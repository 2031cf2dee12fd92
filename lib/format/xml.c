/* xml.c - XML as a stream of tags and texts, without what is dangerous */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include "case/intl.h"
#include "lib/format/xml.h"
#include "lib/format/xmlscan.h"

#define CHUNK 32768
/* Sources are not asked for less, since some can't give it. */
#define ROOM_MIN ((size_t)4096)
/* An unfinished tag or comment is held as a whole. */
#define TOKEN_MAX ((uint64_t)16 * 1024 * 1024)
/* Different names, which expat keeps; half of the slots. */
#define NAMES_MAX 4096
#define SLOTS (2 * (size_t)NAMES_MAX)

/*
 * fed, done	bytes of the source, and how many of them are parsed
 * rc		why it ended, once it did; CASE_EOF: well
 * paused	by a handler, within the bytes that are in the parser
 * name		hashes of the names seen, 0 is free
 * scan		what goes before the parser, while scanning
 * mute		the parser is told of the elements that are open already
 */
struct case_xml {
	XML_Parser p;
	const struct case_xml_handler *h;
	void *arg;
	case_xml_read *read;
	void *source;
	const struct case_limits *limits;
	bool utf8;
	bool paused;
	bool last;
	uint64_t depth;
	uint64_t fed;
	uint64_t done;
	enum case_status rc;
	struct case_error err;
	size_t name_n;
	uint64_t *name;
	bool scanning;
	bool mute;
	struct xml_scan scan;
};

static const char *
local_name(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon == NULL ? name : colon + 1;
}

const char *
case_xml_attr(const char *const *attr, const char *name)
{
	for (; attr[0] != NULL; attr += 2)
		if (strcmp(local_name(attr[0]), name) == 0)
			return attr[1];
	return NULL;
}

/* A handler's answer: on, a pause, or the end. */
static void
answer(struct case_xml *x, enum case_status rc)
{
	if (rc == CASE_OK || x->rc != CASE_OK)
		return;
	x->scan.stop = true;
	if (x->scanning) {
		x->paused = rc == CASE_EOF;
		x->rc = rc == CASE_EOF ? CASE_OK : rc;
	} else if (rc == CASE_EOF) {
		if (x->paused)
			return;
		x->paused = true;
		XML_StopParser(x->p, XML_TRUE);
	} else {
		x->rc = rc;
		XML_StopParser(x->p, XML_FALSE);
	}
}

/*
 * A file of ever new names would fill the memory. Names of one letter, as most
 * are in sheets, can't be many.
 */
static bool
know_name(struct case_xml *x, const char *name)
{
	uint64_t h = 0xcbf29ce484222325U;
	size_t i;

	if (name[0] == '\0' || name[1] == '\0')
		return true;
	for (const char *s = name; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3U;
	h |= 1;
	for (i = (size_t)(h >> 40) % SLOTS; x->name[i] != 0;
	     i = (i + 1) % SLOTS)
		if (x->name[i] == h)
			return true;
	x->name[i] = h;
	return ++x->name_n < NAMES_MAX;
}

static enum case_status
check_names(struct case_xml *x, const char *name, const char **attr)
{
	bool good = know_name(x, name);

	for (; good && attr[0] != NULL; attr += 2)
		good = know_name(x, attr[0]);
	if (good)
		return CASE_OK;
	return case_error_set(&x->err, CASE_EDATA, case_xml_line(x),
	    _("the XML has more than %d different names"), NAMES_MAX);
}

static void XMLCALL
on_start(void *arg, const XML_Char *name, const XML_Char **attr)
{
	struct case_xml *x = arg;
	enum case_status rc;

	if (x->mute)
		return;
	if (++x->depth > x->limits->depth)
		rc = case_limit_error(x->limits, &x->limits->depth,
		    _("the XML has elements too deep within elements"),
		    &x->err);
	else
		rc = check_names(x, name, attr);
	if (rc == CASE_OK && x->h->start != NULL)
		rc = x->h->start(x->arg, local_name(name),
		    (const char *const *)attr, &x->err);
	answer(x, rc);
}

static void XMLCALL
on_end(void *arg, const XML_Char *name)
{
	struct case_xml *x = arg;

	if (x->mute)
		return;
	x->depth--;
	if (x->rc == CASE_OK && x->h->end != NULL)
		answer(x, x->h->end(x->arg, local_name(name), &x->err));
}

static void XMLCALL
on_text(void *arg, const XML_Char *p, int n)
{
	struct case_xml *x = arg;

	if (x->rc == CASE_OK && x->h->text != NULL)
		answer(x, x->h->text(x->arg, p, (size_t)n, &x->err));
}

static void XMLCALL
on_doctype(void *arg, const XML_Char *name, const XML_Char *sysid,
    const XML_Char *pubid, int has_internal)
{
	struct case_xml *x = arg;

	(void)name, (void)sysid, (void)pubid, (void)has_internal;
	answer(x,
	    case_error_set(&x->err, CASE_EDATA, case_xml_line(x),
		_("the XML has a DOCTYPE, which no real export has; it is "
		  "not read")));
}

/* Handlers are lost with each reset. */
static void
set_up(struct case_xml *x)
{
	XML_SetUserData(x->p, x);
	XML_SetElementHandler(x->p, on_start, on_end);
	if (x->h->text != NULL)
		XML_SetCharacterDataHandler(x->p, on_text);
	XML_SetStartDoctypeDeclHandler(x->p, on_doctype);
	x->paused = x->last = x->mute = false;
	x->scanning = true;
	xml_scan_restart(&x->scan);
	x->depth = x->fed = x->done = 0;
	x->rc = CASE_OK;
	x->err = (struct case_error){ .line = 0 };
	if (x->name_n > 0)
		memset(x->name, 0, SLOTS * sizeof(*x->name));
	x->name_n = 0;
}

static const struct xml_scan_events scan_events = { on_start, on_end, on_text };

enum case_status
case_xml_open(struct case_xml **out, const struct case_xml_handler *handler,
    void *arg, case_xml_read *read, void *source, bool utf8,
    const struct case_limits *limits, struct case_error *err)
{
	struct case_xml *x = calloc(1, sizeof(*x));

	*out = NULL;
	if (x == NULL)
		return case_error_memory(err);
	x->h = handler;
	x->arg = arg;
	x->read = read;
	x->source = source;
	x->utf8 = utf8;
	x->limits = limits;
	x->name = calloc(SLOTS, sizeof(*x->name));
	x->p = XML_ParserCreate(utf8 ? "UTF-8" : NULL);
	if (x->name == NULL || x->p == NULL ||
	    !xml_scan_begin(&x->scan, &scan_events, x)) {
		case_xml_close(x);
		return case_error_memory(err);
	}
	set_up(x);
	*out = x;
	return CASE_OK;
}

void
case_xml_close(struct case_xml *x)
{
	if (x == NULL)
		return;
	if (x->p != NULL)
		XML_ParserFree(x->p);
	xml_scan_free(&x->scan);
	free(x->name);
	free(x);
}

enum case_status
case_xml_restart(struct case_xml *x, struct case_error *err)
{
	if (!XML_ParserReset(x->p, x->utf8 ? "UTF-8" : NULL))
		return case_error_memory(err);
	set_up(x);
	return CASE_OK;
}

size_t
case_xml_line(const struct case_xml *x)
{
	return x->scan.lines + (size_t)XML_GetCurrentLineNumber(x->p);
}

static enum case_status
malformed(struct case_xml *x)
{
	enum XML_Error code = XML_GetErrorCode(x->p);

	if (code == XML_ERROR_NO_MEMORY)
		return case_error_memory(&x->err);
	return case_error_set(&x->err, CASE_EDATA, case_xml_line(x),
	    _("the XML is broken (%s)"), XML_ErrorString(code));
}

/*
 * The scanner has left: the parser goes on. It is told which elements are open
 * (or that all have ended), and takes first what the scanner did not.
 */
static enum case_status
leave_scan(struct case_xml *x)
{
	const struct xml_scan *s = &x->scan;
	struct case_buf tags = { 0 };
	enum XML_Status status;

	x->scanning = false;
	for (size_t at = 0; at < s->open.n; at += strlen(s->open.p + at) + 1)
		case_buf_addf(&tags, "<%s>", s->open.p + at);
	if (s->open.n == 0 && s->rooted)
		case_buf_adds(&tags, "<x/>");
	if (tags.failed || s->open.failed) {
		case_buf_free(&tags);
		return case_error_memory(&x->err);
	}
	x->mute = true;
	status = XML_Parse(x->p, case_buf_str(&tags), (int)tags.n, 0);
	x->mute = false;
	x->fed = tags.n;
	case_buf_free(&tags);
	return status == XML_STATUS_OK ? CASE_OK : malformed(x);
}

/* The next bytes: those that the scanner left, then the source's. */
static enum case_status
next_bytes(struct case_xml *x, char *p, size_t cap, size_t *n)
{
	struct xml_scan *s = &x->scan;

	if (s->at == s->n && !s->last)
		return x->read(x->source, p, cap, n, &x->err);
	*n = s->n - s->at < cap ? s->n - s->at : cap;
	memcpy(p, s->p + s->at, *n);
	s->at += *n;
	return CASE_OK;
}

/* Reads the next bytes into the scanner and lets it at them. */
static enum case_status
feed_scan(struct case_xml *x)
{
	enum case_status rc = CASE_OK;
	enum xml_scanned scanned;
	size_t room, n;
	char *p;

	scanned = xml_scan_run(&x->scan);
	if (scanned == XML_SCAN_STOPPED)
		return CASE_OK;
	p = xml_scan_room(&x->scan, &room);
	if (scanned == XML_SCAN_LEFT || x->scan.last || room < ROOM_MIN)
		return leave_scan(x);
	rc = x->read(x->source, p, room, &n, &x->err);
	if (rc == CASE_OK) {
		x->scan.n += n;
		x->scan.last = n == 0;
	}
	return rc;
}

/* Reads the next bytes into the parser and lets it at them. */
static enum case_status
feed(struct case_xml *x, enum XML_Status *status)
{
	void *p = XML_GetBuffer(x->p, CHUNK);
	enum case_status rc;
	XML_Index at;
	size_t n;

	if (p == NULL)
		return case_error_memory(&x->err);
	if ((rc = next_bytes(x, p, CHUNK, &n)) != CASE_OK)
		return rc;
	x->last = n == 0;
	x->fed += n;
	*status = XML_ParseBuffer(x->p, (int)n, x->last);
	/* Where what is not parsed begins; below 0: parsing was put off. */
	if ((at = XML_GetCurrentByteIndex(x->p)) >= 0)
		x->done = (uint64_t)at;
	if (*status == XML_STATUS_OK && x->fed - x->done > TOKEN_MAX)
		return case_error_set(&x->err, CASE_EDATA, case_xml_line(x),
		    _("the XML has a tag of more than 16 MiB"));
	return CASE_OK;
}

enum case_status
case_xml_next(struct case_xml *x, struct case_error *err)
{
	enum XML_Status status = XML_STATUS_OK;
	enum case_status rc = CASE_OK;

	while (x->rc == CASE_OK) {
		if (x->scanning) {
			x->paused = false;
			rc = feed_scan(x);
		} else if (x->paused) {
			x->paused = false;
			status = XML_ResumeParser(x->p);
		} else if (x->last) {
			x->rc = CASE_EOF;
			break;
		} else {
			rc = feed(x, &status);
		}
		/* A handler that failed has set x->rc itself. */
		if (x->rc == CASE_OK && rc == CASE_OK &&
		    status == XML_STATUS_ERROR)
			rc = malformed(x);
		if (x->rc == CASE_OK)
			x->rc = rc;
		if (x->rc == CASE_OK && x->paused)
			return CASE_OK;
	}
	if (x->rc < CASE_OK && err != NULL)
		*err = x->err;
	return x->rc;
}
