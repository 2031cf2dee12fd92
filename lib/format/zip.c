/* zip.c - the files in a ZIP archive, read as streams */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <zlib.h>

#include "case/buf.h"
#include "case/intl.h"
#include "case/text.h"
#include "lib/base/charset.h"
#include "lib/format/bytes.h"
#include "lib/format/zip.h"

#define END_SIZE 22
#define END_SIGNATURE 0x06054b50U
#define COMMENT_MAX 65535
#define LOCATOR_SIZE 20
#define LOCATOR_SIGNATURE 0x07064b50U
#define END64_SIZE 56
#define END64_SIGNATURE 0x06064b50U
#define ENTRY_SIZE 46
#define ENTRY_SIGNATURE 0x02014b50U
#define LOCAL_SIZE 30
#define LOCAL_SIGNATURE 0x04034b50U
#define EXTRA_ZIP64 1U
#define FLAG_ENCRYPTED 1U
#define MAX16 0xffffU
#define MAX32 0xffffffffU

#define STORED 0
#define DEFLATED 8
#define AES 99

#define CHUNK ((size_t)64 * 1024)
/* What a file may unpack to whatever its ratio. */
#define RATIO_FREE ((uint64_t)16 * 1024 * 1024)

/*
 * name_at	of the name in the archive's names, until they stopped moving
 * seen		the most bytes of it that were read, which count in the total
 */
struct entry {
	struct case_zip_entry pub;
	size_t name_at;
	unsigned method;
	uint32_t crc;
	uint64_t offset;
	uint64_t seen;
};

/*
 * size		of the archive
 * shift	bytes put before the archive, which its offsets do not count
 * total	bytes of all files that were read
 */
struct case_zip {
	struct case_input *in;
	const struct case_limits *limits;
	uint64_t size;
	uint64_t shift;
	uint64_t total;
	struct entry *entry;
	size_t entry_n;
	struct case_buf names;
};

/*
 * at, left	where the next packed bytes are, and how many
 * out		bytes given so far
 */
struct case_zip_file {
	struct case_zip *zip;
	struct entry *e;
	uint64_t at;
	uint64_t left;
	uint64_t out;
	uLong crc;
	z_stream z;
	bool inflating;
	bool ended;
	unsigned char in[CHUNK];
};

/* Where the directory is, and how many entries it has. */
struct directory {
	uint64_t at;
	uint64_t size;
	uint64_t n;
};

/* --- the directory ---------------------------------------------------- */

static enum case_status
damaged(struct case_error *err)
{
	return case_error_set(err, CASE_EDATA, 0,
	    _("the file (a ZIP archive inside) is damaged or cut off: its "
	      "directory can't be read; ask for it again"));
}

/* Exactly n bytes of the archive; all ends that are missing are damage. */
static enum case_status
read_at(struct case_zip *zip, uint64_t offset, void *p, size_t n,
    struct case_error *err)
{
	enum case_status rc;
	size_t got;

	if (offset > zip->size || n > zip->size - offset)
		return damaged(err);
	if ((rc = case_input_raw(zip->in, offset, p, n, &got, err)) != CASE_OK)
		return rc;
	return got == n ? CASE_OK : damaged(err);
}

/* The end record is the last whose comment fits into the file. */
static enum case_status
find_end(struct case_zip *zip, uint64_t *at, unsigned char end[END_SIZE],
    struct case_error *err)
{
	size_t n = zip->size < END_SIZE + COMMENT_MAX ? (size_t)zip->size
						      : END_SIZE + COMMENT_MAX;
	unsigned char *p = malloc(n + 1);
	enum case_status rc;

	if (p == NULL)
		return case_error_memory(err);
	rc = read_at(zip, zip->size - n, p, n, err);
	for (size_t i = n; rc == CASE_OK; i--) {
		if (i < END_SIZE) {
			rc = damaged(err);
			break;
		}
		if (get32(p + i - END_SIZE) == END_SIGNATURE &&
		    get16(p + i - 2) <= n - i) {
			memcpy(end, p + i - END_SIZE, END_SIZE);
			*at = zip->size - n + i - END_SIZE;
			break;
		}
	}
	free(p);
	return rc;
}

