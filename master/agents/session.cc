#include "master/agents/session.h"

#include <utility>

#include "common/limits.h"
#include "common/log.h"
#include "master/agents/messages.h"
#include "master/agents/registry.h"

namespace drover::agents {

std::shared_ptr<Session> Session::open(const SessionContext& context, SessionId id,
                                       std::string peer) {
  std::shared_ptr<Session> session(new Session(context, id, std::move(peer)));
  session->self_ = session;
  context.registry.add(session);
  session->read_next();
  return session;
}

// Called when the engine has dealt with a message, which may be after the stream has come to its
// end: gRPC's side of it may then be gone already.
void Session::read_next() {
  const std::lock_guard lock(mutex_);
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
  return node_ ? handle_news(message) : handle_hello(message);
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
                     ": it runs on an old copy of the data, or is not the agent's master"};
  }
  node_ = command->node;
  log::info("agent connected", {{"node", node_->text()},
                                {"ip", command->ip},
                                {"peer", peer_},
                                {"session", id_.value},
                                {"allocations", command->allocations.size()}});
  submit(std::move(*command),
         [self = shared_from_this()](const core::Reply&) { self->read_next(); });
  return Done{};
}

Status Session::handle_news(const v1::AgentMessage& message) {
  if (message.has_hello()) return Error{ErrorKind::invalid, "a session has one hello"};
  goodbye_ = goodbye_ || message.goodbye();
  core::ReportAttempts reports{id_, *node_, {}};
  reports.attempts.reserve(static_cast<std::size_t>(message.attempts_size()));
  for (const v1::AttemptReport& each : message.attempts()) {
    auto report = decode_report(each);
    if (!report) return report.error();
    reports.attempts.push_back(std::move(*report));
  }
  const engine::OnDone read_on = [self = shared_from_this()](const core::Reply&) {
    self->read_next();
  };
  const bool has_reports = !reports.attempts.empty();
  if (has_reports) submit(std::move(reports), message.has_heartbeat() ? nullptr : read_on);
  if (message.has_heartbeat()) {
    submit(core::Heartbeat{id_, *node_, decode_usage(message.heartbeat())}, read_on);
  } else if (!has_reports) {
    read_next();
  }
  return Done{};
}

void Session::submit(core::Command command, engine::OnDone done) {
  if (!context_.engine.submit_from_agent(std::move(command), std::move(done))) {
    close(grpc::StatusCode::UNAVAILABLE, "the master is stopping");
  }
}

void Session::send(std::vector<core::MessageToAgent> messages) {
  const std::lock_guard lock(mutex_);
  for (core::MessageToAgent& message : messages) queue_.push_back(std::move(message.content));
  if (!writing_) write_locked();
}

void Session::OnWriteDone(bool ok) {
  const std::lock_guard lock(mutex_);
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
  const auto add = [this](const auto& message) { encode(message, *outgoing_.add_commands()); };
  while (!queue_.empty() && !closing_ &&
         static_cast<std::size_t>(outgoing_.commands_size()) < limits::kCommandsPerMessage &&
         outgoing_.ByteSizeLong() < limits::kAgentMessageBytes / 8) {
    const Content content = std::move(queue_.front());
    queue_.pop_front();
    if (std::holds_alternative<core::Welcome>(content)) {
      v1::Welcome& welcome = *outgoing_.mutable_welcome();
      welcome.set_heartbeat_interval_ms(
          std::chrono::duration_cast<std::chrono::duration<std::uint32_t, std::milli>>(
              limits::kHeartbeatInterval)
              .count());
      welcome.set_lease_ms(static_cast<std::uint32_t>(context_.settings.lease.count()));
    } else if (const auto* start = std::get_if<core::StartAllocation>(&content)) {
      add(*start);
    } else if (const auto* stop = std::get_if<core::StopAllocation>(&content)) {
      add(*stop);
    } else if (const auto* remove = std::get_if<core::RemoveAllocation>(&content)) {
      add(*remove);
    } else if (const auto* end = std::get_if<core::CloseStream>(&content)) {
      closing_.emplace(grpc::StatusCode::FAILED_PRECONDITION, end->reason);
      log::warning("session closed",
                   {{"peer", peer_}, {"session", id_.value}, {"reason", end->reason}});
    }
  }
  if (outgoing_.has_welcome() || outgoing_.commands_size() > 0) {
    writing_ = true;
    StartWrite(&outgoing_);
  } else if (closing_) {
    finish_locked();
  }
}

void Session::close(grpc::StatusCode code, const std::string& reason) {
  const std::lock_guard lock(mutex_);
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
