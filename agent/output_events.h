// Leads what the master asks about output to the thread that reads it, and back what that has read.
#pragma once

#include "agent/link/output_call.h"
#include "agent/output/worker.h"

namespace drover::agent {

// `worker` must outlive the link that gets these.
link::OutputEvents output_events(output::Worker& worker);

}  // namespace drover::agent
