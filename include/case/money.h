/* money.h - amounts: text to fen, checked arithmetic */
#ifndef CASE_MONEY_H
#define CASE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/error.h"

/*
 * Reads an amount into whole fen: digits with commas of any width, full-width
 * digits, ¥ ￥ 人民币 before, 元 圆 万元 万 亿元 亿 behind, 大写 (壹仟元整,
 * 伍佰元), 罚款人民币伍佰元整; a minus before it.
 *
 * scale	unit of a bare number in fen: 100 for yuan, 1000000 for 万元; a
 *		unit written in the text goes before it
 *
 * CASE_EDATA with the reason for anything else: 约600万, a third decimal of a
 * yuan that is not 0, 1E+5, an amount beyond +-9e18 fen.
 */
enum case_status case_money_parse(int64_t *fen, const char *p, size_t n,
    int64_t scale, struct case_error *err);

/* A plain decimal number ("1,234.50", full width too) to a double. */
enum case_status case_number_parse(double *d, const char *p, size_t n,
    struct case_error *err);
/* A whole number in [min, max]: the one function that turns text into one. */
enum case_status case_integer_parse(int64_t *i, const char *p, size_t n,
    int64_t min, int64_t max, struct case_error *err);

/* false on overflow; *sum is then untouched. */
bool case_money_add(int64_t *sum, int64_t fen);

#endif
