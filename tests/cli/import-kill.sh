#!/bin/sh
# An import that is killed at any instant leaves the store as before or after its file, and a second run is exact.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

n=20000
if [ -x "$CASE_SHARED/tools/gen_cases" ]; then
	"$CASE_SHARED/tools/gen_cases" --rows $n -o big.csv || fail 'gen_cases'
else
	awk -v n=$n -v head="$HEADER" 'BEGIN {
		print head
		for (i = 1; i <= n; i++)
			printf "B%d,案件%d,2024-01-%02d,%d,城东中队\n", i, i, i % 28 + 1, i
	}' > big.csv
fi
{ echo "$HEADER"; rows 1 2 3; } > in.csv

# What an undisturbed run stores: into a new store, and into one with rows.
case-import -q -d new.db big.csv
case-import -q -d base.db in.csv
cp base.db full.db
begin=$(date +%s%N)
case-import -q -d full.db big.csv 2> err || fail "$(cat err)"
# The kills are spread over what it takes, but a third of a second at most.
span=$((($(date +%s%N) - begin) / 900000))
[ $span -le 300 ] || span=300
content() {
	case-export -d "$1" -t case -f case | body - | cksum
}
new=$(content new.db) full=$(content full.db)

# rows of the store, by its own count; nothing when there is no store.
size() {
	if [ -s "$1" ]; then
		case-import -d "$1" --list -f case > list 2> list.err ||
			fail "after a kill: $(cat list.err)"
		cells batches list rows | awk '{s += $1} END {print s + 0}'
	else
		echo 0
	fi
}

killed=0
for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 \
	16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
	rm -f "$S"*
	before=0
	if [ $((round % 2)) -eq 0 ]; then
		cp base.db "$S"
		before=3
	fi
	ms=$(($(od -An -N2 -tu2 /dev/urandom) % span))
	case-import -q -d "$S" big.csv 2> kill.err &
	pid=$!
	sleep "$(printf '0.%03d' $ms)"
	kill -9 $pid 2> kill.err && killed=$((killed + 1))
	wait $pid 2> kill.err
	got=$(size "$S")
	[ "$got" -eq $before ] || [ "$got" -eq $((before + n)) ] ||
		fail "round $round, killed after $ms ms: $got rows"
	if [ -s "$S" ]; then
		expect_exit 0 case-import -d "$S" --check
	fi
	if [ $((round % 7)) -eq 0 ]; then
		expect_exit 0 case-import -q -d "$S" big.csv
		want=$new
		[ $before -eq 0 ] || want=$full
		expect_eq "$(content "$S")" "$want" "round $round, again"
		expect_exit 0 case-import -d "$S" --check
	fi
done
[ $killed -gt 0 ] || fail 'no import was killed'
finish
