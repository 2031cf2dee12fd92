/* statlist.c - reports, and the lists of measures and reports */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/work/stat_int.h"

static const char *const langs[] = { [CASE_ZH] = "zh", [CASE_EN] = "en" };

/* --- reports ---------------------------------------------------------- */

struct report {
	struct case_store *st;
	const char *name;
	const struct case_json *json;
	const struct case_stat_request *rq;
	enum case_status (*each)(void *arg, const struct case_stat_request *rq,
	    struct case_error *err);
	void *arg;
};

static bool
is_left_out(const struct report *r, const struct case_json *table)
{
	const char *type = case_json_get_str(table, "type");

	return case_json_get_bool(table, "optional", false) && type != NULL &&
	       case_store_scope_type(r->st, type) == NULL;
}

/* A table's own words where it has them; the caller's elsewhere. */
static void
lay_over(struct case_stat_request *rq, const struct case_json *table)
{
	const struct {
		const char *key;
		const char **to;
	} texts[] = { { "type", &rq->type }, { "by", &rq->by },
		{ "across", &rq->across }, { "measures", &rq->measures },
		{ "base", &rq->base }, { "on", &rq->on }, { "sort", &rq->sort },
		{ "name", &rq->name } };
	double top = case_json_get_number(table, "top", 0);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *s = case_json_get_str(table, texts[i].key);

		if (s != NULL)
			*texts[i].to = s;
	}
	if (top >= 1)
		rq->top = (size_t)top;
	rq->total = case_json_get_bool(table, "total", rq->total);
	rq->all_units = case_json_get_bool(table, "all_units", rq->all_units);
}

static enum case_status
ask_table(const struct report *r, const struct case_json *table, size_t i,
    struct case_error *err)
{
	struct case_stat_request rq = *r->rq;
	const char *where = case_json_get_str(table, "where");
	char *both = NULL, *name;
	enum case_status rc;

	if ((name = i == 0 ? strdup(r->name)
			   : stat_printf("%s-%zu", r->name, i + 1)) == NULL)
		return case_error_memory(err);
	rq.name = name;
	lay_over(&rq, table);
	rq.title =
	    case_json_get_str(case_json_get(table, "title"), langs[rq.lang]);
	if (rq.period == NULL)
		rq.period = case_json_get_str(table, "period");
	if (rq.period == NULL)
		rq.period = case_json_get_str(r->json, "period");
	if (where != NULL && rq.where != NULL &&
	    (both = stat_printf("(%s) and (%s)", where, rq.where)) == NULL) {
		free(name);
		return case_error_memory(err);
	}
	if (where != NULL)
		rq.where = both != NULL ? both : where;
	rc = r->each(r->arg, &rq, err);
	free(both);
	free(name);
	return rc;
}

enum case_status
case_stat_report(struct case_store *st, struct case_share *sh, const char *name,
    const struct case_stat_request *rq,
    enum case_status (*each)(void *arg, const struct case_stat_request *rq,
	struct case_error *err),
    void *arg, struct case_error *err)
{
	struct report r = { st, name, NULL, rq, each, arg };
	const struct case_json *table;
	struct case_json *json;
	enum case_status rc;
	size_t i = 0;

	if ((rc = case_share_load(sh, "reports", name, &json, err)) != CASE_OK)
		return rc;
	r.json = json;
	table = case_json_first(case_json_get(json, "tables"));
	if (table == NULL)
		rc = case_error_set(err, CASE_EDATA, 0,
		    _("report %s has no tables"), name);
	for (; rc == CASE_OK && table != NULL; table = case_json_next(table))
		if (!is_left_out(&r, table))
			rc = ask_table(&r, table, i++, err);
	case_json_free(json);
	return rc;
}

/* --- lists ------------------------------------------------------------ */

static struct case_value
text_value(const char *s)
{
	return (struct case_value){ .type = CASE_TEXT,
		.missing = s == NULL,
		.u.s = { s, s != NULL ? strlen(s) : 0 } };
}

