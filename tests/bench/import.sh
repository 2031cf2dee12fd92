#!/bin/sh
# Imports beside their yardsticks, in turn: sqlite3 .import of the same rows, or another import of ours.
#
# usage: ROWS=N RUNS=N WHAT='NAME ...' import.sh; in the build folder, with
# gen_cases in $CASE_SHARED/tools. What is compared, each with its goal:
#
#   clean    rows without a fault, --no-raw          sqlite3 .import
#   raw      the same with the raw copy kept         sqlite3 .import
#   dirty    3 % spoilt rows, rejects written        sqlite3 .import, clean
#   gb18030  the same rows in GB18030                the UTF-8 import
#   jsonl    the same rows as JSON Lines             the CSV import
#   again    the same rows in another file           the first import
#   same     the same file                           the first import
#   duckdb   rows without a fault                    create table as read_csv
#   xlsx     every cell read, a tenth of the rows,   openpyxl, read-only
#            20 columns
#
# The yardstick loads a STRICT table with the same primary key, and builds the
# same indexes after the load. Prints each pair, and the median of the ratios
# beside its goal.
set -eu
rows=${ROWS:-1000000} runs=${RUNS:-5}
what=${WHAT:-clean raw dirty gb18030 jsonl again same duckdb xlsx}
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

# --- files and commands -----------------------------------------------------

rows_of() {
	[ -f "$1" ] || "$gen" --rows "$rows" --seed 7 -o "$@"
}

# command NAME LINE...: a script of that name, begun with a clean slate.
command_of() {
	name=$1
	shift
	{
		echo '#!/bin/sh'
		echo "rm -f $name.db*"
		printf '%s\n' "$@"
	} > "$name"
	chmod +x "$name"
}

sqlite() {
	{
		echo 'PRAGMA page_size = 16384;'
		head -n 1 cases.csv | awk -F, '{
			printf "CREATE TABLE c ("
			for (i = 1; i <= NF; i++)
				printf("%s\"%s\" TEXT%s", (i > 1 ? ", " : ""),
				    $i, (i == 1 ? " PRIMARY KEY" : ""))
			print ") STRICT;"
		}'
		echo '.import --csv --skip 1 cases.csv c'
		for c in 决定书文号 执法单位 立案日期 事项编码; do
			echo "CREATE INDEX \"i_$c\" ON c (\"$c\");"
		done
	} > yardstick.sql
	command_of sqlite 'sqlite3 sqlite.db < yardstick.sql'
}

# with_openpyxl: the Python that has it, which needn't be the first one.
with_openpyxl() {
	for python in python3 /usr/bin/python3; do
		"$python" -c 'import openpyxl' 2> /dev/null || continue
		echo "$python"
		return
	done
	return 1
}

# workbook ROWS: the first columns of the cases, numbers as numbers.
workbook() {
	cat > write.py <<-'END'
		import csv, sys, openpyxl
		book = openpyxl.Workbook(write_only=True)
		sheet = book.create_sheet()
		rows = csv.reader(open('cases.csv', encoding='utf-8-sig', newline=''))
		for n, row in zip(range(int(sys.argv[1]) + 1), rows):
		    sheet.append([float(v) if v.isdigit() and len(v) < 15 else v or None
		                  for v in row[:20]])
		book.save('cases.xlsx')
	END
	cat > read.py <<-'END'
		import openpyxl
		book = openpyxl.load_workbook('cases.xlsx', read_only=True)
		for row in book.active.iter_rows(values_only=True):
		    for value in row:
		        pass
	END
	"$python" write.py "$1"
}

import='case-import -q --no-raw -d'

# --- pairs ------------------------------------------------------------------

# nth COLUMN: the median of a column of runs.txt.
nth() {
	awk -v c="$1" '{print $c}' runs.txt | sort -n |
		awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'
}

# pair NAME GOAL A B: runs A and B in turn; the ratio is B to A.
pair() {
	i=0
	: > runs.txt
	while [ "$i" -lt "$runs" ]; do
		i=$((i + 1))
		a=$("$measure" "./$3")
		b=$("$measure" "./$4")
		echo "$i $a $b" |
			awk '{printf "%d %s %s %s %s %.3f\n", $1, $2, $3, $4, $5, $4 / $2}' >> runs.txt
	done
	[ "$runs" -eq 1 ] || sed "s/^/    /" runs.txt
	printf '%-8s %8s %8s %8s %8s %8s %6s %s\n' "$1" "$(nth 2)" "$(nth 3)" \
		"$(nth 4)" "$(nth 5)" "$(nth 6)" "$2" \
		"$(awk -v r="$(nth 6)" -v g="$2" 'BEGIN {print r <= g ? "met" : "missed"}')"
}

# size NAME GOAL STORE FILE: the ratio of their bytes.
size() {
	a=$(stat -c %s "$4") b=$(stat -c %s "$3")
	awk -v n="$1" -v g="$2" -v a="$a" -v b="$b" 'BEGIN {
		printf "%-8s store %s bytes, file %s: %.3f, goal %s %s\n", n, b,
		    a, b / a, g, (b / a <= g ? "met" : "missed")
	}'
}

rows_of cases.csv
sqlite
command_of first "$import first.db cases.csv"
echo "$rows rows, $(stat -c %s cases.csv) bytes, runs: $runs"
echo "what        its_s  its_MiB    our_s  our_MiB    ratio   goal"
for w in $what; do
	case $w in
	clean)
		pair clean 0.45 sqlite first
		size clean 0.9 first.db cases.csv
		;;
	raw)
		command_of raw "case-import -q -d raw.db cases.csv"
		pair raw 0.55 sqlite raw
		size raw 0.9 raw.db cases.csv
		;;
	dirty)
		rows_of dirty.csv --dirty 3
		command_of dirty "$import dirty.db --rejects rejects.csv dirty.csv 2> notes"
		pair dirty 0.50 sqlite dirty
		;;
	gb18030)
		rows_of gb.csv --encoding gb18030
		command_of gb "$import gb.db gb.csv"
		pair gb18030 1.15 first gb
		;;
	jsonl)
		rows_of cases.jsonl --format ndjson
		command_of jsonl "$import jsonl.db cases.jsonl"
		pair jsonl 1.5 first jsonl
		;;
	again | same)
		# A first import, kept; its copy is what both find.
		[ -f kept.db ] || $import kept.db cases.csv
		{
			cat cases.csv
			echo
		} > again.csv
		file=$([ "$w" = again ] && echo again.csv || echo cases.csv)
		command_of "$w" "exec $import $w.db $file"
		sed -i '2d' "$w"
		cp kept.db "$w.db"
		if [ "$w" = again ]; then
			# Each run finds the rows in a file that is new to it.
			sed -i "2iecho >> again.csv" "$w"
		fi
		pair "$w" "$([ "$w" = again ] && echo 0.6 || echo 0.1)" first "$w"
		;;
	duckdb)
		if ! command -v duckdb > /dev/null; then
			echo 'duckdb   is not installed: not compared'
			continue
		fi
		command_of duck "duckdb duck.db \"create table c as select * from read_csv('cases.csv')\""
		pair duckdb 0.80 duck first
		;;
	xlsx)
		if ! python=$(with_openpyxl); then
			echo 'xlsx     openpyxl is not installed: not compared'
			continue
		fi
		workbook $((rows / 10))
		command_of openpyxl "exec $python read.py"
		command_of xlsx "exec $build/tests/unit/dump_rows cases.xlsx"
		pair xlsx 0.1 openpyxl xlsx
		;;
	*)
		echo "bench: nothing is called '$w'" >&2
		exit 2
		;;
	esac
done
