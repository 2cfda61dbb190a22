// One agent's stream, from its hello to its end.
//
//   opened --hello--> admitted --goodbye, broken, replaced, silent--> closed
//
// Reading: the next message is asked for only when the engine has dealt with the one before, so a
// busy master holds its agents back instead of piling up what they say. Writing: one message is in
// flight; what the engine sends meanwhile goes into the next one together.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/ids.h"
#include "common/mutex.h"
#include "common/result.h"
#include "drover/agent.grpc.pb.h"
#include "master/agents/conversation.h"
#include "master/agents/session_limits.h"
#include "master/core/outcome.h"
#include "master/engine/engine.h"

namespace drover::agents {

class OutputHub;
class SessionRegistry;

// What every session of one server shares.
struct SessionContext {
  engine::Engine& engine;
  SessionRegistry& registry;
  OutputHub& outputs;
  const Epoch epoch;
  const core::Settings settings;
  const SessionLimits limits;
};

class Session final : public grpc::ServerBidiReactor<v1::AgentMessage, v1::MasterMessage>,
                      public std::enable_shared_from_this<Session> {
 public:
  // `peer` is for the log. A session that says no hello in time is closed; one that is too many, at
  // once.
  static std::shared_ptr<Session> open(const SessionContext& context, SessionId id,
                                       std::string peer);

  SessionId id() const { return id_; }

  // Queues the messages and sends them as soon as the stream is free. Any thread.
  void send(std::vector<core::MessageToAgent> messages);

  // Tells the agent to open a stream for output. Any thread.
  void ask_for_output();

  // Whether it was welcomed, with this node and secret in its hello, and has not ended. Any thread.
  bool is_open_for(const NodeId& node, const std::string& secret_digest);

  // gRPC's threads.
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override {}
  void OnDone() override;

 private:
  Session(const SessionContext& context, SessionId id, std::string peer)
      : context_(context),
        id_(id),
        peer_(std::move(peer)),
        said_(id, context.epoch),
        to_say_(id, context.epoch, context.settings) {}

  void await_hello();
  void read_next();
  Status handle(const v1::AgentMessage& message);
  void take_hello(const core::OpenSession& hello);
  bool put_off(std::vector<core::Command>& commands);
  void close_as_stopping();
  void write_locked() DROVER_REQUIRES(mutex_);
  void close(grpc::StatusCode code, const std::string& reason);
  void finish_locked() DROVER_REQUIRES(mutex_);

  // Constant after construction.
  const SessionContext context_;
  const SessionId id_;
  const std::string peer_;

  // One reader at a time.
  v1::AgentMessage incoming_;
  Incoming said_;

  std::atomic<bool> beat_waits_{false};  // a heartbeat that was put off is not dealt with yet

  Mutex mutex_;
  Outgoing to_say_ DROVER_GUARDED_BY(mutex_);
  v1::MasterMessage outgoing_ DROVER_GUARDED_BY(mutex_);
  bool writing_ DROVER_GUARDED_BY(mutex_) = false;
  bool finished_ DROVER_GUARDED_BY(mutex_) = false;
  // From the hello.
  std::optional<NodeId> node_ DROVER_GUARDED_BY(mutex_);
  std::string secret_digest_ DROVER_GUARDED_BY(mutex_);
  bool welcomed_ DROVER_GUARDED_BY(mutex_) = false;
  bool welcome_is_noted_ DROVER_GUARDED_BY(mutex_) = false;
  std::optional<grpc::Status> closing_ DROVER_GUARDED_BY(mutex_);

  grpc::Alarm hello_alarm_;

  // Keeps the session alive until gRPC has done with it.
  std::shared_ptr<Session> self_;
};

}  // namespace drover::agents
