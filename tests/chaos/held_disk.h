// What a test and the library in held_disk.cc share, in a file that both map.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>

namespace drover::test {

struct HeldDisk {
  std::atomic<bool> held;    // by the test: nothing can be synced
  std::atomic<int> waiting;  // threads of the program that want to sync

  // Null where the file cannot be mapped. What is mapped stays so until the process ends.
  static HeldDisk* map(const char* path) {
    const int fd = path == nullptr ? -1 : ::open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ::ftruncate(fd, sizeof(HeldDisk)) != 0) return nullptr;
    void* place = ::mmap(nullptr, sizeof(HeldDisk), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ::close(fd);
    return place == MAP_FAILED ? nullptr : static_cast<HeldDisk*>(place);
  }
};

}  // namespace drover::test
