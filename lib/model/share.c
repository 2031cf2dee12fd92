/* share.c - the data that people edit, and the settings */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case/intl.h"
#include "case/money.h"
#include "case/share.h"
#include "case/text.h"

#define EXTENDS_MAX 16

/*
 * One key of the settings.
 *
 * text		the value as text, from the file or --set; NULL: not configured
 * json		the value in its file, or of --set; NULL as above
 * owned	the same when it came from --set and is to be freed
 */
struct setting {
	char *key;
	char *text;
	const struct case_json *json;
	struct case_json *owned;
	char *type; /* or NULL */
	bool asked;
};

struct case_share {
	char **dir;
	size_t dir_n;
	struct case_json **file; /* settings.json of each folder, or NULL */
	struct setting *setting;
	size_t setting_n;
	struct case_workdays *workdays;
};

static bool
add_dir(struct case_share *sh, const char *p, size_t n, const char *tail)
{
	struct case_buf path = { 0 };
	char **to;

	if (n == 0)
		return true;
	case_buf_add(&path, p, n);
	case_buf_adds(&path, tail);
	to = reallocarray(sh->dir, sh->dir_n + 1, sizeof(*to));
	if (to == NULL || path.failed) {
		sh->dir = to == NULL ? sh->dir : to;
		case_buf_free(&path);
		return false;
	}
	sh->dir = to;
	sh->dir[sh->dir_n++] = path.p;
	return true;
}

/* The folders of a list with colons between; an empty one is none. */
static bool
add_dirs(struct case_share *sh, const char *list)
{
	size_t n;

	for (; list != NULL && *list != '\0'; list += n + (list[n] == ':')) {
		n = strcspn(list, ":");
		if (!add_dir(sh, list, n, ""))
			return false;
	}
	return true;
}

static bool
find_dirs(struct case_share *sh, const char *pkgdatadir)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	bool ok = add_dirs(sh, getenv("CASE_PATH"));

	/* The base directory specification passes over a relative path. */
	if (config != NULL && config[0] == '/')
		ok = ok && add_dir(sh, config, strlen(config), "/case");
	else if (home != NULL)
		ok = ok && add_dir(sh, home, strlen(home), "/.config/case");
	ok = ok && add_dir(sh, "/etc/case", strlen("/etc/case"), "");
	if (pkgdatadir != NULL)
		ok = ok && add_dir(sh, pkgdatadir, strlen(pkgdatadir), "");
	return ok;
}

static struct setting *
find_setting(const struct case_share *sh, const char *key)
{
	for (size_t i = 0; i < sh->setting_n; i++)
		if (strcmp(sh->setting[i].key, key) == 0)
			return &sh->setting[i];
	return NULL;
}

/* The text of a value: a string's own, else its JSON. NULL: out of memory. */
static char *
value_text(const struct case_json *v)
{
	struct case_buf b = { 0 };

	if (case_json_str(v) != NULL)
		return strdup(case_json_str(v));
	case_json_print(&b, v);
	if (b.failed)
		case_buf_free(&b);
	return b.p;
}

static enum case_status
add_setting(struct case_share *sh, const struct case_json *v,
    struct case_error *err)
{
	const char *type = case_json_get_str(v, "type");
	struct setting *to =
	    reallocarray(sh->setting, sh->setting_n + 1, sizeof(*to));

	if (to == NULL)
		return case_error_memory(err);
	sh->setting = to;
	to += sh->setting_n;
	*to = (struct setting){ 0 };
	if ((to->key = strdup(case_json_key(v))) == NULL)
		return case_error_memory(err);
	sh->setting_n++;
	if (type != NULL && (to->type = strdup(type)) == NULL)
		return case_error_memory(err);
	if (case_json_is_object(v))
		v = case_json_get(v, "value");
	if (v == NULL || case_json_is_null(v))
		return CASE_OK;
	to->json = v;
	if ((to->text = value_text(v)) == NULL)
		return case_error_memory(err);
	return CASE_OK;
}

