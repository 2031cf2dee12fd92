#!/bin/sh
# A waiver needs reason, approver and an end, and then its finding is counted apart.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > in.csv << 'X'
案件编号,程序类型,决定日期,罚款金额,当事人类型
H1,简易程序,2023-01-05,500,自然人
H2,简易程序,2023-01-05,600,自然人
H3,简易程序,2023-01-05,700,自然人
X
expect_exit 0 case-import -d "$S" -q in.csv
run() {
	want=$1
	shift
	expect_exit "$want" case-audit -d "$S" -i XF-51 --today 2023-06-30 -f csv "$@"
}
run 1
print=$(sed 1d out | sed -n 2p | cut -d, -f13)
cat > w.csv << X
fingerprint,rule,key,reason,approver,until
$print,,,交警移交,王主任,2023-12-31
,XF-51,H1,另有规定,王主任,2023年6月30日
,XF-51,H3,另有规定,王主任,2023-06-29
X
run 1 --waivers w.csv
expect_eq "$(sed 1d out | cut -d, -f4)" H3
run 1 --waivers w.csv -v
expect_eq "$(sed 1d out | cut -d, -f4 | tr '\n' ' ')" 'H1 H2 H3 '
expect_has out （已豁免）简易程序对自然人罚款500元
run 1 --waivers w.csv --summary
expect_eq "$(sed -n 2p out | cut -d, -f4-8)" 3,0,1,0,2
run 0 --waivers w.csv -w "case_no <> 'H3'"

printf '规则,编号,理由,批准人,有效期至\nXF-51,H1,另有规定,,2023-12-31\n' > bad.csv
run 2 --waivers bad.csv
expect_err "bad.csv:2: this waiver has no 'approver'"
printf 'rule,key,reason,until\nXF-51,H1,x,2023-12-31\n' > bad.csv
run 2 --waivers bad.csv
expect_err "bad.csv:1: a waiver needs a column 'approver'"
printf 'rule,key,reason,approver,until\nXF-51,H1,x,y,someday\n' > bad.csv
run 2 --waivers bad.csv
expect_err 'bad.csv:2:'
run 2 --waivers none.csv
finish
