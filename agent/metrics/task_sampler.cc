#include "agent/metrics/task_sampler.h"

#include <algorithm>
#include <chrono>

#include "common/limits.h"

namespace drover::agent::metrics {
namespace {

// Whole turns, so that many attempts do not wake the agent one by one.
std::int64_t turn_at(std::int64_t steady_ms) {
  constexpr std::int64_t kTurn = std::chrono::milliseconds(limits::kTaskUseTurn).count();
  return (steady_ms + kTurn - 1) / kTurn * kTurn;
}

}  // namespace

void TaskSampler::began(const AttemptId& id, TaskProcesses processes, std::int64_t steady_ms) {
  const std::chrono::milliseconds first = limits::kTaskUseTurn;
  const std::int64_t due = turn_at(steady_ms + first.count());
  if (!watched_.try_emplace(id, Watched{std::move(processes), due, {}}).second) return;
  due_.emplace(due, id);
}

std::uint64_t TaskSampler::ended(const AttemptId& id) {
  const auto found = watched_.find(id);
  if (found == watched_.end()) return 0;
  const std::uint64_t peak = found->second.used.memory_peak_bytes;
  due_.erase({found->second.due_ms, id});
  untold_.erase(id);
  watched_.erase(found);
  return peak;
}

void TaskSampler::clear() {
  watched_.clear();
  due_.clear();
  untold_.clear();
}

std::optional<std::int64_t> TaskSampler::next_deadline() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

void TaskSampler::sample(std::int64_t steady_ms) {
  const std::chrono::milliseconds interval = limits::kTaskUseInterval;
  for (std::size_t measured = 0; measured < limits::kTaskUsesAtOnce; ++measured) {
    if (due_.empty() || due_.begin()->first > steady_ms) return;
    const AttemptId id = due_.begin()->second;
    Watched& watched = watched_.at(id);
    due_.erase(due_.begin());
    watched.due_ms = turn_at(steady_ms + interval.count());
    due_.emplace(watched.due_ms, id);
    measure(id, watched);
  }
}

void TaskSampler::measure(const AttemptId& id, Watched& watched) {
  auto now = meter_.measure(watched.processes);
  if (!now) return;  // its end is about to be told
  now->memory_peak_bytes = std::max(watched.used.memory_peak_bytes, now->memory_bytes);
  if (*now == watched.used) return;
  watched.used = *now;
  untold_.insert(id);
}

std::vector<TaskUse> TaskSampler::take(std::size_t most) {
  std::vector<TaskUse> news;
  while (!untold_.empty() && news.size() < most) {
    const AttemptId id = untold_.extract(untold_.begin()).value();
    news.push_back({id, watched_.at(id).used});
  }
  return news;
}

void TaskSampler::tell_all_anew() {
  for (const auto& [id, watched] : watched_) {
    if (watched.used.is_known()) untold_.insert(id);
  }
}

}  // namespace drover::agent::metrics
