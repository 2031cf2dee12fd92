#!/bin/sh
# The tools start in less than ten milliseconds, so that a loop over them is no burden.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"
LC_ALL=C grep -qa __asan_init "$(command -v case-import)" &&
	skip 'sanitizers slow the start'

{ echo "$HEADER"; rows 1 2 3 4 5; } > in.csv
case-import -q -d "$S" in.csv

# quick LIMIT COMMAND...: the best of five runs takes less than LIMIT ms.
quick() {
	limit=$1
	shift
	best=999999999
	for run in 1 2 3 4 5; do
		begin=$(date +%s%N)
		"$@" > out 2> err
		end=$(date +%s%N)
		[ $((end - begin)) -ge $best ] || best=$((end - begin))
	done
	[ $best -lt $((limit * 1000000)) ] || fail "$* takes $((best / 1000)) µs"
}
# What starting any program and reading the clock takes here.
quick 1000 true
base=$((best / 1000000))
for tool in case-import case-stat case-audit case-export; do
	quick $((10 + base)) $tool --version
done
quick $((20 + base)) case-stat -d "$S" -b unit -m cases,fines -p 2024 -f csv
expect_has out 城东中队
quick $((20 + base)) case-import -d "$S" --list -f csv
finish
