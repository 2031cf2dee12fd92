/* fuzz.h - what the fuzz targets share */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include "case/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input; a finding when it does not. */
#define FUZZ_CHECK(cond)                                                   \
	do {                                                               \
		if (!(cond)) {                                             \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, \
			    #cond);                                        \
			abort();                                           \
		}                                                          \
	} while (0)

/*
 * A refusal has a reason, on one line; an internal error is a finding. Without
 * memory anything may be refused.
 */
static inline void
fuzz_refused(enum case_status rc, const struct case_error *err)
{
	FUZZ_CHECK(rc < 0);
	if (rc == CASE_ENOMEM)
		return;
	FUZZ_CHECK(err->what[0] != '\0');
	FUZZ_CHECK(strchr(err->what, '\n') == NULL);
	/* The name of a file in an archive may begin a message. */
	if (strncmp(err->what, "internal error: ", 16) == 0 &&
	    strstr(err->what, " inside the file") == NULL) {
		fprintf(stderr, "%s\n", err->what);
		abort();
	}
}

/* The bytes as a file; its path is the same at every call. */
static inline const char *
fuzz_file(const uint8_t *p, size_t n)
{
	static char path[64];
	static int fd = -1;

	if (fd == -1) {
		fd = memfd_create("fuzz", 0);
		FUZZ_CHECK(fd != -1);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	FUZZ_CHECK(ftruncate(fd, 0) == 0);
	while (n > 0) {
		ssize_t done = pwrite(fd, p, n, lseek(fd, 0, SEEK_END));

		FUZZ_CHECK(done > 0);
		p += done;
		n -= (size_t)done;
	}
	return path;
}

/*
 * A copy of the bytes with nothing behind it, so that reading beyond the end is
 * seen; the caller frees it.
 */
static inline char *
fuzz_copy(const uint8_t *data, size_t size)
{
	char *p = malloc(size > 0 ? size : 1);

	FUZZ_CHECK(p != NULL);
	if (size > 0)
		memcpy(p, data, size);
	return p;
}

/* The folder share/ of the sources, as the tests know it. */
static inline const char *
fuzz_share(void)
{
	const char *dir = getenv("CASE_DATADIR");

	return dir != NULL ? dir : "share";
}

#endif
