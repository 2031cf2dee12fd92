#!/bin/sh
# What a column holds otherwise than in the last batch of its layout is said, with both shares; small files and small differences are not.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

# file FIRST N BAD EMPTY: N cases from number FIRST on, of whose dates the first
# BAD can't be read, and of whose closings the first EMPTY are not there.
file() {
	awk -v first="$1" -v n="$2" -v bad="$3" -v empty="$4" 'BEGIN {
		print "案件编号,案件名称,决定日期,结案日期"
		for (i = 0; i < n; i++)
			printf "A%d,案件,%s,%s\n", first + i,
			    i < bad ? "6月1日" : "2024-06-01",
			    i < empty ? "" : "2024-07-01"
	}'
}
# told FILE TEXT...: its import exits 0 and says each, also with -q; without a
# TEXT it says nothing of shares.
told() {
	expect_exit 0 case-import -d "$S" -q "$1"
	shift
	expect_has err "$@"
	[ $# -gt 0 ] || expect_not err '% in batch'
}
# drift TEXT N BAD EMPTY N BAD EMPTY: one file behind another.
drift() {
	say=$1
	rm -f "$S"*
	file 1 "$2" "$3" "$4" > one.csv
	file 5001 "$5" "$6" "$7" > two.csv
	told one.csv
	told two.csv ${say:+"$say"}
}
READ='决定日期: 40 % of the values can be read, 99 % in batch 1'
GONE='结案日期: 0 % of the cells are filled, 95 % in batch 1'
drift "$READ; $GONE" 100 1 5 100 60 100
expect_eq "$(grep -c '% in batch' err)" 1 'one message'
expect_exit 0 case-import -d "$S" --check
# Suddenly filled, and half of it.
drift '结案日期: 95 % of the cells are filled, 0 % in batch 1' 100 0 100 100 0 5
drift '结案日期: 45 % of the cells are filled, 95 % in batch 1' 100 0 5 100 0 55
drift '' 100 0 5 100 0 54
# A column that was hardly ever filled may be empty.
drift '结案日期: 0 % of the cells are filled, 20 % in batch 1' 100 0 80 100 0 100
drift '' 100 0 81 100 0 100
# Twenty points, and not one less; that more can be read is good.
drift '决定日期: 80 % of the values can be read, 100 % in batch 1' 100 0 0 100 20 0
drift '' 100 0 0 100 19 0
drift '' 100 60 0 100 0 0
# Twenty cells on both sides.
drift '决定日期: 0 % of' 20 0 0 20 20 0
drift '' 19 0 0 20 20 20
drift '' 20 0 0 19 19 19
drift '' 5 0 0 5 5 5

# A small batch in between hides nothing, nor does one that was taken back.
rm -f "$S"*
file 1 100 1 5 > one.csv
file 201 5 0 0 > small.csv
file 301 100 90 0 > bad.csv
file 401 100 60 100 > two.csv
told one.csv
told small.csv
told bad.csv '10 % of the values can be read, 99 % in batch 1'
expect_exit 0 case-import -d "$S" --undo 3
told two.csv "$READ; $GONE"
expect_eq "$(counts)" '100 100 0 0 0 0'
# What stays as it is now is no news.
file 601 100 60 100 > three.csv
told three.csv
# The same message says which columns are new.
sed '1s/结案日期/结案时间/; 1s/$/,新列/; 2,$s/$/,n/' one.csv > four.csv
told four.csv 'columns new since batch 5: 结案时间, 新列; gone since then: 结案日期'
file 801 100 100 100 | sed '1s/结案日期/结案时间/; 1s/$/,新列/' > five.csv
expect_exit 1 case-import -d "$S" -q five.csv
file 801 100 100 100 | sed '1s/结案日期/结案时间/; 1s/$/,旧列/; 2,$s/$/,n/' > five.csv
told five.csv 'columns new since batch 7: 旧列; gone since then: 新列; 决定日期: 0 % of'
# Each layout has its own.
echo '{ "name": "own", "type": "case", "columns": { "案件编号": "case_no" } }' > own.json
file 901 100 0 0 > six.csv
expect_exit 0 case-import -d "$S" -q -l ./own.json six.csv
expect_eq "$(cat err)" ''
file 1001 100 100 0 > seven.csv
expect_exit 0 case-import -d "$S" -q -l ./own.json seven.csv
expect_err "$(printf '决定日期: 0 %% of the values can be read, 100 %% in batch %s' \
	"$(($(last batch) - 1))")"

# Numbers that a spreadsheet ruined make no record, and are counted all the same.
rm -f "$S"*
file 1 100 0 0 > one.csv
file 1 100 0 0 | sed '2,$s/^A[0-9]*/3.3E+17/' > two.csv
told one.csv
expect_exit 1 case-import -d "$S" -q two.csv
expect_err '案件编号: 0 % of the values can be read, 100 % in batch 1'

# JSON, where a column may come late, and rows without a key are empty cells.
json() {
	awk -v n="$1" -v from="$2" 'BEGIN {
		for (i = 1; i <= n; i++)
			printf "{\"案件编号\": \"J%d%d\"%s}\n", n, i,
			    (i > from) ? ", \"决定日期\": \"2024-01-01\"" : ""
	}'
}
rm -f "$S"*
json 40 30 > a.jsonl
json 50 0 > b.jsonl
told a.jsonl
told b.jsonl '决定日期: 100 % of the cells are filled, 25 % in batch 1'
# Of several sheets the cells are added up.
book() {
	echo '<?xml version="1.0"?>'
	echo '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
	for sheet; do
		echo "<Worksheet ss:Name=\"$sheet\"><Table>"
		awk -F, '{
			printf "<Row>"
			for (i = 1; i <= NF; i++)
				printf "<Cell><Data ss:Type=\"String\">%s</Data></Cell>", $i
			print "</Row>"
		}' "$sheet.csv"
		echo '</Table></Worksheet>'
	done
	echo '</Workbook>'
}
rm -f "$S"*
file 1 15 0 0 > s1.csv
file 101 15 0 0 > s2.csv
file 201 15 15 0 > s3.csv
awk -F, -v OFS=, '{ print $3, $1, $4, $2 }' s3.csv > t.csv
mv t.csv s3.csv
book s1 s2 > a.xls
file 301 15 0 0 > s1.csv
book s1 s3 > b.xls
told a.xls
told b.xls '决定日期: 50 % of the values can be read, 100 % in batch 1'
expect_eq "$(case-import -d "$S" --list -f case > list; cells batches list rows | joined)" \
	'30 30'

