#include "master/agents/conversation.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "common/limits.h"
#include "common/planted_bug.h"
#include "master/agents/messages.h"

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
  if (planted(PlantedBug::drop_remove) && std::holds_alternative<core::RemoveAllocation>(content)) {
    return 0;
  }
  v1::Command& command = *message.add_commands();
  if (const auto* start = std::get_if<core::StartAllocation>(&content)) {
    encode(*start, command);
  } else if (const auto* stop = std::get_if<core::StopAllocation>(&content)) {
    encode(*stop, command);
  } else if (const auto* remove = std::get_if<core::RemoveAllocation>(&content)) {
    encode(*remove, command);
  } else if (const auto* restart = std::get_if<core::RestartTask>(&content)) {
    encode(*restart, command);
  } else if (const auto* signal = std::get_if<core::SignalTask>(&content)) {
    encode(*signal, command);
  }
  return command.ByteSizeLong();
}

bool has_no_news(const v1::AgentMessage& message) {
  return message.attempts().empty() && message.removed().empty() && !message.goodbye();
}

}  // namespace

Result<std::vector<core::Command>> Incoming::take(const v1::AgentMessage& message) {
  std::vector<core::Command> commands;
  if (!node_) {
    auto hello = take_hello(message);
    if (!hello) return hello.error();
    node_ = hello->node;
    commands.emplace_back(std::move(*hello));
  } else if (message.has_hello()) {
    return Error{ErrorKind::invalid, "a session has one hello"};
  } else if (message.has_heartbeat()) {
    auto heartbeat = decode_heartbeat(message.heartbeat(), session_, *node_);
    if (!heartbeat) return heartbeat.error();
    commands.emplace_back(std::move(*heartbeat));
    if (has_no_news(message)) return commands;
  }
  if (auto taken = take_news(message, commands); !taken) return taken.error();
  return commands;
}

Result<core::OpenSession> Incoming::take_hello(const v1::AgentMessage& message) const {
  if (!message.has_hello()) {
    return Error{ErrorKind::invalid, "the first message of a session must carry a hello"};
  }
  auto command = decode_hello(message.hello(), session_);
  if (!command) return command.error();
  if (command->highest_epoch > epoch_ && !planted(PlantedBug::serve_after_restore)) {
    return Error{ErrorKind::conflict,
                 "the agent has obeyed epoch " + std::to_string(command->highest_epoch.value) +
                     ", this master is of epoch " + std::to_string(epoch_.value) +
                     ": it is not the agent's master, or runs on an old copy of the data; if that "
                     "copy was restored on purpose, start the master with --minimum-epoch " +
                     std::to_string(command->highest_epoch.value + 1)};
  }
  // What is placed upon the hello has to know what the node can take, and to acknowledge the
  // heartbeat.
  if (message.has_heartbeat()) {
    auto first = decode_heartbeat(message.heartbeat(), session_, command->node);
    if (!first) return first.error();
    command->usage = first->usage;
    command->refuses_work = std::move(first->refuses_work);
    command->heartbeat = first->sequence;
  }
  return command;
}

Status Incoming::take_news(const v1::AgentMessage& message, std::vector<core::Command>& commands) {
  goodbye_ = goodbye_ || message.goodbye();
  auto attempts = decode_reports(message.attempts());
  if (!attempts) return attempts.error();
  auto removed = decode_allocations(message.removed());
  if (!removed) return removed.error();
  // Also where there are no reports: every message is a sign of life, as a heartbeat is.
  commands.emplace_back(
      core::ReportAttempts{session_, *node_, std::move(*attempts), std::move(*removed)});
  return Done{};
}

void Outgoing::add(std::vector<core::MessageToAgent> messages) {
  for (core::MessageToAgent& message : messages) queue_.push_back(std::move(message));
}

bool Outgoing::next(v1::MasterMessage& message) {
  message.Clear();
  message.set_epoch(epoch_.value);
  message.set_session(session_.value);
  std::size_t bytes = 0;
  bool says_something = false;
  while (!queue_.empty() && !close_reason_ && has_room(message, bytes)) {
    const core::MessageToAgent next = std::move(queue_.front());
    queue_.pop_front();
    if (const auto* end = std::get_if<core::CloseStream>(&next.content)) {
      close_reason_ = end->reason;
      break;
    }
    bytes += append(next.content, settings_, message);
    message.set_heartbeat(std::max(message.heartbeat(), next.heartbeat));
    says_something = true;
  }
  if (wants_output_ && !close_reason_) {
    wants_output_ = false;
    message.set_wants_output(true);
    says_something = true;
  }
  if (says_something) message.set_sequence(++sequence_);
  return says_something;
}

}  // namespace drover::agents
