/* gzip.h - what a gzip file holds, as a stream */
#ifndef CASE_FORMAT_GZIP_H
#define CASE_FORMAT_GZIP_H

#include "case/decode.h"
#include "case/limits.h"

/*
 * Members that follow each other are read as one, as gunzip does, and zeros
 * behind the last are passed by. At the end lengths and CRCs have been checked.
 * CASE_EDATA when the file is cut off or damaged, when something else stands
 * behind it, or when the limit ratio is met. in and limits must outlive it.
 */
struct case_gzip;

enum case_status case_gzip_open(struct case_gzip **out, struct case_input *in,
    const struct case_limits *limits, struct case_error *err);
void case_gzip_close(struct case_gzip *g);
/* source is the struct case_gzip; see case_window_read. */
enum case_status case_gzip_read(void *source, char *p, size_t cap, size_t *n,
    struct case_error *err);

#endif
