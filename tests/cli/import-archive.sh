#!/bin/sh
# A zip or gzip file stands for the files in it, each a batch of its own; what can't be taken is named, and the others go in.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"
need gzip zip

{ echo "$HEADER"; rows 1 2; } > one.csv
{ echo "$HEADER"; rows 3; } > two.csv
{ echo "$HEADER"; rows 4; } > four.csv
files() {
	case-import -d "$S" --list -f case > list
	cells batches list file | joined
}
fresh() {
	rm -f "$S"*
}

# gzip: the bytes are the file's own, whatever packed them.
mkdir -p sub
gzip -c one.csv > sub/one.csv.gz
expect_exit 0 case-import -d "$S" sub/one.csv.gz
expect_err 'sub/one.csv.gz: 2 rows: 2 new'
expect_eq "$(files)" one.csv.gz
expect_eq "$(stored case_no _line _file | joined)" 'A1 2 one.csv.gz A2 3 one.csv.gz'
case-import -d "$S" --trace case A2 -f case > trace.case
cells '*' trace.case _raw > raw
expect_has raw 'A2,案件2'
expect_exit 0 case-import -d "$S" one.csv
expect_err 'nothing new: the same file is batch 1'
fresh
expect_exit 0 case-import -d "$S" < sub/one.csv.gz
expect_eq "$(counts)" '2 2 0 0 0 0'

# zip: each file a batch; what holds no table is passed by.
mkdir -p in/案卷 __MACOSX
cp one.csv in/one.csv
iconv -f UTF-8 -t GB18030 two.csv > in/案卷/two.csv
printf '%%PDF-1.7\n%%\342\343\317\323\n' > in/scan.pdf
cp one.csv __MACOSX/._one.csv
(cd in && zip -q four.zip ../four.csv && zip -qr ../all.zip . ) && zip -q all.zip __MACOSX/._one.csv
fresh
expect_exit 0 case-import -d "$S" ./all.zip
expect_err './all.zip/scan.pdf: passed by: a PDF document' \
	'./all.zip/one.csv: 2 rows: 2 new' './all.zip/案卷/two.csv: 1 rows: 1 new'
expect_not err MACOSX
expect_eq "$(stored case_no | sort | joined)" 'A1 A2 A3 A4'
files | grep -q 'all.zip/案卷/two.csv' || fail "no such file: $(files)"
files | grep -q 'all.zip/four.zip/four.csv' || fail "none within: $(files)"
case-import -d "$S" --trace case A3 -f case > trace.case
cells '*' trace.case _raw > raw
expect_has raw 'A3,案件3'
expect_exit 0 case-import -q -d "$S" all.zip
expect_eq "$(wc -c < err)" 0 'again, quietly'
expect_exit 0 case-import -d "$S" all.zip
expect_err 'nothing new'
# One file is undone by itself.
n=$(cells batches list batch file | grep two.csv | cut -f 1)
expect_exit 0 case-import -d "$S" --undo "$n"
expect_eq "$(stored case_no | sort | joined)" 'A1 A2 A4'

# A file that fails is named, and the others go in.
cp one.csv in/a.csv
printf 'no,header\n1,2\n' > in/b.csv
(cd in && rm -f four.zip scan.pdf && zip -q ../some.zip a.csv b.csv 案卷/two.csv)
fresh
expect_exit 2 case-import -d "$S" some.zip
expect_err 'some.zip/b.csv:'
expect_eq "$(stored case_no | sort | joined)" 'A1 A2 A3'
(cd in && zip -q -P secret ../locked.zip a.csv && zip -q ../locked.zip 案卷/two.csv)
fresh
expect_exit 2 case-import -d "$S" locked.zip
expect_err 'locked.zip/a.csv: is encrypted'
expect_eq "$(stored case_no | joined)" A3
fresh
head -c 60 sub/one.csv.gz > cut.gz
expect_exit 2 case-import -d "$S" cut.gz
expect_err 'cut.gz: the gzip file is cut off'
head -c 100 some.zip > cut.zip
expect_exit 2 case-import -d "$S" cut.zip
{ cat sub/one.csv.gz; echo garbage; } > more.gz
expect_exit 2 case-import -d "$S" more.gz
expect_err 'something else stands behind'
[ ! -e "$S" ] || expect_eq "$(files)" '' 'nothing came of these'

# Hostile: names that lead elsewhere stay names; bounds, and how to raise them.
fresh
(cd sub && zip -q ../up.zip ../two.csv)
expect_exit 0 case-import -d "$S" up.zip
expect_eq "$(files)" up.zip/two.csv
head -c 67108864 /dev/zero | gzip -c > bomb.gz
expect_exit 2 case-import -d "$S" bomb.gz
expect_err 'limit ratio is 200' '--limit ratio=N'
expect_exit 2 case-import -d "$S" --limit entries=1 some.zip
expect_err 'limit entries is 1'
expect_exit 2 case-import -d "$S" --limit total=10 sub/one.csv.gz
expect_err 'limit total is 10'
expect_exit 2 case-import -d "$S" --limit size=1 one.csv
expect_err 'is no limit'
# Nothing stays behind in $TMPDIR.
mkdir -p spool
TMPDIR=$work/spool case-import -q -d "$S" all.zip 2> err
expect_eq "$(ls -A spool)" ''

# What it explains is the file in it; -n; a JSON document, packed.
fresh
expect_exit 0 case-import --explain sub/one.csv.gz -f csv
expect_has out case_no
expect_exit 0 case-import -n sub/one.csv.gz
expect_eq "$(body out | wc -l)" 3
printf '[{"案件编号":"A1","案件名称":"x"}]' | gzip -c > doc.json.gz
expect_exit 0 case-import -d "$S" doc.json.gz
expect_eq "$(counts)" '1 1 0 0 0 0'

finish
