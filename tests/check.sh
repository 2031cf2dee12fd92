#!/bin/sh
# check.sh - all tests: distcheck, sanitizers, manuals, fuzz; for ./bootstrap check
#
# Each suite adds to the count of the last line. A suite that could not even
# build counts as one failure.
set -u
top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/case-check.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
passed=0 failed=0
jobs=$(nproc)
# Sub-makes have their own source folder; the shared one is told by name.
CASE_SHARED=${CASE_SHARED:-$top/../shared}
export CASE_SHARED

began=$(date +%s)
# lap: sets took to the seconds since the last call.
lap() {
	now=$(date +%s)
	took=$((now - began)) began=$now
}

# count LOG: adds the totals that automake's test driver printed.
count() {
	grep -q '^# PASS:' "$1" || grep -E 'error|Error' "$1" | head -n 20
	p=$(awk '/^# PASS:/ {n += $3} END {print n + 0}' "$1")
	f=$(awk '/^# (FAIL|ERROR|XPASS):/ {n += $3} END {print n + 0}' "$1")
	passed=$((passed + p)) failed=$((failed + f))
	[ "$p" -gt 0 ] || failed=$((failed + 1))
	awk '/^# SKIP:/ && $3 > 0 {print "skipped: " $3}' "$1"
}

# step NAME COMMAND...: one check that is right or wrong as a whole.
step() {
	name=$1
	shift
	if "$@" > "$work/step.log" 2>&1; then
		lap
		echo "ok: $name, $took s"
		passed=$((passed + 1))
	else
		echo "FAILED: $name"
		tail -n 60 "$work/step.log"
		failed=$((failed + 1))
	fi
}

# built NAME CONFIGURE-OPTION...: configure, and build without warnings.
built() {
	name=$1
	shift
	mkdir -p "$work/$name"
	if (cd "$work/$name" && "$top/configure" -q --enable-werror "$@" &&
		make -s -j"$jobs") > "$work/build.log" 2>&1; then
		return 0
	fi
	echo "FAILED: build of $name"
	tail -n 60 "$work/build.log"
	failed=$((failed + 1))
	return 1
}

# suite NAME MAKE-ARGUMENT...: the tests, as a target of a build that is there.
suite() {
	name=$1
	shift
	(cd "$work/$name" && make -k -j"$jobs" "$@") > "$work/$name.log" 2>&1
	rc=$?
	lap
	echo "== $name: make $1, $took s with its build"
	grep -E '^(FAIL|ERROR|XPASS|SKIP):' "$work/$name.log"
	was=$failed
	count "$work/$name.log"
	if [ "$failed" -gt "$was" ]; then
		find "$work/$name" -name test-suite.log -exec tail -n 200 {} +
	elif [ "$rc" -ne 0 ]; then
		echo "FAILED: make $1"
		tail -n 60 "$work/$name.log"
		failed=$((failed + 1))
	fi
}

manuals() {
	find "$top/man" -name '*.[157]' -exec mandoc -T lint -W warning {} +
}

bench() {
	cd "$work/plain" && make bench ROWS=20000 RUNS=1
}

# Every fuzz target for half a minute, two at a time; its lines say each.
fuzz() {
	(cd "$work/plain" && make -s fuzz FUZZ_SECONDS=30) > "$work/fuzz.log" 2>&1
	lap
	echo "== fuzz, $took s with its build"
	grep -vE '^make' "$work/fuzz.log"
	if grep -q '^skipped: ' "$work/fuzz.log"; then
		return
	fi
	p=$(grep -c '^ok: fuzz ' "$work/fuzz.log")
	f=$(grep -c '^FAILED: ' "$work/fuzz.log")
	passed=$((passed + p)) failed=$((failed + f))
	[ "$p" -gt 0 ] || failed=$((failed + 1))
}

# The plain suite runs once, where it shows too that the archive is complete.
CASE_LONG=1 # whole sizes, once
export CASE_LONG
built plain &&
	suite plain distcheck DISTCHECK_CONFIGURE_FLAGS=--enable-werror
CASE_LONG=0
built sanitized --enable-sanitize CFLAGS='-O1 -g' && suite sanitized check
step 'manuals' manuals
fuzz
if [ -x "$CASE_SHARED/tools/gen_cases" ]; then
	step 'bench, short' bench
else
	echo 'skipped: bench, there is no gen_cases'
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
