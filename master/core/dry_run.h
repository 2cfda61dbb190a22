// A deploy that is only tried.
#pragma once

#include "master/core/edit.h"

namespace drover::core {

// Chooses nodes as a deploy in this moment would, and leaves everything as it is.
Reply dry_run(Edit& edit, const DryRun& command);

}  // namespace drover::core