static enum case_status
several_disks(struct case_error *err)
{
	return case_error_set(err, CASE_EDATA, 0,
	    _("the archive is one part of several; put them together first"));
}

/* The end record of ZIP64 before the old one, when there is one. */
static enum case_status
read_end64(struct case_zip *zip, uint64_t *end_at, struct directory *dir,
    struct case_error *err)
{
	unsigned char locator[LOCATOR_SIZE], end[END64_SIZE];
	enum case_status rc;

	if (*end_at < LOCATOR_SIZE)
		return CASE_OK;
	rc =
	    read_at(zip, *end_at - LOCATOR_SIZE, locator, sizeof(locator), err);
	if (rc != CASE_OK || get32(locator) != LOCATOR_SIGNATURE)
		return rc;
	*end_at = get64(locator + 8);
	if ((rc = read_at(zip, *end_at, end, sizeof(end), err)) != CASE_OK)
		return rc;
	if (get32(end) != END64_SIGNATURE)
		return damaged(err);
	if (get32(end + 16) != 0 || get32(end + 20) != 0)
		return several_disks(err);
	dir->n = get64(end + 32);
	dir->size = get64(end + 40);
	dir->at = get64(end + 48);
	return CASE_OK;
}

static enum case_status
find_directory(struct case_zip *zip, struct directory *dir,
    struct case_error *err)
{
	unsigned char end[END_SIZE] = { 0 };
	enum case_status rc;
	uint64_t at = 0;

	if ((rc = find_end(zip, &at, end, err)) != CASE_OK)
		return rc;
	dir->n = get16(end + 10);
	dir->size = get32(end + 12);
	dir->at = get32(end + 16);
	if (get16(end + 4) != MAX16 &&
	    (get16(end + 4) != 0 || get16(end + 8) != get16(end + 10)))
		return several_disks(err);
	if ((rc = read_end64(zip, &at, dir, err)) != CASE_OK)
		return rc;
	/* The directory ends where its end record begins. */
	if (dir->size > at || dir->at > at - dir->size)
		return damaged(err);
	zip->shift = at - dir->size - dir->at;
	dir->at += zip->shift;
	if (dir->n > zip->limits->entries)
		return case_limit_error(zip->limits, &zip->limits->entries,
		    _("the archive holds too many files"), err);
	if (dir->size > zip->limits->held)
		return case_limit_error(zip->limits, &zip->limits->held,
		    _("the archive's directory is too long"), err);
	return CASE_OK;
}

/* Names without the Unicode flag are, in practice, of Chinese Windows. */
static void
add_name(struct case_buf *names, const unsigned char *p, size_t n)
{
	char out[256];
	size_t from = names->n;

	if (case_utf8_valid((const char *)p, n)) {
		case_buf_add(names, (const char *)p, n);
	} else {
		struct case_charset_io io = { .in = p, .in_n = n };

		while (io.in_n > 0) {
			io.out = out;
			io.out_n = sizeof(out);
			case_charset_decode(CASE_ENCODING_GB18030, &io, true);
			case_buf_add(names, out, (size_t)(io.out - out));
		}
	}
	/* Names are shown, and are C strings; some have \\ for '/'. */
	for (size_t i = from; i < names->n; i++)
		if ((unsigned char)names->p[i] < 0x20 || names->p[i] == 0x7f ||
		    names->p[i] == '\xff')
			names->p[i] = '?';
		else if (names->p[i] == '\\')
			names->p[i] = '/';
	case_buf_add(names, "", 1);
}

