/* stat_int.h - what the files of the statistics engine share */
#ifndef WORK_STAT_INT_H
#define WORK_STAT_INT_H

#include "case/expr.h"
#include "case/stat.h"
#include "case/words.h"

/*
 * How a table comes about. A measure is one aggregate over one population, or
 * a quotient of two (struct part). Its modifiers make a tree (struct node)
 * whose leaves are slots: a part, asked in one window of time. A window is
 * named by the chain of what leads to it from the period asked for, one letter
 * a step: "" is the period, "y" the year before, "yp" what came before that.
 * Slots of the same population and window are answered by one query; its
 * groups are kept as keys, one number a dimension. A cell of the table is the
 * value of a node at a key.
 */

#define STAT_DIMS 8
/* The key of a dimension that is not divided by: a total. */
#define STAT_ALL UINT32_MAX

/* --- dimensions (dim.c) -------------------------------------------------- */

/*
 * text		its name, as in the table's column
 * source	the expression it groups by; NULL: a grain of the measure's date
 * grain	of a date; NONE: none
 * edges	100:1000:5000, of bins; or NULL
 * field	a coded field, for labels; or NULL
 * privacy	what its values say of a person
 * unit		values are names of units: they come in the units' order
 * office	values are units or persons (Art. 74)
 * number	values are ordered as numbers
 * value	by key, from 1; a grain's is the first day of the piece
 * order	by key: the unit's order, INT64_MAX: none
 */
struct dim {
	char *text;
	char *label;
	char *source;
	enum case_grain grain;
	char *edges;
	const struct case_field *field;
	enum case_privacy privacy;
	bool unit;
	bool office;
	bool number;
	struct case_words *words;
	struct case_value *value;
	int64_t *order;
	uint32_t value_n, value_cap;
	struct case_buf scratch;
};

/* --- populations and slots (part.c, population.c) ------------------------- */

enum additive {
	ADDITIVE_NONE,	   /* means, quantiles: a total needs a query */
	ADDITIVE_DISTINCT, /* usually adds up, but a total needs a query */
	ADDITIVE_SUM	   /* a total is the sum of its parts */
};

/*
 * One aggregate over one population.
 *
 * rt		NULL when the store has no records of type
 * expr, date, where	as text; date NULL: not dated; where may be NULL
 * population	type, date and where in one: what a query is shared by
 * dates	date is the type's own: the first present of several
 * dims		which dimensions its type has: bit i for dimension i
 * lacks	why there are no figures, in words; or NULL
 */
struct part {
	const struct case_rtype *rt;
	char *type;
	char *expr;
	char *date;
	char *where;
	char *population;
	struct case_expr *aggregate;
	enum additive additive;
	bool dates;
	uint32_t dims;
	char *lacks;
};

/* How a part is to be made: as a measure file says it, NULL: it does not. */
struct part_spec {
	const char *type;
	const char *expr;
	const char *date;
	bool undated;
	const char *where;
	const char *setting; /* a setting that holds a condition */
};

struct cell {
	struct case_value v;
	bool known;
};

/*
 * rows		its groups are rows of the table: no base of comparison
 * nowhere	bit i: for stat.mask[i] its chain leads to no period
 * cell		by number of the key; as many as are known
 * done		bit i: answered for stat.mask[i]
 */
struct slot {
	size_t part;
	char *chain;
	bool rows;
	uint32_t nowhere;
	struct cell *cell;
	size_t cell_n;
	uint32_t done;
};

/* --- measures and modifiers (measure.c, modifier.c) ---------------------- */

enum modifier {
	MOD_YOY,
	MOD_PREV,
	MOD_VS,
	MOD_YTD,
	MOD_CUM,
	MOD_SHARE,
	MOD_RANK,
	MOD_TARGET,
	MOD_PER_MONTH,
	MOD_PER_OFFICER,
	MOD_PER_OFFICER_MONTH,
	MOD_NONE
};

/*
 * A definition: one part, or a numerator and a denominator.
 *
 * text, date	as asked for: what it is found by again; date may be NULL
 * num, den	indices into case_stat.part; den only when ratio
 * money	it speaks of fines or of what was confiscated (Art. 74)
 */
