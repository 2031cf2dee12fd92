#!/bin/sh
# The figures that a published report stands on come out to the digit, and its one wrong percentage comes out nowhere.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"
need python3
need_shared tools/gen_report_000

"$CASE_SHARED/tools/gen_report_000" > report.csv || fail gen_report_000
expect_exit 0 case-import -q -d "$S" report.csv

# is FILE KEY WANT: the row whose cells begin with KEY has these figures,
# ratios to four places.
is() {
	got=$(awk -F '\t' -v key="$2" '
	substr($0, 1, length(key) + 1) == key "\t" || key == "" {
		$0 = key == "" ? $0 : substr($0, length(key) + 2)
		printf "%d %.2f %.4f %.4f\n", $1, $2, $3, $4
	}' "$1")
	expect_eq "$got" "$3" "$2"
}
ask="-m cases,fines,cases:yoy,fines:yoy -p 2023H1 --today 2023-07-01 -f case"
case-stat -d "$S" -b procedure,act $ask > acts.case || fail 'case-stat'
cells '*' acts.case procedure act cases fines cases:yoy fines:yoy > acts
is acts '普通程序	未按规定处置建筑垃圾' '932 2377200.00 0.5585 0.2540'
is acts '简易程序	人行道违法停放机动车' '7666 1035200.00 -0.6170 -0.6130'
is acts '简易程序	擅自占用城市道路' '1788 47500.00 0.4525 0.3049'
case-stat -d "$S" -b procedure $ask > procedures.case || fail 'case-stat'
cells '*' procedures.case procedure cases fines cases:yoy fines:yoy > procedures
is procedures 普通程序 '932 2377200.00 0.5585 0.2540'
is procedures 简易程序 '9454 1082700.00 -0.5550 -0.6007'
case-stat -d "$S" $ask > all.case || fail 'case-stat'
cells '*' all.case cases fines cases:yoy fines:yoy > all
is all '' '10386 3459900.00 -0.5246 -0.2490'
case-stat -d "$S" -w "procedure = '简易程序'" $ask > simple.case
cells '*' simple.case cases fines cases:yoy fines:yoy > simple
is simple '' '9454 1082700.00 -0.5550 -0.6007'

# -15 % is what the report said of 简易程序.
cat acts procedures all simple | awk -F '\t' '{
	for (i = 1; i <= NF; i++)
		if ($i < -0.1495 && $i > -0.1505)
			print
}' > wrong
expect_eq "$(cat wrong)" '' 'a figure of -0.15'
for format in csv md html txt json; do
	case-stat -d "$S" -b procedure,act $(echo "$ask" | sed 's/-f case//') -f $format > out
	expect_not out -15% -15.0 -0.15
done

# The same from the stream, half a year as dates, and by the shares.
case-import -n -q report.csv | case-stat -b procedure,act $ask - > stream.case
body acts.case > want
body stream.case > got
expect_same want got
case-stat -d "$S" -b procedure -m cases,fines,cases:yoy,fines:yoy \
	-p 2023-01-01..2023-06-30 --today 2023-07-01 -f case > dates.case
cells '*' dates.case procedure cases fines cases:yoy fines:yoy > got
expect_same procedures got
case-stat -d "$S" -b act -m cases:share -p 2023H1 -w "procedure = '简易程序'" -f case > share.case
cells '*' share.case act cases:share | awk -F '\t' '{printf "%s %.4f\n", $1, $2}' > out
expect_has out '人行道违法停放机动车 0.8109' '擅自占用城市道路 0.1891'

# On-the-spot cases are not filed: they count by the day of decision, and
# filed counts only the others.
sed '/简易程序/s/^\(\([^,]*,\)\{6\}\)[^,]*,/\1,/' report.csv > unfiled.csv
rm -f "$S"*
case-import -q -d "$S" unfiled.csv
case-stat -d "$S" -b procedure -m cases,filed,decided,fines -p 2023H1 \
	--today 2023-07-01 -f case > filed.case
cells '*' filed.case procedure cases filed decided fines > out
expect_has out '普通程序	932	932	932	2377200.00'
grep -qE '^简易程序	9454	0?	9454	1082700.00' out || fail "$(cat out)"
case-stat -d "$S" -m cases,filed -p 2023H1 --today 2023-07-01 -f case > filed.case
expect_eq "$(cells '*' filed.case cases filed | joined)" '10386 932'
finish
