#!/bin/sh
# Each measure counts its own population by its own date, so that they can stand in one row.
. "${srcdir:-.}/tests/cli/lib.sh"

cat > cases.csv <<'CSV'
案件编号,程序类型,执法单位,执法领域,事项编码,立案日期,决定日期,结案日期,罚款金额,没收金额,缴款日期,已缴罚款,法制审核日期,是否联合法审,公示日期
A1,普通程序,城东中队,市容环境卫生,X1,2023-01-05,2023-02-01,2023-02-20,1000,200,2023-02-10,1000,2023-01-30,是,2023-02-05
A2,普通程序,城东中队,城乡规划,X2,2023-02-10,2023-05-20,2023-07-03,500.50,,2023-07-01,500.50,,否,
A3,简易程序,城西中队,市容环境卫生,X1,2023-03-01,2023-03-01,2023-03-01,50,,2023-03-01,50,,,
A4,简易程序,城西中队,市容环境卫生,X1,2022-12-30,2023-01-02,2023-01-02,100,,2023-01-02,100,,,
A5,普通程序,城西中队,城乡规划,X3,2023-06-20,,,,,,,,,
A6,普通程序,,市容环境卫生,X1,,2023-04-01,,300,,,,2023-03-20,是,2023-04-09
CSV
case-import -q -d "$S" cases.csv || fail 'case-import'

# says WANT OPTION...: the rows under the header, tabs shown as blanks.
says() {
	want=$1
	shift
	case-stat -d "$S" --today 2023-12-31 "$@" > out.case 2> err ||
		fail "case-stat $*: $(cat err)"
	expect_eq "$(body out.case | sed 1d | tr '\t' ' ')" "$want" "$*"
}
P='-p 2023H1'
says '5 4 5 3 2' $P -m cases,filed,decided,closed,open
says '1950.50 1150.00 200.00' $P -m fines,fines_paid,confiscated
says '390.10' $P -m mean_fine
says '3 5 2' $P -m 'items,rows,distinct(field)'
# A5 is open, A6 was never filed; A4 was filed the year before.
says '0.75 0.75' $P -m closure_rate,cohort_closure_rate
says '0.75 3 4 0.75 3 4' $P -m closure_rate,cohort_closure_rate -v
# A1 and A3 by their limits; A2 fell due on 11 May and closed on 3 July; A4 fell
# due on 30 March; A5 does in September. With one day A3 alone is in time.
says '0.75 3 4 1 3 3' $P -m on_time_due,on_time_closed -v
says '0.25 1 4' $P -m on_time_due -v --set limit.decision_days=1
says '0.6666666666666666 2 3' $P -m review_rate -v
says '0.3333333333333333 1 3' $P -m joint_review_rate -v
says '0.4 2 5' $P -m publish_rate -v --set "publish.classes=fine > 0"
says '' $P -m publish_rate
grep -q '^##meta	note	publish_rate: ' out.case || fail 'no word about publish.classes'
says '63' $P -m 'p50(decided_on-filed_on)' -w "procedure = '普通程序' and decided_on is not null"
says '1000.00 50.00 5' $P -m 'max(fine),min(fine),count(fine)' --on decided_on
says '0.4' $P -m 'rate(fine>400)@decided_on'
# A dated measure by another date; a label for a name; a list in a bracket.
says '3 4' $P -m cases@closed_on,立案数
says '城东中队 2 2 1500.50
城西中队 2 2 150.00
（空） 0 1 300.00' $P -b unit -m filed,decided,fines
says '普通程序 3 3 1800.50
简易程序 1 2 150.00' $P -b procedure -m filed,decided,fines
# The second of the type's dates is said.
case-stat -d "$S" $P -m cases > out.case
grep -q '^##meta	note	有 1 件没有立案日期，按决定日期计$' out.case ||
	fail "no note: $(grep note out.case)"
# Nothing there: counts are 0, what has no value is empty.
finish