/*
 * A key that an earlier folder gave stays; only its type, which a folder of a
 * bureau need not repeat, is taken from behind.
 */
static enum case_status
lay_under(struct case_share *sh, const struct case_json *v,
    struct case_error *err)
{
	struct setting *s = find_setting(sh, case_json_key(v));
	const char *type = case_json_get_str(v, "type");

	if (s == NULL)
		return add_setting(sh, v, err);
	if (s->type == NULL && type != NULL && (s->type = strdup(type)) == NULL)
		return case_error_memory(err);
	return CASE_OK;
}

static enum case_status
load_settings(struct case_share *sh, struct case_error *err)
{
	struct case_buf path = { 0 };
	enum case_status rc = CASE_OK;

	if ((sh->file = calloc(sh->dir_n, sizeof(struct case_json *))) == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < sh->dir_n && rc == CASE_OK; i++) {
		case_buf_reset(&path);
		case_buf_addf(&path, "%s/settings.json", sh->dir[i]);
		if (path.failed) {
			rc = case_error_memory(err);
			break;
		}
		if (access(path.p, F_OK) != 0)
			continue;
		rc = case_json_load(&sh->file[i], path.p, err);
		for (const struct case_json *v = case_json_first(sh->file[i]);
		     v != NULL && rc == CASE_OK; v = case_json_next(v))
			rc = lay_under(sh, v, err);
	}
	case_buf_free(&path);
	return rc;
}

enum case_status
case_share_new(struct case_share **out, const char *pkgdatadir,
    struct case_error *err)
{
	struct case_share *sh = calloc(1, sizeof(*sh));
	enum case_status rc;

	*out = NULL;
	if (sh == NULL)
		return case_error_memory(err);
	rc = find_dirs(sh, pkgdatadir) ? load_settings(sh, err)
				       : case_error_memory(err);
	if (rc != CASE_OK) {
		case_share_free(sh);
		return rc;
	}
	*out = sh;
	return CASE_OK;
}

void
case_share_free(struct case_share *sh)
{
	if (sh == NULL)
		return;
	for (size_t i = 0; i < sh->setting_n; i++) {
		free(sh->setting[i].key);
		free(sh->setting[i].text);
		free(sh->setting[i].type);
		case_json_free(sh->setting[i].owned);
	}
	for (size_t i = 0; i < sh->dir_n; i++) {
		free(sh->dir[i]);
		if (sh->file != NULL)
			case_json_free(sh->file[i]);
	}
	free(sh->setting);
	free(sh->dir);
	free(sh->file);
	case_workdays_free(sh->workdays);
	free(sh);
}

/* A name that can't lead out of its folder. */
static bool
is_inside(const char *name)
{
	return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL;
}

/*
 * The first folder from number from on that has KIND/FILE; dir_n: none, or
 * path has failed.
 */
static size_t
find_file(const struct case_share *sh, const char *kind, const char *file,
    size_t from, struct case_buf *path)
{
	for (size_t i = from; i < sh->dir_n; i++) {
		case_buf_reset(path);
		case_buf_addf(path, "%s/%s/%s", sh->dir[i], kind, file);
		if (path->failed)
			break;
		if (access(path->p, F_OK) == 0)
			return i;
	}
	return sh->dir_n;
}

/* Adds what stands nearest to name among n names, each behind a comma. */
static void
add_nearest(struct case_buf *out, const char *name, char *const *names)
{
	size_t best = 4;

	for (char *const *p = names; *p != NULL; p++) {
		size_t d = case_text_distance(name, *p, best);

		if (d < best)
			best = d;
	}
	for (char *const *p = names; *p != NULL && best < 4; p++)
		if (case_text_distance(name, *p, best + 1) == best)
			case_buf_addf(out, "%s'%s'", out->n > 0 ? ", " : "",
			    *p);
	for (char *const *p = names; *p != NULL && best == 4; p++)
		case_buf_addf(out, "%s'%s'", out->n > 0 ? ", " : "", *p);
}

/* Said with the folders: a tool that was built but not installed has none. */
static enum case_status
nowhere(const struct case_share *sh, const char *kind, const char *name,
    struct case_error *err)
{
	struct case_buf places = { 0 };
	enum case_status rc;

