#!/bin/sh
# No number of a person leaves unmasked in any output but the raw stream, and no number of a case or a firm is masked.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

# Three hundred numbers with right check digits, in a dress each, in a column
# of their own, in the name of the case, in a remark and in a column that no
# field takes. planted: the bare digits; spared: what must stay.
awk '
function id(i,   s, k, sum) {
	s = sprintf("3399%02d%04d%02d%02d%03d", i % 30 + 1, 1950 + i % 50, i % 12 + 1, i % 28 + 1, i % 999 + 1)
	sum = 0
	for (k = 1; k <= 17; k++)
		sum += substr(s, k, 1) * w[k]
	return s substr("10X98765432", sum % 11 + 1, 1)
}
function phone(i) {
	return sprintf("1%d%09d", 3 + i % 7, 100000007 + i * 7919)
}
function wide(s,   k, out, c) {
	for (k = 1; k <= length(s); k++) {
		c = substr(s, k, 1)
		out = out (c ~ /[0-9]/ ? full[c + 0] : c)
	}
	return out
}
function group(s, sep, a, b) {
	return substr(s, 1, a) sep substr(s, a + 1, b) sep substr(s, a + b + 1)
}
function dress(s, i, is_phone) {
	if (i % 5 == 1)
		return wide(s)
	if (i % 5 == 2)
		return is_phone ? group(s, " ", 3, 4) : group(s, " ", 6, 8)
	if (i % 5 == 3)
		return is_phone ? group(s, "-", 3, 4) : group(s, "-", 6, 8)
	if (i % 5 == 4 && !is_phone)
		return tolower(s)
	return s
}
BEGIN {
	split("7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2", w, " ")
	split("０ １ ２ ３ ４ ５ ６ ７ ８ ９", f, " ")
	split("张 欧阳 李 王 陈", surname, " ")
	split("明 芳 敏 静 强 磊 军 洋 勇 艳 杰 娟", given, " ")
	for (k = 0; k < 10; k++)
		full[k] = f[k + 1]
	print "案件编号,决定书文号,案件名称,立案日期,决定日期,罚款金额,执法单位,当事人名称,证件号码,联系电话,备注,别的"
	for (i = 0; i < 60; i++) {
		a = id(i); b = id(i + 60); c = id(i + 120)
		p = phone(i); q = phone(i + 60)
		print a > "planted"; print b > "planted"; print c > "planted"
		print p > "planted"; print q > "planted"
		name = surname[i % 5 + 1] given[i % 12 + 1] given[i % 7 + 1]
		no = sprintf("33990104%04d%08d", 2024, i)
		doc = sprintf("云综执罚决字〔2024〕第%07d号", i)
		print no > "spared"
		print doc > "spared"
		printf "%s,%s,%s（身份证%s）占道案,2024-01-%02d,2024-02-%02d,%d,城东中队,%s,%s,%s,电话%s；码91330702MA2D1X34XE,住%s室：%s\n",
		    no, doc, name, dress(b, i, 0), i % 28 + 1, i % 28 + 1, i * 10, name,
		    dress(a, i, 0), dress(p, i, 1), dress(q, i + 1, 1), i, dress(c, i + 2, 0)
	}
	printf "C1,,阳光公司案,2024-01-01,,1,城东中队,阳光公司,91330702MA2D1X34XE,,组织机构代码00262001-9，文号33070220240000001381234567890,\n"
	print "91330702MA2D1X34XE" > "spared"
	print "00262001-9" > "spared"
	print "33070220240000001381234567890" > "spared"
}' > in.csv
expect_eq "$(sort -u planted | grep -c .)" 300 'numbers planted'
# The upper and the lower x are one.
tr x X < planted | sort -u > plain

# clean FILE WHAT: no planted number is in it, in any dress.
clean() {
	sed -e 's/<[^>]*>//g' -e 's/０/0/g; s/１/1/g; s/２/2/g; s/３/3/g; s/４/4/g' \
		-e 's/５/5/g; s/６/6/g; s/７/7/g; s/８/8/g; s/９/9/g' \
		-e 's/　/ /g' "$1" | tr -d ' -' | tr x X > bare
	grep -oFf plain bare > found &&
		fail "$2: $(sort -u found | grep -c .) numbers in the open, as $(head -n 1 found)"
	return 0
}
# spared FILE WHAT: what is nobody's number is as it was.
spared() {
	while read -r text; do
		grep -qF -e "$text" "$1" || fail "$2: $text is not there"
	done < spared
}

expect_exit 0 case-import -d "$S" in.csv
clean err 'the summary'
cat out err >> messages
for format in csv tsv json jsonl html md txt; do
	case-export -d "$S" -t case -f $format > out.$format 2> err ||
		fail "case-export -f $format: $(sed q err)"
	clean out.$format "-f $format"
	clean err "-f $format, messages"
	# An aligned table may be cut to a width; the others hold everything.
	[ $format = txt ] || spared out.$format "-f $format"
