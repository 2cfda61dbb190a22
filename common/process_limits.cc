#include "common/process_limits.h"

#include <sys/resource.h>

#include <algorithm>
#include <array>

namespace drover {
namespace {

constexpr auto kLimits = std::to_array<ProcessLimitKind>({
    {"as", RLIMIT_AS, LimitUnit::bytes, "limit as"},
    {"core", RLIMIT_CORE, LimitUnit::bytes, "limit core"},
    {"cpu", RLIMIT_CPU, LimitUnit::seconds, "limit cpu"},
    {"data", RLIMIT_DATA, LimitUnit::bytes, "limit data"},
    {"fsize", RLIMIT_FSIZE, LimitUnit::bytes, "limit fsize"},
    {"locks", RLIMIT_LOCKS, LimitUnit::count, "limit locks"},
    {"memlock", RLIMIT_MEMLOCK, LimitUnit::bytes, "limit memlock"},
    {"msgqueue", RLIMIT_MSGQUEUE, LimitUnit::bytes, "limit msgqueue"},
    {"nice", RLIMIT_NICE, LimitUnit::count, "limit nice"},
    {"nofile", RLIMIT_NOFILE, LimitUnit::count, "limit nofile"},
    {"nproc", RLIMIT_NPROC, LimitUnit::count, "limit nproc"},
    {"rss", RLIMIT_RSS, LimitUnit::bytes, "limit rss"},
    {"rtprio", RLIMIT_RTPRIO, LimitUnit::count, "limit rtprio"},
    {"rttime", RLIMIT_RTTIME, LimitUnit::microseconds, "limit rttime"},
    {"sigpending", RLIMIT_SIGPENDING, LimitUnit::count, "limit sigpending"},
    {"stack", RLIMIT_STACK, LimitUnit::bytes, "limit stack"},
});

}  // namespace

std::span<const ProcessLimitKind> process_limits() { return kLimits; }

const ProcessLimitKind* find_process_limit(std::string_view name) {
  const auto* found =
      std::find_if(kLimits.begin(), kLimits.end(),
                   [name](const ProcessLimitKind& kind) { return kind.name == name; });
  return found == kLimits.end() ? nullptr : found;
}

}  // namespace drover
