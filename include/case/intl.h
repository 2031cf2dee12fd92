/* intl.h - messages in the user's language */
#ifndef CASE_INTL_H
#define CASE_INTL_H

#include <libintl.h>

/*
 * Every text a person may see goes through _(), in lib/ and in cmd/. N_()
 * marks one that is translated later. The text domain is bound in cmd/cmd.c;
 * without it the English text is used. Data never goes through here.
 */
#define CASE_DOMAIN "case-tools"
#define _(s) dgettext(CASE_DOMAIN, s)
#define N_(s) s

#endif
