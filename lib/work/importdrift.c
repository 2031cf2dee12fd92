/* importdrift.c - the columns of a file, and what is new about them */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/json.h"
#include "lib/work/import_int.h"

/*
 * When a column is said to hold something else than it did: each side has at
 * least ENOUGH cells, and the shares are so many hundredths apart. Dates of
 * closing and payment are filled by and by, so what is merely filled less needs
 * a wide gap, and a narrow one when nothing, or something for once, is there.
 */
#define ENOUGH 20
#define READ_APART 20
#define FILLED_APART 50
#define EMPTY_APART 20

/* So many columns are named in one note. */
#define NAMES_MOST 20

/* --- what the columns held ------------------------------------------------ */

/* Columns that the tools write themselves are no news. */
static bool
is_news(const struct import *im, const struct case_layout_column *c)
{
	return c->field == CASE_EXTRA && !c->decided &&
	       !case_header_is_ours(c->header) &&
	       (im->src.map.header_line > 0 ||
		   strcmp(c->header, CASE_EXTRA_COLUMN) != 0);
}

/*
 * The place of a key, looked for from where the one before it was found: the
 * columns of two sheets are mostly in one order. n: there is none.
 */
static size_t
find_column(const struct import *im, const char *key, size_t from)
{
	size_t n = im->column_n;

	for (size_t k = 0; k < n; k++)
		if (strcmp(im->column[(from + k) % n].key, key) == 0)
			return (from + k) % n;
	return n;
}

static enum case_status
add_column(struct import *im, const struct case_layout_column *c,
    struct case_error *err)
{
	struct import_column *to,
	    new = { .field = c->field, .news = is_news(im, c) };
	size_t n = im->column_n;

	/* There is always room up to the next power of 2. */
	if ((n & (n - 1)) == 0) {
		to = reallocarray(im->column, n == 0 ? 1 : 2 * n, sizeof(*to));
		if (to == NULL)
			return case_error_memory(err);
		im->column = to;
	}
	new.key = strdup(c->extra);
	new.header = strdup(c->header);
	im->column[im->column_n++] = new;
	return new.key == NULL || new.header == NULL ? case_error_memory(err)
						     : CASE_OK;
}

enum case_status
import_count_columns(struct import *im, struct case_error *err)
{
	const struct case_mapping *m = &im->src.map;
	const struct case_column_count *count;
	size_t n, rows, at = 0;

	count = case_cleaner_columns(im->cleaner, &n, &rows);
	for (size_t i = 0; i < n && i < m->column_n; i++) {
		at = find_column(im, m->column[i].extra, at);
		if (at == im->column_n &&
		    add_column(im, &m->column[i], err) != CASE_OK)
			return CASE_ENOMEM;
		im->sheets_differ |= im->sheet > 0 && at != i;
		im->column[at].values += count[i].values;
		im->column[at].bad += count[i].bad;
		im->column[at].rows += rows;
		at++;
	}
	if (im->sheet == 0)
		im->first_n = im->column_n;
	im->sheets_differ |= im->sheet > 0 && n != im->first_n;
	return CASE_OK;
}

void
import_free_columns(struct import *im)
{
	for (size_t i = 0; i < im->column_n; i++) {
		free(im->column[i].key);
		free(im->column[i].header);
	}
	free(im->column);
}

static void
add_columns(struct import *im, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct import_column *c = &im->column[i];

		if (i > 0)
			case_buf_addc(&im->header, ',');
		source_column(&im->header, c->header, c->field, im->src.rt);
		case_buf_addf(&im->header, ",%zu,%zu,%zu]", c->values, c->bad,
		    c->rows - c->values);
	}
}

/*
 * The header as the batch keeps it, with what was counted behind each column.
 * JSON may have added names on the way. Of several sheets it is the first one's
 * header; when another has other columns, or in another order, an empty column
 * says so, and those that the first does not have stand behind it.
 */
enum case_status
import_keep_columns(struct import *im, struct case_error *err)
{
	case_buf_reset(&im->header);
	case_buf_addc(&im->header, '[');
	add_columns(im, 0, im->first_n);
	source_fixed(&im->header, &im->src);
	if (im->sheets_differ)
		case_buf_adds(&im->header, ",[]");
	add_columns(im, im->first_n, im->column_n);
	case_buf_addc(&im->header, ']');
	im->facts.header = case_buf_str(&im->header);
	return im->header.failed ? case_error_memory(err) : CASE_OK;
}

/* --- two headers compared ------------------------------------------------- */

/* One column of a header that was kept; counted: with what it held. */
struct said {
	const char *name;
	double values, bad, rows;
	bool counted;
};

struct header {
	struct case_json *json;
	struct said *column;
	size_t n;
};

