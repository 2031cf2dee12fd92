#!/bin/sh
# A first-offence exemption fails behind an earlier decision within the years set.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > in.csv << 'X'
案件编号,案由,证件号码,决定日期,是否首违免罚
F1,占道经营,91330702MA2D1X34XE,2021-06-01,否
F2,占道经营,91330702MA2D1X34XE,2023-05-31,是
F3,占道经营,91330702MA2D1X34XE,2023-06-01,是
F4,占道经营,92330702MA2E5Y679A,2023-06-01,是
F5,占道经营,92330702MA2E5Y679A,2023-06-01,否
F6,乱倒垃圾,11330702002620019M,2022-01-01,否
F7,乱倒垃圾,11330702002620019M,2024-01-01,是
F8,乱倒垃圾,11330702002620019M,2024-01-02,是
X
expect_exit 0 case-import -d "$S" -q in.csv
expect_exit 0 case-audit -d "$S" -i XF-33b
expect_exit 1 case-audit -d "$S" -i XF-33b --set exempt.window_years=2 -f csv
# F1, older than the law, is still an earlier case; the same day is not
# earlier, and exactly two years are within.
expect_eq "$(sed 1d out | cut -d, -f4 | tr '\n' ' ')" 'F2 F3 F7 F8 '
expect_has out '2023-05-31以首次违法不予处罚，但2年内已有同一事项“占道经营”的决定：F1、F3'
expect_exit 1 case-audit -d "$S" -i XF-33b --set exempt.window_years=1 -f csv
expect_eq "$(sed 1d out | cut -d, -f4 | tr '\n' ' ')" 'F3 F8 '
finish