/* What does not fit into 32 bits stands in an extra field, in this order. */
static bool
read_extra(struct entry *e, const unsigned char *p, size_t n)
{
	uint64_t *const wide[] = { &e->pub.size, &e->pub.packed, &e->offset };
	size_t need = 0, size;

	for (size_t i = 0; i < 3; i++)
		need += *wide[i] == MAX32 ? 8 : 0;
	for (; need > 0 && n >= 4; p += 4 + size, n -= 4 + size) {
		size = get16(p + 2);
		if (size > n - 4)
			return false;
		if (get16(p) != EXTRA_ZIP64)
			continue;
		if (size < need)
			return false;
		p += 4;
		for (size_t i = 0; i < 3; i++)
			if (*wide[i] == MAX32) {
				*wide[i] = get64(p);
				p += 8;
			}
		return true;
	}
	/* Without the field the numbers are meant as they are. */
	return true;
}

/* One entry of the directory; *used: its bytes. False: damaged. */
static bool
read_entry(struct case_zip *zip, const unsigned char *p, size_t left,
    size_t *used)
{
	struct entry *e = &zip->entry[zip->entry_n];
	size_t name, extra;

	if (left < ENTRY_SIZE || get32(p) != ENTRY_SIGNATURE)
		return false;
	name = get16(p + 28);
	extra = get16(p + 30);
	*used = ENTRY_SIZE + name + extra + get16(p + 32);
	if (left < *used)
		return false;
	*e = (struct entry){
		.pub = { .packed = get32(p + 20),
		    .size = get32(p + 24),
		    .encrypted = (get16(p + 8) & FLAG_ENCRYPTED) != 0 },
		.name_at = zip->names.n,
		.method = get16(p + 10),
		.crc = get32(p + 16),
		.offset = get32(p + 42),
	};
	e->pub.encrypted |= e->method == AES;
	add_name(&zip->names, p + ENTRY_SIZE, name);
	zip->entry_n++;
	return read_extra(e, p + ENTRY_SIZE + name, extra);
}

static enum case_status
read_entries(struct case_zip *zip, const struct directory *dir,
    const unsigned char *p, struct case_error *err)
{
	size_t at = 0, used = 0;

	/* The least that an entry takes bounds the room for them. */
	if (dir->n > dir->size / ENTRY_SIZE)
		return damaged(err);
	zip->entry =
	    calloc(dir->n > 0 ? (size_t)dir->n : 1, sizeof(*zip->entry));
	if (zip->entry == NULL)
		return case_error_memory(err);
	while (zip->entry_n < dir->n) {
		if (!read_entry(zip, p + at, (size_t)dir->size - at, &used))
			return damaged(err);
		at += used;
	}
	if (zip->names.failed)
		return case_error_memory(err);
	for (size_t i = 0; i < zip->entry_n; i++) {
		struct case_zip_entry *e = &zip->entry[i].pub;
		size_t n;

		e->name = zip->names.p + zip->entry[i].name_at;
		n = strlen(e->name);
		e->folder = n > 0 && e->name[n - 1] == '/';
	}
	return CASE_OK;
}

static enum case_status
read_directory(struct case_zip *zip, struct case_error *err)
{
	struct directory dir;
	enum case_status rc;
	unsigned char *p;

	if ((rc = find_directory(zip, &dir, err)) != CASE_OK ||
	    (rc = case_charset_ready(CASE_ENCODING_GB18030, err)) != CASE_OK)
		return rc;
	if ((p = malloc((size_t)dir.size + 1)) == NULL)
		return case_error_memory(err);
	if ((rc = read_at(zip, dir.at, p, (size_t)dir.size, err)) == CASE_OK)
		rc = read_entries(zip, &dir, p, err);
	free(p);
	return rc;
}

enum case_status
case_zip_open(struct case_zip **out, struct case_input *in,
    const struct case_limits *limits, struct case_error *err)
{
	struct case_zip *zip;
	enum case_status rc;

	*out = NULL;
	if ((zip = calloc(1, sizeof(*zip))) == NULL)
		return case_error_memory(err);
	zip->in = in;
	zip->limits = limits;
	zip->size = case_input_facts(in)->size;
	if ((rc = read_directory(zip, err)) != CASE_OK) {
		case_zip_close(zip);
		return rc;
	}
	*out = zip;
	return CASE_OK;
}

void
case_zip_close(struct case_zip *zip)
{
	if (zip == NULL)
		return;
	free(zip->entry);
	case_buf_free(&zip->names);
	free(zip);
}

