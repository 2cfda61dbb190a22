#include "agent/supervisor/input.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "common/files.h"

namespace drover::supervisor {
namespace {

constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;

}  // namespace

Input make_input(std::string_view text) {
  UniqueFd fd(::memfd_create("drover-stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return {{}, errno};
  if (const int error = write_all(fd.get(), text); error != 0) return {{}, error};
  if (::lseek(fd.get(), 0, SEEK_SET) != 0 || ::fcntl(fd.get(), F_ADD_SEALS, kSeals) != 0) {
    return {{}, errno};
  }
  return {std::move(fd), 0};
}

}  // namespace drover::supervisor
