#!/bin/sh
# What has no number is found again by what else names it; two that have numbers are never one; a header of two meanings is asked about.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

# A ledger without numbers: the same rows again are the same incidents.
cat > ledger.csv << 'CSV'
上报时间,问题来源,事件类型,事发地点,办理状态
2023-05-06 08:00,接警台,占道,人民路,处置中
2023-05-06 08:00,接警台,噪声,人民路,处置中
2023-05-06 09:00,接警台,占道,,处置中
CSV
sed 's/占道,人民路,处置中/占道,人民路,已办结/' ledger.csv > later.csv
expect_exit 0 case-import -d "$S" -t incident ledger.csv
expect_eq "$(counts)" '3 3 0 0 0 0'
expect_exit 0 case-import -d "$S" -t incident later.csv
expect_eq "$(counts)" '3 0 1 2 0 0'
expect_exit 0 case-import -d "$S" --trace incident '2023-05-06T08:00:00,接警台,占道,人民路' -f case
expect_eq "$(body out | sed 1d | grep -c .)" 2 'versions by what names it'
expect_exit 0 case-import -d "$S" --trace incident '2023-05-06T09:00:00,接警台,占道' -f case

# With numbers, two at one time and place are two, and not the one without.
cat > numbered.csv << 'CSV'
工单编号,上报时间,问题来源,事件类型,事发地点,办理状态
G1,2023-05-06 08:00,接警台,占道,人民路,处置中
G2,2023-05-06 08:00,接警台,占道,人民路,已办结
CSV
expect_exit 0 case-import -d "$S" -t incident numbered.csv
expect_eq "$(counts)" '2 2 0 0 0 0'
# A number given by hand makes the other name void; a new row is a new record.
expect_exit 0 case-import -d "$S" --correct incident \
	'2023-05-06T08:00:00,接警台,噪声,人民路' incident_no=G3 --reason 补号
expect_exit 0 case-import -d "$S" --check
head -n 3 ledger.csv > third.csv
expect_exit 0 case-import -d "$S" -t incident third.csv
expect_eq "$(counts)" '2 1 1 0 0 0'
expect_exit 0 case-import -d "$S" --check
for batch in 5 4 3 2 1; do
	expect_exit 0 case-import -d "$S" --undo $batch
	expect_exit 0 case-import -d "$S" --check
done

# Neither a number nor what else names it: rejected, in words.
printf '事件类型,办理状态,上报时间\n占道,处置中,\n' > nothing.csv
expect_exit 1 case-import -d "$S" -t incident nothing.csv
expect_eq "$(rejects line | joined)" 2
expect_has show.case 工单编号 上报时间

# Only the first part of a key has to be there: an item without a tier.
printf '事项编码,事项名称,裁量阶次\nA1,甲,\nA1,甲,较轻\nA2,乙,\n' > items.csv
expect_exit 0 case-import -d "$S" -t item items.csv
expect_eq "$(counts)" '3 3 0 0 0 0'
sed 's/甲/丙/' items.csv > renamed.csv
expect_exit 0 case-import -d "$S" -t item renamed.csv
expect_eq "$(counts)" '3 0 2 1 0 0'

# A header of two meanings: both are named, nothing is stored, --map decides.
printf '文书编号,单位,制发日期\nD1,白石镇,2023-05-06\n' > papers.csv
expect_exit 2 case-import -d "$S" -t supervision papers.csv
expect_err papers.csv "'单位'" "'unit'" "'addressee'" --map
expect_exit 2 case-export -d "$S" -t supervision -f case
expect_exit 2 case-import -t supervision --explain papers.csv
expect_exit 0 case-import -d "$S" -t supervision --map 单位=addressee papers.csv
expect_eq "$(counts)" '1 1 0 0 0 0'
printf '{"name":"ours","type":"supervision","columns":{"单位":"unit"}}' > ours.json
expect_exit 0 case-import -n -l ./ours.json papers.csv
expect_eq "$(cells '*' out unit)" 白石镇
# In a question it is no field either: which of them is not guessed.
expect_exit 2 case-export -d "$S" -t supervision -w "单位 = '白石镇'" -f case
finish
