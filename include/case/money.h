/* money.h - amounts: text to fen, checked arithmetic */
#ifndef CASE_MONEY_H
#define CASE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "case/error.h"

/*
 * Reads an amount into whole fen: digits with a comma before every third, full-
 * width digits, ¥ ￥ 人民币 罚款 before, 元 圆 万元 万 亿元 亿 角 分 behind,
 * Chinese numerals of both kinds (一百二十元, 壹仟元整, 玖角伍分, 1亿2000万);
 * a minus before it. The arithmetic is exact.
 *
 * scale	unit of a bare number in fen: 100 for yuan, 1000000 for 万元; a
 *		unit written in the text (元 万 亿 角 分) goes before it
 * fen		out; untouched on failure
 *
 * CASE_EDATA with the reason (without the text, which may be private) for
 * anything else: 约600万, a third decimal of a yuan that is not 0, 3.3E+17,
 * another currency, an amount beyond +-9e18 fen, and numerals that are read in
 * two ways (三万五, 一百二, 三五百).
 */
enum case_status case_money_parse(int64_t *fen, const char *p, size_t n,
    int64_t scale, struct case_error *err);

/*
 * A plain decimal number ("1,234.50", full width too, a sign before it) to the
 * nearest double, in every locale. No exponent: a number with one in an export
 * was ruined by a spreadsheet.
 */
enum case_status case_number_parse(double *d, const char *p, size_t n,
    struct case_error *err);
/*
 * A whole number in [min, max]: the one function that turns text into one.
 * Commas, full width and decimals that are 0 (12.0) as above.
 */
enum case_status case_integer_parse(int64_t *i, const char *p, size_t n,
    int64_t min, int64_t max, struct case_error *err);

/* false on overflow; *sum is then untouched. */
bool case_money_add(int64_t *sum, int64_t fen);

#endif
