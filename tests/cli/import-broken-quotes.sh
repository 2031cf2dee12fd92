#!/bin/sh
# A broken quote costs the row it stands in, and none of the rows behind it.
. "${srcdir:-.}/tests/cli/lib.sh"
. "$here/tests/cli/cases.sh"

# with N TEXT: in.csv is rows 1 to 5, of which row N is TEXT.
with() {
	{
		echo "$HEADER"
		for i in 1 2 3 4 5; do
			if [ "$i" -eq "$1" ]; then
				printf '%s\n' "$2"
			else
				rows "$i"
			fi
		done
	} > in.csv
}

open='"案件,2024-01-09,900,城东中队'
with 1 "A1,$open"
try 'unclosed quote, first row' 1 'A2:3 A3:4 A4:5 A5:6' '5 4 0 0 1 0' 2
with 3 "A3,$open"
try 'unclosed quote, middle row' 1 'A1:2 A2:3 A4:5 A5:6' '5 4 0 0 1 0' 4
with 5 "A5,$open"
try 'unclosed quote, last row' 1 'A1:2 A2:3 A3:4 A4:5' '5 4 0 0 1 0' 6
with 3 "A3,案件3,2024-01-03,300,\"城东中队"
try 'unclosed quote, last cell' 1 'A1:2 A2:3 A4:5 A5:6' '5 4 0 0 1 0' 4
with 3 '"A3,案件3,2024-01-03,300,城东中队'
try 'unclosed quote, first cell' 1 'A1:2 A2:3 A4:5 A5:6' '5 4 0 0 1 0' 4

# A quote that opens further on does not close the one that was left open.
{
	echo "$HEADER"
	rows 1
	echo "A2,$open"
	rows 3
	echo 'A4,"案件,4",2024-01-04,400,城东中队'
	echo "A5,$open"
	rows 6
} > in.csv
try 'two unclosed quotes and a sound one' 1 'A1:2 A3:4 A4:5 A6:7' \
	'6 4 0 0 2 0' '3 6'
expect_eq "$(stored case_no name | grep A4)" 'A4	案件,4'

with 2 'A2,案"件2,2024-01-02,200,城东中队'
try 'stray quote' 1 'A1:2 A3:4 A4:5 A5:6' '5 4 0 0 1 0' 3
with 2 'A2,案件2",2024-01-02,200,城东中队'
try 'stray quote at the end of a cell' 1 'A1:2 A3:4 A4:5 A5:6' '5 4 0 0 1 0' 3
with 2 'A2,"案件"2,2024-01-02,200,城东中队'
try 'text after a closing quote' 1 'A1:2 A3:4 A4:5 A5:6' '5 4 0 0 1 0' 3

# The whole text of the row is kept.
expect_has show.case 'A2,"案件"2,2024-01-02,200,城东中队'

# Sound quotes, for contrast: a line feed, a comma, doubled quotes, nothing.
{
	echo "$HEADER"
	printf 'A1,"案件\n1",2024-01-01,100,城东中队\n'
	printf 'A2,"案件,2",2024-01-02,200,""\n'
	printf 'A3,"案""件""3",2024-01-03,"300",城东中队\n'
	rows 4
} > in.csv
try 'sound quotes' 0 'A1:2 A2:4 A3:5 A4:6' '4 4 0 0 0 0' ''
expect_eq "$(stored name | joined)" '案件\n1 案件,2 案"件"3 案件4'

# A value of two MiB is not read as if it were sound, nor held for ever.
{
	echo "$HEADER"
	rows 1
	printf 'A2,"'
	head -c 2097152 /dev/zero | tr '\0' x
	printf '",2024-01-02,200,城东中队\n'
	rows 3 4 5
} > in.csv
try 'a quoted value of 2 MiB' 1 'A1:2 A3:4 A4:5 A5:6' '5 4 0 0 1 0' 3
finish
