#include "common/backoff.h"

#include <algorithm>

namespace drover {

using std::chrono::milliseconds;

milliseconds doubled(milliseconds first, milliseconds longest, std::uint32_t times) {
  constexpr std::uint32_t kMostDoublings = 16;  // a longest pause is reached long before
  return std::min(longest, first * (std::int64_t{1} << std::min(times, kMostDoublings)));
}

milliseconds spread(milliseconds pause, std::uint64_t bits) {
  // The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every bit depends on every other.
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebULL;
  bits ^= bits >> 31;
  const double chance =
      static_cast<double>(bits >> 11) / static_cast<double>(std::uint64_t{1} << 53);
  return pause +
         milliseconds(static_cast<std::int64_t>(0.5 * chance * static_cast<double>(pause.count())));
}

}  // namespace drover
