/* keep.c - case-import's care of a store: list, undo, trace, back up … */
#include <stdio.h>
#include <string.h>

#include "case/date.h"
#include "case/dictionary.h"
#include "case/import.h"
#include "case/mask.h"
#include "case/publish.h"
#include "case/record.h"
#include "case/records.h"
#include "cmd/keep.h"

static struct case_value
text(const char *p, size_t n)
{
	return (struct case_value){ .type = CASE_TEXT,
		.missing = n == 0,
		.u.s = { p, n } };
}

static struct case_value
string(const char *s)
{
	return s == NULL ? text("", 0) : text(s, strlen(s));
}

static struct case_value
integer(int64_t i)
{
	return (struct case_value){ .type = CASE_INTEGER, .u.i = i };
}

/* A moment in China's civil time; 0 is none. */
static struct case_value
moment(int64_t utc)
{
	return (struct case_value){ .type = CASE_TIME,
		.missing = utc == 0,
		.u.i = utc + 8 * 3600 };
}

struct column {
	const char *name;
	enum case_type type;
	const char *label[2];
};

/*
 * w		where to
 * table	the one that is written; w borrows it until its end
 * batch	0: all
 * raw		nothing is masked on the way
 * header	of the batch whose rejects are listed, and rt its type
 * text		rows of the source, masked cell by cell
 */
struct listing {
	struct case_store *store;
	struct case_writer *w;
	struct case_table table;
	int64_t batch;
	bool raw;
	size_t shown;
	enum case_lang lang;
	const struct case_rtype *rt;
	struct case_buf header, text[2];
};

/*
 * A row of a source as this listing may show it. What can be told of its cells
 * is known here alone: the writer sees one text.
 */
static enum case_status
show_row(struct listing *l, const char *header, struct case_str *row,
    struct case_error *err)
{
	enum case_status rc;

	if (l->raw || l->rt == NULL)
		return CASE_OK;
	case_buf_reset(&l->text[0]);
	rc = case_mask_row(&l->text[0], l->rt, header, *row, err);
	*row = (struct case_str){ case_buf_str(&l->text[0]), l->text[0].n };
	return rc;
}

/* A value at fault, by the class of its field. */
static void
show_value(struct listing *l, const char *field, struct case_str *value)
{
	int f =
	    l->rt == NULL ? -1 : case_rtype_field(l->rt, field, strlen(field));

	if (l->raw || f < 0 || l->rt->field[f].privacy == CASE_PRIVACY_NAME)
		return;
	case_buf_reset(&l->text[1]);
	case_mask_value(&l->text[1], l->rt->field[f].privacy, value->p,
	    value->n);
	*value = (struct case_str){ case_buf_str(&l->text[1]), l->text[1].n };
}

static void
listing_free(struct listing *l)
{
	case_table_free(&l->table);
	case_buf_free(&l->header);
	case_buf_free(&l->text[0]);
	case_buf_free(&l->text[1]);
}

static enum case_status
begin(struct listing *l, struct case_error *err)
{
	if (l->raw)
		case_table_add_meta(&l->table, "privacy", "raw");
	return l->table.failed ? case_error_memory(err)
			       : l->w->ops->begin(l->w, &l->table, err);
}

static enum case_status
end(struct listing *l, struct case_error *err)
{
	enum case_status rc = l->w->ops->end(l->w, err);

	case_table_free(&l->table);
	return rc;
}

static enum case_status
begin_table(struct listing *l, const char *name, const struct column *column,
    size_t n, struct case_error *err)
{
	case_table_begin(&l->table, name, CASE_MANIFEST, NULL, NULL);
	for (size_t i = 0; i < n; i++)
		case_table_add_column(&l->table, column[i].name, column[i].type,
		    column[i].label[l->lang], NULL);
	return begin(l, err);
}

/* --- batches ---------------------------------------------------------- */

