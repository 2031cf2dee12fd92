#!/bin/sh
# demo.sh - the main job on the shipped samples; for ./bootstrap demo
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
PATH=$top/$1:$PATH
CASE_DATADIR=$top/share CASE_LOCALEDIR=$top/$1/po/locale
export PATH CASE_DATADIR CASE_LOCALEDIR
out=$top/demo
rm -rf "$out"
mkdir -p "$out"
db=$out/case.db

# run COMMAND...: shows it, runs it; 1 means there is something to look at.
run() {
	printf '\n$ %s\n' "$*"
	"$@" || [ $? -eq 1 ]
}

cd "$top/share/examples"
run case-import -d "$db" -t unit units.csv
run case-import -d "$db" cases-2023h1.csv cases-2024h1.csv
run case-stat -d "$db" -b unit -m cases,fines,cases:yoy,fines:yoy,cases:share \
	-p 2024H1 --today 2024-12-31 -f txt
run case-stat -d "$db" -b procedure -m filed,closed,closure_rate,review_rate \
	-p 2024H1 --today 2024-12-31 -f txt
run case-audit -d "$db" --summary -p 2024H1 --today 2024-12-31 -f txt

{
	case-stat -d "$db" -b unit -m cases,fines,cases:yoy,fines:yoy,cases:share \
		-p 2024H1 --today 2024-12-31
	case-stat -d "$db" -b procedure -c month -m cases -p 2024H1 \
		--today 2024-12-31
	case-audit -d "$db" -p 2024H1 --today 2024-12-31 --fail-on never
} | case-export --expect findings --today 2024-12-31 -o "$out/bulletin.xlsx"
printf '\nThe bulletin is %s\n' "$out/bulletin.xlsx"
