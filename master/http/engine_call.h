// The one bridge between the engine's thread and the connections'.
#pragma once

#include <optional>

#include "master/core/command.h"
#include "master/core/outcome.h"
#include "master/http/net.h"

namespace drover::engine {
class Engine;
}

namespace drover::http {

class Worker;

// Hands the command to the engine and waits until its changes are durable; goes on the worker's
// thread. Nothing: the engine has no room; nothing was done.
net::Awaitable<std::optional<core::Reply>> call_engine(Worker& worker, engine::Engine& engine,
                                                       core::Command command);

}  // namespace drover::http