	for (size_t i = 0; i < sh->dir_n; i++)
		case_buf_addf(&places, "%s%s", i > 0 ? ", " : "", sh->dir[i]);
	rc = case_error_set(err, CASE_EUSAGE, 0,
	    _("no '%s' in %s; looked in %s; is CASE_PATH right? Without make "
	      "install, CASE_DATADIR names the share folder of the sources"),
	    name, kind, case_buf_str(&places));
	case_buf_free(&places);
	return rc;
}

static enum case_status
not_there(struct case_share *sh, const char *kind, const char *name,
    struct case_error *err)
{
	struct case_buf near = { 0 };
	char **names;
	enum case_status rc;

	if ((rc = case_share_names(sh, kind, &names, err)) != CASE_OK)
		return rc;
	add_nearest(&near, name, names);
	case_share_names_free(names);
	if (near.n > 0)
		rc = case_error_set(err, CASE_EUSAGE, 0,
		    _("no '%s' in %s; there is %s"), name, kind,
		    case_buf_str(&near));
	else
		rc = nowhere(sh, kind, name, err);
	case_buf_free(&near);
	return rc;
}

static enum case_status load_from(struct case_share *sh, const char *kind,
    const char *name, size_t from, int depth, struct case_json **out,
    struct case_error *err);

/* Lays *json over what it extends; own is the folder it was found in. */
static enum case_status
extend(struct case_share *sh, const char *kind, const char *name, size_t own,
    int depth, struct case_json **json, struct case_error *err)
{
	const char *base_name = case_json_get_str(*json, "extends");
	struct case_json *base, *merged;
	enum case_status rc;

	if (base_name == NULL)
		return CASE_OK;
	if (depth == EXTENDS_MAX)
		return case_error_set(err, CASE_EDATA, 0,
		    _("%s/%s: \"extends\" goes round in a circle"), kind, name);
	rc = load_from(sh, kind, base_name,
	    strcmp(base_name, name) == 0 ? own + 1 : 0, depth + 1, &base, err);
	if (rc != CASE_OK)
		return rc;
	rc = case_json_merge(&merged, base, *json, err);
	case_json_free(base);
	if (rc != CASE_OK)
		return rc;
	case_json_free(*json);
	*json = merged;
	return CASE_OK;
}

static enum case_status
load_path(struct case_share *sh, const char *kind, const char *name,
    const char *path, size_t own, int depth, struct case_json **out,
    struct case_error *err)
{
	enum case_status rc = case_json_load(out, path, err);

	if (rc != CASE_OK)
		return rc;
	if ((rc = extend(sh, kind, name, own, depth, out, err)) != CASE_OK) {
		case_json_free(*out);
		*out = NULL;
	}
	return rc;
}

static enum case_status
load_from(struct case_share *sh, const char *kind, const char *name,
    size_t from, int depth, struct case_json **out, struct case_error *err)
{
	struct case_buf file = { 0 }, path = { 0 };
	enum case_status rc;
	size_t own;

	*out = NULL;
	if (!is_inside(name))
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s' is no name of a file in %s"), name, kind);
	case_buf_addf(&file, "%s.json", name);
	own = find_file(sh, kind, case_buf_str(&file), from, &path);
	if (file.failed || path.failed)
		rc = case_error_memory(err);
	else if (own == sh->dir_n)
		rc = not_there(sh, kind, name, err);
	else
		rc = load_path(sh, kind, name, path.p, own, depth, out, err);
	case_buf_free(&file);
	case_buf_free(&path);
	return rc;
}

/* Whether a NAME is a file's own path: it ends in .json and has a '/'. */
static bool
is_path(const char *name)
{
	size_t n = strlen(name);

	return strchr(name, '/') != NULL && n > 5 &&
	       strcmp(name + n - 5, ".json") == 0;
}

