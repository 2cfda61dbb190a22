// Brings output of tasks from the nodes: knows the nodes' streams for it, and who reads what.
//
// A reading whose node has no stream asks for one, over the node's session, and waits for it; when
// its stream breaks, it ends. An idle stream would cost as much memory as half a session: so there
// is none while nobody reads.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "common/ids.h"
#include "common/mutex.h"
#include "common/result.h"
#include "drover/agent.pb.h"
#include "master/output/reader.h"

namespace drover::agents {

class OutputStream;
class SessionRegistry;

// Any thread. Calls listeners without a lock.
class OutputHub final : public output::Reader {
 public:
  // `sessions` says who may have a stream, and must outlive the hub.
  OutputHub(const SessionRegistry& sessions, Epoch epoch) : sessions_(sessions), epoch_(epoch) {}

  std::unique_ptr<output::Reading> read(const output::Request& request,
                                        std::shared_ptr<output::Listener> listener) override;

  // --- For the streams ---

  // A stream has come; how many there are with it. leave() is to follow.
  std::size_t enter();
  // Takes the stream as that of its node from now on, in place of an earlier one. The error says
  // why not; `unavailable`: nobody reads there any more.
  Result<NodeId> admit(const v1::OutputHello& hello, const std::shared_ptr<OutputStream>& stream);
  // Hands on what has come. The error says what the agent should not have sent.
  Status take(v1::OutputMessage& message, const OutputStream& stream);
  // The stream has ended, and with it all that was read over it. `node`: if it was admitted.
  void leave(const OutputStream& stream, const std::optional<NodeId>& node);
  // --- For the sessions ---

  // The node has been welcomed in this session.
  void begin_session(const NodeId& node, SessionId session);
  // The session of the node has ended: so does its stream.
  void end_session(const NodeId& node, SessionId session);

 private:
  class Handle;
  struct Entry {
    output::Request request;
    std::shared_ptr<output::Listener> listener;
    std::uint64_t credit = 0;              // bytes that may come yet
    const OutputStream* stream = nullptr;  // over which it is read; null: it waits for one
  };
  struct Line {
    SessionId session;                     // 0: none
    bool is_asked = false;                 // for a stream
    std::shared_ptr<OutputStream> stream;  // null while there is none
    std::vector<std::uint64_t> readings;   // of the node
  };

  void grant(std::uint64_t id, std::uint64_t bytes);
  void finish(std::uint64_t id);
  void drop(std::uint64_t id);
  void begin(std::uint64_t id, Entry& entry, OutputStream& stream) DROVER_REQUIRES(mutex_);
  // The session that is to be asked for a stream now; 0: none.
  static SessionId to_ask(Line& line);
  void ask(SessionId session) const;
  // The stream over which the reading is read, if it is.
  OutputStream* stream_of(const Entry& entry) DROVER_REQUIRES(mutex_);
  void drop_if_unused(const NodeId& node) DROVER_REQUIRES(mutex_);
  std::shared_ptr<output::Listener> erase(std::uint64_t id) DROVER_REQUIRES(mutex_);
  Result<std::shared_ptr<output::Listener>> listener_of(const v1::OutputChunk& chunk,
                                                        const OutputStream& stream);

  // Constant after construction.
  const SessionRegistry& sessions_;
  const Epoch epoch_;

  Mutex mutex_;
  std::size_t streams_ DROVER_GUARDED_BY(mutex_) = 0;
  std::unordered_map<NodeId, Line> lines_ DROVER_GUARDED_BY(mutex_);
  std::unordered_map<std::uint64_t, Entry> readings_ DROVER_GUARDED_BY(mutex_);
  std::uint64_t last_reading_ DROVER_GUARDED_BY(mutex_) = 0;
};

}  // namespace drover::agents
