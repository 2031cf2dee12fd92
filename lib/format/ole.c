/* ole.c - the streams inside an OLE2 compound file (XLS, DOC, MSI …) */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "case/intl.h"
#include "lib/format/bytes.h"
#include "lib/format/ole.h"

enum {
	HEADER_SIZE = 512,
	HEADER_TABLES = 109, /* numbers of FAT sectors in the header */
	ENTRY_SIZE = 128,
	NAME_MAX_UNITS = 32,
	TYPE_FREE = 0,
	TYPE_ROOT = 5
};

/* A sector number from here on is none; ends of chains are such. */
#define SECTOR_NONE UINT32_C(0xfffffffa)

/*
 * size		of the file
 * sector	bytes of one; a mini sector has mini bytes
 * sector_n	how many the file has room for, the last perhaps not whole
 * fat		the sector that follows each, mini_fat the same of mini sectors
 * entries	the directory, entry_n × ENTRY_SIZE bytes
 * mini_stream	where the mini sectors are, loaded when first wanted
 * stack	room for a walk over the entries
 */
struct case_ole {
	struct case_input *in;
	const struct case_limits *limits;
	uint64_t size;
	size_t sector;
	size_t mini;
	uint32_t sector_n;
	uint32_t mini_limit;
	uint32_t mini_first;
	uint32_t *fat;
	size_t fat_n;
	uint32_t *mini_fat;
	size_t mini_fat_n;
	struct case_buf entries;
	size_t entry_n;
	struct case_buf mini_stream;
	bool has_mini;
	uint32_t *stack;
};

static enum case_status
damaged(struct case_error *err)
{
	return case_error_set(err, CASE_EDATA, 0, "%s",
	    _("the file is cut off or damaged inside; ask for it again, or "
	      "open it in Excel or LibreOffice and save it anew"));
}

static uint64_t
sector_offset(const struct case_ole *ole, uint32_t sector)
{
	/* The header takes the place of a sector, whatever their size is. */
	return ((uint64_t)sector + 1) * ole->sector;
}

/* Exactly n bytes of the file. */
static enum case_status
read_at(struct case_ole *ole, uint64_t at, char *p, size_t n,
    struct case_error *err)
{
	enum case_status rc;
	size_t got;

	rc = case_input_raw(ole->in, at, p, n, &got, err);
	if (rc != CASE_OK)
		return rc;
	return got == n ? CASE_OK : damaged(err);
}

/*
 * Adds n bytes of the chain that begins at sector; sectors that lie behind
 * each other are read at once.
 */
static enum case_status
read_chain(struct case_ole *ole, uint32_t sector, size_t n, struct case_buf *to,
    struct case_error *err)
{
	enum case_status rc;

	if (!case_buf_reserve(to, n))
		return case_error_memory(err);
	while (n > 0) {
		uint32_t first = sector;
		size_t run = 0;

		do {
			if (sector >= ole->sector_n || sector >= ole->fat_n)
				return damaged(err);
			run += ole->sector;
			sector = ole->fat[sector];
		} while (run < n && sector == first + run / ole->sector);
		if (run > n)
			run = n;
		rc = read_at(ole, sector_offset(ole, first), to->p + to->n, run,
		    err);
		if (rc != CASE_OK)
			return rc;
		to->n += run;
		n -= run;
	}
	return CASE_OK;
}

/* Sectors of a chain whose length is not known; none may come twice. */
static enum case_status
chain_length(const struct case_ole *ole, uint32_t sector, size_t *n,
    struct case_error *err)
{
	for (*n = 0; sector < SECTOR_NONE; ++*n) {
		if (sector >= ole->sector_n || sector >= ole->fat_n ||
		    *n >= ole->sector_n)
			return damaged(err);
		sector = ole->fat[sector];
	}
	return CASE_OK;
}

