# lib.sh - what the behaviour tests share; sourced, not run
#
# A test is a shell script whose second line says in a sentence what must
# hold. It runs in a private folder with the tools on its PATH and data/ in
# $DATA. Exit 77 means skipped; the reason is printed.
set -u
LC_ALL=C.UTF-8 LANGUAGE=en TZ=UTC
export LC_ALL LANGUAGE TZ
unset CASE_STORE XDG_DATA_HOME XDG_CONFIG_HOME SOURCE_DATE_EPOCH NO_COLOR
here=$(cd "${srcdir:-.}" && pwd)
build=$(pwd)
DATA=$here/tests/data
# The folder of real exports and generators, where there is one.
CASE_SHARED=${CASE_SHARED:-$here/../shared}
CASE_DATADIR=${CASE_DATADIR:-$here/share}
CASE_LOCALEDIR=${CASE_LOCALEDIR:-$build/po/locale}
PATH=$build:$PATH
export PATH CASE_DATADIR CASE_LOCALEDIR
me=$(basename "$0" .sh)
work=$(mktemp -d "${TMPDIR:-/tmp}/case-$me.XXXXXX") || exit 1
HOME=$work
export HOME
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work" || exit 1
S=$work/store.db
failures=0

# The set of a tool under test: libtool's wrappers are slow to start, so the
# build folder's .libs is used directly where it is there.
if [ -d "$build/.libs" ]; then
	PATH=$build/.libs:$PATH
	LD_LIBRARY_PATH=$build/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
	export LD_LIBRARY_PATH
fi

fail() {
	printf '%s: %s\n' "$me" "$*" >&2
	failures=$((failures + 1))
}

skip() {
	printf '%s: skipped: %s\n' "$me" "$*"
	exit 77
}

# expect_exit N COMMAND...: runs it; stdout is in ./out, stderr in ./err.
expect_exit() {
	want=$1
	shift
	"$@" > out 2> err
	got=$?
	if [ "$got" -ne "$want" ]; then
		fail "exit $got, not $want: $*"
		sed 's/^/    /' err >&2
	fi
}

# expect_out TEXT: ./out is exactly TEXT and a newline.
expect_out() {
	printf '%s\n' "$1" > want
	cmp -s want out || {
		fail "stdout differs"
		diff want out >&2
	}
}

# expect_has FILE TEXT...: FILE holds each TEXT.
expect_has() {
	file=$1
	shift
	for text; do
		grep -qF -e "$text" "$file" || {
			fail "'$text' is not in $file:"
			sed 's/^/    /;20q' "$file" >&2
		}
	done
}

# expect_not FILE TEXT...: FILE holds none of them.
expect_not() {
	file=$1
	shift
	for text; do
		grep -qF -e "$text" "$file" && fail "'$text' is in $file"
	done
}

expect_err() {
	expect_has err "$@"
}

expect_same() {
	cmp -s "$1" "$2" || {
		fail "$1 and $2 differ"
		diff "$1" "$2" | sed 10q >&2
	}
}

expect_eq() {
	[ "$1" = "$2" ] || fail "'$1', not '$2'${3:+: $3}"
}

# body FILE: a case-table without its ## lines.
body() {
	grep -v '^##' "$1"
}

need() {
	for tool; do
		command -v "$tool" > /dev/null || skip "$tool is not installed"
	done
}

# need_shared FILE: a real export or generator that is not part of this.
need_shared() {
	[ -e "$CASE_SHARED/$1" ] || skip "$1 is not there"
}

finish() {
	[ "$failures" -eq 0 ]
	exit
}
