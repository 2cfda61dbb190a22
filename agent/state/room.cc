#include "agent/state/room.h"

#include <sys/statvfs.h>

#include <cstdint>

#include "common/limits.h"

namespace drover::agent::state {

bool has_room(const std::string& directory, bool had_room) {
  struct statvfs status {};
  if (::statvfs(directory.c_str(), &status) != 0) return true;
  const std::uint64_t wanted = had_room ? limits::kRoomForWork : 2 * limits::kRoomForWork;
  const bool has_bytes = status.f_bavail >= wanted / status.f_frsize;
  // File systems that make inodes as they need them say that there are none at all.
  const bool has_files = status.f_files == 0 || status.f_favail > 0;
  return has_bytes && has_files;
}

}  // namespace drover::agent::state
