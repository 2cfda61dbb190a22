// A task that appends a mark every few milliseconds, so that it can be seen afterwards when it
// lived. Small, that many of them cost little. Arguments: the file, and "deaf" to ignore SIGTERM.
#include <fcntl.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr int kPeriodMs = 20;

const char* variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "?" : value;
}

bool mark(int file, const char* what) {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  char line[512];
  const int length = std::snprintf(line, sizeof line, "%s %lld.%02ld %s %s %s %s\n", what,
                                   static_cast<long long>(now.tv_sec), now.tv_nsec / 10'000'000,
                                   variable("DROVER_INSTANCE_ID"), variable("DROVER_ALLOCATION_ID"),
                                   variable("DROVER_TASK"), variable("DROVER_ATTEMPT"));
  return ::write(file, line, static_cast<std::size_t>(length)) == length;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2 && count != 3) return 2;
  if (count == 3) ::signal(SIGTERM, SIG_IGN);
  const int file = ::open(arguments[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0 || !mark(file, "begin")) return 1;
  while (mark(file, "tick")) ::poll(nullptr, 0, kPeriodMs);
  return 1;
}
