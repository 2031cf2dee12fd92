#!/bin/sh
# What a row says to be none, or does not say, is told apart, end to end.
. "${srcdir:-.}/tests/cli/lib.sh"

csv() {
	printf '%s\n' "$@" > in.csv
	expect_exit "${want_exit:-0}" case-import -q -d "$S" in.csv
}

# all: every record, by the columns that are asked for here.
all() {
	case-stat -d "$S" --records -f csv -m cases > records.csv
	cat records.csv
}

# A cell with one officer says that there is no second.
csv 案号,执法人员,罚款金额 'A1,张三、李四,100'
csv 案号,执法人员,罚款金额 A1,王五,
all > got
expect_has got 王五
expect_not got 李四 张三
expect_has got 100.00

# A value that can't be read leaves no older one beside it.
csv 案号,罚款金额 A1,一百多
all > got
expect_has got 一百多
expect_not got 100.00
csv 案号,罚款金额 A1,200
all > got
expect_not got 一百多
expect_has got 200.00

# Blanks of JSON Lines are the keys that a row has, however late.
i=0
while [ $i -lt 25 ]; do
	echo "{\"案号\":\"B$i\",\"罚款金额\":7$i}"
	i=$((i + 1))
done > old.jsonl
{ sed 's/,"罚款.*/}/' old.jsonl | sed '$d'
	echo '{"案号":"B24","罚款金额":null}'; } > new.jsonl
expect_exit 0 case-import -q -d "$S" old.jsonl
expect_exit 0 case-import -q -d "$S" --blank-overwrites new.jsonl
all > got
expect_has got 70.00 723.00
expect_not got 724.00

# Keys that only look like ours are kept; ours are not.
echo '{"案号":"C1","_id":"kept","_table":"gone"}' > in.jsonl
expect_exit 0 case-import -q -d "$S" in.jsonl
all > got
expect_has got kept
expect_not got gone

# A table in a quoted text is no record.
csv 案号,案由,罚款金额,立案日期 'D1,"表:
E1,甲,1,2023-01-01
完",5,2023-01-01'
all > got
expect_has got D1
expect_exit 2 case-import --trace case E1 -d "$S"

# Rows that an undone batch kept out come in with the same bytes.
csv 案号,决定书文号 G1,
csv 案号,决定书文号 ',甲〔2023〕1号'
case-import --list -d "$S" -f csv > list
n=$(tail -1 list | cut -d, -f1)
want_exit=1 csv 案号,决定书文号 G1,甲〔2023〕1号
expect_exit 0 case-import -d "$S" --undo "$n"
want_exit=0 csv 案号,决定书文号 G1,甲〔2023〕1号
all > got
expect_has got 甲〔2023〕1号
expect_exit 0 case-import -d "$S" --check
finish
