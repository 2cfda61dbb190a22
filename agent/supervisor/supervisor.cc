#include "agent/supervisor/supervisor.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "agent/supervisor/unix_socket.h"
#include "common/clock.h"
#include "common/limits.h"
#include "common/log.h"
#include "common/service.h"

namespace drover::supervisor {
namespace {

using Clock = std::chrono::steady_clock;

int bounded(std::int64_t ms) {
  return static_cast<int>(std::clamp<std::int64_t>(ms, 0, 3'600'000));
}

int ms_until(Clock::time_point deadline) {
  return bounded(std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count());
}

// -1 stands for ever.
int shorter(int a_ms, int b_ms) {
  if (a_ms < 0 || b_ms < 0) return std::max(a_ms, b_ms);
  return std::min(a_ms, b_ms);
}

}  // namespace

Result<std::unique_ptr<Supervisor>> Supervisor::open(const std::string& socket_path,
                                                     ContainmentMode mode,
                                                     Inheritance inheritance) {
  auto lock = FileLock::take(socket_path + ".lock", "another drover-supervisor");
  if (!lock) return lock.error();
  auto poller = Poller::create();
  if (!poller) return poller.error();
  auto signals = open_signals();
  if (!signals) return signals.error();
  auto spawner = Spawner::create(inheritance);
  if (!spawner) return spawner.error();
  auto containment = open_containment(mode, socket_path, *spawner);
  if (!containment) return containment.error();
  std::unique_ptr<Supervisor> supervisor(
      new Supervisor(socket_path, std::move(*lock), std::move(*poller), std::move(*signals)));
  auto connected = supervisor->connect_parts(std::move(*spawner), std::move(*containment));
  if (connected) return supervisor;
  supervisor->attempts_->close();
  return connected.error();
}

Supervisor::Supervisor(std::string socket_path, FileLock lock, Poller poller, UniqueFd signals)
    : socket_path_(std::move(socket_path)),
      lock_(std::move(lock)),
      poller_(std::move(poller)),
      signals_(std::move(signals)) {}

drover::Status Supervisor::connect_parts(Spawner spawner,
                                         std::unique_ptr<Containment> containment) {
  attempts_.emplace(poller_, std::move(spawner), std::move(containment));
  auto listener = listen_on(socket_path_);
  if (!listener) return listener.error();
  server_.emplace(poller_, std::move(*listener), *attempts_);
  const int error = poller_.add(signals_.get(), EPOLLIN, {Source::signals, 0});
  if (error != 0) return system_error("cannot watch signals", error);
  return server_->start();
}

drover::Status Supervisor::run(std::chrono::microseconds watchdog_period) {
  const bool is_watched = watchdog_period.count() > 0;
  auto next_sign = Clock::now();
  while (stop_signal_ == 0) {
    int timeout_ms = server_->longest_wait_ms();
    if (is_watched) timeout_ms = shorter(timeout_ms, ms_until(next_sign));
    if (const auto due = attempts_->fence_due()) {
      timeout_ms = shorter(timeout_ms, bounded(*due - steady_now().count()));
    }
    turn(timeout_ms);
    if (is_watched && Clock::now() >= next_sign) {
      notify_watchdog();
      // Twice in each period, as sd_watchdog_enabled(3) advises.
      next_sign = Clock::now() + watchdog_period / 2;
    }
  }
  return stop();
}

void Supervisor::turn(int timeout_ms) {
  for (const Ready& ready : poller_.wait(timeout_ms)) dispatch(ready);
  // After the output: a pipe whose end was just seen needs no further look.
  if (std::exchange(child_ended_, false)) attempts_->collect_ended();
  server_->obey();
  attempts_->enforce_fence();
  server_->tell();
}

void Supervisor::dispatch(const Ready& ready) {
  switch (ready.token.source) {
    case Source::signals:
      return read_signals();
    case Source::listener:
      return server_->accept_all();
    case Source::connection:
      return server_->on_connection(ready.token.id, ready.events);
    case Source::output:
      return attempts_->on_output(ready.token.id, ready.events);
    case Source::error_output:
      return attempts_->on_error_output(ready.token.id, ready.events);
    case Source::leftovers:
      return attempts_->on_leftovers(ready.token.id);
  }
}

void Supervisor::read_signals() {
  signalfd_siginfo info;
  while (::read(signals_.get(), &info, sizeof info) == sizeof info) {
    const int signal = static_cast<int>(info.ssi_signo);
    if (signal == SIGCHLD) {
      child_ended_ = true;
    } else {
      stop_signal_ = signal;
    }
  }
}

drover::Status Supervisor::stop() {
  notify_stopping();
  log::info("stopping", {{"signal", stop_signal_}, {"tasks_killed", attempts_->live()}});
  ::unlink(socket_path_.c_str());
  server_->refuse_requests();
  attempts_->kill_all();
  const auto deadline = Clock::now() + limits::kSupervisorStopTime;
  while (!attempts_->all_ended() && Clock::now() < deadline) turn(ms_until(deadline));
  server_->tell();
  if (!attempts_->all_ended()) {
    return Error{ErrorKind::unavailable, std::to_string(attempts_->live()) +
                                             " tasks were killed and do not die; look at them "
                                             "with ps, the next supervisor will try again"};
  }
  attempts_->close();
  log::info("stopped", {});
  return Done{};
}

}  // namespace drover::supervisor
