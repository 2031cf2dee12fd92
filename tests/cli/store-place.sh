#!/bin/sh
# The store is where it was said to be, private, and nothing else is ever taken for one.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"
need sqlite3

{ echo "$HEADER"; rows 1 2 3; } > in.csv
umask 022

# -d before $CASE_STORE before $XDG_DATA_HOME before ~/.local/share.
CASE_STORE=$work/env.db case-import -q in.csv
[ -s env.db ] || fail '$CASE_STORE is not used'
CASE_STORE=$work/env2.db case-import -q -d opt.db in.csv
[ -s opt.db ] && [ ! -e env2.db ] || fail '-d does not go before $CASE_STORE'
XDG_DATA_HOME=$work/xdg case-import -q in.csv
[ -s xdg/case/case.db ] || fail '$XDG_DATA_HOME is not used'
case-import -q in.csv
[ -s .local/share/case/case.db ] || fail 'no store in ~/.local/share'
for db in env.db opt.db xdg/case/case.db .local/share/case/case.db; do
	expect_eq "$(stat -c %a $db)" 600 "mode of $db"
	expect_eq "$(case-export -d $db -t case -f case | grep '^##end' | cut -f 2)" 3
done
case-import -q -d opt.db --set store.path="$work/set.db" in.csv
[ ! -e set.db ] || fail 'the setting goes before -d'
env -u HOME sh -c 'case-import -q --set store.path=set.db in.csv'
[ -s set.db ] || fail 'the setting is not used'

# A mode that was given later is kept.
chmod 640 opt.db
{ echo "$HEADER"; rows 4; } > four.csv
case-import -q -d opt.db four.csv
expect_eq "$(stat -c %a opt.db)" 640

# An empty file is a store not yet made.
: > empty.db
expect_exit 0 case-import -d empty.db in.csv

# What does not exist is not made by reading.
for tool in 'case-export -t case -f csv' 'case-stat -m cases' 'case-audit' \
	'case-import --list' 'case-import --check'; do
	expect_exit 2 $tool -d nothing.db
	expect_err nothing.db
	[ ! -e nothing.db ] || fail "$tool made a store"
	rm -f nothing.db
done

# no_store FILE WORD: nothing takes it for a store, nothing changes it, and
# the message has the word.
no_store() {
	for tool in 'case-import in.csv' 'case-import --list' \
		'case-import --check' 'case-export -t case -f csv' \
		'case-stat -m cases' 'case-audit'; do
		[ -d "$1" ] || cp "$1" before
		expect_exit 2 $tool -d "$1"
		expect_err "$1"
		grep -qiE "$2" err || fail "$tool -d $1: $(cat err)"
		# A case-table may still say that it failed.
		expect_eq "$(grep -v '^##fail' out)" '' "$tool -d $1"
		[ -d "$1" ] || cmp -s "$1" before || fail "$tool changed $1"
	done
}
mkdir dir.db
no_store dir.db .
cp in.csv text.db
no_store text.db .
head -c 5000 opt.db > cut.db
no_store cut.db .
sqlite3 foreign.db 'create table t (a); insert into t values (1);'
no_store foreign.db .
cp opt.db newer.db
sqlite3 newer.db 'pragma user_version = 999;' > /dev/null
no_store newer.db 'newer|version'
ln -s missing/nowhere.db link.db
expect_exit 2 case-import -d link.db in.csv
expect_exit 2 case-import -d no/such/folder.db in.csv
expect_err no/such
if [ "$(id -u)" -ne 0 ]; then
	mkdir ro
	cp opt.db ro
	chmod 500 ro
	expect_exit 2 case-import -d ro/new.db in.csv
fi
finish
