/* share.h - the data that people edit, and the settings */
#ifndef CASE_SHARE_H
#define CASE_SHARE_H

#include <stdbool.h>
#include <stddef.h>

#include "case/buf.h"
#include "case/date.h"
#include "case/error.h"
#include "case/json.h"

/*
 * Where share/ is looked for, first found wins: the folders of $CASE_PATH
 * (colon list), $XDG_CONFIG_HOME/case (or ~/.config/case), /etc/case, then
 * pkgdatadir. A file that says "extends": "NAME" holds only what differs from
 * NAME: its own name means the next one found further down the path.
 */
struct case_share;

enum case_status case_share_new(
    struct case_share **out, const char *pkgdatadir, struct case_error *err);
void case_share_free(struct case_share *sh);

/*
 * The JSON of KIND/NAME.json with "extends" resolved; the caller frees it.
 * Not there: CASE_EUSAGE naming the nearest names. A name with '/' or ".."
 * is refused, but a NAME that ends in .json and contains '/' is a file's own
 * path.
 */
enum case_status case_share_load(struct case_share *sh, const char *kind,
    const char *name, struct case_json **out, struct case_error *err);
/* The path of KIND/FILE, e.g. calendars/cn.csv; out is appended to. */
enum case_status case_share_path(struct case_share *sh, const char *kind,
    const char *file, struct case_buf *out, struct case_error *err);
/* All names of a kind, sorted, each once: a NULL-terminated array; free each
 * and the array with case_share_names_free(). */
enum case_status case_share_names(struct case_share *sh, const char *kind,
    char ***out, struct case_error *err);
void case_share_names_free(char **names);

/* The calendar named by setting "calendar" (cn), loaded once. */
enum case_status case_share_workdays(struct case_share *sh,
    const struct case_workdays **out, struct case_error *err);

/*
 * Settings: settings.json of every folder merged, then --set. Keys are dotted
 * ("hearing.person"). A key that no settings.json lists is refused by set.
 * NULL or false: not configured. Each key asked for is remembered, so that
 * outputs can name the values they used.
 */
enum case_status case_setting_set(
    struct case_share *sh, const char *assign, struct case_error *err);
const char *case_setting_str(struct case_share *sh, const char *key);
bool case_setting_number(struct case_share *sh, const char *key, double *d);
bool case_setting_bool(struct case_share *sh, const char *key, bool otherwise);
/* The value as JSON (a list of words, say), not counted as asked for: what
 * --set gave is a string. NULL: no such key, or not configured. */
const struct case_json *case_setting_json(
    struct case_share *sh, const char *key);
/* Calls back for each setting that was asked for: key and value or NULL. */
void case_setting_used(struct case_share *sh,
    void (*each)(void *arg, const char *key, const char *value), void *arg);

#endif