static const struct column batch_columns[] = {
	{ "batch", CASE_INTEGER, { "批次", "batch" } },
	{ "time", CASE_TIME, { "导入时间", "imported" } },
	{ "type", CASE_TEXT, { "类型", "type" } },
	{ "file", CASE_TEXT, { "文件", "file" } },
	{ "sheet", CASE_TEXT, { "工作表", "sheet" } },
	{ "layout", CASE_TEXT, { "布局", "layout" } },
	{ "encoding", CASE_TEXT, { "编码", "encoding" } },
	{ "rows", CASE_INTEGER, { "行数", "rows" } },
	{ "new", CASE_INTEGER, { "新增", "new" } },
	{ "changed", CASE_INTEGER, { "变更", "changed" } },
	{ "unchanged", CASE_INTEGER, { "未变", "unchanged" } },
	{ "rejected", CASE_INTEGER, { "拒绝", "rejected" } },
	{ "aside", CASE_INTEGER, { "搁置", "set aside" } },
	{ "warnings", CASE_INTEGER, { "警告", "warnings" } },
	{ "undone", CASE_TIME, { "撤销时间", "undone" } },
	{ "full", CASE_TEXT, { "完整期间", "complete for" } },
	{ "reason", CASE_TEXT, { "理由", "reason" } },
	{ "sha256", CASE_TEXT, { "SHA-256", "SHA-256" } },
	{ "tool", CASE_TEXT, { "工具", "tool" } },
};
#define BATCH_COLUMNS (sizeof(batch_columns) / sizeof(batch_columns[0]))

static enum case_status
write_batch(void *arg, const struct case_batch_facts *b, struct case_error *err)
{
	struct listing *l = arg;
	const struct case_value v[BATCH_COLUMNS] = { integer(b->id),
		moment(b->time), string(b->type), string(b->file),
		string(b->sheet), string(b->layout), string(b->encoding),
		integer(b->rows), integer(b->added), integer(b->changed),
		integer(b->unchanged), integer(b->rejected), integer(b->aside),
		integer(b->warnings), moment(b->undone), string(b->full),
		string(b->reason), string(b->sha256), string(b->tool) };

	if (l->batch != 0 && l->batch != b->id)
		return CASE_OK;
	l->shown++;
	case_buf_reset(&l->header);
	case_buf_adds(&l->header, b->header);
	if (l->batch != 0)
		l->rt = case_store_scope_type(l->store, b->type);
	return l->header.failed ? case_error_memory(err)
				: l->w->ops->row(l->w, v, BATCH_COLUMNS, err);
}

static enum case_status
write_batches(struct listing *l, struct case_store *st, struct case_error *err)
{
	enum case_status rc;

	rc = begin_table(l, "batches", batch_columns, BATCH_COLUMNS, err);
	if (rc == CASE_OK)
		rc = case_store_batches(st, write_batch, l, err);
	if (rc == CASE_OK && l->batch != 0 && l->shown == 0)
		rc = case_error_set(err, CASE_EUSAGE, 0,
		    _("there is no batch %lld"), (long long)l->batch);
	return rc == CASE_OK ? end(l, err) : rc;
}

static const struct column reject_columns[] = {
	{ "sheet", CASE_TEXT, { "工作表", "sheet" } },
	{ "line", CASE_INTEGER, { "行号", "line" } },
	{ "field", CASE_TEXT, { "字段", "field" } },
	{ "value", CASE_TEXT, { "值", "value" } },
	{ "reason", CASE_TEXT, { "原因", "reason" } },
	{ "raw", CASE_TEXT, { "原文", "raw" } },
};
#define REJECT_COLUMNS (sizeof(reject_columns) / sizeof(reject_columns[0]))

static enum case_status
write_reject(void *arg, const struct case_reject_row *r, struct case_error *err)
{
	struct listing *l = arg;
	struct case_str value = r->value, raw = r->raw;
	struct case_value v[REJECT_COLUMNS];
	enum case_status rc;

	if ((rc = show_row(l, case_buf_str(&l->header), &raw, err)) != CASE_OK)
		return rc;
	show_value(l, r->field, &value);
	v[0] = text(r->sheet.p, r->sheet.n);
	v[1] = integer((int64_t)r->line);
	v[2] = string(r->field);
	v[3] = text(value.p, value.n);
	v[4] = string(r->reason);
	v[5] = text(raw.p, raw.n);
	return l->w->ops->row(l->w, v, REJECT_COLUMNS, err);
}

static enum case_status
write_rejects(struct listing *l, struct case_store *st, struct case_error *err)
{
	enum case_status rc;

	rc = begin_table(l, "rejects", reject_columns, REJECT_COLUMNS, err);
	if (rc == CASE_OK)
		rc = case_store_rejects(st, l->batch, write_reject, l, err);
	return rc == CASE_OK ? end(l, err) : rc;
}

