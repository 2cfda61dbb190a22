#include "master/agents/session.h"

#include <algorithm>
#include <utility>

#include "common/limits.h"
#include "common/log.h"
#include "master/agents/messages.h"
#include "master/agents/registry.h"

namespace drover::agents {
namespace {

using Content = decltype(core::MessageToAgent::content);

bool has_room(const v1::MasterMessage& message, std::size_t bytes) {
  return static_cast<std::size_t>(message.commands_size()) < limits::kCommandsPerMessage &&
         bytes < limits::kAgentMessageBytes / 8;
}

void fill(v1::Welcome& welcome, const core::Settings& settings) {
  welcome.set_heartbeat_interval_ms(
      static_cast<std::uint32_t>(settings.heartbeat_interval.count()));
  welcome.set_lease_ms(static_cast<std::uint32_t>(settings.lease.count()));
}

// Adds one thing to say; returns how many bytes it takes.
std::size_t append(const Content& content, const core::Settings& settings,
                   v1::MasterMessage& message) {
  if (std::holds_alternative<core::Welcome>(content)) {
    fill(*message.mutable_welcome(), settings);
    return 0;
  }
  if (std::holds_alternative<core::Heard>(content)) return 0;
  v1::Command& command = *message.add_commands();
  if (const auto* start = std::get_if<core::StartAllocation>(&content)) {
    encode(*start, command);
  } else if (const auto* stop = std::get_if<core::StopAllocation>(&content)) {
    encode(*stop, command);
  } else if (const auto* remove = std::get_if<core::RemoveAllocation>(&content)) {
    encode(*remove, command);
  }
  return command.ByteSizeLong();
}

}  // namespace

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
  if (!node_) return handle_hello(message);
  if (message.has_hello()) return Error{ErrorKind::invalid, "a session has one hello"};
  return handle_news(message);
}

Status Session::handle_hello(const v1::AgentMessage& message) {
  if (!message.has_hello()) {
    return Error{ErrorKind::invalid, "the first message of a session must carry a hello"};
  }
  auto command = decode_hello(message.hello(), id_);
  if (!command) return command.error();
  if (command->highest_epoch > context_.epoch) {
    return Error{ErrorKind::conflict,
                 "the agent has obeyed epoch " + std::to_string(command->highest_epoch.value) +
                     ", this master is of epoch " + std::to_string(context_.epoch.value) +
                     ": it is not the agent's master, or runs on an old copy of the data; if that "
                     "copy was restored on purpose, start the master with --minimum-epoch " +
                     std::to_string(command->highest_epoch.value + 1)};
  }
  node_ = command->node;
  hello_alarm_.Cancel();
  log::info("agent connected", {{"node", node_->text()},
                                {"ip", command->ip},
                                {"peer", peer_},
                                {"session", id_.value},
                                {"allocations", command->allocations.size()}});
  submit(std::move(*command), nullptr);
  return handle_news(message);
}

Status Session::handle_news(const v1::AgentMessage& message) {
  goodbye_ = goodbye_ || message.goodbye();
  auto attempts = decode_reports(message.attempts());
  if (!attempts) return attempts.error();
  if (message.has_heartbeat()) {
    submit(decode_heartbeat(message.heartbeat(), id_, *node_), nullptr);
  }
  // Also where there are no reports: the next message is read when this one has been dealt with.
  submit(core::ReportAttempts{id_, *node_, std::move(*attempts)},
         [self = shared_from_this()](const core::Reply&) { self->read_next(); });
  return Done{};
}

void Session::submit(core::Command command, engine::OnDone done) {
  if (!context_.engine.submit_from_agent(std::move(command), std::move(done))) {
    close(grpc::StatusCode::UNAVAILABLE, "the master is stopping");
  }
}

void Session::send(std::vector<core::MessageToAgent> messages) {
  const MutexLock lock(mutex_);
  // The registry knows the session until gRPC has let go of it; nothing may be written by then.
  if (finished_) return;
  for (core::MessageToAgent& message : messages) queue_.push_back(std::move(message));
  if (queue_.size() > limits::kMessagesPerSession && !closing_) {
    // It is alive and does not listen. Its next session is told all of it anew.
    queue_.clear();
    closing_.emplace(grpc::StatusCode::RESOURCE_EXHAUSTED, "the agent reads too slowly");
    log::warning("session closed: the agent reads too slowly",
                 {{"peer", peer_}, {"session", id_.value}});
  }
  if (!writing_) write_locked();
}

void Session::OnWriteDone(bool ok) {
  const MutexLock lock(mutex_);
  writing_ = false;
  if (closing_ || !ok) {
    finish_locked();
  } else {
    write_locked();
  }
}

// Puts what waits into one message, up to its limit, and sends it.
void Session::write_locked() {
  outgoing_.Clear();
  outgoing_.set_epoch(context_.epoch.value);
  outgoing_.set_session(id_.value);
  std::size_t bytes = 0;
  bool says_something = false;
  while (!queue_.empty() && !closing_ && has_room(outgoing_, bytes)) {
    const core::MessageToAgent next = std::move(queue_.front());
    queue_.pop_front();
    if (const auto* end = std::get_if<core::CloseStream>(&next.content)) {
      closing_.emplace(grpc::StatusCode::FAILED_PRECONDITION, end->reason);
      log::warning("session closed",
                   {{"peer", peer_}, {"session", id_.value}, {"reason", end->reason}});
      break;
    }
    bytes += append(next.content, context_.settings, outgoing_);
    outgoing_.set_heartbeat(std::max(outgoing_.heartbeat(), next.heartbeat));
    says_something = true;
  }
  if (says_something) {
    outgoing_.set_sequence(++sequence_);
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
  if (node_) {
    log::info("agent disconnected",
              {{"node", node_->text()}, {"session", id_.value}, {"goodbye", goodbye_}});
    // An engine that has stopped need not know.
    static_cast<void>(
        context_.engine.submit_from_agent(core::CloseSession{id_, *node_, goodbye_}, nullptr));
  }
  // May be the last owner: nothing of this object is touched after.
  const std::shared_ptr<Session> last = std::move(self_);
}

}  // namespace drover::agents
