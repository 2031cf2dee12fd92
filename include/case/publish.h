/* publish.h - an output appears whole under its name, or not at all */
#ifndef CASE_PUBLISH_H
#define CASE_PUBLISH_H

#include <stdio.h>

#include "case/error.h"

/*
 * An output on its way. It is written beside its name as ".NAME.tmp.PID"
 * (mode 0600) and renamed when it is done, so that a run that fails or is
 * killed leaves the last good one. A symbolic link is replaced, never
 * followed.
 *
 * A device, a pipe, and /dev/stdout, /dev/stderr and /dev/fd/N, which are
 * this process's own streams, are written through: nothing is renamed.
 */
struct case_publish;

/* CASE_EIO when path is a folder, or stands in none. Nothing is made yet. */
enum case_status case_publish_begin(struct case_publish **out, const char *path,
    struct case_error *err);

/*
 * One of two ways to write it. The stream is made at the first call and stays
 * p's. The path is for writers that make their file themselves; there is none
 * yet of that name, and it is borrowed for the life of p.
 */
enum case_status case_publish_stream(struct case_publish *p, FILE **stream,
    struct case_error *err);
enum case_status case_publish_path(struct case_publish *p, const char **path,
    struct case_error *err);

/*
 * Flushes, syncs, renames and syncs the folder. The mode is that of the file
 * it replaces, and its group where that is allowed; else 0640 without what
 * the umask takes. Frees p in any case; on failure the old output is as it
 * was, unless only the last step, the sync of the folder, failed.
 */
enum case_status case_publish_commit(struct case_publish *p,
    struct case_error *err);
/* Drops what was written; frees p, which may be NULL. */
void case_publish_abort(struct case_publish *p);

#endif
