#!/bin/sh
# seeds.sh - what fuzzing begins with: our own tests, examples and data
#
# usage: seeds.sh DIR, in a build folder; a folder in DIR for each target.
set -eu
top=$(cd "${srcdir:-.}" && pwd)
out=$1
CASE_DATADIR=$top/share
export CASE_DATADIR

# literals TARGET FILE...: each string of a C file as a seed of the target.
literals() {
	target=$1
	shift
	mkdir -p "$out/$target"
	cat "$@" | grep -oE '"([^"\\]|\\.)*"' | sed 's/^"//; s/"$//' |
		grep . | sort -u | head -n 2000 | {
		i=0
		while IFS= read -r text; do
			i=$((i + 1))
			printf %b "$text" > "$out/$target/text-$i"
		done
	}
}

# files TARGET FILE...: copies of small files.
files() {
	target=$1
	shift
	mkdir -p "$out/$target"
	for f; do
		[ -f "$f" ] && head -c 60000 "$f" > "$out/$target/$(basename "$f")"
	done
}

literals date "$top/tests/unit/test_date.c" "$top/tests/unit/test_clean.c"
literals money "$top/tests/unit/test_money.c" "$top/tests/unit/test_clean.c"
literals ident "$top/tests/unit/test_ident.c"
literals csv "$top/tests/unit/test_csv.c"
literals decode "$top/tests/unit/test_decode.c" "$top/tests/unit/test_csv.c"
literals jsonl "$top/tests/unit/test_jsonl.c"
literals jsondoc "$top/tests/unit/test_jsonread.c"
literals document "$top/tests/unit/test_document.c"
literals table "$top/tests/unit/test_tableread.c"
literals json "$top/tests/unit/test_json.c"
literals expr "$top/tests/unit/test_expr.c"
files layout "$top"/share/layouts/*.json "$top"/tests/data/layouts/*.json
files rtype "$top"/share/records/*.json
files rule "$top"/share/rules/*.json
files json "$top"/share/*/*.json

# The sample cases in every form that we write ourselves.
mkdir -p "$out/sample"
head -n 12 "$top/share/examples/cases-2024h1.csv" > "$out/sample/sample.csv"
./case-import -q -n "$out/sample/sample.csv" > "$out/sample/sample.case"
for f in csv tsv json jsonl md html xlsx; do
	./case-export -q "$out/sample/sample.case" -o "$out/sample/sample.$f"
done
files csv "$out"/sample/*.?sv
files decode "$out"/sample/*.?sv
files jsonl "$out"/sample/*.jsonl
for f in "$out"/sample/sample.csv "$out"/sample/sample.jsonl; do
	gzip -c "$f" > "$out/sample/$(basename "$f").gz"
done
files html "$out"/sample/*.html
files archive "$out"/sample/*.gz "$out"/sample/*.xlsx
files document "$out"/sample/*.html "$out"/sample/*.xlsx
files jsondoc "$out"/sample/*.json
files table "$out"/sample/*.case
files auto "$out"/sample/*

# The small ones of the broken inputs. For a target that is given a part of a
# workbook and not all of it, the parts.
. "$top/tests/cli/broken.sh"
PATH=$(pwd)/tests/tool:$PATH
mkdir -p "$out/broken"
(
	cd "$out/broken"
	for f in $(sed -n 's/^\(x_[a-z0-9_]*\)() .*/\1/p' "$top/tests/cli/broken.sh"); do
		case $f in
		*_big_*) continue ;;
		esac
		rm -rf in p
		"$f" > gen.out 2>&1 && [ "$(wc -c < in)" -lt 60000 ] || continue
		target=${f#x_}
		target=${target%%_*}
		[ "$target" = json ] && target=jsondoc
		mkdir -p ../auto "../$target"
		cp in "../auto/$f"
		case $target in
		xlsx) for part in p/*; do cp "$part" "../xlsx/$f-${part#p/}"; done ;;
		*) cp in "../$target/$f" ;;
		esac
		case $target in
		xlsx | zip) mkdir -p ../zip && cp in "../zip/$f" ;;
		esac
	done
)
