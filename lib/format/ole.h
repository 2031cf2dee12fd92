/* ole.h - the streams inside an OLE2 compound file (XLS, DOC, MSI …) */
#ifndef CASE_FORMAT_OLE_H
#define CASE_FORMAT_OLE_H

#include <stdbool.h>
#include <stddef.h>

#include "case/buf.h"
#include "case/decode.h"
#include "case/limits.h"

/*
 * What [MS-CFB] calls a compound file. in and limits must outlive it. What it
 * allocates is bounded by the file's size, whatever the file claims; chains
 * of sectors that lead in a circle or out of the file are refused.
 */
struct case_ole;

enum case_status case_ole_open(struct case_ole **out, struct case_input *in,
    const struct case_limits *limits, struct case_error *err);
void case_ole_close(struct case_ole *ole);

/*
 * The entry of the root folder with that name (ASCII, of either case), a
 * stream or a folder; false: there is none.
 */
bool case_ole_find(const struct case_ole *ole, const char *name, size_t *entry);

/* Whether the root folder was made by the program with these 16 bytes. */
bool case_ole_is_class(const struct case_ole *ole,
    const unsigned char class_id[16]);

/*
 * All bytes of a stream into an empty buffer. CASE_EDATA when it is not whole,
 * or larger than limits->held.
 */
enum case_status case_ole_load(struct case_ole *ole, size_t entry,
    struct case_buf *to, struct case_error *err);

#endif
