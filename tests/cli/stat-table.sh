#!/bin/sh
# Tables keep every record: missing values have a row, margins are the sums, units come in their order.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > units.csv <<'CSV'
单位编码,单位名称,单位类型,上级单位,排序,执法人员数
U1,城西中队,中队,直属大队,1,10
U2,城东中队,中队,直属大队,2,20
U3,白石镇,镇街,白石片区,3,5
U4,新设中队,中队,直属大队,4,0
CSV
cat > cases.csv <<'CSV'
案件编号,程序类型,执法单位,立案日期,决定日期,罚款金额,网格
A1,普通程序,城东中队,2023-01-05,2023-01-06,100,甲
A2,普通程序,城西中队,2023-02-05,2023-02-06,2000,甲
A3,简易程序,城东中队,2023-02-07,2023-02-07,50,乙
A4,,白石镇,2023-03-07,2023-03-07,6000,乙
A5,简易程序,,2023-03-08,2023-03-08,,
A6,简易程序,无名中队,2023-03-09,2023-03-10,0,丙
CSV
case-import -q -d "$S" -t unit units.csv || fail 'case-import units'
case-import -q -d "$S" cases.csv || fail 'case-import cases'

says() {
	want=$1
	shift
	case-stat -d "$S" --today 2023-12-31 "$@" > out.case 2> err ||
		fail "case-stat $*: $(cat err)"
	expect_eq "$(body out.case | tr '\t' ' ')" "$want" "$*"
}
# Units in their order, then those without, the missing one last.
says 'unit cases fines
城西中队 1 2000.00
城东中队 2 150.00
白石镇 1 6000.00
无名中队 1 0.00
（空） 1 0.00' -b unit -m cases,fines
says 'unit cases
城西中队 1
城东中队 2
白石镇 1
新设中队 0
无名中队 1
（空） 1' -b unit -m cases --all-units
says 'unit/parent cases cases:per_officer
直属大队 3 0.1
白石片区 1 0.2
（空） 2 ' -b unit/parent -m cases,cases:per_officer
says 'unit/kind cases
中队 3
镇街 1
（空） 2' -b unit/kind -m cases
says 'cases:per_officer cases:per_officer_month
0.17142857142857143 0.05714285714285714' -m cases:per_officer,cases:per_officer_month -p 2023Q1
# A cross table with its margins.
says 'unit 普通程序 简易程序 （空） 合计
城西中队 1 0 0 1
城东中队 1 1 0 2
白石镇 0 0 1 1
无名中队 0 1 0 1
（空） 0 1 0 1
合计 2 3 1 6' -b unit -c procedure -m cases
says 'month 普通程序/cases 普通程序/fines 简易程序/cases 简易程序/fines （空）/cases （空）/fines 合计/cases 合计/fines
2023-01 1 100.00 0 0.00 0 0.00 1 100.00
2023-02 1 2000.00 1 50.00 0 0.00 2 2050.00
2023-03 0 0.00 2 0.00 1 6000.00 3 6000.00
合计 2 2100.00 3 50.00 1 6000.00 6 8150.00' -b month -c procedure -m cases,fines
says '2023-01 2023-02 2023-03 合计
1 2 3 6' -c month -m cases
# Bins, other columns, several dimensions, an expression.
says 'fine/100:1000:5000 rows rows:share
不满100 2 0.3333333333333333
100至不满1000 1 0.16666666666666666
1000至不满5000 1 0.16666666666666666
5000以上 1 0.16666666666666666
（空） 1 0.16666666666666666' -b fine/100:1000:5000 -m rows,rows:share
says 'extra:网格 rows
丙 1
乙 2
甲 2
（空） 1' -b extra:网格 -m rows
says 'procedure month cases
普通程序 2023-01 1
普通程序 2023-02 1
简易程序 2023-02 1
简易程序 2023-03 2
（空） 2023-03 1' -b procedure,month -m cases
says 'filed_on/quarter decided
2023Q1 6' -b filed_on/quarter -m decided
# Sorted, cut, totalled, in English.
says 'unit fines
白石镇 6000.00
城西中队 2000.00
合计 8150.00' -b unit -m fines --sort fines --top 2 --total
says 'unit cases
城西中队 1
白石镇 1
无名中队 1
（空） 1
城东中队 2' -b unit -m cases --sort -cases
says 'procedure cases
ordinary 2
simple 3
(blank) 1
total 6' -b procedure -m cases --lang en --total
says 'unit cases:rank
城西中队 2
城东中队 1
白石镇 2
无名中队 2
（空） 2' -b unit -m cases:rank

# Distinct counts don't add up, and the table says so.
says 'procedure items
普通程序 0
简易程序 0
（空） 0
合计 0' -b procedure -m items --total
cat > items.csv <<'CSV'
案件编号,程序类型,事项编码,立案日期
B1,普通程序,X1,2023-01-05
B2,简易程序,X1,2023-02-05
CSV
case-import -n -q items.csv > items.case
case-stat -b procedure -m items --total items.case > out.case
expect_eq "$(body out.case | tr '\t\n' '  ')" \
	'procedure items 普通程序 1 简易程序 1 合计 1 '
grep -q '^##meta	note	items ' out.case || fail 'no note on the total'
# The same from a pipe, in which the units come with the cases.
case-import -n -q -t unit units.csv > piped.case
case-import -n -q cases.csv >> piped.case
for ask in '-b unit -m cases,fines --all-units' '-b unit -c procedure -m cases' \
	'-b extra:网格,month -m rows' '-b unit/kind -m rows' '-b fine/100:1000 -m rows:share'; do
	case-stat -d "$S" $ask > stored.out 2> err || fail "$ask: $(cat err)"
	case-stat $ask - < piped.case > piped.out 2> err || fail "$ask: $(cat err)"
	body stored.out > stored.body
	body piped.out > piped.body
	expect_same stored.body piped.body
done
# A stream without cases needs no -t; persons are masked among dimensions.
case-import -n -q -t unit units.csv | case-stat -b kind -m units - > out.case
expect_eq "$(body out.case | tr '\t\n' '  ')" 'kind units 中队 3 镇街 1 '
printf '案件编号,联系电话,立案日期\nC1,13800138000,2023-01-05\n' > phone.csv
case-import -n -q phone.csv | case-stat -b party_phone -m rows -f csv - > out.csv
grep -q 13800138000 out.csv && fail 'a telephone number is printed'

# Of all records nothing is lost.
for by in unit procedure fine/50:100 month extra:网格 unit/kind officer1; do
	sum=$(case-stat -d "$S" -b $by -m rows -f tsv | sed 1d |
		awk -F '\t' '{ n += $2 } END { print n }')
	expect_eq "$sum" 6 "rows by $by"
done
finish
