#!/bin/sh
# Numbers left out are told as ranges for each organ and year, never silently cut.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > in.csv << 'X'
决定书文号,决定日期
甲综执罚决字〔2023〕第0003号,2023-01-05
甲综执罚决字[2023]7号,2023-02-05
甲综执罚决字（2023）第8号,2023-02-06
甲综执罚决字〔2023〕10号,2023-03-05
甲综执罚决字〔2022〕1号,2022-03-05
乙综执罚决字〔2023〕5号,2023-03-05
乙综执罚决字〔2023〕无号,2023-03-05
X
expect_exit 0 case-import -d "$S" -q in.csv
expect_exit 0 case-audit -d "$S" -i DOCNO-GAP -f csv
expect_eq "$(sed 1d out | cut -d, -f2,4,7,9,12)" \
'info,甲综执罚决字〔2023〕第4—6号,4—6,甲综执罚决字〔2023〕缺第4—6号，共3个，其后为甲综执罚决字[2023]7号,3
info,甲综执罚决字〔2023〕第9号,9,甲综执罚决字〔2023〕缺第9号，共1个，其后为甲综执罚决字〔2023〕10号,5'
expect_exit 0 case-audit -d "$S" -i DOCNO-GAP --summary -f csv
expect_eq "$(sed 1d out | cut -d, -f4-8)" 7,4,2,1,0
# A gap belongs to the records beside it: a period without them has none.
expect_exit 0 case-audit -d "$S" -i DOCNO-GAP -p 2022 -f csv
expect_eq "$(wc -l < out)" 1
expect_exit 0 case-audit -d "$S" -i DOCNO-GAP -w 'decided_on >= date("2023-03-01")' -f csv
expect_eq "$(sed 1d out | cut -d, -f7)" 9
# The year in the number against the decision.
sed 's/2022-03-05/2023-01-02/' in.csv | case-import -n -q - |
	case-audit -i DOCNO-YEAR --fail-on never -f csv - > out
expect_eq "$(sed 1d out | cut -d, -f4,7,8)" '甲综执罚决字〔2022〕1号,2022,2023'

# More gaps than are told one by one end in one that counts the rest.
awk 'BEGIN { print "决定书文号"; for (i = 1; i <= 200; i += 2)
	printf "丙罚〔2023〕%d号\n", i }' > many.csv
case-import -n -q many.csv | case-audit -i DOCNO-GAP -f csv - > out
expect_eq "$(sed 1d out | wc -l)" 51
expect_has out '丙罚〔2023〕…' '另有49段' '共49个'
case-import -n -q many.csv | case-audit -i DOCNO-GAP --summary -f csv - > out
expect_eq "$(sed 1d out | cut -d, -f4-6)" 100,1,99
finish