done
for format in csv html; do
	case-export -d "$S" -t case -o doc.$format
	clean doc.$format "-o .$format"
	case-import -n -q in.csv 2> err | case-export -f $format > out.$format
	clean out.$format "-f $format of a pipe"
done
case-export -d "$S" -t case -o out.xlsx 2> err || fail "xlsx: $(sed q err)"
if command -v unzip > /dev/null; then
	unzip -p out.xlsx > xlsx.xml
	clean xlsx.xml xlsx
	spared xlsx.xml xlsx
fi
if command -v script > /dev/null; then
	script -qec "case-export -d $S -t case" /dev/null > tty < /dev/null
	[ -s tty ] || fail 'nothing on the terminal'
	clean tty 'the terminal'
	script -qec "case-import -n -q in.csv" /dev/null > tty < /dev/null
	clean tty 'case-import -n on the terminal'
	script -qec "case-stat -d $S -b party_id,name -m cases" /dev/null > tty < /dev/null
	clean tty 'case-stat on the terminal'
fi

# The other tools, and every way to look at a record.
case-stat -d "$S" -b party_id -m cases -f csv > out 2> err
clean out 'case-stat -b party_id'
case-stat -d "$S" -b name,extra:别的 -m cases -f json > out 2> err
clean out 'case-stat -b name'
case-stat -d "$S" -m cases --records -p all -f csv > out 2> err
clean out 'case-stat --records'
case-audit -d "$S" --fail-on never -f csv > out 2> err
clean out 'case-audit'
for format in csv html txt; do
	case-import --explain -f $format in.csv > out 2> err
	clean out "--explain -f $format"
	clean err "--explain -f $format, messages"
	case-import -d "$S" --trace case 33990104202400000007 -f $format > out 2> err ||
		fail "--trace: $(sed q err)"
	clean out "--trace -f $format"
done

# Rejected rows, wrong calls: what is said quotes nobody's number.
{
	head -n 1 in.csv
	sed -n '2,20{s/^[^,]*,[^,]*,/,,/;p;}' in.csv
	sed -n '21,40s/,城东中队,/,城西中队,/p' in.csv
	sed -n '21,40s/,城东中队,/,城北中队,/p' in.csv
	sed -n '41s/^/"/p' in.csv
	sed -n '42s/$/,x/p' in.csv
} > bad.csv
expect_exit 1 case-import -d "$S" --rejects rejects.csv bad.csv
clean err 'the summary of rejects'
expect_eq "$(stat -c %a rejects.csv)" 600
for format in csv json txt; do
	case-import -d "$S" --show 2 -f $format > out 2> err || fail "--show: $(sed q err)"
	clean out "--show -f $format"
done
id=$(head -n 1 planted)
for call in "--trace case $id" "--correct case $id fine=1 --reason x" \
	"--correct case C1 fine=$id --reason x" "--undo $id" "--map $id=x in.csv" \
	"-t $id in.csv" "$id.csv" "--$id"; do
	case-import -d "$S" $call > out 2> err < /dev/null && fail "exit 0: $call"
	clean err "case-import $call"
done
case-export -d "$S" -t case -w "party_id = '$id' and" > out 2> err
clean err 'a wrong expression'
case-export -d "$S" -t case -w "party_id = '$id'" -f csv > out 2> err
clean out 'the command in an export'
case-export -d "$S" -t case -w "party_id = '$id'" -f html > out 2> err
clean out 'the command in a page'
# The quiet way to read a number is to ask for it; the answer is masked, too.
expect_eq "$(grep -c 33990104202400000000 out)" 1

# Raw is only what says so.
case-export -d "$S" -t case -f case > raw.case
expect_has raw.case '##meta	privacy	raw' "$id"
case-import -n -q in.csv > raw.case 2> err
expect_has raw.case '##meta	privacy	raw' "$id"

# In the open only for a reason, which is kept.
expect_exit 2 case-export -d "$S" -t case --unmask party_id -f csv
expect_err --reason
expect_eq "$(cat out)" ''
expect_exit 0 case-export -d "$S" -t case --unmask party_id \
	--reason '复议机关调卷' -f html
expect_has out "$id" 复议机关调卷
phone=$(sed -n 4p planted)
expect_not out "$phone"
if command -v sqlite3 > /dev/null; then
	sqlite3 "$S" .dump > dump
	expect_has dump 复议机关调卷
fi
if command -v unzip > /dev/null; then
	case-export -d "$S" -t case --unmask party_id --reason '复议机关调卷' \
		-o open.xlsx
	unzip -p open.xlsx > xlsx.xml
	expect_has xlsx.xml 复议机关调卷 "$id"
fi

# Names, for what is published: in the column of names, and where the same
# name stands in that of the case.
one="case_no = '33990104202400000006'"
name=$(case-export -d "$S" -t case -w "$one" -f case | cells '*' - party_name)
case-export -d "$S" -t case -w "$one" -f csv > out
expect_has out "$name"
case-export -d "$S" -t case --mask-names -w "$one" -f csv > out
expect_not out "$name"
expect_has out 33990104202400000006
finish
