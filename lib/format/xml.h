/* xml.h - XML as a stream of tags and texts, without what is dangerous */
#ifndef CASE_FORMAT_XML_H
#define CASE_FORMAT_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "case/error.h"
#include "case/limits.h"

/*
 * A parser over any source of bytes. It takes well-formed XML 1.0 only. A
 * DOCTYPE is refused, so that there are no entities beyond the five and the
 * numeric ones; nothing outside the source is ever read. Bounds: elements
 * within elements by limits->depth, one tag by 16 MiB, different names of
 * elements and attributes by 4,096 (for those stay in memory). Memory does
 * not grow otherwise.
 *
 * What is plain is scanned by xmlscan.h, all else by expat; either gives the
 * same.
 *
 * Names are given without their namespace prefix: <x:row x:r="1"> is row with
 * r. Texts come in pieces as the parser meets them; CDATA is text; line ends
 * are LF; comments and processing instructions are passed over.
 */
struct case_xml;

/* Bytes into p[0..cap); *n = 0 is the end. As case_zip_read. */
typedef enum case_status case_xml_read(void *source, char *p, size_t cap,
    size_t *n, struct case_error *err);

/*
 * What is called as the document goes by; any may be NULL. Each returns
 *
 * CASE_OK	to go on
 * CASE_EOF	to pause: case_xml_next returns CASE_OK, and a further call
 *		goes on behind this tag. (The end of an empty element still
 *		comes before that.) A text handler must not pause
 * below 0	to end in failure, with err filled
 *
 * name and attr are valid during the call. attr is NULL-terminated pairs of
 * name and value for case_xml_attr; p is not NUL-terminated.
 */
struct case_xml_handler {
	enum case_status (*start)(void *arg, const char *name,
	    const char *const *attr, struct case_error *err);
	enum case_status (
	    *end)(void *arg, const char *name, struct case_error *err);
	enum case_status (
	    *text)(void *arg, const char *p, size_t n, struct case_error *err);
};

/*
 * utf8: the source was decoded already, so that what the document declares of
 * its encoding is not to be believed. Otherwise UTF-8, UTF-16, ISO-8859-1 and
 * US-ASCII are read, and others refused. handler, source and limits must
 * outlive it.
 */
enum case_status case_xml_open(struct case_xml **out,
    const struct case_xml_handler *handler, void *arg, case_xml_read *read,
    void *source, bool utf8, const struct case_limits *limits,
    struct case_error *err);
void case_xml_close(struct case_xml *x);

/*
 * Goes on until a handler pauses (CASE_OK), the document ends (CASE_EOF), or
 * something fails: CASE_EDATA with the line and what is wrong with the XML, or
 * what the source or a handler said. After the end and after a failure the
 * same is returned again.
 */
enum case_status case_xml_next(struct case_xml *x, struct case_error *err);

/* To the begin, when the source is at its first byte again. */
enum case_status case_xml_restart(struct case_xml *x, struct case_error *err);

/* The value of an attribute by its name without prefix; NULL: none. */
const char *case_xml_attr(const char *const *attr, const char *name);

/* The line of the document that is being read, from 1. */
size_t case_xml_line(const struct case_xml *x);

#endif
