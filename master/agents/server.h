// The gRPC side of the master: listens for agents, turns what they say into commands of the engine
// and carries the engine's messages to them.
#pragma once

#include <memory>
#include <string>

#include "common/endpoint.h"
#include "common/ids.h"
#include "common/result.h"
#include "master/agents/session_limits.h"
#include "master/core/state.h"

namespace grpc {
class Server;
}

namespace drover::engine {
class Engine;
}

namespace drover::agents {

class OutputHub;
class SessionRegistry;
class Service;

class AgentServer {
 public:
  // Nothing is owned; engine, registry and outputs must outlive the server. The error says which
  // address could not be listened on.
  static Result<std::unique_ptr<AgentServer>> start(const Endpoint& listen, Epoch epoch,
                                                    const core::Settings& settings,
                                                    engine::Engine& engine,
                                                    SessionRegistry& registry, OutputHub& outputs,
                                                    const SessionLimits& limits = {});
  ~AgentServer();  // stops

  // The port that was chosen where 0 was asked for.
  std::uint16_t port() const { return port_; }

  // Ends every stream. Idempotent.
  void stop();

 private:
  AgentServer();

  std::unique_ptr<Service> service_;
  std::unique_ptr<grpc::Server> server_;
  std::uint16_t port_ = 0;
};

}  // namespace drover::agents