enum case_status
case_share_load(struct case_share *sh, const char *kind, const char *name,
    struct case_json **out, struct case_error *err)
{
	*out = NULL;
	if (is_path(name))
		return load_path(sh, kind, name, name, 0, 0, out, err);
	return load_from(sh, kind, name, 0, 0, out, err);
}

enum case_status
case_share_path(struct case_share *sh, const char *kind, const char *file,
    struct case_buf *out, struct case_error *err)
{
	struct case_buf path = { 0 };
	size_t own;
	enum case_status rc = CASE_OK;

	if (!is_inside(file))
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("'%s' is no name of a file in %s"), file, kind);
	own = find_file(sh, kind, file, 0, &path);
	if (own < sh->dir_n)
		case_buf_add(out, path.p, path.n);
	if (path.failed || out->failed)
		rc = case_error_memory(err);
	else if (own == sh->dir_n)
		rc = nowhere(sh, kind, file, err);
	case_buf_free(&path);
	return rc;
}

/* A growing list of names. */
struct names {
	char **p;
	size_t n;
	bool failed;
};

static void
names_add(struct names *names, const char *p, size_t n)
{
	char **to = reallocarray(names->p, names->n + 2, sizeof(*to));

	if (to == NULL) {
		names->failed = true;
		return;
	}
	names->p = to;
	if ((to[names->n] = strndup(p, n)) == NULL)
		names->failed = true;
	else
		names->n++;
	to[names->n] = NULL;
}

static void
names_of_dir(struct names *names, const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *e;
	size_t n;

	if (dir == NULL)
		return;
	while ((e = readdir(dir)) != NULL) {
		n = strlen(e->d_name);
		if (e->d_name[0] != '.' && n > 5 &&
		    strcmp(e->d_name + n - 5, ".json") == 0)
			names_add(names, e->d_name, n - 5);
	}
	closedir(dir);
}

static int
compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts, and keeps one of each. */
static void
names_unique(struct names *names)
{
	size_t n = 0;

	qsort(names->p, names->n, sizeof(*names->p), compare_strings);
	for (size_t i = 0; i < names->n; i++) {
		if (n > 0 && strcmp(names->p[n - 1], names->p[i]) == 0)
			free(names->p[i]);
		else
			names->p[n++] = names->p[i];
	}
	names->n = n;
	names->p[n] = NULL;
}

enum case_status
case_share_names(struct case_share *sh, const char *kind, char ***out,
    struct case_error *err)
{
	struct names names = { 0 };
	struct case_buf path = { 0 };

	*out = NULL;
	if ((names.p = calloc(1, sizeof(*names.p))) == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < sh->dir_n; i++) {
		case_buf_reset(&path);
		case_buf_addf(&path, "%s/%s", sh->dir[i], kind);
		if (!path.failed)
			names_of_dir(&names, path.p);
		names.failed |= path.failed;
	}
	case_buf_free(&path);
	if (names.failed) {
		case_share_names_free(names.p);
		return case_error_memory(err);
	}
	names_unique(&names);
	*out = names.p;
	return CASE_OK;
}

void
case_share_names_free(char **names)
{
	for (char **p = names; p != NULL && *p != NULL; p++)
		free(*p);
	free(names);
}

enum case_status
case_share_workdays(struct case_share *sh, const struct case_workdays **out,
    struct case_error *err)
{
	const char *name = case_setting_str(sh, "calendar");
	struct case_buf file = { 0 }, path = { 0 };
	enum case_status rc = CASE_OK;

	*out = sh->workdays;
	if (sh->workdays != NULL)
		return CASE_OK;
	case_buf_addf(&file, "%s.csv", name == NULL ? "cn" : name);
	if (file.failed)
		return case_error_memory(err);
	rc = case_share_path(sh, "calendars", file.p, &path, err);
	if (rc == CASE_OK)
		rc = case_workdays_load(&sh->workdays, path.p, err);
	*out = sh->workdays;
	case_buf_free(&file);
	case_buf_free(&path);
	return rc;
}

