# cases.sh - what the tests of imports share; sourced after lib.sh
#
# The smallest case table: five columns, one row a case.
HEADER=案件编号,案件名称,立案日期,罚款金额,执法单位

# rows N...: one sound row for each N; A1 is filed on the first.
rows() {
	for number; do
		printf 'A%s,案件%s,2024-01-%02d,%s00,城东中队\n' "$number" "$number" \
			"$number" "$number"
	done
}

# cells TABLE FILE COLUMN...: columns of one table (* for any) of a case-table
# stream, tabs between them; '?' where there is no such column.
cells() {
	table=$1 from=$2
	shift 2
	awk -F '\t' -v table="$table" -v want="$*" '
	BEGIN { n = split(want, name, " ") }
	/^##case-table/ { on = table == "*"; head = 0; next }
	/^##name/ { on = table == "*" || $2 == table; next }
	/^##/ || !on { next }
	!head {
		head = 1
		split("", at)
		for (i = 1; i <= NF; i++)
			at[$i] = i
		next
	}
	{
		line = ""
		for (i = 1; i <= n; i++)
			line = line (i > 1 ? "\t" : "") \
			    (name[i] in at ? $at[name[i]] : "?")
		print line
	}' "$from"
}

# Lines as one line, blanks between them.
joined() {
	tr '\n\t' '  ' | sed 's/ *$//'
}

# stored COLUMN...: those columns of the cases in the store, unmasked.
stored() {
	case-export -d "$S" -t case -f case > stored.case 2> stored.err || {
		fail "case-export: exit $?: $(sed q stored.err)"
		return
	}
	cells '*' stored.case "$@"
}

# where EXPR: the case numbers for which it holds.
where() {
	case-export -d "$S" -t case -w "$1" -f case > where.case 2> where.err ||
		fail "case-export -w $1: exit $?: $(sed q where.err)"
	cells '*' where.case case_no | joined
}

# The counts of the last batch: rows new changed unchanged rejected aside.
counts() {
	case-import -d "$S" --list -f case > list.case 2> list.err ||
		fail "case-import --list: exit $?: $(sed q list.err)"
	cells batches list.case rows new changed unchanged rejected aside |
		tail -n 1 | joined
}

# last COLUMN...: of the list of batches, the last one's.
last() {
	case-import -d "$S" --list -f case > list.case 2> list.err ||
		fail "case-import --list: exit $?: $(sed q list.err)"
	cells batches list.case "$@" | tail -n 1
}

# Shows the last batch of list.case into show.case.
show() {
	case-import -d "$S" --show "$(cells batches list.case batch | tail -n 1)" \
		-f case > show.case 2> show.err ||
		fail "case-import --show: $(sed q show.err)"
}

# rejects COLUMN...: of what the last batch rejected (line field value reason
# raw).
rejects() {
	counts > last.counts
	show
	cells rejects show.case "$@"
}

# The summary on stderr says the counts WANT, and they add up.
expect_summary() {
	set -- $1
	grep -qF "$1 rows: $2 new, $3 changed, $4 unchanged, $5 rejected, $6 set aside" err ||
		fail "no summary with '$*': $(sed q err)"
	[ "$1" -eq $(($2 + $3 + $4 + $5 + $6)) ] || fail "$* does not add up"
}

# try NAME EXIT CASES COUNTS REJECTED: imports the file in.csv into a new store;
# NUMBER:LINE of each case, the counts, and the lines rejected must be these.
# Options for case-import in $options.
options=
try() {
	rm -f "$S"*
	expect_exit "$2" case-import -d "$S" $options in.csv
	expect_eq "$(stored case_no _line | sed 's/\t/:/' | joined)" "$3" \
		"$1: cases"
	expect_eq "$(counts)" "$4" "$1: counts"
	expect_summary "$4"
	show
	expect_eq "$(cells rejects show.case line | joined)" "$5" \
		"$1: lines rejected"
	expect_eq "$(cells rejects show.case reason raw | grep -c '[^	]	.')" \
		"$(set -- $5 && echo $#)" "$1: rejects with reason and text"
}
