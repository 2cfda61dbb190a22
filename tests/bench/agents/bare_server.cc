// drover-bench-bare-streams: what a gRPC server costs that does nothing. The service, the API of
// the library, the settings and the answers are those of the master's agents' side; what the agents
// say is read and dropped.
#include <grpcpp/grpcpp.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <string>

#include "common/duration.h"
#include "common/log.h"
#include "common/service.h"
#include "drover/agent.grpc.pb.h"
#include "master/agents/server_settings.h"

namespace drover::bench {
namespace {

constexpr char kProgram[] = "drover-bench-bare-streams";

using Reactor = grpc::ServerBidiReactor<v1::AgentMessage, v1::MasterMessage>;

// What all streams share. Any thread.
struct Desk {
  const std::uint32_t heartbeat_interval_ms;
  const std::uint32_t lease_ms;
  std::atomic<std::uint64_t> streams{0};
  std::atomic<std::uint64_t> messages{0};
};

// Answers the first message with a welcome, as the master does, and the others not, as it does
// where a node has nothing exclusive. Deletes itself.
class Stream final : public Reactor {
 public:
  explicit Stream(Desk& desk) : desk_(desk), number_(++desk.streams) { StartRead(&incoming_); }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    ++desk_.messages;
    if (incoming_.has_hello()) welcome();
    incoming_.Clear();
    StartRead(&incoming_);
  }
  void OnDone() override { delete this; }

 private:
  void welcome() {
    outgoing_.set_epoch(1);
    outgoing_.set_session(number_);
    outgoing_.set_sequence(1);
    outgoing_.set_heartbeat(incoming_.heartbeat().sequence());
    outgoing_.mutable_welcome()->set_heartbeat_interval_ms(desk_.heartbeat_interval_ms);
    outgoing_.mutable_welcome()->set_lease_ms(desk_.lease_ms);
    StartWrite(&outgoing_);
  }

  Desk& desk_;
  const std::uint64_t number_;
  v1::AgentMessage incoming_;
  v1::MasterMessage outgoing_;
};

class Service final : public v1::AgentLink::CallbackService {
 public:
  explicit Service(Desk& desk) : desk_(desk) {}
  Reactor* Session(grpc::CallbackServerContext*) override { return new Stream(desk_); }

 private:
  Desk& desk_;
};

int serve(const std::string& host, Desk& desk) {
  Service service(desk);
  grpc::ServerBuilder builder;
  agents::set_up(builder);
  int port = 0;
  builder.AddListeningPort(host + ":0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server || port == 0) return fail(kProgram, "cannot listen on " + host);
  log::info("ready", {{"agents", host + ":" + std::to_string(port)}});
  wait_for_stop_signal([] {});
  log::info("stopping", {{"streams", desk.streams.load()}, {"messages", desk.messages.load()}});
  server->Shutdown(std::chrono::system_clock::now());
  server->Wait();
  return 0;
}

int run(int argc, const char* const* argv) {
  CLI::App app("A gRPC server that reads what agents say and does nothing.", kProgram);
  std::string heartbeat_interval = "5s";
  std::string lease = "15s";
  app.add_option("--heartbeat-interval", heartbeat_interval, "That agents are told")
      ->capture_default_str();
  app.add_option("--lease", lease, "That agents are told")->capture_default_str();
  const ParsedFlags parsed = parse_flags(app, argc, argv);
  if (!parsed.go_on) return parsed.exit_status;
  const auto interval = parse_duration(heartbeat_interval);
  const auto lasts = parse_duration(lease);
  if (!interval || !lasts) return fail(kProgram, "durations are written as 5s or 250ms");
  block_stop_signals();
  agents::set_up_library();
  Desk desk{static_cast<std::uint32_t>(interval->count()),
            static_cast<std::uint32_t>(lasts->count())};
  return serve("127.0.0.1", desk);
}

}  // namespace
}  // namespace drover::bench

int main(int argc, char** argv) { return drover::bench::run(argc, argv); }
