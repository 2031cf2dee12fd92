#!/bin/sh
# A case-table that was exported can be imported again: the records are the same, with what no field took.
. "${srcdir:-.}/tests/cli/lib.sh"

printf '案件编号,立案日期,别的,罚款金额,执法人员\nA1,2024-01-02,甲,12,"张三、李四"\nA2,2024-02-30,,x,\n' > in.csv
case-import -q -d one.db in.csv 2> err
expect_exit 0 case-export -d one.db -t case -f case
mv out one.case
expect_exit 0 case-import -d two.db one.case
expect_not err 'without a field'
expect_exit 0 case-export -d two.db -t case -f case
# All but where they come from, and the checksum.
strip() {
	grep -v -e '^##meta' -e '^##end' "$1" | awk -F '\t' '{
		for (i = 1; i <= NF - (/^##/ ? 0 : 4); i++)
			printf "%s\t", $i
		print ""
	}'
}
strip one.case > want
strip out > got
expect_same want got
expect_has got '甲' 'filed_on!' '李四'

# The piped form is the same again.
case-import -q -n in.csv 2> err > n.case
expect_exit 0 case-import -d three.db n.case
expect_exit 0 case-export -d three.db -t case -f case
strip out > got
expect_same want got

# A blank cell of a column without a field clears it only when told to.
printf '案件编号,立案日期,别的\nA1,2024-01-02,\n' > blank.csv
case-import -q -d one.db blank.csv 2> err
expect_exit 0 case-export -d one.db -t case -w "extra:别的 = '甲'" -f jsonl
expect_has out '"A1"'
case-import -q -d one.db --blank-overwrites blank.csv 2> err
expect_exit 0 case-export -d one.db -t case -w "extra:别的 is null" -f jsonl
expect_has out '"A1"'

# A value that is corrected to nothing is missing, and the others stay.
expect_exit 0 case-import -d one.db --correct case A1 fine= --reason 更正
expect_exit 0 case-export -d one.db -t case -w "case_no = 'A1' and fine is null and officer2 = '李四'" -f jsonl
expect_has out '"A1"'
finish
