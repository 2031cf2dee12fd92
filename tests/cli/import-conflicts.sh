#!/bin/sh
# What two sources say of one record otherwise is listed with both batches; what stands is chosen, nothing is lost, and undo leaves no trace.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

# A register and a platform: different headers, so two sources.
printf '案件编号,决定书文号,立案日期,罚款金额,执法单位,当事人名称\nC1,,2024-01-01,100,城东中队,甲\nC2,,2024-01-02,200,,乙\nC3,,2024-01-03,300,城东中队,丙\n' > a.csv
printf '案件编号,案件名称,罚款金额,执法单位,联系电话,住址\nC1,占道,150,城东中队,13800000000,x\nC2,占道,200,城西中队,13800000000,y\nC4,占道,400,城西中队,13800000000,z\n' > b.csv

# list: the conflicts, as "key field kept@batch:line other@batch:line".
list() {
	case-import -d "$S" --conflicts -f case > conflicts.case 2> conflicts.err ||
		fail "--conflicts: $(cat conflicts.err)"
	cells conflicts conflicts.case key field kept kept_batch kept_line \
		other other_batch other_line |
		awk -F '\t' '{ printf "%s %s %s@%s:%s %s@%s:%s\n", $1, $2, $3, $4, $5, $6, $7, $8 }'
}
fresh() {
	rm -f "$S"*
	expect_exit 0 case-import -d "$S" -q a.csv
}
whole() {
	expect_exit 0 case-import -d "$S" --check
}
undo() {
	expect_exit 0 case-import -d "$S" --undo "$1"
}
fine() {
	stored case_no fine | sed 's/\t/:/; s/\.00//' | joined
}

# By default the newer value stands, and it is said.
fresh
expect_eq "$(list)" ''
expect_exit 0 case-import -d "$S" -q b.csv
expect_err ': 1 values are not what another source' --conflicts
expect_eq "$(fine)" 'C1:150 C2:200 C3:300 C4:400'
expect_eq "$(list)" 'C1 fine 150.00@2:2 100.00@1:2'
whole
# A value that fills a blank is no conflict, nor is one of the same source.
expect_eq "$(where "unit = '城西中队'")" 'C2 C4'
sed 's/,150,/,155,/' b.csv > b2.csv
expect_exit 0 case-import -d "$S" -q b2.csv
expect_eq "$(cat err)" ''
expect_eq "$(list)" 'C1 fine 155.00@3:2 100.00@1:2'
# Gone when the sources agree, and when a batch is taken back.
sed 's/,100,/,155,/' a.csv > a2.csv
expect_exit 0 case-import -d "$S" -q a2.csv
expect_eq "$(list)" ''
undo 4
expect_eq "$(list)" 'C1 fine 155.00@3:2 100.00@1:2'
undo 3
expect_eq "$(list)" 'C1 fine 150.00@2:2 100.00@1:2'
undo 2
expect_eq "$(list)" ''
expect_eq "$(fine)" 'C1:100 C2:200 C3:300'
whole
# A layout is a source by its name; a column more makes no other source.
sed '1s/$/,新列/; 2,$s/$/,n/; s/,100,/,101,/' a.csv > a3.csv
expect_exit 0 case-import -d "$S" a3.csv
expect_eq "$(list)" ''

# keep: what is there stands, the rest is filled, and nothing is lost.
fresh
expect_exit 0 case-import -d "$S" -q --on-conflict keep b.csv
expect_err '1 values are not what'
expect_eq "$(fine)" 'C1:100 C2:200 C3:300 C4:400'
expect_eq "$(where "name = '占道'")" 'C1 C2 C4'
expect_eq "$(list)" 'C1 fine 100.00@1:2 150.00@2:2'
whole
expect_exit 0 case-import -d "$S" -q --on-conflict keep b.csv
expect_eq "$(last batch)" 2 'the same file'
undo 2
expect_eq "$(list)" ''
whole
# With nothing to fill, the record is unchanged; the other may then be undone,
# and what was kept beside it stands.
printf '案件编号,案件名称,罚款金额,联系电话,住址\nC1,,150,,\nC1,,150,,\nC3,,300,,\n' > c.csv
expect_exit 0 case-import -d "$S" -q --on-conflict keep c.csv
expect_eq "$(counts)" '3 0 0 3 0 0'
expect_eq "$(list)" 'C1 fine 100.00@1:2 150.00@3:2'
expect_exit 0 case-import -d "$S" --undo 1
expect_eq "$(fine)" 'C1:150 C3:300'
expect_eq "$(list)" ''
whole
# Back again, it is the register that is the newer one now.
expect_exit 0 case-import -d "$S" a.csv
expect_eq "$(list)" 'C1 fine 100.00@4:2 150.00@3:2'
# A later word of the same source takes the place of the earlier.
sed 's/,150,/,160,/' c.csv > c2.csv
expect_exit 0 case-import -d "$S" --on-conflict keep c2.csv
expect_eq "$(list)" 'C1 fine 100.00@4:2 160.00@5:2'
sed 's/,150,/,100,/' c.csv > c3.csv
expect_exit 0 case-import -d "$S" --on-conflict keep c3.csv
expect_eq "$(list)" ''
whole