static struct said
read_column(const struct case_json *column)
{
	const struct case_json *name = case_json_first(column);
	const struct case_json *values = case_json_next(case_json_next(name));
	const struct case_json *bad = case_json_next(values);
	struct said s = { .name = case_json_str(name) };
	double empty = 0;

	s.counted = case_json_number(values, &s.values) &&
		    case_json_number(bad, &s.bad) &&
		    case_json_number(case_json_next(bad), &empty);
	s.rows = s.values + empty;
	return s;
}

static enum case_status
read_header(struct header *h, const char *text, struct case_error *err)
{
	const struct case_json *i;
	enum case_status rc;
	size_t n = 0;

	rc = case_json_parse(&h->json, text, strlen(text), err);
	if (rc != CASE_OK)
		return rc;
	for (i = case_json_first(h->json); i != NULL; i = case_json_next(i))
		n++;
	if ((h->column = calloc(n + 1, sizeof(*h->column))) == NULL)
		return case_error_memory(err);
	for (i = case_json_first(h->json); i != NULL; i = case_json_next(i)) {
		h->column[h->n] = read_column(i);
		h->n += h->column[h->n].name != NULL &&
			!case_header_is_ours(h->column[h->n].name);
	}
	return CASE_OK;
}

static void
free_header(struct header *h)
{
	case_json_free(h->json);
	free(h->column);
}

/* The column of that name, looked for as by find_column(); n: none. */
static size_t
find_said(const struct header *h, const char *name, size_t from)
{
	for (size_t k = 0; k < h->n; k++)
		if (strcmp(h->column[(from + k) % h->n].name, name) == 0)
			return (from + k) % h->n;
	return h->n;
}

/* "A, B", and how many more there are when they are too many to read. */
struct names {
	struct case_buf text;
	size_t n;
};

static void
add_name(struct names *list, const char *name)
{
	if (list->n++ < NAMES_MOST)
		case_buf_addf(&list->text, "%s%s", list->n > 1 ? ", " : "",
		    name);
}

static const char *
end_names(struct names *list)
{
	if (list->n > NAMES_MOST)
		case_buf_addf(&list->text, _(" and %zu more"),
		    list->n - NAMES_MOST);
	return case_buf_str(&list->text);
}

/* Adds to list the headers of a that b does not have. */
static void
add_difference(struct names *list, const struct header *a,
    const struct header *b)
{
	size_t at = 0, found;

	for (size_t i = 0; i < a->n; i++) {
		found = find_said(b, a->column[i].name, at);
		if (found < b->n)
			at = found + 1;
		else if (*a->column[i].name != '\0')
			add_name(list, a->column[i].name);
	}
}

static void
note_names(struct case_buf *text, const struct header *now,
    const struct header *then, int64_t batch)
{
	struct names new = { 0 }, gone = { 0 };

	add_difference(&new, now, then);
	add_difference(&gone, then, now);
	if (new.n > 0)
		case_buf_addf(text, _("columns new since batch %lld: %s"),
		    (long long)batch, end_names(&new));
	if (gone.n > 0)
		case_buf_addf(text,
		    text->n > 0 ? _("; gone since then: %s")
				: _("columns gone since the last batch: %s"),
		    end_names(&gone));
	text->failed |= new.text.failed || gone.text.failed;
	case_buf_free(&new.text);
	case_buf_free(&gone.text);
}

/* Whether a of b and c of d are so many hundredths apart. */
static bool
is_apart(double a, double b, double c, double d, double hundredths)
{
	double by = a * d - c * b;

	return 100 * (by < 0 ? -by : by) >= hundredths * b * d;
}

static bool
is_read_less(const struct said *now, const struct said *then)
{
	double good = now->values - now->bad, was = then->values - then->bad;

	return now->values >= ENOUGH && then->values >= ENOUGH &&
	       good * then->values < was * now->values &&
	       is_apart(good, now->values, was, then->values, READ_APART);
}

static bool
is_filled_otherwise(const struct said *now, const struct said *then)
{
	bool none = !(now->values > 0) || !(then->values > 0);

	return now->rows >= ENOUGH && then->rows >= ENOUGH &&
	       is_apart(now->values, now->rows, then->values, then->rows,
		   none ? EMPTY_APART : FILLED_APART);
}

