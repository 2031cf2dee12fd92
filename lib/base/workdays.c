/* workdays.c - the working-day calendar: a file, and counting by it */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "case/date.h"
#include "case/intl.h"

enum {
	FILE_DAYS_MAX = 40000, /* a century, every day of it named */
	KIND_NONE = 0,
	KIND_HOLIDAY,
	KIND_WORKDAY
};

/*
 * before[i] is the number of working days among the first i loaded days, so
 * that every question is a subtraction or a binary search.
 */
struct case_workdays {
	int64_t first; /* 1 January of the first loaded year */
	int64_t n;     /* days loaded */
	uint32_t *before;
};

/* One row of the file. */
struct entry {
	int64_t day;
	size_t line;
	int kind;
};

struct entries {
	struct entry *v;
	size_t n;
	size_t cap;
};

static enum case_status
entries_add(struct entries *list, const struct entry *e, struct case_error *err)
{
	struct entry *v;
	size_t cap;

	if (list->n == list->cap) {
		cap = list->cap == 0 ? 256 : list->cap * 2;
		v = reallocarray(list->v, cap, sizeof(*v));
		if (v == NULL)
			return case_error_memory(err);
		list->v = v;
		list->cap = cap;
	}
	list->v[list->n++] = *e;
	return CASE_OK;
}

static int
entry_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* Cuts the next comma-separated field off a line. */
static struct case_str
next_field(char **p)
{
	struct case_str field = { *p, strcspn(*p, ",") };

	*p += field.n;
	if (**p == ',')
		(*p)++;
	return field;
}

static bool
field_is(struct case_str field, const char *s)
{
	return field.n == strlen(s) && memcmp(field.p, s, field.n) == 0;
}

static enum case_status
parse_row(struct entry *e, char *p, const char *path, struct case_error *err)
{
	struct case_str date = next_field(&p), kind = next_field(&p);

	if (case_date_parse(&e->day, CASE_DATE, date.p, date.n,
		CASE_CALENDAR_CE, NULL) != CASE_OK)
		return case_error_set(err, CASE_EDATA, e->line,
		    _("%s: the first column is not a date"), path);
	if (field_is(kind, "holiday"))
		e->kind = KIND_HOLIDAY;
	else if (field_is(kind, "workday"))
		e->kind = KIND_WORKDAY;
	else
		return case_error_set(err, CASE_EDATA, e->line,
		    _("%s: the second column must be holiday or workday"),
		    path);
	return CASE_OK;
}

