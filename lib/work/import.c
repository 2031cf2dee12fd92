/* import.c - one file into the store, in one transaction */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/import_int.h"

/* Rows from when the store is told of a record to when it is put. */
#define AHEAD 8

/* --- rows ------------------------------------------------------------- */

static enum case_status
reject(struct import *im, const struct pipeline_row *row, int field,
    struct case_str value, const char *reason, struct case_error *err)
{
	enum case_status rc;

	im->r->rejected++;
	rc = case_batch_reject(im->batch, row->line, field, value, reason,
	    row->rec.raw, err);
	if (rc == CASE_OK && im->o->rejects != NULL)
		rc = import_write_reject(im, row, reason, err);
	if (rc == CASE_OK && im->o->max_rejects >= 0 && !im->o->max_share &&
	    (double)im->r->rejected > im->o->max_rejects)
		return case_error_set(err, CASE_EDATA,
		    case_place_line(row->line),
		    _("more than %.0f rows rejected: nothing of this file is "
		      "stored; this one: %s"),
		    im->o->max_rejects, reason);
	return rc;
}

static enum case_status
put(struct import *im, const struct pipeline_row *row, struct case_error *err)
{
	struct case_import_result *r = im->r;
	const char *reason = NULL;
	enum case_put put = CASE_PUT_NEW;
	enum case_status rc;

	if ((rc = case_batch_put(im->batch, &row->rec, &put, &reason, err)) !=
	    CASE_OK)
		return rc;
	switch (put) {
	case CASE_PUT_NEW:
		r->added++;
		break;
	case CASE_PUT_CHANGED:
		r->changed++;
		break;
	case CASE_PUT_UNCHANGED:
		r->unchanged++;
		return CASE_OK;
	case CASE_PUT_REJECTED:
		return reject(im, row, -1, (struct case_str){ "", 0 }, reason,
		    err);
	}
	return im->o->clean != NULL ? import_write_clean(im, &row->rec, err)
				    : CASE_OK;
}

static enum case_status
take(struct import *im, const struct pipeline_row *row, struct case_error *err)
{
	im->r->rows++;
	im->cut_line = row->outcome == CASE_REJECT && row->reject.field < 0
			   ? row->line
			   : 0;
	switch (row->outcome) {
	case CASE_RECORD:
		return put(im, row, err);
	case CASE_REJECT:
		return reject(im, row, row->reject.field, row->reject.value,
		    row->reject.reason, err);
	case CASE_ASIDE_BLANK:
	case CASE_ASIDE_TOTAL:
	case CASE_ASIDE_HEADER:
		im->r->aside++;
		break;
	}
	return CASE_OK;
}

/* All rows of the sheet, or of the file, where the reader is. */
static enum case_status
take_rows(struct import *im, struct case_error *err)
{
	const struct pipeline_block *block;
	struct pipeline *p;
	enum case_status rc;

	im->r->rows += (int64_t)im->src.map.skipped;
	im->r->aside += (int64_t)im->src.map.skipped;
	rc = pipeline_open(&p, im->src.rd, &im->src.map, im->src.layout,
	    im->src.rt, im->cleaner, im->batch,
	    im->src.sheet_n > 1 ? im->sheet + 1 : 0, im->o->rejects != NULL,
	    err);
	if (rc != CASE_OK)
		return rc;
	while ((rc = pipeline_next(p, &block, err)) == CASE_OK) {
		for (size_t i = 0; rc == CASE_OK && i < block->row_n; i++) {
			if (i + AHEAD < block->row_n &&
			    block->row[i + AHEAD].outcome == CASE_RECORD)
				case_batch_expect(im->batch,
				    block->row[i + AHEAD].rec.digest);
			rc = take(im, &block->row[i], err);
		}
		if (rc != CASE_OK)
			break;
		if (im->o->progress != NULL)
			im->o->progress(im->o->progress_arg, block->position,
			    im->facts.size, (size_t)im->r->rows,
			    (size_t)im->r->rejected);
	}
	pipeline_close(p);
	if (rc != CASE_EOF)
		return rc;
	rc = import_count_columns(im, err);
	return rc == CASE_OK ? import_note_warnings(im, err) : rc;
}

static enum case_status
begin_cleaner(struct import *im, struct case_error *err)
{
	enum case_status rc;

	case_cleaner_free(im->cleaner);
	rc = case_cleaner_new(&im->cleaner, im->src.rt, &im->src.map,
	    case_store_words(im->st), err);
	if (rc == CASE_OK && im->o->blank_overwrites)
		case_cleaner_keep_blanks(im->cleaner);
	return rc;
}

