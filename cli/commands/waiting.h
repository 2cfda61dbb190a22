// Waiting until something of an instance or a node has come about.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "cli/client/answers.h"
#include "cli/commands/interrupts.h"
#include "cli/commands/progress.h"
#include "cli/commands/session.h"
#include "common/result.h"

namespace drover::cli {

struct Waited {
  enum class End {
    reached,
    timed_out,
    interrupted,  // by a signal, which has been taken
  };
  End end = End::reached;
  Document last;  // what was seen last
};

struct Wait {
  std::function<Result<Document>()> look;                           // asks the master
  std::function<bool(const boost::json::object&)> reached;          // whether it has come about
  std::function<std::string(const boost::json::object&)> progress;  // the line to be shown
  std::chrono::milliseconds timeout{0};                             // 0: however long it takes
};

// Looks again and again. A master that is away is asked again, until it has not answered for
// `kMasterAway`; any other error ends the wait.
inline constexpr std::chrono::seconds kMasterAway{30};
Result<Waited> wait_until(Session& session, Interrupts& interrupts, const Wait& wait);

// "hello 0190...cdef is running: 2 of 3 tasks run". For the progress line.
std::string instance_progress(const boost::json::object& instance);

}  // namespace drover::cli
