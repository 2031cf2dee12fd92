/* store.h - the store: batches, records, history, queries */
#ifndef CASE_STORE_H
#define CASE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/date.h"
#include "case/decode.h"
#include "case/error.h"
#include "case/expr.h"
#include "case/layout.h"
#include "case/record.h"
#include "case/rtype.h"
#include "case/words.h"

struct case_store;

enum case_store_mode {
	CASE_STORE_READ,   /* must exist; one snapshot for the whole session */
	CASE_STORE_WRITE,  /* made when absent or empty */
	CASE_STORE_PRIVATE /* no path: a temporary one that spills to disk */
};

/*
 * wait		seconds to wait for another writer before CASE_EBUSY
 * workdays	calendar of the working-day functions; may be NULL
 */
struct case_store_options {
	int wait;
	const struct case_workdays *workdays;
	const char *tool; /* "case-import 0.1", kept with batches */
};

/*
 * Opens a store (design.md section 3). WRITE on an absent path starts a
 * private new file beside it, without a durable journal, that is put in place
 * with the first commit, never replacing another; its folder must be there.
 * There is one WRITE at a time: it holds a lock until it is closed, and
 * another waits for it, then fails with CASE_EBUSY. READ never waits for it.
 * Refused in words: a file that is no store, a newer version, a symbolic link
 * to another's file, a network file system.
 */
enum case_status case_store_open(struct case_store **out, const char *path,
    enum case_store_mode mode, const struct case_store_options *options,
    struct case_error *err);
void case_store_close(struct case_store *st);

/*
 * A record type as the store has it; borrowed. CASE_EUSAGE when there are no
 * records of that type. add makes its tables, or adds fields that are new;
 * one that was removed or retyped is refused in words, and so is another key.
 * What it made is kept with the next batch that is committed.
 */
enum case_status case_store_type(struct case_store *st, const char *name,
    const struct case_rtype **rt, struct case_error *err);
enum case_status case_store_add_type(struct case_store *st,
    const struct case_rtype *rt, struct case_error *err);
/* For case_scope.type: arg is the store. NULL when absent. */
const struct case_rtype *case_store_scope_type(void *st, const char *name);
/* Names of the types that have tables, in the order made; i from 0. */
const char *case_store_type_name(struct case_store *st, size_t i);

/* The dictionary; one thread may add while a batch is open (words.h). */
struct case_words *case_store_words(struct case_store *st);

/* Grows with every change of the store; the same number, the same content. */
int64_t case_store_revision(struct case_store *st);

/*
 * What is known of one import. Strings are borrowed.
 *
 * header	a column may have three counts behind its field, of the cells
 *		that were read: how many said something, how many of those could
 *		not be read, how many were empty. A field that the layout sets
 *		comes behind the columns, with null for its header
 */
struct case_batch_facts {
	int64_t id;
	const char *type;
	const char *file; /* as named by the caller */
	const char *sha256;
	uint64_t size;
	const char *encoding;
	const char *layout;  /* its name, "" none */
	const char *options; /* whatever else decides the outcome */
	/*
	 * JSON: [["HEADER","field or empty",VALUES,UNREAD,EMPTY],…]; null is the
	 * header of a field that the layout sets, and behind [] are the columns
	 * of later sheets where those differ from the first one's.
	 */
	const char *header;
	const char *sheet;   /* name; of several a JSON array; or "" */
	const char *reason;  /* --correct; or NULL */
	const char *full;    /* --full PERIOD; or NULL */
	int64_t full_from; /* its first and last day, INT64_MIN and INT64_MAX */
	int64_t full_to;   /* when it has none; read with full, at commit */
	const char *tool;  /* NULL: as in case_store_options */
	int64_t time;	   /* seconds since 1970, UTC */
	int64_t undone;	   /* when it was taken back, or 0 */
	int64_t rows, added, changed, unchanged, rejected, aside;
	int64_t warnings;
};

/*
 * Whether two headers as facts have them are of one source: more than half of
 * their columns are in both.
 */
