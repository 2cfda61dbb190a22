// Unix stream sockets: non-blocking, closed on exec.
#pragma once

#include <string>

#include "common/result.h"
#include "common/unique_fd.h"

namespace drover::supervisor {

// Listens on `path` with mode 0600. A socket that is there already is replaced, so the caller
// must hold the lock that makes it the only listener.
Result<UniqueFd> listen_on(const std::string& path);

// An error means that nobody listens there, or that it is not ours to use.
Result<UniqueFd> connect_to(const std::string& path);

// The other end belongs to our user or to root.
bool is_trusted_peer(int socket);

}  // namespace drover::supervisor
