// Requests for output and answers to them, as wire messages and back. Any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "agent/output/types.h"
#include "drover/agent.pb.h"

namespace drover::agent::wire {

// The requests of a message, in order; nothing of one that is malformed or not known here.
std::vector<output::Request> output_requests(const v1::OutputRequest& message);

// `unix_ms`: now.
v1::OutputMessage output_message(output::Answer answer, std::int64_t unix_ms);

}  // namespace drover::agent::wire
