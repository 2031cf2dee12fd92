#!/bin/sh
# Every layout reads its sample whole: no row rejected, no column unknown, no value unread; what it read comes back from an export.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

# Each type has two layouts at least.
case-import --types -f case > types
cells types types type layouts | awk -F '\t' '
	{ n = split($2, l, "; "); if (n < 2) print $1 " has " n " layouts" }' > few
[ -s few ] && fail "$(cat few)"
for file in "$CASE_DATADIR"/layouts/*.json; do
	basename "$file" .json
done | sort > layouts
for file in "$DATA"/samples/*.csv; do
	basename "$file" .csv
done | sort > samples
expect_same layouts samples

type_of() {
	cells types types type layouts | awk -F '\t' -v name="$1" '
	{ n = split($2, l, "; "); for (i = 1; i <= n; i++) if (l[i] == name) print $1 }'
}
while read -r name; do
	type=$(type_of "$name")
	rm -f "$S"*
	expect_exit 0 case-import -d "$S" -l "$name" "$DATA/samples/$name.csv"
	expect_eq "$(wc -l < err)" 1 "$name: notes: $(cat err)"
	expect_has err ' 0 rejected' ' 0 warnings'
	set -- $(counts)
	expect_eq "$1" "$(($2 + $6))" "$name: all rows are new"
	[ "$2" -gt 0 ] || fail "$name: no record"
	expect_eq "$(last type)" "$type" "$name"

	# Exported and read again, by the names of the fields, it is the same;
	# where the layout says what names a record, only it can.
	grep -q '"key"' "$CASE_DATADIR/layouts/$name.json" && continue
	expect_exit 0 case-export -d "$S" -t "$type" -f case -o first.case
	rm -f again.db*
	expect_exit 0 case-import -q -d again.db -t "$type" first.case
	expect_exit 0 case-export -d again.db -t "$type" -f case -o second.case
	for table in first second; do
		body $table.case | awk -F '\t' '
		NR == 1 { for (i = 1; i <= NF; i++) skip[i] = $i ~ /^_/ }
		{ for (i = 1; i <= NF; i++) if (!skip[i]) printf "%s\t", $i; print "" }' \
			> $table
	done
	cmp -s first second || {
		fail "$name: another record after a round trip"
		diff first second | head -6 >&2
	}
done < layouts

# What the odd forms mean: layout, condition, how many records.
while IFS='|' read -r name where n; do
	type=$(type_of "$name")
	rm -f "$S"*
	case-import -q -d "$S" -l "$name" "$DATA/samples/$name.csv" 2> err
	case-export -d "$S" -t "$type" -w "$where" -f case > out 2> err ||
		fail "$name: $where: $(cat err)"
	expect_eq "$(body out | sed 1d | grep -c .)" "$n" "$name: $where"
done << 'END'
activity-training|held_on = '2023-05-06' and headcount = 60 and sessions = 2|1
coordination-transfer|kind = '移送公安' and filed_on = '2023-05-15'|1
delegation-claim|since = '2022-03-01' and basis like '云政发%'|2
document-list|kind = '行政处罚决定书' and pages = 2|1
document-list|kind in ('立案审批表', '结案报告')|2
export|fine = 50.5 and procedure = 'simple'|1
figure-monthly|value = 1230 and period = '2023-05'|1
incident-city|smart and not returned and closed_at is not null|1
incident-city|minutes(dispatched_at, handled_at) = 89|1
incident-export|satisfied and minutes(dispatched_at, arrived_at) = 13|1
incident-export|not satisfied and returned|1
inspection-campaign|fine = 12500 and area = 216.68|1
inspection-supervise|cert1 = '33990100001' and cert2 = '33990100002'|1
inspection-supervise|action = '行政检查' and inspected_on = '2023-05-06'|1
item-discretion|tier like '初次%' and source like '金综执%'|1
item-powers|min_fine = 500 and max_fine = 5000 and transferred_on = '2021-12-01'|1
officer-roster|qualified and hours = 92|1
officer-roster|hours = 88.5 and valid_to = '2026-12-31'|1
permit-export|immediate and online|1
platform|source = '现场检查' and officer1 = '甲一' and officer2 = '乙二'|1
platform|outcome = 'punished' and party_kind = 'organisation'|1
remedy-enforcement|urged_by = '直接' and amount = 5000|1
remedy-enforcement|urged_by = '公告' and urged_again_on = '2023-06-08'|1
remedy-export|kind = 'reconsideration' and result = 'upheld'|1
review-grades|score = 94.5 and grade = '优秀'|1
review-sheet|answer = 'met' and deducted = 0|1
review-sheet|answer = 'failed' and deducted = 2|1
review-sheet|answer = 'na'|1
shuanggongshi-2014|act = '擅自占用城市道路' and organ is not null|1
shuanggongshi-2018|fine = 500|1
shuanggongshi-permit|applicant_id = '92330702MA2E5Y679A' and permit_no = 'ZD-2023-001'|1
shuanggongshi-permit|applicant_id = '330702199003070011' and valid_to = '2099-12-31'|1
supervision-problems|role = '牵头' and closed_on < due_on|1
target-year|measure = 'filed' and value = 60|1
unit-roster|mode = '赋权' and auxiliaries = 18 and since = '2022-03-01'|1
END
finish
