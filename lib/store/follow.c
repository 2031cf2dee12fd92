/* follow.c - records that come again in the order in which they are stored */
#include "lib/store/follow.h"

/* Records that are passed over sooner than looked for. */
enum { NEAR = 16 };

enum { ID, HASH, K1 };

enum case_status
case_follow_open(struct case_follow *f, const struct case_content *c,
    struct case_error *err)
{
	f->at = 0;
	return case_sql_prepare(&f->rows, c->st, err,
	    "SELECT _id, _hash, _k1, _k2, _k3 FROM \"rec_%s\""
	    " WHERE _id > ?1 ORDER BY _id",
	    c->rt->name);
}

void
case_follow_close(struct case_follow *f)
{
	case_sql_free(f->rows);
	f->rows = NULL;
	f->at = 0;
}

int64_t
case_follow_guess(const struct case_follow *f,
    const struct case_record_digest *d)
{
	if (f->at == 0 || (uint64_t)case_sql_int(f->rows, HASH) != d->content)
		return 0;
	/* An identity that is not there is 0 in both. */
	for (int k = 0; k < CASE_IDS; k++)
		if (case_sql_int(f->rows, K1 + k) != d->id[k])
			return 0;
	return f->at;
}

static enum case_status
step(struct case_follow *f, struct case_error *err)
{
	enum case_status rc = case_sql_step(f->rows, err);

	f->at = rc == CASE_OK ? case_sql_int(f->rows, ID) : 0;
	return rc == CASE_EOF ? CASE_OK : rc;
}

enum case_status
case_follow_met(struct case_follow *f, int64_t id, struct case_error *err)
{
	bool goes_on = id == f->last + 1;
	enum case_status rc = CASE_OK;

	if (f->rows == NULL)
		return CASE_OK;
	f->last = id;
	if (f->at != 0 && id >= f->at && id - f->at < NEAR) {
		while (rc == CASE_OK && f->at != 0 && f->at <= id)
			rc = step(f, err);
		return rc;
	}
	/* Rows in another order are not run after. */
	if (!goes_on || f->at == id + 1)
		return CASE_OK;
	case_sql_reset(f->rows);
	case_sql_bind_int(f->rows, 1, id);
	return step(f, err);
}
