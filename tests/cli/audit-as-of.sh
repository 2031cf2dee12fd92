#!/bin/sh
# --as-of answers from what had been imported by the end of that day.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > first.csv << 'X'
案件编号,程序类型,立案日期,决定日期
S1,普通程序,2023-01-03,
X
cat > second.csv << 'X'
案件编号,程序类型,立案日期,决定日期
S1,普通程序,2023-01-03,2023-03-01
S2,普通程序,2023-01-03,2023-05-01
X
# 1 February and 2 May 2023.
SOURCE_DATE_EPOCH=1675209600 case-import -d "$S" -q first.csv
SOURCE_DATE_EPOCH=1682985600 case-import -d "$S" -q second.csv
keys() {
	case-audit -d "$S" -i XF-60 --today 2023-06-30 -f csv "$@" |
		sed 1d | cut -d, -f4 | tr '\n' ' '
}
expect_eq "$(keys)" 'S2 '
expect_eq "$(keys --as-of 2023-02-01)" 'S1 '
expect_eq "$(keys --as-of 2023-05-02)" 'S2 '
expect_eq "$(keys --as-of 2023-01-31)" ''
expect_exit 2 case-audit -d "$S" --as-of someday
finish
