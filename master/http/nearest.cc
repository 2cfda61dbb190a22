#include "master/http/nearest.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace drover::http {
namespace {

constexpr std::size_t kLongestWord = 32;
constexpr std::size_t kFar = kLongestWord;

// Optimal string alignment distance. Longer words than kLongestWord are far from everything.
std::size_t distance(std::string_view a, std::string_view b) {
  if (a.size() > kLongestWord || b.size() > kLongestWord) return kFar;
  using Row = std::array<std::size_t, kLongestWord + 1>;
  Row before_last{};
  Row last{};
  Row current{};
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before_last[j - 2] + 1);
      }
    }
    before_last = last;
    last = current;
  }
  return last[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
  std::string_view best;
  std::size_t best_distance = kFar;
  for (const std::string_view candidate : known) {
    const std::size_t allowed =
        std::min<std::size_t>(2, std::max<std::size_t>(1, candidate.size() / 3));
    const std::size_t found = distance(word, candidate);
    if (found <= allowed && found < best_distance) {
      best = candidate;
      best_distance = found;
    }
  }
  return best;
}

std::string suggestion(std::string_view word, std::span<const std::string_view> known) {
  if (const std::string_view near = nearest(word, known); !near.empty()) {
    return "did you mean \"" + std::string(near) + "\"?";
  }
  std::string text = "known here:";
  for (const std::string_view name : known) text.append(" ").append(name);
  return text;
}

}  // namespace drover::http