/* One sector of the FAT, which lies at the end of what is there of it. */
static enum case_status
add_fat(struct case_ole *ole, uint32_t sector, struct case_error *err)
{
	size_t n = ole->sector / 4;
	unsigned char *p;
	enum case_status rc;

	if (sector >= ole->sector_n || ole->fat_n / n >= ole->sector_n)
		return damaged(err);
	p = (unsigned char *)(ole->fat + ole->fat_n);
	rc = read_at(ole, sector_offset(ole, sector), (char *)p, ole->sector,
	    err);
	if (rc != CASE_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		ole->fat[ole->fat_n + i] = get32(p + 4 * i);
	ole->fat_n += n;
	return CASE_OK;
}

/* FAT sectors that the header has no room for are listed in sectors. */
static enum case_status
read_more_fat(struct case_ole *ole, uint32_t next, uint32_t left,
    struct case_error *err)
{
	unsigned char list[4096];
	enum case_status rc;
	size_t n = ole->sector / 4 - 1;

	for (uint32_t seen = 0; left > 0; seen++) {
		if (next >= ole->sector_n || seen >= ole->sector_n)
			return damaged(err);
		rc = read_at(ole, sector_offset(ole, next), (char *)list,
		    ole->sector, err);
		for (size_t i = 0; rc == CASE_OK && i < n && left > 0;
		     i++, left--)
			rc = add_fat(ole, get32(list + 4 * i), err);
		if (rc != CASE_OK)
			return rc;
		next = get32(list + 4 * n);
	}
	return CASE_OK;
}

static enum case_status
read_fat(struct case_ole *ole, const unsigned char *header,
    struct case_error *err)
{
	uint32_t left = get32(header + 44);
	enum case_status rc = CASE_OK;

	if (left > ole->sector_n)
		return damaged(err);
	ole->fat = calloc(left > 0 ? left : 1, ole->sector);
	if (ole->fat == NULL)
		return case_error_memory(err);
	for (size_t i = 0; rc == CASE_OK && i < HEADER_TABLES && left > 0;
	     i++, left--)
		rc = add_fat(ole, get32(header + 76 + 4 * i), err);
	return rc == CASE_OK && left > 0
		   ? read_more_fat(ole, get32(header + 68), left, err)
		   : rc;
}

static enum case_status
read_directory(struct case_ole *ole, uint32_t sector, struct case_error *err)
{
	enum case_status rc;
	size_t n;

	if ((rc = chain_length(ole, sector, &n, err)) != CASE_OK)
		return rc;
	rc = read_chain(ole, sector, n * ole->sector, &ole->entries, err);
	if (rc != CASE_OK)
		return rc;
	ole->entry_n = ole->entries.n / ENTRY_SIZE;
	if (ole->entry_n == 0 || ole->entries.p[66] != TYPE_ROOT)
		return damaged(err);
	ole->stack = calloc(ole->entry_n + 2, sizeof(*ole->stack));
	return ole->stack == NULL ? case_error_memory(err) : CASE_OK;
}

/* What the header says of sizes must be one of the forms that there are. */
static enum case_status
read_header(struct case_ole *ole, struct case_error *err)
{
	unsigned char h[HEADER_SIZE];
	enum case_status rc;
	uint32_t shift;
	uint64_t n;

	if ((rc = read_at(ole, 0, (char *)h, sizeof(h), err)) != CASE_OK)
		return rc;
	shift = get16(h + 30);
	if ((shift != 9 && shift != 12) || get16(h + 32) != 6)
		return damaged(err);
	ole->sector = (size_t)1 << shift;
	ole->mini = (size_t)1 << 6;
	ole->mini_limit = get32(h + 56);
	ole->mini_first = get32(h + 60);
	if (ole->size <= ole->sector)
		return damaged(err);
	n = (ole->size - 1) / ole->sector;
	ole->sector_n = n < SECTOR_NONE ? (uint32_t)n : SECTOR_NONE;
	if ((rc = read_fat(ole, h, err)) != CASE_OK)
		return rc;
	return read_directory(ole, get32(h + 48), err);
}

enum case_status
case_ole_open(struct case_ole **out, struct case_input *in,
    const struct case_limits *limits, struct case_error *err)
{
	struct case_ole *ole = calloc(1, sizeof(*ole));
	enum case_status rc;

	*out = NULL;
	if (ole == NULL)
		return case_error_memory(err);
	ole->in = in;
	ole->limits = limits;
	ole->size = case_input_facts(in)->size;
	if ((rc = read_header(ole, err)) != CASE_OK) {
		case_ole_close(ole);
		return rc;
	}
	*out = ole;
	return CASE_OK;
}

void
case_ole_close(struct case_ole *ole)
{
	if (ole == NULL)
		return;
	free(ole->fat);
	free(ole->mini_fat);
	free(ole->stack);
	case_buf_free(&ole->entries);
	case_buf_free(&ole->mini_stream);
	free(ole);
}

static const unsigned char *
entry_at(const struct case_ole *ole, size_t i)
{
	return (const unsigned char *)ole->entries.p + i * ENTRY_SIZE;
}

static unsigned char
lower(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c | 0x20) : c;
}