# Columns without a name go by their numbers, and only some are named.
rm -f "$S"*
printf '案件编号,,备注一,\nA1,q,w,e\n' > unnamed.csv
expect_exit 0 case-import -d "$S" unnamed.csv
expect_has err 'kept as they are: #2, 备注一, #4'
rm -f "$S"*
echo A1 | awk '{
	printf "案件编号"
	for (i = 1; i <= 25; i++)
		printf ",旧%d", i
	printf "\n%s", $0
	for (i = 1; i <= 25; i++)
		printf ",x"
	print ""
}' > wide.csv
expect_exit 0 case-import -d "$S" wide.csv
expect_has err '旧1, 旧2, ' '旧19, 旧20 and 5 more'
expect_not err 旧21
sed s/旧/新/g wide.csv > wider.csv
expect_exit 0 case-import -d "$S" wider.csv
expect_has err 'new since batch 1: 新1, ' '新20 and 5 more; gone since then: 旧1, ' '旧20 and 5 more'

# Without a layout a file is held to the last one of its own source.
rm -f "$S"*
for i in 1 2 3; do
	printf '案件编号,立案日期,旧一,旧二,旧三\nA%s,2024-01-01,x,x,x\n' $i > a.csv
	printf '案件编号,结案日期,新一,新二,新三\nB%s,2024-01-01,x,x,x\n' $i > b.csv
	expect_exit 0 case-import -d "$S" a.csv
	[ $i -eq 1 ] || expect_not err 'new since' 'gone since'
	expect_exit 0 case-import -d "$S" b.csv
	[ $i -eq 1 ] || expect_not err 'new since' 'gone since'
done
printf '案件编号,立案日期,旧一,旧二\nA4,2024-01-01,x,x\n' > a.csv
expect_exit 0 case-import -d "$S" a.csv
expect_has err 'gone since the last batch: 旧三'
expect_not err 新
finish
