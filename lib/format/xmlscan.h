/* xmlscan.h - the plain part of XML, scanned fast */
#ifndef CASE_FORMAT_XMLSCAN_H
#define CASE_FORMAT_XMLSCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "case/buf.h"

/*
 * Most XML that programs write is UTF-8 with tags, attributes and texts and
 * nothing else; such is scanned here, several times faster than a whole
 * parser. At the first byte of anything else (a comment, CDATA, a DOCTYPE, an
 * instruction, an entity in an attribute, another encoding, a fault) the
 * scanner leaves: the parser goes on from there, or says what is wrong. So
 * nothing is taken here that the parser would refuse.
 */
enum xml_scanned {
	XML_SCAN_MORE,	  /* bytes are wanted: xml_scan_room */
	XML_SCAN_STOPPED, /* an event set stop */
	XML_SCAN_LEFT	  /* what stands from at on is for the parser */
};

/* What is called; attr is NULL-terminated pairs of name and value. */
struct xml_scan_events {
	void (*start)(void *arg, const char *name, const char **attr);
	void (*end)(void *arg, const char *name);
	void (*text)(void *arg, const char *p, int n);
};

/*
 * p, at, n	the bytes at hand, and the first that is not consumed
 * last		there are no others
 * stop		set by an event
 * open		the names of the open elements, a NUL behind each
 * rooted	the first element has begun
 * lines	line ends consumed
 */
struct xml_scan {
	const struct xml_scan_events *events;
	void *arg;
	char *p;
	size_t at;
	size_t n;
	bool last;
	bool stop;
	bool begun;
	bool rooted;
	size_t lines;
	struct case_buf open;
};

/* False: out of memory. */
bool xml_scan_begin(struct xml_scan *s, const struct xml_scan_events *events,
    void *arg);
void xml_scan_restart(struct xml_scan *s);
void xml_scan_free(struct xml_scan *s);

enum xml_scanned xml_scan_run(struct xml_scan *s);
/*
 * Room for further bytes behind what is not consumed; the caller adds to n
 * what it put there. Little: a tag is as long as the window, for the parser.
 */
char *xml_scan_room(struct xml_scan *s, size_t *room);

#endif
