/* dump_rows.c - the rows of any file as CSV, as the reader gives them */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/format/reader.h"

/*
 * usage: dump_rows [-c] [-l] [-d CHARACTER] FILE [SHEET]
 *
 * SHEET is a name or a number from 1. -l lists the sheets, those that are
 * hidden in brackets. -c only counts. -d is the delimiter of CSV. A row at
 * fault is a line "fault: why". Exits 1 with the reason on stderr when the file
 * is refused, or when the lines of its rows are not what the reader counted.
 */

static int
fail(const struct case_error *err)
{
	if (err->line > 0)
		fprintf(stderr, "dump_rows: %zu: %s\n", err->line, err->what);
	else
		fprintf(stderr, "dump_rows: %s\n", err->what);
	return 1;
}

static void
list_sheets(const struct case_reader *rd)
{
	size_t n;
	const struct case_sheet *sheet = case_reader_sheets(rd, &n);

	for (size_t i = 0; i < n; i++)
		printf(sheet[i].hidden ? "(%s)\n" : "%s\n", sheet[i].name);
}

static enum case_status
choose(struct case_reader *rd, const char *want, struct case_error *err)
{
	char *end;
	size_t n, number = strtoul(want, &end, 10);
	const struct case_sheet *sheet = case_reader_sheets(rd, &n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(sheet[i].name, want) == 0 ||
		    (*end == '\0' && number == i + 1))
			return case_reader_select(rd, i, err);
	return case_error_set(err, CASE_EUSAGE, 0, "no sheet '%s'", want);
}

static enum case_status
dump(struct case_reader *rd, bool count, struct case_error *err)
{
	struct case_buf text = { 0 };
	size_t lines = 0, rows = 0;
	struct case_row row;
	enum case_status rc;

	while ((rc = case_reader_next(rd, &row, err)) == CASE_OK) {
		if (rows++ == 0)
			lines = row.line - 1;
		lines += row.lines;
		case_buf_reset(&text);
		if (row.fault != NULL)
			case_buf_addf(&text, "fault: %s", row.fault);
		else if (!count &&
			 !case_reader_raw_cells(&text, row.cell, row.cell_n))
			rc = case_error_memory(err);
		if (rc == CASE_OK && (!count || row.fault != NULL))
			printf("%s\n", case_buf_str(&text));
	}
	case_buf_free(&text);
	if (count)
		printf("%zu\n", rows);
	if (rc == CASE_EOF && rows > 0 && lines != case_reader_lines(rd))
		return case_error_set(err, CASE_EDATA, 0,
		    "the rows have %zu lines, the file has %zu", lines,
		    case_reader_lines(rd));
	return rc;
}

int
main(int argc, char *argv[])
{
	struct case_error err = { { 0 }, 0 };
	struct case_reader_options options = { .delimiter = '\0' };
	struct case_reader *rd = NULL;
	struct case_input *in = NULL;
	bool count = false, list = false;
	enum case_status rc;

	for (; argc > 1 && argv[1][0] == '-' && argv[1][1] != '\0';
	     argv++, argc--) {
		count |= strcmp(argv[1], "-c") == 0;
		list |= strcmp(argv[1], "-l") == 0;
		if (strcmp(argv[1], "-d") == 0 && argc > 2) {
			options.delimiter = *argv[2];
			argv++;
			argc--;
		}
	}
	if (argc < 2 || argc > 3) {
		fputs("usage: dump_rows [-c] [-l] [-d CHARACTER] FILE "
		      "[SHEET]\n",
		    stderr);
		return 2;
	}
	rc = case_input_open(&in, argv[1], CASE_ENCODING_AUTO, &err);
	if (rc == CASE_OK)
		rc = case_reader_open(&rd, in, &options, &err);
	if (rc == CASE_OK && argc == 3)
		rc = choose(rd, argv[2], &err);
	if (rc == CASE_OK && list)
		list_sheets(rd);
	else if (rc == CASE_OK)
		rc = dump(rd, count, &err);
	case_reader_close(rd);
	case_input_close(in);
	return rc < CASE_OK ? fail(&err) : 0;
}
