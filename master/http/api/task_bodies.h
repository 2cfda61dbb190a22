// The bodies of what is asked of tasks that run.
#pragma once

#include <string>
#include <string_view>

#include "master/core/command.h"
#include "master/http/errors.h"
#include "master/http/openapi/schema.h"

namespace drover::http {

// {"group": "web", "index": 0, "task": "serve"}, each of them optional, or nothing.
MaybeProblem read_restart_body(std::string_view body, core::TaskSelection& out);
extern const schema::Component kRestartBodySchema;

// {"signal": "HUP"}, and the same.
struct SignalBody {
  std::string signal;  // "SIGHUP"
  core::TaskSelection tasks;
};
MaybeProblem read_signal_body(std::string_view body, SignalBody& out);
extern const schema::Component kSignalBodySchema;

}  // namespace drover::http
