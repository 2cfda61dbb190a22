// A library to preload into a program: its wall clock is off by the nanoseconds in the file that
// DROVER_TEST_WALL_CLOCK names, and jumps whenever that file is written. As with a real clock that
// is set, waits until a time of the wall clock end when the clock has come there; those on a
// condition variable go by the clock as it was when they began.
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

template <class Function>
Function original(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

const std::atomic<std::int64_t>* map_offset() {
  static constexpr std::atomic<std::int64_t> kNone{0};
  const char* path = std::getenv("DROVER_TEST_WALL_CLOCK");
  const int fd = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return &kNone;
  void* place = ::mmap(nullptr, sizeof kNone, PROT_READ, MAP_SHARED, fd, 0);
  ::close(fd);
  return place == MAP_FAILED ? &kNone : static_cast<const std::atomic<std::int64_t>*>(place);
}

std::int64_t offset() {
  static const std::atomic<std::int64_t>* const shared = map_offset();
  return shared->load(std::memory_order_relaxed);
}

timespec plus(const timespec& time, std::int64_t nanoseconds) {
  const std::int64_t sum = time.tv_sec * kSecond + time.tv_nsec + nanoseconds;
  return {sum / kSecond, sum % kSecond};
}

int real_clock(clockid_t clock, timespec* time) {
  static const auto call = original<int (*)(clockid_t, timespec*)>("clock_gettime");
  return call(clock, time);
}

bool is_wall(clockid_t clock) { return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE; }

std::int64_t until(const timespec& deadline) {
  timespec now{};
  real_clock(CLOCK_REALTIME, &now);
  now = plus(now, offset());
  return (deadline.tv_sec - now.tv_sec) * kSecond + deadline.tv_nsec - now.tv_nsec;
}

using Syscall = long (*)(long, ...);

// In slices, each by the clock that does not jump, so that a jump in between is noticed.
long wait_for_wall_clock(Syscall call, const long (&arguments)[6]) {
  constexpr std::int64_t kSlice = 20'000'000;
  const timespec deadline = *reinterpret_cast<const timespec*>(arguments[3]);
  for (;;) {
    const std::int64_t left = until(deadline);
    if (left <= 0) {
      errno = ETIMEDOUT;
      return -1;
    }
    timespec slice{};
    real_clock(CLOCK_MONOTONIC, &slice);
    slice = plus(slice, std::min(left, kSlice));
    const long result = call(SYS_futex, arguments[0], arguments[1] & ~long{FUTEX_CLOCK_REALTIME},
                             arguments[2], &slice, arguments[4], arguments[5]);
    if (result == 0 || errno != ETIMEDOUT) return result;
  }
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) {
  const int result = real_clock(clock, time);
  if (result == 0 && is_wall(clock)) *time = plus(*time, offset());
  return result;
}

int gettimeofday(timeval* __restrict time, void* __restrict) {
  timespec now{};
  const int result = clock_gettime(CLOCK_REALTIME, &now);
  *time = {now.tv_sec, now.tv_nsec / 1000};
  return result;
}

time_t time(time_t* place) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (place != nullptr) *place = now.tv_sec;
  return now.tv_sec;
}

int pthread_cond_timedwait(pthread_cond_t* __restrict condition, pthread_mutex_t* __restrict mutex,
                           const timespec* __restrict deadline) {
  static const auto call = original<int (*)(pthread_cond_t*, pthread_mutex_t*, const timespec*)>(
      "pthread_cond_timedwait");
  // The second bit says that it goes by the other clock (glibc, nptl).
  const bool by_wall_clock = (condition->__data.__wrefs & 2) == 0;
  const timespec real = by_wall_clock ? plus(*deadline, -offset()) : *deadline;
  return call(condition, mutex, &real);
}

int sem_timedwait(sem_t* __restrict semaphore, const timespec* __restrict deadline) {
  static const auto call = original<int (*)(sem_t*, const timespec*)>("sem_timedwait");
  const timespec real = plus(*deadline, -offset());
  return call(semaphore, &real);
}

long syscall(long number, ...) {
  static const auto call = original<Syscall>("syscall");
  long a[6];
  va_list list;
  va_start(list, number);
  for (long& argument : a) argument = va_arg(list, long);
  va_end(list);
  const bool waits = number == SYS_futex && (a[1] & FUTEX_CLOCK_REALTIME) != 0 &&
                     (a[1] & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET && a[3] != 0;
  return waits ? wait_for_wall_clock(call, a) : call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

}  // extern "C"
