#include "master/agents/server.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <utility>

#include "drover/agent.grpc.pb.h"
#include "master/agents/output_stream.h"
#include "master/agents/registry.h"
#include "master/agents/server_settings.h"
#include "master/agents/session.h"

namespace drover::agents {

class Service final : public v1::AgentLink::CallbackService {
 public:
  explicit Service(SessionContext context) : context_(context) {}

  grpc::ServerBidiReactor<v1::AgentMessage, v1::MasterMessage>* Session(
      grpc::CallbackServerContext* call) override {
    return agents::Session::open(context_, context_.registry.next_id(), call->peer()).get();
  }

  grpc::ServerBidiReactor<v1::OutputMessage, v1::OutputRequest>* Output(
      grpc::CallbackServerContext* call) override {
    return OutputStream::open(context_.outputs, call->peer(), context_.limits).get();
  }

 private:
  const SessionContext context_;
};

AgentServer::AgentServer() = default;

AgentServer::~AgentServer() { stop(); }

Result<std::unique_ptr<AgentServer>> AgentServer::start(
    const Endpoint& listen, Epoch epoch, const core::Settings& settings, engine::Engine& engine,
    SessionRegistry& registry, OutputHub& outputs, const SessionLimits& limits) {
  set_up_library();
  std::unique_ptr<AgentServer> server(new AgentServer());
  server->service_ =
      std::make_unique<Service>(SessionContext{engine, registry, outputs, epoch, settings, limits});
  grpc::ServerBuilder builder;
  set_up(builder);
  int port = 0;
  builder.AddListeningPort(listen.text(), grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(server->service_.get());
  server->server_ = builder.BuildAndStart();
  if (!server->server_ || port == 0) {
    return Error{ErrorKind::io, "cannot listen for agents on " + listen.text() +
                                    ": the address is in use or not this machine's; choose "
                                    "another one with --agent-listen"};
  }
  server->port_ = static_cast<std::uint16_t>(port);
  return server;
}

void AgentServer::stop() {
  if (!server_) return;
  // Streams last for ever: they are not waited for.
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
  server_.reset();
}

}  // namespace drover::agents