struct measure {
	char *text, *date;
	char *name;
	char *label[2];
	char *unit;
	char *about[2];
	char *source;
	enum case_type type;
	bool ratio;
	bool money;
	size_t num, den;
};

enum node_op { NODE_SLOT, NODE_RATIO, NODE_MODIFIER };

/* a: the operand, or numerator; b: the base, or denominator, or NULL. */
struct node {
	enum node_op op;
	enum modifier modifier;
	enum case_type type;
	size_t slot;
	char *chain;
	const struct measure *measure;
	struct node *a, *b;
};

/* A measure with its modifiers; with -c a column for each value. */
struct column {
	char *name;
	char *label;
	char *unit;
	char *num, *den; /* the columns of -v it is made of, by name */
	struct node *node;
	bool bar;
};

/* --- keys ---------------------------------------------------------------- */

/* Tuples of dim_n numbers, each held once. */
struct keys {
	uint32_t *tuple;
	size_t n, cap;
	uint32_t *table; /* open addressing, number + 1 */
	size_t table_n;
};

/* A record of type unit, sorted by name. INT64_MIN, INT64_MAX: no such day. */
struct unit {
	char *name;
	char *parent;
	char *kind;
	int64_t order;	  /* INT64_MAX: none */
	int64_t officers; /* 0: not known */
	int64_t since, until;
};

/* A record of type target. */
struct target {
	char *unit; /* or NULL */
	char *measure;
	struct case_period period;
	double value;
};

/* Full, without the last dimension, the total of each column, of all. */
#define STAT_MASKS 4

struct case_stat {
	struct case_store *st;
	struct case_share *sh;
	struct case_stat_request rq;
	const struct case_rtype *rt;
	struct case_scope scope; /* of rt, with aggregates */
	struct case_period period, base;
	bool has_base;
	bool used_today;

	struct dim dim[STAT_DIMS];
	size_t dim_n; /* by, then across */
	bool across;  /* the last dimension becomes columns */
	uint32_t own; /* bits: grains of each measure's own date */

	char **names; /* of all measure files */
	struct measure **measure;
	size_t measure_n;
	struct part **part;
	size_t part_n;
	struct slot *slot;
	size_t slot_n;
	struct column *column;
	size_t column_n;

	uint32_t mask[STAT_MASKS];
	size_t mask_n;
	struct keys keys;
	bool *row; /* by number of the key: it is a row of the table */
	size_t row_cap;

	struct unit *unit;
	size_t unit_n;
	struct target *target;
	size_t target_n;
	bool targets_read;

	char **note;
	size_t note_n;
};

/* util.c: text into memory of its own; NULL when there is none. */
char *stat_dup(const char *p, size_t n);
char *stat_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Room for one more element of an array that holds n; it grows by doubling. */
bool stat_grow(void *array, size_t n, size_t size);
/* Puts the option's name before the message of a failure; returns rc. */
enum case_status stat_about(enum case_status rc, const char *option,
    struct case_error *err);
