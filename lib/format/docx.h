/* docx.h - the text of a Word document */
#ifndef CASE_FORMAT_DOCX_H
#define CASE_FORMAT_DOCX_H

#include "case/buf.h"
#include "case/decode.h"
#include "case/limits.h"

/*
 * Appends the body's text: a paragraph is a line, a row of a table is a line
 * with tabs between its cells. What was deleted while changes were tracked,
 * headers, footers and notes are left out. CASE_EDATA when it is no DOCX,
 * damaged, or its text longer than max bytes.
 */
enum case_status case_docx_text(struct case_buf *out, struct case_input *in,
    const struct case_limits *limits, size_t max, struct case_error *err);

#endif
