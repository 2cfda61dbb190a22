#include "tests/bench/agents/open_files.h"

#include <sys/resource.h>

#include <algorithm>
#include <string>

namespace drover::bench {
namespace {

constexpr rlim_t kOthers = 1024;  // files of the programs themselves

}  // namespace

Status allow_connections(std::size_t connections) {
  const rlim_t needed = connections + kOthers;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlimit wanted{std::max(limit.rlim_cur, needed), std::max(limit.rlim_max, needed)};
  if (::setrlimit(RLIMIT_NOFILE, &wanted) == 0) return Done{};
  return Error{ErrorKind::io, std::to_string(connections) + " connections need " +
                                  std::to_string(needed) + " open files, and the limit is " +
                                  std::to_string(limit.rlim_max) +
                                  "; raise it (ulimit -Hn), or take fewer"};
}

}  // namespace drover::bench
