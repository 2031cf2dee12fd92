/* describe.c - what a table of statistics says about itself */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/stat_int.h"

/* by-unit-month; what is no part of a plain name becomes a hyphen. */
static void
add_name(const struct case_stat *s, struct case_buf *out)
{
	if (s->rq.name != NULL) {
		case_buf_adds(out, s->rq.name);
		return;
	}
	case_buf_adds(out, s->dim_n > 0 ? "by" : "total");
	for (size_t i = 0; i < s->dim_n; i++) {
		case_buf_addc(out, '-');
		for (const char *p = s->dim[i].text; *p != '\0'; p++)
			case_buf_addc(out,
			    strchr(" /:()'\",.<>=*+\\\t`", *p) ? '-' : *p);
	}
}

static void
add_title(const struct case_stat *s, struct case_buf *out)
{
	const enum case_lang lang = s->rq.lang;
	const bool zh = lang == CASE_ZH;

	if (s->rq.title != NULL) {
		case_buf_adds(out, s->rq.title);
		return;
	}
	case_buf_adds(out, case_label(s->rt->label, lang));
	case_buf_adds(out, zh ? "统计" : " statistics");
	for (size_t i = 0; i < s->dim_n; i++) {
		case_buf_adds(out,
		    i > 0 ? (zh ? "、" : ", ") : (zh ? "（按" : " by "));
		case_buf_adds(out, s->dim[i].label);
	}
	if (zh && s->dim_n > 0)
		case_buf_adds(out, "）");
}

/* A range of days, open where it has no end. */
static void
add_range(struct case_buf *out, const struct case_period *p)
{
	const struct case_cut plain = { 1, 1 };

	if (!p->open_from)
		case_grain_text(out, CASE_GRAIN_DAY, p->from, plain);
	case_buf_adds(out, "..");
	if (!p->open_to)
		case_grain_text(out, CASE_GRAIN_DAY, p->to, plain);
}

/* The modifiers that a chain stands for, as a column's name has them. */
static void
add_chain(struct case_buf *out, const char *chain)
{
	for (size_t i = strlen(chain); i-- > 0;) {
		enum modifier m = chain[i] == 'y'   ? MOD_YOY
				  : chain[i] == 'p' ? MOD_PREV
				  : chain[i] == 't' ? MOD_YTD
						    : MOD_VS;

		case_buf_addf(out, ":%s", stat_modifier(m)->name);
	}
}

/* The windows that figures were taken from, where it is not the period. */
static void
add_windows(const struct case_stat *s, struct case_table *t)
{
	enum case_grain g = stat_finest(s, s->mask[0]);
	struct case_buf b = { 0 };
	struct case_period p;

	for (size_t i = 0; i < s->slot_n; i++) {
		const char *chain = s->slot[i].chain;
		/* By pieces each sum since the year began has its own. */
		bool said = chain[0] == '\0' || (g != CASE_GRAIN_NONE &&
						    strchr(chain, 't') != NULL);

		for (size_t k = 0; k < i; k++)
			said = said || strcmp(s->slot[k].chain, chain) == 0;
		if (said || !stat_chain_pieces(s, g, chain, &p))
			continue;
		case_buf_reset(&b);
		add_chain(&b, chain);
		case_buf_addc(&b, ' ');
		add_range(&b, &p);
		case_table_add_meta(t, "window", case_buf_str(&b));
	}
	case_buf_free(&b);
}

/* Settings of this machine alone are no part of what the figures mean. */
static void
add_setting(void *arg, const char *key, const char *value)
{
	struct case_table *t = arg;
	struct case_buf b = { 0 };

	if (value != NULL && strcmp(key, "store.path") != 0) {
		case_buf_addf(&b, "%s=%s", key, value);
		case_table_add_meta(t, "setting", case_buf_str(&b));
	}
	case_buf_free(&b);
}

static void
add_metas(struct case_stat *s, struct case_table *t)
{
	struct case_buf b = { 0 };

	if (!s->rq.piped) {
		case_buf_addf(&b, "%lld",
		    (long long)case_store_revision(s->st));
		case_table_add_meta(t, "revision", case_buf_str(&b));
	}
	if (s->rq.command != NULL)
		case_table_add_meta(t, "command", s->rq.command);
	if (s->used_today || s->period.relative) {
		case_buf_reset(&b);
		case_grain_text(&b, CASE_GRAIN_DAY, s->rq.today,
		    (struct case_cut){ 1, 1 });
		case_table_add_meta(t, "today", case_buf_str(&b));
	}
	if (s->period.open_from != s->period.open_to) {
		case_buf_reset(&b);
		add_range(&b, &s->period);
		case_table_add_meta(t, "range", case_buf_str(&b));
	}
	if (t->kind == CASE_STATISTICS)
		add_windows(s, t);
	case_setting_used(s->sh, add_setting, t);
	for (size_t i = 0; i < s->note_n; i++)
		case_table_add_meta(t, "note", s->note[i]);
	case_buf_free(&b);
}

enum case_status
stat_describe(struct case_stat *s, struct case_table *t, struct case_error *err)
{
	struct case_buf name = { 0 }, title = { 0 };

	if (t->name == NULL) {
		add_name(s, &name);
		add_title(s, &title);
		case_table_begin(t, case_buf_str(&name), CASE_STATISTICS, NULL,
		    case_buf_str(&title));
	}
	case_buf_free(&name);
	case_buf_free(&title);
	t->has_period = !s->period.open_from && !s->period.open_to;
	t->from = t->has_period ? s->period.from : 0;
	t->to = t->has_period ? s->period.to : 0;
	add_metas(s, t);
	return t->failed ? case_error_memory(err) : CASE_OK;
}