/* --- versions of a record --------------------------------------------- */

static enum case_status
begin_versions(struct listing *l, struct case_error *err)
{
	const struct case_rtype *rt = l->rt;
	struct case_table *t = &l->table;
	struct case_column *c;
	bool zh = l->lang == CASE_ZH;

	case_table_begin(t, "versions", CASE_MANIFEST, NULL, NULL);
	case_table_add_column(t, "_batch", CASE_INTEGER, zh ? "批次" : "batch",
	    NULL);
	case_table_add_column(t, "_file", CASE_TEXT, zh ? "来源文件" : "file",
	    NULL);
	case_table_add_column(t, "_sheet", CASE_TEXT, zh ? "工作表" : "sheet",
	    NULL);
	case_table_add_column(t, "_line", CASE_INTEGER, zh ? "行号" : "line",
	    NULL);
	for (size_t i = 0; i < rt->field_n; i++) {
		const struct case_field *f = &rt->field[i];

		c = case_table_add_column(t, f->name, f->type,
		    case_label(f->label, l->lang), f->unit);
		if (c != NULL)
			c->privacy = f->privacy;
	}
	case_table_add_column(t, "extra", CASE_TEXT,
	    zh ? "其他列" : "other columns", NULL);
	case_table_add_column(t, "_raw", CASE_TEXT, zh ? "原文" : "raw row",
	    NULL);
	return begin(l, err);
}

static enum case_status
write_version(void *arg, const struct case_version *ver, struct case_error *err)
{
	struct listing *l = arg;
	size_t n = l->rt->field_n;
	struct case_str raw = ver->raw;
	struct case_value v[n + 6], *own = v + 4;
	enum case_status rc;

	if ((rc = show_row(l, ver->header, &raw, err)) != CASE_OK)
		return rc;
	v[0] = integer(ver->batch);
	v[1] = string(ver->file);
	v[2] = text(ver->sheet.p, ver->sheet.n);
	v[3] = integer((int64_t)ver->line);
	for (size_t i = 0; i < n; i++) {
		own[i] = ver->v[i];
		own[i].type = l->rt->field[i].type;
		case_records_label(&own[i], &l->rt->field[i], l->lang);
	}
	own[n] = text(ver->extra.p, ver->extra.n);
	own[n + 1] = text(raw.p, raw.n);
	l->shown++;
	return l->w->ops->row(l->w, v, n + 6, err);
}

static enum case_status
write_trace(struct listing *l, struct case_store *st, const char *type,
    const char *key, struct case_error *err)
{
	enum case_status rc;

	if ((rc = case_store_type(st, type, &l->rt, err)) != CASE_OK ||
	    (rc = begin_versions(l, err)) != CASE_OK ||
	    (rc = case_store_trace(st, type, key, write_version, l, err)) !=
		CASE_OK)
		return rc;
	if (l->shown == 0)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("no record of %s is named '%s'"), type, key);
	return end(l, err);
}

/* --- conflicts ---------------------------------------------------------- */

static const struct column conflict_columns[] = {
	{ "type", CASE_TEXT, { "类型", "type" } },
	{ "key", CASE_TEXT, { "编号", "key" } },
	{ "field", CASE_TEXT, { "字段", "field" } },
	{ "kept", CASE_TEXT, { "现值", "kept" } },
	{ "kept_batch", CASE_INTEGER, { "现值批次", "batch" } },
	{ "kept_file", CASE_TEXT, { "现值文件", "file" } },
	{ "kept_line", CASE_INTEGER, { "现值行号", "line" } },
	{ "other", CASE_TEXT, { "另一值", "other" } },
	{ "other_batch", CASE_INTEGER, { "另一值批次", "other batch" } },
	{ "other_file", CASE_TEXT, { "另一值文件", "other file" } },
	{ "other_line", CASE_INTEGER, { "另一值行号", "other line" } },
};
#define CONFLICT_COLUMNS \
	(sizeof(conflict_columns) / sizeof(conflict_columns[0]))

