#!/bin/sh
# Every example of the manual pages runs as it is printed.
. "${srcdir:-.}/tests/cli/lib.sh"

examples=0
for page in "$here"/man/*.[15]; do
	name=$(basename "$page")
	# The lines that begin with "$ " inside of .Bd blocks of EXAMPLES; one that
	# ends in a backslash or a bar goes on. A block is a script.
	rm -rf scripts
	mkdir scripts
	awk -v name="scripts/$name" '
	/^\.Sh/ { on = $0 == ".Sh EXAMPLES" }
	!on { next }
	/^\.Bd/ { block = 1; n++; next }
	/^\.Ed/ { block = 0; more = 0; next }
	!block { next }
	/^\$ / || more {
		if (!more)
			$0 = substr($0, 3)
		gsub(/\\\(dq/, "\"")
		gsub(/\\&/, "")
		gsub(/\\-/, "-")
		gsub(/\\e/, "\\")
		print > (name "." n)
		more = /[\\|]$/
	}' "$page"
	for script in scripts/*; do
		[ -e "$script" ] || {
			case $name in
			case-table.5 | *.1) fail "$name has no example" ;;
			esac
			continue
		}
		rm -rf folder
		cp -r "$CASE_DATADIR/examples" folder
		# Line by line, so that each has its own exit status.
		awk '{ line = line $0 "\n" } !/[\\|]$/ { printf "%s", line > (FILENAME "." ++n ".sh"); line = "" }' "$script"
		for part in $(ls "$script".*.sh | sort -t . -k 4n); do
			part=$work/$part
			(cd folder && sh "$part") > out 2> err < /dev/null
			got=$?
			examples=$((examples + 1))
			[ $got -le 1 ] || {
				fail "$name: exit $got: $(cat "$part")"
				sed 's/^/    /;5q' err >&2
			}
		done
	done
done
[ $examples -ge 10 ] || fail "only $examples examples"

# Every tool of a page is the one that is installed.
for page in "$here"/man/*.1; do
	tool=$(basename "$page" .1)
	command -v "$tool" > /dev/null || fail "there is no $tool"
done
finish
