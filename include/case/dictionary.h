/* dictionary.h - the record types and their fields, told as tables */
#ifndef CASE_DICTIONARY_H
#define CASE_DICTIONARY_H

#include "case/error.h"
#include "case/share.h"
#include "case/table.h"

/*
 * The record types that can be imported, by name: type, label (in
 * lang), english,
 * fields (how many), key (identities parted by "; ", their fields by "+"; the
 * one in brackets is for records without another), dates, count (its measure),
 * layouts, about.
 */
enum case_status case_dictionary_types(struct case_writer *w,
    struct case_share *sh, enum case_lang lang, struct case_error *err);

/*
 * The fields of one type, in their order: field, label and english, type, unit,
 * key (the identities it is part of, counted from 1), required, privacy (none,
 * name, id, phone, address), aliases (header names, parted by "; ", with the
 * unit that one means, and with "?" behind one that another field has too),
 * codes (name, labels and aliases of each), about.
 *
 * CASE_EUSAGE with the nearest names: there is no such type.
 */
enum case_status case_dictionary_fields(struct case_writer *w,
    struct case_share *sh, const char *type, enum case_lang lang,
    struct case_error *err);

#endif
