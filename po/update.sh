#!/bin/sh
# update.sh - bring zh_CN.po up to date with the messages of the sources
#
#	po/update.sh          merge, then say what is left to translate
#	po/update.sh --check  change nothing; exit 1 unless all is translated
#
# Needs GNU gettext. A translator edits zh_CN.po alone: there is no template
# in the tree, no place in a source and no date, so that the file changes only
# when a message does.
set -eu
cd "$(dirname "$0")/.."
pot=$(mktemp "${TMPDIR:-/tmp}/case-tools.XXXXXX")
trap 'rm -f "$pot"' EXIT
trap 'exit 1' HUP INT TERM
po=po/zh_CN.po
LC_ALL=C
export LC_ALL

xgettext --from-code=UTF-8 --language=C -k -k_ -kN_ --package-name=case-tools \
	--no-location --sort-output -o "$pot" cmd/*.[ch] lib/*/*.[ch]
sed -i '/^"POT-Creation-Date:/d' "$pot"

if [ "${1-}" = --check ]; then
	msgcmp "$po" "$pot"
	exit
fi
msgmerge --quiet --update --backup=none --no-location --sort-output \
	--previous "$po" "$pot"
msgattrib --no-obsolete --sort-output -o "$po" "$po"
msgfmt --check --statistics -o /dev/null "$po"