enum case_status case_headers_are_alike(const char *a, const char *b,
    bool *alike, struct case_error *err);
/* Whether any batch is of a file of so many bytes. */
enum case_status case_store_has_size(struct case_store *st, uint64_t size,
    bool *has, struct case_error *err);
/*
 * A batch not undone with the same bytes, type, layout and options; 0: none.
 * One that rejected rows is passed over once a batch before it was undone,
 * which may have been the reason.
 */
enum case_status case_store_same(struct case_store *st,
    const struct case_batch_facts *facts, int64_t *batch,
    struct case_error *err);

/*
 * One import of one file, one transaction; one at a time. Of the facts layout,
 * header and reason are read at begin, and the sheet, borrowed until the end.
 *
 * key			a wider identity, field_n 0 for the type's own. Records
 *			of a wider identity are only met by it, never by the
 *			type's own
 * key_content		the identity is the whole content ("*")
 * like			a batch whose wider identity this one has, instead of
 *			key; 0: none
 * blank_overwrites	a missing value clears a field that the header names;
 *			a header of no columns names all
 */
struct case_batch;
/*
 * A conflict is a value that another source of the record gave, or a hand
 * corrected, and that this batch has otherwise: neither is blank. A source is a
 * layout; without one, it is the files with much the same header.
 *
 * UPDATE	the newer value stands. One that was corrected stays as long as
 *		the source still says what it was corrected from
 * KEEP		the value there is stands, other fields are filled
 * REJECT	the row is rejected
 *
 * Whatever does not stand is kept beside it and listed by
 * case_store_conflicts.
 */
enum case_on_conflict {
	CASE_CONFLICT_UPDATE,
	CASE_CONFLICT_KEEP,
	CASE_CONFLICT_REJECT
};
struct case_batch_options {
	struct case_key key;
	bool key_content;
	int64_t like;
	enum case_on_conflict on_conflict;
	bool blank_overwrites;
};
enum case_status case_batch_begin(struct case_batch **out,
    struct case_store *st, const struct case_rtype *rt,
    const struct case_batch_facts *facts,
    const struct case_batch_options *options, struct case_error *err);
int64_t case_batch_id(const struct case_batch *b);
/* Values that were in conflict so far. */
int64_t case_batch_conflicts(const struct case_batch *b);

/* Fields that a record type of a store may have. */
#define CASE_STORE_FIELDS 1000
#define CASE_FIELD_WORDS ((CASE_STORE_FIELDS + 63) / 64)

/*
 * What the store makes of a record before it looks for it.
 *
 * content	a hash of all that the record says
 * id		one of each identity that it has, 0 without; the wider one is
 *		the last
 * present	the fields with a value: field i is bit i % 64 of word i / 64
 * absences	why the others have none: all enum case_absence, or'ed
 * raw		extra may keep the raw text of a field
 */
struct case_record_digest {
	uint64_t content;
	int64_t id[CASE_KEYS + 1];
	uint64_t present[CASE_FIELD_WORDS];
	uint8_t absences;
	bool raw;
};
/*
 * Makes it, for case_record.digest. It may be called by another thread than
 * the one that puts, with a room of its own, until the batch is ended, as long
 * as rec is not changed behind it.
 */
enum case_status case_batch_digest(const struct case_batch *b,
    const struct case_record *rec, struct case_buf *room,
    struct case_record_digest *out, struct case_error *err);
/* A hint that a record with this digest is put some rows later. */
void case_batch_expect(const struct case_batch *b,
    const struct case_record_digest *digest);

enum case_put {
	CASE_PUT_NEW,
	CASE_PUT_CHANGED,
	CASE_PUT_UNCHANGED,
	CASE_PUT_REJECTED /* key repeated in the file, or two records met */
};
/*
 * Puts one record. Rejected: reason (borrowed until the next call) names both
 * lines or both records; the caller then calls case_batch_reject.
 */
enum case_status case_batch_put(struct case_batch *b,
    const struct case_record *rec, enum case_put *put, const char **reason,
    struct case_error *err);
