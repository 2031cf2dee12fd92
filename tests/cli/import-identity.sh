#!/bin/sh
# A case is one record whichever of its two numbers a file has, however the decision number is written.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

# A thousand cases as the platform has them, in yuan …
awk 'BEGIN {
	print "案件编号,决定书文号,案件名称,程序类型,执法单位,立案日期,决定日期,罚款金额,当事人名称"
	for (i = 1; i <= 1000; i++)
		printf "3399012024%08d,云综执罚决字〔2024〕第%06d号,占道案%d,普通程序,城东中队,2024-01-%02d,2024-03-%02d,%d.50,云溪%d店\n",
		    i, i, i, i % 28 + 1, i % 28 + 1, 1000 + i, i
}' > platform.csv

# … and as they are published, in ten thousands of yuan, without case numbers.
awk 'BEGIN {
	print "行政相对人名称,行政相对人类别,行政相对人代码_1(统一社会信用代码),行政相对人代码_2(工商注册号)," \
	    "行政相对人代码_3(组织机构代码),行政相对人代码_4(税务登记号),行政相对人代码_5(事业单位证书号)," \
	    "行政相对人代码_6(社会组织登记证号),法定代表人,法定代表人证件类型,法定代表人证件号码,证件类型,证件号码," \
	    "行政处罚决定书文号,违法行为类型,违法事实,处罚依据,处罚类别,处罚内容,罚款金额(万元)," \
	    "\"没收违法所得、没收非法财物的金额(万元)\",暂扣或吊销证照名称及编号,处罚决定日期,处罚有效期,公示截止期," \
	    "处罚机关,处罚机关统一社会信用代码,数据来源单位,数据来源单位统一社会信用代码,备注"
	for (i = 1; i <= 1000; i++) {
		# The number is written in five ways.
		n = i % 5 == 0 ? "[2024]" i "号" : i % 5 == 1 ? "〔2024〕第" i "号" : \
		    i % 5 == 2 ? "【２０２４】" i : i % 5 == 3 ? "（2024） 第" i " 号" : \
		    "〔2024〕第0000" i "号"
		printf "云溪%d店,个体工商户,92330702MA2E5Y679A,,,,,,,,,,,云综执罚决字%s,占用道路,占用城市道路经营,条例第十五条,罚款,罚款%d.50元,%d.%06d,0,,2024/3/%d,2099-12-31,2025-03-01,云溪县综合行政执法局,11330702002620019M,云溪县综合行政执法局,11330702002620019M,\n",
		    i, n, 1000 + i, 0, (1000 + i) * 100 + 50, i % 28 + 1
	}
}' > published.csv

# Whichever comes first: a thousand cases, with both numbers and the same money.
total=$(awk -F, 'NR > 1 {s += $8} END {printf "%.2f", s}' platform.csv)
check() {
	expect_eq "$(stored case_no | grep -c .)" 1000 "$1: cases"
	expect_eq "$(where 'case_no is null or decision_no is null')" '' "$1"
	expect_eq "$(stored fine | awk '{s += $1} END {printf "%.2f", s}')" \
		"$total" "$1: fines"
	expect_eq "$(where 'decided_on is null or act is null or filed_on is null')" \
		'' "$1: fields of both"
	stored case_no decided_on fine act unit party_name | sort > "$1.got"
	expect_exit 0 case-import -d "$S" --check
}
expect_exit 0 case-import -d "$S" platform.csv
expect_eq "$(counts)" '1000 1000 0 0 0 0'
expect_exit 0 case-import -d "$S" -l shuanggongshi-2018 published.csv
expect_eq "$(counts)" '1000 0 1000 0 0 0'
check platform-first
expect_exit 0 case-import -d "$S" -l shuanggongshi-2018 published.csv
expect_err 'nothing new'

rm -f "$S"*
expect_exit 0 case-import -d "$S" -l shuanggongshi-2018 published.csv
expect_eq "$(counts)" '1000 1000 0 0 0 0'
expect_exit 0 case-import -d "$S" platform.csv
expect_eq "$(counts)" '1000 0 1000 0 0 0'
check published-first
expect_same platform-first.got published-first.got
# The first file again brings nothing but the way a number is written.
sed 's/$/\r/' published.csv > again.csv
expect_exit 0 case-import -d "$S" -l shuanggongshi-2018 again.csv
expect_eq "$(counts | cut -d ' ' -f 1,2,5,6)" '1000 0 0 0'

# The two numbers of two cases in one row: rejected, and both are named.
rm -f "$S"*
case-import -q -d "$S" platform.csv
{
	head -n 1 platform.csv
	echo 339901202400000001,云综执罚决字〔2024〕第000002号,占道案,普通程序,城东中队,2024-01-01,2024-03-01,1,店
	sed -n 4p platform.csv
} > conflict.csv
expect_exit 1 case-import -d "$S" conflict.csv
expect_eq "$(counts)" '2 0 0 1 1 0'
rejects line reason > reason
expect_has reason 339901202400000001
grep -qE '云综执罚决字|339901202400000002' reason ||
	fail "the second record is not named: $(cat reason)"
expect_eq "$(stored case_no | grep -c .)" 1000
expect_eq "$(where 'fine = 1')" '' 'neither was touched'

# Two rows of one file that a third one joins.
rm -f "$S"*
{
	echo 案件编号,决定书文号,罚款金额
	echo B1,,100
	echo ,甲执〔2024〕1号,200
	echo B1,甲执〔2024〕1号,300
	echo B2,甲执〔2024〕2号,400
} > join.csv
expect_exit 1 case-import -d "$S" join.csv
expect_eq "$(counts)" '4 3 0 0 1 0'
expect_eq "$(rejects line | joined)" 4

# Numbers that only look alike are different.
rm -f "$S"*
{
	echo 决定书文号,罚款金额
	echo 甲执〔2024〕1号,1
	echo 甲执〔2023〕1号,2
	echo 乙执〔2024〕1号,3
	echo 甲执〔2024〕11号,4
	echo 甲执〔2024〕1-1号,5
	echo 甲执〔2024〕第1号,1
} > alike.csv
expect_exit 0 case-import -d "$S" alike.csv
expect_eq "$(counts)" '6 5 0 1 0 0'
finish
