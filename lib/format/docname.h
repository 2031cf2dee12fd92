/* docname.h - what the name of a document's file says of it */
#ifndef CASE_FORMAT_DOCNAME_H
#define CASE_FORMAT_DOCNAME_H

#include "case/value.h"

/*
 * The name without folders and suffix is taken apart at blanks and '_':
 *
 * - a document number up to its 号, with the year in brackets, is the case's
 *   number: "婺综执罚决字〔2023〕第000123号 处罚决定书";
 * - else the first part with a digit that is no date is the number, and the
 *   first other part the kind: "XC2023001_询问笔录", "询问笔录 XC2023001";
 * - a part of Latin letters and digits ends where other letters begin:
 *   "XC2023001询问笔录";
 * - a date ("20230612", "2023-06-12", "2023年6月12日") is the document's;
 * - up to two digits, or a number in brackets, behind other letters count
 *   copies and are dropped: "询问笔录2", "询问笔录(2)";
 * - a name without a number takes that of the nearest folder that has one,
 *   archives aside: "a.zip/XC2023001/询问笔录.txt".
 *
 * Texts point into the name; those not found are empty.
 *
 * name		without folders, with its suffix
 */
struct case_docname {
	struct case_str name;
	struct case_str case_no;
	struct case_str kind;
	struct case_str dated_on;
};

void case_docname_parse(struct case_docname *d, const char *path);

#endif
