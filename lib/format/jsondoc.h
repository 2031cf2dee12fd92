/* jsondoc.h - telling a JSON document from JSON Lines */
#ifndef CASE_FORMAT_JSONDOC_H
#define CASE_FORMAT_JSONDOC_H

#include "lib/format/reader.h"

/*
 * Of a text whose first byte that is no blank, at offset at, is a brace:
 * whether it is one document rather than one object a line. A single object
 * is a document, on one line or on several.
 */
enum case_status json_is_document(struct case_reader *rd, size_t at,
    bool *document, struct case_error *err);

#endif
