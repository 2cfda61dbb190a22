// What agents say: sessions, heartbeats, reports.
#pragma once

#include "master/core/edit.h"

namespace drover::core {

void open_session(Edit& edit, const OpenSession& command);
void close_session(Edit& edit, const CloseSession& command);
void heartbeat(Edit& edit, const Heartbeat& command);
// Of one that is offline, and on which nothing is.
Reply remove_node(Edit& edit, const RemoveNode& command);
void report_attempts(Edit& edit, const ReportAttempts& command);

}  // namespace drover::core