/* The rows of every sheet; of the first everything has begun. */
static enum case_status
take_sheets(struct import *im, struct case_error *err)
{
	enum case_status rc = take_rows(im, err);

	while (rc == CASE_OK && ++im->sheet < im->src.sheet_n) {
		if ((rc = source_select(&im->src, im->sheet, err)) != CASE_OK ||
		    (rc = begin_cleaner(im, err)) != CASE_OK ||
		    (im->o->rejects != NULL &&
			(rc = import_begin_rejects(im, err)) != CASE_OK))
			break;
		rc = take_rows(im, err);
	}
	return rc;
}

/* --- one file --------------------------------------------------------- */

/* The store's own type decides, which may be older than share/ has it. */
static enum case_status
use_type(struct import *im, struct case_error *err)
{
	enum case_status rc;

	rc = case_store_add_type(im->st, im->src.rt, err);
	if (rc == CASE_OK)
		rc = case_store_type(im->st, im->src.own->name, &im->src.rt,
		    err);
	if (rc == CASE_OK && (im->r->type = strdup(im->src.rt->name)) == NULL)
		rc = case_error_memory(err);
	return rc;
}

static void
set_facts(struct import *im)
{
	const struct case_input_facts *in = case_input_facts(im->src.in);
	const char *base = strrchr(im->path, '/');

	source_options(&im->options, &im->src, im->o);
	im->r->encoding = case_reader_encoding(im->src.rd);
	im->facts = (struct case_batch_facts){
		.type = im->src.rt->name,
		.file =
		    base != NULL && im->o->input == NULL ? base + 1 : im->path,
		.sha256 = in->sha256,
		.size = in->size,
		.encoding = im->r->encoding,
		.layout = im->o->layout != NULL ? im->o->layout : "",
		.options = case_buf_str(&im->options),
		.header = "[]",
		.sheet = "",
		.full = im->o->full,
		.full_from = im->o->full_from,
		.full_to = im->o->full_to,
		.time = im->o->time,
	};
	/* A source whose every export holds all that it has. */
	if (im->facts.full == NULL && im->src.layout->snapshot) {
		im->facts.full = "all";
		im->facts.full_from = INT64_MIN;
		im->facts.full_to = INT64_MAX;
	}
}

static enum case_status
set_columns(struct import *im, struct case_error *err)
{
	source_header(&im->header, &im->src);
	source_sheets(&im->sheets, &im->src);
	im->facts.header = case_buf_str(&im->header);
	im->facts.sheet = case_buf_str(&im->sheets);
	return im->header.failed || im->sheets.failed ? case_error_memory(err)
						      : CASE_OK;
}

static void
count_facts(struct import *im)
{
	const struct case_import_result *r = im->r;

	im->facts.rows = r->rows;
	im->facts.added = r->added;
	im->facts.changed = r->changed;
	im->facts.unchanged = r->unchanged;
	im->facts.rejected = r->rejected;
	im->facts.aside = r->aside;
	im->facts.warnings = r->warnings;
}

static enum case_status
check_counts(const struct import *im, struct case_error *err)
{
	const struct case_import_result *r = im->r;

	if (r->rows !=
	    r->added + r->changed + r->unchanged + r->rejected + r->aside)
		return case_error_set(err, CASE_EDATA, 0,
		    _("internal error: the rows do not add up; nothing is "
		      "stored, please report this"));
	if (im->o->max_rejects >= 0 && im->o->max_share && r->rows > 0 &&
	    (double)r->rejected > im->o->max_rejects * (double)r->rows)
		return case_error_set(err, CASE_EDATA, 0,
		    _("%lld of %lld rows rejected, more than %g %%: nothing "
		      "of this file is stored"),
		    (long long)r->rejected, (long long)r->rows,
		    im->o->max_rejects * 100);
	return CASE_OK;
}

static enum case_status
begin(struct import *im, struct case_error *err)
{
	const struct case_batch_options bo = {
		.key = im->src.layout->key,
		.key_content = im->src.layout->key_content,
		.on_conflict = im->o->on_conflict,
		.blank_overwrites = im->o->blank_overwrites,
	};
	enum case_status rc;

	rc = begin_cleaner(im, err);
	if (rc == CASE_OK)
		rc = case_batch_begin(&im->batch, im->st, im->src.rt,
		    &im->facts, &bo, err);
	/* First, since it packs the file while the rows are stored. */
	if (rc == CASE_OK && im->o->raw)
		rc = case_batch_keep_raw(im->batch, im->src.in, err);
	if (rc == CASE_OK && im->o->clean != NULL)
		rc = import_begin_clean(im, err);
	if (rc == CASE_OK && im->o->rejects != NULL)
		rc = import_begin_rejects(im, err);
	return rc;
}

