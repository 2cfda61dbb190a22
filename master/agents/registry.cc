#include "master/agents/registry.h"

#include <utility>

#include "master/agents/session.h"

namespace drover::agents {

SessionId SessionRegistry::next_id() {
  const MutexLock lock(mutex_);
  return SessionId{++last_id_};
}

void SessionRegistry::add(std::shared_ptr<Session> session) {
  const MutexLock lock(mutex_);
  const SessionId id = session->id();
  sessions_.emplace(id, std::move(session));
}

void SessionRegistry::remove(SessionId id) {
  const MutexLock lock(mutex_);
  sessions_.erase(id);
}

std::size_t SessionRegistry::size() const {
  const MutexLock lock(mutex_);
  return sessions_.size();
}

void SessionRegistry::ask_for_output(SessionId id) const {
  if (const std::shared_ptr<Session> session = find(id)) session->ask_for_output();
}

bool SessionRegistry::is_open(SessionId id, const NodeId& node,
                              const std::string& secret_digest) const {
  const std::shared_ptr<Session> session = find(id);
  return session && session->is_open_for(node, secret_digest);
}

std::shared_ptr<Session> SessionRegistry::find(SessionId id) const {
  const MutexLock lock(mutex_);
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : found->second;
}

void SessionRegistry::send(std::vector<core::MessageToAgent> messages) {
  // All messages of one session go to it together, so that they leave in one write.
  std::unordered_map<SessionId, std::vector<core::MessageToAgent>> by_session;
  for (core::MessageToAgent& message : messages) {
    by_session[message.session].push_back(std::move(message));
  }
  for (auto& [id, batch] : by_session) {
    if (const std::shared_ptr<Session> session = find(id)) session->send(std::move(batch));
  }
}

}  // namespace drover::agents
