// The open sessions. Any thread.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/ids.h"
#include "common/mutex.h"
#include "master/engine/engine.h"

namespace drover::agents {

class Session;

class SessionRegistry final : public engine::AgentOutbox {
 public:
  SessionId next_id();
  void add(std::shared_ptr<Session> session);
  void remove(SessionId id);
  std::size_t size() const;
  // Tells the agent of the session, if it is there, to open a stream for output.
  void ask_for_output(SessionId id) const;
  // Whether there is such a session, welcomed, of this node with this secret.
  bool is_open(SessionId id, const NodeId& node, const std::string& secret_digest) const;

  void send(std::vector<core::MessageToAgent> messages) override;

 private:
  std::shared_ptr<Session> find(SessionId id) const;

  mutable Mutex mutex_;
  std::unordered_map<SessionId, std::shared_ptr<Session>> sessions_ DROVER_GUARDED_BY(mutex_);
  std::uint64_t last_id_ DROVER_GUARDED_BY(mutex_) = 0;
};

}  // namespace drover::agents
