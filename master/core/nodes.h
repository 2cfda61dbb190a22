// Everything that changes a node: sessions, heartbeats, the passing of leases.
#pragma once

#include "master/core/edit.h"

namespace drover::core {

void open_session(Edit& edit, const OpenSession& command);
void close_session(Edit& edit, const CloseSession& command);
void heartbeat(Edit& edit, const Heartbeat& command);
void report_attempts(Edit& edit, const ReportAttempts& command);
void tick(Edit& edit);

// Brings the placement index into line with the node's load. The node must have a session.
void update_placement(State& state, const NodeEntry& entry);

}  // namespace drover::core
