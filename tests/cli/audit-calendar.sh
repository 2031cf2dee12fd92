#!/bin/sh
# Limits in working days: holidays count, and years without a calendar are undecided.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > in.csv << 'X'
案件编号,决定日期,送达日期,送达方式
N1,2023-09-28,2023-10-13,直接送达
N2,2023-09-28,2023-10-14,直接送达
N3,2023-09-28,2023-12-14,公告送达
N4,2026-12-28,2027-01-05,直接送达
N5,2022-12-28,2022-12-28,
X
expect_exit 0 case-import -d "$S" -q in.csv
expect_exit 1 case-audit -d "$S" -i XF-61 --today 2027-02-01 -f csv
expect_eq "$(sed 1d out | cut -d, -f4,8,9)" \
	'N2,2023-10-13,决定2023-09-28起7个工作日，应不迟于2023-10-13送达，实际2023-10-14送达'
expect_err '2027'
expect_exit 1 case-audit -d "$S" -i XF-61 --today 2027-02-01 --summary
expect_has out '##meta	note' 2027
expect_eq "$(body out | sed 1d | cut -f4-8)" '4	2	1	1	0'

# 15 days to pay end on a day off: the next working day, unless told otherwise.
printf '案件编号,决定日期,送达日期,缴款日期,罚款金额\nP1,2023-09-15,2023-09-15,2023-10-07,500\n' > pay.csv
case-import -n -q pay.csv > pay
expect_exit 0 case-audit -i XF-67 pay
expect_eq "$(body out | wc -l)" 1
expect_exit 0 case-audit -i XF-67 --set limit.rollover=false pay
expect_has out '应不迟于2023-09-30缴纳罚款500元，实际2023-10-07缴纳'
finish
