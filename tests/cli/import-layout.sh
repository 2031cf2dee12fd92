#!/bin/sh
# A layout says how dates are ordered and what every row has; without it nothing is guessed, and what it can't mean is refused.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

# layout [COLUMNS] [REST]: my.json of type case, in which No is the number.
layout() {
	printf '{ "type": "case", "columns": { "No": "case_no"%s }%s }' \
		"${1:+, $1}" "${2:+, $2}" > my.json
}
# refused TEXT FILE: with both names, before anything is stored.
refused() {
	rm -f "$S"*
	expect_exit 2 case-import -d "$S" -l ./my.json "$2"
	expect_err "$1"
	[ ! -e "$S" ] || fail "stored: $1"
}

# The same cells in each order; what the order can't mean stays text.
cat > dates.csv <<'END'
No,Day
A1,01/02/2023
A2,1/2/2023 11:59:59 PM
A3,13/45/2023
A4,14-3-2025
A5,2023-04-05
A6,3/14/25
END
cat > want.none <<'END'
A1			01/02/2023
A2			1/2/2023 11:59:59 PM
A3			13/45/2023
A4			14-3-2025
A5	2023-04-05	2023-04-05T00:00:00	
A6			3/14/25
END
cat > want.mdy <<'END'
A1	2023-01-02	2023-01-02T00:00:00	
A2	2023-01-02	2023-01-02T23:59:59	
A3			13/45/2023
A4			14-3-2025
A5	2023-04-05	2023-04-05T00:00:00	
A6			3/14/25
END
sed 's/2023-01-02/2023-02-01/g; s/^A4.*/A4	2025-03-14	2025-03-14T00:00:00	/' \
	want.mdy > want.dmy
cp want.none want.ymd
for order in none ymd mdy dmy; do
	key=
	[ $order = none ] || key=", \"order\": \"$order\""
	rm -f "$S"* time.db*
	layout "\"Day\": { \"field\": \"filed_on\"$key }"
	expect_exit 0 case-import -d "$S" -l ./my.json dates.csv
	expect_has err "$(grep -c '[^	]$' want.$order) warnings"
	# A time of the same cells.
	cat > incident.json <<END
{ "type": "incident", "columns": { "No": "incident_no",
	"Day": { "field": "reported_at"$key } } }
END
	expect_exit 0 case-import -d time.db -l ./incident.json dates.csv
	case-export -d time.db -t incident -f case > time.case
	cells '*' time.case reported_at > times
	case-export -d "$S" -t case -f case > day.case
	cells '*' day.case case_no filed_on > days
	cells '*' day.case extra | sed 's/.*"filed_on!":"//; s/".*//' > raw
	paste days times raw > got.$order
	expect_same want.$order got.$order
	# --explain and --layout-out know it.
	expect_exit 0 case-import --explain -f case -l ./my.json --layout-out out.json dates.csv
	expect_eq "$(cells columns out header parsed | awk '$1 == "Day" { print $2 * 6 }')" \
		"$(grep -c '	$' want.$order)"
	if [ $order = none ]; then
		expect_not out.json order
	else
		expect_has out.json "\"order\": \"$order\""
	fi
done
expect_exit 0 case-import -d "$S" --check

# Unknown orders, and orders of what is no date: with file and place.
layout '"Day": { "field": "filed_on", "order": "myd" }'
refused "layout './my.json', column 'Day': not ymd, mdy or dmy: order 'myd'" dates.csv
layout '"Day": { "field": "name", "order": "mdy" }'
refused "layout './my.json', column 'Day': no field of dates has an 'order'" dates.csv

