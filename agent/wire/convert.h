// The one place that maps wire messages to the core's values and back. Any thread.
#pragma once

#include <optional>

#include "agent/core/io.h"
#include "agent/core/types.h"
#include "common/ids.h"
#include "common/resource_use.h"
#include "drover/agent.pb.h"

namespace drover::agent::wire {

// From the wire: nothing if a field that must be there is missing or malformed.
std::optional<AllocationId> allocation_id(const v1::AllocationRef& ref);
core::AllocationSpecPtr allocation_spec(const v1::StartAllocation& start);  // null if malformed
std::optional<core::End> end(const v1::End& message);
std::optional<core::AttemptReport> attempt_report(const v1::AttemptReport& message);

// Commands that are malformed, or of a kind that is not known here, are left out and counted.
struct Commands {
  core::MasterCommands input;
  int malformed = 0;
};
Commands commands(const v1::MasterMessage& message);

// To the wire.
void write(const AllocationId& id, v1::AllocationRef* ref);
void write(const core::AllocationSpec& spec, v1::StartAllocation* start);
void write(const core::End& end, v1::End* message);
void write(const AttemptId& id, const ResourceUse& used, v1::TaskUse* message);
void write(const core::AttemptReport& report, v1::AttemptReport* message);

}  // namespace drover::agent::wire
