#!/bin/sh
# Documents are records of their text: with -t document, a folder or zip of .txt, .md, .html and .docx files named by case number.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"
need zip

documents() {
	case-export -d "$S" -t document -f case > stored.case 2> stored.err ||
		fail "case-export: exit $?: $(sed q stored.err)"
	cells '*' stored.case "$@"
}

mkdir -p files word/word
printf '问：姓名？\r\n答：张三。\r\n' > files/XC2023001_询问笔录.txt
printf '现场勘验，店外经营。\n' | iconv -f UTF-8 -t GB18030 \
	> 'files/XC2023001 勘验笔录_2023-06-12.txt'
printf '# 告知书\n\n拟罚款\n' > files/XC2023002告知书.md
printf '<Types/>' > 'word/[Content_Types].xml'
printf '<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>决定书正文</w:t></w:r></w:p></w:body></w:document>' \
	> word/word/document.xml
(cd word && zip -qr '../files/婺综执罚决字〔2023〕第000123号 处罚决定书.docx' .)

printf '<html><body><p>听证&nbsp;告知</p><table><tr><td>一</td></tr></table>' \
	> files/XC2023004_听证告知书.html
expect_exit 0 case-import -d "$S" -t document files
expect_has err '处罚决定书.docx: 1 rows: 1 new' '0 warnings; DOCX; batch'
expect_not err null
expect_exit 0 case-import --explain -t document files/*.docx
expect_has out '##meta	format	document'
expect_eq "$(documents case_no kind | sort | joined)" \
	'XC2023001 勘验笔录 XC2023001 询问笔录 XC2023002 告知书 XC2023004 听证告知书 婺综执罚决字〔2023〕第000123号 处罚决定书'
documents name text dated_on > texts
expect_has texts '问：姓名？\n答：张三。' '现场勘验，店外经营。' '决定书正文' \
	2023-06-12 '告知\n一' '# 告知书\n\n拟罚款'
documents _file > from
expect_has from XC2023001_询问笔录.txt
# The same again is nothing new; another name is another document.
expect_exit 0 case-import -q -d "$S" -t document files
expect_eq "$(wc -c < err)" 0
cp files/XC2023002告知书.md files/XC2023003告知书.md
expect_exit 0 case-import -q -d "$S" -t document files
expect_eq "$(documents case_no | grep -c XC2023003)" 1
# Changed, it has a history, and each version its bytes.
printf '问：姓名？\n答：李四。\n' > files/XC2023001_询问笔录.txt
expect_exit 0 case-import -q -d "$S" -t document files
expect_eq "$(documents text | grep -c 李四)" 1
n=$(case-import -d "$S" --list -f case > list; cells batches list batch | tail -n 1)
expect_exit 0 case-import -d "$S" --undo "$n"
expect_eq "$(documents text | grep -c 张三)" 1

# A zip, with a folder a case; what is no document is passed by or fails alone.
rm -f "$S"*
mkdir -p in/XC2023007 in/XC2023008
printf '一\n' > in/XC2023007/询问笔录.txt
printf '二\n' > in/XC2023008/询问笔录.txt
printf '%%PDF-1.7\n' > in/XC2023008/扫描件.pdf
(cd in && zip -qr ../all2023.zip XC2023007 XC2023008)
expect_exit 0 case-import -d "$S" -t document all2023.zip
expect_err '扫描件.pdf: passed by: a PDF document'
expect_eq "$(documents case_no kind text | sort | joined)" \
	'XC2023007 询问笔录 一 XC2023008 询问笔录 二'
printf '%%PDF-1.7\n' > XC1_笔录.txt
printf 'text' > XC2_笔录.docx
expect_exit 2 case-import -d "$S" -t document XC1_笔录.txt
expect_err 'a PDF document'
expect_exit 2 case-import -d "$S" -t document XC2_笔录.docx
# Without a number there is no case that it is of.
printf 'text\n' > 笔录.txt
expect_exit 1 case-import -d "$S" -t document 笔录.txt
expect_eq "$(counts)" '1 0 0 0 1 0'

# A table of documents is a table.
rm -f "$S"*
printf '案件编号,文书类型,文书内容\nA1,决定书,正文\n' > list.csv
expect_exit 0 case-import -d "$S" -t document list.csv
expect_eq "$(documents case_no kind text | joined)" 'A1 决定书 正文'
expect_exit 0 case-import -n -t document files
body out > table
expect_has table 决定书正文

finish
