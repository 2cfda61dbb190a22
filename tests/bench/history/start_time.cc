#include "tests/bench/history/start_time.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "common/unique_fd.h"
#include "tests/bench/support/program.h"
#include "tests/support/cluster.h"

namespace drover::bench {
namespace {

// The kernel forgets what it has of these files, so that they are read from the disk again.
void evict(const std::string& directory) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    const UniqueFd file(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC));
    ::fdatasync(file.get());  // what is not written yet would stay
    ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_DONTNEED);
  }
}

}  // namespace

std::chrono::nanoseconds time_start(const std::string& data_dir, Cache cache) {
  throw_if_interrupted();
  if (cache == Cache::cold) evict(data_dir);
  test::Surroundings surroundings;
  surroundings.data_dir = data_dir;
  test::Cluster cluster(surroundings);
  const auto before = std::chrono::steady_clock::now();
  cluster.start_master();
  const auto took = std::chrono::steady_clock::now() - before;
  cluster.master().kill();
  return took;
}

}  // namespace drover::bench
