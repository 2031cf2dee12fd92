#!/bin/sh
# Of a large export with known defects every row is accounted for; twice it changes nothing, and undone it leaves nothing.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"
need_shared tools/gen_cases
need iconv

n=20000
[ "${CASE_LONG:-0}" = 0 ] || n=100000
"$CASE_SHARED/tools/gen_cases" --rows $n --dirty 3 --encoding gb18030 \
	--truth truth -o dirty.csv || fail gen_cases
iconv -f GB18030 -t UTF-8 dirty.csv > dirty.txt

# What must be rejected, and what may be: a repeated case whose first row was
# spoilt itself may differ from it or not. By physical line: a row with a line
# feed inside shifts those behind it.
awk -F '\t' '
FILENAME == "truth" { defect[$1] = $2; no[$1] = $4; next }
FNR == 1 { row = 0; next }
continued { continued = 0; next }
{
	row++
	d = defect[row]
	if (d == "embedded_newline")
		continued = 1
	if (d ~ /^ragged/ || (d == "case_no_missing" && $0 !~ /云综执[^,]*号/))
		print FNR > "must"
	else if (d ~ /^dup/) {
		of = substr(no[row], length(no[row]) - 7) + 0
		if (of in defect)
			print FNR > "may"
		else if (d == "dup_conflict")
			print FNR > "must"
		else
			same++
	} else if (d == "case_no_missing")
		keyless[row] = 1
}
END { print row > "rows"; print same + 0 > "same" }' truth dirty.txt
touch may must
sort may > may.s
sort must > must.s

expect_exit 1 case-import -d "$S" dirty.csv
expect_eq "$(last rows)" "$(cat rows)" 'rows'
expect_eq "$(last rows)" $n
expect_summary "$(counts)"
expect_eq "$(last encoding | tr A-Z a-z)" gb18030
rejects line | sort > got.s
expect_eq "$(comm -23 must.s got.s | joined)" '' 'lines that had to be rejected'
expect_eq "$(comm -23 got.s must.s | comm -23 - may.s | joined)" '' \
	'lines that had to be stored'
[ "$(last unchanged)" -ge "$(cat same)" ] || fail 'repeated rows are unchanged'

# Values that can't be read are counted and kept; a broken ID is never whole.
bad="'2023-02-30', '2024-13-01', '0000-00-00', '2025-06-31', '1900-01-00', '20233-1-1'"
any=
for field in filed_on decided_on occurred_on served_on paid_on closed_on published_on; do
	any="$any${any:+ or }extra:\"$field!\" in ($bad)"
done
expect_eq "$(where "$any" | wc -w)" \
	"$(grep -cE ',(2023-02-30|2024-13-01|0000-00-00|2025-06-31|1900-01-00|20233-1-1),' dirty.txt)" \
	'dates kept as text'
expect_eq "$(where "extra:\"party_id!\" = '3.39901E+17' and party_id is null" | wc -w)" \
	"$(grep -c ',3.39901E+17,' dirty.txt)" 'ruined IDs'
expect_eq "$(where "party_id like '%E+%'" | wc -w)" 0
expect_eq "$(where "extra:\"procedure!\" = '快速办理' and procedure is null" | wc -w)" \
	"$(grep -c ',快速办理,' dirty.txt)" 'unknown words of a code'
warnings=$(last warnings)
[ "$warnings" -gt 0 ] || fail 'no warnings'

# Full width, other forms and blanks around do not make another value.
expect_eq "$(where "unit like ' %' or unit like '% ' or unit like '　%'" | wc -w)" 0

# Twice: nothing changes, not even with the rows in another file.
stored case_no decision_no fine decided_on extra | sort > once
expect_exit 0 case-import -d "$S" dirty.csv
expect_eq "$(last batch)" 1
cp dirty.txt utf8.csv
expect_exit 1 case-import -d "$S" utf8.csv
expect_eq "$(last new changed | joined)" '0 0'
stored case_no decision_no fine decided_on extra | sort > twice
expect_same once twice
expect_exit 0 case-import -d "$S" --check

# Taken back, exports and figures are as before.
rm -f "$S"*
case-import -q -d "$S" "$CASE_DATADIR/examples/cases-2023h1.csv" \
	"$CASE_DATADIR/examples/cases-2024h1.csv" 2> err
figures() {
	case-export -d "$S" -t case -f case | body -
	case-stat -d "$S" -b unit -m cases,fines,closed,cases:yoy -p 2024H1 \
		--today 2024-07-01 | body -
	case-stat -d "$S" -b month,procedure -m decided,fines -p all | body -
}
figures > before
case-import -q -d "$S" dirty.csv 2> err
figures > during
cmp -s before during && fail 'the import changed no figure'
expect_exit 0 case-import -d "$S" --undo "$(last batch)"
figures > after
expect_same before after
expect_exit 0 case-import -d "$S" --check
finish
