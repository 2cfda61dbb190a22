// GET of an instance that is answered when something has come true of it: "wait" and "timeout" of
// the query.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "common/ids.h"
#include "master/http/answer.h"
#include "master/http/errors.h"
#include "master/http/query_values.h"
#include "master/http/services.h"

namespace drover::http {

struct WaitFor {
  enum class What {
    terminal,  // it has ended
    running,   // it is not pending and not starting, whatever else it is
    index,     // something of it has changed after `after`
  };
  What what = What::terminal;
  Index after;
  std::chrono::milliseconds timeout{0};
};

// Leaves `wait` as it is where the query has none.
MaybeProblem read_wait(const QueryValues& query, std::optional<WaitFor>& wait);

// At the end of the time, the instance is shown as it is.
std::unique_ptr<Awaited> await_instance(const Services& services, const InstanceId& id,
                                        const WaitFor& wait);

}  // namespace drover::http
