// One agent's stream for the output of its tasks, from its hello to its end.
//
// Reading: what comes is taken at once, so that nothing of it is ever in the way of a session's
// messages on the same connection; how much may come is the readings' credit. Writing: one message
// is in flight.
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "common/ids.h"
#include "common/mutex.h"
#include "common/result.h"
#include "drover/agent.grpc.pb.h"
#include "master/agents/session_limits.h"

namespace drover::agents {

class OutputHub;

class OutputStream final : public grpc::ServerBidiReactor<v1::OutputMessage, v1::OutputRequest>,
                           public std::enable_shared_from_this<OutputStream> {
 public:
  // `peer` is for the log. A stream that says no hello in time is closed; one that is too many, at
  // once.
  static std::shared_ptr<OutputStream> open(OutputHub& hub, std::string peer,
                                            const SessionLimits& limits);

  // Any thread. Queues the message; an agent that does not take what is queued is cut off.
  void ask(v1::OutputRequest request);
  void close(grpc::StatusCode code, const std::string& reason);

  // gRPC's threads.
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override {}
  void OnDone() override;

 private:
  OutputStream(OutputHub& hub, std::string peer) : hub_(hub), peer_(std::move(peer)) {}

  void await_hello(std::chrono::milliseconds time);
  void read_next();
  Status handle();
  void write_locked() DROVER_REQUIRES(mutex_);
  void finish_locked() DROVER_REQUIRES(mutex_);

  // Constant after construction.
  OutputHub& hub_;
  const std::string peer_;

  // One reader at a time.
  v1::OutputMessage incoming_;
  std::optional<NodeId> node_;  // once it was admitted

  Mutex mutex_;
  std::deque<v1::OutputRequest> outbox_ DROVER_GUARDED_BY(mutex_);
  v1::OutputRequest outgoing_ DROVER_GUARDED_BY(mutex_);
  bool writing_ DROVER_GUARDED_BY(mutex_) = false;
  bool finished_ DROVER_GUARDED_BY(mutex_) = false;
  std::optional<grpc::Status> closing_ DROVER_GUARDED_BY(mutex_);

  grpc::Alarm hello_alarm_;

  // Keeps the stream alive until gRPC has done with it.
  std::shared_ptr<OutputStream> self_;
};

}  // namespace drover::agents
