// A library to preload into programs: while the test says so, by the file that
// DROVER_TEST_HELD_DISK names, the master's disk takes for ever to sync.
#include "tests/chaos/held_disk.h"

#include <dlfcn.h>
#include <poll.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace {

using drover::test::HeldDisk;

constexpr int kLookAgainMs = 1;

void wait_while_held() {
  static HeldDisk* const disk = std::strcmp(program_invocation_short_name, "drover-master") == 0
                                    ? HeldDisk::map(std::getenv("DROVER_TEST_HELD_DISK"))
                                    : nullptr;
  if (disk == nullptr || !disk->held) return;
  ++disk->waiting;
  while (disk->held) ::poll(nullptr, 0, kLookAgainMs);
  --disk->waiting;
}

int original(const char* name, int fd) {
  return reinterpret_cast<int (*)(int)>(::dlsym(RTLD_NEXT, name))(fd);
}

}  // namespace

extern "C" {

int fsync(int fd) {
  wait_while_held();
  return original("fsync", fd);
}

int fdatasync(int fd) {
  wait_while_held();
  return original("fdatasync", fd);
}

}  // extern "C"