/* The value of one side as text, masked as its field is, and where it is of. */
static enum case_status
put_side(struct listing *l, struct case_value out[4], struct case_buf *b,
    const struct case_conflict_side *side, const struct case_field *f,
    struct case_error *err)
{
	struct case_buf plain = { 0 };
	struct case_value v = side->v;

	case_buf_reset(b);
	v.type = f->type;
	case_records_label(&v, f, l->lang);
	case_value_text(&plain, &v);
	if (l->raw || f->privacy == CASE_PRIVACY_NAME)
		case_buf_add(b, case_buf_str(&plain), plain.n);
	else
		case_mask_value(b, f->privacy, case_buf_str(&plain), plain.n);
	if (plain.failed)
		b->failed = true;
	case_buf_free(&plain);
	out[0] = text(case_buf_str(b), b->n);
	out[1] = integer(side->batch);
	out[2] = string(!side->corrected     ? side->file
			: l->lang == CASE_ZH ? "人工更正"
					     : "corrected by hand");
	out[3] = integer((int64_t)case_place_line((size_t)side->line));
	return b->failed ? case_error_memory(err) : CASE_OK;
}

static enum case_status
write_conflict(void *arg, const struct case_conflict *c, struct case_error *err)
{
	struct listing *l = arg;
	const struct case_field *f = &c->rt->field[c->field];
	struct case_value v[CONFLICT_COLUMNS];
	enum case_status rc;

	v[0] = string(c->rt->name);
	v[1] = string(c->key);
	v[2] = string(f->name);
	if ((rc = put_side(l, &v[3], &l->text[0], &c->kept, f, err)) !=
		CASE_OK ||
	    (rc = put_side(l, &v[7], &l->text[1], &c->other, f, err)) !=
		CASE_OK)
		return rc;
	return l->w->ops->row(l->w, v, CONFLICT_COLUMNS, err);
}

static enum case_status
write_conflicts(struct listing *l, struct case_store *st,
    struct case_error *err)
{
	enum case_status rc;

	rc = begin_table(l, "conflicts", conflict_columns, CONFLICT_COLUMNS,
	    err);
	if (rc == CASE_OK)
		rc = case_store_conflicts(st, write_conflict, l, err);
	return rc == CASE_OK ? end(l, err) : rc;
}

/* --- jobs ------------------------------------------------------------------
 */

static enum case_status
show(const struct keep_options *k, const struct cmd_common *c,
    struct case_store *st, char *operand[], struct case_error *err)
{
	struct cmd_output out = { 0 };
	struct listing l = { .store = st, .batch = k->batch, .lang = c->lang };
	enum case_status rc;

	if ((rc = cmd_output_open(&out, c, NULL, err)) != CASE_OK)
		return rc;
	l.w = out.writer;
	l.raw = out.raw;
	if (k->job == KEEP_TRACE)
		rc = write_trace(&l, st, k->arg, operand[0], err);
	else if (k->job == KEEP_TYPES)
		rc = case_dictionary_types(l.w, c->share, l.lang, err);
	else if (k->job == KEEP_DESCRIBE)
		rc = case_dictionary_fields(l.w, c->share, k->arg, l.lang, err);
	else if (k->job == KEEP_CONFLICTS)
		rc = write_conflicts(&l, st, err);
	else
		rc = write_batches(&l, st, err);
	if (rc == CASE_OK && k->job == KEEP_SHOW)
		rc = write_rejects(&l, st, err);
	if (rc == CASE_OK)
		rc = cmd_output_commit(&out, err);
	else
		cmd_output_abort(&out, err->what);
	listing_free(&l);
	return rc;
}

static void
say_problem(void *arg, const char *line)
{
	(void)arg;
	cmd_say("%s", line);
}

static enum case_status
check(const struct cmd_common *c, struct case_store *st, int *code,
    struct case_error *err)
{
	size_t n = 0;
	enum case_status rc;

	rc = case_store_check(st, say_problem, NULL, &n, err);
	if (rc == CASE_OK && n > 0)
		*code = CMD_LOOK;
	else if (rc == CASE_OK && !c->quiet)
		cmd_say(_("the store is whole"));
	return rc;
}

static enum case_status
correct(const struct keep_options *k, const struct cmd_common *c,
    struct case_store *st, char *operand[], struct case_error *err)
{
	int64_t batch = 0;
	enum case_status rc;

