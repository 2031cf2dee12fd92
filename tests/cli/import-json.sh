#!/bin/sh
# JSON documents: arrays of objects, wrapped or not, one object; every element is accounted for, and broken syntax stores nothing.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

one='"案件编号":"A1","案件名称":"案件1","立案日期":"2024-01-01","罚款金额":100.00,"执法单位":"城东中队"'
two='"案件编号":"A2","案件名称":"案件2","立案日期":"2024-01-02","罚款金额":200.00,"执法单位":"城东中队","当事人":{"证件":330102199001010017}'
fresh() {
	rm -f "$S"*
}

# The same cases in every form, each with its line or, on one line, its number.
for form in "[{$one},{$two}]" "[
{$one},
{$two}
]" "{\"code\":0,\"data\":{\"total\":2,\"records\":[{$one},
{$two}]}}" "{$one}
{$two}"; do
	fresh
	printf '%s' "$form" > in.json
	expect_exit 0 case-import -d "$S" in.json
	expect_eq "$(counts)" '2 2 0 0 0 0' "$form"
	expect_eq "$(stored case_no fine | joined)" 'A1 100.00 A2 200.00'
	case "$form" in
	"["?{*) expect_eq "$(stored _line | joined)" '2 3' ;;
	*) expect_eq "$(stored _line | joined)" '1 2' ;;
	esac
	# An object within is columns; its number stays the text that it was.
	stored extra | tail -n 1 > extra
	expect_has extra '"当事人.证件":"330102199001010017"'
	# Back to the bytes.
	case-import -d "$S" --trace case A2 -f case > trace.case
	cells '*' trace.case _raw > raw
	expect_has raw 330102199001010017
	expect_not raw A1
	expect_exit 0 case-import -d "$S" in.json
	expect_err 'nothing new'
done

# One object is one record; an empty array none.
fresh
printf '{\n%s\n}\n' "$one" > in.json
expect_exit 0 case-import -d "$S" in.json
expect_eq "$(counts)" '1 1 0 0 0 0'
for empty in '[]' '{"code":0,"data":[{}]}'; do
	fresh
	echo "$empty" > in.json
	expect_exit 0 case-import -d "$S" in.json
	expect_exit 0 case-import -n in.json
	expect_eq "$(last new)" 0
done

# A system that has nothing to report says so in an empty list.
for empty in '{"code":0,"data":[]}' '{"data":[]}' '{"code":"0000","rows":[]}' \
	'{"code":0,"msg":"ok","data":{"total":0,"rows":[]}}' \
	'{"code":1,"msg":"查询成功","data":[]}' '{"success":true,"data":[]}' \
	'{"errors":[],"error":null,"result":{"list":[],"page":{"size":10}}}' \
	'{"records":[],"total":0,"orders":[],"searchCount":true,"maxLimit":null}'; do
	fresh
	echo "$empty" > in.json
	expect_exit 0 case-import -q -d "$S" in.json
	expect_eq "$(cat err)" '' "$empty"
	expect_eq "$(counts)" '0 0 0 0 0 0' "$empty"
	expect_exit 0 case-import -n in.json
	expect_exit 0 case-import --explain in.json
done
# The weeks round it have the columns that they had.
printf '[{%s}]' "$one" > one.json
printf '[{%s}]' "$two" | sed 's/,"当事人.*}}/}/' > two.json
fresh
expect_exit 0 case-import -q -d "$S" one.json in.json two.json
expect_eq "$(cat err)" ''

# An error is not an empty week, whatever list comes with it.
while read -r said answer; do
	fresh
	echo "$answer" > in.json
	for type in case item; do
		expect_exit 2 case-import -d "$S" -t $type in.json
		expect_err 'holds no rows but an answer' "$said"
	done
done << 'END'
expired {"code":500,"msg":"token expired"}
expired {"code":500,"msg":"token expired","data":[]}
500 {"code":"500","success":true,"data":[]}
请先登录 {"code":-1,"message":"请先登录","data":{"rows":[]}}
1 {"code":1,"data":[]}
false {"code":0,"success":false,"data":[]}
Unauthorized {"status":401,"error":"Unauthorized"}
over {"error":{"message":"it is over"},"data":[]}
error {"errors":["x"],"data":[]}
a\x1bb {"code":500,"msg":"a\u001bb"}
END
# A record may have an empty list, and a code that means something else.
fresh
printf '{%s,"附件":[],"code":500,"msg":"x"}' "$one" > in.json
expect_exit 0 case-import -d "$S" in.json
expect_eq "$(counts)" '1 1 0 0 0 0'
expect_exit 2 case-import -d "$S" -t permit in.json
fresh
echo '{"code":"A1","name":"占道经营","tags":[]}' > in.json
expect_exit 0 case-import -d "$S" -t item in.json

# A record with a list of its own is not the rows of that list; which of both
# is meant can be said.
fresh
list='"文书":[{"文号":"城罚〔2024〕1号","名称":"决定书"}]'
printf '{%s,%s}\n' "$one" "$list" > in.json
expect_exit 2 case-import -d "$S" in.json
expect_err "a record's number and a list"
printf '[{%s,%s}]\n' "$one" "$list" > in.json
expect_exit 0 case-import -d "$S" in.json
expect_eq "$(stored case_no | joined)" A1
fresh
printf '{"code":0,"导出时间":"2024-06-01","执法单位":"城东","名称":"x","data":[{%s}]}' \
	"$one" > in.json
