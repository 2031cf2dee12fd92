#!/bin/sh
# The exit is 1 for findings at or above --fail-on, whatever is written.
. "${srcdir:-.}/tests/cli/lib.sh"

printf '案件编号,决定日期,决定书文号\nI1,2023-01-05,甲罚〔2022〕1号\n' > in.csv
expect_exit 0 case-import -d "$S" -q in.csv
for t in '0 veto' '0 error' '1 warning' '1 info' '0 never'; do
	set -- $t
	expect_exit "$1" case-audit -d "$S" -i DOCNO-YEAR --fail-on "$2"
	expect_eq "$(body out | wc -l)" 2
done
expect_exit 0 case-audit -d "$S" -i DOCNO-YEAR
expect_exit 1 case-audit -d "$S" -i DOCNO-YEAR --fail-on warning --summary
expect_exit 1 case-audit -d "$S" -i DOCNO-YEAR --fail-on warning -b unit
expect_exit 2 case-audit -d "$S" --fail-on grave
expect_err "'grave' is not veto, error, warning, info or never"
finish