static enum case_status
no_setting(const struct case_share *sh, const char *key, struct case_error *err)
{
	struct case_buf near = { 0 };
	char **names = calloc(sh->setting_n + 1, sizeof(*names));

	if (names == NULL)
		return case_error_memory(err);
	for (size_t i = 0; i < sh->setting_n; i++)
		names[i] = sh->setting[i].key;
	add_nearest(&near, key, names);
	free(names);
	case_error_set(err, CASE_EUSAGE, 0,
	    _("no setting is called '%s'; there is %s"), key,
	    case_buf_str(&near));
	case_buf_free(&near);
	return CASE_EUSAGE;
}

/* The JSON text of what --set gives, by the type of the setting. */
static enum case_status
set_json(const struct setting *s, const char *value, struct case_buf *out,
    struct case_error *err)
{
	const char *type = s->type == NULL ? "text" : s->type;
	double d;

	if (strcmp(type, "list") == 0)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("setting '%s' is a list: put it in settings.json"),
		    s->key);
	if (strcmp(type, "number") == 0 &&
	    case_number_parse(&d, value, strlen(value), NULL) != CASE_OK)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("setting '%s' is a number, not '%s'"), s->key, value);
	if (strcmp(type, "boolean") == 0 && strcmp(value, "true") != 0 &&
	    strcmp(value, "false") != 0)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("setting '%s' is true or false, not '%s'"), s->key,
		    value);
	case_json_quote(out, value, strlen(value));
	return CASE_OK;
}

static enum case_status
set_value(struct setting *s, const char *value, struct case_error *err)
{
	struct case_json *json = NULL;
	struct case_buf b = { 0 };
	char *text = NULL;
	enum case_status rc = CASE_OK;

	if (value[0] != '\0') {
		if ((rc = set_json(s, value, &b, err)) == CASE_OK && b.failed)
			rc = case_error_memory(err);
		if (rc == CASE_OK)
			rc = case_json_parse(&json, b.p, b.n, err);
		case_buf_free(&b);
		if (rc != CASE_OK)
			return rc;
		if ((text = strdup(value)) == NULL) {
			case_json_free(json);
			return case_error_memory(err);
		}
	}
	case_json_free(s->owned);
	free(s->text);
	s->json = s->owned = json;
	s->text = text;
	return CASE_OK;
}

enum case_status
case_setting_set(struct case_share *sh, const char *assign,
    struct case_error *err)
{
	const char *eq = strchr(assign, '=');
	struct setting *s;
	char *key;
	enum case_status rc;

	if (eq == NULL || eq == assign)
		return case_error_set(err, CASE_EUSAGE, 0,
		    _("a setting is given as KEY=VALUE, not '%s'"), assign);
	if ((key = strndup(assign, (size_t)(eq - assign))) == NULL)
		return case_error_memory(err);
	s = find_setting(sh, key);
	rc = s == NULL ? no_setting(sh, key, err) : set_value(s, eq + 1, err);
	free(key);
	return rc;
}

const char *
case_setting_str(struct case_share *sh, const char *key)
{
	struct setting *s = find_setting(sh, key);

	if (s == NULL)
		return NULL;
	s->asked = true;
	return s->text;
}

bool
case_setting_number(struct case_share *sh, const char *key, double *d)
{
	const char *s = case_setting_str(sh, key);

	return s != NULL && case_number_parse(d, s, strlen(s), NULL) == CASE_OK;
}

bool
case_setting_bool(struct case_share *sh, const char *key, bool otherwise)
{
	const char *s = case_setting_str(sh, key);

	if (s == NULL)
		return otherwise;
	return strcmp(s, "true") == 0 || (strcmp(s, "false") != 0 && otherwise);
}

const struct case_json *
case_setting_json(struct case_share *sh, const char *key)
{
	const struct setting *s = find_setting(sh, key);

	return s == NULL ? NULL : s->json;
}

void
case_setting_used(struct case_share *sh,
    void (*each)(void *arg, const char *key, const char *value), void *arg)
{
	for (size_t i = 0; i < sh->setting_n; i++)
		if (sh->setting[i].asked)
			each(arg, sh->setting[i].key, sh->setting[i].text);
}
