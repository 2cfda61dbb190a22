#include "tests/sim/node/supervisor_link.h"

#include <utility>

#include "agent/requests.h"
#include "common/limits.h"

namespace drover::sim {
namespace {

constexpr std::int64_t kHeldMs = 1'000;  // as agent/supervisor_port.cc

}  // namespace

using agent::core::Input;

SupervisorLink::SupervisorLink(Host host)
    : host_(std::move(host)),
      backoff_(limits::kSupervisorRetryFirst, limits::kSupervisorRetryLongest) {}

std::vector<Input> SupervisorLink::take_inputs(std::int64_t steady_ms) {
  std::vector<Input> inputs;
  if (connection_) read(steady_ms, inputs);
  if (!connection_ && steady_ms >= retry_ms_) connect(steady_ms, inputs);
  return inputs;
}

void SupervisorLink::send(const supervisor::Request& request) {
  if (attached_) host_.send(*connection_, request.SerializeAsString());
}

std::optional<std::int64_t> SupervisorLink::next_deadline() const {
  if (connection_) return std::nullopt;
  return retry_ms_;
}

void SupervisorLink::connect(std::int64_t steady_ms, std::vector<Input>& inputs) {
  if (const auto connected = host_.connect()) {
    connection_ = connected;
    closed_ = false;
    received_.clear();
    supervisor::Request request;
    request.mutable_attach();
    host_.send(*connection_, request.SerializeAsString());
    return;
  }
  if (!told_gone_ && !host_.exists(process_)) {
    told_gone_ = true;
    inputs.emplace_back(agent::core::SupervisorGone{});
  }
  retry_ms_ = steady_ms + backoff_.next_pause(1).count();
}

void SupervisorLink::read(std::int64_t steady_ms, std::vector<Input>& inputs) {
  for (const std::string& bytes : std::exchange(received_, {})) {
    supervisor::Event event;
    if (!event.ParseFromString(bytes)) continue;
    if (event.has_snapshot()) {
      attach(event.snapshot(), steady_ms, inputs);
    } else if (attached_ && event.has_status()) {
      inputs.emplace_back(agent::to_status(event.status()));
    }
  }
  if (closed_) disconnect(steady_ms, inputs);
}

void SupervisorLink::attach(const supervisor::Snapshot& snapshot, std::int64_t steady_ms,
                            std::vector<Input>& inputs) {
  agent::core::SupervisorAttached input{snapshot.supervisor_id(), {}};
  for (const supervisor::Status& status : snapshot.attempts()) {
    input.attempts.push_back(agent::to_status(status));
  }
  process_ = snapshot.supervisor_id();
  attached_ = true;
  told_gone_ = false;
  attached_ms_ = steady_ms;
  inputs.emplace_back(std::move(input));
}

void SupervisorLink::disconnect(std::int64_t steady_ms, std::vector<Input>& inputs) {
  connection_.reset();
  const bool held = attached_ && steady_ms - attached_ms_ >= kHeldMs;
  if (held) backoff_.reset();
  retry_ms_ = held ? steady_ms : steady_ms + backoff_.next_pause(1).count();
  if (std::exchange(attached_, false)) inputs.emplace_back(agent::core::SupervisorDetached{});
}

}  // namespace drover::sim