/*
 * Puts rec over the record of that number, whose identity may change; rec says
 * all of it. Rejected: it has no identity, or that of another record, which the
 * reason names. The batch is like the one that set the record.
 */
enum case_status case_batch_put_over(struct case_batch *b, int64_t record,
    const struct case_record *rec, enum case_put *put, const char **reason,
    struct case_error *err);
enum case_status case_batch_reject(struct case_batch *b, size_t line, int field,
    struct case_str value, const char *reason, struct case_str raw,
    struct case_error *err);
/*
 * Keeps the raw bytes (sqlar form). A thread reads in with case_input_raw
 * until the commit, so in must live until then; called right behind begin it
 * packs while rows are stored.
 */
enum case_status case_batch_keep_raw(struct case_batch *b,
    struct case_input *in, struct case_error *err);
/*
 * Ends it. facts has the counts and, if it changed, the header; the sums are
 * the caller's to have checked, and the store checks its own (added, changed,
 * unchanged, rejected) against them: CASE_ESTORE when they differ. The batch
 * is freed whatever happens; on failure the store is as before.
 */
enum case_status case_batch_commit(struct case_batch *b,
    const struct case_batch_facts *facts, struct case_error *err);
void case_batch_rollback(struct case_batch *b);

/* Calls back for every batch, in order; a callback that fails ends it. */
enum case_status case_store_batches(struct case_store *st,
    enum case_status (*each)(void *arg, const struct case_batch_facts *b,
	struct case_error *err),
    void *arg, struct case_error *err);
/*
 * Every record that a batch not undone spoke of, once, with its line: those
 * it set, by number, then those it found unchanged, as they came. What a
 * complete export no longer speaks of has vanished.
 */
enum case_status case_store_said(struct case_store *st, int64_t batch,
    enum case_status (
	*each)(void *arg, int64_t record, int64_t line, struct case_error *err),
    void *arg, struct case_error *err);
/*
 * The name of the sheet that a place lies in, of what a batch has as sheet,
 * added to out; nothing for none.
 */
enum case_status case_sheet_name(struct case_buf *out, const char *sheets,
    size_t place, struct case_error *err);
/* Every reject of a batch (0: of all), in order. */
struct case_reject_row {
	int64_t batch;
	struct case_str sheet; /* n = 0: none */
	size_t line;
	const char *field; /* or "" */
	struct case_str value, raw;
	const char *reason;
};
enum case_status case_store_rejects(struct case_store *st, int64_t batch,
    enum case_status (*each)(void *arg, const struct case_reject_row *r,
	struct case_error *err),
    void *arg, struct case_error *err);
/*
 * Every version of the records that have a key, or once had, oldest first,
 * with the batch and line that set it. The parts of a key of several fields
 * stand between commas; "@BATCH:LINE" is the record which that line of that
 * batch set, for those that no key tells apart. v as in case_record but coded
 * fields already texts. raw: the source row when the raw file was kept, else n
 * = 0. header: as in case_batch_facts.
 */
struct case_version {
	int64_t record;
	int64_t batch;
	const char *file;
	const char *header;
	struct case_str sheet; /* n = 0: none */
	size_t line;
	const struct case_value *v; /* field_n of the type */
	struct case_str extra;
	struct case_str raw;
};
enum case_status case_store_trace(struct case_store *st, const char *type,
    const char *key,
    enum case_status (
	*each)(void *arg, const struct case_version *v, struct case_error *err),
    void *arg, struct case_error *err);

/*
 * One value on which two sources of a record do not agree, and where each was
 * said last. Coded values are texts. Borrowed.
 *
 * key		what names the record: its first identity
 */
struct case_conflict_side {
	struct case_value v;
	int64_t batch, line;
	const char *file;
	bool corrected; /* by hand */
};
struct case_conflict {
	const struct case_rtype *rt;
	const char *key;
	size_t field;
	struct case_conflict_side kept, other;
};
/*
 * Every conflict there is now, by type, record and field. Gone is one whose
 * sources agree again, whose batch was taken back, or whose value was then
 * corrected by hand.
 */
