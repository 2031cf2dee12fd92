/* bounded.c - runs a command that must end by itself, in bounds */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t pid;

static void
too_late(int sig)
{
	(void)sig;
	kill(pid, SIGKILL);
}

static double
seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

/*
 * bounded SECONDS MIB COMMAND...: its exit code; 99 with a word on standard
 * error when it took more seconds of the processor, more memory, or a signal.
 * By the clock it has six times as long, for other tests run beside it.
 */
int
main(int argc, char *argv[])
{
	double most, mib, used;
	struct rusage ru;
	int status;

	if (argc < 4)
		return 2;
	most = strtod(argv[1], NULL);
	mib = strtod(argv[2], NULL);
	if ((pid = fork()) == 0) {
		execvp(argv[3], argv + 3);
		fprintf(stderr, "bounded: %s: %s\n", argv[3], strerror(errno));
		_exit(2);
	}
	signal(SIGALRM, too_late);
	alarm((unsigned)(6 * most));
	while (pid > 0 && wait4(pid, &status, 0, &ru) != pid)
		if (errno != EINTR)
			return 2;
	if (pid < 0)
		return 2;
	used = seconds(&ru.ru_utime) + seconds(&ru.ru_stime);
	if (used <= most && (double)ru.ru_maxrss / 1024 <= mib &&
	    WIFEXITED(status))
		return WEXITSTATUS(status);
	fprintf(stderr, "bounded: %.1f s, %.0f MiB, ", used,
	    (double)ru.ru_maxrss / 1024);
	if (WIFSIGNALED(status))
		fprintf(stderr, "signal %d\n", WTERMSIG(status));
	else
		fprintf(stderr, "exit %d\n", WEXITSTATUS(status));
	return 99;
}
