/* load.h - records that come as case-tables, into a store */
#ifndef CASE_LOAD_H
#define CASE_LOAD_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "case/error.h"
#include "case/share.h"
#include "case/store.h"
#include "case/table.h"

/*
 * What to do with a table that does not hold records: called with the reader
 * standing before its first row. It reads the rows to CASE_EOF itself, or
 * returns without having read any, and they are passed over.
 */
typedef enum case_status case_load_other(void *arg,
    struct case_table_reader *rd, const struct case_table *t,
    struct case_error *err);

/*
 * Reads the case-tables of a stream. Those of kind records are cleaned
 * through their record type (share/records) and put into st, which gets a
 * batch for each run of rows of one _file and _sheet, so that _file, _sheet
 * and _line are again what they were. A row that can't become a record fails
 * the whole: a pipe that loses rows can't become a statistic.
 *
 * st		usually CASE_STORE_PRIVATE
 * name		of the stream, for rows without _file
 * other	may be NULL: tables of other kinds are then CASE_EDATA
 * rows		out: records read; may be NULL
 */
enum case_status case_load_tables(struct case_store *st, struct case_share *sh,
    FILE *stream, const char *name, case_load_other *other, void *arg,
    size_t *rows, struct case_error *err);

#endif
