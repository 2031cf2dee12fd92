/* archive.h - the files in a zip or gzip file, each as an input */
#ifndef CASE_FORMAT_ARCHIVE_H
#define CASE_FORMAT_ARCHIVE_H

#include <stdbool.h>

#include "case/decode.h"
#include "case/limits.h"

/*
 * Bounds that hold for an archive and all archives in it.
 *
 * entries	files met so far
 * total	bytes unpacked so far
 */
struct case_archive_budget {
	const struct case_limits *limits;
	uint64_t entries;
	uint64_t total;
};

/* Archives within archives, counting the outer one. */
#define CASE_ARCHIVE_DEPTH 4

struct case_archive;

/*
 * *out is NULL with CASE_OK when the input is no archive; workbooks and
 * documents of Office, or like them, are none. in, name and budget must outlive
 * it.
 *
 * name		of the input, for the names of what is in it
 */
enum case_status case_archive_open(struct case_archive **out,
    struct case_input *in, const char *name, struct case_archive_budget *budget,
    struct case_error *err);
void case_archive_close(struct case_archive *ar);

/*
 * The name of the next file, valid until the next call; CASE_EOF behind the
 * last. What a gzip file holds has the gzip file's name; what a zip holds its
 * own behind that, "a.zip/b.csv", cleared of what would lead elsewhere when it
 * was taken for a path. Folders and what systems leave there (__MACOSX,
 * .DS_Store, Thumbs.db …) are passed over.
 */
enum case_status case_archive_next(struct case_archive *ar, const char **name,
    struct case_error *err);
/*
 * That file as an input of its own, to be closed by the caller. A failure is
 * of this file alone, and the next may be asked for: it is encrypted, damaged,
 * or a limit was met.
 */
enum case_status case_archive_input(struct case_archive *ar,
    struct case_input **out, enum case_encoding encoding,
    struct case_error *err);

/* Whether a system made it for itself, by its name or that of its folder. */
bool case_archive_left_over(const char *name);

#endif
