#!/bin/sh
# A rule that breaks its form is refused, with the file and the rule's name.
. "${srcdir:-.}/tests/cli/lib.sh"

mkdir -p mine/rules
CASE_PATH=$PWD/mine
export CASE_PATH
# pack CHANGE...: a good rule with one change by sed, in mine/rules/own.json
good() {
	cat << 'X'
{ "name": "own", "rules": [ { "id": "OWN-1",
  "title": { "zh": "测试", "en": "test" },
  "type": "case", "kind": "row", "severity": "info",
  "applies": "fine is not null",
  "fails": "fine > 100",
  "message": { "zh": "{fine}元", "en": "{fine} yuan" },
  "tests": {
    "pass": [ { "fine": "100" } ],
    "fail": [ { "fine": "101" } ],
    "skip": [ { "fine": "" } ] } } ] }
X
}
refused() {
	good | sed "$1" > mine/rules/own.json
	expect_exit 2 case-audit -R own --list-rules
	expect_err "case-audit: rules/own.json: $2"
}
good > mine/rules/own.json
expect_exit 0 case-audit -R own --list-rules
expect_has out 'OWN-1	测试	info'

refused 's/"pass"/"past"/' 'rule OWN-1: past: there is no such key'
refused '/"skip"/s/.*/} } ] }/; /"fail":/s/,$//' 'rule OWN-1: skip: test rows'
refused 's/\[ { "fine": "101" } \]/[]/' 'rule OWN-1: fail: test rows'
refused 's/"severity"/"severty"/' 'rule OWN-1: severty: there is no such key'
refused 's/"info"/"grave"/' 'rule OWN-1: severity: it is veto, error, warning or info'
refused 's/fine > 100/fines > 100/' "rule OWN-1: fails: 1: no field 'fines'"
refused 's/fine > 100/fine/' 'rule OWN-1: fails: it has to be of type flag'
refused 's/fine > 100/fine > filed_on/' 'rule OWN-1: fails: '
refused 's/"type": "case"/"type": "nothing"/' 'rule OWN-1: type: there is no such record type'
refused 's/"kind": "row"/"kind": "rows"/' 'rule OWN-1: kind: it is row, group or sequence'
refused 's/{fine} yuan/{fine yuan/' 'rule OWN-1: message: a { without its }'
refused 's/{fine} yuan/{fnie} yuan/' "rule OWN-1: message: 1: no field 'fnie'"
refused 's/, "en": "test"//' 'rule OWN-1: title: zh and en have to be there'
refused 's/OWN-1/OWN 1/' 'rule 1: id: '
refused 's/"fine": "101"/"fnie": "101"/' 'rule OWN-1: fnie: the type has no such field'
refused 's/"severity": "info",/&"from": "2021-07-15",/' 'rule OWN-1: date: from and to need the date'
refused 's/"severity": "info",/&"from": "soon",/' 'rule OWN-1: from: it has to be a date'
refused 's/"severity": "info",/&"requires": ["fnie"],/' "rule OWN-1: requires: no field 'fnie'"
refused 's/"severity": "info",/&"group_by": ["fine"],/' 'rule OWN-1: group_by: a rule of this kind has none'
refused 's/"rules"/"ruls"/' 'ruls: there is no such key'
good | sed 's/"fails".*//' > mine/rules/own.json
expect_exit 2 case-audit -R own --list-rules
expect_err 'rules/own.json: rule OWN-1: fails: it is missing'
echo '{ "name": "own", "rules": [' > mine/rules/own.json
expect_exit 2 case-audit --list-rules
expect_err 'own.json:'

# Two packs may not have one name; -R takes one of them.
good | sed 's/OWN-1/XF-60/' > mine/rules/own.json
expect_exit 2 case-audit --list-rules
expect_err 'rules/penalty-law.json: rule XF-60: it is in rules/own.json already'
expect_exit 0 case-audit -R own --list-rules
finish
