// Where the master is, as `--server` says it. Pure.
#pragma once

#include <string_view>

#include "common/endpoint.h"
#include "common/result.h"

namespace drover::cli {

inline constexpr std::uint16_t kDefaultPort = 8420;

// "HOST", "HOST:PORT" or "http://HOST:PORT"; an IPv6 address in brackets. The error shows a right
// example.
Result<Endpoint> parse_server(std::string_view text);

}  // namespace drover::cli