# What every row has: typed as from a cell, in the table of -n, in the store,
# in what is explained and saved.
printf 'No,案件名称\nA1,甲\n,乙\nA3,丙\n' > in.csv
layout '' '"fixed": { "procedure": "一般程序", "town": "云门镇", "fine": "1.5万元", "officer1": "张三、李四", "party_phone": "13800000000" }'
fixed='procedure town fine officer1 officer2'
is='普通程序	云门镇	15000.00	张三	李四'
expect_exit 1 case-import -d "$S" --rejects r.csv -l ./my.json in.csv
expect_eq "$(stored case_no $fixed)" "$(printf 'A1\t%s\nA3\t%s' "$is" "$is")"
expect_not r.csv 云门镇
expect_eq "$(rejects line raw)" "3	,乙"
expect_exit 0 case-import -d "$S" --trace case A3 -f case
expect_eq "$(cells '*' out _raw)" A3,丙
expect_exit 0 case-import -d "$S" --check
expect_exit 1 case-import -n -q -l ./my.json in.csv
expect_eq "$(cells case out case_no $fixed)" "$(printf 'A1\t%s\nA3\t%s' "$is" "$is")"
cp out piped.case
expect_exit 0 case-stat -b town -m cases,fines -p all -f case piped.case
expect_eq "$(cells '*' out town cases fines | sed q)" '云门镇	2	30000.00'
expect_exit 0 case-import --explain -f case -l ./my.json --layout-out out.json in.csv
expect_eq "$(cells columns out header field values parsed example1 | tail -n 5)" \
	'	procedure	2	1	一般程序
	town	2	1	云门镇
	fine	2	1	1.5万元
	officer1	2	1	张三、李四
	party_phone	2	1	138****0000'
rm -f saved.db*
expect_exit 1 case-import -d saved.db -l ./out.json in.csv
expect_exit 0 case-export -d "$S" -t case -f csv --unmask party_phone --reason test
cut -d , -f 1-80 out | sed 's/in.csv.*//' > one
expect_exit 0 case-export -d saved.db -t case -f csv --unmask party_phone --reason test
sed 's/in.csv.*//' out | cut -d , -f 1-80 > two
expect_same one two
# Edited under its name it is another layout, and its values are changes.
sed 's/云门镇/城中街道/' my.json > x && mv x my.json
expect_exit 1 case-import -d "$S" -l ./my.json in.csv
expect_eq "$(counts)" '3 0 2 0 1 0'
expect_eq "$(where "town = '城中街道'")" 'A1 A3'
expect_exit 0 case-import -d "$S" --undo 2
expect_eq "$(where "town = '云门镇'")" 'A1 A3'
# It may be part of what names a record, and comes in JSON and in every sheet.
cat > key.json <<'END'
{ "type": "case", "columns": { "No": "case_no" },
	"fixed": { "town": "云门镇" }, "key": ["town", "case_no"] }
END
printf '{"No":"A1"}\n{"No":"A2","案件名称":"甲"}\n' > in.jsonl
rm -f "$S"*
expect_exit 0 case-import -d "$S" -l ./key.json in.jsonl
expect_exit 0 case-import -d "$S" -l ./key.json in.csv --max-rejects 1
expect_eq "$(counts)" '3 1 1 0 1 0'
expect_eq "$(where "town = '云门镇'")" 'A1 A2 A3'

# Refused: a column of the layout or of the file beside it, a field that is
# none, a value that says nothing or can't be read.
layout '"镇": "town"' '"fixed": { "town": "云门镇" }'
refused "layout './my.json', fixed field 'town': column '镇' is read as it too" in.csv
layout '' '"fixed": { "twon": "云门镇" }'
refused "layout './my.json', fixed field 'twon': no such field" in.csv
layout '' '"fixed": { "procedure": "快速办理" }'
refused "layout './my.json', fixed field 'procedure': not a value of the list" in.csv
layout '' '"fixed": { "filed_on": "2023-02-30" }'
refused "fixed field 'filed_on': there is no such day" in.csv
layout '' '"fixed": { "town": "无" }'
refused "fixed field 'town': its value says nothing" in.csv
layout '' '"fixed": { "town": "云门镇" }'
printf 'No,镇街\nA1,城中街道\n' > town.csv
refused "column 2, '镇街', holds 'town', which the layout sets for every row" town.csv
expect_exit 0 case-import -d "$S" -l ./my.json --map 镇街=- town.csv
expect_eq "$(where "town = '云门镇' and extra:镇街 = '城中街道'")" A1
# A header that two fields claim is the other one's when one is set.
printf '编号,单位,开始日期\nX1,甲局,2023-01-01\n' > two.csv
for set in from:to to:from; do
	rm -f "$S"*
	cat > unit.json <<END
{ "type": "coordination", "columns": { "编号": "coordination_no" },
	"fixed": { "${set%:*}_unit": "乙局" } }
END
	expect_exit 0 case-import -d "$S" -l ./unit.json two.csv
	case-export -d "$S" -t coordination -f case > c.case
	expect_eq "$(cells '*' c.case "${set%:*}_unit" "${set#*:}_unit")" '乙局	甲局'
done
expect_exit 2 case-import -d "$S" -t coordination --map 编号=coordination_no two.csv
finish
