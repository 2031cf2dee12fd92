#!/bin/sh
# The tools start in less than ten milliseconds, so that a loop over them is no burden.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"
LC_ALL=C grep -qa __asan_init "$(command -v case-import)" &&
	skip 'sanitizers slow the start'

need bash

{ echo "$HEADER"; rows 1 2 3 4 5; } > in.csv
case-import -q -d "$S" in.csv

# cost COMMAND...: milliseconds of processor, the best of five runs, so that
# what else the machine does is not counted.
cost() {
	bash -c 'TIMEFORMAT="%3U %3S"
	for run in 1 2 3 4 5; do
		{ time "$@" > out 2> err; } 2>&1
	done' cost "$@" | awk '
	{ ms = ($1 + $2) * 1000; if (NR == 1 || ms < best) best = ms }
	END { printf "%d\n", best }'
}
# quick LIMIT COMMAND...: it costs less than LIMIT ms over any program; what
# that costs here tells how busy the machine is, and is allowed on top.
any=$(cost env true)
quick() {
	limit=$1
	shift
	took=$(($(cost "$@") - any))
	[ $took -lt $((limit + any)) ] || fail "$* takes $took ms over $any ms of true"
}
for tool in case-import case-stat case-audit case-export; do
	quick 10 $tool --version
	expect_has out "$tool"
done
quick 20 case-stat -d "$S" -b unit -m cases,fines -p 2024 -f csv
expect_has out 城东中队
quick 20 case-import -d "$S" --list -f csv
expect_has out in.csv
finish
