// What programs say to each other, as a line of the trace.
#pragma once

#include <string>

#include "agent/core/io.h"
#include "drover/agent.pb.h"
#include "tests/sim/base/trace.h"

namespace drover::sim {

struct Described {
  std::string text;  // empty: nothing worth a line
  Subjects subjects;
};

Described describe(const v1::MasterMessage& message, Trace& trace);
Described describe(const agent::core::SupervisorRequest& request, Trace& trace);

}  // namespace drover::sim
