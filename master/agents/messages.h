// Between the messages of proto/drover/agent.proto and the core's commands and messages. The only
// place that maps one to the other. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "common/ids.h"
#include "common/result.h"
#include "drover/agent.pb.h"
#include "master/core/command.h"
#include "master/core/outcome.h"

namespace drover::agents {

// The master needs to recognise a node's secret, not to know it: SHA-256, as hexadecimal digits.
std::string digest_of(const std::string& secret);
void set_allocation(const AllocationId& id, v1::AllocationRef& ref);

// Each error says what an agent sent that it should not have.
Result<core::OpenSession> decode_hello(const v1::Hello& hello, SessionId session);
Result<std::vector<AllocationId>> decode_allocations(
    const google::protobuf::RepeatedPtrField<v1::AllocationRef>& messages);

Result<std::vector<core::AttemptReport>> decode_reports(
    const google::protobuf::RepeatedPtrField<v1::AttemptReport>& messages);
Result<core::Heartbeat> decode_heartbeat(const v1::Heartbeat& heartbeat, SessionId session,
                                         const NodeId& node);

void encode(const core::StartAllocation& message, v1::Command& command);
void encode(const core::StopAllocation& message, v1::Command& command);
void encode(const core::RemoveAllocation& message, v1::Command& command);
void encode(const core::RestartTask& message, v1::Command& command);
void encode(const core::SignalTask& message, v1::Command& command);

}  // namespace drover::agents
