// A master for tests: welcomes agents, remembers what they say, and says what the test wants.
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "drover/agent.grpc.pb.h"

namespace drover::agent::fake {

class FakeMaster final : public v1::AgentLink::Service {
 public:
  // How it behaves towards a new session.
  struct Manner {
    std::uint64_t epoch = 1;
    std::uint64_t session = 1;  // of the first; the others follow
    std::uint32_t heartbeat_interval_ms = 3000;
    bool silent = false;  // no welcome
    std::uint32_t lease_ms = 10'000;
    bool answers_heartbeats = false;             // with an empty message that acknowledges them
    std::optional<grpc::Status> turn_away = {};  // ends the session with this, at once
    int refused_outputs = 0;                     // calls for output that fail before one is taken
  };

  FakeMaster() : FakeMaster(Manner{}) {}
  // Listens on 127.0.0.1; port 0 is any free one.
  explicit FakeMaster(Manner manner, int port = 0);
  ~FakeMaster() override;

  int port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // Waits until what has been heard, in all sessions, makes `enough` true; then returns it.
  // Fails the test after 20 s.
  using Heard = std::vector<v1::AgentMessage>;
  Heard wait_until(const std::function<bool(const Heard&)>& enough);
  void wait_for_sessions(int count);  // welcomed in all
  void wait_for_no_session();

  // To the newest session; epoch, session and sequence are filled in unless they are set, and the
  // newest heartbeat is acknowledged.
  void send(v1::MasterMessage message);
  void start(const v1::StartAllocation& start);
  void stop(const v1::AllocationRef& allocation);
  void remove(const v1::AllocationRef& allocation);

  // The same of calls for output.
  using OutputHeard = std::vector<v1::OutputMessage>;
  OutputHeard wait_for_output(const std::function<bool(const OutputHeard&)>& enough);
  // Asks the newest session's agent for a call for output.
  void want_output();
  // In the newest call for output, which must have begun.
  void ask(const v1::OutputRequest& request);

  // Ends every session, and listens no more.
  void die();
  // From now on heartbeats are not answered.
  void fall_silent();

 private:
  using Stream = grpc::ServerReaderWriter<v1::MasterMessage, v1::AgentMessage>;
  grpc::Status Session(grpc::ServerContext* context, Stream* stream) override;
  using OutputStream = grpc::ServerReaderWriter<v1::OutputRequest, v1::OutputMessage>;
  grpc::Status Output(grpc::ServerContext* context, OutputStream* stream) override;
  void write_locked(v1::MasterMessage message);
  void wait(const std::function<bool()>& condition);

  const Manner manner_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;

  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  Heard heard_;
  int sessions_begun_ = 0;
  int sessions_ended_ = 0;
  Stream* newest_ = nullptr;
  std::uint64_t last_sequence_ = 0;  // sent to the newest session
  std::uint64_t heartbeat_ = 0;      // the newest that was heard in it
  bool fell_silent_ = false;
  int outputs_begun_ = 0;
  OutputHeard output_heard_;
  OutputStream* newest_output_ = nullptr;
};

v1::AllocationRef allocation_ref(std::uint8_t number);
// A group of shell lines.
v1::StartAllocation group_of(std::uint8_t number, const std::vector<std::string>& lines);

// The newest report of the attempt, if there is one.
std::optional<v1::AttemptReport> report_of(const FakeMaster::Heard& heard, std::uint8_t number,
                                           std::uint32_t task = 0);
// Its end, if it has come.
std::optional<v1::End> end_of(const FakeMaster::Heard& heard, std::uint8_t number,
                              std::uint32_t task = 0);

}  // namespace drover::agent::fake
