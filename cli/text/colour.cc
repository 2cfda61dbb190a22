#include "cli/text/colour.h"

#include <algorithm>
#include <array>

namespace drover::cli {
namespace {

// SGR parameters of ECMA-48.
constexpr std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::bold:
      return "1";
    case Colour::dim:
      return "2";
    case Colour::green:
      return "32";
    case Colour::yellow:
      return "33";
    case Colour::red:
      return "31";
    case Colour::plain:
      break;
  }
  return "";
}

constexpr std::array<std::string_view, 7> kWell{"running", "completed", "succeeded", "updated",
                                                "online",  "normal",    "healthy"};
constexpr std::array<std::string_view, 12> kUnderWay{
    "pending",  "starting", "stopping", "waiting",   "restarting", "updating",
    "draining", "drained",  "reverted", "suspended", "reverting",  "unknown"};
constexpr std::array<std::string_view, 6> kWrong{"failed",  "lost",      "degraded",
                                                 "offline", "read_only", "unhealthy"};

bool contains(const auto& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::string Palette::paint(std::string_view text, Colour colour) const {
  if (!paints_ || colour == Colour::plain || text.empty()) return std::string(text);
  std::string out = "\x1b[";
  return out.append(code_of(colour)).append("m").append(text).append("\x1b[0m");
}

Colour colour_of_state(std::string_view state) {
  if (contains(kWell, state)) return Colour::green;
  if (contains(kUnderWay, state)) return Colour::yellow;
  if (contains(kWrong, state)) return Colour::red;
  return Colour::plain;
}

}  // namespace drover::cli