/* Adds a note (##meta note), once. */
enum case_status stat_note(struct case_stat *s, struct case_error *err,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/*
 * The next element of a list, cut at sep outside brackets and quotes; false
 * at the end. Blanks around it are left out.
 */
bool stat_list_next(const char **list, char sep, struct case_str *item);
/* "; did you mean A?" for the nearest of names, or "". */
void stat_nearest(struct case_buf *out, const char *word, size_t n,
    char *const *names);

/* dim.c */
enum case_status stat_dims(struct case_stat *s, struct case_error *err);
void stat_dim_free(struct dim *d);
/* The expression by which a part groups along a dimension, as text. */
void stat_dim_source(const struct case_stat *s, const struct dim *d,
    const struct part *p, struct case_buf *out);
/* The key of a group's value; of a grain's first day with stat_dim_day. */
enum case_status stat_dim_key(struct case_stat *s, struct dim *d,
    const struct case_value *v, uint32_t *key, struct case_error *err);
enum case_status stat_dim_day(struct case_stat *s, struct dim *d, int64_t day,
    uint32_t *key, struct case_error *err);

/* dimkey.c */
/* Orders two keys of a dimension; missing ones come last. */
int stat_dim_compare(const struct dim *d, uint32_t a, uint32_t b);
/* What stands in the table: labels, （空） for a missing one. */
void stat_dim_text(const struct case_stat *s, const struct dim *d, uint32_t key,
    struct case_buf *out);
/* The tuple that a chain leads to; false: there is none (week 53). */
bool stat_shift(struct case_stat *s, const char *chain, const uint32_t *from,
    uint32_t *to);
/* The finest grain among some dimensions; NONE: there is none. */
enum case_grain stat_finest(const struct case_stat *s, uint32_t mask);
/* The dimension of the finest known piece of a tuple; NULL: there is none. */
const struct dim *stat_piece(const struct case_stat *s, const uint32_t *tuple);

/* keys.c */
enum case_status stat_keys_add(struct keys *k, const uint32_t *tuple, size_t n,
    size_t *index, struct case_error *err);
bool stat_keys_find(const struct keys *k, const uint32_t *tuple, size_t n,
    size_t *index);
void stat_keys_free(struct keys *k);

/* units.c: records of types unit and target, where the store has them. */
enum case_status stat_units(struct case_stat *s, struct case_error *err);
/* A unit's order, or the first of those below it; INT64_MAX: none. */
int64_t stat_unit_order(const struct case_stat *s, const char *p, size_t n);
const struct unit *stat_unit(const struct case_stat *s, const char *p,
    size_t n);
enum case_status stat_targets(struct case_stat *s, struct case_error *err);
void stat_units_free(struct case_stat *s);

/* part.c */
enum case_status stat_part(struct case_stat *s, const struct part_spec *spec,
    size_t *part, struct case_error *err);
void stat_part_free(struct part *p);
/* The date of a type: the first present of its dates; NULL: it has none. */
char *stat_type_date(const struct case_rtype *rt);

/* measure.c: by name, label or as an expression; owned by s. */
enum case_status stat_measure(struct case_stat *s, struct case_str text,
    struct case_str date, const struct measure **m, struct case_error *err);
void stat_measure_free(struct measure *m);

/* modifier.c */
struct stat_modifier {
	const char *name;
	const char *label[2];
};
const struct stat_modifier *stat_modifier(enum modifier m);
enum case_status stat_columns(struct case_stat *s, struct case_error *err);
void stat_column_free(struct column *c);

/* window.c */
/* The period that a chain leads to; false: there is none. */
bool stat_chain(const struct case_stat *s, const char *chain,
    const struct case_period *from, struct case_period *out);
/* The same for a table that is divided into pieces of grain; NONE: it's not. */
bool stat_chain_pieces(const struct case_stat *s, enum case_grain grain,
    const char *chain, struct case_period *out);
/* The period that a cell is about. */
bool stat_cell_period(const struct case_stat *s, const uint32_t *tuple,
    const char *chain, struct case_period *out);
/* One piece of the table's period, cut where the period begins and ends. */
void stat_cut_piece(const struct case_stat *s, enum case_grain grain,
    int64_t start, struct case_period *out);

/* population.c */
enum case_status stat_slot(struct case_stat *s, size_t part, const char *chain,
    bool rows, size_t *slot, struct case_error *err);
/* Asks the store for all slots, for every mask. */
enum case_status stat_run(struct case_stat *s, struct case_error *err);
void stat_slot_value(struct case_stat *s, size_t slot, const uint32_t *key,
    struct case_value *v);

/* cells.c */
/*
 * The values of a node at row_n tuples; from total_at on they are totals,
 * which are no part of shares, ranks and running sums.
 */
enum case_status stat_eval(struct case_stat *s, const struct node *node,
    const uint32_t *tuple, size_t row_n, size_t total_at,
    struct case_value *out, struct case_error *err);

/* describe.c: name, title, period and metas of the table. */
enum case_status stat_describe(struct case_stat *s, struct case_table *t,
    struct case_error *err);

/* statrows.c: the cells as a table. */
enum case_status stat_table(struct case_stat *s, struct case_writer *w,
    struct case_error *err);

#endif
