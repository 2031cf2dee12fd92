/* rows.h - fuzzing a reader: what holds for the rows of any file */
#ifndef FUZZ_ROWS_H
#define FUZZ_ROWS_H

#include <stdbool.h>

#include "case/row.h"
#include "case/text.h"
#include "tests/fuzz/fuzz.h"

/* What a pass over all rows gave, to be compared with the next one. */
struct fuzz_pass {
	uint64_t hash; /* of all that the rows said */
	size_t rows;
	size_t lines;
	enum case_status rc;
};

static inline void
fuzz_hash(struct fuzz_pass *pass, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++)
		pass->hash = (pass->hash ^ p[i]) * UINT64_C(0x100000001b3);
	pass->hash = (pass->hash ^ n) * UINT64_C(0x100000001b3);
}

/*
 * One row. Trailing cells without text do not count: JSON knows more names the
 * second time, and so gives more cells.
 */
static inline void
fuzz_row(struct fuzz_pass *pass, const struct case_row *row,
    enum case_row_format format)
{
	bool table = format == CASE_ROWS_TABLE;
	size_t n = row->cell_n;

	/* What stands before the first element of a JSON document. */
	if (format == CASE_ROWS_JSON && pass->rows == 0)
		pass->lines = row->line - 1;

	FUZZ_CHECK(row->lines >= 1);
	FUZZ_CHECK(table || row->line == pass->lines + 1);
	FUZZ_CHECK(row->fault == NULL || row->cell_n == 0);
	FUZZ_CHECK(row->unsure == NULL || row->cell_n > 0);
	FUZZ_CHECK(row->fault == NULL || row->fault[0] != '\0');
	FUZZ_CHECK(row->raw.n == 0 || row->raw.p != NULL);
	for (size_t i = 0; i < n; i++) {
		const struct case_str *c = &row->cell[i];

		FUZZ_CHECK(c->n == 0 || case_utf8_valid(c->p, c->n));
		FUZZ_CHECK(c->n == 0 || memchr(c->p, '\0', c->n) == NULL);
	}
	while (n > 0 && row->cell[n - 1].n == 0)
		n--;
	for (size_t i = 0; i < n; i++)
		fuzz_hash(pass, row->cell[i].p, row->cell[i].n);
	fuzz_hash(pass, row->raw.p, row->raw.n);
	fuzz_hash(pass, &row->line, sizeof(row->line));
	if (row->fault != NULL)
		fuzz_hash(pass, row->fault, strlen(row->fault));
	pass->rows++;
	pass->lines += row->lines;
}

/* All rows of the sheet that the reader is at. */
static inline struct fuzz_pass
fuzz_read(struct case_reader *rd)
{
	enum case_row_format format = case_reader_format(rd);
	struct fuzz_pass pass = { 0 };
	struct case_error err = { { 0 }, 0 };
	struct case_row row;

	while ((pass.rc = case_reader_next(rd, &row, &err)) == CASE_OK)
		fuzz_row(&pass, &row, format);
	if (pass.rc != CASE_EOF)
		fuzz_refused(pass.rc, &err);
	else if (pass.rows > 0 || format != CASE_ROWS_JSON)
		FUZZ_CHECK(pass.lines == case_reader_lines(rd));
	return pass;
}

/* Reads all rows twice, which has to give the same. */
static inline void
fuzz_twice(struct case_reader *rd)
{
	struct case_error err = { { 0 }, 0 };
	struct fuzz_pass a, b;
	enum case_status rc;

	a = fuzz_read(rd);
	if ((rc = case_reader_rewind(rd, &err)) != CASE_OK) {
		fuzz_refused(rc, &err);
		return;
	}
	b = fuzz_read(rd);
	FUZZ_CHECK(a.rc == b.rc);
	FUZZ_CHECK(a.rows == b.rows && a.lines == b.lines);
	FUZZ_CHECK(a.hash == b.hash);
}

static inline void
fuzz_sheets(struct case_reader *rd)
{
	const struct case_sheet *sheet;
	struct case_error err = { { 0 }, 0 };
	enum case_status rc;
	size_t n;

	sheet = case_reader_sheets(rd, &n);
	for (size_t i = 0; i < n && i < 4; i++) {
		FUZZ_CHECK(sheet[i].name != NULL);
		FUZZ_CHECK(
		    case_utf8_valid(sheet[i].name, strlen(sheet[i].name)));
		if ((rc = case_reader_select(rd, i, &err)) != CASE_OK) {
			fuzz_refused(rc, &err);
			continue;
		}
		FUZZ_CHECK(case_reader_sheet(rd) == i);
		fuzz_twice(rd);
	}
}

/* What is an answer without rows has none, and no names. */
static inline void
fuzz_answer(struct case_reader *rd, bool record)
{
	struct case_error err = { { 0 }, 0 };
	enum case_status rc = case_reader_answer(rd, record, &err);
	struct case_row row;
	size_t n;

	if (rc == CASE_OK) {
		FUZZ_CHECK(case_reader_next(rd, &row, &err) == CASE_EOF);
		case_reader_names(rd, &n);
		FUZZ_CHECK(n == 0);
	} else if (rc != CASE_EOF) {
		fuzz_refused(rc, &err);
	}
}

/* Bounds so small that a run meets them. */
static inline struct case_limits
fuzz_limits(void)
{
	struct case_limits l = case_limits_default;

	l.total = (uint64_t)16 << 20;
	l.held = (uint64_t)4 << 20;
	return l;
}

/*
 * The bytes as a file of a format. The width that the header is to have, and
 * whether the encoding is told, follow from the size.
 */
static inline void
fuzz_rows(const uint8_t *data, size_t size, enum case_row_format format)
{
	struct case_limits limits = fuzz_limits();
	struct case_reader_options options = { .format = format,
		.limits = &limits };
	enum case_encoding encoding =
	    size % 5 == 4 ? CASE_ENCODING_UTF8 : CASE_ENCODING_AUTO;
	struct case_error err = { { 0 }, 0 };
	struct case_reader *rd = NULL;
	struct case_input *in = NULL;
	enum case_status rc;

	rc = case_input_open(&in, fuzz_file(data, size), encoding, &err);
	if (rc == CASE_OK)
		rc = case_reader_open(&rd, in, &options, &err);
	if (rc == CASE_OK) {
		case_reader_set_width(rd, size % 8);
		fuzz_twice(rd);
		fuzz_sheets(rd);
		fuzz_answer(rd, size % 2 == 0);
	} else {
		fuzz_refused(rc, &err);
	}
	case_reader_close(rd);
	case_input_close(in);
}

#endif