static bool
has_name(const unsigned char *entry, const char *name)
{
	size_t n = strlen(name);

	if (n >= NAME_MAX_UNITS || entry[66] == TYPE_FREE)
		return false;
	for (size_t i = 0; i <= n; i++)
		if (lower(entry[2 * i]) != lower((unsigned char)name[i]) ||
		    entry[2 * i + 1] != 0)
			return false;
	return true;
}

/*
 * The entries of a folder are a tree. All of it is walked, since the order of
 * some writers is wrong, with a stack of what is still to be seen; a tree that
 * is none ends when each entry had its turn.
 */
bool
case_ole_find(const struct case_ole *ole, const char *name, size_t *entry)
{
	uint32_t *stack = ole->stack, i;
	size_t n = 0, turns = 0;
	bool found = false;

	stack[n++] = get32(entry_at(ole, 0) + 76);
	while (n > 0 && !found && turns < ole->entry_n) {
		if ((i = stack[--n]) >= ole->entry_n)
			continue;
		turns++;
		found = has_name(entry_at(ole, i), name);
		*entry = i;
		stack[n++] = get32(entry_at(ole, i) + 68);
		stack[n++] = get32(entry_at(ole, i) + 72);
	}
	return found;
}

bool
case_ole_is_class(const struct case_ole *ole, const unsigned char class_id[16])
{
	return memcmp(entry_at(ole, 0) + 80, class_id, 16) == 0;
}

/* The mini sectors lie in a stream of their own: the root's. */
static enum case_status
load_mini(struct case_ole *ole, struct case_error *err)
{
	const unsigned char *root = entry_at(ole, 0);
	uint32_t size = get32(root + 120);
	struct case_buf table = { 0 };
	enum case_status rc;
	size_t n;

	if (ole->has_mini)
		return CASE_OK;
	if (size > ole->size)
		return damaged(err);
	rc = read_chain(ole, get32(root + 116), size, &ole->mini_stream, err);
	if (rc != CASE_OK ||
	    (rc = chain_length(ole, ole->mini_first, &n, err)) != CASE_OK)
		return rc;
	rc = read_chain(ole, ole->mini_first, n * ole->sector, &table, err);
	if (rc == CASE_OK &&
	    (ole->mini_fat = calloc(table.n + 1, sizeof(char))) == NULL)
		rc = case_error_memory(err);
	for (size_t i = 0; rc == CASE_OK && i < table.n / 4; i++)
		ole->mini_fat[i] = get32((unsigned char *)table.p + 4 * i);
	ole->mini_fat_n = table.n / 4;
	ole->has_mini = rc == CASE_OK;
	case_buf_free(&table);
	return rc;
}

static enum case_status
read_mini(struct case_ole *ole, uint32_t sector, size_t n, struct case_buf *to,
    struct case_error *err)
{
	enum case_status rc;

	if ((rc = load_mini(ole, err)) != CASE_OK)
		return rc;
	while (n > 0) {
		size_t part = n < ole->mini ? n : ole->mini;
		size_t at = sector * ole->mini;

		if (sector >= ole->mini_fat_n || at > ole->mini_stream.n ||
		    part > ole->mini_stream.n - at)
			return damaged(err);
		case_buf_add(to, ole->mini_stream.p + at, part);
		if (to->failed)
			return case_error_memory(err);
		sector = ole->mini_fat[sector];
		n -= part;
	}
	return CASE_OK;
}

enum case_status
case_ole_load(struct case_ole *ole, size_t entry, struct case_buf *to,
    struct case_error *err)
{
	const unsigned char *e = entry_at(ole, entry);
	uint32_t size = get32(e + 120);

	if (size > ole->size)
		return damaged(err);
	if (size > ole->limits->held)
		return case_limit_error(ole->limits, &ole->limits->held,
		    _("the workbook is too large to be held in memory"), err);
	if (size < ole->mini_limit)
		return read_mini(ole, get32(e + 116), size, to, err);
	return read_chain(ole, get32(e + 116), size, to, err);
}
