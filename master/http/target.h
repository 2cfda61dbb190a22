// The target of a request line, taken apart.
#pragma once

#include <string_view>

#include "master/http/errors.h"

namespace drover::http {

struct Target {
  std::string_view path;       // "*" for the server as a whole
  std::string_view query;      // after the '?'
  std::string_view authority;  // of an absolute target; else empty
};

// "/path?query", "http://host:port/path?query" or "*". A path is compared as it stands, nothing is
// decoded or made shorter; escapes that are none, and %00, are refused. `out` refers to `text`.
MaybeProblem parse_target(std::string_view text, Target& out);

}  // namespace drover::http
