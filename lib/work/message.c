/* message.c - the sentences of findings: templates with expressions */
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "case/mask.h"
#include "lib/work/audit_int.h"

static const struct {
	const char *name;
	enum message_word word;
} words[] = {
	{ "@others", MESSAGE_OTHERS },
	{ "@count", MESSAGE_COUNT },
	{ "@range", MESSAGE_RANGE },
};

static struct message_part *
add_part(struct message *m)
{
	struct message_part *more;

	more = realloc(m->part, (m->n + 1) * sizeof(*more));
	if (more == NULL)
		return NULL;
	m->part = more;
	m->part[m->n] = (struct message_part){ 0 };
	return &m->part[m->n++];
}

static enum case_status
add_text(struct message *m, const char *p, size_t n, struct case_error *err)
{
	struct message_part *part;

	if (n == 0)
		return CASE_OK;
	if ((part = add_part(m)) == NULL ||
	    (part->text = strndup(p, n)) == NULL)
		return case_error_memory(err);
	return CASE_OK;
}

static enum case_status
add_braces(struct message *m, const char *p, size_t n,
    const struct case_scope *scope, struct case_error *err)
{
	struct message_part *part = add_part(m);

	if (part == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].name) == n &&
		    memcmp(words[i].name, p, n) == 0) {
			part->word = words[i].word;
			return CASE_OK;
		}
	m->expr_n++;
	return case_expr_parse(&part->e, p, n, scope, err);
}

enum case_status
message_parse(struct message *m, const char *text,
    const struct case_scope *scope, struct case_error *err)
{
	enum case_status rc = CASE_OK;
	size_t n;

	*m = (struct message){ 0 };
	while (rc == CASE_OK && *text != '\0') {
		n = strcspn(text, "{}");
		rc = add_text(m, text, n, err);
		text += n;
		if (rc != CASE_OK || *text == '\0')
			break;
		n = strcspn(text + 1, "{}");
		if (*text == '}' || text[n + 1] != '}')
			return case_error_set(err, CASE_EUSAGE, 0,
			    _("a { without its }"));
		rc = add_braces(m, text + 1, n, scope, err);
		text += n + 2;
	}
	return rc;
}

void
message_free(struct message *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->part[i].text);
		case_expr_free(m->part[i].e);
	}
	free(m->part);
	*m = (struct message){ 0 };
}

/* --- values ----------------------------------------------------------- */

struct privacy {
	enum case_privacy worst;
};

/* Names may be read by those who audit; numbers of persons need not be. */
static void
note_privacy(void *arg, const struct case_rtype *rt, int field)
{
	struct privacy *p = arg;

	if (rt->field[field].privacy > p->worst)
		p->worst = rt->field[field].privacy;
}

static void
print_text(struct case_buf *out, const struct case_expr *e,
    const struct case_value *v)
{
	struct privacy p = { CASE_PRIVACY_NONE };

	case_expr_fields(e, note_privacy, &p);
	if (p.worst == CASE_PRIVACY_NAME)
		p.worst = CASE_PRIVACY_NONE;
	case_mask_value(out, p.worst, v->u.s.p, v->u.s.n);
}

static void
print_code(struct case_buf *out, const struct case_expr *e,
    const struct case_value *v, enum case_lang lang)
{
	const struct case_field *f;
	int code;

	if (e->node == CASE_NODE_FIELD && e->pseudo == CASE_PSEUDO_NONE) {
		f = &e->rt->field[e->field];
		if ((code = case_field_code(f, v->u.s.p, v->u.s.n)) >= 0) {
			case_buf_adds(out,
			    case_label(f->code[code].label, lang));
			return;
		}
	}
	print_text(out, e, v);
}

/* 200 rather than 200.00; 199.50 stays. */
static void
print_money(struct case_buf *out, const struct case_value *v)
{
	struct case_value yuan = { .type = CASE_INTEGER, .u.i = v->u.i / 100 };

	case_value_text(out, v->u.i % 100 == 0 ? &yuan : v);
}

void
message_value(struct case_buf *out, const struct case_expr *e,
    const struct case_value *v, enum case_lang lang)
{
	if (v->missing) {
		case_buf_adds(out, lang == CASE_ZH ? "（空）" : "(none)");
		return;
	}
	switch (v->type) {
	case CASE_TEXT:
		print_text(out, e, v);
		break;
	case CASE_CODE:
		print_code(out, e, v, lang);
		break;
	case CASE_MONEY:
		print_money(out, v);
		break;
	case CASE_FLAG:
		if (lang == CASE_ZH)
			case_buf_adds(out, v->u.i != 0 ? "是" : "否");
		else
			case_buf_adds(out, v->u.i != 0 ? "yes" : "no");
		break;
	default:
		case_value_text(out, v);
		break;
	}
}

void
message_print(struct case_buf *out, const struct message *m,
    const struct case_value *v, const char *const *word, enum case_lang lang)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct message_part *part = &m->part[i];

		if (part->text != NULL)
			case_buf_adds(out, part->text);
		else if (part->e == NULL)
			case_buf_adds(out,
			    word[part->word] ? word[part->word] : "");
		else
			message_value(out, part->e, v++, lang);
	}
}
