// A task that says when it began: the monotonic clock, in nanoseconds, to the FIFO that it is
// given. Linked statically, so that nothing of its own comes before.
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char** argv) {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  if (argc != 2) return 2;
  const long long now = time.tv_sec * 1'000'000'000LL + time.tv_nsec;
  const int fifo = open(argv[1], O_WRONLY | O_CLOEXEC);
  return write(fifo, &now, sizeof now) == sizeof now ? 0 : 1;
}
