#!/bin/sh
# XF-42 wants two different certificates, in two columns or in one cell.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > two.csv << 'X'
案件编号,立案日期,执法证号1,执法证号2
T1,2023-01-01,Z1,Z2
T2,2023-01-01,Z3,
T3,2023-01-01,Z4,Z4
T4,2020-01-01,Z4,Z4
X
cat > one.csv << 'X'
案件编号,立案日期,执法人员,执法证号
U1,2023-01-01,张三、李四,Z1、Z2
U2,2023-01-01,王五,Z3
X
cat > names.csv << 'X'
案件编号,立案日期,执法人员
V1,2023-01-01,张三、李四
X
expect_exit 0 case-import -d "$S" -q two.csv one.csv names.csv
expect_exit 1 case-audit -d "$S" -i XF-42 -f csv
expect_eq "$(sed 1d out | cut -d, -f4 | tr '\n' ' ')" 'T2 T3 U2 '
expect_has out 执法证号1为Z3，执法证号2为（空）
expect_exit 1 case-audit -d "$S" -i XF-42 --summary -f csv
expect_eq "$(sed 1d out | cut -d, -f4-9)" 5,2,3,0,0,1
finish
