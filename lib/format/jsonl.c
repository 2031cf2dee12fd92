/* jsonl.c - rows of JSON Lines: each line is one object */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/format/jsonrow.h"

static enum case_status
take_line(struct case_reader *rd, struct json_scan *s, struct case_error *err)
{
	struct json_row *j = rd->state;
	enum case_status rc = CASE_OK;

	if (s->p < s->end && *s->p == '{')
		rc = json_row_object(j, rd, s, err);
	else
		json_fail(s, N_("not a JSON object: write one object a line"));
	if (rc != CASE_OK || s->fault != NULL)
		return rc;
	json_space(s);
	if (s->p < s->end)
		json_spoil(s, N_("text stands behind the JSON object"));
	return CASE_OK;
}

static enum case_status
jsonl_next(struct case_reader *rd, struct case_row *row, struct case_error *err)
{
	struct json_row *j = rd->state;
	struct case_line line;
	enum case_status rc;
	struct json_scan s;
	bool done;

	rc = case_reader_line(rd, &line, row, &done, err);
	if (rc != CASE_OK || done)
		return rc;
	case_window_consume(&rd->w, line.at + line.n + line.end, 1);
	row->fault = case_reader_fault(rd, row->raw, false);
	s = json_row_scan(j, rd, row->raw.p, row->raw.n, 0);
	json_space(&s);
	if (row->fault != NULL || s.p == s.end)
		return CASE_OK;
	if ((rc = take_line(rd, &s, err)) != CASE_OK) {
		json_row_drop(j);
		return rc;
	}
	return json_row_end(j, rd, &s, row, err);
}

static const struct case_str *
jsonl_names(const struct case_reader *rd, size_t *n)
{
	const struct json_row *j = rd->state;

	*n = j->leaf.n;
	return j->leaf.name;
}

static enum case_status
jsonl_open(struct case_reader *rd, struct case_error *err)
{
	rd->state = calloc(1, sizeof(struct json_row));
	return rd->state == NULL ? case_error_memory(err) : CASE_OK;
}

static void
jsonl_close(struct case_reader *rd)
{
	json_row_free(rd->state);
	free(rd->state);
}

const struct case_reader_ops case_reader_jsonl = {
	.open = jsonl_open,
	.next = jsonl_next,
	.names = jsonl_names,
	.close = jsonl_close,
};
