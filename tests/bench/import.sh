#!/bin/sh
# Import against its yardstick, side by side: sqlite3 .import of the same file.
#
# usage: import.sh [ROWS [RUNS]]; in the build folder, with gen_cases in
# $CASE_SHARED/tools. A B A B …; prints each pair, the medians and their ratio.
# The yardstick loads a STRICT table with the same primary key, and builds the
# same indexes after the load.
set -eu
rows=${1:-1000000} runs=${2:-5}
here=$(cd "${srcdir:-.}" && pwd)
CASE_SHARED=${CASE_SHARED:-$here/../shared}
gen=$CASE_SHARED/tools/gen_cases
[ -x "$gen" ] || {
	echo "bench: $gen is not there"
	exit 77
}
build=$(pwd)
CASE_DATADIR=${CASE_DATADIR:-$here/share}
LD_LIBRARY_PATH=$build/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
PATH=$build/.libs:$build:$PATH
export CASE_DATADIR LD_LIBRARY_PATH PATH
measure=$build/tests/bench/measure
work=$(mktemp -d "${TMPDIR:-/tmp}/case-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"

"$gen" --rows "$rows" --seed 7 -o cases.csv
columns=$(head -n 1 cases.csv)
{
	echo 'PRAGMA page_size = 16384;'
	printf '%s' "$columns" | awk -F, '{
		printf "CREATE TABLE c ("
		for (i = 1; i <= NF; i++)
			printf("%s\"%s\" TEXT%s", (i > 1 ? ", " : ""), $i,
			    (i == 1 ? " PRIMARY KEY" : ""))
		print ") STRICT;"
	}'
	echo '.import --csv --skip 1 cases.csv c'
	for c in 决定书文号 执法单位 立案日期 事项编码; do
		echo "CREATE INDEX \"i_$c\" ON c (\"$c\");"
	done
} > yardstick.sql
printf '#!/bin/sh\nrm -f a.db\nsqlite3 a.db < yardstick.sql\n' > a
printf '#!/bin/sh\nrm -f b.db*\ncase-import -q --no-raw -d b.db cases.csv\n' > b
chmod +x a b

echo "import of $rows rows, $(stat -c %s cases.csv) bytes"
echo "run  sqlite3_s  MiB  case-import_s  MiB  ratio"
i=0
while [ "$i" -lt "$runs" ]; do
	i=$((i + 1))
	a=$("$measure" ./a)
	b=$("$measure" ./b)
	echo "$i $a $b" | awk '{printf "%d %s %s %s %s %.3f\n", $1, $2, $3, $4, $5, $4 / $2}'
done | tee runs.txt
median() {
	awk -v c="$1" '{print $c}' runs.txt | sort -n |
		awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'
}
echo "median: sqlite3 $(median 2) s, case-import $(median 4) s ($(median 5) MiB), ratio $(median 6)"
echo "sizes: $(stat -c %s a.db) and $(stat -c %s b.db) bytes"
