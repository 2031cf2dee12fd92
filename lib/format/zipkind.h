/* zipkind.h - what a ZIP archive really is */
#ifndef CASE_FORMAT_ZIPKIND_H
#define CASE_FORMAT_ZIPKIND_H

#include "case/row.h"
#include "lib/format/zip.h"

/* Whether it is one workbook or document, whose parts are no files. */
bool case_zip_is_document(const struct case_zip *zip);

/*
 * Office documents are ZIP archives: which one is told by the list of content
 * types or the media type inside, else by the names of the files.
 *
 * format	whose reader takes it; AUTO: none
 * reason	what it is and what to do, not yet translated, when no reader
 *		takes it; of any other archive "a ZIP archive; unpack it first"
 *
 * Fails as case_zip_open does on an archive that is cut off or damaged.
 */
enum case_status case_zip_kind(struct case_input *in,
    const struct case_limits *limits, enum case_row_format *format,
    const char **reason, struct case_error *err);

#endif
