/* fuzz_date.c - dates and times in all calendars */
#include "case/date.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum case_type type[] = { CASE_DATE, CASE_TIME };
	char *p = fuzz_copy(data, size);

	for (int k = 0; k < 2; k++)
		for (enum case_calendar c = CASE_CALENDAR_CE;
		     c <= CASE_CALENDAR_EXCEL1904; c++) {
			struct case_error err = { { 0 }, 0 };
			int64_t value = INT64_MIN, days;
			enum case_status rc;
			int y, m, d;

			rc = case_date_parse(&value, type[k], p, size, c, &err);
			if (rc != CASE_OK) {
				fuzz_refused(rc, &err);
				FUZZ_CHECK(value == INT64_MIN);
				continue;
			}
			days = type[k] == CASE_DATE
				   ? value
				   : value / 86400 - (value % 86400 < 0);
			case_date_civil(days, &y, &m, &d);
			FUZZ_CHECK(y >= 1 && y <= 9999);
			FUZZ_CHECK(case_date_exists(y, m, d));
			FUZZ_CHECK(case_date_of(y, m, d) == days);
		}
	free(p);
	return 0;
}