expect_exit 0 case-import -d "$S" in.json
expect_eq "$(stored case_no | joined)" A1

# Several arrays are sheets: those with the columns of the first, or one.
fresh
printf '{"cases":[{%s}],\n"units":[{"名称":"城东","编码":"1"}],\n"more":[\n{%s}]}' \
	"$one" "$two" > in.json
expect_exit 0 case-import -d "$S" in.json
expect_eq "$(stored case_no _sheet _line | joined)" 'A1 cases 1 A2 more 4'
case-import -d "$S" --trace case A2 -f case > trace.case
cells '*' trace.case _raw > raw
expect_has raw 案件2
fresh
expect_exit 0 case-import -d "$S" -s more in.json
expect_eq "$(stored case_no | joined)" A2

# An element at fault is a reject of its own.
fresh
printf '[\n{%s},\n{"案件编号":"A3","案件编号":"A4"},\n5,\n{"案件编号":"A5\\u0000"},\n{%s}\n]\n' \
	"$one" "$two" > in.json
expect_exit 1 case-import -d "$S" in.json
expect_eq "$(counts)" '5 2 0 0 3 0'
expect_eq "$(stored _line | joined)" '2 6'
show
expect_eq "$(cells rejects show.case line | joined)" '3 4 5'
expect_has show.case '"案件编号" stands twice' 'not a JSON object' 'u0000'

# Broken syntax: the line, what stands there, and nothing stored.
fresh
for tail in '{"案件编号":NaN}]' ']' '{"案件编号":"A9"}' '{"案件编号":"A9"}] x' \
	'{"案件编号":"A9",}]' '{"案件编号":"A9"} // no comment
]'; do
	printf '[\n{%s},\n{%s},\n%s\n' "$one" "$two" "$tail" > in.json
	expect_exit 2 case-import -d "$S" in.json
	expect_err 'case-import: in.json:' 'broken JSON'
	expect_exit 2 case-import -n -d "$S" in.json
	expect_eq "$(body out | wc -l)" 0 "$tail"
done
printf '[\n{%s},\n{"案件编号":NaN}]\n' "$one" > in.json
expect_exit 2 case-import -d "$S" in.json
expect_err 'in.json:3: ' '"NaN}'

# What it explains is what it does; standard input; another encoding.
fresh
printf '[{%s},{%s}]' "$one" "$two" > in.json
expect_exit 0 case-import --explain in.json -f csv
expect_has out 当事人.证件 case_no
iconv -f UTF-8 -t GB18030 in.json | expect_exit 0 case-import -d "$S" -
expect_eq "$(stored case_no unit | joined)" 'A1 城东中队 A2 城东中队'
expect_exit 0 case-import -n in.json
body out > table
expect_eq "$(wc -l < table)" 3
# Also of names that come late.
awk 'BEGIN { for (i = 1; i <= 50; i++) printf "{\"案件编号\":\"L%d\"%s}\n", i,
	i < 50 ? "" : ",\"罚款金额\":700,\"新列\":1" }' > late.jsonl
expect_exit 0 case-import --explain -f case --layout-out late.json late.jsonl
expect_eq "$(cells columns out field values | joined)" 'case_no 50 fine 1 extra 1'
expect_has late.json 罚款金额 新列

# Public exports, where there are any: as many records as their sources say.
[ -d "$CASE_SHARED/data/real" ] || {
	echo "$me: public exports were not read: they are not there"
	finish
}
real=$CASE_SHARED/data/real
fresh
expect_exit 0 case-import -d "$S" -l "$DATA/layouts/tw-incidents.json" \
	"$real/tw-incidents/incidents_2021_h1.json" \
	"$real/tw-incidents/incidents_2021_h2.json"
expect_err '142 rows: 142 new' '156 rows: 156 new'
expect_eq "$(where "occurred_on < '2021-01-01' or occurred_on > '2021-12-31'")" ''
fresh
expect_exit 0 case-import -d "$S" -l "$DATA/layouts/tw-epa.json" \
	"$real/tw-epa-json"
expect_eq "$(stored case_no | wc -l)" 6
expect_eq "$(where "decided_on = '2020-04-15'")" 10-109-030001

# Names that come late move what is known of those before: values stay right.
seq 1 3000 | awk '{
	printf "{\"案件编号\":\"A%d\",\"立案日期\":\"2024-01-02\",\"罚款金额(万元)\":\"%d\"", $1, $1
	for (i = 0; i < 16; i++)
		printf ",\"旧列%d\":\"o\"", i
	if ($1 > 1500 && $1 % 10 == 0)
		printf ",\"新列%d\":\"n\"", $1
	print "}"
}' > late.jsonl
rm -f "$S"*
expect_exit 0 env MALLOC_PERTURB_=85 case-import --no-raw -d "$S" late.jsonl
case-stat -q -d "$S" -p all -m 'sum(fine)' > sum
expect_eq "$(cells '*' sum 'sum(fine)')" 45015000000.00
expect_exit 0 case-import -n late.jsonl
expect_eq "$(cells case out fine | sort -u | grep -c .)" 3000

finish
