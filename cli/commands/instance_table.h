// Instances in a list, as a person reads them.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "cli/text/table.h"
#include "cli/text/times.h"

namespace drover::cli {

// The states in which an instance has not ended, with commas between.
inline constexpr char kStatesAlive[] = "pending,starting,running,degraded,stopping";

// `answer` as the API lists instances.
Table instance_table(const boost::json::object& answer, Instant now);

// "12 running, 1 pending", the most frequent first; empty: there are none.
std::string state_counts(const boost::json::object& answer);

}  // namespace drover::cli
