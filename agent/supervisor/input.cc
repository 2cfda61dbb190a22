#include "agent/supervisor/input.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace drover::supervisor {
namespace {

constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

bool write_whole(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Input make_input(std::string_view text) {
  UniqueFd fd(::memfd_create("drover-stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return {{}, errno};
  if (!write_whole(fd.get(), text) || ::lseek(fd.get(), 0, SEEK_SET) != 0 ||
      ::fcntl(fd.get(), F_ADD_SEALS, kSeals) != 0) {
    return {{}, errno};
  }
  return {std::move(fd), 0};
}

}  // namespace drover::supervisor
