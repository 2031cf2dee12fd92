#!/bin/sh
# Figures, findings and masks know every record type.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

for type in activity coordination delegation document figure incident \
	inspection item officer permit remedy review supervision target unit; do
	case-import -q -d "$S" -l "$type-export" \
		"$DATA/samples/$type-export.csv" || fail "$type"
done

# Its own count, by a field and a month.
while read -r type count by first; do
	expect_exit 0 case-stat -d "$S" -t "$type" -m "$count" -b "$by,month" \
		-p 2023 -f case
	expect_eq "$(body out | sed 1d | cut -f 3 | awk '{s += $1} END {print s}')" \
		"$first" "$type"
done << 'END'
activity activities kind 3
coordination coordinations kind 3
document documents kind 3
incident incidents channel 3
inspection inspections unit 2
permit permits item 3
remedy remedies kind 2
review reviews answer 3
supervision supervisions kind 3
END
says() {
	line=$1
	shift
	expect_exit 0 case-stat -d "$S" -p 2023 -f case "$@"
	expect_eq "$(body out | sed 1d | tr '\t' ' ')" "$line" "$*"
}
says '0.3333333333333333' -t incident -m incident_on_time_due
says '0.5' -t permit -m 'rate(immediate)' -w 'online'
says '2 2 1' -t inspection -m 'sum_if(problems, joint),sum(rectified),rectified_rate'
says '0.6666666666666666' -t incident -m incident_closure_rate

# A rule of any type, with its own words.
mkdir -p own/rules
cat > own/rules/own.json << 'X'
{ "name": "own", "rules": [
{ "id": "OWN-1", "title": { "zh": "逾期未反馈", "en": "no answer in time" },
  "type": "supervision", "kind": "row", "severity": "warning",
  "applies": "due_on is not null", "fails": "answered_on is null or answered_on > due_on",
  "message": { "zh": "{due_on}", "en": "{due_on}" },
  "tests": { "pass": [ { "due_on": "2023-05-06", "answered_on": "2023-05-06" } ],
    "fail": [ { "due_on": "2023-05-06" } ], "skip": [ { "due_on": "" } ] } },
{ "id": "OWN-2", "title": { "zh": "到场超过15分钟", "en": "late" },
  "type": "incident", "kind": "row", "severity": "info",
  "applies": "arrived_at is not null", "fails": "minutes(dispatched_at, arrived_at) > 15",
  "message": { "zh": "{incident_no}", "en": "{incident_no}" },
  "tests": { "pass": [ { "dispatched_at": "2023-05-06T08:00:00", "arrived_at": "2023-05-06T08:15:00" } ],
    "fail": [ { "dispatched_at": "2023-05-06T08:00:00", "arrived_at": "2023-05-06T08:16:00" } ],
    "skip": [ { "arrived_at": "" } ] } } ] }
X
CASE_PATH=$work/own
export CASE_PATH
expect_exit 0 case-audit -R own --self-test
expect_exit 0 case-audit -d "$S" -R own --fail-on never -p all --today 2023-12-31 -f case
expect_eq "$(cells findings out rule key | sort | joined)" \
	'OWN-1 云检建〔2023〕3号 OWN-1 云综执建〔2023〕2号 OWN-2 G20230506002'
unset CASE_PATH

# What is personal is masked by its class; what is not, is not.
masked() {
	type=$1 field=$2 raw=$3
	expect_exit 0 case-export -d "$S" -t "$type" -f csv
	expect_not out "$raw"
	expect_exit 0 case-export -d "$S" -t "$type" -f case
	expect_has out "$raw" 'privacy'
	expect_exit 0 case-export -d "$S" -t "$type" -f csv \
		--unmask "$field" --reason 测试
	expect_has out "$raw"
}
masked incident reporter_phone 13812340001
masked permit applicant_id 330702199003070011
expect_exit 0 case-export -d "$S" -t permit -f csv
expect_has out 92330702MA2E5Y679A XK2023000001
finish