static void
note_column(struct case_buf *text, const struct said *now,
    const struct said *then, int64_t batch)
{
	const char *part = text->n > 0 ? "; " : "";

	if (!now->counted || !then->counted)
		return;
	if (is_filled_otherwise(now, then))
		case_buf_addf(text,
		    _("%s%s: %.0f %% of the cells are filled, %.0f %% in "
		      "batch %lld"),
		    part, now->name, 100 * now->values / now->rows,
		    100 * then->values / then->rows, (long long)batch);
	if (is_read_less(now, then))
		case_buf_addf(text,
		    _("%s%s: %.0f %% of the values can be read, %.0f %% in "
		      "batch %lld"),
		    text->n > 0 ? "; " : "", now->name,
		    100 * (1 - now->bad / now->values),
		    100 * (1 - then->bad / then->values), (long long)batch);
}

static void
note_values(struct case_buf *text, const struct header *now,
    const struct header *then, int64_t batch)
{
	size_t at = 0, found;

	for (size_t i = 0; i < now->n; i++) {
		found = find_said(then, now->column[i].name, at);
		if (found == then->n)
			continue;
		note_column(text, &now->column[i], &then->column[found], batch);
		at = found + 1;
	}
}

/* --- the batches before --------------------------------------------------- */

/*
 * The last batch of the layout, and the last that had rows enough for shares:
 * a week without cases in between must not hide what is otherwise now. Without
 * a layout it is the last with a header like this one, or just the last.
 */
struct earlier {
	const struct import *im;
	bool alike;
	char *names, *values; /* their headers, or NULL */
	int64_t names_batch, values_batch;
};

static enum case_status
keep(char **to, int64_t *batch, const struct case_batch_facts *b,
    struct case_error *err)
{
	free(*to);
	*batch = b->id;
	*to = strdup(b->header);
	return *to == NULL ? case_error_memory(err) : CASE_OK;
}

static enum case_status
remember(void *arg, const struct case_batch_facts *b, struct case_error *err)
{
	struct earlier *e = arg;
	enum case_status rc;
	bool alike;

	/* One without columns had no rows, and says nothing about them. */
	if (b->undone != 0 || b->reason != NULL ||
	    strcmp(b->header, "[]") == 0 ||
	    strcmp(b->type, e->im->facts.type) != 0 ||
	    strcmp(b->layout, e->im->facts.layout) != 0)
		return CASE_OK;
	if (*b->layout == '\0') {
		rc = case_headers_are_alike(b->header, e->im->facts.header,
		    &alike, err);
		if (rc != CASE_OK || (e->alike && !alike))
			return rc;
		/* Another source says nothing of the values of this one. */
		if (alike && !e->alike) {
			free(e->values);
			e->values = NULL;
		}
		e->alike = alike;
	}
	rc = keep(&e->names, &e->names_batch, b, err);
	if (rc == CASE_OK && b->rows - b->aside - b->rejected >= ENOUGH)
		rc = keep(&e->values, &e->values_batch, b, err);
	return rc;
}

static enum case_status
note_drift(struct case_buf *text, struct import *im, const struct earlier *e,
    struct case_error *err)
{
	struct header now = { 0 }, names = { 0 }, values = { 0 };
	enum case_status rc;

	if ((rc = read_header(&now, case_buf_str(&im->header), err)) !=
		CASE_OK ||
	    (rc = read_header(&names, e->names, err)) != CASE_OK ||
	    (e->values != NULL &&
		(rc = read_header(&values, e->values, err)) != CASE_OK))
		goto done;
	note_names(text, &now, &names, e->names_batch);
	note_values(text, &now, &values, e->values_batch);
done:
	free_header(&now);
	free_header(&names);
	free_header(&values);
	return rc;
}

/* The first file of a layout: which columns no field takes. */
static void
note_unknown(struct case_buf *text, const struct import *im)
{
	struct names list = { 0 };

	for (size_t i = 0; i < im->column_n; i++) {
		const struct import_column *c = &im->column[i];

		if (c->news)
			add_name(&list,
			    *c->header != '\0' ? c->header : c->key);
	}
	if (list.n > 0)
		case_buf_addf(text,
		    _("columns without a field, kept as they are: %s"),
		    end_names(&list));
	text->failed |= list.text.failed;
	case_buf_free(&list.text);
}

enum case_status
import_note_columns(struct import *im, struct case_error *err)
{
	struct earlier e = { .im = im };
	struct case_buf text = { 0 };
	enum case_status rc;

	if (im->column_n == 0)
		return CASE_OK;
	rc = case_store_batches(im->st, remember, &e, err);
	if (rc == CASE_OK && e.names != NULL)
		rc = note_drift(&text, im, &e, err);
	else if (rc == CASE_OK)
		note_unknown(&text, im);
	if (rc == CASE_OK && text.failed)
		rc = case_error_memory(err);
	if (rc == CASE_OK && text.n > 0)
		rc = import_note(im->r, case_buf_str(&text), err);
	case_buf_free(&text);
	free(e.names);
	free(e.values);
	return rc;
}
