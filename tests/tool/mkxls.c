/* mkxls.c - makes XLS workbooks of texts for tests, and other OLE2 files */
#include <stdio.h>
#include <stdlib.h>

#include "case/text.h"
#include "tests/unit/olefile.h"

enum { LABELSST = 0xfd, SST = 0xfc, SHEET = 0x85 };

static void
put_text(struct case_buf *b, const char *p, size_t n)
{
	size_t at = b->n, count = 0;
	uint32_t c;

	put16(b, 0);
	case_buf_addc(b, 1);
	for (size_t i = 0, k; i < n; i += k, count++) {
		if ((k = case_utf8_get(p + i, n - i, &c)) == 0)
			exit(2);
		put16(b, c);
	}
	b->p[at] = (char)(count & 0xff);
	b->p[at + 1] = (char)(count >> 8);
}

/*
 * mkxls OUT [STREAM [FIRST]]: each line of standard input is a row, its cells
 * parted by tabs; all are texts. STREAM is the name of the stream instead of
 * Workbook; FIRST is the index that the first text is given, instead of 0.
 */
int
main(int argc, char *argv[])
{
	struct case_buf texts = { 0 }, cells = { 0 }, book = { 0 };
	struct case_buf file = { 0 };
	struct ole_stream s = { argc > 2 ? argv[2] : "Workbook", &book };
	unsigned row = 0, index = 0;
	unsigned first = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 0;
	char line[4096];
	size_t at, place;
	FILE *f;

	bof(&cells, 0x600, 16);
	while (fgets(line, sizeof(line), stdin) != NULL) {
		char *save, *text = strtok_r(line, "\t\n", &save);

		for (unsigned col = 0; text != NULL; col++, index++) {
			put_text(&texts, text, strlen(text));
			at = begin(&cells, LABELSST);
			put16(&cells, row);
			put16(&cells, col);
			put16(&cells, 0);
			put32(&cells, index + first);
			end(&cells, at);
			text = strtok_r(NULL, "\t\n", &save);
		}
		row++;
	}
	record(&cells, 0x0a, "", 0);

	bof(&book, 0x600, 5);
	at = begin(&book, SHEET);
	place = book.n;
	put32(&book, 0);
	put16(&book, 0);
	case_buf_addc(&book, 1);
	case_buf_addc(&book, 0);
	case_buf_adds(&book, "a");
	end(&book, at);
	at = begin(&book, SST);
	put32(&book, index);
	put32(&book, index);
	case_buf_add(&book, texts.p, texts.n);
	end(&book, at);
	record(&book, 0x0a, "", 0);
	set32(&book, place, (uint32_t)book.n);
	case_buf_add(&book, cells.p, cells.n);

	build_ole(&file, &s, 1, false);
	if (argc < 2 || (f = fopen(argv[1], "wb")) == NULL ||
	    fwrite(file.p, 1, file.n, f) != file.n || fclose(f) != 0)
		return 2;
	case_buf_free(&texts);
	case_buf_free(&cells);
	case_buf_free(&book);
	case_buf_free(&file);
	return 0;
}
