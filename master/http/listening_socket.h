// A port that is taken.
#pragma once

#include <cstdint>

#include "common/endpoint.h"
#include "common/result.h"
#include "common/unique_fd.h"

namespace drover::http {

struct ListeningSocket {
  UniqueFd fd;
  bool is_v6 = false;
  std::uint16_t port = 0;  // the one that was really taken
};

// Resolves the host, binds and listens. The error names the address and what to do. Any thread;
// resolving a name may take a while.
Result<ListeningSocket> open_listening_socket(const Endpoint& endpoint);

}  // namespace drover::http
