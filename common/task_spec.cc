#include "common/task_spec.h"

#include <algorithm>
#include <csignal>

#include "common/backoff.h"
#include "common/check.h"
#include "common/limits.h"
#include "common/signals.h"

namespace drover {

using std::chrono::milliseconds;

const char* to_string(EndReason reason) {
  switch (reason) {
    case EndReason::itself:
      return "itself";
    case EndReason::stop:
      return "stop";
    case EndReason::fence:
      return "fence";
    case EndReason::timeout:
      return "timeout";
    case EndReason::unhealthy:
      return "unhealthy";
    case EndReason::out_of_memory:
      return "out_of_memory";
    case EndReason::group:
      return "group";
    case EndReason::restart:
      return "restart";
  }
  check_failed(__FILE__, __LINE__, "EndReason", "not one of its values");
}

std::uint64_t LogSpec::bytes() const { return size_bytes.value_or(limits::kOutputFileBytes); }

std::uint32_t LogSpec::file_count() const { return files.value_or(limits::kOutputFiles); }

std::uint32_t RestartSpec::most() const {
  return std::min(attempts.value_or(limits::kRestarts), limits::kMostRestarts);
}

milliseconds RestartSpec::window() const {
  const milliseconds longest = limits::kLongestRestartsWithin;
  return std::clamp<milliseconds>(within.value_or(limits::kRestartsWithin), milliseconds(0),
                                  longest);
}

milliseconds RestartSpec::pause(std::uint32_t restarts_in_a_row) const {
  const milliseconds shortest = limits::kShortestRestartDelay;
  const milliseconds most = limits::kLongestRestartDelay;
  const milliseconds first =
      std::clamp<milliseconds>(delay.value_or(limits::kBackoffFirst), shortest, most);
  const milliseconds longest =
      std::clamp<milliseconds>(max_delay.value_or(limits::kBackoffLongest), first, most);
  return doubled(first, longest, restarts_in_a_row);
}

int TaskSpec::stop_signal_number() const {
  // A name of another version: what is to end is ended.
  return drover::stop_signal_number(stop_signal.value_or("SIGTERM")).value_or(SIGTERM);
}

bool TaskSpec::is_success(std::int32_t exit_code) const {
  if (!success_exit_codes) return exit_code == 0;
  return std::find(success_exit_codes->begin(), success_exit_codes->end(), exit_code) !=
         success_exit_codes->end();
}

std::chrono::milliseconds TaskSpec::grace() const {
  const std::chrono::milliseconds longest = limits::kLongestStopGrace;
  return std::clamp<std::chrono::milliseconds>(stop_grace.value_or(limits::kStopGrace),
                                               std::chrono::milliseconds(0), longest);
}

}  // namespace drover
