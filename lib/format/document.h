/* document.h - which files are documents */
#ifndef CASE_FORMAT_DOCUMENT_H
#define CASE_FORMAT_DOCUMENT_H

#include <stdbool.h>

/* Whether the name's suffix says it is a Word document (DOCX). */
bool document_is_docx(const char *name);

#endif
