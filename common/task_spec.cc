#include "common/task_spec.h"

#include <algorithm>

#include "common/check.h"
#include "common/limits.h"

namespace drover {

const char* to_string(RestartPolicy policy) {
  switch (policy) {
    case RestartPolicy::never:
      return "never";
    case RestartPolicy::on_failure:
      return "on_failure";
    case RestartPolicy::always:
      return "always";
  }
  check_failed(__FILE__, __LINE__, "RestartPolicy", "not one of its values");
}

std::chrono::milliseconds TaskSpec::grace() const {
  const std::chrono::milliseconds longest = limits::kLongestStopGrace;
  return std::clamp<std::chrono::milliseconds>(stop_grace.value_or(limits::kStopGrace),
                                               std::chrono::milliseconds(0), longest);
}

}  // namespace drover
