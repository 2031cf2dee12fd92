#!/bin/sh
# :target divides by the target of the same measure, period and unit, and is missing where there is none.
. "${srcdir:-.}/tests/cli/lib.sh"

[ -e "$CASE_DATADIR/records/target.json" ] || skip 'no record type target'
cat > targets.csv <<'CSV'
unit,measure,period,value
城东中队,filed,2023,4
城东中队,立案数,2023-01,2
城西中队,filed,2023H1,1
CSV
printf 'unit,measure,period,value\n,filed,2023,12\n' > whole.csv
cat > cases.csv <<'CSV'
案件编号,执法单位,立案日期,罚款金额
A1,城东中队,2023-01-05,10
A2,城东中队,2023-02-05,10
A3,城西中队,2023-02-07,10
CSV
case-import -q -d "$S" cases.csv || fail 'case-import'
expect_exit 0 case-stat -d "$S" -m filed:target -p 2023
expect_eq "$(body out | sed 1d)" ''
expect_has out '##meta	note	'
case-import -q -d "$S" -t target targets.csv || fail 'case-import targets'
says() {
	lines=$1
	shift
	expect_exit 0 case-stat -d "$S" --today 2023-12-31 "$@"
	expect_eq "$(body out | sed 1d | tr '\t' ' ')" "$lines" "$*"
}
# A target of all units together, where the type can hold one.
if case-import -q -d "$S" -t target whole.csv 2> err; then
	says '0.25' -m filed:target -p 2023
fi
says '城东中队 2 0.5
城西中队 1 ' -b unit -m filed,filed:target -p 2023
says '城东中队 2 
城西中队 1 1' -b unit -m filed,filed:target -p 2023H1
says '城东中队 2023-01 1 0.5
城东中队 2023-02 1 
城西中队 2023-02 1 ' -b unit,month -m filed,filed:target -p 2023
says '' -m filed:target -p 2022H2
finish
