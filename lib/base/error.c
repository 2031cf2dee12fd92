/* error.c - filling in the one error */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "case/error.h"
#include "case/intl.h"

/* A text cut in the middle of a character would spoil the whole line. */
static void
cut_at_character(char *s, size_t n)
{
	while (n > 0 && ((unsigned char)s[n - 1] & 0xc0) == 0x80)
		n--;
	if (n > 0 && (unsigned char)s[n - 1] >= 0xc0)
		n--;
	s[n] = '\0';
}

enum case_status
case_error_set(struct case_error *err, enum case_status code, size_t line,
    const char *fmt, ...)
{
	va_list ap;
	int n;

	if (err == NULL)
		return code;
	err->line = line;
	va_start(ap, fmt);
	n = vsnprintf(err->what, sizeof(err->what), fmt, ap);
	va_end(ap);
	if (n < 0)
		err->what[0] = '\0';
	else if ((size_t)n >= sizeof(err->what))
		cut_at_character(err->what, sizeof(err->what) - 1);
	return code;
}

enum case_status
case_error_system(struct case_error *err, const char *subject)
{
	return case_error_set(err, errno == ENOMEM ? CASE_ENOMEM : CASE_EIO, 0,
	    "%s: %s", subject, strerror(errno));
}

enum case_status
case_error_memory(struct case_error *err)
{
	return case_error_set(err, CASE_ENOMEM, 0, "%s", _("out of memory"));
}