size_t
case_zip_count(const struct case_zip *zip)
{
	return zip->entry_n;
}

const struct case_zip_entry *
case_zip_entry(const struct case_zip *zip, size_t i)
{
	return &zip->entry[i].pub;
}

bool
case_zip_find(const struct case_zip *zip, const char *name, size_t *i)
{
	for (*i = 0; *i < zip->entry_n; ++*i)
		if (strcmp(zip->entry[*i].pub.name, name) == 0)
			return true;
	for (*i = 0; *i < zip->entry_n; ++*i)
		if (strcasecmp(zip->entry[*i].pub.name, name) == 0)
			return true;
	return false;
}

bool
case_zip_has(const struct case_zip *zip, const char *prefix)
{
	size_t n = strlen(prefix);

	for (size_t i = 0; i < zip->entry_n; i++)
		if (strncasecmp(zip->entry[i].pub.name, prefix, n) == 0)
			return true;
	return false;
}

/* --- one file --------------------------------------------------------- */

static enum case_status
bad_file(const struct case_zip_file *f, const char *what,
    struct case_error *err)
{
	return case_error_set(err, CASE_EDATA, 0,
	    _("%s inside the file %s; ask for the file again"), f->e->pub.name,
	    what);
}

/* To the first packed byte, which stands behind a header of its own. */
static enum case_status
find_data(struct case_zip_file *f, struct case_error *err)
{
	struct case_zip *zip = f->zip;
	unsigned char local[LOCAL_SIZE];
	enum case_status rc;
	uint64_t at;
	size_t n;

	f->left = f->e->pub.packed;
	if (__builtin_add_overflow(f->e->offset, zip->shift, &at))
		return bad_file(f, _("has no data"), err);
	rc = case_input_raw(zip->in, at, (char *)local, sizeof(local), &n, err);
	if (rc != CASE_OK)
		return rc;
	if (n != sizeof(local) || get32(local) != LOCAL_SIGNATURE)
		return bad_file(f, _("has no data"), err);
	f->at = at + LOCAL_SIZE + get16(local + 26) + get16(local + 28);
	if (f->at > zip->size || f->left > zip->size - f->at)
		return bad_file(f, _("is cut off"), err);
	return CASE_OK;
}

enum case_status
case_zip_rewind(struct case_zip_file *f, struct case_error *err)
{
	f->out = 0;
	f->crc = crc32(0, NULL, 0);
	f->ended = false;
	f->z.avail_in = 0;
	if (f->inflating && inflateReset(&f->z) != Z_OK)
		return case_error_memory(err);
	return find_data(f, err);
}

static enum case_status
begin_file(struct case_zip_file *f, struct case_error *err)
{
	if (f->e->pub.encrypted)
		return case_error_set(err, CASE_EDATA, 0,
		    _("%s inside the file is encrypted; take the password off "
		      "first"),
		    f->e->pub.name);
	if (f->e->method != STORED && f->e->method != DEFLATED)
		return case_error_set(err, CASE_EDATA, 0,
		    _("%s inside the file is packed by a method (%u) that is "
		      "not read; pack it again as a plain ZIP"),
		    f->e->pub.name, f->e->method);
	if (f->e->method == DEFLATED) {
		if (inflateInit2(&f->z, -MAX_WBITS) != Z_OK)
			return case_error_memory(err);
		f->inflating = true;
	}
	return case_zip_rewind(f, err);
}

enum case_status
case_zip_file_open(struct case_zip_file **out, struct case_zip *zip, size_t i,
    struct case_error *err)
{
	struct case_zip_file *f;
	enum case_status rc;

	*out = NULL;
	if ((f = malloc(sizeof(*f))) == NULL)
		return case_error_memory(err);
	/* The buffer is not touched before there is something for it. */
	memset(f, 0, offsetof(struct case_zip_file, in));
	f->zip = zip;
	f->e = &zip->entry[i];
	if ((rc = begin_file(f, err)) != CASE_OK) {
		case_zip_file_close(f);
		return rc;
	}
	*out = f;
	return CASE_OK;
}

