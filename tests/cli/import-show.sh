#!/bin/sh
# A row of a source is shown with its cells masked as the fields they are; raw is only what says so.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

place=浙江省金华市婺城区城东街道解放路18号301室
raw='##meta	privacy	raw'

# shown FORMAT: the rejects of the last batch.
shown() {
	counts > last.counts
	expect_exit 0 case-import -d "$S" --show "$(last batch)" -f "$1"
}

head=案件编号,当事人名称,证件号码,联系电话,当事人地址,备注
cat > a.csv <<E
$head
A1,张三,330702199003070011,13812345678,$place,一
,李四,330702199003070011,13812345678,"$place, 后门",二
A3,王五,330702199003070011,13812345678,$place,三,四
A4,"赵"六,330702199003070011,13812345678,$place,五
E
expect_exit 1 case-import -d "$S" a.csv
for format in csv json txt html md; do
	shown $format
	expect_not out 330702199003070011 13812345678 解放路18号 301室
done
shown csv
# The cells of a row that can be parted stand as they do elsewhere.
expect_has out 李四 '婺城区' 330702
expect_eq "$(grep -c 'not shown: its cells' out)" 2 'rows that can not be parted'
shown case
expect_has out "$raw" "$place" 330702199003070011

# Without an address nothing has to be hidden but numbers.
sed "s/,\"*$place[^,]*,\\( 后门\",\\)*/,/; s/,当事人地址//" a.csv > b.csv
rm -f "$S"*
expect_exit 1 case-import -d "$S" b.csv
shown csv
expect_not out 330702199003070011 13812345678 'not shown'
expect_has out 'A4,""赵""六' 三

# Other delimiters, and JSON.
for d in ';' '	' '|'; do
	printf '案件编号,当事人地址,备注\nA1,%s,x\n,%s,李四\nA3,%s,y,z\n' "$place" \
		"$place" "$place" | tr , "$d" > c.csv
	rm -f "$S"*
	expect_exit 1 case-import -d "$S" c.csv
	shown csv
	expect_not out 解放路18号
	expect_has out 李四 'not shown: its cells'
done
cat > d.jsonl <<E
{"案件编号": "A1", "当事人地址": "$place", "联系电话": 13812345678}
{"案件编号": "", "当事人地址": "$place", "联系电话": 13812345678, "又": {"当事人地址": "$place"}, "备注": "在婺城"}
{"案件编号": "A3", "当事人地址": "$place"
E
rm -f "$S"*
expect_exit 1 case-import -d "$S" d.jsonl
shown csv
expect_not out 13812345678
expect_has out 在婺城 'not shown: its cells'
shown case
expect_has out "$place"

# The value at fault is masked as its field is.
printf '案件编号,证件号码,当事人地址\nA1,330702199003070011,x\nA1,33070219900307001,y\n' > e.csv
rm -f "$S"*
expect_exit 1 case-import -d "$S" e.csv
shown csv
expect_not out 33070219900307001

# --trace shows the source row in the same way.
rm -f "$S"*
expect_exit 1 case-import -d "$S" a.csv
expect_exit 0 case-import -d "$S" --trace case A1 -f csv
expect_not out 330702199003070011 解放路18号
expect_has out 'A1,张三'

# What is raw says so, and nothing else does.
for call in --list '--show 1' '--trace case A1'; do
	case-import -d "$S" $call -f case > out 2> err || fail "$call: $(cat err)"
	expect_has out "$raw"
	case-import -d "$S" $call -f json > out 2> err || fail "$call: $(cat err)"
	expect_not out '"raw"]' 'privacy'
	case-import -d "$S" $call > out 2> err || fail "$call: $(cat err)"
	expect_has out "$raw"
done
case-import -n -q a.csv > out 2> err
expect_has out "$raw"
case-import -n -q a.csv -f csv > out 2> err
expect_not out privacy
finish
