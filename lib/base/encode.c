/* encode.c - UTF-8 into the encoding that old spreadsheets expect */
#include <errno.h>
#include <iconv.h>
#include <stdint.h>

#include "case/encode.h"
#include "case/intl.h"
#include "case/text.h"

/* Room offered to iconv() at a time; what does not fit goes next round. */
#define CHUNK 4096

static enum case_status
refuse(const char *p, size_t n, struct case_error *err)
{
	uint32_t c;

	if (case_utf8_prefix(p, n < 4 ? n : 4) == 0)
		return case_error_set(err, CASE_EDATA, 0,
		    _("the byte 0x%02x is not UTF-8"), (unsigned char)*p);
	case_utf8_get(p, n, &c);
	return case_error_set(err, CASE_EDATA, 0,
	    _("the character U+%04X has no code in GB18030"), (unsigned)c);
}

enum case_status
case_encode_gb18030(struct case_buf *out, const char *p, size_t n,
    struct case_error *err)
{
	/* iconv() takes a char ** but leaves the input alone. */
	char *from = (char *)(uintptr_t)p, *to;
	enum case_status rc = CASE_OK;
	size_t left = n, room;
	iconv_t cd;

	cd = iconv_open("GB18030", "UTF-8");
	if (cd == (iconv_t)-1)
		return case_error_system(err, "GB18030");
	while (left > 0) {
		if (!case_buf_reserve(out, CHUNK)) {
			rc = case_error_memory(err);
			break;
		}
		to = out->p + out->n;
		room = out->cap - out->n - 1;
		errno = 0;
		if (iconv(cd, &from, &left, &to, &room) == (size_t)-1 &&
		    errno != E2BIG) {
			rc = refuse(from, left, err);
			left = 0;
		}
		out->n = (size_t)(to - out->p);
		*to = '\0';
	}
	iconv_close(cd);
	return rc;
}
