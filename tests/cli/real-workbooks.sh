#!/bin/sh
# Public workbooks are read whole, or refused in words for a reason that is true.
. "${srcdir:-.}/tests/cli/lib.sh"
need_shared data/real/cn-complaints
real=$CASE_SHARED/data/real

# complaints FILE ROWS REJECTED: messages to a city, as an open contest had them.
complaints() {
	rm -f "$S"*
	expect_exit "$([ "$3" -eq 0 ] && echo 0 || echo 1)" \
	    case-import -d "$S" -t incident -l "$DATA/layouts/cn-complaints.json" "$real/cn-complaints/$1"
	expect_has err "$2 rows: $(($2 - $3)) new, 0 changed, 0 unchanged, $3 rejected, 0 set aside; 0 warnings"
	expect_exit 0 case-import -d "$S" --check
}
complaints e2.xlsx 495 1 # a number comes twice, with other words
case-import -d "$S" --show 1 -f jsonl > out 2> err
expect_has out 'with other content'
complaints e3.xlsx 30 0 # its times are numbers with a date's format
case-export -d "$S" -t incident -w "incident_no = '360114'" -f jsonl > out
expect_has out '"reported_at":"2017-06-08T17:31:20"'
complaints e4.xlsx 120 0

# None of these is a table of records. Damaged and locked ones are called so.
for f in "$real"/spreadsheets-calamine/*.xls*; do
	case $(basename "$f") in
	OOM_alloc3.xls) why='cut off or damaged' ;;
	pass_protected.xlsx) why='password' ;;
	empty_sheet.xlsx) why='no sheet that can be seen has rows' ;;
	*) why='no header found' ;;
	esac
	expect_exit 2 case-import -n "$f"
	expect_has err "$why"
done
finish
