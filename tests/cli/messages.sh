#!/bin/sh
# What the tools say is in the user's language; what they write never is.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

TOOLS='case-import case-stat case-audit case-export'
[ -s "$CASE_LOCALEDIR/zh_CN/LC_MESSAGES/case-tools.mo" ] ||
	fail "no catalogue in $CASE_LOCALEDIR"

# in_chinese N COMMAND...: runs it in Chinese; nothing is garbled.
in_chinese() {
	want_code=$1
	shift
	expect_exit "$want_code" env LANGUAGE=zh_CN "$@"
	expect_not err '??'
}

# --help: no line but the empty ones is as in English.
for tool in $TOOLS; do
	expect_exit 0 "$tool" --help
	cp out english
	in_chinese 0 "$tool" --help
	expect_has out "用法：$tool [选项" '输出本帮助'
	expect_eq "$(wc -l < out)" "$(wc -l < english)" "lines of $tool --help"
	expect_eq "$(grep . english | grep -Fxf - out)" '' "$tool --help"
done

# Wrong calls, and what is not there.
for tool in $TOOLS; do
	in_chinese 2 "$tool" --no-such-option
	expect_err "$tool: 没有选项 --no-such-option" "用法：$tool [选项" \
		"$tool --help"'”列出各选项'
	in_chinese 2 "$tool" -d
	expect_err "$tool: -d 缺少参数"
	in_chinese 2 "$tool" --today 2024-02-30
	expect_err "$tool: --today: 日历上没有这一天"
	in_chinese 2 "$tool" --set nothing=1
	expect_err "$tool: --set: "'没有名为“nothing”的设置'
	in_chinese 2 "$tool" -d "$S" nothing.csv
	expect_err "$tool: nothing.csv: "
done
in_chinese 2 case-import -d "$S" nothing.csv
expect_err 'case-import: nothing.csv: 无法打开: '
for call in 'case-import --list' 'case-stat -m cases' 'case-audit' \
	'case-export -t case -f csv'; do
	in_chinese 2 $call -d nothing.db
	expect_err nothing.db '还没有库；请用 case-import 建立'
done

# A place stands before its reason; figures and names are where they belong.
{ echo "$HEADER"; rows 1 2 3; echo A1,别的,2024-01-09,1,城西中队; } > in.csv
in_chinese 1 case-import -d "$S" in.csv
expect_err 'case-import: in.csv: 共 4 行：新增 3，变更 0，未变 0，拒绝 1，搁置 0；警告 0 个；UTF-8；批次 1'
in_chinese 0 case-import -d "$S" in.csv
expect_err 'case-import: in.csv: 无新内容：同一文件已是批次 1'
printf 'x,y\n1,2\n' > odd.csv
in_chinese 2 case-import -d "$S" odd.csv
expect_err 'case-import: odd.csv:1: 没有找到表头：“x | y”中没有认识的列名'
in_chinese 2 case-stat -d "$S" -m nothing
expect_err '没有指标“nothing”'
in_chinese 2 case-stat -d "$S" -m fines:rank -b unit
expect_err '“fines:rank”' '《行政处罚法》第七十四条'
in_chinese 2 case-import -d "$S" -t nothing in.csv
expect_err 'records 中没有“nothing”；有 '
printf '##case-table\t1\n' > cut.case
in_chinese 2 case-export -f csv cut.case
expect_err 'case-export: cut.case:1: 输入在表中间中断'

# Chinese by the locale alone, installed or not; else English.
for locale in LANG LC_MESSAGES LC_ALL; do
	expect_exit 2 env -u LC_ALL -u LANGUAGE -u LC_MESSAGES -u LANG \
		$locale=zh_CN.UTF-8 case-stat --no-such-option
	expect_err '没有选项 --no-such-option'
	expect_exit 2 env -u LC_ALL -u LANGUAGE -u LC_MESSAGES -u LANG \
		$locale=C case-stat --no-such-option
	expect_err 'no option --no-such-option'
done

# data: what all of them write, into the folder it runs in.
data() {
	case-import -q -d s.db ../in.csv
	case-import -n -q -f case ../in.csv > clean
	case-import --explain -f case ../in.csv > columns
	for labels in zh en; do
		case-import -d s.db --lang $labels --list -f case
		case-import -d s.db --lang $labels --trace case A1 -f case
		case-stat -d s.db --lang $labels -b unit -f case \
			-m cases,fines,publish_rate,item_coverage
		case-stat -d s.db --lang $labels --explain -m item_coverage
		case-stat -d s.db --lang $labels --list-measures -f case
		case-audit -d s.db --lang $labels -f case
		case-audit -d s.db --lang $labels --summary -f case
		case-audit -d s.db --lang $labels --list-rules -f case
		case-export -d s.db --lang $labels -t case -f json
	done > tables
	case-stat -d s.db -b unit --today 2024-06-30 -f case |
		case-export --today 2024-06-30 -o book.xlsx
}
SOURCE_DATE_EPOCH=1719700000
export SOURCE_DATE_EPOCH
for lang in en zh_CN; do
	mkdir $lang
	(LANGUAGE=$lang && cd $lang && data) 2> /dev/null
done
for file in clean columns tables book.xlsx; do
	[ -s en/$file ] || fail "$file is empty"
	expect_same en/$file zh_CN/$file
done

# The catalogue: nothing untranslated, doubtful or missing.
if command -v msgfmt > /dev/null; then
	LC_ALL=C msgfmt --check --statistics -o /dev/null "$here/po/zh_CN.po" \
		2> statistics || fail "zh_CN.po: $(cat statistics)"
	expect_not statistics fuzzy untranslated
fi
if command -v xgettext > /dev/null && command -v msgcmp > /dev/null; then
	sh "$here/po/update.sh" --check > missing 2>&1 ||
		fail "zh_CN.po lacks messages; run po/update.sh: $(cat missing)"
fi
finish
