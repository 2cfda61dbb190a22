// Until when fenced attempts may live. Problem: an agent that is dead or stands still cannot end
// them when its lease has run out. Solution: it says beforehand until when they may live without
// it, and what it does not put off happens by itself. Pure: time is given. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace drover::supervisor {

class FenceTimer {
 public:
  // Replaces the one before. Steady ms.
  void set(std::int64_t steady_ms);

  // Whether a fenced attempt may be started.
  bool is_ahead(std::int64_t steady_ms) const { return fence_ms_ && steady_ms < *fence_ms_; }

  // The attempt of this number is to be killed so long after the fence, unless it has ended.
  void add(std::uint64_t number, std::int64_t grace_ms);
  void remove(std::uint64_t number, std::int64_t grace_ms);

  // Takes out those whose time has come.
  std::vector<std::uint64_t> take_due(std::int64_t steady_ms);

  // When that is first worth asking, in steady ms; nothing while nothing is fenced.
  std::optional<std::int64_t> next_due() const;

 private:
  std::optional<std::int64_t> fence_ms_;
  std::set<std::pair<std::int64_t, std::uint64_t>> attempts_;  // grace, number
};

}  // namespace drover::supervisor
