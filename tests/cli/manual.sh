#!/bin/sh
# Every option is in the help, in the completion and in the manual page, and nothing else is.
. "${srcdir:-.}/tests/cli/lib.sh"

for tool in case-import case-stat case-audit case-export; do
	page=$here/man/$tool.1
	[ -s "$page" ] || {
		fail "$tool.1 is not there"
		continue
	}
	expect_exit 0 $tool --help
	# "  -t, --type TYPE  text", "      --map …": the options, one a line.
	sed -nE 's/^ +(-[A-Za-z]), --([a-z-]+).*/\1\n--\2/p; s/^ +--([a-z-]+).*/--\1/p' \
		out | sort > help
	# ".It Fl t , -type Ar type", ".It Fl -map Ar …".
	sed -nE 's/^\.It Fl ([A-Za-z]) , -([a-z-]+).*/-\1\n--\2/p; s/^\.It Fl -([a-z-]+).*/--\1/p; s/^\.It Fl ([A-Za-z])( .*)?$/-\1/p' \
		"$page" | grep -v '^-. ,' | sort -u > manual
	expect_same help manual
	expect_eq "$(sort -u help | wc -l)" "$(wc -l < help)" "$tool: an option twice"
	[ "$(grep -c '^--' help)" -ge 8 ] || fail "$tool --help: $(cat out)"
	expect_exit 0 $tool --completion
	tr " '" '\n\n' < out | grep -E '^-(-[a-z-]+|[A-Za-z])$' | grep -v '^-[oW]$' |
		sort -u > words
	grep -v '^-[oW]$' help > want
	expect_same want words
	bash -n out 2> err || fail "$tool --completion is no script: $(cat err)"

	# The usual sections are there.
	for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
		expect_has "$page" ".Sh $section"
	done
	expect_has "$page" ".Nm $tool"
	# Every option takes what its help says it takes.
	$tool --help > out
	sed -nE 's/^ +(-[A-Za-z], )?--([a-z-]+) [^ ].*/\2/p' out | sort > takes
	sed -nE 's/^\.It Fl ([A-Za-z] , )?-([a-z-]+) Ar.*/\2/p' "$page" | sort > given
	expect_same takes given
	# A long option is known with its argument missing, and then refused.
	while read -r name; do
		expect_exit 2 $tool "--$name"
		expect_err "$name"
	done < takes
done

if command -v mandoc > /dev/null; then
	for page in "$here"/man/*.[157]; do
		mandoc -T lint -W warning "$page" > out 2>&1 ||
			fail "$(basename "$page"): $(sed q out)"
	done
fi
finish
