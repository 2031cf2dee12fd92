#!/bin/sh
# A name that is none is told with the nearest; nothing is written.
. "${srcdir:-.}/tests/cli/lib.sh"

printf '案件编号\nK1\n' > in.csv
expect_exit 0 case-import -d "$S" -q in.csv
expect_exit 2 case-audit -d "$S" -i XF-6O
expect_err "there is no rule 'XF-6O'; did you mean XF-60?"
expect_exit 2 case-audit -d "$S" -R penalty
expect_err "penalty-law"
expect_exit 2 case-audit -d "$S" -w 'fnie > 3'
expect_err "1: no field 'fnie'"
expect_exit 2 case-audit -d "$S" -b nothing
expect_exit 2 case-audit -d "$S" -t nothing
expect_exit 2 case-audit -d "$S" -p 2023X
expect_exit 2 case-audit -d none.db
expect_exit 2 case-audit -d "$S" --no-such-option
expect_err 'usage: case-audit'
expect_exit 2 case-audit -d "$S" --summary --list-rules
expect_err 'one thing at a time'
expect_exit 2 case-audit -d "$S" --why 0000000000000000
expect_err "there is no finding '0000000000000000' now"
finish
