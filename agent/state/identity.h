// Who this node is, and whom it has obeyed. Both survive a power failure.
#pragma once

#include <string>

#include "agent/state/layout.h"
#include "common/ids.h"
#include "common/result.h"

namespace drover::agent::state {

struct Identity {
  NodeId node;
  std::string secret;  // 32 random bytes that prove to the master that the id is this node's own
};

// Reads the identity, or makes one at the first start. A damaged file is an error, never a new
// identity: the node would be a stranger to the master while its tasks run.
Result<Identity> load_or_make_identity(const Layout& layout);

// The highest epoch ever obeyed; 0 if none was. A damaged file is an error.
Result<Epoch> load_epoch(const Layout& layout);
Status save_epoch(const Layout& layout, Epoch epoch);

}  // namespace drover::agent::state
