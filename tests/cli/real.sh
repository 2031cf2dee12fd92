#!/bin/sh
# Public exports are read whole: every row is accounted for, with its line, and the figures are those counted otherwise.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"
need_shared data/real
need sqlite3
real=$CASE_SHARED/data/real
layouts=$DATA/layouts

# ask FILE SQL: of a CSV file read by another program, as table t.
ask() {
	sqlite3 :memory: ".import --csv '$1' t" "$2"
}
# begins FILE: the lines on which its rows begin, by the parity of quotes; a CR
# alone ends a line, too.
begins() {
	sed 's/\r$//' "$1" | tr '\r' '\n' | awk '
	!open && NR > 1 { print NR }
	gsub(/"/, "") % 2 { open = !open }'
}
# accounted FILE: rows of the last batch are those of the file, and add up.
accounted() {
	set -- $(counts) "$(ask "$1" 'select count(*) from t')"
	expect_eq "$1" "$7" 'rows'
	expect_eq $(($2 + $3 + $4 + $5 + $6)) "$1" 'the sum'
}

# A case is one by the number of its decision: a later row with it and other
# content is rejected, and told where the first is. kept: what remains of t.
kept='select * from t where rowid in (select min(rowid) from t group by 處分字號)'
repeated() {
	expect_eq "$(last rejected)" \
		"$(ask "$1" 'select count(*) - count(distinct 處分字號) from t')" \
		'repeated numbers'
	counts > last.counts
	show
	cells rejects show.case line > later
	begins "$1" > want
	{ stored _line; cat later; } | sort -n > got
	expect_same want got
	# Each names the line of the row that came first, and that has the number.
	cells rejects show.case line reason raw > told
	expect_eq "$(grep -c 'line [0-9]' told)" "$(wc -l < later)"
	awk -F '\t' '{ match($2, /line [0-9]+/); print substr($2, RSTART + 5, RLENGTH - 5) }' told |
		sort -nu > first
	expect_eq "$(stored _line | sort | comm -12 - "$(sort first > w; echo w)" | wc -l)" \
		"$(wc -l < first)" 'the first of each is stored'
}

for year in 2014 2015; do
	f=$real/tw-labour/violations_$year.csv
	rm -f "$S"*
	expect_exit 1 case-import -d "$S" -l "$layouts/tw-labour.json" "$f"
	accounted "$f"
	repeated "$f"
done
# Dates are of the Minguo calendar, and the older file does not meet this one.
case-import -q -d "$S" -l "$layouts/tw-labour.json" \
	"$real/tw-labour/violations_2014.csv" 2> err
expect_eq "$(where "decided_on < '2013-01-01' or decided_on > '2016-12-31'")" ''
expect_eq "$(where 'decided_on is null')" ''
expect_exit 0 case-stat -d "$S" -b organ -c month -m cases -p 2015 -f csv
expect_exit 0 case-stat -d "$S" -b organ -m cases,rows -p 2014..2015 -f case
case-audit -d "$S" --summary -f csv > out 2> err
[ $? -le 1 ] || fail "case-audit: $(sed q err)"

f=$real/tw-osh/violations_2021.csv
rm -f "$S"*
expect_exit 1 case-import -d "$S" -l "$layouts/tw-osh.json" "$f"
accounted "$f"
# With line feeds inside of cells, each row is on the line where it begins.
repeated "$f"
stored _line > got
line=$(sed -n 4000p got)
case-export -d "$S" -t case -f case > all
no=$(cells '*' all _line decision_no | awk -F '\t' -v l="$line" '$1 == l {print $2}')
sed -n "${line}p" "$f" | grep -qF "$no" || fail "line $line is not that of $no"
# By agency and month, as another program counts them.
case-stat -d "$S" -b organ -m rows -p all -f case > stat.case
cells '*' stat.case organ rows | grep -v '^合计' | sort > got
ask "$f" "select 主管機關 || char(9) || count(*) from ($kept) group by 主管機關" | sort > want
expect_same want got
case-stat -d "$S" -b decided_on/month -m rows@decided_on -p 2021 -f case > stat.case ||
	fail 'case-stat by month'
case-audit -d "$S" --summary -f csv > out 2> err
[ $? -le 1 ] || fail "case-audit: $(sed q err)"
expect_exit 0 case-export -d "$S" -t case -o osh.xlsx
if command -v unzip > /dev/null; then
	unzip -tqq osh.xlsx > out 2>&1 || fail "no workbook: $(cat out)"
fi

f=$real/montreal-food-fines/violations.csv
rm -f "$S"*
expect_exit 0 case-import -d "$S" -l "$layouts/montreal.json" "$f"
accounted "$f"
expect_eq "$(last new)" 7106
case-stat -d "$S" -m fines,cases -p all -f case > stat.case
expect_eq "$(cells '*' stat.case fines cases | joined)" '8896734.00 7106'
case-stat -d "$S" -b town -m fines -p all -f case > stat.case
cells '*' stat.case town fines | grep -v '^合计' | sort > got
ask "$f" "select trim(ville) || char(9) || sum(montant) || '.00' from t group by trim(ville)" | sort > want
expect_same want got

# To a spreadsheet and back, where there is one.
if command -v soffice > /dev/null; then
	case-export -d "$S" -t case -w 'fine > 3000' -f csv > want.csv
	case-export -d "$S" -t case -w 'fine > 3000' -o back.xlsx
	soffice --headless --convert-to \
		'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2' \
		back.xlsx > out 2>&1
	# The same cells; a sheet writes its numbers in its own way.
	sqlite3 :memory: '.import --csv want.csv a' \
		'create table b as select * from a where 0' \
		".import --csv --skip 1 $(ls back*.csv) b" \
		"update b set fine = printf('%.2f', replace(fine, ',', '')), _line = replace(_line, ',', '')" \
		'select count(*) > 0 from a' \
		'select count(*) from (select * from a except select * from b)' \
		'select count(*) from (select * from b except select * from a)' > n1
	printf '1\n0\n0\n' > n2
	expect_same n1 n2
fi

# Times that are written month first: the layout says so, and all are read.
f=$real/nyc-311/311_animals.csv
rm -f "$S"*
expect_exit 0 case-import -d "$S" -l "$layouts/nyc-311.json" "$f"
expect_has err '4969 rows: 4969 new' ' 0 warnings'
case-export -d "$S" -t incident -f case > incidents.case
cells '*' incidents.case incident_no reported_at closed_at | sort > got
# When it was said, as another program takes it apart.
said() {
	echo "case when \"$1\" = '' then '' else substr(\"$1\", d$2 + m$2 + 1, 4)
	|| '-' || printf('%02d', substr(\"$1\", 1, m$2 - 1))
	|| '-' || printf('%02d', substr(\"$1\", m$2 + 1, d$2 - 1))
	|| 'T' || printf('%05s', substr('0' || substr(\"$1\", d$2 + m$2 + 6), -5)) || ':00' end"
}
ask "$f" "select \"Unique Key\" || char(9) || $(said 'Created Date' 1) || char(9)
	|| $(said 'Closed Date' 2) from (select *,
	instr(\"Created Date\", '/') as m1, instr(\"Closed Date\", '/') as m2,
	instr(substr(\"Created Date\", instr(\"Created Date\", '/') + 1), '/') as d1,
	instr(substr(\"Closed Date\", instr(\"Closed Date\", '/') + 1), '/') as d2
	from t)" | sort > want
expect_same want got
expect_eq "$(cut -f 3 got | grep -c T)" 4692
# Without it none of them is, as nobody can know.
sed 's/, "order": "mdy"//' "$layouts/nyc-311.json" > guess.json
rm -f "$S"*
expect_exit 0 case-import -d "$S" -l ./guess.json "$f"
expect_has err '4969 rows: 4969 new' " $((4969 + 4692)) warnings"

# Others: by hand-written maps, and never by luck.
never() {
	timeout 20 case-import "$@" > out 2> err
	got=$?
	[ $got -le 2 ] || fail "exit $got: case-import $*: $(sed q err)"
}
rm -f "$S"*
never -d "$S" -q --map 'Unique Key=case_no' --map 'Created Date=filed_on' \
	--map 'Borough=town' "$real/nyc-311/311_animals.csv"
[ $got -le 1 ] || fail "nyc-311: $(sed q err)"
accounted "$real/nyc-311/311_animals.csv"
never -d "$S" -e latin1 --map business_id=case_no --map name=party_name \
	"$real/sf-food/businesses.csv"
[ $got -le 1 ] || fail "sf-food: $(sed q err)"
expect_eq "$(last rows)" 6399
for f in jp-labour/appearances.tsv sf-food/businesses.csv sf-food/inspections.csv \
	sf-food/violations.csv tw-labour-raw/excerpt.csv nyc-311/311_animals.csv; do
	never --explain -f csv "$real/$f"
	never -n -q "$real/$f"
done
for f in "$real"/csv-spectrum/csvs/*.csv "$real"/spreadsheets-calamine/* \
	"$real"/tw-epa-json/* "$real"/cn-complaints/e3.xlsx; do
	never -d "$S" -q "$f"
done
expect_exit 0 case-import -d "$S" --check
finish
