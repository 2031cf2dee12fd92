#!/bin/sh
# A large file is read before all of it was looked at, and that shows nowhere: whatever stands at its end, the outcome is that of a file that was looked at first.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

# many FROM TO: rows of ASCII alone, more than a megabyte of them from 1 to 30000.
many() {
	seq "$1" "$2" |
		awk '{printf "A%d,case number %d,2024-01-02,100.00,NORTH\n", $1, $1}'
}
header=case_no,name,filed_on,fine,unit

# Its begin is ASCII, which UTF-8 is too; its end is GB18030.
{
	echo "$header"
	many 1 30000
	echo B1,占用道路经营案,2024-01-02,100.00,城东中队
} > utf8.csv
iconv -f utf-8 -t gb18030 utf8.csv > late.csv
expect_eq "$(($(stat -c %s late.csv) > 1048576))" 1 'large enough'
expect_exit 0 case-import --no-raw -d "$S" late.csv
expect_err '30001 new'
expect_eq "$(last encoding)" GB18030
expect_eq "$(last batch)" 1 'the first attempt left no batch'
expect_eq "$(where 'name = "占用道路经营案"')" B1
expect_exit 0 case-import -d "$S" --check
case-export -q -d "$S" -t case -f case 2> log | body - | cut -f 1-5 > late
# The same bytes are known again; and so are other bytes of that size.
expect_exit 0 case-import --no-raw -d "$S" late.csv
expect_err 'nothing new' 'batch 1'
sed 's/A29999,case/A29999,CASE/' late.csv > other.csv
expect_exit 0 case-import -d "$S" other.csv
expect_eq "$(counts)" '30001 0 1 30000 0 0'

# As UTF-8, kept with its raw copy, from a pipe, and with files written beside.
rm -f "$S"*
expect_exit 0 case-import -d "$S" utf8.csv
expect_eq "$(last encoding)" UTF-8
case-export -q -d "$S" -t case -f case 2> log | body - | cut -f 1-5 > now
expect_same late now
expect_exit 0 case-import -d "$S" --check
for way in pipe rejects; do
	rm -f "$S"*
	case $way in
	pipe) expect_exit 0 case-import -d "$S" - < late.csv ;;
	rejects) expect_exit 0 case-import -d "$S" --rejects bad.csv late.csv ;;
	esac
	expect_eq "$(last encoding)" GB18030 "$way"
	case-export -q -d "$S" -t case -f case 2> log | body - | cut -f 1-5 > now
	expect_same late now
done
expect_exit 0 case-import -n late.csv
expect_eq "$(grep -c '^A' out)" 30000 'each row once'

# What its first bytes seem to be is no reason to refuse it: read as UTF-8, the
# header has no column of that name.
{
	echo 'case_no,name,filed_on,fine,状态'
	many 1 30000
	echo B1,占用道路经营案,2024-01-02,100.00,已结案
} | iconv -f utf-8 -t gb18030 > header.csv
rm -f "$S"*
expect_exit 0 case-import --no-raw -d "$S" --map 状态=remark header.csv
expect_eq "$(where 'remark = "已结案"')" B1
# Nothing of the first attempt stays, not even a word.
cp "$S" file.db
rm -f "$S"*
expect_exit 0 case-import --no-raw -d "$S" --map 状态=remark - < header.csv
expect_eq "$(stat -c %s "$S")" "$(stat -c %s file.db)"

# Damaged at its end: refused with the place, and nothing is stored.
rm -f "$S"*
{ cat utf8.csv; many 30001 30010; printf 'C1,\377x,,,\n'; } > damaged.csv
expect_exit 2 case-import -d "$S" damaged.csv
expect_err damaged.csv:30013 'bytes ff'
expect_eq "$(ls "$S"* 2> /dev/null)" '' 'no store is made'
expect_exit 0 case-import --no-raw -d "$S" utf8.csv
expect_eq "$(last batch)" 1

finish
