// What a handler gives back.
#pragma once

#include <functional>
#include <variant>

#include "master/core/command.h"
#include "master/core/outcome.h"
#include "master/http/message.h"

namespace drover::http {

// A command for the engine, and how its reply becomes an answer. The handler itself submits nothing
// and waits for nothing. `answer` is called once, on the connection's thread, after the command's
// changes are durable; it holds whatever it needs by value.
struct Submission {
  core::Command command;
  std::function<Response(const core::Reply&)> answer;
};

using Answer = std::variant<Response, Submission>;

}  // namespace drover::http
