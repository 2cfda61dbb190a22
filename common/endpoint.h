// "ADDRESS:PORT" of a flag.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/result.h"

namespace drover {

struct Endpoint {
  std::string host;        // an IP address or a host name, without brackets
  std::uint16_t port = 0;  // 0: any free one

  // "host:port", an IPv6 address in brackets.
  std::string text() const;
  // 127.0.0.0/8, ::1 or "localhost".
  bool is_loopback() const;
};

// "127.0.0.1:8420", "[::1]:8420", "localhost:8420". The error names what is wrong.
Result<Endpoint> parse_endpoint(std::string_view text);

}  // namespace drover
