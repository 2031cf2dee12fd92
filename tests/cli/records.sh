#!/bin/sh
# The dictionary tells every type and field as it is, needs no store, and the manual page is made of it.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

# The types: as many as there are files, each with its key and layouts.
expect_exit 0 case-import --types -f case
[ -e store.db ] && fail 'a store was made'
ls "$CASE_DATADIR/records" | sed 's/\.json$//' > want
cells types out type > got
expect_same want got
expect_eq "$(cells types out type key | grep '^case	')" \
	'case	case_no; decision_no'
expect_eq "$(cells types out type count | grep '^permit	')" 'permit	permits'
cells types out layouts | tr ';' '\n' | tr -d ' ' | grep . | sort > got
ls "$CASE_DATADIR/layouts" | sed 's/\.json$//' | sort > want
expect_same want got
cells types out type fields > counts

# Each type: as many fields, and any format.
while read -r type n; do
	expect_exit 0 case-import --describe "$type" -f case
	expect_eq "$(cells "$type" out field | grep -c .)" "$n" "$type"
done < counts
for format in csv tsv json jsonl md html table; do
	expect_exit 0 case-import --describe permit -f $format
	expect_has out 许可编号 申请人证件号码 'application date'
	expect_exit 0 case-import --types -f $format
	expect_has out incidents 行政许可
done
expect_exit 0 case-import --describe case -f case
cells case out field label english type unit privacy > got
expect_has got 'fine	罚款金额	fine	money	元	none' \
	'party_id	证件号码	party id	text		id'
cells case out field aliases codes > got
expect_has got 'cf_nr_fk(万元)' 'simple 简易程序, 简易' '一般程序'
# What registers of first offences, of seized property and of case libraries
# hold, and the scores of officers.
expect_has out 是否造成危害后果 涉案财物名称 是否典型案例
expect_exit 0 case-import --describe officer -f case
expect_has out 考核得分
expect_exit 0 case-import --describe case --lang en -f case
expect_has out 'fine	fine	fine	money'
expect_exit 0 case-import --describe supervision -f tsv
expect_has out '单位?'
expect_exit 0 case-import --describe remedy -f tsv
expect_has out 'not verified'

# A type of the place's own is told as well, its fields too.
mkdir -p own/records
printf '%s' '{"extends": "case", "about": "ours", "fields": [{"name": "case_no", "required": true}, {"name": "ours", "type": "text", "privacy": "phone"}]}' \
	> own/records/case.json
CASE_PATH=$work/own expect_exit 0 case-import --describe case -f case
expect_eq "$(cells case out field required privacy | sed -n '1p;$p' | joined)" \
	'case_no 1 none ours 0 phone'
CASE_PATH=$work/own expect_exit 0 case-import --types -f case
expect_eq "$(cells types out type about | grep '^case	')" 'case	ours'

# Calls that mean nothing.
expect_exit 2 case-import --describe incidnt
expect_err "'incident'"
expect_exit 2 case-import --describe ../records/case
expect_exit 2 case-import --types x.csv
expect_exit 2 case-import --types --list
if [ -c /dev/full ]; then
	for job in --types '--describe case'; do
		case-import $job -f csv > /dev/full 2> err
		expect_eq $? 2 "$job on a full disk"
	done
fi

# The page is what the records say.
CASE_DATADIR=$CASE_DATADIR sh "$here/man/records.sh" > page 2> err ||
	fail "man/records.sh: $(cat err)"
cmp -s page "$here/man/case-records.5" || {
	fail 'man/case-records.5 is not as share/records says: run man/records.sh'
	diff page "$here/man/case-records.5" | head >&2
}
finish
