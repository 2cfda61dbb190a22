#include "tests/bench/agents/processes.h"

#include <csignal>
#include <utility>
#include <variant>

namespace drover::bench {

using namespace agent::core;

void Processes::obey(const SupervisorRequest& request, Moment now) {
  if (const auto* spawn = std::get_if<SpawnAttempt>(&request)) {
    begin(spawn->id.text(), task_time_, now);
  } else if (const auto* check = std::get_if<SpawnCheck>(&request)) {
    begin(check->id.text(), std::chrono::milliseconds(0), now);
  } else if (const auto* told = std::get_if<SignalAttempt>(&request)) {
    signal(told->key, told->signal, now);
  } else if (const auto* kill = std::get_if<KillAttempt>(&request)) {
    signal(kill->key, SIGKILL, now);
  } else if (const auto* forget = std::get_if<ForgetAttempt>(&request)) {
    known_.erase(forget->key);
  }
  // A fence ends nothing here: the agent's policy ends what is exclusive with the lease, too.
}

void Processes::begin(const std::string& key, std::optional<std::chrono::milliseconds> time,
                      Moment now) {
  const auto [place, is_new] = known_.try_emplace(key);
  SupervisorStatus& process = place->second;
  if (is_new) {
    process.key = key;
    process.started_unix_ms = now.unix_ms;
    process.started_steady_ms = now.steady_ms;
    process.signalled = false;
    if (time) ends_due_.emplace(now.steady_ms + time->count(), key);
  }
  news_.push_back(process);
}

void Processes::signal(const std::string& key, std::int32_t number, Moment now) {
  const auto found = known_.find(key);
  if (found == known_.end() || found->second.cause) return;
  found->second.signalled = true;
  end(found->second, Signalled{number}, now);
}

void Processes::end(SupervisorStatus& process, EndCause cause, Moment now) {
  process.ended_unix_ms = now.unix_ms;
  process.cause = std::move(cause);
  news_.push_back(process);
}

std::vector<SupervisorStatus> Processes::take(Moment now) {
  while (!ends_due_.empty() && ends_due_.begin()->first <= now.steady_ms) {
    const auto found = known_.find(ends_due_.begin()->second);
    if (found != known_.end() && !found->second.cause) end(found->second, Exited{0}, now);
    ends_due_.erase(ends_due_.begin());
  }
  return std::exchange(news_, {});
}

std::optional<std::int64_t> Processes::next_deadline() const {
  if (!news_.empty()) return 0;
  if (ends_due_.empty()) return std::nullopt;
  return ends_due_.begin()->first;
}

}  // namespace drover::bench
