/* fuzz_date.c - dates and times in all calendars */
#include "case/date.h"
#include "tests/fuzz/fuzz.h"

static void
parse(const char *p, size_t size, enum case_type type,
    enum case_calendar calendar, enum case_date_order order)
{
	struct case_error err = { { 0 }, 0 };
	int64_t value = INT64_MIN, days;
	enum case_status rc;
	int y, m, d;

	rc =
	    case_date_parse_order(&value, type, p, size, calendar, order, &err);
	if (rc != CASE_OK) {
		fuzz_refused(rc, &err);
		FUZZ_CHECK(value == INT64_MIN);
		return;
	}
	days = type == CASE_DATE ? value : value / 86400 - (value % 86400 < 0);
	case_date_civil(days, &y, &m, &d);
	FUZZ_CHECK(y >= 1 && y <= 9999);
	FUZZ_CHECK(case_date_exists(y, m, d));
	FUZZ_CHECK(case_date_of(y, m, d) == days);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum case_type type[] = { CASE_DATE, CASE_TIME };
	char *p = fuzz_copy(data, size);

	for (int k = 0; k < 2; k++)
		for (enum case_calendar c = CASE_CALENDAR_CE;
		     c <= CASE_CALENDAR_EXCEL1904; c++)
			for (enum case_date_order o = CASE_ORDER_UNKNOWN;
			     o <= CASE_ORDER_DMY; o++)
				parse(p, size, type[k], c, o);
	free(p);
	return 0;
}
