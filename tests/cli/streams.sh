#!/bin/sh
# No tool says that it succeeded when its output was lost, none is noisy in a pipe, and none depends on locale or time zone.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

{
	echo "$HEADER"
	awk 'BEGIN {
		for (i = 1; i <= 3000; i++)
			printf "A%d,案件%d,2024-01-%02d,%d00,中队%d\n", i, i, i % 28 + 1, i, i % 7
	}'
} > in.csv
case-import -q -d "$S" in.csv || fail 'case-import'
tools='case-import case-stat case-audit case-export'

# One call of each tool that writes more than a pipe holds, one that writes
# little.
large() {
	cat <<- END
	case-import -q -n in.csv
	case-import -q -n in.csv -f csv
	case-export -d $S -t case
	case-export -d $S -t case -f json
	case-stat -d $S -b extra:none,name -m cases
	case-audit -d $S --fail-on never
	END
}
small() {
	cat <<- END
	case-import -d $S --list
	case-import -d $S --trace case A1 -f html
	case-import --explain in.csv
	case-stat -d $S -m cases,fines
	case-stat --list-measures
	case-audit --list-rules
	case-audit -d $S --summary --fail-on never
	case-export -d $S -t case -w fine=100 -f md
	case-import --help
	case-import --version
	case-stat --help
	case-stat --version
	case-audit --help
	case-audit --version
	case-export --help
	case-export --version
	case-stat --completion
	END
}
large | sed 's/ -b extra:none,name/ -b name/' > calls
small >> calls

while read -r call; do
	$call > out 2> err < /dev/null
	got=$?
	[ $got -eq 0 ] || fail "exit $got: $call: $(sed q err)"
	[ -s out ] || fail "no output: $call"
	[ ! -s err ] || expect_eq "$(cat err)" '' "$call"

	# A full disk and a closed descriptor are said, and are 2.
	$call > /dev/full 2> err < /dev/null
	got=$?
	[ $got -eq 2 ] || fail "exit $got, not 2, to /dev/full: $call"
	[ -s err ] || fail "no message, to /dev/full: $call"
	$call >&- 2> err < /dev/null
	got=$?
	[ $got -eq 2 ] || fail "exit $got, not 2, stdout closed: $call"
	[ -s err ] || fail "no message, stdout closed: $call"

	# Neither do closed stdin and stderr change what is written.
	$call > closed 2>&- <&-
	expect_eq $? 0 "stdin, stderr closed: $call"
	cmp -s out closed || fail "stdin closed: other output: $call"
done < calls

# A workbook on a full disk is told by its cause.
if [ -w /dev/full ]; then
	case-export -d "$S" -t case -f xlsx -o /dev/full > out 2> err
	expect_eq $? 2 'a workbook to /dev/full'
	expect_err 'No space left on device'
fi

# A reader that stops early is no reason to speak.
while read -r call; do
	{ $call 2> err; echo $? > code; } | head -n 1 > first
	[ -s first ] || fail "no first line: $call"
	expect_eq "$(cat err)" '' "to head: $call"
done < calls

# What standard input lacks.
expect_exit 2 case-import -d "$S" <&-
expect_exit 2 case-export -f csv <&-
expect_exit 2 case-export -f csv < /dev/null
expect_eq "$(cat out)" ''

# The same bytes whatever the place and the clock.
sed '/--help/d; /--version/d; /--completion/d' calls |
	sed 's/$/ --today 2024-06-30/' > places
while read -r call; do
	$call > want 2> err < /dev/null
	for place in 'C UTC' 'zh_CN.UTF-8 Asia/Shanghai' 'tr_TR.UTF-8 America/New_York' \
		'no_SUCH :bogus'; do
		LC_ALL=${place% *} LANG=${place% *} TZ=${place#* } LANGUAGE=zh_CN \
			$call > out 2> err < /dev/null
		cmp -s want out || fail "$place: other output: $call"
	done
done < places

# The time of an import is what it was told, whatever the zone.
for tz in UTC Asia/Shanghai America/New_York; do
	rm -f "$S"*
	TZ=$tz SOURCE_DATE_EPOCH=1700000000 case-import -q -d "$S" in.csv
	TZ=$tz case-import -d "$S" --list -f case > list
	expect_eq "$(cells batches list time)" 2023-11-15T06:13:20
done

for tool in $tools; do
	expect_exit 0 $tool --version
	grep -qE "^$tool \(case-tools\) [0-9]+\.[0-9]" out || fail "--version: $(cat out)"
	expect_exit 0 $tool --help
	expect_has out "$tool" --help --version --store --quiet
	expect_exit 0 $tool -V
	expect_exit 0 $tool -h
	expect_exit 2 $tool --nosuch
	expect_eq "$(cat out)" ''
	expect_err "$tool:" usage:
done

# Messages are in the language of the user, where there is a catalogue.
if [ -s "$CASE_LOCALEDIR/zh_CN/LC_MESSAGES/case-tools.mo" ]; then
	for tool in $tools; do
		LANGUAGE=zh_CN $tool --nosuch 2> err
		LC_ALL=C grep -q '[^ -~]' err || fail "no Chinese: $(cat err)"
		LANGUAGE=zh_CN $tool --help > out
		expect_has out 用法
	done
fi
# A full disk is told once.
for tool in 'case-export -t case -f csv' 'case-stat -m cases'; do
	$tool -d "$S" > /dev/full 2> err
	expect_eq "$(grep -c . err)" 1 "$tool: lines on a full disk"
done
finish
