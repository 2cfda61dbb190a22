#include "agent/supervisor/cgroup_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <string_view>

#include "agent/supervisor/cgroup_limits.h"

namespace drover::supervisor {
namespace {

constexpr nlink_t kLinksOfLeaf = 2;  // a cgroup's directory has one link more for each child

// The kernel makes the text anew for each reading from its beginning, and gives up to a page of it
// at once, which is more than any of these files has.
template <class Parse>
auto read(UniqueFd& file, const CgroupTree& tree, const std::string& name, const char* which,
          Parse parse) {
  if (!file) file = tree.open_file(name, which);
  char text[4096];
  const ssize_t count = ::pread(file.get(), text, sizeof text, 0);
  return parse(std::string_view(text, count > 0 ? static_cast<std::size_t>(count) : 0));
}

}  // namespace

int CgroupFiles::directory() {
  if (!directory_) directory_ = tree_.open_child(name_);
  return directory_.get();
}

std::optional<CgroupState> CgroupFiles::state() {
  return read(events_, tree_, name_, "cgroup.events", parse_cgroup_events);
}

std::optional<std::uint64_t> CgroupFiles::cpu_us() {
  return read(cpu_, tree_, name_, "cpu.stat", parse_cpu_us);
}

std::uint64_t CgroupFiles::out_of_memory_kills() {
  return read(memory_events_, tree_, name_, "memory.events", parse_out_of_memory_kills);
}

bool CgroupFiles::has_children() {
  struct stat info {};
  return ::fstat(directory(), &info) != 0 || info.st_nlink != kLinksOfLeaf;
}

UniqueFd CgroupFiles::close() {
  events_.reset();
  cpu_.reset();
  memory_events_.reset();
  return std::move(directory_);
}

}  // namespace drover::supervisor
