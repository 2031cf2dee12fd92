/* hasher.c - the hash of a file, made beside what else is done with it */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "case/digest.h"
#include "case/intl.h"
#include "lib/base/hasher.h"
#include "lib/base/survey.h"

/* Each buffer handed over wakes a thread: smaller ones cost a tenth more. */
enum { BUFFER = 256 * 1024 };

/*
 * To copy bytes from the system takes a fifth of the time that hashing them
 * does, so that one thread fills a buffer while another hashes the other. n is
 * below 1 at the end.
 */
struct hasher {
	int fd;
	struct case_sha256 *sha;
	pthread_t filler, thread;
	sem_t empty, full;
	atomic_bool stop;
	int error; /* of reading, as errno; 0: none */
	ssize_t n[2];
	unsigned char raw[2][BUFFER];
};

static void *
fill_buffers(void *arg)
{
	struct hasher *h = arg;
	uint64_t at = 0;
	ssize_t n = 1;

	for (int i = 0; n > 0; i ^= 1) {
		while (sem_wait(&h->empty) != 0)
			;
		n = atomic_load(&h->stop)
			? 0
			: survey_pread(h->fd, h->raw[i], BUFFER, at);
		if (n < 0)
			h->error = errno;
		h->n[i] = n;
		at += n > 0 ? (uint64_t)n : 0;
		sem_post(&h->full);
	}
	return NULL;
}

static void *
hash_buffers(void *arg)
{
	struct hasher *h = arg;

	for (int i = 0;; i ^= 1) {
		while (sem_wait(&h->full) != 0)
			;
		if (h->n[i] <= 0)
			return NULL;
		case_sha256_add(h->sha, h->raw[i], (size_t)h->n[i]);
		sem_post(&h->empty);
	}
}

static void
hasher_free(struct hasher *h)
{
	case_sha256_end(h->sha, NULL);
	sem_destroy(&h->empty);
	sem_destroy(&h->full);
	free(h);
}

/* Both threads, or none. */
static bool
start_threads(struct hasher *h)
{
	if (pthread_create(&h->thread, NULL, hash_buffers, h) != 0)
		return false;
	if (pthread_create(&h->filler, NULL, fill_buffers, h) == 0)
		return true;
	h->n[0] = 0;
	sem_post(&h->full);
	pthread_join(h->thread, NULL);
	return false;
}

enum case_status
hasher_start(struct hasher **out, int fd, struct case_error *err)
{
	struct hasher *h = malloc(sizeof(*h));
	enum case_status rc;

	*out = NULL;
	if (h == NULL)
		return case_error_memory(err);
	h->fd = fd;
	h->error = 0;
	atomic_init(&h->stop, false);
	sem_init(&h->empty, 0, 2);
	sem_init(&h->full, 0, 0);
	rc = case_sha256_new(&h->sha, err);
	if (rc == CASE_OK && !start_threads(h))
		rc = case_error_set(err, CASE_EIO, 0,
		    _("no second thread could be started"));
	if (rc != CASE_OK) {
		hasher_free(h);
		return rc;
	}
	*out = h;
	return CASE_OK;
}

enum case_status
hasher_end(struct hasher *h, char hex[65], struct case_error *err)
{
	int error;

	if (hex == NULL)
		atomic_store(&h->stop, true);
	pthread_join(h->filler, NULL);
	pthread_join(h->thread, NULL);
	error = h->error;
	if (hex != NULL) {
		case_sha256_end(h->sha, hex);
		h->sha = NULL;
		if (error != 0)
			hex[0] = '\0';
	}
	hasher_free(h);
	errno = error;
	return error != 0 ? case_error_system(err, _("can't read")) : CASE_OK;
}
