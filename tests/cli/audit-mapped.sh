#!/bin/sh
# A rule is not run where no source of the record had its field.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > full.csv << 'X'
案件编号,程序类型,立案日期,告知书送达日期,决定日期,罚款金额
B1,普通程序,2023-01-03,,2023-02-01,100
B2,普通程序,2023-01-03,2023-01-20,2023-02-01,100
X
cat > part.csv << 'X'
案件编号,程序类型,立案日期,决定日期,结案日期
B1,普通程序,2023-01-03,2023-02-01,2023-03-01
B3,普通程序,2023-01-03,2023-02-02,
X
sum() {
	case-audit -d "$S" -i XF-44 --today 2023-06-30 --summary -f csv "$@" |
		sed 1d | cut -d, -f4-9
}
# Without the column at all.
expect_exit 0 case-import -d "$S" -q part.csv
expect_eq "$(sum)" 0,0,0,0,0,2
# B1 gets it later, empty: now it was asked, and fails.
expect_exit 0 case-import -d "$S" -q full.csv
expect_eq "$(sum)" 2,1,1,0,0,1
# A later file without the column takes nothing back.
sed 's/2023-03-01/2023-03-02/' part.csv > later.csv
expect_exit 0 case-import -d "$S" -q later.csv
expect_eq "$(sum)" 2,1,1,0,0,1
# A value corrected by hand counts as asked.
expect_exit 0 case-import -d "$S" --correct case B3 告知书送达日期=2023-01-30 --reason x
expect_eq "$(sum)" 3,2,1,0,0,0
# So does one that the layout sets for every row.
echo '{ "type": "case", "columns": {}, "fixed": { "notice_served_on": "2023-01-20" } }' > set.json
rm -f "$S"*
expect_exit 0 case-import -d "$S" -q -l ./set.json part.csv
expect_eq "$(sum)" 2,2,0,0,0,0
finish
