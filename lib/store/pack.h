/* pack.h - deflate, in the zlib form, with the fastest library there is */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "case/error.h"

struct case_pack;

enum case_status case_pack_new(struct case_pack **out, struct case_error *err);
void case_pack_free(struct case_pack *p);
/* Begins a stream. */
void case_pack_begin(struct case_pack *p);
/*
 * At most 1 GiB of bytes, borrowed until case_pack_take has taken all of them;
 * end: no more come.
 */
void case_pack_give(struct case_pack *p, const void *in, size_t n, bool end);
/* Packed bytes; fewer than room: what was given is taken, or packed whole. */
size_t case_pack_take(struct case_pack *p, void *out, size_t room);

#endif
