#include "agent/supervisor_port.h"

#include <algorithm>
#include <utility>

#include "agent/process_identity.h"
#include "agent/requests.h"
#include "agent/supervisor/launch.h"
#include "common/limits.h"
#include "common/log.h"

namespace drover::agent {
namespace {

constexpr std::int64_t kHeldMs = 1'000;

}  // namespace

SupervisorPort::SupervisorPort(std::string socket_path, std::string program,
                               metrics::TaskSampler& tasks)
    : socket_path_(std::move(socket_path)),
      program_(std::move(program)),
      tasks_(tasks),
      backoff_(limits::kSupervisorRetryFirst, limits::kSupervisorRetryLongest) {}

std::vector<core::Input> SupervisorPort::take_inputs(std::int64_t steady_ms) {
  std::vector<core::Input> inputs;
  if (client_) read(steady_ms, inputs);
  if (!client_ && steady_ms >= retry_ms_) connect(steady_ms, inputs);
  return inputs;
}

void SupervisorPort::send(const supervisor::Request& request) {
  if (attached_) client_->send(request);
}

void SupervisorPort::flush() {
  if (!client_ || !write_failure_.empty()) return;
  if (auto flushed = client_->flush(); !flushed) write_failure_ = flushed.error().message;
}

std::optional<int> SupervisorPort::fd() const {
  if (!client_) return std::nullopt;
  return client_->fd();
}

std::optional<std::int64_t> SupervisorPort::next_deadline() const {
  if (!write_failure_.empty()) return 0;
  if (client_) return std::nullopt;
  return retry_ms_;
}

void SupervisorPort::connect(std::int64_t steady_ms, std::vector<core::Input>& inputs) {
  auto connected = connect_or_start();
  if (connected) {
    client_ = std::move(*connected);
    return;
  }
  if (complaints_.is_due(steady_ms)) {
    log::warning("no supervisor, trying on",
                 {{"socket", socket_path_}, {"cause", connected.error().message}});
  }
  tell_if_gone(inputs);
  retry_ms_ = steady_ms + backoff_.next_pause(1).count();
}

Result<supervisor::SupervisorClient> SupervisorPort::connect_or_start() {
  auto connected = supervisor::SupervisorClient::connect(socket_path_);
  if (connected || program_.empty()) return connected;
  if (auto started = supervisor::start_supervisor(program_, socket_path_, "auto"); !started) {
    return started.error();
  }
  log::info("supervisor started", {{"program", program_}, {"socket", socket_path_}});
  return supervisor::SupervisorClient::connect(socket_path_);
}

void SupervisorPort::read(std::int64_t steady_ms, std::vector<core::Input>& inputs) {
  auto events = client_->read_events();
  if (!events) return disconnect(events.error().message, steady_ms, inputs);
  for (const supervisor::Event& event : *events) {
    if (event.has_snapshot()) {
      attach(event.snapshot(), steady_ms, inputs);
    } else if (attached_ && event.has_status()) {
      inputs.emplace_back(take(event.status(), steady_ms));
    }
  }
  // After what it still had to say.
  if (events->empty() && !write_failure_.empty()) disconnect(write_failure_, steady_ms, inputs);
}

void SupervisorPort::attach(const supervisor::Snapshot& snapshot, std::int64_t steady_ms,
                            std::vector<core::Input>& inputs) {
  cgroup_ = snapshot.cgroup();
  core::SupervisorAttached input{snapshot.supervisor_id(), {}};
  input.attempts.reserve(static_cast<std::size_t>(snapshot.attempts_size()));
  for (const supervisor::Status& status : snapshot.attempts()) {
    input.attempts.push_back(take(status, steady_ms));
  }
  process_ = process_identity(snapshot.supervisor_pid()).value_or("");
  degraded_.assign(snapshot.degraded().begin(), snapshot.degraded().end());
  attached_ = true;
  told_gone_ = false;
  attached_ms_ = steady_ms;
  complaints_.reset();
  log::info("supervisor attached", {{"pid", snapshot.supervisor_pid()},
                                    {"attempts", snapshot.attempts_size()},
                                    {"degraded", snapshot.degraded_size() != 0}});
  inputs.emplace_back(std::move(input));
}

core::SupervisorStatus SupervisorPort::take(const supervisor::Status& message,
                                            std::int64_t steady_ms) {
  core::SupervisorStatus status = to_status(message);
  const auto id = AttemptId::parse(status.key);
  if (!id) return status;  // a check, or a stranger
  if (status.cause) {
    std::uint64_t& peak = status.used.memory_peak_bytes;
    peak = std::max(peak, tasks_.ended(*id));
  } else {
    metrics::TaskProcesses processes{message.pid(), {}};
    if (message.cgroup() != 0) processes.cgroup = cgroup_ + '/' + std::to_string(message.cgroup());
    tasks_.began(*id, std::move(processes), steady_ms);
  }
  return status;
}

void SupervisorPort::disconnect(const std::string& cause, std::int64_t steady_ms,
                                std::vector<core::Input>& inputs) {
  log::warning("supervisor connection lost", {{"socket", socket_path_}, {"cause", cause}});
  client_.reset();
  write_failure_.clear();
  tasks_.clear();  // their numbers may soon name other processes
  // A connection that has held is replaced at once, others with pauses.
  const bool held = attached_ && steady_ms - attached_ms_ >= kHeldMs;
  if (held) backoff_.reset();
  retry_ms_ = held ? steady_ms : steady_ms + backoff_.next_pause(1).count();
  if (std::exchange(attached_, false)) inputs.emplace_back(core::SupervisorDetached{});
}

void SupervisorPort::tell_if_gone(std::vector<core::Input>& inputs) {
  if (told_gone_ || process_exists(process_)) return;
  told_gone_ = true;
  inputs.emplace_back(core::SupervisorGone{});
}

}  // namespace drover::agent
