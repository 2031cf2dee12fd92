/* biff.h - the records of an Excel stream (BIFF5, BIFF8), and their texts */
#ifndef CASE_FORMAT_BIFF_H
#define CASE_FORMAT_BIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"

/* Those that matter here, as [MS-XLS] numbers them. */
enum case_biff_id {
	CASE_BIFF_FORMULA = 0x06,
	CASE_BIFF_EOF = 0x0a,
	CASE_BIFF_DATEMODE = 0x22,
	CASE_BIFF_FILEPASS = 0x2f,
	CASE_BIFF_CONTINUE = 0x3c,
	CASE_BIFF_CODEPAGE = 0x42,
	CASE_BIFF_BOUNDSHEET = 0x85,
	CASE_BIFF_MULRK = 0xbd,
	CASE_BIFF_RSTRING = 0xd6,
	CASE_BIFF_XF = 0xe0,
	CASE_BIFF_SST = 0xfc,
	CASE_BIFF_LABELSST = 0xfd,
	CASE_BIFF_NUMBER = 0x203,
	CASE_BIFF_LABEL = 0x204,
	CASE_BIFF_BOOLERR = 0x205,
	CASE_BIFF_STRING = 0x207,
	CASE_BIFF_RK = 0x27e,
	CASE_BIFF_FORMAT = 0x41e,
	CASE_BIFF_BOF = 0x809
};

/*
 * The bytes of a stream, and how its texts are written.
 *
 * wide		BIFF8: Unicode; else bytes in the code page
 * page		the code page; 0: not said
 */
struct case_biff {
	const unsigned char *p;
	size_t n;
	bool wide;
	unsigned page;
};

struct case_biff_record {
	unsigned id;
	const unsigned char *p;
	size_t n;
	size_t next; /* where the record behind it begins */
};

/* The record that begins at a place; false: it is not whole. */
bool case_biff_record(const struct case_biff *b, size_t at,
    struct case_biff_record *r);

/* A place in a record and the CONTINUE records behind it. */
struct case_biff_cursor {
	const struct case_biff *b;
	const unsigned char *p;
	size_t left;
	size_t next;
};

/* Behind the first skip bytes of the record, which are there. */
struct case_biff_cursor case_biff_cursor(const struct case_biff *b,
    const struct case_biff_record *r, size_t skip);
/* n bytes on, copied when to is not NULL; false: there are not so many. */
bool case_biff_bytes(struct case_biff_cursor *c, void *to, size_t n);

enum case_biff_result {
	CASE_BIFF_OK,
	CASE_BIFF_DAMAGED,
	CASE_BIFF_PAGE /* text in a code page that is not known here */
};

/*
 * Appends the text at the cursor as UTF-8; its length takes length_size (1 or
 * 2) bytes. The cursor is then behind it and what belongs to it.
 */
enum case_biff_result case_biff_text(struct case_biff_cursor *c,
    size_t length_size, struct case_buf *out);

/* The number in an RK: 30 bits of a double or integer, perhaps hundredths. */
double case_biff_rk(uint32_t rk);

double case_biff_double(const unsigned char *p);

#endif
