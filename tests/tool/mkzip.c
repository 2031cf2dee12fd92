/* mkzip.c - makes zip files for tests, broken ones too */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/*
 * mkzip OUT [OPTION...] NAME=FILE ...: an option is for the next entry only.
 *
 * store	not deflated
 * crc		its CRC-32 is wrong
 * encrypted	said to be encrypted
 * size=N	said to unpack to N bytes
 * spaces=N	N spaces stand behind its content; NAME= has no file
 * method=N	said to be packed so
 * times=N	as often, with a number behind the name
 * same=N	listed as often, all in the same place
 * cut		what the next entry said is in no list: the file ends there
 */
struct entry {
	char name[200];
	unsigned long crc, packed, size, at;
	unsigned method, flags;
};

struct options {
	unsigned long size, spaces, times, same;
	long method;
	int store, crc, encrypted, cut, sized;
};

static struct entry *entries;
static size_t entry_n;
static FILE *out;

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

static void
put(unsigned long v, int bytes)
{
	for (; bytes > 0; bytes--, v >>= 8)
		putc((int)(v & 0xff), out);
}

static void
put_common(const struct entry *e)
{
	put(20, 2);
	put(e->flags, 2);
	put(e->method, 2);
	put(0, 2);
	put(0x21, 2); /* 1980-01-01 */
	put(e->crc, 4);
	put(e->packed, 4);
	put(e->size, 4);
	put(strlen(e->name), 2);
	put(0, 2);
}

static void
put_local(const struct entry *e)
{
	put(0x04034b50, 4);
	put_common(e);
	fputs(e->name, out);
}

static void
put_central(const struct entry *e)
{
	put(0x02014b50, 4);
	put(20, 2);
	put_common(e);
	put(0, 2);
	put(0, 2);
	put(0, 2);
	put(0, 4);
	put(e->at, 4);
	fputs(e->name, out);
}

/* The next piece of an entry's content. */
static size_t
take(FILE *in, unsigned long *spaces, unsigned char *p, size_t cap)
{
	size_t n;

	if (in != NULL && (n = fread(p, 1, cap, in)) > 0)
		return n;
	n = *spaces < cap ? *spaces : cap;
	*spaces -= n;
	memset(p, ' ', n);
	return n;
}

static void
pack(struct entry *e, const struct options *o, FILE *in)
{
	static unsigned char p[1 << 16], q[1 << 16];
	unsigned long spaces = o->spaces;
	z_stream z = { 0 };
	int rc = Z_OK;

	if (deflateInit2(&z, 6, Z_DEFLATED, -15, 8, 0) != Z_OK)
		die("deflate");
	while (rc != Z_STREAM_END) {
		size_t n = take(in, &spaces, p, sizeof(p));

		e->crc = crc32(e->crc, p, (uInt)n);
		e->size += n;
		if (o->store) {
			e->packed += fwrite(p, 1, n, out);
			if (n == 0)
				break;
			continue;
		}
		z.next_in = p;
		z.avail_in = (uInt)n;
		do {
			z.next_out = q;
			z.avail_out = sizeof(q);
			rc = deflate(&z, n == 0 ? Z_FINISH : Z_NO_FLUSH);
			e->packed += fwrite(q, 1, sizeof(q) - z.avail_out, out);
		} while (z.avail_out == 0);
	}
	deflateEnd(&z);
}

static void
add(const char *name, const char *path, const struct options *o)
{
	struct entry *e;
	FILE *in = NULL;
	long end;

	entries = realloc(entries, (entry_n + 1) * sizeof(*entries));
	if (entries == NULL)
		die("memory");
	e = memset(&entries[entry_n++], 0, sizeof(*e));
	snprintf(e->name, sizeof(e->name), "%s", name);
	if (*path != '\0' && (in = fopen(path, "rb")) == NULL)
		die(path);
	e->at = (unsigned long)ftell(out);
	e->method = o->store ? 0 : 8;
	e->flags = 0x800 | (o->encrypted ? 1 : 0);
	put_local(e); /* for its length; written again below */
	pack(e, o, in);
	if (in != NULL)
		fclose(in);
	if (o->method >= 0)
		e->method = (unsigned)o->method;
	if (o->crc)
		e->crc ^= 1;
	if (o->sized)
		e->size = o->size;
	end = ftell(out);
	fseek(out, (long)e->at, SEEK_SET);
	put_local(e);
	fseek(out, end, SEEK_SET);
}

static void
add_all(const char *spec, const struct options *o)
{
	const char *eq = strrchr(spec, '=');
	char name[150], numbered[200];

	snprintf(name, sizeof(name), "%.*s", (int)(eq - spec), spec);
	if (o->times == 0)
		add(name, eq + 1, o);
	for (unsigned long i = 0; i < o->times; i++) {
		snprintf(numbered, sizeof(numbered), "%s%lu", name, i);
		add(numbered, eq + 1, o);
	}
	for (unsigned long i = 0; i < o->same; i++) {
		struct entry e = entries[entry_n - 1];

		entries = realloc(entries, (entry_n + 1) * sizeof(*entries));
		if (entries == NULL)
			die("memory");
		snprintf(e.name, sizeof(e.name), "%s%lu", name, i);
		entries[entry_n++] = e;
	}
}

/* Whether the argument is an option; then it is noted. */
static int
option(struct options *o, const char *arg)
{
	static const char *const word[] = { "size=", "spaces=", "times=",
		"same=", "method=" };
	unsigned long v;

	for (size_t i = 0; i < 5; i++) {
		if (strncmp(arg, word[i], strlen(word[i])) != 0)
			continue;
		v = strtoul(strchr(arg, '=') + 1, NULL, 10);
		switch (i) {
		case 0:
			o->size = v;
			o->sized = 1;
			break;
		case 1:
			o->spaces = v;
			break;
		case 2:
			o->times = v;
			break;
		case 3:
			o->same = v;
			break;
		default:
			o->method = (long)v;
		}
		return 1;
	}
	o->store |= strcmp(arg, "store") == 0;
	o->crc |= strcmp(arg, "crc") == 0;
	o->encrypted |= strcmp(arg, "encrypted") == 0;
	o->cut |= strcmp(arg, "cut") == 0;
	return strchr(arg, '=') == NULL;
}

int
main(int argc, char *argv[])
{
	const struct options none = { .method = -1 };
	struct options o = none;
	long at;

	if (argc < 2)
		return 2;
	if ((out = fopen(argv[1], "wb+")) == NULL)
		die(argv[1]);
	for (int i = 2; i < argc; i++) {
		if (option(&o, argv[i]))
			continue;
		add_all(argv[i], &o);
		if (o.cut)
			return fclose(out) == 0 ? 0 : 2;
		o = none;
	}
	at = ftell(out);
	for (size_t i = 0; i < entry_n; i++)
		put_central(&entries[i]);
	o.size = (unsigned long)(ftell(out) - at);
	put(0x06054b50, 4);
	put(0, 4);
	put(entry_n, 2);
	put(entry_n, 2);
	put(o.size, 4);
	put((unsigned long)at, 4);
	put(0, 2);
	free(entries);
	return fclose(out) == 0 ? 0 : 2;
}
