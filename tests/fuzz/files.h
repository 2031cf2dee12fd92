/* files.h - fuzzing what is read from share/: a folder with one such file */
#ifndef FUZZ_FILES_H
#define FUZZ_FILES_H

#include <sys/stat.h>

#include "case/rtype.h"
#include "case/share.h"
#include "tests/fuzz/fuzz.h"

/*
 * The data folder, in front of which stands one that is left when the program
 * ends: a file as it may come is named by its own path.
 */
static struct case_share *fuzz_sh;
static struct case_rtype *fuzz_case;
static char fuzz_path[256];

static inline void
fuzz_remove(void)
{
	case_rtype_free(fuzz_case);
	case_share_free(fuzz_sh);
	unlink(fuzz_path);
	*strrchr(fuzz_path, '/') = '\0';
	rmdir(fuzz_path);
}

/* Once: the data folder, the type case, and a place for the file. */
static inline void
fuzz_begin(void)
{
	const char *tmp = getenv("TMPDIR");
	struct case_error err;

	if (fuzz_sh != NULL)
		return;
	FUZZ_CHECK(case_share_new(&fuzz_sh, fuzz_share(), &err) == CASE_OK);
	FUZZ_CHECK(
	    case_rtype_load(&fuzz_case, fuzz_sh, "case", &err) == CASE_OK);
	snprintf(fuzz_path, sizeof(fuzz_path), "%s/case-fuzz.XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	FUZZ_CHECK(mkdtemp(fuzz_path) != NULL);
	strcat(fuzz_path, "/x.json");
	atexit(fuzz_remove);
}

static inline void
fuzz_write(const uint8_t *data, size_t size)
{
	FILE *f;

	fuzz_begin();
	FUZZ_CHECK((f = fopen(fuzz_path, "w")) != NULL);
	FUZZ_CHECK(fwrite(data, 1, size, f) == size);
	FUZZ_CHECK(fclose(f) == 0);
}

#endif