static enum case_status
write_measure(struct case_share *sh, const char *name, const char *type,
    enum case_lang lang, struct case_writer *w, struct case_error *err)
{
	struct case_value v[5];
	struct case_json *json;
	const char *of;
	enum case_status rc;

	if ((rc = case_share_load(sh, "measures", name, &json, err)) != CASE_OK)
		return rc;
	of = case_json_get_str(json, "type");
	v[0] = text_value(name);
	v[1] = text_value(of);
	v[2] = text_value(
	    case_json_get_str(case_json_get(json, "label"), langs[lang]));
	v[3] = text_value(case_json_get_str(json, "unit"));
	v[4] = text_value(
	    case_json_get_str(case_json_get(json, "about"), langs[lang]));
	if (type == NULL || of == NULL || strcmp(of, "*") == 0 ||
	    strcmp(of, type) == 0)
		rc = w->ops->row(w, v, 5, err);
	case_json_free(json);
	return rc;
}

enum case_status
case_stat_measures(struct case_share *sh, const char *type, enum case_lang lang,
    struct case_writer *w, struct case_error *err)
{
	static const char *const columns[][3] = {
		{ "measure", "指标", "measure" },
		{ "type", "类型", "type" },
		{ "label", "名称", "label" },
		{ "unit", "单位", "unit" },
		{ "about", "说明", "about" },
	};
	struct case_table t = { 0 };
	char **names = NULL;
	enum case_status rc;

	if ((rc = case_share_names(sh, "measures", &names, err)) != CASE_OK)
		return rc;
	case_table_begin(&t, "measures", CASE_MANIFEST, NULL,
	    lang == CASE_ZH ? "指标" : "Measures");
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		case_table_add_column(&t, columns[i][0], CASE_TEXT,
		    columns[i][1 + lang], NULL);
	rc = t.failed ? case_error_memory(err) : w->ops->begin(w, &t, err);
	for (char **n = names; rc == CASE_OK && *n != NULL; n++)
		rc = write_measure(sh, *n, type, lang, w, err);
	if (rc == CASE_OK)
		rc = w->ops->end(w, err);
	case_table_free(&t);
	case_share_names_free(names);
	return rc;
}

static enum case_status
write_report(struct case_share *sh, const char *name, enum case_lang lang,
    struct case_writer *w, struct case_error *err)
{
	struct case_value v[3];
	struct case_json *json;
	enum case_status rc;

	if ((rc = case_share_load(sh, "reports", name, &json, err)) != CASE_OK)
		return rc;
	v[0] = text_value(name);
	v[1] = text_value(
	    case_json_get_str(case_json_get(json, "title"), langs[lang]));
	v[2] = text_value(case_json_get_str(json, "period"));
	rc = w->ops->row(w, v, 3, err);
	case_json_free(json);
	return rc;
}

enum case_status
case_stat_reports(struct case_share *sh, enum case_lang lang,
    struct case_writer *w, struct case_error *err)
{
	static const char *const columns[][3] = {
		{ "report", "报表", "report" },
		{ "title", "标题", "title" },
		{ "period", "时段", "period" },
	};
	struct case_table t = { 0 };
	char **names = NULL;
	enum case_status rc;

	if ((rc = case_share_names(sh, "reports", &names, err)) != CASE_OK)
		return rc;
	case_table_begin(&t, "reports", CASE_MANIFEST, NULL,
	    lang == CASE_ZH ? "报表" : "Reports");
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		case_table_add_column(&t, columns[i][0], CASE_TEXT,
		    columns[i][1 + lang], NULL);
	rc = t.failed ? case_error_memory(err) : w->ops->begin(w, &t, err);
	for (char **n = names; rc == CASE_OK && *n != NULL; n++)
		rc = write_report(sh, *n, lang, w, err);
	if (rc == CASE_OK)
		rc = w->ops->end(w, err);
	case_table_free(&t);
	case_share_names_free(names);
	return rc;
}