void
case_zip_file_close(struct case_zip_file *f)
{
	if (f == NULL)
		return;
	if (f->inflating)
		inflateEnd(&f->z);
	free(f);
}

uint64_t
case_zip_position(const struct case_zip_file *f)
{
	return f->e->pub.packed - f->left - f->z.avail_in;
}

/* The next packed bytes; the caller knows that there are some. */
static enum case_status
read_packed(struct case_zip_file *f, void *p, size_t cap, size_t *n,
    struct case_error *err)
{
	enum case_status rc;

	*n = f->left < cap ? (size_t)f->left : cap;
	if (*n == 0)
		return CASE_OK;
	rc = case_input_raw(f->zip->in, f->at, p, *n, n, err);
	if (rc != CASE_OK)
		return rc;
	if (*n == 0)
		return bad_file(f, _("is cut off"), err);
	f->at += *n;
	f->left -= *n;
	return CASE_OK;
}

static enum case_status
read_stored(struct case_zip_file *f, char *p, size_t cap, size_t *n,
    struct case_error *err)
{
	enum case_status rc = read_packed(f, p, cap, n, err);

	f->ended = rc == CASE_OK && f->left == 0;
	return rc;
}

static enum case_status
read_deflated(struct case_zip_file *f, char *p, size_t cap, size_t *n,
    struct case_error *err)
{
	enum case_status rc;
	size_t got;
	int z;

	f->z.next_out = (unsigned char *)p;
	f->z.avail_out = cap > INT32_MAX ? INT32_MAX : (uInt)cap;
	cap = f->z.avail_out;
	do {
		if (f->z.avail_in == 0) {
			rc = read_packed(f, f->in, CHUNK, &got, err);
			if (rc != CASE_OK)
				return rc;
			f->z.next_in = f->in;
			f->z.avail_in = (uInt)got;
		}
		z = inflate(&f->z, Z_NO_FLUSH);
		if (z == Z_MEM_ERROR)
			return case_error_memory(err);
		if (z != Z_OK && z != Z_STREAM_END)
			return bad_file(f, _("does not unpack"), err);
	} while (z == Z_OK && f->z.avail_out == cap);
	*n = cap - f->z.avail_out;
	f->ended = z == Z_STREAM_END;
	return CASE_OK;
}

/* What the limits allow of it so far. */
static enum case_status
check_limits(struct case_zip_file *f, struct case_error *err)
{
	const struct case_limits *l = f->zip->limits;
	uint64_t packed = f->e->pub.packed > 0 ? f->e->pub.packed : 1;

	if (f->out > f->e->seen) {
		f->zip->total += f->out - f->e->seen;
		f->e->seen = f->out;
	}
	if (f->out > RATIO_FREE && f->out / packed >= l->ratio)
		return case_limit_error(l, &l->ratio,
		    _("the file unpacks to far more than it is packed to, as "
		      "one made to fill a disk does"),
		    err);
	if (f->zip->total > l->total)
		return case_limit_error(l, &l->total,
		    _("the file unpacks to too much"), err);
	return CASE_OK;
}

enum case_status
case_zip_read(void *source, char *p, size_t cap, size_t *n,
    struct case_error *err)
{
	struct case_zip_file *f = source;
	enum case_status rc;

	*n = 0;
	if (f->ended)
		return CASE_OK;
	rc = f->inflating ? read_deflated(f, p, cap, n, err)
			  : read_stored(f, p, cap, n, err);
	if (rc != CASE_OK)
		return rc;
	f->crc = crc32_z(f->crc, (const unsigned char *)p, *n);
	f->out += *n;
	if ((rc = check_limits(f, err)) != CASE_OK)
		return rc;
	if (f->out > f->e->pub.size || (f->ended && f->out < f->e->pub.size))
		return bad_file(f, _("has another size than it should"), err);
	if (f->ended && (uint32_t)f->crc != f->e->crc)
		return bad_file(f, _("is damaged: its checksum is wrong"), err);
	return CASE_OK;
}
