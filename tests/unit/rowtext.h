/* rowtext.h - rows of a text given as bytes, written out to be compared */
#ifndef ROWTEXT_H
#define ROWTEXT_H

#include <stdlib.h>
#include <unistd.h>

#include "case/row.h"
#include "tests/unit/test.h"

/* A file of its own for the bytes; name is filled, the caller unlinks. */
static inline void
write_file(char name[64], const char *p, size_t n)
{
	FILE *f;
	int fd;

	strcpy(name, "/tmp/case-test-XXXXXX");
	fd = mkstemp(name);
	f = fd == -1 ? NULL : fdopen(fd, "w");
	if (f == NULL || fwrite(p, 1, n, f) != n || fclose(f) != 0) {
		perror(name);
		exit(99);
	}
}

/*
 * One line a row: where it begins, how many physical lines when not one, and
 * its cells in brackets, behind a '?' when it is unsure; a faulty row has its
 * raw text behind a '!'. Checks
 * what holds at the end of any file.
 */
static inline enum case_status
rows_text(struct case_buf *out, struct case_reader *rd, struct case_error *err)
{
	enum case_status rc;
	struct case_row row;
	size_t lines = 0;

	while ((rc = case_reader_next(rd, &row, err)) == CASE_OK) {
		CHECK(row.lines >= 1);
		CHECK_INT(row.line, lines + 1);
		lines += row.lines;
		case_buf_addf(out, "%zu", row.line);
		if (row.lines != 1)
			case_buf_addf(out, "+%zu", row.lines);
		if (row.fault != NULL) {
			CHECK(row.fault[0] != '\0');
			CHECK_INT(row.cell_n, 0);
			case_buf_addc(out, '!');
			case_buf_add(out, row.raw.p, row.raw.n);
		}
		if (row.unsure != NULL)
			case_buf_addc(out, '?');
		for (size_t i = 0; i < row.cell_n; i++) {
			case_buf_addc(out, '[');
			case_buf_add(out, row.cell[i].p, row.cell[i].n);
			case_buf_addc(out, ']');
		}
		case_buf_addc(out, '\n');
	}
	if (rc == CASE_EOF)
		CHECK_INT(lines, case_reader_lines(rd));
	return rc;
}

/*
 * Reads the bytes twice, with a rewind between, which has to give the same.
 * Returns what the first time gave, for the caller to free; *found, unless
 * NULL, the delimiter.
 */
static inline char *
read_text(const char *p, size_t n, enum case_encoding encoding,
    const struct case_reader_options *options, size_t width, char *found)
{
	struct case_buf first = { 0 }, second = { 0 };
	struct case_reader *rd = NULL;
	struct case_input *in = NULL;
	struct case_error err = { { 0 }, 0 };
	char name[64];

	write_file(name, p, n);
	if (case_input_open(&in, name, encoding, &err) != CASE_OK ||
	    case_reader_open(&rd, in, options, &err) != CASE_OK) {
		case_buf_addf(&first, "%s", err.what);
	} else {
		case_reader_set_width(rd, width);
		CHECK_INT(rows_text(&first, rd, &err), CASE_EOF);
		CHECK_INT(case_reader_rewind(rd, &err), CASE_OK);
		CHECK_INT(rows_text(&second, rd, &err), CASE_EOF);
		/* JSON knows all its names by then, so rows have more cells. */
		if (case_reader_format(rd) != CASE_ROWS_JSONL)
			CHECK_STR(case_buf_str(&second), case_buf_str(&first));
		if (found != NULL)
			*found = case_reader_delimiter(rd);
	}
	case_reader_close(rd);
	case_input_close(in);
	unlink(name);
	case_buf_free(&second);
	case_buf_adds(&first, "");
	return first.p;
}

/*
 * How read_sheet reads a workbook or page.
 *
 * format	what it must be found to be; AUTO: anything
 * other	a sheet other than the first, 0: none
 * again	the first is selected, too
 * names	the names of several sheets stand before the rows: "A|B?|", a
 *		hidden one with '?'
 */
struct sheet_of {
	enum case_row_format format;
	enum case_encoding encoding;
	const struct case_limits *limits;
	size_t other;
	size_t width;
	bool again;
	bool names;
};

static inline void
sheet_names(struct case_buf *out, const struct case_reader *rd)
{
	size_t n;
	const struct case_sheet *sheet = case_reader_sheets(rd, &n);

	for (size_t i = 0; n > 1 && i < n; i++)
		case_buf_addf(out, "%s%s|", sheet[i].name,
		    sheet[i].hidden ? "?" : "");
}

/* Rows of one sheet, or why there are none; the caller frees. */
static inline char *
read_sheet(const char *p, size_t n, const struct sheet_of *o)
{
	struct case_reader_options options = { .limits = o->limits };
	struct case_buf out = { 0 };
	struct case_reader *rd = NULL;
	struct case_input *in = NULL;
	struct case_error err = { { 0 }, 0 };
	enum case_status rc;
	char name[64];

	write_file(name, p, n);
	rc = case_input_open(&in, name, o->encoding, &err);
	unlink(name);
	if (rc == CASE_OK)
		rc = case_reader_open(&rd, in, &options, &err);
	if (rc == CASE_OK && o->format != CASE_ROWS_AUTO)
		CHECK_INT(case_reader_format(rd), o->format);
	if (rc == CASE_OK && o->names)
		sheet_names(&out, rd);
	if (rc == CASE_OK && (o->other > 0 || o->again))
		rc = case_reader_select(rd, o->other, &err);
	if (rc == CASE_OK && o->width > 0)
		case_reader_set_width(rd, o->width);
	if (rc == CASE_OK)
		rc = rows_text(&out, rd, &err);
	if (rc < CASE_OK) {
		CHECK(err.what[0] != '\0');
		case_buf_adds(&out, err.what);
	}
	case_reader_close(rd);
	case_input_close(in);
	case_buf_adds(&out, "");
	return out.p;
}

/* The text, read with a known width (0: none), gives exactly these rows. */
#define CHECK_ROWS(text, width, want)                             \
	do {                                                      \
		char *rows_ = read_text((text), sizeof(text) - 1, \
		    CASE_ENCODING_AUTO, NULL, (width), NULL);     \
		CHECK_STR(rows_, (want));                         \
		free(rows_);                                      \
	} while (0)

#endif