	rc = case_import_correct(st, k->arg, operand[0], operand[1], k->reason,
	    cmd_now(), &batch, err);
	if (rc == CASE_OK && !c->quiet)
		cmd_say(_("corrected, as batch %lld"), (long long)batch);
	return rc;
}

static enum case_status
prune(const struct keep_options *k, const struct cmd_common *c,
    struct case_store *st, struct case_error *err)
{
	size_t n = 0;
	enum case_status rc;

	rc = case_store_prune_raw(st, k->before, &n, err);
	if (rc == CASE_OK && !c->quiet)
		cmd_say(_("%zu raw copies dropped"), n);
	return rc;
}

static enum case_status
run(const struct keep_options *k, const struct cmd_common *c,
    struct case_store *st, char *operand[], int *code, struct case_error *err)
{
	enum case_status rc = CASE_OK;

	switch (k->job) {
	case KEEP_NOTHING:
		break;
	case KEEP_LIST:
	case KEEP_SHOW:
	case KEEP_TRACE:
	case KEEP_TYPES:
	case KEEP_DESCRIBE:
	case KEEP_CONFLICTS:
		return show(k, c, st, operand, err);
	case KEEP_UNDO:
		rc = case_store_undo(st, k->batch, cmd_now(), err);
		if (rc == CASE_OK && !c->quiet)
			cmd_say(_("batch %lld is taken back"),
			    (long long)k->batch);
		break;
	case KEEP_CORRECT:
		return correct(k, c, st, operand, err);
	case KEEP_BACKUP:
		return case_store_backup(st, k->arg, err);
	case KEEP_CHECK:
		return check(c, st, code, err);
	case KEEP_PRUNE:
		return prune(k, c, st, err);
	}
	return rc;
}

/* How many operands a job takes, and what else it must be told. */
static int
check_call(const struct keep_options *k, char *operand[])
{
	size_t n = 0, want = 0;

	while (operand[n] != NULL)
		n++;
	if (k->job == KEEP_TRACE)
		want = 1;
	else if (k->job == KEEP_CORRECT)
		want = 2;
	if (n != want)
		return cmd_usage(want == 0   ? _("no operand is expected here")
				 : want == 1 ? _("--trace TYPE needs one KEY")
					     : _("--correct TYPE needs KEY and "
						 "FIELD=VALUE"));
	if (k->job == KEEP_CORRECT && (k->reason == NULL || *k->reason == '\0'))
		return cmd_usage(_("a correction needs --reason TEXT"));
	if (k->job == KEEP_PRUNE && !k->has_before)
		return cmd_usage(_("--prune-raw needs --before DATE"));
	return CMD_OK;
}

int
keep_run(const struct keep_options *k, const struct cmd_common *c, int wait,
    char *operand[])
{
	bool writes = k->job == KEEP_UNDO || k->job == KEEP_CORRECT ||
		      k->job == KEEP_PRUNE;
	bool shared = k->job == KEEP_TYPES || k->job == KEEP_DESCRIBE;
	struct case_store *st = NULL;
	struct case_error err;
	enum case_status rc = CASE_OK;
	int code;

	if ((code = check_call(k, operand)) != CMD_OK)
		return code;
	if (!shared)
		rc = cmd_store_open(&st, c,
		    writes ? CASE_STORE_WRITE : CASE_STORE_READ, wait, &err);
	if (rc == CASE_OK)
		rc = run(k, c, st, operand, &code, &err);
	if (rc != CASE_OK) {
		cmd_fail(NULL, &err);
		code = rc == CASE_EBUSY ? CMD_BUSY : CMD_FAIL;
	}
	case_store_close(st);
	return code;
}

enum case_status
keep_write_file(const char *path, const struct case_buf *file_text,
    struct case_error *err)
{
	struct case_publish *p;
	FILE *f;
	enum case_status rc;

	if ((rc = case_publish_begin(&p, path, err)) != CASE_OK)
		return rc;
	if ((rc = case_publish_stream(p, &f, err)) != CASE_OK) {
		case_publish_abort(p);
		return rc;
	}
	if (file_text->n > 0 &&
	    fwrite(file_text->p, 1, file_text->n, f) != file_text->n) {
		rc = case_error_system(err, path);
		case_publish_abort(p);
		return rc;
	}
	return case_publish_commit(p, err);
}
