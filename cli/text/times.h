// Points in time and durations as people read them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace drover::cli {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

// A time of RFC 3339, as "2025-03-09T12:00:00.000Z". Nothing: it is none.
std::optional<Instant> parse_instant(std::string_view text);

// As the API writes it, "2025-03-09T12:00:00.000Z".
std::string instant_text(Instant instant);

// The larger two units at the most: "850ms", "5s", "2m10s", "3h", "4d6h". Negative ones are "0s".
std::string duration_text(std::chrono::milliseconds duration);

// One unit, for a column: "5s", "2m", "3h", "4d"; empty where `text` is no time.
std::string age_text(std::string_view text, Instant now);

// "2025-03-09 13:00:00 (2m10s ago)", in the zone of this machine; `text` itself where it is no
// time.
std::string time_text(std::string_view text, Instant now);

}  // namespace drover::cli
