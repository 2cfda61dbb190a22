#include "master/agents/server.h"

#include <absl/synchronization/mutex.h>
#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdlib>
#include <utility>

#include "common/limits.h"
#include "drover/agent.grpc.pb.h"
#include "master/agents/output_stream.h"
#include "master/agents/registry.h"
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

namespace {

// The library's own lines are for its developers; an operator who wants them sets GRPC_VERBOSITY.
void silence_library_log() {
  if (std::getenv("GRPC_VERBOSITY") == nullptr) {
    gpr_set_log_function([](gpr_log_func_args*) {});
  }
}

// Where Abseil was built without NDEBUG, as Debian builds it, it keeps a graph of the order in
// which gRPC takes its locks: an eighth of the processor time, and memory for each agent.
void spare_lock_graph() { absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore); }

void set_options(grpc::ServerBuilder& builder) {
  const int most_bytes = static_cast<int>(limits::kAgentMessageBytes);
  builder.SetMaxReceiveMessageSize(most_bytes);
  builder.SetMaxSendMessageSize(most_bytes);
  // Without this a second master would silently share the port.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // A peer that vanished without a word is noticed by its missing heartbeats; the ping frees the
  // connection. Agents ping as well, and may.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
}

}  // namespace

AgentServer::AgentServer() = default;

AgentServer::~AgentServer() { stop(); }

Result<std::unique_ptr<AgentServer>> AgentServer::start(
    const Endpoint& listen, Epoch epoch, const core::Settings& settings, engine::Engine& engine,
    SessionRegistry& registry, OutputHub& outputs, const SessionLimits& limits) {
  silence_library_log();
  spare_lock_graph();
  std::unique_ptr<AgentServer> server(new AgentServer());
  server->service_ =
      std::make_unique<Service>(SessionContext{engine, registry, outputs, epoch, settings, limits});
  grpc::ServerBuilder builder;
  set_options(builder);
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