enum case_status case_store_conflicts(struct case_store *st,
    enum case_status (*each)(void *arg, const struct case_conflict *c,
	struct case_error *err),
    void *arg, struct case_error *err);

/*
 * Records that earlier complete batches (facts.full) of the same source had,
 * dated within the days that this one is complete for, and that it and all
 * behind it lack; _vanished_on in expressions is the day of its import. Rows
 * that were rejected speak of no record.
 */
enum case_status case_store_vanished(struct case_store *st, int64_t batch,
    int64_t *n, struct case_error *err);
/* Says so of one record of a private store, for the tests of a rule. */
enum case_status case_store_set_vanished(struct case_store *st,
    const char *type, int64_t record, int64_t day, struct case_error *err);

/*
 * Takes a batch back whole: records are as if it had never been imported, and
 * what later batches said too is now theirs. Refused, naming them, when later
 * batches changed its records, or met a record only by what it said
 * (CASE_EUSAGE). Rows that later batches rejected stay rejected.
 */
enum case_status case_store_undo(struct case_store *st, int64_t batch,
    int64_t time, struct case_error *err);
/*
 * The last batch imported by the end of a day (UTC+8); for --as-of. -1: there
 * was none, and a query as of that finds nothing.
 */
enum case_status case_store_batch_on(struct case_store *st, int64_t day,
    int64_t *batch, struct case_error *err);

/* Copies a live store to a new file (0600); one that is there is refused. */
enum case_status case_store_backup(struct case_store *st, const char *path,
    struct case_error *err);
/*
 * Integrity, foreign keys, row and key hashes, the dictionary, counts of
 * batches against records and history, kept files against their SHA-256.
 * problem is called with a line for each, up to 100; *n is how many.
 */
enum case_status case_store_check(struct case_store *st,
    void (*problem)(void *arg, const char *line), void *arg, size_t *n,
    struct case_error *err);
/* Drops kept raw files of batches before a day; recorded. *n: how many. */
enum case_status case_store_prune_raw(struct case_store *st, int64_t day,
    size_t *n, struct case_error *err);
/*
 * An access to unmasked values, recorded with its reason; also by a reader,
 * whose snapshot stays. The revision stays too.
 */
enum case_status case_store_log(struct case_store *st, const char *event,
    const char *detail, int64_t time, struct case_error *err);

/*
 * A question in expressions. Without groups each record gives a row; with
 * group_n > 0, or when columns are aggregates, each group does (the first
 * group_n columns are the groups, the others aggregates).
 *
 * where	may be NULL
 * having	aggregate truth, or NULL
 * sort		what rows are ordered by, missing last; then by the first
 *		group_n columns, or _id. Also without sort
 * record	only this _id; 0: all
 * as_of	only what batches up to this one said; 0: now, below 0: nothing
 */
struct case_query {
	const struct case_rtype *rt;
	const struct case_expr *where;
	const struct case_expr *having;
	const struct case_expr *const *column;
	size_t column_n;
	size_t group_n;
	const struct case_expr *const *sort;
	size_t sort_n;
	int64_t record;
	int64_t as_of;
	int64_t from, to, today; /* parameters, days */
};
struct case_cursor;
enum case_status case_query_open(struct case_cursor **out,
    struct case_store *st, const struct case_query *q, struct case_error *err);
/*
 * The next row; CASE_EOF. Values have the types of the column expressions;
 * coded fields come as texts (CASE_CODE: the code's name). Borrowed.
 */
enum case_status case_cursor_next(struct case_cursor *c,
    const struct case_value **v, struct case_error *err);
/*
 * For a query opened once, with a record, and asked for many: another record
 * with the same columns.
 */
enum case_status case_cursor_reset(struct case_cursor *c, int64_t record,
    struct case_error *err);
void case_cursor_close(struct case_cursor *c);
/*
 * How often a working-day function met a day outside the calendar since the
 * last call of this; *day: one such day.
 */
size_t case_store_calendar_gaps(struct case_store *st, int64_t *day);

#endif