# reject: the row, with field and both batches.
fresh
expect_exit 1 case-import -d "$S" --on-conflict reject --rejects r.csv b.csv
expect_eq "$(counts)" '3 1 1 0 1 0'
expect_eq "$(fine)" 'C1:100 C2:200 C3:300 C4:400'
expect_has r.csv 罚款金额 'batch 1 (a.csv, line 2)' 'batch 2'
expect_eq "$(list)" ''
whole

# What a hand corrected stays, until the source says something new.
fresh
expect_exit 0 case-import -d "$S" --correct case C1 fine=10 --reason 录入错误
expect_eq "$(list)" ''
sed 's/,甲$/,甲乙/' a.csv > week2.csv
expect_exit 0 case-import -d "$S" -q week2.csv
expect_err '1 values are not what'
expect_eq "$(fine)" 'C1:10 C2:200 C3:300'
expect_eq "$(where "party_name = '甲乙'")" C1
expect_eq "$(list)" 'C1 fine 10.00@2:0 100.00@3:2'
whole
sed 's/,100,/,20,/' week2.csv > week3.csv
expect_exit 0 case-import -d "$S" -q week3.csv
expect_eq "$(fine)" 'C1:20 C2:200 C3:300'
expect_eq "$(list)" 'C1 fine 20.00@4:2 10.00@2:0'
# The hand has the last word, and then there is none in dispute.
expect_exit 0 case-import -d "$S" --correct case C1 fine=10 --reason 再核
expect_eq "$(list)" ''
undo 5
undo 4
expect_eq "$(list)" 'C1 fine 10.00@2:0 100.00@3:2'
undo 3
undo 2
expect_eq "$(list)" ''
expect_eq "$(fine)" 'C1:100 C2:200 C3:300'
whole
# A source that comes round agrees.
expect_exit 0 case-import -d "$S" --correct case C1 fine=10 --reason 录入错误
expect_exit 0 case-import -d "$S" -q week2.csv
sed 's/,100,/,10,/' week2.csv > week4.csv
expect_exit 0 case-import -d "$S" -q week4.csv
expect_eq "$(cat err)" ''
expect_eq "$(list)" ''
# The correction taken back, the export stands as it came.
rm -f "$S"*
fresh
expect_exit 0 case-import -d "$S" --correct case C1 fine=10 --reason 录入错误
sed '1s/$/,备注/; 2,$s/$/,/' a.csv > week5.csv
expect_exit 0 case-import -d "$S" week5.csv
expect_eq "$(counts)" '3 0 0 3 0 0'
undo 2
expect_eq "$(fine)" 'C1:100 C2:200 C3:300'
expect_eq "$(list)" ''
whole

# Three sources, texts and codes, and what may not be seen.
fresh
printf '案件编号,案件名称,案由,简要案情,当事人名称,当事人地址,证件号码\nC1,,,,丁,浙江省金华市婺城区城东街道解放路18号,330702199003070011\n' > p.csv
printf '编号,名目,地址,证件号码\nC1,,浙江省金华市金东区多湖街道光南路8号,330702199003070038\n' > q.csv
expect_exit 0 case-import -d "$S" p.csv
expect_exit 0 case-import -d "$S" --map 编号=case_no --map 名目=name q.csv
expect_eq "$(list | wc -l)" 3
expect_exit 0 case-import -d "$S" --conflicts -f csv
expect_not out 解放路18号 光南路8号 330702199003070011 330702199003070038
expect_has out 丁 甲 C1 p.csv q.csv

# Wrong calls.
expect_exit 2 case-import -d "$S" --on-conflict maybe a.csv
expect_err maybe
expect_exit 2 case-import -d "$S" --conflicts --list

# A store of the first format opens: read as it is, and brought up to date.
if command -v sqlite3 > /dev/null; then
	fresh
	expect_exit 0 case-import -d "$S" -q b.csv
	cp "$S" one.db
	sqlite3 one.db 'drop table conflict; drop table complete;
		drop table vanished; pragma user_version = 1' > /dev/null
	S=one.db
	expect_eq "$(list)" 'C1 fine 150.00@2:2 100.00@1:2'
	whole
	expect_eq "$(where '_vanished_on is not null')" ''
	expect_eq "$(sqlite3 one.db 'pragma user_version')" 1
	expect_exit 0 case-import -d "$S" --on-conflict keep c.csv
	expect_eq "$(sqlite3 one.db 'pragma user_version')" 3
	whole
fi
finish
