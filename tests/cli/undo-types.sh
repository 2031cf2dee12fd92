#!/bin/sh
# Of every type: a changed export taken back leaves exports, history and figures as they were before it.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

# What there is to see of a type, without the numbers of the store's own.
seen() {
	case-export -d "$S" -t "$type" -f case | body -
	case-export -d "$S" -t "$type" -f csv
	for key in "$key1" "$key2"; do
		case-import -d "$S" --trace "$type" "$key" -f case | body -
	done
	case-stat -d "$S" -t "$type" -m rows -p all | body -
	case-stat -d "$S" -t "$type" -b "$dim" -m "rows,distinct($dim)" -p all |
		body -
}

# Type, layout, the first two keys, a dimension; then the column that changes
# in the first row and its new value, and the columns that make a row new.
n=0
while IFS='|' read -r type layout key1 key2 dim column value new id; do
	n=$((n + 1))
	a=$DATA/samples/$layout.csv
	awk -F, -v OFS=, -v column="$column" -v value="$value" -v new="$new" \
	    -v id="$id" '
	NR == 1 {
		for (i = 1; i <= NF; i++)
			at[$i] = i
		print
		next
	}
	NR == 2 {
		line = $0
		$(at[column]) = value
		print
		$0 = line
		n = split(new, to, "+")
		split(id, ids, "+")
		for (i = 1; i <= n; i++)
			$(at[to[i]]) = ids[i]
		more = $0
		next
	}
	{ print }
	END { print more }' "$a" > b.csv
	head -n 1 "$a" | tr , '\n' | grep -qxF -e "$column" || fail "$type: no $column"
	rm -f "$S"*
	expect_exit 0 case-import -q -d "$S" -l "$layout" "$a"
	rows=$(last new)
	seen > before 2> err
	[ -s err ] && fail "$type: $(cat err)"
	expect_exit 0 case-import -q -d "$S" -l "$layout" b.csv
	expect_eq "$(last new changed unchanged rejected | joined)" \
		"1 1 $((rows - 1)) 0" "$type"
	seen > during 2> err
	cmp -s before during && fail "$type: the import changed nothing"
	expect_eq "$(case-import -d "$S" --trace "$type" "$key1" -f case | body - |
		sed 1d | grep -c .)" 2 "$type: versions"
	expect_exit 0 case-import -d "$S" --undo 2
	seen > after 2> err
	cmp -s before after || {
		fail "$type: not as before"
		diff before after | head -6 >&2
	}
	expect_exit 0 case-import -d "$S" --check
	# And again, on top of each other, down to nothing.
	expect_exit 0 case-import -q -d "$S" -l "$layout" b.csv
	seen > again 2> err
	expect_eq "$(body during | wc -l)" "$(body again | wc -l)" "$type: again"
	expect_exit 2 case-import -d "$S" --undo 1
	expect_exit 0 case-import -d "$S" --undo 3
	expect_exit 0 case-import -d "$S" --undo 1
	expect_exit 0 case-export -d "$S" -t "$type" -f case
	expect_eq "$(body out | sed 1d)" '' "$type: nothing is left"
	expect_exit 0 case-import -d "$S" --check
done << 'END'
activity|activity-export|HD20230001|HD20230002|kind|参加人次|46|活动编号|HD20230009
case|export|339901202300000001|云综执简罚决字〔2023〕第000002号|unit|罚款金额|600|案件编号+决定书文号|339901202300000009+云综执罚决字〔2023〕第9号
coordination|coordination-export|XT2023000001|XT2023000002|kind|反馈日期|2023-05-11|协同编号|XT2023000009
delegation|delegation-export|白石镇,330217A01000,2022-03-01|清溪镇,330217A01000,2022-06-01|unit|收回日期|2024-01-01|事项编码|330217A09000
document|document-export|339901202300000001,立案审批表,2023-03-01,立案审批表.docx|339901202300000002,询问笔录,2023-05-07,询问笔录1.docx|kind|页数|5|文件名|其他.docx
figure|figure-export|示范街,2023-05,城东中队,月报|示范街,2023-05,城西中队,月报|unit|填报值|4|统计期|2023-06
incident|incident-export|G20230506001|G20230506002|channel|办理状态|已回访|工单编号|G20230506009
inspection|inspection-export|JC2023000001|JC2023000002|kind|已整改数|1|检查编号|JC2023000009
item|item-export|330217A01000,较轻|330217A02000|field|罚款上限|800|事项编码|330217A09000
officer|officer-export|33990100001|丙三,白石镇|unit|有效期至|2028-06-30|执法证号+姓名|33990100009+丁四
permit|permit-export|XK2023000001|XK2023000003|item|当前状态|注销|许可编号|XK2023000009
remedy|remedy-export|云府复〔2023〕12号|(2023)浙9901行初3号|kind|结果|撤销|案号|云府复〔2023〕19号
review|review-export|339901202300000001,2023一季度,执法主体合法|339901202300000002,2023一季度,听证程序|item|得分|9.5|评查轮次|2023二季度
supervision|supervision-export|云综执督〔2023〕1号|云检建〔2023〕3号|kind|办理状态|已办结|文书编号|云综执督〔2023〕9号
target|target-export|立案数,2023,城东中队|立案数,2023|unit|目标值|130|统计期|2024
unit|unit-export|3399010001|白石镇|kind|执法人员数|13|单位编码+单位名称|3399010009+城北中队
END
expect_eq "$n" "$(ls "$CASE_DATADIR/records" | wc -l)" 'types'
finish