static bool
is_header(char *p)
{
	struct case_str date, kind;

	if (strncmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	date = next_field(&p);
	kind = next_field(&p);
	return field_is(date, "date") && field_is(kind, "kind");
}

static enum case_status
parse_line(struct entries *list, char *s, size_t line, const char *path,
    struct case_error *err)
{
	struct entry e = { .line = line };
	enum case_status rc;

	s[strcspn(s, "\r\n")] = '\0';
	if (line == 1)
		return is_header(s) ? CASE_OK
				    : case_error_set(err, CASE_EDATA, line,
					  _("%s: not a calendar: its header "
					    "must be date,kind,name"),
					  path);
	if (s[0] == '\0')
		return CASE_OK;
	if (list->n == FILE_DAYS_MAX)
		return case_error_set(err, CASE_EDATA, line,
		    _("%s: more than %d days"), path, FILE_DAYS_MAX);
	if ((rc = parse_row(&e, s, path, err)) != CASE_OK)
		return rc;
	return entries_add(list, &e, err);
}

static enum case_status
read_file(struct entries *list, const char *path, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	char *line = NULL;
	size_t cap = 0, number = 0;
	FILE *f;

	if ((f = fopen(path, "re")) == NULL)
		return case_error_system(err, path);
	while (rc == CASE_OK && getline(&line, &cap, f) != -1)
		rc = parse_line(list, line, ++number, path, err);
	if (rc == CASE_OK && !feof(f))
		rc = case_error_system(err, path);
	free(line);
	fclose(f);
	return rc;
}

static int
year_of(int64_t day)
{
	int y, m, d;

	case_date_civil(day, &y, &m, &d);
	return y;
}

/* Sorted rows: each day once, and no year left out between two others. */
static enum case_status
check_entries(const struct entries *list, const char *path,
    struct case_error *err)
{
	const struct entry *e, *last;

	for (size_t i = 1; i < list->n; i++) {
		e = &list->v[i];
		last = &list->v[i - 1];
		if (e->day == last->day)
			return case_error_set(err, CASE_EDATA, e->line,
			    _("%s: the day stands in line %zu already"), path,
			    last->line);
		if (year_of(e->day) > year_of(last->day) + 1)
			return case_error_set(err, CASE_EDATA, e->line,
			    _("%s: the year %d is missing; years must follow "
			      "each other"),
			    path, year_of(last->day) + 1);
	}
	return CASE_OK;
}

static enum case_status
build(struct case_workdays *w, const struct entries *list,
    struct case_error *err)
{
	const struct entry *e = list->v, *end = list->v + list->n;
	int64_t day;
	bool works;

	w->first = case_date_of(year_of(e->day), 1, 1);
	w->n = case_date_of(year_of(end[-1].day), 12, 31) - w->first + 1;
	w->before = calloc((size_t)w->n + 1, sizeof(w->before[0]));
	if (w->before == NULL)
		return case_error_memory(err);
	for (int64_t i = 0; i < w->n; i++) {
		day = w->first + i;
		works = case_date_weekday(day) <= 5;
		if (e < end && e->day == day)
			works = e++->kind == KIND_WORKDAY;
		w->before[i + 1] = w->before[i] + works;
	}
	return CASE_OK;
}

enum case_status
case_workdays_load(struct case_workdays **out, const char *path,
    struct case_error *err)
{
	struct entries list = { 0 };
	struct case_workdays *w;
	enum case_status rc;

	*out = NULL;
	if ((w = calloc(1, sizeof(*w))) == NULL)
		return case_error_memory(err);
	if ((rc = read_file(&list, path, err)) != CASE_OK)
		goto done;
	if (list.v == NULL) {
		rc = case_error_set(err, CASE_EDATA, 0,
		    _("%s: the calendar holds no days"), path);
		goto done;
	}
	qsort(list.v, list.n, sizeof(list.v[0]), entry_order);
	if ((rc = check_entries(&list, path, err)) != CASE_OK)
		goto done;
	rc = build(w, &list, err);
done:
	free(list.v);
	if (rc == CASE_OK)
		*out = w;
	else
		case_workdays_free(w);
	return rc;
}

void
case_workdays_free(struct case_workdays *w)
{
	if (w == NULL)
		return;
	free(w->before);
	free(w);
}

void
case_workdays_years(const struct case_workdays *w, int *first, int *last)
{
	*first = year_of(w->first);
	*last = year_of(w->first + w->n - 1);
}

/*
 * Where a boundary between two days lies: 0 before the first loaded day, n
 * behind the last. false when one of its sides would have to be guessed.
 */
static bool
boundary(const struct case_workdays *w, int64_t day, int64_t *i)
{
	if (day < w->first || day > w->first + w->n)
		return false;
	*i = day - w->first;
	return true;
}

bool
case_workdays_is(const struct case_workdays *w, int64_t day, bool *is)
{
	int64_t i;

	if (!boundary(w, day, &i) || i == w->n)
		return false;
	*is = w->before[i + 1] > w->before[i];
	return true;
}

/* The working day with a number, counted from 1 over all loaded days. */
static int64_t
day_with_number(const struct case_workdays *w, int64_t number)
{
	int64_t lo = 0, hi = w->n - 1, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (w->before[mid + 1] >= number)
			hi = mid;
		else
			lo = mid + 1;
	}
	return w->first + lo;
}

bool
case_workdays_add(const struct case_workdays *w, int64_t day, int64_t n,
    int64_t *result)
{
	int64_t i, number;

	if (n == 0) {
		*result = day;
		return true;
	}
	/* Neither sum below can overflow: no calendar has that many days. */
	if (n > w->n || n < -w->n)
		return false;
	if (n > 0) {
		if (day > w->first + w->n || !boundary(w, day + 1, &i))
			return false;
		number = w->before[i] + n;
	} else {
		if (!boundary(w, day, &i))
			return false;
		number = (int64_t)w->before[i] + n + 1;
	}
	if (number < 1 || number > w->before[w->n])
		return false;
	*result = day_with_number(w, number);
	return true;
}

bool
case_workdays_between(const struct case_workdays *w, int64_t from, int64_t to,
    int64_t *result)
{
	int64_t i, j;

	if (from == INT64_MAX || to == INT64_MAX)
		return false;
	if (!boundary(w, from + 1, &i) || !boundary(w, to + 1, &j))
		return false;
	*result = (int64_t)w->before[j] - w->before[i];
	return true;
}
