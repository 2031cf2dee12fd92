/* content.h - records as rows of their tables: keys, hashes, merging */
#ifndef STORE_CONTENT_H
#define STORE_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/buf.h"
#include "lib/store/sqlite.h"

/* The type's own identities come first, then the wider one of a layout. */
enum { CASE_ID_WIDE = CASE_KEYS, CASE_IDS = CASE_KEYS + 1 };

/* A row as it is stored. Texts are borrowed from the statement. */
struct case_stored {
	int64_t id, batch, line;
	uint64_t hash;
	int64_t k[CASE_IDS];
	bool has_k[CASE_IDS];
	struct case_value *v;
	struct case_str extra;
};

/*
 * What reading and writing the rows of one type needs. Zero-initialise.
 *
 * wide		the wider identity of the batch: fields, or the content
 * blank_overwrites	a value that is blank clears the field, too
 * now		hashes of the record asked about last; the identities are in
 *		columns _k1, _k2, _k3
 * merged, merged_extra	what case_content_merge made
 * words	of the sets of fields
 * used		the fields that insert has columns for
 * bound	those that its last row had values for
 * columns	of fields there were when update and archive were prepared
 */
struct case_content {
	struct case_store *st;
	const struct case_store_type *type;
	const struct case_rtype *rt;
	struct case_key wide;
	bool wide_content;
	uint64_t wide_seed;
	bool blank_overwrites;
	uint64_t *seed;
	struct case_record_digest now;
	struct case_value *merged;
	struct case_buf merged_extra;
	struct case_buf scratch[2];
	struct case_sql *insert, *update, *archive;
	size_t words;
	uint64_t used[CASE_FIELD_WORDS], bound[CASE_FIELD_WORDS];
	size_t columns;
};

/* key, content: the wider identity, or NULL and false. */
enum case_status case_content_open(struct case_content *c,
    struct case_store *st, const struct case_store_type *type,
    const struct case_key *key, bool content, struct case_error *err);
void case_content_close(struct case_content *c);
bool case_content_is_wide(const struct case_content *c);

/*
 * The columns of a row in the order in which case_content_load reads them and
 * the statements bind them: _id first, named by the caller. Fields that have
 * none are missing in what is read, and so are those whose column came after
 * the statement was prepared.
 */
void case_content_columns(struct case_buf *out,
    const struct case_store_type *type);
enum case_status case_content_stored_init(struct case_stored *s,
    const struct case_content *c, struct case_error *err);
void case_content_stored_free(struct case_stored *s);
void case_content_load(const struct case_content *c, const struct case_sql *q,
    struct case_stored *s);
/* A statement that selects rows, with more SQL behind FROM. */
enum case_status case_content_select(struct case_sql **out,
    const struct case_content *c, const char *id, const char *from,
    struct case_error *err);
/* Whether columns came since it was prepared. */
bool case_content_is_old(const struct case_content *c,
    const struct case_sql *q);

static inline bool
case_content_is_text(const struct case_field *f)
{
	return !f->coded && (f->type == CASE_TEXT || f->type == CASE_CODE);
}

static inline bool
case_content_is_real(const struct case_field *f)
{
	return !f->coded && (f->type == CASE_NUMBER || f->type == CASE_RATIO ||
				f->type == CASE_POINTS);
}

/* The seeds of hashes, when c knows its type and its wider identity. */
void case_content_set_seeds(struct case_content *c);
/*
 * One identity, by its hash; 0: the record has none. content: the hash of the
 * content. room is for the text that the hash is made of.
 */
enum case_status case_content_identity(const struct case_content *c, int which,
    const struct case_value *v, uint64_t content, struct case_buf *room,
    int64_t *id, struct case_error *err);
/*
 * The digest of a record; its hash of the content is the same only in one
 * store, whatever the order of fields. It only reads c, and what does not
 * change of it: a thread with a room of its own may ask while another uses c.
 * CASE_ENOMEM.
 */
enum case_status case_content_digest(const struct case_content *c,
    const struct case_value *v, struct case_str extra, struct case_buf *room,
    struct case_record_digest *out, struct case_error *err);
/* The same into c->now. */
enum case_status case_content_identify(struct case_content *c,
    const struct case_value *v, struct case_str extra, struct case_error *err);
/* What names the record: the parts of the key, separated. Replaces out. */
void case_content_key_text(const struct case_content *c, int which,
    const struct case_value *v, struct case_buf *out);
/*
 * Whether a stored row has the identity c->now.id[which], by its values. v:
 * what that identity was made of.
 */
enum case_status case_content_same_id(struct case_content *c, int which,
    const struct case_stored *s, const struct case_value *v, bool *same,
    struct case_error *err);

/* What an incoming record is, seen from the stored one. */
enum {
	CASE_MERGE_DIFFERS = 1, /* it would change something */
	CASE_MERGE_LACKS = 2	/* it does not say all that is stored */
};
/*
 * Lays v and extra over s, into c->merged and c->merged_extra. blank: as in a
 * case_record; these columns go from extra.
 */
enum case_status case_content_merge(struct case_content *c,
    const struct case_stored *s, const struct case_value *v,
    struct case_str extra, struct case_str blank, unsigned *flags,
    struct case_error *err);
/* Whether extra may keep the raw text of a field: under "FIELD!". */
bool case_content_has_raw(struct case_str extra);
/* Whether two present values of a field are one. */
bool case_content_same_value(struct case_content *c, size_t field,
    const struct case_value *a, const struct case_value *b);
/* Whether a missing value takes away what is stored. */
bool case_content_clears(const struct case_content *c,
    const struct case_value *v);

/* Write a row whose digest is c->now; fields get the columns that they need. */
enum case_status case_content_insert(struct case_content *c, int64_t id,
    int64_t batch, int64_t line, const struct case_value *v,
    struct case_str extra, struct case_error *err);
enum case_status case_content_update(struct case_content *c, int64_t id,
    int64_t batch, int64_t line, const struct case_value *v,
    struct case_str extra, struct case_error *err);
/* Copies the row to the history, as what batch until replaced. */
enum case_status case_content_archive(struct case_content *c, int64_t id,
    int64_t until, struct case_error *err);

/* The text of a coded value; empty when the id is not in the dictionary. */
struct case_str case_content_word(const struct case_store *st, int64_t id);

#endif
