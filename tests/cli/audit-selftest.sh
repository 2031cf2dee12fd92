#!/bin/sh
# The shipped rules give for their own test rows what these ask for.
. "${srcdir:-.}/tests/cli/lib.sh"

expect_exit 0 case-audit --self-test
body out | awk -F'\t' 'NR > 1 && $5 != 1 { print; bad = 1 } END { exit bad }' ||
	fail 'a rule and its test rows differ'
# Every rule has all three kinds of rows.
expect_eq "$(body out | awk -F'\t' 'NR > 1 { print $1, $3 }' | sort -u |
	awk '{ print $1 }' | uniq -c | awk '$1 != 3 { n++ } END { print n + 0 }')" 0

# A rule that is wrong about its rows is told, by its row.
mkdir -p mine/rules
cat > mine/rules/own.json << 'X'
{ "name": "own", "rules": [ { "id": "OWN-1",
  "title": { "zh": "测试", "en": "test" }, "type": "case", "kind": "row",
  "severity": "info", "applies": "fine is not null", "fails": "fine > 100",
  "message": { "zh": "{fine}", "en": "{fine}" },
  "tests": { "pass": [ { "fine": "101" } ], "fail": [ { "fine": "101" } ],
    "skip": [ { "fine": "" } ] } } ] }
X
CASE_PATH=$PWD/mine expect_exit 1 case-audit -R own --self-test
expect_eq "$(body out | sed -n 2p)" 'OWN-1	pass 1	pass	fail	0'
finish
