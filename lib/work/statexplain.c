/* statexplain.c - the definitions behind a table in words */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/stat_int.h"

struct words {
	struct case_stat *s;
	struct case_buf *out;
	bool zh;
};

/* An expression of a type, in words; as it is when it can't be read. */
static void
add_words(const struct words *w, const struct case_rtype *rt, const char *text,
    bool aggregate)
{
	struct case_scope scope = w->s->scope;
	struct case_expr *e;

	scope.rt = rt;
	scope.aggregates = aggregate;
	if (rt == NULL ||
	    case_expr_parse(&e, text, strlen(text), &scope, NULL) != CASE_OK) {
		case_buf_adds(w->out, text);
		return;
	}
	case_expr_words(w->out, e, w->s->rq.lang);
	case_expr_free(e);
}

static void
add_day(const struct words *w, int64_t day)
{
	case_grain_text(w->out, CASE_GRAIN_DAY, day, (struct case_cut){ 1, 1 });
}

static void
add_period(const struct words *w, const struct case_period *p)
{
	case_period_label(w->out, p, w->s->rq.lang);
	if (p->open_from && p->open_to)
		return;
	case_buf_adds(w->out, w->zh ? "（" : " (");
	if (!p->open_from)
		add_day(w, p->from);
	case_buf_adds(w->out, "..");
	if (!p->open_to)
		add_day(w, p->to);
	case_buf_adds(w->out, w->zh ? "）" : ")");
}

/* "  numerator: …; dated by …; where …" */
static void
add_part(const struct words *w, const char *what, const struct part *p)
{
	struct case_buf *out = w->out;

	case_buf_addf(out, "    %s", what);
	add_words(w, p->rt, p->expr, true);
	if (strcmp(p->type, w->s->rt->name) != 0)
		case_buf_addf(out, w->zh ? "；类型：%s" : "; of type %s",
		    p->type);
	if (p->date != NULL) {
		case_buf_adds(out, w->zh ? "；日期：" : "; dated by ");
		add_words(w, p->rt, p->date, false);
	}
	if (p->where != NULL) {
		case_buf_adds(out, w->zh ? "；条件：" : "; where ");
		add_words(w, p->rt, p->where, false);
	}
	if (p->lacks != NULL)
		case_buf_addf(out, w->zh ? "；%s" : "; %s", p->lacks);
	case_buf_addc(out, '\n');
}

static void
add_measure(const struct words *w, const struct measure *m)
{
	struct case_stat *s = w->s;
	const char *about = m->about[s->rq.lang];

	if (about != NULL)
		case_buf_addf(w->out, "    %s\n", about);
	if (m->ratio) {
		add_part(w, w->zh ? "分子：" : "numerator: ", s->part[m->num]);
		add_part(w,
		    w->zh ? "分母：" : "denominator: ", s->part[m->den]);
	} else {
		add_part(w, w->zh ? "计算：" : "value: ", s->part[m->num]);
	}
	if (m->source != NULL)
		case_buf_addf(w->out,
		    w->zh ? "    依据：%s\n" : "    source: %s\n", m->source);
}

/* What a modifier does, with the days that it compares with. */
static void
add_modifiers(const struct words *w, const struct node *n)
{
	static const char *const about[MOD_NONE][2] = {
		[MOD_YOY] = { "与上年同期相比", "compared with a year before" },
		[MOD_PREV] = { "与上一期相比",
		    "compared with the period before" },
		[MOD_VS] = { "与基期相比", "compared with the base" },
		[MOD_CUM] = { "沿日期逐行累计", "summed up along the dates" },
		[MOD_SHARE] = { "占本列合计", "of the sum of the column" },
		[MOD_RANK] = { "从大到小排名，并列同名次",
		    "ranked, the largest first; ties share a rank" },
		[MOD_TARGET] = { "÷目标数", "over the target" },
		[MOD_PER_MONTH] = { "÷月数", "over the months" },
		[MOD_PER_OFFICER] = { "÷执法人员数", "over the officers" },
		[MOD_PER_OFFICER_MONTH] = { "÷执法人员数÷月数",
		    "over the officers and the months" },
	};
	struct case_period p;

	if (n == NULL || n->op != NODE_MODIFIER)
		return;
	add_modifiers(w, n->a);
	case_buf_addf(w->out, "    :%s %s", stat_modifier(n->modifier)->name,
	    about[n->modifier][w->s->rq.lang]);
	if (n->b != NULL && stat_chain(w->s, n->b->chain, &w->s->period, &p)) {
		case_buf_adds(w->out, w->zh ? "：" : ": ");
		add_period(w, &p);
	}
	case_buf_addc(w->out, '\n');
}

/* The measure at the bottom of a tree; NULL: a column of -v. */
static const struct measure *
measure_of(const struct node *n)
{
	while (n->op == NODE_MODIFIER)
		n = n->a;
	return n->measure;
}

enum case_status
case_stat_explain(struct case_stat *s, struct case_buf *out,
    struct case_error *err)
{
	const struct words w = { s, out, s->rq.lang == CASE_ZH };

	case_buf_addf(out, w.zh ? "类型：%s（%s）\n" : "type: %s (%s)\n",
	    case_label(s->rt->label, s->rq.lang), s->rt->name);
	case_buf_adds(out, w.zh ? "时段：" : "period: ");
	add_period(&w, &s->period);
	case_buf_addc(out, '\n');
	for (size_t i = 0; i < s->dim_n; i++) {
		const struct dim *d = &s->dim[i];
		bool across = s->across && i + 1 == s->dim_n;

		case_buf_addf(out, "%s%s%s",
		    across ? (w.zh ? "列：" : "columns: ")
			   : (w.zh ? "分组：" : "by: "),
		    d->label,
		    d->source != NULL ? ""
		    : w.zh	      ? "，各指标按自己的日期"
				      : ", each measure by its own date");
		case_buf_addf(out, w.zh ? "（%s）\n" : " (%s)\n", d->text);
	}
	if (s->rq.where != NULL) {
		case_buf_adds(out, w.zh ? "条件：" : "where: ");
		add_words(&w, s->rt, s->rq.where, false);
		case_buf_addc(out, '\n');
	}
	for (size_t i = 0; i < s->column_n; i++) {
		const struct column *c = &s->column[i];

		case_buf_addf(out, w.zh ? "%s：%s" : "%s: %s", c->name,
		    c->label);
		if (c->unit != NULL)
			case_buf_addf(out, w.zh ? "（%s）" : " (%s)", c->unit);
		case_buf_addc(out, '\n');
		add_measure(&w, measure_of(c->node));
		add_modifiers(&w, c->node);
	}
	return out->failed ? case_error_memory(err) : CASE_OK;
}
