// The reference of the whole path: what starting and reaping a program costs where nobody keeps
// anything, asks anything or answers anything.
//   spawn_loop MILLISECONDS IN_FLIGHT PROGRAM
// prints how many were run, in how many nanoseconds, and the CPU time of it all in microseconds.
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>
#include <initializer_list>

namespace {

long long now_ns() {
  timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

void spawn(char* program) {
  char* const arguments[] = {program, nullptr};
  char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  char* const environment[] = {path, nullptr};
  pid_t pid;
  if (posix_spawn(&pid, program, nullptr, nullptr, arguments, environment) != 0) {
    perror(program);
    exit(1);
  }
}

void reap() {
  int status;
  if (waitpid(-1, &status, 0) < 0 || status != 0) {
    fputs("a program has failed\n", stderr);
    exit(1);
  }
}

long long cpu_us() {
  long long sum = 0;
  for (const int whose : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage;
    getrusage(whose, &usage);
    sum += (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000'000LL + usage.ru_utime.tv_usec +
           usage.ru_stime.tv_usec;
  }
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fputs("usage: spawn_loop MILLISECONDS IN_FLIGHT PROGRAM\n", stderr);
    return 2;
  }
  const long long begin = now_ns();
  const long long end = begin + atoll(argv[1]) * 1'000'000LL;
  const int in_flight = atoi(argv[2]);
  long long count = 0;
  for (int i = 0; i < in_flight; ++i) spawn(argv[3]);
  while (now_ns() < end) {
    reap();
    ++count;
    spawn(argv[3]);
  }
  const long long took = now_ns() - begin;
  for (int i = 0; i < in_flight; ++i) reap();
  printf("%lld %lld %lld\n", count, took, cpu_us());
  return 0;
}