/* A reader may have stopped before the bytes that are of another encoding. */
static enum case_status
prove_last(struct import *im, struct case_error *err)
{
	const struct case_input_facts *f = case_input_facts(im->src.in);
	enum case_encoding told = f->encoding;
	enum case_status rc = case_input_prove(im->src.in, err);

	if (rc != CASE_OK || f->encoding == told)
		return rc;
	return case_error_set(err, CASE_EDATA, 0,
	    _("is not of the encoding that its begin is of"));
}

static enum case_status
finish(struct import *im, struct case_error *err)
{
	enum case_status rc;

	if ((rc = prove_last(im, err)) != CASE_OK ||
	    (rc = check_counts(im, err)) != CASE_OK)
		return rc;
	if (im->o->clean != NULL &&
	    (rc = im->o->clean->ops->end(im->o->clean, err)) != CASE_OK)
		return rc;
	count_facts(im);
	im->r->batch = case_batch_id(im->batch);
	if ((rc = import_keep_columns(im, err)) != CASE_OK ||
	    (rc = import_note_columns(im, err)) != CASE_OK ||
	    (rc = import_note_end(im, err)) != CASE_OK ||
	    (rc = import_note_conflicts(im, err)) != CASE_OK)
		return rc;
	rc = case_batch_commit(im->batch, &im->facts, err);
	im->batch = NULL;
	return rc == CASE_OK ? import_note_vanished(im, err) : rc;
}

/*
 * What is written on the way can't be taken back, should the encoding turn out
 * to be another; and to be known again, a file must have its hash.
 */
static enum case_status
prove_first(struct import *im, struct case_error *err)
{
	struct case_input *in = im->o->input;
	bool known = false;
	enum case_status rc;

	if (in == NULL)
		return CASE_OK;
	rc = case_store_has_size(im->st, case_input_facts(in)->size, &known,
	    err);
	if (rc == CASE_OK && known)
		rc = case_input_hash(in, err);
	if (rc == CASE_OK && (im->o->rejects != NULL || im->o->clean != NULL))
		rc = case_input_prove(in, err);
	return rc;
}

static enum case_status
import(struct import *im, struct case_error *err)
{
	enum case_status rc;

	if ((rc = prove_first(im, err)) != CASE_OK ||
	    (rc = source_open(&im->src, im->sh, im->path, im->o, err)) !=
		CASE_OK ||
	    (rc = use_type(im, err)) != CASE_OK ||
	    (rc = source_layout(&im->src, im->sh, im->o, err)) != CASE_OK)
		return rc;
	set_facts(im);
	/* By its bytes, before any of it is parsed. */
	if ((rc = case_store_same(im->st, &im->facts, &im->r->same, err)) !=
		CASE_OK ||
	    im->r->same != 0)
		return rc;
	if ((rc = source_map(&im->src, im->o, err)) != CASE_OK ||
	    (rc = set_columns(im, err)) != CASE_OK ||
	    (rc = import_note_sheets(im, err)) != CASE_OK ||
	    (rc = begin(im, err)) != CASE_OK ||
	    (rc = take_sheets(im, err)) != CASE_OK)
		return rc;
	return finish(im, err);
}

static enum case_status
import_once(struct case_import_result *r, struct case_store *st,
    struct case_share *sh, const char *path,
    const struct case_import_options *o, struct case_error *err)
{
	struct import im = { .st = st, .sh = sh, .path = path, .o = o, .r = r };
	enum case_status rc;

	*r = (struct case_import_result){ 0 };
	rc = import(&im, err);
	if (im.batch != NULL)
		case_batch_rollback(im.batch);
	case_cleaner_free(im.cleaner);
	source_close(&im.src);
	case_buf_free(&im.options);
	case_buf_free(&im.header);
	case_buf_free(&im.sheets);
	case_table_free(&im.clean);
	import_free_columns(&im);
	free(im.field);
	free(im.row);
	return rc;
}

enum case_status
case_import_file(struct case_import_result *r, struct case_store *st,
    struct case_share *sh, const char *path,
    const struct case_import_options *o, struct case_error *err)
{
	struct case_input *in = o->input;
	enum case_encoding told;
	struct case_error why;
	enum case_status rc, proved;

	if (in == NULL || case_input_is_proven(in))
		return import_once(r, st, sh, path, o, err);
	told = case_input_facts(in)->encoding;
	rc = import_once(r, st, sh, path, o, &why);
	/* It may have been read as another encoding than it is. */
	if (rc == CASE_EDATA || rc == CASE_EUSAGE) {
		if ((proved = case_input_prove(in, err)) != CASE_OK)
			return proved;
		if (case_input_facts(in)->encoding != told) {
			case_import_result_free(r);
			rc = case_input_rewind(in, err);
			return rc == CASE_OK
				   ? import_once(r, st, sh, path, o, err)
				   : rc;
		}
	}
	if (rc != CASE_OK && err != NULL)
		*err = why;
	return rc;
}
