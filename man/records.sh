#!/bin/sh
# records.sh - writes case-records(5) from share/records, by case-import
#
# Run it with the built case-import on the PATH and CASE_DATADIR set to share:
#	CASE_DATADIR=share sh man/records.sh > man/case-records.5
# A test fails while the page is not what this writes.
set -eu
LC_ALL=C
export LC_ALL

# Fields of one line are parted by tabs; a missing one is empty. What roff would
# read as its own is escaped.
rows() {
	case-import "$@" -f tsv | sed -e 1d -e 's/\\/\\e/g' -e "s/'/\\\\(aq/g"
}

cat << 'END'
.\" Made by man/records.sh from share/records; edit those.
.Dd November 22, 2026
.Dt CASE-RECORDS 5
.Os
.Sh NAME
.Nm case-records
.Nd record types of case-tools: their fields, header names and codes
.Sh DESCRIPTION
A record type says what
.Xr case-import 1
makes of a row.
It is a JSON file in
.Pa share/records ;
one of the same name in a folder of
.Ev CASE_PATH
goes before it, and may say
.Dq extends
and hold only what differs.
.Pp
For each type this page has its English and Chinese names, its identities, the
dates that a record counts by (the first that is present), and its count
measure.
An identity in brackets names records that have none of the others.
The first field of an identity must be present, the others may be missing.
.Pp
For each field it has the type, the unit, the privacy class, both names, and
the header names that find it, which are compared without white space,
punctuation, width and case.
One with
.Sq ?\&
behind it is shared by two fields: a column called so is asked about.
.Sh TYPES
END
# list(before, text): "before text." in lines that roff finds no longer than 80;
# it writes a Chinese character as \[u4E00].
list='
function width(text) {
	return length(text) + 5 * gsub(/[\340-\377]/, "x", text)
}
function list(before, text,    n, i, part, line, word) {
	if (text == "")
		return
	n = split(text, part, " ")
	line = before
	for (i = 1; i <= n; i++) {
		word = part[i] (i < n ? "" : ".")
		if (width(line) + 1 + width(word) > 80) {
			print line
			line = word
		} else
			line = line " " word
	}
	print line
}'
rows --types | awk -F '\t' "$list"'
{
	printf ".Ss %s (%s %s)\n", $1, $3, $2
	if ($9 != "")
		printf "%s.\n.Pp\n", $9
	list("Identities:", $5)
	list("Dates:", $6)
	list("Count:", $7)
	list("Layouts:", $8)
	print ".Bl -tag -width Ds"
	print "@" $1
	print ".El"
}' | while IFS= read -r line; do
	case $line in
	@*)
		rows --describe "${line#@}" | awk -F '\t' "$list"'
		{
			printf ".It Cm %s Pq %s", $1, $4
			if ($5 != "")
				printf " , %s", $5
			if ($8 != "none")
				printf " , private: %s", $8
			if ($7 == "1")
				printf " , required"
			printf "\n"
			list($3 ",", $2)
			if ($11 != "")
				printf "%s.\n", $11
			list("Headers:", $9)
			list("Codes:", $10)
		}'
		;;
	*)
		printf '%s\n' "$line"
		;;
	esac
done
cat << 'END'
.Sh FILES
.Bl -tag -width Ds
.It Pa share/records
The record types.
.It Pa share/layouts
The layouts: how the columns of one source are read.
.El
.Sh SEE ALSO
.Xr case-import 1 ,
.Xr case-expr 5 ,
.Xr case-table 5 ,
.Xr case-tools 7
END
