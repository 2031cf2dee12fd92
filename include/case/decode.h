/* decode.h - an input as bytes in, UTF-8 out, known before it is parsed */
#ifndef CASE_DECODE_H
#define CASE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/error.h"

enum case_encoding {
	CASE_ENCODING_AUTO,
	CASE_ENCODING_UTF8,
	CASE_ENCODING_GB18030,
	CASE_ENCODING_UTF16LE,
	CASE_ENCODING_UTF16BE,
	CASE_ENCODING_BIG5,
	CASE_ENCODING_LATIN1
};

/* "UTF-8", "GB18030"; "binary" of AUTO, see the facts. */
const char *case_encoding_name(enum case_encoding e);
/*
 * By an allow-list (gbk, gb2312, gb18030, utf8, utf-8, big5 …); case, '-' and
 * '_' do not matter. "utf-16" is little-endian, "auto" AUTO.
 */
bool case_encoding_find(const char *name, enum case_encoding *e);

/*
 * A file opened for import. Opening reads all of it once: size, SHA-256, and
 * the encoding by the whole file (design.md section 5: BOM, else strict UTF-8,
 * else strict GB18030, else refused with line, byte offset and the bytes;
 * damaged UTF-8 is told apart; a short text that fits both is decided by
 * script: with at most 32 characters beyond ASCII, all of two bytes in both,
 * it is GB18030 when that gives common hanzi and UTF-8 gives letters that such
 * files do not hold). A text that seems to be UTF-16 without a BOM is refused
 * with what to say.
 *
 * A file of a known binary form (zip, gzip, OLE2, PDF …) is opened, with AUTO
 * for its encoding: only raw reads it, so that its name is the caller's to say.
 *
 * Standard input ("-") and pipes are spooled to a private unlinked file in
 * $TMPDIR or /tmp. A folder, a device (but /dev/null and a terminal), an un-
 * readable file, and a file whose size or mtime changes between open and end
 * (CASE_EBUSY) are refused. Errors do not name the path: the caller does.
 */
struct case_input;

struct case_input_facts {
	char sha256[65];	     /* hex */
	uint64_t size;		     /* raw bytes */
	enum case_encoding encoding; /* AUTO: no text, see open */
	bool bom;
	bool forced; /* by the caller: bytes may not decode, see read */
};

enum case_status case_input_open(struct case_input **out, const char *path,
    enum case_encoding encoding, struct case_error *err);
/*
 * The same, but a large file need not be read twice. When its first bytes tell
 * the encoding, reading begins at once: the hash is made beside, and the
 * encoding is proven on the way. Until then facts have no hash (""), and
 * whatever fails may fail since bytes are of another encoding after all.
 * case_input_prove() knows the right one, or says why there is none; where
 * facts have another than before, what was made of the input is void, and it
 * is read again from its begin, by another reader.
 */
enum case_status case_input_open_ahead(struct case_input **out,
    const char *path, enum case_encoding encoding, struct case_error *err);
/*
 * Makes the facts final, as those of case_input_open() are; fails as that
 * does. Not while another thread reads.
 */
enum case_status case_input_prove(struct case_input *in,
    struct case_error *err);
/* Whether the encoding is the right one for sure. */
bool case_input_is_proven(const struct case_input *in);
/* The hash alone: waits for it. */
enum case_status case_input_hash(struct case_input *in, struct case_error *err);
/*
 * The same of bytes that come from elsewhere, a file in an archive: they are
 * spooled as standard input is. read gives the next bytes into p[0..cap), and
 * *n = 0 at their end; its failure is passed on.
 */
enum case_status case_input_spool(struct case_input **out,
    enum case_status (*read)(void *source, char *p, size_t cap, size_t *n,
	struct case_error *err),
    void *source, enum case_encoding encoding, struct case_error *err);
void case_input_close(struct case_input *in);
const struct case_input_facts *case_input_facts(const struct case_input *in);

/*
 * The next decoded bytes, without the BOM: UTF-8. *n = 0 is the end. With a
 * forced encoding a byte that does not decode is passed on as the byte 0xff,
 * so that a reader finds the row that holds it by checking UTF-8. A character
 * may be split between two reads: that is the reader's concern. cap is at
 * least CASE_INPUT_READ_MIN. At the end comes CASE_EBUSY when the file is not
 * as it was when it was opened.
 */
#define CASE_INPUT_READ_MIN 8

enum case_status case_input_read(struct case_input *in, char *p, size_t cap,
    size_t *n, struct case_error *err);
enum case_status case_input_rewind(struct case_input *in,
    struct case_error *err);
/* Raw bytes consumed so far, for a progress bar. */
uint64_t case_input_position(const struct case_input *in);
/* Raw bytes from an offset, undecoded, for keeping the raw copy. */
enum case_status case_input_raw(struct case_input *in, uint64_t offset, char *p,
    size_t cap, size_t *n, struct case_error *err);

#endif
