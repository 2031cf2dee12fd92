/* measure.c - runs a command; prints its wall seconds and peak memory */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* "SECONDS MIB" goes to standard output, the command's own to nowhere. */
int
main(int argc, char *argv[])
{
	struct timespec a, b;
	struct rusage ru;
	int status;
	pid_t pid;

	if (argc < 2)
		return 2;
	clock_gettime(CLOCK_MONOTONIC, &a);
	if ((pid = fork()) == 0) {
		if (freopen("/dev/null", "w", stdout) == NULL)
			_exit(2);
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(2);
	}
	if (pid < 0 || wait4(pid, &status, 0, &ru) != pid)
		return 2;
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("%.3f %.1f\n",
	    (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9,
	    (double)ru.ru_maxrss / 1024.0);
	/* 1 is "done, with something to look at". */
	return WIFEXITED(status) && WEXITSTATUS(status) <= 1 ? 0 : 1;
}
