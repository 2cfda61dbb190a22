#include "master/engine/usage_history.h"

#include "common/limits.h"

namespace drover::engine {

void UsageHistory::add(core::UnixMs at, const core::Usage& usage) {
  constexpr core::UnixMs kLength = std::chrono::milliseconds(limits::kUsageSample).count();
  const core::UnixMs from = at - at % kLength;
  if (pieces_.empty() || pieces_.back().from != from) {
    // Rare and short: once in a piece of time.
    if (pieces_.size() == limits::kUsageSamples) pieces_.erase(pieces_.begin());
    pieces_.push_back({from});
  }
  Piece& piece = pieces_.back();
  ++piece.heartbeats;
  piece.cpu_percent += usage.cpu_percent;
  piece.memory_percent += usage.memory_percent;
}

std::vector<UsageSample> UsageHistory::samples() const {
  std::vector<UsageSample> out;
  out.reserve(pieces_.size());
  for (const Piece& piece : pieces_) {
    const auto average = [&piece](std::uint32_t sum) {
      return static_cast<std::uint8_t>(sum / piece.heartbeats);
    };
    out.push_back({piece.from, {average(piece.cpu_percent), average(piece.memory_percent)}});
  }
  return out;
}

}  // namespace drover::engine
