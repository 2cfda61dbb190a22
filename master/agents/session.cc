#include "master/agents/session.h"

#include <utility>
#include <variant>

#include "common/limits.h"
#include "common/log.h"
#include "master/agents/output_hub.h"
#include "master/agents/registry.h"

namespace drover::agents {

std::shared_ptr<Session> Session::open(const SessionContext& context, SessionId id,
                                       std::string peer) {
  std::shared_ptr<Session> session(new Session(context, id, std::move(peer)));
  session->self_ = session;
  const bool has_room = context.registry.size() < context.limits.sessions;
  context.registry.add(session);
  if (has_room) {
    session->await_hello();
    session->read_next();
  } else {
    session->close(grpc::StatusCode::RESOURCE_EXHAUSTED,
                   "the master has " + std::to_string(context.limits.sessions) +
                       " agents already and takes no more");
  }
  return session;
}

void Session::await_hello() {
  const auto until = std::chrono::system_clock::now() + context_.limits.hello_time;
  hello_alarm_.Set(until, [weak = weak_from_this()](bool expired) {
    const std::shared_ptr<Session> session = expired ? weak.lock() : nullptr;
    if (session == nullptr) return;
    log::warning("session closed: no hello in time",
                 {{"peer", session->peer_}, {"session", session->id_.value}});
    session->close(grpc::StatusCode::DEADLINE_EXCEEDED, "no hello has come in time");
  });
}

// Called when the engine has dealt with a message, which may be after the stream has come to its
// end: gRPC's side of it may then be gone already.
void Session::read_next() {
  const MutexLock lock(mutex_);
  if (finished_) return;
  incoming_.Clear();
  StartRead(&incoming_);
}

void Session::OnReadDone(bool ok) {
  if (!ok) {
    close(grpc::StatusCode::OK, "");
    return;
  }
  if (const Status handled = handle(incoming_); !handled) {
    log::warning("agent refused", {{"peer", peer_}, {"reason", handled.error().message}});
    close(grpc::StatusCode::INVALID_ARGUMENT, handled.error().message);
  }
}

Status Session::handle(const v1::AgentMessage& message) {
  const bool greets = !said_.node();
  auto commands = said_.take(message);
  if (!commands) return commands.error();
  if (greets) {
    hello_alarm_.Cancel();
    take_hello(std::get<core::OpenSession>(commands->front()));
  }
  if (!greets && put_off(*commands)) {
    read_next();
    return Done{};
  }
  // The next message is read when this one has been dealt with.
  const bool taken = context_.engine.submit_from_agent(
      std::move(*commands), [self = shared_from_this()](const core::Reply&) { self->read_next(); });
  if (!taken) close_as_stopping();
  return Done{};
}

// A heartbeat and nothing else need not be dealt with at once: leases end at ticks, and these come
// more often than matters to any lease. One at a time: who sends many is read no faster for it.
bool Session::put_off(std::vector<core::Command>& commands) {
  const bool is_beat =
      commands.size() == 1 && std::holds_alternative<core::Heartbeat>(commands.front());
  if (!is_beat || beat_waits_.exchange(true)) return false;
  const bool taken = context_.engine.submit_unhurried(
      std::move(commands.front()),
      [self = shared_from_this()](const core::Reply&) { self->beat_waits_ = false; });
  if (!taken) close_as_stopping();
  return true;
}

void Session::take_hello(const core::OpenSession& hello) {
  {
    const MutexLock lock(mutex_);
    node_ = hello.node;
    secret_digest_ = hello.secret_digest;
  }
  log::info("agent connected", {{"node", hello.node.text()},
                                {"ip", hello.ip},
                                {"peer", peer_},
                                {"session", id_.value},
                                {"allocations", hello.allocations.size()}});
}

void Session::close_as_stopping() {
  close(grpc::StatusCode::UNAVAILABLE, "the master is stopping");
}

void Session::send(std::vector<core::MessageToAgent> messages) {
  const MutexLock lock(mutex_);
  // The registry knows the session until gRPC has let go of it; nothing may be written by then.
  if (finished_) return;
  to_say_.add(std::move(messages));
  if (to_say_.waiting() > limits::kMessagesPerSession && !closing_) {
    // It is alive and does not listen. Its next session is told all of it anew.
    to_say_.drop_waiting();
    closing_.emplace(grpc::StatusCode::RESOURCE_EXHAUSTED, "the agent reads too slowly");
    log::warning("session closed: the agent reads too slowly",
                 {{"peer", peer_}, {"session", id_.value}});
  }
  if (!writing_) write_locked();
}

bool Session::is_open_for(const NodeId& node, const std::string& secret_digest) {
  const MutexLock lock(mutex_);
  return welcomed_ && !closing_ && node_ == node && secret_digest_ == secret_digest;
}

void Session::ask_for_output() {
  const MutexLock lock(mutex_);
  if (finished_ || closing_ || !welcomed_) return;
  to_say_.want_output();
  if (!writing_) write_locked();
}

void Session::OnWriteDone(bool ok) {
  std::optional<NodeId> welcomed;
  {
    const MutexLock lock(mutex_);
    writing_ = false;
    if (welcomed_ && !std::exchange(welcome_is_noted_, true)) welcomed = node_;
    if (closing_ || !ok) {
      finish_locked();
    } else {
      write_locked();
    }
  }
  // gRPC calls nothing of this object once it is done, and is not before this has returned.
  if (welcomed) context_.outputs.begin_session(*welcomed, id_);
}

void Session::write_locked() {
  const bool says_something = !closing_ && to_say_.next(outgoing_);
  if (!closing_ && to_say_.close_reason()) {
    closing_.emplace(grpc::StatusCode::FAILED_PRECONDITION, *to_say_.close_reason());
    log::warning("session closed",
                 {{"peer", peer_}, {"session", id_.value}, {"reason", *to_say_.close_reason()}});
  }
  if (says_something) {
    welcomed_ = welcomed_ || outgoing_.has_welcome();
    writing_ = true;
    StartWrite(&outgoing_);
  } else if (closing_) {
    finish_locked();
  }
}

void Session::close(grpc::StatusCode code, const std::string& reason) {
  const MutexLock lock(mutex_);
  if (!closing_) closing_.emplace(code, reason);
  if (!writing_) finish_locked();
}

void Session::finish_locked() {
  if (finished_) return;
  finished_ = true;
  Finish(closing_.value_or(grpc::Status::CANCELLED));
}

void Session::OnDone() {
  context_.registry.remove(id_);
  if (const auto& node = said_.node()) {
    context_.outputs.end_session(*node, id_);
    log::info("agent disconnected",
              {{"node", node->text()}, {"session", id_.value}, {"goodbye", said_.said_goodbye()}});
    // An engine that has stopped need not know.
    static_cast<void>(context_.engine.submit_from_agent(
        {core::CloseSession{id_, *node, said_.said_goodbye()}}, nullptr));
  }
  // May be the last owner: nothing of this object is touched after.
  const std::shared_ptr<Session> last = std::move(self_);
}

}  // namespace drover::agents
