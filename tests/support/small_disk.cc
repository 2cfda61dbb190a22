#include "tests/support/small_disk.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "common/unique_fd.h"

namespace drover::test {
namespace {

std::string refused(const char* what) {
  return std::string("needs root: ") + what + ": " + std::strerror(errno);
}

// Once for the thread; a namespace within a namespace does no harm. Nothing that is mounted in it
// is seen outside.
std::string enter_own_mounts() {
  if (::unshare(CLONE_NEWNS) != 0) return refused("a mount namespace of the test's own");
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return refused("mounts of the test's own");
  }
  return {};
}

}  // namespace

SmallDisk::SmallDisk(std::string directory, std::uint64_t bytes)
    : directory_(std::move(directory)), problem_(enter_own_mounts()) {
  if (!problem_.empty()) return;
  std::filesystem::create_directories(directory_);
  const std::string options = "mode=0700,size=" + std::to_string(bytes);
  if (::mount("tmpfs", directory_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) != 0) {
    problem_ = refused("a tmpfs");
  }
}

SmallDisk::~SmallDisk() {
  if (!problem_.empty()) return;
  // Programs of the test that still have files open keep it until they end.
  if (::umount2(directory_.c_str(), MNT_DETACH) != 0) {
    ADD_FAILURE() << "cannot unmount " << directory_ << ": " << std::strerror(errno);
  }
}

std::uint64_t SmallDisk::room() const {
  struct statvfs stats {};
  if (::statvfs(directory_.c_str(), &stats) != 0) return 0;
  return std::uint64_t{stats.f_bavail} * stats.f_frsize;
}

void SmallDisk::fill(std::uint64_t leaving) {
  const UniqueFd file(::open(filler().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  ASSERT_TRUE(file) << filler() << ": " << std::strerror(errno);
  const std::vector<char> block(64 * 1024);
  for (std::uint64_t left = room(); left > leaving; left = room()) {
    const std::size_t size = std::min<std::uint64_t>(block.size(), left - leaving);
    if (::write(file.get(), block.data(), size) <= 0) {
      ASSERT_EQ(ENOSPC, errno) << std::strerror(errno);
      return;
    }
  }
}

void SmallDisk::make_room() { std::filesystem::remove(filler()); }

}  // namespace drover::test
