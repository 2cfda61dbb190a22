// What is asked of the tasks of an instance that run: to be begun again, to take a signal.
#pragma once

#include "master/core/edit.h"

namespace drover::core {

Reply restart_tasks(Edit& edit, const RestartTasks& command);
Reply signal_tasks(Edit& edit, const SignalTasks& command);

// A node that has opened a session hears what is wished of what runs there.
void tell_restarts(Edit& edit, const NodeEntry& node);

}  // namespace drover::core
