// The core's requests as the supervisor's messages, and the supervisor's statuses as the core's.
#pragma once

#include "agent/core/io.h"
#include "agent/core/process.h"
#include "agent/state/layout.h"
#include "drover/supervisor.pb.h"

namespace drover::agent {

supervisor::Request to_message(const core::SupervisorRequest& request, const state::Layout& layout,
                               const core::Account& account);

core::SupervisorStatus to_status(const supervisor::Status& message);

}  // namespace drover::agent
