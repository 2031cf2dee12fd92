#!/bin/sh
# run.sh - make fuzz: builds the fuzz targets with clang and runs each a while
#
# usage: run.sh [SECONDS [TARGET...]]; two at a time, or $FUZZ_JOBS. One line a
# target; exit 1 when one found something, 77 where there is no clang. What was
# found is kept in fuzz-build/found, what was learnt in fuzz-build/corpus.
set -u
top=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd)
seconds=${1:-600}
[ $# -eq 0 ] || shift
jobs=${FUZZ_JOBS:-2}
command -v clang > /dev/null || {
	echo 'skipped: fuzzing, clang is not installed'
	exit 77
}
mkdir -p fuzz-build/found && cd fuzz-build || exit 1
echo 'int LLVMFuzzerTestOneInput(const char *p, unsigned long n) { return !p && n; }' > try.c
clang -fsanitize=fuzzer,address -o try try.c > try.log 2>&1 || {
	echo 'skipped: fuzzing, clang lacks its sanitizers (libclang-rt-dev)'
	exit 77
}
# No input may take longer than this. A short run may share its processor, and
# is the same every time, so that it fails only where something has changed.
longest=10 seed=0
[ "$seconds" -ge 120 ] || longest=60 seed=1
build=$(pwd)

# A build of its own: the coverage that guides a fuzzer is compiled in.
[ -f Makefile ] || "$top/configure" -q CC=clang --disable-shared \
	--disable-hardening CFLAGS="-O1 -g -fno-omit-frame-pointer \
-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" \
	> configure.log 2>&1 || {
	tail -n 20 configure.log
	exit 1
}
# One after the other, for both make the library.
{ make -s -j"$jobs" all && make -s -j"$jobs" fuzz-targets; } > make.log 2>&1 || {
	tail -n 40 make.log
	exit 1
}
if [ $# -eq 0 ]; then
	for t in tests/fuzz/*.fuzz; do
		t=${t#tests/fuzz/fuzz_}
		set -- "$@" "${t%.fuzz}"
	done
fi
CASE_DATADIR=$top/share
ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1:quarantine_size_mb=8
UBSAN_OPTIONS=print_stacktrace=1
LC_ALL=C.UTF-8
export CASE_DATADIR ASAN_OPTIONS UBSAN_OPTIONS LC_ALL
srcdir=$top sh "$top/tests/fuzz/seeds.sh" "$build/seeds" || exit 1

# one TARGET: runs it; its line goes to found/TARGET.line.
one() {
	known=$top/tests/fuzz/regression/$1
	[ -d "$known" ] || known=
	mkdir -p "seeds/$1" "corpus/$1"
	if "tests/fuzz/fuzz_$1.fuzz" -max_total_time="$seconds" -timeout="$longest" \
		-seed="$seed" \
		-rss_limit_mb=1024 -max_len=65536 -print_final_stats=1 \
		-artifact_prefix="found/$1-" "corpus/$1" "seeds/$1" \
		${known:+"$known"} > "found/$1.log" 2>&1; then
		echo "ok: fuzz $1, $(awk '
			/cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") cov = $(i + 1) }
			/^stat::number_of_executed_units/ { runs = $2 }
			END { print runs + 0 " runs, " cov + 0 " edges" }' "found/$1.log")"
	else
		echo "FAILED: fuzz $1"
		grep -E 'runtime error|ERROR:|SUMMARY|: .*internal|^tests' \
			"found/$1.log" | head -n 6
		grep -E '^ *#[0-9]+ .* in .*(lib|tests)/' "found/$1.log" | head -n 12
		touch "found/$1.failed"
	fi > "found/$1.line"
	cat "found/$1.line"
}

rm -f found/*.failed
running=0
for t; do
	one "$t" &
	running=$((running + 1))
	if [ "$running" -ge "$jobs" ]; then
		wait
		running=0
	fi
done
wait
set -- found/*.failed
[ ! -e "$1" ]
