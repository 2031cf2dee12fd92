/* hasher.h - the hash of a file, made beside what else is done with it */
#ifndef LIB_BASE_HASHER_H
#define LIB_BASE_HASHER_H

#include "case/error.h"

struct hasher;

/* Begins; fd is read by offsets, stays the caller's, and must stay open. */
enum case_status hasher_start(struct hasher **out, int fd,
    struct case_error *err);
/*
 * Waits for the hash and gives it as hex; NULL: gives it up. Frees h. On
 * failure hex is "".
 */
enum case_status hasher_end(struct hasher *h, char hex[65],
    struct case_error *err);

#endif
