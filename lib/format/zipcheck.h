/* zipcheck.h - whether a workbook that was written is whole */
#ifndef CASE_FORMAT_ZIPCHECK_H
#define CASE_FORMAT_ZIPCHECK_H

#include <stdint.h>

#include "case/error.h"

/*
 * What one member was found to hold.
 *
 * name		borrowed until the check ends
 * size		bytes, inflated
 * rows		"<row" tags
 * data		bytes between <sheetData> and </sheetData>
 */
struct case_zip_member {
	const char *name;
	uint64_t size;
	uint64_t rows;
	uint64_t data;
};

/*
 * Reads a ZIP file of our own making back: every member must have the size and
 * CRC that the directory says, and not be empty; else CASE_EIO. each is called
 * for every member; what it returns, other than CASE_OK, ends the check.
 */
enum case_status case_zip_check(const char *path,
    enum case_status (*each)(void *arg, const struct case_zip_member *m,
	struct case_error *err),
    void *arg, struct case_error *err);

#endif
