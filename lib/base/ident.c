/* ident.c - check digits of codes that identify people and organisations */
#include <string.h>

#include "case/date.h"
#include "case/ident.h"

/* Which characters stand for digits, in their order. */
static const char base31[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
static const char base36[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

static char
upper(char c)
{
	return (char)(c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
}

/* The value of a character in an alphabet; -1: it is not of it. */
static int
value_in(const char *alphabet, char c)
{
	const char *p = c == '\0' ? NULL : strchr(alphabet, upper(c));

	return p == NULL ? -1 : (int)(p - alphabet);
}

static bool
are_digits(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < '0' || p[i] > '9')
			return false;
	return true;
}

/* The number that n digits at p write. */
static int
digits(const char *p, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++)
		v = v * 10 + (p[i] - '0');
	return v;
}

/* The sum of weighted values; -1 when a character is not of the alphabet. */
static int
weigh(const char *alphabet, const int *weights, const char *p, size_t n)
{
	int sum = 0, v;

	for (size_t i = 0; i < n; i++) {
		if ((v = value_in(alphabet, p[i])) < 0)
			return -1;
		sum += v * weights[i];
	}
	return sum;
}

bool
case_valid_uscc(const char *p, size_t n)
{
	static const int weights[17] = { 1, 3, 9, 27, 19, 26, 16, 17, 20, 29,
		25, 13, 8, 24, 10, 30, 28 };
	int sum;

	/* Characters 3 to 8 are a region code. */
	if (n != 18 || !are_digits(p + 2, 6))
		return false;
	if ((sum = weigh(base31, weights, p, 17)) < 0)
		return false;
	return value_in(base31, p[17]) == (31 - sum % 31) % 31;
}

bool
case_valid_orgcode(const char *p, size_t n)
{
	static const int weights[8] = { 3, 7, 9, 10, 5, 8, 4, 2 };
	char check;
	int sum;

	if (n == 10 && p[8] == '-')
		check = p[9];
	else if (n == 9)
		check = p[8];
	else
		return false;
	if ((sum = weigh(base36, weights, p, 8)) < 0)
		return false;
	/* 11 is written 0, 10 is written X. */
	return upper(check) == "0X987654321"[sum % 11];
}

/* ISO 7064, MOD 11,10. */
bool
case_valid_bizreg(const char *p, size_t n)
{
	int product = 10, s;

	if (n != 15 || !are_digits(p, n))
		return false;
	for (size_t i = 0; i < 14; i++) {
		s = (product + (p[i] - '0')) % 10;
		product = (s == 0 ? 10 : s) * 2 % 11;
	}
	return (product + (p[14] - '0')) % 10 == 1;
}

bool
case_valid_resident(const char *p, size_t n)
{
	static const int weights[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9,
		10, 5, 8, 4, 2 };
	int sum, year;

	if (n != 18 || p[0] == '0' || !are_digits(p, 17))
		return false;
	year = digits(p + 6, 4);
	/* A birth that a living or a registered person can have had. */
	if (year < 1800 || year > 2199 ||
	    !case_date_exists(year, digits(p + 10, 2), digits(p + 12, 2)))
		return false;
	sum = weigh(base36, weights, p, 17);
	return upper(p[17]) == "10X98765432"[sum % 11];
}

bool
case_valid_resident15(const char *p, size_t n)
{
	return n == 15 && p[0] != '0' && are_digits(p, n) &&
	       case_date_exists(1900 + digits(p + 6, 2), digits(p + 8, 2),
		   digits(p + 10, 2));
}
