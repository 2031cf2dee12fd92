/* zip.h - the files in a ZIP archive, read as streams */
#ifndef CASE_FORMAT_ZIP_H
#define CASE_FORMAT_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/decode.h"
#include "case/limits.h"

/*
 * An archive over an input that was opened (a file, or standard input, which
 * is spooled), by its directory alone. Any number of its files may be read at
 * the same time, each with buffers of some 100 KiB; by one thread.
 *
 * It is a reader of our own over zlib, which is linked anyway, and not libzip:
 * that one loads libcrypto, at 7 ms for each start of any tool.
 *
 * What is not read, in words: more than one disk, methods other than stored
 * and deflated, encrypted files (AES too). ZIP64 is read.
 */
struct case_zip;

/*
 * name		in UTF-8, whatever the archive has (names that are no UTF-8 are
 *		taken for GB18030); with '/' between folders. Not checked: never
 *		make a path of it
 * size, packed	bytes, as the directory says; size is not to be relied upon
 *		for room before the file was read
 * folder	the name ends in '/'
 */
struct case_zip_entry {
	const char *name;
	uint64_t size;
	uint64_t packed;
	bool folder;
	bool encrypted;
};

/*
 * CASE_EDATA when the directory is missing (an archive cut off), damaged or
 * has more than limits->entries. in and limits must outlive it.
 */
enum case_status case_zip_open(struct case_zip **out, struct case_input *in,
    const struct case_limits *limits, struct case_error *err);
void case_zip_close(struct case_zip *zip);

size_t case_zip_count(const struct case_zip *zip);
/* Of i below the count, in the order of the directory. */
const struct case_zip_entry *case_zip_entry(const struct case_zip *zip,
    size_t i);
/*
 * The number of the entry of that name; letters of either case fit when none
 * is the same (parts of Office documents are so found). False: none.
 */
bool case_zip_find(const struct case_zip *zip, const char *name, size_t *i);
/* Whether a file's name begins so ("xl/"), for telling formats apart. */
bool case_zip_has(const struct case_zip *zip, const char *prefix);

/*
 * One file of the archive as a stream. The archive must outlive it.
 *
 * case_zip_read gives the next bytes, *n = 0 at the end. By then size and CRC
 * have been checked; CASE_EDATA names the file when they are wrong, the data
 * is cut off or does not inflate, or a limit is met: ratio (beyond the first
 * 16 MiB), total (over all files of this archive; what is read again does not
 * count again).
 *
 * It has the shape of case_window_read and case_xml_read, so that source is
 * the struct case_zip_file.
 */
struct case_zip_file;

enum case_status case_zip_file_open(struct case_zip_file **out,
    struct case_zip *zip, size_t i, struct case_error *err);
void case_zip_file_close(struct case_zip_file *f);
enum case_status case_zip_read(void *source, char *p, size_t cap, size_t *n,
    struct case_error *err);
/* Back to the first byte. */
enum case_status case_zip_rewind(struct case_zip_file *f,
    struct case_error *err);
/* Packed bytes consumed so far, for a progress bar. */
uint64_t case_zip_position(const struct case_zip_file *f);

#endif
