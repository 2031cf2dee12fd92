/* survey.h - what the bytes of an input are: held against each encoding */
#ifndef LIB_BASE_SURVEY_H
#define LIB_BASE_SURVEY_H

#include <sys/stat.h>
#include <sys/types.h>

#include "lib/base/charset.h"

enum { CASE_INPUT_RAW = 128 * 1024 };

/* One encoding held against the whole file, buffer by buffer. */
struct check {
	enum case_encoding encoding;
	bool failed;
	uint64_t at;			     /* of the first fault */
	unsigned char cut[CASE_CHARSET_MAX]; /* begun in the last buffer */
	size_t cut_n;
};

/* All of an input, as far as it was fed. */
struct survey {
	struct check check[2];
	size_t check_n;
	bool high; /* any byte beyond ASCII */
	uint64_t size;
};

struct hasher;

/*
 * hasher	hashes the file beside; NULL: done, facts have the hash
 * proven	the encoding was held against all bytes
 * check	of what was read since the begin, unless proven
 */
struct case_input {
	int fd;
	struct stat st; /* as it was when the input was opened */
	struct case_input_facts facts;
	size_t bom_size;
	struct hasher *hasher;
	bool proven;
	struct check check;
	uint64_t at; /* offset of the next byte to come into raw */
	size_t raw_i;
	size_t raw_n;
	unsigned char raw[CASE_INPUT_RAW];
};

/* As many bytes as there are, up to n: less only at the end. -1: errno. */
ssize_t survey_pread(int fd, void *p, size_t n, uint64_t at);

/* The next bytes, and the end; at: of all those before. */
void survey_check(struct check *c, const unsigned char *p, size_t n,
    uint64_t at);
void survey_check_end(struct check *c, uint64_t size);

/*
 * What the first n bytes, in raw, tell, and so what to hold against the whole.
 * A text that can't be read is refused.
 */
enum case_status survey_begin(struct case_input *in, struct survey *f, size_t n,
    struct case_error *err);
void survey_feed(struct survey *f, const unsigned char *p, size_t n);
void survey_end(struct survey *f);
/* The encoding, by what the checks found; raw is used. */
enum case_status survey_decide(struct case_input *in, const struct survey *f,
    struct case_error *err);
/*
 * The encoding that the first n bytes, in raw, leave when the others are of it
 * too; false: only the whole can tell. A forced one needs nothing more.
 */
bool survey_guess(struct case_input *in, const struct survey *f, size_t n);

#endif
