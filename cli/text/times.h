// Points in time and durations as people read them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace drover::cli {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

// "2025-03-09T12:00:00.000Z", as the API writes it. Nothing: it is none.
std::optional<Instant> parse_instant(std::string_view text);

// The larger two units at the most: "850ms", "5s", "2m10s", "3h", "4d6h". Negative ones are "0s".
std::string duration_text(std::chrono::milliseconds duration);

// One unit, for a column: "5s", "2m", "3h", "4d"; empty where `text` is no time of the API.
std::string age_text(std::string_view text, Instant now);

// "2025-03-09 13:00:00 (2m10s ago)", in the zone of this machine; `text` itself where it is no time
// of the API.
std::string time_text(std::string_view text, Instant now);

}  // namespace drover::cli
